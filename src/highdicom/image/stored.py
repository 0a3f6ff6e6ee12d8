"""Stored values of frames: read and decoded, one after the other."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.codec.decoder import FrameDecoder
from highdicom.codec.format import PixelFormat
from highdicom.io.frame_reader import FrameReader

__all__ = ["StoredFrames"]

Array = npt.NDArray[Any]


class StoredFrames:
    """The frames of an image as arrays of stored values.

    Parameters
    ----------
    reader
        Where the frames come from.
    pixel_format
        Form of the stored values.

    """

    def __init__(self, reader: FrameReader, pixel_format: PixelFormat) -> None:
        self.reader = reader
        self._decoder = FrameDecoder(reader.transfer_syntax_uid, pixel_format)
        self.pixel_format = pixel_format

    def read(self, frame: int) -> Array:
        """Read one frame by its zero-based index; it may be a read-only view."""
        return self._decoder(self.reader.read_frame(frame), frame)

    def iterate(self, frames: Sequence[int]) -> Iterator[Array]:
        """Read frames by their zero-based indices, in that order."""
        for frame, data in zip(frames, self.reader.read_frames(frames), strict=True):
            yield self._decoder(data, frame)

    def stack(self, frames: Sequence[int]) -> Array:
        """Read frames into one new array (frame, row, column[, sample])."""
        shape = (len(frames), *self.pixel_format.shape)
        stacked = np.empty(shape, self.pixel_format.dtype)
        for place, values in enumerate(self.iterate(frames)):
            stacked[place] = values
        return stacked
