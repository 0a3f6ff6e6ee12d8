"""Tables of templates, and classes made of them."""

import inspect

import pytest
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.content_items.concepts import key_of_code
from highdicom.content_items.enum import RelationshipTypeValues, ValueTypeValues
from highdicom.sr import CodeContentItem, ContentSequence, TextContentItem
from highdicom.sr.engine.conditions import (
    all_of,
    any_present,
    none_present,
    value_is,
)
from highdicom.sr.engine.specifiers import included, part, value
from highdicom.sr.engine.table import Include, Row, TemplateTable
from highdicom.sr.engine.template import Template
from highdicom.sr.engine.value_sets import ContextGroup, baseline, closed, defined
from highdicom.sr.tables import context, groups, image_library, measurement
from highdicom.sr.tables.roots import ROOT_TEMPLATES
from highdicom.sr.templates import MeasurementReport

COLOUR = Code("371251000", "SCT", "Colour")
SHADE = Code("1", "99TEST", "Shade")
RED = Code("371240000", "SCT", "Red")

INNER = TemplateTable(
    "9001",
    "Shading",
    (Row("1", "HAS PROPERTIES", "TEXT", SHADE, "1-n", "M"),),
)
OUTER = TemplateTable(
    "9000",
    "Colouring",
    (
        Row("1", "CONTAINS", "CODE", COLOUR, "1", "M"),
        Include("2", INNER, "1", "U", under="1", relationship="HAS CONCEPT MOD"),
        Row("3", "HAS PROPERTIES", "NUM", None, "1", "U", under="1"),
    ),
)


class Colouring(Template, table=OUTER):
    """A colour with its shades."""

    colour = part("value")
    shades = value("2.1", is_many=True, default=None)
    strength = value("3", name=SHADE, default=None)


def all_tables():
    modules = (context, measurement, groups, image_library)
    found = [
        table
        for module in modules
        for name, table in vars(module).items()
        if isinstance(table, TemplateTable)
    ]
    return {id(table): table for table in (*found, *ROOT_TEMPLATES.values())}.values()


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: f"TID {table.number}")
def test_tables_are_sound(table):
    numbers = [row.number for row in table.rows]
    assert len(set(numbers)) == len(numbers)
    for row in table.rows:
        assert row.under is None or row.under in numbers
        assert row.requirement in {"M", "MC", "U", "UC"}
        least, _, most = row.multiplicity.partition("-")
        assert int(least) >= 1
        assert most in {"", "n"} or int(most) > int(least)
        if isinstance(row, Row):
            assert ValueTypeValues(row.value_type)
            assert row.relationship is None or RelationshipTypeValues(row.relationship)
            assert row.units is None or row.value_type == "NUM"
            assert row.values is None or row.value_type == "CODE"
        if row.condition is not None:
            assert set(row.condition.alternatives) <= set(numbers)


def test_rows_are_found_by_number_and_path():
    assert OUTER.row("3").value_type == "NUM"
    assert OUTER.find("2.1").name == SHADE
    assert OUTER.root is OUTER.row("1")
    assert INNER.root is None
    assert OUTER.enclosing(OUTER.row("3")) == (OUTER.row("1"),)
    assert [row.number for row in OUTER.nested("1")] == ["2", "3"]
    with pytest.raises(KeyError):
        OUTER.row("4")


def test_including_row_determines_the_relationship():
    (shade, strength) = OUTER.scope("1")
    assert (shade.name, shade.relationship) == (SHADE, "HAS CONCEPT MOD")
    assert strength.relationship == "HAS PROPERTIES"
    made = Colouring(RED, ["light"])
    assert made[0].ContentSequence[0].relationship_type.value == "HAS CONCEPT MOD"


def test_class_has_the_constructor_that_its_fields_describe():
    signature = inspect.signature(Colouring)
    assert str(signature) == "(colour, shades=None, strength=None)"
    assert "Shade" in Colouring.__init__.__doc__
    made = Colouring(RED, strength=2)
    assert made.colour == RED
    assert made.shades == []
    assert made.strength == 2
    assert [item.name for item in made[0].ContentSequence] == [SHADE]


def test_class_may_have_a_part_of_the_rows_only():
    assert Colouring(RED, ["light", "dark"]).shades == ["light", "dark"]
    assert Colouring(RED).check() == []


def test_subclass_adds_fields():
    class More(Colouring, table=OUTER):
        """More of the same."""

        other = value("3", name=COLOUR, default=None)

    assert list(inspect.signature(More).parameters)[-1] == "other"
    assert More(RED, other=1.5).other == 1.5
    assert More(RED, other=1.5).strength is None


def test_template_without_table_is_a_sequence():
    items = [TextContentItem(SHADE, "a", "CONTAINS")]
    made = Template(items)
    assert isinstance(made, ContentSequence)
    assert list(made) == items
    assert len(Template.from_sequence(items)) == 1
    assert list(Template()) == []


def test_nested_field_needs_the_item_that_it_is_nested_in():
    table = TemplateTable(
        "9002",
        "Nested",
        (
            Row("1", "CONTAINS", "TEXT", SHADE, "1", "U"),
            Row("2", "HAS PROPERTIES", "CODE", COLOUR, "1", "U", under="1"),
            Row("3", "CONTAINS", "CODE", COLOUR, "1", "U"),
        ),
    )

    class Nested(Template, table=table):
        """Fields one in the other."""

        shade = value("1", default=None)
        colour = value("2", default=None)
        other = value("3", default=None)

    made = Nested("light", RED)
    assert [item.name for item in made[0].ContentSequence] == [COLOUR]
    assert made.colour == RED
    assert made.other is None
    with pytest.raises(TypeError, match="'colour' must be given only together"):
        Nested(colour=RED)


def test_rows_of_a_template_repeat():
    table = TemplateTable(
        "9003", "Repeated", (Include("1", context.TID_4108, "1-n", "U"),)
    )

    class Pair(Template, table=context.TID_4108):
        """Two identifiers."""

        identifier = value("1", default=None)
        uid = value("2", default=None)

    class Repeated(Template, table=table):
        """Pairs of identifiers."""

        pairs = included("1", Pair, is_many=True, default=None)

    made = Repeated([Pair("a", "1.2"), Pair("b"), Pair(uid="1.3"), Pair("c", "1.4")])
    found = [(pair.identifier, pair.uid) for pair in made.pairs]
    # Without row 1, what follows cannot be told from what was before.
    assert found == [("a", "1.2"), ("b", "1.3"), ("c", "1.4")]


# --- context groups and conditions ------------------------------------------------------


def test_codes_are_found_in_context_groups():
    group = closed(244)
    assert key_of_code(codes.SCT.Left) in group
    assert key_of_code(codes.SCT.Liver) not in group
    assert ("G-A101", "SRT", None) in group
    assert (codes.SCT.Left.value, "SCT", "20200101") in group
    assert None not in group
    assert group.is_known
    assert not ContextGroup(5000).is_known
    assert (group.is_binding, group.is_closed) == (True, True)
    assert (defined(244).is_binding, defined(244).is_closed) == (True, False)
    assert baseline(244).is_binding is False


def test_conditions_ask_for_other_rows():
    item = CodeContentItem(COLOUR, RED, "CONTAINS")
    here, absent = {"1": [item]}, {}
    assert not none_present("1", "2").holds(here)
    assert none_present("1", "2").holds(absent)
    assert any_present("1", "2").holds(here)
    assert not any_present("1", "2").holds(absent)
    assert value_is("1", RED).holds(here)
    assert not value_is("1", COLOUR).holds(here)
    assert not value_is("1", RED).holds(absent)
    assert value_is("1", RED, or_absent=True).holds(absent)
    both = all_of(any_present("1"), none_present("2")).exclusively
    assert both.holds(here)
    assert not both.holds(absent)
    assert both.is_exclusive
    assert both.text == "if row 1 is present and row 2 is absent"


def test_report_documents_its_fields():
    assert MeasurementReport.fields["imaging_measurements"].description.startswith(
        "Planar ROI Measurements"
    )
