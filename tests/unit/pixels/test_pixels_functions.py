"""Look-up tables and windows for arrays of users."""

import math
import warnings

import numpy as np
import pytest

from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.pixels import apply_lut, apply_voi_window

LUT = np.array([10, 20, 30, 40], np.uint8)


@pytest.mark.parametrize(
    "dtype",
    [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.uint64, np.int64],
)
def test_values_beyond_a_lut_get_its_ends(dtype):
    array = np.array([[0, 1, 2], [4, 5, 100]], dtype)

    result = apply_lut(array, LUT, first_mapped_value=1)

    assert result.tolist() == [[10, 10, 20], [40, 40, 40]]
    assert result.dtype == np.uint8


def test_lut_may_begin_at_a_negative_value():
    array = np.array([-128, -3, -2, -1, 0, 127], np.int8)

    assert apply_lut(array, LUT, -2).tolist() == [10, 10, 10, 20, 30, 40]


@pytest.mark.parametrize(
    ("first", "expected"), [(300, 10), (-300, 40), (255, 10), (2**70, 10)]
)
def test_lut_may_lie_beyond_the_data_type_of_the_array(first, expected):
    assert apply_lut(np.array([0, 7], np.uint8), LUT, first).tolist() == [expected] * 2


def test_greatest_integers_are_looked_up_without_overflow():
    array = np.array([2**64 - 1, 2**63, 0], np.uint64)

    assert apply_lut(array, LUT, 2**64 - 3).tolist() == [30, 10, 10]


def test_lut_may_have_several_results_per_value():
    colors = np.array([[0, 0, 0], [255, 128, 0]], np.uint8)

    result = apply_lut(np.array([[1, 0]], np.uint8), colors, 0)

    assert result.tolist() == [[[255, 128, 0], [0, 0, 0]]]


@pytest.mark.parametrize(
    ("lut_type", "dtype"),
    [("u1", "u2"), ("u1", "i2"), ("u2", "f4"), ("i2", "f8"), ("f4", "f8")],
)
def test_result_has_the_data_type_asked_for(lut_type, dtype):
    result = apply_lut(np.array([0, 3]), LUT.astype(lut_type), 0, dtype=dtype)

    assert result.dtype == np.dtype(dtype)
    assert result.tolist() == [10, 40]


@pytest.mark.parametrize(
    ("lut_type", "dtype"), [("u2", "u1"), ("u1", "i1"), ("f8", "f4"), ("f8", "i8")]
)
def test_data_type_that_may_not_hold_the_lut_is_refused(lut_type, dtype):
    with pytest.raises(ArgumentTypeError, match="'dtype' must hold all values"):
        apply_lut(np.array([0]), LUT.astype(lut_type), 0, dtype=dtype)


@pytest.mark.parametrize("array", [[-1, 2], [0, 4]])
def test_values_beyond_a_lut_are_refused_without_clipping(array):
    with pytest.raises(InvalidArgumentError, match="maps only those from 0 to 3"):
        apply_lut(np.array(array), LUT, 0, clip=False)


def test_values_within_a_lut_need_no_clipping():
    assert apply_lut(np.array([0, 3]), LUT, 0, clip=False).tolist() == [10, 40]
    assert apply_lut(np.empty((0, 2), int), LUT, 0, clip=False).shape == (0, 2)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((np.array([0.5]), LUT, 0), ValueError, "integer data type"),
        ((np.array([True]), LUT, 0), ValueError, "integer data type"),
        (([0], LUT, 0), TypeError, "'array' must be a NumPy array"),
        ((np.array([0]), [1, 2], 0), TypeError, "'lut_data' must be a NumPy array"),
        ((np.array([0]), LUT[:0], 0), ValueError, "at least one entry"),
        ((np.array([0]), LUT.reshape(2, 2, 1), 0), ValueError, "one or two dim"),
        ((np.array([0]), LUT, 1.5), TypeError, "'first_mapped_value' must be an int"),
        ((np.array([0]), LUT, True), TypeError, "'first_mapped_value' must be an int"),
        ((np.array([0]), LUT, 0, bool), ValueError, "'dtype' must be an integer or"),
        ((np.array([0]), LUT, 0, complex), ValueError, "'dtype' must be an integer or"),
    ],
)
def test_lut_with_wrong_arguments_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        apply_lut(*arguments)


def linear(x, center, width, low, high):
    """PS3.3 C.11.2.1.2.1, as it is printed."""
    if x <= center - 0.5 - (width - 1) / 2:
        return low
    if x > center - 0.5 + (width - 1) / 2:
        return high
    return ((x - (center - 0.5)) / (width - 1) + 0.5) * (high - low) + low


def linear_exact(x, center, width, low, high):
    """PS3.3 C.11.2.1.3.2, as it is printed."""
    if x <= center - width / 2:
        return low
    if x > center + width / 2:
        return high
    return ((x - center) / width + 0.5) * (high - low) + low


def sigmoid(x, center, width, low, high):
    """PS3.3 C.11.2.1.3.1, as it is printed."""
    return (high - low) / (1 + math.exp(-4 * (x - center) / width)) + low


FUNCTIONS = {"LINEAR": linear, "LINEAR_EXACT": linear_exact, "SIGMOID": sigmoid}


@pytest.mark.parametrize("output_range", [(0.0, 1.0), (0, 255), (-10, 10)])
@pytest.mark.parametrize(
    ("center", "width"), [(40, 400), (4, 5), (4, 1), (3.7, 1), (2.5, 2), (-7.25, 33.5)]
)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_window_is_that_of_the_standard(function, center, width, output_range):
    stored = np.arange(-60, 60, dtype=np.int16)

    result = apply_voi_window(stored, center, width, function, output_range)

    expected = [FUNCTIONS[function](x, center, width, *output_range) for x in stored]
    np.testing.assert_allclose(
        result, np.array(expected, float), rtol=1e-13, atol=1e-13
    )


@pytest.mark.parametrize("function", ["LINEAR_EXACT", "SIGMOID"])
def test_window_may_be_narrower_than_one_if_not_linear(function):
    values = np.array([3.9, 4.0, 4.1])

    result = apply_voi_window(values, 4, 0.25, function)

    expected = [FUNCTIONS[function](x, 4, 0.25, 0, 1) for x in values]
    np.testing.assert_allclose(result, expected)


def test_linear_window_of_width_one_is_a_step_without_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = apply_voi_window(np.array([2, 3, 4, 5]), 4, 1)

    assert result.tolist() == [0.0, 0.0, 1.0, 1.0]


def test_sigmoid_far_from_its_centre_is_flat_without_warning():
    values = np.array([-30000, 30000], np.int16)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for dtype in (np.float16, np.float32, np.float64):
            result = apply_voi_window(values, 0, 1, "SIGMOID", dtype=dtype)
            assert result.tolist() == [0.0, 1.0]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_inverted_window_turns_the_output_range_upside_down(function):
    values = np.arange(-5, 15)

    plain = apply_voi_window(values, 4, 5, function, (10, 20))
    inverted = apply_voi_window(values, 4, 5, function, (10, 20), invert=True)

    np.testing.assert_allclose(plain + inverted, 30.0)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, "f8", None])
@pytest.mark.parametrize("stored", [np.uint8, np.int16, np.int32, np.float32, bool])
def test_window_gives_the_data_type_asked_for(stored, dtype):
    values = np.array([0, 1, 1, 0]).astype(stored)

    result = apply_voi_window(values, 0.5, 4, "LINEAR_EXACT", dtype=dtype)

    assert result.dtype == np.dtype(dtype or np.float64)
    assert result.tolist() == [0.375, 0.625, 0.625, 0.375]


def test_window_does_not_lose_digits_of_large_integers():
    values = np.array([2**30, 2**30 + 1, 2**30 + 2], np.int32)

    result = apply_voi_window(values, 2**30 + 1, 2, "LINEAR_EXACT", dtype=np.float32)

    assert result.tolist() == [0.0, 0.5, 1.0]


def test_window_leaves_the_array_alone_and_nan_as_it_is():
    values = np.array([np.nan, 1.0, 40.0])
    before = values.copy()

    for width in (1, 80):
        result = apply_voi_window(values, 4, width)
        assert np.isnan(result[0])
        assert result[2] > result[1]

    np.testing.assert_array_equal(values, before)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((4, 0.5), ValueError, "'window_width' must be at least 1"),
        ((4, 0, "LINEAR_EXACT"), ValueError, "'window_width' must be greater than 0"),
        ((4, -1, "SIGMOID"), ValueError, "'window_width' must be greater than 0"),
        ((math.nan, 5), ValueError, "'window_center' must be finite"),
        ((4, math.inf), ValueError, "'window_width' must be finite"),
        ((4, 5, "linear"), ValueError, "must be one of LINEAR, LINEAR_EXACT, SIGMOID"),
        ((4, 5, "LINEAR", (1, 0)), ValueError, "'output_range' must be higher"),
        ((4, 5, "LINEAR", (1, 1)), ValueError, "'output_range' must be higher"),
        ((4, 5, "LINEAR", (0, math.nan)), ValueError, "'output_range' must be higher"),
        ((4, 5, "LINEAR", (0, 1, 2)), ValueError, "must have two values"),
        ((4, 5, "LINEAR", (0, 1), np.uint8), ValueError, "floating point data type"),
        ((4, 5, "LINEAR", (0, 1), complex), ValueError, "floating point data type"),
    ],
)
def test_window_with_wrong_arguments_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        apply_voi_window(np.arange(5), *arguments)


@pytest.mark.parametrize("array", [[1, 2], np.array(["1"]), np.array([1j])])
def test_window_of_what_is_no_array_of_numbers_is_refused(array):
    with pytest.raises(ArgumentTypeError, match="'array' must"):
        apply_voi_window(array, 4, 5)
