"""From a path, URL, file object or bytes to a source of bytes."""

import os
import re
from importlib.metadata import entry_points
from typing import Any, BinaryIO, TypeAlias, cast
from urllib.parse import urlsplit
from urllib.request import url2pathname

from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.io.byte_source import ByteSource
from highdicom.io.fsspec import FsspecSource, source_of_url
from highdicom.io.local import BytesSource, PathSource, source_of_file_object

__all__ = ["Target", "open_source"]

Target: TypeAlias = str | os.PathLike[str] | BinaryIO | bytes | ByteSource

_ENTRY_POINTS = "highdicom.sources"

# Two characters at least, since "C:" is a drive.
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]+)(://|::)")


def open_source(target: Target) -> ByteSource:
    """Open what DICOM files may come from (PS3.10 7).

    Parameters
    ----------
    target
        Path of a file, URL, binary file object (read from its present position on),
        pydicom's ``DicomIO``, bytes, an fsspec ``OpenFile``, or a source, which is
        returned as it is. URLs are opened by the factory of the entry point in the
        group "highdicom.sources" that has the name of their scheme, if there is one,
        otherwise through fsspec.

    Raises
    ------
    SourceNotFoundError
        If there is no such file or resource.
    SourceError
        If it cannot be opened.
    MissingDependencyError
        If the scheme of a URL needs a package that is not installed.
    ArgumentTypeError
        If it is nothing of the above.

    Examples
    --------
    >>> open_source(b"DICM").read(0, 2)
    b'DI'

    """
    if isinstance(target, str):
        return _open_text(target)
    if isinstance(target, (bytes, bytearray, memoryview)):
        return BytesSource(target)
    if _is_file(target):
        return source_of_file_object(target)
    file_system: Any = getattr(target, "fs", None)
    if file_system is not None:
        return FsspecSource(file_system, cast("Any", target).path)
    if isinstance(target, os.PathLike):
        return PathSource(target)
    if isinstance(target, ByteSource):
        return target
    raise ArgumentTypeError(
        "A file must be given as a path, a URL, a binary file object, bytes or a source "
        f"of bytes, not as {type(target).__name__}."
    )


def _is_file(target: object) -> bool:
    return all(hasattr(target, name) for name in ("read", "seek", "tell"))


def _open_text(target: str) -> ByteSource:
    match = _SCHEME.match(target)
    if match is None:
        if not target:
            raise InvalidArgumentError("The path of a file must not be empty.")
        return PathSource(target)
    scheme = match["scheme"].lower()
    for entry in entry_points(group=_ENTRY_POINTS, name=scheme):
        return cast("ByteSource", entry.load()(target))
    if scheme == "file" and urlsplit(target).netloc in {"", "localhost"}:
        return PathSource(url2pathname(urlsplit(target).path))
    return source_of_url(target)
