"""Representatives of the items of long sequences.

A sequence may have a hundred thousand items, such as one for each frame of a slide.
Items of equal structure, with equal coded strings, equally many values and equally
empty elements, meet the same rules in the same way; one of each kind is enough.
"""

from collections.abc import Hashable, Iterable, Iterator

import numpy as np
import numpy.typing as npt
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from highdicom.encoding.cursor import (
    Field,
    ItemGroup,
    ParsedItems,
    item_bounds,
    parse_items,
)
from highdicom.encoding.lazy import lazy_sequence
from highdicom.errors import InvalidAttributeError
from highdicom.records import record
from highdicom.standard.values import (
    READING_ERRORS,
    dictionary_representation,
    is_empty,
    is_sequence,
    items_of,
    stored_element,
    values_of,
    vr_of_element,
)

__all__ = ["Representative", "Sample", "sample_of"]

# Sequences with at most this many items are looked at item by item.
_FEW_ITEMS = 32
# More kinds of items than these are not looked at.
_MOST_KINDS = 512
# Below this size, decoding costs less than parsing in columns.
_SMALL_VALUE = 1 << 14
_DEEPEST_STRUCTURE = 6
_VALUE_SIZES = {"AT": 4, "FD": 8, "FL": 4, "SL": 4, "SS": 2, "UL": 4, "US": 2}
_BACKSLASH = b"\\"

Codes = npt.NDArray[np.int64]


@record
class Representative:
    """Item that stands for others.

    Parameters
    ----------
    index
        Zero-based number of the item.
    count
        Number of items of its kind.
    item
        The item.

    """

    index: int
    count: int
    item: Dataset


@record
class Sample:
    """What there is to be looked at of a sequence.

    Parameters
    ----------
    number_of_items
        Number of all items.
    representatives
        One item of each kind.
    unreadable
        What is wrong with items that cannot be decoded, by their numbers.
    is_complete
        Whether each item has its representative.

    """

    number_of_items: int
    representatives: tuple[Representative, ...]
    unreadable: dict[int, str]
    is_complete: bool = True


# Encoded items


def _numbered(values: Iterable[Hashable]) -> tuple[Codes, int]:
    """Number for each value, equal for equal values; and how many numbers there are."""
    numbers: dict[Hashable, int] = {}
    codes = [numbers.setdefault(value, len(numbers)) for value in values]
    return np.array(codes, np.int64), len(numbers)


def _field_codes(value: bytes, field: Field, vr: str) -> tuple[Codes, int]:
    """Number for what matters of one element in each item of a group."""
    if vr in _VALUE_SIZES:
        return _numbered((field.lengths // _VALUE_SIZES[vr]).tolist())
    if vr in {"SQ", "OB", "OW", "UN", "UT", "LT", "ST"}:
        return _numbered((field.lengths == 0).tolist())
    places = zip(
        field.offsets.tolist(), (field.offsets + field.lengths).tolist(), strict=True
    )
    if vr == "CS":
        return _numbered(value[start:end] for start, end in places)
    return _numbered(
        -1 if start == end else value.count(_BACKSLASH, start, end)
        for start, end in places
    )


def _kinds(parsed: ParsedItems, group: ItemGroup) -> Iterator[tuple[int, int]]:
    """First item of each kind in a group of equal structure, and how many it has."""
    code = np.zeros(len(group.rows), np.int64)
    for path, fields in group.fields.items():
        for field in fields:
            vr = field.vr or dictionary_representation(path[-1]) or "UN"
            codes, count = _field_codes(parsed.value, field, vr)
            if count > 1:
                _, code = np.unique(code * count + codes, return_inverse=True)
    _, first, counts = np.unique(code, return_index=True, return_counts=True)
    for index, count in zip(first.tolist(), counts.tolist(), strict=True):
        yield int(group.rows[index]), count


def _decoded(items: Sequence, index: int) -> Dataset | str:
    """Item of a sequence, or what is wrong with it."""
    try:
        return items[index]
    except READING_ERRORS as error:
        return str(error)


def _of_encoded(element: RawDataElement) -> Sample:
    """Sample of a sequence that is still encoded.

    Raises
    ------
    InvalidAttributeError
        If it cannot be read.

    """
    parsed = parse_items(element.value or b"", implicit=element.is_implicit_VR)
    kinds = sorted(kind for group in parsed.groups for kind in _kinds(parsed, group))
    items = lazy_sequence(element)
    representatives = []
    unreadable = dict(parsed.unreadable)
    for index, count in kinds[:_MOST_KINDS]:
        item = _decoded(items, index)
        if isinstance(item, Dataset):
            representatives.append(Representative(index, count, item))
        else:
            unreadable[index] = item
    return Sample(
        len(parsed), tuple(representatives), unreadable, len(kinds) <= _MOST_KINDS
    )


# Decoded items


def _structure(item: Dataset, depth: int) -> Hashable:
    """What matters of an item, as a value that can be compared."""
    parts: list[Hashable] = []
    for tag in sorted(item.keys()):
        element = stored_element(item, tag)
        if element is None:
            continue
        if is_sequence(element):
            below = items_of(item, tag) if depth else None
            parts.append(
                (tag, tuple(_structure(inner, depth - 1) for inner in below or ()))
            )
        elif is_empty(element):
            parts.append((tag, None))
        else:
            values = values_of(element) or ()
            parts.append(
                (tag, values if vr_of_element(element) == "CS" else len(values))
            )
    return tuple(parts)


def _of_decoded(items: list[Dataset]) -> Sample:
    kinds: dict[Hashable, list[int]] = {}
    for index, item in enumerate(items):
        kinds.setdefault(_structure(item, _DEEPEST_STRUCTURE), []).append(index)
    representatives = tuple(
        Representative(found[0], len(found), items[found[0]])
        for found in kinds.values()
    )
    return Sample(
        len(items), representatives[:_MOST_KINDS], {}, len(kinds) <= _MOST_KINDS
    )


def _as_encoded(dataset: Dataset, tag: int) -> RawDataElement | None:
    """Sequence as bytes, if it is to be had as such."""
    element = stored_element(dataset, tag)
    if not isinstance(element, RawDataElement) or not element.is_little_endian:
        return None
    return element if element.value else None


def _all_items(dataset: Dataset, tag: int) -> list[Dataset] | None:
    """All items of a sequence; None if they cannot be read."""
    element = _as_encoded(dataset, tag)
    try:
        if element is not None:
            # pydicom reads what it can of a truncated one, and says nothing.
            item_bounds(element.value or b"", implicit=element.is_implicit_VR)
        sequence = items_of(dataset, tag)
        return None if sequence is None else list(sequence)
    except READING_ERRORS:
        return None


def sample_of(dataset: Dataset, tag: int) -> Sample | None:
    """Sample of a sequence; None if it cannot be read.

    Takes time and memory proportional to the size of the sequence, and no datasets for
    its items as long as it is encoded.

    Parameters
    ----------
    dataset
        Dataset that has the sequence.
    tag
        Tag of the sequence.

    """
    element = _as_encoded(dataset, tag)
    if element is not None and len(element.value or b"") >= _SMALL_VALUE:
        try:
            return _of_encoded(element)
        except InvalidAttributeError:
            return None
    items = _all_items(dataset, tag)
    if items is None:
        return None
    if len(items) <= _FEW_ITEMS:
        each = tuple(Representative(i, 1, item) for i, item in enumerate(items))
        return Sample(len(items), each, {})
    return _of_decoded(items)
