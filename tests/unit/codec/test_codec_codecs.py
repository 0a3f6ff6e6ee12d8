"""Frames that are compressed by codecs: JPEG, JPEG-LS, JPEG 2000, HTJ2K, deflate."""

import pickle
import struct
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.encaps import generate_frames
from pydicom.pixels import get_decoder

from highdicom.codec import (
    FrameDecoder,
    FrameEncoder,
    PixelFormat,
    decoder as decoding,
    imagecodecs,
    plugins,
)
from highdicom.codec.codestream import read_jpeg, read_jpeg_2000
from highdicom.errors import (
    FrameCodingError,
    InvalidArgumentError,
    MissingDependencyError,
    NonconformantDatasetError,
    NonconformantDatasetWarning,
    UnsupportedTransferSyntaxError,
)
from highdicom.policy import reading_policy

DEFLATED = "1.2.840.10008.1.2.8.1"
JPEG = "1.2.840.10008.1.2.4.50"
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_LS_NEAR = "1.2.840.10008.1.2.4.81"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
JPEG_2000_LOSSY = "1.2.840.10008.1.2.4.91"
HTJ2K = "1.2.840.10008.1.2.4.201"
MPEG2 = "1.2.840.10008.1.2.4.100"

GRAY = PixelFormat(40, 50, 1, 8, 8, 0, "MONOCHROME2")

has_openjpeg = plugins.has_encoder(JPEG_2000)
has_imagecodecs = imagecodecs.is_available("HTJ2K")
needs_openjpeg = pytest.mark.skipif(not has_openjpeg, reason="needs pylibjpeg-openjpeg")
needs_imagecodecs = pytest.mark.skipif(not has_imagecodecs, reason="needs imagecodecs")


@pytest.fixture
def without_imagecodecs(monkeypatch):
    monkeypatch.setattr(imagecodecs, "is_available", lambda codec: False)


def smooth(pixel_format):
    """A frame that compresses well and has the lowest and the highest value."""
    low, high = pixel_format.stored_range
    rows, columns = np.ogrid[: pixel_format.rows, : pixel_format.columns]
    waves = np.sin(rows / 9) * np.cos(columns / 7)
    values = low + (waves + 1) / 2 * (high - low)
    frame = np.rint(values).clip(low, high).astype(pixel_format.dtype)
    frame[0, :2] = low, high
    if pixel_format.samples_per_pixel == 1:
        return frame
    return np.stack(
        [frame, frame.T[: len(frame)] if False else frame[::-1], frame // 2], -1
    )


LOSSLESS = [
    pytest.param(JPEG_LS),
    pytest.param(JPEG_LS_NEAR),
    pytest.param(JPEG_2000, marks=needs_openjpeg),
    pytest.param(HTJ2K, marks=needs_imagecodecs),
    pytest.param(DEFLATED),
]


@pytest.mark.parametrize("uid", LOSSLESS)
@pytest.mark.parametrize(
    ("allocated", "stored"), [(8, 8), (8, 5), (16, 8), (16, 12), (16, 16), (8, 2)]
)
@pytest.mark.parametrize("sign", [0, 1])
def test_gray_frames_survive(uid, allocated, stored, sign):
    pixel_format = PixelFormat(40, 50, 1, allocated, stored, sign, "MONOCHROME2")
    frame = smooth(pixel_format)

    data = FrameEncoder(uid, pixel_format)(frame)

    decoded = FrameDecoder(uid, pixel_format)(data)
    assert decoded.dtype == frame.dtype
    np.testing.assert_array_equal(decoded, frame)


@pytest.mark.parametrize("uid", LOSSLESS)
@pytest.mark.usefixtures("without_imagecodecs")
@pytest.mark.parametrize("sign", [0, 1])
def test_gray_frames_are_read_without_imagecodecs(uid, sign, request):
    pixel_format = PixelFormat(40, 50, 1, 16, 12, sign, "MONOCHROME2")
    frame = smooth(pixel_format)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imagecodecs, "is_available", lambda codec: has_imagecodecs)
        data = FrameEncoder(uid, pixel_format)(frame)
    if uid == HTJ2K and not plugins.available_decoders(HTJ2K):
        pytest.skip("needs pylibjpeg-openjpeg")

    np.testing.assert_array_equal(FrameDecoder(uid, pixel_format)(data), frame)


@pytest.mark.parametrize(
    ("uid", "photometric_interpretation", "decoded_as"),
    [
        pytest.param(JPEG_LS, "RGB", "RGB"),
        pytest.param(JPEG_2000, "YBR_RCT", "RGB", marks=needs_openjpeg),
        pytest.param(JPEG_2000, "RGB", "RGB", marks=needs_openjpeg),
        pytest.param(HTJ2K, "YBR_RCT", "RGB", marks=needs_imagecodecs),
        pytest.param(HTJ2K, "RGB", "RGB", marks=needs_imagecodecs),
        pytest.param(DEFLATED, "RGB", "RGB"),
    ],
)
@pytest.mark.parametrize(("allocated", "stored"), [(8, 8), (16, 12)])
def test_colour_frames_survive(
    uid, photometric_interpretation, decoded_as, allocated, stored
):
    pixel_format = PixelFormat(
        40, 50, 3, allocated, stored, 0, photometric_interpretation, 0
    )
    frame = smooth(pixel_format)

    data = FrameEncoder(uid, pixel_format)(frame)

    decode = FrameDecoder(uid, pixel_format)
    assert decode.photometric_interpretation == decoded_as
    np.testing.assert_array_equal(decode(data), frame)


@pytest.mark.parametrize(
    "uid",
    [
        pytest.param(JPEG_LS),
        pytest.param(JPEG_2000, marks=needs_openjpeg),
        pytest.param(DEFLATED),
    ],
)
def test_frames_of_indices_survive(uid):
    pixel_format = PixelFormat(40, 50, 1, 8, 8, 0, "PALETTE COLOR")
    frame = smooth(pixel_format)

    data = FrameEncoder(uid, pixel_format)(frame)

    decode = FrameDecoder(uid, pixel_format)
    assert decode.photometric_interpretation == "PALETTE COLOR"
    np.testing.assert_array_equal(decode(data), frame)


@pytest.mark.parametrize(
    "uid", [pytest.param(JPEG_2000, marks=needs_openjpeg), pytest.param(DEFLATED)]
)
@pytest.mark.parametrize("dtype", [np.uint8, np.bool_])
def test_frames_of_one_bit_survive(uid, dtype):
    pixel_format = PixelFormat(33, 35, 1, 1, 1, 0, "MONOCHROME2")
    frame = smooth(pixel_format).astype(dtype)

    data = FrameEncoder(uid, pixel_format)(frame)

    # The frame stands alone: its index does not matter.
    decoded = FrameDecoder(uid, pixel_format)(data, index=3)
    assert decoded.dtype == np.uint8
    np.testing.assert_array_equal(decoded, frame)


def test_deflated_frames_have_neither_header_nor_checksum():
    frame = smooth(GRAY)

    data = FrameEncoder(DEFLATED, GRAY)(frame)

    assert zlib.decompress(data, wbits=-15) == frame.tobytes()


def test_bits_of_deflated_frames_are_packed():
    pixel_format = PixelFormat(1, 9, 1, 1, 1, 0, "MONOCHROME2")

    data = FrameEncoder(DEFLATED, pixel_format)(
        np.array([[1, 0, 0, 0, 0, 0, 0, 1, 1]], "u1")
    )

    assert zlib.decompress(data, wbits=-15) == b"\x81\x01"


@pytest.mark.parametrize("pad", [b"", b"\0"])
def test_deflated_frames_may_be_padded(pad):
    frame = smooth(GRAY)
    data = FrameEncoder(DEFLATED, GRAY)(frame)

    np.testing.assert_array_equal(FrameDecoder(DEFLATED, GRAY)(data + pad), frame)


def test_deflated_frames_do_not_fill_the_memory():
    bomb = zlib.compressobj(wbits=-15)
    data = bomb.compress(bytes(10**8)) + bomb.flush()

    decoded = FrameDecoder(DEFLATED, GRAY)(data)

    assert not decoded.any()
    assert decoded.shape == (40, 50)


@pytest.mark.parametrize("photometric_interpretation", ["MONOCHROME2", "YBR_FULL_422"])
def test_jpeg_is_close(photometric_interpretation):
    is_gray = photometric_interpretation == "MONOCHROME2"
    pixel_format = PixelFormat(
        40, 50, 1 if is_gray else 3, 8, 8, 0, photometric_interpretation, 0
    )
    frame = np.empty(pixel_format.shape, np.uint8)
    frame.T[...] = np.arange(40) * 3 + 50

    data = FrameEncoder(JPEG, pixel_format)(frame)

    decoded = FrameDecoder(JPEG, pixel_format)(data)
    assert decoded.dtype == np.uint8
    np.testing.assert_allclose(decoded.astype(int), frame, atol=3)
    header = read_jpeg(data)
    assert header[:4] == (40, 50, pixel_format.samples_per_pixel, 8)


def test_chrominance_of_jpeg_is_that_of_422():
    pixel_format = PixelFormat(16, 16, 3, 8, 8, 0, "YBR_FULL_422", 0)

    data = FrameEncoder(JPEG, pixel_format)(np.zeros((16, 16, 3), np.uint8))

    start = data.index(b"\xff\xc0")
    factors = [data[start + 11 + 3 * n] for n in range(3)]
    assert factors == [0x21, 0x11, 0x11]


@needs_openjpeg
@pytest.mark.parametrize(
    ("samples", "photometric_interpretation"), [(1, "MONOCHROME2"), (3, "YBR_ICT")]
)
def test_lossy_jpeg_2000_is_close(samples, photometric_interpretation):
    pixel_format = PixelFormat(40, 50, samples, 8, 8, 0, photometric_interpretation, 0)
    frame = smooth(pixel_format)

    data = FrameEncoder(JPEG_2000_LOSSY, pixel_format)(frame)

    decoded = FrameDecoder(JPEG_2000_LOSSY, pixel_format)(data)
    np.testing.assert_allclose(decoded.astype(int), frame, atol=2)


@needs_imagecodecs
@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (5, 3), (31, 64), (64, 10)])
@pytest.mark.parametrize("uid", [JPEG_2000, JPEG_2000_LOSSY, HTJ2K])
def test_small_frames_survive(uid, rows, columns):
    pixel_format = PixelFormat(rows, columns, 1, 16, 12, 0, "MONOCHROME2")
    frame = np.arange(rows * columns, dtype=np.uint16).reshape(rows, columns)

    data = FrameEncoder(uid, pixel_format)(frame)

    decoded = FrameDecoder(uid, pixel_format)(data)
    np.testing.assert_allclose(decoded.astype(int), frame, atol=2 * (uid[-2:] == "91"))


@needs_openjpeg
@pytest.mark.usefixtures("without_imagecodecs")
def test_small_frames_of_jpeg_2000_need_a_package():
    encode = FrameEncoder(JPEG_2000, PixelFormat(31, 40, 1, 8, 8, 0, "MONOCHROME2"))

    with pytest.raises(UnsupportedTransferSyntaxError, match="less than 32 rows"):
        encode(np.zeros((31, 40), np.uint8))


@pytest.mark.parametrize(
    ("uid", "read", "stored"),
    [
        pytest.param(JPEG_LS, read_jpeg, 10),
        pytest.param(JPEG_2000, read_jpeg_2000, 10, marks=needs_openjpeg),
        pytest.param(HTJ2K, read_jpeg_2000, 10, marks=needs_imagecodecs),
    ],
)
@pytest.mark.parametrize("sign", [0, 1])
def test_codestreams_say_what_the_attributes_say(uid, read, stored, sign):
    pixel_format = PixelFormat(40, 50, 1, 16, stored, sign, "MONOCHROME2")

    header = read(FrameEncoder(uid, pixel_format)(smooth(pixel_format)))

    assert header[:4] == (40, 50, 1, stored)
    assert header.is_signed == (bool(sign) and uid != JPEG_LS)


@needs_openjpeg
def test_threads_may_share_the_encoder_of_jpeg_2000():
    frame = smooth(GRAY)
    encode = FrameEncoder(JPEG_2000, GRAY)
    expected = encode(frame)

    with ThreadPoolExecutor(4) as executor:
        results = list(executor.map(encode, [frame] * 16))

    assert set(results) == {expected}


@pytest.mark.parametrize("uid", [JPEG_LS, DEFLATED, JPEG])
def test_coders_can_be_sent_to_other_processes(uid):
    frame = np.full((40, 50), 7, np.uint8)
    encode = pickle.loads(pickle.dumps(FrameEncoder(uid, GRAY)))
    decode = pickle.loads(pickle.dumps(FrameDecoder(uid, GRAY)))

    assert (decode(encode(frame)) == 7).all()
    assert encode.transfer_syntax_uid == decode.transfer_syntax_uid == uid
    assert encode.pixel_format == decode.pixel_format == GRAY


def test_coders_say_whether_threads_help():
    assert FrameEncoder(DEFLATED, GRAY).prefers_threads
    assert FrameDecoder(DEFLATED, GRAY).prefers_threads
    assert not FrameEncoder(JPEG_LS, GRAY).prefers_threads
    has_jpeg_ls = imagecodecs.is_available("JPEGLS")
    assert FrameDecoder(JPEG_LS, GRAY).prefers_threads == has_jpeg_ls
    rle = "1.2.840.10008.1.2.5"
    has_rle = imagecodecs.is_available("PACKBITS")
    assert FrameEncoder(rle, GRAY).prefers_threads == has_rle
    assert not FrameDecoder(rle, GRAY).prefers_threads


FILES = [
    "693_J2KI.dcm",
    "GDCMJ2K_TextGBR.dcm",
    "J2K_pixelrep_mismatch.dcm",
    "JPEG2000.dcm",
    "JPEGLSNearLossless_08.dcm",
    "JPEGLSNearLossless_16.dcm",
    "JPGExtended.dcm",
    "MR_small_RLE.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "SC_rgb_dcmtk_+eb+cr.dcm",
    "SC_rgb_dcmtk_+eb+cy+np.dcm",
    "SC_rgb_dcmtk_+eb+cy+s4.dcm",
    "SC_rgb_gdcm_KY.dcm",
    "SC_rgb_jls_lossy_line.dcm",
    "SC_rgb_jls_lossy_sample.dcm",
    "SC_rgb_jpeg_gdcm.dcm",
    "SC_rgb_rle_16bit_2frame.dcm",
    "SC_rgb_rle_32bit.dcm",
    "SC_rgb_small_odd_jpeg.dcm",
    "bad_sequence.dcm",
    "emri_small_RLE.dcm",
    "emri_small_jpeg_2k_lossless.dcm",
    "emri_small_jpeg_ls_lossless.dcm",
    "examples_jpeg2k.dcm",
    "examples_ybr_color.dcm",
    "rtdose_rle.dcm",
]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("with_imagecodecs", [True, False])
def test_files_are_decoded_as_pydicom_does(name, with_imagecodecs, monkeypatch):
    if not with_imagecodecs:
        monkeypatch.setattr(imagecodecs, "is_available", lambda codec: False)
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip("needs pydicom-data")
    dataset = pydicom.dcmread(path)
    uid = dataset.file_meta.TransferSyntaxUID
    if not get_decoder(uid).is_available:
        pytest.skip(f"needs a decoder of {uid.name}")
    frames = generate_frames(
        dataset.PixelData, number_of_frames=int(dataset.get("NumberOfFrames", 1))
    )
    decode = FrameDecoder(uid, PixelFormat.of(dataset))

    try:
        expected, properties = get_decoder(uid).as_array(dataset, index=0)
    except RuntimeError:  # not with the plug-ins that are installed
        with pytest.raises(FrameCodingError):
            decode(next(frames))
        return

    decoded = decode(next(frames))
    assert decoded.dtype == expected.dtype
    np.testing.assert_array_equal(decoded, expected)
    assert decode.photometric_interpretation == properties["photometric_interpretation"]


@pytest.mark.parametrize(
    ("pixel_format", "message"),
    [
        (PixelFormat(50, 40, 1, 8, 8, 0, "MONOCHROME2"), "has 40 rows, 50 columns and"),
        (PixelFormat(40, 50, 3, 8, 8, 0, "RGB", 0), "1 samples per pixel instead of"),
    ],
)
def test_frames_of_another_size_are_refused(pixel_format, message):
    data = FrameEncoder(JPEG_LS, GRAY)(smooth(GRAY))

    with pytest.raises(FrameCodingError, match=message):
        FrameDecoder(JPEG_LS, pixel_format)(data)


def test_frames_of_more_bits_are_refused():
    pixel_format = PixelFormat(40, 50, 1, 16, 12, 0, "MONOCHROME2")
    data = FrameEncoder(JPEG_LS, pixel_format)(smooth(pixel_format))

    with pytest.raises(FrameCodingError, match="12 bits, for which the 8 bits alloc"):
        FrameDecoder(JPEG_LS, GRAY)(data)


def test_headers_that_claim_huge_frames_are_refused_before_decoding():
    data = bytearray(FrameEncoder(JPEG_LS, GRAY)(smooth(GRAY)))
    place = data.index(b"\xff\xf7") + 5
    data[place : place + 4] = b"\xff\xff\xff\xff"

    with pytest.raises(FrameCodingError, match="has 65535 rows, 65535 columns"):
        FrameDecoder(JPEG_LS, GRAY)(bytes(data))


@pytest.mark.parametrize(
    "uid",
    [
        JPEG,
        JPEG_LS,
        pytest.param(JPEG_2000, marks=needs_openjpeg),
        pytest.param(HTJ2K, marks=needs_imagecodecs),
        DEFLATED,
    ],
)
def test_truncated_frames_are_refused(uid):
    frame = np.random.default_rng(0).integers(0, 256, (40, 50)).astype(np.uint8)
    data = FrameEncoder(uid, GRAY)(frame)
    decode = FrameDecoder(uid, GRAY)

    with pytest.raises(InvalidArgumentError, match="must not be empty"):
        decode(b"")
    for size in (1, 3, 20):
        with reading_policy("lenient"), pytest.raises(FrameCodingError):
            decode(data[:size])
    with pytest.raises(FrameCodingError):
        decode(bytes(200))


def test_jpeg_ls_without_an_end_is_refused_at_once():
    data = FrameEncoder(JPEG_LS, GRAY)(smooth(GRAY))
    decode = FrameDecoder(JPEG_LS, GRAY)

    np.testing.assert_array_equal(decode(data + b"\0"), smooth(GRAY))
    with reading_policy("lenient"), pytest.raises(FrameCodingError, match="truncated"):
        decode(data[:-2])


@needs_openjpeg
@pytest.mark.parametrize(
    ("place", "value"),
    [
        pytest.param(4, b"\xff\xff", id="length"),
        pytest.param(24, bytes(4), id="width of tiles"),
        pytest.param(28, bytes(4), id="height of tiles"),
        pytest.param(32, b"\0\0\0\1", id="tiles right of the image"),
        pytest.param(16, b"\0\0\1\0", id="image beyond the first tile"),
        pytest.param(43, b"\0", id="spacing of samples"),
    ],
)
def test_tiles_of_jpeg_2000_have_to_be_possible(place, value):
    data = bytearray(FrameEncoder(JPEG_2000, GRAY)(smooth(GRAY)))
    data[place : place + len(value)] = value

    with pytest.raises(FrameCodingError, match="header of a JPEG 2000 codestream"):
        FrameDecoder(JPEG_2000, GRAY)(bytes(data))


@pytest.mark.parametrize("uid", [JPEG_LS, DEFLATED])
@pytest.mark.parametrize("with_imagecodecs", [True, False])
def test_truncated_samples_are_refused(uid, with_imagecodecs, monkeypatch):
    frame = np.random.default_rng(0).integers(0, 256, (40, 50)).astype(np.uint8)
    data = FrameEncoder(uid, GRAY)(frame)
    if not with_imagecodecs:
        monkeypatch.setattr(imagecodecs, "is_available", lambda codec: False)

    with reading_policy("lenient"), pytest.raises(FrameCodingError):
        FrameDecoder(uid, GRAY)(data[: len(data) // 2])


def test_jpeg_without_an_end_is_tolerated_as_the_policy_says():
    data = FrameEncoder(JPEG, GRAY)(smooth(GRAY))
    decode = FrameDecoder(JPEG, GRAY)

    assert decode(data + b"\0").shape == (40, 50)
    with (
        pytest.warns(NonconformantDatasetWarning, match="as if it was truncated"),
        suppress(FrameCodingError),  # Pillow refuses what others tolerate
    ):
        decode(data.removesuffix(b"\xff\xd9"))
    with reading_policy("strict"), pytest.raises(NonconformantDatasetError):
        decode(data.removesuffix(b"\xff\xd9"))


def jp2(*boxes):
    signature = struct.pack(">I4sI", 12, b"jP  ", 0x0D0A870A)
    return signature + b"".join(boxes)


@needs_openjpeg
def test_codestreams_in_jp2_are_found():
    codestream = FrameEncoder(JPEG_2000, GRAY)(smooth(GRAY))
    other = struct.pack(">I4s", 12, b"ftyp") + b"jp2 "

    for length in (0, 8 + len(codestream)):
        box = struct.pack(">I4s", length, b"jp2c") + codestream
        assert read_jpeg_2000(jp2(other, box)) == (40, 50, 1, 8, False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        jp2(),
        jp2(struct.pack(">I4s", 0, b"free") + bytes(50)),
        jp2(struct.pack(">I4s", 7, b"free") + bytes(50)),
        jp2(struct.pack(">I4s", 2**32 - 1, b"free")),
        jp2(struct.pack(">I4s", 0, b"jp2c") + bytes(50)),
        b"\xff\x4f\xff\x51" + bytes(5),
    ],
)
def test_headers_of_jpeg_2000_that_are_none_are_refused(data):
    with pytest.raises(FrameCodingError, match="header of a JPEG 2000 codestream"):
        read_jpeg_2000(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\x00\x00",
        b"\xff\xd8\xff\xda\x00\x02",
        b"\xff\xd8\xff\xe0\xff\xff",
        b"\xff\xd8\xff\xe0\x00\x00\xff",
        b"\xff\xd8\xff\xc0\x00\x11\x08\x00",
    ],
)
def test_headers_of_jpeg_that_are_none_are_refused(data):
    with pytest.raises(FrameCodingError, match="header of a JPEG codestream"):
        read_jpeg(data)


def test_headers_of_jpeg_are_found_behind_other_segments():
    frame_header = b"\xff\xc3\x00\x0b\x0c\x00\x00\x00\x05\x01\x01\x11\x00"
    data = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xff\xd0\xff\xc4\x00\x03c" + frame_header

    header = read_jpeg(data)

    # The number of rows is given after the frame, and may be any.
    assert header == (0, 5, 1, 12, False)
    header.check(PixelFormat(9, 5, 1, 16, 12, 0, "MONOCHROME2"))


@pytest.mark.parametrize(
    ("uid", "coder", "message"),
    [
        ("1.2.3", FrameDecoder, "'1.2.3' is not that of a transfer syntax"),
        ("1.2.3", FrameEncoder, "'1.2.3' is not that of a transfer syntax"),
        (MPEG2, FrameDecoder, "cannot be decoded from the transfer syntax MPEG2"),
        (MPEG2, FrameEncoder, "cannot be encoded in the transfer syntax MPEG2"),
        (JPEG_LOSSLESS, FrameEncoder, "those that can be are Implicit VR"),
    ],
)
def test_unsupported_transfer_syntaxes_are_refused(uid, coder, message):
    with pytest.raises(UnsupportedTransferSyntaxError, match=message):
        coder(uid, GRAY)


@pytest.mark.parametrize(
    ("uid", "pixel_format", "message"),
    [
        (
            JPEG,
            PixelFormat(4, 4, 1, 16, 12, 0, "MONOCHROME2"),
            "16 bits allocated and 12 stored, unsigned .PixelData., but MONOCHROME1 or",
        ),
        (JPEG, PixelFormat(4, 4, 1, 8, 8, 1, "MONOCHROME2"), "stored, signed"),
        (JPEG, PixelFormat(4, 4, 1, 8, 8, 0, "PALETTE COLOR"), "PALETTE COLOR of 1"),
        (JPEG_LS, PixelFormat(4, 4, 1, 8, 1, 0, "MONOCHROME2"), "2 to 16 stored"),
        (JPEG_LS, PixelFormat(4, 4, 1, 1, 1, 0, "MONOCHROME2"), "8 or 16 bits alloc"),
        (
            DEFLATED,
            PixelFormat(4, 4, 1, 32, 32, 0, "MONOCHROME2", keyword="FloatPixelData"),
            "FloatPixelData., but integers",
        ),
        pytest.param(
            JPEG_2000,
            PixelFormat(40, 40, 1, 32, 32, 0, "MONOCHROME2"),
            "Frames of at most 16 bits allocated",
            marks=needs_openjpeg,
        ),
    ],
)
def test_formats_that_a_syntax_cannot_carry_are_refused(uid, pixel_format, message):
    with pytest.raises(UnsupportedTransferSyntaxError, match=message):
        FrameEncoder(uid, pixel_format)


def test_floats_are_not_decoded_from_encapsulated_data():
    pixel_format = PixelFormat(
        4, 4, 1, 32, 32, 0, "MONOCHROME2", keyword="FloatPixelData"
    )

    with pytest.raises(UnsupportedTransferSyntaxError, match="FloatPixelData"):
        FrameDecoder(JPEG_2000, pixel_format)


def test_jpeg_is_not_written_as_rgb():
    pixel_format = PixelFormat(16, 16, 3, 8, 8, 0, "RGB", 0)

    with pytest.raises(UnsupportedTransferSyntaxError, match="YBR_FULL_422, not RGB"):
        FrameEncoder(JPEG, pixel_format)(np.zeros((16, 16, 3), np.uint8))


def test_failures_of_codecs_are_ours(monkeypatch):
    def fail(*arguments, **options):
        raise OSError("no\n space")

    monkeypatch.setattr(plugins, "encode", fail)
    with pytest.raises(FrameCodingError, match=r"JPEG-LS.*: no space\.") as raised:
        FrameEncoder(JPEG_LS, GRAY)(smooth(GRAY))
    assert isinstance(raised.value.__cause__, OSError)


@pytest.mark.usefixtures("without_imagecodecs")
def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr(plugins, "available_decoders", lambda uid: ())
    monkeypatch.setattr(plugins, "has_encoder", lambda uid: False)

    for uid, package in [
        (JPEG_EXTENDED, "pylibjpeg-libjpeg"),
        (JPEG_2000, "pylibjpeg-openjpeg"),
        (HTJ2K, "pylibjpeg-openjpeg"),
        (JPEG_LS, "pyjpegls"),
    ]:
        with pytest.raises(MissingDependencyError, match=f"'{package}' is needed"):
            FrameDecoder(uid, GRAY)
    for uid, package in [(JPEG_2000, "pylibjpeg-openjpeg"), (HTJ2K, "imagecodecs")]:
        with pytest.raises(MissingDependencyError, match=f"'{package}' is needed"):
            FrameEncoder(uid, GRAY)


def test_plugins_are_chosen_among_those_installed(monkeypatch):
    class Decoder:
        available_plugins = ()

    monkeypatch.setattr(plugins, "get_decoder", lambda uid: Decoder)

    for installed, chosen in [
        ((), ()),
        (("pylibjpeg",), ("",)),
        (("pyjpegls", "pylibjpeg"), ("pyjpegls",)),
    ]:
        Decoder.available_plugins = installed
        assert plugins.available_decoders(JPEG_LS) == chosen


@pytest.mark.parametrize("uid", [JPEG_LS, JPEG_LS_NEAR])
@pytest.mark.parametrize(
    ("allocated", "stored", "sign"), [(8, 8, 0), (16, 7, 0), (16, 12, 0), (16, 12, 1)]
)
@pytest.mark.usefixtures("without_imagecodecs")
def test_jpeg_ls_is_decoded_by_its_plugin(uid, allocated, stored, sign):
    pixel_format = PixelFormat(40, 50, 1, allocated, stored, sign, "MONOCHROME2")
    frame = smooth(pixel_format)
    data = FrameEncoder(uid, pixel_format)(frame)

    decoded = FrameDecoder(uid, pixel_format)(data)

    assert decoded.dtype == frame.dtype
    np.testing.assert_array_equal(decoded, frame)


def test_the_plugin_of_jpeg_ls_refuses_frames_of_another_shape():
    data = FrameEncoder(JPEG_LS, GRAY)(smooth(GRAY))
    other = PixelFormat(50, 40, 1, 8, 8, 0, "MONOCHROME2")

    with pytest.raises(ValueError, match=r"has the shape \(40, 50\)"):
        plugins.decode(JPEG_LS, "pyjpegls", data, other)


@needs_imagecodecs
def test_frames_that_imagecodecs_gives_another_shape_are_left_to_others(monkeypatch):
    data = FrameEncoder(JPEG_LS, GRAY)(smooth(GRAY))
    monkeypatch.setitem(
        decoding._OWN, JPEG_LS, ("JPEGLS", lambda data: np.zeros((3, 3), np.uint8))
    )

    np.testing.assert_array_equal(FrameDecoder(JPEG_LS, GRAY)(data), smooth(GRAY))


def test_imagecodecs_is_optional(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "imagecodecs", None)
    imagecodecs.is_available.cache_clear()
    try:
        monkeypatch.setattr(imagecodecs, "find_spec", lambda name: None)
        assert not imagecodecs.is_available("HTJ2K")
        with pytest.raises(MissingDependencyError, match=r"highdicom\[fast-codecs\]"):
            imagecodecs.decode_jpeg_2000(b"")
    finally:
        imagecodecs.is_available.cache_clear()


@needs_imagecodecs
def test_damaged_codestreams_of_htj2k_are_refused_not_returned_half_decoded():
    """The codec gives what was in memory, and tells of the error elsewhere."""
    pixel_format = PixelFormat(40, 41, 1, 16, 12, 0, "MONOCHROME2")
    frame = np.random.default_rng(0).integers(0, 64, (40, 41)).astype(np.uint16)
    encoded = FrameEncoder(HTJ2K, pixel_format)(frame)
    decode, hook = FrameDecoder(HTJ2K, pixel_format), sys.unraisablehook
    refused = 0
    for place in range(0, len(encoded) - 2, 7):
        damaged = bytearray(encoded)
        damaged[place] ^= 0xFF
        try:
            decode(bytes(damaged))
        except FrameCodingError:
            refused += 1
    assert refused > 10
    assert sys.unraisablehook is hook
    np.testing.assert_array_equal(decode(encoded), frame)
