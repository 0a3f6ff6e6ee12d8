"""What macros cannot be without, and what they cannot be given."""

import numpy as np
import pytest

from highdicom.coding import CodedConcept
from highdicom.content import (
    ContentCreatorIdentificationCodeSequence,
    IssuerOfIdentifier,
    PaletteColorLUT,
    PaletteColorLUTTransformation,
    PixelMeasuresSequence,
    VOILUTTransformation,
)

PERSON = CodedConcept("4711", "99HOSPITAL", "Doe, Jane")


def test_the_institution_of_a_person_is_named_or_coded():
    with pytest.raises(TypeError, match="'institution_name' and 'institution_code'"):
        ContentCreatorIdentificationCodeSequence([PERSON], None)
    coded = ContentCreatorIdentificationCodeSequence(
        [PERSON], None, institution_code=CodedConcept("1", "99HOSPITAL", "General")
    )
    assert "InstitutionName" not in coded[0]


def test_issuers_and_spacing_are_required():
    with pytest.raises(TypeError, match="'issuer_of_identifier' must be a string"):
        IssuerOfIdentifier(None)
    with pytest.raises(TypeError, match="'pixel_spacing' is required"):
        PixelMeasuresSequence(None, 1.0)


def test_widths_of_windows_are_numbers():
    with pytest.raises(TypeError, match="'window_width' must be a number, not str"):
        VOILUTTransformation(40.0, "400")


def test_colors_of_palettes_have_no_opacity():
    with pytest.raises(ValueError, match="opacity"):
        PaletteColorLUTTransformation.from_colors(["red", "#ff00ff80"])


def test_entries_may_be_in_any_byte_order():
    entries = np.array([0, 1, 256, 65535])
    lut = PaletteColorLUT(0, entries.astype(">u2"), "red")
    np.testing.assert_array_equal(lut.lut_data, entries)
    assert lut.RedPaletteColorLookupTableData == entries.astype("<u2").tobytes()
