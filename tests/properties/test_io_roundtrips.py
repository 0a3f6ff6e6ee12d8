"""Frames come back whatever way they are stored; damage never goes unnamed."""

import struct
import warnings
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
)

from highdicom.errors import HighdicomError
from highdicom.io.frame_reader import DatasetFrameReader, FileFrameReader
from highdicom.io.header import read_dataset, read_header
from highdicom.io.local import BytesSource
from highdicom.io.ranges import read_ranges

NATIVE = [
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    DeflatedExplicitVRLittleEndian,
]


class Source(BytesSource):
    """Bytes that take as long to come as those of a server."""

    def __init__(self, data, request_cost):
        super().__init__(data)
        self.request_cost = request_cost


def dataset_with(number_of_frames, transfer_syntax):
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7.2"
    dataset.SOPInstanceUID = "1.2.3"
    dataset.NumberOfFrames = number_of_frames
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows = dataset.Columns = 4
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit = 7
    dataset.PixelRepresentation = 0
    content = Dataset()
    content.FrameLabel = "label"
    content.is_undefined_length_sequence_item = number_of_frames % 2 == 0
    groups = Dataset()
    groups.FrameContentSequence = [content]
    dataset.PerFrameFunctionalGroupsSequence = [groups] * number_of_frames
    element = dataset["PerFrameFunctionalGroupsSequence"]
    element.is_undefined_length = number_of_frames % 3 == 0
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = transfer_syntax
    return dataset


def saved(dataset):
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def check(dataset, content, frames, indices, cost):
    for reader in (
        FileFrameReader(Source(content, cost)),
        DatasetFrameReader(read_dataset(Source(content, cost))),
        DatasetFrameReader(dataset),
    ):
        assert reader.number_of_frames == len(frames)
        expected = [frames[index] for index in indices]
        assert [reader.read_frame(index) for index in indices] == expected
        assert list(reader.read_frames(indices)) == expected


def indices_of(count):
    return st.lists(st.integers(0, count - 1), max_size=12)


@st.composite
def native_images(draw):
    bits = draw(st.sampled_from([1, 8, 16, 32]))
    rows, columns = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    samples = draw(st.sampled_from([1, 3])) if bits > 1 else 1
    count = draw(st.integers(1, 7))
    size = rows * columns * samples
    dataset = dataset_with(count, draw(st.sampled_from(NATIVE)))
    dataset.Rows, dataset.Columns = rows, columns
    dataset.SamplesPerPixel = samples
    dataset.BitsAllocated = dataset.BitsStored = bits
    values = np.random.default_rng(size).integers(0, 2, (count, size * bits), np.uint8)
    packed = np.packbits(values.reshape(-1), bitorder="little").tobytes()
    dataset.add_new(0x7FE00010, "OW" if bits > 8 else "OB", packed)
    return dataset, values


@given(image=native_images(), data=st.data())
def test_native_frames_hold_their_bits(image, data):
    dataset, values = image
    indices = data.draw(indices_of(len(values)))
    cost = data.draw(st.sampled_from([0, 1 << 13, 1 << 18]))
    content = saved(dataset)
    bits = values.shape[1]
    frames = []
    reader = DatasetFrameReader(dataset)
    for index, expected in enumerate(values):
        frame = reader.read_frame(index)
        first = reader.first_bit(index)
        found = np.unpackbits(np.frombuffer(frame, np.uint8), bitorder="little")
        assert (found[first : first + bits] == expected).all()
        frames.append(frame)
    check(dataset, content, frames, indices, cost)


@st.composite
def encapsulated_images(draw):
    count = draw(st.integers(1, 8))
    sizes = draw(st.lists(st.integers(2, 300), min_size=count, max_size=count))
    # Even lengths, since padding cannot be told from data without a table of lengths.
    frames = [
        b"\xff\x4f\xff\x51" + bytes([index]) * (2 * size) + b"\xff\xd9"
        for index, size in enumerate(sizes)
    ]
    dataset = dataset_with(count, JPEG2000Lossless)
    table = draw(st.sampled_from(["none", "basic", "extended"]))
    if table == "extended":
        pixels, offsets, lengths = encapsulate_extended(frames)
        dataset.ExtendedOffsetTable = offsets
        dataset.ExtendedOffsetTableLengths = lengths
    else:
        fragments = draw(st.integers(1, 3))
        pixels = encapsulate(frames, fragments, has_bot=table == "basic")
    dataset.add_new(0x7FE00010, "OB", pixels)
    dataset["PixelData"].is_undefined_length = True
    return dataset, frames


@given(image=encapsulated_images(), data=st.data())
def test_encapsulated_frames_come_back(image, data):
    dataset, frames = image
    indices = data.draw(indices_of(len(frames)))
    cost = data.draw(st.sampled_from([0, 1 << 13, 1 << 18]))
    check(dataset, saved(dataset), frames, indices, cost)


@given(image=st.one_of(native_images(), encapsulated_images()))
def test_files_are_written_as_they_were_read(image):
    content = saved(image[0])
    if image[0].file_meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian:
        # What is deflated anew need not be the same bytes.
        assert read_dataset(BytesSource(content)).PixelData == image[0].PixelData
    else:
        assert saved(read_dataset(BytesSource(content))) == content


def samples():
    native = dataset_with(3, ExplicitVRLittleEndian)
    native.add_new(0x7FE00010, "OB", bytes(48))
    implicit = dataset_with(2, ImplicitVRLittleEndian)
    implicit.add_new(0x7FE00010, "OW", bytes(32))
    compressed = dataset_with(3, JPEG2000Lossless)
    frames = [b"\xff\x4f\xff\x51" + bytes(20) + b"\xff\xd9"] * 3
    pixels, offsets, lengths = encapsulate_extended(frames)
    compressed.ExtendedOffsetTable = offsets
    compressed.ExtendedOffsetTableLengths = lengths
    compressed.add_new(0x7FE00010, "OB", pixels)
    compressed["PixelData"].is_undefined_length = True
    basic = dataset_with(3, JPEG2000Lossless)
    basic.add_new(0x7FE00010, "OB", encapsulate(frames, 2))
    basic["PixelData"].is_undefined_length = True
    return [saved(dataset) for dataset in (native, implicit, compressed, basic)]


SAMPLES = samples()

mutations = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=4)),
        st.tuples(
            st.integers(0, 2000),
            st.sampled_from([b"\xff" * 4, bytes(4), struct.pack("<I", 1 << 31)]),
        ),
    ),
    max_size=4,
)


@settings(max_examples=300)
@pytest.mark.filterwarnings("ignore")
@given(
    sample=st.sampled_from(SAMPLES),
    changes=mutations,
    stop=st.one_of(st.none(), st.integers(0, 2000)),
)
def test_damage_is_read_or_an_error_of_ours(sample, changes, stop):
    content = bytearray(sample)
    for place, value in changes:
        # The preamble says nothing.
        start = 128 + place % (len(content) - 128)
        content[start : start + len(value)] = value
    content = bytes(content[:stop])
    for read in (read_header, read_dataset, _read_frames):
        message = _refusal(read, content)
        assert message is None or message.endswith(".")


def _refusal(read, content):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read(BytesSource(content))
    except HighdicomError as error:
        return str(error)
    return None


def _read_frames(source):
    reader = FileFrameReader(source)
    _ = reader.transfer_syntax_uid
    for index in range(min(reader.number_of_frames, 4)):
        assert reader.read_frame(index)


@given(
    content=st.binary(max_size=3000),
    ranges=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 500)), max_size=20),
    cost=st.sampled_from([0, 1, 7, 100, 10_000]),
)
def test_merged_ranges_are_those_asked_for(content, ranges, cost):
    expected = [content[offset : offset + size] for offset, size in ranges]
    assert read_ranges(Source(content, cost), ranges) == expected
