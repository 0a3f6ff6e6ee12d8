"""What makes a dataset a content item, and lets it stand in a sequence.

PS3.3 Tables C.17-5 and C.18-1 ff., Section C.17.3.2.
"""

from typing import NamedTuple

from pydicom.dataset import Dataset

from highdicom.content_items.enum import RelationshipTypeValues, ValueTypeValues
from highdicom.content_items.query import (
    relationship_type_of,
    stored_element,
    value_type_of,
)
from highdicom.encoding.elements import tag_of
from highdicom.errors import (
    DatasetError,
    InvalidAttributeError,
    MissingAttributeError,
)

__all__ = [
    "Problem",
    "RelationshipTypeError",
    "is_reference",
    "problem_of_relationship",
    "problem_of_value",
]

_VALUE_TYPES = frozenset(member.value for member in ValueTypeValues)
_RELATIONSHIP_TYPES = frozenset(member.value for member in RelationshipTypeValues)

# References and containers may do without a name.
_NAMED = frozenset(
    (
        *("TEXT", "NUM", "NUMERIC", "CODE", "DATETIME", "DATE", "TIME", "UIDREF"),
        "PNAME",
    )
)

_REQUIRED: dict[str, tuple[str, ...]] = {
    "CODE": ("ConceptCodeSequence",),
    "COMPOSITE": ("ReferencedSOPSequence",),
    "CONTAINER": ("ContinuityOfContent",),
    "DATE": ("Date",),
    "DATETIME": ("DateTime",),
    "IMAGE": ("ReferencedSOPSequence",),
    "NUM": ("MeasuredValueSequence",),
    # Name of NUM outside of reports (PS3.3 Table 10-2).
    "NUMERIC": ("NumericValue", "MeasurementUnitsCodeSequence"),
    "PNAME": ("PersonName",),
    "SCOORD": ("GraphicData", "GraphicType"),
    "SCOORD3D": ("GraphicData", "GraphicType", "ReferencedFrameOfReferenceUID"),
    "TCOORD": ("TemporalRangeType",),
    "TEXT": ("TextValue",),
    "TIME": ("Time",),
    "UIDREF": ("UID",),
    "WAVEFORM": ("ReferencedSOPSequence",),
}


class RelationshipTypeError(DatasetError, AttributeError):
    """A content item has a relationship type where it may have none, or lacks one."""


class _RootTypeError(DatasetError, TypeError):
    """The root of a tree has another value type than CONTAINER."""


class Problem(NamedTuple):
    """Why a dataset is not the content item that it should be.

    Parameters
    ----------
    error
        Class of the error to raise.
    text
        What is wrong: a clause without a full stop.
    keyword
        Keyword of the attribute concerned.

    """

    error: type[DatasetError]
    text: str
    keyword: str

    def throw(self, place: str = "") -> None:
        """Raise the error, with the path of the item if it is known."""
        path = f"{place}.{self.keyword}" if place else self.keyword
        where = f"{place}: " if place else ""
        raise self.error(f"{where}{self.text}.", path=path, keyword=self.keyword)


def is_reference(dataset: Dataset) -> bool:
    """Whether an item is a relationship by reference."""
    return (
        value_type_of(dataset) is None
        and stored_element(dataset, tag_of("ReferencedContentItemIdentifier"))
        is not None
    )


def problem_of_value(
    dataset: Dataset, expected: ValueTypeValues | None = None
) -> Problem | None:
    """What keeps a dataset from being an item of a value type, or of any."""
    if expected is None and is_reference(dataset):
        return None
    value_type = value_type_of(dataset)
    if value_type is None:
        text = "A content item needs ValueType, or ReferencedContentItemIdentifier"
        return Problem(MissingAttributeError, text, "ValueType")
    if value_type not in _REQUIRED:
        text = f"There is no content item of type {value_type!r}"
        return Problem(InvalidAttributeError, text, "ValueType")
    if expected is not None and value_type.removesuffix("ERIC") != expected.value:
        text = f"The content item must be of type {expected.value}, not {value_type}"
        return Problem(InvalidAttributeError, text, "ValueType")
    named = ("ConceptNameCodeSequence",) if value_type in _NAMED else ()
    for keyword in (*named, *_REQUIRED[value_type]):
        if stored_element(dataset, tag_of(keyword)) is None:
            text = f"A content item of type {value_type} needs {keyword}"
            return Problem(MissingAttributeError, text, keyword)
    return None


def problem_of_relationship(
    dataset: Dataset, *, is_root: bool, is_sr: bool
) -> Problem | None:
    """What keeps an item from standing in a sequence."""
    keyword = "RelationshipType"
    relationship = relationship_type_of(dataset)
    text = None
    if is_root or not is_sr:
        if relationship is not None:
            kind = "the root of a report" if is_root else "outside of a report"
            text = f"A content item that is {kind} must have no relationship type"
        elif is_root and value_type_of(dataset) != "CONTAINER":
            text = "The root of a report must be a content item of type CONTAINER"
            return Problem(_RootTypeError, text, "ValueType")
    elif relationship is None:
        text = "A content item below the root of a report needs a relationship type"
    elif relationship not in _RELATIONSHIP_TYPES:
        text = f"There is no relationship type {relationship!r}"
        return Problem(InvalidAttributeError, text, keyword)
    return Problem(RelationshipTypeError, text, keyword) if text else None
