"""Where the planes of a derived image lie, and which source frames they come from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom import volume
from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    IrregularVolumeError,
    MissingAttributeError,
    MixedValuesError,
)
from highdicom.frames.index import FrameIndex
from highdicom.image import access
from highdicom.image.matching import (
    COLUMN,
    OFFSETS,
    ROW,
    check_distinct,
    check_on_grid,
    is_same_grid,
    matching_rows,
)
from highdicom.image.sources import SourceImages
from highdicom.records import record, replace
from highdicom.spatial.stacking import StackingRules, volume_positions

__all__ = [
    "Planes",
    "form_regular_stack",
    "planes_at",
    "planes_of_sources",
    "planes_of_tiles",
    "planes_of_volume",
    "rows_of_further",
    "shared_groups",
]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]
Size = tuple[int, int]

_DIGITS = 10  # of distances of planes
_SAME_DISTANCE = 1e-5  # relative difference of distances that are said to be equal

_KEYWORDS = {
    None: (),
    CoordinateSystemNames.PATIENT: ("ImagePositionPatient",),
    CoordinateSystemNames.SLIDE: (COLUMN, ROW, *OFFSETS),
}


@record
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
    total_pixel_matrix: Size | None = None

    @property
    def matrix_origin(self) -> tuple[float, float, float]:
        """Offsets (x, y, z) of the first pixel of the total pixel matrix.

        Raises
        ------
        MissingAttributeError
            If orientation or spacing is not known.

        """
        if self.orientation is None or self.pixel_measures is None:
            raise MissingAttributeError(
                "Tiles need an orientation and the spacing of pixels.",
                keyword="PixelSpacing",
            )
        first = int(np.lexsort((self.columns[COLUMN], self.columns[ROW]))[0])
        cosines = np.asarray(self.orientation.cosines)
        between_rows, between_columns = self.pixel_measures.pixel_spacing
        corner = np.array([self.columns[keyword][first] for keyword in OFFSETS])
        origin = (
            corner
            - (self.columns[COLUMN][first] - 1) * between_columns * cosines[:3]
            - (self.columns[ROW][first] - 1) * between_rows * cosines[3:]
        )
        return float(origin[0]), float(origin[1]), float(origin[2])


def measures_of(sources: SourceImages) -> PixelMeasuresSequence:
    """Pixel measures that all frames of the source images share.

    Raises
    ------
    MissingAttributeError
        If they have none.
    InvalidArgumentError
        If they differ.

    """
    index = sources.index
    if "PixelSpacing" not in index.columns:
        raise MissingAttributeError(
            "The source images lack PixelSpacing.", keyword="PixelSpacing"
        )
    return PixelMeasuresSequence(
        pixel_spacing=_shared(index, "PixelSpacing", "pixel_measures"),
        slice_thickness=_slice_thickness(index),
        spacing_between_slices=_shared_number(index, "SpacingBetweenSlices"),
    )


def _shared(index: FrameIndex, keyword: str, argument: str) -> list[float]:
    try:
        return [float(value) for value in np.asarray(index.shared(keyword))]
    except MixedValuesError as error:
        raise InvalidArgumentError(
            f"'source_images' must share {keyword} unless '{argument}' is given. {error}"
        ) from error


def _slice_thickness(index: FrameIndex) -> float | None:
    """Thickness that all frames share or, if there is none, the distance of slices.

    Raises
    ------
    MissingAttributeError
        If neither is known of images in the patient.

    """
    thickness = _shared_number(index, "SliceThickness")
    if thickness is not None or "ImagePositionPatient" not in index.columns:
        return thickness
    positions = np.unique(index.column("ImagePositionPatient"), axis=0)
    if len(positions) < 2:
        raise MissingAttributeError(
            "The source images lack SliceThickness: give 'pixel_measures' instead.",
            keyword="SliceThickness",
        )
    # All distances from the first one are multiples of the least.
    apart = np.linalg.norm(positions[1:] - positions[:1], axis=1)
    return float(apart.min())


def _shared_number(index: FrameIndex, keyword: str) -> float | None:
    if keyword not in index.columns or not index.is_shared(keyword):
        return None
    value = float(index.shared(keyword))
    return value if np.isfinite(value) else None


def orientation_of(sources: SourceImages) -> PlaneOrientationSequence | None:
    """Orientation that all frames of the source images share.

    Raises
    ------
    MissingAttributeError
        If they lie on a slide and have none.
    InvalidArgumentError
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
        return PlaneOrientationSequence(system, [float(cosine) for cosine in cosines])
    cosines = _shared(sources.index, "ImageOrientationPatient", "plane_orientation")
    return PlaneOrientationSequence(system, cosines)


def planes_of_sources(sources: SourceImages) -> Planes:
    """Planes that lie where the source frames lie, in their order.

    Raises
    ------
    InvalidArgumentError
        If frames differ in what they have to share, or nothing tells where they lie.
    MissingAttributeError
        If they lack the spacing of pixels.

    """
    index = sources.index
    system = sources.coordinate_system
    if system is None and not sources.is_multi_frame and len(sources.datasets) > 1:
        raise InvalidArgumentError(
            f"'source_images' must be a single image, not {len(sources.datasets)}, "
            "unless they have a frame of reference and positions in it."
        )
    columns = {keyword: index.column(keyword) for keyword in _KEYWORDS[system]}
    size = int(sources.first.Rows), int(sources.first.Columns)
    return Planes(
        count=len(index),
        columns=columns,
        coordinate_system=system,
        pixel_measures=measures_of(sources) if system else None,
        orientation=orientation_of(sources),
        source_rows=np.arange(len(index)),
        total_pixel_matrix=sources.total_pixel_matrix or _extent(columns, size),
    )


def _extent(columns: Mapping[str, Array], size: Size) -> Size | None:
    """Rows and columns of the smallest total pixel matrix that holds all tiles."""
    if ROW not in columns:
        return None
    rows, columns_ = (int(columns[keyword].max()) - 1 for keyword in (ROW, COLUMN))
    return rows + size[0], columns_ + size[1]


def planes_at(
    sources: SourceImages,
    plane_positions: Sequence[PlanePositionSequence] | None,
    plane_orientation: PlaneOrientationSequence | None,
    pixel_measures: PixelMeasuresSequence | None,
    *,
    size: Size | None = None,
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
    size
        Rows and columns of the planes; those of the source images if not given.

    Raises
    ------
    ArgumentTypeError
        If something is of the wrong type.
    ConflictingArgumentsError
        If something is given, and the source images have no frame of reference.
    InvalidArgumentError
        If something refers to another coordinate system than the source images, or
        several planes lie in the same place.

    """
    system = sources.coordinate_system
    _check_geometry(system, plane_positions, plane_orientation, pixel_measures)
    is_inherited = plane_orientation is None and pixel_measures is None
    if plane_positions is None and is_inherited:
        planes = planes_of_sources(sources)
        check_distinct(planes.columns, planes.orientation)
        return _with_distance_of_planes(planes)
    orientation = plane_orientation or orientation_of(sources)
    measures = pixel_measures or measures_of(sources)
    known = {keyword: sources.index.column(keyword) for keyword in _KEYWORDS[system]}
    own_size = int(sources.first.Rows), int(sources.first.Columns)
    size = size or own_size
    columns = known
    matrix = sources.total_pixel_matrix
    if plane_positions is not None:
        columns = _position_columns(plane_positions, system)
        matrix = _extent(columns, size)
    check_distinct(columns, orientation)
    check_on_grid(columns, orientation, measures)
    count = len(next(iter(columns.values())))
    rows = np.full(count, -1, np.int64)
    if size == own_size and _has_same_grid(sources, orientation, measures):
        rows = matching_rows(columns, known, orientation)
    planes = Planes(
        count=count,
        columns=columns,
        coordinate_system=system,
        pixel_measures=measures,
        orientation=orientation,
        source_rows=rows,
        total_pixel_matrix=matrix,
    )
    if pixel_measures is not None and "SpacingBetweenSlices" in pixel_measures[0]:
        return planes
    return _with_distance_of_planes(planes)


def _with_distance_of_planes(planes: Planes) -> Planes:
    """Let pixel measures tell how far the planes in a patient are apart.

    The frames do not tell where those of them that are empty are left out. What source
    images say is replaced, and left out if the planes are on no grid of that spacing.
    """
    measures = planes.pixel_measures
    column = planes.columns.get("ImagePositionPatient")
    if column is None or planes.orientation is None or measures is None:
        return planes
    if planes.count < 2:
        return planes
    spacing = _distance_of_planes(
        np.asarray(column, np.float64),
        planes.orientation.cosines,
        measures.spacing_between_slices,
    )
    if spacing == measures.spacing_between_slices:
        return planes
    told = PixelMeasuresSequence(
        measures.pixel_spacing, measures.slice_thickness, spacing
    )
    return replace(planes, pixel_measures=told)


def _distance_of_planes(
    positions: npt.NDArray[np.float64],
    cosines: Sequence[float],
    expected: float | None,
) -> float | None:
    try:
        found = volume_positions(positions, cosines).spacing
    except IrregularVolumeError:
        if not expected:
            return None
        rules = StackingRules(allow_missing_positions=True, spacing_hint=expected)
        try:
            volume_positions(positions, cosines, rules)
        except IrregularVolumeError:
            return None
        return expected
    if expected and np.isclose(found, abs(expected), rtol=_SAME_DISTANCE, atol=0.0):
        return abs(expected)
    # Positions are decimal strings: further digits are those of their rounding.
    return float(f"{found:.{_DIGITS}g}")


def _check_geometry(
    system: CoordinateSystemNames | None,
    positions: Sequence[PlanePositionSequence] | None,
    orientation: PlaneOrientationSequence | None,
    measures: PixelMeasuresSequence | None,
) -> None:
    named: list[tuple[str, object, type]] = [
        ("plane_orientation", orientation, PlaneOrientationSequence),
        ("pixel_measures", measures, PixelMeasuresSequence),
    ]
    if positions is not None and len(positions) == 0:
        raise InvalidArgumentError("'plane_positions' must not be empty.")
    for number, position in enumerate(positions or ()):
        named.append((f"plane_positions[{number}]", position, PlanePositionSequence))
    for name, value, kind in named:
        if value is None:
            continue
        if not isinstance(value, kind):
            raise ArgumentTypeError(
                f"'{name}' must be a {kind.__name__}, not {type(value).__name__}."
            )
        if system is None:
            raise ConflictingArgumentsError(
                f"'{name}' must not be given, since the source images have no frame of "
                "reference."
            )
        if isinstance(value, PixelMeasuresSequence):
            continue
        theirs = value.coordinate_system  # type: ignore[attr-defined]
        if theirs is not system:
            raise InvalidArgumentError(
                f"'{name}' refers to the coordinate system {theirs.value}, where that "
                f"of the source images is {system.value}."
            )


def _position_columns(
    positions: Sequence[PlanePositionSequence], system: CoordinateSystemNames | None
) -> dict[str, Array]:
    items = [position[0] for position in positions]
    return {
        keyword: np.array(
            [item[keyword].value for item in items],
            np.int64 if keyword in {ROW, COLUMN} else np.float64,
        )
        for keyword in _KEYWORDS[system]
    }


def _has_same_grid(
    sources: SourceImages,
    orientation: PlaneOrientationSequence | None,
    measures: PixelMeasuresSequence,
) -> bool:
    """Whether rows and columns run as those of the source images."""
    try:
        theirs = orientation_of(sources)
        their_measures = measures_of(sources)
    except (InvalidArgumentError, MissingAttributeError):
        return False
    if theirs is None or orientation is None:
        return False
    return is_same_grid((orientation, measures), (theirs, their_measures))


def rows_of_further(
    sources: SourceImages, planes: Planes, size: Size
) -> Iterator[tuple[SourceImages, Integers]]:
    """Find the frames of further source images that show the same pixels as planes.

    Parameters
    ----------
    sources
        Source images with the further ones.
    planes
        Planes of the new image.
    size
        Rows and columns of the planes.

    Yields
    ------
    tuple
        Images that belong together, and the row of the frame of theirs for each plane,
        shape (p,), -1 where there is none.

    """
    orientation, measures = planes.orientation, planes.pixel_measures
    system = planes.coordinate_system
    if orientation is None or measures is None:
        return
    for further in sources.groups_of_further:
        first = further.first
        is_same_space = (
            further.coordinate_system is system
            and first.FrameOfReferenceUID == sources.first.FrameOfReferenceUID
        )
        if not is_same_space or size != (int(first.Rows), int(first.Columns)):
            continue
        if _has_same_grid(further, orientation, measures):
            known = {
                keyword: further.index.column(keyword) for keyword in _KEYWORDS[system]
            }
            yield further, matching_rows(planes.columns, known, orientation)


def planes_of_volume(
    sources: SourceImages, geometry: "volume.VolumeGeometry"
) -> Planes:
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
    check_frame_of_reference(sources, geometry)
    positions = list(geometry.get_plane_positions())
    measures = geometry.get_pixel_measures()
    _, rows, columns = geometry.spatial_shape
    return planes_at(
        sources,
        positions,
        geometry.get_plane_orientation(),
        measures,
        size=(rows, columns),
    )


def check_frame_of_reference(
    sources: SourceImages, geometry: "volume.VolumeGeometry"
) -> None:
    """Refuse a volume that lies elsewhere than the source images.

    Raises
    ------
    InvalidArgumentError
        If its coordinate system or frame of reference is another one.

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


def planes_of_tiles(
    sources: SourceImages,
    matrix: Size,
    tile: Size,
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

    Raises
    ------
    ArgumentTypeError
        If something is of the wrong type.
    InvalidArgumentError
        If something refers to another coordinate system, the position is not that of
        the first pixel of the matrix, or the matrix is not that of the source image
        and nothing is given of its geometry.

    """
    given = (plane_orientation, pixel_measures, plane_position)
    _check_geometry(
        sources.coordinate_system,
        None if plane_position is None else [plane_position],
        plane_orientation,
        pixel_measures,
    )
    if all(part is None for part in given) and matrix != sources.total_pixel_matrix:
        raise InvalidArgumentError(
            f"'pixel_array' has {matrix[0]} rows and {matrix[1]} columns, where the "
            f"total pixel matrix of the source image has {sources.total_pixel_matrix}, "
            "and no geometry of its own is given."
        )
    source = access.image_geometry(sources.first, None, for_total_pixel_matrix=True)
    orientation = plane_orientation or orientation_of(sources)
    measures = pixel_measures or measures_of(sources)
    if orientation is None:
        raise MissingAttributeError(
            "The source image lacks ImageOrientationSlide.",
            keyword="ImageOrientationSlide",
        )
    origin = tuple(float(value) for value in source.position)
    if plane_position is not None:
        item = plane_position[0]
        if (item[ROW].value, item[COLUMN].value) != (1, 1):
            raise InvalidArgumentError(
                "'plane_positions' must be that of row 1 and column 1 of the total pixel "
                f"matrix, not of row {item[ROW].value} and column "
                f"{item[COLUMN].value}."
            )
        origin = plane_position.image_position
    positions = _tile_positions(
        matrix, tile, np.asarray(origin), np.asarray(orientation.cosines), measures
    )
    count = len(positions[ROW])
    source_rows = np.full(count, -1, np.int64)
    own_tile = int(sources.first.Rows), int(sources.first.Columns)
    if tile == own_tile and _has_same_grid(sources, orientation, measures):
        known = {
            keyword: sources.index.column(keyword)
            for keyword in _KEYWORDS[CoordinateSystemNames.SLIDE]
        }
        source_rows = matching_rows(positions, known, orientation)
    return Planes(
        count=count,
        columns=positions,
        coordinate_system=CoordinateSystemNames.SLIDE,
        pixel_measures=measures,
        orientation=orientation,
        source_rows=source_rows,
        total_pixel_matrix=matrix,
    )


def _tile_positions(
    matrix: Size,
    tile: Size,
    origin: npt.NDArray[np.float64],
    cosines: npt.NDArray[np.float64],
    measures: PixelMeasuresSequence,
) -> dict[str, Array]:
    starts = [np.arange(0, size, step) for size, step in zip(matrix, tile, strict=True)]
    rows, columns = (grid.reshape(-1) for grid in np.meshgrid(*starts, indexing="ij"))
    between_rows, between_columns = measures.pixel_spacing
    points = (
        origin
        + columns[:, None] * between_columns * cosines[:3]
        + rows[:, None] * between_rows * cosines[3:]
    )
    return {
        COLUMN: columns + 1,
        ROW: rows + 1,
        **{keyword: points[:, axis] for axis, keyword in enumerate(OFFSETS)},
    }


def form_regular_stack(planes: Planes, plane_of_frame: Integers) -> bool:
    """Tell whether frames are equidistant slices, two at least, each in its place once.

    Parameters
    ----------
    planes
        The planes.
    plane_of_frame
        Zero-based plane of each frame, shape (n,).

    """
    column = planes.columns.get("ImagePositionPatient")
    if column is None or planes.orientation is None or len(plane_of_frame) < 2:
        return False
    positions = np.asarray(column, np.float64)[plane_of_frame]
    try:
        volume_positions(positions, [float(c) for c in planes.orientation.cosines])
    except IrregularVolumeError:
        return False
    return True


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
