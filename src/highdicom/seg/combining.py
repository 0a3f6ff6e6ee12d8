"""From stored frames to label maps, segments side by side, and fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import (
    IncompatibleTransformError,
    InvalidArgumentError,
    SegmentsOverlapError,
)
from highdicom.frames.plan import FramePlan
from highdicom.image.stored import StoredFrames
from highdicom.seg.enum import SegmentationTypeValues

__all__ = ["Combination", "SegmentOptions"]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SegmentOptions:
    """Which segments a reader wants, and how.

    Parameters
    ----------
    numbers
        Segment numbers wanted, in the order of the result.
    combine
        Whether they are combined into a label map.
    relabel
        Whether labels count the segments wanted from one, instead of being their
        numbers.
    rescale
        Whether fractions are given from zero to one, not as stored.
    skip_overlap_checks
        Whether segments that overlap are combined all the same; the greatest number
        wins.
    dtype
        Type of the result; the smallest that fits if not given.

    """

    numbers: tuple[int, ...]
    combine: bool = False
    relabel: bool = False
    rescale: bool = True
    skip_overlap_checks: bool = False
    dtype: np.dtype[Any] | None = None

    def __post_init__(self) -> None:
        if self.relabel and not self.combine:
            raise InvalidArgumentError(
                "'relabel' must not be True unless 'combine_segments' is."
            )

    @property
    def labels(self) -> tuple[int, ...]:
        """Label of each segment in a label map."""
        if self.relabel:
            return tuple(range(1, len(self.numbers) + 1))
        return self.numbers


class Combination:
    """Puts stored frames of segments together.

    Parameters
    ----------
    stored
        Stored values.
    options
        What is wanted.
    kind
        Segmentation Type of the image.
    segment_of_frame
        Segment number of each frame, shape (n,); not needed for label maps.
    maximum
        Maximum Fractional Value.

    """

    def __init__(
        self,
        stored: StoredFrames,
        options: SegmentOptions,
        kind: SegmentationTypeValues,
        segment_of_frame: Integers | None,
        maximum: int,
    ) -> None:
        self._stored = stored
        self._options = options
        self._kind = kind
        self._segment_of_frame = segment_of_frame
        self._maximum = maximum
        self.dtype = self._checked_dtype()

    @property
    def _is_fraction(self) -> bool:
        return self._kind is SegmentationTypeValues.FRACTIONAL and self._options.rescale

    def _checked_dtype(self) -> np.dtype[Any]:
        options = self._options
        greatest = 1
        if options.combine:
            greatest = max(options.labels, default=0)
        elif self._kind is SegmentationTypeValues.FRACTIONAL:
            greatest = self._maximum
        if options.dtype is None:
            if self._is_fraction and not options.combine:
                return np.dtype(np.float32)
            return np.min_scalar_type(greatest) if greatest > 1 else np.dtype(np.uint8)
        if self._is_fraction and not options.combine and options.dtype.kind != "f":
            raise InvalidArgumentError(
                f"'dtype' must be a floating point type for rescaled fractions, not "
                f"{options.dtype}."
            )
        if options.dtype.kind not in "buif":
            raise InvalidArgumentError(
                f"'dtype' must be an integer or floating point type, not "
                f"{options.dtype}."
            )
        limits = {"b": 1, "f": 2**53}
        limit = limits.get(options.dtype.kind)
        if limit is None:
            limit = int(np.iinfo(options.dtype).max)
        if greatest > limit and not (self._is_fraction and not options.combine):
            raise InvalidArgumentError(
                f"'dtype' {options.dtype} cannot hold {greatest}, the greatest value of "
                "the result."
            )
        return options.dtype

    def assemble(self, plan: FramePlan) -> Array:
        """Put frames together as a plan says.

        Parameters
        ----------
        plan
            Which frame, or part of it, goes where, without an axis of segments.

        Returns
        -------
        numpy.ndarray
            Array of the shape of the plan, followed by an axis of segments unless they
            are combined.

        Raises
        ------
        SegmentsOverlapError
            If segments overlap that are to be combined.

        """
        if self._kind is SegmentationTypeValues.LABELMAP:
            return self._from_label_map(plan)
        if self._options.combine:
            return self._combined(plan)
        return self._side_by_side(plan)

    def _from_label_map(self, plan: FramePlan) -> Array:
        """Take segments out of stored labels."""
        options = self._options
        greatest = 2**self._stored.pixel_format.bits_allocated
        if options.combine:
            table = np.zeros(greatest, self.dtype)
            table[list(options.numbers)] = options.labels
            array = np.zeros(plan.shape, self.dtype)
            for placement, values in zip(plan, self._frames(plan), strict=True):
                array[placement.target] = table[values[placement.source]]
            return array
        array = np.zeros((*plan.shape, len(options.numbers)), self.dtype)
        for placement, values in zip(plan, self._frames(plan), strict=True):
            part = values[placement.source]
            for place, number in enumerate(options.numbers):
                array[placement.target][..., place] = part == number
        return array

    def _frames(self, plan: FramePlan) -> Any:
        return self._stored.iterate(plan.frames.tolist())

    def _segments(self, plan: FramePlan) -> list[int]:
        if self._segment_of_frame is None:
            return [1] * len(plan)
        found: list[int] = self._segment_of_frame[plan.frames].tolist()
        return found

    def _combined(self, plan: FramePlan) -> Array:
        options = self._options
        label_of = dict(zip(options.numbers, options.labels, strict=True))
        array = np.zeros(plan.shape, self.dtype)
        segments = self._segments(plan)
        frames = self._frames(plan)
        for placement, number, values in zip(plan, segments, frames, strict=True):
            mask = self._as_mask(values[placement.source])
            target = array[placement.target]
            if not options.skip_overlap_checks and np.any(target[mask]):
                raise SegmentsOverlapError(
                    f"Segment {number} overlaps with another one, so that they cannot "
                    "be combined: set 'skip_overlap_checks' to True to let the greater "
                    "number win."
                )
            np.maximum(target, label_of[number], out=target, where=mask)
        return array

    def _as_mask(self, values: Array) -> npt.NDArray[np.bool_]:
        if self._kind is SegmentationTypeValues.BINARY:
            return values.astype(bool)
        mask = values == self._maximum
        if not (mask | (values == 0)).all():
            raise IncompatibleTransformError(
                "Segments of fractions other than zero and one cannot be combined."
            )
        return np.asarray(mask)

    def _side_by_side(self, plan: FramePlan) -> Array:
        options = self._options
        place_of = {number: place for place, number in enumerate(options.numbers)}
        array = np.zeros((*plan.shape, len(options.numbers)), self.dtype)
        segments = self._segments(plan)
        frames = self._frames(plan)
        for placement, number, values in zip(plan, segments, frames, strict=True):
            part = values[placement.source]
            if self._is_fraction:
                part = part.astype(self.dtype) / self._maximum
            array[placement.target][..., place_of[number]] = part
        return array


def wanted_numbers(
    given: Sequence[int] | None, known: Sequence[int]
) -> tuple[int, ...]:
    """Check segment numbers that a reader wants; all if none are given.

    Raises
    ------
    InvalidArgumentError
        If there is none, or one is no segment of the image.

    """
    if given is None:
        return tuple(known)
    if len(given) == 0:
        raise InvalidArgumentError("'segment_numbers' must not be empty.")
    unknown = sorted({int(number) for number in given} - set(known))
    if unknown:
        raise InvalidArgumentError(
            f"'segment_numbers' {unknown[:5]} are not segments of the image, which are "
            f"{list(known)[:20]}."
        )
    return tuple(int(number) for number in given)
