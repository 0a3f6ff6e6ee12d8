"""Images that were read and used are still what they were, and as valid."""

from io import BytesIO

import judges
import numpy as np
import pytest
from pydicom import dcmread

from highdicom import Image, imread, testing

RLE = "1.2.840.10008.1.2.5"
CASES = {
    "CT": lambda: testing.ct_series(1)[0],
    "CR": testing.cr_image,
    "palette": testing.palette_image,
    "enhanced CT": lambda: testing.enhanced_ct(4, per_frame=["FrameVOILUTSequence"]),
    "enhanced CT, implicit VR": lambda: testing.enhanced_ct(
        4, transfer_syntax="1.2.840.10008.1.2"
    ),
    "enhanced PET": lambda: testing.enhanced_pet(4),
    "enhanced MR, RLE": lambda: testing.enhanced_mr(
        4, temporal_positions=2, transfer_syntax=RLE, rows=32, columns=34
    ),
    "slide": testing.slide,
    "slide, sparse": lambda: testing.slide(
        organization="TILED_SPARSE", optical_paths=2, samples=1
    ),
}


def used(image):
    """Use an image in every way."""
    image.get_frames([1], apply_voi_transform=None)
    image.get_volume_geometry()
    image.is_indexable_as_total_pixel_matrix()
    image.get_source_image_uids()
    if image.is_indexable_as_total_pixel_matrix():
        image.get_total_pixel_matrix(1, 5)
    elif image.get_volume_geometry(allow_duplicate_positions=False) is not None:
        image.get_volume()
    return image


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("how", ["read", "adopted", "copied"])
def test_reading_leaves_images_as_they_are(case, how):
    source = CASES[case]()
    content = testing.file_bytes(source)
    if how == "read":
        image = imread(BytesIO(content))
    else:
        image = Image.from_dataset(dcmread(BytesIO(content)), copy=how == "copied")
    buffer = BytesIO()
    used(image).save_as(buffer)
    assert dcmread(BytesIO(buffer.getvalue())) == dcmread(BytesIO(content))
    np.testing.assert_array_equal(
        imread(BytesIO(buffer.getvalue())).get_stored_frames(),
        imread(BytesIO(content)).get_stored_frames(),
    )


@pytest.mark.parametrize("case", CASES)
def test_images_that_were_read_are_valid_again(case):
    image = used(imread(BytesIO(testing.file_bytes(CASES[case]()))))
    assert image.validate() == []
    judges.assert_valid(image)
