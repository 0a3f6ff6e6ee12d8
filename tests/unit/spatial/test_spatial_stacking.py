import logging

import numpy as np
import pytest

from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    IrregularVolumeError,
)
from highdicom.spatial import get_plane_sort_index, get_volume_positions
from highdicom.spatial.stacking import (
    StackingRules,
    common_orientation,
    volume_positions,
)

AXIAL = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]


def heights(*values):
    """Positions one above the other in axial planes."""
    return [[5.0, -3.0, float(value)] for value in values]


def test_first_slice_is_at_the_head_by_default():
    # Rows down, columns right, slices to the foot: a right-handed system.
    assert get_volume_positions(heights(4, 0, 2), AXIAL) == (2.0, [0, 2, 1])


@pytest.mark.parametrize(
    ("convention", "handedness", "slots"),
    [
        ("RD", "RIGHT_HANDED", [2, 0, 1]),
        ("DR", "LEFT_HANDED", [2, 0, 1]),
        ("UR", "RIGHT_HANDED", [2, 0, 1]),
        ("RD", "LEFT_HANDED", [0, 2, 1]),
    ],
)
def test_first_slice_follows_the_convention(convention, handedness, slots):
    result = get_volume_positions(
        heights(4, 0, 2),
        AXIAL,
        index_convention=convention,
        handedness=handedness,
    )
    assert result == (2.0, slots)


def test_results_are_python_numbers():
    spacing, slots = get_volume_positions(np.array(heights(0, 1)), np.array(AXIAL))
    assert type(spacing) is float
    assert [type(slot) for slot in slots] == [int, int]


def test_oblique_planes(rotation):
    orientation = [*rotation[:, 0], *rotation[:, 1]]
    points = np.array([100.0, 50.0, -20.0]) + np.outer([3.0, 0.0, 1.5], rotation[:, 2])
    spacing, slots = get_volume_positions(points, orientation, index_convention="RD")
    assert spacing == pytest.approx(1.5)
    assert slots == [2, 0, 1]


def test_spacing_is_measured_along_a_unit_normal():
    # Cosines rounded to three decimals are 0.02 per cent too short.
    normal = np.array([np.sqrt(0.5), -np.sqrt(0.5), 0.0])
    spacing, _ = get_volume_positions(
        np.outer(np.arange(4) * 5.0, normal), [0.707, 0.707, 0, 0, 0, -1]
    )
    assert spacing == pytest.approx(5.0, abs=1e-12)


def test_a_single_position_has_the_spacing_of_the_hint():
    assert get_volume_positions(heights(3), AXIAL) == (1.0, [0])
    assert get_volume_positions(heights(3), AXIAL, spacing_hint=-2.5) == (2.5, [0])
    assert get_volume_positions(heights(3), AXIAL, sort=False) == (1.0, [0])


def test_equal_positions_are_one_slice_if_duplicates_are_allowed():
    assert get_volume_positions(heights(3, 3), AXIAL) == (None, None)
    assert get_volume_positions(
        heights(3, 3), AXIAL, allow_duplicate_positions=True
    ) == (1.0, [0, 0])


def test_duplicates_share_a_slice():
    points = heights(0, 1, 2, 1, 0)
    assert get_volume_positions(points, AXIAL) == (None, None)
    assert get_volume_positions(
        points, AXIAL, index_convention="RD", allow_duplicate_positions=True
    ) == (1.0, [0, 1, 2, 1, 0])


def test_duplicates_may_differ_by_rounding():
    points = heights(0, 1, 2, 1 + 1e-9)
    assert get_volume_positions(
        points, AXIAL, index_convention="RD", allow_duplicate_positions=True
    ) == (pytest.approx(1.0), [0, 1, 2, 1])


def test_frames_side_by_side_are_no_duplicates():
    points = [[0.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 1.0]]
    rules = StackingRules(allow_duplicate_positions=True)
    with pytest.raises(IrregularVolumeError, match="frames 1 and 2 lie side by side"):
        volume_positions(points, AXIAL, rules)


def test_duplicates_are_named():
    with pytest.raises(IrregularVolumeError, match="frames 2 and 4 lie at the sa") as e:
        volume_positions(heights(0, 1, 2, 1), AXIAL)
    assert e.value.frame_numbers == (2, 4)


def test_gaps_are_refused_unless_allowed():
    points = heights(0, 2, 6)
    assert get_volume_positions(points, AXIAL) == (None, None)
    assert get_volume_positions(
        points, AXIAL, index_convention="RD", allow_missing_positions=True
    ) == (2.0, [0, 1, 3])


def test_gaps_are_named():
    with pytest.raises(
        IrregularVolumeError,
        match=r"frames 2 and 4 are 4 mm apart, where a multiple of 2.66667 mm",
    ) as caught:
        volume_positions(heights(0, 2, 8, 6), AXIAL, StackingRules())
    assert caught.value.frame_numbers == (2, 4)
    assert caught.value.deviation == pytest.approx(4.0 - 8.0 / 3.0)


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (1.0, (1.0, [0, 2, 5])),
        (-1.0, (1.0, [0, 2, 5])),
        (0.5, (0.5, [0, 4, 10])),
        (2.0, (None, None)),
        (8.0, (None, None)),
        (1e-300, (None, None)),
    ],
)
def test_hint_helps_where_every_second_slice_is_missing(hint, expected):
    result = get_volume_positions(
        heights(0, 2, 5),
        AXIAL,
        index_convention="RD",
        allow_missing_positions=True,
        spacing_hint=hint,
    )
    assert result == expected


def test_steps_that_are_no_multiples_are_refused_even_if_gaps_are_allowed():
    points = heights(0, 2, 5)
    assert get_volume_positions(points, AXIAL, allow_missing_positions=True) == (
        None,
        None,
    )


def test_hint_must_agree_with_the_spacing_found():
    points = heights(0, 2, 4)
    assert get_volume_positions(points, AXIAL, spacing_hint=2.01)[0] == 2.0
    assert get_volume_positions(points, AXIAL, spacing_hint=2.1) == (None, None)
    with pytest.raises(
        IrregularVolumeError, match=r"2 mm apart, where 2\.1 mm is"
    ) as e:
        volume_positions(points, AXIAL, StackingRules(spacing_hint=2.1))
    assert e.value.deviation == pytest.approx(0.1)


def test_small_errors_do_not_add_up_over_many_slices():
    # The spacing of 0.625 was written with two decimals here and there.
    steps = np.tile([0.62, 0.63], 200)
    z = np.concatenate([[0.0], np.cumsum(steps)])
    present = np.delete(np.arange(len(z)), 100)
    spacing, slots = get_volume_positions(
        heights(*z[present]),
        AXIAL,
        rtol=0.02,
        index_convention="RD",
        allow_missing_positions=True,
    )
    assert spacing == pytest.approx(0.625)
    assert slots == present.tolist()


@pytest.mark.parametrize(
    ("shift", "options", "regular"),
    [
        # The mean spacing of three slices is 1 + shift / 2.
        (0.0202, {}, True),
        (0.0203, {}, False),
        (0.2, {"rtol": 0.1}, True),
        (0.23, {"rtol": 0.1}, False),
        (0.199, {"atol": 0.1}, True),
        (0.201, {"atol": 0.1}, False),
        (0.0, {"rtol": 0.0}, True),
    ],
)
def test_tolerance_of_the_spacing(shift, options, regular):
    spacing, _ = get_volume_positions(heights(0, 1, 2 + shift), AXIAL, **options)
    assert (spacing is not None) == regular


@pytest.mark.parametrize(
    ("degrees", "options", "regular"),
    [
        (2.5, {}, True),
        (2.6, {}, False),
        (8.0, {"perpendicular_tol": 0.01}, True),
        (8.2, {"perpendicular_tol": 0.01}, False),
        (0.0, {"perpendicular_tol": 0.0}, True),
    ],
)
def test_tolerance_of_the_angle_with_the_normal(degrees, options, regular):
    shear = np.tan(np.radians(degrees))
    points = [[0.0, shear * z, z] for z in range(4)]
    spacing, _ = get_volume_positions(points, AXIAL, **options)
    assert (spacing is not None) == regular


def test_gantry_tilt_is_refused_with_its_angle():
    shear = np.tan(np.radians(12.0))
    points = [[0.0, shear * z, float(z)] for z in (3, 1, 0, 2)]
    with pytest.raises(IrregularVolumeError, match=r"sheared by 12\.00 degrees") as e:
        volume_positions(points, AXIAL)
    assert e.value.deviation == pytest.approx(12.0)
    assert isinstance(e.value, RuntimeError)


def test_gantry_tilt_of_tilted_planes(rotation):
    # The table moves along z, the planes are tilted.
    orientation = [*rotation[:, 0], *rotation[:, 1]]
    points = [[0.0, 0.0, 5.0 * index] for index in range(5)]
    with pytest.raises(IrregularVolumeError, match=r"sheared by 20\.00 degrees"):
        volume_positions(points, orientation)


def test_a_frame_beside_the_others_is_named():
    points = np.array(heights(0, 1, 2, 3, 4))
    points[2, 0] += 7.0
    with pytest.raises(IrregularVolumeError, match="frame 3 is 7 mm beside") as caught:
        volume_positions(points, AXIAL)
    assert caught.value.frame_numbers == (3,)
    assert caught.value.deviation == pytest.approx(7.0)


def test_unsorted_frames_are_refused_if_they_are_not_to_be_sorted():
    assert get_volume_positions(heights(0, 2, 1), AXIAL, sort=False) == (None, None)
    with pytest.raises(IrregularVolumeError, match="frame 3 lies on the wrong side"):
        volume_positions(heights(0, 2, 1), AXIAL, StackingRules(sort=False))


def test_frames_in_either_order_are_slices_in_that_order():
    for points in (heights(0, 1, 2), heights(2, 1, 0)):
        assert get_volume_positions(points, AXIAL, sort=False) == (1.0, [0, 1, 2])


def test_duplicates_are_refused_if_frames_are_not_to_be_sorted():
    assert get_volume_positions(heights(0, 1, 1), AXIAL, sort=False) == (None, None)


def test_sense_of_the_order_can_be_enforced():
    options = {"sort": False, "enforce_handedness": True}
    assert get_volume_positions(heights(2, 1, 0), AXIAL, **options) == (1.0, [0, 1, 2])
    assert get_volume_positions(heights(0, 1, 2), AXIAL, **options) == (None, None)
    assert get_volume_positions(
        heights(0, 1, 2), AXIAL, index_convention="RD", **options
    ) == (1.0, [0, 1, 2])
    with pytest.raises(IrregularVolumeError, match="in the opposite order"):
        volume_positions(heights(0, 1, 2), AXIAL, StackingRules(**options))


def test_result_tells_slots_spacing_and_deviation():
    rules = StackingRules(index_convention="RD", allow_missing_positions=True, rtol=0.1)
    result = volume_positions(heights(0, 6.1, 2), AXIAL, rules)
    assert result.slots.tolist() == [0, 3, 1]
    assert result.slots.dtype == np.int64
    assert result.number_of_slices == 4
    assert result.spacing == 2.0
    assert result.deviation == pytest.approx(0.1)


def test_reason_is_logged(caplog):
    with caplog.at_level(logging.INFO, logger="highdicom.spatial.stacking"):
        get_volume_positions(heights(0, 1, 5), AXIAL)
    assert "do not form a volume" in caplog.text
    assert "are 4 mm apart" in caplog.text


def test_arguments_are_not_changed():
    points = np.array(heights(4, 0, 2))
    before = points.copy()
    get_volume_positions(points, AXIAL, sort=False)
    get_volume_positions(points, AXIAL)
    np.testing.assert_array_equal(points, before)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_positions_that_are_not_finite_name_the_frame(bad):
    points = heights(0, 1, 2)
    points[1][2] = bad
    for function in (get_volume_positions, get_plane_sort_index):
        with pytest.raises(InvalidArgumentError, match="position of frame 2 is"):
            function(points, AXIAL)


@pytest.mark.parametrize(
    "points", [[], [[0, 0]], [1, 2, 3], np.zeros((2, 3, 3)), None, "abc", [[1], [1, 2]]]
)
def test_positions_must_be_a_table_of_three_columns(points):
    for function in (get_volume_positions, get_plane_sort_index):
        with pytest.raises(InvalidArgumentError, match="'image_positions' must"):
            function(points, AXIAL)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"rtol": 0.1, "atol": 0.1}, ConflictingArgumentsError, "Only one of 'rtol'"),
        ({"rtol": -0.1}, InvalidArgumentError, "'rtol' must not be negative"),
        ({"atol": np.nan}, InvalidArgumentError, "'atol' must be finite"),
        ({"atol": "1"}, ArgumentTypeError, "'atol' must be a number"),
        (
            {"perpendicular_tol": -1},
            InvalidArgumentError,
            "'perpendicular_tol' must no",
        ),
        (
            {"spacing_hint": 0.0},
            InvalidArgumentError,
            "'spacing_hint' must not be zero",
        ),
        ({"spacing_hint": np.inf}, InvalidArgumentError, "'spacing_hint' must be fin"),
        (
            {"allow_missing_positions": True, "sort": False},
            InvalidArgumentError,
            "'allow_missing_positions' requires 'sort'",
        ),
        (
            {"allow_duplicate_positions": True, "sort": False},
            InvalidArgumentError,
            "'allow_duplicate_positions' requires 'sort'",
        ),
        ({"index_convention": "XX"}, InvalidArgumentError, "'index_convention' must"),
        ({"handedness": "left"}, InvalidArgumentError, "'handedness' must be one of"),
    ],
)
def test_contradicting_and_impossible_options_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        get_volume_positions(heights(0, 1), AXIAL, **options)


def test_planes_are_sorted_along_the_normal():
    points = heights(3, 1, 2)
    assert get_plane_sort_index(points, AXIAL) == [0, 2, 1]
    assert get_plane_sort_index(points, AXIAL, "RD") == [1, 2, 0]
    assert get_plane_sort_index(points, AXIAL, handedness="LEFT_HANDED") == [1, 2, 0]


def test_planes_at_the_same_distance_keep_their_order():
    points = [[5, 0, 1], [0, 0, 1], [3, 3, 0], [0, 9, 1]]
    assert get_plane_sort_index(points, AXIAL) == [0, 1, 3, 2]


def test_equal_positions_keep_their_order_in_long_oblique_stacks(rotation):
    orientation = [*rotation[:, 0], *rotation[:, 1]]
    points = np.tile([[123.4, -56.7, 8.9]], (1001, 1))
    assert get_plane_sort_index(points, orientation) == list(range(1001))


def test_common_orientation_is_that_of_the_first():
    orientations = np.array([AXIAL, AXIAL])
    orientations[1, 1] = 1e-7
    np.testing.assert_array_equal(common_orientation(orientations), AXIAL)


def turned(degrees):
    angle = np.radians(degrees)
    cosine, sine = np.cos(angle), np.sin(angle)
    return [cosine, sine, 0.0, -sine, cosine, 0.0]


def test_other_orientations_are_refused_with_their_angle():
    orientations = np.array([AXIAL, AXIAL, turned(5.0)])
    with pytest.raises(
        IrregularVolumeError, match=r"frame 3 differs .* by 5 degre"
    ) as e:
        common_orientation(orientations)
    assert e.value.deviation == pytest.approx(5.0)
    assert e.value.frame_numbers == (1, 3)


def test_tolerance_of_the_orientation_is_one_minus_a_cosine():
    orientations = np.array([AXIAL, turned(8.0)])
    common_orientation(orientations, 0.01)
    with pytest.raises(IrregularVolumeError, match="8 degrees"):
        common_orientation(orientations, 0.009)
    with pytest.raises(InvalidArgumentError, match="'orientation_tol' must not be neg"):
        common_orientation(orientations, -0.1)
