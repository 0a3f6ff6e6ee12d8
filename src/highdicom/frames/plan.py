"""Which frame goes where in an array that is put together from frames."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.records import record, replace

__all__ = ["FramePlacement", "FramePlan", "Missing", "numbers_in_words"]

Integers = npt.NDArray[np.int64]

# Numbers of Python take ten times the memory of those of a column.
_PLACEMENTS_AT_ONCE = 1024


class Missing(Enum):
    """What to do with places in an array for which no frame is stored."""

    ERROR = "error"
    """It is an error."""

    BLANK = "blank"
    """They stay blank."""


class FramePlacement(NamedTuple):
    """One frame, or a part of it, and its place in an array.

    Parameters
    ----------
    frame
        Zero-based index of the frame in the image.
    source
        Rows and columns of the frame.
    target
        Where they go in the array.

    """

    frame: int
    source: tuple[slice, slice]
    target: tuple[int | slice, ...]


@record(eq=False)
class FramePlan:
    """Which frame, or part of it, goes where in an array.

    The array has axes before those of rows and columns, such as slices, and after
    them, such as channels; both may be none. The columns of the plan can be used as
    arrays, or one placement after the other by iterating.

    Parameters
    ----------
    outer_shape, plane_shape, inner_shape
        Sizes of the axes before, of rows and columns, and of the axes after.
    frames
        Shape (m,): zero-based index in the image of the frame of each placement.
    outer, inner
        Shape (m, a) and (m, b): index along each axis before and after.
    source, target
        Shape (m, 4): first row, row after the last, first column and column after the
        last, in the frame and in the array.
    missing
        Number of places for which there is no frame: planes of a stack, pixels of a
        region.

    """

    outer_shape: tuple[int, ...]
    plane_shape: tuple[int, int]
    inner_shape: tuple[int, ...]
    frames: Integers
    outer: Integers
    inner: Integers
    source: Integers
    target: Integers
    missing: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array, without samples."""
        return (*self.outer_shape, *self.plane_shape, *self.inner_shape)

    @property
    def placements(self) -> list[FramePlacement]:
        """All placements."""
        return list(self)

    def within_rows(self, start: int, stop: int) -> "FramePlan":
        """Keep what goes to some rows of the array, which stays as large.

        Parameters
        ----------
        start, stop
            Zero-based, half-open range.

        """
        above = np.maximum(start - self.target[:, 0], 0)
        below = np.maximum(self.target[:, 1] - stop, 0)
        cut = np.stack([above, -below, *np.zeros((2, len(self)), np.int64)], axis=1)
        source, target = self.source + cut, self.target + cut
        kept = np.flatnonzero(target[:, 0] < target[:, 1])
        return replace(
            self,
            frames=self.frames[kept],
            outer=self.outer[kept],
            inner=self.inner[kept],
            source=source[kept],
            target=target[kept],
        )

    def __len__(self) -> int:
        """Count the placements."""
        return len(self.frames)

    def __iter__(self) -> Iterator[FramePlacement]:
        """Go through the placements in order."""
        for start in range(0, len(self), _PLACEMENTS_AT_ONCE):
            yield from self._some(slice(start, start + _PLACEMENTS_AT_ONCE))

    def _some(self, some: slice) -> Iterator[FramePlacement]:
        columns: Any = (self.frames, self.outer, self.inner, self.source, self.target)
        for frame, outer, inner, (top, bottom, left, right), target in zip(
            *(column[some].tolist() for column in columns), strict=True
        ):
            rows, columns = slice(*target[:2]), slice(*target[2:])
            yield FramePlacement(
                frame,
                (slice(top, bottom), slice(left, right)),
                (*outer, rows, columns, *inner),
            )


def numbers_in_words(frames: Integers, most: int = 8) -> str:
    """Name frames in a message by their one-based numbers."""
    numbers = ", ".join(str(frame + 1) for frame in frames[:most].tolist())
    return f"{numbers} ..." if len(frames) > most else numbers
