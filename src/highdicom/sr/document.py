"""Modules of documents (PS3.3 C.17.1, C.17.2 and C.17.6)."""

import datetime
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.valuerep import PersonName

from highdicom.attributes import Module, SequenceItem
from highdicom.attributes.specifiers import (
    CodedList,
    DateTime,
    Name,
    OptionalItems,
    OptionalText,
    Text,
    coded_list,
    date_time,
    items,
    person_name,
    text,
)
from highdicom.coding import CodedConcept
from highdicom.encoding.elements import put, tag_of, vr_of
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.valuerep import check_person_name

__all__ = [
    "KeyObjectDocument",
    "SRDocumentGeneral",
    "SRDocumentSeries",
    "VerifyingObserver",
    "referenced_requests",
    "verifying_observer",
]


class SRDocumentSeries(Module, defined_in="sr-document-series"):
    """What a series of documents has beyond other series (PS3.3 C.17.1).

    Examples
    --------
    >>> from highdicom.sr.document import SRDocumentSeries
    >>> SRDocumentSeries().ReferencedPerformedProcedureStepSequence
    <Sequence, length 0>

    """

    performed_procedure_steps: OptionalItems[Dataset] = items(
        "ReferencedPerformedProcedureStepSequence", "2", Dataset, default=None
    )


class VerifyingObserver(
    SequenceItem,
    defined_in="sr-document-general",
    path=("VerifyingObserverSequence",),
):
    """Person who verified a document (PS3.3 C.17.2).

    Examples
    --------
    >>> from highdicom.sr.document import VerifyingObserver
    >>> VerifyingObserver("Doe^Jane", "Hospital", "20240131101500").name.family_name
    'Doe'

    """

    name: Name = person_name("VerifyingObserverName", "1")
    organization: Text = text("VerifyingOrganization", "1")
    verification_datetime: DateTime = date_time("VerificationDateTime", "1")
    identification: CodedList = coded_list(
        "VerifyingObserverIdentificationCodeSequence", "2", default=None
    )


class SRDocumentGeneral(Module, defined_in="sr-document-general"):
    """State of a document, and what it is based on (PS3.3 C.17.2).

    Examples
    --------
    >>> from highdicom.sr.document import SRDocumentGeneral
    >>> SRDocumentGeneral("COMPLETE", "UNVERIFIED").completion_flag
    'COMPLETE'

    """

    completion_flag: Text = text("CompletionFlag", "1")
    verification_flag: Text = text("VerificationFlag", "1")
    preliminary_flag: OptionalText = text("PreliminaryFlag", "3", default=None)
    verifying_observers: OptionalItems[VerifyingObserver] = items(
        "VerifyingObserverSequence", "1C", VerifyingObserver, default=None
    )
    predecessor_documents: OptionalItems[Dataset] = items(
        "PredecessorDocumentsSequence", "1C", Dataset, default=None
    )
    requests: OptionalItems[Dataset] = items(
        "ReferencedRequestSequence", "1C", Dataset, default=None
    )
    performed_procedure_codes: CodedList = coded_list(
        "PerformedProcedureCodeSequence", "2", default=None
    )
    current_evidence: OptionalItems[Dataset] = items(
        "CurrentRequestedProcedureEvidenceSequence", "1C", Dataset, default=None
    )
    other_evidence: OptionalItems[Dataset] = items(
        "PertinentOtherEvidenceSequence", "1C", Dataset, default=None
    )


class KeyObjectDocument(Module, defined_in="key-object-document"):
    """What a selection of key objects is based on (PS3.3 C.17.6.2).

    Examples
    --------
    >>> from pydicom.dataset import Dataset
    >>> from highdicom.sr.document import KeyObjectDocument
    >>> len(KeyObjectDocument([Dataset()]).current_evidence)
    1

    """

    current_evidence: OptionalItems[Dataset] = items(
        "CurrentRequestedProcedureEvidenceSequence", "1", Dataset
    )
    requests: OptionalItems[Dataset] = items(
        "ReferencedRequestSequence", "1C", Dataset, default=None
    )
    identical_documents: OptionalItems[Dataset] = items(
        "IdenticalDocumentsSequence", "1C", Dataset, default=None
    )


# Type 2 attributes of the Referenced Request macro (PS3.3 Table C.17-3c).
_OF_REQUEST = (
    "AccessionNumber",
    "FillerOrderNumberImagingServiceRequest",
    "PlacerOrderNumberImagingServiceRequest",
    "ReferencedStudySequence",
    "RequestedProcedureCodeSequence",
    "RequestedProcedureDescription",
    "RequestedProcedureID",
)


def referenced_requests(requested_procedures: Iterable[Dataset] | None) -> Any:
    """Copies of items on requested procedures; empty where they say nothing.

    Raises
    ------
    ArgumentTypeError
        If something is not a dataset.
    MissingAttributeError
        If an item lacks the study.

    """
    if requested_procedures is None:
        return None
    requests: list[Dataset] = []
    for index, given in enumerate(requested_procedures):
        if not isinstance(given, Dataset):
            raise ArgumentTypeError(
                f"'requested_procedures'[{index}] must be a Dataset, "
                f"not {type(given).__name__}."
            )
        if "StudyInstanceUID" not in given:
            raise MissingAttributeError(
                f"'requested_procedures'[{index}] lacks StudyInstanceUID.",
                keyword="StudyInstanceUID",
            )
        request = deepcopy(given)
        for keyword in _OF_REQUEST:
            if tag_of(keyword) not in request:
                put(request, keyword, [] if vr_of(keyword) == "SQ" else None)
        requests.append(request)
    return requests or None


def verifying_observer(
    name: str | PersonName | None, organization: str | None
) -> VerifyingObserver:
    """The person who verifies a document now.

    Raises
    ------
    InvalidArgumentError
        If name or organization is missing.

    """
    if name is None or organization is None:
        missing = "name" if name is None else "organization"
        argument = {"name": "observer_name", "organization": "organization"}[missing]
        raise InvalidArgumentError(
            f"'verifying_{argument}' is required if 'is_verified' is true."
        )
    check_person_name(name)
    now = datetime.datetime.now()  # noqa: DTZ005 (DICOM times are local)
    return VerifyingObserver(name, organization, now)


def checked_codes(codes: Iterable[Code | CodedConcept] | None) -> list[CodedConcept]:
    """Codes of performed procedures as concepts.

    Raises
    ------
    ArgumentTypeError
        If something is not a code.

    """
    return [CodedConcept.from_code(code) for code in codes or ()]
