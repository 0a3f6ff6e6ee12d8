"""Rearrangement of voxels as one operation on the indices of a grid.

Permuting, flipping, cropping, padding and taking every n-th voxel all pick voxels of an
unbounded grid along its axes. An :class:`Arrangement` says which, so one array is moved
at most once and the affine matrix is multiplied once, whatever is asked.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from highdicom.arguments import member_of, whole_number
from highdicom.enum import PadModes
from highdicom.errors import ArgumentTypeError, InvalidArgumentError, VolumeIndexError
from highdicom.records import record
from highdicom.typing import Self

__all__ = [
    "Arrangement",
    "AxisRange",
    "Padding",
    "Shape",
    "as_axes",
    "as_shape",
]

Shape = tuple[int, int, int]

_FILLS: dict[PadModes, Callable[..., Any]] = {
    PadModes.MINIMUM: np.min,
    PadModes.MAXIMUM: np.max,
    PadModes.MEAN: np.mean,
    PadModes.MEDIAN: np.median,
}


class AxisRange(NamedTuple):
    """Equidistant grid points along an axis; they may lie outside the array.

    Parameters
    ----------
    start
        Zero-based index of the first point.
    step
        Distance between points, not zero.
    size
        Number of points, at least one.

    """

    start: int
    step: int
    size: int

    def as_slice(self) -> slice:
        """Give the points, all in the array, as a slice."""
        start, step, size = self
        stop = start + step * size
        return slice(start, None if stop < 0 else stop, step)

    def ascending(self) -> "AxisRange":
        """Give the same points in ascending order."""
        if self.step > 0:
            return self
        last = self.start + self.step * (self.size - 1)
        return AxisRange(last, -self.step, self.size)

    def inside(self, length: int) -> slice:
        """Find which of the points, in ascending order, lie in an array."""
        start, step, size = self.ascending()
        first = max(0, -(start // step))
        stop = min(size, (length - 1 - start) // step + 1)
        return slice(first, stop) if first < stop else slice(0, 0)

    def taken(self, inside: slice) -> slice:
        """Give the indices of some points, in ascending order, all in the array."""
        start, step, _ = self.ascending()
        if inside.start == inside.stop:
            return slice(0, 0)
        first = start + step * inside.start
        return slice(first, first + step * (inside.stop - inside.start - 1) + 1, step)


@record
class Padding:
    """What voxels outside the array get.

    Parameters
    ----------
    mode
        How their value is found.
    constant_value
        The value if the mode is constant; a fraction is cut for integer arrays.
    per_channel
        Whether minimum, maximum, mean and median are those of each channel rather
        than of the whole array.

    """

    mode: PadModes = PadModes.CONSTANT
    constant_value: float = 0.0
    per_channel: bool = False

    @classmethod
    def of(cls, mode: PadModes | str, constant_value: float, per_channel: bool) -> Self:
        """Take the arguments of a user.

        Raises
        ------
        InvalidArgumentError
            If there is no such mode.

        """
        value = mode.upper() if isinstance(mode, str) else mode
        checked = member_of(PadModes, value, "mode")
        return cls(checked, constant_value, bool(per_channel))

    def fill(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Find the value for an array, as a scalar or one value for each channel.

        Raises
        ------
        InvalidArgumentError
            If the array cannot hold the constant.

        """
        if self.mode is PadModes.CONSTANT:
            return _constant(self.constant_value, array.dtype)
        axes = (0, 1, 2) if self.per_channel else None
        value = _FILLS[self.mode](array, axis=axes)
        return np.asarray(value).astype(array.dtype)


def _constant(value: object, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    if not isinstance(value, int | float | np.integer | np.floating | np.bool_):
        raise ArgumentTypeError(
            f"'constant_value' must be a number, not {type(value).__name__}."
        )
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        # Not chained with "or", so that NaN fails, too.
        if not (limits.min <= value <= limits.max):
            raise InvalidArgumentError(
                f"'constant_value' must be between {limits.min} and {limits.max} for "
                f"an array of {dtype}, not {value}."
            )
        return np.asarray(int(value)).astype(dtype)
    return np.asarray(value).astype(dtype)


@record
class Arrangement:
    """Which voxels of a grid make up another one along the same directions.

    Parameters
    ----------
    axes
        Source axis of each axis of the result.
    ranges
        Points along it, in indices of the source, for each axis of the result.

    """

    axes: tuple[int, int, int]
    ranges: tuple[AxisRange, AxisRange, AxisRange]

    @classmethod
    def of_axes(
        cls, shape: Sequence[int], axes: Sequence[int], flipped: Iterable[int] = ()
    ) -> Self:
        """Put the axes of a whole grid in another order and turn some around.

        Parameters
        ----------
        shape
            Shape of the grid.
        axes
            Source axis of each axis of the result.
        flipped
            Source axes to turn around.

        """
        reverse = set(flipped)
        return cls.of_ranges(
            axes,
            (
                AxisRange(shape[a] - 1, -1, shape[a])
                if a in reverse
                else AxisRange(0, 1, shape[a])
                for a in axes
            ),
        )

    @classmethod
    def of_widths(cls, shape: Sequence[int], widths: Sequence[Sequence[int]]) -> Self:
        """Add voxels before and after each axis; negative numbers take some away."""
        return cls.of_ranges(
            (0, 1, 2),
            (
                AxisRange(-before, 1, before + size + after)
                for size, (before, after) in zip(shape, widths, strict=True)
            ),
        )

    @classmethod
    def of_index(cls, shape: Sequence[int], index: object) -> Self:
        """Index a grid with integers and slices; all three axes stay.

        Raises
        ------
        VolumeIndexError
            If an integer is out of bounds, nothing is selected or there are more
            than three indices.
        InvalidArgumentError
            If an end of a slice is out of bounds.
        ArgumentTypeError
            If an index is neither an integer nor a slice.

        """
        parts = index if isinstance(index, tuple) else (index,)
        if len(parts) > 3:
            raise VolumeIndexError(
                f"A volume is indexed along its 3 spatial axes, not {len(parts)}."
            )
        parts += (slice(None),) * (3 - len(parts))
        return cls.of_ranges(
            (0, 1, 2),
            (_indexed(p, axis, shape[axis]) for axis, p in enumerate(parts)),
        )

    @classmethod
    def of_ranges(cls, axes: Iterable[int], ranges: Iterable[AxisRange]) -> Self:
        """Pick points along each source axis, in the order of the result's axes."""
        return cls(
            cast("tuple[int, int, int]", tuple(axes)),
            cast("tuple[AxisRange, AxisRange, AxisRange]", tuple(ranges)),
        )

    @property
    def shape(self) -> Shape:
        """Shape of the result."""
        first, second, third = (r.size for r in self.ranges)
        return first, second, third

    @property
    def matrix(self) -> npt.NDArray[np.float64]:
        """Affine matrix, shape (4, 4), from indices of the result to the source's."""
        rows = [[0.0] * 4, [0.0] * 4, [0.0] * 4, [0.0, 0.0, 0.0, 1.0]]
        for target, (source, points) in enumerate(
            zip(self.axes, self.ranges, strict=True)
        ):
            rows[source][target] = points.step
            rows[source][3] = points.start
        return np.array(rows, np.float64)

    def is_identity(self, shape: Sequence[int]) -> bool:
        """Whether the result is the whole source as it is."""
        return self.axes == (0, 1, 2) and all(
            points == (0, 1, size)
            for points, size in zip(self.ranges, shape, strict=True)
        )

    def fits(self, shape: Sequence[int]) -> bool:
        """Whether all voxels of the result are those of an array of the shape."""
        return all(
            0 <= points.start < shape[axis]
            and 0 <= points.start + points.step * (points.size - 1) < shape[axis]
            for axis, points in zip(self.axes, self.ranges, strict=True)
        )

    def _of_source(self) -> list[AxisRange]:
        """Give the points along each axis of the source."""
        by_axis = dict(zip(self.axes, self.ranges, strict=True))
        return [by_axis[axis] for axis in range(3)]

    def apply(
        self, array: npt.NDArray[Any], padding: Padding | None = None
    ) -> npt.NDArray[Any]:
        """Rearrange an array.

        Parameters
        ----------
        array
            Array of at least three axes; further ones are channels and stay.
        padding
            What voxels outside the array get. If it is not given, all must be inside.

        Returns
        -------
        numpy.ndarray
            A view if no padding is given, otherwise a view of a new array that lies
            in memory like the source, which is the fastest to copy.

        """
        points = self._of_source()
        if padding is None:
            part: npt.NDArray[Any] = array[tuple(p.as_slice() for p in points)]
        else:
            flips = tuple(slice(None, None, -1 if p.step < 0 else 1) for p in points)
            part = _padded(array, points, padding)[flips]
        result: npt.NDArray[Any] = part.transpose(*self.axes, *range(3, array.ndim))
        return result


def _padded(
    array: npt.NDArray[Any], points: Sequence[AxisRange], padding: Padding
) -> npt.NDArray[Any]:
    """Copy voxels at points in ascending order, and set those outside the array."""
    if padding.mode is PadModes.EDGE:
        array, points = _nearest(array, points)
    inside = [p.inside(length) for p, length in zip(points, array.shape, strict=False)]
    taken = [p.taken(i) for p, i in zip(points, inside, strict=True)]
    shape = (*(p.size for p in points), *array.shape[3:])
    result = np.empty_like(array, order="K", subok=False, shape=shape)
    result[tuple(inside)] = array[tuple(taken)]
    if padding.mode is PadModes.EDGE:
        _extend(result, inside)
    elif any(i != slice(0, p.size) for p, i in zip(points, inside, strict=True)):
        _surround(result, inside, padding.fill(array))
    return result


def _nearest(
    array: npt.NDArray[Any], points: Sequence[AxisRange]
) -> tuple[npt.NDArray[Any], list[AxisRange]]:
    """Take the nearest planes where repeating the outermost ones cannot do it."""
    resolved = list(points)
    for axis, (start, step, size) in enumerate(p.ascending() for p in points):
        length = array.shape[axis]
        if step > 1 or points[axis].inside(length) == slice(0, 0):
            indices = start + step * np.arange(size)
            array = array.take(indices.clip(0, length - 1), axis=axis)
            resolved[axis] = AxisRange(0, 1, size)
    return array, resolved


def _extend(result: npt.NDArray[Any], filled: Sequence[slice]) -> None:
    """Repeat the outermost planes of what is filled, axis by axis."""
    block = list(filled)
    for axis, (first, stop) in enumerate((f.start, f.stop) for f in filled):
        for outside, edge in (
            (slice(0, first), slice(first, first + 1)),
            (slice(stop, None), slice(stop - 1, stop)),
        ):
            target, source = list(block), list(block)
            target[axis], source[axis] = outside, edge
            result[tuple(target)] = result[tuple(source)]
        block[axis] = slice(None)


def _surround(
    result: npt.NDArray[Any], filled: Sequence[slice], value: npt.NDArray[Any]
) -> None:
    """Set what lies outside of what is filled."""
    for axis, (first, stop) in enumerate((f.start, f.stop) for f in filled):
        target = list(filled[: axis + 1])
        for outside in (slice(0, first), slice(stop, None)):
            target[axis] = outside
            result[tuple(target)] = value


def _indexed(part: object, axis: int, size: int) -> AxisRange:
    if isinstance(part, slice):
        return _sliced(part, axis, size)
    if not isinstance(part, int | np.integer):
        raise ArgumentTypeError(
            f"A volume is indexed by integers and slices, not {type(part).__name__}."
        )
    if not -size <= part < size:
        raise VolumeIndexError(
            f"Index {part} is out of bounds for axis {axis} of size {size}."
        )
    return AxisRange(int(part) % size, 1, 1)


def _sliced(part: slice, axis: int, size: int) -> AxisRange:
    try:
        points = range(*part.indices(size))
    except TypeError as error:
        raise ArgumentTypeError(
            f"Ends and steps of slices must be integers, not as in {part}."
        ) from error
    except ValueError as error:
        raise InvalidArgumentError("The step of a slice must not be zero.") from error
    start = 0 if part.start is None else part.start
    stop = 0 if part.stop is None else part.stop
    if not (-size <= start < size and -size - 1 <= stop <= size):
        raise InvalidArgumentError(
            f"{part} is out of bounds for axis {axis} of size {size}."
        )
    if not points:
        raise VolumeIndexError(f"{part} selects nothing of axis {axis}.")
    return AxisRange(points.start, points.step, len(points))


def as_shape(value: object, name: str) -> Shape:
    """Check a shape along the three spatial axes.

    Raises
    ------
    InvalidArgumentError
        If it has not three sizes of at least one.
    ArgumentTypeError
        If it is not a sequence of integers.

    """
    if isinstance(value, str) or not isinstance(value, Sequence | np.ndarray):
        raise ArgumentTypeError(
            f"{name!r} must be a sequence of integers, not {type(value).__name__}."
        )
    if len(value) != 3:
        raise InvalidArgumentError(f"{name!r} must have 3 items, not {len(value)}.")
    first, second, third = (whole_number(size, name, lowest=1) for size in value)
    return first, second, third


def as_axes(value: object, name: str) -> tuple[int, ...]:
    """Check a sequence of spatial axes.

    Raises
    ------
    InvalidArgumentError
        If an item is none of 0, 1 and 2.
    ArgumentTypeError
        If it is not a sequence of integers.

    """
    if not isinstance(value, Iterable):
        raise ArgumentTypeError(
            f"{name!r} must be a sequence of axes, not {type(value).__name__}."
        )
    axes = tuple(whole_number(item, name, lowest=0) for item in value)
    if not set(axes) <= {0, 1, 2}:
        raise InvalidArgumentError(
            f"{name!r} must contain only the axes 0, 1 and 2, not {list(axes)}."
        )
    return axes
