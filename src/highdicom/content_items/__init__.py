"""Content items: the nodes of content trees (PS3.3 10.2, C.17.3 and C.18)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.content_items.base import (
        ContentItem as ContentItem,
        ContentItemReference as ContentItemReference,
        ContentSequence as ContentSequence,
        add_content as add_content,
    )
    from highdicom.content_items.coordinates import (
        Scoord3DContentItem as Scoord3DContentItem,
        ScoordContentItem as ScoordContentItem,
        TcoordContentItem as TcoordContentItem,
    )
    from highdicom.content_items.enum import (
        GraphicTypeValues as GraphicTypeValues,
        GraphicTypeValues3D as GraphicTypeValues3D,
        PixelOriginInterpretationValues as PixelOriginInterpretationValues,
        RelationshipTypeValues as RelationshipTypeValues,
        TemporalRangeTypeValues as TemporalRangeTypeValues,
        ValueTypeValues as ValueTypeValues,
    )
    from highdicom.content_items.references import (
        CompositeContentItem as CompositeContentItem,
        ImageContentItem as ImageContentItem,
        WaveformContentItem as WaveformContentItem,
    )
    from highdicom.content_items.requirements import (
        RelationshipTypeError as RelationshipTypeError,
    )
    from highdicom.content_items.values import (
        CodeContentItem as CodeContentItem,
        ContainerContentItem as ContainerContentItem,
        DateContentItem as DateContentItem,
        DateTimeContentItem as DateTimeContentItem,
        NumContentItem as NumContentItem,
        PnameContentItem as PnameContentItem,
        TextContentItem as TextContentItem,
        TimeContentItem as TimeContentItem,
        UIDRefContentItem as UIDRefContentItem,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.content_items.base": (
                "ContentItem",
                "ContentItemReference",
                "ContentSequence",
                "add_content",
            ),
            "highdicom.content_items.coordinates": (
                "Scoord3DContentItem",
                "ScoordContentItem",
                "TcoordContentItem",
            ),
            "highdicom.content_items.enum": (
                "GraphicTypeValues",
                "GraphicTypeValues3D",
                "PixelOriginInterpretationValues",
                "RelationshipTypeValues",
                "TemporalRangeTypeValues",
                "ValueTypeValues",
            ),
            "highdicom.content_items.references": (
                "CompositeContentItem",
                "ImageContentItem",
                "WaveformContentItem",
            ),
            "highdicom.content_items.requirements": ("RelationshipTypeError",),
            "highdicom.content_items.values": (
                "CodeContentItem",
                "ContainerContentItem",
                "DateContentItem",
                "DateTimeContentItem",
                "NumContentItem",
                "PnameContentItem",
                "TextContentItem",
                "TimeContentItem",
                "UIDRefContentItem",
            ),
        },
    )
