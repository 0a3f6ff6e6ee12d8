"""Datasets in big endian, a retired encoding: pydicom reads them."""

from collections.abc import Callable
from typing import BinaryIO, cast

from pydicom.dataelem import RawDataElement
from pydicom.dataset import FileDataset
from pydicom.filereader import read_partial
from pydicom.tag import BaseTag
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

from highdicom.errors import NonconformantDatasetError, SourceError
from highdicom.io.byte_source import ByteSource
from highdicom.io.elements import ElementHeader
from highdicom.io.items import UNDEFINED_LENGTH
from highdicom.io.location import (
    PIXEL_DATA_KEYWORDS,
    PixelDataLocation,
    location_of,
    report_truncated,
)
from highdicom.io.stream import stream_of

__all__ = ["read_big_endian_dataset", "read_big_endian_header"]

_StopWhen = Callable[[BaseTag, str | None, int], bool]


def read_big_endian_header(
    source: ByteSource,
) -> tuple[FileDataset, PixelDataLocation | None]:
    """Read the dataset up to the pixel data, and where those are."""
    found: list[tuple[int, ElementHeader]] = []
    stream = stream_of(source)

    def stop(tag: BaseTag, vr: str | None, length: int) -> bool:
        if tag not in PIXEL_DATA_KEYWORDS:
            return False
        size = 12 if vr in EXPLICIT_VR_LENGTH_32 else 8
        header = ElementHeader(int(tag), vr, length, size)
        found.append((stream.tell() - size, header))
        return True

    dataset = _read(source, stream, stop)
    if not found:
        return dataset, None
    position, header = found[-1]
    return dataset, location_of(source, header, position, is_little_endian=False)


def read_big_endian_dataset(source: ByteSource) -> FileDataset:
    """Read a whole file."""
    return _read(source, stream_of(source), None)


def _read(
    source: ByteSource, stream: BinaryIO, stop_when: _StopWhen | None
) -> FileDataset:
    try:
        dataset = read_partial(stream, stop_when=stop_when, force=True)
        elements = list(dataset.elements())
    except SourceError:
        raise
    except Exception as error:
        raise NonconformantDatasetError(
            f"{source.name}: The dataset in big endian cannot be read "
            f"({type(error).__name__}: {str(error).rstrip('.')})."
        ) from error
    dataset.buffer = None
    for element in elements:
        if isinstance(element, RawDataElement) and element.value is not None:
            _check_length(source, element)
    return dataset


def _check_length(source: ByteSource, element: RawDataElement) -> None:
    """Find the value that pydicom cut without a word at the end of the file."""
    present = len(cast("bytes", element.value))
    if element.length in {present, UNDEFINED_LENGTH}:
        return
    keyword = PIXEL_DATA_KEYWORDS.get(int(element.tag))
    if keyword is None:
        raise NonconformantDatasetError(
            f"{source.name}: The value of {element.tag} should have {element.length} "
            f"bytes, but only {present} are left."
        )
    location = PixelDataLocation(source, keyword, element.VR, 0, element.length)
    report_truncated(location, present)
