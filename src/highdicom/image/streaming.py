"""Pixels that are taken piece by piece: from array-likes on disk, or from iterables."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from math import lcm
from operator import index as as_index
from os import PathLike
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom import volume
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.image.sources import SourceImages
from highdicom.image.spool import FrameSpool, refuse_deflated, write_whole

__all__ = ["PixelStream", "write_streamed"]

Array = npt.NDArray[Any]
Size = tuple[int, int]

# How much of an array-like is taken at once.
_MOST_BYTES = 2**27

_ARRAY_LIKE = ("shape", "dtype", "__getitem__")


class PixelStream:
    """Pixels of planes, or of one total pixel matrix, that are not all in memory.

    Parameters
    ----------
    spool
        Where frames wait until all pixels have been taken.
    dtype
        Type of the pixels.
    shape
        Number of planes, None if it is not known before the end, and shape of each;
        or 1 and the shape of the total pixel matrix.

    """

    def __init__(
        self,
        spool: FrameSpool,
        dtype: "np.dtype[Any]",
        shape: tuple[int | None, ...],
    ) -> None:
        self.spool = spool
        self.dtype = dtype
        self.shape = shape

    @property
    def size(self) -> Size:
        """Rows and columns of a plane or of the total pixel matrix."""
        _, rows, columns, *_ = self.shape
        assert rows is not None, "only the number of planes may be unknown"
        assert columns is not None, "only the number of planes may be unknown"
        return rows, columns

    def planes(self, count: int) -> Iterator[Array]:
        """Go through planes (row, column[, channel]).

        Parameters
        ----------
        count
            How many there have to be.

        Raises
        ------
        InvalidArgumentError
            If there are more or fewer, or they differ in shape or type.

        """
        raise NotImplementedError

    def rows_of_tiles(self, tile: Size) -> Iterator[Array]:
        """Go through the total pixel matrix (row, column[, channel]) by rows of tiles.

        Parameters
        ----------
        tile
            Rows and columns of a tile.

        Raises
        ------
        InvalidArgumentError
            If there are more or fewer tiles, or they differ in shape or type.

        """
        raise NotImplementedError

    @staticmethod
    def of(
        pixel_array: object,
        spool: FrameSpool,
        source_images: object,
        *,
        is_tiled: bool,
        total_pixel_matrix_size: Size | None,
    ) -> "PixelStream":
        """Take what a user gives.

        Parameters
        ----------
        pixel_array
            Anything that has a shape and a type and gives parts of itself as arrays, or
            an iterable of planes or, row by row, of tiles; None stands for one without
            any pixel other than zero.
        spool
            Where frames wait.
        source_images
            Images that the new one is made of.
        is_tiled
            Whether it is one total pixel matrix.
        total_pixel_matrix_size
            Its rows and columns, if they come tile by tile; those of the source image
            if not given.

        Raises
        ------
        ArgumentTypeError
            If it is neither.
        ConflictingArgumentsError
            If a size is given for what is not tiled, or has a shape of its own.
        InvalidArgumentError
            If its shape is none that pixels can have.

        """
        has_shape = all(hasattr(pixel_array, name) for name in _ARRAY_LIKE)
        if total_pixel_matrix_size is not None and (has_shape or not is_tiled):
            raise ConflictingArgumentsError(
                "'total_pixel_matrix_size' must not be given unless 'pixel_array' is an "
                "iterable of tiles and 'tile_pixel_array' is True."
            )
        if has_shape and not isinstance(pixel_array, volume.Volume):
            return _SlicedPixels(pixel_array, spool)
        if has_shape or not isinstance(pixel_array, Iterable):
            raise ArgumentTypeError(
                "'pixel_array' must have a shape and give parts of itself as arrays, or "
                f"be an iterable of arrays, not {type(pixel_array).__name__}."
            )
        matrix = None
        if is_tiled:
            matrix = _matrix_of(source_images, total_pixel_matrix_size)
        return _IteratedPixels(pixel_array, spool, matrix)


def _matrix_of(source_images: Any, given: Size | None) -> Size:
    if given is None:
        matrix = SourceImages.of(source_images).total_pixel_matrix
        if matrix is None:
            raise InvalidArgumentError(
                "'tile_pixel_array' must not be True unless the source image is tiled."
            )
        return matrix
    try:
        rows, columns = map(as_index, given)
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError(
            "'total_pixel_matrix_size' must be two integers, rows and columns, not "
            f"{given!r}."
        ) from error
    if rows < 1 or columns < 1:
        raise InvalidArgumentError(
            f"'total_pixel_matrix_size' must be positive, not {given!r}."
        )
    return rows, columns


def _check_axes(shape: tuple[int | None, ...]) -> None:
    if len(shape) not in {3, 4} or 0 in shape:
        raise InvalidArgumentError(
            "'pixel_array' must be of shape (plane, row, column) or (plane, row, column, "
            f"segment or channel), not {shape}."
        )


class _SlicedPixels(PixelStream):
    """An array-like, such as one of dask, zarr or h5py, or a memory map."""

    def __init__(self, pixels: Any, spool: FrameSpool) -> None:
        shape = tuple(int(length) for length in pixels.shape)
        self._pixels = pixels
        self._has_planes = len(shape) != 2
        shape = shape if self._has_planes else (1, *shape)
        _check_axes(shape)
        super().__init__(spool, np.dtype(pixels.dtype), shape)

    def planes(self, count: int) -> Iterator[Array]:
        if not self._has_planes:
            yield np.asarray(self._pixels[:])
            return
        del count  # it was compared with the shape
        for block in self._blocks(0, 1):
            yield from block

    def rows_of_tiles(self, tile: Size) -> Iterator[Array]:
        rest: Array | None = None
        step = tile[0]
        for block in self._blocks(1 if self._has_planes else 0, step):
            joined = block if rest is None else np.concatenate([rest, block])
            whole = len(joined) // step * step
            for first in range(0, whole, step):
                yield joined[first : first + step]
            rest = joined[whole:].copy() if whole < len(joined) else None
        if rest is not None:
            yield rest

    def _blocks(self, axis: int, step: int) -> Iterator[Array]:
        """Parts along an axis: of whole chunks and steps if they are not too large."""
        pixels = self._pixels
        length = pixels.shape[axis]
        others = int(np.prod(pixels.shape[axis + 1 :])) * self.dtype.itemsize
        most = max(1, _MOST_BYTES // others)
        chunk = _chunk_length(pixels, axis)
        count = next(
            (most // n * n for n in (lcm(chunk, step), chunk) if n <= most), most
        )
        for first in range(0, length, count):
            part = slice(first, first + count)
            yield np.asarray(pixels[(0,) * axis + (part,)])


def _chunk_length(pixels: Any, axis: int) -> int:
    """Length of the parts in which pixels are stored or computed, 1 if not known."""
    chunks = getattr(pixels, "chunks", None)
    if not isinstance(chunks, tuple) or len(chunks) <= axis:
        return 1
    length = chunks[axis]
    return max(1, int(length[0] if isinstance(length, tuple) else length))


class _IteratedPixels(PixelStream):
    """Planes or tiles that come one after the other."""

    def __init__(
        self, pixels: Iterable[Any], spool: FrameSpool, matrix: Size | None
    ) -> None:
        iterator = iter(pixels)
        missing = 0
        for first in iterator:
            if first is not None:
                break
            missing += 1
        else:
            raise InvalidArgumentError("'pixel_array' must yield one array at least.")
        if not isinstance(first, np.ndarray):
            raise ArgumentTypeError(
                "'pixel_array' must yield numpy arrays or None, not "
                f"{type(first).__name__}."
            )
        self._items: Iterator[Any] = chain([None] * missing, [first], iterator)
        self._first = first
        shape = first.shape if matrix is None else (*matrix, *first.shape[2:])
        full = (None if matrix is None else 1, *shape)
        _check_axes(full)
        super().__init__(spool, first.dtype, full)

    def planes(self, count: int) -> Iterator[Array]:
        for number, plane in self._counted(count, "planes"):
            yield self._checked(plane, self._first.shape, number, "plane")

    def rows_of_tiles(self, tile: Size) -> Iterator[Array]:
        (rows, columns), (height, width) = self.size, tile
        channels = self._first.shape[2:]
        across = -(-columns // width)
        strip = np.zeros((height, across * width, *channels), self.dtype)
        for number, pixels in self._counted(-(-rows // height) * across, "tiles"):
            down, place = divmod(number, across)
            part = strip[:, place * width : (place + 1) * width]
            whole = (height, width, *channels)
            # The last ones may lack what lies beyond the matrix.
            cut = (
                min(height, rows - down * height),
                min(width, columns - place * width),
                *channels,
            )
            is_cut = pixels is not None and pixels.shape == cut
            tiled = self._checked(pixels, cut if is_cut else whole, number, "tile")
            part[: tiled.shape[0], : tiled.shape[1]] = tiled
            if place == across - 1:
                yield strip[: cut[0], :columns]
                strip = np.zeros_like(strip)

    def _counted(self, count: int, what: str) -> Iterator[tuple[int, Any]]:
        number = -1
        for number, item in enumerate(self._items):
            if number == count:
                raise InvalidArgumentError(
                    f"'pixel_array' must yield {count} {what}, not more."
                )
            yield number, item
        if number + 1 < count:
            raise InvalidArgumentError(
                f"'pixel_array' must yield {count} {what}, not {number + 1}."
            )

    def _checked(
        self, item: Any, shape: tuple[int, ...], number: int, what: str
    ) -> Array:
        if item is None:
            return np.zeros(shape, self.dtype)
        if not isinstance(item, np.ndarray):
            raise ArgumentTypeError(
                f"'pixel_array' must yield numpy arrays or None, but {what} {number} is "
                f"{type(item).__name__}."
            )
        if item.shape != shape or item.dtype != self.dtype:
            raise InvalidArgumentError(
                f"'pixel_array' must yield {what}s of shape {shape} and type "
                f"{self.dtype}, but {what} {number} has {item.shape} and {item.dtype}."
            )
        return item


def write_streamed(
    fp: str | PathLike[str] | BinaryIO,
    source_images: object,
    pixel_array: object,
    make: Callable[[Any], Dataset],
    *,
    total_pixel_matrix_size: Size | None,
    options: Mapping[str, Any],
) -> None:
    """Make an image of pixels that come piece by piece, and write it to a file.

    Parameters
    ----------
    fp
        Path, or file to write to.
    source_images
        Images that the new one is made of.
    pixel_array
        Pixels as a user gives them.
    make
        Constructor of an image, to be called with the stream in the place of pixels.
        What it gives cannot outlive the frames that wait.
    total_pixel_matrix_size
        Rows and columns of a total pixel matrix that comes tile by tile.
    options
        Arguments of the constructor that say how pixels are stored.

    """
    refuse_deflated(options.get("transfer_syntax_uid", ""))
    with FrameSpool(fp) as spool:
        stream = PixelStream.of(
            pixel_array,
            spool,
            source_images,
            is_tiled=options.get("tile_pixel_array", False),
            total_pixel_matrix_size=total_pixel_matrix_size,
        )
        write_whole(fp, make(stream))
