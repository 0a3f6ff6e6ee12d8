"""Presentation states before other implementations."""

import judges
import numpy as np
import pytest

from highdicom import UID, PaletteColorLUTTransformation
from highdicom.color import CIELabColor, srgb_profile
from highdicom.pr import (
    AdvancedBlending,
    AdvancedBlendingPresentationState,
    BlendingDisplay,
    BlendingDisplayInput,
    ColorSoftcopyPresentationState,
    GraphicAnnotation,
    GraphicGroup,
    GraphicLayer,
    GraphicObject,
    GrayscaleSoftcopyPresentationState,
    PseudoColorSoftcopyPresentationState,
    TextObject,
)
from highdicom.testing import (
    cr_image,
    ct_series,
    dx_image,
    enhanced_ct,
    enhanced_mr,
    mr_series,
    pet_series,
    slide,
)

_LAYER = GraphicLayer("LAYER", 1, "text", CIELabColor(60, 20, 20))
_GROUP = GraphicGroup(1, "Group", "text")
_PALETTE = PaletteColorLUTTransformation.from_combined_lut(
    np.linspace(0, 65535, 255 * 3).astype(np.uint16).reshape(-1, 3),
    palette_color_lut_uid="1.2.840.10008.1.5.1",
)
_GRAYSCALE = {
    "ct": ct_series,
    "mr": mr_series,
    "pet": lambda: pet_series()[:1],
    "cr": lambda: [cr_image()],
    "dx": lambda: [dx_image()],
    "enhanced ct": lambda: [enhanced_ct()],
    "enhanced mr": lambda: [enhanced_mr()],
}


def _arguments(image):
    units = "MATRIX" if "TotalPixelMatrixRows" in image else "PIXEL"
    graphics = [
        ("POINT", [[1, 1]]),
        ("POLYLINE", [[1, 1], [2, 2]]),
        ("POLYLINE", [[1, 1], [2, 2], [3, 1], [1, 1]]),
        ("INTERPOLATED", [[1, 1], [2, 2], [4, 3]]),
        ("CIRCLE", [[5, 5], [5, 8]]),
        ("ELLIPSE", [[1, 5], [9, 5], [5, 3], [5, 7]]),
    ]
    annotation = GraphicAnnotation(
        [image],
        _LAYER,
        graphic_objects=[
            GraphicObject(
                kind,
                np.array(points, float),
                units,
                is_filled=kind == "CIRCLE",
                tracking_id="name",
                tracking_uid=UID(),
                graphic_group=_GROUP,
            )
            for kind, points in graphics
        ],
        text_objects=[
            TextObject("in a box", units, (1, 2, 10, 12)),
            TextObject("at a point", "DISPLAY", anchor_point=(0.5, 0.5)),
        ],
    )
    return {
        "series_instance_uid": UID(),
        "series_number": 7,
        "sop_instance_uid": UID(),
        "instance_number": 1,
        "manufacturer": "Manufacturer",
        "manufacturer_model_name": "Model",
        "software_versions": "1.0",
        "device_serial_number": "17",
        "content_label": "LABEL",
        "content_description": "text",
        "content_creator_name": "Doe^Jane",
        "graphic_annotations": [annotation],
        "graphic_layers": [_LAYER],
        "graphic_groups": [_GROUP],
    }


def _assert_valid(state):
    judges.assert_valid(state)
    assert state.validate() == []
    report = judges.dcmpschk(state)
    assert not report.findings, str(report)


@pytest.mark.parametrize("kind", _GRAYSCALE)
def test_grayscale_states_are_valid(kind):
    images = _GRAYSCALE[kind]()
    state = GrayscaleSoftcopyPresentationState(images, **_arguments(images[0]))
    _assert_valid(state)


@pytest.mark.parametrize("kind", _GRAYSCALE)
def test_pseudo_color_states_are_valid(kind):
    images = _GRAYSCALE[kind]()
    state = PseudoColorSoftcopyPresentationState(
        images,
        palette_color_lut_transformation=_PALETTE,
        **_arguments(images[0]),
    )
    _assert_valid(state)


def test_color_states_are_valid():
    image = slide()
    state = ColorSoftcopyPresentationState(
        [image], icc_profile=srgb_profile(), **_arguments(image)
    )
    _assert_valid(state)


def test_blending_states_are_valid():
    ct, pet = ct_series(2), pet_series(2)
    for image in pet:
        image.FrameOfReferenceUID = ct[0].FrameOfReferenceUID
        image.StudyInstanceUID = ct[0].StudyInstanceUID
    inputs = [BlendingDisplayInput(number) for number in (1, 2)]
    state = AdvancedBlendingPresentationState(
        [*ct, *pet],
        [
            AdvancedBlending(ct, 1),
            AdvancedBlending(pet, 2, palette_color_lut_transformation=_PALETTE),
        ],
        [BlendingDisplay("FOREGROUND", inputs, relative_opacity=0.5)],
        **_arguments(ct[0]),
    )
    _assert_valid(state)
