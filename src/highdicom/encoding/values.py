"""Values of data elements as bytes, for the cases that need no care.

Each function returns None where pydicom should do it: text other than ASCII, person
names, dates held as such, wrong types.
"""

import struct
from collections.abc import Callable
from functools import partial
from io import BufferedIOBase
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.multival import MultiValue

from highdicom.errors import InvalidArgumentError

__all__ = ["NUMBER_TYPES", "checked_numbers", "encoded_value"]

NUMBER_TYPES: dict[str, np.dtype[Any]] = {
    "US": np.dtype("<u2"),
    "SS": np.dtype("<i2"),
    "UL": np.dtype("<u4"),
    "SL": np.dtype("<i4"),
    "UV": np.dtype("<u8"),
    "SV": np.dtype("<i8"),
    "FL": np.dtype("<f4"),
    "FD": np.dtype("<f8"),
}
"""Types of the values of the numeric VRs."""

_TEXT_VRS = (
    *("AE", "AS", "CS", "DA", "DT", "LO", "LT", "SH", "ST", "TM", "UC", "UR"),
    "UT",
)
_BYTES_VRS = ("OB", "OD", "OF", "OL", "OV", "OW", "UN")


def _text(value: Any) -> bytes | None:
    if not isinstance(value, str):
        if not isinstance(value, (list, MultiValue)):
            return None
        try:
            value = "\\".join(value)
        except TypeError:
            return None
    if not value.isascii():
        return None
    encoded: bytes = value.encode("ascii")
    return encoded + b" " if len(encoded) & 1 else encoded


def _unique_identifier(value: Any) -> bytes | None:
    encoded = _text(value)
    # A space never stands in a UID but as padding.
    return encoded[:-1] + b"\0" if encoded and encoded[-1] == 0x20 else encoded


def _number_text(value: Any) -> str:
    # As read from a file, if it was.
    original = getattr(value, "original_string", None)
    return str(value) if original is None else original


def _number_string(value: Any) -> bytes | None:
    if isinstance(value, (list, MultiValue)):
        value = [_number_text(number) for number in value]
    else:
        value = _number_text(value)
    return _text(value)


def checked_numbers(array: npt.NDArray[Any], vr: str) -> npt.NDArray[Any]:
    """Numbers in the type of a numeric VR, which has to hold them.

    Raises
    ------
    InvalidArgumentError
        If integers are out of range, or numbers are no integers where they should be.

    """
    target = NUMBER_TYPES[vr]
    if target.kind == "f":
        return array.astype(target)
    if array.dtype.kind not in "iub":
        raise InvalidArgumentError(
            f"Values of type {array.dtype} cannot be written with VR {vr}, "
            "which takes integers."
        )
    limits = np.iinfo(target)
    low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
    if low < limits.min or high > limits.max:
        raise InvalidArgumentError(
            f"Values from {low} to {high} cannot be written with VR {vr}, "
            f"whose range is {limits.min} to {limits.max}."
        )
    return array.astype(target)


_FORMATS = dict(zip(NUMBER_TYPES, "HhIiQqfd", strict=True))


def _number(value: Any, vr: str) -> bytes | None:
    try:
        if isinstance(value, (list, MultiValue)):
            return struct.pack(f"<{len(value)}{_FORMATS[vr]}", *value)
        if isinstance(value, np.ndarray):
            return checked_numbers(value, vr).tobytes()
        return struct.pack(f"<{_FORMATS[vr]}", value)
    except (struct.error, OverflowError, TypeError, InvalidArgumentError):
        return None


def _tag(value: Any) -> bytes | None:
    tags = value if isinstance(value, (list, MultiValue)) else [value]
    if not all(isinstance(tag, int) for tag in tags):
        return None
    return b"".join(
        (tag >> 16 & 0xFFFF | (tag & 0xFFFF) << 16).to_bytes(4, "little")
        for tag in tags
    )


def _bytes(value: Any) -> bytes | None:
    if isinstance(value, BufferedIOBase):
        start = value.tell()
        value, buffer = value.read(), value
        buffer.seek(start)
    if not isinstance(value, (bytes, bytearray)):
        return None
    return bytes(value) + b"\0" if len(value) & 1 else bytes(value)


_ENCODERS: dict[str, Callable[[Any], bytes | None]] = {
    **dict.fromkeys(_TEXT_VRS, _text),
    **{vr: partial(_number, vr=vr) for vr in NUMBER_TYPES},
    **dict.fromkeys(_BYTES_VRS, _bytes),
    "AT": _tag,
    "DS": _number_string,
    "IS": _number_string,
    "UI": _unique_identifier,
}


def encoded_value(vr: str, value: Any) -> bytes | None:
    """Encode the value of an element other than a sequence, little endian.

    Returns
    -------
    bytes | None
        Value of even length, or None where pydicom should do it.

    """
    if value is None or (value.__class__ is str and not value):
        return b""
    encode = _ENCODERS.get(vr)
    return encode(value) if encode else None
