"""Outlines of annotations as other software keeps them: closed, without ellipses."""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["SIDES_OF_ELLIPSE", "closed_rings", "outlines_of_ellipses"]

Array = npt.NDArray[Any]

SIDES_OF_ELLIPSE = 96
"""Corners of the polygon that stands for an ellipse; a multiple of four, so that the
ends of both axes are among them."""


def closed_rings(coordinates: Array, offsets: Array) -> tuple[Array, Array]:
    """Repeat the first point of each annotation at its end.

    Parameters
    ----------
    coordinates
        Points of all annotations, shape (p, 2) or (p, 3).
    offsets
        Zero-based row at which each annotation begins, and p, shape (n + 1,).

    Returns
    -------
    tuple
        Points, shape (p + n, 2) or (p + n, 3), and offsets, shape (n + 1,).

    """
    count = len(offsets) - 1
    starts = offsets + np.arange(count + 1)
    rings = np.empty((len(coordinates) + count, coordinates.shape[1]))
    is_last = np.zeros(len(rings), bool)
    is_last[starts[1:] - 1] = True
    rings[~is_last] = coordinates
    rings[is_last] = coordinates[offsets[:-1]]
    return rings, starts


def outlines_of_ellipses(coordinates: Array) -> tuple[Array, Array]:
    """Make polygons of ellipses.

    Parameters
    ----------
    coordinates
        Four points an ellipse, the ends of the major and of the minor axis, shape
        (4 n, 2) or (4 n, 3).

    Returns
    -------
    tuple
        Corners, shape (96 n, 2) or (96 n, 3), and offsets, shape (n + 1,). The ends of
        the axes are corners 0 and 48, 24 and 72 of each.

    """
    ends = coordinates.reshape(-1, 4, coordinates.shape[1])
    centers = ends[:, :2].mean(axis=1)[:, np.newaxis]
    angles = np.arange(SIDES_OF_ELLIPSE) * (2 * np.pi / SIDES_OF_ELLIPSE)
    major = (ends[:, 0] - ends[:, 1])[:, np.newaxis] / 2
    minor = (ends[:, 2] - ends[:, 3])[:, np.newaxis] / 2
    outlines = (
        centers
        + np.cos(angles)[:, np.newaxis] * major
        + np.sin(angles)[:, np.newaxis] * minor
    )
    offsets = np.arange(len(ends) + 1) * SIDES_OF_ELLIPSE
    return outlines.reshape(-1, coordinates.shape[1]), offsets
