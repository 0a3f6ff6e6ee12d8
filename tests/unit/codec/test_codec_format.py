"""The attributes of frames as one value."""

import pickle

import numpy as np
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from highdicom.codec import PixelFormat
from highdicom.errors import (
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    NonconformantDatasetError,
    NonconformantDatasetWarning,
)
from highdicom.policy import reading_policy

GRAY = {
    "Rows": 10,
    "Columns": 7,
    "SamplesPerPixel": 1,
    "BitsAllocated": 16,
    "BitsStored": 12,
    "HighBit": 11,
    "PixelRepresentation": 0,
    "PhotometricInterpretation": "MONOCHROME2",
}
COLOR = GRAY | {
    "SamplesPerPixel": 3,
    "BitsAllocated": 8,
    "BitsStored": 8,
    "HighBit": 7,
    "PhotometricInterpretation": "RGB",
    "PlanarConfiguration": 1,
}


def dataset_of(**attributes):
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def test_format_of_a_gray_image():
    pixel_format = PixelFormat.of(dataset_of(**GRAY))

    assert pixel_format == PixelFormat(10, 7, 1, 16, 12, 0, "MONOCHROME2")
    assert pixel_format.shape == (10, 7)
    assert pixel_format.dtype == np.uint16
    assert pixel_format.stored_range == (0, 4095)
    assert pixel_format.frame_size == 140
    assert not pixel_format.is_float


def test_format_of_a_colour_image():
    pixel_format = PixelFormat.of(dataset_of(**COLOR))

    assert pixel_format == PixelFormat(10, 7, 3, 8, 8, 0, "RGB", 1)
    assert pixel_format.shape == (10, 7, 3)
    assert pixel_format.frame_size == 210


@pytest.mark.parametrize(
    ("bits_allocated", "bits_stored", "sign", "dtype", "stored_range", "size"),
    [
        (1, 1, 0, np.uint8, (0, 1), 9),
        (8, 8, 0, np.uint8, (0, 255), 70),
        (8, 8, 1, np.int8, (-128, 127), 70),
        (16, 16, 1, np.int16, (-32768, 32767), 140),
        (16, 10, 1, np.int16, (-512, 511), 140),
        (32, 32, 0, np.uint32, (0, 4294967295), 280),
        (64, 64, 1, np.int64, (-(2**63), 2**63 - 1), 560),
    ],
)
def test_bits_decide_type_range_and_size(
    bits_allocated, bits_stored, sign, dtype, stored_range, size
):
    pixel_format = PixelFormat(
        10, 7, 1, bits_allocated, bits_stored, sign, "MONOCHROME2"
    )

    assert pixel_format.dtype == dtype
    assert pixel_format.stored_range == stored_range
    assert pixel_format.frame_size == size
    assert pixel_format.frame_bits == 70 * bits_allocated


def test_half_of_the_chrominance_is_not_stored():
    assert PixelFormat(10, 8, 3, 8, 8, 0, "YBR_FULL_422", 0).frame_size == 160


@pytest.mark.parametrize(
    ("keyword", "bits", "dtype"),
    [("FloatPixelData", 32, np.float32), ("DoubleFloatPixelData", 64, np.float64)],
)
def test_format_of_floats(keyword, bits, dtype):
    attributes = {
        name: value
        for name, value in GRAY.items()
        if name not in {"BitsStored", "HighBit", "PixelRepresentation"}
    }
    dataset = dataset_of(**attributes | {"BitsAllocated": bits})

    for given in (PixelFormat.of(dataset), PixelFormat.of(dataset, keyword)):
        assert given.keyword == keyword
        assert given.is_float
        assert given.dtype == dtype
        assert given.stored_range == (np.finfo(dtype).min, np.finfo(dtype).max)

    setattr(dataset, keyword, b"")
    assert PixelFormat.of(dataset).keyword == keyword


@pytest.mark.parametrize("keyword", [k for k in GRAY if k != "HighBit"])
def test_attribute_that_is_absent_is_named(keyword):
    attributes = {name: value for name, value in GRAY.items() if name != keyword}

    with pytest.raises(MissingAttributeError, match=f"{keyword} is needed") as raised:
        PixelFormat.of(dataset_of(**attributes))
    assert raised.value.keyword == keyword


@pytest.mark.parametrize(
    ("keyword", "value", "message"),
    [
        ("Rows", 0, "Rows must be an integer from 1 to 65535, not 0"),
        ("Columns", [1, 2], "Columns must be an integer from 1 to 65535"),
        ("SamplesPerPixel", 4, "SamplesPerPixel must be 1 or 3, not 4"),
        ("BitsAllocated", 12, "BitsAllocated must be 1, 8, 16, 32 or 64, not 12"),
        ("BitsStored", 17, "BitsStored must be an integer from 1 to the 16 bits"),
        ("PixelRepresentation", 2, "PixelRepresentation must be 0 or 1, not 2"),
        ("PhotometricInterpretation", ["A", "B"], "PhotometricInterpretation must be"),
    ],
)
def test_attribute_that_is_wrong_is_named(keyword, value, message):
    with pytest.raises(InvalidAttributeError, match=message) as raised:
        PixelFormat.of(dataset_of(**GRAY | {keyword: value}))
    assert raised.value.keyword == keyword


def test_only_one_attribute_may_hold_pixel_data():
    dataset = dataset_of(**GRAY, PixelData=b"", FloatPixelData=b"")

    with pytest.raises(InvalidAttributeError, match="PixelData and FloatPixelData"):
        PixelFormat.of(dataset)


def test_planar_configuration_of_gray_images_does_not_matter():
    assert PixelFormat.of(dataset_of(**GRAY, PlanarConfiguration=1)) == PixelFormat.of(
        dataset_of(**GRAY)
    )


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (GRAY | {"HighBit": 15}, "HighBit: the value is 15, but must be 11"),
        (
            COLOR | {"PlanarConfiguration": None},
            "PlanarConfiguration: the attribute is",
        ),
    ],
)
def test_small_deviations_are_tolerated_as_the_policy_says(attributes, message):
    dataset = dataset_of(**attributes)

    with pytest.warns(NonconformantDatasetWarning, match=message):
        PixelFormat.of(dataset)
    with reading_policy("lenient"):
        PixelFormat.of(dataset)
    with (
        reading_policy("strict"),
        pytest.raises(NonconformantDatasetError, match=message),
    ):
        PixelFormat.of(dataset)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"rows": 65536}, "'rows' must be an integer from 1 to 65535"),
        ({"columns": 1.0}, "'columns' must be an integer from 1 to 65535"),
        ({"rows": True}, "'rows' must be an integer from 1 to 65535"),
        ({"samples_per_pixel": 3}, "'planar_configuration' must be 0 or 1 if"),
        ({"bits_stored": 0}, "'bits_stored' must be an integer from 1 to the 16"),
        ({"keyword": "Pixels"}, "'keyword' must be PixelData or FloatPixelData or"),
        ({"keyword": "FloatPixelData"}, "'bits_allocated' must be 32 for FloatPixel"),
        (
            {"keyword": "FloatPixelData", "bits_allocated": 32},
            "'bits_stored' must be 32 for FloatPixelData, not 12",
        ),
    ],
)
def test_format_that_cannot_be_is_refused(values, message):
    arguments = {
        "rows": 10,
        "columns": 7,
        "samples_per_pixel": 1,
        "bits_allocated": 16,
        "bits_stored": 12,
        "pixel_representation": 0,
        "photometric_interpretation": "MONOCHROME2",
    }
    with pytest.raises(InvalidArgumentError, match=message):
        PixelFormat(**arguments | values)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((7, 10), np.uint16), r"shape \(10, 7\), not \(7, 10\)"),
        (np.zeros((10, 7), np.int16), "data type uint16, not int16"),
        (np.zeros((10, 7), np.bool_), "data type uint16, not bool"),
        (np.full((10, 7), 4096, np.uint16), "values from 0 to 4095.* to 4096"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(array, message):
    pixel_format = PixelFormat(10, 7, 1, 16, 12, 0, "MONOCHROME2")

    with pytest.raises(InvalidArgumentError, match=message):
        pixel_format.check(array)


def test_arrays_that_fit_pass():
    PixelFormat(10, 7, 1, 16, 12, 0, "MONOCHROME2").check(np.full((10, 7), 4095, ">u2"))
    PixelFormat(10, 7, 1, 16, 12, 1, "MONOCHROME2").check(
        np.full((10, 7), -2048, np.int16)
    )
    PixelFormat(10, 7, 1, 1, 1, 0, "MONOCHROME2").check(np.ones((10, 7), np.bool_))


def test_formats_are_values():
    pixel_format = PixelFormat(10, 7, 1, 16, 12, 0, "MONOCHROME2")
    assert pixel_format.stored_range == (0, 4095)

    copied = pickle.loads(pickle.dumps(pixel_format))

    assert copied == pixel_format
    assert hash(copied) == hash(pixel_format)


@pytest.mark.parametrize("keyword", ["HighBit", "PixelRepresentation", "Rows"])
@pytest.mark.parametrize(("vr", "value"), [("TS", b"\0\0"), ("US", b"\0\0\0")])
def test_attributes_that_pydicom_cannot_decode_are_refused(keyword, vr, value):
    dataset = Dataset()
    for name, given in GRAY.items():
        setattr(dataset, name, given)
    tag = Tag(keyword)
    dataset._dict[tag] = RawDataElement(tag, vr, len(value), value, 0, False, True)
    with pytest.raises(InvalidAttributeError, match="cannot be read"):
        PixelFormat.of(dataset)
