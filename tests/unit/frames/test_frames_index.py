import pickle

import numpy as np
import pytest
from pydicom.dataset import Dataset

from highdicom.encoding.tree import encode_items
from highdicom.errors import (
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    MixedValuesError,
)
from highdicom.frames.dimensions import Dimension
from highdicom.frames.index import DistinctGroups, FrameIndex
from highdicom.frames.references import FrameReferences


def window(center):
    item = Dataset()
    item.WindowCenter = center
    item.WindowWidth = 100
    return item


def table(**changes):
    columns = {
        "ReferencedSegmentNumber": np.array([1, 1, 2, 2]),
        "ImagePositionPatient": np.array(
            [[0.0, 0, 1], [0, 0, 2], [0, 0, 1], [0, 0, 2]]
        ),
        "SliceThickness": np.broadcast_to(2.5, (4,)),
        "PixelSpacing": np.full((4, 2), 0.5),
        "StackID": np.array(["a", "a", "b", "b"]),
    }
    columns.update(changes)
    return FrameIndex.of(
        columns,
        [Dimension.of("StackID", "FrameContentSequence")],
        np.array([[1], [1], [2], [2]]),
        FrameReferences.of([0, 1, 3], ["1.1", "1.2", "1.1"], ["1.9"] * 3),
        {
            "FrameVOILUTSequence": DistinctGroups(
                np.array([0, 1, 0, -1]),
                tuple(encode_items([window(center)]) for center in (40, 50)),
            )
        },
    )


def test_table_has_a_row_for_each_frame():
    index = table()
    assert len(index) == 4
    assert index.frames.tolist() == [0, 1, 2, 3]
    assert len(FrameIndex.of({}, number_of_frames=3)) == 3
    assert len(FrameIndex.of({})) == 0


def test_value_that_all_frames_have_is_shared():
    index = table()
    assert index.shared("SliceThickness") == 2.5
    assert isinstance(index.shared("SliceThickness"), float)
    assert index.shared("PixelSpacing").tolist() == [0.5, 0.5]
    assert index.is_shared("PixelSpacing")
    assert not index.is_shared("StackID")


def test_values_that_differ_are_not_shared():
    with pytest.raises(
        MixedValuesError, match=r"'StackID'.*frame 1 .*frame 3"
    ) as caught:
        table().shared("StackID")
    assert caught.value.frame_numbers == (1, 3)
    with pytest.raises(MixedValuesError) as caught:
        table().shared("ImagePositionPatient")
    assert caught.value.frame_numbers == (1, 2)


def test_missing_values_are_shared_if_all_are_missing():
    index = table(SliceThickness=np.full(4, np.nan))
    assert np.isnan(index.shared("SliceThickness"))
    assert not table(SliceThickness=np.array([np.nan, 1, 1, 1])).is_shared(
        "SliceThickness"
    )


def test_attribute_that_no_frame_has_is_missing():
    with pytest.raises(MissingAttributeError, match="'SpacingBetweenSlices'"):
        table().shared("SpacingBetweenSlices")
    with pytest.raises(MissingAttributeError, match="no frames"):
        table().selected([]).shared("StackID")


def test_attribute_that_cannot_be_read_says_why():
    index = FrameIndex(
        {},
        (),
        np.empty((1, 0)),
        FrameReferences.none(),
        unreadable={"PixelSpacing": "It is nonsense."},
    )
    with pytest.raises(InvalidAttributeError, match="It is nonsense"):
        index.column("PixelSpacing")


def test_rows_with_certain_values_are_found():
    index = table().where(ReferencedSegmentNumber=2)
    assert index.frames.tolist() == [2, 3]
    assert index.columns["StackID"].tolist() == ["b", "b"]
    assert index.dimension_indices.tolist() == [[2], [2]]
    assert index.references.frame.tolist() == [1]
    assert index.groups["FrameVOILUTSequence"].ids.tolist() == [0, -1]
    narrower = index.where(ImagePositionPatient=[0, 0, 2])
    assert narrower.frames.tolist() == [3]
    assert table().rows_where(StackID="a", ReferencedSegmentNumber=2).tolist() == []


def test_places_of_rows_in_a_list_of_values_are_found():
    index = table()
    wanted = {"ReferencedSegmentNumber": [2, 5, 1]}
    assert index.positions_of(wanted).tolist() == [2, 2, 0, 0]
    wanted = {
        "StackID": ["b", "a"],
        "ImagePositionPatient": [[0, 0, 1], [0, 0, 2]],
    }
    assert index.positions_of(wanted).tolist() == [-1, 1, 0, -1]
    assert index.positions_of({"StackID": []}).tolist() == [-1] * 4


def test_lists_of_values_must_have_the_same_length():
    with pytest.raises(InvalidArgumentError, match=r"\[1, 2\]"):
        table().positions_of({"StackID": ["a"], "ReferencedSegmentNumber": [1, 2]})


def test_each_distinct_group_is_decoded_once():
    ids, groups = table().distinct("FrameVOILUTSequence")
    assert ids.tolist() == [0, 1, 0, -1]
    assert [items[0].WindowCenter for items in groups] == [40, 50]
    ids, groups = table().distinct("RealWorldValueMappingSequence")
    assert ids.tolist() == [-1] * 4
    assert groups == []


def test_groups_that_are_columns_are_made_from_them():
    columns = {
        "OpticalPathIdentifier": np.array(["b", "a", "", "b"]),
        "PixelSpacing": np.array([[1, 2], [1, 2], [np.nan, np.nan], [3, 4]]),
        "SliceThickness": np.array([1, np.nan, np.nan, 1]),
    }
    index = FrameIndex.of(columns)
    ids, groups = index.distinct("OpticalPathIdentificationSequence")
    assert [
        groups[i][0].OpticalPathIdentifier if i >= 0 else None for i in ids.tolist()
    ] == ["b", "a", None, "b"]
    assert len(groups) == 3
    ids, groups = index.distinct("PixelMeasuresSequence")
    assert ids[2] == -1
    assert groups[ids[0]][0].PixelSpacing == [1, 2]
    assert groups[ids[0]][0].SliceThickness == 1
    assert "SliceThickness" not in groups[ids[1]][0]


def test_groups_are_equal_however_they_are_numbered():
    first, second = encode_items([window(1)]), encode_items([window(2)])
    implicit = tuple(encode_items([window(n)], implicit=True) for n in (1, 2))
    groups = DistinctGroups(np.array([0, 1, -1]), (first, second))
    assert groups == DistinctGroups(np.array([1, 0, -1]), (second, first))
    assert groups == DistinctGroups(np.array([0, 1, -1]), implicit, implicit=True)
    assert groups != DistinctGroups(np.array([0, 0, -1]), (first, second))
    assert groups != DistinctGroups(np.array([0, 1, 1]), (first, second))
    assert groups != DistinctGroups(np.array([0, 1]), (first, second))
    assert groups != 5


def test_group_numbers_must_fit():
    with pytest.raises(InvalidArgumentError, match="there are 1"):
        DistinctGroups(np.array([0, 1]), (b"",))


def test_damaged_group_is_refused_when_decoded():
    groups = DistinctGroups(np.array([0]), (b"\xfe\xff\0\xe0\xff",))
    with pytest.raises(InvalidAttributeError, match="functional group"):
        groups.decoded()


def test_tables_are_compared_by_content():
    assert table() == table()
    assert table() != table(StackID=np.array(["a", "a", "b", "c"]))
    assert table(SliceThickness=np.full(4, np.nan)) == table(
        SliceThickness=np.full(4, np.nan)
    )
    assert table() != table().where(StackID="a")
    assert table() != "table"


def test_table_survives_pickling_and_cannot_be_written_to():
    index = pickle.loads(pickle.dumps(table()))
    assert index == table()
    for array in (index.columns["StackID"], index.dimension_indices, index.frames):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[0]


def test_arrays_of_the_caller_stay_writeable():
    values = np.array([1, 2])
    FrameIndex.of({"ReferencedSegmentNumber": values})
    values[0] = 5


@pytest.mark.parametrize(
    ("columns", "indices", "message"),
    [
        ({"StackID": np.array(["a"])}, np.zeros((2, 1)), "'StackID' has 1 rows"),
        ({}, np.zeros((2, 2)), r"shape \(2, 2\)"),
    ],
)
def test_columns_of_different_lengths_are_refused(columns, indices, message):
    dimension = Dimension.of("StackID", "FrameContentSequence")
    with pytest.raises(InvalidArgumentError, match=message):
        FrameIndex(columns, (dimension,), indices, FrameReferences.none())
