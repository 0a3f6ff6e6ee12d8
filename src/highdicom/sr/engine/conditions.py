"""When rows of requirement MC or UC are to be present (PS3.16 Section 6.1.6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.content_items.concepts import is_same_concept, key_of_code
from highdicom.content_items.query import value_key_of

__all__ = ["Condition", "Found", "all_of", "any_present", "none_present", "value_is"]

Found: TypeAlias = Mapping[str, Sequence[Dataset]]
"""Items of one parent, by number of the row that they follow."""


@dataclass(frozen=True)
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

    """

    text: str
    holds: Callable[[Found], bool]
    is_exclusive: bool = False

    @property
    def exclusively(self) -> "Condition":
        """The same for a row that must not be there otherwise."""
        return replace(self, is_exclusive=True)


def none_present(*rows: str) -> Condition:
    """If none of the rows is there."""
    return Condition(
        f"if row {' and '.join(rows)} is absent",
        lambda found: not any(found.get(row) for row in rows),
    )


def any_present(*rows: str) -> Condition:
    """If one of the rows is there."""
    return Condition(
        f"if row {' or '.join(rows)} is present",
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
        " and ".join(condition.text for condition in conditions),
        lambda found: all(condition.holds(found) for condition in conditions),
    )
