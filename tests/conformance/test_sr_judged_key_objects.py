"""Key object selection documents are valid for other implementations."""

from io import BytesIO

import judges
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom import UID, read
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


@pytest.mark.parametrize("rows", ["fewest", "all"])
def test_selections_are_read_back_as_they_were_written(rows):
    images = ct_series(number_of_slices=1)
    if rows == "all":
        made = document([*images, report(images[0])])
    else:
        made = KeyObjectSelectionDocument(
            images,
            KeyObjectSelection(codes.DCM.OfInterest, images),
            UID(),
            1,
            UID(),
            1,
            "Maker",
        )
    assert_valid_document(made)
    file = BytesIO()
    made.save_as(file, enforce_file_format=True)
    again = read(file.getvalue())
    assert type(again) is KeyObjectSelectionDocument
    assert again.content == made.content
    title, expected = (
        again.content[0].ConceptNameCodeSequence[0],
        {
            "fewest": "113000",
            "all": "113002",
        },
    )
    assert title.CodeValue == expected[rows]
    assert [item.ValueType for item in again.content[0].ContentSequence] == (
        ["IMAGE"]
        if rows == "fewest"
        else ["CODE", "PNAME", "CODE", "UIDREF", "TEXT", "IMAGE", "COMPOSITE"]
    )
