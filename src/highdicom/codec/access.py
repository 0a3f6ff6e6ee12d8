"""What compressed frames are encoded with: imported when the first frame is."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.codec import (
        imagecodecs as imagecodecs,
        plugins as plugins,
    )
    from highdicom.codec.rle import encode_rle as encode_rle
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.codec": ("imagecodecs", "plugins"),
            "highdicom.codec.rle": ("encode_rle",),
        },
    )
