"""Every file that pydicom comes with: the same elements, the same frames."""

import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_files
from pydicom.encaps import generate_frames

from highdicom.errors import NonconformantDatasetError
from highdicom.io.frame_reader import DatasetFrameReader, FileFrameReader
from highdicom.io.header import read_dataset, read_header
from highdicom.io.sources import open_source
from highdicom.io.start import NotDicomError

PIXEL_DATA = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")

# Files that are not read, and why.
REFUSED = {
    "rtplan_truncated.dcm": "a sequence is longer than the file",
    "no_meta.dcm": "starts with a space before its first element",
}
# Files of which pydicom reads something else, and why.
DIFFERENT = {
    "emri_small_jpeg_2k_lossless_too_short.dcm": "pydicom gives up the whole dataset",
}
# Images without a sound frame, and why.
DAMAGED = {
    "MR_truncated.dcm": "the pixel data end within the frame",
    "badVR.dcm": "Number of Frames is 1A",
}

# Images with more than a byte of padding after the last frame.
PADDED = {"MR_small_padded.dcm"}


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def dicom_files():
    paths = {
        Path(name).name: Path(name)
        for name in get_testdata_files("**/*")
        if Path(name).is_file()
    }
    return [paths[name] for name in sorted(paths) if _looks_like_dicom(paths[name])]


def _looks_like_dicom(path):
    with path.open("rb") as file:
        start = file.read(132)
    return start[128:] == b"DICM" or path.suffix == ".dcm"


@cache
def by_pydicom(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dcmread(path, force=True)


PATHS = [path for path in dicom_files() if path.name not in REFUSED]
IMAGES = [
    path
    for path in PATHS
    if path.name not in {*DIFFERENT, *DAMAGED}
    and "Rows" in by_pydicom(path)
    and any(keyword in by_pydicom(path) for keyword in PIXEL_DATA)
]
BOTH = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)


def test_nearly_all_files_are_read():
    assert len(PATHS) > 150
    assert len(IMAGES) > 100


@pytest.mark.parametrize("name", REFUSED)
def test_files_are_refused_for_a_reason(name):
    path = next(path for path in dicom_files() if path.name == name)
    with pytest.raises((NonconformantDatasetError, NotDicomError)):
        read_dataset(open_source(path))


@BOTH
def test_dataset_is_the_same(path):
    dataset = read_dataset(open_source(path))
    if path.name in DIFFERENT:
        assert len(dataset) > 100
        return
    expected = by_pydicom(path)
    assert set(dataset.keys()) == set(expected.keys())
    for tag in expected.keys():  # noqa: SIM118 (items would be elements)
        assert dataset[tag] == expected[tag], tag
    for element in expected.file_meta:
        assert dataset.file_meta[element.tag] == element


@BOTH
def test_header_is_the_dataset_without_pixel_data(path):
    header = read_header(open_source(path))
    dataset = read_dataset(open_source(path))
    for keyword in PIXEL_DATA:
        assert keyword not in header.dataset
        assert (keyword in dataset) == (
            header.pixel_data is not None and header.pixel_data.keyword == keyword
        )
    for tag in header.dataset.keys():  # noqa: SIM118
        assert header.dataset[tag] == dataset[tag], tag


def expected_frames(dataset):
    """Return the frames of an encapsulated image as pydicom finds them."""
    extended = None
    if "ExtendedOffsetTable" in dataset:
        extended = (dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths)
    return list(
        generate_frames(
            dataset.PixelData,
            number_of_frames=int(dataset.get("NumberOfFrames") or 1),
            extended_offsets=extended,
        )
    )


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_frames_are_the_same(path):
    dataset = by_pydicom(path)
    reader = FileFrameReader(open_source(path))
    frames = [reader.read_frame(index) for index in range(reader.number_of_frames)]
    assert list(reader.read_frames(range(len(frames)))) == frames
    in_memory = DatasetFrameReader(dataset)
    assert list(in_memory.read_frames(range(len(frames)))) == frames
    keyword = reader.keyword
    if dataset[keyword].is_undefined_length:
        assert frames == expected_frames(dataset)
        return
    stored = np.frombuffer(dataset[keyword].value, np.uint8)
    is_swapped = not dataset.is_little_endian and dataset[keyword].VR == "OW"
    if is_swapped and dataset.BitsAllocated == 8:
        stored = stored.view("u2").byteswap().view(np.uint8)
    if dataset.BitsAllocated > 1:
        joined = b"".join(frames)
        assert joined == stored.tobytes()[: len(joined)]
        assert len(stored) - len(joined) < 2 or path.name in PADDED
    else:
        bits = np.unpackbits(stored, bitorder="little")
        size = dataset.Rows * dataset.Columns
        for index, frame in enumerate(frames):
            first = reader.first_bit(index)
            found = np.unpackbits(np.frombuffer(frame, np.uint8), bitorder="little")
            start = index * size
            assert (found[first : first + size] == bits[start : start + size]).all()
