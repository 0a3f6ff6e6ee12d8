"""Coded concepts."""

import copy
import pickle

import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.errors import MissingAttributeError


def test_parts_are_read_back():
    concept = CodedConcept("17", "99HOUSE", "Thing", "v2")
    assert (concept.value, concept.scheme_designator) == ("17", "99HOUSE")
    assert (concept.meaning, concept.scheme_version) == ("Thing", "v2")
    assert CodedConcept("17", "99HOUSE", "Thing").scheme_version is None


@pytest.mark.parametrize(
    ("value", "keyword"),
    [
        ("1234567890123456", "CodeValue"),
        ("12345678901234567", "LongCodeValue"),
        ("http://example.com/concept", "URNCodeValue"),
        ("urn:oid:1.2.3", "URNCodeValue"),
    ],
)
def test_code_stands_in_the_attribute_that_suits_it(value, keyword):
    concept = CodedConcept(value, "99HOUSE", "Thing")
    assert concept[keyword].value == value
    assert (
        sum(k in concept for k in ("CodeValue", "LongCodeValue", "URNCodeValue")) == 1
    )
    assert concept.value == value


def test_equal_if_the_same_is_meant():
    liver = CodedConcept("10200004", "SCT", "Liver")
    assert liver == codes.SCT.Liver
    assert codes.SCT.Liver == liver
    assert liver == CodedConcept("10200004", "SCT", "Foie")
    assert liver == CodedConcept("T-62000", "SRT", "Liver")
    assert hash(liver) == hash(codes.SCT.Liver)
    assert liver != CodedConcept("10200004", "SCT", "Liver", "2020")
    assert liver != codes.SCT.Kidney
    assert liver != "Liver"


def test_equal_to_a_plain_dataset_that_says_the_same():
    plain = Dataset()
    plain.CodeValue = "1"
    plain.CodingSchemeDesignator = "99X"
    plain.CodeMeaning = "x"
    assert CodedConcept("1", "99X", "x") == plain


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("", "SCT", "x"), ValueError),
        (("1", "", "x"), ValueError),
        (("1", "SCT", ""), ValueError),
        (("1", "S" * 17, "x"), ValueError),
        (("1", "SCT", "x" * 65), ValueError),
        (("1", "SCT", "a\\b"), ValueError),
        ((1, "SCT", "x"), TypeError),
    ],
)
def test_wrong_parts_are_refused(arguments, error):
    with pytest.raises(error, match="of a code must be a"):
        CodedConcept(*arguments)


def test_from_code_keeps_a_concept_and_converts_a_code():
    concept = CodedConcept("1", "99X", "x")
    assert CodedConcept.from_code(concept) is concept
    assert CodedConcept.from_code(Code("1", "99X", "x")) == concept
    with pytest.raises(TypeError, match="not str"):
        CodedConcept.from_code("1")


def test_concepts_do_not_share_what_can_be_changed():
    one, other = CodedConcept("1", "99X", "x"), CodedConcept("1", "99X", "x")
    one.CodeMeaning = "changed"
    assert other.meaning == "x"


def test_from_dataset_reclasses_a_copy_or_the_dataset_itself():
    plain = Dataset()
    plain.CodeValue = "1"
    plain.CodingSchemeDesignator = "99X"
    plain.CodeMeaning = "x"
    assert CodedConcept.from_dataset(plain) is not plain
    assert type(plain) is Dataset
    assert CodedConcept.from_dataset(plain, copy=False) is plain


@pytest.mark.parametrize(
    "missing", ["CodeValue", "CodingSchemeDesignator", "CodeMeaning"]
)
def test_from_dataset_names_what_is_missing(missing):
    plain = copy.deepcopy(CodedConcept("1", "99X", "x"))
    del plain[missing]
    with pytest.raises(MissingAttributeError, match=missing):
        CodedConcept.from_dataset(plain)


def test_text_beyond_ascii_is_kept():
    concept = CodedConcept("1", "99X", "Größe")
    assert pickle.loads(pickle.dumps(concept)).meaning == "Größe"
