import pytest
from pydicom.dataset import Dataset

from highdicom import _iods, _module_utils, _modules, standard
from highdicom.errors import InvalidArgumentError, MissingAttributeError
from highdicom.standard import (
    IOD_MODULE_MAP,
    MODULE_ATTRIBUTE_MAP,
    SOP_CLASS_UID_IOD_KEY_MAP,
    AttributeTypeValues,
    ModuleUsageValues,
    check_required_attributes,
    construct_module_tree,
    get_module_usage,
    is_attribute_in_iod,
)

CT = "1.2.840.10008.5.1.4.1.1.2"
SEG = "1.2.840.10008.5.1.4.1.1.66.4"


def test_mappings_are_keyed_like_the_tables():
    assert SOP_CLASS_UID_IOD_KEY_MAP[CT] == "ct-image"
    assert set(SOP_CLASS_UID_IOD_KEY_MAP.values()) <= set(IOD_MODULE_MAP)
    assert {"key": "patient", "usage": "M", "ie": "Patient"} in IOD_MODULE_MAP[
        "ct-image"
    ]
    assert {"keyword": "PatientName", "type": "2", "path": []} in MODULE_ATTRIBUTE_MAP[
        "patient"
    ]
    assert "1.2.3" not in SOP_CLASS_UID_IOD_KEY_MAP
    with pytest.raises(KeyError):
        MODULE_ATTRIBUTE_MAP["no-such-module"]
    assert repr(IOD_MODULE_MAP) == f"<mapping of {len(IOD_MODULE_MAP)} keys>"
    assert next(iter(IOD_MODULE_MAP)) in IOD_MODULE_MAP


def test_attributes_of_items_have_the_path_of_their_sequences():
    entries = MODULE_ATTRIBUTE_MAP["segmentation-image"]
    assert {
        "keyword": "CodeMeaning",
        "type": "1",
        "path": ["SegmentSequence", "SegmentedPropertyTypeCodeSequence"],
    } in entries


def test_functional_groups_of_an_iod_are_a_module_of_their_own():
    key = "segmentation-multi-frame-functional-groups"
    paths = [
        entry["path"]
        for entry in MODULE_ATTRIBUTE_MAP[key]
        if entry["keyword"] == "ReferencedSegmentNumber"
    ]
    assert [
        "PerFrameFunctionalGroupsSequence",
        "SegmentIdentificationSequence",
    ] in paths
    assert [
        "SharedFunctionalGroupsSequence",
        "SegmentIdentificationSequence",
    ] in paths
    plain = MODULE_ATTRIBUTE_MAP["multi-frame-functional-groups"]
    assert not any(entry["path"] for entry in plain)


@pytest.mark.parametrize("key", sorted(MODULE_ATTRIBUTE_MAP)[::20])
def test_every_module_is_a_finite_list(key):
    for entry in MODULE_ATTRIBUTE_MAP[key]:
        assert entry["type"] in {"1", "1C", "2", "2C", "3"}
        assert len(entry["path"]) < 20


def test_content_tree_is_expanded_once():
    keywords = {
        (entry["keyword"], len(entry["path"]))
        for entry in MODULE_ATTRIBUTE_MAP["sr-document-content"]
    }
    assert ("ValueType", 0) in keywords
    assert ("RelationshipType", 1) in keywords
    assert ("RelationshipType", 2) not in keywords


def test_tree_has_types_and_nested_attributes():
    tree = construct_module_tree("general-series")
    series = tree["attributes"]
    assert series["Modality"] == {"type": "1"}
    request = series["RequestAttributesSequence"]
    assert request["type"] == "3"
    assert request["attributes"]["RequestedProcedureID"]["type"] == "1C"


def test_tree_has_what_extends_a_macro():
    tree = construct_module_tree("waveform-annotation")
    assert tree["attributes"]
    rows = construct_module_tree("sr-document-content")["attributes"]
    items = rows["ReferencedSOPSequence"]["attributes"]
    assert {"ReferencedSOPClassUID", "ReferencedFrameNumber"} <= set(items)


def test_tree_may_be_changed_by_whoever_asked_for_it():
    construct_module_tree("patient")["attributes"].clear()
    assert construct_module_tree("patient")["attributes"]
    with pytest.raises(InvalidArgumentError, match="no module with the key 'x'"):
        construct_module_tree("x")
    with pytest.raises(InvalidArgumentError, match="no IOD with the key 'x'"):
        construct_module_tree("x-multi-frame-functional-groups")


def test_usage_of_a_module_depends_on_the_iod():
    assert get_module_usage("patient", CT) is ModuleUsageValues.MANDATORY
    assert get_module_usage("contrast-bolus", CT) is ModuleUsageValues.CONDITIONAL
    assert get_module_usage("overlay-plane", CT) is ModuleUsageValues.USER_OPTIONAL
    assert get_module_usage("segmentation-image", CT) is None
    groups = "segmentation-multi-frame-functional-groups"
    assert get_module_usage(groups, SEG) is ModuleUsageValues.MANDATORY
    with pytest.raises(InvalidArgumentError, match=r"'1\.2\.3'"):
        get_module_usage("patient", "1.2.3")


def test_values_are_those_of_the_standard():
    assert [usage.value for usage in ModuleUsageValues] == ["M", "C", "U"]
    assert [kind.value for kind in AttributeTypeValues] == ["1", "1C", "2", "2C", "3"]


def test_attribute_is_found_anywhere_in_an_iod():
    assert is_attribute_in_iod("PatientName", CT)
    assert is_attribute_in_iod("SegmentLabel", SEG)
    assert not is_attribute_in_iod("SegmentLabel", CT)
    assert is_attribute_in_iod("PlanePositionSequence", SEG)  # of a functional group


def test_attribute_in_an_excluded_sequence_does_not_count():
    assert not is_attribute_in_iod(
        "SegmentLabel", SEG, exclude_path_elements=["SegmentSequence"]
    )
    assert is_attribute_in_iod(
        "PatientID", SEG, exclude_path_elements=["OtherPatientIDsSequence"]
    )


@pytest.fixture
def patient():
    dataset = Dataset()
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex"):
        setattr(dataset, keyword, None)
    return dataset


def test_required_attributes_may_be_empty(patient):
    check_required_attributes(patient, "patient")


def test_missing_required_attribute_is_an_error(patient):
    del patient.PatientSex
    with pytest.raises(MissingAttributeError, match="'PatientSex'") as caught:
        check_required_attributes(patient, "patient")
    assert isinstance(caught.value, AttributeError)
    assert caught.value.keyword == "PatientSex"


def test_items_of_optional_sequences_are_checked_if_wanted(patient):
    patient.OtherPatientIDsSequence = [Dataset()]
    with pytest.raises(
        AttributeError, match=r"'OtherPatientIDsSequence\[0\].PatientID'"
    ):
        check_required_attributes(patient, "patient")
    check_required_attributes(patient, "patient", check_optional_sequences=False)


def test_item_is_checked_at_its_path():
    item = Dataset()
    with pytest.raises(AttributeError, match="'PatientID', 'TypeOfPatientID'"):
        check_required_attributes(item, "patient", ["OtherPatientIDsSequence"])
    item.PatientID, item.TypeOfPatientID = "1", "TEXT"
    check_required_attributes(item, "patient", ["OtherPatientIDsSequence"])


@pytest.mark.parametrize("path", [["PatientID"], ["NoSuchSequence"]])
def test_path_has_to_be_in_the_module(path):
    with pytest.raises(InvalidArgumentError, match="no such sequence"):
        check_required_attributes(Dataset(), "patient", path)


def test_private_modules_hand_the_names_on():
    for module in (_iods, _modules, _module_utils):
        assert module.__all__
        for name in module.__all__:
            assert getattr(module, name) is getattr(standard, name)
