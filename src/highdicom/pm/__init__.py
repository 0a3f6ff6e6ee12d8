"""Parametric Map (PS3.3 A.75)."""

from highdicom.pm.content import RealWorldValueMapping
from highdicom.pm.enum import DerivedPixelContrastValues, ImageFlavorValues
from highdicom.pm.sop import ParametricMap, pmread

__all__ = [
    "DerivedPixelContrastValues",
    "ImageFlavorValues",
    "ParametricMap",
    "RealWorldValueMapping",
    "pmread",
]
