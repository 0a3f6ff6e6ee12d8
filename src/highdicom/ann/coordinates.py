"""Points of many annotations as one array: checked, packed into elements, read back.

The coordinates of all annotations of a group are kept as one array, and offsets say
where each annotation begins. Nothing here loops over annotations but where a list of
arrays, one for each, is taken or given.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple, NoReturn, overload

import numpy as np
import numpy.typing as npt

from highdicom.ann.enum import GraphicTypeValues
from highdicom.ann.shapely import offsets_of_geometries
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.typing import Self

__all__ = [
    "NUMBER_OF_POINTS",
    "PART",
    "PointCount",
    "RaggedCoordinates",
    "check_shapes",
    "wrong_lengths",
]

Coordinates = npt.NDArray[np.floating[Any]]
Offsets = npt.NDArray[np.int64]
_FEW = 4096
PART = 2**15
"""Offsets that are looked at together: memory for all of them takes long to come by."""

_NUMBERS = "iuf"


class PointCount(NamedTuple):
    """How many points an annotation has."""

    least: int
    most: int | None
    name: str


NUMBER_OF_POINTS = {
    GraphicTypeValues.POINT: PointCount(1, 1, "exactly one point"),
    GraphicTypeValues.POLYLINE: PointCount(2, None, "two points or more"),
    GraphicTypeValues.POLYGON: PointCount(3, None, "three points or more"),
    GraphicTypeValues.ELLIPSE: PointCount(4, 4, "exactly four points"),
    GraphicTypeValues.RECTANGLE: PointCount(4, 4, "exactly four points"),
}
"""Number of points by graphic type (PS3.3 C.37.1.2.1.1)."""


class RaggedCoordinates(Sequence[npt.NDArray[Any]]):
    """Points of many annotations in one array, and where each annotation begins.

    It is a sequence of arrays, each a view of the points of one annotation, and can be
    given wherever a list of such arrays can. The arrays cannot be written to.

    Parameters
    ----------
    coordinates
        Points of all annotations, one after the other, shape (p, 2) for (x, y) or
        (p, 3) for (x, y, z). Other types than 32-bit and 64-bit floating point numbers
        are converted to the smaller of these that holds the values.
    offsets
        Zero-based row of `coordinates` at which each annotation begins, and at last
        their number, p: shape (n + 1,), integers.

    Raises
    ------
    ArgumentTypeError
        If the coordinates are no numbers, or the offsets no integers.
    InvalidArgumentError
        If a shape is wrong, or the offsets do not rise from 0 to p.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.ann import RaggedCoordinates
    >>> points = np.array([[1, 1], [4, 1], [4, 3], [8, 8], [9, 8], [9, 9], [8, 9]])
    >>> polygons = RaggedCoordinates(points, [0, 3, 7])
    >>> len(polygons), polygons[0].tolist()
    (2, [[1.0, 1.0], [4.0, 1.0], [4.0, 3.0]])

    """

    __slots__ = ("_coordinates", "_offsets")

    def __init__(self, coordinates: npt.ArrayLike, offsets: npt.ArrayLike) -> None:
        points = _as_float(np.asarray(coordinates), "coordinates")
        if points.ndim != 2 or points.shape[1] not in {2, 3}:
            raise InvalidArgumentError(
                "'coordinates' must have the shape (p, 2) or (p, 3), not "
                f"{points.shape}."
            )
        starts = np.asarray(offsets)
        if starts.dtype.kind not in "iu":
            raise ArgumentTypeError(
                f"'offsets' must be integers, not of type {starts.dtype}."
            )
        starts = starts.astype(np.int64)
        if (
            starts.ndim != 1
            or starts.size == 0
            or starts[0] != 0
            or starts[-1] != len(points)
            or (starts[1:] < starts[:-1]).any()
        ):
            raise InvalidArgumentError(
                "'offsets' must rise from 0 to the number of points, which is "
                f"{len(points)}, in one dimension."
            )
        self._hold(points, starts)

    @classmethod
    def trusted(cls, coordinates: Coordinates, offsets: Offsets) -> Self:
        """Take arrays that are known to be right, without a check."""
        ragged = cls.__new__(cls)
        ragged._hold(coordinates, offsets)  # noqa: SLF001
        return ragged

    def _hold(self, coordinates: Coordinates, offsets: Offsets) -> None:
        self._coordinates = _read_only(coordinates)
        self._offsets = _read_only(offsets)

    @classmethod
    def from_arrays(cls, arrays: Sequence[Any] | npt.NDArray[Any]) -> Self:
        """Join the points of annotations.

        Parameters
        ----------
        arrays
            An array of shape (number of points, 2) or (number of points, 3) for each
            annotation, or all in one array of shape (n, number of points, 2 or 3).

        Raises
        ------
        ArgumentTypeError
            If it is no sequence of arrays of numbers.
        InvalidArgumentError
            If shapes are wrong; the message names the annotation.

        """
        given: Any = arrays
        if isinstance(given, cls):
            return given
        if isinstance(given, np.ndarray) and given.ndim == 3:
            count, length, columns = given.shape
            return cls(
                given.reshape(count * length, columns), np.arange(count + 1) * length
            )
        if isinstance(given, (str, bytes)) or not isinstance(
            given, (Sequence, np.ndarray)
        ):
            raise ArgumentTypeError(
                "Points of annotations must be a sequence of arrays, not "
                f"{type(given).__name__}."
            )
        if not len(given):
            return cls(np.empty((0, 2)), [0])
        offsets = np.zeros(len(given) + 1, np.int64)
        points: npt.NDArray[Any] = np.empty(0)
        try:
            points = np.concatenate(given)
            offsets[1:] = np.fromiter(map(len, given), np.int64, len(given))
        except (ValueError, TypeError):
            _refuse_shapes(given)
        if points.ndim != 2 or points.shape[-1] not in {2, 3}:
            _refuse_shapes(given)
        if points.dtype.kind not in _NUMBERS:
            _refuse_types(given)
        np.cumsum(offsets, out=offsets)
        return cls.trusted(_as_float(points, "graphic_data"), offsets)

    @classmethod
    def from_shapely(cls, geometries: Any) -> Self:
        """Take the points of Shapely geometries.

        Parameters
        ----------
        geometries
            Points, line strings or polygons without holes, all of one kind: a
            sequence, an array, or a GeoSeries of GeoPandas.

        Raises
        ------
        InvalidArgumentError
            If kinds are mixed or others, or a polygon has a hole.
        MissingDependencyError
            If Shapely is not installed.

        """
        return cls(*offsets_of_geometries(geometries))

    @property
    def coordinates(self) -> Coordinates:
        """Points of all annotations, shape (p, 2) or (p, 3)."""
        return self._coordinates

    @property
    def offsets(self) -> Offsets:
        """Zero-based row at which each annotation begins, and p, shape (n + 1,)."""
        return self._offsets

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Number of points of each annotation, shape (n,)."""
        lengths: npt.NDArray[np.int64] = np.diff(self._offsets)
        return lengths

    def to_list(self) -> list[npt.NDArray[Any]]:
        """Points of each annotation as a view of its own."""
        points, offsets = self._coordinates, self._offsets
        # Few integers at a time: memory for all of them takes long to come by.
        bounds = chain.from_iterable(
            offsets[first : first + _FEW].tolist()
            for first in range(0, len(offsets), _FEW)
        )
        start = next(bounds)
        return [points[start : (start := end)] for end in bounds]

    def annotation_of(self, row: int) -> int:
        """One-based number of the annotation that a zero-based row belongs to."""
        return int(np.searchsorted(self._offsets, row, side="right"))

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, index: int) -> npt.NDArray[Any]: ...

    @overload
    def __getitem__(self, index: slice) -> list[npt.NDArray[Any]]: ...

    def __getitem__(self, index: int | slice) -> Any:
        """Points of one annotation by zero-based index, or of several as a list."""
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        return self._coordinates[self._offsets[place] : self._offsets[place + 1]]

    def __iter__(self) -> Iterator[npt.NDArray[Any]]:
        return iter(self.to_list())

    def __deepcopy__(self, _: dict[int, Any]) -> Self:
        """Nothing in it changes, so that it need not be copied."""
        return self

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} of {len(self)} annotations, "
            f"{len(self._coordinates)} points>"
        )


def check_shapes(
    shapes: RaggedCoordinates, graphic_type: GraphicTypeValues, group: str
) -> None:
    """Check the points of a new group.

    Parameters
    ----------
    shapes
        Points of each annotation.
    graphic_type
        What they are to be.
    group
        Name of the group for messages.

    Raises
    ------
    InvalidArgumentError
        If there are no annotations, one has not as many points as its graphic type
        asks for, is a polygon that repeats its first point, or has a coordinate that
        is not finite.

    """
    if not len(shapes):
        raise InvalidArgumentError(
            f"'graphic_data' of {group} must have one annotation or more, not none."
        )
    wrong = wrong_lengths(shapes, graphic_type)
    if len(wrong):
        found = int(shapes.lengths[wrong[0]])
        raise InvalidArgumentError(
            f"Annotation {wrong[0] + 1} of {group} must have "
            f"{NUMBER_OF_POINTS[graphic_type].name} ({graphic_type.value}), not "
            f"{found} (PS3.3 C.37.1.2.1.1)."
        )
    _check_finite(shapes, group)
    if graphic_type is GraphicTypeValues.POLYGON:
        _check_open(shapes, group)


def wrong_lengths(
    shapes: RaggedCoordinates, graphic_type: GraphicTypeValues
) -> npt.NDArray[np.int64]:
    """Zero-based indices of annotations that have too few or too many points."""
    least, most, _ = NUMBER_OF_POINTS[graphic_type]
    if _are_between(shapes.offsets, least, most):
        return np.empty(0, np.int64)
    lengths = shapes.lengths
    is_wrong = lengths < least
    if most is not None:
        is_wrong |= lengths > most
    return np.flatnonzero(is_wrong)


def _are_between(offsets: Offsets, least: int, most: int | None) -> bool:
    """Whether all numbers of points are allowed."""
    for first in range(0, len(offsets) - 1, PART):
        part = offsets[first : first + PART + 1]
        lengths = part[1:] - part[:-1]
        if lengths.min() < least or (most is not None and lengths.max() > most):
            return False
    return True


def _check_finite(shapes: RaggedCoordinates, group: str) -> None:
    # Both pass a NaN on, and need no array of flags.
    points = shapes.coordinates
    if np.isfinite(points.min()) and np.isfinite(points.max()):
        return
    row = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0])
    raise InvalidArgumentError(
        f"Annotation {shapes.annotation_of(row)} of {group} must have finite "
        f"coordinates, not {tuple(points[row].tolist())}."
    )


def _check_open(shapes: RaggedCoordinates, group: str) -> None:
    points, offsets = shapes.coordinates, shapes.offsets
    closed = (points[offsets[:-1]] == points[offsets[1:] - 1]).all(axis=1)
    if closed.any():
        raise InvalidArgumentError(
            f"Annotation {int(closed.argmax()) + 1} of {group} must not repeat its "
            "first point at its end: other than in structured reports, a POLYGON is "
            "closed by itself (PS3.3 C.37.1.2.1.1)."
        )


def _read_only(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    view: npt.NDArray[Any] = array.view()
    view.flags.writeable = False
    return view


_LARGEST_EXACT = 2**24
"""Integers up to this one are exact as 32-bit floating point numbers."""


def _as_float(array: npt.NDArray[Any], name: str) -> Coordinates:
    """Give coordinates one of the two types that they are stored in."""
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind not in _NUMBERS:
        raise _wrong_type(f"'{name}'", array.dtype)
    if kind == "f":
        floating: Coordinates = array.astype(f"=f{min(max(size, 4), 8)}", copy=False)
        return floating
    fits = array.size == 0 or (
        array.min() >= -_LARGEST_EXACT and array.max() <= _LARGEST_EXACT
    )
    converted: Coordinates = array.astype(np.float32 if fits else np.float64)
    return converted


def _wrong_type(what: str, dtype: np.dtype[Any]) -> ArgumentTypeError:
    return ArgumentTypeError(
        f"{what} must be of 32-bit or 64-bit floating point numbers or of integers, "
        f"not of type {dtype}."
    )


def _refuse_types(arrays: Sequence[Any] | npt.NDArray[Any]) -> None:
    """Name the annotation whose points are no numbers."""
    for number, array in enumerate(arrays, 1):
        dtype = np.asarray(array).dtype
        if dtype.kind not in _NUMBERS:
            raise _wrong_type(f"Annotation {number}", dtype)


def _refuse_shapes(arrays: Sequence[Any] | npt.NDArray[Any]) -> NoReturn:
    """Name the annotation whose shape keeps the arrays from being joined."""
    columns = None
    for number, array in enumerate(arrays, 1):
        points = np.asarray(array)
        if points.ndim != 2 or points.shape[1] not in {2, 3}:
            raise InvalidArgumentError(
                f"Annotation {number} must be an array of shape (number of points, 2) "
                f"or (number of points, 3), not {points.shape}."
            )
        if columns not in {None, points.shape[1]}:
            raise InvalidArgumentError(
                f"Annotation {number} must have {columns} coordinates a point, as "
                f"those before it have, not {points.shape[1]}."
            )
        columns = points.shape[1]
    raise InvalidArgumentError("Points of annotations cannot be joined.")
