"""Templates as tables of rows (PS3.16 6)."""

from functools import cached_property
from typing import Any, Literal, TypeAlias

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.content_items.concepts import ConceptKey, is_same_concept, key_of_code
from highdicom.content_items.query import (
    children_of,
    name_key_of,
    relationship_type_of,
    stored_element,
    value_type_of,
)
from highdicom.encoding.elements import tag_of
from highdicom.records import field, record, replace
from highdicom.sr.engine.conditions import Condition
from highdicom.sr.engine.value_sets import ContextGroup

__all__ = [
    "Include",
    "Relationship",
    "Requirement",
    "Row",
    "TableRow",
    "TemplateTable",
    "ValueType",
]

_VALUE_TYPE = tag_of("ValueType")

Requirement: TypeAlias = Literal["M", "MC", "U", "UC"]
Relationship: TypeAlias = Literal[
    "CONTAINS",
    "HAS ACQ CONTEXT",
    "HAS CONCEPT MOD",
    "HAS OBS CONTEXT",
    "HAS PROPERTIES",
    "INFERRED FROM",
    "SELECTED FROM",
]
ValueType: TypeAlias = Literal[
    "CODE",
    "COMPOSITE",
    "CONTAINER",
    "DATE",
    "DATETIME",
    "IMAGE",
    "NUM",
    "PNAME",
    "SCOORD",
    "SCOORD3D",
    "TCOORD",
    "TEXT",
    "TIME",
    "UIDREF",
    "WAVEFORM",
]


@record
class Row:
    """A row that a content item follows.

    Parameters
    ----------
    number
        Number of the row as printed, as ``"3a"``.
    relationship
        Relationship to the item of the row that this one is nested in; none for the
        root of a document.
    value_type
        Value type of the item.
    name
        Concept name: a code, or a group of such; none if it may be any.
    multiplicity
        How many items may follow the row, as ``"1"``, ``"1-n"`` or ``"2-n"``.
    requirement
        Whether the row has to be present: M mandatory, U user option, with C under a
        condition.
    under
        Number of the row that this one is nested in.
    values
        For CODE: the value, or the group to choose it from.
    units
        For NUM: the unit, or the group to choose it from.
    condition
        When the row is to be present.
    graphic_types
        For SCOORD and SCOORD3D: those allowed, if not all.
    template
        For CONTAINER: number of the template that the item says it follows.
    is_reference
        Whether the row may be a relationship by reference.

    """

    number: str
    relationship: Relationship | None
    value_type: ValueType
    name: Code | ContextGroup | None
    multiplicity: str
    requirement: Requirement
    under: str | None = None
    values: Code | ContextGroup | None = None
    units: Code | ContextGroup | None = None
    condition: Condition | None = None
    graphic_types: tuple[str, ...] = ()
    template: str | None = None
    is_reference: bool = False

    @cached_property
    def key(self) -> ConceptKey | None:
        """What the concept name says, if it is a single code."""
        return key_of_code(self.name) if isinstance(self.name, Code) else None

    @property
    def title(self) -> str:
        """What the row is called."""
        return self.name.meaning if isinstance(self.name, Code) else self.value_type

    @property
    def concept_name(self) -> Code:
        """The concept name of a row that has a single one."""
        assert isinstance(self.name, Code)
        return self.name

    def has_name(self, key: ConceptKey | None) -> bool:
        """Whether a concept name is the row's; any is if the row leaves it open."""
        if self.key is not None:
            return is_same_concept(self.key, key)
        return self.name is None or key in self.name

    @cached_property
    def _types(self) -> frozenset[str | bytes]:
        """The value type as elements hold it, encoded or not, padded or not."""
        # Some reports have names of persons as plain text.
        types = ("PNAME", "TEXT") if self.value_type == "PNAME" else (self.value_type,)
        encoded = [value_type.encode("ascii") for value_type in types]
        padded = (text + pad for text in encoded for pad in (b"", b" ", b"\0"))
        return frozenset((*types, *padded))

    def may_name(self, item: Dataset) -> bool:
        """Whether an item has the value type, and its name may extend a context group."""
        return (
            isinstance(self.name, ContextGroup)
            and not self.name.is_closed
            and value_type_of(item) == self.value_type
        )

    def matches(self, item: Dataset) -> bool:
        """Whether an item has the row's value type and concept name.

        The relationship type is not asked if the name tells enough: it is often wrong.
        """
        element = stored_element(item, _VALUE_TYPE)
        if element is None or element.value not in self._types:
            return False
        if self.key is not None:
            return is_same_concept(self.key, name_key_of(item))
        if self.relationship is not None:
            relationship = relationship_type_of(item)
            if relationship is not None and relationship != self.relationship:
                return False
        return self.has_name(name_key_of(item))


@record
class Include:
    """A row that stands for the rows of another template.

    Parameters
    ----------
    number
        Number of the row as printed.
    table
        The other template.
    multiplicity
        How many times it may be included.
    requirement
        Whether it has to be included.
    under
        Number of the row that this one is nested in.
    relationship
        Relationship of the included items to the item of that row, if the other
        template leaves it open.
    condition
        When it is to be included.
    is_reference
        Whether the included items may be referred to.

    """

    number: str
    table: "TemplateTable"
    multiplicity: str
    requirement: Requirement
    under: str | None = None
    relationship: Relationship | None = None
    condition: Condition | None = None
    is_reference: bool = False

    @property
    def title(self) -> str:
        """What the row is called."""
        return self.table.title


TableRow: TypeAlias = Row | Include


@record(eq=False)
class TemplateTable:
    """A template.

    Parameters
    ----------
    number
        Identifier of the template, as ``"1500"``.
    title
        Name of the template.
    rows
        Its rows in order.
    is_extensible
        Whether items may be added that no row describes.
    has_order
        Whether the order of the items matters.

    Examples
    --------
    >>> from pydicom.sr.coding import Code
    >>> from highdicom.sr.engine.table import Row, TemplateTable
    >>> language = Code("121049", "DCM", "Language of Content Item and Descendants")
    >>> table = TemplateTable(
    ...     "1204",
    ...     "Language of Content Item and Descendants",
    ...     (Row("1", "HAS CONCEPT MOD", "CODE", language, "1", "M"),),
    ... )
    >>> table.row("1").value_type
    'CODE'

    """

    number: str
    title: str
    rows: tuple[TableRow, ...]
    is_extensible: bool = True
    has_order: bool = False
    _scopes: dict[str | None, tuple[Row, ...]] = field(default_factory=dict, repr=False)
    _claims: dict[str | None, dict[str, set[ConceptKey]]] = field(
        default_factory=dict, repr=False
    )

    def row(self, number: str) -> TableRow:
        """Row of a number.

        Raises
        ------
        KeyError
            If there is none.

        """
        for row in self.rows:
            if row.number == number:
                return row
        raise KeyError(f"TID {self.number} has no row {number}")

    def find(self, path: str) -> TableRow:
        """Row of a path: ``"14.3"`` is row 3 of the template that row 14 includes."""
        *includes, number = path.split(".")
        table = self
        for include in includes:
            row = table.row(include)
            assert isinstance(row, Include)
            table = row.table
        return table.row(number)

    def nested(self, number: str | None) -> tuple[TableRow, ...]:
        """Rows nested in a row; without number those that are not nested."""
        return tuple(row for row in self.rows if row.under == number)

    def enclosing(self, row: TableRow) -> tuple[Row, ...]:
        """Rows that a row is nested in, the outermost first."""
        rows: list[Row] = []
        while row.under is not None:
            row = self.row(row.under)
            assert isinstance(row, Row)
            rows.insert(0, row)
        return tuple(rows)

    @cached_property
    def root(self) -> Row | None:
        """Row that all others are nested in, if there is one."""
        outer = self.nested(None)
        is_root = len(outer) == 1 and bool(self.nested(outer[0].number))
        return outer[0] if is_root and isinstance(outer[0], Row) else None

    def scope(self, number: str | None) -> tuple[Row, ...]:
        """Rows nested in a row, with those of the templates that are included there."""
        if number not in self._scopes:
            rows: list[Row] = []
            for row in self.nested(number):
                if isinstance(row, Row):
                    rows.append(row)
                else:
                    rows += (
                        replace(inner, relationship=row.relationship)
                        if row.relationship
                        else inner
                        for inner in row.table.scope(None)
                    )
            self._scopes[number] = tuple(rows)
        return self._scopes[number]

    def number_missing_in(self, root: Dataset) -> int:
        """How many of the rows are missing that the root has to enclose."""
        assert self.root is not None
        children: Any = children_of(root)
        stored = getattr(children, "stored_items", children)
        return sum(
            not any(row.matches(item) for item in stored)
            for row in self._required_in_root
        )

    @cached_property
    def _required_in_root(self) -> list[Row]:
        assert self.root is not None
        required: list[Row] = []
        for row in self.nested(self.root.number):
            inner = row if isinstance(row, Row) else row.table.root
            if row.requirement == "M" and inner is not None:
                required.append(inner)
        return required

    def claims(self, item: Dataset, under: str | None) -> bool:
        """Whether a row nested in another claims an item by its name."""
        if under not in self._claims:
            self._claims[under] = _claims_of(self.scope(under))
        claimed = self._claims[under].get(value_type_of(item) or "")
        if not claimed:
            return False
        key = name_key_of(item)
        if key in claimed:
            return True
        is_old = key is not None and key[1] == "SRT"
        return is_old and any(is_same_concept(key, known) for known in claimed)


def _claims_of(rows: tuple[Row, ...]) -> dict[str, set[ConceptKey]]:
    claims: dict[str, set[ConceptKey]] = {}
    for row in rows:
        if row.key is not None:
            claims.setdefault(row.value_type, set()).add(row.key)
    return claims
