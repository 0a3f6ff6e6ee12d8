"""Referenced Image (PS3.3 Table 10-3, Image SOP Instance Reference macro)."""

from collections.abc import Iterable, Sequence as AnySequence
from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from highdicom.attributes import SequenceItem, at_most_one_of
from highdicom.attributes.specifiers import (
    OptionalIntegers,
    Uid,
    between,
    integers,
    uid,
)
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    MissingAttributeError,
)

__all__ = ["ImageReference", "ReferencedImageSequence"]

_SEGMENTATION_CLASSES = frozenset(
    {"1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"}
)


class ImageReference(SequenceItem, defined_in="image-sop-instance-reference"):
    """Reference to an image, some of its frames, or some of its segments.

    Examples
    --------
    >>> from highdicom.content import ImageReference
    >>> ImageReference("1.2.840.10008.5.1.4.1.1.2", "1.2.3").sop_instance_uid
    '1.2.3'

    """

    sop_class_uid: Uid = uid("ReferencedSOPClassUID", "1")
    sop_instance_uid: Uid = uid("ReferencedSOPInstanceUID", "1")
    frame_numbers: OptionalIntegers = integers(
        "ReferencedFrameNumber", "1C", between(1, 2**31 - 1), default=None
    )
    segment_numbers: OptionalIntegers = integers(
        "ReferencedSegmentNumber", "1C", between(1, 2**16 - 1), default=None
    )

    frames_or_segments = at_most_one_of("frame_numbers", "segment_numbers")


class ReferencedImageSequence(Sequence):
    """References to images (PS3.3 Table 10-3).

    Parameters
    ----------
    referenced_images
        The images, each once.
    referenced_frame_number
        One-based numbers of the frames meant, if a single multi-frame image is
        referenced.
    referenced_segment_number
        Numbers of the segments meant, if a single segmentation is referenced.

    Raises
    ------
    InvalidArgumentError
        If there is no image, an image stands twice, or a number does not exist.
    ArgumentTypeError
        If numbers are given that the image cannot have.
    ConflictingArgumentsError
        If both frame and segment numbers are given.
    MissingAttributeError
        If an image has no SOP Class UID or SOP Instance UID.

    Examples
    --------
    >>> from highdicom import ReferencedImageSequence
    >>> from highdicom.testing import ct_series
    >>> len(ReferencedImageSequence(ct_series(number_of_slices=3)))
    3

    """

    def __init__(
        self,
        referenced_images: AnySequence[Dataset] | None = None,
        referenced_frame_number: int | AnySequence[int] | None = None,
        referenced_segment_number: int | AnySequence[int] | None = None,
    ) -> None:
        if referenced_images is None:
            raise ArgumentTypeError("'referenced_images' is required.")
        _check_images(referenced_images)
        frames = _numbers("referenced_frame_number", referenced_frame_number)
        segments = _numbers("referenced_segment_number", referenced_segment_number)
        if frames or segments:
            _check_numbers(referenced_images, frames, segments)
        super().__init__(
            ImageReference(
                image.SOPClassUID,
                image.SOPInstanceUID,
                frames or None,
                segments or None,
            )
            for image in referenced_images
        )


def _numbers(name: str, given: Any) -> list[int]:
    if given is None:
        return []
    is_one = isinstance(given, str) or not isinstance(given, Iterable)
    numbers: list[Any] = [given] if is_one else list(given)
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
            raise ArgumentTypeError(
                f"'{name}' must be an integer or several, not {type(number).__name__}."
            )
    return [int(number) for number in numbers]


def _check_images(images: Any) -> None:
    if not isinstance(images, AnySequence) or not all(
        isinstance(image, Dataset) for image in images
    ):
        raise ArgumentTypeError("'referenced_images' must be a sequence of datasets.")
    if not images:
        raise InvalidArgumentError("'referenced_images' must not be empty.")
    for keyword in ("SOPClassUID", "SOPInstanceUID"):
        for number, image in enumerate(images):
            if keyword not in image:
                raise MissingAttributeError(
                    f"'referenced_images'[{number}] lacks {keyword}.", keyword=keyword
                )
    if len({image.SOPInstanceUID for image in images}) < len(images):
        raise InvalidArgumentError("'referenced_images' must name each image once.")


def _check_numbers(
    images: AnySequence[Dataset], frames: list[int], segments: list[int]
) -> None:
    if len(images) > 1:
        raise InvalidArgumentError(
            "Frame or segment numbers can be given for a single image only, "
            f"not for {len(images)}."
        )
    if frames and segments:
        raise ConflictingArgumentsError(
            "Either 'referenced_frame_number' or 'referenced_segment_number' may be "
            "given, not both."
        )
    image = images[0]
    if frames:
        _check_frames(image, frames)
    else:
        _check_segments(image, segments)


def _check_frames(image: Dataset, frames: list[int]) -> None:
    if "NumberOfFrames" not in image:
        raise ArgumentTypeError(
            "'referenced_frame_number' needs a multi-frame image: NumberOfFrames is "
            "absent."
        )
    count = int(image.NumberOfFrames)
    for frame in frames:
        if not 1 <= frame <= count:
            raise InvalidArgumentError(
                f"'referenced_frame_number' must be between 1 and {count}, not {frame}."
            )


def _check_segments(image: Dataset, segments: list[int]) -> None:
    if image.SOPClassUID not in _SEGMENTATION_CLASSES:
        raise ArgumentTypeError(
            "'referenced_segment_number' needs a segmentation, not an instance of "
            f"{image.SOPClassUID}."
        )
    known = {int(item.SegmentNumber) for item in image.SegmentSequence}
    for segment in segments:
        if segment not in known:
            raise InvalidArgumentError(
                f"'referenced_segment_number' {segment} is not a segment of the image."
            )
