"""Frames to bytes and back (PS3.5 8 and Annex A)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.codec.decoder import (
        FrameDecoder as FrameDecoder,
    )
    from highdicom.codec.encoder import (
        FrameEncoder as FrameEncoder,
    )
    from highdicom.codec.format import (
        PixelFormat as PixelFormat,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.codec.decoder": ("FrameDecoder",),
            "highdicom.codec.encoder": ("FrameEncoder",),
            "highdicom.codec.format": ("PixelFormat",),
        },
    )
