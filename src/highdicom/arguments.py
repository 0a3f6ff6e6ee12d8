"""Numbers and names that callers give, checked in one place."""

from decimal import Decimal
from enum import Enum
from typing import SupportsFloat, TypeVar

import numpy as np

from highdicom.errors import ArgumentTypeError, InvalidArgumentError

__all__ = ["is_number", "member_of", "nonzero", "number", "tolerance", "whole_number"]

E = TypeVar("E", bound=Enum)


def is_number(value: object) -> bool:
    """Tell whether a value is a number; pydicom can be told to read decimals."""
    return isinstance(
        value, (int, float, Decimal, np.integer, np.floating)
    ) and not isinstance(value, bool)


def number(value: object, name: str) -> float:
    """Give a finite number.

    Raises
    ------
    ArgumentTypeError
        If the value is not a number.
    InvalidArgumentError
        If the value is not finite.

    """
    # The common types first: whether a value has a method is slow to find out.
    if not isinstance(value, (int, float)) and (
        not isinstance(value, SupportsFloat) or np.ndim(value) > 0  # type: ignore[arg-type]
    ):
        raise ArgumentTypeError(f"'{name}' must be a number, not {value!r}.")
    try:
        result = float(value)
    except TypeError as error:
        raise ArgumentTypeError(f"'{name}' must be a number, not {value!r}.") from error
    if not np.isfinite(result):
        raise InvalidArgumentError(f"'{name}' must be finite, not {result}.")
    return result


def tolerance(value: object, name: str) -> float:
    """Give a finite number that is not negative."""
    result = number(value, name)
    if result < 0.0:
        raise InvalidArgumentError(f"'{name}' must not be negative, but is {result}.")
    return result


def nonzero(value: object, name: str) -> float:
    """Give a finite number other than zero."""
    result = number(value, name)
    if result == 0.0:
        raise InvalidArgumentError(f"'{name}' must not be zero.")
    return result


def whole_number(value: object, name: str, *, lowest: int) -> int:
    """Give an integer that is not below a limit.

    Raises
    ------
    ArgumentTypeError
        If the value is not an integer.
    InvalidArgumentError
        If it is below the limit.

    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise ArgumentTypeError(f"'{name}' must be an integer, not {value!r}.")
    if value < lowest:
        raise InvalidArgumentError(f"'{name}' must be at least {lowest}, not {value}.")
    return int(value)


def member_of(enumeration: type[E], value: object, name: str) -> E:
    """Give the member of an enumeration, named by itself or by its value.

    Raises
    ------
    InvalidArgumentError
        If there is none.

    """
    try:
        return enumeration(value)
    except ValueError as error:
        allowed = ", ".join(str(member.value) for member in enumeration)
        raise InvalidArgumentError(
            f"'{name}' must be one of {allowed}, not {value!r}."
        ) from error
