"""Data sets as bytes (PS3.5 7): elements, items and sequences, many at once."""

from typing import TYPE_CHECKING

from highdicom.lazy import lazily

if TYPE_CHECKING:
    from highdicom.encoding.lazy import (
        LazySequence as LazySequence,
        lazy_sequence as lazy_sequence,
    )
else:
    __all__, __getattr__, __dir__ = lazily(
        __name__, {"highdicom.encoding.lazy": ("LazySequence", "lazy_sequence")}
    )
