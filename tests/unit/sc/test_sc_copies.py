"""Parts of a new secondary capture, the pixel data of which is large."""

import numpy as np

from highdicom.image.new_image import NewImage
from highdicom.legacy import LegacyConvertedEnhancedCTImage
from highdicom.sc import SCImage


def test_parts_hold_pixel_data_as_bytes() -> None:
    made = SCImage(
        np.zeros((1100, 1000), np.uint8),
        "MONOCHROME2",
        8,
        "PATIENT",
        "1.2.3",
        "1.2.4",
        1,
        "1.2.5",
        1,
        "Maker",
        patient_orientation=("L", "P"),
    )
    pixels = made.PixelData
    assert made[0x00280000:].PixelData == pixels
    assert made.group_dataset(0x7FE0).PixelData == pixels
    assert made[0x7FE00010].value == pixels


def test_images_that_are_made_share_how_they_are_written() -> None:
    assert issubclass(SCImage, NewImage)
    assert issubclass(LegacyConvertedEnhancedCTImage, NewImage)
