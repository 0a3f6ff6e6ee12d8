"""Modality, VOI and presentation transformations: windows, rescales and LUTs.

PS3.3 C.11.1, C.11.2 and C.11.6.
"""

from collections.abc import Iterable, Sequence as AnySequence
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.arguments import is_number
from highdicom.attributes import Module
from highdicom.attributes.specifiers import (
    OptionalEnumerated,
    OptionalItems,
    OptionalNumber,
    OptionalNumbers,
    OptionalText,
    OptionalTexts,
    enumerated,
    items,
    number,
    numbers,
    text,
    texts,
)
from highdicom.content.lut import VOILUT, ModalityLUT, PresentationLUT
from highdicom.enum import (
    PresentationLUTShapeValues,
    RescaleTypeValues,
    VOILUTFunctionValues,
)
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    IncompatibleTransformError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    TransformNotFoundError,
)
from highdicom.pixels.functions import apply_lut, apply_voi_window
from highdicom.pixels.pipeline import PixelPipeline
from highdicom.pixels.transforms import Rescale

__all__ = [
    "ModalityLUTTransformation",
    "PresentationLUTTransformation",
    "VOILUTTransformation",
]

Array = npt.NDArray[Any]


def _check_type(argument: str, value: object, expected: type[Any]) -> None:
    if not isinstance(value, expected):
        raise ArgumentTypeError(
            f"'{argument}' must be a {expected.__name__}, not {type(value).__name__}."
        )


class ModalityLUTTransformation(Module, defined_in="modality-lut"):
    """From stored values to those of the modality (PS3.3 C.11.1).

    Either the three attributes of a rescale are given, or a table.

    Parameters
    ----------
    rescale_intercept, rescale_slope
        Intercept b and slope m of the rescale: output = m × stored value + b.
    rescale_type
        Units of the output: a defined term, or a text of one's own.
    modality_lut
        Table, instead of a rescale.

    Raises
    ------
    ConflictingArgumentsError
        If part of a rescale is missing, or given beside a table.
    ArgumentTypeError
        If an argument is of the wrong type.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import ModalityLUTTransformation
    >>> to_hounsfield = ModalityLUTTransformation(-1024.0, 1.0, "HU")
    >>> to_hounsfield.apply(np.array([0, 1024], np.uint16))
    array([-1024.,     0.])

    """

    rescale_intercept: OptionalNumber = number("RescaleIntercept", "1C", default=None)
    rescale_slope: OptionalNumber = number("RescaleSlope", "1C", default=None)
    rescale_type: OptionalText = text("RescaleType", "1C", default=None)
    modality_luts: OptionalItems[ModalityLUT] = items(
        "ModalityLUTSequence", "1C", ModalityLUT, default=None
    )

    def __init__(
        self,
        rescale_intercept: float | None = None,
        rescale_slope: float | None = None,
        rescale_type: RescaleTypeValues | str | None = None,
        modality_lut: ModalityLUT | None = None,
    ) -> None:
        rescale = {
            "rescale_intercept": rescale_intercept,
            "rescale_slope": rescale_slope,
            "rescale_type": rescale_type,
        }
        for name, value in rescale.items():
            if (value is None) == (modality_lut is None):
                rule = "required without" if value is None else "excluded by"
                raise ConflictingArgumentsError(f"'{name}' is {rule} 'modality_lut'.")
        self.initialise()
        if modality_lut is not None:
            _check_type("modality_lut", modality_lut, ModalityLUT)
            self.modality_luts = [modality_lut]
            return
        self.rescale_intercept = rescale_intercept
        self.rescale_slope = rescale_slope
        self.rescale_type = (
            rescale_type.value
            if isinstance(rescale_type, RescaleTypeValues)
            else rescale_type
        )

    def has_lut(self) -> bool:
        """Whether it is a table."""
        return "ModalityLUTSequence" in self

    def apply(self, array: Array, dtype: npt.DTypeLike | None = None) -> Array:
        """Apply the transformation.

        Parameters
        ----------
        array
            Stored values of any shape.
        dtype
            Type of the result; float64 for a rescale, that of the entries for a table,
            if not given.

        Raises
        ------
        IncompatibleTransformError
            If the type cannot hold the results.
        MissingAttributeError
            If a transformation that was read has neither a table nor both slope and
            intercept.

        """
        if self.modality_luts:
            return self.modality_luts[0].apply(array, dtype)
        slope, intercept = self.rescale_slope, self.rescale_intercept
        if slope is None or intercept is None:
            raise MissingAttributeError(
                "A modality transformation needs ModalityLUTSequence, or RescaleSlope "
                "and RescaleIntercept (PS3.3 C.11.1).",
                keyword="RescaleIntercept" if intercept is None else "RescaleSlope",
            )
        rescale = Rescale(slope, intercept)
        target = np.dtype(np.float64 if dtype is None else dtype)
        if target.kind in "iu":
            _check_integer_rescale(rescale, array.dtype, target)
        return PixelPipeline([rescale])(array, target)


def _check_integer_rescale(
    rescale: Rescale, stored: np.dtype[Any], target: np.dtype[Any]
) -> None:
    """Refuse a type that cannot hold what any stored value may come to."""
    if not (rescale.slope.is_integer() and rescale.intercept.is_integer()):
        raise IncompatibleTransformError(
            f"'dtype' must be a floating point type, not {target}, since slope "
            f"{rescale.slope} and intercept {rescale.intercept} are not both integers."
        )
    if stored.kind not in "iu":
        return
    limits = np.iinfo(stored)
    low, high = rescale.bounds(int(limits.min), int(limits.max))
    if low < np.iinfo(target).min or high > np.iinfo(target).max:
        raise IncompatibleTransformError(
            f"'dtype' {target} cannot hold values from {low:g} to {high:g}, to which "
            f"stored values of type {stored} may come."
        )


def _several(value: Any) -> list[Any] | None:
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [value]
    return list(value)


class VOILUTTransformation(Module, defined_in="voi-lut"):
    """From values of the modality to those of interest (PS3.3 C.11.2).

    Parameters
    ----------
    window_center, window_width
        Centre and width of one window or, as sequences, of several.
    window_explanation
        What each window is for.
    voi_lut_function
        How a window is understood; linear, if it is not given.
    voi_luts
        Tables, beside or instead of windows.

    Raises
    ------
    ConflictingArgumentsError
        If neither windows nor tables are given, or part of what a window needs.
    ArgumentTypeError
        If there is one width or explanation for several centres.
    InvalidArgumentError
        If the numbers of values differ, or a width is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import VOILUTTransformation
    >>> window = VOILUTTransformation(window_center=40, window_width=401)
    >>> window.apply(np.array([-200.0, 39.5, 300.0]))
    array([0. , 0.5, 1. ])

    """

    window_center: OptionalNumbers = numbers("WindowCenter", "1C", default=None)
    window_width: OptionalNumbers = numbers("WindowWidth", "1C", default=None)
    window_explanation: OptionalTexts = texts(
        "WindowCenterWidthExplanation", "3", default=None
    )
    voi_lut_function: OptionalEnumerated[VOILUTFunctionValues] = enumerated(
        "VOILUTFunction", "3", VOILUTFunctionValues, default=None
    )
    voi_luts: OptionalItems[VOILUT] = items(
        "VOILUTSequence", "1C", VOILUT, default=None
    )

    def __init__(
        self,
        window_center: float | AnySequence[float] | None = None,
        window_width: float | AnySequence[float] | None = None,
        window_explanation: str | AnySequence[str] | None = None,
        voi_lut_function: VOILUTFunctionValues | str | None = None,
        voi_luts: AnySequence[VOILUT] | None = None,
    ) -> None:
        if window_center is None and voi_luts is None:
            raise ConflictingArgumentsError(
                "'window_center' or 'voi_luts' must be given."
            )
        centers, widths = _several(window_center), _several(window_width)
        explanations = _several(window_explanation)
        several = len(centers or ()) > 1
        _check_type_of_several("window_width", window_width, is_needed=several)
        _check_type_of_several(
            "window_explanation", window_explanation, is_needed=several
        )
        _check_windows(centers, widths, explanations)
        if centers is None and voi_lut_function is not None:
            raise ConflictingArgumentsError(
                "'voi_lut_function' must not be given without 'window_center'."
            )
        if voi_luts is not None and not isinstance(voi_luts, Iterable):
            raise ArgumentTypeError(
                f"'voi_luts' must be a sequence of VOILUT, not {type(voi_luts).__name__}."
            )
        if voi_luts is not None and len(voi_luts) == 0:
            raise InvalidArgumentError("'voi_luts' must not be empty.")
        self.initialise()
        self.window_center = centers
        self.window_width = widths
        self.window_explanation = explanations
        self.voi_lut_function = voi_lut_function
        self.voi_luts = voi_luts

    def has_lut(self) -> bool:
        """Whether there are tables."""
        return "VOILUTSequence" in self

    def has_window(self) -> bool:
        """Whether there are windows."""
        return "WindowCenter" in self

    def apply(
        self,
        array: Array,
        output_range: tuple[float, float] = (0.0, 1.0),
        voi_transform_selector: int | str = 0,
        dtype: npt.DTypeLike | None = None,
        invert: bool = False,
        prefer_lut: bool = False,
    ) -> Array:
        """Apply one of the windows or tables.

        Parameters
        ----------
        array
            Values of the modality, of any shape.
        output_range
            Range that they are mapped to.
        voi_transform_selector
            Index, from the end if negative, or explanation of the one to apply.
        dtype
            Floating point type of the result; float64 if not given.
        invert
            Whether high values become low ones.
        prefer_lut
            Whether tables are chosen from where there are windows, too.

        Raises
        ------
        TransformNotFoundError
            If there is none of that index or explanation.
        InvalidAttributeError
            If a transformation that was read has not a width for each centre.

        """
        luts = self.voi_luts or []
        if luts and (prefer_lut or not self.has_window()):
            explanations = [lut.lut_explanation for lut in luts]
            lut = luts[_position(voi_transform_selector, explanations)]
            table = lut.get_scaled_lut_data(
                output_range, np.float64 if dtype is None else dtype, invert
            )
            return apply_lut(array, table, lut.first_mapped_value)
        centers, widths = self.window_center or [], self.window_width or []
        names: list[str | None] = list(self.window_explanation or [])
        names += [None] * (len(centers) - len(names))
        chosen = _position(voi_transform_selector, names)
        if len(widths) != len(centers):
            raise InvalidAttributeError(
                f"WindowWidth must have as many values as WindowCenter, {len(centers)}, "
                f"not {len(widths)}.",
                keyword="WindowWidth",
            )
        return apply_voi_window(
            array,
            centers[chosen],
            widths[chosen],
            self.voi_lut_function or VOILUTFunctionValues.LINEAR,
            output_range=output_range,
            dtype=dtype,
            invert=invert,
        )


def _check_type_of_several(argument: str, value: Any, *, is_needed: bool) -> None:
    """Refuse one value for several windows, which may be meant for all or for one."""
    is_one = isinstance(value, str) or not isinstance(value, Iterable)
    if is_needed and value is not None and is_one:
        raise ArgumentTypeError(
            f"'{argument}' must be a sequence of one value for each window, not "
            f"{value!r}."
        )


def _check_windows(
    centers: list[Any] | None, widths: list[Any] | None, explanations: list[Any] | None
) -> None:
    for name, given in (("window_width", widths), ("window_explanation", explanations)):
        if centers is None and given is not None:
            raise ConflictingArgumentsError(
                f"'{name}' must not be given without 'window_center'."
            )
    if centers is None:
        return
    if not centers:
        raise ArgumentTypeError("'window_center' must not be empty.")
    if widths is None:
        raise ConflictingArgumentsError(
            "'window_width' must be given with 'window_center'."
        )
    for name, given in (("window_width", widths), ("window_explanation", explanations)):
        if given is not None and len(given) != len(centers):
            raise InvalidArgumentError(
                f"'{name}' must have as many values as 'window_center', "
                f"{len(centers)}, not {len(given)}."
            )
    for width in widths:
        if is_number(width) and not width > 0:
            raise InvalidArgumentError(f"'window_width' must be positive, not {width}.")


def _position(selector: int | str, names: list[str | None]) -> int:
    if isinstance(selector, str) and selector in names:
        return names.index(selector)
    is_index = isinstance(selector, (int, np.integer))
    if is_index and -len(names) <= selector < len(names):  # type: ignore[operator]
        return int(selector)
    raise TransformNotFoundError(
        f"'voi_transform_selector' {selector!r} is not among the {len(names)} that "
        f"there are, which are explained as {names}."
    )


class PresentationLUTTransformation(Module, defined_in="softcopy-presentation-lut"):
    """From values of interest to those presented (PS3.3 C.11.6).

    Parameters
    ----------
    presentation_lut_shape
        Shape; identity, if neither is given.
    presentation_lut
        Table, instead of a shape.

    Raises
    ------
    ConflictingArgumentsError
        If both are given.
    ArgumentTypeError
        If the table is none.
    InvalidArgumentError
        If there is no such shape.

    Examples
    --------
    >>> from highdicom import PresentationLUTTransformation
    >>> PresentationLUTTransformation().presentation_lut_shape.value
    'IDENTITY'

    """

    presentation_lut_shape: OptionalEnumerated[PresentationLUTShapeValues] = enumerated(
        "PresentationLUTShape", "1C", PresentationLUTShapeValues, default=None
    )
    presentation_luts: OptionalItems[PresentationLUT] = items(
        "PresentationLUTSequence", "1C", PresentationLUT, default=None
    )

    def __init__(
        self,
        presentation_lut_shape: PresentationLUTShapeValues | str | None = None,
        presentation_lut: PresentationLUT | None = None,
    ) -> None:
        if presentation_lut is not None and presentation_lut_shape is not None:
            raise ConflictingArgumentsError(
                "Either 'presentation_lut' or 'presentation_lut_shape' may be given, "
                "not both."
            )
        self.initialise()
        if presentation_lut is not None:
            _check_type("presentation_lut", presentation_lut, PresentationLUT)
            self.presentation_luts = [presentation_lut]
        else:
            self.presentation_lut_shape = (
                presentation_lut_shape or PresentationLUTShapeValues.IDENTITY
            )
