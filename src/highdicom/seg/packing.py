"""Frames that have any pixel, and their bits: of the rows in use only (PS3.5 8.1.1)."""

from collections.abc import Iterable, Iterator, Sequence
from math import gcd
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.codec.native import pack_frames
from highdicom.image.pieces import Pieces
from highdicom.seg.enum import SegmentationTypeValues
from highdicom.seg.planes import Extent, SegmentPlanes, Strip
from highdicom.typing import Buffer

__all__ = ["Found", "can_pack", "found_in_strips", "pieces_of"]

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


def found_in_strips(
    pixels: SegmentPlanes, numbers: Iterable[int], *, keep_bits: bool
) -> Iterator[Found]:
    """Go through the segments that have any pixel in each of several strips.

    Parameters
    ----------
    pixels
        What segments look like.
    numbers
        Zero-based strips.
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
    bits: _LabelBits | None = None
    for number in numbers:
        strip = pixels.planes.strip(number)
        # A mask is told to be empty faster than it is packed.
        is_split = keep_bits or not pixels.is_mask
        if not is_split or not _has_few_labels(pixels, strip):
            yield from _found_in_strip(pixels, strip, keep_bits=keep_bits)
            continue
        bits = bits or _LabelBits(pixels, strip)
        yield from bits.found(strip, keep_bits=keep_bits)


def _found_in_strip(
    pixels: SegmentPlanes, strip: Strip, *, keep_bits: bool
) -> Iterator[Found]:
    is_label_map = pixels.table.kind is SegmentationTypeValues.LABELMAP
    if is_label_map or (pixels.is_mask and not keep_bits):
        number = 0 if is_label_map else pixels.number_of_mask
        planes = _planes_in_use(pixels, strip) if pixels.extents(strip) else []
        if planes:
            yield Found(number, planes, 0, None)
    elif strip.number_of_planes > 1 or pixels.shape != strip.pixels.shape[:2]:
        for extent in pixels.extents(strip):
            yield from _tiles_in_use(pixels, strip, extent, keep_bits=keep_bits)
    else:
        for extent in pixels.extents(strip):
            yield _plane_in_use(pixels, strip, extent, keep_bits=keep_bits)


# --- a few labels: split into their bits ----------------------------------------------


def _has_few_labels(pixels: SegmentPlanes, strip: Strip) -> bool:
    """Whether each of a few labels is looked for in several tiles of whole bytes."""
    if pixels.is_stacked or strip.number_of_planes == 1 or pixels.shape[1] % 8:
        return False
    is_label = pixels.planes.array.dtype.kind in "bu" and pixels.table.are_consecutive
    is_label_map = pixels.table.kind is SegmentationTypeValues.LABELMAP
    is_few = len(pixels.table.numbers) <= _FEW_LABELS
    return is_label and is_few and not is_label_map


class _LabelBits:
    """Bits of the labels in one strip after the other, in memory that is used again.

    Parameters
    ----------
    pixels
        Few labels.
    strip
        One of the strips, which all have as many tiles.

    """

    def __init__(self, pixels: SegmentPlanes, strip: Strip) -> None:
        self._pixels = pixels
        height, width = pixels.shape
        size, across = strip.pixels.shape[1], strip.number_of_planes
        count = len(pixels.table.numbers).bit_length()
        together = max(1, _MOST_PIXELS // size)
        # Bytes of a row of a tile are moved as one.
        of_row = np.dtype((np.void, width // 8))
        self._rows = np.zeros((count, across, height), of_row)
        self._lines = np.zeros((together, across), of_row)
        self._masked = np.empty((together, size), np.uint8)
        words = np.uint8 if height * width % 64 else np.uint64
        ones = self._rows.view(np.uint8).reshape(count, across, -1).view(words)
        # Where bits are zero, and where they are one.
        self._bits = np.empty_like(ones), ones
        self._tiles = np.empty_like(ones[0])

    def found(self, strip: Strip, *, keep_bits: bool) -> Iterator[Found]:
        """Find the tiles of each label: where the bits are as those of its number."""
        if not self._read(strip):
            return
        zeros, ones = self._bits
        np.invert(ones, out=zeros)
        for number in self._pixels.table.numbers:
            first, *others = [
                self._bits[number >> place & 1][place] for place in range(len(ones))
            ]
            tiles = first
            for other in others:
                tiles = np.bitwise_and(tiles, other, out=self._tiles)
            keep = np.flatnonzero(np.bitwise_or.reduce(tiles, axis=1))
            if len(keep):
                bits = tiles[keep].view(np.uint8) if keep_bits else None
                yield Found(number, (strip.first_plane + keep).tolist(), 0, bits)

    def _read(self, strip: Strip) -> bool:
        """Pack each bit of labels, and tell whether there are any other than zero."""
        top = len(self._pixels.table.numbers)
        together = len(self._masked)
        # What tiles have beyond the pixels is zero.
        self._rows[:, :, len(strip.pixels) :] = b""
        has_any = False
        for first in range(0, len(strip.pixels), together):
            rows = strip.pixels[first : first + together]
            place = slice(first, first + len(rows))
            largest = int(rows.max())
            if not largest:
                self._rows[:, :, place] = b""
                continue
            has_any = True
            if largest > top:
                self._pixels.refuse_unknown_labels(strip)
            self._pack(rows.astype(np.uint8, copy=False), place)
        return has_any

    def _pack(self, labels: Bytes, place: slice) -> None:
        masked, lines = self._masked[: len(labels)], self._lines[: len(labels)]
        for bit, tiles in enumerate(self._rows):
            np.bitwise_and(labels, np.uint8(1 << bit), out=masked)
            packed = np.packbits(masked, axis=1, bitorder="little")
            lines.view(np.uint8)[:, : packed.shape[1]] = packed
            tiles[:, place] = lines.T


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
