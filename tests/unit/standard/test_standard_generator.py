"""The script that writes the tables, on facts made up for the purpose."""

import json
import runpy
import sys
from pathlib import Path

import pytest

from highdicom.standard.grammar import (
    parse_context_groups,
    parse_iod,
    parse_table,
)
from highdicom.standard.texts import lines_of, parse_sop_classes, read_text

TOOLS = Path(__file__).resolve().parents[3] / "tools" / "standard"


@pytest.fixture(scope="module")
def tools():
    """The modules of the script, which import each other by their bare names."""
    sys.path.insert(0, str(TOOLS))
    names = ("corrections", "docbook", "facts", "generate", "sentences", "writer")
    try:
        yield {name: __import__(name) for name in names}
    finally:
        sys.path.remove(str(TOOLS))
        for name in names:
            sys.modules.pop(name, None)


def section_of(text, heading):
    """Part of a table that begins with a heading."""
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(heading))
    end = start + 1
    while end < len(lines) and lines[end][:1] in {" ", ";"}:
        end += 1
    return "\n".join(lines[start:end])


# Facts in JSON


def attribute(tag, keyword, kind="1", **more):
    return {"tag": tag, "kw": keyword, "type": kind, **more}


FACTS = {
    "iods": {
        "iods": {
            "my-image": {
                "name": "My Image",
                "modules": [
                    {"module": "patient", "ie": "Patient", "usage": "M"},
                    {"module": "image", "ie": "Image", "usage": "C", "cond": 1},
                ],
            },
        }
    },
    "modules": {
        "edition": "2030a",
        "modules": {
            "patient": {
                "name": "Patient",
                "table": "C.7-1",
                "rows": [
                    attribute("00100020", "PatientID", "1C", cond=1),
                    attribute("00100010", "PatientName", "1C", cond=1),
                    attribute(
                        "00100040",
                        "PatientSex",
                        "2",
                        values=[
                            {"k": "E", "v": ["M", "F"], "if": ["present", "00100010"]}
                        ],
                    ),
                    {"include": "some-macro", "cond": 2},
                ],
            },
            "image": {
                "name": "Image",
                "table": "",
                "rows": [
                    attribute(
                        "00081140",
                        "ReferencedImageSequence",
                        "1C",
                        items_n="1-n",
                        cond=3,
                        required=["present", "00081140"],
                        items=[{"include": "some-macro"}],
                    ),
                    attribute("60xx0010", "OverlayRows"),
                    attribute("00280009", "FrameIncrementPointer", "3", vm="1"),
                ],
            },
        },
        "macros": {
            "some-macro": {
                "name": "Some Macro",
                "table": "10-1",
                "rows": [attribute("00081150", "ReferencedSOPClassUID")],
            },
            "my-group": {
                "name": "My Group",
                "table": "C-1",
                "fg": ["PixelMeasuresSequence"],
                "rows": [
                    attribute("00289110", "PixelMeasuresSequence", items_n="1"),
                    {"include": "some-macro"},
                ],
            },
        },
    },
    "conditions": {
        "conditions": {
            "1": {
                "text": "-",
                "required": ["or", ["eq", "00280301", ["YES"]], ["gt", "00280101", 8]],
                "allowed": True,
            },
            "2": {"text": "-"},
            "3": {"text": "-"},
        }
    },
    "functional_groups": {
        "iods": {
            "my-image": {
                "kind": "multi-frame",
                "macros": [{"macro": "my-group", "usage": "M"}],
            }
        }
    },
    "sop_classes": {
        "sop_classes": {
            "1.2.840.10008.5.1.4.1.1.2": {
                "name": "My Image Storage",
                "iod": "my-image",
            },
            "1.2.3": {"name": "Other", "iod": "my-image"},
        }
    },
    "dictionary_additions": {
        "attributes": {
            "00081199": ["SQ", "1", "New Thing Sequence", "NewThingSequence"]
        }
    },
    "sr_templates": {
        "templates": {
            "1": {
                "rows": [{"value_cid": ["D", "3"], "rows": [{"name_cid": ["B", "4"]}]}]
            }
        }
    },
    "value_sets": {
        "value_sets": {
            "2": {
                "name": "A",
                "extensible": False,
                "codes": [["SCT", "1", "-"]],
                "includes": [5],
            },
            "3": {"name": "B", "extensible": True, "codes": [["DCM", "1", "-"]]},
            "4": {
                "name": "C",
                "extensible": True,
                "codes": [["DCM", str(i), "-"] for i in range(50)],
            },
            "5": {"name": "D", "extensible": True, "codes": [["DCM", "2", "-"]]},
            "6": {"name": "E", "extensible": True, "codes": [["DCM", "3", "-"]]},
        }
    },
}


@pytest.fixture
def folder(tmp_path):
    for name, content in FACTS.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), "utf-8")
    return tmp_path


@pytest.fixture
def tables(tools, folder):
    return tools["writer"].tables_of(tools["facts"].facts_from_json(folder))


def test_every_table_names_the_edition(tables):
    assert set(tables) == {
        "iods.tbl",
        "modules.tbl",
        "sop_classes.tbl",
        "dictionary.tbl",
        "context_groups.tbl",
    }
    assert all(text.startswith("# DICOM 2030a: ") for text in tables.values())


def test_module_is_written_as_it_is_read(tables):
    text = section_of(tables["modules.tbl"], "module patient")
    assert text == (
        "module patient C.7-1\n"
        " PatientID 1C; if BurnedInAnnotation = YES or BitsStored > 8; may\n"
        " PatientName 1C; if ditto; may\n"
        " PatientSex 2; = M|F when PatientName present\n"
        " > some-macro; may"
    )
    patient_id, name, sex, macro = parse_table(text).rows
    assert name.condition == patient_id.condition
    assert sex.values[0].values == ("M", "F")
    assert macro.condition is not None


def test_condition_about_the_attribute_itself_is_left_out(tables):
    text = section_of(tables["modules.tbl"], "module image")
    assert text.splitlines() == [
        "module image -",
        " ReferencedImageSequence 1C+ > some-macro; may",
        " OverlayRows@60xx0010 1",
        " FrameIncrementPointer 3 vm=1",
    ]


def test_functional_group_stands_in_its_sequence(tables):
    text = section_of(tables["modules.tbl"], "macro my-group")
    assert text == "macro my-group C-1\n PixelMeasuresSequence 1! > some-macro"


def test_iod_is_written_as_it_is_read(tables):
    iod = parse_iod(section_of(tables["iods.tbl"], "iod my-image"), {})
    assert [(use.module, use.usage.value) for use in iod.modules] == [
        ("patient", "M"),
        ("image", "C"),
    ]
    assert iod.modules[1].condition.permitted is True
    assert iod.functional_groups[0].macro == "my-group"


def test_lines_that_recur_stand_once(tools, folder):
    facts = tools["facts"].facts_from_json(folder)
    facts.iods = {f"iod-{i}": facts.iods["my-image"] for i in range(3)}
    facts.sop_classes = {}
    text = tools["writer"].tables_of(facts)["iods.tbl"]
    assert text.count(" Patient: patient") == 1
    common = {
        line.split()[1]: line.split(" ", 2)[2]
        for line in lines_of(text)
        if line.startswith("common ")
    }
    iod = parse_iod(section_of(text, "iod iod-1"), common)
    assert [use.module for use in iod.modules] == ["patient", "image"]


def test_name_of_a_sop_class_is_written_if_it_is_its_own(tables):
    assert list(parse_sop_classes(tables["sop_classes.tbl"])) == [
        ("1.2.840.10008.5.1.4.1.1.2", "my-image", ""),
        ("1.2.3", "my-image", "Other"),
    ]


def test_context_groups_are_those_that_are_bound_or_closed(tables):
    groups = parse_context_groups(tables["context_groups.tbl"])
    assert set(groups) == {"2", "3", "4", "5"}
    assert groups["2"].is_closed
    assert groups["2"].includes == ["5"]
    assert groups["3"].codes == [("DCM", "1")]
    assert groups["4"] is None  # long, and open


def test_long_lines_are_continued(tools, folder):
    facts = tools["facts"].facts_from_json(folder)
    values = [
        {"k": "E", "v": [f"VALUE_NUMBER_{i}"], "if": ["eq", "00100020", [str(i)]]}
        for i in range(20)
    ]
    facts.modules["patient"]["rows"][2]["values"] = values
    text = tools["writer"].tables_of(facts)["modules.tbl"]
    assert max(len(line) for line in text.splitlines()) < 200
    sex = parse_table(section_of(text, "module patient")).rows[2]
    assert len(sex.values) == 20


@pytest.mark.parametrize("value", ['A"B', "A;B", "A|B", "A when B"])
def test_value_that_the_format_cannot_hold_is_refused(tools, folder, value):
    facts = tools["facts"].facts_from_json(folder)
    facts.modules["patient"]["rows"][2]["values"] = [{"k": "E", "v": [value]}]
    with pytest.raises(ValueError, match="cannot be written"):
        tools["writer"].tables_of(facts)


def test_lists_that_are_no_limit_are_left_out(tools, folder):
    facts = tools["facts"].facts_from_json(folder)
    facts.modules["patient"]["rows"][2]["values"] = [
        {"k": "D", "v": ["ONLY"]},
        {"k": "D", "v": ["1.2.840.10008.1", "1.2.840.10008.2"]},
    ]
    text = tools["writer"].tables_of(facts)["modules.tbl"]
    assert " PatientSex 2\n" in text


def test_command_writes_the_files_and_says_how_large_they_are(
    tools, folder, tmp_path, capsys
):
    output = tmp_path / "output"
    arguments = ["--facts", str(folder), "--output", str(output)]
    assert tools["generate"].main(arguments) == 0
    assert len(list(output.glob("*.tbl"))) == 5
    assert "bytes of at most 500,000" in capsys.readouterr().out


def test_command_needs_one_folder_that_exists(tools, capsys):
    for arguments in ([], ["--facts", "no-such-folder"]):
        with pytest.raises(SystemExit) as caught:
            tools["generate"].main(arguments)
        assert caught.value.code == 2
    assert "'no-such-folder' is not a folder." in capsys.readouterr().err


def test_command_runs_as_a_script(monkeypatch, folder, tmp_path):
    output = tmp_path / "output"
    arguments = ["generate.py", "--facts", str(folder), "--output", str(output)]
    monkeypatch.setattr(sys, "argv", arguments)
    monkeypatch.syspath_prepend(str(TOOLS))
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(TOOLS / "generate.py"), run_name="__main__")
    assert caught.value.code == 0


# Corrections


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        (
            ["or", ["present", "A"], ["and", ["present", "B"], ["present", "C"]]],
            "Required if A or B, and C.",
            ["and", ["or", ["present", "A"], ["present", "B"]], ["present", "C"]],
        ),
        (
            ["or", ["present", "A"], ["and", ["present", "B"], ["present", "C"]]],
            "Required if A, or if B and C.",
            ["or", ["present", "A"], ["and", ["present", "B"], ["present", "C"]]],
        ),
        (["ne", "00281040", ["00286100"]], "-", None),
        (["eq", "00280009", ["00181063"]], "-", ["eq", "00280009", ["00181063"]]),
        (
            ["ne", "00209311", ["TILED_FULL"]],
            "-",
            ["or", ["absent", "00209311"], ["ne", "00209311", ["TILED_FULL"]]],
        ),
        (
            ["or", ["absent", "00209311"], ["ne", "00209311", ["TILED_FULL"]]],
            "-",
            ["or", ["absent", "00209311"], ["ne", "00209311", ["TILED_FULL"]]],
        ),
    ],
)
def test_conditions_are_mended_or_dropped(tools, expression, text, expected):
    condition = {"text": text, "required": expression}
    assert tools["corrections"].corrected(condition).get("required") == expected


def test_expression_of_a_row_says_nothing_about_absence(tools):
    row = attribute("00100020", "PatientID", "1C", required=["present", "00100010"])
    corrected = tools["corrections"].corrected_row("patient", row)
    assert corrected["allowed"] is True
    assert corrected["required"] == ["present", "00100010"]
    row = attribute("00200060", "Laterality", "2C", cond=7)
    corrected = tools["corrections"].corrected_row("general-series", row)
    assert not {"cond", "required"} & set(corrected)


# Sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Required if Patient ID (0010,0020) is present.",
            {"required": ["present", "00100020"]},
        ),
        (
            (
                "Required if the Patient ID (0010,0020) is not present. May be present "
                "otherwise."
            ),
            {"required": ["absent", "00100020"], "allowed": True},
        ),
        (
            (
                "Required if Image Type (0008,0008) Value 1 is ORIGINAL or MIXED, may be "
                "present otherwise."
            ),
            {"required": ["eq", "00080008", ["ORIGINAL", "MIXED"], 1], "allowed": True},
        ),
        (
            "Required if Value 3 of Image Type (0008,0008) is AXIAL, LOCALIZER or OTHER.",
            {"required": ["eq", "00080008", ["AXIAL", "LOCALIZER", "OTHER"], 3]},
        ),
        (
            (
                "Required if Patient's Sex (0010,0040) is not M. Shall not be present "
                "otherwise."
            ),
            {"required": ["ne", "00100040", ["M"]], "allowed": False},
        ),
        (
            "Required if A (0010,0020) is present and B (0010,0040) equals YES.",
            {
                "required": [
                    "and",
                    ["present", "00100020"],
                    ["eq", "00100040", ["YES"]],
                ]
            },
        ),
        (
            "Required if A (0010,0020) is absent or if B (0010,0040) is YES.",
            {"required": ["or", ["absent", "00100020"], ["eq", "00100040", ["YES"]]]},
        ),
        (
            "Shall not be present if A (0010,0020) is YES.",
            {"forbidden": ["eq", "00100020", ["YES"]]},
        ),
        # not understood in full
        ("Required if the patient is an animal and A (0010,0020) is absent.", {}),
        ("Required if contrast media was used.", {}),
        (
            "Required if A (0010,0020) is absent. Required if B (0010,0040) is absent.",
            {},
        ),
        ("The identifier of the patient.", {}),
    ],
)
def test_sentences_are_read_in_full_or_not_at_all(tools, text, expected):
    assert tools["sentences"].condition_of(text) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Only a single Item shall be included in this Sequence.", "1"),
        ("Only a single Item is permitted in this Sequence.", "0-1"),
        ("Zero or one Item shall be included in this Sequence.", "0-1"),
        ("One or more Items shall be included in this Sequence.", "1-n"),
        ("One or more Items are permitted in this Sequence.", "0-n"),
        ("Zero or more Items shall be included in this Sequence.", "0-n"),
        ("Two or more Items shall be included in this Sequence.", "2-n"),
        ("The images.", None),
    ],
)
def test_number_of_items_is_read(tools, text, number):
    assert tools["sentences"].number_of_items(text) == number


# DocBook


def docbook(content):
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<book xmlns="http://docbook.org/ns/docbook">'
        "<subtitle>DICOM PS3.3 2031b - Information Object Definitions</subtitle>"
        f"{content}</book>"
    )


def table(identifier, label, caption, rows):
    cells = "".join(
        "<tr>"
        + "".join(
            cell if cell.startswith("<td") else f"<td><para>{cell}</para></td>"
            for cell in row
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table label="{label}" xml:id="{identifier}"><caption>{caption}</caption>'
        f"<thead><tr><th>Name</th></tr></thead><tbody>{cells}</tbody></table>"
    )


def section(identifier, content):
    return f'<section xml:id="{identifier}"><title>T</title>{content}</section>'


VALUES = (
    "<td><para>Sex.</para><variablelist><title>Enumerated Values:</title>"
    "<varlistentry><term>M</term><listitem/></varlistentry>"
    "<varlistentry><term>F</term><listitem/></varlistentry></variablelist>"
    "<variablelist><title>Defined Terms for Value 2:</title>"
    "<varlistentry><term>X</term></varlistentry>"
    "<varlistentry><term>Y</term></varlistentry></variablelist>"
    "<variablelist><title>Enumerated Values if it rains:</title>"
    "<varlistentry><term>WET</term></varlistentry></variablelist></td>"
)
INCLUDE_CODE = '<emphasis>&gt;Include <xref linkend="table_8.8-1"/></emphasis>'
PART03 = docbook(
    section(
        "sect_A.3",
        table(
            "table_A.3-1",
            "A.3-1",
            "My Image IOD Modules",
            [
                [
                    '<td rowspan="2"><para>Patient</para></td>',
                    "Patient",
                    '<xref linkend="sect_C.7.1.1"/>',
                    "M",
                ],
                [
                    "Frames",
                    '<xref linkend="sect_C.7.6"/>',
                    "C - Required if Patient ID (0010,0020) is present.",
                ],
            ],
        )
        + section(
            "sect_A.3.4",
            table(
                "table_A.3-2",
                "A.3-2",
                "My Image Functional Group Macros",
                [["Pixel Measures", '<xref linkend="sect_C.7.6.1"/>', "M"]],
            ),
        ),
    )
    + section(
        "sect_C.7.1.1",
        table(
            "table_C.7-1",
            "C.7-1",
            "Patient Module Attributes",
            [
                ["Patient ID", "(0010,0020)", "2", "The identifier."],
                [
                    "Patient's Name",
                    "(0010,0010)",
                    "1C",
                    "Required if Patient ID (0010,0020) is absent.",
                ],
                ["Patient's Sex", "(0010,0040)", "1", VALUES],
                [
                    "Anatomic Region Sequence",
                    "(0008,2218)",
                    "3",
                    "Only a single Item is permitted in this Sequence.",
                ],
                [
                    f'<td colspan="3"><para>{INCLUDE_CODE}</para></td>',
                    '<xref linkend="sect_CID_4"/> BCID',
                ],
                [
                    "&gt;Anatomic Region Modifier Sequence",
                    "(0008,2220)",
                    "3",
                    "One or more Items are permitted in this Sequence.",
                ],
                [
                    f'<td colspan="3"><para>&gt;{INCLUDE_CODE}</para></td>',
                    '<xref linkend="sect_CID_2"/> DCID',
                ],
                ["A row", "of text"],
                ["Unknown", "(0011,1111)", "1", "Not in the dictionary."],
            ],
        ),
    )
    + section(
        "sect_C.7.6",
        table(
            "table_C.7.6-1",
            "C.7.6-1",
            "Frames Module Attributes",
            [
                [
                    "Shared Functional Groups Sequence",
                    "(5200,9229)",
                    "1",
                    "Only a single Item shall be included in this Sequence.",
                ],
                [
                    (
                        '<td colspan="4"><para>&gt;Include one or more Functional Group '
                        "Macros that are shared by all frames.</para></td>"
                    )
                ],
                [
                    (
                        '<td colspan="3"><para>Include <xref linkend="table_8.8-1"/></para>'
                        "</td>"
                    ),
                    "Required if it rains.",
                ],
                [
                    '<td colspan="4"><para>Include <xref linkend="no_table"/></para></td>'
                ],
            ],
        )
        + section(
            "sect_C.7.6.1",
            table(
                "table_C.7.6-2",
                "C.7.6-2",
                "Pixel Measures Macro Attributes",
                [
                    [
                        "Pixel Measures Sequence",
                        "(0028,9110)",
                        "1",
                        "Only a single Item shall be included in this Sequence.",
                    ],
                    ["&gt;Pixel Spacing", "(0028,0030)", "1C", "In mm."],
                ],
            ),
        ),
    )
    + section(
        "sect_8.8",
        table(
            "table_8.8-1",
            "8.8-1",
            "Code Sequence Macro Attributes",
            [["Code Meaning", "(0008,0104)", "1", "Text."]],
        ),
    )
)
PART04 = docbook(
    table(
        "table_B.5-1",
        "B.5-1",
        "Standard SOP Classes",
        [
            [
                "My Image Storage",
                "1.2.840.10008.5.1.4.1.1.2",
                '<olink targetdoc="PS3.3" targetptr="sect_A.3"/>',
            ],
            ["Other", "1.2.3", '<olink targetdoc="PS3.3" targetptr="sect_Z"/>'],
        ],
    )
)
PART06 = docbook(
    table(
        "table_6-1",
        "6-1",
        "Registry of DICOM Data Elements",
        [
            [f"({tag[:4]},{tag[4:]})", name, keyword, vr, "1"]
            for tag, name, keyword, vr in [
                ("00100020", "Patient ID", "Patient\u200bID", "LO"),
                ("00100010", "Patient's Name", "PatientName", "PN"),
                ("00100040", "Patient's Sex", "PatientSex", "CS"),
                ("00082218", "-", "AnatomicRegionSequence", "SQ"),
                ("00082220", "-", "AnatomicRegionModifierSequence", "SQ"),
                ("52009229", "-", "SharedFunctionalGroupsSequence", "SQ"),
                ("00289110", "-", "PixelMeasuresSequence", "SQ"),
                ("00280030", "-", "PixelSpacing", "DS"),
                ("00080104", "-", "CodeMeaning", "LO"),
                ("0008fff0", "Brand New Thing", "BrandNewThing", "CS"),
            ]
        ],
    )
)
PART16 = docbook(
    section("sect_TID_300", '<xref linkend="sect_CID_3"/>')
    + '<section xml:id="sect_CID_2"><title>Modifier</title>'
    "<variablelist><varlistentry><term>Type:</term><listitem><para>Non-Extensible"
    "</para></listitem></varlistentry></variablelist>"
    + table(
        "table_CID_2",
        "CID 2",
        "Modifier",
        [
            ["SCT", "7771000", "Left"],
            ['<td colspan="3"><para>Include <xref linkend="sect_CID_3"/></para></td>'],
        ],
    )
    + "</section>"
    + section("sect_CID_3", table("table_CID_3", "CID 3", "X", [["DCM", "1", "One"]]))
)


@pytest.fixture
def docbook_folder(tmp_path):
    parts = {"03": PART03, "04": PART04, "06": PART06, "16": PART16}
    for number, content in parts.items():
        (tmp_path / f"part{number}.xml").write_text(content, "utf-8")
    return tmp_path


@pytest.fixture
def from_docbook(tools, docbook_folder):
    facts = tools["docbook"].facts_from_docbook(docbook_folder)
    return tools["writer"].tables_of(facts)


def test_docbook_gives_modules(from_docbook):
    text = from_docbook["modules.tbl"]
    assert text.startswith("# DICOM 2031b: ")
    assert section_of(text, "module patient").splitlines() == [
        "module patient C.7-1",
        " PatientID 2",
        " PatientName 1C; if PatientID absent",
        " PatientSex 1; = M|F; 2~ X|Y",
        " AnatomicRegionSequence 3? BCID=4",
        "  > code-sequence",
        "  AnatomicRegionModifierSequence 3* DCID=2 > code-sequence",
    ]
    assert section_of(text, "module frames").splitlines() == [
        "module frames C.7.6-1",
        " SharedFunctionalGroupsSequence 1! > @functional-groups",
        " > code-sequence; may",
    ]
    assert section_of(text, "macro pixel-measures").splitlines() == [
        "macro pixel-measures C.7.6-2",
        " PixelMeasuresSequence 1!",
        "  PixelSpacing 1C",
        (
            "; if VolumetricProperties = VOLUME or /SOPClassUID = "
            "1.2.840.10008.5.1.4.1.1.66.4|1.2.840.10008.5.1.4.1.1.66.7; may"
        ),
    ]


def test_docbook_gives_iods_and_sop_classes(from_docbook):
    assert section_of(from_docbook["iods.tbl"], "iod my-image").splitlines() == [
        "iod my-image",
        " Patient: patient",
        " Patient: frames C; if PatientID present",
        " multi-frame: pixel-measures",
    ]
    assert list(parse_sop_classes(from_docbook["sop_classes.tbl"])) == [
        ("1.2.840.10008.5.1.4.1.1.2", "my-image", "")
    ]


def test_docbook_gives_new_attributes_and_context_groups(from_docbook):
    lines = lines_of(from_docbook["dictionary.tbl"])
    assert lines == ["0008fff0 CS 1 BrandNewThing"]
    groups = parse_context_groups(from_docbook["context_groups.tbl"])
    assert groups["2"].is_closed
    assert groups["2"].codes == [("SCT", "7771000")]
    assert groups["2"].includes == ["3"]
    assert not groups["3"].is_closed


def test_docbook_needs_all_four_parts(tools, docbook_folder):
    (docbook_folder / "part16.xml").unlink()
    with pytest.raises(SystemExit, match=r"no file 'part16\.xml'"):
        tools["docbook"].facts_from_docbook(docbook_folder)


def test_command_reads_docbook(tools, docbook_folder, tmp_path):
    output = tmp_path / "output"
    arguments = ["--docbook", str(docbook_folder), "--output", str(output)]
    assert tools["generate"].main(arguments) == 0
    assert (output / "modules.tbl").read_text("utf-8").count("module ") == 2


def test_shipped_tables_hold_no_sentences():
    for name in ("iods", "modules"):
        text = read_text(name)
        assert "Required if" not in text
        assert "shall" not in text
