"""From stored values to those shown: grayscale and pseudo-colour (PS3.4 N.2.1)."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.codec.format import PixelFormat
from highdicom.content.lut import LUT
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.enum import VOILUTFunctionValues
from highdicom.errors import MissingAttributeError
from highdicom.pixels.pipeline import PixelPipeline
from highdicom.pixels.transforms import Lookup, PixelTransform, Rescale, Window
from highdicom.pr.voi import SoftcopyVOILUTTransformation

__all__ = [
    "ValuesOfInterest",
    "as_bytes",
    "color_table",
    "modality_values",
    "palette_colors",
    "presentation_values",
]

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]


class ValuesOfInterest:
    """Values of interest of a frame, and the range that they may be in.

    Parameters
    ----------
    values
        Values of the modality, of shape ``(rows, columns)``.
    bounds
        Least and greatest that they may be.
    voi
        Transformation to values of interest, or none.

    """

    def __init__(
        self,
        values: Array,
        bounds: tuple[float, float],
        voi: SoftcopyVOILUTTransformation | None,
    ) -> None:
        self.values, self.range = values, bounds
        self.is_modality = voi is None
        if voi is not None:
            # Tables for values that may be negative have a signed first value.
            signed = bounds[0] < 0
            self.values, self.range = _values_of_interest(values, voi, signed=signed)

    def scaled(self, low: float, high: float) -> npt.NDArray[np.float64]:
        """Values with their range mapped to another."""
        first, last = self.range
        if last <= first:
            return np.full(self.values.shape, low, np.float64)
        scale = (high - low) / (last - first)
        scaled = np.clip((self.values - first) * scale + low, low, high)
        return np.asarray(scaled, np.float64)


def modality_values(
    stored: Array, pixel_format: PixelFormat, modality: Dataset
) -> tuple[Array, tuple[float, float]]:
    """Give values of the modality, and the range that they may be in (C.11.1).

    Parameters
    ----------
    stored
        Stored values.
    pixel_format
        Their form.
    modality
        Dataset with a rescale, a modality LUT or neither.

    """
    signed = pixel_format.pixel_representation == 1
    pipeline = PixelPipeline(_modality_steps(modality, signed=signed))
    values = pipeline(stored, np.dtype(np.float64))
    return values, pipeline.bounds(*pixel_format.stored_range)


def _modality_steps(modality: Dataset, *, signed: bool) -> list[PixelTransform]:
    luts = modality.get("ModalityLUTSequence")
    if luts:
        return [_lookup(luts[0], signed=signed)]
    slope, intercept = modality.get("RescaleSlope"), modality.get("RescaleIntercept")
    if slope is None and intercept is None:
        return []
    return [
        Rescale(
            1.0 if slope is None else float(slope),
            0.0 if intercept is None else float(intercept),
        )
    ]


def _lookup(item: Dataset, *, signed: bool) -> Lookup:
    lut = LUT.from_dataset(item)
    first = lut.first_mapped_value
    # The descriptor is of the signedness of the values it maps (PS3.3 C.11.1.1.1).
    if signed and first >= 2**15:
        first -= 2**16
    return Lookup(lut.lut_data, first)


def _values_of_interest(
    values: Array, voi: SoftcopyVOILUTTransformation, *, signed: bool
) -> tuple[Array, tuple[float, float]]:
    """The first table or, if there is none, the first window."""
    luts = voi.get("VOILUTSequence")
    if luts:
        lookup = _lookup(luts[0], signed=signed)
        bits = int(luts[0].LUTDescriptor[2])
        return lookup(np.rint(values).astype(np.int64)), (0, 2**bits - 1)
    centers, widths = voi.window_center or [], voi.window_width or []
    if not centers or not widths:
        raise MissingAttributeError(
            "A VOI transformation needs WindowCenter and WindowWidth, or VOILUTSequence.",
            keyword="WindowCenter",
        )
    function = voi.voi_lut_function or VOILUTFunctionValues.LINEAR
    window = Window(centers[0], widths[0], function, (0.0, 1.0))
    return window(values), (0.0, 1.0)


def presentation_values(
    interest: ValuesOfInterest, presentation: Dataset
) -> npt.NDArray[np.float64]:
    """Give P-Values from 0.0 to 1.0 (PS3.3 C.11.6).

    Parameters
    ----------
    interest
        Values of interest.
    presentation
        Dataset with a presentation LUT or the shape of one.

    """
    luts = presentation.get("PresentationLUTSequence")
    if luts:
        lut = LUT.from_dataset(luts[0])
        # The whole range of the input goes to the whole of the table.
        indices = interest.scaled(0, lut.number_of_entries - 1)
        entries = lut.lut_data[np.rint(indices).astype(np.int64)]
        return np.asarray(entries / float(2**lut.bits_per_entry - 1), np.float64)
    values = interest.scaled(0.0, 1.0)
    if presentation.get("PresentationLUTShape") == "INVERSE":
        np.subtract(1.0, values, out=values)
    return values


def palette_colors(
    interest: ValuesOfInterest, palette: PaletteColorLUTTransformation
) -> Bytes:
    """Give values of interest their colours (PS3.3 C.7.9).

    Without a VOI transformation, values of the modality are those that the palette
    maps; otherwise the range of values of interest is that of its entries.
    """
    colors = color_table(palette)
    last = len(colors) - 1
    if interest.is_modality:
        indices = np.clip(interest.values - palette.first_mapped_value, 0, last)
    else:
        indices = interest.scaled(0, last)
    found: Bytes = colors[np.rint(indices).astype(np.int64)]
    return found


def color_table(palette: PaletteColorLUTTransformation) -> Bytes:
    """Colours of a palette, of shape ``(entries, 3)``."""
    highest = 2**palette.bits_per_entry - 1
    return as_bytes(palette.combined_lut_data / float(highest))


def as_bytes(values: Array) -> Bytes:
    """Values from 0.0 to 1.0 as those from 0 to 255."""
    return np.rint(np.clip(values, 0.0, 1.0) * 255.0).astype(np.uint8)
