"""Classes whose bodies declare attributes."""

import copy
import inspect
import pickle
import re
from enum import Enum

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes

from highdicom.attributes import (
    SequenceItem,
    SingleItemSequence,
    at_least_one_of,
    at_most_one_of,
    required_if,
    together,
)
from highdicom.attributes.specifiers import (
    Coded,
    CodedList,
    Enumerated,
    Integer,
    Numbers,
    OptionalItems,
    OptionalNumber,
    OptionalText,
    OptionalTexts,
    OptionalUid,
    Text,
    between,
    coded,
    coded_list,
    enumerated,
    integer,
    items,
    number,
    numbers,
    text,
    texts,
    uid,
)
from highdicom.coding import CodedConcept
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    NonconformantDatasetWarning,
)


class Kind(Enum):
    AUTOMATIC = "AUTOMATIC"
    MANUAL = "MANUAL"


class Modifier(SequenceItem):
    label: Text = text("CodeMeaning", "1")


class Segment(SequenceItem):
    number: Integer = integer("SegmentNumber", "1", between(1, 65535))
    label: Text = text("SegmentLabel", "1")
    category: Coded = coded("SegmentedPropertyCategoryCodeSequence", "1")
    kind: Enumerated[Kind] = enumerated("SegmentAlgorithmType", "1", Kind)
    tracking_uid: OptionalUid = uid("TrackingUID", "1C", default=None)
    tracking_id: OptionalText = text("TrackingID", "1C", default=None)
    regions: CodedList = coded_list("AnatomicRegionSequence", "3", default=None)
    versions: OptionalTexts = texts("SoftwareVersions", "3", default=None)
    description: OptionalText = text("SegmentDescription", "2", default=None)
    modifiers: OptionalItems[Modifier] = items(
        "AnatomicRegionModifierSequence", "3", Modifier, default=None
    )

    tracked = together("tracking_uid", "tracking_id")


class Measures(SingleItemSequence):
    spacing: Numbers = numbers("PixelSpacing", "1", count=2)
    thickness: OptionalNumber = number("SliceThickness", "2", default=None)


@pytest.fixture
def segment():
    return Segment(3, "lesion", codes.SCT.Tissue, "MANUAL")


def as_plain(dataset):
    plain = Dataset()
    for element in copy.deepcopy(dataset):
        plain.add(element)
    for nested in plain:
        if nested.VR == "SQ":
            nested.value = Sequence(as_plain(item) for item in nested.value)
    return plain


def test_constructor_writes_the_elements_that_pydicom_would(segment):
    expected = Dataset()
    expected.SegmentNumber = 3
    expected.SegmentLabel = "lesion"
    expected.SegmentAlgorithmType = "MANUAL"
    expected.SegmentDescription = None
    code = Dataset()
    code.CodeValue = "85756007"
    code.CodingSchemeDesignator = "SCT"
    code.CodeMeaning = "Tissue"
    expected.SegmentedPropertyCategoryCodeSequence = [code]
    assert as_plain(segment) == expected


def test_properties_read_what_the_elements_hold(segment):
    assert segment.number == 3
    assert segment.kind is Kind.MANUAL
    assert isinstance(segment.category, CodedConcept)
    assert segment.tracking_uid is None
    assert segment.regions == []
    segment.SegmentLabel = "cyst"
    assert segment.label == "cyst"


def test_properties_write_through_to_the_elements(segment):
    segment.label = "cyst"
    segment.versions = ["1", "2"]
    segment.regions = [codes.SCT.Liver]
    assert segment.SegmentLabel == "cyst"
    assert list(segment.SoftwareVersions) == ["1", "2"]
    assert segment.AnatomicRegionSequence[0].CodeMeaning == "Liver"
    segment.regions = None
    assert "AnatomicRegionSequence" not in segment


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("number", 0, InvalidArgumentError, "between 1 and 65535, not 0"),
        ("number", "1", ArgumentTypeError, "an integer, not str"),
        ("number", True, ArgumentTypeError, "an integer, not bool"),
        ("label", "x" * 65, InvalidArgumentError, "exceeds the maximum length of 64"),
        ("label", "", InvalidArgumentError, "not empty"),
        ("tracking_id", "", InvalidArgumentError, "not empty"),
        ("label", "a\\b", InvalidArgumentError, "without a backslash"),
        ("label", 5, ArgumentTypeError, "a string, not int"),
        ("label", None, ArgumentTypeError, "Type 1"),
        ("kind", "SOMEHOW", InvalidArgumentError, "one of AUTOMATIC, MANUAL"),
        ("category", "Tissue", ArgumentTypeError, "CodedConcept, not str"),
        ("regions", codes.SCT.Liver, ArgumentTypeError, "a sequence of codes"),
        ("tracking_uid", "1.02", InvalidArgumentError, "a UID"),
        ("modifiers", [Dataset()], ArgumentTypeError, "a sequence of Modifier"),
    ],
)
def test_wrong_value_is_refused_with_name_and_keyword(
    segment, name, value, error, message
):
    keyword = Segment.declaration.attributes[name].keyword
    with pytest.raises(error, match=message) as raised:
        setattr(segment, name, value)
    assert f"'{name}'" in str(raised.value)
    assert keyword in str(raised.value)
    assert re.fullmatch(r"[^.]*(\d\.\d[^.]*)*\.", str(raised.value))


def test_numbers_of_numpy_are_taken(segment):
    segment.number = np.uint16(7)
    assert segment.SegmentNumber == 7
    measures = Measures(np.array([0.5, 0.25]), np.float32(2))
    assert measures.spacing == [0.5, 0.25]


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ((1, "a", codes.SCT.Tissue), {}, "misses the argument 'kind'"),
        ((1, "a", codes.SCT.Tissue, "MANUAL"), {"label": "b"}, "twice the argument"),
        ((1, "a", codes.SCT.Tissue, "MANUAL"), {"colour": 1}, "unknown argument"),
        (tuple(range(11)), {}, "at most 10 arguments"),
    ],
)
def test_arguments_that_do_not_fit_are_type_errors(args, kwargs, message):
    with pytest.raises(TypeError, match=message):
        Segment(*args, **kwargs)


def test_signature_shows_parameters_in_order():
    parameters = inspect.signature(Segment).parameters
    assert list(parameters)[:4] == ["number", "label", "category", "kind"]
    assert parameters["number"].default is inspect.Parameter.empty
    assert parameters["tracking_uid"].default is None


def test_rule_is_enforced_at_construction():
    with pytest.raises(ConflictingArgumentsError, match="given together"):
        Segment(1, "a", codes.SCT.Tissue, "MANUAL", tracking_uid="1.2")


def test_rules_tell_what_they_allow():
    class Pair:
        a = None
        b = None

    pair = Pair()
    assert not at_least_one_of("a", "b").holds(pair)
    pair.a = 1
    assert at_least_one_of("a", "b").holds(pair)
    assert at_most_one_of("a", "b").holds(pair)
    assert not required_if("b", lambda item: item.a, "with 'a'").holds(pair)
    pair.b = 2
    assert not at_most_one_of("a", "b").holds(pair)
    assert required_if("b", lambda item: item.a, "with 'a'").holds(pair)


def test_from_dataset_with_copy_leaves_the_argument_untouched(segment):
    plain = as_plain(segment)
    adopted = Segment.from_dataset(plain)
    adopted.label = "other"
    assert type(adopted) is Segment
    assert type(plain) is Dataset
    assert type(plain.SegmentedPropertyCategoryCodeSequence[0]) is Dataset
    assert plain.SegmentLabel == "lesion"


def test_from_dataset_without_copy_returns_the_argument(segment):
    plain = as_plain(segment)
    adopted = Segment.from_dataset(plain, copy=False)
    assert adopted is plain
    assert type(plain.SegmentedPropertyCategoryCodeSequence[0]) is CodedConcept


def test_from_dataset_names_what_is_missing(segment):
    plain = as_plain(segment)
    del plain.SegmentLabel
    with pytest.raises(MissingAttributeError, match="SegmentLabel") as raised:
        Segment.from_dataset(plain)
    assert raised.value.keyword == "SegmentLabel"


def test_missing_attribute_of_type_2_is_tolerated_with_a_warning(segment):
    plain = as_plain(segment)
    del plain.SegmentDescription
    with pytest.warns(NonconformantDatasetWarning, match="SegmentDescription"):
        Segment.from_dataset(plain)


def test_from_dataset_wants_a_dataset():
    with pytest.raises(TypeError, match="must be a Dataset, not dict"):
        Segment.from_dataset({})


def test_nested_items_get_their_classes():
    modifier = Dataset()
    modifier.CodeMeaning = "left"
    plain = as_plain(Segment(1, "a", codes.SCT.Tissue, "MANUAL"))
    plain.AnatomicRegionModifierSequence = [modifier]
    adopted = Segment.from_dataset(plain)
    assert isinstance(adopted.modifiers[0], Modifier)
    assert adopted.modifiers[0].label == "left"


def test_copies_and_pickles_are_equal_and_independent(segment):
    for twin in (copy.deepcopy(segment), pickle.loads(pickle.dumps(segment))):
        assert twin == segment
        assert type(twin) is Segment
        twin.label = "other"
        assert segment.label == "lesion"


def test_sequence_of_one_item_acts_on_its_item():
    measures = Measures([1, 2])
    assert len(measures) == 1
    assert measures[0].PixelSpacing == [1, 2]
    assert measures.thickness is None
    measures.thickness = 3
    assert measures[0].SliceThickness == 3


def test_sequence_is_adopted_with_and_without_copy():
    item = Dataset()
    item.PixelSpacing = [1, 2]
    item.SliceThickness = None
    plain = Sequence([item])
    assert Measures.from_sequence(plain)[0] is not item
    assert Measures.from_sequence(plain, copy=False)[0] is item


@pytest.mark.parametrize("count", [0, 2])
def test_sequence_needs_exactly_one_item(count):
    with pytest.raises(ValueError, match=f"exactly one item, not {count}"):
        Measures.from_sequence(Sequence([Dataset()] * count))


def test_sequence_must_be_a_sequence():
    with pytest.raises(TypeError, match="must be a pydicom Sequence"):
        Measures.from_sequence([Dataset()])


@pytest.mark.parametrize("value", [[1.0], [1.0, 2.0, 3.0], [1.0, float("nan")], 1.0])
def test_wrong_count_or_value_of_numbers_is_refused(value):
    with pytest.raises(ValueError, match="'spacing'"):
        Measures(value)


def test_documentation_names_attribute_and_type():
    assert "Segment Number (0062,0004), Type 1." in Segment.__init__.__doc__


def test_stored_values_that_mean_nothing_are_named(segment):
    segment["SegmentAlgorithmType"].value = "BOGUS"
    with pytest.raises(InvalidAttributeError, match="'SegmentAlgorithmType' must not"):
        _ = segment.kind
    segment["SegmentNumber"].value = [1, 2]
    with pytest.raises(InvalidAttributeError, match="'SegmentNumber' must not be"):
        _ = segment.number
