"""Frames that are not compressed."""

import numpy as np
import pytest

from highdicom.codec import FrameDecoder, FrameEncoder, PixelFormat
from highdicom.codec.native import pack_frames, unpack_frames
from highdicom.errors import (
    ArgumentTypeError,
    FrameCodingError,
    InvalidArgumentError,
    NonconformantDatasetError,
    NonconformantDatasetWarning,
    UnsupportedTransferSyntaxError,
)
from highdicom.policy import reading_policy

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
ENCAPSULATED = "1.2.840.10008.1.2.1.98"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"


def gray(rows, columns, allocated, stored=None, sign=0, **others):
    return PixelFormat(
        rows, columns, 1, allocated, stored or allocated, sign, "MONOCHROME2", **others
    )


def color(rows, columns, photometric_interpretation, planar=0, allocated=8):
    return PixelFormat(
        rows, columns, 3, allocated, allocated, 0, photometric_interpretation, planar
    )


def test_bits_are_packed_from_the_lowest_on():
    frames = [[[1, 0, 0, 0, 0]], [[0, 0, 0, 1, 1]]]

    # 10000|000 11|000000: the first sample is the lowest bit of the first byte.
    assert pack_frames(frames).tobytes() == bytes([0b00000001, 0b00000011])


def test_booleans_and_any_integers_are_packed_alike():
    frames = np.array([[True, False, True]])

    assert pack_frames(frames).tolist() == [5]
    assert pack_frames(frames * np.int16(700)).tolist() == [5]


def test_any_bits_can_be_unpacked():
    bits = np.random.default_rng(0).integers(0, 2, 100)
    data = sum(int(bit) << place for place, bit in enumerate(bits)).to_bytes(
        13, "little"
    )

    for first, count in [(0, 100), (0, 1), (3, 5), (7, 2), (8, 8), (37, 41), (99, 1)]:
        expected = bits[first : first + count].tolist()
        assert unpack_frames(data, first, count).tolist() == expected
    assert unpack_frames(data, 5, 0).tolist() == []


@pytest.mark.parametrize(("first", "count"), [(0, 17), (16, 1), (-1, 3), (3, -1)])
def test_bits_that_are_not_there_cannot_be_unpacked(first, count):
    with pytest.raises(InvalidArgumentError, match="'data' must hold"):
        unpack_frames(bytes(2), first, count)


def test_frames_of_bits_need_not_begin_on_a_byte():
    frames = np.random.default_rng(0).integers(0, 2, (9, 3, 5)).astype(np.uint8)
    data = pack_frames(frames).tobytes()
    decode = FrameDecoder(EXPLICIT, gray(3, 5, 1))

    for index, frame in enumerate(frames):
        first, last = index * 15 // 8, -(-(index + 1) * 15 // 8)
        np.testing.assert_array_equal(decode(data[first:last], index), frame)


def test_frames_of_bits_stand_alone_if_they_are_encapsulated():
    frame = np.random.default_rng(0).integers(0, 2, (3, 5)).astype(np.uint8)
    data = FrameEncoder(ENCAPSULATED, gray(3, 5, 1))(frame)

    decoded = FrameDecoder(ENCAPSULATED, gray(3, 5, 1))(data, index=3)

    assert len(data) == 2
    np.testing.assert_array_equal(decoded, frame)


@pytest.mark.parametrize("uid", [IMPLICIT, EXPLICIT, ENCAPSULATED, DEFLATED])
@pytest.mark.parametrize("allocated", [8, 16, 32, 64])
@pytest.mark.parametrize("sign", [0, 1])
def test_samples_are_little_endian(uid, allocated, sign):
    frame = np.array([[1, 2, 3]]).astype(f"{'ui'[sign]}{allocated // 8}")

    data = FrameEncoder(uid, gray(1, 3, allocated, sign=sign))(frame)

    zeros = bytes(allocated // 8 - 1)
    assert data == b"\x01" + zeros + b"\x02" + zeros + b"\x03" + zeros
    big_endian = frame.astype(frame.dtype.newbyteorder(">"))
    assert FrameEncoder(uid, gray(1, 3, allocated, sign=sign))(big_endian) == data
    decoded = FrameDecoder(uid, gray(1, 3, allocated, sign=sign))(data)
    assert decoded.dtype == frame.dtype
    np.testing.assert_array_equal(decoded, frame)


def test_big_endian_samples_are_given_in_the_order_of_the_machine():
    decoded = FrameDecoder(BIG_ENDIAN, gray(1, 2, 16))(bytes([1, 2, 3, 4]))

    assert decoded.tolist() == [[0x0102, 0x0304]]
    assert decoded.dtype == np.dtype(np.uint16)
    assert decoded.dtype.isnative


def test_big_endian_is_not_written():
    with pytest.raises(UnsupportedTransferSyntaxError, match="cannot be encoded in"):
        FrameEncoder(BIG_ENDIAN, gray(1, 2, 16))


def test_bits_above_those_stored_do_not_reach_the_caller():
    data = np.array([0xF123, 0x1FFF], "<u2").tobytes()

    unsigned = FrameDecoder(EXPLICIT, gray(1, 2, 16, 12))(data)
    signed = FrameDecoder(EXPLICIT, gray(1, 2, 16, 12, sign=1))(data)

    assert unsigned.tolist() == [[0x123, 0xFFF]]
    assert signed.tolist() == [[0x123, -1]]


def test_samples_that_use_all_bits_are_a_view():
    data = bytes(range(16))

    decoded = FrameDecoder(EXPLICIT, gray(2, 4, 16))(data)

    assert np.shares_memory(decoded, np.frombuffer(data, np.uint8))
    assert not decoded.flags.writeable


@pytest.mark.parametrize(
    ("keyword", "allocated"), [("FloatPixelData", 32), ("DoubleFloatPixelData", 64)]
)
def test_floats_are_kept_as_they_are(keyword, allocated):
    pixel_format = gray(1, 3, allocated, keyword=keyword)
    frame = np.array([[0.5, -np.inf, np.nan]], pixel_format.dtype)

    data = FrameEncoder(EXPLICIT, pixel_format)(frame)

    assert data == frame.astype(f"<f{allocated // 8}").tobytes()
    np.testing.assert_array_equal(FrameDecoder(EXPLICIT, pixel_format)(data), frame)


@pytest.mark.parametrize(
    ("planar", "data"), [(0, [1, 2, 3, 4, 5, 6]), (1, [1, 4, 2, 5, 3, 6])]
)
def test_colours_are_stored_by_pixel_or_by_plane(planar, data):
    frame = np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8)

    encoded = FrameEncoder(EXPLICIT, color(1, 2, "RGB", planar))(frame)

    assert list(encoded) == data
    decoded = FrameDecoder(EXPLICIT, color(1, 2, "RGB", planar))(encoded)
    np.testing.assert_array_equal(decoded, frame)


def rgb_of(y, cb, cr):
    """PS3.3 C.7.6.3.1.2, solved for red, green and blue."""
    red = y + 1.402 * (cr - 128)
    blue = y + 1.772 * (cb - 128)
    green = (y - 0.299 * red - 0.114 * blue) / 0.587
    return [min(max(round(value), 0), 255) for value in (red, green, blue)]


@pytest.mark.parametrize("planar", [0, 1])
def test_ybr_full_is_given_as_rgb(planar):
    samples = [(128, 128, 128), (76, 85, 255), (255, 0, 0), (10, 200, 90)]
    frame = np.array([samples], np.uint8)
    pixel_format = color(1, 4, "YBR_FULL", planar)
    decode = FrameDecoder(EXPLICIT, pixel_format)

    decoded = decode(FrameEncoder(EXPLICIT, pixel_format)(frame))

    assert decode.photometric_interpretation == "RGB"
    assert decoded[0].tolist() == [rgb_of(*sample) for sample in samples]


def test_ybr_full_of_16_bits_is_given_as_rgb():
    frame = np.array([[(1000, 32768, 32768), (30000, 40000, 30000)]], np.uint16)
    pixel_format = color(1, 2, "YBR_FULL", allocated=16)

    decoded = FrameDecoder(EXPLICIT, pixel_format)(frame.astype("<u2").tobytes())

    red = 30000 + 1.402 * (30000 - 32768)
    blue = 30000 + 1.772 * (40000 - 32768)
    green = (30000 - 0.299 * red - 0.114 * blue) / 0.587
    assert decoded[0, 0].tolist() == [1000, 1000, 1000]
    np.testing.assert_allclose(decoded[0, 1], [red, green, blue], atol=0.51)


def test_pixels_of_ybr_full_422_share_chrominance():
    data = bytes([10, 20, 100, 150, 30, 40, 128, 128])

    decoded = FrameDecoder(EXPLICIT, color(1, 4, "YBR_FULL_422"))(data)

    assert decoded[0].tolist() == [
        rgb_of(10, 100, 150),
        rgb_of(20, 100, 150),
        [30, 30, 30],
        [40, 40, 40],
    ]


def test_ybr_full_422_is_neither_written_nor_read_where_it_cannot_be():
    with pytest.raises(InvalidArgumentError, match="must not be YBR_FULL_422"):
        FrameEncoder(EXPLICIT, color(1, 4, "YBR_FULL_422"))(
            np.zeros((1, 4, 3), np.uint8)
        )
    with pytest.raises(FrameCodingError, match="a third more"):
        FrameDecoder(EXPLICIT, color(2, 4, "YBR_FULL_422"))(bytes(24))
    with pytest.raises(FrameCodingError, match="odd number of pixels"):
        FrameDecoder(EXPLICIT, color(3, 3, "YBR_FULL_422"))(bytes(18))


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview])
def test_data_may_be_any_bytes(wrap):
    data = wrap(bytes([1, 2, 3, 0]))

    assert FrameDecoder(EXPLICIT, gray(1, 3, 8))(data).tolist() == [[1, 2, 3]]


def test_byte_that_makes_the_length_even_is_ignored():
    decode = FrameDecoder(EXPLICIT, gray(3, 3, 8))

    assert decode(bytes(range(9)) + b"\0")[2].tolist() == [6, 7, 8]
    assert FrameDecoder(EXPLICIT, gray(3, 3, 1))(b"\xff\x01\0\0"[:3]).all()


@pytest.mark.parametrize(
    ("pixel_format", "size", "message"),
    [
        (gray(4, 4, 8), 15, "must have 16 bytes .128 bits., not 15"),
        (gray(4, 4, 16), 0, "must have 32 bytes"),
        (gray(3, 5, 1), 1, "must have 2 bytes .15 bits., not 1"),
        (color(2, 2, "RGB"), 11, "must have 12 bytes"),
    ],
)
def test_frames_that_are_too_short_are_refused(pixel_format, size, message):
    with pytest.raises(InvalidArgumentError, match=message):
        FrameDecoder(EXPLICIT, pixel_format)(bytes(size))


def test_excess_bytes_are_tolerated_as_the_policy_says():
    decode = FrameDecoder(EXPLICIT, gray(2, 2, 8))
    data = bytes(range(8))

    with pytest.warns(NonconformantDatasetWarning, match="8 bytes instead of 4"):
        assert decode(data).tolist() == [[0, 1], [2, 3]]
    with reading_policy("strict"), pytest.raises(NonconformantDatasetError):
        decode(data)


def test_text_is_no_frame():
    with pytest.raises(ArgumentTypeError, match="must be given as bytes, not str"):
        FrameDecoder(EXPLICIT, gray(1, 3, 8))("abc")
