"""Colours of luminance and chrominance as red, green and blue (PS3.3 C.7.6.3.1.2)."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["ybr_full_to_rgb"]

Array = npt.NDArray[Any]

# Luminance of the primaries (ITU-R BT.601), from which all else follows.
_RED, _GREEN, _BLUE = 0.299, 0.587, 0.114
_CR_TO_RED = 2.0 * (1.0 - _RED)
_CB_TO_BLUE = 2.0 * (1.0 - _BLUE)
_CR_TO_GREEN = -_CR_TO_RED * _RED / _GREEN
_CB_TO_GREEN = -_CB_TO_BLUE * _BLUE / _GREEN


def ybr_full_to_rgb(frame: Array) -> Array:
    """Convert unsigned samples of YBR_FULL to RGB.

    Parameters
    ----------
    frame
        Luminance, blue and red chrominance of shape ``(rows, columns, 3)``, which fill
        the range of the data type.

    Returns
    -------
    numpy.ndarray
        A new array of the same shape and type.

    """
    if frame.dtype == np.uint8:
        return _from_tables(frame)
    return _computed(frame)


def _from_tables(frame: Array) -> Array:
    """Add what the chrominance brings, which depends on 8 or 2 times 8 bits only."""
    red, green, blue = _tables()
    luminance = frame[..., 0].astype(np.int16)
    blue_chrominance, red_chrominance = frame[..., 1], frame[..., 2]
    both = blue_chrominance.astype(np.uint16)
    both <<= 8
    both |= red_chrominance
    result = np.empty(frame.shape, np.uint8)
    for sample, difference in enumerate(
        (
            red.take(red_chrominance),
            green.take(both),
            blue.take(blue_chrominance),
        )
    ):
        difference += luminance
        np.clip(difference, 0, 255, out=difference)
        result[..., sample] = difference
    return result


@cache
def _tables() -> tuple[Array, Array, Array]:
    chrominance = np.arange(-128, 128, dtype=np.float64)
    green = _CB_TO_GREEN * chrominance[:, np.newaxis] + _CR_TO_GREEN * chrominance
    return (
        _rounded(_CR_TO_RED * chrominance),
        _rounded(green).reshape(-1),
        _rounded(_CB_TO_BLUE * chrominance),
    )


def _rounded(values: Array) -> Array:
    # Some exact halves are just below in binary arithmetic.
    return np.floor(values + 0.5 + 1e-9).astype(np.int16)


def _computed(frame: Array) -> Array:
    limits = np.iinfo(frame.dtype)
    middle = (int(limits.max) + 1) // 2
    luminance, blue_chrominance, red_chrominance = (
        frame[..., sample].astype(np.float64) for sample in range(3)
    )
    blue_chrominance -= middle
    red_chrominance -= middle
    result = np.empty(frame.shape, np.float64)
    result[..., 0] = luminance + _CR_TO_RED * red_chrominance
    result[..., 1] = (
        luminance + _CB_TO_GREEN * blue_chrominance + _CR_TO_GREEN * red_chrominance
    )
    result[..., 2] = luminance + _CB_TO_BLUE * blue_chrominance
    np.floor(result + 0.5, out=result)
    return np.clip(result, 0, limits.max).astype(frame.dtype)
