"""Structured reports (PS3.3 Section A.35, PS3.16)."""

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
from highdicom.sr.templates.context import (
    AlgorithmIdentification,
    DeviceObserverIdentifyingAttributes,
    LanguageOfContentItemAndDescendants,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    SubjectContext,
    SubjectContextDevice,
    SubjectContextFetus,
    SubjectContextSpecimen,
    TrackingIdentifier,
)
from highdicom.sr.templates.groups import (
    MeasurementsAndQualitativeEvaluations,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    TimePointContext,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
)
from highdicom.sr.templates.image_library import (
    ImageLibrary,
    ImageLibraryEntryDescriptors,
)
from highdicom.sr.templates.measurement import (
    Measurement,
    MeasurementProperties,
    MeasurementStatisticalProperties,
    NormalRangeProperties,
    QualitativeEvaluation,
)
from highdicom.sr.templates.report import (
    MeasurementReport,
)

__all__ = [
    "AlgorithmIdentification",
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
    "DeviceObserverIdentifyingAttributes",
    "EnhancedSR",
    "FindingSite",
    "GraphicTypeValues",
    "GraphicTypeValues3D",
    "ImageContentItem",
    "ImageLibrary",
    "ImageLibraryEntryDescriptors",
    "ImageRegion",
    "ImageRegion3D",
    "LanguageOfContentItemAndDescendants",
    "LongitudinalTemporalOffsetFromEvent",
    "Measurement",
    "MeasurementProperties",
    "MeasurementReport",
    "MeasurementStatisticalProperties",
    "MeasurementsAndQualitativeEvaluations",
    "NormalRangeProperties",
    "NumContentItem",
    "ObservationContext",
    "ObserverContext",
    "PersonObserverIdentifyingAttributes",
    "PixelOriginInterpretationValues",
    "PlanarROIMeasurementsAndQualitativeEvaluations",
    "PnameContentItem",
    "QualitativeEvaluation",
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
    "SubjectContext",
    "SubjectContextDevice",
    "SubjectContextFetus",
    "SubjectContextSpecimen",
    "TcoordContentItem",
    "TemporalRangeTypeValues",
    "TextContentItem",
    "TimeContentItem",
    "TimePointContext",
    "TrackingIdentifier",
    "UIDRefContentItem",
    "ValueTypeValues",
    "VolumeSurface",
    "VolumetricROIMeasurementsAndQualitativeEvaluations",
    "WaveformContentItem",
    "srread",
    "utils",
]
