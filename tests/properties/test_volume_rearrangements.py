"""Whatever is done to a volume, each voxel stays where it was."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from highdicom import PadModes, Volume, VolumeGeometry, VolumeToVolumeTransformer
from highdicom.errors import VolumeError

SIZES = st.integers(1, 5)
WIDTHS = st.tuples(*[st.tuples(st.integers(0, 3), st.integers(0, 3))] * 3)
AXES = st.sets(st.integers(0, 2))
FILL = -1
QUATERNIONS = [
    (1.0, 0.0, 0.0, 0.0),
    (0.5, 0.5, 0.5, 0.5),
    *(
        tuple(q / np.linalg.norm(q))
        for q in np.random.default_rng(0).normal(0, [1, 0.2, 0.2, 0.2], (20, 4))
    ),
]
SETTINGS = settings(max_examples=40, deadline=None)


@st.composite
def affines(draw):
    """Any rotation, reflection, spacing and position."""
    w, x, y, z = draw(st.sampled_from(QUATERNIONS))
    rotation = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    order = draw(st.permutations(range(3)))
    signs = draw(st.tuples(*[st.sampled_from([-1, 1])] * 3))
    spacing = draw(st.tuples(*[st.floats(0.1, 10)] * 3))
    affine = np.eye(4)
    affine[:3, :3] = rotation[:, order] * signs * spacing
    affine[:3, 3] = draw(st.tuples(*[st.floats(-500, 500)] * 3))
    return affine


@st.composite
def volumes(draw):
    """Volumes whose voxels, zero and up, each have another value."""
    shape = draw(st.tuples(SIZES, SIZES, SIZES))
    channels = draw(st.sampled_from([{}, {"SegmentNumber": [1, 2]}]))
    full = (*shape, *(len(values) for values in channels.values()))
    array = np.arange(np.prod(full), dtype=np.int32).reshape(full)
    return Volume(array, draw(affines()), "PATIENT", "1.2.3", channels)


def places(volume):
    """Values of voxels, padding left out, and their positions, ordered by value."""
    indices = np.array([*np.ndindex(*volume.spatial_shape)])
    positions = indices @ volume.affine[:3, :3].T + volume.affine[:3, 3]
    values = volume.array.reshape(len(indices), -1)[:, 0]
    order = [i for i in np.argsort(values) if values[i] != FILL]
    return values[order], positions[order]


def assert_in_place(changed, original, complete=True):
    values, positions = places(changed)
    known, before = places(original)
    assert np.isin(values, known).all()
    assert not complete or len(values) == len(known)
    where = np.searchsorted(known, values)
    np.testing.assert_allclose(positions, before[where], rtol=0, atol=1e-8)


def assert_same(first, second):
    np.testing.assert_array_equal(first.array, second.array)
    np.testing.assert_allclose(first.affine, second.affine, rtol=0, atol=1e-8)
    assert first.channel_descriptors == second.channel_descriptors
    assert first.frame_of_reference_uid == second.frame_of_reference_uid


@SETTINGS
@given(volumes(), st.permutations(range(3)))
def test_permuting_and_back(volume, axes):
    permuted = volume.permute_spatial_axes(axes)
    assert_in_place(permuted, volume)
    back = [axes.index(axis) for axis in range(3)]
    assert_same(permuted.permute_spatial_axes(back), volume)


@SETTINGS
@given(volumes(), AXES)
def test_flipping_twice(volume, axes):
    flipped = volume.flip_spatial(sorted(axes))
    assert_in_place(flipped, volume)
    assert_same(flipped.flip_spatial(sorted(axes)), volume)


@SETTINGS
@given(volumes(), WIDTHS)
def test_padding_and_cropping_back(volume, widths):
    padded = volume.pad(widths, constant_value=FILL)
    assert_in_place(padded, volume)
    inner = tuple(
        slice(before, before + size)
        for (before, _), size in zip(widths, volume.spatial_shape, strict=True)
    )
    assert_same(padded[inner], volume)


@SETTINGS
@given(volumes(), WIDTHS, st.sampled_from(PadModes), st.booleans())
def test_padding_is_that_of_numpy(volume, widths, mode, per_channel):
    found = volume.pad(widths, mode=mode, per_channel=per_channel)
    array = volume.array
    plain = [*widths, *[(0, 0)] * (array.ndim - 3)]
    if mode is PadModes.EDGE:
        np.testing.assert_array_equal(found.array, np.pad(array, plain, "edge"))
        return
    axes = (0, 1, 2) if per_channel else None
    fill = {
        PadModes.CONSTANT: lambda: np.zeros(()),
        PadModes.MINIMUM: lambda: array.min(axis=axes),
        PadModes.MAXIMUM: lambda: array.max(axis=axes),
        PadModes.MEAN: lambda: array.mean(axis=axes),
        PadModes.MEDIAN: lambda: np.median(array, axis=axes),
    }[mode]()
    inside = np.pad(np.ones(array.shape, bool), plain)
    expected = np.where(
        inside, np.pad(array, plain), np.broadcast_to(fill, found.shape).astype(int)
    )
    np.testing.assert_array_equal(found.array, expected)


@SETTINGS
@given(volumes(), st.tuples(SIZES, SIZES, SIZES))
def test_reaching_a_shape(volume, shape):
    found = volume.pad_or_crop_to_spatial_shape(shape, constant_value=FILL)
    assert found.spatial_shape == shape
    assert_in_place(found, volume, complete=False)
    drift = np.subtract(found.center_position, volume.center_position)
    steps = np.linalg.solve(volume.affine[:3, :3], drift)
    assert (np.abs(steps) <= 0.5 + 1e-6).all()


@SETTINGS
@given(volumes(), st.data())
def test_indexing(volume, data):
    index = tuple(
        data.draw(
            st.slices(size).filter(lambda s, n=size: len(range(*s.indices(n))) > 0)
        )
        for size in volume.spatial_shape
    )
    # Ends beyond the volume are refused; NumPy would clip them.
    clipped = tuple(
        slice(
            None if s.start is None or not -n <= s.start < n else s.start,
            None if s.stop is None or not -n - 1 <= s.stop <= n else s.stop,
            s.step,
        )
        for s, n in zip(index, volume.spatial_shape, strict=True)
    )
    assume(volume.array[clipped].size > 0)
    found = volume[clipped]
    np.testing.assert_array_equal(found.array, volume.array[clipped])
    assert_in_place(found, volume, complete=False)


@SETTINGS
@given(
    volumes(), st.permutations("LPH"), st.lists(st.booleans(), min_size=3, max_size=3)
)
def test_turning_to_an_orientation_of_the_patient(volume, letters, opposite):
    other = dict(zip("LPH", "RAF", strict=True))
    wanted = [other[c] if o else c for c, o in zip(letters, opposite, strict=True)]
    # Where two axes are equally close to a direction, no name for them is the one.
    lengths = np.sort(np.abs(volume.direction), axis=0)
    assume((lengths[2] > lengths[1] + 0.3).all())
    found = volume.to_patient_orientation(wanted)
    assert [d.value for d in found.get_closest_patient_orientation()] == wanted
    assert_in_place(found, volume)
    assert_same(found.match_orientation(volume), volume)


@st.composite
def relatives(draw):
    """A volume, and a geometry on the same grid that overlaps it or not."""
    volume = draw(volumes())
    geometry = volume.get_geometry().permute_spatial_axes(
        draw(st.permutations(range(3)))
    )
    geometry = geometry.flip_spatial(sorted(draw(AXES))).pad(draw(WIDTHS))
    start = [draw(st.integers(0, size - 1)) for size in geometry.spatial_shape]
    return volume, geometry[tuple(slice(s, None) for s in start)]


@SETTINGS
@given(relatives())
def test_matching_a_geometry_and_back(pair):
    volume, geometry = pair
    found = volume.match_geometry(geometry, constant_value=FILL)
    assert found.geometry_equal(geometry)
    assert_in_place(found, volume, complete=False)
    back = found.match_geometry(volume, constant_value=FILL)
    np.testing.assert_allclose(back.affine, volume.affine, rtol=0, atol=1e-7)
    kept = np.isin(volume.array, found.array)
    np.testing.assert_array_equal(back.array, np.where(kept, volume.array, FILL))


@SETTINGS
@given(relatives())
def test_matching_is_padding_enough_and_cropping(pair):
    volume, geometry = pair
    found = volume.match_geometry(geometry, mode=PadModes.EDGE)
    transform = VolumeToVolumeTransformer(geometry, volume, round_output=True)
    indices = transform(np.array([*np.ndindex(*geometry.spatial_shape)]))
    nearest = indices.clip(0, np.array(volume.spatial_shape) - 1)
    expected = volume.array[tuple(nearest.T)].reshape(found.shape)
    np.testing.assert_array_equal(found.array, expected)


@SETTINGS
@given(relatives(), st.integers(2, 3), st.integers(0, 2))
def test_matching_a_coarser_geometry(pair, factor, axis):
    volume, geometry = pair
    index = [slice(None)] * 3
    index[axis] = slice(None, None, factor)
    coarse = geometry[tuple(index)]
    found = volume.match_geometry(coarse, constant_value=FILL)
    assert found.geometry_equal(coarse)
    whole = volume.match_geometry(geometry, constant_value=FILL)
    np.testing.assert_array_equal(found.array, whole.array[tuple(index)])


@SETTINGS
@given(relatives(), st.floats(0.05, 0.95), st.integers(0, 2))
def test_voxels_between_voxels_do_not_match(pair, fraction, axis):
    volume, geometry = pair
    offset = geometry.affine
    offset[:3, 3] += fraction * offset[:3, axis]
    between = VolumeGeometry(offset, geometry.spatial_shape, "PATIENT")
    with pytest.raises(VolumeError, match="whole number"):
        volume.match_geometry(between)


@SETTINGS
@given(relatives())
def test_a_geometry_is_rearranged_like_its_volume(pair):
    volume, geometry = pair
    own = volume.get_geometry()
    for change in (
        lambda g: g.match_geometry(geometry),
        lambda g: g.to_patient_orientation("FAR"),
        lambda g: g.pad(1)[:, ::-1, 1:],
        lambda g: g.pad_or_crop_to_spatial_shape((3, 4, 2)),
        lambda g: g.ensure_handedness("LEFT_HANDED", swap_axes=(0, 2)),
    ):
        changed = change(volume)
        assert change(own).geometry_equal(changed, tol=None)


@SETTINGS
@given(affines(), st.lists(st.tuples(*[st.floats(-50, 50)] * 3), min_size=1))
def test_indices_and_positions_are_inverse(affine, points):
    geometry = VolumeGeometry(affine, (4, 5, 6), "PATIENT")
    indices = np.array(points)
    positions = geometry.map_indices_to_reference(indices)
    for index, position in zip(points, positions, strict=True):
        np.testing.assert_allclose(position, (affine @ (*index, 1))[:3], atol=1e-9)
    back = geometry.map_reference_to_indices(positions)
    np.testing.assert_allclose(back, indices, atol=1e-7)


@SETTINGS
@given(affines(), affines())
def test_transformers_between_volumes_are_inverse(first, second):
    volumes = [VolumeGeometry(a, (4, 5, 6), "PATIENT") for a in (first, second)]
    there = VolumeToVolumeTransformer(*volumes)
    back = VolumeToVolumeTransformer(*reversed(volumes))
    np.testing.assert_allclose(
        back(there(np.array([[1.0, 2.0, 3.0]]))), [[1.0, 2.0, 3.0]], atol=1e-6
    )


@SETTINGS
@given(affines())
def test_components_and_attributes_give_the_affine_back(affine):
    geometry = VolumeGeometry(affine, (4, 5, 6), "PATIENT")
    again = VolumeGeometry.from_components(
        (4, 5, 6),
        spacing=geometry.spacing,
        direction=geometry.direction,
        center_position=geometry.center_position,
        coordinate_system="PATIENT",
    )
    np.testing.assert_allclose(again.affine, affine, atol=1e-9)
    right_handed = np.linalg.det(affine[:3, :3]) > 0
    again = VolumeGeometry.from_attributes(
        image_position=geometry.position,
        image_orientation=geometry.direction_cosines,
        pixel_spacing=geometry.pixel_spacing,
        spacing_between_slices=geometry.spacing_between_slices
        * (1 if right_handed else -1),
        number_of_frames=4,
        rows=5,
        columns=6,
        coordinate_system="PATIENT",
    )
    np.testing.assert_allclose(again.affine, affine, atol=1e-9)


@SETTINGS
@given(
    affines(), st.permutations("LPH"), st.lists(st.booleans(), min_size=3, max_size=3)
)
def test_conventions_are_inverse(affine, letters, opposite):
    other = dict(zip("LPH", "RAF", strict=True))
    convention = [other[c] if o else c for c, o in zip(letters, opposite, strict=True)]
    geometry = VolumeGeometry(affine, (4, 5, 6), "PATIENT")
    again = VolumeGeometry(
        geometry.get_affine(convention),
        (4, 5, 6),
        "PATIENT",
        from_reference_convention=convention,
    )
    assert again.geometry_equal(geometry, tol=None)


@SETTINGS
@given(volumes())
def test_copies_are_equal_and_independent(volume):
    for duplicate in (
        copy.deepcopy(volume),
        pickle.loads(pickle.dumps(volume)),
        volume.copy(),
    ):
        assert_same(duplicate, volume)
        duplicate.array[:] = FILL
        assert (volume.array != FILL).all()
