"""Maps larger than memory: frames are encoded as their pixels come."""

from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.codec.encoder import FrameEncoder
from highdicom.codec.parallel import ordered_map
from highdicom.image.spool import SpooledFrames
from highdicom.image.streaming import PixelStream
from highdicom.pm.pixels import MapFormat, MapPixels, check_type

__all__ = ["MapStream"]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]


class MapStream(MapFormat):
    """Pixels of a map that come plane by plane, or one row of tiles after the other.

    Parameters
    ----------
    stream
        Pixels.
    tile
        Rows and columns of the tiles, if they are of one total pixel matrix.

    """

    def __init__(
        self, stream: PixelStream, tile: tuple[int, int] | None = None
    ) -> None:
        self._stream = stream
        self.tile = tile
        self.has_channels = len(stream.shape) == 4
        # Lowest and highest value of each channel in each part.
        self._lows: list[Array] = []
        self._highs: list[Array] = []

    @classmethod
    def of(cls, stream: PixelStream) -> "MapStream":
        """Take a stream.

        Raises
        ------
        InvalidArgumentError
            If its data type is not one that a map can have.

        """
        check_type(stream.dtype)
        return cls(stream)

    @property
    def dtype(self) -> "np.dtype[Any]":
        """Type of the pixels as they are given."""
        return self._stream.dtype

    @property
    def axes(self) -> tuple[int | None, ...]:
        """Lengths of the axes (plane, row, column, channel); None if not known yet."""
        shape = self._stream.shape
        return shape if self.has_channels else (*shape, 1)

    def tiled(self, tile: tuple[int, int]) -> "MapStream":
        """Cut the only plane into tiles."""
        return MapStream(self._stream, tile)

    def extent(self, channel: int) -> tuple[float, float]:
        """Lowest and highest value of a channel, leaving NaN out; NaN if all are.

        They are known once all frames have been taken.
        """
        lowest = np.fmin.reduce([low[channel] for low in self._lows])
        highest = np.fmax.reduce([high[channel] for high in self._highs])
        return float(lowest), float(highest)

    def spooled(
        self, order: Integers, encoder: FrameEncoder, workers: int | Executor
    ) -> SpooledFrames:
        """Take all pixels and encode the frames.

        Parameters
        ----------
        order
            Zero-based planes in the order in which their frames stand, shape (p,).
        encoder
            Encodes a frame.
        workers
            Number of processes that encode, or an executor.

        Returns
        -------
        SpooledFrames
            All planes of the first channel, then those of the next.

        Raises
        ------
        InvalidArgumentError
            If there are more or fewer planes or tiles, or they differ in shape or type.

        """
        spool = self._stream.spool
        for data in ordered_map(encoder, self._frames(len(order)), workers):
            spool.add(data)
        channels = np.arange(self.number_of_channels)[:, np.newaxis]
        numbers = order * self.number_of_channels + channels
        return SpooledFrames(spool, numbers.reshape(-1))

    def _frames(self, count: int) -> Iterator[Array]:
        """Go through all channels of the first plane, then those of the next."""
        parts = (
            self._stream.planes(count)
            if self.tile is None
            else self._stream.rows_of_tiles(self.tile)
        )
        for part in parts:
            whole = part if self.has_channels else part[..., np.newaxis]
            self._lows.append(np.fmin.reduce(whole, axis=(0, 1)))
            self._highs.append(np.fmax.reduce(whole, axis=(0, 1)))
            pixels = MapPixels(whole[np.newaxis], self.has_channels, self.tile)
            together = 1 if self.tile is None else -(-part.shape[1] // self.tile[1])
            for plane in range(together):
                for channel in range(self.number_of_channels):
                    yield pixels.frame(plane, channel)
