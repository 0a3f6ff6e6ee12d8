"""Questions asked of content items of any class, without giving them classes.

They work on plain datasets and on what has not been decoded yet, and walk trees of any
depth.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, TypeVar

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.tag import BaseTag

from highdicom.arguments import member_of
from highdicom.coding import CodedConcept
from highdicom.content_items.concepts import (
    ConceptKey,
    is_same_concept,
    key_of_code,
    key_of_element,
    stored_text,
)
from highdicom.content_items.enum import RelationshipTypeValues, ValueTypeValues
from highdicom.encoding.elements import tag_of
from highdicom.errors import InvalidAttributeError

__all__ = [
    "TreeNode",
    "children_of",
    "item_at",
    "matching",
    "name_key_of",
    "relationship_type_of",
    "stored_element",
    "value_key_of",
    "value_type_of",
    "walk",
]

E = TypeVar("E", bound=Enum)

_VALUE_TYPE = tag_of("ValueType")
_RELATIONSHIP_TYPE = tag_of("RelationshipType")
_NAME = tag_of("ConceptNameCodeSequence")
_CODE = tag_of("ConceptCodeSequence")
_CONTENT = tag_of("ContentSequence")

_PURPOSES = frozenset(
    ("COMPOSITE", "IMAGE", "SCOORD", "SCOORD3D", "TCOORD", "WAVEFORM")
)
SOURCE = Code("260753009", "SCT", "Source")
"""Purpose of a reference that names none."""


def stored_element(item: Dataset, tag: BaseTag) -> DataElement | RawDataElement | None:
    """Element as it is, encoded or not, ten times faster than by pydicom's ways."""
    return item._dict.get(tag)  # noqa: SLF001


def _text(item: Dataset, tag: BaseTag) -> str | None:
    element = stored_element(item, tag)
    return None if element is None else stored_text(element) or None


def value_type_of(item: Dataset) -> str | None:
    """Value Type as stored."""
    return _text(item, _VALUE_TYPE)


def relationship_type_of(item: Dataset) -> str | None:
    """Relationship Type as stored."""
    return _text(item, _RELATIONSHIP_TYPE)


def name_key_of(item: Dataset) -> ConceptKey | None:
    """What the concept name says; references without a name are to a source."""
    element = stored_element(item, _NAME)
    if element is not None:
        return key_of_element(element)
    return key_of_code(SOURCE) if value_type_of(item) in _PURPOSES else None


def value_key_of(item: Dataset) -> ConceptKey | None:
    """What the value of a CODE item says."""
    element = stored_element(item, _CODE)
    return None if element is None else key_of_element(element)


def children_of(item: Dataset) -> "list[Dataset] | Any":
    """Items that an item encloses."""
    if stored_element(item, _CONTENT) is None:
        return []
    return item[_CONTENT].value or []


def item_at(root: Dataset, identifier: tuple[int, ...]) -> Dataset | None:
    """Item of a content item identifier: one-based positions, from 1 for the root."""
    if not identifier or identifier[0] != 1:
        return None
    item = root
    for position in identifier[1:]:
        children = children_of(item)
        if not 1 <= position <= len(children):
            return None
        item = children[position - 1]
    return item


class TreeNode:
    """An item and its place in the tree."""

    __slots__ = ("index", "item", "parent")

    def __init__(self, item: Dataset, parent: "TreeNode | None", index: int) -> None:
        self.item = item
        self.parent = parent
        self.index = index

    @property
    def ancestors(self) -> "list[TreeNode]":
        """Nodes from the root to this one, both included."""
        nodes = []
        node: TreeNode | None = self
        while node is not None:
            nodes.append(node)
            node = node.parent
        return nodes[::-1]

    @property
    def identifier(self) -> tuple[int, ...]:
        """Content item identifier: one-based positions, from 1 for the root."""
        return tuple(node.index + 1 for node in self.ancestors)

    @property
    def path(self) -> str:
        """Path from the root, as errors give it; indices are zero-based."""
        below_root = self.ancestors[1:]
        return ".".join(f"ContentSequence[{node.index}]" for node in below_root)


def walk(root: Dataset) -> Iterator[TreeNode]:
    """Walk along a content tree: each item, then what it encloses.

    Parameters
    ----------
    root
        Any item, or a document; it comes first.

    Raises
    ------
    InvalidAttributeError
        If an item encloses itself.

    """
    node = TreeNode(root, None, 0)
    yield node
    open_items = {id(root)}
    stack = [(node, enumerate(children_of(root)))]
    while stack:
        node, remaining = stack[-1]
        for index, item in remaining:
            child = TreeNode(item, node, index)
            if id(item) in open_items:
                raise InvalidAttributeError(
                    f"{child.path}: A content item encloses itself.",
                    path=child.path,
                    keyword="ContentSequence",
                )
            yield child
            below = children_of(item)
            if below:
                open_items.add(id(item))
                stack.append((child, enumerate(below)))
                break
        else:
            open_items.discard(id(node.item))
            stack.pop()


def matching(
    name: Code | CodedConcept | None = None,
    value_type: ValueTypeValues | str | None = None,
    relationship_type: RelationshipTypeValues | str | None = None,
) -> Callable[[Dataset], bool]:
    """Make a predicate of items.

    Parameters
    ----------
    name
        Concept name; codes of "SRT" equal those of "SCT" that replace them.
    value_type, relationship_type
        What is not given is not asked.

    Raises
    ------
    InvalidArgumentError
        If there is no such value type or relationship type.

    """
    tests: list[Callable[[Dataset], bool]] = []
    if value_type is not None:
        type_ = member_of(ValueTypeValues, value_type, "value_type").value
        tests.append(lambda item: value_type_of(item) == type_)
    if relationship_type is not None:
        relation = member_of(
            RelationshipTypeValues, relationship_type, "relationship_type"
        ).value
        tests.append(lambda item: relationship_type_of(item) == relation)
    if name is not None:
        key = key_of_code(name)
        tests.append(lambda item: is_same_concept(name_key_of(item), key))
    return lambda item: all(test(item) for test in tests)
