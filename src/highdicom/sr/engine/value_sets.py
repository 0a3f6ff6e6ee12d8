"""Context groups: sets of codes to choose from (PS3.16 Annex B)."""

from functools import lru_cache

from pydicom.sr.codedict import codes

from highdicom.content_items.concepts import ConceptKey, is_same_concept, key_of_code
from highdicom.records import record

__all__ = ["ContextGroup", "baseline", "closed", "defined"]


@record
class ContextGroup:
    """A context group and how it binds (PS3.16 6.1.7).

    Parameters
    ----------
    number
        Number of the group, as 244.
    is_binding
        Whether it has to be used (DCID); otherwise it is a suggestion (BCID).
    is_closed
        Whether it must not be extended. Codes outside of a binding group that may be
        extended are right if they mean something that the group lacks, which a
        program cannot tell.

    """

    number: int
    is_binding: bool = True
    is_closed: bool = False

    def __contains__(self, key: object) -> bool:
        """Whether a code is in the group."""
        return isinstance(key, tuple) and _is_in_group(self.number, key)

    @property
    def is_known(self) -> bool:
        """Whether the codes of the group are known."""
        return bool(_keys_of_group(self.number))


def defined(number: int) -> ContextGroup:
    """Context group that has to be used, but may be extended."""
    return ContextGroup(number)


def closed(number: int) -> ContextGroup:
    """Context group that has to be used as it is."""
    return ContextGroup(number, is_closed=True)


def baseline(number: int) -> ContextGroup:
    """Context group that is a suggestion."""
    return ContextGroup(number, is_binding=False)


@lru_cache(maxsize=512)
def _keys_of_group(number: int) -> frozenset[ConceptKey]:
    try:
        concepts = getattr(codes, f"cid{number}").concepts
    except AttributeError:
        return frozenset()
    return frozenset(key_of_code(code) for code in concepts.values())


@lru_cache(maxsize=4096)
def _is_in_group(number: int, key: ConceptKey) -> bool:
    keys = _keys_of_group(number)
    plain = (key[0], key[1], None)
    return plain in keys or any(is_same_concept(plain, known) for known in keys)
