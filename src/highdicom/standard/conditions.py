"""Evaluates conditions on a dataset.

The answer is True, False or None: whether a condition holds cannot always be told. An
attribute is looked for beside the one that the condition is about, then in the
enclosing items, in the functional groups of the frame, and at the top.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Optional

from pydicom.dataset import Dataset

from highdicom.standard.model import (
    Combination,
    Expression,
    Negation,
    Reference,
    Test,
)
from highdicom.standard.values import (
    Element,
    Value,
    equals,
    is_empty,
    is_sequence,
    items_of,
    stored_element,
    values_of,
)

__all__ = ["Scope", "describe", "holds"]


class _Elsewhere(Enum):
    """Answer to a search for an attribute that differs between frames."""

    IN_FRAMES = "in frames"


class Scope:
    """Dataset with what encloses it.

    Parameters
    ----------
    dataset
        Top-level data set or item.
    parent
        Scope of the dataset or item that contains the item.
    groups
        If the dataset is an item of the functional groups of a frame or of all frames:
        all items, its own included, whose functional groups apply to it.
    frames
        If the dataset is the item of the shared functional groups: some frames, whose
        functional groups it does not know.

    """

    __slots__ = ("dataset", "depth", "frames", "groups", "parent", "root")

    def __init__(
        self,
        dataset: Dataset,
        parent: Optional["Scope"] = None,
        groups: tuple[Dataset, ...] = (),
        frames: tuple[Dataset, ...] = (),
    ) -> None:
        self.dataset = dataset
        self.parent = parent
        self.groups = groups
        self.frames = frames
        self.root: Scope = parent.root if parent else self
        self.depth: int = parent.depth + 1 if parent else 0

    def encloses(self, item: Dataset) -> bool:
        """Whether an item is this dataset or contains it."""
        scope: Scope | None = self
        while scope is not None:
            if scope.dataset is item:
                return True
            scope = scope.parent
        return False

    def find(self, reference: Reference) -> Element | _Elsewhere | None:
        """Find the attribute that a condition asks about."""
        scope: Scope | None = self.root if reference.from_top else self
        while scope is not None:
            element = stored_element(scope.dataset, reference.tag)
            if element is None:
                element = _in_groups(scope.groups, reference.tag)
            if element is not None:
                return element
            if _in_groups(scope.frames, reference.tag) is not None:
                return _Elsewhere.IN_FRAMES
            scope = scope.parent
        return None


def _in_groups(items: Iterable[Dataset], tag: int) -> Element | None:
    """Find an attribute in the functional groups that stand in some items."""
    for item in items:
        found = stored_element(item, tag)
        if found is not None:
            return found
        for group_tag in item.keys():  # noqa: SIM118  iterating converts elements
            group = stored_element(item, group_tag)
            if group is None or not is_sequence(group):
                continue
            for inner in items_of(item, group_tag) or ():
                found = stored_element(inner, tag)
                if found is not None:
                    return found
    return None


def _compare(value: Value, operator: str, printed: str) -> bool:
    try:
        number, limit = float(value), float(printed)
    except ValueError:
        return False
    if operator == "<":
        return number < limit
    if operator == ">":
        return number > limit
    return number <= limit if operator == "<=" else number >= limit


def _compared(test: Test, element: Element | None) -> bool | None:
    """Answer of a test that asks about values."""
    if element is None or is_empty(element):
        return None if test.operator == "!=" else False
    values = values_of(element)
    if values is None:
        return None
    if test.value_number is not None:
        values = values[test.value_number - 1 : test.value_number]
    if test.operator in {"=", "!="}:
        found = any(equals(value, text) for value in values for text in test.values)
        return found == (test.operator == "=")
    return any(_compare(value, test.operator, test.values[0]) for value in values)


def _answer(test: Test, scope: Scope) -> bool | None:
    element = scope.find(test.reference)
    if isinstance(element, _Elsewhere):
        return None
    if test.operator == "present":
        return element is not None
    if test.operator == "absent":
        return element is None
    if test.operator == "empty":
        return element is not None and is_empty(element)
    if test.operator == "filled":
        return element is not None and not is_empty(element)
    return _compared(test, element)


def holds(expression: Expression, scope: Scope) -> bool | None:
    """Whether an expression holds in a scope; None if that cannot be told."""
    if isinstance(expression, Test):
        return _answer(expression, scope)
    if isinstance(expression, Negation):
        answer = holds(expression.part, scope)
        return None if answer is None else not answer
    decisive = expression.operator == "or"
    answers = [holds(part, scope) for part in expression.parts]
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def describe(expression: Expression) -> str:
    """Words for an expression."""
    if isinstance(expression, Negation):
        return f"not ({describe(expression.part)})"
    if isinstance(expression, Combination):
        return f" {expression.operator} ".join(
            f"({describe(part)})" if isinstance(part, Combination) else describe(part)
            for part in expression.parts
        )
    name = expression.reference.keyword
    if expression.value_number is not None:
        name = f"value {expression.value_number} of {name}"
    if not expression.values:
        return f"{name} is {_WORDS.get(expression.operator, expression.operator)}"
    values = " or ".join(expression.values)
    return f"{name} is {_WORDS[expression.operator]}{values}"


_WORDS = {
    "filled": "not empty",
    "=": "",
    "!=": "not ",
    "<": "less than ",
    "<=": "at most ",
    ">": "greater than ",
    ">=": "at least ",
}
