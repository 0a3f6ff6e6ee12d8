"""Secondary Capture images (PS3.3 A.8)."""

from highdicom.sc.enum import ConversionTypeValues
from highdicom.sc.multi_frame import MultiFrameSCImage
from highdicom.sc.sop import SCImage

__all__ = ["ConversionTypeValues", "MultiFrameSCImage", "SCImage"]
