"""What the tables of the standard hold, as immutable values."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Union

__all__ = [
    "AttributeRule",
    "AttributeType",
    "Combination",
    "Condition",
    "ContextGroup",
    "ContextGroupBinding",
    "Expression",
    "FunctionalGroupUse",
    "FunctionalGroupsHere",
    "Iod",
    "MacroUse",
    "ModuleUse",
    "Negation",
    "PlacedRule",
    "Reference",
    "Requirement",
    "Row",
    "Severity",
    "Table",
    "Test",
    "Usage",
    "ValueList",
    "Violation",
]


class AttributeType(str, Enum):
    """How much an attribute is required (PS3.5 7.4).

    Members are equal to the text of the standard: ``AttributeType.REQUIRED == "1"``.
    """

    REQUIRED = "1"
    """Has to be there, with a value."""

    CONDITIONALLY_REQUIRED = "1C"
    """Under a condition, has to be there with a value."""

    REQUIRED_EMPTY_IF_UNKNOWN = "2"
    """Has to be there; empty if the value is not known."""

    CONDITIONALLY_REQUIRED_EMPTY_IF_UNKNOWN = "2C"
    """Under a condition, has to be there; empty if the value is not known."""

    OPTIONAL = "3"
    """May be there."""

    @property
    def is_conditional(self) -> bool:
        """Whether a condition decides if the attribute has to be there."""
        return self.value.endswith("C")

    @property
    def needs_value(self) -> bool:
        """Whether the attribute may not be empty if it is required."""
        return self.value.startswith("1")


class Usage(str, Enum):
    """Whether an IOD contains a module or functional group (PS3.3 A.1.3)."""

    MANDATORY = "M"
    """Always."""

    CONDITIONAL = "C"
    """Under a condition."""

    USER_OPTIONAL = "U"
    """As the user likes."""


class Severity(Enum):
    """How bad a violation is."""

    ERROR = "error"
    """The standard forbids it."""

    WARNING = "warning"
    """It is unusual, or forbidden by a rule that the tables know only roughly."""

    NOT_CHECKED = "not checked"
    """There is a rule, but it cannot be checked here."""


class Requirement(Enum):
    """Which kind of requirement a violation is about."""

    PRESENCE = "presence"
    """An attribute that has to be there is missing or empty."""

    ABSENCE = "absence"
    """An attribute is there that must not be there."""

    VALUE = "value"
    """A value is not in the list of Enumerated Values or Defined Terms."""

    CODE = "code"
    """A code is not in the context group that must be used."""

    VALUE_MULTIPLICITY = "value multiplicity"
    """An attribute has too few or too many values."""

    VALUE_REPRESENTATION = "value representation"
    """An attribute is encoded in another way than the data dictionary says."""

    VALUE_FORMAT = "value format"
    """A value is not one that its value representation allows."""

    NUMBER_OF_ITEMS = "number of items"
    """A sequence has too few or too many items."""

    FUNCTIONAL_GROUP = "functional group"
    """A functional group is missing, or both shared and per frame."""

    CONSISTENCY = "consistency"
    """Values contradict one another, or are such that no image can have."""

    NESTING = "nesting"
    """Sequences are nested without end or cannot be read."""

    SOP_CLASS = "SOP class"
    """The SOP class is missing or not in the tables."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Attribute that a condition asks about.

    Parameters
    ----------
    keyword, tag
        The attribute.
    from_top
        Whether it stands in the top-level data set. Otherwise it is a sibling or,
        failing that, stands in an enclosing item or at the top.

    """

    keyword: str
    tag: int
    from_top: bool


@dataclass(frozen=True, slots=True)
class Test:
    """Question about one attribute.

    Parameters
    ----------
    reference
        The attribute.
    operator
        ``present``, ``absent``, ``empty``, ``filled``, ``=``, ``!=``, ``<``, ``<=``,
        ``>`` or ``>=``. ``=`` holds if a value is among those listed, ``!=`` if none
        is; neither can be decided for an attribute that is not there, except that
        nothing is equal then.
    values
        What the values are compared with, as printed.
    value_number
        One-based number of the value that is compared; None for any.

    """

    reference: Reference
    operator: str
    values: tuple[str, ...]
    value_number: int | None


@dataclass(frozen=True, slots=True)
class Combination:
    """Several expressions of which all (``and``) or one (``or``) have to hold."""

    operator: str
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """Expression that must not hold."""

    part: "Expression"


Expression = Union[Test, Combination, Negation]  # noqa: UP007  forward references


@dataclass(frozen=True, slots=True)
class Condition:
    """When an attribute, module or functional group has to, may or must not be there.

    Parameters
    ----------
    required
        Holds where it has to be there; None if that cannot be told.
    permitted
        Whether, or under which condition, it may be there although it does not have
        to; None if the standard does not say, which means that it may not.
    forbidden
        Holds where it must not be there.

    """

    required: Expression | None
    permitted: bool | Expression | None
    forbidden: Expression | None


@dataclass(frozen=True, slots=True)
class ValueList:
    """Enumerated Values or Defined Terms (PS3.3 7.4).

    Parameters
    ----------
    values
        As printed.
    is_enumerated
        True for Enumerated Values, of which one has to be used; False for Defined
        Terms, which may be extended.
    value_number
        One-based number of the value concerned; None for each value.
    condition
        Holds where the list applies; None if it always does.

    """

    values: tuple[str, ...]
    is_enumerated: bool
    value_number: int | None
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class ContextGroupBinding:
    """Context group that is given for a code sequence.

    Parameters
    ----------
    cid
        Number of the context group.
    kind
        ``BCID`` for a suggestion (baseline), ``DCID`` if it has to be used as far as it
        goes (defined), ``ECID`` if no other code may be used (enumerated).

    """

    cid: str
    kind: str


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """Row of a module or macro that says what holds for one attribute.

    Parameters
    ----------
    keyword, tag
        The attribute; for a repeating group, the tag of its first instance.
    type
        Type of the attribute.
    condition
        Condition of Type 1C and 2C, as far as it is known, or of a Type 3 attribute
        that is forbidden somewhere.
    values
        Lists that all apply where their condition holds.
    multiplicity
        Number of values such as ``"1-n"``, where it is narrower than in the data
        dictionary.
    number_of_items
        Number of items such as ``"0-1"`` if this is a sequence and the number is known.
    context_group
        Context group given for a code sequence.
    rows
        Rows of the items of a sequence.
    is_repeating
        Whether the attribute belongs to a repeating group (60xx).

    """

    keyword: str
    tag: int
    type: AttributeType
    condition: Condition | None
    values: tuple[ValueList, ...]
    multiplicity: str | None
    number_of_items: str | None
    context_group: ContextGroupBinding | None
    rows: tuple["Row", ...]
    is_repeating: bool


@dataclass(frozen=True, slots=True)
class MacroUse:
    """Row that includes a macro.

    Parameters
    ----------
    macro
        Key of the macro.
    condition
        Condition under which it is included; None if it always is.
    context_group
        Context group given for the macro.
    extension
        Rows that go into the last sequence of the macro.

    """

    macro: str
    condition: Condition | None
    context_group: ContextGroupBinding | None
    extension: tuple["Row", ...]


@dataclass(frozen=True, slots=True)
class FunctionalGroupsHere:
    """Row for which the functional groups of the IOD stand."""


Row = Union[AttributeRule, MacroUse, FunctionalGroupsHere]  # noqa: UP007


@dataclass(frozen=True, slots=True)
class Table:
    """Module or macro.

    Parameters
    ----------
    key
        Key in the tables, such as ``general-series``.
    name
        Name without the word module or macro.
    number
        Number of the table in PS3.3, such as ``C.7-5a``; ``-`` if it has none.
    is_macro
        Whether it is a macro.
    rows
        Rows in printed order.

    """

    key: str
    name: str
    number: str
    is_macro: bool
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        kind = "macro" if self.is_macro else "module"
        where = "" if self.number == "-" else f" (PS3.3 Table {self.number})"
        return f"{self.name} {kind}{where}"


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """Rule together with where it comes from.

    Parameters
    ----------
    rule
        The rule.
    source
        Module or macro in which it stands.
    gate
        Condition of the inclusion of the macro; None if it is always included.

    """

    rule: AttributeRule
    source: Table
    gate: Condition | None


@dataclass(frozen=True, slots=True)
class ModuleUse:
    """Row of an IOD: a module and whether it is part of the IOD.

    Parameters
    ----------
    module
        Key of the module.
    usage
        Whether it has to be there.
    condition
        Condition of a conditional module, as far as it is known.
    entity
        Information entity, such as ``"Series"``.

    """

    module: str
    usage: Usage
    condition: Condition | None
    entity: str


@dataclass(frozen=True, slots=True)
class FunctionalGroupUse:
    """Functional group macro of an IOD and whether it is part of it."""

    macro: str
    usage: Usage
    condition: Condition | None


@dataclass(frozen=True, slots=True)
class Iod:
    """Information object definition (PS3.3 Annex A).

    Parameters
    ----------
    key
        Key in the tables, such as ``ct-image``.
    name
        Name without the word IOD.
    modules
        Modules in printed order.
    functional_groups
        Functional group macros in printed order.
    functional_group_kind
        ``"multi-frame"``, ``"current-frame"``, or None if there are none.

    """

    key: str
    name: str
    modules: tuple[ModuleUse, ...]
    functional_groups: tuple[FunctionalGroupUse, ...]
    functional_group_kind: str | None


@dataclass(frozen=True, slots=True)
class ContextGroup:
    """Set of codes (PS3.16 Annex B).

    Parameters
    ----------
    cid
        Number.
    codes
        Pairs of coding scheme designator and code value, those of included groups,
        too.
    is_extensible
        Whether other codes may be used.

    """

    cid: str
    codes: frozenset[tuple[str, str]]
    is_extensible: bool

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(sorted(self.codes))

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Violation:
    """Departure of a dataset from the standard.

    Parameters
    ----------
    path
        Keywords and zero-based item numbers from the top of the dataset, such as
        ``"SegmentSequence[0].SegmentNumber"``.
    keyword, tag
        Attribute concerned.
    rule
        Kind of requirement that is not met.
    message
        One sentence.
    severity
        How bad it is.
    source
        Key of the module, macro or IOD that states the requirement;
        ``"value-representations"`` for formats of values and ``"consistency"`` for
        what contradicts itself.

    """

    path: str
    keyword: str
    tag: int
    rule: Requirement
    message: str
    severity: Severity
    source: str

    def __str__(self) -> str:
        return f"{self.severity.value}: {self.path}: {self.message}"
