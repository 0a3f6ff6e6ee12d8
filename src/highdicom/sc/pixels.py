"""What a Secondary Capture image can be made of, as a format of pixels."""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.arguments import member_of
from highdicom.codec.format import PixelFormat
from highdicom.codec.profiles import profile_of
from highdicom.enum import PhotometricInterpretationValues
from highdicom.errors import ArgumentTypeError, InvalidArgumentError

__all__ = ["pixel_format_of"]

Array = npt.NDArray[Any]

_BITS = {np.dtype(np.bool_): 1, np.dtype(np.uint8): 8, np.dtype(np.uint16): 16}
_GRAY = ("MONOCHROME1", "MONOCHROME2")
_COLORS = ("RGB", "YBR_FULL")
_JPEG = "1.2.840.10008.1.2.4.{}"
# What codecs make of colours given as RGB. Other syntaxes leave colours as they are.
_COLORS_AS_ENCODED = {
    _JPEG.format(50): "YBR_FULL_422",
    _JPEG.format(80): "RGB",
    _JPEG.format(81): "RGB",
    _JPEG.format(90): "YBR_RCT",
    _JPEG.format(91): "YBR_ICT",
    _JPEG.format(201): "YBR_RCT",
}


def pixel_format_of(
    frames: Array,
    photometric_interpretation: PhotometricInterpretationValues | str,
    bits_allocated: int,
    transfer_syntax_uid: str,
) -> PixelFormat:
    """Describe frames of a capture as pixels.

    Parameters
    ----------
    frames
        Shape (frame, row, column) or (frame, row, column, 3).
    photometric_interpretation
        Of the frames once they are encoded.
    bits_allocated
        1 for booleans, 8 and 16 for unsigned integers of this size.
    transfer_syntax_uid
        Transfer syntax that they will be encoded in.

    Raises
    ------
    ArgumentTypeError
        If it is no array of booleans or unsigned integers.
    InvalidArgumentError
        If the arguments do not fit the array.
    UnsupportedTransferSyntaxError
        If the transfer syntax is unknown or cannot carry such pixels.

    """
    _check_bits(frames, bits_allocated)
    given = member_of(
        PhotometricInterpretationValues,
        photometric_interpretation,
        "photometric_interpretation",
    ).value
    _check_photometric_interpretation(frames, given, transfer_syntax_uid)
    is_color = frames.ndim == 4
    pixel_format = PixelFormat(
        rows=frames.shape[1],
        columns=frames.shape[2],
        samples_per_pixel=3 if is_color else 1,
        bits_allocated=bits_allocated,
        bits_stored=bits_allocated,
        pixel_representation=0,
        photometric_interpretation=given,
        planar_configuration=0 if is_color else None,
    )
    profile_of(transfer_syntax_uid).check(pixel_format)
    return pixel_format


def _check_bits(frames: Array, bits_allocated: int) -> None:
    bits = _BITS.get(frames.dtype.newbyteorder("="))
    if bits is None:
        raise ArgumentTypeError(
            "'pixel_array' must have the data type bool, uint8 or uint16, not "
            f"{frames.dtype}."
        )
    if bits_allocated != bits:
        raise InvalidArgumentError(
            f"'bits_allocated' must be {bits} for an array of {frames.dtype}, not "
            f"{bits_allocated!r}."
        )
    if frames.ndim == 4 and bits != 8:
        raise InvalidArgumentError(
            f"'pixel_array' must have the data type uint8 for colours, not "
            f"{frames.dtype}."
        )


def _check_photometric_interpretation(
    frames: Array, given: str, transfer_syntax_uid: str
) -> None:
    profile = profile_of(transfer_syntax_uid)
    if frames.ndim == 3:
        allowed: tuple[str, ...] = _GRAY
    elif profile.uid in _COLORS_AS_ENCODED:
        allowed = (_COLORS_AS_ENCODED[profile.uid],)
    else:
        allowed = _COLORS
    if given not in allowed:
        raise InvalidArgumentError(
            f"'photometric_interpretation' must be {' or '.join(allowed)} for an array "
            f"with {'three samples' if frames.ndim == 4 else 'one sample'} per pixel in "
            f"{profile.name}, not {given}."
        )
