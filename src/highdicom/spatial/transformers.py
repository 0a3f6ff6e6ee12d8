"""Maps between pixel matrices, images and the reference coordinate system.

Three systems are connected (PS3.3 C.7.6.2.1.1, C.8.12.2):

- pixel indices: zero-based integers (column, row), which name the centres of pixels;
- image coordinates: (column, row) in pixels, where (0, 0) is the upper left corner of the
  first pixel and (0.5, 0.5) its centre, as in the graphic data of SCOORD;
- reference coordinates: (x, y, z) in millimetres in the patient-based or slide coordinate
  system.
"""

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from typing_extensions import Self

from highdicom.errors import (
    ArgumentError,
    ArgumentTypeError,
    InvalidArgumentError,
)
from highdicom.spatial.affine import AffineMap, pixel_to_reference, rounded
from highdicom.spatial.arguments import FloatArray, Vector, vector
from highdicom.spatial.dataset import (
    check_frame_of_reference,
    image_geometry,
    slice_spacing,
)
from highdicom.spatial.orientation import get_normal_vector

# Planes are the same if their normals enclose less than 0.08 degrees and one goes
# through the position of the other, in millimetres and, since direction cosines are
# rounded, in parts of the distance of the positions.
_PARALLEL_COSINE = 1.0 - 1e-6
_COPLANAR_DISTANCE = 1e-5 + 1e-12
_COPLANAR_SLOPE = 2e-6
_HALF_SLICE = 0.5 + 1e-12

_CORNER_TO_CENTER = AffineMap.translation(-0.5, -0.5, 0.0)
_CENTER_TO_CORNER = AffineMap.translation(0.5, 0.5, 0.0)


class OutOfPlaneError(ArgumentError, RuntimeError):
    """Points do not lie in the plane of the image."""


class _Transformer:
    """One affine map, a check of what comes in and a rule for what comes out."""

    _map: AffineMap

    @property
    def affine(self) -> FloatArray:
        """Affine matrix of shape (4, 4); columns and rows before slices."""
        matrix: FloatArray = self._map.matrix.copy()
        return matrix

    def __repr__(self) -> str:
        return f"{type(self).__name__}(affine={self._map.matrix.tolist()})"


def _points(values: object, dimensions: int, name: str) -> npt.NDArray[Any]:
    try:
        points = np.asarray(values)
    except ValueError as error:
        raise InvalidArgumentError(
            f"'{name}' must have shape (n, {dimensions})."
        ) from error
    if points.dtype.kind not in "iuf":
        raise ArgumentTypeError(
            f"'{name}' must be an array of numbers, not of {points.dtype}."
        )
    if points.ndim != 2 or points.shape[1] != dimensions:
        raise InvalidArgumentError(
            f"'{name}' must have shape (n, {dimensions}), not {points.shape}."
        )
    return points


def _indices(values: object) -> npt.NDArray[Any]:
    points = _points(values, 2, "indices")
    if points.dtype.kind == "f" and points.size:
        raise ArgumentTypeError(
            f"'indices' must be an array of integers, not of {points.dtype}."
        )
    return points


def _in_plane(points: FloatArray) -> FloatArray:
    """Drop the third coordinate, which must be that of the plane itself."""
    if not (np.abs(points[:, 2]) <= _HALF_SLICE).all():
        raise OutOfPlaneError(
            "Not all points lie in the plane of the image, or within half a slice of it."
        )
    return points[:, :2]


def _check_same_plane(
    position_from: Vector,
    orientation_from: Vector,
    position_to: Vector,
    orientation_to: Vector,
) -> None:
    normal = get_normal_vector(orientation_from)
    cosine = float(normal @ get_normal_vector(orientation_to))
    offset = vector(position_to, 3, "image_position_to") - vector(
        position_from, 3, "image_position_from"
    )
    distance = abs(float(normal @ offset))
    limit = _COPLANAR_DISTANCE + _COPLANAR_SLOPE * float(np.linalg.norm(offset))
    if abs(cosine) < _PARALLEL_COSINE or distance > limit:
        angle = np.degrees(np.arccos(min(abs(cosine), 1.0)))
        raise InvalidArgumentError(
            "The two images do not lie in the same plane, so that pixels of one have no "
            f"place in the other: the planes are {distance:.6g} mm apart and enclose "
            f"{angle:.4g} degrees."
        )


class _PlaneToReferenceTransformer(_Transformer):
    """What maps to the reference coordinate system share."""

    _to_pixels: ClassVar[AffineMap]

    def __init__(
        self, image_position: Vector, image_orientation: Vector, pixel_spacing: Vector
    ) -> None:
        self._map = (
            pixel_to_reference(image_position, image_orientation, pixel_spacing)
            @ self._to_pixels
        )

    @classmethod
    def for_image(
        cls,
        dataset: Dataset,
        frame_number: int | None = None,
        for_total_pixel_matrix: bool = False,
    ) -> Self:
        """Make the map for an image, or for a frame of it.

        Parameters
        ----------
        dataset
            Single-frame or multi-frame image.
        frame_number
            One-based number of the frame; needed for multi-frame images.
        for_total_pixel_matrix
            Whether points refer to the total pixel matrix of a tiled image, whatever
            the frame.

        Raises
        ------
        ArgumentTypeError
            If a frame number is missing or is none.
        FrameNumberError
            If there is no such frame.
        MissingGeometryError
            If an attribute is missing; it is an AttributeError and a ValueError.
        InvalidAttributeError
            If an attribute has an impossible value.

        """
        geometry = image_geometry(dataset, frame_number, for_total_pixel_matrix)
        return cls(geometry.position, geometry.orientation, geometry.pixel_spacing)


class PixelToReferenceTransformer(_PlaneToReferenceTransformer):
    """Map from pixel indices to reference coordinates.

    Parameters
    ----------
    image_position
        Centre of the first pixel in the reference coordinate system in millimetres.
    image_orientation
        Direction cosines of a row and of a column.
    pixel_spacing
        Distance between rows and distance between columns in millimetres.

    Raises
    ------
    ArgumentTypeError
        If a value is not a sequence.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.spatial import PixelToReferenceTransformer
    >>> transformer = PixelToReferenceTransformer(
    ...     image_position=[56.0, 34.2, 1.0],
    ...     image_orientation=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
    ...     pixel_spacing=[0.5, 0.5],
    ... )
    >>> transformer(np.array([[0, 10], [5, 5]])).tolist()
    [[56.0, 39.2, 1.0], [58.5, 36.7, 1.0]]

    """

    _to_pixels = AffineMap.translation(0.0, 0.0, 0.0)

    def __call__(self, indices: npt.NDArray[Any]) -> FloatArray:
        """Map pixel indices to reference coordinates.

        Parameters
        ----------
        indices
            Zero-based column and row indices, shape (n, 2), integers.

        Returns
        -------
        numpy.ndarray
            Coordinates of the centres of the pixels in millimetres, shape (n, 3).

        Raises
        ------
        ArgumentTypeError
            If the indices are not integers.
        InvalidArgumentError
            If the shape differs.

        """
        return self._map(_indices(indices))


class ReferenceToPixelTransformer(_Transformer):
    """Map from reference coordinates to pixel indices.

    Parameters
    ----------
    image_position
        Centre of the first pixel in the reference coordinate system in millimetres.
    image_orientation
        Direction cosines of a row and of a column.
    pixel_spacing
        Distance between rows and distance between columns in millimetres.
    spacing_between_slices
        Distance that is one along the slice axis in millimetres.
    round_output
        Whether indices are rounded to integers.
    drop_slice_index
        Whether the slice index is left out. Points must then lie within half a slice of
        the image plane.

    Raises
    ------
    ArgumentTypeError
        If a value has the wrong type.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.spatial import ReferenceToPixelTransformer
    >>> transformer = ReferenceToPixelTransformer(
    ...     image_position=[56.0, 34.2, 1.0],
    ...     image_orientation=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
    ...     pixel_spacing=[0.5, 0.5],
    ... )
    >>> transformer(np.array([[56.1, 39.2, 1.0], [58.5, 36.7, 3.0]])).tolist()
    [[0, 10, 0], [5, 5, 2]]

    """

    def __init__(
        self,
        image_position: Vector,
        image_orientation: Vector,
        pixel_spacing: Vector,
        spacing_between_slices: float = 1.0,
        round_output: bool = True,
        drop_slice_index: bool = False,
    ) -> None:
        self._map = pixel_to_reference(
            image_position, image_orientation, pixel_spacing, spacing_between_slices
        ).inverse()
        self._round_output = round_output
        self._drop_slice_index = drop_slice_index

    def __call__(self, coordinates: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Map reference coordinates to pixel indices.

        Parameters
        ----------
        coordinates
            Coordinates in millimetres, shape (n, 3).

        Returns
        -------
        numpy.ndarray
            Zero-based column, row and slice index, shape (n, 3), or column and row,
            shape (n, 2). int64 if rounded, otherwise float64.

        Raises
        ------
        ArgumentTypeError
            If the coordinates are not numbers.
        InvalidArgumentError
            If the shape differs, or rounding is impossible.
        OutOfPlaneError
            If the slice index is to be dropped but is more than half a slice.

        """
        points = self._map(_points(coordinates, 3, "coordinates"))
        if self._drop_slice_index:
            points = _in_plane(points)
        return rounded(points) if self._round_output else points

    @classmethod
    def for_image(
        cls,
        dataset: Dataset,
        frame_number: int | None = None,
        for_total_pixel_matrix: bool = False,
        round_output: bool = True,
        drop_slice_index: bool = False,
    ) -> Self:
        """Make the map for an image, or for a frame of it.

        One along the slice axis is Spacing Between Slices, or one millimetre where it
        is not stored.

        Parameters
        ----------
        dataset
            Single-frame or multi-frame image.
        frame_number
            One-based number of the frame; needed for multi-frame images.
        for_total_pixel_matrix
            Whether indices refer to the total pixel matrix of a tiled image, whatever
            the frame.
        round_output
            Whether indices are rounded to integers.
        drop_slice_index
            Whether the slice index is left out.

        Raises
        ------
        ArgumentTypeError
            If a frame number is missing or is none.
        FrameNumberError
            If there is no such frame.
        MissingGeometryError
            If an attribute is missing; it is an AttributeError and a ValueError.
        InvalidAttributeError
            If an attribute has an impossible value.

        """
        geometry = image_geometry(dataset, frame_number, for_total_pixel_matrix)
        return cls(
            geometry.position,
            geometry.orientation,
            geometry.pixel_spacing,
            slice_spacing(geometry),
            round_output,
            drop_slice_index,
        )


class ImageToReferenceTransformer(_PlaneToReferenceTransformer):
    """Map from image coordinates to reference coordinates.

    Parameters
    ----------
    image_position
        Centre of the first pixel in the reference coordinate system in millimetres.
    image_orientation
        Direction cosines of a row and of a column.
    pixel_spacing
        Distance between rows and distance between columns in millimetres.

    Raises
    ------
    ArgumentTypeError
        If a value is not a sequence.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.spatial import ImageToReferenceTransformer
    >>> transformer = ImageToReferenceTransformer(
    ...     image_position=[56.0, 34.0, 1.0],
    ...     image_orientation=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
    ...     pixel_spacing=[0.5, 0.5],
    ... )
    >>> transformer(np.array([[0.5, 10.5], [0.0, 0.0]])).tolist()
    [[56.0, 39.0, 1.0], [55.75, 33.75, 1.0]]

    """

    _to_pixels = _CORNER_TO_CENTER

    def __call__(self, coordinates: npt.NDArray[Any]) -> FloatArray:
        """Map image coordinates to reference coordinates.

        Parameters
        ----------
        coordinates
            Column and row coordinates in pixels from the upper left corner of the
            image, shape (n, 2).

        Returns
        -------
        numpy.ndarray
            Coordinates in millimetres, shape (n, 3).

        Raises
        ------
        ArgumentTypeError
            If the coordinates are not numbers.
        InvalidArgumentError
            If the shape differs.

        """
        return self._map(_points(coordinates, 2, "coordinates"))


class ReferenceToImageTransformer(_Transformer):
    """Map from reference coordinates to image coordinates.

    Parameters
    ----------
    image_position
        Centre of the first pixel in the reference coordinate system in millimetres.
    image_orientation
        Direction cosines of a row and of a column.
    pixel_spacing
        Distance between rows and distance between columns in millimetres.
    spacing_between_slices
        Distance that is one along the slice axis in millimetres.
    drop_slice_coord
        Whether the slice coordinate is left out. Points must then lie within half a
        slice of the image plane.

    Raises
    ------
    ArgumentTypeError
        If a value has the wrong type.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.spatial import ReferenceToImageTransformer
    >>> transformer = ReferenceToImageTransformer(
    ...     image_position=[56.0, 34.0, 1.0],
    ...     image_orientation=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
    ...     pixel_spacing=[0.5, 0.5],
    ...     drop_slice_coord=True,
    ... )
    >>> transformer(np.array([[56.0, 39.0, 1.0], [55.75, 33.75, 1.0]])).tolist()
    [[0.5, 10.5], [0.0, 0.0]]

    """

    def __init__(
        self,
        image_position: Vector,
        image_orientation: Vector,
        pixel_spacing: Vector,
        spacing_between_slices: float = 1.0,
        drop_slice_coord: bool = False,
    ) -> None:
        self._map = (
            _CENTER_TO_CORNER
            @ pixel_to_reference(
                image_position, image_orientation, pixel_spacing, spacing_between_slices
            ).inverse()
        )
        self._drop_slice_coord = drop_slice_coord

    def __call__(self, coordinates: npt.NDArray[Any]) -> FloatArray:
        """Map reference coordinates to image coordinates.

        Parameters
        ----------
        coordinates
            Coordinates in millimetres, shape (n, 3).

        Returns
        -------
        numpy.ndarray
            Column and row in pixels from the upper left corner of the image, and slice,
            shape (n, 3), or column and row, shape (n, 2).

        Raises
        ------
        ArgumentTypeError
            If the coordinates are not numbers.
        InvalidArgumentError
            If the shape differs.
        OutOfPlaneError
            If the slice coordinate is to be dropped but is more than half a slice.

        """
        points = self._map(_points(coordinates, 3, "coordinates"))
        return _in_plane(points) if self._drop_slice_coord else points

    @classmethod
    def for_image(
        cls,
        dataset: Dataset,
        frame_number: int | None = None,
        for_total_pixel_matrix: bool = False,
        drop_slice_coord: bool = False,
    ) -> Self:
        """Make the map for an image, or for a frame of it.

        One along the slice axis is Spacing Between Slices, or one millimetre where it
        is not stored.

        Parameters
        ----------
        dataset
            Single-frame or multi-frame image.
        frame_number
            One-based number of the frame; needed for multi-frame images.
        for_total_pixel_matrix
            Whether coordinates refer to the total pixel matrix of a tiled image,
            whatever the frame.
        drop_slice_coord
            Whether the slice coordinate is left out.

        Raises
        ------
        ArgumentTypeError
            If a frame number is missing or is none.
        FrameNumberError
            If there is no such frame.
        MissingGeometryError
            If an attribute is missing; it is an AttributeError and a ValueError.
        InvalidAttributeError
            If an attribute has an impossible value.

        """
        geometry = image_geometry(dataset, frame_number, for_total_pixel_matrix)
        return cls(
            geometry.position,
            geometry.orientation,
            geometry.pixel_spacing,
            slice_spacing(geometry),
            drop_slice_coord,
        )


class PixelToPixelTransformer(_Transformer):
    """Map from pixel indices of one image to those of another in the same plane.

    Parameters
    ----------
    image_position_from, image_position_to
        Centre of the first pixel of each image in millimetres.
    image_orientation_from, image_orientation_to
        Direction cosines of a row and of a column.
    pixel_spacing_from, pixel_spacing_to
        Distance between rows and distance between columns in millimetres.
    round_output
        Whether indices are rounded to integers.

    Raises
    ------
    ArgumentTypeError
        If a value is not a sequence.
    InvalidArgumentError
        If a value is not allowed, or the images lie in different planes.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.spatial import PixelToPixelTransformer
    >>> transformer = PixelToPixelTransformer(
    ...     image_position_from=[56.0, 34.0, 1.0],
    ...     image_orientation_from=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
    ...     pixel_spacing_from=[0.5, 0.5],
    ...     image_position_to=[50.0, 30.0, 1.0],
    ...     image_orientation_to=[0.0, 1.0, 0.0, 1.0, 0.0, 0.0],
    ...     pixel_spacing_to=[1.0, 1.0],
    ... )
    >>> transformer(np.array([[0, 0], [10, 4]])).tolist()
    [[4, 6], [6, 11]]

    """

    def __init__(
        self,
        image_position_from: Vector,
        image_orientation_from: Vector,
        pixel_spacing_from: Vector,
        image_position_to: Vector,
        image_orientation_to: Vector,
        pixel_spacing_to: Vector,
        round_output: bool = True,
    ) -> None:
        _check_same_plane(
            image_position_from,
            image_orientation_from,
            image_position_to,
            image_orientation_to,
        )
        self._map = pixel_to_reference(
            image_position_to, image_orientation_to, pixel_spacing_to
        ).inverse() @ pixel_to_reference(
            image_position_from, image_orientation_from, pixel_spacing_from
        )
        self._round_output = round_output

    def __call__(self, indices: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Map pixel indices of the first image to those of the second.

        Parameters
        ----------
        indices
            Zero-based column and row indices, shape (n, 2), integers.

        Returns
        -------
        numpy.ndarray
            Zero-based column and row indices, shape (n, 2); int64 if rounded, otherwise
            float64. They may lie outside of the second image.

        Raises
        ------
        ArgumentTypeError
            If the indices are not integers.
        InvalidArgumentError
            If the shape differs.

        """
        points = self._map(_indices(indices))[:, :2]
        return rounded(points) if self._round_output else points

    @classmethod
    def for_images(
        cls,
        dataset_from: Dataset,
        dataset_to: Dataset,
        frame_number_from: int | None = None,
        frame_number_to: int | None = None,
        for_total_pixel_matrix_from: bool = False,
        for_total_pixel_matrix_to: bool = False,
        round_output: bool = True,
    ) -> Self:
        """Make the map between two images, or frames of them.

        Parameters
        ----------
        dataset_from, dataset_to
            Single-frame or multi-frame images.
        frame_number_from, frame_number_to
            One-based numbers of the frames; needed for multi-frame images.
        for_total_pixel_matrix_from, for_total_pixel_matrix_to
            Whether indices refer to the total pixel matrix of a tiled image, whatever
            the frame.
        round_output
            Whether indices are rounded to integers.

        Raises
        ------
        ArgumentTypeError
            If a frame number is missing or is none.
        FrameNumberError
            If there is no such frame.
        InvalidArgumentError
            If the images lie in different planes.
        MissingGeometryError
            If an attribute is missing; it is an AttributeError and a ValueError.
        InvalidAttributeError
            If an attribute has an impossible value, or the frames of reference differ.

        """
        check_frame_of_reference(dataset_from, dataset_to)
        first = image_geometry(
            dataset_from, frame_number_from, for_total_pixel_matrix_from
        )
        second = image_geometry(dataset_to, frame_number_to, for_total_pixel_matrix_to)
        return cls(
            first.position,
            first.orientation,
            first.pixel_spacing,
            second.position,
            second.orientation,
            second.pixel_spacing,
            round_output,
        )


class ImageToImageTransformer(_Transformer):
    """Map from image coordinates of one image to those of another in the same plane.

    Parameters
    ----------
    image_position_from, image_position_to
        Centre of the first pixel of each image in millimetres.
    image_orientation_from, image_orientation_to
        Direction cosines of a row and of a column.
    pixel_spacing_from, pixel_spacing_to
        Distance between rows and distance between columns in millimetres.

    Raises
    ------
    ArgumentTypeError
        If a value is not a sequence.
    InvalidArgumentError
        If a value is not allowed, or the images lie in different planes.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.spatial import ImageToImageTransformer
    >>> transformer = ImageToImageTransformer(
    ...     image_position_from=[56.0, 34.0, 1.0],
    ...     image_orientation_from=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
    ...     pixel_spacing_from=[0.5, 0.5],
    ...     image_position_to=[50.0, 30.0, 1.0],
    ...     image_orientation_to=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
    ...     pixel_spacing_to=[1.0, 1.0],
    ... )
    >>> transformer(np.array([[0.0, 0.0], [0.5, 0.5]])).tolist()
    [[6.25, 4.25], [6.5, 4.5]]

    """

    def __init__(
        self,
        image_position_from: Vector,
        image_orientation_from: Vector,
        pixel_spacing_from: Vector,
        image_position_to: Vector,
        image_orientation_to: Vector,
        pixel_spacing_to: Vector,
    ) -> None:
        pixels = PixelToPixelTransformer(
            image_position_from,
            image_orientation_from,
            pixel_spacing_from,
            image_position_to,
            image_orientation_to,
            pixel_spacing_to,
        )
        self._map = _CENTER_TO_CORNER @ AffineMap(pixels.affine) @ _CORNER_TO_CENTER

    def __call__(self, coordinates: npt.NDArray[Any]) -> FloatArray:
        """Map image coordinates of the first image to those of the second.

        Parameters
        ----------
        coordinates
            Column and row coordinates in pixels from the upper left corner of the first
            image, shape (n, 2).

        Returns
        -------
        numpy.ndarray
            The same for the second image, shape (n, 2).

        Raises
        ------
        ArgumentTypeError
            If the coordinates are not numbers.
        InvalidArgumentError
            If the shape differs.

        """
        return self._map(_points(coordinates, 2, "coordinates"))[:, :2]

    @classmethod
    def for_images(
        cls,
        dataset_from: Dataset,
        dataset_to: Dataset,
        frame_number_from: int | None = None,
        frame_number_to: int | None = None,
        for_total_pixel_matrix_from: bool = False,
        for_total_pixel_matrix_to: bool = False,
    ) -> Self:
        """Make the map between two images, or frames of them.

        Parameters
        ----------
        dataset_from, dataset_to
            Single-frame or multi-frame images.
        frame_number_from, frame_number_to
            One-based numbers of the frames; needed for multi-frame images.
        for_total_pixel_matrix_from, for_total_pixel_matrix_to
            Whether coordinates refer to the total pixel matrix of a tiled image,
            whatever the frame.

        Raises
        ------
        ArgumentTypeError
            If a frame number is missing or is none.
        FrameNumberError
            If there is no such frame.
        InvalidArgumentError
            If the images lie in different planes.
        MissingGeometryError
            If an attribute is missing; it is an AttributeError and a ValueError.
        InvalidAttributeError
            If an attribute has an impossible value, or the frames of reference differ.

        """
        check_frame_of_reference(dataset_from, dataset_to)
        first = image_geometry(
            dataset_from, frame_number_from, for_total_pixel_matrix_from
        )
        second = image_geometry(dataset_to, frame_number_to, for_total_pixel_matrix_to)
        return cls(
            first.position,
            first.orientation,
            first.pixel_spacing,
            second.position,
            second.orientation,
            second.pixel_spacing,
        )
