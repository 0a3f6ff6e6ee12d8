"""The attributes of the Image Pixel module that say what a frame is, as one value."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException

from highdicom.enum import PixelDataKeywords
from highdicom.errors import (
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.policy import tolerate
from highdicom.records import record
from highdicom.typing import Self

__all__ = ["PixelFormat"]

_PIXEL_DATA = PixelDataKeywords.PIXEL_DATA.value
_FLOATS: Mapping[str, np.dtype[Any]] = {
    PixelDataKeywords.FLOAT_PIXEL_DATA.value: np.dtype(np.float32),
    PixelDataKeywords.DOUBLE_FLOAT_PIXEL_DATA.value: np.dtype(np.float64),
}
_KEYWORDS = {
    "rows": "Rows",
    "columns": "Columns",
    "samples_per_pixel": "SamplesPerPixel",
    "bits_allocated": "BitsAllocated",
    "bits_stored": "BitsStored",
    "pixel_representation": "PixelRepresentation",
    "photometric_interpretation": "PhotometricInterpretation",
    "planar_configuration": "PlanarConfiguration",
}
_ABSENT_WITH_FLOATS = {
    "bits_stored",
    "pixel_representation",
}
_GREATEST_SIZE = 2**16 - 1
_BITS_ALLOCATED = (1, 8, 16, 32, 64)
_SAMPLES_PER_PIXEL = (1, 3)


@record
class PixelFormat:
    """What a frame of pixel data is (PS3.3 C.7.6.3 and C.7.6.24).

    Parameters
    ----------
    rows, columns
        Size of a frame, each from 1 to 65535.
    samples_per_pixel
        1, or 3 for colours.
    bits_allocated
        1, 8, 16, 32 or 64.
    bits_stored
        At most the bits allocated; the same for floating point numbers.
    pixel_representation
        0 for unsigned, 1 for signed integers.
    photometric_interpretation
        That of the data as stored: with some transfer syntaxes another than that of
        the array that is encoded or decoded.
    planar_configuration
        For three samples per pixel 0 if they are stored by pixel, 1 if by plane.
    keyword
        Attribute that holds the frames: PixelData, FloatPixelData or
        DoubleFloatPixelData.

    Raises
    ------
    InvalidArgumentError
        If a value is not allowed.

    Examples
    --------
    >>> from highdicom.codec import PixelFormat
    >>> PixelFormat(512, 512, 1, 16, 12, 0, "MONOCHROME2").stored_range
    (0, 4095)

    """

    rows: int
    columns: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    pixel_representation: int
    photometric_interpretation: str
    planar_configuration: int | None = None
    keyword: str = _PIXEL_DATA

    def __post_init__(self) -> None:
        """Refuse what is not allowed."""
        for name, reason in _faults(vars(self)):
            raise InvalidArgumentError(f"'{name}' must be {reason}.")

    @classmethod
    def of(cls, dataset: Dataset, keyword: str | None = None) -> Self:
        """Give the format of the frames of an image.

        Parameters
        ----------
        dataset
            Data set of an image, with or without its pixel data.
        keyword
            Attribute that holds the pixel data. By default the one that is present or,
            if none is, the one that the other attributes fit.

        Raises
        ------
        MissingAttributeError
            If an attribute is absent or empty that is needed.
        InvalidAttributeError
            If an attribute has a value that is not allowed.
        NonconformantDatasetError
            If the data set deviates from the standard in a way that can be tolerated,
            but the reading policy is strict.

        """
        try:
            values = dict(_values(dataset, keyword or _keyword_of(dataset)))
            high_bit = dataset.get("HighBit")
        except (BytesLengthException, NotImplementedError) as error:
            # What pydicom raises for values that it cannot decode.
            raise InvalidAttributeError(
                f"An attribute of the pixel data cannot be read: {error}."
            ) from error
        for name, reason in _faults(values):
            attribute = _KEYWORDS.get(name, name)
            raise InvalidAttributeError(
                f"{attribute} must be {reason}.", keyword=attribute
            )
        _check_high_bit(dataset, high_bit, values)
        return cls(**values)

    @property
    def is_float(self) -> bool:
        """Whether samples are floating point numbers."""
        return self.keyword in _FLOATS

    @cached_property
    def dtype(self) -> np.dtype[Any]:
        """Data type of decoded samples, in the byte order of the machine."""
        if self.is_float:
            return _FLOATS[self.keyword]
        kind = "i" if self.pixel_representation else "u"
        return np.dtype(f"{kind}{max(self.bits_allocated // 8, 1)}")

    @cached_property
    def stored_range(self) -> tuple[float, float]:
        """Lowest and highest value that can be stored: integers, unless floats are."""
        if self.is_float:
            limits = np.finfo(self.dtype)
            return float(limits.min), float(limits.max)
        if self.pixel_representation:
            half = 2 ** (self.bits_stored - 1)
            return -half, half - 1
        return 0, 2**self.bits_stored - 1

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Shape of a decoded frame: ``(rows, columns)`` or ``(rows, columns, 3)``."""
        size = (self.rows, self.columns)
        return size if self.samples_per_pixel == 1 else (*size, self.samples_per_pixel)

    @cached_property
    def frame_bits(self) -> int:
        """Length of a native frame in bits.

        Frames of one bit per sample follow each other without a gap, so that a frame
        need not begin on a byte (PS3.5 8.1.1). Half the columns of YBR_FULL_422 have
        no chrominance of their own (PS3.3 C.7.6.3.1.2).
        """
        samples = self.rows * self.columns * self.samples_per_pixel
        if self.photometric_interpretation == "YBR_FULL_422":
            samples = samples // 3 * 2
        return samples * self.bits_allocated

    @property
    def frame_size(self) -> int:
        """Length of a native frame in bytes, rounded up if it ends within one."""
        return -(-self.frame_bits // 8)

    def check(self, array: npt.NDArray[Any]) -> None:
        """Refuse an array that is not a frame of this format.

        Parameters
        ----------
        array
            Array to be checked. One of booleans may stand for unsigned integers.

        Raises
        ------
        InvalidArgumentError
            If shape, data type or values do not fit.

        """
        if array.shape != self.shape:
            raise InvalidArgumentError(
                f"'array' must have the shape {self.shape}, not {array.shape}."
            )
        is_boolean = array.dtype == np.bool_ and self.dtype == np.uint8
        if not is_boolean and array.dtype.newbyteorder("=") != self.dtype:
            raise InvalidArgumentError(
                f"'array' must have the data type {self.dtype}, not {array.dtype}."
            )
        if not is_boolean and self.bits_stored < self.dtype.itemsize * 8:
            self._check_values(array)

    def _check_values(self, array: npt.NDArray[Any]) -> None:
        low, high = self.stored_range
        lowest, highest = array.min(), array.max()
        if lowest < low or highest > high:
            raise InvalidArgumentError(
                f"'array' must hold values from {low} to {high}, which "
                f"{self.bits_stored} bits can store, not from {lowest} to {highest}."
            )


def _keyword_of(dataset: Dataset) -> str:
    present = [value.value for value in PixelDataKeywords if value.value in dataset]
    if len(present) > 1:
        raise InvalidAttributeError(
            f"Only one attribute may hold pixel data, not {' and '.join(present)}.",
            keyword=present[1],
        )
    if present:
        return present[0]
    if "BitsStored" in dataset or "PixelRepresentation" in dataset:
        return _PIXEL_DATA
    by_size = {dtype.itemsize * 8: keyword for keyword, dtype in _FLOATS.items()}
    return by_size.get(dataset.get("BitsAllocated"), _PIXEL_DATA)


def _values(dataset: Dataset, keyword: str) -> Iterator[tuple[str, Any]]:
    yield "keyword", keyword
    is_float = keyword in _FLOATS
    for name, attribute in _KEYWORDS.items():
        if is_float and name in _ABSENT_WITH_FLOATS:
            continue
        value = dataset.get(attribute)
        if name == "planar_configuration":
            value = _planar_configuration(dataset, value)
        elif value is None or value == "":
            raise MissingAttributeError(
                f"{attribute} is needed to read frames, but is absent or empty.",
                keyword=attribute,
            )
        yield name, value
    if is_float:
        yield "bits_stored", dataset.BitsAllocated
        yield "pixel_representation", 0


def _planar_configuration(dataset: Dataset, value: int | None) -> int | None:
    if dataset.get("SamplesPerPixel") != 3:
        return None
    if value is None:
        tolerate(
            "the attribute is absent although there are several samples per pixel",
            "samples are taken to be stored by pixel",
            keyword="PlanarConfiguration",
            source=getattr(dataset, "filename", None),
        )
        return 0
    return value


def _check_high_bit(
    dataset: Dataset, high_bit: object, values: Mapping[str, Any]
) -> None:
    expected = values["bits_stored"] - 1
    if values["keyword"] == _PIXEL_DATA and high_bit not in (None, "", expected):
        tolerate(
            f"the value is {high_bit}, but must be {expected}, one less than Bits "
            f"Stored (PS3.5 8.1.1)",
            f"the lowest {expected + 1} bits are taken to hold the value",
            keyword="HighBit",
            source=getattr(dataset, "filename", None),
        )


def _faults(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names of values that are not allowed, each with what would be."""
    for name in ("rows", "columns"):
        if not _is_between(values[name], 1, _GREATEST_SIZE):
            yield name, f"an integer from 1 to 65535, not {values[name]!r}"
    if values["samples_per_pixel"] not in _SAMPLES_PER_PIXEL:
        yield "samples_per_pixel", f"1 or 3, not {values['samples_per_pixel']!r}"
    yield from _faults_of_bits(values)
    if not isinstance(values["photometric_interpretation"], str):
        given = values["photometric_interpretation"]
        yield "photometric_interpretation", f"a string, not {given!r}"
    planar = values.get("planar_configuration")
    if values["samples_per_pixel"] != 1 and planar not in (0, 1):
        yield (
            "planar_configuration",
            f"0 or 1 if there are several samples per pixel, not {planar!r}",
        )


def _faults_of_bits(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    keyword = values.get("keyword", _PIXEL_DATA)
    allocated, stored = values["bits_allocated"], values["bits_stored"]
    if keyword in _FLOATS:
        bits = _FLOATS[keyword].itemsize * 8
        if allocated != bits:
            yield "bits_allocated", f"{bits} for {keyword}, not {allocated!r}"
        if stored != allocated:
            yield "bits_stored", f"{allocated} for {keyword}, not {stored!r}"
    elif keyword != _PIXEL_DATA:
        names = " or ".join(value.value for value in PixelDataKeywords)
        yield "keyword", f"{names}, not {keyword!r}"
    if allocated not in _BITS_ALLOCATED:
        yield "bits_allocated", f"1, 8, 16, 32 or 64, not {allocated!r}"
    elif not _is_between(stored, 1, allocated):
        yield (
            "bits_stored",
            f"an integer from 1 to the {allocated} bits allocated, not {stored!r}",
        )
    if values["pixel_representation"] not in (0, 1):
        given = values["pixel_representation"]
        yield "pixel_representation", f"0 or 1, not {given!r}"


def _is_between(value: object, low: int, high: int) -> bool:
    is_integer = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    return is_integer and low <= cast("int", value) <= high
