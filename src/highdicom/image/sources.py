"""The images that a derived image is made of, as one table of frames."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.encoding.elements import new_dataset, put, put_sequence
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.frames.index import FrameIndex
from highdicom.frames.reading import index_of, index_of_series
from highdicom.spatial.dataset import get_image_coordinate_system, is_tiled_image

__all__ = ["SourceImages"]

_REQUIRED = (
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Rows",
    "Columns",
)
# What images must have in common for their frames to form one table.
_SHARED = (
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "FrameOfReferenceUID",
    "Rows",
    "Columns",
    "PatientID",
)


@dataclass(frozen=True)
class SourceImages:
    """Source images that belong together.

    Parameters
    ----------
    datasets
        One multi-frame image, or single-frame images of one series.
    further
        Images that had a part in the derivation but give no frames of their own.

    Raises
    ------
    ArgumentTypeError
        If something is no dataset.
    InvalidArgumentError
        If there are none, or they do not belong together.
    MissingAttributeError
        If one lacks an attribute that the derived image needs.

    """

    datasets: tuple[Dataset, ...]
    further: tuple[Dataset, ...] = ()

    def __post_init__(self) -> None:
        facts = _checked_facts("source_images", self.datasets)
        _checked_facts("further_source_images", self.further)
        if not self.datasets:
            raise InvalidArgumentError("'source_images' must not be empty.")
        if len(self.datasets) > 1 and any(map(_is_multi_frame, self.datasets)):
            raise InvalidArgumentError(
                "'source_images' must be a single multi-frame image or single-frame "
                f"images, not {len(self.datasets)} images of which one has several "
                "frames."
            )
        for keyword in _SHARED:
            values = {str(one[keyword] or "") for one in facts}
            if len(values) > 1:
                raise InvalidArgumentError(
                    f"'source_images' must share {keyword}, which is "
                    f"{', '.join(repr(value) for value in sorted(values)[:3])}."
                )
        if len({one["SOPInstanceUID"] for one in facts}) < len(facts):
            raise InvalidArgumentError("'source_images' must hold each image once.")
        study = facts[0]["StudyInstanceUID"]
        for number, dataset in enumerate(self.further):
            if dataset.StudyInstanceUID != study:
                raise InvalidArgumentError(
                    f"'further_source_images'[{number}] must belong to the study of "
                    f"'source_images', {study}, not to {dataset.StudyInstanceUID}."
                )

    @classmethod
    def of(
        cls, datasets: Sequence[Dataset], further: Sequence[Dataset] | None = None
    ) -> "SourceImages":
        """Take the images of a call.

        Raises
        ------
        ArgumentTypeError
            If they are no sequence of datasets.
        InvalidArgumentError, MissingAttributeError
            As of the class.

        """
        arguments: list[tuple[str, object]] = [
            ("source_images", datasets),
            ("further_source_images", () if further is None else further),
        ]
        for name, given in arguments:
            if not isinstance(given, Sequence):
                raise ArgumentTypeError(
                    f"'{name}' must be a sequence of datasets, not "
                    f"{type(given).__name__}."
                )
        return cls(tuple(datasets), tuple(further or ()))

    @property
    def first(self) -> Dataset:
        """Image that gives what all share."""
        return self.datasets[0]

    @property
    def is_multi_frame(self) -> bool:
        """Whether it is one image of several frames."""
        return _is_multi_frame(self.first)

    @property
    def is_tiled(self) -> bool:
        """Whether the frames are tiles of a total pixel matrix."""
        return self.is_multi_frame and is_tiled_image(self.first)

    @property
    def total_pixel_matrix(self) -> tuple[int, int] | None:
        """Rows and columns of the total pixel matrix; None if it is not tiled."""
        if not self.is_tiled:
            return None
        first = self.first
        return int(first.TotalPixelMatrixRows), int(first.TotalPixelMatrixColumns)

    @cached_property
    def coordinate_system(self) -> CoordinateSystemNames | None:
        """What positions of frames refer to; None if they have none."""
        if "FrameOfReferenceUID" not in self.first:
            return None
        return get_image_coordinate_system(self.first)

    @cached_property
    def index(self) -> FrameIndex:
        """Frames of all images, in the order given."""
        if self.is_multi_frame or len(self.datasets) == 1:
            return index_of(self.first)
        return index_of_series(self.datasets)

    @cached_property
    def groups_of_further(self) -> tuple["SourceImages", ...]:
        """Further images: those of a series together, multi-frame images by themselves.

        Those that cannot stand together, since they differ in size, are left out.
        """
        own = {str(dataset.SOPInstanceUID) for dataset in self.datasets}
        groups: dict[str, list[Dataset]] = {}
        for dataset in self.further:
            if dataset.SOPInstanceUID not in own:
                is_alone = _is_multi_frame(dataset)
                key = dataset.SOPInstanceUID if is_alone else dataset.SeriesInstanceUID
                groups.setdefault(str(key), []).append(dataset)
        found = []
        for group in groups.values():
            with suppress(InvalidArgumentError):
                found.append(SourceImages(tuple(group)))
        return tuple(found)

    @property
    def _distinct(self) -> list[Dataset]:
        """All images, each once."""
        every = (*self.datasets, *self.further)
        return list(
            {str(dataset.SOPInstanceUID): dataset for dataset in every}.values()
        )

    def instances_of(
        self, rows: npt.NDArray[np.int64]
    ) -> tuple[list[str], list[str], npt.NDArray[np.int64]]:
        """Say which instance and frame each row of the table is.

        Parameters
        ----------
        rows
            Zero-based rows, shape (m,).

        Returns
        -------
        tuple
            SOP Instance UIDs, SOP Class UIDs, and one-based frame numbers, which are
            zero for single-frame images.

        """
        if self.is_multi_frame:
            count = len(rows)
            numbers = self.index.frames[rows] + 1
            return (
                [str(self.first.SOPInstanceUID)] * count,
                [str(self.first.SOPClassUID)] * count,
                numbers.astype(np.int64),
            )
        uids = [str(dataset.SOPInstanceUID) for dataset in self.datasets]
        classes = [str(dataset.SOPClassUID) for dataset in self.datasets]
        listed = rows.tolist()
        return (
            [uids[row] for row in listed],
            [classes[row] for row in listed],
            np.zeros(len(rows), np.int64),
        )

    def put_references_into(self, target: Dataset) -> None:
        """Write the Common Instance Reference module (PS3.3 C.12.2).

        Parameters
        ----------
        target
            Dataset of the derived image, which is of the same study.

        """
        series: dict[str, list[Dataset]] = {}
        for dataset in self._distinct:
            references = series.setdefault(str(dataset.SeriesInstanceUID), [])
            references.append(_reference(dataset))
        put_sequence(target, "ReferencedSeriesSequence", _series_items(series))
        put_sequence(
            target,
            "SourceImageSequence",
            [_reference(dataset) for dataset in self._distinct],
        )


def _is_multi_frame(dataset: Dataset) -> bool:
    return int(dataset.get("NumberOfFrames") or 1) > 1 or (
        "SharedFunctionalGroupsSequence" in dataset
    )


def _checked_facts(name: str, datasets: Sequence[Dataset]) -> list[dict[str, object]]:
    """Read what has to be known of each image; refuse those that lack any of it."""
    keywords = list(dict.fromkeys((*_REQUIRED, *_SHARED)))
    facts = []
    for number, dataset in enumerate(datasets):
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                f"'{name}'[{number}] must be a Dataset, not {type(dataset).__name__}."
            )
        found = {keyword: dataset.get(keyword) for keyword in keywords}
        for keyword in _REQUIRED:
            if found[keyword] in {None, ""}:
                raise MissingAttributeError(
                    f"'{name}'[{number}] lacks {keyword}, which is of Type 1.",
                    keyword=keyword,
                    sop_instance_uid=dataset.get("SOPInstanceUID"),
                )
        facts.append(found)
    return facts


def _reference(dataset: Dataset) -> Dataset:
    item = new_dataset(Dataset)
    put(item, "ReferencedSOPClassUID", dataset.SOPClassUID)
    put(item, "ReferencedSOPInstanceUID", dataset.SOPInstanceUID)
    return item


def _series_items(series: dict[str, list[Dataset]]) -> list[Dataset]:
    items = []
    for uid, references in series.items():
        item = new_dataset(Dataset)
        put(item, "SeriesInstanceUID", uid)
        put_sequence(item, "ReferencedInstanceSequence", references)
        items.append(item)
    return items
