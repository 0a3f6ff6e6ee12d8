"""The images that a derived image is made of, as one table of frames."""

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from highdicom.encoding.columns import (
    Column,
    element,
    item,
    items_of_rows,
    render,
    texts,
)
from highdicom.encoding.elements import stored_element, tag_of
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.frames.index import FrameIndex
from highdicom.frames.reading import index_of, index_of_series
from highdicom.records import record
from highdicom.spatial.kind import get_image_coordinate_system, is_tiled_image

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


# What is known of an image: values as text by keyword, empty if absent.
_Facts = dict[str, str]


@record
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
        facts = self._facts
        if not self.datasets:
            raise InvalidArgumentError("'source_images' must not be empty.")
        if len(self.datasets) > 1 and any(map(_is_multi_frame, self.datasets)):
            raise InvalidArgumentError(
                "'source_images' must be a single multi-frame image or single-frame "
                f"images, not {len(self.datasets)} images of which one has several "
                "frames."
            )
        for keyword in _SHARED:
            values = {one[keyword] for one in facts}
            if len(values) > 1:
                raise InvalidArgumentError(
                    f"'source_images' must share {keyword}, which is "
                    f"{', '.join(repr(value) for value in sorted(values)[:3])}."
                )
        if len({one["SOPInstanceUID"] for one in facts}) < len(facts):
            raise InvalidArgumentError("'source_images' must hold each image once.")
        study = facts[0]["StudyInstanceUID"]
        for number, one in enumerate(self._further_facts):
            if one["StudyInstanceUID"] != study:
                raise InvalidArgumentError(
                    f"'further_source_images'[{number}] must belong to the study of "
                    f"'source_images', {study}, not to {one['StudyInstanceUID']}."
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
        if not self.further:
            return ()
        own = {facts["SOPInstanceUID"] for facts in self._facts}
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

    @cached_property
    def _facts(self) -> list[_Facts]:
        """What has to be known of each image, read once."""
        return _checked_facts("source_images", self.datasets)

    @property
    def _distinct(self) -> list[_Facts]:
        """What is known of all images, each once."""
        every = [*self._facts, *self._further_facts]
        return list({facts["SOPInstanceUID"]: facts for facts in every}.values())

    @cached_property
    def _further_facts(self) -> list[_Facts]:
        return _checked_facts("further_source_images", self.further)

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
        uids = [facts["SOPInstanceUID"] for facts in self._facts]
        classes = [facts["SOPClassUID"] for facts in self._facts]
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
        series: dict[str, list[_Facts]] = {}
        for facts in self._distinct:
            series.setdefault(facts["SeriesInstanceUID"], []).append(facts)
        implicit = bool(target.original_encoding[0])
        in_series = [facts for group in series.values() for facts in group]
        references = _references(in_series, implicit=implicit)
        counts = [len(group) for group in series.values()]
        instances = items_of_rows(references, counts)
        uids = [uid.encode() for uid in series]
        of_series = item(
            element("ReferencedInstanceSequence", instances, implicit=implicit),
            element("SeriesInstanceUID", texts(uids, "UI"), implicit=implicit),
        )
        sources = _references(self._distinct, implicit=implicit)
        for keyword, items, count in (
            ("ReferencedSeriesSequence", of_series, len(series)),
            ("SourceImageSequence", sources, len(in_series)),
        ):
            value = render(items, count)
            vr = None if implicit else "SQ"
            target[tag_of(keyword)] = RawDataElement(
                tag_of(keyword), vr, len(value), value, 0, implicit, True
            )


def _references(images: Sequence[_Facts], *, implicit: bool) -> Column:
    """Items that refer to images, encoded: there may be thousands."""
    keywords = ("SOPClassUID", "SOPInstanceUID")
    return item(
        *(
            element(
                f"Referenced{keyword}",
                texts([facts[keyword].encode() for facts in images], "UI"),
                implicit=implicit,
            )
            for keyword in keywords
        )
    )


def _is_multi_frame(dataset: Dataset) -> bool:
    if stored_element(dataset, "SharedFunctionalGroupsSequence") is not None:
        return True
    is_told = stored_element(dataset, "NumberOfFrames") is not None
    return is_told and int(dataset.NumberOfFrames or 1) > 1


def _checked_facts(name: str, datasets: Sequence[Dataset]) -> list[_Facts]:
    """Read what has to be known of each image; refuse those that lack any of it."""
    keywords = dict.fromkeys((*_REQUIRED, *_SHARED))
    facts = []
    for number, dataset in enumerate(datasets):
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                f"'{name}'[{number}] must be a Dataset, not {type(dataset).__name__}."
            )
        found = {keyword: _text(dataset, keyword) for keyword in keywords}
        for keyword in _REQUIRED:
            if not found[keyword]:
                raise MissingAttributeError(
                    f"'{name}'[{number}] lacks {keyword}, which is of Type 1.",
                    keyword=keyword,
                    sop_instance_uid=dataset.get("SOPInstanceUID"),
                )
        facts.append(found)
    return facts


def _text(dataset: Dataset, keyword: str) -> str:
    stored = stored_element(dataset, keyword)
    if isinstance(stored, RawDataElement):
        told = _plain_text(stored)
        if told is not None:
            return told
        stored = dataset[stored.tag]
    value: Any = None if stored is None else stored.value
    # Unique identifiers stay what they are, which were checked as they were read.
    if isinstance(value, str):
        return value
    return "" if value is None else str(value)


def _plain_text(element: RawDataElement) -> str | None:
    """Text of an encoded element, as pydicom converts it in ten times the time.

    None if it is not so plain: several values, other characters than those of ASCII.
    """
    value: Any = element.value
    if not value or not element.is_little_endian:
        return None
    vr = element.VR or dictionary_VR(element.tag)
    if vr == "US" and len(value) == 2:
        return str(int.from_bytes(value, "little"))
    is_plain = value.isascii() and b"\\" not in value and b"\x1b" not in value
    if vr in {"UI", "LO"} and is_plain:
        text: str = value.decode("ascii").rstrip("\0 ")
        return text
    return None
