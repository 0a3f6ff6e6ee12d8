"""References to segments and frames of segmentations."""

import pytest
from pydicom.dataset import Dataset
from sr_segmentations import CT, LABEL_MAP, SLIDE, frame, instance, segmentation

from highdicom.content_items import ImageContentItem
from highdicom.errors import InformationLossWarning
from highdicom.sr.content import (
    ReferencedSegment,
    ReferencedSegmentationFrame,
    SourceImageForRegion,
    SourceImageForSegmentation,
    SourceSeriesForSegmentation,
)

BINARY = "1.2.840.10008.5.1.4.1.1.66.4"
IMAGES = [SourceImageForSegmentation(CT, f"1.2.3.{number}") for number in (1, 2)]
SERIES = SourceSeriesForSegmentation("1.2.4")


def series_of_slices():
    """Two segments in two and one frames, each made from a slice."""
    return segmentation(
        [
            frame(1, instance("1.1")),
            frame(1, instance("1.2")),
            frame(2, instance("1.2")),
        ],
        series=[instance("1.1"), instance("1.2"), instance("1.3")],
    )


def tiles(**further):
    """One segment in two tiles of a slide, a second one in one."""
    dataset = segmentation(
        [
            frame(segment, instance("1.9", SLIDE, ReferencedFrameNumber=numbers))
            for segment, numbers in ((1, 4), (1, [6, 7]), (2, 4))
        ],
        **further,
    )
    dataset.TotalPixelMatrixRows = 100
    return dataset


def sources(sequence):
    return [
        (str(item.referenced_sop_instance_uid), item.referenced_frame_numbers)
        for item in sequence.source_images_for_segmentation
    ]


# --- segments ----------------------------------------------------------------------


def test_segment_is_referred_to_by_its_number():
    segment = ReferencedSegment(BINARY, "1.2.3", 2, source_images=IMAGES)
    assert segment.referenced_sop_class_uid == BINARY
    assert segment.referenced_sop_instance_uid == "1.2.3"
    assert segment.referenced_segment_numbers == [2]
    assert segment.referenced_frame_numbers is None
    assert segment.has_source_images()
    assert sources(segment) == [("1.2.3.1", None), ("1.2.3.2", None)]
    assert segment.source_series_for_segmentation is None


def test_segment_may_be_of_a_series():
    segment = ReferencedSegment(BINARY, "1.2.3", 2, source_series=SERIES)
    assert not segment.has_source_images()
    assert segment.source_series_for_segmentation.value == "1.2.4"


def test_segment_number_and_frame_numbers_are_never_both_kept():
    with pytest.warns(InformationLossWarning, match="'frame_numbers' are left out"):
        segment = ReferencedSegment(BINARY, "1.2.3", 2, [4], source_series=SERIES)
    reference = segment[0].ReferencedSOPSequence[0]
    assert reference.ReferencedSegmentNumber == 2
    assert "ReferencedFrameNumber" not in reference


@pytest.mark.parametrize("number", [0, -1, 65536])
def test_segment_number_counts_from_one(number):
    with pytest.raises(ValueError, match="must be from 1 to 65535"):
        ReferencedSegment(BINARY, "1.2.3", number, source_series=SERIES)


def test_segment_needs_a_source():
    with pytest.raises(ValueError, match="One of 'source_images' and 'source_series'"):
        ReferencedSegment(BINARY, "1.2.3", 1)
    with pytest.raises(TypeError, match="'source_images' must be"):
        ReferencedSegment(BINARY, "1.2.3", 1, None, [SourceImageForRegion(CT, "1.2")])


def test_segment_of_a_segmentation_refers_to_the_sources_of_its_frames():
    segment = ReferencedSegment.from_segmentation(series_of_slices(), 1)
    assert segment.referenced_segment_numbers == [1]
    assert sources(segment) == [("1.1", None), ("1.2", None)]


def test_frames_select_the_sources_of_a_segment():
    segment = ReferencedSegment.from_segmentation(series_of_slices(), 1, [2])
    assert sources(segment) == [("1.2", None)]
    assert segment.referenced_frame_numbers is None


def test_frames_of_one_source_image_are_put_together():
    segment = ReferencedSegment.from_segmentation(tiles(), 1)
    assert sources(segment) == [("1.9", [4, 6, 7])]


def test_segment_without_derivation_refers_to_all_images_of_the_series():
    dataset = segmentation([frame(1)], series=[instance("1.1"), instance("1.2")])
    segment = ReferencedSegment.from_segmentation(dataset, 1)
    assert sources(segment) == [("1.1", None), ("1.2", None)]


def test_segment_of_a_series_without_instances_refers_to_the_series():
    dataset = segmentation([frame(1)], series=[instance("1.1")])
    del dataset.ReferencedSeriesSequence[0].ReferencedInstanceSequence
    segment = ReferencedSegment.from_segmentation(dataset, 1)
    assert segment.source_series_for_segmentation.value == "1.2.3.4"


def test_frames_of_label_maps_are_of_any_segment():
    dataset = segmentation(
        [frame(None, instance("1.1")), frame(None, instance("1.2"))],
        sop_class_uid=LABEL_MAP,
    )
    segment = ReferencedSegment.from_segmentation(dataset, 2)
    assert sources(segment) == [("1.1", None), ("1.2", None)]


def test_shared_segment_is_that_of_all_frames():
    dataset = segmentation([frame(None, instance("1.1")), frame(None)])
    dataset.SharedFunctionalGroupsSequence = [frame(2)]
    assert sources(ReferencedSegment.from_segmentation(dataset, 2)) == [("1.1", None)]
    with pytest.raises(ValueError, match="no frame of segment 1"):
        ReferencedSegment.from_segmentation(dataset, 1)


def test_segments_of_a_fully_tiled_segmentation_follow_one_another():
    dataset = segmentation([Dataset()] * 4, series=[instance("1.9", SLIDE)])
    del dataset.PerFrameFunctionalGroupsSequence
    segment = ReferencedSegment.from_segmentation(dataset, 2, [3, 4])
    assert sources(segment) == [("1.9", None)]
    with pytest.raises(ValueError, match="frame 2 is of segment 1"):
        ReferencedSegment.from_segmentation(dataset, 2, [2])


def test_frames_must_say_their_segment():
    dataset = segmentation([Dataset()] * 3, series=[instance("1.9", SLIDE)])
    with pytest.raises(AttributeError, match=r"Frame 1 .* does not say which segment"):
        ReferencedSegment.from_segmentation(dataset, 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3,), "'segment_number' must be a segment"),
        ((1, [3]), "frame 3 is of segment 2"),
        ((1, [4]), "'frame_numbers' must be from 1 to 3"),
        ((1, [0]), "'frame_numbers' must be from 1 to 3"),
    ],
)
def test_segments_and_frames_must_exist(arguments, message):
    with pytest.raises(ValueError, match=message):
        ReferencedSegment.from_segmentation(series_of_slices(), *arguments)


@pytest.mark.parametrize("reference", [ReferencedSegment, ReferencedSegmentationFrame])
def test_only_segmentations_have_segments(reference):
    with pytest.raises(ValueError, match="'segmentation' must be a segmentation"):
        reference.from_segmentation(Dataset(), 1)
    with pytest.raises(TypeError, match="'segmentation' must be a Dataset"):
        reference.from_segmentation("seg.dcm", 1)


@pytest.mark.parametrize("reference", [ReferencedSegment, ReferencedSegmentationFrame])
def test_segmentation_must_say_what_it_was_made_from(reference):
    with pytest.raises(AttributeError, match="must say what it was made from"):
        reference.from_segmentation(segmentation([frame(1)]), 1)


def test_segment_of_a_series_is_found_among_other_items():
    written = ReferencedSegment(BINARY, "1.2.3", 2, source_series=SERIES)
    segment = ReferencedSegment.from_sequence(
        [SourceImageForRegion(CT, "1.2"), *written]
    )
    assert segment == written
    assert segment.source_series_for_segmentation.value == "1.2.4"


def test_segment_is_found_among_other_items():
    written = ReferencedSegment(BINARY, "1.2.3", 2, source_images=IMAGES)
    other = SourceImageForRegion(CT, "1.2.9")
    segment = ReferencedSegment.from_sequence([other, *written])
    assert segment == written
    assert segment[0] is not written[0]
    assert sources(segment) == sources(written)


def test_items_that_make_no_reference_to_a_segment_are_an_error():
    segment = ReferencedSegment(BINARY, "1.2.3", 2, source_images=IMAGES)
    with pytest.raises(
        RuntimeError, match="exactly one content item 'Referenced Segment'"
    ):
        ReferencedSegment.from_sequence(segment[1:])
    with pytest.raises(
        RuntimeError, match="exactly one content item 'Referenced Segment'"
    ):
        ReferencedSegment.from_sequence([segment[0], *segment])
    with pytest.raises(RuntimeError, match="'Source Image for Segmentation' or"):
        ReferencedSegment.from_sequence(segment[:1])


# --- frames ------------------------------------------------------------------------


def test_frame_is_referred_to_by_its_number_alone():
    reference = ReferencedSegmentationFrame(BINARY, "1.2.3", 4, 2, IMAGES[0])
    assert reference.referenced_frame_numbers == [4]
    assert reference.referenced_segment_numbers is None
    assert reference.source_image_for_segmentation.value == (CT, "1.2.3.1")
    assert "ReferencedSegmentNumber" not in reference[0].ReferencedSOPSequence[0]


def test_frame_of_a_label_map_does_not_say_the_segment():
    with pytest.warns(InformationLossWarning, match="use ReferencedSegment"):
        ReferencedSegmentationFrame(LABEL_MAP, "1.2.3", 4, 2, IMAGES[0])


def test_source_of_a_frame_must_be_one():
    with pytest.raises(TypeError, match="'source_image' must be"):
        ReferencedSegmentationFrame(
            BINARY, "1.2.3", 4, 2, SourceImageForRegion(CT, "1.2")
        )


def test_frame_of_a_segmentation_refers_to_its_source():
    reference = ReferencedSegmentationFrame.from_segmentation(series_of_slices(), 2)
    assert reference.referenced_frame_numbers == [2]
    assert sources(reference) == [("1.2", None)]


def test_all_tiles_of_a_segment_are_referred_to():
    reference = ReferencedSegmentationFrame.from_segmentation(tiles(), segment_number=1)
    assert reference.referenced_frame_numbers == [1, 2]
    assert sources(reference) == [("1.9", [4, 6, 7])]


@pytest.mark.parametrize(
    ("frames", "segment", "message"),
    [
        (None, 1, "'frame_number' is required: segment 1 has 2 frames"),
        ([1, 3], None, "must be of one segment"),
        (3, 1, "must be of one segment"),
        ([1, 2], 1, "must have been made from one image, not from 2"),
        (9, None, "'frame_number' must be from 1 to 3"),
        (None, 9, "'segment_number' must be a segment"),
    ],
)
def test_frames_must_belong_together(frames, segment, message):
    with pytest.raises(ValueError, match=message):
        ReferencedSegmentationFrame.from_segmentation(
            series_of_slices(), frames, segment
        )


def test_frame_or_segment_is_required():
    with pytest.raises(TypeError, match="'segment_number' is required if"):
        ReferencedSegmentationFrame.from_segmentation(series_of_slices())
    label_map = segmentation([frame(None, instance("1.1"))], sop_class_uid=LABEL_MAP)
    with pytest.raises(TypeError, match="frames of a label map"):
        ReferencedSegmentationFrame.from_segmentation(label_map, 1)


def test_frame_of_a_series_without_instances_has_no_source():
    dataset = segmentation([frame(1)], series=[instance("1.1")])
    del dataset.ReferencedSeriesSequence[0].ReferencedInstanceSequence
    with pytest.raises(AttributeError, match="must name the image"):
        ReferencedSegmentationFrame.from_segmentation(dataset, 1)


def test_frame_is_found_among_other_items():
    written = ReferencedSegmentationFrame(BINARY, "1.2.3", 4, 2, IMAGES[0])
    reference = ReferencedSegmentationFrame.from_sequence(
        [SourceImageForRegion(CT, "1.2.9"), *written]
    )
    assert reference == written
    assert isinstance(reference[0], ImageContentItem)
    assert sources(reference) == [("1.2.3.1", None)]


def test_items_that_make_no_reference_to_a_frame_are_an_error():
    reference = ReferencedSegmentationFrame(BINARY, "1.2.3", 4, 2, IMAGES[0])
    with pytest.raises(RuntimeError, match="exactly one content item 'Referenced"):
        ReferencedSegmentationFrame.from_sequence(reference[1:])
    with pytest.raises(RuntimeError, match="exactly one content item 'Source Image"):
        ReferencedSegmentationFrame.from_sequence([*reference, IMAGES[1]])
