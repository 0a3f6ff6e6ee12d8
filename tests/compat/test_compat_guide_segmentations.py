"""Segmentations, as scripts that follow the user guide make and read them."""

import numpy as np
import pytest
from pydicom.sr.codedict import codes

import highdicom as hd

ALGORITHM = hd.AlgorithmIdentificationSequence(
    name="net", version="2", family=codes.cid7162.ArtificialIntelligence
)


def described(number, algorithm_type="AUTOMATIC"):
    is_manual = algorithm_type == "MANUAL"
    return hd.seg.SegmentDescription(
        segment_number=number,
        segment_label=f"class {number}",
        segmented_property_category=codes.SCT.Organ,
        segmented_property_type=codes.SCT.Liver,
        algorithm_type=algorithm_type,
        algorithm_identification=None if is_manual else ALGORITHM,
    )


def segment(images, pixels, kind, *descriptions, **more):
    return hd.seg.Segmentation(
        images,
        pixels,
        kind,
        descriptions,
        series_instance_uid=hd.UID(),
        series_number=2,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="Maker",
        manufacturer_model_name="Model",
        software_versions="1",
        device_serial_number="2",
        **more,
    )


@pytest.fixture
def mask():
    mask = np.zeros((5, 16, 12), np.uint8)
    mask[1:4, 3:9, 2:7] = 1
    return mask


@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP", "FRACTIONAL"])
def test_one_uid_is_no_sequence_of_uids(ct_series, mask, kind):
    image = segment(ct_series, mask, kind, described(1))
    with pytest.raises(TypeError, match="sequence of UIDs"):
        image.get_pixels_by_source_instance(ct_series[0].SOPInstanceUID)


def test_a_keyword_is_no_pointer_to_a_dimension(ct_series, mask):
    image = segment(ct_series, mask, "BINARY", described(1))
    with pytest.raises(KeyError, match="'ImagePositionPatient' is not among"):
        image.get_pixels_by_dimension_index_values(
            [[1]], dimension_index_pointers=["ImagePositionPatient"]
        )


@pytest.mark.parametrize(
    ("first", "name"),
    [("AUTOMATIC", "net"), ("MANUAL", None), ("SEMIAUTOMATIC", "net")],
)
def test_what_made_the_first_segment_left_the_background(ct_series, mask, first, name):
    image = segment(ct_series, mask, "LABELMAP", described(1, first), described(2))
    background = image.SegmentSequence[0]
    assert background.SegmentNumber == 0
    assert background.SegmentAlgorithmType == first
    assert background.get("SegmentAlgorithmName") == name
    assert "SegmentationAlgorithmIdentificationSequence" not in background
    assert image.get_segment_numbers(algorithm_type="AUTOMATIC") == [
        number for number in (1, 2) if (first == "AUTOMATIC") or number == 2
    ]


def test_levels_of_a_pyramid_say_when_their_series_began(slide_image):
    pixels = np.zeros((1, 25, 30), np.uint8)
    pixels[0, 3:14, 5:17] = 1

    def levels(**more):
        return hd.seg.create_segmentation_pyramid(
            source_images=[slide_image],
            pixel_arrays=[pixels],
            downsample_factors=[2.0],
            segmentation_type="BINARY",
            segment_descriptions=[described(1)],
            series_instance_uid=hd.UID(),
            series_number=3,
            manufacturer="Maker",
            manufacturer_model_name="Model",
            software_versions="1",
            device_serial_number="2",
            **more,
        )

    first, second = levels()
    assert (first.SeriesDate, first.SeriesTime) == (
        second.SeriesDate,
        second.SeriesTime,
    )
    assert str(first.SeriesTime) == str(second.SeriesTime) != ""
    given = levels(series_date="20240102", series_time="101112")
    assert {str(level.SeriesTime) for level in given} == {"101112"}


def test_sources_of_which_no_frame_was_made_are_known(ct_series, mask):
    image = segment(ct_series, mask, "BINARY", described(1))
    unused = ct_series[0].SOPInstanceUID
    assert unused in [uid for _, _, uid in image.get_source_image_uids()]
    assert not image.get_pixels_by_source_instance([unused]).any()
    with pytest.raises(RuntimeError, match="does not refer to frame 1"):
        image.get_pixels_by_source_frame(unused, [1])
    with pytest.raises(KeyError, match=r"source image 1\.2\.3"):
        image.get_pixels_by_source_frame("1.2.3", [1])
