"""Frames that are not compressed (PS3.5 8.1 and 8.2): bits, byte order, planes."""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.codec.format import PixelFormat
from highdicom.errors import FrameCodingError, InvalidArgumentError
from highdicom.policy import tolerate

__all__ = [
    "decode_native",
    "encode_native",
    "pack_frames",
    "unpack_frames",
    "without_unused_bits",
]

Array = npt.NDArray[Any]
Buffer = bytes | bytearray | memoryview

_SUBSAMPLED = "YBR_FULL_422"


def pack_frames(frames: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Pack samples of one bit, without gaps between frames (PS3.5 8.1.1).

    Parameters
    ----------
    frames
        Booleans or integers of any shape, which are zero or not.

    Returns
    -------
    numpy.ndarray
        Bytes, of which the first sample is the lowest bit. The last is filled up with
        zeros.

    Examples
    --------
    >>> from highdicom.codec.native import pack_frames
    >>> pack_frames([[1, 0, 0], [1, 0, 0], [0, 1, 1]]).tolist()
    [137, 1]

    """
    return np.packbits(np.asarray(frames), axis=None, bitorder="little")


def unpack_frames(data: Buffer, first_bit: int, count: int) -> npt.NDArray[np.uint8]:
    """Unpack samples of one bit.

    Parameters
    ----------
    data
        Bytes, of which the first sample is the lowest bit.
    first_bit
        Zero-based place of the first sample wanted.
    count
        Number of samples wanted, of one frame or of many.

    Returns
    -------
    numpy.ndarray
        Zeros and ones of shape ``(count,)``.

    Raises
    ------
    InvalidArgumentError
        If `data` ends before.

    Examples
    --------
    >>> from highdicom.codec.native import unpack_frames
    >>> unpack_frames(bytes([137, 1]), first_bit=3, count=6).tolist()
    [1, 0, 0, 0, 1, 1]

    """
    first_byte, offset = divmod(first_bit, 8)
    stop_byte = -(-(first_bit + count) // 8)
    packed = np.frombuffer(data, np.uint8)
    if first_bit < 0 or count < 0 or stop_byte > packed.size:
        raise InvalidArgumentError(
            f"'data' must hold {count} bits from bit {first_bit} on, which is "
            f"{stop_byte} bytes, not {packed.size}."
        )
    bits = np.unpackbits(
        packed[first_byte:stop_byte], count=offset + count, bitorder="little"
    )
    return bits[offset:]


def encode_native(frame: Array, pixel_format: PixelFormat) -> bytes:
    """Give a frame as little endian bytes.

    Samples of one bit are packed and the last byte is filled up, so that the frame
    stands alone; in native pixel data its neighbours share bytes with it.

    Raises
    ------
    InvalidArgumentError
        If half the chrominance would have to be left out.

    """
    if pixel_format.bits_allocated == 1:
        return pack_frames(frame).tobytes()
    if pixel_format.photometric_interpretation == _SUBSAMPLED:
        raise InvalidArgumentError(
            "'photometric_interpretation' must not be YBR_FULL_422 for frames that are "
            "to be stored without compression."
        )
    if pixel_format.samples_per_pixel > 1 and pixel_format.planar_configuration == 1:
        frame = np.moveaxis(frame, -1, 0)
    return frame.astype(pixel_format.dtype.newbyteorder("<"), copy=False).tobytes()


def decode_native(
    data: Buffer,
    pixel_format: PixelFormat,
    index: int = 0,
    *,
    is_little_endian: bool = True,
) -> Array:
    """Give bytes as a frame.

    Parameters
    ----------
    data
        Bytes of the frame. Of samples of one bit, those that the frame touches.
    pixel_format
        What the frame is.
    index
        Zero-based index of the frame, which tells where in the first byte it begins
        if samples have one bit.
    is_little_endian
        Byte order of the samples.

    Returns
    -------
    numpy.ndarray
        Frame as stored: neither colours nor values are changed, but bits above those
        stored are removed and chrominance is given to each pixel. It may be a
        view of `data`.

    Raises
    ------
    InvalidArgumentError
        If there are fewer bytes than the frame has.

    """
    if pixel_format.bits_allocated == 1:
        first_bit = index * pixel_format.frame_bits % 8
        count = pixel_format.frame_bits
        _check_size(data, -(-(first_bit + count) // 8), pixel_format)
        return _arranged(unpack_frames(data, first_bit, count), pixel_format)
    _check_size(data, pixel_format.frame_size, pixel_format)
    dtype = pixel_format.dtype.newbyteorder("<" if is_little_endian else ">")
    count = pixel_format.frame_size // dtype.itemsize
    samples = np.frombuffer(data, dtype, count).astype(pixel_format.dtype, copy=False)
    if pixel_format.photometric_interpretation == _SUBSAMPLED:
        return _upsampled(samples).reshape(pixel_format.shape)
    return _arranged(without_unused_bits(samples, pixel_format), pixel_format)


def _check_size(data: Buffer, size: int, pixel_format: PixelFormat) -> None:
    actual = memoryview(data).nbytes
    if actual < size:
        raise InvalidArgumentError(
            f"The pixel data of a frame must have {size} bytes "
            f"({pixel_format.frame_bits} bits), not {actual}."
        )
    if actual in (size, size + 1):
        return  # with or without the byte that makes the length even
    full = pixel_format.rows * pixel_format.columns * 3 * pixel_format.dtype.itemsize
    if pixel_format.photometric_interpretation == _SUBSAMPLED and actual >= full:
        raise FrameCodingError(
            f"The pixel data of a frame has {actual} bytes, which is a third more than "
            "frames of photometric interpretation YBR_FULL_422 have; it may be RGB or "
            "YBR_FULL instead."
        )
    tolerate(
        f"a frame has {actual} bytes instead of {size}",
        f"the last {actual - size} are ignored",
        keyword=pixel_format.keyword,
        stacklevel=6,
    )


def without_unused_bits(samples: Array, pixel_format: PixelFormat) -> Array:
    """Give samples without what is in bits above those stored (PS3.5 8.1.1).

    Such bits may hold an overlay. The result is `samples` itself if it has none.
    """
    unused = pixel_format.bits_allocated - pixel_format.bits_stored
    if pixel_format.is_float or unused == 0:
        return samples
    if pixel_format.pixel_representation == 0:
        mask = samples.dtype.type(2**pixel_format.bits_stored - 1)
        masked: Array = samples & mask
        return masked
    # The highest bit stored is the sign: move it to where it is that of the type.
    shifted: Array = np.left_shift(samples, unused)
    shifted >>= unused
    return shifted


def _arranged(samples: Array, pixel_format: PixelFormat) -> Array:
    if pixel_format.samples_per_pixel > 1 and pixel_format.planar_configuration == 1:
        planes = (pixel_format.samples_per_pixel, *pixel_format.shape[:2])
        return np.moveaxis(samples.reshape(planes), 0, -1)
    return samples.reshape(pixel_format.shape)


def _upsampled(samples: Array) -> Array:
    """Give both pixels of a pair the chrominance they share (PS3.3 C.7.6.3.1.2)."""
    if samples.size % 4:
        raise FrameCodingError(
            "A frame of photometric interpretation YBR_FULL_422 cannot have an odd "
            "number of pixels."
        )
    pairs = samples.reshape(-1, 4)
    result = np.empty((len(pairs), 2, 3), samples.dtype)
    result[:, :, 0] = pairs[:, :2]
    result[:, :, 1] = pairs[:, 2:3]
    result[:, :, 2] = pairs[:, 3:4]
    return result
