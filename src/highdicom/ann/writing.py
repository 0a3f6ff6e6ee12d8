"""Files of many points, written without a copy of them in memory.

pydicom encodes a sequence as a whole before it writes it, and each element in it as a
whole before that. Here the points go to the file from where they are.
"""

import os
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from pydicom.charset import default_encoding
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.tag import BaseTag
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from highdicom.ann.point_data import POINT_DATA
from highdicom.encoding.elements import dataset_of_elements, tag_of
from highdicom.encoding.headers import (
    ITEM_DELIMITATION,
    SEQUENCE_DELIMITATION,
    UNDEFINED_LENGTH,
    delimitation_item,
    element_header,
    has_long_length,
    item_header,
)
from highdicom.encoding.tree import encode_tree

__all__ = ["enclosed", "pieces_of_file", "write_pieces"]

_GROUPS = tag_of("AnnotationGroupSequence")


def pieces_of_file(instance: Dataset, **options: Any) -> list[bytes] | None:
    """Encode an instance piece by piece; the values of points are pieces themselves.

    Parameters
    ----------
    instance
        Instance with annotation groups.
    **options
        Options of :meth:`pydicom.dataset.Dataset.save_as` for what it writes.

    Returns
    -------
    list of bytes or None
        What pydicom writes to a file, in pieces; None if pydicom has to do it, since
        the encoding or the character set is not that of the elements.

    """
    if not _is_ready(instance):
        return None
    implicit = bool(instance.original_encoding[0])
    tags = list(instance.keys())
    head = BytesIO()
    _part(instance, [tag for tag in tags if tag < _GROUPS]).save_as(head, **options)
    tail = DicomBytesIO()
    tail.is_implicit_VR, tail.is_little_endian = implicit, True
    character_set = instance.get("SpecificCharacterSet") or default_encoding
    rest = _part(instance, [tag for tag in tags if tag > _GROUPS])
    write_dataset(tail, rest, character_set)
    groups: list[bytes] = []
    for group in instance[_GROUPS].value:
        pieces = _pieces_of_item(group, implicit=implicit, inherited=character_set)
        groups += enclosed(item_header(0)[:4], pieces, ITEM_DELIMITATION)
    header = element_header(_GROUPS, "SQ", implicit=implicit)
    sequence = enclosed(header, groups, SEQUENCE_DELIMITATION)
    return [head.getvalue(), *sequence, tail.getvalue()]


def _is_ready(instance: Dataset) -> bool:
    """Whether elements are to be written as they are encoded."""
    syntax = instance.file_meta.get("TransferSyntaxUID")
    implicit, is_little_endian = instance.original_encoding
    return (
        _GROUPS in instance
        and bool(is_little_endian)
        # What pydicom compares.
        and instance.original_character_set == instance._character_set  # noqa: SLF001
        and syntax in {ImplicitVRLittleEndian, ExplicitVRLittleEndian}
        and (syntax == ImplicitVRLittleEndian) == implicit
    )


def write_pieces(
    pieces: Iterable[bytes],
    target: str | os.PathLike[str] | BinaryIO,
    *,
    overwrite: bool = True,
) -> None:
    """Write pieces to a file, one after the other.

    Parameters
    ----------
    pieces
        What to write.
    target
        Path, or a file object, which stays open.
    overwrite
        Whether a file that exists is replaced.

    Raises
    ------
    FileExistsError
        If the file exists and must not be replaced.

    """
    if not isinstance(target, (str, os.PathLike)):
        for piece in pieces:
            target.write(piece)
        return
    with Path(target).open("wb" if overwrite else "xb") as file:
        file.writelines(pieces)


def _part(instance: Dataset, tags: list[BaseTag]) -> Dataset:
    """Copy some elements, and all that says how they are encoded."""
    elements = {tag: instance.get_item(tag) for tag in tags}
    part = dataset_of_elements(Dataset, elements)
    implicit, is_little_endian = instance.original_encoding
    part.set_original_encoding(
        implicit, is_little_endian, instance.original_character_set
    )
    for name in ("file_meta", "preamble"):
        if hasattr(instance, name):
            part.__dict__[name] = getattr(instance, name)
    return part


def enclosed(start: bytes, pieces: list[bytes], delimitation: int) -> list[bytes]:
    """Put a header in front of items or elements (PS3.5 7.5).

    Parameters
    ----------
    start
        Header up to the length.
    pieces
        What it is the header of.
    delimitation
        Tag of what ends it if it is too long for a length of 32 bits.

    """
    length = sum(map(len, pieces))
    if length < UNDEFINED_LENGTH:
        return [start + length.to_bytes(4, "little"), *pieces]
    undefined = UNDEFINED_LENGTH.to_bytes(4, "little")
    return [start + undefined, *pieces, delimitation_item(delimitation)]


def _pieces_of_item(
    item: Dataset, *, implicit: bool, inherited: str | list[str]
) -> list[bytes]:
    pieces: list[bytes] = []
    others: list[BaseTag] = []
    character_set = item.get("SpecificCharacterSet") or inherited

    def close() -> None:
        part = _part(item, others)
        pieces.append(encode_tree(part, implicit=implicit, character_set=character_set))
        others.clear()

    for tag in sorted(item.keys()):
        element = item.get_item(tag)
        if not _is_passed_on(element, implicit=implicit):
            others.append(tag)
            continue
        close()
        header = element_header(tag, element.VR or "UN", implicit=implicit)
        pieces.extend(
            (header + len(element.value).to_bytes(4, "little"), element.value)
        )
    close()
    return pieces


def _is_passed_on(element: DataElement | RawDataElement, *, implicit: bool) -> bool:
    """Whether the value of an element are points that are written as they are."""
    if element.tag not in POINT_DATA or not isinstance(element.value, bytes):
        return False
    if isinstance(element, RawDataElement) and (
        element.is_implicit_VR != implicit or not element.is_little_endian
    ):
        return False
    has_length = element.VR is None or has_long_length(element.VR, implicit=implicit)
    return has_length and len(element.value) % 2 == 0
