"""The single steps of a pixel pipeline."""

import copy
import pickle
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from highdicom.enum import VOILUTFunctionValues
from highdicom.errors import IncompatibleTransformError, InvalidArgumentError
from highdicom.pixels import (
    AsType,
    CheckRange,
    IccCorrection,
    Invert,
    Lookup,
    PaletteColor,
    Ramp,
    Rescale,
    Scale,
    Window,
)

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (Rescale(2, -10), [-10, -8, -6, -4]),
        (Rescale(1, 0), [0, 1, 2, 3]),
        (Scale((0, 3), (100, 400)), [100, 200, 300, 400]),
        (Invert(0, 3), [3, 2, 1, 0]),
        (Ramp(10, 5, low=10, high=30), [10, 15, 25, 30]),
        (Ramp(-1, 0, low=-2), [0, -1, -2, -2]),
        (Window(1, 2, VOILUTFunctionValues.LINEAR_EXACT), [0, 0.5, 1, 1]),
        (Window(2, 3, output_range=(0, 10)), [0, 2.5, 7.5, 10]),
    ],
)
@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float32, np.float64])
def test_arithmetic_gives_floats_and_leaves_the_values_alone(
    transform, expected, dtype
):
    values = np.arange(4).astype(dtype)

    result = transform(values)

    assert result.tolist() == expected
    assert result.dtype == (dtype if np.dtype(dtype).kind == "f" else np.float64)
    assert values.tolist() == [0, 1, 2, 3]


def test_arithmetic_can_overwrite_floats():
    values = np.arange(4, dtype=np.float32)

    Rescale(2, 1).update(values)

    assert values.tolist() == [1, 3, 5, 7]


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (Rescale(2, -10), (-10, 10)),
        (Rescale(-2, 0), (-20, 0)),
        (Rescale(0, 7), (7, 7)),
        (Scale((0, 10), (0, 1)), (0, 1)),
        (Invert(0, 10), (0, 10)),
        (Ramp(1, 0, low=2, high=5), (2, 5)),
        (Window(5, 2, "LINEAR_EXACT", (0, 255)), (0, 255)),
        (Window(50, 2, "LINEAR_EXACT", (0, 255)), (0, 0)),
        (Lookup(np.array([9, 1, 5]), 4), (1, 9)),
        (Lookup(np.array([9, 1, 5]), -3), (5, 5)),
        (PaletteColor(np.array([[1, 2, 3], [4, 5, 6]]), 10), (1, 3)),
        (IccCorrection(SRGB), (0, 255)),
        (CheckRange(3, 20), (3, 10)),
        (AsType(np.int16), (0, 10)),
    ],
)
def test_bounds_are_those_of_the_results(transform, expected):
    assert transform.bounds(0, 10) == pytest.approx(expected)


def test_ramps_in_a_row_are_one_ramp():
    first, second = Ramp(2, 1, low=0, high=9), Ramp(-3, 4, low=-20, high=1)
    values = np.linspace(-10, 10, 41)

    np.testing.assert_allclose(first.then(second)(values), second(first(values)))


def test_lookup_finds_values_of_any_integer_type():
    table = np.array([7, 8, 9], np.uint16)
    for dtype in (np.uint8, np.int8, np.uint16, np.int16, np.int32, np.uint64):
        result = Lookup(table, 1)(np.array([0, 1, 2, 3, 4], dtype))
        assert result.tolist() == [7, 7, 8, 9, 9]
        assert result.dtype == np.uint16


@pytest.mark.parametrize("dtype", [np.int8, np.int16])
def test_lookup_of_all_values_of_a_signed_type(dtype):
    limits = np.iinfo(dtype)
    values = np.arange(limits.min, limits.max + 1).astype(dtype)
    lookup = Lookup(values.astype(np.int64) * 2, int(limits.min))

    np.testing.assert_array_equal(lookup(values), values.astype(np.int64) * 2)
    np.testing.assert_array_equal(lookup(values[::-3]), values[::-3].astype(int) * 2)


def test_lookup_takes_floats_that_are_whole_numbers():
    lookup = Lookup(np.array([7, 8, 9]), 0)

    assert lookup(np.array([0.0, 1.0 + 1e-9, 2.0, 1e30, -1e30])).tolist() == [
        *(7, 8, 9),
        *(9, 7),
    ]
    assert lookup(np.array([True, False])).tolist() == [8, 7]


@pytest.mark.parametrize("values", [[0.5], [1.01], [np.nan]])
def test_lookup_refuses_fractions(values):
    with pytest.raises(IncompatibleTransformError, match="not whole numbers"):
        Lookup(np.array([7, 8, 9]), 0)(np.array(values))


def test_lookup_refuses_values_beyond_only_if_told():
    strict = Lookup(np.array([7, 8, 9]), 1, clip=False)

    assert strict(np.array([1, 3])).tolist() == [7, 9]
    assert strict(np.array([], int)).tolist() == []
    for value in (0, 4):
        with pytest.raises(IncompatibleTransformError, match="from 1 to 3"):
            strict(np.array([value]))


def test_tables_compare_by_their_entries():
    first, same = Lookup(np.array([1, 2]), 0), Lookup(np.array([1, 2]), 0)
    palette = PaletteColor(np.array([[1, 2, 3]]), 0)

    assert first == same
    assert hash(first) == hash(same)
    assert first != Lookup(np.array([1, 3]), 0)
    assert first != Lookup(np.array([1, 2]), 1)
    assert first != Lookup(np.array([1, 2], np.uint8), 0)
    assert first != palette
    assert palette == PaletteColor(np.array([[1, 2, 3]]), 0)
    assert hash(palette) == hash(PaletteColor(np.array([[1, 2, 3]]), 0))
    assert palette != PaletteColor(np.array([[1, 2, 4]]), 0)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Lookup(np.array([]), 0),
        lambda: Lookup(np.array([[1]]), 0),
        lambda: PaletteColor(np.array([1]), 0),
    ],
)
def test_tables_need_entries_and_the_right_number_of_axes(make):
    with pytest.raises(InvalidArgumentError, match="'table' must be an array of shape"):
        make()


def test_palette_gives_colours_along_a_new_axis():
    palette = PaletteColor(np.array([[0, 0, 0], [1, 2, 3]], np.uint8), 5)

    result = palette(np.array([[5, 6], [0, 9]], np.uint8))

    assert result.tolist() == [[[0] * 3, [1, 2, 3]], [[0] * 3, [1, 2, 3]]]


@pytest.mark.parametrize("shape", [(3,), (5, 3), (4, 5, 3), (2, 4, 5, 3), (0, 5, 3)])
def test_icc_correction_keeps_the_shape(shape):
    values = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)

    result = IccCorrection(SRGB)(values)

    assert result.shape == shape
    np.testing.assert_allclose(result.astype(int), values, atol=1)


def test_icc_correction_is_that_of_the_profile():
    # A profile whose red and blue primaries are swapped: colours come out swapped.
    swapped = bytearray(SRGB)
    table = {
        bytes(swapped[132 + 12 * n : 136 + 12 * n]): n for n in range(swapped[131])
    }
    red, blue = (136 + 12 * table[name] for name in (b"rXYZ", b"bXYZ"))
    swapped[red : red + 4], swapped[blue : blue + 4] = (
        swapped[blue : blue + 4],
        swapped[red : red + 4],
    )
    values = np.array([[[250, 10, 20], [0, 200, 90]]], np.uint8)

    result = IccCorrection(bytes(swapped))(values)

    np.testing.assert_allclose(result.astype(int), values[..., ::-1], atol=2)


def test_colours_of_16_bits_are_corrected_at_8():
    levels = np.random.default_rng(2).integers(0, 256, (4, 5, 3)).astype(np.uint8)
    # Up to half a level more or less makes no difference.
    off = np.random.default_rng(3).integers(-128, 129, levels.shape)
    values = np.clip(levels * np.int64(257) + off, 0, 65535).astype(np.uint16)

    result = IccCorrection(SRGB)(values)

    assert result.dtype == np.uint16
    np.testing.assert_array_equal(result, IccCorrection(SRGB)(levels) * np.uint16(257))


def test_icc_correction_survives_copies():
    correction = IccCorrection(SRGB)
    values = np.full((2, 2, 3), 77, np.uint8)
    expected = correction(values)

    for other in (copy.deepcopy(correction), pickle.loads(pickle.dumps(correction))):
        assert other == correction
        np.testing.assert_array_equal(other(values), expected)


@pytest.mark.parametrize(
    "values", [np.zeros((2, 2, 3), np.float32), np.zeros((2, 2), np.uint8)]
)
def test_icc_correction_refuses_what_is_no_colour(values):
    with pytest.raises(IncompatibleTransformError, match="type uint8"):
        IccCorrection(SRGB)(values)


@pytest.mark.parametrize("color_space", [None, "LAB"])
def test_icc_profile_that_is_not_for_rgb_is_refused(color_space):
    profile = b"none"
    if color_space:
        created = ImageCms.createProfile(color_space)
        profile = ImageCms.ImageCmsProfile(created).tobytes()

    with pytest.raises(IncompatibleTransformError, match="ICC profile cannot be used"):
        IccCorrection(profile)(np.zeros((1, 1, 3), np.uint8))


def test_icc_correction_agrees_with_pillow():
    values = np.random.default_rng(1).integers(0, 256, (8, 9, 3)).astype(np.uint8)
    profile = ImageCms.ImageCmsProfile(BytesIO(SRGB))
    expected = ImageCms.profileToProfile(
        Image.fromarray(values), profile, ImageCms.createProfile("sRGB")
    )

    np.testing.assert_array_equal(IccCorrection(SRGB)(values), np.asarray(expected))


def test_check_gives_the_values_or_refuses_them():
    values = np.array([1, 5])

    assert CheckRange(1, 5)(values) is values
    with pytest.raises(IncompatibleTransformError, match="from 1 to 5 are beyond"):
        CheckRange(2, 5)(values)
    with pytest.raises(IncompatibleTransformError, match="from 1 to 5 are beyond"):
        CheckRange(0, 4)(values)


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        (np.array([1.0, -2.0]), "i2", [1, -2]),
        (np.array([2.9999999999, 4]), "u1", [3, 4]),
        (np.array([255], np.int32), "u1", [255]),
        (np.array([1, 2], np.uint8), "f4", [1, 2]),
        (np.array([0.5]), "f2", [0.5]),
        (np.array([], float), "i2", []),
    ],
)
def test_values_that_fit_are_converted(values, dtype, expected):
    result = AsType(dtype)(values)

    assert result.dtype == np.dtype(dtype)
    assert result.tolist() == expected


def test_values_of_the_right_type_are_given_back():
    values = np.array([1, 2], np.uint8)

    assert AsType(np.uint8)(values) is values


@pytest.mark.parametrize(
    ("values", "dtype", "message"),
    [
        (np.array([1.5]), "i2", "not whole numbers"),
        (np.array([np.nan]), "i2", "not whole numbers"),
        (np.array([256.0]), "u1", "beyond type uint8, which is from 0 to 255"),
        (np.array([-1]), "u1", "beyond type uint8, which is from 0 to 255"),
        (np.array([1e30]), "i8", "beyond type int64"),
        (np.array([1e300]), "f4", "too large for type float32"),
        (np.array([70000]), "f2", "too large for type float16"),
    ],
)
def test_values_that_do_not_fit_are_refused(values, dtype, message):
    with pytest.raises(IncompatibleTransformError, match=message):
        AsType(dtype)(values)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Rescale(np.nan, 0), "slope of a rescale must be a finite number"),
        (lambda: Rescale(1, np.inf), "intercept of a rescale must be a finite number"),
        (lambda: Scale((1, 1), (0, 1)), "'from_range' must be higher"),
        (lambda: Scale((0, 1), (1, 0)), "'to_range' must be higher"),
        (lambda: Window(40, 0), "'window_width' must be at least 1"),
        (lambda: Window(40, 400, output_range=(5, 5)), "'output_range' must be higher"),
        (lambda: Window(40, 400, "FOO"), "FOO"),
    ],
)
def test_transforms_that_are_not_defined_cannot_be_made(make, message):
    with pytest.raises(ValueError, match=message):
        make()
