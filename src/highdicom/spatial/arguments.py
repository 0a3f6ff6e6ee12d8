"""Vectors, positions and conventions that callers give, checked once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from highdicom.arguments import is_number
from highdicom.errors import ArgumentTypeError, InvalidArgumentError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Vector = Sequence[float] | FloatArray
Points = Sequence[Sequence[float]] | FloatArray


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
    if is_number(values):
        values = [values] * length
    result = vector(values, length, name)
    if (result <= 0.0).any():
        raise InvalidArgumentError(
            f"'{name}' must hold positive numbers, but is {result.tolist()}."
        )
    return result


def pixel_spacing_pair(values: object) -> FloatArray:
    """Give the distances between rows and between columns, which must be two."""
    if is_number(values):
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
