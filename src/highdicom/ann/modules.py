"""Modules of annotations (PS3.3 C.37.1) and what they refer to (PS3.3 C.12.2)."""

from collections.abc import Iterable, Sequence

from pydicom.dataset import Dataset

from highdicom.ann.content import AnnotationGroup
from highdicom.ann.enum import (
    AnnotationCoordinateTypeValues,
    PixelOriginInterpretationValues,
)
from highdicom.attributes import Module
from highdicom.attributes.specifiers import (
    Enumerated,
    Items,
    OptionalEnumerated,
    OptionalItems,
    enumerated,
    items,
)
from highdicom.encoding.elements import new_dataset, put, put_sequence

__all__ = ["BulkAnnotations", "put_instance_references", "reference_of"]


class BulkAnnotations(Module, defined_in="microscopy-bulk-simple-annotations"):
    """What annotations refer to, and their groups (PS3.3 C.37.1.2).

    Examples
    --------
    >>> from pydicom.dataset import Dataset
    >>> from highdicom.ann.modules import BulkAnnotations
    >>> from highdicom.testing import slide
    >>> from highdicom.ann.modules import reference_of
    >>> BulkAnnotations("2D", [], "VOLUME", [reference_of(slide())])
    Traceback (most recent call last):
    highdicom.errors.InvalidArgumentError: 'annotation_groups' must be one item or more, not [] (AnnotationGroupSequence).

    """

    annotation_coordinate_type: Enumerated[AnnotationCoordinateTypeValues] = enumerated(
        "AnnotationCoordinateType", "1", AnnotationCoordinateTypeValues
    )
    annotation_groups: Items[AnnotationGroup] = items(
        "AnnotationGroupSequence", "1", AnnotationGroup
    )
    pixel_origin_interpretation: OptionalEnumerated[PixelOriginInterpretationValues] = (
        enumerated(
            "PixelOriginInterpretation",
            "1C",
            PixelOriginInterpretationValues,
            default=None,
        )
    )
    referenced_images: OptionalItems[Dataset] = items(
        "ReferencedImageSequence", "1C", Dataset, default=None
    )


def reference_of(image: Dataset, frame_number: int | None = None) -> Dataset:
    """Refer to an image, or to one frame of it (PS3.3 Table 10-3).

    Parameters
    ----------
    image
        The image. Of a concatenation, the whole is referred to (PS3.3 C.37.1.2.1).
    frame_number
        One-based number of the frame.

    """
    item = new_dataset(Dataset)
    whole = image.get("SOPInstanceUIDOfConcatenationSource")
    put(item, "ReferencedSOPClassUID", image.SOPClassUID)
    put(item, "ReferencedSOPInstanceUID", whole or image.SOPInstanceUID)
    if frame_number is not None:
        put(item, "ReferencedFrameNumber", frame_number)
    return item


def put_instance_references(target: Dataset, images: Sequence[Dataset]) -> None:
    """Write the Common Instance Reference module (PS3.3 C.12.2).

    Parameters
    ----------
    target
        Dataset that refers to the images, with its Study Instance UID.
    images
        The images.

    """
    studies: dict[str, dict[str, dict[str, Dataset]]] = {}
    for image in images:
        series = studies.setdefault(str(image.StudyInstanceUID), {})
        reference = reference_of(image)
        instances = series.setdefault(str(image.SeriesInstanceUID), {})
        instances[str(reference.ReferencedSOPInstanceUID)] = reference
    own = studies.pop(str(target.StudyInstanceUID), None)
    if own:
        put_sequence(target, "ReferencedSeriesSequence", _series_items(own))
    others = []
    for study_uid, series in studies.items():
        item = new_dataset(Dataset)
        put(item, "StudyInstanceUID", study_uid)
        put_sequence(item, "ReferencedSeriesSequence", _series_items(series))
        others.append(item)
    if others:
        put_sequence(
            target, "StudiesContainingOtherReferencedInstancesSequence", others
        )


def _series_items(series: dict[str, dict[str, Dataset]]) -> Iterable[Dataset]:
    items = []
    for series_uid, instances in series.items():
        item = new_dataset(Dataset)
        put_sequence(item, "ReferencedInstanceSequence", instances.values())
        put(item, "SeriesInstanceUID", series_uid)
        items.append(item)
    return items
