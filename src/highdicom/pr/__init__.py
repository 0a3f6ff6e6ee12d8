"""Presentation states: how images are to be shown (PS3.3 A.33)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.pr.content import (
        AdvancedBlending as AdvancedBlending,
        BlendingDisplay as BlendingDisplay,
        BlendingDisplayInput as BlendingDisplayInput,
        GraphicAnnotation as GraphicAnnotation,
        GraphicGroup as GraphicGroup,
        GraphicLayer as GraphicLayer,
        GraphicObject as GraphicObject,
        SoftcopyVOILUTTransformation as SoftcopyVOILUTTransformation,
        TextObject as TextObject,
    )
    from highdicom.pr.enum import (
        AnnotationUnitsValues as AnnotationUnitsValues,
        BlendingModeValues as BlendingModeValues,
        GraphicTypeValues as GraphicTypeValues,
        TextJustificationValues as TextJustificationValues,
    )
    from highdicom.pr.sop import (
        AdvancedBlendingPresentationState as AdvancedBlendingPresentationState,
        ColorSoftcopyPresentationState as ColorSoftcopyPresentationState,
        GrayscaleSoftcopyPresentationState as GrayscaleSoftcopyPresentationState,
        PseudoColorSoftcopyPresentationState as PseudoColorSoftcopyPresentationState,
        prread as prread,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.pr.content": (
                "AdvancedBlending",
                "BlendingDisplay",
                "BlendingDisplayInput",
                "GraphicAnnotation",
                "GraphicGroup",
                "GraphicLayer",
                "GraphicObject",
                "SoftcopyVOILUTTransformation",
                "TextObject",
            ),
            "highdicom.pr.enum": (
                "AnnotationUnitsValues",
                "BlendingModeValues",
                "GraphicTypeValues",
                "TextJustificationValues",
            ),
            "highdicom.pr.sop": (
                "AdvancedBlendingPresentationState",
                "ColorSoftcopyPresentationState",
                "GrayscaleSoftcopyPresentationState",
                "PseudoColorSoftcopyPresentationState",
                "prread",
            ),
        },
    )
