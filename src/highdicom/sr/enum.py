"""Enumerated values of content items; they are defined in `highdicom.content_items`."""

from highdicom.content_items.enum import (
    GraphicTypeValues,
    GraphicTypeValues3D,
    PixelOriginInterpretationValues,
    RelationshipTypeValues,
    TemporalRangeTypeValues,
    ValueTypeValues,
)

__all__ = [
    "GraphicTypeValues",
    "GraphicTypeValues3D",
    "PixelOriginInterpretationValues",
    "RelationshipTypeValues",
    "TemporalRangeTypeValues",
    "ValueTypeValues",
]
