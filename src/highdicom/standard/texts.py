"""The tables as texts, and the lines of those that need no grammar."""

import re
from collections.abc import Iterator
from functools import cache
from pkgutil import get_data

__all__ = [
    "UID_ROOT",
    "lines_of",
    "parse_dictionary",
    "parse_sop_classes",
    "read_text",
    "spaced",
]

UID_ROOT = "1.2.840.10008.5.1.4."
"""Root of the UIDs of storage SOP classes, left out in their table."""


@cache
def read_text(name: str) -> str:
    """Text of one of the tables."""
    content = get_data("highdicom.standard", f"data/{name}.tbl")
    if content is None:
        raise FileNotFoundError(name)
    return content.decode("utf-8")


_NEXT_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def spaced(keyword: str) -> str:
    """Name that follows from a keyword."""
    return _NEXT_WORD.sub(" ", keyword)


def lines_of(text: str) -> list[str]:
    """Lines without comments, continued ones joined."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(";"):
            lines[-1] += line
        elif line and not line.startswith("#"):
            lines.append(line)
    return lines


def parse_sop_classes(text: str) -> Iterator[tuple[str, str, str]]:
    """UID, key of the IOD, and name (empty: that of the IOD) of each SOP class.

    A line is ``UID KEY [NAME]``, the UID without its root `UID_ROOT`, for which a dot
    stands.
    """
    for line in lines_of(text):
        uid, key, *name = line.split(" ", 2)
        full = UID_ROOT + uid[1:] if uid.startswith(".") else uid
        yield full, key, name[0] if name else ""


def parse_dictionary(text: str) -> Iterator[tuple[int, tuple[str, str, str, str, str]]]:
    """Tag and entry, as pydicom's dictionary wants it, of each attribute.

    A line is ``TAG VR VM KEYWORD [NAME]``.
    """
    for line in lines_of(text):
        tag, vr, vm, keyword, *name = line.split(" ", 4)
        entry = (
            vr.replace("/", " or "),
            vm,
            name[0] if name else spaced(keyword),
            "",
            keyword,
        )
        yield int(tag, 16), entry
