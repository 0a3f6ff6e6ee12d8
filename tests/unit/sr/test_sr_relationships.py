"""Which items may relate to which, by SOP class."""

import numpy as np
import pytest
from pydicom.sr.codedict import codes
from sr_documents import container, root, text

from highdicom.content_items import (
    CodeContentItem,
    ContentItemReference,
    ImageContentItem,
    NumContentItem,
    Scoord3DContentItem,
    ScoordContentItem,
    add_content,
)
from highdicom.errors import InvalidAttributeError
from highdicom.sr.relationships import (
    check_relationships,
    relationship_rules_of,
    relationship_violations,
)

BASIC_TEXT = "1.2.840.10008.5.1.4.1.1.88.11"
ENHANCED = "1.2.840.10008.5.1.4.1.1.88.22"
COMPREHENSIVE = "1.2.840.10008.5.1.4.1.1.88.33"
COMPREHENSIVE_3D = "1.2.840.10008.5.1.4.1.1.88.34"
KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
NAME = codes.DCM.Finding


def number(*children, relationship="CONTAINS"):
    item = NumContentItem(
        NAME, 1, codes.UCUM.Millimeter, relationship_type=relationship
    )
    add_content(item, children)
    return item


def point(relationship="CONTAINS"):
    return ScoordContentItem(
        NAME, "POINT", np.ones((1, 2)), relationship_type=relationship
    )


def point_3d(relationship="CONTAINS"):
    return Scoord3DContentItem(
        NAME, "POINT", np.ones((1, 3)), "1.2.3", relationship_type=relationship
    )


def picture(relationship="CONTAINS"):
    return ImageContentItem(NAME, "1.2", "1.3", relationship_type=relationship)


def code(relationship):
    return CodeContentItem(NAME, codes.SCT.Liver, relationship)


@pytest.mark.parametrize(
    ("sop_class_uid", "parent", "relationship", "child", "allowed"),
    [
        # Rows of PS3.3 Tables A.35.1-2, A.35.2-2, A.35.3-2, A.35.4-2 and A.35.13-2.
        (BASIC_TEXT, "CONTAINER", "CONTAINS", "TEXT", True),
        (BASIC_TEXT, "CONTAINER", "CONTAINS", "NUM", False),
        (BASIC_TEXT, "TEXT", "INFERRED FROM", "IMAGE", True),
        (ENHANCED, "CONTAINER", "CONTAINS", "NUM", True),
        (ENHANCED, "CONTAINER", "CONTAINS", "SCOORD3D", False),
        (ENHANCED, "NUM", "INFERRED FROM", "SCOORD", True),
        (ENHANCED, "NUM", "HAS OBS CONTEXT", "TEXT", False),
        (ENHANCED, "NUM", "INFERRED FROM", "CONTAINER", False),
        (COMPREHENSIVE, "NUM", "HAS OBS CONTEXT", "TEXT", True),
        (COMPREHENSIVE, "NUM", "INFERRED FROM", "CONTAINER", True),
        (COMPREHENSIVE, "SCOORD", "SELECTED FROM", "IMAGE", True),
        (COMPREHENSIVE, "SCOORD", "CONTAINS", "IMAGE", False),
        (COMPREHENSIVE, "TCOORD", "SELECTED FROM", "SCOORD3D", False),
        (COMPREHENSIVE_3D, "TCOORD", "SELECTED FROM", "SCOORD3D", True),
        (COMPREHENSIVE_3D, "CONTAINER", "CONTAINS", "SCOORD3D", True),
        (COMPREHENSIVE_3D, "UIDREF", "HAS CONCEPT MOD", "CODE", True),
        (COMPREHENSIVE_3D, "UIDREF", "HAS PROPERTIES", "CODE", False),
        (COMPREHENSIVE_3D, "PNAME", "HAS PROPERTIES", "TEXT", True),
        (KEY_OBJECTS, "CONTAINER", "CONTAINS", "IMAGE", True),
        (KEY_OBJECTS, "CONTAINER", "CONTAINS", "CODE", False),
        (KEY_OBJECTS, "CONTAINER", "HAS CONCEPT MOD", "CODE", True),
    ],
)
def test_classes_allow_what_the_tables_say(
    sop_class_uid, parent, relationship, child, allowed
):
    rules = relationship_rules_of(sop_class_uid)
    assert rules.allows(parent, relationship, child) is allowed


@pytest.mark.parametrize(
    ("sop_class_uid", "parent", "relationship", "child", "allowed"),
    [
        (ENHANCED, "NUM", "INFERRED FROM", "SCOORD", False),
        (COMPREHENSIVE, "NUM", "INFERRED FROM", "SCOORD", True),
        (COMPREHENSIVE, "CONTAINER", "CONTAINS", "NUM", True),
        (COMPREHENSIVE, "CONTAINER", "CONTAINS", "CONTAINER", False),
        (COMPREHENSIVE, "NUM", "HAS CONCEPT MOD", "CODE", False),
    ],
)
def test_classes_allow_some_relationships_by_reference(
    sop_class_uid, parent, relationship, child, allowed
):
    rules = relationship_rules_of(sop_class_uid)
    assert rules.allows(parent, relationship, child, by_reference=True) is allowed


def test_other_classes_forbid_nothing():
    assert relationship_rules_of("1.2.840.10008.5.1.4.1.1.2") is None
    assert not list(relationship_violations(root(text()), "1.2.3"))


@pytest.mark.parametrize("sop_class_uid", [ENHANCED, COMPREHENSIVE, COMPREHENSIVE_3D])
def test_usual_tree_is_allowed(sop_class_uid):
    region = point()
    add_content(region, [picture("SELECTED FROM")])
    tree = root(
        code("HAS CONCEPT MOD"),
        container(region, number(picture("INFERRED FROM"), code("HAS CONCEPT MOD"))),
    )
    assert not list(relationship_violations(tree, sop_class_uid))


@pytest.mark.parametrize(
    ("sop_class_uid", "tree", "path", "message"),
    [
        (
            ENHANCED,
            root(container(point_3d())),
            "ContentSequence[0].ContentSequence[0].ValueType",
            "does not support content items of type SCOORD3D",
        ),
        (
            COMPREHENSIVE_3D,
            root(text("a"), text("b", "CONTAINS", picture("CONTAINS"))),
            "ContentSequence[1].ContentSequence[0].RelationshipType",
            "does not allow 'TEXT CONTAINS IMAGE'",
        ),
        (
            ENHANCED,
            root(number(text("a", "HAS OBS CONTEXT"))),
            "ContentSequence[0].ContentSequence[0].RelationshipType",
            "does not allow 'NUM HAS OBS CONTEXT TEXT'",
        ),
    ],
)
def test_what_a_class_forbids_is_named_with_its_path(
    sop_class_uid, tree, path, message
):
    (violation,) = relationship_violations(tree, sop_class_uid)
    assert violation.path == path
    assert message in violation.message
    with pytest.raises(InvalidAttributeError, match="The SOP class does not") as caught:
        check_relationships(tree, sop_class_uid)
    assert caught.value.path == path


# --- by reference ------------------------------------------------------------------


def test_reference_to_a_later_item_is_allowed():
    tree = root(number(ContentItemReference([1, 2], "INFERRED FROM")), point())
    assert not list(relationship_violations(tree, COMPREHENSIVE))


def test_references_are_forbidden_where_the_class_has_none():
    tree = root(number(ContentItemReference([1, 2], "INFERRED FROM")), point())
    (violation,) = relationship_violations(tree, ENHANCED)
    assert "by reference 'NUM INFERRED FROM SCOORD'" in violation.message
    expected = "ContentSequence[0].ContentSequence[0].ReferencedContentItemIdentifier"
    assert violation.path == expected


@pytest.mark.parametrize("identifier", [[1, 3], [1, 2, 1], [1, 1, 1, 1]])
def test_reference_must_have_a_target(identifier):
    tree = root(number(ContentItemReference(identifier, "INFERRED FROM")), point())
    (violation,) = relationship_violations(tree, COMPREHENSIVE)
    shown = ".".join(map(str, identifier))
    assert violation.message == f"There is no content item {shown}."


def test_reference_must_start_at_the_root():
    reference = ContentItemReference([1, 2], "INFERRED FROM")
    reference.ReferencedContentItemIdentifier = 2
    tree = root(number(reference), point())
    (violation,) = relationship_violations(tree, COMPREHENSIVE)
    assert violation.message == "There is no content item 2."


def test_items_without_relationship_are_passed_over_without_value_type_named():
    tree = root(text("a"), text("b"))
    del tree.ContentSequence[0].RelationshipType
    assert not list(relationship_violations(tree, COMPREHENSIVE))
    del tree.ContentSequence[1].ValueType
    (violation,) = relationship_violations(tree, COMPREHENSIVE)
    assert violation.path == "ContentSequence[1].ValueType"


def test_reference_to_an_ancestor_closes_a_circle():
    inner = text("b", "INFERRED FROM")
    add_content(inner, [ContentItemReference([1, 1], "INFERRED FROM")])
    tree = root(text("a", "CONTAINS", inner))
    (violation,) = relationship_violations(tree, COMPREHENSIVE)
    assert "closes a circle" in violation.message
    assert violation.path.startswith(
        "ContentSequence[0].ContentSequence[0].ContentSequence[0]"
    )


def test_references_to_each_other_close_a_circle():
    tree = root(
        text("a", "CONTAINS", ContentItemReference([1, 2], "INFERRED FROM")),
        text("b", "CONTAINS", ContentItemReference([1, 1], "INFERRED FROM")),
    )
    (violation,) = relationship_violations(tree, COMPREHENSIVE)
    assert "closes a circle" in violation.message


def test_many_references_to_one_item_close_no_circle():
    references = [
        text(str(n), "CONTAINS", ContentItemReference([1, 1], "INFERRED FROM"))
        for n in range(50)
    ]
    assert not list(relationship_violations(root(point(), *references), COMPREHENSIVE))


def test_deep_tree_is_checked():
    item = text("leaf")
    for _ in range(3000):
        item = container(item)
    item = container(item, relationship=None)
    assert not list(relationship_violations(item, COMPREHENSIVE_3D))
