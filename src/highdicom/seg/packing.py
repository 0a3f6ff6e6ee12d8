"""Frames of one bit a pixel, packed from the rows in use only (PS3.5 8.1.1)."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.codec.native import pack_frames
from highdicom.seg.enum import SegmentationTypeValues
from highdicom.seg.planes import Extent, SegmentPlanes, Strip

__all__ = ["EMPTY", "Piece", "can_pack", "joined", "pack", "planes_in_use"]

Booleans = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

# Pixels of tiles that are packed together: so few stay in the cache of a processor.
_MOST_PIXELS = 2**18


class Piece(NamedTuple):
    """The bytes of a frame from the first to the last that can be other than zero."""

    first_byte: int
    data: Bytes


EMPTY = Piece(0, np.empty(0, np.uint8))


def can_pack(pixels: SegmentPlanes) -> bool:
    """Whether frames are of one bit a pixel and end on bytes."""
    is_binary = pixels.table.kind is SegmentationTypeValues.BINARY
    return is_binary and pixels.shape[0] * pixels.shape[1] % 8 == 0


def pack(
    pixels: SegmentPlanes, strip: Strip, extent: Extent, *, keep_bits: bool
) -> Iterator[tuple[int, Piece]]:
    """Find the planes of a strip in which a segment has any pixel, and its bits.

    Parameters
    ----------
    pixels
        What segments look like.
    strip
        Planes side by side.
    extent
        Where the segment is.
    keep_bits
        Whether bits are wanted; otherwise pieces are empty.

    Yields
    ------
    tuple
        Zero-based plane, and its bits.

    """
    if strip.number_of_planes == 1 and pixels.shape == strip.pixels.shape[:2]:
        data = _packed_plane(pixels, strip, extent) if keep_bits else EMPTY
        yield strip.first_plane, data
        return
    width = pixels.shape[1]
    first_row, end_row = _whole_bytes(extent, pixels.shape)
    rows = strip.pixels[first_row:end_row]
    end = -(-extent.end_column // width)
    together = max(1, _MOST_PIXELS // (len(rows) * width))
    buffer = np.empty((together, len(rows), width), np.bool_)
    for first in range(extent.first_column // width, end, together):
        tiles = buffer[: end - first]
        part = rows[:, first * width : (first + len(tiles)) * width]
        _mark(pixels, part, extent.segment_number, tiles)
        pixels_of_tiles = tiles.reshape(len(tiles), -1)
        if not keep_bits:
            for tile in np.flatnonzero(pixels_of_tiles.any(axis=1)).tolist():
                yield strip.first_plane + first + tile, EMPTY
            continue
        bits = np.packbits(pixels_of_tiles, axis=1, bitorder="little")
        keep = np.flatnonzero(bits.max(axis=1))
        # Those that are not kept should not stay in memory.
        kept = bits if len(keep) == len(bits) else bits[keep]
        for tile, data in zip(keep.tolist(), kept, strict=True):
            piece = Piece(first_row * width // 8, data)
            yield strip.first_plane + first + tile, piece


def _mark(
    pixels: SegmentPlanes, part: npt.NDArray[Any], number: int, tiles: Booleans
) -> None:
    """Tell which pixels of tiles side by side are those of a segment.

    What the last tile has beyond the pixels is none of it.
    """
    rows, width = tiles.shape[1:]
    whole, rest = divmod(part.shape[1], width)
    inner = part[:, : whole * width].reshape(rows, whole, width, *part.shape[2:])
    pixels.mark(inner.swapaxes(0, 1), number, tiles[:whole])
    if rest:
        pixels.mark(part[:, whole * width :], number, tiles[whole, :, :rest])
        tiles[whole, :, rest:] = False


def _whole_bytes(extent: Extent, shape: tuple[int, int]) -> tuple[int, int]:
    """Rows from the first to the last in use, half open, that start on a byte."""
    rows, columns = shape
    step = 8 // int(np.gcd(columns, 8))
    first = extent.first_row // step * step
    return first, min(-(-extent.end_row // step) * step, rows)


def _packed_plane(pixels: SegmentPlanes, strip: Strip, extent: Extent) -> Piece:
    """Pack the rows of a plane that are in use."""
    first, end = _whole_bytes(extent, pixels.shape)
    part = pixels.select(strip.pixels[first:end], extent.segment_number)
    return Piece(first * pixels.shape[1] // 8, pack_frames(part))


def planes_in_use(pixels: SegmentPlanes, strip: Strip) -> list[int]:
    """List the planes of a strip in which any segment has any pixel."""
    if strip.number_of_planes == 1:
        return [strip.first_plane]
    union = np.bitwise_or if strip.pixels.dtype.kind in "bu" else np.logical_or
    used = np.asarray(union.reduce(strip.pixels, axis=0), np.bool_)
    if used.ndim == 2:
        used = np.asarray(used.any(axis=-1))
    starts = np.arange(0, len(used), pixels.shape[1])
    planes = strip.first_plane + np.flatnonzero(np.logical_or.reduceat(used, starts))
    return [int(plane) for plane in planes]


def joined(pieces: Iterable[Piece | None], shape: tuple[int, int]) -> bytes:
    """Put frames one after the other, in one go.

    Parameters
    ----------
    pieces
        Bits of each frame; None for one without any.
    shape
        Rows and columns of a frame.

    """
    size = shape[0] * shape[1] // 8
    zeros = memoryview(bytes(size))
    parts: list[memoryview] = []
    count = 0
    for piece in pieces:
        count += 1
        if piece is None:
            parts.append(zeros)
            continue
        first_byte, data = piece
        parts += [zeros[:first_byte], data.data, zeros[first_byte + len(data) :]]
    if size * count % 2:
        parts.append(memoryview(b"\0"))
    return b"".join(parts)
