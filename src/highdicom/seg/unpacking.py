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
_PIXELS_AT_ONCE = 2**17


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
        """Unpack what a plan asks for, but for most of what is without any pixel.

        Parameters
        ----------
        plan
            Which frame, or part of it, goes where.
        channels
            Shape (m,): for each placement a number that tells what goes with it.

        """
        count = max(1, _BYTES_AT_ONCE // (self._rows * self._width))
        for start in range(0, len(plan), count):
            yield from self._some_parts(plan, channels, slice(start, start + count))

    def _some_parts(
        self, plan: FramePlan, channels: Integers, some: slice
    ) -> Iterator[Part]:
        """Unpack the smallest rectangle that holds all pixels of each of some frames."""
        packed = self._stored.packed(plan.frames[some].tolist())
        packed = packed.reshape(-1, self._rows, self._width)
        which, used = _used(packed)
        source = plan.source[some][which]
        low = np.maximum(used[:, 0::2], source[:, 0::2])
        high = np.minimum(used[:, 1::2], source[:, 1::2])
        # From the place in the frame to the one in the array.
        shift = (plan.target[some][which] - source)[:, 0::2]
        columns = (which, channels[some][which], plan.outer[some][which])
        rectangles = np.concatenate([low, high, shift], axis=1)
        for place, channel, outer, (top, left, bottom, right, down, across) in zip(
            *(column.tolist() for column in (*columns, rectangles)), strict=True
        ):
            if left >= right:
                continue
            first, last = left // 8, -(-right // 8)
            step = max(1, _PIXELS_AT_ONCE // (right - left))
            for start in range(top, bottom, step):
                stop = min(start + step, bottom)
                pixels = np.unpackbits(
                    packed[place, start:stop, first:last], axis=1, bitorder="little"
                )
                if right - left < 8 * (last - first):
                    pixels = pixels[:, left - 8 * first : right - 8 * first]
                rows = slice(start + down, stop + down)
                target = (*outer, rows, slice(left + across, right + across))
                yield Part(channel, target, pixels)


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
