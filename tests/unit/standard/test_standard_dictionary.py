import pytest
from pydicom import datadict
from pydicom.dataset import Dataset

from highdicom.standard import register_new_attributes
from highdicom.standard.texts import parse_dictionary, read_text


@pytest.fixture
def dictionaries(monkeypatch):
    """Dictionaries of pydicom that may be changed."""
    for name in ("DicomDictionary", "keyword_dict"):
        monkeypatch.setattr(datadict, name, dict(getattr(datadict, name)))
    monkeypatch.setattr(
        "highdicom.standard.dictionary.keyword_dict", datadict.keyword_dict
    )
    register_new_attributes.cache_clear()
    yield datadict
    register_new_attributes.cache_clear()


def test_new_attributes_can_be_used_by_keyword():
    register_new_attributes()
    dataset = Dataset()
    dataset.ReferencedSegmentationSequence = [Dataset()]
    assert dataset[0x0008114C].VR == "SQ"
    assert dataset[0x0008114C].name == "Referenced Segmentation Sequence"


def test_known_entries_are_left_alone(dictionaries):
    tag, entry = next(parse_dictionary(read_text("dictionary")))
    own = ("SQ", "1", "Mine", "", "MyKeyword")
    dictionaries.DicomDictionary[tag] = own
    register_new_attributes()
    assert dictionaries.DicomDictionary[tag] == own
    assert datadict.tag_for_keyword(entry[4]) == tag


def test_new_keyword_of_a_known_attribute_can_be_used():
    register_new_attributes()
    assert datadict.tag_for_keyword("AnalogFilterTypeCodeSequence") == 0x003A0325


def test_registering_again_changes_nothing(dictionaries):
    register_new_attributes()
    before = dict(dictionaries.DicomDictionary)
    register_new_attributes.cache_clear()
    register_new_attributes()
    assert before == dictionaries.DicomDictionary
