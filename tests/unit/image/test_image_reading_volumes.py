"""Volumes of series and of enhanced images: order, gaps, duplicates, tilt, parts."""

from io import BytesIO

import numpy as np
import pytest

from highdicom import Image, Volume, get_volume_from_series, imread
from highdicom.errors import (
    AmbiguousFramesError,
    ArgumentTypeError,
    ConflictingArgumentsError,
    FrameNumberError,
    InvalidArgumentError,
    InvalidAttributeError,
    IrregularVolumeError,
    MissingAttributeError,
    MixedValuesError,
)
from highdicom.testing import (
    ct_series,
    enhanced_ct,
    enhanced_mr,
    file_bytes,
    mr_series,
    sc_image,
)

COUNT = 5
ORIENTATIONS = ["axial", "coronal", "sagittal", "oblique"]


def reference_position(dataset, row, column):
    """Coordinates of a pixel (PS3.3 C.7.6.2.1.1)."""
    position = np.array(dataset.ImagePositionPatient, float)
    cosines = np.array(dataset.ImageOrientationPatient, float)
    spacing = np.array(dataset.PixelSpacing, float)
    return position + cosines[:3] * spacing[1] * column + cosines[3:] * spacing[0] * row


def check_positions(volume, datasets):
    """Every image stands where its attributes say, with its values."""
    inverse = np.linalg.inv(volume.affine)
    seen = set()
    for dataset in datasets:
        for row, column in ((0, 0), (dataset.Rows - 1, 3), (2, dataset.Columns - 1)):
            point = reference_position(dataset, row, column)
            index = inverse @ [*point, 1.0]
            np.testing.assert_allclose(index[1:3], [row, column], atol=1e-6)
            place = round(index[0])
            assert abs(index[0] - place) < 1e-6
            pixels = dataset.pixel_array.astype(float)
            slope, intercept = float(dataset.RescaleSlope), dataset.RescaleIntercept
            assert volume.array[place, row, column] == (
                pixels[row, column] * slope + float(intercept)
            )
        seen.add(place)
    assert seen == set(range(len(volume.array)))


# --- series ----------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]])
def test_images_stand_where_they_lie_in_whatever_order_they_come(orientation, order):
    series = ct_series(COUNT, orientation=orientation)
    volume = get_volume_from_series([series[number] for number in order])
    assert isinstance(volume, Volume)
    assert volume.array.dtype == np.float64
    assert volume.frame_of_reference_uid == series[0].FrameOfReferenceUID
    check_positions(volume, series)
    sorted_volume = get_volume_from_series(series)
    np.testing.assert_array_equal(volume.array, sorted_volume.array)
    np.testing.assert_array_equal(volume.affine, sorted_volume.affine)


def test_axes_are_right_handed():
    volume = get_volume_from_series(ct_series(COUNT))
    assert np.linalg.det(volume.affine[:3, :3]) > 0


def test_each_image_has_its_rescale():
    rescale = [(1.0, -1024.0), (2.0, 5.0), (0.5, 0.0), (2.0, 5.0), (1.0, 0.0)]
    series = ct_series(COUNT, rescale=rescale)
    check_positions(get_volume_from_series(series), series)


def test_images_are_transformed_as_asked():
    series = ct_series(COUNT)
    modality = get_volume_from_series(series).array
    stored = get_volume_from_series(
        series, dtype=np.uint16, apply_modality_transform=False
    )
    assert stored.array.dtype == np.uint16
    np.testing.assert_array_equal(stored.array - 1024.0, modality)
    windowed = get_volume_from_series(
        series, dtype=np.float32, apply_voi_transform=True
    )
    assert windowed.array.dtype == np.float32
    expected = np.clip((modality - 39.5) / 399 + 0.5, 0, 1)
    np.testing.assert_allclose(windowed.array, expected, atol=1e-6)


def test_one_image_is_a_volume():
    series = ct_series(1, slice_thickness=3.0)
    volume = get_volume_from_series(series)
    assert volume.spatial_shape == (1, 16, 20)
    assert volume.spacing == (2.5, 0.75, 0.5)
    assert Image.from_dataset(series[0]).get_volume().spacing == (2.5, 0.75, 0.5)
    # Slices need not be as thick as they are apart.
    del series[0].SpacingBetweenSlices
    assert get_volume_from_series(series).spacing == (1.0, 0.75, 0.5)
    assert Image.from_dataset(series[0]).get_volume().spacing == (1.0, 0.75, 0.5)


def test_images_that_were_read_lazily_are_images():
    series = ct_series(COUNT)
    lazy = [
        imread(BytesIO(file_bytes(dataset)), lazy_frame_retrieval=True)
        for dataset in series
    ]
    expected = get_volume_from_series(series)
    found = get_volume_from_series(lazy)
    np.testing.assert_array_equal(found.array, expected.array)
    np.testing.assert_array_equal(found.affine, expected.affine)


def test_compressed_images_are_images():
    plain = ct_series(3, rows=32, columns=34)
    compressed = ct_series(
        3, rows=32, columns=34, transfer_syntax="1.2.840.10008.1.2.5"
    )
    mixed = [plain[0], compressed[1], plain[2]]
    np.testing.assert_array_equal(
        get_volume_from_series(mixed).array, get_volume_from_series(plain).array
    )


def test_enhanced_images_of_one_frame_have_their_functional_groups():
    whole = enhanced_ct(3, rescale=[(1.0, 0.0), (2.0, 1.0), (3.0, 2.0)])
    images = []
    for number in range(3):
        one = enhanced_ct(
            3, rescale=[(1.0, 0.0), (2.0, 1.0), (3.0, 2.0)], frame_order=[number]
        )
        images.append(one)
    volume = get_volume_from_series(images)
    expected = Image.from_dataset(whole).get_volume()
    np.testing.assert_array_equal(volume.array, expected.array)
    np.testing.assert_allclose(volume.affine, expected.affine)


def test_colours_have_an_axis_of_their_own():
    series = ct_series(3)
    for dataset in series:
        colors = sc_image(rows=16, columns=20)
        for keyword in (
            "SamplesPerPixel",
            "PhotometricInterpretation",
            "PlanarConfiguration",
            "BitsAllocated",
            "BitsStored",
            "HighBit",
            "PixelRepresentation",
            "PixelData",
        ):
            dataset[keyword] = colors[keyword]
        for keyword in ("RescaleSlope", "RescaleIntercept"):
            delattr(dataset, keyword)
    volume = get_volume_from_series(series, dtype=np.uint8)
    assert volume.array.shape == (3, 16, 20, 3)
    np.testing.assert_array_equal(volume.array[1], colors.pixel_array)
    with pytest.raises(ValueError, match="colour"):
        get_volume_from_series([*series[:2], ct_series(3)[2]])


def test_the_last_of_bad_images_is_found_out():
    series = ct_series(COUNT)
    series[3].PixelData = series[3].PixelData[:100]
    with pytest.raises(ValueError, match="100"):
        get_volume_from_series(series)


# --- what is no volume -------------------------------------------------------------------


def moved(series, number, offset):
    position = np.array(series[number].ImagePositionPatient, float) + offset
    series[number].ImagePositionPatient = np.round(position, 8).tolist()
    return series


def refused(series, error, match, **keywords):
    """The error is ours, and the ValueError that a series has always raised."""
    with pytest.raises(error, match=match) as caught:
        get_volume_from_series(series, **keywords)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value).endswith(".")
    return caught.value


def test_a_gap_is_no_volume():
    refused(
        ct_series(COUNT, missing_slices=[2]), IrregularVolumeError, "regularly spaced"
    )


@pytest.mark.parametrize(
    ("offset", "tolerance", "is_volume"),
    [
        (0.02, {}, True),
        (0.1, {}, False),
        (0.1, {"rtol": 0.05}, True),
        (0.1, {"atol": 0.11}, True),
        (0.1, {"atol": 0.05}, False),
    ],
)
def test_spacing_may_deviate_by_the_tolerance(offset, tolerance, is_volume):
    series = moved(ct_series(COUNT), 2, [0, 0, offset])
    if is_volume:
        volume = get_volume_from_series(series, **tolerance)
        np.testing.assert_allclose(volume.spacing, (2.5, 0.75, 0.5))
    else:
        refused(series, IrregularVolumeError, "regularly spaced", **tolerance)


def test_only_one_tolerance_of_spacing_is_given():
    with pytest.raises(ConflictingArgumentsError, match="'rtol'"):
        get_volume_from_series(ct_series(COUNT), rtol=0.1, atol=0.1)


@pytest.mark.parametrize("angle", [5.0, 12.5, 30.0])
def test_a_tilted_gantry_is_refused_with_its_angle(angle):
    series = ct_series(COUNT)
    shift = 2.5 * np.tan(np.radians(angle))
    for number in range(COUNT):
        moved(series, number, [0, number * shift, 0])
    error = refused(series, IrregularVolumeError, f"{angle:.2f} degrees")
    assert error.deviation == pytest.approx(angle, abs=1e-3)
    volume = get_volume_from_series(series, perpendicular_tol=0.5)
    assert volume.spatial_shape == (COUNT, 16, 20)


def test_an_image_beside_the_others_is_named():
    refused(
        moved(ct_series(COUNT), 3, [2.0, 0, 0]), IrregularVolumeError, "frame 4 is 2 mm"
    )


@pytest.mark.parametrize(
    ("tolerance", "is_volume"), [(None, False), (1e-6, False), (1e-4, True)]
)
def test_orientation_may_deviate_by_the_tolerance(tolerance, is_volume):
    series = ct_series(COUNT)
    angle = np.radians(0.5)  # its cosine is 1 - 3.8e-5
    series[1].ImageOrientationPatient = np.round(
        [np.cos(angle), np.sin(angle), 0, -np.sin(angle), np.cos(angle), 0], 10
    ).tolist()
    if is_volume:
        volume = get_volume_from_series(series, orientation_tol=tolerance)
        assert volume.spatial_shape == (COUNT, 16, 20)
    else:
        refused(series, IrregularVolumeError, "0.5 degrees", orientation_tol=tolerance)


def test_duplicates_are_told_apart():
    series = mr_series(3, echo_times=(5.0, 10.0))
    error = refused(series, AmbiguousFramesError, "EchoTime")
    assert "EchoNumbers" in str(error)
    assert error.frame_numbers == (1, 4)
    assert get_volume_from_series(series[3:]).spatial_shape == (3, 16, 20)
    twice = series[:3] + series[:1]
    refused(twice, AmbiguousFramesError, "no attribute that tells images apart")


def test_spacing_between_slices_does_not_matter_where_positions_are_known():
    series = ct_series(COUNT)
    for dataset in series:
        dataset.SpacingBetweenSlices = 7.0
    assert get_volume_from_series(series).spacing[0] == 2.5


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("SeriesInstanceUID", "1.2.3"),
        ("FrameOfReferenceUID", "1.2.3"),
        ("Rows", 8),
        ("PixelSpacing", [1.0, 1.0]),
    ],
)
def test_images_share_what_makes_them_one_volume(keyword, value):
    series = ct_series(COUNT)
    setattr(series[2], keyword, value)
    refused(series, MixedValuesError, keyword)


@pytest.mark.parametrize("keyword", ["ImagePositionPatient", "ImageOrientationPatient"])
@pytest.mark.parametrize("from_all", [False, True])
def test_images_without_geometry_are_no_volume(keyword, from_all):
    series = ct_series(3)
    for dataset in series if from_all else series[1:2]:
        delattr(dataset, keyword)
    with pytest.raises(MissingAttributeError, match=keyword):
        get_volume_from_series(series)


def test_positions_that_are_no_numbers_are_refused():
    series = ct_series(3)
    series[1]["ImagePositionPatient"]._value = ["1", "nan", "3"]
    with pytest.raises(InvalidAttributeError, match="ImagePositionPatient"):
        get_volume_from_series(series)


@pytest.mark.parametrize("given", [ct_series(1)[0], (x for x in ct_series(1)), None, 3])
def test_a_series_is_a_sequence(given):
    with pytest.raises(ArgumentTypeError, match="'series_datasets'"):
        get_volume_from_series(given)


def test_a_series_holds_images_of_one_frame():
    with pytest.raises(InvalidArgumentError, match="empty"):
        get_volume_from_series([])
    with pytest.raises(ArgumentTypeError, match=r"\[1\] must be a Dataset"):
        get_volume_from_series([ct_series(1)[0], "image.dcm"])
    with pytest.raises(InvalidArgumentError, match="get_volume"):
        get_volume_from_series([enhanced_ct(3)])


# --- enhanced images -----------------------------------------------------------------------


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("order", [None, [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]])
def test_frames_make_the_volume_that_single_images_make(orientation, order):
    image = Image.from_dataset(
        enhanced_ct(COUNT, orientation=orientation, frame_order=order)
    )
    expected = get_volume_from_series(ct_series(COUNT, orientation=orientation))
    volume = image.get_volume()
    np.testing.assert_array_equal(volume.array, expected.array)
    np.testing.assert_allclose(volume.affine, expected.affine, atol=1e-9)
    geometry = image.get_volume_geometry()
    np.testing.assert_array_equal(geometry.affine, volume.affine)
    assert geometry.spatial_shape == volume.spatial_shape
    assert volume.frame_of_reference_uid == image.FrameOfReferenceUID


@pytest.mark.parametrize("position", [1, 3])
def test_missing_slices_are_an_error_or_zeros(position):
    dataset = enhanced_ct(COUNT, missing_slices=[position])
    # The slices of a volume start at the other end.
    slot = COUNT - 1 - position
    image = Image.from_dataset(dataset)
    with pytest.raises(IrregularVolumeError):
        image.get_volume()
    assert image.get_volume_geometry() is None
    volume = image.get_volume(allow_missing_positions=True)
    whole = Image.from_dataset(enhanced_ct(COUNT)).get_volume()
    assert not volume.array[slot].any()
    present = [place for place in range(COUNT) if place != slot]
    np.testing.assert_array_equal(volume.array[present], whole.array[present])
    np.testing.assert_allclose(volume.affine, whole.affine)
    geometry = image.get_volume_geometry(allow_missing_positions=True)
    np.testing.assert_allclose(geometry.affine, whole.affine)


def test_several_times_are_ambiguous_and_named():
    image = Image.from_dataset(enhanced_mr(3, temporal_positions=2))
    with pytest.raises(AmbiguousFramesError, match="TemporalPositionIndex") as caught:
        image.get_volume()
    assert isinstance(caught.value, RuntimeError)
    assert image.get_volume_geometry().spatial_shape == (3, 16, 20)
    assert image.get_volume_geometry(allow_duplicate_positions=False) is None


def test_several_stacks_are_mixed_and_named():
    image = Image.from_dataset(enhanced_mr(3, orientations=["axial", "coronal"]))
    with pytest.raises(MixedValuesError, match="ImageOrientationPatient"):
        image.get_volume()
    assert image.get_volume_geometry() is None


def test_stacks_of_one_orientation_far_apart_are_no_volume():
    dataset = enhanced_ct(4)
    for number in (2, 3):
        groups = dataset.PerFrameFunctionalGroupsSequence[number]
        x, y, z = groups.PlanePositionSequence[0].ImagePositionPatient
        groups.PlanePositionSequence[0].ImagePositionPatient = [x + 50.0, y, z]
    with pytest.raises(IrregularVolumeError):
        Image.from_dataset(dataset).get_volume()


@pytest.mark.parametrize("angle", [5.0, 20.0])
def test_a_tilt_of_frames_is_refused_with_its_angle(angle):
    dataset = enhanced_ct(COUNT)
    shift = 2.5 * np.tan(np.radians(angle))
    for number, groups in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        x, y, z = groups.PlanePositionSequence[0].ImagePositionPatient
        y = round(float(y) + number * shift, 8)
        groups.PlanePositionSequence[0].ImagePositionPatient = [x, y, z]
    image = Image.from_dataset(dataset)
    with pytest.raises(IrregularVolumeError, match=f"{angle:.2f} degrees"):
        image.get_volume()
    assert image.get_volume_geometry() is None
    assert image.get_volume(perpendicular_tol=0.5).spatial_shape == (COUNT, 16, 20)


def test_spacing_between_slices_of_frames_must_be_right():
    dataset = enhanced_ct(COUNT)
    shared = dataset.SharedFunctionalGroupsSequence[0]
    shared.PixelMeasuresSequence[0].SpacingBetweenSlices = 5.0
    with pytest.raises(IrregularVolumeError, match="5 mm is expected"):
        Image.from_dataset(dataset).get_volume()
    for says_nothing in (0.0, -2.5):
        shared.PixelMeasuresSequence[0].SpacingBetweenSlices = says_nothing
        assert Image.from_dataset(dataset).get_volume().spacing[0] == 2.5


def test_frames_without_position_are_named():
    dataset = enhanced_ct(COUNT)
    del dataset.PerFrameFunctionalGroupsSequence[2].PlanePositionSequence
    image = Image.from_dataset(dataset)
    with pytest.raises(MissingAttributeError, match="frame 3"):
        image.get_volume()
    assert image.get_volume_geometry() is None
    assert image.get_frame(3).shape == (16, 20)


def test_frames_without_frame_of_reference_are_no_volume():
    without = enhanced_ct(3)
    del without.FrameOfReferenceUID
    for dataset in (sc_image(), without):
        image = Image.from_dataset(dataset)
        with pytest.raises(MissingAttributeError) as caught:
            image.get_volume()
        assert isinstance(caught.value, RuntimeError)
        assert image.get_volume_geometry() is None
    series = ct_series(3)
    for dataset in series:
        del dataset.FrameOfReferenceUID
    with pytest.raises(MissingAttributeError, match="FrameOfReferenceUID") as caught:
        get_volume_from_series(series)
    assert isinstance(caught.value, ValueError)


# --- parts of volumes ------------------------------------------------------------------------

PARTS = [
    ({}, np.s_[:, :, :]),
    ({"slice_start": 2, "slice_end": 4}, np.s_[1:3, :, :]),
    ({"slice_start": 2}, np.s_[1:, :, :]),
    ({"slice_end": 6}, np.s_[:, :, :]),
    ({"slice_end": -1}, np.s_[:-1, :, :]),
    ({"slice_start": -2}, np.s_[-2:, :, :]),
    ({"row_start": 3, "row_end": 5, "column_end": -2}, np.s_[:, 2:4, :-2]),
    ({"row_start": 16, "column_start": 20}, np.s_[:, 15:, 19:]),
    ({"row_end": 17, "column_end": 21}, np.s_[:, :, :]),
]


@pytest.mark.parametrize(("part", "expected"), PARTS)
@pytest.mark.parametrize("as_indices", [False, True])
def test_parts_are_counted_from_one_or_zero(part, expected, as_indices):
    image = Image.from_dataset(enhanced_ct(COUNT, orientation="oblique"))
    whole = image.get_volume()
    if as_indices:
        part = {k: v - 1 if v > 0 else v for k, v in part.items()}
    volume = image.get_volume(**part, as_indices=as_indices)
    np.testing.assert_array_equal(volume.array, whole.array[expected])
    # The first voxel of the part keeps its place.
    starts = [s.indices(n)[0] for s, n in zip(expected, (5, 16, 20), strict=True)]
    np.testing.assert_allclose(volume.position, (whole.affine @ [*starts, 1.0])[:3])
    np.testing.assert_array_equal(volume.affine[:, :3], whole.affine[:, :3])


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ({"slice_start": 0}, InvalidArgumentError),
        ({"row_end": 0}, InvalidArgumentError),
        ({"slice_start": 6}, FrameNumberError),
        ({"slice_end": 7}, FrameNumberError),
        ({"slice_start": -6}, FrameNumberError),
        ({"slice_start": 3, "slice_end": 3}, FrameNumberError),
        ({"row_start": 17}, FrameNumberError),
        ({"column_end": 22}, FrameNumberError),
        ({"column_start": 5, "column_end": 2}, FrameNumberError),
        ({"row_start": 1.0}, ArgumentTypeError),
        ({"slice_end": "2"}, ArgumentTypeError),
        ({"slice_end": True}, ArgumentTypeError),
    ],
)
def test_parts_that_are_not_there_are_refused(part, error):
    image = Image.from_dataset(enhanced_ct(COUNT))
    with pytest.raises(error, match=next(iter(part))) as caught:
        image.get_volume(**part)
    assert isinstance(caught.value, (ValueError, TypeError))


def test_a_part_needs_only_its_frames():
    dataset = enhanced_ct(COUNT)
    dataset.PixelData = dataset.PixelData[: 16 * 20 * 2 * 3]
    image = Image.from_dataset(dataset)
    # Frames come in ascending order of z, slices in descending.
    volume = image.get_volume(slice_start=-3)
    np.testing.assert_array_equal(volume.array[::-1], image.get_frames([1, 2, 3]))
    with pytest.raises(ValueError, match="Frame 4"):
        image.get_volume()
