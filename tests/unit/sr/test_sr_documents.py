"""Documents: what is in them, how they are saved and read."""

import copy
import io
import pickle

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from sr_documents import TITLE, container, document, evidence, image, root, text

import highdicom
from highdicom.content_items import (
    CompositeContentItem,
    ContainerContentItem,
    ContentItem,
    ContentItemReference,
    ContentSequence,
    NumContentItem,
    RelationshipTypeError,
    TextContentItem,
)
from highdicom.errors import (
    NonconformantDatasetError,
    NonconformantDatasetWarning,
    WrongSOPClassError,
)
from highdicom.sr import (
    Comprehensive3DSR,
    ComprehensiveSR,
    EnhancedSR,
    ImageRegion3D,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    TrackingIdentifier,
    srread,
)
from highdicom.testing import slide

CLASSES = [EnhancedSR, ComprehensiveSR, Comprehensive3DSR]
CURRENT = "CurrentRequestedProcedureEvidenceSequence"
OTHER = "PertinentOtherEvidenceSequence"


@pytest.fixture
def images():
    return evidence()


def saved(dataset, **options):
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True, **options)
    return stream.getvalue()


def recorded(dataset, keyword):
    """Study, series and instance UIDs of an evidence sequence."""
    return [
        (
            study.StudyInstanceUID,
            series.SeriesInstanceUID,
            item.ReferencedSOPInstanceUID,
        )
        for study in dataset.get(keyword, [])
        for series in study.ReferencedSeriesSequence
        for item in series.ReferencedSOPSequence
    ]


# --- construction ------------------------------------------------------------------


@pytest.mark.parametrize("document_class", CLASSES)
def test_document_belongs_to_the_study_of_the_evidence(document_class, images):
    made = document(root(image(images[0])), images, document_class)
    assert {made.SOPClassUID} == document_class.sop_class_uids
    assert made.Modality == "SR"
    assert made.StudyInstanceUID == "1.2.3"
    assert made.PatientID == images[0].PatientID
    assert (made.SeriesInstanceUID, made.SeriesNumber) == ("1.2.840.1.1", 3)
    assert (made.SOPInstanceUID, made.InstanceNumber) == ("1.2.840.1.1.1", 2)
    assert made.Manufacturer == "Maker"
    assert made.transfer_syntax_uid == ExplicitVRLittleEndian
    assert len(made.ReferencedPerformedProcedureStepSequence) == 0
    assert len(made.PerformedProcedureCodeSequence) == 0


def test_document_is_the_root_of_its_content(images):
    made = document(root(image(images[0]), text("b")), images)
    assert made.ValueType == "CONTAINER"
    assert made.ConceptNameCodeSequence[0] == TITLE
    assert "RelationshipType" not in made
    assert isinstance(made.content, ContentSequence)
    assert made.content.is_root
    assert type(made.content[0]) is ContainerContentItem
    assert made.content[0].ContentSequence[1].value == "b"


def test_content_and_document_are_one(images):
    made = document(root(text("a")), images)
    made.content[0].ContentSequence.append(text("b"))
    assert [item.value for item in made.ContentSequence] == ["a", "b"]


def test_document_leaves_the_content_given_alone(images):
    tree = root(text("a"))
    made = document(tree, images)
    made.ContentSequence.append(text("b"))
    made.ConceptNameCodeSequence[0].CodeMeaning = "changed"
    assert len(tree.ContentSequence) == 1
    assert tree.name.meaning == TITLE.meaning


@pytest.mark.parametrize(
    "wrap", [lambda r: [r], lambda r: Sequence([r]), lambda r: (r,)]
)
def test_content_may_be_in_a_sequence(wrap, images):
    made = document(wrap(root(text("a"))), images)
    assert made.ContentSequence[0].value == "a"


def test_content_may_be_a_plain_dataset(images):
    plain = Dataset()
    plain.update(root(text("a")))
    made = document(plain, images)
    assert type(plain) is Dataset
    assert made.content[0].ContentSequence[0].value == "a"


def test_root_alone_is_content(images):
    assert "ContentSequence" not in document(root(), images)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (3, TypeError),
        ("root", TypeError),
        ([], ValueError),
        ([root(), root()], ValueError),
        (TextContentItem(TITLE, "a"), TypeError),
        (container(text("a")), RelationshipTypeError),
        (Dataset(), AttributeError),
    ],
)
def test_wrong_root_is_refused(content, error, images):
    with pytest.raises(error):
        document(content, images)


@pytest.mark.parametrize("document_class", [EnhancedSR, ComprehensiveSR])
def test_coordinates_in_space_need_the_3d_class(document_class, images):
    region = ImageRegion3D("POINT", np.ones((1, 3)), "1.2.9")
    tree = root(container(region))
    with pytest.raises(
        ValueError, match="does not support content items of type SCOORD3D"
    ):
        document(tree, images, document_class)
    assert document(tree, images).content[0].ContentSequence[0].ContentSequence


def test_relationships_that_the_class_forbids_are_refused(images):
    tree = root(text("a"), text("b", "CONTAINS", image(images[0])))
    with pytest.raises(ValueError, match="'TEXT CONTAINS IMAGE'") as caught:
        document(tree, images)
    expected = "ContentSequence[1].ContentSequence[0].RelationshipType"
    assert caught.value.path == expected


def test_flags_say_the_state(images):
    made = document(root(text()), images)
    assert made.CompletionFlag == "PARTIAL"
    assert made.PreliminaryFlag == "PRELIMINARY"
    assert made.VerificationFlag == "UNVERIFIED"
    made = document(root(text()), images, is_complete=True, is_final=True)
    assert made.CompletionFlag == "COMPLETE"
    assert made.PreliminaryFlag == "FINAL"


def test_verified_document_names_the_observer(images):
    made = document(
        root(text()),
        images,
        is_verified=True,
        verifying_observer_name="Doe^Jane",
        verifying_organization="Hospital",
    )
    assert made.VerificationFlag == "VERIFIED"
    (observer,) = made.VerifyingObserverSequence
    assert observer.VerifyingObserverName == "Doe^Jane"
    assert observer.VerifyingOrganization == "Hospital"
    assert observer.VerificationDateTime
    assert len(observer.VerifyingObserverIdentificationCodeSequence) == 0


@pytest.mark.parametrize(
    "given",
    [{}, {"verifying_observer_name": "Doe^Jane"}, {"verifying_organization": "H"}],
)
def test_verified_document_needs_observer_and_organization(given, images):
    with pytest.raises(ValueError, match="is required if 'is_verified' is true"):
        document(root(text()), images, is_verified=True, **given)


def test_unverified_document_names_no_observer(images):
    made = document(root(text()), images, verifying_observer_name="Doe^Jane")
    assert "VerifyingObserverSequence" not in made


def test_procedures_and_requests_are_recorded(images):
    request = Dataset()
    request.StudyInstanceUID = "1.2.3"
    request.AccessionNumber = "A1"
    made = document(
        root(text()),
        images,
        performed_procedure_codes=[codes.SCT.Liver],
        requested_procedures=[request],
    )
    assert made.PerformedProcedureCodeSequence[0] == codes.SCT.Liver
    (recorded_request,) = made.ReferencedRequestSequence
    assert recorded_request.AccessionNumber == "A1"
    assert recorded_request["RequestedProcedureID"].is_empty
    assert len(request) == 2


def test_bad_procedures_and_requests_are_refused(images):
    with pytest.raises(TypeError, match="must be a pydicom Code"):
        document(root(text()), images, performed_procedure_codes=["CT"])
    with pytest.raises(TypeError, match=r"'requested_procedures'\[0\] must be"):
        document(root(text()), images, requested_procedures=["CT"])
    with pytest.raises(AttributeError, match="lacks StudyInstanceUID"):
        document(root(text()), images, requested_procedures=[Dataset()])


def test_general_options_reach_the_document(images):
    made = document(
        root(text()),
        images,
        series_description="Measurements",
        institution_name="Hospital",
        institutional_department_name="Radiology",
        manufacturer_model_name="Model",
    )
    assert made.SeriesDescription == "Measurements"
    assert made.InstitutionName == "Hospital"
    assert made.InstitutionalDepartmentName == "Radiology"
    assert made.ManufacturerModelName == "Model"
    with pytest.raises(TypeError):
        document(root(text()), images, no_such_option=1)


@pytest.mark.parametrize(
    "syntax", [DeflatedExplicitVRLittleEndian, "1.2.840.10008.1.2.4.50"]
)
def test_other_transfer_syntaxes_are_refused(syntax, images):
    with pytest.raises(ValueError, match="'transfer_syntax_uid' must be Implicit or"):
        document(root(text()), images, EnhancedSR, transfer_syntax_uid=syntax)


def measurement_report():
    group = MeasurementsAndQualitativeEvaluations(
        TrackingIdentifier(uid="1.2.7", identifier="nodule"),
        measurements=[Measurement(codes.SCT.Diameter, 4.5, codes.UCUM.Millimeter)],
    )
    person = PersonObserverIdentifyingAttributes("Doe^Jane")
    context = ObservationContext(ObserverContext(codes.DCM.Person, person))
    return MeasurementReport(context, codes.LN.CTUnspecifiedBodyRegion, [group])


def test_content_of_a_measurement_report_is_one(images):
    made = document(measurement_report(), images)
    read = srread(io.BytesIO(saved(made)))
    for one in (made, read):
        assert isinstance(one.content, MeasurementReport)
        (group,) = one.content.get_image_measurement_groups()
        assert group.tracking_uid == "1.2.7"
        assert group.get_measurements()[0].value == 4.5


# --- evidence ----------------------------------------------------------------------


def test_evidence_is_recorded_by_study_and_series():
    current, prior = evidence("1.2.3"), evidence("1.2.4", series="1.2.4.7")
    made = document(root(image(current[0]), image(prior[0])), [*current, *prior])
    assert recorded(made, CURRENT) == [
        ("1.2.3", "1.2.3.1", "1.2.3.1.1"),
        ("1.2.3", "1.2.3.1", "1.2.3.1.2"),
    ]
    assert recorded(made, OTHER) == [
        ("1.2.4", "1.2.4.7", "1.2.4.7.1"),
        ("1.2.4", "1.2.4.7", "1.2.4.7.2"),
    ]
    assert made.get_evidence()[0] == (
        *("1.2.3", "1.2.3.1", "1.2.3.1.1"),
        "1.2.840.10008.5.1.4.1.1.2",
    )
    assert len(made.get_evidence()) == 4
    assert len(made.get_evidence(current_procedure_only=True)) == 2
    assert made.get_evidence_series() == [("1.2.3", "1.2.3.1"), ("1.2.4", "1.2.4.7")]
    assert made.get_evidence_series(True) == [("1.2.3", "1.2.3.1")]


def test_evidence_of_other_studies_that_is_not_referred_to_may_be_left_out():
    current, prior = evidence("1.2.3"), evidence("1.2.4")
    made = document(root(image(prior[1])), [*current, *prior], record_evidence=False)
    assert recorded(made, OTHER) == [("1.2.4", "1.2.4.1", "1.2.4.1.2")]
    assert len(recorded(made, CURRENT)) == 2


def test_evidence_given_twice_is_recorded_once(images):
    made = document(root(text()), [*images, images[0]])
    assert len(made.get_evidence()) == 2


@pytest.mark.parametrize("reference", ["image", "composite"])
def test_what_the_content_refers_to_must_be_in_the_evidence(reference, images):
    missing = (
        image(slide())
        if reference == "image"
        else CompositeContentItem(TITLE, "1.2", "1.3", "CONTAINS")
    )
    tree = root(text(), container(missing))
    with pytest.raises(
        ValueError, match="'evidence' must hold what the content"
    ) as caught:
        document(tree, images)
    assert caught.value.path == "ContentSequence[1].ContentSequence[0]"
    assert missing.referenced_sop_instance_uid in str(caught.value)


def test_evidence_is_required():
    with pytest.raises(ValueError, match="'evidence' must not be empty"):
        document(root(text()), [])
    for wrong in (None, 3, Dataset()):
        with pytest.raises(TypeError, match="'evidence' must be a sequence"):
            document(root(text()), wrong)
    with pytest.raises(TypeError, match=r"'evidence'\[0\] must be a Dataset"):
        document(root(text()), ["a.dcm"])


@pytest.mark.parametrize(
    "keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPClassUID"]
)
def test_evidence_must_have_identifiers(keyword, images):
    delattr(images[1], keyword)
    with pytest.raises(AttributeError, match=rf"'evidence'\[1\] lacks {keyword}"):
        document(root(text()), images)


def test_previous_versions_are_recorded(images):
    first = document(root(text()), images)
    second = document(
        root(text()), images, previous_versions=[first], sop_instance_uid="1.2.9"
    )
    assert recorded(second, "PredecessorDocumentsSequence") == [
        ("1.2.3", "1.2.840.1.1", "1.2.840.1.1.1")
    ]
    assert "PredecessorDocumentsSequence" not in first


# --- saving and reading ------------------------------------------------------------


def usual_content(images):
    number = NumContentItem(
        codes.SCT.Area, 2.5, codes.UCUM.SquareMillimeter, relationship_type="CONTAINS"
    )
    return root(container(image(images[0]), number), text("größer als 3"))


@pytest.mark.parametrize("document_class", CLASSES)
@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian])
def test_document_comes_back_from_a_file(document_class, syntax, images):
    made = document(
        usual_content(images), images, document_class, transfer_syntax_uid=syntax
    )
    file = saved(made)
    read = srread(io.BytesIO(file))
    assert type(read) is document_class
    assert read.transfer_syntax_uid == syntax
    group, remark = read.content[0].ContentSequence
    assert group.ContentSequence[0].value == (
        images[0].SOPClassUID,
        images[0].SOPInstanceUID,
    )
    assert group.ContentSequence[1].value == 2.5
    assert remark.value == "größer als 3"
    assert list(read) == list(dcmread(io.BytesIO(file)))
    assert saved(read) == file


def test_text_beyond_ascii_brings_a_character_set(images):
    del images[0].SpecificCharacterSet
    assert "SpecificCharacterSet" not in document(root(text("plain")), images)
    made = document(root(text("größer")), images)
    assert made.SpecificCharacterSet == "ISO_IR 192"
    given = document(root(text("größer")), images, specific_character_set="ISO_IR 100")
    assert given.SpecificCharacterSet == "ISO_IR 100"
    for one in (made, given):
        assert (
            srread(io.BytesIO(saved(one))).content[0].ContentSequence[0].value
            == "größer"
        )


def test_pydicom_saves_the_same_content_in_another_syntax(images):
    made = document(usual_content(images), images)
    plain = dcmread(io.BytesIO(saved(made)))
    made.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    again = dcmread(io.BytesIO(saved(made)))
    assert again.file_meta.TransferSyntaxUID == ImplicitVRLittleEndian
    assert again == plain


def test_content_read_stays_encoded_until_it_is_reached(images):
    read = srread(io.BytesIO(saved(document(usual_content(images), images))))
    assert isinstance(read._dict[0x0040A730], RawDataElement)
    _ = read.content
    group = read.ContentSequence[0]
    assert isinstance(group._dict[0x0040A730], RawDataElement)


def test_read_finds_the_class(images):
    file = saved(document(root(text()), images, EnhancedSR))
    assert type(highdicom.read(io.BytesIO(file))) is EnhancedSR


def test_from_dataset_copies_unless_told_otherwise(images):
    dataset = dcmread(io.BytesIO(saved(document(root(text("a")), images))))
    made = Comprehensive3DSR.from_dataset(dataset)
    made.ContentSequence[0].TextValue = "changed"
    assert dataset.ContentSequence[0].TextValue == "a"
    assert Comprehensive3DSR.from_dataset(dataset, copy=False) is dataset


def test_other_objects_are_no_documents(images):
    with pytest.raises(WrongSOPClassError, match="does not stand for"):
        Comprehensive3DSR.from_dataset(images[0])
    with pytest.raises(TypeError, match="'dataset' must be a Dataset"):
        Comprehensive3DSR.from_dataset("report.dcm")
    enhanced = document(root(text()), images, EnhancedSR)
    with pytest.raises(ValueError, match="does not stand for"):
        ComprehensiveSR.from_dataset(enhanced)


def test_only_documents_are_read(images):
    file = saved(images[0])
    with pytest.raises(RuntimeError, match="not a CT Image Storage"):
        srread(io.BytesIO(file))
    with pytest.raises(WrongSOPClassError):
        srread(io.BytesIO(file))


@pytest.mark.parametrize(
    ("keyword", "value", "error"),
    [
        ("ValueType", None, AttributeError),
        ("ConceptNameCodeSequence", None, None),
        ("ValueType", "TEXT", AttributeError),
        ("RelationshipType", "CONTAINS", AttributeError),
    ],
)
def test_root_of_a_document_read_is_checked(keyword, value, error, images):
    dataset = dcmread(io.BytesIO(saved(document(root(text("a")), images))))
    if value is None:
        delattr(dataset, keyword)
    else:
        setattr(dataset, keyword, value)
    if error is None:
        assert Comprehensive3DSR.from_dataset(dataset).content
        return
    with pytest.raises(error):
        Comprehensive3DSR.from_dataset(dataset)


def test_broken_item_leaves_the_rest_readable(images):
    made = document(root(text("a"), text("b"), text("c")), images)
    del made.ContentSequence[1].TextValue
    read = srread(io.BytesIO(saved(made)))
    with pytest.warns(
        NonconformantDatasetWarning, match=r"ContentSequence\[1\].TextValue"
    ):
        items = list(read.content[0].ContentSequence)
    assert [items[0].value, items[2].value] == ["a", "c"]
    assert type(items[1]) is ContentItem


def test_document_can_be_copied_and_pickled(images):
    made = document(usual_content(images), images)
    for other in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert type(other) is Comprehensive3DSR
        assert saved(other) == saved(made)


def test_deep_tree_is_made_saved_and_copied(images):
    item = text("leaf")
    for _ in range(3000):
        item = container(item)
    made = document(root(item), images)
    read = Comprehensive3DSR.from_dataset(dcmread(io.BytesIO(saved(made))))
    for one in (read, Comprehensive3DSR.from_dataset(made)):
        below = one.content[0]
        for _ in range(3001):
            below = below.ContentSequence[0]
        assert below.value == "leaf"
    with pytest.raises(NonconformantDatasetError, match="nested more than"):
        srread(io.BytesIO(saved(made)))


# --- validation --------------------------------------------------------------------


def test_valid_document_has_no_violations(images):
    made = document(usual_content(images), images, is_complete=True)
    assert [str(one) for one in made.validate() if one.severity.value == "error"] == []


def test_violations_of_relationships_are_listed(images):
    made = document(root(text("a")), images)
    made.ContentSequence[0].ContentSequence = ContentSequence(
        [image(images[0]), ContentItemReference([1, 9], "INFERRED FROM")]
    )
    messages = [violation.message for violation in made.validate()]
    assert "The SOP class does not allow 'TEXT CONTAINS IMAGE'." in messages
    assert "There is no content item 1.9." in messages


def test_violations_of_the_template_are_listed(images):
    made = document(measurement_report(), images)
    assert not [one for one in made.validate() if one.severity.value == "error"]
    name = made.ContentSequence.find(codes.DCM.PersonObserverName)[0]
    made.ContentSequence.remove(name)
    messages = [one.message for one in made.validate() if one.severity.value == "error"]
    assert messages == ["'Person Observer Name' is required (TID 1003 row 1)."]


def errors_of(document):
    return {
        one.path: one for one in document.validate() if one.severity.value == "error"
    }


def test_a_root_without_name_is_an_error_though_it_names_no_template_then(images):
    made = document(usual_content(images), images, is_complete=True)
    del made.ConceptNameCodeSequence
    (found,) = errors_of(srread(saved(made))).values()
    assert (found.path, found.rule.value) == ("ConceptNameCodeSequence", "presence")


def test_references_that_the_evidence_does_not_list_are_errors(images):
    made = document(root(text("a"), image(images[0]), image(images[1])), images)
    (study,) = made.CurrentRequestedProcedureEvidenceSequence
    (series,) = study.ReferencedSeriesSequence
    other = series.ReferencedSOPSequence.pop()
    assert list(errors_of(srread(saved(made)))) == [
        "ContentSequence[2].ReferencedSOPSequence"
    ]
    moved = copy.deepcopy(study)
    moved.ReferencedSeriesSequence[0].ReferencedSOPSequence = [other]
    made.PertinentOtherEvidenceSequence = [moved]
    assert errors_of(srread(saved(made))) == {}
    del made.CurrentRequestedProcedureEvidenceSequence
    (found,) = errors_of(srread(saved(made))).values()
    assert found.path == "ContentSequence[1].ReferencedSOPSequence"
    assert images[0].SOPInstanceUID in found.message


def test_an_item_without_value_type_is_named(images):
    made = document(root(text("a"), container(text("b"))), images)
    del made.ContentSequence[1].ContentSequence[0].ValueType
    assert "ContentSequence[1].ContentSequence[0].ValueType" in errors_of(made)
