"""Where the frames of encapsulated pixel data are (PS3.5 A.4).

A frame is a run of items. Basic and extended offset tables say where each run starts;
without them, or where they lie, the runs are found by going from item to item.
"""

from enum import Enum

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.io.codestreams import signatures_of
from highdicom.io.fragments import Fragments, walk_fragments
from highdicom.io.items import ITEM
from highdicom.io.location import PixelDataLocation
from highdicom.io.ranges import read_ranges
from highdicom.io.values import value_of
from highdicom.policy import tolerate
from highdicom.records import record

__all__ = [
    "ExtendedOffsets",
    "FrameRuns",
    "OffsetTable",
    "distrust",
    "extended_offsets",
    "find_frames",
    "scan_frames",
]

_ITEM_HEADER_SIZE = 8

# End of image and end of codestream are the same; padding may follow.
_END_OF_IMAGE = b"\xff\xd9"
_END_SEARCHED = 10


ExtendedOffsets = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Offsets of the frames from the first item on, and their lengths."""

_NONE = np.zeros(0, np.int64)


class OffsetTable(Enum):
    """How frames were found."""

    BASIC = "Basic Offset Table"
    EXTENDED = "Extended Offset Table"
    SCANNED = "items"


@record(eq=False)
class FrameRuns:
    """The run of items of each frame."""

    origin: OffsetTable
    """How they were found."""

    starts: npt.NDArray[np.int64]
    """Shape (n,): where the header of the first item starts."""

    ends: npt.NDArray[np.int64]
    """Shape (n,): where the last item ends."""

    lengths: npt.NDArray[np.int64] | None = None
    """Shape (n,): length of each frame without padding, if the table says so."""

    is_open: bool = False
    """Whether the end of the last frame is only known not to be later than it says."""

    def __len__(self) -> int:
        """Return the number of frames that were found."""
        return len(self.starts)


def find_frames(
    location: PixelDataLocation,
    extended: ExtendedOffsets | None,
    number_of_frames: int,
    transfer_syntax_uid: str,
) -> FrameRuns:
    """Find the frames by the offset tables, or by the items if there are none.

    Parameters
    ----------
    location
        Encapsulated pixel data.
    extended
        Extended offset table, if there is one.
    number_of_frames
        Number of frames that there should be.
    transfer_syntax_uid
        Tells what a frame starts with.

    Returns
    -------
    FrameRuns
        Runs of items; fewer than there should be frames where the pixel data end
        early.

    Raises
    ------
    DamagedPixelDataError
        If the pixel data are not encapsulated, or the frames cannot be told apart.

    """
    first, basic = _basic_offsets(location)
    runs = None
    if extended is not None:
        runs = _extended_runs(location, extended, first, number_of_frames)
    if runs is None and number_of_frames == 1:
        # All items are that frame's, whatever the table says.
        runs = _basic_runs(location, np.zeros(1, np.int64), first, 1)
    if runs is None and len(basic):
        runs = _basic_runs(location, basic, first, number_of_frames)
    if runs is not None:
        return runs
    return scan_frames(location, number_of_frames, transfer_syntax_uid, first)


# Tables


def _basic_offsets(location: PixelDataLocation) -> tuple[int, npt.NDArray[np.int64]]:
    """Return where the first item after the table starts, and the table."""
    start = location.offset
    header = location.source.read(start, _ITEM_HEADER_SIZE)
    length = int.from_bytes(header[4:], "little")
    if header[:4] != ITEM or len(header) < _ITEM_HEADER_SIZE:
        raise location.error("The encapsulated pixel data do not start with an item.")
    first = start + _ITEM_HEADER_SIZE + length
    if first > location.end:
        raise location.error(
            f"The Basic Offset Table should have {length} bytes, but the file ends "
            "before it does."
        )
    table = location.source.read(start + _ITEM_HEADER_SIZE, length)
    usable = len(table) // 4 * 4
    return first, np.frombuffer(table[:usable], "<u4").astype(np.int64)


def extended_offsets(dataset: Dataset) -> ExtendedOffsets | None:
    """Return the extended offset table (PS3.3 C.7.6.3.1.8) of a dataset."""
    if "ExtendedOffsetTable" not in dataset:
        return None
    values = [
        value_of(dataset, keyword)
        for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")
    ]
    tables = [
        np.frombuffer(value[: len(value) // 8 * 8], "<i8").astype(np.int64)
        for value in values
        if isinstance(value, bytes)
    ]
    return (tables[0], tables[1]) if len(tables) == 2 else (_NONE, _NONE)


def _extended_runs(
    location: PixelDataLocation,
    extended: ExtendedOffsets,
    first: int,
    number_of_frames: int,
) -> FrameRuns | None:
    """Use an extended offset table: it knows frames of one item only."""
    offsets, lengths = extended
    room = location.end - first
    is_sound = (
        len(lengths) == len(offsets)
        and _is_sound(offsets, number_of_frames, room)
        and bool(((lengths >= 0) & (lengths <= room - offsets)).all())
    )
    if not is_sound:
        distrust(location, OffsetTable.EXTENDED)
        return None
    starts = first + offsets
    ends = starts + _ITEM_HEADER_SIZE + lengths + lengths % 2
    return FrameRuns(OffsetTable.EXTENDED, starts, ends, lengths)


def _basic_runs(
    location: PixelDataLocation,
    offsets: npt.NDArray[np.int64],
    first: int,
    number_of_frames: int,
) -> FrameRuns | None:
    if not _is_sound(offsets, number_of_frames, location.end - first):
        distrust(location, OffsetTable.BASIC)
        return None
    starts = first + offsets
    ends = np.append(starts[1:], location.end)
    return FrameRuns(OffsetTable.BASIC, starts, ends, is_open=True)


def _is_sound(offsets: npt.NDArray[np.int64], number_of_frames: int, room: int) -> bool:
    """Whether offsets can be those of frames that follow each other."""
    return bool(
        len(offsets) == number_of_frames
        and offsets[0] == 0
        and (np.diff(offsets) >= _ITEM_HEADER_SIZE).all()
        and offsets[-1] < max(room, 1)
    )


def distrust(location: PixelDataLocation, table: OffsetTable) -> None:
    """Tolerate an offset table that lies."""
    tolerate(
        f"the {table.value} does not fit the pixel data",
        "frames are found by their items",
        keyword=location.keyword,
        source=location.source.name,
    )


# Items


def scan_frames(
    location: PixelDataLocation,
    number_of_frames: int,
    transfer_syntax_uid: str,
    first: int | None = None,
) -> FrameRuns:
    """Find the frames by going from item to item.

    Parameters
    ----------
    location, number_of_frames, transfer_syntax_uid
        As of :func:`find_frames`.
    first
        Where the first item after the Basic Offset Table starts, if that is known.

    """
    if first is None:
        first, _ = _basic_offsets(location)
    signatures = signatures_of(transfer_syntax_uid)
    fragments = walk_fragments(location.source, first, location.end, signatures)
    openings = _openings(location, fragments, number_of_frames)
    last = np.append(openings[1:] - 1, len(fragments) - 1)[: len(openings)]
    starts, ends = fragments.starts[openings], fragments.ends[last]
    _report_count(location, len(openings), number_of_frames)
    return FrameRuns(
        OffsetTable.SCANNED, starts[:number_of_frames], ends[:number_of_frames]
    )


def _report_count(location: PixelDataLocation, found: int, expected: int) -> None:
    if found != expected:
        only = "only " if found < expected else ""
        tolerate(
            f"the pixel data hold {only}{found} frames, not {expected}",
            f"the first {min(found, expected)} can be read",
            keyword="NumberOfFrames",
            source=location.source.name,
        )


def _openings(
    location: PixelDataLocation, fragments: Fragments, number_of_frames: int
) -> npt.NDArray[np.int64]:
    """Return the fragments that frames start with."""
    count = len(fragments)
    if count == number_of_frames:
        return np.arange(count)
    if number_of_frames == 1:
        return np.arange(min(count, 1))
    filled = np.flatnonzero(fragments.lengths)
    if len(filled) == number_of_frames:
        return filled
    opening = np.flatnonzero(fragments.opens)
    if len(opening) == number_of_frames:
        return opening
    if count < number_of_frames:
        # Not each of several fragments can be told from a frame of its own.
        return opening if len(opening) and opening[0] == 0 else np.arange(count)
    if len(opening) == 0 or opening[0] != 0:
        raise location.error(
            f"The {count} fragments cannot be told apart into {number_of_frames} "
            "frames, since there is no offset table."
        )
    closed = _after_closings(location, fragments)
    return closed if len(closed) == number_of_frames else opening


def _after_closings(
    location: PixelDataLocation, fragments: Fragments
) -> npt.NDArray[np.int64]:
    """Return the fragments that follow an end of image, and the first."""
    ends = fragments.ends
    sizes = np.minimum(fragments.lengths, _END_SEARCHED)
    tails = read_ranges(
        location.source, list(zip((ends - sizes).tolist(), sizes.tolist(), strict=True))
    )
    closes = np.array([_END_OF_IMAGE in tail for tail in tails])
    return np.append(0, np.flatnonzero(closes[:-1]) + 1)
