"""Pixel Data of new images: native or encapsulated, and how it comes to a file."""

from io import BytesIO

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.encaps import parse_basic_offsets
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless
from seg_objects import labels, read_again, segmentation

from highdicom import testing
from highdicom.codec.format import PixelFormat
from highdicom.image.pixel_data import put_image_pixel, put_pixel_data


def form(rows=3, columns=5, bits=8, keyword="PixelData"):
    return PixelFormat(rows, columns, 1, bits, bits, 0, "MONOCHROME2", None, keyword)


def encoded(frames, pixel_format, syntax=ExplicitVRLittleEndian, **options):
    dataset = Dataset()
    put_image_pixel(dataset, pixel_format)
    put_pixel_data(dataset, frames, pixel_format, syntax, **options)
    return dataset


def test_frames_follow_each_other_padded_to_even_length():
    frames = np.arange(45, dtype=np.uint8).reshape(3, 3, 5)
    dataset = encoded(frames, form())
    assert dataset.PixelData == frames.tobytes() + b"\0"
    assert dataset["PixelData"].VR == "OB"
    assert (dataset.BitsAllocated, dataset.HighBit) == (8, 7)


def test_words_are_little_endian():
    frames = np.array([[[1, 2], [3, 770]]], ">u2")
    dataset = encoded(frames.astype(np.uint16), form(2, 2, 16))
    assert dataset.PixelData == bytes([1, 0, 2, 0, 3, 0, 2, 3])
    assert dataset["PixelData"].VR == "OW"


@pytest.mark.parametrize("count", [1, 7, 8, 9, 17])
def test_frames_of_bits_have_no_gaps(count):
    frames = np.random.default_rng(count).integers(0, 2, (count, 3, 5), np.uint8)
    dataset = encoded(frames, form(bits=1))
    bits = np.unpackbits(np.frombuffer(dataset.PixelData, np.uint8), bitorder="little")
    np.testing.assert_array_equal(bits[: frames.size], frames.reshape(-1))
    assert not bits[frames.size :].any()
    assert len(dataset.PixelData) % 2 == 0


def test_compressed_frames_have_an_offset_table():
    frames = np.arange(45, dtype=np.uint8).reshape(3, 3, 5)
    basic = encoded(frames, form(), RLELossless)
    assert basic["PixelData"].is_undefined_length
    assert len(parse_basic_offsets(basic.PixelData)) == 3
    extended = encoded(frames, form(), RLELossless, use_extended_offset_table=True)
    assert parse_basic_offsets(extended.PixelData) == []
    assert len(extended.ExtendedOffsetTable) == len(extended.ExtendedOffsetTableLengths)
    assert len(extended.ExtendedOffsetTable) == 3 * 8


def test_frames_are_compressed_in_other_processes_alike():
    frames = np.arange(60, dtype=np.uint8).reshape(4, 3, 5)
    here = encoded(frames, form(), RLELossless)
    there = encoded(frames, form(), RLELossless, workers=2)
    assert here.PixelData == there.PixelData


def test_frame_of_the_wrong_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        encoded([np.zeros((3, 4), np.uint8)], form())


@pytest.mark.parametrize(
    "syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless]
)
@pytest.mark.parametrize("kind", ["LABELMAP", "BINARY"])
def test_large_pixel_data_is_written_as_it_is_held(syntax, kind):
    # Large pixel data goes to the file by another way than small one.
    sources = testing.ct_series(3, rows=1500, columns=1400)
    array = labels((3, 1500, 1400))
    array += np.random.default_rng(1).integers(0, 2, array.shape, np.uint8) * (
        array == 0
    ).astype(np.uint8)
    image = segmentation(sources, array, kind, transfer_syntax_uid=syntax)
    assert len(image.PixelData) > 2**20
    buffer = BytesIO()
    image.save_as(buffer, enforce_file_format=True)
    plain = dcmread(BytesIO(buffer.getvalue()))
    assert plain.PixelData == image.PixelData
    again = read_again(read_again(image))
    assert again.PixelData == image.PixelData
    uids = [source.SOPInstanceUID for source in sources]
    found = again.get_pixels_by_source_instance(uids, combine_segments=True)
    np.testing.assert_array_equal(found, array)
