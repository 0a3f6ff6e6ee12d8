"""Content items that hold their value themselves."""

import copy
import datetime
import math
import pickle

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.valuerep import DA, DT, TM, PersonName

from highdicom.coding import CodedConcept
from highdicom.content_items import (
    CodeContentItem,
    ContainerContentItem,
    ContentItem,
    DateContentItem,
    DateTimeContentItem,
    NumContentItem,
    PnameContentItem,
    RelationshipTypeValues,
    TextContentItem,
    TimeContentItem,
    UIDRefContentItem,
    ValueTypeValues,
)
from highdicom.errors import HighdicomWarning, MissingAttributeError
from highdicom.uid import UID

NAME = codes.DCM.Finding
CONTAINS = RelationshipTypeValues.CONTAINS
MM = codes.UCUM.Millimeter


def test_item_has_name_value_type_and_relationship():
    item = TextContentItem(NAME, "round", "CONTAINS")
    assert item.name == NAME
    assert isinstance(item.name, CodedConcept)
    assert item.name.meaning == "Finding"
    assert item.value_type is ValueTypeValues.TEXT
    assert item.relationship_type is CONTAINS
    assert item.ValueType == "TEXT"
    assert item.RelationshipType == "CONTAINS"
    assert item.ConceptNameCodeSequence[0] == NAME


def test_item_without_relationship_type_has_none():
    item = TextContentItem(NAME, "round")
    assert item.relationship_type is None
    assert "RelationshipType" not in item


@pytest.mark.parametrize("name", [None, "Finding", Dataset(), 3])
def test_name_must_be_a_code(name):
    with pytest.raises(TypeError, match="'name' must be a pydicom Code"):
        TextContentItem(name, "round")


@pytest.mark.parametrize("relationship", ["contains", "PART OF", 3])
def test_unknown_relationship_type_is_refused(relationship):
    with pytest.raises(ValueError, match="'relationship_type' must be one of CONTAINS"):
        TextContentItem(NAME, "round", relationship)


def test_plain_content_item_takes_a_value_type():
    item = ContentItem("TEXT", NAME, "CONTAINS")
    assert item.value_type is ValueTypeValues.TEXT
    with pytest.raises(ValueError, match="'value_type' must be one of"):
        ContentItem("PICTURE", NAME, None)


def test_name_with_text_beyond_ascii_is_kept():
    name = Code("1", "99LOCAL", "Länge")
    item = NumContentItem(name, 1, Code("µm", "UCUM", "µm"), relationship_type=CONTAINS)
    assert item.name.meaning == "Länge"
    assert item.unit.value == "µm"
    assert item.value == 1


def test_further_attributes_of_a_concept_are_kept():
    name = CodedConcept("1", "99LOCAL", "Thing")
    name.ContextIdentifier = "7469"
    item = TextContentItem(name, "a")
    assert item.ConceptNameCodeSequence[0].ContextIdentifier == "7469"
    item.ConceptNameCodeSequence[0].ContextIdentifier = "1"
    assert name.ContextIdentifier == "7469"


def test_items_do_not_share_what_can_be_changed():
    first, second = (TextContentItem(NAME, text) for text in "ab")
    first.ConceptNameCodeSequence[0].CodeMeaning = "changed"
    assert second.name.meaning == "Finding"
    assert TextContentItem(NAME, "c").name.meaning == "Finding"


def test_items_can_be_copied_and_pickled():
    item = NumContentItem(NAME, 2.5, MM, relationship_type=CONTAINS)
    for other in (copy.deepcopy(item), pickle.loads(pickle.dumps(item))):
        assert type(other) is NumContentItem
        assert other == item
        assert other.value == 2.5


# --- text, names, identifiers ------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["a", "two\r\nlines", "back\\slash", "Größe", "a" * 70000]
)
def test_text_is_kept(text):
    item = TextContentItem(NAME, text, CONTAINS)
    assert item.value == text
    assert item.TextValue == text


@pytest.mark.parametrize("text", ["", "bell\a", "nul\0"])
def test_text_that_is_empty_or_has_control_characters_is_refused(text):
    with pytest.raises(ValueError, match="'value' must be a text"):
        TextContentItem(NAME, text)


def test_text_must_be_a_string():
    with pytest.raises(TypeError, match="'value' must be a string, not int"):
        TextContentItem(NAME, 3)


def test_person_name_is_kept():
    item = PnameContentItem(NAME, "Doe^Jane", CONTAINS)
    assert isinstance(item.value, PersonName)
    assert item.value.family_name == "Doe"


def test_person_name_of_one_component_gives_a_warning():
    with pytest.warns(HighdicomWarning, match="single component"):
        PnameContentItem(NAME, "Doe")


@pytest.mark.parametrize("value", ["", "a=b=c=d"])
def test_bad_person_name_is_refused(value):
    with pytest.raises(ValueError, match="person name"):
        PnameContentItem(NAME, value)


def test_uid_is_kept():
    item = UIDRefContentItem(NAME, "1.2.840.10008.1.1", CONTAINS)
    assert item.value == "1.2.840.10008.1.1"
    assert isinstance(item.value, UID)


@pytest.mark.parametrize("value", ["1.2.x", "", "1..2", "1" * 65, ".1"])
def test_bad_uid_is_refused(value):
    with pytest.raises(ValueError, match="'value' must be a UID"):
        UIDRefContentItem(NAME, value)


def test_uid_must_be_a_string():
    with pytest.raises(TypeError, match="'value' must be a string"):
        UIDRefContentItem(NAME, 12)


def test_code_is_kept():
    item = CodeContentItem(NAME, codes.SCT.Liver, CONTAINS)
    assert item.value == codes.SCT.Liver
    assert isinstance(item.value, CodedConcept)
    assert item.ConceptCodeSequence[0] == codes.SCT.Liver


def test_code_must_be_a_code():
    with pytest.raises(TypeError, match="'value' must be a pydicom Code"):
        CodeContentItem(NAME, "liver")


# --- dates and times ---------------------------------------------------------------


@pytest.mark.parametrize(
    "given", ["20240229", datetime.date(2024, 2, 29), DA("20240229")]
)
def test_date_is_kept(given):
    item = DateContentItem(NAME, given, CONTAINS)
    assert item.value == datetime.date(2024, 2, 29)
    assert item.Date == DA("20240229")


@pytest.mark.parametrize("given", ["101530.25", datetime.time(10, 15, 30, 250000)])
def test_time_is_kept(given):
    item = TimeContentItem(NAME, given, CONTAINS)
    assert item.value == datetime.time(10, 15, 30, 250000)
    assert item.Time == TM(given)


def test_date_with_time_is_kept_with_its_zone():
    zone = datetime.timezone(datetime.timedelta(hours=2))
    given = datetime.datetime(2024, 2, 29, 10, 15, tzinfo=zone)
    item = DateTimeContentItem(NAME, given, CONTAINS)
    assert item.value == given
    assert item.value.utcoffset() == datetime.timedelta(hours=2)
    assert item.DateTime == DT(given)


@pytest.mark.parametrize(
    ("item_class", "given"),
    [
        (DateContentItem, "2024-02-31"),
        (DateContentItem, 3),
        (DateContentItem, ""),
        (TimeContentItem, "25"),
        (DateTimeContentItem, "yesterday"),
    ],
)
def test_bad_dates_and_times_are_refused(item_class, given):
    with pytest.raises(ValueError, match="'value' must be a"):
        item_class(NAME, given)


# --- numbers -----------------------------------------------------------------------


@pytest.mark.parametrize("number", [1 / 3, 1e300, -2.5e-7, 3.0, np.float64(0.1)])
def test_floating_point_number_is_kept_exactly(number):
    item = NumContentItem(NAME, number, MM, relationship_type=CONTAINS)
    assert item.value == number
    measured = item.MeasuredValueSequence[0]
    assert measured.FloatingPointValue == number
    assert len(str(measured.NumericValue)) <= 16
    assert float(measured.NumericValue) == pytest.approx(float(number))


@pytest.mark.parametrize("number", [0, -3, 2**31, np.int16(7)])
def test_integer_needs_no_floating_point_value(number):
    item = NumContentItem(NAME, number, MM)
    assert item.value == number
    assert "FloatingPointValue" not in item.MeasuredValueSequence[0]


def test_integer_too_long_for_a_decimal_string_is_kept():
    assert NumContentItem(NAME, 2**60, MM).value == 2**60


def test_unit_and_qualifier_are_concepts():
    qualifier = codes.DCM.ValueOutOfRange
    item = NumContentItem(NAME, 1.5, MM, qualifier, CONTAINS)
    assert item.unit == MM
    assert item.qualifier == qualifier
    assert item.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0] == MM
    assert item.NumericValueQualifierCodeSequence[0] == qualifier
    assert NumContentItem(NAME, 1.5, MM).qualifier is None


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_number_must_be_finite(number):
    with pytest.raises(ValueError, match="'value' must be a finite number"):
        NumContentItem(NAME, number, MM)


@pytest.mark.parametrize("number", ["1.5", None, True, [1.5]])
def test_number_must_be_a_number(number):
    with pytest.raises(TypeError, match="'value' must be a number"):
        NumContentItem(NAME, number, MM)


def test_number_needs_a_unit():
    with pytest.raises(TypeError, match="'unit' must be a pydicom Code"):
        NumContentItem(NAME, 1.5, None)


def test_number_with_only_a_qualifier_reads_as_not_a_number():
    dataset = NumContentItem(NAME, 1.5, MM, codes.DCM.ValueUnknown, CONTAINS)
    dataset.MeasuredValueSequence = []
    item = NumContentItem.from_dataset(dataset)
    assert math.isnan(item.value)
    assert item.qualifier == codes.DCM.ValueUnknown
    with pytest.raises(AttributeError, match="MeasuredValueSequence is missing"):
        _ = item.unit


def test_number_outside_of_a_report_is_read():
    dataset = Dataset()
    dataset.ValueType = "NUMERIC"
    dataset.ConceptNameCodeSequence = [CodedConcept.from_code(NAME)]
    dataset.NumericValue = "2.5"
    dataset.MeasurementUnitsCodeSequence = [CodedConcept.from_code(MM)]
    item = NumContentItem.from_dataset(dataset)
    assert item.value_type is ValueTypeValues.NUM
    assert item.value == 2.5
    assert item.unit == MM


# --- containers --------------------------------------------------------------------


def test_container_says_template_and_continuity():
    item = ContainerContentItem(NAME, False, "1500")
    assert item.template_id == "1500"
    assert item.ContinuityOfContent == "SEPARATE"
    assert not item.is_content_continuous
    assert item.ContentTemplateSequence[0].MappingResource == "DCMR"


def test_container_without_template_has_none():
    item = ContainerContentItem(NAME)
    assert item.template_id is None
    assert item.ContinuityOfContent == "CONTINUOUS"
    assert item.is_content_continuous


@pytest.mark.parametrize(
    ("template_id", "error"),
    [(1500, TypeError), ("", ValueError), ("x" * 17, ValueError)],
)
def test_bad_template_identifier_is_refused(template_id, error):
    with pytest.raises(error, match="'template_id' must be"):
        ContainerContentItem(NAME, template_id=template_id)


# --- from_dataset ------------------------------------------------------------------


def plain_text_item():
    dataset = Dataset()
    dataset.RelationshipType = "CONTAINS"
    dataset.ValueType = "TEXT"
    name = Dataset()
    name.CodeValue, name.CodingSchemeDesignator, name.CodeMeaning = "1", "99X", "Thing"
    dataset.ConceptNameCodeSequence = [name]
    dataset.TextValue = "abc"
    return dataset


def test_from_dataset_copies_unless_told_otherwise():
    dataset = plain_text_item()
    item = TextContentItem.from_dataset(dataset)
    assert type(item) is TextContentItem
    assert type(dataset) is Dataset
    item.TextValue = "changed"
    item.ConceptNameCodeSequence[0].CodeMeaning = "changed"
    assert dataset.TextValue == "abc"
    assert dataset.ConceptNameCodeSequence[0].CodeMeaning == "Thing"


def test_from_dataset_without_copy_changes_the_class_in_place():
    dataset = plain_text_item()
    item = TextContentItem.from_dataset(dataset, copy=False)
    assert item is dataset
    assert item.value == "abc"
    assert item.name == Code("1", "99X", "Thing")


@pytest.mark.parametrize(
    "keyword", ["ValueType", "ConceptNameCodeSequence", "TextValue"]
)
def test_from_dataset_names_what_is_missing(keyword):
    dataset = plain_text_item()
    delattr(dataset, keyword)
    with pytest.raises(AttributeError, match=keyword) as caught:
        TextContentItem.from_dataset(dataset)
    assert isinstance(caught.value, MissingAttributeError)
    assert caught.value.keyword == keyword


def test_from_dataset_refuses_another_value_type():
    with pytest.raises(ValueError, match="must be of type CODE, not TEXT"):
        CodeContentItem.from_dataset(plain_text_item())


def test_from_dataset_refuses_what_is_no_dataset():
    with pytest.raises(TypeError, match="'dataset' must be a Dataset, not dict"):
        TextContentItem.from_dataset({})


def test_content_item_from_dataset_finds_the_class():
    assert type(ContentItem.from_dataset(plain_text_item())) is TextContentItem


def test_properties_of_what_is_absent_say_so():
    item = TextContentItem(NAME, "a")
    del item.ConceptNameCodeSequence
    with pytest.raises(AttributeError, match="ConceptNameCodeSequence is missing in"):
        _ = item.name
    del item.ValueType
    with pytest.raises(AttributeError, match="ValueType is missing"):
        _ = item.value_type


def test_items_made_anew_do_not_share_private_blocks():
    first, second = (TextContentItem(codes.DCM.Comment, "a") for _ in range(2))
    first.private_block(0x0041, "MAKER", create=True).add_new(1, "LO", "x")
    assert first.private_block(0x0041, "MAKER")[1].value == "x"
    with pytest.raises(KeyError):
        second.private_block(0x0041, "MAKER")
    for made in (copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        assert made == first != second


def test_dates_and_times_print_as_those_of_python():
    assert str(DateContentItem(NAME, "20240131").value) == "2024-01-31"
    assert str(TimeContentItem(NAME, "1011").value) == "10:11:00"
    assert str(DateTimeContentItem(NAME, "2024").value) == "2024-01-01 00:00:00"
