"""Pixel data in pieces: written as they are, joined for whoever looks at them."""

import copy
import pickle
from io import BytesIO

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.sr.codedict import codes
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from highdicom.content.transformations import VOILUTTransformation
from highdicom.encoding.elements import tag_of
from highdicom.image.pieces import PiecedElement, Pieces, PiecesFile, content_of
from highdicom.legacy import LegacyConvertedEnhancedCTImage
from highdicom.pm import ParametricMap, RealWorldValueMapping
from highdicom.testing import ct_series
from highdicom.uid import UID


@pytest.fixture
def series():
    return ct_series(number_of_slices=5, rows=512, columns=512)


@pytest.fixture
def converted(series):
    return LegacyConvertedEnhancedCTImage(series, UID(), 1, UID(), 1)


def pixels_of(series):
    # The last image lies first.
    return b"".join(image.PixelData for image in reversed(series))


def written(image):
    file = BytesIO()
    image.save_as(file, enforce_file_format=True)
    file.seek(0)
    return dcmread(file)


def is_in_pieces(image):
    return isinstance(content_of(image._dict[0x7FE00010]), Pieces)


def test_a_file_of_pieces_gives_all_bytes_in_their_order():
    pieces = [bytes([n]) * size for n, size in enumerate([3, 0, 2**18, 5, 2**19, 1])]
    file = PiecesFile.of(pieces)
    assert file.seek(0, 2) == len(file) == sum(map(len, pieces))
    assert file.seek(0) == 0
    assert file.read(2) == pieces[0][:2]
    assert file.tell() == 2
    rest = []
    while part := file.read(8192):
        rest.append(bytes(part))
    assert b"".join(rest) == b"".join(pieces)[2:]
    assert file.seek(-(2**19) - 3, 1) == len(file) - 2**19 - 3
    assert file.read() == b"".join(pieces)[-(2**19) - 3 :]
    assert file.read() == PiecesFile.of([]).read() == b""


def test_pieces_have_even_length():
    pieces = Pieces([np.array([1, 2], "<u2"), b"\x07"])
    assert len(pieces) == 6
    assert pieces.joined() == bytes([1, 0, 2, 0, 7, 0])


def test_pixel_data_of_a_new_image_is_written_without_being_joined(series, converted):
    assert written(converted).PixelData == pixels_of(series)
    assert is_in_pieces(converted)


def test_pixel_data_of_a_new_image_is_bytes_to_whoever_looks(series, converted):
    assert converted.validate() is not None
    expected = pixels_of(series)
    assert is_in_pieces(converted)
    assert converted.PixelData == expected
    assert not is_in_pieces(converted)
    np.testing.assert_array_equal(
        converted.pixel_array, np.frombuffer(expected, "<u2").reshape(5, 512, 512)
    )


@pytest.mark.parametrize(
    "other",
    [
        copy.copy,
        copy.deepcopy,
        lambda image: pickle.loads(pickle.dumps(image)),
        Dataset,
        lambda image: image[0x00280000:],
        lambda image: Dataset(dict(image.items())),
    ],
)
def test_copies_and_parts_hold_bytes(series, converted, other):
    found = other(converted)
    assert found.PixelData == pixels_of(series)
    assert found["PixelData"] == converted["PixelData"]
    assert found["PixelData"].VR == "OW"


def test_pixel_data_in_pieces_can_be_replaced(converted):
    converted.PixelData = b"\1\2"
    assert converted["PixelData"].value == b"\1\2"
    element = PiecedElement(converted["PixelData"].tag, "OW", Pieces([b"ab"]))
    element.value = BytesIO(b"cd")
    assert element.is_buffered


def test_pixel_data_in_pieces_is_deflated(series, converted):
    converted.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    assert written(converted).PixelData == pixels_of(series)


def test_frames_are_those_of_the_series_when_it_was_converted(series):
    expected = pixels_of(series)
    converted = LegacyConvertedEnhancedCTImage(
        series, UID(), 1, UID(), 1, transfer_syntax_uid=ExplicitVRLittleEndian
    )
    for image in series:
        image.PixelData = bytes(len(image.PixelData))
    assert converted.PixelData == expected


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_frames_of_a_new_map_are_read_from_its_pieces(series, dtype):
    pixels = (np.arange(5 * 512 * 512) // 1000).reshape(5, 512, 512).astype(dtype)
    given = pixels.copy()
    made = ParametricMap(
        series,
        pixels,
        *("1.2.3", 1, "1.2.4", 1, "Maker", "Model", "1", "1"),
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[
            RealWorldValueMapping("1", "label", codes.UCUM.NoUnits, (0, 255), 1, 0)
            if dtype is np.uint8
            else RealWorldValueMapping(
                "1", "label", codes.UCUM.NoUnits, (0.0, 2e6), 1, 0
            )
        ],
        voi_lut_transformations=[VOILUTTransformation(0.5, 1.0)],
    )
    # What the user does afterwards does not matter.
    pixels[:] = 0
    keyword = "PixelData" if dtype is np.uint8 else "FloatPixelData"
    stored = np.uint16 if dtype is np.uint8 else np.float32
    assert isinstance(content_of(made._dict[tag_of(keyword)]), Pieces)
    expected = given.astype(stored)
    np.testing.assert_array_equal(made.get_stored_frames(), expected)
    assert made.get_raw_frame(2) == expected[1].tobytes()
    assert written(made)[keyword].value == expected.tobytes()
    assert made[keyword].value == expected.tobytes()
