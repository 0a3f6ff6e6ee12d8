"""Pixels as presentation states would have them, before they come to the screen.

PS3.4 N.2: grayscale, pseudo-colour and colour.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.color import ColorManager
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.pr.masks import difference_from_mask
from highdicom.pr.presentation_values import (
    ValuesOfInterest,
    as_bytes,
    color_table,
    modality_values,
    palette_colors,
    presentation_values,
)
from highdicom.pr.selection import items_for
from highdicom.pr.shown import ShownImage

__all__ = [
    "color_pixels",
    "corrected",
    "grayscale_pixels",
    "of_interest",
    "pseudo_color_pixels",
]

Bytes = npt.NDArray[np.uint8]
Colors = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def of_interest(
    shown: ShownImage, values: Any, bounds: tuple[float, float], holder: Dataset
) -> ValuesOfInterest:
    """Give values of interest of those of the modality.

    Parameters
    ----------
    shown
        The frame.
    values, bounds
        Its values of the modality, and the range that they may be in.
    holder
        Dataset with the Softcopy VOI LUT Sequence.

    """
    voi = items_for(
        holder.get("SoftcopyVOILUTSequence"), shown.image, shown.frame_number
    )
    return ValuesOfInterest(values, bounds, voi[0] if voi else None)


def _contrast_of_interest(state: Dataset, shown: ShownImage) -> ValuesOfInterest:
    """Values of interest of a frame, less its mask if there is one (PS3.4 N.2.1.2)."""

    def values_of(frame_number: int) -> Any:
        stored = shown.of_frame(frame_number).stored()
        return modality_values(stored, shown.pixel_format, state)[0]

    values, bounds = modality_values(shown.stored(), shown.pixel_format, state)
    difference = difference_from_mask(
        state, shown.frame_number, shown.image.number_of_frames, values_of
    )
    if difference is not None:
        low, high = bounds
        values, bounds = difference, (low - high, high - low)
    return of_interest(shown, values, bounds, state)


def grayscale_pixels(state: Dataset, shown: ShownImage) -> Bytes:
    """Presentation values of shape ``(rows, columns)``, of which 255 is white.

    Of images with a supplemental palette, pixels that this colours keep their colours
    (PS3.4 N.2); the shape is ``(rows, columns, 3)``, then.
    """
    interest = _contrast_of_interest(state, shown)
    gray = as_bytes(presentation_values(interest, state))
    if shown.image.get("PixelPresentation") not in {"COLOR", "MIXED"}:
        return gray
    if "RedPaletteColorLookupTableDescriptor" not in shown.image:
        return gray
    palette = PaletteColorLUTTransformation.extract_from_dataset(shown.image)
    indices = shown.stored().astype(np.int64) - palette.first_mapped_value
    table = color_table(palette)
    is_colored = (indices >= 0) & (indices < len(table))
    if not is_colored.any():
        return gray
    pixels = np.repeat(gray[..., np.newaxis], 3, axis=-1)
    pixels[is_colored] = table[indices[is_colored]]
    return pixels


def pseudo_color_pixels(state: Dataset, shown: ShownImage) -> Bytes:
    """Colours of shape ``(rows, columns, 3)`` in sRGB."""
    interest = _contrast_of_interest(state, shown)
    palette = PaletteColorLUTTransformation.extract_from_dataset(state)
    return corrected(palette_colors(interest, palette), state)


def color_pixels(state: Dataset, shown: ShownImage) -> Bytes:
    """Colours of shape ``(rows, columns, 3)`` in sRGB."""
    return corrected(shown.stored(), state)


def corrected(colors: Bytes, state: Dataset) -> Bytes:
    """Colours in sRGB, of those of the ICC profile of a presentation state."""
    profile = state.get("ICCProfile")
    return ColorManager(bytes(profile)).transform_frame(colors) if profile else colors
