"""Stored values of frames: read and decoded, one after the other."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from highdicom.codec.decoder import FrameDecoder
from highdicom.codec.format import PixelFormat
from highdicom.io.frame_reader import DatasetFrameReader, FrameReader

__all__ = ["StoredFrames", "native_content"]

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
        Value of the element.
    transfer_syntax_uid
        UID of the transfer syntax.
    pixel_format
        Form of the stored values.

    """
    if (
        transfer_syntax_uid in _NATIVE
        and pixel_format.bits_allocated >= 8
        # Half the chrominance is often there although it should not be.
        and not pixel_format.photometric_interpretation.endswith("422")
        and isinstance(value, (bytes, bytearray))
    ):
        return memoryview(value)
    return None


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
        reader = DatasetFrameReader(dataset)
        keyword = pixel_format.keyword
        value = dataset[keyword].value if keyword in dataset else None
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
        size = self.pixel_format.frame_size
        data = self._content[frame * size : (frame + 1) * size]
        # What is missing is for the reader to report.
        return data if len(data) == size else None

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
