"""Colours as CIELab values and correction by ICC profiles.

CIELab values are those of PS3.3 C.10.7.1.1, ICC profiles those of PS3.3 C.11.15.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import ImageCms, ImageColor

from highdicom import pixels
from highdicom.arguments import is_number
from highdicom.errors import (
    ArgumentTypeError,
    IncompatibleTransformError,
    InvalidArgumentError,
)
from highdicom.typing import Self

__all__ = ["DEVICE_CLASS", "CIELabColor", "ColorManager", "srgb_profile"]

DEVICE_CLASS = slice(12, 16)
"""Where the header of an ICC profile says of which class of devices it is."""

_HIGHEST_CODE = 0xFFFF
_AXES = {
    "l_star": (0.0, 100.0, "black", "white"),
    "a_star": (-128.0, 127.0, "green", "red"),
    "b_star": (-128.0, 127.0, "blue", "yellow"),
}

# sRGB of IEC 61966-2-1: primaries and white point (D65) as XYZ per unit of light.
_XYZ_OF_RGB = np.array(
    [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ]
)
_RGB_OF_XYZ = np.array(
    [
        [3.2406, -1.5372, -0.4986],
        [-0.9689, 1.8758, 0.0415],
        [0.0557, -0.2040, 1.0570],
    ]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])

# The CIE's function from relative light to lightness is a cube root, but straight
# below this value, in exact numbers.
_CIE_EPSILON = 216.0 / 24389.0
_CIE_KAPPA = 24389.0 / 27.0


class CIELabColor:
    """A colour in the CIELab colour space, as DICOM encodes it (PS3.3 C.10.7.1.1).

    Parameters
    ----------
    l_star
        Lightness from 0.0 (black) to 100.0 (white).
    a_star
        From -128.0 (green) to 127.0 (red).
    b_star
        From -128.0 (blue) to 127.0 (yellow).

    Raises
    ------
    InvalidArgumentError
        If a value is beyond its range.
    ArgumentTypeError
        If a value is not a number.

    Examples
    --------
    >>> from highdicom.color import CIELabColor
    >>> CIELabColor(50.0, 0.0, 0.0).value
    (32768, 32896, 32896)
    >>> CIELabColor.from_string("teal").to_rgb()
    (0, 128, 128)

    """

    __slots__ = ("_value",)

    _value: tuple[int, int, int]

    def __init__(self, l_star: float, a_star: float, b_star: float) -> None:
        codes = map(_encode, _AXES, (l_star, a_star, b_star))
        self._value = (next(codes), next(codes), next(codes))

    @classmethod
    def from_dicom_value(cls, value: Sequence[int]) -> Self:
        """Make a colour of the value of an attribute.

        Parameters
        ----------
        value
            Three integers from 0 to 65535.

        Raises
        ------
        InvalidArgumentError
            If there are not three of them or one is beyond the range.
        ArgumentTypeError
            If they are not integers.

        """
        codes = _three("value", value)
        if not all(_is_integer(code) for code in codes):
            raise ArgumentTypeError(f"'value' must hold integers, not {value!r}.")
        if not all(0 <= code <= _HIGHEST_CODE for code in codes):
            raise InvalidArgumentError(
                f"'value' must hold integers from 0 to 65535, not {value!r}."
            )
        return cls(*map(_decode, _AXES, codes))

    @classmethod
    def from_rgb(cls, r: float, g: float, b: float) -> Self:
        """Make a colour of sRGB components.

        Parameters
        ----------
        r, g, b
            Red, green and blue from 0 to 255.

        Raises
        ------
        ArgumentTypeError
            If a component is no number.
        InvalidArgumentError
            If a component is beyond the range.

        """
        for name, component in (("r", r), ("g", g), ("b", b)):
            if not is_number(component):
                raise ArgumentTypeError(
                    f"'{name}' must be a number, not {type(component).__name__}."
                )
            if not 0 <= component <= 255:
                raise InvalidArgumentError(
                    f"'{name}' must lie in the range 0 to 255, not {component}."
                )
        return cls(*_lab_of_rgb(np.array([r, g, b], np.float64) / 255.0))

    @classmethod
    def from_string(cls, color: str) -> Self:
        """Make a colour of its name or notation.

        Parameters
        ----------
        color
            Name of an HTML colour such as ``"red"``, hexadecimal notation such as
            ``"#ff8000"`` or ``"#f80"``, or one of the notations ``"rgb(...)"``,
            ``"hsl(...)"`` and ``"hsv(...)"`` that :mod:`PIL.ImageColor` knows.

        Raises
        ------
        InvalidArgumentError
            If it is none of these, or has an opacity.
        ArgumentTypeError
            If it is not a string.

        """
        if not isinstance(color, str):
            raise ArgumentTypeError(
                f"'color' must be a string, not {type(color).__name__}."
            )
        try:
            components = ImageColor.getrgb(color)
        except ValueError as error:
            raise InvalidArgumentError(
                f"'color' must be the name or the notation of a colour such as 'red' "
                f"or '#ff0000', not {color!r}."
            ) from error
        if len(components) != 3:
            raise InvalidArgumentError(
                f"'color' must not have an opacity, which {color!r} has."
            )
        return cls.from_rgb(*components)

    @property
    def value(self) -> tuple[int, int, int]:
        """Value as it is in an attribute: three integers from 0 to 65535."""
        return self._value

    @property
    def lab(self) -> tuple[float, float, float]:
        """Lightness, a* and b* that the value stands for."""
        return self.l_star, self.a_star, self.b_star

    @property
    def l_star(self) -> float:
        """Lightness from 0.0 to 100.0."""
        return _decode("l_star", self._value[0])

    @property
    def a_star(self) -> float:
        """Value from green (-128.0) to red (127.0)."""
        return _decode("a_star", self._value[1])

    @property
    def b_star(self) -> float:
        """Value from blue (-128.0) to yellow (127.0)."""
        return _decode("b_star", self._value[2])

    def to_rgb(self, clip: bool = False) -> tuple[int, int, int]:
        """Give the colour as sRGB components from 0 to 255.

        Parameters
        ----------
        clip
            Whether components that sRGB cannot represent are set to the nearest that
            it can; they are an error otherwise.

        Raises
        ------
        InvalidArgumentError
            If sRGB cannot represent the colour and `clip` is false.

        """
        components = np.rint(_rgb_of_lab(self.lab) * 255.0)
        if not clip and (components.min() < 0 or components.max() > 255):
            raise InvalidArgumentError(
                f"{self} cannot be represented in RGB; use 'clip=True' for the nearest "
                "colour that can."
            )
        red, green, blue = np.clip(components, 0, 255).astype(int).tolist()
        return red, green, blue

    def __eq__(self, other: object) -> bool:
        """Whether the values are equal."""
        return isinstance(other, CIELabColor) and self._value == other._value

    def __hash__(self) -> int:
        """Hash of the value."""
        return hash(self._value)

    def __repr__(self) -> str:
        """Name the three values."""
        l_star, a_star, b_star = (round(part, 4) for part in self.lab)
        return f"{type(self).__name__}({l_star}, {a_star}, {b_star})"


class ColorManager:
    """Takes the colours of images to sRGB, by an ICC profile (PS3.3 C.11.15).

    Parameters
    ----------
    icc_profile
        ICC input profile for RGB, as in the attribute ICC Profile.

    Raises
    ------
    InvalidArgumentError
        If it is not such a profile.
    ArgumentTypeError
        If it is not a sequence of bytes.

    Examples
    --------
    >>> import numpy as np
    >>> from PIL import ImageCms
    >>> from highdicom.color import ColorManager
    >>> profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    >>> ColorManager(profile).transform_frame(np.full((2, 2, 3), 128, np.uint8))[0, 0]
    array([128, 128, 128], dtype=uint8)

    """

    def __init__(self, icc_profile: bytes) -> None:
        if not isinstance(icc_profile, (bytes, bytearray, memoryview)):
            raise ArgumentTypeError(
                f"'icc_profile' must be bytes, not {type(icc_profile).__name__}."
            )
        self._correction = pixels.IccCorrection(bytes(icc_profile))
        try:
            self._correction(np.zeros((1, 1, 3), np.uint8))
        except IncompatibleTransformError as error:
            raise InvalidArgumentError(
                f"'icc_profile' must be an ICC input profile for RGB. {error}"
            ) from error

    def transform_frame(self, array: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Correct the colours of a frame.

        Parameters
        ----------
        array
            Frame of shape ``(rows, columns, 3)``, which stays as it is.

        Returns
        -------
        numpy.ndarray
            A new array of the same shape.

        Raises
        ------
        InvalidArgumentError
            If the array does not have this shape.
        ArgumentTypeError
            If it is not of type uint8.

        """
        if np.ndim(array) != 3 or array.shape[-1] != 3:
            raise InvalidArgumentError(
                "'array' must have the shape (rows, columns, 3), not "
                f"{np.shape(array)}."
            )
        if array.dtype != np.uint8:
            raise ArgumentTypeError(
                f"'array' must be of type uint8, not {array.dtype}."
            )
        return self._correction(array)


def srgb_profile() -> bytes:
    """Give the ICC profile of sRGB, as one of an input device (PS3.3 C.11.15.1.1).

    Three matrix columns and tone curves, as sRGB has them, are what profiles of display
    and input devices share, so that only the class in the header differs.

    Examples
    --------
    >>> from highdicom.color import srgb_profile
    >>> srgb_profile()[12:20]
    b'scnrRGB '

    """
    created = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    profile = bytearray(created.tobytes())
    profile[DEVICE_CLASS] = b"scnr"
    return bytes(profile)


def _is_integer(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _three(name: str, value: Sequence[int]) -> tuple[int, ...]:
    try:
        items = tuple(value)
    except TypeError as error:
        raise ArgumentTypeError(
            f"'{name}' must be a sequence of three integers, not {value!r}."
        ) from error
    if len(items) != 3:
        raise InvalidArgumentError(
            f"'{name}' must hold three integers, not {len(items)}."
        )
    return items


def _encode(axis: str, value: Any) -> int:
    low, high, name_of_low, name_of_high = _AXES[axis]
    if not is_number(value):
        raise ArgumentTypeError(f"'{axis}' must be a number, not {value!r}.")
    if not low <= value <= high:
        raise InvalidArgumentError(
            f"'{axis}' must lie between {low} ({name_of_low}) and {high} "
            f"({name_of_high}), not {value}."
        )
    return round((float(value) - low) / (high - low) * _HIGHEST_CODE)


def _decode(axis: str, code: int) -> float:
    low, high, *_ = _AXES[axis]
    return code * ((high - low) / _HIGHEST_CODE) + low


def _lab_of_rgb(rgb: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    relative = _XYZ_OF_RGB @ linear / _WHITE
    x, y, z = np.where(
        relative > _CIE_EPSILON,
        np.cbrt(relative),
        (_CIE_KAPPA * relative + 16.0) / 116.0,
    ).tolist()
    return 116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)


def _rgb_of_lab(lab: tuple[float, float, float]) -> npt.NDArray[np.float64]:
    """Components from 0.0 to 1.0, beyond for colours that sRGB cannot represent."""
    l_star, a_star, b_star = lab
    y = (l_star + 16.0) / 116.0
    roots = np.array([y + a_star / 500.0, y, y - b_star / 200.0])
    cubes = roots**3
    relative = np.where(
        cubes > _CIE_EPSILON, cubes, (116.0 * roots - 16.0) / _CIE_KAPPA
    )
    linear = _RGB_OF_XYZ @ (relative * _WHITE)
    root = np.abs(linear) ** (1.0 / 2.4)
    rgb: npt.NDArray[np.float64] = np.where(
        linear > 0.0031308, 1.055 * root - 0.055, 12.92 * linear
    )
    return rgb
