"""Files as bytes, byte by byte, so that they can be wrong in any way."""

import struct
from collections.abc import Iterable

EXPLICIT = "1.2.840.10008.1.2.1"
IMPLICIT = "1.2.840.10008.1.2"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
RLE = "1.2.840.10008.1.2.5"
JPEG = "1.2.840.10008.1.2.4.50"

UNDEFINED = 0xFFFFFFFF
LONG = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}

ITEM_END = struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
SEQUENCE_END = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def element(tag: int, vr: str, value: bytes, length: int | None = None) -> bytes:
    """Explicit VR little endian; a length given is written though it lies."""
    if length is None:
        value += (b"\0" if vr in {"UI", "OB", "UN"} else b" ") * (len(value) % 2)
        length = len(value)
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr.encode())
    size = struct.pack("<2xI" if vr in LONG else "<H", length)
    return head + size + value


def implicit(tag: int, value: bytes, length: int | None = None) -> bytes:
    """Implicit VR little endian."""
    if length is None:
        value += b" " * (len(value) % 2)
        length = len(value)
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, length) + value


def big_endian(tag: int, vr: str, value: bytes) -> bytes:
    """Explicit VR big endian."""
    head = struct.pack(">HH2s", tag >> 16, tag & 0xFFFF, vr.encode())
    return head + struct.pack(">2xI" if vr in LONG else ">H", len(value)) + value


def item(content: bytes = b"", length: int | None = None) -> bytes:
    """An item; of undefined length with a delimitation."""
    size = len(content) if length is None else length
    end = ITEM_END if size == UNDEFINED else b""
    return struct.pack("<HHI", 0xFFFE, 0xE000, size) + content + end


def short(value: int) -> bytes:
    """A US value."""
    return struct.pack("<H", value)


def meta(transfer_syntax: str | None) -> bytes:
    """File meta information."""
    content = element(0x00020001, "OB", b"\0\1")
    if transfer_syntax is not None:
        content += element(0x00020010, "UI", transfer_syntax.encode())
    return element(0x00020000, "UL", struct.pack("<I", len(content))) + content


def file(dataset: bytes, transfer_syntax: str | None = EXPLICIT) -> bytes:
    """A file with preamble and file meta information."""
    return bytes(128) + b"DICM" + meta(transfer_syntax) + dataset


def attributes(
    frames: int | None = None,
    rows: int = 2,
    columns: int = 2,
    bits: int = 8,
    samples: int = 1,
    interpretation: str = "MONOCHROME2",
) -> bytes:
    """The attributes of an image up to its pixel data."""
    pieces = [
        element(0x00080016, "UI", b"1.2.840.10008.5.1.4.1.1.7"),
        element(0x00080018, "UI", b"1.2.3"),
        element(0x00280002, "US", short(samples)),
        element(0x00280004, "CS", interpretation.encode()),
    ]
    if samples > 1:
        pieces.append(element(0x00280006, "US", short(0)))
    if frames is not None:
        pieces.append(element(0x00280008, "IS", str(frames).encode()))
    pieces += [
        element(0x00280010, "US", short(rows)),
        element(0x00280011, "US", short(columns)),
        element(0x00280100, "US", short(bits)),
        element(0x00280101, "US", short(bits)),
        element(0x00280102, "US", short(bits - 1)),
        element(0x00280103, "US", short(0)),
    ]
    return b"".join(pieces)


def native(value: bytes, vr: str = "OB", length: int | None = None) -> bytes:
    """The Pixel Data element."""
    return element(0x7FE00010, vr, value, length)


def encapsulated(
    fragments: Iterable[bytes],
    offsets: Iterable[int] = (),
    *,
    is_closed: bool = True,
) -> bytes:
    """The Pixel Data element with a Basic Offset Table."""
    table = b"".join(struct.pack("<I", offset) for offset in offsets)
    items = item(table) + b"".join(item(fragment) for fragment in fragments)
    end = SEQUENCE_END if is_closed else b""
    return element(0x7FE00010, "OB", items + end, UNDEFINED)


def extended(offsets: Iterable[int], lengths: Iterable[int]) -> bytes:
    """The Extended Offset Table and its lengths."""
    return b"".join(
        element(tag, "OV", b"".join(struct.pack("<Q", value) for value in values))
        for tag, values in ((0x7FE00001, offsets), (0x7FE00002, lengths))
    )
