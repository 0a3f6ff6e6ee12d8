"""One level of an encoded content tree as items, quickly (PS3.5 7.5).

What is in the items stays encoded. Encodings that need care (lengths that are not
defined, big endian, character sets of single items) are left to pydicom.
"""

import struct
from functools import lru_cache
from typing import Any

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from highdicom.encoding.elements import dataset_of_elements, tag_of
from highdicom.encoding.headers import LONG_LENGTH_VRS, UNDEFINED_LENGTH

__all__ = ["decoded_items"]

_ITEM = b"\xfe\xff\x00\xe0"
_SPECIFIC_CHARACTER_SET = 0x00080005
# What is the same in many items, so that they share it when it is short.
_SHARED = frozenset(
    tag_of(keyword)
    for keyword in (
        "RelationshipType",
        "ValueType",
        "ConceptNameCodeSequence",
        "ConceptCodeSequence",
        "MeasurementUnitsCodeSequence",
        "ContentTemplateSequence",
        "ContinuityOfContent",
        "GraphicType",
        "CodeValue",
        "CodingSchemeDesignator",
        "CodeMeaning",
        "ReferencedSOPClassUID",
    )
)
_SHORT = 256
_LONG = frozenset(vr.encode("ascii") for vr in LONG_LENGTH_VRS)

_long = struct.Struct("<I").unpack_from
_implicit_header = struct.Struct("<HHI").unpack_from
_explicit_header = struct.Struct("<HH2sH").unpack_from


@lru_cache(maxsize=1024)
def _tag(number: int) -> BaseTag:
    """Tag of a number, the same object as elsewhere, so that dictionaries are fast."""
    keyword = keyword_for_tag(number)
    return tag_of(keyword) if keyword else BaseTag(number)


@lru_cache(maxsize=256)
def _vr(code: bytes) -> str:
    return code.decode("ascii")


@lru_cache(maxsize=4096)
def _shared(tag: BaseTag, vr: str | None, value: bytes) -> RawDataElement:
    return RawDataElement(tag, vr, len(value), value, 0, vr is None, True)


def _element(tag: BaseTag, vr: str | None, value: bytes) -> RawDataElement:
    """Encoded element, the same object for many items if it is the same in them."""
    if tag in _SHARED and len(value) <= _SHORT:
        return _shared(tag, vr, value)
    return RawDataElement(tag, vr, len(value), value, 0, vr is None, True)


def decoded_items(element: RawDataElement, owner: Dataset) -> list[Dataset] | None:
    """Decode the items of a sequence, but not what is in them.

    Parameters
    ----------
    element
        The encoded sequence.
    owner
        The dataset that it is in.

    Returns
    -------
    list[Dataset] | None
        The items, or None where pydicom should do it.

    """
    value = element.value
    if not value or not element.is_little_endian:
        return None
    if element.length == UNDEFINED_LENGTH:
        return None
    read = _implicit_elements if element.is_implicit_VR else _explicit_elements
    character_set: Any = owner._character_set  # noqa: SLF001 (public only with cost)
    items = []
    position, end = 0, len(value)
    try:
        while position < end:
            if value[position : position + 4] != _ITEM:
                return None
            (length,) = _long(value, position + 4)
            position += 8
            if length > end - position:
                return None
            elements = read(value, position, position + length)
            if elements is None or _SPECIFIC_CHARACTER_SET in elements:
                return None
            item = dataset_of_elements(Dataset, elements)
            state = item.__dict__
            state["_read_implicit"] = element.is_implicit_VR
            state["_read_charset"] = state["_parent_encoding"] = character_set
            items.append(item)
            position += length
    except struct.error:
        return None
    return items


def _explicit_elements(value: bytes, position: int, end: int) -> dict[Any, Any] | None:
    elements: dict[Any, Any] = {}
    while position < end:
        group, number, code, length = _explicit_header(value, position)
        if code in _LONG:
            (length,) = _long(value, position + 8)
            position += 12
        else:
            position += 8
        stop = position + length
        if stop > end or not code.isalpha():
            return None
        tag = _tag(group << 16 | number)
        elements[tag] = _element(tag, _vr(code), value[position:stop])
        position = stop
    return elements


def _implicit_elements(value: bytes, position: int, end: int) -> dict[Any, Any] | None:
    elements: dict[Any, Any] = {}
    while position < end:
        group, number, length = _implicit_header(value, position)
        position += 8
        stop = position + length
        if stop > end:
            return None
        tag = _tag(group << 16 | number)
        elements[tag] = _element(tag, None, value[position:stop])
        position = stop
    return elements
