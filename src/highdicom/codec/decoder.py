"""Bytes to frames."""

import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.codec import imagecodecs, plugins
from highdicom.codec.codestream import (
    Codestream,
    check_end,
    has_end,
    read_jpeg,
    read_jpeg_2000,
)
from highdicom.codec.color_space import ybr_full_to_rgb
from highdicom.codec.format import PixelFormat
from highdicom.codec.native import (
    decode_native,
    without_unused_bits,
)
from highdicom.codec.profiles import TransferSyntaxProfile, profile_of
from highdicom.codec.rle import decode_rle
from highdicom.errors import (
    ArgumentTypeError,
    FrameCodingError,
    InvalidArgumentError,
    MissingDependencyError,
    UnsupportedTransferSyntaxError,
)

__all__ = ["FrameDecoder"]

Array = npt.NDArray[Any]
Buffer = bytes | bytearray | memoryview
_Backend = Callable[[bytes, PixelFormat], tuple[Array, str]]

_RLE = "1.2.840.10008.1.2.5"
_DEFLATED = "1.2.840.10008.1.2.8.1"
_UNCOMPRESSED = "1.2.840.10008.1.2.1.98"
_JPEG = "1.2.840.10008.1.2.4.{}"
_JPEG_LS = {_JPEG.format(80), _JPEG.format(81)}
_JPEG_2000 = {_JPEG.format(90), _JPEG.format(91)}
_HIGH_THROUGHPUT = {_JPEG.format(201), _JPEG.format(202), _JPEG.format(203)}

_READ_HEADER: dict[str, Callable[[bytes], Codestream]] = {
    **dict.fromkeys(map(_JPEG.format, (50, 51, 57, 70, 80, 81)), read_jpeg),
    **dict.fromkeys((*_JPEG_2000, *_HIGH_THROUGHPUT), read_jpeg_2000),
}
_PACKAGES = {
    **dict.fromkeys(map(_JPEG.format, (50, 51, 57, 70)), "pylibjpeg-libjpeg"),
    **dict.fromkeys((*_JPEG_2000, *_HIGH_THROUGHPUT), "pylibjpeg-openjpeg"),
}

# What codecs leave to be converted, and what those of JPEG 2000 have converted.
_FULL_RANGE = {"YBR_FULL", "YBR_FULL_422"}
_CONVERTED_BY_CODEC = {"YBR_ICT", "YBR_RCT"}

# Of frames that take a sixteenth or less, the last few are remembered.
_MUCH_COMPRESSED = 16
_KEPT_FRAMES = 8
_KEPT_BYTES = 2**20


class FrameDecoder:
    """Decodes frames of one format in one transfer syntax.

    Parameters
    ----------
    transfer_syntax_uid
        UID of the transfer syntax.
    pixel_format
        What frames are while they are encoded.

    Raises
    ------
    UnsupportedTransferSyntaxError
        If the syntax is unknown or cannot be read.
    MissingDependencyError
        If an optional package is needed that is not installed.

    Examples
    --------
    >>> from highdicom.codec import FrameDecoder, PixelFormat
    >>> pixel_format = PixelFormat(2, 2, 1, 8, 8, 0, "MONOCHROME2")
    >>> FrameDecoder("1.2.840.10008.1.2.1", pixel_format)(bytes([1, 2, 3, 4]))
    array([[1, 2],
           [3, 4]], dtype=uint8)

    """

    def __init__(self, transfer_syntax_uid: str, pixel_format: PixelFormat) -> None:
        profile = profile_of(transfer_syntax_uid)
        if pixel_format.is_float and not profile.is_native:
            profile.check(pixel_format)
        self._profile = profile
        self._format = pixel_format
        self._backends = tuple(_backends(profile, pixel_format))
        # Never changed but replaced, so that threads need not wait for each other.
        self._recent: dict[bytes, Array] = {}

    def __call__(self, data: Buffer, index: int = 0) -> Array:
        """Decode a frame.

        Parameters
        ----------
        data
            The frame as stored, with or without padding. Of native frames of one bit
            per sample, the bytes that the frame touches.
        index
            Zero-based index of the frame, needed for native frames of one bit per
            sample that do not begin on a byte.

        Returns
        -------
        numpy.ndarray
            Array of the shape and type of the format, with colours of YBR_FULL,
            YBR_FULL_422, YBR_ICT and YBR_RCT as RGB and nothing in bits above those
            stored. It may be a view of `data`, and read-only.

        Raises
        ------
        InvalidArgumentError
            If there are fewer bytes than a frame needs, or none at all.
        FrameCodingError
            If the codec fails, or the frame is not what the format says.

        """
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise ArgumentTypeError(
                f"A frame must be given as bytes, not {type(data).__name__}."
            )
        if self._profile.is_native:
            return _in_rgb(*self._decode_native(data, index))
        data = bytes(data)
        found = self._recent.get(data)
        if found is not None:
            return found
        array = _in_rgb(*self._decode_encapsulated(data))
        self._remember(data, array)
        return array

    def _remember(self, data: bytes, array: Array) -> None:
        """Keep a frame that is likely to be met again, as empty and filled tiles are."""
        if len(data) * _MUCH_COMPRESSED > array.nbytes or array.nbytes > _KEPT_BYTES:
            return
        array.flags.writeable = False
        recent = [*self._recent.items(), (data, array)]
        self._recent = dict(recent[-(_KEPT_BYTES // array.nbytes) :][-_KEPT_FRAMES:])

    def __reduce__(self) -> tuple[type["FrameDecoder"], tuple[str, PixelFormat]]:
        """Make anew in another process."""
        return type(self), (self._profile.uid, self._format)

    @property
    def pixel_format(self) -> PixelFormat:
        """What frames are while they are encoded."""
        return self._format

    @property
    def transfer_syntax_uid(self) -> str:
        """UID of the transfer syntax."""
        return self._profile.uid

    @property
    def photometric_interpretation(self) -> str:
        """Photometric interpretation of decoded frames."""
        given = self._format.photometric_interpretation
        if self._format.samples_per_pixel == 1:
            return given
        return "RGB" if given in _FULL_RANGE | _CONVERTED_BY_CODEC else given

    @property
    def prefers_threads(self) -> bool:
        """Whether several frames are decoded faster by threads than one by one."""
        uid = self._profile.uid
        if uid in _OWN and _needs_no_interpretation(uid, self._format):
            return imagecodecs.is_available(_OWN[uid][0])
        return uid == _DEFLATED

    def _decode_native(self, data: Buffer, index: int) -> tuple[Array, str]:
        array = decode_native(
            data,
            self._format,
            index,
            is_little_endian=self._profile.is_little_endian,
        )
        return array, self._format.photometric_interpretation

    def _decode_encapsulated(self, data: bytes) -> tuple[Array, str]:
        if not data:
            raise InvalidArgumentError("The pixel data of a frame must not be empty.")
        if (read_header := _READ_HEADER.get(self._profile.uid)) is not None:
            read_header(data).check(self._format)
            self._check_end(data)
        failures: list[Exception] = []
        for backend in self._backends:
            result = _attempted(backend, data, self._format)
            if not isinstance(result, Exception):
                return result
            failures.append(result)
        reasons = dict.fromkeys(" ".join(str(error).split()) for error in failures)
        raise FrameCodingError(
            f"A frame could not be decoded from the transfer syntax "
            f"{self._profile.name}: {'; '.join(reasons)}."
        ) from failures[-1]

    def _check_end(self, data: bytes) -> None:
        if self._profile.uid not in _JPEG_LS:
            check_end(data, self._format)
        elif not has_end(data):
            # The decoder would take seconds to come to the same conclusion.
            raise FrameCodingError(
                f"A frame in {self._profile.name} is truncated: it does not end with "
                "the marker that it must end with."
            )


def _in_rgb(array: Array, photometric_interpretation: str) -> Array:
    if array.ndim == 3 and photometric_interpretation in _FULL_RANGE:
        return ybr_full_to_rgb(array)
    return array


def _attempted(
    backend: _Backend, data: bytes, pixel_format: PixelFormat
) -> tuple[Array, str] | Exception:
    try:
        return backend(data, pixel_format)
    except (FrameCodingError, InvalidArgumentError):
        raise
    except Exception as error:  # noqa: BLE001 (codecs raise any)
        return error


def _backends(
    profile: TransferSyntaxProfile, pixel_format: PixelFormat
) -> Iterator[_Backend]:
    """Ways to decode encapsulated frames, the fastest first."""
    if profile.is_native:
        return
    if profile.uid == _UNCOMPRESSED:
        yield _decode_uncompressed
    elif profile.uid == _DEFLATED:
        yield _decode_deflated
    elif profile.uid == _RLE:
        yield from _backends_of_rle(pixel_format)
    else:
        yield from _backends_of_codecs(profile, pixel_format)


def _decode_uncompressed(data: bytes, pixel_format: PixelFormat) -> tuple[Array, str]:
    return decode_native(data, pixel_format), pixel_format.photometric_interpretation


def _decode_deflated(data: bytes, pixel_format: PixelFormat) -> tuple[Array, str]:
    """Decompress what has neither header nor checksum (PS3.5 A.4.13)."""
    size = pixel_format.frame_size
    decompressor = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    # A few bytes may claim to be gigabytes: take no more than a frame has.
    native = decompressor.decompress(data, size + 1)
    if len(native) < size:
        raise FrameCodingError(
            f"A deflated frame has {len(native)} of {size} bytes once inflated."
        )
    return _decode_uncompressed(native, pixel_format)


def _backends_of_rle(pixel_format: PixelFormat) -> Iterator[_Backend]:
    if pixel_format.bits_allocated == 1:
        yield _decode_run_lengths_of_bits
        return
    names = plugins.available_decoders(_RLE)
    if not imagecodecs.is_available("PACKBITS") and "" not in names[:1]:
        yield partial(_decode_run_lengths_with, names[0])
    yield _decode_run_lengths


def _decode_run_lengths(data: bytes, pixel_format: PixelFormat) -> tuple[Array, str]:
    is_fast = imagecodecs.is_available("PACKBITS")
    samples = decode_rle(
        data,
        pixel_format.shape,
        pixel_format.dtype,
        imagecodecs.decode_run_lengths if is_fast else None,
    )
    samples = without_unused_bits(samples, pixel_format)
    return samples, pixel_format.photometric_interpretation


def _decode_run_lengths_with(
    plugin: str, data: bytes, pixel_format: PixelFormat
) -> tuple[Array, str]:
    """Decode with a plug-in, which takes longer only where runs are long."""
    if len(data) * _MUCH_COMPRESSED <= pixel_format.frame_size:
        return _decode_run_lengths(data, pixel_format)
    return plugins.decode(_RLE, plugin, data, pixel_format)


def _decode_run_lengths_of_bits(
    data: bytes, pixel_format: PixelFormat
) -> tuple[Array, str]:
    """Decode samples that take a byte each (PS3.5 G.2), or are packed nevertheless."""
    try:
        return _decode_run_lengths(data, pixel_format)
    except FrameCodingError as error:
        shape, dtype = (1, pixel_format.frame_size), np.dtype(np.uint8)
        try:
            packed = decode_rle(data, shape, dtype)
        except FrameCodingError:
            raise error from None
    return _decode_uncompressed(packed.tobytes(), pixel_format)


def _backends_of_codecs(
    profile: TransferSyntaxProfile, pixel_format: PixelFormat
) -> Iterator[_Backend]:
    uid = profile.uid
    if uid not in _READ_HEADER:
        raise UnsupportedTransferSyntaxError(
            f"Frames cannot be decoded from the transfer syntax {profile.name}."
        )
    names = plugins.available_decoders(uid)
    has_own = uid in _OWN and imagecodecs.is_available(_OWN[uid][0])
    if not names and not has_own:
        raise MissingDependencyError(
            _PACKAGES.get(uid, "pyjpegls"), "codecs", f"decode frames in {profile.name}"
        )
    if has_own and _needs_no_interpretation(uid, pixel_format):
        yield partial(_decode_with_imagecodecs, uid)
    for name in names:
        yield partial(plugins.decode, uid, name)


def _needs_no_interpretation(uid: str, pixel_format: PixelFormat) -> bool:
    """Whether samples are decoded as they are meant.

    JPEG-LS does not know signs, and its colours may be others than the attributes say.
    Both are left to pydicom.
    """
    is_gray = pixel_format.samples_per_pixel == 1
    return uid not in _JPEG_LS or (is_gray and not pixel_format.pixel_representation)


_OWN: dict[str, tuple[str, Callable[[bytes], Array]]] = {
    **dict.fromkeys(_JPEG_LS, ("JPEGLS", imagecodecs.decode_jpeg_ls)),
    **dict.fromkeys(_JPEG_2000, ("JPEG2K", imagecodecs.decode_jpeg_2000)),
    # Results of lossy compression depend on the decoder.
    **dict.fromkeys(
        _HIGH_THROUGHPUT - {_JPEG.format(203)},
        ("HTJ2K", imagecodecs.decode_high_throughput),
    ),
}


def _decode_with_imagecodecs(
    uid: str, data: bytes, pixel_format: PixelFormat
) -> tuple[Array, str]:
    """Decode, or raise a ValueError if it is left to pydicom."""
    is_signed = bool(pixel_format.pixel_representation)
    if uid not in _JPEG_LS and read_jpeg_2000(data).is_signed != is_signed:
        raise ValueError("samples do not have the sign that the attributes say")
    array = _OWN[uid][1](data)
    if array.shape != pixel_format.shape:
        array = np.moveaxis(array, 0, -1)
    if array.shape != pixel_format.shape:
        raise ValueError(f"the decoded frame has the shape {array.shape}")
    given = pixel_format.photometric_interpretation
    array = array.astype(pixel_format.dtype, copy=False)
    return array, "RGB" if given in _CONVERTED_BY_CODEC else given
