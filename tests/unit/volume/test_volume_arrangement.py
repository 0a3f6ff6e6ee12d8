"""Arrangements of voxels, against what NumPy does step by step."""

import numpy as np
import pytest

from highdicom import PadModes
from highdicom.errors import ArgumentTypeError, InvalidArgumentError, VolumeIndexError
from highdicom.volume.arrangement import Arrangement, AxisRange, Padding

ARRAY = np.arange(3 * 4 * 5, dtype=np.int16).reshape(3, 4, 5)


@pytest.mark.parametrize(
    "index",
    [
        1,
        -1,
        np.int64(2),
        slice(None, None, -1),
        slice(2, None, -2),
        slice(2, -4, -1),
        (),
        (0, slice(1, 3)),
        (slice(None), slice(None, None, 3), slice(-1, 0, -2)),
    ],
    ids=str,
)
def test_indexing_selects_what_numpy_selects_and_keeps_axes(index):
    parts = index if isinstance(index, tuple) else (index,)
    kept = tuple(
        slice(int(p), int(p) + 1 or None) if not isinstance(p, slice) else p
        for p in parts
    )
    found = Arrangement.of_index(ARRAY.shape, index).apply(ARRAY)
    np.testing.assert_array_equal(found, ARRAY[kept])
    assert np.shares_memory(found, ARRAY)


@pytest.mark.parametrize(
    ("index", "error"),
    [
        (3, VolumeIndexError),
        (-4, VolumeIndexError),
        (slice(1, 1), VolumeIndexError),
        (slice(0, 2, -1), VolumeIndexError),
        ((0, 0, 0, 0), VolumeIndexError),
        (slice(0, 4), InvalidArgumentError),
        (slice(3, None), InvalidArgumentError),
        (slice(-4, None), InvalidArgumentError),
        (slice(None, -5, -1), InvalidArgumentError),
        (slice(None, None, 0), InvalidArgumentError),
        (slice(0.5, 2), ArgumentTypeError),
        (1.0, ArgumentTypeError),
        (None, ArgumentTypeError),
        (..., ArgumentTypeError),
        ([0, 1], ArgumentTypeError),
        ((slice(None), [0, 1]), ArgumentTypeError),
        ("a", ArgumentTypeError),
    ],
    ids=str,
)
def test_bad_indices_are_refused(index, error):
    with pytest.raises(error, match=r"\.$"):
        Arrangement.of_index(ARRAY.shape, index)


@pytest.mark.parametrize("start", range(-7, 8))
@pytest.mark.parametrize("step", [-5, -2, -1, 1, 2, 5])
def test_points_inside_are_those_with_an_index_in_the_array(start, step):
    length, size = 4, 3
    indices = sorted(start + step * k for k in range(size))
    points = AxisRange(start, step, size)
    inside = points.inside(length)
    expected = [k for k, index in enumerate(indices) if 0 <= index < length]
    assert list(range(inside.start, inside.stop)) == expected
    taken = list(range(length))[points.taken(inside)]
    assert taken == [indices[k] for k in expected]


def by_lookup(array, axes, ranges, outside):
    """Pick voxels one by one; ``outside(array, indices)`` gives those that are not."""
    shape = tuple(r.size for r in ranges)
    result = np.empty((*shape, *array.shape[3:]), array.dtype)
    for target in np.ndindex(*shape):
        source = [0, 0, 0]
        for axis, points, place in zip(axes, ranges, target, strict=True):
            source[axis] = points.start + points.step * place
        inside = all(0 <= i < n for i, n in zip(source, array.shape[:3], strict=True))
        result[target] = array[tuple(source)] if inside else outside(array, source)
    return result


def nearest(array, indices):
    clipped = [
        min(max(i, 0), n - 1) for i, n in zip(indices, array.shape[:3], strict=True)
    ]
    return array[tuple(clipped)]


OUTSIDE = {
    PadModes.CONSTANT: lambda array, _: 7,
    PadModes.EDGE: nearest,
    PadModes.MINIMUM: lambda array, _: array.min(),
    PadModes.MAXIMUM: lambda array, _: array.max(),
    PadModes.MEAN: lambda array, _: int(array.mean()),
    PadModes.MEDIAN: lambda array, _: int(np.median(array)),
}

RANGES = {
    "around": (AxisRange(-2, 1, 6), AxisRange(-1, 1, 6), AxisRange(0, 1, 7)),
    "flipped": (AxisRange(4, -1, 6), AxisRange(3, -1, 5), AxisRange(4, -1, 5)),
    "strided": (AxisRange(-1, 2, 3), AxisRange(5, -3, 3), AxisRange(1, 2, 3)),
    "apart": (AxisRange(9, 1, 2), AxisRange(-5, 1, 2), AxisRange(-9, -1, 2)),
    "stepped over": (AxisRange(-1, 5, 2), AxisRange(0, 1, 4), AxisRange(0, 1, 5)),
}


@pytest.mark.parametrize("mode", PadModes)
@pytest.mark.parametrize("ranges", RANGES.values(), ids=RANGES.keys())
@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 0, 1)])
def test_padding_is_that_of_each_single_voxel(mode, ranges, axes):
    found = Arrangement(axes, ranges).apply(ARRAY, Padding(mode, 7))
    np.testing.assert_array_equal(found, by_lookup(ARRAY, axes, ranges, OUTSIDE[mode]))
    assert not np.shares_memory(found, ARRAY)


def test_statistics_are_those_of_each_channel_if_asked():
    array = np.stack([ARRAY, ARRAY + 100], axis=-1)
    arrangement = Arrangement.of_widths(array.shape[:3], [(1, 0)] * 3)
    whole = arrangement.apply(array, Padding(PadModes.MAXIMUM))
    assert whole[0, 0, 0].tolist() == [159, 159]
    each = arrangement.apply(array, Padding(PadModes.MAXIMUM, per_channel=True))
    assert each[0, 0, 0].tolist() == [59, 159]


@pytest.mark.parametrize(
    ("dtype", "value", "expected"),
    [(np.uint8, 1.7, 1), (np.int8, -1.7, -1), (np.float32, 1.5, 1.5), (bool, 2, True)],
)
def test_a_constant_is_cast_to_the_type_of_the_array(dtype, value, expected):
    fill = Padding(constant_value=value).fill(np.zeros((1, 1, 1), dtype))
    assert fill.dtype == dtype
    assert fill == expected


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (256, InvalidArgumentError),
        (-1, InvalidArgumentError),
        (float("nan"), InvalidArgumentError),
        ("1", ArgumentTypeError),
        (None, ArgumentTypeError),
    ],
)
def test_a_constant_that_the_array_cannot_hold_is_refused(value, error):
    with pytest.raises(error, match=r"'constant_value'.*\.$"):
        Padding(constant_value=value).fill(np.zeros((1, 1, 1), np.uint8))


@pytest.mark.parametrize("mode", [PadModes.EDGE, "EDGE", "edge"])
def test_pad_modes_are_named_in_either_case(mode):
    assert Padding.of(mode, 0, per_channel=False).mode is PadModes.EDGE


@pytest.mark.parametrize("mode", ["reflect", None, 3])
def test_unknown_pad_modes_are_refused(mode):
    with pytest.raises(InvalidArgumentError, match="'mode' must be one of CONSTANT"):
        Padding.of(mode, 0, per_channel=False)


def test_a_padded_array_lies_in_memory_like_its_source():
    arrangement = Arrangement.of_axes((3, 4, 5), (2, 0, 1), flipped=[2])
    ranges = [AxisRange(r.start, r.step, r.size + 1) for r in arrangement.ranges]
    found = Arrangement.of_ranges(arrangement.axes, ranges).apply(ARRAY, Padding())
    assert found.shape == (6, 4, 5)
    assert found.transpose(1, 2, 0)[:, :, ::-1].flags.c_contiguous


def test_the_matrix_maps_indices_of_the_result_to_the_source():
    arrangement = Arrangement((2, 0, 1), RANGES["strided"])
    # Third result axis runs along source axis 1 from index 1 in steps of 2, and so on.
    assert (arrangement.matrix @ [1, 2, 1, 1]).tolist() == [5 - 6, 1 + 2, -1 + 2, 1]


def test_only_the_whole_array_as_it_is_is_the_identity():
    assert Arrangement.of_index((3, 4, 5), ()).is_identity((3, 4, 5))
    assert not Arrangement.of_index((3, 4, 5), ()).is_identity((3, 4, 6))
    assert not Arrangement.of_axes((3, 3, 3), (1, 0, 2)).is_identity((3, 3, 3))
    assert not Arrangement.of_axes((3, 3, 3), (0, 1, 2), [1]).is_identity((3, 3, 3))
