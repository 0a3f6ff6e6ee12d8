"""Mapping of voxels between volumes."""

import numpy as np
import pytest

from highdicom import VolumeGeometry, VolumeToVolumeTransformer
from highdicom.errors import ArgumentTypeError, InvalidArgumentError

FINE = VolumeGeometry(np.eye(4), (8, 8, 8), "PATIENT")
COARSE_AFFINE = np.array(
    [[2.0, 0, 0, 1.0], [0, 2.0, 0, 1.0], [0, 0, 2.0, 1.0], [0, 0, 0, 1.0]]
)
COARSE = VolumeGeometry(COARSE_AFFINE, (2, 2, 2), "PATIENT")


def test_indices_at_the_same_position_correspond():
    transform = VolumeToVolumeTransformer(FINE, COARSE)
    indices = np.array([[1, 1, 1], [0, 0, 0], [3, 5, 2]])
    found = transform(indices)
    np.testing.assert_allclose(found, [[0, 0, 0], [-0.5] * 3, [1, 2, 0.5]])
    assert found.dtype == np.float64
    np.testing.assert_allclose(transform.affine @ (3, 5, 2, 1), (1, 2, 0.5, 1))


def test_the_affine_is_a_copy():
    transform = VolumeToVolumeTransformer(FINE, COARSE)
    transform.affine[0, 0] = 99
    assert transform.affine[0, 0] == 0.5


def test_indices_may_be_rounded_halves_to_even():
    transform = VolumeToVolumeTransformer(FINE, COARSE, round_output=True)
    found = transform(np.array([[2, 4, 1.2]]))
    assert found.tolist() == [[0, 2, 0]]
    assert found.dtype == np.int64


@pytest.mark.parametrize("rounded", [False, True])
@pytest.mark.parametrize(
    ("index", "inside"), [(-0.01, False), (0.01, True), (3.99, True), (4.01, False)]
)
def test_bounds_are_those_of_the_other_volume(index, inside, rounded):
    transform = VolumeToVolumeTransformer(FINE, COARSE, rounded, check_bounds=True)
    point = np.array([[index, 1, 1]])
    if inside:
        assert transform(point).shape == (1, 3)
    else:
        with pytest.raises(InvalidArgumentError, match="within the other volume"):
            transform(point)


@pytest.mark.parametrize("points", [np.zeros(3), np.zeros((1, 2))])
def test_points_of_another_shape_are_refused(points):
    with pytest.raises(InvalidArgumentError, match="'indices'"):
        VolumeToVolumeTransformer(FINE, COARSE)(points)


def test_volumes_must_be_in_one_coordinate_system():
    on_slide = VolumeGeometry(np.eye(4), (8, 8, 8), "SLIDE")
    with pytest.raises(InvalidArgumentError, match="PATIENT and SLIDE"):
        VolumeToVolumeTransformer(FINE, on_slide)


def test_only_volumes_are_taken():
    with pytest.raises(ArgumentTypeError, match="'volume_to'"):
        VolumeToVolumeTransformer(FINE, None)
    with pytest.raises(ArgumentTypeError, match="'volume_from'"):
        VolumeToVolumeTransformer(np.eye(4), FINE)
