"""Segmentations of every kind, source and tiling in every transfer syntax that suits."""

import numpy as np
import pytest
from judges import assert_valid
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)
from seg_objects import KINDS, cases, labels, read_again, segmentation

CASES = cases()
DeflatedImageFrameCompression = UID("1.2.840.10008.1.2.8.1")
NATIVE = (ImplicitVRLittleEndian, ExplicitVRLittleEndian)
SYNTAXES = (
    *NATIVE,
    DeflatedExplicitVRLittleEndian,
    DeflatedImageFrameCompression,
    RLELossless,
    JPEGLSLossless,
    JPEG2000Lossless,
    HTJ2KLossless,
)
# One bit a pixel: JPEG-LS and high-throughput JPEG 2000 have two or more.
NOT_OF_BITS = {JPEGLSLossless, HTJ2KLossless}
# What dciodvfy cannot read, or does not know.
NOT_JUDGED = {DeflatedExplicitVRLittleEndian, DeflatedImageFrameCompression}
COMBINATIONS = [
    (name, kind, syntax)
    for name in CASES
    for kind in KINDS
    for syntax in SYNTAXES
    if not (kind == "BINARY" and syntax in NOT_OF_BITS)
]


def made(case, kind, syntax):
    array = labels(case.shape)
    return segmentation(
        case.sources,
        case.pixels(array),
        kind,
        transfer_syntax_uid=syntax,
        **case.options,
    )


@pytest.fixture(scope="module")
def frames_of():
    """Frames of native segmentations, decoded by pydicom, by case and kind."""
    found = {}

    def frames(name, kind):
        if (name, kind) not in found:
            native = made(CASES[name], kind, ExplicitVRLittleEndian)
            pixels = read_again(native).pixel_array
            shape = (native.NumberOfFrames, native.Rows, native.Columns)
            found[name, kind] = pixels.reshape(shape)
        return found[name, kind]

    return frames


@pytest.mark.parametrize(("name", "kind", "syntax"), COMBINATIONS)
def test_every_combination_is_valid_and_read_back_equal(name, kind, syntax, frames_of):
    expected = frames_of(name, kind)
    image = made(CASES[name], kind, syntax)
    again = read_again(image)
    np.testing.assert_array_equal(again.get_stored_frames(), expected)
    assert again.validate() == []
    if syntax not in NOT_JUDGED:
        assert_valid(image)
