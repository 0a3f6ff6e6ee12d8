"""The conversion of single-frame images, step by step (PS3.3 A.70 to A.72)."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.encoding.elements import put, put_sequence, tag_of
from highdicom.enum import ContentQualificationValues
from highdicom.errors import (
    ArgumentTypeError,
    MissingAttributeError,
    NonconformantDatasetWarning,
)
from highdicom.frames.index import FrameIndex
from highdicom.frames.writing import ALWAYS_PER_FRAME, functional_groups
from highdicom.legacy.acquisition import AcquisitionTimes, acquisition_times
from highdicom.legacy.groups import ConvertedGroups, frame_type_of
from highdicom.legacy.mapping import (
    COLUMN_SOURCES,
    DISCARDED,
    UNASSIGNED_PER_FRAME,
    UNASSIGNED_SHARED,
    top_level_modules,
)
from highdicom.legacy.ordering import FrameOrder
from highdicom.legacy.pixel_data import ConvertedPixels
from highdicom.legacy.sharing import SourceElements, creator_of
from highdicom.legacy.sources import LegacyImages
from highdicom.modules.equipment import ContributingEquipment

__all__ = ["Conversion"]

Array = npt.NDArray[Any]

_EXTREME_VALUES: dict[str, Callable[[Any], int]] = {
    "SmallestImagePixelValue": min,
    "LargestImagePixelValue": max,
}
_SUFFIX = " (enhanced conversion)"
_LONGEST_DESCRIPTION = 64
_GREATEST_ACQUISITION_NUMBER = 2**16 - 1
_NEVER_SHARED = ALWAYS_PER_FRAME | {
    "ConversionSourceAttributesSequence",
    UNASSIGNED_PER_FRAME,
}
# Attributes of single images by their meaning, even if there is only one image.
_OF_SINGLE_IMAGES = frozenset((int(tag_of("InstanceNumber")),))


@dataclass
class Conversion:
    """Attributes of images on their way into a converted image.

    Parameters
    ----------
    images
        The images, in the order of the frames.
    order
        What they were ordered by.
    pixels
        Their pixels.
    implicit
        Whether the converted image is in implicit VR.
    skip_private_attributes
        Whether private attributes are left out.
    strict
        Whether it is an error if an attribute that is required cannot be had.

    """

    images: LegacyImages
    order: FrameOrder
    pixels: ConvertedPixels
    implicit: bool
    skip_private_attributes: bool
    strict: bool
    _assigned: set[int] = field(default_factory=set)

    @property
    def _elements(self) -> SourceElements:
        return self.images.elements

    @cached_property
    def acquired(self) -> AcquisitionTimes:
        """When the frames were acquired."""
        return acquisition_times(self.images)

    def _shared_value(self, keyword: str) -> Any:
        """Value that all images have; None if they differ or it is empty."""
        if not self._elements.is_shared(tag_of(keyword)):
            return None
        return self._elements.value(0, keyword)

    def _put_copied(self, target: Dataset, tag: int) -> None:
        element = self._elements.element(0, tag)
        target[element.tag] = element
        self._assigned.add(tag)

    def _report_missing(self, keyword: str, place: str) -> None:
        message = f"{keyword} is required in {place}, but the images do not have it."
        if self.strict:
            raise MissingAttributeError(message, keyword=keyword)
        warnings.warn(message, NonconformantDatasetWarning, stacklevel=5)

    # --- modules ---------------------------------------------------------------------

    def put_modules(self, target: Dataset) -> None:
        """Copy what the images share and the converted image has at the top level.

        What the target has already is left as it is, if it is not empty.
        """
        for module in top_level_modules(self.images.kind):
            shared = [tag for tag in module.rules if self._elements.is_shared(tag)]
            if not module.is_mandatory and not self._is_complete(module.required):
                continue
            for tag in shared:
                if tag not in target or target[tag].is_empty:
                    self._put_copied(target, tag)
                elif target[tag] == self._elements.element(0, tag):
                    self._assigned.add(tag)
        self._put_enhanced_image(target)
        self._put_series_description(target)
        self._put_extreme_values(target)
        if self.pixels.is_inverted:
            self._put_inverted_values(target)

    def _is_complete(self, required: Any) -> bool:
        """Whether images share what a module must have, so that it can be there."""
        return all(
            self._shared_value(rule.keyword) is not None for rule in required("1")
        ) and all(self._elements.is_shared(rule.tag) for rule in required("2"))

    def _put_enhanced_image(self, target: Dataset) -> None:
        """Put what describes the image as a whole (PS3.3 C.8.13.1 and the like)."""
        image_type = self._image_type()
        if image_type is None:
            self._report_missing("ImageType", "the image")
        else:
            put(target, "ImageType", image_type)
        put(target, "PixelPresentation", "MONOCHROME")
        put(target, "VolumetricProperties", "VOLUME")
        put(target, "VolumeBasedCalculationTechnique", "NONE")
        put(target, "PresentationLUTShape", "IDENTITY")
        if not target.get("ContentQualification"):
            put(
                target,
                "ContentQualification",
                ContentQualificationValues.RESEARCH.value,
            )
        first = self.acquired.earliest
        if first is not None:
            put(target, "AcquisitionDateTime", first)
        if self._has_any("BurnedInAnnotation", "YES"):
            put(target, "BurnedInAnnotation", "YES")
        nucleus = self._shared_value("ImagedNucleus")
        if nucleus is not None and self.images.kind.modality == "MR":
            put(target, "ResonantNucleus", str(nucleus))
            self._assigned.add(int(tag_of("ImagedNucleus")))

    def _has_any(self, keyword: str, value: str) -> bool:
        rows = range(len(self.images))
        return any(self._elements.value(row, keyword) == value for row in rows)

    def _image_types(self) -> Iterator[list[str] | None]:
        for row in self._elements.combined_ids([tag_of("ImageType")])[0].tolist():
            value = self._elements.value(row, "ImageType") or []
            listed = [value] if isinstance(value, str) else list(value)
            yield frame_type_of([str(one) for one in listed])

    def _image_type(self) -> list[str] | None:
        """Image Type of which all frame types are special cases (C.8.16.1)."""
        found = list(self._image_types())
        types = [one for one in found if one is not None]
        if not types or len(types) < len(found):
            return None
        joined = list(types[0])
        for place in (0, 2):
            if len({one[place] for one in types}) > 1:
                # The third value has no term for frames of several flavours.
                joined[place] = "MIXED" if place == 0 else "VOLUME"
        return joined

    def _put_series_description(self, target: Dataset) -> None:
        description = self._shared_value("SeriesDescription")
        if description is None or target.get("SeriesDescription"):
            return
        longer = f"{description}{_SUFFIX}"
        fits = len(longer) <= _LONGEST_DESCRIPTION
        put(target, "SeriesDescription", longer if fits else str(description))
        self._assigned.add(int(tag_of("SeriesDescription")))

    def _put_extreme_values(self, target: Dataset) -> None:
        """Put the smallest and largest stored value of all frames."""
        vr = "SS" if self.pixels.format.pixel_representation else "US"
        for keyword, choose in _EXTREME_VALUES.items():
            rows = range(len(self.images))
            values = [self._elements.value(row, keyword) for row in rows]
            if all(isinstance(value, int) for value in values):
                put(target, keyword, choose(values), vr)

    def _put_inverted_values(self, target: Dataset) -> None:
        """Turn round the stored values that attributes at the top level name."""
        total = self.pixels.inversion_sum
        pairs = (
            ("PixelPaddingValue", "PixelPaddingValue"),
            ("PixelPaddingRangeLimit", "PixelPaddingRangeLimit"),
            ("SmallestImagePixelValue", "LargestImagePixelValue"),
            ("LargestImagePixelValue", "SmallestImagePixelValue"),
            ("SmallestPixelValueInSeries", "LargestPixelValueInSeries"),
            ("LargestPixelValueInSeries", "SmallestPixelValueInSeries"),
        )
        given = {source: target.get(source) for _, source in pairs}
        vr = "SS" if self.pixels.format.pixel_representation else "US"
        for keyword, source in pairs:
            if keyword in target:
                del target[keyword]
            if given[source] is not None:
                put(target, keyword, total - int(given[source]), vr)

    def put_equipment(
        self, target: Dataset, given: Sequence[ContributingEquipment] | None
    ) -> None:
        """Say who had a part: in the images, their acquisition, and the conversion."""
        listed = list(given or ())
        for item in listed:
            if not isinstance(item, ContributingEquipment):
                raise ArgumentTypeError(
                    "'contributing_equipment' must be a sequence of "
                    f"ContributingEquipment, not of {type(item).__name__}."
                )
        equipment: list[Dataset] = []
        tag = int(tag_of("ContributingEquipmentSequence"))
        if self._elements.is_shared(tag):
            equipment += self._elements.element(0, tag).value
            self._assigned.add(tag)
        if self.images.first.get("Manufacturer"):
            acquisition = ContributingEquipment.for_image_acquisition(self.images.first)
            equipment.append(acquisition)
        purpose = codes.DCM.EnhancedMultiFrameConversionEquipment
        equipment += listed
        equipment.append(
            ContributingEquipment.for_highdicom(purpose_of_reference=purpose)
        )
        put_sequence(target, "ContributingEquipmentSequence", equipment)

    # --- functional groups -----------------------------------------------------------

    def put_frames(self, target: Dataset) -> None:
        """Put functional groups and dimensions."""
        columns = self._columns()
        groups = ConvertedGroups(
            self.images,
            self.pixels.format,
            self.implicit,
            self.pixels.is_inverted,
            self._character_set(target),
        )
        groups.add_all()
        self._assigned |= groups.assigned
        self._put_laterality(target, groups)
        shared, per_frame = self._unassigned()
        groups.add_unassigned(UNASSIGNED_SHARED, shared)
        groups.add_unassigned(UNASSIGNED_PER_FRAME, per_frame)
        count = len(self.images)
        dimension = self.order.dimension
        index = FrameIndex.of(
            columns,
            [] if dimension is None else [dimension],
            None if dimension is None else np.arange(1, count + 1)[:, np.newaxis],
            groups=groups.groups,
            number_of_frames=count,
        )
        put(target, "NumberOfFrames", count)
        if self.order.is_spatial:
            put(target, "DimensionOrganizationType", "3D")
        functional_groups(
            index,
            implicit=self.implicit,
            always_per_frame=_NEVER_SHARED,
            character_set=self._character_set(target),
        ).put_into(target)

    @staticmethod
    def _character_set(target: Dataset) -> str | list[str]:
        value = target.get("SpecificCharacterSet") or ""
        return value if isinstance(value, str) else list(value)

    def _columns(self) -> dict[str, Array]:
        columns: dict[str, Array] = {}
        for keyword, source in COLUMN_SOURCES.items():
            column = self.images.column(keyword, source)
            if column is None or not _is_writable(keyword, column):
                continue
            columns[keyword] = column
            self._assigned.add(int(tag_of(source)))
        if "PixelSpacing" not in columns:
            self._report_missing("PixelSpacing", "PixelMeasuresSequence")
        if self.acquired.texts.any():
            columns["FrameAcquisitionDateTime"] = self.acquired.texts
            self._assigned.update(int(tag_of(one)) for one in self.acquired.assigned)
        if self.order.is_spatial:
            count = len(self.images)
            columns["StackID"] = np.full(count, "1")
            columns["InStackPositionNumber"] = np.arange(1, count + 1)
        self._add_spacing(columns)
        return columns

    def _add_spacing(self, columns: dict[str, Array]) -> None:
        """Add the distance of slices: as measured or, of a single one, as it says."""
        given = self._shared_value("SpacingBetweenSlices")
        spacing = self.order.spacing
        if spacing is None and len(self.images) == 1 and given is not None:
            spacing = abs(float(given)) or None
        if spacing is None:
            return
        columns["SpacingBetweenSlices"] = np.full(len(self.images), spacing)
        if given is not None and float(given) == spacing:
            self._assigned.add(int(tag_of("SpacingBetweenSlices")))

    def _put_laterality(self, target: Dataset, groups: ConvertedGroups) -> None:
        """Put which side was imaged, unless frames say it (PS3.3 C.7.3.1)."""
        tag = int(tag_of("Laterality"))
        if tag in groups.assigned:
            return
        if self._elements.is_shared(tag):
            self._put_copied(target, tag)
        else:
            put(target, "Laterality", None)

    def _unassigned(self) -> tuple[list[int], list[int]]:
        """Tags of attributes without a place of their own, shared and not."""
        shared, per_frame = [], []
        for tag in self._elements.tags:
            if tag in self._assigned or not self._is_kept(tag):
                continue
            if self._elements.is_shared(tag) and tag not in _OF_SINGLE_IMAGES:
                shared.append(tag)
            else:
                per_frame.append(tag)
        if self._says_more_than_frame_type():
            tag = int(tag_of("ImageType"))
            is_shared = self._elements.is_shared(tag)
            (shared if is_shared else per_frame).append(tag)
        return sorted(shared), sorted(per_frame)

    def _is_kept(self, tag: int) -> bool:
        group, element = tag >> 16, tag & 0xFFFF
        if group < 8 or not element or tag in DISCARDED or tag == tag_of("ImageType"):
            return False
        if not group & 1:
            return True
        # Creators come with the elements that they reserve.
        is_creator = creator_of(tag) is None
        return not is_creator and not self.skip_private_attributes

    def _says_more_than_frame_type(self) -> bool:
        """Whether an Image Type has values that no Frame Type can have."""
        tag = int(tag_of("ImageType"))
        if tag not in self._elements:
            return False
        for row in self._elements.combined_ids([tag])[0].tolist():
            value = self._elements.value(row, "ImageType") or []
            listed = [value] if isinstance(value, str) else [str(one) for one in value]
            frame_type = frame_type_of(listed)
            if frame_type is None or listed not in (frame_type, frame_type[:3]):
                return True
        return False

    # --- at last ---------------------------------------------------------------------

    def check(self, target: Dataset) -> None:
        """Complete the modules, and report what they lack (Types 1 and 2)."""
        for module in top_level_modules(self.images.kind):
            if not module.is_mandatory:
                continue
            for rule in module.required("2"):
                if rule.keyword not in target:
                    _put_empty(target, rule.keyword)
            for rule in module.required("1"):
                if not target.get(rule.keyword) and target.get(rule.keyword) != 0:
                    self._report_missing(rule.keyword, "the image")


def _is_writable(keyword: str, column: Array) -> bool:
    """Whether numbers fit the attribute that they become."""
    if keyword != "FrameAcquisitionNumber":
        return True
    return bool(column.min() >= 0 and column.max() <= _GREATEST_ACQUISITION_NUMBER)


def _put_empty(target: Dataset, keyword: str) -> None:
    setattr(target, keyword, None)
