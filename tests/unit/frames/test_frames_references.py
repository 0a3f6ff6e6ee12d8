import pickle

import numpy as np
import pytest

from highdicom.errors import InvalidArgumentError
from highdicom.frames.references import FrameReferences


def references():
    return FrameReferences.of(
        [2, 0, 0, 1],
        ["1.3", "1.1", "1.2", "1.1"],
        ["1.9"] * 4,
        [0, 5, 0, 7],
        [1, 0, -1, 1],
    )


def test_rows_are_ordered_by_frame():
    table = references()
    assert table.frame.tolist() == [0, 0, 1, 2]
    assert [table.sop_instance_uids[i] for i in table.instance] == [
        "1.1",
        "1.2",
        "1.1",
        "1.3",
    ]
    assert table.frame_number.tolist() == [5, 0, 7, 0]
    assert table.locations_preserved.tolist() == [0, -1, 1, 1]
    assert len(table) == 4


def test_sources_are_whole_instances_unless_said_otherwise():
    table = FrameReferences.of([0], ["1.1"], ["1.9"])
    assert table.frame_number.tolist() == [0]
    assert table.locations_preserved.tolist() == [-1]


def test_sources_of_each_frame_are_counted():
    assert references().counts(4).tolist() == [2, 1, 1, 0]
    assert FrameReferences.none().counts(2).tolist() == [0, 0]


def test_rows_of_an_instance_or_one_of_its_frames_are_found():
    table = references()
    assert table.rows_of("1.1").tolist() == [0, 2]
    assert table.rows_of("1.1", 7).tolist() == [2]
    assert table.rows_of("1.1", 6).tolist() == []
    assert table.rows_of("1.4").tolist() == []


def test_selected_frames_are_numbered_anew():
    table = references().selected(np.array([2, 0, 3]))
    assert table.frame.tolist() == [0, 1, 1]
    assert [table.sop_instance_uids[i] for i in table.instance] == ["1.3", "1.1", "1.2"]


def test_equality_does_not_depend_on_the_numbers_of_instances():
    first = FrameReferences([0, 1], [0, 1], [0, 0], [1, 1], ("1.1", "1.2"), ("2", "2"))
    second = FrameReferences(
        [0, 1], [2, 0], [0, 0], [1, 1], ("1.2", "1.5", "1.1"), ("2", "2", "2")
    )
    assert first == second
    assert first != FrameReferences(
        [0, 1], [0, 1], [0, 0], [1, 1], ("1.2", "1.1"), ("2", "2")
    )
    assert first != FrameReferences(
        [0, 1], [0, 1], [0, 3], [1, 1], ("1.1", "1.2"), ("2", "2")
    )
    assert first != FrameReferences.none()
    assert first != "something else"


def test_table_can_be_pickled_and_not_written_to():
    table = references()
    assert pickle.loads(pickle.dumps(table)) == table
    with pytest.raises(ValueError, match="read-only"):
        table.frame[0] = 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0], [0, 1], [0], [0], ("1",), ("2",)), "different numbers of rows"),
        (([0], [0], [0], [0], ("1",), ()), "SOP Class UIDs"),
        (([0], [1], [0], [0], ("1",), ("2",)), "no UID"),
        (([0], [-1], [0], [0], ("1",), ("2",)), "no UID"),
    ],
)
def test_columns_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(InvalidArgumentError, match=message):
        FrameReferences(*arguments)
