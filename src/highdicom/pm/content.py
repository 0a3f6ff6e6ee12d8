"""Real World Value Mapping: from stored values to measurements (C.7.6.16.2.11)."""

from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.sr.coding import Code

from highdicom.attributes import SequenceItem
from highdicom.attributes.specifiers import (
    Coded,
    OptionalItems,
    OptionalNumber,
    OptionalNumbers,
    Text,
    coded,
    items,
    number,
    numbers,
    text,
)
from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentItem
from highdicom.content_items.values import CodeContentItem
from highdicom.encoding.elements import put
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    IncompatibleTransformError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.pixels.pipeline import PixelPipeline
from highdicom.pixels.transforms import (
    CheckRange,
    Lookup,
    PixelTransform,
    Rescale,
)
from highdicom.pm.dimensions import DimensionIndexSequence

__all__ = ["DimensionIndexSequence", "RealWorldValueMapping"]

Array = npt.NDArray[Any]

_QUANTITY = CodedConcept("246205007", "SCT", "Quantity")
_INTEGERS = ("RealWorldValueFirstValueMapped", "RealWorldValueLastValueMapped")
_FLOATS = (
    "DoubleFloatRealWorldValueFirstValueMapped",
    "DoubleFloatRealWorldValueLastValueMapped",
)


class RealWorldValueMapping(
    SequenceItem,
    defined_in="general-image",
    path=("RealWorldValueMappingSequence",),
):
    """From stored values to measurements in a unit (PS3.3 C.7.6.16.2.11).

    Parameters
    ----------
    lut_label
        Name of the mapping, at most 16 characters.
    lut_explanation
        What it is for, at most 64 characters.
    unit
        Unit of the measurements.
    value_range
        First and last stored value that is mapped. With integers the mapping is one
        for integers (at most 65535, or from -32768 to 32767), with floating point
        numbers one for such pixels.
    slope, intercept
        Of a linear mapping; one and zero if not given.
    lut_data
        Instead of these a measurement for each stored value of the range.
    quantity_definition
        What is measured.

    Raises
    ------
    InvalidArgumentError
        If a value is not allowed, the range is none, or the table has more or fewer
        entries than the range.
    ConflictingArgumentsError
        If a table is given and a slope or intercept, too.
    ArgumentTypeError
        If an argument is of the wrong type.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.pm import RealWorldValueMapping
    >>> from pydicom.sr.codedict import codes
    >>> mapping = RealWorldValueMapping(
    ...     "ADC", "Apparent diffusion coefficient", codes.UCUM.SquareMillimeterPerSecond,
    ...     value_range=(0, 4095), slope=1e-6, intercept=0.0,
    ... )
    >>> float(mapping.apply(np.array([1000]))[0])
    0.001

    """

    lut_explanation: Text = text("LUTExplanation", "1")
    unit: Coded = coded("MeasurementUnitsCodeSequence", "1")
    lut_label: Text = text("LUTLabel", "1")
    quantity_definitions: OptionalItems[ContentItem] = items(
        "QuantityDefinitionSequence", "3", ContentItem, default=None
    )
    intercept: OptionalNumber = number("RealWorldValueIntercept", "1C", default=None)
    slope: OptionalNumber = number("RealWorldValueSlope", "1C", default=None)
    entries: OptionalNumbers = numbers("RealWorldValueLUTData", "1C", default=None)

    def __init__(
        self,
        lut_label: str,
        lut_explanation: str,
        unit: CodedConcept | Code,
        value_range: tuple[int, int] | tuple[float, float],
        slope: float | None = None,
        intercept: float | None = None,
        lut_data: Sequence[float] | npt.NDArray[Any] | None = None,
        quantity_definition: CodedConcept | Code | None = None,
    ) -> None:
        first, last = _checked_range(value_range)
        self.initialise()
        self.lut_label = lut_label
        self.lut_explanation = lut_explanation
        self.unit = unit
        is_float = isinstance(first, float)
        vr = "FD" if is_float else "SS" if first < 0 else "US"
        keywords = _FLOATS if is_float else _INTEGERS
        for keyword, value in zip(keywords, (first, last), strict=True):
            put(self, keyword, value, vr)
        if lut_data is None:
            for name, given in (("slope", slope), ("intercept", intercept)):
                if isinstance(given, (float, np.floating)) and not np.isfinite(given):
                    raise InvalidArgumentError(
                        f"'{name}' must be a finite number, not {given}."
                    )
            self.slope = 1.0 if slope is None else slope
            self.intercept = 0.0 if intercept is None else intercept
        else:
            if slope is not None or intercept is not None:
                raise ConflictingArgumentsError(
                    "'slope' and 'intercept' must not be given with 'lut_data'."
                )
            self.entries = _checked_table(lut_data, first, last, is_float=is_float)
        if quantity_definition is not None:
            if not isinstance(quantity_definition, (Code, CodedConcept)):
                raise ArgumentTypeError(
                    "'quantity_definition' must be a pydicom Code or a CodedConcept, "
                    f"not {type(quantity_definition).__name__}."
                )
            self.quantity_definitions = [
                CodeContentItem(_QUANTITY, quantity_definition)
            ]

    def has_lut(self) -> bool:
        """Whether the mapping is a table."""
        return "RealWorldValueLUTData" in self

    def is_floating_point(self) -> bool:
        """Whether the range of stored values is one of floating point numbers."""
        return _INTEGERS[0] not in self

    @property
    def value_range(self) -> tuple[float, float]:
        """First and last stored value that is mapped."""
        keywords = _FLOATS if self.is_floating_point() else _INTEGERS
        for keyword in keywords:
            if keyword not in self:
                raise MissingAttributeError(
                    f"A real world value mapping needs {_INTEGERS[0]} and "
                    f"{_INTEGERS[1]}, or {_FLOATS[0]} and {_FLOATS[1]}.",
                    keyword=keyword,
                )
        first, last = (float(self[keyword].value) for keyword in keywords)
        return first, last

    @property
    def lut_data(self) -> npt.NDArray[np.float64] | None:
        """Measurement for each stored value of the range, shape (n,); None if linear."""
        entries = self.entries
        return None if entries is None else np.array(entries, np.float64)

    def apply(self, array: Array) -> Array:
        """Map stored values to measurements.

        Parameters
        ----------
        array
            Stored values of any shape. They are not changed.

        Returns
        -------
        numpy.ndarray
            New array: of the type of `array` if that is a floating point type, else
            float64.

        Raises
        ------
        IncompatibleTransformError
            If a value is beyond the range, or is no integer where there is a table.
        ArgumentTypeError
            If it is no array.

        """
        if not isinstance(array, np.ndarray):
            raise ArgumentTypeError(
                f"'array' must be a numpy array, not {type(array).__name__}."
            )
        first, last = self.value_range
        table = self.lut_data
        if table is not None:
            if array.dtype.kind not in "iu":
                raise IncompatibleTransformError(
                    "'array' must have an integer data type if the mapping is a table, "
                    f"not {array.dtype}."
                )
            return PixelPipeline([Lookup(table, int(first), clip=False)])(array)
        slope, intercept = self.slope, self.intercept
        if slope is None or intercept is None:
            raise MissingAttributeError(
                "A real world value mapping without LUT needs RealWorldValueSlope and "
                "RealWorldValueIntercept.",
                keyword="RealWorldValueSlope",
            )
        dtype = array.dtype if array.dtype.kind == "f" else np.dtype(np.float64)
        steps: list[PixelTransform] = [
            CheckRange(first, last),
            Rescale(slope, intercept),
        ]
        return PixelPipeline(steps)(array, dtype)


def _checked_range(value_range: object) -> tuple[int, int] | tuple[float, float]:
    """First and last value, both integers or both floating point numbers."""
    if isinstance(value_range, np.ndarray):
        value_range = value_range.tolist()
    if not isinstance(value_range, (tuple, list)) or not all(
        isinstance(value, Real) and not isinstance(value, (bool, np.bool_))
        for value in value_range
    ):
        raise ArgumentTypeError(
            f"'value_range' must be a pair of numbers, not {value_range!r}."
        )
    if len(value_range) != 2:
        raise InvalidArgumentError(
            f"'value_range' must be a first and a last value, not {value_range!r}."
        )
    low, high = value_range
    if not low <= high:
        raise InvalidArgumentError(
            "'value_range' must go from a lower to a higher value, not from "
            f"{low} to {high}."
        )
    if not (isinstance(low, Integral) and isinstance(high, Integral)):
        return float(low), float(high)
    first, last = int(low), int(high)
    if first < -(2**15) or last > (2**15 if first < 0 else 2**16) - 1:
        raise InvalidArgumentError(
            "'value_range' of integers must lie between 0 and 65535 or between -32768 "
            f"and 32767, not from {first} to {last}."
        )
    return first, last


def _checked_table(
    lut_data: npt.ArrayLike, first: float, last: float, *, is_float: bool
) -> list[float]:
    if is_float:
        raise InvalidArgumentError(
            "'lut_data' must not be given if 'value_range' is of floating point "
            "numbers, which only a linear mapping can map."
        )
    try:
        table = np.asarray(lut_data, np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            "'lut_data' must be a sequence of numbers."
        ) from error
    count = int(last - first) + 1
    if table.shape != (count,):
        raise InvalidArgumentError(
            f"'lut_data' must have an entry for each of the {count} values from {first} "
            f"to {last}, not the shape {table.shape}."
        )
    entries: list[float] = table.tolist()
    return entries
