"""Which segment and which plane each frame of a new segmentation shows."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import HighdicomWarning
from highdicom.image.planes import Planes
from highdicom.seg.enum import SegmentationTypeValues
from highdicom.seg.planes import SegmentPlanes
from highdicom.seg.segments import SegmentTable
from highdicom.spatial.stacking import get_plane_sort_index

__all__ = ["SegmentFrames"]

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SegmentFrames:
    """The frames in their order: all of the first segment, then those of the next.

    Within a segment, frames are in the order of the slices of a volume or, for tiles,
    row by row, so that readers which do not look at positions put them right.

    Parameters
    ----------
    planes
        What segments look like.
    table
        The segments.
    plane_of_frame, segment_of_frame
        Zero-based plane and segment number of each frame, shape (n,); the numbers are
        zero for label maps.

    """

    planes: SegmentPlanes
    table: SegmentTable
    plane_of_frame: Integers
    segment_of_frame: Integers

    @classmethod
    def of(
        cls,
        pixels: SegmentPlanes,
        planes: Planes,
        table: SegmentTable,
        *,
        omit_empty: bool,
    ) -> "SegmentFrames":
        """Find the frames to be written.

        Parameters
        ----------
        pixels
            What segments look like.
        planes
            Where planes lie.
        table
            The segments.
        omit_empty
            Whether frames without any pixel are left out.

        """
        order = _order(planes)
        is_label_map = table.kind is SegmentationTypeValues.LABELMAP
        numbers = [0] if is_label_map else table.numbers
        if not omit_empty:
            return cls._all(pixels, table, order, numbers)
        frames: dict[int, list[int]] = {number: [] for number in numbers}
        for plane in order.tolist():
            present = pixels.present(plane)
            for number in [0] if is_label_map and present else present:
                if number in frames:
                    frames[number].append(plane)
        pairs = [(plane, number) for number in numbers for plane in frames[number]]
        if not pairs:
            warnings.warn(
                "The segmentation is empty, so that 'omit_empty_frames' cannot be "
                "followed: all frames are written.",
                HighdicomWarning,
                stacklevel=4,
            )
            return cls._all(pixels, table, order, numbers)
        found = np.array(pairs, np.int64)
        return cls(pixels, table, found[:, 0], found[:, 1])

    @classmethod
    def _all(
        cls,
        pixels: SegmentPlanes,
        table: SegmentTable,
        order: Integers,
        numbers: list[int],
    ) -> "SegmentFrames":
        return cls(
            pixels,
            table,
            np.tile(order, len(numbers)),
            np.repeat(np.array(numbers, np.int64), len(order)),
        )

    def pixels(self) -> Iterator[npt.NDArray[Any]]:
        """Go through the pixels of the frames, as they are stored."""
        kind = self.table.kind
        pairs = zip(
            self.plane_of_frame.tolist(), self.segment_of_frame.tolist(), strict=True
        )
        for plane, number in pairs:
            if kind is SegmentationTypeValues.LABELMAP:
                yield self.planes.labels(plane)
            elif kind is SegmentationTypeValues.BINARY:
                yield self.planes.mask(plane, number)
            else:
                yield self.planes.fractions(plane, number)


def _order(planes: Planes) -> Integers:
    """Planes in the order in which frames are to stand."""
    if planes.orientation is not None and "ImagePositionPatient" in planes.columns:
        positions = planes.columns["ImagePositionPatient"]
        order = get_plane_sort_index(positions, planes.orientation.cosines)
        return np.asarray(order, np.int64)
    row = planes.columns.get("RowPositionInTotalImagePixelMatrix")
    if row is None:
        return np.arange(planes.count)
    column = planes.columns["ColumnPositionInTotalImagePixelMatrix"]
    return np.lexsort((column, row)).astype(np.int64)
