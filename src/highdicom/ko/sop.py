"""Key Object Selection Document (PS3.3 A.35.4)."""

from collections.abc import Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from highdicom.base_content import ContributingEquipment
from highdicom.encoding.elements import tag_of
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.ko.content import KeyObjectSelection
from highdicom.sr.content_document import ContentDocument
from highdicom.sr.document import (
    KeyObjectDocument,
    SRDocumentSeries,
    referenced_requests,
)
from highdicom.sr.evidence import (
    check_evidence,
    instances_of,
    recorded_instances,
    referenced_instances,
    study_references,
)
from highdicom.sr.relationships import check_relationships
from highdicom.standard import Requirement, Severity, Violation

__all__ = ["KeyObjectSelectionDocument"]

_SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.88.59"
_EVIDENCE = "CurrentRequestedProcedureEvidenceSequence"
_COPIES = "IdenticalDocumentsSequence"


class KeyObjectSelectionDocument(ContentDocument):
    """A document that selects objects (PS3.3 A.35.4).

    Parameters
    ----------
    evidence
        The objects selected, of any number of studies. Patient and study of the
        document are taken from the first.
    content
        The selection.
    series_instance_uid, series_number
        Identifier and positive number of the series.
    sop_instance_uid, instance_number
        Identifier and positive number of the document.
    manufacturer
        Manufacturer of the equipment that makes the document.
    institution_name, institutional_department_name
        Institution and department where the equipment stands.
    requested_procedures
        Items of the Referenced Request Sequence on procedures that the document
        pertains to.
    transfer_syntax_uid
        Implicit or Explicit VR Little Endian.
    contributing_equipment
        Further equipment that had a part in the document.
    **kwargs
        See :class:`highdicom.base.InstanceOptions`. Besides, `identical_documents`
        takes the copies of the document in the other studies, which the standard asks
        for if objects of several studies are selected (PS3.3 C.17.6.2).

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    InvalidArgumentError
        If there is no evidence.
    InvalidAttributeError
        If an object selected is not in the evidence.
    UnsupportedTransferSyntaxError
        If the transfer syntax is another.

    Examples
    --------
    >>> from highdicom import UID
    >>> from highdicom.ko import KeyObjectSelection, KeyObjectSelectionDocument
    >>> from highdicom.testing import ct_series
    >>> from pydicom.sr.codedict import codes
    >>> images = ct_series()[:2]
    >>> document = KeyObjectSelectionDocument(
    ...     evidence=images,
    ...     content=KeyObjectSelection(codes.DCM.ForReferringProvider, images),
    ...     series_instance_uid=UID(),
    ...     series_number=1,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ... )
    >>> study, series, instance = document.resolve_reference(images[1].SOPInstanceUID)
    >>> series == images[1].SeriesInstanceUID
    True

    """

    sop_class_uids = frozenset((_SOP_CLASS_UID,))

    def __init__(
        self,
        evidence: AnySequence[Dataset],
        content: KeyObjectSelection,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str | None = None,
        institution_name: str | None = None,
        institutional_department_name: str | None = None,
        requested_procedures: AnySequence[Dataset] | None = None,
        transfer_syntax_uid: str | UID = ExplicitVRLittleEndian,
        contributing_equipment: AnySequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        given: Any = content
        if not isinstance(given, KeyObjectSelection):
            raise ArgumentTypeError(
                f"'content' must be a KeyObjectSelection, not {type(given).__name__}."
            )
        identical_documents = kwargs.pop("identical_documents", None) or ()
        self._initialise_document(
            evidence,
            content,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=_SOP_CLASS_UID,
            instance_number=instance_number,
            modality="KO",
            manufacturer=manufacturer,
            institution_name=institution_name,
            institutional_department_name=institutional_department_name,
            transfer_syntax_uid=transfer_syntax_uid,
            contributing_equipment=contributing_equipment,
            names_acquisition=False,
            **kwargs,
        )
        check_relationships(self, _SOP_CLASS_UID)
        instances = instances_of(evidence, "evidence")
        check_evidence(referenced_instances(self), instances)
        identical = instances_of(identical_documents, "identical_documents")
        SRDocumentSeries().insert_into(self)
        KeyObjectDocument(
            current_evidence=study_references(instances),
            requests=referenced_requests(requested_procedures),
            identical_documents=study_references(identical) or None,
        ).insert_into(self)

    def _adopt(self) -> None:
        super()._adopt()
        _ = self.content

    @property
    def content(self) -> KeyObjectSelection:
        """The selection; changes in it show in the document."""
        return KeyObjectSelection.of_root(self._root)

    def validate(self) -> list[Violation]:
        """List what in the document violates the standard.

        Beyond what is checked of all documents this is a selection of objects of
        several studies that names no copies in the others (PS3.3 C.17.6.2):
        a warning, since copies may be made later.

        Returns
        -------
        list[Violation]
            Empty if nothing was found.

        """
        found = super().validate()
        if len(self.get(_EVIDENCE) or ()) > 1 and _COPIES not in self:
            found.append(
                Violation(
                    _COPIES,
                    _COPIES,
                    tag_of(_COPIES),
                    Requirement.PRESENCE,
                    "The selection is of several studies, so that identical documents "
                    "in the others are required.",
                    Severity.WARNING,
                    "key-object-document",
                )
            )
        return found

    def resolve_reference(self, sop_instance_uid: str) -> tuple[str, str, str]:
        """Find where an object is that the evidence holds.

        Parameters
        ----------
        sop_instance_uid
            The object.

        Returns
        -------
        tuple[str, str, str]
            Study Instance UID, Series Instance UID and SOP Instance UID.

        Raises
        ------
        InvalidArgumentError
            If the evidence does not hold it.

        """
        for instance in recorded_instances(self, [_EVIDENCE]):
            if instance.sop_instance_uid == sop_instance_uid:
                return instance[:3]
        raise InvalidArgumentError(
            "'sop_instance_uid' must be an object that the evidence holds, not "
            f"{sop_instance_uid}."
        )
