"""Attributes of many images side by side: shared or not, by value."""

import datetime
from collections.abc import Iterable, Sequence
from copy import copy, deepcopy
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filewriter import correct_ambiguous_vr_element
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag

from highdicom.encoding.distinct import distinct_objects, distinct_rows
from highdicom.encoding.elements import dataset_of_elements, tag_of
from highdicom.encoding.tree import encode_items

__all__ = ["SourceElements"]

Integers = npt.NDArray[np.int64]
AnyElement = DataElement | RawDataElement

_VRS_WITH_TEXT = frozenset(("LO", "LT", "PN", "SH", "SQ", "ST", "UC", "UN", "UT"))
_SMALLEST_BLOCK = 0x10
# Dates with times are dates, too, and so come first.
_DATE_TIME_FORMS: dict[type[Any], str] = {
    datetime.datetime: "%Y%m%d%H%M%S.%f",
    datetime.date: "%Y%m%d",
    datetime.time: "%H%M%S.%f",
}


class SourceElements:
    """The elements of images of one series, by tag.

    Elements are compared as they are encoded, and decoded only where that does not
    tell.

    Parameters
    ----------
    datasets
        Images, all in one transfer syntax and one character set.

    """

    def __init__(self, datasets: Sequence[Dataset]) -> None:
        self.datasets = datasets
        count = len(datasets)
        rows: dict[int, list[AnyElement | None]] = {}
        for row, dataset in enumerate(datasets):
            for tag, element in dataset.items():
                number = int(tag)  # compares faster
                column = rows.get(number)
                if column is None:
                    column = rows[number] = [None] * count
                column[row] = element
        self._rows = rows
        self._ids: dict[int, Integers] = {}

    def reordered(
        self, datasets: Sequence[Dataset], rows: Integers
    ) -> "SourceElements":
        """Put the images into another order, which they are given in."""
        elements = SourceElements(())
        elements.datasets = datasets
        places = rows.tolist()
        elements._rows = {
            tag: [column[row] for row in places] for tag, column in self._rows.items()
        }
        elements._ids = {tag: ids[rows] for tag, ids in self._ids.items()}
        return elements

    @property
    def tags(self) -> list[int]:
        """Tags of all elements, ascending."""
        return sorted(self._rows)

    def __contains__(self, tag: int) -> bool:
        """Whether any image has the element."""
        return tag in self._rows

    def ids(self, tag: int) -> Integers:
        """Number the distinct values of an element.

        Returns
        -------
        numpy.ndarray
            Shape (n,): number of the value of each image, -1 if it lacks the element.

        """
        found = self._ids.get(tag)
        if found is None:
            found = self._ids[tag] = self._compared(tag)
        return found

    def _compared(self, tag: int) -> Integers:
        elements = self._rows.get(tag)
        if elements is None:
            return np.full(len(self.datasets), -1, np.int64)
        present = [row for row, element in enumerate(elements) if element is not None]
        ids = np.full(len(elements), -1, np.int64)
        keys = [_encoded_key(elements[row]) for row in present]
        if None in keys:
            # Some are decoded: of the others one for each value has to be.
            decoded: dict[Any, Any] = {}
            for place, row in enumerate(present):
                key = keys[place]
                if key is None or key not in decoded:
                    keys[place] = _key_of(self._decoded(row, elements[row]))
                    decoded[key] = keys[place]
                else:
                    keys[place] = decoded[key]
        ids[present] = distinct_objects(keys)[1]
        return ids

    def _decoded(self, row: int, element: Any) -> DataElement:
        """Decode an element of an image, unless it is."""
        if isinstance(element, DataElement):
            return element
        decoded: DataElement = self.datasets[row][element.tag]
        return decoded

    def is_shared(self, tag: int) -> bool:
        """Whether all images have the same value; for private ones of one creator."""
        ids = self.ids(tag)
        if ids[0] < 0 or (ids != ids[0]).any():
            return False
        creator = creator_of(tag)
        return creator is None or creator not in self or self.is_shared(creator)

    def combined_ids(self, tags: Iterable[int]) -> tuple[Integers, Integers]:
        """Number the distinct combinations of values of several elements.

        Returns
        -------
        tuple
            First image with each combination, and the combination of each image.

        """
        columns = [self.ids(tag) for tag in tags if tag in self]
        if not columns:
            count = len(self.datasets)
            return np.arange(min(count, 1)), np.zeros(count, np.int64)
        return distinct_rows(np.stack(columns, axis=1))

    def distinct(self, keywords: Iterable[str]) -> list[int]:
        """Give the first image with each distinct combination of values."""
        first: list[int] = self.combined_ids(map(tag_of, keywords))[0].tolist()
        return first

    def first_without_value(self, keyword: str) -> int | None:
        """Give the first image that lacks an element or has it empty, if any."""
        elements = self._rows.get(tag_of(keyword))
        if elements is None:
            return 0
        for row, element in enumerate(elements):
            if element is None or _is_empty(element):
                return row
        return None

    def value(self, row: int, keyword: str) -> Any:
        """Value of an element of an image; None if it is absent or empty."""
        tag = tag_of(keyword)
        elements = self._rows.get(tag)
        if elements is None or elements[row] is None:
            return None
        value = self._decoded(row, elements[row]).value
        return None if value is None or value == "" else value

    def text(self, row: int, keyword: str) -> str:
        """Value of an element of an image as it is encoded; empty if there is none."""
        elements = self._rows.get(tag_of(keyword))
        element = None if elements is None else elements[row]
        if element is None:
            return ""
        raw = element.value
        if _is_comparable(element) and isinstance(raw, bytes) and raw.isascii():
            return raw.decode("ascii").strip(" \0")
        value = self._decoded(row, element).value
        for kind, form in _DATE_TIME_FORMS.items():
            if isinstance(value, kind):
                return str(value.strftime(form))
        return str(value or "").strip()

    def element(self, row: int, tag: int) -> DataElement:
        """Copy an element of an image, decoded, so that it can stand anywhere."""
        element = deepcopy(self._settled(row, tag))
        if element.VR == "SQ":
            for item in element.value:
                for nested in item.iterall():
                    _ = nested.value
        return element

    def _settled(self, row: int, tag: int) -> DataElement:
        """Decode an element, and settle its VR by what stands beside it."""
        dataset = self.datasets[row]
        element = dataset[tag]
        if " or " in element.VR:
            settled = correct_ambiguous_vr_element(copy(element), dataset, True)
            assert isinstance(settled, DataElement)
            return settled
        return element

    def item(self, row: int, tags: Iterable[int], *, implicit: bool) -> Dataset:
        """Make an item of elements of an image, to be encoded at once.

        Elements stay encoded if that is how they will be written.

        Parameters
        ----------
        row
            Zero-based place of the image.
        tags
            Elements, of which those are taken that the image has, with the creators of
            private ones.
        implicit
            Whether the item will be written in implicit VR.

        """
        elements: dict[BaseTag, Any] = {}
        for tag in tags:
            element = self._rows[tag][row]
            if element is None:
                continue
            creator = creator_of(tag)
            if creator is not None and creator in self:
                elements[BaseTag(creator)] = self._writable(row, creator, implicit)
            elements[BaseTag(tag)] = self._writable(row, tag, implicit)
        return dataset_of_elements(Dataset, elements)

    def _writable(self, row: int, tag: int, implicit: bool) -> AnyElement:
        element = self._rows[tag][row]
        if (
            isinstance(element, RawDataElement)
            and _is_comparable(element)
            and element.is_implicit_VR == implicit
            and not _may_have_other_text(element)
        ):
            return element
        return self._settled(row, tag)


def creator_of(tag: int) -> int | None:
    """Tag of the creator that a private element belongs to (PS3.5 7.8.1)."""
    group, element = tag >> 16, tag & 0xFFFF
    block = element >> 8
    if not group & 1 or block < _SMALLEST_BLOCK:
        return None
    return group << 16 | block


def _encoded_key(element: Any) -> Any:
    return (element.VR, element.value) if _is_comparable(element) else None


def _is_comparable(element: Any) -> bool:
    """Whether the bytes of an element are there and mean what they say."""
    return (
        isinstance(element, RawDataElement)
        and element.is_little_endian
        and (element.value is not None or not element.length)
    )


def _is_empty(element: AnyElement) -> bool:
    if not isinstance(element, RawDataElement):
        return bool(element.is_empty)
    # The value may not have been read yet, though there is one.
    return not element.length or not (element.value or b"?").strip(b" \0")


def _may_have_other_text(element: RawDataElement) -> bool:
    """Whether the bytes of an element may depend on the character set."""
    has_text = element.VR is None or element.VR in _VRS_WITH_TEXT
    return has_text and not (element.value or b"").isascii()


def _key_of(element: DataElement) -> Any:
    value = element.value
    if element.VR == "SQ":
        return element.VR, encode_items(value or ())
    try:
        hash(value)
    except TypeError:
        # Several values, most of the time.
        is_list = isinstance(value, (MultiValue, list))
        value = tuple(value) if is_list else repr(value)
    return element.VR, value
