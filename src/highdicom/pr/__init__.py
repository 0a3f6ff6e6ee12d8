"""Presentation states: how images are to be shown (PS3.3 A.33)."""

from highdicom.pr.content import (
    AdvancedBlending,
    BlendingDisplay,
    BlendingDisplayInput,
    GraphicAnnotation,
    GraphicGroup,
    GraphicLayer,
    GraphicObject,
    SoftcopyVOILUTTransformation,
    TextObject,
)
from highdicom.pr.enum import (
    AnnotationUnitsValues,
    BlendingModeValues,
    GraphicTypeValues,
    TextJustificationValues,
)
from highdicom.pr.sop import (
    AdvancedBlendingPresentationState,
    ColorSoftcopyPresentationState,
    GrayscaleSoftcopyPresentationState,
    PseudoColorSoftcopyPresentationState,
    prread,
)

__all__ = [
    "AdvancedBlending",
    "AdvancedBlendingPresentationState",
    "AnnotationUnitsValues",
    "BlendingDisplay",
    "BlendingDisplayInput",
    "BlendingModeValues",
    "ColorSoftcopyPresentationState",
    "GraphicAnnotation",
    "GraphicGroup",
    "GraphicLayer",
    "GraphicObject",
    "GraphicTypeValues",
    "GrayscaleSoftcopyPresentationState",
    "PseudoColorSoftcopyPresentationState",
    "SoftcopyVOILUTTransformation",
    "TextJustificationValues",
    "TextObject",
    "prread",
]
