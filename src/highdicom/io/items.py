"""Where sequences of undefined length end, and how deep sequences are nested.

Nothing is decoded: PS3.5 7.5 lets items be skipped by their headers. All this
is done without recursion, so that no file can exhaust the stack.
"""

from struct import Struct

import numpy as np
import numpy.typing as npt
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32, VR

from highdicom.errors import NonconformantDatasetError
from highdicom.io.window import Window

__all__ = [
    "ITEM",
    "ITEM_DELIMITATION",
    "LONG_VRS",
    "SEQUENCE_DELIMITATION",
    "SHORT_VRS",
    "UNDEFINED_LENGTH",
    "check_nesting",
    "take_items",
]

ITEM = b"\xfe\xff\x00\xe0"
ITEM_DELIMITATION = b"\xfe\xff\x0d\xe0"
SEQUENCE_DELIMITATION = b"\xfe\xff\xdd\xe0"
UNDEFINED_LENGTH = 0xFFFFFFFF

LONG_VRS = frozenset(str(vr).encode() for vr in EXPLICIT_VR_LENGTH_32)
SHORT_VRS = frozenset(str(vr).encode() for vr in VR if len(vr) == 2) - LONG_VRS

# Real reports have some twenty levels. Each level takes several calls of pydicom, and
# more to copy or write it, of the thousand that Python allows.
MOST_LEVELS = 64
_LARGE_VALUE = 1 << 16

# Neither delimiters nor commands are data elements of an item.
_NO_GROUPS = {b"\xfe\xff", b"\0\0"}

_TAG_AND_LENGTH = Struct("<4sI").unpack_from
_TAG_VR_AND_LENGTH = Struct("<4s2sH").unpack_from
_LENGTH = Struct("<I").unpack_from

_DELIMITATIONS = (ITEM_DELIMITATION, SEQUENCE_DELIMITATION)
_HEADER_SIZES = dict.fromkeys(SHORT_VRS, 8) | dict.fromkeys(LONG_VRS, 12)


def _too_deep(where: str) -> NonconformantDatasetError:
    return NonconformantDatasetError(
        f"{where}: Sequences are nested more than {MOST_LEVELS} levels deep."
    )


def take_items(window: Window, offset: int, *, implicit: bool, where: str) -> bytes:
    """Return the items of a sequence of undefined length, without its delimitation.

    Parameters
    ----------
    window
        Bytes to read from.
    offset
        Where the first item starts.
    implicit
        Whether the elements have no value representation. Where they have, elements
        without one are recognised, since values of unknown representation are encoded
        so (PS3.5 6.2.2).
    where
        What messages call the sequence.

    Raises
    ------
    NonconformantDatasetError
        If the sequence has no end, is nested too deeply, or holds something other than
        items.

    """
    data = b""
    walker = _Walker(implicit=implicit, where=where)
    while not walker.has_ended:
        more = window.ahead(offset + len(data), len(data) // 2)
        if not more:
            raise walker.endless()
        data += more
        walker.walk(data, window.end - offset)
    return data[: walker.position - 8]


class _Walker:
    """A position that moves from header to header through nested items.

    Sequences and items of undefined length take turns, so one number says what may
    come next: at odd levels items, at even ones data elements.
    """

    def __init__(self, *, implicit: bool, where: str) -> None:
        # Sizes of the headers of data elements. What has no value representation has
        # a length of four bytes in its place.
        self._headers = {} if implicit else _HEADER_SIZES
        self._where = where
        self._level = 1
        self.position = 0

    @property
    def has_ended(self) -> bool:
        return self._level == 0

    def endless(self) -> NonconformantDatasetError:
        return NonconformantDatasetError(
            f"{self._where}: The data end before the sequence that starts there does."
        )

    def walk(self, data: bytes, limit: int) -> None:
        """Go on until the data or the sequence end.

        Parameters
        ----------
        data
            Bytes from the start of the sequence on, as far as they are known.
        limit
            Number of bytes that there will be at most.

        """
        # Twelve bytes are the longest header; at the very end eight have to do.
        last = len(data) - (12 if len(data) < limit else 8)
        position, level = self.position, self._level
        unpack, size_of = _TAG_VR_AND_LENGTH, self._headers.get
        while level and position <= last:
            tag, vr, short_length = unpack(data, position)
            if tag == _DELIMITATIONS[level & 1]:
                level -= 1
                position += 8
                continue
            size = size_of(vr) if level & 1 == 0 else None
            if size == 8:
                position += 8 + short_length
                continue
            if size == 12 and position + 12 <= len(data):
                length = _LENGTH(data, position + 8)[0]
            else:
                size, length = self._unusual_header(data, position, size, level)
            if length == UNDEFINED_LENGTH:
                level += 1
                length = 0
                if level > 2 * MOST_LEVELS:
                    raise _too_deep(self._where)
            position += size + length
        self.position, self._level = position, level
        if position > limit or (level and len(data) >= limit):
            raise self.endless()

    def _unusual_header(
        self, data: bytes, position: int, size: int | None, level: int
    ) -> tuple[int, int]:
        """Return the sizes of a header with a length of four bytes and of its value."""
        if size is not None:
            # The file ends within the header.
            return size, 0
        tag, length = _TAG_AND_LENGTH(data, position)
        if level & 1:
            expected, is_there = "An item", tag == ITEM
        else:
            expected, is_there = "A data element", tag[:2] not in _NO_GROUPS
            if self._headers and data[position + 4 : position + 6].isupper():
                # A representation of letters is one, though unknown.
                length >>= 16
        if not is_there:
            raise NonconformantDatasetError(
                f"{self._where}: {expected} is expected {position} bytes into the "
                "value of the sequence, but there is none."
            )
        return 8, length


def check_nesting(value: bytes, *, implicit: bool, where: str) -> None:
    """Refuse sequences that are nested too deeply to be handled safely.

    Parameters
    ----------
    value
        Encoded items.
    implicit
        Whether their elements have no value representation.
    where
        What messages call the sequence.

    Raises
    ------
    NonconformantDatasetError
        If items are nested more than 64 levels deep.

    """
    if len(value) < 8 * MOST_LEVELS:
        return
    # Walking tells; it is slow unless most of the bytes are those of large values.
    few = len(value) // _LARGE_VALUE
    deepest = _depth(value, implicit=implicit, most_headers=few)
    if deepest is None and _deepest_overlap(value) > MOST_LEVELS:
        # What looks like items may be values.
        deepest = _depth(value, implicit=implicit)
    if deepest is not None and deepest > MOST_LEVELS:
        raise _too_deep(where)


def _places(value: bytes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where there are the bytes of items and of item delimitations."""
    data = np.frombuffer(value, np.uint8)
    places = np.flatnonzero(data[:-7] == ITEM[0])
    places = places[data[places + 1] == ITEM[1]]
    places = places[data[places + 3] == ITEM[3]]
    kinds = data[places + 2]
    return places[kinds == ITEM[2]], places[kinds == ITEM_DELIMITATION[2]]


def _deepest_overlap(value: bytes) -> int:
    """Return an upper bound of how many items lie in one another."""
    starts, delimitations = _places(value)
    if len(starts) <= MOST_LEVELS:
        return len(starts)
    data = np.frombuffer(value, np.uint8)
    lengths = data[starts[:, None] + np.arange(4, 8)].view("<u4")[:, 0]
    is_defined = lengths != UNDEFINED_LENGTH
    ends = np.concatenate([(starts + 8 + lengths)[is_defined], delimitations])
    ends.sort()
    closed = np.searchsorted(ends, starts, side="right")
    return int((np.arange(1, len(starts) + 1) - closed).max())


def _depth(
    value: bytes, *, implicit: bool, most_headers: int | None = None
) -> int | None:
    """Return how deep items are nested, as far as the encoding makes sense.

    None if that is not known after a number of headers.
    """
    ends: list[int] = [len(value)]
    deepest, position, headers = 0, 0, 0
    while position + 8 <= len(value) and deepest <= MOST_LEVELS:
        if headers == most_headers:
            return None
        headers += 1
        while ends and position >= ends[-1]:
            ends.pop()
        tag, length = _TAG_AND_LENGTH(value, position)
        if tag == ITEM:
            ends.append(_end(position + 8, length, len(value)))
            deepest = max(deepest, len(ends) - 1)
            position += 8
        elif tag == ITEM_DELIMITATION:
            ends = ends[:-1] or [len(value)]
            position += 8
        elif tag == SEQUENCE_DELIMITATION:
            position += 8
        else:
            position = _after_header(value, position, implicit=implicit)
    return deepest


def _end(start: int, length: int, end: int) -> int:
    return end + 1 if length == UNDEFINED_LENGTH else min(start + length, end)


def _after_header(value: bytes, position: int, *, implicit: bool) -> int:
    """Return where the content of a sequence, or the next element, starts."""
    tag, vr, length = _TAG_VR_AND_LENGTH(value, position)
    header = 8
    if implicit or not (vr in SHORT_VRS or vr in LONG_VRS):
        length = _LENGTH(value, position + 4)[0]
        number = int.from_bytes(tag[:2], "little") << 16
        number |= int.from_bytes(tag[2:], "little")
        may_nest = not dictionary_has_tag(number) or dictionary_VR(number) == VR.SQ
    else:
        may_nest = vr in {b"SQ", b"UN"}
        if vr in LONG_VRS:
            header = 12
            length = int.from_bytes(value[position + 8 : position + 12], "little")
    start = position + header
    is_nested = may_nest and value[start : start + 4] == ITEM
    return start if is_nested or length == UNDEFINED_LENGTH else start + length
