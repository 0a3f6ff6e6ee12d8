"""Packed frames are put together as those that are unpacked one by one."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from highdicom.codec.format import PixelFormat
from highdicom.errors import SegmentsOverlapError
from highdicom.frames.index import FrameIndex
from highdicom.frames.plan import Missing
from highdicom.frames.region import plan_region
from highdicom.frames.stack import plan_stack
from highdicom.image import threads
from highdicom.image.stored import StoredFrames
from highdicom.records import replace
from highdicom.seg import unpacking
from highdicom.seg.combining import Combination, SegmentOptions
from highdicom.seg.enum import SegmentationTypeValues

SEGMENTS = (1, 2, 5)


@pytest.fixture(autouse=True, params=[1, 2**24], ids=["threads", "one thread"])
def _least_bytes_for_threads(request, monkeypatch):
    monkeypatch.setattr(threads, "_LEAST_BYTES", request.param)
    monkeypatch.setattr(threads, "number_of_processors", lambda: 2)
    monkeypatch.setattr(unpacking, "_FRAMES_TOGETHER", 2)


def stored_frames(frames: np.ndarray, *, is_held: bool) -> StoredFrames:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.NumberOfFrames, dataset.Rows, dataset.Columns = frames.shape
    dataset.SamplesPerPixel = dataset.BitsAllocated = dataset.BitsStored = 1
    dataset.HighBit = dataset.PixelRepresentation = 0
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = np.packbits(frames, bitorder="little").tobytes()
    stored = StoredFrames.in_memory(dataset, PixelFormat.of(dataset))
    return stored if is_held else StoredFrames(stored.reader, stored.pixel_format)


def masks(draw, count: int, shape: tuple[int, int]) -> np.ndarray:
    """Frames, many of which are empty or have few pixels."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    density = rng.choice([0, 0.002, 0.5, 1], (count, 1, 1))
    return rng.random((count, *shape)) < density


def options(draw) -> SegmentOptions:
    numbers = draw(st.permutations(SEGMENTS))[: draw(st.integers(1, 3))]
    return SegmentOptions(
        tuple(numbers),
        combine=draw(st.booleans()),
        relabel=draw(st.booleans()),
        skip_overlap_checks=draw(st.booleans()),
        dtype=draw(
            st.sampled_from([None, *map(np.dtype, ["uint8", "int16", "float32"])])
        ),
    )


def check(stored, segments, plan, wanted, expected):
    """Compare with one array of booleans for each segment wanted (..., segment)."""
    combination = Combination(
        stored, wanted, SegmentationTypeValues.BINARY, segments, 1
    )
    if not wanted.combine:
        np.testing.assert_array_equal(combination.assemble(plan), expected)
        return
    if not wanted.skip_overlap_checks and (expected.sum(axis=-1) > 1).any():
        with pytest.raises(SegmentsOverlapError):
            combination.assemble(plan)
        return
    labels = np.array(wanted.labels)
    found = combination.assemble(plan)
    np.testing.assert_array_equal(found, (expected * labels).max(axis=-1))
    assert found.dtype == (wanted.dtype or np.uint8)


@st.composite
def stacks(draw):
    shape = draw(st.integers(1, 20)), draw(st.sampled_from([7, 8, 24, 64, 72, 128]))
    slots = draw(st.integers(1, 6))
    places = [(slot, number) for slot in range(slots) for number in SEGMENTS]
    places = draw(st.permutations(places))[: draw(st.integers(1, len(places)))]
    if draw(st.booleans()):
        places.sort(key=lambda place: place[1])
    frames = masks(draw, len(places), shape)
    whole = draw(st.booleans())
    part = [sorted(draw(st.tuples(*[st.integers(0, size)] * 2))) for size in shape]
    part = [
        slice(a, max(b, a + 1)) if a < n and not whole else slice(0, n)
        for (a, b), n in zip(part, shape, strict=True)
    ]
    return frames, places, slots, part, options(draw), draw(st.booleans())


@settings(max_examples=60, deadline=None)
@given(stacks())
def test_stacks_of_packed_frames_hold_their_pixels(case):
    frames, places, slots, (rows, columns), wanted, is_held = case
    slot, segments = np.array(places).T
    index = FrameIndex.of({"ReferencedSegmentNumber": segments})
    plan = plan_stack(
        index,
        slot,
        slots,
        frames.shape[1:],
        rows=rows,
        columns=columns,
        channels={"ReferencedSegmentNumber": wanted.numbers},
        missing=Missing.BLANK,
    )
    plan = without_channels(plan)
    expected = np.zeros((*plan.shape, len(wanted.numbers)), bool)
    for frame, (place, number) in zip(frames, places, strict=True):
        if number in wanted.numbers:
            expected[place, ..., wanted.numbers.index(number)] = frame[rows, columns]
    check(stored_frames(frames, is_held=is_held), segments, plan, wanted, expected)


def without_channels(plan):
    return replace(plan, inner_shape=(), inner=plan.inner[:, :0])


@st.composite
def slides(draw):
    tile = draw(st.integers(1, 12)), draw(st.sampled_from([5, 8, 24, 64]))
    grid = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    first = draw(st.integers(-3, 3)), draw(st.integers(-9, 9))
    tiles = [
        (row * tile[0] + first[0], column * tile[1] + first[1], number)
        for row in range(grid[0])
        for column in range(grid[1])
        for number in SEGMENTS
    ]
    tiles = draw(st.permutations(tiles))[: draw(st.integers(1, len(tiles)))]
    matrix = [n * size + 5 for n, size in zip(grid, tile, strict=True)]
    region = [
        slice(start, draw(st.integers(start + 1, size)))
        for size in matrix
        for start in (draw(st.integers(0, size - 1)),)
    ]
    frames = masks(draw, len(tiles), tile)
    return frames, tiles, region, options(draw), draw(st.booleans())


@settings(max_examples=60, deadline=None)
@given(slides())
def test_regions_of_packed_tiles_hold_their_pixels(case):
    frames, tiles, region, wanted, is_held = case
    top, left, segments = np.array(tiles).T
    index = FrameIndex.of(
        {
            "ReferencedSegmentNumber": segments,
            "RowPositionInTotalImagePixelMatrix": top + 1,
            "ColumnPositionInTotalImagePixelMatrix": left + 1,
        }
    )
    plan = plan_region(
        index,
        *region,
        frames.shape[1:],
        channels={"ReferencedSegmentNumber": wanted.numbers},
        missing=Missing.BLANK,
    )
    plan = without_channels(plan)
    border = 100
    whole = np.zeros((300, 400, len(wanted.numbers)), bool)
    height, width = frames.shape[1:]
    for frame, (row, column, number) in zip(frames, tiles, strict=True):
        if number in wanted.numbers:
            row, column = row + border, column + border
            place = wanted.numbers.index(number)
            whole[row : row + height, column : column + width, place] = frame
    rows, columns = (slice(s.start + border, s.stop + border) for s in region)
    expected = whole[rows, columns]
    check(stored_frames(frames, is_held=is_held), segments, plan, wanted, expected)
