"""Functions that find content items, and evidence, in any dataset."""

from collections.abc import Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.content_items.enum import RelationshipTypeValues, ValueTypeValues
from highdicom.content_items.query import children_of, matching, walk
from highdicom.errors import ArgumentTypeError, MissingAttributeError
from highdicom.sr.evidence import (
    check_evidence,
    instances_of,
    referenced_instances,
    study_references,
)

__all__ = [
    "collect_evidence",
    "find_content_items",
    "get_coded_name",
    "get_coded_value",
]


def find_content_items(
    dataset: Dataset,
    name: CodedConcept | Code | None = None,
    value_type: ValueTypeValues | str | None = None,
    relationship_type: RelationshipTypeValues | str | None = None,
    recursive: bool = False,
) -> list[Dataset]:
    """Find content items that a content item or document encloses (PS3.3 C.17.3).

    Parameters
    ----------
    dataset
        Content item or document.
    name
        Concept name; codes of the scheme "SRT" equal those of "SCT" that replace them.
    value_type, relationship_type
        What is not given is not asked.
    recursive
        Whether to search all levels below, rather than the first.

    Returns
    -------
    list[Dataset]
        The items in the order of the tree.

    Raises
    ------
    ArgumentTypeError
        If the dataset is none, or the name is not a code.
    InvalidArgumentError
        If there is no such value type or relationship type.
    MissingAttributeError
        If the dataset has no content.

    Examples
    --------
    >>> from highdicom.content_items import ContainerContentItem, TextContentItem
    >>> from highdicom.content_items import add_content
    >>> from highdicom.sr.utils import find_content_items
    >>> from pydicom.sr.codedict import codes
    >>> root = ContainerContentItem(codes.DCM.ImagingMeasurementReport)
    >>> add_content(root, [TextContentItem(codes.DCM.Comment, "none", "CONTAINS")])
    >>> len(find_content_items(root, name=codes.DCM.Comment))
    1

    """
    is_wanted = matching(name, value_type, relationship_type)
    _check(dataset)
    if "ContentSequence" not in dataset:
        raise MissingAttributeError(
            "'dataset' must have a Content Sequence.", keyword="ContentSequence"
        )
    if recursive:
        nodes = walk(dataset)
        next(nodes)
        return [node.item for node in nodes if is_wanted(node.item)]
    return [item for item in children_of(dataset) if is_wanted(item)]


def _check(dataset: Any) -> None:
    if not isinstance(dataset, Dataset):
        raise ArgumentTypeError(
            f"'dataset' must be a Dataset, not {type(dataset).__name__}."
        )


def get_coded_name(item: Dataset) -> CodedConcept:
    """Concept name of a content item of any class (PS3.3 C.17.3).

    Raises
    ------
    MissingAttributeError
        If the item has no name.

    Examples
    --------
    >>> from highdicom.sr import TextContentItem
    >>> from highdicom.sr.utils import get_coded_name
    >>> from pydicom.sr.codedict import codes
    >>> get_coded_name(TextContentItem(codes.DCM.Comment, "none", "CONTAINS")).meaning
    'Comment'

    """
    return _concept(item, "ConceptNameCodeSequence")


def get_coded_value(item: Dataset) -> CodedConcept:
    """Value of a content item of type CODE, of any class (PS3.3 C.17.3).

    Raises
    ------
    MissingAttributeError
        If the item has no such value.

    Examples
    --------
    >>> from highdicom.sr import CodeContentItem
    >>> from highdicom.sr.utils import get_coded_value
    >>> from pydicom.sr.codedict import codes
    >>> item = CodeContentItem(codes.DCM.Finding, codes.SCT.Nodule, "CONTAINS")
    >>> get_coded_value(item).meaning
    'Nodule'

    """
    return _concept(item, "ConceptCodeSequence")


def _concept(item: Dataset, keyword: str) -> CodedConcept:
    _check(item)
    codes = item.get(keyword)
    if not codes:
        raise MissingAttributeError(f"'item' lacks {keyword}.", keyword=keyword)
    return CodedConcept.from_dataset(codes[0])


def collect_evidence(
    evidence: AnySequence[Dataset],
    content: Dataset,
    study_instance_uid: str | None = None,
) -> tuple[list[Dataset], list[Dataset]]:
    """Refer to evidence by study and series, that of one study apart from the rest.

    Parameters
    ----------
    evidence
        Instances that the content refers to, and others.
    content
        Root of a content tree, or a document.
    study_instance_uid
        The study of the document. If it is not given, it is that of the first of
        several instances; a single instance then counts among the rest.

    Returns
    -------
    tuple[list[Dataset], list[Dataset]]
        Items of the Current Requested Procedure Evidence Sequence, and of the Pertinent
        Other Evidence Sequence (PS3.3 C.17.2.3).

    Raises
    ------
    ArgumentTypeError
        If something is not a dataset.
    MissingAttributeError
        If evidence lacks an identifier.
    InvalidAttributeError
        If the content refers to something that is not in the evidence.

    Examples
    --------
    >>> from highdicom.content_items import ContainerContentItem, ImageContentItem
    >>> from highdicom.content_items import add_content
    >>> from highdicom.sr.utils import collect_evidence
    >>> from highdicom.testing import ct_series
    >>> from pydicom.sr.codedict import codes
    >>> first, second = ct_series(number_of_slices=2)
    >>> item = ImageContentItem(
    ...     codes.DCM.SourceImageForSegmentation,
    ...     *(first.SOPClassUID, first.SOPInstanceUID),
    ...     relationship_type="CONTAINS",
    ... )
    >>> root = ContainerContentItem(codes.DCM.ImagingMeasurementReport)
    >>> add_content(root, [item])
    >>> current, others = collect_evidence([first, second], root)
    >>> len(current), len(others)
    (1, 0)

    """
    instances = instances_of(evidence, "evidence")
    _check(content)
    check_evidence(referenced_instances(content), instances)
    if study_instance_uid is None and len(evidence) > 1:
        study_instance_uid = instances[0].study_instance_uid
    current = [
        instance
        for instance in instances
        if instance.study_instance_uid == study_instance_uid
    ]
    others = [instance for instance in instances if instance not in current]
    return study_references(current), study_references(others)
