"""What functional groups are read with: imported when those of an image are."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.frames.grouped import (
        GroupedFrames as GroupedFrames,
    )
    from highdicom.frames.sources import (
        source_references as source_references,
    )
    from highdicom.spatial.tiled_full import (
        is_tiled_full as is_tiled_full,
        tiled_full_positions as tiled_full_positions,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.frames.grouped": ("GroupedFrames",),
            "highdicom.frames.sources": ("source_references",),
            "highdicom.spatial.tiled_full": ("is_tiled_full", "tiled_full_positions"),
        },
    )
