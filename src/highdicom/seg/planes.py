"""From the pixels that users give to the planes of segments."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import InvalidArgumentError
from highdicom.seg.enum import SegmentationTypeValues, SegmentsOverlapValues
from highdicom.seg.segments import SegmentTable

__all__ = ["PlaneArray", "SegmentPlanes", "TileArray", "labels_in"]

Array = npt.NDArray[Any]


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


Planes = PlaneArray | TileArray


def labels_in(plane: Array) -> list[int]:
    """List the labels other than zero that a plane of integers holds.

    Parameters
    ----------
    plane
        Label map (row, column).

    """
    flat = plane.reshape(-1)
    # Labels form runs; few values are left where a run begins.
    begins = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    found = np.unique(flat[begins])
    present: set[int] = set(found.tolist())
    if flat.size:
        present.add(int(flat[0]))
    return sorted(present - {0})


class SegmentPlanes:
    """What each segment looks like in each plane.

    Parameters
    ----------
    planes
        Pixels: labels (row, column), or segments side by side (row, column, segment).
    table
        The segments.
    max_fractional_value
        What a fraction of one is stored as.

    Raises
    ------
    InvalidArgumentError
        If the pixels do not fit the segments.

    """

    def __init__(
        self, planes: Planes, table: SegmentTable, max_fractional_value: int
    ) -> None:
        self._planes = planes
        self._table = table
        self._maximum = max_fractional_value
        self._is_stacked = planes[0].ndim == 3
        self.shape = planes.shape
        _check_values(planes.array, table, is_stacked=self._is_stacked)
        self._is_mask = self._is_single_mask()

    def __len__(self) -> int:
        """Count the planes."""
        return len(self._planes)

    def _is_single_mask(self) -> bool:
        """Whether pixels are those of the one segment, not labels."""
        if self._is_stacked:
            return False
        return self._planes.array.dtype.kind in "bf"

    def present(self, plane: int) -> list[int]:
        """Numbers of the segments of which a plane has any pixel."""
        pixels = self._planes[plane]
        numbers = self._table.numbers
        if self._is_stacked:
            has_any = np.atleast_1d(pixels.reshape(-1, pixels.shape[-1]).any(axis=0))
            return [n for n, there in zip(numbers, has_any, strict=True) if there]
        if self._is_mask:
            return numbers[:1] if pixels.any() else []
        return labels_in(pixels)

    def mask(self, plane: int, number: int) -> Array:
        """Pixels of a segment as zeros and ones (row, column)."""
        return self._of_segment(plane, number).astype(np.uint8)

    def _of_segment(self, plane: int, number: int) -> Array:
        pixels = self._planes[plane]
        if self._is_stacked:
            return pixels[..., self._table.numbers.index(number)]
        if self._is_mask:
            return pixels
        return np.asarray(pixels == number)

    def fractions(self, plane: int, number: int) -> Array:
        """Fractions of a segment as they are stored (row, column)."""
        pixels = self._of_segment(plane, number)
        if pixels.dtype.kind == "f":
            return np.asarray(np.rint(pixels * self._maximum), np.uint8)
        return np.asarray(pixels.astype(np.uint8) * np.uint8(self._maximum))

    def labels(self, plane: int) -> Array:
        """Label map of a plane (row, column) as it is stored."""
        dtype = self._table.label_dtype
        pixels = self._planes[plane]
        if self._is_stacked:
            numbers = np.array(self._table.numbers, dtype)
            stacked = pixels.astype(bool) * numbers
            return np.asarray(stacked.max(axis=-1), dtype)
        if self._is_mask:
            return np.asarray(pixels.astype(dtype) * dtype.type(self._table.numbers[0]))
        return pixels.astype(dtype)

    @property
    def overlap(self) -> SegmentsOverlapValues:
        """Whether any pixel belongs to several segments."""
        if not self._is_stacked or len(self._table.numbers) == 1:
            return SegmentsOverlapValues.NO
        for plane in self._iterate():
            if (np.count_nonzero(plane, axis=-1) > 1).any():
                return SegmentsOverlapValues.YES
        return SegmentsOverlapValues.NO

    def _iterate(self) -> Iterator[Array]:
        return (self._planes[plane] for plane in range(len(self._planes)))


def _check_values(array: Array, table: SegmentTable, *, is_stacked: bool) -> None:
    count = len(table.numbers)
    if is_stacked and array.shape[-1] != count:
        raise InvalidArgumentError(
            f"'pixel_array' has {array.shape[-1]} segments along its last axis, where "
            f"'segment_descriptions' describe {count}."
        )
    if array.dtype.kind == "b":
        if not is_stacked and count > 1:
            raise InvalidArgumentError(
                f"'pixel_array' is the mask of one segment, where "
                f"'segment_descriptions' describe {count}."
            )
        return
    if array.dtype.kind == "f":
        _check_fractions(array, table, is_stacked=is_stacked)
        return
    if array.dtype.kind not in "iu":
        raise InvalidArgumentError(
            "'pixel_array' must be of boolean, integer or floating point type, not "
            f"{array.dtype}."
        )
    if array.size == 0:
        return
    if is_stacked:
        if array.min() < 0 or array.max() > 1:
            raise InvalidArgumentError(
                "'pixel_array' must hold zeros and ones if segments stand side by "
                f"side, not values from {array.min()} to {array.max()}."
            )
        return
    _check_labels(array, table)


def _check_labels(array: Array, table: SegmentTable) -> None:
    low, high = int(array.min()), int(array.max())
    known = {0, *table.numbers}
    found: set[int] = {low, high}
    if low >= 0 and high < 2**16:
        counts = np.zeros(high + 1, bool)
        for plane in array:
            counts[np.unique(plane) if plane.dtype.itemsize > 2 else plane] = True
        found = set(np.flatnonzero(counts).tolist())
    unknown = sorted(found - known)
    if unknown:
        raise InvalidArgumentError(
            f"'pixel_array' holds the labels {unknown[:5]}, which no segment "
            f"description has; there are {table.numbers[:20]}."
        )


def _check_fractions(array: Array, table: SegmentTable, *, is_stacked: bool) -> None:
    if not is_stacked and len(table.numbers) > 1:
        raise InvalidArgumentError(
            f"'pixel_array' of shape {array.shape} holds one segment of type "
            f"{array.dtype}, where 'segment_descriptions' describe "
            f"{len(table.numbers)}."
        )
    if array.size == 0:
        return
    # Written so that "not a number" is refused, too.
    low, high = float(array.min()), float(array.max())
    if not (low >= 0 and high <= 1):
        raise InvalidArgumentError(
            f"'pixel_array' of type {array.dtype} must hold values from 0 to 1, not "
            f"from {low:g} to {high:g}."
        )
    if table.kind is SegmentationTypeValues.FRACTIONAL:
        return
    if not all(np.isin(plane, (0, 1)).all() for plane in array):
        raise InvalidArgumentError(
            f"'pixel_array' of type {array.dtype} must hold only zeros and ones unless "
            "the segmentation type is FRACTIONAL."
        )
