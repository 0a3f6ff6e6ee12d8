"""Put frames together as a plan says, transformed on the way."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import HighdicomError
from highdicom.frames.plan import FramePlan
from highdicom.image.stored import StoredFrames
from highdicom.image.transforms import FrameTransforms

__all__ = ["Assembly", "TooLargeError"]

Array = npt.NDArray[Any]


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
        present = indices[places].tolist()
        for place, frame, stored in zip(
            places.tolist(), present, self._stored.iterate(present), strict=True
        ):
            self._transforms.for_frame(frame).into(stored, array[place])
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
        stored = self._stored.iterate(frames)
        for placement, values in zip(plan, stored, strict=True):
            transform = self._transforms.for_frame(placement.frame)
            transform.into(values[placement.source], array[placement.target])
        return array

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
