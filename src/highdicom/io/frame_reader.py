"""Readers of single frames, as they are stored."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from operator import index as as_index
from typing import Any, Protocol, runtime_checkable

from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import ExplicitVRBigEndian

from highdicom.errors import (
    ArgumentTypeError,
    FrameNumberError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.io.byte_source import ByteSource
from highdicom.io.encapsulated import EncapsulatedFrames
from highdicom.io.header import Header, read_header
from highdicom.io.local import BytesSource, source_of_file_object
from highdicom.io.location import PIXEL_DATA_KEYWORDS, PixelDataLocation
from highdicom.io.locking import PortableLock
from highdicom.io.native import NativeFrames, native_frames
from highdicom.io.ranges import batch_size, read_ranges
from highdicom.io.values import value_of
from highdicom.policy import tolerate
from highdicom.uid import UID

__all__ = [
    "DatasetFrameReader",
    "FileFrameReader",
    "FrameReader",
    "checked_index",
    "number_of_frames_of",
]


@runtime_checkable
class FrameReader(Protocol):
    """Gives the dataset of an image and its frames, one by one.

    Readers may be used from several threads at once.
    """

    @property
    def transfer_syntax_uid(self) -> UID:
        """Transfer syntax in which the frames are given."""
        ...

    @property
    def number_of_frames(self) -> int:
        """Number of frames, one at least."""
        ...

    def read_dataset(self) -> Dataset:
        """Return everything but the pixel data.

        The dataset belongs to the caller. Per-frame functional groups may be left as
        one raw element.
        """
        ...

    def read_frame(self, index: int) -> bytes:
        """Return a frame as it is stored.

        Of native frames with one bit a pixel these are the bytes that the frame
        touches: its first bit is bit ``index * bits_per_frame % 8`` of the first byte.

        Parameters
        ----------
        index
            Zero-based index of the frame.

        Raises
        ------
        FrameNumberError
            If there is no such frame.
        DamagedPixelDataError
            If the pixel data lack the frame, or end before it does.

        """
        ...

    def read_frames(self, indices: Iterable[int]) -> Iterator[bytes]:
        """Yield frames in the order asked for, in as few requests as is sensible."""
        ...

    def close(self) -> None:
        """Give up what is held open."""
        ...


def checked_index(index: int, number_of_frames: int) -> int:
    """Return a zero-based frame index as a plain number.

    Raises
    ------
    ArgumentTypeError
        If it is no integer.
    FrameNumberError
        If there is no such frame.

    """
    try:
        number = as_index(index)
    except TypeError as error:
        raise ArgumentTypeError(
            f"'index' must be an integer, not {type(index).__name__}."
        ) from error
    if not 0 <= number < number_of_frames:
        raise FrameNumberError(
            f"'index' must be at least 0 and less than the number of frames, "
            f"{number_of_frames}, but is {number}.",
            frame_numbers=(number + 1,),
        )
    return number


def number_of_frames_of(dataset: Dataset, source: str | None = None) -> int:
    """Return Number of Frames of an image, which is 1 where it is absent.

    Parameters
    ----------
    dataset
        Attributes of the image.
    source
        What messages call it.

    Raises
    ------
    InvalidAttributeError
        If it is not a number or negative.

    """
    value = value_of(dataset, "NumberOfFrames", 1)
    if not isinstance(value, int) or value < 0:
        raise InvalidAttributeError(
            f"'NumberOfFrames' must be a positive number, not {value!r}.",
            keyword="NumberOfFrames",
        )
    if value == 0:
        tolerate(
            "an image of no frames has pixel data",
            "they are taken for one frame",
            keyword="NumberOfFrames",
            source=source,
        )
    return max(int(value), 1)


class _LocatedFrames:
    """Frames at known places of a source."""

    def __init__(
        self, dataset: Dataset, location: PixelDataLocation | None, name: str
    ) -> None:
        meta = getattr(dataset, "file_meta", None)
        uid = None if meta is None else value_of(meta, "TransferSyntaxUID")
        self._transfer_syntax_uid = UID(uid) if isinstance(uid, str) else None
        self._number_of_frames = number_of_frames_of(dataset, name)
        self._name = name
        self._frames: NativeFrames | EncapsulatedFrames | None = None
        self._problem: Exception | None = None
        self._keyword = None if location is None else location.keyword
        if location is not None:
            self._locate(dataset, location)

    def _locate(self, dataset: Dataset, location: PixelDataLocation) -> None:
        uid = self._transfer_syntax_uid
        count = self._number_of_frames
        if location.length is None or (uid is not None and _is_compressed(uid)):
            self._frames = EncapsulatedFrames(location, dataset, count, uid or "")
            return
        try:
            self._frames = native_frames(location, dataset, count)
        except (MissingAttributeError, InvalidAttributeError) as error:
            # The dataset can be read all the same.
            self._problem = error

    @property
    def pixel_data_keyword(self) -> str | None:
        """Attribute that holds the frames, sound or not; None if there is none."""
        return self._keyword

    @property
    def transfer_syntax_uid(self) -> UID:
        """Transfer syntax of the file.

        Raises
        ------
        MissingAttributeError
            If it is not known and cannot be guessed, since frames are compressed.

        """
        if self._transfer_syntax_uid is None:
            raise MissingAttributeError(
                f"{self._name}: 'TransferSyntaxUID' is missing in the file meta "
                "information, so that frames cannot be decoded.",
                keyword="TransferSyntaxUID",
            )
        return self._transfer_syntax_uid

    @property
    def number_of_frames(self) -> int:
        """Number of frames as the dataset says, one at least."""
        return self._number_of_frames

    @property
    def keyword(self) -> str:
        """Attribute that holds the frames, such as PixelData."""
        return self._located().location.keyword

    def _located(self) -> NativeFrames | EncapsulatedFrames:
        if self._problem is not None:
            raise self._problem
        if self._frames is None:
            raise MissingAttributeError(
                f"{self._name}: 'PixelData' is missing.", keyword="PixelData"
            )
        return self._frames

    def first_bit(self, index: int) -> int:
        """Return the place of a frame's first bit in its first byte, 0 to 7.

        It is other than zero only for native frames with one bit a pixel that do not
        fill whole bytes.
        """
        index = checked_index(index, self._number_of_frames)
        return self._located().first_bit(index)

    def read_frame(self, index: int) -> bytes:
        """Return a frame as it is stored.

        Parameters
        ----------
        index
            Zero-based index of the frame.

        Raises
        ------
        FrameNumberError
            If there is no such frame.
        MissingAttributeError
            If the image has no pixel data, or lacks an attribute needed to find them.
        DamagedPixelDataError
            If the pixel data lack the frame, or end before it does.
        SourceError
            If the source cannot be read.

        """
        index = checked_index(index, self._number_of_frames)
        frames = self._located()
        data = frames.location.source.read(*frames.range_of(index))
        return frames.frame_of(index, data)

    def read_frames(self, indices: Iterable[int]) -> Iterator[bytes]:
        """Yield frames in the order asked for.

        Frames that follow each other in the file are read together, as far ahead as a
        few megabytes allow.

        Parameters
        ----------
        indices
            Zero-based indices of the frames.

        Raises
        ------
        FrameNumberError, MissingAttributeError, DamagedPixelDataError, SourceError
            As of :meth:`read_frame`, when the frame concerned is due.

        """
        remaining = iter(indices)
        problem: Exception | None = None
        while problem is None:
            batch, problem = self._next_batch(remaining)
            if not batch:
                break
            frames = self._located()
            pieces = read_ranges(frames.location.source, [span for _, span in batch])
            for (index, _), piece in zip(batch, pieces, strict=True):
                yield frames.frame_of(index, piece)
        if problem is not None:
            raise problem

    def _next_batch(
        self, indices: Iterator[int]
    ) -> tuple[list[tuple[int, tuple[int, int]]], Exception | None]:
        """Take indices until their bytes are many; stop before one that is wrong."""
        batch: list[tuple[int, tuple[int, int]]] = []
        size = 0
        for given in indices:
            try:
                index = checked_index(given, self._number_of_frames)
                frames = self._located()
                span = frames.range_of(index)
            except Exception as error:  # noqa: BLE001 (raised when it is due)
                return batch, error
            batch.append((index, span))
            size += span[1]
            if size >= batch_size(frames.location.source):
                break
        return batch, None


def _is_compressed(uid: UID) -> bool:
    return not uid.is_private and uid.is_transfer_syntax and uid.is_compressed


class FileFrameReader(_LocatedFrames):
    """Reads dataset and frames of a DICOM file.

    Only the dataset up to the pixel data is read at first. A reader can be pickled and
    copied where its source can.

    Parameters
    ----------
    source
        The file.

    Raises
    ------
    NotDicomError
        If that is no DICOM file.
    NonconformantDatasetError
        If the dataset is damaged.
    SourceError
        If the source cannot be read.

    Examples
    --------
    >>> from pydicom.data import get_testdata_file
    >>> from highdicom.io.sources import open_source
    >>> reader = FileFrameReader(open_source(get_testdata_file("CT_small.dcm")))
    >>> reader.number_of_frames, len(reader.read_frame(0))
    (1, 32768)
    >>> reader.close()

    """

    def __init__(self, source: ByteSource) -> None:
        header = read_header(source)
        super().__init__(header.dataset, header.pixel_data, source.name)
        self._source = source
        self._lock = PortableLock()
        # Handed out once; further ones are read anew, since callers may change theirs.
        self._header: Header | None = header

    @property
    def source(self) -> ByteSource:
        """The file."""
        return self._source

    def read_dataset(self) -> FileDataset:
        """Return the dataset up to the pixel data; it belongs to the caller.

        Sequences, the per-frame functional groups among them, are raw elements until
        they are used.
        """
        with self._lock:
            header, self._header = self._header, None
        return (header or read_header(self._source)).dataset

    def peek_dataset(self) -> FileDataset:
        """Return the dataset that :meth:`read_dataset` gives next, to look at only."""
        with self._lock:
            if self._header is None:
                self._header = read_header(self._source)
            return self._header.dataset

    def close(self) -> None:
        """Close the source."""
        self._source.close()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the dataset behind, which can be read again."""
        return {**self.__dict__, "_header": None}


class DatasetFrameReader(_LocatedFrames):
    """Reads frames of a dataset that has its pixel data in memory.

    Parameters
    ----------
    dataset
        Dataset with file meta information, which says the transfer syntax. It is not
        changed.

    Examples
    --------
    >>> from pydicom import dcmread
    >>> from pydicom.data import get_testdata_file
    >>> reader = DatasetFrameReader(dcmread(get_testdata_file("CT_small.dcm")))
    >>> len(reader.read_frame(0))
    32768

    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        name = str(getattr(dataset, "filename", None) or "dataset")
        super().__init__(dataset, _location_in(dataset, name), name)

    def read_dataset(self) -> Dataset:
        """Return a copy of the dataset without its pixel data."""
        elements = {
            element.tag: element
            for element in self._dataset.elements()
            if int(element.tag) not in PIXEL_DATA_KEYWORDS
        }
        dataset = deepcopy(Dataset(elements))
        implicit, little_endian = self._dataset.original_encoding
        dataset.set_original_encoding(
            implicit, little_endian, self._dataset.original_character_set
        )
        meta = getattr(self._dataset, "file_meta", None)
        if meta is not None:
            dataset.file_meta = deepcopy(meta)
        return dataset

    def close(self) -> None:
        """Do nothing: memory need not be closed."""


def _location_in(dataset: Dataset, name: str) -> PixelDataLocation | None:
    """Make a location of pixel data in memory, if there are any."""
    keywords = PIXEL_DATA_KEYWORDS.values()
    keyword = next((keyword for keyword in keywords if keyword in dataset), None)
    if keyword is None:
        return None
    element = dataset[keyword]
    value: Any = element.value
    if hasattr(value, "read"):
        source = source_of_file_object(value)
    else:
        source = BytesSource(value or b"", name)
    meta = getattr(dataset, "file_meta", None)
    uid = None if meta is None else value_of(meta, "TransferSyntaxUID")
    return PixelDataLocation(
        source=source,
        keyword=keyword,
        vr=element.VR,
        offset=0,
        length=None if element.is_undefined_length else source.size(),
        is_little_endian=uid != ExplicitVRBigEndian,
    )
