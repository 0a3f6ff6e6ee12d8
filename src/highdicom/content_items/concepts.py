"""Code sequences that content items share, and what they say (PS3.3 8.8).

A report says the same few concepts thousands of times. Each is encoded once, as a
sequence of one item, and all content items hold that same immutable element. What an
element says is likewise decoded once.
"""

import struct
from copy import deepcopy
from functools import lru_cache
from typing import Any

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code
from pydicom.values import convert_SQ

from highdicom.coding import CodedConcept
from highdicom.encoding.elements import data_element, raw_element, tag_of
from highdicom.encoding.tree import encode_items
from highdicom.errors import ArgumentTypeError

__all__ = [
    "ConceptKey",
    "code_sequence",
    "is_same_concept",
    "key_of_code",
    "key_of_dataset",
    "key_of_element",
    "stored_text",
]

ConceptKey = tuple[str, str, str | None]
"""Code, designator of its scheme and version of the scheme."""

_VALUE_TAGS = tuple(tag_of(f"{kind}CodeValue") for kind in ("Long", "URN"))
_CODE_VALUE = tag_of("CodeValue")
_SCHEME = tag_of("CodingSchemeDesignator")
_VERSION = tag_of("CodingSchemeVersion")
_MEANING = tag_of("CodeMeaning")
_PLAIN = frozenset((_CODE_VALUE, *_VALUE_TAGS, _SCHEME, _VERSION, _MEANING))

# A sequence of one code takes about a hundred bytes.
_LONGEST_REMEMBERED = 1024


def code_sequence(
    keyword: str, code: Code | CodedConcept, argument: str
) -> RawDataElement | DataElement:
    """Make a code sequence of one item.

    Parameters
    ----------
    keyword
        Keyword of the sequence.
    code
        What it is to say.
    argument
        Name of the argument, for the error.

    Returns
    -------
    RawDataElement | DataElement
        An element shared by all that say the same, unless the code has attributes
        beyond value, scheme and meaning, or text other than ASCII.

    Raises
    ------
    ArgumentTypeError
        If it is neither a pydicom code nor a coded concept.

    """
    if isinstance(code, Code):
        texts: tuple[Any, ...] | None = tuple(code)
    elif isinstance(code, CodedConcept):
        texts = _plain_texts(code)
    else:
        raise ArgumentTypeError(
            f"'{argument}' must be a pydicom Code or a CodedConcept, "
            f"not {type(code).__name__}."
        )
    if texts is None:
        return data_element(keyword, [deepcopy(code)])
    shared = _shared_code_sequence(keyword, *texts)
    return shared or data_element(keyword, [CodedConcept(*texts)])


@lru_cache(maxsize=8192)
def _shared_code_sequence(
    keyword: str, value: str, scheme: str, meaning: str, version: str | None = None
) -> RawDataElement | None:
    concept = CodedConcept(value, scheme, meaning, version)
    if not all(isinstance(element, RawDataElement) for _, element in concept.items()):
        return None  # has text other than ASCII
    return raw_element(tag_of(keyword), "SQ", encode_items([concept]))


def _plain_texts(concept: Dataset) -> tuple[str, str, str, str | None] | None:
    """Value, scheme, meaning and version of a concept that has nothing else."""
    elements = concept._dict  # noqa: SLF001 (ten times faster; this is the hot path)
    if not _PLAIN.issuperset(elements) or _MEANING not in elements:
        return None
    key = key_of_dataset(concept)
    if key is None:
        return None
    meaning = stored_text(elements[_MEANING])
    if not meaning.isascii():
        # Encoded bytes can only be decoded by the dataset, which knows how.
        meaning = str(concept.CodeMeaning)
    return key[0], key[1], meaning, key[2]


def stored_text(element: RawDataElement | DataElement) -> str:
    """Text of an element that holds one value of ASCII text."""
    value = element.value
    if isinstance(value, bytes):
        return value.decode("ascii", "replace").strip(" \0")
    return "" if value is None else str(value)


def key_of_code(code: Code | Dataset) -> ConceptKey:
    """What a code says, whatever its meaning is called.

    Raises
    ------
    ArgumentTypeError
        If it is neither a pydicom code nor a coded concept.

    """
    if isinstance(code, Code):
        return code[0], code[1], code[3]
    checked: Any = code
    key = key_of_dataset(checked) if isinstance(checked, Dataset) else None
    if key is None:
        raise ArgumentTypeError(
            f"A code must be a pydicom Code or a CodedConcept, not {type(code).__name__}."
        )
    return key


def key_of_dataset(item: Dataset) -> ConceptKey | None:
    """What the item of a code sequence says, or None if it says nothing."""
    elements = item._dict  # noqa: SLF001
    value = elements.get(_CODE_VALUE)
    if value is None:
        found = [elements[tag] for tag in _VALUE_TAGS if tag in elements]
        if not found:
            return None
        value = found[0]
    scheme = elements.get(_SCHEME)
    version = elements.get(_VERSION)
    return (
        stored_text(value),
        "" if scheme is None else stored_text(scheme),
        None if version is None else stored_text(version) or None,
    )


def key_of_element(element: RawDataElement | DataElement) -> ConceptKey | None:
    """What a code sequence says, or None if it says nothing or cannot be read."""
    value: Any = element.value
    if not isinstance(element, RawDataElement):
        return key_of_dataset(value[0]) if value else None
    if not value:
        return None
    decode = _decoded if len(value) <= _LONGEST_REMEMBERED else _decoded.__wrapped__
    return decode(value, element.is_implicit_VR, element.is_little_endian)


@lru_cache(maxsize=8192)
def _decoded(
    value: bytes,
    implicit: bool,
    little_endian: bool,
) -> ConceptKey | None:
    try:
        items = convert_SQ(value, implicit, little_endian)
    except (ValueError, EOFError, OSError, struct.error, KeyError):
        return None
    return key_of_dataset(items[0]) if items else None


def is_same_concept(first: ConceptKey | None, second: ConceptKey | None) -> bool:
    """Whether two keys mean the same concept.

    Codes of the scheme "SRT" equal those of "SCT" that replace them, as in pydicom.
    """
    if first == second:
        return first is not None
    if first is None or second is None:
        return False
    if "SRT" not in (first[1], second[1]):
        return False
    return _is_mapped(first, second)


@lru_cache(maxsize=8192)
def _is_mapped(first: ConceptKey, second: ConceptKey) -> bool:
    codes = [
        Code(value, scheme, "", version) for value, scheme, version in (first, second)
    ]
    return bool(codes[0] == codes[1])
