"""What goes into a content tree comes out of it, through bytes and back."""

import io

import numpy as np
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.content_items import (
    CodeContentItem,
    ContainerContentItem,
    ContentSequence,
    ImageContentItem,
    NumContentItem,
    RelationshipTypeValues,
    ScoordContentItem,
    TextContentItem,
    UIDRefContentItem,
    add_content,
)
from highdicom.content_items.query import walk
from highdicom.encoding.tree import encode_tree

printable = st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="\\")
words = st.text(printable, min_size=1, max_size=20)
concepts = st.builds(
    Code,
    st.text(st.sampled_from("0123456789-ABC"), min_size=1, max_size=24),
    st.sampled_from(["SCT", "DCM", "SRT", "99LOCAL"]),
    words,
    st.one_of(st.none(), st.just("2024")),
)
relationships = st.sampled_from(RelationshipTypeValues)
uids = st.lists(st.integers(0, 10**6), min_size=2, max_size=6).map(
    lambda numbers: "1." + ".".join(map(str, numbers))
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
points = arrays.arrays(
    np.float32,
    st.tuples(st.integers(2, 9), st.just(2)),
    elements=st.floats(-1e6, 1e6, width=32),
)
leaves = st.one_of(
    st.builds(TextContentItem, concepts, words, relationships),
    st.builds(CodeContentItem, concepts, concepts, relationships),
    st.builds(UIDRefContentItem, concepts, uids, relationships),
    st.builds(
        NumContentItem, concepts, numbers, concepts, relationship_type=relationships
    ),
    st.builds(
        ImageContentItem,
        concepts,
        uids,
        uids,
        st.one_of(st.none(), st.lists(st.integers(1, 500), min_size=1, max_size=4)),
        relationship_type=relationships,
    ),
    st.builds(
        ScoordContentItem,
        concepts,
        st.just("MULTIPOINT"),
        points,
        relationship_type=relationships,
    ),
)


def enclosing(children):
    def build(name, items, relationship):
        container = ContainerContentItem(name, relationship_type=relationship)
        add_content(container, items)
        return container

    return st.builds(
        build, concepts, st.lists(children, min_size=1, max_size=4), relationships
    )


trees = st.recursive(leaves, enclosing, max_leaves=12).map(lambda item: _rooted([item]))


def _rooted(items):
    root = ContainerContentItem(codes.DCM.ImagingMeasurementReport)
    add_content(root, items)
    return root


def _said(item):
    """What an item says, apart from what it encloses."""
    value = getattr(item, "value", None)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    return type(item), item.relationship_type, item.name, item.name.meaning, value


@settings(max_examples=60, deadline=None)
@given(trees, st.booleans())
def test_tree_read_from_its_bytes_says_the_same(tree, implicit):
    encoded = encode_tree(tree, implicit=implicit)
    read = read_dataset(io.BytesIO(encoded), implicit, True)
    again = ContentSequence.from_sequence([read], is_root=True)[0]
    pairs = list(zip(walk(tree), walk(again), strict=True))
    assert all(_said(made.item) == _said(found.item) for made, found in pairs)
    assert encode_tree(again, implicit=implicit) == encoded
    assert again == tree


@settings(max_examples=25, deadline=None)
@given(trees, st.booleans())
def test_tree_has_the_bytes_that_pydicom_writes(tree, implicit):
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, implicit
    write_dataset(stream, tree)
    assert encode_tree(tree, implicit=implicit) == stream.getvalue()


@settings(max_examples=200, deadline=None)
@given(numbers)
def test_number_is_read_as_it_was_given(number):
    item = NumContentItem(codes.SCT.Area, number, codes.UCUM.SquareMillimeter)
    assert item.value == number
    text = item.MeasuredValueSequence[0].NumericValue.original_string
    assert len(text) <= 16
    assert np.isclose(float(text), number, rtol=1e-8)


livers = st.sampled_from(
    [
        Code("10200004", "SCT", "Liver"),
        Code("10200004", "SCT", "Hepar"),
        Code("10200004", "SCT", "Liver", "2024"),
        Code("T-62000", "SRT", "Liver"),
        Code("T-62000", "99LOCAL", "Liver"),
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(livers, min_size=1, max_size=8), livers)
def test_find_finds_what_pydicom_holds_equal(names, wanted):
    items = [TextContentItem(name, "a", "CONTAINS") for name in names]
    found = ContentSequence(items).find(wanted)
    assert len(found) == sum(name == wanted for name in names)
