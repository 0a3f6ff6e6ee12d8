import numpy as np
import pytest

from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.spatial import (
    convert_affine_to_convention,
    create_affine_matrix_from_attributes,
    create_affine_matrix_from_components,
    map_coordinate_into_pixel_matrix,
    map_pixel_into_coordinate_system,
)
from highdicom.spatial.affine import AffineMap, affine_matrix, rounded

AXIAL = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
POSITION = [10.0, 20.0, 30.0]


def standard_position(position, orientation, spacing, column, row):
    """Equation C.7.6.2.1-1 of PS3.3, written out."""
    between_rows, between_columns = spacing
    return [
        orientation[axis] * between_columns * column
        + orientation[3 + axis] * between_rows * row
        + position[axis]
        for axis in range(3)
    ]


def test_matrix_from_attributes_is_that_of_the_standard(rotation):
    orientation = [*rotation[:, 0], *rotation[:, 1]]
    affine = create_affine_matrix_from_attributes(POSITION, orientation, [0.5, 2.0])
    for column, row in [(0, 0), (1, 0), (0, 1), (17, 23)]:
        np.testing.assert_allclose(
            (affine @ [column, row, 0, 1])[:3],
            standard_position(POSITION, orientation, [0.5, 2.0], column, row),
        )


def test_slices_follow_the_normal(rotation):
    orientation = [*rotation[:, 0], *rotation[:, 1]]
    affine = create_affine_matrix_from_attributes(
        POSITION, orientation, [0.5, 2.0], spacing_between_slices=4.0
    )
    np.testing.assert_allclose(
        (affine @ [0, 0, 2, 1])[:3], POSITION + 8.0 * rotation[:, 2]
    )


def test_row_then_column_indices_after_slices():
    affine = create_affine_matrix_from_attributes(
        POSITION, AXIAL, [0.5, 2.0], 3.0, index_convention="DR", slices_first=True
    )
    np.testing.assert_array_equal(
        affine, [[0, 0, 2, 10], [0, 0.5, 0, 20], [-3, 0, 0, 30], [0, 0, 0, 1]]
    )


@pytest.mark.parametrize("convention", ["LD", "RU", "UL"])
def test_indices_that_do_not_start_at_the_image_position_are_refused(convention):
    with pytest.raises(InvalidArgumentError, match="'index_convention' must hold R an"):
        create_affine_matrix_from_attributes(
            POSITION, AXIAL, [1.0, 1.0], index_convention=convention
        )


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((5, AXIAL, [1, 1]), ArgumentTypeError, "'image_position' must be a seq"),
        (([1, 2], AXIAL, [1, 1]), InvalidArgumentError, "'image_position' must hold 3"),
        (([1, 2, np.inf], AXIAL, [1, 1]), InvalidArgumentError, "finite"),
        ((POSITION, AXIAL, 2.0), ArgumentTypeError, "'pixel_spacing' must be a seq"),
        ((POSITION, AXIAL, None), ArgumentTypeError, "'pixel_spacing' must be a seq"),
        ((POSITION, AXIAL, [1, 2, 3]), InvalidArgumentError, "'pixel_spacing' must h"),
        ((POSITION, AXIAL, [0, 1]), InvalidArgumentError, "positive"),
    ],
)
def test_bad_attributes_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        create_affine_matrix_from_attributes(*arguments)


def test_matrix_from_position_and_direction(rotation):
    affine = create_affine_matrix_from_components(
        spacing=[1.0, 2.0, 3.0], position=POSITION, direction=rotation
    )
    np.testing.assert_allclose(
        (affine @ [1, 1, 1, 1])[:3],
        POSITION + rotation[:, 0] + 2.0 * rotation[:, 1] + 3.0 * rotation[:, 2],
    )


def test_direction_may_be_given_row_by_row(rotation):
    whole = create_affine_matrix_from_components(
        spacing=2.0, position=POSITION, direction=rotation
    )
    flat = create_affine_matrix_from_components(
        spacing=[2.0, 2.0, 2.0], position=POSITION, direction=rotation.ravel().tolist()
    )
    np.testing.assert_array_equal(whole, flat)


def test_center_lies_in_the_middle_of_the_array(rotation):
    affine = create_affine_matrix_from_components(
        spacing=[1.0, 2.0, 3.0],
        center_position=POSITION,
        direction=rotation,
        spatial_shape=[10, 11, 12],
    )
    first = affine @ [0, 0, 0, 1]
    last = affine @ [9, 10, 11, 1]
    np.testing.assert_allclose(((first + last) / 2)[:3], POSITION)


def test_matrix_from_patient_orientation():
    affine = create_affine_matrix_from_components(
        spacing=[1, 2, 3], position=POSITION, patient_orientation="FPL"
    )
    np.testing.assert_array_equal(
        affine, [[0, 0, 3, 10], [0, 2, 0, 20], [-1, 0, 0, 30], [0, 0, 0, 1]]
    )


@pytest.mark.parametrize(
    "arguments",
    [
        {"direction": np.eye(3)},
        {"position": POSITION, "center_position": POSITION, "direction": np.eye(3)},
        {"position": POSITION},
        {"position": POSITION, "direction": np.eye(3), "patient_orientation": "LPH"},
        {"center_position": POSITION, "direction": np.eye(3)},
    ],
)
def test_components_that_exclude_or_miss_each_other_are_refused(arguments):
    with pytest.raises(ConflictingArgumentsError):
        create_affine_matrix_from_components(spacing=1.0, **arguments)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"spacing": [1, 2]}, InvalidArgumentError, "'spacing' must hold 3 numbers"),
        ({"spacing": [1, 2, 0]}, InvalidArgumentError, "'spacing' must hold positive"),
        ({"spacing": None}, ArgumentTypeError, "'spacing' must be a sequence"),
        ({"direction": np.eye(4)}, InvalidArgumentError, "'direction' must have shape"),
        ({"direction": "abc"}, InvalidArgumentError, "'direction' must be an array"),
        ({"direction": 2 * np.eye(3)}, InvalidArgumentError, "unit vectors"),
        ({"direction": np.ones((3, 3))}, InvalidArgumentError, "perpendicular"),
        ({"position": [1, 2]}, InvalidArgumentError, "'position' must hold 3"),
    ],
)
def test_bad_components_are_refused(change, error, message):
    arguments = {"spacing": 1.0, "position": POSITION, "direction": np.eye(3)}
    with pytest.raises(error, match=message):
        create_affine_matrix_from_components(**(arguments | change))


@pytest.mark.parametrize(
    ("shape", "error", "message"),
    [
        ([1, 2], InvalidArgumentError, "'spatial_shape' must hold 3 integers"),
        (5, InvalidArgumentError, "'spatial_shape' must hold 3 integers"),
        ([0, 1, 1], InvalidArgumentError, "'spatial_shape' must be at least 1"),
        ([1.5, 1, 1], ArgumentTypeError, "'spatial_shape' must be an integer"),
        ([True, 1, 1], ArgumentTypeError, "'spatial_shape' must be an integer"),
    ],
)
def test_bad_shapes_are_refused(shape, error, message):
    with pytest.raises(error, match=message):
        create_affine_matrix_from_components(
            spacing=1.0,
            center_position=POSITION,
            direction=np.eye(3),
            spatial_shape=shape,
        )


def test_conversion_to_nifti_turns_x_and_y():
    affine = np.array([[2.0, 0, 0, 7], [0, 3, 0, 8], [0, 0, 5, 9], [0, 0, 0, 1]])
    np.testing.assert_array_equal(
        convert_affine_to_convention(affine, "LPH", "RAH"),
        [[-2, 0, 0, -7], [0, -3, 0, -8], [0, 0, 5, 9], [0, 0, 0, 1]],
    )


def test_conversion_permutes_and_turns_at_once():
    affine = np.arange(16.0).reshape(4, 4)
    affine[3] = [0, 0, 0, 1]
    # A coordinate counted to the foot is the negative of that to the head, and so on.
    np.testing.assert_array_equal(
        convert_affine_to_convention(affine, "PRF", "HPL"),
        [-affine[2], affine[0], -affine[1], affine[3]],
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (np.float64, np.float64),
        (np.float32, np.float64),
        (np.int64, np.int64),
        (np.uint8, np.int64),
    ],
)
def test_conversion_keeps_integers_and_has_room_for_signs(given, expected):
    affine = np.diag([2, 3, 4, 1]).astype(given)
    result = convert_affine_to_convention(affine, "LPS", "RAI")
    assert result.dtype == expected
    np.testing.assert_array_equal(result, np.diag([-2, -3, -4, 1]))


def test_conversion_leaves_its_argument_untouched():
    affine = np.diag([2.0, 3.0, 4.0, 1.0])
    convert_affine_to_convention(affine, "LPS", "RAS")[0, 0] = 99.0
    np.testing.assert_array_equal(affine, np.diag([2.0, 3.0, 4.0, 1.0]))


@pytest.mark.parametrize(
    ("affine", "error", "message"),
    [
        (np.eye(3), InvalidArgumentError, r"'affine' must have shape \(4, 4\)"),
        (np.eye(4) * np.nan, InvalidArgumentError, "finite"),
        (np.ones((4, 4)), InvalidArgumentError, "last row 0, 0, 0, 1"),
        ([["a"]], ArgumentTypeError, "'affine' must be an array of numbers"),
    ],
)
def test_what_is_no_affine_matrix_is_refused(affine, error, message):
    with pytest.raises(error, match=message):
        convert_affine_to_convention(affine, "LPH", "RAH")


def test_unknown_reference_convention_is_refused():
    with pytest.raises(InvalidArgumentError, match="'from_reference_convention' must"):
        convert_affine_to_convention(np.eye(4), "LPX", "RAH")
    with pytest.raises(InvalidArgumentError, match="'to_reference_convention' must"):
        convert_affine_to_convention(np.eye(4), "LPH", "RA")


def test_affine_matrix_is_a_copy():
    affine = np.eye(4)
    affine_matrix(affine)[0, 0] = 5.0
    assert affine[0, 0] == 1.0


def test_maps_compose_from_right_to_left():
    double = AffineMap(np.diag([2.0, 2.0, 2.0, 1.0]))
    shift = AffineMap.translation(1.0, 0.0, 0.0)
    points = np.array([[3, 4, 5]])
    np.testing.assert_array_equal((double @ shift)(points), [[8, 8, 10]])
    np.testing.assert_array_equal((shift @ double)(points), [[7, 8, 10]])


def test_halves_are_rounded_to_even_numbers():
    points = np.array([[0.5, 1.5, -0.5], [2.5, 2.4, -1.5]])
    result = rounded(points)
    assert result.dtype == np.int64
    np.testing.assert_array_equal(result, [[0, 2, 0], [2, 2, -2]])


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_what_cannot_be_an_index_is_not_rounded(value):
    with pytest.raises(InvalidArgumentError, match="cannot be rounded"):
        rounded(np.array([[value, 0.0, 0.0]]))


def test_pixel_is_mapped_as_in_the_standard(rotation):
    orientation = [*rotation[:, 0], *rotation[:, 1]]
    result = map_pixel_into_coordinate_system((3, 7), POSITION, orientation, [0.5, 2])
    assert result == pytest.approx(
        tuple(standard_position(POSITION, orientation, [0.5, 2.0], 3, 7))
    )
    assert all(type(value) is float for value in result)


def test_pixel_index_must_be_two_integers():
    with pytest.raises(ArgumentTypeError, match="'index' must hold integers"):
        map_pixel_into_coordinate_system((1.5, 0), POSITION, AXIAL, [1, 1])
    with pytest.raises(InvalidArgumentError, match="'index' must hold 2 numbers"):
        map_pixel_into_coordinate_system((1, 0, 0), POSITION, AXIAL, [1, 1])


def test_coordinate_is_mapped_to_the_nearest_pixel():
    result = map_coordinate_into_pixel_matrix(
        [10.9, 21.3, 32.0], POSITION, AXIAL, [0.5, 0.25], spacing_between_slices=2.0
    )
    assert result == (4, 3, 1)
    assert all(type(value) is int for value in result)


def test_coordinate_must_be_three_finite_numbers():
    with pytest.raises(InvalidArgumentError, match="'coordinate' must hold finite"):
        map_coordinate_into_pixel_matrix([np.nan, 0, 0], POSITION, AXIAL, [1, 1])
    with pytest.raises(InvalidArgumentError, match="'coordinate' must hold 3"):
        map_coordinate_into_pixel_matrix([0, 0], POSITION, AXIAL, [1, 1])
