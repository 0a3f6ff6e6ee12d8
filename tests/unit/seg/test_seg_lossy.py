"""Segmentations of images that lost something as they were compressed."""

import numpy as np
from pydicom.sr.codedict import codes

from highdicom.seg import Segmentation, SegmentDescription
from highdicom.testing import ct_series


def segmentation(images: list) -> Segmentation:
    """Segment three slices."""
    mask = np.zeros((3, 16, 20), bool)
    mask[1, 4:8, 5:10] = True
    bone = SegmentDescription(1, "Bone", codes.SCT.Tissue, codes.SCT.Bone, "MANUAL")
    identity = ("1.2.3", 1, "1.2.4", 1, "Maker", "Model", "1.0", "17")
    return Segmentation(images, mask, "BINARY", [bone], *identity)


def test_what_the_sources_lost_is_told_of_their_segmentation() -> None:
    images = ct_series(number_of_slices=3)
    for image in images:
        image.LossyImageCompression = "01"
        image.LossyImageCompressionRatio = 10
        image.LossyImageCompressionMethod = "ISO_10918_1"
    made = segmentation(images)
    assert made.LossyImageCompression == "01"
    assert float(made.LossyImageCompressionRatio) == 10
    assert made.LossyImageCompressionMethod == "ISO_10918_1"
    assert made.validate() == []


def test_nothing_is_lost_as_segments_are_encoded() -> None:
    made = segmentation(ct_series(number_of_slices=3))
    assert made.LossyImageCompression == "00"
    assert "LossyImageCompressionRatio" not in made
    assert "LossyImageCompressionMethod" not in made
