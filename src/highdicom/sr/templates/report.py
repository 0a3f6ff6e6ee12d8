"""Measurement reports: TID 1500."""

from collections.abc import Mapping, Sequence as AnySequence
from typing import Any, Literal, TypeAlias, TypeVar

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentSequence, add_content
from highdicom.content_items.enum import GraphicTypeValues, GraphicTypeValues3D
from highdicom.content_items.query import children_of
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.sr.engine.errors import TemplateMismatchError
from highdicom.sr.engine.items import item_maker
from highdicom.sr.engine.specifiers import (
    Coded,
    OptionalOf,
    Several,
    included,
    part,
    value,
)
from highdicom.sr.engine.template import Template
from highdicom.sr.tables.concepts import dcm
from highdicom.sr.tables.context import DEVICE, DEVICE_SUBJECT, PERSON
from highdicom.sr.tables.report import TID_1500
from highdicom.sr.templates.context import (
    LanguageOfContentItemAndDescendants,
    ObservationContext,
    ObserverContext,
    SubjectContext,
)
from highdicom.sr.templates.dataframe import dataframe_of
from highdicom.sr.templates.derived import DerivedMeasurement
from highdicom.sr.templates.groups import (
    MeasurementsAndQualitativeEvaluations,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
)
from highdicom.sr.templates.image_library import ImageLibrary
from highdicom.sr.templates.measurement import QualitativeEvaluation
from highdicom.sr.templates.selection import (
    check_planar_query,
    check_volumetric_query,
    group_class_of,
    may_hold,
    selects,
)
from highdicom.sr.templates.tabulation import COLUMNS, rows_of
from highdicom.typing import Self

__all__ = ["MeasurementReport"]

_TITLE = dcm("126000", "Imaging Measurement Report")
_ENGLISH = Code("en-US", "RFC5646", "English (United States)")

Group: TypeAlias = (
    PlanarROIMeasurementsAndQualitativeEvaluations
    | VolumetricROIMeasurementsAndQualitativeEvaluations
    | MeasurementsAndQualitativeEvaluations
)
AnyCode: TypeAlias = Code | CodedConcept
G = TypeVar(
    "G",
    PlanarROIMeasurementsAndQualitativeEvaluations,
    VolumetricROIMeasurementsAndQualitativeEvaluations,
    MeasurementsAndQualitativeEvaluations,
)


class MeasurementReport(Template, table=TID_1500):
    """Report of measurements made in images (PS3.16 TID 1500).

    Parameters
    ----------
    observation_context
        Who observed what in whom.
    procedure_reported
        The procedure or procedures in which the images were made (context group 100).
    imaging_measurements
        Groups of measurements, at least one.
    title
        Title of the report (context group 7021).
    language_of_content_item_and_descendants
        Language of the texts; English unless given.
    referenced_images
        Images for the image library.

    Raises
    ------
    ArgumentTypeError
        If something has another type, or no measurements are given.
    InvalidArgumentError
        If there is not one group of measurements.

    Examples
    --------
    >>> from highdicom.sr import (
    ...     Measurement,
    ...     MeasurementReport,
    ...     MeasurementsAndQualitativeEvaluations,
    ...     ObservationContext,
    ...     TrackingIdentifier,
    ... )
    >>> from pydicom.sr.codedict import codes
    >>> group = MeasurementsAndQualitativeEvaluations(
    ...     TrackingIdentifier(uid="1.2.3", identifier="nodule 1"),
    ...     measurements=[
    ...         Measurement(codes.SCT.Diameter, 4.2, codes.UCUM.Millimeter)
    ...     ],
    ... )
    >>> report = MeasurementReport(
    ...     ObservationContext(), codes.LN.CTUnspecifiedBodyRegion, [group]
    ... )
    >>> found = report.get_image_measurement_groups(tracking_uid="1.2.3")
    >>> [measurement.value for measurement in found[0].get_measurements()]
    [4.2]

    """

    observation_context: OptionalOf[ObservationContext] = included(
        "3", ObservationContext
    )
    procedure_reported: Several[CodedConcept] = value("4", is_many=True)
    imaging_measurements: Several[Group] = included(
        "7",
        PlanarROIMeasurementsAndQualitativeEvaluations,
        VolumetricROIMeasurementsAndQualitativeEvaluations,
        MeasurementsAndQualitativeEvaluations,
        also=("8", "9"),
        is_many=True,
        choose=group_class_of,
    )
    title: Coded = part("name")
    language_of_content_item_and_descendants: OptionalOf[
        LanguageOfContentItemAndDescendants
    ] = included("2", LanguageOfContentItemAndDescendants)
    image_library: OptionalOf[ImageLibrary] = included("5", ImageLibrary, default=None)
    qualitative_evaluations: Several[QualitativeEvaluation] = included(
        "13",
        QualitativeEvaluation,
        is_many=True,
        init=False,
        doc="Those of the whole report, not of a group.",
    )
    derived_measurements: Several[DerivedMeasurement] = included(
        "11", DerivedMeasurement, is_many=True, init=False
    )

    def __init__(
        self,
        observation_context: ObservationContext,
        procedure_reported: AnyCode | AnySequence[AnyCode],
        imaging_measurements: AnySequence[Group] | None = None,
        title: AnyCode | None = None,
        language_of_content_item_and_descendants: (
            LanguageOfContentItemAndDescendants | None
        ) = None,
        referenced_images: AnySequence[Dataset] | None = None,
    ) -> None:
        is_one = isinstance(procedure_reported, (Code, CodedConcept))
        language = language_of_content_item_and_descendants
        if language is None:
            language = LanguageOfContentItemAndDescendants(_ENGLISH)
        self.assemble(
            {
                "observation_context": observation_context,
                "procedure_reported": (
                    [procedure_reported] if is_one else procedure_reported
                ),
                "imaging_measurements": imaging_measurements,
                "title": _TITLE if title is None else title,
                "language_of_content_item_and_descendants": language,
                "image_library": (
                    None
                    if referenced_images is None
                    else ImageLibrary(referenced_images)
                ),
            }
        )

    @classmethod
    def check_arguments(cls, values: Mapping[str, Any]) -> None:
        """Check arguments of the constructor that depend on each other."""
        groups = values["imaging_measurements"]
        if groups is None:
            raise ArgumentTypeError("'imaging_measurements' is required.")
        if isinstance(groups, AnySequence) and not groups:
            raise InvalidArgumentError(
                "'imaging_measurements' must have at least one group."
            )

    @classmethod
    def from_sequence(  # type: ignore[override]
        cls,
        sequence: AnySequence[Dataset],
        is_root: bool = True,
        copy: bool = True,
        is_sr: bool = True,
    ) -> Self:
        """Recognise a report in the root of a content tree.

        Parameters
        ----------
        sequence
            The root: a content item, or the document itself, as only member.
        is_root
            Whether it is a root.
        copy
            Whether it is copied.
        is_sr
            Whether it belongs to a report.

        Raises
        ------
        TemplateMismatchError
            If it is not one item that follows the template.

        """
        return super().from_sequence(sequence, is_root, is_sr, copy)

    @classmethod
    def recognised(cls, items: ContentSequence) -> Self:
        """Recognise a report in a root; it is not copied."""
        report = super().recognised(items)
        template_id = getattr(report[0], "template_id", None)
        if template_id is not None and template_id != cls.table.number:
            raise TemplateMismatchError(
                "The report must follow template 1500, "
                f"but says that it follows {template_id}."
            )
        return report

    def get_observer_contexts(
        self, observer_type: AnyCode | None = None
    ) -> list[ObserverContext]:
        """Who observed.

        Parameters
        ----------
        observer_type
            ``codes.DCM.Person`` or ``codes.DCM.Device``, if not all are asked for.

        """
        observation = self.observation_context
        contexts: list[ObserverContext] = observation.observers if observation else []
        if observer_type is None:
            return contexts
        return [
            context
            for context in contexts
            # Without type, it is a person (TID 1002).
            if (context.observer_type or PERSON) == observer_type
        ]

    def get_subject_contexts(
        self, subject_class: AnyCode | None = None
    ) -> list[SubjectContext]:
        """Who or what was observed, if it was not the patient.

        Parameters
        ----------
        subject_class
            As ``codes.DCM.Specimen``, if not all are asked for.

        """
        observation = self.observation_context
        context = observation.subject if observation else None
        if context is None:
            return []
        device = {DEVICE, DEVICE_SUBJECT}
        found = context.subject_class
        is_asked = (
            subject_class is None
            or found == subject_class
            or (found in device and subject_class in device)
        )
        return [context] if is_asked else []

    def get_planar_roi_measurement_groups(
        self,
        tracking_uid: str | None = None,
        finding_type: AnyCode | None = None,
        finding_site: AnyCode | None = None,
        reference_type: AnyCode | None = None,
        graphic_type: GraphicTypeValues | GraphicTypeValues3D | None = None,
        referenced_sop_instance_uid: str | None = None,
        referenced_sop_class_uid: str | None = None,
    ) -> list[PlanarROIMeasurementsAndQualitativeEvaluations]:
        """Groups of measurements of regions in planes.

        Parameters
        ----------
        tracking_uid, finding_type, finding_site
            What the group is about. What is not given is not asked.
        reference_type
            Concept name of the items that say where the region is.
        graphic_type
            Kind of the graphic, if the region is given by coordinates.
        referenced_sop_instance_uid, referenced_sop_class_uid
            Image or segmentation that the region refers to.

        Raises
        ------
        ArgumentTypeError
            If the graphic type is none.
        InvalidArgumentError
            If regions in planes are never given so.

        """
        check_planar_query(reference_type, graphic_type)
        return self._groups_asked_for(
            PlanarROIMeasurementsAndQualitativeEvaluations,
            tracking_uid=tracking_uid,
            finding_type=finding_type,
            finding_site=finding_site,
            reference_type=reference_type,
            graphic_type=graphic_type,
            instance_uid=referenced_sop_instance_uid,
            class_uid=referenced_sop_class_uid,
        )

    def get_volumetric_roi_measurement_groups(
        self,
        tracking_uid: str | None = None,
        finding_type: AnyCode | None = None,
        finding_site: AnyCode | None = None,
        reference_type: AnyCode | None = None,
        graphic_type: GraphicTypeValues | GraphicTypeValues3D | None = None,
        referenced_sop_instance_uid: str | None = None,
        referenced_sop_class_uid: str | None = None,
    ) -> list[VolumetricROIMeasurementsAndQualitativeEvaluations]:
        """Groups of measurements of regions in space.

        Parameters
        ----------
        tracking_uid, finding_type, finding_site
            What the group is about. What is not given is not asked.
        reference_type
            Concept name of the items that say where the region is.
        graphic_type
            Kind of the graphic, if the region is given by coordinates.
        referenced_sop_instance_uid, referenced_sop_class_uid
            Image or segmentation that the region refers to.

        Raises
        ------
        ArgumentTypeError
            If the graphic type is none, or not one for that type of reference.
        InvalidArgumentError
            If regions in space are never given so.

        """
        check_volumetric_query(reference_type, graphic_type)
        return self._groups_asked_for(
            VolumetricROIMeasurementsAndQualitativeEvaluations,
            tracking_uid=tracking_uid,
            finding_type=finding_type,
            finding_site=finding_site,
            reference_type=reference_type,
            graphic_type=graphic_type,
            instance_uid=referenced_sop_instance_uid,
            class_uid=referenced_sop_class_uid,
        )

    def get_image_measurement_groups(
        self,
        tracking_uid: str | None = None,
        finding_type: AnyCode | None = None,
        finding_site: AnyCode | None = None,
        referenced_sop_instance_uid: str | None = None,
        referenced_sop_class_uid: str | None = None,
    ) -> list[MeasurementsAndQualitativeEvaluations]:
        """Groups of measurements that are not of a region of interest.

        Parameters
        ----------
        tracking_uid, finding_type, finding_site
            What the group is about. What is not given is not asked.
        referenced_sop_instance_uid, referenced_sop_class_uid
            Image that was measured.

        """
        return self._groups_asked_for(
            MeasurementsAndQualitativeEvaluations,
            tracking_uid=tracking_uid,
            finding_type=finding_type,
            finding_site=finding_site,
            instance_uid=referenced_sop_instance_uid,
            class_uid=referenced_sop_class_uid,
        )

    def add_derived_measurements(
        self, measurements: AnySequence[DerivedMeasurement]
    ) -> None:
        """Add measurements that were derived from those of several groups.

        Parameters
        ----------
        measurements
            They refer to the groups by their place in the report: `walk` of
            `highdicom.content_items.query` tells the identifier of each item.

        Raises
        ------
        ArgumentTypeError
            If something has another type.

        """
        field = self.fields["derived_measurements"]
        items = list(field.items_of(measurements))
        row = field.enclosing[-1]
        enclosing = next(
            (item for item in children_of(self[0]) if row.matches(item)), None
        )
        if enclosing is None:
            enclosing = item_maker(row)({})
            add_content(self[0], [enclosing])
        add_content(enclosing, items)

    def to_dataframe(self, library: Literal["pandas", "polars"] = "pandas") -> Any:
        """Make a table of the report: one row a measurement or qualitative evaluation.

        Groups of derived measurements are not in it.

        Parameters
        ----------
        library
            The package that the table is for.

        Returns
        -------
        pandas.DataFrame | polars.DataFrame
            Columns `group` (zero-based), `template`, `tracking_identifier`,
            `tracking_uid`, `finding_category`, `finding_type`, `finding_sites`,
            `session`, `time_point`, `name`, `value`, `unit`, `qualifier`, `evaluation`,
            `derivation`, `method`, `measurement_sites`, `algorithm`, `reference_type`,
            `referenced_sop_class_uids`, `referenced_sop_instance_uids`,
            `referenced_frame_numbers` and `referenced_segment_numbers`. Concepts are
            given by their meaning, several UIDs or numbers separated by spaces.

        Raises
        ------
        InvalidArgumentError
            If it is for another package.
        MissingDependencyError
            If the package is not installed.

        """
        records = rows_of(self.imaging_measurements, self[0])
        return dataframe_of(records, COLUMNS, library)

    def _groups_asked_for(self, cls: type[G], **asked: Any) -> list[G]:
        uids = (asked["tracking_uid"], asked["instance_uid"], asked["class_uid"])
        found = self.fields["imaging_measurements"].found(self, may_hold(*uids))
        groups = (cls.of([item]) for item in found if group_class_of(item) is cls)
        is_asked = selects(**asked, root=self[0])
        return [group for group in groups if is_asked(group)]
