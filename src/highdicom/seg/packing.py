"""Frames of one bit a pixel, packed from the rows in use only (PS3.5 8.1.1)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.codec.native import pack_frames
from highdicom.seg.enum import SegmentationTypeValues
from highdicom.seg.planes import Extent, SegmentPlanes, Strip

__all__ = ["EMPTY", "Piece", "can_pack", "joined", "pack", "planes_in_use"]

Bytes = npt.NDArray[np.uint8]


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
    first = extent.first_column // width
    end = -(-extent.end_column // width)
    part = pixels.select(
        strip.pixels[extent.first_row : extent.end_row, first * width : end * width],
        extent.segment_number,
    )
    tiles = _tiles(pixels.as_used(part), end - first, width)
    if width % 8:
        yield from _unaligned(pixels, strip, extent, tiles, first, keep_bits=keep_bits)
        return
    bits = np.packbits(tiles, axis=-1, bitorder="little")
    word = np.uint64 if bits.shape[-1] % 8 == 0 else np.uint8
    words = np.bitwise_or.reduce(bits.view(word), axis=0)
    keep = np.flatnonzero(np.bitwise_or.reduce(words, axis=-1))
    first_byte = extent.first_row * width // 8
    kept = np.ascontiguousarray(bits.transpose(1, 0, 2)[keep])
    for plane, tile in zip(keep.tolist(), kept, strict=True):
        yield strip.first_plane + first + plane, Piece(first_byte, tile.reshape(-1))


def _tiles(
    part: npt.NDArray[np.bool_], count: int, width: int
) -> npt.NDArray[np.bool_]:
    """Columns of a strip as tiles (row, tile, column), the last one filled up."""
    missing = count * width - part.shape[1]
    if missing:
        part = np.pad(part, [(0, 0), (0, missing)])
    return part.reshape(len(part), count, width)


def _packed_plane(pixels: SegmentPlanes, strip: Strip, extent: Extent) -> Piece:
    """Pack the rows of a plane from the first to the last in use, by whole bytes."""
    rows, columns = pixels.shape
    step = 8 // np.gcd(columns, 8)
    first = extent.first_row // step * step
    end = min(-(-extent.end_row // step) * step, rows)
    part = pixels.select(strip.pixels[first:end], extent.segment_number)
    return Piece(first * columns // 8, pack_frames(part))


def _unaligned(
    pixels: SegmentPlanes,
    strip: Strip,
    extent: Extent,
    tiles: npt.NDArray[np.bool_],
    first: int,
    *,
    keep_bits: bool,
) -> Iterator[tuple[int, Piece]]:
    """Pack tiles the rows of which do not end on bytes."""
    for tile in np.flatnonzero(tiles.any(axis=(0, 2))).tolist():
        piece = EMPTY
        if keep_bits:
            whole = np.zeros(pixels.shape, np.bool_)
            whole[extent.first_row : extent.end_row] = tiles[:, tile]
            piece = Piece(0, pack_frames(whole))
        yield strip.first_plane + first + tile, piece


def planes_in_use(pixels: SegmentPlanes, strip: Strip) -> list[int]:
    """List the planes of a strip in which any segment has any pixel."""
    if strip.number_of_planes == 1:
        return [strip.first_plane]
    union = np.bitwise_or if strip.pixels.dtype.kind in "bu" else np.logical_or
    used = np.asarray(union.reduce(strip.pixels, axis=0), np.bool_)
    if used.ndim == 2:
        used = np.asarray(used.any(axis=-1))
    tiles = _tiles(used[np.newaxis], strip.number_of_planes, pixels.shape[1])
    planes = strip.first_plane + np.flatnonzero(tiles.any(axis=(0, 2)))
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
