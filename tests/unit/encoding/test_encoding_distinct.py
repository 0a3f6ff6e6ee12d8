import numpy as np

from highdicom.encoding import distinct


def test_distinct_objects_keep_the_order_of_appearance():
    values, inverse = distinct.distinct_objects(["b", "a", "b", "c"])
    assert values == ["b", "a", "c"]
    np.testing.assert_array_equal(inverse, [0, 1, 0, 2])


def test_distinct_rows_are_ordered_by_columns():
    rows = np.array([[2.0, 1.0], [1.0, 9.0], [2.0, 0.0], [1.0, 9.0], [2.0, 1.0]])
    first, inverse = distinct.distinct_rows(rows)
    np.testing.assert_array_equal(rows[first], [[1, 9], [2, 0], [2, 1]])
    np.testing.assert_array_equal(first, [1, 2, 0])
    np.testing.assert_array_equal(rows[first][inverse], rows)


def test_not_a_number_equals_itself_among_distinct_rows():
    first, inverse = distinct.distinct_rows(np.array([np.nan, 1.0, np.nan]))
    np.testing.assert_array_equal(first, [1, 0])
    np.testing.assert_array_equal(inverse, [1, 0, 1])


def test_distinct_rows_of_nothing_are_nothing():
    first, inverse = distinct.distinct_rows(np.empty((0, 3)))
    assert len(first) == len(inverse) == 0


def test_rows_without_columns_are_all_equal():
    first, inverse = distinct.distinct_rows(np.empty((3, 0)))
    np.testing.assert_array_equal(first, [0])
    np.testing.assert_array_equal(inverse, [0, 0, 0])
