"""From the pixels that users give to the planes of segments."""

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.image.threads import in_threads, parts_of
from highdicom.records import record
from highdicom.seg.enum import SegmentationTypeValues, SegmentsOverlapValues
from highdicom.seg.segments import SegmentTable

__all__ = ["Extent", "PlaneArray", "SegmentPlanes", "Strip", "TileArray"]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]

_DTYPES = ("bool", "uint8", "uint16", "float32", "float64")


class Extent(NamedTuple):
    """The part of a strip in which a segment has all its pixels, half open."""

    segment_number: int
    first_row: int
    end_row: int
    first_column: int
    end_column: int


class Strip(NamedTuple):
    """Planes that lie side by side in one array, from left to right."""

    first_plane: int
    number_of_planes: int
    pixels: Array


class PlaneArray:
    """Planes of an array (plane, row, column[, segment]).

    Parameters
    ----------
    array
        Pixels; they are not changed.

    """

    def __init__(self, array: Array) -> None:
        self.array = array

    def __len__(self) -> int:
        """Count the planes."""
        return len(self.array)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of a plane."""
        return self.array.shape[1], self.array.shape[2]

    def __getitem__(self, plane: int) -> Array:
        """Give a plane as a view."""
        view: Array = self.array[plane]
        return view

    @property
    def number_of_strips(self) -> int:
        """Count the strips: each plane is one by itself."""
        return len(self)

    def strip(self, number: int) -> Strip:
        """Give a strip by its zero-based number."""
        return Strip(number, 1, self.array[number])


class TileArray:
    """Tiles of a total pixel matrix (row, column[, segment]), row by row.

    Parameters
    ----------
    matrix
        Pixels; they are not changed.
    tile
        Rows and columns of a tile.

    """

    def __init__(self, matrix: Array, tile: tuple[int, int]) -> None:
        self.array = matrix
        self.shape = tile
        self._across = -(-matrix.shape[1] // tile[1])
        self._down = -(-matrix.shape[0] // tile[0])

    def __len__(self) -> int:
        """Count the tiles."""
        return int(self._across * self._down)

    def __getitem__(self, number: int) -> Array:
        """Give a tile: a view, or padded with zeros beyond the matrix."""
        down, across = divmod(number, self._across)
        rows, columns = self.shape
        tile = self.array[
            down * rows : (down + 1) * rows, across * columns : (across + 1) * columns
        ]
        missing = (rows - tile.shape[0], columns - tile.shape[1])
        if not any(missing):
            return tile
        padding = [(0, missing[0]), (0, missing[1])] + [(0, 0)] * (tile.ndim - 2)
        return np.pad(tile, padding)

    @property
    def number_of_strips(self) -> int:
        """Count the strips: the rows of tiles."""
        return int(self._down)

    def strip(self, number: int) -> Strip:
        """Give a strip by its zero-based number; the last may lack rows and columns."""
        rows = self.array[number * self.shape[0] : (number + 1) * self.shape[0]]
        # Those of a coarser level are taken from among those of the finest.
        pixels = np.ascontiguousarray(rows)
        return Strip(number * self._across, self._across, pixels)


Planes = PlaneArray | TileArray


@record(eq=False)
class SegmentPlanes:
    """What each segment looks like in each plane.

    Parameters
    ----------
    planes
        Pixels: labels (row, column), a mask (row, column) of booleans or fractions, or
        segments side by side (row, column, segment).
    table
        The segments.
    max_fractional_value
        What a fraction of one is stored as.

    Raises
    ------
    ArgumentTypeError
        If pixels are of a type that is not allowed.
    InvalidArgumentError
        If the pixels do not fit the segments.

    """

    planes: Planes
    table: SegmentTable
    max_fractional_value: int = 255

    def __post_init__(self) -> None:
        array, table = self.planes.array, self.table
        if array.dtype.name not in _DTYPES:
            raise ArgumentTypeError(
                f"'pixel_array' must be of one of the types {', '.join(_DTYPES)}, not "
                f"{array.dtype.name}."
            )
        if self.is_stacked and array.shape[-1] != len(table.numbers):
            raise InvalidArgumentError(
                f"'pixel_array' has {array.shape[-1]} segments along its last axis, "
                f"where 'segment_descriptions' describe {len(table.numbers)}."
            )
        if array.dtype.kind == "f":
            _check_fractions(array, table, is_stacked=self.is_stacked)
        elif self.is_stacked and array.dtype.kind == "u" and array.max() > 1:
            raise InvalidArgumentError(
                "'pixel_array' must hold zeros and ones if segments stand side by "
                f"side, not values up to {array.max()}."
            )
        if self.is_mask:
            self._check_number_of_mask()
        is_label_map = table.kind is SegmentationTypeValues.LABELMAP
        if is_label_map and self.overlap is not SegmentsOverlapValues.NO:
            raise InvalidArgumentError(
                "'pixel_array' holds segments that overlap, which 'segmentation_type' "
                "LABELMAP does not allow."
            )

    def _check_number_of_mask(self) -> None:
        numbers = self.table.numbers
        is_fraction = (
            self.planes.array.dtype.kind == "f"
            and self.table.kind is SegmentationTypeValues.FRACTIONAL
        )
        if len(numbers) > 1 and (is_fraction or 1 not in numbers):
            raise InvalidArgumentError(
                f"'pixel_array' of type {self.planes.array.dtype} with "
                f"{self.planes.array.ndim} axes shows one segment, where "
                f"'segment_descriptions' describe {len(numbers)}."
            )

    @cached_property
    def is_stacked(self) -> bool:
        """Whether segments stand side by side."""
        return self.planes[0].ndim == 3

    @cached_property
    def is_mask(self) -> bool:
        """Whether pixels are those of one segment, not labels."""
        return not self.is_stacked and self.planes.array.dtype.kind in "bf"

    @cached_property
    def number_of_mask(self) -> int:
        """Number of the segment that a mask shows."""
        return 1 if 1 in self.table.numbers else self.table.numbers[0]

    @cached_property
    def is_fraction(self) -> bool:
        """Whether pixels are fractions that are stored as such."""
        return (
            self.planes.array.dtype.kind == "f"
            and self.table.kind is SegmentationTypeValues.FRACTIONAL
        )

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of a plane."""
        return self.planes.shape

    def __len__(self) -> int:
        """Count the planes."""
        return len(self.planes)

    # --- where segments are ------------------------------------------------------------

    def extents(self, strip: Strip) -> list[Extent]:
        """Find the segments that have any pixel in a strip, by their numbers.

        The one that a mask of several tiles shows is looked for tile by tile later.

        Raises
        ------
        InvalidArgumentError
            If a label is that of no segment.

        """
        if not self.is_stacked and not self.is_mask:
            if self.table.are_consecutive and self.is_undivided:
                return self._whole_extent(strip.pixels)
            return self._extents_of_labels(strip)
        if self.is_mask and strip.number_of_planes > 1:
            rows, columns = strip.pixels.shape
            return [Extent(self.number_of_mask, 0, rows, 0, columns)]
        pixels = self.as_used(strip.pixels)
        numbers = self.table.numbers if self.is_stacked else [self.number_of_mask]
        has_any = pixels.any(axis=1).reshape(len(pixels), len(numbers))
        found = []
        for place in np.flatnonzero(has_any.any(axis=0)).tolist():
            rows = np.flatnonzero(has_any[:, place])
            found.append(
                Extent(
                    numbers[place],
                    int(rows[0]),
                    int(rows[-1]) + 1,
                    0,
                    pixels.shape[1],
                )
            )
        return found

    @cached_property
    def is_undivided(self) -> bool:
        """Whether frames show all labels of a plane, or all that there can be."""
        is_label_map = self.table.kind is SegmentationTypeValues.LABELMAP
        return is_label_map or len(self.table.numbers) == 1

    def _whole_extent(self, pixels: Array) -> list[Extent]:
        """Tell whether there is any of labels that are known if the largest is."""
        top = int(pixels.max())
        extents = [Extent(top, 0, len(pixels), 0, pixels.shape[1])] if top else []
        self._check_labels(extents)
        return extents

    def _extents_of_labels(self, strip: Strip) -> list[Extent]:
        is_alone = strip.number_of_planes == 1
        extents = (_rows_of_labels if is_alone else _extents_of_labels)(strip.pixels)
        self._check_labels(extents)
        return extents

    def refuse_unknown_labels(self, strip: Strip) -> None:
        """Refuse a strip that has labels which are those of no segment.

        Raises
        ------
        InvalidArgumentError
            If a label is that of no segment.

        """
        self._extents_of_labels(strip)

    def _check_labels(self, extents: list[Extent]) -> None:
        known = self.table.number_set
        unknown = [e.segment_number for e in extents if e.segment_number not in known]
        if unknown:
            raise InvalidArgumentError(
                f"'pixel_array' holds the labels {unknown[:5]}, which no segment "
                f"description has; there are {self.table.numbers[:20]}."
            )

    def as_used(self, pixels: Array) -> npt.NDArray[np.bool_]:
        """Tell which pixels of a segment are stored as something other than zero."""
        if self.is_fraction:
            return np.asarray(pixels > self._least)
        return pixels.astype(np.bool_, copy=False)

    @cached_property
    def _least(self) -> Any:
        """Value above which pixels are stored as something other than zero."""
        if self.is_fraction:
            # A little less than what is rounded to one, lest any be lost.
            return (0.5 - 1e-5) / self.max_fractional_value
        return self.planes.array.dtype.type(0)

    # --- what segments look like ---------------------------------------------------------

    def select(self, pixels: Array, number: int) -> Array:
        """Take one segment out of pixels: booleans, or fractions as they were given."""
        if self.is_stacked:
            pixels = pixels[..., self.table.place_of(number)]
        elif not self.is_mask:
            if self.table.numbers == [1] and pixels.dtype == np.uint8:
                return pixels.view(np.bool_)
            return np.asarray(pixels == number)
        elif number != self.number_of_mask:
            return np.zeros(pixels.shape, np.bool_)
        return pixels if self.is_fraction else pixels.astype(np.bool_, copy=False)

    def mark(self, pixels: Array, number: int, out: npt.NDArray[np.bool_]) -> None:
        """Tell which pixels of a segment are stored as something other than zero.

        Parameters
        ----------
        pixels
            Pixels as they were given.
        number
            Segment number; that of the mask if they are one.
        out
            Where to put it.

        """
        if not self.is_stacked and not self.is_mask:
            np.equal(pixels, pixels.dtype.type(number), out=out)
            return
        if self.is_stacked:
            pixels = pixels[..., self.table.place_of(number)]
        np.greater(pixels, self._least, out=out)

    def frame(self, plane: int, number: int) -> Array:
        """Pixels of a frame (row, column) as they are stored.

        Parameters
        ----------
        plane
            Zero-based plane.
        number
            Segment number; of no meaning for label maps.

        """
        if self.table.kind is SegmentationTypeValues.LABELMAP:
            return self._labels(plane)
        if self.table.kind is SegmentationTypeValues.BINARY:
            return self.select(self.planes[plane], number).view(np.uint8)
        return self._fractions(plane, number)

    def _fractions(self, plane: int, number: int) -> Array:
        """Fractions of a segment as they are stored (row, column)."""
        pixels = self.select(self.planes[plane], number)
        if self.is_fraction:
            scaled: Array = pixels * self.max_fractional_value
            np.rint(scaled, out=scaled)
            return scaled.astype(np.uint8)
        return np.asarray(pixels * np.uint8(self.max_fractional_value))

    def _labels(self, plane: int) -> Array:
        """Label map of a plane (row, column) as it is stored."""
        dtype = self.table.label_dtype
        pixels = self.planes[plane]
        if self.is_stacked:
            labels = np.zeros(pixels.shape[:2], dtype)
            for place, number in enumerate(self.table.numbers):
                labels[pixels[..., place] != 0] = number
            return labels
        if self.is_mask:
            return np.asarray(pixels.astype(np.bool_) * dtype.type(self.number_of_mask))
        return pixels.astype(dtype, copy=False)

    @property
    def overlap(self) -> SegmentsOverlapValues:
        """Whether any pixel belongs to several segments."""
        if not self.is_stacked or len(self.table.numbers) == 1:
            return SegmentsOverlapValues.NO
        if self.is_fraction:
            # What a fraction covers of a pixel is not known.
            return SegmentsOverlapValues.UNDEFINED
        for number in range(self.planes.number_of_strips):
            pixels = self.planes.strip(number).pixels
            if (np.count_nonzero(pixels, axis=-1) > 1).any():
                return SegmentsOverlapValues.YES
        return SegmentsOverlapValues.NO


class _Runs(NamedTuple):
    """Pixels of a flattened label map by their labels, not zero: half open."""

    labels: Array
    starts: Integers
    ends: Integers


def _rows_of_labels(pixels: Array) -> list[Extent]:
    """Find the rows of a label map (row, column) between which each label stands."""
    width = pixels.shape[1]
    flat = np.ascontiguousarray(pixels).reshape(-1)
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    starts = np.concatenate([[0], changes])
    labels = flat[starts]
    # Of several values for a label the last one stays.
    first = np.zeros(int(labels.max()) + 1, np.int64)
    end = np.zeros_like(first)
    first[labels[::-1]] = starts[::-1]
    end[labels] = np.append(changes, flat.size)
    found = np.flatnonzero(end[1:]) + 1
    rows = first[found] // width, (end[found] - 1) // width + 1
    return [
        Extent(label, start, stop, 0, width)
        for label, start, stop in zip(
            found.tolist(), *(row.tolist() for row in rows), strict=True
        )
    ]


def _extents_of_labels(pixels: Array) -> list[Extent]:
    """Find where each label other than zero stands in a label map (row, column).

    Labels form runs: few values are left where a run begins, whatever the size.
    """
    width = pixels.shape[1]
    labels, starts, ends = _runs(np.ascontiguousarray(pixels).reshape(-1))
    if not len(labels):
        return []
    order = np.argsort(labels, kind="stable")
    starts, ends, labels = starts[order], ends[order], labels[order]
    first = np.flatnonzero(np.concatenate([[True], labels[1:] != labels[:-1]]))
    left, right = starts % width, (ends - 1) % width + 1
    is_wrapped = starts // width != (ends - 1) // width
    left[is_wrapped], right[is_wrapped] = 0, width
    columns = (
        labels[first],
        np.minimum.reduceat(starts, first) // width,
        (np.maximum.reduceat(ends, first) - 1) // width + 1,
        np.minimum.reduceat(left, first),
        np.maximum.reduceat(right, first),
    )
    return [Extent(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]


def _runs(flat: Array) -> _Runs:
    """Find pixels from the first to the last in a run of equal words of eight bytes.

    A word of several labels counts for each of them: ends are those of the run, so that
    there may be other labels between.
    """
    count = 8 // flat.itemsize
    if flat.size % count:
        return _plain_runs(flat, 1)
    words, starts, ends = _plain_runs(flat.view(np.uint64), count)
    ones = np.ones(count, flat.dtype).view(np.uint64)
    labels = words.view(flat.dtype).reshape(-1, count)
    is_one = words == labels[:, 0] * ones
    places = np.arange(count)
    mixed = ~is_one
    parts = [
        (labels[is_one, 0], starts[is_one], ends[is_one]),
        (
            labels[mixed].reshape(-1),
            (starts[mixed, None] + places).reshape(-1),
            (ends[mixed, None] - places[::-1]).reshape(-1),
        ),
    ]
    found = _Runs(*map(np.concatenate, zip(*parts, strict=True)))
    keep = found.labels != 0
    return _Runs(*(column[keep] for column in found))


def _plain_runs(values: Array, step: int) -> _Runs:
    """Find runs of equal values other than zero, each value of so many pixels."""
    changes = np.flatnonzero(values[1:] != values[:-1]) + 1
    starts = np.concatenate([[0], changes])
    ends = np.concatenate([changes, [values.size]])
    labels = values[starts]
    keep = labels != 0
    return _Runs(labels[keep], starts[keep] * step, ends[keep] * step)


def _bounds(array: Array) -> tuple[float, float]:
    """Give the least and the largest value, which are NaN if any is."""
    parts = parts_of(len(array), array.nbytes)
    bounds = np.empty((2, len(parts)))

    def find(number: int) -> None:
        part = array[parts[number]]
        bounds[:, number] = part.min(), part.max()

    in_threads(find, range(len(parts)))
    return float(bounds[0].min()), float(bounds[1].max())


def _check_fractions(array: Array, table: SegmentTable, *, is_stacked: bool) -> None:
    low, high = _bounds(array)
    # Written so that "not a number" is refused, too.
    if not (low >= 0 and high <= 1):
        raise InvalidArgumentError(
            f"'pixel_array' of type {array.dtype} must hold values from 0 to 1, not "
            f"from {low:g} to {high:g}."
        )
    if table.kind is SegmentationTypeValues.FRACTIONAL:
        return
    if any(((plane != 0) & (plane != 1)).any() for plane in array):
        raise InvalidArgumentError(
            f"'pixel_array' of type {array.dtype} must hold only zeros and ones unless "
            "'segmentation_type' is FRACTIONAL"
            + ("." if is_stacked else ": labels must be of an unsigned integer type.")
        )
