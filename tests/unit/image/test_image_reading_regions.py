"""Regions of total pixel matrices, against slices of the matrix that was cut."""

from io import BytesIO

import numpy as np
import pytest

from highdicom import Image, imread
from highdicom.errors import (
    AmbiguousFramesError,
    ArgumentTypeError,
    FrameNumberError,
    InvalidArgumentError,
    IrregularVolumeError,
    NonconformantDatasetWarning,
)
from highdicom.testing import file_bytes, slide, slide_from_array, slide_pattern

ROWS, COLUMNS = 50, 70
TILE = (16, 20)
MATRIX = slide_pattern(ROWS, COLUMNS)


@pytest.fixture(
    params=["TILED_FULL", "TILED_SPARSE", "shuffled", "lazy"], scope="module"
)
def image(request):
    if request.param == "shuffled":
        order = np.random.default_rng(2).permutation(16).tolist()
        dataset = slide(ROWS, COLUMNS, organization="TILED_SPARSE", frame_order=order)
        return Image.from_dataset(dataset)
    if request.param == "lazy":
        content = file_bytes(slide(ROWS, COLUMNS))
        return imread(BytesIO(content), lazy_frame_retrieval=True)
    return Image.from_dataset(slide(ROWS, COLUMNS, organization=request.param))


# Regions as a user asks for them, counted from one, and as slices.
REGIONS = [
    ((None, None, None, None), np.s_[:, :]),
    ((1, 17, 1, 21), np.s_[:16, :20]),  # a tile
    ((17, 33, 21, 41), np.s_[16:32, 20:40]),  # another
    ((10, 20, 15, 25), np.s_[9:19, 14:24]),  # parts of four
    ((5, 7, 3, 9), np.s_[4:6, 2:8]),  # a part of one
    ((50, 51, 70, 71), np.s_[49:, 69:]),  # the last pixel
    ((-3, None, -5, -1), np.s_[-3:, -5:-1]),
    ((1, -49, None, None), np.s_[:1, :]),
]


@pytest.mark.parametrize(("region", "expected"), REGIONS)
@pytest.mark.parametrize("as_indices", [False, True])
def test_regions_are_cut_out_of_the_matrix(image, region, expected, as_indices):
    if as_indices:
        region = tuple(n - 1 if n is not None and n > 0 else n for n in region)
    found = image.get_total_pixel_matrix(*region, dtype=np.uint8, as_indices=as_indices)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, MATRIX[expected])


def test_values_are_floats_by_default(image):
    found = image.get_total_pixel_matrix(row_end=3)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, MATRIX[:2])


@pytest.mark.parametrize(
    ("region", "error"),
    [
        ({"row_start": 0}, InvalidArgumentError),
        ({"column_end": 0}, InvalidArgumentError),
        ({"row_start": 51}, FrameNumberError),
        ({"row_end": 52}, FrameNumberError),
        ({"column_start": -71}, FrameNumberError),
        ({"row_start": 5, "row_end": 5}, FrameNumberError),
        ({"row_start": 5, "row_end": 4}, FrameNumberError),
        ({"row_start": 1.5}, ArgumentTypeError),
        ({"column_start": "1"}, ArgumentTypeError),
    ],
)
def test_regions_that_are_not_there_are_refused(image, region, error):
    with pytest.raises(error, match=next(iter(region))):
        image.get_total_pixel_matrix(**region)


def test_tiles_are_transformed_as_asked():
    values = slide_pattern(ROWS, COLUMNS, samples=1)
    image = Image.from_dataset(
        slide_from_array(
            values,
            attributes={
                "RescaleSlope": 2.0,
                "RescaleIntercept": 1.0,
                "PresentationLUTShape": "INVERSE",
            },
        )
    )
    found = image.get_total_pixel_matrix(3, 30, 15, 60)
    # Values of 8 bits become 1 to 511.
    expected = 512.0 - (2.0 * values[2:29, 14:59] + 1.0)
    np.testing.assert_array_equal(found, expected)


MISSING = [(0, 1), (2, 2), (3, 0)]


def without(tiles, matrix):
    expected = matrix.copy()
    for row, column in tiles:
        expected[row * 16 : row * 16 + 16, column * 20 : column * 20 + 20] = 0
    return expected


@pytest.mark.parametrize(("region", "expected"), REGIONS)
def test_tiles_that_are_missing_are_zero(region, expected):
    dataset = slide(ROWS, COLUMNS, organization="TILED_SPARSE", missing_tiles=MISSING)
    image = Image.from_dataset(dataset)
    found = image.get_total_pixel_matrix(*region, dtype=np.uint8)
    np.testing.assert_array_equal(found, without(MISSING, MATRIX)[expected])
    assert image.is_indexable_as_total_pixel_matrix()


def test_only_the_tiles_of_a_region_are_decoded():
    dataset = slide(ROWS, COLUMNS)
    dataset.PixelData = dataset.PixelData[: 5 * 16 * 20 * 3]  # the first five tiles
    image = Image.from_dataset(dataset)
    found = image.get_total_pixel_matrix(1, 17, 30, 60, dtype=np.uint8)
    np.testing.assert_array_equal(found, MATRIX[:16, 29:59])
    with pytest.raises(ValueError, match="Frame 6"):
        image.get_total_pixel_matrix(17, 33)


# --- focal planes and optical paths ------------------------------------------------------


def planes(count):
    return [
        slide_pattern(ROWS, COLUMNS, samples=1, index=index) for index in range(count)
    ]


@pytest.mark.parametrize("organization", ["TILED_FULL", "TILED_SPARSE"])
def test_focal_planes_are_the_slices_of_a_volume(organization):
    image = Image.from_dataset(
        slide(ROWS, COLUMNS, samples=1, focal_planes=3, organization=organization)
    )
    volume = image.get_volume()
    np.testing.assert_array_equal(volume.array, planes(3))
    # Two micrometres from plane to plane.
    np.testing.assert_allclose(volume.spacing, (0.002, 0.0005, 0.00025))
    expected = [
        [0.0, -0.0005, 0.0, 20.0],
        [0.0, 0.0, -0.00025, 40.0],
        [0.002, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ]
    np.testing.assert_allclose(volume.affine, expected, atol=1e-12)
    part = image.get_volume(
        slice_start=2, slice_end=3, row_start=10, row_end=20, column_start=-5
    )
    np.testing.assert_array_equal(part.array, [planes(2)[1][9:19, -5:]])
    np.testing.assert_allclose(
        part.position, (volume.affine @ [1, 9, COLUMNS - 5, 1])[:3]
    )


def test_z_offsets_in_millimetres_are_known_by_the_spacing():
    dataset = slide(
        ROWS, COLUMNS, samples=1, focal_planes=2, organization="TILED_SPARSE"
    )
    for groups in dataset.PerFrameFunctionalGroupsSequence:
        position = groups.PlanePositionSlideSequence[0]
        micrometres = float(position.ZOffsetInSlideCoordinateSystem)
        position.ZOffsetInSlideCoordinateSystem = micrometres / 1000
    image = Image.from_dataset(dataset)
    with pytest.warns(NonconformantDatasetWarning, match="millimetres"):
        volume = image.get_volume()
    np.testing.assert_allclose(volume.spacing[0], 0.002)


def test_focal_planes_at_unequal_distances_are_no_volume():
    dataset = slide(
        ROWS, COLUMNS, samples=1, focal_planes=3, organization="TILED_SPARSE"
    )
    for groups in dataset.PerFrameFunctionalGroupsSequence[-16:]:
        groups.PlanePositionSlideSequence[0].ZOffsetInSlideCoordinateSystem = 9.0
    image = Image.from_dataset(dataset)
    with pytest.raises(IrregularVolumeError, match="equidistant"):
        image.get_volume()
    assert image.get_volume_geometry() is None


@pytest.mark.parametrize("organization", ["TILED_FULL", "TILED_SPARSE"])
@pytest.mark.parametrize(
    "several", [{"focal_planes": 2}, {"optical_paths": 2}], ids=lambda s: next(iter(s))
)
def test_one_matrix_is_not_several(organization, several):
    image = Image.from_dataset(
        slide(ROWS, COLUMNS, samples=1, organization=organization, **several)
    )
    assert not image.is_indexable_as_total_pixel_matrix()
    with pytest.raises(AmbiguousFramesError, match="Frames 1 and 17") as caught:
        image.get_total_pixel_matrix(1, 2)
    assert isinstance(caught.value, RuntimeError)
    frames = image.get_frames(range(17, 33), dtype=np.uint8)
    np.testing.assert_array_equal(frames[0], planes(2)[1][:16, :20])


def test_optical_paths_are_no_slices():
    image = Image.from_dataset(slide(ROWS, COLUMNS, samples=1, optical_paths=2))
    with pytest.raises(AmbiguousFramesError):
        image.get_volume()
    assert image.get_volume_geometry().spatial_shape == (1, ROWS, COLUMNS)
    assert image.get_volume_geometry(allow_duplicate_positions=False) is None


def test_a_matrix_is_a_volume_of_one_slice(image):
    volume = image.get_volume(dtype=np.uint8)
    np.testing.assert_array_equal(volume.array, MATRIX[np.newaxis])
    geometry = image.get_volume_geometry()
    assert geometry.spatial_shape == (1, ROWS, COLUMNS)
    # Rows go to -y, columns to -x; pixels are 0.5 and 0.25 micrometres apart.
    np.testing.assert_allclose(geometry.affine[:3, 1], [-0.0005, 0, 0], atol=1e-15)
    np.testing.assert_allclose(geometry.affine[:3, 2], [0, -0.00025, 0], atol=1e-15)
    np.testing.assert_allclose(geometry.position, [20, 40, 0])


# --- compressed tiles ----------------------------------------------------------------------


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("extended_offsets", [False, True])
@pytest.mark.parametrize(
    ("syntax", "tolerance"),
    [
        ("1.2.840.10008.1.2.5", 0),
        ("1.2.840.10008.1.2.4.90", 0),
        ("1.2.840.10008.1.2.4.50", 30),
    ],
)
def test_tiles_of_every_compression_make_the_matrix(
    lazy, extended_offsets, syntax, tolerance
):
    dataset = slide(
        ROWS,
        COLUMNS,
        tile_size=(32, 32),
        transfer_syntax=syntax,
        extended_offsets=extended_offsets,
    )
    image = imread(BytesIO(file_bytes(dataset)), lazy_frame_retrieval=lazy)
    found = image.get_total_pixel_matrix(20, 45, 10, 50, dtype=np.int32)
    assert np.abs(found - MATRIX[19:44, 9:49]).max() <= tolerance
