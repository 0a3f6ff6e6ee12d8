"""What the attributes of an image say of its geometry."""

import numpy as np
from pydicom.dataset import Dataset

from highdicom.enum import CoordinateSystemNames
from highdicom.errors import ArgumentTypeError, FrameNumberError, InvalidAttributeError
from highdicom.spatial.kind import get_image_coordinate_system
from highdicom.spatial.plane import (
    PlaneGeometry,
    frame_in_patient,
    frame_on_slide,
    plane_in_patient,
    total_pixel_matrix_geometry,
)
from highdicom.spatial.reading import (
    PER_FRAME,
    SHARED,
    MissingGeometryError,
    image_dataset,
    integer,
    items_of,
    value_of,
)
from highdicom.spatial.tiled_full import is_tiled_full, tiled_full_frame


def has_functional_groups(dataset: Dataset) -> bool:
    """Tell whether an image describes its frames by functional groups."""
    return SHARED in dataset or PER_FRAME in dataset


def frame_geometry(dataset: Dataset, frame_number: int | None = None) -> PlaneGeometry:
    """Read the place of a frame.

    Parameters
    ----------
    dataset
        Single-frame or multi-frame image, tiled or not.
    frame_number
        One-based number of the frame. It must be given for multi-frame images and may
        be one for others.

    Raises
    ------
    ArgumentTypeError
        If the number is not an integer, missing for a multi-frame image, or other than
        one for a single-frame image.
    FrameNumberError
        If there is no such frame.
    MissingGeometryError
        If an attribute is missing; it is an AttributeError and a ValueError.
    InvalidAttributeError
        If an attribute has an impossible value.

    """
    image = image_dataset(dataset)
    system = get_image_coordinate_system(image)
    if system is None:
        raise MissingGeometryError(
            "The image has no spatial information: its Frame of Reference UID, or its "
            "position or orientation, is missing.",
            keyword="FrameOfReferenceUID",
        )
    frame = _frame_index(image, frame_number)
    if not has_functional_groups(image):
        return plane_in_patient(image, frame)
    if system is CoordinateSystemNames.PATIENT:
        return frame_in_patient(image, frame)
    if is_tiled_full(image):
        return tiled_full_frame(image, frame)
    return frame_on_slide(image, frame)


def _frame_index(image: Dataset, frame_number: object) -> int:
    """Zero-based index of a frame, within the number of frames."""
    count = _number_of_frames(image)
    if not has_functional_groups(image) and count == 1:
        if frame_number is not None and frame_number != 1:
            raise ArgumentTypeError(
                "'frame_number' must be None or 1 for a single-frame image, not "
                f"{frame_number!r}."
            )
        return 0
    if not isinstance(frame_number, (int, np.integer)):
        raise ArgumentTypeError(
            "'frame_number' must be an integer for a multi-frame image, not "
            f"{frame_number!r}."
        )
    if not 1 <= frame_number <= count:
        raise FrameNumberError(
            f"There is no frame {frame_number}: the image has frames 1 to {count}.",
            frame_numbers=(int(frame_number),),
        )
    return int(frame_number) - 1


def _number_of_frames(image: Dataset) -> int:
    if not is_tiled_full(image):
        items = items_of(image, PER_FRAME)
        if items is not None:
            return len(items)
    return integer(image, "NumberOfFrames", default=1)


def image_geometry(
    dataset: Dataset, frame_number: int | None, for_total_pixel_matrix: bool
) -> PlaneGeometry:
    """Read the place of a frame or of the total pixel matrix.

    Errors are those of :func:`frame_geometry`.
    """
    if not for_total_pixel_matrix:
        return frame_geometry(dataset, frame_number)
    if get_image_coordinate_system(dataset) is None:
        raise MissingGeometryError(
            "The image has no spatial information: its Frame of Reference UID, or its "
            "orientation, is missing.",
            keyword="FrameOfReferenceUID",
        )
    return total_pixel_matrix_geometry(dataset)


def slice_spacing(geometry: PlaneGeometry) -> float:
    """Distance that is one along the slice axis, one millimetre if none is stored."""
    if geometry.spacing_between_slices == 0.0:
        raise InvalidAttributeError(
            "SpacingBetweenSlices must not be zero.", keyword="SpacingBetweenSlices"
        )
    return geometry.spacing_between_slices or 1.0


def check_frame_of_reference(dataset_from: Dataset, dataset_to: Dataset) -> None:
    """Refuse images that have no common frame of reference.

    Raises
    ------
    MissingGeometryError
        If an image has none.
    InvalidAttributeError
        If they differ.

    """
    keyword = "FrameOfReferenceUID"
    uids = [
        value_of(image_dataset(dataset, name), keyword)
        for dataset, name in (
            (dataset_from, "dataset_from"),
            (dataset_to, "dataset_to"),
        )
    ]
    if None in uids:
        raise MissingGeometryError(
            f"The images cannot be related to each other: {keyword} is missing.",
            keyword=keyword,
        )
    if uids[0] != uids[1]:
        raise InvalidAttributeError(
            "The images cannot be related to each other: their frames of reference "
            "differ.",
            keyword=keyword,
        )
