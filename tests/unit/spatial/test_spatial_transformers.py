import copy
import pickle

import numpy as np
import pytest

from highdicom.errors import (
    ArgumentTypeError,
    FrameNumberError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.spatial import (
    ImageToImageTransformer,
    ImageToReferenceTransformer,
    PixelToPixelTransformer,
    PixelToReferenceTransformer,
    ReferenceToImageTransformer,
    ReferenceToPixelTransformer,
)
from highdicom.spatial.from_reference import OutOfPlaneError

AXIAL = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
PLANE = ([10.0, 20.0, 30.0], AXIAL, [0.5, 0.25])


def test_pixel_indices_name_the_centres_of_pixels():
    transformer = PixelToReferenceTransformer(*PLANE)
    np.testing.assert_array_equal(
        transformer(np.array([[0, 0], [4, 0], [0, 4]])),
        [[10, 20, 30], [11, 20, 30], [10, 22, 30]],
    )


def test_image_coordinates_start_at_the_corner_of_the_first_pixel():
    transformer = ImageToReferenceTransformer(*PLANE)
    np.testing.assert_array_equal(
        transformer(np.array([[0.5, 0.5], [0.0, 0.0], [4.5, 0.5]])),
        [[10, 20, 30], [9.875, 19.75, 30], [11, 20, 30]],
    )


def test_reference_to_pixel_gives_rounded_indices_with_slice():
    transformer = ReferenceToPixelTransformer(*PLANE, spacing_between_slices=2.0)
    result = transformer(np.array([[11.1, 21.9, 30.0], [10.0, 20.0, 33.5]]))
    assert result.dtype == np.int64
    np.testing.assert_array_equal(result, [[4, 4, 0], [0, 0, 2]])


def test_reference_to_pixel_without_rounding():
    transformer = ReferenceToPixelTransformer(*PLANE, round_output=False)
    result = transformer(np.array([[11.1, 21.9, 30.5]]))
    np.testing.assert_allclose(result, [[4.4, 3.8, 0.5]])


def test_reference_to_image_is_half_a_pixel_further():
    transformer = ReferenceToImageTransformer(*PLANE)
    result = transformer(np.array([[10.0, 20.0, 31.0]]))
    np.testing.assert_allclose(result, [[0.5, 0.5, 1.0]])


def test_slice_can_be_dropped_within_half_a_slice():
    points = np.array([[10.0, 20.0, 31.0], [10.25, 20.0, 29.0]])
    to_pixel = ReferenceToPixelTransformer(
        *PLANE, spacing_between_slices=2.0, drop_slice_index=True
    )
    to_image = ReferenceToImageTransformer(
        *PLANE, spacing_between_slices=2.0, drop_slice_coord=True
    )
    np.testing.assert_array_equal(to_pixel(points), [[0, 0], [1, 0]])
    np.testing.assert_allclose(to_image(points), [[0.5, 0.5], [1.5, 0.5]])


@pytest.mark.parametrize("z", [30.51, 29.49, np.nan])
def test_slice_cannot_be_dropped_beyond(z):
    points = np.array([[10.0, 20.0, 30.0], [10.0, 20.0, z]])
    for transformer in (
        ReferenceToPixelTransformer(*PLANE, drop_slice_index=True),
        ReferenceToImageTransformer(*PLANE, drop_slice_coord=True),
    ):
        with pytest.raises(OutOfPlaneError, match="in the plane of the image"):
            transformer(points)
        with pytest.raises(RuntimeError):
            transformer(points)


def test_pixels_of_a_turned_image_in_the_same_plane():
    transformer = PixelToPixelTransformer(
        *PLANE, [11.0, 20.0, 30.0], [0, 1, 0, -1, 0, 0], [0.25, 0.5]
    )
    # One pixel to the right is 0.25 mm to the left: a row of the other upwards.
    np.testing.assert_array_equal(
        transformer(np.array([[4, 0], [3, 0], [4, 1]])), [[0, 0], [0, 1], [1, 0]]
    )


def test_pixels_of_another_image_need_not_be_rounded():
    transformer = PixelToPixelTransformer(
        *PLANE, PLANE[0], AXIAL, [1.0, 1.0], round_output=False
    )
    result = transformer(np.array([[1, 1]], dtype=np.uint8))
    assert result.dtype == np.float64
    np.testing.assert_allclose(result, [[0.25, 0.5]])


def test_corners_of_images_with_other_spacing():
    transformer = ImageToImageTransformer(
        [10.125, 20.25, 30.0], AXIAL, [0.5, 0.25], [10.5, 20.5, 30.0], AXIAL, [1.0, 1.0]
    )
    # Both images have their corner at (10, 20).
    np.testing.assert_allclose(
        transformer(np.array([[0.0, 0.0], [4.0, 2.0]])), [[0, 0], [1, 1]]
    )


@pytest.mark.parametrize(
    ("position", "orientation"),
    [
        ([10.0, 20.0, 30.001], AXIAL),
        ([10.0, 20.0, 30.0], [0, 0, 1, 0, 1, 0]),
        ([10.0, 20.0, 30.0], [np.cos(0.005), 0, np.sin(0.005), 0, 1, 0]),
    ],
)
def test_images_in_different_planes_are_refused(position, orientation):
    for kind in (PixelToPixelTransformer, ImageToImageTransformer):
        with pytest.raises(InvalidArgumentError, match="do not lie in the same plane"):
            kind(*PLANE, position, orientation, [1.0, 1.0])


def test_images_seen_from_either_side_lie_in_the_same_plane():
    transformer = PixelToPixelTransformer(
        *PLANE, [11.0, 20.0, 30.0], [-1, 0, 0, 0, 1, 0], [0.5, 0.25]
    )
    np.testing.assert_array_equal(transformer(np.array([[1, 5]])), [[3, 5]])


def test_rounded_attributes_do_not_part_planes(rotation):
    # Six decimals, as many scanners write them, 300 mm apart in the plane.
    orientation = np.round([*rotation[:, 0], *rotation[:, 1]], 6).tolist()
    position = np.round(300.0 * rotation[:, 0], 6).tolist()
    transformer = PixelToPixelTransformer(
        [0, 0, 0], orientation, [1, 1], position, orientation, [1, 1]
    )
    np.testing.assert_array_equal(transformer(np.array([[300, 5]])), [[0, 5]])


def test_affine_is_a_copy_of_the_map():
    transformer = PixelToReferenceTransformer(*PLANE)
    affine = transformer.affine
    np.testing.assert_array_equal(
        affine, [[0.25, 0, 0, 10], [0, 0.5, 0, 20], [0, 0, 1, 30], [0, 0, 0, 1]]
    )
    affine[:] = 0.0
    assert transformer.affine[0, 3] == 10.0


def test_forward_and_backward_affine_are_inverse(rotation):
    plane = ([1.0, 2.0, 3.0], [*rotation[:, 0], *rotation[:, 1]], [0.5, 0.25])
    for forward, backward in (
        (PixelToReferenceTransformer, ReferenceToPixelTransformer),
        (ImageToReferenceTransformer, ReferenceToImageTransformer),
    ):
        product = backward(*plane).affine @ forward(*plane).affine
        np.testing.assert_allclose(product, np.eye(4), atol=1e-12)


def test_representation_shows_the_matrix():
    assert repr(PixelToReferenceTransformer(*PLANE)).startswith(
        "PixelToReferenceTransformer(affine=[[0.25, 0.0, 0.0, 10.0],"
    )


def test_transformers_can_be_pickled_and_copied():
    transformer = ReferenceToPixelTransformer(*PLANE, drop_slice_index=True)
    points = np.array([[10.6, 20.0, 30.0]])
    for twin in (pickle.loads(pickle.dumps(transformer)), copy.deepcopy(transformer)):
        np.testing.assert_array_equal(twin(points), transformer(points))


def test_no_points_give_no_points():
    assert PixelToReferenceTransformer(*PLANE)(np.empty((0, 2), int)).shape == (0, 3)
    assert ReferenceToPixelTransformer(*PLANE)(np.empty((0, 3))).shape == (0, 3)


def test_points_are_not_changed():
    points = np.array([[1.0, 2.0]])
    ImageToReferenceTransformer(*PLANE)(points)
    np.testing.assert_array_equal(points, [[1.0, 2.0]])


def test_unsigned_indices_do_not_wrap():
    result = PixelToReferenceTransformer([0, 0, 0], [-1, 0, 0, 0, 1, 0], [1, 1])(
        np.array([[200, 3]], dtype=np.uint8)
    )
    np.testing.assert_array_equal(result, [[-200, 3, 0]])


@pytest.mark.parametrize(
    "indices",
    [np.array([[0.0, 1.0]]), np.array([["a", "b"]]), np.array([[True, True]])],
)
def test_indices_must_be_integers(indices):
    with pytest.raises(ArgumentTypeError, match="'indices' must be an array of"):
        PixelToReferenceTransformer(*PLANE)(indices)
    with pytest.raises(TypeError):
        PixelToPixelTransformer(*PLANE, *PLANE)(indices)


@pytest.mark.parametrize("points", [[[1, 2, 3]], [1, 2], [[1], [1, 2]]])
def test_two_coordinates_are_needed_in_an_image(points):
    with pytest.raises(InvalidArgumentError, match=r"must have shape \(n, 2\)"):
        PixelToReferenceTransformer(*PLANE)(points)
    with pytest.raises(InvalidArgumentError, match=r"must have shape \(n, 2\)"):
        ImageToReferenceTransformer(*PLANE)(points)


def test_three_coordinates_are_needed_in_the_reference_system():
    for kind in (ReferenceToPixelTransformer, ReferenceToImageTransformer):
        with pytest.raises(InvalidArgumentError, match=r"must have shape \(n, 3\)"):
            kind(*PLANE)(np.zeros((4, 2)))


def test_coordinates_that_are_not_finite_cannot_be_rounded():
    with pytest.raises(InvalidArgumentError, match="must be finite"):
        ReferenceToPixelTransformer(*PLANE)(np.array([[np.nan, 0.0, 0.0]]))


def test_single_frame_image(single_frame):
    image = single_frame(*PLANE)
    for number in (None, 1):
        transformer = PixelToReferenceTransformer.for_image(image, number)
        np.testing.assert_array_equal(
            transformer.affine, PixelToReferenceTransformer(*PLANE).affine
        )


@pytest.mark.parametrize("number", [0, 2, "1"])
def test_single_frame_image_has_frame_one_only(single_frame, number):
    with pytest.raises(ArgumentTypeError, match="'frame_number' must be None or 1"):
        PixelToReferenceTransformer.for_image(single_frame(), number)


def test_enhanced_image_has_one_map_per_frame(enhanced):
    image = enhanced([(1, 2, 3), (4, 5, 6)], spacing=[0.5, 0.25])
    for kind in (PixelToReferenceTransformer, ImageToReferenceTransformer):
        for number, position in [(1, [1, 2, 3]), (np.int64(2), [4, 5, 6])]:
            np.testing.assert_array_equal(
                kind.for_image(image, number).affine,
                kind(position, AXIAL, [0.5, 0.25]).affine,
            )


@pytest.mark.parametrize("number", [0, 3, -1])
def test_enhanced_image_has_no_other_frames(enhanced, number):
    with pytest.raises(FrameNumberError, match="the image has frames 1 to 2"):
        PixelToReferenceTransformer.for_image(enhanced([(0, 0, 0)] * 2), number)


@pytest.mark.parametrize("number", [None, 1.0, "1"])
def test_enhanced_image_needs_an_integer_frame_number(enhanced, number):
    with pytest.raises(ArgumentTypeError, match="'frame_number' must be an integer"):
        ImageToReferenceTransformer.for_image(enhanced([(0, 0, 0)]), number)


def test_slice_axis_has_the_stored_spacing(enhanced, single_frame):
    points = np.array([[0.0, 0.0, 5.0]])
    image = enhanced([(0, 0, 0)], between_slices=2.5)
    to_pixel = ReferenceToPixelTransformer.for_image(image, 1)
    np.testing.assert_array_equal(to_pixel(points), [[0, 0, 2]])
    to_image = ReferenceToImageTransformer.for_image(image, 1)
    np.testing.assert_allclose(to_image(points), [[0.5, 0.5, 2.0]])
    without = ReferenceToPixelTransformer.for_image(single_frame())
    np.testing.assert_array_equal(without(points), [[0, 0, 5]])


def test_slice_axis_of_no_length_is_refused(single_frame):
    image = single_frame()
    image.SpacingBetweenSlices = 0.0
    with pytest.raises(InvalidAttributeError, match="SpacingBetweenSlices must not be"):
        ReferenceToPixelTransformer.for_image(image)
    assert PixelToReferenceTransformer.for_image(image).affine[2, 2] == 1.0


def test_options_reach_the_map_of_an_image(single_frame):
    image = single_frame()
    points = np.array([[0.25, 0.0, 0.25]])
    to_pixel = ReferenceToPixelTransformer.for_image(
        image, round_output=False, drop_slice_index=True
    )
    to_image = ReferenceToImageTransformer.for_image(image, drop_slice_coord=True)
    np.testing.assert_allclose(to_pixel(points), [[0.25, 0.0]])
    np.testing.assert_allclose(to_image(points), [[0.75, 0.5]])


def test_total_pixel_matrix_of_a_slide(slide):
    image = slide(origin=(10.0, 20.0, 0.125))
    transformer = PixelToReferenceTransformer.for_image(
        image, for_total_pixel_matrix=True
    )
    np.testing.assert_array_equal(
        transformer(np.array([[0, 0], [32, 0], [0, 16]])),
        [[10, 20, 0.125], [10, 12, 0.125], [2, 20, 0.125]],
    )


def test_tiles_of_a_slide_lie_in_its_total_pixel_matrix(slide):
    image = slide()
    transformer = PixelToPixelTransformer.for_images(
        image, image, frame_number_from=4, for_total_pixel_matrix_to=True
    )
    # The fourth tile is the second of the second row of tiles.
    np.testing.assert_array_equal(
        transformer(np.array([[0, 0], [5, 7]])), [[32, 16], [37, 23]]
    )


def test_total_pixel_matrix_needs_a_tiled_image(single_frame):
    with pytest.raises(ValueError, match="The image is not a tiled image"):
        PixelToReferenceTransformer.for_image(
            single_frame(), for_total_pixel_matrix=True
        )


def test_total_pixel_matrix_needs_a_frame_of_reference(slide):
    image = slide()
    del image.FrameOfReferenceUID
    with pytest.raises(MissingAttributeError, match="no spatial information"):
        PixelToReferenceTransformer.for_image(image, for_total_pixel_matrix=True)


def test_two_images_of_one_frame_of_reference(single_frame, enhanced):
    first = single_frame((1, 2, 3), spacing=(2, 3))
    second = enhanced([(0, 0, 0), (4, 6, 3)])
    pixels = PixelToPixelTransformer.for_images(
        first, second, frame_number_to=2, round_output=False
    )
    corners = ImageToImageTransformer.for_images(first, second, frame_number_to=2)
    np.testing.assert_allclose(pixels(np.array([[1, 2]])), [[0.0, 0.0]], atol=1e-12)
    np.testing.assert_allclose(corners(np.array([[1.5, 2.5]])), [[0.5, 0.5]])


def test_images_of_different_frames_of_reference_are_not_related(single_frame):
    other = single_frame()
    other.FrameOfReferenceUID = "2.25.2"
    with pytest.raises(InvalidAttributeError, match="frames of reference differ"):
        ImageToImageTransformer.for_images(single_frame(), other)


@pytest.mark.parametrize("error", [ValueError, AttributeError])
def test_images_without_frame_of_reference_are_not_related(single_frame, error):
    other = single_frame()
    del other.FrameOfReferenceUID
    with pytest.raises(error, match="FrameOfReferenceUID is missing"):
        PixelToPixelTransformer.for_images(single_frame(), other)


def test_images_must_be_datasets(single_frame):
    with pytest.raises(ArgumentTypeError, match="'dataset_to' must be a dataset"):
        PixelToPixelTransformer.for_images(single_frame(), 5)
    with pytest.raises(ArgumentTypeError, match="'dataset' must be a dataset, not int"):
        PixelToReferenceTransformer.for_image(5)
