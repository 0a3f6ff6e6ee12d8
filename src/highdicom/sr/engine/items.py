"""Content items for rows of templates."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, NoReturn

from pydicom.sr.coding import Code

from highdicom.content_items.base import ContentItem
from highdicom.content_items.query import relationship_type_of
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

__all__ = ["VALUE_KINDS", "item_of_parts", "item_of_value", "related"]

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


def item_of_parts(row: Row, parts: Mapping[str, Any]) -> ContentItem:
    """Make the item of a row of arguments, such as name, value and unit."""
    given: dict[str, Any] = {"name": row.name, "relationship_type": row.relationship}
    if row.value_type == "CONTAINER":
        given["template_id"] = row.template
    return _ITEM_CLASSES[row.value_type](**{**given, **parts})


def _throw_for(error: ArgumentError, argument: str) -> NoReturn:
    """Name the argument of the template in an error that a content item raised."""
    message = str(error).replace("'value'", f"'{argument}'")
    raise type(error)(message) from None


def related(item: ContentItem, relationship: str | None) -> ContentItem:
    """Item with a relationship type: itself, or a shallow copy."""
    if relationship is None or relationship_type_of(item) == relationship:
        return item
    element = raw_element(_RELATIONSHIP_TYPE, "CS", relationship.encode("ascii"))
    elements = {**item._dict, _RELATIONSHIP_TYPE: element}  # noqa: SLF001
    return dataset_of_elements(type(item), elements)
