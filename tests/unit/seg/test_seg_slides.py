"""Where segmentations of slides lie."""

from io import BytesIO

import numpy as np
import pytest
from pydicom.sr.codedict import codes
from pydicom.uid import RLELossless

from highdicom import PlanePositionSequence
from highdicom.errors import SegmentsOverlapError
from highdicom.seg import Segmentation, SegmentDescription, segread
from highdicom.testing import slide


@pytest.mark.parametrize("depth", [0.0, 5.0])
@pytest.mark.parametrize("organization", ["TILED_FULL", "TILED_SPARSE"])
def test_the_depth_is_kept_whether_tiles_have_positions_or_not(
    organization: str, depth: float
) -> None:
    bone = SegmentDescription(1, "Bone", codes.SCT.Tissue, codes.SCT.Bone, "MANUAL")
    corner = PlanePositionSequence("SLIDE", (20.0, 40.0, depth), (1, 1))
    segmentation = Segmentation(
        [slide()],
        np.ones((1, 50, 70), bool),
        "BINARY",
        [bone],
        "1.2.3",
        1,
        "1.2.4",
        1,
        "Maker",
        "Model",
        "1.0",
        "17",
        plane_positions=[corner],
        tile_pixel_array=True,
        omit_empty_frames=False,
        dimension_organization_type=organization,
    )
    assert segmentation.validate() == []
    origin = segmentation.TotalPixelMatrixOriginSequence[0]
    assert origin.get("ZOffsetInSlideCoordinateSystem", 0) == depth
    file = BytesIO()
    segmentation.save_as(file)
    assert segread(file.getvalue()).get_volume().position == (20.0, 40.0, depth)


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL"])
def test_frames_of_a_single_segment_share_it(kind: str) -> None:
    bone = SegmentDescription(1, "Bone", codes.SCT.Tissue, codes.SCT.Bone, "MANUAL")
    mask = np.zeros((1, 50, 70), bool)
    mask[0, 20:40, 10:60] = True
    segmentation = Segmentation(
        [slide()],
        mask,
        kind,
        [bone],
        "1.2.3",
        1,
        "1.2.4",
        1,
        "Maker",
        "Model",
        "1.0",
        "17",
        tile_pixel_array=True,
        omit_empty_frames=False,
    )
    assert segmentation.validate() == []
    shared = segmentation.SharedFunctionalGroupsSequence[0]
    assert shared.SegmentIdentificationSequence[0].ReferencedSegmentNumber == 1
    for item in segmentation.PerFrameFunctionalGroupsSequence:
        assert "SegmentIdentificationSequence" not in item
        assert item.FrameContentSequence[0].DimensionIndexValues[0] == 1
    file = BytesIO()
    segmentation.save_as(file)
    read = segread(file.getvalue()).get_total_pixel_matrix(combine_segments=True)
    assert np.array_equal(read, mask[0])


def many(
    labels: np.ndarray,
    count: int,
    tile: tuple[int, int],
    kind: str = "BINARY",
    **options: object,
) -> Segmentation:
    """Segment a slide of 50 by 70 pixels."""
    described = [
        SegmentDescription(k, f"{k}", codes.SCT.Tissue, codes.SCT.Bone, "MANUAL")
        for k in range(1, count + 1)
    ]
    identity = ("1.2.3", 1, "1.2.4", 1, "Maker", "Model", "1.0", "17")
    return Segmentation(
        [slide()],
        labels,
        kind,
        described,
        *identity,
        tile_pixel_array=True,
        tile_size=tile,
        **options,
    )


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("tile", [(16, 16), (16, 20), (8, 13), (64, 96), (50, 7)])
@pytest.mark.parametrize("count", [3, 20])
def test_tiles_hold_the_pixels_of_their_segment(
    count: int, tile: tuple[int, int], dtype: type
) -> None:
    random = np.random.default_rng(count)
    labels = np.zeros((1, 50, 70), dtype)
    labels[0, 5:30, 11:44] = random.integers(0, count + 1, (25, 33))
    labels[0, 45:, 60:] = count
    segmentation = many(labels, count, tile)
    expected = {
        (row, column, number)
        for row in range(0, 50, tile[0])
        for column in range(0, 70, tile[1])
        for number in range(1, count + 1)
        if number in labels[0, row : row + tile[0], column : column + tile[1]]
    }
    assert segmentation.number_of_frames == len(expected)
    file = BytesIO()
    segmentation.save_as(file)
    read = segread(file.getvalue())
    matrix = read.get_total_pixel_matrix(combine_segments=True)
    np.testing.assert_array_equal(matrix, labels[0])


def test_a_label_of_no_segment_is_named_among_tiles() -> None:
    labels = np.zeros((1, 50, 70), np.uint16)
    labels[0, 20, 30:33] = 2, 40000, 1
    with pytest.raises(ValueError, match=r"\[40000\]"):
        many(labels, 2, (16, 16))


def test_tiles_are_given_as_often_as_they_are_asked_for() -> None:
    labels = np.zeros((1, 50, 70), np.uint8)
    labels[0, 3:40, 20:60] = np.arange(40) % 3
    segmentation = many(labels, 2, (25, 35))
    tiles = segmentation.get_pixels_by_dimension_index_values(
        [[2, 1], [1, 2], [2, 1]], combine_segments=True
    )
    expected = [labels[0, 25:, :35], labels[0, :25, 35:], labels[0, 25:, :35]]
    np.testing.assert_array_equal(tiles, expected)


@pytest.mark.parametrize("lazily", [False, True])
def test_equal_frames_are_arrays_of_their_own(*, lazily: bool) -> None:
    labels = np.zeros((1, 50, 70), np.uint8)
    labels[:, :, 32:] = 2
    made = many(labels, 2, (16, 16), "LABELMAP", transfer_syntax_uid=RLELossless)
    file = BytesIO()
    made.save_as(file)
    read = segread(file.getvalue(), lazily)
    filled = 255 + np.zeros((16, 16), np.uint8)
    for number in (1, 1, 2, 3, 3):
        read.get_stored_frame(number)[...] = 255
        read.get_stored_frames([number])[...] = 255
    assert not np.array_equal(read.get_stored_frame(1), filled)
    matrix = read.get_total_pixel_matrix(combine_segments=True)
    np.testing.assert_array_equal(matrix, labels[0])
    only_one = read.get_total_pixel_matrix(combine_segments=True, segment_numbers=[1])
    assert not only_one.any()


def test_pixels_of_two_segments_are_found_in_any_region_and_only_there() -> None:
    labels = np.zeros((1, 50, 70, 2), np.uint8)
    labels[0, 10:30, 10:30, 0] = 1
    labels[0, 29:40, 29:50, 1] = 1
    segmentation = many(labels, 2, (16, 16))
    region = {"column_start": 31, "column_end": 60, "combine_segments": True}
    matrix = segmentation.get_total_pixel_matrix(**region)
    np.testing.assert_array_equal(matrix, 2 * labels[0, :, 30:59, 1])
    with pytest.raises(SegmentsOverlapError):
        segmentation.get_total_pixel_matrix(**region | {"column_start": 30})
    empty = segmentation.get_total_pixel_matrix(1, 10, 1, 9, combine_segments=True)
    assert empty.shape == (9, 8)
    assert not empty.any()
