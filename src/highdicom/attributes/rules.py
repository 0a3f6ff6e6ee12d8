"""Rules across the attributes of one item."""

from collections.abc import Callable
from typing import Any

from highdicom.errors import (
    ArgumentError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)

__all__ = ["Rule", "at_least_one_of", "at_most_one_of", "required_if", "together"]


class Rule:
    """Something that holds between attributes, at construction and in validation.

    Parameters
    ----------
    message
        One sentence on what is required.
    holds
        Takes the item.
    error
        Raised by constructors where it does not hold.

    """

    def __init__(
        self,
        message: str,
        holds: Callable[[Any], bool],
        error: type[ArgumentError] = ConflictingArgumentsError,
    ) -> None:
        self.message = message
        self._holds = holds
        self._error = error

    def holds(self, item: object) -> bool:
        """Whether an item keeps the rule."""
        return self._holds(item)

    def enforce(self, item: object) -> None:
        """Raise the error of the rule if an item breaks it."""
        if not self._holds(item):
            raise self._error(self.message)


def _given(item: object, names: tuple[str, ...]) -> int:
    return sum(getattr(item, name) not in (None, [], ()) for name in names)


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(f"'{name}'" for name in names)


def together(*names: str) -> Rule:
    """All of the attributes are given, or none of them."""
    return Rule(
        f"{_listed(names)} must be given together.",
        lambda item: _given(item, names) in {0, len(names)},
    )


def at_most_one_of(*names: str) -> Rule:
    """The attributes exclude each other."""
    return Rule(
        f"Only one of {_listed(names)} may be given.",
        lambda item: _given(item, names) <= 1,
    )


def at_least_one_of(*names: str) -> Rule:
    """One or more of the attributes are given."""
    return Rule(
        f"At least one of {_listed(names)} must be given.",
        lambda item: _given(item, names) >= 1,
    )


def required_if(
    name: str,
    condition: Callable[[Any], bool],
    reason: str,
    error: type[ArgumentError] = InvalidArgumentError,
) -> Rule:
    """Require an attribute where a condition holds.

    Parameters
    ----------
    name
        The attribute.
    condition
        Takes the item.
    reason
        Completes "... is required ...", e.g. "unless 'algorithm_type' is MANUAL".
    error
        Raised by constructors.

    """
    return Rule(
        f"'{name}' is required {reason}.",
        lambda item: not condition(item) or _given(item, (name,)) == 1,
        error,
    )
