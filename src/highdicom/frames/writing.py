"""Functional groups and dimensions of a new image, from its table of frames.

What varies from frame to frame is encoded in bulk, as one element, and never becomes
datasets (PS3.3 C.7.6.16 and C.7.6.17).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.charset import convert_encodings, default_encoding, encode_string
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from highdicom.encoding.columns import (
    Column,
    constant,
    decimal_strings,
    element,
    gathered,
    integer_strings,
    item,
    items_of_rows,
    numbers,
    optional,
    render,
    rows_of,
    sequence,
    texts,
)
from highdicom.encoding.decimals import decimal_string
from highdicom.encoding.distinct import distinct_rows
from highdicom.encoding.elements import new_dataset, put, put_sequence, tag_of
from highdicom.encoding.tree import encode_items
from highdicom.errors import InvalidArgumentError
from highdicom.frames.columns import COLUMNS_BY_KEYWORD, FrameColumn, is_absent
from highdicom.frames.dimensions import (
    dimension_index_items,
    dimension_organization_items,
)
from highdicom.frames.index import DistinctGroups, FrameIndex
from highdicom.frames.references import PRESERVED, UNKNOWN, FrameReferences
from highdicom.records import record, replace

__all__ = [
    "ALWAYS_PER_FRAME",
    "DerivationCodes",
    "FunctionalGroups",
    "functional_groups",
]

Array = npt.NDArray[Any]
CharacterSet = str | list[str]

_FRAME_CONTENT = "FrameContentSequence"
_DERIVATION = "DerivationImageSequence"

ALWAYS_PER_FRAME = frozenset(
    (
        _DERIVATION,
        _FRAME_CONTENT,
        "PlanePositionSequence",
        "PlanePositionSlideSequence",
        "SegmentIdentificationSequence",
    )
)
"""Functional groups that are not shared, even if they are the same for all frames.

For Frame Content the standard demands it; of the others, readers expect it.
"""


@record
class DerivationCodes:
    """Why frames refer to source images.

    Parameters
    ----------
    derivation
        Items of the Derivation Code Sequence.
    purpose
        Items of the Purpose of Reference Code Sequence.

    """

    derivation: Sequence[Dataset]
    purpose: Sequence[Dataset]


@record
class FunctionalGroups:
    """The elements of an image that describe its frames.

    Parameters
    ----------
    shared
        Item of the Shared Functional Groups Sequence.
    per_frame
        Per-Frame Functional Groups Sequence.
    dimension_index_sequence, dimension_organization_sequence
        Items of these sequences.
    index
        The table as it will be read from these elements: numbers that do not fit a
        decimal string are rounded.

    """

    shared: Dataset
    per_frame: RawDataElement
    dimension_index_sequence: list[Dataset]
    dimension_organization_sequence: list[Dataset]
    index: FrameIndex

    def put_into(self, dataset: Dataset) -> None:
        """Store all elements in a dataset."""
        put_sequence(dataset, "SharedFunctionalGroupsSequence", [self.shared])
        dataset[self.per_frame.tag] = self.per_frame
        if self.dimension_index_sequence:
            put_sequence(
                dataset,
                "DimensionOrganizationSequence",
                self.dimension_organization_sequence,
            )
            put_sequence(
                dataset, "DimensionIndexSequence", self.dimension_index_sequence
            )


def functional_groups(
    index: FrameIndex,
    *,
    shared: Dataset | None = None,
    implicit: bool = False,
    derivation: DerivationCodes | None = None,
    always_per_frame: Collection[str] = ALWAYS_PER_FRAME,
    character_set: CharacterSet = default_encoding,
) -> FunctionalGroups:
    """Encode the functional groups of an image.

    A group becomes shared if all frames have equal values of all its attributes, and
    otherwise stands in the item of each frame.

    Parameters
    ----------
    index
        Frames of the new image.
    shared
        Further functional groups that all frames share. It is not changed.
    implicit
        Whether to encode in implicit VR.
    derivation
        Codes for the references to source images. If given, each frame has a
        Derivation Image Sequence, which is empty for frames without sources.
    always_per_frame
        Keywords of groups that are never shared.
    character_set
        Of the dataset that the groups will stand in.

    Raises
    ------
    InvalidArgumentError
        If a column is no attribute of a functional group, a number cannot be written,
        a group is given in two ways, or references have no codes.

    """
    writer = _Writer(index, implicit=implicit, character_set=character_set)
    if len(index.references) and derivation is None:
        raise InvalidArgumentError(
            "'derivation' must be given, since frames refer to source images."
        )
    common = copy(new_dataset(Dataset) if shared is None else shared)
    # A shallow copy would share the elements.
    common.__dict__["_dict"] = dict(common.items())
    for keyword, columns in _grouped(index).items():
        writer.add_columns(keyword, columns, common, always_per_frame)
    for keyword, groups in index.groups.items():
        writer.add_groups(keyword, groups, common, always_per_frame)
    if index.dimensions:
        writer.require_frame_content()
    if derivation is not None:
        writer.add_derivation(index.references, derivation)
    return FunctionalGroups(
        common,
        writer.per_frame(),
        dimension_index_items(index.dimensions),
        dimension_organization_items(index.dimensions),
        _as_written(index),
    )


def _grouped(index: FrameIndex) -> dict[str, list[FrameColumn]]:
    """Columns of each functional group, in the order of their tags."""
    groups: dict[str, list[FrameColumn]] = {}
    for keyword in index.columns:
        column = COLUMNS_BY_KEYWORD.get(keyword)
        if column is None:
            raise InvalidArgumentError(
                f"The column '{keyword}' cannot be written, since it is no known "
                "attribute of a functional group."
            )
        groups.setdefault(column.group, []).append(column)
    for columns in groups.values():
        columns.sort(key=lambda column: tag_of(column.keyword))
    return groups


class _Writer:
    """Elements of the items of all frames, as columns."""

    def __init__(
        self, index: FrameIndex, *, implicit: bool, character_set: CharacterSet
    ) -> None:
        self.index = index
        self.implicit = implicit
        self.character_set = character_set
        self.elements: dict[str, Column] = {}

    def per_frame(self) -> RawDataElement:
        in_order = sorted(self.elements, key=tag_of)
        items = item(*(self.elements[keyword] for keyword in in_order))
        value = render(items, len(self.index))
        tag = tag_of("PerFrameFunctionalGroupsSequence")
        vr = None if self.implicit else "SQ"
        return RawDataElement(tag, vr, len(value), value, 0, self.implicit, True)

    def _add(self, keyword: str, column: Column, common: Dataset) -> None:
        if keyword in common or keyword in self.elements:
            raise InvalidArgumentError(
                f"The functional group '{keyword}' is given in two ways."
            )
        self.elements[keyword] = column

    def add_columns(
        self,
        keyword: str,
        columns: Sequence[FrameColumn],
        common: Dataset,
        always_per_frame: Collection[str],
    ) -> None:
        present = {column.keyword: self._present(column) for column in columns}
        columns = [column for column in columns if present[column.keyword].any()]
        if not columns:
            return
        is_shared = keyword not in always_per_frame and all(
            self.index.is_shared(column.keyword) for column in columns
        )
        if not is_shared:
            content = self._content(keyword, columns, present)
            has_any = np.any([present[column.keyword] for column in columns], axis=0)
            if keyword == _FRAME_CONTENT and self.index.dimensions:
                has_any[:] = True
            self._add(keyword, optional(content, has_any), common)
            return
        if keyword in common:
            raise InvalidArgumentError(
                f"The functional group '{keyword}' is given in two ways."
            )
        group = new_dataset(Dataset)
        for column in columns:
            self._put_shared(group, column)
        put_sequence(common, keyword, [group])

    def _present(self, column: FrameColumn) -> npt.NDArray[np.bool_]:
        """Frames that have a value of an attribute, which has to be finite."""
        values = self.index.columns[column.keyword]
        present = ~is_absent(values)
        if column.kind == "decimal":
            numbers_of_frame = values.reshape(len(values), column.multiplicity)
            finite = np.isfinite(numbers_of_frame).all(axis=1)
            wrong = np.flatnonzero(~finite & ~np.isnan(numbers_of_frame).all(axis=1))
            if len(wrong):
                raise InvalidArgumentError(
                    f"The '{column.keyword}' of frame {wrong[0] + 1} is "
                    f"{numbers_of_frame[wrong[0]].tolist()}, but has to be finite."
                )
        return present

    def _put_shared(self, group: Dataset, column: FrameColumn) -> None:
        value = self.index.shared(column.keyword)
        values = np.atleast_1d(value).tolist()
        if column.vr == "DS":
            values = [decimal_string(number) for number in values]
        put(group, column.keyword, values[0] if len(values) == 1 else values)

    def _content(
        self,
        keyword: str,
        columns: Sequence[FrameColumn],
        present: Mapping[str, npt.NDArray[np.bool_]],
    ) -> Column:
        """Sequence of one item with the attributes of a group."""
        # Planes are repeated for each segment or channel: each is written once.
        first, inverse = self._distinct(columns)
        elements = {
            column.keyword: optional(
                self._element(column, first, present[column.keyword][first]),
                present[column.keyword][first],
            )
            for column in columns
        }
        if keyword == _FRAME_CONTENT and self.index.dimensions:
            elements["DimensionIndexValues"] = self._dimension_index_values(first)
        in_order = [elements[keyword] for keyword in sorted(elements, key=tag_of)]
        content = sequence(keyword, *in_order, implicit=self.implicit)
        if len(first) == len(inverse):
            return content
        return gathered(rows_of(content, len(first)), inverse)

    def _distinct(self, columns: Sequence[FrameColumn]) -> tuple[Array, Array]:
        """Rows with distinct values, and for each row which of them it equals."""
        rows = np.arange(len(self.index))
        if not any(column.vr == "DS" for column in columns):
            return rows, rows  # binary numbers are written at once
        code = np.zeros(len(rows), np.int64)
        first = rows[:1]
        for column in columns:
            values = self.index.columns[column.keyword]
            code = np.stack([code, distinct_rows(values)[1]], axis=1)
            first, code = distinct_rows(code)
            if 2 * len(first) > len(rows):
                return rows, rows
        return first, code

    def _element(self, column: FrameColumn, rows: Array, present: Array) -> Column:
        values = self.index.columns[column.keyword][rows]
        if not present.all():
            # What is left out has to be something that can be encoded.
            values = np.where(
                present.reshape(-1, *(1,) * (values.ndim - 1)),
                values,
                "" if column.kind == "text" else 0,
            )
        return element(
            column.keyword, self._encoded(column, values), implicit=self.implicit
        )

    def _encoded(self, column: FrameColumn, values: Array) -> Column:
        if column.vr == "DS":
            return decimal_strings(values)
        if column.kind != "text":
            return numbers(values, column.vr)
        unique, inverse = np.unique(values, return_inverse=True)
        encodings = convert_encodings(self.character_set)
        encoded = [encode_string(str(text), encodings) for text in unique]
        return gathered(texts(encoded, column.vr), inverse)

    def _dimension_index_values(self, rows: Array) -> Column:
        values = numbers(self.index.dimension_indices[rows], "UL")
        return element("DimensionIndexValues", values, implicit=self.implicit)

    def require_frame_content(self) -> None:
        """Write the dimension indices, if nothing else of the group was."""
        if _FRAME_CONTENT not in self.elements:
            rows = np.arange(len(self.index))
            indices = self._dimension_index_values(rows)
            self.elements[_FRAME_CONTENT] = sequence(
                _FRAME_CONTENT, indices, implicit=self.implicit
            )

    def add_groups(
        self,
        keyword: str,
        groups: DistinctGroups,
        common: Dataset,
        always_per_frame: Collection[str],
    ) -> None:
        ids = groups.ids
        if not len(ids) or (ids < 0).all():
            return
        if keyword not in always_per_frame and (ids == ids[0]).all():
            if keyword in common:
                raise InvalidArgumentError(
                    f"The functional group '{keyword}' is given in two ways."
                )
            put_sequence(common, keyword, groups.decoded()[ids[0]])
            return
        encoded: Iterable[bytes] = groups.encoded
        if groups.implicit != self.implicit or self._character_set_differs(groups):
            encoded = [self._encoded_items(items) for items in groups.decoded()]
        # One empty value more, for frames without the group.
        values = gathered([*encoded, b""], np.where(ids < 0, len(groups.encoded), ids))
        column = element(keyword, values, implicit=self.implicit, vr="SQ")
        self._add(keyword, optional(column, ids >= 0), common)

    def _character_set_differs(self, groups: DistinctGroups) -> bool:
        if all(value.isascii() for value in groups.encoded):
            return False
        return bool(
            convert_encodings(groups.character_set)
            != convert_encodings(self.character_set)
        )

    def _encoded_items(self, items: Iterable[Dataset]) -> bytes:
        return encode_items(
            items, implicit=self.implicit, character_set=self.character_set
        )

    def add_derivation(
        self, references: FrameReferences, codes: DerivationCodes
    ) -> None:
        """References of each frame to its source images."""
        if _DERIVATION in self.elements:
            raise InvalidArgumentError(
                f"The functional group '{_DERIVATION}' is given in two ways."
            )
        first, inverse = _distinct_frames(references, len(self.index))
        references = references.selected(first)
        counts = references.counts(len(first))
        derivation = sequence(
            _DERIVATION,
            element(
                "SourceImageSequence",
                items_of_rows(self._source_items(references, codes), counts),
                implicit=self.implicit,
            ),
            element(
                "DerivationCodeSequence",
                constant(self._encoded_items(codes.derivation)),
                implicit=self.implicit,
            ),
            implicit=self.implicit,
        )
        without = element(_DERIVATION, constant(b""), implicit=self.implicit)
        strings = rows_of(derivation, len(first)) + rows_of(without, 1)
        chosen = np.where(counts > 0, np.arange(len(first)), len(first))
        self.elements[_DERIVATION] = gathered(strings, chosen[inverse])

    def _source_items(
        self, references: FrameReferences, codes: DerivationCodes
    ) -> Column:
        """Items of the Source Image Sequences of all frames in a row."""
        facts = np.stack(
            [
                references.instance,
                references.frame_number,
                references.locations_preserved,
            ],
            axis=1,
        )
        first, inverse = distinct_rows(facts)
        instance, frame_number, preserved = facts[first].T
        implicit = self.implicit
        uids = [references.sop_instance_uids[i].encode() for i in instance.tolist()]
        classes = [references.sop_class_uids[i].encode() for i in instance.tolist()]
        frame_numbers = element(
            "ReferencedFrameNumber", integer_strings(frame_number), implicit=implicit
        )
        locations = element(
            "SpatialLocationsPreserved",
            gathered([b"NO", b"YES "], (preserved == PRESERVED).astype(np.int64)),
            implicit=implicit,
        )
        distinct = item(
            element("ReferencedSOPClassUID", texts(classes, "UI"), implicit=implicit),
            element("ReferencedSOPInstanceUID", texts(uids, "UI"), implicit=implicit),
            optional(frame_numbers, frame_number > 0),
            optional(locations, preserved != UNKNOWN),
            element(
                "PurposeOfReferenceCodeSequence",
                constant(self._encoded_items(codes.purpose)),
                implicit=implicit,
            ),
        )
        return gathered(rows_of(distinct, len(first)), inverse)


def _distinct_frames(
    references: FrameReferences, count: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Frames with distinct sources, and for each frame which of them it equals."""
    counts = references.counts(count)
    most = int(counts.max(initial=0))
    every = np.arange(count)
    if most * count > 4 * (len(references) + count):
        return every, every  # too uneven for a table
    facts = np.stack(
        [references.instance, references.frame_number, references.locations_preserved],
        axis=1,
    )
    order = np.argsort(references.frame, kind="stable")
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    sources = np.full((count, most), -1, np.int64)
    place = references.frame[order], np.arange(len(references)) - starts
    sources[place] = distinct_rows(facts)[1][order]
    return distinct_rows(sources)


def _as_written(index: FrameIndex) -> FrameIndex:
    """Table with numbers rounded to what fits a decimal string."""
    columns: dict[str, Array] = dict(index.columns)
    for keyword, values in index.columns.items():
        if COLUMNS_BY_KEYWORD[keyword].vr == "DS":
            columns[keyword] = _rounded(values)
    return replace(index, columns=columns)


def _rounded(values: Array) -> Array:
    if len(values) and values.strides[0] == 0:
        return np.broadcast_to(_rounded(values[:1].copy()), values.shape)
    unique, inverse = np.unique(values, return_inverse=True)
    written = unique.copy()
    for place, number in enumerate(unique.tolist()):
        if np.isfinite(number):
            written[place] = float(decimal_string(number))
    if np.array_equal(written, unique, equal_nan=True):
        return values
    rounded: Array = written[inverse.reshape(values.shape)]
    return rounded
