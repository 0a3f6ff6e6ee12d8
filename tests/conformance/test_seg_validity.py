"""Segmentations of every kind keep to the standard, as others see it, too."""

import judges
import numpy as np
import pytest
import seg_objects
from pydicom.sr.codedict import codes
from seg_objects import KINDS, algorithm, described, labels, segmentation

from highdicom import UID, testing
from highdicom.color import CIELabColor
from highdicom.content import (
    ContentCreatorIdentificationCodeSequence,
    PaletteColorLUT,
    PaletteColorLUTTransformation,
)

CASES = seg_objects.cases()


def assert_valid(image):
    assert [*map(str, image.validate())] == []
    judges.assert_valid(image)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CASES)
def test_segmentation_is_valid(name, kind):
    case = CASES[name]
    array = labels(case.shape)
    assert_valid(segmentation(case.sources, case.pixels(array), kind, **case.options))


@pytest.mark.parametrize("kind", KINDS)
def test_segmentation_with_everything_in_it_is_valid(kind):
    sources = testing.ct_series(3)
    creator = ContentCreatorIdentificationCodeSequence(
        person_identification_codes=[codes.DCM.Person],
        institution_name="Institute",
    )
    segments = [
        described(
            1,
            tracking_uid=UID(),
            tracking_id="Finding 1",
            anatomic_regions=[codes.SCT.Liver],
            primary_anatomic_structures=[codes.SCT.Liver],
            display_color=CIELabColor(50.0, 10.0, -20.0),
        ),
        described(2, algorithm_identification=algorithm()),
        described(3),
    ]
    image = segmentation(
        sources,
        labels((3, 16, 20)),
        kind,
        segment_descriptions=segments,
        content_label="ORGANS",
        content_description="Organs",
        content_creator_name="Doe^Jane",
        content_creator_identification=creator,
        further_source_images=testing.mr_series(3),
        series_description="Organs",
        institution_name="Institute",
    )
    assert_valid(image)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99"])
@pytest.mark.parametrize("kind", KINDS)
def test_segmentation_in_other_encodings_is_valid(kind, syntax):
    sources = testing.ct_series(3)
    image = segmentation(sources, labels((3, 16, 20)), kind, transfer_syntax_uid=syntax)
    assert_valid(image)


def palette(bits):
    table = np.linspace(0, 2**bits - 1, 8).astype(f"uint{bits}")
    return PaletteColorLUTTransformation(
        *(PaletteColorLUT(0, table, color) for color in ("red", "green", "blue")),
        palette_color_lut_uid=UID(),
    )


@pytest.mark.parametrize("bits", [8, 16])
def test_label_map_with_colors_is_valid_and_shown_in_them(bits):
    sources = testing.ct_series(3)
    array = labels((3, 16, 20))
    image = segmentation(
        sources, array, "LABELMAP", palette_color_lut_transformation=palette(bits)
    )
    assert image.PhotometricInterpretation == "PALETTE COLOR"
    assert "ICCProfile" in image
    assert "PresentationLUTShape" not in image
    assert_valid(image)
    shown = image.get_volume(
        combine_segments=True, apply_palette_color_lut=True, apply_icc_profile=False
    )
    found = image.get_volume(combine_segments=True).array
    expected = np.linspace(0, 2**bits - 1, 8).astype(int)[found]
    np.testing.assert_array_equal(shown.array, np.stack([expected] * 3, axis=-1))


def test_label_map_of_words_is_valid():
    image = segmentation(
        testing.ct_series(3), labels((3, 16, 20), (1, 2, 999)), "LABELMAP", (1, 2, 999)
    )
    assert image.BitsAllocated == 16
    assert_valid(image)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_source_lacks_does_not_make_it_invalid(kind):
    sources = testing.ct_series(
        3,
        attributes={
            "SliceThickness": "",
            "PositionReferenceIndicator": None,
        },
    )
    assert_valid(segmentation(sources, labels((3, 16, 20)), kind))
