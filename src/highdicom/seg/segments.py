"""The segments of a segmentation: their descriptions and what these come to."""

from collections.abc import Sequence, Set as AbstractSet
from functools import cached_property

import numpy as np
from pydicom.sr.codedict import codes
from pydicom.uid import UID, SegmentationStorage

from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.records import record
from highdicom.seg.content import SegmentDescription, background_description
from highdicom.seg.enum import SegmentationTypeValues

__all__ = ["LABEL_MAP_SEGMENTATION_STORAGE", "SegmentTable"]

# Newer than the dictionary of pydicom.
LABEL_MAP_SEGMENTATION_STORAGE = UID("1.2.840.10008.5.1.4.1.1.66.7")


@record
class SegmentTable:
    """Descriptions of segments that belong in one segmentation.

    Parameters
    ----------
    descriptions
        The segments, in the order of their numbers; for label maps with that of the
        background.
    kind
        Segmentation Type.

    """

    descriptions: tuple[SegmentDescription, ...]
    kind: SegmentationTypeValues

    @classmethod
    def of(
        cls, descriptions: Sequence[SegmentDescription], kind: SegmentationTypeValues
    ) -> "SegmentTable":
        """Check descriptions of a call.

        Raises
        ------
        ArgumentTypeError
            If something is no description.
        InvalidArgumentError
            If there are none, or numbers are not distinct, or have gaps where the
            segmentation type allows none.

        """
        if len(descriptions) == 0:
            raise InvalidArgumentError("'segment_descriptions' must not be empty.")
        for place, description in enumerate(descriptions):
            if not isinstance(description, SegmentDescription):
                raise ArgumentTypeError(
                    f"'segment_descriptions'[{place}] must be a SegmentDescription, "
                    f"not {type(description).__name__}."
                )
        numbers = [description.segment_number for description in descriptions]
        is_label_map = kind is SegmentationTypeValues.LABELMAP
        if is_label_map:
            if numbers != sorted(set(numbers)):
                raise InvalidArgumentError(
                    "'segment_descriptions' must be sorted by distinct segment "
                    f"numbers, not numbered {numbers}."
                )
        elif numbers != list(range(1, len(numbers) + 1)):
            raise InvalidArgumentError(
                "'segment_descriptions' must be numbered from 1 in steps of 1, not "
                f"{numbers}."
            )
        table = tuple(descriptions)
        if is_label_map and not any(map(_is_background, table)) and numbers[0] != 0:
            table = (background_description(table[0]), *table)
        return cls(table, kind)

    @cached_property
    def numbers(self) -> list[int]:
        """Segment numbers, without that of the background."""
        return [d.segment_number for d in self.descriptions if d.segment_number]

    @cached_property
    def are_consecutive(self) -> bool:
        """Whether segments are numbered from 1 in steps of 1."""
        return self.numbers == list(range(1, len(self.numbers) + 1))

    @cached_property
    def _places(self) -> dict[int, int]:
        return {number: place for place, number in enumerate(self.numbers)}

    @property
    def number_set(self) -> AbstractSet[int]:
        """Segment numbers, to look one up."""
        return self._places.keys()

    def place_of(self, number: int) -> int:
        """Zero-based place of a segment among those side by side."""
        return self._places[number]

    @property
    def sop_class_uid(self) -> str:
        """SOP class of the segmentation."""
        if self.kind is SegmentationTypeValues.LABELMAP:
            return LABEL_MAP_SEGMENTATION_STORAGE
        return SegmentationStorage

    @property
    def bits_allocated(self) -> int:
        """Bits of a pixel."""
        if self.kind is SegmentationTypeValues.BINARY:
            return 1
        return 16 if self.label_dtype == np.uint16 else 8

    @property
    def label_dtype(self) -> np.dtype[np.uint8] | np.dtype[np.uint16]:
        """Smallest type that holds all segment numbers."""
        is_wide = (
            self.kind is SegmentationTypeValues.LABELMAP and max(self.numbers) > 255
        )
        return np.dtype(np.uint16) if is_wide else np.dtype(np.uint8)


def _is_background(description: SegmentDescription) -> bool:
    is_code = description.segmented_property_type == codes.DCM.Background
    return bool(is_code)
