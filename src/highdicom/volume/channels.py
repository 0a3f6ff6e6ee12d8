"""What the axes of a volume beyond the three spatial ones stand for."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, TypeAlias

import numpy as np
from pydicom.datadict import (
    dictionary_description,
    dictionary_VR,
    keyword_for_tag,
    tag_for_keyword,
)
from pydicom.tag import BaseTag, Tag

from highdicom.enum import RGBColorChannels
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.records import record
from highdicom.typing import Self

__all__ = [
    "RGB_COLOR_CHANNEL_DESCRIPTOR",
    "ChannelAxes",
    "ChannelDescriptor",
    "ChannelIdentifier",
    "ChannelsArgument",
]

_VALUE_TYPES = {
    vr: value_type
    for value_type, representations in (
        (str, "AE AS CS DA DT LO LT PN SH ST TM UC UI UR UT"),
        (int, "IS SL SS SV UL US UV"),
        (float, "DS FD FL"),
    )
    for vr in representations.split()
}


class ChannelDescriptor:
    """What the values along a channel axis of a volume mean.

    Either an attribute of the data dictionary (PS3.6), such as Segment Number or
    Diffusion b-value, or something else under a name of one's own.

    Parameters
    ----------
    identifier
        Keyword or tag of an attribute, the name of a custom channel, or another
        descriptor, which is copied.
    is_custom
        Whether the identifier is the name of a custom channel.
    value_type
        Type of the values of a custom channel: ``str``, ``int``, ``float`` or a
        subclass of one of them, or an enumeration. For attributes it follows from
        the value representation.

    Raises
    ------
    InvalidArgumentError
        If there is no such attribute, if its values are no text or numbers, if the
        name of a custom channel is the keyword of an attribute, or if the values
        cannot be of the type.
    ArgumentTypeError
        If the identifier has the wrong type.
    ConflictingArgumentsError
        If the type of values is missing for a custom channel or given for an
        attribute.

    Examples
    --------
    >>> from highdicom import ChannelDescriptor
    >>> ChannelDescriptor("DiffusionBValue").value_type
    <class 'float'>
    >>> ChannelDescriptor("reader", is_custom=True, value_type=str).is_custom
    True

    """

    def __init__(
        self,
        identifier: "str | int | ChannelDescriptor",
        is_custom: bool = False,
        value_type: type | None = None,
    ) -> None:
        if isinstance(identifier, ChannelDescriptor):
            self._keyword = identifier.keyword
            self._tag = identifier.tag
            self._value_type = identifier.value_type
        elif not isinstance(identifier, str | int):
            raise ArgumentTypeError(
                "'identifier' must be a keyword, tag or ChannelDescriptor, "
                f"not {type(identifier).__name__}."
            )
        elif is_custom:
            self._keyword = _custom_name(identifier)
            self._tag = None
            self._value_type = _custom_value_type(value_type)
        else:
            if value_type is not None:
                raise ConflictingArgumentsError(
                    "'value_type' follows from the attribute unless 'is_custom' is set."
                )
            self._keyword, self._tag = _attribute(identifier)
            self._value_type = _attribute_value_type(self._keyword)

    @property
    def keyword(self) -> str:
        """Keyword of the attribute, or name of the custom channel."""
        return self._keyword

    @property
    def tag(self) -> BaseTag | None:
        """Tag of the attribute; none for a custom channel."""
        return self._tag

    @property
    def is_custom(self) -> bool:
        """Whether this is something else than an attribute of the dictionary."""
        return self._tag is None

    @property
    def is_enumerated(self) -> bool:
        """Whether the values are members of an enumeration."""
        return issubclass(self._value_type, Enum)

    @property
    def value_type(self) -> type:
        """Type of the values."""
        return self._value_type

    @property
    def description(self) -> str | None:
        """Name of the attribute (PS3.6); none for a custom channel."""
        return None if self._tag is None else dictionary_description(self._tag)

    def checked(self, value: object) -> Any:
        """Check a value along the axis; enumerated ones may be given by value.

        Raises
        ------
        InvalidArgumentError
            If the enumeration has no such value.
        ArgumentTypeError
            If the value has the wrong type.

        """
        if isinstance(value, np.generic) and not isinstance(value, self._value_type):
            value = value.item()
        if self.is_enumerated:
            try:
                return self._value_type(value)
            except ValueError as error:
                raise InvalidArgumentError(
                    f"{value!r} is no value of {self._value_type.__name__} for the "
                    f"channel '{self._keyword}'."
                ) from error
        if not isinstance(value, self._value_type):
            raise ArgumentTypeError(
                f"Values of the channel '{self._keyword}' must be of type "
                f"{self._value_type.__name__}, not {type(value).__name__}."
            )
        return value

    def __eq__(self, other: object) -> bool:
        """Tell whether the other stands for the same; what has no keyword does not.

        The type of the values of a custom channel is no part of what it stands for.
        """
        if isinstance(other, ChannelDescriptor):
            return str(self) == str(other)
        return NotImplemented

    def __hash__(self) -> int:
        """Hash what is compared."""
        return hash(str(self))

    def __str__(self) -> str:
        """Give the keyword."""
        return self._keyword

    def __repr__(self) -> str:
        """Give the keyword."""
        return self._keyword


def _custom_name(identifier: str | int) -> str:
    if not isinstance(identifier, str):
        raise ArgumentTypeError(
            "'identifier' must be a text if 'is_custom' is set, "
            f"not {type(identifier).__name__}."
        )
    if not identifier or tag_for_keyword(identifier) is not None:
        raise InvalidArgumentError(
            f"'identifier' of a custom channel must not be empty or the keyword of an "
            f"attribute, as {identifier!r} is."
        )
    return identifier


def _custom_value_type(value_type: type | None) -> type:
    if value_type is None:
        raise ConflictingArgumentsError(
            "'value_type' must be given if 'is_custom' is set."
        )
    if not isinstance(value_type, type):
        raise ArgumentTypeError(
            f"'value_type' must be a type, not {type(value_type).__name__}."
        )
    if not issubclass(value_type, str | int | float | Enum):
        raise InvalidArgumentError(
            "'value_type' must be str, int, float, an enumeration or derived from one "
            f"of these, not {value_type.__name__}."
        )
    if issubclass(value_type, Enum) and not value_type.__members__:
        raise InvalidArgumentError(
            f"'value_type' must be an enumeration with members, as {value_type.__name__} "
            "is not."
        )
    return value_type


def _attribute(identifier: str | int) -> tuple[str, BaseTag]:
    if isinstance(identifier, str):
        found = tag_for_keyword(identifier)
        if not identifier or found is None:
            raise InvalidArgumentError(
                f"'identifier' {identifier!r} is no keyword of an attribute; set "
                "'is_custom' for something else."
            )
        return identifier, Tag(found)
    if not 0 <= identifier <= 0xFFFFFFFF:
        raise InvalidArgumentError(
            f"'identifier' must be a tag of at most four bytes, not {identifier}."
        )
    tag = Tag(identifier)
    keyword = keyword_for_tag(tag)
    if not keyword:
        raise InvalidArgumentError(
            f"'identifier' {tag} is no attribute of the data dictionary; set "
            "'is_custom' and give a name."
        )
    return keyword, tag


def _attribute_value_type(keyword: str) -> type:
    vr = dictionary_VR(keyword)
    if vr == "US or SS":
        return int
    if vr not in _VALUE_TYPES:
        raise InvalidArgumentError(
            f"'identifier' {keyword!r} cannot describe channels, since its value "
            f"representation {vr} is neither text nor number."
        )
    return _VALUE_TYPES[vr]


RGB_COLOR_CHANNEL_DESCRIPTOR = ChannelDescriptor(
    "RGBColorChannel", is_custom=True, value_type=RGBColorChannels
)
"""Describes the red, green and blue samples of a colour volume."""

ChannelIdentifier: TypeAlias = BaseTag | int | str | ChannelDescriptor
ChannelsArgument: TypeAlias = Mapping[Any, Sequence[Any]] | None
"""Identifiers, as of :class:`ChannelIdentifier`, and the values along their axes."""


@record
class ChannelAxes:
    """The channel axes of a volume: what they stand for and the values along them.

    Parameters
    ----------
    axes
        Descriptor and values of each axis, in the order of the array.

    """

    axes: tuple[tuple[ChannelDescriptor, tuple[Any, ...]], ...] = ()

    @classmethod
    def of(cls, channels: ChannelsArgument, shape: Sequence[int]) -> Self:
        """Check what a user gives for the axes of an array.

        Parameters
        ----------
        channels
            Identifiers and values; none means no channels.
        shape
            Shape of the array beyond its three spatial axes.

        Raises
        ------
        InvalidArgumentError
            If identifiers are unknown or repeated, or the number of axes or values
            is not that of the array.
        ArgumentTypeError
            If identifiers or values have the wrong type.

        """
        if channels is not None and not isinstance(channels, Mapping):
            raise ArgumentTypeError(
                "'channels' must map identifiers to values, "
                f"not be a {type(channels).__name__}."
            )
        given = {} if channels is None else channels
        if len(given) != len(shape):
            raise InvalidArgumentError(
                f"'channels' must describe the {len(shape)} axes of the array beyond "
                f"the three spatial ones, not {len(given)}."
            )
        axes = tuple(
            _axis(identifier, values, size)
            for (identifier, values), size in zip(given.items(), shape, strict=True)
        )
        if len({descriptor for descriptor, _ in axes}) < len(axes):
            raise InvalidArgumentError(
                "'channels' must not describe two axes by the same attribute."
            )
        return cls(axes)

    @property
    def descriptors(self) -> tuple[ChannelDescriptor, ...]:
        """What each axis stands for."""
        return tuple(descriptor for descriptor, _ in self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of values along each axis."""
        return tuple(len(values) for _, values in self.axes)

    def position(self, identifier: object) -> int:
        """Find the axis that an identifier names.

        Raises
        ------
        InvalidArgumentError
            If there is none.
        ArgumentTypeError
            If the identifier has the wrong type.

        """
        if isinstance(identifier, ChannelDescriptor | str):
            name = str(identifier)
            places = [d.keyword == name for d in self.descriptors]
        elif isinstance(identifier, int):
            name = str(BaseTag(identifier))
            places = [d.tag == identifier for d in self.descriptors]
        else:
            raise ArgumentTypeError(
                "A channel must be identified by keyword, tag or ChannelDescriptor, "
                f"not {type(identifier).__name__}."
            )
        if True not in places:
            known = ", ".join(map(str, self.descriptors)) or "none"
            raise InvalidArgumentError(
                f"The volume has no channel '{name}'; it has {known}."
            )
        return places.index(True)

    def index(self, axis: int, value: object) -> int:
        """Find the place of a value along an axis.

        Raises
        ------
        InvalidArgumentError
            If the value does not occur.

        """
        descriptor, values = self.axes[axis]
        checked = descriptor.checked(value)
        if checked not in values:
            raise InvalidArgumentError(
                f"The channel '{descriptor}' has no value {value!r}."
            )
        return values.index(checked)

    def arranged(self, order: Sequence[int]) -> "ChannelAxes":
        """Put axes in another order, or leave some out."""
        return ChannelAxes(tuple(self.axes[axis] for axis in order))

    def selected(self, indices: Mapping[int, int], keep: bool) -> "ChannelAxes":
        """Take one value along some axes, which are kept or not."""
        return ChannelAxes(
            tuple(
                (descriptor, (values[indices[axis]],) if axis in indices else values)
                for axis, (descriptor, values) in enumerate(self.axes)
                if keep or axis not in indices
            )
        )


def _axis(
    identifier: Any, values: Any, size: int
) -> tuple[ChannelDescriptor, tuple[Any, ...]]:
    descriptor = ChannelDescriptor(identifier)
    try:
        checked = tuple(descriptor.checked(value) for value in values)
    except TypeError as error:
        if isinstance(error, ArgumentTypeError):
            raise
        raise ArgumentTypeError(
            f"Values of the channel '{descriptor}' must be a sequence, "
            f"not {type(values).__name__}."
        ) from error
    if len(checked) != size:
        raise InvalidArgumentError(
            f"'channels' gives {len(checked)} values for '{descriptor}', whose axis in "
            f"the array has size {size}."
        )
    return descriptor, checked
