"""Templates of structured reports (PS3.16 Annex A)."""

from highdicom.sr.engine.template import Template
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
    _MeasurementsAndQualitativeEvaluations,
    _ROIMeasurementsAndQualitativeEvaluations,
)
from highdicom.sr.templates.image_library import (
    ImageLibrary,
    ImageLibraryEntry,
    ImageLibraryEntryDescriptors,
)
from highdicom.sr.templates.measurement import (
    Measurement,
    MeasurementProperties,
    MeasurementStatisticalProperties,
    NormalRangeProperties,
    QualitativeEvaluation,
)
from highdicom.sr.templates.report import MeasurementReport

__all__ = [
    "AlgorithmIdentification",
    "DeviceObserverIdentifyingAttributes",
    "ImageLibrary",
    "ImageLibraryEntry",
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
    "Template",
    "TimePointContext",
    "TrackingIdentifier",
    "VolumetricROIMeasurementsAndQualitativeEvaluations",
    "_MeasurementsAndQualitativeEvaluations",
    "_ROIMeasurementsAndQualitativeEvaluations",
]
