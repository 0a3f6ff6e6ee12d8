"""Test suites that every byte source and every frame reader has to pass.

Derive a class whose name starts with ``Test``, say how to make the thing under test,
and pytest collects the rest::

    class TestMySource(ByteSourceContract):
        def make_source(self, content):
            return MySource(upload(content))
"""

import pickle
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy, deepcopy
from random import Random
from typing import ClassVar

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from highdicom.errors import FrameNumberError, SourceError
from highdicom.io.byte_source import ByteSource
from highdicom.io.frame_reader import FrameReader
from highdicom.uid import UID

__all__ = ["ByteSourceContract", "FrameReaderContract"]

_THREADS = 8
_NUMBER_OF_FRAMES = 6
_ROWS, _COLUMNS = 5, 7


def _raises(
    kind: type[BaseException], call: Callable[..., object], *arguments: object
) -> bool:
    """Whether a call raises an error of a kind; others are passed on."""
    try:
        call(*arguments)
    except kind:
        return True
    return False


class ByteSourceContract(ABC):
    """What every :class:`highdicom.io.ByteSource` has to do."""

    is_picklable: ClassVar[bool] = True
    """Whether sources of this kind can be pickled."""

    content: ClassVar[bytes] = Random(0).randbytes(100_003)  # noqa: S311

    @abstractmethod
    def make_source(self, content: bytes) -> ByteSource:
        """Make a source of bytes."""

    def test_source_has_a_name(self) -> None:
        """Messages need a name."""
        source = self.make_source(self.content)
        assert isinstance(source.name, str)
        assert source.name
        source.close()

    def test_source_knows_its_size(self) -> None:
        """The size is that of the content."""
        source = self.make_source(self.content)
        assert source.size() == len(self.content)
        source.close()

    def test_empty_source_has_size_zero(self) -> None:
        """Nothing to be read is no error."""
        source = self.make_source(b"")
        assert source.size() == 0
        assert source.read(0, 10) == b""
        source.close()

    def test_reads_are_positional(self) -> None:
        """Each read starts where it is told to, whatever was read before."""
        source = self.make_source(self.content)
        for offset, size in ((50_000, 3), (0, 132), (99_999, 4), (50_000, 3), (7, 0)):
            data = source.read(offset, size)
            assert isinstance(data, bytes)
            assert data == self.content[offset : offset + size]
        source.close()

    def test_whole_content_is_read_at_once(self) -> None:
        """A read of any size is one read."""
        source = self.make_source(self.content)
        assert source.read(0, len(self.content)) == self.content
        source.close()

    def test_read_is_short_only_at_the_end(self) -> None:
        """What is not there is not read."""
        source = self.make_source(self.content)
        end = len(self.content)
        assert source.read(end - 5, 1000) == self.content[-5:]
        assert source.read(end, 10) == b""
        assert source.read(end + 1000, 10) == b""
        source.close()

    def test_several_threads_read_what_one_reads(self) -> None:
        """There is no position to be shared."""
        source = self.make_source(self.content)
        ranges = [(offset, 997) for offset in range(0, len(self.content), 499)]
        with ThreadPoolExecutor(_THREADS) as executor:
            pieces = list(executor.map(lambda span: source.read(*span), ranges))
        assert pieces == [self.content[a : a + size] for a, size in ranges]
        source.close()

    def test_copies_read_the_same(self) -> None:
        """Copies are independent of each other."""
        source = self.make_source(self.content)
        copies = [copy(source), deepcopy(source)]
        if self.is_picklable:
            copies.append(pickle.loads(pickle.dumps(source)))  # noqa: S301
        for copied in copies:
            assert copied.size() == len(self.content)
            assert copied.read(1000, 50) == self.content[1000:1050]
            copied.close()
        assert source.read(1000, 50) == self.content[1000:1050]
        source.close()

    def test_closed_source_refuses_to_read(self) -> None:
        """Reading after closing is an error of ours; closing twice is none."""
        source = self.make_source(self.content)
        source.close()
        source.close()
        assert _raises(SourceError, source.read, 0, 1)


def _image() -> tuple[Dataset, list[bytes]]:
    """Make an image with file meta information, and its frames."""
    random = Random(1)  # noqa: S311
    frames = [random.randbytes(2 * _ROWS * _COLUMNS) for _ in range(_NUMBER_OF_FRAMES)]
    dataset = Dataset()
    dataset.SOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7.3")
    dataset.SOPInstanceUID = generate_uid()
    dataset.StudyInstanceUID = generate_uid()
    dataset.SeriesInstanceUID = generate_uid()
    dataset.Modality = "OT"
    dataset.PatientName = "Contract^Frame"
    dataset.PatientID = "1"
    dataset.StudyID = "1"
    dataset.StudyDate, dataset.StudyTime = "20200229", "1234"
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.NumberOfFrames = _NUMBER_OF_FRAMES
    dataset.Rows, dataset.Columns = _ROWS, _COLUMNS
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 0
    dataset.PerFrameFunctionalGroupsSequence = [
        _functional_groups(number) for number in range(1, _NUMBER_OF_FRAMES + 1)
    ]
    dataset.add_new(0x7FE00010, "OW", b"".join(frames))
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset, frames


def _functional_groups(number: int) -> Dataset:
    content = Dataset()
    content.StackID = "1"
    content.InStackPositionNumber = number
    groups = Dataset()
    groups.FrameContentSequence = [content]
    return groups


class FrameReaderContract(ABC):
    """What every :class:`highdicom.io.FrameReader` has to do."""

    is_picklable: ClassVar[bool] = True
    """Whether readers of this kind can be pickled."""

    @abstractmethod
    def make_reader(self, dataset: Dataset) -> FrameReader:
        """Make a reader of an image.

        Parameters
        ----------
        dataset
            Native image of several frames, with file meta information. It can be saved
            with ``save_as(..., enforce_file_format=True)``.

        """

    def _opened(self) -> tuple[FrameReader, Dataset, list[bytes]]:
        dataset, frames = _image()
        return self.make_reader(dataset), dataset, frames

    def test_reader_says_what_it_reads(self) -> None:
        """Number of frames and transfer syntax are known before any frame is read."""
        reader, _, frames = self._opened()
        assert reader.number_of_frames == len(frames)
        assert reader.transfer_syntax_uid == ExplicitVRLittleEndian
        reader.close()

    def test_dataset_is_complete_but_for_the_pixel_data(self) -> None:
        """All attributes are there, and none of the frames."""
        reader, expected, _ = self._opened()
        dataset = reader.read_dataset()
        assert "PixelData" not in dataset
        for element in expected:
            if element.keyword != "PixelData":
                assert dataset[element.tag].value == element.value, element.keyword
        reader.close()

    def test_dataset_says_the_transfer_syntax(self) -> None:
        """The file meta information goes with the dataset."""
        reader, _, _ = self._opened()
        meta = reader.read_dataset().file_meta
        assert meta.TransferSyntaxUID == reader.transfer_syntax_uid
        reader.close()

    def test_dataset_belongs_to_the_caller(self) -> None:
        """What one caller changes, the next one does not see."""
        reader, expected, _ = self._opened()
        first = reader.read_dataset()
        first.Modality = "XX"
        first.PerFrameFunctionalGroupsSequence[0].FrameContentSequence[0].StackID = "X"
        del first.Rows
        second = reader.read_dataset()
        assert second.Modality == expected.Modality
        assert second.Rows == expected.Rows
        groups = second.PerFrameFunctionalGroupsSequence[0]
        assert groups.FrameContentSequence[0].StackID == "1"
        reader.close()

    def test_frames_are_read_one_by_one(self) -> None:
        """In any order, and more than once."""
        reader, _, frames = self._opened()
        for index in (3, 0, len(frames) - 1, 3):
            data = reader.read_frame(index)
            assert isinstance(data, bytes)
            assert data[: len(frames[index])] == frames[index]
        reader.close()

    def test_frames_are_read_in_the_order_asked_for(self) -> None:
        """Requests may be merged, but not their results."""
        reader, _, frames = self._opened()
        for indices in ([4, 1, 1, 0], list(range(len(frames))), [], [2]):
            found = list(reader.read_frames(iter(indices)))
            self._compare(found, [frames[index] for index in indices])
        reader.close()

    @staticmethod
    def _compare(found: Sequence[bytes], expected: Sequence[bytes]) -> None:
        assert len(found) == len(expected)
        for data, frame in zip(found, expected, strict=True):
            assert data[: len(frame)] == frame

    def test_frames_that_do_not_exist_are_refused(self) -> None:
        """An error of ours says so, and the reader stays usable."""
        reader, _, frames = self._opened()
        for index in (-1, len(frames), 2**31):
            assert _raises(FrameNumberError, reader.read_frame, index)
            assert _raises(FrameNumberError, list, reader.read_frames([0, index]))
        assert reader.read_frame(0)[: len(frames[0])] == frames[0]
        reader.close()

    def test_several_threads_read_what_one_reads(self) -> None:
        """Readers are shared between threads."""
        reader, _, frames = self._opened()
        indices = list(range(len(frames))) * 10
        with ThreadPoolExecutor(_THREADS) as executor:
            found = list(executor.map(reader.read_frame, indices))
        self._compare(found, [frames[index] for index in indices])
        reader.close()

    def test_copies_read_the_same(self) -> None:
        """Readers go with images that are copied or sent to other processes."""
        reader, _, frames = self._opened()
        reader.read_dataset()
        copies = [copy(reader), deepcopy(reader)]
        if self.is_picklable:
            copies.append(pickle.loads(pickle.dumps(reader)))  # noqa: S301
        for copied in copies:
            assert copied.number_of_frames == len(frames)
            assert copied.read_frame(2)[: len(frames[2])] == frames[2]
            assert copied.read_dataset().Modality == "OT"
        reader.close()
