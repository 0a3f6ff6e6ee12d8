"""Values of elements as they are stored, read without changing or converting them.

pydicom converts an element when it is asked for it, warns about values it finds odd,
and keeps the result. Checking a dataset must do none of that.
"""

import struct
from collections.abc import Sequence as AnySequence
from functools import cache
from typing import Any

from pydicom.datadict import dictionary_VM, dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

__all__ = [
    "READING_ERRORS",
    "Element",
    "Value",
    "dictionary_multiplicity",
    "dictionary_representation",
    "equals",
    "is_empty",
    "is_sequence",
    "items_of",
    "stored_element",
    "values_of",
    "vr_of_element",
]

Element = DataElement | RawDataElement
Value = str | int | float

_NUMBERS = {
    "US": "H",
    "SS": "h",
    "UL": "I",
    "SL": "i",
    "UV": "Q",
    "SV": "q",
    "FL": "f",
    "FD": "d",
}
_TEXTS = frozenset(
    {"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "PN", "SH", "TM", "UC", "UI"}
)
# Text in which a backslash does not separate values.
_LONG_TEXTS = frozenset({"LT", "ST", "UR", "UT"})
_UNDEFINED_LENGTH = 0xFFFFFFFF
# What reading a damaged sequence or value can raise in pydicom.
READING_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    EOFError,
)


@cache
def dictionary_representation(tag: int) -> str | None:
    """VR that the dictionary gives; None if it does not know the attribute."""
    try:
        return dictionary_VR(tag)
    except KeyError:
        return None


@cache
def dictionary_multiplicity(tag: int) -> str | None:
    """VM that the dictionary gives; None if it does not know the attribute."""
    try:
        return dictionary_VM(tag)
    except KeyError:
        return None


def stored_element(dataset: Dataset, tag: int) -> Element | None:
    """Element as it is stored, in the file meta information if it belongs there."""
    if tag >> 16 == 2:
        meta = getattr(dataset, "file_meta", None)
        if not isinstance(meta, Dataset):
            return None
        dataset = meta
    if tag not in dataset:
        return None
    element: Element = dataset.get_item(tag, keep_deferred=True)
    return element


def vr_of_element(element: Element) -> str:
    """VR as encoded, or else that of the dictionary; empty if neither says."""
    return element.VR or dictionary_representation(int(element.tag)) or ""


def is_sequence(element: Element) -> bool:
    """Whether the element is a sequence of items."""
    if isinstance(element, DataElement):
        return isinstance(element.value, Sequence)
    return vr_of_element(element) == "SQ"


def is_empty(element: Element) -> bool:
    """Whether the element has no value."""
    value = element.value
    if isinstance(element, RawDataElement):
        if value is None:
            return element.length == 0
        is_text = vr_of_element(element) in _TEXTS | _LONG_TEXTS
        return not (value.strip(b" \0") if is_text and len(value) < 64 else value)
    if value is None:
        return True
    if isinstance(value, (str, bytes, AnySequence)):
        return len(value) == 0
    return str(value) == "" if element.VR == "PN" else False


def _texts(encoded: bytes) -> tuple[Value, ...] | None:
    if not encoded.isascii() or b"\x1b" in encoded:
        return None  # a byte of another character set may look like a backslash
    return tuple(
        text.strip(" \0") for text in encoded.decode("ascii").rstrip("\0").split("\\")
    )


def _numbers(element: RawDataElement, character: str) -> tuple[Value, ...]:
    order = "<" if element.is_little_endian else ">"
    value = element.value or b""
    count = len(value) // struct.calcsize(character)
    numbers: tuple[Value, ...] = struct.unpack_from(f"{order}{count}{character}", value)
    return numbers


def _raw_values(element: RawDataElement) -> tuple[Value, ...] | None:
    vr = vr_of_element(element)
    if element.value is None:
        return None
    if vr in _TEXTS:
        return _texts(element.value)
    if vr.startswith("US or"):
        vr = "US"
    if vr == "AT":
        halves = _numbers(element, "H")
        return tuple(
            f"{high:04X}{low:04X}"
            for high, low in zip(halves[::2], halves[1::2], strict=False)
        )
    return _numbers(element, _NUMBERS[vr]) if vr in _NUMBERS else None


def values_of(element: Element) -> tuple[Value, ...] | None:
    """Values of an element.

    Returns
    -------
    tuple or None
        Text without padding, numbers (those of DS and IS as text, if they are still
        encoded), and tags as eight hexadecimal digits. None for sequences, long text,
        binary data, and what cannot be told without decoding.

    """
    if isinstance(element, RawDataElement):
        return _raw_values(element)
    value, vr = element.value, element.VR
    if vr in _LONG_TEXTS or isinstance(value, (Sequence, bytes, bytearray)):
        return None
    if not (vr in _TEXTS or vr in _NUMBERS or vr == "AT" or vr.startswith("US or")):
        return None
    several = isinstance(value, (list, tuple, MultiValue))
    values: AnySequence[Any] = value if several else [value]
    if vr == "AT":
        return tuple(f"{int(tag):08X}" for tag in values)
    return tuple(
        part if isinstance(part, (int, float)) else str(part).strip(" \0")
        for part in values
    )


def equals(value: Value, printed: str) -> bool:
    """Whether a value is the one that is printed: as numbers or else as text."""
    if value == printed:
        return True
    try:
        return float(value) == float(printed)
    except ValueError:
        return False


def items_of(dataset: Dataset, tag: int) -> Sequence | None:
    """Items of a sequence; None if it cannot be read."""
    try:
        value = dataset[tag].value
    except READING_ERRORS:
        return None
    return value if isinstance(value, Sequence) else None
