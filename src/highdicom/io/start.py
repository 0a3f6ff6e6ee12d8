"""What stands before the dataset of a file (PS3.10 7.1)."""

from typing import NamedTuple

import pydicom.uid
from pydicom.charset import default_encoding
from pydicom.dataset import FileMetaDataset
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID
from pydicom.valuerep import VR

from highdicom.errors import NonconformantDatasetError
from highdicom.io.byte_source import ByteSource
from highdicom.io.elements import Elements, element_header, scan_elements
from highdicom.io.values import value_of
from highdicom.io.window import Window
from highdicom.policy import tolerate

__all__ = ["Encoding", "FileStart", "NotDicomError", "read_start"]

_PREFIX = b"DICM"
_PREAMBLE_LENGTH = 128

# Groups in which a file without preamble may start.
_FIRST_GROUPS = {0x0000, 0x0002, 0x0004, 0x0008, 0x0010, 0x0018, 0x0020, 0x0028}

_VRS = frozenset(str(vr) for vr in VR)


class NotDicomError(NonconformantDatasetError, InvalidDicomError):
    """A file holds no DICOM dataset."""


class Encoding(NamedTuple):
    """How the elements of the dataset are encoded."""

    implicit: bool
    little_endian: bool
    transfer_syntax_uid: UID
    is_guessed: bool


class FileStart(NamedTuple):
    """What stands before the dataset."""

    preamble: bytes | None
    file_meta: FileMetaDataset
    commands: Elements
    position: int
    encoding: Encoding


def read_start(source: ByteSource) -> tuple[FileStart, Window]:
    """Read what stands before the dataset, and what is in memory already.

    Missing preamble, file meta information and transfer syntax are tolerated.

    Raises
    ------
    NotDicomError
        If that is no DICOM file.

    """
    window = Window(source, source.size())
    preamble, position = _read_preamble(window)
    meta, position, _ = scan_elements(
        window, position, implicit=False, stop=lambda tag: tag >> 16 != 2
    )
    file_meta = FileMetaDataset(meta)
    file_meta.set_original_encoding(
        is_implicit_vr=False, is_little_endian=True, character_encoding=default_encoding
    )
    commands: Elements = {}
    if window.take(position, 2) == b"\0\0":
        # A message as it was sent, commands first (PS3.7 6.3).
        commands, position, _ = scan_elements(
            window, position, implicit=True, stop=lambda tag: tag >> 16 != 0
        )
    encoding = _encoding_of(file_meta, window.take(position, 6))
    _report(source, encoding, has_preamble=preamble is not None)
    return FileStart(preamble, file_meta, commands, position, encoding), window


def _read_preamble(window: Window) -> tuple[bytes | None, int]:
    end = _PREAMBLE_LENGTH + len(_PREFIX)
    start = window.take(0, end)
    if start[_PREAMBLE_LENGTH:] == _PREFIX:
        return start[:_PREAMBLE_LENGTH], end
    if not _looks_like_dataset(start):
        what = "has no DICM prefix and does not start like one" if start else "is empty"
        raise NotDicomError(f"'{window.source.name}' is not a DICOM file: it {what}.")
    return None, 0


def _looks_like_dataset(start: bytes) -> bool:
    if len(start) < 8:
        return False
    if not any(start[:8]):
        # A file that was never written: a command group tells its length first.
        return False
    header = element_header(start[:12].ljust(12, b"\0"), implicit=False)
    if header.tag >> 16 in _FIRST_GROUPS:
        # The first elements of a dataset are short.
        return header.vr in _VRS or (header.vr is None and header.length < 1 << 16)
    return int.from_bytes(start[:2], "big") in _FIRST_GROUPS and header.vr in _VRS


def _encoding_of(file_meta: FileMetaDataset, start: bytes) -> Encoding:
    """Tell from the transfer syntax how elements are encoded, or guess."""
    value = value_of(file_meta, "TransferSyntaxUID")
    if isinstance(value, str) and value:
        uid = UID(value)
        is_little = uid != pydicom.uid.ExplicitVRBigEndian
        return Encoding(_is_implicit(uid), is_little, uid, is_guessed=False)
    is_explicit = start[4:6].decode("latin-1") in _VRS
    # Group 0008 in big endian looks like group 0800; no dataset starts that late.
    is_big = is_explicit and int.from_bytes(start[:2], "little") >= 0x0400
    if is_big:
        uid = pydicom.uid.ExplicitVRBigEndian
    elif is_explicit:
        uid = pydicom.uid.ExplicitVRLittleEndian
    else:
        uid = pydicom.uid.ImplicitVRLittleEndian
    return Encoding(not is_explicit, not is_big, uid, is_guessed=True)


def _is_implicit(uid: UID) -> bool:
    registered = pydicom.uid.PrivateTransferSyntaxes
    if uid in registered:
        return bool(registered[registered.index(uid)].is_implicit_VR)
    return uid == pydicom.uid.ImplicitVRLittleEndian


def _report(source: ByteSource, encoding: Encoding, *, has_preamble: bool) -> None:
    lacks = [] if has_preamble else ["preamble and DICM prefix"]
    if encoding.is_guessed:
        lacks.append("Transfer Syntax UID")
    if lacks:
        tolerate(
            f"the file has no {' and no '.join(lacks)}",
            f"it is read as {encoding.transfer_syntax_uid.name}",
            keyword="TransferSyntaxUID" if encoding.is_guessed else None,
            source=source.name,
        )
