"""When rows of requirement MC or UC are to be present (PS3.16 6.1.6)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.content_items.concepts import is_same_concept, key_of_code
from highdicom.content_items.query import value_key_of
from highdicom.records import record, replace

__all__ = ["Condition", "Found", "all_of", "any_present", "none_present", "value_is"]

Found: TypeAlias = Mapping[str, Sequence[Dataset]]
"""Items of one parent, by number of the row that they follow."""


@record
class Condition:
    """When a row is to be present.

    Parameters
    ----------
    text
        Completes "is required" or "is allowed".
    holds
        Whether it is to be, from what else is there.
    is_exclusive
        Whether the row must not be there otherwise.
    alternatives
        Numbers of the rows that make this one unnecessary.

    """

    text: str
    holds: Callable[[Found], bool]
    is_exclusive: bool = False
    alternatives: tuple[str, ...] = ()

    @property
    def exclusively(self) -> "Condition":
        """The same for a row that must not be there otherwise."""
        return replace(self, is_exclusive=True)


def _listed(rows: tuple[str, ...], conjunction: str) -> str:
    if len(rows) == 1:
        return f"row {rows[0]} is"
    return f"rows {', '.join(rows[:-1])} {conjunction} {rows[-1]} are"


def none_present(*rows: str) -> Condition:
    """If none of the rows is there."""
    return Condition(
        f"if {_listed(rows, 'and')} absent",
        lambda found: not any(found.get(row) for row in rows),
        alternatives=rows,
    )


def any_present(*rows: str) -> Condition:
    """If one of the rows is there."""
    return Condition(
        f"if {_listed(rows, 'or')} present",
        lambda found: any(found.get(row) for row in rows),
    )


def value_is(row: str, code: Code, *, or_absent: bool = False) -> Condition:
    """If a row of value type CODE has a value, or is absent where that means it."""
    key = key_of_code(code)

    def holds(found: Found) -> bool:
        items = found.get(row)
        if not items:
            return or_absent
        return any(is_same_concept(value_key_of(item), key) for item in items)

    absent = " or absent" if or_absent else ""
    return Condition(f"if the value of row {row} is '{code.meaning}'{absent}", holds)


def all_of(*conditions: Condition) -> Condition:
    """If all of the conditions hold."""
    return Condition(
        " and ".join(condition.text for condition in conditions).replace(
            " and if ", " and "
        ),
        lambda found: all(condition.holds(found) for condition in conditions),
    )
