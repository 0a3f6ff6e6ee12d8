"""Files behind any URL that fsspec knows, such as ``https://``, ``s3://``, ``memory://``."""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from highdicom.errors import MissingDependencyError, SourceError
from highdicom.io.byte_source import SourceNotFoundError

__all__ = ["FsspecSource", "source_of_url"]

_REMOTE_REQUEST_COST = 1 << 18
_LOCAL_REQUEST_COST = 1 << 13
_LOCAL_PROTOCOLS = {"file", "local", "memory"}


def _safe_name(url: str) -> str:
    """Return a URL as messages may show it: without passwords and signatures."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="", fragment="").geturl()


def source_of_url(url: str) -> "FsspecSource":
    """Open a URL.

    Raises
    ------
    MissingDependencyError
        If fsspec or what it needs for http is not installed.
    SourceNotFoundError
        If there is nothing behind the URL.
    SourceError
        If the server cannot be reached or fsspec does not know the scheme.

    """
    name = _safe_name(url)
    try:
        core = import_module("fsspec.core")
        file_system, path = core.url_to_fs(url)
    except ImportError as error:
        for package in ("fsspec", "aiohttp"):
            if error.name and error.name.partition(".")[0] == package:
                purpose = f"read '{name}'"
                raise MissingDependencyError(package, "remote", purpose) from error
        raise SourceError(
            f"'{name}' cannot be read, since a package is missing: {error}.",
            source=name,
        ) from error
    except Exception as error:
        raise _translated(name, error) from error
    return FsspecSource(file_system, path, name)


def _translated(name: str, error: Exception) -> SourceError:
    if isinstance(error, SourceError):
        return error
    if isinstance(error, FileNotFoundError):
        return SourceNotFoundError(f"There is nothing at '{name}'.", source=name)
    reason = str(error).rstrip(".") or type(error).__name__
    return SourceError(f"'{name}' cannot be read ({reason}).", source=name)


class FsspecSource:
    """A file of an fsspec file system.

    Every read is one request for exactly the bytes asked for. Pickled and copied ones
    make the file system anew, as do child processes.

    Parameters
    ----------
    file_system
        Instance of fsspec's ``AbstractFileSystem``.
    path
        Path in the file system.
    name
        What messages call it.

    Raises
    ------
    SourceNotFoundError
        If there is no such file.
    SourceError
        If it cannot be reached.

    """

    def __init__(self, file_system: Any, path: str, name: str | None = None) -> None:
        self.name = _safe_name(path) if name is None else name
        self._file_system = file_system
        self._process = os.getpid()
        self._path = path
        self._is_closed = False
        # All of it, for servers that do not serve parts of a file.
        self._content: bytes | None = None
        self._size = self._measure()

    @property
    def request_cost(self) -> int:
        """Number of bytes whose transfer takes about as long as a request."""
        protocols = self._file_system.protocol
        protocols = {protocols} if isinstance(protocols, str) else set(protocols)
        is_local = bool(protocols & _LOCAL_PROTOCOLS) or self._content is not None
        return _LOCAL_REQUEST_COST if is_local else _REMOTE_REQUEST_COST

    def _measure(self) -> int:
        try:
            size = self._connected().info(self._path)["size"]
            if size is not None:
                return int(size)
            content: bytes = self._connected().cat_file(self._path)
        except Exception as error:
            raise _translated(self.name, error) from error
        self._content = content
        return len(content)

    def _connected(self) -> Any:
        """Return the file system, made anew in a child process (fsspec forbids more)."""
        if self._process != os.getpid():
            system = self._file_system
            self._file_system = type(system)(
                *system.storage_args, **system.storage_options
            )
            self._process = os.getpid()
        return self._file_system

    def size(self) -> int:
        """Return the number of bytes, as of opening."""
        return self._size

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from a zero-based offset on; fewer only at the end."""
        return self.read_many([(offset, size)])[0]

    def read_many(self, ranges: Sequence[tuple[int, int]]) -> list[bytes]:
        """Read several ranges, at the same time where the file system can.

        Parameters
        ----------
        ranges
            Offset and size of each range.

        """
        if self._is_closed:
            raise SourceError(f"'{self.name}' has been closed.", source=self.name)
        bounds = [
            (offset, max(min(offset + size, self._size), offset))
            for offset, size in ranges
        ]
        if self._content is None:
            pieces = self._fetch([bound for bound in bounds if bound[0] < bound[1]])
            if self._content is None:
                remaining = iter(pieces)
                return [next(remaining) if a < b else b"" for a, b in bounds]
        return [self._content[start:end] for start, end in bounds]

    def _fetch(self, bounds: list[tuple[int, int]]) -> list[bytes]:
        try:
            if len(bounds) == 1:
                start, end = bounds[0]
                pieces = [self._connected().cat_file(self._path, start=start, end=end)]
            else:
                starts, ends = zip(*bounds, strict=True) if bounds else ((), ())
                pieces = self._connected().cat_ranges(
                    [self._path] * len(bounds),
                    list(starts),
                    list(ends),
                    on_error="raise",
                )
        except Exception as error:
            raise _translated(self.name, error) from error
        for piece, (start, end) in zip(pieces, bounds, strict=True):
            self._check(piece, start, end)
        return pieces

    def _check(self, piece: bytes, start: int, end: int) -> None:
        """Recognise answers to another question."""
        if len(piece) == end - start:
            return
        if len(piece) == self._size:
            # The server ignores ranges and sends the file; once is enough.
            self._content = piece
            return
        raise SourceError(
            f"'{self.name}' gave {len(piece)} bytes where {end - start} were asked for.",
            source=self.name,
        )

    def close(self) -> None:
        """Refuse further reads; fsspec keeps connections for others."""
        self._is_closed = True
        self._content = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle as file system and path."""
        return FsspecSource, (self._connected(), self._path, self.name)
