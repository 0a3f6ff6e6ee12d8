"""Which segment and which plane each frame of a new segmentation shows."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.image.planes import Planes
from highdicom.image.spool import SpooledFrames
from highdicom.seg.enum import SegmentationTypeValues, SegmentsOverlapValues
from highdicom.seg.packing import EMPTY, Piece, can_pack, joined, pack, planes_in_use
from highdicom.seg.planes import SegmentPlanes
from highdicom.seg.segments import SegmentTable
from highdicom.spatial.stacking import get_plane_sort_index

__all__ = ["Pair", "SegmentFrames", "found_frames", "in_order"]

logger = logging.getLogger(__name__)

Integers = npt.NDArray[np.int64]
Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
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
    pixel_data: bytes | Iterator[npt.NDArray[Any]] | SpooledFrames = field(repr=False)

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
        found = dict(found_frames(pixels, packs=packs))
        order = in_order(found, planes, pixels.table, omit_empty=omit_empty)
        pairs = list(zip(*(column.tolist() for column in order), strict=True))
        data: bytes | Iterator[npt.NDArray[Any]]
        if packs:
            data = joined(map(found.get, pairs), pixels.shape)
        else:
            data = (pixels.frame(plane, number) for plane, number in pairs)
            if is_native and pixels.table.bits_allocated > 1:
                data = copied(data, len(pairs), pixels.shape, pixels.table.label_dtype)
        return cls(*order, pixels.overlap, data)

    def __len__(self) -> int:
        """Count the frames."""
        return len(self.plane_of_frame)


def found_frames(pixels: SegmentPlanes, *, packs: bool) -> Iterator[tuple[Pair, Piece]]:
    """Go through the frames that have any pixel other than zero.

    Parameters
    ----------
    pixels
        What segments look like.
    packs
        Whether their bits are wanted.

    Yields
    ------
    tuple
        Zero-based plane and segment number, which is zero for label maps, and bits.

    Raises
    ------
    InvalidArgumentError
        If a label is that of no segment.

    """
    is_label_map = pixels.table.kind is SegmentationTypeValues.LABELMAP
    for strip in pixels.planes.strips():
        extents = pixels.extents(strip)
        if is_label_map:
            for plane in planes_in_use(pixels, strip) if extents else ():
                yield (plane, 0), EMPTY
            continue
        for extent in extents:
            for plane, piece in pack(pixels, strip, extent, keep_bits=packs):
                yield (plane, extent.segment_number), piece


def copied(
    frames: Iterable[npt.NDArray[Any]],
    count: int,
    shape: tuple[int, int],
    dtype: "np.dtype[Any]",
) -> bytes:
    """Copy frames into native pixel data, each once.

    Parameters
    ----------
    frames
        Pixels of the frames.
    count
        How many there are.
    shape, dtype
        Rows and columns of each, and type in which they are stored.

    """
    little = dtype.newbyteorder("<")
    size = count * shape[0] * shape[1] * little.itemsize
    with BytesIO() as buffer:
        # Of its final size at once: it need not be moved as it grows.
        buffer.seek(size + size % 2 - 1)
        buffer.write(b"\0")
        with buffer.getbuffer() as view:
            samples = np.frombuffer(view, little, count * shape[0] * shape[1])
            target = samples.reshape(-1, *shape)
            for number, frame in enumerate(frames):
                target[number] = frame
            del samples, target
        return buffer.getvalue()


def in_order(
    found: Iterable[Pair], planes: Planes, table: SegmentTable, *, omit_empty: bool
) -> tuple[Integers, Integers]:
    """Put frames in their order.

    Parameters
    ----------
    found
        Zero-based plane and segment number of those that have any pixel.
    planes
        Where planes lie.
    table
        The segments.
    omit_empty
        Whether others are left out, unless all are.

    Returns
    -------
    tuple
        Zero-based plane and segment number of each frame, shape (n,).

    """
    order = _order(planes)
    pairs = np.array(list(found), np.int64).reshape(-1, 2)
    if omit_empty and len(pairs):
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        pairs = pairs[np.lexsort((rank[pairs[:, 0]], pairs[:, 1]))]
        return pairs[:, 0], pairs[:, 1]
    if omit_empty:
        logger.info(
            "The segmentation is empty: all frames are written, since one at least has "
            "to be."
        )
    is_label_map = table.kind is SegmentationTypeValues.LABELMAP
    numbers = np.array([0] if is_label_map else table.numbers, np.int64)
    return np.tile(order, len(numbers)), np.repeat(numbers, len(order))


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
