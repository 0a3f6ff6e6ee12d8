"""Functions that find content items and evidence in any dataset."""

import io

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from sr_documents import NAME, container, document, evidence, image, root, text

from highdicom.coding import CodedConcept
from highdicom.content_items import CodeContentItem, TextContentItem
from highdicom.errors import InvalidAttributeError, MissingAttributeError
from highdicom.sr.utils import (
    collect_evidence,
    find_content_items,
    get_coded_name,
    get_coded_value,
)


@pytest.fixture
def tree():
    return root(
        text(
            "1",
            "CONTAINS",
            text("1.1", "HAS PROPERTIES"),
            text("1.2", "HAS PROPERTIES"),
        ),
        TextContentItem(codes.DCM.Comment, "2", "CONTAINS"),
        container(text("3.1")),
    )


def values(items):
    return [item.get("TextValue", "-") for item in items]


def test_first_level_is_searched_unless_all_are(tree):
    assert values(find_content_items(tree)) == ["1", "2", "-"]
    found = find_content_items(tree, recursive=True)
    assert values(found) == ["1", "1.1", "1.2", "2", "-", "3.1"]
    assert found[0] is tree.ContentSequence[0]


def test_items_are_found_by_name_type_and_relationship(tree):
    assert values(find_content_items(tree, name=codes.DCM.Comment)) == ["2"]
    assert values(find_content_items(tree, value_type="CONTAINER")) == ["-"]
    found = find_content_items(
        tree, NAME, "TEXT", relationship_type="HAS PROPERTIES", recursive=True
    )
    assert values(found) == ["1.1", "1.2"]


def test_plain_datasets_are_searched_and_stay_plain(tree):
    stream = io.BytesIO()
    document(tree, evidence()).save_as(stream, enforce_file_format=True)
    dataset = dcmread(io.BytesIO(stream.getvalue()))
    found = find_content_items(dataset, name=NAME, value_type="TEXT", recursive=True)
    assert values(found) == ["1", "1.1", "1.2", "3.1"]
    assert {type(item) for item in found} == {Dataset}


def test_search_needs_content():
    with pytest.raises(AttributeError, match="must have a Content Sequence"):
        find_content_items(Dataset())
    with pytest.raises(TypeError, match="'dataset' must be a Dataset"):
        find_content_items("report.dcm")


def test_search_needs_known_types(tree):
    with pytest.raises(ValueError, match="'value_type' must be one of"):
        find_content_items(tree, value_type="PICTURE")
    with pytest.raises(TypeError, match="must be a pydicom Code"):
        find_content_items(tree, name="Finding")


def test_coded_name_and_value_are_concepts():
    item = Dataset()
    item.update(CodeContentItem(NAME, codes.SCT.Liver, "CONTAINS"))
    assert get_coded_name(item) == NAME
    assert get_coded_value(item) == codes.SCT.Liver
    assert isinstance(get_coded_value(item), CodedConcept)


@pytest.mark.parametrize("function", [get_coded_name, get_coded_value])
def test_absent_codes_are_an_error(function):
    with pytest.raises(MissingAttributeError, match="'item' lacks"):
        function(Dataset())


def test_evidence_is_divided_by_study():
    first, second = evidence("1.2.3"), evidence("1.2.4", count=1)
    tree = root(image(second[0]))
    current, others = collect_evidence([*first, *second], tree)
    assert [item.StudyInstanceUID for item in current] == ["1.2.3"]
    assert [item.StudyInstanceUID for item in others] == ["1.2.4"]
    (series,) = current[0].ReferencedSeriesSequence
    assert [item.ReferencedSOPInstanceUID for item in series.ReferencedSOPSequence] == [
        "1.2.3.1.1",
        "1.2.3.1.2",
    ]
    current, others = collect_evidence([*first, *second], tree, "1.2.4")
    assert [item.StudyInstanceUID for item in current] == ["1.2.4"]
    assert [item.StudyInstanceUID for item in others] == ["1.2.3"]
    current, others = collect_evidence([*first, *second], tree, "1.2.5")
    assert current == []
    assert len(others) == 2


def test_evidence_must_hold_what_is_referred_to():
    with pytest.raises(InvalidAttributeError, match=r"1\.2\.4\.1\.1 is missing"):
        collect_evidence(evidence("1.2.3"), root(image(evidence("1.2.4")[0])))
