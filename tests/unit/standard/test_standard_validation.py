import warnings
from copy import deepcopy

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from highdicom.errors import ArgumentTypeError
from highdicom.standard import Requirement, Severity, iod_of, validate
from highdicom.testing.factories import (
    cr_image,
    ct_series,
    dx_image,
    enhanced_ct,
    enhanced_mr,
    enhanced_pet,
    mr_series,
    multi_frame_sc_image,
    palette_image,
    pet_series,
    sc_image,
    slide,
    us_clip,
    us_image,
)

SC = "1.2.840.10008.5.1.4.1.1.7"


@pytest.fixture
def ct():
    return ct_series()[0]


def found(dataset, **criteria):
    """Violations that agree with the criteria."""
    return [
        violation
        for violation in validate(dataset)
        if all(getattr(violation, key) == value for key, value in criteria.items())
    ]


def only(dataset):
    (violation,) = validate(dataset)
    return violation


@pytest.mark.parametrize(
    "make",
    [
        cr_image,
        lambda: ct_series()[0],
        dx_image,
        enhanced_ct,
        enhanced_mr,
        enhanced_pet,
        lambda: mr_series()[0],
        multi_frame_sc_image,
        palette_image,
        lambda: pet_series()[0],
        sc_image,
        slide,
        us_clip,
        us_image,
    ],
)
def test_valid_image_has_no_violation(make):
    image = make()
    # Values of the factories that PS3.3 Tables 10-24 and C.8-92 do not list.
    image.pop("SliceProgressionDirection", None)
    violations = [v for v in validate(image) if v.keyword != "Spoiling"]
    assert violations == []


def test_missing_attribute_is_an_error(ct):
    del ct.PatientID
    violation = only(ct)
    assert violation.path == "PatientID"
    assert violation.keyword == "PatientID"
    assert violation.tag == 0x00100020
    assert violation.rule is Requirement.PRESENCE
    assert violation.severity is Severity.ERROR
    assert violation.source == "patient"
    assert violation.message == (
        "The attribute 'PatientID' is missing: Type 2 in the Patient module "
        "(PS3.3 Table C.7-1)."
    )
    assert str(violation).startswith("error: PatientID: The attribute")


def test_type_1_needs_a_value_and_type_2_does_not(ct):
    ct.SOPInstanceUID = ""
    ct.PatientID = ""
    violation = only(ct)
    assert violation.path == "SOPInstanceUID"
    assert "is empty" in violation.message


def test_sequence_without_items_is_empty():
    image = slide()
    image.OpticalPathSequence = Sequence()
    assert [v.path for v in found(image, rule=Requirement.PRESENCE)] == [
        "OpticalPathSequence"
    ]


def test_condition_that_holds_makes_an_attribute_required(ct):
    ct.PatientIdentityRemoved = "YES"
    paths = [violation.path for violation in validate(ct)]
    assert paths == ["DeidentificationMethod", "DeidentificationMethodCodeSequence"]
    ct.DeidentificationMethod = "by hand"
    assert validate(ct) == []


def test_condition_without_expression_is_never_enforced(ct):
    assert "PatientSpeciesDescription" not in ct
    assert validate(ct) == []
    unchecked = validate(ct, report_unchecked=True)
    assert {v.severity for v in unchecked} == {Severity.NOT_CHECKED}
    (species,) = [v for v in unchecked if v.keyword == "PatientSpeciesDescription"]
    assert "cannot be checked" in species.message


def test_empty_attribute_of_unknown_condition_is_a_warning(ct):
    ct.PatientSpeciesDescription = ""
    violation = only(ct)
    assert violation.severity is Severity.WARNING
    assert violation.keyword == "PatientSpeciesDescription"


def test_attribute_whose_condition_does_not_hold_is_a_warning(ct):
    ct.PlanarConfiguration = 0
    violation = only(ct)
    assert violation.rule is Requirement.ABSENCE
    assert violation.severity is Severity.WARNING
    assert "when SamplesPerPixel is greater than 1" in violation.message


def test_attribute_that_is_forbidden_is_an_error(ct):
    ct.MultienergyCTAcquisition = "YES"
    ct.CTAdditionalXRaySourceSequence = []
    (violation,) = found(ct, rule=Requirement.ABSENCE)
    assert violation.keyword == "CTAdditionalXRaySourceSequence"
    assert violation.severity is Severity.ERROR
    assert "must not be present when MultienergyCTAcquisition is YES" in (
        violation.message
    )


def test_attribute_that_must_not_be_there_otherwise_is_an_error():
    image = us_image()
    region = Dataset()
    region.PixelComponentOrganization = 1
    region.PixelComponentDataType = 1
    region.TableOfParameterValues = [1.0]
    image.SequenceOfUltrasoundRegions = [region]
    (violation,) = [
        v
        for v in found(image, rule=Requirement.ABSENCE)
        if v.severity is Severity.ERROR
    ]
    assert violation.keyword == "TableOfParameterValues"
    assert "as its condition does not hold" in violation.message


def test_value_outside_enumerated_values_is_an_error(ct):
    ct.PatientSex = "X"
    violation = only(ct)
    assert violation.rule is Requirement.VALUE
    assert violation.severity is Severity.ERROR
    assert "'X'" in violation.message
    assert "'M', 'F', 'O'" in violation.message


def test_value_outside_defined_terms_is_a_warning(ct):
    ct.TypeOfPatientID = "TATTOO"
    violation = only(ct)
    assert violation.rule is Requirement.VALUE
    assert violation.severity is Severity.WARNING


def test_list_for_one_value_number_leaves_the_others_alone(ct):
    ct.ImageType = ["PRIMARY", "PRIMARY", "AXIAL"]
    violation = only(ct)
    assert violation.keyword == "ImageType"
    assert violation.severity is Severity.ERROR


def test_numbers_are_compared_as_numbers(ct):
    ct.SamplesPerPixel = 3
    assert {v.keyword for v in found(ct, rule=Requirement.VALUE)} == {"SamplesPerPixel"}


def test_list_of_the_most_specific_module_counts():
    image = sc_image()
    image.Modality = "XYZ"  # Defined Terms in General Series
    assert found(image, severity=Severity.ERROR) == []
    series = ct_series()[0]
    series.PhotometricInterpretation = "PALETTE COLOR"  # not in CT Image
    assert found(series, keyword="PhotometricInterpretation", severity=Severity.ERROR)


def test_too_many_values_are_an_error(ct):
    ct.ImagePositionPatient = [1, 2, 3, 4]
    violation = only(ct)
    assert violation.rule is Requirement.VALUE_MULTIPLICITY
    assert violation.message == (
        "The attribute 'ImagePositionPatient' has 4 values, but should have 3."
    )


def test_multiplicity_of_a_module_is_narrower_than_that_of_the_dictionary(ct):
    ct.ImageType = ["ORIGINAL"]
    assert [v.rule for v in validate(ct)] == [Requirement.VALUE_MULTIPLICITY]


def test_other_value_representation_is_an_error(ct):
    ct[0x00100020] = DataElement(0x00100020, "CS", "1")
    violation = only(ct)
    assert violation.rule is Requirement.VALUE_REPRESENTATION
    assert "CS" in violation.message
    assert "LO" in violation.message


def test_unknown_value_representation_is_no_violation(ct):
    ct[0x00100020] = RawDataElement(
        BaseTag(0x00100020), "UN", 2, b"1 ", 0, False, True, True
    )
    assert validate(ct) == []


def test_wrong_number_of_items_is_an_error(ct):
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator = "80891009", "SCT"
    code.CodeMeaning = "Heart"
    ct.AnatomicRegionSequence = [code, code]
    violation = only(ct)
    assert violation.rule is Requirement.NUMBER_OF_ITEMS
    assert "2 items, but should have 0-1" in violation.message


def test_items_are_checked_and_named_by_their_number(ct):
    first, second = Dataset(), Dataset()
    for item in (first, second):
        item.ReferencedSOPClassUID = SC
        item.ReferencedSOPInstanceUID = "1.2.3"
    del second.ReferencedSOPInstanceUID
    ct.SourceImageSequence = [first, second]
    violation = only(ct)
    assert violation.path == "SourceImageSequence[1].ReferencedSOPInstanceUID"
    assert violation.keyword == "ReferencedSOPInstanceUID"


def code_of(value, scheme="SCT"):
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, "-"
    return code


@pytest.mark.parametrize(
    ("value", "scheme", "number"),
    [("399162004", "SCT", 0), ("80891009", "SCT", 1), ("R-10206", "SRT", 0)],
)
def test_code_outside_an_enumerated_context_group_is_a_warning(value, scheme, number):
    # View Code Sequence, ECID 4014
    image = pydicom.Dataset()
    image.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1.2"
    image.ViewCodeSequence = [code_of(value, scheme)]
    codes = found(image, rule=Requirement.CODE)
    assert len(codes) == number
    assert all(violation.severity is Severity.WARNING for violation in codes)


def test_module_that_need_not_be_there_is_not_missed(ct):
    assert "ContrastBolusAgent" not in ct
    assert (0x6000, 0x0010) not in ct
    assert validate(ct) == []


def test_module_that_shows_signs_of_use_has_to_be_complete(ct):
    ct.ClinicalTrialSponsorName = "Sponsor"
    missed = {violation.keyword for violation in validate(ct)}
    assert {"ClinicalTrialProtocolID", "ClinicalTrialSiteID"} <= missed


def test_type_3_attribute_shows_no_sign_of_a_module(ct):
    ct.ContrastBolusVolume = "10"
    assert validate(ct) == []


def test_conditional_module_is_required_if_its_condition_holds():
    image = us_image()
    image.PhotometricInterpretation = "PALETTE COLOR"
    image.SamplesPerPixel = 1
    assert (
        found(
            image,
            keyword="RedPaletteColorLookupTableData",
            source="palette-color-lookup-table",
        )
        == []
    )  # its own condition cannot be told
    assert found(
        image,
        keyword="RedPaletteColorLookupTableDescriptor",
        severity=Severity.ERROR,
    )


def test_each_repeating_group_is_checked(ct):
    for group in (0x6000, 0x6004):
        ct.add_new((group, 0x0010), "US", 2)  # rows
        ct.add_new((group, 0x0040), "CS", "G" if group == 0x6000 else "X")  # type
    missing = found(ct, keyword="OverlayColumns")
    assert [violation.tag for violation in missing] == [0x60000011, 0x60040011]
    (wrong,) = found(ct, rule=Requirement.VALUE)
    assert wrong.tag == 0x60040040


def test_further_attributes_are_no_violation(ct):
    ct.SegmentLabel = "x"  # of another IOD
    ct.add_new((0x0009, 0x0010), "LO", "PRIVATE")
    ct.add_new((0x0009, 0x1001), "LO", "x")
    assert validate(ct) == []


def test_sop_class_has_to_be_there():
    violation = only(Dataset())
    assert violation.rule is Requirement.SOP_CLASS
    assert violation.severity is Severity.ERROR


def test_unknown_sop_class_is_not_checked():
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.3"
    violation = only(dataset)
    assert violation.severity is Severity.NOT_CHECKED
    assert "'1.2.3'" in violation.message


def test_iod_may_be_given():
    dataset = Dataset()
    assert found(dataset) != validate(dataset, iod_of(SC))
    assert "ConversionType" in {v.keyword for v in validate(dataset, iod_of(SC))}


def test_argument_has_to_be_a_dataset():
    with pytest.raises(ArgumentTypeError, match="'dataset' has to be a Dataset"):
        validate("file.dcm")


def test_dataset_is_left_as_it_is():
    path = get_testdata_file("CT_small.dcm", download=False)
    dataset = pydicom.dcmread(path)
    before = {tag: dataset.get_item(tag) for tag in dataset.keys()}  # noqa: SIM118
    untouched = [
        tag
        for tag, element in before.items()
        if isinstance(element, RawDataElement) and element.VR != "SQ"
    ]
    untouched.remove(0x00280103)  # pydicom reads it when it decodes a sequence
    validate(dataset)
    assert len(untouched) > 50
    assert all(dataset.get_item(tag) is before[tag] for tag in untouched)
    assert dataset == pydicom.dcmread(path)


def test_encoded_and_decoded_datasets_have_the_same_violations():
    path = get_testdata_file("JPGLosslessP14SV1_1s_1f_8b.dcm", download=False)
    encoded, decoded = pydicom.dcmread(path), pydicom.dcmread(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        decoded.decode()
        str(decoded)
    assert len(validate(encoded)) > 5
    assert validate(encoded) == validate(decoded)


def test_values_that_pydicom_warns_about_raise_no_warning():
    path = get_testdata_file("explicit_VR-UN.dcm", download=False)
    validate(pydicom.dcmread(path))
    dataset = ct_series()[0]
    dataset[0x00100030] = RawDataElement(
        BaseTag(0x00100030), "DA", 10, b"yesterday ", 0, False, True, True
    )
    assert [v.path for v in validate(dataset)] == ["PatientBirthDate"]


def test_item_that_contains_itself_is_a_violation(ct):
    item = code_of("80891009")
    item.AnatomicRegionModifierSequence = [item]
    ct.AnatomicRegionSequence = [item]
    (violation,) = found(ct, rule=Requirement.NESTING)
    assert violation.path == "AnatomicRegionSequence[0].AnatomicRegionModifierSequence"
    assert "contains itself" in violation.message


def nested_report(depth):
    report = Dataset()
    report.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.33"
    parent = report
    for _ in range(depth):
        item = Dataset()
        item.RelationshipType, item.ValueType = "CONTAINS", "CONTAINER"
        item.ContinuityOfContent = "SEPARATE"
        parent.ContentSequence = [item]
        parent = item
    return report


def test_sequences_may_be_nested_deeply_but_not_without_end():
    assert found(nested_report(60), rule=Requirement.NESTING) == []
    (violation,) = found(nested_report(2000), rule=Requirement.NESTING)
    assert violation.keyword == "ContentSequence"
    assert "more than 64 sequences deep" in violation.message


def test_item_at_many_places_is_checked_once():
    report = Dataset()
    report.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.33"
    item = Dataset()
    for _ in range(40):  # every level holds the one below twice: 2 ** 40 paths
        parent = Dataset()
        parent.RelationshipType, parent.ValueType = "CONTAINS", "CONTAINER"
        parent.ContinuityOfContent = "SEPARATE"
        parent.ContentSequence = [item, item]
        item = parent
    report.ContentSequence = [item]
    missing = found(report, keyword="ValueType", rule=Requirement.PRESENCE)
    assert len(missing) == 2  # of the root and of the innermost item


def test_sequence_that_cannot_be_read_is_a_violation(ct):
    tag = 0x00081140
    truncated = b"\xfe\xff\x00\xe0\xff\x00\x00\x00abcd"
    ct[tag] = RawDataElement(
        BaseTag(tag), "SQ", len(truncated), truncated, 0, False, True, True
    )
    (violation,) = found(ct, rule=Requirement.NESTING)
    assert violation.keyword == "ReferencedImageSequence"


def test_sequence_that_is_still_in_a_file_is_not_read_without_it(ct):
    tag = 0x00081140
    ct[tag] = RawDataElement(BaseTag(tag), "SQ", 8, None, 99, False, True, True)
    (violation,) = found(ct, rule=Requirement.NESTING)
    assert "cannot be read as a sequence" in violation.message


def test_value_type_decides_which_macros_belong_to_a_content_item():
    report = nested_report(1)
    item = report.ContentSequence[0]
    item.ConceptNameCodeSequence = [code_of("121070", "DCM")]
    assert [
        v for v in validate(report) if v.path.startswith("ContentSequence[0]")
    ] == []
    item.ValueType = "NUM"
    assert "ContentSequence[0].MeasuredValueSequence" in {
        violation.path for violation in validate(report)
    }


def test_relationship_by_reference_needs_no_value_type():
    report = nested_report(1)
    reference = Dataset()
    reference.RelationshipType = "INFERRED FROM"
    reference.ReferencedContentItemIdentifier = [1, 1]
    report.ContentSequence[0].ContentSequence = [reference]
    paths = {violation.path for violation in validate(report)}
    assert not any("ContentSequence[0].ContentSequence[0]" in path for path in paths)


@pytest.mark.parametrize(
    "name",
    [
        "CT_small.dcm",
        "MR_small.dcm",
        "badVR.dcm",
        "bad_sequence.dcm",
        "ExplVR_BigEnd.dcm",
        "image_dfl.dcm",
        "liver.dcm",
        "nested_priv_SQ.dcm",
        "no_meta.dcm",
        "reportsi.dcm",
        "rtdose.dcm",
        "rtplan.dcm",
        "rtplan_truncated.dcm",
        "rtstruct.dcm",
        "test-SR.dcm",
        "UN_sequence.dcm",
        "waveform_ecg.dcm",
    ],
)
def test_real_files_are_read_to_their_end(name):
    path = get_testdata_file(name, download=False)
    dataset = pydicom.dcmread(path, force=True)
    violations = validate(dataset)
    assert all(violation.message.endswith(".") for violation in violations)
    assert len(violations) == len(
        {(v.path, v.tag, v.rule, v.message) for v in violations}
    )


def test_real_ct_image_has_only_the_faults_it_has():
    path = get_testdata_file("CT_small.dcm", download=False)
    dataset = pydicom.dcmread(path)
    errors = {v.path for v in validate(dataset) if v.severity is Severity.ERROR}
    assert errors <= {"PositionReferenceIndicator"}
    copy = deepcopy(dataset)
    del copy.PixelSpacing
    assert {v.path for v in validate(copy)} - {v.path for v in validate(dataset)} == {
        "PixelSpacing"
    }
