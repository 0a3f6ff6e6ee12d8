"""Total pixel matrices with fewer pixels."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from highdicom.enum import InterpolationMethods
from highdicom.errors import InvalidArgumentError

__all__ = ["resampled"]

Array = npt.NDArray[Any]
Size = tuple[int, int]

# Types that Pillow can average, and in which.
_WORKING_TYPES: dict[type, type] = {
    np.uint8: np.uint8,
    np.uint16: np.int32,
    np.float32: np.float32,
}
_METHODS = {
    InterpolationMethods.NEAREST: Image.Resampling.NEAREST,
    InterpolationMethods.LINEAR: Image.Resampling.BILINEAR,
}


def resampled(array: Array, size: Size, interpolator: InterpolationMethods) -> Array:
    """Resample a matrix to fewer rows and columns that cover the same area.

    Parameters
    ----------
    array
        Pixels (1, row, column) or (1, row, column, channel) of type uint8, uint16,
        float32 or float64. They are not changed.
    size
        New numbers of rows and columns.
    interpolator
        Whether a pixel is the nearest one, or the mean of those that it covers and
        their neighbours, weighted by distance.

    Returns
    -------
    numpy.ndarray
        Array of the same type: the given one if it has the size.

    Raises
    ------
    InvalidArgumentError
        If the array has another type.

    """
    if array.shape[1:3] == size:
        return array
    native = array.astype(array.dtype.newbyteorder("="), copy=False)
    kind = native.dtype.type
    if kind is not np.float64 and kind not in _WORKING_TYPES:
        raise InvalidArgumentError(
            "'pixel_arrays' must have the data type uint8, uint16, float32 or float64, "
            f"not {array.dtype}."
        )
    result = np.empty((1, *size, *array.shape[3:]), kind)
    planes = native[0].reshape(*array.shape[1:3], -1)
    target = result[0].reshape(*size, -1)
    for channel in range(planes.shape[2]):
        plane = planes[..., channel]
        if kind is np.float64:
            target[..., channel] = _resampled_doubles(plane, size, interpolator)
            continue
        is_nearest = interpolator is InterpolationMethods.NEAREST
        working_type = kind if is_nearest else _WORKING_TYPES[kind]
        working: Array = np.ascontiguousarray(plane, working_type)
        image = Image.fromarray(working)
        small = image.resize((size[1], size[0]), _METHODS[interpolator])
        target[..., channel] = np.asarray(small)
    return result


def _resampled_doubles(
    plane: Array, size: Size, interpolator: InterpolationMethods
) -> Array:
    """Do what Pillow does, which has no such numbers."""
    for axis, count in enumerate(size):
        if interpolator is InterpolationMethods.NEAREST:
            scale = plane.shape[axis] / count
            places = ((np.arange(count) + 0.5) * scale).astype(np.int64)
            plane = plane.take(places, axis)
        else:
            plane = _averaged(plane, axis, count)
    return plane


def _averaged(plane: Array, axis: int, count: int) -> Array:
    length = plane.shape[axis]
    scale = max(length / count, 1.0)
    centers = (np.arange(count) + 0.5) * (length / count)
    firsts = np.floor(centers - scale).astype(np.int64)
    taps = int(np.ceil(2 * scale)) + 2
    places = firsts[:, None] + np.arange(taps)
    weights = np.clip(1 - np.abs(places + 0.5 - centers[:, None]) / scale, 0, None)
    weights[(places < 0) | (places >= length)] = 0
    weights /= weights.sum(axis=1, keepdims=True)
    places = np.clip(places, 0, length - 1)
    shape = [1, 1]
    shape[axis] = count
    total = np.zeros([count if k == axis else n for k, n in enumerate(plane.shape)])
    for tap in range(taps):
        weight = weights[:, tap]
        if not weight.any():
            continue
        taken = plane.take(places[:, tap], axis)
        # What has no weight is left out, even if it is no number.
        factor = weight.reshape(shape)
        total += np.where(factor > 0, taken * factor, 0.0)
    return total
