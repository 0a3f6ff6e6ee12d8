"""Frames of native and encapsulated pixel data."""

import multiprocessing
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import copy, deepcopy
from io import BytesIO
from random import Random

import numpy as np
import pytest
from io_building import (
    BIG_ENDIAN,
    DEFLATED,
    EXPLICIT,
    JPEG,
    RLE,
    attributes,
    big_endian,
    element,
    encapsulated,
    extended,
    file,
    item,
    native,
)
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from test_io_header import CountingSource, deflated

from highdicom.errors import (
    ArgumentTypeError,
    FrameNumberError,
    MissingAttributeError,
    NonconformantDatasetWarning,
    SourceError,
)
from highdicom.io.frame_reader import DatasetFrameReader, FileFrameReader, FrameReader
from highdicom.io.local import BytesSource
from highdicom.io.offsets import OffsetTable
from highdicom.io.sources import open_source
from highdicom.testing.contracts import FrameReaderContract
from highdicom.uid import UID

JPEG_2000 = "1.2.840.10008.1.2.4.90"
JPEG_XL = "1.2.840.10008.1.2.4.110"


def reader_of(content, cost=0):
    return FileFrameReader(CountingSource(content, cost))


def frames_of(content, cost=0):
    reader = reader_of(content, cost)
    frames = [reader.read_frame(index) for index in range(reader.number_of_frames)]
    assert list(reader.read_frames(range(reader.number_of_frames))) == frames
    in_memory = DatasetFrameReader(dcmread(BytesIO(content)))
    assert list(in_memory.read_frames(range(in_memory.number_of_frames))) == frames
    return frames


class TestFileFrameReader(FrameReaderContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.path = tmp_path / "image.dcm"

    def make_reader(self, dataset):
        dataset.save_as(self.path, enforce_file_format=True)
        return FileFrameReader(open_source(self.path))


class TestFileFrameReaderOfBytes(FrameReaderContract):
    def make_reader(self, dataset):
        buffer = BytesIO()
        dataset.save_as(buffer, enforce_file_format=True)
        return FileFrameReader(open_source(buffer.getvalue()))


@pytest.mark.network
class TestFileFrameReaderOverHttp(FrameReaderContract):
    @pytest.fixture(autouse=True)
    def _server(self, range_server):
        self.server = range_server

    def make_reader(self, dataset):
        buffer = BytesIO()
        dataset.save_as(buffer, enforce_file_format=True)
        self.server.files["/image.dcm"] = buffer.getvalue()
        return FileFrameReader(open_source(self.server.url("/image.dcm")))


class TestDatasetFrameReader(FrameReaderContract):
    def make_reader(self, dataset):
        return DatasetFrameReader(dataset)


def test_readers_are_frame_readers():
    content = file(attributes() + native(b"abcd"))
    assert isinstance(reader_of(content), FrameReader)
    assert isinstance(DatasetFrameReader(dcmread(BytesIO(content))), FrameReader)


# Native frames


def test_native_frames_follow_each_other():
    content = file(attributes(3) + native(b"abcdefghijkl"))
    assert frames_of(content) == [b"abcd", b"efgh", b"ijkl"]


def test_image_without_number_of_frames_has_one():
    assert frames_of(file(attributes() + native(b"abcd"))) == [b"abcd"]


def test_frame_of_odd_length_has_no_padding():
    content = file(attributes(3, rows=1, columns=3) + native(b"abcdefghi"))
    assert frames_of(content) == [b"abc", b"def", b"ghi"]


def test_frames_of_words_and_samples_are_as_long_as_those():
    content = file(attributes(2, bits=16, samples=3) + native(bytes(range(48)), "OW"))
    assert frames_of(content) == [bytes(range(24)), bytes(range(24, 48))]


@pytest.mark.parametrize("interpretation", ["YBR_FULL_422", "YBR_PARTIAL_422"])
def test_subsampled_frames_have_two_bytes_a_pixel(interpretation):
    start = attributes(2, samples=3, interpretation=interpretation)
    assert frames_of(file(start + native(b"abcdefghijklmnop"))) == [
        b"abcdefgh",
        b"ijklmnop",
    ]


def test_frames_that_are_subsampled_in_name_only_are_found():
    start = attributes(2, samples=3, interpretation="YBR_FULL_422")
    content = file(start + native(bytes(range(24))))
    assert frames_of(content) == [bytes(range(12)), bytes(range(12, 24))]


@pytest.mark.parametrize(
    ("tag", "vr", "bits"), [(0x7FE00008, "OF", 32), (0x7FE00009, "OD", 64)]
)
def test_floating_point_frames_are_read(tag, vr, bits):
    size = 4 * bits // 8
    value = Random(0).randbytes(2 * size)
    content = file(attributes(2, bits=bits) + element(tag, vr, value))
    assert frames_of(content) == [value[:size], value[size:]]


@pytest.mark.parametrize(("rows", "columns"), [(3, 5), (1, 1), (4, 4), (7, 9), (1, 8)])
def test_frames_of_bits_are_the_bytes_that_they_touch(rows, columns):
    bits = np.random.default_rng(0).integers(0, 2, (7, rows * columns), np.uint8)
    packed = np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    content = file(attributes(7, rows, columns, bits=1) + native(packed))
    reader = reader_of(content)
    for index, data in enumerate(frames_of(content)):
        first = reader.first_bit(index)
        assert first == index * rows * columns % 8
        found = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        assert (found[first : first + rows * columns] == bits[index]).all()
        assert len(data) == -(-(first + rows * columns) // 8)


def test_first_bit_is_zero_where_frames_start_on_bytes():
    assert reader_of(file(attributes() + native(b"abcd"))).first_bit(0) == 0
    assert reader_of(file(attributes() + encapsulated([b"ab"]), RLE)).first_bit(0) == 0


@pytest.mark.parametrize("columns", [2, 3])
def test_bytes_in_big_endian_words_are_given_in_the_order_of_pixels(columns):
    size = 2 * columns
    pixels = bytes(range(3 * size))
    padded = pixels + b"\xff" * (len(pixels) % 2)
    swapped = bytes(
        byte for i in range(0, len(padded), 2) for byte in (padded[i + 1], padded[i])
    )
    start = b"".join(
        big_endian(tag, "US", bytes([0, value]))
        for tag, value in (
            (0x00280010, 2),
            (0x00280011, columns),
            (0x00280100, 8),
        )
    )
    frames = big_endian(0x00280008, "IS", b"3 ")
    content = file(frames + start + big_endian(0x7FE00010, "OW", swapped), BIG_ENDIAN)
    expected = [pixels[i * size : (i + 1) * size] for i in range(3)]
    assert frames_of(content) == expected


def test_big_endian_samples_are_left_as_stored():
    dataset = dcmread(get_testdata_file("MR_small_bigendian.dcm"))
    reader = DatasetFrameReader(dataset)
    frame = np.frombuffer(reader.read_frame(0), ">i2").reshape(64, 64)
    assert (frame == dataset.pixel_array).all()


def test_deflated_frames_are_read():
    content = deflated(attributes(3) + native(b"abcdefghijkl"))
    reader = reader_of(content)
    assert list(reader.read_frames([2, 0])) == [b"ijkl", b"abcd"]
    assert reader.transfer_syntax_uid == DEFLATED
    assert pickle.loads(pickle.dumps(reader)).read_frame(1) == b"efgh"


# Encapsulated frames


def halves(frames):
    return [half for frame in frames for half in (frame[:4], frame[4:])]


FRAMES = [b"\xff\xd8\xff" + bytes([n]) * 5 + b"\xff\xd9" for n in range(3)]


def test_frames_without_table_are_one_item_each():
    assert frames_of(file(attributes(3) + encapsulated(FRAMES), JPEG)) == FRAMES


def test_basic_offset_table_is_used():
    fragments = halves(FRAMES)
    content = file(attributes(3) + encapsulated(fragments, [0, 26, 52]), "1.2.3.4")
    assert frames_of(content) == FRAMES
    reader = reader_of(content)
    reader.read_frame(1)
    assert reader._frames.runs.origin is OffsetTable.BASIC


def test_extended_offset_table_is_used():
    tables = extended([0, 18, 36], [10, 10, 9])
    content = file(attributes(3) + tables + encapsulated(FRAMES), JPEG)
    expected = [*FRAMES[:2], FRAMES[2][:9]]
    assert frames_of(content) == expected
    reader = reader_of(content)
    reader.read_frame(1)
    assert reader._frames.runs.origin is OffsetTable.EXTENDED


def test_all_items_are_those_of_a_single_frame():
    fragments = halves(FRAMES)
    for offsets in ((), [0], [0, 26, 52]):
        content = file(attributes(1) + encapsulated(fragments, offsets), JPEG)
        assert frames_of(content) == [b"".join(FRAMES)]


@pytest.mark.parametrize(
    ("uid", "start", "end"),
    [
        (JPEG, b"\xff\xd8\xff\xe0", b"\xff\xd9"),
        (JPEG_2000, b"\xff\x4f\xff\x51", b"\xff\xd9"),
        (JPEG_2000, b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\xd9"),
        (JPEG_XL, b"\xff\x0a", b""),
        (RLE, b"\3\0\0\0\x40\0\0\0", b""),
    ],
)
def test_fragments_without_table_are_told_apart_by_what_frames_start_with(
    uid, start, end
):
    frames = [start + bytes([n]) * 20 + end for n in range(3)]
    fragments = [part for frame in frames for part in (frame[:16], frame[16:])]
    content = file(attributes(3) + encapsulated(fragments), uid)
    reader = reader_of(content)
    assert [reader.read_frame(index) for index in range(3)] == frames


@pytest.mark.parametrize("padding", [b"", b"\0", bytes(8)])
def test_fragments_are_told_apart_by_the_end_of_images(padding):
    # The second fragment of each frame starts like an image, too.
    frames = [
        FRAMES[n][:-2] + b"\xff\xd8\xff" + bytes([n]) * 3 + b"\xff\xd9" + padding
        for n in range(3)
    ]
    fragments = [part for frame in frames for part in (frame[:8], frame[8:])]
    content = file(attributes(3) + encapsulated(fragments), JPEG)
    for cost in (0, 1 << 18):
        reader = reader_of(content, cost)
        assert [reader.read_frame(index) for index in range(3)] == frames


def test_last_frame_ends_before_what_follows_the_pixel_data():
    trailing = element(0xFFFCFFFC, "OB", bytes(500_000))
    pixel_data = encapsulated(FRAMES, [0, 18, 36])
    content = file(attributes(3) + pixel_data + trailing, JPEG)
    source = CountingSource(content)
    reader = FileFrameReader(source)
    reader.read_frame(0)
    source.ranges.clear()
    assert reader.read_frame(2) == FRAMES[2]
    assert source.bytes_read < 1000


def test_encapsulated_value_of_defined_length_is_read():
    items = item() + b"".join(item(frame) for frame in FRAMES)
    content = file(attributes(3) + native(items), JPEG)
    assert frames_of(content) == FRAMES


def test_long_fragments_are_jumped_over_and_short_ones_read_together():
    cost = 1 << 12
    for size, most_requests in ((100, 12), (100_000, 80)):
        frames = [bytes([n]) * size for n in range(64)]
        source = CountingSource(file(attributes(64) + encapsulated(frames), RLE), cost)
        reader = FileFrameReader(source)
        source.ranges.clear()
        assert reader.read_frame(63) == frames[63]
        assert len(source.ranges) <= most_requests
        assert source.bytes_read < 64 * 1000 + 2 * size


# Reading


def test_neighbours_are_read_together_within_bounded_memory():
    size = 1000
    value = Random(0).randbytes(size * 3000)
    start = attributes(3000, rows=1, columns=size)
    source = CountingSource(file(start + native(value, "OW")), 1 << 12)
    reader = FileFrameReader(source)
    source.ranges.clear()
    frames = reader.read_frames(range(3000))
    assert next(frames) == value[:size]
    assert source.bytes_read <= (1 << 20) + size
    assert b"".join([value[:size], *frames]) == value
    assert len(source.ranges) < 50
    assert max(length for _, length in source.ranges) <= 32 << 12
    assert source.bytes_read == len(value)


def test_frames_far_apart_are_read_alone():
    size = 2000
    start = attributes(100, rows=1, columns=size)
    source = CountingSource(file(start + native(bytes(100 * size), "OW")))
    reader = FileFrameReader(source)
    source.ranges.clear()
    assert len(list(reader.read_frames([90, 10, 50]))) == 3
    assert source.bytes_read == 3 * size


def test_indices_are_taken_as_they_are_needed():
    start = attributes(10, rows=1000, columns=1000)
    reader = reader_of(file(start + native(bytes(10_000_000), "OW")))
    taken = []

    def indices():
        for index in range(10):
            taken.append(index)
            yield index

    frames = reader.read_frames(indices())
    next(frames)
    assert len(taken) < 4


@pytest.mark.parametrize("index", [0.0, "0", None, b"0", [0]])
def test_index_must_be_an_integer(index):
    reader = reader_of(file(attributes() + native(b"abcd")))
    with pytest.raises(ArgumentTypeError, match="'index' must be an integer"):
        reader.read_frame(index)


def test_numpy_integer_is_an_index():
    reader = reader_of(file(attributes() + native(b"abcd")))
    assert reader.read_frame(np.int64(0)) == b"abcd"


def test_index_error_names_the_frame():
    reader = reader_of(file(attributes(3) + native(bytes(12))))
    with pytest.raises(FrameNumberError, match="number of frames, 3, but is 3") as info:
        reader.read_frame(3)
    assert info.value.frame_numbers == (4,)
    with pytest.raises(FrameNumberError):
        reader.first_bit(-1)


def test_image_without_pixel_data_says_so_when_a_frame_is_read():
    reader = reader_of(file(attributes(2)))
    assert reader.number_of_frames == 2
    with pytest.raises(MissingAttributeError, match="'PixelData' is missing"):
        reader.read_frame(0)
    with pytest.raises(MissingAttributeError, match="'PixelData' is missing"):
        DatasetFrameReader(Dataset()).read_frame(0)


def test_unknown_transfer_syntax_says_so_when_it_is_asked_for():
    content = file(attributes(3) + encapsulated(FRAMES), None)
    with pytest.warns(NonconformantDatasetWarning):
        reader = reader_of(content)
    assert reader.read_frame(1) == FRAMES[1]
    with pytest.raises(MissingAttributeError, match="'TransferSyntaxUID' is missing"):
        _ = reader.transfer_syntax_uid


def test_transfer_syntax_is_one_of_our_uids():
    reader = reader_of(file(attributes() + native(b"abcd")))
    assert type(reader.transfer_syntax_uid) is UID
    assert reader.transfer_syntax_uid == EXPLICIT


def test_reader_keeps_the_attribute_that_holds_frames():
    assert reader_of(file(attributes() + native(b"abcd"))).keyword == "PixelData"


def test_closed_reader_refuses_to_read():
    reader = reader_of(file(attributes() + native(b"abcd")))
    reader.close()
    with pytest.raises(SourceError, match="has been closed"):
        reader.read_frame(0)


def test_dataset_is_read_anew_for_each_caller():
    reader = reader_of(file(attributes() + native(b"abcd")))
    first, second = reader.read_dataset(), reader.read_dataset()
    assert first is not second
    assert first == second


def test_pickled_reader_keeps_what_it_has_found():
    content = file(attributes(3) + encapsulated(FRAMES), JPEG)
    reader = reader_of(content)
    reader.read_frame(2)
    copied = pickle.loads(pickle.dumps(reader))
    assert len(copied._frames._runs) == 3
    assert copied.read_frame(1) == FRAMES[1]
    assert copied.read_dataset() == reader.read_dataset()


def test_pickled_reader_leaves_the_dataset_behind():
    content = file(
        attributes() + element(0x00420011, "OB", bytes(10_000)) + native(b"a")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BytesSource, "__reduce__", lambda self: (BytesSource, (b"",)))
        assert len(pickle.dumps(FileFrameReader(BytesSource(content)))) < 5000


def _read_in_child(reader, connection):
    connection.send(list(reader.read_frames([2, 0, 1])))
    connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_child_processes_read_what_the_parent_reads(tmp_path):
    path = tmp_path / "file.dcm"
    path.write_bytes(file(attributes(3) + encapsulated(FRAMES), JPEG))
    reader = FileFrameReader(open_source(path))
    fork = multiprocessing.get_context("fork")
    pipes = []
    for _ in range(3):
        receiving, sending = fork.Pipe(duplex=False)
        process = fork.Process(target=_read_in_child, args=(reader, sending))
        process.start()
        sending.close()
        pipes.append((process, receiving))
    assert reader.read_frame(1) == FRAMES[1]
    for process, receiving in pipes:
        assert receiving.poll(20)
        assert receiving.recv() == [FRAMES[2], FRAMES[0], FRAMES[1]]
        process.join(20)


def test_threads_look_for_frames_once():
    content = file(attributes(2000) + encapsulated([b"abcd"] * 2000), RLE)
    source = CountingSource(content)
    reader = FileFrameReader(source)
    with ThreadPoolExecutor(8) as executor:
        frames = list(executor.map(reader.read_frame, range(2000)))
    assert frames == [b"abcd"] * 2000
    scans = [length for _, length in source.ranges if length > 10_000]
    assert len(scans) <= 2


# Datasets in memory


def image(**values):
    dataset = dcmread(BytesIO(file(attributes(2) + native(b"abcdefgh"))))
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def test_dataset_is_left_as_it_is():
    dataset = image()
    before = deepcopy(dataset)
    reader = DatasetFrameReader(dataset)
    reader.read_frame(1)
    copied = reader.read_dataset()
    copied.Rows = 99
    copied.file_meta.TransferSyntaxUID = "1.2"
    assert dataset == before
    assert dataset.file_meta == before.file_meta


def test_buffered_pixel_data_are_read():
    dataset = image()
    dataset.PixelData = BytesIO(b"abcdefgh")
    dataset["PixelData"].VR = "OB"
    assert DatasetFrameReader(dataset).read_frame(1) == b"efgh"


def test_dataset_without_file_meta_is_native():
    dataset = Dataset()
    dataset.update(image())
    reader = DatasetFrameReader(dataset)
    assert reader.read_frame(1) == b"efgh"
    assert not hasattr(reader.read_dataset(), "file_meta")


def test_encapsulated_element_made_in_memory_need_not_say_its_length_is_undefined():
    dataset = image(PixelData=item() + item(b"ab") + item(b"cd"))
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = RLE
    dataset["PixelData"].is_undefined_length = False
    assert DatasetFrameReader(dataset).read_frame(1) == b"cd"


def test_shallow_and_deep_copies_of_readers_share_the_bytes():
    reader = DatasetFrameReader(image())
    for copied in (copy(reader), deepcopy(reader)):
        assert copied.read_frame(1) == b"efgh"
