"""The order in which a template class puts together its items."""

from collections.abc import Iterable, Mapping, Sequence as AnySequence
from typing import Any, Protocol

from highdicom.content_items.base import ContentItem, ContentSequence, add_content
from highdicom.encoding.elements import put_sequence
from highdicom.errors import ConflictingArgumentsError
from highdicom.sr.engine.fields import REQUIRED, Field, PartField
from highdicom.sr.engine.items import item_maker
from highdicom.sr.engine.table import Include, Row, TemplateTable

__all__ = ["Step", "build", "plan_of"]

Values = Mapping[str, Any]


class Step(Protocol):
    """What is to be done for one row."""

    name: str

    def add(self, items: list[ContentItem], values: Values) -> None:
        """Add the items that follow the row.

        Parameters
        ----------
        items
            Items that precede them.
        values
            Arguments by name.

        """


def build(steps: Iterable[Step], values: Values) -> list[ContentItem]:
    """Make the items of arguments.

    Raises
    ------
    ArgumentError
        If an argument is not what it has to be.

    """
    items: list[ContentItem] = []
    for step in steps:
        step.add(items, values)
    return items


class _FieldStep:
    """Row whose items a single field makes; they may enclose others."""

    __slots__ = ("_is_optional", "_make", "_nested", "name")

    def __init__(self, field: Field[Any, Any], nested: tuple[Step, ...] = ()) -> None:
        self.name = field.name
        self._is_optional = field.default is not REQUIRED
        self._make = field.items_of
        self._nested = nested

    def add(self, items: list[ContentItem], values: Values) -> None:
        """Add the items of the field."""
        value = values[self.name]
        nested = build(self._nested, values) if self._nested else None
        if value is not None or not self._is_optional:
            made = self._make(value)
            if nested and made:
                add_content(made[-1], nested)
            items += made
        elif nested:
            names = "', '".join(
                step.name for step in self._nested if isinstance(step, _FieldStep)
            )
            raise ConflictingArgumentsError(
                f"'{names}' must be given only together with '{self.name}'."
            )


class _ItemStep:
    """Row whose item is made of several fields, or only encloses others."""

    __slots__ = ("_is_always", "_make", "_nested", "_parts", "name")

    def __init__(
        self,
        row: Row,
        parts: Iterable[PartField[Any, Any]],
        nested: tuple[Step, ...],
        *,
        is_root: bool,
    ) -> None:
        self.name = ""
        self._make = item_maker(row)
        self._parts = tuple((field.part, field.name) for field in parts)
        self._nested = nested
        self._is_always = is_root or bool(self._parts)

    def add(self, items: list[ContentItem], values: Values) -> None:
        """Add the item, unless it would enclose nothing and is not needed."""
        nested = build(self._nested, values)
        if nested or self._is_always:
            item = self._make({part: values[name] for part, name in self._parts})
            if nested:
                put_sequence(item, "ContentSequence", ContentSequence.of(nested))
            items.append(item)


def plan_of(
    table: TemplateTable,
    fields: Iterable[Field[Any, Any]],
    order: AnySequence[str] = (),
) -> tuple[Step, ...]:
    """Steps for the rows of a template that fields are bound to.

    Parameters
    ----------
    table
        The template.
    fields
        Fields that items are made of.
    order
        Names of fields in the order of their items, if that is not the order of the
        rows. What is not named comes last.

    """
    by_path: dict[str, list[Field[Any, Any]]] = {}
    for field in fields:
        by_path.setdefault(field.path, []).append(field)
    return _ordered(_steps(table, None, "", by_path, order), order)


def _ordered(steps: Iterable[Step], order: AnySequence[str]) -> tuple[Step, ...]:
    ranks = {name: rank for rank, name in enumerate(order)}
    return tuple(sorted(steps, key=lambda step: ranks.get(step.name, len(ranks))))


def _steps(
    table: TemplateTable,
    under: str | None,
    prefix: str,
    by_path: Mapping[str, list[Field[Any, Any]]],
    order: AnySequence[str],
) -> Iterable[Step]:
    for row in table.nested(under):
        path = prefix + row.number
        bound = by_path.get(path, [])
        parts = tuple(field for field in bound if isinstance(field, PartField))
        fields = [field for field in bound if not isinstance(field, PartField)]
        if isinstance(row, Include):
            yield from map(_FieldStep, fields)
            yield from _steps(row.table, None, f"{path}.", by_path, order)
            continue
        nested = _ordered(_steps(table, row.number, prefix, by_path, order), order)
        if fields:
            yield from (_FieldStep(field, nested) for field in fields)
        elif nested or parts:
            yield _ItemStep(row, parts, nested, is_root=row is table.root)
