"""From the pixels and the geometry that users give to planes in their places."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.arguments import member_of
from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.enum import CoordinateSystemNames, DimensionOrganizationTypeValues
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.image.planes import (
    Planes,
    form_regular_stack,
    planes_at,
    planes_of_tiles,
    planes_of_volume,
)
from highdicom.image.sources import SourceImages
from highdicom.image.streaming import PixelStream
from highdicom.pm.pixels import MapFormat, MapPixels
from highdicom.pm.streaming import MapStream
from highdicom.volume.volume import Volume

__all__ = ["Geometry", "arranged", "order_of", "organization_of"]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]
Geometry = tuple[
    PixelMeasuresSequence | None,
    PlaneOrientationSequence | None,
    Sequence[PlanePositionSequence] | None,
]
Organization = DimensionOrganizationTypeValues

_ROW = "RowPositionInTotalImagePixelMatrix"
_COLUMN = "ColumnPositionInTotalImagePixelMatrix"
_TILED = frozenset({Organization.TILED_FULL, Organization.TILED_SPARSE})


def arranged(
    sources: SourceImages,
    pixel_array: Array | Volume | PixelStream,
    *,
    geometry: Geometry,
    tile_size: Sequence[int] | None,
    tile_pixel_array: bool,
) -> tuple[MapPixels | MapStream, Planes]:
    """Give pixels as planes or tiles, and where these lie.

    Parameters
    ----------
    sources
        Images that the map was made of.
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
    ArgumentTypeError
        If something is of the wrong type.
    ConflictingArgumentsError
        If arguments exclude each other.
    InvalidArgumentError
        If shapes, positions or source images do not fit each other.

    """
    volume = pixel_array if isinstance(pixel_array, Volume) else None
    pixels: MapPixels | MapStream
    if volume is not None:
        _check_no_geometry(geometry)
        pixels = MapPixels.of(volume.array)
    elif isinstance(pixel_array, PixelStream):
        pixels = MapStream.of(pixel_array)
    else:
        pixels = MapPixels.of(pixel_array)
    if tile_pixel_array:
        if volume is not None:
            geometry = _geometry_of(volume)
        return _tiled(sources, pixels, geometry, tile_size)
    if tile_size is not None:
        raise ConflictingArgumentsError(
            "'tile_size' must not be given unless 'tile_pixel_array' is True."
        )
    if volume is not None:
        return pixels, planes_of_volume(sources, volume.get_geometry())
    measures, orientation, positions = geometry
    _check_size(pixels, sources, measures, positions)
    planes = planes_at(sources, positions, orientation, measures, size=pixels.shape)
    count = pixels.axes[0]
    if count not in {None, planes.count}:
        raise InvalidArgumentError(
            f"'pixel_array' has {count} planes, where there are "
            f"{planes.count} "
            + ("source frames." if positions is None else "'plane_positions'.")
        )
    return pixels, planes


def _check_no_geometry(geometry: Geometry) -> None:
    names = ("pixel_measures", "plane_orientation", "plane_positions")
    for name, given in zip(names, geometry, strict=True):
        if given is not None:
            raise ConflictingArgumentsError(
                f"'{name}' must not be given with a volume, which has a geometry of its "
                "own."
            )


def _geometry_of(volume: Volume) -> Geometry:
    return (
        volume.get_pixel_measures(),
        volume.get_plane_orientation(),
        volume.get_plane_positions(),
    )


def _tiled(
    sources: SourceImages,
    pixels: MapPixels | MapStream,
    geometry: Geometry,
    tile_size: Sequence[int] | None,
) -> tuple[MapPixels | MapStream, Planes]:
    if not sources.is_tiled:
        raise InvalidArgumentError(
            "'tile_pixel_array' must not be True unless the source image is tiled."
        )
    if pixels.axes[0] != 1:
        raise InvalidArgumentError(
            "'pixel_array' must be a single plane if 'tile_pixel_array' is True, not "
            f"{pixels.axes[0]} planes."
        )
    measures, orientation, positions = geometry
    if positions is not None and len(positions) != 1:
        raise InvalidArgumentError(
            "'plane_positions' must be the position of the total pixel matrix if "
            f"'tile_pixel_array' is True, not {len(positions)} positions."
        )
    matrix = pixels.size
    first = sources.first
    has_own_geometry = any(given is not None for given in geometry)
    own = int(first.TotalPixelMatrixRows), int(first.TotalPixelMatrixColumns)
    if matrix != own and not has_own_geometry:
        raise InvalidArgumentError(
            f"'pixel_array' has {matrix[0]} rows and {matrix[1]} columns, where the "
            f"total pixel matrix of the source image has {own[0]} and {own[1]}."
        )
    tile = (int(first.Rows), int(first.Columns))
    if tile_size is not None:
        tile = _checked_tile(tile_size)
    planes = planes_of_tiles(
        sources,
        matrix,
        tile,
        orientation,
        measures,
        positions[0] if positions else None,
    )
    return pixels.tiled(tile), planes


def _checked_tile(tile_size: object) -> tuple[int, int]:
    if not isinstance(tile_size, (Sequence, np.ndarray)) or isinstance(tile_size, str):
        raise ArgumentTypeError(
            "'tile_size' must be numbers of rows and columns, not "
            f"{type(tile_size).__name__}."
        )
    sizes = list(tile_size)
    if len(sizes) != 2 or not all(
        isinstance(size, (int, np.integer))
        and not isinstance(size, bool)
        and 0 < size < 2**16
        for size in sizes
    ):
        raise InvalidArgumentError(
            "'tile_size' must be a number of rows and one of columns from 1 to 65535, "
            f"not {tile_size}."
        )
    return int(sizes[0]), int(sizes[1])


def _check_size(
    pixels: MapFormat,
    sources: SourceImages,
    measures: PixelMeasuresSequence | None,
    positions: Sequence[PlanePositionSequence] | None,
) -> None:
    size = int(sources.first.Rows), int(sources.first.Columns)
    if pixels.shape != size and (measures is None or positions is None):
        raise InvalidArgumentError(
            f"'pixel_array' has planes of {pixels.shape[0]} rows and "
            f"{pixels.shape[1]} columns, where the source frames have {size[0]} and "
            f"{size[1]}: 'plane_positions' and 'pixel_measures' must be given."
        )


def order_of(planes: Planes) -> Integers:
    """Planes in the order in which frames are to stand.

    They lie one behind the other along the normal of rows and columns or, for tiles,
    row by row, so that readers which do not look at positions put them right.
    """
    if planes.coordinate_system is CoordinateSystemNames.SLIDE:
        columns = planes.columns
        return np.lexsort((columns[_COLUMN], columns[_ROW])).astype(np.int64)
    assert planes.orientation is not None, "patient coordinates come with it"
    positions = planes.columns["ImagePositionPatient"]
    cosines = np.asarray(planes.orientation.cosines, np.float64)
    normal = np.cross(cosines[:3], cosines[3:])
    return np.argsort(np.asarray(positions) @ normal, kind="stable").astype(np.int64)


def organization_of(
    given: DimensionOrganizationTypeValues | str | None,
    planes: Planes,
    order: Integers,
    *,
    number_of_channels: int,
) -> DimensionOrganizationTypeValues | None:
    """Give the Dimension Organization Type, chosen if it is not given.

    Parameters
    ----------
    given
        What the user asks for.
    planes
        The planes.
    order
        Their order.
    number_of_channels
        How many frames there are in each place.

    Raises
    ------
    InvalidArgumentError
        If it does not suit the planes.

    """
    is_tiled = planes.total_pixel_matrix is not None
    is_stack = number_of_channels == 1 and form_regular_stack(planes, order)
    if given is None:
        if is_tiled:
            return Organization.TILED_SPARSE
        return Organization.THREE_DIMENSIONAL if is_stack else None
    kind = member_of(Organization, given, "dimension_organization_type")
    if (kind in _TILED) != is_tiled:
        _refuse(kind, f"the image is {'' if is_tiled else 'not '}tiled")
    if kind is Organization.THREE_DIMENSIONAL_TEMPORAL:
        _refuse(kind, "a parametric map has no temporal positions")
    if kind is Organization.THREE_DIMENSIONAL and not is_stack:
        _refuse(kind, "its frames do not form one stack of equal spacing")
    if kind is Organization.TILED_FULL:
        if number_of_channels > 1:
            _refuse(kind, "it has several channels (PS3.3 C.7.6.17.3)")
        if not _is_full(planes, order):
            _refuse(kind, "planes are not all tiles of the total pixel matrix")
    return kind


def _refuse(kind: DimensionOrganizationTypeValues, reason: str) -> None:
    raise InvalidArgumentError(
        f"'dimension_organization_type' must not be {kind.value}, since {reason}."
    )


def _is_full(planes: Planes, order: Integers) -> bool:
    """Whether planes in order are all tiles of the matrix, row by row."""
    matrix = planes.total_pixel_matrix
    if matrix is None:
        return False
    rows = np.unique(planes.columns[_ROW])
    columns = np.unique(planes.columns[_COLUMN])
    if len(rows) * len(columns) != len(order):
        return False
    for starts, size in ((rows, matrix[0]), (columns, matrix[1])):
        step = int(starts[1] - starts[0]) if len(starts) > 1 else size
        if not np.array_equal(starts, np.arange(1, size + 1, step)):
            return False
    places = np.stack([planes.columns[_ROW], planes.columns[_COLUMN]], 1)[order]
    grid = np.stack(np.meshgrid(rows, columns, indexing="ij"), -1).reshape(-1, 2)
    return bool(np.array_equal(places, grid))
