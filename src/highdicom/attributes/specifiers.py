"""The kinds of attributes: what is written, what is read, what is refused."""

import datetime
import math
import re
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, TypeAlias, TypeVar

import numpy as np
from pydicom import config
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code
from pydicom.valuerep import DA, DT, TM, PersonName, validate_value

from highdicom.arguments import is_number
from highdicom.attributes.descriptor import Attribute, AttributeType
from highdicom.coding import CodedConcept
from highdicom.typing import TypedDict, Unpack
from highdicom.uid import UID

__all__ = [
    "Coded",
    "CodedList",
    "OptionalCoded",
    "coded",
    "coded_list",
    "Date",
    "DateTime",
    "Enumerated",
    "Integer",
    "Integers",
    "Items",
    "Name",
    "Number",
    "Numbers",
    "OptionalDate",
    "OptionalDateTime",
    "OptionalEnumerated",
    "OptionalInteger",
    "OptionalIntegers",
    "OptionalItems",
    "OptionalName",
    "OptionalNumber",
    "OptionalNumbers",
    "OptionalSequence",
    "OptionalText",
    "OptionalTexts",
    "OptionalTime",
    "OptionalUid",
    "Text",
    "Texts",
    "Time",
    "Uid",
    "between",
    "date",
    "date_time",
    "enumerated",
    "integer",
    "integers",
    "items",
    "number",
    "numbers",
    "person_name",
    "sequence",
    "text",
    "texts",
    "time",
    "uid",
]

E = TypeVar("E", bound=Enum)
D = TypeVar("D", bound=Dataset)
S = TypeVar("S", bound=Sequence)

Text: TypeAlias = Attribute[str, str]
OptionalText: TypeAlias = Attribute[str | None, str | None]
Texts: TypeAlias = Attribute[list[str], str | Iterable[str]]
OptionalTexts: TypeAlias = Attribute[list[str] | None, str | Iterable[str] | None]
Uid: TypeAlias = Attribute[UID, str]
OptionalUid: TypeAlias = Attribute[UID | None, str | None]
Integer: TypeAlias = Attribute[int, int]
OptionalInteger: TypeAlias = Attribute[int | None, int | None]
Integers: TypeAlias = Attribute[list[int], int | Iterable[int]]
OptionalIntegers: TypeAlias = Attribute[list[int] | None, int | Iterable[int] | None]
Number: TypeAlias = Attribute[float, float]
OptionalNumber: TypeAlias = Attribute[float | None, float | None]
Numbers: TypeAlias = Attribute[list[float], float | Iterable[float]]
OptionalNumbers: TypeAlias = Attribute[
    list[float] | None, float | Iterable[float] | None
]
Enumerated: TypeAlias = Attribute[E, E | str]
OptionalEnumerated: TypeAlias = Attribute[E | None, E | str | None]
Name: TypeAlias = Attribute[PersonName, str | PersonName]
OptionalName: TypeAlias = Attribute[PersonName | None, str | PersonName | None]
Date: TypeAlias = Attribute[datetime.date, datetime.date | str]
OptionalDate: TypeAlias = Attribute[datetime.date | None, datetime.date | str | None]
Time: TypeAlias = Attribute[datetime.time, datetime.time | str]
OptionalTime: TypeAlias = Attribute[datetime.time | None, datetime.time | str | None]
DateTime: TypeAlias = Attribute[datetime.datetime, datetime.datetime | str]
OptionalDateTime: TypeAlias = Attribute[
    datetime.datetime | None, datetime.datetime | str | None
]
Items: TypeAlias = Attribute[list[D], Iterable[D]]
OptionalItems: TypeAlias = Attribute[list[D] | None, Iterable[D] | None]
Coded: TypeAlias = Attribute[CodedConcept, Code | CodedConcept]
OptionalCoded: TypeAlias = Attribute[CodedConcept | None, Code | CodedConcept | None]
CodedList: TypeAlias = Attribute[
    list[CodedConcept], Iterable[Code | CodedConcept] | None
]
OptionalSequence: TypeAlias = Attribute[S | None, S | None]

_Check = Callable[[Attribute[Any, Any], Any], Any]


class Options(TypedDict, total=False):
    """What may be said of any attribute, as of :class:`Attribute`."""

    default: Any
    doc: str
    vr: str | None


# --- text ----------------------------------------------------------------------------


# In other texts a backslash stands between two values (PS3.5 6.2).
_WITH_BACKSLASH = frozenset(("LT", "ST", "UT"))


def _checked_text(attribute: Attribute[Any, Any], value: Any) -> str:
    if not isinstance(value, str):
        attribute.refuse_type(value, "a string")
    vr = attribute.vr
    try:
        validate_value(vr, value, config.RAISE)
    except ValueError as error:
        attribute.refuse(
            value, f"valid for the value representation {vr} ({_clause(error)})"
        )
    if "\\" in value and vr not in _WITH_BACKSLASH:
        attribute.refuse(value, "a text without a backslash, which parts values")
    if attribute.type in {"1", "1C"} and not value:
        attribute.refuse(value, "a text that is not empty")
    return value


def _clause(error: ValueError) -> str:
    """What pydicom has to say, to stand in a sentence of ours."""
    sentence = str(error).rstrip(".")
    return f"{sentence[:1].lower()}{sentence[1:]}"


def _listed(value: Any) -> list[Any]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        return [value]
    return list(value)


def _each(check: _Check, count: int | None = None) -> _Check:
    """Check each of several values, and how many there are."""

    def checked(attribute: Attribute[Any, Any], value: Any) -> list[Any]:
        values = [check(attribute, one) for one in _listed(value)]
        if count is not None and len(values) != count:
            attribute.refuse(value, f"{count} values")
        if not values and attribute.type in {"1", "1C"}:
            attribute.refuse(value, "one value or more")
        return values

    return checked


def _read_list(convert: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def read(value: Any) -> list[Any]:
        several = isinstance(value, (MultiValue, list, tuple))
        return [convert(one) for one in (value if several else [value])]

    return read


def text(
    keyword: str,
    type: AttributeType,  # noqa: A002
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Text of one value, checked against its value representation (PS3.5 6.2)."""
    return Attribute(keyword, type, write=_checked_text, read=str, **options)


def texts(
    keyword: str,
    type: AttributeType,  # noqa: A002
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Text of one or more values."""
    return Attribute(
        keyword,
        type,
        write=_each(_checked_text),
        read=_read_list(str),
        **options,
    )


_UID_FORM = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*))*")


def _checked_uid(attribute: Attribute[Any, Any], value: Any) -> UID:
    if not isinstance(value, str):
        attribute.refuse_type(value, "a UID")
    if len(value) > 64 or not _UID_FORM.fullmatch(value):
        attribute.refuse(
            value, "a UID: at most 64 digits and dots, no leading zeros (PS3.5 9.1)"
        )
    return UID(value)


def uid(
    keyword: str,
    type: AttributeType,  # noqa: A002
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Unique identifier (PS3.5 9)."""
    return Attribute(keyword, type, write=_checked_uid, read=UID, **options)


def _checked_name(attribute: Attribute[Any, Any], value: Any) -> Any:
    if not isinstance(value, (str, PersonName)):
        attribute.refuse_type(value, "a person name")
    try:
        validate_value("PN", str(value), config.RAISE)
    except ValueError as error:
        attribute.refuse(value, f"a person name ({_clause(error)})")
    return value if isinstance(value, PersonName) else PersonName(value)


def person_name(
    keyword: str,
    type: AttributeType,  # noqa: A002
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Person name (PS3.5 6.2.1)."""
    return Attribute(keyword, type, write=_checked_name, **options)


def enumerated(
    keyword: str,
    type: AttributeType,  # noqa: A002
    values: type[E],
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """One of the members of an enumeration, given as member or value."""
    allowed = ", ".join(str(member.value) for member in values)

    def write(attribute: Attribute[Any, Any], value: Any) -> Any:
        try:
            return values(value).value
        except ValueError:
            attribute.refuse(value, f"one of {allowed}")

    return Attribute(keyword, type, write=write, read=values, **options)


# --- numbers -------------------------------------------------------------------------


def between(low: float, high: float) -> Callable[[float], str | None]:
    """Bounds of a number, both included."""

    def bounds(value: float) -> str | None:
        return None if low <= value <= high else f"between {low} and {high}"

    return bounds


def _any_number(_: float) -> str | None:
    return None


_INTEGER_RANGES = {
    "US": (0, 2**16 - 1),
    "SS": (-(2**15), 2**15 - 1),
    "UL": (0, 2**32 - 1),
    "SL": (-(2**31), 2**31 - 1),
    "IS": (-(2**31), 2**31 - 1),
    "UV": (0, 2**64 - 1),
    "SV": (-(2**63), 2**63 - 1),
}


def _integer_check(bounds: Callable[[float], str | None]) -> _Check:
    def check(attribute: Attribute[Any, Any], value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            attribute.refuse_type(value, "an integer")
        low, high = _INTEGER_RANGES[attribute.vr]
        expected = bounds(int(value)) or between(low, high)(int(value))
        if expected:
            attribute.refuse(value, expected)
        return int(value)

    return check


def _number_check(bounds: Callable[[float], str | None]) -> _Check:
    def check(attribute: Attribute[Any, Any], value: Any) -> float:
        if not is_number(value):
            attribute.refuse_type(value, "a number")
        # Decimal strings have no way to say infinity or "not a number".
        if attribute.vr == "DS" and not math.isfinite(value):
            attribute.refuse(value, "a finite number")
        expected = bounds(float(value))
        if expected:
            attribute.refuse(value, expected)
        return float(value)

    return check


def integer(
    keyword: str,
    type: AttributeType,  # noqa: A002
    bounds: Callable[[float], str | None] = _any_number,
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Integer of one value."""
    return Attribute(
        keyword,
        type,
        write=_integer_check(bounds),
        read=int,
        **options,
    )


def integers(
    keyword: str,
    type: AttributeType,  # noqa: A002
    bounds: Callable[[float], str | None] = _any_number,
    *,
    count: int | None = None,
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Integers, as many as `count` says."""
    return Attribute(
        keyword,
        type,
        write=_each(_integer_check(bounds), count),
        read=_read_list(int),
        **options,
    )


def number(
    keyword: str,
    type: AttributeType,  # noqa: A002
    bounds: Callable[[float], str | None] = _any_number,
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Decimal string or floating point number of one value."""
    return Attribute(
        keyword,
        type,
        write=_number_check(bounds),
        read=float,
        **options,
    )


def numbers(
    keyword: str,
    type: AttributeType,  # noqa: A002
    bounds: Callable[[float], str | None] = _any_number,
    *,
    count: int | None = None,
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Decimal strings or floating point numbers, as many as `count` says."""
    return Attribute(
        keyword,
        type,
        write=_each(_number_check(bounds), count),
        read=_read_list(float),
        **options,
    )


# --- dates and times -----------------------------------------------------------------


def _temporal(
    keyword: str,
    type: AttributeType,  # noqa: A002
    native: type[Any],
    pydicom_class: type[Any],
    options: Options,
) -> Attribute[Any, Any]:
    """Date, time or both: Python's own, or the text of the standard."""

    def write(attribute: Attribute[Any, Any], value: Any) -> Any:
        if not isinstance(value, (str, native)):
            attribute.refuse_type(value, f"a string or {native.__name__}")
        try:
            converted = pydicom_class(value)
        except ValueError:
            attribute.refuse(value, f"a value of representation {attribute.vr}")
        return converted

    return Attribute(keyword, type, write=write, read=pydicom_class, **options)


def date(
    keyword: str,
    type: AttributeType,  # noqa: A002
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Date."""
    return _temporal(keyword, type, datetime.date, DA, options)


def time(
    keyword: str,
    type: AttributeType,  # noqa: A002
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Time of day."""
    return _temporal(keyword, type, datetime.time, TM, options)


def date_time(
    keyword: str,
    type: AttributeType,  # noqa: A002
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Date and time."""
    return _temporal(keyword, type, datetime.datetime, DT, options)


# --- sequences -----------------------------------------------------------------------


def adopt_item(item: Dataset, item_class: type[D]) -> D:
    """Make an item one of a class, in place, with all that is nested in it."""
    if isinstance(item, item_class):
        return item
    adopted: D = item_class.from_dataset(item, copy=False)  # type: ignore[attr-defined]
    return adopted


def items(
    keyword: str,
    type: AttributeType,  # noqa: A002
    item_class: type[D],
    *,
    empty: Callable[[], Any] | None = None,
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Items of a class; `empty` is what readers get where there are none."""

    def write(attribute: Attribute[Any, Any], value: Any) -> list[D]:
        if isinstance(value, Dataset) or not isinstance(value, Iterable):
            attribute.refuse_type(value, f"a sequence of {item_class.__name__}")
        given = list(value)
        for item in given:
            if not isinstance(item, item_class):
                attribute.refuse_type(item, f"a sequence of {item_class.__name__}")
        if not given and attribute.type in {"1", "1C"}:
            attribute.refuse(value, "one item or more")
        return given

    def adopt(_: Attribute[Any, Any], stored: Sequence) -> Sequence:
        for item in stored:
            adopt_item(item, item_class)
        return stored

    return Attribute(
        keyword,
        type,
        write=write,
        read=list,
        adopt=adopt,
        empty=empty,
        **options,
    )


def sequence(
    keyword: str,
    type: AttributeType,  # noqa: A002
    sequence_class: type[S],
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Sequence of a class of its own, such as one that holds a single item."""

    def write(attribute: Attribute[Any, Any], value: Any) -> S:
        if not isinstance(value, sequence_class):
            attribute.refuse_type(value, sequence_class.__name__)
        return value

    def adopt(_: Attribute[Any, Any], stored: Sequence) -> Sequence:
        if isinstance(stored, sequence_class):
            return stored
        adopted: Sequence = sequence_class.from_sequence(stored, copy=False)  # type: ignore[attr-defined]
        return adopted

    return Attribute(keyword, type, write=write, adopt=adopt, **options)


# --- codes ---------------------------------------------------------------------------


def _concept(attribute: Attribute[Any, Any], code: Any) -> CodedConcept:
    if not isinstance(code, (Code, CodedConcept)):
        attribute.refuse_type(code, "a pydicom Code or a CodedConcept")
    return CodedConcept.from_code(code)


def _adopt_concepts(_: Attribute[Any, Any], stored: Sequence) -> Sequence:
    for item in stored:
        adopt_item(item, CodedConcept)
    return stored


def _first_concept(stored: Sequence) -> CodedConcept:
    return adopt_item(stored[0], CodedConcept)


def _all_concepts(stored: Sequence) -> list[CodedConcept]:
    return [adopt_item(item, CodedConcept) for item in stored]


def _bound_to(cid: int | None, options: Options) -> Options:
    """Name the context group that codes are to be taken from."""
    if cid is None:
        return options
    said = f"{options.get('doc', '')} Of context group {cid}.".strip()
    return {**options, "doc": said}


def coded(
    keyword: str,
    type: AttributeType,  # noqa: A002
    *,
    cid: int | None = None,
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Code sequence of one item; `cid` is the context group it is to be taken from."""
    return Attribute(
        keyword,
        type,
        write=lambda attribute, code: [_concept(attribute, code)],
        read=_first_concept,
        adopt=_adopt_concepts,
        **_bound_to(cid, options),
    )


def coded_list(
    keyword: str,
    type: AttributeType,  # noqa: A002
    *,
    cid: int | None = None,
    **options: Unpack[Options],
) -> Attribute[Any, Any]:
    """Code sequence of any number of items; readers get an empty list for none."""

    def write(attribute: Attribute[Any, Any], given: Any) -> list[CodedConcept]:
        if isinstance(given, (Dataset, Code)) or not isinstance(given, Iterable):
            attribute.refuse_type(given, "a sequence of codes")
        concepts = [_concept(attribute, code) for code in given]
        if not concepts and attribute.type in {"1", "1C"}:
            attribute.refuse(given, "one code or more")
        return concepts

    return Attribute(
        keyword,
        type,
        write=write,
        read=_all_concepts,
        adopt=_adopt_concepts,
        empty=list,
        **_bound_to(cid, options),
    )
