"""Coding Scheme Identification (PS3.3 C.12.1.1.1)."""

import pytest
from pydicom import Dataset

from highdicom.coding_schemes import (
    CodingSchemeIdentificationItem,
    CodingSchemeResourceItem,
    CodingSchemeURLTypeValues,
)
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)

RESOURCE = CodingSchemeResourceItem("https://example.org/codes.owl", "OWL")


def test_resources_have_a_place_and_a_type():
    assert RESOURCE.CodingSchemeURL == "https://example.org/codes.owl"
    assert RESOURCE.CodingSchemeURLType == "OWL"
    assert RESOURCE.url_type is CodingSchemeURLTypeValues.OWL
    with pytest.raises(InvalidArgumentError, match="'url_type' must be one of DOC"):
        CodingSchemeResourceItem("https://example.org", "HTML")


def test_attributes_say_what_was_given():
    item = CodingSchemeIdentificationItem(
        "99HOSPITAL",
        "House codes",
        "3",
        "HL7",
        "1.2.3",
        responsible_organization="Hospital",
        resources=[RESOURCE],
    )
    assert item.CodingSchemeDesignator == "99HOSPITAL"
    assert item.CodingSchemeName == "House codes"
    assert item.CodingSchemeVersion == "3"
    assert item.CodingSchemeRegistry == "HL7"
    assert item.CodingSchemeUID == "1.2.3"
    assert item.CodingSchemeResponsibleOrganization == "Hospital"
    assert item.CodingSchemeResourcesSequence[0] is RESOURCE
    assert "CodingSchemeExternalID" not in item


def test_a_designator_suffices():
    assert len(CodingSchemeIdentificationItem("99HOSPITAL")) == 1
    assert len(CodingSchemeIdentificationItem("99HOSPITAL", uid="1.2.3")) == 2


def test_registered_schemes_are_identified_by_uid_or_external_identifier():
    by_id = CodingSchemeIdentificationItem("99X", registry="HL7", external_id="abc")
    assert by_id.CodingSchemeExternalID == "abc"
    by_uid = CodingSchemeIdentificationItem("99X", registry="HL7", uid="1.2.3")
    assert by_uid.CodingSchemeUID == "1.2.3"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"registry": "HL7"}, InvalidArgumentError, "'uid' or 'external_id' is req"),
        (
            {"registry": "HL7", "uid": "1.2", "external_id": "a"},
            InvalidArgumentError,
            "Only one of 'uid' and 'external_id'",
        ),
        ({"external_id": "a"}, InvalidArgumentError, "'registry' is required"),
        ({"uid": "abc"}, InvalidArgumentError, "'uid' must be a UID"),
        ({"resources": [3]}, ArgumentTypeError, "'resources' must be a sequence of"),
        ({"designator": "x" * 17}, InvalidArgumentError, "'designator' must be valid"),
        ({"designator": None}, ArgumentTypeError, "'designator' is required"),
    ],
)
def test_what_identifies_no_scheme_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        CodingSchemeIdentificationItem(**{"designator": "99X", **arguments})


def test_datasets_are_adopted_with_what_is_nested():
    item = Dataset()
    item.CodingSchemeDesignator = "99X"
    resource = Dataset()
    resource.CodingSchemeURL = "https://example.org"
    resource.CodingSchemeURLType = "DOC"
    item.CodingSchemeResourcesSequence = [resource]
    adopted = CodingSchemeIdentificationItem.from_dataset(item)
    assert adopted.resources[0].url == "https://example.org"
    assert type(adopted.resources[0]) is CodingSchemeResourceItem
    assert type(resource) is Dataset
    with pytest.raises(MissingAttributeError, match="CodingSchemeDesignator"):
        CodingSchemeIdentificationItem.from_dataset(Dataset())
