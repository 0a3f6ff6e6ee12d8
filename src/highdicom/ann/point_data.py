"""Points of a group as data elements (PS3.3 C.37.1.2).

Point Coordinates Data hold the coordinates of all points of all annotations. Where
annotations differ in their number of points, Long Primitive Point Index List says where
each begins: the one-based place, among the single coordinates, of the first coordinate
of its first point.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.ann.coordinates import (
    NUMBER_OF_POINTS,
    PART,
    RaggedCoordinates,
    wrong_lengths,
)
from highdicom.ann.enum import AnnotationCoordinateTypeValues, GraphicTypeValues
from highdicom.encoding.elements import put, tag_of
from highdicom.errors import (
    AnnotationIndexError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.policy import tolerate

__all__ = [
    "POINT_DATA",
    "PointData",
    "put_points",
    "read_points",
    "stored_numbers",
    "unpacked",
]

_FLOAT, _DOUBLE = "PointCoordinatesData", "DoublePointCoordinatesData"
_TYPES: dict[str, np.dtype[Any]] = {_FLOAT: np.dtype("<f4"), _DOUBLE: np.dtype("<f8")}
_INDICES = "LongPrimitivePointIndexList"
_COMMON_Z = "CommonZCoordinateValue"
_WITH_INDICES = (GraphicTypeValues.POLYLINE, GraphicTypeValues.POLYGON)
# What the length of an element and an index of a coordinate can be (PS3.5 6.2, 7.1).
_MOST_BYTES = _MOST_COORDINATES = 2**32 - 2

POINT_DATA = tuple(map(tag_of, (_FLOAT, _DOUBLE, _INDICES, _COMMON_Z)))
"""Tags of the elements that hold the points of a group."""


class PointData(NamedTuple):
    """Points of a group as they are stored.

    Parameters
    ----------
    shapes
        Points of each annotation, of two coordinates if there are common z
        coordinates, else of as many as the coordinate type has.
    common_z
        Z coordinates of the planes that all annotations lie in, in millimetres.

    """

    shapes: RaggedCoordinates
    common_z: tuple[float, ...]


def put_points(
    dataset: Dataset,
    shapes: RaggedCoordinates,
    graphic_type: GraphicTypeValues,
    group: str,
) -> None:
    """Store the points of a group; a z coordinate that all share is stored once.

    Parameters
    ----------
    dataset
        Item of the group.
    shapes
        Points of each annotation, checked.
    graphic_type
        What they are.
    group
        Name of the group for messages.

    Raises
    ------
    InvalidArgumentError
        If there are more points than an element can hold.

    """
    points = shapes.coordinates
    is_spatial = points.shape[1] == 3
    if is_spatial and (points[:, 2] == points[0, 2]).all():
        put(dataset, _COMMON_Z, float(points[0, 2]))
        points = points[:, :2]
    if is_spatial:
        put(dataset, "AnnotationAppliesToAllZPlanes", "NO")
    if points.nbytes > _MOST_BYTES or points.size > _MOST_COORDINATES:
        raise InvalidArgumentError(
            f"'graphic_data' of {group} must be at most 4 GiB, which an element can "
            f"hold, not {points.nbytes / 2**30:.1f} GiB: make several groups of it."
        )
    keyword = _FLOAT if points.dtype.itemsize == 4 else _DOUBLE
    put(dataset, keyword, points.astype(_TYPES[keyword], copy=False).tobytes())
    if graphic_type in _WITH_INDICES:
        indices = shapes.offsets[:-1] * points.shape[1] + 1
        put(dataset, _INDICES, indices.astype("<u4").tobytes())


def read_points(
    dataset: Dataset,
    graphic_type: GraphicTypeValues,
    coordinate_type: AnnotationCoordinateTypeValues,
    group: str,
) -> PointData:
    """Find the points of each annotation of a group.

    Parameters
    ----------
    dataset
        Item of the group.
    graphic_type
        What the annotations are.
    coordinate_type
        What the coordinates refer to.
    group
        Name of the group for messages.

    Raises
    ------
    MissingAttributeError
        If an element is missing.
    InvalidAttributeError
        If the coordinates are not those of whole points.
    AnnotationIndexError
        If the index list points outside or into the middle of a point, or falls.

    """
    common_z = tuple(map(float, _values(dataset, _COMMON_Z)))
    is_flat = coordinate_type is AnnotationCoordinateTypeValues.SCOORD or common_z
    columns = 2 if is_flat else 3
    values = _coordinates(dataset, group)
    if values.size % columns:
        raise InvalidAttributeError(
            f"The points of {group} must have {columns} coordinates each, but there "
            f"are {values.size} coordinates.",
            keyword=_FLOAT,
        )
    points = values.reshape(-1, columns)
    if graphic_type in _WITH_INDICES:
        offsets = _offsets(dataset, points, group)
    else:
        offsets = _regular_offsets(len(points), graphic_type, group)
    shapes = RaggedCoordinates.trusted(points, offsets)
    _report_deviations(dataset, shapes, graphic_type, group)
    return PointData(shapes, common_z)


def unpacked(data: PointData, plane: int | None, group: str) -> RaggedCoordinates:
    """Give the points of spatial coordinates their z coordinate.

    Parameters
    ----------
    data
        Points as stored.
    plane
        Zero-based index among several common z coordinates.
    group
        Name of the group for messages.

    Raises
    ------
    InvalidArgumentError
        If there are several common z coordinates and none is chosen, or there is no
        such one.

    """
    shapes, common_z = data
    if not common_z:
        return shapes
    if plane is None and len(common_z) > 1:
        raise InvalidArgumentError(
            f"The annotations of {group} lie in {len(common_z)} planes, of z "
            f"coordinates {', '.join(map(str, common_z))}: choose one by 'plane' of "
            "get_ragged_coordinates."
        )
    if plane is not None and not 0 <= plane < len(common_z):
        raise InvalidArgumentError(
            f"'plane' must be from 0 to {len(common_z) - 1} for {group}, not {plane}."
        )
    points = np.empty((len(shapes.coordinates), 3), shapes.coordinates.dtype)
    points[:, :2] = shapes.coordinates
    points[:, 2] = common_z[plane or 0]
    return RaggedCoordinates.trusted(points, shapes.offsets)


def _values(dataset: Dataset, keyword: str) -> list[Any]:
    """Values of an element of any number of values."""
    value = dataset.get(keyword)
    if value is None:
        return []
    return (
        list(value) if isinstance(value, (list, tuple)) or _several(value) else [value]
    )


def _several(value: Any) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, (str, bytes))


def stored_numbers(
    dataset: Dataset, keyword: str, dtype: np.dtype[Any], owner: str = "the item"
) -> npt.NDArray[Any]:
    """Numbers of an element that holds them as bytes, none if it is absent.

    Parameters
    ----------
    dataset
        Item that has the element.
    keyword
        Keyword of the element.
    dtype
        Type of the numbers, little endian.
    owner
        Name of the item for messages.

    Raises
    ------
    InvalidAttributeError
        If they are not whole numbers.

    """
    value = dataset.get(keyword) or b""
    if len(value) % dtype.itemsize:
        raise InvalidAttributeError(
            f"{keyword} of {owner} must be of whole numbers of {dtype.itemsize} bytes, "
            f"not of {len(value)} bytes.",
            keyword=keyword,
        )
    # pydicom leaves these bytes in the order of the file.
    if dataset.original_encoding[1] is False:
        return np.frombuffer(value, dtype.newbyteorder(">")).astype(dtype)
    return np.frombuffer(value, dtype)


def _coordinates(dataset: Dataset, group: str) -> npt.NDArray[Any]:
    present = [keyword for keyword in _TYPES if keyword in dataset]
    if not present:
        raise MissingAttributeError(
            f"The item of {group} must have {_FLOAT} or {_DOUBLE}.", keyword=_FLOAT
        )
    if len(present) > 1:
        tolerate(
            f"{group} has both {_FLOAT} and {_DOUBLE}",
            "the latter are read",
            keyword=_FLOAT,
            stacklevel=6,
        )
    keyword = present[-1]
    return stored_numbers(dataset, keyword, _TYPES[keyword], group)


def _regular_offsets(
    number_of_points: int, graphic_type: GraphicTypeValues, group: str
) -> npt.NDArray[np.int64]:
    length = NUMBER_OF_POINTS[graphic_type].least
    if number_of_points % length:
        raise InvalidAttributeError(
            f"The annotations of {group} must have {length} points each as a "
            f"{graphic_type.value}, but there are {number_of_points} points.",
            keyword=_FLOAT,
        )
    return np.arange(0, number_of_points + 1, length)


def _offsets(
    dataset: Dataset, points: npt.NDArray[Any], group: str
) -> npt.NDArray[np.int64]:
    if _INDICES not in dataset:
        raise MissingAttributeError(
            f"The item of {group} must have {_INDICES}.", keyword=_INDICES
        )
    indices = stored_numbers(dataset, _INDICES, np.dtype("<u4"), group)
    columns = points.shape[1]
    offsets = np.empty(len(indices) + 1, np.int64)
    offsets[-1] = len(points)
    remainders = 0
    for first in range(0, len(indices), PART):
        # 0 is no index; it becomes one that lies outside.
        places = indices[first : first + PART] - np.uint32(1)
        part = offsets[first : first + len(places)]
        np.floor_divide(places, np.uint32(columns), out=part)
        # None is negative, so that there is none if their sum is zero.
        remainders += int(places.sum(dtype=np.int64)) - columns * int(part.sum())
    is_rising = not (offsets[1:] <= offsets[:-1]).any()
    if remainders or not is_rising or indices[:1].tolist() not in ([], [1]):
        _check_indices(indices, offsets, columns, group)
    return offsets


def _check_indices(
    indices: npt.NDArray[np.uint32],
    offsets: npt.NDArray[np.int64],
    columns: int,
    group: str,
) -> None:
    """Name the first annotation that begins where it cannot begin."""
    places = indices - np.uint32(1)
    is_wrong = offsets[:-1] * columns != places
    is_wrong |= offsets[:-1] >= offsets[-1]
    is_wrong[1:] |= offsets[1:-1] < offsets[:-2]
    is_wrong[:1] |= places[:1] != 0
    if is_wrong.any():
        first = int(is_wrong.argmax())
        raise AnnotationIndexError(
            f"Annotation {first + 1} of {group} must begin at the first coordinate of "
            f"a point, not before the annotation in front of it, and the first one at "
            f"index 1: {_INDICES} says {indices[first]} for it, of "
            f"{offsets[-1] * columns} coordinates, {columns} a point (PS3.3 "
            "C.37.1.2).",
            keyword=_INDICES,
        )


def _report_deviations(
    dataset: Dataset,
    shapes: RaggedCoordinates,
    graphic_type: GraphicTypeValues,
    group: str,
) -> None:
    """Say what does not hinder reading."""
    number = dataset.get("NumberOfAnnotations")
    if number != len(shapes):
        tolerate(
            f"{group} says that it has {number} annotations, but has {len(shapes)}",
            "all that there are are read",
            keyword="NumberOfAnnotations",
            stacklevel=6,
        )
    wrong = wrong_lengths(shapes, graphic_type)
    if len(wrong):
        tolerate(
            f"annotation {wrong[0] + 1} of {group}, a {graphic_type.value}, has "
            f"{shapes.lengths[wrong[0]]} points, not "
            f"{NUMBER_OF_POINTS[graphic_type].name}",
            "it is read as it is",
            keyword=_INDICES,
            stacklevel=6,
        )
