"""Tiles of a total pixel matrix (PS3.3 C.7.6.17.3 and C.8.12.14)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.arguments import whole_number
from highdicom.errors import InvalidArgumentError
from highdicom.records import record
from highdicom.spatial.arguments import (
    FloatArray,
    IntArray,
    Vector,
    pixel_spacing_pair,
    vector,
)
from highdicom.spatial.orientation import direction_cosines

# Total Pixel Matrix Rows and Columns are of VR UL, Number of Frames goes as far as IS.
_LARGEST_SIZE = 2**32 - 1
_MOST_FRAMES = 2**31 - 1


@record
class TileGrid:
    """Tiles that cover a total pixel matrix without overlap.

    The last tiles of a row or column may reach beyond the matrix.

    Parameters
    ----------
    rows, columns
        Size of a tile in pixels.
    total_rows, total_columns
        Size of the total pixel matrix in pixels.

    """

    rows: int
    columns: int
    total_rows: int
    total_columns: int

    @property
    def shape(self) -> tuple[int, int]:
        """Number of tiles along a column and along a row."""
        return -(-self.total_rows // self.rows), -(-self.total_columns // self.columns)

    @property
    def number_of_tiles(self) -> int:
        """Number of tiles in all."""
        along_column, along_row = self.shape
        return along_column * along_row

    def offsets(self, tiles: IntArray) -> tuple[IntArray, IntArray]:
        """Give the zero-based row and column of the first pixel of tiles.

        Parameters
        ----------
        tiles
            Zero-based index of each tile, counted along the rows first.

        """
        row, column = np.divmod(tiles, self.shape[1])
        return row * self.rows, column * self.columns


def pixel_positions(
    rows: IntArray,
    columns: IntArray,
    origin: FloatArray,
    cosines: FloatArray,
    pixel_spacing: FloatArray,
) -> FloatArray:
    """Give the coordinates of pixels (PS3.3 C.7.6.2.1.1).

    Parameters
    ----------
    rows, columns
        Zero-based indices, shape (n,).
    origin
        Coordinates of pixel (0, 0) in millimetres.
    cosines
        Direction cosines along a row and along a column, shape (2, 3).
    pixel_spacing
        Distance between rows and between columns in millimetres.

    Returns
    -------
    numpy.ndarray
        Shape (n, 3), in millimetres.

    """
    along_row = np.multiply.outer(columns, cosines[0] * pixel_spacing[1])
    along_column = np.multiply.outer(rows, cosines[1] * pixel_spacing[0])
    result: FloatArray = origin + along_row + along_column
    return result


def tile_pixel_matrix(
    total_pixel_matrix_rows: int,
    total_pixel_matrix_columns: int,
    rows: int,
    columns: int,
) -> Iterator[tuple[int, int]]:
    """Go through the tiles of a matrix, row by row (PS3.3 C.7.6.17.3).

    Parameters
    ----------
    total_pixel_matrix_rows, total_pixel_matrix_columns
        Size of the total pixel matrix in pixels.
    rows, columns
        Size of a tile in pixels.

    Returns
    -------
    Iterator
        One-based column index and row index of each tile, counted in tiles.

    Raises
    ------
    ArgumentTypeError
        If a size is not an integer.
    InvalidArgumentError
        If a size is not positive.

    Examples
    --------
    >>> from highdicom.spatial import tile_pixel_matrix
    >>> list(tile_pixel_matrix(20, 20, rows=10, columns=16))
    [(1, 1), (2, 1), (1, 2), (2, 2)]

    """
    grid = _grid(rows, columns, total_pixel_matrix_rows, total_pixel_matrix_columns)
    along_column, along_row = grid.shape
    return (
        (column, row)
        for row in range(1, along_column + 1)
        for column in range(1, along_row + 1)
    )


def _grid(rows: object, columns: object, height: object, width: object) -> TileGrid:
    return TileGrid(
        _size(rows, "rows"),
        _size(columns, "columns"),
        _size(height, "total_pixel_matrix_rows"),
        _size(width, "total_pixel_matrix_columns"),
    )


def _size(value: object, name: str) -> int:
    size = whole_number(value, name, lowest=1)
    if size > _LARGEST_SIZE:
        raise InvalidArgumentError(
            f"'{name}' must be at most {_LARGEST_SIZE}, not {size}."
        )
    return size


def compute_tile_positions_per_frame(
    rows: int,
    columns: int,
    total_pixel_matrix_rows: int,
    total_pixel_matrix_columns: int,
    total_pixel_matrix_image_position: Vector,
    image_orientation: Vector,
    pixel_spacing: Vector,
) -> list[tuple[list[int], list[float]]]:
    """Give the position of each tile, row by row (PS3.3 C.7.6.17.3).

    Parameters
    ----------
    rows, columns
        Size of a tile in pixels.
    total_pixel_matrix_rows, total_pixel_matrix_columns
        Size of the total pixel matrix in pixels.
    total_pixel_matrix_image_position
        Coordinates of the centre of its first pixel in millimetres.
    image_orientation
        Direction cosines of a row and of a column.
    pixel_spacing
        Distance between rows and distance between columns in millimetres.

    Returns
    -------
    list
        For each tile the position of its first pixel: one-based column and row in the
        total pixel matrix, and coordinates in millimetres.

    Raises
    ------
    ArgumentTypeError
        If a value has the wrong type.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> from highdicom.spatial import compute_tile_positions_per_frame
    >>> tiles = compute_tile_positions_per_frame(
    ...     10, 16, 20, 20, [25.0, 50.0, 0.0], [0, -1, 0, -1, 0, 0], [0.5, 0.5]
    ... )
    >>> tiles[3]
    ([17, 11], [20.0, 42.0, 0.0])

    """
    grid = _grid(rows, columns, total_pixel_matrix_rows, total_pixel_matrix_columns)
    if grid.number_of_tiles > _MOST_FRAMES:
        raise InvalidArgumentError(
            f"The tiles must be at most {_MOST_FRAMES}, the frames that an image can "
            f"have, not {grid.number_of_tiles}."
        )
    row, column = grid.offsets(np.arange(grid.number_of_tiles, dtype=np.int64))
    coordinates = pixel_positions(
        row,
        column,
        vector(
            total_pixel_matrix_image_position, 3, "total_pixel_matrix_image_position"
        ),
        direction_cosines(image_orientation),
        pixel_spacing_pair(pixel_spacing),
    )
    indices = np.stack([column + 1, row + 1], axis=1)
    return list(zip(indices.tolist(), coordinates.tolist(), strict=True))


def get_tile_array(
    pixel_array: npt.NDArray[Any],
    row_offset: int,
    column_offset: int,
    tile_rows: int,
    tile_columns: int,
    pad: bool = True,
) -> npt.NDArray[Any]:
    """Cut a tile out of a total pixel matrix (PS3.3 C.7.6.17.3).

    Parameters
    ----------
    pixel_array
        Total pixel matrix, shape (rows, columns, ...).
    row_offset, column_offset
        One-based row and column of the first pixel of the tile.
    tile_rows, tile_columns
        Size of the tile in pixels.
    pad
        Whether a tile that reaches beyond the matrix is filled up with zeros rather
        than cut.

    Returns
    -------
    numpy.ndarray
        Shape (tile rows, tile columns, ...), of the same data type: a view where
        nothing is padded.

    Raises
    ------
    ArgumentTypeError
        If an offset or a size is not an integer.
    InvalidArgumentError
        If the array has fewer than two dimensions, the offset lies outside of it, or
        the size is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.spatial import get_tile_array
    >>> get_tile_array(np.array([[1, 2], [3, 4]]), 2, 1, 2, 2).tolist()
    [[3, 4], [0, 0]]

    """
    matrix = np.asarray(pixel_array)
    if matrix.ndim < 2:
        raise InvalidArgumentError(
            f"'pixel_array' must have at least 2 dimensions, not {matrix.ndim}."
        )
    row = _offset(row_offset, matrix.shape[0], "row_offset")
    column = _offset(column_offset, matrix.shape[1], "column_offset")
    height = whole_number(tile_rows, "tile_rows", lowest=1)
    width = whole_number(tile_columns, "tile_columns", lowest=1)
    tile = matrix[row : row + height, column : column + width]
    if not pad or tile.shape[:2] == (height, width):
        return tile
    padded = np.zeros((height, width, *matrix.shape[2:]), matrix.dtype)
    padded[: tile.shape[0], : tile.shape[1]] = tile
    return padded


def _offset(value: object, size: int, name: str) -> int:
    """Zero-based offset from a one-based one."""
    offset = whole_number(value, name, lowest=1)
    if offset > size:
        raise InvalidArgumentError(
            f"'{name}' must lie between 1 and {size}, but is {offset}."
        )
    return offset - 1
