"""Formats of values (PS3.5 Table 6.2-1)."""

import pytest
from pydicom.config import IGNORE
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from highdicom.standard import validate
from highdicom.standard.model import Requirement
from highdicom.standard.representations import misfit_of
from highdicom.testing import ct_series

_SOUND = {
    "AE": ["STORE_SCP", "A b"],
    "AS": ["012Y", "003W"],
    "CS": ["ORIGINAL", "A_1 B", ""],
    "DA": ["20240229", "19991231"],
    "DS": ["1", "-1.5E-3", "+.5", "1.", " 12 ", "1234567890.12345"],
    "DT": ["2024", "20240131", "20240131235960.123456+0100", "2024-0500"],
    "IS": ["0", "-2147483648", "+12 "],
    "LO": ["x" * 64, "a b"],
    "LT": ["two\r\nlines\\and a backslash"],
    "PN": ["Doe^John", "a=b=c", "A^B^C^D^E", ""],
    "SH": ["x" * 16],
    "TM": ["10", "1010", "101060.5 ", "235959.123456"],
    "UI": ["1.2.840.0.1", "2.25.123"],
}
_WRONG = {
    "AE": ["x" * 17],
    "AS": ["12Y", "0120", "012y"],
    "CS": ["lower", "x" * 17, "A-B"],
    "DA": ["2024-01-01", "20240230", "2024"],
    "DS": ["1,5", "12345678901.12345", "NaN", "1e"],
    "DT": ["2024131", "202413"],
    "IS": ["1.0", "2147483648", "a"],
    "LO": ["x" * 65, "a\nb"],
    "LT": ["x" * 10241],
    "PN": ["a=b=c=d", "A^B^C^D^E^F", "x" * 65],
    "SH": ["x" * 17],
    "TM": ["24", "10:10", "101061", "1"],
    "UI": ["1.02", "1..2", "1.2.", "a", "1." + "2" * 63],
}
_PAIRS = [(vr, text) for vr, texts in _SOUND.items() for text in texts]
_MISFITS = [(vr, text) for vr, texts in _WRONG.items() for text in texts]


def _raw(vr: str, text: str) -> RawDataElement:
    value = text.encode()
    return RawDataElement(BaseTag(0x00091001), vr, len(value), value, 0, False, True)


@pytest.mark.parametrize(("vr", "text"), _PAIRS)
def test_values_that_fit_are_found_so(vr: str, text: str) -> None:
    assert misfit_of(_raw(vr, text)) is None


@pytest.mark.parametrize(("vr", "text"), _MISFITS)
def test_values_that_do_not_fit_are_told(vr: str, text: str) -> None:
    told = misfit_of(_raw(vr, text))
    assert told is not None
    assert vr in told


def test_each_of_several_values_is_looked_at() -> None:
    assert misfit_of(_raw("CS", "A\\b")) is not None
    assert misfit_of(_raw("DS", "1\\2\\3")) is None
    assert misfit_of(_raw("LO", "x" * 64 + "\\" + "y" * 64)) is None


def test_text_of_other_character_sets_is_not_measured_in_bytes() -> None:
    assert misfit_of(_raw("SH", "ü" * 16)) is None
    assert misfit_of(DataElement(0x00200010, "SH", "ü" * 16)) is None
    too_long = DataElement(0x00200010, "SH", "ü" * 17, validation_mode=IGNORE)
    assert misfit_of(too_long) is not None


def test_a_value_is_told_with_its_place_wherever_it_stands() -> None:
    dataset = ct_series(number_of_slices=1)[0]
    item = Dataset()
    item._dict[BaseTag(0x00080100)] = _raw("SH", "x" * 17)._replace(
        tag=BaseTag(0x00080100)
    )
    item.CodingSchemeDesignator, item.CodeMeaning = "DCM", "Meaning"
    dataset.ProcedureCodeSequence = [item]
    # No attribute of the IOD.
    dataset._dict[BaseTag(0x300A0002)] = _raw("SH", "y" * 17)._replace(
        tag=BaseTag(0x300A0002)
    )
    found = {v.path: v for v in validate(dataset)}
    assert set(found) == {"ProcedureCodeSequence[0].CodeValue", "RTPlanLabel"}
    assert {v.rule for v in found.values()} == {Requirement.VALUE_FORMAT}


def test_attributes_of_pixels_are_missed_where_there_are_pixel_data() -> None:
    dataset = ct_series(number_of_slices=1)[0]
    del dataset.Rows
    assert [v.path for v in validate(dataset)] == ["Rows"]
