"""What measurements, regions and segmentations were made from."""

from collections.abc import Sequence as AnySequence
from typing import Any, ClassVar

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.content_items.references import (
    CompositeContentItem,
    ImageContentItem,
    numbers_from_one,
)
from highdicom.content_items.values import UIDRefContentItem
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.typing import Self

__all__ = [
    "SOURCE_IMAGE",
    "SOURCE_SERIES",
    "RealWorldValueMap",
    "SourceImageForMeasurement",
    "SourceImageForMeasurementGroup",
    "SourceImageForRegion",
    "SourceImageForSegmentation",
    "SourceSeriesForSegmentation",
    "checked_image",
]

_REAL_WORLD_VALUE_MAPPING = "1.2.840.10008.5.1.4.1.1.67"
_MAP_USED = Code("126100", "DCM", "Real World Value Map used for measurement")
_SOURCE = Code("260753009", "SCT", "Source")
_SOURCE_OF_MEASUREMENT = Code("121112", "DCM", "Source of Measurement")
SOURCE_IMAGE = Code("121233", "DCM", "Source Image for Segmentation")
SOURCE_SERIES = Code("121232", "DCM", "Source Series for Segmentation")

_IDENTIFIERS = ("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID")
_PIXELS = ("Rows", "Columns", "BitsAllocated")


def checked_image(image: Dataset) -> Dataset:
    """Check that a dataset is an image.

    Raises
    ------
    ArgumentTypeError
        If it is not a dataset.
    InvalidArgumentError
        If it lacks identifiers, or what describes pixels.

    """
    if not isinstance(image, Dataset):
        raise ArgumentTypeError(
            f"'image' must be a Dataset, not {type(image).__name__}."
        )
    missing = [keyword for keyword in (*_IDENTIFIERS, *_PIXELS) if keyword not in image]
    if missing:
        raise InvalidArgumentError(
            f"'image' must be an image, but {', '.join(missing)} is missing in it."
        )
    return image


def _checked_frames(
    image: Dataset, frame_numbers: AnySequence[int] | None
) -> tuple[int, ...] | None:
    numbers = numbers_from_one(
        frame_numbers, "referenced_frame_numbers", largest=2**31 - 1
    )
    if numbers is None:
        return None
    if "NumberOfFrames" not in image:
        raise ArgumentTypeError(
            "'referenced_frame_numbers' needs a multi-frame image: NumberOfFrames is "
            "absent."
        )
    count = int(image.NumberOfFrames)
    for number in numbers:
        if number > count:
            raise InvalidArgumentError(
                f"'referenced_frame_numbers' must be from 1 to {count}, not {number}."
            )
    return numbers


class _SourceImage(ImageContentItem):
    """Reference to an image for a purpose."""

    _purpose: ClassVar[Code]
    _relationship: ClassVar[str]

    def __init__(
        self,
        referenced_sop_class_uid: str,
        referenced_sop_instance_uid: str,
        referenced_frame_numbers: AnySequence[int] | None = None,
    ) -> None:
        super().__init__(
            self._purpose,
            referenced_sop_class_uid,
            referenced_sop_instance_uid,
            referenced_frame_numbers,
            relationship_type=self._relationship,
        )

    @classmethod
    def from_source_image(
        cls,
        image: Dataset,
        referenced_frame_numbers: AnySequence[int] | None = None,
    ) -> Self:
        """Refer to an image.

        Parameters
        ----------
        image
            The image.
        referenced_frame_numbers
            One-based numbers of frames, if not all are meant.

        Raises
        ------
        ArgumentTypeError
            If it is not a dataset, or frames are given but the image is not a
            multi-frame image.
        InvalidArgumentError
            If the dataset is not an image, or has no such frame.

        """
        checked_image(image)
        frames = _checked_frames(image, referenced_frame_numbers)
        return cls(image.SOPClassUID, image.SOPInstanceUID, frames)


class SourceImageForRegion(_SourceImage):
    """The image that a region is in (PS3.16 TID 1410).

    Parameters
    ----------
    referenced_sop_class_uid, referenced_sop_instance_uid
        The image.
    referenced_frame_numbers
        One-based numbers of frames, if not all are meant.

    Raises
    ------
    ArgumentTypeError
        If a UID is not a string, or a number not an integer.
    InvalidArgumentError
        If a UID does not have the form of one, or a number is less than one.

    Examples
    --------
    >>> from highdicom.sr.content import SourceImageForRegion
    >>> image = SourceImageForRegion("1.2.840.10008.5.1.4.1.1.2", "1.2.3")
    >>> image.relationship_type.value
    'SELECTED FROM'

    """

    _purpose = _SOURCE
    _relationship = "SELECTED FROM"


class SourceImageForMeasurement(_SourceImage):
    """The image that a value was measured in (PS3.16 TID 320).

    Parameters and errors are those of `SourceImageForRegion`.

    Examples
    --------
    >>> from highdicom.sr.content import SourceImageForMeasurement
    >>> image = SourceImageForMeasurement("1.2.840.10008.5.1.4.1.1.2", "1.2.3")
    >>> image.relationship_type.value
    'INFERRED FROM'

    """

    _purpose = _SOURCE_OF_MEASUREMENT
    _relationship = "INFERRED FROM"


class SourceImageForMeasurementGroup(_SourceImage):
    """The image that a group of values was measured in (PS3.16 TID 1501).

    Parameters and errors are those of `SourceImageForRegion`.

    Examples
    --------
    >>> from highdicom.sr.content import SourceImageForMeasurementGroup
    >>> image = SourceImageForMeasurementGroup("1.2.840.10008.5.1.4.1.1.2", "1.2.3")
    >>> image.relationship_type.value
    'CONTAINS'

    """

    _purpose = _SOURCE_OF_MEASUREMENT
    _relationship = "CONTAINS"


class SourceImageForSegmentation(_SourceImage):
    """The image that a segmentation was made from (PS3.16 TID 1410 and 1411).

    Parameters and errors are those of `SourceImageForRegion`.

    Examples
    --------
    >>> from highdicom.sr.content import SourceImageForSegmentation
    >>> image = SourceImageForSegmentation("1.2.840.10008.5.1.4.1.1.2", "1.2.3")
    >>> image.name.meaning
    'Source Image for Segmentation'

    """

    _purpose = SOURCE_IMAGE
    _relationship = "CONTAINS"


class SourceSeriesForSegmentation(UIDRefContentItem):
    """The series that a segmentation was made from (PS3.16 TID 1411).

    Parameters
    ----------
    referenced_series_instance_uid
        The series.

    Raises
    ------
    ArgumentTypeError
        If the UID is not a string.
    InvalidArgumentError
        If the UID does not have the form of one.

    Examples
    --------
    >>> from highdicom.sr.content import SourceSeriesForSegmentation
    >>> SourceSeriesForSegmentation("1.2.3").value
    '1.2.3'

    """

    def __init__(self, referenced_series_instance_uid: str) -> None:
        super().__init__(SOURCE_SERIES, referenced_series_instance_uid, "CONTAINS")

    @classmethod
    def from_source_image(cls, image: Dataset) -> Self:
        """Refer to the series of an image.

        Raises
        ------
        ArgumentTypeError
            If it is not a dataset.
        InvalidArgumentError
            If the dataset is not an image.

        """
        return cls(checked_image(image).SeriesInstanceUID)


class RealWorldValueMap(CompositeContentItem):
    """The map to real world values of a measurement (PS3.16 TID 1501).

    Parameters
    ----------
    referenced_sop_instance_uid
        The Real World Value Mapping object.

    Raises
    ------
    ArgumentTypeError
        If the UID is not a string.
    InvalidArgumentError
        If the UID does not have the form of one.

    Examples
    --------
    >>> from highdicom.sr.content import RealWorldValueMap
    >>> RealWorldValueMap("1.2.3").referenced_sop_class_uid.name
    'Real World Value Mapping Storage'

    """

    def __init__(self, referenced_sop_instance_uid: str) -> None:
        super().__init__(
            _MAP_USED,
            _REAL_WORLD_VALUE_MAPPING,
            referenced_sop_instance_uid,
            "CONTAINS",
        )

    @classmethod
    def from_source_value_map(cls, value_map_dataset: Dataset) -> Self:
        """Refer to a map.

        Raises
        ------
        ArgumentTypeError
            If it is not a dataset.
        InvalidArgumentError
            If the dataset is of another SOP class.

        """
        given: Any = value_map_dataset
        if not isinstance(given, Dataset):
            raise ArgumentTypeError(
                f"'value_map_dataset' must be a Dataset, not {type(given).__name__}."
            )
        if given.get("SOPClassUID") != _REAL_WORLD_VALUE_MAPPING:
            raise InvalidArgumentError(
                "'value_map_dataset' must be a Real World Value Mapping object."
            )
        return cls(given.SOPInstanceUID)
