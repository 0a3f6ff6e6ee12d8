import numpy as np
import pytest

from highdicom.enum import (
    AxisHandedness,
    PatientOrientationValuesBiped as Patient,
    PixelIndexDirections as Pixel,
)
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.spatial import (
    LPS_PATIENT_REFERENCE_CONVENTION,
    PATIENT_ORIENTATION_OPPOSITES,
    RAS_PATIENT_REFERENCE_CONVENTION,
    VOLUME_INDEX_CONVENTION,
    are_points_coplanar,
    create_rotation_matrix,
    get_closest_patient_orientation,
    get_normal_vector,
    rotation_for_patient_orientation,
)

AXIAL = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]


def test_conventions_are_those_of_dicom_and_nifti():
    assert LPS_PATIENT_REFERENCE_CONVENTION == (Patient.L, Patient.P, Patient.H)
    assert RAS_PATIENT_REFERENCE_CONVENTION == (Patient.R, Patient.A, Patient.H)
    assert VOLUME_INDEX_CONVENTION == (Pixel.D, Pixel.R)


def test_each_direction_is_the_opposite_of_its_opposite():
    for direction, opposite in PATIENT_ORIENTATION_OPPOSITES.items():
        assert opposite is not direction
        assert PATIENT_ORIENTATION_OPPOSITES[opposite] is direction
    assert set(PATIENT_ORIENTATION_OPPOSITES) == set(Patient)


@pytest.mark.parametrize(
    ("convention", "handedness", "expected"),
    [
        ("RD", "RIGHT_HANDED", 1.0),
        ("DR", "RIGHT_HANDED", -1.0),
        ("LD", "RIGHT_HANDED", -1.0),
        ("LU", "RIGHT_HANDED", 1.0),
        ("RD", "LEFT_HANDED", -1.0),
        ((Pixel.D, "R"), AxisHandedness.LEFT_HANDED, 1.0),
    ],
)
def test_normal_of_an_axial_plane_points_to_head_or_foot(
    convention, handedness, expected
):
    normal = get_normal_vector(AXIAL, convention, handedness)
    np.testing.assert_array_equal(normal, [0.0, 0.0, expected])


def test_normal_has_unit_length_even_if_cosines_are_rounded():
    normal = get_normal_vector([0.707, 0.707, 0.0, 0.0, 0.0, -1.0])
    assert np.linalg.norm(normal) == pytest.approx(1.0, abs=1e-15)
    np.testing.assert_allclose(normal, [-np.sqrt(0.5), np.sqrt(0.5), 0.0])


def test_rotation_matrix_has_the_steps_of_the_standard_as_columns(rotation):
    along_row, along_column, normal = rotation.T
    matrix = create_rotation_matrix(
        [*along_row, *along_column],
        pixel_spacing=[0.5, 2.0],
        spacing_between_slices=3.0,
    )
    # PS3.3 C.7.6.2.1.1: the row cosines go with the spacing between columns.
    np.testing.assert_allclose(matrix[:, 0], along_row * 2.0)
    np.testing.assert_allclose(matrix[:, 1], along_column * 0.5)
    np.testing.assert_allclose(matrix[:, 2], normal * 3.0)


def test_rotation_matrix_follows_index_convention_and_handedness():
    matrix = create_rotation_matrix(
        AXIAL,
        index_convention="UR",
        slices_first=True,
        handedness=AxisHandedness.LEFT_HANDED,
        pixel_spacing=[2.0, 3.0],
        spacing_between_slices=5.0,
    )
    np.testing.assert_array_equal(matrix, [[0, 0, 3], [0, -2, 0], [-5, 0, 0]])
    assert np.linalg.det(matrix) < 0.0


def test_negative_spacing_turns_the_slice_axis():
    matrix = create_rotation_matrix(AXIAL, spacing_between_slices=-2.0)
    np.testing.assert_array_equal(matrix[:, 2], [0.0, 0.0, -2.0])


def test_one_pixel_spacing_serves_both_directions():
    matrix = create_rotation_matrix(AXIAL, pixel_spacing=2)
    np.testing.assert_array_equal(np.diag(matrix), [2.0, 2.0, 1.0])


def test_arguments_are_not_changed():
    orientation = np.array(AXIAL)
    spacing = np.array([2.0, 3.0])
    create_rotation_matrix(orientation, pixel_spacing=spacing)
    np.testing.assert_array_equal(orientation, AXIAL)
    np.testing.assert_array_equal(spacing, [2.0, 3.0])


@pytest.mark.parametrize(
    ("orientation", "message"),
    [
        ([1, 0, 0, 0, 1], r"'image_orientation' must hold 6 numbers, but has shape"),
        ([[1, 0, 0], [0, 1, 0]], "must hold 6 numbers"),
        (["a", 0, 0, 0, 1, 0], "must hold 6 numbers"),
        ([np.nan, 0, 0, 0, 1, 0], "must hold finite numbers"),
        ([2, 0, 0, 0, 1, 0], "two perpendicular unit vectors"),
        ([0, 0, 0, 0, 1, 0], "two perpendicular unit vectors"),
        ([1, 0, 0, 1, 0, 0], "two perpendicular unit vectors"),
        ([1, 0, 0, 0.1, 0.995, 0], "two perpendicular unit vectors"),
    ],
)
def test_impossible_orientation_is_refused(orientation, message):
    with pytest.raises(InvalidArgumentError, match=message):
        create_rotation_matrix(orientation)
    with pytest.raises(ValueError, match=message):
        get_normal_vector(orientation)


@pytest.mark.parametrize("orientation", [None, 5, "100010"])
def test_orientation_must_be_a_sequence(orientation):
    with pytest.raises(ArgumentTypeError, match="'image_orientation' must be a seq"):
        create_rotation_matrix(orientation)


@pytest.mark.parametrize(
    ("convention", "message"),
    [
        ("RDI", "must have 2 letters"),
        ("XD", "must be one of L, R, U, D, not 'X'"),
        ("LR", "one direction along the rows"),
        ("DD", "one direction along the rows"),
    ],
)
def test_impossible_index_convention_is_refused(convention, message):
    with pytest.raises(InvalidArgumentError, match=message):
        create_rotation_matrix(AXIAL, index_convention=convention)


def test_index_convention_must_be_a_sequence():
    with pytest.raises(ArgumentTypeError, match="'index_convention' must be a string"):
        create_rotation_matrix(AXIAL, index_convention=5)


def test_unknown_handedness_is_refused():
    with pytest.raises(InvalidArgumentError, match="'handedness' must be one of"):
        get_normal_vector(AXIAL, handedness="right")


@pytest.mark.parametrize("spacing", [0.0, -1.0, [1.0, 0.0], [1.0], [1.0, np.inf]])
def test_pixel_spacing_must_be_two_positive_numbers(spacing):
    with pytest.raises(InvalidArgumentError, match="'pixel_spacing' must hold"):
        create_rotation_matrix(AXIAL, pixel_spacing=spacing)


@pytest.mark.parametrize("spacing", [0.0, np.nan])
def test_spacing_between_slices_must_be_finite_and_not_zero(spacing):
    with pytest.raises(InvalidArgumentError, match="'spacing_between_slices' must"):
        create_rotation_matrix(AXIAL, spacing_between_slices=spacing)


@pytest.mark.parametrize("spacing", ["1", None, [1.0]])
def test_spacing_between_slices_must_be_a_number(spacing):
    with pytest.raises(ArgumentTypeError, match="'spacing_between_slices' must be a n"):
        create_rotation_matrix(AXIAL, spacing_between_slices=spacing)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("LPH", np.diag([1, 2, 3])),
        ("RAF", -np.diag([1, 2, 3])),
        (["F", Patient.P, "L"], [[0, 0, 3], [0, 2, 0], [-1, 0, 0]]),
        ("SAL", [[0, 0, 3], [0, -2, 0], [1, 0, 0]]),
        ("IPL", [[0, 0, 3], [0, 2, 0], [-1, 0, 0]]),
    ],
)
def test_rotation_for_patient_orientation(codes, expected):
    rotation = rotation_for_patient_orientation(codes, [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(rotation, expected)


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ("LP", "'patient_orientation' must have 3 letters"),
        ("LPX", "'patient_orientation' must be one of"),
        ("lph", "'patient_orientation' must be one of"),
        ("LRH", "one direction each of L or R"),
        ("LLP", "one direction each of L or R"),
    ],
)
def test_impossible_patient_orientation_is_refused(codes, message):
    with pytest.raises(InvalidArgumentError, match=message):
        rotation_for_patient_orientation(codes)


def test_patient_orientation_must_be_a_sequence():
    with pytest.raises(ArgumentTypeError, match="'patient_orientation' must be a str"):
        rotation_for_patient_orientation(5)


def test_closest_orientation_ignores_lengths_and_accepts_affine_matrices(rotation):
    affine = np.eye(4)
    affine[:3, :3] = rotation * [0.1, 5.0, 1.0]
    affine[:3, 3] = [-100.0, 50.0, 7.0]
    assert get_closest_patient_orientation(affine) == (Patient.L, Patient.P, Patient.H)


def test_closest_orientation_gives_each_axis_once():
    # The first axis is as close to L as to P, the second to P as to R.
    rotation = np.array([[1, -1, 0], [1, 1, 0], [0, 0, np.sqrt(2)]]) / np.sqrt(2)
    assert get_closest_patient_orientation(rotation) == (
        Patient.L,
        Patient.P,
        Patient.H,
    )


def test_closest_orientation_of_permuted_and_flipped_axes():
    matrix = np.array([[0, 0, -2.0], [3.0, 0, 0], [0, -1.0, 0]])
    assert get_closest_patient_orientation(matrix) == (
        Patient.P,
        Patient.F,
        Patient.R,
    )


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.eye(5), r"must have shape \(3, 3\) or \(4, 4\)"),
        (np.diag([1.0, 1.0, 0.0]), "three axes of finite length"),
        (np.eye(3) * np.nan, "three axes of finite length"),
        ([[1, 0.01, 0], [0, 1, 0], [0, 0, 1]], "perpendicular axes"),
    ],
)
def test_closest_orientation_needs_perpendicular_axes(matrix, message):
    with pytest.raises(InvalidArgumentError, match=message):
        get_closest_patient_orientation(matrix)


def test_closest_orientation_needs_numbers():
    with pytest.raises(ArgumentTypeError, match="'affine' must be an array of numbers"):
        get_closest_patient_orientation([["a", "b"]])


def test_up_to_three_points_are_coplanar():
    points = np.array([[1, 2, 3], [4, 5, 7], [-3, 0, 8]])
    for count in range(4):
        assert are_points_coplanar(points[:count]) is True


def test_coplanarity_is_decided_by_the_distance_from_the_best_plane(rotation):
    flat = np.array(
        [[0, 0, 0], [10, 0, 0], [0, 10, 0], [10, 10, 0], [5, 5, 0.1]], dtype=float
    )
    points = flat @ rotation.T + [30, -20, 5]
    # The best plane goes through the mean, 0.02 above the four corners.
    assert are_points_coplanar(points, tol=0.081)
    assert not are_points_coplanar(points, tol=0.079)
    assert not are_points_coplanar(points)
    assert are_points_coplanar(points[:4])


def test_collinear_points_are_coplanar():
    assert are_points_coplanar(np.outer(np.arange(5.0), [1.0, 2.0, 3.0]))


@pytest.mark.parametrize("points", [np.zeros((4, 2)), np.zeros(3)])
def test_points_must_have_three_coordinates(points):
    with pytest.raises(InvalidArgumentError, match=r"must have shape \(n, 3\)"):
        are_points_coplanar(points)


def test_points_must_be_finite_numbers():
    with pytest.raises(InvalidArgumentError, match="must be finite"):
        are_points_coplanar(np.full((5, 3), np.nan))
    with pytest.raises(ArgumentTypeError, match="must be an array of numbers"):
        are_points_coplanar("abc")
