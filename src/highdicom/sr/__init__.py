"""Structured reports (PS3.3 A.35, PS3.16)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.coding import (
        CodedConcept as CodedConcept,
    )
    from highdicom.content_items.base import (
        ContentItem as ContentItem,
        ContentSequence as ContentSequence,
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
    from highdicom.sr import (
        utils as utils,
    )
    from highdicom.sr.content.findings import (
        FindingSite as FindingSite,
        LongitudinalTemporalOffsetFromEvent as LongitudinalTemporalOffsetFromEvent,
    )
    from highdicom.sr.content.regions import (
        CoordinatesForMeasurement as CoordinatesForMeasurement,
        CoordinatesForMeasurement3D as CoordinatesForMeasurement3D,
        ImageRegion as ImageRegion,
        ImageRegion3D as ImageRegion3D,
        VolumeSurface as VolumeSurface,
    )
    from highdicom.sr.content.segments import (
        ReferencedSegment as ReferencedSegment,
        ReferencedSegmentationFrame as ReferencedSegmentationFrame,
    )
    from highdicom.sr.content.sources import (
        RealWorldValueMap as RealWorldValueMap,
        SourceImageForMeasurement as SourceImageForMeasurement,
        SourceImageForMeasurementGroup as SourceImageForMeasurementGroup,
        SourceImageForRegion as SourceImageForRegion,
        SourceImageForSegmentation as SourceImageForSegmentation,
        SourceSeriesForSegmentation as SourceSeriesForSegmentation,
    )
    from highdicom.sr.sop import (
        Comprehensive3DSR as Comprehensive3DSR,
        ComprehensiveSR as ComprehensiveSR,
        EnhancedSR as EnhancedSR,
        srread as srread,
    )
    from highdicom.sr.templates.context import (
        AlgorithmIdentification as AlgorithmIdentification,
        DeviceObserverIdentifyingAttributes as DeviceObserverIdentifyingAttributes,
        LanguageOfContentItemAndDescendants as LanguageOfContentItemAndDescendants,
        ObservationContext as ObservationContext,
        ObserverContext as ObserverContext,
        PersonObserverIdentifyingAttributes as PersonObserverIdentifyingAttributes,
        SubjectContext as SubjectContext,
        SubjectContextDevice as SubjectContextDevice,
        SubjectContextFetus as SubjectContextFetus,
        SubjectContextSpecimen as SubjectContextSpecimen,
        TrackingIdentifier as TrackingIdentifier,
    )
    from highdicom.sr.templates.groups import (
        MeasurementsAndQualitativeEvaluations as MeasurementsAndQualitativeEvaluations,
        PlanarROIMeasurementsAndQualitativeEvaluations as PlanarROIMeasurementsAndQualitativeEvaluations,
        TimePointContext as TimePointContext,
        VolumetricROIMeasurementsAndQualitativeEvaluations as VolumetricROIMeasurementsAndQualitativeEvaluations,
    )
    from highdicom.sr.templates.image_library import (
        ImageLibrary as ImageLibrary,
        ImageLibraryEntryDescriptors as ImageLibraryEntryDescriptors,
    )
    from highdicom.sr.templates.measurement import (
        Measurement as Measurement,
        MeasurementProperties as MeasurementProperties,
        MeasurementStatisticalProperties as MeasurementStatisticalProperties,
        NormalRangeProperties as NormalRangeProperties,
        QualitativeEvaluation as QualitativeEvaluation,
    )
    from highdicom.sr.templates.report import (
        MeasurementReport as MeasurementReport,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.coding": ("CodedConcept",),
            "highdicom.content_items.base": (
                "ContentItem",
                "ContentSequence",
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
            "highdicom.sr.content.findings": (
                "FindingSite",
                "LongitudinalTemporalOffsetFromEvent",
            ),
            "highdicom.sr.content.regions": (
                "CoordinatesForMeasurement",
                "CoordinatesForMeasurement3D",
                "ImageRegion",
                "ImageRegion3D",
                "VolumeSurface",
            ),
            "highdicom.sr.content.segments": (
                "ReferencedSegment",
                "ReferencedSegmentationFrame",
            ),
            "highdicom.sr.content.sources": (
                "RealWorldValueMap",
                "SourceImageForMeasurement",
                "SourceImageForMeasurementGroup",
                "SourceImageForRegion",
                "SourceImageForSegmentation",
                "SourceSeriesForSegmentation",
            ),
            "highdicom.sr.sop": (
                "Comprehensive3DSR",
                "ComprehensiveSR",
                "EnhancedSR",
                "srread",
            ),
            "highdicom.sr.templates.context": (
                "AlgorithmIdentification",
                "DeviceObserverIdentifyingAttributes",
                "LanguageOfContentItemAndDescendants",
                "ObservationContext",
                "ObserverContext",
                "PersonObserverIdentifyingAttributes",
                "SubjectContext",
                "SubjectContextDevice",
                "SubjectContextFetus",
                "SubjectContextSpecimen",
                "TrackingIdentifier",
            ),
            "highdicom.sr.templates.groups": (
                "MeasurementsAndQualitativeEvaluations",
                "PlanarROIMeasurementsAndQualitativeEvaluations",
                "TimePointContext",
                "VolumetricROIMeasurementsAndQualitativeEvaluations",
            ),
            "highdicom.sr.templates.image_library": (
                "ImageLibrary",
                "ImageLibraryEntryDescriptors",
            ),
            "highdicom.sr.templates.measurement": (
                "Measurement",
                "MeasurementProperties",
                "MeasurementStatisticalProperties",
                "NormalRangeProperties",
                "QualitativeEvaluation",
            ),
            "highdicom.sr.templates.report": ("MeasurementReport",),
        },
        ("utils",),
    )
