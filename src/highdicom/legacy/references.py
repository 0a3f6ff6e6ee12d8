"""References of the converted image to other instances."""

from collections.abc import Iterator, Sequence as AnySequence

from pydicom.dataset import Dataset

from highdicom.encoding.elements import (
    dataset_of_elements,
    new_dataset,
    put,
    put_sequence,
    raw_element,
    tag_of,
)
from highdicom.legacy.sources import LegacyImages

__all__ = ["put_references", "reference_to"]

_CLASS = tag_of("ReferencedSOPClassUID")
_INSTANCE = tag_of("ReferencedSOPInstanceUID")
_SERIES = "ReferencedSeriesSequence"
_OTHER_STUDIES = "StudiesContainingOtherReferencedInstancesSequence"

# Sequences of references within images, and the evidence that names their series.
_EVIDENCE = {
    "ReferencedImageSequence": "ReferencedImageEvidenceSequence",
    "SourceImageSequence": "SourceImageEvidenceSequence",
}


def put_references(target: Dataset, images: LegacyImages) -> None:
    """Name the series of the converted images and of those that these refer to.

    Single-frame images need not know the series of images that they refer to. Where
    they do not, there is no evidence sequence (PS3.3 10.42), which converted images,
    unlike others of several frames, may lack.

    Parameters
    ----------
    target
        Converted image.
    images
        What it was made of.

    """
    known = _known_series(images)
    text = images.elements.text
    converted = {
        text(row, "SOPInstanceUID"): text(row, "SOPClassUID")
        for row in range(len(images))
    }
    (study,) = _studies(converted, known, "ReferencedInstanceSequence")
    put_sequence(target, "ReferencedSeriesSequence", study.ReferencedSeriesSequence)
    for keyword, evidence in _EVIDENCE.items():
        referenced = {
            str(item.get("ReferencedSOPInstanceUID")): item.get("ReferencedSOPClassUID")
            for dataset in _having(images, keyword)
            for item in dataset.get(keyword) or []
        }
        if referenced and referenced.keys() <= known.keys():
            studies = _studies(referenced, known, "ReferencedSOPSequence")
            put_sequence(target, evidence, studies)


def _known_series(images: LegacyImages) -> dict[str, tuple[str, str]]:
    """Study and Series Instance UID of instances, as far as images say them."""
    series: dict[str, tuple[str, str]] = {}
    for keyword in (_SERIES, _OTHER_STUDIES):
        for dataset in _having(images, keyword):
            series.update(_named_series(dataset))
    text = images.elements.text
    for row in range(len(images)):
        series[text(row, "SOPInstanceUID")] = (
            text(row, "StudyInstanceUID"),
            text(row, "SeriesInstanceUID"),
        )
    return series


def _having(images: LegacyImages, keyword: str) -> AnySequence[Dataset]:
    """Images, if any of them has an attribute."""
    return images.datasets if tag_of(keyword) in images.elements else ()


def _named_series(dataset: Dataset) -> Iterator[tuple[str, tuple[str, str]]]:
    """Instances of the Common Instance Reference module (PS3.3 C.12.2)."""
    others = dataset.get(_OTHER_STUDIES) or []
    for study in (dataset, *others):
        for series in study.get(_SERIES) or []:
            for item in series.get("ReferencedInstanceSequence") or []:
                yield (
                    str(item.get("ReferencedSOPInstanceUID")),
                    (str(study.StudyInstanceUID), str(series.SeriesInstanceUID)),
                )


def _studies(
    classes: dict[str, str], known: dict[str, tuple[str, str]], keyword: str
) -> list[Dataset]:
    """References by study and series; classes are SOP classes by SOP Instance UID."""
    tree: dict[str, dict[str, list[Dataset]]] = {}
    for uid, sop_class_uid in classes.items():
        study, series = known[uid]
        item = reference_to(sop_class_uid, uid)
        tree.setdefault(study, {}).setdefault(series, []).append(item)
    return [_study_item(uid, series, keyword) for uid, series in tree.items()]


def reference_to(sop_class_uid: str, sop_instance_uid: str) -> Dataset:
    """Make an item that refers to an instance."""
    values = (_CLASS, sop_class_uid), (_INSTANCE, sop_instance_uid)
    elements = {tag: raw_element(tag, "UI", uid.encode()) for tag, uid in values}
    return dataset_of_elements(Dataset, elements)


def _study_item(uid: str, series: dict[str, list[Dataset]], keyword: str) -> Dataset:
    study = new_dataset(Dataset)
    put(study, "StudyInstanceUID", uid)
    items = []
    for series_uid, references in series.items():
        item = new_dataset(Dataset)
        put(item, "SeriesInstanceUID", series_uid)
        put_sequence(item, keyword, references)
        items.append(item)
    put_sequence(study, "ReferencedSeriesSequence", items)
    return study
