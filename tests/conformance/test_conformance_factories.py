"""Source images made for tests are valid, come back from files, and stay the same."""

from io import BytesIO

import judges
import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import (
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from highdicom import testing
from highdicom.standard import validate

SYNTAXES = [
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
    RLELossless,
    JPEGLSLossless,
    JPEGLSNearLossless,
    JPEG2000Lossless,
    JPEG2000,
]
VOI_LUT = testing.lookup_table(range(15, 65536, 16), LUTExplanation="Steps")
MODALITY_LUT = testing.lookup_table(range(15, 65536, 16), ModalityLUTType="US")

CASES = {
    "CT": (testing.ct_series, {}),
    "CT oblique": (testing.ct_series, {"orientation": "oblique", "reverse": True}),
    "CT coronal": (testing.ct_series, {"orientation": "coronal"}),
    "CT sagittal": (testing.ct_series, {"orientation": "sagittal", "window": None}),
    "CT signed": (testing.ct_series, {"signed": True, "bits_stored": 16}),
    "CT gap": (testing.ct_series, {"missing_slices": [1, 3], "slice_thickness": 5}),
    "CT slopes": (testing.ct_series, {"rescale": [(n + 0.5, -n) for n in range(5)]}),
    **{
        f"CT {syntax.name}": (
            testing.ct_series,
            {"transfer_syntax": syntax, "rows": 33, "columns": 40},
        )
        for syntax in SYNTAXES
    },
    "MR": (testing.mr_series, {}),
    "MR echoes": (testing.mr_series, {"echo_times": (5.0, 10.0), "bits_stored": 16}),
    "PET": (testing.pet_series, {}),
    "enhanced CT": (testing.enhanced_ct, {}),
    "enhanced CT gap": (
        testing.enhanced_ct,
        {"missing_slices": [2], "reverse": True, "orientation": "oblique"},
    ),
    "enhanced CT per frame": (
        testing.enhanced_ct,
        {
            "per_frame": ["PixelMeasuresSequence", "PlaneOrientationSequence"],
            "rescale": [(1.0, -1000.0 - n) for n in range(5)],
        },
    ),
    "enhanced CT JPEG 2000": (
        testing.enhanced_ct,
        {"transfer_syntax": JPEG2000Lossless, "rows": 32, "columns": 40},
    ),
    "enhanced MR": (testing.enhanced_mr, {}),
    "enhanced MR stacks": (
        testing.enhanced_mr,
        {
            "orientations": ["axial", "oblique"],
            "temporal_positions": 3,
            "frame_order": range(29, -1, -1),
        },
    ),
    "enhanced PET": (testing.enhanced_pet, {}),
    "slide": (testing.slide, {}),
    "slide sparse": (testing.slide, {"organization": "TILED_SPARSE"}),
    "slide with holes": (
        testing.slide,
        {"organization": "TILED_SPARSE", "missing_tiles": [(0, 1), (2, 2)]},
    ),
    "slide shuffled": (
        testing.slide,
        {"organization": "TILED_SPARSE", "frame_order": [5, 2, 0, 7]},
    ),
    "slide planes": (
        testing.slide,
        {"samples": 1, "focal_planes": 3, "optical_paths": 2, "bits_stored": 16},
    ),
    "slide planes sparse": (
        testing.slide,
        {
            "samples": 1,
            "focal_planes": 3,
            "optical_paths": 2,
            "organization": "TILED_SPARSE",
        },
    ),
    "slide label": (testing.slide, {"flavor": "LABEL"}),
    "slide overview": (testing.slide, {"flavor": "OVERVIEW"}),
    "slide thumbnail": (testing.slide, {"flavor": "THUMBNAIL"}),
    "slide extended offsets": (
        testing.slide,
        {"transfer_syntax": JPEG2000Lossless, "extended_offsets": True},
    ),
    **{
        f"slide {syntax.name}": (testing.slide, {"transfer_syntax": syntax})
        for syntax in [*SYNTAXES[3:], JPEGBaseline8Bit]
    },
    "slide pyramid": (testing.slide_pyramid, {}),
    "CR": (testing.cr_image, {}),
    "CR tables": (
        testing.cr_image,
        {
            "photometric_interpretation": "MONOCHROME1",
            "window": None,
            "modality_lut": MODALITY_LUT,
            "voi_luts": [VOI_LUT, VOI_LUT],
        },
    ),
    "DX": (testing.dx_image, {}),
    "DX table": (testing.dx_image, {"window": None, "voi_luts": [VOI_LUT]}),
    "DX for processing": (testing.dx_image, {"for_presentation": False}),
    "DX inverse": (
        testing.dx_image,
        {"photometric_interpretation": "MONOCHROME1", "bits_stored": 14},
    ),
    "US": (testing.us_image, {}),
    "US grey": (testing.us_image, {"samples": 1}),
    "US planar": (testing.us_image, {"planar_configuration": 1}),
    "US clip": (testing.us_clip, {}),
    "US clip grey": (testing.us_clip, {"samples": 1}),
    "US clip JPEG": (testing.us_clip, {"transfer_syntax": JPEGBaseline8Bit}),
    "SC": (testing.sc_image, {}),
    "SC word": (testing.sc_image, {"samples": 1, "bits_stored": 16}),
    "palette": (testing.palette_image, {}),
    "palette of bytes": (testing.palette_image, {"entry_bits": 8}),
    "SC bits": (testing.multi_frame_sc_image, {"bits_stored": 1}),
    "SC bytes": (testing.multi_frame_sc_image, {}),
    "SC words": (testing.multi_frame_sc_image, {"bits_stored": 12}),
    "SC colours": (testing.multi_frame_sc_image, {"samples": 3}),
}


def images_of(case):
    factory, options = CASES[case]
    made = factory(**options)
    return [made] if isinstance(made, Dataset) else made


@pytest.mark.parametrize("case", CASES)
def test_source_image_is_valid(case):
    images = images_of(case)
    judges.assert_valid(images[0])
    judges.assert_valid(images[-1])


@pytest.mark.parametrize("case", CASES)
def test_source_image_keeps_to_the_tables_of_the_standard(case):
    images = images_of(case)
    assert [*map(str, validate(images[0])), *map(str, validate(images[-1]))] == []


@pytest.mark.parametrize("case", CASES)
def test_source_image_comes_back_from_a_file(case):
    image = images_of(case)[-1]
    read = dcmread(BytesIO(testing.file_bytes(image)))
    assert read.file_meta.TransferSyntaxUID == image.file_meta.TransferSyntaxUID
    assert read.file_meta.MediaStorageSOPInstanceUID == image.SOPInstanceUID
    assert read == image
    if "palette" not in case:
        np.testing.assert_array_equal(read.pixel_array, image.pixel_array)


@pytest.mark.parametrize("case", CASES)
def test_source_image_is_the_same_in_every_run(case):
    first = [testing.file_bytes(image) for image in images_of(case)]
    second = [testing.file_bytes(image) for image in images_of(case)]
    assert first == second
