"""Run length encoding."""

import struct

import numpy as np
import pytest
from pydicom.pixels.decoders.rle import _rle_decode_frame

from highdicom.codec import (
    FrameDecoder,
    FrameEncoder,
    PixelFormat,
    imagecodecs,
    plugins,
)
from highdicom.codec.rle import decode_rle, encode_rle
from highdicom.errors import FrameCodingError, InvalidArgumentError

RLE = "1.2.840.10008.1.2.5"
U8 = np.dtype(np.uint8)


@pytest.fixture(params=["own", "installed"])
def coders(request, monkeypatch):
    """With the codecs here, and with whatever else is installed."""
    if request.param == "own":
        monkeypatch.setattr(imagecodecs, "is_available", lambda codec: False)
        monkeypatch.setattr(plugins, "available_decoders", lambda uid: ("",))


def segment_of(*rows):
    """Encode rows of 8-bit samples and take the one segment out of the frame."""
    data = encode_rle(np.array(rows, np.uint8))
    assert struct.unpack("<16I", data[:64]) == (1, 64, *[0] * 14)
    return data[64:]


def frame_of(*segments):
    offsets = [64 + sum(map(len, segments[:n])) for n in range(len(segments))]
    header = [len(segments), *offsets, *[0] * (15 - len(segments))]
    return struct.pack("<16I", *header) + b"".join(segments)


def test_runs_are_replicated_and_other_values_literal():
    # 0xfe is 257 - 3 values, 0x02 is 3 - 1 values that follow.
    assert segment_of([7, 7, 7, 1, 2, 3, 9, 9, 9, 9]) == bytes.fromhex(
        "fe07 02010203 fd09"
    )


def test_two_equal_values_stay_among_literal_ones():
    assert segment_of([1, 2, 2, 3]) == bytes.fromhex("03 01020203 00")


def test_no_packet_is_longer_than_128_values_or_crosses_rows():
    assert segment_of([5] * 129) == bytes.fromhex("8105 0005")
    assert segment_of([5] * 3, [5] * 3) == bytes.fromhex("fe05 fe05")
    literal = [n % 7 for n in range(130)]
    assert segment_of(literal) == bytes([127, *literal[:128], 1, *literal[128:]])


def test_most_significant_bytes_come_first_sample_by_sample():
    frame = np.array([[[0x0102, 0x0304, 0x0506]]], np.uint16)

    data = encode_rle(frame)

    assert struct.unpack("<7I", data[:28]) == (6, 64, 66, 68, 70, 72, 74)
    assert data[64:] == bytes.fromhex("0001 0002 0003 0004 0005 0006")


def test_example_of_packbits_is_decoded():
    packed = bytes.fromhex("fe aa 02 80 00 2a fd aa 03 80 00 2a 22 f7 aa")
    unpacked = bytes.fromhex(
        "aa aa aa 80 00 2a aa aa aa aa 80 00 2a 22 aa aa aa aa aa aa aa aa aa aa"
    )

    assert decode_rle(frame_of(packed), (1, 24), U8).tobytes() == unpacked


def test_header_of_128_does_nothing_and_padding_is_ignored():
    packed = bytes.fromhex("80 0107 09 80 80 ff 05 00 00 00")

    assert decode_rle(frame_of(packed), (2, 2), U8).tolist() == [[7, 9], [5, 5]]


def test_packets_may_cross_rows_when_read():
    assert decode_rle(frame_of(b"\xfd\x03"), (2, 2), U8).tolist() == [[3, 3], [3, 3]]


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((33, 47), "u1"),
        ((33, 47), "i2"),
        ((5, 600), "u4"),
        ((1, 1), "u2"),
        ((12, 13, 3), "u1"),
        ((12, 13, 3), "u2"),
    ],
)
@pytest.mark.parametrize("values", [1, 3, 250])
@pytest.mark.usefixtures("coders")
def test_frames_are_decoded_alike_by_pydicom_and_here(shape, dtype, values):
    frame = np.random.default_rng(values).integers(0, values, shape).astype(dtype)
    samples = 3 if len(shape) == 3 else 1

    data = encode_rle(frame)

    planes = np.frombuffer(
        _rle_decode_frame(data, *shape[:2], samples, frame.itemsize * 8), frame.dtype
    ).reshape(samples, *shape[:2])
    np.testing.assert_array_equal(np.moveaxis(planes, 0, -1).reshape(shape), frame)
    np.testing.assert_array_equal(decode_rle(data, shape, frame.dtype), frame)
    assert len(data) % 2 == 0


@pytest.mark.parametrize("values", [1, 250])
def test_a_plug_in_is_asked_where_runs_are_short(values, monkeypatch):
    monkeypatch.setattr(imagecodecs, "is_available", lambda codec: False)
    if not plugins.available_decoders(RLE)[0]:
        pytest.skip("There is no plug-in.")
    asked = []
    decode = plugins.decode

    def spied(*arguments):
        asked.append(arguments)
        return decode(*arguments)

    monkeypatch.setattr(plugins, "decode", spied)
    frame = np.random.default_rng(0).integers(0, values, (64, 128)).astype(np.uint8)
    decoder = FrameDecoder(RLE, PixelFormat(64, 128, 1, 8, 8, 0, "MONOCHROME2"))

    np.testing.assert_array_equal(decoder(encode_rle(frame)), frame)
    assert len(asked) == (values > 1)


@pytest.mark.parametrize("distance", [2, 5, 40, 250])
@pytest.mark.usefixtures("coders")
def test_literal_values_among_many_runs_are_found(distance):
    """Also values that look like headers, and runs of one value."""
    rng = np.random.default_rng(distance)
    frame = np.repeat(rng.integers(0, 256, (90, 3)), 43, axis=1).astype(np.uint8)
    frame[:, 64::distance] = rng.choice(
        [0, 128, 129, 255], frame[:, 64::distance].shape
    )

    decode = FrameDecoder(RLE, PixelFormat(90, 129, 1, 8, 8, 0, "MONOCHROME2"))

    np.testing.assert_array_equal(decode(encode_rle(frame)), frame)


@pytest.mark.usefixtures("coders")
def test_equal_frames_are_decoded_alike_and_cannot_be_changed():
    pixel_format = PixelFormat(64, 64, 1, 8, 8, 0, "MONOCHROME2")
    decode = FrameDecoder(RLE, pixel_format)
    frames = [
        np.full((64, 64), value % 11, np.uint8) for value in (*range(30), 0, 5, 5)
    ]

    decoded = [decode(encode_rle(frame)) for frame in frames]

    np.testing.assert_array_equal(decoded, frames)
    for array in (decoded[-2], decoded[-1]):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


@pytest.mark.parametrize("stored", [16, 12])
@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.usefixtures("coders")
def test_all_bit_depths_survive(stored, sign):
    pixel_format = PixelFormat(20, 31, 1, 16, stored, sign, "MONOCHROME2")
    low, high = pixel_format.stored_range
    frame = np.random.default_rng(0).integers(low, high, (20, 31), endpoint=True)
    frame = frame.astype(pixel_format.dtype)

    data = FrameEncoder(RLE, pixel_format)(frame)

    decoded = FrameDecoder(RLE, pixel_format)(data)
    assert decoded.dtype == frame.dtype
    np.testing.assert_array_equal(decoded, frame)


@pytest.mark.usefixtures("coders")
def test_bits_above_those_stored_do_not_reach_the_caller():
    frame = np.array([[0xF123, 0x0FFF]], np.uint16)
    decode = FrameDecoder(RLE, PixelFormat(1, 2, 1, 16, 12, 0, "MONOCHROME2"))

    assert decode(encode_rle(frame)).tolist() == [[0x123, 0xFFF]]


@pytest.mark.usefixtures("coders")
def test_colours_of_ybr_full_are_given_as_rgb():
    pixel_format = PixelFormat(4, 6, 3, 8, 8, 0, "YBR_FULL", 1)
    frame = np.full((4, 6, 3), 128, np.uint8)
    frame[..., 0] = 90

    decoded = FrameDecoder(RLE, pixel_format)(FrameEncoder(RLE, pixel_format)(frame))

    assert (decoded == 90).all()


def test_samples_of_one_bit_take_a_byte_each():
    pixel_format = PixelFormat(3, 5, 1, 1, 1, 0, "MONOCHROME2")
    frame = np.random.default_rng(0).integers(0, 2, (3, 5)).astype(np.uint8)

    data = FrameEncoder(RLE, pixel_format)(frame)

    np.testing.assert_array_equal(decode_rle(data, (3, 5), U8), frame)
    np.testing.assert_array_equal(FrameDecoder(RLE, pixel_format)(data), frame)


def test_samples_of_one_bit_are_read_if_they_are_packed():
    pixel_format = PixelFormat(3, 5, 1, 1, 1, 0, "MONOCHROME2")
    decode = FrameDecoder(RLE, pixel_format)

    # 101010101010101 from the lowest bit on
    assert decode(frame_of(b"\x01\x55\x55\0"))[0].tolist() == [1, 0, 1, 0, 1]
    with pytest.raises(FrameCodingError, match="ends after 1 of 15 bytes"):
        decode(frame_of(b"\x00\x55"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x01", "must begin with a header of 64 bytes, but has only 1"),
        (frame_of(b"\x00\x01", b"\x00\x01"), "must have 1 segments .* not 2"),
        (frame_of(b""), "ends after 0 of 16 bytes"),
        (frame_of(b"\x07" + bytes(8)), "ends after 8 of 16 bytes"),
        (frame_of(b"\x0f" + bytes(8)), "ends after 0 of 16 bytes"),
        (frame_of(b"\xf1"), "ends after 0 of 16 bytes"),
        (struct.pack("<16I", 1, 9999, *[0] * 14) + b"\xf1\0", "do not follow each"),
        (struct.pack("<16I", 1, 0, *[0] * 14) + b"\xf1\0", "do not follow each"),
        (struct.pack("<16I", 10**9, *[0] * 15), "must have 1 segments"),
    ],
)
@pytest.mark.usefixtures("coders")
def test_damaged_frames_are_refused(data, message):
    decode = FrameDecoder(RLE, PixelFormat(4, 4, 1, 8, 8, 0, "MONOCHROME2"))

    with pytest.raises(FrameCodingError, match=message):
        decode(data)


def test_empty_frames_are_refused():
    decode = FrameDecoder(RLE, PixelFormat(4, 4, 1, 8, 8, 0, "MONOCHROME2"))

    with pytest.raises(InvalidArgumentError, match="must not be empty"):
        decode(b"")


def test_segments_in_the_wrong_order_are_refused():
    header = struct.pack("<16I", 2, 68, 64, *[0] * 13)

    with pytest.raises(FrameCodingError, match="do not follow each other"):
        decode_rle(header + bytes(8), (2, 2), np.dtype(np.uint16))


@pytest.mark.parametrize("offset", [0, 1, 63, 66, 2**16, 2**31, 2**32 - 1])
@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.usefixtures("coders")
def test_segments_beyond_the_frame_are_refused_and_crash_nothing(offset, number):
    """Codecs of other packages read whatever is in memory there."""
    decode = FrameDecoder(RLE, PixelFormat(4, 8, 1, 16, 16, 0, "MONOCHROME2"))
    data = bytearray(encode_rle(np.arange(32, dtype=np.uint16).reshape(4, 8)))
    struct.pack_into("<I", data, 4 + 4 * number, offset)
    with pytest.raises(FrameCodingError):
        decode(bytes(data))


@pytest.mark.parametrize("lost", [1, 2, 3])
@pytest.mark.usefixtures("coders")
def test_a_segment_that_is_too_short_is_refused_though_others_are_long(lost):
    first = bytes([10, *range(11), 3, *range(4)])
    second = bytes([10, *range(11), 0, 1])
    decode = FrameDecoder(RLE, PixelFormat(2, 6, 1, 16, 16, 0, "MONOCHROME2"))
    assert decode(frame_of(first, second))[1].tolist() == [
        1542,
        1799,
        2056,
        2313,
        2570,
        1,
    ]
    with pytest.raises(FrameCodingError):
        decode(frame_of(first, second[:-lost]))
