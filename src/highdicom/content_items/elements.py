"""Encoded elements that content items are made of."""

import re
from functools import lru_cache

from pydicom.dataelem import RawDataElement

from highdicom.encoding.elements import raw_element
from highdicom.encoding.headers import element_header, has_long_length, item_header
from highdicom.errors import ArgumentTypeError, InvalidArgumentError

__all__ = ["checked_uid", "encoded_element", "sequence_element", "uid_element"]

_UID_FORM = re.compile(r"[0-9]+(\.[0-9]+)*")


def sequence_element(tag: int, *elements: RawDataElement) -> RawDataElement:
    """Sequence of one item, from its elements in the order of their tags."""
    item = b"".join(map(encoded_element, elements))
    return raw_element(tag, "SQ", item_header(len(item)) + item)


@lru_cache(maxsize=4096)
def encoded_element(element: RawDataElement) -> bytes:
    """Element with its header (explicit VR little endian)."""
    vr, value = element.VR or "UN", element.value or b""
    header = element_header(element.tag, vr, implicit=False)
    width = 4 if has_long_length(vr, implicit=False) else 2
    return header + len(value).to_bytes(width, "little") + value


def checked_uid(value: str, argument: str) -> str:
    """UID that has the form of one.

    Leading zeros of components are let pass: a reference has to repeat what the object
    says.

    Raises
    ------
    ArgumentTypeError
        If it is not a string.
    InvalidArgumentError
        If it does not have the form of a UID (PS3.5 9.1).

    """
    if not isinstance(value, str):
        raise ArgumentTypeError(
            f"'{argument}' must be a string, not {type(value).__name__}."
        )
    if len(value) > 64 or not _UID_FORM.fullmatch(value):
        raise InvalidArgumentError(
            f"'{argument}' must be a UID, which has up to 64 digits and dots, "
            f"not {value[:80]!r}."
        )
    return value


def uid_element(tag: int, value: str, argument: str) -> RawDataElement:
    """Element of a UID; errors as of `checked_uid`."""
    return raw_element(tag, "UI", checked_uid(value, argument).encode("ascii"))
