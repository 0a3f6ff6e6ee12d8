"""Values of many items as arrays, from where they stand in the bytes (PS3.5 6.2).

Of text, only distinct values are converted.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.charset import convert_encodings, decode_bytes, default_encoding
from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.tag import BaseTag
from pydicom.valuerep import CUSTOMIZABLE_CHARSET_VR, TEXT_VR_DELIMS

from highdicom.encoding.cursor import Occurrences, ParsedItems
from highdicom.encoding.distinct import distinct_objects
from highdicom.encoding.elements import TagPath
from highdicom.encoding.values import NUMBER_TYPES
from highdicom.errors import InvalidAttributeError

__all__ = [
    "decimals_at",
    "encoded_at",
    "integers_at",
    "keyword_path",
    "numbers_at",
    "texts_at",
    "value_representation",
    "values_at",
]

Integers = npt.NDArray[np.int64]

_WORTH_HASHING = 256
_MOST_LENGTHS = 16
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def keyword_path(path: TagPath) -> str:
    """Path in words, such as ``"PlanePositionSequence.ImagePositionPatient"``."""
    return ".".join(keyword_for_tag(tag) or str(BaseTag(tag)) for tag in path)


def value_representation(occurrences: Occurrences, path: TagPath) -> str:
    """VR of what was found, from the dictionary where it is not encoded."""
    if occurrences.vr and occurrences.vr != "UN":
        return occurrences.vr
    try:
        return dictionary_VR(path[-1])
    except KeyError:
        return "UN"


def _error(path: TagPath, row: int, reason: str) -> InvalidAttributeError:
    keywords = keyword_path(path)
    return InvalidAttributeError(
        f"The value of '{keywords}' in item {row + 1} {reason}.",
        path=keywords,
        keyword=keyword_for_tag(path[-1]),
    )


def encoded_at(
    items: ParsedItems, occurrences: Occurrences
) -> tuple[list[bytes], Integers]:
    """Distinct encoded values.

    Returns
    -------
    tuple
        The values as they stand in the bytes, in no certain order, and for each
        occurrence the index of its own.

    """
    if len(occurrences) >= _WORTH_HASHING:
        found = _distinct_by_hash(items.value, occurrences)
        if found is not None:
            return found
    ends = (occurrences.offsets + occurrences.lengths).tolist()
    return distinct_objects(
        items.value[start:end]
        for start, end in zip(occurrences.offsets.tolist(), ends, strict=True)
    )


def _distinct_by_hash(
    value: bytes, occurrences: Occurrences
) -> tuple[list[bytes], Integers] | None:
    """Find distinct values with arrays; None if that cannot be done or is in doubt."""
    lengths = np.unique(occurrences.lengths)
    if len(lengths) > _MOST_LENGTHS or lengths[0] < 8:
        return None
    # Eight bytes from every offset on.
    words = np.ndarray((len(value) - 7,), "<u8", value, 0, (1,))
    distinct: list[bytes] = []
    inverse = np.empty(len(occurrences), np.int64)
    for length in lengths.tolist():
        rows = np.flatnonzero(occurrences.lengths == length)
        # The last eight bytes may overlap with those before.
        parts = np.append(np.arange(0, length - 7, 8), length - 8)
        content = words[occurrences.offsets[rows][:, None] + parts]
        first, places = _distinct_words(content)
        if not (content == content[first[places]]).all():
            return None
        inverse[rows] = places + len(distinct)
        starts = occurrences.offsets[rows[first]].tolist()
        distinct += [value[start : start + length] for start in starts]
    return distinct, inverse


def _distinct_words(content: npt.NDArray[np.uint64]) -> tuple[Integers, Integers]:
    """First row of each kind and the kind of each row, supposing that hashes differ."""
    if (content == content[0]).all():
        return np.zeros(1, np.int64), np.zeros(len(content), np.int64)
    hashes = np.zeros(len(content), np.uint64)
    for column in content.T:
        hashes = (hashes ^ column) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
    _, first, places = np.unique(hashes, return_index=True, return_inverse=True)
    return first, places.reshape(-1)


def texts_at(
    items: ParsedItems,
    occurrences: Occurrences,
    path: TagPath,
    character_set: str | list[str] = default_encoding,
) -> tuple[list[str], Integers]:
    """Distinct texts, without padding.

    Parameters
    ----------
    path
        Where they were found; decides whether the character set matters.

    Returns
    -------
    tuple
        The texts, not split at backslashes, and for each occurrence the index of its
        own.

    """
    encoded, inverse = encoded_at(items, occurrences)
    encodings = [default_encoding]
    if value_representation(occurrences, path) in CUSTOMIZABLE_CHARSET_VR:
        encodings = convert_encodings(character_set)
    decoded = [
        decode_bytes(value, encodings, TEXT_VR_DELIMS).strip("\0 ") for value in encoded
    ]
    texts, places = distinct_objects(decoded)
    return texts, places[inverse]


def numbers_at(
    items: ParsedItems, occurrences: Occurrences, path: TagPath, vr: str | None = None
) -> npt.NDArray[Any]:
    """Binary numbers.

    Parameters
    ----------
    path
        Where they were found, for the VR and for error messages.
    vr
        Numeric VR. By default, the one that was found.

    Returns
    -------
    numpy.ndarray
        Shape (k, vm), in the type of the VR.

    Raises
    ------
    InvalidAttributeError
        If the number of values differs, or they are no numbers.

    """
    vr = vr or value_representation(occurrences, path)
    if vr == "US or SS":
        vr = "US"
    if vr not in NUMBER_TYPES:
        raise _error(path, 0, f"has VR {vr} instead of numbers")
    dtype = NUMBER_TYPES[vr]
    if not len(occurrences):
        return np.empty((0, 0), dtype)
    length = int(occurrences.lengths[0])
    unequal = occurrences.lengths != length
    if unequal.any() or length % dtype.itemsize:
        row = int(occurrences.rows[np.argmax(unequal)])
        other = int(occurrences.lengths[np.argmax(unequal)])
        raise _error(
            path, row, f"has {other} bytes, which fits neither VR {vr} nor the others"
        )
    content = np.frombuffer(items.value, np.uint8)
    places = occurrences.offsets[:, None] + np.arange(length)
    numbers: npt.NDArray[Any] = content[places].view(dtype)
    return numbers


def _parsed_numbers(
    items: ParsedItems,
    occurrences: Occurrences,
    path: TagPath,
    parse: Callable[[bytes], Any],
    dtype: Any,
) -> npt.NDArray[Any]:
    encoded, inverse = encoded_at(items, occurrences)
    if not encoded:
        return np.empty((0, 0), dtype)
    parsed = [_parsed(value, parse) for value in encoded]
    count = len(parsed[0] or ())
    for index, numbers in enumerate(parsed):
        if numbers is None:
            reason = f"is no number: {encoded[index][:64]!r}"
        elif len(numbers) != count:
            reason = f"has {len(numbers)} values where others have {count}"
        else:
            continue
        raise _error(path, int(occurrences.rows[np.argmax(inverse == index)]), reason)
    return np.array(parsed, dtype)[inverse]


def _parsed(value: bytes, parse: Callable[[bytes], Any]) -> list[Any] | None:
    try:
        return [parse(part) for part in value.rstrip(b"\0").split(b"\\")]
    except (ValueError, OverflowError):
        return None


def decimals_at(
    items: ParsedItems, occurrences: Occurrences, path: TagPath
) -> npt.NDArray[np.float64]:
    """Decimal or integer strings (VR DS, IS) as numbers; otherwise as `integers_at`."""
    return _parsed_numbers(items, occurrences, path, _finite, np.float64)


def _finite(text: bytes) -> float:
    number = float(text)
    # Python knows words for these, the standard does not.
    if number - number != 0 or b"_" in text:
        raise ValueError(text)
    return number


def integers_at(
    items: ParsedItems, occurrences: Occurrences, path: TagPath
) -> npt.NDArray[np.int64]:
    """Integer strings (VR IS) as numbers.

    Returns
    -------
    numpy.ndarray
        Shape (k, vm).

    Raises
    ------
    InvalidAttributeError
        If a value is no number, or the number of values differs.

    """
    return _parsed_numbers(items, occurrences, path, _integer, np.int64)


def _integer(text: bytes) -> int:
    number = _finite(text)
    # Some writers put a decimal point into integer strings.
    if not number.is_integer() or abs(number) >= 2**53:
        raise ValueError(text)
    return int(number)


def values_at(
    items: ParsedItems,
    occurrences: Occurrences,
    path: TagPath,
    character_set: str | list[str] = default_encoding,
) -> npt.NDArray[Any]:
    """Values of any VR.

    Returns
    -------
    numpy.ndarray
        Shape (k, vm) for numbers, (k,) for text, and (k,) of bytes objects otherwise.
        Tags (VR AT) are integers of shape (k, vm).

    """
    vr = value_representation(occurrences, path)
    if vr in NUMBER_TYPES or vr == "US or SS":
        return numbers_at(items, occurrences, path)
    if vr == "DS":
        return decimals_at(items, occurrences, path)
    if vr == "IS":
        return integers_at(items, occurrences, path)
    if vr == "AT":
        words = numbers_at(items, occurrences, path, "UL").astype(np.int64)
        return (words & 0xFFFF) << 16 | words >> 16
    if vr in _TEXT_VRS:
        texts, inverse = texts_at(items, occurrences, path, character_set)
        return np.array(texts, np.str_)[inverse]
    encoded, inverse = encoded_at(items, occurrences)
    table = np.empty(len(encoded), object)
    table[:] = encoded
    return table[inverse]


_TEXT_VRS = frozenset(
    ("AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI")
) | {"UR", "UT"}
