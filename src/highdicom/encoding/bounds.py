"""Where the items of a sequence start and end (PS3.5 7.5)."""

import struct

import numpy as np

from highdicom.encoding.grouping import Integers, ItemGrouping
from highdicom.encoding.walking import item_end

__all__ = ["item_bounds", "started_grouping"]

_ITEM_TAG = b"\xfe\xff\x00\xe0"
_length_at = struct.Struct("<I").unpack_from


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


def _guessed(value: bytes, *, implicit: bool) -> ItemGrouping | None:
    """Parse items of undefined length, if a guess where they start holds."""
    grouping = ItemGrouping(value, _alike_bounds(value), implicit=implicit)
    grouping.run(to_first_failure=True)
    return None if grouping.reasons else grouping


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
    return started_grouping(value, implicit=implicit).bounds


def started_grouping(value: bytes, *, implicit: bool) -> ItemGrouping:
    """Find the bounds, and the groups already where that is needed to find them."""
    bounds = _defined_bounds(value)
    if bounds is None:
        if value[4:8] == b"\xff\xff\xff\xff":
            guess = _guessed(value, implicit=implicit)
            if guess is not None:
                return guess
        bounds = _walked_bounds(value, implicit=implicit)
    return ItemGrouping(value, bounds, implicit=implicit)
