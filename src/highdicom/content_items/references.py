"""Content items that refer to composite objects (PS3.3 C.18.3 to C.18.5)."""

from collections.abc import Iterable, Sequence as AnySequence
from functools import lru_cache
from typing import Any

import numpy as np
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentItem, missing_attribute
from highdicom.content_items.concepts import stored_text
from highdicom.content_items.decoding import decoded_items
from highdicom.content_items.elements import checked_uid, sequence_element, uid_element
from highdicom.content_items.enum import RelationshipTypeValues, ValueTypeValues
from highdicom.content_items.query import stored_element
from highdicom.encoding.elements import raw_element, tag_of
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.uid import UID

__all__ = [
    "CompositeContentItem",
    "ImageContentItem",
    "WaveformContentItem",
    "numbers_from_one",
]

_REFERENCE = tag_of("ReferencedSOPSequence")
_SOP_CLASS = tag_of("ReferencedSOPClassUID")
_SOP_INSTANCE = tag_of("ReferencedSOPInstanceUID")
_FRAME_NUMBER = tag_of("ReferencedFrameNumber")
_CHANNELS = tag_of("ReferencedWaveformChannels")
_SEGMENT_NUMBER = tag_of("ReferencedSegmentNumber")

_LARGEST_INTEGER_STRING = 2**31 - 1
_LARGEST_SHORT = 2**16 - 1


class _Reference(ContentItem):
    """What the items have in common that refer to a composite object."""

    @property
    def value(self) -> tuple[UID, UID]:
        """SOP Class UID and SOP Instance UID of the object."""
        return self.referenced_sop_class_uid, self.referenced_sop_instance_uid

    @property
    def referenced_sop_class_uid(self) -> UID:
        """SOP Class UID of the object."""
        return UID(self._identifiers[0])

    @property
    def referenced_sop_instance_uid(self) -> UID:
        """SOP Instance UID of the object."""
        return UID(self._identifiers[1])

    @property
    def _identifiers(self) -> tuple[str, str]:
        element = stored_element(self, _REFERENCE)
        if isinstance(element, RawDataElement):
            found = _encoded_identifiers(element)
            if found is not None:
                return found
        return (
            self._identifier("ReferencedSOPClassUID"),
            self._identifier("ReferencedSOPInstanceUID"),
        )

    def _identifier(self, keyword: str) -> str:
        uid = self._reference.get(keyword)
        if not uid:
            raise missing_attribute(self, f"ReferencedSOPSequence[0].{keyword}")
        return str(uid)

    @property
    def _reference(self) -> Dataset:
        reference: Dataset = self._stored("ReferencedSOPSequence")[0]
        return reference


@lru_cache(maxsize=8192)
def _encoded_identifiers(element: RawDataElement) -> tuple[str, str] | None:
    """SOP Class UID and SOP Instance UID, or None where pydicom should find them."""
    items = decoded_items(element, Dataset())
    if not items:
        return None
    found = [stored_element(items[0], tag) for tag in (_SOP_CLASS, _SOP_INSTANCE)]
    if found[0] is None or found[1] is None:
        return None
    return stored_text(found[0]), stored_text(found[1])


class CompositeContentItem(_Reference, value_type=ValueTypeValues.COMPOSITE):
    """Reference to an object that is neither image nor waveform (PS3.3 C.18.3).

    Parameters
    ----------
    name
        Purpose of the reference.
    referenced_sop_class_uid, referenced_sop_instance_uid
        The object.
    relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code, or a UID is not a string.
    InvalidArgumentError
        If a UID does not have the form of one, or there is no such relationship type.

    Examples
    --------
    >>> from highdicom.content_items import CompositeContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = CompositeContentItem(
    ...     codes.DCM.RealWorldValueMapUsedForMeasurement,
    ...     "1.2.840.10008.5.1.4.1.1.67",
    ...     "1.2.3",
    ...     "CONTAINS",
    ... )
    >>> item.value
    ('1.2.840.10008.5.1.4.1.1.67', '1.2.3')

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        referenced_sop_class_uid: str | UID,
        referenced_sop_instance_uid: str | UID,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.COMPOSITE, name, relationship_type)
        elements[_REFERENCE] = _reference_element(
            referenced_sop_class_uid, referenced_sop_instance_uid
        )


class ImageContentItem(_Reference, value_type=ValueTypeValues.IMAGE):
    """Reference to an image, some of its frames or segments (PS3.3 C.18.4).

    Parameters
    ----------
    name
        Purpose of the reference.
    referenced_sop_class_uid, referenced_sop_instance_uid
        The image.
    referenced_frame_numbers
        One-based numbers of frames, if not all are meant.
    referenced_segment_numbers
        Numbers of segments, if not all are meant; not together with frame numbers.
    relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code, a UID is not a string, or a number not an integer.
    InvalidArgumentError
        If a UID does not have the form of one, a number is less than one, or there is
        no such relationship type.
    ConflictingArgumentsError
        If both frame numbers and segment numbers are given.

    Examples
    --------
    >>> from highdicom.content_items import ImageContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = ImageContentItem(
    ...     codes.DCM.SourceOfMeasurement,
    ...     "1.2.840.10008.5.1.4.1.1.2.1",
    ...     "1.2.3",
    ...     referenced_frame_numbers=[4, 5],
    ...     relationship_type="CONTAINS",
    ... )
    >>> item.referenced_frame_numbers
    [4, 5]

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        referenced_sop_class_uid: str | UID,
        referenced_sop_instance_uid: str | UID,
        referenced_frame_numbers: int | AnySequence[int] | None = None,
        referenced_segment_numbers: int | AnySequence[int] | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.IMAGE, name, relationship_type)
        if (
            referenced_frame_numbers is not None
            and referenced_segment_numbers is not None
        ):
            raise ConflictingArgumentsError(
                "'referenced_frame_numbers' and 'referenced_segment_numbers' must not "
                "be given together (PS3.3 C.18.4)."
            )
        elements[_REFERENCE] = _reference_element(
            referenced_sop_class_uid,
            referenced_sop_instance_uid,
            numbers_from_one(
                referenced_frame_numbers,
                "referenced_frame_numbers",
                _LARGEST_INTEGER_STRING,
            ),
            numbers_from_one(
                referenced_segment_numbers, "referenced_segment_numbers", _LARGEST_SHORT
            ),
        )

    @property
    def referenced_frame_numbers(self) -> list[int] | None:
        """One-based numbers of frames; none if the reference is to all."""
        return _stored_numbers(self._reference, "ReferencedFrameNumber")

    @property
    def referenced_segment_numbers(self) -> list[int] | None:
        """Numbers of segments; none if the reference is to all or to frames."""
        return _stored_numbers(self._reference, "ReferencedSegmentNumber")


class WaveformContentItem(_Reference, value_type=ValueTypeValues.WAVEFORM):
    """Reference to a waveform or some of its channels (PS3.3 C.18.5).

    Parameters
    ----------
    name
        Purpose of the reference.
    referenced_sop_class_uid, referenced_sop_instance_uid
        The waveform.
    referenced_waveform_channels
        Pairs of multiplex group number and channel number, both one-based, if not all
        channels are meant.
    relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code, a UID is not a string, or the channels are not pairs
        of integers.
    InvalidArgumentError
        If a UID does not have the form of one, a number is negative, or there is no
        such relationship type.

    Examples
    --------
    >>> from highdicom.content_items import WaveformContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = WaveformContentItem(
    ...     codes.DCM.SourceOfMeasurement,
    ...     "1.2.840.10008.5.1.4.1.1.9.1.1",
    ...     "1.2.3",
    ...     [(1, 2), (1, 3)],
    ...     "CONTAINS",
    ... )
    >>> item.referenced_waveform_channels
    [(1, 2), (1, 3)]

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        referenced_sop_class_uid: str | UID,
        referenced_sop_instance_uid: str | UID,
        referenced_waveform_channels: AnySequence[tuple[int, int]] | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.WAVEFORM, name, relationship_type)
        elements[_REFERENCE] = _reference_element(
            referenced_sop_class_uid,
            referenced_sop_instance_uid,
            channels=_channel_numbers(referenced_waveform_channels),
        )

    @property
    def referenced_waveform_channels(self) -> list[tuple[int, int]] | None:
        """Pairs of multiplex group and channel; none if the reference is to all."""
        numbers = _stored_numbers(self._reference, "ReferencedWaveformChannels")
        if numbers is None:
            return None
        return list(zip(numbers[::2], numbers[1::2], strict=True))


def numbers_from_one(
    given: int | Iterable[int] | None, argument: str, largest: int = _LARGEST_SHORT
) -> tuple[int, ...] | None:
    """Check numbers that count from one.

    Raises
    ------
    ArgumentTypeError
        If they are not integers.
    InvalidArgumentError
        If there is none, or one is less than one or too large.

    """
    if given is None:
        return None
    values = _listed(given)
    if not all(_is_integer(value) for value in values):
        raise ArgumentTypeError(f"'{argument}' must be an integer or a list of such.")
    if not values:
        raise InvalidArgumentError(f"'{argument}' must not be empty if it is given.")
    for value in values:
        if not 1 <= value <= largest:
            raise InvalidArgumentError(
                f"'{argument}' must be from 1 to {largest}, not {value}."
            )
    return tuple(map(int, values))


def _is_iterable(given: Any) -> bool:
    return isinstance(given, Iterable) and not isinstance(given, (str, bytes))


def _is_integer(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _channel_numbers(channels: Any) -> tuple[int, ...] | None:
    """Pairs of numbers, flat."""
    if channels is None:
        return None
    pairs = [list(pair) if _is_iterable(pair) else [] for pair in _listed(channels)]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise ArgumentTypeError(
            "'referenced_waveform_channels' must be pairs of multiplex group number "
            "and channel number."
        )
    numbers = [number for pair in pairs for number in pair]
    if not all(_is_integer(number) for number in numbers):
        raise ArgumentTypeError("'referenced_waveform_channels' must be integers.")
    if not all(0 <= number <= _LARGEST_SHORT for number in numbers):
        # A channel number 0 refers to all channels of the group (C.18.5.1.1).
        raise InvalidArgumentError(
            f"'referenced_waveform_channels' must be from 0 to {_LARGEST_SHORT}."
        )
    return tuple(map(int, numbers))


def _listed(given: Any) -> list[Any]:
    return list(given) if _is_iterable(given) else [given]


def _stored_numbers(reference: Dataset, keyword: str) -> list[int] | None:
    value = reference.get(keyword)
    if value is None or value == "":
        return None
    return [int(number) for number in _listed(value)]


@lru_cache(maxsize=8192)
def _reference_element(
    sop_class_uid: str,
    sop_instance_uid: str,
    frames: tuple[int, ...] | None = None,
    segments: tuple[int, ...] | None = None,
    channels: tuple[int, ...] | None = None,
) -> RawDataElement:
    """Make the Referenced SOP Sequence; all references to the same share it."""
    checked_uid(sop_class_uid, "referenced_sop_class_uid")
    checked_uid(sop_instance_uid, "referenced_sop_instance_uid")
    elements = [
        uid_element(_SOP_CLASS, sop_class_uid, "referenced_sop_class_uid"),
        uid_element(_SOP_INSTANCE, sop_instance_uid, "referenced_sop_instance_uid"),
    ]
    if frames is not None:
        text = "\\".join(map(str, frames))
        elements.append(raw_element(_FRAME_NUMBER, "IS", text.encode("ascii")))
    for tag, numbers in ((_CHANNELS, channels), (_SEGMENT_NUMBER, segments)):
        if numbers is not None:
            encoded = np.array(numbers, dtype="<u2").tobytes()
            elements.append(raw_element(tag, "US", encoded))
    return sequence_element(_REFERENCE, *elements)
