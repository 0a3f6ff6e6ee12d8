"""Directions of rows, columns, planes and patients (PS3.3 C.7.6.2.1.1, C.7.6.1.1.1)."""

from collections.abc import Sequence

import numpy as np

from highdicom.arguments import member_of, nonzero, number
from highdicom.enum import (
    AxisHandedness,
    PatientOrientationValuesBiped,
    PixelIndexDirections,
)
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.spatial.arguments import FloatArray, Vector, letters, spacings, vector

PatientOrientation = tuple[
    PatientOrientationValuesBiped,
    PatientOrientationValuesBiped,
    PatientOrientationValuesBiped,
]
"""Directions in which three axes point."""

PATIENT_ORIENTATION_OPPOSITES = {
    PatientOrientationValuesBiped.L: PatientOrientationValuesBiped.R,
    PatientOrientationValuesBiped.R: PatientOrientationValuesBiped.L,
    PatientOrientationValuesBiped.A: PatientOrientationValuesBiped.P,
    PatientOrientationValuesBiped.P: PatientOrientationValuesBiped.A,
    PatientOrientationValuesBiped.F: PatientOrientationValuesBiped.H,
    PatientOrientationValuesBiped.H: PatientOrientationValuesBiped.F,
}
"""The opposite of each direction."""

LPS_PATIENT_REFERENCE_CONVENTION = (
    PatientOrientationValuesBiped.L,
    PatientOrientationValuesBiped.P,
    PatientOrientationValuesBiped.H,
)
"""Axes of the patient-based coordinate system of DICOM."""

RAS_PATIENT_REFERENCE_CONVENTION = (
    PatientOrientationValuesBiped.R,
    PatientOrientationValuesBiped.A,
    PatientOrientationValuesBiped.H,
)
"""Axes of the coordinate system of NIfTI, among others."""

VOLUME_INDEX_CONVENTION = (PixelIndexDirections.D, PixelIndexDirections.R)
"""Directions in which the row and the column index of an array grow."""

_IMAGE_CONVENTION = (PixelIndexDirections.R, PixelIndexDirections.D)

COSINE_TOLERANCE = 0.02
"""Deviation of direction cosines from unit vectors: room for two decimals."""

_ORTHOGONALITY_TOLERANCE = 1e-4

# Vector of the image orientation (along rows, along columns) and sign.
_PIXEL_DIRECTIONS = {
    PixelIndexDirections.R: (0, 1.0),
    PixelIndexDirections.L: (0, -1.0),
    PixelIndexDirections.D: (1, 1.0),
    PixelIndexDirections.U: (1, -1.0),
}
# Axis of the patient-based coordinate system and sign.
_PATIENT_DIRECTIONS = {
    PatientOrientationValuesBiped.L: (0, 1.0),
    PatientOrientationValuesBiped.R: (0, -1.0),
    PatientOrientationValuesBiped.P: (1, 1.0),
    PatientOrientationValuesBiped.A: (1, -1.0),
    PatientOrientationValuesBiped.H: (2, 1.0),
    PatientOrientationValuesBiped.F: (2, -1.0),
}
_DIRECTIONS_BY_AXIS = {axis: name for name, axis in _PATIENT_DIRECTIONS.items()}
# Superior and inferior are widely used for what DICOM calls head and foot.
_ALIASES = {"S": "H", "I": "F"}


def pixel_index_convention(
    value: str | Sequence[PixelIndexDirections | str],
) -> tuple[PixelIndexDirections, PixelIndexDirections]:
    """Give the directions in which two pixel indices grow.

    Raises
    ------
    ArgumentTypeError
        If the value is not a sequence.
    InvalidArgumentError
        If there are not two directions, one along the rows and one along the columns.

    """
    first, second = (
        member_of(PixelIndexDirections, letter, "index_convention")
        for letter in letters(value, 2, "index_convention")
    )
    if _PIXEL_DIRECTIONS[first][0] == _PIXEL_DIRECTIONS[second][0]:
        raise InvalidArgumentError(
            "'index_convention' must have one direction along the rows (L or R) and "
            f"one along the columns (U or D), not {first.value} and {second.value}."
        )
    return first, second


def patient_orientation_codes(
    value: str | Sequence[str | PatientOrientationValuesBiped],
    name: str = "patient_orientation",
) -> PatientOrientation:
    """Give the directions of three axes in a biped patient.

    ``"S"`` and ``"I"`` (superior, inferior) are taken for ``"H"`` and ``"F"``.

    Raises
    ------
    ArgumentTypeError
        If the value is not a sequence.
    InvalidArgumentError
        If there are not three directions along three axes.

    """
    first, second, third = (
        member_of(
            PatientOrientationValuesBiped,
            _ALIASES.get(letter, letter) if isinstance(letter, str) else letter,
            name,
        )
        for letter in letters(value, 3, name)
    )
    if len({_PATIENT_DIRECTIONS[code][0] for code in (first, second, third)}) < 3:
        raise InvalidArgumentError(
            f"'{name}' must have one direction each of L or R, A or P, and H or F, "
            f"not {first.value}, {second.value} and {third.value}."
        )
    return first, second, third


def orientation_deviation(cosines: FloatArray) -> float:
    """Tell how far six direction cosines are from two perpendicular unit vectors.

    Parameters
    ----------
    cosines
        Direction cosines of a row, then of a column, shape (..., 6).

    Returns
    -------
    float
        Largest difference of a length from one or of a scalar product from zero.

    """
    vectors = cosines.reshape(*cosines.shape[:-1], 2, 3)
    lengths = np.linalg.norm(vectors, axis=-1)
    products = (vectors[..., 0, :] * vectors[..., 1, :]).sum(axis=-1)
    return float(max(np.abs(lengths - 1.0).max(), np.abs(products).max()))


def direction_cosines(
    image_orientation: Vector, name: str = "image_orientation"
) -> FloatArray:
    """Give the direction cosines of a row and of a column as an array.

    They must be perpendicular unit vectors (PS3.3 C.7.6.2.1.1) but for a deviation of
    up to 0.02 in the lengths and the scalar product, which leaves room for rounded
    values. They are not corrected.

    Returns
    -------
    numpy.ndarray
        Shape (2, 3): along a row (the column index grows), along a column.

    Raises
    ------
    ArgumentTypeError
        If the value is not a sequence.
    InvalidArgumentError
        If it does not hold two perpendicular unit vectors.

    """
    cosines = vector(image_orientation, 6, name)
    if orientation_deviation(cosines) > COSINE_TOLERANCE:
        raise InvalidArgumentError(
            f"'{name}' must hold two perpendicular unit vectors, but is "
            f"{cosines.tolist()}."
        )
    return cosines.reshape(2, 3)


def get_normal_vector(
    image_orientation: Vector,
    index_convention: str | Sequence[PixelIndexDirections | str] = _IMAGE_CONVENTION,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> FloatArray:
    """Give the unit vector perpendicular to an image plane.

    Parameters
    ----------
    image_orientation
        Direction cosines of a row and of a column (PS3.3 C.7.6.2.1.1).
    index_convention
        Directions in which the first two axes of an array grow.
    handedness
        Whether the normal and these two axes, in the order first axis, second axis,
        normal, form a right- or a left-handed system.

    Returns
    -------
    numpy.ndarray
        Unit vector of shape (3,).

    Raises
    ------
    ArgumentTypeError
        If a value is not a sequence.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> from highdicom.spatial import get_normal_vector
    >>> get_normal_vector([1, 0, 0, 0, 1, 0]).tolist()
    [0.0, 0.0, 1.0]

    """
    cosines = direction_cosines(image_orientation)
    return _normal(cosines, pixel_index_convention(index_convention), handedness)


def _normal(
    cosines: FloatArray,
    convention: tuple[PixelIndexDirections, PixelIndexDirections],
    handedness: AxisHandedness | str,
) -> FloatArray:
    first, second = (
        sign * cosines[axis]
        for axis, sign in (_PIXEL_DIRECTIONS[direction] for direction in convention)
    )
    normal = np.cross(first, second)
    if (
        member_of(AxisHandedness, handedness, "handedness")
        is AxisHandedness.LEFT_HANDED
    ):
        normal = np.cross(second, first)
    # Rounded cosines must not scale the distances between slices.
    result: FloatArray = normal / np.linalg.norm(normal)
    return result


def create_rotation_matrix(
    image_orientation: Vector,
    index_convention: str | Sequence[PixelIndexDirections | str] = _IMAGE_CONVENTION,
    slices_first: bool = False,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
    pixel_spacing: float | Vector = 1.0,
    spacing_between_slices: float = 1.0,
) -> FloatArray:
    """Build the linear part of an affine matrix from an image orientation.

    Parameters
    ----------
    image_orientation
        Direction cosines of a row and of a column (PS3.3 C.7.6.2.1.1).
    index_convention
        Directions in which the two pixel indices grow. The default, right then down,
        is for indices in the order (column, row).
    slices_first
        Whether the slice index comes before the pixel indices instead of after them.
    handedness
        Handedness of the two pixel axes and the slice axis, in this order.
    pixel_spacing
        Distance between rows and distance between columns in millimetres (in the
        order of PixelSpacing), or one number for both.
    spacing_between_slices
        Distance between slices in millimetres. If it is negative the slice axis points
        the other way.

    Returns
    -------
    numpy.ndarray
        Shape (3, 3). Each column is the step in the reference coordinate system for an
        increase of one in one index.

    Raises
    ------
    ArgumentTypeError
        If a value has the wrong type.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> from highdicom.spatial import create_rotation_matrix
    >>> create_rotation_matrix([1, 0, 0, 0, 1, 0], pixel_spacing=[0.5, 2.0]).tolist()
    [[2.0, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 1.0]]

    """
    cosines = direction_cosines(image_orientation)
    convention = pixel_index_convention(index_convention)
    between_rows, between_columns = spacings(pixel_spacing, 2, "pixel_spacing")
    along_row_or_column = cosines * [[between_columns], [between_rows]]
    columns = [
        sign * along_row_or_column[axis]
        for axis, sign in (_PIXEL_DIRECTIONS[direction] for direction in convention)
    ]
    between_slices = nonzero(spacing_between_slices, "spacing_between_slices")
    slice_step = between_slices * _normal(cosines, convention, handedness)
    columns.insert(0 if slices_first else 2, slice_step)
    return np.stack(columns, axis=1)


def rotation_for_patient_orientation(
    patient_orientation: str | Sequence[str | PatientOrientationValuesBiped],
    spacing: float | Vector = 1.0,
) -> FloatArray:
    """Build the linear part of an affine matrix for axes along those of the patient.

    Parameters
    ----------
    patient_orientation
        Directions in which the three axes of an array point, such as ``"FPL"``.
    spacing
        Distance between neighbouring elements along each axis in millimetres, or one
        number for all.

    Returns
    -------
    numpy.ndarray
        Shape (3, 3), for the patient-based coordinate system (PS3.3 C.7.6.2.1.1: x to
        the left, y to the back, z to the head).

    Raises
    ------
    ArgumentTypeError
        If a value has the wrong type.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> from highdicom.spatial import rotation_for_patient_orientation
    >>> rotation_for_patient_orientation("FPL", [3.0, 2.0, 1.0]).tolist()
    [[0.0, 0.0, 1.0], [0.0, 2.0, 0.0], [-3.0, 0.0, 0.0]]

    """
    codes = patient_orientation_codes(patient_orientation)
    rotation = np.zeros((3, 3))
    for column, code in enumerate(codes):
        axis, sign = _PATIENT_DIRECTIONS[code]
        rotation[axis, column] = sign
    return rotation * spacings(spacing, 3, "spacing")


def reference_axes(
    convention: str | Sequence[str | PatientOrientationValuesBiped], name: str
) -> tuple[list[int], list[float]]:
    """Express a reference convention by the axes of the DICOM convention.

    Returns
    -------
    tuple
        For each axis of the convention the axis of the DICOM coordinate system it lies
        on (0, 1 or 2), and 1 or -1 for its direction.

    """
    pairs = [
        _PATIENT_DIRECTIONS[code]
        for code in patient_orientation_codes(convention, name)
    ]
    return [axis for axis, _ in pairs], [sign for _, sign in pairs]


def get_closest_patient_orientation(affine: FloatArray) -> PatientOrientation:
    """Name the directions in the patient that are closest to the axes of an array.

    They are those of Patient Orientation (PS3.3 C.7.6.1.1.1). The first axis gets its closest direction, the second the closest of those that
    remain, the third the last one.

    Parameters
    ----------
    affine
        Matrix of shape (3, 3) or (4, 4) that maps array indices into the patient-based
        coordinate system, with perpendicular axes.

    Raises
    ------
    ArgumentTypeError
        If the matrix is not an array of numbers.
    InvalidArgumentError
        If the shape differs or the axes are not perpendicular.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.spatial import get_closest_patient_orientation
    >>> codes = get_closest_patient_orientation(np.diag([2.0, -2.0, 1.0]))
    >>> [code.value for code in codes]
    ['L', 'A', 'H']

    """
    directions = _unit_columns(affine)
    codes: list[PatientOrientationValuesBiped] = []
    free = [0, 1, 2]
    for direction in directions.T:
        axis = max(free, key=lambda candidate: abs(direction[candidate]))
        free.remove(axis)
        codes.append(_DIRECTIONS_BY_AXIS[axis, 1.0 if direction[axis] > 0.0 else -1.0])
    return codes[0], codes[1], codes[2]


def _unit_columns(affine: FloatArray) -> FloatArray:
    """Directions of the axes of a matrix with perpendicular axes, as columns."""
    try:
        matrix = np.asarray(affine, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError("'affine' must be an array of numbers.") from error
    if matrix.shape not in {(3, 3), (4, 4)}:
        raise InvalidArgumentError(
            f"'affine' must have shape (3, 3) or (4, 4), not {matrix.shape}."
        )
    columns = matrix[:3, :3]
    lengths = np.linalg.norm(columns, axis=0)
    if not (np.isfinite(lengths).all() and (lengths > 0.0).all()):
        raise InvalidArgumentError("'affine' must have three axes of finite length.")
    unit: FloatArray = columns / lengths
    if not is_orthonormal(unit):
        raise InvalidArgumentError("'affine' must have perpendicular axes.")
    return unit


def is_orthonormal(matrix: FloatArray) -> bool:
    """Tell whether the columns of a (3, 3) matrix are perpendicular unit vectors."""
    return bool(
        np.allclose(matrix.T @ matrix, np.eye(3), atol=_ORTHOGONALITY_TOLERANCE)
    )


def are_points_coplanar(points: FloatArray, tol: float = 1e-5) -> bool:
    """Tell whether points lie in one plane, as those of polygons (PS3.3 C.18.9.1.2).

    Parameters
    ----------
    points
        Coordinates, shape (n, 3). Up to three points always lie in one plane.
    tol
        Largest distance of a point from the plane that fits all best, in the unit of
        the coordinates.

    Raises
    ------
    ArgumentTypeError
        If the points are not an array of numbers.
    InvalidArgumentError
        If the shape differs or a coordinate is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.spatial import are_points_coplanar
    >>> are_points_coplanar(np.array([[0, 0, 1], [3, 0, 1], [0, 2, 1], [5, 5, 1]]))
    True

    """
    try:
        array = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError("'points' must be an array of numbers.") from error
    if array.ndim != 2 or array.shape[1] != 3:
        raise InvalidArgumentError(
            f"'points' must have shape (n, 3), not {array.shape}."
        )
    if not np.isfinite(array).all():
        raise InvalidArgumentError("'points' must be finite.")
    limit = number(tol, "tol")
    if len(array) <= 3:
        return True
    centered = array - array.mean(axis=0)
    # The direction of least spread is the normal of the plane that fits best.
    normal = np.linalg.svd(centered, full_matrices=False)[2][2]
    return bool(np.abs(centered @ normal).max() <= limit)
