"""Where the frames of an image lie in a volume."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.enum import CoordinateSystemNames
from highdicom.errors import IrregularVolumeError, MissingAttributeError
from highdicom.frames.index import FrameIndex
from highdicom.spatial.dataset import image_geometry, slice_spacing
from highdicom.spatial.stacking import StackingRules, volume_positions
from highdicom.volume.volume import VolumeGeometry

__all__ = ["Stack", "stack_of_frames", "stack_of_tiles"]

_SLIDE_Z = "ZOffsetInSlideCoordinateSystem"


@dataclass(frozen=True)
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


def stack_of_frames(dataset: Dataset, index: FrameIndex, rules: StackingRules) -> Stack:
    """Put frames that lie in the patient into a volume.

    Parameters
    ----------
    dataset
        Image, or one of a series, that gives what all frames share.
    index
        The frames.
    rules
        What is allowed of their positions.

    Raises
    ------
    MissingAttributeError
        If position, orientation or spacing is missing.
    MixedValuesError
        If frames differ in orientation or spacing of pixels.
    IrregularVolumeError
        If the frames do not lie on a regular grid.

    """
    positions = np.asarray(index.column("ImagePositionPatient"), np.float64)
    orientation = index.shared("ImageOrientationPatient")
    spacing = index.shared("PixelSpacing")
    hint = _optional_shared(index, "SpacingBetweenSlices")
    if hint is None and len(np.unique(positions, axis=0)) == 1:
        hint = _optional_shared(index, "SliceThickness")
    if hint is not None:
        rules = _with_hint(rules, hint)
    placed = volume_positions(positions, orientation, rules)
    first = int(np.argmin(placed.slots))
    geometry = VolumeGeometry.from_attributes(
        image_position=positions[first].tolist(),
        image_orientation=np.asarray(orientation).tolist(),
        rows=int(dataset.Rows),
        columns=int(dataset.Columns),
        pixel_spacing=np.asarray(spacing).tolist(),
        spacing_between_slices=placed.spacing,
        number_of_frames=placed.number_of_slices,
        coordinate_system=CoordinateSystemNames.PATIENT,
        frame_of_reference_uid=dataset.get("FrameOfReferenceUID"),
    )
    return Stack(geometry, placed.slots)


def _with_hint(rules: StackingRules, hint: float) -> StackingRules:
    return StackingRules(**{**vars(rules), "spacing_hint": hint})


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
    depths, slots = _focal_planes(index)
    spacing = slice_spacing(plane) if len(depths) == 1 else float(depths[1] - depths[0])
    if len(depths) > 1 and not np.allclose(np.diff(depths), spacing, rtol=0.01):
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
        rows=int(dataset.TotalPixelMatrixRows),
        columns=int(dataset.TotalPixelMatrixColumns),
        pixel_spacing=np.asarray(plane.pixel_spacing).tolist(),
        spacing_between_slices=spacing,
        number_of_frames=len(depths),
        coordinate_system=CoordinateSystemNames.SLIDE,
        frame_of_reference_uid=dataset.get("FrameOfReferenceUID"),
    )
    return Stack(geometry, slots)


def _focal_planes(
    index: FrameIndex,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Distinct depths in millimetres, and which of them each tile has."""
    if _SLIDE_Z not in index.columns:
        return np.array([np.nan]), np.zeros(len(index), np.int64)
    depths, slots = np.unique(
        np.asarray(index.column(_SLIDE_Z), np.float64), return_inverse=True
    )
    return depths, slots.astype(np.int64)
