"""Volumes, as scripts that follow the user guide work with them."""

import copy
import pickle

import numpy as np
import pytest
from pydicom.sr.codedict import codes

import highdicom as hd


@pytest.fixture
def volume():
    return hd.Volume(
        np.arange(4 * 6 * 8).reshape(4, 6, 8), np.diag([1.0, 2.0, 4.0, 1.0]), "PATIENT"
    )


@pytest.mark.parametrize(
    ("seed", "first", "shape", "corner"),
    [
        (0, 47, (8, 6, 4), (0.0, 6.0, 0.0)),
        (1, 184, (4, 8, 6), (1.0, 6.0, 16.0)),
    ],
)
def test_augmentations_follow_the_seed_of_numpy(volume, seed, first, shape, corner):
    def seeded():
        np.random.seed(seed)  # noqa: NPY002 (as scripts do)
        return volume

    assert seeded().random_flip_spatial().array[0, 0, 0] == first
    assert seeded().random_permute_spatial_axes().spatial_shape == shape
    assert seeded().random_spatial_crop((2, 3, 4)).position == corner


def test_a_mask_of_a_turned_crop_comes_back_on_the_grid_of_its_images(ct_series):
    volume = hd.get_volume_from_series(ct_series)
    model_input = (
        volume.clip(-500, 1000)
        .normalize_min_max(0.0, 1.0)
        .astype(np.float32)
        .to_patient_orientation("PRF")
        .pad_or_crop_to_spatial_shape((8, 8, 8))
    )
    assert model_input.dtype == np.float32
    mask = model_input.with_array((model_input.array > 0.5).astype(np.uint8))
    restored = mask.match_geometry(volume)
    assert restored.geometry_equal(volume)
    clipped = np.clip(volume.array, -500, 1000)
    middle = (clipped.min() + clipped.max()) / 2
    assert restored.array.any()
    assert (clipped[restored.array == 1] > middle).all()
    segmentation = hd.seg.Segmentation(
        source_images=ct_series,
        pixel_array=restored,
        segmentation_type="BINARY",
        segment_descriptions=[
            hd.seg.SegmentDescription(
                1, "model", codes.SCT.Organ, codes.SCT.Liver, "MANUAL"
            )
        ],
        series_instance_uid=hd.UID(),
        series_number=1,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="Maker",
        manufacturer_model_name="Model",
        software_versions="1",
        device_serial_number="2",
    )
    read = segmentation.get_volume(combine_segments=True).match_geometry(volume)
    np.testing.assert_array_equal(read.array, restored.array)


def test_views_share_voxels_and_copies_do_not(volume):
    assert np.shares_memory(volume[1:3].array, volume.array)
    assert np.shares_memory(volume.flip_spatial(0).array, volume.array)
    assert not np.shares_memory(volume.copy().array, volume.array)
    assert not np.shares_memory(copy.deepcopy(volume).array, volume.array)
    volume.affine[0, 0] = 100.0
    assert volume.affine[0, 0] == 1.0
    loaded = pickle.loads(pickle.dumps(volume))
    assert loaded.geometry_equal(volume)
    np.testing.assert_array_equal(loaded.array, volume.array)


def test_volumes_have_no_operators_nor_length(volume):
    assert volume == volume
    assert volume != copy.deepcopy(volume)
    with pytest.raises(TypeError):
        volume + 1
    with pytest.raises(TypeError):
        len(volume)
