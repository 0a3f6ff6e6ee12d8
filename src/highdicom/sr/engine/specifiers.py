"""Kinds of fields, for the bodies of template classes.

The annotation says what readers get and what the constructor takes; the value says
which row of the template it is about::

    class TimePointContext(Template, table=TID_1502):
        time_point: Text = value("1")
        time_point_type: OptionalCoded = value("2", default=None)
"""

from collections.abc import Callable, Sequence as AnySequence
from typing import Any, TypeAlias, TypeVar

from pydicom.sr.coding import Code
from pydicom.uid import UID
from pydicom.valuerep import PersonName

from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentItem, ContentSequence
from highdicom.sr.engine.fields import (
    REQUIRED,
    Field,
    ItemField,
    PartField,
    SequenceField,
    TemplateField,
    ValueField,
)

__all__ = [
    "Coded",
    "Number",
    "Of",
    "OptionalCoded",
    "OptionalNumber",
    "OptionalOf",
    "OptionalText",
    "OptionalTexts",
    "OptionalUid",
    "PersonNamed",
    "Several",
    "Text",
    "Uid",
    "content_item",
    "included",
    "part",
    "together",
    "value",
]

X = TypeVar("X")

Text: TypeAlias = Field[str, str]
OptionalText: TypeAlias = Field[str | None, str | None]
OptionalTexts: TypeAlias = Field[list[str], AnySequence[str] | None]
Uid: TypeAlias = Field[UID, str]
OptionalUid: TypeAlias = Field[UID | None, str | None]
Number: TypeAlias = Field[float, float]
OptionalNumber: TypeAlias = Field[float | None, float | None]
Coded: TypeAlias = Field[CodedConcept, Code | CodedConcept]
OptionalCoded: TypeAlias = Field[CodedConcept | None, Code | CodedConcept | None]
PersonNamed: TypeAlias = Field[PersonName, str | PersonName]
Of: TypeAlias = Field[X, X]
OptionalOf: TypeAlias = Field[X | None, X | None]
Several: TypeAlias = Field[list[X], AnySequence[X] | None]


def value(
    row: str,
    *,
    default: Any = REQUIRED,
    is_many: bool = False,
    name: Code | None = None,
    init: bool = True,
    doc: str = "",
) -> Any:
    """Row whose item is made of its value: text, code, number, name, UID, date ...

    Without `init` the field is only read: another one makes the item.
    """
    return ValueField[Any, Any](
        row, default=default, is_many=is_many, name=name, init=init, doc=doc
    )


def content_item(
    row: str,
    *classes: type[ContentItem],
    also: tuple[str, ...] = (),
    default: Any = REQUIRED,
    is_many: bool = False,
    doc: str = "",
) -> Any:
    """Row whose item is given as such, of one of some classes."""
    return ItemField[Any, Any](
        row, *classes, also=also, default=default, is_many=is_many, doc=doc
    )


def included(
    row: str,
    *classes: type[ContentSequence],
    also: tuple[str, ...] = (),
    default: Any = REQUIRED,
    is_many: bool = False,
    attribute: str | None = None,
    choose: Callable[[ContentItem], type[ContentSequence]] | None = None,
    init: bool = True,
    doc: str = "",
) -> Any:
    """Row that includes another template.

    Readers may get an `attribute` of it. If it may be one of several, `choose` tells
    which of the classes an item that was read belongs to.
    """
    return TemplateField[Any, Any](
        row,
        *classes,
        also=also,
        default=default,
        is_many=is_many,
        part=attribute,
        choose=choose,
        init=init,
        doc=doc,
    )


def together(
    row: str,
    *classes: type[ContentSequence],
    default: Any = REQUIRED,
    doc: str = "",
) -> Any:
    """Rows given as a sequence of items that belong together; `row` is the first."""
    return SequenceField[Any, Any](row, *classes, default=default, doc=doc)


def part(name: str, *, row: str = "1", default: Any = REQUIRED, doc: str = "") -> Any:
    """Part of the item that encloses all others: its name, value, unit ..."""
    return PartField[Any, Any](name, row=row, default=default, doc=doc)
