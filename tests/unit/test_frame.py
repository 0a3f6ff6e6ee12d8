"""Single frames to bytes and back."""

import numpy as np
import pytest

from highdicom.codec import imagecodecs, plugins
from highdicom.enum import (
    PhotometricInterpretationValues,
    PixelDataKeywords,
    PixelRepresentationValues,
    PlanarConfigurationValues,
)
from highdicom.errors import (
    ArgumentTypeError,
    FrameCodingError,
    InvalidArgumentError,
    UnsupportedTransferSyntaxError,
)
from highdicom.frame import (
    decode_frame,
    encode_frame,
    get_lossy_compression_attributes,
)

EXPLICIT = "1.2.840.10008.1.2.1"
RLE = "1.2.840.10008.1.2.5"
DEFLATED = "1.2.840.10008.1.2.8.1"
JPEG = "1.2.840.10008.1.2.4.50"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_LS_NEAR = "1.2.840.10008.1.2.4.81"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
JPEG_2000_LOSSY = "1.2.840.10008.1.2.4.91"
HTJ2K = "1.2.840.10008.1.2.4.201"

needs_openjpeg = pytest.mark.skipif(
    not plugins.has_encoder(JPEG_2000), reason="needs pylibjpeg-openjpeg"
)
needs_imagecodecs = pytest.mark.skipif(
    not imagecodecs.is_available("HTJ2K"), reason="needs imagecodecs"
)
random = np.random.default_rng(0)


def gray(bits=8, kind="u", rows=40, columns=36):
    limits = np.iinfo(f"{kind}{bits // 8}")
    values = random.integers(limits.min, limits.max, (rows, columns), endpoint=True)
    return values.astype(limits.dtype)


def colored(rows=40, columns=36):
    return random.integers(0, 256, (rows, columns, 3)).astype(np.uint8)


@pytest.mark.parametrize(
    "uid",
    [
        EXPLICIT,
        "1.2.840.10008.1.2",
        RLE,
        DEFLATED,
        JPEG_LS,
        JPEG_LS_NEAR,
        pytest.param(JPEG_2000, marks=needs_openjpeg),
        pytest.param(HTJ2K, marks=needs_imagecodecs),
    ],
)
@pytest.mark.parametrize(("bits", "kind"), [(8, "u"), (16, "u"), (16, "i")])
def test_gray_frames_survive(uid, bits, kind):
    array = gray(bits, kind)
    sign = int(kind == "i")

    data = encode_frame(array, uid, bits, bits, "MONOCHROME2", sign)

    decoded = decode_frame(data, uid, 40, 36, 1, bits, bits, "MONOCHROME2", sign)
    assert type(data) is bytes
    assert decoded.dtype == array.dtype
    assert decoded.flags.writeable
    np.testing.assert_array_equal(decoded, array)


@pytest.mark.parametrize(
    ("uid", "photometric_interpretation"),
    [
        (EXPLICIT, "RGB"),
        (RLE, "RGB"),
        (DEFLATED, "RGB"),
        (JPEG_LS, "RGB"),
        pytest.param(JPEG_2000, "YBR_RCT", marks=needs_openjpeg),
        pytest.param(HTJ2K, "YBR_RCT", marks=needs_imagecodecs),
    ],
)
def test_colour_frames_survive(uid, photometric_interpretation):
    array = colored()
    arguments = (8, 8, photometric_interpretation, 0, 0)

    data = encode_frame(array, uid, *arguments)

    decoded = decode_frame(data, uid, 40, 36, 3, *arguments)
    np.testing.assert_array_equal(decoded, array)


def test_enumerations_may_be_given():
    array = colored()
    arguments = (
        8,
        8,
        PhotometricInterpretationValues.RGB,
        PixelRepresentationValues.UNSIGNED_INTEGER,
        PlanarConfigurationValues.COLOR_BY_PIXEL,
    )

    data = encode_frame(array, EXPLICIT, *arguments)

    assert data == array.tobytes()
    decoded = decode_frame(
        data,
        EXPLICIT,
        40,
        36,
        3,
        *arguments,
        pixel_keyword=PixelDataKeywords.PIXEL_DATA,
    )
    np.testing.assert_array_equal(decoded, array)


def test_colours_may_be_encoded_by_plane_in_rle_only():
    array = colored()

    data = encode_frame(array, RLE, 8, 8, "RGB", 0, 1)

    decoded = decode_frame(data, RLE, 40, 36, 3, 8, 8, "RGB", 0, 1)
    np.testing.assert_array_equal(decoded, array)
    for uid in (EXPLICIT, JPEG_LS, DEFLATED):
        with pytest.raises(InvalidArgumentError, match="'planar_configuration' must"):
            encode_frame(array, uid, 8, 8, "RGB", 0, 1)


def test_frames_of_one_bit_are_packed():
    array = np.zeros((2, 8), np.uint8)
    array[0, 0] = array[1, 7] = 1

    data = encode_frame(array, EXPLICIT, 1, 1, "MONOCHROME2")

    assert data == bytes([0b00000001, 0b10000000])
    decoded = decode_frame(data, EXPLICIT, 2, 8, 1, 1, 1, "MONOCHROME2")
    np.testing.assert_array_equal(decoded, array)


def test_frames_of_one_bit_begin_where_their_index_says():
    # Frames of 12 bits: the second begins in the middle of the second byte.
    data = bytes([0b0101_0000, 0b1111_1111])

    decoded = decode_frame(data, EXPLICIT, 3, 4, 1, 1, 1, "MONOCHROME2", index=1)

    assert decoded.tolist() == [[1, 0, 1, 0], [1, 1, 1, 1], [1, 1, 1, 1]]


def test_frames_of_one_bit_that_end_within_a_byte_cannot_stand_alone():
    array = np.zeros((5, 5), np.uint8)

    with pytest.raises(InvalidArgumentError, match="a multiple of eight pixels"):
        encode_frame(array, EXPLICIT, 1, 1, "MONOCHROME2")
    assert encode_frame(array, DEFLATED, 1, 1, "MONOCHROME2")


@pytest.mark.parametrize("sign", [None, 0])
def test_floats_are_decoded(sign):
    array = np.array([[0.5, -1.5]], np.float32)

    decoded = decode_frame(
        array.tobytes(),
        EXPLICIT,
        *(1, 2, 1, 32, 32, "MONOCHROME2", sign),
        pixel_keyword="FloatPixelData",
    )

    assert decoded.dtype == np.float32
    assert decoded.flags.writeable
    np.testing.assert_array_equal(decoded, array)


def test_jpeg_takes_rgb_and_makes_ybr_full_422_of_it():
    array = np.zeros((16, 16, 3), np.uint8)
    array[...] = 200, 30, 90

    data = encode_frame(array, JPEG, 8, 8, "YBR_FULL_422", 0, 0)

    decoded = decode_frame(data, JPEG, 16, 16, 3, 8, 8, "YBR_FULL_422", 0, 0)
    np.testing.assert_allclose(decoded.astype(int), array, atol=3)


@pytest.mark.parametrize(
    ("uid", "array", "values", "error", "message"),
    [
        (EXPLICIT, [[1]], {}, TypeError, "'array' must be a NumPy array"),
        (EXPLICIT, np.zeros(4, "u1"), {}, ValueError, "must have the shape"),
        (EXPLICIT, np.zeros((0, 4), "u1"), {}, ValueError, "at least one pixel"),
        (EXPLICIT, np.zeros((2, 4, 4), "u1"), {}, ValueError, "3 samples for each"),
        (EXPLICIT, gray().astype(bool), {}, ValueError, "an unsigned integer data"),
        (EXPLICIT, gray().astype("f4"), {}, ValueError, "an unsigned integer data"),
        (EXPLICIT, gray(8, "i"), {}, ValueError, "an unsigned integer data type"),
        (
            *(EXPLICIT, gray(), {"pixel_representation": 1}),
            *(ValueError, "a signed integer data type"),
        ),
        (EXPLICIT, gray(16), {}, ValueError, "a data type of 8 bits for 8 bits"),
        (EXPLICIT, gray(), {"bits_stored": 9}, ValueError, "'bits_stored' must be"),
        (EXPLICIT, gray(), {"bits_stored": 7}, ValueError, "values from 0 to 127"),
        (EXPLICIT, gray(), {"bits_allocated": 12}, ValueError, "'bits_allocated' must"),
        (
            *(EXPLICIT, gray(), {"photometric_interpretation": "FOO"}),
            *(ValueError, "'photometric_interpretation' must be one of"),
        ),
        (
            *(EXPLICIT, gray(), {"photometric_interpretation": "RGB"}),
            *(ValueError, "for frames of one sample per pixel, not RGB"),
        ),
        (
            *(EXPLICIT, gray(), {"pixel_representation": 2}),
            *(ValueError, "'pixel_representation' must be one of 0, 1, not 2"),
        ),
        (EXPLICIT, colored(), {}, ValueError, "'planar_configuration' must be 0 or 1"),
        (
            *(EXPLICIT, colored(), {"planar_configuration": 0}),
            *(ValueError, "must be RGB or YBR_FULL for colour frames"),
        ),
        (
            JPEG,
            colored(),
            {"planar_configuration": 0, "photometric_interpretation": "RGB"},
            *(ValueError, "must be YBR_FULL_422 for colour frames in JPEG Baseline"),
        ),
        (
            *(JPEG, gray(), {"planar_configuration": 0}),
            *(ValueError, "'planar_configuration' must not be given"),
        ),
        (JPEG, gray(16), {"bits_allocated": 16}, ValueError, "cannot carry"),
        ("1.2.3", gray(), {}, UnsupportedTransferSyntaxError, "'1.2.3' is not that"),
    ],
)
def test_frames_that_cannot_be_encoded_are_refused(uid, array, values, error, message):
    arguments = {
        "bits_allocated": 8,
        "bits_stored": 8,
        "photometric_interpretation": "MONOCHROME2",
    }
    with pytest.raises(error, match=message):
        encode_frame(array, uid, **arguments | values)


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"value": bytes(15)}, InvalidArgumentError, "must have 16 bytes"),
        ({"value": ""}, ArgumentTypeError, "must be given as bytes"),
        ({"index": None}, ArgumentTypeError, "'index' must be an integer, not None"),
        ({"index": -1}, InvalidArgumentError, "'index' must not be negative"),
        ({"rows": 0}, InvalidArgumentError, "'rows' must be an integer from 1"),
        ({"samples_per_pixel": 4}, InvalidArgumentError, "'samples_per_pixel' must be"),
        ({"pixel_keyword": "Foo"}, InvalidArgumentError, "'pixel_keyword' must be one"),
        ({"pixel_representation": None}, InvalidArgumentError, "not None"),
        ({"planar_configuration": 5}, InvalidArgumentError, "must be one of 0, 1"),
        ({"transfer_syntax_uid": JPEG_LS}, FrameCodingError, "header of a JPEG code"),
        (
            *({"transfer_syntax_uid": "1.2.840.10008.1.2.4.100"},),
            *(UnsupportedTransferSyntaxError, "cannot be decoded"),
        ),
    ],
)
def test_frames_that_cannot_be_decoded_are_refused(values, error, message):
    arguments = {
        "value": bytes(range(16)),
        "transfer_syntax_uid": EXPLICIT,
        "rows": 4,
        "columns": 4,
        "samples_per_pixel": 1,
        "bits_allocated": 8,
        "bits_stored": 8,
        "photometric_interpretation": "MONOCHROME2",
    }
    with pytest.raises(error, match=message):
        decode_frame(**arguments | values)


@pytest.mark.parametrize(
    ("uid", "attributes"),
    [
        (EXPLICIT, ("00", None)),
        (RLE, ("00", None)),
        (JPEG, ("01", "ISO_10918_1")),
        ("1.2.840.10008.1.2.4.51", ("01", "ISO_10918_1")),
        ("1.2.840.10008.1.2.4.70", ("00", None)),
        (JPEG_LS, ("00", None)),
        (JPEG_LS_NEAR, ("01", "ISO_14495_1")),
        (JPEG_2000, ("00", None)),
        (JPEG_2000_LOSSY, ("01", "ISO_15444_1")),
        (HTJ2K, ("00", None)),
        ("1.2.840.10008.1.2.4.203", ("01", "ISO_15444_15")),
        ("1.2.3.4", ("00", None)),
    ],
)
def test_lossy_compression_has_attributes(uid, attributes):
    assert get_lossy_compression_attributes(uid) == attributes
