"""Validation of images whose frames stay in the file."""

from io import BytesIO

import pytest
from pydicom.dataset import Dataset

from highdicom.base import read
from highdicom.testing import ct_series


def _file(dataset: Dataset) -> bytes:
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


@pytest.mark.parametrize("missing", [[], ["PatientName"], ["PixelSpacing", "Rows"]])
def test_an_image_read_lazily_is_as_valid_as_one_read_at_once(
    missing: list[str],
) -> None:
    dataset = ct_series(number_of_slices=1)[0]
    for keyword in missing:
        delattr(dataset, keyword)
    at_once = read(_file(dataset)).validate()
    lazily = read(_file(dataset), lazy_frame_retrieval=True)
    assert {v.path for v in at_once} == set(missing)
    assert lazily.validate() == at_once
    assert ("PixelData" in lazily) is ("Rows" in missing)  # then it is no image


def test_an_image_without_pixel_data_lacks_them_lazily_too() -> None:
    dataset = ct_series(number_of_slices=1)[0]
    del dataset.PixelData
    lazily = read(_file(dataset), lazy_frame_retrieval=True)
    assert [v.path for v in lazily.validate()] == ["PixelData"]
