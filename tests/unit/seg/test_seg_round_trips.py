"""What is written into a segmentation is read back, whatever the way of reading."""

import numpy as np
import pytest
import seg_objects
from pydicom import dcmread
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)
from seg_objects import KINDS, labels, read_again, segmentation

from highdicom import testing
from highdicom.errors import UnsupportedTransferSyntaxError
from highdicom.seg import segread

CASES = seg_objects.cases()
HTJ2K_LOSSLESS = "1.2.840.10008.1.2.4.201"

every_kind = pytest.mark.parametrize("kind", KINDS)


def cases_where(condition):
    """Run a test for the cases for which a condition holds."""
    return pytest.mark.parametrize("name", [n for n in CASES if condition(CASES[n])])


def has_dimension_but_the_segment(case):
    return not (
        case.options.get("dimension_organization_type") == "TILED_FULL"
        or (case.positions() is None and not case.is_slide and case.shape[0] == 1)
    )


def one_hot(array, numbers=(1, 2, 3)):
    return np.stack([array == number for number in numbers], axis=-1)


def written(name, kind):
    case = CASES[name]
    array = labels(case.shape)
    image = segmentation(case.sources, case.pixels(array), kind, **case.options)
    return case, array, read_again(image)


@every_kind
@cases_where(lambda case: not case.is_slide)
def test_frames_hold_the_pixels_of_their_segment_and_plane(name, kind):
    case, array, image = written(name, kind)
    positions = case.positions()
    stored = image.get_stored_frames()
    total = np.zeros(array.shape, int)
    for frame, item in zip(stored, image.PerFrameFunctionalGroupsSequence, strict=True):
        plane = plane_of(item, positions)
        if kind == "LABELMAP":
            total[plane] += frame
        else:
            number = item.SegmentIdentificationSequence[0].ReferencedSegmentNumber
            expected = 255 if kind == "FRACTIONAL" else 1
            assert set(np.unique(frame)) <= {0, expected}
            total[plane] += frame // expected * number
    np.testing.assert_array_equal(total, array)


def plane_of(item, positions):
    if positions is None:
        return int(item.FrameContentSequence[0].get("InStackPositionNumber", 1)) - 1
    position = np.array(item.PlanePositionSequence[0].ImagePositionPatient, float)
    return int(np.argmin(np.linalg.norm(positions - position, axis=1)))


@every_kind
@cases_where(lambda case: case.positions() is not None)
def test_volume_has_each_plane_in_its_place(name, kind):
    case, array, image = written(name, kind)
    positions = case.positions()
    volume = image.get_volume(combine_segments=True)
    remaining = volume.array.copy()
    found = np.zeros_like(array)
    inverse = np.linalg.inv(volume.affine)
    for plane, position in enumerate(positions):
        index, row, column = (inverse @ [*position, 1.0])[:3]
        assert (round(row, 3), round(column, 3)) == (0, 0)
        assert abs(index - round(index)) < 1e-3
        if 0 <= round(index) < len(volume.array):
            found[plane] = volume.array[round(index)]
            remaining[round(index)] = 0
    np.testing.assert_array_equal(found, array)
    assert not remaining.any()
    side_by_side = image.get_volume()
    assert side_by_side.shape == (*volume.shape, 3)
    np.testing.assert_array_equal(side_by_side.array, one_hot(volume.array))


@every_kind
@cases_where(lambda case: case.has_planes_of_sources)
def test_source_images_lead_to_their_planes(name, kind):
    case, array, image = written(name, kind)
    options = {"assert_missing_frames_are_empty": True}
    uids = [source.SOPInstanceUID for source in case.sources]
    if case.is_multi_frame:
        arguments = (uids[0], range(1, len(array) + 1))
        read = image.get_pixels_by_source_frame
    else:
        arguments = (uids,)
        read = image.get_pixels_by_source_instance
    combined = read(*arguments, combine_segments=True, **options)
    np.testing.assert_array_equal(combined, array)
    np.testing.assert_array_equal(read(*arguments, **options), one_hot(array))
    relabelled = read(
        *arguments,
        segment_numbers=[3, 1],
        combine_segments=True,
        relabel=True,
        **options,
    )
    expected = np.select([array == 3, array == 1], [1, 2])
    np.testing.assert_array_equal(relabelled, expected)


@every_kind
@cases_where(lambda case: case.is_tiled_here)
def test_total_pixel_matrix_is_that_given(name, kind):
    _case, array, image = written(name, kind)
    combined = image.get_total_pixel_matrix(combine_segments=True)
    np.testing.assert_array_equal(combined, array[0])
    np.testing.assert_array_equal(image.get_total_pixel_matrix(), one_hot(array[0]))
    region = image.get_total_pixel_matrix(
        row_start=6, row_end=-3, column_start=18, column_end=43, combine_segments=True
    )
    np.testing.assert_array_equal(region, array[0, 5:-3, 17:42])
    np.testing.assert_array_equal(
        image.get_volume(combine_segments=True).array[0], array[0]
    )
    assert image.is_indexable_as_total_pixel_matrix()


@every_kind
def test_tiles_given_one_by_one_form_the_matrix(kind):
    _case, array, image = written("tiles of a slide", kind)
    matrix = np.zeros((64, 80), np.uint8)
    for tile in range(16):
        down, across = divmod(tile, 4)
        matrix[16 * down :, 20 * across :][:16, :20] = array[tile]
    found = image.get_total_pixel_matrix(combine_segments=True)
    np.testing.assert_array_equal(found, matrix[:50, :70])


@every_kind
@cases_where(has_dimension_but_the_segment)
def test_dimension_indices_lead_to_their_frames(name, kind):
    _case, _array, image = written(name, kind)
    pointers = image.get_default_dimension_index_pointers()
    assert image.are_dimension_indices_unique(pointers)
    stored = image.get_stored_frames()
    wanted = {}
    for frame, item in zip(stored, image.PerFrameFunctionalGroupsSequence, strict=True):
        values = np.atleast_1d(item.FrameContentSequence[0].DimensionIndexValues)
        number = 1
        if kind != "LABELMAP":
            number = item.SegmentIdentificationSequence[0].ReferencedSegmentNumber
            assert values[0] == number
            values = values[1:]
        key = tuple(map(int, values))
        scale = 255 if kind == "FRACTIONAL" else 1
        wanted[key] = wanted.get(key, 0) + frame.astype(int) // scale * number
    found = image.get_pixels_by_dimension_index_values(
        list(wanted), combine_segments=True
    )
    np.testing.assert_array_equal(found, np.stack(list(wanted.values())))


@every_kind
@pytest.mark.parametrize(
    "syntax",
    [
        ImplicitVRLittleEndian,
        ExplicitVRLittleEndian,
        DeflatedExplicitVRLittleEndian,
        RLELossless,
        JPEGLSLossless,
        JPEG2000Lossless,
        HTJ2K_LOSSLESS,
    ],
)
def test_every_lossless_transfer_syntax_keeps_the_pixels(kind, syntax):
    if kind == "BINARY" and syntax in {JPEGLSLossless, HTJ2K_LOSSLESS}:
        # They have no frames of one bit (PS3.5 8.2).
        with pytest.raises(UnsupportedTransferSyntaxError, match="1 bits allocated"):
            segmentation(
                testing.ct_series(3),
                labels((3, 16, 20)),
                kind,
                transfer_syntax_uid=syntax,
            )
        return
    if syntax == HTJ2K_LOSSLESS:
        pytest.importorskip("imagecodecs")
    sources = testing.ct_series(3, rows=40, columns=34)
    array = labels((3, 40, 34))
    for options in ({}, {"workers": 2}, {"use_extended_offset_table": True}):
        image = segmentation(
            sources, array, kind, transfer_syntax_uid=syntax, **options
        )
        for lazy in (False, True):
            again = read_again(image, lazy=lazy)
            assert again.file_meta.TransferSyntaxUID == syntax
            found = again.get_pixels_by_source_instance(
                [source.SOPInstanceUID for source in sources],
                combine_segments=True,
                assert_missing_frames_are_empty=True,
            )
            np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("maximum", [255, 100, 1])
def test_fractions_come_back_rounded_to_what_can_be_stored(dtype, maximum):
    sources = testing.ct_series(3)
    fractions = np.random.default_rng(1).random((3, 16, 20, 2)).astype(dtype)
    image = read_again(
        segmentation(
            sources,
            fractions,
            "FRACTIONAL",
            (1, 2),
            max_fractional_value=maximum,
            fractional_type="OCCUPANCY",
        )
    )
    assert image.segmentation_fractional_type.value == "OCCUPANCY"
    uids = [source.SOPInstanceUID for source in sources]
    found = image.get_pixels_by_source_instance(uids)
    assert found.dtype == np.float32
    assert np.abs(found - fractions).max() <= 0.5 / maximum + 1e-6
    stored = image.get_pixels_by_source_instance(uids, rescale_fractional=False)
    assert stored.dtype == np.uint8
    np.testing.assert_array_equal(stored, np.rint(fractions * maximum))


def test_fractions_of_a_slide_come_back():
    fractions = np.zeros((1, 50, 70, 2), np.float32)
    fractions[0, 10:30, 20:45, 0] = 0.4
    fractions[0, 25:49, 1:69, 1] = np.linspace(0, 1, 68)
    image = read_again(
        segmentation(
            [testing.slide()], fractions, "FRACTIONAL", (1, 2), tile_pixel_array=True
        )
    )
    assert image.SegmentsOverlap == "UNDEFINED"
    found = image.get_total_pixel_matrix()
    np.testing.assert_allclose(found, fractions[0], atol=0.5 / 255 + 1e-6)


def test_fractions_too_small_to_be_stored_leave_no_frame():
    fractions = np.zeros((3, 16, 20))
    fractions[0] = 0.49 / 255
    fractions[1] = 0.51 / 255
    image = segmentation(testing.ct_series(3), fractions, "FRACTIONAL", (1,))
    assert image.number_of_frames == 1
    assert image.get_stored_frame(1).tolist() == [[1] * 20] * 16


@pytest.mark.parametrize(
    "pixels",
    [
        lambda array: array == 1,
        lambda array: (array == 1).astype(np.float32),
        lambda array: (array == 1).astype(np.float64),
        lambda array: (array == 1).astype(np.uint8),
        lambda array: (array == 1).astype(np.uint16),
        lambda array: (array == 1)[..., np.newaxis],
        lambda array: (array == 1).astype(np.uint8)[..., np.newaxis],
    ],
)
@every_kind
def test_a_mask_may_have_any_form(kind, pixels):
    sources = testing.ct_series(4)
    array = labels((4, 16, 20))
    given = pixels(array)
    before = given.copy()
    given.flags.writeable = False
    image = read_again(segmentation(sources, given, kind, (1,)))
    np.testing.assert_array_equal(given, before)
    found = image.get_pixels_by_source_instance(
        [source.SOPInstanceUID for source in sources],
        combine_segments=True,
        assert_missing_frames_are_empty=True,
    )
    np.testing.assert_array_equal(found, array == 1)


@every_kind
def test_segments_may_overlap_where_each_has_its_frames(kind):
    stacked = np.zeros((3, 16, 20, 2), bool)
    stacked[1, 2:9, 3:8, 0] = True
    stacked[1, 6:12, 5:14, 1] = True
    if kind == "LABELMAP":
        with pytest.raises(ValueError, match=r"'pixel_array' .* overlap"):
            segmentation(testing.ct_series(3), stacked, kind, (1, 2))
        return
    image = read_again(segmentation(testing.ct_series(3), stacked, kind, (1, 2)))
    assert image.SegmentsOverlap == "YES"
    np.testing.assert_array_equal(image.get_volume().array[0], stacked[1])
    with pytest.raises(RuntimeError, match="'skip_overlap_checks'"):
        image.get_volume(combine_segments=True)
    combined = image.get_volume(combine_segments=True, skip_overlap_checks=True)
    expected = np.where(stacked[1, ..., 1], 2, stacked[1, ..., 0])
    np.testing.assert_array_equal(combined.array[0], expected)


@pytest.mark.parametrize("top", [255, 256, 300, 65535])
def test_label_maps_keep_numbers_with_gaps(top):
    numbers = (1, 7, 200, top)
    sources = testing.ct_series(4)
    array = labels((4, 16, 20), numbers)
    image = read_again(segmentation(sources, array, "LABELMAP", numbers))
    assert image.BitsAllocated == (8 if top < 256 else 16)
    assert image.segment_numbers == list(numbers)
    uids = [source.SOPInstanceUID for source in sources]
    options = {"assert_missing_frames_are_empty": True}
    combined = image.get_pixels_by_source_instance(
        uids, combine_segments=True, **options
    )
    assert combined.dtype == (np.uint8 if top < 256 else np.uint16)
    np.testing.assert_array_equal(combined, array)
    one = image.get_pixels_by_source_instance(uids, segment_numbers=[top], **options)
    np.testing.assert_array_equal(one[..., 0], array == top)
    assert image.get_volume(combine_segments=True).array.max() == top


def test_label_map_of_more_labels_than_a_byte_holds_keeps_them_all():
    numbers = tuple(range(1, 301))
    array = np.zeros((1, 16, 20), np.uint16)
    array.reshape(-1)[10:310] = numbers
    sources = testing.ct_series(1)
    for kind in ("LABELMAP", "BINARY"):
        image = read_again(segmentation(sources, array, kind, numbers))
        for found in (
            image.get_volume(combine_segments=True).array,
            image.get_pixels_by_source_instance(
                [sources[0].SOPInstanceUID], combine_segments=True
            ),
        ):
            assert found.dtype == np.uint16
            np.testing.assert_array_equal(found, array)


@every_kind
@pytest.mark.parametrize("omit", [True, False])
def test_an_empty_segmentation_has_all_its_frames(kind, omit):
    sources = testing.ct_series(3)
    empty = np.zeros((3, 16, 20), np.uint8)
    image = read_again(
        segmentation(sources, empty, kind, (1, 2), omit_empty_frames=omit)
    )
    assert image.number_of_frames == (3 if kind == "LABELMAP" else 6)
    volume = image.get_volume(combine_segments=True)
    assert volume.shape == (3, 16, 20)
    assert not volume.array.any()


@every_kind
def test_empty_frames_are_left_out_or_kept_as_asked(kind):
    sources = testing.ct_series(5)
    array = labels((5, 16, 20))
    shown = sum(np.count_nonzero((array == n).any(axis=(1, 2))) for n in (1, 2, 3))
    some = segmentation(sources, array, kind)
    every = segmentation(sources, array, kind, omit_empty_frames=False)
    used = np.count_nonzero(array.any(axis=(1, 2)))
    assert some.number_of_frames == (used if kind == "LABELMAP" else shown)
    assert every.number_of_frames == (5 if kind == "LABELMAP" else 15)
    whole = every.get_volume(combine_segments=True)
    assert whole.spatial_shape == (5, 16, 20)


def test_frames_stand_in_the_order_of_segments_and_slices():
    sources = testing.ct_series(4)
    order = [2, 0, 3, 1]
    array = np.ones((4, 16, 20), np.uint8)
    array[:, :5] = 2
    image = segmentation([sources[n] for n in order], array, "BINARY", (1, 2))
    items = image.PerFrameFunctionalGroupsSequence
    numbers = [
        i.SegmentIdentificationSequence[0].ReferencedSegmentNumber for i in items
    ]
    assert numbers == [1] * 4 + [2] * 4
    heights = [i.PlanePositionSequence[0].ImagePositionPatient[2] for i in items]
    # Rows and columns of slices counted downwards are left-handed with them.
    assert heights == [37.5, 35.0, 32.5, 30.0] * 2


def test_array_is_neither_changed_nor_held():
    sources = testing.ct_series(3)
    array = labels((3, 16, 20))
    given = array.copy()
    image = segmentation(sources, given, "LABELMAP")
    given[:] = 0
    np.testing.assert_array_equal(
        image.get_volume(combine_segments=True).array, array[array.any(axis=(1, 2))]
    )


@every_kind
def test_array_need_not_be_contiguous(kind):
    sources = testing.ct_series(3)
    array = labels((3, 16, 20))
    for given in (np.asfortranarray(array), array[:, ::-1].copy()[:, ::-1]):
        assert not given.flags.c_contiguous
        found = segmentation(sources, given, kind).get_pixels_by_source_instance(
            [source.SOPInstanceUID for source in sources],
            combine_segments=True,
            assert_missing_frames_are_empty=True,
        )
        np.testing.assert_array_equal(found, array)


def test_lazy_reading_gives_the_same(tmp_path):
    sources = testing.ct_series(4)
    array = labels((4, 16, 20))
    path = tmp_path / "segmentation.dcm"
    segmentation(sources, array, "BINARY").save_as(path, enforce_file_format=True)
    lazy = segread(path, lazy_frame_retrieval=True)
    assert "PixelData" not in lazy
    eager = segread(path)
    np.testing.assert_array_equal(lazy.get_volume().array, eager.get_volume().array)
    plain = dcmread(path)
    np.testing.assert_array_equal(plain.pixel_array, eager.get_stored_frames())
