"""Content items: the nodes of content trees (PS3.3 Sections 10.2, C.17.3 and C.18)."""

from highdicom.content_items.base import (
    ContentItem,
    ContentItemReference,
    ContentSequence,
    add_content,
)
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
from highdicom.content_items.requirements import RelationshipTypeError
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
    "CodeContentItem",
    "CompositeContentItem",
    "ContainerContentItem",
    "ContentItem",
    "ContentItemReference",
    "ContentSequence",
    "DateContentItem",
    "DateTimeContentItem",
    "GraphicTypeValues",
    "GraphicTypeValues3D",
    "ImageContentItem",
    "NumContentItem",
    "PixelOriginInterpretationValues",
    "PnameContentItem",
    "RelationshipTypeError",
    "RelationshipTypeValues",
    "Scoord3DContentItem",
    "ScoordContentItem",
    "TcoordContentItem",
    "TemporalRangeTypeValues",
    "TextContentItem",
    "TimeContentItem",
    "UIDRefContentItem",
    "ValueTypeValues",
    "WaveformContentItem",
    "add_content",
]
