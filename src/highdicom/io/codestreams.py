"""What compressed frames start with."""

from re import compile as pattern

__all__ = ["signatures_of", "transfer_syntax_of"]

_JPEG = b"\xff\xd8\xff"
_JPEG_2000 = (b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  \r\n\x87\n")
_JPEG_XL = (b"\xff\x0a", b"\x00\x00\x00\x0cJXL \r\n\x87\n")
# The offset of the first segment follows the number of segments (PS3.5 Annex G.5).
_RLE = tuple(n.to_bytes(4, "little") + b"\x40\0\0\0" for n in range(1, 16))

_RLE_LOSSLESS = "1.2.840.10008.1.2.5"
_JPEG_XL_FAMILY = {
    "1.2.840.10008.1.2.4.110",
    "1.2.840.10008.1.2.4.111",
    "1.2.840.10008.1.2.4.112",
}

# The marker that starts a frame of JPEG says which process it is.
_START_OF_FRAME = pattern(rb"\xff([\xc0-\xc3\xf7])")
_BY_START_OF_FRAME = {
    b"\xc0": "1.2.840.10008.1.2.4.50",
    b"\xc1": "1.2.840.10008.1.2.4.51",
    b"\xc3": "1.2.840.10008.1.2.4.57",
    b"\xf7": "1.2.840.10008.1.2.4.81",
}


def signatures_of(transfer_syntax_uid: str) -> tuple[bytes, ...]:
    """Return what frames of a transfer syntax start with: one of several byte strings."""
    if transfer_syntax_uid == _RLE_LOSSLESS:
        return _RLE
    if transfer_syntax_uid in _JPEG_XL_FAMILY:
        return _JPEG_XL
    return (_JPEG, *_JPEG_2000)


def transfer_syntax_of(frame: bytes) -> str | None:
    """Tell from a compressed frame a transfer syntax by which it can be decoded."""
    if frame.startswith(_JPEG_2000):
        return "1.2.840.10008.1.2.4.91"
    if frame.startswith(_JPEG):
        return _BY_START_OF_FRAME.get(_jpeg_process(frame))
    if frame.startswith(_JPEG_XL):
        return "1.2.840.10008.1.2.4.112"
    return _RLE_LOSSLESS if frame.startswith(_RLE) else None


def _jpeg_process(frame: bytes) -> bytes:
    """Return the second byte of the marker that starts a frame."""
    position = 2
    while position + 4 <= len(frame) and frame[position] == 0xFF:
        marker = frame[position + 1 : position + 2]
        if _START_OF_FRAME.match(frame, position):
            return marker
        position += 2 + int.from_bytes(frame[position + 2 : position + 4], "big")
    return b""
