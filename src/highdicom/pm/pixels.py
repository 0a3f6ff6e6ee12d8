"""The pixels that users give for a parametric map, frame by frame as they are stored."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.codec.format import PixelFormat
from highdicom.enum import PixelDataKeywords
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.records import record

__all__ = ["MapFormat", "MapPixels", "check_type"]

Array = npt.NDArray[Any]

# Integers are stored with 16 bits, whatever the width of the input (PS3.3 C.8.32.2).
_STORED: dict[type, tuple[type, PixelDataKeywords]] = {
    np.uint8: (np.uint16, PixelDataKeywords.PIXEL_DATA),
    np.uint16: (np.uint16, PixelDataKeywords.PIXEL_DATA),
    np.float32: (np.float32, PixelDataKeywords.FLOAT_PIXEL_DATA),
    np.float64: (np.float64, PixelDataKeywords.DOUBLE_FLOAT_PIXEL_DATA),
}


class MapFormat(ABC):
    """What pixels of a map are, wherever they come from."""

    has_channels: bool
    tile: tuple[int, int] | None

    @property
    @abstractmethod
    def dtype(self) -> "np.dtype[Any]":
        """Type of the pixels as they are given."""

    @property
    @abstractmethod
    def axes(self) -> tuple[int | None, ...]:
        """Lengths of the axes (plane, row, column, channel); None if not known yet."""

    @property
    def number_of_channels(self) -> int:
        """Number of channels, one if there is no such axis."""
        return int(self.axes[3] or 0)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of a plane or, if it is tiled, of the total pixel matrix."""
        return int(self.axes[1] or 0), int(self.axes[2] or 0)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of a frame."""
        return self.tile or self.size

    @property
    def is_float(self) -> bool:
        """Whether pixels are floating point numbers."""
        return self.dtype.kind == "f"

    @property
    def stored_type(self) -> type:
        """Type that pixels are stored in."""
        return _STORED[self.dtype.type][0]

    @property
    def pixel_format(self) -> PixelFormat:
        """Form in which frames are stored."""
        stored, keyword = _STORED[self.dtype.type]
        bits = np.dtype(stored).itemsize * 8
        return PixelFormat(
            rows=self.shape[0],
            columns=self.shape[1],
            samples_per_pixel=1,
            bits_allocated=bits,
            bits_stored=bits,
            pixel_representation=0,
            photometric_interpretation="MONOCHROME2",
            keyword=keyword.value,
        )

    @abstractmethod
    def tiled(self, tile: tuple[int, int]) -> "MapFormat":
        """Cut the only plane into tiles."""

    @abstractmethod
    def extent(self, channel: int) -> tuple[float, float]:
        """Lowest and highest value of a channel, leaving NaN out; NaN if all are."""


def check_type(dtype: "np.dtype[Any]") -> None:
    """Refuse a data type that a map cannot have.

    Raises
    ------
    InvalidArgumentError
        If it is not one of those that are stored.

    """
    if dtype.newbyteorder("=").type not in _STORED:
        raise InvalidArgumentError(
            "'pixel_array' must have the data type uint8, uint16, float32 or "
            f"float64, not {dtype}."
        )


@record
class MapPixels(MapFormat):
    """Planes of a map with their channels, or tiles of one plane.

    Parameters
    ----------
    array
        Pixels (plane, row, column, channel). They are not changed.
    has_channels
        Whether the user gave channels as an axis of their own.
    tile
        Rows and columns of the tiles that the first plane is cut into, if any.

    """

    array: Array
    has_channels: bool
    tile: tuple[int, int] | None = None

    @classmethod
    def of(cls, pixel_array: object) -> "MapPixels":
        """Take an array of two to four dimensions.

        Raises
        ------
        ArgumentTypeError
            If it is no array.
        InvalidArgumentError
            If its shape or data type is not one that a map can have.

        """
        if not isinstance(pixel_array, np.ndarray):
            raise ArgumentTypeError(
                "'pixel_array' must be a numpy array or a Volume, not "
                f"{type(pixel_array).__name__}."
            )
        check_type(pixel_array.dtype)
        if pixel_array.ndim not in {2, 3, 4} or 0 in pixel_array.shape:
            raise InvalidArgumentError(
                "'pixel_array' must be of shape (row, column), (plane, row, column) or "
                f"(plane, row, column, channel), not {pixel_array.shape}."
            )
        has_channels = pixel_array.ndim == 4
        array: Array = pixel_array[np.newaxis] if pixel_array.ndim == 2 else pixel_array
        return cls(array if has_channels else array[..., np.newaxis], has_channels)

    def tiled(self, tile: tuple[int, int]) -> "MapPixels":
        """Cut the only plane into tiles."""
        return MapPixels(self.array, self.has_channels, tile)

    @property
    def dtype(self) -> "np.dtype[Any]":
        """Type of the pixels as they are given."""
        return self.array.dtype

    @property
    def axes(self) -> tuple[int, ...]:
        """Lengths of the axes (plane, row, column, channel)."""
        return self.array.shape

    def frame(self, plane: int, channel: int) -> Array:
        """Give a frame as it is stored: a view of the array where that is possible.

        Parameters
        ----------
        plane
            Zero-based plane or, row by row, tile. Tiles are filled up with zeros beyond
            the matrix.
        channel
            Zero-based channel.

        """
        if self.tile is None:
            view = self.array[plane, :, :, channel]
        else:
            view = self._tile(plane, channel, self.tile)
        return view.astype(self.stored_type, copy=False)

    def _tile(self, number: int, channel: int, size: tuple[int, int]) -> Array:
        rows, columns = size
        matrix = self.array[0, :, :, channel]
        down, across = divmod(number, -(-matrix.shape[1] // columns))
        tile: Array = matrix[
            down * rows : (down + 1) * rows, across * columns : (across + 1) * columns
        ]
        missing = (rows - tile.shape[0], columns - tile.shape[1])
        return (
            np.pad(tile, [(0, missing[0]), (0, missing[1])]) if any(missing) else tile
        )

    def extent(self, channel: int) -> tuple[float, float]:
        """Lowest and highest value of a channel, leaving NaN out; NaN if all are."""
        lows, highs = [], []
        for plane in self.array[..., channel]:
            low, high = plane.min(), plane.max()
            if np.isnan(low):
                low, high = np.fmin.reduce(plane, None), np.fmax.reduce(plane, None)
            lows.append(float(low))
            highs.append(float(high))
        return float(np.fmin.reduce(lows)), float(np.fmax.reduce(highs))
