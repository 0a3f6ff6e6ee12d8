"""How a parametric map is shown: windows, look-up tables, colours."""

import warnings
from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset

from highdicom.color import ColorManager, srgb_profile
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.content.transformations import VOILUTTransformation
from highdicom.encoding.elements import new_dataset, put, put_sequence
from highdicom.enum import VOILUTFunctionValues
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    HighdicomWarning,
    InvalidArgumentError,
)
from highdicom.pm.pixels import MapFormat

__all__ = ["put_colors", "shared_presentation", "voi_lut_of"]

_EXACT = VOILUTFunctionValues.LINEAR_EXACT


def voi_lut_of(
    transformations: Sequence[VOILUTTransformation] | None,
    window_center: float | None,
    window_width: float | None,
) -> VOILUTTransformation:
    """Give the item of the Frame VOI LUT Sequence, which has one only (C.7.6.16.2.10b).

    Several transformations become the windows and tables of one.

    Parameters
    ----------
    transformations
        What the user gives.
    window_center, window_width
        A window instead, as before there were transformations.

    Raises
    ------
    ConflictingArgumentsError
        If nothing is given, too much, or half a window.
    ArgumentTypeError
        If it is no sequence of transformations, or an empty one.
    InvalidArgumentError
        If windows are of different functions, or too narrow for a linear one.

    """
    if (window_center is None) != (window_width is None):
        raise ConflictingArgumentsError(
            "'window_center' and 'window_width' must be given together."
        )
    if window_center is not None:
        if transformations is not None:
            raise ConflictingArgumentsError(
                "'window_center' and 'window_width' must not be given with "
                "'voi_lut_transformations'."
            )
        warnings.warn(
            "'window_center' and 'window_width' are deprecated in favour of "
            "'voi_lut_transformations'.",
            HighdicomWarning,
            stacklevel=4,
        )
        # Narrow windows of the other function are not allowed (PS3.3 C.11.2.1.2.1).
        is_narrow = window_width is not None and 0 < window_width < 1
        return VOILUTTransformation(
            window_center,
            window_width,
            voi_lut_function=_EXACT if is_narrow else None,
        )
    if transformations is None:
        raise ConflictingArgumentsError("'voi_lut_transformations' must be given.")
    given = _checked(transformations)
    for one in given:
        _check_widths(one)
    return given[0] if len(given) == 1 else _joined(given)


def _checked(transformations: object) -> list[VOILUTTransformation]:
    is_sequence = isinstance(transformations, Sequence)
    given: list[Any] = list(transformations) if is_sequence else []  # type: ignore[call-overload]
    if not given or not all(isinstance(one, VOILUTTransformation) for one in given):
        raise ArgumentTypeError(
            "'voi_lut_transformations' must be a sequence of one or more "
            "VOILUTTransformation."
        )
    return given


def _check_widths(transformation: VOILUTTransformation) -> None:
    """Refuse windows that are too narrow for their function (PS3.3 C.11.2.1.2.1)."""
    function = transformation.voi_lut_function or VOILUTFunctionValues.LINEAR
    for width in transformation.window_width or []:
        if function is VOILUTFunctionValues.LINEAR and width < 1:
            raise InvalidArgumentError(
                "'voi_lut_transformations' must have windows of a width of at least 1 if "
                f"their VOI LUT Function is LINEAR, as it is by default, not {width}: "
                "choose LINEAR_EXACT."
            )


def _joined(given: list[VOILUTTransformation]) -> VOILUTTransformation:
    windowed = [one for one in given if one.has_window()]
    functions = {one.voi_lut_function for one in windowed}
    if len(functions) > 1:
        raise InvalidArgumentError(
            "'voi_lut_transformations' must all have the same VOI LUT Function, since "
            "they are the windows of one item."
        )
    explained = any(one.window_explanation for one in windowed)
    explanations = [
        name
        for one in windowed
        for name in one.window_explanation or [""] * len(one.window_center or [])
    ]
    luts = [lut for one in given for lut in one.voi_luts or []]
    return VOILUTTransformation(
        [value for one in windowed for value in one.window_center or []] or None,
        [value for one in windowed for value in one.window_width or []] or None,
        explanations if explained else None,
        functions.pop() if functions else None,
        luts or None,
    )


def put_colors(
    dataset: Dataset,
    pixels: MapFormat,
    palette: PaletteColorLUTTransformation | None,
    icc_profile: bytes | None,
) -> None:
    """Put how stored values become colours, or that they do not (PS3.3 C.8.32.2).

    Parameters
    ----------
    dataset
        Map to write to.
    pixels
        Its pixels.
    palette
        Colours of stored values, if any.
    icc_profile
        ICC profile of the colours; that of sRGB if not given.

    Raises
    ------
    ConflictingArgumentsError
        If a profile is given without colours.
    ArgumentTypeError
        If the palette is none.
    InvalidArgumentError
        If pixels are no integers, or the profile is none.

    """
    put(
        dataset, "PixelPresentation", "MONOCHROME" if palette is None else "COLOR_RANGE"
    )
    if palette is None:
        if icc_profile is not None:
            raise ConflictingArgumentsError(
                "'icc_profile' must not be given without "
                "'palette_color_lut_transformation'."
            )
        return
    if pixels.is_float:
        raise InvalidArgumentError(
            "'palette_color_lut_transformation' must not be given unless 'pixel_array' "
            f"is of integers, not {pixels.dtype}."
        )
    if not isinstance(palette, PaletteColorLUTTransformation):
        raise ArgumentTypeError(
            "'palette_color_lut_transformation' must be a "
            f"PaletteColorLUTTransformation, not {type(palette).__name__}."
        )
    palette.insert_into(dataset)
    # It is for palettes that are not described by their tables (PS3.3 C.8.32.2).
    dataset.pop("PaletteColorLookupTableUID", None)
    if icc_profile is None:
        put(dataset, "ICCProfile", _padded(srgb_profile()))
        put(dataset, "ColorSpace", "SRGB")
        return
    ColorManager(icc_profile)
    put(dataset, "ICCProfile", _padded(icc_profile))


def _padded(value: bytes) -> bytes:
    return bytes(value) + b"\0" * (len(value) & 1)


def shared_presentation(
    voi_lut: VOILUTTransformation,
    frame_type: list[str],
    palette: PaletteColorLUTTransformation | None,
) -> Dataset:
    """Give the functional groups that every map has and all frames share.

    Parameters
    ----------
    voi_lut
        Item of the Frame VOI LUT Sequence.
    frame_type
        The four values of Frame Type.
    palette
        Colours of stored values, if any. The range of stored values that they are for
        (PS3.3 C.7.6.16.2.26) is that of its entries, so that each value gets its own.

    """
    shared = Dataset()
    put_sequence(shared, "FrameVOILUTSequence", [voi_lut])
    groups: dict[str, dict[str, Any]] = {
        "PixelValueTransformationSequence": {
            "RescaleIntercept": "0",
            "RescaleSlope": "1",
            "RescaleType": "US",
        },
        "ParametricMapFrameTypeSequence": {"FrameType": frame_type},
    }
    if palette is not None:
        first = palette.first_mapped_value
        groups["StoredValueColorRangeSequence"] = {
            "MinimumStoredValueMapped": float(first),
            "MaximumStoredValueMapped": float(first + palette.number_of_entries - 1),
        }
    for keyword, values in groups.items():
        item = new_dataset(Dataset)
        for name, value in values.items():
            put(item, name, value)
        put_sequence(shared, keyword, [item])
    return shared
