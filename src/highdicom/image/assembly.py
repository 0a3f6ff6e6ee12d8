"""Put frames together as a plan says, transformed on the way."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import HighdicomError
from highdicom.frames.plan import FramePlan
from highdicom.image.stored import StoredFrames
from highdicom.image.threads import in_threads, parts_of
from highdicom.image.transforms import FrameTransforms

__all__ = ["Assembly", "TooLargeError"]

Array = npt.NDArray[Any]
Place = tuple[int | slice, ...]


class TooLargeError(HighdicomError, MemoryError):
    """There is no memory for what is asked for."""


class Assembly:
    """Reads frames, transforms them, and puts them where they belong.

    Parameters
    ----------
    stored
        Where stored values come from.
    transforms
        What is done to the values of each frame.
    dtype
        Type of the results.

    """

    def __init__(
        self, stored: StoredFrames, transforms: FrameTransforms, dtype: np.dtype[Any]
    ) -> None:
        self._stored = stored
        self._transforms = transforms
        self._dtype = dtype

    def frame(self, frame: int) -> Array:
        """Values of one frame in a new array (row, column[, 3]).

        Parameters
        ----------
        frame
            Zero-based index of the frame.

        """
        stored = self._stored.read(frame)
        values = self._transforms.for_frame(frame)(stored)
        return values.copy() if np.may_share_memory(values, stored) else values

    def frames(self, frames: Sequence[int]) -> Array:
        """Values of several frames in a new array (frame, row, column[, 3]).

        Parameters
        ----------
        frames
            Zero-based indices of the frames, -1 for one that is all zeros.

        """
        self._stored.expect(frames)
        indices = np.asarray(frames, np.int64)
        places = np.flatnonzero(indices >= 0)
        array = self._zeros((len(indices), *self._stored.pixel_format.shape[:2]))
        everything = slice(None)
        self._put(
            indices[places].tolist(),
            [(everything, everything)] * len(places),
            [(place,) for place in places.tolist()],
            array,
        )
        return array

    def plan(self, plan: FramePlan) -> Array:
        """Values of frames, or parts of them, in a new array as a plan says.

        Parameters
        ----------
        plan
            Which frame goes where; colours stand along a further last axis.

        """
        frames = plan.frames.tolist()
        self._stored.expect(frames)
        array = self._zeros(plan.shape)
        placements = plan.placements
        self._put(
            frames,
            [placement.source for placement in placements],
            [placement.target for placement in placements],
            array,
        )
        return array

    def _put(
        self,
        frames: Sequence[int],
        sources: Sequence[Place],
        targets: Sequence[Place],
        array: Array,
    ) -> None:
        """Transform parts of frames into parts of an array that do not overlap."""
        # In this thread, since what is wrong with attributes is reported but once.
        pipelines = [self._transforms.for_frame(frame) for frame in frames]

        def put(part: slice) -> None:
            for pipeline, source, target, stored in zip(
                pipelines[part],
                sources[part],
                targets[part],
                self._stored.iterate(frames[part]),
                strict=True,
            ):
                pipeline.into(stored[source], array[target])

        is_shared = self._stored.prefers_threads and not self._transforms.is_color
        in_threads(put, parts_of(len(frames), array.nbytes if is_shared else 0))

    def _zeros(self, shape: tuple[int, ...]) -> Array:
        samples = (3,) if self._transforms.is_color else ()
        shape = (*shape, *samples)
        try:
            return np.zeros(shape, self._dtype)
        except (MemoryError, ValueError) as error:
            size = prod(shape) * self._dtype.itemsize / 2**30
            raise TooLargeError(
                f"An array of shape {shape} and type {self._dtype} takes {size:.0f} "
                "GiB, for which there is no memory: ask for a part of it."
            ) from error
