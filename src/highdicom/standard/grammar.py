"""Reads the text format of the tables.

The files are made to be read and compared by people, too. A line that begins with
``#`` is a comment; a line that begins with ``;`` continues the one before it.

Modules and macros
    A heading ``module KEY NUMBER [NAME]`` or ``macro ...`` gives the number of the table
    in PS3.3; without a name, the name is the key in capitalised words. Rows stand below
    it, one space deeper for each sequence they are in:

    - ``KEYWORD TYPE``: an attribute. The type of a sequence is followed by the number of
      items: ``!`` one, ``?`` at most one, ``+`` one or more, ``*`` any, or ``[2-n]``.
      Further parts are ``vm=2`` (number of values, if narrower than in the dictionary),
      ``BCID=n``, ``DCID=n`` or ``ECID=n`` (context group), and ``> MACRO`` (the items are that
      macro). A sequence of codes without further rows has items of the macro
      ``code-sequence``. ``KEYWORD@60xx0010`` is an attribute of a repeating group.
    - ``> MACRO``: the rows of the macro; rows below it extend its last sequence.
      ``@functional-groups`` stands for the functional groups of the IOD.

    Clauses follow after semicolons: ``if EXPRESSION`` (when a conditional attribute is
    required; ``if ditto`` repeats the one before; without it, the condition is not
    known), ``may`` or ``may if EXPRESSION`` (it may be there otherwise), ``else not``
    (it must not be there otherwise), ``not if EXPRESSION`` (it must not be there then),
    ``= A|B`` (Enumerated Values) and ``~ A|B`` (Defined Terms), with the number of the
    value in front where they are for one of several, and ``when EXPRESSION`` behind
    where they apply only then.

Expressions
    ``KEYWORD present``, ``absent``, ``empty`` or ``filled``; ``KEYWORD = A|B``, ``!=``,
    ``<``, ``<=``, ``>``, ``>=``, with ``KEYWORD[2]`` for one value of several; joined by
    ``and``, ``or``, ``not`` and brackets. ``/KEYWORD`` is an attribute of the top-level
    data set.

IODs
    ``iod KEY [NAME]``, below it ``ENTITY: MODULE [USAGE], ...`` (mandatory if no usage is
    given) with the clauses of conditions, and ``multi-frame: MACRO ...`` or
    ``current-frame: ...`` for functional groups. ``common NAME LINE`` gives a name to a
    line that many IODs share; ``* NAME NAME`` puts them in place.

Context groups
    See `parse_context_groups`.

SOP classes, dictionary
    See `highdicom.standard.texts`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from pydicom.datadict import tag_for_keyword

from highdicom.standard.model import (
    AttributeRule,
    AttributeType,
    Combination,
    Condition,
    ContextGroupBinding,
    Expression,
    FunctionalGroupsHere,
    FunctionalGroupUse,
    Iod,
    MacroUse,
    ModuleUse,
    Negation,
    Reference,
    Row,
    Table,
    Test,
    Usage,
    ValueList,
)
from highdicom.standard.texts import lines_of

__all__ = [
    "ContextGroupEntry",
    "parse_context_groups",
    "parse_expression",
    "parse_iod",
    "parse_table",
    "title_of",
]

CODE_SEQUENCE = "code-sequence"
FUNCTIONAL_GROUPS = "@functional-groups"

_ITEMS = {"!": "1", "?": "0-1", "*": "0-n", "+": "1-n"}
_ATTRIBUTE = re.compile(
    r"(?P<keyword>\w+)(?:@(?P<tag>\w{8}))? (?P<type>[123]C?)"
    r"(?:(?P<items>[!?*+])| \[(?P<range>[^\]]+)\])?(?: vm=(?P<vm>\S+))?"
    r"(?: (?P<binding>[BDE]CID=\d+))?(?: > (?P<macro>\S+))?"
)
_MACRO = re.compile(r"> (?P<macro>\S+)(?: (?P<binding>[BDE]CID=\d+))?")
_VALUES = re.compile(
    r"(?P<number>\d*)(?P<kind>[=~]) (?P<values>.*?)(?: when (?P<when>.*))?"
)
_TOKEN = re.compile(r'"[^"]*"|[()|\[\]]|[^\s()|\[\]"]+')
_STATES = frozenset({"present", "absent", "empty", "filled"})
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


def title_of(key: str) -> str:
    """Name that follows from a key."""
    return key.replace("-", " ").title()


def _tag_of(keyword: str) -> int:
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise ValueError(f"The data dictionary has no attribute '{keyword}'.")
    return int(tag)


# Expressions


class _ExpressionParser:
    """Recursive descent over the tokens of an expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _TOKEN.findall(text)
        self.position = 0

    def peek(self) -> str:
        """Token that comes next; an empty text at the end."""
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        """Pass the next token."""
        token = self.peek()
        if not token or (expected and token != expected):
            raise ValueError(
                f"'{self.text}' is no expression: '{expected or 'more'}' is missing."
            )
        self.position += 1
        return token

    def parse(self) -> Expression:
        """Parse all of it."""
        expression = self.alternatives()
        if self.peek():
            raise ValueError(f"'{self.text}' is no expression: '{self.peek()}' is odd.")
        return expression

    def alternatives(self) -> Expression:
        """Parse parts joined by ``or``."""
        parts = [self.conjunction()]
        while self.peek() == "or":
            self.take()
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Combination("or", tuple(parts))

    def conjunction(self) -> Expression:
        """Parse parts joined by ``and``."""
        parts = [self.factor()]
        while self.peek() == "and":
            self.take()
            parts.append(self.factor())
        return parts[0] if len(parts) == 1 else Combination("and", tuple(parts))

    def factor(self) -> Expression:
        """Parse a test, a negation, or something in brackets."""
        if self.peek() == "not":
            self.take()
            return Negation(self.factor())
        if self.peek() == "(":
            self.take()
            expression = self.alternatives()
            self.take(")")
            return expression
        return self.test()

    def test(self) -> Test:
        """Parse a question about one attribute."""
        name = self.take()
        keyword = name.lstrip("/")
        reference = Reference(keyword, _tag_of(keyword), name != keyword)
        number = None
        if self.peek() == "[":
            self.take()
            number = int(self.take())
            self.take("]")
        operator = self.take()
        if operator in _STATES:
            return Test(reference, operator, (), None)
        if operator not in _COMPARISONS:
            raise ValueError(f"'{self.text}' is no expression: '{operator}' is odd.")
        values = [self.take().strip('"')]
        while self.peek() == "|":
            self.take()
            values.append(self.take().strip('"'))
        return Test(reference, operator, tuple(values), number)


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression:
    """Parse an expression.

    Raises
    ------
    ValueError
        If the text is not one.

    """
    return _ExpressionParser(text).parse()


# Clauses


def _condition(clauses: Sequence[str]) -> Condition | None:
    """Condition that the clauses give, if any."""
    required: Expression | None = None
    permitted: bool | Expression | None = None
    forbidden: Expression | None = None
    for clause in clauses:
        if clause.startswith("if "):
            required = parse_expression(clause[3:])
        elif clause == "may":
            permitted = True
        elif clause.startswith("may if "):
            permitted = parse_expression(clause[7:])
        elif clause == "else not":
            permitted = False
        elif clause.startswith("not if "):
            forbidden = parse_expression(clause[7:])
    if required is None and permitted is None and forbidden is None:
        return None
    return Condition(required, permitted, forbidden)


def _value_lists(clauses: Sequence[str]) -> Iterator[ValueList]:
    for clause in clauses:
        match = _VALUES.fullmatch(clause)
        if match:
            number, kind, values, when = match.groups()
            yield ValueList(
                tuple(value.strip('"') for value in values.split("|")),
                kind == "=",
                int(number) if number else None,
                parse_expression(when) if when else None,
            )


def _binding(text: str | None) -> ContextGroupBinding | None:
    return ContextGroupBinding(text[5:], text[:4]) if text else None


# Modules and macros


class _RowParser:
    """Rows of one module or macro."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.position = 0
        self.last_requirement = ""

    def rows(self, depth: int) -> tuple[Row, ...]:
        """Rows at one depth, with all that is nested in them."""
        rows: list[Row] = []
        while self.position < len(self.lines):
            line = self.lines[self.position]
            content = line.lstrip(" ")
            if len(line) - len(content) < depth:
                break
            self.position += 1
            head, *clauses = content.split("; ")
            if not head.startswith(">"):
                self.resolve(clauses)
            rows.append(self.row(head, clauses, self.rows(depth + 1)))
        return tuple(rows)

    def resolve(self, clauses: list[str]) -> None:
        """Put the requirement in place of "ditto"."""
        for index, clause in enumerate(clauses):
            if clause == "if ditto":
                clauses[index] = self.last_requirement
            elif clause.startswith("if "):
                self.last_requirement = clause

    def row(self, head: str, clauses: list[str], nested: tuple[Row, ...]) -> Row:
        """Row from its parts."""
        match = _MACRO.fullmatch(head)
        if match is not None:
            return _included(match["macro"], clauses, match["binding"], nested)
        match = _ATTRIBUTE.fullmatch(head)
        if match is None:
            raise ValueError(f"'{head}' is no row of a table.")
        keyword, tag, type_, items, items_range, vm, binding, macro = match.groups()
        if not nested and (macro or keyword.endswith("CodeSequence")):
            nested = (_included(macro or CODE_SEQUENCE, (), None, ()),)
        return AttributeRule(
            keyword=keyword,
            tag=int(tag.replace("x", "0"), 16) if tag else _tag_of(keyword),
            type=AttributeType(type_),
            condition=_condition(clauses),
            values=tuple(_value_lists(clauses)),
            multiplicity=vm,
            number_of_items=_ITEMS.get(items or "", items_range),
            context_group=_binding(binding),
            rows=nested,
            is_repeating=bool(tag),
        )


def _included(
    macro: str, clauses: Sequence[str], binding: str | None, extension: tuple[Row, ...]
) -> Row:
    """Row for which other rows stand."""
    if macro == FUNCTIONAL_GROUPS:
        return FunctionalGroupsHere()
    return MacroUse(macro, _condition(clauses), _binding(binding), extension)


def parse_table(text: str) -> Table:
    """Parse a module or macro, heading and rows.

    Raises
    ------
    ValueError
        If the text is not one.

    """
    heading, *lines = lines_of(text)
    kind, key, number, *name = heading.split(" ", 3)
    return Table(
        key=key,
        name=name[0] if name else title_of(key),
        number=number,
        is_macro=kind == "macro",
        rows=_RowParser(lines).rows(1),
    )


# IODs


def _uses(line: str) -> tuple[str, list[tuple[str, Usage, Condition | None]]]:
    """Label of a line, and the modules or macros that it lists."""
    label, _, content = line.strip().partition(": ")
    names, *clauses = content.split("; ")
    condition = _condition(clauses)
    uses = []
    for entry in names.split(", "):
        name, _, usage = entry.partition(" ")
        uses.append((name, Usage(usage or "M"), condition))
    return label, uses


def parse_iod(text: str, common: Mapping[str, str]) -> Iod:
    """Parse an IOD.

    Parameters
    ----------
    text
        Heading and rows.
    common
        Lines that IODs share, by name.

    """
    heading, *lines = lines_of(text)
    _, key, *name = heading.split(" ", 2)
    modules: list[ModuleUse] = []
    groups: list[FunctionalGroupUse] = []
    kind = None
    for line in lines:
        shared = line.startswith(" * ")
        for full in [common[n] for n in line[3:].split()] if shared else [line]:
            label, uses = _uses(full)
            if label.endswith("-frame"):
                kind = label
                groups += [FunctionalGroupUse(*use) for use in uses]
            else:
                modules += [ModuleUse(*use, label) for use in uses]
    return Iod(
        key, name[0] if name else title_of(key), tuple(modules), tuple(groups), kind
    )


# Context groups


class ContextGroupEntry:
    """Context group as it stands in its table.

    Parameters
    ----------
    is_closed
        Whether no other codes may be used.

    """

    __slots__ = ("codes", "includes", "is_closed")

    def __init__(self, is_closed: bool) -> None:
        self.is_closed = is_closed
        self.codes: list[tuple[str, str]] = []
        self.includes: list[str] = []


def parse_context_groups(text: str) -> dict[str, ContextGroupEntry | None]:
    """Context groups by number; None for one whose codes are to be had from pydicom.

    ``CID [closed]`` is followed by lines ``SCHEME CODE CODE ...`` and ``> CID CID``
    (included groups), one space deeper. ``elsewhere CID CID ...`` names groups without
    their codes.
    """
    groups: dict[str, ContextGroupEntry | None] = {}
    current = ContextGroupEntry(is_closed=False)
    for line in lines_of(text):
        first, *rest = line.split()
        if first == "elsewhere":
            groups.update(dict.fromkeys(rest))
        elif not line.startswith(" "):
            groups[first] = current = ContextGroupEntry(rest == ["closed"])
        elif first == ">":
            current.includes += rest
        else:
            current.codes += [(first, code) for code in rest]
    return groups
