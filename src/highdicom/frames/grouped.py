"""Columns from functional groups, shared and per frame (PS3.3 C.7.6.16)."""

from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.charset import convert_encodings
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_sequence

from highdicom.encoding.cursor import Occurrences, ParsedItems, parse_items
from highdicom.encoding.distinct import distinct_objects
from highdicom.encoding.elements import TagPath, tag_of
from highdicom.encoding.extraction import (
    decimals_at,
    encoded_at,
    integers_at,
    numbers_at,
    texts_at,
    value_representation,
    values_at,
)
from highdicom.encoding.lazy import LazySequence
from highdicom.encoding.tree import encode_items
from highdicom.encoding.values import NUMBER_TYPES
from highdicom.errors import InvalidAttributeError
from highdicom.frames.columns import FrameColumn
from highdicom.frames.index import DistinctGroups
from highdicom.policy import tolerate
from highdicom.spatial.reading import items_of

__all__ = ["GroupedFrames"]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]
CharacterSet = str | list[str]

_SHARED = "SharedFunctionalGroupsSequence"
_PER_FRAME = "PerFrameFunctionalGroupsSequence"
# Beyond this, many more frames than items are taken for a wrong number.
_FEW_FRAMES = 1000


def _encoded(
    dataset: Dataset, keyword: str, character_set: CharacterSet
) -> tuple[bytes, bool]:
    """Value of a sequence as bytes, and whether they are in implicit VR."""
    element: Any = dataset.get_item(tag_of(keyword))
    if element is None:
        return b"", False
    if (
        isinstance(element, RawDataElement)
        and element.is_little_endian
        and element.value is not None
        and element.VR in {None, "SQ"}
    ):
        return element.value, element.is_implicit_VR
    items = items_of(dataset, keyword) or []
    # What was never decoded is then copied.
    implicit = items.implicit if isinstance(items, LazySequence) else False
    return encode_items(items, implicit=implicit, character_set=character_set), implicit


def _parsed(dataset: Dataset, keyword: str, character_set: CharacterSet) -> ParsedItems:
    value, implicit = _encoded(dataset, keyword, character_set)
    try:
        return parse_items(value, implicit=implicit, character_set=character_set)
    except InvalidAttributeError as error:
        raise InvalidAttributeError(
            f"The sequence '{keyword}' cannot be read. {error}", keyword=keyword
        ) from error


class GroupedFrames:
    """The functional groups of all frames of an image.

    Parameters
    ----------
    dataset
        Image with functional groups.
    number_of_frames
        As the image says.

    Raises
    ------
    InvalidAttributeError
        If the sequences are damaged so that not even their items can be told apart.

    """

    def __init__(self, dataset: Dataset, number_of_frames: int) -> None:
        self.character_set: CharacterSet = dataset.get("SpecificCharacterSet") or ""
        self.per_frame = _parsed(dataset, _PER_FRAME, self.character_set)
        self.shared = _parsed(dataset, _SHARED, self.character_set)
        self._count = number_of_frames
        if len(self.per_frame) not in {0, number_of_frames}:
            if number_of_frames > 2 * len(self.per_frame) + _FEW_FRAMES:
                raise InvalidAttributeError(
                    f"NumberOfFrames is {number_of_frames}, but '{_PER_FRAME}' has only "
                    f"{len(self.per_frame)} items.",
                    keyword="NumberOfFrames",
                )
            tolerate(
                f"it has {len(self.per_frame)} items for {number_of_frames} frames",
                "frames without an item have no functional groups of their own",
                keyword=_PER_FRAME,
            )
        if self.per_frame.unreadable:
            row, reason = min(self.per_frame.unreadable.items())
            tolerate(
                f"{len(self.per_frame.unreadable)} of {len(self.per_frame)} items cannot "
                f"be decoded, the first because: {reason.rstrip('.')}",
                "their frames have no functional groups of their own",
                keyword=_PER_FRAME,
                path=f"{_PER_FRAME}[{row}]",
            )

    def __len__(self) -> int:
        """Count the frames."""
        return self._count

    def found(self, path: TagPath) -> tuple[Occurrences, Occurrences]:
        """Everything that stands at a path: per frame, and shared."""
        per_frame = self.per_frame.occurrences(path)
        per_frame = per_frame.selected(per_frame.rows < self._count)
        shared = self.shared.occurrences(path)
        return per_frame, shared.selected(shared.rows < 1)

    def column(self, column: FrameColumn) -> Array | None:
        """Read a column of the table.

        Returns
        -------
        numpy.ndarray | None
            Shape (n,) or (n, vm); None if no frame has the attribute.

        Raises
        ------
        InvalidAttributeError
            If a value is no number, or the number of values is wrong.

        """
        per_frame, shared = self.found(column.path)
        per_frame, shared = per_frame.nonempty().first(), shared.nonempty().first()
        values = self._values(self.per_frame, per_frame, column)
        common = self._values(self.shared, shared, column)
        return self._filled(
            per_frame.rows, values, common, column.without_values(self._count)
        )

    def _filled(
        self, rows: Integers, values: Array, common: Array, absent: Array
    ) -> Array | None:
        """Values of the frames that have their own, shared values of the others."""
        if len(rows) == self._count:
            return values
        if not len(rows):
            if not len(common):
                return None
            return np.broadcast_to(common[0], (self._count, *common.shape[1:]))
        if len(common):
            absent = np.repeat(common, self._count, axis=0)
        filled = absent.astype(np.result_type(absent, values))
        filled[rows] = values
        return filled

    def _values(
        self, items: ParsedItems, found: Occurrences, column: FrameColumn
    ) -> Array:
        if column.kind == "text":
            texts, places = texts_at(items, found, column.path, self.character_set)
            return np.array(texts or [""], np.str_)[places]
        values = _numbers(items, found, column)
        if not len(found):
            values = values.reshape(0, column.multiplicity)
        if values.shape[1] != column.multiplicity:
            raise InvalidAttributeError(
                f"The value of '{column.group}.{column.keyword}' has "
                f"{values.shape[1]} values instead of {column.multiplicity}.",
                path=f"{column.group}.{column.keyword}",
                keyword=column.keyword,
            )
        return values[:, 0] if column.multiplicity == 1 else values

    def any_values(self, path: TagPath) -> Array | None:
        """Read what stands at any path, so that equal values can be told.

        Returns
        -------
        numpy.ndarray | None
            Shape (n, vm) for numbers, (n,) for text; otherwise, or if the number of
            values differs, (n,) of encoded values. None if there is none.

        """
        per_frame, shared = (found.first() for found in self.found(path))
        if not len(per_frame) and not len(shared):
            return None
        if len(per_frame) in {0, self._count}:
            items, found = self.per_frame, per_frame
            if not len(per_frame):
                items, found = self.shared, shared
            try:
                values = values_at(items, found, path, self.character_set)
            except InvalidAttributeError:
                values = _encoded_values(items, found)
            if values.ndim > 1 and values.shape[1] == 1:
                values = values[:, 0]
            return np.broadcast_to(values, (self._count, *values.shape[1:]))
        values = np.full(self._count, b"", object)
        if len(shared):
            values[:] = _encoded_values(self.shared, shared)
        values[per_frame.rows] = _encoded_values(self.per_frame, per_frame)
        return values

    def dimension_index_values(self, count: int) -> Integers:
        """Read Dimension Index Values, shape (n, d), zero where there are none.

        Raises
        ------
        InvalidAttributeError
            If frames do not have as many indices as there are dimensions.

        """
        path = (tag_of("FrameContentSequence"), tag_of("DimensionIndexValues"))
        found = self.found(path)[0].nonempty().first()
        values = numbers_at(self.per_frame, found, path, "UL")
        indices = np.zeros((self._count, count), np.int64)
        if not len(found):
            return indices
        if values.shape[1] != count:
            raise InvalidAttributeError(
                f"Frames have {values.shape[1]} DimensionIndexValues, but "
                f"DimensionIndexSequence has {count} items.",
                keyword="DimensionIndexValues",
            )
        indices[found.rows] = values
        return indices

    def groups(self, keyword: str) -> DistinctGroups | None:
        """Keep a functional group as a whole, each distinct one once."""
        per_frame, shared = (found.first() for found in self.found((tag_of(keyword),)))
        if not len(per_frame) and not len(shared):
            return None
        implicit = self.per_frame.implicit if len(per_frame) else self.shared.implicit
        encoded, places = self._encoded_groups(self.per_frame, per_frame, implicit)
        common, _ = self._encoded_groups(self.shared, shared, implicit)
        distinct, merged = distinct_objects([*common, *encoded])
        ids = np.full(self._count, merged[0] if len(shared) else -1, np.int64)
        ids[per_frame.rows] = merged[len(common) :][places]
        if not len(shared) or (ids == merged[0]).any():
            return self._distinct(ids, distinct, implicit)
        # The shared one is overridden in every frame.
        return self._distinct(ids - 1, distinct[1:], implicit)

    def _distinct(
        self, ids: Integers, encoded: list[bytes], implicit: bool
    ) -> DistinctGroups:
        return DistinctGroups(ids, tuple(encoded), implicit, self.character_set)

    def _encoded_groups(
        self, items: ParsedItems, found: Occurrences, implicit: bool
    ) -> tuple[list[bytes], Integers]:
        """Distinct sequences, all in the same encoding."""
        encoded, places = encoded_at(items, found)
        if items.implicit == implicit and not items.has_mended:
            return encoded, places
        first = np.unique(places, return_index=True)[1]
        as_found = items.is_implicit_at(found.offsets[first])
        return [
            value if was == implicit else self._converted(value, implicit)
            for value, was in zip(encoded, as_found.tolist(), strict=True)
        ], places

    def _converted(self, value: bytes, implicit: bool) -> bytes:
        encodings = convert_encodings(self.character_set)
        items = read_sequence(BytesIO(value), not implicit, True, len(value), encodings)
        return encode_items(items, implicit=implicit, character_set=encodings)


def _numbers(items: ParsedItems, found: Occurrences, column: FrameColumn) -> Array:
    vr = value_representation(found, column.path)
    if vr in NUMBER_TYPES:
        values = numbers_at(items, found, column.path)
    elif column.kind == "integer":
        values = integers_at(items, found, column.path)
    else:
        values = decimals_at(items, found, column.path)
    if column.kind == "integer":
        return values.astype(np.int64)
    if not np.isfinite(values).all():
        raise InvalidAttributeError(
            f"A value of '{column.group}.{column.keyword}' is not finite.",
            path=f"{column.group}.{column.keyword}",
            keyword=column.keyword,
        )
    return values.astype(np.float64)


def _encoded_values(items: ParsedItems, found: Occurrences) -> Array:
    encoded, places = encoded_at(items, found)
    table = np.empty(len(encoded), object)
    table[:] = [value.rstrip(b"\0 ") for value in encoded]
    return table[places]
