"""Maps from reference coordinates to pixel indices and image coordinates."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.errors import ArgumentError
from highdicom.spatial.affine import pixel_to_reference, rounded
from highdicom.spatial.arguments import FloatArray, Vector
from highdicom.spatial.dataset import image_geometry, slice_spacing
from highdicom.spatial.transformer import CENTER_TO_CORNER, Transformer, points_of
from highdicom.typing import Self

_HALF_SLICE = 0.5 + 1e-12


class OutOfPlaneError(ArgumentError, RuntimeError):
    """Points do not lie in the plane of the image."""


def _in_plane(points: FloatArray) -> FloatArray:
    """Drop the third coordinate, which must be that of the plane itself."""
    if not (np.abs(points[:, 2]) <= _HALF_SLICE).all():
        raise OutOfPlaneError(
            "Not all points lie in the plane of the image, or within half a slice of it."
        )
    return points[:, :2]


class ReferenceToPixelTransformer(Transformer):
    """Map from reference coordinates to pixel indices (PS3.3 C.7.6.2.1.1).

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
        points = self._map(points_of(coordinates, 3, "coordinates"))
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


class ReferenceToImageTransformer(Transformer):
    """Map from reference coordinates to image coordinates.

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
            CENTER_TO_CORNER
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
        points = self._map(points_of(coordinates, 3, "coordinates"))
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
