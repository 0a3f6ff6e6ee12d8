"""Documents that have a content tree: their root, their evidence, how they are saved."""

from collections.abc import Sequence as AnySequence
from copy import deepcopy
from typing import Any

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from highdicom.base import SOPClass
from highdicom.base_content import ContributingEquipment
from highdicom.content_items.base import (
    ContentItem,
    ContentSequence,
    content_element,
    is_content_sequence_tag,
)
from highdicom.content_items.copying import copy_of_item
from highdicom.content_items.query import walk
from highdicom.content_items.requirements import (
    problem_of_relationship,
    problem_of_value,
)
from highdicom.content_items.values import ContainerContentItem
from highdicom.encoding.elements import dataset_of_elements, put_sequence, tag_of
from highdicom.enum import SpecificCharacterSetValues
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    UnsupportedTransferSyntaxError,
)
from highdicom.sr.evidence import evidence_violations, first_of, instances_of
from highdicom.sr.relationships import (
    coordinates_violations,
    relationship_violations,
)
from highdicom.sr.templates.checking import template_violations
from highdicom.standard import Requirement, Severity, Violation
from highdicom.typing import Self

__all__ = ["ContentDocument"]

_CONTENT = tag_of("ContentSequence")
_NAME = tag_of("ConceptNameCodeSequence")
# What of a document belongs to the root of its tree (PS3.3 Tables C.17-5 and C.18-1).
_OF_ROOT = tuple(
    tag_of(keyword)
    for keyword in (
        "ValueType",
        "ConceptNameCodeSequence",
        "ContinuityOfContent",
        "ContentTemplateSequence",
        "ObservationDateTime",
        "ObservationUID",
    )
)
_TRANSFER_SYNTAXES = (ImplicitVRLittleEndian, ExplicitVRLittleEndian)


class ContentDocument(SOPClass):
    """A document whose content is a tree of content items.

    The tree is encoded as a whole when the document is saved.
    """

    def _initialise_document(
        self,
        evidence: AnySequence[Dataset],
        content: Any,
        *,
        transfer_syntax_uid: str | UID,
        contributing_equipment: AnySequence[ContributingEquipment] | None,
        names_acquisition: bool,
        **options: Any,
    ) -> None:
        """Put in place what documents have in common.

        Parameters
        ----------
        evidence
            Instances that the content refers to. Patient and study are taken from the
            first.
        content
            Root of the tree, or a sequence that holds it.
        names_acquisition
            Whether the equipment that acquired the first is named.
        **options
            Parameters of `SOPClass`.

        """
        reference = first_of(evidence)
        (first,) = instances_of([reference], "evidence")
        root = _root_of(content)
        if transfer_syntax_uid not in _TRANSFER_SYNTAXES:
            raise UnsupportedTransferSyntaxError(
                "'transfer_syntax_uid' must be Implicit or Explicit VR Little Endian, "
                f"not {UID(transfer_syntax_uid).name}."
            )
        super().__init__(
            study_instance_uid=first.study_instance_uid,
            transfer_syntax_uid=transfer_syntax_uid,
            **options,
        )
        self.copy_patient_and_study_information(reference)
        is_acquired = names_acquisition and "BitsAllocated" in reference
        acquired = reference if is_acquired else None
        self._put_contributing_equipment(contributing_equipment, acquired)
        self._put_content(root)

    def _put_content(self, root: ContentItem) -> None:
        for tag in _OF_ROOT:
            if tag in root:
                self._dict[tag] = deepcopy(root[tag])
        children = root.get("ContentSequence")
        if children is not None:
            # Not the same sequence, so that adding to one leaves the other alone.
            items = ContentSequence.of(children.stored_items)
            put_sequence(self, "ContentSequence", items)
        if "SpecificCharacterSet" not in self and _has_text_beyond_ascii(root):
            self._put_character_set(SpecificCharacterSetValues.UNICODE_IN_UTF8)
            self._mark_encoding()

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Make a dataset a document of this class.

        The items of its content get their classes when they are reached. What is
        wrong with them is met as the policy of reading (`highdicom.policy`) says.

        Parameters
        ----------
        dataset
            Dataset of a SOP class that this class stands for.
        copy
            Whether a copy is made. If not, the dataset itself gets this class.

        Raises
        ------
        ArgumentTypeError
            If it is no dataset.
        WrongSOPClassError
            If it is of another SOP class.
        MissingAttributeError
            If the root of the content lacks an attribute.
        InvalidAttributeError
            If the root is not a container.

        """
        if copy and isinstance(dataset, Dataset):
            # Level by level, since a tree may be too deep for `deepcopy`.
            dataset = copy_of_item(dataset)
        return super().from_dataset(dataset, copy=False)

    def _adopt(self) -> None:
        problem = problem_of_value(self) or problem_of_relationship(
            self, is_root=True, is_sr=True
        )
        if problem is not None:
            problem.throw()

    def __getitem__(self, key: Any) -> Any:
        """Element of a tag; content items in it get their classes as they are reached."""
        if is_content_sequence_tag(key):
            return content_element(self, key, "")
        return super().__getitem__(key)

    def get_item(self, key: Any, *, keep_deferred: bool = False) -> Any:
        """Element as it stands, as pydicom writes it; the content is given as bytes."""
        element = super().get_item(key, keep_deferred=keep_deferred)
        if isinstance(element, DataElement) and element.tag == _CONTENT:
            return self._encoded(element)
        return element

    @property
    def _root(self) -> ContainerContentItem:
        """Root of the tree, which shares what it encloses with the document."""
        if _CONTENT in self._dict:
            _ = self[_CONTENT]
        elements = {
            tag: self._dict[tag] for tag in (*_OF_ROOT, _CONTENT) if tag in self._dict
        }
        root = dataset_of_elements(ContainerContentItem, elements)
        for name in ("_read_implicit", "_read_little", "_read_charset"):
            root.__dict__[name] = self.__dict__[name]
        root.__dict__["_parent_encoding"] = self._character_set
        return root

    @property
    def content(self) -> ContentSequence:
        """The content: a sequence of one item, the root of the tree.

        What the root encloses is that of the document: changes show in both.
        """
        return ContentSequence.of([self._root], is_root=True)

    def validate(self) -> list[Violation]:
        """List what in the document violates the standard.

        Beyond attributes these are a root without a name (PS3.3 C.17.3),
        instances that the content refers to and the evidence does not list (C.17.2),
        relationships between content items that the SOP class forbids, coordinates
        without the image that they are in, and what does not follow the template that
        the root names.

        Returns
        -------
        list[Violation]
            Empty if nothing was found.

        """
        return [
            *super().validate(),
            *_violations_of_root(self),
            *_violations_of_state(self),
            *evidence_violations(self),
            *relationship_violations(self, str(self.SOPClassUID)),
            *coordinates_violations(self),
            *template_violations(self._root),
        ]


def _violations_of_root(document: Dataset) -> list[Violation]:
    """The root has a name even if no template asks for it (PS3.3 Table C.17-5)."""
    # One that is there and empty is reported along the tables.
    if _NAME in document:
        return []
    keyword = "ConceptNameCodeSequence"
    return [
        Violation(
            keyword,
            keyword,
            _NAME,
            Requirement.PRESENCE,
            f"The attribute '{keyword}' is missing: it is required for the root.",
            Severity.ERROR,
            "sr-document-content",
        )
    ]


def _violations_of_state(document: Dataset) -> list[Violation]:
    """Only a document that is complete can be verified (PS3.3 Table C.17-2)."""
    keyword = "VerificationFlag"
    if document.get(keyword) != "VERIFIED" or (
        document.get("CompletionFlag") == "COMPLETE"
    ):
        return []
    return [
        Violation(
            keyword,
            keyword,
            tag_of(keyword),
            Requirement.CONSISTENCY,
            f"The attribute '{keyword}' is VERIFIED, but 'CompletionFlag' is not "
            "COMPLETE.",
            Severity.ERROR,
            "sr-document-general",
        )
    ]


def _root_of(content: Any) -> ContentItem:
    """Check the root of a tree, given as such or in a sequence."""
    if not isinstance(content, Dataset):
        if isinstance(content, (str, bytes)) or not isinstance(content, AnySequence):
            raise ArgumentTypeError(
                "'content' must be a content item or a sequence of one, "
                f"not {type(content).__name__}."
            )
        if len(content) != 1:
            raise InvalidArgumentError(
                f"'content' must have one item, the root, not {len(content)}."
            )
        content = content[0]
    if not isinstance(content, ContentItem):
        root: ContentItem = ContentSequence.from_sequence([content], is_root=True)[0]
        return root
    problem = problem_of_value(content) or problem_of_relationship(
        content, is_root=True, is_sr=True
    )
    if problem is not None:
        problem.throw()
    return content


def _has_text_beyond_ascii(root: Dataset) -> bool:
    """Whether text in a tree needs a character set other than the default."""
    return any(
        _is_beyond_ascii(element)
        for node in walk(root)
        for element in node.item.values()
        if isinstance(element, DataElement)
    )


def _is_beyond_ascii(element: DataElement) -> bool:
    # Elements that items share are ASCII; names and codes are not nested deeply.
    if element.VR != "SQ":
        return not str(element.value).isascii()
    if element.tag == _CONTENT:
        return False
    return any(
        _is_beyond_ascii(nested)
        for item in element.value or ()
        for nested in item.values()
        if isinstance(nested, DataElement)
    )
