"""Who observed what in whom: TID 1001 to 1010, 1204, 4019 and 4108."""

from collections.abc import Mapping, Sequence as AnySequence
from typing import Any, TypeAlias

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.errors import (
    ArgumentError,
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.sr.engine.specifiers import (
    Coded,
    OptionalCoded,
    OptionalOf,
    OptionalText,
    OptionalTexts,
    OptionalUid,
    PersonNamed,
    Several,
    Text,
    Uid,
    included,
    value,
)
from highdicom.sr.engine.template import Template
from highdicom.sr.tables.context import (
    DEVICE,
    DEVICE_SUBJECT,
    FETUS,
    PERSON,
    SPECIMEN,
    TID_1001,
    TID_1002,
    TID_1003,
    TID_1004,
    TID_1006,
    TID_1008,
    TID_1009,
    TID_1010,
    TID_1204,
    TID_4019,
    TID_4108,
)
from highdicom.typing import Self
from highdicom.uid import UID

__all__ = [
    "AlgorithmIdentification",
    "DeviceObserverIdentifyingAttributes",
    "LanguageOfContentItemAndDescendants",
    "ObservationContext",
    "ObserverContext",
    "PersonObserverIdentifyingAttributes",
    "SubjectContext",
    "SubjectContextDevice",
    "SubjectContextFetus",
    "SubjectContextSpecimen",
    "TrackingIdentifier",
]


class AlgorithmIdentification(Template, table=TID_4019):
    """Which algorithm made a measurement (PS3.16 TID 4019).

    Examples
    --------
    >>> from highdicom.sr import AlgorithmIdentification
    >>> AlgorithmIdentification("nodule finder", "1.2", ["threshold=0.5"]).parameters
    ['threshold=0.5']

    """

    name: Text = value("1")
    version: Text = value("2")
    parameters: OptionalTexts = value("3", default=None, is_many=True)
    family: OptionalCoded = value("4", default=None)
    manufacturer: OptionalText = value("2b", default=None)


class TrackingIdentifier(Template, table=TID_4108):
    """Identifiers by which an observation is found again (PS3.16 TID 4108).

    Parameters
    ----------
    uid
        Globally unique; a new one if it is not given.
    identifier
        For humans to read.

    Examples
    --------
    >>> from highdicom.sr import TrackingIdentifier
    >>> TrackingIdentifier(uid="1.2.3", identifier="nodule 1").uid
    '1.2.3'

    """

    uid: OptionalUid = value("2", default=None)
    identifier: OptionalText = value("1", default=None)

    def __init__(self, uid: str | None = None, identifier: str | None = None) -> None:
        self.assemble({"uid": UID() if uid is None else uid, "identifier": identifier})


class LanguageOfContentItemAndDescendants(Template, table=TID_1204):
    """Language in which the text of a report is written (PS3.16 TID 1204).

    Examples
    --------
    >>> from highdicom.sr import CodedConcept, LanguageOfContentItemAndDescendants
    >>> french = CodedConcept("fr", "RFC5646", "French")
    >>> LanguageOfContentItemAndDescendants(french).language.meaning
    'French'

    """

    language: Coded = value("1", doc="As in IETF RFC 5646.")
    country: OptionalCoded = value("2", default=None)


class PersonObserverIdentifyingAttributes(Template, table=TID_1003):
    """A person who observed (PS3.16 TID 1003).

    Examples
    --------
    >>> from highdicom.sr import PersonObserverIdentifyingAttributes
    >>> PersonObserverIdentifyingAttributes("Doe^Jane").name.family_name
    'Doe'

    """

    name: PersonNamed = value("1")
    login_name: OptionalText = value("1a", default=None)
    organization_name: OptionalText = value("2", default=None)
    role_in_organization: OptionalCoded = value("3", default=None)
    role_in_procedure: OptionalCoded = value("4", default=None)


class DeviceObserverIdentifyingAttributes(Template, table=TID_1004):
    """A device that observed, such as a computer (PS3.16 TID 1004).

    Examples
    --------
    >>> from highdicom.sr import DeviceObserverIdentifyingAttributes
    >>> DeviceObserverIdentifyingAttributes("1.2.3", model_name="A1").model_name
    'A1'

    """

    uid: Uid = value("1")
    name: OptionalText = value("2", default=None)
    manufacturer_name: OptionalText = value("3", default=None)
    model_name: OptionalText = value("4", default=None)
    serial_number: OptionalText = value("5", default=None)
    physical_location: OptionalText = value("6", default=None)
    role_in_procedure: OptionalCoded = value("7", default=None)


Observer: TypeAlias = (
    PersonObserverIdentifyingAttributes | DeviceObserverIdentifyingAttributes
)


class ObserverContext(Template, table=TID_1002):
    """Who or what observed (PS3.16 TID 1002).

    Parameters
    ----------
    observer_type
        ``codes.DCM.Person`` or ``codes.DCM.Device``.
    observer_identifying_attributes
        Who or what it is, of the class for that type.

    Raises
    ------
    ArgumentTypeError
        If something has another type, or the attributes do not fit the type of the
        observer.
    InvalidArgumentError
        If there is no such type of observer.

    Examples
    --------
    >>> from highdicom.sr import ObserverContext, PersonObserverIdentifyingAttributes
    >>> from pydicom.sr.codedict import codes
    >>> person = PersonObserverIdentifyingAttributes("Doe^Jane")
    >>> ObserverContext(codes.DCM.Person, person).observer_type.meaning
    'Person'

    """

    observer_type: Coded = value("1")
    person: OptionalOf[PersonObserverIdentifyingAttributes] = included(
        "2", PersonObserverIdentifyingAttributes, default=None
    )
    device: OptionalOf[DeviceObserverIdentifyingAttributes] = included(
        "3", DeviceObserverIdentifyingAttributes, default=None
    )

    def __init__(
        self,
        observer_type: Code | CodedConcept,
        observer_identifying_attributes: Observer,
    ) -> None:
        field = _choice(
            observer_type,
            "observer_type",
            ((PERSON, "person"), (DEVICE, "device")),
        )
        _check_choice(
            observer_identifying_attributes,
            "observer_identifying_attributes",
            _classes_of(self, field),
        )
        self.assemble(
            {
                "observer_type": observer_type,
                "person": None,
                "device": None,
                field: observer_identifying_attributes,
            }
        )

    @property
    def observer_identifying_attributes(self) -> Observer:
        """Who or what it is."""
        attributes = self.person or self.device
        if attributes is None:
            raise MissingAttributeError(
                "The observer context says neither which person nor which device "
                "observed (PS3.16 TID 1002)."
            )
        return attributes


class SubjectContextFetus(Template, table=TID_1008):
    """A fetus that was observed (PS3.16 TID 1008).

    Examples
    --------
    >>> from highdicom.sr import SubjectContextFetus
    >>> SubjectContextFetus("1").subject_id
    '1'

    """

    subject_id: Text = value("3")


class SubjectContextSpecimen(Template, table=TID_1009):
    """A specimen that was observed (PS3.16 TID 1009).

    Examples
    --------
    >>> from highdicom.sr import SubjectContextSpecimen
    >>> SubjectContextSpecimen("1.2.3", identifier="A-1").specimen_identifier
    'A-1'

    """

    uid: Uid = value("1")
    identifier: OptionalText = value("3", default=None)
    container_identifier: OptionalText = value("6", default=None)
    specimen_type: OptionalCoded = value("5", default=None)

    @property
    def specimen_uid(self) -> str:
        """Unique identifier of the specimen."""
        return self.uid

    @property
    def specimen_identifier(self) -> str | None:
        """Identifier of the specimen in its department."""
        return self.identifier

    @classmethod
    def from_image(cls, image: Dataset) -> Self:
        """Take the specimen from an image of one (PS3.3 C.7.6.22).

        Raises
        ------
        InvalidArgumentError
            If it is not an image of a specimen.
        MissingAttributeError
            If the image describes no specimen.

        """
        if not _is_of_specimen(image):
            raise InvalidArgumentError(
                "'image' must be an image of a specimen: it has no ContainerIdentifier."
            )
        descriptions = image.get("SpecimenDescriptionSequence")
        if not descriptions:
            raise MissingAttributeError(
                "'image' must have a SpecimenDescriptionSequence with an item.",
                keyword="SpecimenDescriptionSequence",
            )
        specimen = descriptions[0]
        types = specimen.get("SpecimenTypeCodeSequence")
        return cls(
            uid=specimen.SpecimenUID,
            identifier=specimen.get("SpecimenIdentifier"),
            container_identifier=image.ContainerIdentifier,
            specimen_type=CodedConcept.from_dataset(types[0]) if types else None,
        )


class SubjectContextDevice(Template, table=TID_1010):
    """A device that was observed, such as a phantom (PS3.16 TID 1010).

    Examples
    --------
    >>> from highdicom.sr import SubjectContextDevice
    >>> SubjectContextDevice("phantom").device_name
    'phantom'

    """

    name: Text = value("1")
    uid: OptionalUid = value("2", default=None)
    manufacturer_name: OptionalText = value("3", default=None)
    model_name: OptionalText = value("4", default=None)
    serial_number: OptionalText = value("5", default=None)
    physical_location: OptionalText = value("6", default=None)

    @property
    def device_name(self) -> str:
        """Name of the device."""
        return self.name

    @property
    def device_uid(self) -> str | None:
        """Unique identifier of the device."""
        return self.uid

    @property
    def device_manufacturer_name(self) -> str | None:
        """Manufacturer of the device."""
        return self.manufacturer_name

    @property
    def device_model_name(self) -> str | None:
        """Model of the device."""
        return self.model_name

    @property
    def device_serial_number(self) -> str | None:
        """Serial number of the device."""
        return self.serial_number

    @property
    def device_physical_location(self) -> str | None:
        """Where the device was."""
        return self.physical_location


Subject: TypeAlias = SubjectContextFetus | SubjectContextSpecimen | SubjectContextDevice


# Subject classes and the fields that go with them.
_SUBJECTS = (
    (FETUS, "fetus"),
    (SPECIMEN, "specimen"),
    (DEVICE_SUBJECT, "device"),
    (DEVICE, "device"),
)


class SubjectContext(Template, table=TID_1006):
    """Who or what was observed, if it was not the patient (PS3.16 TID 1006).

    Parameters
    ----------
    subject_class
        ``codes.DCM.Fetus``, ``codes.DCM.Specimen`` or ``codes.DCM.DeviceSubject``.
        ``codes.DCM.Device`` is taken for the latter.
    subject_class_specific_context
        Who or what it is, of the class for that subject class.

    Raises
    ------
    ArgumentTypeError
        If something has another type, or the context does not fit the subject class.

    Examples
    --------
    >>> from highdicom.sr import SubjectContext, SubjectContextFetus
    >>> from pydicom.sr.codedict import codes
    >>> fetus = SubjectContext(codes.DCM.Fetus, SubjectContextFetus("1"))
    >>> fetus.subject_class_specific_context.subject_id
    '1'

    """

    subject_class: Coded = value("1")
    fetus: OptionalOf[SubjectContextFetus] = included(
        "3", SubjectContextFetus, default=None
    )
    specimen: OptionalOf[SubjectContextSpecimen] = included(
        "4", SubjectContextSpecimen, default=None
    )
    device: OptionalOf[SubjectContextDevice] = included(
        "5", SubjectContextDevice, default=None
    )

    def __init__(
        self,
        subject_class: Code | CodedConcept,
        subject_class_specific_context: Subject,
    ) -> None:
        field = _choice(
            subject_class,
            "subject_class",
            _SUBJECTS,
            ArgumentTypeError,
        )
        _check_choice(
            subject_class_specific_context,
            "subject_class_specific_context",
            _classes_of(self, field),
        )
        self.assemble(
            {
                # Context group 271 has "Device Subject", not "Device".
                "subject_class": DEVICE_SUBJECT if field == "device" else subject_class,
                "fetus": None,
                "specimen": None,
                "device": None,
                field: subject_class_specific_context,
            }
        )

    @classmethod
    def from_image(cls, image: Dataset) -> Self | None:
        """Take the subject from an image, if it is of a specimen.

        Raises
        ------
        MissingAttributeError
            If the image is of a specimen but describes none.

        """
        if not _is_of_specimen(image):
            return None
        return cls(SPECIMEN, SubjectContextSpecimen.from_image(image))

    @property
    def subject_class_specific_context(self) -> Subject:
        """Who or what it is."""
        # Templates of several subjects have rows in common, so that the class decides.
        subject_class: CodedConcept | None = self.subject_class
        for code, field in _SUBJECTS:
            if subject_class is not None and subject_class == code:
                context: Subject | None = getattr(self, field)
                break
        else:
            context = self.specimen or self.fetus or self.device
        if context is None:
            raise MissingAttributeError(
                "The subject context does not say which subject was observed "
                "(PS3.16 TID 1006)."
            )
        return context


class ObservationContext(Template, table=TID_1001):
    """Who observed what in whom (PS3.16 TID 1001).

    Parameters
    ----------
    observer_person_context
        The person who observed.
    observer_device_context
        The device that observed.
    subject_context
        Who or what was observed, if it was not the patient.

    Raises
    ------
    ArgumentTypeError
        If something has another type.

    Examples
    --------
    >>> from highdicom.sr import (
    ...     ObservationContext,
    ...     ObserverContext,
    ...     PersonObserverIdentifyingAttributes,
    ... )
    >>> from pydicom.sr.codedict import codes
    >>> person = PersonObserverIdentifyingAttributes("Doe^Jane")
    >>> observer = ObserverContext(codes.DCM.Person, person)
    >>> len(ObservationContext(observer_person_context=observer))
    2

    """

    observers: Several[ObserverContext] = included(
        "1", ObserverContext, is_many=True, default=None
    )
    subject: OptionalOf[SubjectContext] = included("3", SubjectContext, default=None)

    def __init__(
        self,
        observer_person_context: ObserverContext | None = None,
        observer_device_context: ObserverContext | None = None,
        subject_context: SubjectContext | None = None,
    ) -> None:
        given: Mapping[str, Any] = {
            "observer_person_context": observer_person_context,
            "observer_device_context": observer_device_context,
        }
        for name, context in given.items():
            if context is not None and not isinstance(context, ObserverContext):
                raise ArgumentTypeError(
                    f"'{name}' must be an ObserverContext, "
                    f"not {type(context).__name__}."
                )
        if subject_context is not None:
            _check_choice(subject_context, "subject_context", (SubjectContext,))
        observers = [context for context in given.values() if context is not None]
        self.assemble({"observers": observers, "subject": subject_context})


def _is_of_specimen(image: Any) -> bool:
    return isinstance(image, Dataset) and "ContainerIdentifier" in image


def _classes_of(template: Template, field: str) -> tuple[type[Any], ...]:
    classes: tuple[type[Any], ...] = getattr(template.fields[field], "classes", ())
    return classes


def _choice(
    code: Any,
    argument: str,
    choices: AnySequence[tuple[Code, str]],
    error: type[ArgumentError] = InvalidArgumentError,
) -> str:
    """Field that goes with a code, or the error."""
    if not isinstance(code, (Code, CodedConcept)):
        raise ArgumentTypeError(
            f"'{argument}' must be a pydicom Code or a CodedConcept, "
            f"not {type(code).__name__}."
        )
    for choice, field in choices:
        if code == choice:
            return field
    allowed = ", ".join(f"'{choice.meaning}'" for choice, _ in choices)
    raise error(f"'{argument}' must be one of {allowed}, not '{code.meaning}'.")


def _check_choice(context: Any, argument: str, classes: tuple[type[Any], ...]) -> None:
    if not isinstance(context, classes):
        expected = " or ".join(cls.__name__ for cls in classes)
        raise ArgumentTypeError(
            f"'{argument}' must be {expected}, not {type(context).__name__}."
        )
