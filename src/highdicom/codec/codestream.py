"""What the headers of compressed frames say, read before anything is decoded.

A decoder that takes a header at its word may allocate gigabytes for a few bytes.
"""

import struct
from collections.abc import Callable
from typing import NamedTuple

from highdicom.codec.format import PixelFormat
from highdicom.errors import FrameCodingError
from highdicom.policy import tolerate

__all__ = ["Codestream", "check_end", "has_end", "read_jpeg", "read_jpeg_2000"]

_SHORT = struct.Struct(">H")
_LONG = struct.Struct(">I")

_START_OF_IMAGE = b"\xff\xd8"
_FILL = 0xFF
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_START_OF_FRAME = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN = 0xDA

_END = b"\xff\xd9"
_PADDING = b"\x00\xff"

_START_OF_CODESTREAM = b"\xff\x4f\xff\x51"
_JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  "
_CODESTREAM_BOX = b"jp2c"


class Codestream(NamedTuple):
    """Size and samples of a compressed frame."""

    rows: int
    columns: int
    samples_per_pixel: int
    precision: int
    is_signed: bool = False

    def check(self, pixel_format: PixelFormat) -> None:
        """Refuse a frame that is not what the attributes say.

        Raises
        ------
        FrameCodingError
            If size or number of samples differ, or samples do not fit the bits.

        """
        expected = (
            pixel_format.rows,
            pixel_format.columns,
            pixel_format.samples_per_pixel,
        )
        # Zero rows stand for a number that follows later (ISO 10918-1 B.2.2).
        actual = (self.rows or pixel_format.rows, *self[1:3])
        if actual != expected:
            raise FrameCodingError(
                f"The compressed frame has {actual[0]} rows, {actual[1]} columns and "
                f"{actual[2]} samples per pixel instead of {expected[0]}, "
                f"{expected[1]} and {expected[2]}."
            )
        capacity = pixel_format.dtype.itemsize * 8
        if self.precision > capacity:
            raise FrameCodingError(
                f"The compressed frame has samples of {self.precision} bits, for which "
                f"the {pixel_format.bits_allocated} bits allocated do not suffice."
            )


def read_jpeg(data: bytes) -> Codestream:
    """Read the frame header of JPEG (ISO 10918-1 B.2) or JPEG-LS (ISO 14495-1 C.2).

    Raises
    ------
    FrameCodingError
        If there is none.

    """
    return _reading("JPEG", _read_jpeg, data)


def read_jpeg_2000(data: bytes) -> Codestream:
    """Read the image and tile size of JPEG 2000 (ISO 15444-1 A.5.1), bare or in JP2.

    Raises
    ------
    FrameCodingError
        If there is none.

    """
    return _reading("JPEG 2000", _read_jpeg_2000, data)


def check_end(data: bytes, pixel_format: PixelFormat) -> None:
    """Find fault with a codestream that has no end, as decoders may not.

    The marker is the same in JPEG, JPEG-LS and JPEG 2000. Boxes of JP2 may follow it.

    Raises
    ------
    NonconformantDatasetError
        If it has none and the reading policy is strict.

    """
    if not has_end(data):
        tolerate(
            "a compressed frame does not end with the marker that it must end with, "
            "as if it was truncated",
            "as much as there is of it is decoded",
            keyword=pixel_format.keyword,
            stacklevel=5,
        )


def has_end(data: bytes) -> bool:
    """Whether the last marker of a codestream is there."""
    return data.startswith(_JP2_SIGNATURE) or data.rstrip(_PADDING).endswith(_END)


def _reading(
    name: str, read: Callable[[bytes], Codestream | None], data: bytes
) -> Codestream:
    try:
        codestream = read(data)
    except (struct.error, IndexError):
        codestream = None
    if codestream is None:
        raise FrameCodingError(
            f"The {len(data)} bytes of the compressed frame do not begin with the "
            f"header of a {name} codestream."
        )
    return codestream


def _read_jpeg(data: bytes) -> Codestream | None:
    if not data.startswith(_START_OF_IMAGE):
        return None
    place = len(_START_OF_IMAGE)
    while data[place] == _FILL:
        marker = data[place + 1]
        if marker in _START_OF_FRAME:
            rows, columns = struct.unpack_from(">HH", data, place + 5)
            return Codestream(rows, columns, data[place + 9], data[place + 4])
        if marker == _START_OF_SCAN:
            return None
        if marker == _FILL:
            place += 1
        elif marker in _STANDALONE:
            place += 2
        else:
            place += 2 + _SHORT.unpack_from(data, place + 2)[0]
    return None


def _read_jpeg_2000(data: bytes) -> Codestream | None:
    start = _start_of_codestream(data)
    if data[start : start + 4] != _START_OF_CODESTREAM:
        return None
    right, bottom, left, top = struct.unpack_from(">IIII", data, start + 8)
    samples = _SHORT.unpack_from(data, start + 40)[0]
    if not _has_sound_tiles(data, start, samples):
        return None
    depth = data[start + 42]
    return Codestream(
        rows=bottom - top,
        columns=right - left,
        samples_per_pixel=samples,
        precision=(depth & 0x7F) + 1,
        is_signed=bool(depth & 0x80),
    )


def _has_sound_tiles(data: bytes, start: int, samples: int) -> bool:
    """Whether the first tile is not empty and samples have a spacing (B.3 and B.2).

    Some decoders crash or do not come to an end if it is otherwise.
    """
    origin = struct.unpack_from(">II", data, start + 16)
    size = struct.unpack_from(">II", data, start + 24)
    tile_origin = struct.unpack_from(">II", data, start + 32)
    spacings = struct.unpack_from(">" + "xBB" * samples, data, start + 42)
    length = _SHORT.unpack_from(data, start + 4)[0]
    return (
        length == 38 + 3 * samples
        and all(spacings)
        and all(size)
        and all(map(int.__le__, tile_origin, origin))
        and all(map(int.__gt__, map(int.__add__, tile_origin, size), origin))
    )


def _start_of_codestream(data: bytes) -> int:
    """Find the codestream among the boxes of JP2 (ISO 15444-1 I.4)."""
    if not data.startswith(_JP2_SIGNATURE):
        return 0
    place = 0
    while data[place + 4 : place + 8] != _CODESTREAM_BOX:
        length = _LONG.unpack_from(data, place)[0]
        if length < 8:
            # Lengths of 0 and 1 are for boxes that are last or huge, which only the
            # one searched for may be.
            raise IndexError
        place += length
    return place + 8
