"""Key object selection documents are valid for other implementations."""

import judges
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom import UID
from highdicom.ko import KeyObjectSelection, KeyObjectSelectionDocument
from highdicom.sr.templates.context import (
    DeviceObserverIdentifyingAttributes,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
)
from highdicom.testing import ct_series, slide


def report(image):
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.34"
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID"):
        setattr(dataset, keyword, UID())
    dataset.StudyInstanceUID = image.StudyInstanceUID
    return dataset


def document(objects, **options):
    person = ObserverContext(
        codes.DCM.Person, PersonObserverIdentifyingAttributes("Doe^Jane")
    )
    device = ObserverContext(
        codes.DCM.Device, DeviceObserverIdentifyingAttributes(UID())
    )
    selection = KeyObjectSelection(
        codes.DCM.ForReferringProvider, objects, person, device, "Für später"
    )
    return KeyObjectSelectionDocument(
        objects,
        selection,
        series_instance_uid=UID(),
        series_number=1,
        sop_instance_uid=UID(),
        instance_number=1,
        manufacturer="Maker",
        **options,
    )


# What the judge says that it cannot do.
UNSUPPORTED = "Check for template constraints not yet supported"


def assert_valid_document(made):
    judges.assert_valid(made)
    verdict = judges.dsrdump(made)
    assert not verdict.errors, str(verdict)
    assert set(verdict.warnings) <= {UNSUPPORTED}, str(verdict)
    assert [str(one) for one in made.validate() if one.severity.value == "error"] == []


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"])
def test_selection_of_one_study_is_valid(syntax):
    images = ct_series(number_of_slices=2)
    objects = [*images, report(images[0])]
    assert_valid_document(document(objects, transfer_syntax_uid=syntax))


def test_selection_of_several_studies_is_valid():
    images = ct_series(number_of_slices=2)
    tiles = slide()
    copied = document([tiles, *images])
    assert_valid_document(document([*images, tiles], identical_documents=[copied]))
