"""Total pixel matrices of maps with fewer pixels: the nearest are those of Pillow."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from highdicom.enum import InterpolationMethods
from highdicom.errors import InvalidArgumentError
from highdicom.image.resampling import resampled as resampled_pixels

__all__ = ["resampled"]

Array = npt.NDArray[Any]
Size = tuple[int, int]

_TYPES = tuple(map(np.dtype, (np.uint8, np.uint16, np.float32, np.float64)))


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
    if native.dtype not in _TYPES:
        raise InvalidArgumentError(
            "'pixel_arrays' must have the data type uint8, uint16, float32 or float64, "
            f"not {array.dtype}."
        )
    if interpolator is InterpolationMethods.LINEAR or native.dtype == np.float64:
        return resampled_pixels(array, size, interpolator)
    result = np.empty((1, *size, *array.shape[3:]), native.dtype)
    planes = native[0].reshape(*array.shape[1:3], -1)
    target = result[0].reshape(*size, -1)
    for channel in range(planes.shape[2]):
        plane: Array = np.ascontiguousarray(planes[..., channel])
        image = Image.fromarray(plane)
        small = image.resize((size[1], size[0]), Image.Resampling.NEAREST)
        target[..., channel] = np.asarray(small)
    return result
