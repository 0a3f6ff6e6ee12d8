"""The order in which a template class puts together its items: that of the rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence as AnySequence
from typing import Any, NamedTuple

from highdicom.content_items.base import ContentItem, ContentSequence, add_content
from highdicom.encoding.elements import put_sequence
from highdicom.errors import ConflictingArgumentsError
from highdicom.sr.engine.fields import REQUIRED, Field, PartField
from highdicom.sr.engine.items import item_maker
from highdicom.sr.engine.table import Include, TemplateTable

__all__ = ["Step", "build", "plan_of"]


class Step(NamedTuple):
    """What is to be done for one row.

    Parameters
    ----------
    field
        The field that makes the items, if there is one.
    make
        Makes the item of its parts, if no single field makes it.
    parts
        Parts that such an item is made of, and the arguments that they are.
    nested
        What the item encloses.
    is_always
        Whether the item is needed even if it encloses nothing.

    """

    field: Field[Any, Any] | None
    make: Callable[[Mapping[str, Any]], ContentItem] | None = None
    parts: tuple[tuple[str, str], ...] = ()
    nested: tuple["Step", ...] = ()
    is_always: bool = False


def plan_of(
    table: TemplateTable, fields: Iterable[Field[Any, Any]]
) -> tuple[Step, ...]:
    """Steps for the rows of a template that fields are bound to."""
    by_path: dict[str, list[Field[Any, Any]]] = {}
    for field in fields:
        by_path.setdefault(field.path, []).append(field)
    return tuple(_steps(table, None, "", by_path))


def _steps(
    table: TemplateTable,
    under: str | None,
    prefix: str,
    by_path: Mapping[str, list[Field[Any, Any]]],
) -> Iterable[Step]:
    for row in table.nested(under):
        path = prefix + row.number
        bound = by_path.get(path, [])
        parts = tuple(field for field in bound if isinstance(field, PartField))
        fields = [field for field in bound if not isinstance(field, PartField)]
        if isinstance(row, Include):
            yield from map(Step, fields)
            yield from _steps(row.table, None, f"{path}.", by_path)
            continue
        nested = tuple(_steps(table, row.number, prefix, by_path))
        if fields:
            yield from (Step(field, nested=nested) for field in fields)
        elif nested or parts:
            yield Step(
                None,
                item_maker(row),
                tuple((field.part, field.name) for field in parts),
                nested,
                bool(parts) or row is table.root,
            )


def build(steps: Iterable[Step], values: Mapping[str, Any]) -> list[ContentItem]:
    """Items for the values of fields.

    Raises
    ------
    ArgumentTypeError
        If a value is missing that has no default.

    """
    items: list[ContentItem] = []
    for step in steps:
        if step.field is not None:
            value = values[step.field.name]
            if value is None and step.field.default is not REQUIRED:
                _refuse_nested(step, values)
                continue
            found = step.field.items_of(value)
            items += found
            if step.nested:
                _add_nested(found, build(step.nested, values))
            continue
        nested = build(step.nested, values)
        if nested or step.is_always:
            items.append(_enclosing(step, nested, values))
    return items


def _refuse_nested(step: Step, values: Mapping[str, Any]) -> None:
    """Refuse what is said of an item that is not there."""
    for nested in step.nested:
        field = nested.field
        if field is not None and values[field.name] is not None:
            assert step.field is not None
            raise ConflictingArgumentsError(
                f"'{field.name}' must be given only together with '{step.field.name}'."
            )


def _add_nested(items: AnySequence[ContentItem], nested: list[ContentItem]) -> None:
    if nested:
        add_content(items[-1], nested)


def _enclosing(
    step: Step, nested: list[ContentItem], values: Mapping[str, Any]
) -> ContentItem:
    assert step.make is not None
    item = step.make({part: values[argument] for part, argument in step.parts})
    if nested:
        put_sequence(item, "ContentSequence", ContentSequence.of(nested))
    return item
