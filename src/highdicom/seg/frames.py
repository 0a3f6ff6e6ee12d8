"""Which segment and which plane each frame of a new segmentation shows."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.image.planes import Planes
from highdicom.seg.enum import SegmentationTypeValues
from highdicom.seg.packing import Piece, can_pack, joined, pack, planes_in_use
from highdicom.seg.planes import SegmentPlanes
from highdicom.spatial.stacking import get_plane_sort_index

__all__ = ["SegmentFrames"]

logger = logging.getLogger(__name__)

Integers = npt.NDArray[np.int64]
Pieces = dict[tuple[int, int], Piece]


@dataclass(frozen=True, eq=False)
class SegmentFrames:
    """The frames in their order: all of the first segment, then those of the next.

    Within a segment, frames are in the order of the slices of a volume or, for tiles,
    row by row, so that readers which do not look at positions put them right.

    Parameters
    ----------
    pixels
        What segments look like.
    plane_of_frame, segment_of_frame
        Zero-based plane and segment number of each frame, shape (n,); the numbers are
        zero for label maps.
    pieces
        Bits of the frames that have any, by plane and segment number, if they have
        been packed.

    """

    pixels: SegmentPlanes
    plane_of_frame: Integers
    segment_of_frame: Integers
    pieces: Pieces | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls, pixels: SegmentPlanes, planes: Planes, *, omit_empty: bool, is_native: bool
    ) -> "SegmentFrames":
        """Find the frames to be written.

        Parameters
        ----------
        pixels
            What segments look like.
        planes
            Where planes lie.
        omit_empty
            Whether frames without any pixel are left out, unless all are.
        is_native
            Whether frames will not be compressed.

        Raises
        ------
        InvalidArgumentError
            If a label is that of no segment.

        """
        table = pixels.table
        order = _order(planes)
        is_label_map = table.kind is SegmentationTypeValues.LABELMAP
        if is_label_map:
            found, pieces = _used_planes(pixels), None
        else:
            is_binary = table.kind is SegmentationTypeValues.BINARY
            packs = is_native and is_binary and can_pack(pixels.shape)
            found, pieces = _used_segments(pixels, packs=packs)
        numbers = [0] if is_label_map else table.numbers
        if omit_empty and not found:
            logger.info(
                "The segmentation is empty: all frames are written, since one at least "
                "has to be."
            )
        if not omit_empty or not found:
            return cls(
                pixels,
                np.tile(order, len(numbers)),
                np.repeat(np.array(numbers, np.int64), len(order)),
                pieces,
            )
        frames = np.array(found, np.int64)
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        frames = frames[np.lexsort((rank[frames[:, 0]], frames[:, 1]))]
        return cls(pixels, frames[:, 0], frames[:, 1], pieces)

    def __len__(self) -> int:
        """Count the frames."""
        return len(self.plane_of_frame)

    def _pairs(self) -> Iterator[tuple[int, int]]:
        return zip(
            self.plane_of_frame.tolist(), self.segment_of_frame.tolist(), strict=True
        )

    def packed(self) -> bytes | None:
        """Bits of all frames without gaps, if they can be had at once."""
        if self.pieces is None:
            return None
        pieces = (self.pieces.get(pair) for pair in self._pairs())
        return joined(pieces, self.pixels.shape)

    def arrays(self) -> Iterator[npt.NDArray[Any]]:
        """Go through the pixels of the frames, as they are stored."""
        pixels = self.pixels
        kind = pixels.table.kind
        for plane, number in self._pairs():
            if kind is SegmentationTypeValues.LABELMAP:
                yield pixels.labels(plane)
            elif kind is SegmentationTypeValues.BINARY:
                yield pixels.mask(plane, number)
            else:
                yield pixels.fractions(plane, number)


def _used_planes(pixels: SegmentPlanes) -> list[tuple[int, int]]:
    """List planes with any segment; the second number of each is zero."""
    found: list[tuple[int, int]] = []
    for strip in pixels.planes.strips():
        if pixels.extents(strip):
            found += [(plane, 0) for plane in planes_in_use(pixels, strip)]
    return found


def _used_segments(
    pixels: SegmentPlanes, *, packs: bool
) -> tuple[list[tuple[int, int]], Pieces | None]:
    """List planes with each of the segments that they show, and their bits."""
    found: Pieces = {}
    for strip in pixels.planes.strips():
        for extent in pixels.extents(strip):
            for plane, piece in pack(pixels, strip, extent, keep_bits=packs):
                found[plane, extent.segment_number] = piece
    return list(found), found if packs else None


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
