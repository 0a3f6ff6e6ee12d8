"""Check content against the rows of a template.

Each item is assigned to the row that describes it, then each row is asked whether it
has the items that it should have.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.content_items.concepts import (
    ConceptKey,
    is_same_concept,
    key_of_code,
    key_of_dataset,
)
from highdicom.content_items.query import (
    children_of,
    name_key_of,
    relationship_type_of,
    value_key_of,
    value_type_of,
)
from highdicom.content_items.requirements import is_reference
from highdicom.encoding.elements import tag_of
from highdicom.records import record, replace
from highdicom.sr.engine.table import Include, Row, TableRow, TemplateTable
from highdicom.sr.engine.value_sets import ContextGroup
from highdicom.standard import Requirement, Severity, Violation

__all__ = ["check_items", "check_root"]


class _Place(NamedTuple):
    """An item and where it stands."""

    item: Dataset
    path: str


@record
class _Candidate:
    """A row that an item may follow.

    Parameters
    ----------
    row
        The row, with the relationship that including it determines.
    table
        The template that the row is in.
    includes
        Rows that include that template, the outermost first.
    position
        Place of the row in the order of rows.

    """

    row: Row
    table: TemplateTable
    includes: tuple[Include, ...]
    position: int


_Assigned: TypeAlias = list[tuple[_Place, _Candidate]]


def check_root(root: Dataset, table: TemplateTable) -> list[Violation]:
    """Check the root of a content tree, such as a document, against a template.

    Parameters
    ----------
    root
        Item that follows the first row of the template.
    table
        A template with one item that encloses all others.

    Returns
    -------
    list[Violation]
        What does not follow the template, with paths from the root.

    """
    place = _Place(root, "")
    row = table.root
    assert row is not None, table.number
    if value_type_of(root) != row.value_type:
        text = f"'{row.title}' must be of type {row.value_type}"
        return [_violation(place, "ValueType", Requirement.VALUE, text, row, table)]
    return [
        *_check_item(place, _Candidate(row, table, (), 0), is_root=True),
        *_check_nested(place, table, row.number),
    ]


def check_items(items: Iterable[Dataset], table: TemplateTable) -> list[Violation]:
    """Check items that stand next to each other against a template.

    Parameters
    ----------
    items
        The items that one item encloses, or a part of them.
    table
        The template.

    Returns
    -------
    list[Violation]
        What does not follow the template, with paths from the item that encloses them.

    """
    places = [
        _Place(item, f"ContentSequence[{index}]") for index, item in enumerate(items)
    ]
    return list(_check_places(places, _Place(Dataset(), ""), table, None))


def _check_nested(
    place: _Place, table: TemplateTable, under: str
) -> Iterator[Violation]:
    prefix = f"{place.path}." if place.path else ""
    places = [
        _Place(item, f"{prefix}ContentSequence[{index}]")
        for index, item in enumerate(_stored(children_of(place.item)))
    ]
    return _check_places(places, place, table, under)


def _stored(sequence: Any) -> Iterable[Dataset]:
    stored: Iterable[Dataset] = getattr(sequence, "stored_items", sequence)
    return stored


def _check_places(
    places: list[_Place], parent: _Place, table: TemplateTable, under: str | None
) -> Iterator[Violation]:
    """Check items against the rows nested in a row."""
    assigned = _assign(places, list(_candidates(table, under)))
    described = {id(place.item) for place, _ in assigned}
    for place in places:
        if not table.is_extensible and id(place.item) not in described:
            text = f"TID {table.number} has no row for the item and is not extensible"
            yield _violation(
                place, "ConceptNameCodeSequence", Requirement.ABSENCE, text, None, table
            )
    yield from _check_rows(assigned, parent, table, under, ())
    yield from _check_order(assigned)
    for place, candidate in assigned:
        yield from _check_item(place, candidate)
        if not is_reference(place.item):
            yield from _check_nested(place, candidate.table, candidate.row.number)


# --- which row an item follows --------------------------------------------------------


def _candidates(
    table: TemplateTable,
    under: str | None,
    includes: tuple[Include, ...] = (),
    relationship: Any = None,
) -> Iterator[_Candidate]:
    for position, row in enumerate(table.nested(under)):
        if isinstance(row, Include):
            yield from _candidates(
                row.table, None, (*includes, row), row.relationship or relationship
            )
        else:
            related = replace(row, relationship=relationship) if relationship else row
            yield _Candidate(related, table, includes, position)


def _assign(places: Iterable[_Place], candidates: list[_Candidate]) -> _Assigned:
    """Items with the rows that they follow, as far as there are such."""
    fitting = [(place, _fitting(place.item, candidates)) for place in places]
    clear = [(place, found[0]) for place, found in fitting if len(found) == 1]
    siblings = _by_level(clear)
    return [
        (place, found[0] if len(found) == 1 else _best(found, place.item, siblings))
        for place, found in fitting
        if found
    ]


def _fitting(item: Dataset, candidates: Iterable[_Candidate]) -> list[_Candidate]:
    """Rows that may describe an item: those that name it rather than others."""
    if is_reference(item):
        relationship = relationship_type_of(item)
        return [
            one
            for one in candidates
            if one.row.is_reference and one.row.relationship == relationship
        ]
    candidates = list(candidates)
    fitting = [one for one in candidates if one.row.matches(item)]
    if not fitting:
        # The name tells which row it should follow.
        key = name_key_of(item)
        fitting = [one for one in candidates if is_same_concept(one.row.key, key)][:1]
    if not fitting:
        fitting = [one for one in candidates if one.row.may_name(item)]
        fitting = fitting if len(fitting) == 1 else []
    vagueness = min(map(_vagueness, fitting), default=0)
    return [one for one in fitting if _vagueness(one) == vagueness]


_Levels: TypeAlias = dict[tuple[Include, ...], dict[str, list[Dataset]]]
"""Items by number of row, for each chain of included templates."""


def _by_level(assigned: _Assigned) -> _Levels:
    levels: _Levels = {}
    for place, candidate in assigned:
        numbers = [*(row.number for row in candidate.includes), candidate.row.number]
        for depth, number in enumerate(numbers):
            level = levels.setdefault(candidate.includes[:depth], {})
            level.setdefault(number, []).append(place.item)
    return levels


def _best(candidates: list[_Candidate], item: Dataset, siblings: _Levels) -> _Candidate:
    """Row that an item most likely follows, of several that describe it."""
    template_id = getattr(item, "template_id", None)
    for candidate in candidates:
        if template_id is not None and candidate.row.template == template_id:
            return candidate
    included = [one for one in candidates if _is_included(one, siblings)]
    place = _Place(item, "")

    def errors(candidate: _Candidate) -> int:
        found = _check_nested(place, candidate.table, candidate.row.number)
        return sum(violation.severity is Severity.ERROR for violation in found)

    return min(included or candidates, key=errors)


def _is_included(candidate: _Candidate, siblings: _Levels) -> bool:
    """Whether the conditions hold under which a template is included."""
    return all(
        row.condition is None
        or row.condition.holds(siblings.get(candidate.includes[:depth], {}))
        for depth, row in enumerate(candidate.includes)
    )


def _vagueness(candidate: _Candidate) -> int:
    row = candidate.row
    if row.key is not None:
        return 0
    return 1 if row.name is not None else 2


# --- what rows ask for ----------------------------------------------------------------


def _check_rows(
    assigned: _Assigned,
    parent: _Place,
    table: TemplateTable,
    under: str | None,
    includes: tuple[Include, ...],
) -> Iterator[Violation]:
    """Check requirements and multiplicities of rows, and of those that they include."""
    depth = len(includes)
    found: dict[str, _Assigned] = {}
    for place, candidate in assigned:
        if candidate.includes[:depth] != includes:
            continue
        is_own = len(candidate.includes) == depth
        row: TableRow = candidate.row if is_own else candidate.includes[depth]
        found.setdefault(row.number, []).append((place, candidate))
    items = {
        number: [place.item for place, _ in places] for number, places in found.items()
    }
    reported: set[frozenset[str]] = set()
    for row in table.nested(under):
        here = found.get(row.number, [])
        is_needed = _is_needed(row, items)
        if is_needed and not here and row.condition is not None:
            # Of rows of which one is required, only the first is reported.
            choice = frozenset((row.number, *row.condition.alternatives))
            is_needed = len(choice) == 1 or choice not in reported
            reported.add(choice)
        is_inline = isinstance(row, Include) and row.table.root is None
        if not is_inline:
            yield from _check_row(row, here, parent, table, items, is_needed=is_needed)
        elif isinstance(row, Include) and (here or is_needed):
            for part in _times(here, row) or [[]]:
                yield from _check_rows(part, parent, row.table, None, (*includes, row))


def _times(assigned: _Assigned, include: Include) -> list[_Assigned]:
    """Items of each time that a template is included."""
    if include.multiplicity == "1":
        return [assigned] if assigned else []
    parts: list[_Assigned] = []
    for place, candidate in assigned:
        if not parts or _begins(candidate, parts[-1], include):
            parts.append([])
        parts[-1].append((place, candidate))
    return parts


def _begins(candidate: _Candidate, before: _Assigned, include: Include) -> bool:
    """Whether an item begins a further time, after the items of one."""
    row = candidate.row
    if candidate.table is include.table and candidate.position == 0:
        return True
    same = [one.row for _, one in before if one.table is candidate.table]
    if row.multiplicity == "1" and any(one.number == row.number for one in same):
        return True
    return any(
        one.number in row.condition.alternatives for one in same if row.condition
    )


def _is_needed(row: TableRow, items: Mapping[str, list[Dataset]]) -> bool:
    if row.requirement == "M":
        return True
    if row.requirement == "MC" and row.condition is not None:
        return row.condition.holds(items)
    return False


def _check_row(
    row: TableRow,
    here: _Assigned,
    parent: _Place,
    table: TemplateTable,
    items: Mapping[str, list[Dataset]],
    *,
    is_needed: bool,
) -> Iterator[Violation]:
    condition = row.condition
    when = f" {condition.text}" if condition is not None else ""
    if not here:
        if is_needed:
            text = f"'{row.title}' is required{when}"
            yield _violation(
                parent, "ContentSequence", Requirement.PRESENCE, text, row, table
            )
        return
    if condition is not None and condition.is_exclusive and not condition.holds(items):
        text = f"'{row.title}' is allowed only{when}"
        yield _violation(
            here[0][0], "ContentSequence", Requirement.ABSENCE, text, row, table
        )
    least, _, most = row.multiplicity.partition("-")
    highest = most or least
    if len(here) < int(least) or (highest != "n" and len(here) > int(highest)):
        text = f"There are {len(here)} of '{row.title}', but {row.multiplicity} allowed"
        yield _violation(
            parent, "ContentSequence", Requirement.NUMBER_OF_ITEMS, text, row, table
        )


def _check_order(assigned: _Assigned) -> Iterator[Violation]:
    """Check the order of items that follow rows of the same template."""
    last: dict[tuple[Include, ...], tuple[int, str]] = {}
    for place, candidate in assigned:
        if not candidate.table.has_order or is_reference(place.item):
            continue
        position, title = last.get(candidate.includes, (-1, ""))
        is_repeated = any(one.multiplicity != "1" for one in candidate.includes)
        if candidate.position < position and not is_repeated:
            text = f"'{candidate.row.title}' should stand before '{title}'"
            yield _violation(
                place,
                "ContentSequence",
                Requirement.VALUE,
                text,
                candidate.row,
                candidate.table,
                Severity.WARNING,
            )
        last[candidate.includes] = (candidate.position, candidate.row.title)


# --- what an item has to be -----------------------------------------------------------


def _check_item(
    place: _Place, candidate: _Candidate, *, is_root: bool = False
) -> Iterator[Violation]:
    row, table = candidate.row, candidate.table
    relationship = relationship_type_of(place.item)
    expected = relationship if is_root or relationship is None else row.relationship
    if expected is not None and relationship != expected:
        text = f"'{row.title}' must be related by {expected}"
        yield _violation(place, "RelationshipType", Requirement.VALUE, text, row, table)
    if is_reference(place.item):
        return
    value_type = value_type_of(place.item)
    if value_type != row.value_type:
        text = f"'{row.title}' must be of type {row.value_type}, not {value_type}"
        yield _violation(place, "ValueType", Requirement.VALUE, text, row, table)
    yield from _check_graphic_type(place, row, table)
    for keyword, key, allowed in _codes_of(place.item, row):
        yield from _check_code(place, keyword, key, allowed, candidate)


def _check_graphic_type(
    place: _Place, row: Row, table: TemplateTable
) -> Iterator[Violation]:
    graphic_type = place.item.get("GraphicType")
    if row.graphic_types and graphic_type not in row.graphic_types:
        text = f"The graphic must be one of {', '.join(row.graphic_types)}"
        yield _violation(place, "GraphicType", Requirement.VALUE, text, row, table)


def _codes_of(
    item: Dataset, row: Row
) -> Iterator[tuple[str, ConceptKey | None, Code | ContextGroup]]:
    """Codes of an item that the row says something on."""
    if isinstance(row.name, ContextGroup):
        yield "ConceptNameCodeSequence", name_key_of(item), row.name
    if row.values is not None:
        yield "ConceptCodeSequence", value_key_of(item), row.values
    if row.units is not None and item.get("MeasuredValueSequence"):
        measured = item.MeasuredValueSequence[0]
        units = measured.get("MeasurementUnitsCodeSequence")
        key = key_of_dataset(units[0]) if units else None
        yield "MeasurementUnitsCodeSequence", key, row.units


def _check_code(
    place: _Place,
    keyword: str,
    key: ConceptKey | None,
    allowed: Code | ContextGroup,
    candidate: _Candidate,
) -> Iterator[Violation]:
    row, table = candidate.row, candidate.table
    shown = "nothing" if key is None else f"({key[0]}, {key[1]})"
    if isinstance(allowed, Code):
        if not is_same_concept(key, key_of_code(allowed)):
            text = f"The code must be '{allowed.meaning}', not {shown}"
            yield _violation(place, keyword, Requirement.CODE, text, row, table)
    elif allowed.is_binding and allowed.is_known and key not in allowed:
        text = f"The code {shown} is not in context group {allowed.number}"
        severity = Severity.ERROR if allowed.is_closed else Severity.WARNING
        yield _violation(place, keyword, Requirement.CODE, text, row, table, severity)


def _violation(
    place: _Place,
    keyword: str,
    rule: Requirement,
    text: str,
    row: TableRow | None,
    table: TemplateTable,
    severity: Severity = Severity.ERROR,
) -> Violation:
    path = f"{place.path}.{keyword}" if place.path else keyword
    number = f" row {row.number}" if row is not None else ""
    return Violation(
        path=path,
        keyword=keyword,
        tag=int(tag_of(keyword)),
        rule=rule,
        message=f"{text} (TID {table.number}{number}).",
        severity=severity,
        source=f"TID {table.number}{number}",
    )
