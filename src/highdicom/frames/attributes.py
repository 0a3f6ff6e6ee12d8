"""Attributes of single images as numbers or text, without pydicom's conversions."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.charset import default_encoding
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from highdicom.encoding.elements import tag_of
from highdicom.encoding.values import NUMBER_TYPES
from highdicom.errors import InvalidAttributeError
from highdicom.frames.columns import FrameColumn, Kind

__all__ = ["attribute_values", "column_value", "number_of_frames"]

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
    value = dataset[element.tag].value
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
    element: Any = dataset.get_item(tag_of(keyword))
    if element is None:
        return None
    try:
        values = _values(element, dataset)
        if kind == "integer":
            # Some writers put a decimal point into integer strings.
            array: Array = np.array([int(float(value)) for value in values], np.int64)
        else:
            array = np.array(values, _DTYPES[kind])
    except Exception as error:
        raise _invalid(dataset, keyword, f"cannot be read ({error})") from error
    if kind == "decimal" and not np.isfinite(array).all():
        raise _invalid(dataset, keyword, "has a number that is not finite")
    return array if len(array) else None


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
