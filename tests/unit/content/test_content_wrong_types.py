"""What is no sequence, mapping or index is refused by the name of its argument."""

import numpy as np
import pytest
from pydicom.sr.codedict import codes

import highdicom as hd
from highdicom.errors import ArgumentTypeError, TransformNotFoundError
from highdicom.testing import ct_series

WINDOW = hd.VOILUTTransformation(40, 400)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (
            lambda: hd.AlgorithmIdentificationSequence(
                "net", codes.DCM.ArtificialIntelligence, "1.0", parameters="t=3"
            ),
            "parameters",
        ),
        (lambda: hd.PlanePositionSequence("PATIENT", None), "image_position"),
        (lambda: hd.PlaneOrientationSequence("PATIENT", 1.0), "image_orientation"),
        (lambda: hd.VOILUTTransformation(voi_luts=1), "voi_luts"),
        (lambda: hd.PaletteColorLUTTransformation.from_colors("red"), "colors"),
        (lambda: hd.SpecimenStaining(None), "substances"),
        (lambda: hd.UID.from_uuid(1), "uuid"),
        (lambda: hd.ReferencedImageSequence(1), "referenced_images"),
    ],
)
def test_wrong_types_are_refused_by_name(call, argument):
    with pytest.raises(ArgumentTypeError, match=f"'{argument}' must be a "):
        call()


def test_frame_numbers_are_integers():
    with pytest.raises(ArgumentTypeError, match="'referenced_frame_number' must be an"):
        hd.ReferencedImageSequence(ct_series(1), referenced_frame_number=1.5)


@pytest.mark.parametrize("selector", [None, 0.5, "abdomen", 1, -2])
def test_a_window_is_selected_by_index_or_explanation_only(selector):
    with pytest.raises(TransformNotFoundError, match="'voi_transform_selector'"):
        WINDOW.apply(np.array([1.0]), voi_transform_selector=selector)
