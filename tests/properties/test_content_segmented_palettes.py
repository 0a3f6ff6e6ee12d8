"""Segmented palettes against an expansion written down independently."""

import contextlib

import numpy as np
from hypothesis import given, strategies as st

from highdicom.content import SegmentedPaletteColorLUT
from highdicom.errors import InvalidArgumentError

BYTE = st.integers(0, 255)
DISCRETE = st.lists(BYTE, min_size=1, max_size=20).map(lambda v: ("discrete", v))
LINEAR = st.tuples(st.integers(1, 60), BYTE).map(lambda v: ("linear", v))
SEGMENTS = st.tuples(DISCRETE, st.lists(st.one_of(DISCRETE, LINEAR), max_size=6)).map(
    lambda v: [v[0], *v[1]]
)


def encoded(segments):
    values = []
    for kind, content in segments:
        if kind == "discrete":
            values += [0, len(content), *content]
        else:
            values += [1, *content]
    return values


def expanded(segments):
    """What PS3.3 C.7.9.2 says, entry by entry, before rounding."""
    entries = []
    for kind, content in segments:
        if kind == "discrete":
            entries += content
            continue
        length, end = content
        start = round(entries[-1])
        entries += [start + (end - start) * n / length for n in range(1, length + 1)]
        entries[-1] = end
    return entries


@given(segments=SEGMENTS, dtype=st.sampled_from([np.uint8, np.uint16]))
def test_expansion_is_that_of_the_standard(segments, dtype):
    data = np.array(encoded(segments), dtype)
    lut = SegmentedPaletteColorLUT(0, data, "red")
    expected = expanded(segments)
    assert lut.number_of_entries == len(expected)
    assert np.abs(lut.lut_data.astype(float) - expected).max() <= 0.5 + 1e-9
    np.testing.assert_array_equal(lut.segmented_lut_data[: len(data)], data)


@given(segments=SEGMENTS, repetitions=st.integers(1, 5))
def test_indirect_segments_repeat_what_they_point_to(segments, repetitions):
    once = encoded(segments)
    plain = SegmentedPaletteColorLUT(0, np.array(once, np.uint16), "red").lut_data
    again = [*once, *([2, len(segments), 0, 0] * repetitions)]
    lut = SegmentedPaletteColorLUT(0, np.array(again, np.uint16), "red")
    np.testing.assert_array_equal(lut.lut_data, np.tile(plain, repetitions + 1))


@given(data=st.lists(BYTE, min_size=1, max_size=40))
def test_anything_is_expanded_or_refused(data):
    with contextlib.suppress(InvalidArgumentError):
        lut = SegmentedPaletteColorLUT(0, np.array(data, np.uint8), "blue")
        assert lut.number_of_entries == len(lut.lut_data)
