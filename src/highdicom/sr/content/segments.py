"""References to segments and frames of segmentations."""

import warnings
from collections.abc import Iterable, Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.content_items.base import ContentSequence
from highdicom.content_items.query import matching
from highdicom.content_items.references import ImageContentItem, numbers_from_one
from highdicom.errors import ArgumentTypeError, InformationLossWarning
from highdicom.sr.content.errors import UnexpectedContentError
from highdicom.sr.content.segmentation_frames import SegmentationFrames
from highdicom.sr.content.segmentation_sources import SegmentationSources
from highdicom.sr.content.sources import (
    SourceImageForSegmentation,
    SourceSeriesForSegmentation,
)
from highdicom.typing import Self
from highdicom.uid import UID

__all__ = ["ReferencedSegment", "ReferencedSegmentationFrame"]

_REFERENCED_SEGMENT = Code("121191", "DCM", "Referenced Segment")
_REFERENCED_FRAME = Code("121214", "DCM", "Referenced Segmentation Frame")
_LABEL_MAP_SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.7"


class _SegmentationReference(SegmentationSources):
    """Sequence whose first item refers to a segmentation."""

    @property
    def _reference(self) -> ImageContentItem:
        reference: ImageContentItem = self[0]
        return reference

    @property
    def referenced_sop_class_uid(self) -> UID:
        """SOP Class UID of the segmentation."""
        return self._reference.referenced_sop_class_uid

    @property
    def referenced_sop_instance_uid(self) -> UID:
        """SOP Instance UID of the segmentation."""
        return self._reference.referenced_sop_instance_uid

    @property
    def referenced_frame_numbers(self) -> list[int] | None:
        """One-based numbers of frames, if the reference is to frames."""
        return self._reference.referenced_frame_numbers

    @property
    def referenced_segment_numbers(self) -> list[int] | None:
        """Numbers of segments, if the reference is to segments."""
        return self._reference.referenced_segment_numbers


def _found_reference(
    items: Iterable[Dataset], name: Code
) -> tuple[ImageContentItem, list[Dataset]]:
    is_reference = matching(name, "IMAGE")
    listed = list(items)
    found = [item for item in listed if is_reference(item)]
    if len(found) != 1:
        raise UnexpectedContentError(
            f"The sequence must have exactly one content item '{name.meaning}', "
            f"not {len(found)}."
        )
    return ImageContentItem.from_dataset(found[0], copy=False), listed


class ReferencedSegment(_SegmentationReference):
    """Reference to a segment, and what it was made from (PS3.16 TID 1411).

    Parameters
    ----------
    sop_class_uid, sop_instance_uid
        The segmentation.
    segment_number
        Number of the segment.
    frame_numbers
        Frames of the segment. PS3.3 C.18.4 allows a reference segment numbers
        or frame numbers, never both, so they are not kept.
    source_images
        The images that the segment was made from.
    source_series
        The series that the segment was made from, if no images are given.

    Raises
    ------
    ArgumentTypeError
        If something has another type.
    InvalidArgumentError
        If a UID does not have the form of one, a number is less than one, or neither
        images nor a series is given.

    Warns
    -----
    InformationLossWarning
        If frame numbers, or both images and a series are given.

    Examples
    --------
    >>> from highdicom.sr.content import ReferencedSegment, SourceSeriesForSegmentation
    >>> segment = ReferencedSegment(
    ...     "1.2.840.10008.5.1.4.1.1.66.4",
    ...     "1.2.3",
    ...     segment_number=2,
    ...     source_series=SourceSeriesForSegmentation("1.2.4"),
    ... )
    >>> segment.referenced_segment_numbers
    [2]

    """

    def __init__(
        self,
        sop_class_uid: str,
        sop_instance_uid: str,
        segment_number: int,
        frame_numbers: AnySequence[int] | None = None,
        source_images: AnySequence[SourceImageForSegmentation] | None = None,
        source_series: SourceSeriesForSegmentation | None = None,
    ) -> None:
        if numbers_from_one(frame_numbers, "frame_numbers") is not None:
            warnings.warn(
                "'frame_numbers' are left out: PS3.3 C.18.4 allows segment "
                "numbers or frame numbers.",
                InformationLossWarning,
                stacklevel=2,
            )
        reference = ImageContentItem(
            _REFERENCED_SEGMENT,
            sop_class_uid,
            sop_instance_uid,
            referenced_segment_numbers=segment_number,
            relationship_type="CONTAINS",
        )
        super().__init__(
            [reference, *self.checked_sources(source_images, source_series)]
        )

    @classmethod
    def from_segmentation(
        cls,
        segmentation: Dataset,
        segment_number: int,
        frame_numbers: AnySequence[int] | None = None,
    ) -> Self:
        """Refer to a segment of a segmentation, and to what it was made from.

        Parameters
        ----------
        segmentation
            The segmentation, of any kind.
        segment_number
            Number of the segment.
        frame_numbers
            One-based numbers of frames of the segment. Only their source images are
            referred to; without them, those of all frames of the segment.

        Raises
        ------
        ArgumentTypeError
            If something has another type.
        InvalidArgumentError
            If it is not a segmentation, has no such segment or frame, or a frame is of
            another segment.
        MissingAttributeError
            If the segmentation does not say what it was made from.

        """
        frames = SegmentationFrames(segmentation)
        selected = frames.of_segment(segment_number, frame_numbers)
        images, series = frames.sources_of(selected)
        return cls(
            segmentation.SOPClassUID,
            segmentation.SOPInstanceUID,
            segment_number,
            source_images=images,
            source_series=None if images else series,
        )

    @classmethod
    def from_sequence(  # type: ignore[override]
        cls, sequence: AnySequence[Dataset]
    ) -> Self:
        """Find a reference and its sources among content items; they are copied.

        Parameters
        ----------
        sequence
            Content items of a measurement group.

        Raises
        ------
        UnexpectedContentError
            If there is not exactly one reference to a segment, or no source.

        """
        return cls.found_among(ContentSequence.from_sequence(sequence))

    @classmethod
    def found_among(cls, items: Iterable[Dataset]) -> Self:
        """Find a reference and its sources among items; they are not copied."""
        reference, listed = _found_reference(items, _REFERENCED_SEGMENT)
        return cls.of([reference, *cls.found_sources(listed)])


class ReferencedSegmentationFrame(_SegmentationReference):
    """Reference to a frame of a segmentation, and its source image (TID 1410).

    Parameters
    ----------
    sop_class_uid, sop_instance_uid
        The segmentation.
    frame_number
        One-based number of the frame, or of several if the segmentation is tiled.
    segment_number
        Number of the segment that the frame is of. PS3.3 C.18.4 allows a
        reference frame numbers or segment numbers, never both, and a frame of a
        segmentation is of one segment, so it is not kept.
    source_image
        The image that the frame was made from.

    Raises
    ------
    ArgumentTypeError
        If something has another type.
    InvalidArgumentError
        If a UID does not have the form of one, or a number is less than one.

    Warns
    -----
    InformationLossWarning
        If it is a label map, whose frames are of all segments.

    Examples
    --------
    >>> from highdicom.sr.content import (
    ...     ReferencedSegmentationFrame,
    ...     SourceImageForSegmentation,
    ... )
    >>> frame = ReferencedSegmentationFrame(
    ...     "1.2.840.10008.5.1.4.1.1.66.4",
    ...     "1.2.3",
    ...     frame_number=4,
    ...     segment_number=1,
    ...     source_image=SourceImageForSegmentation("1.2.840.10008.5.1.4.1.1.2", "1.2.5"),
    ... )
    >>> frame.referenced_frame_numbers
    [4]

    """

    def __init__(
        self,
        sop_class_uid: str,
        sop_instance_uid: str,
        frame_number: int | AnySequence[int],
        segment_number: int,
        source_image: SourceImageForSegmentation,
    ) -> None:
        given: Any = source_image
        if not isinstance(given, SourceImageForSegmentation):
            raise ArgumentTypeError(
                "'source_image' must be a SourceImageForSegmentation, "
                f"not {type(given).__name__}."
            )
        numbers_from_one(segment_number, "segment_number")
        if sop_class_uid == _LABEL_MAP_SEGMENTATION:
            warnings.warn(
                "'segment_number' is left out: PS3.3 C.18.4 allows frame "
                "numbers or segment numbers; use ReferencedSegment for a label map.",
                InformationLossWarning,
                stacklevel=2,
            )
        reference = ImageContentItem(
            _REFERENCED_FRAME,
            sop_class_uid,
            sop_instance_uid,
            referenced_frame_numbers=frame_number,
            relationship_type="CONTAINS",
        )
        super().__init__([reference, source_image])

    @classmethod
    def from_segmentation(
        cls,
        segmentation: Dataset,
        frame_number: int | AnySequence[int] | None = None,
        segment_number: int | None = None,
    ) -> Self:
        """Refer to a frame of a segmentation, and to the image it was made from.

        Parameters
        ----------
        segmentation
            The segmentation, of any kind.
        frame_number
            One-based number of the frame, or of several if the segmentation is tiled.
            If it is not given, all frames of the segment are meant.
        segment_number
            Number of the segment; needed if no frame is given.

        Raises
        ------
        ArgumentTypeError
            If something has another type, or neither a frame nor a segment is given.
        InvalidArgumentError
            If it is not a segmentation, has no such frame or segment, frames are of
            several segments or were made from several images, or there are several
            frames though the segmentation is not tiled.
        MissingAttributeError
            If the segmentation does not say what it was made from.

        """
        frames = SegmentationFrames(segmentation)
        selected, segment = frames.selected(frame_number, segment_number)
        return cls(
            segmentation.SOPClassUID,
            segmentation.SOPInstanceUID,
            selected,
            segment,
            frames.single_source_of(selected),
        )

    @classmethod
    def from_sequence(  # type: ignore[override]
        cls, sequence: AnySequence[Dataset]
    ) -> Self:
        """Find a reference and its source among content items; they are copied.

        Parameters
        ----------
        sequence
            Content items of a measurement group.

        Raises
        ------
        UnexpectedContentError
            If there is not exactly one reference to a frame and one source image.

        """
        return cls.found_among(ContentSequence.from_sequence(sequence))

    @classmethod
    def found_among(cls, items: Iterable[Dataset]) -> Self:
        """Find a reference and its source among items; they are not copied."""
        reference, listed = _found_reference(items, _REFERENCED_FRAME)
        sources = cls.found_sources(listed)
        if len(sources) != 1 or not isinstance(sources[0], SourceImageForSegmentation):
            raise UnexpectedContentError(
                "The sequence must have exactly one content item 'Source Image for "
                f"Segmentation', not {len(sources)}."
            )
        return cls.of([reference, *sources])

    @property
    def source_image_for_segmentation(self) -> SourceImageForSegmentation:
        """The image that the frame was made from."""
        return self.source_images_for_segmentation[0]
