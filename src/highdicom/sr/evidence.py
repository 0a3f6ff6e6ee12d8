"""References to what a document is based on, by study and series (PS3.3 C.17.2.3)."""

from collections.abc import Iterable, Iterator, Sequence as AnySequence
from functools import lru_cache
from typing import Any, NamedTuple

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from highdicom.content_items.elements import uid_element
from highdicom.content_items.query import value_type_of, walk
from highdicom.encoding.elements import dataset_of_elements, put_sequence, tag_of
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.standard import Requirement, Severity, Violation
from highdicom.uid import UID

__all__ = [
    "EVIDENCE_SEQUENCES",
    "Instance",
    "check_evidence",
    "evidence_violations",
    "instances_of",
    "recorded_instances",
    "referenced_instances",
    "study_references",
]

EVIDENCE_SEQUENCES = (
    "CurrentRequestedProcedureEvidenceSequence",
    "PertinentOtherEvidenceSequence",
)
"""Where documents list instances: of the study of the document, and others."""

_KEYWORDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
_REFERRING_TYPES = frozenset(("COMPOSITE", "IMAGE", "WAVEFORM"))


class Instance(NamedTuple):
    """Where an instance is, and what it is."""

    study_instance_uid: UID
    series_instance_uid: UID
    sop_instance_uid: UID
    sop_class_uid: UID


def instances_of(datasets: Iterable[Dataset], argument: str) -> list[Instance]:
    """Instances that datasets are, each once.

    Raises
    ------
    ArgumentTypeError
        If something is not a dataset.
    MissingAttributeError
        If a dataset lacks an identifier.

    """
    found: dict[Instance, None] = {}
    for index, dataset in enumerate(_listed(datasets, argument)):
        for keyword in _KEYWORDS:
            if keyword not in dataset:
                raise MissingAttributeError(
                    f"'{argument}'[{index}] lacks {keyword}.", keyword=keyword
                )
        found[Instance(*(UID(dataset[keyword].value) for keyword in _KEYWORDS))] = None
    return list(found)


def _listed(datasets: Any, argument: str) -> list[Dataset]:
    if isinstance(datasets, Dataset) or not isinstance(datasets, Iterable):
        raise ArgumentTypeError(
            f"'{argument}' must be a sequence of datasets, not {type(datasets).__name__}."
        )
    listed = list(datasets)
    for index, dataset in enumerate(listed):
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                f"'{argument}'[{index}] must be a Dataset, not {type(dataset).__name__}."
            )
    return listed


def referenced_instances(content: Dataset) -> dict[str, str]:
    """SOP Instance UIDs that a content tree refers to, with the first path of each.

    Parameters
    ----------
    content
        Root of the tree, or the document.

    """
    found: dict[str, str] = {}
    for node in walk(content):
        if value_type_of(node.item) in _REFERRING_TYPES:
            for reference in node.item.get("ReferencedSOPSequence") or ():
                uid = str(reference.get("ReferencedSOPInstanceUID", ""))
                if uid and uid not in found:
                    found[uid] = node.path
    return found


def check_evidence(references: dict[str, str], evidence: Iterable[Instance]) -> None:
    """Check that evidence is there for all that a content tree refers to.

    Raises
    ------
    InvalidAttributeError
        If some is missing; the error has the path of the first.

    """
    known = {instance.sop_instance_uid for instance in evidence}
    missing = {uid: path for uid, path in references.items() if uid not in known}
    if missing:
        listed = ", ".join(sorted(missing)[:5])
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        path = next(iter(missing.values()))
        raise InvalidAttributeError(
            f"{path}: 'evidence' must hold what the content refers to, but {listed}"
            f"{more} is missing in it.",
            path=path,
            keyword="ReferencedSOPSequence",
        )


def evidence_violations(document: Dataset) -> list[Violation]:
    """List what the content of a document refers to, but its evidence does not list.

    All that the content tree refers to is listed in the evidence (PS3.3 C.17.2
    and C.17.6).

    Parameters
    ----------
    document
        Document that was made or read.

    Raises
    ------
    InvalidAttributeError
        If an item of the content encloses itself.

    """
    listed = _listed_uids(document)
    keyword = "ReferencedSOPSequence"
    return [
        Violation(
            f"{path}.{keyword}",
            keyword,
            tag_of(keyword),
            Requirement.VALUE,
            f"The instance {uid} is listed in neither of {' and '.join(EVIDENCE_SEQUENCES)}.",
            Severity.ERROR,
            "sr-document-general",
        )
        for uid, path in referenced_instances(document).items()
        if uid not in listed
    ]


def _listed_uids(document: Dataset) -> set[str]:
    """SOP Instance UIDs that the evidence of a document lists."""
    return {
        str(item.get("ReferencedSOPInstanceUID", ""))
        for keyword in EVIDENCE_SEQUENCES
        for study in document.get(keyword) or ()
        for series in study.get("ReferencedSeriesSequence") or ()
        for item in series.get("ReferencedSOPSequence") or ()
    }


@lru_cache(maxsize=4096)
def _shared_uid(keyword: str, uid: str) -> RawDataElement:
    return uid_element(tag_of(keyword), uid, keyword)


def _item(**uids: str) -> Dataset:
    return dataset_of_elements(
        Dataset,
        {tag_of(keyword): _shared_uid(keyword, uid) for keyword, uid in uids.items()},
    )


def study_references(instances: Iterable[Instance]) -> list[Dataset]:
    """Items that refer to instances by study and series, one for each study.

    Raises
    ------
    InvalidArgumentError
        If a UID does not have the form of one.

    """
    studies: dict[str, dict[str, list[Dataset]]] = {}
    for instance in instances:
        series = studies.setdefault(instance.study_instance_uid, {})
        series.setdefault(instance.series_instance_uid, []).append(
            _item(
                ReferencedSOPClassUID=instance.sop_class_uid,
                ReferencedSOPInstanceUID=instance.sop_instance_uid,
            )
        )
    items = []
    for study_uid, series in studies.items():
        study = _item(StudyInstanceUID=study_uid)
        listed = []
        for series_uid, references in series.items():
            item = _item(SeriesInstanceUID=series_uid)
            put_sequence(item, "ReferencedSOPSequence", references)
            listed.append(item)
        put_sequence(study, "ReferencedSeriesSequence", listed)
        items.append(study)
    return items


def recorded_instances(
    document: Dataset, keywords: AnySequence[str]
) -> Iterator[Instance]:
    """Instances that evidence sequences of a document refer to.

    What lacks an identifier is passed over.
    """
    for keyword in keywords:
        for study in document.get(keyword) or ():
            for series in study.get("ReferencedSeriesSequence") or ():
                for item in series.get("ReferencedSOPSequence") or ():
                    uids = (
                        study.get("StudyInstanceUID"),
                        series.get("SeriesInstanceUID"),
                        item.get("ReferencedSOPInstanceUID"),
                        item.get("ReferencedSOPClassUID"),
                    )
                    if all(uids):
                        yield Instance(*map(UID, uids))


def first_of(evidence: AnySequence[Dataset]) -> Dataset:
    """First dataset of the evidence.

    Raises
    ------
    ArgumentTypeError
        If it is not a sequence of datasets.
    InvalidArgumentError
        If there is none.

    """
    listed = _listed(evidence, "evidence")
    if not listed:
        raise InvalidArgumentError("'evidence' must not be empty.")
    return listed[0]
