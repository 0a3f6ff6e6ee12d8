"""Affine matrices from array indices into reference coordinates, in millimetres."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from highdicom.arguments import whole_number
from highdicom.enum import (
    AxisHandedness,
    PatientOrientationValuesBiped,
    PixelIndexDirections,
)
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.records import record
from highdicom.spatial.arguments import (
    FloatArray,
    IntArray,
    Vector,
    pixel_spacing_pair,
    spacings,
    vector,
)
from highdicom.spatial.orientation import (
    create_rotation_matrix,
    is_orthonormal,
    pixel_index_convention,
    reference_axes,
    rotation_for_patient_orientation,
)
from highdicom.typing import Self

_LARGEST_INDEX = 2.0**62


@record
class AffineMap:
    """An invertible affine map of three-dimensional points.

    Parameters
    ----------
    matrix
        Shape (4, 4), last row (0, 0, 0, 1).

    """

    matrix: FloatArray

    def __call__(self, points: npt.NDArray[np.generic]) -> FloatArray:
        """Map points of shape (n, 3), or (n, 2) with a third coordinate of zero.

        Returns
        -------
        numpy.ndarray
            Shape (n, 3).

        """
        linear = self.matrix[:3, : points.shape[1]]
        result: FloatArray = points.astype(np.float64) @ linear.T + self.matrix[:3, 3]
        return result

    def __matmul__(self, first: Self) -> Self:
        """Compose with a map that is applied before this one."""
        return type(self)(self.matrix @ first.matrix)

    def inverse(self) -> Self:
        """Give the map back."""
        linear = np.linalg.inv(self.matrix[:3, :3]).astype(np.float64)
        return type(self)(assemble(linear, -linear @ self.matrix[:3, 3]))

    @classmethod
    def translation(cls, *offset: float) -> Self:
        """Give the map that adds an offset of three components."""
        return cls(assemble(np.eye(3), np.array(offset)))


def assemble(linear: FloatArray, translation: FloatArray) -> FloatArray:
    """Build an affine matrix of shape (4, 4) from its two parts."""
    matrix = np.eye(4)
    matrix[:3, :3] = linear
    matrix[:3, 3] = translation
    return matrix


def affine_matrix(affine: object) -> npt.NDArray[np.generic]:
    """Give an affine matrix of shape (4, 4), checked, as float64 or, of integers, int64.

    Raises
    ------
    ArgumentTypeError
        If the value is not an array of numbers.
    InvalidArgumentError
        If the shape or the last row is wrong, or a number is not finite.

    """
    matrix = np.asarray(affine)
    if matrix.dtype.kind not in "iuf":
        raise ArgumentTypeError("'affine' must be an array of numbers.")
    if matrix.shape != (4, 4):
        raise InvalidArgumentError(
            f"'affine' must have shape (4, 4), not {matrix.shape}."
        )
    if not np.isfinite(matrix).all():
        raise InvalidArgumentError("'affine' must hold finite numbers.")
    if matrix[3].tolist() != [0, 0, 0, 1]:
        raise InvalidArgumentError(
            f"'affine' must have the last row 0, 0, 0, 1, not {matrix[3].tolist()}."
        )
    return matrix.astype(np.result_type(matrix.dtype, np.int64))


def create_affine_matrix_from_attributes(
    image_position: Vector,
    image_orientation: Vector,
    pixel_spacing: float | Vector,
    spacing_between_slices: float = 1.0,
    index_convention: str | Sequence[PixelIndexDirections | str] = (
        PixelIndexDirections.R,
        PixelIndexDirections.D,
    ),
    slices_first: bool = False,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> FloatArray:
    """Build an affine matrix from the attributes of an image (PS3.3 C.7.6.2.1.1).

    Parameters
    ----------
    image_position
        Centre of the first pixel in the reference coordinate system in millimetres.
    image_orientation
        Direction cosines of a row and of a column.
    pixel_spacing
        Distance between rows and distance between columns in millimetres; two numbers.
    spacing_between_slices
        Distance between slices in millimetres. If it is negative the slice axis points
        the other way.
    index_convention
        Directions in which the two pixel indices grow: right then down (the default)
        for indices in the order (column, row), or down then right for (row, column).
    slices_first
        Whether the slice index comes before the pixel indices instead of after them.
    handedness
        Handedness of the two pixel axes and the slice axis, in this order.

    Returns
    -------
    numpy.ndarray
        Shape (4, 4), maps indices (zero-based) to coordinates in millimetres.

    Raises
    ------
    ArgumentTypeError
        If a value has the wrong type.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> from highdicom.spatial import create_affine_matrix_from_attributes
    >>> affine = create_affine_matrix_from_attributes(
    ...     image_position=[10.0, 20.0, 30.0],
    ...     image_orientation=[1, 0, 0, 0, 1, 0],
    ...     pixel_spacing=[0.5, 2.0],
    ... )
    >>> (affine @ [3, 4, 0, 1]).tolist()
    [16.0, 22.0, 30.0, 1.0]

    """
    position = vector(image_position, 3, "image_position")
    convention = pixel_index_convention(index_convention)
    if set(convention) != {PixelIndexDirections.R, PixelIndexDirections.D}:
        raise InvalidArgumentError(
            "'index_convention' must hold R and D: with L or U the image position is not "
            "that of index (0, 0, 0)."
        )
    linear = create_rotation_matrix(
        image_orientation,
        convention,
        slices_first,
        handedness,
        pixel_spacing_pair(pixel_spacing).tolist(),
        spacing_between_slices,
    )
    return assemble(linear, position)


def create_affine_matrix_from_components(
    *,
    spacing: Vector | float,
    position: Vector | None = None,
    center_position: Vector | None = None,
    direction: Vector | None = None,
    patient_orientation: str
    | Sequence[str | PatientOrientationValuesBiped]
    | None = None,
    spatial_shape: Sequence[int] | None = None,
) -> FloatArray:
    """Build an affine matrix from spacing, position and directions of an array.

    Coordinates are those of PS3.3 C.7.6.2.1.1.

    Parameters
    ----------
    spacing
        Distance between neighbouring elements along each axis in millimetres, or one
        number for all.
    position
        Coordinates of the centre of element (0, 0, 0) in millimetres.
    center_position
        Coordinates of the centre of the array in millimetres, in place of `position`.
        For an even number of elements it lies between two of them.
    direction
        Unit vectors along the three axes as the columns of a matrix of shape (3, 3), or
        its nine elements row by row.
    patient_orientation
        Directions of the three axes in the patient, such as ``"FPL"``, in place of
        `direction`.
    spatial_shape
        Number of elements along each axis; needed with `center_position` only.

    Returns
    -------
    numpy.ndarray
        Shape (4, 4), maps indices (zero-based) to coordinates in millimetres.

    Raises
    ------
    ConflictingArgumentsError
        If not exactly one of `position` and `center_position`, or of `direction` and
        `patient_orientation`, is given, or `spatial_shape` is missing.
    ArgumentTypeError
        If a value has the wrong type.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> from highdicom.spatial import create_affine_matrix_from_components
    >>> create_affine_matrix_from_components(
    ...     spacing=[2.0, 1.0, 1.0],
    ...     center_position=[0.0, 0.0, 0.0],
    ...     patient_orientation="HPL",
    ...     spatial_shape=[5, 11, 11],
    ... )[:3, 3].tolist()
    [-5.0, -5.0, -4.0]

    """
    if (position is None) == (center_position is None):
        raise ConflictingArgumentsError(
            "Exactly one of 'position' and 'center_position' must be given."
        )
    if (direction is None) == (patient_orientation is None):
        raise ConflictingArgumentsError(
            "Exactly one of 'direction' and 'patient_orientation' must be given."
        )
    steps = spacings(spacing, 3, "spacing")
    if patient_orientation is not None:
        linear = rotation_for_patient_orientation(patient_orientation) * steps
    else:
        linear = _directions(direction) * steps
    if center_position is None:
        return assemble(linear, vector(position, 3, "position"))
    center = vector(center_position, 3, "center_position")
    return assemble(linear, center - linear @ _index_of_center(spatial_shape))


def _directions(value: object) -> FloatArray:
    """Unit vectors of three axes as columns."""
    try:
        directions = np.array(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(
            "'direction' must be an array of numbers."
        ) from error
    if directions.shape not in {(9,), (3, 3)}:
        raise InvalidArgumentError(
            f"'direction' must have shape (3, 3) or (9,), not {directions.shape}."
        )
    directions = directions.reshape(3, 3)
    if not is_orthonormal(directions):
        raise InvalidArgumentError(
            "'direction' must hold three perpendicular unit vectors as columns."
        )
    return directions


def _index_of_center(spatial_shape: object) -> FloatArray:
    if spatial_shape is None:
        raise ConflictingArgumentsError(
            "'spatial_shape' must be given if 'center_position' is."
        )
    if not isinstance(spatial_shape, (Sequence, np.ndarray)) or len(spatial_shape) != 3:
        raise InvalidArgumentError(
            f"'spatial_shape' must hold 3 integers, not {spatial_shape!r}."
        )
    sizes = [whole_number(size, "spatial_shape", lowest=1) for size in spatial_shape]
    return (np.array(sizes) - 1) / 2.0


def convert_affine_to_convention(
    affine: npt.NDArray[np.generic],
    from_reference_convention: str | Sequence[str | PatientOrientationValuesBiped],
    to_reference_convention: str | Sequence[str | PatientOrientationValuesBiped],
) -> npt.NDArray[np.generic]:
    """Express an affine matrix in another reference coordinate system.

    That of DICOM is the one of PS3.3 C.7.6.2.1.1.

    Parameters
    ----------
    affine
        Shape (4, 4), maps array indices to coordinates in the first convention.
    from_reference_convention
        Directions in which the axes of the present coordinate system point. DICOM's
        own is ``"LPH"``, that of NIfTI ``"RAH"``. ``"S"`` may stand for ``"H"`` and
        ``"I"`` for ``"F"``.
    to_reference_convention
        The same of the coordinate system that is wanted.

    Returns
    -------
    numpy.ndarray
        Shape (4, 4); float64, or int64 if the matrix is of integers.

    Raises
    ------
    ArgumentTypeError
        If a value has the wrong type.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.spatial import convert_affine_to_convention
    >>> affine = np.array([[2, 0, 0, 7], [0, 3, 0, 8], [0, 0, 5, 9], [0, 0, 0, 1]])
    >>> convert_affine_to_convention(affine, "LPS", "RAS").tolist()
    [[-2, 0, 0, -7], [0, -3, 0, -8], [0, 0, 5, 9], [0, 0, 0, 1]]

    """
    matrix = affine_matrix(affine)
    old_axes, old_signs = reference_axes(
        from_reference_convention, "from_reference_convention"
    )
    new_axes, new_signs = reference_axes(
        to_reference_convention, "to_reference_convention"
    )
    rows = [old_axes.index(axis) for axis in new_axes]
    result = matrix[[*rows, 3]]
    for row, sign in enumerate(new_signs):
        if sign != old_signs[rows[row]]:
            result[row] = 0 - result[row]  # no negative zeros
    return result


def pixel_to_reference(
    image_position: Vector,
    image_orientation: Vector,
    pixel_spacing: Vector,
    spacing_between_slices: float = 1.0,
) -> AffineMap:
    """Map from column, row and slice index to reference coordinates.

    Parameters and errors are those of :func:`create_affine_matrix_from_attributes`.
    """
    return AffineMap(
        create_affine_matrix_from_attributes(
            image_position,
            image_orientation,
            pixel_spacing,
            spacing_between_slices,
        )
    )


def rounded(points: FloatArray) -> IntArray:
    """Round points to integers, halves to the even one.

    Raises
    ------
    InvalidArgumentError
        If a point is not finite or too large.

    """
    if not (np.abs(points) < _LARGEST_INDEX).all():
        raise InvalidArgumentError(
            "The points cannot be rounded to pixel indices: they must be finite."
        )
    return np.around(points).astype(np.int64)


def map_pixel_into_coordinate_system(
    index: Sequence[int],
    image_position: Vector,
    image_orientation: Vector,
    pixel_spacing: Vector,
) -> tuple[float, float, float]:
    """Give the reference coordinates of one pixel (PS3.3 C.7.6.2.1.1).

    Parameters
    ----------
    index
        Zero-based column and row index.
    image_position
        Centre of the first pixel in the reference coordinate system in millimetres.
    image_orientation
        Direction cosines of a row and of a column.
    pixel_spacing
        Distance between rows and distance between columns in millimetres.

    Returns
    -------
    tuple[float, float, float]
        Coordinates of the centre of the pixel in millimetres.

    Raises
    ------
    ArgumentTypeError
        If a value is not a sequence, or the index not integer.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> from highdicom.spatial import map_pixel_into_coordinate_system
    >>> map_pixel_into_coordinate_system(
    ...     (10, 4), [56.0, 34.0, 1.0], [1, 0, 0, 0, 1, 0], [0.5, 0.25]
    ... )
    (58.5, 36.0, 1.0)

    """
    indices = vector(index, 2, "index")
    if (indices != np.floor(indices)).any():
        raise ArgumentTypeError(f"'index' must hold integers, but is {index!r}.")
    pixels = pixel_to_reference(image_position, image_orientation, pixel_spacing)
    x, y, z = pixels(indices[np.newaxis])[0].tolist()
    return x, y, z


def map_coordinate_into_pixel_matrix(
    coordinate: Vector,
    image_position: Vector,
    image_orientation: Vector,
    pixel_spacing: Vector,
    spacing_between_slices: float = 1.0,
) -> tuple[int, int, int]:
    """Give the index of the pixel that is closest to a point (PS3.3 C.7.6.2.1.1).

    Parameters
    ----------
    coordinate
        Reference coordinates of the point in millimetres.
    image_position
        Centre of the first pixel in the reference coordinate system in millimetres.
    image_orientation
        Direction cosines of a row and of a column.
    pixel_spacing
        Distance between rows and distance between columns in millimetres.
    spacing_between_slices
        Distance that is one along the slice axis in millimetres.

    Returns
    -------
    tuple[int, int, int]
        Zero-based column, row and slice index. It may lie outside of the image.

    Raises
    ------
    ArgumentTypeError
        If a value has the wrong type.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> from highdicom.spatial import map_coordinate_into_pixel_matrix
    >>> map_coordinate_into_pixel_matrix(
    ...     (58.6, 36.0, 1.0), [56.0, 34.0, 1.0], [1, 0, 0, 0, 1, 0], [0.5, 0.25]
    ... )
    (10, 4, 0)

    """
    pixels = pixel_to_reference(
        image_position, image_orientation, pixel_spacing, spacing_between_slices
    ).inverse()
    points = pixels(vector(coordinate, 3, "coordinate")[np.newaxis])
    column, row, slice_index = rounded(points)[0].tolist()
    return column, row, slice_index
