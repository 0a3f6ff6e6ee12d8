"""Which images a presentation state is for (PS3.3 C.11.11 and C.12.2)."""

from collections.abc import Iterable, Mapping, Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset

from highdicom.content.references import ImageReference
from highdicom.encoding.elements import new_dataset, put, put_sequence
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.pr.attributes import attribute_of

__all__ = [
    "check_images",
    "check_references",
    "image_reference",
    "instance_references",
    "put_common_instance_references",
    "put_referenced_series",
    "sop_classes_of",
]

_REQUIRED = (
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Rows",
    "Columns",
    "SamplesPerPixel",
)


def check_images(referenced_images: AnySequence[Dataset]) -> list[Dataset]:
    """Refuse what a presentation state cannot be for.

    Raises
    ------
    ArgumentTypeError
        If it is no sequence of datasets.
    InvalidArgumentError
        If it is empty, or holds an image twice.
    MissingAttributeError
        If one is no image.

    """
    given: Any = referenced_images
    if isinstance(given, (Dataset, str)) or not isinstance(given, Iterable):
        raise ArgumentTypeError(
            "'referenced_images' must be a sequence of datasets, not "
            f"{type(given).__name__}."
        )
    images = list(given)
    if not images:
        raise InvalidArgumentError("'referenced_images' must not be empty.")
    for number, image in enumerate(images):
        if not isinstance(image, Dataset):
            raise ArgumentTypeError(
                f"'referenced_images'[{number}] must be a Dataset, not "
                f"{type(image).__name__}."
            )
        for keyword in _REQUIRED:
            if attribute_of(image, keyword) in {None, ""}:
                raise MissingAttributeError(
                    f"'referenced_images'[{number}] lacks {keyword}.", keyword=keyword
                )
    uids = {attribute_of(image, "SOPInstanceUID") for image in images}
    if len(uids) < len(images):
        raise InvalidArgumentError("'referenced_images' must name each image once.")
    return images


def sop_classes_of(images: Iterable[Dataset]) -> dict[str, str]:
    """SOP class UIDs of images, by SOP instance UID."""
    return {
        attribute_of(image, "SOPInstanceUID"): attribute_of(image, "SOPClassUID")
        for image in images
    }


def check_references(
    place: str, references: Iterable[Dataset], known: Mapping[str, str]
) -> None:
    """Refuse references to images that the presentation state is not for.

    Parameters
    ----------
    place
        What refers to them, for the message.
    references
        Items of a Referenced Image Sequence.
    known
        The images, as of `sop_classes_of`.

    Raises
    ------
    InvalidArgumentError
        If one is not among the images.

    """
    for item in references:
        uid = item.ReferencedSOPInstanceUID
        if known.get(uid) != item.ReferencedSOPClassUID:
            raise InvalidArgumentError(
                f"{place} must refer to images of 'referenced_images' only, not to "
                f"{uid} of SOP class {item.ReferencedSOPClassUID}."
            )


def put_referenced_series(target: Dataset, images: AnySequence[Dataset]) -> None:
    """Write the references of the Presentation State Relationship module (C.11.11).

    Raises
    ------
    InvalidArgumentError
        If the images are of several studies.

    """
    if len({attribute_of(image, "StudyInstanceUID") for image in images}) > 1:
        raise InvalidArgumentError(
            "'referenced_images' must share StudyInstanceUID: a presentation state is "
            "for images of its own study."
        )
    put_sequence(
        target,
        "ReferencedSeriesSequence",
        _series_items(images, "ReferencedImageSequence"),
    )


def put_common_instance_references(
    target: Dataset, images: AnySequence[Dataset]
) -> None:
    """Write the Common Instance Reference module (C.12.2)."""
    studies: dict[str, list[Dataset]] = {}
    for image in images:
        studies.setdefault(image.StudyInstanceUID, []).append(image)
    others = []
    for study, members in studies.items():
        series = _series_items(members, "ReferencedInstanceSequence")
        if study == target.StudyInstanceUID:
            put_sequence(target, "ReferencedSeriesSequence", series)
            continue
        item = new_dataset(Dataset)
        put(item, "StudyInstanceUID", study)
        put_sequence(item, "ReferencedSeriesSequence", series)
        others.append(item)
    if others:
        put_sequence(
            target, "StudiesContainingOtherReferencedInstancesSequence", others
        )


def _series_items(images: AnySequence[Dataset], keyword: str) -> list[Dataset]:
    series: dict[str, list[Dataset]] = {}
    for image in images:
        uid = attribute_of(image, "SeriesInstanceUID")
        series.setdefault(uid, []).append(image)
    items = []
    for uid, members in series.items():
        item = new_dataset(Dataset)
        put(item, "SeriesInstanceUID", uid)
        put_sequence(item, keyword, instance_references(members))
        items.append(item)
    return items


def instance_references(images: AnySequence[Dataset]) -> list[ImageReference]:
    """Items that refer to whole images."""
    return [image_reference(image) for image in images]


def image_reference(
    image: Dataset, frame_numbers: AnySequence[int] | None = None
) -> ImageReference:
    """Item that refers to an image, or to frames of it by their one-based numbers."""
    return ImageReference(
        attribute_of(image, "SOPClassUID"),
        attribute_of(image, "SOPInstanceUID"),
        frame_numbers,
    )
