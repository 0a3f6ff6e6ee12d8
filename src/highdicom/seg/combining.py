"""From stored frames to label maps, segments side by side, and fractions."""

from collections.abc import Iterator, Sequence
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
from highdicom.seg.unpacking import PackedFrames

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
        numbers; without effect unless segments are combined.
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
        if self.combine and len(self.distinct) < len(self.numbers):
            raise InvalidArgumentError(
                "'segment_numbers' must not hold a number twice if segments are to be "
                f"combined, as {list(self.numbers)[:20]} do."
            )

    @property
    def distinct(self) -> tuple[int, ...]:
        """Segment numbers wanted, each once."""
        return tuple(dict.fromkeys(self.numbers))

    @property
    def labels(self) -> tuple[int, ...]:
        """Label of each segment in a label map."""
        if self.relabel and self.combine:
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
    is_every
        Whether all segments of the image are wanted.

    Raises
    ------
    InvalidArgumentError
        If the data type wanted cannot hold the result, or fractions are to be combined
        that are not rescaled.

    """

    def __init__(
        self,
        stored: StoredFrames,
        options: SegmentOptions,
        kind: SegmentationTypeValues,
        segment_of_frame: Integers | None,
        maximum: int,
        *,
        is_every: bool = False,
    ) -> None:
        self._is_every = is_every
        self._stored = stored
        self._options = options
        self._kind = kind
        self._segment_of_frame = segment_of_frame
        self._maximum = maximum
        is_fractional = kind is SegmentationTypeValues.FRACTIONAL
        if is_fractional and options.combine and not options.rescale:
            raise InvalidArgumentError(
                "'rescale_fractional' must be True if segments stored as fractions are "
                "to be combined."
            )
        self._is_fraction = is_fractional and options.rescale and not options.combine
        self.dtype = self._checked_dtype()

    def _greatest(self) -> int:
        """Greatest value that the result can have."""
        if self._options.combine:
            return max(self._options.labels, default=0)
        is_stored = self._kind is SegmentationTypeValues.FRACTIONAL
        return self._maximum if is_stored and not self._is_fraction else 1

    def _checked_dtype(self) -> np.dtype[Any]:
        dtype, greatest = self._options.dtype, self._greatest()
        if dtype is None:
            if self._is_fraction:
                return np.dtype(np.float32)
            return np.min_scalar_type(greatest) if greatest > 1 else np.dtype(np.uint8)
        if dtype.kind not in ("f" if self._is_fraction else "buif"):
            allowed = "" if self._is_fraction else "integer or "
            raise InvalidArgumentError(
                f"'dtype' must be an {allowed}floating point type, not {dtype}."
                if allowed
                else "'dtype' must be a floating point type for rescaled fractions, "
                f"not {dtype}."
            )
        if greatest > _greatest_of(dtype):
            raise InvalidArgumentError(
                f"'dtype' {dtype} cannot hold {greatest}, the greatest value of the "
                "result."
            )
        return dtype

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
        IncompatibleTransformError
            If fractions are to be combined that are neither zero nor one.

        """
        if self._kind is SegmentationTypeValues.LABELMAP:
            return self._from_label_map(plan)
        if self._options.combine:
            return self._combined(plan)
        return self._side_by_side(plan)

    def _from_label_map(self, plan: FramePlan) -> Array:
        """Take segments out of stored labels."""
        options = self._options
        frames = self._stored.iterate(plan.frames.tolist())
        if options.combine:
            array = np.zeros(plan.shape, self.dtype)
            table = self._labels_of_stored()
            for placement, values in zip(plan, frames, strict=True):
                part = values[placement.source]
                if table is not None:
                    part = table.take(part)
                array[placement.target] = part
            return array
        array = np.zeros((*plan.shape, len(options.distinct)), self.dtype)
        for placement, values in zip(plan, frames, strict=True):
            part = values[placement.source]
            for place, number in enumerate(options.distinct):
                array[placement.target][..., place] = part == number
        return self._repeated(array)

    def _labels_of_stored(self) -> Array | None:
        """Label for each stored value; None if they are the same."""
        options, form = self._options, self._stored.pixel_format
        if self._is_every and not options.relabel and self.dtype == form.dtype:
            return None
        table = np.zeros(2**form.bits_allocated, self.dtype)
        table[list(options.numbers)] = options.labels
        return table

    def _repeated(self, array: Array) -> Array:
        """Give a segment for each time that it is wanted."""
        numbers, distinct = self._options.numbers, self._options.distinct
        if numbers == distinct:
            return array
        return array[..., [distinct.index(number) for number in numbers]]

    def _parts(self, plan: FramePlan) -> Iterator[tuple[int, tuple[Any, ...], Array]]:
        """Go through segment number, target and stored values of each placement.

        Of frames that are packed, what is without any pixel is left out.
        """
        segments = _of_frames(self._segment_of_frame, plan)
        if PackedFrames.suits(self._stored):
            packed = PackedFrames(self._stored)
            for placement, number, used in zip(
                plan, segments, packed.iterate(plan.frames.tolist()), strict=True
            ):
                part = None if used is None else packed.part(placement, used)
                if part is not None:
                    yield number, *part
            return
        frames = self._stored.iterate(plan.frames.tolist())
        for placement, number, values in zip(plan, segments, frames, strict=True):
            yield number, placement.target, values[placement.source]

    def _combined(self, plan: FramePlan) -> Array:
        options = self._options
        labels = np.array(options.labels, self.dtype)
        label_of = dict(zip(options.numbers, labels, strict=True))
        array = np.zeros(plan.shape, self.dtype)
        if len(labels) == 1:
            # Nothing can overlap: pixels go where they belong at once.
            for _, target, values in self._parts(plan):
                np.multiply(self._as_mask(values), labels[0], out=array[target])
            return array
        count = 0
        for number, target, values in self._parts(plan):
            mask = self._as_mask(values)
            count += np.count_nonzero(mask)
            part = array[target]
            np.maximum(part, np.multiply(mask, label_of[number]), out=part)
        # Pixels in several segments were counted several times.
        if not options.skip_overlap_checks and count != np.count_nonzero(array):
            raise SegmentsOverlapError(
                "Segments overlap, so that they cannot be combined: choose some of them "
                "by 'segment_numbers', or set 'skip_overlap_checks' to True to let the "
                "greater label win."
            )
        return array

    def _as_mask(self, values: Array) -> npt.NDArray[np.bool_]:
        if self._kind is SegmentationTypeValues.BINARY:
            return values.astype(np.bool_) if values.itemsize > 1 else values.view("?")
        mask = np.asarray(values == self._maximum)
        if np.count_nonzero(mask) != np.count_nonzero(values):
            raise IncompatibleTransformError(
                "Segments of fractions other than zero and one cannot be combined."
            )
        return mask

    def _side_by_side(self, plan: FramePlan) -> Array:
        options = self._options
        place_of = {number: place for place, number in enumerate(options.distinct)}
        array = np.zeros((*plan.shape, len(options.distinct)), self.dtype)
        steps = np.arange(256) / self._maximum
        fractions = steps.astype(self.dtype) if self._is_fraction else steps
        for number, target, values in self._parts(plan):
            part = array[target][..., place_of[number]]
            part[...] = fractions.take(values) if self._is_fraction else values
        return self._repeated(array)


def _greatest_of(dtype: np.dtype[Any]) -> int:
    """Greatest integer up to which a type holds all."""
    if dtype.kind == "f":
        return int(2 ** (np.finfo(dtype).nmant + 1))
    return 1 if dtype.kind == "b" else int(np.iinfo(dtype).max)


def _of_frames(segment_of_frame: Integers | None, plan: FramePlan) -> list[int]:
    if segment_of_frame is None:
        return [1] * len(plan)
    found: list[int] = segment_of_frame[plan.frames].tolist()
    return found


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
