"""Tiles that lie on a grid without gaps or overlaps, found by arithmetic."""

from math import prod
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.frames.columns import is_absent
from highdicom.records import record

__all__ = ["FoundTiles", "TileGrid"]

Integers = npt.NDArray[np.int64]


class FoundTiles(NamedTuple):
    """Tiles of a region, shape (m,) each.

    Parameters
    ----------
    rows
        Zero-based rows of the table of frames.
    tops, lefts
        Zero-based row and column of the first pixel in the total pixel matrix.
    channel
        Zero-based place among the channels that are wanted.

    """

    rows: Integers
    tops: Integers
    lefts: Integers
    channel: Integers


@record(eq=False)
class TileGrid:
    """Where each tile of a table of frames lies on a grid, of which cells may be free.

    Parameters
    ----------
    cells
        Shape (n,), ascending: cells in use, counted along columns, rows and channels.
    rows
        Shape (n,): row of the table of the tile in each cell.
    counts
        Number of rows and of columns of the grid.
    first
        Zero-based row and column of the first pixel of the first cell.
    tile
        Rows and columns of a tile.
    channels
        Value of each channel, ascending.

    """

    cells: Integers
    rows: Integers
    counts: tuple[int, int]
    first: tuple[int, int]
    tile: tuple[int, int]
    channels: Integers

    @classmethod
    def of(
        cls,
        tops: Integers,
        lefts: Integers,
        tile: tuple[int, int],
        values: Integers | None,
    ) -> "TileGrid | None":
        """Lay tiles on a grid.

        Parameters
        ----------
        tops, lefts
            Shape (n,): position of the first pixel of each tile, from one.
        tile
            Rows and columns of a tile.
        values
            Shape (n,): what tells channels apart, if anything does.

        Returns
        -------
        TileGrid | None
            None if tiles lie off the grid, or in the same cell, or nowhere.

        """
        if not len(tops) or is_absent(tops).any() or is_absent(lefts).any():
            return None
        first = int(tops.min()), int(lefts.min())
        row, off_row = np.divmod(tops - first[0], tile[0])
        column, off_column = np.divmod(lefts - first[1], tile[1])
        if off_row.any() or off_column.any():
            return None
        counts = int(row.max()) + 1, int(column.max()) + 1
        channels, channel = (
            (np.zeros(1, np.int64), 0) if values is None else _ranked(values)
        )
        if prod(counts) * len(channels) > np.iinfo(np.int64).max:
            return None
        cells = (channel * counts[0] + row) * counts[1] + column
        rows = np.argsort(cells, kind="stable")
        cells = cells[rows]
        if (cells[1:] == cells[:-1]).any():
            return None
        return cls(cells, rows, counts, (first[0] - 1, first[1] - 1), tile, channels)

    def find(self, region: list[int], wanted: Integers | None) -> FoundTiles:
        """Find the tiles that have a part in a region, by channel, row and column.

        Parameters
        ----------
        region
            First row, row after the last, first column and column after the last.
        wanted
            Channels wanted, each once; all tiles are of one if not given.

        """
        (row, stop_row), (column, stop_column) = (
            self._range(region[2 * axis : 2 * axis + 2], axis) for axis in (0, 1)
        )
        channels = self.channels if wanted is None else wanted
        place = np.searchsorted(self.channels, channels)
        place = np.minimum(place, len(self.channels) - 1)
        known = np.flatnonzero(self.channels[place] == channels)
        lines = place[known, None] * self.counts[0] + np.arange(row, stop_row)
        begins = lines.reshape(-1) * self.counts[1] + column
        start = np.searchsorted(self.cells, begins)
        count = np.searchsorted(self.cells, begins + (stop_column - column)) - start
        line = np.repeat(np.arange(len(begins)), count)
        found = np.arange(len(line)) + (start - np.cumsum(count) + count)[line]
        channel, row_of = np.divmod(line, max(stop_row - row, 1))
        column_of = self.cells[found] - begins[line] + column
        return FoundTiles(
            self.rows[found],
            (row_of + row) * self.tile[0] + self.first[0],
            column_of * self.tile[1] + self.first[1],
            known[channel],
        )

    def _range(self, bounds: list[int], axis: int) -> tuple[int, int]:
        """Rows or columns of the grid that have a part between two bounds."""
        first, size = self.first[axis], self.tile[axis]
        start = max((bounds[0] - first) // size, 0)
        stop = min(-((first - bounds[1]) // size), self.counts[axis])
        return start, max(start, stop)


def _ranked(values: Integers) -> tuple[Integers, Integers]:
    """Distinct values, ascending, and the place of each value among them."""
    lowest = int(values.min())
    span = int(values.max()) - lowest + 1
    if span > 2**16:
        return np.unique(values, return_inverse=True)
    is_used = np.zeros(span, np.bool_)
    is_used[values - lowest] = True
    rank = np.cumsum(is_used) - 1
    return np.flatnonzero(is_used) + lowest, rank[values - lowest]
