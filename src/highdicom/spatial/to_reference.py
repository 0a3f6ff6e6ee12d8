"""Maps from pixel indices and image coordinates to reference coordinates."""

from typing import Any, ClassVar

import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.spatial.affine import AffineMap, pixel_to_reference
from highdicom.spatial.arguments import FloatArray, Vector
from highdicom.spatial.dataset import image_geometry
from highdicom.spatial.transformer import (
    CORNER_TO_CENTER,
    Transformer,
    indices_of,
    points_of,
)
from highdicom.typing import Self


class _PlaneToReferenceTransformer(Transformer):
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
    """Map from pixel indices to reference coordinates (PS3.3 C.7.6.2.1.1).

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
        return self._map(indices_of(indices))


class ImageToReferenceTransformer(_PlaneToReferenceTransformer):
    """Map from image coordinates to reference coordinates.

    Image coordinates are those of SCOORD (PS3.3 C.18.6), reference coordinates those
    of PS3.3 C.7.6.2.1.1.

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

    _to_pixels = CORNER_TO_CENTER

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
        return self._map(points_of(coordinates, 2, "coordinates"))
