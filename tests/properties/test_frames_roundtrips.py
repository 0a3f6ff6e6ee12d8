"""What is written about frames is read back; plans place what brute force would."""

from io import BytesIO

import numpy as np
from hypothesis import given, settings, strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from highdicom.encoding.tree import encode_items
from highdicom.errors import AmbiguousFramesError, MissingFramesError
from highdicom.frames.columns import COLUMNS
from highdicom.frames.dimensions import Dimension
from highdicom.frames.index import DistinctGroups, FrameIndex
from highdicom.frames.plan import Missing
from highdicom.frames.reading import index_of
from highdicom.frames.references import FrameReferences
from highdicom.frames.region import plan_region
from highdicom.frames.stack import plan_stack
from highdicom.frames.writing import DerivationCodes, functional_groups

FEW = settings(max_examples=40, deadline=None)
CODES = DerivationCodes([Dataset()], [Dataset()])

# Numbers that a decimal string holds.
decimals = st.integers(-(10**6), 10**6).map(lambda number: number / 1000)
texts = st.text("abc äß愛", min_size=1, max_size=4).map(str.strip).filter(len)
VALUES = {
    "DS": decimals,
    "FD": st.floats(allow_nan=False, allow_infinity=False),
    "US": st.integers(0, 65535),
    "UL": st.integers(0, 2**32 - 1),
    "SL": st.integers(-(2**31), 2**31 - 1),
    "DT": st.just("20240229120000"),
}


@st.composite
def column_values(draw, column, count):
    values = VALUES.get(column.vr, texts)
    if column.multiplicity > 1:
        values = st.lists(
            values, min_size=column.multiplicity, max_size=column.multiplicity
        )
    # Few distinct ones, so that some are shared and some repeated.
    choices = draw(st.lists(values, min_size=1, max_size=3))
    rows = draw(st.lists(st.sampled_from(choices), min_size=count, max_size=count))
    array = np.array(
        rows, column.without_values(1).dtype if column.kind != "text" else None
    )
    present = draw(
        st.lists(
            st.sampled_from([True, True, True, False]), min_size=count, max_size=count
        )
    )
    if draw(st.booleans()) or not any(present):
        return array
    absent = column.without_values(count).astype(
        np.result_type(array, "U1" if column.kind == "text" else array)
    )
    absent[present] = array[present]
    return absent


@st.composite
def tables(draw):
    count = draw(st.integers(1, 8))
    chosen = draw(st.sets(st.sampled_from(COLUMNS), max_size=6))
    columns = {c.keyword: draw(column_values(c, count)) for c in chosen}
    dimensions = [
        Dimension.of(c.keyword, c.group, "1.2.3") for c in sorted(chosen, key=str)
    ]
    indices = draw(
        st.lists(
            st.lists(
                st.integers(1, 99), min_size=len(dimensions), max_size=len(dimensions)
            ),
            min_size=count,
            max_size=count,
        )
    )
    pairs = draw(
        st.lists(
            st.tuples(
                st.integers(0, count - 1),
                st.sampled_from(["1.1", "1.2", "1.333"]),
                st.integers(0, 99),
                st.sampled_from([1, 0, -1]),
            ),
            max_size=8,
        )
    )
    frame, uids, numbers, preserved = zip(*pairs, strict=True) if pairs else ((),) * 4
    ids = draw(st.lists(st.integers(-1, 1), min_size=count, max_size=count))
    windows = []
    for center in range(2):
        item = Dataset()
        item.WindowCenter = center
        windows.append(encode_items([item]))
    groups = {"FrameVOILUTSequence": DistinctGroups(np.array(ids), tuple(windows))}
    return FrameIndex.of(
        columns,
        dimensions,
        np.array(indices, np.int64).reshape(count, len(dimensions)),
        FrameReferences.of(frame, uids, ["1.9"] * len(uids), numbers, preserved),
        groups if max(ids) >= 0 else {},
    )


@FEW
@given(index=tables(), implicit=st.booleans())
def test_table_that_was_written_is_read_back(index, implicit):
    groups = functional_groups(
        index, implicit=implicit, derivation=CODES, character_set="ISO_IR 192"
    )
    assert groups.index == index
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = (
        ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    )
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = "1.2"
    dataset.SOPInstanceUID = "1.2.3"
    dataset.NumberOfFrames = len(index)
    groups.put_into(dataset)
    assert index_of(dataset) == index
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    stream.seek(0)
    read = dcmread(stream)
    assert index_of(read) == index
    for _ in read.iterall():
        pass
    assert index_of(read) == index


@FEW
@given(data=st.data())
def test_stack_has_the_frames_that_belong_there(data):
    count = data.draw(st.integers(1, 8))
    slots = data.draw(st.lists(st.integers(-1, 3), min_size=count, max_size=count))
    segments = data.draw(st.lists(st.integers(1, 3), min_size=count, max_size=count))
    wanted = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True))
    index = FrameIndex.of({"ReferencedSegmentNumber": np.array(segments)})
    expected = {}
    for frame, (slot, segment) in enumerate(zip(slots, segments, strict=True)):
        if 0 <= slot < 3 and segment in wanted:
            expected.setdefault((slot, wanted.index(segment)), []).append(frame)
    try:
        plan = plan_stack(
            index,
            slots,
            3,
            (2, 2),
            channels={"ReferencedSegmentNumber": wanted},
            missing=Missing.BLANK,
        )
    except AmbiguousFramesError:
        assert max(map(len, expected.values())) > 1
        return
    placed = {(p.target[0], p.target[3]): [p.frame] for p in plan}
    assert placed == expected
    assert plan.missing == 3 * len(wanted) - len(expected)


@FEW
@given(
    corners=st.lists(
        st.tuples(st.integers(-5, 25), st.integers(-5, 25)), min_size=1, max_size=6
    ),
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    region=st.tuples(
        st.integers(-3, 15), st.integers(1, 15), st.integers(-3, 15), st.integers(1, 15)
    ),
    missing=st.sampled_from(Missing),
)
def test_region_has_the_pixels_that_tiles_cover(corners, size, region, missing):
    top, height, left, width = region
    covered = np.zeros((height, width), int)
    expected = np.full((height, width), -1)
    for frame, (row, column) in enumerate(corners):
        for i in range(size[0]):
            for j in range(size[1]):
                y, x = row + i - top, column + j - left
                if 0 <= y < height and 0 <= x < width:
                    covered[y, x] += 1
                    expected[y, x] = frame * 100 + i * 10 + j
    index = FrameIndex.of(
        {
            "RowPositionInTotalImagePixelMatrix": np.array(corners)[:, 0] + 1,
            "ColumnPositionInTotalImagePixelMatrix": np.array(corners)[:, 1] + 1,
        }
    )
    try:
        plan = plan_region(
            index,
            slice(top, top + height),
            slice(left, left + width),
            size,
            missing=missing,
        )
    except AmbiguousFramesError:
        assert covered.max() > 1
        return
    except MissingFramesError:
        assert missing is Missing.ERROR
        assert (covered == 0).any()
        return
    assert covered.max() <= 1
    assert plan.missing == (covered == 0).sum()
    found = np.full(plan.shape, -1)
    pixels = np.add.outer(np.arange(size[0]) * 10, np.arange(size[1]))
    for frame, source, target in plan:
        assert (found[target] == -1).all()
        found[target] = frame * 100 + pixels[source]
    np.testing.assert_array_equal(found, expected)
