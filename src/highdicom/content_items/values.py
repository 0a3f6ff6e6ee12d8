"""Content items whose value is in the item itself (PS3.3 C.17.3 and C.18)."""

import datetime
import math
import re
import struct
from functools import lru_cache
from typing import Any

import numpy as np
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.sr.coding import Code
from pydicom.valuerep import DA, DT, TM, PersonName

from highdicom.arguments import is_number
from highdicom.coding import CodedConcept
from highdicom.content_items.base import ContentItem, as_concept
from highdicom.content_items.concepts import code_sequence, stored_text
from highdicom.content_items.decoding import decoded_items
from highdicom.content_items.elements import (
    encoded_element,
    sequence_element,
    uid_element,
)
from highdicom.content_items.enum import RelationshipTypeValues, ValueTypeValues
from highdicom.content_items.query import stored_element
from highdicom.encoding.decimals import decimal_string
from highdicom.encoding.elements import (
    data_element,
    dataset_of_elements,
    raw_element,
    tag_of,
)
from highdicom.encoding.headers import element_header, item_header
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
)
from highdicom.uid import UID
from highdicom.valuerep import check_person_name

__all__ = [
    "CodeContentItem",
    "ContainerContentItem",
    "DateContentItem",
    "DateTimeContentItem",
    "NumContentItem",
    "PnameContentItem",
    "TextContentItem",
    "TimeContentItem",
    "UIDRefContentItem",
]

_TEXT_VALUE = tag_of("TextValue")
_UID = tag_of("UID")
_CODE = tag_of("ConceptCodeSequence")
_MEASURED_VALUE = tag_of("MeasuredValueSequence")
_NUMERIC_VALUE = tag_of("NumericValue")
_FLOATING_POINT_VALUE = tag_of("FloatingPointValue")
_QUALIFIER = tag_of("NumericValueQualifierCodeSequence")
_CONTINUITY = tag_of("ContinuityOfContent")
_TEMPLATE = tag_of("ContentTemplateSequence")
_TEMPLATE_ID = tag_of("TemplateIdentifier")

# PS3.5 6.1.3: TAB, LF, FF, CR and ESC are the control characters that text may have.
_FORBIDDEN_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


class CodeContentItem(ContentItem, value_type=ValueTypeValues.CODE):
    """A coded concept as value (PS3.3 C.18.2).

    Parameters
    ----------
    value
        The value.
    name, relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If name or value is not a code.
    InvalidArgumentError
        If there is no such relationship type.

    Examples
    --------
    >>> from highdicom.content_items import CodeContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = CodeContentItem(codes.SCT.FindingSite, codes.SCT.Liver, "HAS CONCEPT MOD")
    >>> item.value.meaning
    'Liver'

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        value: Code | CodedConcept,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.CODE, name, relationship_type)
        elements[_CODE] = code_sequence("ConceptCodeSequence", value, "value")

    @property
    def value(self) -> CodedConcept:
        """The value."""
        return self._concept("ConceptCodeSequence")


class TextContentItem(ContentItem, value_type=ValueTypeValues.TEXT):
    r"""Free text as value (PS3.3 Table C.17-5).

    Parameters
    ----------
    value
        Text of any length; lines end with ``"\\r\\n"``.
    name, relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code, or the value is not a string.
    InvalidArgumentError
        If the text is empty or has control characters other than those of layout.

    Examples
    --------
    >>> from highdicom.content_items import TextContentItem
    >>> from pydicom.sr.codedict import codes
    >>> TextContentItem(codes.DCM.Comment, "well defined", "CONTAINS").value
    'well defined'

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        value: str,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.TEXT, name, relationship_type)
        if not isinstance(value, str):
            raise ArgumentTypeError(
                f"'value' must be a string, not {type(value).__name__}."
            )
        if not value or _FORBIDDEN_IN_TEXT.search(value):
            raise InvalidArgumentError(
                "'value' must be a text that is not empty and has no control "
                f"characters but TAB, LF, FF and CR, not {value[:80]!r}."
            )
        elements[_TEXT_VALUE] = (
            raw_element(_TEXT_VALUE, "UT", value.encode("ascii"))
            if value.isascii()
            else data_element("TextValue", value)
        )

    @property
    def value(self) -> str:
        """The value; empty if an item that was read has none."""
        return str(self.get("TextValue") or "")


class PnameContentItem(ContentItem, value_type=ValueTypeValues.PNAME):
    """Name of a person as value (PS3.3 Table C.17-5).

    Parameters
    ----------
    value
        Family name, given name, middle name, prefix and suffix, separated by ``^``.
    name, relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name of the item is not a code, or the value is not a person name.
    InvalidArgumentError
        If the value is empty or does not have the form of a person name.

    Warns
    -----
    HighdicomWarning
        If the value has a single component.

    Examples
    --------
    >>> from highdicom.content_items import PnameContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = PnameContentItem(codes.DCM.PersonObserverName, "Doe^Jane", "CONTAINS")
    >>> item.value.family_name
    'Doe'

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        value: str | PersonName,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.PNAME, name, relationship_type)
        check_person_name(value)
        if not str(value):
            raise InvalidArgumentError("'value' must be a person name, not empty.")
        elements[tag_of("PersonName")] = data_element("PersonName", PersonName(value))

    @property
    def value(self) -> PersonName:
        """The value."""
        name: PersonName = self._stored("PersonName")
        return name


class DateContentItem(ContentItem, value_type=ValueTypeValues.DATE):
    """A date as value (PS3.3 Table C.17-5).

    Parameters
    ----------
    value
        The value; a string has the form ``"YYYYMMDD"``.
    name, relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code.
    InvalidArgumentError
        If the value is not a date.

    Examples
    --------
    >>> from highdicom.content_items import DateContentItem
    >>> from pydicom.sr.codedict import codes
    >>> DateContentItem(codes.DCM.StudyDate, "20240131", "CONTAINS").value.year
    2024

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        value: str | datetime.date | DA,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.DATE, name, relationship_type)
        elements[tag_of("Date")] = _temporal_element("Date", DA, value)

    @property
    def value(self) -> datetime.date:
        """The value."""
        return _temporal_value(DA, self._stored("Date"))  # type: ignore[no-any-return]


class TimeContentItem(ContentItem, value_type=ValueTypeValues.TIME):
    """A time of day as value (PS3.3 Table C.17-5).

    Parameters
    ----------
    value
        The value; a string has the form ``"HHMMSS.FFFFFF"``, or the first part of it.
    name, relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code.
    InvalidArgumentError
        If the value is not a time.

    Examples
    --------
    >>> from highdicom.content_items import TimeContentItem
    >>> from pydicom.sr.codedict import codes
    >>> TimeContentItem(codes.DCM.StudyTime, "1015", "CONTAINS").value.minute
    15

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        value: str | datetime.time | TM,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.TIME, name, relationship_type)
        elements[tag_of("Time")] = _temporal_element("Time", TM, value)

    @property
    def value(self) -> datetime.time:
        """The value."""
        return _temporal_value(TM, self._stored("Time"))  # type: ignore[no-any-return]


class DateTimeContentItem(ContentItem, value_type=ValueTypeValues.DATETIME):
    """A date and time as value (PS3.3 Table C.17-5).

    Parameters
    ----------
    value
        The value; a string has the form ``"YYYYMMDDHHMMSS.FFFFFF&ZZXX"``, or the
        first part of it.
    name, relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code.
    InvalidArgumentError
        If the value is not a date with time.

    Examples
    --------
    >>> from highdicom.content_items import DateTimeContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = DateTimeContentItem(
    ...     codes.DCM.DatetimeOfProcessing, "20240131101500", "CONTAINS"
    ... )
    >>> item.value.hour
    10

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        value: str | datetime.datetime | DT,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.DATETIME, name, relationship_type)
        elements[tag_of("DateTime")] = _temporal_element("DateTime", DT, value)

    @property
    def value(self) -> datetime.datetime:
        """The value."""
        return _temporal_value(DT, self._stored("DateTime"))  # type: ignore[no-any-return]


class UIDRefContentItem(ContentItem, value_type=ValueTypeValues.UIDREF):
    """A unique identifier as value (PS3.3 Table C.17-5).

    Parameters
    ----------
    value
        The value.
    name, relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code, or the value is not a string.
    InvalidArgumentError
        If the value does not have the form of a UID.

    Examples
    --------
    >>> from highdicom.content_items import UIDRefContentItem
    >>> from pydicom.sr.codedict import codes
    >>> UIDRefContentItem(codes.DCM.StudyInstanceUID, "1.2.3", "CONTAINS").value
    '1.2.3'

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        value: str | UID,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.UIDREF, name, relationship_type)
        elements[_UID] = uid_element(_UID, value, "value")

    @property
    def value(self) -> UID:
        """The value."""
        return UID(self._stored("UID"))


class NumContentItem(ContentItem, value_type=ValueTypeValues.NUM):
    """A number with a unit as value (PS3.3 C.18.1).

    Parameters
    ----------
    value
        The number. It is stored as decimal string and, unless that holds it exactly
        and it is an integer, as 64-bit floating point number, too.
    unit
        Unit of measurement; ``codes.UCUM.NoUnits`` for a number without.
    qualifier
        Qualification of the number (context group 42).
    name, relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the value is not a number, or one of the others is not a code.
    InvalidArgumentError
        If the number is not finite.

    Examples
    --------
    >>> from highdicom.content_items import NumContentItem
    >>> from pydicom.sr.codedict import codes
    >>> item = NumContentItem(
    ...     codes.SCT.Area, 1.7, codes.UCUM.SquareMillimeter, None, "CONTAINS"
    ... )
    >>> item.value, item.unit.value
    (1.7, 'mm2')

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        value: float,
        unit: Code | CodedConcept,
        qualifier: Code | CodedConcept | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.NUM, name, relationship_type)
        elements[_MEASURED_VALUE] = _measured_value(
            value, code_sequence("MeasurementUnitsCodeSequence", unit, "unit")
        )
        if qualifier is not None:
            elements[_QUALIFIER] = code_sequence(
                "NumericValueQualifierCodeSequence", qualifier, "qualifier"
            )

    @property
    def value(self) -> int | float:
        """The number; not a number (NaN) if the item has only a qualifier."""
        measured = self._measured
        if measured is None:
            return math.nan
        for keyword in ("FloatingPointValue", "NumericValue"):
            number = self._number(measured, keyword)
            if number is not None:
                return number
        raise self._no_number("NumericValue", None)

    def _number(self, measured: Dataset, keyword: str) -> float | None:
        stored = None
        try:
            stored = measured.get(keyword)
            return None if stored is None or stored == "" else float(stored)
        except (TypeError, ValueError, BytesLengthException):
            raise self._no_number(keyword, stored) from None

    def _no_number(self, keyword: str, stored: Any) -> InvalidAttributeError:
        path = f"{self._place}.{keyword}" if self._place else keyword
        return InvalidAttributeError(
            f"{path} must be a number, not {stored!r}.", path=path, keyword=keyword
        )

    @property
    def unit(self) -> CodedConcept:
        """Unit of measurement."""
        measured = (
            self._stored("MeasuredValueSequence")[0] if self._is_in_report else self
        )
        units = measured.get("MeasurementUnitsCodeSequence")
        if not units:
            units = self._stored("MeasurementUnitsCodeSequence")
        return as_concept(units[0])

    @property
    def qualifier(self) -> CodedConcept | None:
        """Qualification of the number, or the reason why there is none."""
        if not self.get("NumericValueQualifierCodeSequence"):
            return None
        return self._concept("NumericValueQualifierCodeSequence")

    @property
    def _is_in_report(self) -> bool:
        """Whether number and unit stand in a sequence (PS3.3 C.18.1, not 10.2)."""
        return _MEASURED_VALUE in self._dict

    @property
    def _measured(self) -> Dataset | None:
        if not self._is_in_report:
            return self
        items = self[_MEASURED_VALUE].value
        return items[0] if items else None


class ContainerContentItem(ContentItem, value_type=ValueTypeValues.CONTAINER):
    """A group of content items, also the root of a tree (PS3.3 C.18.8).

    Parameters
    ----------
    name
        Heading of the group or title of the document.
    is_content_continuous
        Whether the items enclosed form one text, rather than being separate.
    template_id
        Identifier of the template that the content follows (PS3.16), as ``"1500"``.
    relationship_type
        As of all items: see `ContentItem`.

    Raises
    ------
    ArgumentTypeError
        If the name is not a code, or the identifier is not a string.
    InvalidArgumentError
        If the identifier is no code string, or there is no such relationship type.

    Examples
    --------
    >>> from highdicom.content_items import ContainerContentItem
    >>> from pydicom.sr.codedict import codes
    >>> ContainerContentItem(codes.DCM.ImagingMeasurementReport, False, "1500").template_id
    '1500'

    """

    def __init__(
        self,
        name: Code | CodedConcept,
        is_content_continuous: bool = True,
        template_id: str | None = None,
        relationship_type: str | RelationshipTypeValues | None = None,
    ) -> None:
        elements = self._start(ValueTypeValues.CONTAINER, name, relationship_type)
        elements[_CONTINUITY] = _CONTINUOUS if is_content_continuous else _SEPARATE
        if template_id is not None:
            elements[_TEMPLATE] = _template(template_id)

    @property
    def is_content_continuous(self) -> bool:
        """Whether the items enclosed form one text."""
        return bool(self._stored("ContinuityOfContent") == "CONTINUOUS")

    @property
    def template_id(self) -> str | None:
        """Identifier of the template that the content follows."""
        element = stored_element(self, _TEMPLATE)
        if isinstance(element, RawDataElement):
            # Wherever it stood in the file.
            found = _encoded_template_id(element._replace(value_tell=0))
            if found is not None:
                return found
        templates = self.get("ContentTemplateSequence")
        if not templates:
            return None
        identifier = templates[0].get("TemplateIdentifier")
        return str(identifier) if identifier else None


@lru_cache(maxsize=256)
def _encoded_template_id(element: RawDataElement) -> str | None:
    """Identifier of the template, or None where pydicom should find it."""
    items = decoded_items(element, Dataset())
    found = stored_element(items[0], _TEMPLATE_ID) if items else None
    return None if found is None else stored_text(found) or None


_CONTINUOUS = raw_element(_CONTINUITY, "CS", b"CONTINUOUS")
_SEPARATE = raw_element(_CONTINUITY, "CS", b"SEPARATE")
_TEMPLATE_IDENTIFIER = re.compile(r"[A-Z0-9_ ]{1,16}")


@lru_cache(maxsize=256)
def _template(template_id: str) -> RawDataElement:
    if not isinstance(template_id, str):
        raise ArgumentTypeError(
            f"'template_id' must be a string, not {type(template_id).__name__}."
        )
    if not _TEMPLATE_IDENTIFIER.fullmatch(template_id):
        raise InvalidArgumentError(
            "'template_id' must be a code string of up to 16 characters, "
            f"not {template_id!r}."
        )
    return sequence_element(
        _TEMPLATE,
        raw_element(tag_of("MappingResource"), "CS", b"DCMR"),
        raw_element(_TEMPLATE_ID, "CS", template_id.encode("ascii")),
    )


_FLOATING_POINT_HEADER = (
    element_header(_FLOATING_POINT_VALUE, "FD", implicit=False) + b"\x08\x00"
)
_NUMERIC_VALUE_HEADER = element_header(_NUMERIC_VALUE, "DS", implicit=False)
_pack_float = struct.Struct("<d").pack


def _measured_value(
    value: float, units: RawDataElement | DataElement
) -> RawDataElement | DataElement:
    if not is_number(value):
        raise ArgumentTypeError(
            f"'value' must be a number, not {type(value).__name__}."
        )
    try:
        number = float(value)
        text = decimal_string(number)
    except (OverflowError, InvalidArgumentError):
        raise InvalidArgumentError(
            f"'value' must be a finite number, not {value}."
        ) from None
    is_exact = isinstance(value, (int, np.integer)) and float(text) == value
    if not isinstance(units, RawDataElement):
        return _measured_value_of_items(number, text, units, is_exact=is_exact)
    decimal = text.encode("ascii")
    if len(decimal) & 1:
        decimal += b" "
    item = b"".join(
        (
            encoded_element(units),
            b"" if is_exact else _FLOATING_POINT_HEADER + _pack_float(number),
            _NUMERIC_VALUE_HEADER,
            len(decimal).to_bytes(2, "little"),
            decimal,
        )
    )
    return raw_element(_MEASURED_VALUE, "SQ", item_header(len(item)) + item)


def _measured_value_of_items(
    number: float, text: str, units: DataElement, *, is_exact: bool
) -> DataElement:
    elements: dict[Any, Any] = {units.tag: units}
    elements[_NUMERIC_VALUE] = raw_element(_NUMERIC_VALUE, "DS", text.encode("ascii"))
    if not is_exact:
        elements[_FLOATING_POINT_VALUE] = raw_element(
            _FLOATING_POINT_VALUE, "FD", _pack_float(number)
        )
    return data_element(
        "MeasuredValueSequence", [dataset_of_elements(Dataset, elements)]
    )


def _temporal_value(kind: Any, stored: Any) -> Any:
    # A copy does not know how it was written, so that it prints as those of Python.
    return kind(stored).replace()


def _temporal_element(keyword: str, kind: Any, value: Any) -> DataElement:
    try:
        converted = kind(value)
    except (ValueError, TypeError):
        converted = None
    if converted is None:
        raise InvalidArgumentError(
            f"'value' must be a {keyword} as in PS3.5 6.2, not {value!r}."
        )
    return data_element(keyword, converted)
