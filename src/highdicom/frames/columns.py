"""Which attributes of frames are columns of the table of frames (PS3.3 C.7.6.16.2).

To index another attribute of a functional group is to add a row.
"""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from highdicom.encoding.elements import TagPath, tag_of, vr_of
from highdicom.records import record

__all__ = [
    "ABSENT",
    "COLUMNS",
    "COLUMNS_BY_KEYWORD",
    "KEPT_GROUPS",
    "SINGLE_FRAME_KEYWORDS",
    "FrameColumn",
    "is_absent",
]

Array = npt.NDArray[Any]
Kind = Literal["decimal", "integer", "text"]

ABSENT = int(np.iinfo(np.int64).min)
"""What stands in a column of integers where a frame has no value.

In columns of floats it is NaN, in columns of text the empty string.
"""

_INTEGER_VRS = frozenset(("US", "SS", "UL", "SL", "UV", "SV", "IS"))
_DECIMAL_VRS = frozenset(("DS", "FD", "FL"))


@record
class FrameColumn:
    """An attribute of a functional group.

    Parameters
    ----------
    keyword
        Of the attribute.
    group
        Keyword of the sequence that is the functional group.
    multiplicity
        Number of values of the attribute.

    """

    keyword: str
    group: str
    multiplicity: int = 1

    @property
    def path(self) -> TagPath:
        """Tags of group and attribute."""
        return tag_of(self.group), tag_of(self.keyword)

    @property
    def vr(self) -> str:
        """VR of the attribute."""
        return vr_of(self.keyword)

    @property
    def kind(self) -> Kind:
        """What values become: float64, int64 or text."""
        if self.vr in _INTEGER_VRS:
            return "integer"
        return "decimal" if self.vr in _DECIMAL_VRS else "text"

    def without_values(self, count: int) -> Array:
        """Return a column in which no frame has a value, shape (n,) or (n, vm)."""
        shape = (count,) if self.multiplicity == 1 else (count, self.multiplicity)
        if self.kind == "text":
            return np.full(shape, "", np.str_)
        if self.kind == "integer":
            return np.full(shape, ABSENT, np.int64)
        return np.full(shape, np.nan)


def is_absent(values: Array) -> npt.NDArray[np.bool_]:
    """Tell for which frames a column has no value, shape (n,)."""
    absent: Array
    if values.dtype.kind == "f":
        absent = np.isnan(values)
    else:
        absent = np.asarray(values == (ABSENT if values.dtype.kind in "iu" else ""))
    while absent.ndim > 1:
        absent = np.asarray(absent.any(axis=-1))
    return absent


COLUMNS = (
    FrameColumn("FrameAcquisitionNumber", "FrameContentSequence"),
    FrameColumn("FrameAcquisitionDateTime", "FrameContentSequence"),
    FrameColumn("FrameAcquisitionDuration", "FrameContentSequence"),
    FrameColumn("FrameReferenceDateTime", "FrameContentSequence"),
    FrameColumn("StackID", "FrameContentSequence"),
    FrameColumn("InStackPositionNumber", "FrameContentSequence"),
    FrameColumn("TemporalPositionIndex", "FrameContentSequence"),
    FrameColumn("FrameComments", "FrameContentSequence"),
    FrameColumn("FrameLabel", "FrameContentSequence"),
    FrameColumn("ImagePositionPatient", "PlanePositionSequence", 3),
    FrameColumn("ImageOrientationPatient", "PlaneOrientationSequence", 6),
    FrameColumn("ImagePositionVolume", "PlanePositionVolumeSequence", 3),
    FrameColumn("ImageOrientationVolume", "PlaneOrientationVolumeSequence", 6),
    FrameColumn("PixelSpacing", "PixelMeasuresSequence", 2),
    FrameColumn("SliceThickness", "PixelMeasuresSequence"),
    FrameColumn("SpacingBetweenSlices", "PixelMeasuresSequence"),
    FrameColumn("ColumnPositionInTotalImagePixelMatrix", "PlanePositionSlideSequence"),
    FrameColumn("RowPositionInTotalImagePixelMatrix", "PlanePositionSlideSequence"),
    FrameColumn("XOffsetInSlideCoordinateSystem", "PlanePositionSlideSequence"),
    FrameColumn("YOffsetInSlideCoordinateSystem", "PlanePositionSlideSequence"),
    FrameColumn("ZOffsetInSlideCoordinateSystem", "PlanePositionSlideSequence"),
    FrameColumn("ReferencedSegmentNumber", "SegmentIdentificationSequence"),
    FrameColumn("OpticalPathIdentifier", "OpticalPathIdentificationSequence"),
    FrameColumn("TemporalPositionTimeOffset", "TemporalPositionSequence"),
    FrameColumn("NominalCardiacTriggerDelayTime", "CardiacSynchronizationSequence"),
    FrameColumn("EffectiveEchoTime", "MREchoSequence"),
    FrameColumn("DiffusionBValue", "MRDiffusionSequence"),
)
"""All columns that are read wherever an image has them."""

COLUMNS_BY_KEYWORD = {column.keyword: column for column in COLUMNS}

KEPT_GROUPS = (
    "FrameAnatomySequence",
    "FrameVOILUTSequence",
    "PixelIntensityRelationshipLUTSequence",
    "PixelValueTransformationSequence",
    "RealWorldValueMappingSequence",
)
"""Functional groups that are kept as a whole, each distinct one once."""

SINGLE_FRAME_KEYWORDS = (
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "SliceThickness",
    "SpacingBetweenSlices",
)
"""Columns that images without functional groups have, too, at the top level."""
