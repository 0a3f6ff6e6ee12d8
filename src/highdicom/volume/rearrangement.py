"""Moving voxels to other indices, for volumes and geometries alike.

No voxel is interpolated: each keeps its value and its place in the patient or on the
slide, and only its indices change.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from highdicom.arguments import member_of, tolerance, whole_number
from highdicom.enum import AxisHandedness, PadModes
from highdicom.errors import (
    ConflictingArgumentsError,
    InvalidArgumentError,
    VolumeError,
)
from highdicom.spatial.orientation import rotation_for_patient_orientation
from highdicom.typing import Self
from highdicom.volume.alignment import match, orient
from highdicom.volume.arrangement import (
    Arrangement,
    Padding,
    as_axes,
    as_shape,
)
from highdicom.volume.geometry import Orientation
from highdicom.volume.grid import DEFAULT_TOLERANCE, Grid, check_grid

__all__ = ["RearrangeableGrid"]

_ALL_AXES = (0, 1, 2)
_SEQUENCES = (Sequence, np.ndarray)


class RearrangeableGrid(Grid):
    """A grid whose voxels can be permuted, flipped, cropped, padded and matched."""

    @abstractmethod
    def _rearranged(
        self, arrangement: Arrangement, padding: Padding | None = None
    ) -> Self:
        """Make a new grid of some voxels; a fresh array if padding is given."""

    def __getitem__(self, index: int | slice | tuple[int | slice, ...]) -> Self:
        """Get a part along the spatial axes, which all stay.

        Parameters
        ----------
        index
            Integers and slices, any step but zero, for up to three axes. Ends of
            slices must lie within the volume.

        Raises
        ------
        VolumeIndexError
            If an integer is out of bounds or nothing is selected.
        InvalidArgumentError
            If an end of a slice is out of bounds.
        ArgumentTypeError
            If an index is neither an integer nor a slice.

        """
        return self._rearranged(Arrangement.of_index(self.spatial_shape, index))

    def permute_spatial_axes(self, indices: Sequence[int]) -> Self:
        """Put the spatial axes into another order.

        Parameters
        ----------
        indices
            Present axis of each axis of the result.

        Raises
        ------
        InvalidArgumentError
            If these are not 0, 1 and 2 in some order.

        """
        axes = as_axes(indices, "indices")
        if sorted(axes) != [0, 1, 2]:
            raise InvalidArgumentError(
                f"'indices' must be 0, 1 and 2 in some order, not {list(axes)}."
            )
        return self._rearranged(Arrangement.of_axes(self.spatial_shape, axes))

    def swap_spatial_axes(self, axis_1: int, axis_2: int) -> Self:
        """Exchange two spatial axes.

        Raises
        ------
        InvalidArgumentError
            If the axes are equal or not among 0, 1 and 2.

        """
        (first,) = as_axes((axis_1,), "axis_1")
        (second,) = as_axes((axis_2,), "axis_2")
        if first == second:
            raise InvalidArgumentError(
                f"'axis_1' and 'axis_2' must differ, but both are {first}."
            )
        axes = [0, 1, 2]
        axes[first], axes[second] = second, first
        return self._rearranged(Arrangement.of_axes(self.spatial_shape, axes))

    def flip_spatial(self, axes: int | Sequence[int]) -> Self:
        """Turn spatial axes around, so that they index the same voxels backwards.

        Raises
        ------
        InvalidArgumentError
            If the axes are not among 0, 1 and 2.

        """
        flipped = as_axes(
            (axes,) if isinstance(axes, int | np.integer) else axes, "axes"
        )
        return self._rearranged(
            Arrangement.of_axes(self.spatial_shape, _ALL_AXES, flipped)
        )

    def ensure_handedness(
        self,
        handedness: AxisHandedness | str,
        *,
        flip_axis: int | None = None,
        swap_axes: Sequence[int] | None = None,
    ) -> Self:
        """Change the handedness of the axes if it is not the one wanted.

        Parameters
        ----------
        handedness
            Handedness of the result.
        flip_axis
            Axis to turn around if need be.
        swap_axes
            Two axes to exchange if need be.

        Returns
        -------
        Self
            The volume itself if its handedness is right.

        Raises
        ------
        ConflictingArgumentsError
            If not exactly one of the ways is given.
        InvalidArgumentError
            If there is no such handedness or axis.

        """
        if (flip_axis is None) == (swap_axes is None):
            raise ConflictingArgumentsError(
                "Exactly one of 'flip_axis' and 'swap_axes' must be given."
            )
        wanted = member_of(AxisHandedness, handedness, "handedness")
        if self.handedness is wanted:
            return self
        if flip_axis is not None:
            return self.flip_spatial(whole_number(flip_axis, "flip_axis", lowest=0))
        axes = as_axes(swap_axes, "swap_axes")
        if len(axes) != 2:
            raise InvalidArgumentError(
                f"'swap_axes' must have 2 items, not {len(axes)}."
            )
        return self.swap_spatial_axes(*axes)

    def to_patient_orientation(self, patient_orientation: Orientation) -> Self:
        """Permute and flip axes so that they point most closely to directions.

        Parameters
        ----------
        patient_orientation
            Directions of the patient for slices, rows and columns, such as "FPL"
            for axial slices from head to foot.

        Raises
        ------
        VolumeError
            If the volume is not in the patient coordinate system.
        InvalidArgumentError
            If these are not three directions along different axes of the patient.

        """
        current = rotation_for_patient_orientation(
            self.get_closest_patient_orientation()
        )
        wanted = rotation_for_patient_orientation(patient_orientation)
        return self._rearranged(orient(self.spatial_shape, current, wanted))

    def match_orientation(self, other: Grid) -> Self:
        """Permute and flip axes to the closest patient orientation of another volume.

        Raises
        ------
        VolumeError
            If one of the volumes is not in the patient coordinate system.
        ArgumentTypeError
            If the other is neither volume nor geometry.

        """
        check_grid(other, "other")
        return self.to_patient_orientation(other.get_closest_patient_orientation())

    def match_geometry(
        self,
        other: Grid,
        *,
        mode: PadModes | str = PadModes.CONSTANT,
        constant_value: float = 0.0,
        per_channel: bool = False,
        tol: float = DEFAULT_TOLERANCE,
    ) -> Self:
        """Permute, flip, crop and pad so that voxels lie where another volume has them.

        Spacings of the other volume may be whole multiples of the present ones, so
        that only every second voxel, say, is kept. Frames of reference are not
        compared.

        Parameters
        ----------
        other
            Volume or geometry to match.
        mode, constant_value, per_channel
            What voxels get that this volume lacks; as for :meth:`pad`.
        tol
            Largest deviation allowed: of the position of the first voxel, in voxels,
            of the ratio of spacings from a whole number, and of the cosines between
            axes from one; no voxel may be off by more than half a voxel.

        Returns
        -------
        Self
            The volume itself if nothing has to change.

        Raises
        ------
        VolumeError
            If voxels of the other lie between those of this volume, or it is in
            another coordinate system.
        ArgumentTypeError
            If the other is neither volume nor geometry.

        """
        check_grid(other, "other")
        padding = Padding.of(mode, constant_value, per_channel)
        if other.coordinate_system is not self.coordinate_system:
            raise VolumeError(
                "Volumes to match must be in the same coordinate system, not in "
                f"{self.coordinate_system.value} and {other.coordinate_system.value}."
            )
        arrangement = match(
            self._affine, other.affine, other.spatial_shape, tolerance(tol, "tol")
        )
        if arrangement.is_identity(self.spatial_shape):
            return self
        fits = arrangement.fits(self.spatial_shape)
        return self._rearranged(arrangement, None if fits else padding)

    def pad(
        self,
        pad_width: int | Sequence[int] | Sequence[Sequence[int]],
        *,
        mode: PadModes | str = PadModes.CONSTANT,
        constant_value: float = 0.0,
        per_channel: bool = False,
    ) -> Self:
        """Add voxels around the volume.

        Parameters
        ----------
        pad_width
            Number of voxels to add: one number for all sides; two for the sides
            before and after all axes; or, for each of the three axes, a sequence of
            one number for both sides or of two.
        mode
            What the new voxels get: a constant, the value of the nearest voxel, or
            minimum, maximum, mean or median of the volume. For integers, fractions
            are cut.
        constant_value
            The constant, if that is the mode.
        per_channel
            Whether minimum, maximum, mean and median are those of each channel.

        Raises
        ------
        InvalidArgumentError
            If a width is negative, there are too many or too few, the mode is
            unknown or the constant is beyond the range of the data type.
        ArgumentTypeError
            If a width is not an integer.

        """
        return self._rearranged(
            Arrangement.of_widths(self.spatial_shape, _as_widths(pad_width)),
            Padding.of(mode, constant_value, per_channel),
        )

    def pad_to_spatial_shape(
        self,
        spatial_shape: Sequence[int],
        *,
        mode: PadModes | str = PadModes.CONSTANT,
        constant_value: float = 0.0,
        per_channel: bool = False,
    ) -> Self:
        """Add voxels on both sides of each axis to reach a shape.

        Parameters
        ----------
        spatial_shape
            Shape of the result. Where an odd number of voxels is missing, one more
            is added at the end.
        mode, constant_value, per_channel
            As for :meth:`pad`.

        Raises
        ------
        InvalidArgumentError
            If the shape is smaller than the present one, or the mode is unknown.

        """
        shape = as_shape(spatial_shape, "spatial_shape")
        if any(new < old for new, old in zip(shape, self.spatial_shape, strict=True)):
            raise InvalidArgumentError(
                f"'spatial_shape' must be at least {self.spatial_shape} along each "
                f"axis, not {shape}."
            )
        return self._centered(shape, Padding.of(mode, constant_value, per_channel))

    def crop_to_spatial_shape(self, spatial_shape: Sequence[int]) -> Self:
        """Take voxels away on both sides of each axis to reach a shape.

        Parameters
        ----------
        spatial_shape
            Shape of the result. Where an odd number of voxels is too much, one more
            is taken away at the end.

        Raises
        ------
        InvalidArgumentError
            If the shape is larger than the present one.

        """
        return self._centered(self._part_shape(spatial_shape))

    def pad_or_crop_to_spatial_shape(
        self,
        spatial_shape: Sequence[int],
        *,
        mode: PadModes | str = PadModes.CONSTANT,
        constant_value: float = 0.0,
        per_channel: bool = False,
    ) -> Self:
        """Add or take away voxels on both sides of each axis to reach a shape.

        Parameters
        ----------
        spatial_shape
            Shape of the result. Where an odd number of voxels is missing or too
            much, one more is added or taken away at the end.
        mode, constant_value, per_channel
            As for :meth:`pad`, of the voxels that are left.

        Raises
        ------
        InvalidArgumentError
            If the shape has not three positive sizes, or the mode is unknown.

        """
        shape = as_shape(spatial_shape, "spatial_shape")
        smaller = [min(sizes) for sizes in zip(shape, self.spatial_shape, strict=True)]
        return self.crop_to_spatial_shape(smaller).pad_to_spatial_shape(
            shape, mode=mode, constant_value=constant_value, per_channel=per_channel
        )

    def _centered(self, shape: Sequence[int], padding: Padding | None = None) -> Self:
        """Keep the centre, moved by up to half a voxel, and change the shape."""
        widths = [
            _halves(new - old)
            for new, old in zip(shape, self.spatial_shape, strict=True)
        ]
        return self._rearranged(
            Arrangement.of_widths(self.spatial_shape, widths), padding
        )

    def _part_shape(self, value: object) -> tuple[int, int, int]:
        shape = as_shape(value, "spatial_shape")
        if any(new > old for new, old in zip(shape, self.spatial_shape, strict=True)):
            raise InvalidArgumentError(
                f"'spatial_shape' must be at most {self.spatial_shape} along each axis, "
                f"not {shape}."
            )
        return shape

    def random_permute_spatial_axes(
        self,
        axes: Sequence[int] = _ALL_AXES,
        *,
        generator: np.random.Generator | None = None,
    ) -> Self:
        """Put two or three spatial axes into a random order.

        Parameters
        ----------
        axes
            Axes that may change places.
        generator
            Source of random numbers; NumPy's global one, which
            :func:`numpy.random.seed` sets, if not given.

        Raises
        ------
        InvalidArgumentError
            If these are not two or three different axes.

        """
        free = _as_several_axes(axes)
        random: Any = np.random if generator is None else generator
        order: list[int] = [0, 1, 2]
        for place, axis in zip(sorted(free), random.permutation(free), strict=True):
            order[place] = int(axis)
        return self.permute_spatial_axes(order)

    def random_flip_spatial(
        self,
        axes: Sequence[int] = _ALL_AXES,
        *,
        generator: np.random.Generator | None = None,
    ) -> Self:
        """Turn each of two or three spatial axes around with a chance of one half.

        Parameters
        ----------
        axes
            Axes that may be turned around.
        generator
            Source of random numbers; NumPy's global one, which
            :func:`numpy.random.seed` sets, if not given.

        Raises
        ------
        InvalidArgumentError
            If these are not two or three different axes.

        """
        return self.flip_spatial(
            [axis for axis in sorted(_as_several_axes(axes)) if _draw(2, generator)]
        )

    def random_spatial_crop(
        self,
        spatial_shape: Sequence[int],
        *,
        generator: np.random.Generator | None = None,
    ) -> Self:
        """Get a part of a certain shape from anywhere in the volume.

        Parameters
        ----------
        spatial_shape
            Shape of the result.
        generator
            Source of random numbers; NumPy's global one, which
            :func:`numpy.random.seed` sets, if not given.

        Raises
        ------
        InvalidArgumentError
            If the shape is larger than the present one.

        """
        shape = self._part_shape(spatial_shape)
        starts = [
            _draw(old - new + 1, generator)
            for new, old in zip(shape, self.spatial_shape, strict=True)
        ]
        return self[tuple(slice(s, s + n) for s, n in zip(starts, shape, strict=True))]


def _halves(number: int) -> tuple[int, int]:
    """Split a number in two, the larger part last, whatever its sign."""
    first = abs(number) // 2
    second = abs(number) - first
    return (first, second) if number >= 0 else (-first, -second)


def _draw(below: int, generator: np.random.Generator | None) -> int:
    if generator is not None:
        return int(generator.integers(below))
    return int(np.random.randint(0, below))  # noqa: NPY002 (seeded by users)


def _as_several_axes(value: object) -> tuple[int, ...]:
    axes = as_axes(value, "axes")
    if len(axes) not in (2, 3) or len(set(axes)) < len(axes):
        raise InvalidArgumentError(
            f"'axes' must be two or three different axes, not {list(axes)}."
        )
    return axes


def _as_widths(value: Any) -> list[tuple[int, int]]:
    """Bring the ways to give widths to one pair of numbers for each axis."""
    if not isinstance(value, _SEQUENCES):
        width = whole_number(value, "pad_width", lowest=0)
        pairs = [(width, width)] * 3
    elif len(value) == 2 and not any(isinstance(w, _SEQUENCES) for w in value):
        before, after = (whole_number(width, "pad_width", lowest=0) for width in value)
        pairs = [(before, after)] * 3
    elif len(value) == 3 and all(
        isinstance(w, _SEQUENCES) and len(w) in (1, 2) for w in value
    ):
        pairs = [
            (
                whole_number(w[0], "pad_width", lowest=0),
                whole_number(w[-1], "pad_width", lowest=0),
            )
            for w in value
        ]
    else:
        raise InvalidArgumentError(
            "'pad_width' must be one number, two numbers, or one or two numbers for "
            f"each of the three axes, not {value!r}."
        )
    return pairs
