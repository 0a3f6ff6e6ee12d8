"""Scaling of values, against arithmetic of double precision on the whole array."""

import numpy as np
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as hn

from highdicom import Volume
from highdicom.volume import intensity

ARRAYS = hn.arrays(
    st.sampled_from([np.uint8, np.int16, np.int32, np.float32, np.float64]),
    hn.array_shapes(min_dims=3, max_dims=3, max_side=6),
    elements=st.integers(0, 200),
)
SETTINGS = settings(max_examples=30, deadline=None)


def tolerance(array):
    return 1e-4 if array.dtype == np.float32 else 1e-9


@SETTINGS
@given(ARRAYS, st.floats(-10, 10), st.floats(0.1, 10), st.integers(1, 300))
def test_mean_and_deviation_are_those_wanted(array, mean, std, part_size):
    volume = Volume(array, np.eye(4), "PATIENT")
    # Small parts make several of them even of a small array.
    original, intensity._PART_SIZE = intensity._PART_SIZE, part_size
    try:
        found = volume.normalize_mean_std(True, mean, std).array
    finally:
        intensity._PART_SIZE = original
    values = array.astype(np.float64)
    spread = values.std()
    factor = std / spread if spread else 0.0
    expected = (values - values.mean()) * factor + mean
    np.testing.assert_allclose(found, expected, rtol=0, atol=100 * tolerance(array))


@SETTINGS
@given(ARRAYS, st.floats(-10, 9), st.floats(0.1, 10))
def test_minimum_and_maximum_are_those_wanted(array, low, extent):
    found = Volume(array, np.eye(4), "PATIENT").normalize_min_max(low, low + extent)
    values = array.astype(np.float64)
    spread = values.max() - values.min()
    factor = extent / spread if spread else 0.0
    expected = (values - values.min()) * factor + low
    np.testing.assert_allclose(found.array, expected, rtol=0, atol=tolerance(array))


@SETTINGS
@given(ARRAYS)
def test_scaling_leaves_the_array_alone(array):
    before = array.copy()
    volume = Volume(array, np.eye(4), "PATIENT")
    volume.normalize_mean_std()
    volume.normalize_min_max()
    np.testing.assert_array_equal(array, before)
