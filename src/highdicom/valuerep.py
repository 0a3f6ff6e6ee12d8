"""Checks of values before they are written (PS3.5 6.2)."""

import re
import warnings

from pydicom.valuerep import PersonName

from highdicom.errors import (
    ArgumentTypeError,
    HighdicomWarning,
    InvalidArgumentError,
)

__all__ = ["check_person_name"]

_MOST_GROUPS = 3
_MOST_COMPONENTS = 5
_MOST_CHARACTERS = 64
# Escape is allowed: it introduces another character set (PS3.5 6.1.2.5).
_FORBIDDEN = re.compile(r"[\x00-\x1a\x1c-\x1f\x7f\\]")


def check_person_name(person_name: str | PersonName) -> None:
    """Check that a person name can be written and is likely to mean what it says.

    A name has up to three component groups (alphabetic, ideographic, phonetic),
    separated by ``=``, each of up to five components (family name, given name,
    middle name, prefix, suffix), separated by ``^``, and up to 64 characters
    (PS3.5 6.2.1). An empty name is allowed.

    Raises
    ------
    ArgumentTypeError
        If the name is not a string.
    InvalidArgumentError
        If the name has too many groups, components or characters, or has control
        characters or a backslash.

    Warns
    -----
    HighdicomWarning
        If the name has a single component, as ``"Jane Doe"`` has: family and given
        name are then not told apart. A trailing caret says that this is meant.

    Examples
    --------
    >>> from highdicom.valuerep import check_person_name
    >>> check_person_name("Doe^Jane")

    """
    if not isinstance(person_name, (str, PersonName)):
        raise ArgumentTypeError(
            "A person name must be a string or a PersonName, not "
            f"{type(person_name).__name__}."
        )
    name = str(person_name)
    fault = _fault(name)
    if fault:
        raise InvalidArgumentError(f"The person name {name!r} {fault}.")
    if name and "^" not in name:
        warnings.warn(
            f"The person name {name!r} has a single component, so that family and "
            'given name are not told apart: write "family^given", or add a caret at '
            "the end if a single component is meant.",
            HighdicomWarning,
            stacklevel=2,
        )


def _fault(name: str) -> str | None:
    """What keeps a name from being written, as the end of a sentence."""
    groups = name.split("=")
    if _FORBIDDEN.search(name):
        return "has a control character or a backslash"
    if len(groups) > _MOST_GROUPS:
        return f"has more than {_MOST_GROUPS} component groups"
    if any(len(group) > _MOST_CHARACTERS for group in groups):
        return f"has a component group of more than {_MOST_CHARACTERS} characters"
    if any(group.count("^") >= _MOST_COMPONENTS for group in groups):
        return f"has a component group of more than {_MOST_COMPONENTS} components"
    return None
