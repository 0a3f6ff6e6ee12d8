"""What is encoded here is what pydicom encodes; what is parsed is what it decodes."""

from io import BytesIO

import numpy as np
from hypothesis import given, settings, strategies as st
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset

from highdicom.encoding.bounds import item_bounds
from highdicom.encoding.columns import (
    constant,
    decimal_strings,
    element,
    item,
    items_of_rows,
    numbers,
    optional,
    render,
    texts,
)
from highdicom.encoding.cursor import parse_items
from highdicom.encoding.decimals import decimal_string
from highdicom.encoding.distinct import distinct_rows
from highdicom.encoding.elements import raw_element
from highdicom.encoding.lazy import lazy_sequence
from highdicom.encoding.tree import encode_items, encode_tree
from highdicom.errors import InvalidAttributeError

FEW = settings(max_examples=40, deadline=None)
SOME = settings(max_examples=120, deadline=None)

words = st.text("ABC 09_", max_size=9).map(str.strip)
uids = st.lists(st.integers(0, 999), min_size=1, max_size=6).map(
    lambda parts: ".".join(map(str, parts))
)
decimals = st.floats(allow_nan=False, allow_infinity=False).map(decimal_string)


def one_or_many(values):
    return values | st.lists(values, min_size=2, max_size=4)


LEAVES = {
    "CodeValue": words,
    "CodeMeaning": words,
    "ImageType": st.lists(words, max_size=4),
    "SOPInstanceUID": uids,
    "RelatedGeneralSOPClassUID": one_or_many(uids),
    "SliceThickness": decimals,
    "ImagePositionPatient": st.lists(decimals, min_size=3, max_size=3),
    "ReferencedFrameNumber": one_or_many(st.integers(-(2**31), 2**31 - 1)),
    "Rows": st.integers(0, 65535),
    "DimensionIndexValues": one_or_many(st.integers(0, 2**32 - 1)),
    "RowPositionInTotalImagePixelMatrix": st.integers(-(2**31), 2**31 - 1),
    "DiffusionBValue": st.floats(allow_nan=False),
    "GraphicData": st.lists(st.floats(allow_nan=False, width=32), max_size=6),
    "DimensionIndexPointer": st.integers(0, 2**32 - 1),
    "EncapsulatedDocument": st.binary(max_size=9),
    "PatientName": words,
    "StudyDate": st.dates().map(lambda day: f"{day.year:04}{day:%m%d}"),
    "TextValue": words,
    "FrameLabel": st.none(),
}
SEQUENCES = ("ContentSequence", "ConceptNameCodeSequence", "ReferencedImageSequence")


@st.composite
def datasets(draw, depth=3):
    dataset = Dataset()
    keywords = draw(st.sets(st.sampled_from(sorted(LEAVES)), max_size=5))
    for keyword in sorted(keywords):
        setattr(dataset, keyword, draw(LEAVES[keyword]))
    if draw(st.booleans()):
        dataset.add(DataElement(0x00091001, "UN", draw(st.binary(max_size=4)) * 2))
    sequences = draw(st.sets(st.sampled_from(SEQUENCES), max_size=2)) if depth else ()
    for keyword in sorted(sequences):
        items = draw(st.lists(datasets(depth=depth - 1), max_size=3))
        setattr(dataset, keyword, items)
        dataset[keyword].is_undefined_length = draw(st.booleans())
    dataset.is_undefined_length_sequence_item = draw(st.booleans())
    return dataset


def written_by_pydicom(dataset, implicit):
    stream = DicomBytesIO()
    stream.is_little_endian = True
    stream.is_implicit_VR = implicit
    write_dataset(stream, dataset)
    return stream.getvalue()


@FEW
@given(dataset=datasets(), implicit=st.booleans())
def test_trees_are_encoded_as_by_pydicom(dataset, implicit):
    encoded = encode_tree(dataset, implicit=implicit)
    assert encoded == written_by_pydicom(dataset, implicit)
    read = read_dataset(BytesIO(encoded), implicit, True)
    # Whatever is still encoded is copied, what is decoded by now is encoded again.
    assert encode_tree(read, implicit=implicit) == encoded
    for _ in read.iterall():
        pass
    assert encode_tree(read, implicit=implicit) == encoded


def all_values(items, path=()):
    """Path, numbers of the items on the way and encoded value of every element."""
    for row, dataset in enumerate(items):
        for found in dataset:
            if found.VR == "SQ":
                for nested in all_values(found.value, (*path, row)):
                    yield (found.tag, *nested[0]), nested[1], nested[2]
            else:
                single = Dataset()
                single.add(found)
                header = 12 if found.VR in {"UN", "OB", "UT"} else 8
                yield (found.tag,), (*path, row), encode_tree(single)[header:]


@FEW
@given(items=st.lists(datasets(depth=2), max_size=5), implicit=st.booleans())
def test_every_value_is_found_where_pydicom_finds_it(items, implicit):
    value = encode_items(items, implicit=implicit)
    parsed = parse_items(value, implicit=implicit)
    assert len(parsed) == len(items)
    assert not parsed.unreadable
    expected = sorted(all_values(items))
    found = []
    for path in parsed.paths():
        occurrences = parsed.occurrences(path)
        assert (np.diff(occurrences.rows) >= 0).all()
        for row, numbers_, start, length in zip(
            occurrences.rows.tolist(),
            occurrences.items.tolist(),
            occurrences.offsets.tolist(),
            occurrences.lengths.tolist(),
            strict=True,
        ):
            content = parsed.value[start : start + length]
            found.append((path, (row, *numbers_), content))
    leaves = {path for path, _, _ in expected}
    assert sorted(entry for entry in found if entry[0] in leaves) == expected
    tags = {(tag,) for dataset in items for tag in dataset.keys()}  # noqa: SIM118
    assert tags <= parsed.paths()


def decoded_by_pydicom(raw):
    dataset = Dataset()
    dataset[raw.tag] = raw
    return dataset[raw.tag].value


@FEW
@given(
    items=st.lists(datasets(depth=1), min_size=1, max_size=6),
    implicit=st.booleans(),
    data=st.data(),
)
def test_lazy_sequences_are_like_others(items, implicit, data):
    value = encode_items(items, implicit=implicit)
    raw = raw_element(0x52009230, "SQ", value)._replace(is_implicit_VR=implicit)
    lazy, plain = lazy_sequence(raw), decoded_by_pydicom(raw)
    items = list(decoded_by_pydicom(raw))
    for _ in range(data.draw(st.integers(0, 5))):
        index = data.draw(st.integers(0, max(0, len(plain) - 1)))
        action = data.draw(st.sampled_from(["get", "delete", "insert", "set", "slice"]))
        if action == "insert":
            lazy.insert(index, items[0])
            plain.insert(index, items[0])
        elif not plain:
            continue
        elif action == "get":
            assert lazy[index] == plain[index]
        elif action == "delete":
            del lazy[index]
            del plain[index]
        elif action == "set":
            lazy[index] = plain[index] = items[-1]
        else:
            assert lazy[index::2] == plain[index::2]
    assert encode_items(lazy, implicit=implicit) == encode_items(
        plain, implicit=implicit
    )
    assert lazy == plain
    assert plain == lazy


@SOME
@given(
    items=st.lists(datasets(depth=1), min_size=1, max_size=3),
    implicit=st.booleans(),
    data=st.data(),
)
def test_damaged_bytes_are_read_or_refused(items, implicit, data):
    value = bytearray(encode_items(items, implicit=implicit))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(value) - 1))
        value[place] = data.draw(st.sampled_from([0, 1, 0xFF, 0xFE, 0x7F, 0xE0, 0x41]))
    value = value[: data.draw(st.integers(0, len(value)))]
    try:
        parsed = parse_items(bytes(value), implicit=implicit)
    except InvalidAttributeError:
        return
    rows = [row for group in parsed.groups for row in group.rows.tolist()]
    assert sorted([*rows, *parsed.unreadable]) == list(range(len(parsed)))
    for group in parsed.groups:
        for fields in group.fields.values():
            for field in fields:
                assert (field.offsets >= 0).all()
                assert (field.lengths >= 0).all()
                assert (field.offsets + field.lengths <= len(parsed.value)).all()
    bounds = item_bounds(bytes(value), implicit=implicit)
    np.testing.assert_array_equal(bounds, parsed.bounds)


@FEW
@given(
    rows=st.lists(
        st.tuples(
            st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3),
            st.integers(0, 65535),
            uids,
            st.booleans(),
            st.lists(uids, max_size=3),
        ),
        min_size=1,
        max_size=12,
    ),
    implicit=st.booleans(),
)
def test_columns_are_encoded_as_the_items_would_be(rows, implicit):
    positions, segments, instances, present, references = zip(*rows, strict=True)
    flat = [uid.encode() for row in references for uid in row]
    sources = item(
        element("ReferencedSOPInstanceUID", texts(flat, "UI"), implicit=implicit)
    )
    column = item(
        element(
            "ReferencedImageSequence",
            items_of_rows(sources, [len(row) for row in references]),
            implicit=implicit,
        ),
        element("ImagePositionPatient", decimal_strings(positions), implicit=implicit),
        optional(
            element(
                "FrameOfReferenceUID",
                texts([uid.encode() for uid in instances], "UI"),
                implicit=implicit,
            ),
            present,
        ),
        element("ContentSequence", constant(b""), implicit=implicit),
        element("ReferencedSegmentNumber", numbers(segments, "US"), implicit=implicit),
    )
    items = []
    for position, segment, uid, has_uid, references_ in rows:
        dataset = Dataset()
        dataset.ReferencedImageSequence = []
        for reference in references_:
            source = Dataset()
            source.ReferencedSOPInstanceUID = reference
            dataset.ReferencedImageSequence.append(source)
        dataset.ImagePositionPatient = [decimal_string(x) for x in position]
        if has_uid:
            dataset.FrameOfReferenceUID = uid
        dataset.ReferencedSegmentNumber = segment
        dataset.ContentSequence = []
        items.append(dataset)
    expected = encode_items(items, implicit=implicit)
    assert render(column, len(rows)) == expected


@settings(max_examples=500, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_decimal_strings_are_short_and_as_near_as_can_be(value):
    text = decimal_string(value)
    assert 0 < len(text) <= 16
    assert set(text) <= set("0123456789+-.eE")
    if len(repr(value)) <= 16:
        assert float(text) == value
    else:
        # No text of pydicom's is nearer.
        other = f"{value:.{8 if value < 0 else 9}e}"
        assert abs(float(text) - value) <= abs(float(other) - value)


@FEW
@given(
    st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), max_size=20).map(
        lambda rows: np.array(rows, np.float64).reshape(-1, 2)
    )
)
def test_distinct_rows_are_those_of_numpy(rows):
    first, inverse = distinct_rows(rows)
    np.testing.assert_array_equal(rows[first], np.unique(rows, axis=0))
    np.testing.assert_array_equal(rows[first][inverse], rows)
    for place, code in enumerate(inverse):
        assert first[code] <= place
