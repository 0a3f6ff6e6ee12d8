"""Colours as CIELab values and correction by ICC profiles."""

import copy
import pickle

import numpy as np
import pytest
from PIL import ImageCms

from highdicom.color import CIELabColor, ColorManager, srgb_profile
from highdicom.errors import ArgumentTypeError, InvalidArgumentError

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    ("lab", "value"),
    [
        ((0, -128, -128), (0, 0, 0)),
        ((100, 127, 127), (0xFFFF, 0xFFFF, 0xFFFF)),
        ((0, 0, 0), (0, 0x8080, 0x8080)),
        ((50, -64, 63.5), (0x8000, 0x4040, 0xC040)),
    ],
)
def test_values_are_scaled_as_the_standard_says(lab, value):
    color = CIELabColor(*lab)

    assert color.value == value
    # One step of the encoding is 100 / 65535 or 255 / 65535.
    assert color.lab == pytest.approx(lab, abs=0.002)
    assert (color.l_star, color.a_star, color.b_star) == color.lab


def test_every_value_survives():
    for code in range(0, 65536, 7):
        value = (code, 65535 - code, code)
        assert CIELabColor.from_dicom_value(value).value == value


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        # From the definitions of sRGB and CIELab under the illuminant D65.
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((128, 128, 128), (53.59, 0, 0)),
    ],
)
def test_colours_of_srgb_have_their_place(rgb, lab):
    color = CIELabColor.from_rgb(*rgb)

    assert color.lab == pytest.approx(lab, abs=0.05)
    assert color.to_rgb() == rgb


def test_colours_of_srgb_survive():
    for red, green, blue in (
        np.random.default_rng(0).integers(0, 256, (300, 3)).tolist()
    ):
        assert CIELabColor.from_rgb(red, green, blue).to_rgb() == (red, green, blue)


@pytest.mark.parametrize(
    ("text", "rgb"),
    [
        ("red", (255, 0, 0)),
        ("Teal", (0, 128, 128)),
        ("#ff8000", (255, 128, 0)),
        ("#FF8000", (255, 128, 0)),
        ("#f80", (255, 136, 0)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
        ("hsl(120, 100%, 50%)", (0, 255, 0)),
    ],
)
def test_colours_have_names_and_notations(text, rgb):
    assert CIELabColor.from_string(text).to_rgb() == rgb


@pytest.mark.parametrize(
    ("lab", "nearest"),
    [((50, -128, 127), (0, 152, 0)), ((50, 127, -128), (183, 0, 255))],
)
def test_colours_beyond_srgb_are_refused_or_clipped(lab, nearest):
    color = CIELabColor(*lab)

    with pytest.raises(InvalidArgumentError, match="cannot be represented in RGB"):
        color.to_rgb()
    assert color.to_rgb(clip=True) == nearest


def test_colours_are_values():
    color = CIELabColor(50, 1, 2)

    assert color == CIELabColor(50, 1, 2)
    assert color != CIELabColor(50, 1, 3)
    assert color != color.value
    assert hash(color) == hash(CIELabColor(50, 1, 2))
    assert repr(color) == "CIELabColor(50.0008, 1.0, 2.0)"
    assert pickle.loads(pickle.dumps(color)) == copy.deepcopy(color) == color


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: CIELabColor(-0.1, 0, 0), ValueError, "'l_star' must lie between 0.0"),
        (lambda: CIELabColor(101, 0, 0), ValueError, "100.0 .white., not 101"),
        (lambda: CIELabColor(50, 127.1, 0), ValueError, "'a_star' must lie between"),
        (lambda: CIELabColor(50, 0, -129), ValueError, "-128.0 .blue. and 127.0"),
        (lambda: CIELabColor(np.nan, 0, 0), ValueError, "'l_star' must lie between"),
        (lambda: CIELabColor("50", 0, 0), TypeError, "'l_star' must be a number"),
        (lambda: CIELabColor(None, 0, 0), TypeError, "'l_star' must be a number"),
        (lambda: CIELabColor.from_rgb(0, 0, None), TypeError, "'b' must be a number"),
        (lambda: CIELabColor.from_rgb(256, 0, 0), ValueError, "'r' must lie in"),
        (lambda: CIELabColor.from_rgb(0, -1, 0), ValueError, "'g' must lie in"),
        (lambda: CIELabColor.from_rgb(0, 0, np.nan), ValueError, "'b' must lie in"),
        (lambda: CIELabColor.from_string("foo"), ValueError, "not 'foo'"),
        (lambda: CIELabColor.from_string("#12345678"), ValueError, "an opacity"),
        (lambda: CIELabColor.from_string(5), TypeError, "'color' must be a string"),
        (lambda: CIELabColor.from_dicom_value((1, 2)), ValueError, "three integers"),
        (lambda: CIELabColor.from_dicom_value((1, 2, 65536)), ValueError, "0 to 65535"),
        (lambda: CIELabColor.from_dicom_value((1, 2, 3.5)), TypeError, "integers"),
        (lambda: CIELabColor.from_dicom_value(None), TypeError, "three integers"),
    ],
)
def test_colours_that_are_none_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def swapped_profile():
    """An sRGB profile with red and blue in each other's place."""
    profile = bytearray(SRGB)
    tags = {
        bytes(profile[132 + 12 * n :][:4]): 136 + 12 * n for n in range(profile[131])
    }
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red : red + 4], profile[blue : blue + 4] = (
        profile[blue : blue + 4],
        profile[red : red + 4],
    )
    return bytes(profile)


def test_colours_of_frames_are_corrected():
    frame = np.array([[[250, 10, 20], [0, 200, 90]]], np.uint8)
    before = frame.copy()

    result = ColorManager(swapped_profile()).transform_frame(frame)

    np.testing.assert_allclose(result.astype(int), before[..., ::-1], atol=2)
    np.testing.assert_array_equal(frame, before)
    assert result.dtype == np.uint8


def test_profile_of_srgb_leaves_colours_alone():
    frame = np.random.default_rng(0).integers(0, 256, (6, 8, 3)).astype(np.uint8)

    result = ColorManager(srgb_profile()).transform_frame(frame)

    np.testing.assert_allclose(result.astype(int), frame, atol=1)


def test_frames_need_not_be_contiguous():
    frame = np.random.default_rng(0).integers(0, 256, (6, 8, 3)).astype(np.uint8)
    manager = ColorManager(SRGB)

    np.testing.assert_array_equal(
        manager.transform_frame(frame[::2, ::-1]),
        manager.transform_frame(frame)[::2, ::-1],
    )
    assert manager.transform_frame(frame[:0]).shape == (0, 8, 3)


def test_color_managers_survive_copies():
    manager = ColorManager(SRGB)
    frame = np.full((2, 2, 3), 99, np.uint8)

    for other in (pickle.loads(pickle.dumps(manager)), copy.deepcopy(manager)):
        np.testing.assert_array_equal(
            other.transform_frame(frame), manager.transform_frame(frame)
        )


@pytest.mark.parametrize("shape", [(4, 5), (1, 4, 5, 3), (4, 5, 4)])
def test_frames_of_another_shape_are_refused(shape):
    with pytest.raises(InvalidArgumentError, match=r"shape \(rows, columns, 3\)"):
        ColorManager(SRGB).transform_frame(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_frames_of_another_type_are_refused(dtype):
    with pytest.raises(ArgumentTypeError, match="must be of type uint8"):
        ColorManager(SRGB).transform_frame(np.zeros((4, 5, 3), dtype))


@pytest.mark.parametrize("color_space", [None, "LAB", "XYZ"])
def test_profiles_that_are_not_for_rgb_are_refused(color_space):
    profile = b"no profile"
    if color_space:
        created = ImageCms.createProfile(color_space)
        profile = ImageCms.ImageCmsProfile(created).tobytes()

    with pytest.raises(InvalidArgumentError, match="must be an ICC input profile"):
        ColorManager(profile)


@pytest.mark.parametrize("profile", [None, "text"])
def test_profiles_that_are_not_bytes_are_refused(profile):
    with pytest.raises(ArgumentTypeError, match="'icc_profile' must be bytes"):
        ColorManager(profile)
