"""Which segment and which plane each frame of a new segmentation shows."""

import logging
from collections.abc import Iterator, Sequence
from itertools import chain
from math import prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.image.pieces import Pieces
from highdicom.image.pixel_data import filled
from highdicom.image.planes import Planes
from highdicom.image.spool import SpooledFrames
from highdicom.image.threads import in_threads, parts_of
from highdicom.records import field, record
from highdicom.seg.enum import SegmentationTypeValues, SegmentsOverlapValues
from highdicom.seg.packing import Found, can_pack, found_in_strips, pieces_of
from highdicom.seg.planes import SegmentPlanes
from highdicom.seg.segments import SegmentTable
from highdicom.spatial.stacking import get_plane_sort_index

__all__ = ["FrameOrder", "SegmentFrames", "found_frames", "in_order"]

logger = logging.getLogger(__name__)

Integers = npt.NDArray[np.int64]


@record(eq=False)
class SegmentFrames:
    """The frames in their order: all of the first segment, then those of the next.

    Within a segment, frames are in the order of the slices of a volume or, for tiles,
    row by row, so that readers which do not look at positions put them right.

    Parameters
    ----------
    plane_of_frame, segment_of_frame
        Zero-based plane and segment number of each frame, shape (n,); the numbers are
        zero for label maps.
    overlap
        Whether any pixel belongs to several segments.
    pixel_data
        All frames encoded for a native transfer syntax, or their pixels one after the
        other as they are stored, or frames that were encoded as they came.

    """

    plane_of_frame: Integers
    segment_of_frame: Integers
    overlap: SegmentsOverlapValues
    pixel_data: bytes | Pieces | Iterator[npt.NDArray[Any]] | SpooledFrames = field(
        repr=False
    )

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
        packs = is_native and can_pack(pixels)
        found = _found_in_threads(pixels, packs=packs)
        order = in_order(_pairs_of(found), planes, pixels.table, omit_empty=omit_empty)
        data: bytes | Pieces | Iterator[npt.NDArray[Any]]
        if packs:
            size = prod(pixels.shape) // 8
            data = pieces_of(found, order.places(), len(order.plane), size)
        else:
            pairs = list(zip(order.plane.tolist(), order.segment.tolist(), strict=True))
            if is_native and pixels.table.bits_allocated > 1:
                data = _copied(pixels, pairs)
            else:
                data = (pixels.frame(plane, number) for plane, number in pairs)
        return cls(order.plane, order.segment, pixels.overlap, data)

    def __len__(self) -> int:
        """Count the frames."""
        return len(self.plane_of_frame)


def found_frames(pixels: SegmentPlanes, *, packs: bool) -> Iterator[Found]:
    """Go through the frames that have any pixel other than zero.

    Parameters
    ----------
    pixels
        What segments look like.
    packs
        Whether their bits are wanted.

    Raises
    ------
    InvalidArgumentError
        If a label is that of no segment.

    """
    strips = range(pixels.planes.number_of_strips)
    return found_in_strips(pixels, strips, keep_bits=packs)


def _found_in_threads(pixels: SegmentPlanes, *, packs: bool) -> list[Found]:
    """List the frames that have any pixel other than zero."""
    strips = range(pixels.planes.number_of_strips)
    parts = parts_of(len(strips), pixels.planes.array.nbytes)
    found: list[list[Found]] = [[] for _ in parts]

    def find(part: int) -> None:
        found[part] += found_in_strips(pixels, strips[parts[part]], keep_bits=packs)

    in_threads(find, range(len(parts)))
    return list(chain.from_iterable(found))


def _pairs_of(found: Sequence[Found]) -> Integers:
    """Zero-based plane and segment number of frames, shape (n, 2)."""
    planes = list(chain.from_iterable(one.planes for one in found))
    numbers = [one.segment_number for one in found]
    counts = [len(one.planes) for one in found]
    pairs = np.empty((len(planes), 2), np.int64)
    pairs[:, 0] = planes
    pairs[:, 1] = np.repeat(np.array(numbers, np.int64), counts)
    return pairs


def _copied(pixels: SegmentPlanes, pairs: Sequence[tuple[int, int]]) -> bytes:
    """Copy frames into native pixel data, each once.

    Parameters
    ----------
    pixels
        What segments look like.
    pairs
        Zero-based plane and segment number of each frame.

    """
    dtype, shape = pixels.table.label_dtype, (len(pairs), *pixels.shape)

    def fill(target: npt.NDArray[Any]) -> None:
        def copy(part: slice) -> None:
            for frame, pair in zip(target[part], pairs[part], strict=True):
                frame[...] = pixels.frame(*pair)

        in_threads(copy, parts_of(len(pairs), target.nbytes))

    return filled(shape, dtype, fill)


class FrameOrder(NamedTuple):
    """The frames to be written, in their order."""

    plane: Integers
    """Zero-based plane of each frame, shape (n,)."""
    segment: Integers
    """Segment number of each frame, shape (n,)."""
    found: Integers
    """Which of those that have any pixel each frame is, -1 if none, shape (n,)."""

    def places(self) -> Integers:
        """Zero-based place of each frame that has any pixel."""
        frames = np.flatnonzero(self.found >= 0)
        places = np.empty_like(frames)
        places[self.found[frames]] = frames
        return places


def in_order(
    pairs: Integers, planes: Planes, table: SegmentTable, *, omit_empty: bool
) -> FrameOrder:
    """Put frames in their order.

    Parameters
    ----------
    pairs
        Zero-based plane and segment number of those that have any pixel, shape (m, 2).
    planes
        Where planes lie.
    table
        The segments.
    omit_empty
        Whether others are left out, unless all are.

    """
    order = _order(planes)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    if omit_empty and len(pairs):
        found = np.lexsort((rank[pairs[:, 0]], pairs[:, 1]))
        return FrameOrder(pairs[found, 0], pairs[found, 1], found)
    if omit_empty:
        logger.info(
            "The segmentation is empty: all frames are written, since one at least has "
            "to be."
        )
    is_label_map = table.kind is SegmentationTypeValues.LABELMAP
    numbers = np.array([0] if is_label_map else table.numbers, np.int64)
    found = np.full(len(numbers) * len(order), -1)
    places = np.searchsorted(numbers, pairs[:, 1]) * len(order) + rank[pairs[:, 0]]
    found[places] = np.arange(len(pairs))
    return FrameOrder(
        np.tile(order, len(numbers)), np.repeat(numbers, len(order)), found
    )


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
