"""Content items; they are defined in `highdicom.content_items`."""

from highdicom.content_items.base import ContentItem, ContentSequence
from highdicom.content_items.coordinates import (
    Scoord3DContentItem,
    ScoordContentItem,
    TcoordContentItem,
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
