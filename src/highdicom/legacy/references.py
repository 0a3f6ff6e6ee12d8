"""References of the converted image to other instances."""

from collections.abc import Iterator, Sequence as AnySequence

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from highdicom.encoding.columns import (
    Column,
    element,
    item,
    items_of_rows,
    render,
    rows_of,
    texts,
)
from highdicom.encoding.elements import (
    dataset_of_elements,
    new_dataset,
    put,
    put_sequence,
    raw_element,
    tag_of,
)
from highdicom.legacy.sources import LegacyImages

__all__ = ["encoded_references", "put_references"]

_CLASS = tag_of("ReferencedSOPClassUID")
_INSTANCE = tag_of("ReferencedSOPInstanceUID")
_SERIES = "ReferencedSeriesSequence"
_OTHER_STUDIES = "StudiesContainingOtherReferencedInstancesSequence"

# Sequences of references within images, and the evidence that names their series.
_EVIDENCE = {
    "ReferencedImageSequence": "ReferencedImageEvidenceSequence",
    "SourceImageSequence": "SourceImageEvidenceSequence",
}


def put_references(target: Dataset, images: LegacyImages, *, implicit: bool) -> None:
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
    implicit
        Whether the converted image is in implicit VR.

    """
    _put_converted(target, images, implicit=implicit)
    known = _known_series(images)
    for keyword, evidence in _EVIDENCE.items():
        referenced = {
            str(item.get("ReferencedSOPInstanceUID")): item.get("ReferencedSOPClassUID")
            for dataset in _having(images, keyword)
            for item in dataset.get(keyword) or []
        }
        if referenced and referenced.keys() <= known.keys():
            studies = _studies(referenced, known)
            put_sequence(target, evidence, studies)


def _put_converted(target: Dataset, images: LegacyImages, *, implicit: bool) -> None:
    """Name the converted images, which are of one study, by series (PS3.3 C.12.2)."""
    series: dict[str, list[int]] = {}
    for row in range(len(images)):
        uid = images.elements.text(row, "SeriesInstanceUID")
        series.setdefault(uid, []).append(row)
    rows = [row for members in series.values() for row in members]
    counts = [len(members) for members in series.values()]
    instances = items_of_rows(_references(images, rows, implicit=implicit), counts)
    uids = texts([uid.encode() for uid in series], "UI")
    items = item(
        element("ReferencedInstanceSequence", instances, implicit=implicit),
        element("SeriesInstanceUID", uids, implicit=implicit),
    )
    value, tag = render(items, len(series)), tag_of(_SERIES)
    vr = None if implicit else "SQ"
    target[tag] = RawDataElement(tag, vr, len(value), value, 0, implicit, True)


def encoded_references(images: LegacyImages, *, implicit: bool) -> list[bytes]:
    """Encode an item for each image that refers to it."""
    rows = range(len(images))
    return rows_of(_references(images, rows, implicit=implicit), len(images))


def _references(
    images: LegacyImages, rows: AnySequence[int], *, implicit: bool
) -> Column:
    columns = (
        (keyword, [images.elements.text(row, keyword).encode() for row in rows])
        for keyword in ("SOPClassUID", "SOPInstanceUID")
    )
    return item(
        *(
            element(f"Referenced{keyword}", texts(uids, "UI"), implicit=implicit)
            for keyword, uids in columns
        )
    )


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
            for reference in series.get("ReferencedInstanceSequence") or []:
                yield (
                    str(reference.get("ReferencedSOPInstanceUID")),
                    (str(study.StudyInstanceUID), str(series.SeriesInstanceUID)),
                )


def _studies(
    classes: dict[str, str], known: dict[str, tuple[str, str]]
) -> list[Dataset]:
    """References by study and series; classes are SOP classes by SOP Instance UID."""
    tree: dict[str, dict[str, list[Dataset]]] = {}
    for uid, sop_class_uid in classes.items():
        study, series = known[uid]
        reference = _reference_to(sop_class_uid, uid)
        tree.setdefault(study, {}).setdefault(series, []).append(reference)
    return [_study_item(uid, series) for uid, series in tree.items()]


def _reference_to(sop_class_uid: str, sop_instance_uid: str) -> Dataset:
    """Make an item that refers to an instance."""
    values = (_CLASS, sop_class_uid), (_INSTANCE, sop_instance_uid)
    elements = {tag: raw_element(tag, "UI", uid.encode()) for tag, uid in values}
    return dataset_of_elements(Dataset, elements)


def _study_item(uid: str, series: dict[str, list[Dataset]]) -> Dataset:
    study = new_dataset(Dataset)
    put(study, "StudyInstanceUID", uid)
    items = []
    for series_uid, references in series.items():
        of_series = new_dataset(Dataset)
        put(of_series, "SeriesInstanceUID", series_uid)
        put_sequence(of_series, "ReferencedSOPSequence", references)
        items.append(of_series)
    put_sequence(study, "ReferencedSeriesSequence", items)
    return study
