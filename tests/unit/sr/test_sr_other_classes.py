"""Reports of classes that are only read are checked like others."""

import pytest
from pydicom.data import get_testdata_file

from highdicom.base import read
from highdicom.sr.content_document import ContentDocument


@pytest.fixture(scope="module")
def basic_text():
    return read(get_testdata_file("reportsi.dcm"))


def test_reports_of_other_classes_have_content(basic_text):
    assert isinstance(basic_text, ContentDocument)
    assert [item.value_type.value for item in basic_text.content] == ["CONTAINER"]


def test_instances_beside_the_evidence_are_found(basic_text):
    (violation,) = basic_text.validate()
    assert violation.message.startswith("The instance 0 is listed in neither")


def test_relationships_that_the_class_forbids_are_found(basic_text):
    document = type(basic_text).from_dataset(basic_text)
    document.ContentSequence[4].ContentSequence[0].ValueType = "NUM"
    messages = [violation.message for violation in document.validate()]
    assert "The SOP class does not support content items of type NUM." in messages


def test_coordinates_without_an_image_are_found():
    report = read(get_testdata_file("test-SR.dcm"))
    found = [v.path for v in report.validate() if "not selected" in v.message]
    assert found == ["ContentSequence[2].ContentSequence[1].ContentSequence"]


def test_only_what_is_complete_can_be_verified():
    report = read(get_testdata_file("test-SR.dcm"))
    report.VerificationFlag, report.CompletionFlag = "VERIFIED", "PARTIAL"
    assert "VerificationFlag" in [violation.path for violation in report.validate()]
    report.CompletionFlag = "COMPLETE"
    assert "VerificationFlag" not in [v.path for v in report.validate()]
