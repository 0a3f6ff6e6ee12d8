"""The items of encapsulated pixel data (PS3.5 A.4)."""

from array import array
from re import compile as pattern
from struct import Struct

import numpy as np
import numpy.typing as npt

from highdicom.io.byte_source import ByteSource, request_cost
from highdicom.io.items import ITEM, SEQUENCE_DELIMITATION, UNDEFINED_LENGTH
from highdicom.io.location import DamagedPixelDataError
from highdicom.records import record

__all__ = ["Fragments", "joined_items", "walk_fragments"]

_HEADER = Struct("<4sI").unpack_from
_HEADER_SIZE = 8

# A header and the longest of the signatures by which codestreams are recognised.
_LEAST = 32
_LARGEST_STEP = 1 << 22

# Even where requests cost nothing, calls do.
_LEAST_CHUNK = 1 << 12

# More would take minutes and gigabytes; a frame in so many pieces is no picture.
_MOST_FRAGMENTS = 4_000_000

_EMPTY_ITEMS = pattern(rb"(?:\xfe\xff\x00\xe0\x00{4})+")


@record(eq=False)
class Fragments:
    """Items found by going from header to header."""

    starts: npt.NDArray[np.int64]
    """Shape (n,): where the header of each item starts."""

    lengths: npt.NDArray[np.int64]
    """Shape (n,): length of each value."""

    opens: npt.NDArray[np.bool_]
    """Shape (n,): whether the value starts with one of the signatures asked for."""

    end: int
    """Where the delimitation, or what is no item, starts."""

    is_complete: bool
    """Whether a delimitation was found there."""

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.starts)

    @property
    def ends(self) -> npt.NDArray[np.int64]:
        """Shape (n,): where each item ends."""
        return self.starts + _HEADER_SIZE + self.lengths


class _Walk:
    """What has been found so far."""

    def __init__(
        self, source: ByteSource, start: int, end: int, *, reads_ahead: bool
    ) -> None:
        self._source = source
        self._cost = max(request_cost(source), _LEAST_CHUNK) if reads_ahead else 0
        self._first = start
        self._end = end
        self._chunk = b""
        self._base = start
        self._step = self._cost
        self.position = start
        self.starts = array("q")
        self.lengths = array("q")
        self.opens = bytearray()

    def look(self) -> int:
        """Fetch the next header if it is not in memory and return its place there."""
        place = self.position - self._base
        available = len(self._chunk) - place
        if place >= 0 and available >= min(_LEAST, self._end - self.position):
            return place
        # Where fragments are short, reading all is cheaper than a request for each.
        mean = (self.position - self._first) // max(len(self.starts), 1)
        is_dense = mean < self._cost
        step = self._step if is_dense else _LEAST
        self._step = min(2 * self._step, max(_LARGEST_STEP, self._cost))
        self._base = self.position
        self._chunk = self._source.read(
            self.position, min(step, self._end - self._base)
        )
        return 0

    def next_header(self) -> tuple[bytes, int]:
        """Return tag and length of the next item; nothing at the end."""
        if self.position + _HEADER_SIZE > self._end:
            return b"", 0
        place = self.look()
        if len(self._chunk) - place < _HEADER_SIZE:
            return b"", 0
        tag, length = _HEADER(self._chunk, place)
        return tag, length

    def add(self, length: int, signatures: tuple[bytes, ...]) -> None:
        place = self.position - self._base + _HEADER_SIZE
        self.starts.append(self.position)
        self.lengths.append(length)
        self.opens.append(self._chunk.startswith(signatures, place))
        self.position += _HEADER_SIZE + length

    def add_empty(self) -> None:
        """Add a run of empty items, of which a damaged file may have millions."""
        match = _EMPTY_ITEMS.match(self._chunk, self.position - self._base)
        count = (len(match[0]) if match else _HEADER_SIZE) // _HEADER_SIZE
        after = self.position + count * _HEADER_SIZE
        self.starts.extend(range(self.position, after, _HEADER_SIZE))
        self.lengths.frombytes(bytes(8 * count))
        self.opens += bytes(count)
        self.position = after


def walk_fragments(
    source: ByteSource,
    start: int,
    end: int,
    signatures: tuple[bytes, ...] = (),
    *,
    reads_ahead: bool = True,
) -> Fragments:
    """Find items by going from header to header.

    Parameters
    ----------
    source
        Source to read from.
    start
        Where the header of the first item starts.
    end
        Where the bytes end that may belong to the items.
    signatures
        First bytes of values to look out for.
    reads_ahead
        Whether many items may be expected.

    Returns
    -------
    Fragments
        Items up to the delimitation, or up to where there are none. The last one may
        reach beyond the end.

    Raises
    ------
    DamagedPixelDataError
        If there are more than four million items.

    """
    walk = _Walk(source, start, end, reads_ahead=reads_ahead)
    is_complete = False
    while len(walk.starts) <= _MOST_FRAGMENTS:
        tag, length = walk.next_header()
        if tag != ITEM or length == UNDEFINED_LENGTH:
            is_complete = tag == SEQUENCE_DELIMITATION
            break
        if length:
            walk.add(length, signatures)
        else:
            walk.add_empty()
    else:
        raise DamagedPixelDataError(
            f"{source.name}: The pixel data have more than {_MOST_FRAGMENTS} fragments.",
            keyword="PixelData",
            source=source.name,
        )
    return Fragments(
        starts=np.array(walk.starts, np.int64),
        lengths=np.array(walk.lengths, np.int64),
        opens=np.frombuffer(bytes(walk.opens), np.bool_),
        end=walk.position,
        is_complete=is_complete,
    )


def joined_items(data: bytes, *, is_open: bool = False) -> bytes | None:
    """Join the values of the items that bytes consist of.

    Parameters
    ----------
    data
        Items, one after the other.
    is_open
        Whether a delimitation and anything else may follow them.

    Returns
    -------
    bytes | None
        Joined values; None if the bytes are not what they should be.

    """
    pieces = []
    position = 0
    while position < len(data):
        if position + _HEADER_SIZE > len(data):
            return None
        tag, length = _HEADER(data, position)
        if tag != ITEM:
            if is_open and tag == SEQUENCE_DELIMITATION:
                break
            return None
        start = position + _HEADER_SIZE
        position = start + length
        if position > len(data):
            return None
        pieces.append(memoryview(data)[start:position])
    return bytes(pieces[0]) if len(pieces) == 1 else b"".join(pieces)
