"""Palettes and profiles of label maps fit their labels."""

import numpy as np
import pytest
from seg_objects import read_again, segmentation

from highdicom import PaletteColorLUT, PaletteColorLUTTransformation, testing
from highdicom.errors import InvalidArgumentError

LABELS = (np.arange(60).reshape(3, 4, 5) % 4).astype(np.uint8)
COLORS = np.array([[0, 0, 0], [255, 0, 10], [0, 255, 20], [7, 8, 255]], np.uint8)


def colored(number=4, first=0, **options):
    luts = [
        PaletteColorLUT(first, np.ascontiguousarray(COLORS[:number, channel]), name)
        for channel, name in enumerate(("red", "green", "blue"))
    ]
    return segmentation(
        testing.ct_series(3, rows=4, columns=5),
        LABELS,
        "LABELMAP",
        palette_color_lut_transformation=PaletteColorLUTTransformation(*luts),
        **options,
    )


@pytest.mark.parametrize("dtype", [None, np.uint8, np.uint16, np.float32, np.float64])
def test_colors_come_in_the_data_type_asked_for(dtype):
    image = read_again(colored())
    volume = image.get_volume(
        combine_segments=True,
        apply_palette_color_lut=True,
        apply_icc_profile=False,
        dtype=dtype,
    )
    stored = image.get_volume(combine_segments=True).array
    np.testing.assert_array_equal(volume.array, COLORS[stored])
    if dtype is not None and np.dtype(dtype).kind == "f":
        assert volume.dtype == dtype


@pytest.mark.parametrize(("number", "first"), [(3, 0), (4, 1)])
def test_palettes_without_an_entry_for_a_label_are_refused(number, first):
    with pytest.raises(InvalidArgumentError, match=r"each label from 0, .* to 3"):
        colored(number, first)


OF_A_MONITOR = testing.icc_profile().replace(b"scnr", b"mntr", 1)


@pytest.mark.parametrize("profile", [b"abc", OF_A_MONITOR])
def test_profiles_of_no_or_another_class_are_refused(profile):
    with pytest.raises(InvalidArgumentError):
        colored(icc_profile=profile)
