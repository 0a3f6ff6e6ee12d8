"""Documents: Enhanced, Comprehensive and Comprehensive 3D SR (PS3.3 A.35)."""

from collections.abc import Sequence as AnySequence
from os import PathLike
from typing import Any, BinaryIO, ClassVar

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian
from pydicom.valuerep import PersonName

from highdicom.base_content import ContributingEquipment
from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentSequence
from highdicom.errors import WrongSOPClassError
from highdicom.io.header import read_dataset
from highdicom.io.sources import open_source
from highdicom.sr.content_document import ContentDocument
from highdicom.sr.document import (
    SRDocumentGeneral,
    SRDocumentSeries,
    checked_codes,
    referenced_requests,
    verifying_observer,
)
from highdicom.sr.evidence import (
    EVIDENCE_SEQUENCES,
    check_evidence,
    instances_of,
    recorded_instances,
    referenced_instances,
    study_references,
)
from highdicom.sr.relationships import check_relationships
from highdicom.sr.templates.report import MeasurementReport

__all__ = ["Comprehensive3DSR", "ComprehensiveSR", "EnhancedSR", "srread"]

# Templates that have a class of their own, by the identifier that the root gives.
_TEMPLATES = {"1500": MeasurementReport}


class _SR(ContentDocument):
    """What the documents have in common."""

    _sop_class_uid: ClassVar[str]

    def __init__(
        self,
        evidence: AnySequence[Dataset],
        content: Dataset | Sequence,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str | None = None,
        is_complete: bool = False,
        is_final: bool = False,
        is_verified: bool = False,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        verifying_observer_name: str | PersonName | None = None,
        verifying_organization: str | None = None,
        performed_procedure_codes: AnySequence[Code | CodedConcept] | None = None,
        requested_procedures: AnySequence[Dataset] | None = None,
        previous_versions: AnySequence[Dataset] | None = None,
        record_evidence: bool = True,
        transfer_syntax_uid: str | UID = ExplicitVRLittleEndian,
        contributing_equipment: AnySequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        self._initialise_document(
            evidence,
            content,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=self._sop_class_uid,
            instance_number=instance_number,
            modality="SR",
            manufacturer=manufacturer,
            institution_name=institution_name,
            institutional_department_name=institutional_department_name,
            transfer_syntax_uid=transfer_syntax_uid,
            contributing_equipment=contributing_equipment,
            names_acquisition=True,
            **kwargs,
        )
        check_relationships(self, self._sop_class_uid)
        SRDocumentSeries().insert_into(self)
        current, others = self._evidence_references(evidence, keeps_all=record_evidence)
        SRDocumentGeneral(
            completion_flag="COMPLETE" if is_complete else "PARTIAL",
            verification_flag="VERIFIED" if is_verified else "UNVERIFIED",
            preliminary_flag="FINAL" if is_final else "PRELIMINARY",
            verifying_observers=(
                [verifying_observer(verifying_observer_name, verifying_organization)]
                if is_verified
                else None
            ),
            predecessor_documents=(
                study_references(instances_of(previous_versions, "previous_versions"))
                if previous_versions
                else None
            ),
            requests=referenced_requests(requested_procedures),
            performed_procedure_codes=checked_codes(performed_procedure_codes),
            current_evidence=current or None,
            other_evidence=others or None,
        ).insert_into(self)

    def _evidence_references(
        self, evidence: AnySequence[Dataset], *, keeps_all: bool
    ) -> tuple[list[Dataset], list[Dataset]]:
        """Items on the evidence of the study of the document, and of others."""
        instances = instances_of(evidence, "evidence")
        references = referenced_instances(self)
        check_evidence(references, instances)
        study = self.StudyInstanceUID
        current = [one for one in instances if one.study_instance_uid == study]
        others = [
            one
            for one in instances
            if one.study_instance_uid != study
            and (keeps_all or one.sop_instance_uid in references)
        ]
        return study_references(current), study_references(others)

    @property
    def content(self) -> ContentSequence:
        """The content: a sequence of one item, the root of the tree.

        It is a `MeasurementReport` if the root says that it follows TID 1500. What the
        root encloses is that of the document: changes show in both.
        """
        content = super().content
        template = _TEMPLATES.get(content[0].template_id or "")
        return content if template is None else template.recognised(content)

    def get_evidence(
        self, current_procedure_only: bool = False
    ) -> list[tuple[UID, UID, UID, UID]]:
        """List the instances that the document is based on.

        Parameters
        ----------
        current_procedure_only
            Whether to leave out pertinent other evidence.

        Returns
        -------
        list[tuple[UID, UID, UID, UID]]
            Study Instance UID, Series Instance UID, SOP Instance UID and SOP Class UID
            of each.

        """
        keywords = EVIDENCE_SEQUENCES[: 1 if current_procedure_only else None]
        return list(recorded_instances(self, keywords))

    def get_evidence_series(
        self, current_procedure_only: bool = False
    ) -> list[tuple[UID, UID]]:
        """List the series that the document is based on.

        Parameters
        ----------
        current_procedure_only
            Whether to leave out pertinent other evidence.

        Returns
        -------
        list[tuple[UID, UID]]
            Study Instance UID and Series Instance UID of each, once.

        """
        evidence = self.get_evidence(current_procedure_only)
        return list(dict.fromkeys((study, series) for study, series, _, _ in evidence))


class EnhancedSR(_SR):
    """Enhanced SR document (PS3.3 A.35.2).

    Its content may have coordinates in images, but neither coordinates in space nor
    relationships by reference.

    Parameters
    ----------
    evidence
        Instances that the content refers to, and others that the document is based on.
        Patient and study are taken from the first.
    content
        Root of the content tree, or a sequence that holds it, such as a
        `MeasurementReport`.
    series_instance_uid, series_number
        Identifier and positive number of the series.
    sop_instance_uid, instance_number
        Identifier and positive number of the document.
    manufacturer
        Manufacturer of the equipment that makes the document.
    is_complete
        Whether the content is complete rather than partial.
    is_final
        Whether the document is final rather than preliminary.
    is_verified
        Whether a person has verified the document; name and organization are then
        required.
    verifying_observer_name
        Person who verified the document, in the form of PS3.5 6.2.1.
    verifying_organization
        Organization that the person was accountable to.
    performed_procedure_codes
        Procedures that were performed.
    requested_procedures
        Items of the Referenced Request Sequence on procedures that the document
        fulfils.
    previous_versions
        Documents that this one replaces or includes content of.
    record_evidence
        Whether evidence of other studies is recorded if the content does not refer
        to it.
    transfer_syntax_uid
        Implicit or Explicit VR Little Endian.
    contributing_equipment
        Further equipment that had a part in the document.
    **kwargs
        See :class:`highdicom.base.InstanceOptions`.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    InvalidArgumentError
        If there is no evidence, or an argument that is required is missing.
    InvalidAttributeError
        If the content refers to something that is not in the evidence, or has
        relationships or value types that the class forbids; the error has the path.
    RelationshipTypeError
        If the root has a relationship type.
    UnsupportedTransferSyntaxError
        If the transfer syntax is another.


    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.sr import ContainerContentItem, EnhancedSR, TextContentItem
    >>> from highdicom.content_items import add_content
    >>> from highdicom.testing import ct_series
    >>> from pydicom.sr.codedict import codes
    >>> root = ContainerContentItem(codes.DCM.ImagingMeasurementReport)
    >>> add_content(root, [TextContentItem(codes.DCM.Comment, "none", "CONTAINS")])
    >>> document = EnhancedSR(
    ...     evidence=ct_series(),
    ...     content=root,
    ...     series_instance_uid=UID(),
    ...     series_number=1,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ...     manufacturer="Maker",
    ... )
    >>> document.content[0].ContentSequence[0].value
    'none'

    """

    _sop_class_uid = "1.2.840.10008.5.1.4.1.1.88.22"
    sop_class_uids = frozenset((_sop_class_uid,))


class ComprehensiveSR(_SR):
    """Comprehensive SR document (PS3.3 A.35.3).

    Its content may have coordinates in images and relationships by reference, but no
    coordinates in space. Parameters and errors are those of `EnhancedSR`.

    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.sr import ContainerContentItem, ComprehensiveSR, TextContentItem
    >>> from highdicom.content_items import add_content
    >>> from highdicom.testing import ct_series
    >>> from pydicom.sr.codedict import codes
    >>> root = ContainerContentItem(codes.DCM.ImagingMeasurementReport)
    >>> add_content(root, [TextContentItem(codes.DCM.Comment, "none", "CONTAINS")])
    >>> document = ComprehensiveSR(
    ...     evidence=ct_series(),
    ...     content=root,
    ...     series_instance_uid=UID(),
    ...     series_number=1,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ...     manufacturer="Maker",
    ... )
    >>> document.content[0].ContentSequence[0].value
    'none'

    """

    _sop_class_uid = "1.2.840.10008.5.1.4.1.1.88.33"
    sop_class_uids = frozenset((_sop_class_uid,))


class Comprehensive3DSR(_SR):
    """Comprehensive 3D SR document (PS3.3 A.35.13).

    Its content may have coordinates in images and in space, and relationships by
    reference. Parameters and errors are those of `EnhancedSR`.

    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.sr import ContainerContentItem, Comprehensive3DSR, TextContentItem
    >>> from highdicom.content_items import add_content
    >>> from highdicom.testing import ct_series
    >>> from pydicom.sr.codedict import codes
    >>> root = ContainerContentItem(codes.DCM.ImagingMeasurementReport)
    >>> add_content(root, [TextContentItem(codes.DCM.Comment, "none", "CONTAINS")])
    >>> document = Comprehensive3DSR(
    ...     evidence=ct_series(),
    ...     content=root,
    ...     series_instance_uid=UID(),
    ...     series_number=1,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ...     manufacturer="Maker",
    ... )
    >>> document.content[0].ContentSequence[0].value
    'none'

    """

    _sop_class_uid = "1.2.840.10008.5.1.4.1.1.88.34"
    sop_class_uids = frozenset((_sop_class_uid,))

    def __init__(
        self,
        evidence: AnySequence[Dataset],
        content: Dataset | Sequence,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str | None = None,
        is_complete: bool = False,
        is_final: bool = False,
        is_verified: bool = False,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        verifying_observer_name: str | None = None,
        verifying_organization: str | None = None,
        performed_procedure_codes: AnySequence[Code | CodedConcept] | None = None,
        requested_procedures: AnySequence[Dataset] | None = None,
        previous_versions: AnySequence[Dataset] | None = None,
        record_evidence: bool = True,
        contributing_equipment: AnySequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            evidence=evidence,
            content=content,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            instance_number=instance_number,
            manufacturer=manufacturer,
            is_complete=is_complete,
            is_final=is_final,
            is_verified=is_verified,
            institution_name=institution_name,
            institutional_department_name=institutional_department_name,
            verifying_observer_name=verifying_observer_name,
            verifying_organization=verifying_organization,
            performed_procedure_codes=performed_procedure_codes,
            requested_procedures=requested_procedures,
            previous_versions=previous_versions,
            record_evidence=record_evidence,
            contributing_equipment=contributing_equipment,
            **kwargs,
        )


class UnsupportedDocumentError(WrongSOPClassError, RuntimeError):
    """A file is no document of a class that is read here."""


_DOCUMENT_CLASSES: dict[str, type[_SR]] = {
    document_class._sop_class_uid: document_class  # noqa: SLF001
    for document_class in (EnhancedSR, ComprehensiveSR, Comprehensive3DSR)
}


def srread(
    fp: str | bytes | PathLike[str] | BinaryIO,
) -> EnhancedSR | ComprehensiveSR | Comprehensive3DSR:
    """Read a document from a file (PS3.3 A.35).

    Parameters
    ----------
    fp
        Path, URL, content of a file, or file object.

    Raises
    ------
    UnsupportedDocumentError
        If it is not an Enhanced, Comprehensive or Comprehensive 3D SR document.
    SourceError
        If there is nothing to read.

    Examples
    --------
    >>> from highdicom.sr import srread
    >>> from pydicom.data import get_testdata_file
    >>> type(srread(get_testdata_file("test-SR.dcm"))).__name__
    'ComprehensiveSR'

    """
    dataset = read_dataset(open_source(fp))
    sop_class_uid = UID(dataset.get("SOPClassUID", ""))
    document_class = _DOCUMENT_CLASSES.get(sop_class_uid)
    if document_class is None:
        raise UnsupportedDocumentError(
            "The file must hold an Enhanced, Comprehensive or Comprehensive 3D SR "
            f"document, not a {sop_class_uid.name or 'dataset without SOP Class UID'}.",
            keyword="SOPClassUID",
        )
    return document_class.from_dataset(dataset, copy=False)  # type: ignore[return-value]
