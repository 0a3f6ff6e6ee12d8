"""From the pixels and the geometry that users give to planes in their places."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.enum import DimensionOrganizationTypeValues
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.image.arguments import enumerated_argument
from highdicom.image.planes import Planes, planes_at, planes_of_tiles, planes_of_volume
from highdicom.image.sources import SourceImages
from highdicom.seg.planes import PlaneArray, TileArray
from highdicom.volume.volume import Volume

__all__ = ["arranged", "organization_of"]

Array = npt.NDArray[Any]

_TILED = frozenset(
    {
        DimensionOrganizationTypeValues.TILED_FULL,
        DimensionOrganizationTypeValues.TILED_SPARSE,
    }
)


def arranged(
    sources: SourceImages,
    pixel_array: Array | Volume,
    *,
    geometry: tuple[
        PixelMeasuresSequence | None,
        PlaneOrientationSequence | None,
        Sequence[PlanePositionSequence] | None,
    ],
    tile_size: Sequence[int] | None,
    tile_pixel_array: bool,
) -> tuple[PlaneArray | TileArray, Planes]:
    """Give pixels as planes, and where these lie.

    Parameters
    ----------
    sources
        Images that were segmented.
    pixel_array
        Pixels as the user gives them; they are not changed.
    geometry
        Pixel measures, plane orientation and plane positions, as far as given.
    tile_size
        Rows and columns of tiles.
    tile_pixel_array
        Whether pixels are those of one total pixel matrix.

    Raises
    ------
    ConflictingArgumentsError
        If arguments exclude each other.
    InvalidArgumentError
        If shapes do not fit.

    """
    measures, orientation, positions = geometry
    if isinstance(pixel_array, Volume):
        if any(given is not None for given in geometry):
            raise ConflictingArgumentsError(
                "'pixel_measures', 'plane_orientation' and 'plane_positions' must not "
                "be given with a volume, which has a geometry of its own."
            )
        if not tile_pixel_array:
            planes = planes_of_volume(sources, pixel_array.get_geometry())
            return PlaneArray(_checked_array(pixel_array.array)), planes
        orientation = pixel_array.get_plane_orientation()
        measures = pixel_array.get_pixel_measures()
        positions = pixel_array.get_plane_positions()
        pixel_array = pixel_array.array
    array = _checked_array(pixel_array)
    if tile_pixel_array:
        if array.shape[0] != 1:
            raise InvalidArgumentError(
                "'pixel_array' must be a single plane if 'tile_pixel_array' is True, "
                f"not {array.shape[0]} planes."
            )
        if not sources.is_tiled:
            raise InvalidArgumentError(
                "'tile_pixel_array' must not be True unless the source image is tiled."
            )
        tile = _checked_tile(tile_size, sources)
        matrix = array[0]
        planes = planes_of_tiles(
            sources,
            (matrix.shape[0], matrix.shape[1]),
            tile,
            orientation,
            measures,
            positions[0] if positions else None,
        )
        return TileArray(matrix, tile), planes
    if tile_size is not None:
        raise ConflictingArgumentsError(
            "'tile_size' must not be given unless 'tile_pixel_array' is True."
        )
    planes = planes_at(sources, positions, orientation, measures)
    _check_size(array, planes, sources, geometry)
    return PlaneArray(array), planes


def _checked_array(array: Array) -> Array:
    if not isinstance(array, np.ndarray):
        raise ArgumentTypeError(
            "'pixel_array' must be a numpy array or a Volume, not "
            f"{type(array).__name__}."
        )
    if array.ndim == 2:
        array = array[np.newaxis]
    if array.ndim not in {3, 4} or 0 in array.shape:
        raise InvalidArgumentError(
            "'pixel_array' must be of shape (plane, row, column) or (plane, row, column, "
            f"segment), not {array.shape}."
        )
    return array


def _checked_tile(
    tile_size: Sequence[int] | None, sources: SourceImages
) -> tuple[int, int]:
    if tile_size is None:
        return int(sources.first.Rows), int(sources.first.Columns)
    if len(tile_size) != 2 or not all(0 < int(size) < 2**16 for size in tile_size):
        raise InvalidArgumentError(
            f"'tile_size' must be positive numbers of rows and columns, not {tile_size}."
        )
    return int(tile_size[0]), int(tile_size[1])


def _check_size(
    array: Array, planes: Planes, sources: SourceImages, geometry: tuple[Any, ...]
) -> None:
    if len(array) != planes.count:
        raise InvalidArgumentError(
            f"'pixel_array' has {len(array)} planes, where there are {planes.count} "
            + ("'plane_positions'." if geometry[2] else "source frames.")
        )
    size = int(sources.first.Rows), int(sources.first.Columns)
    has_own_grid = any(given is not None for given in geometry)
    if array.shape[1:3] != size and not has_own_grid:
        raise InvalidArgumentError(
            f"'pixel_array' has planes of {array.shape[1]} rows and {array.shape[2]} "
            f"columns, where the source frames have {size[0]} and {size[1]}."
        )


def organization_of(
    given: DimensionOrganizationTypeValues | str | None, planes: Planes
) -> DimensionOrganizationTypeValues | None:
    """Give the Dimension Organization Type, chosen if it is not given.

    Raises
    ------
    InvalidArgumentError
        If it does not suit the planes.

    """
    is_tiled = planes.total_pixel_matrix is not None
    if given is None:
        return DimensionOrganizationTypeValues.TILED_SPARSE if is_tiled else None
    kind = enumerated_argument(
        DimensionOrganizationTypeValues, "dimension_organization_type", given
    )
    if (kind in _TILED) != is_tiled:
        raise InvalidArgumentError(
            f"'dimension_organization_type' must not be {kind.value} for an image that "
            f"is {'' if is_tiled else 'not '}tiled."
        )
    if kind is DimensionOrganizationTypeValues.TILED_FULL:
        _check_tiled_full(planes)
    return kind


def _check_tiled_full(planes: Planes) -> None:
    """Refuse planes that are not all the tiles of the matrix, row by row."""
    columns = planes.columns["ColumnPositionInTotalImagePixelMatrix"]
    rows = planes.columns["RowPositionInTotalImagePixelMatrix"]
    order = np.lexsort((columns, rows))
    if not np.array_equal(order, np.arange(planes.count)):
        raise InvalidArgumentError(
            "'dimension_organization_type' must not be TILED_FULL, since planes are not "
            "all tiles of the matrix, row by row."
        )
