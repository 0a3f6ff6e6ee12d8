"""Parts and copies of a new segmentation, the pixel data of which is large."""

import copy
import pickle
from io import BytesIO

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.seg import Segmentation, SegmentDescription
from highdicom.testing import slide

PIXEL_DATA = 0x7FE00010


@pytest.fixture(scope="module")
def made() -> Segmentation:
    """Segmentation with more than a mebibyte of pixel data."""
    labels = np.zeros((1, 50, 70), np.uint8)
    labels[0, 20:40, 10:60] = 1
    bone = SegmentDescription(1, "Bone", codes.SCT.Tissue, codes.SCT.Bone, "MANUAL")
    identity = ("1.2.3", 1, "1.2.4", 1, "Maker", "Model", "1.0", "17")
    return Segmentation(
        [slide()],
        labels,
        "LABELMAP",
        [bone],
        *identity,
        tile_pixel_array=True,
        tile_size=(1024, 1100),
    )


def written(instance: Dataset) -> bytes:
    """Bytes of a file."""
    file = BytesIO()
    instance.save_as(file, enforce_file_format=True)
    return file.getvalue()


def test_parts_hold_pixel_data_as_bytes(made: Segmentation) -> None:
    pixels = made.PixelData
    assert made[0x00280000:].PixelData == pixels
    assert made.group_dataset(0x7FE0).PixelData == pixels
    assert made.get_item(slice(0x7FE00000, None)).PixelData == pixels
    assert [e.value for e in made.elements() if e.tag == PIXEL_DATA] == [pixels]


@pytest.mark.parametrize(
    "of",
    [
        lambda one: one,
        copy.copy,
        copy.deepcopy,
        lambda x: pickle.loads(pickle.dumps(x)),
    ],
    ids=["itself", "copy", "deepcopy", "pickle"],
)
def test_copies_are_written_as_the_instance_is(of, made: Segmentation) -> None:
    assert written(of(made)) == written(made)


def test_pixel_data_survives_json(made: Segmentation) -> None:
    assert Dataset.from_json(made.to_json()).PixelData == made.PixelData
