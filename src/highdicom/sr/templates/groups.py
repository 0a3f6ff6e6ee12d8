"""Groups of measurements: TID 1410, 1411, 1501 and 1502."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias, TypeVar

from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.content_items.concepts import is_same_concept, key_of_code
from highdicom.content_items.query import children_of, name_key_of, value_type_of
from highdicom.errors import InvalidArgumentError, MissingAttributeError
from highdicom.sr.content.findings import (
    FindingSite,
    LongitudinalTemporalOffsetFromEvent,
)
from highdicom.sr.content.regions import ImageRegion, ImageRegion3D, VolumeSurface
from highdicom.sr.content.segments import (
    ReferencedSegment,
    ReferencedSegmentationFrame,
)
from highdicom.sr.content.sources import (
    RealWorldValueMap,
    SourceImageForMeasurementGroup,
)
from highdicom.sr.engine.fields import Field
from highdicom.sr.engine.specifiers import (
    OptionalCoded,
    OptionalNumber,
    OptionalOf,
    OptionalText,
    OptionalUid,
    Several,
    Text,
    content_item,
    included,
    together,
    value,
)
from highdicom.sr.engine.template import Template
from highdicom.sr.tables.groups import (
    IMAGE_REGION,
    REFERENCED_SEGMENT,
    REFERENCED_SEGMENTATION_FRAME,
    REGION_IN_SPACE,
    TID_1410,
    TID_1411,
    TID_1501,
    TID_1502,
    VOLUME_SURFACE,
)
from highdicom.sr.templates.context import AlgorithmIdentification, TrackingIdentifier
from highdicom.sr.templates.measurement import Measurement, QualitativeEvaluation

__all__ = [
    "MeasurementsAndQualitativeEvaluations",
    "PlanarROIMeasurementsAndQualitativeEvaluations",
    "TimePointContext",
    "VolumetricROIMeasurementsAndQualitativeEvaluations",
    "_MeasurementsAndQualitativeEvaluations",
    "_ROIMeasurementsAndQualitativeEvaluations",
]

T = TypeVar("T", Measurement, QualitativeEvaluation)


class TimePointContext(Template, table=TID_1502):
    """When in the course of a study something was observed (PS3.16 TID 1502).

    Examples
    --------
    >>> from highdicom.sr import TimePointContext
    >>> TimePointContext("week 12", time_point_order=2).time_point
    'week 12'

    """

    time_point: Text = value("3")
    time_point_type: OptionalCoded = value("4", default=None)
    time_point_order: OptionalNumber = value("5", default=None)
    subject_time_point_identifier: OptionalText = value("1", default=None)
    protocol_time_point_identifier: OptionalText = value("2", default=None)
    temporal_offset_from_event: OptionalOf[LongitudinalTemporalOffsetFromEvent] = (
        content_item("6", LongitudinalTemporalOffsetFromEvent, default=None)
    )

    _item_order = ("time_point", "time_point_type", "time_point_order")


class _MeasurementsAndQualitativeEvaluations(Template):
    """What groups of measurements have in common."""

    _item_order = (
        "tracking_identifier",
        "session",
        "finding_category",
        "finding_type",
        "method",
        "finding_sites",
        "algorithm_id",
        "time_point_context",
        "referenced_real_world_value_map",
        "measurements",
        "qualitative_evaluations",
        "geometric_purpose",
    )

    def get_measurements(
        self, name: Code | CodedConcept | None = None
    ) -> list[Measurement]:
        """Measurements of the group.

        Parameters
        ----------
        name
            Name of the measurements, if not all are asked for.

        """
        return _named(self.fields["measurements"].read(self), name)

    def get_qualitative_evaluations(
        self, name: Code | CodedConcept | None = None
    ) -> list[QualitativeEvaluation]:
        """Qualitative evaluations of the group.

        What other rows of the template describe (finding, finding category, method ...)
        is not among them.

        Parameters
        ----------
        name
            Name of the evaluations, if not all are asked for.

        """
        return _named(self.fields["qualitative_evaluations"].read(self), name)

    @classmethod
    def check_arguments(cls, values: Mapping[str, Any]) -> None:
        """Check arguments of the constructor that depend on each other."""
        tracking = values["tracking_identifier"]
        if isinstance(tracking, TrackingIdentifier) and len(tracking) != 2:
            raise InvalidArgumentError(
                "'tracking_identifier' must have both an identifier and a UID "
                f"(PS3.16 TID {cls.table.number})."
            )


class _ROIMeasurementsAndQualitativeEvaluations(_MeasurementsAndQualitativeEvaluations):
    """What groups of measurements in regions of interest have in common."""

    # Arguments of which exactly one is to be given.
    _regions: ClassVar[tuple[str, ...]] = ()
    # What tells the kinds of regions apart when they are read.
    _reference_types: ClassVar[tuple[Code, ...]] = ()

    @property
    def reference_type(self) -> Code:
        """Concept name of the items that say where the region is.

        Raises
        ------
        MissingAttributeError
            If there is none.

        """
        found = self.reference_types
        if not found:
            raise MissingAttributeError(
                "The measurement group says nothing of its region of interest "
                f"(PS3.16 TID {self.table.number})."
            )
        return found[0]

    @property
    def reference_types(self) -> tuple[Code, ...]:
        """Concept names of the items that say where the region is; one if it is right."""
        children: Any = children_of(self[0])
        stored = getattr(children, "stored_items", children)
        keys = {name_key_of(item) for item in stored}
        return tuple(
            code for code in self._reference_types if key_of_code(code) in keys
        )

    @classmethod
    def check_arguments(cls, values: Mapping[str, Any]) -> None:
        """Check arguments of the constructor that depend on each other."""
        super().check_arguments(values)
        given = [name for name in cls._regions if values[name] is not None]
        if len(given) != 1:
            names = ", ".join(f"'{name}'" for name in cls._regions)
            raise InvalidArgumentError(
                f"Exactly one of {names} must be given, not {len(given)}."
            )
        for measurement in values["measurements"] or ():
            if isinstance(measurement, Measurement) and _has_coordinates(measurement):
                raise InvalidArgumentError(
                    "'measurements' of a region of interest must not have "
                    f"'referenced_coordinates' (PS3.16 TID {cls.table.number})."
                )


def _has_coordinates(measurement: Measurement) -> bool:
    children: Any = children_of(measurement[0])
    return bool(children) and any(
        value_type_of(item) in {"SCOORD", "SCOORD3D"} for item in children.stored_items
    )


def _named(found: list[T], name: Code | CodedConcept | None) -> list[T]:
    if name is None:
        return found
    key = key_of_code(name)
    return [each for each in found if is_same_concept(name_key_of(each[0]), key)]


OptionalTracking: TypeAlias = Field[str | None, TrackingIdentifier]


class MeasurementsAndQualitativeEvaluations(
    _MeasurementsAndQualitativeEvaluations, table=TID_1501
):
    """Measurements of one finding, not of a region (PS3.16 TID 1501).

    Examples
    --------
    >>> from highdicom.sr import (
    ...     MeasurementsAndQualitativeEvaluations,
    ...     TrackingIdentifier,
    ... )
    >>> from pydicom.sr.codedict import codes
    >>> group = MeasurementsAndQualitativeEvaluations(
    ...     TrackingIdentifier(uid="1.2.3", identifier="nodule 1"),
    ...     finding_type=codes.SCT.Nodule,
    ... )
    >>> group.finding_type.meaning, group.tracking_uid
    ('Nodule', '1.2.3')

    """

    tracking_identifier: OptionalTracking = included(
        "2", TrackingIdentifier, also=("3",), attribute="identifier"
    )
    referenced_real_world_value_map: OptionalOf[RealWorldValueMap] = content_item(
        "9", RealWorldValueMap, default=None
    )
    time_point_context: OptionalOf[TimePointContext] = included(
        "4", TimePointContext, default=None
    )
    finding_type: OptionalCoded = value("3b", default=None)
    method: OptionalCoded = value("5", default=None)
    algorithm_id: OptionalOf[AlgorithmIdentification] = included(
        "9b", AlgorithmIdentification, default=None
    )
    finding_sites: Several[FindingSite] = content_item(
        "6", FindingSite, is_many=True, default=None
    )
    session: OptionalText = value("1b", default=None)
    measurements: Several[Measurement] = included(
        "10", Measurement, is_many=True, default=None
    )
    qualitative_evaluations: Several[QualitativeEvaluation] = included(
        "11", QualitativeEvaluation, is_many=True, default=None
    )
    finding_category: OptionalCoded = value("3a", default=None)
    source_images: Several[SourceImageForMeasurementGroup] = content_item(
        "10b", SourceImageForMeasurementGroup, is_many=True, default=None
    )
    tracking_uid: OptionalUid = value("3", init=False)


class PlanarROIMeasurementsAndQualitativeEvaluations(
    _ROIMeasurementsAndQualitativeEvaluations, table=TID_1410
):
    """Measurements of a region in a plane (PS3.16 TID 1410).

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.sr import (
    ...     ImageRegion3D,
    ...     PlanarROIMeasurementsAndQualitativeEvaluations,
    ...     TrackingIdentifier,
    ... )
    >>> group = PlanarROIMeasurementsAndQualitativeEvaluations(
    ...     TrackingIdentifier(uid="1.2.3", identifier="nodule 1"),
    ...     referenced_region=ImageRegion3D("POINT", np.zeros((1, 3)), "1.2.4"),
    ... )
    >>> group.reference_type.meaning
    'Image Region'

    """

    tracking_identifier: OptionalTracking = included(
        "2", TrackingIdentifier, also=("3",), attribute="identifier"
    )
    referenced_region: OptionalOf[ImageRegion | ImageRegion3D] = content_item(
        "5", ImageRegion, ImageRegion3D, also=("5b",), default=None
    )
    referenced_segment: OptionalOf[ReferencedSegmentationFrame] = together(
        "7", ReferencedSegmentationFrame, default=None
    )
    referenced_real_world_value_map: OptionalOf[RealWorldValueMap] = content_item(
        "10", RealWorldValueMap, default=None
    )
    time_point_context: OptionalOf[TimePointContext] = included(
        "4", TimePointContext, default=None
    )
    finding_type: OptionalCoded = value("3b", default=None)
    method: OptionalCoded = value("11.1", default=None)
    algorithm_id: OptionalOf[AlgorithmIdentification] = included(
        "11.4b", AlgorithmIdentification, default=None
    )
    finding_sites: Several[FindingSite] = content_item(
        "11.2", FindingSite, is_many=True, default=None
    )
    session: OptionalText = value("1b", default=None)
    measurements: Several[Measurement] = included(
        "11.5", Measurement, is_many=True, default=None
    )
    qualitative_evaluations: Several[QualitativeEvaluation] = included(
        "12", QualitativeEvaluation, is_many=True, default=None
    )
    geometric_purpose: OptionalCoded = value("3c", default=None)
    finding_category: OptionalCoded = value("3a", default=None)
    tracking_uid: OptionalUid = value("3", init=False)

    _regions = ("referenced_region", "referenced_segment")
    _reference_types = (IMAGE_REGION, REFERENCED_SEGMENTATION_FRAME, REGION_IN_SPACE)

    @property
    def roi(self) -> ImageRegion | ImageRegion3D | None:
        """The region, if it is given by coordinates."""
        return self.referenced_region

    @property
    def referenced_segmentation_frame(self) -> ReferencedSegmentationFrame | None:
        """The frame of a segmentation that the region is, if it is one."""
        return self.referenced_segment


class VolumetricROIMeasurementsAndQualitativeEvaluations(
    _ROIMeasurementsAndQualitativeEvaluations, table=TID_1411
):
    """Measurements of a region in space (PS3.16 TID 1411).

    Examples
    --------
    >>> from highdicom.sr import (
    ...     ReferencedSegment,
    ...     SourceSeriesForSegmentation,
    ...     TrackingIdentifier,
    ...     VolumetricROIMeasurementsAndQualitativeEvaluations,
    ... )
    >>> group = VolumetricROIMeasurementsAndQualitativeEvaluations(
    ...     TrackingIdentifier(uid="1.2.3", identifier="nodule 1"),
    ...     referenced_segment=ReferencedSegment(
    ...         "1.2.840.10008.5.1.4.1.1.66.4",
    ...         "1.2.4",
    ...         segment_number=2,
    ...         source_series=SourceSeriesForSegmentation("1.2.5"),
    ...     ),
    ... )
    >>> group.referenced_segment.referenced_segment_numbers
    [2]

    """

    tracking_identifier: OptionalTracking = included(
        "2", TrackingIdentifier, also=("3",), attribute="identifier"
    )
    referenced_regions: Several[ImageRegion] = content_item(
        "5", ImageRegion, is_many=True, default=None
    )
    referenced_volume_surface: OptionalOf[VolumeSurface] = together(
        "10", VolumeSurface, default=None
    )
    referenced_segment: OptionalOf[ReferencedSegment] = together(
        "7", ReferencedSegment, default=None
    )
    referenced_real_world_value_map: OptionalOf[RealWorldValueMap] = content_item(
        "14", RealWorldValueMap, default=None
    )
    time_point_context: OptionalOf[TimePointContext] = included(
        "4", TimePointContext, default=None
    )
    finding_type: OptionalCoded = value("3b", default=None)
    method: OptionalCoded = value("15.1", default=None)
    algorithm_id: OptionalOf[AlgorithmIdentification] = included(
        "15.4b", AlgorithmIdentification, default=None
    )
    finding_sites: Several[FindingSite] = content_item(
        "15.2", FindingSite, is_many=True, default=None
    )
    session: OptionalText = value("1b", default=None)
    measurements: Several[Measurement] = included(
        "15.5", Measurement, is_many=True, default=None
    )
    qualitative_evaluations: Several[QualitativeEvaluation] = included(
        "16", QualitativeEvaluation, is_many=True, default=None
    )
    geometric_purpose: OptionalCoded = value("3c", default=None)
    finding_category: OptionalCoded = value("3a", default=None)
    tracking_uid: OptionalUid = value("3", init=False)

    _regions = ("referenced_regions", "referenced_volume_surface", "referenced_segment")
    _reference_types = (
        IMAGE_REGION,
        REFERENCED_SEGMENT,
        VOLUME_SURFACE,
        REGION_IN_SPACE,
    )

    @property
    def roi(self) -> VolumeSurface | list[ImageRegion] | None:
        """The surface or the regions, if the volume is given by coordinates."""
        return self.referenced_volume_surface or self.referenced_regions or None

    @classmethod
    def check_arguments(cls, values: Mapping[str, Any]) -> None:
        """Check arguments of the constructor that depend on each other."""
        super().check_arguments(values)
        regions = values["referenced_regions"]
        if isinstance(regions, (list, tuple)) and not regions:
            raise InvalidArgumentError("'referenced_regions' must not be empty.")
