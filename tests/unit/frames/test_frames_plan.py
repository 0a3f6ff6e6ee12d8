import numpy as np
import pytest

from highdicom.errors import (
    AmbiguousFramesError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    MissingFramesError,
)
from highdicom.frames.columns import ABSENT
from highdicom.frames.index import FrameIndex
from highdicom.frames.plan import FramePlacement, Missing, numbers_in_words
from highdicom.frames.region import plan_region
from highdicom.frames.stack import plan_stack


def segments(numbers=(1, 1, 2), heights=(0, 1, 1)):
    return FrameIndex.of(
        {
            "ReferencedSegmentNumber": np.array(numbers),
            "ImagePositionPatient": np.array([[0.0, 0, z] for z in heights]),
        }
    )


def tiles(rows, columns, **others):
    return FrameIndex.of(
        {
            "RowPositionInTotalImagePixelMatrix": np.array(rows),
            "ColumnPositionInTotalImagePixelMatrix": np.array(columns),
            **{keyword: np.array(values) for keyword, values in others.items()},
        }
    )


def test_stack_has_a_frame_in_each_place():
    index = segments((1, 1, 1), (2, 0, 1))
    plan = plan_stack(index, [2, 0, 1], 3, (10, 20))
    assert plan.shape == (3, 10, 20)
    assert plan.missing == 0
    assert plan.placements == [
        FramePlacement(
            0, (slice(0, 10), slice(0, 20)), (2, slice(0, 10), slice(0, 20))
        ),
        FramePlacement(
            1, (slice(0, 10), slice(0, 20)), (0, slice(0, 10), slice(0, 20))
        ),
        FramePlacement(
            2, (slice(0, 10), slice(0, 20)), (1, slice(0, 10), slice(0, 20))
        ),
    ]


def test_part_of_the_stack_can_be_planned():
    index = segments((1, 1, 1), (2, 0, 1))
    plan = plan_stack(
        index, [1, -1, 0], 2, (10, 20), rows=slice(2, 5), columns=slice(None, 4)
    )
    assert plan.shape == (2, 3, 4)
    assert plan.frames.tolist() == [0, 2]
    assert plan.placements[0] == FramePlacement(
        0, (slice(2, 5), slice(0, 4)), (1, slice(0, 3), slice(0, 4))
    )


def test_frames_beyond_the_stack_are_left_out():
    plan = plan_stack(segments(), [0, 5, -1], 1, (4, 4))
    assert plan.frames.tolist() == [0]


def test_channels_follow_the_columns():
    plan = plan_stack(
        segments(),
        [0, 1, 1],
        2,
        (4, 4),
        channels={"ReferencedSegmentNumber": [2, 1]},
        missing=Missing.BLANK,
    )
    assert plan.shape == (2, 4, 4, 2)
    assert [placement.target[0] for placement in plan] == [0, 1, 1]
    assert [placement.target[-1] for placement in plan] == [1, 1, 0]
    assert plan.missing == 1


def test_frames_of_other_channels_are_left_out():
    plan = plan_stack(
        segments(), [0, 1, 1], 2, (4, 4), channels={"ReferencedSegmentNumber": [1]}
    )
    assert plan.frames.tolist() == [0, 1]
    assert plan.shape == (2, 4, 4, 1)


def test_placements_name_frames_of_the_image_and_follow_their_order():
    index = segments((1, 1, 1), (0, 1, 2)).selected([2, 0])
    plan = plan_stack(index, [1, 0], 2, (4, 4))
    assert plan.frames.tolist() == [0, 2]
    assert plan.outer.tolist() == [[0], [1]]


def test_several_frames_in_one_place_are_refused():
    index = segments((1, 2, 1), (0, 0, 1))
    with pytest.raises(
        AmbiguousFramesError, match=r"Frames 1, 2 .*'ReferencedSegmentNumber'"
    ) as caught:
        plan_stack(index, [0, 0, 1], 2, (4, 4))
    assert caught.value.frame_numbers == (1, 2)


def test_equal_frames_of_one_channel_are_refused():
    index = segments((1, 1, 1), (0, 0, 1))
    with pytest.raises(AmbiguousFramesError, match=r"same channel.*no known attribute"):
        plan_stack(
            index, [0, 0, 1], 2, (4, 4), channels={"ReferencedSegmentNumber": [1]}
        )


def test_places_without_frame_are_refused_unless_allowed():
    index = segments((1, 1, 1), (0, 1, 3))
    with pytest.raises(MissingFramesError, match=r"1 of 4 places.*slice 3,"):
        plan_stack(index, [0, 1, 3], 4, (4, 4))
    plan = plan_stack(index, [0, 1, 3], 4, (4, 4), missing=Missing.BLANK)
    assert plan.missing == 1
    with pytest.raises(MissingFramesError, match="slice 1 for channel 2"):
        plan_stack(
            segments(),
            [0, 1, 1],
            2,
            (4, 4),
            channels={"ReferencedSegmentNumber": [1, 2]},
        )


def test_stack_without_frames_is_blank():
    plan = plan_stack(segments(), [-1] * 3, 2, (4, 4), missing=Missing.BLANK)
    assert len(plan) == 0
    assert plan.missing == 2


@pytest.mark.parametrize(
    ("slots", "options", "message"),
    [
        ([0, 1], {}, r"'slots' has shape \(2,\)"),
        ([0, 1, 2], {"rows": slice(0, 5)}, "'rows' from 0 to 5"),
        ([0, 1, 2], {"columns": slice(2, 2)}, "'columns' from 2 to 2"),
        ([0, 1, 2], {"rows": slice(-1, 2)}, "'rows' from -1"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(slots, options, message):
    with pytest.raises(InvalidArgumentError, match=message):
        plan_stack(segments(), slots, 3, (4, 4), **options)


def test_channel_without_column_is_refused():
    with pytest.raises(MissingAttributeError, match="StackID"):
        plan_stack(segments(), [0, 1, 2], 3, (4, 4), channels={"StackID": ["a"]})


def test_tiles_are_cut_at_the_region():
    index = tiles([1, 1, 11, 11], [1, 11, 1, 11])
    plan = plan_region(index, slice(4, 15), slice(8, 12), (10, 10))
    assert plan.shape == (11, 4)
    assert plan.missing == 0
    assert plan.placements == [
        FramePlacement(0, (slice(4, 10), slice(8, 10)), (slice(0, 6), slice(0, 2))),
        FramePlacement(1, (slice(4, 10), slice(0, 2)), (slice(0, 6), slice(2, 4))),
        FramePlacement(2, (slice(0, 5), slice(8, 10)), (slice(6, 11), slice(0, 2))),
        FramePlacement(3, (slice(0, 5), slice(0, 2)), (slice(6, 11), slice(2, 4))),
    ]


def test_tiles_beyond_the_region_are_left_out():
    index = tiles([1, 1, 11, 11], [1, 11, 1, 11])
    plan = plan_region(index, slice(0, 10), slice(10, 20), (10, 10))
    assert plan.frames.tolist() == [1]


def test_last_tiles_may_reach_beyond_the_matrix():
    plan = plan_region(tiles([1], [1]), slice(0, 7), slice(0, 3), (10, 10))
    assert plan.missing == 0
    assert plan.source.tolist() == [[0, 7, 0, 3]]


def test_missing_tiles_are_refused_unless_allowed():
    index = tiles([1, 11], [1, 11])
    with pytest.raises(MissingFramesError, match="200 of 400 pixels of rows 1 to 20"):
        plan_region(index, slice(0, 20), slice(0, 20), (10, 10))
    plan = plan_region(
        index, slice(0, 20), slice(0, 20), (10, 10), missing=Missing.BLANK
    )
    assert plan.missing == 200
    assert len(plan) == 2


def test_region_beyond_all_tiles_is_blank_if_allowed():
    plan = plan_region(
        tiles([1], [1]), slice(50, 60), slice(-5, 3), (10, 10), missing=Missing.BLANK
    )
    assert len(plan) == 0
    assert plan.missing == 80


def test_channels_of_a_region_follow_its_columns():
    index = tiles([1, 1, 11], [1, 1, 1], ReferencedSegmentNumber=[1, 2, 2])
    plan = plan_region(
        index,
        slice(0, 20),
        slice(0, 10),
        (10, 10),
        channels={"ReferencedSegmentNumber": [2, 1]},
        missing=Missing.BLANK,
    )
    assert plan.shape == (20, 10, 2)
    assert plan.inner.tolist() == [[1], [0], [0]]
    assert plan.missing == 100


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ([1, 1], [1, 1]),
        ([1, 6], [1, 1]),
        ([1, 10], [1, 10]),
        ([1, 10], [10, 1]),
        ([15, 8], [3, 11]),
        ([11, 2], [11, 11]),
    ],
)
def test_frames_that_cover_the_same_pixels_are_refused(rows, columns):
    index = tiles(rows, columns)
    with pytest.raises(AmbiguousFramesError, match="Frames 1 and 2") as caught:
        plan_region(index, slice(0, 30), slice(0, 30), (10, 10), missing=Missing.BLANK)
    assert caught.value.frame_numbers == (1, 2)


@pytest.mark.parametrize(
    ("rows", "columns"),
    [([1, 11], [1, 5]), ([1, 4], [1, 11]), ([5, 15], [3, 7]), ([5, 12], [3, 13])],
)
def test_tiles_need_not_lie_on_a_grid(rows, columns):
    plan = plan_region(
        tiles(rows, columns),
        slice(0, 40),
        slice(0, 40),
        (10, 10),
        missing=Missing.BLANK,
    )
    assert plan.missing == 40 * 40 - 2 * 100


@pytest.mark.parametrize("channels", [None, [1, 2], [2], [9, 100_000, 1]])
@pytest.mark.parametrize(
    "region",
    [(0, 40, 0, 40), (3, 7, 12, 13), (9, 11, 0, 30), (30, 40, 5, 9), (90, 99, 90, 99)],
)
def test_tiles_of_a_grid_are_those_that_are_found_one_by_one(channels, region):
    kinds = (1,) if channels is None else (1, 2, 100_000)
    places = [
        (row, column, kind)
        for kind in kinds
        for column in (4, 14, 24)
        for row in (1, 11, 31)
        if (row, column, kind) != (11, 14, 1)
    ]
    rows, columns, segment = np.array(places).T
    # One that lies elsewhere, beyond all regions, takes away the grid.
    others = {
        "rows": np.append(rows, 500),
        "columns": np.append(columns, 777),
        "ReferencedSegmentNumber": np.append(segment, 3),
    }
    wanted = None if channels is None else {"ReferencedSegmentNumber": channels}
    plans = [
        plan_region(
            index,
            slice(*region[:2]),
            slice(*region[2:]),
            (10, 10),
            channels=wanted,
            missing=Missing.BLANK,
        )
        for index in (
            tiles(rows, columns, ReferencedSegmentNumber=segment),
            tiles(**others),
        )
    ]
    assert plans[0].placements == plans[1].placements
    assert plans[0].missing == plans[1].missing
    assert plans[0].shape == plans[1].shape


def test_two_tiles_in_a_cell_matter_only_where_they_are_asked_for():
    index = tiles([1, 11, 11], [1, 1, 1], ReferencedSegmentNumber=[1, 1, 1])
    channels = {"ReferencedSegmentNumber": [1]}
    first = slice(0, 10)
    assert plan_region(index, first, first, (10, 10), channels=channels).missing == 0
    with pytest.raises(AmbiguousFramesError, match="Frames 2 and 3"):
        plan_region(index, slice(5, 15), first, (10, 10), channels=channels)


def test_overlap_outside_the_region_does_not_matter():
    index = tiles([1, 41, 45], [1, 1, 1])
    plan = plan_region(index, slice(0, 10), slice(0, 10), (10, 10))
    assert plan.frames.tolist() == [0]


def test_frames_without_place_are_refused():
    with pytest.raises(MissingAttributeError, match="RowPosition"):
        plan_region(segments(), slice(0, 5), slice(0, 5), (4, 4))
    with pytest.raises(InvalidAttributeError, match=r"frames 2 .*RowPosition"):
        plan_region(tiles([1, ABSENT], [1, 5]), slice(0, 5), slice(0, 5), (4, 4))


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        (slice(3, 3), slice(0, 5), "empty"),
        (slice(0, 5), slice(5, 2), "empty"),
        (slice(None, 5), slice(0, 5), "start and a stop"),
    ],
)
def test_regions_must_have_an_extent(rows, columns, message):
    with pytest.raises(InvalidArgumentError, match=message):
        plan_region(tiles([1], [1]), rows, columns, (4, 4))


def test_many_frames_are_named_in_part():
    assert numbers_in_words(np.arange(3)) == "1, 2, 3"
    assert numbers_in_words(np.arange(30), 4) == "1, 2, 3, 4 ..."
