import pytest

from highdicom.standard.grammar import (
    parse_context_groups,
    parse_expression,
    parse_iod,
    parse_table,
    title_of,
)
from highdicom.standard.model import (
    AttributeType,
    Combination,
    FunctionalGroupsHere,
    MacroUse,
    Negation,
    Test as AttributeTest,
    Usage,
)
from highdicom.standard.texts import (
    lines_of,
    parse_dictionary,
    parse_sop_classes,
    spaced,
)


def test_comments_are_left_out_and_continued_lines_joined():
    assert lines_of("# title\nA 1\n; = X\n; = Y\n\nB 2\n") == ["A 1; = X; = Y", "B 2"]


def test_name_follows_from_key_unless_it_is_given():
    assert parse_table("module general-series C.7-5a\n").name == "General Series"
    assert parse_table("module ct-image C.8-3 CT Image\n").name == "CT Image"
    assert title_of("x-ray-grid") == "X Ray Grid"
    assert spaced("ReferencedSOPSequence") == "Referenced SOP Sequence"


def test_macro_says_that_it_is_one():
    table = parse_table("macro code-sequence 8.8-1 Code Sequence\n CodeValue 1C\n")
    assert table.is_macro
    assert str(table) == "Code Sequence macro (PS3.3 Table 8.8-1)"
    assert str(parse_table("module a -\n")) == "A module"


@pytest.mark.parametrize(
    ("mark", "number"),
    [("!", "1"), ("?", "0-1"), ("*", "0-n"), ("+", "1-n"), (" [2-n]", "2-n")],
)
def test_number_of_items_follows_the_type(mark, number):
    table = parse_table(f"module a -\n SegmentSequence 1{mark}\n  SegmentNumber 1\n")
    (sequence,) = table.rows
    assert sequence.number_of_items == number
    assert [row.keyword for row in sequence.rows] == ["SegmentNumber"]


def test_rows_are_nested_by_their_indentation():
    table = parse_table(
        "module a -\n"
        " SegmentSequence 1+\n"
        "  SegmentNumber 1\n"
        "  AnatomicRegionSequence 3* > code-sequence\n"
        "  SegmentLabel 1\n"
        " ContentLabel 2\n"
    )
    sequence, label = table.rows
    assert [row.keyword for row in sequence.rows] == [
        "SegmentNumber",
        "AnatomicRegionSequence",
        "SegmentLabel",
    ]
    assert sequence.rows[1].rows == (MacroUse("code-sequence", None, None, ()),)
    assert label.type is AttributeType.REQUIRED_EMPTY_IF_UNKNOWN


def test_items_of_a_code_sequence_are_codes_if_nothing_else_is_said():
    (row,) = parse_table("module a -\n ViewCodeSequence 1! ECID=4014\n").rows
    assert row.rows == (MacroUse("code-sequence", None, None, ()),)
    assert (row.context_group.cid, row.context_group.kind) == ("4014", "ECID")


def test_rows_below_a_macro_extend_its_last_sequence():
    (row,) = parse_table(
        "module a -\n > image-reference\n  ReferencedFrameNumber 1C\n"
    ).rows
    assert row.macro == "image-reference"
    assert [inner.keyword for inner in row.extension] == ["ReferencedFrameNumber"]


def test_functional_groups_have_a_row_of_their_own():
    (row,) = parse_table(
        "module a -\n SharedFunctionalGroupsSequence 1! > @functional-groups\n"
    ).rows
    assert row.rows == (FunctionalGroupsHere(),)


def test_repeating_group_is_known_by_its_tag():
    (row,) = parse_table("module a -\n OverlayRows@60xx0010 1\n").rows
    assert row.is_repeating
    assert row.tag == 0x60000010


def test_condition_has_three_parts():
    (row,) = parse_table(
        "module a -\n PatientID 1C; if PatientName present; may if PatientSex = M"
        "; not if PatientAge absent\n"
    ).rows
    assert row.condition.required.operator == "present"
    assert row.condition.permitted.values == ("M",)
    assert row.condition.forbidden.operator == "absent"


@pytest.mark.parametrize(("clause", "permitted"), [("may", True), ("else not", False)])
def test_permission_is_unconditional_if_it_says_so(clause, permitted):
    (row,) = parse_table(f"module a -\n PatientID 1C; {clause}\n").rows
    assert row.condition.permitted is permitted


def test_ditto_repeats_the_requirement_before():
    rows = parse_table(
        "module a -\n"
        " PatientID 1C; if PatientName present\n"
        " > some-macro; if PatientAge present\n"
        " PatientSex 1C; if ditto; may\n"
    ).rows
    assert rows[2].condition.required == rows[0].condition.required
    assert rows[2].condition.permitted is True


def test_conditional_attribute_without_clauses_has_no_condition():
    (row,) = parse_table("module a -\n PatientID 1C\n").rows
    assert row.condition is None


def test_lists_of_values_have_kind_number_and_condition():
    (row,) = parse_table(
        'module a -\n ImageType 1 vm=2-n; 1= ORIGINAL|DERIVED; 3~ "WHOLE BODY"|STATIC'
        " when Modality = NM\n"
    ).rows
    first, third = row.values
    assert (first.is_enumerated, first.value_number) == (True, 1)
    assert first.condition is None
    assert third.values == ("WHOLE BODY", "STATIC")
    assert (third.is_enumerated, third.value_number) == (False, 3)
    assert third.condition.values == ("NM",)
    assert row.multiplicity == "2-n"


@pytest.mark.parametrize("line", [" PatientID", " PatientID 4", " patient id 1"])
def test_odd_row_is_refused(line):
    with pytest.raises(ValueError, match="is no row of a table"):
        parse_table(f"module a -\n{line}\n")


def test_unknown_attribute_is_refused():
    with pytest.raises(ValueError, match="has no attribute 'NoSuchKeyword'"):
        parse_table("module a -\n NoSuchKeyword 1\n")


def test_and_binds_closer_than_or():
    expression = parse_expression(
        "PatientID present or PatientSex = M and PatientAge absent"
    )
    assert expression.operator == "or"
    assert isinstance(expression.parts[1], Combination)
    assert expression.parts[1].operator == "and"


def test_brackets_and_not_change_what_belongs_together():
    expression = parse_expression(
        "not (PatientID present or PatientSex != M|F) and PatientAge filled"
    )
    assert expression.operator == "and"
    assert isinstance(expression.parts[0], Negation)
    assert expression.parts[0].part.operator == "or"


def test_test_names_attribute_value_and_place():
    expression = parse_expression('/ImageType[3] = "TRUE SIZE"|OTHER')
    assert isinstance(expression, AttributeTest)
    assert expression.reference.from_top
    assert expression.reference.tag == 0x00080008
    assert expression.value_number == 3
    assert expression.values == ("TRUE SIZE", "OTHER")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PatientID",
        "PatientID present PatientSex",
        "(PatientID present",
        "PatientID is M",
        "PatientID =",
        "PatientID[1 = M",
    ],
)
def test_odd_expression_is_refused(text):
    with pytest.raises(ValueError, match="is no expression"):
        parse_expression(text)


def test_iod_lists_modules_and_functional_groups():
    iod = parse_iod(
        "iod segmentation\n"
        " * P1\n"
        " Image: image-pixel, specimen U\n"
        " Image: icc-profile C; if PhotometricInterpretation = MONOCHROME2; may\n"
        " multi-frame: pixel-measures, segmentation C\n",
        {"P1": "Patient: patient, clinical-trial-subject U"},
    )
    assert iod.name == "Segmentation"
    assert [(u.module, u.usage, u.entity) for u in iod.modules] == [
        ("patient", Usage.MANDATORY, "Patient"),
        ("clinical-trial-subject", Usage.USER_OPTIONAL, "Patient"),
        ("image-pixel", Usage.MANDATORY, "Image"),
        ("specimen", Usage.USER_OPTIONAL, "Image"),
        ("icc-profile", Usage.CONDITIONAL, "Image"),
    ]
    assert iod.modules[-1].condition.permitted is True
    assert iod.functional_group_kind == "multi-frame"
    assert [(u.macro, u.usage) for u in iod.functional_groups] == [
        ("pixel-measures", Usage.MANDATORY),
        ("segmentation", Usage.CONDITIONAL),
    ]


def test_root_of_uids_is_put_in_its_place():
    assert list(parse_sop_classes(".1.1.2 ct-image\n1.2.3 other Some Name\n")) == [
        ("1.2.840.10008.5.1.4.1.1.2", "ct-image", ""),
        ("1.2.3", "other", "Some Name"),
    ]


def test_entry_of_the_dictionary_is_as_pydicom_wants_it():
    ((tag, entry),) = parse_dictionary("0008114C SQ/OB 1-n ReferencedThing\n")
    assert tag == 0x0008114C
    assert entry == ("SQ or OB", "1-n", "Referenced Thing", "", "ReferencedThing")


def test_context_groups_have_codes_and_includes():
    groups = parse_context_groups(
        "elsewhere 2 4\n19\n NCIt C1\n SCT 1 2\n > 20 21\n29 closed\n DCM CT\n"
    )
    assert groups["2"] is None
    assert groups["4"] is None
    assert groups["19"].codes == [("NCIt", "C1"), ("SCT", "1"), ("SCT", "2")]
    assert groups["19"].includes == ["20", "21"]
    assert not groups["19"].is_closed
    assert groups["29"].is_closed
