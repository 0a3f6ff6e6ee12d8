"""Items of equal structure, walked along together (PS3.5 7.5).

Items of equal structure differ only in lengths and values. So one of them is walked
along, and the steps found are taken by all the others together, with arrays of
offsets in place of one. Items for which a step does not fit are tried with the steps
of the next such item, and so on.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from highdicom.encoding.elements import TagPath
from highdicom.encoding.headers import (
    ITEM,
    ITEM_DELIMITATION,
    LONG_LENGTH_VRS,
    SEQUENCE_DELIMITATION,
    UNDEFINED_LENGTH,
)
from highdicom.encoding.walking import (
    ELEMENT,
    ITEM_END,
    ITEM_START,
    SEQUENCE_END,
    SEQUENCE_START,
    Step,
    UnwalkableItemError,
    walk_item,
)
from highdicom.records import record

__all__ = ["Field", "Integers", "ItemGroup", "ItemGrouping"]

Integers = npt.NDArray[np.int64]
Places = list[tuple[Integers, Integers]]

_LONG_VRS = frozenset(vr.encode("ascii") for vr in LONG_LENGTH_VRS)
# More structures than these are met one by one.
_MOST_GROUPS = 16
# Deeper items are none of functional groups.
_DEEPEST = 32


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


@record
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


class ItemGrouping:
    """Groups of items of equal structure, as they are found.

    Parameters
    ----------
    value
        Encoded items.
    bounds
        Shape (n, 2): offsets of start, header included, and end of each item.
    implicit
        Whether they are in implicit VR.

    """

    def __init__(self, value: bytes, bounds: Integers, *, implicit: bool) -> None:
        self.value = value
        self.bounds = bounds
        self.implicit = implicit
        self.groups: list[ItemGroup] = []
        self.reasons: dict[int, str] = {}

    def run(self, *, to_first_failure: bool = False) -> None:
        """Find the groups of all items, and the reasons why items are in none."""
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
