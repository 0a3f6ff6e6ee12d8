"""Frames of one bit a pixel, of which only pixels in use are unpacked (PS3.5 8.1.1)."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.codec.profiles import profile_of
from highdicom.frames.plan import FramePlan
from highdicom.image.stored import StoredFrames

__all__ = ["LINE", "PackedFrames", "Part"]

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]

# What is worked on should stay in the cache of a processor.
_BYTES_AT_ONCE = 2**20
_PIXELS_AT_ONCE = 2**19

LINE = 64
"""Pixels that are looked at together."""
# Frames have few pixels if they lie on few lines; it takes several until putting them
# together is faster than one by one.
_LINES_OF_FRAME = 160
_FRAMES_TOGETHER = 4


class Part(NamedTuple):
    """Pixels, and where they go.

    Parameters
    ----------
    channel
        Number that was given for their frame, or the frame of each line.
    target
        Where they go: an index of the array, or, as an array, those of several lines
        of :data:`LINE` pixels, none of them twice. Frames that are not apart are of one
        channel then.
    pixels
        Zeros and ones (row, column) or (line, column) in an array of their own.

    """

    channel: int | Integers
    target: tuple[int | slice, ...] | Integers
    pixels: Bytes


class _Used(NamedTuple):
    """What is in use of some frames, of which words of several bytes are looked at.

    Parameters
    ----------
    words
        All words of all frames.
    per_row
        Number of words of a row.
    places
        Those that are not zero.
    frames
        The frames that have any.
    counts
        How many each of these has.

    """

    words: npt.NDArray[Any]
    per_row: int
    places: Integers
    frames: Integers
    counts: Integers


class PackedFrames:
    """Frames that are stored as bits, row by row in whole bytes.

    Parameters
    ----------
    stored
        Frames that suit, as :meth:`suits` tells.

    """

    def __init__(self, stored: StoredFrames) -> None:
        self._stored = stored
        self._rows = stored.pixel_format.rows
        self._width = stored.pixel_format.columns // 8

    @staticmethod
    def suits(stored: StoredFrames) -> bool:
        """Whether frames are native, have one bit a pixel, and rows end on bytes."""
        form = stored.pixel_format
        return (
            form.bits_allocated == 1
            and form.samples_per_pixel == 1
            and form.columns % 8 == 0
            and profile_of(stored.reader.transfer_syntax_uid).is_native
        )

    def parts(
        self, plan: FramePlan, channels: Integers, *, are_apart: bool = False
    ) -> Iterator[Part]:
        """Unpack what a plan asks for, but for most of what is without any pixel.

        Parameters
        ----------
        plan
            Which frame, or part of it, goes where.
        channels
            Shape (m,): for each placement a number that tells what goes with it.
        are_apart
            Whether frames of different channels go to different places.

        """
        size = self._rows * self._width
        # Of few frames, fewer at once: they may be copied, to memory that is used again.
        at_once = max(_BYTES_AT_ONCE // 4, min(_BYTES_AT_ONCE, len(plan) * size // 4))
        count = max(1, at_once // size)
        for start in range(0, len(plan), count):
            some = slice(start, start + count)
            yield from self._some_parts(plan, channels, some, are_apart=are_apart)

    def _some_parts(
        self, plan: FramePlan, channels: Integers, some: slice, *, are_apart: bool
    ) -> Iterator[Part]:
        packed = self._stored.packed(plan.frames[some].tolist())
        packed = packed.reshape(-1, self._rows, self._width)
        used = _used(packed)
        if not len(used.frames):
            return
        channels = channels[some][used.frames]
        # Frames of a channel never share a place, those of all only if they are apart.
        begins = (
            np.zeros(1, np.int64)
            if are_apart
            else np.flatnonzero(np.diff(channels, prepend=channels[0] - 1))
        )
        if self._has_lines(plan, used, begins):
            yield from self._lines(plan.outer[some, 0], channels, used, begins)
        else:
            yield from self._rectangles(plan, channels, some, packed, used)

    def _has_lines(self, plan: FramePlan, used: _Used, begins: Integers) -> bool:
        """Whether many whole frames have few pixels, which are best put together."""
        whole = (self._rows, self._width * 8)
        return (
            plan.plane_shape == whole
            and len(plan.outer_shape) == 1
            and used.words.itemsize * 8 == LINE
            and len(used.places) <= _LINES_OF_FRAME * len(used.frames)
            and _FRAMES_TOGETHER * len(begins) <= len(used.frames)
        )

    def _lines(
        self, slots: Integers, channels: Integers, used: _Used, begins: Integers
    ) -> Iterator[Part]:
        """Unpack the words in use of several frames together.

        Parameters
        ----------
        slots
            Place in the array of each frame that was read.
        channels
            Number that was given for each frame in use.
        used
            What is in use.
        begins
            First one of the frames that are put together.

        """
        # From the place among the frames to the one in the array.
        lines_of_frame = self._rows * self._width * 8 // LINE
        shift = (slots[used.frames] - used.frames) * lines_of_frame
        lines = used.places + np.repeat(shift, used.counts)
        words = used.words[used.places].view(np.uint8)
        pixels = np.unpackbits(words, bitorder="little").reshape(-1, LINE)
        channels = np.repeat(channels, used.counts)
        ends = np.cumsum(used.counts)
        edges = [0, *ends[begins[1:] - 1].tolist(), len(lines)]
        for edge in pairwise(edges):
            some = slice(*edge)
            yield Part(channels[some], lines[some], pixels[some])

    def _rectangles(
        self,
        plan: FramePlan,
        channels: Integers,
        some: slice,
        packed: Bytes,
        used: _Used,
    ) -> Iterator[Part]:
        """Unpack the smallest rectangle that holds all pixels of each frame.

        Those of tiles side by side are one where they touch: long rows are put into an
        array much faster than short ones, of which each lies in another page of memory.
        """
        source = plan.source[some][used.frames]
        corners = _corners(used, packed.shape[1])
        low = np.maximum(corners[:, 0::2], source[:, 0::2])
        high = np.minimum(corners[:, 1::2], source[:, 1::2])
        inside = np.flatnonzero((low < high).all(axis=1))
        if not len(inside):
            return
        low, high, frames = low[inside], high[inside], used.frames[inside]
        # From the place in the frame to the one in the array.
        shift = (plan.target[some][frames] - source[inside])[:, 0::2]
        outer = plan.outer[some][frames]
        same = np.column_stack([frames, channels[inside], outer, shift[:, 0]])
        begins = self._begins(low, high, shift[:, 1], same)
        counts = np.diff(begins, append=len(frames))
        edges = (
            np.minimum.reduceat(low[:, 0], begins),
            np.maximum.reduceat(high[:, 0], begins),
            low[begins, 1],
            high[begins + counts - 1, 1] + (counts - 1) * self._width * 8,
        )
        columns = (frames[begins], counts, channels[inside][begins], outer[begins])
        for first, count, channel, place, top, bottom, left, right, (
            down,
            across,
        ) in zip(
            *(column.tolist() for column in (*columns, *edges, shift[begins])),
            strict=True,
        ):
            tiles = packed[first : first + count]
            step = max(1, _PIXELS_AT_ONCE // (right - left))
            for start in range(top, bottom, step):
                stop = min(start + step, bottom)
                bits = tiles[:, start:stop].swapaxes(0, 1).reshape(stop - start, -1)
                pixels = _unpacked(bits, left, right)
                rows = slice(start + down, stop + down)
                target = (*place, rows, slice(left + across, right + across))
                yield Part(channel, target, pixels)

    def _begins(
        self, low: Integers, high: Integers, across: Integers, same: Integers
    ) -> Integers:
        """Find the first of the rectangles that touch each other, of tiles side by side.

        Parameters
        ----------
        low, high
            Shape (m, 2): first row and column, and those after the last, in the frames.
        across
            Shape (m,): from the column in the frame to the one in the array.
        same
            Shape (m, k): place among the frames, one more for each, and what else must
            be the same.

        """
        touch = (high[:-1, 1] + across[:-1]) == (low[1:, 1] + across[1:])
        # Frames are whole where they touch.
        touch &= (high[:-1, 1] == self._width * 8) & (low[1:, 1] == 0)
        steps = np.diff(same, axis=0)
        touch &= (steps[:, 0] == 1) & ~steps[:, 1:].any(axis=1)
        return np.flatnonzero(np.concatenate([[True], ~touch]))


def _unpacked(bits: Bytes, left: int, right: int) -> Bytes:
    """Unpack columns from left to right of rows of bits."""
    first, last = left // 8, -(-right // 8)
    pixels = np.unpackbits(bits[:, first:last], axis=1, bitorder="little")
    if right - left < 8 * (last - first):
        return pixels[:, left - 8 * first : right - 8 * first]
    return pixels


def _used(frames: Bytes) -> _Used:
    """Find what is not zero in frames (frame, row, byte)."""
    size = next(size for size in (8, 4, 2, 1) if frames.shape[2] % size == 0)
    words = frames.view(f"u{size}").reshape(-1)
    # Zeros and ones are found much faster than words that are not zero.
    places = np.flatnonzero(words != 0)
    per_frame = len(words) // len(frames)
    edges = np.searchsorted(places, np.arange(len(frames) + 1) * per_frame)
    counts = np.diff(edges)
    which = np.flatnonzero(counts)
    return _Used(words, frames.shape[2] // size, places, which, counts[which])


def _corners(used: _Used, rows: int) -> Integers:
    """Find the rectangles that hold what is used, to the accuracy of a few bytes.

    Returns
    -------
    numpy.ndarray
        Shape (m, 4): first row, row after the last, first column and column after the
        last.

    """
    ends = np.cumsum(used.counts)
    starts = ends - used.counts
    row, column = np.divmod(used.places, used.per_row)
    width = used.words.itemsize * 8
    rectangles: Any = [
        row[starts] % rows,
        row[ends - 1] % rows + 1,
        np.minimum.reduceat(column, starts) * width,
        (np.maximum.reduceat(column, starts) + 1) * width,
    ]
    return np.stack(rectangles, axis=1)
