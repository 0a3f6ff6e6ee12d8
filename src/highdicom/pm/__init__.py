"""Parametric Map (PS3.3 A.75)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.pm.content import (
        RealWorldValueMapping as RealWorldValueMapping,
    )
    from highdicom.pm.dimensions import (
        DimensionIndexSequence as DimensionIndexSequence,
    )
    from highdicom.pm.enum import (
        DerivedPixelContrastValues as DerivedPixelContrastValues,
        ImageFlavorValues as ImageFlavorValues,
    )
    from highdicom.pm.pyramid import (
        create_parametric_map_pyramid as create_parametric_map_pyramid,
    )
    from highdicom.pm.sop import (
        ParametricMap as ParametricMap,
        pmread as pmread,
    )
    from highdicom.pm.writing import (
        write_parametric_map as write_parametric_map,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.pm.content": ("RealWorldValueMapping",),
            "highdicom.pm.dimensions": ("DimensionIndexSequence",),
            "highdicom.pm.enum": (
                "DerivedPixelContrastValues",
                "ImageFlavorValues",
            ),
            "highdicom.pm.pyramid": ("create_parametric_map_pyramid",),
            "highdicom.pm.sop": (
                "ParametricMap",
                "pmread",
            ),
            "highdicom.pm.writing": ("write_parametric_map",),
        },
    )
