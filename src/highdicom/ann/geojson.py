"""Annotations as GeoJSON and back, as QuPath reads and writes it (RFC 7946).

Features are objects, positions are pixels of the total pixel matrix of the highest
resolution, (column, row), from the top left corner of the top left pixel. A class is a
name and a colour in the property "classification"; measurements are numbers by name.
Polygons repeat their first point. QuPath marks ellipses by the member "isEllipse" of
the geometry, a polygon, if their axes are those of the image. What a polygon stands for
here is said by a member of our own, "graphicType", which others pass over.
"""

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.ann.content import AnnotationGroup, Measurements
from highdicom.ann.coordinates import RaggedCoordinates
from highdicom.ann.enum import (
    AnnotationCoordinateTypeValues,
    AnnotationGroupGenerationTypeValues,
    GraphicTypeValues,
)
from highdicom.ann.features import ClassOfObjects, classes_of_objects
from highdicom.ann.outlines import closed_rings, outlines_of_ellipses
from highdicom.arguments import member_of
from highdicom.coding import CodedConcept
from highdicom.color import CIELabColor
from highdicom.content.algorithm import AlgorithmIdentificationSequence
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InformationLossWarning,
    InvalidArgumentError,
)
from highdicom.spatial.from_reference import ReferenceToImageTransformer
from highdicom.spatial.to_reference import ImageToReferenceTransformer
from highdicom.uid import UID

__all__ = ["feature_collection", "from_geojson", "to_geojson"]

AnyCode = Code | CodedConcept
_POLYGONS = {
    GraphicTypeValues.POLYGON,
    GraphicTypeValues.RECTANGLE,
    GraphicTypeValues.ELLIPSE,
}


def to_geojson(
    groups: Iterable[AnnotationGroup],
    coordinate_type: str | AnnotationCoordinateTypeValues = "2D",
    image: Dataset | None = None,
    *,
    object_type: str = "annotation",
    decimals: int | None = 4,
) -> dict[str, Any]:
    """Annotations as GeoJSON (RFC 7946), in the form that QuPath reads.

    Parameters
    ----------
    groups
        Groups of annotations. The label of a group becomes the class of its objects.
    coordinate_type
        Coordinate type of the instance that the groups are in.
    image
        Image whose total pixel matrix has the pixels of the result; needed for 3D
        coordinates. In QuPath that is the highest resolution of the slide.
    object_type
        Kind of the objects in QuPath: "annotation" or "detection".
    decimals
        Decimal places of coordinates; all, if None.

    Returns
    -------
    dict
        A feature collection, ready for :func:`json.dump`. Rectangles are polygons,
        and so are ellipses, with 96 corners that lie on them.

    Raises
    ------
    ConflictingArgumentsError
        If an image is given for 2D coordinates, or none for 3D coordinates.
    InvalidArgumentError
        If the coordinate type is not that of a group.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import UID
    >>> from highdicom.ann import AnnotationGroup, to_geojson
    >>> from pydicom.sr.codedict import codes
    >>> group = AnnotationGroup(
    ...     1,
    ...     UID(),
    ...     "nuclei",
    ...     codes.SCT.AnatomicalStructure,
    ...     codes.SCT.Nucleus,
    ...     "POINT",
    ...     np.array([[[3.5, 8.0]]]),
    ...     "MANUAL",
    ... )
    >>> to_geojson([group])["features"][0]["geometry"]
    {'type': 'Point', 'coordinates': [3.5, 8.0]}

    """
    return feature_collection(
        groups,
        member_of(AnnotationCoordinateTypeValues, coordinate_type, "coordinate_type"),
        image,
        object_type=object_type,
        decimals=decimals,
    )


def feature_collection(
    groups: Iterable[AnnotationGroup],
    coordinate_type: AnnotationCoordinateTypeValues,
    image: Dataset | None,
    *,
    object_type: str,
    decimals: int | None,
) -> dict[str, Any]:
    """Make a feature collection; see :func:`to_geojson`."""
    is_spatial = coordinate_type is AnnotationCoordinateTypeValues.SCOORD3D
    if is_spatial != (image is not None):
        raise ConflictingArgumentsError(
            "'image' must be given for 3D coordinates, to find its pixels, and for "
            "these only."
        )
    features: list[dict[str, Any]] = []
    for group in groups:
        shapes = group.get_ragged_coordinates(coordinate_type)
        points = np.asarray(shapes.coordinates, np.float64)
        if image is not None:
            transform = ReferenceToImageTransformer.for_image(
                image, for_total_pixel_matrix=True
            )
            points = transform(points)[:, :2]
        geometries = _geometries(group.graphic_type, points, shapes.offsets, decimals)
        features.extend(_features(group, geometries, object_type))
    return {"type": "FeatureCollection", "features": features}


def _geometries(
    graphic_type: GraphicTypeValues,
    points: npt.NDArray[np.float64],
    offsets: npt.NDArray[np.int64],
    decimals: int | None,
) -> Iterator[dict[str, Any]]:
    """Geometry of each annotation."""
    flags: Iterable[dict[str, Any]] = ()
    if graphic_type is GraphicTypeValues.ELLIPSE:
        flags = _ellipse_flags(points)
        points, offsets = outlines_of_ellipses(points)
    elif graphic_type is GraphicTypeValues.RECTANGLE:
        flags = [{"graphicType": "RECTANGLE"}] * (len(offsets) - 1)
    if graphic_type in _POLYGONS:
        points, offsets = closed_rings(points, offsets)
    if decimals is not None:
        points = points.round(decimals)
    positions, bounds = points.tolist(), offsets.tolist()
    pieces = (positions[start:end] for start, end in pairwise(bounds))
    if graphic_type is GraphicTypeValues.POINT:
        return ({"type": "Point", "coordinates": piece[0]} for piece in pieces)
    if graphic_type is GraphicTypeValues.POLYLINE:
        return ({"type": "LineString", "coordinates": piece} for piece in pieces)
    polygons = ({"type": "Polygon", "coordinates": [piece]} for piece in pieces)
    if flags:
        return (
            {**polygon, **flag} for polygon, flag in zip(polygons, flags, strict=True)
        )
    return polygons


def _ellipse_flags(points: npt.NDArray[np.float64]) -> list[dict[str, Any]]:
    """Say which ellipses QuPath can draw as such: those along the axes of the image."""
    ends = points.reshape(-1, 4, 2)
    major = np.abs(ends[:, 0] - ends[:, 1])
    is_along_axis = major.min(axis=1) <= 1e-6 * major.max(axis=1)
    plain = {"graphicType": "ELLIPSE"}
    along = {"isEllipse": True, **plain}
    return [along if flag else plain for flag in is_along_axis.tolist()]


def _features(
    group: AnnotationGroup, geometries: Iterator[dict[str, Any]], object_type: str
) -> Iterator[dict[str, Any]]:
    classification: dict[str, Any] = {"name": group.label}
    color = group.display_color
    if color is not None:
        classification["color"] = list(color.to_rgb(clip=True))
    fixed = {"objectType": object_type, "classification": classification}
    columns = group.measurement_columns()
    if not columns:
        for geometry in geometries:
            yield {"type": "Feature", "geometry": geometry, "properties": dict(fixed)}
        return
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    for geometry, row in zip(geometries, rows, strict=True):
        # A NaN is unequal to itself.
        measurements = {
            name: value
            for name, value in zip(columns, row, strict=True)
            if value == value  # noqa: PLR0124
        }
        properties = {**fixed, "measurements": measurements}
        yield {"type": "Feature", "geometry": geometry, "properties": properties}


def from_geojson(
    geojson: Mapping[str, Any] | Sequence[Any] | str | PathLike[str],
    *,
    annotated_property_category: AnyCode | Mapping[str, AnyCode],
    annotated_property_type: AnyCode | Mapping[str, AnyCode],
    algorithm_type: str | AnnotationGroupGenerationTypeValues,
    algorithm_identification: AlgorithmIdentificationSequence | None = None,
    measurements: Mapping[str, tuple[AnyCode, AnyCode]] | None = None,
    image: Dataset | None = None,
    first_number: int = 1,
) -> list[AnnotationGroup]:
    """Make annotation groups of GeoJSON (RFC 7946), such as QuPath writes.

    Parameters
    ----------
    geojson
        Feature collection, feature or list of features, or the path of a JSON file
        that holds one. Parts of multi-part geometries become annotations of their own.
    annotated_property_category, annotated_property_type
        What is annotated: a code, or one for each class by its name. Objects without
        a class are "Unclassified".
    algorithm_type, algorithm_identification
        How the annotations were made, as of :class:`AnnotationGroup`.
    measurements
        What measurements are kept: concept and unit by the name in the properties.
    image
        Image to whose total pixel matrix the positions refer. If it is given, groups
        have 3D coordinates, else 2D coordinates.
    first_number
        Number of the first group.

    Returns
    -------
    list of AnnotationGroup
        A group for each class and graphic type, in their order, labelled with the
        name of the class.

    Raises
    ------
    ArgumentTypeError
        If something is of the wrong type.
    InvalidArgumentError
        If it is no such GeoJSON, a class has no code, or a feature cannot be an
        annotation, such as a polygon with a hole; the message names the feature.

    Warns
    -----
    InformationLossWarning
        If there are measurements that are not kept.

    Examples
    --------
    >>> from highdicom.ann import from_geojson
    >>> from pydicom.sr.codedict import codes
    >>> feature = {
    ...     "type": "Feature",
    ...     "geometry": {"type": "Point", "coordinates": [3.5, 8.0]},
    ...     "properties": {"classification": {"name": "Tumor", "color": [200, 0, 0]}},
    ... }
    >>> (group,) = from_geojson(
    ...     feature,
    ...     annotated_property_category=codes.SCT.AnatomicalStructure,
    ...     annotated_property_type={"Tumor": codes.SCT.Nucleus},
    ...     algorithm_type="MANUAL",
    ... )
    >>> group.label, group.graphic_type.value
    ('Tumor', 'POINT')

    """
    kept = dict(measurements or {})
    classes = classes_of_objects(_decoded(geojson))
    _report_dropped(classes, kept)
    return [
        AnnotationGroup(
            number,
            UID(),
            objects.label,
            _code_of(annotated_property_category, objects.label, "category"),
            _code_of(annotated_property_type, objects.label, "type"),
            objects.graphic_type,
            _placed(objects.shapes, image),
            algorithm_type,
            algorithm_identification,
            measurements=_measurements(objects, kept) or None,
            display_color=CIELabColor.from_rgb(*objects.color)
            if objects.color
            else None,
        )
        for number, objects in enumerate(classes, first_number)
    ]


def _decoded(geojson: Any) -> Any:
    if not isinstance(geojson, (str, PathLike)):
        return geojson
    path = Path(geojson)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidArgumentError(
            f"'geojson' must be a JSON file, which {path.name} is not: {error}."
        ) from error


def _code_of(given: AnyCode | Mapping[str, AnyCode], label: str, what: str) -> AnyCode:
    if isinstance(given, (Code, CodedConcept)):
        return given
    name = f"annotated_property_{what}"
    if not isinstance(given, Mapping):
        raise ArgumentTypeError(
            f"'{name}' must be a code or codes by the name of the class, not "
            f"{type(given).__name__}."
        )
    if label not in given:
        raise InvalidArgumentError(f"'{name}' must have a code for {label!r}.")
    return given[label]


def _placed(shapes: RaggedCoordinates, image: Dataset | None) -> RaggedCoordinates:
    if image is None:
        return shapes
    transform = ImageToReferenceTransformer.for_image(
        image, for_total_pixel_matrix=True
    )
    return RaggedCoordinates(transform(shapes.coordinates), shapes.offsets)


def _measurements(
    objects: ClassOfObjects, kept: Mapping[str, tuple[AnyCode, AnyCode]]
) -> list[Measurements]:
    made = []
    for name, (concept, unit) in kept.items():
        values = objects.values(name)
        if not np.isnan(values).all():
            made.append(Measurements(concept, values, unit))
    return made


def _report_dropped(classes: Iterable[ClassOfObjects], kept: Mapping[str, Any]) -> None:
    names = {name for objects in classes for name in objects.measurements}
    dropped = sorted(names - set(kept))
    if dropped:
        warnings.warn(
            f"Measurements without a concept in 'measurements' are left out: "
            f"{', '.join(dropped[:5])}{' ...' if len(dropped) > 5 else ''}.",
            InformationLossWarning,
            stacklevel=3,
        )
