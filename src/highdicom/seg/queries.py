"""Segments found by what their descriptions say."""

from collections.abc import Iterable, Iterator

from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.records import record, values_of
from highdicom.seg.content import SegmentDescription
from highdicom.seg.enum import SegmentAlgorithmTypeValues

__all__ = ["SegmentQuery", "matching_segments"]


@record
class SegmentQuery:
    """What is asked of a segment; what is None is not asked."""

    segment_label: str | None = None
    segmented_property_category: Code | CodedConcept | None = None
    segmented_property_type: Code | CodedConcept | None = None
    algorithm_type: SegmentAlgorithmTypeValues | None = None
    tracking_uid: str | None = None
    tracking_id: str | None = None

    def matches(self, description: SegmentDescription) -> bool:
        """Tell whether a description says all that is asked."""
        return all(
            value is None or getattr(description, name) == value
            for name, value in values_of(self).items()
        )


def matching_segments(
    descriptions: Iterable[SegmentDescription], query: SegmentQuery
) -> Iterator[SegmentDescription]:
    """Go through the descriptions that say all that is asked."""
    return (d for d in descriptions if query.matches(d))
