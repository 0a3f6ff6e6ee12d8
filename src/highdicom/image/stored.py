"""Stored values of frames: read and decoded, one after the other."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from highdicom.codec.decoder import FrameDecoder
from highdicom.codec.format import PixelFormat
from highdicom.image.pieces import Pieces, content_of
from highdicom.io.frame_reader import DatasetFrameReader, FrameReader

__all__ = ["StoredFrames", "is_native_content", "native_content"]

Array = npt.NDArray[Any]

_MANY_BYTES = 2**24
_NATIVE = frozenset(
    (ImplicitVRLittleEndian, ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian)
)


def native_content(
    value: object, transfer_syntax_uid: str, pixel_format: PixelFormat
) -> memoryview | None:
    """Give pixel data in memory in which frames simply follow each other, if they do.

    Parameters
    ----------
    value
        Value of the element, or pieces of it.
    transfer_syntax_uid
        UID of the transfer syntax.
    pixel_format
        Form of the stored values.

    """
    if not is_native_content(transfer_syntax_uid, pixel_format):
        return None
    if isinstance(value, Pieces) and len(value.views) == 1:
        return value.views[0]
    return memoryview(value) if isinstance(value, (bytes, bytearray)) else None


def is_native_content(transfer_syntax_uid: str, pixel_format: PixelFormat) -> bool:
    """Tell whether frames simply follow each other in pixel data.

    Parameters
    ----------
    transfer_syntax_uid
        UID of the transfer syntax.
    pixel_format
        Form of the stored values.

    """
    # Half the chrominance is often there although it should not be.
    is_subsampled = pixel_format.photometric_interpretation.endswith("422")
    return transfer_syntax_uid in _NATIVE and not is_subsampled


class StoredFrames:
    """The frames of an image as arrays of stored values.

    Parameters
    ----------
    reader
        Where the frames come from.
    pixel_format
        Form of the stored values.
    content
        Native pixel data in memory, which need not be read.

    """

    def __init__(
        self,
        reader: FrameReader,
        pixel_format: PixelFormat,
        content: memoryview | None = None,
    ) -> None:
        self.reader = reader
        self._decoder = FrameDecoder(reader.transfer_syntax_uid, pixel_format)
        self.pixel_format = pixel_format
        self._content = content

    @classmethod
    def in_memory(cls, dataset: Dataset, pixel_format: PixelFormat) -> "StoredFrames":
        """Take the frames of a dataset that has its pixel data in memory."""
        keyword = pixel_format.keyword
        value = content_of(dataset[keyword]) if keyword in dataset else None
        if isinstance(value, Pieces) and len(value.views) == 1:
            # Bytes are only made for those who ask for them.
            dataset = _with_value(dataset, keyword, value.views[0])
        reader = DatasetFrameReader(dataset)
        content = native_content(value, reader.transfer_syntax_uid, pixel_format)
        return cls(reader, pixel_format, content)

    def read(self, frame: int) -> Array:
        """Read one frame by its zero-based index; it may be a read-only view."""
        data = self._in_memory(frame)
        if data is None:
            return self._decoder(self.reader.read_frame(frame), frame)
        return self._decoder(data, frame)

    def _in_memory(self, frame: int) -> memoryview | None:
        """Bytes of a frame that need not be read."""
        if self._content is None:
            return None
        bits = self.pixel_format.frame_bits
        stop = -(-(frame + 1) * bits // 8)
        # What is missing is for the reader to report.
        if stop > len(self._content):
            return None
        return self._content[frame * bits // 8 : stop]

    @property
    def prefers_threads(self) -> bool:
        """Whether several threads read many frames faster than one."""
        return self._content is not None or self._decoder.prefers_threads

    def packed(self, frames: list[int]) -> npt.NDArray[np.uint8]:
        """Read native frames of one bit a pixel that fill whole bytes, as they are.

        Parameters
        ----------
        frames
            Zero-based indices, one at least.

        Returns
        -------
        numpy.ndarray
            Shape (frame, bytes of a frame); it may be a read-only view.

        """
        size = self.pixel_format.frame_size
        first, last = frames[0], max(frames)
        is_held = self._content is not None and all(
            self._in_memory(frame) is not None for frame in (min(frames), last)
        )
        if not is_held:
            data = b"".join(self.reader.read_frames(frames))
            return np.frombuffer(data, np.uint8).reshape(len(frames), size)
        assert self._content is not None
        count = len(self._content) // size
        held = np.frombuffer(self._content, np.uint8, count * size)
        held = held.reshape(count, size)
        if frames == list(range(first, first + len(frames))):
            return held[first : last + 1]
        return held[frames]

    def expect(self, frames: Sequence[int]) -> None:
        """Make sure of the last of many frames before memory is taken for all.

        Number of Frames may be far beyond the data.

        Parameters
        ----------
        frames
            Zero-based indices, ascending if they are a range.

        """
        if len(frames) * self.pixel_format.frame_size < _MANY_BYTES:
            return
        last = frames[-1] if isinstance(frames, range) else max(frames)
        if self._in_memory(last) is None:
            self.reader.read_frame(last)

    def iterate(self, frames: Sequence[int]) -> Iterator[Array]:
        """Read frames by their zero-based indices, in that order."""
        if self._content is not None:
            yield from map(self.read, frames)
            return
        for frame, data in zip(frames, self.reader.read_frames(frames), strict=True):
            yield self._decoder(data, frame)

    def stack(self, frames: Sequence[int]) -> Array:
        """Read frames into one new array (frame, row, column[, sample])."""
        self.expect(frames)
        shape = (len(frames), *self.pixel_format.shape)
        stacked = np.empty(shape, self.pixel_format.dtype)
        for place, values in enumerate(self.iterate(frames)):
            stacked[place] = values
        return stacked


def _with_value(dataset: Dataset, keyword: str, value: memoryview) -> Dataset:
    """A view of the same elements, of which one has another value."""
    element = dataset[keyword]
    other = DataElement(element.tag, element.VR, value, already_converted=True)
    view = dataset.__class__.__new__(dataset.__class__)
    elements = {**dataset._dict, other.tag: other}  # noqa: SLF001 (not converted)
    view.__dict__.update(dataset.__dict__, _dict=elements)
    return view
