import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from highdicom.encoding.bounds import item_bounds
from highdicom.encoding.cursor import parse_items
from highdicom.encoding.elements import tag_of
from highdicom.encoding.tree import encode_items, encode_tree
from highdicom.errors import InvalidAttributeError

ENCODINGS = pytest.mark.parametrize("implicit", [False, True])

CONTENT = tag_of("FrameContentSequence")
SOURCES = (tag_of("DerivationImageSequence"), tag_of("SourceImageSequence"))
INSTANCE = tag_of("ReferencedSOPInstanceUID")
LABEL = tag_of("FrameLabel")


def dataset_of(**values):
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def frame(label, uids=()):
    sources = [dataset_of(ReferencedSOPInstanceUID=uid) for uid in uids]
    return dataset_of(
        DerivationImageSequence=[dataset_of(SourceImageSequence=sources)],
        FrameContentSequence=[dataset_of(FrameLabel=label)],
    )


def make_undefined(dataset):
    """Give everything in an item undefined length."""
    dataset.is_undefined_length_sequence_item = True
    for element in dataset:
        if element.VR == "SQ":
            element.is_undefined_length = True
            for item in element.value:
                make_undefined(item)


def found_values(parsed, path):
    occurrences = parsed.occurrences(path)
    ends = occurrences.offsets + occurrences.lengths
    return [
        (row, tuple(items), parsed.value[start:end])
        for row, items, start, end in zip(
            occurrences.rows.tolist(),
            occurrences.items.tolist(),
            occurrences.offsets.tolist(),
            ends.tolist(),
            strict=True,
        )
    ]


@ENCODINGS
@pytest.mark.parametrize("undefined", [False, True])
def test_values_of_items_of_different_structure_are_found(implicit, undefined):
    frames = [
        frame("a", ["1.2", "1.22"]),
        frame("long label"),
        frame("b", ["1.3", "1.4"]),
        frame("c", ["1.5"]),
        dataset_of(FrameLabel="top"),
        dataset_of(),
    ]
    if undefined:
        for dataset in frames:
            make_undefined(dataset)
    value = encode_items(frames, implicit=implicit)
    parsed = parse_items(value, implicit=implicit)
    assert len(parsed) == 6
    assert not parsed.unreadable
    assert found_values(parsed, (CONTENT, LABEL)) == [
        (0, (0,), b"a "),
        (1, (0,), b"long label"),
        (2, (0,), b"b "),
        (3, (0,), b"c "),
    ]
    assert found_values(parsed, (*SOURCES, INSTANCE)) == [
        (0, (0, 0), b"1.2\0"),
        (0, (0, 1), b"1.22"),
        (2, (0, 0), b"1.3\0"),
        (2, (0, 1), b"1.4\0"),
        (3, (0, 0), b"1.5\0"),
    ]
    assert found_values(parsed, (LABEL,)) == [(4, (), b"top ")]
    assert parsed.occurrences((INSTANCE,)).rows.size == 0
    assert (*SOURCES, INSTANCE) in parsed.paths()


@ENCODINGS
@pytest.mark.parametrize("undefined", [False, True])
def test_value_of_a_sequence_is_found_without_its_delimitation(implicit, undefined):
    frames = [frame("a"), frame("bc")]
    if undefined:
        for dataset in frames:
            make_undefined(dataset)
    value = encode_items(frames, implicit=implicit)
    parsed = parse_items(value, implicit=implicit)
    assert found_values(parsed, (CONTENT,)) == [
        (row, (), encode_items(dataset.FrameContentSequence, implicit=implicit))
        for row, dataset in enumerate(frames)
    ]


def test_bounds_of_items_are_found():
    items = [dataset_of(CodeValue="1"), dataset_of(), dataset_of(CodeValue="123")]
    expected = [[0, 18], [18, 26], [26, 46]]
    value = encode_items(items)
    np.testing.assert_array_equal(item_bounds(value, implicit=False), expected)


def test_items_of_defined_and_undefined_length_may_be_mixed():
    items = [dataset_of(CodeValue="1"), dataset_of(CodeValue="1")]
    make_undefined(items[1])
    value = encode_items([*items, *items])
    expected = [[0, 18], [18, 44], [44, 62], [62, 88]]
    np.testing.assert_array_equal(item_bounds(value, implicit=False), expected)
    parsed = parse_items(value, implicit=False)
    np.testing.assert_array_equal(
        parsed.occurrences((tag_of("CodeValue"),)).rows, [0, 1, 2, 3]
    )


def test_sequence_delimitation_item_ends_the_items():
    value = encode_items([dataset_of(CodeValue="1")] * 2) + b"\xfe\xff\xdd\xe0\0\0\0\0"
    assert len(item_bounds(value, implicit=False)) == 2


def test_no_items_are_no_items():
    assert item_bounds(b"", implicit=False).shape == (0, 2)
    parsed = parse_items(b"", implicit=True)
    assert len(parsed) == 0
    assert parsed.paths() == set()


def test_nested_items_that_begin_like_their_container_are_not_mistaken():
    inner = dataset_of(ContentSequence=[dataset_of(ContentSequence=[])])
    items = [dataset_of(ContentSequence=[inner, inner]), dataset_of(ContentSequence=[])]
    for item in items:
        make_undefined(item)
    value = encode_items(items)
    bounds = item_bounds(value, implicit=False)
    assert len(bounds) == 2
    assert value[bounds[1, 0] :] == encode_items(items[1:])


def test_many_structures_are_found_as_well():
    frames = [frame(str(n), [f"1.{k}" for k in range(n % 40)]) for n in range(120)]
    parsed = parse_items(encode_items(frames), implicit=False)
    occurrences = parsed.occurrences((*SOURCES, INSTANCE))
    counts = np.bincount(occurrences.rows, minlength=120)
    np.testing.assert_array_equal(counts, np.arange(120) % 40)
    assert len(parsed.occurrences((CONTENT, LABEL))) == 120


def test_private_sequences_are_walked_in_explicit_vr():
    item = dataset_of()
    block = item.private_block(0x0009, "ours", create=True)
    block.add_new(1, "SQ", Sequence([dataset_of(CodeValue="1")]))
    value = encode_items([item, item])
    parsed = parse_items(value, implicit=False)
    assert found_values(parsed, (0x00091001, tag_of("CodeValue"))) == [
        (0, (0,), b"1 "),
        (1, (0,), b"1 "),
    ]


def test_values_of_odd_length_are_found():
    element = b"\x20\0\x53\x94LO\x03\0abc"
    item = b"\xfe\xff\0\xe0" + len(element).to_bytes(4, "little") + element
    parsed = parse_items(item * 3, implicit=False)
    assert found_values(parsed, (LABEL,)) == [(row, (), b"abc") for row in range(3)]


def test_unknown_values_of_undefined_length_are_read_by_way_of_pydicom():
    # PS3.5 Section 6.2.2: the items inside are in implicit VR.
    inner = encode_items([dataset_of(CodeValue="1")], implicit=True)
    element = (
        b"\x20\0\x11\x91UN\0\0\xff\xff\xff\xff" + inner + b"\xfe\xff\xdd\xe0\0\0\0\0"
    )
    odd = b"\xfe\xff\0\xe0" + len(element).to_bytes(4, "little") + element
    regular = encode_items([frame("a")])
    parsed = parse_items(regular + odd + regular, implicit=False)
    assert not parsed.unreadable
    assert found_values(parsed, (CONTENT, tag_of("CodeValue"))) == [(1, (0,), b"1 ")]
    assert [row for row, *_ in found_values(parsed, (CONTENT, LABEL))] == [0, 2]


def test_damaged_item_does_not_hide_the_others():
    regular = encode_items([frame("a")])
    # The element claims more bytes than its item has.
    damaged = b"\xfe\xff\0\xe0\x0c\0\0\0\x20\0\x53\x94LO\x40\0abcd"
    parsed = parse_items(regular + damaged + regular, implicit=False)
    assert list(parsed.unreadable) == [1]
    assert "beyond the end" in parsed.unreadable[1]
    assert [row for row, *_ in found_values(parsed, (CONTENT, LABEL))] == [0, 2]


@pytest.mark.parametrize(
    "damage",
    [
        lambda value: value[:-1],
        lambda value: value[:10],
        lambda value: value[:5],
        lambda value: value + b"\0\0",
        lambda value: value + b"\xfe\xff\0\xe0",
        lambda value: b"\0" * 64,
        lambda value: value[:4] + b"\xff\xff\xff\x7f" + value[8:],
        lambda value: value[:4] + b"\xff\xff\xff\xff" + value[8:],
    ],
)
def test_value_that_is_no_row_of_items_is_refused(damage):
    value = encode_items([frame("a"), frame("bcd")])
    with pytest.raises(InvalidAttributeError, match=r"sequence.*\.$"):
        parse_items(damage(value), implicit=False)


@ENCODINGS
def test_items_nested_too_deep_are_reported_and_do_not_hide_the_others(implicit):
    deep = dataset_of(CodeValue="1")
    for _ in range(3000):
        deep = dataset_of(ContentSequence=[deep])
    value = encode_items([frame("a"), deep, frame("b")], implicit=implicit)
    parsed = parse_items(value, implicit=implicit)
    assert list(parsed.unreadable) == [1]
    assert "deeper" in parsed.unreadable[1]
    assert len(parsed.occurrences((CONTENT, LABEL))) == 2


def test_bounds_of_deep_items_of_undefined_length_are_found():
    nesting = b"\xfe\xff\0\xe0\xff\xff\xff\xff\x40\0\x30\xa7SQ\0\0\xff\xff\xff\xff"
    ending = b"\xfe\xff\xdd\xe0\0\0\0\0\xfe\xff\x0d\xe0\0\0\0\0"
    value = (nesting * 20000 + ending * 20000) * 2
    bounds = item_bounds(value, implicit=False)
    half = len(value) // 2
    np.testing.assert_array_equal(bounds, [[0, half], [half, 2 * half]])


def test_item_with_an_absurd_number_of_elements_is_reported():
    element = b"\x20\0\x53\x94LO\0\0"
    content = element * 70000
    item = b"\xfe\xff\0\xe0" + len(content).to_bytes(4, "little") + content
    parsed = parse_items(item + encode_items([frame("a")]), implicit=False)
    assert [row for row, *_ in found_values(parsed, (CONTENT, LABEL))] == [1]


def test_dataset_encoded_and_parsed_keeps_its_bytes():
    dataset = frame("label", ["1.2"])
    parsed = parse_items(encode_items([dataset]), implicit=False)
    start, end = parsed.bounds[0]
    assert parsed.value[start + 8 : end] == encode_tree(dataset)


def item(content):
    return b"\xfe\xff\0\xe0" + len(content).to_bytes(4, "little") + content


UNDEFINED_ITEM = b"\xfe\xff\0\xe0\xff\xff\xff\xff"
ITEM_END = b"\xfe\xff\x0d\xe0\0\0\0\0"
SEQUENCE = b"\x20\0\x11\x91SQ\0\0"


@pytest.mark.parametrize(
    "content",
    [
        # A sequence of defined length whose item of undefined length goes beyond it.
        SEQUENCE + b"\x0a\0\0\0" + UNDEFINED_ITEM + b"\x20\0\x53\x94LO\0\0" + ITEM_END,
        # A sequence that holds something else than items.
        SEQUENCE + b"\x08\0\0\0" + b"\x20\0\x53\x94LO\0\0",
        # An item in place of an element.
        b"\xfe\xff\0\xe0\0\0\0\0",
        # No value representation at all, but lengths in proportion.
        b"\x20\0\x53\x94\x01\x02\xff\xff",
        # A nested item longer than its sequence.
        SEQUENCE + b"\x08\0\0\0" + b"\xfe\xff\0\xe0\x08\0\0\0",
    ],
)
def test_damaged_structure_of_an_item_is_reported(content):
    good = encode_items([frame("a")])
    parsed = parse_items(good + item(content) + good, implicit=False)
    assert list(parsed.unreadable) == [1]
    assert parsed.unreadable[1].endswith(".")
    assert [row for row, *_ in found_values(parsed, (CONTENT, LABEL))] == [0, 2]


@pytest.mark.parametrize(
    "content", [b"\xfe\xff\0\xe0\0\0\0\0", b"\x20\0\x53\x94\1\2\0\0"]
)
def test_damaged_structure_of_an_item_of_undefined_length_is_refused(content):
    value = UNDEFINED_ITEM + content + ITEM_END
    with pytest.raises(InvalidAttributeError):
        item_bounds(value, implicit=False)
