"""The inflated content of a deflated data set (PS3.5 A.5) as a source."""

import sys
import zlib
from typing import Any

from highdicom.errors import NonconformantDatasetError, SourceError
from highdicom.io.byte_source import ByteSource
from highdicom.io.locking import PortableLock

__all__ = ["InflatedSource"]

_STEP = 1 << 16


class InflatedSource:
    """Bytes inflated as far as they are asked for, and kept.

    Parameters
    ----------
    source
        Source of the deflated bytes.
    start
        Where in it they start.
    limit
        Number of inflated bytes beyond which reading is refused: a few bytes can
        inflate to a thousand times as many.

    """

    request_cost = 0

    def __init__(
        self, source: ByteSource, start: int, limit: int = sys.maxsize
    ) -> None:
        self.name = source.name
        self.limit = limit
        self._source = source
        self._start = start
        self._lock = PortableLock()
        self._is_closed = False
        self._position = start
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._has_ended = False
        self._data = bytearray()

    def size(self) -> int:
        """Return the number of inflated bytes, for which all must be inflated."""
        with self._lock:
            self._inflate(sys.maxsize)
            return len(self._data)

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` inflated bytes from an offset on; fewer only at the end."""
        with self._lock:
            if self._is_closed:
                raise SourceError(f"'{self.name}' has been closed.", source=self.name)
            self._inflate(offset + size)
            return bytes(memoryview(self._data)[offset : offset + size])

    def _inflate(self, end: int) -> None:
        while len(self._data) < end and not self._has_ended:
            if len(self._data) > self.limit:
                raise NonconformantDatasetError(
                    f"{self.name}: The deflated data set inflates to more than the "
                    f"{self.limit} bytes expected of it."
                )
            deflated = self._inflater.unconsumed_tail or self._next_piece()
            try:
                self._data += self._inflater.decompress(deflated, 16 * _STEP)
            except zlib.error as error:
                self._has_ended = True
                raise NonconformantDatasetError(
                    f"{self.name}: The deflated data set is damaged after "
                    f"{len(self._data)} inflated bytes ({error})."
                ) from error
            # Without more input and output, the data end before their own end mark.
            self._has_ended = self._inflater.eof or not (
                deflated or self._inflater.unconsumed_tail
            )

    def _next_piece(self) -> bytes:
        piece = self._source.read(self._position, _STEP)
        self._position += len(piece)
        return piece

    def close(self) -> None:
        """Refuse further reads and forget what has been inflated."""
        with self._lock:
            self._is_closed = True
            self._data = bytearray()

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle without what has been inflated."""
        return InflatedSource, (self._source, self._start, self.limit)
