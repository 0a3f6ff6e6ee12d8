"""Echocardiography reports: TID 5200 to 5204."""

from highdicom.coding import CodedConcept
from highdicom.content_items.references import ImageContentItem
from highdicom.content_items.values import NumContentItem
from highdicom.sr.content.findings import FindingSite
from highdicom.sr.engine.specifiers import (
    Coded,
    Number,
    Of,
    OptionalCoded,
    OptionalNumber,
    OptionalOf,
    OptionalText,
    Several,
    content_item,
    included,
    part,
    value,
)
from highdicom.sr.engine.template import Template
from highdicom.sr.tables.echocardiography import (
    ECHO_MEASUREMENT,
    ECHO_MEASUREMENT_GROUP,
    TID_5200,
    TID_5201,
    TID_5202,
    TID_5204,
    WALL_SEGMENT,
)
from highdicom.sr.templates.context import (
    LanguageOfContentItemAndDescendants,
    ObservationContext,
)
from highdicom.sr.templates.measurement import Measurement

__all__ = [
    "EchoMeasurement",
    "EchoMeasurementGroup",
    "EchoPatientCharacteristics",
    "EchoSection",
    "EchocardiographyProcedureReport",
    "WallMotionAnalysis",
    "WallSegment",
]


class EchoPatientCharacteristics(Template, table=TID_5201):
    """What of the patient matters for echocardiography (PS3.16 TID 5201).

    Examples
    --------
    >>> from highdicom.sr.templates.echocardiography import EchoPatientCharacteristics
    >>> EchoPatientCharacteristics(1.9, heart_rate=61).heart_rate
    61.0

    """

    body_surface_area: Number = value("7", doc="In square metres.")
    body_surface_area_formula: OptionalCoded = value("8", default=None)
    subject_age: OptionalOf[NumContentItem] = content_item(
        "2", NumContentItem, default=None
    )
    subject_sex: OptionalCoded = value("3", default=None)
    heart_rate: OptionalNumber = value("4", default=None, doc="In beats a minute.")
    systolic_blood_pressure: OptionalNumber = value("5", default=None, doc="In mmHg.")
    diastolic_blood_pressure: OptionalNumber = value("6", default=None, doc="In mmHg.")


class EchoMeasurement(Measurement, table=ECHO_MEASUREMENT):
    """A measurement by echocardiography (PS3.16 TID 5203).

    Examples
    --------
    >>> from highdicom.sr.templates.echocardiography import EchoMeasurement
    >>> from pydicom.sr.codedict import codes
    >>> measurement = EchoMeasurement(
    ...     codes.SCT.Diameter,
    ...     4.2,
    ...     codes.UCUM.Centimeter,
    ...     cardiac_cycle_point=codes.SCT.EndDiastole,
    ... )
    >>> measurement.cardiac_cycle_point == codes.SCT.EndDiastole
    True

    """

    flow_direction: OptionalCoded = value("5203.2", default=None)
    respiratory_cycle_point: OptionalCoded = value("5203.3", default=None)
    cardiac_cycle_point: OptionalCoded = value("5203.4", default=None)
    image_mode: OptionalCoded = value("5203.5", default=None)
    image_view: OptionalCoded = value("5203.6", default=None)
    stage: OptionalCoded = value("5203.7", default=None)


class EchoMeasurementGroup(Template, table=ECHO_MEASUREMENT_GROUP):
    """Measurements made in the same way (PS3.16 TID 5202, rows 3 ff.).

    Examples
    --------
    >>> from highdicom.sr.templates.echocardiography import (
    ...     EchoMeasurement,
    ...     EchoMeasurementGroup,
    ... )
    >>> from pydicom.sr.codedict import codes
    >>> diameter = EchoMeasurement(codes.SCT.Diameter, 4.2, codes.UCUM.Centimeter)
    >>> EchoMeasurementGroup([diameter]).measurements[0].value
    4.2

    """

    measurements: Several[EchoMeasurement] = included(
        "8", EchoMeasurement, is_many=True
    )
    image_mode: OptionalCoded = value("4", default=None)
    acquisition_protocol: OptionalCoded = value("5", default=None)
    acquisition_protocol_text: OptionalText = value("6", default=None)
    stage: OptionalCoded = value("7", default=None)


class EchoSection(Template, table=TID_5202):
    """What was found in a part of the heart or a vessel (PS3.16 TID 5202).

    Examples
    --------
    >>> from highdicom.sr import FindingSite
    >>> from highdicom.sr.templates.echocardiography import (
    ...     EchoMeasurement,
    ...     EchoMeasurementGroup,
    ...     EchoSection,
    ... )
    >>> from pydicom.sr.codedict import codes
    >>> diameter = EchoMeasurement(codes.SCT.Diameter, 4.2, codes.UCUM.Centimeter)
    >>> section = EchoSection(
    ...     FindingSite(codes.SCT.LeftVentricle), [EchoMeasurementGroup([diameter])]
    ... )
    >>> section.finding_site.value == codes.SCT.LeftVentricle
    True

    """

    finding_site: Of[FindingSite] = content_item("2", FindingSite)
    groups: Several[EchoMeasurementGroup] = included(
        "3", EchoMeasurementGroup, is_many=True
    )


class WallSegment(Template, table=WALL_SEGMENT):
    """How a segment of the wall of a ventricle moves (PS3.16 TID 5204, rows 10 ff.).

    Examples
    --------
    >>> from highdicom.sr.templates.echocardiography import WallSegment
    >>> from pydicom.sr.codedict import codes
    >>> segment = WallSegment(
    ...     codes.SCT.LeftVentricleApicalAnteriorSegment,
    ...     cardiac_wall_motion=codes.SCT.Normal,
    ...     score=1,
    ... )
    >>> segment.score
    1.0

    """

    segment: Coded = part("value", row="10")
    cardiac_wall_motion: OptionalCoded = value("11", default=None)
    associated_morphology: OptionalCoded = value("12", default=None)
    score: OptionalNumber = value("13", default=None)
    wall_thickness_ratio: OptionalNumber = value("14", default=None, doc="In percent.")


class WallMotionAnalysis(Template, table=TID_5204):
    """How the walls of a ventricle move (PS3.16 TID 5204).

    Examples
    --------
    >>> from highdicom.sr.templates.echocardiography import WallMotionAnalysis
    >>> from pydicom.sr.codedict import codes
    >>> analysis = WallMotionAnalysis(
    ...     codes.SCT.Echocardiography, narrative="All segments move normally."
    ... )
    >>> analysis.narrative
    'All segments move normally.'

    """

    procedure_reported: Coded = value("2")
    stage: OptionalCoded = value("3", default=None)
    illustration: OptionalOf[ImageContentItem] = content_item(
        "4", ImageContentItem, default=None
    )
    narrative: OptionalText = value("5", default=None)
    score_index: OptionalNumber = value("6", default=None)
    assessment_scale: OptionalCoded = value("7", default=None)
    finding_site: OptionalOf[FindingSite] = content_item("9", FindingSite, default=None)
    segments: Several[WallSegment] = included(
        "10", WallSegment, is_many=True, default=None
    )


class EchocardiographyProcedureReport(Template, table=TID_5200):
    """Report of an echocardiography of an adult (PS3.16 TID 5200).

    Examples
    --------
    >>> from highdicom.sr import FindingSite, ObservationContext
    >>> from highdicom.sr.templates.echocardiography import (
    ...     EchocardiographyProcedureReport,
    ...     EchoMeasurement,
    ...     EchoMeasurementGroup,
    ...     EchoSection,
    ... )
    >>> from pydicom.sr.codedict import codes
    >>> diameter = EchoMeasurement(codes.SCT.Diameter, 4.2, codes.UCUM.Centimeter)
    >>> section = EchoSection(
    ...     FindingSite(codes.SCT.LeftVentricle), [EchoMeasurementGroup([diameter])]
    ... )
    >>> report = EchocardiographyProcedureReport(ObservationContext(), [section])
    >>> [measurement.value for measurement in report.sections[0].groups[0].measurements]
    [4.2]

    """

    observation_context: OptionalOf[ObservationContext] = included(
        "3", ObservationContext
    )
    sections: Several[EchoSection] = included(
        "9", EchoSection, is_many=True, default=None
    )
    wall_motion_analyses: Several[WallMotionAnalysis] = included(
        "24", WallMotionAnalysis, is_many=True, default=None
    )
    patient_characteristics: OptionalOf[EchoPatientCharacteristics] = included(
        "6", EchoPatientCharacteristics, default=None
    )
    acquisition_protocols: Several[CodedConcept] = value(
        "5", is_many=True, default=None
    )
    images: Several[ImageContentItem] = content_item(
        "8", ImageContentItem, is_many=True, default=None
    )
    language_of_content_item_and_descendants: OptionalOf[
        LanguageOfContentItemAndDescendants
    ] = included("2", LanguageOfContentItemAndDescendants, default=None)
