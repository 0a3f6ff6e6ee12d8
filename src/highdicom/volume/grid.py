"""What a volume and its geometry share: where voxels lie."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.arguments import member_of, tolerance, whole_number
from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.enum import (
    AxisHandedness,
    CoordinateSystemNames,
    PatientOrientationValuesBiped,
)
from highdicom.errors import ArgumentTypeError, InvalidArgumentError, VolumeError
from highdicom.spatial.affine import AffineMap, convert_affine_to_convention
from highdicom.spatial.orientation import (
    LPS_PATIENT_REFERENCE_CONVENTION,
    get_closest_patient_orientation,
)
from highdicom.typing import Self
from highdicom.uid import UID
from highdicom.volume.arrangement import Shape
from highdicom.volume.geometry import (
    Affine,
    Orientation,
    as_affine,
    as_points,
    beyond,
    mapped,
    triple,
)

__all__ = ["DEFAULT_TOLERANCE", "Grid", "check_grid"]

DEFAULT_TOLERANCE = 1e-5


class Grid(ABC):
    """A regular grid of voxels in a coordinate system (PS3.3 C.7.6.2.1.1, C.8.12.4.1).

    Its three axes are orthogonal and index slices, rows and columns, in this order.
    Positions are those of the centres of voxels, in millimetres.
    """

    def __init__(
        self,
        affine: npt.NDArray[Any],
        coordinate_system: CoordinateSystemNames | str,
        frame_of_reference_uid: str | None,
        from_reference_convention: Orientation | None,
    ) -> None:
        self._coordinate_system = member_of(
            CoordinateSystemNames, coordinate_system, "coordinate_system"
        )
        self._affine = as_affine(
            affine, self._coordinate_system, from_reference_convention
        )
        self._frame_of_reference_uid = _as_uid(frame_of_reference_uid)

    @property
    @abstractmethod
    def spatial_shape(self) -> Shape:
        """Number of slices, rows and columns."""

    @property
    def coordinate_system(self) -> CoordinateSystemNames:
        """Whether positions refer to the patient or the slide."""
        return self._coordinate_system

    @property
    def frame_of_reference_uid(self) -> UID | None:
        """Frame of Reference UID (PS3.3 C.7.4.1), if known."""
        return self._frame_of_reference_uid

    @property
    def affine(self) -> npt.NDArray[np.float64]:
        """Matrix of shape (4, 4) from zero-based indices to positions; a copy."""
        affine: Affine = self._affine.copy()
        return affine

    @property
    def inverse_affine(self) -> npt.NDArray[np.float64]:
        """Matrix of shape (4, 4) from positions to zero-based indices."""
        return AffineMap(self._affine).inverse().matrix

    def get_affine(
        self, output_convention: Orientation | None
    ) -> npt.NDArray[np.generic]:
        """Get the affine matrix in another convention.

        Parameters
        ----------
        output_convention
            Directions in which the axes of the coordinate system point, such as
            "RAH" for NIfTI; that of DICOM, "LPH", if not given.

        Returns
        -------
        numpy.ndarray
            Matrix of shape (4, 4).

        Raises
        ------
        InvalidArgumentError
            If these are not three directions along different axes.

        """
        if output_convention is None:
            return self.affine
        return convert_affine_to_convention(
            self._affine,
            from_reference_convention=LPS_PATIENT_REFERENCE_CONVENTION,
            to_reference_convention=output_convention,
        )

    @property
    def position(self) -> tuple[float, float, float]:
        """Position (x, y, z) of the first voxel."""
        return triple(self._affine[:3, 3])

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Distance in millimetres between neighbouring slices, rows and columns."""
        return triple(self._spacing)

    @property
    def _spacing(self) -> Affine:
        spacing: Affine = np.sqrt((self._affine[:3, :3] ** 2).sum(axis=0))
        return spacing

    @property
    def pixel_spacing(self) -> tuple[float, float]:
        """Distance in millimetres between neighbouring rows and columns."""
        return self.spacing[1:]

    @property
    def spacing_between_slices(self) -> float:
        """Distance in millimetres between neighbouring slices."""
        return self.spacing[0]

    @property
    def voxel_volume(self) -> float:
        """Volume of a voxel in cubic millimetres."""
        return float(np.prod(self._spacing))

    @property
    def physical_extent(self) -> tuple[float, float, float]:
        """Length in millimetres along each axis, whole voxels included."""
        return triple(self._spacing * self.spatial_shape)

    @property
    def physical_volume(self) -> float:
        """Volume of all voxels in cubic millimetres."""
        return float(np.prod(self._spacing * self.spatial_shape))

    @property
    def direction(self) -> npt.NDArray[np.float64]:
        """Matrix of shape (3, 3) whose columns are the unit vectors of the axes."""
        direction: Affine = self._affine[:3, :3] / self._spacing
        return direction

    @property
    def direction_cosines(self) -> tuple[float, float, float, float, float, float]:
        """Image Orientation: directions of rows, then of columns (PS3.3 C.7.6.2)."""
        direction = self.direction
        return (*triple(direction[:, 2]), *triple(direction[:, 1]))

    def unit_vectors(
        self,
    ) -> tuple[
        npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]
    ]:
        """Get the unit vector along each axis, each of shape (3,)."""
        first, second, third = self.direction.T.copy()
        return first, second, third

    def spacing_vectors(
        self,
    ) -> tuple[
        npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]
    ]:
        """Get the vector from a voxel to the next along each axis, of shape (3,)."""
        first, second, third = self._affine[:3, :3].T.copy()
        return first, second, third

    @property
    def handedness(self) -> AxisHandedness:
        """Whether the axes are right-handed in the order of the array."""
        if np.linalg.det(self._affine[:3, :3]) > 0:
            return AxisHandedness.RIGHT_HANDED
        return AxisHandedness.LEFT_HANDED

    @property
    def center_indices(self) -> tuple[float, float, float]:
        """Indices of the centre, halves if it lies between voxels."""
        return triple((np.array(self.spatial_shape) - 1) / 2)

    @property
    def nearest_center_indices(self) -> tuple[int, int, int]:
        """Indices of the voxel nearest the centre, the lower one of two."""
        first, second, third = ((size - 1) // 2 for size in self.spatial_shape)
        return first, second, third

    @property
    def center_position(self) -> tuple[float, float, float]:
        """Position (x, y, z) of the centre."""
        return triple(mapped(self._affine, np.array([self.center_indices]))[0])

    def map_indices_to_reference(
        self, indices: npt.NDArray[np.generic]
    ) -> npt.NDArray[np.float64]:
        """Map indices to positions.

        Parameters
        ----------
        indices
            Zero-based indices of slice, row and column, shape (n, 3); fractions lie
            between voxels.

        Returns
        -------
        numpy.ndarray
            Positions (x, y, z) in millimetres, shape (n, 3).

        Raises
        ------
        InvalidArgumentError
            If the array has another shape.

        """
        return mapped(self._affine, as_points(indices, "indices"))

    def map_reference_to_indices(
        self,
        coordinates: npt.NDArray[np.floating],
        round_output: bool = False,
        check_bounds: bool = False,
    ) -> npt.NDArray[np.generic]:
        """Map positions to indices.

        Parameters
        ----------
        coordinates
            Positions (x, y, z) in millimetres, shape (n, 3).
        round_output
            Whether to round to the nearest voxel.
        check_bounds
            Whether all positions must lie in the volume, at most half a voxel beyond
            the centres of the outermost voxels.

        Returns
        -------
        numpy.ndarray
            Zero-based indices of slice, row and column, shape (n, 3), of float64 or,
            if rounded, int64.

        Raises
        ------
        InvalidArgumentError
            If the array has another shape, or a position to round is not finite.
        VolumeError
            If a position lies outside the volume.

        """
        points = as_points(coordinates, "coordinates")
        indices = mapped(self.inverse_affine, points, round_output)
        if check_bounds and (outside := beyond(indices, self.spatial_shape)):
            raise VolumeError(
                f"Coordinates must lie within the volume, as {outside} of them do not."
            )
        return indices

    def get_closest_patient_orientation(
        self,
    ) -> tuple[
        PatientOrientationValuesBiped,
        PatientOrientationValuesBiped,
        PatientOrientationValuesBiped,
    ]:
        """Get the direction of the patient that each axis points to most closely.

        Raises
        ------
        VolumeError
            If the volume is not in the patient coordinate system.

        """
        self._check_patient()
        return get_closest_patient_orientation(self._affine)

    def _check_patient(self) -> None:
        if self._coordinate_system is not CoordinateSystemNames.PATIENT:
            raise VolumeError(
                "The volume must be in the patient coordinate system, not in that of "
                "the slide."
            )

    def get_pixel_measures(self) -> PixelMeasuresSequence:
        """Get the Pixel Measures (PS3.3 C.7.6.16.2.1); slices are contiguous."""
        between = self.spacing_between_slices
        return PixelMeasuresSequence(
            pixel_spacing=self.pixel_spacing,
            slice_thickness=between,
            spacing_between_slices=between,
        )

    def get_plane_orientation(self) -> PlaneOrientationSequence:
        """Get the orientation of the planes (PS3.3 C.7.6.16.2.4 and C.8.12.4.1)."""
        return PlaneOrientationSequence(
            coordinate_system=self._coordinate_system,
            image_orientation=self.direction_cosines,
        )

    def get_plane_position(self, plane_index: int) -> PlanePositionSequence:
        """Get the position of a plane (PS3.3 C.7.6.16.2.3 and C.8.12.6.1).

        On a slide the plane is a total pixel matrix by itself.

        Parameters
        ----------
        plane_index
            Zero-based index along the first axis.

        Raises
        ------
        InvalidArgumentError
            If there is no such plane.

        """
        count = self.spatial_shape[0]
        index = whole_number(plane_index, "plane_index", lowest=0)
        if index >= count:
            raise InvalidArgumentError(
                f"'plane_index' must be below {count}, not {index}."
            )
        return self._plane_position(self._affine @ (index, 0, 0, 1))

    def get_plane_positions(self) -> list[PlanePositionSequence]:
        """Get the position of each plane (PS3.3 C.7.6.16.2.3 and C.8.12.6.1)."""
        indices = np.zeros((self.spatial_shape[0], 3))
        indices[:, 0] = np.arange(len(indices))
        return [self._plane_position(p) for p in mapped(self._affine, indices)]

    def _plane_position(self, position: Affine) -> PlanePositionSequence:
        on_slide = self._coordinate_system is CoordinateSystemNames.SLIDE
        return PlanePositionSequence(
            coordinate_system=self._coordinate_system,
            image_position=triple(position[:3]),
            pixel_matrix_position=(1, 1) if on_slide else None,
        )

    def geometry_equal(
        self, other: "Grid", tol: float | None = DEFAULT_TOLERANCE
    ) -> bool:
        """Whether the voxels of another volume lie in the same places.

        Parameters
        ----------
        other
            Volume or geometry to compare with. Frames of reference are compared only
            if both are known.
        tol
            Tolerance in millimetres for the elements of the affine matrices, on top
            of a relative one of 1e-5; exact equality if none.

        Raises
        ------
        ArgumentTypeError
            If the other is neither volume nor geometry.

        """
        check_grid(other, "other")
        uids = {self.frame_of_reference_uid, other.frame_of_reference_uid} - {None}
        if len(uids) > 1:
            return False
        if (self.spatial_shape, self.coordinate_system) != (
            other.spatial_shape,
            other.coordinate_system,
        ):
            return False
        if tol is None:
            return bool(np.array_equal(self._affine, other.affine))
        return bool(np.allclose(self._affine, other.affine, atol=tolerance(tol, "tol")))

    def _replaced(self, **fields: object) -> Self:
        """Make a shallow copy with other values of private attributes."""
        result = object.__new__(type(self))
        vars(result).update(vars(self), **fields)
        return result


def check_grid(value: object, name: str) -> None:
    """Refuse what is neither a volume nor a geometry.

    Raises
    ------
    ArgumentTypeError
        If it is something else.

    """
    if not isinstance(value, Grid):
        raise ArgumentTypeError(
            f"{name!r} must be a Volume or VolumeGeometry, not {type(value).__name__}."
        )


def _as_uid(value: object) -> UID | None:
    if value is None or isinstance(value, UID):
        return value
    if not isinstance(value, str):
        raise ArgumentTypeError(
            f"'frame_of_reference_uid' must be a text, not {type(value).__name__}."
        )
    return UID(value)
