"""Body parts as anatomic regions."""

import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.content.anatomy import region_of, region_of_body_part


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("CHEST", codes.SCT.Chest),
        ("LSPINE", codes.SCT.LumbarSpine),
        ("TSPINE", codes.SCT.ThoracicSpine),
        ("WHOLEBODY", codes.SCT.EntireBody),
        ("chest ", codes.SCT.Chest),
        ("BILE DUCT", codes.SCT.BileDuct),
    ],
)
def test_defined_terms_have_a_region(term, code):
    region = region_of_body_part(term)
    assert region is not None
    assert region == code


@pytest.mark.parametrize("term", ["", "LEFT EAR", "DIR"])
def test_other_terms_have_none(term):
    assert region_of_body_part(term) is None


def test_the_region_of_an_image_is_preferred_to_its_body_part():
    image = Dataset()
    assert region_of(image) is None
    image.BodyPartExamined = "CSPINE"
    assert region_of(image).CodeMeaning == "Cervical spine"
    image.AnatomicRegionSequence = [Dataset()]
    assert region_of(image).CodeMeaning == "Cervical spine"
    image.AnatomicRegionSequence[0].CodeValue = "39607008"
    assert region_of(image) is image.AnatomicRegionSequence[0]
