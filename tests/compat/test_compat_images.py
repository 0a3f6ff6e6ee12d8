"""Images, volumes and geometry as they are read and used today."""

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file

import highdicom as hd


def stored(image):
    return np.frombuffer(image.PixelData, "<u2").reshape(image.Rows, image.Columns)


def test_a_frame_of_a_file_has_its_rescaled_values():
    path = get_testdata_file("CT_small.dcm", download=False)
    image = hd.imread(path)
    dataset = pydicom.dcmread(path)
    expected = dataset.pixel_array * dataset.RescaleSlope + dataset.RescaleIntercept
    np.testing.assert_array_equal(image.get_frame(1), expected)
    np.testing.assert_array_equal(image.get_stored_frame(1), dataset.pixel_array)
    raw = image.get_frame(1, apply_modality_transform=False)
    np.testing.assert_array_equal(raw, dataset.pixel_array)


def test_frames_of_a_multi_frame_file_can_be_read_lazily():
    path = get_testdata_file("eCT_Supplemental.dcm", download=False)
    image = hd.imread(path, lazy_frame_retrieval=True)
    assert image.number_of_frames == 2
    both = image.get_frames([2, 1])
    assert both.shape == (2, 512, 512)
    assert both.dtype == np.float64
    np.testing.assert_array_equal(both[0], image.get_frame(2))
    np.testing.assert_array_equal(both, image.get_frames(as_indices=True)[::-1])


def test_a_window_maps_to_the_range_asked_for(ct_series):
    image = hd.Image.from_dataset(ct_series[0])
    shown = image.get_frame(
        1, apply_voi_transform=True, voi_output_range=(0, 255), dtype=np.float32
    )
    assert shown.dtype == np.float32
    assert shown.min() == 0.0
    assert shown.max() == 255.0
    values = stored(ct_series[0]) * 2.0 - 1000.0
    # PS3.3 C.11.2.1.2.1, the linear function
    expected = np.clip(((values - 99.5) / 499.0 + 0.5) * 255.0, 0, 255)
    np.testing.assert_allclose(shown, expected, atol=1e-3)


def test_from_dataset_leaves_the_dataset_alone_or_takes_it(ct_series):
    copied = hd.Image.from_dataset(ct_series[0])
    assert copied is not ct_series[0]
    assert type(ct_series[0]) is pydicom.Dataset
    taken = hd.Image.from_dataset(ct_series[0], copy=False)
    assert taken is ct_series[0]
    assert isinstance(taken, hd.Image)


def test_frames_that_are_not_there_are_refused(ct_series):
    image = hd.Image.from_dataset(ct_series[0])
    for number in (0, 2):
        with pytest.raises(IndexError, match="frame"):
            image.get_frame(number)


def test_a_series_becomes_a_volume_in_any_order(ct_series):
    volume = hd.get_volume_from_series([ct_series[i] for i in (3, 0, 4, 1, 2)])
    assert volume.spatial_shape == (5, 16, 12)
    assert volume.spacing == (2.5, 0.5, 0.75)
    assert volume.coordinate_system == hd.CoordinateSystemNames.PATIENT
    assert volume.frame_of_reference_uid == ct_series[0].FrameOfReferenceUID
    # The first slice is the one furthest up, so that the axes are right-handed.
    assert volume.position == (-10.0, -20.0, 40.0)
    expected = np.stack([stored(image) for image in reversed(ct_series)]) * 2.0 - 1000
    np.testing.assert_array_equal(volume.array, expected)


def test_a_volume_is_cut_padded_and_turned(ct_series):
    volume = hd.get_volume_from_series(ct_series, dtype=np.float32)
    part = volume[1:3, 4:, ::2]
    assert part.spatial_shape == (2, 12, 6)
    assert part.spacing == (2.5, 0.5, 1.5)
    np.testing.assert_array_equal(part.array, volume.array[1:3, 4:, ::2])
    np.testing.assert_allclose(
        part.map_indices_to_reference(np.array([[0, 0, 0]])),
        volume.map_indices_to_reference(np.array([[1, 4, 0]])),
    )
    padded = volume.pad_or_crop_to_spatial_shape((7, 16, 10), constant_value=-1)
    assert padded.spatial_shape == (7, 16, 10)
    assert (padded.array[[0, -1]] == -1).all()
    np.testing.assert_array_equal(padded.array[1:-1], volume.array[:, :, 1:-1])
    back = padded.match_geometry(volume)
    assert back.geometry_equal(volume)


def test_a_volume_takes_the_orientation_asked_for(ct_series):
    volume = hd.get_volume_from_series(ct_series)
    turned = volume.to_patient_orientation("RAF")
    codes = [code.value for code in turned.get_closest_patient_orientation()]
    assert codes == ["R", "A", "F"]
    assert turned.spatial_shape == (12, 16, 5)
    assert sorted(turned.array.ravel()) == sorted(volume.array.ravel())
    assert turned.match_geometry(volume).array.tolist() == volume.array.tolist()


def test_a_volume_made_of_components_maps_both_ways():
    volume = hd.Volume.from_components(
        array=np.zeros((4, 5, 6), np.uint8),
        direction=np.eye(3),
        spacing=[2.0, 1.0, 0.5],
        position=[10.0, 20.0, 30.0],
        coordinate_system="PATIENT",
    )
    points = volume.map_indices_to_reference(np.array([[1, 2, 3]]))
    np.testing.assert_allclose(points, [[12.0, 22.0, 31.5]])
    indices = volume.map_reference_to_indices(points, round_output=True)
    assert indices.tolist() == [[1, 2, 3]]
    np.testing.assert_allclose(volume.center_position, (13.0, 22.0, 31.25))
    assert volume.physical_extent == (8.0, 5.0, 3.0)


def test_channels_of_a_volume_are_described():
    volume = hd.Volume(
        np.arange(48).reshape(2, 3, 4, 2),
        np.eye(4),
        "SLIDE",
        channels={"OpticalPathIdentifier": ["a", "b"]},
    )
    assert volume.number_of_channel_dimensions == 1
    assert volume.channel_shape == (2,)
    assert volume.get_channel_values("OpticalPathIdentifier") == ["a", "b"]
    single = volume.get_channel(OpticalPathIdentifier="b")
    np.testing.assert_array_equal(single.array.squeeze(), volume.array[..., 1])


def test_intensities_are_scaled(ct_series):
    volume = hd.get_volume_from_series(ct_series)
    scaled = volume.normalize_mean_std()
    assert abs(scaled.array.mean()) < 1e-6
    assert abs(scaled.array.std() - 1.0) < 1e-6
    ranged = volume.normalize_min_max(output_min=-1.0, output_max=1.0)
    assert (ranged.array.min(), ranged.array.max()) == (-1.0, 1.0)
    clipped = volume.clip(-500, 500)
    assert clipped.array.min() >= -500


def test_one_volume_maps_into_another():
    first = hd.Volume(np.zeros((2, 2, 2)), np.diag([1.0, 1, 1, 1]), "PATIENT")
    second = hd.Volume(np.zeros((4, 4, 4)), np.diag([0.5, 0.5, 0.5, 1]), "PATIENT")
    transformer = hd.VolumeToVolumeTransformer(first, second)
    assert transformer(np.array([[1, 1, 0]])).tolist() == [[2.0, 2.0, 0.0]]


def test_the_matrix_of_a_slide_is_put_together(slide_image):
    image = hd.Image.from_dataset(slide_image)
    assert image.is_tiled
    matrix = image.get_total_pixel_matrix()
    np.testing.assert_array_equal(matrix, slide_image.total_pixel_matrix)
    region = image.get_total_pixel_matrix(
        row_start=9, row_end=15, column_start=-4, column_end=None
    )
    np.testing.assert_array_equal(region, matrix[8:14, -4:])


def test_frames_are_read_from_a_file_one_by_one():
    path = get_testdata_file("eCT_Supplemental.dcm", download=False)
    with hd.io.ImageFileReader(path) as reader:
        assert reader.number_of_frames == 2
        frame = reader.read_frame(1, correct_color=False)
        assert reader.metadata.Rows == 512
    np.testing.assert_array_equal(frame, hd.imread(path).get_stored_frame(2))


def test_pixels_of_a_slice_have_a_place_in_the_patient(ct_series):
    to_reference = hd.spatial.PixelToReferenceTransformer.for_image(ct_series[2])
    points = to_reference(np.array([[3, 4]]))
    assert points.tolist() == [[-10 + 3 * 0.75, -20 + 4 * 0.5, 35.0]]
    to_pixel = hd.spatial.ReferenceToPixelTransformer.for_image(
        ct_series[2], drop_slice_index=True
    )
    assert to_pixel(points).tolist() == [[3, 4]]


def test_series_are_sorted_and_their_spacing_found(ct_series):
    mixed = [ct_series[i] for i in (2, 0, 1, 4, 3)]
    spacing, slots = hd.spatial.get_series_volume_positions(mixed)
    assert spacing == 2.5
    assert slots == [2, 4, 3, 0, 1]
    assert hd.spatial.sort_datasets(mixed) == ct_series[::-1]


def test_tiles_of_a_matrix_are_counted_row_by_row(slide_image):
    tiles = list(hd.utils.tile_pixel_matrix(25, 30, 10, 10))
    assert tiles[:4] == [(1, 1), (2, 1), (3, 1), (1, 2)]
    positions = hd.utils.compute_plane_position_slide_per_frame(slide_image)
    assert len(positions) == 9
    item = positions[4][0]
    assert item.RowPositionInTotalImagePixelMatrix == 11
    assert item.ColumnPositionInTotalImagePixelMatrix == 11
    assert item.YOffsetInSlideCoordinateSystem == pytest.approx(40.0 - 0.01)


def test_uids_are_made_and_are_all_different():
    uids = {hd.UID() for _ in range(50)}
    assert len(uids) == 50
    assert all(uid.is_valid for uid in uids)
