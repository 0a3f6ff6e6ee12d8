"""Many ranges of a source in few requests."""

from collections.abc import Sequence
from typing import cast

from highdicom.io.byte_source import ByteSource, request_cost

__all__ = ["ByteRange", "batch_size", "read_ranges"]

ByteRange = tuple[int, int]
"""Offset and size."""

# Enough for headers and padding between frames that follow each other. More would
# transfer frames that nobody asked for.
_GAP = 512


def batch_size(source: ByteSource) -> int:
    """Return how many bytes may be read ahead of their use."""
    return max(128 * request_cost(source), 1 << 20)


def read_ranges(source: ByteSource, ranges: Sequence[ByteRange]) -> list[bytes]:
    """Read ranges, in one request where they are close to each other.

    Parameters
    ----------
    source
        Source to read from.
    ranges
        Offset and size of each range, in any order. All of them are held in memory at
        once.

    Returns
    -------
    list[bytes]
        Bytes of each range; fewer than asked for only at the end of the source.

    """
    order = sorted(range(len(ranges)), key=ranges.__getitem__)
    groups = _grouped(ranges, order, 32 * request_cost(source))
    pieces = _read(source, [span for span, _ in groups])
    results: list[bytes] = [b""] * len(ranges)
    for ((start, size), members), piece in zip(groups, pieces, strict=True):
        for member in members:
            offset, length = ranges[member]
            is_whole = offset == start and length == size
            first = offset - start
            results[member] = piece if is_whole else piece[first : first + length]
    return results


def _grouped(
    ranges: Sequence[ByteRange], order: list[int], largest: int
) -> list[tuple[ByteRange, list[int]]]:
    """Put ranges that follow each other together, as long as the sum is not too large."""
    groups: list[tuple[ByteRange, list[int]]] = []
    start = end = -1
    for member in order:
        offset, size = ranges[member]
        new_end = max(end, offset + size)
        if groups and offset - end <= _GAP and new_end - start <= largest:
            groups[-1][1].append(member)
            end = new_end
            groups[-1] = ((start, end - start), groups[-1][1])
        else:
            start, end = offset, offset + size
            groups.append(((start, size), [member]))
    return groups


def _read(source: ByteSource, spans: list[ByteRange]) -> list[bytes]:
    read_many = getattr(source, "read_many", None)
    if read_many is not None and len(spans) > 1:
        return cast("list[bytes]", read_many(spans))
    return [source.read(offset, size) for offset, size in spans]
