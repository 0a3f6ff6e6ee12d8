"""What a source of bytes is: positional reads, nothing else."""

from typing import Protocol, runtime_checkable

from highdicom.errors import SourceError

__all__ = ["ByteSource", "SourceNotFoundError", "request_cost"]

_DEFAULT_REQUEST_COST = 1 << 16


@runtime_checkable
class ByteSource(Protocol):
    """Bytes that can be read at any position.

    There is no shared position, so that a source can be read from several threads at
    once. A source that is worth passing to other processes can be pickled, too.

    Implementations may have two more members that make reading from afar cheaper:
    ``request_cost``, the number of bytes whose transfer takes about as long as a
    request takes before its first byte arrives, and ``read_many(ranges)``, which reads
    a list of ``(offset, size)`` at once and returns a list of bytes.
    """

    @property
    def name(self) -> str:
        """What messages call it: a path, a URL."""
        ...

    def size(self) -> int:
        """Return the number of bytes there are."""
        ...

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from a zero-based offset on; fewer only at the end."""
        ...

    def close(self) -> None:
        """Give up what is held open. Reading after that is an error."""
        ...


class SourceNotFoundError(SourceError, FileNotFoundError):
    """There is no such file or resource."""


def request_cost(source: ByteSource) -> int:
    """Return how many bytes take as long to transfer as a request takes to start."""
    return int(getattr(source, "request_cost", _DEFAULT_REQUEST_COST))
