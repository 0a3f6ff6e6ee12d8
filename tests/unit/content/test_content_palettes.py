"""Palettes, plain and segmented (PS3.3 C.7.6.3.1.5, C.7.9)."""

import copy
import pickle

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.pixels import apply_color_lut

from highdicom.content import (
    PaletteColorLUT,
    PaletteColorLUTTransformation,
    SegmentedPaletteColorLUT,
)
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)

COLORS = ("red", "green", "blue")
RAMP = np.arange(10, dtype=np.uint8)


def channels(kind, first_mapped_value, data):
    return [kind(first_mapped_value, data, color) for color in COLORS]


def as_image(palette):
    image = Dataset()
    image.set_original_encoding(is_implicit_vr=False, is_little_endian=True)
    image.update(palette)
    image.PixelRepresentation = 0
    image.PhotometricInterpretation = "PALETTE COLOR"
    return image


@pytest.mark.parametrize("color", [*COLORS, "RED", "Blue"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_attributes_are_those_of_the_colour(color, dtype):
    lut = PaletteColorLUT(3, RAMP.astype(dtype), color)
    name = color.capitalize()
    bits = np.dtype(dtype).itemsize * 8
    descriptor = lut[f"{name}PaletteColorLookupTableDescriptor"].value
    assert list(descriptor) == [10, 3, bits]
    assert lut[f"{name}PaletteColorLookupTableData"].VR == "OW"
    assert len(lut) == 2
    assert lut.color == color.lower()
    assert (lut.number_of_entries, lut.first_mapped_value) == (10, 3)
    assert lut.bits_per_entry == bits
    assert lut.lut_data.dtype == dtype
    np.testing.assert_array_equal(lut.lut_data, RAMP)


def test_the_longest_table_has_length_zero_in_its_descriptor():
    lut = PaletteColorLUT(0, np.zeros(65536, np.uint16), "red")
    assert lut.RedPaletteColorLookupTableDescriptor[0] == 0
    assert lut.number_of_entries == 65536
    assert PaletteColorLUT(0, np.zeros(256, np.uint8), "red").number_of_entries == 256


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0, RAMP, "cyan"), InvalidArgumentError, "'color' must be one of red, green"),
        ((0, RAMP, 3), InvalidArgumentError, "'color' must be one of red, green"),
        ((0, np.zeros(257, np.uint8), "red"), InvalidArgumentError, "1 to 256 entries"),
        ((0, RAMP.astype(np.int64), "red"), InvalidArgumentError, "uint8 or uint16"),
        ((0.5, RAMP, "red"), ArgumentTypeError, "'first_mapped_value' must be an"),
        ((0, list(RAMP), "red"), ArgumentTypeError, "'lut_data' must be a numpy array"),
    ],
)
def test_what_is_no_table_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        PaletteColorLUT(*arguments)


def test_signed_pixels_may_be_mapped_first():
    palette = PaletteColorLUTTransformation(*channels(PaletteColorLUT, -5, RAMP))
    assert palette.first_mapped_value == -5
    again = PaletteColorLUTTransformation.extract_from_dataset(palette)
    assert again.first_mapped_value == -5
    descriptor = again["GreenPaletteColorLookupTableDescriptor"]
    assert descriptor.VR == "SS"
    np.testing.assert_array_equal(
        again.apply(np.array([-9, -5, -4, 4, 5], np.int16))[:, 0], [0, 0, 1, 9, 9]
    )


def test_values_beyond_the_table_get_its_ends():
    lut = PaletteColorLUT(250, RAMP, "red")
    np.testing.assert_array_equal(lut.apply(np.array([0, 250, 255, 300])), [0, 0, 5, 9])


# Segments by hand: discrete (0, n, values), linear (1, n, end), indirect (2, n, offset).
@pytest.mark.parametrize(
    ("segments", "expanded"),
    [
        ([0, 3, 5, 6, 7], [5, 6, 7]),
        ([0, 1, 0, 1, 5, 10], [0, 2, 4, 6, 8, 10]),
        ([0, 1, 10, 1, 5, 0], [10, 8, 6, 4, 2, 0]),
        ([0, 1, 9, 1, 3, 9], [9, 9, 9, 9]),
        ([0, 1, 0, 1, 3, 10], [0, 3, 7, 10]),
        ([0, 1, 8, 1, 1, 3], [8, 3]),
        ([0, 2, 1, 4, 1, 2, 8, 0, 1, 5], [1, 4, 6, 8, 5]),
    ],
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_segments_come_to_entries(segments, expanded, dtype):
    lut = SegmentedPaletteColorLUT(0, np.array(segments, dtype), "green")
    assert lut.number_of_entries == len(expanded)
    assert lut.bits_per_entry == np.dtype(dtype).itemsize * 8
    assert lut.lut_data.dtype == dtype
    np.testing.assert_array_equal(lut.lut_data, expanded)
    np.testing.assert_array_equal(lut.segmented_lut_data[: len(segments)], segments)


def test_indirect_segments_repeat_others():
    # Two segments from byte 0: the discrete one, and a linear one from the end of
    # what stands before it now.
    eight = np.array([0, 2, 10, 20, 1, 2, 40, 2, 2, 0, 0, 0, 0], np.uint8)
    expected = [10, 20, 30, 40, 10, 20, 30, 40]
    np.testing.assert_array_equal(
        SegmentedPaletteColorLUT(0, eight, "red").lut_data, expected
    )
    # The same in words: the offset is of 32 bits, least significant word first.
    sixteen = np.array([0, 2, 10, 20, 1, 2, 40, 2, 2, 0, 0], np.uint16)
    np.testing.assert_array_equal(
        SegmentedPaletteColorLUT(0, sixteen, "red").lut_data, expected
    )
    # Only the linear one, from byte 8 (word 4), goes on from 40.
    linear = np.array([0, 2, 10, 20, 1, 2, 40, 2, 1, 8, 0], np.uint16)
    np.testing.assert_array_equal(
        SegmentedPaletteColorLUT(0, linear, "red").lut_data,
        [10, 20, 30, 40, 40, 40],
    )


@pytest.mark.parametrize(
    ("segments", "message"),
    [
        ([1, 3, 5], "must not begin with a linear segment"),
        ([0, 1, 5, 7, 1], "unknown segment type 7 at entry 3"),
        ([0, 4, 5, 7, 1], "ends within a segment"),
        ([0, 1, 5, 1, 3], "ends within a segment"),
        ([0, 1, 5, 2, 1, 0], "ends within a segment"),
        ([0, 1, 5, 2, 1, 3, 0, 0, 0], "points to another"),
        ([0], "ends within a segment"),
        ([0, 0], "1 to 65536 entries, not 0"),
    ],
)
def test_segments_that_make_no_sense_are_refused(segments, message):
    with pytest.raises(InvalidArgumentError, match=message):
        SegmentedPaletteColorLUT(0, np.array(segments, np.uint8), "red")


def test_segments_do_not_fill_memory():
    # Twenty bytes that stand for four thousand million entries.
    bomb = [0, 1, 0, 1, 65535, 255, 2, 65535, 6, 0]
    with pytest.raises(InvalidArgumentError, match="entries, not more"):
        SegmentedPaletteColorLUT(0, np.array(bomb, np.uint16), "red")


def test_segments_have_to_come_to_what_the_descriptor_says():
    lut = SegmentedPaletteColorLUT(0, np.array([0, 3, 5, 6, 7], np.uint8), "red")
    lut.RedPaletteColorLookupTableDescriptor = [4, 0, 8]
    with pytest.raises(InvalidAttributeError, match=r"comes to 3 entries.*says 4"):
        _ = lut.lut_data


@pytest.mark.parametrize(
    "descriptor", [10, [10, 0], [10, 0, 8, 0], [10, 0, 0], [10, 0, 17]]
)
@pytest.mark.parametrize("kind", [PaletteColorLUT, SegmentedPaletteColorLUT])
def test_damaged_descriptors_are_named(kind, descriptor):
    data = RAMP if kind is PaletteColorLUT else np.array([0, 2, 5, 6], np.uint8)
    palette = PaletteColorLUTTransformation(*channels(kind, 0, data))
    palette.RedPaletteColorLookupTableDescriptor = descriptor
    keyword = "RedPaletteColorLookupTableDescriptor"
    with pytest.raises(InvalidAttributeError, match=f"{keyword} of three values"):
        palette.apply(np.zeros(3, np.uint8))
    with pytest.raises(InvalidAttributeError) as caught:
        kind.extract_from_dataset(palette, "red")
    assert caught.value.path == keyword


@pytest.mark.parametrize("data", [[-1, 0, 1], [0.5, 1.5, 2.5], ["a", "b", "c"], None])
@pytest.mark.parametrize("kind", [PaletteColorLUT, SegmentedPaletteColorLUT])
def test_entries_that_are_no_table_are_named(kind, data):
    entries = RAMP[:3] if kind is PaletteColorLUT else np.array([0, 2, 5, 6], np.uint8)
    lut = kind(0, entries, "red")
    prefix = "" if kind is PaletteColorLUT else "Segmented"
    keyword = f"{prefix}RedPaletteColorLookupTableData"
    lut[keyword]._value = data
    with pytest.raises(InvalidAttributeError, match=keyword):
        _ = lut.lut_data


def test_palettes_put_three_tables_together():
    palette = PaletteColorLUTTransformation(
        PaletteColorLUT(2, RAMP, "red"),
        PaletteColorLUT(2, RAMP + 1, "green"),
        PaletteColorLUT(2, RAMP + 2, "blue"),
        "1.2.3",
    )
    assert palette.PaletteColorLookupTableUID == "1.2.3"
    assert not palette.is_segmented
    assert (palette.first_mapped_value, palette.number_of_entries) == (2, 10)
    assert palette.bits_per_entry == 8
    np.testing.assert_array_equal(palette.green_lut.lut_data, RAMP + 1)
    np.testing.assert_array_equal(palette.combined_lut_data[4], [4, 5, 6])
    assert palette.red_lut.color == "red"
    assert palette.blue_lut.color == "blue"


@pytest.mark.parametrize(
    ("tables", "error", "message"),
    [
        (channels(PaletteColorLUT, 0, RAMP)[::-1], InvalidArgumentError, "of colour"),
        ([1, 2, 3], ArgumentTypeError, "'red_lut' must be a PaletteColorLUT"),
        (
            [
                PaletteColorLUT(0, RAMP, "red"),
                PaletteColorLUT(1, RAMP, "green"),
                PaletteColorLUT(0, RAMP, "blue"),
            ],
            InvalidArgumentError,
            "same first mapped value",
        ),
        (
            [
                PaletteColorLUT(0, RAMP, "red"),
                PaletteColorLUT(0, RAMP[:9], "green"),
                PaletteColorLUT(0, RAMP, "blue"),
            ],
            InvalidArgumentError,
            "same number of entries",
        ),
        (
            [
                PaletteColorLUT(0, RAMP, "red"),
                PaletteColorLUT(0, RAMP.astype(np.uint16), "green"),
                PaletteColorLUT(0, RAMP, "blue"),
            ],
            InvalidArgumentError,
            "same bits per entry",
        ),
        (
            [
                PaletteColorLUT(0, RAMP[:2], "red"),
                SegmentedPaletteColorLUT(0, np.array([0, 2, 1, 1], np.uint8), "green"),
                PaletteColorLUT(0, RAMP[:2], "blue"),
            ],
            InvalidArgumentError,
            "all plain or all segmented",
        ),
    ],
)
def test_tables_that_do_not_fit_each_other_are_refused(tables, error, message):
    with pytest.raises(error, match=message):
        PaletteColorLUTTransformation(*tables)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_plain_palettes_are_those_of_pydicom(dtype):
    generator = np.random.default_rng(3)
    table = generator.integers(0, np.iinfo(dtype).max, (50, 3)).astype(dtype)
    palette = PaletteColorLUTTransformation.from_combined_lut(table, 7)
    values = np.arange(80, dtype=np.uint8).reshape(8, 10)
    np.testing.assert_array_equal(
        palette.apply(values), apply_color_lut(values, as_image(palette))
    )


def test_segmented_palettes_are_those_of_pydicom():
    segments = np.array([0, 2, 10, 20, 1, 97, 40000, 0, 1, 5, 1, 28, 65535], np.uint16)
    palette = PaletteColorLUTTransformation(
        *channels(SegmentedPaletteColorLUT, 0, segments)
    )
    assert palette.is_segmented
    assert palette.number_of_entries == 128
    values = np.arange(128, dtype=np.uint8).reshape(8, 16)
    expected = apply_color_lut(values, as_image(palette)).astype(int)
    # Halves may be rounded up or down.
    assert np.abs(palette.apply(values) - expected).max() <= 1


def test_colours_are_named_or_hexadecimal():
    palette = PaletteColorLUTTransformation.from_colors(
        ["red", "#010203", "white"], first_mapped_value=5, palette_color_lut_uid="1.2"
    )
    assert palette.first_mapped_value == 5
    assert palette.palette_color_lut_uid == "1.2"
    np.testing.assert_array_equal(
        palette.combined_lut_data, [[255, 0, 0], [1, 2, 3], [255, 255, 255]]
    )
    with pytest.raises(InvalidArgumentError, match="'colors' must be names"):
        PaletteColorLUTTransformation.from_colors(["no such colour"])
    with pytest.raises(InvalidArgumentError, match="'colors' must not be empty"):
        PaletteColorLUTTransformation.from_colors([])


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        (np.zeros((5, 2), np.uint8), InvalidArgumentError, "shape \\(n, 3\\)"),
        (np.zeros(3, np.uint8), InvalidArgumentError, "shape \\(n, 3\\)"),
        (np.zeros((5, 3), np.int16), InvalidArgumentError, "uint8 or uint16"),
        ([[1, 2, 3]], ArgumentTypeError, "'lut_data' must be a numpy array"),
    ],
)
def test_combined_tables_have_three_columns(table, error, message):
    with pytest.raises(error, match=message):
        PaletteColorLUTTransformation.from_combined_lut(table)


def test_colours_have_the_type_asked_for():
    palette = PaletteColorLUTTransformation.from_colors(["red", "blue"])
    values = np.array([[0, 1], [1, 9]])
    assert palette.apply(values).dtype == np.uint8
    assert palette.apply(values, dtype=np.float32).dtype == np.float32
    assert palette.apply(values).shape == (2, 2, 3)
    with pytest.raises(ArgumentTypeError, match="'dtype' must hold all colours"):
        palette.apply(values, dtype=np.int8)
    with pytest.raises(InvalidArgumentError, match="'array' must have an integer"):
        palette.apply(values / 2)


def test_palettes_are_taken_out_of_images_which_stay_as_they_are():
    image = as_image(PaletteColorLUTTransformation.from_colors(["red", "lime"], 1))
    before = copy.deepcopy(image)
    palette = PaletteColorLUTTransformation.extract_from_dataset(image)
    palette.RedPaletteColorLookupTableDescriptor[1] = 9
    assert image == before
    green = PaletteColorLUT.extract_from_dataset(image, "green")
    np.testing.assert_array_equal(green.lut_data, [0, 255])
    with pytest.raises(InvalidArgumentError, match="'color'"):
        PaletteColorLUT.extract_from_dataset(image, "pink")


def test_images_without_palette_have_none_to_take_out():
    with pytest.raises(MissingAttributeError, match="no red palette"):
        PaletteColorLUTTransformation.extract_from_dataset(Dataset())
    with pytest.raises(MissingAttributeError, match="BluePalette"):
        SegmentedPaletteColorLUT.extract_from_dataset(Dataset(), "blue")


def test_palettes_can_be_copied_and_pickled():
    palette = PaletteColorLUTTransformation.from_colors(["red", "blue"])
    for other in (copy.deepcopy(palette), pickle.loads(pickle.dumps(palette))):
        assert type(other) is PaletteColorLUTTransformation
        np.testing.assert_array_equal(
            other.combined_lut_data, palette.combined_lut_data
        )


def test_stored_segments_that_make_no_sense_name_their_attribute():
    lut = SegmentedPaletteColorLUT(0, np.array([0, 3, 5, 6, 7], np.uint8), "red")
    lut.SegmentedRedPaletteColorLookupTableData = b"\x07\x01\x05\x05"
    with pytest.raises(InvalidAttributeError, match=r"^SegmentedRedPaletteColor"):
        _ = lut.lut_data
