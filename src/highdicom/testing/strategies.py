"""Hypothesis strategies for pixels, geometry and data sets (extra "testing").

Hypothesis is imported when a strategy is asked for, not with the module.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache, wraps
from inspect import signature
from types import ModuleType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydicom import DataElement, Dataset
from pydicom._dicom_dict import DicomDictionary
from pydicom.dataelem import empty_value_for_VR
from pydicom.valuerep import DSfloat, PersonName, format_number_as_ds

from highdicom.codec.format import PixelFormat
from highdicom.errors import MissingDependencyError
from highdicom.testing.factories.slide import SlideOptions
from highdicom.testing.factories.stack import ORIENTATIONS, StackOptions
from highdicom.uid import UID

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = [
    "affines",
    "datasets",
    "direction_cosines",
    "frames",
    "label_maps",
    "masks",
    "pixel_formats",
    "positions",
    "regions",
    "shapes",
    "slide_options",
    "spacings",
    "stack_options",
    "texts",
    "uids",
    "values_of",
]

Array = NDArray[Any]
P = ParamSpec("P")
T = TypeVar("T")


class _Draw(Protocol):
    def __call__(self, strategy: "SearchStrategy[T]", /) -> T: ...


def _strategies() -> ModuleType:
    try:
        import hypothesis.strategies  # noqa: PLC0415
    except ImportError as error:
        raise MissingDependencyError(
            "hypothesis", "testing", "generate test data"
        ) from error
    return hypothesis.strategies


def _composite(
    function: Callable[Concatenate[_Draw, P], T],
) -> "Callable[P, SearchStrategy[T]]":
    """Make a strategy of a function that draws, without importing Hypothesis yet."""

    @wraps(function)
    def strategy(*args: P.args, **kwargs: P.kwargs) -> "SearchStrategy[T]":
        made: SearchStrategy[T] = _strategies().composite(function)(*args, **kwargs)
        return made

    # Callers do not give what draws.
    parameters = list(signature(function).parameters.values())[1:]
    visible = signature(function).replace(parameters=parameters)
    strategy.__signature__ = visible  # type: ignore[attr-defined]
    return strategy


# Geometry


@_composite
def direction_cosines(draw: _Draw) -> tuple[float, ...]:
    """Directions of rows and columns: six numbers, two unit vectors at right angles.

    Examples
    --------
    >>> import numpy as np
    >>> from hypothesis import given
    >>> from highdicom.testing.strategies import direction_cosines
    >>> @given(direction_cosines())
    ... def check(cosines):
    ...     assert abs(np.dot(cosines[:3], cosines[3:])) < 1e-9
    >>> check()

    """
    st = _strategies()
    known = st.sampled_from(list(ORIENTATIONS.values()))
    return draw(st.one_of(known, _rotations().map(_cosines_of)))


def _cosines_of(rotation: Array) -> tuple[float, ...]:
    return (*rotation[:, 0].tolist(), *rotation[:, 1].tolist())


@_composite
def _rotations(draw: _Draw) -> Array:
    """Proper rotations, from unit quaternions."""
    numbers = _strategies().floats(-1, 1, width=32)
    quaternion = np.array([draw(numbers) for _ in range(4)])
    length = np.linalg.norm(quaternion)
    if length < 1e-3:
        return np.eye(3)
    w, x, y, z = quaternion / length
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


@_composite
def positions(draw: _Draw, *, limit: float = 1000.0) -> tuple[float, float, float]:
    """Points (x, y, z) in millimetres, with few decimals.

    Parameters
    ----------
    limit
        Greatest coordinate.

    """
    numbers = _decimals(-limit, limit)
    return draw(numbers), draw(numbers), draw(numbers)


def spacings(*, least: float = 0.1, greatest: float = 10.0) -> "SearchStrategy[float]":
    """Distances in millimetres, with few decimals.

    Parameters
    ----------
    least, greatest
        Limits.

    """
    return _decimals(least, greatest)


def _decimals(least: float, greatest: float) -> "SearchStrategy[float]":
    thousandths = _strategies().integers(round(least * 1000), round(greatest * 1000))
    result: SearchStrategy[float] = thousandths.map(lambda number: number / 1000)
    return result


@_composite
def affines(draw: _Draw, *, left_handed: bool | None = None) -> Array:
    """Affine matrices (4, 4) of a regular grid at right angles.

    Parameters
    ----------
    left_handed
        Whether the axes are mirrored; either if None.

    """
    st = _strategies()
    mirrored = draw(st.booleans()) if left_handed is None else left_handed
    rotation = draw(_rotations())
    sizes = np.array([draw(spacings()) for _ in range(3)])
    if mirrored:
        sizes[0] = -sizes[0]
    matrix = np.eye(4)
    matrix[:3, :3] = rotation * sizes
    matrix[:3, 3] = draw(positions())
    return matrix


@_composite
def regions(
    draw: _Draw, rows: int, columns: int, *, beyond: int = 0
) -> tuple[int, int, int, int]:
    """Zero-based, half-open (row start, row end, column start, column end).

    Parameters
    ----------
    rows, columns
        Size of the matrix.
    beyond
        How far a region may reach out of the matrix on each side.

    """
    bounds = []
    for size in (rows, columns):
        start = draw(_strategies().integers(-beyond, size + beyond - 1))
        end = draw(_strategies().integers(start + 1, size + beyond))
        bounds += [start, end]
    return bounds[0], bounds[1], bounds[2], bounds[3]


@_composite
def stack_options(draw: _Draw) -> StackOptions:
    """Options of the factories of series and of enhanced images, without pixels.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from highdicom.testing import mr_series
    >>> from highdicom.testing.strategies import stack_options
    >>> @settings(max_examples=5)
    ... @given(stack_options())
    ... def check(options):
    ...     assert mr_series(2, **options)[0].Rows == options["rows"]
    >>> check()

    """
    st = _strategies()
    sizes = st.integers(1, 12)
    return {
        "rows": draw(sizes),
        "columns": draw(sizes),
        "pixel_spacing": (draw(spacings()), draw(spacings())),
        "spacing_between_slices": draw(spacings()),
        "orientation": draw(direction_cosines()),
        "position": draw(positions()),
        "reverse": draw(st.booleans()),
    }


@_composite
def slide_options(draw: _Draw) -> SlideOptions:
    """Options of the factories of slides, without pixels."""
    st = _strategies()
    sizes = st.integers(1, 12)
    return {
        "tile_size": (draw(sizes), draw(sizes)),
        "organization": draw(st.sampled_from(["TILED_FULL", "TILED_SPARSE"])),
        "pixel_spacing": (draw(spacings()), draw(spacings())),
        "orientation": draw(
            st.sampled_from([(0, -1, 0, -1, 0, 0), (1, 0, 0, 0, 1, 0)])
        ),
        "position": draw(positions())[:2],
    }


# Pixels


_COLOR_SPACES = {1: ("MONOCHROME1", "MONOCHROME2"), 3: ("RGB",)}


@_composite
def pixel_formats(
    draw: _Draw,
    *,
    bits_stored: Sequence[int] = (1, *range(2, 17), 32),
    samples_per_pixel: Sequence[int] = (1, 3),
    pixel_representation: Sequence[int] = (0, 1),
    greatest_size: int = 24,
) -> PixelFormat:
    """Formats of frames of integers, as the standard allows them (PS3.5 8.1).

    Parameters
    ----------
    bits_stored, samples_per_pixel, pixel_representation
        Values to choose from. Colour has no sign, and one bit no colour.
    greatest_size
        Greatest number of rows and of columns.

    """
    st = _strategies()
    sizes = st.integers(1, greatest_size)
    bits = draw(st.sampled_from(list(bits_stored)))
    samples = draw(st.sampled_from(list(samples_per_pixel)))
    if bits == 1 or (samples > 1 and bits > 16):
        samples = 1
    sign = draw(st.sampled_from(list(pixel_representation)))
    return PixelFormat(
        rows=draw(sizes),
        columns=draw(sizes),
        samples_per_pixel=samples,
        bits_allocated=next(size for size in (1, 8, 16, 32) if size >= bits),
        bits_stored=bits,
        pixel_representation=0 if samples > 1 or bits == 1 else sign,
        photometric_interpretation=draw(st.sampled_from(_COLOR_SPACES[samples])),
        planar_configuration=draw(st.integers(0, 1)) if samples > 1 else None,
    )


@_composite
def frames(
    draw: _Draw, pixel_format: PixelFormat, *, number: int | None = None
) -> Array:
    """Frames of a format: constant, at the limits, sparse, or of any values.

    Parameters
    ----------
    pixel_format
        Its shape, data type and range of values.
    number
        How many frames; without it, a single one without an axis of frames.

    Examples
    --------
    >>> from hypothesis import given, strategies as st
    >>> from highdicom.codec import PixelFormat
    >>> from highdicom.testing.strategies import frames
    >>> pixel_format = PixelFormat(4, 5, 1, 16, 12, 1, "MONOCHROME2")
    >>> @given(frames(pixel_format, number=2))
    ... def check(array):
    ...     assert array.shape == (2, 4, 5) and -2048 <= array.min()
    >>> check()

    """
    shape = pixel_format.shape if number is None else (number, *pixel_format.shape)
    low, high = (int(limit) for limit in pixel_format.stored_range)
    return draw(_integers(shape, low, high)).astype(pixel_format.dtype)


@_composite
def _integers(draw: _Draw, shape: Sequence[int], low: int, high: int) -> Array:
    st = _strategies()
    kind = draw(st.sampled_from(["constant", "limits", "sparse", "any"]))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if kind == "constant":
        return np.full(shape, draw(st.integers(low, high)), np.int64)
    if kind == "limits":
        return generator.choice(np.array([low, high], np.int64), tuple(shape))
    values = generator.integers(low, high, tuple(shape), np.int64, endpoint=True)
    if kind == "sparse":
        values[generator.random(tuple(shape)) < 0.9] = max(low, 0)
    return values


@_composite
def shapes(draw: _Draw, dimensions: int = 3, *, greatest: int = 8) -> tuple[int, ...]:
    """Shapes of arrays that are not empty.

    Parameters
    ----------
    dimensions
        Number of axes.
    greatest
        Greatest length of an axis.

    """
    sizes = _strategies().integers(1, greatest)
    return tuple(draw(sizes) for _ in range(dimensions))


@_composite
def masks(draw: _Draw, shape: Sequence[int]) -> Array:
    """Arrays of booleans: empty, full, one box, or scattered.

    Parameters
    ----------
    shape
        Their shape.

    """
    st = _strategies()
    kind = draw(st.sampled_from(["empty", "full", "box", "scattered"]))
    mask = np.full(tuple(shape), kind == "full")
    if kind == "box":
        mask[tuple(_interval(draw, size) for size in shape)] = True
    if kind == "scattered":
        generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        mask = generator.random(tuple(shape)) < draw(st.floats(0, 1))
    return mask


@_composite
def label_maps(
    draw: _Draw, shape: Sequence[int], *, labels: Sequence[int] = (1, 2, 3)
) -> Array:
    """Arrays of labels and of zeros, in the smallest unsigned data type.

    Parameters
    ----------
    shape
        Their shape.
    labels
        Labels to choose from; not all of them need occur.

    """
    array = np.zeros(tuple(shape), np.min_scalar_type(max(labels)))
    for label in labels:
        array[draw(masks(shape))] = label
    return array


def _interval(draw: _Draw, size: int) -> slice:
    start = draw(_strategies().integers(0, size - 1))
    return slice(start, draw(_strategies().integers(start + 1, size)))


# Data sets


@_composite
def uids(draw: _Draw) -> UID:
    """Identifiers of 1 to 64 characters (PS3.5 9.1).

    Examples
    --------
    >>> from hypothesis import given
    >>> from highdicom.testing.strategies import uids
    >>> @given(uids())
    ... def check(uid):
    ...     assert uid.is_valid
    >>> check()

    """
    st = _strategies()
    components = draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=5))
    return UID(".".join(["1", "2", *map(str, components)]))


def texts(
    greatest_length: int, *, unicode: bool = False, least_length: int = 0
) -> "SearchStrategy[str]":
    """Text without control characters, backslashes or padding.

    Parameters
    ----------
    greatest_length, least_length
        Limits of the number of characters; the greatest holds for bytes of UTF-8.
    unicode
        Whether it may leave ASCII.

    """
    st = _strategies()
    last = 0x2FFF if unicode else 0x7E
    characters = st.characters(
        min_codepoint=0x20,
        max_codepoint=last,
        exclude_characters="\\",
        exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp"),
    )
    # Spaces only within: at either end they are padding (PS3.5 6.2).
    words = st.lists(st.text(characters, min_size=1), max_size=3)
    joined = words.map(lambda parts: _cut(" ".join(parts), greatest_length))
    result: SearchStrategy[str] = joined.filter(lambda text: len(text) >= least_length)
    return result


def _cut(text: str, length: int) -> str:
    return text.encode()[:length].decode(errors="ignore").strip()


@_composite
def _person_names(draw: _Draw, *, unicode: bool = False) -> Any:
    characters = {"min_codepoint": 0x41, "max_codepoint": 0x17F if unicode else 0x5A}
    component = _strategies().text(
        _strategies().characters(exclude_characters="\\^=", **characters), max_size=10
    )
    return PersonName(f"X{draw(component)}^{draw(component)}".rstrip("^"))


_BINARY_SIZES = {"OB": 2, "OW": 2, "OF": 4, "OL": 4, "OD": 8, "OV": 8}
_INTEGERS = {
    "US": (0, 2**16 - 1),
    "SS": (-(2**15), 2**15 - 1),
    "UL": (0, 2**32 - 1),
    "SL": (-(2**31), 2**31 - 1),
    "UV": (0, 2**64 - 1),
    "SV": (-(2**63), 2**63 - 1),
    "IS": (-(2**31), 2**31 - 1),
    "AT": (0, 2**32 - 1),
}
_TEXT_LENGTHS = {"SH": 16, "LO": 64, "ST": 200, "LT": 200, "UC": 200, "UT": 200}


def values_of(vr: str, *, unicode: bool = False) -> "SearchStrategy[Any]":
    """Values that a value representation allows (PS3.5 6.2), one at a time.

    Parameters
    ----------
    vr
        Value representation, other than SQ and UN.
    unicode
        Whether text may leave ASCII.

    Raises
    ------
    KeyError
        If there is no such value representation.

    """
    st = _strategies()
    if vr in _INTEGERS:
        return _any_of(st.integers(*_INTEGERS[vr]))
    if vr in _TEXT_LENGTHS:
        return texts(_TEXT_LENGTHS[vr], unicode=unicode, least_length=1)
    if vr in _BINARY_SIZES:
        size = _BINARY_SIZES[vr]
        padded = st.binary(min_size=1, max_size=40).map(
            lambda data: data + bytes(-len(data) % size)
        )
        return _any_of(padded)
    return _other_values(unicode=unicode)[vr]


def _any_of(strategy: Any) -> "SearchStrategy[Any]":
    made: SearchStrategy[Any] = strategy
    return made


def _other_values(*, unicode: bool) -> "dict[str, SearchStrategy[Any]]":
    st = _strategies()
    first, last = datetime(1900, 1, 1), datetime(2100, 12, 31)  # noqa: DTZ001
    numbers = st.floats(-1e12, 1e12).map(lambda number: number + 0.0)
    return {
        "AE": texts(16, least_length=1),
        "AS": st.integers(0, 999).map("{:03d}Y".format),
        "CS": st.text("ABCXYZ019_", min_size=1, max_size=16),
        "DA": st.dates(first.date(), last.date()).map(_date_text),
        "DS": numbers.map(lambda number: DSfloat(format_number_as_ds(number))),
        "DT": st.datetimes(first, last).map(_datetime_text),
        "FD": st.floats(allow_nan=False),
        "FL": st.floats(allow_nan=False, width=32),
        "PN": _person_names(unicode=unicode),
        "TM": st.times().map(_time_text),
        "UI": uids(),
        "UR": st.text("abcXYZ012:/?#.-_", min_size=1, max_size=40),
    }


def _date_text(value: date) -> str:
    return value.strftime("%Y%m%d")


def _time_text(value: time) -> str:
    return value.strftime("%H%M%S.%f")


def _datetime_text(value: datetime) -> str:
    return value.strftime("%Y%m%d%H%M%S.%f")


# Attributes that change what others mean, or that belong to the file.
_EXCLUDED = frozenset(
    {
        "SpecificCharacterSet",
        "PixelData",
        "FloatPixelData",
        "DoubleFloatPixelData",
        "DataSetTrailingPadding",
        "LengthToEnd",
        "TimezoneOffsetFromUTC",
    }
)


@cache
def _tags_by_vr() -> Mapping[str, tuple[tuple[int, str], ...]]:
    """Tags and value multiplicities of the data dictionary by value representation."""
    tags: dict[str, list[tuple[int, str]]] = {}
    for tag, (vr, vm, _, _, keyword) in DicomDictionary.items():
        if tag >> 16 >= 8 and keyword and keyword not in _EXCLUDED and len(vr) == 2:
            tags.setdefault(vr, []).append((tag, vm))
    return {vr: tuple(entries) for vr, entries in tags.items()}


@_composite
def datasets(
    draw: _Draw,
    *,
    depth: int = 2,
    greatest_size: int = 6,
    unicode: bool = False,
    private: bool = True,
) -> Dataset:
    """Data sets of any attributes, with sequences, empty values and private elements.

    Written to a file and read back, they compare equal.

    Parameters
    ----------
    depth
        How deep sequences may be nested; 0 for none.
    greatest_size
        Greatest number of elements of a data set, apart from private ones.
    unicode
        Whether text may leave ASCII; the data set then says so.
    private
        Whether there may be private elements (PS3.5 7.8).

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from highdicom.testing.strategies import datasets
    >>> @settings(max_examples=5)
    ... @given(datasets(depth=0))
    ... def check(dataset):
    ...     assert all(element.VR != "SQ" for element in dataset)
    >>> check()

    """
    dataset = draw(
        _items(depth=depth, size=greatest_size, unicode=unicode, private=private)
    )
    if unicode:
        dataset.SpecificCharacterSet = "ISO_IR 192"
    return dataset


@_composite
def _items(
    draw: _Draw, *, depth: int, size: int, unicode: bool, private: bool
) -> Dataset:
    st = _strategies()
    dataset = Dataset()
    known = sorted(set(_tags_by_vr()) - {"SQ", "UN"})
    for _ in range(draw(st.integers(0, size))):
        vr = draw(st.sampled_from(known))
        tag, vm = draw(st.sampled_from(_tags_by_vr()[vr]))
        values = draw(_values(vr, vm, unicode=unicode))
        dataset.add(DataElement(tag, vr, values))
    if depth and draw(st.booleans()):
        nested = _items(depth=depth - 1, size=size, unicode=unicode, private=private)
        tag, _ = draw(st.sampled_from(_tags_by_vr()["SQ"]))
        items = draw(st.lists(nested, max_size=3))
        dataset.add(DataElement(tag, "SQ", items))
    if private and draw(st.booleans()):
        block = dataset.private_block(0x0011, "HIGHDICOM TESTING", create=True)
        data = draw(st.binary(min_size=1, max_size=10))
        block.add_new(draw(st.integers(0, 255)), "UN", data + bytes(len(data) % 2))
    return dataset


@_composite
def _values(draw: _Draw, vr: str, vm: str, *, unicode: bool) -> Any:
    """Values as many as the multiplicity allows, or none."""
    st = _strategies()
    one = values_of(vr, unicode=unicode)
    if vr in _BINARY_SIZES or vr in ("ST", "LT", "UT", "UR"):
        return draw(one)
    least, _, greatest = vm.partition("-")
    count = int(least) if least.isdigit() else 1
    if greatest:
        count = draw(st.integers(count, count + 2))
    if draw(st.integers(0, 9)) == 0:
        return empty_value_for_VR(vr)
    values = [draw(one) for _ in range(count)]
    return values[0] if count == 1 else values
