"""The tables of the standard, read when they are first asked for.

What stands below a heading is parsed when it is needed, so that checking one dataset
does not parse the whole standard.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from pydicom import config
from pydicom.sr.codedict import Collection
from pydicom.uid import UID

from highdicom.errors import InvalidArgumentError
from highdicom.standard.grammar import (
    ContextGroupEntry,
    parse_context_groups,
    parse_iod,
    parse_table,
)
from highdicom.standard.model import (
    AttributeRule,
    AttributeType,
    Combination,
    Condition,
    ContextGroup,
    Iod,
    MacroUse,
    PlacedRule,
    Row,
    Table,
)
from highdicom.standard.names import headings, iod_key_of, section, sop_classes
from highdicom.standard.texts import lines_of, read_text

__all__ = [
    "Level",
    "combined_level",
    "context_group",
    "edition",
    "iod_by_key",
    "iod_keys",
    "iod_of",
    "level_at",
    "level_of",
    "level_of_items",
    "macro",
    "macro_keys",
    "module",
    "module_keys",
    "rules_of",
    "sop_class_name",
    "sop_class_uids",
    "tables_named",
    "type_of",
]

Level = Mapping[int, tuple[PlacedRule, ...]]
"""Rules of a dataset or item by tag, macros expanded."""

_STRICTEST_FIRST = tuple(AttributeType)


# Headings


def _keys(name: str, kind: str) -> tuple[str, ...]:
    return tuple(key for found, key in headings(name) if found == kind)


@cache
def edition() -> str:
    """Edition of the standard that the tables hold, such as ``2025e``."""
    return read_text("iods").split(":", 1)[0].removeprefix("# DICOM ")


# IODs and SOP classes


@cache
def _common_lines() -> dict[str, str]:
    texts = {name: section("iods", "common", name) for name in _keys("iods", "common")}
    return {
        name: " ".join(lines_of(text)).split(" ", 2)[2]
        for name, text in texts.items()
        if text is not None
    }


def iod_keys() -> tuple[str, ...]:
    """Keys of all IODs."""
    return _keys("iods", "iod")


@cache
def iod_by_key(key: str) -> Iod:
    """IOD of a key such as ``ct-image``.

    Raises
    ------
    InvalidArgumentError
        If there is none.

    """
    text = section("iods", "iod", key)
    if text is None:
        raise InvalidArgumentError(f"There is no IOD with the key '{key}'.")
    return parse_iod(text, _common_lines())


def sop_class_uids() -> tuple[str, ...]:
    """UIDs of all SOP classes in the tables."""
    return tuple(sop_classes())


def iod_of(sop_class_uid: str) -> Iod:
    """IOD of a SOP class.

    Raises
    ------
    InvalidArgumentError
        If the SOP class is not in the tables.

    Examples
    --------
    >>> from highdicom.standard import iod_of
    >>> iod_of("1.2.840.10008.5.1.4.1.1.2").modules[0].module
    'patient'

    """
    key = iod_key_of(sop_class_uid)
    if key is None:
        raise InvalidArgumentError(
            f"'sop_class_uid' is '{sop_class_uid}', which is no storage SOP class of "
            f"DICOM {edition()}."
        )
    return iod_by_key(key)


def sop_class_name(uid: str) -> str | None:
    """Name of a SOP class; None if it is not known.

    Examples
    --------
    >>> from highdicom.standard import sop_class_name
    >>> sop_class_name("1.2.840.10008.5.1.4.1.1.2")
    'CT Image Storage'

    """
    found = sop_classes().get(str(uid))
    if found is None:
        known = UID(str(uid), validation_mode=config.IGNORE)
        return str(known.name) if known.type == "SOP Class" else None
    key, name = found
    return name or f"{iod_by_key(key).name} Storage"


# Modules and macros


def module_keys() -> tuple[str, ...]:
    """Keys of all modules."""
    return _keys("modules", "module")


def macro_keys() -> tuple[str, ...]:
    """Keys of all macros."""
    return _keys("modules", "macro")


@cache
def _table(kind: str, key: str) -> Table | None:
    text = section("modules", kind, key)
    return parse_table(text) if text is not None else None


def module(key: str) -> Table:
    """Module of a key such as ``general-series``.

    Raises
    ------
    InvalidArgumentError
        If there is none.

    """
    table = _table("module", key)
    if table is None:
        raise InvalidArgumentError(f"There is no module with the key '{key}'.")
    return table


def macro(key: str) -> Table:
    """Macro of a key such as ``code-sequence``.

    Raises
    ------
    InvalidArgumentError
        If there is none.

    """
    table = _table("macro", key)
    if table is None:
        raise InvalidArgumentError(f"There is no macro with the key '{key}'.")
    return table


def tables_named(key: str) -> list[Table]:
    """Module and macro of a key, where there are both the module first.

    Raises
    ------
    InvalidArgumentError
        If there is neither.

    """
    tables = [t for t in (_table("module", key), _table("macro", key)) if t is not None]
    if not tables:
        raise InvalidArgumentError(
            f"There is neither a module nor a macro with the key '{key}'."
        )
    return tables


# Levels


def _extended(rules: list[PlacedRule], extension: tuple[Row, ...]) -> list[PlacedRule]:
    """Rules of a macro whose last sequence has further rows."""
    for index in reversed(range(len(rules))):
        placed = rules[index]
        if placed.rule.rows:
            longer = replace(placed.rule, rows=placed.rule.rows + extension)
            rules[index] = replace(placed, rule=longer)
            break
    return rules


def _both(outer: Condition | None, inner: Condition | None) -> Condition | None:
    """Condition of a macro within a macro."""
    if outer is None or inner is None:
        return outer or inner
    if outer.required is None or inner.required is None:
        return Condition(None, None, None)
    parts = (outer.required, inner.required)
    return Condition(Combination("and", parts), None, None)


def _expanded(
    rows: Iterable[Row], source: Table, gate: Condition | None
) -> list[PlacedRule]:
    """Rules of rows and of the macros that they include."""
    rules: list[PlacedRule] = []
    for row in rows:
        if isinstance(row, AttributeRule):
            rules.append(PlacedRule(row, source, gate))
        elif isinstance(row, MacroUse):
            table = macro(row.macro)
            included = _expanded(table.rows, table, _both(gate, row.condition))
            rules += _extended(included, row.extension) if row.extension else included
    return rules


def _by_tag(rules: Iterable[PlacedRule]) -> Level:
    level: dict[int, list[PlacedRule]] = {}
    for placed in rules:
        level.setdefault(placed.rule.tag, []).append(placed)
    return {tag: tuple(found) for tag, found in level.items()}


@cache
def level_of(table: Table) -> Level:
    """Rules of a module or macro by tag, macros expanded."""
    return _by_tag(_expanded(table.rows, table, None))


# By the identities of the rules of a sequence. The rules are kept with their levels, so
# that no identity is ever used again.
_levels_of_items: dict[tuple[int, ...], tuple[tuple[PlacedRule, ...], Level]] = {}


def level_of_items(rules: tuple[PlacedRule, ...]) -> Level:
    """Rules of the items of a sequence, from all rules that there are for it."""
    key = tuple(id(placed.rule) for placed in rules)
    found = _levels_of_items.get(key)
    if found is None:
        level = _by_tag(
            inner
            for placed in rules
            for inner in _expanded(placed.rule.rows, placed.source, None)
        )
        found = _levels_of_items[key] = (rules, level)
    return found[1]


def combined_level(levels: Sequence[Level]) -> Level:
    """Rules of several levels for one dataset."""
    return _by_tag(
        placed for level in levels for rules in level.values() for placed in rules
    )


def level_at(key: str, path: Sequence[str] = ()) -> Level:
    """Rules of a module or macro at a path of keywords of sequences.

    Raises
    ------
    InvalidArgumentError
        If there is no such module or macro, or no such sequence in it.

    """
    for table in tables_named(key):
        level: Level | None = level_of(table)
        for keyword in path:
            level = _level_below(level or {}, keyword)
            if level is None:
                break
        if level is not None:
            return level
    raise InvalidArgumentError(
        f"'{key}' has no sequence at the path '{'.'.join(path)}'."
    )


def _level_below(level: Level, keyword: str) -> Level | None:
    for rules in level.values():
        if rules[0].rule.keyword == keyword and any(p.rule.rows for p in rules):
            return level_of_items(rules)
    return None


def _strictest(rules: Iterable[PlacedRule]) -> AttributeRule:
    return min(
        (placed.rule for placed in rules),
        key=lambda rule: _STRICTEST_FIRST.index(rule.type),
    )


def rules_of(module: str, path: Sequence[str] = ()) -> Mapping[str, AttributeRule]:
    """Rules of a module or macro by keyword, those of included macros, too.

    Parameters
    ----------
    module
        Key of a module or macro.
    path
        Keywords of sequences from the top of the module to the items concerned.

    Raises
    ------
    InvalidArgumentError
        If there is no such module or macro, or no such sequence in it.

    Examples
    --------
    >>> from highdicom.standard import rules_of
    >>> rules_of("segmentation-image", ["SegmentSequence"])["SegmentLabel"].type.value
    '1'

    """
    return {
        rules[0].rule.keyword: _strictest(rules)
        for rules in level_at(module, path).values()
    }


def type_of(
    macro_or_module: str, keyword: str, path: Sequence[str] = ()
) -> AttributeType | None:
    """Type of an attribute in a module or macro; None if it is not there.

    Parameters
    ----------
    macro_or_module
        Key. Where a module and a macro share it, both are searched.
    keyword
        The attribute.
    path
        Keywords of sequences from the top of the module to the items concerned.

    Raises
    ------
    InvalidArgumentError
        If there is no such module or macro.

    Examples
    --------
    >>> from highdicom.standard import type_of
    >>> type_of("segment-description", "SegmentLabel").value
    '1'

    """
    for table in tables_named(macro_or_module):
        level: Level = level_of(table)
        for step in path:
            level = _level_below(level, step) or {}
        for rules in level.values():
            if rules[0].rule.keyword == keyword:
                return _strictest(rules).type
    return None


# Context groups


@cache
def _context_groups() -> dict[str, ContextGroupEntry | None]:
    return parse_context_groups(read_text("context_groups"))


def _codes_in_pydicom(cid: str) -> frozenset[tuple[str, str]] | None:
    try:
        concepts = Collection(f"CID{cid}").concepts
    except (KeyError, ValueError, AttributeError):
        return None
    return frozenset((code.scheme_designator, code.value) for code in concepts.values())


def _codes_of(cid: str, seen: set[str]) -> frozenset[tuple[str, str]]:
    """Codes of a context group and of those that it includes."""
    entry = _context_groups().get(cid)
    if entry is None:
        return _codes_in_pydicom(cid) or frozenset()
    seen.add(cid)
    codes = frozenset(entry.codes)
    for included in entry.includes:
        if included not in seen:
            codes |= _codes_of(included, seen)
    return codes


@cache
def context_group(cid: int | str) -> ContextGroup | None:
    """Context group by its number; None if it is not known.

    The tables hold the context groups that are bound to attributes and templates. The
    codes of the longer ones that may be extended, and context groups that are in no
    table, are those of pydicom.

    Examples
    --------
    >>> from highdicom.standard import context_group
    >>> right_and_left = context_group(244)
    >>> ("SCT", "24028007") in right_and_left, right_and_left.is_extensible
    (True, False)

    """
    number = str(cid)
    entry = _context_groups().get(number)
    if entry is None and _codes_in_pydicom(number) is None:
        return None
    return ContextGroup(
        number, _codes_of(number, set()), not (entry is not None and entry.is_closed)
    )
