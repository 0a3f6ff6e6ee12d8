"""Checks of content trees against templates."""

import pytest
from pydicom import Dataset
from pydicom.sr.codedict import codes
from sr_template_parts import (
    METHOD,
    Group,
    algorithm,
    area,
    device,
    evaluation,
    full_groups,
    full_measurement,
    full_report,
    least_report,
    observation,
    person,
    properties,
    region,
    specimen,
    time_point,
    tracking,
)

from highdicom.content_items import ContentItemReference
from highdicom.content_items.query import name_key_of
from highdicom.sr import (
    CodeContentItem,
    ContainerContentItem,
    FindingSite,
    ImageContentItem,
    NumContentItem,
    ObservationContext,
    SubjectContext,
    SubjectContextFetus,
    TextContentItem,
)
from highdicom.sr.engine.checking import check_items, check_root
from highdicom.sr.tables.context import TID_1002, TID_1003
from highdicom.sr.tables.key_objects import TID_2010
from highdicom.sr.tables.report import TID_1500
from highdicom.sr.templates.checking import template_of, template_violations
from highdicom.standard import Requirement, Severity

PATH = "ContentSequence"


def found(violations):
    return [(one.path, one.rule, one.source) for one in violations]


def measurements_of(report):
    return report[0].ContentSequence[-1].ContentSequence


@pytest.mark.parametrize(
    "template",
    [
        full_report,
        least_report,
        observation,
        person,
        device,
        specimen,
        algorithm,
        tracking,
        time_point,
        properties,
        area,
        full_measurement,
        evaluation,
        lambda: SubjectContext(codes.DCM.Fetus, SubjectContextFetus("1")),
        ObservationContext,
    ],
)
def test_what_the_classes_build_follows_the_templates(template):
    assert template().check() == []


@pytest.mark.parametrize("kind", list(full_groups()))
def test_groups_follow_their_templates(kind):
    assert full_groups()[kind].check() == []


def test_missing_row_is_found():
    report = full_report()
    group = measurements_of(report)[0].ContentSequence
    index = [item.name.meaning for item in group].index("Image Region")
    del group[index].ContentSequence[0]
    (violation,) = report.check()
    assert violation.path == f"{PATH}[15].{PATH}[0].{PATH}[{index}].{PATH}"
    assert violation.rule is Requirement.PRESENCE
    assert violation.severity is Severity.ERROR
    assert violation.source == "TID 1410 row 6"
    assert violation.message == "'IMAGE' is required (TID 1410 row 6)."


def test_only_one_of_several_missing_rows_is_reported():
    group = full_groups()["region"]
    content = group[0].ContentSequence
    del content[[item.name.meaning for item in content].index("Image Region")]
    ((path, rule, source),) = found(group.check())
    assert (path, rule, source) == (PATH, Requirement.PRESENCE, "TID 1410 row 5")


def test_rows_that_exclude_each_other_are_found():
    group = full_groups()["segment"]
    group[0].ContentSequence.append(region())
    assert [source for _, rule, source in found(group.check())] == [
        "TID 1411 row 5",
        "TID 1411 row 7",
    ]
    assert {one.rule for one in group.check()} == {Requirement.ABSENCE}


def test_repeated_row_is_found():
    group = full_groups()["images"]
    group[0].ContentSequence.append(
        TextContentItem(codes.DCM.TrackingIdentifier, "again", "HAS OBS CONTEXT")
    )
    assert found(group.check()) == [
        (PATH, Requirement.NUMBER_OF_ITEMS, "TID 1501 row 2")
    ]


def test_wrong_relationship_is_found():
    group = Group(tracking())
    group[0].ContentSequence.append(
        CodeContentItem(codes.SCT.MeasurementMethod, METHOD, "CONTAINS")
    )
    assert found(group.check()) == [
        (f"{PATH}[2].RelationshipType", Requirement.VALUE, "TID 1501 row 5")
    ]


def test_wrong_value_type_is_found():
    items = [TextContentItem(codes.DCM.PersonObserverName, "Doe", "HAS OBS CONTEXT")]
    assert found(check_items(items, TID_1003)) == [
        (f"{PATH}[0].ValueType", Requirement.VALUE, "TID 1003 row 1")
    ]


def test_code_outside_of_a_closed_group_is_an_error_and_else_a_warning():
    site = FindingSite(codes.SCT.Kidney, laterality=codes.SCT.Liver)
    normality = properties()
    normality[0].ConceptCodeSequence[0].CodeValue = "1"
    group = Group(tracking(), finding_sites=[site])
    (error,) = group.check()
    assert error.path == f"{PATH}[2].{PATH}[0].ConceptCodeSequence"
    assert (error.rule, error.severity) == (Requirement.CODE, Severity.ERROR)
    (warning,) = normality.check()
    assert (warning.rule, warning.severity) == (Requirement.CODE, Severity.WARNING)


def test_codes_of_baseline_groups_are_free():
    context = person()
    for item in context[-2:]:
        item.ConceptCodeSequence[0].CodeValue = "1"
    assert context.check() == []


def test_wrong_unit_is_found():
    point = time_point()
    order = next(
        index
        for index, item in enumerate(point)
        if name_key_of(item)[0] == codes.DCM.TimePointOrder.value
    )
    point[order] = NumContentItem(
        codes.DCM.TimePointOrder, 2, codes.UCUM.Millimeter, None, "HAS OBS CONTEXT"
    )
    ((path, rule, source),) = found(point.check())
    assert path == f"{PATH}[{order}].MeasurementUnitsCodeSequence"
    assert (rule, source) == (Requirement.CODE, "TID 1502 row 5")


def test_wrong_graphic_type_is_found():
    group = full_groups()["region"]
    group.roi.GraphicType = "MULTIPOINT"
    ((path, rule, source),) = found(group.check())
    assert path.endswith(".GraphicType")
    assert (rule, source) == (Requirement.VALUE, "TID 1410 row 5")


def test_unexpected_item_is_an_error_where_templates_cannot_be_extended():
    extra = TextContentItem(codes.DCM.Comment, "a", "HAS OBS CONTEXT")
    context = person()
    context.append(extra)
    assert found(context.check()) == [
        (f"{PATH}[6].ConceptNameCodeSequence", Requirement.ABSENCE, "TID 1002")
    ]
    group = full_groups()["images"]
    group[0].ContentSequence.append(extra)
    assert group.check() == []


def test_wrong_order_is_a_warning_where_it_matters():
    turned = person()
    turned[1], turned[2] = turned[2], turned[1]
    (warning,) = turned.check()
    assert warning.severity is Severity.WARNING
    assert "before" in warning.message
    group = full_groups()["images"]
    content = group[0].ContentSequence
    content[:] = list(content)[::-1]
    assert [one for one in group.check() if one.severity is Severity.ERROR] == []


def test_each_observer_is_checked():
    two = [*person(), *person()]
    assert check_items(two, ObservationContext.table) == []
    del two[7]
    assert [
        source for _, _, source in found(check_items(two, ObservationContext.table))
    ] == ["TID 1003 row 1"]
    wrong = [person()[0], *device()[1:]]
    sources = {source for _, _, source in found(check_items(wrong, TID_1002))}
    assert "TID 1003 row 1" in sources


def test_relationship_by_reference_stands_for_an_item():
    measurement = full_measurement()
    content = measurement[0].ContentSequence
    content.append(ContentItemReference([1, 2], "INFERRED FROM"))
    assert measurement.check() == []


def test_groups_are_checked_against_the_template_that_they_follow_best():
    report = full_report()
    for item in measurements_of(report):
        del item.ContentTemplateSequence
    assert report.check() == []


def test_title_outside_of_the_group_is_a_warning():
    report = least_report()
    report[0].ConceptNameCodeSequence[0].CodeValue = "1"
    (warning,) = report.check()
    assert warning.severity is Severity.WARNING
    assert warning.path == "ConceptNameCodeSequence"


def test_broken_root_is_found():
    assert found(check_root(Dataset(), TID_1500)) == [
        ("ValueType", Requirement.VALUE, "TID 1500 row 1")
    ]
    broken = least_report()
    del broken[0].ContentSequence[-1]["ValueType"]
    assert [one.source for one in broken.check()] == ["TID 1500 row 6"]


def test_key_object_selection_is_checked():
    root = ContainerContentItem(
        codes.DCM.ForReferringProvider
        if hasattr(codes.DCM, "ForReferringProvider")
        else codes.DCM.OfInterest,
        template_id="2010",
    )
    assert [one.source for one in template_violations(root)] == ["TID 2010 row 8"]
    image = ImageContentItem(
        codes.SCT.Source, "1.2.3", "1.2.4", relationship_type="CONTAINS"
    )
    root.ContentSequence = [image]
    assert template_of(root) is TID_2010
    assert template_violations(root) == []


def test_documents_of_unknown_templates_are_passed_over():
    root = ContainerContentItem(codes.DCM.ImageLibrary, template_id="1600")
    assert template_of(root) is None
    assert template_violations(root) == []
    assert template_of(ContainerContentItem(codes.DCM.ImageLibrary)) is None
    assert template_violations(root, TID_1500) != []
    root.ContentTemplateSequence[0].MappingResource = "99MINE"
    root.ContentTemplateSequence[0].TemplateIdentifier = "1500"
    assert template_of(root) is None
    with pytest.raises(TypeError, match="root"):
        template_violations(3)
