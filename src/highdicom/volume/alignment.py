"""Arrangements that bring the voxels of one grid onto those of another."""

from collections.abc import Sequence
from math import frexp, hypot, isfinite

import numpy as np

from highdicom.errors import VolumeError
from highdicom.volume.arrangement import Arrangement, AxisRange
from highdicom.volume.geometry import Affine

__all__ = ["match", "orient"]

Rows = list[list[float]]


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
    # Numbers of Python: arrays this small take ten times as long.
    own = affine.tolist()
    spacing = [hypot(*column) for column in zip(*own[:3], strict=True)][:3]
    exact = _relative(own, other.tolist(), spacing)
    axes: list[int] = []
    ranges: list[AxisRange] = []
    for *column, size in zip(*(row[:3] for row in exact), other_shape, strict=True):
        vector = [p * q for p, q in zip(column, spacing, strict=True)]
        axis = _nearest_axis(vector, tolerance)
        step = _whole_ratio(hypot(*vector), spacing[axis], tolerance)
        start = _whole_place(exact[axis][3], tolerance)
        axes.append(axis)
        ranges.append(AxisRange(start, step if vector[axis] > 0 else -step, size))
    if len(set(axes)) < 3:
        raise _not_parallel(f"two run along axis {max(axes, key=axes.count)}")
    _check_drift(exact, axes, ranges)
    return Arrangement.of_ranges(axes, ranges)


def _not_parallel(reason: str) -> VolumeError:
    return VolumeError(
        "The axes of the volumes must be parallel to match without resampling; "
        f"{reason}."
    )


def _nearest_axis(vector: Sequence[float], tolerance: float) -> int:
    """Find the axis that a vector runs along, in either sense."""
    sizes = [abs(component) for component in vector]
    largest = max(sizes)
    cosine = largest / hypot(*vector)
    if cosine < 1 - tolerance:
        raise _not_parallel(f"the cosine between two of them is {cosine:.6f}")
    return sizes.index(largest)


def _whole_ratio(other_spacing: float, spacing: float, tolerance: float) -> int:
    ratio = other_spacing / spacing
    step = round(ratio)
    if step < 1 or abs(ratio - step) > tolerance:
        raise VolumeError(
            f"A spacing of {other_spacing} mm must be a whole multiple of {spacing} mm "
            "for voxels to match without resampling."
        )
    return step


def _whole_place(place: float, tolerance: float) -> int:
    start = round(place)
    if abs(place - start) > tolerance:
        raise VolumeError(
            "The translation between volumes must be a whole number of voxels to match "
            f"without resampling, not {place}."
        )
    return start


def _relative(own: Rows, others: Rows, spacing: Sequence[float]) -> Rows:
    """Affine map, shape (3, 4), from the indices of another grid to one's own."""
    # Powers of two bring spacings near one: products of three must not be zero.
    scales = [2.0 ** -frexp(length)[1] for length in spacing]
    (a, b, c), (d, e, f), (g, h, i) = (
        [p * scale for p, scale in zip(row[:3], scales, strict=True)] for row in own[:3]
    )
    inverse = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    determinant = a * inverse[0][0] + b * inverse[1][0] + c * inverse[2][0]
    columns = [*zip(*others[:3], strict=True)]
    columns[3] = tuple(p - row[3] for p, row in zip(columns[3], own[:3], strict=True))
    relative = [
        [(p * u + q * v + r * w) / determinant * scale for u, v, w in columns]
        for (p, q, r), scale in zip(inverse, scales, strict=True)
    ]
    if not all(isfinite(value) for row in relative for value in row):
        raise VolumeError(
            "Voxels must be less than 1e308 voxels apart to match without resampling; "
            f"spacings of {min(spacing)} mm are too small for that."
        )
    return relative


def _check_drift(exact: Rows, axes: Sequence[int], ranges: Sequence[AxisRange]) -> None:
    """Refuse directions so different that far voxels fall on the wrong ones."""
    drift = 0.0
    for target, axis in enumerate(axes):
        ideal = [0.0, 0.0, 0.0, ranges[target].start]
        ideal[target] = ranges[target].step
        if exact[axis] == ideal:
            continue
        shift = exact[axis][3] - ranges[target].start
        low = high = shift
        for i, points in enumerate(ranges):
            slope = exact[axis][i] - (points.step if i == target else 0)
            # At the last voxel; what a corner of the grid is off by is a sum of these.
            last = slope * (points.size - 1)
            low, high = low + min(last, 0.0), high + max(last, 0.0)
        drift = max(drift, high, -low)
    if drift > 0.5:
        raise _not_parallel(f"voxels deviate by up to {drift:.3g} voxels")
