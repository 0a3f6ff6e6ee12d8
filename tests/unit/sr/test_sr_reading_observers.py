"""Observers of reports as others write them."""

import pytest
from pydicom.sr.codedict import codes
from pydicom.valuerep import PersonName

from highdicom.content_items import TextContentItem
from highdicom.sr import ObserverContext, PersonObserverIdentifyingAttributes


def test_names_of_observers_that_are_plain_text_are_read():
    written = ObserverContext(
        codes.DCM.Person, PersonObserverIdentifyingAttributes("Doe^Jane")
    )
    name = TextContentItem(codes.DCM.PersonObserverName, "Doe^Jane", "HAS OBS CONTEXT")
    read = ObserverContext.from_sequence([written[0], name])
    found = read.observer_identifying_attributes.name
    assert isinstance(found, PersonName)
    assert found.family_name == "Doe"
    assert any("must be of type PNAME" in v.message for v in read.check())
    assert not written.check()


def test_text_of_other_names_is_not_taken_for_an_observer():
    other = TextContentItem(codes.DCM.DeviceObserverName, "Doe", "HAS OBS CONTEXT")
    with pytest.raises(ValueError, match="There is no content item"):
        PersonObserverIdentifyingAttributes.from_sequence([other])
