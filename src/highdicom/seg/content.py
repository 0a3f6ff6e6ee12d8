"""Segment Description macro (PS3.3 C.8.20.4)."""

from collections.abc import Sequence
from typing import Any

from pydicom.sr.coding import Code

from highdicom.attributes import SequenceItem, together
from highdicom.attributes.specifiers import (
    Coded,
    CodedList,
    Enumerated,
    Integer,
    OptionalIntegers,
    OptionalSequence,
    OptionalText,
    OptionalUid,
    Text,
    between,
    coded,
    coded_list,
    enumerated,
    integer,
    integers,
    sequence,
    text,
    uid,
)
from highdicom.coding import CodedConcept
from highdicom.color import CIELabColor
from highdicom.content.algorithm import AlgorithmIdentificationSequence
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import ArgumentTypeError, ConflictingArgumentsError
from highdicom.image.dimension_index import PositionIndexSequence
from highdicom.seg.enum import SegmentAlgorithmTypeValues

__all__ = ["DimensionIndexSequence", "SegmentDescription"]

_SEGMENT = (("ReferencedSegmentNumber", "SegmentIdentificationSequence"),)


class DimensionIndexSequence(PositionIndexSequence):
    """Dimension Index Sequence of a segmentation (PS3.3 C.7.6.17).

    Segmentations have one when they are made: it is kept for those who call it by
    themselves, which is deprecated.

    Parameters
    ----------
    coordinate_system
        What positions of planes refer to; None if there is no frame of reference.
    include_segment_number
        Whether frames are told apart by their segments first, as those of label maps
        are not.

    Raises
    ------
    InvalidArgumentError
        If the coordinate system is unknown.

    Examples
    --------
    >>> import warnings
    >>> from highdicom.seg import DimensionIndexSequence
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     dimensions = DimensionIndexSequence("SLIDE")
    >>> dimensions.get_index_position("ColumnPositionInTotalImagePixelMatrix")
    2

    """

    def __init__(
        self,
        coordinate_system: str | CoordinateSystemNames | None,
        include_segment_number: bool = True,
    ) -> None:
        super().__init__(coordinate_system, _SEGMENT if include_segment_number else ())


class SegmentDescription(
    SequenceItem, defined_in="segmentation-image", path=("SegmentSequence",)
):
    """What a segment is and how it was made (PS3.3 C.8.20.2 and C.8.20.4).

    Parameters
    ----------
    segment_number
        Number of the segment, from 1; 0 is that of the background of a label map.
    segment_label
        Name of the segment, at most 64 characters.
    segmented_property_category, segmented_property_type
        What the segment is, as of context groups 7150 and 7151.
    algorithm_type
        How it was made.
    algorithm_identification
        Which algorithm made it; required unless it was made by hand.
    tracking_uid, tracking_id
        Identifier and name by which the same thing is tracked in other images.
    anatomic_regions, primary_anatomic_structures
        Where it lies.
    display_color
        Recommended colour.

    Raises
    ------
    InvalidArgumentError
        If a value is not allowed.
    ConflictingArgumentsError
        If only one of `tracking_uid` and `tracking_id` is given, or the algorithm is
        missing.

    Examples
    --------
    >>> from highdicom.seg import SegmentDescription
    >>> from pydicom.sr.codedict import codes
    >>> segment = SegmentDescription(
    ...     1, "Liver", codes.SCT.Organ, codes.SCT.Liver, "MANUAL"
    ... )
    >>> segment.segmented_property_type.meaning
    'Liver'

    """

    segment_number: Integer = integer("SegmentNumber", "1", between(0, 65535))
    segment_label: Text = text("SegmentLabel", "1")
    segmented_property_category: Coded = coded(
        "SegmentedPropertyCategoryCodeSequence", "1", cid=7150
    )
    segmented_property_type: Coded = coded(
        "SegmentedPropertyTypeCodeSequence", "1", cid=7151
    )
    algorithm_type: Enumerated[SegmentAlgorithmTypeValues] = enumerated(
        "SegmentAlgorithmType", "1", SegmentAlgorithmTypeValues
    )
    algorithm_identification: OptionalSequence[AlgorithmIdentificationSequence] = (
        sequence(
            "SegmentationAlgorithmIdentificationSequence",
            "3",
            AlgorithmIdentificationSequence,
            default=None,
        )
    )
    algorithm_name: OptionalText = text("SegmentAlgorithmName", "1C", default=None)
    tracking_uid: OptionalUid = uid("TrackingUID", "1C", default=None)
    tracking_id: OptionalText = text("TrackingID", "1C", default=None)
    anatomic_regions: CodedList = coded_list(
        "AnatomicRegionSequence", "3", cid=4, default=None
    )
    primary_anatomic_structures: CodedList = coded_list(
        "PrimaryAnatomicStructureSequence", "3", default=None
    )
    recommended_display_cielab_value: OptionalIntegers = integers(
        "RecommendedDisplayCIELabValue", "3", count=3, default=None
    )

    tracked = together("tracking_uid", "tracking_id")

    def __init__(
        self,
        segment_number: int,
        segment_label: str,
        segmented_property_category: Code | CodedConcept,
        segmented_property_type: Code | CodedConcept,
        algorithm_type: SegmentAlgorithmTypeValues | str,
        algorithm_identification: AlgorithmIdentificationSequence | None = None,
        tracking_uid: str | None = None,
        tracking_id: str | None = None,
        anatomic_regions: Sequence[Code | CodedConcept] | None = None,
        primary_anatomic_structures: Sequence[Code | CodedConcept] | None = None,
        display_color: CIELabColor | None = None,
    ) -> None:
        self.initialise()
        if segment_number == 0:
            SegmentDescription.segment_number.refuse(0, "between 1 and 65535")
        self.segment_number = segment_number
        self.segment_label = segment_label
        self.segmented_property_category = segmented_property_category
        self.segmented_property_type = segmented_property_type
        self.algorithm_type = algorithm_type
        is_manual = self.algorithm_type is SegmentAlgorithmTypeValues.MANUAL
        if algorithm_identification is not None:
            self.algorithm_identification = algorithm_identification
            if not is_manual:
                self.algorithm_name = algorithm_identification.name
        elif not is_manual:
            raise ConflictingArgumentsError(
                "'algorithm_identification' is required unless 'algorithm_type' is "
                "MANUAL."
            )
        self.tracking_uid = tracking_uid
        self.tracking_id = tracking_id
        self.anatomic_regions = anatomic_regions
        self.primary_anatomic_structures = primary_anatomic_structures
        self.declaration.enforce(self)
        if display_color is not None:
            self.display_color = display_color

    @property
    def display_color(self) -> CIELabColor | None:
        """Recommended colour."""
        value = self.recommended_display_cielab_value
        return None if value is None else CIELabColor.from_dicom_value(value)

    @display_color.setter
    def display_color(self, color: CIELabColor | None) -> None:
        if color is None:
            self.recommended_display_cielab_value = None
            return
        if not isinstance(color, CIELabColor):
            raise ArgumentTypeError(
                f"'display_color' must be a CIELabColor, not {type(color).__name__}."
            )
        self.recommended_display_cielab_value = list(color.value)


def background_description(first: SegmentDescription) -> SegmentDescription:
    """Describe the background of a label map (PS3.3 C.8.20.2.3.3).

    Parameters
    ----------
    first
        The first segment: what made it left the background over.

    """
    background: Any = CodedConcept("125040", "DCM", "Background")
    description = SegmentDescription(
        1, "Background", background, background, SegmentAlgorithmTypeValues.MANUAL
    )
    description.segment_number = 0
    description.algorithm_type = first.algorithm_type
    description.algorithm_name = first.algorithm_name
    return description
