import struct

import pytest
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.valuerep import PersonName

from highdicom.standard import Requirement, validate
from highdicom.standard.values import (
    dictionary_multiplicity,
    dictionary_representation,
    is_empty,
    items_of,
    stored_element,
    values_of,
)


def raw(tag, vr, value, *, length=None):
    size = len(value or b"") if length is None else length
    return RawDataElement(BaseTag(tag), vr, size, value, 0, vr is None, True, True)


@pytest.mark.parametrize(
    ("vr", "value", "expected"),
    [
        ("CS", b"A\\B ", ("A", "B")),
        ("UI", b"1.2.3\0", ("1.2.3",)),
        ("DS", b" 1.5\\2", ("1.5", "2")),
        ("US", struct.pack("<2H", 1, 65535), (1, 65535)),
        ("SS", struct.pack("<h", -1), (-1,)),
        ("FD", struct.pack("<d", 0.5), (0.5,)),
        ("AT", struct.pack("<2H", 0x7FE0, 0x0010), ("7FE00010",)),
        ("US or SS", struct.pack("<H", 7), (7,)),
        ("LT", b"A\\B ", None),
        ("OB", b"\1\2", None),
        ("LO", b"\x83\x5c", None),  # one letter in Shift JIS, no backslash
        ("LO", b"\x1b$B", None),
        ("CS", None, None),
    ],
)
def test_values_of_encoded_elements(vr, value, expected):
    assert values_of(raw(0x00100020, vr, value)) == expected


@pytest.mark.parametrize(
    ("tag", "vr", "value", "expected"),
    [
        (0x00080008, "CS", ["A", "B"], ("A", "B")),
        (0x00100010, "PN", "A^B", ("A^B",)),
        (0x00280010, "US", 7, (7,)),
        (0x00180050, "DS", "1.5", (1.5,)),
        (0x00280009, "AT", [0x00181063], ("00181063",)),
        (0x00104000, "LT", "A\\B", None),
        (0x7FE00010, "OW", b"\0\0", None),
        (0x00081140, "SQ", [], None),
        (0x00091001, "UN", b"", None),
    ],
)
def test_values_of_decoded_elements(tag, vr, value, expected):
    assert values_of(DataElement(tag, vr, value)) == expected


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (raw(0x00100020, "LO", b""), True),
        (raw(0x00100020, "LO", b"  "), True),
        (raw(0x00100020, "LO", b"1 "), False),
        (raw(0x7FE00010, "OW", b"  "), False),
        (raw(0x7FE00010, "OW", None, length=8), False),  # deferred
        (raw(0x7FE00010, "OW", None, length=0), True),
        (DataElement(0x00100020, "LO", None), True),
        (DataElement(0x00100020, "LO", ""), True),
        (DataElement(0x00280010, "US", 0), False),
        (DataElement(0x00081140, "SQ", []), True),
        (DataElement(0x00081140, "SQ", [Dataset()]), False),
        (DataElement(0x00100010, "PN", PersonName("")), True),
        (DataElement(0x00100010, "PN", PersonName("A")), False),
    ],
)
def test_emptiness(element, expected):
    assert is_empty(element) is expected


def test_dictionary_may_not_know_an_attribute():
    assert dictionary_representation(0x00100020) == "LO"
    assert dictionary_multiplicity(0x00100020) == "1"
    assert dictionary_representation(0x00111111) is None
    assert dictionary_multiplicity(0x00111111) is None


def test_stored_element_is_none_if_there_is_none():
    assert stored_element(Dataset(), 0x00100020) is None
    assert stored_element(Dataset(), 0x00020010) is None


def test_items_are_none_if_they_cannot_be_read():
    dataset = Dataset()
    # Deferred, but the file is not known.
    dataset[0x00081140] = raw(0x00081140, "SQ", None, length=8)
    assert items_of(dataset, 0x00081140) is None
    dataset.PatientID = "1"
    assert items_of(dataset, 0x00100020) is None


def test_ambiguous_representation_is_decided_when_written():
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    dataset.SmallestImagePixelValue = 0
    assert dataset["SmallestImagePixelValue"].VR == "US or SS"
    kinds = {violation.rule for violation in validate(dataset)}
    assert Requirement.VALUE_REPRESENTATION not in kinds


def codes_in(item):
    image = Dataset()
    image.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1.2"
    image.ViewCodeSequence = Sequence([item])
    return [v for v in validate(image) if v.rule is Requirement.CODE]


def test_code_is_read_from_whatever_holds_it():
    code = Dataset()
    assert codes_in(code) == []
    code.CodingSchemeDesignator = "SCT"
    assert codes_in(code) == []
    code.LongCodeValue = "80891009"
    assert len(codes_in(code)) == 1
    del code.LongCodeValue
    code[0x00080120] = raw(0x00080120, "UR", b"urn:x ")
    (violation,) = codes_in(code)
    assert "SCT urn:x in item 0" in violation.message
