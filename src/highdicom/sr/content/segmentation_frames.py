"""What a segmentation says of its frames: segment, and source images.

PS3.3 C.8.20.3.1 (Segment Identification) and C.7.6.16.2.6 (Derivation Image).
"""

from collections.abc import Iterable, Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset

from highdicom.content_items.references import numbers_from_one
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.sr.content.sources import (
    SourceImageForSegmentation,
    SourceSeriesForSegmentation,
)

__all__ = ["SegmentationFrames"]

_SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
_LABEL_MAP_SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.7"

Source = tuple[str, str]
"""SOP Class UID and SOP Instance UID of an image."""


class SegmentationFrames:
    """Frames of a segmentation.

    Parameters
    ----------
    segmentation
        The segmentation, of any kind, as a plain dataset or one of this package.

    Raises
    ------
    ArgumentTypeError
        If it is not a dataset.
    InvalidArgumentError
        If it is not a segmentation.

    """

    def __init__(self, segmentation: Dataset) -> None:
        given: Any = segmentation
        if not isinstance(given, Dataset):
            raise ArgumentTypeError(
                f"'segmentation' must be a Dataset, not {type(given).__name__}."
            )
        sop_class_uid = given.get("SOPClassUID")
        if sop_class_uid not in {_SEGMENTATION, _LABEL_MAP_SEGMENTATION}:
            raise InvalidArgumentError(
                f"'segmentation' must be a segmentation, not a {sop_class_uid}."
            )
        self._segmentation = given
        self._count = int(given.get("NumberOfFrames") or 1)
        self._is_label_map = sop_class_uid == _LABEL_MAP_SEGMENTATION
        self._segment_numbers = [
            int(item.SegmentNumber) for item in given.get("SegmentSequence") or ()
        ]

    @property
    def is_tiled(self) -> bool:
        """Whether the frames are tiles of a total pixel matrix."""
        return "TotalPixelMatrixRows" in self._segmentation

    def of_segment(
        self, segment_number: int, frame_numbers: AnySequence[int] | None
    ) -> list[int]:
        """One-based numbers of the frames of a segment, or those given of them."""
        self._check_segment(segment_number)
        given = self._checked_frames(frame_numbers, "frame_numbers")
        if given is None:
            frames = range(1, self._count + 1)
            found = [
                frame
                for frame in frames
                if self._segment_of(frame) in {None, segment_number}
            ]
            if not found:
                raise InvalidArgumentError(
                    f"'segmentation' has no frame of segment {segment_number}."
                )
            return found
        for frame in given:
            if self._segment_of(frame) not in {None, segment_number}:
                raise InvalidArgumentError(
                    f"'frame_numbers' must be frames of segment {segment_number}, but "
                    f"frame {frame} is of segment {self._segment_of(frame)}."
                )
        return given

    def selected(
        self,
        frame_number: int | AnySequence[int] | None,
        segment_number: int | None,
    ) -> tuple[list[int], int]:
        """One-based numbers of the frames asked for, and their one segment."""
        given = self._checked_frames(frame_number, "frame_number")
        if given is None:
            if segment_number is None:
                raise ArgumentTypeError(
                    "'segment_number' is required if 'frame_number' is not given."
                )
            given = self.of_segment(segment_number, None)
            if len(given) > 1 and not self.is_tiled:
                raise InvalidArgumentError(
                    f"'frame_number' is required: segment {segment_number} has "
                    f"{len(given)} frames, and the segmentation is not tiled."
                )
        segments = {self._segment_of(frame) for frame in given} - {None}
        if segment_number is not None:
            self._check_segment(segment_number)
            segments.add(segment_number)
        if len(segments) > 1:
            raise InvalidArgumentError(
                f"'frame_number' must be of one segment, not of segments {segments}."
            )
        if not segments:
            raise ArgumentTypeError(
                "'segment_number' is required: the frames of a label map are of all "
                "segments."
            )
        (segment,) = segments
        assert segment is not None
        return given, segment

    def sources_of(
        self, frames: Iterable[int]
    ) -> tuple[list[SourceImageForSegmentation], SourceSeriesForSegmentation | None]:
        """Images that frames were made from, each once, and the series.

        Without a Derivation Image functional group these are all images that the
        segmentation refers to.

        Raises
        ------
        MissingAttributeError
            If the segmentation does not say what it was made from.

        """
        found: dict[Source, list[int]] = {}
        for frame in frames:
            for source, numbers in self._derived_from(frame):
                known = found.setdefault(source, [])
                known += [number for number in numbers if number not in known]
        series = self._segmentation.get("ReferencedSeriesSequence") or ()
        if not found:
            found = {
                (item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID): []
                for one in series
                for item in one.get("ReferencedInstanceSequence") or ()
            }
        if not found and not series:
            raise MissingAttributeError(
                "'segmentation' must say what it was made from, in a Derivation Image "
                "Sequence or a Referenced Series Sequence.",
                keyword="ReferencedSeriesSequence",
            )
        images = [
            SourceImageForSegmentation(*source, numbers or None)
            for source, numbers in found.items()
        ]
        if not series:
            return images, None
        return images, SourceSeriesForSegmentation(series[0].SeriesInstanceUID)

    def single_source_of(self, frames: Iterable[int]) -> SourceImageForSegmentation:
        """The one image that frames were made from.

        Raises
        ------
        InvalidArgumentError
            If there are several.
        MissingAttributeError
            If the segmentation does not say which.

        """
        images, _ = self.sources_of(frames)
        if not images:
            raise MissingAttributeError(
                "'segmentation' must name the image that it was made from.",
                keyword="ReferencedInstanceSequence",
            )
        if len(images) > 1:
            raise InvalidArgumentError(
                "The frames of 'segmentation' must have been made from one image, not "
                f"from {len(images)}."
            )
        return images[0]

    def _check_segment(self, segment_number: int) -> None:
        numbers_from_one(segment_number, "segment_number")
        if segment_number not in self._segment_numbers:
            raise InvalidArgumentError(
                f"'segment_number' must be a segment of the segmentation, which "
                f"{segment_number} is not."
            )

    def _checked_frames(
        self, frames: int | AnySequence[int] | None, argument: str
    ) -> list[int] | None:
        numbers = numbers_from_one(frames, argument, self._count)
        return None if numbers is None else list(numbers)

    def _groups_of(self, frame: int) -> list[Dataset]:
        """Functional groups that apply to a frame: its own, then the shared ones."""
        per_frame = self._segmentation.get("PerFrameFunctionalGroupsSequence") or ()
        shared = self._segmentation.get("SharedFunctionalGroupsSequence") or ()
        own = [per_frame[frame - 1]] if frame <= len(per_frame) else []
        return [*own, *shared]

    def _segment_of(self, frame: int) -> int | None:
        """Number of the segment that a frame is of; none if it is of any."""
        if self._is_label_map:
            return None
        for group in self._groups_of(frame):
            identification = group.get("SegmentIdentificationSequence")
            if identification:
                return int(identification[0].ReferencedSegmentNumber)
        # PS3.3 C.7.6.17.3: in a fully tiled image the segments follow one another.
        if self._segment_numbers and self._count % len(self._segment_numbers) == 0:
            frames_of_each = self._count // len(self._segment_numbers)
            return self._segment_numbers[(frame - 1) // frames_of_each]
        raise MissingAttributeError(
            f"Frame {frame} of 'segmentation' does not say which segment it is of.",
            keyword="SegmentIdentificationSequence",
        )

    def _derived_from(self, frame: int) -> list[tuple[Source, list[int]]]:
        """Images, with numbers of their frames, that a frame was made from."""
        found: list[tuple[Source, list[int]]] = []
        for group in self._groups_of(frame):
            for derivation in group.get("DerivationImageSequence") or ():
                for item in derivation.get("SourceImageSequence") or ():
                    source = (item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID)
                    numbers = item.get("ReferencedFrameNumber")
                    if numbers is None:
                        found.append((source, []))
                    else:
                        several = not isinstance(numbers, (int, str))
                        listed = numbers if several else [numbers]
                        found.append((source, [int(number) for number in listed]))
        return found
