"""Images: reading any, writing derived multi-frame ones."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.image.image import (
        Image as Image,
        imread as imread,
    )
    from highdicom.image.series import (
        get_volume_from_series as get_volume_from_series,
    )
    from highdicom.spatial import (
        VOLUME_INDEX_CONVENTION as VOLUME_INDEX_CONVENTION,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.image.image": (
                "Image",
                "imread",
            ),
            "highdicom.image.series": ("get_volume_from_series",),
            "highdicom.spatial": ("VOLUME_INDEX_CONVENTION",),
        },
    )
