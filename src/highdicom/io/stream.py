"""A source as a file object, for readers that need one."""

import io
import os

from highdicom.io.byte_source import ByteSource
from highdicom.typing import Buffer

__all__ = ["stream_of"]


class _RawStream(io.RawIOBase):
    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._position = 0
        self.name = source.name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        bases = {os.SEEK_SET: 0, os.SEEK_CUR: self._position}
        base = self._source.size() if whence == os.SEEK_END else bases[whence]
        self._position = max(base + offset, 0)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Buffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._source.read(self._position, len(view))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)


def stream_of(source: ByteSource) -> io.BufferedReader:
    """Make a buffered, seekable file object; closing it leaves the source open."""
    return io.BufferedReader(_RawStream(source), buffer_size=1 << 14)
