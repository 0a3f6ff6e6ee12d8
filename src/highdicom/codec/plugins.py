"""Compressed frames by way of pydicom, whose plug-ins are thereby ours.

Whatever differs between versions of pydicom is dealt with here.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.encoders.base import get_encoder

from highdicom.codec.format import PixelFormat

__all__ = ["available_decoders", "decode", "encode", "has_encoder"]

Array = npt.NDArray[Any]

_JPEG_LS = "pyjpegls"
_PREFERRED = {
    # Several times as fast as the others, with the same results.
    "1.2.840.10008.1.2.4.80": _JPEG_LS,
    "1.2.840.10008.1.2.4.81": _JPEG_LS,
    "1.2.840.10008.1.2.5": "pylibjpeg",
}


def available_decoders(transfer_syntax_uid: str) -> tuple[str, ...]:
    """Name of the plug-in that is to decode a syntax, if there is any.

    An empty name stands for all that are installed, in the order of pydicom. Others
    than the preferred one are not asked after it: they may accept what is damaged.
    """
    available = get_decoder(transfer_syntax_uid).available_plugins
    preferred = _PREFERRED.get(transfer_syntax_uid, "")
    if preferred in available:
        return (preferred,)
    return ("",) if available else ()


def has_encoder(transfer_syntax_uid: str) -> bool:
    """Whether a plug-in encodes a syntax."""
    return bool(get_encoder(transfer_syntax_uid).available_plugins)


def decode(
    transfer_syntax_uid: str, plugin: str, data: bytes, pixel_format: PixelFormat
) -> tuple[Array, str]:
    """Decode a frame, without changing its colours.

    Returns
    -------
    numpy.ndarray
        Frame in the data type and shape of the format.
    str
        Photometric interpretation of the frame as decoded.

    Raises
    ------
    Exception
        Whatever pydicom and its plug-ins raise.

    """
    is_gray = pixel_format.samples_per_pixel == 1
    if plugin == _JPEG_LS and is_gray and not pixel_format.pixel_representation:
        return _decode_gray(data, pixel_format)
    array, properties = get_decoder(transfer_syntax_uid).as_array(
        # The interface takes encapsulated data only.
        encapsulate([data], has_bot=False),
        index=0,
        raw=True,
        validate=False,
        decoding_plugin=plugin,
        **_options(pixel_format),
    )
    return array, str(properties["photometric_interpretation"])


def _decode_gray(data: bytes, pixel_format: PixelFormat) -> tuple[Array, str]:
    """Decode JPEG-LS with its plug-in itself.

    All that pydicom would do takes longer than the decoder does for simple pictures.
    Signs and colours are left to it, which JPEG-LS does not know.
    """
    import jpeg_ls  # noqa: PLC0415 (few need it)

    samples, header = jpeg_ls.decode_buffer(data)
    shape = (header["height"], header["width"])
    if (*shape, header["components"]) != (*pixel_format.shape, 1):
        raise ValueError(f"the decoded frame has the shape {shape}")
    stored = np.dtype("<u1" if header["bits_per_sample"] <= 8 else "<u2")
    array = np.frombuffer(samples, stored).reshape(shape)
    array = array.astype(pixel_format.dtype, copy=False)
    return array, pixel_format.photometric_interpretation


def encode(
    transfer_syntax_uid: str, frame: Array, pixel_format: PixelFormat, **options: Any
) -> bytes:
    """Encode a frame that has been checked.

    Raises
    ------
    Exception
        Whatever pydicom and its plug-ins raise.

    """
    encoded = get_encoder(transfer_syntax_uid).encode(
        np.ascontiguousarray(frame),
        validate=False,
        **_options(pixel_format),
        **options,
    )
    return bytes(encoded)


def _options(pixel_format: PixelFormat) -> dict[str, Any]:
    return {
        "rows": pixel_format.rows,
        "columns": pixel_format.columns,
        "number_of_frames": 1,
        "samples_per_pixel": pixel_format.samples_per_pixel,
        # Codecs have no packed bits. From 3.1 on pydicom packs them if told so.
        "bits_allocated": max(pixel_format.bits_allocated, 8),
        "bits_stored": pixel_format.bits_stored,
        "pixel_representation": pixel_format.pixel_representation,
        "photometric_interpretation": pixel_format.photometric_interpretation,
        "planar_configuration": 0,
        "pixel_keyword": "PixelData",
    }
