"""Images of one plane blended into one picture (PS3.4 N.2.6)."""

from collections.abc import Sequence as AnySequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.errors import IncompatibleTransformError, InvalidArgumentError
from highdicom.pr.blending import in_order
from highdicom.pr.content.blending import AdvancedBlending, BlendingDisplay
from highdicom.pr.enum import BlendingModeValues
from highdicom.pr.interpolation import interpolated
from highdicom.pr.planes import Plane, places_in
from highdicom.pr.presentation_values import modality_values, palette_colors
from highdicom.pr.rendering import corrected, of_interest
from highdicom.pr.selection import is_for
from highdicom.pr.shown import ShownImage
from highdicom.pr.thresholds import within_thresholds

__all__ = ["blended_pixels", "geometry_for_display"]

Bytes = npt.NDArray[np.uint8]
Colors = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class _Layer(NamedTuple):
    """Colours that are blended, and where there are any."""

    colors: Colors
    """From 0.0 to 255.0, of shape ``(rows, columns, 3)``."""
    visible: Mask
    """Shape ``(rows, columns)``; False where pixels are padding."""


def blended_pixels(
    state: Dataset,
    blending: AnySequence[AdvancedBlending],
    blending_display: AnySequence[BlendingDisplay],
    shown: AnySequence[ShownImage],
) -> Bytes:
    """Blend images of one plane (PS3.4 N.2.6).

    All are shown in the geometry of the input that is to give it, or of the first.

    Returns
    -------
    numpy.ndarray
        Colours of shape ``(rows, columns, 3)`` in sRGB, black where all is padding.

    Raises
    ------
    InvalidArgumentError
        If there is not one image for each input, or they are not of one plane.
    InvalidAttributeError
        If a threshold makes no sense.
    IncompatibleTransformError
        If an input has to be registered, which is not rendered.

    """
    chosen = [(item, _image_of_input(item, shown)) for item in blending]
    display = geometry_for_display(blending, shown)
    found = {
        item.blending_input_number: _resampled(
            _input_layer(item, image), image, display
        )
        for item, image in chosen
    }
    last = 0
    for operation in in_order(blending_display, list(found)):
        # The one operation without a number gives what is shown.
        found[operation.blending_input_number or last] = _blended(operation, found)
    colors, visible = found[last]
    pixels = np.where(visible[..., np.newaxis], np.rint(colors), 0).astype(np.uint8)
    return corrected(pixels, state)


def geometry_for_display(
    blending: AnySequence[AdvancedBlending], shown: AnySequence[ShownImage]
) -> ShownImage:
    """Give the image in whose geometry all are shown."""
    for item in blending:
        if item.get("GeometryForDisplay") == "TRUE":
            return _image_of_input(item, shown)
    return shown[0]


def _image_of_input(
    item: AdvancedBlending, shown: AnySequence[ShownImage]
) -> ShownImage:
    chosen = [image for image in shown if _is_input(item, image)]
    if len(chosen) != 1:
        raise InvalidArgumentError(
            "'image' must hold one image for each input of blending, not "
            f"{len(chosen)} for number {item.blending_input_number}."
        )
    if item.get("ReferencedSpatialRegistrationSequence"):
        raise IncompatibleTransformError(
            f"Input {item.blending_input_number} of blending has to be registered by a "
            "spatial registration, which is not rendered."
        )
    return chosen[0]


def _is_input(item: AdvancedBlending, shown: ShownImage) -> bool:
    return shown.image.SeriesInstanceUID == item.series_instance_uid and is_for(
        item, shown.image, shown.frame_number
    )


def _resampled(layer: _Layer, image: ShownImage, display: ShownImage) -> _Layer:
    """Bring colours to the pixels of the image in whose geometry all are shown."""
    if image.position() == display.position():
        return layer
    if image.is_matrix or display.is_matrix:
        raise InvalidArgumentError(
            "'image' must be slides of the same total pixel matrix to be blended as a "
            "whole."
        )
    rows, columns = places_in(Plane.of(display), Plane.of(image))
    colors, inside = interpolated(layer.colors, rows, columns)
    height, width = layer.visible.shape
    nearest = layer.visible[
        np.clip(np.rint(rows).astype(np.intp), 0, height - 1),
        np.clip(np.rint(columns).astype(np.intp), 0, width - 1),
    ]
    return _Layer(colors, inside & nearest)


def _input_layer(item: AdvancedBlending, shown: ShownImage) -> _Layer:
    stored = shown.stored()
    if shown.pixel_format.samples_per_pixel > 1:
        if item.get("ThresholdSequence"):
            raise IncompatibleTransformError(
                f"Input {item.blending_input_number} of blending is in colour, of which "
                "thresholds are not rendered."
            )
        return _Layer(stored.astype(np.float64), np.ones(stored.shape[:2], np.bool_))
    values, bounds = modality_values(
        stored, shown.pixel_format, _modality_of_input(item, shown)
    )
    visible = ~shown.is_padding(stored)
    shown_values = within_thresholds(item, values)
    if shown_values is not None:
        visible &= shown_values
    interest = of_interest(shown, values, bounds, item)
    palettes = item.palettes
    if palettes:
        return _Layer(palette_colors(interest, palettes[0]).astype(np.float64), visible)
    gray = interest.scaled(0.0, 255.0)
    return _Layer(np.repeat(gray[..., np.newaxis], 3, axis=-1), visible)


def _modality_of_input(item: Dataset, shown: ShownImage) -> Dataset:
    """Where the modality transformation stands: in the input, or in the image."""
    if "ModalityLUTSequence" in item or "RescaleSlope" in item:
        return item
    ids, groups = shown.image._index.distinct(  # noqa: SLF001
        "PixelValueTransformationSequence"
    )
    number = int(ids[(shown.frame_number or 1) - 1])
    return groups[number][0] if number >= 0 else shown.image


def _blended(display: BlendingDisplay, found: dict[int, _Layer]) -> _Layer:
    """Blend inputs; where one is padding, the others are shown as they are."""
    inputs = [found[i.blending_input_number] for i in display.blending_display_inputs]
    if display.blending_mode is BlendingModeValues.EQUAL:
        weights = [1.0] * len(inputs)
    elif len(inputs) == 2:
        opacity = display.relative_opacity or 0.0
        weights = [opacity, 1.0 - opacity]
    else:
        raise InvalidArgumentError(
            f"A FOREGROUND operation must blend two inputs, not {len(inputs)}."
        )
    counts = sum(layer.visible.astype(np.float64) for layer in inputs)
    total: Any = 0.0
    share: Any = 0.0
    for layer, weight in zip(inputs, weights, strict=True):
        # Alone, an input counts fully, however transparent it is beside others.
        part = np.where(counts == 1, 1.0, weight) * layer.visible
        total = total + layer.colors * part[..., np.newaxis]
        share = share + part
    share = np.where(share > 0, share, 1.0)[..., np.newaxis]
    return _Layer(np.asarray(total / share, np.float64), np.asarray(counts > 0))
