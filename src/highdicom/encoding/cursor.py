"""All items of a sequence read at once (PS3.5 Section 7.5).

Items of equal structure differ only in lengths and values. So one of them is walked
along, and the steps found are taken by all the others together, with arrays of
offsets in place of one. Items for which a step does not fit are tried with the steps
of the next such item, and so on. What cannot be walked is decoded by pydicom and
encoded again in a regular way, so that every item that can be read at all is found.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pydicom.charset import convert_encodings, default_encoding
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_sequence_item

from highdicom.encoding.headers import (
    ITEM,
    ITEM_DELIMITATION,
    LONG_LENGTH_VRS,
    SEQUENCE_DELIMITATION,
    UNDEFINED_LENGTH,
)
from highdicom.encoding.tree import encode_items
from highdicom.encoding.walking import (
    ELEMENT,
    ITEM_END,
    ITEM_START,
    SEQUENCE_END,
    SEQUENCE_START,
    Step,
    UnwalkableItemError,
    item_end,
    walk_item,
)

__all__ = [
    "Field",
    "ItemGroup",
    "Occurrences",
    "ParsedItems",
    "TagPath",
    "item_bounds",
    "parse_items",
]

Integers = npt.NDArray[np.int64]
Places = list[tuple[Integers, Integers]]
TagPath = tuple[int, ...]
"""Tags from the outermost sequence inside an item down to an element or sequence."""

_ITEM_TAG = b"\xfe\xff\x00\xe0"
_LONG_VRS = frozenset(vr.encode("ascii") for vr in LONG_LENGTH_VRS)
# More structures than these are met one by one.
_MOST_GROUPS = 16
# Deeper items are none of functional groups.
_DEEPEST = 32
_length_at = struct.Struct("<I").unpack_from


class Field(NamedTuple):
    """An element or sequence that stands in every item of a group.

    Parameters
    ----------
    offsets, lengths
        Shape (m,): where its value stands in the bytes; a sequence without its
        delimitation item.
    vr
        As encoded; empty in implicit VR.
    items
        Zero-based numbers of the nested items it stands in, from the outermost: one
        fewer than its path has tags.

    """

    offsets: Integers
    lengths: Integers
    vr: str
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """Items of equal structure.

    Parameters
    ----------
    rows
        Shape (m,): zero-based numbers of the items, ascending.
    fields
        What stands in each of them. A path that leads through a nested sequence of
        several items has several fields.

    """

    rows: Integers
    fields: Mapping[TagPath, tuple[Field, ...]]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True)
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


def _signed(numbers: npt.NDArray[Any]) -> Integers:
    return numbers.astype(np.int64, copy=False)


class _Cursors:
    """Positions in many items, moved together."""

    def __init__(self, value: bytes, starts: Integers, *, implicit: bool) -> None:
        # Every offset can be read, even or odd, although items should be even.
        self._eight: npt.NDArray[np.uint64] = np.ndarray(
            (len(value) - 7,), "<u8", value, 0, (1,)
        )
        self._four: npt.NDArray[np.uint32] = np.ndarray(
            (len(value) - 3,), "<u4", value, 0, (1,)
        )
        self._implicit = implicit
        self.position = starts
        self.valid = np.ones(len(starts), np.bool_)
        self.offsets: list[Integers] = []
        self.lengths: list[Integers] = []
        self._ends: list[Integers | None] = []
        self._fields: list[int] = []

    def _read(self, tag: int, vr: bytes) -> Integers:
        """Move over a header with this tag and VR; return the lengths it has."""
        position = np.minimum(self.position, len(self._eight) - 1)
        header = self._eight[position]
        low_tag = (tag & 0xFFFF) << 16 | tag >> 16
        if not vr:
            self.valid &= (header & np.uint64(0xFFFFFFFF)) == low_tag
            self.position = self.position + 8
            return _signed(header >> np.uint64(32))
        expected = low_tag | int.from_bytes(vr, "little") << 32
        self.valid &= (header & np.uint64(0xFFFFFFFFFFFF)) == expected
        if vr not in _LONG_VRS:
            self.position = self.position + 8
            return _signed(header >> np.uint64(48))
        position = np.minimum(self.position + 8, len(self._four) - 1)
        self.position = self.position + 12
        return _signed(self._four[position])

    def _open(self, tag: int, step: Step) -> None:
        length = self._read(tag, step.vr)
        self.valid &= (length == UNDEFINED_LENGTH) == step.undefined
        self._ends.append(None if step.undefined else self.position + length)

    def _close(self, tag: int) -> None:
        end = self._ends.pop()
        if end is None:
            self._read(tag, b"")
        else:
            self.valid &= self.position == end

    def take(self, step: Step) -> None:
        """Move over what the step describes, noting for which items it fits."""
        if step.kind == ELEMENT:
            length = self._read(step.tag, step.vr)
            self.offsets.append(self.position)
            self.lengths.append(length)
            self.position = self.position + length
        elif step.kind == ITEM_START:
            self._open(ITEM, step)
        elif step.kind == ITEM_END:
            self._close(ITEM_DELIMITATION)
        elif step.kind == SEQUENCE_START:
            self._open(step.tag, step)
            self._fields.append(len(self.offsets))
            self.offsets.append(self.position)
            self.lengths.append(self.position)
        else:
            field = self._fields.pop()
            self.lengths[field] = self.position - self.offsets[field]
            self._close(SEQUENCE_DELIMITATION)

    def fields(self, kept: npt.NDArray[np.bool_]) -> Places:
        """Offsets and lengths of what was moved over, for some of the items."""
        places = zip(self.offsets, self.lengths, strict=True)
        if kept.all():
            return list(places)
        return [(offsets[kept], lengths[kept]) for offsets, lengths in places]


def _smallest_length(steps: tuple[Step, ...]) -> int:
    """Bytes that an item with these steps has at least."""
    return 8 * sum(
        step.kind in {ITEM_START, SEQUENCE_START, ELEMENT} or step.undefined
        for step in steps
    )


def _named(
    steps: tuple[Step, ...], places: Iterator[tuple[Integers, Integers]]
) -> dict[TagPath, tuple[Field, ...]]:
    """Arrange fields that stand in the order of steps by their paths."""
    fields: dict[TagPath, list[Field]] = {}
    path: list[int] = []
    items: list[int] = []
    for step in steps[1:-1]:
        if step.kind in {ELEMENT, SEQUENCE_START}:
            place = Field(*next(places), step.vr.decode("ascii"), tuple(items))
            fields.setdefault((*path, step.tag), []).append(place)
        if step.kind == SEQUENCE_START:
            path.append(step.tag)
            items.append(-1)
        elif step.kind == SEQUENCE_END:
            path.pop()
            items.pop()
        elif step.kind == ITEM_START:
            items[-1] += 1
    return {path: tuple(found) for path, found in fields.items()}


def _depth(steps: tuple[Step, ...]) -> int:
    change = {SEQUENCE_START: 1, SEQUENCE_END: -1}
    return int(max(np.cumsum([change.get(step.kind, 0) for step in steps])))


class _Parser:
    """Groups of items of equal structure, as they are found."""

    def __init__(self, value: bytes, bounds: Integers, *, implicit: bool) -> None:
        self.value = value
        self.bounds = bounds
        self.implicit = implicit
        self.groups: list[ItemGroup] = []
        self.reasons: dict[int, str] = {}

    def run(self, *, to_first_failure: bool = False) -> None:
        left = np.arange(len(self.bounds))
        while len(left) and len(self.groups) + len(self.reasons) < _MOST_GROUPS:
            left = self._take_group(left)
            if to_first_failure and self.reasons:
                return
        self._take_one_by_one(left)

    def _walk(self, row: int) -> tuple[tuple[Step, ...], list[int], list[int]] | None:
        start, stop = self.bounds[row].tolist()
        try:
            steps, offsets, lengths, end = walk_item(
                self.value, start, implicit=self.implicit
            )
        except UnwalkableItemError as error:
            self.reasons[row] = str(error)
            return None
        if end != stop:
            self.reasons[row] = f"The item at offset {start} has a wrong length."
            return None
        if _depth(steps) > _DEEPEST:
            self.reasons[row] = (
                f"The item at offset {start} is nested deeper than {_DEEPEST} levels."
            )
            return None
        return steps, offsets, lengths

    def _take_group(self, left: Integers) -> Integers:
        """Parse all items that are like the first; return the others."""
        walked = self._walk(int(left[0]))
        if walked is None:
            return left[1:]
        steps, _, _ = walked
        bounds = self.bounds[left]
        # Keeps the work in proportion to the bytes, whatever the items are.
        possible = bounds[:, 1] - bounds[:, 0] >= _smallest_length(steps)
        cursors = _Cursors(self.value, bounds[possible, 0], implicit=self.implicit)
        for step in steps:
            cursors.take(step)
        fits = cursors.valid & (cursors.position == bounds[possible, 1])
        self._add(left[possible][fits], steps, cursors.fields(fits))
        possible[possible] = fits
        return left[~possible]

    def _take_one_by_one(self, left: Integers) -> None:
        alike: dict[tuple[Step, ...], list[tuple[int, list[int], list[int]]]] = {}
        for row in left.tolist():
            walked = self._walk(row)
            if walked is not None:
                steps, offsets, lengths = walked
                alike.setdefault(steps, []).append((row, offsets, lengths))
        for steps, found in alike.items():
            columns = [
                np.array(column, np.int64) for column in zip(*found, strict=True)
            ]
            places = list(zip(columns[1].T, columns[2].T, strict=True))
            self._add(columns[0], steps, places)

    def _add(self, rows: Integers, steps: tuple[Step, ...], places: Places) -> None:
        self.groups.append(ItemGroup(rows, _named(steps, iter(places))))


def _defined_bounds(value: bytes) -> Integers | None:
    """Bounds of items if all have a defined length and fill the value."""
    size = len(value)
    if value[:4] != _ITEM_TAG or size < 8:
        return None
    stride = 8 + _length_at(value, 4)[0]
    if size % stride == 0:
        bounds = _checked_bounds(value, np.arange(0, size, stride, dtype=np.int64))
        if bounds is not None:
            return bounds
    return _checked_bounds(value, np.array(_chained_starts(value), np.int64))


def _checked_bounds(value: bytes, starts: Integers) -> Integers | None:
    words = np.ndarray((len(value) - 3,), "<u4", value, 0, (1,))
    lengths = words[np.minimum(starts + 4, len(words) - 1)].astype(np.int64)
    ends = starts + 8 + lengths
    chained = np.append(starts[1:], len(value))
    if (words[starts] == words[0]).all() and (ends == chained).all():
        return np.stack([starts, ends], axis=1)
    return None


def _chained_starts(value: bytes) -> list[int]:
    starts: list[int] = []
    add = starts.append
    position = 0
    limit = len(value) - 3
    try:
        while position < limit:
            add(position)
            position += 8 + _length_at(value, position + 4)[0]
    except struct.error:
        pass  # what is wrong is found by the caller
    return starts


def _alike_bounds(value: bytes) -> Integers:
    """Bounds of items of undefined length if all begin alike; a guess."""
    pattern = value[:14]
    starts = []
    position = 0
    while position >= 0:
        starts.append(position)
        position = value.find(pattern, position + len(pattern))
    array = np.array(starts, np.int64)
    return np.stack([array, np.append(array[1:], len(value))], axis=1)


def _walked_bounds(value: bytes, *, implicit: bool) -> Integers:
    bounds: list[tuple[int, int]] = []
    position = 0
    while position < len(value):
        if value[position : position + 8] == b"\xfe\xff\xdd\xe0\0\0\0\0":
            break
        end = item_end(value, position, implicit=implicit)
        bounds.append((position, end))
        position = end
    return np.array(bounds, np.int64).reshape(-1, 2)


def _guessed(value: bytes, *, implicit: bool) -> _Parser | None:
    """Parse items of undefined length, if a guess where they start holds."""
    parser = _Parser(value, _alike_bounds(value), implicit=implicit)
    parser.run(to_first_failure=True)
    return None if parser.reasons else parser


def item_bounds(value: bytes, *, implicit: bool) -> Integers:
    """Find where the items of a sequence start and end.

    Parameters
    ----------
    value
        Encoded items, of defined or undefined length; a sequence delimitation item
        may follow.

    Returns
    -------
    numpy.ndarray
        Shape (n, 2): offsets of start, header included, and end.

    Raises
    ------
    InvalidAttributeError
        If the value is not a row of items, or is truncated.

    """
    return _start(value, implicit=implicit).bounds


def _start(value: bytes, *, implicit: bool) -> _Parser:
    """Find the bounds, and the groups already where that is needed to find them."""
    bounds = _defined_bounds(value)
    if bounds is None:
        if value[4:8] == b"\xff\xff\xff\xff":
            guess = _guessed(value, implicit=implicit)
            if guess is not None:
                return guess
        bounds = _walked_bounds(value, implicit=implicit)
    return _Parser(value, bounds, implicit=implicit)


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
    parser = _start(value, implicit=implicit)
    if not parser.groups:
        parser.run()
    if parser.reasons:
        return _mended(parser, character_set)
    return ParsedItems(value, parser.bounds, implicit, tuple(parser.groups), {})


def _mended(parser: _Parser, character_set: str | list[str]) -> ParsedItems:
    """Bring items into a regular form that could not be walked as they are."""
    encoded: dict[int, bytes] = {}
    unreadable: dict[int, str] = {}
    for row, reason in parser.reasons.items():
        item = _encoded_again(parser, row, character_set)
        if item is None:
            unreadable[row] = reason
        else:
            encoded[row] = item
    base = len(parser.value)
    ends = base + np.cumsum([len(item) for item in encoded.values()], dtype=np.int64)
    bounds = np.stack([np.append(base, ends)[:-1], ends], axis=1)
    value = parser.value + b"".join(encoded.values())
    again = _Parser(value, bounds, implicit=False)
    again.run()
    rows = np.array(list(encoded), np.int64)
    for index, reason in again.reasons.items():
        unreadable[int(rows[index])] = reason
    groups = (
        *parser.groups,
        *(ItemGroup(rows[group.rows], group.fields) for group in again.groups),
    )
    return ParsedItems(value, parser.bounds, parser.implicit, groups, unreadable)


def _encoded_again(parser: _Parser, row: int, character_set: Any) -> bytes | None:
    """Item as pydicom encodes what it decodes, or None if it cannot."""
    start, stop = parser.bounds[row].tolist()
    stream = BytesIO(parser.value[start:stop])
    try:
        encodings = convert_encodings(character_set)
        item = read_sequence_item(stream, parser.implicit, True, encodings, start)
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
