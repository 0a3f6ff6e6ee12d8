"""Pixel data in pieces that are written one after the other, not joined before."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from io import BufferedIOBase
from itertools import accumulate
from typing import Any

from pydicom.dataelem import DataElement
from pydicom.tag import BaseTag

from highdicom.typing import Buffer, Self

__all__ = ["PiecedElement", "Pieces", "PiecesFile", "content_of"]

Piece = bytes | memoryview

# Less is read for what it says, more to be passed on.
_SMALL = 2**10
# Smaller pieces are passed on together.
_TOGETHER = 2**18


class Pieces:
    """Bytes in pieces that follow each other.

    Parameters
    ----------
    buffers
        The pieces: contiguous, and nobody changes them.

    """

    def __init__(self, buffers: Iterable[Buffer]) -> None:
        views = [memoryview(buffer).cast("B").toreadonly() for buffer in buffers]
        size = sum(map(len, views))
        self.views: list[memoryview] = (
            [*views, memoryview(b"\0")] if size % 2 else views
        )
        """The pieces, padded to even length."""

    def __len__(self) -> int:
        """Count all bytes."""
        return sum(map(len, self.views))

    def joined(self) -> bytes:
        """Copy the pieces into one."""
        return b"".join(self.views)


class PiecesFile(BufferedIOBase):
    """Pieces of bytes as one file to read from.

    Parameters
    ----------
    sizes
        Bytes of each piece.
    piece
        Gives a piece by its zero-based number.

    """

    def __init__(self, sizes: Iterable[int], piece: Callable[[int], Piece]) -> None:
        self._ends = list(accumulate(sizes))
        self._piece = piece
        self._position = 0

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Self:
        """Give pieces that are in memory as a file."""
        return cls(map(len, pieces), pieces.__getitem__)

    def __len__(self) -> int:
        """Count all bytes."""
        return self._ends[-1] if self._ends else 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """Any position can be gone to."""
        return True

    def tell(self) -> int:
        """Give the position."""
        return self._position

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a position."""
        self._position = (0, self._position, len(self))[whence] + offset
        return self._position

    def read(self, size: int | None = -1, /) -> Any:
        """Give bytes: all if not told otherwise, else perhaps more than asked for.

        Those asked for in thousands are only passed on; a large piece is not copied.
        """
        number = bisect_right(self._ends, self._position)
        if number == len(self._ends):
            return b""
        start = self._position - (self._ends[number - 1] if number else 0)
        first = self._piece(number)[start:]
        if size is None or size < 0:
            first = self._with_next(first, number, len(self))
        elif size < _SMALL:
            first = bytes(first[:size])
        else:
            first = self._with_next(first, number, _TOGETHER)
        self._position += len(first)
        return first

    def _with_next(self, first: Piece, number: int, most: int) -> Piece:
        """Join a piece with those after it, as long as they are not more bytes."""
        begun = self._ends[number] - len(first)
        stop = bisect_right(self._ends, begun + most)
        following = [self._piece(other) for other in range(number + 1, stop)]
        return b"".join([first, *following]) if following else first


class PiecedElement(DataElement):
    """An element whose value is in pieces until somebody asks for it.

    Parameters
    ----------
    tag, vr
        Tag and value representation, one of bytes or words.
    pieces
        What the value is made of.

    """

    def __init__(self, tag: BaseTag, vr: str, pieces: Pieces) -> None:
        super().__init__(tag, vr, pieces, already_converted=True)

    @property
    def content(self) -> Any:
        """The value, or the pieces if nobody asked for it yet."""
        return self._value

    @property
    def value(self) -> Any:
        """The value: joined when it is first asked for."""
        if isinstance(self._value, Pieces):
            self._value = self._value.joined()
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        DataElement.value.fset(self, value)  # type: ignore[attr-defined]

    def __deepcopy__(self, memo: dict[int, Any]) -> DataElement:
        """Give an element with the joined value, which need not be copied."""
        del memo
        return _element(self.tag, self.VR, self.value)

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave an element with the joined value to copies and pickles."""
        return _element, (self.tag, self.VR, self.value)


def _element(tag: BaseTag, vr: str, value: Any) -> DataElement:
    return DataElement(tag, vr, value, already_converted=True)


def content_of(element: Any) -> Any:
    """Value of an element, raw or not, or the pieces in which it still is."""
    return element.content if isinstance(element, PiecedElement) else element.value
