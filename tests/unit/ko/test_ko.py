"""Selections of key objects, and documents of them."""

import io

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import ImplicitVRLittleEndian

import highdicom
from highdicom.content_items import (
    CodeContentItem,
    CompositeContentItem,
    ContainerContentItem,
    ImageContentItem,
    TextContentItem,
    ValueTypeValues,
    WaveformContentItem,
    add_content,
)
from highdicom.errors import NonconformantDatasetWarning, WrongSOPClassError
from highdicom.ko import KeyObjectSelection, KeyObjectSelectionDocument
from highdicom.sr.templates.context import (
    DeviceObserverIdentifyingAttributes,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
)
from highdicom.testing import ct_series, slide

TITLE = codes.DCM.ForReferringProvider
PERSON, DEVICE = codes.DCM.Person, codes.DCM.Device
EVIDENCE = "CurrentRequestedProcedureEvidenceSequence"


def instance(study, number, **elements):
    dataset = Dataset()
    dataset.StudyInstanceUID = study
    dataset.SeriesInstanceUID = f"{study}.1"
    dataset.SOPInstanceUID = f"{study}.1.{number}"
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.34"
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.fixture
def images():
    return ct_series(number_of_slices=2)


@pytest.fixture
def person():
    return ObserverContext(PERSON, PersonObserverIdentifyingAttributes("Doe^Jane"))


@pytest.fixture
def device():
    return ObserverContext(DEVICE, DeviceObserverIdentifyingAttributes("1.2.3"))


def document(evidence, content, **options):
    return KeyObjectSelectionDocument(
        evidence, content, "1.2.840.1.1", 3, "1.2.840.1.1.1", 2, **options
    )


def saved(dataset):
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return io.BytesIO(stream.getvalue())


# --- selections --------------------------------------------------------------------


def test_selection_is_a_root_of_its_template(images):
    selection = KeyObjectSelection(TITLE, images)
    assert selection.is_root
    (root,) = selection
    assert isinstance(root, ContainerContentItem)
    assert root.name == TITLE
    assert root.template_id == "2010"
    assert root.relationship_type is None


def test_objects_are_referred_to_by_what_they_are(images):
    waveform = instance("1.2", 1, WaveformSequence=[], SOPClassUID="1.2.840.9.1")
    report = instance("1.2", 2)
    selection = KeyObjectSelection(TITLE, [images[0], waveform, report, slide()])
    references = selection.get_references()
    assert [type(item) for item in references] == [
        ImageContentItem,
        WaveformContentItem,
        CompositeContentItem,
        ImageContentItem,
    ]
    assert references[0].value == (images[0].SOPClassUID, images[0].SOPInstanceUID)
    assert len(selection.get_references(value_type=ValueTypeValues.IMAGE)) == 2
    (found,) = selection.get_references(sop_class_uid=report.SOPClassUID)
    assert found.referenced_sop_instance_uid == report.SOPInstanceUID
    assert not selection.get_references(ValueTypeValues.WAVEFORM, report.SOPClassUID)


def test_only_references_are_asked_for(images):
    with pytest.raises(ValueError, match="must be IMAGE, WAVEFORM or COMPOSITE"):
        KeyObjectSelection(TITLE, images).get_references(ValueTypeValues.TEXT)


def test_selection_has_description_and_observers(images, person, device):
    selection = KeyObjectSelection(TITLE, images, person, device, "Two images")
    contexts = selection.get_observer_contexts()
    assert [context.observer_type for context in contexts] == [PERSON, DEVICE]
    (found,) = selection.get_observer_contexts(DEVICE)
    assert found.observer_identifying_attributes.uid == "1.2.3"
    (found,) = selection.get_observer_contexts(PERSON)
    assert found.observer_identifying_attributes.name == "Doe^Jane"
    texts = [
        item.value
        for item in selection[0].ContentSequence.find(codes.DCM.KeyObjectDescription)
    ]
    assert texts == ["Two images"]


def test_selection_without_observers_names_none(images):
    assert KeyObjectSelection(TITLE, images).get_observer_contexts() == []


def test_observers_are_not_mixed_up(images, person, device):
    with pytest.raises(
        ValueError, match="'observer_person_context' must be of a person"
    ):
        KeyObjectSelection(TITLE, images, observer_person_context=device)
    with pytest.raises(
        ValueError, match="'observer_device_context' must be of a device"
    ):
        KeyObjectSelection(TITLE, images, observer_device_context=person)
    with pytest.raises(TypeError, match="must be an ObserverContext"):
        KeyObjectSelection(TITLE, images, observer_person_context="Doe^Jane")


@pytest.mark.parametrize(
    ("objects", "error"),
    [
        ([], ValueError),
        (None, TypeError),
        (["a.dcm"], TypeError),
        (Dataset(), TypeError),
        ([Dataset()], AttributeError),
    ],
)
def test_objects_must_be_instances(objects, error):
    with pytest.raises(error, match="'referenced_objects'"):
        KeyObjectSelection(TITLE, objects)


def test_title_must_be_a_code(images):
    with pytest.raises(TypeError, match="'name' must be a pydicom Code"):
        KeyObjectSelection("Of interest", images)


def test_selection_is_read_from_its_root(images):
    written = KeyObjectSelection(TITLE, images)
    selection = KeyObjectSelection.from_sequence(written)
    assert selection == written
    assert selection[0] is not written[0]
    assert len(selection.get_references()) == 2


def test_what_is_no_selection_is_refused(images):
    selection = KeyObjectSelection(TITLE, images)
    with pytest.raises(ValueError, match="must have one content item, not 0"):
        KeyObjectSelection.from_sequence([])
    with pytest.raises(ValueError, match="must have one content item, not 2"):
        KeyObjectSelection.from_sequence([*selection, *selection])
    with pytest.raises(ValueError, match="must follow TID 2010, not 1500"):
        KeyObjectSelection.from_sequence([ContainerContentItem(TITLE, True, "1500")])
    with pytest.raises(ValueError, match="must be a CONTAINER"):
        KeyObjectSelection.from_sequence(
            [TextContentItem(TITLE, "a", "CONTAINS")], is_root=False
        )


def test_selection_that_names_no_template_is_tolerated():
    with pytest.warns(NonconformantDatasetWarning, match="names no template"):
        KeyObjectSelection.from_sequence([ContainerContentItem(TITLE)])


# --- documents ---------------------------------------------------------------------


def test_document_belongs_to_the_study_of_the_first_object(images):
    made = document(images, KeyObjectSelection(TITLE, images), manufacturer="Maker")
    assert made.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.59"
    assert made.Modality == "KO"
    assert made.StudyInstanceUID == images[0].StudyInstanceUID
    assert made.PatientName == images[0].PatientName
    assert made.Manufacturer == "Maker"
    assert made.ConceptNameCodeSequence[0] == TITLE
    assert isinstance(made.content, KeyObjectSelection)
    assert len(made.content.get_references()) == 2


def test_evidence_lists_every_study():
    objects = [
        instance("1.2", 1),
        instance("1.3", 1),
        instance("1.2", 2),
        instance("1.4", 1),
    ]
    made = document(objects, KeyObjectSelection(TITLE, objects))
    found = {
        study.StudyInstanceUID: [
            item.ReferencedSOPInstanceUID
            for series in study.ReferencedSeriesSequence
            for item in series.ReferencedSOPSequence
        ]
        for study in made[EVIDENCE].value
    }
    assert found == {
        "1.2": ["1.2.1.1", "1.2.1.2"],
        "1.3": ["1.3.1.1"],
        "1.4": ["1.4.1.1"],
    }
    assert made.resolve_reference("1.3.1.1") == ("1.3", "1.3.1", "1.3.1.1")


def test_copies_in_other_studies_are_recorded():
    objects = [instance("1.2", 1), instance("1.3", 1)]
    selection = KeyObjectSelection(TITLE, objects)
    copied = document(objects[::-1], selection)
    made = document(objects, selection, identical_documents=[copied])
    (study,) = made.IdenticalDocumentsSequence
    assert study.StudyInstanceUID == "1.3"
    assert "IdenticalDocumentsSequence" not in copied
    missing = "IdenticalDocumentsSequence"
    found = [one for one in copied.validate() if one.path == missing]
    assert [one.severity.value for one in found] == ["warning"]
    assert missing not in {one.path for one in made.validate()}


def test_a_root_without_name_and_objects_beside_the_evidence_are_errors(images):
    made = document(images, KeyObjectSelection(TITLE, images))
    assert not [one for one in made.validate() if one.severity.value == "error"]
    del made.ConceptNameCodeSequence, made.ContentTemplateSequence
    (study,) = made[EVIDENCE].value
    del study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    found = [one.path for one in made.validate() if one.severity.value == "error"]
    assert found[0] == "ConceptNameCodeSequence"
    assert [path for path in found if path.startswith("Content")] == [
        "ContentSequence[0].ReferencedSOPSequence"
    ]


def test_unknown_reference_is_not_resolved(images):
    made = document(images, KeyObjectSelection(TITLE, images))
    with pytest.raises(ValueError, match="'sop_instance_uid' must be an object"):
        made.resolve_reference("1.2.3")


def test_selected_objects_must_be_in_the_evidence(images):
    selection = KeyObjectSelection(TITLE, images)
    with pytest.raises(ValueError, match="'evidence' must hold what the content"):
        document(images[:1], selection)
    with pytest.raises(ValueError, match="'evidence' must not be empty"):
        document([], selection)


def test_content_must_be_a_selection(images):
    with pytest.raises(TypeError, match="'content' must be a KeyObjectSelection"):
        document(images, ContainerContentItem(TITLE))


def test_relationships_that_the_class_forbids_are_refused(images):
    selection = KeyObjectSelection(TITLE, images)
    add_content(selection[0], [CodeContentItem(TITLE, codes.SCT.Liver, "CONTAINS")])
    with pytest.raises(ValueError, match="does not allow 'CONTAINER CONTAINS CODE'"):
        document(images, selection)


def test_requests_are_recorded(images):
    request = Dataset()
    request.StudyInstanceUID = "1.2"
    made = document(
        images, KeyObjectSelection(TITLE, images), requested_procedures=[request]
    )
    assert made.ReferencedRequestSequence[0].StudyInstanceUID == "1.2"


def test_document_comes_back_from_a_file(images, person, device):
    made = document(
        images,
        KeyObjectSelection(TITLE, images, person, device, "Zwei für später"),
        transfer_syntax_uid=ImplicitVRLittleEndian,
    )
    read = highdicom.read(saved(made))
    assert type(read) is KeyObjectSelectionDocument
    assert [item.value for item in read.content.get_references()] == [
        (image.SOPClassUID, image.SOPInstanceUID) for image in images
    ]
    assert len(read.content.get_observer_contexts()) == 2
    adopted = KeyObjectSelectionDocument.from_dataset(dcmread(saved(made)))
    assert adopted.content == read.content


def test_other_objects_are_no_documents(images):
    with pytest.raises(WrongSOPClassError):
        KeyObjectSelectionDocument.from_dataset(images[0])
