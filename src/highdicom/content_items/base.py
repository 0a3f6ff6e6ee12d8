"""Content items and sequences of them: the tree of a report (PS3.3 C.17.3).

An item holds encoded elements that it shares with others wherever it can: relationship
type, value type and concept name are the same few in a whole report. They are decoded
when somebody asks for them. Items read from a file get their classes when they are
reached, not before.
"""

from collections.abc import Iterable, Iterator, Sequence as AnySequence
from enum import Enum
from typing import Any, ClassVar, TypeVar

import numpy as np
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code
from pydicom.tag import BaseTag

from highdicom.arguments import member_of, whole_number
from highdicom.coding import CodedConcept
from highdicom.content_items.concepts import (
    code_sequence,
    is_same_concept,
    key_of_code,
)
from highdicom.content_items.copying import copy_of_item
from highdicom.content_items.decoding import decoded_items
from highdicom.content_items.enum import RelationshipTypeValues, ValueTypeValues
from highdicom.content_items.query import (
    SOURCE,
    children_of,
    name_key_of,
    relationship_type_of,
    stored_element,
    value_type_of,
)
from highdicom.content_items.requirements import (
    RelationshipTypeError,
    is_reference,
    problem_of_relationship,
    problem_of_value,
)
from highdicom.encoding.elements import new_dataset, put_sequence, raw_element, tag_of
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.policy import tolerate
from highdicom.typing import Self

__all__ = [
    "ContentItem",
    "ContentItemReference",
    "ContentSequence",
    "RelationshipTypeError",
    "add_content",
    "as_concept",
    "content_element",
    "is_content_sequence_tag",
]

Elements = dict[BaseTag, Any]
E = TypeVar("E", bound=Enum)

_VALUE_TYPE = tag_of("ValueType")
_RELATIONSHIP_TYPE = tag_of("RelationshipType")
_NAME = tag_of("ConceptNameCodeSequence")
_CONTENT = tag_of("ContentSequence")
_MEASURED_VALUE = tag_of("MeasuredValueSequence")
# As far as VR UL counts.
_LARGEST_POSITION = 2**32 - 1
_CODE_SEQUENCES = {
    tag_of(keyword): keyword
    for keyword in (
        "ConceptNameCodeSequence",
        "ConceptCodeSequence",
        "MeasurementUnitsCodeSequence",
        "NumericValueQualifierCodeSequence",
    )
}
_SEQUENCES = {
    **_CODE_SEQUENCES,
    _CONTENT: "ContentSequence",
    _MEASURED_VALUE: "MeasuredValueSequence",
    tag_of("ReferencedSOPSequence"): "ReferencedSOPSequence",
    tag_of("ContentTemplateSequence"): "ContentTemplateSequence",
}

_VALUE_TYPE_ELEMENTS = {
    member: raw_element(_VALUE_TYPE, "CS", member.value.encode("ascii"))
    for member in ValueTypeValues
}
_RELATIONSHIP_ELEMENTS: dict[RelationshipTypeValues | str, RawDataElement] = {}
for _member in RelationshipTypeValues:
    _shared = raw_element(_RELATIONSHIP_TYPE, "CS", _member.value.encode("ascii"))
    _RELATIONSHIP_ELEMENTS[_member] = _RELATIONSHIP_ELEMENTS[_member.value] = _shared


class DecodedItem(Dataset):
    """A dataset in which sequences are decoded quickly and have the classes of here."""

    # Path of the item in the document that it was read from.
    _place: str = ""

    def __getitem__(self, key: Any) -> Any:
        """Element of a tag; items nested in it have the classes of this package."""
        if is_content_sequence_tag(key):
            return content_element(self, key, self._place)
        return super().__getitem__(key)


class _OwnWhenAsked:
    """State of a dataset that few have: empty, until somebody puts something in."""

    def __init__(self, name: str, initial: dict[str, Any]) -> None:
        self._name = name
        self._initial = initial

    def __get__(self, item: Any, owner: Any = None) -> Any:
        if item is None:
            return self
        return item.__dict__.setdefault(self._name, dict(self._initial))


class ContentItem(DecodedItem):
    """One item of content: a name, a value, and how it relates to its parent.

    Items are made by the classes for the value types.

    Parameters
    ----------
    value_type
        Kind of the value (PS3.3 C.17.3.2.1).
    name
        The concept that the value is given for.
    relationship_type
        Relationship to the item that encloses this one. The root of a tree has none,
        and so have items outside of reports.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code.
    InvalidArgumentError
        If there is no such value type or relationship type.

    Examples
    --------
    >>> from highdicom.content_items import TextContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = TextContentItem(codes.DCM.Comment, "none", "CONTAINS")
    >>> item.name == codes.DCM.Comment, item.relationship_type.value, item.value
    (True, 'CONTAINS', 'none')

    """

    _value_type: ClassVar[ValueTypeValues | None] = None
    # Whether the item was made here, so that all that is encoded in it is ASCII.
    _is_ascii: bool = False

    def __init_subclass__(
        cls,
        value_type: ValueTypeValues | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init_subclass__(**kwargs)
        if value_type is not None:
            cls._value_type = value_type
            _CLASSES[value_type.value] = cls

    def __init__(
        self,
        value_type: str | ValueTypeValues,
        name: Code | CodedConcept,
        relationship_type: str | RelationshipTypeValues | None,
    ) -> None:
        self._start(
            member_of(ValueTypeValues, value_type, "value_type"),
            name,
            relationship_type,
        )

    def _start(
        self,
        value_type: ValueTypeValues,
        name: Code | CodedConcept,
        relationship_type: str | RelationshipTypeValues | None,
    ) -> Elements:
        """Put in place what all items have; returns the elements to add the rest to."""
        elements: Elements = {}
        if relationship_type is not None:
            elements[_RELATIONSHIP_TYPE] = _relationship_element(relationship_type)
        elements[_VALUE_TYPE] = _VALUE_TYPE_ELEMENTS[value_type]
        elements[_NAME] = code_sequence("ConceptNameCodeSequence", name, "name")
        self.__dict__.update(_dict=elements, _is_ascii=True)
        return elements

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Make a dataset a content item of this class.

        What is nested in it gets its classes when it is reached.

        Parameters
        ----------
        dataset
            Item of a content sequence.
        copy
            Whether a copy is made. If not, the dataset itself gets this class.

        Raises
        ------
        MissingAttributeError
            If an attribute is missing that the value type requires.
        InvalidAttributeError
            If the dataset has another value type.
        ArgumentTypeError
            If it is no dataset.

        """
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                f"'dataset' must be a Dataset, not {type(dataset).__name__}."
            )
        problem = problem_of_value(dataset, cls._value_type)
        if problem is not None:
            problem.throw()
        item = copy_of_item(dataset) if copy else dataset
        item.__class__ = cls if cls._value_type else _class_of(dataset)
        return item  # type: ignore[return-value]

    @property
    def name(self) -> CodedConcept:
        """Concept name; "Source" for a reference that names no other purpose."""
        if _NAME not in self._dict and name_key_of(self) is not None:
            return CodedConcept.from_code(SOURCE)
        return self._concept("ConceptNameCodeSequence")

    @property
    def value_type(self) -> ValueTypeValues:
        """Kind of the value."""
        value = value_type_of(self)
        if value is None:
            raise missing_attribute(self, "ValueType")
        if value == "NUMERIC":
            return ValueTypeValues.NUM
        return _stored_member(ValueTypeValues, value, self, "ValueType")

    @property
    def relationship_type(self) -> RelationshipTypeValues | None:
        """Relationship to the item that encloses this one."""
        value = relationship_type_of(self)
        if value is None:
            return None
        return _stored_member(RelationshipTypeValues, value, self, "RelationshipType")

    def _stored(self, keyword: str) -> Any:
        """Value of an attribute that has to be there."""
        tag = tag_of(keyword)
        value = self[tag].value if tag in self._dict else None
        if value is None or (isinstance(value, (Sequence, str)) and not value):
            raise missing_attribute(self, keyword)
        return value

    def _concept(self, keyword: str) -> CodedConcept:
        """Concept that a code sequence has to hold."""
        return as_concept(self._stored(keyword)[0])


# A report has thousands of items, so that they share what pydicom keeps in each.
for _name, _value in new_dataset(Dataset).__dict__.items():
    if _name != "_dict":
        setattr(
            ContentItem,
            _name,
            _OwnWhenAsked(_name, _value) if isinstance(_value, dict) else _value,
        )


def as_concept(item: Dataset) -> CodedConcept:
    """Item of a code sequence as a concept.

    Raises
    ------
    MissingAttributeError
        If it lacks something that a code has.

    """
    if isinstance(item, CodedConcept):
        return item
    return CodedConcept.from_dataset(item, copy=False)


_CLASSES: dict[str, type[ContentItem]] = {}


def _class_of(dataset: Dataset) -> type[ContentItem]:
    """Class for an item that is what it should be."""
    if isinstance(dataset, ContentItem) and dataset._value_type is not None:  # noqa: SLF001
        return type(dataset)
    if is_reference(dataset):
        return ContentItemReference
    # Outside of reports NUM is called NUMERIC (PS3.3 Table 10-2).
    return _CLASSES[(value_type_of(dataset) or "").removesuffix("ERIC")]


def _relationship_element(given: str | RelationshipTypeValues) -> RawDataElement:
    try:
        return _RELATIONSHIP_ELEMENTS[given]
    except (KeyError, TypeError):
        member = member_of(RelationshipTypeValues, given, "relationship_type")
        return _RELATIONSHIP_ELEMENTS[member]


def missing_attribute(item: ContentItem, keyword: str) -> MissingAttributeError:
    """Make the error for an attribute that an item lacks.

    Parameters
    ----------
    item
        The item.
    keyword
        Keyword of the attribute, or the path to it from the item.

    """
    place = item._place  # noqa: SLF001
    path = f"{place}.{keyword}" if place else keyword
    kind = value_type_of(item)
    return MissingAttributeError(
        f"{path} is missing in a content item{f' of type {kind}' if kind else ''}.",
        path=path,
        keyword=keyword.rpartition(".")[2],
    )


def _stored_member(
    enumeration: type[E], value: str, item: ContentItem, keyword: str
) -> E:
    try:
        return enumeration(value)
    except ValueError:
        place = item._place  # noqa: SLF001
        path = f"{place}.{keyword}" if place else keyword
        raise InvalidAttributeError(
            f"{path} is {value!r}, which is none of the values of {keyword}.",
            path=path,
            keyword=keyword,
        ) from None


class ContentItemReference(ContentItem):
    """A relationship by reference to an item elsewhere in the tree.

    It has a relationship type and neither name nor value (PS3.3 C.17.3.2.5).

    Parameters
    ----------
    referenced_content_item_identifier
        One-based positions that lead to the target, from 1 for the root.
    relationship_type
        Relationship of the target to the item that encloses this reference.

    Raises
    ------
    ArgumentTypeError
        If the positions are no sequence of integers.
    InvalidArgumentError
        If the positions do not start at the root, are below 1 or do not fit 32 bits, or
        there is no such relationship type.

    Examples
    --------
    >>> from highdicom.content_items import ContentItemReference
    >>> reference = ContentItemReference([1, 2, 1], "INFERRED FROM")
    >>> reference.referenced_content_item_identifier
    (1, 2, 1)

    """

    def __init__(
        self,
        referenced_content_item_identifier: AnySequence[int],
        relationship_type: str | RelationshipTypeValues,
    ) -> None:
        given: Any = referenced_content_item_identifier
        if isinstance(given, str) or not isinstance(given, (AnySequence, np.ndarray)):
            raise ArgumentTypeError(
                "'referenced_content_item_identifier' must be a sequence of integers, "
                f"not {type(given).__name__}."
            )
        name = "referenced_content_item_identifier"
        positions = [whole_number(position, name, lowest=1) for position in given]
        if positions[:1] != [1] or max(positions) > _LARGEST_POSITION:
            raise InvalidArgumentError(
                "'referenced_content_item_identifier' must be one-based positions "
                f"that start with 1 for the root, up to 2**32 - 1, not {positions}."
            )
        elements: Elements = {}
        self.__dict__["_dict"] = elements
        elements[_RELATIONSHIP_TYPE] = _relationship_element(relationship_type)
        encoded = b"".join(position.to_bytes(4, "little") for position in positions)
        tag = tag_of("ReferencedContentItemIdentifier")
        elements[tag] = raw_element(tag, "UL", encoded)

    @property
    def referenced_content_item_identifier(self) -> tuple[int, ...]:
        """One-based positions that lead to the target, from 1 for the root."""
        value = self._stored("ReferencedContentItemIdentifier")
        return (int(value),) if isinstance(value, int) else tuple(map(int, value))


# --- sequences ---------------------------------------------------------------------


class ContentSequence(Sequence):
    """Items that one item encloses, or the root of a tree (PS3.3 C.17.3).

    Parameters
    ----------
    items
        The items.
    is_root
        Whether they are the root: a container without relationship type.
    is_sr
        Whether they belong to a report. Elsewhere, as in specimen preparation, items
        have no relationship type.

    Raises
    ------
    RelationshipTypeError
        If an item has a relationship type where it may have none, or lacks one.
    ArgumentTypeError
        If something is not a content item.
    InvalidArgumentError
        If the items are to be a root but no part of a report.

    Examples
    --------
    >>> from highdicom.content_items import ContentSequence, TextContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = TextContentItem(codes.DCM.Comment, "none", "CONTAINS")
    >>> content = ContentSequence([item])
    >>> [found.value for found in content.find(codes.DCM.Comment)]
    ['none']

    """

    _is_root: bool = False
    _is_sr: bool = True
    # Path of the sequence in the document that it was read from.
    _place: str = ""

    def __init__(
        self,
        items: "AnySequence[ContentItem] | ContentSequence | None" = None,
        is_root: bool = False,
        is_sr: bool = True,
    ) -> None:
        if is_root and not is_sr:
            raise InvalidArgumentError(
                "'is_root' can be true only if 'is_sr' is: only reports have a root."
            )
        self.__dict__["_is_root"] = is_root
        self.__dict__["_is_sr"] = is_sr
        super().__init__(items)

    @classmethod
    def of(
        cls, items: Iterable[Dataset], *, is_root: bool = False, is_sr: bool = True
    ) -> Self:
        """Sequence of items that are known to be right."""
        sequence = cls.__new__(cls)
        sequence.__dict__.update(_list=list(items), _is_root=is_root, _is_sr=is_sr)
        return sequence

    @classmethod
    def from_sequence(
        cls,
        sequence: AnySequence[Dataset],
        is_root: bool = False,
        is_sr: bool = True,
        copy: bool = True,
    ) -> Self:
        """Make datasets content items.

        The items get the classes for their value types now, what is nested in them
        when it is reached. If something nested is not what it should be, the policy
        of reading (`highdicom.policy`) decides: it is left a plain
        :class:`ContentItem` with a warning, unless the policy is strict.

        Parameters
        ----------
        sequence
            Items of a content sequence, or the document itself as root.
        is_root
            Whether the items are the root of a tree.
        is_sr
            Whether they belong to a report.
        copy
            Whether the items are copied. If not, they themselves get the classes.

        Raises
        ------
        ArgumentTypeError
            If something is not a dataset.
        MissingAttributeError
            If an attribute is missing.
        InvalidAttributeError
            If there is no such value type or relationship type.
        RelationshipTypeError
            If an item has a relationship type where it may have none, or lacks one.

        """
        items = []
        for index, dataset in enumerate(_checked_datasets(sequence)):
            problem = problem_of_value(dataset) or problem_of_relationship(
                dataset, is_root=is_root, is_sr=is_sr
            )
            if problem is not None:
                problem.throw(f"'sequence'[{index}]")
            item = copy_of_item(dataset) if copy else dataset
            item.__class__ = _class_of(dataset)
            items.append(item)
        return cls.of(items, is_root=is_root, is_sr=is_sr)

    @property
    def is_root(self) -> bool:
        """Whether the items are the root of a tree."""
        return self._is_root

    @property
    def is_sr(self) -> bool:
        """Whether the items belong to a report."""
        return self._is_sr

    @property
    def stored_items(self) -> list[Dataset]:
        """The items as they are, those that were not reached yet without class."""
        return self._list

    def pieces(self, *, character_set: Any, **_: object) -> list[Dataset]:
        """What `highdicom.encoding.tree` is to write.

        Items made here are written as they are in any character set: what is encoded in
        them is ASCII, which all character sets of DICOM contain (PS3.5 6.1.2).
        """
        for item in self._list:
            if item.__dict__.get("_is_ascii"):
                item.__dict__["_read_charset"] = character_set
        return self._list

    def find(self, name: Code | CodedConcept) -> "ContentSequence":
        """Items of a concept name, in a sequence of their own.

        Raises
        ------
        ArgumentTypeError
            If the name is not a code.

        """
        key = key_of_code(name)
        return self._selected(lambda item: is_same_concept(name_key_of(item), key))

    def get_nodes(self) -> "ContentSequence":
        """Items that enclose others, in a sequence of their own."""
        return self._selected(lambda item: bool(children_of(item)))

    def _selected(self, predicate: Any) -> "ContentSequence":
        return ContentSequence.of(
            (item for item in self if predicate(item)),
            is_root=self._is_root,
            is_sr=self._is_sr,
        )

    def __getitem__(self, idx: Any) -> Any:
        """Item of an index, or a list of items of a slice."""
        found = self._list[idx]
        if isinstance(found, ContentItem):
            return found
        if isinstance(found, list):
            return [self[index] for index in range(len(self))[idx]]
        return self._adopted(range(len(self))[idx])

    def __iter__(self) -> Iterator[ContentItem]:
        """Items in order."""
        for index, item in enumerate(self._list):
            yield item if isinstance(item, ContentItem) else self._adopted(index)

    def __setitem__(  # type: ignore[override]
        self, idx: slice | int, val: Iterable[ContentItem] | ContentItem
    ) -> None:
        """Put in place one item, or several for a slice."""
        super().__setitem__(idx, val)

    def __delitem__(self, idx: slice | int) -> None:
        """Remove one item or several."""
        super().__delitem__(idx)

    def __contains__(self, val: object) -> bool:
        """Whether an equal item is there."""
        return self._position(val) is not None

    def index(self, val: ContentItem) -> int:  # type: ignore[override]
        """Position of the first equal item.

        Raises
        ------
        InvalidArgumentError
            If there is none.
        ArgumentTypeError
            If it is no content item.

        """
        position = self._position(val)
        if position is None:
            raise InvalidArgumentError("'val' is no item of the sequence.")
        return position

    def append(self, val: ContentItem) -> None:  # type: ignore[override]
        """Add an item at the end."""
        self._list.append(self._validate(val))

    def extend(self, val: "Iterable[ContentItem] | ContentSequence") -> None:  # type: ignore[override]
        """Add items at the end."""
        super().extend(val)

    def insert(self, position: int, val: ContentItem) -> None:  # type: ignore[override]
        """Put in an item before the position given."""
        self._list.insert(position, self._validate(val))

    def _position(self, val: object) -> int | None:
        if not isinstance(val, ContentItem):
            raise ArgumentTypeError(
                f"An item must be a ContentItem, not {type(val).__name__}."
            )
        for index, item in enumerate(self._list):
            if item is val:
                return index
        key = name_key_of(val)
        for index, item in enumerate(self._list):
            if name_key_of(item) == key and self[index] == val:
                return index
        return None

    def _validate(self, item: Any) -> Dataset:  # type: ignore[override]
        if not isinstance(item, ContentItem):
            raise ArgumentTypeError(
                f"An item must be a ContentItem, not {type(item).__name__}."
            )
        problem = problem_of_relationship(
            item, is_root=self._is_root, is_sr=self._is_sr
        )
        if problem is not None:
            problem.throw()
        return item

    def _adopted(self, index: int) -> ContentItem:
        """Give the item at an index its class."""
        dataset = self._list[index]
        place = f"{self._place}[{index}]"
        problem = problem_of_value(dataset) or problem_of_relationship(
            dataset, is_root=self._is_root, is_sr=self._is_sr
        )
        if problem is None:
            dataset.__class__ = _class_of(dataset)
        else:
            tolerate(
                problem.text,
                "the item is kept without the properties of a value type",
                path=f"{place}.{problem.keyword}",
                keyword=problem.keyword,
                stacklevel=4,
            )
            dataset.__class__ = ContentItem
        dataset.__dict__["_place"] = place
        return dataset  # type: ignore[return-value]


def _checked_datasets(sequence: Any) -> Iterator[Dataset]:
    if isinstance(sequence, Dataset) or not isinstance(sequence, Iterable):
        raise ArgumentTypeError(
            f"'sequence' must be a sequence of datasets, not {type(sequence).__name__}."
        )
    for index, dataset in enumerate(sequence):
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                f"'sequence'[{index}] must be a Dataset, not {type(dataset).__name__}."
            )
        yield dataset


def is_content_sequence_tag(key: Any) -> bool:
    """Whether a key of a dataset is the tag of a sequence of content items."""
    return key.__class__ is not slice and key in _SEQUENCES


def content_element(dataset: Dataset, tag: BaseTag, place: str) -> DataElement:
    """Element of a sequence of a content item, with the classes that its items have.

    Parameters
    ----------
    dataset
        Content item or document.
    tag
        Tag of a sequence.
    place
        Path of the dataset in its document.

    """
    element: Any = stored_element(dataset, tag)
    if isinstance(element, RawDataElement):
        items = decoded_items(element, dataset)
        if items is not None:
            put_sequence(dataset, _SEQUENCES[tag], items)
    element = _decoded_element(dataset, tag, place)
    sequence = element.value
    if tag == _CONTENT:
        if sequence is not None and not isinstance(sequence, ContentSequence):
            path = f"{place}.ContentSequence" if place else "ContentSequence"
            element._value = _adopting(sequence, path)  # noqa: SLF001
    elif tag == _MEASURED_VALUE:
        for item in sequence or ():
            if item.__class__ is Dataset:
                item.__class__ = DecodedItem
    elif tag in _CODE_SEQUENCES:
        _adopt_codes(element)
    return element  # type: ignore[no-any-return]


def _decoded_element(dataset: Dataset, tag: BaseTag, place: str) -> DataElement:
    try:
        return Dataset.__getitem__(dataset, tag)
    except KeyError:
        raise
    except Exception as error:
        keyword = _SEQUENCES[tag]
        path = f"{place}.{keyword}" if place else keyword
        reason = str(error).split("\n", maxsplit=1)[0].rstrip(".")
        raise InvalidAttributeError(
            f"{path} cannot be decoded: {reason}.", path=path, keyword=keyword
        ) from error


def _adopting(sequence: Sequence, place: str) -> ContentSequence:
    """Sequence that gives its items their classes as they are reached."""
    adopting = ContentSequence.__new__(ContentSequence)
    adopting.__dict__.update(sequence.__dict__)
    adopting.__dict__["_place"] = place
    return adopting


def _adopt_codes(element: DataElement) -> None:
    """Make the items of a code sequence concepts, as far as they are such."""
    for item in element.value or ():
        if item.__class__ is Dataset:
            try:
                CodedConcept.from_dataset(item, copy=False)
            except MissingAttributeError:
                return


def add_content(item: Dataset, items: Iterable[ContentItem]) -> None:
    """Add items to those that an item encloses.

    Raises
    ------
    RelationshipTypeError
        If an item has no relationship type.

    """
    if _CONTENT in item:
        enclosed = item[_CONTENT].value
        enclosed.extend(items)
    else:
        put_sequence(item, "ContentSequence", ContentSequence(list(items)))
