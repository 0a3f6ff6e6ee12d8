"""Files, file objects and bytes in memory as sources."""

import io
import os
import stat
import tempfile
from collections.abc import Callable
from typing import Any
from weakref import WeakSet, finalize

from pydicom.filebase import DicomIO

from highdicom.errors import ArgumentTypeError, InvalidArgumentError, SourceError
from highdicom.io.byte_source import ByteSource, SourceNotFoundError
from highdicom.io.locking import PortableLock
from highdicom.typing import Buffer

__all__ = [
    "BytesSource",
    "FileObjectSource",
    "OpenFileSource",
    "PathSource",
    "source_of_file_object",
]

_LOCAL_REQUEST_COST = 1 << 13

# A series of lazily opened images must not use up the file descriptors of the process:
# files beyond this number are opened anew for each read.
_KEPT_OPEN_AT_MOST = 256

_HAS_POSITIONAL_READ = hasattr(os, "pread")

# Systems read two gigabytes at once, at most.
_LARGEST_POSITIONAL_READ = 1 << 30
_OPENING_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def _closed(name: str) -> SourceError:
    return SourceError(f"'{name}' has been closed.", source=name)


class BytesSource:
    """Bytes in memory.

    Parameters
    ----------
    data
        Any contiguous buffer; it must not change while the source is used.
    name
        What messages call it.

    Examples
    --------
    >>> BytesSource(b"abcdef").read(2, 3)
    b'cde'

    """

    request_cost = 0

    def __init__(self, data: Buffer, name: str = "bytes in memory") -> None:
        self._data = data
        self._view = memoryview(data).cast("B")
        self._is_closed = False
        self.name = name

    def size(self) -> int:
        """Return the number of bytes."""
        return len(self._view)

    def read(self, offset: int, size: int) -> bytes:
        """Return a range; where that is all of a bytes object, the object itself."""
        if self._is_closed:
            raise _closed(self.name)
        if offset == 0 and isinstance(self._data, bytes) and size >= len(self._data):
            return self._data
        return bytes(self._view[offset : offset + size])

    def close(self) -> None:
        """Refuse further reads."""
        self._is_closed = True

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with the bytes."""
        return BytesSource, (bytes(self._view), self.name)

    def __copy__(self) -> "BytesSource":
        """Share the bytes."""
        return BytesSource(self._data, self.name)

    def __deepcopy__(self, memo: dict[int, Any]) -> "BytesSource":
        """Share the bytes, which do not change."""
        return self.__copy__()


def _read_at(descriptor: int, size: int, offset: int) -> bytes:
    """Read at a position, going on where the system returns less than asked for."""
    data = os.pread(descriptor, size, offset)
    if len(data) == size or not data:
        return data
    pieces = [data]
    missing = size - len(data)
    while missing and data:
        data = os.pread(descriptor, missing, offset + size - missing)
        pieces.append(data)
        missing -= len(data)
    return b"".join(pieces)


class PathSource:
    """A file of the local file system.

    It is kept open until it is closed or forgotten. Pickled and copied ones open the
    file again. Reads from several threads do not wait for each other where the
    operating system has positional reads.

    Parameters
    ----------
    path
        Path of the file.
    start
        Position in the file that counts as offset zero.

    Raises
    ------
    SourceNotFoundError
        If there is no such file.
    SourceError
        If it is no regular file or cannot be opened.

    Examples
    --------
    >>> from pydicom.data import get_testdata_file
    >>> source = PathSource(get_testdata_file("CT_small.dcm"))
    >>> source.read(128, 4), source.size()
    (b'DICM', 39206)
    >>> source.close()

    """

    request_cost = _LOCAL_REQUEST_COST

    def __init__(self, path: str | os.PathLike[str], start: int = 0) -> None:
        self.name = os.fsdecode(path)
        # Relative paths mean another file once the working directory has changed.
        self._path = os.path.abspath(self.name)  # noqa: PTH100 (keeps the type)
        self._start = start
        self._lock = PortableLock()
        self._close: Callable[[], object] | None = None
        self._descriptor: int | None = None
        self._is_closed = False
        self._size = self._measure()

    @property
    def path(self) -> str:
        """Absolute path of the file."""
        return self._path

    def _measure(self) -> int:
        try:
            status = os.stat(self._path)  # noqa: PTH116
            if not stat.S_ISREG(status.st_mode):
                kind = (
                    "a folder" if stat.S_ISDIR(status.st_mode) else "a device or pipe"
                )
                raise SourceError(
                    f"'{self.name}' is {kind}, but should be a file.", source=self.name
                )
            # Missing permissions are to be known now, not at the first frame.
            with self._lock:
                self._keep_open()
        except FileNotFoundError as error:
            raise SourceNotFoundError(
                f"There is no file '{self.name}'.", source=self.name
            ) from error
        except OSError as error:
            raise self._unreadable(error) from error
        return max(status.st_size - self._start, 0)

    def _unreadable(self, error: OSError) -> SourceError:
        if isinstance(error, SourceError):
            return error
        return SourceError(
            f"'{self.name}' cannot be read ({error.strerror or error}).",
            source=self.name,
        )

    def _keep_open(self) -> int | None:
        """Open the file unless too many are; the lock is held."""
        if self._descriptor is None and len(_kept_open) < _KEPT_OPEN_AT_MOST:
            descriptor = os.open(self._path, _OPENING_FLAGS)
            self._close = finalize(self, os.close, descriptor)
            self._descriptor = descriptor
            _kept_open.add(self)
        elif self._descriptor is None:
            os.close(os.open(self._path, _OPENING_FLAGS))
        return self._descriptor

    def size(self) -> int:
        """Return the number of bytes from the start on, as of opening."""
        return self._size

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from a zero-based offset on; fewer only at the end."""
        if self._is_closed:
            raise _closed(self.name)
        size = max(min(size, self._size - offset), 0)
        try:
            descriptor = self._descriptor
            is_simple = _HAS_POSITIONAL_READ and size <= _LARGEST_POSITIONAL_READ
            if descriptor is None or not is_simple:
                return self._read_anew(offset, size)
            return _read_at(descriptor, size, self._start + offset)
        except OSError as error:
            raise self._unreadable(error) from error

    def _read_anew(self, offset: int, size: int) -> bytes:
        # Unlike system calls, buffered files fill one object of any size.
        with open(self._path, "rb") as file:  # noqa: PTH123
            file.seek(self._start + offset)
            return _read_fully(file, size)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._is_closed = True
            self._descriptor = None
            _kept_open.discard(self)
            if self._close is not None:
                self._close()

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle as the path."""
        return _reopened, (self.name, self._path, self._start, self._size)


_kept_open: WeakSet[PathSource] = WeakSet()


def _reopened(name: str, path: str, start: int, size: int) -> PathSource:
    source = PathSource(path, start)
    source.name = name
    if source.size() != size:
        raise SourceError(
            f"'{name}' had {size} bytes when it was first opened, but has "
            f"{source.size()} now.",
            source=name,
        )
    return source


def _read_fully(file: Any, size: int) -> bytes:
    """Read from the position of a file object, which may return less than asked for."""
    data: bytes = file.read(size)
    if len(data) == size or not data:
        return data
    pieces = [data]
    missing = size - len(data)
    while missing and data:
        data = file.read(missing)
        pieces.append(data)
        missing -= len(data)
    return b"".join(pieces)


class FileObjectSource:
    """A file object opened by someone else, from its present position on.

    The position is left as it was after each read. The file object is not closed, and
    has to stay open as long as it is read from. Pickling works where the file object
    can be pickled.

    Parameters
    ----------
    file
        Binary file object with ``read``, ``seek`` and ``tell``.
    owner
        What closes the file object when nobody refers to it any more, as wrappers of
        temporary files do.

    Raises
    ------
    ArgumentTypeError
        If it is a text file.
    InvalidArgumentError
        If it is closed or has no positions, such as a pipe.

    """

    request_cost = _LOCAL_REQUEST_COST

    def __init__(self, file: Any, owner: object = None) -> None:
        self._file = file
        self._owner = owner
        self._lock = PortableLock()
        self._is_closed = False
        self.name = _name_of(file)
        try:
            if not isinstance(file.read(0), bytes):
                raise ArgumentTypeError(
                    f"'{self.name}' must be opened in binary mode, not as text."
                )
            self._start = file.tell()
            end = file.seek(0, os.SEEK_END)
            end = file.tell() if end is None else end
            file.seek(self._start)
        except (OSError, ValueError) as error:
            raise InvalidArgumentError(
                f"'{self.name}' must be an open file object that can seek ({error})."
            ) from error
        self._size: int = max(end - self._start, 0)

    def size(self) -> int:
        """Return the number of bytes from the first position on, as of opening."""
        return self._size

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from a zero-based offset on; fewer only at the end."""
        if self._is_closed:
            raise _closed(self.name)
        size = max(min(size, self._size - offset), 0)
        try:
            with self._lock:
                position = self._file.tell()
                self._file.seek(self._start + offset)
                data = _read_fully(self._file, size)
                self._file.seek(position)
        except (OSError, ValueError) as error:
            raise SourceError(
                f"'{self.name}' cannot be read ({error}).", source=self.name
            ) from error
        return data

    def close(self) -> None:
        """Refuse further reads. The file object stays open."""
        self._is_closed = True

    def __copy__(self) -> "FileObjectSource":
        """Share the file object."""
        copied = type(self).__new__(type(self))
        copied.__dict__.update(self.__dict__)
        return copied

    def __deepcopy__(self, memo: dict[int, Any]) -> "FileObjectSource":
        """Share the file object, which cannot be copied."""
        return self.__copy__()


def _name_of(file: Any) -> str:
    name = getattr(file, "name", None)
    return name if isinstance(name, str) and name else f"{type(file).__name__} object"


class OpenFileSource(FileObjectSource):
    """A file of the file system opened by someone else.

    It is read by position, without moving the file object's own, so that neither
    threads nor child processes disturb each other. Pickled ones open the file again.
    """

    @property
    def path(self) -> str:
        """Absolute path of the file."""
        return os.path.abspath(self.name)  # noqa: PTH100

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from a zero-based offset on; fewer only at the end."""
        if self._is_closed:
            raise _closed(self.name)
        size = max(min(size, self._size - offset), 0)
        try:
            return _read_at(self._file.fileno(), size, self._start + offset)
        except (OSError, ValueError) as error:
            raise SourceError(
                f"'{self.name}' cannot be read ({error}).", source=self.name
            ) from error

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the path."""
        return _reopened, (self.name, self.path, self._start, self._size)


def _is_system_file(file: Any) -> bool:
    """Whether the file object shows the bytes of its file descriptor unchanged."""
    raw = file.raw if isinstance(file, (io.BufferedReader, io.BufferedRandom)) else file
    return _HAS_POSITIONAL_READ and type(raw) is io.FileIO


def _unwrapped(file: Any) -> Any:
    """Return what pydicom's ``DicomIO`` or a temporary file stands for."""
    if isinstance(file, tempfile._TemporaryFileWrapper):  # noqa: SLF001
        return file.file
    return file.parent if isinstance(file, DicomIO) else file


def source_of_file_object(file: Any) -> ByteSource:
    """Make a source of an open binary file object, from its present position on.

    The object has to stay open. Files of the file system and bytes in memory are read
    directly, so that threads do not wait for each other.

    Parameters
    ----------
    file
        Binary file object with ``read``, ``seek`` and ``tell``, pydicom's ``DicomIO``
        included.

    """
    opened = _unwrapped(file)
    if type(opened) is io.BytesIO and not opened.closed:
        content, start = opened.getvalue(), opened.tell()
        rest = memoryview(content)[start:] if start else content
        return BytesSource(rest, _name_of(opened))
    kind = OpenFileSource if _is_system_file(opened) else FileObjectSource
    return kind(opened, owner=None if isinstance(file, DicomIO) else file)
