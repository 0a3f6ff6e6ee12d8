"""Exchange with other libraries, as far as these are not needed."""

import sys

import numpy as np
import pytest

from highdicom import Volume
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingDependencyError,
)
from highdicom.volume.exchange import as_supported

VOLUME = Volume(np.zeros((2, 3, 4), np.int16), np.eye(4), "PATIENT")


@pytest.mark.parametrize(
    ("library", "method"),
    [
        ("nibabel", "to_nibabel"),
        ("SimpleITK", "to_simpleitk"),
        ("itk", "to_itk"),
    ],
)
def test_a_library_that_is_missing_is_named(monkeypatch, library, method):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingDependencyError, match=f"'{library}' is needed") as error:
        getattr(VOLUME, method)()
    assert error.value.extra == library.lower()
    assert isinstance(error.value, ImportError)


@pytest.mark.parametrize(
    ("library", "method"), [("SimpleITK", "from_simpleitk"), ("itk", "from_itk")]
)
def test_images_need_their_library(monkeypatch, library, method):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingDependencyError, match=f"'{library}' is needed"):
        getattr(Volume, method)(None)


@pytest.mark.parametrize("method", ["to_nibabel", "to_simpleitk", "to_itk"])
def test_channels_cannot_be_exchanged(method):
    volume = Volume(
        np.zeros((2, 3, 4, 1)), np.eye(4), "PATIENT", channels={"SegmentNumber": [1]}
    )
    with pytest.raises(InvalidArgumentError, match="Volumes with channels"):
        getattr(volume, method)()


@pytest.mark.parametrize("image_class", ["nifti1image", "NIFTI1IMAGE", None])
def test_unknown_image_classes_are_refused(image_class):
    with pytest.raises(InvalidArgumentError, match="'image_class'"):
        VOLUME.to_nibabel(image_class)


@pytest.mark.parametrize("image", [None, 3, np.zeros((2, 3, 4))])
def test_nibabel_images_are_known_by_what_they_have(image):
    with pytest.raises(ArgumentTypeError, match="'nibabel_image'"):
        Volume.from_nibabel(image)


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("u1", "u1"),
        (">i2", "i2"),
        ("?", "u1"),
        ("i1", "i2"),
        ("u2", "i4"),
        ("i8", "i4"),
        ("u8", "i4"),
        ("f2", "f4"),
        ("f8", "f4"),
    ],
)
def test_values_are_kept_in_a_type_that_is_supported(dtype, expected):
    array = np.array([[[0, 1, 100]]]).astype(dtype)
    found = as_supported(array, "u1 i2 i4 f4", "It")
    assert found.dtype == np.dtype(expected)
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("value", [2**40, -(2**40), 1e300])
def test_values_that_no_supported_type_holds_are_refused(value):
    with pytest.raises(InvalidArgumentError, match=r"It holds u1, i2, i4, f4, and"):
        as_supported(np.array([[[value]]]), "u1 i2 i4 f4", "It")


def test_infinity_and_nan_fit_every_floating_point_type():
    array = np.array([[[np.nan, np.inf, 1.0]]])
    assert as_supported(array, "f4", "It").dtype == np.float32
    assert as_supported(array[..., :2], "f4", "It").dtype == np.float32


def test_an_array_of_a_supported_type_is_not_copied():
    array = np.zeros((2, 3, 4), np.int16)
    assert as_supported(array, "u1 i2", "It") is array
