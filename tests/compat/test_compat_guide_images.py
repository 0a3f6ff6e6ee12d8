"""Images and their values, as scripts that follow the user guide read them."""

import gc
import tempfile
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.errors import InvalidDicomError

import highdicom as hd

READERS = [
    hd.imread,
    lambda path: hd.imread(path, lazy_frame_retrieval=True),
    hd.seg.segread,
    hd.sr.srread,
    hd.ann.annread,
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "content",
    [b"", b"a text\n" * 50, b"\x89PNG\r\n\x1a\n" + bytes(500), bytes(2000)],
    ids=["empty", "text", "png", "zeros"],
)
def test_files_of_other_kinds_are_no_dicom_files(tmp_path, read, content):
    path = tmp_path / "other.dcm"
    path.write_bytes(content)
    with pytest.raises(InvalidDicomError, match="is not a DICOM file"):
        read(path)


def test_several_windows_of_an_image_are_no_window():
    with pytest.raises(TypeError, match="'window_center' must be a number"):
        hd.pixels.apply_voi_window(np.arange(3), [40.0, 50.0], 400.0)


def test_colours_are_named():
    with pytest.raises(TypeError, match=r"must be texts, not \(0, 0, 255\)"):
        hd.PaletteColorLUTTransformation.from_colors(["red", (0, 0, 255)])


def test_frames_are_looked_up_from_the_start_of_an_open_file():
    path = get_testdata_file("CT_small.dcm", download=False)
    with Path(path).open("rb") as file:
        header = pydicom.dcmread(file, stop_before_pixels=True)
        image = hd.imread(file, lazy_frame_retrieval=True)
        assert image.get_frame(1).shape == (header.Rows, header.Columns)


def test_a_temporary_file_stays_open_while_frames_are_left_in_it():
    content = Path(get_testdata_file("CT_small.dcm", download=False)).read_bytes()
    file = tempfile.NamedTemporaryFile()  # noqa: SIM115
    file.write(content)
    file.seek(0)
    image = hd.imread(file, lazy_frame_retrieval=True)
    del file
    gc.collect()
    np.testing.assert_array_equal(image.get_frame(1), hd.imread(content).get_frame(1))
