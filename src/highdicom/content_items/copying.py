"""Copies of content items that share what cannot change."""

from copy import deepcopy
from typing import Any

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

__all__ = ["copy_of_item"]

# What a dataset read from a file holds of it; a copy has no part in it.
_OF_FILE = frozenset(("buffer", "fileobj_type", "_private_blocks", "_pixel_id"))


def copy_of_item(item: Dataset) -> Dataset:
    """Copy an item with all that it encloses, of whatever classes.

    Encoded elements are immutable and shared. The copy is made level by level, so that
    the tree may be of any depth.
    """
    root = _without_elements(item)
    waiting = [(item, root)]
    while waiting:
        source, target = waiting.pop()
        for tag, element in source.items():
            if isinstance(element, RawDataElement):
                target._dict[tag] = element  # noqa: SLF001
            elif element.VR != "SQ":
                target._dict[tag] = deepcopy(element)  # noqa: SLF001
            else:
                copied, items = _copy_of_sequence(element)
                target._dict[tag] = copied  # noqa: SLF001
                waiting += items
    return root


def _without_elements(item: Dataset) -> Dataset:
    copied: Dataset = item.__class__.__new__(item.__class__)
    state: dict[str, Any] = {
        name: deepcopy(value) if name == "file_meta" else value
        for name, value in item.__dict__.items()
    }
    for name in _OF_FILE.intersection(state):
        state[name] = {} if name.startswith("_") else None
    state["_dict"] = {}
    if "_pixel_array_opts" in state:
        state["_pixel_array_opts"] = dict(state["_pixel_array_opts"])
    copied.__dict__.update(state)
    return copied


def _copy_of_sequence(
    element: DataElement,
) -> tuple[DataElement, list[tuple[Dataset, Dataset]]]:
    """Copy of a sequence with items that are yet empty, and what is to be filled."""
    sequence: Any = element.value
    items = list(getattr(sequence, "stored_items", sequence))
    pairs = [(item, _without_elements(item)) for item in items]
    copied_sequence: Sequence = sequence.__class__.__new__(sequence.__class__)
    copied_sequence.__dict__.update(sequence.__dict__)
    copied_sequence.__dict__["_list"] = [copied for _, copied in pairs]
    copied = element.__class__.__new__(element.__class__)
    copied.__dict__.update(element.__dict__)
    copied._value = copied_sequence  # noqa: SLF001
    return copied, pairs
