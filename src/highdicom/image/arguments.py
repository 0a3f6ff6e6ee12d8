"""Arguments that name a member of an enumeration."""

from enum import Enum
from typing import TypeVar

from highdicom.errors import InvalidArgumentError

__all__ = ["enumerated_argument"]

E = TypeVar("E", bound=Enum)


def enumerated_argument(enumeration: type[E], name: str, value: object) -> E:
    """Give the member that an argument stands for.

    Parameters
    ----------
    enumeration
        Enumeration of what is allowed.
    name
        Name of the argument, for messages.
    value
        Member, or its value.

    Raises
    ------
    InvalidArgumentError
        If it is neither.

    """
    try:
        return enumeration(value)
    except ValueError as error:
        allowed = ", ".join(str(member.value) for member in enumeration)
        raise InvalidArgumentError(
            f"'{name}' must be one of {allowed}, not {value!r}."
        ) from error
