"""What is decoded is what was encoded, whatever the frame."""

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st
from pydicom.pixels.decoders.rle import _rle_decode_frame
from pydicom.pixels.utils import unpack_bits

from highdicom.codec import (
    FrameDecoder,
    FrameEncoder,
    PixelFormat,
    imagecodecs,
    plugins,
)
from highdicom.codec.native import pack_frames, unpack_frames
from highdicom.codec.profiles import profile_of
from highdicom.codec.rle import decode_rle, encode_rle
from highdicom.errors import CodecError, InvalidArgumentError
from highdicom.policy import reading_policy

EXPLICIT = "1.2.840.10008.1.2.1"
ENCAPSULATED = "1.2.840.10008.1.2.1.98"
RLE = "1.2.840.10008.1.2.5"
DEFLATED = "1.2.840.10008.1.2.8.1"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_LS_NEAR = "1.2.840.10008.1.2.4.81"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
HTJ2K = "1.2.840.10008.1.2.4.201"

LEAST_SIZE = {JPEG_LS: 12, JPEG_LS_NEAR: 12}
if not imagecodecs.is_available("JPEG2K"):
    LEAST_SIZE[JPEG_2000] = 32

LOSSLESS = [
    EXPLICIT,
    ENCAPSULATED,
    RLE,
    DEFLATED,
    JPEG_LS,
    JPEG_LS_NEAR,
    pytest.param(
        JPEG_2000,
        marks=pytest.mark.skipif(
            not plugins.has_encoder(JPEG_2000), reason="needs pylibjpeg-openjpeg"
        ),
    ),
    pytest.param(
        HTJ2K,
        marks=pytest.mark.skipif(
            not imagecodecs.is_available("HTJ2K"), reason="needs imagecodecs"
        ),
    ),
]


@st.composite
def formats(draw, least_size=1):
    photometric_interpretation = draw(
        st.sampled_from(
            ["MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_RCT"]
        )
    )
    allocated = draw(st.sampled_from([1, 8, 16, 32]))
    is_color = photometric_interpretation in {"RGB", "YBR_RCT"}
    size = st.integers(least_size, 50)
    return PixelFormat(
        draw(size),
        draw(size),
        3 if is_color else 1,
        allocated,
        draw(st.integers(1, allocated)),
        draw(st.integers(0, 1)),
        photometric_interpretation,
        draw(st.integers(0, 1)) if is_color else None,
    )


def frame_of(pixel_format, seed, values):
    """Random values: few of them, so that there are runs, or all that are possible."""
    low, high = pixel_format.stored_range
    rng = np.random.default_rng(seed)
    if values == "few":
        high = min(high, low + 2)
    frame = rng.integers(low, high, pixel_format.shape, np.int64, endpoint=True)
    if values == "runs":
        frame = np.sort(frame, axis=1)
    return frame.astype(pixel_format.dtype)


@pytest.mark.parametrize("uid", LOSSLESS)
@given(data=st.data())
def test_frames_survive_lossless_compression(uid, data):
    pixel_format = data.draw(formats(LEAST_SIZE.get(uid, 1)))
    seed, values = (
        data.draw(st.integers(0, 99)),
        data.draw(st.sampled_from(["few", "runs", "all"])),
    )
    assume(pixel_format.bits_allocated > 1 or not pixel_format.pixel_representation)
    is_native_color = pixel_format.photometric_interpretation == "RGB"
    assume(
        pixel_format.samples_per_pixel == 1
        or is_native_color
        or uid in (JPEG_2000, HTJ2K)
    )
    try:
        encode = FrameEncoder(uid, pixel_format)
    except CodecError:
        # Not for the bits of these frames.
        assert pixel_format.bits_allocated == 32 or not profile_of(uid).allows(
            pixel_format
        )
        return
    frame = frame_of(pixel_format, seed, values)
    before = frame.copy()

    decoded = FrameDecoder(uid, pixel_format)(encode(frame))

    assert decoded.dtype == frame.dtype
    np.testing.assert_array_equal(decoded, frame)
    np.testing.assert_array_equal(frame, before)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 12), st.integers(0, 99))
def test_bits_survive_wherever_frames_begin(rows, columns, count, seed):
    frames = np.random.default_rng(seed).integers(0, 2, (count, rows, columns))
    frames = frames.astype(np.uint8)
    size = rows * columns

    data = pack_frames(frames).tobytes()

    np.testing.assert_array_equal(unpack_bits(data)[: count * size], frames.reshape(-1))
    decode = FrameDecoder(
        EXPLICIT, PixelFormat(rows, columns, 1, 1, 1, 0, "MONOCHROME2")
    )
    for index, frame in enumerate(frames):
        part = data[index * size // 8 : -(-(index + 1) * size // 8)]
        np.testing.assert_array_equal(decode(part, index), frame)
        bits = unpack_frames(data, index * size, size)
        np.testing.assert_array_equal(bits, frame.reshape(-1))


@given(
    st.integers(1, 20),
    st.integers(1, 300),
    st.sampled_from(["u1", "i2", "u4"]),
    st.booleans(),
    st.integers(1, 200),
    st.integers(0, 99),
)
def test_run_lengths_are_read_by_others(rows, columns, dtype, is_color, values, seed):
    shape = (rows, columns, 3) if is_color else (rows, columns)
    frame = np.random.default_rng(seed).integers(0, values, shape).astype(dtype)
    samples = 3 if is_color else 1

    data = encode_rle(frame)

    decoded = _rle_decode_frame(data, rows, columns, samples, frame.itemsize * 8)
    planes = np.frombuffer(decoded, frame.dtype).reshape(samples, rows, columns)
    np.testing.assert_array_equal(np.moveaxis(planes, 0, -1).reshape(shape), frame)


@given(
    data=st.binary(min_size=0, max_size=200),
    header=st.lists(st.integers(0, 260), min_size=16, max_size=16),
)
def test_any_bytes_are_decoded_as_run_lengths_or_refused(data, header):
    frame = np.array(header, "<u4").tobytes() + data
    try:
        decoded = decode_rle(frame, (5, 6), np.dtype(np.uint8))
    except CodecError:
        return
    assert decoded.shape == (5, 6)


@pytest.mark.parametrize("uid", LOSSLESS)
@given(data=st.data())
def test_damaged_frames_are_decoded_or_refused(uid, data):
    pixel_format = PixelFormat(33, 40, 1, 8, 8, 0, "MONOCHROME2")
    encoded = bytearray(
        FrameEncoder(uid, pixel_format)(frame_of(pixel_format, 0, "few"))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(encoded) - 1))
        encoded[place] = data.draw(st.integers(0, 255))
    encoded = encoded[: data.draw(st.integers(0, len(encoded)))]

    with reading_policy("lenient"):
        try:
            decoded = FrameDecoder(uid, pixel_format)(bytes(encoded))
        except (CodecError, InvalidArgumentError):
            return

    assert decoded.shape == (33, 40)
    assert decoded.dtype == np.uint8
