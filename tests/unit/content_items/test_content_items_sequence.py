"""Sequences of content items, and trees of them."""

import copy
import io
import pickle
import warnings

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes

from highdicom.coding import CodedConcept
from highdicom.content_items import (
    CodeContentItem,
    ContainerContentItem,
    ContentItem,
    ContentItemReference,
    ContentSequence,
    ImageContentItem,
    NumContentItem,
    RelationshipTypeError,
    TextContentItem,
    add_content,
)
from highdicom.content_items.query import matching, walk
from highdicom.encoding.tree import encode_tree
from highdicom.errors import NonconformantDatasetError, NonconformantDatasetWarning
from highdicom.policy import reading_policy

NAME = codes.DCM.Finding
OTHER = codes.DCM.Comment


def text(value="a", relationship="CONTAINS", name=NAME):
    return TextContentItem(name, value, relationship)


def container(*items, relationship=None):
    item = ContainerContentItem(NAME, relationship_type=relationship)
    if items:
        add_content(item, items)
    return item


def decoded(item, **encoding):
    """The item as it is after it was written to a file and read."""
    implicit = encoding.get("implicit", False)
    return read_dataset(
        io.BytesIO(encode_tree(item, implicit=implicit)), implicit, True
    )


# --- what may stand in a sequence --------------------------------------------------


def test_items_below_the_root_need_a_relationship_type():
    with pytest.raises(AttributeError, match="needs a relationship type") as caught:
        ContentSequence([text(relationship=None)])
    assert isinstance(caught.value, RelationshipTypeError)


def test_root_has_no_relationship_type():
    assert ContentSequence([container()], is_root=True).is_root
    with pytest.raises(AttributeError, match="root of a report must have no"):
        ContentSequence([container(relationship="CONTAINS")], is_root=True)


def test_root_is_a_container():
    with pytest.raises(TypeError, match="must be a content item of type CONTAINER"):
        ContentSequence([text(relationship=None)], is_root=True)


def test_items_outside_of_reports_have_no_relationship_type():
    assert len(ContentSequence([text(relationship=None)], is_sr=False)) == 1
    with pytest.raises(AttributeError, match="outside of a report must have no"):
        ContentSequence([text()], is_sr=False)


def test_only_reports_have_a_root():
    with pytest.raises(ValueError, match="'is_root' can be true only if 'is_sr' is"):
        ContentSequence(is_root=True, is_sr=False)


@pytest.mark.parametrize("items", [[Dataset()], "ab", [3]])
def test_only_content_items_may_be_items(items):
    with pytest.raises(TypeError, match="must be a ContentItem"):
        ContentSequence(items)


@pytest.mark.parametrize(
    "change",
    [
        lambda sequence, item: sequence.append(item),
        lambda sequence, item: sequence.extend([item]),
        lambda sequence, item: sequence.insert(0, item),
        lambda sequence, item: sequence.__setitem__(0, item),
        lambda sequence, item: sequence.__setitem__(slice(0, 1), [item]),
        lambda sequence, item: sequence.__iadd__([item]),
    ],
)
def test_every_way_in_is_checked(change):
    sequence = ContentSequence([text("first")])
    with pytest.raises(AttributeError, match="needs a relationship type"):
        change(sequence, text(relationship=None))
    with pytest.raises(TypeError, match="must be a ContentItem"):
        change(sequence, Dataset())
    change(sequence, text("second"))
    assert "second" in [item.value for item in sequence]


# --- finding -----------------------------------------------------------------------


@pytest.fixture
def sequence():
    return ContentSequence(
        [
            text("a"),
            text("b", name=OTHER),
            container(text("c"), relationship="CONTAINS"),
            text("d"),
        ]
    )


def test_find_gives_items_of_a_name_in_order(sequence):
    assert [item.value for item in sequence.find(OTHER)] == ["b"]
    found = sequence.find(CodedConcept.from_code(NAME))
    assert isinstance(found, ContentSequence)
    assert [found[0].value, found[2].value] == ["a", "d"]
    assert len(sequence.find(codes.SCT.Liver)) == 0


def test_find_takes_old_codes_for_the_new():
    item = CodeContentItem(codes.SCT.FindingSite, codes.SCT.Liver, "CONTAINS")
    item.ConceptNameCodeSequence = [CodedConcept("G-C0E3", "SRT", "Finding Site")]
    found = ContentSequence([item]).find(codes.SCT.FindingSite)
    assert found[0] is item


def test_find_needs_a_code(sequence):
    with pytest.raises(TypeError, match="must be a pydicom Code"):
        sequence.find("Finding")


def test_find_sees_what_was_changed(sequence):
    sequence[0] = text("e", name=OTHER)
    del sequence[1]
    assert [item.value for item in sequence.find(OTHER)] == ["e"]
    sequence.pop()
    assert len(sequence.find(NAME)) == 1


def test_nodes_are_items_that_enclose_others(sequence):
    nodes = sequence.get_nodes()
    assert isinstance(nodes, ContentSequence)
    assert [type(node) for node in nodes] == [ContainerContentItem]


def test_index_gives_the_first_equal_item(sequence):
    assert sequence.index(sequence[3]) == 3
    assert sequence.index(text("b", name=OTHER)) == 1
    with pytest.raises(ValueError, match="is no item of the sequence"):
        sequence.index(text("z"))
    with pytest.raises(TypeError, match="must be a ContentItem"):
        sequence.index(Dataset())


def test_contains_compares_by_value(sequence):
    assert text("a") in sequence
    assert text("z") not in sequence
    with pytest.raises(TypeError, match="must be a ContentItem"):
        _ = "a" in sequence


def test_slices_are_lists(sequence):
    assert [item.value for item in sequence[:2]] == ["a", "b"]
    assert sequence[-1].value == "d"


def test_sequence_can_be_copied_pickled_and_reversed(sequence):
    for other in (copy.deepcopy(sequence), pickle.loads(pickle.dumps(sequence))):
        assert other == sequence
        assert other.is_sr
    sequence.reverse()
    assert sequence[0].value == "d"


def test_content_assigned_as_a_list_is_typed_when_reached():
    item = container()
    item.ContentSequence = [text("a")]
    assert isinstance(item.ContentSequence, ContentSequence)
    item.ContentSequence.append(text("b"))
    assert [child.value for child in item.ContentSequence] == ["a", "b"]


def test_add_content_checks_and_extends():
    item = container(text("a"))
    add_content(item, [text("b")])
    assert len(item.ContentSequence) == 2
    with pytest.raises(AttributeError, match="needs a relationship type"):
        add_content(item, [text("c", relationship=None)])


# --- adoption of what was read -----------------------------------------------------


@pytest.mark.parametrize("implicit", [False, True])
def test_read_items_get_their_classes_when_they_are_reached(implicit):
    measurement = NumContentItem(
        codes.SCT.Area, 1.5, codes.UCUM.SquareMillimeter, relationship_type="CONTAINS"
    )
    read = decoded(
        container(text("a"), container(measurement, relationship="CONTAINS")),
        implicit=implicit,
    )
    root = ContentSequence.from_sequence([read], is_root=True)[0]
    assert isinstance(read.get_item("ContentSequence"), RawDataElement)
    assert type(root) is ContainerContentItem
    first, second = root.ContentSequence
    assert (type(first), first.value) == (TextContentItem, "a")
    number = second.ContentSequence[0]
    assert isinstance(number, NumContentItem)
    assert number.value == 1.5
    assert number.unit == codes.UCUM.SquareMillimeter
    assert number.name == codes.SCT.Area


def test_items_of_undefined_length_are_read():
    item = container(text("a"), text("b"))
    item["ContentSequence"].is_undefined_length = True
    item.ContentSequence[1].is_undefined_length_sequence_item = True
    read = decoded(item)
    root = ContainerContentItem.from_dataset(read)
    assert [child.value for child in root.ContentSequence] == ["a", "b"]


def test_big_endian_items_are_read():
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = False, False
    write_dataset(stream, container(text("a"), text("b", name=OTHER)))
    read = read_dataset(io.BytesIO(stream.getvalue()), False, False)
    root = ContainerContentItem.from_dataset(read)
    assert [child.value for child in root.ContentSequence.find(OTHER)] == ["b"]


def test_text_of_a_read_item_has_the_character_set_of_the_document():
    document = Dataset()
    document.SpecificCharacterSet = "ISO_IR 192"
    document.update(container(text("größer")))
    read = read_dataset(
        io.BytesIO(encode_tree(document, character_set="utf8")), False, True
    )
    root = ContainerContentItem.from_dataset(read)
    assert root.ContentSequence[0].value == "größer"


def test_read_tree_is_written_back_byte_for_byte():
    item = container(text("a"), container(text("b"), relationship="CONTAINS"))
    encoded = encode_tree(item)
    root = ContainerContentItem.from_dataset(
        read_dataset(io.BytesIO(encoded), False, True)
    )
    assert encode_tree(root) == encoded
    assert root.ContentSequence[1].ContentSequence[0].value == "b"
    assert root.ContentSequence[0].name == NAME
    assert encode_tree(root) == encoded


def test_pydicom_writes_the_same_bytes():
    item = container(
        text("a"),
        NumContentItem(NAME, 0.1, codes.UCUM.Millimeter, relationship_type="CONTAINS"),
        ImageContentItem(NAME, "1.2", "1.3", [2], relationship_type="CONTAINS"),
    )
    for implicit in (False, True):
        stream = DicomBytesIO()
        stream.is_little_endian, stream.is_implicit_VR = True, implicit
        write_dataset(stream, item)
        assert stream.getvalue() == encode_tree(item, implicit=implicit)


def test_from_sequence_copies_unless_told_otherwise():
    dataset = decoded(text("a"))
    copied = ContentSequence.from_sequence([dataset])
    assert type(dataset) is Dataset
    assert copied[0] is not dataset
    adopted = ContentSequence.from_sequence(Sequence([dataset]), copy=False)
    assert adopted[0] is dataset
    assert type(dataset) is TextContentItem


def test_copy_leaves_what_is_nested_alone():
    dataset = container(text("a"))
    copied = ContentSequence.from_sequence([dataset], is_root=True)
    copied[0].ContentSequence[0].TextValue = "changed"
    copied[0].ContentSequence.append(text("b"))
    assert [item.value for item in dataset.ContentSequence] == ["a"]


@pytest.mark.parametrize("given", [None, 3, Dataset(), [3], "ab"])
def test_from_sequence_needs_datasets(given):
    with pytest.raises(TypeError, match="'sequence'"):
        ContentSequence.from_sequence(given)


@pytest.mark.parametrize(
    ("keyword", "value", "error"),
    [
        ("ValueType", None, AttributeError),
        ("ValueType", "PICTURE", ValueError),
        ("RelationshipType", None, AttributeError),
        ("RelationshipType", "PART OF", ValueError),
        ("ConceptNameCodeSequence", None, AttributeError),
        ("TextValue", None, AttributeError),
    ],
)
def test_from_sequence_refuses_what_is_no_content_item(keyword, value, error):
    dataset = decoded(text("a"))
    if value is None:
        delattr(dataset, keyword)
    else:
        setattr(dataset, keyword, value)
    with pytest.raises(error, match=r"'sequence'\[0\]: ") as caught:
        ContentSequence.from_sequence([dataset])
    assert caught.value.keyword == keyword
    assert caught.value.path == f"'sequence'[0].{keyword}"


def broken_tree():
    good, bad = text("a"), text("b")
    bad.ValueType = "PICTURE"
    return decoded(container(container(good, bad, relationship="CONTAINS")))


def test_broken_item_in_a_tree_is_kept_with_a_warning_that_names_its_place():
    root = ContentSequence.from_sequence([broken_tree()], is_root=True)[0]
    items = root.ContentSequence[0].ContentSequence
    place = r"ContentSequence\[0\].ContentSequence\[1\].ValueType"
    with pytest.warns(NonconformantDatasetWarning, match=place):
        bad = items[1]
    assert type(bad) is ContentItem
    assert bad.TextValue == "b"
    assert items[0].value == "a"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert items[1] is bad
    with pytest.raises(ValueError, match=place):
        _ = bad.value_type


def test_broken_item_in_a_tree_is_an_error_if_the_policy_is_strict():
    root = ContentSequence.from_sequence([broken_tree()], is_root=True)[0]
    items = root.ContentSequence[0].ContentSequence
    with reading_policy("strict"), pytest.raises(NonconformantDatasetError) as caught:
        list(items)
    assert caught.value.path == "ContentSequence[0].ContentSequence[1].ValueType"


def test_broken_item_in_a_tree_is_passed_over_if_the_policy_is_lenient():
    root = ContentSequence.from_sequence([broken_tree()], is_root=True)[0]
    with reading_policy("lenient"):
        assert len(list(root.ContentSequence[0].ContentSequence)) == 2


def test_relationship_by_reference_is_read():
    item = container(
        text("a"),
        container(
            ContentItemReference([1, 1], "INFERRED FROM"), relationship="CONTAINS"
        ),
    )
    root = ContainerContentItem.from_dataset(decoded(item))
    reference = root.ContentSequence[1].ContentSequence[0]
    assert isinstance(reference, ContentItemReference)
    assert reference.referenced_content_item_identifier == (1, 1)
    with pytest.raises(AttributeError, match="ConceptNameCodeSequence is missing"):
        _ = reference.name


def test_container_in_a_tree_needs_no_name():
    inner = container(text("a"), relationship="CONTAINS")
    del inner.ConceptNameCodeSequence
    root = ContainerContentItem.from_dataset(decoded(container(inner)))
    assert type(root.ContentSequence[0]) is ContainerContentItem


# --- trees -------------------------------------------------------------------------


def test_walk_gives_each_item_before_what_it_encloses():
    tree = container(
        container(text("a"), text("b"), relationship="CONTAINS"), text("c")
    )
    nodes = list(walk(tree))
    assert [node.identifier for node in nodes] == [
        (1,),
        (1, 1),
        (1, 1, 1),
        (1, 1, 2),
        (1, 2),
    ]
    assert nodes[0].path == ""
    assert nodes[3].path == "ContentSequence[0].ContentSequence[1]"
    assert nodes[3].parent.item is tree.ContentSequence[0]


def test_walk_refuses_a_tree_that_contains_itself():
    tree = container(text("a"))
    tree.ContentSequence[0].ContentSequence = ContentSequence([text("b")])
    tree.ContentSequence[0].ContentSequence.stored_items.append(tree.ContentSequence[0])
    with pytest.raises(ValueError, match="encloses itself") as caught:
        list(walk(tree))
    assert caught.value.path == "ContentSequence[0].ContentSequence[1]"


def deep_tree(depth):
    item = text("leaf")
    for _ in range(depth):
        item = container(item, relationship="CONTAINS")
    del item.RelationshipType
    return item


def test_tree_thousands_deep_is_built_copied_written_and_read():
    depth = 4000
    tree = deep_tree(depth)
    copied = ContainerContentItem.from_dataset(tree)
    encoded = encode_tree(copied)
    read = ContainerContentItem.from_dataset(
        read_dataset(io.BytesIO(encoded), False, True)
    )
    nodes = list(walk(read))
    assert len(nodes) == depth + 1
    assert nodes[-1].item.value == "leaf"


def test_matching_combines_what_is_asked():
    is_wanted = matching(NAME, "TEXT", "CONTAINS")
    assert is_wanted(text())
    assert not is_wanted(text(name=OTHER))
    assert not is_wanted(text(relationship="HAS PROPERTIES"))
    assert not is_wanted(container(relationship="CONTAINS"))
    assert matching()(text())


def test_matching_refuses_unknown_types():
    with pytest.raises(ValueError, match="'value_type' must be one of"):
        matching(value_type="PICTURE")
    with pytest.raises(ValueError, match="'relationship_type' must be one of"):
        matching(relationship_type="PART OF")
