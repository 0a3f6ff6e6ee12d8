"""Microscopy Bulk Simple Annotations: up to millions on a slide (PS3.3 C.37.1)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.ann.content import (
        AnnotationGroup as AnnotationGroup,
        Measurements as Measurements,
    )
    from highdicom.ann.coordinates import (
        RaggedCoordinates as RaggedCoordinates,
    )
    from highdicom.ann.enum import (
        AnnotationCoordinateTypeValues as AnnotationCoordinateTypeValues,
        AnnotationGroupGenerationTypeValues as AnnotationGroupGenerationTypeValues,
        GraphicTypeValues as GraphicTypeValues,
        PixelOriginInterpretationValues as PixelOriginInterpretationValues,
    )
    from highdicom.ann.geojson import (
        from_geojson as from_geojson,
        to_geojson as to_geojson,
    )
    from highdicom.ann.sop import (
        MicroscopyBulkSimpleAnnotations as MicroscopyBulkSimpleAnnotations,
        annread as annread,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.ann.content": (
                "AnnotationGroup",
                "Measurements",
            ),
            "highdicom.ann.coordinates": ("RaggedCoordinates",),
            "highdicom.ann.enum": (
                "AnnotationCoordinateTypeValues",
                "AnnotationGroupGenerationTypeValues",
                "GraphicTypeValues",
                "PixelOriginInterpretationValues",
            ),
            "highdicom.ann.geojson": (
                "from_geojson",
                "to_geojson",
            ),
            "highdicom.ann.sop": (
                "MicroscopyBulkSimpleAnnotations",
                "annread",
            ),
        },
    )
