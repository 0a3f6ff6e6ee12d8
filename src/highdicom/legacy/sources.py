"""The single-frame images that are converted, checked."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.uid import UID

from highdicom.encoding.elements import tag_of
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.frames.attributes import attribute_values, column_value
from highdicom.frames.columns import COLUMNS_BY_KEYWORD
from highdicom.legacy.mapping import SAME_IN_ALL, LegacyKind
from highdicom.legacy.sharing import SourceElements
from highdicom.records import record

__all__ = ["LegacyImages"]

Array = npt.NDArray[Any]

_IDENTITY = (
    "SOPClassUID",
    "SOPInstanceUID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Modality",
)
_PLACE = ("ImagePositionPatient", "ImageOrientationPatient")
_KIND = ("Modality", "SOPClassUID", "NumberOfFrames")
_GRAYSCALE = ("MONOCHROME1", "MONOCHROME2")


@record(eq=False)
class LegacyImages:
    """Single-frame images of one kind that can become frames of one image.

    Parameters
    ----------
    datasets
        The images.
    kind
        What they have to be.

    """

    datasets: tuple[Dataset, ...]
    kind: LegacyKind

    @classmethod
    def of(cls, datasets: object, kind: LegacyKind) -> "LegacyImages":
        """Take the images of a call and check them.

        Raises
        ------
        ArgumentTypeError
            If something is no dataset.
        InvalidArgumentError
            If there are none, if they are not of the kind, or do not belong together.
        MissingAttributeError
            If one lacks an attribute that is needed.

        """
        if isinstance(datasets, (Dataset, str)) or not isinstance(datasets, Iterable):
            raise ArgumentTypeError(
                "'legacy_datasets' must be a sequence of Dataset, not "
                f"{type(datasets).__name__}."
            )
        images = cls(tuple(datasets), kind)
        images._check_all()
        return images

    def reordered(self, rows: npt.NDArray[np.int64]) -> "LegacyImages":
        """Put the images into another order."""
        images = LegacyImages(tuple(self.datasets[row] for row in rows), self.kind)
        images.__dict__["elements"] = self.elements.reordered(images.datasets, rows)
        return images

    def _check_all(self) -> None:
        if not self.datasets:
            raise InvalidArgumentError("'legacy_datasets' must not be empty.")
        for number, dataset in enumerate(self.datasets):
            if not isinstance(dataset, Dataset):
                raise ArgumentTypeError(
                    f"'legacy_datasets'[{number}] must be a Dataset, not "
                    f"{type(dataset).__name__}."
                )
        self._check_have(_IDENTITY)
        for row in self.elements.distinct(_KIND):
            self._check_kind(f"'legacy_datasets'[{row}]", self.datasets[row])
        # Images of other kinds have their place elsewhere.
        self._check_have(_PLACE)
        uids = self.elements.ids(tag_of("SOPInstanceUID"))
        if len(np.unique(uids)) < len(self.datasets):
            raise InvalidArgumentError("'legacy_datasets' must hold each image once.")
        for row, dataset in enumerate(self.datasets):
            meta = getattr(dataset, "file_meta", None)
            if meta is None or not meta.get("TransferSyntaxUID"):
                self._refuse_lack(
                    "TransferSyntaxUID", row, " in its File Meta Information"
                )
        self._check_same()
        photometric = self.first.get("PhotometricInterpretation")
        if photometric not in _GRAYSCALE:
            raise InvalidArgumentError(
                "'legacy_datasets' must have the PhotometricInterpretation MONOCHROME1 "
                f"or MONOCHROME2, not {photometric}."
            )

    def _check_have(self, keywords: tuple[str, ...]) -> None:
        for keyword in keywords:
            self._refuse_lack(keyword, self.elements.first_without_value(keyword))

    def _refuse_lack(self, keyword: str, row: int | None, where: str = "") -> None:
        if row is not None:
            raise MissingAttributeError(
                f"'legacy_datasets'[{row}] lacks {keyword}{where}.",
                keyword=keyword,
                sop_instance_uid=self.datasets[row].get("SOPInstanceUID"),
            )

    def _check_kind(self, name: str, dataset: Dataset) -> None:
        kind = self.kind
        if dataset.Modality != kind.modality:
            raise InvalidArgumentError(
                f"{name} must have the Modality {kind.modality}, not "
                f"{dataset.Modality}."
            )
        if dataset.SOPClassUID != kind.source_sop_class_uid:
            raise InvalidArgumentError(
                f"{name} must be of the SOP Class "
                f"{UID(kind.source_sop_class_uid).name}, not "
                f"{UID(dataset.SOPClassUID).name}."
            )
        if int(dataset.get("NumberOfFrames") or 1) != 1:
            raise InvalidArgumentError(
                f"{name} must be a single-frame image, but has "
                f"{dataset.NumberOfFrames} frames."
            )

    def _check_same(self) -> None:
        for keyword in SAME_IN_ALL:
            if len(set(self.elements.ids(tag_of(keyword)).tolist())) > 1:
                raise InvalidArgumentError(
                    f"'legacy_datasets' must agree in {keyword}, but "
                    f"{self._two_values(keyword)}."
                )
        uids = {str(one.file_meta.TransferSyntaxUID) for one in self.datasets}
        if len(uids) > 1:
            names = " and ".join(sorted(UID(uid).name for uid in uids))
            raise InvalidArgumentError(
                f"'legacy_datasets' must have one transfer syntax, not {names}."
            )

    def _two_values(self, keyword: str) -> str:
        ids = self.elements.ids(tag_of(keyword))
        rows = (0, int(np.argmax(ids != ids[0])))
        values = [self.elements.value(row, keyword) for row in rows]
        return f"it is {values[0]} for [{rows[0]}] and {values[1]} for [{rows[1]}]"

    @property
    def first(self) -> Dataset:
        """Image that gives what all share."""
        return self.datasets[0]

    def __len__(self) -> int:
        """Count the images."""
        return len(self.datasets)

    @cached_property
    def elements(self) -> SourceElements:
        """Elements of all images, side by side."""
        return SourceElements(self.datasets)

    @property
    def transfer_syntax_uid(self) -> UID:
        """Transfer syntax of all images."""
        return UID(self.first.file_meta.TransferSyntaxUID)

    @property
    def character_set(self) -> str | list[str]:
        """Specific Character Set of all images."""
        value = self.first.get("SpecificCharacterSet") or ""
        return value if isinstance(value, str) else list(value)

    def column(self, keyword: str, source: str) -> Array | None:
        """Read an attribute of all images as a column of the table of frames.

        Parameters
        ----------
        keyword
            Column.
        source
            Attribute of the images.

        Returns
        -------
        numpy.ndarray | None
            Shape (n,) or (n, vm); None if no image has a value.

        Raises
        ------
        InvalidAttributeError
            If a value cannot be read.

        """
        form = COLUMNS_BY_KEYWORD[keyword]
        if tag_of(source) not in self.elements:
            return None
        first, ids = self.elements.combined_ids([tag_of(source)])
        absent = form.without_values(1)[0]
        values = [self._value(row, keyword, source) for row in first.tolist()]
        if all(value is None for value in values):
            return None
        stacked = np.stack([absent if value is None else value for value in values])
        return np.asarray(stacked[ids])

    def _value(self, row: int, keyword: str, source: str) -> Any:
        form = COLUMNS_BY_KEYWORD[keyword]
        if keyword == source:
            return column_value(self.datasets[row], form)
        values = attribute_values(self.datasets[row], source, form.kind)
        if values is None:
            return None
        if len(values) != 1:
            raise InvalidAttributeError(
                f"{source} must have one value, not {len(values)}.",
                keyword=source,
                sop_instance_uid=self.datasets[row].SOPInstanceUID,
            )
        return values[0]

    def instance_numbers(self) -> list[int | None]:
        """Instance Number of each image, None if it has none that is an integer."""
        numbers: list[int | None] = []
        for row in range(len(self)):
            value = self.elements.value(row, "InstanceNumber")
            numbers.append(value if isinstance(value, int) else None)
        return numbers
