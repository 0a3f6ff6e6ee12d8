"""What presentation states are made of: graphics, layers, VOI and blending."""

from highdicom.pr.content.blending import (
    AdvancedBlending,
    BlendingDisplay,
    BlendingDisplayInput,
)
from highdicom.pr.content.graphics import GraphicAnnotation, GraphicObject, TextObject
from highdicom.pr.content.layers import GraphicGroup, GraphicLayer
from highdicom.pr.voi import SoftcopyVOILUTTransformation

__all__ = [
    "AdvancedBlending",
    "BlendingDisplay",
    "BlendingDisplayInput",
    "GraphicAnnotation",
    "GraphicGroup",
    "GraphicLayer",
    "GraphicObject",
    "SoftcopyVOILUTTransformation",
    "TextObject",
]
