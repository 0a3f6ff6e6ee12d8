"""Look-up tables and windows for arrays of users."""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.arguments import member_of, number
from highdicom.enum import VOILUTFunctionValues
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.pixels import kernels

__all__ = ["apply_lut", "apply_voi_window"]

Array = npt.NDArray[Any]


def apply_lut(
    array: Array,
    lut_data: Array,
    first_mapped_value: int,
    dtype: npt.DTypeLike | None = None,
    clip: bool = True,
) -> Array:
    """Apply a look-up table to an array (PS3.3 C.11.1.1.1).

    Parameters
    ----------
    array
        Integers of any shape.
    lut_data
        Results in the order of the values they belong to: ``(n,)``, or ``(n, m)`` for
        `m` results per value along a new last axis.
    first_mapped_value
        Value to which the first entry belongs.
    dtype
        Integer or floating point type of the result, able to hold all values of the
        type of `lut_data`, which is the default.
    clip
        Whether values before the first and after the last entry get those entries, as
        the standard has it; they are an error otherwise.

    Returns
    -------
    numpy.ndarray
        A new array of the shape of `array`.

    Raises
    ------
    InvalidArgumentError
        If `array` does not hold integers, `lut_data` is empty, `dtype` is not an
        integer or floating point type, or values are beyond the table and `clip` is
        false.
    ArgumentTypeError
        If `array` or `lut_data` is not an array, `first_mapped_value` is not an
        integer, or `dtype` cannot hold the values of `lut_data`.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels import apply_lut
    >>> lut_data = np.array([10, 20, 30], np.uint8)
    >>> apply_lut(np.array([0, 1, 2, 3, 4]), lut_data, first_mapped_value=1)
    array([10, 10, 20, 30, 30], dtype=uint8)

    """
    _check_array("array", array)
    _check_array("lut_data", lut_data)
    if array.dtype.kind not in "iu":
        raise InvalidArgumentError(
            f"'array' must have an integer data type, not {array.dtype}."
        )
    if lut_data.ndim not in {1, 2} or len(lut_data) == 0:
        raise InvalidArgumentError(
            "'lut_data' must have one or two dimensions and at least one entry, not "
            f"the shape {lut_data.shape}."
        )
    first = _integer("first_mapped_value", first_mapped_value)
    if not clip:
        _check_mapped(array, first, first + len(lut_data) - 1)
    return kernels.lookup(array, _cast(lut_data, dtype), first)


def apply_voi_window(
    array: Array,
    window_center: float,
    window_width: float,
    voi_lut_function: VOILUTFunctionValues | str = VOILUTFunctionValues.LINEAR,
    output_range: tuple[float, float] = (0.0, 1.0),
    dtype: npt.DTypeLike | None = np.float64,
    invert: bool = False,
) -> Array:
    """Apply a window to an array (PS3.3 C.11.2.1.2 and C.11.2.1.3).

    Parameters
    ----------
    array
        Values of any shape, after rescaling.
    window_center, window_width
        Centre and width in units of the values. The width must be at least 1 for
        LINEAR and greater than 0 for the other functions.
    voi_lut_function
        Function by which values become output values.
    output_range
        Lowest and highest value of the result.
    dtype
        Floating point type of the result; float64 if not given.
    invert
        Whether the highest output value stands for the lowest values.

    Returns
    -------
    numpy.ndarray
        A new array of the shape of `array`. NaN stays NaN.

    Raises
    ------
    InvalidArgumentError
        If centre and width do not fit the function, the output range is not
        ascending, or `dtype` is not a floating point type.
    ArgumentTypeError
        If `array` is not an array of numbers, or centre or width is not one number.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels import apply_voi_window
    >>> apply_voi_window(np.array([-200, 40, 300]), 40.5, 401)
    array([0. , 0.5, 1. ])

    """
    _check_array("array", array)
    if array.dtype.kind not in "biuf":
        raise ArgumentTypeError(f"'array' must hold numbers, not {array.dtype}.")
    result_type = np.dtype(np.float64 if dtype is None else dtype)
    if result_type.kind != "f":
        raise InvalidArgumentError(
            f"'dtype' must be a floating point data type, not {result_type}."
        )
    function = member_of(VOILUTFunctionValues, voi_lut_function, "voi_lut_function")
    center = number(window_center, "window_center")
    width = number(window_width, "window_width")
    kernels.check_window(center, width, function)
    low, high = kernels.check_range("output_range", output_range)
    result = array.astype(_working_type(array.dtype, result_type))
    kernels.window_in_place(result, center, width, function, (low, high))
    if invert:
        np.subtract(low + high, result, out=result)
    return result.astype(result_type, copy=False)


def _check_array(name: str, value: object) -> None:
    if not isinstance(value, np.ndarray):
        raise ArgumentTypeError(
            f"'{name}' must be a NumPy array, not {type(value).__name__}."
        )


def _integer(name: str, value: object) -> int:
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return int(value)
    raise ArgumentTypeError(
        f"'{name}' must be an integer, not {type(value).__name__} {value!r}."
    )


def _check_mapped(array: Array, first: int, last: int) -> None:
    if array.size == 0:
        return
    lowest, highest = int(array.min()), int(array.max())
    if lowest < first or highest > last:
        raise InvalidArgumentError(
            f"'array' contains values from {lowest} to {highest}, but 'lut_data' maps "
            f"only those from {first} to {last}."
        )


def _cast(lut_data: Array, dtype: npt.DTypeLike | None) -> Array:
    if dtype is None:
        return lut_data
    target = np.dtype(dtype)
    if target.kind not in "iuf":
        raise InvalidArgumentError(
            f"'dtype' must be an integer or floating point data type, not {target}."
        )
    if not np.can_cast(lut_data.dtype, target, "safe"):
        raise ArgumentTypeError(
            f"'dtype' must hold all values of 'lut_data', whose type {lut_data.dtype} "
            f"cannot be cast safely to {target}."
        )
    return lut_data.astype(target, copy=False)


def _working_type(stored: np.dtype[Any], wanted: np.dtype[Any]) -> np.dtype[Any]:
    """Precision that neither loses digits of the input nor exceeds what is wanted."""
    return np.result_type(stored, wanted, np.float32)
