"""Content items that templates have in common (PS3.16 TID 300, 320, 1400 ff., 1502)."""

from highdicom.sr.content.findings import (
    FindingSite,
    LongitudinalTemporalOffsetFromEvent,
)
from highdicom.sr.content.regions import (
    CoordinatesForMeasurement,
    CoordinatesForMeasurement3D,
    ImageRegion,
    ImageRegion3D,
    VolumeSurface,
)
from highdicom.sr.content.segments import (
    ReferencedSegment,
    ReferencedSegmentationFrame,
)
from highdicom.sr.content.sources import (
    RealWorldValueMap,
    SourceImageForMeasurement,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    SourceImageForSegmentation,
    SourceSeriesForSegmentation,
)

__all__ = [
    "CoordinatesForMeasurement",
    "CoordinatesForMeasurement3D",
    "FindingSite",
    "ImageRegion",
    "ImageRegion3D",
    "LongitudinalTemporalOffsetFromEvent",
    "RealWorldValueMap",
    "ReferencedSegment",
    "ReferencedSegmentationFrame",
    "SourceImageForMeasurement",
    "SourceImageForMeasurementGroup",
    "SourceImageForRegion",
    "SourceImageForSegmentation",
    "SourceSeriesForSegmentation",
    "VolumeSurface",
]
