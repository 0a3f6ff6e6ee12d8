"""Segmentation and Label Map Segmentation (PS3.3 A.51 and A.86)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.seg import (
        utils as utils,
    )
    from highdicom.seg.content import (
        DimensionIndexSequence as DimensionIndexSequence,
        SegmentDescription as SegmentDescription,
    )
    from highdicom.seg.enum import (
        SegmentAlgorithmTypeValues as SegmentAlgorithmTypeValues,
        SegmentationFractionalTypeValues as SegmentationFractionalTypeValues,
        SegmentationTypeValues as SegmentationTypeValues,
        SegmentsOverlapValues as SegmentsOverlapValues,
        SpatialLocationsPreservedValues as SpatialLocationsPreservedValues,
    )
    from highdicom.seg.pyramid import (
        create_segmentation_pyramid as create_segmentation_pyramid,
    )
    from highdicom.seg.sop import (
        Segmentation as Segmentation,
        segread as segread,
    )
    from highdicom.seg.writing import (
        write_segmentation as write_segmentation,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.seg.content": (
                "DimensionIndexSequence",
                "SegmentDescription",
            ),
            "highdicom.seg.enum": (
                "SegmentAlgorithmTypeValues",
                "SegmentationFractionalTypeValues",
                "SegmentationTypeValues",
                "SegmentsOverlapValues",
                "SpatialLocationsPreservedValues",
            ),
            "highdicom.seg.pyramid": ("create_segmentation_pyramid",),
            "highdicom.seg.sop": (
                "Segmentation",
                "segread",
            ),
            "highdicom.seg.writing": ("write_segmentation",),
        },
        ("utils",),
    )
