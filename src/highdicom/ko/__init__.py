"""Selections of key objects (PS3.3 A.35.4, PS3.16 TID 2010)."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.ko.content import (
        KeyObjectSelection as KeyObjectSelection,
    )
    from highdicom.ko.sop import (
        KeyObjectSelectionDocument as KeyObjectSelectionDocument,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__,
        {
            "highdicom.ko.content": ("KeyObjectSelection",),
            "highdicom.ko.sop": ("KeyObjectSelectionDocument",),
        },
    )
