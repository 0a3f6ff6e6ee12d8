"""Steps in the preparation of specimens (PS3.16 TID 8001 to 8003)."""

from collections.abc import Sequence as AnySequence
from datetime import datetime
from typing import Any, ClassVar

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code

from highdicom.attributes import Attribute, SequenceItem
from highdicom.coding import CodedConcept
from highdicom.content.issuer import IssuerOfIdentifier
from highdicom.content_items import (
    CodeContentItem,
    ContentItem,
    ContentSequence,
    DateTimeContentItem,
    TextContentItem,
)
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.typing import Self

__all__ = [
    "SpecimenCollection",
    "SpecimenPreparationStep",
    "SpecimenProcessing",
    "SpecimenSampling",
    "SpecimenStaining",
]

_SPECIMEN_ID = Code("121041", "DCM", "Specimen Identifier")
_ISSUER = Code("111724", "DCM", "Issuer of Specimen Identifier")
_PROCESSING_TYPE = Code("111701", "DCM", "Processing type")
_DATETIME = Code("111702", "DCM", "DateTime of processing")
_DESCRIPTION = Code("111703", "DCM", "Processing step description")
_METHOD = Code("111704", "DCM", "Sampling Method")
_PARENT_ID = Code("111705", "DCM", "Parent Specimen Identifier")
_PARENT_ISSUER = Code("111706", "DCM", "Issuer of Parent Specimen Identifier")
_PARENT_TYPE = Code("111707", "DCM", "Parent specimen type")
_SUBSTANCE = Code("424361007", "SCT", "Using substance (attribute)")
_FIXATIVE = Code("430864009", "SCT", "Tissue fixative (substance)")
_EMBEDDING_MEDIUM = Code("430863003", "SCT", "Tissue embedding medium (substance)")
_CONTAINER = Code("434711009", "SCT", "Specimen container")
_SPECIMEN_TYPE = Code("371439000", "SCT", "Specimen type (observable entity)")

_COLLECTION = Code("17636008", "SCT", "Specimen collection")
_SAMPLING = Code("433465004", "SCT", "Sampling of tissue specimen")
_STAINING = Code("127790008", "SCT", "Staining")
_PROCESSING = Code("9265001", "SCT", "Specimen processing")

_KEYWORD = "SpecimenPreparationStepContentItemSequence"

Concept = Code | CodedConcept


def _described(name: Code, value: Concept | str) -> ContentItem:
    """What is said in words or by a code."""
    if isinstance(value, str):
        return TextContentItem(name, value)
    return CodeContentItem(name, value)


def _value(items: ContentSequence, name: Code) -> Any:
    """Value of the first item of a name, or None."""
    for item in items.find(name):
        return getattr(item, "value", None)
    return None


def _issuer(items: ContentSequence, name: Code) -> str | None:
    """Issuer, without the kind of its name (HL7 v2 Hierarchic Designator)."""
    text = _value(items, name)
    if text is None:
        return None
    return next((part for part in str(text).split("^") if part), "")


def _check_issuer(argument: str, issuer: Any) -> None:
    if not isinstance(issuer, IssuerOfIdentifier):
        raise ArgumentTypeError(
            f"'{argument}' must be an IssuerOfIdentifier, not {type(issuer).__name__}."
        )


class _Procedure(ContentSequence):
    """What is done in a step: the items that only steps of its type have."""

    processing_type: ClassVar[Code]
    # Names of the items, and how many of each there are.
    item_names: ClassVar[dict[Code, str]]

    @classmethod
    def among(cls, items: ContentSequence) -> Self:
        """Procedure of a step from all of its items."""
        found = (item for name in cls.item_names for item in items.find(name))
        return cls.of(found, is_sr=False)

    def _required(self, name: Code) -> Any:
        value = _value(self, name)
        if value is None:
            raise MissingAttributeError(
                f"{type(self).__name__} has no content item '{name.meaning}'.",
                keyword=_KEYWORD,
            )
        return value


class SpecimenCollection(_Procedure):
    """Collection of a specimen from a patient (PS3.16 TID 8001 row 7).

    Parameters
    ----------
    procedure
        How it was collected, one of context group 8109.

    Raises
    ------
    ArgumentTypeError
        If it is not a code.

    Examples
    --------
    >>> from highdicom import SpecimenCollection
    >>> from pydicom.sr.coding import Code
    >>> SpecimenCollection(Code("65801008", "SCT", "Excision")).procedure.meaning
    'Excision'

    """

    processing_type = _COLLECTION
    item_names: ClassVar = {_COLLECTION: "1"}

    def __init__(self, procedure: Concept) -> None:
        super().__init__([CodeContentItem(_COLLECTION, procedure)], is_sr=False)

    @property
    def procedure(self) -> CodedConcept:
        """How it was collected."""
        return self._required(_COLLECTION)  # type: ignore[no-any-return]


class SpecimenSampling(_Procedure):
    """Sampling of a specimen from another (PS3.16 TID 8002).

    Parameters
    ----------
    method
        How it was sampled, one of context group 8110.
    parent_specimen_id
        Identifier of the specimen that it was sampled from.
    parent_specimen_type
        What kind of specimen that is, one of context group 8103.
    issuer_of_parent_specimen_id
        Who issued the identifier.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.

    Examples
    --------
    >>> from highdicom import SpecimenSampling
    >>> from pydicom.sr.codedict import codes
    >>> sampling = SpecimenSampling(
    ...     codes.SCT.Dissection, "PART-1", codes.SCT.TissueSpecimen
    ... )
    >>> sampling.parent_specimen_id
    'PART-1'

    """

    processing_type = _SAMPLING
    item_names: ClassVar = {
        _METHOD: "1",
        _PARENT_ID: "1",
        _PARENT_ISSUER: "0-1",
        _PARENT_TYPE: "1",
    }

    def __init__(
        self,
        method: Concept,
        parent_specimen_id: str,
        parent_specimen_type: Concept,
        issuer_of_parent_specimen_id: IssuerOfIdentifier | None = None,
    ) -> None:
        items: list[ContentItem] = [
            CodeContentItem(_METHOD, method),
            TextContentItem(_PARENT_ID, parent_specimen_id),
        ]
        if issuer_of_parent_specimen_id is not None:
            _check_issuer("issuer_of_parent_specimen_id", issuer_of_parent_specimen_id)
            designator = issuer_of_parent_specimen_id.hierarchic_designator
            items.append(TextContentItem(_PARENT_ISSUER, designator))
        items.append(CodeContentItem(_PARENT_TYPE, parent_specimen_type))
        super().__init__(items, is_sr=False)

    @property
    def method(self) -> CodedConcept:
        """How it was sampled."""
        return self._required(_METHOD)  # type: ignore[no-any-return]

    @property
    def parent_specimen_id(self) -> str:
        """Identifier of the specimen that it was sampled from."""
        return str(self._required(_PARENT_ID))

    @property
    def parent_specimen_type(self) -> CodedConcept:
        """What kind of specimen that is."""
        return self._required(_PARENT_TYPE)  # type: ignore[no-any-return]

    @property
    def issuer_of_parent_specimen_id(self) -> str | None:
        """Who issued that identifier."""
        return _issuer(self, _PARENT_ISSUER)


def _check_substances(substances: Any) -> None:
    is_one = isinstance(substances, (str, Code, Dataset))
    if is_one or not isinstance(substances, AnySequence):
        raise ArgumentTypeError(
            "'substances' must be a sequence of codes or texts, not "
            f"{'a single ' if is_one else ''}{type(substances).__name__}."
        )
    if len(substances) == 0:
        raise InvalidArgumentError("'substances' must not be empty.")
    for substance in substances:
        if not isinstance(substance, (str, Code, CodedConcept)):
            raise ArgumentTypeError(
                f"'substances' must be codes or texts, not {type(substance).__name__}."
            )


class SpecimenStaining(_Procedure):
    """Staining of a specimen (PS3.16 TID 8003).

    Parameters
    ----------
    substances
        The stains: codes, such as those of context group 8112, or texts.

    Raises
    ------
    ArgumentTypeError
        If one is neither a code nor a text, or they are not several.
    InvalidArgumentError
        If there is none.

    Examples
    --------
    >>> from highdicom import SpecimenStaining
    >>> from pydicom.sr.codedict import codes
    >>> staining = SpecimenStaining([codes.SCT.HematoxylinStain, "eosin"])
    >>> staining.substances[1]
    'eosin'

    """

    processing_type = _STAINING
    item_names: ClassVar = {_SUBSTANCE: "1-n"}

    def __init__(self, substances: AnySequence[Concept | str]) -> None:
        _check_substances(substances)
        items = [_described(_SUBSTANCE, substance) for substance in substances]
        super().__init__(items, is_sr=False)

    @property
    def substances(self) -> list[CodedConcept | str]:
        """The stains."""
        return [item.value for item in self.find(_SUBSTANCE)]


class SpecimenProcessing(_Procedure):
    """Any other processing of a specimen (PS3.16 TID 8001 rows 5 and 6).

    Parameters
    ----------
    description
        What was done: a code, such as those of context group 8113, or a text.

    Raises
    ------
    ArgumentTypeError
        If it is neither a code nor a text.

    Examples
    --------
    >>> from highdicom import SpecimenProcessing
    >>> SpecimenProcessing("Cut into sections of 4 micrometres").description
    'Cut into sections of 4 micrometres'

    """

    processing_type = _PROCESSING
    item_names: ClassVar = {_DESCRIPTION: "0-n"}

    def __init__(self, description: Concept | str) -> None:
        super().__init__([_described(_DESCRIPTION, description)], is_sr=False)

    @property
    def description(self) -> CodedConcept | str:
        """What was done."""
        return self._required(_DESCRIPTION)  # type: ignore[no-any-return]


Procedure = (
    SpecimenCollection | SpecimenSampling | SpecimenStaining | SpecimenProcessing
)
_PROCEDURES: tuple[type[Procedure], ...] = (
    SpecimenCollection,
    SpecimenSampling,
    SpecimenStaining,
    SpecimenProcessing,
)


def _procedure_class(processing_type: CodedConcept) -> type[Procedure]:
    """Class for a type of processing; context group 8111 may be extended."""
    for procedure in _PROCEDURES:
        if processing_type == procedure.processing_type:
            return procedure
    return SpecimenProcessing


def _adopt_items(_: Attribute[Any, Any], stored: Sequence) -> Sequence:
    if isinstance(stored, ContentSequence) and not stored.is_sr:
        return stored
    return ContentSequence.from_sequence(stored, is_sr=False, copy=False)


def _written_items(_: Attribute[Any, Any], items: Any) -> ContentSequence:
    return ContentSequence(items, is_sr=False)


class SpecimenPreparationStep(
    SequenceItem,
    defined_in="specimen",
    path=("SpecimenDescriptionSequence", "SpecimenPreparationSequence"),
):
    """A step in the preparation of a specimen (PS3.16 TID 8001).

    Parameters
    ----------
    specimen_id
        Identifier of the specimen; of the new one, where another is sampled.
    processing_procedure
        What was done.
    processing_description
        What else is to be said of it; not for a processing, which says it itself.
    processing_datetime
        When it was done.
    issuer_of_specimen_id
        Who issued the identifier.
    fixative
        What the tissue was fixed with, one of context group 8114.
    embedding_medium
        What it was embedded in, one of context group 8115.
    specimen_container
        What held the specimen, one of context group 8101.
    specimen_type
        What kind of specimen it is, one of context group 8103.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    InvalidArgumentError
        If a processing is described twice, or a text is empty.

    Examples
    --------
    >>> from highdicom import SpecimenPreparationStep, SpecimenStaining
    >>> step = SpecimenPreparationStep("S-1", SpecimenStaining(["eosin"]))
    >>> step.processing_type.meaning
    'Staining'

    """

    content_items: Attribute[ContentSequence, ContentSequence] = Attribute(
        _KEYWORD, "1", write=_written_items, adopt=_adopt_items
    )

    def __init__(  # noqa: PLR0913, PLR0917 (public signature)
        self,
        specimen_id: str,
        processing_procedure: Procedure,
        processing_description: str | Concept | None = None,
        processing_datetime: datetime | None = None,
        issuer_of_specimen_id: IssuerOfIdentifier | None = None,
        fixative: Concept | None = None,
        embedding_medium: Concept | None = None,
        specimen_container: Concept | None = None,
        specimen_type: Concept | None = None,
    ) -> None:
        _check_procedure(processing_procedure, processing_description)
        items: list[ContentItem] = [TextContentItem(_SPECIMEN_ID, specimen_id)]
        if issuer_of_specimen_id is not None:
            _check_issuer("issuer_of_specimen_id", issuer_of_specimen_id)
            designator = issuer_of_specimen_id.hierarchic_designator
            items.append(TextContentItem(_ISSUER, designator))
        items.append(
            CodeContentItem(_PROCESSING_TYPE, processing_procedure.processing_type)
        )
        if processing_datetime is not None:
            items.append(DateTimeContentItem(_DATETIME, processing_datetime))
        if processing_description is not None:
            items.append(_described(_DESCRIPTION, processing_description))
        items += ContentSequence.__iter__(processing_procedure)
        further = (
            (_FIXATIVE, fixative),
            (_EMBEDDING_MEDIUM, embedding_medium),
            (_CONTAINER, specimen_container),
            (_SPECIMEN_TYPE, specimen_type),
        )
        items += [CodeContentItem(name, code) for name, code in further if code]
        self.initialise()
        self.content_items = ContentSequence(items, is_sr=False)

    @classmethod
    def from_dataset(cls, dataset: Dataset, copy: bool = True) -> Self:
        """Make a dataset a step.

        Parameters
        ----------
        dataset
            Item of a Specimen Preparation Sequence.
        copy
            Whether a copy is made. If not, the dataset itself gets this class.

        Raises
        ------
        MissingAttributeError
            If it has no content items.
        InvalidAttributeError
            If content items are missing, or stand there more than once.

        """
        step = super().from_dataset(dataset, copy=copy)
        items = step.content_items or ContentSequence(is_sr=False)
        _check_number(items, _SPECIMEN_ID, "1")
        _check_number(items, _PROCESSING_TYPE, "1")
        for name, number in _procedure_class(step.processing_type).item_names.items():
            _check_number(items, name, number)
        return step

    @property
    def specimen_id(self) -> str:
        """Identifier of the specimen."""
        return str(_value(self.content_items, _SPECIMEN_ID))

    @property
    def issuer_of_specimen_id(self) -> str | None:
        """Who issued the identifier."""
        return _issuer(self.content_items, _ISSUER)

    @property
    def processing_type(self) -> CodedConcept:
        """Kind of processing, one of context group 8111 or of its extension."""
        return _value(self.content_items, _PROCESSING_TYPE)  # type: ignore[no-any-return]

    @property
    def processing_procedure(self) -> Procedure:
        """What was done; a processing, if its kind is none of the others."""
        return _procedure_class(self.processing_type).among(self.content_items)

    @property
    def processing_description(self) -> str | CodedConcept | None:
        """What else is said of it, or what was done in a processing."""
        return _value(self.content_items, _DESCRIPTION)  # type: ignore[no-any-return]

    @property
    def processing_datetime(self) -> datetime | None:
        """When it was done."""
        return _value(self.content_items, _DATETIME)  # type: ignore[no-any-return]

    @property
    def fixative(self) -> CodedConcept | None:
        """What the tissue was fixed with."""
        return _value(self.content_items, _FIXATIVE)  # type: ignore[no-any-return]

    @property
    def embedding_medium(self) -> CodedConcept | None:
        """What it was embedded in."""
        return _value(self.content_items, _EMBEDDING_MEDIUM)  # type: ignore[no-any-return]

    @property
    def specimen_container(self) -> CodedConcept | None:
        """What held the specimen."""
        return _value(self.content_items, _CONTAINER)  # type: ignore[no-any-return]

    @property
    def specimen_type(self) -> CodedConcept | None:
        """What kind of specimen it is."""
        return _value(self.content_items, _SPECIMEN_TYPE)  # type: ignore[no-any-return]


def _check_procedure(procedure: Any, description: Any) -> None:
    if not isinstance(procedure, _PROCEDURES):
        names = ", ".join(known.__name__ for known in _PROCEDURES)
        raise ArgumentTypeError(
            f"'processing_procedure' must be one of {names}, not "
            f"{type(procedure).__name__}."
        )
    if isinstance(procedure, SpecimenProcessing) and description is not None:
        raise InvalidArgumentError(
            "'processing_description' must not be given with a SpecimenProcessing, "
            "which is described itself."
        )


def _check_number(items: ContentSequence, name: Code, number: str) -> None:
    """Check how often an item stands there: once, at most once or at least once."""
    count = len(items.find(name))
    if (number[0] == "1" and not count) or (number[-1] == "1" and count > 1):
        raise InvalidAttributeError(
            f"{_KEYWORD} must have {number} content item '{name.meaning}', not {count}.",
            keyword=_KEYWORD,
        )
