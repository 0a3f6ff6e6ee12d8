"""Reports as table, as text and as JSON."""

import json
import sys

import pytest
from pydicom.sr.codedict import codes
from sr_template_parts import (
    PROCEDURE,
    Group,
    area,
    evaluation,
    full_groups,
    full_report,
    least_report,
    tracking,
)

from highdicom.content_items import (
    ContainerContentItem,
    ContentItemReference,
    DateTimeContentItem,
    NumContentItem,
    TcoordContentItem,
    TextContentItem,
    WaveformContentItem,
    add_content,
)
from highdicom.errors import MissingDependencyError, NonconformantDatasetWarning
from highdicom.sr import MeasurementReport, ObservationContext
from highdicom.sr.engine.rendering import text_of, tree_of


def report(*groups):
    return MeasurementReport(ObservationContext(), PROCEDURE, list(groups))


# --- table -----------------------------------------------------------------------------


def test_table_has_a_row_a_measurement_or_evaluation():
    pytest.importorskip("pandas")
    table = full_report().to_dataframe()
    assert len(table) == 7 * 3
    assert table["group"].tolist() == [index for index in range(7) for _ in range(3)]
    assert table["template"].tolist() == ["1410"] * 9 + ["1411"] * 9 + ["1501"] * 3
    first, second, third = (row for _, row in table.iloc[:3].iterrows())
    assert (first["name"], first["value"], first["unit"]) == ("Diameter", 4.25, "mm")
    assert (second["name"], second["value"], second["unit"]) == ("Area", 3.0, "mm2")
    assert (third["name"], third["evaluation"]) == ("LI-RADS", "LR-3")
    assert first["finding_sites"] == "Kidney, Left; Liver"
    assert first["derivation"] == "Mean"
    assert first["tracking_uid"] == "1.2.3"
    assert first["time_point"] == "week 2"
    assert first["algorithm"] == "finder 1.2"
    assert first["qualifier"] == "Value out of range"


def test_table_has_the_references_of_regions():
    pytest.importorskip("pandas")
    table = full_report().to_dataframe().groupby("group").first()
    assert table["reference_type"].tolist()[:6] == [
        "Image Region",
        "Image Region",
        "Referenced Segmentation Frame",
        "Image Region",
        "Referenced Segment",
        "Volume Surface",
    ]
    assert table.loc[2, "referenced_sop_instance_uids"] == "1.2.6 1.2.7"
    assert table.loc[2, "referenced_frame_numbers"] == "4"
    assert table.loc[4, "referenced_segment_numbers"] == "2"
    assert table.loc[3, "referenced_sop_instance_uids"] == "1.2.7 1.2.8"
    assert table.loc[6, "referenced_sop_instance_uids"] == "1.2.7"


def test_table_without_measurements_has_its_columns():
    pytest.importorskip("pandas")
    table = least_report().to_dataframe()
    assert len(table) == 0
    assert list(table.columns)[:3] == ["group", "template", "tracking_identifier"]


@pytest.mark.parametrize("make", [full_report, least_report])
def test_table_for_polars_says_the_same(make):
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    table = make().to_dataframe("polars")
    expected = make().to_dataframe()
    assert table.columns == list(expected.columns)
    for name in table.columns:
        column = expected[name].astype(object)
        assert table[name].to_list() == column.where(column.notna(), None).tolist()


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_table_needs_its_package(monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingDependencyError, match=r"highdicom\[tables\]"):
        least_report().to_dataframe(library)


def test_table_is_for_no_other_package():
    with pytest.raises(ValueError, match="pandas, polars"):
        least_report().to_dataframe("numpy")


# --- text ------------------------------------------------------------------------------


def test_text_has_an_item_a_line():
    group = Group(
        tracking(), measurements=[area()], qualitative_evaluations=[evaluation()]
    )
    assert report(group).to_text().splitlines() == [
        "Imaging Measurement Report",
        "  Language of Content Item and Descendants: English (United States)",
        "  Procedure reported: CT unspecified body region",
        "  Imaging Measurements",
        "    Measurement Group",
        "      Tracking Identifier: nodule",
        "      Tracking Unique Identifier: 1.2.3",
        "      Area: 3 mm2",
        "      LI-RADS: LR-3",
    ]


def test_text_tells_what_is_referred_to():
    text = full_report().to_text()
    assert "Image Region: CIRCLE, (45, 55) (45, 65)" in text
    assert "Source: CT Image Storage, 1.2.7" in text
    assert "Referenced Segment: Segmentation Storage, 1.2.6, segments 2" in text
    assert "Frame: Segmentation Storage, 1.2.6, frames 4" in text
    assert "Volume Surface: POINT, (1, 2, 3), in 1.2.77" in text
    assert "Diameter: 4.25 mm, Value out of range" in text
    assert "Time Point Order: 2\n" in text


def test_text_of_several_lines_stays_together():
    root = ContainerContentItem(codes.DCM.Findings)
    name = codes.DCM.Comment
    add_content(root, [TextContentItem(name, "first\r\nsecond", "CONTAINS")])
    assert text_of(root).splitlines() == ["Findings", "  Comment: first", "    second"]


def test_every_kind_of_item_is_shown():
    root = ContainerContentItem(codes.DCM.Findings)
    name = codes.DCM.Comment
    nothing = NumContentItem(name, 1, codes.UCUM.Millimeter, None, "CONTAINS")
    nothing.MeasuredValueSequence = []
    add_content(
        root,
        [
            TcoordContentItem(
                name,
                "POINT",
                referenced_sample_positions=[7],
                relationship_type="CONTAINS",
            ),
            WaveformContentItem(
                name, "1.2.840.10008.5.1.4.1.1.9.1.1", "1.2", [(1, 2)], "CONTAINS"
            ),
            DateTimeContentItem(name, "20240131101500", "CONTAINS"),
            ContentItemReference([1, 2], "INFERRED FROM"),
            nothing,
        ],
    )
    assert text_of(root).splitlines()[1:] == [
        "  Comment: POINT, at 7",
        "  Comment: 12-lead ECG Waveform Storage, 1.2, channels (1, 2)",
        "  Comment: 20240131101500",
        "  see item 1.2",
        "  Comment",
    ]


def test_long_outlines_are_counted():
    import numpy as np

    from highdicom.sr import (
        ImageRegion,
        PlanarROIMeasurementsAndQualitativeEvaluations as Planar,
        SourceImageForRegion,
    )

    points = np.array([[0.0, 0], [4, 0], [4, 4], [2, 5], [0, 4], [0, 0]])
    outline = ImageRegion("POLYLINE", points, SourceImageForRegion("1.2.3", "1.2.4"))
    group = Planar(tracking(), referenced_region=outline)
    assert "Image Region: POLYLINE, 6 points" in report(group).to_text()


def test_deep_trees_have_text_but_no_json():
    root = item = ContainerContentItem(codes.DCM.Findings)
    for _ in range(1500):
        inner = ContainerContentItem(codes.DCM.Findings, relationship_type="CONTAINS")
        add_content(item, [inner])
        item = inner
    deep = MeasurementReport.of([root], is_root=True)
    assert len(deep.to_text().splitlines()) == 1501
    with pytest.raises(ValueError, match="too deep"):
        deep.to_json()


# --- JSON ------------------------------------------------------------------------------


def test_json_has_the_whole_tree():
    (tree,) = json.loads(full_report().to_json())
    assert tree["type"] == "CONTAINER"
    assert tree["template"] == "1500"
    assert tree["name"] == {
        "value": "126000",
        "scheme": "DCM",
        "meaning": "Imaging Measurement Report",
    }
    measurements = tree["content"][-1]["content"]
    assert len(measurements) == 7
    diameter = next(
        item
        for item in measurements[0]["content"]
        if item["name"]["meaning"] == "Diameter"
    )
    assert (diameter["value"], diameter["unit"]["value"]) == (4.25, "mm")
    assert diameter["relationship"] == "CONTAINS"
    assert diameter["qualifier"]["value"] == "114009"
    region = next(
        item for item in measurements[0]["content"] if item["type"] == "SCOORD"
    )
    assert region["points"] == [[45.0, 55.0], [45.0, 65.0]]
    assert region["content"][0]["sop_instance_uid"] == "1.2.7"


def test_json_is_one_line_unless_it_is_indented():
    assert "\n" not in least_report().to_json()
    assert "\n  " in least_report().to_json(indent=2)


def test_flat_templates_are_arrays():
    items = json.loads(tracking().to_json())
    assert [item["value"] for item in items] == ["nodule", "1.2.3"]


def test_broken_items_are_described_as_far_as_possible():
    group = full_groups()["images"]
    diameter = group.get_measurements()[0][0]
    del diameter["MeasuredValueSequence"]
    described = tree_of(diameter)
    assert described["name"]["meaning"] == "Diameter"
    assert "value" not in described


# --- what is damaged ---------------------------------------------------------------


def damaged_report(change):
    made = report(Group(tracking(), measurements=[area()]))
    change(made.imaging_measurements[0].measurements[0][0])
    return made


def test_table_leaves_out_a_missing_unit():
    pytest.importorskip("pandas")

    def without_unit(item):
        del item.MeasuredValueSequence[0].MeasurementUnitsCodeSequence

    with pytest.warns(NonconformantDatasetWarning, match="MeasurementUnits"):
        table = damaged_report(without_unit).to_dataframe()
    assert table["value"][0] == 3.0
    assert table["unit"].isna().tolist() == [True]


def test_table_has_measurements_without_value():
    pytest.importorskip("pandas")

    def only_qualified(item):
        item.MeasuredValueSequence = []

    table = damaged_report(only_qualified).to_dataframe()
    assert table[["value", "unit"]].isna().to_numpy().tolist() == [[True, True]]


def test_damaged_references_are_passed_over():
    pytest.importorskip("pandas")
    groups = [full_groups()["region"], full_groups()["regions"]]
    made = report(*groups)
    made.imaging_measurements[0].roi.ContentSequence[0].ReferencedSOPSequence = []
    with pytest.warns(NonconformantDatasetWarning, match="ReferencedSOPSequence"):
        found = made.get_planar_roi_measurement_groups(
            referenced_sop_instance_uid="1.2.7"
        )
    assert found == []
    with pytest.warns(NonconformantDatasetWarning, match="ReferencedSOPSequence"):
        table = made.to_dataframe()
    assert table["referenced_sop_instance_uids"].isna()[0]
