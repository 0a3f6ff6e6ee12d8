"""The Image Pixel module (PS3.3 C.7.6.3) and the encoding of frames (PS3.5 Annex A)."""

from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageCms
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.pixels.encoders.base import get_encoder
from pydicom.uid import (
    JPEG2000,
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from highdicom.errors import InvalidArgumentError
from highdicom.testing.factories.building import Values, put

__all__ = [
    "Pixels",
    "StoredFormat",
    "icc_profile",
    "lookup_table",
    "pattern",
    "planes_of",
    "put_pixel_data",
]

Array = NDArray[Any]
Pixels = ArrayLike | Callable[[int], ArrayLike] | None
"""Stored values of all planes, or a function from the index of a plane to its values."""

_ENCODED = frozenset(
    {RLELossless, JPEGLSLossless, JPEGLSNearLossless, JPEG2000Lossless, JPEG2000}
)
# Value of Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1).
_LOSSY_METHODS = {
    JPEGBaseline8Bit: "ISO_10918_1",
    JPEG2000: "ISO_15444_1",
    JPEGLSNearLossless: "ISO_14495_1",
}
_COLOR_SPACES = {
    JPEGBaseline8Bit: "YBR_FULL_422",
    JPEG2000Lossless: "YBR_RCT",
    JPEG2000: "YBR_ICT",
}
# What Pillow writes of 8-bit pixels: it is always there, and its JPEG 2000 may be
# smaller than the 32 pixels that the encoders behind pydicom need.
_PILLOW_OPTIONS: dict[UID, dict[str, Any]] = {
    # Chrominance at half the columns, which is what YBR_FULL_422 says.
    JPEGBaseline8Bit: {"format": "JPEG", "quality": 95, "subsampling": "4:2:2"},
    JPEG2000Lossless: {"format": "JPEG2000", "no_jp2": True, "num_resolutions": 1},
    JPEG2000: {
        "format": "JPEG2000",
        "no_jp2": True,
        "num_resolutions": 1,
        "irreversible": True,
        "quality_mode": "dB",
        "quality_layers": [50],
    },
}
_LOSSY_OPTIONS: dict[UID, dict[str, Any]] = {
    JPEG2000: {"j2k_psnr": [50]},
    JPEGLSNearLossless: {"jls_error": 1},
}


class StoredFormat:
    """How stored values are to be written.

    Parameters
    ----------
    bits_stored
        1 to 32; Bits Allocated follows from it.
    signed
        Whether values are in two's complement.
    photometric_interpretation
        Of the values given; the encoded ones may differ from it.
    transfer_syntax
        UID of the transfer syntax.
    planar_configuration
        Of colour pixels: 0 by pixel, 1 by plane (native encodings only).
    bits_allocated
        Where it is not the smallest of 1, 8, 16 and 32.

    Examples
    --------
    >>> from highdicom.testing.factories.pixel_data import StoredFormat
    >>> StoredFormat(12, signed=True).stored_range
    (-2048, 2047)

    """

    def __init__(
        self,
        bits_stored: int,
        *,
        signed: bool = False,
        photometric_interpretation: str = "MONOCHROME2",
        transfer_syntax: str = ExplicitVRLittleEndian,
        planar_configuration: int = 0,
        bits_allocated: int | None = None,
    ) -> None:
        if not 1 <= bits_stored <= 32:
            raise InvalidArgumentError(
                f"'bits_stored' must be 1 to 32, not {bits_stored}."
            )
        self.bits_stored = bits_stored
        self.bits_allocated = bits_allocated or next(
            bits for bits in (1, 8, 16, 32) if bits >= bits_stored
        )
        self.signed = signed
        self.photometric_interpretation = photometric_interpretation
        self.transfer_syntax = UID(transfer_syntax)
        self.planar_configuration = planar_configuration

    @property
    def dtype(self) -> np.dtype[Any]:
        """Data type of stored values."""
        size = max(self.bits_allocated // 8, 1)
        return np.dtype(f"{'i' if self.signed else 'u'}{size}")

    @property
    def stored_range(self) -> tuple[int, int]:
        """Lowest and highest stored value."""
        if self.signed:
            return -(1 << (self.bits_stored - 1)), (1 << (self.bits_stored - 1)) - 1
        return 0, (1 << self.bits_stored) - 1

    def checked(self, values: ArrayLike) -> Array:
        """Values in the data type, refused if they do not fit in Bits Stored."""
        array = np.asarray(values)
        low, high = self.stored_range
        if array.size and (array.min() < low or array.max() > high):
            raise InvalidArgumentError(
                f"'pixels' must lie in {low} to {high} for {self.bits_stored} bits, "
                f"not in {array.min()} to {array.max()}."
            )
        return array.astype(self.dtype, copy=False)


def pattern(
    index: int, shape: Sequence[int], stored_format: StoredFormat
) -> NDArray[Any]:
    """Values that count up pixel by pixel and differ from plane to plane."""
    low, high = stored_format.stored_range
    count = int(np.prod(shape))
    start = index * (count + 1)
    values = np.arange(start, start + count, dtype=np.int64)
    values %= high - low + 1
    values += low
    return values.astype(stored_format.dtype).reshape(shape)


def planes_of(
    pixels: Pixels,
    indices: Sequence[int],
    shape: Sequence[int],
    stored_format: StoredFormat,
) -> list[Array]:
    """Stored values of the planes of those indices, each of that shape."""
    if pixels is None:
        return [pattern(index, shape, stored_format) for index in indices]
    source = pixels if callable(pixels) else np.asarray(pixels).__getitem__
    planes = [stored_format.checked(source(index)) for index in indices]
    for plane in planes:
        if plane.shape != tuple(shape):
            raise InvalidArgumentError(
                f"'pixels' must have planes of shape {tuple(shape)}, not {plane.shape}."
            )
    return planes


def put_pixel_data(
    dataset: Dataset,
    frames: Sequence[Array],
    stored_format: StoredFormat,
    *,
    extended_offsets: bool = False,
) -> None:
    """Describe and encode frames.

    Parameters
    ----------
    dataset
        Gets the Image Pixel module, Lossy Image Compression and the transfer syntax.
    frames
        Arrays (row, column[, sample]).
    stored_format
        How to store them.
    extended_offsets
        Whether encapsulated frames get an Extended Offset Table in place of a Basic
        one (PS3.3 C.7.6.3.1.8).

    """
    syntax = stored_format.transfer_syntax
    samples = frames[0].shape[2] if frames[0].ndim == 3 else 1
    put(dataset, "SamplesPerPixel", samples)
    put(dataset, "Rows", frames[0].shape[0])
    put(dataset, "Columns", frames[0].shape[1])
    put(dataset, "BitsAllocated", stored_format.bits_allocated)
    put(dataset, "BitsStored", stored_format.bits_stored)
    put(dataset, "HighBit", stored_format.bits_stored - 1)
    put(dataset, "PixelRepresentation", int(stored_format.signed))
    color_space = stored_format.photometric_interpretation
    if samples == 3:
        color_space = _encoded_color_space(color_space, syntax)
        put(dataset, "PlanarConfiguration", stored_format.planar_configuration)
    put(dataset, "PhotometricInterpretation", color_space)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    if syntax.is_encapsulated:
        _put_encapsulated(dataset, frames, stored_format, extended_offsets)
    else:
        _put_native(dataset, frames, stored_format)


def _encoded_color_space(color_space: str, syntax: UID) -> str:
    if color_space != "RGB":
        return color_space
    return _COLOR_SPACES.get(syntax, "RGB")


def _put_native(
    dataset: Dataset, frames: Sequence[Array], stored_format: StoredFormat
) -> None:
    if stored_format.bits_allocated == 1:
        bits = np.concatenate([frame.reshape(-1) for frame in frames])
        data = np.packbits(bits, bitorder="little").tobytes()
    else:
        data = b"".join(_native_frame(frame, stored_format) for frame in frames)
    wide = stored_format.bits_allocated > 8
    put(dataset, "PixelData", data + b"\0" * (len(data) % 2), "OW" if wide else "OB")


def _native_frame(frame: Array, stored_format: StoredFormat) -> bytes:
    if frame.ndim == 3 and stored_format.planar_configuration == 1:
        frame = frame.transpose(2, 0, 1)
    big_endian = stored_format.transfer_syntax == ExplicitVRBigEndian
    dtype = frame.dtype.newbyteorder(">" if big_endian else "<")
    return frame.astype(dtype, copy=False).tobytes()


def _put_encapsulated(
    dataset: Dataset,
    frames: Sequence[Array],
    stored_format: StoredFormat,
    extended_offsets: bool,
) -> None:
    encoded = [_encoded_frame(frame, dataset, stored_format) for frame in frames]
    if extended_offsets:
        data, offsets, lengths = encapsulate_extended(encoded)
        put(dataset, "ExtendedOffsetTable", offsets)
        put(dataset, "ExtendedOffsetTableLengths", lengths)
    else:
        data = encapsulate(encoded)
    put(dataset, "PixelData", data, "OB")
    dataset["PixelData"].is_undefined_length = True
    method = _LOSSY_METHODS.get(stored_format.transfer_syntax)
    if method is None:
        return
    ratio = sum(frame.nbytes for frame in frames) / sum(map(len, encoded))
    put(dataset, "LossyImageCompression", "01")
    put(dataset, "LossyImageCompressionRatio", round(ratio, 3))
    put(dataset, "LossyImageCompressionMethod", method)


def _encoded_frame(
    frame: Array, dataset: Dataset, stored_format: StoredFormat
) -> bytes:
    syntax = stored_format.transfer_syntax
    if syntax in _PILLOW_OPTIONS and stored_format.bits_stored == 8:
        return _encoded_by_pillow(frame, syntax)
    if syntax in (JPEG2000, JPEG2000Lossless) and min(frame.shape[:2]) < 32:
        raise InvalidArgumentError(
            f"{syntax.name} of more than 8 bits needs 'rows' and 'columns' of at least "
            f"32, not {frame.shape[0]} and {frame.shape[1]}."
        )
    if syntax == JPEGBaseline8Bit:
        raise InvalidArgumentError(
            f"{syntax.name} needs 'bits_stored' of 8, not {stored_format.bits_stored}."
        )
    if syntax not in _ENCODED:
        raise InvalidArgumentError(
            f"'transfer_syntax' must be one that can be written, not {syntax.name}."
        )
    return get_encoder(syntax).encode(
        np.ascontiguousarray(frame),
        rows=frame.shape[0],
        columns=frame.shape[1],
        samples_per_pixel=dataset.SamplesPerPixel,
        number_of_frames=1,
        bits_allocated=stored_format.bits_allocated,
        bits_stored=stored_format.bits_stored,
        pixel_representation=int(stored_format.signed),
        photometric_interpretation=dataset.PhotometricInterpretation,
        planar_configuration=0,
        **_LOSSY_OPTIONS.get(syntax, {}),
    )


def _encoded_by_pillow(frame: Array, syntax: UID) -> bytes:
    buffer = BytesIO()
    options = _PILLOW_OPTIONS[syntax]
    if syntax != JPEGBaseline8Bit and frame.ndim == 3:
        options = {**options, "mct": 1}
    Image.fromarray(frame).save(buffer, **options)
    data = buffer.getvalue()
    return data + b"\0" * (len(data) % 2)


@cache
def icc_profile() -> bytes:
    """Profile of sRGB, the same in every run."""
    profile = bytearray(
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    )
    profile[12:16] = b"scnr"  # of an input device, as those of images are
    profile[24:36] = bytes.fromhex("07e8 0001 0002 0000 0000 0000")  # date and time
    return bytes(profile) + b"\0" * (len(profile) % 2)


def lookup_table(
    values: ArrayLike,
    *,
    first_mapped_value: int = 0,
    bits: int | None = None,
    **further: Any,
) -> Values:
    """Values of an item of a Modality or VOI LUT Sequence (PS3.3 C.11.1, C.11.2).

    Parameters
    ----------
    values
        Entries of the table, unsigned.
    first_mapped_value
        Input that maps to the first entry.
    bits
        Number of bits of an entry; 8 or 16 by default, as the greatest one needs.
    **further
        Other attributes of the item by keyword, such as ModalityLUTType.

    """
    table = np.asarray(values, np.uint16)
    bits = bits or (8 if table.max() < 256 else 16)
    return {
        "LUTDescriptor": [len(table) % 65536, first_mapped_value, bits],
        "LUTData": table.astype("<u2").tobytes(),
        **further,
    }
