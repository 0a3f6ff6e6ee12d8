"""Who observed what in whom."""

import pytest
from pydicom import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from sr_template_parts import algorithm, device, observation, person, specimen

from highdicom import UID
from highdicom.errors import HighdicomError
from highdicom.sr import (
    AlgorithmIdentification,
    CodedConcept,
    ContentSequence,
    DeviceObserverIdentifyingAttributes,
    LanguageOfContentItemAndDescendants,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    SubjectContext,
    SubjectContextDevice,
    SubjectContextFetus,
    SubjectContextSpecimen,
    TrackingIdentifier,
)


def names(items):
    return [item.name.meaning for item in items]


def test_items_stand_in_the_order_of_the_rows():
    assert names(algorithm()) == [
        "Algorithm Name",
        "Algorithm Version",
        "Algorithm Manufacturer",
        "Algorithm Parameters",
        "Algorithm Parameters",
        "Algorithm Family",
    ]
    assert {item.relationship_type.value for item in algorithm()} == {"HAS CONCEPT MOD"}


def test_fields_are_read_from_the_items():
    made = algorithm()
    assert (made.name, made.version, made.manufacturer) == ("finder", "1.2", "Maker")
    assert made.parameters == ["a=1", "b=2"]
    assert made.family == codes.DCM.ArtificialIntelligence
    del made[2]
    assert made.manufacturer is None


def test_optional_rows_may_be_left_out():
    made = AlgorithmIdentification("finder", "1.2")
    assert names(made) == ["Algorithm Name", "Algorithm Version"]
    assert made.family is None
    assert made.parameters == []


def test_fields_cannot_be_set():
    made = AlgorithmIdentification("finder", "1.2")
    with pytest.raises(AttributeError, match="name"):
        made.name = "other"


@pytest.mark.parametrize(
    ("arguments", "error", "named"),
    [
        ({"name": 1, "version": "1"}, TypeError, "'name'"),
        ({"name": "a", "version": "1", "parameters": "b"}, TypeError, "'parameters'"),
        ({"name": "a", "version": "1", "parameters": [1]}, TypeError, "'parameters'"),
        ({"name": "a", "version": "1", "family": "b"}, TypeError, "'family'"),
        ({"name": "a"}, TypeError, "'version'"),
        ({"name": "a", "version": "1", "colour": 1}, TypeError, "'colour'"),
    ],
)
def test_wrong_arguments_are_refused_by_name(arguments, error, named):
    with pytest.raises(error, match=named) as caught:
        AlgorithmIdentification(**arguments)
    assert isinstance(caught.value, HighdicomError)


def test_an_argument_cannot_be_given_twice_or_too_often():
    with pytest.raises(TypeError):
        AlgorithmIdentification("a", "1", name="b")
    with pytest.raises(TypeError):
        AlgorithmIdentification("a", "1", None, None, None, "too many")


def test_tracking_makes_a_uid_unless_one_is_given():
    first, second = TrackingIdentifier(identifier="a"), TrackingIdentifier()
    assert first.uid != second.uid
    assert UID(first.uid).is_valid
    assert names(first) == ["Tracking Identifier", "Tracking Unique Identifier"]
    assert names(second) == ["Tracking Unique Identifier"]
    assert second.identifier is None
    assert TrackingIdentifier("1.2.3").uid == "1.2.3"
    with pytest.raises(TypeError, match="'uid'"):
        TrackingIdentifier(3)


def test_language_may_name_the_country():
    english = CodedConcept("en", "RFC5646", "English")
    country = Code("GB", "ISO3166_1", "United Kingdom")
    made = LanguageOfContentItemAndDescendants(english, country)
    assert made.language == english
    assert made.country == country
    assert made[0].ContentSequence[0].value == country


def test_observers_are_told_apart():
    for observer, kind, cls in (
        (person(), codes.DCM.Person, PersonObserverIdentifyingAttributes),
        (device(), codes.DCM.Device, DeviceObserverIdentifyingAttributes),
    ):
        assert observer.observer_type == kind
        assert type(observer.observer_identifying_attributes) is cls
    attributes = person().observer_identifying_attributes
    assert attributes.name.family_name == "Doe"
    assert attributes.login_name == "jane"
    assert attributes.role_in_organization == codes.DCM.Physician
    assert device().observer_identifying_attributes.model_name == "A1"
    assert device().observer_identifying_attributes.uid == "1.2.9"


def test_observer_and_type_have_to_fit():
    attributes = person().observer_identifying_attributes
    with pytest.raises(TypeError, match="observer_identifying_attributes"):
        ObserverContext(codes.DCM.Device, attributes)
    with pytest.raises(ValueError, match="'Person', 'Device'"):
        ObserverContext(codes.SCT.Liver, attributes)
    with pytest.raises(TypeError, match="observer_type"):
        ObserverContext("Person", attributes)


def test_observation_context_takes_observers_and_subject():
    context = observation()
    assert len(context) == 6 + 4 + 3
    assert [one.observer_type.meaning for one in context.observers] == [
        "Person",
        "Device",
    ]
    assert context.subject.subject_class == codes.DCM.Specimen
    assert len(ObservationContext()) == 0
    assert ObservationContext().observers == []
    assert ObservationContext().subject is None


@pytest.mark.parametrize(
    "argument",
    ["observer_person_context", "observer_device_context", "subject_context"],
)
def test_observation_context_refuses_other_things(argument):
    wrong = person().observer_identifying_attributes
    with pytest.raises(TypeError, match=argument):
        ObservationContext(**{argument: wrong})


def test_subjects_are_told_apart():
    fetus = SubjectContext(codes.DCM.Fetus, SubjectContextFetus("1"))
    assert type(fetus.subject_class_specific_context) is SubjectContextFetus
    assert fetus.subject_class_specific_context.subject_id == "1"
    made = specimen().subject_class_specific_context
    assert (made.specimen_uid, made.specimen_identifier) == ("1.2.4", "A-1")
    assert made.container_identifier is None
    assert made.specimen_type is None


def test_subject_that_is_a_device_has_the_code_of_the_context_group():
    phantom = SubjectContextDevice("phantom", "1.2.3", "maker", "model", "7", "room 1")
    for given in (codes.DCM.Device, codes.DCM.DeviceSubject):
        context = SubjectContext(given, phantom)
        assert context.subject_class == codes.DCM.DeviceSubject
        found = context.subject_class_specific_context
        assert (found.device_name, found.device_uid) == ("phantom", "1.2.3")
        assert found.device_manufacturer_name == "maker"
        assert found.device_model_name == "model"
        assert found.device_serial_number == "7"
        assert found.device_physical_location == "room 1"


def test_subject_and_class_have_to_fit():
    for subject_class, context in (
        (codes.DCM.Device, SubjectContextFetus("1")),
        (codes.DCM.Fetus, None),
        (codes.SCT.Liver, SubjectContextFetus("1")),
    ):
        with pytest.raises(TypeError):
            SubjectContext(subject_class, context)


def slide():
    image, item, kind = Dataset(), Dataset(), Dataset()
    kind.CodeValue, kind.CodingSchemeDesignator = "119376003", "SCT"
    kind.CodeMeaning = "Tissue specimen"
    item.SpecimenUID, item.SpecimenIdentifier = "1.2.3.4", "A-1"
    item.SpecimenTypeCodeSequence = [kind]
    image.ContainerIdentifier = "C-1"
    image.SpecimenDescriptionSequence = [item]
    return image


def test_specimen_is_taken_from_an_image():
    made = SubjectContext.from_image(slide())
    context = made.subject_class_specific_context
    assert made.subject_class == codes.DCM.Specimen
    assert context.specimen_uid == "1.2.3.4"
    assert context.specimen_identifier == "A-1"
    assert context.container_identifier == "C-1"
    assert context.specimen_type.meaning == "Tissue specimen"


def test_image_without_specimen_has_no_subject():
    assert SubjectContext.from_image(Dataset()) is None
    with pytest.raises(ValueError, match="ContainerIdentifier"):
        SubjectContextSpecimen.from_image(Dataset())
    image = slide()
    del image.SpecimenDescriptionSequence
    with pytest.raises(AttributeError, match="SpecimenDescriptionSequence"):
        SubjectContextSpecimen.from_image(image)


def test_items_are_recognised_among_others():
    everything = ContentSequence([*observation(), *algorithm()])
    found = PersonObserverIdentifyingAttributes.from_sequence(everything)
    assert names(found) == [
        "Person Observer Name",
        "Person Observer's Login Name",
        "Person Observer's Organization Name",
        "Person Observer's Role in the Organization",
        "Person Observer's Role in this Procedure",
    ]
    assert found.name == "Doe^Jane"
    assert found[0] is not everything[1]
    assert AlgorithmIdentification.from_sequence(everything).version == "1.2"
    context = ObservationContext.from_sequence(everything)
    assert len(context) == len(observation())
    assert context.subject.subject_class_specific_context.specimen_uid == "1.2.4"


@pytest.mark.parametrize(
    "cls",
    [
        PersonObserverIdentifyingAttributes,
        DeviceObserverIdentifyingAttributes,
        SubjectContextFetus,
        SubjectContextDevice,
        AlgorithmIdentification,
        LanguageOfContentItemAndDescendants,
    ],
)
def test_what_is_not_there_is_not_recognised(cls):
    others = ContentSequence([specimen()[0]])
    with pytest.raises(ValueError, match=cls.__name__) as caught:
        cls.from_sequence(others)
    assert isinstance(caught.value, TypeError)


def test_person_without_observer_type_is_read_as_person():
    context = ObserverContext.of(person()[1:])
    assert context.observer_type is None
    assert context.observer_identifying_attributes.login_name == "jane"
    assert not context.check()


def test_context_without_observer_says_so():
    empty = ObserverContext.of([])
    with pytest.raises(AttributeError, match="neither"):
        _ = empty.observer_identifying_attributes
    with pytest.raises(AttributeError, match="subject"):
        _ = SubjectContext.of([]).subject_class_specific_context
