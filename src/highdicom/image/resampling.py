"""Total pixel matrices with fewer pixels: the coarser levels of a pyramid."""

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


def resampled(array: Array, size: Size, interpolator: InterpolationMethods) -> Array:
    """Resample a matrix to fewer rows and columns that cover the same area.

    Parameters
    ----------
    array
        Pixels (1, row, column) or (1, row, column, channel). They are not changed.
    size
        New numbers of rows and columns.
    interpolator
        Whether a pixel is the nearest one, or the mean of those that it covers and
        their neighbours, weighted by distance. Labels have to stay what they are: the
        nearest one.

    Returns
    -------
    numpy.ndarray
        Array of the same type; a view of the given one where its pixels will do.

    Raises
    ------
    InvalidArgumentError
        If the mean is asked for of an array of another type than uint8, uint16, float32
        or float64.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.enum import InterpolationMethods
    >>> from highdicom.image.resampling import resampled
    >>> labels = np.array([[[1, 1, 2, 2], [1, 1, 2, 7]]], np.uint8)
    >>> resampled(labels, (1, 2), InterpolationMethods.NEAREST).tolist()
    [[[1, 7]]]

    """
    if array.shape[1:3] == size:
        return array
    if interpolator is InterpolationMethods.NEAREST:
        rows, columns = (
            _nearest_places(length, count)
            for length, count in zip(array.shape[1:3], size, strict=True)
        )
        return array[:, rows][:, :, columns]
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
        target[..., channel] = _mean_of(planes[..., channel], size)
    return result


def _nearest_places(length: int, count: int) -> npt.NDArray[np.int64] | slice:
    """Which of the pixels along an axis is nearest to the centre of each new one."""
    places = ((np.arange(count) + 0.5) * (length / count)).astype(np.int64)
    places = np.minimum(places, length - 1)
    step = length // count
    if np.array_equal(places, np.arange(count) * step + places[0]):
        return slice(int(places[0]), int(places[-1]) + 1, step)
    return places


def _mean_of(plane: Array, size: Size) -> Array:
    if plane.dtype == np.float64:
        # Pillow has no such numbers.
        for axis, count in enumerate(size):
            plane = _averaged(plane, axis, count)
        return plane
    working: Array = np.ascontiguousarray(plane, _WORKING_TYPES[plane.dtype.type])
    image = Image.fromarray(working)
    return np.asarray(image.resize((size[1], size[0]), Image.Resampling.BILINEAR))


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
