"""Headers of data elements, items and delimitation items (PS3.5 7.1 and 7.5).

Little endian only, as everywhere in this package.
"""

from functools import cache, lru_cache
from struct import Struct

from pydicom.datadict import dictionary_VR

__all__ = [
    "ITEM",
    "ITEM_DELIMITATION",
    "LONG_LENGTH_VRS",
    "SEQUENCE_DELIMITATION",
    "UNDEFINED_LENGTH",
    "delimitation_item",
    "element_header",
    "has_long_length",
    "is_sequence_tag",
    "item_header",
    "padding_of",
]

ITEM = 0xFFFEE000
ITEM_DELIMITATION = 0xFFFEE00D
SEQUENCE_DELIMITATION = 0xFFFEE0DD
UNDEFINED_LENGTH = 0xFFFFFFFF

# PS3.5 Table 7.1-1: two reserved bytes and a length of four bytes follow the VR.
LONG_LENGTH_VRS = frozenset(
    ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
)
_PADDED_WITH_NULL = frozenset(("OB", "OD", "OF", "OL", "OV", "OW", "UI", "UN"))

_TAG = Struct("<HH")
_TAG_AND_LENGTH = Struct("<HHI")
_LONG = Struct("<I")


def has_long_length(vr: str, *, implicit: bool) -> bool:
    """Whether the length field of an element has four bytes rather than two."""
    return implicit or vr in LONG_LENGTH_VRS


@lru_cache(maxsize=8192)
def element_header(tag: int, vr: str, *, implicit: bool) -> bytes:
    """Header of an element up to its length field."""
    start = _TAG.pack(tag >> 16, tag & 0xFFFF)
    if implicit:
        return start
    start += vr.encode("ascii")
    return start + b"\0\0" if vr in LONG_LENGTH_VRS else start


def item_header(length: int) -> bytes:
    """Header of an item."""
    return b"\xfe\xff\x00\xe0" + _LONG.pack(length)


def delimitation_item(tag: int) -> bytes:
    """Item delimitation or sequence delimitation item."""
    return _TAG_AND_LENGTH.pack(tag >> 16, tag & 0xFFFF, 0)


def padding_of(vr: str) -> bytes:
    """Byte that brings a value of a VR to even length (PS3.5 6.2)."""
    return b"\0" if vr in _PADDED_WITH_NULL else b" "


@cache
def is_sequence_tag(tag: int) -> bool:
    """Whether the dictionary gives an attribute the VR SQ; private ones never have."""
    try:
        return dictionary_VR(tag) == "SQ"
    except KeyError:
        return False
