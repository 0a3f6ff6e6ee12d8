"""Pixel values: small transforms that compose (PS3.3 C.11)."""

from highdicom.pixels.functions import apply_lut, apply_voi_window
from highdicom.pixels.pipeline import PixelPipeline
from highdicom.pixels.transforms import (
    AsType,
    CheckRange,
    IccCorrection,
    InPlaceTransform,
    Invert,
    LinearTransform,
    Lookup,
    PaletteColor,
    PixelTransform,
    Ramp,
    Rescale,
    Scale,
    Window,
)

__all__ = [
    "AsType",
    "CheckRange",
    "IccCorrection",
    "InPlaceTransform",
    "Invert",
    "LinearTransform",
    "Lookup",
    "PaletteColor",
    "PixelPipeline",
    "PixelTransform",
    "Ramp",
    "Rescale",
    "Scale",
    "Window",
    "apply_lut",
    "apply_voi_window",
]
