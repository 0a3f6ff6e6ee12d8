"""What the points of each graphic type must be (PS3.3 C.18.6.1.2 and C.18.9.1.2)."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.content_items.enum import GraphicTypeValues, GraphicTypeValues3D
from highdicom.errors import ArgumentTypeError, InvalidArgumentError

__all__ = ["checked_points"]


class _Shape(NamedTuple):
    """Number of points; at least that many unless it is exact; form."""

    number: int
    is_exact: bool = False
    is_planar: bool = False
    is_closed: bool = False


_SHAPES: dict[GraphicTypeValues | GraphicTypeValues3D, _Shape] = {
    GraphicTypeValues.POINT: _Shape(1, is_exact=True),
    GraphicTypeValues.MULTIPOINT: _Shape(2),
    GraphicTypeValues.POLYLINE: _Shape(2),
    GraphicTypeValues.CIRCLE: _Shape(2, is_exact=True),
    GraphicTypeValues.ELLIPSE: _Shape(4, is_exact=True),
    GraphicTypeValues3D.POINT: _Shape(1, is_exact=True),
    GraphicTypeValues3D.MULTIPOINT: _Shape(2),
    GraphicTypeValues3D.POLYLINE: _Shape(2),
    GraphicTypeValues3D.POLYGON: _Shape(2, is_planar=True, is_closed=True),
    GraphicTypeValues3D.ELLIPSE: _Shape(4, is_exact=True, is_planar=True),
    GraphicTypeValues3D.ELLIPSOID: _Shape(6, is_exact=True),
}

# Millimetres from the plane; rounding to the precision of storage comes on top of it.
_PLANARITY_TOLERANCE = 1e-5
_PRECISION = float(np.finfo(np.float32).eps)


def checked_points(
    graphic_type: GraphicTypeValues | GraphicTypeValues3D, graphic_data: Any
) -> bytes:
    """Check points and encode them.

    Parameters
    ----------
    graphic_data
        Shape (n, 2) for image coordinates, (n, 3) for those in a frame of reference.

    Returns
    -------
    bytes
        32-bit floating point numbers, little endian.

    Raises
    ------
    ArgumentTypeError
        If the points are not numbers.
    InvalidArgumentError
        If there are too few or too many for the graphic type, they do not have so many
        coordinates, are not finite, or lie not as the graphic type requires.

    """
    points = _array(graphic_data)
    dimensions = 2 if isinstance(graphic_type, GraphicTypeValues) else 3
    shape = _SHAPES[graphic_type]
    _check_count(points, shape, graphic_type.value, dimensions)
    with np.errstate(over="ignore"):
        stored = points.astype("<f4")
    if not np.isfinite(stored).all():
        raise InvalidArgumentError(
            "'graphic_data' must be finite numbers of single precision."
        )
    if shape.is_closed and not np.array_equal(points[0], points[-1]):
        raise InvalidArgumentError(
            f"'graphic_data' of a {graphic_type.value} must be closed: the last point "
            "must equal the first."
        )
    if shape.is_planar and not _is_planar(points.astype(np.float64)):
        raise InvalidArgumentError(
            f"'graphic_data' of a {graphic_type.value} must lie in a plane."
        )
    return stored.tobytes()


def _array(graphic_data: Any) -> npt.NDArray[Any]:
    try:
        points = np.asarray(graphic_data)
    except ValueError:
        raise InvalidArgumentError(
            "'graphic_data' must be an array of points that have equally many "
            "coordinates."
        ) from None
    if points.dtype.kind not in "iuf":
        raise ArgumentTypeError(
            f"'graphic_data' must be an array of numbers, not of {points.dtype}."
        )
    return points


def _check_count(
    points: npt.NDArray[Any], shape: _Shape, graphic_type: str, dimensions: int
) -> None:
    fits = (
        points.ndim == 2
        and points.shape[1] == dimensions
        and (
            len(points) == shape.number
            if shape.is_exact
            else len(points) >= shape.number
        )
    )
    if not fits:
        number = f"{shape.number}" if shape.is_exact else f"{shape.number} or more"
        coordinates = "(column, row)" if dimensions == 2 else "(x, y, z)"
        raise InvalidArgumentError(
            f"'graphic_data' of a {graphic_type} must have the shape (n, {dimensions}) "
            f"with n = {number} points {coordinates}, not {points.shape}."
        )


def _is_planar(points: npt.NDArray[np.float64]) -> bool:
    if len(points) <= 3:
        return True
    centered = points - points.mean(axis=0)
    # The last axis is the one along which the points are least spread.
    _, _, axes = np.linalg.svd(centered, full_matrices=False)
    deviation = np.abs(centered @ axes[-1]).max()
    rounding = _PRECISION * np.abs(points).max()
    return bool(deviation <= _PLANARITY_TOLERANCE + rounding)
