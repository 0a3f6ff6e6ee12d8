"""Where voxels lie: attributes, components, indices and positions."""

import copy
import pickle

import numpy as np
import pytest

from highdicom import VolumeGeometry
from highdicom.enum import (
    AxisHandedness,
    CoordinateSystemNames,
    PatientOrientationValuesBiped as Direction,
)
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    VolumeError,
)

# Slices run to the foot every 4 mm, rows to the right every 2, columns back every 3.
AFFINE = np.array(
    [
        [0.0, -2.0, 0.0, 10.0],
        [0.0, 0.0, 3.0, 20.0],
        [-4.0, 0.0, 0.0, 30.0],
        [0.0, 0.0, 0.0, 1.0],
    ]
)
SHAPE = (2, 3, 4)


@pytest.fixture
def geometry():
    return VolumeGeometry(AFFINE, SHAPE, "PATIENT", "1.2.3")


@pytest.fixture
def on_slide():
    return VolumeGeometry(np.diag([2.0, 3.0, 4.0, 1.0]), SHAPE, "SLIDE")


def test_what_is_given_can_be_read(geometry):
    np.testing.assert_array_equal(geometry.affine, AFFINE)
    assert geometry.spatial_shape == geometry.shape == SHAPE
    assert geometry.ndim == 3
    assert geometry.coordinate_system is CoordinateSystemNames.PATIENT
    assert geometry.frame_of_reference_uid == "1.2.3"


def test_measures_follow_from_affine_and_shape(geometry):
    assert geometry.position == (10.0, 20.0, 30.0)
    assert geometry.spacing == (4.0, 2.0, 3.0)
    assert geometry.spacing_between_slices == 4.0
    assert geometry.pixel_spacing == (2.0, 3.0)
    assert geometry.voxel_volume == 24.0
    assert geometry.physical_extent == (8.0, 6.0, 12.0)
    assert geometry.physical_volume == 576.0


def test_directions_are_unit_vectors_of_the_axes(geometry):
    np.testing.assert_array_equal(
        geometry.direction, [[0, -1, 0], [0, 0, 1], [-1, 0, 0]]
    )
    assert [v.tolist() for v in geometry.unit_vectors()] == [
        [0, 0, -1],
        [-1, 0, 0],
        [0, 1, 0],
    ]
    assert [v.tolist() for v in geometry.spacing_vectors()] == [
        [0, 0, -4],
        [-2, 0, 0],
        [0, 3, 0],
    ]
    # Direction of rows first: along it the column index, the third, grows.
    assert geometry.direction_cosines == (0, 1, 0, -1, 0, 0)
    assert geometry.get_closest_patient_orientation() == (
        Direction.F,
        Direction.R,
        Direction.P,
    )


def test_handedness_is_that_of_the_axes_in_order(geometry):
    # (-z) x (-x) = y, along which the third axis runs.
    assert geometry.handedness is AxisHandedness.RIGHT_HANDED
    assert geometry.flip_spatial(1).handedness is AxisHandedness.LEFT_HANDED


@pytest.mark.parametrize(
    ("shape", "center", "nearest"),
    [
        ((1, 1, 1), (0.0, 0.0, 0.0), (0, 0, 0)),
        ((2, 3, 4), (0.5, 1.0, 1.5), (0, 1, 1)),
        ((5, 6, 7), (2.0, 2.5, 3.0), (2, 2, 3)),
    ],
)
def test_the_centre_lies_between_the_outermost_voxels(shape, center, nearest):
    geometry = VolumeGeometry(AFFINE, shape, "PATIENT")
    assert geometry.center_indices == center
    assert geometry.nearest_center_indices == nearest
    assert geometry.center_position == tuple((AFFINE @ (*center, 1))[:3])


def test_matrices_are_copies(geometry):
    geometry.affine[0, 0] = 99
    geometry.spacing_vectors()[0][0] = 99
    geometry.unit_vectors()[0][0] = 99
    np.testing.assert_array_equal(geometry.affine, AFFINE)
    given = AFFINE.copy()
    kept = VolumeGeometry(given, SHAPE, "PATIENT")
    given[0, 3] = 99
    assert kept.position[0] == 10.0


def test_the_inverse_affine_maps_positions_to_indices(geometry):
    position = AFFINE @ (1, 2, 3, 1)
    np.testing.assert_allclose(geometry.inverse_affine @ position, (1, 2, 3, 1))


@pytest.mark.parametrize("affine", [AFFINE.tolist(), AFFINE.astype(int)])
def test_affines_become_float64(affine):
    found = VolumeGeometry(affine, SHAPE, "PATIENT").affine
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, AFFINE)


def changed(row, column, value):
    matrix = np.eye(4)
    matrix[row, column] = value
    return matrix


@pytest.mark.parametrize(
    ("affine", "error"),
    [
        (np.eye(3), InvalidArgumentError),
        (changed(3, 3, 2.0), InvalidArgumentError),
        (changed(3, 0, 1.0), InvalidArgumentError),
        (changed(0, 0, 0.0), InvalidArgumentError),
        (changed(0, 1, 2e-4), InvalidArgumentError),
        (changed(0, 3, np.nan), InvalidArgumentError),
        (changed(0, 3, np.inf), InvalidArgumentError),
        (changed(0, 0, np.nan), InvalidArgumentError),
        (np.eye(4) * 1j, ArgumentTypeError),
        (np.eye(4).astype(object), ArgumentTypeError),
        (None, ArgumentTypeError),
        ("affine", ArgumentTypeError),
    ],
)
def test_bad_affines_are_refused(affine, error):
    with pytest.raises(error, match=r"'affine'.*\.$"):
        VolumeGeometry(affine, SHAPE, "PATIENT")


def test_axes_may_deviate_a_little_from_right_angles():
    # The tolerance is one of angles, so it does not depend on the spacing.
    for scale in (1.0, 0.1):
        given = changed(0, 1, 0.9e-4) @ np.diag([scale, scale, scale, 1.0])
        geometry = VolumeGeometry(given, SHAPE, "PATIENT")
        np.testing.assert_array_equal(geometry.affine, given)


@pytest.mark.parametrize(
    ("shape", "error"),
    [
        ((2, 3), InvalidArgumentError),
        ((2, 3, 4, 5), InvalidArgumentError),
        ((0, 3, 4), InvalidArgumentError),
        ((-1, 3, 4), InvalidArgumentError),
        ((2.0, 3, 4), ArgumentTypeError),
        ("234", ArgumentTypeError),
        (5, ArgumentTypeError),
        (None, ArgumentTypeError),
    ],
)
def test_bad_shapes_are_refused(shape, error):
    with pytest.raises(error, match=r"'spatial_shape'.*\.$"):
        VolumeGeometry(AFFINE, shape, "PATIENT")


def test_shapes_become_integers_of_python():
    shape = VolumeGeometry(AFFINE, np.array(SHAPE), "PATIENT").spatial_shape
    assert shape == SHAPE
    assert all(type(size) is int for size in shape)


@pytest.mark.parametrize("system", ["patient", "foo", None, 3])
def test_unknown_coordinate_systems_are_refused(system):
    with pytest.raises(InvalidArgumentError, match="'coordinate_system' must be"):
        VolumeGeometry(AFFINE, SHAPE, system)


def test_a_uid_must_be_a_text():
    with pytest.raises(ArgumentTypeError, match="'frame_of_reference_uid'"):
        VolumeGeometry(AFFINE, SHAPE, "PATIENT", 123)


@pytest.mark.parametrize(
    ("convention", "signs"),
    [
        ("LPH", (1, 1, 1)),
        ("LPS", (1, 1, 1)),
        ("RAH", (-1, -1, 1)),
        (["R", "P", Direction.F], (-1, 1, -1)),
    ],
)
def test_an_affine_in_another_convention_is_converted(convention, signs):
    geometry = VolumeGeometry(
        AFFINE, SHAPE, "PATIENT", from_reference_convention=convention
    )
    expected = np.diag([*signs, 1.0]) @ AFFINE
    np.testing.assert_array_equal(geometry.affine, expected)
    np.testing.assert_array_equal(geometry.get_affine(convention), AFFINE)
    np.testing.assert_array_equal(geometry.get_affine(None), expected)


def test_conventions_about_the_patient_mean_nothing_on_a_slide():
    with pytest.raises(ConflictingArgumentsError, match="'from_reference_convention'"):
        VolumeGeometry(AFFINE, SHAPE, "SLIDE", from_reference_convention="RAH")


@pytest.mark.parametrize("convention", ["RA", "RLH", "XYZ"])
def test_impossible_conventions_are_refused(geometry, convention):
    with pytest.raises(InvalidArgumentError, match=r"\.$"):
        geometry.get_affine(convention)


ATTRIBUTES = {
    "image_position": [1.0, 2.0, 3.0],
    "image_orientation": [0, 1, 0, 0, 0, -1],
    "rows": 3,
    "columns": 4,
    "pixel_spacing": [0.5, 0.6],
    "spacing_between_slices": 2.0,
    "number_of_frames": 5,
    "coordinate_system": "PATIENT",
}


def test_attributes_of_images_give_a_right_handed_stack():
    geometry = VolumeGeometry.from_attributes(
        **ATTRIBUTES, frame_of_reference_uid="1.2.3"
    )
    # Rows go down to the foot, columns back; foot x back points to the left.
    np.testing.assert_allclose(
        geometry.affine,
        [[2, 0, 0, 1], [0, 0, 0.6, 2], [0, -0.5, 0, 3], [0, 0, 0, 1]],
        atol=1e-15,
    )
    assert geometry.spatial_shape == (5, 3, 4)
    assert geometry.handedness is AxisHandedness.RIGHT_HANDED
    assert geometry.direction_cosines == (0, 1, 0, 0, 0, -1)
    assert geometry.frame_of_reference_uid == "1.2.3"


def test_a_negative_spacing_stacks_the_other_way():
    geometry = VolumeGeometry.from_attributes(
        **(ATTRIBUTES | {"spacing_between_slices": -2.0})
    )
    assert geometry.spacing_vectors()[0].tolist() == [-2, 0, 0]
    assert geometry.handedness is AxisHandedness.LEFT_HANDED


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("image_position", [1, 2], InvalidArgumentError),
        ("image_position", [1, 2, float("nan")], InvalidArgumentError),
        ("image_position", None, ArgumentTypeError),
        ("image_orientation", [1, 0, 0], InvalidArgumentError),
        ("image_orientation", [1, 0, 0, 0.5, 1, 0], InvalidArgumentError),
        ("pixel_spacing", [0.5], InvalidArgumentError),
        ("pixel_spacing", [0.5, -1], InvalidArgumentError),
        ("pixel_spacing", 0.5, ArgumentTypeError),
        ("spacing_between_slices", 0, InvalidArgumentError),
        ("spacing_between_slices", None, ArgumentTypeError),
        ("rows", 0, InvalidArgumentError),
        ("number_of_frames", 2.5, ArgumentTypeError),
        ("coordinate_system", "x", InvalidArgumentError),
    ],
)
def test_bad_attributes_are_refused(name, value, error):
    with pytest.raises(error, match=rf"'{name}'.*\.$"):
        VolumeGeometry.from_attributes(**(ATTRIBUTES | {name: value}))


TURNED = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]])


@pytest.mark.parametrize("direction", [TURNED, TURNED.ravel().tolist()])
def test_components_give_an_affine(direction):
    geometry = VolumeGeometry.from_components(
        SHAPE,
        spacing=[4, 2, 3],
        position=[10, 20, 30],
        direction=direction,
        coordinate_system="PATIENT",
    )
    np.testing.assert_array_equal(geometry.affine, AFFINE)


def test_the_centre_and_a_patient_orientation_do_as_well():
    geometry = VolumeGeometry.from_components(
        SHAPE,
        spacing=[4, 2, 3],
        center_position=[8, 24.5, 28],
        patient_orientation="FRP",
        coordinate_system="PATIENT",
        frame_of_reference_uid="1.2.3",
    )
    np.testing.assert_array_equal(geometry.affine, AFFINE)
    assert geometry.frame_of_reference_uid == "1.2.3"


def test_one_spacing_may_serve_all_axes():
    geometry = VolumeGeometry.from_components(
        SHAPE,
        spacing=2.5,
        position=[0, 0, 0],
        direction=np.eye(3),
        coordinate_system="SLIDE",
    )
    assert geometry.spacing == (2.5, 2.5, 2.5)


def test_components_may_follow_another_convention():
    geometry = VolumeGeometry.from_components(
        SHAPE,
        spacing=[1, 2, 3],
        position=[1, 2, 3],
        direction=np.eye(3),
        coordinate_system="PATIENT",
        from_reference_convention="RAH",
    )
    np.testing.assert_array_equal(
        geometry.affine, [[-1, 0, 0, -1], [0, -2, 0, -2], [0, 0, 3, 3], [0, 0, 0, 1]]
    )


@pytest.mark.parametrize("convention", ["LPH", "RAH", "RPF"])
def test_a_patient_orientation_is_the_same_in_every_convention(convention):
    geometry = VolumeGeometry.from_components(
        SHAPE,
        spacing=[1, 2, 3],
        center_position=[0, 0, 0],
        patient_orientation="RAF",
        coordinate_system="PATIENT",
        from_reference_convention=convention,
    )
    names = [d.value for d in geometry.get_closest_patient_orientation()]
    assert names == ["R", "A", "F"]


COMPONENTS = {
    "spacing": [1, 2, 3],
    "position": [0, 0, 0],
    "direction": np.eye(3),
    "coordinate_system": "PATIENT",
}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"position": None}, ConflictingArgumentsError),
        ({"center_position": [0, 0, 0]}, ConflictingArgumentsError),
        ({"direction": None}, ConflictingArgumentsError),
        ({"patient_orientation": "LPH"}, ConflictingArgumentsError),
        (
            {"patient_orientation": "LPH", "from_reference_convention": "RAH"},
            ConflictingArgumentsError,
        ),
        (
            {
                "direction": None,
                "patient_orientation": "LPH",
                "coordinate_system": "SLIDE",
            },
            InvalidArgumentError,
        ),
        (
            {"coordinate_system": "SLIDE", "from_reference_convention": "RAH"},
            ConflictingArgumentsError,
        ),
        ({"direction": None, "patient_orientation": "LLP"}, InvalidArgumentError),
        ({"spacing": [1, 2]}, InvalidArgumentError),
        ({"spacing": [1, 2, -3]}, InvalidArgumentError),
        ({"spacing": 0.0}, InvalidArgumentError),
        ({"spacing": None}, ArgumentTypeError),
        ({"position": [1, 2]}, InvalidArgumentError),
        ({"direction": 2 * np.eye(3)}, InvalidArgumentError),
        ({"direction": np.eye(4)}, InvalidArgumentError),
    ],
    ids=str,
)
def test_bad_components_are_refused(changes, error):
    with pytest.raises(error, match=r"\.$"):
        VolumeGeometry.from_components(SHAPE, **(COMPONENTS | changes))


def test_indices_map_to_positions_and_back(geometry):
    indices = np.array([[0, 0, 0], [1, 2, 3], [5, -1, 0]])
    positions = np.array([[10, 20, 30], [6, 29, 26], [12, 20, 10]])
    np.testing.assert_array_equal(geometry.map_indices_to_reference(indices), positions)
    found = geometry.map_reference_to_indices(positions)
    np.testing.assert_allclose(found, indices, atol=1e-12)
    assert found.dtype == np.float64


def test_indices_may_be_rounded_to_voxels(geometry):
    nearly = AFFINE @ np.array([[1.4, 0.0, 0.0, 1.0]]).T
    found = geometry.map_reference_to_indices(nearly[:3].T, round_output=True)
    assert found.tolist() == [[1, 0, 0]]
    assert found.dtype == np.int64


@pytest.mark.parametrize(
    ("index", "inside"), [(-0.51, False), (-0.49, True), (1.49, True), (1.51, False)]
)
@pytest.mark.parametrize("rounded", [False, True])
def test_bounds_are_half_a_voxel_around_the_centres(geometry, index, inside, rounded):
    position = (AFFINE @ (index, 0, 0, 1))[None, :3]
    if inside:
        geometry.map_reference_to_indices(position, rounded, check_bounds=True)
    else:
        with pytest.raises(VolumeError, match="within the volume"):
            geometry.map_reference_to_indices(position, rounded, check_bounds=True)


def test_rounded_indices_within_bounds_are_those_of_voxels():
    geometry = VolumeGeometry(np.eye(4), (2, 2, 2), "PATIENT")
    on_edge = np.array([[1.5, 0.0, 0.0]])
    with pytest.raises(VolumeError):
        geometry.map_reference_to_indices(on_edge, round_output=True, check_bounds=True)


def test_no_points_map_to_no_points(geometry):
    nothing = np.zeros((0, 3))
    assert geometry.map_indices_to_reference(nothing).shape == (0, 3)
    assert geometry.map_reference_to_indices(nothing, True, True).shape == (0, 3)


@pytest.mark.parametrize(
    ("points", "error"),
    [
        (np.zeros(3), InvalidArgumentError),
        (np.zeros((1, 2)), InvalidArgumentError),
        (np.zeros((1, 3), complex), ArgumentTypeError),
        (None, ArgumentTypeError),
    ],
)
def test_points_of_another_shape_are_refused(geometry, points, error):
    with pytest.raises(error, match="'indices'"):
        geometry.map_indices_to_reference(points)
    with pytest.raises(error, match="'coordinates'"):
        geometry.map_reference_to_indices(points)


def test_points_that_are_not_finite_cannot_be_rounded(geometry):
    with pytest.raises(InvalidArgumentError, match="finite"):
        geometry.map_reference_to_indices(np.array([[np.nan, 0, 0]]), round_output=True)
    with pytest.raises(VolumeError):
        geometry.map_reference_to_indices(np.array([[np.nan, 0, 0]]), check_bounds=True)


def test_planes_have_their_places_as_functional_groups(geometry):
    measures = geometry.get_pixel_measures()[0]
    assert list(measures.PixelSpacing) == [2.0, 3.0]
    assert measures.SliceThickness == 4.0
    assert measures.SpacingBetweenSlices == 4.0
    orientation = geometry.get_plane_orientation()[0]
    assert list(orientation.ImageOrientationPatient) == [0, 1, 0, -1, 0, 0]
    positions = [
        list(p[0].ImagePositionPatient) for p in geometry.get_plane_positions()
    ]
    assert positions == [[10, 20, 30], [10, 20, 26]]
    assert list(geometry.get_plane_position(1)[0].ImagePositionPatient) == positions[1]


def test_planes_on_a_slide_are_total_pixel_matrices(on_slide):
    plane = on_slide.get_plane_position(1)[0]
    assert plane.XOffsetInSlideCoordinateSystem == 2
    assert plane.YOffsetInSlideCoordinateSystem == 0
    assert plane.ZOffsetInSlideCoordinateSystem == 0
    assert plane.RowPositionInTotalImagePixelMatrix == 1
    assert plane.ColumnPositionInTotalImagePixelMatrix == 1
    orientation = on_slide.get_plane_orientation()[0]
    assert list(orientation.ImageOrientationSlide) == [0, 0, 1, 0, 1, 0]


@pytest.mark.parametrize(
    ("index", "error"),
    [(2, InvalidArgumentError), (-1, InvalidArgumentError), ("a", ArgumentTypeError)],
)
def test_planes_that_are_not_there_are_refused(geometry, index, error):
    with pytest.raises(error, match="'plane_index'"):
        geometry.get_plane_position(index)


def test_a_slide_has_no_patient_orientation(on_slide):
    with pytest.raises(VolumeError, match="patient coordinate system"):
        on_slide.get_closest_patient_orientation()


def shifted(distance, uid="1.2.3", system="PATIENT", shape=SHAPE):
    affine = AFFINE.copy()
    affine[0, 1] -= distance
    return VolumeGeometry(affine, shape, system, uid)


def test_geometries_are_equal_within_a_tolerance(geometry):
    assert geometry.geometry_equal(shifted(0.0), tol=None)
    assert geometry.geometry_equal(shifted(1e-5))
    assert not geometry.geometry_equal(shifted(1e-4))
    assert geometry.geometry_equal(shifted(1e-4), tol=1e-3)
    assert not geometry.geometry_equal(shifted(1e-9), tol=None)


def test_geometries_of_other_places_are_not_equal(geometry):
    assert not geometry.geometry_equal(shifted(0.0, shape=(2, 3, 5)))
    assert not geometry.geometry_equal(shifted(0.0, system="SLIDE"))
    assert not geometry.geometry_equal(shifted(0.0, uid="1.2.4"))


def test_unknown_frames_of_reference_are_not_compared(geometry):
    assert geometry.geometry_equal(shifted(0.0, uid=None))
    assert shifted(0.0, uid=None).geometry_equal(geometry)


@pytest.mark.parametrize("other", [None, AFFINE])
def test_geometries_compare_with_geometries_only(geometry, other):
    with pytest.raises(ArgumentTypeError, match="'other' must be a Volume"):
        geometry.geometry_equal(other)


@pytest.mark.parametrize(
    "duplicate",
    [
        copy.copy,
        copy.deepcopy,
        lambda g: pickle.loads(pickle.dumps(g)),
        lambda g: g.copy(),
    ],
    ids=["copy", "deepcopy", "pickle", "method"],
)
def test_geometries_survive_copying_and_pickling(geometry, duplicate):
    other = duplicate(geometry)
    assert other is not geometry
    assert other.geometry_equal(geometry, tol=None)
    assert other.frame_of_reference_uid == geometry.frame_of_reference_uid


def test_a_geometry_shows_what_it_is(geometry):
    assert repr(geometry) == (
        "VolumeGeometry(spatial_shape=(2, 3, 4), spacing=(4.0, 2.0, 3.0), "
        "coordinate_system=PATIENT)"
    )


def test_a_geometry_makes_volumes(geometry):
    array = np.zeros((*SHAPE, 2), np.uint8)
    volume = geometry.with_array(array, channels={"SegmentNumber": [1, 2]})
    assert volume.array is array
    assert volume.geometry_equal(geometry, tol=None)
    assert volume.frame_of_reference_uid == "1.2.3"
    assert volume.get_channel_values("SegmentNumber") == [1, 2]


def test_an_array_must_have_the_shape_of_the_geometry(geometry):
    with pytest.raises(InvalidArgumentError, match=r"spatial shape \(2, 3, 4\)"):
        geometry.with_array(np.zeros((2, 3, 5)))
