"""Frames of one bit a pixel, of which only rows in use are unpacked (PS3.5 8.1.1)."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.codec.profiles import profile_of
from highdicom.frames.plan import FramePlacement
from highdicom.image.stored import StoredFrames

__all__ = ["PackedFrames"]

Bytes = npt.NDArray[np.uint8]


class UsedBytes(NamedTuple):
    """Bytes of a frame (row, byte), and their first row and byte in it."""

    first_row: int
    first_byte: int
    data: Bytes


class PackedFrames:
    """Frames that are stored as bits, row by row in whole bytes.

    Parameters
    ----------
    stored
        Frames that suit, as :meth:`suits` tells.

    """

    def __init__(self, stored: StoredFrames) -> None:
        self._reader = stored.reader
        self._rows = stored.pixel_format.rows
        self._columns = stored.pixel_format.columns

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

    def iterate(self, frames: Sequence[int]) -> Iterator[UsedBytes | None]:
        """Read frames by their zero-based indices.

        Yields
        ------
        UsedBytes or None
            The smallest rectangle of bytes, whole ones in rows, that holds all pixels;
            None if there are none.

        """
        width = self._columns // 8
        size = self._rows * width
        word = np.dtype("<u8" if size % 8 == 0 else "u1")
        count = size // word.itemsize
        for data in self._reader.read_frames(frames):
            used = np.frombuffer(data, word, count) != 0
            # Where the first one is true, and the last one.
            start = int(used.argmax())
            if not used[start]:
                yield None
                continue
            stop = count - int(used[::-1].argmax())
            first = start * word.itemsize // width
            end = -(-stop * word.itemsize // width)
            rows = np.frombuffer(data, np.uint8, (end - first) * width, first * width)
            rows = rows.reshape(-1, width)
            columns = np.flatnonzero(np.bitwise_or.reduce(rows, axis=0))
            left, right = int(columns[0]), int(columns[-1]) + 1
            yield UsedBytes(first, left, rows[:, left:right])

    def part(
        self, placement: FramePlacement, used: UsedBytes
    ) -> tuple[tuple[Any, ...], Bytes] | None:
        """Unpack what a placement asks for.

        Parameters
        ----------
        placement
            Which part of the frame goes where.
        used
            The bytes in use, as of :meth:`iterate`.

        Returns
        -------
        tuple or None
            Where it goes, and zeros and ones (row, column); None if nothing does.

        """
        wanted_rows, wanted_columns = placement.source
        outer: Any
        target_rows: Any
        target_columns: Any
        *outer, target_rows, target_columns = placement.target
        first, left, rows = used
        top = max(first, wanted_rows.start)
        bottom = min(first + len(rows), wanted_rows.stop)
        start = max(left * 8, wanted_columns.start)
        stop = min((left + rows.shape[1]) * 8, wanted_columns.stop)
        if top >= bottom or start >= stop:
            return None
        pixels = np.unpackbits(
            rows[top - first : bottom - first], axis=1, bitorder="little"
        )[:, start - left * 8 : stop - left * 8]
        down = target_rows.start - wanted_rows.start
        across = target_columns.start - wanted_columns.start
        target = (
            *outer,
            slice(top + down, bottom + down),
            slice(start + across, stop + across),
        )
        return target, pixels
