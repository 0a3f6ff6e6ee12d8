"""Pixels as presentation states would have them, before they come to the screen.

PS3.4 N.2: grayscale, pseudo-colour and colour, and their blending.
"""

from collections.abc import Sequence as AnySequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.color import ColorManager
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.errors import IncompatibleTransformError, InvalidArgumentError
from highdicom.pr.blending import in_order
from highdicom.pr.content.blending import AdvancedBlending, BlendingDisplay
from highdicom.pr.enum import BlendingModeValues
from highdicom.pr.presentation_values import (
    ValuesOfInterest,
    as_bytes,
    palette_colors,
    presentation_values,
)
from highdicom.pr.selection import is_for, items_for
from highdicom.pr.shown import ShownImage

__all__ = [
    "blended_pixels",
    "color_pixels",
    "grayscale_pixels",
    "pseudo_color_pixels",
]

Bytes = npt.NDArray[np.uint8]


def _values_of_interest(
    shown: ShownImage, modality: Dataset, holder: Dataset
) -> ValuesOfInterest:
    voi = items_for(
        holder.get("SoftcopyVOILUTSequence"), shown.image, shown.frame_number
    )
    first = voi[0] if voi else None
    return ValuesOfInterest(shown.stored(), shown.pixel_format, modality, first)


def grayscale_pixels(state: Dataset, shown: ShownImage) -> Bytes:
    """Presentation values of shape ``(rows, columns)``, of which 255 is white."""
    interest = _values_of_interest(shown, state, state)
    return as_bytes(presentation_values(interest, state))


def pseudo_color_pixels(state: Dataset, shown: ShownImage) -> Bytes:
    """Colours of shape ``(rows, columns, 3)`` in sRGB."""
    interest = _values_of_interest(shown, state, state)
    palette = PaletteColorLUTTransformation.extract_from_dataset(state)
    return _corrected(palette_colors(interest, palette), state)


def color_pixels(state: Dataset, shown: ShownImage) -> Bytes:
    """Colours of shape ``(rows, columns, 3)`` in sRGB."""
    return _corrected(shown.stored(), state)


def _corrected(colors: Bytes, state: Dataset) -> Bytes:
    profile = state.get("ICCProfile")
    return ColorManager(bytes(profile)).transform_frame(colors) if profile else colors


# --- blending ------------------------------------------------------------------------


def blended_pixels(
    state: Dataset,
    blending: AnySequence[AdvancedBlending],
    blending_display: AnySequence[BlendingDisplay],
    shown: AnySequence[ShownImage],
) -> Bytes:
    """Blend images that lie on each other.

    Returns
    -------
    numpy.ndarray
        Colours of shape ``(rows, columns, 3)`` in sRGB.

    Raises
    ------
    InvalidArgumentError
        If there is not one image for each input, or they do not lie on each other.
    IncompatibleTransformError
        If an input has a threshold, which is not rendered.

    """
    if len({image.position() for image in shown}) > 1:
        raise InvalidArgumentError(
            "'image' must be images that lie on each other to be blended: resample them "
            "to the same rows, columns, position, orientation and spacing."
        )
    found: dict[int, npt.NDArray[np.float64]] = {}
    for item in blending:
        chosen = [image for image in shown if _is_input(item, image)]
        if len(chosen) != 1:
            raise InvalidArgumentError(
                "'image' must hold one image for each input of blending, not "
                f"{len(chosen)} for number {item.blending_input_number}."
            )
        found[item.blending_input_number] = _input_colors(item, chosen[0])
    last = 0
    for display in in_order(blending_display, list(found)):
        # The one operation without a number gives what is shown.
        found[display.blending_input_number or last] = _blended(display, found)
    return _corrected(np.rint(found[last]).astype(np.uint8), state)


def _is_input(item: AdvancedBlending, shown: ShownImage) -> bool:
    return shown.image.SeriesInstanceUID == item.series_instance_uid and is_for(
        item, shown.image, shown.frame_number
    )


def _input_colors(item: AdvancedBlending, shown: ShownImage) -> npt.NDArray[np.float64]:
    if item.get("ThresholdSequence"):
        raise IncompatibleTransformError(
            f"Input {item.blending_input_number} of blending has a threshold, which is "
            "not rendered."
        )
    if shown.pixel_format.samples_per_pixel > 1:
        return shown.stored().astype(np.float64)
    interest = _values_of_interest(shown, _modality_of_input(item, shown), item)
    palettes = item.palettes
    if palettes:
        return palette_colors(interest, palettes[0]).astype(np.float64)
    gray = interest.scaled(0.0, 255.0)
    return np.repeat(gray[..., np.newaxis], 3, axis=-1)


def _modality_of_input(item: Dataset, shown: ShownImage) -> Dataset:
    """Where the modality transformation stands: in the input, or in the image."""
    if "ModalityLUTSequence" in item or "RescaleSlope" in item:
        return item
    ids, groups = shown.image._index.distinct(  # noqa: SLF001
        "PixelValueTransformationSequence"
    )
    number = int(ids[(shown.frame_number or 1) - 1])
    return groups[number][0] if number >= 0 else shown.image


def _blended(
    display: BlendingDisplay, found: dict[int, npt.NDArray[np.float64]]
) -> npt.NDArray[np.float64]:
    inputs = [found[i.blending_input_number] for i in display.blending_display_inputs]
    if display.blending_mode is BlendingModeValues.EQUAL:
        mean: Any = sum(inputs)
        return np.asarray(mean / len(inputs), np.float64)
    opacity = display.relative_opacity or 0.0
    if len(inputs) != 2:
        raise InvalidArgumentError(
            f"A FOREGROUND operation must blend two inputs, not {len(inputs)}."
        )
    return opacity * inputs[0] + (1.0 - opacity) * inputs[1]
