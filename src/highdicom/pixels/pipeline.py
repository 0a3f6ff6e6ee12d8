"""Steps in a row, and how to do them in fewer."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeGuard, overload

import numpy as np
import numpy.typing as npt

from highdicom.pixels.transforms import (
    AsType,
    CheckRange,
    IccCorrection,
    InPlaceTransform,
    LinearTransform,
    Lookup,
    PaletteColor,
    PixelTransform,
    Ramp,
    Span,
    Window,
)
from highdicom.typing import Self

__all__ = ["PixelPipeline"]

Array = npt.NDArray[Any]
Bounds = tuple[float, float]
Steps = Sequence[PixelTransform]

_LONGEST_TABLE = 2**16
_SINGLE = np.dtype(np.float32)
_DOUBLE = np.dtype(np.float64)


class PixelPipeline(Sequence[PixelTransform]):
    """Pixel transforms that are applied one after the other.

    Parameters
    ----------
    transforms
        Transforms in the order of application.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels import PixelPipeline, Rescale, Window
    >>> pipeline = PixelPipeline([Rescale(1, -1024), Window(40, 401)])
    >>> stored = np.array([[0, 1024, 4095]], np.uint16)
    >>> pipeline(stored)
    array([[0.     , 0.40125, 1.     ]])
    >>> pipeline.fused(np.float32, (0, 4095))(stored)
    array([[0.     , 0.40125, 1.     ]], dtype=float32)

    """

    __slots__ = ("_transforms",)

    def __init__(self, transforms: Iterable[PixelTransform] = ()) -> None:
        self._transforms = tuple(transforms)

    def __len__(self) -> int:
        """Count the transforms."""
        return len(self._transforms)

    @overload
    def __getitem__(self, index: int) -> PixelTransform: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    def __getitem__(self, index: int | slice) -> PixelTransform | Self:
        """Give one transform, or a pipeline of some."""
        if isinstance(index, slice):
            return type(self)(self._transforms[index])
        return self._transforms[index]

    def __iter__(self) -> Iterator[PixelTransform]:
        """Go through the transforms in the order of application."""
        return iter(self._transforms)

    def __eq__(self, other: object) -> bool:
        """Whether the transforms are equal."""
        if not isinstance(other, PixelPipeline):
            return NotImplemented
        return self._transforms == other._transforms

    def __hash__(self) -> int:
        """Hash of the transforms."""
        return hash(self._transforms)

    def __repr__(self) -> str:
        """Name the transforms."""
        return f"{type(self).__name__}({list(self._transforms)!r})"

    def __call__(self, values: Array, dtype: npt.DTypeLike | None = None) -> Array:
        """Apply all transforms, without fusing them.

        Parameters
        ----------
        values
            Pixel values, which stay as they are.
        dtype
            Type of the result; by default the one that the transforms give, float64
            after any arithmetic on integers.

        Returns
        -------
        numpy.ndarray
            A new array, or `values` itself if there is nothing to do.

        Raises
        ------
        IncompatibleTransformError
            If values do not fit a transform or the data type.

        """
        result = values
        for transform in self._transforms:
            is_ours = not np.may_share_memory(result, values)
            if is_ours and isinstance(transform, InPlaceTransform) and _floats(result):
                transform.update(result)
            else:
                result = transform(result)
        return result if dtype is None else AsType(np.dtype(dtype))(result)

    def into(self, values: Array, out: Array) -> None:
        """Apply all transforms and put the results into an array.

        Fused pipelines of its type need no other array.

        Parameters
        ----------
        values
            Pixel values, which stay as they are.
        out
            Array of the shape of the result, such as a part of a larger one, which
            must not overlap `values`.

        Raises
        ------
        IncompatibleTransformError
            If values do not fit a transform or the data type of `out`.

        """
        result = values
        for transform in self._transforms:
            if result is out and isinstance(transform, InPlaceTransform):
                transform.update(out)
            elif transform is self._transforms[-1] and _fills(transform, result, out):
                result = transform(result, out)
            elif isinstance(transform, AsType) and transform.dtype == out.dtype:
                result = _converted(transform, result, out)
            else:
                result = transform(result)
        if result is not out:
            np.copyto(out, AsType(out.dtype)(result))

    def bounds(self, low: float, high: float) -> Bounds:
        """Range of the results for values from `low` to `high`."""
        for transform in self._transforms:
            low, high = transform.bounds(low, high)
        return low, high

    def fused(
        self, dtype: npt.DTypeLike | None, stored_range: tuple[float, float]
    ) -> Self:
        """Give a pipeline of the same results in fewer steps.

        Integers of at most 16 bits take one look-up table or, where that is exact,
        one multiplication and addition, or subtraction and division, in the data type
        asked for. Other values take
        the transforms in as few steps and as low a precision as serves the result.

        Parameters
        ----------
        dtype
            Type of the result; that of the pipeline as it is if not given.
        stored_range
            Lowest and highest value that can occur: integers if and only if the
            values are. Look-up tables take values beyond as one of these.

        Returns
        -------
        PixelPipeline
            Pipeline whose results are of type `dtype`.

        Raises
        ------
        IncompatibleTransformError
            If a value in the range does not fit a transform or the data type.

        """
        target = None if dtype is None else np.dtype(dtype)
        checks, steps, domain = _split_checks(self._transforms, stored_range)
        if _can_be_tabulated(steps, domain) and not _is_cheap(steps, target):
            fused = _exact_ramp(steps, target, domain)
            fused = fused or _exact_span(steps, target, domain)
            fused = fused or _tabulated(steps, target, domain)
        else:
            fused = _merged(steps, target, domain)
        return type(self)([*checks, *fused])


def _fills(
    transform: PixelTransform, values: Array, out: Array
) -> TypeGuard[Lookup | PaletteColor]:
    """Whether a table can put its results into an array."""
    if not isinstance(transform, (Lookup, PaletteColor)) or values is out:
        return False
    return transform.table.dtype == out.dtype


def _converted(transform: AsType, values: Array, out: Array) -> Array:
    is_safe = np.can_cast(values.dtype, out.dtype, "safe")
    np.copyto(out, values if is_safe else transform(values))
    return out


def _floats(values: Array) -> bool:
    return values.dtype.kind == "f"


def _split_checks(
    transforms: Steps, stored_range: Bounds
) -> tuple[Steps, Steps, Bounds]:
    """Set the checks of stored values apart, which confine what the others meet."""
    count, domain = 0, stored_range
    while count < len(transforms) and isinstance(transforms[count], CheckRange):
        low, high = transforms[count].bounds(*domain)
        if float(low).is_integer() and float(high).is_integer() and _integral(domain):
            low, high = int(low), int(high)
        domain = (low, high)
        count += 1
    return transforms[:count], transforms[count:], domain


def _integral(domain: Bounds) -> bool:
    return all(isinstance(end, (int, np.integer)) for end in domain)


def _can_be_tabulated(steps: Steps, domain: Bounds) -> bool:
    low, high = domain
    if not steps or not _integral(domain) or not 0 <= high - low < _LONGEST_TABLE:
        return False
    has_colors = False
    for step in steps:
        # A check is of the values that occur, not of all that may. Colours can be
        # told by one number only if they come from a palette.
        if isinstance(step, CheckRange):
            return False
        if isinstance(step, IccCorrection) and not has_colors:
            return False
        has_colors = has_colors or isinstance(step, PaletteColor)
    return True


def _tabulated(steps: Steps, target: np.dtype[Any] | None, domain: Bounds) -> Steps:
    low, high = int(domain[0]), int(domain[1])
    table = PixelPipeline(steps)(np.arange(low, high + 1), target)
    if table.ndim == 2:
        return (PaletteColor(table, low),)
    if low < 0:
        # With an entry for every value of the type the bits of a value are its index.
        bits = 8 if low >= -(2**7) and high < 2**7 else 16
        before, after = low + 2 ** (bits - 1), 2 ** (bits - 1) - 1 - high
        if before >= 0 and after >= 0:
            table, low = np.pad(table, (before, after), mode="edge"), low - before
    return (Lookup(table, low),)


def _is_cheap(steps: Steps, target: np.dtype[Any] | None) -> bool:
    """Whether straight lines in float64, as exact as tables, are faster than these."""
    is_linear = all(isinstance(step, LinearTransform) for step in steps)
    return is_linear and (target is None or target == _DOUBLE)


def _exact_ramp(steps: Steps, target: np.dtype[Any] | None, domain: Bounds) -> Steps:
    """Give one straight line if it needs whole numbers only, else nothing."""
    ramp = _ramp_of(steps)
    if ramp is None or target is None or target.kind != "f":
        return ()
    numbers = (ramp.slope, ramp.intercept)
    if not all(number.is_integer() for number in numbers) or ramp.has_plateau:
        return ()
    largest = max(abs(end) for end in domain)
    total = abs(ramp.slope) * largest + abs(ramp.intercept)
    return (AsType(target), ramp) if total <= _whole_limit(target) else ()


def _exact_span(steps: Steps, target: np.dtype[Any] | None, domain: Bounds) -> Steps:
    """Give a window as a span if only its division is rounded, else nothing.

    This is faster than a table for float32, though not for float64.
    """
    *before, last = steps
    ramp = _ramp_of(before) if before else Ramp(1.0, 0.0)
    span = last.span if isinstance(last, Window) else None
    if target != _SINGLE or ramp is None or span is None:
        return ()
    if ramp.slope <= 0.0 or ramp.has_plateau:
        return ()
    start = (span.start - ramp.intercept) / ramp.slope
    extent = span.extent / ramp.slope
    largest = max(abs(end) for end in domain) + abs(start)
    # Differences from a half are exact up to half of what whole numbers are.
    is_exact = (2.0 * start).is_integer() and float(_SINGLE.type(extent)) == extent
    if not is_exact or 2.0 * largest > _whole_limit(_SINGLE):
        return ()
    return AsType(_SINGLE), Span(start, extent)


def _whole_limit(dtype: np.dtype[Any]) -> float:
    """Whole numbers up to this one are exact."""
    return float(2 ** (np.finfo(dtype).nmant + 1))


def _merged(steps: Steps, target: np.dtype[Any] | None, domain: Bounds) -> Steps:
    """Make one step of neighbours that are straight lines."""
    merged: list[PixelTransform] = []
    for step in steps:
        previous = _ramp_of(merged[-1:])
        this = _ramp_of([step])
        if previous is not None and this is not None:
            merged[-1] = previous.then(this)
        else:
            merged.append(step)
    if target is None:
        return merged
    if target.kind == "f" and merged and isinstance(merged[0], InPlaceTransform):
        merged.insert(0, AsType(_working_dtype(merged, target, domain)))
    if not merged or merged[-1] != AsType(target):
        merged.append(AsType(target))
    return merged


def _ramp_of(steps: Steps) -> Ramp | None:
    """Steps as one straight line, if they are."""
    result: Ramp | None = None
    for step in steps:
        if not isinstance(step, (LinearTransform, Window)) or step.ramp is None:
            return None
        result = step.ramp if result is None else result.then(step.ramp)
    return result


def _working_dtype(
    steps: Steps, target: np.dtype[Any], domain: Bounds
) -> np.dtype[Any]:
    """Lowest precision in which the steps can be done for a result of a type."""
    if target.itemsize < 4:
        target = np.dtype(np.float32)
    largest = max(abs(float(end)) for end in domain)
    limit = float(np.finfo(target).max)
    if _integral(domain):
        bounds = PixelPipeline(steps).bounds(*domain)
        has_room = max(abs(end) for end in bounds) <= limit
        return target if has_room and largest <= _whole_limit(target) else _DOUBLE
    # What floats can be says little of what they are: their type is enough.
    return target if largest <= limit else _DOUBLE
