"""Parametric Map (PS3.3 A.75)."""

from highdicom.pm.content import RealWorldValueMapping
from highdicom.pm.dimensions import DimensionIndexSequence
from highdicom.pm.enum import DerivedPixelContrastValues, ImageFlavorValues
from highdicom.pm.pyramid import create_parametric_map_pyramid
from highdicom.pm.sop import ParametricMap, pmread
from highdicom.pm.writing import write_parametric_map

__all__ = [
    "DerivedPixelContrastValues",
    "DimensionIndexSequence",
    "ImageFlavorValues",
    "ParametricMap",
    "RealWorldValueMapping",
    "create_parametric_map_pyramid",
    "pmread",
    "write_parametric_map",
]
