"""Permuting, flipping, cropping, padding and matching volumes and geometries."""

# ruff: noqa: NPY002 (the global source of random numbers is one that users seed)

import numpy as np
import pytest

from highdicom import PadModes, Volume, VolumeGeometry
from highdicom.enum import AxisHandedness
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    VolumeError,
    VolumeIndexError,
)

ARRAY = np.arange(3 * 4 * 5, dtype=np.int16).reshape(3, 4, 5)
# Axes point to the left, the back and the head, 1, 2 and 3 mm a step.
AFFINE = np.array(
    [[1.0, 0, 0, 10.0], [0, 2.0, 0, 20.0], [0, 0, 3.0, 30.0], [0, 0, 0, 1.0]]
)


@pytest.fixture
def volume():
    return Volume(ARRAY, AFFINE, "PATIENT", "1.2.3")


@pytest.fixture(params=["volume", "geometry"])
def grid(request, volume):
    return volume if request.param == "volume" else volume.get_geometry()


def check_places(grid):
    """Each voxel of ARRAY tells where it was; it must still be there."""
    if isinstance(grid, VolumeGeometry):
        return
    for index in np.ndindex(*grid.spatial_shape):
        origin = np.unravel_index(int(grid.array[index]), ARRAY.shape)
        np.testing.assert_allclose(
            grid.affine @ (*index, 1), AFFINE @ (*origin, 1), atol=1e-9
        )


def test_indexing_keeps_axes_and_places(grid):
    part = grid[1:, 2, ::-2]
    assert part.spatial_shape == (2, 1, 3)
    assert part.position == (11.0, 24.0, 42.0)
    assert part.spacing == (1.0, 2.0, 6.0)
    check_places(part)


def test_a_volume_can_be_walked_slice_by_slice(grid):
    assert [part.position[0] for part in grid] == [10.0, 11.0, 12.0]


@pytest.mark.parametrize(
    ("index", "error"), [(3, VolumeIndexError), (slice(0, 9), InvalidArgumentError)]
)
def test_indices_out_of_bounds_are_refused(grid, index, error):
    with pytest.raises(error, match="out of bounds for axis 0 of size 3"):
        grid[index]


@pytest.mark.parametrize("axes", [(2, 0, 1), [1, 0, 2], np.array([0, 2, 1])])
def test_axes_can_be_permuted(grid, axes):
    found = grid.permute_spatial_axes(axes)
    assert found.spatial_shape == tuple((3, 4, 5)[a] for a in axes)
    assert found.spacing == tuple((1.0, 2.0, 3.0)[a] for a in axes)
    assert found.position == grid.position
    check_places(found)


@pytest.mark.parametrize(
    ("axes", "error"),
    [
        ([0, 1], InvalidArgumentError),
        ([0, 0, 1], InvalidArgumentError),
        ([0, 1, 3], InvalidArgumentError),
        ([-1, 0, 1], InvalidArgumentError),
        ([0.0, 1.0, 2.0], ArgumentTypeError),
        (None, ArgumentTypeError),
        (1, ArgumentTypeError),
    ],
)
def test_bad_permutations_are_refused(grid, axes, error):
    with pytest.raises(error, match=r"'indices'.*\.$"):
        grid.permute_spatial_axes(axes)


def test_two_axes_can_be_swapped(grid):
    found = grid.swap_spatial_axes(2, 0)
    assert found.spatial_shape == (5, 4, 3)
    check_places(found)


@pytest.mark.parametrize("axes", [(1, 1), (0, 3), (-1, 0)])
def test_only_two_different_axes_can_be_swapped(grid, axes):
    with pytest.raises(InvalidArgumentError, match="axis_"):
        grid.swap_spatial_axes(*axes)


@pytest.mark.parametrize(
    ("axes", "position"),
    [
        (0, (12.0, 20.0, 30.0)),
        ([1, 2], (10.0, 26.0, 42.0)),
        ([0, 0], (12.0, 20.0, 30.0)),
        ([], (10.0, 20.0, 30.0)),
        (np.int64(1), (10.0, 26.0, 30.0)),
    ],
)
def test_axes_can_be_turned_around(grid, axes, position):
    found = grid.flip_spatial(axes)
    assert found.position == position
    check_places(found)


@pytest.mark.parametrize(
    ("axes", "error"),
    [(3, InvalidArgumentError), ([-1], InvalidArgumentError), (1.0, ArgumentTypeError)],
)
def test_only_axes_can_be_turned_around(grid, axes, error):
    with pytest.raises(error, match="'axes'"):
        grid.flip_spatial(axes)


@pytest.mark.parametrize("way", [{"flip_axis": 2}, {"swap_axes": [0, 2]}])
@pytest.mark.parametrize("wanted", ["LEFT_HANDED", AxisHandedness.RIGHT_HANDED])
def test_handedness_can_be_ensured(grid, wanted, way):
    found = grid.ensure_handedness(wanted, **way)
    assert found.handedness is AxisHandedness(wanted)
    check_places(found)


def test_a_volume_of_the_right_handedness_is_left_as_it_is(grid):
    assert grid.ensure_handedness("RIGHT_HANDED", flip_axis=0) is grid


@pytest.mark.parametrize(
    ("handedness", "way", "error"),
    [
        ("LEFT_HANDED", {}, ConflictingArgumentsError),
        (
            "LEFT_HANDED",
            {"flip_axis": 0, "swap_axes": [0, 1]},
            ConflictingArgumentsError,
        ),
        ("LEFT_HANDED", {"flip_axis": 3}, InvalidArgumentError),
        ("LEFT_HANDED", {"flip_axis": [0, 1]}, ArgumentTypeError),
        ("LEFT_HANDED", {"swap_axes": [0, 1, 2]}, InvalidArgumentError),
        ("LEFT_HANDED", {"swap_axes": [0, 0]}, InvalidArgumentError),
        ("SINISTER", {"flip_axis": 0}, InvalidArgumentError),
    ],
)
def test_handedness_is_ensured_in_one_way(grid, handedness, way, error):
    with pytest.raises(error, match=r"\.$"):
        grid.ensure_handedness(handedness, **way)


@pytest.mark.parametrize(
    "orientation", ["LPH", "RAF", "HLA", "PIR", ["F", "P", "R"], "LPS"]
)
def test_axes_can_point_to_directions_of_the_patient(grid, orientation):
    found = grid.to_patient_orientation(orientation)
    letters = ["H" if o == "S" else "F" if o == "I" else o for o in orientation]
    assert [d.value for d in found.get_closest_patient_orientation()] == letters
    check_places(found)


@pytest.mark.parametrize("orientation", ["LP", "LLP", "lph", "XYZ", "APL"])
def test_impossible_orientations_are_refused(grid, orientation):
    with pytest.raises(InvalidArgumentError, match=r"'patient_orientation'.*\.$"):
        grid.to_patient_orientation(orientation)


def test_orientation_can_be_that_of_another_volume(grid):
    other = VolumeGeometry.from_components(
        (9, 9, 9),
        spacing=7.0,
        position=[1, 2, 3],
        patient_orientation="FAR",
        coordinate_system="PATIENT",
    )
    found = grid.match_orientation(other)
    assert found.get_closest_patient_orientation() == (
        other.get_closest_patient_orientation()
    )
    assert found.spatial_shape == (5, 4, 3)
    check_places(found)


def test_slides_have_no_patient_orientation(grid):
    on_slide = VolumeGeometry(AFFINE, (3, 4, 5), "SLIDE")
    with pytest.raises(VolumeError, match="patient coordinate system"):
        grid.match_orientation(on_slide)
    with pytest.raises(VolumeError, match="patient coordinate system"):
        on_slide.to_patient_orientation("LPH")
    with pytest.raises(ArgumentTypeError, match="'other'"):
        grid.match_orientation(None)


@pytest.mark.parametrize(
    ("width", "shape", "position"),
    [
        (0, (3, 4, 5), (10, 20, 30)),
        (1, (5, 6, 7), (9, 18, 27)),
        ([1, 2], (6, 7, 8), (9, 18, 27)),
        ([[1], [2], [3]], (5, 8, 11), (9, 16, 21)),
        ([[1, 2], [3, 4], [5, 6]], (6, 11, 16), (9, 14, 15)),
        (np.array([[1, 2], [3, 4], [5, 6]]), (6, 11, 16), (9, 14, 15)),
    ],
    ids=str,
)
def test_voxels_can_be_added_around(grid, width, shape, position):
    found = grid.pad(width)
    assert found.spatial_shape == shape
    assert found.position == position


@pytest.mark.parametrize(
    ("width", "error"),
    [
        (-1, InvalidArgumentError),
        ([1], InvalidArgumentError),
        ([], InvalidArgumentError),
        ([1, 2, 3], InvalidArgumentError),
        ([[1, 2]], InvalidArgumentError),
        ([[1, 2], [3, 4]], InvalidArgumentError),
        ([[1, 2, 3]] * 3, InvalidArgumentError),
        ([[1, 2], [1, 2], [1, -2]], InvalidArgumentError),
        (1.5, ArgumentTypeError),
        ([1.5, 2], ArgumentTypeError),
        (None, ArgumentTypeError),
    ],
    ids=str,
)
def test_bad_widths_are_refused(grid, width, error):
    with pytest.raises(error, match=r"'pad_width'.*\.$"):
        grid.pad(width)


def test_unknown_pad_modes_are_refused(grid):
    with pytest.raises(InvalidArgumentError, match="'mode'"):
        grid.pad(1, mode="wrap")
    with pytest.raises(InvalidArgumentError, match="'mode'"):
        grid.match_geometry(grid, mode="wrap")


@pytest.mark.parametrize(
    ("mode", "value"),
    [
        ("CONSTANT", 7),
        ("EDGE", 0),
        ("MINIMUM", 0),
        ("MAXIMUM", 59),
        ("MEAN", 29),
        ("MEDIAN", 29),
    ],
)
def test_new_voxels_get_what_the_mode_says(volume, mode, value):
    found = volume.pad(1, mode=mode, constant_value=7)
    assert found.array[0, 0, 0] == value
    assert found.dtype == np.int16
    np.testing.assert_array_equal(found.array[1:-1, 1:-1, 1:-1], ARRAY)


def test_booleans_are_padded_by_mean_and_median():
    array = np.array([[[False, True, False, False]]])
    volume = Volume(array, AFFINE, "PATIENT")
    width = [[0, 0], [0, 0], [1, 0]]
    assert volume.pad(width, mode="MEAN").array[0, 0, 0]
    assert not volume.pad(width, mode="MEDIAN").array[0, 0, 0]


def test_padding_never_shares_voxels(volume):
    assert not np.shares_memory(volume.pad(0).array, ARRAY)
    assert not np.shares_memory(volume.pad_to_spatial_shape((3, 4, 5)).array, ARRAY)


def test_shapes_are_reached_around_the_centre(grid):
    assert grid.pad_to_spatial_shape((5, 7, 6)).position == (9.0, 18.0, 30.0)
    cropped = grid.crop_to_spatial_shape((1, 1, 2))
    assert cropped.spatial_shape == (1, 1, 2)
    assert cropped.position == (11.0, 22.0, 33.0)
    check_places(cropped)
    both = grid.pad_or_crop_to_spatial_shape([6, 1, 5])
    assert both.spatial_shape == (6, 1, 5)
    assert both.position == (9.0, 22.0, 30.0)


def test_what_is_cropped_away_does_not_count_for_padding():
    volume = Volume(np.array([[[0, 1, 4, 9, 16, 25]]]), AFFINE, "PATIENT")
    found = volume.pad_or_crop_to_spatial_shape((2, 1, 2), mode="MAXIMUM")
    assert found.array.tolist() == [[[4, 9]], [[9, 9]]]


@pytest.mark.parametrize(
    ("method", "shape", "error"),
    [
        ("pad_to_spatial_shape", (2, 4, 5), InvalidArgumentError),
        ("crop_to_spatial_shape", (4, 4, 5), InvalidArgumentError),
        ("crop_to_spatial_shape", (0, 4, 5), InvalidArgumentError),
        ("pad_or_crop_to_spatial_shape", (3, 4), InvalidArgumentError),
        ("pad_or_crop_to_spatial_shape", (3, 4, 5, 1), InvalidArgumentError),
        ("pad_or_crop_to_spatial_shape", (3.0, 4, 5), ArgumentTypeError),
        ("random_spatial_crop", (4, 4, 5), InvalidArgumentError),
        ("random_spatial_crop", (1, 2), InvalidArgumentError),
        ("pad_to_spatial_shape", None, ArgumentTypeError),
    ],
)
def test_impossible_shapes_are_refused(grid, method, shape, error):
    with pytest.raises(error, match=r"'spatial_shape'.*\.$"):
        getattr(grid, method)(shape)


def moved(grid, matrix, shape, **changes):
    """A geometry whose indices are those of the grid after a matrix."""
    arguments = {
        "coordinate_system": grid.coordinate_system,
        "frame_of_reference_uid": grid.frame_of_reference_uid,
    }
    return VolumeGeometry(
        grid.affine @ np.array(matrix, float), shape, **(arguments | changes)
    )


def test_matching_itself_changes_nothing(grid):
    assert grid.match_geometry(grid.copy()) is grid


def test_matching_without_padding_gives_a_view(volume):
    other = volume.permute_spatial_axes([2, 0, 1]).flip_spatial(1)[1:, :, 1:3]
    found = volume.match_geometry(other.get_geometry())
    np.testing.assert_array_equal(found.array, other.array)
    assert found.geometry_equal(other)
    assert np.shares_memory(found.array, ARRAY)


def test_matching_pads_crops_permutes_and_flips_at_once(grid):
    # Axis 0 runs backwards along old axis 2 from index 5, axis 1 along old axis 0
    # from -1, axis 2 along old axis 1 from 1.
    matrix = [[0, 1, 0, -1], [0, 0, 1, 1], [-1, 0, 0, 5], [0, 0, 0, 1]]
    other = moved(grid, matrix, (4, 3, 4))
    found = grid.match_geometry(other, constant_value=-1)
    assert found.geometry_equal(other)
    if isinstance(found, Volume):
        expected = np.full((4, 3, 4), -1)
        # Old 2 in {5, 4, 3, 2}, old 0 in {-1, 0, 1}, old 1 in {1, 2, 3, 4}.
        expected[1:, 1:, :3] = ARRAY[:2, 1:, 4:1:-1].transpose(2, 0, 1)
        np.testing.assert_array_equal(found.array, expected)


@pytest.mark.parametrize("spacing", [1e-160, 1e-105, 1e105, 1e150])
def test_volumes_of_extreme_spacings_are_matched(spacing):
    affine = np.diag([spacing, spacing, spacing, 1.0])
    ahead = affine.copy()
    ahead[0, 3] = -spacing
    found = Volume(ARRAY, affine, "PATIENT").match_geometry(
        VolumeGeometry(ahead, (2, 4, 5), "PATIENT"), constant_value=-1
    )
    np.testing.assert_array_equal(found.array[0], np.full((4, 5), -1))
    np.testing.assert_array_equal(found.array[1], ARRAY[0])


def test_volumes_too_far_apart_to_count_the_voxels_between_are_not_matched():
    near = np.diag([1e-160, 1e-160, 1e-160, 1.0])
    far = near.copy()
    far[0, 3] = 1e300
    with pytest.raises(VolumeError, match="spacings of 1e-160 mm are too small"):
        Volume(ARRAY, near, "PATIENT").match_geometry(
            VolumeGeometry(far, ARRAY.shape, "PATIENT")
        )


def test_matching_a_volume_elsewhere_leaves_nothing_but_padding(grid):
    matrix = [[1, 0, 0, 50], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    other = moved(grid, matrix, (3, 4, 5))
    found = grid.match_geometry(other, mode=PadModes.EDGE)
    assert found.geometry_equal(other)
    if isinstance(found, Volume):
        np.testing.assert_array_equal(found.array, np.stack([ARRAY[2]] * 3))


@pytest.mark.parametrize(("start", "size"), [(0, 3), (1, 2), (0, 5), (-2, 4)])
def test_matching_takes_every_second_voxel_of_a_coarser_volume(grid, start, size):
    matrix = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 2, start], [0, 0, 0, 1]]
    other = moved(grid, matrix, (3, 4, size))
    found = grid.match_geometry(other, constant_value=-1)
    assert found.geometry_equal(other)
    if isinstance(found, Volume):
        for k in range(size):
            index = start + 2 * k
            expected = ARRAY[:, :, index] if 0 <= index < 5 else np.full((3, 4), -1)
            np.testing.assert_array_equal(found.array[:, :, k], expected)


def scaled(*spacings):
    return np.diag([*spacings, 1.0])


def rotated(angle):
    matrix = np.eye(4)
    # In millimetres of a grid of spacing one, so that axes stay orthogonal.
    matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return matrix


def translated(distance):
    matrix = np.eye(4)
    matrix[0, 3] = distance
    return matrix


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (scaled(1, 1, 1.1), "whole multiple"),
        (scaled(1, 1, 0.5), "whole multiple"),
        (scaled(1, 1, 1 + 1.1e-5), "whole multiple"),
        (translated(0.5), "whole number of voxels"),
        (translated(1 + 1.1e-5), "whole number of voxels"),
        (rotated(0.1), "parallel"),
        (rotated(np.pi / 4), "parallel"),
    ],
)
def test_matching_does_not_resample(matrix, message):
    geometry = VolumeGeometry(np.eye(4), (3, 4, 5), "PATIENT")
    with pytest.raises(VolumeError, match=message):
        geometry.match_geometry(moved(geometry, matrix, (3, 4, 5)))


@pytest.mark.parametrize(
    "matrix", [scaled(1, 1, 1 + 0.9e-5), translated(1 + 0.9e-5), rotated(1e-4)]
)
def test_matching_allows_for_rounding(matrix):
    geometry = VolumeGeometry(np.eye(4), (3, 4, 5), "PATIENT")
    assert geometry.match_geometry(moved(geometry, matrix, (3, 4, 5))) is not None


def test_a_small_angle_is_too_large_for_a_large_volume():
    geometry = VolumeGeometry(np.eye(4), (512, 512, 2), "PATIENT")
    other = moved(geometry, rotated(4e-3), (512, 512, 2))
    with pytest.raises(VolumeError, match=r"deviate by up to 2\.05 voxels"):
        geometry.match_geometry(other)
    part = moved(geometry, rotated(4e-3), (100, 100, 2))
    assert geometry.match_geometry(part).spatial_shape == (100, 100, 2)


def test_the_tolerance_of_matching_can_be_set(grid):
    other = moved(grid, translated(0.01), (3, 4, 5))
    with pytest.raises(VolumeError):
        grid.match_geometry(other)
    assert grid.match_geometry(other, tol=0.02) is grid
    with pytest.raises(ArgumentTypeError, match="'tol'"):
        grid.match_geometry(other, tol=None)


def test_volumes_to_match_are_in_one_coordinate_system(grid):
    with pytest.raises(VolumeError, match="PATIENT and SLIDE"):
        grid.match_geometry(
            moved(grid, np.eye(4), (3, 4, 5), coordinate_system="SLIDE")
        )
    with pytest.raises(ArgumentTypeError, match="'other'"):
        grid.match_geometry(None)


def test_frames_of_reference_do_not_hinder_matching(grid):
    other = moved(grid, translated(1), (2, 4, 5), frame_of_reference_uid="1.2.4")
    found = grid.match_geometry(other)
    assert found.frame_of_reference_uid == "1.2.3"
    assert found.position == (11.0, 20.0, 30.0)


def test_channels_stay_where_they_are():
    array = np.stack([ARRAY, ARRAY + 100], axis=-1)
    volume = Volume(array, AFFINE, "PATIENT", channels={"SegmentNumber": [1, 2]})
    found = volume.to_patient_orientation("HLP").pad(
        1, mode="MAXIMUM", per_channel=True
    )
    assert found.channel_shape == (2,)
    assert found.array[0, 0, 0].tolist() == [59, 159]
    single = Volume(ARRAY, AFFINE, "PATIENT").to_patient_orientation("HLP")
    np.testing.assert_array_equal(found.array[1:-1, 1:-1, 1:-1, 1], single.array + 100)


def test_the_array_of_the_user_is_not_altered(volume):
    before = ARRAY.copy()
    found = volume.to_patient_orientation("HAR").pad(2, mode="EDGE")
    found.array[:] = -5
    np.testing.assert_array_equal(ARRAY, before)


@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 1, 0), (0, 2), (2, 0)])
def test_random_permutations_follow_the_global_seed(grid, axes):
    rng = np.random.RandomState(3)
    expected = [0, 1, 2]
    for place, axis in zip(sorted(axes), rng.permutation(axes), strict=True):
        expected[place] = int(axis)
    np.random.seed(3)
    found = grid.random_permute_spatial_axes(axes)
    assert found.spatial_shape == tuple((3, 4, 5)[a] for a in expected)
    check_places(found)


def test_random_flips_follow_the_global_seed(grid):
    rng = np.random.RandomState(5)
    turned = [axis for axis in (0, 2) if rng.randint(0, 2)]
    np.random.seed(5)
    found = grid.random_flip_spatial([2, 0])
    assert found.geometry_equal(grid.flip_spatial(turned), tol=None)
    check_places(found)


def test_random_crops_follow_the_global_seed(grid):
    rng = np.random.RandomState(7)
    starts = [
        rng.randint(0, n - s + 1) for n, s in zip((3, 4, 5), (1, 2, 3), strict=True)
    ]
    np.random.seed(7)
    found = grid.random_spatial_crop((1, 2, 3))
    assert found.spatial_shape == (1, 2, 3)
    assert found.position == tuple((AFFINE @ (*starts, 1))[:3])
    check_places(found)


@pytest.mark.parametrize(
    "method",
    [
        lambda g, r: g.random_permute_spatial_axes(generator=r),
        lambda g, r: g.random_flip_spatial(generator=r),
        lambda g, r: g.random_spatial_crop((1, 1, 1), generator=r),
    ],
)
def test_random_numbers_may_come_from_a_generator(grid, method):
    state = np.random.get_state()[1].copy()
    results = {
        tuple(method(grid, np.random.default_rng(seed)).affine.ravel())
        for seed in range(20)
    }
    again = method(grid, np.random.default_rng(0))
    assert tuple(again.affine.ravel()) in results
    assert len(results) > 1
    np.testing.assert_array_equal(np.random.get_state()[1], state)


@pytest.mark.parametrize("axes", [(0,), (), (0, 0), (0, 3), (0, 1, 2, 0)])
@pytest.mark.parametrize(
    "method", ["random_flip_spatial", "random_permute_spatial_axes"]
)
def test_random_changes_are_of_two_or_three_axes(grid, method, axes):
    with pytest.raises(InvalidArgumentError, match="'axes'"):
        getattr(grid, method)(axes)
