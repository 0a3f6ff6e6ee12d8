"""Structured reports (PS3.3 Section A.35, PS3.16)."""

from importlib import import_module
from typing import Any

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
from highdicom.sr import utils
from highdicom.sr.content.findings import (
    FindingSite,
    LongitudinalTemporalOffsetFromEvent,
)
from highdicom.sr.content.regions import (
    CoordinatesForMeasurement,
    CoordinatesForMeasurement3D,
    ImageRegion,
    ImageRegion3D,
    VolumeSurface,
)
from highdicom.sr.content.segments import (
    ReferencedSegment,
    ReferencedSegmentationFrame,
)
from highdicom.sr.content.sources import (
    RealWorldValueMap,
    SourceImageForMeasurement,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    SourceImageForSegmentation,
    SourceSeriesForSegmentation,
)
from highdicom.sr.sop import Comprehensive3DSR, ComprehensiveSR, EnhancedSR, srread

_TEMPLATES = frozenset(
    (
        "AlgorithmIdentification",
        "DeviceObserverIdentifyingAttributes",
        "ImageLibrary",
        "ImageLibraryEntryDescriptors",
        "LanguageOfContentItemAndDescendants",
        "Measurement",
        "MeasurementProperties",
        "MeasurementReport",
        "MeasurementStatisticalProperties",
        "MeasurementsAndQualitativeEvaluations",
        "NormalRangeProperties",
        "ObservationContext",
        "ObserverContext",
        "PersonObserverIdentifyingAttributes",
        "PlanarROIMeasurementsAndQualitativeEvaluations",
        "QualitativeEvaluation",
        "SubjectContext",
        "SubjectContextDevice",
        "SubjectContextFetus",
        "SubjectContextSpecimen",
        "TimePointContext",
        "TrackingIdentifier",
        "VolumetricROIMeasurementsAndQualitativeEvaluations",
    )
)

__all__ = [
    "CodeContentItem",
    "CodedConcept",
    "CompositeContentItem",
    "Comprehensive3DSR",
    "ComprehensiveSR",
    "ContainerContentItem",
    "ContentItem",
    "ContentSequence",
    "CoordinatesForMeasurement",
    "CoordinatesForMeasurement3D",
    "DateContentItem",
    "DateTimeContentItem",
    "EnhancedSR",
    "FindingSite",
    "GraphicTypeValues",
    "GraphicTypeValues3D",
    "ImageContentItem",
    "ImageRegion",
    "ImageRegion3D",
    "LongitudinalTemporalOffsetFromEvent",
    "NumContentItem",
    "PixelOriginInterpretationValues",
    "PnameContentItem",
    "RealWorldValueMap",
    "ReferencedSegment",
    "ReferencedSegmentationFrame",
    "RelationshipTypeValues",
    "Scoord3DContentItem",
    "ScoordContentItem",
    "SourceImageForMeasurement",
    "SourceImageForMeasurementGroup",
    "SourceImageForRegion",
    "SourceImageForSegmentation",
    "SourceSeriesForSegmentation",
    "TcoordContentItem",
    "TemporalRangeTypeValues",
    "TextContentItem",
    "TimeContentItem",
    "UIDRefContentItem",
    "ValueTypeValues",
    "VolumeSurface",
    "WaveformContentItem",
    "srread",
    "utils",
]


def __getattr__(name: str) -> Any:
    if name in _TEMPLATES:
        return getattr(import_module("highdicom.sr.templates"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
