"""Numbers as decimal and integer strings (VR DS and IS, PS3.5 6.2)."""

from collections.abc import Iterator
from math import isfinite

from highdicom.errors import InvalidArgumentError

__all__ = ["decimal_string", "integer_string"]

_MAXIMUM_LENGTH = 16
_INTEGER_RANGE = (-(2**31), 2**31 - 1)


def _compact(text: str) -> str:
    """Leave out what a number can do without: zeros and signs of no effect."""
    mantissa, _, exponent = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def _roundings(value: float) -> Iterator[str]:
    """Longest fixed-point and floating-point texts that fit."""
    for kind in "fe":
        for digits in range(_MAXIMUM_LENGTH - 2, -1, -1):
            text = _compact(f"{value:.{digits}{kind}}")
            if len(text) <= _MAXIMUM_LENGTH and isfinite(float(text)):
                yield text
                break


def decimal_string(value: float) -> str:
    """Write a number as a decimal string (VR DS) of at most 16 characters.

    The text is the shortest that reads back to the same number if there is one, and
    the nearest that fits otherwise.

    Raises
    ------
    InvalidArgumentError
        If the number is not finite.

    """
    if not isfinite(value):
        raise InvalidArgumentError(
            f"The number {value} cannot be written as a decimal string (VR DS), "
            "which has to be finite."
        )
    text = repr(float(value))
    if text.endswith(".0"):
        text = text[:-2]
        return "0" if text == "-0" else text if len(text) <= 16 else _nearest(value)
    if len(text) > _MAXIMUM_LENGTH or "e" in text:
        return _nearest(value)
    return text


def _nearest(value: float) -> str:
    exact = _compact(repr(float(value)))
    if len(exact) <= _MAXIMUM_LENGTH:
        return exact
    return min(
        _roundings(value), key=lambda text: (abs(float(text) - value), len(text))
    )


def integer_string(value: int) -> str:
    """Write a number as an integer string (VR IS).

    Raises
    ------
    InvalidArgumentError
        If the number does not fit 32 bits.

    """
    low, high = _INTEGER_RANGE
    if not low <= value <= high:
        raise InvalidArgumentError(
            f"The number {value} cannot be written as an integer string (VR IS), "
            f"which has to be in the range from {low} to {high}."
        )
    return str(int(value))
