"""Order and spacing of the images of a series."""

from collections.abc import Sequence

import numpy as np
from pydicom.dataset import Dataset

from highdicom.enum import AxisHandedness, PixelIndexDirections
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
    IrregularVolumeError,
)
from highdicom.spatial.arguments import FloatArray
from highdicom.spatial.dataset import has_functional_groups
from highdicom.spatial.orientation import VOLUME_INDEX_CONVENTION
from highdicom.spatial.plane import check_orientation
from highdicom.spatial.reading import (
    image_dataset,
    integer,
    numbers,
    required_numbers,
    value_of,
)
from highdicom.spatial.stacking import (
    StackingRules,
    common_orientation,
    get_plane_sort_index,
    logger,
    volume_positions,
)


def get_series_volume_positions(  # noqa: PLR0913 (public signature)
    datasets: Sequence[Dataset],
    *,
    rtol: float | None = None,
    atol: float | None = None,
    perpendicular_tol: float | None = None,
    orientation_tol: float | None = None,
    sort: bool = True,
    allow_missing_positions: bool = False,
    allow_duplicate_positions: bool = False,
    index_convention: str
    | Sequence[PixelIndexDirections | str] = VOLUME_INDEX_CONVENTION,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
    enforce_handedness: bool = False,
) -> tuple[float | None, list[int] | None]:
    """Find out whether single-frame images form a volume, and the slice of each.

    Their Image Position and Orientation tell (PS3.3 C.7.6.2.1.1). Images with different orientations or in different frames of reference do not.
    Spacing Between Slices of the first image is the hint for the spacing if slices may
    be missing or there is only one image.

    Parameters
    ----------
    datasets
        Single-frame images in the patient-based coordinate system, at least one.
    rtol
        Largest deviation of the distance between neighbouring slices from the spacing,
        in parts of the spacing. 0.01 if neither this nor `atol` is given.
    atol
        The same in millimetres. Only one of the two may be given.
    perpendicular_tol
        Largest value of one minus the cosine of the angle between the normal and the
        line from the first slice to any other. 0.001 (2.56 degrees) if not given.
    orientation_tol
        Largest value of one minus the cosine of the angle between a row (or column) of
        one image and that of the first. If it is not given the direction cosines must
        be equal but for rounding (1e-6).
    sort
        Whether images may come in any order. Otherwise their order must be that of the
        slices, in one sense or the other.
    allow_missing_positions
        Whether slices may be missing. Requires `sort`.
    allow_duplicate_positions
        Whether several images may lie at the same position. Requires `sort`.
    index_convention
        Directions in which the indices within a slice grow.
    handedness
        Handedness of the slice index and these two: with `index_convention` it says at
        which end the first slice lies.
    enforce_handedness
        Whether images that are not to be sorted must come in the sense that
        `index_convention` and `handedness` ask for.

    Returns
    -------
    spacing: float | None
        Distance between slices in millimetres, or None if the images do not form a
        volume; the reason is logged. For a single image it is 1.0.
    volume_positions: list[int] | None
        Zero-based index of the slice to which each image belongs, or None.

    Raises
    ------
    ConflictingArgumentsError
        If both `rtol` and `atol` are given.
    InvalidArgumentError
        If there are no images, one is not single-frame, or a value is not allowed.
    MissingGeometryError
        If an image lacks its position or orientation.
    InvalidAttributeError
        If a position or orientation is impossible.

    Examples
    --------
    >>> from pydicom import Dataset
    >>> from highdicom.spatial import get_series_volume_positions
    >>> images = [Dataset(), Dataset(), Dataset()]
    >>> for image, z in zip(images, [4, 0, 2]):
    ...     image.ImagePositionPatient = [0, 0, z]
    ...     image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    >>> get_series_volume_positions(images)
    (2.0, [0, 2, 1])

    """
    images = _single_frame_images(datasets)
    # What a single image says of other slices says nothing of a volume of one.
    hint = None
    if allow_missing_positions and len(images) > 1:
        hint = _spacing_hint(images[0])
    rules = StackingRules(
        rtol=rtol,
        atol=atol,
        perpendicular_tol=perpendicular_tol,
        sort=sort,
        allow_missing_positions=allow_missing_positions,
        allow_duplicate_positions=allow_duplicate_positions,
        spacing_hint=hint,
        index_convention=index_convention,
        handedness=handedness,
        enforce_handedness=enforce_handedness,
    )
    image_positions = _column(images, "ImagePositionPatient", 3)
    try:
        orientation = _shared_orientation(images, orientation_tol)
        result = volume_positions(image_positions, orientation, rules)
    except IrregularVolumeError as error:
        logger.info("The images do not form a volume. %s", error)
        return None, None
    return result.spacing, result.slots.tolist()


def get_dataset_sort_index(
    datasets: Sequence[Dataset],
    index_convention: str
    | Sequence[PixelIndexDirections | str] = VOLUME_INDEX_CONVENTION,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> list[int]:
    """Sort single-frame images along the normal of their planes (PS3.3 C.7.6.2.1.1).

    Parameters
    ----------
    datasets
        Single-frame images in the patient-based coordinate system, at least one.
    index_convention
        Directions in which the indices within a slice grow.
    handedness
        Handedness of the slice index and these two: with `index_convention` it says at
        which end the first slice lies.

    Returns
    -------
    list[int]
        Zero-based indices of the images in order. Images at the same distance keep
        their order.

    Raises
    ------
    InvalidArgumentError
        If there are no images, one is not single-frame, or a value is not allowed.
    MissingGeometryError
        If an image lacks its position or orientation.
    InvalidAttributeError
        If a position or orientation is impossible, or the images differ in their
        orientation or frame of reference.

    Examples
    --------
    >>> from pydicom import Dataset
    >>> from highdicom.spatial import get_dataset_sort_index
    >>> images = [Dataset(), Dataset(), Dataset()]
    >>> for image, z in zip(images, [4, 0, 2]):
    ...     image.ImagePositionPatient = [0, 0, z]
    ...     image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    >>> get_dataset_sort_index(images)
    [0, 2, 1]

    """
    images = _single_frame_images(datasets)
    try:
        orientation = _shared_orientation(images, None)
    except IrregularVolumeError as error:
        raise InvalidAttributeError(
            f"The images cannot be sorted. {error}", keyword="ImageOrientationPatient"
        ) from error
    image_positions = _column(images, "ImagePositionPatient", 3)
    return get_plane_sort_index(
        image_positions, orientation, index_convention, handedness
    )


def sort_datasets(
    datasets: Sequence[Dataset],
    index_convention: str
    | Sequence[PixelIndexDirections | str] = VOLUME_INDEX_CONVENTION,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> list[Dataset]:
    """Give single-frame images in the order of their planes along the normal (PS3.3 C.7.6.2.1.1).

    Parameters
    ----------
    datasets
        Single-frame images in the patient-based coordinate system, at least one.
    index_convention
        Directions in which the indices within a slice grow.
    handedness
        Handedness of the slice index and these two: with `index_convention` it says at
        which end the first slice lies.

    Returns
    -------
    list[pydicom.Dataset]
        The same datasets. Images at the same distance keep their order.

    Raises
    ------
    InvalidArgumentError
        If there are no images, one is not single-frame, or a value is not allowed.
    MissingGeometryError
        If an image lacks its position or orientation.
    InvalidAttributeError
        If a position or orientation is impossible, or the images differ in their
        orientation or frame of reference.

    Examples
    --------
    >>> from pydicom import Dataset
    >>> from highdicom.spatial import sort_datasets
    >>> images = [Dataset(), Dataset(), Dataset()]
    >>> for image, z in zip(images, [4, 0, 2]):
    ...     image.ImagePositionPatient = [0, 0, z]
    ...     image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    >>> [float(image.ImagePositionPatient[2]) for image in sort_datasets(images)]
    [4.0, 2.0, 0.0]

    """
    order = get_dataset_sort_index(datasets, index_convention, handedness)
    return [datasets[index] for index in order]


def _single_frame_images(datasets: object) -> list[Dataset]:
    if isinstance(datasets, Dataset) or not isinstance(datasets, Sequence):
        raise ArgumentTypeError("'datasets' must be a sequence of datasets.")
    images = [
        image_dataset(item, f"datasets[{index}]") for index, item in enumerate(datasets)
    ]
    if not images:
        raise InvalidArgumentError("'datasets' must not be empty.")
    for index, image in enumerate(images):
        if (
            has_functional_groups(image)
            or integer(image, "NumberOfFrames", default=1) > 1
        ):
            raise InvalidArgumentError(
                f"'datasets' must hold single-frame images, but datasets[{index}] is a "
                "multi-frame image."
            )
    return images


def _column(images: list[Dataset], keyword: str, count: int) -> FloatArray:
    """Values of an attribute of all images, one row for each."""
    return np.stack(
        [
            required_numbers(image, keyword, count, f"datasets[{index}]")
            for index, image in enumerate(images)
        ]
    )


def _shared_orientation(
    images: list[Dataset], orientation_tol: float | None
) -> FloatArray:
    orientations = _column(images, "ImageOrientationPatient", 6)
    check_orientation(orientations, "ImageOrientationPatient")
    uids = [value_of(image, "FrameOfReferenceUID") for image in images]
    other = next((index for index, uid in enumerate(uids) if uid != uids[0]), None)
    if other is not None:
        raise IrregularVolumeError(
            f"The frame of reference of frame {other + 1} differs from that of frame 1.",
            frame_numbers=(1, other + 1),
        )
    return common_orientation(orientations, orientation_tol)


def _spacing_hint(image: Dataset) -> float | None:
    """Spacing Between Slices, where it says anything."""
    found = numbers(image, "SpacingBetweenSlices", 1)
    return None if found is None or found[0] == 0.0 else float(found[0])
