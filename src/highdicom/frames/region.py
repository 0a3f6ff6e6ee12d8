"""Planning a region of the total pixel matrix from tiles (PS3.3 C.7.6.17.3)."""

import numpy as np
import numpy.typing as npt

from highdicom.errors import (
    AmbiguousFramesError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingFramesError,
)
from highdicom.frames.columns import is_absent
from highdicom.frames.index import FrameIndex
from highdicom.frames.plan import FramePlan, Missing, numbers_in_words
from highdicom.frames.stack import Channels
from highdicom.frames.tiles import FoundTiles, TileGrid

__all__ = ["plan_region"]

Integers = npt.NDArray[np.int64]

_ROW = "RowPositionInTotalImagePixelMatrix"
_COLUMN = "ColumnPositionInTotalImagePixelMatrix"


def plan_region(
    index: FrameIndex,
    rows: slice,
    columns: slice,
    frame_shape: tuple[int, int],
    *,
    channels: Channels | None = None,
    missing: Missing = Missing.ERROR,
) -> FramePlan:
    """Plan the assembly of a region of the total pixel matrix.

    Tiles that only overlap the region are cut. They may lie anywhere: on the grid of a
    TILED_FULL image or not, and reach beyond the matrix.

    Parameters
    ----------
    index
        Frames to choose from: those of one focal plane and optical path, unless these
        are the channels.
    rows, columns
        Zero-based, half-open ranges in the total pixel matrix.
    frame_shape
        Rows and columns of a tile.
    channels
        If given, the region is put together for each of these channels.
    missing
        What to do where no tile is stored.

    Returns
    -------
    FramePlan
        In the order of the frames in the image. The array has shape (rows, columns),
        followed by the channels if there are any.

    Raises
    ------
    AmbiguousFramesError
        If two frames cover the same pixels.
    MissingFramesError
        If a pixel is not covered, unless that is allowed.
    InvalidAttributeError, MissingAttributeError
        If a frame has no position in the matrix.

    """
    region = _region(rows, columns)
    tiles = _on_grid(index, region, frame_shape, channels)
    on_grid = tiles is not None
    if tiles is None:
        tiles = _anywhere(index, region, frame_shape, channels)
    frames, channel = index.frames[tiles.rows], tiles.channel
    corners = tiles.tops, tiles.lefts
    if (frames[1:] < frames[:-1]).any():
        order = np.argsort(frames, kind="stable")
        frames, channel = frames[order], channel[order]
        corners = tiles.tops[order], tiles.lefts[order]
    boxes = _boxes(corners, frame_shape)
    clipped = _clipped(boxes, region)
    if not on_grid:
        _check_disjoint(boxes, channel, frames, frame_shape)
    count = 1 if channels is None else len(next(iter(channels.values()), ()))
    height, width = int(region[1] - region[0]), int(region[3] - region[2])
    covered = (clipped[:, 1] - clipped[:, 0]) * (clipped[:, 3] - clipped[:, 2])
    absent = height * width * count - int(covered.sum())
    if absent and missing is Missing.ERROR:
        raise MissingFramesError(
            f"No frame is stored for {absent} of {height * width * count} pixels of "
            f"rows {region[0] + 1} to {region[1]} and columns {region[2] + 1} to "
            f"{region[3]} of the total pixel matrix, while missing ones are not allowed."
        )
    return FramePlan(
        outer_shape=(),
        plane_shape=(height, width),
        inner_shape=() if channels is None else (count,),
        frames=frames,
        outer=np.empty((len(frames), 0), np.int64),
        inner=channel[:, None][:, : 0 if channels is None else 1],
        source=clipped - boxes[:, [0, 0, 2, 2]],
        target=clipped - region[[0, 0, 2, 2]],
        missing=absent,
    )


def _region(rows: slice, columns: slice) -> Integers:
    if None in {rows.start, rows.stop, columns.start, columns.stop}:
        raise InvalidArgumentError("'rows' and 'columns' must have a start and a stop.")
    region = np.array([rows.start, rows.stop, columns.start, columns.stop], np.int64)
    if region[0] >= region[1] or region[2] >= region[3]:
        raise InvalidArgumentError(
            f"The region of rows {rows.start} to {rows.stop} and columns "
            f"{columns.start} to {columns.stop} is empty."
        )
    return region


def _on_grid(
    index: FrameIndex,
    region: Integers,
    frame_shape: tuple[int, int],
    channels: Channels | None,
) -> FoundTiles | None:
    """Find tiles by arithmetic, if they lie on a grid, which is laid but once."""
    keyword, wanted = None, None
    if channels is not None:
        ((keyword, values), *others) = channels.items()
        wanted = np.asarray(values)
        is_simple = wanted.dtype.kind in "iu" and len(set(values)) == len(values)
        if others or not is_simple or index.column(keyword).dtype.kind not in "iu":
            return None

    def lay(table: FrameIndex) -> TileGrid | None:
        tops, lefts = table.column(_ROW), table.column(_COLUMN)
        of_channels = None if keyword is None else table.column(keyword)
        return TileGrid.of(tops, lefts, frame_shape, of_channels)

    grid = index.once((plan_region, frame_shape, keyword), lay)
    return None if grid is None else grid.find(region.tolist(), wanted)


def _anywhere(
    index: FrameIndex,
    region: Integers,
    frame_shape: tuple[int, int],
    channels: Channels | None,
) -> FoundTiles:
    """Find tiles that may lie anywhere and overlap."""
    tops, lefts = _corners(index, channels)
    chosen = _inside(tops, lefts, region, frame_shape)
    channel = _channels_of(index, channels, chosen)
    chosen, channel = chosen[channel >= 0], channel[channel >= 0]
    return FoundTiles(chosen, tops[chosen], lefts[chosen], channel)


def _corners(index: FrameIndex, channels: Channels | None) -> tuple[Integers, Integers]:
    """Zero-based row and column of the first pixel of each frame.

    That of frames of other channels without a place is beyond any region.
    """
    corners = []
    for keyword in (_ROW, _COLUMN):
        column = index.column(keyword)
        absent = np.flatnonzero(is_absent(column))
        if len(absent):
            absent = absent[_channels_of(index, channels, absent) >= 0]
            column = np.where(is_absent(column), np.iinfo(np.int64).max, column)
        if len(absent):
            raise InvalidAttributeError(
                f"The frames {numbers_in_words(index.frames[absent])} have no "
                f"'{keyword}', without which they have no place in the total pixel "
                "matrix.",
                keyword=keyword,
            )
        corners.append(column - 1)
    return corners[0], corners[1]


def _channels_of(
    index: FrameIndex, channels: Channels | None, rows: Integers
) -> Integers:
    """Zero-based channel of some rows of the table, -1 if it is not wanted."""
    if channels is None:
        return np.zeros(len(rows), np.int64)
    return index.positions_of(channels, rows)


def _inside(
    tops: Integers, lefts: Integers, region: Integers, frame_shape: tuple[int, int]
) -> Integers:
    """Find the frames that have a part in the region."""
    top, bottom, left, right = region.tolist()
    inside = tops < bottom
    inside &= tops > top - frame_shape[0]
    inside &= lefts < right
    inside &= lefts > left - frame_shape[1]
    return np.flatnonzero(inside)


def _boxes(
    corners: tuple[Integers, Integers], frame_shape: tuple[int, int]
) -> Integers:
    """First row, row after the last, first column and column after the last."""
    boxes = np.empty((len(corners[0]), 4), np.int64)
    for axis in (0, 1):
        boxes[:, 2 * axis] = corners[axis]
        np.add(corners[axis], frame_shape[axis], out=boxes[:, 2 * axis + 1])
    return boxes


def _clipped(boxes: Integers, region: Integers) -> Integers:
    clipped = np.empty_like(boxes)
    np.maximum(boxes[:, 0::2], region[0::2], out=clipped[:, 0::2])
    np.minimum(boxes[:, 1::2], region[1::2], out=clipped[:, 1::2])
    return clipped


def _check_disjoint(
    boxes: Integers,
    channel: Integers,
    frames: Integers,
    frame_shape: tuple[int, int],
) -> None:
    """Refuse frames of a channel that cover the same pixels.

    If two frames overlap and each has a part in the region, then they overlap in the
    region. The plane is divided into cells of the size of a frame: two frames whose
    corners lie in the same cell overlap for certain, others only if their cells are
    neighbours.
    """
    if not len(frames):
        return
    row, column = boxes[:, 0] // frame_shape[0], boxes[:, 2] // frame_shape[1]
    row, column = row - row.min() + 1, column - column.min() + 1
    # A cell is left free on each side, so that no cell of another row or channel
    # is taken for a neighbour.
    height, width = int(row.max()) + 2, int(column.max()) + 2
    cells = (channel * height + row) * width + column
    order = np.argsort(cells, kind="stable")
    ordered = cells[order]
    for step in (0, 1, width - 1, width, width + 1):
        first = np.arange(len(ordered) - (step == 0))
        second = first + 1 if step == 0 else np.searchsorted(ordered, ordered + step)
        second = np.minimum(second, len(ordered) - 1)
        neighbours = ordered[second] == ordered[first] + step
        pair = order[first[neighbours]], order[second[neighbours]]
        apart = np.abs(boxes[pair[0]] - boxes[pair[1]])[:, [0, 2]]
        overlapping = np.flatnonzero((apart < frame_shape).all(axis=1))
        if len(overlapping):
            both = np.sort(frames[[places[overlapping[0]] for places in pair]])
            raise AmbiguousFramesError(
                f"Frames {both[0] + 1} and {both[1] + 1} cover the same pixels of the "
                "total pixel matrix, where one frame is needed; choose one focal plane "
                "and one optical path or segment.",
                frame_numbers=(both + 1).tolist(),
            )
