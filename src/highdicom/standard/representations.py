"""Which values a value representation allows (PS3.5 Table 6.2-1)."""

import re
from datetime import date, time
from typing import Any, NamedTuple

from pydicom.dataelem import RawDataElement
from pydicom.multival import MultiValue

from highdicom.standard.values import Element, vr_of_element

__all__ = ["misfit_of"]


class _Format(NamedTuple):
    """What text of a value representation looks like.

    Parameters
    ----------
    pattern
        What a value has to match.
    length
        Characters that it, or a group of a name, may have at most.
    called
        What it has to be, in words.

    """

    pattern: re.Pattern[str]
    length: int
    called: str


_TIME = r"([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?"
_PLAIN = r"[^\x00-\x1a\x1c-\x1f\\]*"
_LINES = r"[^\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]*"
_GROUP = r"[^\x00-\x1a\x1c-\x1f\\=^]*"
_PERSON = rf"{_GROUP}(\^{_GROUP}){{0,4}}"
_FORMATS = {
    vr: _Format(re.compile(pattern), length, called)
    for vr, pattern, length, called in (
        ("AE", r"[\x20-\x5b\x5d-\x7e]*", 16, "up to 16 printable characters"),
        ("AS", r"\d{3}[DWMY]", 4, "three digits and one of D, W, M and Y"),
        ("CS", r"[A-Z0-9 _]*", 16, "up to 16 capital letters, digits, spaces and _"),
        ("DA", r"\d{8}", 8, "a date as YYYYMMDD"),
        (
            "DS",
            r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?",
            16,
            "a decimal number of up to 16 characters",
        ),
        (
            "DT",
            r"\d{4}((0[1-9]|1[0-2])((0[1-9]|[12]\d|3[01])("
            + _TIME
            + r")?)?)?([+-][01]\d[0-5]\d)?",
            26,
            "a date and time as YYYYMMDDHHMMSS.FFFFFF&ZZXX",
        ),
        ("IS", r"[+-]?\d+", 12, "a whole number of up to 12 characters"),
        ("LO", _PLAIN, 64, "up to 64 characters, none of them for control"),
        ("LT", _LINES, 10240, "up to 10240 characters"),
        (
            "PN",
            rf"{_PERSON}(={_PERSON}){{0,2}}",
            64,
            "up to 3 groups of 64 characters, divided by =, of 5 components, divided by ^",
        ),
        ("SH", _PLAIN, 16, "up to 16 characters, none of them for control"),
        ("ST", _LINES, 1024, "up to 1024 characters"),
        ("TM", _TIME, 14, "a time as HHMMSS.FFFFFF"),
        (
            "UI",
            r"(0|[1-9]\d*)(\.(0|[1-9]\d*))*",
            64,
            "up to 64 digits and dots, with no component that starts with 0",
        ),
    )
}
_SINGLE = frozenset({"LT", "ST"})
_WHOLE_NUMBERS = range(-(2**31), 2**31)
_TOLD = 40
_CONVERTED = (date, time, type(None))


def misfit_of(element: Element) -> str | None:
    """Say which value of an element its value representation does not allow.

    Returns
    -------
    str or None
        End of a sentence about the attribute; None if all values are allowed, or if
        that cannot be told without knowing the character set.

    """
    vr = vr_of_element(element)
    form = _FORMATS.get(vr)
    if form is None:
        return None
    for value in _texts(element, vr):
        text = value.strip(" ") if vr != "UI" else value
        if text and not _fits(text, vr, form):
            told = text if len(text) <= _TOLD else f"{text[:_TOLD]}..."
            return f"has the value {told!r}, but {vr} has to be {form.called}"
    return None


def _texts(element: Element, vr: str) -> list[str]:
    """Values as they stand, or would stand, in a file."""
    value: Any = element.value
    if isinstance(element, RawDataElement):
        # A byte of another character set may look like a backslash.
        if value is None or not value.isascii() or b"\x1b" in value:
            return []
        text = value.decode("ascii").rstrip("\0 ")
        return [text] if vr in _SINGLE else text.split("\\")
    several = isinstance(value, (list, tuple, MultiValue))
    parts = value if several else [value]
    # Dates and times of Python are written as they should be.
    return [str(part) for part in parts if not isinstance(part, _CONVERTED)]


def _fits(text: str, vr: str, form: _Format) -> bool:
    # The groups of a name are measured one by one.
    parts = text.split("=") if vr == "PN" else [text]
    if any(len(part) > form.length for part in parts):
        return False
    if form.pattern.fullmatch(text) is None:
        return False
    if vr == "DA":
        return _is_date(text)
    return vr != "IS" or int(text) in _WHOLE_NUMBERS


def _is_date(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True
