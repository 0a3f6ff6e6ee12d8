"""Scaling of the values of an array, whole or channel by channel.

Arrays are worked on in parts that stay in the processor's cache, so that no temporary
array is as large as the whole and rounding errors do not add up.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["scaled_to_mean_std", "scaled_to_range"]

_PART_SIZE = 1 << 18
_Index = tuple[slice | int, ...]


def scaled_to_mean_std(
    array: npt.NDArray[Any], mean: float, std: float, per_channel: bool
) -> npt.NDArray[Any]:
    """Scale values so that they have a mean and a standard deviation.

    Parameters
    ----------
    array
        Values; axes beyond the third are channels.
    mean, std
        Mean and standard deviation of the result. Where all values are equal, they
        become the mean.
    per_channel
        Whether each channel is scaled by itself.

    Returns
    -------
    numpy.ndarray
        New array of the same floating point type; of float64 for integers.

    """
    result = _empty(array)
    for channel in _channels(array, per_channel):
        found, deviation = _mean_and_deviation(array[channel])
        # The mean of equal values may be off by its rounding error.
        equal = deviation <= 4 * np.finfo(np.float64).eps * abs(found)
        factor = 0.0 if equal else std / deviation
        _scale(array[channel], found, factor, mean, result[channel])
    return result


def scaled_to_range(
    array: npt.NDArray[Any], low: float, high: float, per_channel: bool
) -> npt.NDArray[Any]:
    """Scale values so that they reach from a minimum to a maximum.

    Parameters
    ----------
    array
        Values; axes beyond the third are channels.
    low, high
        Minimum and maximum of the result. Where all values are equal, they become
        the minimum.
    per_channel
        Whether each channel is scaled by itself.

    Returns
    -------
    numpy.ndarray
        New array of the same floating point type; of float64 for integers.

    """
    result = _empty(array)
    for channel in _channels(array, per_channel):
        smallest = float(array[channel].min())
        extent = float(array[channel].max()) - smallest
        factor = 0.0 if extent == 0 else (high - low) / extent
        _scale(array[channel], smallest, factor, low, result[channel])
    return result


def _empty(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.empty_like(array, dtype=_result_type(array.dtype), subok=False)


def _result_type(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


def _channels(array: npt.NDArray[Any], per_channel: bool) -> Iterator[_Index]:
    """Give the index of each part of an array that is scaled by itself."""
    if not per_channel:
        yield ()
        return
    for channel in np.ndindex(*array.shape[3:]):
        yield (slice(None), slice(None), slice(None), *channel)


def _parts(array: npt.NDArray[Any]) -> Iterator[_Index]:
    """Cut an array along the two axes that are outermost in memory."""
    outer, inner, *_ = sorted(range(array.ndim), key=lambda a: -abs(array.strides[a]))
    row = array.size // (array.shape[outer] * array.shape[inner])
    rows = min(max(1, _PART_SIZE // row), array.shape[inner])
    planes = max(1, _PART_SIZE // (row * array.shape[inner]))
    index: list[slice | int] = [slice(None)] * array.ndim
    for first in range(0, array.shape[outer], planes):
        index[outer] = slice(first, first + planes)
        for start in range(0, array.shape[inner], rows):
            index[inner] = slice(start, start + rows)
            yield tuple(index)


def _mean_and_deviation(array: npt.NDArray[Any]) -> tuple[float, float]:
    """Find mean and standard deviation in one pass.

    The sums of squares of the parts about their own means are combined (Chan, Golub
    and LeVeque, 1979), so that nothing large is subtracted from something large.
    """
    mean = squares = 0.0
    count = 0
    working = np.promote_types(_result_type(array.dtype), np.float32)
    for part in _parts(array):
        own_mean = float(array[part].mean(dtype=working))
        values = np.subtract(array[part], working.type(own_mean), dtype=working)
        difference, count = own_mean - mean, count + values.size
        share = values.size / count
        mean += difference * share
        squares += float(np.square(values, out=values).sum())
        if count > values.size:
            squares += difference * difference * (count - values.size) * share
    return mean, float(np.sqrt(squares / count))


def _scale(
    array: npt.NDArray[Any],
    origin: float,
    factor: float,
    target: float,
    result: npt.NDArray[Any],
) -> None:
    """Set the result to (array - origin) * factor + target."""
    working = np.promote_types(result.dtype, np.float32)
    first, slope, last = (working.type(value) for value in (origin, factor, target))
    for part in _parts(result):
        values = np.subtract(array[part], first, dtype=working)
        if target:
            values *= slope
            np.add(values, last, out=result[part], casting="same_kind")
        else:
            np.multiply(values, slope, out=result[part], casting="same_kind")
