"""Affine matrices of volumes: made from attributes or components, checked, applied.

Volumes index slices, rows and columns, in this order, and their affine matrices map
indices to the patient-based or slide coordinate system in millimetres (PS3.3
C.7.6.2.1.1), whose axes point to the left, to the posterior and to the head.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from highdicom.enum import (
    AxisHandedness,
    CoordinateSystemNames,
    PatientOrientationValuesBiped,
)
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.spatial.affine import (
    AffineMap,
    affine_matrix,
    assemble,
    convert_affine_to_convention,
    create_affine_matrix_from_attributes,
    create_affine_matrix_from_components,
)
from highdicom.spatial.orientation import (
    LPS_PATIENT_REFERENCE_CONVENTION,
    VOLUME_INDEX_CONVENTION,
    is_orthonormal,
    rotation_for_patient_orientation,
)
from highdicom.volume.arrangement import Arrangement, Shape

__all__ = [
    "Affine",
    "Orientation",
    "affine_from_attributes",
    "affine_from_components",
    "as_affine",
    "as_points",
    "beyond",
    "mapped",
    "moved",
    "triple",
]

Affine: TypeAlias = npt.NDArray[np.float64]
Orientation: TypeAlias = str | Sequence[str | PatientOrientationValuesBiped]


def as_affine(
    affine: object,
    system: CoordinateSystemNames,
    convention: Orientation | None = None,
) -> Affine:
    """Check an affine matrix, and convert it if it follows another convention.

    Parameters
    ----------
    affine
        Matrix of shape (4, 4) from indices to millimetres.
    system
        Coordinate system that the matrix leads to.
    convention
        Directions of the axes of the coordinate system, if not left, posterior and
        head.

    Returns
    -------
    numpy.ndarray
        A copy that cannot be written to.

    Raises
    ------
    InvalidArgumentError
        If the matrix has another shape or last row, is not finite, or its axes are
        not orthogonal.
    ArgumentTypeError
        If it does not consist of real numbers.
    ConflictingArgumentsError
        If a convention is given for the slide coordinate system.

    """
    matrix: Affine = affine_matrix(affine).astype(np.float64)
    lengths = np.linalg.norm(matrix[:3, :3], axis=0)
    if not lengths.all() or not is_orthonormal(matrix[:3, :3] / lengths):
        raise InvalidArgumentError(
            "'affine' must have three axes that are orthogonal, not "
            f"{matrix[:3, :3].T.tolist()}."
        )
    if convention is not None:
        matrix = _converted(matrix, system, convention)
    matrix.setflags(write=False)
    return matrix


def _converted(
    affine: Affine, system: CoordinateSystemNames, convention: Orientation
) -> Affine:
    if system is not CoordinateSystemNames.PATIENT:
        raise ConflictingArgumentsError(
            "'from_reference_convention' must be given only in the patient coordinate "
            "system."
        )
    converted = convert_affine_to_convention(
        affine,
        from_reference_convention=convention,
        to_reference_convention=LPS_PATIENT_REFERENCE_CONVENTION,
    )
    return converted.astype(np.float64, copy=False)


def affine_from_attributes(
    *,
    image_position: Sequence[float],
    image_orientation: Sequence[float],
    pixel_spacing: Sequence[float],
    spacing_between_slices: float,
) -> Affine:
    """Make the affine matrix of slices stacked along their normal.

    The normal points so that slices, rows and columns are a right-handed system; with
    a negative spacing the slices go the other way.

    Raises
    ------
    InvalidArgumentError
        If a value has not the number of items it must have, or is not finite.
    ArgumentTypeError
        If a value is not a number or sequence of numbers.

    """
    return create_affine_matrix_from_attributes(
        image_position=image_position,
        image_orientation=image_orientation,
        pixel_spacing=pixel_spacing,
        spacing_between_slices=spacing_between_slices,
        index_convention=VOLUME_INDEX_CONVENTION,
        slices_first=True,
        handedness=AxisHandedness.RIGHT_HANDED,
    )


def affine_from_components(
    spatial_shape: Shape,
    system: CoordinateSystemNames,
    *,
    spacing: Sequence[float] | float,
    position: Sequence[float] | None,
    center_position: Sequence[float] | None,
    direction: Any,
    patient_orientation: Orientation | None,
    convention: Orientation | None,
) -> Affine:
    """Make an affine matrix from position, directions and spacing.

    Position, centre and directions may follow another convention; the directions
    that a patient orientation names are the same in each.

    Raises
    ------
    InvalidArgumentError
        If a value has not the number of items it must have, or a patient orientation
        is given in the slide coordinate system.
    ConflictingArgumentsError
        If not exactly one of position and centre, or of direction and patient
        orientation, is given, or a convention in the slide coordinate system.

    """
    if patient_orientation is not None and system is not CoordinateSystemNames.PATIENT:
        raise InvalidArgumentError(
            "'patient_orientation' must be given only in the patient coordinate system."
        )
    if convention is not None and patient_orientation is not None and direction is None:
        direction = convert_affine_to_convention(
            assemble(
                rotation_for_patient_orientation(patient_orientation), np.zeros(3)
            ),
            from_reference_convention=LPS_PATIENT_REFERENCE_CONVENTION,
            to_reference_convention=convention,
        )[:3, :3]
        patient_orientation = None
    affine = create_affine_matrix_from_components(
        spacing=spacing,
        position=position,
        center_position=center_position,
        direction=direction,
        patient_orientation=patient_orientation,
        spatial_shape=spatial_shape,
    )
    return affine if convention is None else _converted(affine, system, convention)


def moved(affine: Affine, arrangement: Arrangement) -> Affine:
    """Give the affine matrix of an arrangement of a grid; it cannot be written to."""
    result: Affine = affine @ arrangement.matrix
    result.setflags(write=False)
    return result


def as_points(values: object, name: str) -> npt.NDArray[Any]:
    """Check points of shape (n, 3).

    Raises
    ------
    InvalidArgumentError
        If the shape is another one.
    ArgumentTypeError
        If they are not real numbers.

    """
    points = np.asarray(values)
    if points.dtype.kind not in "biuf":
        raise ArgumentTypeError(
            f"{name!r} must consist of real numbers, not {points.dtype}."
        )
    if points.ndim != 2 or points.shape[1] != 3:
        raise InvalidArgumentError(
            f"{name!r} must have the shape (n, 3), not {points.shape}."
        )
    return points


def mapped(
    affine: Affine, points: npt.NDArray[Any], rounded: bool = False
) -> npt.NDArray[Any]:
    """Map points of shape (n, 3) by an affine matrix.

    Returns
    -------
    numpy.ndarray
        Shape (n, 3), of float64 or, if rounded, halves to even, of int64.

    Raises
    ------
    InvalidArgumentError
        If a point to round is not finite.

    """
    result = AffineMap(affine)(points)
    if not rounded:
        return result
    if not np.isfinite(result).all():
        raise InvalidArgumentError("Points must be finite if the result is rounded.")
    return np.rint(result).astype(np.int64)


def beyond(indices: npt.NDArray[Any], shape: Sequence[int]) -> int:
    """Count the points that lie more than half a voxel beyond the voxels' centres."""
    inside = (indices >= -0.5) & (indices <= np.array(shape) - 0.5)
    return int((~inside.all(axis=1)).sum())


def triple(values: Affine) -> tuple[float, float, float]:
    """Give the three items of an array as numbers of Python."""
    first, second, third = values.tolist()
    return first, second, third
