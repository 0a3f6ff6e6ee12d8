"""Which real world value mappings belong to which channel of a parametric map."""

import warnings
from collections.abc import Sequence
from typing import Any

from pydicom.dataset import Dataset

from highdicom.errors import (
    ArgumentTypeError,
    HighdicomWarning,
    InvalidArgumentError,
)
from highdicom.pm.content import RealWorldValueMapping
from highdicom.pm.pixels import MapFormat
from highdicom.volume.volume import Volume

__all__ = ["Mappings", "check_volume_channels", "mappings_of_channels", "warn_of_gaps"]

Mappings = list[list[RealWorldValueMapping]]
_NAME = "real_world_value_mappings"


def mappings_of_channels(given: object, pixels: MapFormat) -> Mappings:
    """Give the mappings of each channel.

    Parameters
    ----------
    given
        A sequence of mappings or, for pixels with channels, one such sequence for each.
    pixels
        Pixels of the map.

    Raises
    ------
    ArgumentTypeError
        If it is no such sequence.
    InvalidArgumentError
        If there are more or fewer sequences than channels, or a mapping is for
        integers where pixels are floating point numbers, or the other way round.

    """
    if not pixels.has_channels:
        mappings = [_checked(given, _NAME)]
    else:
        channels = _listed(given)
        if channels is None or any(_listed(channel) is None for channel in channels):
            raise ArgumentTypeError(
                f"'{_NAME}' must be a sequence with a sequence of RealWorldValueMapping "
                "for each channel of 'pixel_array'."
            )
        if len(channels) != pixels.number_of_channels:
            raise InvalidArgumentError(
                f"'{_NAME}' must have a sequence of mappings for each of the "
                f"{pixels.number_of_channels} channels of 'pixel_array', not for "
                f"{len(channels)}."
            )
        mappings = [
            _checked(channel, f"{_NAME}[{number}]")
            for number, channel in enumerate(channels)
        ]
    _check_kind(mappings, is_float=pixels.is_float)
    return mappings


def _listed(value: object) -> list[Any] | None:
    is_sequence = isinstance(value, Sequence) and not isinstance(value, (str, Dataset))
    return list(value) if is_sequence else None  # type: ignore[call-overload]


def _checked(given: object, name: str) -> list[RealWorldValueMapping]:
    mappings = _listed(given)
    wrong = "" if not mappings else _first_wrong(mappings)
    if mappings is None:
        wrong = type(given).__name__
    elif not mappings:
        wrong = "an empty one"
    if wrong:
        raise ArgumentTypeError(
            f"'{name}' must be a sequence of one or more RealWorldValueMapping, not "
            f"{wrong}."
        )
    return mappings or []


def _first_wrong(mappings: list[Any]) -> str:
    for mapping in mappings:
        if not isinstance(mapping, RealWorldValueMapping):
            return f"of {type(mapping).__name__}"
    return ""


def _check_kind(mappings: Mappings, *, is_float: bool) -> None:
    for channel in mappings:
        for mapping in channel:
            if mapping.is_floating_point() is not is_float:
                kind = "floating point numbers" if is_float else "integers"
                raise InvalidArgumentError(
                    f"'{_NAME}' must have ranges of {kind}, as 'pixel_array' has, which "
                    f"'{mapping.lut_label}' has not."
                )


def check_volume_channels(volume: Volume, mappings: Mappings) -> None:
    """Refuse a volume whose channels are not those of the mappings.

    Parameters
    ----------
    volume
        Volume without channels, or with an axis of them whose descriptor is LUTLabel.
    mappings
        Mappings of each channel.

    Raises
    ------
    InvalidArgumentError
        If channels are described in another way, or have other labels.

    """
    if not volume.number_of_channel_dimensions:
        return
    keywords = [descriptor.keyword for descriptor in volume.channel_descriptors]
    if keywords != ["LUTLabel"]:
        raise InvalidArgumentError(
            "'pixel_array' must have no channels but those of 'LUTLabel', not of "
            f"{', '.join(map(repr, keywords))}."
        )
    if any(len(channel) != 1 for channel in mappings):
        raise InvalidArgumentError(
            f"'{_NAME}' must have a single mapping for each channel of a volume."
        )
    labels = [channel[0].lut_label for channel in mappings]
    theirs = [str(value) for value in volume.get_channel_values("LUTLabel")]
    if labels != theirs:
        raise InvalidArgumentError(
            f"'{_NAME}' must have the labels of the channels of 'pixel_array', which are "
            f"{theirs}, not {labels}."
        )


def warn_of_gaps(mappings: Mappings, pixels: MapFormat) -> None:
    """Warn if there are pixels that no mapping covers.

    Such pixels are allowed, but have no real world value: it is an error to ask for it.
    """
    for number, channel in enumerate(mappings):
        ranges = [mapping.value_range for mapping in channel]
        low, high = min(first for first, _ in ranges), max(last for _, last in ranges)
        lowest, highest = pixels.extent(number)
        if lowest < low or highest > high:
            where = f"[{number}]" if pixels.has_channels else ""
            warnings.warn(
                f"'{_NAME}'{where} covers values from {low:g} to {high:g}, but "
                f"'pixel_array' has values from {lowest:g} to {highest:g}: those beyond "
                "have no real world value.",
                HighdicomWarning,
                stacklevel=4,
            )
