"""What crosses the network when an image is read over HTTP."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from io_building import JPEG, attributes, element, encapsulated, extended, file, item

from highdicom.io.frame_reader import FileFrameReader
from highdicom.io.header import read_dataset
from highdicom.io.image_file_reader import ImageFileReader
from highdicom.io.sources import open_source

pytestmark = pytest.mark.network

COUNT = 400


def slide(offsets):
    """Return a file of compressed tiles, its header, its tiles and their places."""
    random = Random(0)
    tiles = [
        b"\xff\xd8\xff"
        + random.randbytes(2 * random.randrange(2000, 4000))
        + b"\xff\xd9\0"
        for _ in range(COUNT)
    ]
    places, place = [], 0
    for tile in tiles:
        places.append(place)
        place += len(tile) + 8
    groups = b"".join(
        item(element(0x00209111, "SQ", item(element(0x00209056, "SH", b"%d" % number))))
        for number in range(COUNT)
    )
    header = attributes(COUNT, 256, 256, samples=3, interpretation="YBR_FULL_422")
    header += element(0x00282000, "OB", random.randbytes(20_000))
    header += element(0x52009230, "SQ", groups)
    if offsets == "extended":
        header += extended(places, map(len, tiles))
    pixel_data = encapsulated(tiles, places if offsets == "basic" else ())
    return file(header + pixel_data, JPEG), len(file(header, JPEG)), tiles


@pytest.mark.parametrize("offsets", ["basic", "extended"])
def test_opening_reads_the_header_and_a_region_its_tiles(range_server, offsets):
    content, header_size, tiles = slide(offsets)
    range_server.files["/slide.dcm"] = content
    reader = FileFrameReader(open_source(range_server.url("/slide.dcm")))
    dataset = reader.read_dataset()
    assert dataset.Rows == 256
    assert range_server.bytes_sent < 2 * header_size + 20_000
    assert len(range_server.requests) <= 6

    range_server.requests.clear()
    region = [20 * row + column for row in (3, 4) for column in (5, 6)]
    assert list(reader.read_frames(region)) == [tiles[index] for index in region]
    touched = sum(len(tiles[index]) + 8 for index in region)
    table = 8 + (4 * COUNT if offsets == "basic" else 0) + 8
    assert range_server.bytes_sent <= touched + table
    # One for each row of tiles, and those for the table.
    assert len(range_server.requests) <= 4


def test_items_are_found_in_few_requests(range_server):
    content, _, tiles = slide("none")
    range_server.files["/slide.dcm"] = content
    reader = FileFrameReader(open_source(range_server.url("/slide.dcm")))
    range_server.requests.clear()
    assert reader.read_frame(COUNT - 1) == tiles[-1]
    assert len(range_server.requests) < 12
    range_server.requests.clear()
    assert reader.read_frame(7) == tiles[7]
    assert range_server.bytes_sent == len(tiles[7]) + 8


def test_whole_file_is_read_once(range_server):
    content, header_size, _ = slide("basic")
    range_server.files["/slide.dcm"] = content
    dataset = read_dataset(open_source(range_server.url("/slide.dcm")))
    assert len(dataset.PixelData) == len(content) - header_size - 12 - 8
    assert range_server.bytes_sent < len(content) + header_size + 20_000


def test_image_file_reader_reads_urls(range_server):
    content, header_size, tiles = slide("basic")
    range_server.files["/slide.dcm"] = content
    with ImageFileReader(range_server.url("/slide.dcm")) as reader:
        assert reader.read_frame_raw(3) == tiles[3]
    assert range_server.bytes_sent < 2 * header_size + 40_000


def test_reader_works_in_threads_and_when_pickled(range_server):
    content, _, tiles = slide("basic")
    range_server.files["/slide.dcm"] = content
    reader = FileFrameReader(open_source(range_server.url("/slide.dcm")))
    with ThreadPoolExecutor(8) as executor:
        assert list(executor.map(reader.read_frame, range(100))) == tiles[:100]
    assert pickle.loads(pickle.dumps(reader)).read_frame(9) == tiles[9]
