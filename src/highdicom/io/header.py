"""Datasets of files, with or without their pixel data.

Long sequences stay raw elements: per-frame functional groups are never decoded item by
item here, nor is anything else that nobody asks for.
"""

import sys
from typing import NamedTuple

from pydicom.dataelem import RawDataElement
from pydicom.dataset import FileDataset
from pydicom.tag import BaseTag

from highdicom.errors import NonconformantDatasetError
from highdicom.io.big_endian import read_big_endian_dataset, read_big_endian_header
from highdicom.io.byte_source import ByteSource, request_cost
from highdicom.io.deflated import InflatedSource
from highdicom.io.elements import Elements, scan_elements
from highdicom.io.fragments import walk_fragments
from highdicom.io.items import UNDEFINED_LENGTH
from highdicom.io.local import BytesSource
from highdicom.io.location import (
    PIXEL_DATA_KEYWORDS,
    PixelDataLocation,
    location_of,
    report_truncated,
)
from highdicom.io.start import FileStart, read_start
from highdicom.io.window import Window
from highdicom.policy import tolerate
from highdicom.records import record

__all__ = ["Header", "read_dataset", "read_header"]

# A deflated header may inflate to this many bytes before it is taken for an attack.
_LARGEST_INFLATED_HEADER = 1 << 30

_DEFLATED = {
    "1.2.840.10008.1.2.1.99",  # Deflated Explicit VR Little Endian
    "1.2.840.10008.1.2.4.95",  # JPIP Referenced Deflate
    "1.2.840.10008.1.2.4.205",  # JPIP HTJ2K Referenced Deflate
}

# Where a request costs less, fetching all to save some is not worth it.
_CHEAP_REQUEST = 1 << 16


@record
class Header:
    """A dataset without its pixel data."""

    dataset: FileDataset
    """All elements before the pixel data, with file meta information."""

    pixel_data: PixelDataLocation | None
    """Where the pixel data are, if there are any."""


class _Scan(NamedTuple):
    """Elements up to the pixel data."""

    start: FileStart
    window: Window
    elements: Elements
    pixel_data: PixelDataLocation | None


def read_header(source: ByteSource) -> Header:
    """Read the dataset up to the pixel data (PS3.10 7).

    Only that much is fetched, give or take as much again. Sequences of any length stay
    raw elements: their value holds the items without the sequence delimitation, and
    their length is 0xFFFFFFFF if it is undefined in the file, so that they are written
    back as they were.

    Parameters
    ----------
    source
        A DICOM file. A missing preamble, file meta information or transfer syntax is
        tolerated (see :func:`highdicom.policy.tolerate`).

    Raises
    ------
    NotDicomError
        If that is no DICOM file.
    NonconformantDatasetError
        If a length points beyond the end of the file, or a sequence is not made of
        items, has no end or is nested too deeply.
    SourceError
        If the source cannot be read.

    Examples
    --------
    >>> from pydicom.data import get_testdata_file
    >>> from highdicom.io.sources import open_source
    >>> header = read_header(open_source(get_testdata_file("CT_small.dcm")))
    >>> header.dataset.Modality, header.pixel_data.length
    ('CT', 32768)

    """
    start, window = read_start(source)
    if start.encoding.little_endian:
        scan = _scan(start, window)
        return Header(_dataset_of(scan), scan.pixel_data)
    dataset, location = read_big_endian_header(source)
    _finish(dataset, source, start, location)
    return Header(dataset, location)


def read_dataset(source: ByteSource) -> FileDataset:
    """Read a whole file (PS3.10 7).

    Sequences stay raw elements, as :func:`read_header` says. The pixel data are read
    in one piece.

    Parameters
    ----------
    source
        A DICOM file.

    Raises
    ------
    NotDicomError
        If that is no DICOM file.
    NonconformantDatasetError
        As of :func:`read_header`. Pixel data that end too early are tolerated: only
        the frames that they lack cannot be read.
    SourceError
        If the source cannot be read.

    Examples
    --------
    >>> from highdicom.io import open_source, read_dataset
    >>> from pydicom.data import get_testdata_file
    >>> read_dataset(open_source(get_testdata_file("CT_small.dcm"))).Modality
    'CT'

    """
    start, window = read_start(source)
    if start.encoding.little_endian:
        scan = _scan(start, window)
        if scan.pixel_data is not None:
            scan.elements.update(_rest(scan.pixel_data, scan.start.encoding.implicit))
        return _dataset_of(scan)
    dataset = read_big_endian_dataset(source)
    _finish(dataset, source, start, None)
    return dataset


def _scan(start: FileStart, window: Window) -> _Scan:
    """Read the elements up to the pixel data, little endian."""
    source, position = window.source, start.position
    if start.encoding.transfer_syntax_uid in _DEFLATED:
        source = InflatedSource(source, position, _LARGEST_INFLATED_HEADER)
        # Nothing says where it ends; short reads will.
        window, position = Window(source, sys.maxsize), 0
    implicit = _found_implicit(window, position, implicit=start.encoding.implicit)
    start = start._replace(encoding=start.encoding._replace(implicit=implicit))
    elements, position, header = scan_elements(
        window, position, implicit=implicit, stop=PIXEL_DATA_KEYWORDS.__contains__
    )
    if isinstance(source, InflatedSource):
        source.limit = sys.maxsize
    location = None if header is None else location_of(source, header, position)
    return _Scan(start, window, elements, location)


def _found_implicit(window: Window, position: int, *, implicit: bool) -> bool:
    """Believe the first element more than the transfer syntax."""
    representation = window.take(position, 6)[4:]
    if len(representation) < 2:
        return implicit
    found = not (representation.isalpha() and representation.isupper())
    if found != implicit:
        names = {True: "implicit", False: "explicit"}
        tolerate(
            f"the dataset is in {names[found]} VR, though the transfer syntax stands "
            f"for {names[implicit]} VR",
            f"it is read as {names[found]} VR",
            keyword="TransferSyntaxUID",
            source=window.source.name,
        )
    return found


def _dataset_of(scan: _Scan) -> FileDataset:
    start, source = scan.start, scan.window.source
    implicit = start.encoding.implicit
    dataset = FileDataset(
        source.name,
        {**start.commands, **scan.elements},
        start.preamble,
        start.file_meta,
        is_implicit_VR=implicit,
        is_little_endian=True,
    )
    dataset.set_original_encoding(
        implicit,
        is_little_endian=True,
        # What pydicom's writer compares it with before it writes raw elements as such.
        character_encoding=dataset._character_set,  # noqa: SLF001
    )
    _finish(dataset, source, start, scan.pixel_data)
    return dataset


def _finish(
    dataset: FileDataset,
    source: ByteSource,
    start: FileStart,
    location: PixelDataLocation | None,
) -> None:
    if not hasattr(source, "path"):
        dataset.filename = None
    # A compressed transfer syntax cannot be guessed.
    is_compressed = location is not None and location.length is None
    if start.encoding.is_guessed and not is_compressed:
        dataset.file_meta.TransferSyntaxUID = start.encoding.transfer_syntax_uid


def _rest(location: PixelDataLocation, implicit: bool) -> Elements:
    """Read the pixel data and the elements after them."""
    source, shift = _held(location)
    first, end = location.offset - shift, location.end - shift
    is_truncated = False
    if location.length is None:
        fragments = walk_fragments(source, first, end)
        is_truncated = not fragments.is_complete
        last, after = min(fragments.end, end), fragments.end + 8
        length = UNDEFINED_LENGTH
    else:
        last = after = end
        length = location.length
    value = source.read(first, last - first)
    if is_truncated or len(value) < last - first:
        report_truncated(location, len(value))
        after = sys.maxsize
        length = min(length, len(value)) if location.length is not None else length
    tag = BaseTag(_TAGS[location.keyword])
    pixel_data = RawDataElement(
        tag, location.vr, length, value, location.offset, implicit, True
    )
    return {tag: pixel_data, **_trailing(source, after, tag, implicit=implicit)}


_TAGS = {keyword: tag for tag, keyword in PIXEL_DATA_KEYWORDS.items()}


def _held(location: PixelDataLocation) -> tuple[ByteSource, int]:
    """Fetch what is far away at once; return where to read and what lies before that."""
    source = location.source
    if request_cost(source) < _CHEAP_REQUEST:
        return source, 0
    rest = source.read(location.offset, source.size() - location.offset)
    return BytesSource(rest, source.name), location.offset


def _trailing(
    source: ByteSource, position: int, last_tag: int, *, implicit: bool
) -> Elements:
    """Read what follows the pixel data, such as padding and signatures."""
    is_endless = isinstance(source, InflatedSource)
    window = Window(source, sys.maxsize if is_endless else source.size())
    if position >= window.end:
        return {}
    try:
        elements, _, header = scan_elements(
            window, position, implicit=implicit, stop=lambda tag: tag <= last_tag
        )
    except NonconformantDatasetError as error:
        elements, reason = {}, str(error).rstrip(".")
    else:
        reason = "" if header is None else "tags are out of order"
    if reason:
        tolerate(
            f"what follows the pixel data are no data elements ({reason})",
            "it is ignored",
            source=source.name,
        )
    return elements
