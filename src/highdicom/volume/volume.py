"""Arrays of voxels with their place in the patient or on the slide, and such places.

A volume gives its geometry and a geometry makes volumes, so they stand together.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.arguments import member_of, whole_number
from highdicom.enum import CoordinateSystemNames, NiBabelImageClasses
from highdicom.errors import InvalidArgumentError
from highdicom.spatial.affine import convert_affine_to_convention
from highdicom.typing import Self
from highdicom.volume import itk, nibabel, simpleitk
from highdicom.volume.arrangement import Arrangement, Padding, Shape, as_shape
from highdicom.volume.channels import ChannelAxes, ChannelsArgument
from highdicom.volume.geometry import (
    Orientation,
    affine_from_attributes,
    affine_from_components,
    moved,
)
from highdicom.volume.rearrangement import RearrangeableGrid
from highdicom.volume.voxels import VoxelGrid, check_array, spatial

__all__ = ["Volume", "VolumeGeometry"]


class VolumeGeometry(RearrangeableGrid):
    """Place of the voxels of a volume, without their values.

    Parameters
    ----------
    affine
        Matrix of shape (4, 4) from zero-based indices of slice, row and column to
        positions in millimetres; its axes are orthogonal.
    spatial_shape
        Number of slices, rows and columns.
    coordinate_system
        Whether positions refer to the patient or the slide.
    frame_of_reference_uid
        Frame of Reference UID (PS3.3 C.7.4.1).
    from_reference_convention
        Directions in which the axes of the patient coordinate system point, such as
        "RAH" for NIfTI, if not "LPH" as in DICOM. The matrix is converted.

    Raises
    ------
    InvalidArgumentError
        If the matrix or shape is no such matrix or shape.
    ConflictingArgumentsError
        If a convention is given for the slide coordinate system.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import VolumeGeometry
    >>> geometry = VolumeGeometry(np.diag([2.0, 1.0, 1.0, 1.0]), (20, 64, 64), "PATIENT")
    >>> geometry.physical_extent
    (40.0, 64.0, 64.0)
    >>> geometry[5:, :, ::-1].position
    (10.0, 0.0, 63.0)

    """

    def __init__(
        self,
        affine: npt.NDArray[Any],
        spatial_shape: Sequence[int],
        coordinate_system: CoordinateSystemNames | str,
        frame_of_reference_uid: str | None = None,
        from_reference_convention: Orientation | None = None,
    ) -> None:
        super().__init__(
            affine, coordinate_system, frame_of_reference_uid, from_reference_convention
        )
        self._spatial_shape = as_shape(spatial_shape, "spatial_shape")

    @classmethod
    def from_attributes(  # noqa: PLR0913 (public signature)
        cls,
        *,
        image_position: Sequence[float],
        image_orientation: Sequence[float],
        rows: int,
        columns: int,
        pixel_spacing: Sequence[float],
        spacing_between_slices: float,
        number_of_frames: int,
        coordinate_system: CoordinateSystemNames | str,
        frame_of_reference_uid: str | None = None,
    ) -> Self:
        """Make a geometry from attributes of images (PS3.3 C.7.6.2).

        Parameters
        ----------
        image_position
            Position (x, y, z) in millimetres of the first voxel of the first slice.
        image_orientation
            Direction cosines of the rows, then of the columns.
        rows, columns
            Size of slices.
        pixel_spacing
            Distance in millimetres between rows and between columns.
        spacing_between_slices
            Distance in millimetres from a slice to the next. If positive, slices,
            rows and columns are right-handed; if negative, left-handed.
        number_of_frames
            Number of slices.
        coordinate_system
            Whether positions refer to the patient or the slide.
        frame_of_reference_uid
            Frame of Reference UID.

        Raises
        ------
        InvalidArgumentError
            If a value is not allowed.
        ArgumentTypeError
            If a value has the wrong type.

        """
        affine = affine_from_attributes(
            image_position=image_position,
            image_orientation=image_orientation,
            pixel_spacing=pixel_spacing,
            spacing_between_slices=spacing_between_slices,
        )
        shape = (
            whole_number(number_of_frames, "number_of_frames", lowest=1),
            whole_number(rows, "rows", lowest=1),
            whole_number(columns, "columns", lowest=1),
        )
        return cls(affine, shape, coordinate_system, frame_of_reference_uid)

    @classmethod
    def from_components(  # noqa: PLR0913 (public signature)
        cls,
        spatial_shape: Sequence[int],
        *,
        spacing: Sequence[float] | float,
        coordinate_system: CoordinateSystemNames | str,
        position: Sequence[float] | None = None,
        center_position: Sequence[float] | None = None,
        direction: Sequence[float] | npt.NDArray[np.float64] | None = None,
        patient_orientation: Orientation | None = None,
        frame_of_reference_uid: str | None = None,
        from_reference_convention: Orientation | None = None,
    ) -> Self:
        """Make a geometry from position, directions and spacing.

        Parameters
        ----------
        spatial_shape
            Number of slices, rows and columns.
        spacing
            Distance in millimetres between slices, rows and columns; one number if
            it is the same along all axes.
        coordinate_system
            Whether positions refer to the patient or the slide.
        position, center_position
            Position (x, y, z) in millimetres of the first voxel or, alternatively, of
            the centre.
        direction
            Matrix of shape (3, 3), whole or flattened row by row, whose columns are
            the unit vectors of the axes.
        patient_orientation
            Alternatively, directions of the patient for slices, rows and columns,
            such as "FPL".
        frame_of_reference_uid
            Frame of Reference UID.
        from_reference_convention
            Directions of the axes that positions and directions refer to, if not
            "LPH".

        Raises
        ------
        InvalidArgumentError
            If a value is not allowed.
        ConflictingArgumentsError
            If not exactly one of position and centre, or of direction and patient
            orientation, is given, or a convention for the slide coordinate system.

        """
        shape = as_shape(spatial_shape, "spatial_shape")
        system = member_of(
            CoordinateSystemNames, coordinate_system, "coordinate_system"
        )
        affine = affine_from_components(
            shape,
            system,
            spacing=spacing,
            position=position,
            center_position=center_position,
            direction=direction,
            patient_orientation=patient_orientation,
            convention=from_reference_convention,
        )
        return cls(affine, shape, system, frame_of_reference_uid)

    @property
    def spatial_shape(self) -> Shape:
        """Number of slices, rows and columns."""
        return self._spatial_shape

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of slices, rows and columns."""
        return self._spatial_shape

    @property
    def ndim(self) -> int:
        """Number of axes, which is three."""
        return 3

    def copy(self) -> Self:
        """Make a copy."""
        return copy(self)

    def with_array(
        self, array: npt.NDArray[Any], channels: ChannelsArgument = None
    ) -> "Volume":
        """Make a volume of this geometry.

        Parameters
        ----------
        array
            Voxels, of this spatial shape; further axes are channels. The volume
            shares the array.
        channels
            What each channel axis stands for; as for :class:`Volume`.

        Raises
        ------
        InvalidArgumentError
            If the array has another shape, or the channels do not describe it.
        ArgumentTypeError
            If it is no array.

        """
        return _volume_like(self, array, channels)

    def _rearranged(
        self,
        arrangement: Arrangement,
        padding: Padding | None = None,  # noqa: ARG002 (there are no values)
    ) -> Self:
        return self._replaced(
            _affine=moved(self._affine, arrangement),
            _spatial_shape=arrangement.shape,
        )

    def __repr__(self) -> str:
        """Show shape, spacing and coordinate system."""
        return (
            f"{type(self).__name__}(spatial_shape={self.spatial_shape}, "
            f"spacing={self.spacing}, coordinate_system={self.coordinate_system.value})"
        )


class Volume(VoxelGrid):
    """Array of voxels and their place in the patient or on the slide.

    The first three axes are spatial and index slices, rows and columns. Further ones
    are channels, such as colours, segments or diffusion b-values.

    Parameters
    ----------
    array
        Voxels, of integers, floating point numbers or booleans, at least three axes.
        The volume shares the array.
    affine
        Matrix of shape (4, 4) from zero-based indices of slice, row and column to
        positions in millimetres; its axes are orthogonal.
    coordinate_system
        Whether positions refer to the patient or the slide.
    frame_of_reference_uid
        Frame of Reference UID (PS3.3 C.7.4.1).
    channels
        What each axis beyond the third stands for, in their order: keyword, tag or
        :class:`ChannelDescriptor`, and the values along the axis.
    from_reference_convention
        Directions in which the axes of the patient coordinate system point, such as
        "RAH" for NIfTI, if not "LPH" as in DICOM. The matrix is converted.

    Raises
    ------
    InvalidArgumentError
        If array, matrix or channels are not as they must be or do not fit together.
    ArgumentTypeError
        If something has the wrong type.
    ConflictingArgumentsError
        If a convention is given for the slide coordinate system.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import Volume
    >>> volume = Volume(
    ...     np.zeros((20, 64, 64, 2), np.uint8),
    ...     np.diag([2.0, 1.0, 1.0, 1.0]),
    ...     "PATIENT",
    ...     channels={"SegmentNumber": [1, 2]},
    ... )
    >>> volume.get_channel(SegmentNumber=2).pad(4).shape
    (28, 72, 72)
    >>> volume.to_patient_orientation("PRH").spatial_shape
    (64, 20, 64)

    """

    @classmethod
    def from_attributes(
        cls,
        *,
        array: npt.NDArray[Any],
        image_position: Sequence[float],
        image_orientation: Sequence[float],
        pixel_spacing: Sequence[float],
        spacing_between_slices: float,
        coordinate_system: CoordinateSystemNames | str,
        frame_of_reference_uid: str | None = None,
        channels: ChannelsArgument = None,
    ) -> Self:
        """Make a volume from attributes of images (PS3.3 C.7.6.2).

        Parameters
        ----------
        array
            Voxels; as for :class:`Volume`.
        image_position, image_orientation, pixel_spacing, spacing_between_slices
            As for :meth:`VolumeGeometry.from_attributes`.
        coordinate_system
            Whether positions refer to the patient or the slide.
        frame_of_reference_uid
            Frame of Reference UID.
        channels
            What each axis beyond the third stands for.

        Raises
        ------
        InvalidArgumentError
            If a value is not allowed.
        ArgumentTypeError
            If a value has the wrong type.

        """
        affine = affine_from_attributes(
            image_position=image_position,
            image_orientation=image_orientation,
            pixel_spacing=pixel_spacing,
            spacing_between_slices=spacing_between_slices,
        )
        return cls(array, affine, coordinate_system, frame_of_reference_uid, channels)

    @classmethod
    def from_components(  # noqa: PLR0913 (public signature)
        cls,
        array: npt.NDArray[Any],
        *,
        spacing: Sequence[float] | float,
        coordinate_system: CoordinateSystemNames | str,
        position: Sequence[float] | None = None,
        center_position: Sequence[float] | None = None,
        direction: Sequence[float] | npt.NDArray[np.float64] | None = None,
        patient_orientation: Orientation | None = None,
        frame_of_reference_uid: str | None = None,
        channels: ChannelsArgument = None,
        from_reference_convention: Orientation | None = None,
    ) -> Self:
        """Make a volume from position, directions and spacing.

        Parameters
        ----------
        array
            Voxels; as for :class:`Volume`.
        spacing, position, center_position, direction, patient_orientation
            As for :meth:`VolumeGeometry.from_components`.
        coordinate_system
            Whether positions refer to the patient or the slide.
        frame_of_reference_uid
            Frame of Reference UID.
        channels
            What each axis beyond the third stands for.
        from_reference_convention
            Directions of the axes that positions and directions refer to, if not
            "LPH".

        Raises
        ------
        InvalidArgumentError
            If a value is not allowed.
        ConflictingArgumentsError
            If not exactly one of position and centre, or of direction and patient
            orientation, is given, or a convention for the slide coordinate system.

        """
        check_array(array)
        system = member_of(
            CoordinateSystemNames, coordinate_system, "coordinate_system"
        )
        affine = affine_from_components(
            spatial(array.shape),
            system,
            spacing=spacing,
            position=position,
            center_position=center_position,
            direction=direction,
            patient_orientation=patient_orientation,
            convention=from_reference_convention,
        )
        return cls(array, affine, system, frame_of_reference_uid, channels)

    def get_geometry(self) -> VolumeGeometry:
        """Get the place of the voxels without their values."""
        return VolumeGeometry(
            self._affine,
            self.spatial_shape,
            self._coordinate_system,
            self._frame_of_reference_uid,
        )

    def with_array(
        self, array: npt.NDArray[Any], channels: ChannelsArgument = None
    ) -> Self:
        """Make a volume of the same geometry with other voxels.

        Parameters
        ----------
        array
            Voxels, of this spatial shape. The volume shares the array.
        channels
            What each channel axis of the array stands for. If not given, an array of
            the same shape as the present one keeps its channels, and an array of
            three axes has none.

        Raises
        ------
        InvalidArgumentError
            If the array has another spatial shape, or the channels do not describe
            it.
        ArgumentTypeError
            If it is no array.

        """
        check_array(array)
        if channels is None and array.ndim > 3 and array.shape == self.shape:
            return self._with(array, self._channels)
        _check_spatial_shape(array, self.spatial_shape)
        return self._with(array, ChannelAxes.of(channels, array.shape[3:]))

    @classmethod
    def from_nibabel(
        cls,
        nibabel_image: Any,
        coordinate_system: CoordinateSystemNames | str = "PATIENT",
        frame_of_reference_uid: str | None = None,
    ) -> Self:
        """Make a volume from an image of NiBabel.

        Parameters
        ----------
        nibabel_image
            Spatial image of three axes, whose values are scaled as its header says.
        coordinate_system
            Whether positions refer to the patient or the slide.
        frame_of_reference_uid
            Frame of Reference UID.

        Raises
        ------
        InvalidArgumentError
            If the image has other axes, no affine matrix, or one that is not
            orthogonal.
        ArgumentTypeError
            If it is no spatial image.

        """
        array, affine = nibabel.from_image(nibabel_image)
        return cls(
            array,
            convert_affine_to_convention(affine, "RAH", "LPH"),
            coordinate_system,
            frame_of_reference_uid,
        )

    def to_nibabel(
        self, image_class: NiBabelImageClasses | str = NiBabelImageClasses.NIFTI1IMAGE
    ) -> Any:
        """Make an image of NiBabel.

        Parameters
        ----------
        image_class
            Class of the image.

        Returns
        -------
        nibabel.spatialimages.SpatialImage
            Image that shares the voxels, unless its class does not support their
            data type and another one holds all values.

        Raises
        ------
        InvalidArgumentError
            If there are channels, the class is unknown or it cannot hold the values.
        MissingDependencyError
            If NiBabel is not installed.

        """
        wanted = member_of(NiBabelImageClasses, image_class, "image_class")
        self._check_no_channels("NiBabel")
        return nibabel.to_image(self._array, self.get_affine("RAH"), wanted)

    @classmethod
    def from_simpleitk(
        cls,
        simpleitk_image: Any,
        coordinate_system: CoordinateSystemNames | str = "PATIENT",
        frame_of_reference_uid: str | None = None,
    ) -> Self:
        """Make a volume from a copy of an image of SimpleITK.

        Parameters
        ----------
        simpleitk_image
            Image of three axes and one component a voxel.
        coordinate_system
            Whether positions refer to the patient or the slide.
        frame_of_reference_uid
            Frame of Reference UID.

        Raises
        ------
        InvalidArgumentError
            If the image has other axes, several components, or axes that are not
            orthogonal.
        ArgumentTypeError
            If it is no image of the library.
        MissingDependencyError
            If the library is not installed.

        """
        array, affine = simpleitk.from_image(simpleitk_image)
        return cls(array, affine, coordinate_system, frame_of_reference_uid)

    def to_simpleitk(self) -> Any:
        """Make an image of SimpleITK with a copy of the voxels.

        Returns
        -------
        SimpleITK.Image
            Image whose first axis is the first of the volume.

        Raises
        ------
        InvalidArgumentError
            If there are channels, or SimpleITK cannot hold the values.
        MissingDependencyError
            If the library is not installed.

        """
        self._check_no_channels("SimpleITK")
        return simpleitk.to_image(self._array, self._affine)

    @classmethod
    def from_itk(
        cls,
        itk_image: Any,
        coordinate_system: CoordinateSystemNames | str = "PATIENT",
        frame_of_reference_uid: str | None = None,
    ) -> Self:
        """Make a volume from a copy of an image of ITK, as :meth:`from_simpleitk`.

        Where the region of the image does not start at index zero, as after cropping,
        the first voxel is that of the region.
        """
        array, affine = itk.from_image(itk_image)
        return cls(array, affine, coordinate_system, frame_of_reference_uid)

    def to_itk(self) -> Any:
        """Make an image of ITK with a copy of the voxels, as :meth:`to_simpleitk`.

        Raises
        ------
        InvalidArgumentError
            If there are channels, or ITK cannot hold the values.

        """
        self._check_no_channels("ITK")
        return itk.to_image(self._array, self._affine)

    def _check_no_channels(self, library: str) -> None:
        if self._channels.axes:
            raise InvalidArgumentError(
                f"Volumes with channels cannot be converted to {library}; get one "
                "channel first."
            )


def _volume_like(
    geometry: VolumeGeometry, array: npt.NDArray[Any], channels: ChannelsArgument
) -> Volume:
    check_array(array)
    _check_spatial_shape(array, geometry.spatial_shape)
    return Volume(
        array,
        geometry.affine,
        geometry.coordinate_system,
        geometry.frame_of_reference_uid,
        channels,
    )


def _check_spatial_shape(array: npt.NDArray[Any], shape: Shape) -> None:
    if array.shape[:3] != shape:
        raise InvalidArgumentError(
            f"'array' must have the spatial shape {shape}, not {array.shape[:3]}."
        )
