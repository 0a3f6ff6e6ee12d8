"""The DICOM JSON Model (PS3.18 Annex F) as encoded data elements.

The elements are encoded in explicit VR little endian as they would be in a file, so
that what comes over DICOMweb is handled like what comes from one: per-frame functional
groups become one raw element, not a dataset for each frame.
"""

import base64
import struct
from collections.abc import Callable, Iterable, Mapping
from struct import Struct
from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag
from pydicom.valuerep import VR, format_number_as_ds

from highdicom.errors import NonconformantDatasetError, SourceError
from highdicom.io.elements import Elements
from highdicom.io.items import LONG_VRS, MOST_LEVELS, SHORT_VRS

__all__ = ["BulkDataSource", "elements_of_json"]

BulkDataSource = Callable[[str], bytes]
"""Fetches the value behind a URI."""

JsonDataset = Mapping[str, Mapping[str, Any]]

_NUMBERS = {
    "FD": Struct("<d"),
    "FL": Struct("<f"),
    "SL": Struct("<i"),
    "SS": Struct("<h"),
    "SV": Struct("<q"),
    "UL": Struct("<I"),
    "US": Struct("<H"),
    "UV": Struct("<Q"),
}
_VRS = {vr.decode(): vr for vr in LONG_VRS | SHORT_VRS}
_PADDED_WITH_NULL = {VR.UI, VR.OB, VR.UN}
_SPECIFIC_CHARACTER_SET = "00080005"
_UTF_8 = {"vr": "CS", "Value": ["ISO_IR 192"]}
_PERSON_NAME_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")

# What conversions of Python raise for values that do not fit.
_UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError, struct.error)

_ITEM = Struct("<HHI").pack
_SHORT_HEADER = Struct("<HH2sH").pack
_LONG_HEADER = Struct("<HH2s2xI").pack
_ATTRIBUTE_TAG = Struct("<HH").pack


def elements_of_json(
    dataset: JsonDataset, bulk_data: BulkDataSource, skipped: Iterable[str] = ()
) -> Elements:
    """Encode a dataset.

    Text is encoded in UTF-8, and Specific Character Set says so.

    Parameters
    ----------
    dataset
        Dataset in the DICOM JSON Model.
    bulk_data
        Called with each BulkDataURI.
    skipped
        Tags to be left out, of eight upper-case hexadecimal digits.

    Returns
    -------
    Elements
        Raw elements by tag.

    Raises
    ------
    NonconformantDatasetError
        If that is no dataset in the DICOM JSON Model.

    """
    encoder = _Encoder(bulk_data)
    return {
        tag: RawDataElement(tag, vr, len(value), value, 0, False, True)
        for tag, vr, value in encoder.elements(_in_utf_8(dataset), frozenset(skipped))
    }


def _in_utf_8(dataset: JsonDataset) -> JsonDataset:
    return {**dataset, _SPECIFIC_CHARACTER_SET: _UTF_8}


class _Encoder:
    def __init__(self, bulk_data: BulkDataSource) -> None:
        self._bulk_data = bulk_data
        self._level = 0

    def elements(
        self, dataset: JsonDataset, skipped: frozenset[str] = frozenset()
    ) -> Iterable[tuple[BaseTag, str, bytes]]:
        """Yield tag, value representation and value in the order of tags."""
        for name in sorted(dataset):
            # Some servers send file meta information along.
            if name.upper() in skipped or name.startswith("0002"):
                continue
            yield self._element(name, dataset[name])

    def _element(self, name: str, entry: Any) -> tuple[BaseTag, str, bytes]:
        vr = entry.get("vr", "UN") if isinstance(entry, Mapping) else ""
        if vr not in _VRS:
            raise _unreadable(name, f"{vr!r} is no value representation")
        try:
            return BaseTag(int(name, 16)), vr, _padded(vr, self._value(name, vr, entry))
        except (NonconformantDatasetError, SourceError):
            raise
        except _UNREADABLE as error:
            raise _unreadable(name, str(error)) from error

    def _value(self, name: str, vr: str, entry: Mapping[str, Any]) -> bytes:
        if "BulkDataURI" in entry:
            return self._bulk_data(entry["BulkDataURI"])
        if "InlineBinary" in entry:
            text = "".join(_only(entry["InlineBinary"]).split())
            return base64.b64decode(text, validate=True)
        values = entry.get("Value") or []
        if not isinstance(values, list):
            raise _unreadable(name, "the values are no list")
        if vr == VR.SQ:
            return self._items(name, values)
        if vr in _NUMBERS:
            pack = _NUMBERS[vr].pack
            convert = float if vr in {VR.FD, VR.FL} else _integer
            return b"".join([pack(convert(value)) for value in values])
        if vr == VR.AT:
            return b"".join([_attribute_tag(value) for value in values])
        return "\\".join([_text(vr, value) for value in values]).encode()

    def _items(self, name: str, items: list[Any]) -> bytes:
        if self._level >= MOST_LEVELS:
            raise _unreadable(name, f"nested more than {MOST_LEVELS} levels deep")
        self._level += 1
        pieces = []
        for item in items:
            content = self._content(item or {})
            pieces += [_ITEM(0xFFFE, 0xE000, len(content)), content]
        self._level -= 1
        return b"".join(pieces)

    def _content(self, item: JsonDataset) -> bytes:
        if _SPECIFIC_CHARACTER_SET in item:
            item = _in_utf_8(item)
        pieces = []
        for tag, vr, value in self.elements(item):
            encoded, size = _VRS[vr], len(value)
            group, element = tag >> 16, tag & 0xFFFF
            if encoded in LONG_VRS:
                pieces += [_LONG_HEADER(group, element, encoded, size), value]
            else:
                pieces += [_SHORT_HEADER(group, element, encoded, size), value]
        return b"".join(pieces)


def _unreadable(name: str, reason: str) -> NonconformantDatasetError:
    return NonconformantDatasetError(
        f"The element {name!r} of a dataset in JSON cannot be read ({reason})."
    )


def _only(value: Any) -> Any:
    # Some servers send a list of one.
    return value[0] if isinstance(value, list) else value


def _attribute_tag(value: str) -> bytes:
    number = int(value, 16)
    return _ATTRIBUTE_TAG(number >> 16, number & 0xFFFF)


def _integer(value: Any) -> int:
    result = int(value)
    if isinstance(value, float) and result != value:
        raise ValueError(f"{value} is no integer")
    return result


def _text(vr: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        groups = [value.get(group) or "" for group in _PERSON_NAME_GROUPS]
        return "=".join(groups).rstrip("=")
    if isinstance(value, float):
        # JSON knows no integers: some servers write 3 as 3.0.
        if vr == VR.IS or value.is_integer():
            return str(_integer(value))
        return format_number_as_ds(value)
    return str(value)


def _padded(vr: str, value: bytes) -> bytes:
    if len(value) % 2 == 0:
        return value
    return value + (b"\0" if vr in _PADDED_WITH_NULL else b" ")
