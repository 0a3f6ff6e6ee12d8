"""Segmentations larger than memory: frames are encoded as their pixels come."""

from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.codec.encoder import FrameEncoder
from highdicom.codec.parallel import ordered_map
from highdicom.codec.profiles import profile_of
from highdicom.image.planes import Planes
from highdicom.image.spool import SpooledFrames
from highdicom.image.streaming import PixelStream
from highdicom.records import record
from highdicom.seg.enum import SegmentsOverlapValues
from highdicom.seg.frames import SegmentFrames, found_frames, in_order
from highdicom.seg.planes import PlaneArray, SegmentPlanes, TileArray
from highdicom.seg.segments import SegmentTable

__all__ = ["StreamedPlanes", "StreamedSegments", "frames_of", "segments_of"]

Array = npt.NDArray[Any]
Pair = tuple[int, int]

# Pixels of the tiles that are looked at together.
_MOST_PIXELS = 2**22


@record(eq=False)
class StreamedPlanes:
    """Planes of a stream, or tiles of the total pixel matrix that it is.

    Parameters
    ----------
    stream
        Pixels.
    count
        Number of planes or tiles.
    tile
        Rows and columns of the tiles, if it is a total pixel matrix.

    """

    stream: PixelStream
    count: int
    tile: tuple[int, int] | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of a plane."""
        return self.tile or self.stream.size

    def parts(self) -> Iterator[tuple[int, PlaneArray | TileArray]]:
        """Go through the planes, some at a time, with the zero-based first of each."""
        if self.tile is None:
            for number, plane in enumerate(self.stream.planes(self.count)):
                yield number, PlaneArray(plane[np.newaxis])
            return
        first = 0
        rows, columns = self.tile
        together = max(1, _MOST_PIXELS // (rows * columns)) * columns
        for strip in self.stream.rows_of_tiles(self.tile):
            for start in range(0, strip.shape[1], together):
                tiles = TileArray(strip[:, start : start + together], self.tile)
                yield first, tiles
                first += len(tiles)


@record(eq=False)
class StreamedSegments:
    """What segments look like in planes that come one after the other.

    Parameters
    ----------
    planes
        Pixels of the planes.
    table
        The segments.
    max_fractional_value
        What a fraction of one is stored as.

    """

    planes: StreamedPlanes
    table: SegmentTable
    max_fractional_value: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of a plane."""
        return self.planes.shape

    def frames(
        self,
        planes: Planes,
        encoder: FrameEncoder,
        *,
        omit_empty: bool,
        workers: int | Executor,
    ) -> SegmentFrames:
        """Take all pixels and encode the frames that have any other than zero.

        Parameters
        ----------
        planes
            Where planes lie.
        encoder
            Encodes a frame.
        omit_empty
            Whether frames without any pixel are left out, unless all are.
        workers
            Number of processes that encode, or an executor.

        Raises
        ------
        InvalidArgumentError
            If pixels do not fit the segments, or there are too many or too few.

        """
        spool = self.planes.stream.spool
        # Frames that are encoded at the same time are given back in their order.
        pairs: list[Pair] = []
        overlaps: set[SegmentsOverlapValues] = set()
        for data in ordered_map(encoder, self._frames(pairs, overlaps), workers):
            spool.add(data)
        order = in_order(
            np.array(pairs, np.int64).reshape(-1, 2),
            planes,
            self.table,
            omit_empty=omit_empty,
        )
        numbers = order.found
        if (numbers < 0).any():
            # Those without any pixel share one.
            numbers = np.where(numbers < 0, len(spool), numbers)
            spool.add(encoder(np.zeros(self.shape, encoder.pixel_format.dtype)))
        pixel_data = SpooledFrames(spool, numbers)
        return SegmentFrames(order.plane, order.segment, _joined(overlaps), pixel_data)

    def _frames(
        self, pairs: list[Pair], overlaps: set[SegmentsOverlapValues]
    ) -> Iterator[Array]:
        for first, part in self.planes.parts():
            pixels = SegmentPlanes(part, self.table, self.max_fractional_value)
            overlaps.add(pixels.overlap)
            for found in found_frames(pixels, packs=False):
                for plane in found.planes:
                    pairs.append((first + plane, found.segment_number))
                    yield pixels.frame(plane, found.segment_number)


def _joined(overlaps: set[SegmentsOverlapValues]) -> SegmentsOverlapValues:
    values = SegmentsOverlapValues
    for value in (values.UNDEFINED, values.YES):
        if value in overlaps:
            return value
    return values.NO


def segments_of(
    planes: PlaneArray | TileArray | StreamedPlanes,
    table: SegmentTable,
    max_fractional_value: int,
) -> SegmentPlanes | StreamedSegments:
    """Give what segments look like.

    Parameters
    ----------
    planes
        Pixels in memory, or those that come.
    table
        The segments.
    max_fractional_value
        What a fraction of one is stored as.

    Raises
    ------
    ArgumentTypeError
        If pixels are of a type that is not allowed.
    InvalidArgumentError
        If pixels do not fit the segments.

    """
    if isinstance(planes, StreamedPlanes):
        return StreamedSegments(planes, table, max_fractional_value)
    return SegmentPlanes(planes, table, max_fractional_value)


def frames_of(
    pixels: SegmentPlanes | StreamedSegments,
    planes: Planes,
    encoder: FrameEncoder,
    *,
    omit_empty: bool,
    workers: int | Executor,
) -> SegmentFrames:
    """Find the frames to be written; those that come are encoded.

    Parameters
    ----------
    pixels
        What segments look like.
    planes
        Where planes lie.
    encoder, omit_empty, workers
        As of :meth:`StreamedSegments.frames`.

    """
    if isinstance(pixels, StreamedSegments):
        return pixels.frames(planes, encoder, omit_empty=omit_empty, workers=workers)
    is_native = profile_of(encoder.transfer_syntax_uid).is_native
    return SegmentFrames.of(pixels, planes, omit_empty=omit_empty, is_native=is_native)
