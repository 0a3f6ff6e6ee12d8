"""Legacy Converted Enhanced images: series of single frames as one image."""

from highdicom.legacy.sop import (
    LegacyConvertedEnhancedCTImage,
    LegacyConvertedEnhancedMRImage,
    LegacyConvertedEnhancedPETImage,
    lceread,
)

__all__ = [
    "LegacyConvertedEnhancedCTImage",
    "LegacyConvertedEnhancedMRImage",
    "LegacyConvertedEnhancedPETImage",
    "lceread",
]
