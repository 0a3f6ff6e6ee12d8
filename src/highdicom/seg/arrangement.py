"""From the pixels and the geometry that users give to planes in their places."""

from collections.abc import Sequence
from operator import index as as_index
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom import volume as volumes
from highdicom.arguments import member_of
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
from highdicom.image.planes import (
    Planes,
    check_frame_of_reference,
    form_regular_stack,
    planes_at,
    planes_of_tiles,
    planes_of_volume,
)
from highdicom.image.sources import SourceImages
from highdicom.image.streaming import PixelStream
from highdicom.seg.planes import PlaneArray, TileArray
from highdicom.seg.segments import SegmentTable
from highdicom.seg.streaming import StreamedPlanes

__all__ = ["arranged", "organization_of"]

Array = npt.NDArray[Any]
Geometry = tuple[
    PixelMeasuresSequence | None,
    PlaneOrientationSequence | None,
    Sequence[PlanePositionSequence] | None,
]

# Keyword of the attribute in a volume that was read, and the name that users may give.
_SEGMENT_CHANNELS = ("SegmentNumber", "ReferencedSegmentNumber")
_AXES = ("Row", "Column")
_POSITION = "PositionInTotalImagePixelMatrix"
_TILED = frozenset(
    {
        DimensionOrganizationTypeValues.TILED_FULL,
        DimensionOrganizationTypeValues.TILED_SPARSE,
    }
)


def arranged(
    sources: SourceImages,
    pixel_array: "Array | volumes.Volume | PixelStream",
    *,
    geometry: Geometry,
    table: SegmentTable,
    tile_size: Sequence[int] | None,
    tile_pixel_array: bool,
) -> tuple[PlaneArray | TileArray | StreamedPlanes, Planes]:
    """Give pixels as planes, and where these lie.

    Parameters
    ----------
    sources
        Images that were segmented.
    pixel_array
        Pixels as the user gives them; they are not changed.
    geometry
        Pixel measures, plane orientation and plane positions, as far as given.
    table
        The segments.
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
    # Arrays are told first, so that they do not load what volumes are.
    if not isinstance(pixel_array, np.ndarray | PixelStream) and isinstance(
        pixel_array, volumes.Volume
    ):
        _check_volume(pixel_array, geometry, table)
        volume = pixel_array
        if not tile_pixel_array:
            array = _checked_array(volume.array)
            return PlaneArray(array), planes_of_volume(sources, volume.get_geometry())
        check_frame_of_reference(sources, volume.get_geometry())
        geometry = (
            volume.get_pixel_measures(),
            volume.get_plane_orientation(),
            volume.get_plane_positions(),
        )
        pixel_array = volume.array
    pixels = (
        pixel_array
        if isinstance(pixel_array, PixelStream)
        else _checked_array(pixel_array)
    )
    if tile_pixel_array:
        return _tiled(sources, pixels, geometry, tile_size)
    if tile_size is not None:
        raise ConflictingArgumentsError(
            "'tile_size' must not be given unless 'tile_pixel_array' is True."
        )
    return _untiled(sources, pixels, geometry)


def _untiled(
    sources: SourceImages, pixels: Array | PixelStream, geometry: Geometry
) -> tuple[PlaneArray | StreamedPlanes, Planes]:
    measures, orientation, positions = geometry
    count, size = pixels.shape[0], _size_of(pixels)
    _check_size(size, sources, geometry)
    planes = planes_at(sources, positions, orientation, measures, size=size)
    if count not in {None, planes.count}:
        raise InvalidArgumentError(
            f"'pixel_array' has {count} planes, where there are {planes.count} "
            + ("'plane_positions'." if positions is not None else "source frames.")
        )
    if isinstance(pixels, PixelStream):
        return StreamedPlanes(pixels, planes.count), planes
    return PlaneArray(pixels), planes


def _size_of(pixels: Array | PixelStream) -> tuple[int, int]:
    if isinstance(pixels, PixelStream):
        return pixels.size
    return pixels.shape[1], pixels.shape[2]


def _tiled(
    sources: SourceImages,
    pixels: Array | PixelStream,
    geometry: Geometry,
    tile_size: Sequence[int] | None,
) -> tuple[TileArray | StreamedPlanes, Planes]:
    measures, orientation, positions = geometry
    count = pixels.shape[0]
    if count != 1:
        raise InvalidArgumentError(
            "'pixel_array' must be a single plane if 'tile_pixel_array' is True, "
            f"not {count} planes."
        )
    if not sources.is_tiled:
        raise InvalidArgumentError(
            "'tile_pixel_array' must not be True unless the source image is tiled."
        )
    if positions is not None and len(positions) != 1:
        raise InvalidArgumentError(
            "'plane_positions' must be the one position of the total pixel matrix if "
            f"'tile_pixel_array' is True, not {len(positions)} positions."
        )
    tile = _checked_tile(tile_size, sources)
    planes = planes_of_tiles(
        sources,
        _size_of(pixels),
        tile,
        orientation,
        measures,
        positions[0] if positions else None,
    )
    if isinstance(pixels, PixelStream):
        return StreamedPlanes(pixels, planes.count, tile), planes
    return TileArray(pixels[0], tile), planes


def _check_volume(
    volume: "volumes.Volume", geometry: Geometry, table: SegmentTable
) -> None:
    if any(given is not None for given in geometry):
        raise ConflictingArgumentsError(
            "'pixel_measures', 'plane_orientation' and 'plane_positions' must not be "
            "given with a volume, which has a geometry of its own."
        )
    _check_channels(volume, table)


def _check_channels(volume: "volumes.Volume", table: SegmentTable) -> None:
    """Refuse a volume with channels other than the segments."""
    descriptors = volume.channel_descriptors
    names = [str(getattr(one, "keyword", one)) for one in descriptors]
    if names and names not in [[name] for name in _SEGMENT_CHANNELS]:
        raise InvalidArgumentError(
            f"'pixel_array' must be a volume with no channels other than "
            f"{' or '.join(_SEGMENT_CHANNELS)}, not {', '.join(names)}."
        )
    if not names:
        return
    numbers = [int(value) for value in volume.get_channel_values(descriptors[0])]
    if numbers != table.numbers:
        raise InvalidArgumentError(
            f"'pixel_array' is a volume with the segments {numbers[:20]}, where "
            f"'segment_descriptions' describe {table.numbers[:20]}."
        )


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
    try:
        rows, columns = (as_index(size) for size in tile_size)
    except TypeError as error:
        raise ArgumentTypeError(
            f"'tile_size' must be two integers, rows and columns, not {tile_size!r}."
        ) from error
    except ValueError as error:
        raise InvalidArgumentError(
            f"'tile_size' must be two integers, rows and columns, not {tile_size!r}."
        ) from error
    if not (0 < rows < 2**16 and 0 < columns < 2**16):
        raise InvalidArgumentError(
            f"'tile_size' must be from 1 to 65535 rows and columns, not {tile_size!r}."
        )
    return rows, columns


def _check_size(
    size: tuple[int, int], sources: SourceImages, geometry: Geometry
) -> None:
    """Planes of another size than the source frames need a geometry of their own."""
    measures, _, positions = geometry
    theirs = int(sources.first.Rows), int(sources.first.Columns)
    if size != theirs and (measures is None or positions is None):
        raise InvalidArgumentError(
            f"'pixel_array' has planes of {size[0]} rows and {size[1]} columns, where "
            f"the source frames have {theirs[0]} and {theirs[1]}, and "
            "'plane_positions' and 'pixel_measures' are not both given."
        )


def organization_of(
    given: DimensionOrganizationTypeValues | str | None,
    planes: Planes,
    plane_of_frame: npt.NDArray[np.int64],
    size: tuple[int, int],
    *,
    is_single: bool,
    omit_empty_frames: bool,
) -> DimensionOrganizationTypeValues | None:
    """Give the Dimension Organization Type, chosen if it is not given.

    Parameters
    ----------
    given
        What the user asks for.
    planes
        Where planes lie.
    plane_of_frame
        Zero-based plane of each frame, shape (n,).
    size
        Rows and columns of a plane.
    is_single
        Whether frames are not also told apart by segments.
    omit_empty_frames
        Whether empty frames may have been left out.

    Raises
    ------
    InvalidArgumentError
        If it does not suit the frames.

    """
    kinds = DimensionOrganizationTypeValues
    is_tiled = planes.total_pixel_matrix is not None
    is_regular = is_single and form_regular_stack(planes, plane_of_frame)
    if given is None:
        if is_tiled:
            return kinds.TILED_SPARSE
        return kinds.THREE_DIMENSIONAL if is_regular else None
    kind = member_of(kinds, given, "dimension_organization_type")
    name = f"'dimension_organization_type' must not be {kind.value}"
    if kind is kinds.THREE_DIMENSIONAL_TEMPORAL:
        raise InvalidArgumentError(f"{name}, since segmentations are not dynamic.")
    if (kind in _TILED) != is_tiled:
        raise InvalidArgumentError(
            f"{name} for an image that is {'' if is_tiled else 'not '}tiled."
        )
    if kind is kinds.THREE_DIMENSIONAL and not is_regular:
        raise InvalidArgumentError(
            f"{name}, since frames are not several equidistant slices, each there once."
        )
    if kind is kinds.TILED_FULL:
        if omit_empty_frames:
            raise InvalidArgumentError(
                f"{name} unless 'omit_empty_frames' is False: all tiles are there."
            )
        _check_tiled_full(planes, size, name)
    return kind


def _check_tiled_full(planes: Planes, size: tuple[int, int], name: str) -> None:
    """Refuse planes that are not all the tiles of the matrix, side by side."""
    matrix = planes.total_pixel_matrix or (0, 0)
    starts = [
        np.arange(1, end + 1, step) for end, step in zip(matrix, size, strict=True)
    ]
    expected = np.stack(np.meshgrid(*starts, indexing="ij"), axis=-1).reshape(-1, 2)
    found = np.stack([planes.columns[f"{axis}{_POSITION}"] for axis in _AXES], axis=1)
    if not np.array_equal(found[np.lexsort(found.T[::-1])], expected):
        raise InvalidArgumentError(
            f"{name}, since planes are not all the tiles of the total pixel matrix."
        )
