"""Content items for rows of templates."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple, NoReturn

from pydicom.dataelem import RawDataElement
from pydicom.sr.coding import Code

from highdicom.content_items.base import ContentItem
from highdicom.content_items.values import (
    CodeContentItem,
    ContainerContentItem,
    DateContentItem,
    DateTimeContentItem,
    NumContentItem,
    PnameContentItem,
    TextContentItem,
    TimeContentItem,
    UIDRefContentItem,
)
from highdicom.encoding.elements import dataset_of_elements, raw_element, tag_of
from highdicom.errors import ArgumentError
from highdicom.sr.engine.table import Row

__all__ = [
    "VALUE_KINDS",
    "item_maker",
    "item_of_value",
    "related",
    "relationship_element",
]

_RELATIONSHIP_TYPE = tag_of("RelationshipType")
_NO_UNITS = Code("1", "UCUM", "no units")


class _ValueKind(NamedTuple):
    """How items of a value type are made of a value."""

    item_class: Callable[..., ContentItem]
    singular: str
    plural: str


VALUE_KINDS: Final[Mapping[str, _ValueKind]] = {
    "CODE": _ValueKind(CodeContentItem, "a pydicom Code or a CodedConcept", "codes"),
    "DATE": _ValueKind(DateContentItem, "a date", "dates"),
    "DATETIME": _ValueKind(DateTimeContentItem, "a date and time", "dates and times"),
    "NUM": _ValueKind(NumContentItem, "a number", "numbers"),
    "PNAME": _ValueKind(PnameContentItem, "the name of a person", "names of persons"),
    "TEXT": _ValueKind(TextContentItem, "a string", "strings"),
    "TIME": _ValueKind(TimeContentItem, "a time", "times"),
    "UIDREF": _ValueKind(UIDRefContentItem, "a UID", "UIDs"),
}
"""Value types whose items are made of their value."""

_ITEM_CLASSES: Mapping[str, Callable[..., ContentItem]] = {
    "CONTAINER": ContainerContentItem,
    **{value_type: kind.item_class for value_type, kind in VALUE_KINDS.items()},
}


def item_of_value(row: Row, value: Any, argument: str) -> ContentItem:
    """Make the item for a row of its value.

    Raises
    ------
    ArgumentError
        If the value does not fit; the error names the argument.

    """
    item_class = VALUE_KINDS[row.value_type].item_class
    try:
        if row.value_type != "NUM":
            return item_class(row.name, value, row.relationship)
        unit = row.units if isinstance(row.units, Code) else _NO_UNITS
        return item_class(row.name, value, unit, None, row.relationship)
    except ArgumentError as error:
        _throw_for(error, argument)


def item_maker(row: Row) -> Callable[..., ContentItem]:
    """Function that makes the item of a row of parts, such as name, value and unit."""
    given: dict[str, Any] = {"name": row.name, "relationship_type": row.relationship}
    if row.value_type == "CONTAINER":
        given["template_id"] = row.template
    item_class = _ITEM_CLASSES[row.value_type]

    def make(parts: Mapping[str, Any]) -> ContentItem:
        return item_class(**{**given, **parts})

    return make


def _throw_for(error: ArgumentError, argument: str) -> NoReturn:
    """Name the argument of the template in an error that a content item raised."""
    message = str(error).replace("'value'", f"'{argument}'")
    raise type(error)(message) from None


@cache
def relationship_element(relationship: str) -> RawDataElement:
    """Element of a relationship type, shared by all items."""
    return raw_element(_RELATIONSHIP_TYPE, "CS", relationship.encode("ascii"))


def related(item: ContentItem, element: RawDataElement | None) -> ContentItem:
    """Item with a relationship type: itself, or a shallow copy.

    Parameters
    ----------
    item
        The item.
    element
        Element of the relationship type; without, the item is left as it is.

    """
    if element is None:
        return item
    elements = item._dict  # noqa: SLF001 (ten times faster; this is the hot path)
    found = elements.get(_RELATIONSHIP_TYPE)
    if found is not None and found.value == element.value:
        return item
    return dataset_of_elements(type(item), {**elements, _RELATIONSHIP_TYPE: element})
