"""Microscopy Bulk Simple Annotations: up to millions on a slide (PS3.3 C.37.1)."""

from highdicom.ann.content import AnnotationGroup, Measurements
from highdicom.ann.coordinates import RaggedCoordinates
from highdicom.ann.enum import (
    AnnotationCoordinateTypeValues,
    AnnotationGroupGenerationTypeValues,
    GraphicTypeValues,
    PixelOriginInterpretationValues,
)
from highdicom.ann.geojson import from_geojson, to_geojson
from highdicom.ann.sop import MicroscopyBulkSimpleAnnotations, annread

__all__ = [
    "AnnotationCoordinateTypeValues",
    "AnnotationGroup",
    "AnnotationGroupGenerationTypeValues",
    "GraphicTypeValues",
    "Measurements",
    "MicroscopyBulkSimpleAnnotations",
    "PixelOriginInterpretationValues",
    "RaggedCoordinates",
    "annread",
    "from_geojson",
    "to_geojson",
]
