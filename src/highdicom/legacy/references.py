"""References of the converted image to other instances."""

from collections.abc import Iterable

from pydicom.dataset import Dataset

from highdicom.encoding.elements import new_dataset, put, put_sequence
from highdicom.legacy.sources import LegacyImages

__all__ = ["put_references"]

# Sequences of references within images, and the evidence that names their series.
_EVIDENCE = {
    "ReferencedImageSequence": "ReferencedImageEvidenceSequence",
    "SourceImageSequence": "SourceImageEvidenceSequence",
}


def put_references(target: Dataset, images: LegacyImages) -> None:
    """Name the series of the converted images and of those that these refer to.

    The converted images stand in the Common Instance Reference module (PS3.3 C.12.2).
    Of other images that they refer to the series is not known, unless these are
    converted, too; only then they can stand in the evidence sequences (PS3.3 10.42).

    Parameters
    ----------
    target
        Converted image.
    images
        What it was made of.

    """
    series = _by_series(images.datasets)
    items = [_series_item(uid, group) for uid, group in series.items()]
    put_sequence(target, "ReferencedSeriesSequence", items)
    known = {str(dataset.SOPInstanceUID): dataset for dataset in images.datasets}
    for keyword, evidence in _EVIDENCE.items():
        uids = {
            str(item.get("ReferencedSOPInstanceUID"))
            for dataset in images.datasets
            for item in dataset.get(keyword) or []
        }
        referenced = [dataset for uid, dataset in known.items() if uid in uids]
        if referenced:
            put_sequence(target, evidence, [_study_item(referenced)])


def _by_series(datasets: Iterable[Dataset]) -> dict[str, list[Dataset]]:
    series: dict[str, list[Dataset]] = {}
    for dataset in datasets:
        series.setdefault(str(dataset.SeriesInstanceUID), []).append(dataset)
    return series


def _reference(dataset: Dataset) -> Dataset:
    item = new_dataset(Dataset)
    put(item, "ReferencedSOPClassUID", dataset.SOPClassUID)
    put(item, "ReferencedSOPInstanceUID", dataset.SOPInstanceUID)
    return item


def _series_item(
    uid: str, datasets: list[Dataset], keyword: str = "ReferencedInstanceSequence"
) -> Dataset:
    item = new_dataset(Dataset)
    put(item, "SeriesInstanceUID", uid)
    put_sequence(item, keyword, [_reference(dataset) for dataset in datasets])
    return item


def _study_item(datasets: list[Dataset]) -> Dataset:
    item = new_dataset(Dataset)
    put(item, "StudyInstanceUID", datasets[0].StudyInstanceUID)
    series = _by_series(datasets)
    put_sequence(
        item,
        "ReferencedSeriesSequence",
        [
            _series_item(uid, one, "ReferencedSOPSequence")
            for uid, one in series.items()
        ],
    )
    return item
