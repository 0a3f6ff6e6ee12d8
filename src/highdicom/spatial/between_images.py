"""Maps between the pixel indices or image coordinates of images in one plane."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.errors import InvalidArgumentError
from highdicom.spatial.affine import AffineMap, pixel_to_reference, rounded
from highdicom.spatial.arguments import FloatArray, Vector, vector
from highdicom.spatial.dataset import check_frame_of_reference, image_geometry
from highdicom.spatial.orientation import get_normal_vector
from highdicom.spatial.transformer import (
    CENTER_TO_CORNER,
    CORNER_TO_CENTER,
    Transformer,
    indices_of,
    points_of,
)
from highdicom.typing import Self

# Planes are the same if their normals enclose less than 0.08 degrees and one goes
# through the position of the other, in millimetres and, since direction cosines are
# rounded, in parts of the distance of the positions.
_PARALLEL_COSINE = 1.0 - 1e-6
_COPLANAR_DISTANCE = 1e-5 + 1e-12
_COPLANAR_SLOPE = 2e-6

# Image position, image orientation and pixel spacing.
_Plane = tuple[Vector, Vector, Vector]


def _check_same_plane(plane_from: _Plane, plane_to: _Plane) -> None:
    position_from, orientation_from, _ = plane_from
    position_to, orientation_to, _ = plane_to
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


def _pixel_to_pixel(plane_from: _Plane, plane_to: _Plane) -> AffineMap:
    _check_same_plane(plane_from, plane_to)
    return pixel_to_reference(*plane_to).inverse() @ pixel_to_reference(*plane_from)


def _plane_of(
    dataset: Dataset, frame_number: int | None, for_total_pixel_matrix: bool
) -> _Plane:
    geometry = image_geometry(dataset, frame_number, for_total_pixel_matrix)
    return geometry.position, geometry.orientation, geometry.pixel_spacing


class PixelToPixelTransformer(Transformer):
    """Map from pixel indices of one image to those of another in the same plane.

    Both are in one frame of reference (PS3.3 C.7.6.2.1.1).

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
        self._map = _pixel_to_pixel(
            (image_position_from, image_orientation_from, pixel_spacing_from),
            (image_position_to, image_orientation_to, pixel_spacing_to),
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
        points = self._map(indices_of(indices))[:, :2]
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
        return cls(
            *_plane_of(dataset_from, frame_number_from, for_total_pixel_matrix_from),
            *_plane_of(dataset_to, frame_number_to, for_total_pixel_matrix_to),
            round_output,
        )


class ImageToImageTransformer(Transformer):
    """Map from image coordinates of one image to those of another in the same plane.

    Image coordinates are those of SCOORD (PS3.3 C.18.6); both images are in one frame
    of reference (PS3.3 C.7.6.2.1.1).

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
        pixel_to_pixel = _pixel_to_pixel(
            (image_position_from, image_orientation_from, pixel_spacing_from),
            (image_position_to, image_orientation_to, pixel_spacing_to),
        )
        self._map = CENTER_TO_CORNER @ pixel_to_pixel @ CORNER_TO_CENTER

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
        return self._map(points_of(coordinates, 2, "coordinates"))[:, :2]

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
        return cls(
            *_plane_of(dataset_from, frame_number_from, for_total_pixel_matrix_from),
            *_plane_of(dataset_to, frame_number_to, for_total_pixel_matrix_to),
        )
