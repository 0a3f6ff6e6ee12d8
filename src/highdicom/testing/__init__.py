"""Test data and contracts, for the tests of this package and of what builds on it.

``factories``
    Minimal valid source images; the functions are here, too.
``strategies``
    Hypothesis strategies (needs the extra "testing").
``contracts``
    Test suites that any frame reader or byte source has to pass.
"""

from highdicom.testing.factories import (
    cr_image,
    ct_series,
    dataset_of,
    dx_image,
    enhanced_ct,
    enhanced_mr,
    enhanced_pet,
    file_bytes,
    icc_profile,
    lookup_table,
    mr_series,
    multi_frame_sc_image,
    palette_image,
    pet_series,
    sc_image,
    slide,
    slide_from_array,
    slide_pattern,
    slide_pyramid,
    us_clip,
    us_image,
)

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
