"""Segmentations as they are made, saved, read and asked today."""

import numpy as np
import pytest
from pydicom.sr.codedict import codes
from pydicom.uid import JPEGLSLossless, RLELossless

import highdicom as hd

ALGORITHM = hd.AlgorithmIdentificationSequence(
    name="Organ Finder",
    version="1.2",
    family=codes.cid7162.ArtificialIntelligence,
)


def described(number, label, what=codes.SCT.Liver):
    return hd.seg.SegmentDescription(
        segment_number=number,
        segment_label=label,
        segmented_property_category=codes.SCT.Organ,
        segmented_property_type=what,
        algorithm_type=hd.seg.SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm_identification=ALGORITHM,
        tracking_uid=hd.UID(),
        tracking_id=f"{label} of Jane",
    )


def segment(images, pixels, kind, descriptions, **more):
    return hd.seg.Segmentation(
        source_images=images,
        pixel_array=pixels,
        segmentation_type=kind,
        segment_descriptions=descriptions,
        series_instance_uid=hd.UID(),
        series_number=100,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="Maker",
        manufacturer_model_name="Model",
        software_versions="v1",
        device_serial_number="0815",
        **more,
    )


def uids(images):
    return [image.SOPInstanceUID for image in images]


@pytest.fixture
def mask():
    mask = np.zeros((5, 16, 12), np.uint8)
    mask[1:4, 3:9, 2:7] = 1
    return mask


@pytest.fixture
def labels(mask):
    labels = mask.copy()
    labels[2:, 10:14, 1:11] = 2
    return labels


def two():
    return [
        described(1, "liver"),
        described(2, "spleen", codes.SCT.Spleen),
    ]


def test_a_binary_segmentation_has_the_patient_and_study_of_its_images(ct_series, mask):
    made = segment(ct_series, mask, "BINARY", [described(1, "liver")])
    assert made.PatientID == "P1"
    assert made.StudyInstanceUID == ct_series[0].StudyInstanceUID
    assert made.FrameOfReferenceUID == ct_series[0].FrameOfReferenceUID
    assert made.Modality == "SEG"
    assert made.SOPClassUID == "1.2.840.10008.5.1.4.1.1.66.4"
    assert made.NumberOfFrames == 3
    assert made.number_of_segments == 1
    assert made.segmentation_type == hd.seg.SegmentationTypeValues.BINARY
    assert (made.BitsAllocated, made.BitsStored) == (1, 1)


def test_masks_are_read_back_in_the_order_of_the_instances_asked_for(
    ct_series, mask, saved
):
    path = saved(segment(ct_series, mask, "BINARY", [described(1, "liver")]))
    read = hd.seg.segread(path)
    asked = [ct_series[i] for i in (3, 1, 2)]
    pixels = read.get_pixels_by_source_instance(uids(asked))
    assert pixels.shape == (3, 16, 12, 1)
    np.testing.assert_array_equal(pixels[..., 0], mask[[3, 1, 2]])


def test_slices_without_segment_are_empty_and_others_unknown(ct_series, mask):
    made = segment(ct_series, mask, "BINARY", [described(1, "liver")])
    pixels = made.get_pixels_by_source_instance(
        uids(ct_series), assert_missing_frames_are_empty=True
    )
    np.testing.assert_array_equal(pixels[..., 0], mask)
    with pytest.raises(KeyError):
        made.get_pixels_by_source_instance([hd.UID()])


def test_empty_slices_are_kept_if_asked(ct_series, mask):
    made = segment(
        ct_series, mask, "BINARY", [described(1, "liver")], omit_empty_frames=False
    )
    assert made.NumberOfFrames == 5


@pytest.mark.parametrize("stacked", [False, True])
def test_several_segments_come_as_labels_or_stacked(ct_series, labels, stacked):
    pixels = labels
    if stacked:
        pixels = np.stack([labels == 1, labels == 2], axis=-1).astype(np.uint8)
    made = segment(ct_series, pixels, "BINARY", two())
    combined = made.get_volume(combine_segments=True)
    flipped = combined.array[::-1]
    np.testing.assert_array_equal(flipped, labels[1:])
    separate = made.get_volume(segment_numbers=[2])
    np.testing.assert_array_equal(separate.array[::-1, ..., 0], labels[1:] == 2)


def test_segments_that_overlap_are_not_combined(ct_series, labels):
    pixels = np.stack([labels == 1, labels > 0], axis=-1).astype(np.uint8)
    made = segment(ct_series, pixels, "BINARY", two())
    assert made.SegmentsOverlap == "YES"
    with pytest.raises(RuntimeError):
        made.get_volume(combine_segments=True)
    forced = made.get_volume(combine_segments=True, skip_overlap_checks=True)
    assert set(np.unique(forced.array)) == {0, 2}


def test_segments_are_found_by_what_they_are(ct_series, labels):
    descriptions = two()
    made = segment(ct_series, labels, "BINARY", descriptions)
    assert made.get_segment_numbers(segment_label="spleen") == [2]
    assert made.get_segment_numbers(segmented_property_type=codes.SCT.Liver) == [1]
    assert made.get_segment_numbers(algorithm_type="MANUAL") == []
    found = made.get_segment_numbers(tracking_uid=descriptions[1].tracking_uid)
    assert found == [2]
    description = made.get_segment_description(2)
    assert description.segmented_property_type == codes.SCT.Spleen
    assert description.algorithm_identification.name == "Organ Finder"
    found = made.get_tracking_ids()
    assert {name for name, _ in found} == {"liver of Jane", "spleen of Jane"}


def test_relabelled_segments_count_from_one(ct_series, labels):
    made = segment(ct_series, labels, "BINARY", two())
    volume = made.get_volume(segment_numbers=[2], combine_segments=True, relabel=True)
    assert set(np.unique(volume.array)) == {0, 1}


def test_probabilities_are_kept_to_the_precision_stored(ct_series, mask):
    probabilities = mask * np.linspace(0, 1, 12, dtype=np.float32)
    made = segment(
        ct_series,
        probabilities,
        hd.seg.SegmentationTypeValues.FRACTIONAL,
        [described(1, "liver")],
        fractional_type=hd.seg.SegmentationFractionalTypeValues.PROBABILITY,
        max_fractional_value=200,
    )
    assert made.MaximumFractionalValue == 200
    assert made.segmentation_fractional_type.value == "PROBABILITY"
    pixels = made.get_pixels_by_source_instance(
        uids(ct_series), assert_missing_frames_are_empty=True
    )
    np.testing.assert_allclose(pixels[..., 0], probabilities, atol=0.5 / 200 + 1e-6)
    whole = made.get_pixels_by_source_instance(
        uids(ct_series), assert_missing_frames_are_empty=True, rescale_fractional=False
    )
    np.testing.assert_array_equal(whole[..., 0], np.around(probabilities * 200))


@pytest.mark.parametrize("syntax", [None, RLELossless, JPEGLSLossless])
def test_label_maps_are_read_back_from_any_encoding(ct_series, labels, saved, syntax):
    more = {} if syntax is None else {"transfer_syntax_uid": syntax}
    path = saved(segment(ct_series, labels, "LABELMAP", two(), **more))
    read = hd.seg.segread(path, lazy_frame_retrieval=True)
    assert read.SOPClassUID == "1.2.840.10008.5.1.4.1.1.66.7"
    pixels = read.get_pixels_by_source_instance(
        uids(ct_series), combine_segments=True, assert_missing_frames_are_empty=True
    )
    np.testing.assert_array_equal(pixels, labels)


def test_a_volume_is_segmented_and_comes_back(ct_series):
    volume = hd.get_volume_from_series(ct_series)
    mask = volume.with_array((volume.array > 0).astype(np.uint8))
    made = segment(ct_series, mask, "BINARY", [described(1, "liver")])
    back = made.get_volume(combine_segments=True)
    assert back.geometry_equal(volume)
    np.testing.assert_array_equal(back.array, mask.array)


def test_a_volume_of_another_geometry_refers_to_the_frame_of_reference(ct_series):
    volume = hd.get_volume_from_series(ct_series)
    part = volume[1:4, ::2, 3:]
    mask = part.with_array(np.ones(part.spatial_shape, np.uint8))
    made = segment(ct_series, mask, "BINARY", [described(1, "liver")])
    assert made.FrameOfReferenceUID == ct_series[0].FrameOfReferenceUID
    assert made.get_volume(combine_segments=True).geometry_equal(mask)


def test_pixels_that_do_not_fit_are_refused(ct_series, mask):
    one = [described(1, "liver")]
    for pixels, descriptions, reason in (
        (mask[:4], one, "number|shape|source|plane"),
        (mask * 3, one, "[Ss]egment"),
        (mask, [described(2, "liver")], "[Ss]egment"),
    ):
        with pytest.raises(ValueError, match=reason):
            segment(ct_series, pixels, "BINARY", descriptions)


def test_a_slide_is_segmented_in_tiles(slide_image, saved):
    matrix = np.zeros((1, 25, 30), np.uint8)
    matrix[0, 3:8, 2:9] = 1
    matrix[0, 12:24, 15:28] = 1
    made = segment(
        [slide_image],
        matrix,
        "BINARY",
        [described(1, "tumor")],
        tile_pixel_array=True,
        tile_size=(10, 10),
    )
    read = hd.seg.segread(saved(made))
    assert read.DimensionOrganizationType == "TILED_SPARSE"
    assert read.NumberOfFrames == 5
    whole = read.get_total_pixel_matrix(combine_segments=True)
    np.testing.assert_array_equal(whole, matrix[0])
    region = read.get_total_pixel_matrix(
        row_start=11, row_end=21, column_start=6, combine_segments=True
    )
    np.testing.assert_array_equal(region, matrix[0, 10:20, 5:])


def test_a_pyramid_of_a_slide_shares_its_series(slide_image):
    matrix = np.zeros((1, 25, 30), np.uint8)
    matrix[0, 2:20, 4:28] = 1
    levels = hd.seg.create_segmentation_pyramid(
        source_images=[slide_image],
        pixel_arrays=[matrix],
        segmentation_type="BINARY",
        segment_descriptions=[described(1, "tumor")],
        series_instance_uid=hd.UID(),
        series_number=3,
        manufacturer="Maker",
        manufacturer_model_name="Model",
        software_versions="1",
        device_serial_number="2",
        downsample_factors=[2.0],
        tile_size=(10, 10),
    )
    assert [level.TotalPixelMatrixRows for level in levels] == [25, 12]
    assert len({level.SeriesInstanceUID for level in levels}) == 1
    assert len({level.PyramidUID for level in levels}) == 1


def test_segments_are_gone_through_one_by_one(ct_series, labels):
    made = segment(ct_series, labels, "BINARY", two())
    seen = {
        description.SegmentNumber: len(groups)
        for _, groups, description in hd.seg.utils.iter_segments(made)
    }
    assert seen == {1: 3, 2: 3}
