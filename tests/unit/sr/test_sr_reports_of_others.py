"""Reports that other software wrote, among the test files of pydicom."""

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.sr.codedict import codes

from highdicom.content_items import (
    CompositeContentItem,
    ContainerContentItem,
    ContentItemReference,
    ContentSequence,
    DateTimeContentItem,
    NumContentItem,
    ScoordContentItem,
    TcoordContentItem,
)
from highdicom.content_items.query import walk
from highdicom.sr import ComprehensiveSR, srread
from highdicom.sr.utils import find_content_items


@pytest.fixture(scope="module")
def report():
    return srread(get_testdata_file("test-SR.dcm", download=False))


def at(document, *positions):
    """Item at one-based positions below the root."""
    item = document.content[0]
    for position in positions:
        item = item.ContentSequence[position - 1]
    return item


def test_every_item_gets_its_class(report):
    assert type(report) is ComprehensiveSR
    nodes = list(walk(report.content[0]))
    assert len(nodes) == 29
    values = {node.item.get("ValueType") for node in nodes}
    assert len(values) == 14  # 13 types, and relationships by reference without
    for node in nodes:
        if node.item.get("ValueType"):
            assert node.item.value_type.value == node.item.ValueType


def test_values_are_those_in_the_file(report):
    raw = dcmread(get_testdata_file("test-SR.dcm", download=False))
    number = at(report, 2, 2)
    measured = raw.ContentSequence[1].ContentSequence[1].MeasuredValueSequence[0]
    assert isinstance(number, NumContentItem)
    assert number.value == float(measured.NumericValue)
    assert number.unit.value == measured.MeasurementUnitsCodeSequence[0].CodeValue
    spatial = at(report, 3, 2)
    assert isinstance(spatial, ScoordContentItem)
    graphic = raw.ContentSequence[2].ContentSequence[1]
    assert spatial.graphic_type.value == graphic.GraphicType
    assert spatial.value.ravel().tolist() == list(graphic.GraphicData)
    assert isinstance(at(report, 3, 3), TcoordContentItem)
    assert isinstance(at(report, 4, 3), DateTimeContentItem)


def test_item_without_name_has_that_of_a_source(report):
    item = at(report, 4)
    assert isinstance(item, CompositeContentItem)
    assert item.name == codes.SCT.Source
    assert type(at(report, 2)) is ContainerContentItem


def test_relationships_by_reference_are_found_and_checked(report):
    reference = at(report, 3, 3, 1)
    assert isinstance(reference, ContentItemReference)
    assert reference.referenced_content_item_identifier == (1, 3, 2)
    target = at(report, 3, 2)
    assert isinstance(target, ScoordContentItem)
    assert not [
        violation
        for violation in report.validate()
        if violation.keyword == "ReferencedContentItemIdentifier"
    ]


def test_documents_of_other_classes_are_searched():
    report = dcmread(get_testdata_file("reportsi.dcm", download=False))
    assert report.SOPClassUID.name == "Basic Text SR Storage"
    texts = find_content_items(report, value_type="TEXT", recursive=True)
    assert texts
    root = ContentSequence.from_sequence([report], is_root=True)[0]
    assert len(list(walk(root))) == len(list(walk(report)))
