"""Grids whose voxels have values, and what the axes beyond the spatial ones are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.arguments import number, whole_number
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import ArgumentTypeError, InvalidArgumentError, VolumeError
from highdicom.typing import Self
from highdicom.volume.arrangement import Arrangement, Padding, Shape
from highdicom.volume.channels import (
    ChannelAxes,
    ChannelDescriptor,
    ChannelIdentifier,
    ChannelsArgument,
)
from highdicom.volume.geometry import Orientation, moved
from highdicom.volume.intensity import scaled_to_mean_std, scaled_to_range
from highdicom.volume.rearrangement import RearrangeableGrid

__all__ = ["VoxelGrid", "check_array", "spatial"]


class VoxelGrid(RearrangeableGrid):
    """An array of voxels on a grid; axes beyond the third are channels."""

    def __init__(
        self,
        array: npt.NDArray[Any],
        affine: npt.NDArray[Any],
        coordinate_system: CoordinateSystemNames | str,
        frame_of_reference_uid: str | None = None,
        channels: ChannelsArgument = None,
        from_reference_convention: Orientation | None = None,
    ) -> None:
        super().__init__(
            affine, coordinate_system, frame_of_reference_uid, from_reference_convention
        )
        check_array(array)
        self._array = array
        self._channels = ChannelAxes.of(channels, array.shape[3:])

    @property
    def array(self) -> npt.NDArray[Any]:
        """The voxels; not a copy. May be replaced by an array of the same shape.

        Raises
        ------
        InvalidArgumentError
            If an array to replace it has another shape or holds no numbers.
        ArgumentTypeError
            If it is no array.

        """
        return self._array

    @array.setter
    def array(self, value: npt.NDArray[Any]) -> None:
        check_array(value)
        if value.shape != self.shape:
            raise InvalidArgumentError(
                f"'array' must have the shape {self.shape}, not {value.shape}."
            )
        self._array = value

    def __array__(
        self,
        dtype: npt.DTypeLike | None = None,
        copy: bool | None = None,
    ) -> npt.NDArray[Any]:
        """Give the voxels to NumPy functions, which return plain arrays."""
        if copy is None:
            return np.asarray(self._array, dtype=dtype)
        return np.array(self._array, dtype=dtype, copy=copy)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Data type of the voxels."""
        return self._array.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of slices, rows and columns, then of values along each channel axis."""
        return self._array.shape

    @property
    def spatial_shape(self) -> Shape:
        """Number of slices, rows and columns."""
        return spatial(self._array.shape)

    @property
    def ndim(self) -> int:
        """Number of axes, channels included."""
        return self._array.ndim

    @property
    def channel_shape(self) -> tuple[int, ...]:
        """Number of values along each channel axis."""
        return self._array.shape[3:]

    @property
    def number_of_channel_dimensions(self) -> int:
        """Number of channel axes."""
        return self._array.ndim - 3

    @property
    def channel_descriptors(self) -> tuple[ChannelDescriptor, ...]:
        """What each channel axis stands for."""
        return self._channels.descriptors

    def get_channel_values(self, channel_identifier: ChannelIdentifier) -> list[Any]:
        """Get the values along a channel axis.

        Parameters
        ----------
        channel_identifier
            Keyword, tag, name or descriptor.

        Raises
        ------
        InvalidArgumentError
            If there is no such channel.

        """
        position = self._channels.position(channel_identifier)
        return list(self._channels.axes[position][1])

    def get_channel(
        self,
        *,
        keepdims: bool = False,
        **kwargs: Any,
    ) -> Self:
        """Get the voxels of one value along some of the channel axes.

        Parameters
        ----------
        keepdims
            Whether these axes stay, with one value.
        **kwargs
            Value for each axis, by keyword of the attribute or name of the custom
            channel. Members of enumerations may be given by value.

        Returns
        -------
        Self
            A volume that shares the voxels.

        Raises
        ------
        InvalidArgumentError
            If there is no such channel or value.
        ArgumentTypeError
            If a value has the wrong type.

        """
        indices: dict[int, int] = {}
        for name, value in kwargs.items():
            axis = self._channels.position(name)
            indices[axis] = self._channels.index(axis, value)
        selection: list[slice | int] = [slice(None)] * self.ndim
        for axis, index in indices.items():
            selection[3 + axis] = slice(index, index + 1) if keepdims else index
        channels = self._channels.selected(indices, keepdims)
        return self._with(self._array[tuple(selection)], channels)

    def squeeze_channel(
        self, channel_descriptors: Sequence[ChannelIdentifier] | None = None
    ) -> Self:
        """Remove channel axes along which there is one value only.

        Parameters
        ----------
        channel_descriptors
            Axes to remove; all that have one value if not given.

        Returns
        -------
        Self
            A volume that shares the voxels.

        Raises
        ------
        VolumeError
            If there are several values along an axis to remove.
        InvalidArgumentError
            If there is no such channel.

        """
        if channel_descriptors is None:
            return self._without_channels(
                {axis for axis, size in enumerate(self.channel_shape) if size == 1}
            )
        axes = self._channel_positions(channel_descriptors)
        for axis in axes:
            if self.channel_shape[axis] != 1:
                raise VolumeError(
                    f"The channel '{self.channel_descriptors[axis]}' has "
                    f"{self.channel_shape[axis]} values and cannot be removed."
                )
        return self._without_channels(set(axes))

    def _without_channels(self, axes: set[int]) -> Self:
        left = [axis for axis in range(len(self.channel_shape)) if axis not in axes]
        array = self._array.squeeze(tuple(3 + axis for axis in axes))
        return self._with(array, self._channels.arranged(left))

    def permute_channel_axes(
        self, channel_identifiers: Sequence[ChannelIdentifier]
    ) -> Self:
        """Put the channel axes into another order.

        Parameters
        ----------
        channel_identifiers
            Keyword, tag, name or descriptor of each channel axis, in the new order.

        Returns
        -------
        Self
            A volume that shares the voxels.

        Raises
        ------
        InvalidArgumentError
            If these are not all channels, each once.

        """
        return self.permute_channel_axes_by_index(
            self._channel_positions(channel_identifiers)
        )

    def permute_channel_axes_by_index(self, indices: Sequence[int]) -> Self:
        """Put the channel axes into another order.

        Parameters
        ----------
        indices
            Present zero-based position among the channel axes of each one, in the
            new order.

        Returns
        -------
        Self
            A volume that shares the voxels.

        Raises
        ------
        InvalidArgumentError
            If these are not all positions, each once.

        """
        order = [whole_number(index, "indices", lowest=0) for index in indices]
        if sorted(order) != list(range(self.number_of_channel_dimensions)):
            raise InvalidArgumentError(
                "Each of the "
                f"{self.number_of_channel_dimensions} channel axes must be given once."
            )
        axes = (0, 1, 2, *(3 + axis for axis in order))
        return self._with(self._array.transpose(axes), self._channels.arranged(order))

    def _channel_positions(self, identifiers: Sequence[ChannelIdentifier]) -> list[int]:
        if isinstance(identifiers, str) or not isinstance(identifiers, Sequence):
            raise ArgumentTypeError(
                "Channels must be given as a sequence of identifiers, "
                f"not {type(identifiers).__name__}."
            )
        return [self._channels.position(identifier) for identifier in identifiers]

    def copy(self) -> Self:
        """Make a copy that does not share the voxels."""
        return self._with(self._array.copy())

    def astype(self, dtype: npt.DTypeLike) -> Self:
        """Convert the voxels to another data type.

        Parameters
        ----------
        dtype
            Integers, floating point numbers or booleans; booleans only if all voxels
            are zero or one.

        Raises
        ------
        InvalidArgumentError
            If the type is another one, or voxels are neither zero nor one.
        ArgumentTypeError
            If there is no such type.

        """
        wanted = _as_dtype(dtype)
        array = self._array
        if wanted.kind == "b" and not ((array == 0) | (array == 1)).all():
            raise InvalidArgumentError(
                "'dtype' must not be boolean unless all voxels are zero or one."
            )
        return self._with(array.astype(wanted))

    def clip(self, a_min: float | None, a_max: float | None) -> Self:
        """Replace values outside a range by its ends.

        Parameters
        ----------
        a_min, a_max
            Ends of the range; none leaves it open. The data type is that of
            :func:`numpy.clip`.

        Raises
        ------
        ArgumentTypeError
            If an end is no number.

        """
        for name, value in (("a_min", a_min), ("a_max", a_max)):
            if not isinstance(value, int | float | np.number | None):
                raise ArgumentTypeError(
                    f"{name!r} must be a number or None, not {type(value).__name__}."
                )
        if a_min is None and a_max is None:
            return self.copy()
        return self._with(np.clip(self._array, a_min, a_max))

    def normalize_mean_std(
        self,
        per_channel: bool = True,
        output_mean: float = 0.0,
        output_std: float = 1.0,
    ) -> Self:
        """Scale voxels to a mean and a standard deviation.

        Parameters
        ----------
        per_channel
            Whether each channel is scaled by itself.
        output_mean, output_std
            Mean and standard deviation of the result. Where all voxels are equal,
            they become the mean.

        Returns
        -------
        Self
            Volume of the same floating point type; of float64 for integers.

        Raises
        ------
        InvalidArgumentError
            If the standard deviation is not positive.

        """
        mean, std = number(output_mean, "output_mean"), number(output_std, "output_std")
        if std <= 0:
            raise InvalidArgumentError(f"'output_std' must be positive, not {std}.")
        return self._with(scaled_to_mean_std(self._array, mean, std, per_channel))

    def normalize_min_max(
        self,
        output_min: float = 0.0,
        output_max: float = 1.0,
        per_channel: bool = False,
    ) -> Self:
        """Scale voxels to a range.

        Parameters
        ----------
        output_min, output_max
            Minimum and maximum of the result. Where all voxels are equal, they become
            the minimum.
        per_channel
            Whether each channel is scaled by itself.

        Returns
        -------
        Self
            Volume of the same floating point type; of float64 for integers.

        Raises
        ------
        InvalidArgumentError
            If the minimum is not below the maximum.

        """
        low, high = number(output_min, "output_min"), number(output_max, "output_max")
        if low >= high:
            raise InvalidArgumentError(
                f"'output_min' must be below 'output_max', but {low} is not below {high}."
            )
        return self._with(scaled_to_range(self._array, low, high, per_channel))

    def _with(
        self, array: npt.NDArray[Any], channels: ChannelAxes | None = None
    ) -> Self:
        """Make a volume like this one of another array."""
        if channels is None:
            return self._replaced(_array=array)
        return self._replaced(_array=array, _channels=channels)

    def _rearranged(
        self, arrangement: Arrangement, padding: Padding | None = None
    ) -> Self:
        return self._replaced(
            _array=arrangement.apply(self._array, padding),
            _affine=moved(self._affine, arrangement),
        )

    def __repr__(self) -> str:
        """Show shape, data type, spacing, coordinate system and channels."""
        return (
            f"{type(self).__name__}(shape={self.shape}, dtype={self.dtype}, "
            f"spacing={self.spacing}, coordinate_system={self.coordinate_system.value}, "
            f"channels={list(self.channel_descriptors)})"
        )


def check_array(array: object) -> None:
    """Refuse what cannot be the voxels of a volume.

    Raises
    ------
    InvalidArgumentError
        If the array has less than three axes, no voxels or another kind of values.
    ArgumentTypeError
        If it is no plain array.

    """
    if not isinstance(array, np.ndarray) or isinstance(array, np.ma.MaskedArray):
        raise ArgumentTypeError(
            f"'array' must be a NumPy array without mask, not {type(array).__name__}."
        )
    if array.ndim < 3:
        raise InvalidArgumentError(
            f"'array' must have at least 3 axes, not {array.ndim}."
        )
    if 0 in array.shape[:3]:
        raise InvalidArgumentError(
            f"'array' must not be empty, as the shape {array.shape} is."
        )
    _check_kind(array.dtype, "array")


def _check_kind(dtype: np.dtype[Any], name: str) -> None:
    if dtype.kind not in "biuf":
        raise InvalidArgumentError(
            f"{name!r} must be of integers, floating point numbers or booleans, "
            f"not {dtype}."
        )


def spatial(shape: tuple[int, ...]) -> Shape:
    """Give the first three items of a shape."""
    first, second, third = shape[:3]
    return first, second, third


def _as_dtype(dtype: npt.DTypeLike) -> np.dtype[Any]:
    try:
        wanted: np.dtype[Any] = np.dtype(dtype)
    except TypeError as error:
        raise ArgumentTypeError(
            f"'dtype' must be a data type, not {dtype!r}."
        ) from error
    _check_kind(wanted, "dtype")
    return wanted
