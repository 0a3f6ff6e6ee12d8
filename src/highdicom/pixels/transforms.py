"""The single steps from stored values to those that users ask for (PS3.3 C.11).

Each is an immutable value that can be called with an array, leaves that array alone,
and tells the range of its results.
"""

from abc import ABC, abstractmethod
from functools import cached_property
from io import BytesIO
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from highdicom.enum import VOILUTFunctionValues
from highdicom.errors import IncompatibleTransformError, InvalidArgumentError
from highdicom.pixels import kernels
from highdicom.records import field, record

__all__ = [
    "AsType",
    "CheckRange",
    "IccCorrection",
    "InPlaceTransform",
    "Invert",
    "LinearTransform",
    "Lookup",
    "PaletteColor",
    "PixelTransform",
    "Ramp",
    "Rescale",
    "Scale",
    "Span",
    "Window",
]

Array = npt.NDArray[Any]
Bounds = tuple[float, float]

_INTEGRAL_TOLERANCE = 1e-6
"""Relative deviation from a whole number that is put down to rounding."""

_BEYOND_ANY_TABLE = 2.0**62

_SIGNED_DOMAINS = {
    np.dtype(np.int8): (-(2**7), 2**7 - 1),
    np.dtype(np.int16): (-(2**15), 2**15 - 1),
}
"""Types for which a table may have an entry for every value."""


class PixelTransform(Protocol):
    """One step of a pixel pipeline."""

    def __call__(self, values: Array, /) -> Array:
        """Transform an array, which stays as it is."""
        ...

    def bounds(self, low: float, high: float, /) -> Bounds:
        """Range of the results for values from `low` to `high`."""
        ...


class InPlaceTransform(ABC):
    """A step that can also overwrite a floating point array."""

    @abstractmethod
    def update(self, values: Array, /) -> None:
        """Transform a floating point array in place, in its own precision."""

    @abstractmethod
    def bounds(self, low: float, high: float, /) -> Bounds:
        """Range of the results for values from `low` to `high`."""

    def __call__(self, values: Array, /) -> Array:
        """Transform into a new floating point array (float64 for integers)."""
        result = kernels.as_floating(values)
        self.update(result)
        return result


class LinearTransform(InPlaceTransform):
    """A step that is a straight line, with or without ends."""

    @property
    @abstractmethod
    def ramp(self) -> "Ramp":
        """The step as a straight line."""

    def update(self, values: Array, /) -> None:
        """Transform a floating point array in place, in its own precision."""
        self.ramp.update(values)

    def bounds(self, low: float, high: float, /) -> Bounds:
        """Range of the results."""
        return self.ramp.bounds(low, high)


@record
class Ramp(LinearTransform):
    """A straight line between two plateaus: ``clip(slope * x + intercept, low, high)``.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels.transforms import Ramp
    >>> Ramp(0.5, 0.0, low=0.0, high=1.0)(np.array([-1, 0, 1, 2, 3]))
    array([0. , 0. , 0.5, 1. , 1. ])

    """

    slope: float
    intercept: float
    low: float = -np.inf
    high: float = np.inf

    @property
    def ramp(self) -> "Ramp":
        """The line itself."""
        return self

    def update(self, values: Array, /) -> None:
        """Transform a floating point array in place, in its own precision."""
        kernels.rescale_in_place(values, self.slope, self.intercept)
        kernels.clip_in_place(values, self.low, self.high)

    def bounds(self, low: float, high: float, /) -> Bounds:
        """Range of the results."""
        first, last = sorted(self._at(end) for end in (low, high))
        return first, last

    @property
    def has_plateau(self) -> bool:
        """Whether the line has an end."""
        return bool(np.isfinite(self.low) or np.isfinite(self.high))

    def then(self, other: "Ramp") -> "Ramp":
        """One line for this one followed by another."""
        low, high = other.bounds(self.low, self.high)
        return Ramp(
            slope=other.slope * self.slope,
            intercept=other.slope * self.intercept + other.intercept,
            low=low,
            high=high,
        )

    def _at(self, value: float) -> float:
        if self.slope == 0.0:
            return min(max(self.intercept, self.low), self.high)
        return min(max(self.slope * value + self.intercept, self.low), self.high)


@record
class Span(InPlaceTransform):
    """Where a value is between two: ``clip((x - start) / extent, 0, 1)``.

    A subtraction and a division are exact where a product and a sum are rounded twice.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels.transforms import Span
    >>> Span(start=10, extent=20)(np.array([0, 10, 15, 30, 40]))
    array([0.  , 0.  , 0.25, 1.  , 1.  ])

    """

    start: float
    extent: float

    def update(self, values: Array, /) -> None:
        """Transform a floating point array in place, in its own precision."""
        scalar = values.dtype.type
        np.subtract(values, scalar(self.start), out=values)
        np.divide(values, scalar(self.extent), out=values)
        np.clip(values, 0.0, 1.0, out=values)

    def bounds(self, low: float, high: float, /) -> Bounds:
        """Range of the results."""
        first, last = self(np.array([low, high], np.float64))
        return float(first), float(last)


@record
class Rescale(LinearTransform):
    """Rescale slope and intercept, or a linear real world mapping (PS3.3 C.11.1.1.2).

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels.transforms import Rescale
    >>> Rescale(slope=2, intercept=-1024)(np.array([0, 500, 1000], np.uint16))
    array([-1024.,   -24.,   976.])

    """

    slope: float
    intercept: float

    def __post_init__(self) -> None:
        """Refuse what is not a number."""
        for name in ("slope", "intercept"):
            value = float(getattr(self, name))
            if not np.isfinite(value):
                raise IncompatibleTransformError(
                    f"The {name} of a rescale must be a finite number, not {value}."
                )
            object.__setattr__(self, name, value)

    @property
    def ramp(self) -> Ramp:
        """The step as a straight line."""
        return Ramp(self.slope, self.intercept)


@record
class Scale(LinearTransform):
    """A linear map that takes one range to another, as of the output of a LUT.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels.transforms import Scale
    >>> Scale((0, 255), (0, 1))(np.array([0, 51, 255], np.uint8))
    array([0. , 0.2, 1. ])

    """

    from_range: Bounds
    to_range: Bounds

    def __post_init__(self) -> None:
        """Refuse ranges that are none."""
        for name in ("from_range", "to_range"):
            limits = kernels.check_range(name, getattr(self, name))
            object.__setattr__(self, name, limits)

    @property
    def ramp(self) -> Ramp:
        """The step as a straight line."""
        (low, high), (lowest, highest) = self.from_range, self.to_range
        slope = (highest - lowest) / (high - low)
        return Ramp(slope, lowest - slope * low)

    def update(self, values: Array, /) -> None:
        """Transform a floating point array in place, in its own precision."""
        (low, high), (lowest, highest) = self.from_range, self.to_range
        kernels.rescale_in_place(values, 1.0, -low)
        # A division keeps both ends exact, which a product with the slope does not.
        np.divide(values, values.dtype.type(high - low), out=values)
        kernels.rescale_in_place(values, highest - lowest, lowest)


@record
class Invert(LinearTransform):
    """Turn a range upside down, as a presentation LUT shape of INVERSE does.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels.transforms import Invert
    >>> Invert(0, 255)(np.array([0.0, 55.0, 255.0]))
    array([255., 200.,   0.])

    """

    low: float
    high: float

    @property
    def ramp(self) -> Ramp:
        """The step as a straight line."""
        return Ramp(-1.0, float(self.low) + float(self.high))


@record
class Window(InPlaceTransform):
    """A VOI LUT function with window centre and width (PS3.3 C.11.2.1.2, C.11.2.1.3).

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels.transforms import Window
    >>> Window(center=40, width=401)(np.array([-1000.0, 39.5, 1000.0]))
    array([0. , 0.5, 1. ])

    """

    center: float
    width: float
    function: VOILUTFunctionValues = VOILUTFunctionValues.LINEAR
    output_range: Bounds = (0.0, 1.0)

    def __post_init__(self) -> None:
        """Refuse windows for which the function is not defined."""
        object.__setattr__(self, "center", float(self.center))
        object.__setattr__(self, "width", float(self.width))
        object.__setattr__(self, "function", VOILUTFunctionValues(self.function))
        limits = kernels.check_range("output_range", self.output_range)
        object.__setattr__(self, "output_range", limits)
        kernels.check_window(self.center, self.width, self.function)

    @property
    def ramp(self) -> Ramp | None:
        """The window as a straight line, if it is one."""
        middle, extent = self._middle_and_extent
        if extent == 0.0:
            return None
        low, high = self.output_range
        slope = (high - low) / extent
        return Ramp(slope, (low + high) / 2.0 - slope * middle, low, high)

    @property
    def span(self) -> Span | None:
        """The window as a span, if it is a straight line from 0 to 1."""
        middle, extent = self._middle_and_extent
        if extent == 0.0 or self.output_range != (0.0, 1.0):
            return None
        return Span(middle - extent / 2.0, extent)

    @property
    def _middle_and_extent(self) -> tuple[float, float]:
        """Middle and extent of the straight line; no extent if it is none."""
        if self.function is VOILUTFunctionValues.SIGMOID:
            return self.center, 0.0
        if self.function is VOILUTFunctionValues.LINEAR:
            return self.center - 0.5, self.width - 1.0
        return self.center, self.width

    def update(self, values: Array, /) -> None:
        """Transform a floating point array in place, in its own precision."""
        kernels.window_in_place(
            values, self.center, self.width, self.function, self.output_range
        )

    def bounds(self, low: float, high: float, /) -> Bounds:
        """Range of the results."""
        first, last = self(np.array([low, high], np.float64))
        return float(first), float(last)


@record(eq=False)
class Lookup:
    """A look-up table for integers (PS3.3 C.11.1.1.1 and C.11.2.1.1).

    Parameters
    ----------
    table
        One-dimensional array of the results, in their data type.
    first_mapped_value
        Value to which the first entry belongs.
    clip
        Whether values before the first and after the last entry get those entries,
        as modality and VOI LUTs ask; they are an error otherwise.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels.transforms import Lookup
    >>> Lookup(np.array([5, 7, 9], np.uint8), first_mapped_value=1)(np.arange(5))
    array([5, 5, 7, 9, 9], dtype=uint8)

    """

    table: Array
    first_mapped_value: int
    clip: bool = True

    def __post_init__(self) -> None:
        """Refuse tables that are none."""
        table = np.asarray(self.table)
        _check_table(table, dimensions=1)
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "first_mapped_value", int(self.first_mapped_value))

    def __eq__(self, other: object) -> bool:
        """Whether the tables are equal, entry by entry."""
        return (
            isinstance(other, Lookup)
            and self.first_mapped_value == other.first_mapped_value
            and self.clip == other.clip
            and _are_equal(self.table, other.table)
        )

    def __hash__(self) -> int:
        """Hash of what can be told without looking at the entries."""
        return hash((self.table.shape, self.first_mapped_value, self.clip))

    def __call__(self, values: Array, /, out: Array | None = None) -> Array:
        """Look values up, into an array of the right shape and type if it is given.

        Raises
        ------
        IncompatibleTransformError
            If values are not whole numbers, or beyond the table and `clip` is false.

        """
        integers = _integers(values, "look-up table")
        if not self.clip:
            _check_within(integers, *self.domain, "the look-up table")
        if self.domain == _SIGNED_DOMAINS.get(integers.dtype):
            bit_patterns = integers.view(f"u{integers.itemsize}")
            return kernels.lookup(bit_patterns, self._by_bit_pattern, 0, out)
        return kernels.lookup(integers, self.table, self.first_mapped_value, out)

    @property
    def domain(self) -> tuple[int, int]:
        """First and last value that have an entry."""
        first = self.first_mapped_value
        return first, first + len(self.table) - 1

    def bounds(self, low: float, high: float, /) -> Bounds:
        """Range of the results."""
        return _bounds_of_entries(self.table, self.first_mapped_value, low, high)

    @cached_property
    def _by_bit_pattern(self) -> Array:
        # Negative values come after the others if their bits are read as unsigned.
        return np.roll(self.table, -self.first_mapped_value)


@record(eq=False)
class PaletteColor:
    """A palette colour look-up table (PS3.3 C.7.6.3.1.5 and C.7.9).

    Parameters
    ----------
    table
        Colours of shape ``(n, 3)``: red, green, blue.
    first_mapped_value
        Value to which the first colour belongs; values before it get the first, those
        after the last the last colour.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels.transforms import PaletteColor
    >>> palette = PaletteColor(np.array([[0, 0, 0], [255, 0, 0]], np.uint8), 0)
    >>> palette(np.array([1, 0], np.uint8))
    array([[255,   0,   0],
           [  0,   0,   0]], dtype=uint8)

    """

    table: Array
    first_mapped_value: int

    def __post_init__(self) -> None:
        """Refuse tables that are none."""
        table = np.asarray(self.table)
        _check_table(table, dimensions=2)
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "first_mapped_value", int(self.first_mapped_value))

    def __eq__(self, other: object) -> bool:
        """Whether the tables are equal, colour by colour."""
        return (
            isinstance(other, PaletteColor)
            and self.first_mapped_value == other.first_mapped_value
            and _are_equal(self.table, other.table)
        )

    def __hash__(self) -> int:
        """Hash of what can be told without looking at the colours."""
        return hash((self.table.shape, self.first_mapped_value))

    def __call__(self, values: Array, /, out: Array | None = None) -> Array:
        """Give values their colours along a new last axis, into an array if given."""
        integers = _integers(values, "palette colour look-up table")
        return kernels.lookup(integers, self.table, self.first_mapped_value, out)

    def bounds(self, low: float, high: float, /) -> Bounds:
        """Range of the samples of the colours."""
        return _bounds_of_entries(self.table, self.first_mapped_value, low, high)


@record
class IccCorrection:
    """Colours of the device to sRGB, by an ICC profile (PS3.3 C.11.15).

    Parameters
    ----------
    profile
        ICC input profile for RGB.

    Examples
    --------
    >>> import numpy as np
    >>> from PIL import ImageCms
    >>> from highdicom.pixels.transforms import IccCorrection
    >>> profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    >>> IccCorrection(profile)(np.array([[[255, 0, 10]]], np.uint8))
    array([[[255,   0,  10]]], dtype=uint8)

    """

    profile: bytes = field(repr=False)

    def __call__(self, values: Array, /) -> Array:
        """Correct colours of shape ``(..., 3)`` and 8 bits, or 16 at a level of 8."""
        if values.dtype not in (np.uint8, np.uint16) or values.shape[-1:] != (3,):
            raise IncompatibleTransformError(
                "An ICC profile can be applied to colours of shape (..., 3) and type "
                f"uint8 or uint16, not to an array of shape {values.shape} and type "
                f"{values.dtype}."
            )
        if values.dtype == np.uint16:
            # The greatest level of 8 bits, 255, is 65535 of 16.
            levels = (values.astype(np.uint32) + 128) // 257
            levels_corrected = self(levels.astype(np.uint8)).astype(np.uint16)
            levels_corrected *= 257
            return levels_corrected
        if values.size == 0:
            return np.empty_like(values)
        width = values.shape[-2] if values.ndim > 1 else 1
        pixels = np.ascontiguousarray(values).reshape(-1, width, 3)
        image = ImageCms.applyTransform(Image.fromarray(pixels), self._transform)
        corrected: Array = np.array(image).reshape(values.shape)
        return corrected

    def bounds(self, low: float, high: float, /) -> Bounds:
        """Range of samples of 8 bits, or of 16 if the input is beyond 8."""
        del low
        return 0.0, 255.0 if high <= 255 else 65535.0

    def __getstate__(self) -> dict[str, bytes]:
        """Leave the transformation out, which cannot be copied."""
        return {"profile": self.profile}

    @cached_property
    def _transform(self) -> ImageCms.ImageCmsTransform:
        transform: ImageCms.ImageCmsTransform
        # The intent of Pillow is perceptual, whatever the profile prefers.
        try:
            transform = ImageCms.buildTransform(
                ImageCms.ImageCmsProfile(BytesIO(self.profile)),
                ImageCms.createProfile("sRGB"),
                "RGB",
                "RGB",
            )
        except (ImageCms.PyCMSError, OSError) as error:
            raise IncompatibleTransformError(
                f"The ICC profile cannot be used to correct RGB colours: {error}."
            ) from error
        return transform


@record
class CheckRange:
    """Refuse values beyond a range, as those that a mapping does not cover.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels.transforms import CheckRange
    >>> CheckRange(0, 10)(np.array([0, 5, 10]))
    array([ 0,  5, 10])

    """

    low: float
    high: float

    def __call__(self, values: Array, /) -> Array:
        """Give the values as they are.

        Raises
        ------
        IncompatibleTransformError
            If any is beyond the range.

        """
        _check_within(values, self.low, self.high, "the range of the mapping")
        return values

    def bounds(self, low: float, high: float, /) -> Bounds:
        """Part of the range that passes."""
        return max(low, self.low), min(high, self.high)


@record
class AsType:
    """Values in another data type, or an error if that cannot hold them.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pixels.transforms import AsType
    >>> AsType(np.dtype(np.int16))(np.array([1.0, -2.0]))
    array([ 1, -2], dtype=int16)

    """

    dtype: np.dtype[Any]

    def __post_init__(self) -> None:
        """Make a data type of its name or class."""
        object.__setattr__(self, "dtype", np.dtype(self.dtype))

    def __call__(self, values: Array, /) -> Array:
        """Convert; an array of the right type is given back as it is.

        Raises
        ------
        IncompatibleTransformError
            If a value cannot be represented.

        """
        if values.dtype == self.dtype:
            return values
        if np.can_cast(values.dtype, self.dtype, "safe"):
            return values.astype(self.dtype)
        if self.dtype.kind in "iu":
            return self._integers(values)
        return self._floats(values)

    def bounds(self, low: float, high: float, /) -> Bounds:
        """The same range."""
        return low, high

    def _integers(self, values: Array) -> Array:
        whole = _whole_numbers(values, f"result of type {self.dtype}")
        limits = np.iinfo(self.dtype)
        _check_within(whole, int(limits.min), int(limits.max), f"type {self.dtype}")
        return whole.astype(self.dtype)

    def _floats(self, values: Array) -> Array:
        try:
            with np.errstate(over="raise"):
                return values.astype(self.dtype)
        except FloatingPointError as error:
            raise IncompatibleTransformError(
                f"Values are too large for type {self.dtype}."
            ) from error


def _check_table(table: Array, dimensions: int) -> None:
    shape = {1: "(n,)", 2: "(n, channels)"}[dimensions]
    if table.ndim != dimensions or len(table) == 0:
        raise InvalidArgumentError(
            f"'table' must be an array of shape {shape} with at least one entry."
        )


def _are_equal(table: Array, other: Array) -> bool:
    return table is other or (
        table.dtype == other.dtype and np.array_equal(table, other)
    )


def _bounds_of_entries(table: Array, first: int, low: float, high: float) -> Bounds:
    last = len(table) - 1
    start = min(max(int(max(low, first)) - first, 0), last)
    stop = min(max(int(min(high, first + last)) - first, 0), last)
    part = table[start : stop + 1]
    return float(part.min()), float(part.max())


def _whole_numbers(values: Array, purpose: str) -> Array:
    """Give integers as they are, and floats rounded if they are whole numbers."""
    if values.dtype.kind in "iu":
        return values
    if values.dtype.kind == "b":
        return values.view(np.uint8)
    whole: Array = np.rint(values)
    limit = _INTEGRAL_TOLERANCE * np.maximum(np.abs(values), 1.0)
    if not np.all(np.abs(values - whole) <= limit):
        raise IncompatibleTransformError(
            f"Values that are not whole numbers do not fit a {purpose}."
        )
    return whole


def _integers(values: Array, purpose: str) -> Array:
    """Give values as integers, if they are whole numbers."""
    whole = _whole_numbers(values, purpose)
    if whole.dtype.kind != "f":
        return whole
    return np.clip(whole, -_BEYOND_ANY_TABLE, _BEYOND_ANY_TABLE).astype(np.int64)


def _check_within(values: Array, low: float, high: float, what: str) -> None:
    if values.size == 0:
        return
    lowest, highest = values.min(), values.max()
    if lowest < low or highest > high:
        raise IncompatibleTransformError(
            f"Values from {lowest} to {highest} are beyond {what}, which is from "
            f"{low} to {high}."
        )
