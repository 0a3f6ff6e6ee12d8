"""Frames to bytes."""

import zlib
from collections.abc import Callable
from io import BytesIO
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from highdicom.codec import access
from highdicom.codec.format import PixelFormat
from highdicom.codec.native import encode_native
from highdicom.codec.profiles import PROFILES, profile_of
from highdicom.errors import (
    CodecError,
    FrameCodingError,
    InvalidArgumentError,
    MissingDependencyError,
    UnsupportedTransferSyntaxError,
)

__all__ = ["FrameEncoder"]

Array = npt.NDArray[Any]
_Encode = Callable[[Array, PixelFormat], bytes]

_RLE = "1.2.840.10008.1.2.5"
_JPEG_QUALITY = 95
_JPEG_2000_NOISE_RATIO = 100
_JPEG_2000_MOST_BITS = 16
_JPEG_2000_LEAST_SIZE = 32
"""With its usual number of resolutions openjpeg takes no smaller frames."""

_JPEG_2000_TRANSFORMS = {"YBR_ICT", "YBR_RCT"}

# The encoder of openjpeg crashes if two threads use it.
_openjpeg = Lock()


class FrameEncoder:
    """Encodes frames of one format in one transfer syntax.

    Parameters
    ----------
    transfer_syntax_uid
        UID of the transfer syntax.
    pixel_format
        What frames are once they are encoded.

    Raises
    ------
    UnsupportedTransferSyntaxError
        If the syntax is unknown, cannot be written, or cannot carry the format.
    MissingDependencyError
        If an optional package is needed that is not installed.

    Notes
    -----
    Frames are encoded without loss where the syntax allows. JPEG is encoded with a
    quality of 95, JPEG 2000 with loss for a peak signal-to-noise ratio of 100 dB.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.codec import FrameDecoder, FrameEncoder, PixelFormat
    >>> pixel_format = PixelFormat(32, 32, 1, 16, 12, 0, "MONOCHROME2")
    >>> frame = np.arange(1024, dtype=np.uint16).reshape(32, 32)
    >>> data = FrameEncoder("1.2.840.10008.1.2.5", pixel_format)(frame)
    >>> decoded = FrameDecoder("1.2.840.10008.1.2.5", pixel_format)(data)
    >>> bool(np.array_equal(decoded, frame))
    True

    """

    def __init__(self, transfer_syntax_uid: str, pixel_format: PixelFormat) -> None:
        profile = profile_of(transfer_syntax_uid)
        encode = _ENCODERS.get(profile.uid)
        if encode is None:
            names = ", ".join(PROFILES[uid].name for uid in _ENCODERS)
            raise UnsupportedTransferSyntaxError(
                f"Frames cannot be encoded in the transfer syntax {profile.name}; "
                f"those that can be are {names}."
            )
        profile.check(pixel_format)
        if profile.uid in _DEPENDENCIES:
            _check_dependency(profile.uid, profile.name)
            _check_bits(pixel_format.bits_allocated, profile.name)
        self._profile = profile
        self._format = pixel_format
        self._encode = encode

    def __call__(self, array: Array) -> bytes:
        """Encode a frame.

        Parameters
        ----------
        array
            Frame of the shape and type of the format. Colours are RGB if the codec
            makes another photometric interpretation of them (YBR_FULL_422 in JPEG,
            YBR_ICT and YBR_RCT); they are encoded as they are otherwise.

        Returns
        -------
        bytes
            The frame, not padded to even length. A native frame of one bit per sample
            that ends within a byte is filled up with zeros.

        Raises
        ------
        InvalidArgumentError
            If shape, type or values of the array do not fit the format.
        FrameCodingError
            If the codec fails.

        """
        self._format.check(array)
        if array.dtype == np.bool_:
            array = array.view(np.uint8)
        try:
            return self._encode(array, self._format)
        except (CodecError, InvalidArgumentError, MissingDependencyError):
            raise
        except Exception as error:
            raise FrameCodingError(
                f"A frame could not be encoded in the transfer syntax "
                f"{self._profile.name}: {' '.join(str(error).split())}."
            ) from error

    def __reduce__(self) -> tuple[type["FrameEncoder"], tuple[str, PixelFormat]]:
        """Make anew in another process."""
        return type(self), (self._profile.uid, self._format)

    @property
    def pixel_format(self) -> PixelFormat:
        """What frames are once they are encoded."""
        return self._format

    @property
    def transfer_syntax_uid(self) -> str:
        """UID of the transfer syntax."""
        return self._profile.uid

    @property
    def prefers_threads(self) -> bool:
        """Whether several frames are encoded faster by threads than by processes."""
        if self._profile.uid == _RLE:
            return access.imagecodecs.is_available("PACKBITS")
        return self._profile.uid in _RELEASE_INTERPRETER


def _encode_deflated(frame: Array, pixel_format: PixelFormat) -> bytes:
    """Compress without header and checksum (PS3.5 A.4.13)."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    native = encode_native(frame, pixel_format)
    return compressor.compress(native) + compressor.flush()


def _encode_rle(frame: Array, pixel_format: PixelFormat) -> bytes:
    del pixel_format
    is_fast = access.imagecodecs.is_available("PACKBITS")
    return access.encode_rle(
        frame, access.imagecodecs.encode_run_lengths if is_fast else None
    )


def _encode_jpeg(frame: Array, pixel_format: PixelFormat) -> bytes:
    if pixel_format.photometric_interpretation == "RGB":
        raise UnsupportedTransferSyntaxError(
            "Frames are encoded in JPEG with the photometric interpretation "
            "YBR_FULL_422, not RGB."
        )
    options = {"subsampling": "4:2:2"} if pixel_format.samples_per_pixel == 3 else {}
    with BytesIO() as buffer:
        image = Image.fromarray(np.ascontiguousarray(frame))
        image.save(buffer, format="jpeg", quality=_JPEG_QUALITY, **options)
        return buffer.getvalue()


def _encode_jpeg_ls(uid: str) -> _Encode:
    def encode(frame: Array, pixel_format: PixelFormat) -> bytes:
        return access.plugins.encode(uid, frame, pixel_format)

    return encode


def _encode_jpeg_2000(uid: str, noise_ratio: int) -> _Encode:
    options = {"j2k_psnr": [noise_ratio]} if noise_ratio else {}

    def encode(frame: Array, pixel_format: PixelFormat) -> bytes:
        is_small = min(frame.shape[:2]) < _JPEG_2000_LEAST_SIZE
        with _openjpeg:
            if not is_small and access.plugins.has_encoder(uid):
                return access.plugins.encode(uid, frame, pixel_format, **options)
            if access.imagecodecs.is_available("JPEG2K"):
                return access.imagecodecs.encode_jpeg_2000(
                    np.ascontiguousarray(frame),
                    pixel_format.bits_stored,
                    noise_ratio=noise_ratio,
                    use_transform=_uses_transform(pixel_format),
                )
        raise UnsupportedTransferSyntaxError(
            "Frames with less than 32 rows or columns cannot be encoded in JPEG 2000 "
            "without the optional package imagecodecs."
        )

    return encode


def _encode_high_throughput(frame: Array, pixel_format: PixelFormat) -> bytes:
    """Encode without loss, although the codec knows no bits stored.

    It writes the bits of the data type as the precision. Samples are moved so that
    the codestream is that of the precision given by the bits stored, which then only
    has to be said in its header (ISO 15444-1 A.5.1 and G.1.2).
    """
    unused = frame.dtype.itemsize * 8 - pixel_format.bits_stored
    if unused and pixel_format.pixel_representation == 0:
        container = frame.dtype.itemsize * 8
        middle = 2 ** (container - 1) - 2 ** (pixel_format.bits_stored - 1)
        frame = frame + frame.dtype.type(middle)
    encoded = access.imagecodecs.encode_high_throughput(
        np.ascontiguousarray(frame), use_transform=_uses_transform(pixel_format)
    )
    if not unused:
        return encoded
    header = bytearray(encoded)
    sign = 0x80 if pixel_format.pixel_representation else 0
    for sample in range(pixel_format.samples_per_pixel):
        header[42 + 3 * sample] = sign | (pixel_format.bits_stored - 1)
    return bytes(header)


def _uses_transform(pixel_format: PixelFormat) -> bool:
    return pixel_format.photometric_interpretation in _JPEG_2000_TRANSFORMS


def _check_dependency(uid: str, name: str) -> None:
    package, extra, is_installed = _DEPENDENCIES[uid]
    if not is_installed(uid):
        raise MissingDependencyError(package, extra, f"encode frames in {name}")


def _check_bits(bits_allocated: int, name: str) -> None:
    if bits_allocated > _JPEG_2000_MOST_BITS:
        raise UnsupportedTransferSyntaxError(
            f"Frames of at most {_JPEG_2000_MOST_BITS} bits allocated can be encoded "
            f"in the transfer syntax {name}, not of {bits_allocated}."
        )


def _has_jpeg_2000(uid: str) -> bool:
    return access.plugins.has_encoder(uid) or access.imagecodecs.is_available("JPEG2K")


def _has_high_throughput(uid: str) -> bool:
    del uid
    return access.imagecodecs.is_available("HTJ2K")


_JPEG = "1.2.840.10008.1.2.4.{}"
_ENCODERS: dict[str, _Encode] = {
    "1.2.840.10008.1.2": encode_native,
    "1.2.840.10008.1.2.1": encode_native,
    "1.2.840.10008.1.2.1.98": encode_native,
    "1.2.840.10008.1.2.1.99": encode_native,
    _RLE: _encode_rle,
    "1.2.840.10008.1.2.8.1": _encode_deflated,
    _JPEG.format(50): _encode_jpeg,
    _JPEG.format(80): _encode_jpeg_ls(_JPEG.format(80)),
    _JPEG.format(81): _encode_jpeg_ls(_JPEG.format(81)),
    _JPEG.format(90): _encode_jpeg_2000(_JPEG.format(90), noise_ratio=0),
    _JPEG.format(91): _encode_jpeg_2000(_JPEG.format(91), _JPEG_2000_NOISE_RATIO),
    _JPEG.format(201): _encode_high_throughput,
}
_DEPENDENCIES = {
    _JPEG.format(90): ("pylibjpeg-openjpeg", "codecs", _has_jpeg_2000),
    _JPEG.format(91): ("pylibjpeg-openjpeg", "codecs", _has_jpeg_2000),
    _JPEG.format(201): ("imagecodecs", "fast-codecs", _has_high_throughput),
}
_RELEASE_INTERPRETER = {"1.2.840.10008.1.2.8.1", _JPEG.format(201)}
