"""Content trees as text for humans, and as plain objects for JSON."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import UID

from highdicom.coding import CodedConcept
from highdicom.content_items.query import (
    TreeNode,
    relationship_type_of,
    value_type_of,
    walk,
)
from highdicom.errors import HighdicomError, InvalidAttributeError

__all__ = ["json_of", "text_of", "tree_of"]

_INDENTATION = "  "
# Readers and writers of JSON are recursive. Trees of templates are some ten deep.
_DEEPEST_AS_JSON = 200

Described = dict[str, Any]


def text_of(root: Dataset) -> str:
    """Write a content tree as text: one item a line, nested items indented.

    Parameters
    ----------
    root
        Content item, or document.

    Raises
    ------
    InvalidAttributeError
        If an item encloses itself.

    """
    return "\n".join(_line(node) for node in walk(root))


def tree_of(root: Dataset) -> Described:
    """Describe a content tree by plain objects that JSON can hold.

    Parameters
    ----------
    root
        Content item, or document.

    Returns
    -------
    dict[str, Any]
        Of the root: its ``type``, ``relationship``, ``name``, ``value`` and what else
        its type has, and of the items that it encloses the same as ``content``. Codes
        are objects of ``value``, ``scheme`` and ``meaning``.

    Raises
    ------
    InvalidAttributeError
        If an item encloses itself.

    """
    described: dict[TreeNode, Described] = {}
    tree: Described = {}
    for node in walk(root):
        described[node] = description = _describe(node.item)
        if node.parent is None:
            tree = description
        else:
            described[node.parent].setdefault("content", []).append(description)
    return tree


def json_of(roots: Iterable[Dataset], *, indent: int | None = None) -> str:
    """Write content trees as a JSON array of objects as of `tree_of`.

    Raises
    ------
    InvalidAttributeError
        If the tree is too deep, or an item encloses itself.

    """
    roots = list(roots)
    for root in roots:
        if any(len(node.ancestors) > _DEEPEST_AS_JSON for node in walk(root)):
            raise InvalidAttributeError(
                "The content tree is too deep for JSON: items may be nested "
                f"{_DEEPEST_AS_JSON} deep.",
                keyword="ContentSequence",
            )
    return json.dumps(list(map(tree_of, roots)), indent=indent, ensure_ascii=False)


def _line(node: TreeNode) -> str:
    description = _describe(node.item)
    name = description.get("name", {}).get("meaning", "")
    value = _text(description)
    text = f"{name}: {value}" if name and value else name or value or "(unknown item)"
    # Lines after the first of a text stand below its name.
    indentation = _INDENTATION * (len(node.ancestors) - 1)
    first, *others = text.splitlines()
    return "\n".join(
        [indentation + first, *(indentation + _INDENTATION + line for line in others)]
    )


def _text(description: Described) -> str:
    """Value of an item in words."""
    value = description.get("value")
    words = [] if value is None else [_words(value)]
    if value is not None and description.get("unit", {}).get("value", "1") != "1":
        words = [f"{words[0]} {description['unit']['value']}"]
    words += [
        f"{label} {_words_of_detail(key, description[key])}".strip()
        for key, label in _LABELS.items()
        if key in description
    ]
    return ", ".join(words)


_MOST_POINTS_SHOWN = 4

# Details that text shows, with the words before them.
_LABELS: Mapping[str, str] = {
    "qualifier": "",
    "sop_class": "",
    "sop_instance_uid": "",
    "frames": "frames",
    "segments": "segments",
    "channels": "channels",
    "range_type": "",
    "positions": "at",
    "graphic_type": "",
    "points": "",
    "frame_of_reference_uid": "in",
    "reference": "see item",
}


def _words_of_detail(key: str, value: Any) -> str:
    if key == "points" and len(value) > _MOST_POINTS_SHOWN:
        return f"{len(value)} points"
    return _words(value)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["meaning"])
    if isinstance(value, (list, tuple)):
        return " ".join(map(_words_of_member, value))
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _words_of_member(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"({', '.join(map(_words, value))})"
    return _words(value)


# --- one item ------------------------------------------------------------------------


def _describe(item: Any) -> Described:
    description: Described = {"type": value_type_of(item) or "REFERENCE"}
    relationship = relationship_type_of(item)
    if relationship is not None:
        description["relationship"] = relationship
    described = ["name", *_DESCRIBED.get(description["type"], ())]
    for key in described:
        try:
            value = _PARTS[key](item)
        except (HighdicomError, AttributeError, ValueError, TypeError, IndexError):
            # Of an item that is not what it should be, the rest is described.
            continue
        if value is not None:
            description[key] = value
    return description


def _code(concept: CodedConcept | None) -> Described | None:
    if concept is None:
        return None
    return {
        "value": concept.value,
        "scheme": concept.scheme_designator,
        "meaning": concept.meaning,
    }


def _value(item: Any) -> Any:
    """Value of an item that is made of it; none for a number that is not one."""
    keyword = _TEMPORAL.get(value_type_of(item) or "")
    # Dates and times as they were written: they may be of less than full precision.
    value = item.value if keyword is None else item[keyword].value
    if isinstance(value, CodedConcept):
        return _code(value)
    if isinstance(value, (int, float)):
        return None if math.isnan(value) else value
    return str(value)


_TEMPORAL = {"DATE": "Date", "TIME": "Time", "DATETIME": "DateTime"}
_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "name": lambda item: _code(item.name),
    "value": _value,
    "unit": lambda item: _code(item.unit),
    "qualifier": lambda item: _code(item.qualifier),
    "template": lambda item: item.template_id,
    "sop_class": lambda item: UID(item.referenced_sop_class_uid).name,
    "sop_class_uid": lambda item: str(item.referenced_sop_class_uid),
    "sop_instance_uid": lambda item: str(item.referenced_sop_instance_uid),
    "frames": lambda item: item.referenced_frame_numbers,
    "segments": lambda item: item.referenced_segment_numbers,
    "channels": lambda item: item.referenced_waveform_channels,
    "graphic_type": lambda item: item.graphic_type.value,
    "points": lambda item: item.value.tolist(),
    "frame_of_reference_uid": lambda item: str(item.frame_of_reference_uid),
    "range_type": lambda item: item.temporal_range_type.value,
    "positions": lambda item: [
        one if isinstance(one, (int, float)) else str(one) for one in item.value
    ],
    "reference": lambda item: ".".join(
        map(str, item.referenced_content_item_identifier)
    ),
}

_OBJECT = ("sop_class", "sop_class_uid", "sop_instance_uid")
_DESCRIBED: Mapping[str, tuple[str, ...]] = {
    "CODE": ("value",),
    "COMPOSITE": _OBJECT,
    "CONTAINER": ("template",),
    "DATE": ("value",),
    "DATETIME": ("value",),
    "IMAGE": (*_OBJECT, "frames", "segments"),
    "NUM": ("value", "unit", "qualifier"),
    "NUMERIC": ("value", "unit", "qualifier"),
    "PNAME": ("value",),
    "REFERENCE": ("reference",),
    "SCOORD": ("graphic_type", "points"),
    "SCOORD3D": ("graphic_type", "points", "frame_of_reference_uid"),
    "TCOORD": ("range_type", "positions"),
    "TEXT": ("value",),
    "TIME": ("value",),
    "UIDREF": ("value",),
    "WAVEFORM": (*_OBJECT, "channels"),
}
