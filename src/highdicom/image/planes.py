"""Where the planes of a derived image lie, and which source frames they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.frames.index import FrameIndex
from highdicom.image.sources import SourceImages
from highdicom.spatial.dataset import image_geometry
from highdicom.volume.volume import VolumeGeometry

__all__ = [
    "Planes",
    "planes_at",
    "planes_of_sources",
    "planes_of_tiles",
    "planes_of_volume",
]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]

_PATIENT = ("ImagePositionPatient",)
_SLIDE = (
    "ColumnPositionInTotalImagePixelMatrix",
    "RowPositionInTotalImagePixelMatrix",
    "XOffsetInSlideCoordinateSystem",
    "YOffsetInSlideCoordinateSystem",
    "ZOffsetInSlideCoordinateSystem",
)
# Positions in millimetres that are nearer are the same.
_POSITION_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Planes:
    """The planes of a derived image, one row each.

    Parameters
    ----------
    count
        Number of planes.
    columns
        Positions by keyword, shape (p,) or (p, vm).
    coordinate_system
        What they refer to; None for images without frame of reference.
    pixel_measures, orientation
        What all planes share.
    source_rows
        Shape (p,): row of the source frame that shows the same place, or -1.
    total_pixel_matrix
        Rows and columns of the total pixel matrix, if planes are its tiles.

    """

    count: int
    columns: Mapping[str, Array]
    coordinate_system: CoordinateSystemNames | None
    pixel_measures: PixelMeasuresSequence | None
    orientation: PlaneOrientationSequence | None
    source_rows: Integers
    total_pixel_matrix: tuple[int, int] | None = None


def _keywords(system: CoordinateSystemNames | None) -> tuple[str, ...]:
    if system is None:
        return ()
    return _PATIENT if system is CoordinateSystemNames.PATIENT else _SLIDE


def measures_of(sources: SourceImages) -> PixelMeasuresSequence | None:
    """Pixel measures that all frames of the source images share."""
    index = sources.index
    if "PixelSpacing" not in index.columns:
        return None
    return PixelMeasuresSequence(
        pixel_spacing=np.asarray(index.shared("PixelSpacing")).tolist(),
        slice_thickness=_shared_number(index, "SliceThickness"),
        spacing_between_slices=_shared_number(index, "SpacingBetweenSlices"),
    )


def _shared_number(index: FrameIndex, keyword: str) -> float | None:
    if keyword not in index.columns or not index.is_shared(keyword):
        return None
    value = float(index.shared(keyword))
    return value if np.isfinite(value) else None


def orientation_of(sources: SourceImages) -> PlaneOrientationSequence | None:
    """Orientation that all frames of the source images share.

    Raises
    ------
    MixedValuesError
        If they differ.

    """
    system = sources.coordinate_system
    if system is None:
        return None
    if system is CoordinateSystemNames.SLIDE:
        cosines = sources.first.get("ImageOrientationSlide")
        if cosines is None:
            raise MissingAttributeError(
                "The source image lacks ImageOrientationSlide.",
                keyword="ImageOrientationSlide",
            )
    else:
        cosines = np.asarray(sources.index.shared("ImageOrientationPatient")).tolist()
    return PlaneOrientationSequence(system, [float(cosine) for cosine in cosines])


def _matrix_size(sources: SourceImages) -> tuple[int, int] | None:
    if not sources.is_tiled:
        return None
    first = sources.first
    return int(first.TotalPixelMatrixRows), int(first.TotalPixelMatrixColumns)


def planes_of_sources(sources: SourceImages) -> Planes:
    """Planes that lie where the source frames lie, in their order."""
    index = sources.index
    system = sources.coordinate_system
    return Planes(
        count=len(index),
        columns={keyword: index.column(keyword) for keyword in _keywords(system)},
        coordinate_system=system,
        pixel_measures=measures_of(sources) if system else None,
        orientation=orientation_of(sources),
        source_rows=np.arange(len(index)),
        total_pixel_matrix=_matrix_size(sources),
    )


def planes_at(
    sources: SourceImages,
    plane_positions: Sequence[PlanePositionSequence] | None,
    plane_orientation: PlaneOrientationSequence | None,
    pixel_measures: PixelMeasuresSequence | None,
) -> Planes:
    """Planes whose place is given, in part or wholly.

    Parameters
    ----------
    sources
        Give what is not given.
    plane_positions
        Position of each plane.
    plane_orientation, pixel_measures
        What all planes share.

    Raises
    ------
    ArgumentTypeError
        If something is of the wrong type.
    InvalidArgumentError
        If positions refer to another coordinate system than the source images.

    """
    inherited = planes_of_sources(sources)
    if plane_positions is None:
        positions, count = inherited.columns, inherited.count
        rows = inherited.source_rows
    else:
        positions = _position_columns(plane_positions, inherited.coordinate_system)
        count = len(plane_positions)
        rows = _matching_rows(positions, inherited.columns)
    is_same_grid = (
        plane_orientation is None or plane_orientation == inherited.orientation
    ) and (pixel_measures is None or _same_spacing(pixel_measures, inherited))
    if not is_same_grid:
        rows = np.full(count, -1, np.int64)
    return Planes(
        count=count,
        columns=positions,
        coordinate_system=inherited.coordinate_system,
        pixel_measures=pixel_measures or inherited.pixel_measures,
        orientation=plane_orientation or inherited.orientation,
        source_rows=rows,
        total_pixel_matrix=inherited.total_pixel_matrix,
    )


def _same_spacing(measures: PixelMeasuresSequence, planes: Planes) -> bool:
    if planes.pixel_measures is None:
        return False
    ours = np.asarray(measures.pixel_spacing)
    return bool(np.allclose(ours, planes.pixel_measures.pixel_spacing, rtol=1e-4))


def _position_columns(
    positions: Sequence[PlanePositionSequence], system: CoordinateSystemNames | None
) -> dict[str, Array]:
    for number, position in enumerate(positions):
        if not isinstance(position, PlanePositionSequence):
            raise ArgumentTypeError(
                f"'plane_positions'[{number}] must be a PlanePositionSequence, not "
                f"{type(position).__name__}."
            )
        if position.coordinate_system is not system:
            expected = "none" if system is None else system.value
            raise InvalidArgumentError(
                f"'plane_positions'[{number}] refers to the coordinate system "
                f"{position.coordinate_system.value}, where that of the source images "
                f"is {expected}."
            )
    items = [position[0] for position in positions]
    return {
        keyword: np.array(
            [item[keyword].value for item in items],
            np.int64 if keyword.startswith(("Column", "Row")) else np.float64,
        )
        for keyword in _keywords(system)
    }


def _matching_rows(
    positions: Mapping[str, Array], sources: Mapping[str, Array]
) -> Integers:
    """Row of the source frame at each position, -1 if there is none."""
    keyword = next(iter(positions), None)
    if keyword is None:
        return np.empty(0, np.int64)
    wanted = _as_points(positions)
    known = _as_points(sources)
    rows: dict[tuple[int, ...], int] = {}
    scale = 1 / (2 * _POSITION_TOLERANCE)
    for row, key in enumerate(map(tuple, np.rint(known * scale).astype(int).tolist())):
        rows.setdefault(key, row)
    keys = map(tuple, np.rint(wanted * scale).astype(int).tolist())
    return np.array([rows.get(key, -1) for key in keys], np.int64)


def _as_points(columns: Mapping[str, Array]) -> npt.NDArray[np.float64]:
    if "ImagePositionPatient" in columns:
        return np.asarray(columns["ImagePositionPatient"], np.float64)
    return np.stack([np.asarray(columns[keyword], np.float64) for keyword in _SLIDE], 1)


def planes_of_volume(sources: SourceImages, geometry: VolumeGeometry) -> Planes:
    """Planes of a volume, slice by slice.

    Parameters
    ----------
    sources
        Images in the same frame of reference.
    geometry
        Geometry of the volume.

    Raises
    ------
    InvalidArgumentError
        If the volume lies in another coordinate system or frame of reference.

    """
    system = sources.coordinate_system
    if system is not geometry.coordinate_system:
        raise InvalidArgumentError(
            f"The volume refers to the coordinate system "
            f"{geometry.coordinate_system.value}, where that of the source images is "
            f"{'none' if system is None else system.value}."
        )
    uid = geometry.frame_of_reference_uid
    if uid is not None and uid != sources.first.FrameOfReferenceUID:
        raise InvalidArgumentError(
            f"The volume lies in the frame of reference {uid}, where that of the source "
            f"images is {sources.first.FrameOfReferenceUID}."
        )
    positions = list(geometry.get_plane_positions())
    measures = geometry.get_pixel_measures()
    return planes_at(sources, positions, geometry.get_plane_orientation(), measures)


def planes_of_tiles(
    sources: SourceImages,
    matrix: tuple[int, int],
    tile: tuple[int, int],
    plane_orientation: PlaneOrientationSequence | None = None,
    pixel_measures: PixelMeasuresSequence | None = None,
    plane_position: PlanePositionSequence | None = None,
) -> Planes:
    """Tiles of a total pixel matrix, row by row (PS3.3 C.7.6.17.3).

    Parameters
    ----------
    sources
        A tiled image that shows the same area.
    matrix
        Rows and columns of the total pixel matrix.
    tile
        Rows and columns of a tile.
    plane_orientation, pixel_measures
        Of the new image, if not those of the source image.
    plane_position
        Position of the first tile, if not that of the source image.

    """
    source = image_geometry(sources.first, None, for_total_pixel_matrix=True)
    orientation = plane_orientation or orientation_of(sources)
    measures = pixel_measures or measures_of(sources)
    if orientation is None or measures is None:
        raise MissingAttributeError(
            "The source image lacks PixelSpacing or its orientation.",
            keyword="PixelSpacing",
        )
    origin = np.asarray(
        source.position if plane_position is None else plane_position.image_position
    )
    starts = [np.arange(0, size, step) for size, step in zip(matrix, tile, strict=True)]
    rows, columns = (grid.reshape(-1) for grid in np.meshgrid(*starts, indexing="ij"))
    cosines = np.asarray(orientation.cosines)
    between_rows, between_columns = measures.pixel_spacing
    points = (
        origin
        + columns[:, None] * between_columns * cosines[:3]
        + rows[:, None] * between_rows * cosines[3:]
    )
    values = (columns + 1, rows + 1, points[:, 0], points[:, 1], points[:, 2])
    positions = dict(zip(_SLIDE, values, strict=True))
    is_same_grid = (
        matrix == _matrix_size(sources)
        and tile == (int(sources.first.Rows), int(sources.first.Columns))
        and plane_orientation is None
        and plane_position is None
        and (
            pixel_measures is None
            or np.allclose(pixel_measures.pixel_spacing, source.pixel_spacing)
        )
    )
    source_rows = np.full(len(rows), -1, np.int64)
    if is_same_grid:
        known = planes_of_sources(sources).columns
        source_rows = _matching_rows(positions, known)
    return Planes(
        count=len(rows),
        columns=positions,
        coordinate_system=CoordinateSystemNames.SLIDE,
        pixel_measures=measures,
        orientation=orientation,
        source_rows=source_rows,
        total_pixel_matrix=matrix,
    )


def shared_groups(planes: Planes) -> Dataset:
    """Item of the Shared Functional Groups Sequence that the planes ask for."""
    item = Dataset()
    if planes.pixel_measures is not None:
        item.PixelMeasuresSequence = planes.pixel_measures
    if (
        planes.orientation is not None
        and planes.coordinate_system is CoordinateSystemNames.PATIENT
    ):
        item.PlaneOrientationSequence = planes.orientation
    return item
