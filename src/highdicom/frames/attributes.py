"""Attributes of single images as numbers or text, without pydicom's conversions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.charset import default_encoding
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from highdicom.encoding.elements import stored_element
from highdicom.encoding.values import NUMBER_TYPES
from highdicom.errors import InvalidAttributeError
from highdicom.frames.columns import FrameColumn, Kind

__all__ = [
    "attribute_values",
    "column_of_images",
    "column_value",
    "number_of_frames",
]

Array = npt.NDArray[Any]

_DTYPES: dict[Kind, type] = {
    "decimal": np.float64,
    "integer": np.int64,
    "text": np.str_,
}


# No image has more; a wrong number should not fill the memory.
_MOST_FRAMES = 1 << 26


def _raw_values(element: RawDataElement) -> list[Any]:
    """Values of an encoded element: numbers, or text that stands for them."""
    value = element.value or b""
    vr = element.VR
    if vr is None or vr == "UN":
        vr = dictionary_VR(element.tag)
    if vr in NUMBER_TYPES:
        return list(np.frombuffer(value, NUMBER_TYPES[vr]).tolist())
    text = value.decode(default_encoding).strip("\0 ")
    return text.split("\\") if text else []


def _values(element: Any, dataset: Dataset) -> list[Any]:
    if (
        isinstance(element, RawDataElement)
        and element.is_little_endian
        and element.value is not None
    ):
        return _raw_values(element)
    if isinstance(element, RawDataElement):
        element = dataset[element.tag]
    value = element.value
    if value is None or value == "":
        return []
    # Anything with several values is a list of some kind.
    return list(value) if hasattr(value, "append") else [value]


def attribute_values(dataset: Dataset, keyword: str, kind: Kind) -> Array | None:
    """Read the values of an attribute at the top level of a dataset.

    Returns
    -------
    numpy.ndarray | None
        Shape (vm,) of float64, int64 or text; None if there is no value.

    Raises
    ------
    InvalidAttributeError
        If values are no finite numbers, where they should be.

    """
    element = stored_element(dataset, keyword)
    if element is None:
        return None
    try:
        array = _array(_values(element, dataset), kind)
    except Exception as error:
        raise _invalid(dataset, keyword, f"cannot be read ({error})") from error
    if kind == "decimal" and not np.isfinite(array).all():
        raise _invalid(dataset, keyword, "has a number that is not finite")
    return array if len(array) else None


def _array(values: Sequence[Any], kind: Kind) -> Array:
    if kind == "integer":
        # Some writers put a decimal point into integer strings.
        return np.array([int(float(value)) for value in values], np.int64)
    return np.array(values, _DTYPES[kind])


def column_value(dataset: Dataset, column: FrameColumn) -> Array | None:
    """Read the values of a column from the top level of a dataset.

    Returns
    -------
    numpy.ndarray | None
        Shape () for a single value, otherwise (vm,); None if there is no value.

    Raises
    ------
    InvalidAttributeError
        If values are no numbers, or there are too many or too few.

    """
    values = attribute_values(dataset, column.keyword, column.kind)
    if values is None:
        return None
    if len(values) != column.multiplicity:
        reason = f"has {len(values)} values instead of {column.multiplicity}"
        raise _invalid(dataset, column.keyword, reason)
    return values[0] if column.multiplicity == 1 else values


def column_of_images(datasets: Sequence[Dataset], column: FrameColumn) -> Array | None:
    """Read the values of a column from the top level of several datasets.

    Returns
    -------
    numpy.ndarray | None
        Shape (n,) or (n, vm), with what stands for no value where there is none; None
        if no dataset has any.

    Raises
    ------
    InvalidAttributeError
        If values are no numbers, or there are too many or too few.

    """
    try:
        present, values = _values_of_all(datasets, column)
    except Exception:  # noqa: BLE001 (whatever it is, it is told of the image it is in)
        found = [column_value(dataset, column) for dataset in datasets]
        present = [row for row, value in enumerate(found) if value is not None]
        values = np.array([found[row] for row in present])
    if not present:
        return None
    if len(present) == len(datasets):
        return values
    stacked = column.without_values(len(datasets))
    stacked[present] = values
    return stacked


def _values_of_all(
    datasets: Sequence[Dataset], column: FrameColumn
) -> tuple[list[int], Array]:
    """Convert the values of all datasets at once; raise if any is out of order."""
    present: list[int] = []
    listed: list[Any] = []
    for row, dataset in enumerate(datasets):
        element = stored_element(dataset, column.keyword)
        values = [] if element is None else _values(element, dataset)
        if not values:
            continue
        if len(values) != column.multiplicity:
            raise ValueError(values)
        present.append(row)
        listed += values
    array = _array(listed, column.kind)
    if column.kind == "decimal" and not np.isfinite(array).all():
        raise ValueError(listed)
    single = column.multiplicity == 1
    return present, array if single else array.reshape(-1, column.multiplicity)


def number_of_frames(dataset: Dataset) -> int:
    """Read Number of Frames, which is one if absent.

    Raises
    ------
    InvalidAttributeError
        If it is not a positive number, or beyond all measure.

    """
    values = attribute_values(dataset, "NumberOfFrames", "integer")
    if values is None:
        return 1
    count = int(values[0])
    if count < 1 or len(values) > 1:
        raise _invalid(dataset, "NumberOfFrames", "is not a positive number")
    if count > _MOST_FRAMES:
        raise _invalid(dataset, "NumberOfFrames", f"is more than {_MOST_FRAMES}")
    return count


def _invalid(dataset: Dataset, keyword: str, reason: str) -> InvalidAttributeError:
    uid = dataset.get("SOPInstanceUID")
    instance = f" of instance {uid}" if uid else ""
    return InvalidAttributeError(
        f"The value of '{keyword}'{instance} {reason}.",
        keyword=keyword,
        sop_instance_uid=str(uid) if uid else None,
    )
