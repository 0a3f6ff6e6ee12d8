"""Every image that pydicom comes with or knows of, frame by frame as pydicom reads it."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_files
from pydicom.pixels import iter_pixels

from highdicom import Image, imread
from highdicom.errors import CodecError, HighdicomError, InvalidAttributeError
from highdicom.io.location import DamagedPixelDataError

PIXEL_DATA = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")

# Files that pydicom cannot decode, why, and what becomes of them here: an error, or
# nothing if they are read all the same.
NOT_DECODED = {
    "JPEG-lossy.dcm": (
        "its scan ends where that of JPEG Extended must not",
        CodecError,
    ),
    "JPEG2000-embedded-sequence-delimiter.dcm": (
        "a sequence delimitation stands in the header of the codestream",
        CodecError,
    ),
    "MR_truncated.dcm": ("the pixel data end within the frame", DamagedPixelDataError),
    "OT-PAL-8-face.dcm": ("no Transfer Syntax UID, but native pixel data", None),
    "badVR.dcm": ("Number of Frames is 1A", InvalidAttributeError),
    "no_meta.dcm": ("starts with a space before its first element", HighdicomError),
}
# Decoding every frame lazily, too, would take long and show nothing new.
FEW = 3


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _is_image(path):
    with path.open("rb") as file:
        start = file.read(132)
    if start[128:] != b"DICM" and path.suffix != ".dcm":
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = dcmread(path, force=True, defer_size="1 KB")
    except Exception:  # noqa: BLE001 (any: pydicom cannot read it)
        return False
    return "Rows" in dataset and any(keyword in dataset for keyword in PIXEL_DATA)


ALL = {Path(name).name: Path(name) for name in get_testdata_files("**/*")}
IMAGES = [ALL[name] for name in sorted(ALL) if ALL[name].is_file()]
IMAGES = [path for path in IMAGES if _is_image(path)]
SOUND = [path for path in IMAGES if path.name not in NOT_DECODED]


def _red_green_blue(frame):
    """Colours of luminance and chrominance (PS3.3 C.7.6.3.1.2), to the nearest."""
    highest = int(np.iinfo(frame.dtype).max)
    y, blue, red = np.moveaxis(frame.astype(np.float64), -1, 0)
    blue, red = blue - (highest + 1) // 2, red - (highest + 1) // 2
    colors = [
        y + 1.402 * red,
        y - (0.114 * 1.772 * blue + 0.299 * 1.402 * red) / 0.587,
        y + 1.772 * blue,
    ]
    rounded = np.floor(np.stack(colors, axis=-1) + 0.5 + 1e-9)
    return np.clip(rounded, 0, highest).astype(frame.dtype)


def _expected_frames(path):
    """Frames as pydicom decodes them, colours as decoding a frame has to give them."""
    dataset = dcmread(path, force=True)
    for frame in iter_pixels(dataset, raw=True):
        is_luminance = dataset.PhotometricInterpretation.startswith("YBR_FULL")
        native = frame.astype(frame.dtype.newbyteorder("="), copy=False)
        yield _red_green_blue(native) if is_luminance else native


def test_there_are_many_images():
    assert len(SOUND) > 150


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.name)
def test_stored_values_are_those_of_pydicom(path):
    image = imread(path)
    lazy = imread(path, lazy_frame_retrieval=True)
    assert lazy.number_of_frames == image.number_of_frames
    assert not any(keyword in lazy for keyword in PIXEL_DATA)
    number = 0
    for number, expected in enumerate(_expected_frames(path), 1):
        frame = image.get_stored_frame(number)
        assert frame.dtype == expected.dtype
        assert frame.shape == expected.shape
        assert (frame == expected).all()
        assert lazy.get_raw_frame(number) == image.get_raw_frame(number)
        if number <= FEW or number == image.number_of_frames:
            assert (lazy.get_stored_frame(number) == expected).all()
    assert number == image.number_of_frames


@pytest.mark.parametrize("name", NOT_DECODED)
def test_what_pydicom_cannot_decode_is_an_error_or_read(name):
    path = ALL[name]
    with pytest.raises(Exception, match=""):  # noqa: PT011 (pydicom's are many)
        list(_expected_frames(path))
    error = NOT_DECODED[name][1]
    if error is None:
        image = imread(path)
        assert image.get_frame(1).shape[:2] == (image.Rows, image.Columns)
        return
    with pytest.raises(error) as caught:
        imread(path).get_stored_frames()
    assert isinstance(caught.value, HighdicomError)


@pytest.mark.parametrize("path", SOUND[::4], ids=lambda path: path.name)
def test_frames_of_datasets_that_pydicom_read_are_the_same(path):
    dataset = dcmread(path, force=True)
    value = dataset[next(k for k in PIXEL_DATA if k in dataset)].value
    image = Image.from_dataset(dataset, copy=False)
    assert image is dataset
    assert (image.get_stored_frame(1) == imread(path).get_stored_frame(1)).all()
    assert dataset[next(k for k in PIXEL_DATA if k in dataset)].value == value
