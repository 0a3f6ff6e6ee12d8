"""Pixel values: small transforms that compose (PS3.3 C.11)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.pixels.functions import (
        apply_lut as apply_lut,
        apply_voi_window as apply_voi_window,
    )
    from highdicom.pixels.pipeline import (
        PixelPipeline as PixelPipeline,
    )
    from highdicom.pixels.transforms import (
        AsType as AsType,
        CheckRange as CheckRange,
        IccCorrection as IccCorrection,
        InPlaceTransform as InPlaceTransform,
        Invert as Invert,
        LinearTransform as LinearTransform,
        Lookup as Lookup,
        PaletteColor as PaletteColor,
        PixelTransform as PixelTransform,
        Ramp as Ramp,
        Rescale as Rescale,
        Scale as Scale,
        Span as Span,
        Window as Window,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.pixels.functions": (
                "apply_lut",
                "apply_voi_window",
            ),
            "highdicom.pixels.pipeline": ("PixelPipeline",),
            "highdicom.pixels.transforms": (
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
            ),
        },
    )
