"""The structure of one encoded item, found by walking along it (PS3.5 7.5)."""

import struct
from typing import NamedTuple

from highdicom.encoding.headers import (
    ITEM,
    ITEM_DELIMITATION,
    LONG_LENGTH_VRS,
    SEQUENCE_DELIMITATION,
    UNDEFINED_LENGTH,
    is_sequence_tag,
)
from highdicom.errors import InvalidAttributeError

__all__ = [
    "ELEMENT",
    "ITEM_END",
    "ITEM_START",
    "SEQUENCE_END",
    "SEQUENCE_START",
    "Step",
    "UnwalkableItemError",
    "item_end",
    "walk_item",
]

_LONG_LENGTH_VRS = frozenset(vr.encode("ascii") for vr in LONG_LENGTH_VRS)
_header = struct.Struct("<HHI").unpack_from
_long = struct.Struct("<I").unpack_from

ITEM_START, ITEM_END, SEQUENCE_START, SEQUENCE_END, ELEMENT = range(5)

_NOT_IN_ITEM = frozenset((ITEM, ITEM_DELIMITATION, SEQUENCE_DELIMITATION))

# An item of more elements is no functional group of any kind.
_MOST_STEPS = 1 << 16


class UnwalkableItemError(InvalidAttributeError):
    """An item is damaged, or is encoded in a way that is not walked here."""


class Step(NamedTuple):
    """What comes next in an item; equal for all items of equal structure.

    Parameters
    ----------
    kind
        One of the kinds above.
    tag
        Of an element or a sequence.
    vr
        Of an element or a sequence in explicit VR.
    undefined
        Whether the length of an item or a sequence is undefined, so that it ends with
        a delimitation item.

    """

    kind: int
    tag: int = 0
    vr: bytes = b""
    undefined: bool = False


class _Header(NamedTuple):
    tag: int
    vr: bytes
    length: int
    value: int  # offset of the value


def _element_at(value: bytes, position: int, *, implicit: bool) -> _Header:
    group, number, length = _header(value, position)
    tag = group << 16 | number
    if implicit or tag in _NOT_IN_ITEM:
        return _Header(tag, b"", length, position + 8)
    vr = value[position + 4 : position + 6]
    if vr in _LONG_LENGTH_VRS:
        return _Header(tag, vr, _long(value, position + 8)[0], position + 12)
    if not (vr.isalpha() and vr.isupper()):
        raise UnwalkableItemError(
            f"The bytes {vr!r} at offset {position + 4} of a sequence are no value "
            "representation, which has two capital letters."
        )
    return _Header(tag, vr, length >> 16, position + 8)


def _is_sequence(header: _Header) -> bool:
    return header.vr == b"SQ" or (not header.vr and is_sequence_tag(header.tag))


def _no_item(position: int) -> UnwalkableItemError:
    return UnwalkableItemError(
        f"No sequence item starts at offset {position} of a sequence, where one should."
    )


def _no_element(position: int) -> UnwalkableItemError:
    return UnwalkableItemError(
        f"No data element starts at offset {position} of a sequence, where one should."
    )


def _truncated(position: int) -> UnwalkableItemError:
    return UnwalkableItemError(
        f"What starts at offset {position} of a sequence reaches beyond the end of "
        "what contains it."
    )


class _Walk:
    """One walk along an item."""

    def __init__(self, value: bytes, *, implicit: bool) -> None:
        self.value = value
        self.implicit = implicit
        self.steps: list[Step] = []
        self.offsets: list[int] = []
        self.lengths: list[int] = []
        # Ends of the items and sequences that are open; None if undefined.
        self.ends: list[int | None] = []
        self.kinds: list[int] = []
        # Index in `lengths` of each open sequence.
        self.fields: list[int] = []

    def _open(self, kind: int, header: _Header) -> int:
        undefined = header.length == UNDEFINED_LENGTH
        end = None if undefined else header.value + header.length
        limit = self.ends[-1] if self.ends else None
        if end is not None and end > (len(self.value) if limit is None else limit):
            raise _truncated(header.value)
        tag = header.tag if kind == SEQUENCE_START else 0
        self.steps.append(Step(kind, tag, header.vr, undefined))
        self.ends.append(end)
        self.kinds.append(kind)
        return header.value

    def _close(self, position: int) -> int:
        kind, end = self.kinds.pop(), self.ends.pop()
        if end is not None and position != end:
            raise _truncated(position)
        self.steps.append(Step(kind + 1, undefined=end is None))
        if kind == SEQUENCE_START:
            field = self.fields.pop()
            self.lengths[field] = position - self.offsets[field]
        return position + 8 if end is None else position

    def _in_sequence(self, position: int) -> int:
        header = _element_at(self.value, position, implicit=self.implicit)
        if header.tag == SEQUENCE_DELIMITATION and self.ends[-1] is None:
            return self._close(position)
        if header.tag != ITEM:
            raise _no_item(position)
        return self._open(ITEM_START, header)

    def _in_item(self, position: int) -> int:
        header = _element_at(self.value, position, implicit=self.implicit)
        if header.tag == ITEM_DELIMITATION and self.ends[-1] is None:
            return self._close(position)
        if header.tag in _NOT_IN_ITEM:
            raise _no_element(position)
        self.offsets.append(header.value)
        self.lengths.append(header.length)
        if _is_sequence(header):
            self.fields.append(len(self.offsets) - 1)
            return self._open(SEQUENCE_START, header)
        end = self.ends[-1]
        if header.value + header.length > (len(self.value) if end is None else end):
            raise _truncated(position)
        self.steps.append(Step(ELEMENT, header.tag, header.vr))
        return header.value + header.length

    def run(self, position: int) -> int:
        position = self._in_sequence_start(position)
        while self.ends:
            if len(self.steps) > _MOST_STEPS:
                raise UnwalkableItemError(
                    f"A sequence item has more than {_MOST_STEPS} elements."
                )
            end = self.ends[-1]
            if end is not None and position >= end:
                position = self._close(position)
            elif self.kinds[-1] == SEQUENCE_START:
                position = self._in_sequence(position)
            else:
                position = self._in_item(position)
        return position

    def _in_sequence_start(self, position: int) -> int:
        header = _element_at(self.value, position, implicit=self.implicit)
        if header.tag != ITEM:
            raise _no_item(position)
        return self._open(ITEM_START, header)


def walk_item(
    value: bytes, position: int, *, implicit: bool
) -> tuple[tuple[Step, ...], list[int], list[int], int]:
    """Find the structure of the item at a position.

    Returns
    -------
    tuple
        The steps; byte offset and length of the value of each element and sequence in
        the order of the steps (without delimitation items); and where the item ends.

    Raises
    ------
    UnwalkableItemError
        If the item is damaged, is too large for what it should be, or holds what is
        not walked here: another encoding than the sequence, elements of undefined
        length that are not known to be sequences.

    """
    walk = _Walk(value, implicit=implicit)
    try:
        end = walk.run(position)
    except struct.error as error:
        raise _truncated(position) from error
    return tuple(walk.steps), walk.offsets, walk.lengths, end


def item_end(value: bytes, position: int, *, implicit: bool) -> int:
    """Find the end of the item at a position, however deep it is nested.

    Raises
    ------
    UnwalkableItemError
        If no item starts there, or it does not end within the value.

    """
    if value[position : position + 4] != b"\xfe\xff\x00\xe0":
        raise _no_item(position)
    try:
        end = _skip_item(value, position, implicit=implicit)
    except struct.error as error:
        raise _truncated(position) from error
    if end > len(value):
        raise _truncated(position)
    return end


def _skip_item(value: bytes, position: int, *, implicit: bool) -> int:
    # Kind and encoding of what is open; what has a defined length is never opened.
    open_parts: list[tuple[int, bool]] = [(SEQUENCE_START, implicit)]
    while True:
        kind, implicit = open_parts[-1]
        header = _element_at(value, position, implicit=implicit)
        position = header.value
        if header.tag == (ITEM_DELIMITATION, SEQUENCE_DELIMITATION)[kind // 2]:
            open_parts.pop()
        elif kind == SEQUENCE_START and header.tag != ITEM:
            raise _no_item(position - 8)
        elif kind == ITEM_START and header.tag in _NOT_IN_ITEM:
            raise _no_element(position - 8)
        elif header.length != UNDEFINED_LENGTH:
            position += header.length
        elif kind == SEQUENCE_START:
            open_parts.append((ITEM_START, implicit))
        else:
            # PS3.5 6.2.2: UN of undefined length is a sequence in implicit VR.
            open_parts.append((SEQUENCE_START, implicit or header.vr == b"UN"))
        if len(open_parts) == 1:
            return position
