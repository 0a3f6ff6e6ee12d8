"""GeoJSON features as QuPath writes them, taken apart (RFC 7946).

Nothing here knows of annotation groups: features become classes of objects, each with
its points, its colour and its measurements.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.ann.coordinates import RaggedCoordinates
from highdicom.ann.enum import GraphicTypeValues
from highdicom.ann.outlines import SIDES_OF_ELLIPSE
from highdicom.errors import InformationLossWarning, InvalidArgumentError

__all__ = ["ClassOfObjects", "classes_of_objects"]

UNCLASSIFIED = "Unclassified"
"""Label of objects without a class."""

Points = npt.NDArray[np.float64]


@dataclass
class ClassOfObjects:
    """Objects of one class and one graphic type.

    Parameters
    ----------
    label
        Name of the class.
    graphic_type
        What the objects are.
    color
        Red, green and blue from 0 to 255, if the class has a colour.
    points
        Points of each object, shape (number of points, 2).
    measurements
        Value by zero-based index of the object, by name.

    """

    label: str
    graphic_type: GraphicTypeValues
    color: tuple[int, int, int] | None = None
    points: list[Points] = field(default_factory=list)
    measurements: dict[str, dict[int, float]] = field(default_factory=dict)

    @property
    def shapes(self) -> RaggedCoordinates:
        """Points of all objects."""
        return RaggedCoordinates.from_arrays(self.points)

    def values(self, name: str) -> Points:
        """Values of a measurement, NaN where there is none, shape (n,)."""
        values = np.full(len(self.points), np.nan)
        measured = self.measurements.get(name, {})
        values[list(measured)] = list(measured.values())
        return values


def classes_of_objects(geojson: Any) -> list[ClassOfObjects]:
    """Sort the objects of features.

    Parameters
    ----------
    geojson
        Feature collection, feature, or list of features, as decoded from JSON.

    Returns
    -------
    list of ClassOfObjects
        In the order in which classes appear.

    Raises
    ------
    InvalidArgumentError
        If it is none of these, or a feature has no usable geometry; the message says
        which one.

    Warns
    -----
    InformationLossWarning
        If something of the features cannot be kept.

    """
    found: dict[tuple[str, GraphicTypeValues], ClassOfObjects] = {}
    lost: dict[str, int] = {}
    for number, feature in enumerate(_features(geojson), 1):
        where = f"Feature {number}"
        if not isinstance(feature, Mapping):
            raise InvalidArgumentError(
                f"{where} must be an object, not {type(feature).__name__}."
            )
        properties = feature.get("properties") or {}
        label, color = _class_of(properties)
        parts = list(_parts(feature.get("geometry"), where))
        measurements = _measurements(properties, where)
        if "nucleusGeometry" in feature:
            lost.setdefault("the nuclei of cells", number)
        if measurements and len(parts) > 1:
            lost.setdefault("the measurements of objects of several parts", number)
            measurements = {}
        for graphic_type, points in parts:
            key = (label, graphic_type)
            objects = found.setdefault(key, ClassOfObjects(label, graphic_type, color))
            for name, value in measurements.items():
                objects.measurements.setdefault(name, {})[len(objects.points)] = value
            objects.points.append(points)
    for what, number in lost.items():
        warnings.warn(
            f"Annotations cannot hold {what}, as feature {number} has them: they are "
            "left out.",
            InformationLossWarning,
            stacklevel=3,
        )
    return list(found.values())


def _features(geojson: Any) -> Sequence[Any]:
    if isinstance(geojson, Mapping):
        kind = geojson.get("type")
        if kind == "Feature":
            return [geojson]
        features = geojson.get("features")
        if kind == "FeatureCollection" and isinstance(features, Sequence):
            return features
        raise InvalidArgumentError(
            "'geojson' must be a FeatureCollection, a Feature or a list of features, "
            f"not of type {kind!r}."
        )
    if isinstance(geojson, Sequence) and not isinstance(geojson, (str, bytes)):
        return geojson
    raise InvalidArgumentError(
        "'geojson' must be a FeatureCollection, a Feature or a list of features, not "
        f"{type(geojson).__name__}."
    )


def _class_of(
    properties: Mapping[str, Any],
) -> tuple[str, tuple[int, int, int] | None]:
    """Name and colour of the class of an object, in any form QuPath has written."""
    given = properties.get("classification")
    if not given:
        return UNCLASSIFIED, None
    if not isinstance(given, Mapping):
        return str(given), None
    names = given.get("names") or [given.get("name") or UNCLASSIFIED]
    color = given.get("color")
    if isinstance(color, Sequence) and len(color) >= 3:
        red, green, blue = map(int, color[:3])
        return ": ".join(map(str, names)), (red, green, blue)
    packed = given.get("colorRGB")
    if isinstance(packed, int):
        red, green, blue = (packed >> shift & 0xFF for shift in (16, 8, 0))
        return ": ".join(map(str, names)), (red, green, blue)
    return ": ".join(map(str, names)), None


def _measurements(properties: Mapping[str, Any], where: str) -> dict[str, float]:
    """Numbers by name; QuPath wrote a list of names and values before."""
    given = properties.get("measurements") or {}
    try:
        pairs = (
            given.items()
            if isinstance(given, Mapping)
            else [(entry["name"], entry["value"]) for entry in given]
        )
        return {str(name): float(value) for name, value in pairs if value is not None}
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"{where} must have measurements that are numbers by name, not "
            f"{str(given)[:80]}."
        ) from error


_SIMPLE = {
    "MultiPoint": "Point",
    "MultiLineString": "LineString",
    "MultiPolygon": "Polygon",
}
_GRAPHIC_TYPES = {
    "Point": GraphicTypeValues.POINT,
    "LineString": GraphicTypeValues.POLYLINE,
    "Polygon": GraphicTypeValues.POLYGON,
}


def _parts(geometry: Any, where: str) -> Iterator[tuple[GraphicTypeValues, Points]]:
    """Points of each part of a geometry."""
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    simple = _SIMPLE.get(str(kind), kind)
    if simple not in _GRAPHIC_TYPES:
        raise InvalidArgumentError(
            f"{where} must have a geometry of points, lines or polygons, not "
            f"{kind or 'none'}."
        )
    coordinates = geometry.get("coordinates") or []
    parts = coordinates if simple != kind else [coordinates]
    if not parts:
        raise InvalidArgumentError(f"{where} must have coordinates.")
    for part in parts:
        if simple == "Polygon":
            yield _polygon(geometry, part, where)
        else:
            points = _positions([part] if simple == "Point" else part, where)
            least = 1 if simple == "Point" else 2
            if len(points) < least:
                raise InvalidArgumentError(f"{where} must have lines of two positions.")
            yield _GRAPHIC_TYPES[simple], points


def _polygon(
    geometry: Mapping[str, Any], rings: Any, where: str
) -> tuple[GraphicTypeValues, Points]:
    if not isinstance(rings, Sequence) or len(rings) != 1:
        raise InvalidArgumentError(
            f"{where} must be a polygon without holes, which annotations cannot have."
        )
    points = _positions(rings[0], where)
    if len(points) > 1 and (points[0] == points[-1]).all():
        points = points[:-1]
    if len(points) < 3:
        raise InvalidArgumentError(
            f"{where} must be a polygon of three points or more, not {len(points)}."
        )
    meant = geometry.get("graphicType")
    if meant == "RECTANGLE" and len(points) == 4:
        return GraphicTypeValues.RECTANGLE, points
    if meant == "ELLIPSE" and len(points) == SIDES_OF_ELLIPSE:
        quarter = SIDES_OF_ELLIPSE // 4
        ends = [0, 2 * quarter, quarter, 3 * quarter]
        return GraphicTypeValues.ELLIPSE, points[ends]
    if geometry.get("isEllipse") is True:
        return GraphicTypeValues.ELLIPSE, _axes_of_box(points)
    return GraphicTypeValues.POLYGON, points


def _axes_of_box(points: Points) -> Points:
    """Ends of the axes of the ellipse that fills the bounding box of its outline."""
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    across = [(left, middle_y), (right, middle_y)]
    down = [(middle_x, top), (middle_x, bottom)]
    is_wide = right - left >= bottom - top
    return np.array([*across, *down] if is_wide else [*down, *across])


def _positions(given: Any, where: str) -> Points:
    try:
        points = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        points = np.empty(0)
    if points.ndim != 2 or points.shape[-1] < 2:
        raise InvalidArgumentError(
            f"{where} must have positions of two numbers each, not {str(given)[:80]}."
        )
    if not np.isfinite(points).all():
        raise InvalidArgumentError(f"{where} must have finite positions.")
    return points[:, :2]
