"""Where the frames of an image lie in a volume."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.enum import CoordinateSystemNames
from highdicom.errors import IrregularVolumeError, MissingAttributeError
from highdicom.frames.columns import is_absent
from highdicom.frames.index import FrameIndex
from highdicom.policy import tolerate
from highdicom.records import record, replace
from highdicom.spatial.dataset import image_geometry, slice_spacing
from highdicom.spatial.reading import MissingGeometryError, integer
from highdicom.spatial.stacking import StackingRules, volume_positions
from highdicom.spatial.tiled_full import is_tiled_full
from highdicom.volume.channels import RGB_COLOR_CHANNEL_DESCRIPTOR
from highdicom.volume.volume import Volume, VolumeGeometry

__all__ = [
    "Stack",
    "UnknownGeometryError",
    "check_tiles_differ",
    "column_of_all",
    "stack_of_frames",
    "stack_of_tiles",
]

_POSITION = "ImagePositionPatient"
_SLIDE_Z = "ZOffsetInSlideCoordinateSystem"
_TILE_CORNER = (
    "RowPositionInTotalImagePixelMatrix",
    "ColumnPositionInTotalImagePixelMatrix",
)
# Relative difference between distances that are meant to be the same.
_SAME_SPACING = 0.1


class UnknownGeometryError(MissingGeometryError, RuntimeError):
    """An attribute is missing that says where frames lie in the patient."""


@record
class Stack:
    """Frames in a volume.

    Parameters
    ----------
    geometry
        Geometry of the volume.
    slots
        Zero-based slice of each frame, shape (n,).

    """

    geometry: VolumeGeometry
    slots: npt.NDArray[np.int64]

    def volume(
        self, array: npt.NDArray[Any], region: tuple[slice, slice, slice] | None = None
    ) -> Volume:
        """Make a volume of an array.

        Parameters
        ----------
        array
            Values (slice, row, column[, 3]), colours along the last axis.
        region
            Part of the volume that the array is, zero-based; all of it if not given.

        """
        geometry = self.geometry if region is None else self.geometry[region]
        return Volume(
            array,
            geometry.affine,
            coordinate_system=geometry.coordinate_system,
            frame_of_reference_uid=geometry.frame_of_reference_uid,
            channels={RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "G", "B"]}
            if array.ndim == 4
            else None,
        )


def stack_of_frames(
    dataset: Dataset,
    index: FrameIndex,
    rules: StackingRules,
    *,
    expects_spacing: bool = True,
) -> Stack:
    """Put frames that lie in the patient into a volume.

    Parameters
    ----------
    dataset
        Image, or one of a series, that gives what all frames share.
    index
        The frames.
    rules
        What is allowed of their positions.
    expects_spacing
        Whether the distance between frames at different positions must be Spacing
        Between Slices, where all frames agree in that.

    Raises
    ------
    UnknownGeometryError
        If position, orientation, spacing or frame of reference is missing.
    MixedValuesError
        If frames differ in orientation or spacing of pixels.
    IrregularVolumeError
        If the frames do not lie on a regular grid.

    """
    try:
        positions = column_of_all(index, _POSITION)
        orientation = index.shared("ImageOrientationPatient")
        spacing = index.shared("PixelSpacing")
    except MissingAttributeError as error:
        raise UnknownGeometryError(str(error), keyword=error.keyword) from error
    frame_of_reference_uid = dataset.get("FrameOfReferenceUID")
    if not frame_of_reference_uid:
        raise UnknownGeometryError(
            "The frames have no coordinate system: FrameOfReferenceUID is missing.",
            keyword="FrameOfReferenceUID",
            sop_instance_uid=dataset.get("SOPInstanceUID"),
        )
    if expects_spacing or (positions == positions[:1]).all():
        hint = _optional_shared(index, "SpacingBetweenSlices")
        if hint is not None:
            rules = replace(rules, spacing_hint=hint)
    placed = volume_positions(positions, orientation, rules)
    first = int(np.argmin(placed.slots))
    geometry = VolumeGeometry.from_attributes(
        image_position=positions[first].tolist(),
        image_orientation=np.asarray(orientation).tolist(),
        rows=integer(dataset, "Rows"),
        columns=integer(dataset, "Columns"),
        pixel_spacing=np.asarray(spacing).tolist(),
        spacing_between_slices=placed.spacing,
        number_of_frames=placed.number_of_slices,
        coordinate_system=CoordinateSystemNames.PATIENT,
        frame_of_reference_uid=frame_of_reference_uid,
    )
    return Stack(geometry, placed.slots)


def column_of_all(index: FrameIndex, keyword: str) -> npt.NDArray[Any]:
    """Give the numbers of an attribute that no frame may lack.

    Raises
    ------
    MissingAttributeError
        If a frame has none.
    InvalidAttributeError
        If they cannot be read.

    """
    values = index.column(keyword)
    absent = np.flatnonzero(is_absent(values))
    if len(absent):
        raise MissingAttributeError(
            f"{len(absent)} of {len(index)} frames have no {keyword}, among them frame "
            f"{index.frames[absent[0]] + 1}.",
            keyword=keyword,
        )
    return values


def _optional_shared(index: FrameIndex, keyword: str) -> float | None:
    """Value that all frames share, if they do; zero says nothing."""
    try:
        value = index.shared(keyword)
    except (MissingAttributeError, RuntimeError):
        return None
    return float(value) if np.isfinite(value) and value != 0 else None


def stack_of_tiles(dataset: Dataset, index: FrameIndex) -> Stack:
    """Put the focal planes of a tiled image into a volume.

    Parameters
    ----------
    dataset
        Tiled image.
    index
        Its tiles.

    Raises
    ------
    IrregularVolumeError
        If focal planes are not equidistant.

    """
    plane = image_geometry(dataset, None, for_total_pixel_matrix=True)
    depths, slots = _focal_planes(dataset, index, plane.spacing_between_slices)
    spacing = slice_spacing(plane) if len(depths) == 1 else float(depths[1] - depths[0])
    if len(depths) > 1 and not np.allclose(np.diff(depths), spacing, rtol=0.01, atol=0):
        raise IrregularVolumeError(
            "Focal planes must be equidistant to form a volume; their distances are "
            f"{np.diff(depths).tolist()} mm.",
            deviation=float(np.abs(np.diff(depths) - spacing).max()),
        )
    position: Any = np.asarray(plane.position, np.float64).tolist()
    if np.isfinite(depths[0]):
        position[2] = float(depths[0])
    geometry = VolumeGeometry.from_attributes(
        image_position=position,
        image_orientation=np.asarray(plane.orientation).tolist(),
        rows=integer(dataset, "TotalPixelMatrixRows"),
        columns=integer(dataset, "TotalPixelMatrixColumns"),
        pixel_spacing=np.asarray(plane.pixel_spacing).tolist(),
        spacing_between_slices=spacing,
        number_of_frames=len(depths),
        coordinate_system=CoordinateSystemNames.SLIDE,
        frame_of_reference_uid=dataset.get("FrameOfReferenceUID"),
    )
    return Stack(geometry, slots)


def check_tiles_differ(index: FrameIndex, slots: npt.NDArray[np.int64]) -> None:
    """Refuse tiles at the same place of the same focal plane.

    Parameters
    ----------
    index
        The tiles.
    slots
        Zero-based focal plane of each.

    Raises
    ------
    IrregularVolumeError
        If there are such.

    """
    places = [slots, *(column_of_all(index, keyword) for keyword in _TILE_CORNER)]
    distinct, counts = np.unique(np.stack(places, axis=1), axis=0, return_counts=True)
    if len(distinct) < len(index):
        _, row, column = distinct[np.argmax(counts)].tolist()
        raise IrregularVolumeError(
            f"{counts.max()} tiles lie at row {row} and column {column} of the total "
            "pixel matrix."
        )


def _focal_planes(
    dataset: Dataset, index: FrameIndex, spacing: float | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Distinct depths in millimetres, and which of them each tile has."""
    if _SLIDE_Z not in index.columns:
        return np.array([np.nan]), np.zeros(len(index), np.int64)
    depths, slots = np.unique(index.column(_SLIDE_Z), return_inverse=True)
    if len(depths) > 1 and not is_tiled_full(dataset):
        depths = depths / _units_per_millimetre(
            float(depths[1] - depths[0]), spacing, getattr(dataset, "filename", None)
        )
    return depths, slots.astype(np.int64)


def _units_per_millimetre(
    distance: float, spacing: float | None, file: str | None
) -> float:
    """Unit of Z offsets: micrometres (PS3.3 C.8.12.6.1), though some write millimetres.

    Only Spacing Between Slices, which is in millimetres, can tell.
    """
    if spacing and abs(distance / spacing - 1.0) < _SAME_SPACING:
        tolerate(
            "the values are millimetres, not micrometres",
            "distances of focal planes are those of SpacingBetweenSlices",
            keyword=_SLIDE_Z,
            source=file,
            stacklevel=7,
        )
        return 1.0
    return 1000.0
