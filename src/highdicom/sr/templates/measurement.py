"""Single measurements and what qualifies them: TID 300 and 310 to 312."""

from highdicom.content_items.values import CodeContentItem, NumContentItem
from highdicom.sr.content.findings import FindingSite
from highdicom.sr.content.regions import (
    CoordinatesForMeasurement,
    CoordinatesForMeasurement3D,
)
from highdicom.sr.content.sources import RealWorldValueMap, SourceImageForMeasurement
from highdicom.sr.engine.specifiers import (
    Coded,
    Number,
    OptionalCoded,
    OptionalNumber,
    OptionalOf,
    OptionalText,
    Several,
    content_item,
    included,
    part,
    value as value_of,
)
from highdicom.sr.engine.template import Template
from highdicom.sr.tables.concepts import sct
from highdicom.sr.tables.groups import QUALITATIVE_EVALUATION
from highdicom.sr.tables.measurement import TID_300, TID_310, TID_311, TID_312
from highdicom.sr.templates.context import AlgorithmIdentification, TrackingIdentifier

__all__ = [
    "Measurement",
    "MeasurementProperties",
    "MeasurementStatisticalProperties",
    "NormalRangeProperties",
    "QualitativeEvaluation",
]


class MeasurementStatisticalProperties(Template, table=TID_311):
    """How a measurement compares with a population (PS3.16 TID 311).

    Examples
    --------
    >>> from highdicom.sr import MeasurementStatisticalProperties, NumContentItem
    >>> from pydicom.sr.codedict import codes
    >>> mean = NumContentItem(
    ...     codes.SCT.Mean, 4.2, codes.UCUM.Millimeter, None, "HAS PROPERTIES"
    ... )
    >>> MeasurementStatisticalProperties([mean], authority="atlas").authority
    'atlas'

    """

    values: Several[NumContentItem] = content_item("1", NumContentItem, is_many=True)
    description: OptionalText = value_of("2", default=None)
    authority: OptionalText = value_of("3", default=None)


class NormalRangeProperties(Template, table=TID_312):
    """Which values are normal (PS3.16 TID 312).

    Examples
    --------
    >>> from highdicom.sr import NormalRangeProperties, NumContentItem
    >>> from pydicom.sr.codedict import codes
    >>> limit = NumContentItem(
    ...     codes.SCT.NormalRangeUpperLimit,
    ...     4.2,
    ...     codes.UCUM.Millimeter,
    ...     None,
    ...     "HAS PROPERTIES",
    ... )
    >>> NormalRangeProperties([limit], description="adults").description
    'adults'

    """

    values: Several[NumContentItem] = content_item("1", NumContentItem, is_many=True)
    description: OptionalText = value_of("2", default=None)
    authority: OptionalText = value_of("3", default=None)


class MeasurementProperties(Template, table=TID_310):
    """What a measurement means (PS3.16 TID 310).

    Examples
    --------
    >>> from highdicom.sr import MeasurementProperties
    >>> from pydicom.sr.codedict import codes
    >>> MeasurementProperties(normality=codes.SCT.Normal).normality.meaning
    'Normal'

    """

    normality: OptionalCoded = value_of("1", default=None)
    level_of_significance: OptionalCoded = value_of("4", default=None)
    selection_status: OptionalCoded = value_of("6", default=None)
    measurement_statistical_properties: OptionalOf[MeasurementStatisticalProperties] = (
        included("2", MeasurementStatisticalProperties, default=None)
    )
    normal_range_properties: OptionalOf[NormalRangeProperties] = included(
        "3", NormalRangeProperties, default=None
    )
    upper_measurement_uncertainty: OptionalNumber = value_of(
        "5",
        name=sct("371886008", "+, range of upper measurement uncertainty"),
        default=None,
    )
    lower_measurement_uncertainty: OptionalNumber = value_of(
        "5",
        name=sct("371885007", "-, range of lower measurement uncertainty"),
        default=None,
    )


class Measurement(Template, table=TID_300):
    """A number that was measured, and what qualifies it (PS3.16 TID 300).

    Examples
    --------
    >>> from highdicom.sr import Measurement
    >>> from pydicom.sr.codedict import codes
    >>> diameter = Measurement(codes.SCT.Diameter, 4.2, codes.UCUM.Millimeter)
    >>> diameter.value, diameter.unit.value
    (4.2, 'mm')

    """

    name: Coded = part("name")
    value: Number = part("value")
    unit: Coded = part("unit")
    qualifier: OptionalCoded = part("qualifier", default=None)
    tracking_identifier: OptionalOf[TrackingIdentifier] = included(
        "17", TrackingIdentifier, default=None
    )
    algorithm_id: OptionalOf[AlgorithmIdentification] = included(
        "19", AlgorithmIdentification, default=None
    )
    derivation: OptionalCoded = value_of("4", default=None)
    finding_sites: Several[FindingSite] = content_item(
        "5", FindingSite, is_many=True, default=None
    )
    method: OptionalCoded = value_of("3", default=None)
    properties: OptionalOf[MeasurementProperties] = included(
        "8", MeasurementProperties, default=None
    )
    referenced_images: Several[SourceImageForMeasurement] = content_item(
        "13.1", SourceImageForMeasurement, is_many=True, default=None
    )
    referenced_coordinates: Several[
        CoordinatesForMeasurement | CoordinatesForMeasurement3D
    ] = content_item(
        "13.3",
        CoordinatesForMeasurement,
        CoordinatesForMeasurement3D,
        also=("6",),
        is_many=True,
        default=None,
    )
    referenced_real_world_value_map: OptionalOf[RealWorldValueMap] = content_item(
        "18", RealWorldValueMap, default=None
    )


class QualitativeEvaluation(Template, table=QUALITATIVE_EVALUATION):
    """A finding that is a concept rather than a number (PS3.16 TID 1501).

    Examples
    --------
    >>> from highdicom.sr import QualitativeEvaluation
    >>> from pydicom.sr.codedict import codes
    >>> evaluation = QualitativeEvaluation(
    ...     codes.DCM.LevelOfSignificance, codes.SCT.HighlySignificant
    ... )
    >>> evaluation.value.meaning
    'Highly significant'

    """

    name: Coded = part("name", row="11")
    value: Coded = part("value", row="11")
    modifiers: Several[CodeContentItem] = content_item(
        "11b", CodeContentItem, is_many=True, default=None
    )
