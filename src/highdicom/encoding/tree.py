"""Datasets of any depth as bytes (PS3.5 7.1 and 7.5), quickly.

The bytes are those that pydicom writes. What pydicom needs tens of microseconds for,
element by element, takes about one here; it still does what needs care. The walk keeps
its own stack, so that a tree may be thousands of levels deep.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from operator import itemgetter
from typing import Any

from pydicom.charset import convert_encodings, default_encoding
from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import correct_ambiguous_vr_element, write_data_element
from pydicom.tag import BaseTag
from pydicom.valuerep import AMBIGUOUS_VR, CUSTOMIZABLE_CHARSET_VR

from highdicom.encoding.headers import (
    ITEM_DELIMITATION,
    SEQUENCE_DELIMITATION,
    UNDEFINED_LENGTH,
    delimitation_item,
    element_header,
    has_long_length,
    item_header,
)
from highdicom.encoding.values import encoded_value
from highdicom.errors import InvalidAttributeError

__all__ = ["encode_items", "encode_tree"]

CharacterSet = str | list[str]
AnyElement = DataElement | RawDataElement

_SPECIFIC_CHARACTER_SET = 0x00080005
_SHORT_LENGTH_LIMIT = 0xFFFF
_ITEM = item_header(0)[:4]
_ITEM_END = delimitation_item(ITEM_DELIMITATION)
_SEQUENCE_END = delimitation_item(SEQUENCE_DELIMITATION)
_LONGEST_KNOWN_TEXT = 64
_MOST_KNOWN_TEXTS = 4096
_first = itemgetter(0)
_VRS_WITH_CHARACTER_SET = frozenset((*map(str, CUSTOMIZABLE_CHARSET_VR), "SQ", "UN"))


class _Level:
    """A dataset or a sequence that is being encoded."""

    __slots__ = (
        "character_set",
        "dataset",
        "delimitation",
        "header",
        "length",
        "remaining",
        "slot",
        "tag",
    )

    def __init__(
        self, remaining: Iterator[Any], character_set: CharacterSet, slot: int
    ) -> None:
        self.remaining = remaining
        self.character_set = character_set
        # Place of the header among the parts, and what it consists of.
        self.slot = slot
        self.header = _ITEM
        self.length = 0
        # What follows the content if the length is left undefined.
        self.delimitation = b""
        # Of a dataset, or of a sequence.
        self.dataset: Dataset | None = None
        self.tag = 0


class _TreeEncoder:
    def __init__(self, *, implicit: bool) -> None:
        self.implicit = implicit
        self.parts: list[bytes] = []
        self.levels: list[_Level] = []
        self.open_datasets: set[int] = set()
        # Codes and the like stand in a tree over and over again.
        self.known_texts: dict[tuple[int, str], tuple[str, bytes]] = {}

    def encode(self, root: _Level) -> bytes:
        levels = self.levels
        levels.append(root)
        while levels:
            level = levels[-1]
            run = self._run_items if level.dataset is None else self._run_elements
            nested = run(level)
            if nested is not None:
                levels.append(nested)
                continue
            levels.pop()
            if levels:
                levels[-1].length += self._close(level)
        return b"".join(self.parts)

    def dataset_level(self, dataset: Dataset, inherited: CharacterSet) -> _Level:
        if id(dataset) in self.open_datasets:
            raise InvalidAttributeError(
                f"A dataset contains itself in '{self._path()}', "
                "so that it cannot be encoded.",
                path=self._path(),
            )
        self.open_datasets.add(id(dataset))
        # Plain integers compare ten times faster than pydicom's tags.
        elements = zip(map(int, dataset.keys()), dataset.values(), strict=True)
        in_order = sorted(elements, key=_first)
        for tag, _ in in_order:
            if tag >= _SPECIFIC_CHARACTER_SET:
                if tag == _SPECIFIC_CHARACTER_SET:
                    inherited = dataset.get("SpecificCharacterSet") or default_encoding
                break
        level = _Level(iter(in_order), inherited, len(self.parts))
        level.dataset = dataset
        if getattr(dataset, "is_undefined_length_sequence_item", False):
            level.delimitation = _ITEM_END
        self.parts.append(b"")
        return level

    def items_level(
        self, items: Iterable[Dataset | bytes], character_set: CharacterSet
    ) -> _Level:
        pieces = getattr(items, "pieces", None)
        if pieces is not None:
            # A lazy sequence, most of which may not have been decoded.
            items = pieces(implicit=self.implicit, character_set=character_set)
        self.parts.append(b"")
        return _Level(iter(items), character_set, len(self.parts) - 1)

    def _sequence_level(self, level: _Level, element: DataElement) -> _Level:
        sequence = self.items_level(element.value or (), level.character_set)
        sequence.tag = int(element.tag)
        sequence.header = element_header(sequence.tag, "SQ", implicit=self.implicit)
        if element.is_undefined_length:
            sequence.delimitation = _SEQUENCE_END
        return sequence

    def _path(self) -> str:
        tags = (level.tag for level in self.levels if level.tag)
        return ".".join(keyword_for_tag(tag) or str(BaseTag(tag)) for tag in tags)

    def _close(self, level: _Level) -> int:
        """Put the header in its place; return how long all of it is."""
        length = level.length
        if level.delimitation:
            self.parts.append(level.delimitation)
            length = UNDEFINED_LENGTH
        header = level.header + length.to_bytes(4, "little")
        self.parts[level.slot] = header
        return len(header) + level.length + len(level.delimitation)

    def _run_items(self, level: _Level) -> _Level | None:
        for item in level.remaining:
            if not isinstance(item, bytes):
                return self.dataset_level(item, level.character_set)
            self.parts.append(item)
            level.length += len(item)
        return None

    def _run_elements(self, level: _Level) -> _Level | None:
        """Encode elements up to the first sequence, for which a level is returned."""
        for tag, element in level.remaining:
            if not tag & 0xFFFF and tag >> 16 > 6:
                continue  # group lengths are retired, and pydicom leaves them out
            if element.is_raw:
                encoded = self._raw_element(level, tag, element)
            elif element.VR == "SQ":
                return self._sequence_level(level, element)
            else:
                value = element.value
                if value.__class__ is str:
                    encoded = self._text_element(level, tag, element, value)
                else:
                    encoded = self._other_element(level, tag, element)
            if encoded is None:
                # Raw, but not to be copied.
                assert level.dataset is not None
                element = level.dataset[tag]
                if element.VR == "SQ":
                    return self._sequence_level(level, element)
                encoded = self._other_element(level, tag, element)
            self.parts.append(encoded)
            level.length += len(encoded)
        self.open_datasets.discard(id(level.dataset))
        return None

    def _raw_element(
        self, level: _Level, tag: int, element: RawDataElement
    ) -> bytes | None:
        if not self._is_ready(level, element):
            return None
        encoded = self._leaf(tag, element.VR or "UN", element.value or b"")
        return encoded or self._written_by_pydicom(level, element)

    def _text_element(
        self, level: _Level, tag: int, element: DataElement, value: str
    ) -> bytes:
        known = self.known_texts.get((tag, value))
        if known is not None and known[0] == element.VR:
            return known[1]
        encoded = self._other_element(level, tag, element)
        if value.isascii() and len(value) <= _LONGEST_KNOWN_TEXT:
            if len(self.known_texts) >= _MOST_KNOWN_TEXTS:
                self.known_texts.clear()
            self.known_texts[tag, value] = element.VR, encoded
        return encoded

    def _other_element(self, level: _Level, tag: int, element: DataElement) -> bytes:
        if element.VR in AMBIGUOUS_VR:
            element = self._unambiguous(element)
        encoded = None
        if not element.is_undefined_length:
            value = encoded_value(element.VR, element.value)
            encoded = self._leaf(tag, element.VR, value)
        return encoded or self._written_by_pydicom(level, element)

    def _leaf(self, tag: int, vr: str, value: bytes | None) -> bytes | None:
        if value is None:
            return None
        size = 4 if has_long_length(vr, implicit=self.implicit) else 2
        if size == 2 and len(value) > _SHORT_LENGTH_LIMIT:
            return None
        header = element_header(tag, vr, implicit=self.implicit)
        return header + len(value).to_bytes(size, "little") + value

    def _is_ready(self, level: _Level, element: RawDataElement) -> bool:
        """Whether the bytes of an element can be written as they are."""
        value = element.value
        if value is None and element.length:
            return False  # left in the file
        if not element.is_little_endian or element.length == UNDEFINED_LENGTH:
            return False
        if element.is_implicit_VR != self.implicit:
            return False
        vr = element.VR or "UN"
        if not value or value.isascii() or vr not in _VRS_WITH_CHARACTER_SET:
            return True
        assert level.dataset is not None
        original = level.dataset.original_character_set or level.character_set
        return original == level.character_set or bool(
            convert_encodings(original) == convert_encodings(level.character_set)
        )

    def _unambiguous(self, element: DataElement) -> DataElement:
        """Element with its VR settled by the attributes that decide it."""
        datasets = [level.dataset for level in self.levels if level.dataset is not None]
        datasets.reverse()
        try:
            corrected = correct_ambiguous_vr_element(
                copy(element), datasets[0], True, datasets
            )
        except Exception as error:
            raise self._unwritable(element, str(error)) from error
        assert isinstance(corrected, DataElement)
        return corrected

    def _written_by_pydicom(self, level: _Level, element: AnyElement) -> bytes:
        stream = DicomBytesIO()
        stream.is_little_endian = True
        stream.is_implicit_VR = self.implicit
        try:
            write_data_element(stream, element, level.character_set)
        except Exception as error:
            raise self._unwritable(element, str(error)) from error
        return stream.getvalue()

    def _unwritable(self, element: AnyElement, reason: str) -> InvalidAttributeError:
        keyword = keyword_for_tag(element.tag) or str(element.tag)
        path = ".".join(part for part in (self._path(), keyword) if part)
        reason = reason.split("\n", maxsplit=1)[0].rstrip(".")
        return InvalidAttributeError(
            f"The value of '{path}' cannot be encoded with VR {element.VR}: {reason}.",
            path=path,
            keyword=keyword,
        )


def encode_tree(
    dataset: Dataset,
    *,
    implicit: bool = False,
    character_set: CharacterSet = default_encoding,
) -> bytes:
    """Encode the elements of a dataset, little endian.

    Elements that are encoded already are written as they are, if their encoding is
    the one asked for.

    Parameters
    ----------
    implicit
        Whether to leave out the VR (Implicit VR Little Endian).
    character_set
        Character set of what contains the dataset, in case it has none of its own.

    Returns
    -------
    bytes
        What pydicom writes for the dataset: elements in the order of their tags,
        without group lengths, file meta information and preamble.

    Raises
    ------
    InvalidAttributeError
        If a value does not fit its VR, or a dataset contains itself.

    """
    encoder = _TreeEncoder(implicit=implicit)
    return encoder.encode(encoder.dataset_level(dataset, character_set))


def encode_items(
    items: Iterable[Dataset],
    *,
    implicit: bool = False,
    character_set: CharacterSet = default_encoding,
) -> bytes:
    """Encode the value of a sequence; parameters and errors as of `encode_tree`.

    Returns
    -------
    bytes
        Items with their headers. If they are a lazy sequence, those never decoded are
        copied.

    """
    encoder = _TreeEncoder(implicit=implicit)
    return encoder.encode(encoder.items_level(items, character_set))
