"""What was read: character sets, codes of all kinds, damaged bytes."""

import contextlib
import io
import math

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.content_items import (
    CodeContentItem,
    ContainerContentItem,
    ContentSequence,
    NumContentItem,
    TcoordContentItem,
    TextContentItem,
    WaveformContentItem,
    add_content,
)
from highdicom.content_items.concepts import key_of_code
from highdicom.content_items.query import name_key_of
from highdicom.encoding.elements import raw_element
from highdicom.encoding.tree import encode_tree
from highdicom.errors import InvalidAttributeError, MissingAttributeError

NAME = codes.DCM.Finding
CONTENT = 0x0040A730


def read(item, character_set="ISO_IR 100"):
    """The item as the root of a document of a character set, written and read."""
    document = Dataset()
    document.SpecificCharacterSet = character_set
    document.update(item)
    stream = io.BytesIO(encode_tree(document))
    return ContainerContentItem.from_dataset(read_dataset(stream, False, True))


def container(*children):
    item = ContainerContentItem(NAME)
    add_content(item, children)
    return item


# --- codes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        Code("10200004", "SCT", "Liver"),
        Code("10200004", "SCT", "Liver", "2024"),
        Code("urn:oid:1.2.3", "99X", "A name"),
        Code("a code of more than sixteen characters", "99X", "Long"),
        Code("1", "99X", "Leber, größer"),
    ],
)
def test_concepts_and_codes_make_the_same_items(code):
    concept = CodedConcept(*code)
    items = [CodeContentItem(one, one, "CONTAINS") for one in (code, concept)]
    assert items[0] == items[1]
    found = read(container(*items)).ContentSequence
    for item in (*items, *found):
        assert item.name == code
        assert item.value.meaning == code.meaning
        assert item.value.scheme_version == code.scheme_version
        assert name_key_of(item) == key_of_code(code)


@pytest.mark.parametrize("character_set", ["ISO_IR 100", "ISO_IR 192"])
def test_concept_of_another_document_keeps_its_text(character_set):
    source = read(
        container(TextContentItem(Code("1", "99X", "größer"), "größer", "CONTAINS"))
    )
    name = source.ContentSequence[0].name
    again = read(container(TextContentItem(name, "größer", "CONTAINS")), character_set)
    assert again.ContentSequence[0].name.meaning == "größer"
    moved = read(container(*source.ContentSequence), character_set)
    assert moved.ContentSequence[0].value == "größer"


def test_item_may_have_a_character_set_of_its_own():
    item = TextContentItem(NAME, "größer", "CONTAINS")
    item.SpecificCharacterSet = "ISO_IR 192"
    root = read(container(item), "ISO_IR 100")
    assert root.ContentSequence[0].value == "größer"


def test_code_that_lacks_something_is_an_error_when_it_is_asked_for():
    item = CodeContentItem(NAME, codes.SCT.Liver, "CONTAINS")
    del item.ConceptCodeSequence[0].CodeMeaning
    found = read(container(item)).ContentSequence[0]
    assert found.ConceptCodeSequence[0].CodeValue == "10200004"
    with pytest.raises(MissingAttributeError, match="needs CodeMeaning"):
        _ = found.value


def test_name_that_says_nothing_matches_nothing():
    item = TextContentItem(NAME, "a", "CONTAINS")
    item.ConceptNameCodeSequence = [Dataset()]
    sequence = ContentSequence([item])
    assert len(sequence.find(NAME)) == 0
    found = read(container(item)).ContentSequence
    assert len(found.find(NAME)) == 0
    assert len(found.find(codes.SCT.Liver)) == 0


# --- values ------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "value"), [("2.5", 2.5), ("-1e3", -1000.0)])
def test_number_without_floating_point_value_is_read(text, value):
    item = NumContentItem(NAME, 1, codes.UCUM.Millimeter)
    item.MeasuredValueSequence[0].NumericValue = text
    assert item.value == value


@pytest.mark.parametrize("stored", [None, [1.0, 2.0]])
def test_number_that_is_none_is_an_error(stored):
    item = NumContentItem(NAME, 1, codes.UCUM.Millimeter)
    item.MeasuredValueSequence[0].NumericValue = stored
    with pytest.raises(InvalidAttributeError, match="NumericValue must be a number"):
        _ = item.value


def test_number_of_a_local_unit_is_kept():
    unit = Code("µm", "99X", "µm")
    for number in (1, 1 / 3):
        found = read(container(NumContentItem(NAME, number, unit, None, "CONTAINS")))
        assert math.isclose(found.ContentSequence[0].value, number)
        assert found.ContentSequence[0].unit == unit


def test_temporal_coordinates_without_positions_are_an_error():
    item = TcoordContentItem(NAME, "POINT", [1])
    del item.ReferencedSamplePositions
    with pytest.raises(AttributeError, match="ReferencedSamplePositions is missing"):
        _ = item.value


def test_channels_must_fit_their_representation():
    with pytest.raises(ValueError, match="must be from 0 to 65535"):
        WaveformContentItem(NAME, "1.2", "1.3", [(1, 65536)])


# --- damage ------------------------------------------------------------------------


def damaged(value):
    root = ContainerContentItem(NAME)
    root._dict[CONTENT] = raw_element(CONTENT, "SQ", value)
    return root


@pytest.mark.parametrize(
    "value",
    [
        b"\xfe\xff\x00\xe0\xff\x00\x00\x00",
        b"\xfe\xff\x00\xe0\x08\x00\x00\x00\x40\x00\x40\xa0\x43\x53\xff\x00",
        b"\x40\x00\x40\xa0",
        b"\xfe\xff\x00\xe0\x04\x00\x00\x00\x40\x00\x40\xa0",
    ],
)
def test_damaged_content_never_crashes_obscurely(value):
    with contextlib.suppress(InvalidAttributeError):
        assert len(damaged(value).ContentSequence) <= 1


def test_content_that_is_no_sequence_names_its_path():
    root = damaged(b"\x40\x00\x40\xa0")
    with pytest.raises(
        InvalidAttributeError, match="ContentSequence cannot be decoded"
    ):
        _ = root.ContentSequence


def test_damaged_name_matches_nothing():
    item = TextContentItem(NAME, "a", "CONTAINS")
    tag = 0x0040A043
    item._dict[tag] = raw_element(tag, "SQ", b"\x01\x02")
    assert name_key_of(item) is None
    item._dict[tag] = raw_element(tag, "SQ", b"\x01\x02" * 1000)
    assert name_key_of(item) is None
    item._dict[tag] = RawDataElement(tag, "SQ", 0, b"", 0, False, True)
    assert name_key_of(item) is None


def test_items_share_what_is_the_same_in_them_until_one_is_changed():
    texts = [TextContentItem(NAME, text, "CONTAINS") for text in ("a", "b")]
    first, second = read(container(*texts)).ContentSequence
    for keyword in ("RelationshipType", "ValueType", "ConceptNameCodeSequence"):
        assert first.get_item(keyword) is second.get_item(keyword)
    first.RelationshipType = "HAS OBS CONTEXT"
    first.ConceptNameCodeSequence[0].CodeMeaning = "Changed"
    assert second.RelationshipType == "CONTAINS"
    assert second.name.meaning == NAME.meaning
    assert (first.value, second.value) == ("a", "b")
