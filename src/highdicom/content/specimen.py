"""Specimen Description: the items of the Specimen module (PS3.3 C.7.6.22)."""

from collections.abc import Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code

from highdicom.attributes import Attribute, SequenceItem
from highdicom.attributes.specifiers import (
    Items,
    OptionalCoded,
    OptionalItems,
    OptionalText,
    Text,
    Uid,
    coded,
    items,
    text,
    uid,
)
from highdicom.coding import CodedConcept
from highdicom.content.issuer import IssuerOfIdentifier
from highdicom.content.preparation import SpecimenPreparationStep
from highdicom.content_items import (
    ContentItem,
    ContentSequence,
    NumContentItem,
    TextContentItem,
)
from highdicom.encoding.decimals import decimal_string
from highdicom.encoding.elements import new_dataset, put
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
)

__all__ = ["SpecimenDescription"]

_LOCATION = Code("111718", "DCM", "Location of Specimen")
_MILLIMETRE = Code("mm", "UCUM", "mm")
_MICROMETRE = Code("um", "UCUM", "micrometer")
_OFFSETS = (
    (Code("111719", "DCM", "Location of Specimen X offset"), _MILLIMETRE),
    (Code("111720", "DCM", "Location of Specimen Y offset"), _MILLIMETRE),
    (Code("111721", "DCM", "Location of Specimen Z offset"), _MICROMETRE),
)
_METRES = {"m": 1.0, "cm": 1e-2, "mm": 1e-3, "um": 1e-6, "nm": 1e-9}

_KEYWORD = "SpecimenLocalizationContentItemSequence"
Location = str | tuple[float, float, float]
Concept = Code | CodedConcept


def _numeric_item(name: Code, value: float, unit: Code) -> NumContentItem:
    """A number outside of a report: of type NUMERIC, without measured value."""
    item = new_dataset(NumContentItem)
    put(item, "ValueType", "NUMERIC")
    put(item, "ConceptNameCodeSequence", [CodedConcept.from_code(name)])
    decimal = decimal_string(value)
    put(item, "NumericValue", decimal)
    if float(decimal) != value:
        put(item, "FloatingPointValue", value)
    put(item, "MeasurementUnitsCodeSequence", [CodedConcept.from_code(unit)])
    return item


def _location_items(location: Any) -> list[ContentItem]:
    """Items of PS3.16 TID 8004."""
    if isinstance(location, str):
        return [TextContentItem(_LOCATION, location)]
    if not isinstance(location, AnySequence):
        raise ArgumentTypeError(
            "'specimen_location' must be a text or three numbers, not "
            f"{type(location).__name__}."
        )
    if len(location) != 3:
        raise InvalidArgumentError(
            f"'specimen_location' must have 3 coordinates, not {len(location)}."
        )
    return [
        _numeric_item(name, _coordinate(value), unit)
        for (name, unit), value in zip(_OFFSETS, location, strict=True)
    ]


def _coordinate(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ArgumentTypeError(
            f"'specimen_location' must be of numbers, not {type(value).__name__}."
        ) from None


def _written_location(_: Attribute[Any, Any], location: Location) -> ContentSequence:
    return ContentSequence(_location_items(location), is_sr=False)


def _adopt_location(_: Attribute[Any, Any], stored: Sequence) -> Sequence:
    if isinstance(stored, ContentSequence):
        return stored
    return ContentSequence.from_sequence(stored, is_sr=False, copy=False)


def _read_location(stored: ContentSequence) -> Location | None:
    found = [stored.find(name) for name, _ in _OFFSETS]
    if all(found):
        x, y, z = (
            _in_unit(items[0], unit)
            for items, (_, unit) in zip(found, _OFFSETS, strict=True)
        )
        return x, y, z
    for item in stored.find(_LOCATION):
        if isinstance(item, TextContentItem):
            return item.value
    return None


def _in_unit(item: NumContentItem, unit: Code) -> float:
    """Offset in the unit that this class uses, whichever the item has."""
    stored = item.unit.value
    if stored == unit.value:
        return float(item.value)
    if stored not in _METRES:
        raise InvalidAttributeError(
            f"'{item.name.meaning}' must be a length, not in units of '{stored}'.",
            keyword=_KEYWORD,
        )
    return float(item.value) * (_METRES[stored] / _METRES[unit.value])


def _written_issuer(
    attribute: Attribute[Any, Any], issuer: Any
) -> list[IssuerOfIdentifier]:
    if not isinstance(issuer, IssuerOfIdentifier):
        attribute.refuse_type(issuer, "an IssuerOfIdentifier")
    return [issuer]


def _adopt_issuer(_: Attribute[Any, Any], stored: Sequence) -> Sequence:
    for item in stored:
        IssuerOfIdentifier.from_dataset(item, copy=False)
    return stored


class SpecimenDescription(
    SequenceItem, defined_in="specimen", path=("SpecimenDescriptionSequence",)
):
    """A specimen that is imaged, and how it was prepared (PS3.3 C.7.6.22).

    Parameters
    ----------
    specimen_id
        Identifier of the specimen.
    specimen_uid
        The same as a unique identifier.
    specimen_location
        Where the specimen is in its container: in words, or as offsets (x, y, z), x
        and y in millimetres and z in micrometres (PS3.16 TID 8004).
    specimen_preparation_steps
        Steps in which it was prepared, in order of time.
    issuer_of_specimen_id
        Who issued the identifier.
    primary_anatomic_structures
        Where in the patient the specimen comes from.
    specimen_type
        What kind of specimen it is, one of context group 8103.
    specimen_short_description
        At most 64 characters on it.
    specimen_detailed_description
        More on it.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> from highdicom import SpecimenDescription, UID
    >>> specimen = SpecimenDescription("S-1", UID(), specimen_location="left half")
    >>> specimen.specimen_location
    'left half'

    """

    specimen_id: Text = text("SpecimenIdentifier", "1")
    specimen_uid: Uid = uid("SpecimenUID", "1")
    specimen_location: Attribute[Location | None, Location | None] = Attribute(
        _KEYWORD,
        "1C",
        write=_written_location,
        read=_read_location,
        adopt=_adopt_location,
        default=None,
    )
    specimen_preparation_steps: Items[SpecimenPreparationStep] = items(
        "SpecimenPreparationSequence",
        "2",
        SpecimenPreparationStep,
        default=None,
        empty=list,
    )
    issuer_of_specimen_id: Attribute[
        IssuerOfIdentifier | None, IssuerOfIdentifier | None
    ] = Attribute(
        "IssuerOfTheSpecimenIdentifierSequence",
        "2",
        write=_written_issuer,
        read=lambda stored: stored[0],
        adopt=_adopt_issuer,
        default=None,
    )
    primary_anatomic_structures: OptionalItems[CodedConcept] = items(
        "PrimaryAnatomicStructureSequence", "3", CodedConcept, default=None
    )
    specimen_type: OptionalCoded = coded(
        "SpecimenTypeCodeSequence", "3", cid=8103, default=None
    )
    specimen_short_description: OptionalText = text(
        "SpecimenShortDescription", "3", default=None
    )
    specimen_detailed_description: OptionalText = text(
        "SpecimenDetailedDescription", "3", default=None
    )

    def __init__(  # noqa: PLR0913, PLR0917 (public signature)
        self,
        specimen_id: str,
        specimen_uid: str,
        specimen_location: Location | None = None,
        specimen_preparation_steps: AnySequence[SpecimenPreparationStep] | None = None,
        issuer_of_specimen_id: IssuerOfIdentifier | None = None,
        primary_anatomic_structures: AnySequence[Concept] | None = None,
        specimen_type: Concept | None = None,
        specimen_short_description: str | None = None,
        specimen_detailed_description: str | None = None,
    ) -> None:
        self.initialise()
        self.specimen_id = specimen_id
        self.specimen_uid = specimen_uid
        self.specimen_location = specimen_location
        self.specimen_preparation_steps = specimen_preparation_steps or []
        self.issuer_of_specimen_id = issuer_of_specimen_id
        if primary_anatomic_structures is not None:
            self.primary_anatomic_structures = _concepts(primary_anatomic_structures)
        self.specimen_type = specimen_type
        self.specimen_short_description = specimen_short_description
        self.specimen_detailed_description = specimen_detailed_description


def _concepts(structures: Any) -> list[CodedConcept]:
    if isinstance(structures, (str, Code, Dataset)):
        raise ArgumentTypeError(
            "'primary_anatomic_structures' must be a sequence of codes, not a single "
            f"{type(structures).__name__}."
        )
    if len(structures) == 0:
        raise InvalidArgumentError("'primary_anatomic_structures' must not be empty.")
    return [CodedConcept.from_code(structure) for structure in structures]
