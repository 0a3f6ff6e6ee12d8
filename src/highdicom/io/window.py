"""The part of a source that is in memory while a header is read."""

from highdicom.io.byte_source import ByteSource, request_cost

__all__ = ["Window"]

_FIRST_STEP = 1 << 13
_LARGEST_STEP = 1 << 20


class Window:
    """Bytes of a source, fetched in few, growing requests.

    What is read ahead doubles with each request: headers of any size take few
    requests, and short ones transfer little more than themselves.

    Parameters
    ----------
    source
        Source to read from.
    end
        Where the bytes of interest end, at the latest.

    """

    def __init__(self, source: ByteSource, end: int) -> None:
        self.source = source
        self.end = end
        self._start = 0
        self._data = b""
        self._step = _FIRST_STEP

    def take(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from a zero-based offset on; fewer only at the end."""
        first = offset - self._start
        if first >= 0 and first + size <= len(self._data):
            return self._data[first : first + size]
        size = max(min(size, self.end - offset), 0)
        present = max(len(self._data) - first, 0) if first >= 0 else 0
        if size - present > 64 * request_cost(self.source):
            # A second copy takes longer than to read again what is present.
            return self.source.read(offset, size)
        self._fetch(offset, size)
        return self._data[:size]

    def buffered(self, offset: int) -> tuple[bytes, int]:
        """Return what is in memory and where in it an offset is, without a copy."""
        first = offset - self._start
        return (self._data, first) if 0 <= first < len(self._data) else (b"", 0)

    def ahead(self, offset: int, size: int) -> bytes:
        """Return what is in memory from an offset on.

        If that is nothing, `size` bytes or more are fetched; none only at the end.
        """
        first = offset - self._start
        if not 0 <= first < len(self._data):
            self._fetch(offset, size)
            first = 0
        return self._data[first:]

    def _fetch(self, offset: int, size: int) -> None:
        first = offset - self._start
        present = self._data[first:] if 0 <= first < len(self._data) else b""
        missing = size - len(present)
        wanted = min(missing + self._step, self.end - offset - len(present))
        self._data = present + self.source.read(offset + len(present), max(wanted, 0))
        self._start = offset
        self._step = min(2 * self._step, _LARGEST_STEP)
