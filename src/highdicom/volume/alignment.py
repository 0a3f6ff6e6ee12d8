"""Arrangements that bring the voxels of one grid onto those of another."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from highdicom.volume.arrangement import Arrangement, AxisRange
from highdicom.volume.errors import VolumeError
from highdicom.volume.geometry import Affine

__all__ = ["match", "orient"]


def orient(shape: Sequence[int], current: Affine, wanted: Affine) -> Arrangement:
    """Put axes into an order and sense.

    Parameters
    ----------
    shape
        Shape of the grid.
    current, wanted
        Matrices of shape (3, 3) whose columns are the directions of the axes, each
        along an axis of the coordinate system.

    """
    turns = np.rint(current.T @ wanted).astype(int)
    axes = [int(axis) for axis in np.abs(turns).argmax(axis=0)]
    return Arrangement.of_axes(
        shape, axes, {a for i, a in enumerate(axes) if turns[a, i] < 0}
    )


def match(
    affine: Affine, other: Affine, other_shape: Sequence[int], tolerance: float
) -> Arrangement:
    """Find the voxels of a grid that those of another lie on.

    Parameters
    ----------
    affine
        Affine matrix of the grid.
    other, other_shape
        Affine matrix and shape of the other one.
    tolerance
        Largest deviation allowed: of the position of the first voxel in voxels, of
        the ratio of spacings from a whole number, and of the cosine between
        directions from one.

    Raises
    ------
    VolumeError
        If voxels of the other grid lie between those of the first.

    """
    spacing = np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
    other_spacing = np.sqrt((other[:3, :3] ** 2).sum(axis=0))
    cosines = (affine[:3, :3] / spacing).T @ (other[:3, :3] / other_spacing)
    axes = _aligned_axes(cosines, tolerance)
    ratios = other_spacing / spacing[axes]
    steps = np.rint(ratios)
    if (steps < 1).any() or (np.abs(ratios - steps) > tolerance).any():
        raise VolumeError(
            f"Spacings of {other_spacing.tolist()} mm must be whole multiples of "
            f"{spacing[axes].tolist()} mm for voxels to match without resampling."
        )
    exact = np.linalg.inv(affine) @ other
    starts = np.rint(exact[axes, 3])
    if (np.abs(exact[axes, 3] - starts) > tolerance).any():
        raise VolumeError(
            "The translation between volumes must be a whole number of voxels to match "
            f"without resampling, not {exact[axes, 3].tolist()}."
        )
    signs = np.sign(cosines[axes, (0, 1, 2)])
    found = Arrangement.of_ranges(
        axes,
        (
            AxisRange(int(start), int(step), int(size))
            for start, step, size in zip(
                starts, signs * steps, other_shape, strict=True
            )
        ),
    )
    _check_drift(exact - found.matrix, other_shape)
    return found


def _aligned_axes(cosines: Affine, tolerance: float) -> list[int]:
    """Find which axis runs along each axis of the other grid, in either sense."""
    axes = [int(axis) for axis in np.abs(cosines).argmax(axis=0)]
    aligned = np.abs(cosines[axes, (0, 1, 2)]) >= 1 - tolerance
    if not aligned.all() or len(set(axes)) < 3:
        raise VolumeError(
            "The axes of the volumes must be parallel to match without resampling; "
            f"the cosines between them are {cosines.round(6).tolist()}."
        )
    return axes


def _check_drift(deviation: npt.NDArray[np.float64], shape: Sequence[int]) -> None:
    """Refuse directions so different that far voxels fall on the wrong ones."""
    corners = np.array([*product(*((0, size - 1) for size in shape))])
    drift = np.abs(corners @ deviation[:3, :3].T + deviation[:3, 3]).max()
    if drift > 0.5:
        raise VolumeError(
            "The axes of the volumes must be parallel to match without resampling; "
            f"voxels deviate by up to {drift:.3g} voxels."
        )
