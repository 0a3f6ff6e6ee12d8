"""Mappings of floating point numbers whose range other writers give in integers."""

from copy import copy

from pydicom.dataset import Dataset

from highdicom.encoding.elements import put, tag_of
from highdicom.image.groups import REAL_WORLD, TransformGroups
from highdicom.policy import tolerate

__all__ = ["MapGroups"]

_INTEGERS = ("RealWorldValueFirstValueMapped", "RealWorldValueLastValueMapped")
_FLOATS = {
    "DoubleFloatRealWorldValueFirstValueMapped": float("-inf"),
    "DoubleFloatRealWorldValueLastValueMapped": float("inf"),
}


class MapGroups(TransformGroups):
    """Functional groups of a map of floating point numbers.

    Some writers give the range of a mapping in 16 bits there, to which they have cut
    the lowest and highest value: such a range is not taken for one that pixels have to
    be in.
    """

    def items(self, keyword: str, number: int) -> list[Dataset]:
        """Items of a group, none if its number is negative."""
        items = super().items(keyword, number)
        if keyword != REAL_WORLD:
            return items
        return [_without_limits(item) if _is_cut(item) else item for item in items]


def _is_cut(item: Dataset) -> bool:
    return _INTEGERS[0] in item and not any(keyword in item for keyword in _FLOATS)


def _without_limits(item: Dataset) -> Dataset:
    """Give the mapping with an endless range; the item stays as it is."""
    tolerate(
        "the range of a mapping of floating point numbers is given in integers",
        "taken for one that covers all values",
        keyword=_INTEGERS[0],
        stacklevel=10,
    )
    endless = copy(item)
    # A shallow copy would share the elements.
    endless.__dict__["_dict"] = dict(item.items())
    for keyword in _INTEGERS:
        endless._dict.pop(tag_of(keyword), None)  # noqa: SLF001
    for keyword, limit in _FLOATS.items():
        put(endless, keyword, limit)
    return endless
