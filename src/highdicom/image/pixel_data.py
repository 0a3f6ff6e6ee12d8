"""The Pixel Data element of a new image: native or encapsulated (PS3.5 Annex A)."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from io import BytesIO
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, encapsulate_extended

from highdicom.codec.encoder import FrameEncoder
from highdicom.codec.format import PixelFormat
from highdicom.codec.native import pack_frames
from highdicom.codec.parallel import ordered_map
from highdicom.codec.profiles import profile_of
from highdicom.encoding.elements import put, tag_of
from highdicom.errors import InvalidArgumentError
from highdicom.image.pieces import PiecedElement, Pieces, PiecesFile, content_of

__all__ = [
    "as_written",
    "filled",
    "put_encapsulated_pixel_data",
    "put_image_pixel",
    "put_native_pixel_data",
    "put_pixel_data",
]

Frame = npt.NDArray[Any]

_PIXEL_DATA = frozenset(
    map(tag_of, ("PixelData", "FloatPixelData", "DoubleFloatPixelData"))
)
_LARGE = 2**20
_UNDEFINED_LENGTH = 0xFFFFFFFF


def as_written(element: Any) -> Any:
    """Give an element with large pixel data in a form that is written uncopied.

    Parameters
    ----------
    element
        Any element of a dataset, raw or not, or None.

    Returns
    -------
    DataElement, RawDataElement or None
        The element itself unless it has large pixel data.

    """
    if element is None or element.tag not in _PIXEL_DATA:
        return element
    value = content_of(element)
    if isinstance(value, Pieces):
        return DataElement(element.tag, element.VR, PiecesFile.of(value.views))
    if not isinstance(value, bytes):
        return element
    if len(value) < _LARGE or element.VR is None or " or " in element.VR:
        return element
    is_undefined = (
        element.length == _UNDEFINED_LENGTH
        if isinstance(element, RawDataElement)
        else element.is_undefined_length
    )
    return DataElement(
        element.tag,
        element.VR,
        PiecesFile.of([memoryview(value)]),
        is_undefined_length=is_undefined,
    )


def put_image_pixel(dataset: Dataset, pixel_format: PixelFormat) -> None:
    """Write the attributes that say what pixels are (PS3.3 C.7.6.3.3)."""
    put(dataset, "SamplesPerPixel", pixel_format.samples_per_pixel)
    put(dataset, "PhotometricInterpretation", pixel_format.photometric_interpretation)
    put(dataset, "Rows", pixel_format.rows)
    put(dataset, "Columns", pixel_format.columns)
    put(dataset, "BitsAllocated", pixel_format.bits_allocated)
    if pixel_format.is_float:
        return
    put(dataset, "BitsStored", pixel_format.bits_stored)
    put(dataset, "HighBit", pixel_format.bits_stored - 1)
    put(dataset, "PixelRepresentation", pixel_format.pixel_representation)
    if pixel_format.planar_configuration is not None:
        put(dataset, "PlanarConfiguration", pixel_format.planar_configuration)


def put_pixel_data(
    dataset: Dataset,
    frames: Iterable[Frame],
    pixel_format: PixelFormat,
    transfer_syntax_uid: str,
    *,
    workers: int | Executor = 0,
    use_extended_offset_table: bool = False,
) -> None:
    """Encode frames one after the other and write them as pixel data.

    Parameters
    ----------
    dataset
        Image to write to.
    frames
        Arrays (row, column[, sample]) in the order of the frames.
    pixel_format
        Form of the pixels.
    transfer_syntax_uid
        Transfer syntax of the image.
    workers
        Number of processes that encode, or an executor; none if zero.
    use_extended_offset_table
        Whether offsets of encapsulated frames are written with 64 bits; native frames
        have none.

    Raises
    ------
    ArgumentTypeError
        If `workers` is neither an integer nor an executor.
    InvalidArgumentError
        If a frame does not fit the form, or all together are too long for an offset
        table of 32 bits.
    UnsupportedTransferSyntaxError
        If the transfer syntax cannot hold such pixels.

    """
    encoder = FrameEncoder(transfer_syntax_uid, pixel_format)
    if not profile_of(transfer_syntax_uid).is_native:
        encoded = list(ordered_map(encoder, frames, workers))
        put_encapsulated_pixel_data(
            dataset, encoded, use_extended_offset_table=use_extended_offset_table
        )
        return
    has_bits = pixel_format.bits_allocated == 1
    pieces = Pieces(_packed(frames) if has_bits else map(encoder, frames))
    put_native_pixel_data(dataset, pieces, pixel_format)


def _packed(frames: Iterable[Frame]) -> Iterator[bytes]:
    """Pack bits; frames follow each other without gap (PS3.5 8.1.1)."""
    # Eight frames always end on a byte, whatever their size.
    batch: list[Frame] = []
    for frame in frames:
        batch.append(frame)
        if len(batch) == 8 or frame.size % 8 == 0:
            yield pack_frames(np.stack(batch)).tobytes()
            batch = []
    if batch:
        yield pack_frames(np.stack(batch)).tobytes()


def filled(
    shape: tuple[int, ...], dtype: "np.dtype[Any]", fill: Callable[[Frame], object]
) -> bytes:
    """Give native pixel data that a function writes, without a copy.

    Parameters
    ----------
    shape, dtype
        Shape and type of all frames.
    fill
        Called with an array of zeros; what it does not write to takes no memory until
        it is read.

    Returns
    -------
    bytes
        What the array holds, little endian, padded to even length.

    """
    little = dtype.newbyteorder("<")
    size = prod(shape) * little.itemsize
    # Such memory comes as zeros from the system, and belongs to the buffer alone.
    buffer = BytesIO(bytes(size + size % 2))
    target = np.frombuffer(buffer.getbuffer(), little, prod(shape)).reshape(shape)
    fill(target)
    del target
    return buffer.getvalue()


def put_native_pixel_data(
    dataset: Dataset, value: Any, pixel_format: PixelFormat
) -> None:
    """Write pixel data that need no encoding.

    Parameters
    ----------
    dataset
        Image to write to.
    value
        All frames, little endian: bytes or a file, padded to even length; or
        :class:`Pieces`, which are not joined before somebody asks for the bytes.
    pixel_format
        Form of the pixels.

    """
    vrs = {"FloatPixelData": "OF", "DoubleFloatPixelData": "OD"}
    vr = vrs.get(
        pixel_format.keyword, "OB" if pixel_format.bits_allocated <= 8 else "OW"
    )
    if isinstance(value, Pieces) and len(value) >= _LARGE:
        element = PiecedElement(tag_of(pixel_format.keyword), vr, value)
        dataset[element.tag] = element
        return
    value = value.joined() if isinstance(value, Pieces) else value
    put(dataset, pixel_format.keyword, value, vr)


def put_encapsulated_pixel_data(
    dataset: Dataset, frames: list[bytes], *, use_extended_offset_table: bool
) -> None:
    """Write frames that are encoded (PS3.5 A.4).

    Parameters
    ----------
    dataset
        Image to write to.
    frames
        Encoded frames in their order.
    use_extended_offset_table
        Whether offsets are written with 64 bits.

    Raises
    ------
    InvalidArgumentError
        If all together are too long for an offset table of 32 bits.

    """
    if use_extended_offset_table:
        value, offsets, lengths = encapsulate_extended(frames)
        put(dataset, "ExtendedOffsetTable", offsets)
        put(dataset, "ExtendedOffsetTableLengths", lengths)
    else:
        # Each item has a header of 8 bytes (PS3.5 A.4).
        if sum(len(frame) + 8 for frame in frames) >= 2**32:
            raise InvalidArgumentError(
                "'use_extended_offset_table' must be True, since the encoded frames are "
                "longer than 4 GiB."
            )
        value = encapsulate(frames)
    element = DataElement(
        tag_of("PixelData"),
        "OB",
        value,
        is_undefined_length=True,
        already_converted=True,
    )
    dataset[element.tag] = element
