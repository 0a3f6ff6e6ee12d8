"""Minimal valid source images, made without the packages under test.

They are plain pydicom datasets with File Meta Information, small unless asked to be
large, equal in every run, and neither square nor of square pixels, so that what swaps
rows and columns is noticed.
"""

from highdicom.testing.factories.building import dataset_of, file_bytes
from highdicom.testing.factories.enhanced import enhanced_ct, enhanced_mr, enhanced_pet
from highdicom.testing.factories.pixel_data import icc_profile, lookup_table
from highdicom.testing.factories.projection import cr_image, dx_image
from highdicom.testing.factories.secondary_capture import (
    multi_frame_sc_image,
    palette_image,
    sc_image,
)
from highdicom.testing.factories.single_frame import ct_series, mr_series, pet_series
from highdicom.testing.factories.slide import (
    slide,
    slide_from_array,
    slide_pattern,
    slide_pyramid,
)
from highdicom.testing.factories.ultrasound import us_clip, us_image

__all__ = [
    "cr_image",
    "ct_series",
    "dataset_of",
    "dx_image",
    "enhanced_ct",
    "enhanced_mr",
    "enhanced_pet",
    "file_bytes",
    "icc_profile",
    "lookup_table",
    "mr_series",
    "multi_frame_sc_image",
    "palette_image",
    "pet_series",
    "sc_image",
    "slide",
    "slide_from_array",
    "slide_pattern",
    "slide_pyramid",
    "us_clip",
    "us_image",
]
