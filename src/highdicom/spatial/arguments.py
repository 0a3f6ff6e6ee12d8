"""Numbers and names that callers give, checked once."""

from collections.abc import Sequence
from enum import Enum
from typing import SupportsFloat, TypeVar

import numpy as np
import numpy.typing as npt

from highdicom.errors import ArgumentTypeError, InvalidArgumentError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Vector = Sequence[float] | FloatArray
Points = Sequence[Sequence[float]] | FloatArray

_Member = TypeVar("_Member", bound=Enum)


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


def vector(values: object, length: int, name: str) -> FloatArray:
    """Give a sequence of finite numbers as an array.

    Raises
    ------
    ArgumentTypeError
        If the value is not a sequence.
    InvalidArgumentError
        If it has another length or holds anything but finite numbers.

    """
    if isinstance(values, (str, bytes)) or not isinstance(
        values, (Sequence, np.ndarray)
    ):
        raise ArgumentTypeError(
            f"'{name}' must be a sequence of {length} numbers, not {values!r}."
        )
    try:
        result = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"'{name}' must hold {length} numbers, but is {values!r}."
        ) from error
    if result.shape != (length,):
        raise InvalidArgumentError(
            f"'{name}' must hold {length} numbers, but has shape {result.shape}."
        )
    if not np.isfinite(result).all():
        raise InvalidArgumentError(
            f"'{name}' must hold finite numbers, but is {result.tolist()}."
        )
    return result


def spacings(values: object, length: int, name: str) -> FloatArray:
    """Give one positive distance for each axis; a single number serves for all.

    Raises
    ------
    ArgumentTypeError
        If the value is neither a number nor a sequence.
    InvalidArgumentError
        If it has another length or a distance is not positive and finite.

    """
    if isinstance(values, (int, float, np.number)):
        values = [values] * length
    result = vector(values, length, name)
    if (result <= 0.0).any():
        raise InvalidArgumentError(
            f"'{name}' must hold positive numbers, but is {result.tolist()}."
        )
    return result


def pixel_spacing_pair(values: object) -> FloatArray:
    """Give the distances between rows and between columns, which must be two."""
    if isinstance(values, (int, float, np.number)):
        raise ArgumentTypeError(
            f"'pixel_spacing' must be a sequence of 2 numbers, not {values!r}."
        )
    return spacings(values, 2, "pixel_spacing")


def positions(values: object, name: str) -> FloatArray:
    """Give points as an array of shape (n, 3), n > 0.

    Raises
    ------
    InvalidArgumentError
        If the shape differs or a coordinate is not finite; the message names the
        first frame concerned, counting from one.

    """
    try:
        result = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"'{name}' must hold three numbers for each frame."
        ) from error
    if result.ndim != 2 or result.shape[1] != 3 or result.shape[0] == 0:
        raise InvalidArgumentError(
            f"'{name}' must have shape (n, 3) with n > 0, not {result.shape}."
        )
    bad = np.flatnonzero(~np.isfinite(result).all(axis=1))
    if bad.size:
        raise InvalidArgumentError(
            f"'{name}' must hold finite numbers, but the position of frame "
            f"{bad[0] + 1} is {result[bad[0]].tolist()}."
        )
    return result


def member(kind: type[_Member], value: object, name: str) -> _Member:
    """Give the member of an enumeration, named by itself or by its value.

    Raises
    ------
    InvalidArgumentError
        If there is none.

    """
    try:
        return kind(value)
    except ValueError as error:
        allowed = ", ".join(repr(item.value) for item in kind)
        raise InvalidArgumentError(
            f"'{name}' must be one of {allowed}, not {value!r}."
        ) from error


def letters(value: object, length: int, name: str) -> list[object]:
    """Give the letters of a convention, such as those of "DR".

    Raises
    ------
    ArgumentTypeError
        If the value is not a sequence.
    InvalidArgumentError
        If it has another length.

    """
    if not isinstance(value, Sequence):
        raise ArgumentTypeError(
            f"'{name}' must be a string or sequence of {length} letters, not {value!r}."
        )
    if len(value) != length:
        raise InvalidArgumentError(
            f"'{name}' must have {length} letters, but is {value!r}."
        )
    return list(value)
