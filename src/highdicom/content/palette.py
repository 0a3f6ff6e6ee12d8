"""Palette colour look-up tables, plain and segmented (PS3.3 C.7.9)."""

from collections.abc import Callable, Iterable, Sequence as AnySequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import ImageColor
from pydicom.dataset import Dataset
from pydicom.uid import UID

from highdicom.attributes import Module
from highdicom.attributes.specifiers import OptionalUid, uid
from highdicom.content.lut import (
    DescribedTable,
    check_lut,
    encoded_descriptor,
    lut_bytes,
    read_descriptor,
    read_lut_data,
    stored_entries,
)
from highdicom.encoding.elements import initialise, put
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.pixels.functions import apply_lut
from highdicom.pixels.transforms import PaletteColor
from highdicom.typing import Self

__all__ = [
    "PaletteColorLUT",
    "PaletteColorLUTTransformation",
    "SegmentedPaletteColorLUT",
]

Array = npt.NDArray[Any]

_COLORS = ("red", "green", "blue")
_LONGEST = 2**16


def _check_color(color: str) -> str:
    if str(color).lower() not in _COLORS:
        raise InvalidArgumentError(
            f"'color' must be one of {', '.join(_COLORS)}, not {color!r}."
        )
    return color.capitalize()


class _PaletteChannel(DescribedTable):
    """The table of one colour: a descriptor and data, named for the colour."""

    _data_keyword: str

    def _initialise(
        self, color: str, count: int, first_mapped_value: int, data: Array
    ) -> None:
        initialise(self, {})
        name = _check_color(color)
        bits = data.dtype.itemsize * 8
        descriptor, vr = encoded_descriptor(count, first_mapped_value, bits)
        put(self, f"{name}PaletteColorLookupTableDescriptor", descriptor, vr)
        put(self, self._data_keyword.format(name), lut_bytes(data), "OW")

    @property
    def color(self) -> str:
        """Colour of the table: red, green or blue."""
        for color in _COLORS:
            if f"{color.capitalize()}PaletteColorLookupTableDescriptor" in self:
                return color
        raise MissingAttributeError(
            "A palette needs the descriptor of its table.",
            keyword="RedPaletteColorLookupTableDescriptor",
        )

    @property
    def _descriptor_keyword(self) -> str:
        return f"{self.color.capitalize()}PaletteColorLookupTableDescriptor"

    @property
    def _data(self) -> Any:
        keyword = self._data_keyword.format(self.color.capitalize())
        return self[keyword].value

    @classmethod
    def extract_from_dataset(cls, dataset: Dataset, color: str) -> Self:
        """Take the table of a colour out of a dataset, which stays as it is.

        Parameters
        ----------
        dataset
            Image or palette.
        color
            Red, green or blue.

        Raises
        ------
        MissingAttributeError
            If the dataset has no such table.
        InvalidAttributeError
            If the descriptor of the table is damaged.

        """
        name = _check_color(color)
        channel = cls.__new__(cls)
        initialise(channel, {})
        descriptor = f"{name}PaletteColorLookupTableDescriptor"
        data = cls._data_keyword.format(name)
        for keyword in (descriptor, data):
            if keyword not in dataset:
                raise MissingAttributeError(
                    f"The dataset has no {color} palette: it lacks {keyword}.",
                    keyword=keyword,
                )
        _, first_mapped_value, _ = read_descriptor(dataset, descriptor)
        vr = "SS" if first_mapped_value < 0 else "US"
        put(channel, descriptor, [int(n) for n in dataset[descriptor].value], vr)
        put(channel, data, dataset[data].value, "OW")
        return channel


class PaletteColorLUT(_PaletteChannel):
    """Table of one colour of a palette (PS3.3 C.7.6.3.1.5 and C.7.6.3.1.6).

    Parameters
    ----------
    first_mapped_value
        Pixel value to which the first entry belongs.
    lut_data
        Entries of shape ``(n,)`` and type uint8 or uint16; at most 256 of uint8.
    color
        Red, green or blue.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    InvalidArgumentError
        If a value or the shape or data type of the table is wrong.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import PaletteColorLUT
    >>> PaletteColorLUT(0, np.array([0, 255], np.uint8), "red").number_of_entries
    2

    """

    _data_keyword = "{}PaletteColorLookupTableData"

    def __init__(self, first_mapped_value: int, lut_data: Array, color: str) -> None:
        _check_color(color)
        check_lut(first_mapped_value, lut_data)
        # As many entries of one byte as one byte can count.
        longest = 2 ** (8 * lut_data.dtype.itemsize)
        check_lut(first_mapped_value, lut_data, longest)
        self._initialise(color, len(lut_data), first_mapped_value, lut_data)

    @property
    def lut_data(self) -> Array:
        """Entries of shape ``(n,)`` and type uint8 or uint16."""
        keyword = self._data_keyword.format(self.color.capitalize())
        return read_lut_data(self._data, self._descriptor, keyword)

    def apply(self, array: Array, dtype: npt.DTypeLike | None = None) -> Array:
        """Look pixel values up.

        Parameters
        ----------
        array
            Integers of any shape.
        dtype
            Type of the result, which must hold the entries; theirs if not given.

        """
        return apply_lut(array, self.lut_data, self.first_mapped_value, dtype=dtype)


class SegmentedPaletteColorLUT(_PaletteChannel):
    """Table of one colour of a palette, said in segments (PS3.3 C.7.9.2).

    Parameters
    ----------
    first_mapped_value
        Pixel value to which the first entry belongs.
    segmented_lut_data
        Discrete, linear and indirect segments of type uint8 or uint16.
    color
        Red, green or blue.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    InvalidArgumentError
        If a value, shape or data type is wrong, or the segments are damaged or come to
        more than 65536 entries or none.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import SegmentedPaletteColorLUT
    >>> segments = np.array([0, 1, 0, 1, 255, 255], np.uint8)
    >>> SegmentedPaletteColorLUT(0, segments, "red").number_of_entries
    256

    """

    _data_keyword = "Segmented{}PaletteColorLookupTableData"

    def __init__(
        self, first_mapped_value: int, segmented_lut_data: Array, color: str
    ) -> None:
        _check_color(color)
        check_lut(first_mapped_value, segmented_lut_data)
        expanded = _expanded(segmented_lut_data)
        if len(expanded) == 0:
            raise InvalidArgumentError(
                "'segmented_lut_data' must come to 1 to 65536 entries, not 0."
            )
        self._initialise(color, len(expanded), first_mapped_value, segmented_lut_data)

    @property
    def segmented_lut_data(self) -> Array:
        """Segments, of type uint8 or uint16."""
        data = self._data
        if self.bits_per_entry == 8 and isinstance(data, bytes):
            return np.frombuffer(data, np.uint8)
        return stored_entries(data, self._data_keyword.format(self.color.capitalize()))

    @property
    def lut_data(self) -> Array:
        """Entries of shape ``(n,)`` that the segments come to.

        Raises
        ------
        InvalidAttributeError
            If the segments that were read are damaged, or come to more or fewer
            entries than the descriptor says.

        """
        keyword = self._data_keyword.format(self.color.capitalize())
        try:
            expanded = _expanded(self.segmented_lut_data, self.number_of_entries)
        except InvalidArgumentError as error:
            text = str(error).replace("'segmented_lut_data'", keyword)
            raise InvalidAttributeError(text, keyword=keyword) from error
        if len(expanded) != self.number_of_entries:
            raise InvalidAttributeError(
                f"{keyword} comes to {len(expanded)} entries, where the descriptor "
                f"says {self.number_of_entries}.",
                keyword=keyword,
            )
        return expanded


class _Expansion:
    """Entries that segments come to (PS3.3 C.7.9.2)."""

    def __init__(self, segments: Array, count: int) -> None:
        self._values = [int(value) for value in segments]
        self._dtype = segments.dtype
        self._count = count
        self._runs: list[Array] = []
        self._length = 0
        self._is_indirect = False

    def run(self) -> Array:
        """Expand all segments up to the number of entries or the end of the data."""
        position = 0
        while self._length < self._count and not self._is_end(position):
            position = self._segment(position)
        return np.concatenate(self._runs) if self._runs else np.zeros(0, self._dtype)

    def _is_end(self, position: int) -> bool:
        """Whether there are no more segments, but perhaps a byte of padding."""
        remaining = self._values[position:]
        return not remaining or (self._length > 0 and remaining == [0])

    def _segment(self, position: int) -> int:
        kinds: dict[int, Callable[[int, int], int]] = {
            0: self._discrete,
            1: self._linear,
            2: self._indirect,
        }
        code, *rest = self._take(position, 2)
        if code not in kinds:
            raise InvalidArgumentError(
                f"'segmented_lut_data' has the unknown segment type {code} at entry "
                f"{position}: it must be 0, 1 or 2."
            )
        return kinds[code](position + 2, rest[0])

    def _take(self, position: int, count: int) -> list[int]:
        taken = self._values[position : position + count]
        if len(taken) < count:
            raise InvalidArgumentError(
                "'segmented_lut_data' ends within a segment, at entry "
                f"{len(self._values)}."
            )
        return taken

    def _append(self, run: Array) -> None:
        self._runs.append(run.astype(self._dtype))
        self._length += len(run)
        # Few bytes can say that many entries are to be repeated many times.
        if self._length > _LONGEST:
            raise InvalidArgumentError(
                "'segmented_lut_data' must come to 1 to 65536 entries, not more."
            )

    def _discrete(self, position: int, length: int) -> int:
        self._append(np.array(self._take(position, length)))
        return position + length

    def _linear(self, position: int, length: int) -> int:
        if not self._length:
            raise InvalidArgumentError(
                "'segmented_lut_data' must not begin with a linear segment."
            )
        end = self._take(position, 1)[0]
        start = int(self._runs[-1][-1])
        self._append(np.rint(np.linspace(start, end, length + 1)[1:]))
        return position + 1

    def _indirect(self, position: int, length: int) -> int:
        if self._is_indirect:
            raise InvalidArgumentError(
                "'segmented_lut_data' has an indirect segment that points to another."
            )
        # A byte offset of 32 bits, least significant part first.
        size = self._dtype.itemsize
        parts = self._take(position, 4 // size)
        offset = sum(part << (8 * size * i) for i, part in enumerate(parts))
        self._is_indirect = True
        target = offset // size
        for _ in range(length):
            target = self._segment(target)
        self._is_indirect = False
        return position + 4 // size


def _expanded(segments: Array, count: int = _LONGEST + 1) -> Array:
    return _Expansion(segments, count).run()


Channel = PaletteColorLUT | SegmentedPaletteColorLUT


class PaletteColorLUTTransformation(Module, defined_in="palette-color-lookup-table"):
    """A palette: from pixel values to colours (PS3.3 C.7.9).

    Parameters
    ----------
    red_lut, green_lut, blue_lut
        Tables of the colours: of as many entries and the same first mapped value, and
        all plain or all segmented.
    palette_color_lut_uid
        Identifier of the palette.

    Raises
    ------
    ArgumentTypeError
        If one is no table of a palette.
    InvalidArgumentError
        If a table is of another colour, or the tables do not fit each other.

    Examples
    --------
    >>> from highdicom import PaletteColorLUTTransformation
    >>> palette = PaletteColorLUTTransformation.from_colors(["black", "#ff0000"])
    >>> palette.combined_lut_data
    array([[  0,   0,   0],
           [255,   0,   0]], dtype=uint8)

    """

    palette_color_lut_uid: OptionalUid = uid(
        "PaletteColorLookupTableUID", "3", default=None
    )

    def __init__(
        self,
        red_lut: Channel,
        green_lut: Channel,
        blue_lut: Channel,
        palette_color_lut_uid: UID | str | None = None,
    ) -> None:
        channels: dict[str, Channel] = {
            "red": red_lut,
            "green": green_lut,
            "blue": blue_lut,
        }
        _check_channels(channels)
        self.initialise()
        for channel in channels.values():
            self._dict.update(channel._dict)  # noqa: SLF001 (no conversion needed)
        self.palette_color_lut_uid = palette_color_lut_uid

    @classmethod
    def from_colors(
        cls,
        colors: AnySequence[str],
        first_mapped_value: int = 0,
        palette_color_lut_uid: UID | str | None = None,
    ) -> Self:
        """Make a palette of 8 bits from names of colours.

        Parameters
        ----------
        colors
            Names as in CSS, or hexadecimal values such as ``"#ff8000"``.
        first_mapped_value
            Pixel value that gets the first colour.
        palette_color_lut_uid
            Identifier of the palette.

        Raises
        ------
        ArgumentTypeError
            If an argument is of the wrong type.
        InvalidArgumentError
            If there are no colours, more than 256, or one is unknown or has an opacity.

        """
        if isinstance(colors, str) or not isinstance(colors, Iterable):
            raise ArgumentTypeError(
                f"'colors' must be a sequence of texts, not {type(colors).__name__}."
            )
        named = list(colors)
        for color in named:
            if not isinstance(color, str):
                raise ArgumentTypeError(f"'colors' must be texts, not {color!r}.")
        try:
            table = [ImageColor.getrgb(color) for color in named]
        except ValueError as error:
            raise InvalidArgumentError(
                f"'colors' must be names or hexadecimal values of colours: {error}."
            ) from error
        if not table:
            raise InvalidArgumentError("'colors' must not be empty.")
        if any(len(color) > 3 for color in table):
            raise InvalidArgumentError("'colors' must not have an opacity.")
        return cls.from_combined_lut(
            np.array(table, np.uint8).reshape(-1, 3),
            first_mapped_value,
            palette_color_lut_uid,
        )

    @classmethod
    def from_combined_lut(
        cls,
        lut_data: Array,
        first_mapped_value: int = 0,
        palette_color_lut_uid: UID | str | None = None,
    ) -> Self:
        """Make a palette from one table of colours.

        Parameters
        ----------
        lut_data
            Colours of shape ``(n, 3)`` and type uint8 or uint16.
        first_mapped_value
            Pixel value that gets the first colour.
        palette_color_lut_uid
            Identifier of the palette.

        Raises
        ------
        ArgumentTypeError
            If an argument is of the wrong type.
        InvalidArgumentError
            If a value or the shape or data type of the table is wrong.

        """
        if not isinstance(lut_data, np.ndarray):
            raise ArgumentTypeError(
                f"'lut_data' must be a numpy array, not {type(lut_data).__name__}."
            )
        if lut_data.ndim != 2 or lut_data.shape[1] != 3:
            raise InvalidArgumentError(
                f"'lut_data' must be of shape (n, 3), not {lut_data.shape}."
            )
        red, green, blue = (
            PaletteColorLUT(first_mapped_value, lut_data[:, number], color)
            for number, color in enumerate(_COLORS)
        )
        return cls(red, green, blue, palette_color_lut_uid)

    @classmethod
    def extract_from_dataset(cls, dataset: Dataset) -> Self:
        """Take the palette of an image out of it; the image stays as it is.

        Raises
        ------
        MissingAttributeError
            If it has none.

        """
        segmented = "SegmentedRedPaletteColorLookupTableData" in dataset
        kind = SegmentedPaletteColorLUT if segmented else PaletteColorLUT
        red, green, blue = (
            kind.extract_from_dataset(dataset, color) for color in _COLORS
        )
        return cls(red, green, blue, dataset.get("PaletteColorLookupTableUID"))

    @property
    def is_segmented(self) -> bool:
        """Whether the tables are said in segments."""
        return "SegmentedRedPaletteColorLookupTableData" in self

    @property
    def red_lut(self) -> Channel:
        """Table of red."""
        return self._channel("red")

    @property
    def green_lut(self) -> Channel:
        """Table of green."""
        return self._channel("green")

    @property
    def blue_lut(self) -> Channel:
        """Table of blue."""
        return self._channel("blue")

    def _channel(self, color: str) -> Channel:
        kind = SegmentedPaletteColorLUT if self.is_segmented else PaletteColorLUT
        return kind.extract_from_dataset(self, color)

    @property
    def first_mapped_value(self) -> int:
        """Pixel value that gets the first colour."""
        return self.red_lut.first_mapped_value

    @property
    def number_of_entries(self) -> int:
        """Number of colours."""
        return self.red_lut.number_of_entries

    @property
    def bits_per_entry(self) -> int:
        """Bits of a sample of a colour, 8 or 16."""
        return self.red_lut.bits_per_entry

    @property
    def combined_lut_data(self) -> Array:
        """Colours of shape ``(n, 3)`` and type uint8 or uint16."""
        channels = [self._channel(color).lut_data for color in _COLORS]
        return np.stack(channels, axis=-1)

    def apply(self, array: Array, dtype: npt.DTypeLike | None = None) -> Array:
        """Give pixel values their colours.

        Parameters
        ----------
        array
            Integers of any shape.
        dtype
            Type of the result, which must hold the entries; theirs if not given.

        Returns
        -------
        numpy.ndarray
            Colours along a new last axis.

        Raises
        ------
        InvalidArgumentError
            If the values are not integers.
        ArgumentTypeError
            If the type cannot hold the colours.

        """
        if array.dtype.kind not in "iu":
            raise InvalidArgumentError(
                f"'array' must have an integer data type, not {array.dtype}."
            )
        colors = self.combined_lut_data
        if dtype is not None and not np.can_cast(colors.dtype, dtype, "safe"):
            raise ArgumentTypeError(
                f"'dtype' must hold all colours, whose type {colors.dtype} cannot be "
                f"cast safely to {np.dtype(dtype)}."
            )
        table = colors.astype(dtype or colors.dtype, copy=False)
        return PaletteColor(table, self.first_mapped_value)(array)


def _check_channels(channels: dict[str, Channel]) -> None:
    for color, channel in channels.items():
        if not isinstance(channel, (PaletteColorLUT, SegmentedPaletteColorLUT)):
            raise ArgumentTypeError(
                f"'{color}_lut' must be a PaletteColorLUT or SegmentedPaletteColorLUT, "
                f"not {type(channel).__name__}."
            )
        if channel.color != color:
            raise InvalidArgumentError(
                f"'{color}_lut' must be of colour {color}, not {channel.color}."
            )
    for what in ("first_mapped_value", "number_of_entries", "bits_per_entry"):
        values = {getattr(channel, what) for channel in channels.values()}
        if len(values) > 1:
            raise InvalidArgumentError(
                f"The tables of a palette must have the same {what.replace('_', ' ')}, "
                f"not {sorted(values)}."
            )
    if len({type(channel) for channel in channels.values()}) > 1:
        raise InvalidArgumentError(
            "The tables of a palette must be all plain or all segmented."
        )
