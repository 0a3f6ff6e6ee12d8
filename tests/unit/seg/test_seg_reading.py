"""Reading segmentations: what is asked for wrongly is refused, what is rare is right."""

import numpy as np
import pytest
from seg_objects import cases, labels, read_again, segmentation

from highdicom import testing

CT = testing.ct_series(4)
UIDS = [source.SOPInstanceUID for source in CT]
ARRAY = labels((4, 16, 20))
ENHANCED = testing.enhanced_ct(4)


@pytest.fixture(params=["BINARY", "LABELMAP", "FRACTIONAL"])
def kind(request):
    return request.param


@pytest.fixture
def image(kind):
    return read_again(segmentation(CT, ARRAY, kind))


@pytest.fixture
def enhanced(kind):
    return read_again(segmentation([ENHANCED], ARRAY, kind))


EMPTY = {"assert_missing_frames_are_empty": True}


def test_sources_may_be_asked_for_in_any_order_and_repeatedly(image, enhanced):
    order = [2, 1, 3, 1]
    found = image.get_pixels_by_source_instance(
        [UIDS[n] for n in order], combine_segments=True, **EMPTY
    )
    np.testing.assert_array_equal(found, ARRAY[order])
    found = enhanced.get_pixels_by_source_frame(
        ENHANCED.SOPInstanceUID,
        [n + 1 for n in order],
        combine_segments=True,
        **EMPTY,
    )
    np.testing.assert_array_equal(found, ARRAY[order])


def test_segments_may_be_asked_for_in_any_order_and_repeatedly(image):
    found = image.get_pixels_by_source_instance(
        UIDS, segment_numbers=[3, 1, 3], **EMPTY
    )
    expected = np.stack([n == ARRAY for n in (3, 1, 3)], axis=-1)
    np.testing.assert_array_equal(found, expected)
    volume = image.get_volume(segment_numbers=[3, 1])
    (descriptor,) = volume.channel_descriptors
    assert volume.get_channel_values(descriptor) == [3, 1]
    with pytest.raises(
        ValueError, match="'segment_numbers' must not hold a number twice"
    ):
        image.get_volume(segment_numbers=[1, 1], combine_segments=True)


def test_only_segments_asked_for_are_combined(image):
    found = image.get_pixels_by_source_instance(
        UIDS, segment_numbers=[3, 1], combine_segments=True, **EMPTY
    )
    np.testing.assert_array_equal(found, np.where(ARRAY == 2, 0, ARRAY))


def test_frames_without_reference_to_sources_cannot_be_found_by_them():
    own = cases()["volume"]
    full = cases()["full slide"]
    for case in (own, full):
        image = segmentation(
            case.sources, case.pixels(labels(case.shape)), "BINARY", **case.options
        )
        uid = case.sources[0].SOPInstanceUID
        with pytest.raises(RuntimeError, match="does not say which source frames"):
            image.get_pixels_by_source_instance([uid], **EMPTY)
        with pytest.raises(RuntimeError, match="does not say which source frames"):
            image.get_pixels_by_source_frame(uid, [1], **EMPTY)


@pytest.mark.parametrize(
    ("error", "message", "arguments"),
    [
        (ValueError, "'segment_numbers' \\[9\\]", {"segment_numbers": [9]}),
        (ValueError, "'segment_numbers' must not be empty", {"segment_numbers": []}),
        (ValueError, "'dtype' .*str|'dtype' must be", {"dtype": "U3"}),
        (
            ValueError,
            "'dtype' bool cannot hold 3",
            {"dtype": bool, "combine_segments": True},
        ),
        (
            ValueError,
            "'apply_palette_color_lut' needs",
            {"apply_palette_color_lut": True},
        ),
        (IndexError, "must lie within the", {"slice_start": 9}),
        (ValueError, "must not be 0", {"slice_start": 0}),
    ],
)
def test_what_cannot_be_given_is_refused(image, error, message, arguments):
    with pytest.raises(error, match=message):
        image.get_volume(**arguments)


def test_unknown_sources_are_refused_unless_taken_for_empty(image, enhanced):
    with pytest.raises(KeyError, match=r"source image 1\.2\.3"):
        image.get_pixels_by_source_instance(["1.2.3"])
    assert not image.get_pixels_by_source_instance(["1.2.3"], **EMPTY).any()
    with pytest.raises(ValueError, match="must not be empty"):
        image.get_pixels_by_source_instance([])
    with pytest.raises(KeyError, match=r"source image 1\.2\.3"):
        enhanced.get_pixels_by_source_frame("1.2.3", [1])
    assert not enhanced.get_pixels_by_source_frame("1.2.3", [1], **EMPTY).any()
    with pytest.raises(ValueError, match="does not refer to frame 9"):
        enhanced.get_pixels_by_source_frame(ENHANCED.SOPInstanceUID, [9])
    with pytest.raises(ValueError, match="must be positive integers"):
        enhanced.get_pixels_by_source_frame(ENHANCED.SOPInstanceUID, [0])


def test_single_frame_sources_have_no_frames_to_be_found_by(image):
    with pytest.raises(TypeError, match="'source_frame_numbers' must be given"):
        image.get_pixels_by_source_frame(UIDS[1])
    with pytest.raises(RuntimeError, match="does not refer to frame 1"):
        image.get_pixels_by_source_frame(UIDS[1], [1])


def test_frames_up_to_the_last_referred_to_are_given_by_default(enhanced):
    found = enhanced.get_pixels_by_source_frame(
        ENHANCED.SOPInstanceUID, combine_segments=True
    )
    last = int(np.flatnonzero(ARRAY.any(axis=(1, 2)))[-1])
    np.testing.assert_array_equal(found, ARRAY[: last + 1])


def test_unknown_dimension_indices_are_refused_unless_taken_for_empty(image):
    with pytest.raises(ValueError, match="'dimension_index_values': No frame has"):
        image.get_pixels_by_dimension_index_values([[99]])
    assert not image.get_pixels_by_dimension_index_values([[99]], **EMPTY).any()
    twice = image.get_pixels_by_dimension_index_values([[1], [1]])
    np.testing.assert_array_equal(twice[0], twice[1])
    with pytest.raises(ValueError, match="1 positive indices"):
        image.get_pixels_by_dimension_index_values([[1, 1]])
    with pytest.raises(ValueError, match="must not be empty"):
        image.get_pixels_by_dimension_index_values([])
    with pytest.raises(ValueError, match="must not be empty"):
        image.are_dimension_indices_unique([])


def test_fractions_are_combined_only_if_they_are_zero_or_one():
    fractions = np.zeros((4, 16, 20, 2))
    fractions[1, 2:5, 2:5, 0] = 0.5
    image = segmentation(CT, fractions, "FRACTIONAL", (1, 2))
    with pytest.raises(ValueError, match="other than zero and one"):
        image.get_volume(combine_segments=True)
    with pytest.raises(ValueError, match="'rescale_fractional' must be True"):
        image.get_volume(combine_segments=True, rescale_fractional=False)
    with pytest.raises(ValueError, match="'dtype' must be a floating point type"):
        image.get_volume(dtype=np.uint8)
    assert image.get_volume(dtype=np.float64).array.max() == pytest.approx(128 / 255)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.float64, bool])
def test_results_have_the_type_asked_for(kind, dtype):
    image = segmentation(CT, ARRAY, kind)
    options = {"rescale_fractional": False} if kind == "FRACTIONAL" else {}
    if kind == "FRACTIONAL" and dtype is bool:
        with pytest.raises(ValueError, match="'dtype' bool cannot hold 255"):
            image.get_volume(dtype=dtype, **options)
        return
    if kind == "FRACTIONAL":
        assert image.get_volume(dtype=dtype, **options).array.max() == 255
    else:
        assert image.get_volume(dtype=dtype).array.dtype == dtype
    if dtype is not bool:
        combined = image.get_volume(dtype=dtype, combine_segments=True)
        assert combined.array.dtype == dtype
        assert combined.array.max() == 3


def test_part_of_a_volume_is_the_part_of_the_whole(image):
    whole = image.get_volume(combine_segments=True)
    part = image.get_volume(
        combine_segments=True, slice_end=2, row_start=3, row_end=-2, column_start=4
    )
    np.testing.assert_array_equal(part.array, whole.array[:1, 2:-2, 3:])
    np.testing.assert_allclose(part.affine, whole[:1, 2:-2, 3:].affine)


def test_slices_left_out_are_taken_for_empty_unless_that_is_forbidden(kind):
    array = np.zeros((4, 16, 20), np.uint8)
    array[[0, 2, 3], 5:9, 5:9] = 1
    image = segmentation(CT, array, kind, (1,))
    volume = image.get_volume(combine_segments=True)
    np.testing.assert_array_equal(volume.array, array[::-1])
    assert image.get_volume_geometry().spatial_shape == (4, 16, 20)
    assert image.get_volume_geometry(allow_missing_positions=False) is None
    with pytest.raises(RuntimeError, match="regularly spaced"):
        image.get_volume(allow_missing_positions=False)


def test_images_of_slides_and_volumes_are_told_apart(image):
    assert not image.is_indexable_as_total_pixel_matrix()
    with pytest.raises(RuntimeError, match="not tiled"):
        image.get_total_pixel_matrix()
