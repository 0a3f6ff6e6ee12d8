"""Frames that have any pixel, and their bits: of the rows in use only (PS3.5 8.1.1)."""

from collections.abc import Iterator, Sequence
from functools import reduce
from math import gcd
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.codec.native import pack_frames
from highdicom.image.pieces import Pieces
from highdicom.seg.enum import SegmentationTypeValues
from highdicom.seg.planes import Extent, SegmentPlanes, Strip
from highdicom.typing import Buffer

__all__ = ["Found", "can_pack", "found_in_strip", "pieces_of"]

Array = npt.NDArray[Any]
Booleans = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]

# Pixels that are packed together: so few stay in the cache of a processor.
_MOST_PIXELS = 2**18
# Bytes that stand wherever there is nothing.
_ZEROS = memoryview(bytes(2**16))
# Labels up to this are split into their bits.
_FEW_LABELS = 15


class Found(NamedTuple):
    """Planes of a strip in which a segment has any pixel.

    Their bits, if they are wanted, are the bytes (plane, byte) of each frame from the
    first to the last that can be other than zero.
    """

    segment_number: int
    planes: Sequence[int]
    first_byte: int
    bits: Bytes | None


def can_pack(pixels: SegmentPlanes) -> bool:
    """Whether frames are of one bit a pixel and end on bytes."""
    is_binary = pixels.table.kind is SegmentationTypeValues.BINARY
    return is_binary and pixels.shape[0] * pixels.shape[1] % 8 == 0


def found_in_strip(
    pixels: SegmentPlanes, strip: Strip, *, keep_bits: bool
) -> Iterator[Found]:
    """Go through the segments that have any pixel in a strip.

    Parameters
    ----------
    pixels
        What segments look like.
    strip
        Planes side by side.
    keep_bits
        Whether bits are wanted, too.

    Yields
    ------
    Found
        Where a segment is; the number zero stands for all those of a label map.

    Raises
    ------
    InvalidArgumentError
        If a label is that of no segment.

    """
    is_label_map = pixels.table.kind is SegmentationTypeValues.LABELMAP
    if is_label_map or (pixels.is_mask and not keep_bits):
        number = 0 if is_label_map else pixels.number_of_mask
        planes = _planes_in_use(pixels, strip) if pixels.extents(strip) else []
        if planes:
            yield Found(number, planes, 0, None)
    elif strip.number_of_planes > 1 and _has_few_labels(pixels):
        yield from _tiles_of_few_labels(pixels, strip, keep_bits=keep_bits)
    elif strip.number_of_planes > 1 or pixels.shape != strip.pixels.shape[:2]:
        for extent in pixels.extents(strip):
            yield from _tiles_in_use(pixels, strip, extent, keep_bits=keep_bits)
    else:
        for extent in pixels.extents(strip):
            yield _plane_in_use(pixels, strip, extent, keep_bits=keep_bits)


# --- a few labels: split into their bits ----------------------------------------------


def _has_few_labels(pixels: SegmentPlanes) -> bool:
    """Whether pixels are small labels that are known, and tiles of whole bytes."""
    if pixels.is_stacked or pixels.shape[1] % 8:
        return False
    is_label = pixels.planes.array.dtype.kind in "bu" and pixels.table.are_consecutive
    return is_label and len(pixels.table.numbers) <= _FEW_LABELS


def _tiles_of_few_labels(
    pixels: SegmentPlanes, strip: Strip, *, keep_bits: bool
) -> Iterator[Found]:
    """Find the tiles of each label: where the bits are as those of its number."""
    ones = _bits_of_labels(pixels, strip)
    if ones is None:
        return
    bits = ~ones, ones
    for number in pixels.table.numbers:
        is_set = [number >> place & 1 for place in range(len(ones))]
        tiles = reduce(np.bitwise_and, [bits[one][p] for p, one in enumerate(is_set)])
        keep = np.flatnonzero(np.bitwise_or.reduce(tiles, axis=1))
        if len(keep):
            # Those that are not kept should not stay in memory.
            kept = tiles if len(keep) == len(tiles) else tiles[keep]
            planes = (strip.first_plane + keep).tolist()
            yield Found(number, planes, 0, kept.view(np.uint8) if keep_bits else None)


def _bits_of_labels(pixels: SegmentPlanes, strip: Strip) -> Array | None:
    """Pack each bit of labels; what tiles have beyond the pixels is zero.

    Returns
    -------
    numpy.ndarray
        Shape (bit, tile, word); None if there are no labels other than zero.

    """
    count = len(pixels.table.numbers)
    height, width = pixels.shape
    size, across = strip.pixels.shape[1], strip.number_of_planes
    together = max(1, _MOST_PIXELS // size)
    # Bytes of a row of a tile are moved as one.
    of_row = np.dtype((np.void, width // 8))
    bits = np.zeros((count.bit_length(), across, height), of_row)
    lines = np.zeros((together, across), of_row)
    masked = np.empty((together, size), np.uint8)
    has_any = False
    for first in range(0, len(strip.pixels), together):
        rows = strip.pixels[first : first + together]
        top = int(rows.max())
        if not top:
            continue
        has_any = True
        if top > count:
            pixels.refuse_unknown_labels(strip)
        labels, number = rows.astype(np.uint8, copy=False), len(rows)
        for place in range(len(bits)):
            np.bitwise_and(labels, np.uint8(1 << place), out=masked[:number])
            packed = np.packbits(masked[:number], axis=1, bitorder="little")
            lines.view(np.uint8)[:number, : packed.shape[1]] = packed
            bits[place, :, first : first + number] = lines[:number].T
    if not has_any:
        return None
    words = np.uint8 if height * width % 64 else np.uint64
    return bits.view(np.uint8).reshape(len(bits), across, -1).view(words)


# --- one segment after the other ------------------------------------------------------


def _plane_in_use(
    pixels: SegmentPlanes, strip: Strip, extent: Extent, *, keep_bits: bool
) -> Found:
    """Pack the rows of a plane that are in use."""
    number, planes = extent.segment_number, (strip.first_plane,)
    if not keep_bits:
        return Found(number, planes, 0, None)
    first, end = _whole_bytes(extent, pixels.shape)
    bits = pack_frames(pixels.select(strip.pixels[first:end], number))
    return Found(number, planes, first * pixels.shape[1] // 8, bits[np.newaxis])


def _tiles_in_use(
    pixels: SegmentPlanes, strip: Strip, extent: Extent, *, keep_bits: bool
) -> Iterator[Found]:
    """Find the tiles in which a segment has any pixel, and pack the rows in use."""
    number, width = extent.segment_number, pixels.shape[1]
    first_row, end_row = _whole_bytes(extent, pixels.shape)
    rows = strip.pixels[first_row:end_row]
    end = -(-extent.end_column // width)
    together = max(1, _MOST_PIXELS // (len(rows) * width))
    buffer = np.empty((together, len(rows), width), np.bool_)
    for first in range(extent.first_column // width, end, together):
        tiles = buffer[: end - first]
        part = rows[:, first * width : (first + len(tiles)) * width]
        _mark(pixels, part, number, tiles)
        of_tiles = tiles.reshape(len(tiles), -1)
        bits = None
        if keep_bits:
            bits = np.packbits(of_tiles, axis=1, bitorder="little")
        keep = np.flatnonzero((of_tiles if bits is None else bits).any(axis=1))
        # Those that are not kept should not stay in memory.
        kept = bits if bits is None or len(keep) == len(bits) else bits[keep]
        if len(keep):
            planes = (strip.first_plane + first + keep).tolist()
            yield Found(number, planes, first_row * width // 8, kept)


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
    step = 8 // gcd(columns, 8)
    first = extent.first_row // step * step
    return first, min(-(-extent.end_row // step) * step, rows)


def _planes_in_use(pixels: SegmentPlanes, strip: Strip) -> list[int]:
    """List the planes of a strip in which any segment has any pixel."""
    if strip.number_of_planes == 1:
        return [strip.first_plane]
    union = np.bitwise_or if strip.pixels.dtype.kind in "bu" else np.maximum
    used = pixels.as_used(union.reduce(strip.pixels, axis=0))
    if used.ndim == 2:
        used = np.asarray(used.any(axis=-1))
    starts = np.arange(0, len(used), pixels.shape[1])
    planes = strip.first_plane + np.flatnonzero(np.logical_or.reduceat(used, starts))
    return [int(plane) for plane in planes]


def pieces_of(
    found: Sequence[Found], frames: Integers, count: int, size: int
) -> Pieces:
    """Put frames one after the other, without copying them.

    Parameters
    ----------
    found
        Frames that have any pixel.
    frames
        Zero-based place of each of them, in the order in which they were found.
    count
        How many frames there are; the others are zero.
    size
        Bytes of a frame.

    """
    offsets: list[int] = []
    parts: list[Bytes] = []
    first = 0
    listed = frames.tolist()
    for _, planes, start, bits in found:
        assert bits is not None, "bits were not wanted"
        places = listed[first : first + len(planes)]
        first += len(planes)
        is_row = places == list(range(places[0], places[0] + len(places)))
        if is_row and bits.shape[1] == size:
            offsets.append(places[0] * size)
            parts.append(bits.reshape(-1))
        else:
            offsets += [place * size + start for place in places]
            parts.extend(bits)
    buffers: list[Buffer] = []
    end = 0
    for number in np.argsort(offsets).tolist():
        if offsets[number] > end:
            buffers += _zeros(offsets[number] - end)
        buffers.append(parts[number])
        end = offsets[number] + parts[number].size
    return Pieces([*buffers, *_zeros(count * size - end)])


def _zeros(count: int) -> list[memoryview]:
    """Give so many bytes of zero, which take no memory."""
    times, rest = divmod(count, len(_ZEROS))
    return [_ZEROS] * times + ([_ZEROS[:rest]] if rest else [])
