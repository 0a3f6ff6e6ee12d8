"""Values and channels of volumes."""

import copy
import pickle

import numpy as np
import pytest

from highdicom import (
    RGB_COLOR_CHANNEL_DESCRIPTOR,
    ChannelDescriptor,
    RGBColorChannels,
    Volume,
    VolumeGeometry,
)
from highdicom.errors import ArgumentTypeError, InvalidArgumentError, VolumeError

AFFINE = np.diag([1.0, 2.0, 3.0, 1.0])
CHANNELS = {
    "SegmentNumber": [1, 2, 3],
    "EchoTime": [1.5, 2.5],
    RGB_COLOR_CHANNEL_DESCRIPTOR: ["R"],
}


@pytest.fixture
def array():
    return np.arange(2 * 3 * 4, dtype=np.float64).reshape(2, 3, 4)


@pytest.fixture
def volume(array):
    return Volume(array, AFFINE, "PATIENT", "1.2.3")


@pytest.fixture
def channeled():
    array = np.arange(2 * 3 * 4 * 6).reshape(2, 3, 4, 3, 2, 1)
    return Volume(array, AFFINE, "PATIENT", "1.2.3", CHANNELS)


def test_the_array_is_shared(volume, array):
    assert volume.array is array
    assert volume.dtype == np.float64
    assert volume.shape == volume.spatial_shape == (2, 3, 4)
    assert volume.ndim == 3
    assert volume.channel_shape == ()
    assert volume.channel_descriptors == ()
    assert volume.number_of_channel_dimensions == 0


def test_axes_beyond_the_third_are_channels(channeled):
    assert channeled.shape == (2, 3, 4, 3, 2, 1)
    assert channeled.spatial_shape == (2, 3, 4)
    assert channeled.channel_shape == (3, 2, 1)
    assert channeled.number_of_channel_dimensions == 3
    assert channeled.ndim == 6
    assert [d.keyword for d in channeled.channel_descriptors] == [
        "SegmentNumber",
        "EchoTime",
        "RGBColorChannel",
    ]


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (np.zeros((2, 3)), InvalidArgumentError),
        (np.zeros((0, 3, 4)), InvalidArgumentError),
        (np.zeros((2, 3, 4), complex), InvalidArgumentError),
        (np.zeros((2, 3, 4), object), InvalidArgumentError),
        (np.zeros((2, 3, 4), "U3"), InvalidArgumentError),
        (np.ma.zeros((2, 3, 4)), ArgumentTypeError),
        ([[[1]]], ArgumentTypeError),
        (None, ArgumentTypeError),
    ],
)
def test_bad_arrays_are_refused(bad, error, volume):
    with pytest.raises(error, match=r"'array'.*\.$"):
        Volume(bad, AFFINE, "PATIENT")
    with pytest.raises(error, match=r"'array'.*\.$"):
        volume.with_array(bad)
    with pytest.raises(error, match=r"'array'.*\.$"):
        volume.array = bad


def test_channels_must_describe_the_array(array):
    with pytest.raises(InvalidArgumentError, match="0 axes of the array"):
        Volume(array, AFFINE, "PATIENT", channels={"SegmentNumber": [1]})
    with pytest.raises(InvalidArgumentError, match="1 axes of the array"):
        Volume(array[..., None], AFFINE, "PATIENT")


def test_the_array_may_be_replaced_by_one_of_the_same_shape(volume):
    other = np.ones((2, 3, 4), np.uint8)
    volume.array = other
    assert volume.array is other
    with pytest.raises(InvalidArgumentError, match=r"shape \(2, 3, 4\)"):
        volume.array = np.ones((2, 3, 4, 1))


def test_numpy_takes_a_volume_for_its_array(volume, array):
    assert np.asarray(volume) is array
    assert np.asarray(volume, dtype=np.float32).dtype == np.float32
    copied = np.array(volume)
    assert not np.shares_memory(copied, array)
    np.testing.assert_array_equal(copied, array)
    assert np.mean(volume) == array.mean()
    np.testing.assert_array_equal(np.add(volume, 1), array + 1)


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="NumPy 2")
def test_a_conversion_without_copying_fails_if_it_has_to_copy(volume, array):
    assert np.asarray(volume, copy=False) is array
    with pytest.raises(ValueError, match="copy"):
        np.asarray(volume, dtype=np.int8, copy=False)


def test_a_volume_made_from_attributes_or_components_lies_like_its_geometry(array):
    attributes = {
        "image_position": [1, 2, 3],
        "image_orientation": [0, 1, 0, 0, 0, -1],
        "pixel_spacing": [0.5, 0.6],
        "spacing_between_slices": 2.0,
        "coordinate_system": "PATIENT",
        "frame_of_reference_uid": "1.2.3",
    }
    found = Volume.from_attributes(array=array, **attributes)
    assert found.array is array
    assert found.geometry_equal(
        VolumeGeometry.from_attributes(
            rows=3, columns=4, number_of_frames=2, **attributes
        )
    )
    components = {
        "spacing": [1, 2, 3],
        "center_position": [4, 5, 6],
        "patient_orientation": "HPL",
        "coordinate_system": "PATIENT",
        "frame_of_reference_uid": "1.2.3",
        "from_reference_convention": "RAH",
    }
    found = Volume.from_components(
        array[..., None], channels={"SegmentNumber": [1]}, **components
    )
    assert found.geometry_equal(
        VolumeGeometry.from_components((2, 3, 4), **components), tol=None
    )
    assert found.channel_shape == (1,)


@pytest.mark.parametrize(
    "identifier", ["SegmentNumber", 0x00620004, ChannelDescriptor("SegmentNumber")]
)
def test_channel_values_are_a_copy(channeled, identifier):
    values = channeled.get_channel_values(identifier)
    assert values == [1, 2, 3]
    values.append(4)
    assert channeled.get_channel_values(identifier) == [1, 2, 3]
    assert channeled.get_channel_values("RGBColorChannel") == [RGBColorChannels.R]


@pytest.mark.parametrize(
    ("identifier", "error"),
    [
        ("PatientID", InvalidArgumentError),
        ("foo", InvalidArgumentError),
        (0x00100020, InvalidArgumentError),
        (3.5, ArgumentTypeError),
        (None, ArgumentTypeError),
    ],
)
def test_channels_that_are_not_there_are_refused(channeled, identifier, error):
    with pytest.raises(error, match=r"\.$"):
        channeled.get_channel_values(identifier)


def test_a_channel_shares_the_voxels(channeled):
    found = channeled.get_channel(SegmentNumber=2, RGBColorChannel="R")
    np.testing.assert_array_equal(found.array, channeled.array[:, :, :, 1, :, 0])
    assert np.shares_memory(found.array, channeled.array)
    assert found.channel_descriptors == (ChannelDescriptor("EchoTime"),)
    assert found.geometry_equal(channeled, tol=None)
    assert found.frame_of_reference_uid == "1.2.3"


def test_a_channel_may_keep_its_axis(channeled):
    found = channeled.get_channel(keepdims=True, EchoTime=2.5)
    assert found.channel_shape == (3, 1, 1)
    assert found.get_channel_values("EchoTime") == [2.5]
    np.testing.assert_array_equal(found.array, channeled.array[:, :, :, :, 1:])


def test_all_channels_are_had_by_naming_none(channeled):
    assert channeled.get_channel().shape == channeled.shape


@pytest.mark.parametrize("value", [RGBColorChannels.G, "G"], ids=["member", "value"])
def test_members_of_enumerations_may_be_given_by_value(value):
    array = np.arange(3).reshape(1, 1, 1, 3)
    volume = Volume(
        array, AFFINE, "PATIENT", channels={RGB_COLOR_CHANNEL_DESCRIPTOR: "RGB"}
    )
    assert volume.get_channel(RGBColorChannel=value).array.tolist() == [[[1]]]


@pytest.mark.parametrize(
    ("channels", "error"),
    [
        ({"PatientID": "a"}, InvalidArgumentError),
        ({"SegmentNumber": 4}, InvalidArgumentError),
        ({"EchoTime": 1.5000001}, InvalidArgumentError),
        ({"RGBColorChannel": "X"}, InvalidArgumentError),
        ({"SegmentNumber": "1"}, ArgumentTypeError),
        ({"SegmentNumber": 2.0}, ArgumentTypeError),
        ({"EchoTime": 2}, ArgumentTypeError),
        ({"SegmentNumber": None}, ArgumentTypeError),
    ],
)
def test_channel_values_that_are_not_there_are_refused(channeled, channels, error):
    with pytest.raises(error, match=r"\.$"):
        channeled.get_channel(**channels)


@pytest.mark.parametrize(
    "channels", [None, ["RGBColorChannel"], [RGB_COLOR_CHANNEL_DESCRIPTOR]]
)
def test_channel_axes_of_one_value_can_be_removed(channeled, channels):
    found = channeled.squeeze_channel(channels)
    assert found.channel_shape == (3, 2)
    assert np.shares_memory(found.array, channeled.array)
    assert len(found.channel_descriptors) == 2


def test_channel_axes_of_several_values_cannot_be_removed(channeled):
    with pytest.raises(VolumeError, match="'SegmentNumber' has 3 values"):
        channeled.squeeze_channel(["SegmentNumber"])
    with pytest.raises(InvalidArgumentError, match="no channel 'PatientID'"):
        channeled.squeeze_channel(["PatientID"])
    with pytest.raises(ArgumentTypeError, match="sequence"):
        channeled.squeeze_channel("RGBColorChannel")
    assert channeled.squeeze_channel([]).shape == channeled.shape


def test_channel_axes_can_be_permuted(channeled):
    found = channeled.permute_channel_axes(
        ["EchoTime", RGB_COLOR_CHANNEL_DESCRIPTOR, 0x00620004]
    )
    assert found.channel_shape == (2, 1, 3)
    assert found.get_channel_values("SegmentNumber") == [1, 2, 3]
    np.testing.assert_array_equal(
        found.array, channeled.array.transpose(0, 1, 2, 4, 5, 3)
    )
    by_index = channeled.permute_channel_axes_by_index([1, 2, 0])
    np.testing.assert_array_equal(by_index.array, found.array)
    assert by_index.channel_descriptors == found.channel_descriptors


@pytest.mark.parametrize(
    ("indices", "error"),
    [
        ([1, 0], InvalidArgumentError),
        ([0, 0, 1], InvalidArgumentError),
        ([0, 1, 3], InvalidArgumentError),
        ([-1, 0, 1], InvalidArgumentError),
        ([1.0, 0.0, 2.0], ArgumentTypeError),
    ],
)
def test_permutations_of_channels_are_complete(channeled, indices, error):
    with pytest.raises(error, match=r"\.$"):
        channeled.permute_channel_axes_by_index(indices)


@pytest.mark.parametrize(
    ("channels", "error"),
    [
        (["EchoTime", "SegmentNumber"], InvalidArgumentError),
        (["EchoTime", "EchoTime", "SegmentNumber"], InvalidArgumentError),
        (["EchoTime", "PatientID", "SegmentNumber"], InvalidArgumentError),
        (None, ArgumentTypeError),
    ],
)
def test_channels_to_permute_are_all_named_once(channeled, channels, error):
    with pytest.raises(error, match=r"\.$"):
        channeled.permute_channel_axes(channels)


def test_the_geometry_of_a_volume_has_no_channels(channeled):
    geometry = channeled.get_geometry()
    assert isinstance(geometry, VolumeGeometry)
    assert geometry.shape == (2, 3, 4)
    assert geometry.geometry_equal(channeled, tol=None)
    assert geometry.frame_of_reference_uid == "1.2.3"


def test_another_array_of_the_same_shape_keeps_channels(channeled):
    other = np.zeros(channeled.shape, np.uint8)
    found = channeled.with_array(other)
    assert found.array is other
    assert found.channel_descriptors == channeled.channel_descriptors


def test_another_array_may_have_other_channels(channeled, volume):
    plain = channeled.with_array(np.zeros((2, 3, 4)))
    assert plain.channel_descriptors == ()
    other = volume.with_array(np.zeros((2, 3, 4, 2)), {"SegmentNumber": [5, 6]})
    assert other.get_channel_values("SegmentNumber") == [5, 6]
    assert other.frame_of_reference_uid == "1.2.3"
    assert other.geometry_equal(volume, tol=None)


@pytest.mark.parametrize(
    ("shape", "channels"),
    [
        ((2, 3, 5), None),
        ((2, 3, 4, 2), None),
        ((2, 3, 4, 2), {"SegmentNumber": [1]}),
        ((2, 3, 4), {"SegmentNumber": [1]}),
    ],
)
def test_another_array_must_fit(volume, shape, channels):
    with pytest.raises(InvalidArgumentError, match=r"\.$"):
        volume.with_array(np.zeros(shape), channels)


@pytest.mark.parametrize("dtype", [np.float32, "uint8", np.dtype("int16"), int, float])
def test_voxels_can_be_converted(volume, dtype):
    found = volume.astype(dtype)
    assert found.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(found.array, volume.array)
    assert not np.shares_memory(found.array, volume.array)
    assert found.frame_of_reference_uid == "1.2.3"


def test_only_zeros_and_ones_become_booleans(volume):
    found = volume.with_array((volume.array > 5).astype(float)).astype(bool)
    np.testing.assert_array_equal(found.array, volume.array > 5)
    with pytest.raises(InvalidArgumentError, match="zero or one"):
        volume.astype(bool)


@pytest.mark.parametrize(
    ("dtype", "error"),
    [
        (complex, InvalidArgumentError),
        (object, InvalidArgumentError),
        ("U3", InvalidArgumentError),
        ("foo", ArgumentTypeError),
    ],
)
def test_other_types_of_data_are_refused(volume, dtype, error):
    with pytest.raises(error, match="'dtype'"):
        volume.astype(dtype)


@pytest.mark.parametrize(
    ("low", "high", "first", "last"),
    [(1, 5, 1, 5), (None, 5, 0, 5), (1, None, 1, 23), (None, None, 0, 23)],
)
def test_values_can_be_clipped(volume, low, high, first, last):
    found = volume.clip(low, high)
    assert found.array.min() == first
    assert found.array.max() == last
    assert not np.shares_memory(found.array, volume.array)


def test_values_are_clipped_to_numbers(volume):
    with pytest.raises(ArgumentTypeError, match="'a_min' must be a number"):
        volume.clip("a", 1)


def test_clipping_follows_the_types_of_numpy(volume):
    small = volume.astype(np.uint8)
    assert small.clip(1, 3).dtype == np.uint8
    assert small.clip(1.5, 3).dtype == np.float64


@pytest.mark.parametrize(
    ("dtype", "result"),
    [
        (np.float64, np.float64),
        (np.float32, np.float32),
        (np.float16, np.float16),
        (np.int16, np.float64),
        (np.uint8, np.float64),
    ],
)
def test_values_can_be_scaled_to_mean_and_deviation(volume, dtype, result):
    found = volume.astype(dtype).normalize_mean_std(output_mean=5, output_std=2)
    expected = (volume.array - 11.5) / np.sqrt((24**2 - 1) / 12) * 2 + 5
    assert found.dtype == result
    np.testing.assert_allclose(
        found.array, expected, rtol=8 * np.finfo(result).eps, atol=0
    )


@pytest.mark.parametrize("dtype", [np.float32, np.int8, np.float16, bool])
def test_values_can_be_scaled_to_a_range(volume, dtype):
    array = (volume.array % 2).astype(dtype)
    found = volume.with_array(array).normalize_min_max(-1, 3)
    np.testing.assert_array_equal(found.array, np.where(array > 0, 3.0, -1.0))


def test_the_whole_range_of_integers_can_be_scaled(volume):
    array = np.resize(np.array([-128, 127], np.int8), (2, 3, 4))
    found = volume.with_array(array).normalize_min_max()
    assert sorted(set(found.array.ravel())) == [0.0, 1.0]


def test_channels_are_scaled_by_themselves_if_asked():
    array = np.stack([np.arange(8.0), 100 + 10 * np.arange(8.0)], -1).reshape(
        2, 2, 2, 2
    )
    volume = Volume(array, AFFINE, "PATIENT", channels={"SegmentNumber": [1, 2]})
    each = volume.normalize_mean_std()
    np.testing.assert_allclose(each.array.mean(axis=(0, 1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(each.array.std(axis=(0, 1, 2)), 1)
    whole = volume.normalize_mean_std(per_channel=False)
    np.testing.assert_allclose(
        whole.array, (array - array.mean()) / array.std(), atol=1e-12
    )
    assert volume.normalize_min_max(per_channel=True).array.max(
        axis=(0, 1, 2)
    ).tolist() == [1, 1]
    assert volume.normalize_min_max().array[..., 0].max() == 7 / 170


@pytest.mark.parametrize("value", [0.1, 1 / 3, 7.0, 0.0, -1e100])
def test_equal_values_become_the_mean_or_the_minimum(value):
    volume = Volume(np.full((5, 7, 11), value), AFFINE, "PATIENT")
    assert (volume.normalize_mean_std(output_mean=5).array == 5).all()
    assert (volume.normalize_min_max(-1, 1).array == -1).all()


def test_values_that_are_not_numbers_stay_so():
    volume = Volume(np.array([[[np.nan, 1.0, 2.0]]]), AFFINE, "PATIENT")
    assert np.isnan(volume.normalize_mean_std().array).all()
    assert np.isnan(volume.normalize_min_max().array).all()


def test_large_offsets_do_not_spoil_the_deviation():
    array = 1e9 + np.tile([0.0, 1.0], 3 * 300 * 400).reshape(3, 300, 800)
    found = Volume(array, AFFINE, "PATIENT").normalize_mean_std()
    np.testing.assert_allclose(found.array, (array - 1e9) * 2 - 1, rtol=1e-7)


@pytest.mark.parametrize("order", [(2, 0, 1), (1, 2, 0)])
def test_scaling_does_not_depend_on_the_layout_in_memory(order):
    array = np.random.default_rng(0).normal(3, 2, (70, 80, 90)).astype(np.float32)
    whole = Volume(array, AFFINE, "PATIENT")
    part = Volume(array.transpose(order)[::-1, ::2], AFFINE, "PATIENT")
    expected = part.array.astype(float)
    expected = (expected - expected.mean()) / expected.std()
    np.testing.assert_allclose(part.normalize_mean_std().array, expected, atol=2e-6)
    turned = Volume(array.transpose(order), AFFINE, "PATIENT").normalize_mean_std()
    np.testing.assert_allclose(
        turned.array, whole.normalize_mean_std().array.transpose(order), atol=1e-6
    )


def test_impossible_scalings_are_refused(volume):
    with pytest.raises(InvalidArgumentError, match="'output_std' must be positive"):
        volume.normalize_mean_std(output_std=0)
    with pytest.raises(InvalidArgumentError, match="'output_min' must be below"):
        volume.normalize_min_max(1, 1)
    with pytest.raises(InvalidArgumentError, match="'output_mean' must be finite"):
        volume.normalize_mean_std(output_mean=np.nan)
    with pytest.raises(ArgumentTypeError, match="'output_max' must be a number"):
        volume.normalize_min_max(0, None)


def test_a_copy_does_not_share_voxels(channeled):
    found = channeled.copy()
    assert not np.shares_memory(found.array, channeled.array)
    np.testing.assert_array_equal(found.array, channeled.array)
    assert found.channel_descriptors == channeled.channel_descriptors


@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))]
)
def test_volumes_survive_copying_and_pickling(channeled, duplicate):
    found = duplicate(channeled)
    assert not np.shares_memory(found.array, channeled.array)
    np.testing.assert_array_equal(found.array, channeled.array)
    assert found.geometry_equal(channeled, tol=None)
    assert found.frame_of_reference_uid == "1.2.3"
    for descriptor in channeled.channel_descriptors:
        assert found.get_channel_values(descriptor) == channeled.get_channel_values(
            descriptor
        )


def test_a_subclass_stays_one():
    class Scan(Volume):
        pass

    scan = Scan(np.zeros((2, 3, 4)), AFFINE, "PATIENT")
    scan.note = "kept"
    for found in (scan[0], scan.pad(1), scan.astype(int), scan.copy()):
        assert type(found) is Scan
        assert found.note == "kept"


def test_a_volume_shows_what_it_is(channeled):
    assert repr(channeled) == (
        f"Volume(shape=(2, 3, 4, 3, 2, 1), dtype={channeled.dtype}, "
        "spacing=(1.0, 2.0, 3.0), coordinate_system=PATIENT, "
        "channels=[SegmentNumber, EchoTime, RGBColorChannel])"
    )
