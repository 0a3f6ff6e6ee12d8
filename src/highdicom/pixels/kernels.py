"""Arithmetic on arrays of pixel values (PS3.3 C.11.1 and C.11.2).

Functions whose name ends in ``_in_place`` change the floating point array that they
are given; all others leave theirs alone.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.enum import VOILUTFunctionValues
from highdicom.errors import InvalidArgumentError

__all__ = [
    "as_floating",
    "check_range",
    "check_window",
    "clip_in_place",
    "lookup",
    "rescale_in_place",
    "window_in_place",
]

Array = npt.NDArray[Any]

_LEAST_WIDTH_OF_LINEAR = 1.0


def as_floating(values: Array) -> Array:
    """Copy into a floating point array: float64, unless it is one already."""
    dtype = values.dtype if values.dtype.kind == "f" else np.dtype(np.float64)
    return values.astype(dtype)


def rescale_in_place(values: Array, slope: float, intercept: float) -> None:
    """Multiply and add, in the precision of the array (PS3.3 C.11.1.1.2)."""
    if slope != 1.0:
        np.multiply(values, values.dtype.type(slope), out=values)
    if intercept != 0.0:
        np.add(values, values.dtype.type(intercept), out=values)


def clip_in_place(values: Array, low: float, high: float) -> None:
    """Confine to a range, either end of which may be infinite; keep NaN."""
    if np.isfinite(low) or np.isfinite(high):
        np.clip(values, low, high, out=values)


def check_window(center: float, width: float, function: VOILUTFunctionValues) -> None:
    """Refuse a window for which the function is not defined (PS3.3 C.11.2.1).

    Raises
    ------
    InvalidArgumentError
        If centre or width is not finite, the width is below one (LINEAR), or not
        positive (LINEAR_EXACT, SIGMOID).

    """
    for name, value in (("window_center", center), ("window_width", width)):
        if not np.isfinite(value):
            raise InvalidArgumentError(
                f"'{name}' must be a finite number, not {value}."
            )
    if function is VOILUTFunctionValues.LINEAR:
        if width < _LEAST_WIDTH_OF_LINEAR:
            raise InvalidArgumentError(
                f"'window_width' must be at least 1 for the VOI LUT function LINEAR, "
                f"not {width} (PS3.3 C.11.2.1.2)."
            )
    elif width <= 0.0:
        raise InvalidArgumentError(
            f"'window_width' must be greater than 0 for the VOI LUT function "
            f"{function.value}, not {width} (PS3.3 C.11.2.1.3)."
        )


def check_range(name: str, limits: tuple[float, float]) -> tuple[float, float]:
    """Give both ends of a range as floats, the second above the first.

    Raises
    ------
    InvalidArgumentError
        If there are not two finite values in ascending order.

    """
    if len(limits) != 2:
        raise InvalidArgumentError(
            f"'{name}' must have two values, lowest and highest, not {len(limits)}."
        )
    low, high = float(limits[0]), float(limits[1])
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise InvalidArgumentError(
            f"The second value of '{name}' must be higher than the first and both "
            f"finite, not {low} and {high}."
        )
    return low, high


def window_in_place(
    values: Array,
    center: float,
    width: float,
    function: VOILUTFunctionValues,
    output_range: tuple[float, float],
) -> None:
    """Apply a VOI LUT function (PS3.3 C.11.2.1.2 and C.11.2.1.3)."""
    low, high = output_range
    if function is VOILUTFunctionValues.SIGMOID:
        _sigmoid_in_place(values, center, width)
    elif function is VOILUTFunctionValues.LINEAR:
        _linear_in_place(values, center - 0.5, width - 1.0)
    else:
        _linear_in_place(values, center, width)
    rescale_in_place(values, high - low, low)
    np.clip(values, low, high, out=values)


def _linear_in_place(values: Array, middle: float, extent: float) -> None:
    scalar = values.dtype.type
    if extent == 0.0:
        # NaN compares false with everything and has to stay.
        step = values > np.float64(middle)
        np.copyto(values, step, where=~np.isnan(values))
        return
    np.subtract(values, scalar(middle), out=values)
    np.divide(values, scalar(extent), out=values)
    np.add(values, scalar(0.5), out=values)


def _sigmoid_in_place(values: Array, center: float, width: float) -> None:
    scalar = values.dtype.type
    np.subtract(values, scalar(center), out=values)
    np.multiply(values, scalar(-4.0 / width), out=values)
    # Far below the window the exponential is infinite and its reciprocal zero.
    with np.errstate(over="ignore"):
        np.exp(values, out=values)
    np.add(values, scalar(1.0), out=values)
    np.reciprocal(values, out=values)


def lookup(
    values: Array, table: Array, first_mapped_value: int, out: Array | None = None
) -> Array:
    """Look integers up, those beyond the table at its ends (PS3.3 C.11.1.1.1).

    Parameters
    ----------
    values
        Integers of any shape.
    table
        ``(n,)``, or ``(n, channels)`` for a result with one more axis.
    first_mapped_value
        Value to which the first entry belongs.
    out
        Array of the right shape and type for the result, if it is not to be a new one.

    """
    is_index = values.dtype.kind == "u" and values.itemsize < 8
    if first_mapped_value != 0 or not is_index:
        values = _index(values, first_mapped_value, len(table))
    result: Array = table.take(values, axis=0, out=out, mode="clip")
    return result


def _index(values: Array, first: int, length: int) -> Array:
    """Entries of values; those beyond an end of the table get the entry there."""
    limits = np.iinfo(values.dtype)
    low, high = max(first, int(limits.min)), min(first + length - 1, int(limits.max))
    if low > high:
        # No value of this type is in the table: all lie on the same side.
        return np.full(values.shape, 0 if first > limits.max else length - 1, np.intp)
    inside = np.clip(values, low, high)
    if inside.dtype.kind == "u":
        # Subtract before the conversion, which large uint64 would not survive.
        index: Array = (inside - inside.dtype.type(low)).astype(np.intp)
    else:
        index = inside.astype(np.intp) - low
    index += low - first
    return index
