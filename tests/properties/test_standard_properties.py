"""Properties of the tables of the standard and of what is checked along them."""

from copy import deepcopy

from hypothesis import given, settings, strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from highdicom.encoding.elements import raw_element
from highdicom.encoding.tree import encode_items
from highdicom.standard import (
    IOD_MODULE_MAP,
    MODULE_ATTRIBUTE_MAP,
    Severity,
    iod_key_of,
    validate,
)
from highdicom.standard.checks import number_in_range
from highdicom.standard.conditions import Scope, describe, holds
from highdicom.standard.grammar import parse_expression
from highdicom.standard.model import Combination, Negation
from highdicom.standard.sampling import sample_of
from highdicom.testing.factories import ct_series, enhanced_ct

KEYWORDS = ("PatientID", "PatientSex", "Modality", "ImageType")
VALUES = ("M", "F", "A B", "ORIGINAL")


@st.composite
def questions(draw):
    keyword = draw(st.sampled_from(KEYWORDS))
    if draw(st.booleans()):
        state = draw(st.sampled_from(["present", "absent", "empty", "filled"]))
        return f"{keyword} {state}"
    number = draw(st.sampled_from(["", "[1]", "[2]"]))
    operator = draw(st.sampled_from(["=", "!="]))
    values = draw(st.lists(st.sampled_from(VALUES), min_size=1, unique=True))
    return f"{keyword}{number} {operator} " + "|".join(f'"{value}"' for value in values)


expressions = st.recursive(
    questions(),
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: "({} {} {})".format(*parts)
        ),
    ),
    max_leaves=8,
)
patients = st.fixed_dictionaries(
    {}, optional={keyword: st.sampled_from(["", *VALUES]) for keyword in KEYWORDS}
)


def dataset_of(elements):
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def answer(expression, dataset):
    """The same question, answered with the tables of three-valued logic."""
    if isinstance(expression, Negation):
        inner = answer(expression.part, dataset)
        return None if inner is None else not inner
    if isinstance(expression, Combination):
        answers = {answer(part, dataset) for part in expression.parts}
        if expression.operator == "and":
            return False if False in answers else None if None in answers else True
        return True if True in answers else None if None in answers else False
    keyword = expression.reference.keyword
    value = dataset.get(keyword, None)
    states = {
        "present": keyword in dataset,
        "absent": keyword not in dataset,
        "empty": keyword in dataset and not value,
        "filled": bool(value),
    }
    if expression.operator in states:
        return states[expression.operator]
    if not value:
        return False if expression.operator == "=" else None
    is_asked = expression.value_number in {None, 1}
    found = is_asked and value in expression.values
    return found if expression.operator == "=" else not found


@given(expressions, patients)
def test_expressions_follow_three_valued_logic(text, elements):
    dataset = dataset_of(elements)
    expression = parse_expression(text)
    assert holds(expression, Scope(dataset)) is answer(expression, dataset)
    assert describe(expression)


@given(st.integers(0, 12), st.integers(0, 6), st.integers(0, 6))
def test_ranges_contain_what_they_say(number, low, more):
    high = low + more
    assert number_in_range(number, str(low)) == (number == low)
    assert number_in_range(number, f"{low}-{high}") == (low <= number <= high)
    assert number_in_range(number, f"{low}-n") == (number >= low)
    if low:
        expected = number >= low and number % low == 0
        assert number_in_range(number, f"{low}-{low}n") == expected
    assert number_in_range(number, f"{low} or {high}") == (number in {low, high})
    assert number_in_range(number, "as many as there are")


frame_kinds = st.fixed_dictionaries(
    {},
    optional={
        "CardiacCyclePosition": st.sampled_from(["END_SYSTOLE", "SOMEWHERE", ""]),
        "DimensionIndexValues": st.lists(st.integers(1, 9), max_size=3),
        "FrameLabel": st.sampled_from(["a", "b", "a\\b"]),
    },
)


@settings(max_examples=25)
@given(st.lists(frame_kinds, min_size=1, max_size=4), st.booleans())
def test_encoded_and_decoded_items_have_equal_samples(kinds, implicit):
    frames = []
    for kind in kinds:
        frame = Dataset()
        frame.FrameContentSequence = [dataset_of(kind)]
        # Makes the items long enough to be looked at as bytes.
        frame.add_new((0x0020, 0x4000), "LT", "x" * 400)
        frames.append(frame)
    items = [frames[index % len(frames)] for index in range(60)]
    value = encode_items(items, implicit=implicit)
    element = raw_element(0x52009230, "SQ", value)
    encoded, decoded = Dataset(), Dataset()
    encoded[0x52009230] = element._replace(is_implicit_VR=implicit)
    decoded.PerFrameFunctionalGroupsSequence = Sequence(items)
    first, second = sample_of(encoded, 0x52009230), sample_of(decoded, 0x52009230)
    assert first.number_of_items == second.number_of_items == 60
    assert [(r.index, r.count) for r in first.representatives] == [
        (r.index, r.count) for r in second.representatives
    ]
    assert sum(r.count for r in first.representatives) == 60


CT = ct_series()[0]
ENHANCED_CT = enhanced_ct()


def is_always_required(keyword, sop_class_uid):
    """Whether a module that has to be there says so, whatever the dataset holds."""
    return any(
        (entry["keyword"], entry["path"]) == (keyword, []) and entry["type"] in "12"
        for use in IOD_MODULE_MAP[iod_key_of(sop_class_uid)]
        # Its macro is left out of metadata that travel without the pixels.
        if use["usage"] == "M" and use["key"] != "image-pixel"
        for entry in MODULE_ATTRIBUTE_MAP[use["key"]]
    )


@settings(max_examples=60)
@given(st.data())
def test_attribute_that_is_taken_away_is_missed_if_it_is_required(data):
    image = deepcopy(data.draw(st.sampled_from([CT, ENHANCED_CT])))
    keyword = data.draw(st.sampled_from(sorted(e.keyword for e in image if e.keyword)))
    delattr(image, keyword)
    before = deepcopy(image)
    if keyword == "SOPClassUID":
        assert [v.keyword for v in validate(image)] == ["SOPClassUID"]
        return
    violations = validate(image)
    assert image == before
    assert violations == validate(image)
    errors = {v.path for v in violations if v.severity is Severity.ERROR}
    if is_always_required(keyword, image.SOPClassUID):
        assert keyword in errors
