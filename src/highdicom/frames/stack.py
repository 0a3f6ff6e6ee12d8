"""Planning a stack: slices of a volume, and channels within each."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import (
    AmbiguousFramesError,
    InvalidArgumentError,
    MissingFramesError,
)
from highdicom.frames.index import FrameIndex
from highdicom.frames.plan import FramePlan, Missing, numbers_in_words

__all__ = ["Channels", "plan_stack"]

Integers = npt.NDArray[np.int64]
Channels = Mapping[str, Sequence[object]]
"""For each keyword its wanted values; the first of all keywords are the first channel."""


def plan_stack(
    index: FrameIndex,
    slots: npt.ArrayLike,
    number_of_slots: int,
    frame_shape: tuple[int, int],
    *,
    rows: slice | None = None,
    columns: slice | None = None,
    channels: Channels | None = None,
    missing: Missing = Missing.ERROR,
) -> FramePlan:
    """Plan a stack of frames.

    Parameters
    ----------
    index
        Frames to choose from.
    slots
        Shape (n,): zero-based place in the stack of each row of the table, negative or
        beyond the last for rows that do not belong to it.
    number_of_slots
        Number of places in the stack.
    frame_shape
        Rows and columns of the frames.
    rows, columns
        Part of each frame to be taken: zero-based, half-open, within the frame.
        By default, all of it.
    channels
        If given, each place holds one frame for each of these channels.
    missing
        What to do where no frame is stored.

    Returns
    -------
    FramePlan
        In the order of the frames in the image. The array has shape (slots, rows,
        columns), followed by the channels if there are any.

    Raises
    ------
    AmbiguousFramesError
        If several frames belong in the same place.
    MissingFramesError
        If no frame belongs in a place, unless that is allowed.
    InvalidAttributeError, MissingAttributeError
        If channels cannot be told apart.

    """
    places = np.asarray(slots, np.int64)
    if places.shape != (len(index),):
        raise InvalidArgumentError(
            f"'slots' has shape {places.shape}, where {(len(index),)} is needed: one "
            "for each frame."
        )
    row_bounds = _bounds(rows, frame_shape[0], "rows")
    column_bounds = _bounds(columns, frame_shape[1], "columns")
    chosen = np.flatnonzero((places >= 0) & (places < number_of_slots))
    # In the order of the image, so that it is read from its start to its end.
    chosen = chosen[np.argsort(index.frames[chosen], kind="stable")]
    count, channel = _channels(index, channels, chosen)
    chosen, channel = chosen[channel >= 0], channel[channel >= 0]
    cells = places[chosen] * count + channel
    _check_unique(cells, chosen, index, with_channels=channels is not None)
    absent = number_of_slots * count - len(cells)
    if absent and missing is Missing.ERROR:
        raise _missing(cells, number_of_slots, count)
    return FramePlan(
        outer_shape=(number_of_slots,),
        plane_shape=(
            row_bounds[1] - row_bounds[0],
            column_bounds[1] - column_bounds[0],
        ),
        inner_shape=() if channels is None else (count,),
        frames=index.frames[chosen],
        outer=places[chosen][:, None],
        inner=channel[:, None][:, : 0 if channels is None else 1],
        source=np.tile([*row_bounds, *column_bounds], (len(chosen), 1)),
        target=np.tile(
            [
                0,
                row_bounds[1] - row_bounds[0],
                0,
                column_bounds[1] - column_bounds[0],
            ],
            (len(chosen), 1),
        ),
        missing=absent,
    )


def _bounds(part: slice | None, size: int, name: str) -> tuple[int, int]:
    start = 0 if part is None or part.start is None else int(part.start)
    stop = size if part is None or part.stop is None else int(part.stop)
    if not 0 <= start < stop <= size:
        raise InvalidArgumentError(
            f"'{name}' from {start} to {stop} are not within frames of {size} {name}."
        )
    return start, stop


def _channels(
    index: FrameIndex, channels: Channels | None, rows: Integers
) -> tuple[int, Integers]:
    """Number of channels, and the channel of some rows of the table."""
    if channels is None:
        return 1, np.zeros(len(rows), np.int64)
    count = len(next(iter(channels.values()), ()))
    return count, index.positions_of(channels, rows)


def _check_unique(
    cells: Integers, chosen: Integers, index: FrameIndex, *, with_channels: bool
) -> None:
    order = np.argsort(cells, kind="stable")
    ordered = cells[order]
    repeated = np.flatnonzero(ordered[1:] == ordered[:-1])
    if not len(repeated):
        return
    cell = ordered[repeated[0]]
    frames = index.frames[chosen[cells == cell]]
    place = " and have the same channel" if with_channels else ""
    raise AmbiguousFramesError(
        f"Frames {numbers_in_words(frames)} lie in the same plane{place}, where one "
        f"frame is needed; they differ in {_differing(index, chosen[cells == cell])}.",
        frame_numbers=(frames + 1).tolist(),
    )


def _differing(index: FrameIndex, rows: Integers) -> str:
    """Attributes that tell some frames apart, for a message."""
    some: Any = index.selected(rows)
    keywords = [keyword for keyword in some.columns if not some.is_shared(keyword)]
    return ", ".join(f"'{keyword}'" for keyword in keywords) or "no known attribute"


def _missing(cells: Integers, slots: int, channels: int) -> MissingFramesError:
    present = np.zeros(slots * channels, np.bool_)
    present[cells] = True
    absent = np.flatnonzero(~present)
    first_slot, first_channel = divmod(int(absent[0]), channels)
    channel = f" for channel {first_channel + 1}" if channels > 1 else ""
    return MissingFramesError(
        f"There is no frame for {len(absent)} of {slots * channels} places, the first "
        f"of them slice {first_slot + 1}{channel}, while missing ones are not allowed."
    )
