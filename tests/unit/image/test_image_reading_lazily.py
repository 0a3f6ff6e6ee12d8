"""Images that are read frame by frame: copies, threads, processes, networks."""

import copy
import multiprocessing
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier

import numpy as np
import pytest

from highdicom import Image, imread, read
from highdicom.errors import SourceError
from highdicom.testing import enhanced_ct, file_bytes, slide, slide_pattern

JPEG = "1.2.840.10008.1.2.4.50"
RLE = "1.2.840.10008.1.2.5"
COUNT = 24


@pytest.fixture(params=["native", "RLE"])
def path(request, tmp_path):
    syntax = {"native": "1.2.840.10008.1.2.1", "RLE": RLE}[request.param]
    path = tmp_path / "image.dcm"
    path.write_bytes(file_bytes(enhanced_ct(COUNT, transfer_syntax=syntax)))
    return path


def test_lazy_images_survive_pickles_and_copies(path):
    image = imread(path, lazy_frame_retrieval=True)
    expected = imread(path).get_frames()
    for other in (
        pickle.loads(pickle.dumps(image)),
        copy.copy(image),
        copy.deepcopy(image),
    ):
        assert type(other) is Image
        assert "PixelData" not in other
        np.testing.assert_array_equal(other.get_frames(), expected)
        assert other.get_volume().array.shape == (COUNT, 16, 20)
    # Used ones, too, and again.
    twice = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(image))))
    np.testing.assert_array_equal(twice.get_frame(3), expected[2])


def test_a_copy_changes_without_the_original(path):
    image = imread(path, lazy_frame_retrieval=True)
    other = copy.deepcopy(image)
    other.PatientID = "other"
    assert image.PatientID == "EXAMPLE"


def test_a_pickle_holds_no_frames(path):
    image = imread(path, lazy_frame_retrieval=True)
    before = len(pickle.dumps(image))
    image.get_volume()
    assert len(pickle.dumps(image)) < before + 2000
    assert before < path.stat().st_size + 20_000


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_workers_that_are_forked_read_what_their_parent_reads(path):
    image = imread(path, lazy_frame_retrieval=True)
    expected = image.get_frames()
    numbers = list(range(1, COUNT + 1))
    with multiprocessing.get_context("fork").Pool(2) as pool:
        frames = pool.starmap(Image.get_frame, [(image, number) for number in numbers])
    np.testing.assert_array_equal(frames, expected)


def test_workers_that_are_spawned_read_what_their_parent_reads(path):
    """As data loaders do where there is no fork."""
    image = imread(path, lazy_frame_retrieval=True)
    expected = image.get_frames([3, 24])
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        frames = pool.starmap(Image.get_frame, [(image, 3), (image, 24)])
    np.testing.assert_array_equal(frames, expected)


def _frame_of_global(number):
    return _shared.get_frame(number)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_workers_inherit_an_open_image(path):
    global _shared  # noqa: PLW0603 (as data loaders do)
    _shared = imread(path, lazy_frame_retrieval=True)
    expected = _shared.get_frames()
    with multiprocessing.get_context("fork").Pool(3) as pool:
        frames = pool.map(_frame_of_global, range(1, COUNT + 1), chunksize=1)
    np.testing.assert_array_equal(frames, expected)
    np.testing.assert_array_equal(_shared.get_frame(5), expected[4])


@pytest.mark.parametrize("lazy", [False, True])
def test_eight_threads_read_what_one_reads(path, lazy):
    expected = imread(path).get_frames(apply_voi_transform=True)
    volume = imread(path).get_volume()
    image = imread(path, lazy_frame_retrieval=lazy)
    barrier = Barrier(8)

    def work(worker):
        # All begin at once, so that what is made once is made by several.
        barrier.wait(10)
        if worker == 0:
            return image.get_volume().array
        numbers = np.random.default_rng(worker).permutation(COUNT) + 1
        found = [image.get_frame(n, apply_voi_transform=True) for n in numbers]
        return np.stack(found)[np.argsort(numbers)]

    with ThreadPoolExecutor(8) as executor:
        first, *others = executor.map(work, range(8))
    np.testing.assert_array_equal(first, volume.array)
    for found in others:
        np.testing.assert_array_equal(found, expected)


def test_frames_that_go_missing_later_are_an_error(tmp_path):
    path = tmp_path / "image.dcm"
    content = file_bytes(enhanced_ct(COUNT))
    path.write_bytes(content)
    image = imread(path, lazy_frame_retrieval=True)
    path.unlink()
    try:
        frame = image.get_frame(1)  # an open file outlives its name
    except SourceError:
        pass
    else:
        assert frame.shape == (16, 20)
    assert image.PatientID == "EXAMPLE"


# --- over networks ---------------------------------------------------------------------

SIZE, TILE = 2048, 256


@pytest.fixture(scope="module", params=["basic", "extended"])
def served_slide(request):
    """Content of a file, its size without pixel data, and the sizes of its tiles."""
    dataset = slide(
        SIZE,
        SIZE,
        tile_size=(TILE, TILE),
        transfer_syntax=JPEG,
        extended_offsets=request.param == "extended",
    )
    content = file_bytes(dataset)
    image = Image.from_dataset(dataset)
    sizes = [len(image.get_raw_frame(n + 1)) for n in range(image.number_of_frames)]
    return content, len(content) - len(dataset.PixelData), np.array(sizes)


def tiles_of(rows, columns):
    """Zero-based numbers of the tiles that a region touches."""
    return [
        row * (SIZE // TILE) + column
        for row in range(rows[0] // TILE, -(-rows[1] // TILE))
        for column in range(columns[0] // TILE, -(-columns[1] // TILE))
    ]


@pytest.mark.network
@pytest.mark.parametrize("start", [(512, 1024), (300, 700), (1536, 0)])
def test_a_region_of_a_served_slide_costs_its_tiles(range_server, served_slide, start):
    content, header_size, sizes = served_slide
    range_server.files["/slide.dcm"] = content
    url = range_server.url("/slide.dcm")
    image = imread(url, lazy_frame_retrieval=True)
    assert image.is_tiled
    # The header is read in steps, of which the last goes a little too far.
    assert range_server.bytes_sent <= 2 * header_size + 20_000
    assert range_server.bytes_sent < len(content) // 10

    range_server.requests.clear()
    row, column = start
    region = image.get_total_pixel_matrix(
        row, row + 512, column, column + 512, as_indices=True, dtype=np.uint8
    )
    touched = tiles_of((row, row + 512), (column, column + 512))
    # Each tile is an item with a header and perhaps a byte of padding; the offset
    # table, if it stands with the pixel data, is read once.
    allowed = int((sizes[touched] + 9).sum()) + 4 * len(sizes) + 16
    assert range_server.bytes_sent <= allowed
    assert len(range_server.requests) <= len(touched) + 2

    expected = slide_pattern(SIZE, SIZE)[row : row + 512, column : column + 512]
    assert np.abs(region.astype(int) - expected).max() < 30
    # The same again costs the tiles, and not more.
    range_server.requests.clear()
    image.get_total_pixel_matrix(row + 1, row + 2, column + 1, column + 2)
    assert range_server.bytes_sent <= sizes[touched[0]] + 9


@pytest.mark.network
def test_an_image_behind_a_url_is_an_image(range_server):
    content = file_bytes(enhanced_ct(COUNT))
    range_server.files["/image.dcm"] = content
    url = range_server.url("/image.dcm")
    lazy = imread(url, lazy_frame_retrieval=True)
    expected = imread(BytesIO(content)).get_volume()
    np.testing.assert_array_equal(lazy.get_volume().array, expected.array)
    np.testing.assert_array_equal(read(url).get_volume().array, expected.array)
    again = pickle.loads(pickle.dumps(lazy))
    np.testing.assert_array_equal(again.get_volume().array, expected.array)
    with ThreadPoolExecutor(8) as executor:
        frames = list(executor.map(lazy.get_frame, range(1, COUNT + 1)))
    np.testing.assert_array_equal(frames, lazy.get_frames())


@pytest.mark.network
def test_a_slide_in_memory_of_fsspec_is_read_lazily():
    fsspec = pytest.importorskip("fsspec")
    with fsspec.open("memory://image-reading/slide.dcm", "wb") as file:
        file.write(file_bytes(slide()))
    image = imread("memory://image-reading/slide.dcm", lazy_frame_retrieval=True)
    found = image.get_total_pixel_matrix(5, 25, 15, 45, dtype=np.uint8)
    np.testing.assert_array_equal(found, slide_pattern(50, 70)[4:24, 14:44])


@pytest.mark.network
def test_a_region_over_dicomweb_asks_for_its_frames(wado_server):
    dataset = slide(transfer_syntax="1.2.840.10008.1.2.4.90", tile_size=(32, 32))
    wado_server.part_type = "image/jp2; transfer-syntax=1.2.840.10008.1.2.4.90"
    wado_server.keep(dataset)
    image = Image.from_reader(wado_server.reader())
    assert image.number_of_frames == dataset.NumberOfFrames
    assert image.is_tiled
    # One frame tells the transfer syntax in which the server gives them.
    assert len([path for path in wado_server.paths if "/frames/" in path]) <= 1
    wado_server.paths.clear()

    found = image.get_total_pixel_matrix(1, 20, 40, 60, dtype=np.uint8)
    np.testing.assert_array_equal(found, slide_pattern(50, 70)[:19, 39:59])
    asked = [path for path in wado_server.paths if "/frames/" in path]
    assert [path.rpartition("/frames/")[2] for path in asked] == ["2"]
    whole = image.get_total_pixel_matrix(dtype=np.uint8)
    np.testing.assert_array_equal(whole, slide_pattern(50, 70))


@pytest.mark.network
def test_a_volume_over_dicomweb_is_that_of_the_file(wado_server):
    dataset = enhanced_ct(COUNT)
    wado_server.keep(dataset)
    image = Image.from_reader(wado_server.reader())
    expected = Image.from_dataset(dataset).get_volume()
    volume = image.get_volume()
    np.testing.assert_array_equal(volume.array, expected.array)
    np.testing.assert_array_equal(volume.affine, expected.affine)
    part = image.get_volume(slice_start=3, slice_end=5, dtype=np.int16)
    np.testing.assert_array_equal(part.array, expected.array[2:4])
    again = pickle.loads(pickle.dumps(image))
    np.testing.assert_array_equal(again.get_frame(2), image.get_frame(2))
