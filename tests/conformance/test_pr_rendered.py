"""Presentation states rendered by DCMTK and by us: within one grey level."""

import subprocess
from pathlib import Path

import judges
import numpy as np
import pytest
from PIL import Image as PillowImage
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.pixels import pack_bits

from highdicom import (
    UID,
    VOILUT,
    ModalityLUT,
    ModalityLUTTransformation,
    PresentationLUT,
    PresentationLUTTransformation,
)
from highdicom.pr import (
    GraphicLayer,
    GrayscaleSoftcopyPresentationState,
    SoftcopyVOILUTTransformation as VOI,
)
from highdicom.testing import cr_image, dx_image, enhanced_ct


def _public(name):
    return dcmread(get_testdata_file(name, download=False))


def _white_is_low():
    image = _public("CT_small.dcm")
    image.PhotometricInterpretation = "MONOCHROME1"
    return image


def _enhanced():
    """An enhanced image with a window that its values are in."""
    image = enhanced_ct(number_of_slices=3)
    voi = image.SharedFunctionalGroupsSequence[0].FrameVOILUTSequence[0]
    voi.WindowCenter, voi.WindowWidth = -200, 1700
    return image


_IMAGES = {
    "ct": lambda: _public("CT_small.dcm"),
    "mr": lambda: _public("MR_small.dcm"),
    "cr": cr_image,
    "dx": dx_image,
    "enhanced ct": _enhanced,
    "monochrome1": _white_is_low,
}
_RAMP = np.linspace(0, 4095, 4096)
# Nowhere steep, where a rounding of values between would come to several levels.
_CURVE = (_RAMP * (1.3 - 0.3 * _RAMP / 4095)).astype(np.uint16)
_VOI = {
    "linear": VOI(40, 401),
    "linear of an even width": VOI(100.5, 1000),
    "table": VOI(voi_luts=[VOILUT(0, _CURVE)]),
    "table of bytes": VOI(voi_luts=[VOILUT(0, (_CURVE >> 4).astype(np.uint8))]),
}


def _state(image, **options):
    return GrayscaleSoftcopyPresentationState(
        [image],
        series_instance_uid=UID(),
        series_number=7,
        sop_instance_uid=UID(),
        instance_number=1,
        manufacturer="Manufacturer",
        manufacturer_model_name="Model",
        software_versions="1.0",
        device_serial_number="17",
        content_label="LABEL",
        **options,
    )


def _run(name, *arguments):
    program = judges.executable(name)
    if program is None:
        pytest.skip(f"{name} is not installed: it comes with DCMTK")
    subprocess.run(
        [program, *arguments], check=True, capture_output=True, timeout=judges.TIMEOUT
    )


def _rendered_by_dcmtk(folder: Path, image, state, frame_number):
    image.save_as(folder / "image.dcm", enforce_file_format=True)
    state.save_as(folder / "state.dcm", enforce_file_format=True)
    _run(
        "dcmp2pgm",
        *("-p", folder / "state.dcm", "-f", str(frame_number)),
        *(folder / "image.dcm", folder / "rendered.pgm"),
    )
    with PillowImage.open(folder / "rendered.pgm") as rendered:
        return np.array(rendered)


def _assert_equal(folder, image, state, frame_number=1):
    # They show pixels as squares, whatever their shape.
    (area,) = state.DisplayedAreaSelectionSequence
    area.pop("PresentationPixelSpacing", None)
    area.PresentationPixelAspectRatio = [1, 1]
    theirs = _rendered_by_dcmtk(folder, image, state, frame_number)
    ours = state.apply(image, frame_number)
    assert ours.shape == theirs.shape
    assert theirs.max() > theirs.min(), "an even picture shows nothing"
    difference = np.abs(ours.astype(int) - theirs.astype(int))
    assert difference.max() <= 1


@pytest.mark.parametrize("kind", _IMAGES)
def test_what_the_image_says_is_rendered_alike(kind, tmp_path):
    image = _IMAGES[kind]()
    _assert_equal(tmp_path, image, _state(image))


@pytest.mark.parametrize("voi", _VOI)
@pytest.mark.parametrize("kind", ["ct", "mr"])
def test_values_of_interest_are_rendered_alike(kind, voi, tmp_path):
    image = _IMAGES[kind]()
    _assert_equal(tmp_path, image, _state(image, voi_lut_transformations=[_VOI[voi]]))


def test_modality_luts_are_rendered_alike(tmp_path):
    image = _public("CT_small.dcm")
    table = ModalityLUT("US", 0, _CURVE * 16)
    modality = ModalityLUTTransformation(modality_lut=table)
    state = _state(
        image,
        modality_lut_transformation=modality,
        voi_lut_transformations=[VOI(30000, 50000)],
    )
    _assert_equal(tmp_path, image, state)


@pytest.mark.parametrize("voi", [None, *_VOI])
@pytest.mark.parametrize(
    "presentation",
    [
        PresentationLUTTransformation("INVERSE"),
        PresentationLUTTransformation(presentation_lut=PresentationLUT(0, _CURVE * 16)),
    ],
    ids=["inverse", "table"],
)
def test_presentation_luts_are_rendered_alike(voi, presentation, tmp_path):
    image = _public("CT_small.dcm")
    options = {"voi_lut_transformations": [_VOI[voi]]} if voi else {}
    state = _state(image, presentation_lut_transformation=presentation, **options)
    _assert_equal(tmp_path, image, state)


@pytest.mark.parametrize("flip", ["Y", "N"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rotation_and_flip_are_rendered_alike(rotation, flip, tmp_path):
    image = _enhanced()
    state = _state(image)
    state.ImageRotation, state.ImageHorizontalFlip = rotation, flip
    _assert_equal(tmp_path, image, state)


def test_frames_are_rendered_alike(tmp_path):
    image = _enhanced()
    state = _state(image)
    for number in (1, 2, 3):
        _assert_equal(tmp_path, image, state, number)


@pytest.mark.parametrize("kind", ["ct", "mr"])
def test_sigmoid_windows_are_rendered_alike(kind, tmp_path):
    # The program for presentation states takes every window for a linear one.
    image = _IMAGES[kind]()
    image.save_as(tmp_path / "image.dcm", enforce_file_format=True)
    _run(
        "dcm2pnm",
        *("+Ww", "40", "400", "+Wfs"),
        *(tmp_path / "image.dcm", tmp_path / "rendered.pgm"),
    )
    with PillowImage.open(tmp_path / "rendered.pgm") as rendered:
        theirs = np.array(rendered).astype(int)
    voi = VOI(40, 400, voi_lut_function="SIGMOID")
    ours = _state(image, voi_lut_transformations=[voi]).apply(image)
    assert np.abs(ours - theirs).max() <= 1


def _put_overlay(holder, mask, origin, group=0x6000):
    for element, vr, value in (
        (0x0010, "US", mask.shape[0]),
        (0x0011, "US", mask.shape[1]),
        (0x0040, "CS", "G"),
        (0x0050, "SS", list(origin)),
        (0x0100, "US", 1),
        (0x0102, "US", 0),
        (0x3000, "OW", pack_bits(mask.astype(np.uint8).ravel())),
    ):
        holder.add_new((group, element), vr, value)


_MASK = np.random.default_rng(5).random((40, 50)) < 0.3


@pytest.mark.parametrize("origin", [(1, 1), (60, 31), (-9, 100)])
def test_overlays_are_rendered_alike(origin, tmp_path):
    # The program for presentation states leaves overlays and shutters out.
    image = _public("CT_small.dcm")
    _put_overlay(image, _MASK, origin)
    image.save_as(tmp_path / "image.dcm", enforce_file_format=True)
    _run(
        "dcm2pnm",
        *("+Ww", "40", "401", "+O", "1", "+Omr"),
        *(tmp_path / "image.dcm", tmp_path / "rendered.pgm"),
    )
    with PillowImage.open(tmp_path / "rendered.pgm") as rendered:
        theirs = np.array(rendered).astype(int)
    state = _state(image, voi_lut_transformations=[_VOI["linear"]])
    state.GraphicLayerSequence = [GraphicLayer("PLANE", 1)]
    state.add_new((0x6000, 0x1001), "CS", "PLANE")
    (area,) = state.DisplayedAreaSelectionSequence
    area.pop("PresentationPixelSpacing", None)
    area.PresentationPixelAspectRatio = [1, 1]
    ours = state.apply(image)
    assert (ours == 255).sum() > 300, "nothing is laid over the image"
    assert np.abs(ours - theirs).max() <= 1
