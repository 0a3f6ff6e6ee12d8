"""Secondary Capture images (PS3.3 A.8)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.sc.enum import (
        ConversionTypeValues as ConversionTypeValues,
    )
    from highdicom.sc.multi_frame import (
        MultiFrameSCImage as MultiFrameSCImage,
    )
    from highdicom.sc.sop import (
        SCImage as SCImage,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.sc.enum": ("ConversionTypeValues",),
            "highdicom.sc.multi_frame": ("MultiFrameSCImage",),
            "highdicom.sc.sop": ("SCImage",),
        },
    )
