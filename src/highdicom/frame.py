"""Single frames to bytes and back."""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.arguments import member_of
from highdicom.codec import FrameDecoder, FrameEncoder, PixelFormat
from highdicom.codec.profiles import PROFILES, profile_of
from highdicom.enum import (
    PhotometricInterpretationValues,
    PixelDataKeywords,
    PixelRepresentationValues,
    PlanarConfigurationValues,
)
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
)

__all__ = ["decode_frame", "encode_frame", "get_lossy_compression_attributes"]

_JPEG = "1.2.840.10008.1.2.4.{}"

# Colours are given as RGB, so that the photometric interpretation has to be what the
# codec makes of them.
_COLORS = {
    _JPEG.format(50): "YBR_FULL_422",
    _JPEG.format(80): "RGB",
    _JPEG.format(81): "RGB",
    _JPEG.format(90): "YBR_RCT",
    _JPEG.format(91): "YBR_ICT",
    _JPEG.format(201): "YBR_RCT",
}
_COLORS_AS_THEY_ARE = {"RGB", "YBR_FULL"}
_GRAY = ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
_RLE = "1.2.840.10008.1.2.5"


def encode_frame(
    array: npt.NDArray[Any],
    transfer_syntax_uid: str,
    bits_allocated: int,
    bits_stored: int,
    photometric_interpretation: PhotometricInterpretationValues | str,
    pixel_representation: PixelRepresentationValues | int = 0,
    planar_configuration: PlanarConfigurationValues | int | None = None,
) -> bytes:
    """Encode a frame (PS3.5 8.2 and Annex A).

    Parameters
    ----------
    array
        Pixels of shape ``(rows, columns)`` or, for colours, ``(rows, columns, 3)``,
        of an integer type of as many bits as are allocated (unsigned 8-bit integers
        for one bit).
    transfer_syntax_uid
        UID of the transfer syntax: native little endian, Deflated Image Frame
        Compression, RLE, JPEG Baseline, JPEG-LS, JPEG 2000 or lossless
        High-Throughput JPEG 2000.
    bits_allocated
        1, 8, 16, 32 or 64. Frames of one bit per sample must have a multiple of eight
        samples without compression.
    bits_stored
        Bits of each sample that are used.
    photometric_interpretation
        That of the frame once it is encoded. Colours are given as RGB and encoded as
        YBR_FULL_422 in JPEG, YBR_RCT in lossless and YBR_ICT in lossy JPEG 2000, and
        RGB in JPEG-LS. They are left as they are in all other syntaxes, as RGB or
        YBR_FULL.
    pixel_representation
        0 for unsigned, 1 for signed integers.
    planar_configuration
        Needed for colours: 0, or 1 for RLE.

    Returns
    -------
    bytes
        The frame, not padded to even length.

    Raises
    ------
    InvalidArgumentError
        If an argument has a value that is not allowed, or they do not fit together.
    UnsupportedTransferSyntaxError
        If the syntax is unknown or cannot carry such frames.
    FrameCodingError
        If the codec fails.
    MissingDependencyError
        If an optional package is needed that is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.frame import decode_frame, encode_frame
    >>> frame = np.arange(64, dtype=np.uint8).reshape(8, 8)
    >>> data = encode_frame(frame, "1.2.840.10008.1.2.5", 8, 8, "MONOCHROME2")
    >>> decoded = decode_frame(
    ...     data, "1.2.840.10008.1.2.5", 8, 8, 1, 8, 8, "MONOCHROME2"
    ... )
    >>> bool(np.array_equal(decoded, frame))
    True

    """
    rows, columns, samples = _size(array)
    pixel_format = _pixel_format(
        rows=rows,
        columns=columns,
        samples_per_pixel=samples,
        bits_allocated=bits_allocated,
        bits_stored=bits_stored,
        photometric_interpretation=photometric_interpretation,
        pixel_representation=pixel_representation,
        planar_configuration=planar_configuration,
    )
    _check_type(array, pixel_format)
    encoder = FrameEncoder(transfer_syntax_uid, pixel_format)
    _check_arrangement(encoder.transfer_syntax_uid, pixel_format)
    return encoder(array)


def decode_frame(  # noqa: PLR0913, PLR0917 (public signature)
    value: bytes,
    transfer_syntax_uid: str,
    rows: int,
    columns: int,
    samples_per_pixel: int,
    bits_allocated: int,
    bits_stored: int,
    photometric_interpretation: PhotometricInterpretationValues | str,
    pixel_representation: PixelRepresentationValues | int | None = 0,
    planar_configuration: PlanarConfigurationValues | int | None = None,
    index: int = 0,
    pixel_keyword: PixelDataKeywords | str = PixelDataKeywords.PIXEL_DATA,
) -> npt.NDArray[Any]:
    """Decode a frame (PS3.5 8.2 and Annex A).

    Parameters
    ----------
    value
        The frame as stored, without the items of encapsulated pixel data. Of native
        frames of one bit per sample, the bytes that the frame touches.
    transfer_syntax_uid
        UID of the transfer syntax.
    rows, columns
        Size of the frame.
    samples_per_pixel
        1, or 3 for colours.
    bits_allocated, bits_stored
        Bits that a sample takes and those that are used.
    photometric_interpretation
        That of the frame as stored.
    pixel_representation
        0 for unsigned, 1 for signed integers; may be ``None`` for floats.
    planar_configuration
        Needed for colours: 0 if they are stored by pixel, 1 if by plane.
    index
        Zero-based index of the frame in its image, needed for native frames of one
        bit per sample that do not begin on a byte.
    pixel_keyword
        Attribute that holds the frame.

    Returns
    -------
    numpy.ndarray
        Array of shape ``(rows, columns)`` or ``(rows, columns, 3)``. Colours of
        YBR_FULL, YBR_FULL_422, YBR_ICT and YBR_RCT are given as RGB.

    Raises
    ------
    ArgumentTypeError
        If `value` is no bytes or `index` no integer.
    InvalidArgumentError
        If an argument has a value that is not allowed, or `value` is too short.
    UnsupportedTransferSyntaxError
        If the syntax is unknown or frames cannot be decoded from it.
    FrameCodingError
        If the codec fails, or the frame is not what the arguments say.
    MissingDependencyError
        If an optional package is needed that is not installed.

    Examples
    --------
    >>> from highdicom.frame import decode_frame
    >>> value = bytes([0b00000101])
    >>> decode_frame(value, "1.2.840.10008.1.2.1", 2, 2, 1, 1, 1, "MONOCHROME2")
    array([[1, 0],
           [1, 0]], dtype=uint8)

    """
    keyword = member_of(PixelDataKeywords, pixel_keyword, "pixel_keyword")
    is_float = keyword is not PixelDataKeywords.PIXEL_DATA
    pixel_format = _pixel_format(
        rows=rows,
        columns=columns,
        samples_per_pixel=samples_per_pixel,
        bits_allocated=bits_allocated,
        bits_stored=bits_allocated if is_float else bits_stored,
        photometric_interpretation=photometric_interpretation,
        pixel_representation=0 if is_float else pixel_representation,
        planar_configuration=planar_configuration,
        keyword=keyword.value,
    )
    if not isinstance(index, (int, np.integer)):
        raise ArgumentTypeError(
            f"'index' must be an integer, not {type(index).__name__}."
        )
    if index < 0:
        raise InvalidArgumentError(f"'index' must not be negative, but is {index}.")
    frame = FrameDecoder(transfer_syntax_uid, pixel_format)(value, index)
    is_view = np.may_share_memory(frame, np.frombuffer(value, np.uint8))
    return np.array(frame) if is_view or not frame.flags.writeable else frame


def get_lossy_compression_attributes(
    transfer_syntax_uid: str,
) -> tuple[str, str | None]:
    """Say whether compression in a transfer syntax loses information.

    Parameters
    ----------
    transfer_syntax_uid
        UID of the transfer syntax.

    Returns
    -------
    str
        Value of Lossy Image Compression: ``"01"`` if it does, ``"00"`` otherwise.
    str | None
        Value of Lossy Image Compression Method, if it does (PS3.3 C.7.6.1.1.5).

    Examples
    --------
    >>> from highdicom.frame import get_lossy_compression_attributes
    >>> get_lossy_compression_attributes("1.2.840.10008.1.2.4.50")
    ('01', 'ISO_10918_1')

    """
    profile = PROFILES.get(str(transfer_syntax_uid))
    if profile is None or profile.lossy_method is None:
        return "00", None
    return "01", profile.lossy_method


def _size(array: npt.NDArray[Any]) -> tuple[int, int, int]:
    if not isinstance(array, np.ndarray):
        raise ArgumentTypeError(
            f"'array' must be a NumPy array, not {type(array).__name__}."
        )
    if array.ndim not in (2, 3) or array.size == 0:
        raise InvalidArgumentError(
            "'array' must have the shape (rows, columns) or (rows, columns, 3) and at "
            f"least one pixel, not the shape {array.shape}."
        )
    rows, columns, *rest = array.shape
    if rest and rest[0] != 3:
        raise InvalidArgumentError(
            f"'array' must have 3 samples for each pixel of a colour image, not "
            f"{rest[0]}."
        )
    return rows, columns, (rest or [1])[0]


def _pixel_format(**values: Any) -> PixelFormat:
    """Make a format of the arguments of a call."""
    members = {
        "photometric_interpretation": PhotometricInterpretationValues,
        "pixel_representation": PixelRepresentationValues,
        "planar_configuration": PlanarConfigurationValues,
    }
    for name, enumeration in members.items():
        if name != "planar_configuration" or values[name] is not None:
            values[name] = member_of(enumeration, values[name], name).value
    return PixelFormat(**values)


def _check_type(array: npt.NDArray[Any], pixel_format: PixelFormat) -> None:
    kind = "i" if pixel_format.pixel_representation else "u"
    if array.dtype.kind != kind:
        sign = "a signed" if kind == "i" else "an unsigned"
        raise InvalidArgumentError(
            f"'array' must have {sign} integer data type for a pixel representation of "
            f"{pixel_format.pixel_representation}, not {array.dtype}."
        )
    if array.dtype.itemsize != pixel_format.dtype.itemsize:
        raise InvalidArgumentError(
            f"'array' must have a data type of {pixel_format.dtype.itemsize * 8} bits "
            f"for {pixel_format.bits_allocated} bits allocated, not {array.dtype}."
        )


def _check_arrangement(uid: str, pixel_format: PixelFormat) -> None:
    given = pixel_format.photometric_interpretation
    if pixel_format.samples_per_pixel == 1:
        _check_arrangement_of_gray(uid, pixel_format)
        return
    colors = {_COLORS[uid]} if uid in _COLORS else _COLORS_AS_THEY_ARE
    if given not in colors:
        raise InvalidArgumentError(
            f"'photometric_interpretation' must be {' or '.join(sorted(colors))} for "
            f"colour frames in {profile_of(uid).name}, not {given}."
        )
    if pixel_format.planar_configuration != 0 and uid != _RLE:
        raise InvalidArgumentError(
            f"'planar_configuration' must be 0 for colour frames in "
            f"{profile_of(uid).name}, not {pixel_format.planar_configuration}."
        )


def _check_arrangement_of_gray(uid: str, pixel_format: PixelFormat) -> None:
    if pixel_format.photometric_interpretation not in _GRAY:
        raise InvalidArgumentError(
            f"'photometric_interpretation' must be {' or '.join(_GRAY)} for frames of "
            f"one sample per pixel, not {pixel_format.photometric_interpretation}."
        )
    if uid in _COLORS and pixel_format.planar_configuration is not None:
        raise InvalidArgumentError(
            "'planar_configuration' must not be given for frames of one sample per "
            f"pixel in {profile_of(uid).name}."
        )
    if profile_of(uid).is_native and pixel_format.frame_bits % 8:
        raise InvalidArgumentError(
            "'array' must have a multiple of eight pixels for one bit allocated "
            f"without compression, not {pixel_format.frame_bits}."
        )
