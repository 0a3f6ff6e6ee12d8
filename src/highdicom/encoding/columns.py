"""Many items of a sequence as bytes, column by column (PS3.5 7.5).

Items that have the same structure and differ only in values, such as the functional
groups of the frames of an image, are never built one by one. A :class:`Column` stands
for n byte strings, one for each item. Columns of values become columns of elements,
those become columns of items, and in the end all are rendered at once. The bytes are
those that pydicom writes for the same items.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset

from highdicom.encoding.decimals import decimal_string, integer_string
from highdicom.encoding.elements import tag_of
from highdicom.encoding.headers import (
    element_header,
    has_long_length,
    item_header,
    padding_of,
)
from highdicom.encoding.tree import encode_tree
from highdicom.encoding.values import checked_numbers
from highdicom.errors import InvalidArgumentError, InvalidAttributeError

__all__ = [
    "Column",
    "constant",
    "decimal_strings",
    "element",
    "encode_dataset",
    "gathered",
    "integer_strings",
    "item",
    "items_of_rows",
    "joined",
    "numbers",
    "optional",
    "render",
    "rows_of",
    "sequence",
    "texts",
]

Lengths = npt.NDArray[np.int64]

_SHORT_LENGTH_LIMIT = 0xFFFF


class Column:
    """n byte strings, each the concatenation of the same pieces.

    Parameters
    ----------
    pieces
        Each is either one byte string, common to all items, or a list of n.
    length
        Bytes of each of the n strings: one number or an array of n.

    """

    __slots__ = ("length", "pieces")

    def __init__(
        self, pieces: Iterable[bytes | list[bytes]], length: int | Lengths
    ) -> None:
        self.pieces: tuple[bytes | list[bytes], ...] = tuple(pieces)
        self.length = length


def constant(value: bytes) -> Column:
    """Make a column of equal byte strings."""
    return Column((value,), len(value))


def joined(*columns: Column) -> Column:
    """Concatenate columns string by string."""
    pieces: list[bytes | list[bytes]] = []
    length: int | Lengths = 0
    for column in columns:
        length = length + column.length
        for piece in column.pieces:
            if isinstance(piece, bytes) and pieces and isinstance(pieces[-1], bytes):
                pieces[-1] += piece
            else:
                pieces.append(piece)
    return Column(pieces, length)


def _of_strings(strings: list[bytes]) -> Column:
    lengths = np.fromiter(map(len, strings), np.int64, len(strings))
    if len(lengths) and (lengths == lengths[0]).all():
        return Column((strings,), int(lengths[0]))
    return Column((strings,), lengths)


def _selected(strings: Sequence[bytes], rows: npt.NDArray[np.intp]) -> list[bytes]:
    table = np.empty(len(strings), object)
    table[:] = strings
    return cast("list[bytes]", table[rows].tolist())


def _padded(strings: Iterable[bytes], padding: bytes) -> list[bytes]:
    return [string + padding if len(string) & 1 else string for string in strings]


def texts(values: Iterable[bytes], vr: str) -> Column:
    """Make a column of encoded text values, padded to even length as the VR demands."""
    return _of_strings(_padded(values, padding_of(vr)))


def gathered(unique: Column | Sequence[bytes], inverse: npt.ArrayLike) -> Column:
    """Make a column of n strings out of fewer distinct ones, which are shared.

    Parameters
    ----------
    unique
        Distinct strings, or a column of them. They are taken as they are.
    inverse
        Shape (n,): for each item the zero-based index of its string.

    """
    rows = np.asarray(inverse, np.intp)
    if isinstance(unique, Column):
        size = int(rows.max()) + 1 if len(rows) else 0
        unique = rows_of(unique, size)
    return _of_strings(_selected(unique, rows))


def optional(column: Column, present: npt.ArrayLike) -> Column:
    """Leave the strings of some items out.

    Parameters
    ----------
    present
        Shape (n,): false for the items whose string becomes empty.

    """
    mask = np.asarray(present, np.bool_)
    if mask.all():
        return column
    strings = rows_of(column, len(mask))
    kept = zip(strings, mask.tolist(), strict=True)
    return _of_strings([string if keep else b"" for string, keep in kept])


def numbers(values: npt.ArrayLike, vr: str | None = None) -> Column:
    """Make a column of binary numbers.

    Parameters
    ----------
    values
        Shape (n,) or (n, vm).
    vr
        Numeric VR to convert to. By default, the numbers are written in the type that
        the array has.

    Raises
    ------
    InvalidArgumentError
        If a number does not fit the VR.

    """
    array = np.asarray(values)
    if vr is not None:
        array = checked_numbers(array, vr)
    array = array.astype(array.dtype.newbyteorder("<"), copy=False)
    width = array.dtype.itemsize * int(np.prod(array.shape[1:], dtype=np.int64))
    if width == 0:
        return constant(b"")
    cells = np.frombuffer(array.tobytes(), f"V{width}").tolist()
    return Column((cells,), width) if width % 2 == 0 else texts(cells, "OB")


def _distinct_texts(
    array: npt.NDArray[Any], format_value: Any
) -> list[str] | list[list[str]]:
    """Text of each number, formatting each distinct number only once."""
    unique, inverse = np.unique(array, return_inverse=True)
    table = np.empty(len(unique), object)
    table[:] = [format_value(value) for value in unique.tolist()]
    return cast("list[str]", table[inverse.reshape(array.shape)].tolist())


def _number_strings(values: npt.NDArray[Any], format_value: Any) -> Column:
    rows = _distinct_texts(values, format_value)
    if values.ndim > 1:
        rows = ["\\".join(row) for row in rows]
    return texts((cast(str, row).encode("ascii") for row in rows), "DS")


def decimal_strings(values: npt.ArrayLike) -> Column:
    """Make a column of decimal strings (VR DS) of at most 16 characters each.

    Parameters
    ----------
    values
        Shape (n,) or (n, vm); finite.

    Raises
    ------
    InvalidArgumentError
        If a number is not finite.

    """
    return _number_strings(np.asarray(values, np.float64), decimal_string)


def integer_strings(values: npt.ArrayLike) -> Column:
    """Make a column of integer strings (VR IS).

    Parameters
    ----------
    values
        Shape (n,) or (n, vm); integers of at most 32 bits.

    Raises
    ------
    InvalidArgumentError
        If a number does not fit.

    """
    return _number_strings(np.asarray(values, np.int64), integer_string)


def _length_field(length: int | Lengths, size: int) -> Column:
    if isinstance(length, np.ndarray):
        unique, inverse = np.unique(length, return_inverse=True)
        fields = [int(value).to_bytes(size, "little") for value in unique]
        return Column((_selected(fields, inverse),), size)
    return constant(int(length).to_bytes(size, "little"))


def _longest(length: int | Lengths) -> int:
    return int(np.max(length, initial=0))


def element(
    attribute: str | int, column: Column, *, implicit: bool, vr: str | None = None
) -> Column:
    """Make a column of data elements from a column of values.

    Parameters
    ----------
    attribute
        Keyword or tag.
    column
        Encoded values of even length.
    implicit
        Whether the VR is left out (Implicit VR Little Endian).
    vr
        Needed where the dictionary leaves a choice or does not know the tag.

    Raises
    ------
    InvalidAttributeError
        If a value is longer than its VR allows.

    """
    tag = tag_of(attribute) if isinstance(attribute, str) else attribute
    vr = vr or dictionary_VR(tag)
    long = has_long_length(vr, implicit=implicit)
    if not long and _longest(column.length) > _SHORT_LENGTH_LIMIT:
        raise InvalidAttributeError(
            f"A value of {_longest(column.length)} bytes is too long for the attribute "
            f"'{attribute}' with VR {vr}, which takes at most 65534.",
            keyword=attribute if isinstance(attribute, str) else None,
        )
    header = constant(element_header(tag, vr, implicit=implicit))
    return joined(header, _length_field(column.length, 4 if long else 2), column)


def item(*columns: Column) -> Column:
    """Make a column of sequence items that hold the given elements."""
    content = joined(*columns)
    header = constant(item_header(0)[:4])
    return joined(header, _length_field(content.length, 4), content)


def sequence(attribute: str | int, *columns: Column, implicit: bool) -> Column:
    """Make a column of sequences of one item, which holds the given elements.

    An empty sequence is ``element(attribute, constant(b""), implicit=implicit)``.
    """
    return element(attribute, item(*columns), implicit=implicit, vr="SQ")


def items_of_rows(items: Column, counts: npt.ArrayLike) -> Column:
    """Put m items into the n sequences that they belong to.

    Parameters
    ----------
    items
        Column of m items, ordered by sequence.
    counts
        Shape (n,): number of items of each sequence; their sum is m.

    Returns
    -------
    Column
        Values of n sequences, to be given to :func:`element`. Those without an item
        are empty.

    """
    numbers_of_items = np.asarray(counts, np.int64)
    strings = rows_of(items, int(numbers_of_items.sum()))
    ends = accumulate(numbers_of_items.tolist(), initial=0)
    spans = pairwise(ends)
    return _of_strings([b"".join(strings[start:end]) for start, end in spans])


def rows_of(column: Column, count: int) -> list[bytes]:
    """Strings of a column, one by one."""
    pieces = _expanded(column, count)
    if len(pieces) == 1:
        return pieces[0]
    return [b"".join(parts) for parts in zip(*pieces, strict=True)]


def _expanded(column: Column, count: int) -> list[list[bytes]]:
    if all(isinstance(piece, bytes) for piece in column.pieces):
        return [[b"".join(cast("tuple[bytes, ...]", column.pieces))] * count]
    pieces = [
        [piece] * count if isinstance(piece, bytes) else piece
        for piece in column.pieces
    ]
    sizes = {len(piece) for piece in pieces}
    if sizes != {count}:
        raise InvalidArgumentError(
            f"Columns of {sorted(sizes)} items cannot stand together where "
            f"{count} are expected."
        )
    return pieces


def render(column: Column, count: int) -> bytes:
    """Concatenate the strings of a column.

    Parameters
    ----------
    count
        Number of strings, n.

    Raises
    ------
    InvalidArgumentError
        If the column has another number of strings.

    """
    pieces = _expanded(column, count)
    if len(pieces) == 1:
        return b"".join(pieces[0])
    interleaved: list[bytes] = [b""] * (len(pieces) * count)
    for place, piece in enumerate(pieces):
        interleaved[place :: len(pieces)] = piece
    return b"".join(interleaved)


def encode_dataset(dataset: Dataset, *, implicit: bool) -> bytes:
    """Encode the elements of a dataset or item, without an item header.

    The same as :func:`highdicom.encoding.tree.encode_tree`, for the constant parts of
    columns.
    """
    return encode_tree(dataset, implicit=implicit)
