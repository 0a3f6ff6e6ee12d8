"""What the tables name, told without parsing their rules.

Constructing an instance needs no more, and so does not load what checking it needs.
"""

import re
from functools import cache

from highdicom.errors import InvalidArgumentError
from highdicom.standard.dictionary import register_new_attributes
from highdicom.standard.texts import lines_of, parse_sop_classes, read_text

__all__ = ["headings", "iod_key_of", "keywords_of", "section", "sop_classes"]

# No file begins with a heading. What begins with a newline is found much faster than
# what begins at the start of a line.
_HEADING = re.compile(r"\n(module|macro|iod|common) (\S+)")
# The first part of a row at the top of a table: a keyword, or a macro that is included.
_ROW = re.compile(r" (?:> (?P<macro>[\w-]+)|(?P<keyword>\w+))")


def section(name: str, kind: str, key: str) -> str | None:
    """Text below and including one heading of a file; None if it is not there."""
    register_new_attributes()
    text = read_text(name)
    heading = f"\n{kind} {key}"
    start = text.find(heading)
    # Other keys may begin with this one.
    while start >= 0 and not text.startswith((" ", "\n"), start + len(heading)):
        start = text.find(heading, start + 1)
    if start < 0 or " " in key:
        return None
    following = _HEADING.search(text, start + 1)
    return text[start + 1 : following.start(1) if following else len(text)]


@cache
def headings(name: str) -> tuple[tuple[str, str], ...]:
    """Kind and key of each heading of a file."""
    return tuple((found[1], found[2]) for found in _HEADING.finditer(read_text(name)))


@cache
def sop_classes() -> dict[str, tuple[str, str]]:
    """Key of the IOD and name (empty: that of the IOD) of each SOP class by its UID."""
    return {
        uid: (key, name)
        for uid, key, name in parse_sop_classes(read_text("sop_classes"))
    }


def iod_key_of(sop_class_uid: str) -> str | None:
    """Key of the IOD of a SOP class; None if it is not in the tables.

    Examples
    --------
    >>> from highdicom.standard import iod_key_of
    >>> iod_key_of("1.2.840.10008.5.1.4.1.1.2")
    'ct-image'

    """
    found = sop_classes().get(str(sop_class_uid))
    return found[0] if found else None


@cache
def keywords_of(key: str, kind: str = "module") -> tuple[str, ...]:
    """Keywords of the attributes of a module, those of included macros, too.

    Parameters
    ----------
    key
        Key of the module or macro.
    kind
        ``module`` or ``macro``.

    Raises
    ------
    InvalidArgumentError
        If there is none.

    Examples
    --------
    >>> from highdicom.standard.names import keywords_of
    >>> keywords_of("patient")[:2]
    ('PatientName', 'PatientID')

    """
    text = section("modules", kind, key)
    if text is None:
        raise InvalidArgumentError(f"There is no {kind} with the key '{key}'.")
    keywords: list[str] = []
    for row in filter(None, map(_ROW.match, lines_of(text))):
        if row["macro"]:
            keywords += keywords_of(row["macro"], "macro")
        else:
            keywords.append(row["keyword"])
    return tuple(dict.fromkeys(keywords))
