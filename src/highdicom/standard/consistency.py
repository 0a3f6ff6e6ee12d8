"""Values that contradict one another, or that no image can have."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from highdicom.standard.checks import Place
from highdicom.standard.model import Requirement, Severity, Violation
from highdicom.standard.values import (
    Element,
    Value,
    is_sequence,
    items_of,
    stored_element,
    values_of,
)

__all__ = ["check_number", "check_pixel_data"]

_TRANSFER_SYNTAX_UID = 0x00020010
_PHOTOMETRIC_INTERPRETATION = 0x00280004
_NUMBER_OF_FRAMES = 0x00280008
_ROWS, _COLUMNS = 0x00280010, 0x00280011
_BITS_ALLOCATED, _BITS_STORED = 0x00280100, 0x00280101
_SAMPLES_PER_PIXEL = 0x00280002
_DIMENSION_INDICES = 0x00209222
_PIXEL_DATA = (0x7FE00010, 0x7FE00008, 0x7FE00009)
_NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")
_UNDEFINED_LENGTH = 0xFFFFFFFF
_BITS_OF_BYTES = 8
# Cosines are often rounded to three decimals.
_ROUNDING = 0.01


class _Check(NamedTuple):
    """What a number has to be.

    Parameters
    ----------
    fault
        Says what is wrong with the values, as the end of a sentence; None if nothing.
    clause
        Where that is said.
    severity
        How bad it is.

    """

    fault: Callable[[list[float], Place], str | None]
    clause: str
    severity: Severity = Severity.ERROR


def _not_positive(values: list[float], place: Place) -> str | None:  # noqa: ARG001
    if all(value > 0 for value in values):
        return None
    return f"has the value {_told(values)}, but has to be positive"


def _no_group(values: list[float], place: Place) -> str | None:
    # Annotations of waveforms count from zero.
    is_bulk = place.path.startswith("AnnotationGroupSequence")
    return _not_positive(values, place) if is_bulk else None


def _no_spacing(values: list[float], place: Place) -> str | None:
    # Zero is allowed where there is a single row or column.
    top = place.scope.root.dataset
    if all(value >= 0 for value in values) and (
        _number(top, _ROWS) == 1 or _number(top, _COLUMNS) == 1
    ):
        return None
    return _not_positive(values, place)


def _no_cosines(values: list[float], place: Place) -> str | None:  # noqa: ARG001
    if len(values) != 6:
        return None
    row, column = values[:3], values[3:]
    products = (_dot(row, row) - 1, _dot(column, column) - 1, _dot(row, column))
    if all(abs(product) <= _ROUNDING for product in products):
        return None
    return (
        f"has the value {_told(values)}, but has to be two vectors of length 1 at a "
        "right angle"
    )


def _no_indices(values: list[float], place: Place) -> str | None:
    if any(value < 1 for value in values):
        return f"has the value {_told(values)}, but indices start from 1"
    dimensions = items_of(place.scope.root.dataset, _DIMENSION_INDICES)
    if dimensions is None or len(values) == len(dimensions):
        return None
    return (
        f"has {len(values)} values, but 'DimensionIndexSequence' has "
        f"{len(dimensions)} items"
    )


def _too_many_bits(values: list[float], place: Place) -> str | None:
    allocated = _number(place.scope.dataset, _BITS_ALLOCATED)
    if allocated is None or 1 <= values[0] <= allocated:
        return None
    return f"has the value {_told(values)}, but 'BitsAllocated' is {allocated}"


def _not_top(values: list[float], place: Place) -> str | None:
    stored = _number(place.scope.dataset, _BITS_STORED)
    if stored is None or values[0] == stored - 1:
        return None
    return f"has the value {_told(values)}, but 'BitsStored' is {stored}"


_SPACING = _Check(_no_spacing, "PS3.3 10.7.1.3")
_SIZE = _Check(_not_positive, "PS3.3 C.7.6.3")
_COSINES = _Check(_no_cosines, "PS3.3 C.7.6.2.1.1")
_USELESS = _Check(_not_positive, "zero says nothing", Severity.WARNING)
_CHECKS = {
    0x00280030: _SPACING,  # Pixel Spacing
    0x00181164: _SPACING,  # Imager Pixel Spacing
    0x00182010: _SPACING,  # Nominal Scanned Pixel Spacing
    0x30020011: _SPACING,  # Image Plane Pixel Spacing
    0x00189404: _SPACING,  # Object Pixel Spacing in Center of Beam
    0x00700101: _SPACING,  # Presentation Pixel Spacing
    _ROWS: _SIZE,
    _COLUMNS: _SIZE,
    _BITS_STORED: _Check(_too_many_bits, "PS3.5 8.1.1"),
    0x00280102: _Check(_not_top, "PS3.5 8.1.1"),  # High Bit
    0x00281051: _Check(_not_positive, "PS3.3 C.11.2.1.2"),  # Window Width
    0x0040A180: _Check(_no_group, "PS3.3 C.37.1.2"),  # Annotation Group Number
    _NUMBER_OF_FRAMES: _Check(_not_positive, "PS3.3 C.7.6.6"),
    0x00200037: _COSINES,  # Image Orientation (Patient)
    0x00480102: _COSINES,  # Image Orientation (Slide)
    0x00209157: _Check(_no_indices, "PS3.3 C.7.6.17.1"),  # Dimension Index Values
    0x00480001: _USELESS,  # Imaged Volume Width
    0x00480002: _USELESS,  # Imaged Volume Height
}


def check_number(tag: int, element: Element, place: Place) -> Iterator[Violation]:
    """Check a number of which more is known than its format.

    Parameters
    ----------
    tag, element
        The attribute.
    place
        Where it stands.

    """
    check = _CHECKS.get(tag)
    numbers = None if check is None else _numbers(values_of(element))
    fault = check.fault(numbers, place) if check and numbers else None
    if check is not None and fault is not None:
        yield _violation(tag, place, f"{fault} ({check.clause})", check.severity)


def check_pixel_data(dataset: Dataset, place: Place) -> Iterator[Violation]:
    """Check how much there is of native pixel data, and how it is encoded (PS3.5 8).

    Pixel data that are not in memory are passed over.
    """
    tag = next((tag for tag in _PIXEL_DATA if tag in dataset), None)
    element = None if tag is None else stored_element(dataset, tag)
    if tag is None or element is None or is_sequence(element):
        return
    syntax = stored_element(dataset, _TRANSFER_SYNTAX_UID)
    uids = None if syntax is None else values_of(syntax)
    is_native = not _is_undefined(element) and (not uids or uids[0] in _NATIVE)
    bits = _number(dataset, _BITS_ALLOCATED)
    if is_native and element.VR == "OB" and bits is not None and bits > _BITS_OF_BYTES:
        text = f"has the value representation OB, but {bits} bits allocated need OW"
        yield _violation(tag, place, f"{text} (PS3.5 A.2)")
    elif _is_undefined(element) and element.VR == "OW":
        text = "is compressed and has the value representation OW, but needs OB"
        yield _violation(tag, place, f"{text} (PS3.5 A.4)")
    if is_native and isinstance(element.value, (bytes, bytearray)):
        length = len(element.value)
        expected = _lengths(dataset)
        if expected and not any(length - size in {0, size % 2} for size in expected):
            text = f"has {length} bytes, but its frames make {expected[-1]}"
            yield _violation(tag, place, f"{text} (PS3.5 8.1.1)")


def _is_undefined(element: Element) -> bool:
    if isinstance(element, DataElement):
        return element.is_undefined_length
    return element.length == _UNDEFINED_LENGTH


def _lengths(dataset: Dataset) -> list[int]:
    """Bytes that native frames may have; none if the attributes do not tell."""
    rows, columns = _number(dataset, _ROWS), _number(dataset, _COLUMNS)
    bits = _number(dataset, _BITS_ALLOCATED)
    samples = _number(dataset, _SAMPLES_PER_PIXEL) or 1
    frames = _number(dataset, _NUMBER_OF_FRAMES) or 1
    if rows is None or columns is None or bits is None:
        return []
    length = -(-rows * columns * samples * frames * bits // 8)
    element = stored_element(dataset, _PHOTOMETRIC_INTERPRETATION)
    values = None if element is None else values_of(element)
    if values and str(values[0]).endswith("_422"):
        # Pixels share two of three samples, unless the name is wrong.
        return [length, length // 3 * 2]
    return [length]


def _number(dataset: Dataset, tag: int) -> int | None:
    element = stored_element(dataset, tag)
    numbers = None if element is None else _numbers(values_of(element))
    return int(numbers[0]) if numbers else None


def _numbers(values: tuple[Value, ...] | None) -> list[float] | None:
    """Values as numbers; None if they are not, of which their format tells."""
    try:
        return [float(value) for value in values or ()]
    except ValueError:
        return None


def _dot(left: list[float], right: list[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def _told(values: list[float]) -> str:
    return "\\".join(f"{value:g}" for value in values)


def _violation(
    tag: int, place: Place, text: str, severity: Severity = Severity.ERROR
) -> Violation:
    keyword = keyword_for_tag(tag)
    path = place.path_of(keyword)
    return Violation(
        path,
        keyword,
        tag,
        Requirement.CONSISTENCY,
        f"The attribute '{path}' {text}.",
        severity,
        "consistency",
    )
