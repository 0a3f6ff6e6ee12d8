"""Place of an image plane, read from attributes (PS3.3 C.7.6.2, C.7.6.16.2, C.8.12)."""

import numpy as np
from pydicom.dataset import Dataset

from highdicom.errors import InvalidAttributeError
from highdicom.policy import tolerate
from highdicom.records import record
from highdicom.spatial.arguments import FloatArray
from highdicom.spatial.orientation import (
    COSINE_TOLERANCE,
    get_normal_vector,
    orientation_deviation,
)
from highdicom.spatial.reading import (
    PER_FRAME,
    MissingGeometryError,
    group_items,
    group_numbers,
    image_dataset,
    integer,
    items_of,
    missing,
    numbers,
    required_group_numbers,
    required_numbers,
)

# Direction cosines are read as they are up to here, and reported beyond.
_REPORTED_DEVIATION = 1e-3
_ORIGIN = "TotalPixelMatrixOriginSequence"


@record
class PlaneGeometry:
    """Place of one image plane in the reference coordinate system.

    Parameters
    ----------
    position
        Centre of the first pixel in millimetres, shape (3,).
    orientation
        Direction cosines of a row and of a column, shape (6,).
    pixel_spacing
        Distance between rows and between columns in millimetres, shape (2,).
    spacing_between_slices
        Distance between slices in millimetres, None if it is not stored.

    Raises
    ------
    InvalidAttributeError
        If the direction cosines or the pixel spacing are impossible.

    """

    position: FloatArray
    orientation: FloatArray
    pixel_spacing: FloatArray
    spacing_between_slices: float | None

    def __post_init__(self) -> None:
        """Check what can be checked."""
        if (self.pixel_spacing <= 0.0).any():
            raise InvalidAttributeError(
                f"PixelSpacing must be positive, but is {self.pixel_spacing.tolist()}.",
                keyword="PixelSpacing",
            )


def check_orientation(orientation: FloatArray, keyword: str) -> None:
    """Refuse impossible direction cosines and report inexact ones.

    Parameters
    ----------
    orientation
        Direction cosines of a row and of a column, shape (..., 6).
    keyword
        Attribute they come from.

    Raises
    ------
    InvalidAttributeError
        If a length differs from one, or the scalar product from zero, by more than
        0.02.
    NonconformantDatasetError
        If one differs by more than 0.001 and the reading policy is strict.

    Warns
    -----
    NonconformantDatasetWarning
        If one differs by more than 0.001 and the reading policy is to warn.

    """
    deviation = orientation_deviation(orientation)
    if deviation > COSINE_TOLERANCE:
        raise InvalidAttributeError(
            f"{keyword} must hold two perpendicular unit vectors, but deviates from "
            f"that by {deviation:.3g}.",
            keyword=keyword,
        )
    if deviation > _REPORTED_DEVIATION:
        tolerate(
            f"the direction cosines deviate by {deviation:.3g} from two perpendicular "
            "unit vectors",
            "they are used as they are",
            keyword=keyword,
            stacklevel=4,
        )


def plane_in_patient(dataset: Dataset, frame: int = 0) -> PlaneGeometry:
    """Read the place of an image without functional groups (PS3.3 C.7.6.2).

    Parameters
    ----------
    dataset
        Single-frame image, or RT Dose.
    frame
        Zero-based index of the frame. The first one is at the image position, others
        where the Grid Frame Offset Vector says (PS3.3 C.8.8.3.2).

    Raises
    ------
    MissingGeometryError
        If an attribute is missing.
    InvalidAttributeError
        If an attribute has an impossible value.

    """
    orientation = required_numbers(dataset, "ImageOrientationPatient", 6)
    check_orientation(orientation, "ImageOrientationPatient")
    position = required_numbers(dataset, "ImagePositionPatient", 3)
    if frame > 0:
        position = position + _dose_offset(dataset, frame, position, orientation)
    return PlaneGeometry(
        position,
        orientation,
        required_numbers(dataset, "PixelSpacing", 2),
        _single(numbers(dataset, "SpacingBetweenSlices", 1)),
    )


def _dose_offset(
    dataset: Dataset, frame: int, position: FloatArray, orientation: FloatArray
) -> FloatArray:
    """Step from the first frame of a dose grid to another one."""
    keyword = "GridFrameOffsetVector"
    count = integer(dataset, "NumberOfFrames")
    offsets = required_numbers(dataset, keyword, count)
    if offsets[0] == 0.0:
        step: FloatArray = offsets[frame] * get_normal_vector(orientation)
        return step
    is_transverse = np.abs(orientation).tolist() == [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    if offsets[0] != position[2] or not is_transverse:
        raise InvalidAttributeError(
            f"{keyword} must start with zero or, in transverse planes, with the z "
            f"coordinate of the image position, but starts with {offsets[0]:g}.",
            keyword=keyword,
        )
    return np.array([0.0, 0.0, offsets[frame] - offsets[0]])


def frame_in_patient(dataset: Dataset, frame: int) -> PlaneGeometry:
    """Read the place of a frame from its functional groups (PS3.3 C.7.6.16.2.3, .4).

    Parameters
    ----------
    dataset
        Image with functional groups.
    frame
        Zero-based index of the frame.

    Raises
    ------
    MissingGeometryError
        If an attribute is missing.
    InvalidAttributeError
        If an attribute has an impossible value.

    """
    orientation = required_group_numbers(
        dataset, "PlaneOrientationSequence", "ImageOrientationPatient", 6, frame
    )
    check_orientation(orientation, "ImageOrientationPatient")
    return PlaneGeometry(
        required_group_numbers(
            dataset, "PlanePositionSequence", "ImagePositionPatient", 3, frame
        ),
        orientation,
        *_pixel_measures(dataset, frame),
    )


def frame_on_slide(dataset: Dataset, frame: int) -> PlaneGeometry:
    """Read the place of a tile from its functional groups (PS3.3 C.8.12.6.1).

    Parameters
    ----------
    dataset
        Tiled image.
    frame
        Zero-based index of the frame.

    Raises
    ------
    MissingGeometryError
        If an attribute is missing.
    InvalidAttributeError
        If an attribute has an impossible value.

    """
    found = group_items(dataset, "PlanePositionSlideSequence", frame)
    if not found:
        raise missing("PlanePositionSlideSequence", f"{PER_FRAME}[{frame}]")
    path, item = found[-1]
    return PlaneGeometry(
        _offsets(item, path),
        _orientation_on_slide(dataset),
        *_pixel_measures(dataset, frame),
    )


def total_pixel_matrix_geometry(dataset: Dataset) -> PlaneGeometry:
    """Read the place of the total pixel matrix of a tiled image (PS3.3 C.8.12.14.1.2).

    Raises
    ------
    MissingGeometryError
        If an attribute is missing.
    InvalidAttributeError
        If an attribute has an impossible value.

    """
    origins = items_of(image_dataset(dataset), _ORIGIN)
    if origins is None:
        raise MissingGeometryError(
            f"The image is not a tiled image: {_ORIGIN} is missing.", keyword=_ORIGIN
        )
    return PlaneGeometry(
        # The Z offset is required only if it is not zero.
        _offsets(origins[0], f"{_ORIGIN}[0]", default_z=0.0),
        _orientation_on_slide(dataset),
        *_pixel_measures(dataset, None),
    )


def _orientation_on_slide(dataset: Dataset) -> FloatArray:
    orientation = required_numbers(dataset, "ImageOrientationSlide", 6)
    check_orientation(orientation, "ImageOrientationSlide")
    return orientation


def _offsets(item: Dataset, path: str, default_z: float | None = None) -> FloatArray:
    """X, Y and Z offset in the slide coordinate system."""
    x = required_numbers(item, "XOffsetInSlideCoordinateSystem", 1, path)
    y = required_numbers(item, "YOffsetInSlideCoordinateSystem", 1, path)
    z = numbers(item, "ZOffsetInSlideCoordinateSystem", 1, path)
    if z is None and default_z is None:
        raise missing("ZOffsetInSlideCoordinateSystem", path)
    return np.array([x[0], y[0], default_z if z is None else z[0]])


def _pixel_measures(
    dataset: Dataset, frame: int | None
) -> tuple[FloatArray, float | None]:
    """Pixel spacing and spacing between slices."""
    group = "PixelMeasuresSequence"
    return (
        required_group_numbers(dataset, group, "PixelSpacing", 2, frame),
        _single(group_numbers(dataset, group, "SpacingBetweenSlices", 1, frame)),
    )


def _single(values: FloatArray | None) -> float | None:
    return None if values is None else float(values[0])
