"""Legacy Converted Enhanced images: series of single frames as one image."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.legacy.sop import (
        LegacyConvertedEnhancedCTImage as LegacyConvertedEnhancedCTImage,
        LegacyConvertedEnhancedMRImage as LegacyConvertedEnhancedMRImage,
        LegacyConvertedEnhancedPETImage as LegacyConvertedEnhancedPETImage,
        lceread as lceread,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.legacy.sop": (
                "LegacyConvertedEnhancedCTImage",
                "LegacyConvertedEnhancedMRImage",
                "LegacyConvertedEnhancedPETImage",
                "lceread",
            ),
        },
    )
