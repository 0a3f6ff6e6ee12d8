"""Segmentation and Label Map Segmentation (PS3.3 A.51 and A.86)."""

from highdicom.seg import utils
from highdicom.seg.content import DimensionIndexSequence, SegmentDescription
from highdicom.seg.enum import (
    SegmentAlgorithmTypeValues,
    SegmentationFractionalTypeValues,
    SegmentationTypeValues,
    SegmentsOverlapValues,
    SpatialLocationsPreservedValues,
)
from highdicom.seg.pyramid import create_segmentation_pyramid
from highdicom.seg.sop import Segmentation, segread
from highdicom.seg.writing import write_segmentation

__all__ = [
    "DimensionIndexSequence",
    "SegmentAlgorithmTypeValues",
    "SegmentDescription",
    "Segmentation",
    "SegmentationFractionalTypeValues",
    "SegmentationTypeValues",
    "SegmentsOverlapValues",
    "SpatialLocationsPreservedValues",
    "create_segmentation_pyramid",
    "segread",
    "utils",
    "write_segmentation",
]
