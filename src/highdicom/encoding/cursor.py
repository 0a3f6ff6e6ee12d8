"""All items of a sequence read at once (PS3.5 7.5).

What cannot be walked along is decoded by pydicom and encoded again in a regular way,
so that every item that can be read at all is found.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.charset import convert_encodings, default_encoding
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_sequence_item

from highdicom.encoding.bounds import item_bounds, started_grouping
from highdicom.encoding.elements import TagPath
from highdicom.encoding.grouping import (
    Field,
    Integers,
    ItemGroup,
    ItemGrouping,
)
from highdicom.encoding.headers import UNDEFINED_LENGTH
from highdicom.encoding.tree import encode_items
from highdicom.records import record

__all__ = [
    "Field",
    "ItemGroup",
    "Occurrences",
    "ParsedItems",
    "item_bounds",
    "parse_items",
]


@record
class Occurrences:
    """Everything found at one path, ordered by item and place in the item.

    Parameters
    ----------
    rows
        Shape (k,): zero-based number of the item that each stands in. An item has none
        if it lacks the path, and several if nested sequences have several items.
    items
        Shape (k, depth - 1): numbers of the nested items, from the outermost.
    offsets, lengths
        Shape (k,): where the values stand in the bytes.
    vr
        As encoded where it is first; empty in implicit VR.

    """

    rows: Integers
    items: Integers
    offsets: Integers
    lengths: Integers
    vr: str

    def __len__(self) -> int:
        """Count them."""
        return len(self.rows)

    def selected(self, kept: npt.NDArray[np.bool_]) -> "Occurrences":
        """Some of them: those for which an array of shape (k,) is true."""
        if kept.all():
            return self
        return Occurrences(
            self.rows[kept],
            self.items[kept],
            self.offsets[kept],
            self.lengths[kept],
            self.vr,
        )

    def nonempty(self) -> "Occurrences":
        """Those that have a value."""
        return self.selected(self.lengths > 0)

    def first(self) -> "Occurrences":
        """The first one in each item."""
        kept = np.ones(len(self.rows), np.bool_)
        kept[1:] = self.rows[1:] != self.rows[:-1]
        return self.selected(kept)


@record
class ParsedItems:
    """The items of an encoded sequence.

    Parameters
    ----------
    value
        The bytes that offsets refer to. They start with those given and may go on with
        items encoded again.
    bounds
        Shape (n, 2): offsets of start, header included, and end of each item as given.
    implicit
        Whether the bytes given are in implicit VR.
    groups
        Items of equal structure.
    unreadable
        For each item that not even pydicom can decode: what is wrong.

    """

    value: bytes
    bounds: Integers
    implicit: bool
    groups: tuple[ItemGroup, ...]
    unreadable: Mapping[int, str]

    def __len__(self) -> int:
        """Count the items."""
        return len(self.bounds)

    @property
    def has_mended(self) -> bool:
        """Whether items had to be encoded again, which is done in explicit VR."""
        return len(self.value) > self._end_as_given

    @property
    def _end_as_given(self) -> int:
        return int(self.bounds[-1, 1]) if len(self.bounds) else 0

    def is_implicit_at(self, offsets: Integers) -> npt.NDArray[np.bool_]:
        """Whether what stands at byte offsets, shape (k,), is in implicit VR."""
        return self.implicit & (offsets < self._end_as_given)

    def paths(self) -> set[TagPath]:
        """Paths of all elements and sequences that at least one item has."""
        return {path for group in self.groups for path in group.fields}

    def occurrences(self, path: TagPath) -> Occurrences:
        """Find all that stands at a path.

        Parameters
        ----------
        path
            Tags, for example those of Plane Position Sequence and Image Position
            (Patient).

        """
        found = [
            (group.rows, field)
            for group in self.groups
            for field in group.fields.get(path, ())
        ]
        if not found:
            none = np.empty(0, np.int64)
            return Occurrences(
                none, np.empty((0, len(path) - 1), np.int64), none, none, ""
            )
        return _ordered(found, len(path) - 1)


def _ordered(found: list[tuple[Integers, Field]], depth: int) -> Occurrences:
    vr = found[0][1].vr
    if len(found) == 1:
        rows, field = found[0]
        items = np.empty((len(rows), depth), np.int64)
        items[:] = field.items
        return Occurrences(rows, items, field.offsets, field.lengths, vr)
    rows = np.concatenate([rows for rows, _ in found])
    items = np.empty((len(rows), depth), np.int64)
    items[:] = np.repeat(
        np.array([field.items for _, field in found], np.int64).reshape(
            len(found), depth
        ),
        [len(rows) for rows, _ in found],
        axis=0,
    )
    offsets = np.concatenate([field.offsets for _, field in found])
    lengths = np.concatenate([field.lengths for _, field in found])
    # Within an item, values stand in the order of their offsets.
    order = np.lexsort((offsets, rows))
    return Occurrences(rows[order], items[order], offsets[order], lengths[order], vr)


def parse_items(
    value: bytes, *, implicit: bool, character_set: str | list[str] = default_encoding
) -> ParsedItems:
    """Find every element of every item of a sequence.

    Parameters
    ----------
    value
        Encoded items, little endian.
    implicit
        Whether they are in implicit VR.
    character_set
        Of the dataset that the sequence stands in. Matters only for items that pydicom
        has to decode.

    Raises
    ------
    InvalidAttributeError
        If the value is not a row of items, or is truncated.

    """
    value = bytes(value)
    grouping = started_grouping(value, implicit=implicit)
    if not grouping.groups:
        grouping.run()
    if grouping.reasons:
        return _mended(grouping, character_set)
    return ParsedItems(value, grouping.bounds, implicit, tuple(grouping.groups), {})


def _mended(grouping: ItemGrouping, character_set: str | list[str]) -> ParsedItems:
    """Bring items into a regular form that could not be walked as they are."""
    encoded: dict[int, bytes] = {}
    unreadable: dict[int, str] = {}
    for row, reason in grouping.reasons.items():
        item = _encoded_again(grouping, row, character_set)
        if item is None:
            unreadable[row] = reason
        else:
            encoded[row] = item
    base = len(grouping.value)
    ends = base + np.cumsum([len(item) for item in encoded.values()], dtype=np.int64)
    bounds = np.stack([np.append(base, ends)[:-1], ends], axis=1)
    value = grouping.value + b"".join(encoded.values())
    again = ItemGrouping(value, bounds, implicit=False)
    again.run()
    rows = np.array(list(encoded), np.int64)
    for index, reason in again.reasons.items():
        unreadable[int(rows[index])] = reason
    groups = (
        *grouping.groups,
        *(ItemGroup(rows[group.rows], group.fields) for group in again.groups),
    )
    return ParsedItems(value, grouping.bounds, grouping.implicit, groups, unreadable)


def _encoded_again(
    grouping: ItemGrouping, row: int, character_set: Any
) -> bytes | None:
    """Item as pydicom encodes what it decodes, or None if it cannot."""
    start, stop = grouping.bounds[row].tolist()
    stream = BytesIO(grouping.value[start:stop])
    try:
        encodings = convert_encodings(character_set)
        item = read_sequence_item(stream, grouping.implicit, True, encodings, start)
        if item is None or stream.tell() != stop - start or not _is_whole(item):
            return None
        return encode_items([item], character_set=character_set)
    except Exception:  # noqa: BLE001 (what damaged bytes lead to cannot be foreseen)
        return None


def _is_whole(item: Dataset) -> bool:
    """Whether pydicom found all bytes that lengths promise."""
    datasets = [item]
    while datasets:
        for element in datasets.pop().elements():
            if not isinstance(element, RawDataElement):
                if element.VR == "SQ":
                    datasets.extend(element.value)
            elif element.length not in {len(element.value or b""), UNDEFINED_LENGTH}:
                return False
    return True
