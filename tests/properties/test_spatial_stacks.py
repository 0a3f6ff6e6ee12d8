"""Slices and tiles, in whatever order and number they come."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from highdicom.errors import IrregularVolumeError
from highdicom.spatial import (
    compute_tile_positions_per_frame,
    get_normal_vector,
    get_plane_sort_index,
    get_tile_array,
    get_volume_positions,
    tile_pixel_matrix,
)
from highdicom.spatial.stacking import StackingRules, volume_positions
from highdicom.spatial.tiling import TileGrid

few = settings(max_examples=50, deadline=None)

angles = st.floats(-3.2, 3.2)


@st.composite
def orientations(draw):
    first, second = draw(angles), draw(angles)
    along_row = [np.cos(first), np.sin(first), 0.0]
    along_column = [
        -np.sin(first) * np.cos(second),
        np.cos(first) * np.cos(second),
        np.sin(second),
    ]
    return [*along_row, *along_column]


@st.composite
def stacks(draw, missing=False, duplicates=False):
    """Orientation, spacing, slot of each frame and positions."""
    orientation = draw(orientations())
    spacing = draw(st.floats(0.01, 10.0))
    count = draw(st.integers(2, 30))
    slots = np.arange(count)
    if missing:
        kept = draw(st.sets(st.integers(2, count + 1)))
        slots = np.array([0, 1, *sorted(kept)])
    if duplicates:
        slots = np.repeat(slots, draw(st.integers(1, 3)))
    slots = slots[draw(st.permutations(range(len(slots))))]
    # The last slice lies at the origin: the default order is against the normal.
    normal = np.cross(orientation[:3], orientation[3:])
    origin = np.array(draw(st.tuples(*[st.floats(-500, 500)] * 3)))
    return orientation, spacing, slots, origin - np.outer(slots * spacing, normal)


@few
@given(stacks())
def test_slots_and_spacing_are_found_in_any_order(stack):
    orientation, spacing, slots, points = stack
    result = volume_positions(points, orientation)
    assert result.spacing == pytest.approx(spacing, rel=1e-6)
    assert result.slots.tolist() == slots.tolist()
    assert result.number_of_slices == len(slots)
    assert result.deviation < 1e-6


@few
@given(stacks(missing=True, duplicates=True))
def test_slots_and_spacing_are_found_despite_gaps_and_duplicates(stack):
    orientation, spacing, slots, points = stack
    rules = StackingRules(allow_missing_positions=True, allow_duplicate_positions=True)
    result = volume_positions(points, orientation, rules)
    assert result.spacing == pytest.approx(spacing, rel=1e-6)
    assert result.slots.tolist() == slots.tolist()


@few
@given(stacks(missing=True), st.randoms(use_true_random=False))
def test_order_of_the_frames_does_not_matter(stack, random):
    orientation, _, _, points = stack
    order = list(range(len(points)))
    random.shuffle(order)
    options = {"allow_missing_positions": True}
    spacing, slots = get_volume_positions(points, orientation, **options)
    again, shuffled = get_volume_positions(points[order], orientation, **options)
    assert again == pytest.approx(spacing, rel=1e-9)
    assert shuffled == [slots[index] for index in order]


@few
@given(stacks())
def test_opposite_handedness_counts_slices_from_the_other_end(stack):
    orientation, _, slots, points = stack
    _, found = get_volume_positions(points, orientation, handedness="LEFT_HANDED")
    assert found == (slots.max() - slots).tolist()


@few
@given(stacks(duplicates=True), st.sampled_from(["DR", "RD", "UL", "LD"]))
def test_sorted_planes_ascend_along_the_normal(stack, convention):
    orientation, spacing, slots, points = stack
    order = get_plane_sort_index(points, orientation, convention)
    assert sorted(order) == list(range(len(points)))
    normal = get_normal_vector(orientation, convention)
    steps = np.diff((points @ normal)[order])
    assert (steps > -1e-6 * spacing).all()
    assert len(set(slots[order].tolist())) == 1 + np.count_nonzero(steps > spacing / 2)


@few
@given(stacks().filter(lambda stack: len(stack[2]) > 3), st.data())
def test_a_displaced_frame_is_refused(stack, data):
    orientation, spacing, _, points = stack
    frame = data.draw(st.integers(0, len(points) - 1))
    axis = data.draw(st.sampled_from([0, 1]))
    along_row, along_column = np.array(orientation).reshape(2, 3)
    shifts = [np.cross(along_row, along_column) * 0.3, along_row * len(points) * 0.1]
    moved = points.copy()
    moved[frame] += shifts[axis] * spacing
    with pytest.raises(IrregularVolumeError):
        volume_positions(moved, orientation)


@few
@given(stacks(), st.floats(3.0, 60.0))
def test_gantry_tilt_is_named(stack, degrees):
    orientation, spacing, slots, points = stack
    shear = np.tan(np.radians(degrees)) * spacing
    sheared = points + np.outer(slots * shear, orientation[3:])
    with pytest.raises(IrregularVolumeError, match="sheared by") as error:
        volume_positions(sheared, orientation)
    assert error.value.deviation == pytest.approx(degrees, abs=1e-4)


sizes = st.integers(1, 30)


@few
@given(sizes, sizes, sizes, sizes)
def test_tiles_put_together_are_the_matrix(height, width, rows, columns):
    matrix = np.arange(1, height * width + 1).reshape(height, width)
    whole = np.zeros_like(matrix)
    tiles = tile_pixel_matrix(height, width, rows, columns)
    for column, row in tiles:
        top, left = (row - 1) * rows + 1, (column - 1) * columns + 1
        tile = get_tile_array(matrix, top, left, rows, columns)
        cut = get_tile_array(matrix, top, left, rows, columns, pad=False)
        assert tile.shape == (rows, columns)
        assert tile.sum() == cut.sum()
        whole[top - 1 :, left - 1 :][: cut.shape[0], : cut.shape[1]] += cut
    np.testing.assert_array_equal(whole, matrix)


@few
@given(sizes, sizes, sizes, sizes, orientations())
def test_tile_positions_are_those_of_their_first_pixels(
    height, width, rows, columns, orientation
):
    origin, spacing = [10.0, -20.0, 30.0], (0.5, 0.25)
    tiles = compute_tile_positions_per_frame(
        rows, columns, height, width, origin, orientation, spacing
    )
    expected = [
        (left, top)
        for top in range(1, height + 1, rows)
        for left in range(1, width + 1, columns)
    ]
    assert [tuple(place) for place, _ in tiles] == expected
    along_row, along_column = np.array(orientation).reshape(2, 3)
    for (left, top), position in tiles:
        np.testing.assert_allclose(
            position,
            origin
            + (left - 1) * spacing[1] * along_row
            + (top - 1) * spacing[0] * along_column,
            atol=1e-9,
        )


@few
@given(sizes, sizes, sizes, sizes, st.data())
def test_offsets_of_single_tiles_are_those_of_all(height, width, rows, columns, data):
    grid = TileGrid(rows, columns, height, width)
    tops, lefts = grid.offsets(np.arange(grid.number_of_tiles))
    tile = data.draw(st.integers(0, grid.number_of_tiles - 1))
    top, left = grid.offsets(np.array([tile]))
    assert (top[0], left[0]) == (tops[tile], lefts[tile])
    assert (tops < height).all()
    assert (lefts < width).all()
