"""Frames of one bit a pixel, of which only rows in use are unpacked (PS3.5 8.1.1)."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.codec.profiles import profile_of
from highdicom.frames.plan import FramePlacement
from highdicom.image.stored import StoredFrames

__all__ = ["PackedFrames"]

Bytes = npt.NDArray[np.uint8]


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

    def iterate(self, frames: Sequence[int]) -> Iterator[tuple[int, Bytes]]:
        """Read frames by their zero-based indices.

        Yields
        ------
        tuple
            First row with any pixel, and the bytes of all rows from there to the last
            that has any, shape (row, byte).

        """
        width = self._columns // 8
        size = self._rows * width
        word = np.dtype("<u8" if size % 8 == 0 else "u1")
        for data in self._reader.read_frames(frames):
            used = np.flatnonzero(np.frombuffer(data, word, size // word.itemsize))
            if not len(used):
                yield 0, np.empty((0, width), np.uint8)
                continue
            first = int(used[0]) * word.itemsize // width
            end = -(-(int(used[-1]) + 1) * word.itemsize // width)
            count = (end - first) * width
            rows = np.frombuffer(data, np.uint8, count, first * width)
            yield first, rows.reshape(-1, width)

    def part(
        self, placement: FramePlacement, first_row: int, rows: Bytes
    ) -> tuple[tuple[Any, ...], Bytes] | None:
        """Unpack what a placement asks for.

        Parameters
        ----------
        placement
            Which part of the frame goes where.
        first_row, rows
            Rows that have any pixel, as of :meth:`iterate`.

        Returns
        -------
        tuple or None
            Where it goes, and zeros and ones (row, column); None if nothing does.

        """
        wanted_rows, wanted_columns = placement.source
        first = max(first_row, wanted_rows.start)
        end = min(first_row + len(rows), wanted_rows.stop)
        if first >= end:
            return None
        pixels = np.unpackbits(
            rows[first - first_row : end - first_row], axis=1, bitorder="little"
        )[:, wanted_columns]
        outer: Any
        target_rows: Any
        *outer, target_rows, target_columns = placement.target
        start = target_rows.start + first - wanted_rows.start
        target = (*outer, slice(start, start + end - first), target_columns)
        return target, pixels
