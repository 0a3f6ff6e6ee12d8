"""Attributes that are newer than pydicom's data dictionary."""

from functools import cache

from pydicom.datadict import (
    add_dict_entries,
    dictionary_has_tag,
    keyword_dict,
)

from highdicom.standard.texts import parse_dictionary, read_text

__all__ = ["register_new_attributes"]


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
