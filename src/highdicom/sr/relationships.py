"""Which items may relate to which, by SOP class (PS3.3 A.35.1 to A.35.18).

Each class has a table of rows as the standard prints them: types of the parent, the
relationship, types of the child. Where a class allows relationships by reference, a
row says to which types.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydicom.dataset import Dataset

from highdicom.content_items.query import (
    TreeNode,
    children_of,
    item_at,
    relationship_type_of,
    value_type_of,
    walk,
)
from highdicom.encoding.elements import tag_of
from highdicom.errors import InvalidAttributeError
from highdicom.records import record
from highdicom.standard import Requirement, Severity, Violation

__all__ = [
    "check_relationships",
    "coordinates_violations",
    "relationship_rules_of",
    "relationship_violations",
]

_TIMES = "DATETIME DATE TIME"
_TEXTS = f"TEXT CODE {_TIMES} UIDREF PNAME"
_VALUES = f"{_TEXTS} NUM"
_OBJECTS = "COMPOSITE IMAGE WAVEFORM"
_IN_IMAGES = "SCOORD TCOORD"
_ANYWHERE = "SCOORD TCOORD SCOORD3D"
_DOSE = "TEXT CODE NUM DATETIME UIDREF PNAME"

Row = tuple[str, str, str, str]
"""Parents, relationship, children by value, children by value or by reference."""

# The three classes that this package writes differ in few cells.
_ENHANCED: tuple[Row, ...] = (
    ("CONTAINER", "CONTAINS", f"{_VALUES} {_IN_IMAGES} {_OBJECTS} CONTAINER", ""),
    ("CONTAINER", "HAS OBS CONTEXT", f"{_VALUES} COMPOSITE", ""),
    (f"CONTAINER {_OBJECTS} NUM", "HAS ACQ CONTEXT", _VALUES, ""),
    ("*", "HAS CONCEPT MOD", "TEXT CODE", ""),
    ("TEXT CODE NUM", "HAS PROPERTIES", f"{_VALUES} {_OBJECTS} {_IN_IMAGES}", ""),
    ("PNAME", "HAS PROPERTIES", _TEXTS, ""),
    ("TEXT CODE NUM", "INFERRED FROM", f"{_VALUES} {_OBJECTS} {_IN_IMAGES}", ""),
    ("SCOORD", "SELECTED FROM", "IMAGE", ""),
    ("TCOORD", "SELECTED FROM", "SCOORD IMAGE WAVEFORM", ""),
)


def _comprehensive(coordinates: str) -> tuple[Row, ...]:
    inferred = f"{_VALUES} {_OBJECTS} {coordinates} CONTAINER"
    in_space = coordinates.replace("TCOORD", "").split()
    return (
        ("CONTAINER", "CONTAINS", "CONTAINER", f"{_VALUES} {coordinates} {_OBJECTS}"),
        ("CONTAINER TEXT CODE NUM", "HAS OBS CONTEXT", "", f"{_VALUES} COMPOSITE"),
        (
            f"CONTAINER {_OBJECTS} NUM",
            "HAS ACQ CONTEXT",
            "",
            f"{_VALUES} CONTAINER",
        ),
        ("*", "HAS CONCEPT MOD", "TEXT CODE", ""),
        ("TEXT CODE NUM", "HAS PROPERTIES", "", inferred),
        ("PNAME", "HAS PROPERTIES", _TEXTS, ""),
        ("TEXT CODE NUM", "INFERRED FROM", "", inferred),
        ("SCOORD", "SELECTED FROM", "", "IMAGE"),
        ("TCOORD", "SELECTED FROM", "", " ".join(["IMAGE WAVEFORM", *in_space])),
    )


_TABLES: dict[str, tuple[Row, ...]] = {
    # Basic Text SR (A.35.1)
    "1.2.840.10008.5.1.4.1.1.88.11": (
        ("CONTAINER", "CONTAINS", f"{_TEXTS} {_OBJECTS} CONTAINER", ""),
        ("CONTAINER", "HAS OBS CONTEXT", f"{_TEXTS} COMPOSITE", ""),
        (f"CONTAINER {_OBJECTS}", "HAS ACQ CONTEXT", _TEXTS, ""),
        (f"CONTAINER {_OBJECTS} {_TEXTS}", "HAS CONCEPT MOD", "TEXT CODE", ""),
        ("TEXT", "HAS PROPERTIES", f"{_TEXTS} {_OBJECTS}", ""),
        ("TEXT", "INFERRED FROM", f"{_TEXTS} {_OBJECTS}", ""),
        ("PNAME", "HAS PROPERTIES", _TEXTS, ""),
    ),
    # Enhanced SR (A.35.2)
    "1.2.840.10008.5.1.4.1.1.88.22": _ENHANCED,
    # Comprehensive SR (A.35.3)
    "1.2.840.10008.5.1.4.1.1.88.33": _comprehensive(_IN_IMAGES),
    # Comprehensive 3D SR (A.35.13)
    "1.2.840.10008.5.1.4.1.1.88.34": _comprehensive(_ANYWHERE),
    # Procedure Log (A.35.7)
    "1.2.840.10008.5.1.4.1.1.88.40": (
        ("CONTAINER", "CONTAINS", f"TEXT CODE NUM PNAME {_OBJECTS}", ""),
        (
            f"CONTAINER {_VALUES} {_OBJECTS}",
            "HAS OBS CONTEXT",
            "TEXT CODE NUM DATETIME UIDREF PNAME",
            "",
        ),
        (f"CONTAINER {_OBJECTS}", "HAS ACQ CONTEXT", _VALUES, ""),
        (f"CONTAINER {_VALUES} {_OBJECTS}", "HAS CONCEPT MOD", "TEXT CODE", ""),
        (
            f"{_VALUES} {_OBJECTS}",
            "HAS PROPERTIES",
            "TEXT CODE NUM DATETIME UIDREF PNAME",
            "",
        ),
        ("TEXT CODE NUM", "INFERRED FROM", _OBJECTS, ""),
    ),
    # Mammography CAD SR (A.35.5)
    "1.2.840.10008.5.1.4.1.1.88.50": (
        ("CONTAINER", "CONTAINS", "TEXT CODE NUM DATE SCOORD IMAGE CONTAINER", ""),
        (
            "CONTAINER TEXT CODE NUM",
            "HAS OBS CONTEXT",
            "TEXT CODE NUM DATE TIME PNAME UIDREF COMPOSITE",
            "",
        ),
        ("CONTAINER CODE NUM COMPOSITE", "HAS CONCEPT MOD", "TEXT CODE", ""),
        (
            "TEXT CODE NUM",
            "HAS PROPERTIES",
            "",
            "TEXT CODE NUM DATE IMAGE SCOORD UIDREF",
        ),
        (
            "CODE NUM",
            "INFERRED FROM",
            "",
            "TEXT CODE NUM IMAGE SCOORD CONTAINER",
        ),
        ("IMAGE", "HAS ACQ CONTEXT", "TEXT CODE NUM DATE TIME UIDREF", ""),
        ("SCOORD", "SELECTED FROM", "", "IMAGE"),
    ),
    # Key Object Selection Document (A.35.4)
    "1.2.840.10008.5.1.4.1.1.88.59": (
        ("CONTAINER", "CONTAINS", f"TEXT {_OBJECTS}", ""),
        ("CONTAINER", "HAS OBS CONTEXT", "TEXT CODE UIDREF PNAME", ""),
        ("CONTAINER", "HAS CONCEPT MOD", "CODE", ""),
    ),
    # Chest CAD SR (A.35.6)
    "1.2.840.10008.5.1.4.1.1.88.65": (
        ("CONTAINER", "CONTAINS", "CODE NUM IMAGE CONTAINER", ""),
        (
            "CONTAINER TEXT CODE NUM",
            "HAS OBS CONTEXT",
            "TEXT CODE NUM DATE TIME PNAME UIDREF COMPOSITE",
            "",
        ),
        ("CONTAINER CODE NUM COMPOSITE", "HAS CONCEPT MOD", "TEXT CODE", ""),
        (
            "TEXT",
            "HAS PROPERTIES",
            "",
            "TEXT CODE NUM DATE IMAGE SCOORD UIDREF CONTAINER",
        ),
        (
            "CODE NUM",
            "HAS PROPERTIES",
            "",
            "TEXT CODE NUM DATE IMAGE WAVEFORM SCOORD TCOORD UIDREF CONTAINER",
        ),
        (
            "CODE NUM",
            "INFERRED FROM",
            "",
            "TEXT CODE NUM IMAGE WAVEFORM SCOORD TCOORD CONTAINER",
        ),
        ("IMAGE WAVEFORM", "HAS ACQ CONTEXT", "TEXT CODE NUM DATE TIME", ""),
        ("SCOORD", "SELECTED FROM", "", "IMAGE"),
        ("TCOORD", "SELECTED FROM", "", "SCOORD IMAGE WAVEFORM"),
    ),
    # X-Ray Radiation Dose SR (A.35.8)
    "1.2.840.10008.5.1.4.1.1.88.67": (
        ("CONTAINER", "CONTAINS", f"{_DOSE} COMPOSITE IMAGE CONTAINER", ""),
        ("CONTAINER", "HAS OBS CONTEXT", "TEXT CODE DATETIME UIDREF PNAME", ""),
        (f"CONTAINER COMPOSITE IMAGE {_DOSE}", "HAS CONCEPT MOD", "TEXT CODE", ""),
        ("CONTAINER COMPOSITE IMAGE", "HAS ACQ CONTEXT", f"{_DOSE} CONTAINER", ""),
        ("TEXT CODE NUM", "HAS OBS CONTEXT", f"{_DOSE} COMPOSITE", ""),
        (
            "TEXT CODE NUM",
            "HAS PROPERTIES",
            f"{_DOSE} COMPOSITE IMAGE CONTAINER",
            "",
        ),
        (
            "TEXT CODE NUM",
            "INFERRED FROM",
            "TEXT CODE NUM DATETIME UIDREF COMPOSITE IMAGE CONTAINER",
            "",
        ),
        ("PNAME", "HAS PROPERTIES", _TEXTS, ""),
    ),
    # Radiopharmaceutical Radiation Dose SR (A.35.14)
    "1.2.840.10008.5.1.4.1.1.88.68": (
        ("CONTAINER", "CONTAINS", f"{_DOSE} CONTAINER", ""),
        ("CONTAINER", "HAS OBS CONTEXT", "TEXT CODE DATETIME UIDREF PNAME", ""),
        (f"CONTAINER {_DOSE}", "HAS CONCEPT MOD", "TEXT CODE", ""),
        ("CONTAINER", "HAS ACQ CONTEXT", f"{_DOSE} CONTAINER", ""),
        ("TEXT CODE NUM", "HAS OBS CONTEXT", _DOSE, ""),
        ("TEXT CODE NUM PNAME", "HAS PROPERTIES", f"{_DOSE} CONTAINER", ""),
        (
            "TEXT CODE NUM",
            "INFERRED FROM",
            "TEXT CODE NUM DATETIME UIDREF CONTAINER",
            "",
        ),
    ),
    # Acquisition Context SR (A.35.16)
    "1.2.840.10008.5.1.4.1.1.88.71": (
        ("CONTAINER", "CONTAINS", f"{_DOSE} TIME CONTAINER", ""),
        ("CONTAINER", "HAS OBS CONTEXT", _VALUES, ""),
        (f"CONTAINER {_VALUES} SCOORD3D", "HAS CONCEPT MOD", "TEXT CODE", ""),
        ("TEXT", "HAS OBS CONTEXT", _DOSE, ""),
        ("TEXT", "HAS PROPERTIES", f"{_DOSE} CONTAINER", ""),
        (
            "TEXT",
            "INFERRED FROM",
            "TEXT CODE NUM DATETIME UIDREF CONTAINER",
            "",
        ),
        ("CODE", "HAS OBS CONTEXT", "CODE", ""),
        ("CODE", "HAS PROPERTIES", "TEXT CODE NUM DATETIME SCOORD3D", ""),
    ),
}


@record
class RelationshipRules:
    """What a SOP class allows.

    Parameters
    ----------
    value_types
        Types of items that a tree may have.
    by_value, by_reference
        Types of children for each type of parent and relationship.

    """

    value_types: frozenset[str]
    by_value: dict[tuple[str, str], frozenset[str]]
    by_reference: dict[tuple[str, str], frozenset[str]]

    def allows(
        self, parent: str, relationship: str, child: str, *, by_reference: bool = False
    ) -> bool:
        """Whether items of these types may be related."""
        allowed = self.by_reference if by_reference else self.by_value
        return child in allowed.get((parent, relationship), ())


@cache
def relationship_rules_of(sop_class_uid: str) -> RelationshipRules | None:
    """What a SOP class allows, if it is one of structured reports.

    Examples
    --------
    >>> from highdicom.sr.relationships import relationship_rules_of
    >>> rules = relationship_rules_of("1.2.840.10008.5.1.4.1.1.88.34")
    >>> rules.allows("NUM", "INFERRED FROM", "SCOORD3D")
    True

    """
    rows = _TABLES.get(sop_class_uid)
    if rows is None:
        return None
    by_value: dict[tuple[str, str], frozenset[str]] = {}
    by_reference: dict[tuple[str, str], frozenset[str]] = {}
    value_types = frozenset(
        " ".join(f"{values} {references}" for _, _, values, references in rows).split()
    ) | {"CONTAINER"}
    for parents, relationship, values, references in rows:
        for parent in value_types if parents == "*" else parents.split():
            key = parent, relationship
            by_value[key] = frozenset(f"{values} {references}".split())
            by_reference[key] = frozenset(references.split())
    return RelationshipRules(value_types, by_value, by_reference)


def relationship_violations(root: Dataset, sop_class_uid: str) -> Iterator[Violation]:
    """List what in a content tree its SOP class forbids.

    Items without relationship type are passed over: other checks name them.

    Parameters
    ----------
    root
        Root of the tree, or the document.
    sop_class_uid
        SOP class of the document; classes other than structured reports forbid nothing
        here.

    Raises
    ------
    InvalidAttributeError
        If an item encloses itself.

    """
    rules = relationship_rules_of(sop_class_uid)
    if rules is None:
        return
    references: list[tuple[TreeNode, tuple[int, ...]]] = []
    for node in walk(root):
        identifier = _identifier_of(node.item)
        if identifier is not None:
            references.append((node, identifier))
        elif node.parent is not None:
            yield from _violations_by_value(node, node.parent.item, rules)
    if references:
        yield from _violations_by_reference(root, references, rules)


def coordinates_violations(root: Dataset) -> Iterator[Violation]:
    """List coordinates in images that no image is given for (PS3.3 C.17.3.2.4).

    Parameters
    ----------
    root
        Root of the tree, or the document.

    Raises
    ------
    InvalidAttributeError
        If an item encloses itself.

    """
    for node in walk(root):
        if value_type_of(node.item) == "SCOORD" and not any(
            relationship_type_of(child) == "SELECTED FROM"
            for child in children_of(node.item)
        ):
            text = "The coordinates are not selected from an image."
            yield _violation(node, "ContentSequence", text, Requirement.PRESENCE)


def _identifier_of(item: Dataset) -> tuple[int, ...] | None:
    """Identifier of the item that one refers to, if it is such a reference."""
    if value_type_of(item) is not None:
        return None
    value = item.get("ReferencedContentItemIdentifier")
    if value is None:
        return None
    return (value,) if isinstance(value, int) else tuple(value)


def _violations_by_value(
    node: TreeNode, parent: Dataset, rules: RelationshipRules
) -> Iterator[Violation]:
    child = value_type_of(node.item)
    relationship = relationship_type_of(node.item)
    above = value_type_of(parent)
    if child is None:
        text = "The content item has no value type and refers to no other item."
        yield _violation(node, "ValueType", text, Requirement.PRESENCE)
        return
    if relationship is None or above is None:
        return
    if child not in rules.value_types:
        text = f"The SOP class does not support content items of type {child}."
        yield _violation(node, "ValueType", text)
    elif above in rules.value_types and not rules.allows(above, relationship, child):
        text = f"The SOP class does not allow '{above} {relationship} {child}'."
        yield _violation(node, "RelationshipType", text)


def _violations_by_reference(
    root: Dataset,
    references: list[tuple[TreeNode, tuple[int, ...]]],
    rules: RelationshipRules,
) -> Iterator[Violation]:
    edges: _Edges = {}
    for node, identifier in references:
        assert node.parent is not None
        parent = node.parent.item
        target = item_at(root, identifier)
        if target is None:
            text = f"There is no content item {_shown(identifier)}."
            yield _violation(node, "ReferencedContentItemIdentifier", text)
            continue
        edges.setdefault(id(parent), []).append((target, node))
        above = value_type_of(parent) or ""
        relationship = relationship_type_of(node.item) or ""
        child = value_type_of(target) or ""
        if not rules.allows(above, relationship, child, by_reference=True):
            text = (
                "The SOP class does not allow a relationship by reference "
                f"'{above} {relationship} {child}'."
            )
            yield _violation(node, "ReferencedContentItemIdentifier", text)
    for node in _closing_circles(root, edges):
        text = "The relationship by reference closes a circle."
        yield _violation(node, "ReferencedContentItemIdentifier", text)


def _shown(identifier: tuple[int, ...]) -> str:
    return ".".join(map(str, identifier))


_Edges = dict[int, list[tuple[Dataset, TreeNode]]]
"""By identity of an item: targets of its references, and the references."""


def _closing_circles(root: Dataset, edges: _Edges) -> Iterator[TreeNode]:
    """References on circles of enclosing and referring, one for each circle found."""

    def below(item: Dataset) -> Iterator[tuple[Dataset, TreeNode | None]]:
        yield from ((child, None) for child in children_of(item))
        yield from edges.get(id(item), ())

    visited: set[int] = set()
    open_items = {id(root)}
    stack: list[tuple[Dataset, TreeNode | None, Any]] = [(root, None, below(root))]
    while stack:
        item, _, remaining = stack[-1]
        for child, reference in remaining:
            if id(child) in open_items:
                taken = [reference, *(entry[1] for entry in reversed(stack))]
                yield next(node for node in taken if node is not None)
            elif id(child) not in visited:
                open_items.add(id(child))
                stack.append((child, reference, below(child)))
                break
        else:
            open_items.discard(id(item))
            visited.add(id(item))
            stack.pop()


def _violation(
    node: TreeNode, keyword: str, message: str, rule: Requirement = Requirement.VALUE
) -> Violation:
    path = f"{node.path}.{keyword}" if node.path else keyword
    return Violation(
        path,
        keyword,
        tag_of(keyword),
        rule,
        message,
        Severity.ERROR,
        "sr-document-content",
    )


def check_relationships(root: Dataset, sop_class_uid: str) -> None:
    """Check that a content tree is one that its SOP class allows.

    Raises
    ------
    InvalidAttributeError
        If it is not; the error names the first place.

    """
    for violation in relationship_violations(root, sop_class_uid):
        raise InvalidAttributeError(
            f"{violation.path}: {violation.message}",
            path=violation.path,
            keyword=violation.keyword,
        )
