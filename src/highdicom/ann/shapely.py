"""Exchange of points with Shapely, all geometries at once."""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.ann.enum import GraphicTypeValues
from highdicom.ann.outlines import closed_rings, outlines_of_ellipses
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingDependencyError,
)

__all__ = ["geometries_of", "offsets_of_geometries"]

Array = npt.NDArray[Any]


def _shapely() -> Any:
    try:
        import shapely  # noqa: PLC0415 (optional)
    except ImportError as error:
        raise MissingDependencyError(
            "shapely", "shapes", "exchange annotations with Shapely"
        ) from error
    return shapely


def geometries_of(
    graphic_type: GraphicTypeValues, coordinates: Array, offsets: Array
) -> Array:
    """Make geometries of annotations.

    Parameters
    ----------
    graphic_type
        What the annotations are. Rectangles become polygons, and so do ellipses, whose
        corners lie on the ellipse.
    coordinates
        Points of all annotations, shape (p, 2) or (p, 3).
    offsets
        Zero-based row at which each annotation begins, and p, shape (n + 1,).

    Returns
    -------
    numpy.ndarray
        Geometries, shape (n,), dtype object.

    Raises
    ------
    MissingDependencyError
        If Shapely is not installed.

    """
    shapely = _shapely()
    kinds = shapely.GeometryType
    points = np.ascontiguousarray(coordinates, np.float64)
    if graphic_type is GraphicTypeValues.POINT:
        return np.asarray(shapely.from_ragged_array(kinds.POINT, points))
    if graphic_type is GraphicTypeValues.POLYLINE:
        return np.asarray(
            shapely.from_ragged_array(kinds.LINESTRING, points, (offsets,))
        )
    if graphic_type is GraphicTypeValues.ELLIPSE:
        points, offsets = outlines_of_ellipses(points)
    rings, starts = closed_rings(points, offsets)
    polygons = np.arange(len(starts))
    return np.asarray(
        shapely.from_ragged_array(kinds.POLYGON, rings, (starts, polygons))
    )


def offsets_of_geometries(geometries: Any) -> tuple[Array, Array]:
    """Take the points of geometries.

    Parameters
    ----------
    geometries
        Points, line strings or polygons without holes, all of one kind.

    Returns
    -------
    tuple
        Coordinates, shape (p, 2) or (p, 3), and offsets, shape (n + 1,). The last
        point of a polygon, which is its first, is left out.

    Raises
    ------
    ArgumentTypeError
        If something is no geometry.
    InvalidArgumentError
        If kinds are mixed or others, or a polygon has a hole.
    MissingDependencyError
        If Shapely is not installed.

    """
    shapely = _shapely()
    given = np.asarray(geometries, dtype=object)
    _check_kinds(given, shapely)
    kind, points, offsets = shapely.to_ragged_array(given)
    if kind == shapely.GeometryType.POINT:
        return points, np.arange(len(points) + 1)
    if kind == shapely.GeometryType.LINESTRING:
        return points, np.asarray(offsets[0])
    rings, polygons = (np.asarray(part) for part in offsets)
    holed = np.flatnonzero(np.diff(polygons) != 1)
    if len(holed):
        raise InvalidArgumentError(
            f"'geometries'[{holed[0]}] must be a polygon without holes, which "
            "annotations cannot have."
        )
    is_kept = np.ones(len(points), bool)
    is_kept[rings[1:] - 1] = False
    return points[is_kept], rings - np.arange(len(rings))


def _check_kinds(geometries: Array, shapely: Any) -> None:
    if geometries.ndim != 1 or not len(geometries):
        raise InvalidArgumentError(
            "'geometries' must be a sequence of one geometry or more, not of shape "
            f"{geometries.shape}."
        )
    is_geometry = shapely.is_geometry(geometries)
    if not is_geometry.all():
        index = int(np.argmin(is_geometry))
        raise ArgumentTypeError(
            f"'geometries'[{index}] must be a geometry of Shapely, not "
            f"{type(geometries[index]).__name__}."
        )
    kinds = shapely.get_type_id(geometries)
    allowed = [
        shapely.GeometryType[name].value for name in ("POINT", "LINESTRING", "POLYGON")
    ]
    is_wrong = (kinds != kinds[0]) | shapely.is_empty(geometries)
    if kinds[0] not in allowed:
        is_wrong[0] = True
    if is_wrong.any():
        index = int(np.argmax(is_wrong))
        raise InvalidArgumentError(
            f"'geometries'[{index}] must be a point, line string or polygon, of the "
            f"same kind as the others and not empty, not a "
            f"{geometries[index].geom_type}."
        )
