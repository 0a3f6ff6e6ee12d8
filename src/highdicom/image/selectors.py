"""Choose one of several transforms of a kind: by index, by name, by unit."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.errors import ArgumentTypeError, TransformNotFoundError

__all__ = ["select", "select_real_world_map"]

T = TypeVar("T")


def select(
    candidates: Sequence[T],
    selector: int | str,
    name_of: Callable[[T], str | None],
    keyword: str,
) -> T:
    """Choose by index, from the end if negative, or by name.

    Parameters
    ----------
    candidates
        What there is to choose from.
    selector
        Index or name.
    name_of
        Gives the name of a candidate.
    keyword
        Name of the argument that holds the selector, for messages.

    Raises
    ------
    TransformNotFoundError
        If there is none of that index or name.
    ArgumentTypeError
        If the selector is neither.

    """
    if isinstance(selector, str):
        for candidate in candidates:
            if name_of(candidate) == selector:
                return candidate
        names = ", ".join(repr(name_of(c)) for c in candidates)
        raise TransformNotFoundError(
            f"'{keyword}' {selector!r} is not among the transforms of the image, "
            f"which are named {names}."
        )
    return _by_index(candidates, selector, keyword)


def _by_index(candidates: Sequence[T], index: int, keyword: str) -> T:
    if isinstance(index, bool) or not isinstance(index, (int, np.integer)):
        raise ArgumentTypeError(
            f"'{keyword}' must be an index or a name, not {index!r}."
        )
    if not -len(candidates) <= index < len(candidates):
        raise TransformNotFoundError(
            f"'{keyword}' {index} is not among the transforms of the image, which has "
            f"{len(candidates)} for the frame."
        )
    return candidates[index]


def select_real_world_map(
    maps: Sequence[Dataset], selector: int | str | Code | CodedConcept
) -> Dataset:
    """Choose a real world value map by index, LUT Label, or unit (PS3.3 C.7.6.16.2.11).

    Raises
    ------
    TransformNotFoundError
        If there is none of that index, label or unit.

    """
    keyword = "real_world_value_map_selector"
    if not isinstance(selector, (Code, CodedConcept)):
        return select(maps, selector, lambda item: item.get("LUTLabel"), keyword)
    for item in maps:
        units = item.get("MeasurementUnitsCodeSequence")
        if units and CodedConcept.from_dataset(units[0]) == selector:
            return item
    raise TransformNotFoundError(
        f"'{keyword}': the image has no real world value map in "
        f"{selector.value} ({selector.meaning})."
    )
