"""Positions of tiles as sequences, and functions of `spatial` by their former names."""

from collections.abc import Sequence

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as DicomSequence

from highdicom.arguments import whole_number
from highdicom.content.plane import PlanePositionSequence
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    MissingAttributeError,
)
from highdicom.spatial.kind import is_tiled_image
from highdicom.spatial.tiled_full import iter_tiled_full_frame_data
from highdicom.spatial.tiling import get_tile_array, tile_pixel_matrix
from highdicom.spatial.to_reference import PixelToReferenceTransformer

__all__ = [
    "are_plane_positions_tiled_full",
    "compute_plane_position_slide_per_frame",
    "compute_plane_position_tiled_full",
    "get_tile_array",
    "is_tiled_image",
    "iter_tiled_full_frame_data",
    "tile_pixel_matrix",
]

_ROW = "RowPositionInTotalImagePixelMatrix"
_COLUMN = "ColumnPositionInTotalImagePixelMatrix"


def compute_plane_position_tiled_full(  # noqa: PLR0913, PLR0917 (public interface)
    row_index: int,
    column_index: int,
    x_offset: float,
    y_offset: float,
    rows: int,
    columns: int,
    image_orientation: Sequence[float],
    pixel_spacing: Sequence[float],
    slice_thickness: float | None = None,
    spacing_between_slices: float | None = None,
    slice_index: int | None = None,
) -> PlanePositionSequence:
    """Give the position of a tile of a total pixel matrix (PS3.3 C.8.12.6.1).

    Parameters
    ----------
    row_index, column_index
        One-based number of the row and of the column of tiles that the tile lies in.
    x_offset, y_offset
        Coordinates in millimetres of the centre of the first pixel of the matrix.
    rows, columns
        Size of a tile in pixels.
    image_orientation
        Direction cosines of a row and of a column.
    pixel_spacing
        Distance in millimetres between rows and between columns.
    slice_thickness
        Does not matter; positions are those of the middle of slices.
    spacing_between_slices
        Distance in millimetres between focal planes.
    slice_index
        One-based number of the focal plane, which lies `spacing_between_slices` above
        the one before it, the first at 0.

    Raises
    ------
    ArgumentTypeError
        If a number or size is not an integer.
    InvalidArgumentError
        If a value is not allowed.
    ConflictingArgumentsError
        If only one of `slice_index` and `spacing_between_slices` is given.

    Examples
    --------
    >>> from highdicom.utils import compute_plane_position_tiled_full
    >>> position = compute_plane_position_tiled_full(
    ...     2, 3, 20.0, 40.0, 16, 20, [0, -1, 0, -1, 0, 0], [0.5, 0.25]
    ... )
    >>> position.image_position
    (12.0, 30.0, 0.0)
    >>> position[0].ColumnPositionInTotalImagePixelMatrix
    41

    """
    del slice_thickness
    row = (_positive(row_index, "row_index") - 1) * _positive(rows, "rows")
    column = (_positive(column_index, "column_index") - 1) * _positive(
        columns, "columns"
    )
    if (slice_index is None) != (spacing_between_slices is None):
        raise ConflictingArgumentsError(
            "'slice_index' and 'spacing_between_slices' must both be given, or neither."
        )
    z_offset = 0.0
    if slice_index is not None and spacing_between_slices is not None:
        number = _positive(slice_index, "slice_index")
        z_offset = float(number - 1) * float(spacing_between_slices)
    transformer = PixelToReferenceTransformer(
        image_position=(x_offset, y_offset, z_offset),
        image_orientation=image_orientation,
        pixel_spacing=pixel_spacing,
    )
    coordinates = transformer(np.array([[column, row]]))[0]
    return PlanePositionSequence(
        CoordinateSystemNames.SLIDE,
        image_position=coordinates.tolist(),
        pixel_matrix_position=(column + 1, row + 1),
    )


def _positive(value: object, name: str) -> int:
    return whole_number(value, name, lowest=1)


def compute_plane_position_slide_per_frame(
    dataset: Dataset,
) -> list[PlanePositionSequence]:
    """Give the positions of the frames of a TILED_FULL image (PS3.3 C.7.6.17.3).

    Parameters
    ----------
    dataset
        VL Whole Slide Microscopy Image, Segmentation or Parametric Map with Dimension
        Organization Type TILED_FULL.

    Returns
    -------
    list[PlanePositionSequence]
        Position of each frame, optical path or segment by optical path or segment, and
        focal plane by focal plane.

    Raises
    ------
    ArgumentTypeError
        If it is no dataset.
    InvalidAttributeError
        If the image is not TILED_FULL or an attribute has an impossible value.
    WrongSOPClassError
        If images of the SOP class are not tiled.

    Examples
    --------
    >>> from highdicom.testing import slide
    >>> from highdicom.utils import compute_plane_position_slide_per_frame
    >>> image = slide(organization="TILED_FULL")
    >>> positions = compute_plane_position_slide_per_frame(image)
    >>> len(positions) == image.NumberOfFrames
    True
    >>> positions[1][0].ColumnPositionInTotalImagePixelMatrix
    21

    """
    return [
        PlanePositionSequence(
            CoordinateSystemNames.SLIDE,
            image_position=coordinates,
            pixel_matrix_position=(column, row),
        )
        for _, _, column, row, *coordinates in iter_tiled_full_frame_data(dataset)
    ]


def are_plane_positions_tiled_full(
    plane_positions: Sequence[PlanePositionSequence], rows: int, columns: int
) -> bool:
    """Tell whether the order of tiles says where they are (PS3.3 C.7.6.17.3).

    Parameters
    ----------
    plane_positions
        Positions of the tiles of one channel and focal plane, in the order of frames.
    rows, columns
        Size of a tile in pixels.

    Returns
    -------
    bool
        Whether tiles cover a rectangle from row 1 and column 1 on without gaps, row by
        row of tiles.

    Raises
    ------
    ArgumentTypeError
        If a position is no sequence of one item, or a size no integer.
    MissingAttributeError
        If a position is not one in a total pixel matrix.
    InvalidArgumentError
        If a size is not positive.

    Examples
    --------
    >>> from highdicom.content import PlanePositionSequence
    >>> from highdicom.utils import are_plane_positions_tiled_full
    >>> tiles = [
    ...     PlanePositionSequence("SLIDE", (0.0, 0.0, 0.0), (column, 1))
    ...     for column in (1, 11)
    ... ]
    >>> are_plane_positions_tiled_full(tiles, rows=10, columns=10)
    True

    """
    height, width = _positive(rows, "rows"), _positive(columns, "columns")
    corners = [_corner(position) for position in plane_positions]
    if not corners:
        return True
    last_row = max(row for row, _ in corners)
    last_column = max(column for _, column in corners)
    return corners == [
        (row, column)
        for row in range(1, last_row + 1, height)
        for column in range(1, last_column + 1, width)
    ]


def _corner(position: object) -> tuple[int, int]:
    if not isinstance(position, DicomSequence) or len(position) != 1:
        raise ArgumentTypeError(
            "'plane_positions' must hold sequences of one item, not "
            f"{type(position).__name__}."
        )
    for keyword in (_ROW, _COLUMN):
        if position[0].get(keyword) is None:
            raise MissingAttributeError(
                f"A position in 'plane_positions' has no {keyword}, as those in a total "
                "pixel matrix have.",
                keyword=keyword,
            )
    return int(position[0][_ROW].value), int(position[0][_COLUMN].value)
