"""Attributes that are newer than pydicom's data dictionary."""

from functools import cache
from importlib.resources import files

from pydicom.datadict import (
    add_dict_entries,
    dictionary_has_tag,
    keyword_dict,
)

from highdicom.standard.grammar import parse_dictionary

__all__ = ["read_text", "register_new_attributes"]


@cache
def read_text(name: str) -> str:
    """Text of one of the tables."""
    return (files("highdicom.standard") / "data" / f"{name}.tbl").read_text("utf-8")


@cache
def register_new_attributes() -> None:
    """Make the attributes known to pydicom that its dictionary lacks.

    Entries that pydicom, or the user, already has are left alone. An attribute whose
    keyword has changed since can be used by its new keyword, too. This is done when the
    tables are first used, never on import; doing it again does nothing.
    """
    missing = {}
    for tag, entry in parse_dictionary(read_text("dictionary")):
        if dictionary_has_tag(tag):
            keyword_dict.setdefault(entry[4], tag)
        else:
            missing[tag] = entry
    if missing:
        add_dict_entries(missing)
