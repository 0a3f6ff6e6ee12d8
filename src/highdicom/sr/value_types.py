"""Content items and what they are made of; these are defined in lower packages.

Code written for earlier releases imports codes and enumerations from here, too.
"""

from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentItem, ContentSequence
from highdicom.content_items.coordinates import (
    Scoord3DContentItem,
    ScoordContentItem,
    TcoordContentItem,
)
from highdicom.content_items.enum import (
    GraphicTypeValues,
    GraphicTypeValues3D,
    PixelOriginInterpretationValues,
    RelationshipTypeValues,
    TemporalRangeTypeValues,
    ValueTypeValues,
)
from highdicom.content_items.references import (
    CompositeContentItem,
    ImageContentItem,
    WaveformContentItem,
)
from highdicom.content_items.values import (
    CodeContentItem,
    ContainerContentItem,
    DateContentItem,
    DateTimeContentItem,
    NumContentItem,
    PnameContentItem,
    TextContentItem,
    TimeContentItem,
    UIDRefContentItem,
)

__all__ = [
    "ValueTypeValues",
    "TemporalRangeTypeValues",
    "RelationshipTypeValues",
    "PixelOriginInterpretationValues",
    "GraphicTypeValues3D",
    "GraphicTypeValues",
    "CodedConcept",
    "CodeContentItem",
    "CompositeContentItem",
    "ContainerContentItem",
    "ContentItem",
    "ContentSequence",
    "DateContentItem",
    "DateTimeContentItem",
    "ImageContentItem",
    "NumContentItem",
    "PnameContentItem",
    "Scoord3DContentItem",
    "ScoordContentItem",
    "TcoordContentItem",
    "TextContentItem",
    "TimeContentItem",
    "UIDRefContentItem",
    "WaveformContentItem",
]
