"""Fused pipelines give what the pipelines give of which they are made."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from highdicom.enum import VOILUTFunctionValues
from highdicom.errors import IncompatibleTransformError
from highdicom.pixels import (
    CheckRange,
    Invert,
    Lookup,
    PaletteColor,
    PixelPipeline,
    Rescale,
    Scale,
    Window,
    apply_lut,
    apply_voi_window,
)

numbers = st.floats(-1000, 1000, allow_nan=False).map(lambda x: round(x, 3))
slopes = st.one_of(
    st.integers(-8, 8).map(float), st.floats(-5, 5).map(lambda x: round(x, 4))
)
ranges = st.tuples(st.integers(-500, 500), st.integers(1, 1000)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)
arithmetic = st.one_of(
    st.builds(Rescale, slopes, numbers),
    st.builds(Scale, ranges, ranges),
    st.builds(Invert, numbers, numbers),
    st.builds(
        Window,
        numbers,
        st.floats(1, 500).map(lambda x: round(x, 2)),
        st.sampled_from(VOILUTFunctionValues),
        ranges,
    ),
)


@st.composite
def tables(draw, dtype=np.uint16):
    length = draw(st.integers(1, 300))
    seed = draw(st.integers(0, 99))
    table = np.random.default_rng(seed).integers(0, 256, length).astype(dtype)
    return Lookup(table, draw(st.integers(-300, 300)))


@st.composite
def stored_values(draw):
    dtype = np.dtype(draw(st.sampled_from(["u1", "i1", "u2", "i2"])))
    bits = draw(st.integers(1, dtype.itemsize * 8))
    signed = dtype.kind == "i"
    low, high = (
        (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    )
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    values = rng.integers(low, high, (3, 17), endpoint=True).astype(dtype)
    values[0, :2] = low, high
    return values, (low, high)


@given(
    stored_values(),
    st.lists(tables(), max_size=2),
    st.lists(arithmetic, max_size=4),
    st.sampled_from(["f2", "f4", "f8", None]),
)
def test_fused_pipelines_of_integers_give_the_same(stored, first, rest, dtype):
    values, stored_range = stored
    pipeline = PixelPipeline([*first, *rest])
    try:
        expected = pipeline(values, dtype)
    except IncompatibleTransformError:
        with pytest.raises(IncompatibleTransformError):
            pipeline.fused(dtype, stored_range)(values)
        return

    try:
        fused = pipeline.fused(dtype, stored_range)
    except IncompatibleTransformError:
        assert dtype == "f2"  # a value that does not occur would be too large
        return

    result = fused(values)
    assert result.dtype == expected.dtype
    # A table has the same numbers; straight lines in one have another rounding.
    is_table = any(isinstance(step, Lookup) for step in fused)
    tolerance = 0 if is_table else 1e-9 * (1 + np.abs(expected.astype("f8")).max())
    np.testing.assert_allclose(result, expected, rtol=0, atol=tolerance)


@given(
    st.sampled_from(["f4", "f8", "i4", "u4"]),
    st.lists(arithmetic, min_size=1, max_size=4),
    st.sampled_from(["f4", "f8"]),
)
def test_fused_pipelines_of_other_numbers_give_nearly_the_same(stored, steps, dtype):
    values = np.linspace(0, 4000, 101).astype(stored)
    limits = np.iinfo(stored) if stored[0] in "iu" else np.finfo(stored)
    kind = int if stored[0] in "iu" else float
    pipeline = PixelPipeline(steps)
    expected = pipeline(values.astype(np.float64))

    result = pipeline.fused(dtype, (kind(limits.min), kind(limits.max)))(values)

    assert result.dtype == np.dtype(dtype)
    largest = _largest_intermediate(steps, values)
    unit = np.finfo(dtype).eps
    np.testing.assert_allclose(result, expected, rtol=0, atol=32 * unit * largest)


def _largest_intermediate(steps, values):
    """Bound on the numbers that rounding errors are relative to."""
    largest, growth = float(np.abs(values).max()), 1.0
    for step in steps:
        values = np.asarray(step(values.astype(np.float64)))
        ramp = getattr(step, "ramp", None)
        slope = abs(ramp.slope) if ramp is not None else 4 * 1000.0
        growth = max(1.0, slope) * growth
        offset = abs(ramp.intercept) if ramp is not None else 1000.0
        largest = max(1.0, slope) * largest + offset + float(np.abs(values).max())
    return largest + growth


@given(stored_values(), tables(np.uint8), st.integers(1, 200))
def test_fused_palettes_give_the_same(stored, lookup, length):
    values, stored_range = stored
    colors = np.random.default_rng(length).integers(0, 256, (length, 3))
    pipeline = PixelPipeline([lookup, PaletteColor(colors.astype(np.uint8), 20)])

    result = pipeline.fused(np.uint8, stored_range)(values)

    positions = np.clip(values.astype(int) - lookup.first_mapped_value, 0, None)
    indices = lookup.table[np.minimum(positions, len(lookup.table) - 1)].astype(int)
    np.testing.assert_array_equal(result, colors[np.clip(indices - 20, 0, length - 1)])


@given(stored_values(), slopes, numbers, st.data())
def test_fused_pipelines_check_stored_values_first(stored, slope, intercept, data):
    values, (low, high) = stored
    first = data.draw(st.integers(low, high))
    last = data.draw(st.integers(first, high))
    pipeline = PixelPipeline([CheckRange(first, last), Rescale(slope, intercept)])
    fused = pipeline.fused(np.float64, (low, high))
    within = values[(values >= first) & (values <= last)]

    np.testing.assert_allclose(fused(within), slope * within.astype("f8") + intercept)
    if within.size < values.size:
        with pytest.raises(IncompatibleTransformError):
            fused(values)


@given(stored_values(), st.integers(-400, 400), st.integers(1, 300))
def test_lookup_takes_the_nearest_entry(stored, first, length):
    values, _ = stored
    table = np.arange(length, dtype=np.int32) * 7

    result = apply_lut(values, table, first)

    expected = [7 * min(max(int(v) - first, 0), length - 1) for v in values.ravel()]
    assert result.ravel().tolist() == expected


@given(
    stored_values(),
    numbers,
    st.floats(1, 5000),
    st.sampled_from(VOILUTFunctionValues),
    ranges,
)
def test_windows_rise_within_the_output_range(stored, center, width, function, limits):
    values = np.sort(stored[0], axis=None)

    result = apply_voi_window(values, center, width, function, limits)

    assert (np.diff(result) >= 0).all()
    assert result.min() >= limits[0]
    assert result.max() <= limits[1]
