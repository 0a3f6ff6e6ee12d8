"""From stored frames to label maps, segments side by side, and fractions."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
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
from highdicom.image.threads import in_threads, number_of_parts
from highdicom.records import record
from highdicom.seg.enum import SegmentationTypeValues
from highdicom.seg.unpacking import LINE, PackedFrames

__all__ = ["Combination", "SegmentOptions"]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]
Target = tuple[int | slice, ...] | Integers


@record
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
    is_every
        Whether these are all segments of the image.

    """

    numbers: tuple[int, ...]
    combine: bool = False
    relabel: bool = False
    rescale: bool = True
    skip_overlap_checks: bool = False
    dtype: np.dtype[Any] | None = None
    is_every: bool = False

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
    ) -> None:
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
        if options.combine:
            return self._relabelled(plan)
        array = np.zeros((*plan.shape, len(options.distinct)), self.dtype)
        frames = self._stored.iterate(plan.frames.tolist())
        for placement, values in zip(plan, frames, strict=True):
            part = values[placement.source]
            for place, number in enumerate(options.distinct):
                array[placement.target][..., place] = part == number
        return self._repeated(array)

    def _relabelled(self, plan: FramePlan) -> Array:
        """Take labels as they are stored, or those of some segments."""
        array = np.zeros(plan.shape, self.dtype)
        table = self._labels_of_stored()
        last, is_empty = None, False
        frames = self._stored.iterate(plan.frames.tolist())
        for placement, values in zip(plan, frames, strict=True):
            # Equal tiles that follow each other are the same array.
            if values is not last:
                last, is_empty = values, not np.count_nonzero(values)
            if not is_empty:
                part = values[placement.source]
                array[placement.target] = part if table is None else table.take(part)
        return array

    def _labels_of_stored(self) -> Array | None:
        """Label for each stored value; None if they are the same."""
        options, form = self._options, self._stored.pixel_format
        if options.is_every and not options.relabel and self.dtype == form.dtype:
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

    def _parts(
        self, plan: FramePlan, *, are_apart: bool = False
    ) -> Iterator[tuple[int | Integers, Target, Array]]:
        """Go through segment numbers, targets and values of frames or parts.

        Numbers and targets are those of :class:`highdicom.seg.unpacking.Part`. Values
        are zeros and ones, or fractions as stored. Of frames that are packed, what is
        without any pixel may be left out.
        """
        segments = (
            np.ones(len(plan), np.int64)
            if self._segment_of_frame is None
            else self._segment_of_frame[plan.frames]
        )
        if PackedFrames.suits(self._stored):
            packed = PackedFrames(self._stored)
            yield from packed.parts(plan, segments, are_apart=are_apart)
            return
        is_binary = self._kind is SegmentationTypeValues.BINARY
        frames = self._stored.iterate(plan.frames.tolist())
        for placement, number, stored in zip(
            plan, segments.tolist(), frames, strict=True
        ):
            values = stored[placement.source]
            ones = (values != 0).view(np.uint8) if is_binary else values
            yield number, placement.target, ones

    def _combined(self, plan: FramePlan) -> Array:
        array = np.zeros(plan.shape, self.dtype)
        # Pixels in several segments are counted several times.
        counts: list[int] = []

        def combine(part: FramePlan) -> None:
            counts.append(self._combine(part, array))

        in_threads(combine, self._bands(plan, array.nbytes))
        # Memory that nothing was put into has not been taken yet.
        if any(counts) and sum(counts) != np.count_nonzero(array):
            raise SegmentsOverlapError(
                "Segments overlap, so that they cannot be combined: choose some of them "
                "by 'segment_numbers', or set 'skip_overlap_checks' to True to let the "
                "greater label win."
            )
        return array

    def _combine(self, plan: FramePlan, array: Array) -> int:
        """Put labels into an array, and count the pixels of all segments.

        They are not counted if it does not matter.
        """
        options = self._options
        labels = np.array(options.labels, self.dtype)
        label_of = dict(zip(options.numbers, labels, strict=True))
        is_single = len(labels) == 1
        is_counted = not (is_single or options.skip_overlap_checks)
        is_fractional = self._kind is SegmentationTypeValues.FRACTIONAL
        count = 0
        for number, target, values in self._parts(plan):
            ones = self._as_ones(self._as_mask(values) if is_fractional else values)
            are_lines = not isinstance(number, int)
            view = array.reshape(-1, LINE) if are_lines else array
            part = view[target]
            label = label_of[number if isinstance(number, int) else int(number[0])]
            if is_counted:
                count += int(np.count_nonzero(ones))
            if is_single:
                # Nothing can overlap: pixels go where they belong at once.
                np.multiply(ones, label, out=part)
            else:
                # The memory of the ones is used again where labels fit in.
                own = ones if ones.dtype == self.dtype else None
                np.maximum(part, np.multiply(ones, label, out=own), out=part)
            if are_lines:
                view[target] = part
        return count

    def _bands(self, plan: FramePlan, size: int) -> list[FramePlan]:
        """Divide a plan into bands of rows for threads, unless frames are slices."""
        if plan.outer_shape or not len(plan) or not self._stored.prefers_threads:
            return [plan]
        height, stop = self._stored.pixel_format.rows, plan.plane_shape[0]
        number_of_rows = -(-stop // height)
        number = number_of_parts(number_of_rows, size)
        if number == 1:
            return [plan]
        # Rows of tiles should stay whole.
        first = int(plan.target[0, 1]) % height
        inner = np.linspace(0, number_of_rows, number + 1).astype(int)[1:-1]
        edges = [0, *(first + inner * height).tolist(), stop]
        return [plan.within_rows(*edge) for edge in pairwise(edges)]

    def _as_ones(self, ones: Array) -> Array:
        """Give zeros and ones in a form that is fast to deal with."""
        is_viewed = self.dtype.itemsize == 1 and self.dtype != np.uint8
        return ones.view(self.dtype) if is_viewed else ones

    def _as_mask(self, values: Array) -> Array:
        mask = np.asarray(values == self._maximum)
        if np.count_nonzero(mask) != np.count_nonzero(values):
            raise IncompatibleTransformError(
                "Segments of fractions other than zero and one cannot be combined."
            )
        return mask.view(np.uint8)

    def _side_by_side(self, plan: FramePlan) -> Array:
        options = self._options
        place_of = np.zeros(max(options.distinct, default=0) + 1, np.int64)
        place_of[list(options.distinct)] = np.arange(len(options.distinct))
        array = np.zeros((*plan.shape, len(options.distinct)), self.dtype)
        steps = np.arange(256) / self._maximum
        fractions = steps.astype(self.dtype) if self._is_fraction else steps

        is_binary = self._kind is SegmentationTypeValues.BINARY

        def put(some: FramePlan) -> None:
            for number, target, values in self._parts(some, are_apart=True):
                place = place_of[number]
                if not isinstance(number, int):
                    lines: Any = array.reshape(-1, LINE, array.shape[-1])
                    lines[target, :, place] = values
                elif self._is_fraction:
                    array[target][..., place] = fractions.take(values)
                else:
                    array[target][..., place] = (
                        self._as_ones(values) if is_binary else values
                    )

        in_threads(put, self._bands(plan, array.nbytes))
        return self._repeated(array)


def _greatest_of(dtype: np.dtype[Any]) -> int:
    """Greatest integer up to which a type holds all."""
    if dtype.kind == "f":
        return int(2 ** (np.finfo(dtype).nmant + 1))
    return 1 if dtype.kind == "b" else int(np.iinfo(dtype).max)


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
