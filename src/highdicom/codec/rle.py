"""Run length encoding (PS3.5 Annex G), as operations on whole arrays."""

import re
import struct
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import FrameCodingError

__all__ = ["decode_rle", "encode_rle"]

Array = npt.NDArray[Any]
Bytes = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.intp]

_HEADER = struct.Struct("<16I")
_MOST_SEGMENTS = 15
_LONGEST_PACKET = 128
_SHORTEST_RUN = 3
_NO_OPERATION = 128

# Distance from the header of a packet to the next: a literal packet has 1 to 128
# values, a replicated one has one, and the header 128 stands alone.
_STEPS = bytes(
    header + 2 if header < _NO_OPERATION else (1 if header == _NO_OPERATION else 2)
    for header in range(256)
)

# Packets of two bytes that follow each other: headers of one value or of a run.
_TWO_BYTES = re.compile(rb"(?:[\x00\x81-\xff].)+", re.DOTALL).match
_CREDIT = 32


def encode_rle(
    frame: Array, encode_plane: Callable[[Bytes], bytes] | None = None
) -> bytes:
    """Encode a frame.

    Parameters
    ----------
    frame
        Samples of shape ``(rows, columns)`` or ``(rows, columns, samples)``, whose
        bytes make at most 15 segments.
    encode_plane
        Function that encodes a plane of bytes row by row, if not the one here.

    """
    encode = encode_plane or _encode_plane
    segments = [_even(encode(plane)) for plane in _byte_planes(frame)]
    offsets = np.cumsum([_HEADER.size, *map(len, segments)])[:-1].tolist()
    unused = [0] * (_MOST_SEGMENTS - len(segments))
    return _HEADER.pack(len(segments), *offsets, *unused) + b"".join(segments)


def decode_rle(
    data: bytes,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    decode_plane: Callable[[bytes], bytes] | None = None,
) -> npt.NDArray[Any]:
    """Decode a frame.

    Parameters
    ----------
    data
        Header and segments of one frame.
    shape
        ``(rows, columns)`` or ``(rows, columns, samples)``.
    dtype
        Data type of the samples, in the byte order of the machine.
    decode_plane
        Function that decodes a segment, if not the one here, which does so again where
        that one gives too few bytes.

    Returns
    -------
    numpy.ndarray
        A new array of this shape and type.

    Raises
    ------
    FrameCodingError
        If header or segments do not fit shape and type.

    """
    rows, columns = shape[:2]
    samples = 1 if len(shape) == 2 else shape[2]
    size = dtype.itemsize
    segments = _segments(data, samples * size)
    decoded = np.empty((rows * columns, samples, size), np.uint8)
    for number, segment in enumerate(segments):
        sample, significance = divmod(number, size)
        plane = b"" if decode_plane is None else _attempted(decode_plane, segment)
        decoded[:, sample, size - 1 - significance] = (
            np.frombuffer(plane, np.uint8, rows * columns)
            if len(plane) >= rows * columns
            else _decode_plane(segment, rows * columns, number + 1)
        )
    frame: Array = decoded.view(dtype.newbyteorder("<")).reshape(shape)
    return frame.astype(dtype, copy=False)


def _even(segment: bytes) -> bytes:
    return segment + b"\0" if len(segment) % 2 else segment


def _byte_planes(frame: Array) -> list[Bytes]:
    """Planes of bytes, of each sample the most significant byte first (G.2)."""
    rows, columns = frame.shape[:2]
    little_endian = frame.astype(frame.dtype.newbyteorder("<"), copy=False)
    octets = np.ascontiguousarray(little_endian).view(np.uint8)
    octets = octets.reshape(rows, columns, -1, frame.dtype.itemsize)
    return [
        np.ascontiguousarray(octets[:, :, sample, significance])
        for sample in range(octets.shape[2])
        for significance in reversed(range(octets.shape[3]))
    ]


def _encode_plane(plane: Bytes) -> bytes:
    """Encode one plane of bytes (G.3.1).

    Equal values side by side are a run. A run of at least three becomes replicated
    packets; neighbouring shorter ones of a row form a group of literal packets.
    """
    values = plane.reshape(-1)
    starts, lengths = _runs(values, plane.shape[1])
    is_long = lengths >= _SHORTEST_RUN
    begins_group = is_long | (starts % plane.shape[1] == 0)
    begins_group[1:] |= is_long[:-1]
    groups = np.flatnonzero(begins_group)
    return _packets(
        values,
        starts=starts[groups],
        lengths=np.diff(starts[groups], append=values.size),
        is_replicated=is_long[groups],
    )


def _runs(values: Bytes, columns: int) -> tuple[Counts, Counts]:
    """Starts and lengths of the runs of equal values, which rows end, too."""
    begins = np.empty(values.size, np.bool_)
    begins[0] = True
    np.not_equal(values[1:], values[:-1], out=begins[1:])
    begins[::columns] = True
    starts = np.flatnonzero(begins)
    return starts, np.diff(starts, append=values.size)


def _packets(
    values: Bytes, starts: Counts, lengths: Counts, is_replicated: npt.NDArray[np.bool_]
) -> bytes:
    """Lay groups out in packets of at most 128 values."""
    full, rest = np.divmod(lengths, _LONGEST_PACKET)
    counts = full + (rest > 0)
    sizes = np.where(is_replicated, 2 * counts, lengths + counts)
    ends = np.cumsum(sizes)
    encoded = np.empty(ends[-1], np.uint8)

    group = np.repeat(np.arange(len(starts)), counts)
    number = np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts)
    length = np.where(number < full[group], _LONGEST_PACKET, rest[group])
    step = np.where(is_replicated, 2, _LONGEST_PACKET + 1)
    header = (ends - sizes)[group] + step[group] * number

    replicated = is_replicated[group]
    # A single value left of a run is literal: 257 - 1 is not a header.
    run = np.where(length == 1, 0, 257 - length)
    encoded[header] = np.where(replicated, run, length - 1).astype(np.uint8)
    encoded[header[replicated] + 1] = values[starts[group[replicated]]]

    is_payload = np.repeat(~is_replicated, sizes)
    is_payload[header[~replicated]] = False
    encoded[is_payload] = values[np.repeat(~is_replicated, lengths)]
    return encoded.tobytes()


def _segments(data: bytes, count: int) -> list[bytes]:
    if len(data) < _HEADER.size:
        raise FrameCodingError(
            f"A frame in RLE must begin with a header of {_HEADER.size} bytes, but has "
            f"only {len(data)} bytes."
        )
    number, *offsets = _HEADER.unpack_from(data)
    if number != count:
        raise FrameCodingError(
            f"A frame in RLE must have {count} segments for these samples, not {number}."
        )
    limits = [*offsets[:count], len(data)]
    if limits[0] < _HEADER.size or any(map(int.__gt__, limits, limits[1:])):
        raise FrameCodingError(
            "The segments of a frame in RLE do not follow each other within its "
            f"{len(data)} bytes: they begin at {limits[:-1]}."
        )
    return [data[start:stop] for start, stop in pairwise(limits)]


def _attempted(decode_plane: Callable[[bytes], bytes], segment: bytes) -> bytes:
    try:
        return decode_plane(segment)
    except Exception:  # noqa: BLE001 (codecs raise any)
        return b""


def _decode_plane(segment: bytes, count: int, number: int) -> Bytes:
    """Decode one segment into a number of bytes (G.3.2)."""
    octets = np.frombuffer(segment, np.uint8)
    headers = _headers(segment)
    kinds = octets[headers].astype(np.intp)
    is_literal = kinds < _NO_OPERATION
    lengths = np.where(is_literal, kinds + 1, 257 - kinds)
    lengths[kinds == _NO_OPERATION] = 0
    # What follows the last packet that is needed is padding.
    ends = np.cumsum(lengths)
    needed = int(np.searchsorted(ends, count)) + 1
    if needed > len(headers):
        _fail(number, int(ends[-1]) if len(ends) else 0, count)
    headers, is_literal = headers[:needed], is_literal[:needed]
    lengths = lengths[:needed]
    return _expanded(octets, headers, lengths, is_literal, number)[:count]


def _headers(segment: bytes) -> Counts:
    """Places of the headers, each of which tells that of the next."""
    octets = np.frombuffer(segment, np.uint8)
    if not octets.size % 2 and (octets[::2] - np.uint8(1)).min(initial=255) >= 128:
        # Nothing but packets of two bytes, as of tiles that are empty or filled.
        return np.arange(0, octets.size, 2)
    steps = segment.translate(_STEPS)
    places: list[int] = []
    add, place, end = places.append, 0, len(segment)
    # Packets of two bytes are skipped together as long as many follow each other.
    credit = _CREDIT
    while place < end and credit > 0:
        if found := _TWO_BYTES(segment, place):
            places.extend(range(place, found.end(), 2))
            credit += (found.end() - place) // _CREDIT - 1
            place = found.end()
        if place < end:
            add(place)
            place += steps[place]
    while place < end:
        add(place)
        place += steps[place]
    return np.array(places, np.intp)


def _expanded(
    octets: Bytes,
    headers: Counts,
    lengths: Counts,
    is_literal: npt.NDArray[np.bool_],
    number: int,
) -> Bytes:
    last = headers[-1] + (lengths[-1] if is_literal[-1] else 1)
    if last >= octets.size:
        _fail(number, int(lengths[:-1].sum()), int(lengths.sum()))
    # Every packet as if it were replicated, then the longer literal ones over it.
    values = np.repeat(octets[np.minimum(headers + 1, octets.size - 1)], lengths)
    if not (is_literal & (lengths > 1)).any():
        return values
    is_payload = np.ones(int(last) + 1, np.bool_)
    is_payload[headers] = False
    is_payload[headers[~is_literal & (lengths > 0)] + 1] = False
    values[np.repeat(is_literal, lengths)] = octets[: int(last) + 1][is_payload]
    return values


def _fail(number: int, actual: int, expected: int) -> None:
    raise FrameCodingError(
        f"Segment {number} of a frame in RLE ends after {actual} of {expected} bytes."
    )
