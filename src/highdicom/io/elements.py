"""Data elements as they stand in a file, little endian (PS3.5 7.1).

pydicom's reader decodes sequences of undefined length while it reads, recursively and
at about a millisecond for each item. Here every sequence stays one raw element, and
each length is held against what there is.
"""

from collections.abc import Callable
from io import BytesIO
from struct import Struct
from typing import NamedTuple, cast

from pydicom.charset import convert_encodings, default_encoding
from pydicom.datadict import dictionary_has_tag, dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement, empty_value_for_VR
from pydicom.filereader import read_sequence
from pydicom.tag import BaseTag
from pydicom.valuerep import VR

from highdicom.errors import NonconformantDatasetError
from highdicom.io.items import (
    ITEM,
    LONG_VRS,
    SEQUENCE_DELIMITATION,
    SHORT_VRS,
    UNDEFINED_LENGTH,
    check_nesting,
    take_items,
)
from highdicom.io.window import Window
from highdicom.policy import tolerate

__all__ = ["Elements", "ElementHeader", "element_header", "scan_elements"]

Elements = dict[BaseTag, RawDataElement | DataElement]

_EXPLICIT = Struct("<HH2sH").unpack_from
_IMPLICIT = Struct("<HHI").unpack_from
_SPECIFIC_CHARACTER_SET = 0x00080005
_VRS = {vr: vr.decode() for vr in SHORT_VRS | LONG_VRS}
_SHORT_VRS = {vr: vr.decode() for vr in SHORT_VRS}

# pydicom decodes unknown representations of shorter values by itself.
_LONG_UNKNOWN = 0xFFFF


class ElementHeader(NamedTuple):
    """Header of a data element."""

    tag: int
    vr: str | None
    length: int
    size: int


def element_header(data: bytes, *, implicit: bool) -> ElementHeader:
    """Decode the header of an element.

    Parameters
    ----------
    data
        The 12 bytes at its start; at the end of a file 8 may do.
    implicit
        Whether there are no value representations. Where there should be and is none,
        the header is taken for an implicit one, as careless writers mix them.

    """
    if not implicit:
        group, element, vr, length = _EXPLICIT(data)
        known = _VRS.get(vr)
        if vr in LONG_VRS:
            length = int.from_bytes(data[8:12], "little")
            return ElementHeader(group << 16 | element, known, length, 12)
        if known or (vr.isalpha() and vr.isupper()):
            return ElementHeader(group << 16 | element, known or vr.decode(), length, 8)
    group, element, length = _IMPLICIT(data)
    return ElementHeader(group << 16 | element, None, length, 8)


def _label(tag: int) -> str:
    keyword = keyword_for_tag(tag)
    return keyword or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


class _Scanner:
    """Collects the elements of one dataset."""

    def __init__(self, window: Window, *, implicit: bool) -> None:
        self._window = window
        self._implicit = implicit
        self._encodings: str | list[str] = default_encoding
        self.elements: Elements = {}

    def where(self, tag: int) -> str:
        return f"{self._window.source.name}: {_label(tag)}"

    def truncated(self, header: ElementHeader, start: int, length: int) -> Exception:
        return NonconformantDatasetError(
            f"{self.where(header.tag)}: The value should have {header.length} bytes from "
            f"position {start} on, but only {length} are left.",
            keyword=_label(header.tag),
        )

    def add_short(self, position: int, stop: Callable[[int], bool]) -> int:
        """Add the elements that are in memory and need no second look.

        Most elements do: they have a value, a short one, and no meaning for others.

        Returns
        -------
        int
            Where the first element that does need one starts.

        """
        data, place = self._window.buffered(position)
        shift, last, elements = position - place, len(data) - 12, self.elements
        implicit = self._implicit
        unpack = _IMPLICIT if implicit else _EXPLICIT
        vr: str | None = None
        while place <= last:
            group, number, *rest = unpack(data, place)
            if not implicit:
                vr = _SHORT_VRS.get(rest[0])
                if vr is None:
                    break
            tag, length, start = group << 16 | number, rest[-1], place + 8
            place_after = start + length
            value = data[start:place_after]
            if (
                len(value) != length
                or not length
                or tag == _SPECIFIC_CHARACTER_SET
                or group == 0xFFFE
                or value[:4] == ITEM
                or stop(tag)
            ):
                break
            key = BaseTag(tag)
            elements[key] = RawDataElement(
                key, vr, length, value, start + shift, implicit, True
            )
            place = place_after
        return place + shift

    def add_defined(self, header: ElementHeader, start: int) -> int:
        """Add an element of defined length and return where it ends."""
        tag, vr, length, _ = header
        value: bytes | None = self._window.take(start, length) if length else b""
        if len(value or b"") != length:
            raise self.truncated(header, start, len(value or b""))
        if not length:
            value = cast("bytes | None", empty_value_for_VR(vr, raw=True))
        if tag == _SPECIFIC_CHARACTER_SET:
            self._encodings = _encodings(value or b"", self.where(tag))
        is_unknown = length >= _LONG_UNKNOWN and vr == VR.UN
        if is_unknown and value and _is_sequence(tag, value):
            self._add_unknown_sequence(tag, value, start, is_undefined=False)
        else:
            self._add(tag, vr, length, value, start)
        return start + length

    def add_undefined(self, header: ElementHeader, start: int) -> int:
        """Add an element of undefined length and return where it ends."""
        tag, vr, _, _ = header
        if self._window.take(start, 4) not in {ITEM, SEQUENCE_DELIMITATION}:
            value = self._take_delimited(header, start)
            self._add(tag, vr, UNDEFINED_LENGTH, value, start)
            return start + len(value) + 8
        value = take_items(
            self._window, start, implicit=self._implicit, where=self.where(tag)
        )
        if vr == VR.UN:
            self._add_unknown_sequence(tag, value, start, is_undefined=True)
        else:
            # What is made of items is a sequence, whatever the dictionary knows.
            self._add(tag, vr or VR.SQ, UNDEFINED_LENGTH, value, start)
        return start + len(value) + 8

    def _add(
        self, tag: int, vr: str | None, length: int, value: bytes | None, start: int
    ) -> None:
        if vr in {None, VR.SQ, VR.UN} and value and value[:4] == ITEM:
            check_nesting(value, implicit=self._implicit, where=self.where(tag))
        self.elements[BaseTag(tag)] = RawDataElement(
            BaseTag(tag), vr, length, value, start, self._implicit, True
        )

    def _add_unknown_sequence(
        self, tag: int, value: bytes, start: int, *, is_undefined: bool
    ) -> None:
        """Add a sequence that passed through a system which did not know it.

        Its items are in implicit VR, whatever the dataset is in (PS3.5 6.2.2),
        so that it cannot stand as raw bytes under its own representation.
        """
        check_nesting(value, implicit=False, where=self.where(tag))
        try:
            items = read_sequence(
                BytesIO(value), False, True, len(value), self._encodings, start
            )
        except Exception as error:
            raise NonconformantDatasetError(
                f"{self.where(tag)}: The sequence of unknown value representation "
                f"cannot be decoded ({error}).",
                keyword=_label(tag),
            ) from error
        items.is_undefined_length = is_undefined
        self.elements[BaseTag(tag)] = DataElement(
            BaseTag(tag), VR.SQ, items, start, is_undefined_length=is_undefined
        )

    def _take_delimited(self, header: ElementHeader, start: int) -> bytes:
        """Return the bytes up to a delimitation that cannot be found by items."""
        data = b""
        while True:
            more = self._window.ahead(start + len(data), len(data) // 2)
            if not more:
                raise self.truncated(header, start, len(data))
            searched = max(len(data) - 3, 0)
            data += more
            place = data.find(SEQUENCE_DELIMITATION, searched)
            if place >= 0:
                return data[:place]


def _is_sequence(tag: int, value: bytes) -> bool:
    is_known = dictionary_has_tag(tag) and dictionary_VR(tag) == VR.SQ
    return is_known and value[:4] == ITEM


def _encodings(value: bytes, where: str) -> str | list[str]:
    names = value.decode("latin-1").rstrip(" \0").split("\\")
    try:
        return convert_encodings([name.strip() for name in names])
    except (LookupError, ValueError) as error:
        raise NonconformantDatasetError(
            f"{where}: {names!r} are no character sets.", keyword="SpecificCharacterSet"
        ) from error


def scan_elements(
    window: Window, position: int, *, implicit: bool, stop: Callable[[int], bool]
) -> tuple[Elements, int, ElementHeader | None]:
    """Read the data elements up to one that is not wanted.

    Parameters
    ----------
    window
        Bytes to read from.
    position
        Where the first element starts.
    implicit
        Whether there are no value representations.
    stop
        Told each tag in turn; whether to stop before that element.

    Returns
    -------
    elements
        Elements by tag.
    position
        Where the first element that is not wanted, or nothing more, starts.
    header
        Its header, if there is one.

    Raises
    ------
    NonconformantDatasetError
        If a length points beyond the end, or a sequence is not made of items, has no
        end or is nested too deeply.

    """
    scanner = _Scanner(window, implicit=implicit)
    while True:
        position = scanner.add_short(position, stop)
        data = window.take(position, 12)
        if len(data) < 8:
            break
        header = element_header(data, implicit=implicit)
        if header.size > len(data):
            break
        if stop(header.tag):
            return scanner.elements, position, header
        if header.tag >> 16 == 0xFFFE:
            tolerate(
                "a delimitation item stands where a data element should",
                "the dataset is taken to end there",
                source=window.source.name,
            )
            return scanner.elements, position, None
        start = position + header.size
        if header.length == UNDEFINED_LENGTH:
            position = scanner.add_undefined(header, start)
        else:
            position = scanner.add_defined(header, start)
    if data:
        tolerate(
            f"{len(data)} bytes follow the last data element",
            "they are ignored",
            source=window.source.name,
        )
    return scanner.elements, position, None
