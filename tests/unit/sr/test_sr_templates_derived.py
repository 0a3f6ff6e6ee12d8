"""Measurements derived from those of several groups (TID 1420)."""

import pytest
from pydicom.sr.codedict import codes
from sr_template_parts import algorithm, full_report, properties

from highdicom.content_items import ContentItemReference
from highdicom.content_items.query import name_key_of, walk
from highdicom.sr import MeasurementReport
from highdicom.sr.templates.derived import DerivedMeasurement
from highdicom.standard import Severity

(NAME, *_) = codes.cid7465.concepts.values()
GROUP = codes.DCM.MeasurementGroup.value


def places(report):
    """Content item identifiers of groups."""
    return [
        node.identifier
        for node in walk(report[0])
        if (name_key_of(node.item) or ("",))[0] == GROUP
    ]


def derived(report, **more):
    groups = [
        ContentItemReference(place, "INFERRED FROM") for place in places(report)[:2]
    ]
    return DerivedMeasurement(NAME, 2.5, codes.UCUM.NoUnits, groups, **more)


def test_derived_measurements_are_built_checked_and_found():
    report = full_report()
    assert report.derived_measurements == []
    report.add_derived_measurements(
        [derived(report, algorithm_id=algorithm(), properties=properties())]
    )
    report.add_derived_measurements([derived(report)])
    assert report[0].ContentSequence[-1].name == codes.DCM.DerivedImagingMeasurements
    assert report.check() == []
    read = MeasurementReport.from_sequence(report)
    first, second = read.derived_measurements
    for found in (first, second):
        assert (found.name, found.value, found.unit.value) == (NAME, 2.5, "1")
        identifiers = [one.referenced_content_item_identifier for one in found.groups]
        assert identifiers == places(report)[:2]
    assert first.algorithm_id.name == "finder"
    assert first.properties.upper_measurement_uncertainty == 0.5
    assert second.algorithm_id is None


def test_derived_measurements_refer_to_groups():
    report = full_report()
    with pytest.raises(TypeError, match="groups"):
        DerivedMeasurement(NAME, 2.5, codes.UCUM.NoUnits, [report[0]])
    with pytest.raises(TypeError, match="DerivedMeasurement"):
        report.add_derived_measurements([3])
    alone = DerivedMeasurement(NAME, 2.5, codes.UCUM.NoUnits, [])
    assert [one.source for one in alone.check()] == ["TID 1420 row 2"]


def test_names_may_extend_the_context_group():
    report = full_report()
    groups = derived(report).groups
    other = DerivedMeasurement(codes.SCT.Volume, 1, codes.UCUM.CubicMillimeter, groups)
    report.add_derived_measurements([other])
    assert [one.name for one in report.derived_measurements] == [codes.SCT.Volume]
    (violation,) = report.check()
    assert violation.severity is Severity.WARNING
    assert violation.message == (
        "The code (118565006, SCT) is not in context group 7465 (TID 1420 row 1)."
    )
