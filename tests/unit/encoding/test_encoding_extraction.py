import numpy as np
import pytest
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from highdicom.encoding.cursor import parse_items
from highdicom.encoding.elements import tag_of
from highdicom.encoding.extraction import (
    decimals_at,
    encoded_at,
    integers_at,
    keyword_path,
    numbers_at,
    texts_at,
    value_representation,
    values_at,
)
from highdicom.encoding.tree import encode_items
from highdicom.errors import InvalidAttributeError

ENCODINGS = pytest.mark.parametrize("implicit", [False, True])


def items_of(keyword, values, vr=None, character_set="iso8859", *, implicit=False):
    items = []
    for value in values:
        item = Dataset()
        if value is not None:
            setattr(item, keyword, value)
            if vr:
                item[keyword].VR = vr
        items.append(item)
    value = encode_items(items, implicit=implicit, character_set=character_set)
    parsed = parse_items(value, implicit=implicit)
    path = (tag_of(keyword),)
    return parsed, parsed.occurrences(path), path


@ENCODINGS
def test_binary_numbers_become_an_array_of_their_type(implicit):
    found = items_of(
        "DimensionIndexValues", [[1, 2], [3, 2**32 - 1]], implicit=implicit
    )
    values = numbers_at(*found)
    np.testing.assert_array_equal(values, [[1, 2], [3, 2**32 - 1]])
    assert values.dtype == np.uint32


@ENCODINGS
def test_decimal_strings_become_floats(implicit):
    found = items_of(
        "ImagePositionPatient",
        [["1.5", "-2e-3", "+4"], ["0.1 ", " 7", "3"], None, ["1.5", "-2e-3", "+4"]],
        implicit=implicit,
    )
    np.testing.assert_array_equal(
        decimals_at(*found), [[1.5, -0.002, 4], [0.1, 7, 3], [1.5, -0.002, 4]]
    )
    np.testing.assert_array_equal(found[1].rows, [0, 1, 3])


def test_integer_strings_become_integers():
    found = items_of("ReferencedFrameNumber", [["1", "12"], ["3", "-4"]])
    values = integers_at(*found)
    np.testing.assert_array_equal(values, [[1, 12], [3, -4]])
    assert values.dtype == np.int64


def test_distinct_texts_are_decoded_once():
    found = items_of("ReferencedSOPInstanceUID", ["1.2.3", "1.4", "1.2.3"])
    texts, inverse = texts_at(*found)
    assert texts == ["1.2.3", "1.4"]
    np.testing.assert_array_equal(inverse, [0, 1, 0])


def test_texts_that_differ_in_padding_are_equal():
    parsed, occurrences, path = items_of("StackID", ["1", "1"])
    padded = parsed.value[:-1] + b"\0"
    parsed = parse_items(padded, implicit=False)
    texts, inverse = texts_at(parsed, occurrences, path)
    assert texts == ["1"]
    np.testing.assert_array_equal(inverse, [0, 0])
    assert encoded_at(parsed, occurrences)[0] == [b"1 ", b"1\0"]


def test_character_set_is_heeded_where_the_vr_says_so():
    found = items_of("FrameLabel", ["größer"], character_set="ISO_IR 192")
    assert texts_at(*found, "ISO_IR 192")[0] == ["größer"]


@pytest.mark.parametrize(
    ("keyword", "vr", "values", "expected"),
    [
        ("ReferencedSegmentNumber", None, [1, 7], [[1], [7]]),
        ("DiffusionBValue", None, [0.5, 7], [[0.5], [7]]),
        ("SliceThickness", None, ["0.5", "7"], [[0.5], [7]]),
        ("EchoNumbers", None, ["5", "7"], [[5], [7]]),
        ("StackID", None, ["a", "b"], ["a", "b"]),
        ("FrameType", None, [["A", "B"], ["C", "D"]], ["A\\B", "C\\D"]),
        (
            "DimensionIndexPointer",
            None,
            [0x00209111, 0x00200032],
            [[0x209111], [0x200032]],
        ),
        ("SmallestImagePixelValue", "US", [5, 6], [[5], [6]]),
        ("PixelData", "OB", [b"ab", b"cd"], [b"ab", b"cd"]),
    ],
)
def test_values_of_any_vr_are_read(keyword, vr, values, expected):
    found = items_of(keyword, values, vr)
    assert values_at(*found).tolist() == expected


def test_unknown_vr_is_looked_up():
    item = Dataset()
    item.add(DataElement(0x00091001, "UN", b"ab"))
    value = encode_items([item])
    parsed = parse_items(value, implicit=False)
    occurrences = parsed.occurrences((0x00091001,))
    assert value_representation(occurrences, (0x00091001,)) == "UN"
    assert values_at(parsed, occurrences, (0x00091001,)).tolist() == [b"ab"]
    unknown = value.replace(
        b"\x09\0\x01\x10UN\0\0\x02\0\0\0", b"\x20\0\x56\x90UN\0\0\x02\0\0\0"
    )
    parsed = parse_items(unknown, implicit=False)
    path = (tag_of("StackID"),)
    assert values_at(parsed, parsed.occurrences(path), path).tolist() == ["ab"]


@ENCODINGS
def test_ambiguous_vr_is_taken_as_unsigned(implicit):
    found = items_of("SmallestImagePixelValue", [5], "US", implicit=implicit)
    assert values_at(*found).tolist() == [[5]]


def test_nothing_found_gives_nothing():
    parsed, _, _ = items_of("StackID", ["a"])
    path = (tag_of("SliceThickness"),)
    nothing = parsed.occurrences(path)
    assert decimals_at(parsed, nothing, path).shape == (0, 0)
    assert numbers_at(parsed, nothing, path, "US").shape == (0, 0)
    assert texts_at(parsed, nothing, path)[0] == []


def test_empty_values_can_be_left_out():
    _, occurrences, _ = items_of("StackID", ["a", "", None, "b"])
    np.testing.assert_array_equal(occurrences.rows, [0, 1, 3])
    np.testing.assert_array_equal(occurrences.nonempty().rows, [0, 3])


def test_first_of_several_can_be_chosen():
    items = []
    for count in (2, 1, 3):
        item = Dataset()
        item.ConceptNameCodeSequence = [Dataset() for _ in range(count)]
        for index, code in enumerate(item.ConceptNameCodeSequence):
            code.CodeValue = str(index)
        items.append(item)
    parsed = parse_items(encode_items(items), implicit=False)
    path = (tag_of("ConceptNameCodeSequence"), tag_of("CodeValue"))
    first = parsed.occurrences(path).first()
    np.testing.assert_array_equal(first.rows, [0, 1, 2])
    np.testing.assert_array_equal(first.items, [[0], [0], [0]])


@pytest.mark.parametrize("text", ["nan", "inf", "1_0", "x", "1e999", ""])
def test_text_that_is_no_number_is_refused(text):
    items = [Dataset(), Dataset()]
    for item, value in zip(items, ["1.5", text], strict=True):
        item.add(DataElement("SliceThickness", "LO", value))
    parsed = parse_items(encode_items(items), implicit=False)
    path = (tag_of("SliceThickness"),)
    with pytest.raises(InvalidAttributeError, match="item 2") as caught:
        decimals_at(parsed, parsed.occurrences(path), path)
    assert caught.value.keyword == "SliceThickness"


def test_integer_string_with_a_fraction_is_refused():
    items = [Dataset()]
    items[0].add(DataElement("ReferencedFrameNumber", "LO", "1.5"))
    parsed = parse_items(encode_items(items), implicit=False)
    path = (tag_of("ReferencedFrameNumber"),)
    with pytest.raises(InvalidAttributeError, match="is no number"):
        integers_at(parsed, parsed.occurrences(path), path)


def test_different_numbers_of_values_are_refused():
    found = items_of("ImagePositionPatient", [["1", "2", "3"], ["1", "2"]])
    with pytest.raises(InvalidAttributeError, match="2 values where others have 3"):
        decimals_at(*found)
    found = items_of("DimensionIndexValues", [[1, 2], [1]])
    with pytest.raises(InvalidAttributeError, match="item 2"):
        numbers_at(*found)


def test_what_is_no_number_cannot_be_read_as_one():
    found = items_of("StackID", ["a"])
    with pytest.raises(InvalidAttributeError, match="VR SH"):
        numbers_at(*found)


def test_paths_are_named_by_keywords():
    path = (tag_of("FrameContentSequence"), 0x00091001)
    assert keyword_path(path) == "FrameContentSequence.(0009,1001)"


@pytest.mark.parametrize("count", [300, 2000])
def test_distinct_values_of_many_items_are_found(count):
    rng = np.random.default_rng(count)
    numbers = rng.integers(0, 50, count)
    values = [
        f"1.2.826.0.1.3680043.{number}{'.7' * (number % 3)}" for number in numbers
    ]
    items = []
    for value in values:
        item = Dataset()
        item.ReferencedSOPInstanceUID = value
        items.append(item)
    parsed = parse_items(encode_items(items), implicit=False)
    path = (tag_of("ReferencedSOPInstanceUID"),)
    encoded, inverse = encoded_at(parsed, parsed.occurrences(path))
    assert len(encoded) == len(set(values))
    decoded = [encoded[place].decode().rstrip("\0") for place in inverse]
    assert decoded == values


def test_values_with_equal_hashes_are_told_apart(monkeypatch):
    monkeypatch.setattr("highdicom.encoding.extraction._MULTIPLIER", np.uint64(0))
    values = [f"1.2.3.4.5.{number % 7}" for number in range(500)]
    items = []
    for value in values:
        item = Dataset()
        item.ReferencedSOPInstanceUID = value
        items.append(item)
    parsed = parse_items(encode_items(items), implicit=False)
    path = (tag_of("ReferencedSOPInstanceUID"),)
    texts, inverse = texts_at(parsed, parsed.occurrences(path), path)
    assert [texts[place] for place in inverse] == values


@pytest.mark.parametrize("values", [["a", "b"] * 200, ["a label of some length"] * 400])
def test_short_and_equal_values_of_many_items_are_found(values):
    parsed, occurrences, path = items_of("FrameLabel", values)
    texts, inverse = texts_at(parsed, occurrences, path)
    assert [texts[place] for place in inverse] == values
