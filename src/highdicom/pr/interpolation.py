"""Values between the pixels of an image."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["interpolated"]

Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def interpolated(
    values: Values, rows: npt.NDArray[Any], columns: npt.NDArray[Any]
) -> tuple[Values, Mask]:
    """Interpolate linearly along rows and columns.

    Parameters
    ----------
    values
        Shape ``(rows, columns)`` or ``(rows, columns, 3)``.
    rows, columns
        Places asked for, which are broadcast against each other; those of centres of
        pixels are whole numbers from zero.

    Returns
    -------
    tuple
        Values at the places, those of the nearest pixel beyond the image; and whether
        the places lie in the image.

    """
    height, width = values.shape[:2]
    rows, columns = np.broadcast_arrays(rows, columns)
    inside = (
        (rows >= -0.5)
        & (rows <= height - 0.5)
        & (columns >= -0.5)
        & (columns <= width - 0.5)
    )
    top, bottom, down = _neighbours(rows, height)
    left, right, along = _neighbours(columns, width)
    if values.ndim == 3:
        down, along = down[..., np.newaxis], along[..., np.newaxis]
    above = values[top, left] * (1 - along) + values[top, right] * along
    below = values[bottom, left] * (1 - along) + values[bottom, right] * along
    return np.asarray(above * (1 - down) + below * down, np.float64), inside


def _neighbours(
    places: npt.NDArray[Any], size: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Values]:
    """Pixels before and after, and how far from one to the other a place is."""
    clipped = np.clip(places.astype(np.float64), 0, size - 1)
    before = np.floor(clipped).astype(np.intp)
    return before, np.minimum(before + 1, size - 1), clipped - before
