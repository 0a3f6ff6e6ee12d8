"""Datasets of any depth as bytes (PS3.5 Sections 7.1 and 7.5), quickly.

The bytes are those that pydicom writes. What pydicom needs tens of microseconds for,
element by element, takes about one here; it still does what needs care. The walk keeps
its own stack, so that a tree may be thousands of levels deep.
"""

from collections.abc import Iterable, Iterator
from copy import copy
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

_SPECIFIC_CHARACTER_SET = BaseTag(0x00080005)
_SHORT_LENGTH_LIMIT = 0xFFFF
_VRS_WITH_CHARACTER_SET = frozenset((*map(str, CUSTOMIZABLE_CHARSET_VR), "SQ", "UN"))


class _Level:
    """A dataset or a sequence that is being encoded."""

    __slots__ = (
        "character_set",
        "dataset",
        "header",
        "is_undefined",
        "length",
        "remaining",
        "slot",
        "tag",
    )

    def __init__(
        self,
        remaining: Iterator[Any],
        slot: int,
        character_set: CharacterSet,
        *,
        is_undefined: bool,
    ) -> None:
        self.remaining = remaining
        self.slot = slot
        self.character_set = character_set
        self.is_undefined = is_undefined
        self.length = 0
        # Of a dataset.
        self.dataset: Dataset | None = None
        # Of a sequence.
        self.tag = 0
        self.header = b""


class _TreeEncoder:
    def __init__(self, *, implicit: bool) -> None:
        self.implicit = implicit
        self.parts: list[bytes] = []
        self.levels: list[_Level] = []
        self.open_datasets: set[int] = set()

    def encode(self, root: _Level) -> bytes:
        self.levels.append(root)
        while self.levels:
            level = self.levels[-1]
            step = self._item if level.dataset is None else self._element
            for entry in level.remaining:
                nested = step(level, entry)
                if nested is not None:
                    self.levels.append(nested)
                    break
            else:
                self._close(self.levels.pop())
        return b"".join(self.parts)

    def dataset_level(self, dataset: Dataset, inherited: CharacterSet) -> _Level:
        if id(dataset) in self.open_datasets:
            raise InvalidAttributeError(
                f"A dataset contains itself in '{self._path()}', "
                "so that it cannot be encoded.",
                path=self._path(),
            )
        self.open_datasets.add(id(dataset))
        elements = dataset.items()
        if _SPECIFIC_CHARACTER_SET in dataset:
            inherited = dataset.get("SpecificCharacterSet") or default_encoding
        level = _Level(
            iter(sorted(elements) if len(elements) > 1 else elements),
            len(self.parts),
            inherited,
            is_undefined=getattr(dataset, "is_undefined_length_sequence_item", False),
        )
        level.dataset = dataset
        self.parts.append(b"")
        return level

    def items_level(
        self, items: Iterable[Dataset], character_set: CharacterSet
    ) -> _Level:
        self.parts.append(b"")
        slot = len(self.parts) - 1
        return _Level(iter(items), slot, character_set, is_undefined=False)

    def _path(self) -> str:
        tags = (level.tag for level in self.levels if level.tag)
        return ".".join(keyword_for_tag(tag) or str(BaseTag(tag)) for tag in tags)

    def _close(self, level: _Level) -> None:
        """Put the header in its place, now that the length is known."""
        is_dataset = level.dataset is not None
        if level.dataset is not None:
            self.open_datasets.discard(id(level.dataset))
        if not self.levels:
            return
        if level.is_undefined:
            delimitation = ITEM_DELIMITATION if is_dataset else SEQUENCE_DELIMITATION
            self.parts.append(delimitation_item(delimitation))
        length = UNDEFINED_LENGTH if level.is_undefined else level.length
        if is_dataset:
            header = item_header(length)
        else:
            header = level.header + length.to_bytes(4, "little")
        self.parts[level.slot] = header
        self.levels[-1].length += len(header) + level.length + 8 * level.is_undefined

    def _item(self, level: _Level, item: Dataset | bytes) -> _Level | None:
        if isinstance(item, bytes):
            self.parts.append(item)
            level.length += len(item)
            return None
        return self.dataset_level(item, level.character_set)

    def _element(
        self, level: _Level, entry: tuple[BaseTag, AnyElement]
    ) -> _Level | None:
        tag, element = entry
        if not tag & 0xFFFF and tag >> 16 > 6:
            return None  # group lengths are retired, and pydicom leaves them out
        value: bytes | None
        if isinstance(element, RawDataElement):
            if self._is_ready(level, element):
                self._append(level, element, element.VR or "UN", element.value or b"")
                return None
            assert level.dataset is not None
            element = level.dataset[tag]
        vr = element.VR
        if vr == "SQ":
            return self._sequence_level(level, element)
        if vr in AMBIGUOUS_VR:
            element = self._unambiguous(element)
            vr = element.VR
        value = None
        if not element.is_undefined_length:
            value = encoded_value(vr, element.value)
        self._append(level, element, vr, value)
        return None

    def _append(
        self, level: _Level, element: AnyElement, vr: str, value: bytes | None
    ) -> None:
        long = has_long_length(vr, implicit=self.implicit)
        if value is None or (len(value) > _SHORT_LENGTH_LIMIT and not long):
            written = self._written_by_pydicom(level, element)
            self.parts.append(written)
            level.length += len(written)
            return
        header = element_header(element.tag, vr, implicit=self.implicit)
        length = len(value).to_bytes(4 if long else 2, "little")
        self.parts += (header, length, value)
        level.length += len(header) + len(length) + len(value)

    def _is_ready(self, level: _Level, element: RawDataElement) -> bool:
        """Whether the bytes of an element can be written as they are."""
        value = element.value
        if value is None and element.length:
            return False  # left in the file
        if not element.is_little_endian or element.length == UNDEFINED_LENGTH:
            return False
        if element.is_implicit_VR != self.implicit:
            return False
        vr = element.VR
        if vr is None:
            vr = "UN"
        elif len(vr) != 2:
            return False
        if not value or value.isascii() or vr not in _VRS_WITH_CHARACTER_SET:
            return True
        assert level.dataset is not None
        original = level.dataset.original_character_set or level.character_set
        return bool(
            convert_encodings(original) == convert_encodings(level.character_set)
        )

    def _sequence_level(self, level: _Level, element: DataElement) -> _Level:
        items: Any = element.value or ()
        pieces = getattr(items, "pieces", None)
        if pieces is not None:
            # A lazy sequence, most of which may not have been decoded.
            items = pieces(implicit=self.implicit, character_set=level.character_set)
        self.parts.append(b"")
        sequence = _Level(
            iter(items),
            len(self.parts) - 1,
            level.character_set,
            is_undefined=element.is_undefined_length,
        )
        sequence.tag = element.tag
        sequence.header = element_header(element.tag, "SQ", implicit=self.implicit)
        return sequence

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
    pieces = getattr(items, "pieces", None)
    if pieces is not None:
        items = pieces(implicit=implicit, character_set=character_set)
    return encoder.encode(encoder.items_level(items, character_set))
