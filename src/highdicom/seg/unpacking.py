"""Frames of one bit a pixel, of which only pixels in use are unpacked (PS3.5 8.1.1)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.codec.profiles import profile_of
from highdicom.frames.plan import FramePlan
from highdicom.image.stored import StoredFrames

__all__ = ["PackedFrames", "Part"]

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]

# What is worked on should stay in the cache of a processor.
_BYTES_AT_ONCE = 2**20
_PIXELS_AT_ONCE = 2**18


class Part(NamedTuple):
    """Pixels, and where they go.

    Parameters
    ----------
    channel
        Number that was given for their frames.
    target
        Where they go.
    pixels
        Zeros and ones (row, column) in an array of their own.

    """

    channel: int
    target: tuple[int | slice, ...]
    pixels: Bytes


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

    def parts(self, plan: FramePlan, channels: Integers) -> Iterator[Part]:
        """Unpack what a plan asks for; what is without any pixel may be left out.

        Parameters
        ----------
        plan
            Which frame, or part of it, goes where.
        channels
            Shape (m,): for each placement a number that tells what goes with it.

        """
        if not len(plan):
            return iter(())
        return (self._slices if plan.outer_shape else self._strips)(plan, channels)

    def _read(self, frames: list[int]) -> Bytes:
        """Read frames as bytes (frame, row, byte)."""
        return self._stored.packed(frames).reshape(-1, self._rows, self._width)

    # --- frames by themselves, of which few pixels are in use ------------------------

    def _slices(self, plan: FramePlan, channels: Integers) -> Iterator[Part]:
        """Go through frames, cut to the smallest rectangle that holds all pixels."""
        count = max(1, _BYTES_AT_ONCE // (self._rows * self._width))
        for start in range(0, len(plan), count):
            batch = slice(start, start + count)
            rows = self._read(plan.frames[batch].tolist())
            which, used = _used(rows)
            source = plan.source[batch][which]
            # From the place in the frame to the one in the array.
            shift = (plan.target[batch][which] - source)[:, [0, 2]]
            low = np.maximum(used[:, 0::2], source[:, 0::2])
            high = np.minimum(used[:, 1::2], source[:, 1::2])
            inside = np.flatnonzero((low < high).all(axis=1))
            columns = (
                which[inside],
                channels[batch][which[inside]],
                plan.outer[batch][which[inside]],
                low[inside],
                high[inside],
                shift[inside],
            )
            for place, channel, outer, (top, left), (bottom, right), (
                down,
                across,
            ) in zip(*(column.tolist() for column in columns), strict=True):
                first = left // 8
                pixels = np.unpackbits(
                    rows[place, top:bottom, first : -(-right // 8)],
                    axis=1,
                    bitorder="little",
                )[:, left - first * 8 : right - first * 8]
                target = (
                    *outer,
                    slice(top + down, bottom + down),
                    slice(left + across, right + across),
                )
                yield Part(channel, target, pixels)

    # --- tiles side by side ----------------------------------------------------------

    def _strips(self, plan: FramePlan, channels: Integers) -> Iterator[Part]:
        """Go through tiles without gaps in a row, their bits put side by side."""
        # Where the first pixel of a frame would be, were it not cut off.
        left = plan.target[:, 2] - plan.source[:, 2]
        keys = np.column_stack(
            [plan.target[:, :2], plan.source[:, 0], channels, left % 8, left]
        )
        order = np.lexsort(keys.T[::-1])
        steps = np.diff(keys[order], axis=0)
        is_apart = steps[:, :-1].any(axis=1) | (steps[:, -1] > self._width * 8)
        for tiles in np.split(order, np.flatnonzero(is_apart) + 1):
            yield from self._strip(plan, tiles, left[tiles], int(channels[tiles[0]]))

    def _strip(
        self, plan: FramePlan, tiles: Integers, left: Integers, channel: int
    ) -> Iterator[Part]:
        top, bottom = plan.source[tiles[0], :2].tolist()
        first = int(left.min())
        bytes_before = ((left - first) // 8).tolist()
        start = int(plan.target[tiles, 2].min())
        stop = int(plan.target[tiles, 3].max())
        bits = np.zeros((bottom - top, max(bytes_before) + self._width), np.uint8)
        frames = self._stored_rows(plan.frames[tiles].tolist())
        for before, rows in zip(bytes_before, frames, strict=True):
            bits[:, before : before + self._width] = rows[top:bottom]
        skipped = (start - first) // 8
        bits = bits[:, skipped : -(-(stop - first) // 8)]
        offset = start - first - skipped * 8
        row, step = int(plan.target[tiles[0], 0]), _PIXELS_AT_ONCE // (stop - start) + 1
        for begin in range(0, len(bits), step):
            pixels = np.unpackbits(
                bits[begin : begin + step], axis=1, bitorder="little"
            )
            end = begin + len(pixels)
            target = slice(row + begin, row + end), slice(start, stop)
            yield Part(channel, target, pixels[:, offset : offset + stop - start])

    def _stored_rows(self, frames: list[int]) -> Iterator[Bytes]:
        """Read frames, not all of which need be in memory at once."""
        count = max(1, _BYTES_AT_ONCE // (self._rows * self._width))
        for start in range(0, len(frames), count):
            yield from self._read(frames[start : start + count])


def _used(frames: Bytes) -> tuple[Integers, Integers]:
    """Find the frames with any pixel, and the rectangles that hold these.

    Returns
    -------
    tuple
        Shape (m,): places of the frames. Shape (m, 4): first row, row after the last,
        first column and column after the last, to the accuracy of a few bytes.

    """
    size = next(size for size in (8, 4, 2, 1) if frames.shape[2] % size == 0)
    words = frames.view(f"u{size}")
    per_row = words.shape[2]
    # Zeros and ones are found much faster than words that are not zero.
    places = np.flatnonzero(words != 0)
    per_frame = words.shape[1] * per_row
    edges = np.searchsorted(places, np.arange(len(frames) + 1) * per_frame)
    which = np.flatnonzero(edges[1:] > edges[:-1])
    if not len(which):
        return which, np.empty((0, 4), np.int64)
    starts = edges[which]
    columns = places % per_row
    rectangles: Any = [
        places[starts] % per_frame // per_row,
        places[edges[which + 1] - 1] % per_frame // per_row + 1,
        np.minimum.reduceat(columns, starts) * size * 8,
        (np.maximum.reduceat(columns, starts) + 1) * size * 8,
    ]
    return which, np.stack(rectangles, axis=1)
