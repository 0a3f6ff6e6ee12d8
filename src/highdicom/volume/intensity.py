"""Scaling of the values of an array, whole or channel by channel."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["scaled_to_mean_std", "scaled_to_range"]

_BLOCK = 1 << 12


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
    working = _working_type(array.dtype)
    axes = (0, 1, 2) if per_channel else tuple(range(array.ndim))
    found = array.mean(axis=axes, dtype=np.float64)
    result: npt.NDArray[Any] = np.subtract(array, found.astype(working), dtype=working)
    count = array.size // max(1, found.size)
    deviation = np.sqrt(_sum_of_squares(result, found.shape) / count)
    # The mean of equal values may be off by its rounding error.
    varied = ~(deviation <= 4 * np.finfo(np.float64).eps * np.abs(found))
    factor = np.divide(std, deviation, out=np.zeros_like(deviation), where=varied)
    result *= factor.astype(working)
    if mean:
        result += working.type(mean)
    return result.astype(_result_type(array.dtype), copy=False)


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
    working = _working_type(array.dtype)
    axes = (0, 1, 2) if per_channel else None
    smallest = np.asarray(array.min(axis=axes)).astype(working)
    extent = np.asarray(array.max(axis=axes)).astype(working) - smallest
    result: npt.NDArray[Any] = np.subtract(array, smallest, dtype=working)
    factor = np.divide(high - low, extent, out=np.zeros_like(extent), where=extent != 0)
    result *= factor
    if low:
        result += working.type(low)
    return result.astype(_result_type(array.dtype), copy=False)


def _result_type(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


def _working_type(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Avoid the narrow range of half precision while calculating."""
    return np.promote_types(_result_type(dtype), np.float32)


def _sum_of_squares(
    values: npt.NDArray[Any], shape: tuple[int, ...]
) -> npt.NDArray[np.float64]:
    """Sum squares over all but the last axes, in blocks, with float64 sums.

    Blocks keep the error of single precision small and need no temporary array.
    """
    in_memory = sorted(range(3), key=lambda axis: -abs(values.strides[axis]))
    ordered = values.transpose(*in_memory, *range(3, values.ndim))
    rows = ordered.reshape(-1, *shape) if shape else values.ravel(order="K")
    total = np.zeros(shape)
    step = max(1, _BLOCK // max(1, total.size))
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        total += np.einsum("i...,i...->...", block, block)
    return total
