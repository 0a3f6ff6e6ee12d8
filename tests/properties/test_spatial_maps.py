"""Maps between pixels, images and reference coordinates, and their inverses."""

from itertools import permutations, product

import numpy as np
from hypothesis import given, settings, strategies as st

from highdicom.enum import AxisHandedness
from highdicom.spatial import (
    ImageToImageTransformer,
    ImageToReferenceTransformer,
    PixelToPixelTransformer,
    PixelToReferenceTransformer,
    ReferenceToImageTransformer,
    ReferenceToPixelTransformer,
    convert_affine_to_convention,
    create_affine_matrix_from_components,
    create_rotation_matrix,
    get_closest_patient_orientation,
    get_normal_vector,
    map_coordinate_into_pixel_matrix,
    map_pixel_into_coordinate_system,
    rotation_for_patient_orientation,
)

few = settings(max_examples=50, deadline=None)

PATIENT_ORIENTATIONS = [
    "".join(codes)
    for axes in permutations(["LR", "AP", "HF"])
    for codes in product(*axes)
]
INDEX_CONVENTIONS = [
    "".join(codes) for axes in permutations(["LR", "UD"]) for codes in product(*axes)
]

coordinate = st.floats(-1e3, 1e3)
distance = st.floats(0.01, 10.0)
index = st.integers(-1000, 5000)
patient_orientations = st.sampled_from(PATIENT_ORIENTATIONS)


quaternions = st.tuples(*[st.floats(-1, 1)] * 4).filter(
    lambda values: np.linalg.norm(values) > 0.1
)


@st.composite
def rotations(draw):
    """Directions of three axes as columns, perhaps mirrored or along the patient."""
    if draw(st.booleans()):
        return rotation_for_patient_orientation(draw(patient_orientations))
    quaternion = np.array(draw(quaternions))
    a, b, c, d = quaternion / np.linalg.norm(quaternion)
    matrix = np.array(
        [
            [1 - 2 * (c * c + d * d), 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), 1 - 2 * (b * b + d * d), 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), 1 - 2 * (b * b + c * c)],
        ]
    )
    return matrix * [1.0, 1.0, draw(st.sampled_from([1.0, -1.0]))]


@st.composite
def planes(draw):
    rotation = draw(rotations())
    return (
        draw(st.tuples(coordinate, coordinate, coordinate)),
        [*rotation[:, 0].tolist(), *rotation[:, 1].tolist()],
        draw(st.tuples(distance, distance)),
    )


@few
@given(planes(), st.lists(st.tuples(index, index), min_size=1), distance)
def test_pixels_come_back_from_the_reference_system(plane, pixels, between_slices):
    indices = np.array(pixels)
    points = PixelToReferenceTransformer(*plane)(indices)
    back = ReferenceToPixelTransformer(*plane, between_slices)
    np.testing.assert_array_equal(back(points)[:, :2], indices)
    np.testing.assert_array_equal(back(points)[:, 2], 0)
    in_plane = ReferenceToPixelTransformer(*plane, drop_slice_index=True)
    np.testing.assert_array_equal(in_plane(points), indices)


@few
@given(planes(), st.lists(st.tuples(coordinate, coordinate), min_size=1))
def test_image_coordinates_come_back_from_the_reference_system(plane, points):
    coordinates = np.array(points)
    reference = ImageToReferenceTransformer(*plane)(coordinates)
    back = ReferenceToImageTransformer(*plane, drop_slice_coord=True)
    np.testing.assert_allclose(back(reference), coordinates, atol=1e-6)


@few
@given(planes(), st.tuples(coordinate, coordinate, coordinate), distance)
def test_reference_coordinates_come_back_from_indices_and_slice(
    plane, point, between_slices
):
    transformer = ReferenceToPixelTransformer(
        *plane, between_slices, round_output=False
    )
    column, row, slice_index = transformer(np.array([point]))[0]
    position, orientation, (between_rows, between_columns) = plane
    along_row, along_column = np.array(orientation).reshape(2, 3)
    back = (
        position
        + column * between_columns * along_row
        + row * between_rows * along_column
        + slice_index * between_slices * np.cross(along_row, along_column)
    )
    np.testing.assert_allclose(back, point, atol=1e-6)


@few
@given(planes(), st.tuples(index, index))
def test_centre_of_a_pixel_has_image_coordinates_half_a_pixel_on(plane, pixel):
    indices = np.array([pixel])
    np.testing.assert_allclose(
        PixelToReferenceTransformer(*plane)(indices),
        ImageToReferenceTransformer(*plane)(indices + 0.5),
        atol=1e-6,
    )


@few
@given(planes(), st.tuples(index, index))
def test_single_pixels_and_arrays_of_pixels_are_mapped_alike(plane, pixel):
    point = map_pixel_into_coordinate_system(pixel, *plane)
    transformer = PixelToReferenceTransformer(*plane)
    np.testing.assert_array_equal(point, transformer(np.array([pixel]))[0])
    assert map_coordinate_into_pixel_matrix(point, *plane) == (*pixel, 0)


@st.composite
def pairs_of_images(draw):
    """Two images in one plane, the second turned, mirrored and shifted in it."""
    position, orientation, spacing = draw(planes())
    along_row, along_column = np.array(orientation).reshape(2, 3)
    angle = draw(st.floats(0.0, 6.3))
    mirror = draw(st.sampled_from([1.0, -1.0]))
    row = np.cos(angle) * along_row + np.sin(angle) * along_column
    column = mirror * (np.cos(angle) * along_column - np.sin(angle) * along_row)
    shift = (
        draw(st.floats(-50, 50)) * along_row + draw(st.floats(-50, 50)) * along_column
    )
    other = (
        (np.array(position) + shift).tolist(),
        [*row.tolist(), *column.tolist()],
        draw(st.tuples(distance, distance)),
    )
    return (position, orientation, spacing), other


@few
@given(pairs_of_images(), st.lists(st.tuples(index, index), min_size=1))
def test_pixels_go_through_the_reference_system_to_another_image(images, pixels):
    first, second = images
    indices = np.array(pixels)
    direct = PixelToPixelTransformer(*first, *second, round_output=False)(indices)
    there = PixelToReferenceTransformer(*first)(indices)
    back = ReferenceToPixelTransformer(*second, round_output=False)(there)
    scale = max(np.abs(direct).max(), 1.0)
    np.testing.assert_allclose(direct, back[:, :2], atol=1e-8 * scale)


@few
@given(pairs_of_images(), st.lists(st.tuples(coordinate, coordinate), min_size=1))
def test_points_of_an_image_come_back_from_another(images, points):
    first, second = images
    coordinates = np.array(points)
    there = ImageToImageTransformer(*first, *second)(coordinates)
    back = ImageToImageTransformer(*second, *first)(there)
    np.testing.assert_allclose(back, coordinates, atol=1e-5)


@few
@given(rotations(), patient_orientations, patient_orientations, st.data())
def test_conventions_convert_back_and_by_way_of_a_third(rotation, start, end, data):
    affine = np.eye(4)
    affine[:3, :3] = rotation
    affine[:3, 3] = data.draw(st.tuples(coordinate, coordinate, coordinate))
    there = convert_affine_to_convention(affine, start, end)
    np.testing.assert_array_equal(
        convert_affine_to_convention(there, end, start), affine
    )
    middle = data.draw(patient_orientations)
    np.testing.assert_array_equal(
        convert_affine_to_convention(
            convert_affine_to_convention(affine, start, middle), middle, end
        ),
        there,
    )


@few
@given(rotations(), patient_orientations)
def test_conversion_keeps_each_coordinate_under_its_name(rotation, end):
    affine = np.eye(4)
    affine[:3, :3] = rotation
    by_name = {}
    for row, (name, opposite) in zip(affine, ["LR", "PA", "HF"], strict=False):
        by_name[name], by_name[opposite] = row, -row
    converted = convert_affine_to_convention(affine, "LPH", end)
    for row, name in zip(converted, end, strict=False):
        np.testing.assert_array_equal(row, by_name[name])


@given(patient_orientations, st.tuples(distance, distance, distance))
@few
def test_closest_orientation_of_axes_along_the_patient_is_exact(codes, spacing):
    rotation = rotation_for_patient_orientation(codes, spacing)
    found = get_closest_patient_orientation(rotation)
    assert "".join(code.value for code in found) == codes
    np.testing.assert_array_equal(np.linalg.norm(rotation, axis=0), spacing)


@few
@given(rotations())
def test_closest_orientation_gives_directions_of_three_axes(rotation):
    codes = [code.value for code in get_closest_patient_orientation(rotation)]
    # Raises if two codes are of one axis.
    ideal = rotation_for_patient_orientation(codes)
    # The first axis encloses less than 55 degrees with its direction.
    assert ideal[:, 0] @ rotation[:, 0] > 0.577
    assert (np.sum(ideal * rotation, axis=0) > -1e-12).all()


@few
@given(
    rotations(),
    st.sampled_from(INDEX_CONVENTIONS),
    st.sampled_from(list(AxisHandedness)),
    st.booleans(),
)
def test_sign_of_the_determinant_is_the_handedness(
    rotation, convention, handedness, slices_first
):
    orientation = [*rotation[:, 0], *rotation[:, 1]]
    matrix = create_rotation_matrix(
        orientation, convention, slices_first=slices_first, handedness=handedness
    )
    expected = 1.0 if handedness is AxisHandedness.RIGHT_HANDED else -1.0
    assert abs(np.linalg.det(matrix) - expected) < 1e-9
    np.testing.assert_allclose(matrix.T @ matrix, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(
        matrix[:, 0 if slices_first else 2],
        get_normal_vector(orientation, convention, handedness),
        atol=1e-12,
    )


@few
@given(
    rotations(),
    st.tuples(distance, distance, distance),
    st.tuples(coordinate, coordinate, coordinate),
    st.tuples(*[st.integers(1, 100)] * 3),
)
def test_centre_and_position_describe_the_same_array(rotation, spacing, center, shape):
    by_center = create_affine_matrix_from_components(
        spacing=spacing,
        center_position=center,
        direction=rotation,
        spatial_shape=shape,
    )
    by_position = create_affine_matrix_from_components(
        spacing=spacing, position=by_center[:3, 3].tolist(), direction=rotation
    )
    np.testing.assert_array_equal(by_center, by_position)
    middle = [(size - 1) / 2 for size in shape]
    np.testing.assert_allclose((by_position @ [*middle, 1.0])[:3], center, atol=1e-8)
