"""Content items that refer to objects."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.content_items import (
    CompositeContentItem,
    ContentItemReference,
    ImageContentItem,
    RelationshipTypeValues,
    WaveformContentItem,
)
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.uid import UID

NAME = codes.DCM.SourceOfMeasurement
CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
ECG = "1.2.840.10008.5.1.4.1.1.9.1.1"


def test_composite_refers_to_an_object():
    item = CompositeContentItem(NAME, CT, "1.2.3", "CONTAINS")
    assert item.value == (CT, "1.2.3")
    assert item.referenced_sop_class_uid == CT
    assert isinstance(item.referenced_sop_instance_uid, UID)
    assert item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == "1.2.3"


def test_image_without_numbers_refers_to_all():
    item = ImageContentItem(NAME, CT, "1.2.3")
    assert item.referenced_frame_numbers is None
    assert item.referenced_segment_numbers is None
    assert len(item.ReferencedSOPSequence[0]) == 2


@pytest.mark.parametrize(
    ("given", "stored"),
    [(7, [7]), ([3], [3]), ([3, 1], [3, 1]), (np.array([2, 4]), [2, 4])],
)
def test_image_refers_to_frames(given, stored):
    item = ImageContentItem(NAME, ENHANCED_CT, "1.2.3", referenced_frame_numbers=given)
    assert item.referenced_frame_numbers == stored
    assert item.referenced_segment_numbers is None
    assert "ReferencedSegmentNumber" not in item.ReferencedSOPSequence[0]


@pytest.mark.parametrize(("given", "stored"), [(7, [7]), ([3, 65535], [3, 65535])])
def test_image_refers_to_segments(given, stored):
    item = ImageContentItem(
        NAME, SEGMENTATION, "1.2.3", referenced_segment_numbers=given
    )
    assert item.referenced_segment_numbers == stored
    assert item.referenced_frame_numbers is None
    assert item.ReferencedSOPSequence[0]["ReferencedSegmentNumber"].VR == "US"


def test_image_refers_to_frames_or_segments_but_never_both():
    with pytest.raises(TypeError, match="must not be given together"):
        ImageContentItem(NAME, SEGMENTATION, "1.2.3", [1], [1])


@pytest.mark.parametrize("numbers", [[0], [], [-1], [2**31]])
def test_bad_frame_numbers_are_refused(numbers):
    with pytest.raises(ValueError, match="'referenced_frame_numbers' must"):
        ImageContentItem(NAME, ENHANCED_CT, "1.2.3", numbers)


@pytest.mark.parametrize("numbers", ["1", 1.5, [1.5], [True], ["1"]])
def test_frame_numbers_must_be_integers(numbers):
    with pytest.raises(
        TypeError, match="'referenced_frame_numbers' must be an integer"
    ):
        ImageContentItem(NAME, ENHANCED_CT, "1.2.3", numbers)


@pytest.mark.parametrize("item_class", [CompositeContentItem, ImageContentItem])
def test_bad_uids_are_refused(item_class):
    with pytest.raises(ValueError, match="'referenced_sop_instance_uid' must be a UID"):
        item_class(NAME, CT, "1.2.three")
    with pytest.raises(TypeError, match="'referenced_sop_class_uid' must be a string"):
        item_class(NAME, 1, "1.2.3")


def test_waveform_refers_to_channels():
    item = WaveformContentItem(NAME, ECG, "1.2.3", [(1, 2), (2, 1)], "CONTAINS")
    assert item.referenced_waveform_channels == [(1, 2), (2, 1)]
    assert item.ReferencedSOPSequence[0].ReferencedWaveformChannels == [1, 2, 2, 1]
    assert WaveformContentItem(NAME, ECG, "1.2.3").referenced_waveform_channels is None


@pytest.mark.parametrize("channels", [1, [1, 2], [(1, 2, 3)], [], "12", [(1, "2")]])
def test_channels_must_be_pairs_of_integers(channels):
    with pytest.raises(TypeError, match="'referenced_waveform_channels' must be"):
        WaveformContentItem(NAME, ECG, "1.2.3", channels)


def test_reference_that_names_no_purpose_is_to_a_source():
    dataset = Dataset()
    dataset.RelationshipType = "CONTAINS"
    dataset.ValueType = "IMAGE"
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = CT, "1.2.3"
    dataset.ReferencedSOPSequence = [reference]
    item = ImageContentItem.from_dataset(dataset)
    assert item.name.value == "260753009"
    assert "ConceptNameCodeSequence" not in item
    assert item.value == (CT, "1.2.3")


def test_frames_and_segments_of_others_are_both_read():
    item = ImageContentItem(NAME, SEGMENTATION, "1.2.3", [2])
    item.ReferencedSOPSequence[0].ReferencedSegmentNumber = 1
    assert item.referenced_frame_numbers == [2]
    assert item.referenced_segment_numbers == [1]


def test_relationship_by_reference_has_an_identifier():
    item = ContentItemReference([1, 3, 2], "INFERRED FROM")
    assert item.referenced_content_item_identifier == (1, 3, 2)
    assert item.relationship_type is RelationshipTypeValues.INFERRED_FROM
    assert item.ReferencedContentItemIdentifier == [1, 3, 2]
    assert ContentItemReference([1], "CONTAINS").referenced_content_item_identifier == (
        1,
    )


@pytest.mark.parametrize("identifier", [[], [2, 1], [1, 0], [1, 2**32]])
def test_bad_identifiers_of_items_are_refused(identifier):
    with pytest.raises(
        InvalidArgumentError, match="'referenced_content_item_identifier' must be"
    ):
        ContentItemReference(identifier, "CONTAINS")


@pytest.mark.parametrize("identifier", [5, "12", [1, 2.5], [1, "2"], [True]])
def test_identifiers_of_items_are_integers(identifier):
    with pytest.raises(
        ArgumentTypeError, match="'referenced_content_item_identifier' must be"
    ):
        ContentItemReference(identifier, "CONTAINS")
