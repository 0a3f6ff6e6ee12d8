import subprocess
import sys

import pytest

from highdicom.errors import InvalidArgumentError
from highdicom.standard import (
    AttributeType,
    context_group,
    edition,
    iod_key_of,
    iod_keys,
    iod_of,
    macro_keys,
    module_keys,
    rules_of,
    sop_class_name,
    sop_class_uids,
    type_of,
)
from highdicom.standard.model import MacroUse, Usage
from highdicom.standard.names import keywords_of
from highdicom.standard.tables import iod_by_key, level_of, macro, module
from highdicom.standard.texts import read_text

CT = "1.2.840.10008.5.1.4.1.1.2"
LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"


def test_edition_is_that_of_the_file_headers():
    assert edition() == "2025e"


def test_tables_keep_to_their_budget():
    names = ("iods", "modules", "sop_classes", "dictionary", "context_groups")
    assert sum(len(read_text(name).encode()) for name in names) <= 500_000


def test_keywords_are_those_of_the_rules():
    for key in module_keys():
        assert list(keywords_of(key)) == list(level_keywords(module(key)))
    for key in macro_keys():
        assert list(keywords_of(key, "macro")) == list(level_keywords(macro(key)))


def level_keywords(table):
    return [rules[0].rule.keyword for rules in level_of(table).values()]


def test_there_are_no_keywords_of_a_module_that_is_not_there():
    with pytest.raises(InvalidArgumentError, match="no module with the key 'x'"):
        keywords_of("x")
    with pytest.raises(InvalidArgumentError, match="no module"):
        keywords_of("ct-image C.8-3")


def test_everything_that_is_named_is_there():
    for key in iod_keys():
        iod = iod_by_key(key)
        for use in iod.modules:
            level_of(module(use.module))
        for group in iod.functional_groups:
            (rules,) = level_of(macro(group.macro)).values()
            assert rules[0].rule.keyword.endswith("Sequence")
    for key in macro_keys():
        level_of(macro(key))


def test_all_modules_belong_to_an_iod():
    used = {use.module for key in iod_keys() for use in iod_by_key(key).modules}
    assert set(module_keys()) == used


def test_label_map_segmentation_is_a_segmentation():
    assert iod_key_of(LABEL_MAP) == "segmentation"
    assert iod_of(LABEL_MAP) is iod_of("1.2.840.10008.5.1.4.1.1.66.4")


def test_iod_has_its_modules_in_printed_order():
    iod = iod_of(CT)
    assert iod.name == "CT Image"
    assert [use.module for use in iod.modules][:3] == [
        "patient",
        "clinical-trial-subject",
        "general-study",
    ]
    usages = {use.module: use.usage for use in iod.modules}
    assert usages["image-plane"] is Usage.MANDATORY
    assert usages["overlay-plane"] is Usage.USER_OPTIONAL
    assert usages["contrast-bolus"] is Usage.CONDITIONAL


def test_sop_class_names_are_those_of_the_standard():
    assert sop_class_name(CT) == "CT Image Storage"
    assert sop_class_name("1.2.840.10008.5.1.4.1.1.1.2") == (
        "Digital Mammography X-Ray Image Storage - For Presentation"
    )
    # retired, and so in no table
    assert sop_class_name("1.2.840.10008.5.1.4.1.1.6").startswith("Ultrasound Image")
    assert sop_class_name("1.2.3") is None
    assert sop_class_name("1.2.840.10008.1.2.1") is None  # a transfer syntax
    assert len(sop_class_uids()) > 170


def test_unknown_keys_are_refused():
    assert iod_key_of("1.2.3") is None
    with pytest.raises(InvalidArgumentError, match=r"'1\.2\.3'"):
        iod_of("1.2.3")
    with pytest.raises(InvalidArgumentError, match="no IOD with the key 'x'"):
        iod_by_key("x")
    with pytest.raises(InvalidArgumentError, match="no module with the key 'x'"):
        module("x")
    with pytest.raises(InvalidArgumentError, match="no macro with the key 'x'"):
        macro("x")
    with pytest.raises(InvalidArgumentError, match="neither a module nor a macro"):
        rules_of("x")
    with pytest.raises(InvalidArgumentError, match=r"no sequence at the path 'A\.B'"):
        rules_of("patient", ["A", "B"])


def test_rules_include_those_of_macros():
    rules = rules_of("patient")
    assert rules["PatientName"].type is AttributeType.REQUIRED_EMPTY_IF_UNKNOWN
    assert "IssuerOfPatientID" in rules
    assert rules["PatientSex"].values[0].values == ("M", "F", "O")


def test_rules_of_items_are_found_by_path():
    path = ["SegmentSequence", "SegmentedPropertyTypeCodeSequence"]
    assert rules_of("segmentation-image", path)["CodeMeaning"].type == "1"


def test_extension_goes_into_the_last_sequence_of_a_macro():
    rules = rules_of("image-reference", ["ReferencedSOPSequence"])
    assert rules["ReferencedSOPClassUID"].type == "1"
    assert rules["ReferencedFrameNumber"].type == "1C"
    assert "ReferencedFrameNumber" not in rules_of(
        "composite-object-reference", ["ReferencedSOPSequence"]
    )


@pytest.mark.parametrize(
    ("key", "keyword", "path", "expected"),
    [
        ("segment-description", "SegmentNumber", (), "1"),
        ("segment-description", "TrackingUID", (), "1C"),
        ("patient", "PatientSex", (), "2"),
        ("pixel-measures", "PixelSpacing", ("PixelMeasuresSequence",), "1C"),
        ("image-pixel", "Rows", (), "1"),
        ("sop-common", "SOPInstanceUID", (), "1"),
        ("general-equipment", "StationName", (), "3"),
    ],
)
def test_type_of_an_attribute_is_that_of_the_standard(key, keyword, path, expected):
    assert type_of(key, keyword, path) == expected


def test_type_is_none_where_there_is_no_such_attribute():
    assert type_of("patient", "SegmentNumber") is None
    assert type_of("patient", "PatientID", ("NoSuchSequence",)) is None


def test_module_and_macro_of_one_key_are_both_searched():
    assert type_of("specimen", "ContainerIdentifier") == "1"
    assert type_of("modality-lut", "RescaleSlope") == "1C"
    assert any(isinstance(row, MacroUse) for row in module("modality-lut").rows)


def test_closed_context_group_has_its_codes():
    laterality = context_group(244)
    assert laterality.cid == "244"
    assert not laterality.is_extensible
    assert ("SCT", "24028007") in laterality
    assert ("SCT", "0") not in laterality
    assert list(laterality) == sorted(laterality.codes)
    assert len(laterality) == len(laterality.codes) > 2


def test_long_open_context_group_has_the_codes_of_pydicom():
    group = context_group("4031")
    assert group.is_extensible
    assert ("SCT", "69536005") in group  # head


def test_context_group_that_is_in_no_table_has_the_codes_of_pydicom():
    assert len(context_group(12)) > 10
    assert context_group(999999) is None


def test_importing_reads_nothing():
    code = (
        "import highdicom.standard, pydicom.datadict as d\n"
        "from highdicom.standard.texts import read_text\n"
        "assert read_text.cache_info().currsize == 0\n"
        "assert not d.dictionary_has_tag(0x0008114C)\n"
        "highdicom.standard.rules_of('patient')\n"
        "assert d.keyword_for_tag(0x0008114C) == 'ReferencedSegmentationSequence'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
