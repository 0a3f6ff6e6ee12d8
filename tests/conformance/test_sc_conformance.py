"""Secondary Capture images before other implementations."""

import judges
import numpy as np
import pytest

from highdicom import UID
from highdicom.content.specimen import SpecimenDescription
from highdicom.sc import MultiFrameSCImage, SCImage
from highdicom.testing import ct_series

_JPEG = "1.2.840.10008.1.2.4.{}"
_ROWS, _COLUMNS = np.mgrid[:40, :36]
_BYTES = (_ROWS * _COLUMNS % 256).astype(np.uint8)
_WORDS = _BYTES.astype(np.uint16) * 200
_COLORS = np.stack([_ROWS * 6, _COLUMNS * 6, _ROWS + _COLUMNS], 2).astype(np.uint8)
_PATIENT = {
    "coordinate_system": "PATIENT",
    "patient_orientation": ("L", "F"),
    "laterality": "L",
}
_CASES = [
    *[
        (pixels, "MONOCHROME2", bits, uid)
        for pixels, bits in [(_BYTES, 8), (_WORDS, 16)]
        for uid in [
            "1.2.840.10008.1.2",
            "1.2.840.10008.1.2.1",
            "1.2.840.10008.1.2.1.99",
            "1.2.840.10008.1.2.5",
            _JPEG.format(80),
            _JPEG.format(81),
            _JPEG.format(90),
            _JPEG.format(91),
            _JPEG.format(201),
        ]
    ],
    (_BYTES > 99, "MONOCHROME2", 1, "1.2.840.10008.1.2.1"),
    (_BYTES, "MONOCHROME2", 8, _JPEG.format(50)),
    (_COLORS, "RGB", 8, "1.2.840.10008.1.2.1"),
    (_COLORS, "RGB", 8, "1.2.840.10008.1.2.5"),
    (_COLORS, "RGB", 8, _JPEG.format(80)),
    (_COLORS, "YBR_FULL_422", 8, _JPEG.format(50)),
    (_COLORS, "YBR_RCT", 8, _JPEG.format(90)),
    (_COLORS, "YBR_ICT", 8, _JPEG.format(91)),
]


def _made(make, pixels, kind, bits, **options):
    return make.from_ref_dataset(
        ct_series(1)[0],
        pixels,
        kind,
        bits,
        series_instance_uid=UID(),
        series_number=2,
        sop_instance_uid=UID(),
        instance_number=1,
        manufacturer="Manufacturer",
        **{**_PATIENT, **options},
    )


@pytest.mark.parametrize(("pixels", "kind", "bits", "uid"), _CASES)
def test_captures_are_valid(pixels, kind, bits, uid):
    image = _made(
        SCImage, pixels, kind, bits, transfer_syntax_uid=uid, pixel_spacing=(0.5, 0.5)
    )
    judges.assert_valid(image)
    assert image.validate() == []


@pytest.mark.parametrize(("pixels", "kind", "bits", "uid"), _CASES)
def test_captures_of_several_frames_are_valid(pixels, kind, bits, uid):
    image = _made(
        MultiFrameSCImage,
        np.stack([pixels] * 3),
        kind,
        bits,
        transfer_syntax_uid=uid,
        burned_in_annotation=False,
        recognizable_visual_features=False,
    )
    judges.assert_valid(image)
    assert image.validate() == []


def test_films_and_single_pages_are_valid():
    for count in (1, 3):
        frames = np.stack([_BYTES] * count)
        image = _made(
            MultiFrameSCImage,
            frames,
            "MONOCHROME2",
            8,
            burned_in_annotation=True,
            frame_time=40.0,
        )
        judges.assert_valid(image)


@pytest.mark.parametrize("make", [SCImage, MultiFrameSCImage])
def test_slides_are_valid(make):
    slide = {
        "coordinate_system": "SLIDE",
        "patient_orientation": None,
        "laterality": None,
        "container_identifier": "container",
        "specimen_descriptions": [SpecimenDescription("specimen", UID())],
    }
    is_single = make is SCImage
    more = {} if is_single else {"burned_in_annotation": False}
    pixels = _COLORS if is_single else _COLORS[np.newaxis]
    judges.assert_valid(_made(make, pixels, "RGB", 8, **slide, **more))


def test_a_side_that_is_not_known_is_no_error():
    # The judge warns that the side may be left empty only if it is not known.
    image = _made(SCImage, _BYTES, "MONOCHROME2", 8, laterality=None)
    judges.assert_valid(image, warnings=False)
