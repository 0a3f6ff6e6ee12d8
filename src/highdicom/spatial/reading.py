"""Numbers that stand in datasets, checked."""

from typing import Any

import numpy as np
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

from highdicom.encoding.elements import stored_element
from highdicom.errors import (
    ArgumentTypeError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.spatial.arguments import FloatArray

SHARED = "SharedFunctionalGroupsSequence"
PER_FRAME = "PerFrameFunctionalGroupsSequence"

# What reading a malformed value raises in pydicom.
_CONVERSION_ERRORS = (
    ArithmeticError,
    BytesLengthException,
    NotImplementedError,
    TypeError,
    ValueError,
)


class MissingGeometryError(MissingAttributeError, InvalidAttributeError):
    """An image lacks an attribute that its geometry needs.

    It is an AttributeError and a ValueError, since either is expected here.
    """


def image_dataset(value: object, name: str = "dataset") -> Dataset:
    """Give a dataset, or refuse anything else."""
    if not isinstance(value, Dataset):
        raise ArgumentTypeError(
            f"'{name}' must be a dataset, not {type(value).__name__}."
        )
    return value


def join(path: str, keyword: str) -> str:
    """Extend the path of an item by a keyword."""
    return f"{path}.{keyword}" if path else keyword


def value_of(item: Dataset, keyword: str, path: str = "") -> Any:
    """Give the value of an attribute, None if it is absent or empty.

    Raises
    ------
    InvalidAttributeError
        If the stored value cannot be read.

    """
    element = stored_element(item, keyword)
    try:
        # What has been decoded need not be looked up again.
        if type(element) is DataElement and element.VR != "SQ":
            value = element.value
        else:
            value = item.get(keyword)
    except _CONVERSION_ERRORS as error:
        place = join(path, keyword)
        raise InvalidAttributeError(
            f"The value of {place} cannot be read: {error}.",
            path=place,
            keyword=keyword,
        ) from error
    if value is None or (isinstance(value, (str, MultiValue)) and len(value) == 0):
        return None
    return value


def numbers(
    item: Dataset,
    keyword: str,
    count: int,
    path: str = "",
    *,
    may_be_infinite: bool = False,
) -> FloatArray | None:
    """Give the numbers of an attribute, None if it is absent or empty.

    Raises
    ------
    InvalidAttributeError
        If there are more or fewer numbers or one is not finite; infinity may be
        allowed, but never NaN.

    """
    value = value_of(item, keyword, path)
    if value is None:
        return None
    place = join(path, keyword)
    try:
        result = np.atleast_1d(np.array(value, dtype=np.float64))
    except (ValueError, TypeError) as error:
        raise InvalidAttributeError(
            f"{place} must hold {count} numbers, but is {value!r}.",
            path=place,
            keyword=keyword,
        ) from error
    refused = np.isnan(result) if may_be_infinite else ~np.isfinite(result)
    if result.shape != (count,) or refused.any():
        raise InvalidAttributeError(
            f"{place} must hold {count} finite numbers, but is {result.tolist()}.",
            path=place,
            keyword=keyword,
        )
    return result


def required_numbers(
    item: Dataset, keyword: str, count: int, path: str = ""
) -> FloatArray:
    """Give the numbers of an attribute.

    Raises
    ------
    MissingGeometryError
        If the attribute is absent or empty.
    InvalidAttributeError
        If there are more or fewer numbers or one is not finite.

    """
    result = numbers(item, keyword, count, path)
    if result is None:
        raise missing(keyword, path)
    return result


def missing(keyword: str, path: str = "") -> MissingGeometryError:
    """Make the error for an attribute that is needed."""
    place = join(path, keyword)
    return MissingGeometryError(
        f"The geometry of the image is unknown: {place} is missing.",
        path=place,
        keyword=keyword,
    )


def integer(
    item: Dataset, keyword: str, *, lowest: int = 1, default: int | None = None
) -> int:
    """Give the integer of an attribute at the top level, or a default.

    Raises
    ------
    MissingGeometryError
        If the attribute is absent or empty and there is no default.
    InvalidAttributeError
        If it is no integer or too small.

    """
    found = numbers(item, keyword, 1)
    if found is None:
        if default is None:
            raise missing(keyword)
        return default
    result = int(found[0])
    if result != found[0] or result < lowest:
        raise InvalidAttributeError(
            f"{keyword} must be an integer of at least {lowest}, not {found[0]:g}.",
            keyword=keyword,
        )
    return result


def items_of(dataset: Dataset, keyword: str, path: str = "") -> Any:
    """Give the items of a sequence, None if there are none.

    Raises
    ------
    InvalidAttributeError
        If the attribute is stored as something else than a sequence.

    """
    value = value_of(dataset, keyword, path)
    if value is None:
        return None
    if not isinstance(value, Sequence):
        place = join(path, keyword)
        raise InvalidAttributeError(
            f"{place} must be a sequence of items, not {value!r}.",
            path=place,
            keyword=keyword,
        )
    return value if len(value) > 0 else None


def group_items(
    dataset: Dataset, group: str, frame: int | None
) -> list[tuple[str, Dataset]]:
    """Find the item of a functional group that applies to a frame (PS3.3 C.7.6.16).

    Parameters
    ----------
    dataset
        Image with functional groups.
    group
        Keyword of the sequence of the functional group.
    frame
        Zero-based index of the frame; None for what is shared only.

    Returns
    -------
    list
        Path and item: none, one, or, if a group is stored twice, the shared one and
        that of the frame.

    """
    places = [(SHARED, 0)] if frame is None else [(SHARED, 0), (PER_FRAME, frame)]
    found = []
    for sequence, index in places:
        items = items_of(dataset, sequence)
        if items is None or index >= len(items):
            continue
        path = f"{sequence}[{index}]"
        groups = items_of(items[index], group, path)
        if groups is not None:
            found.append((f"{path}.{group}[0]", groups[0]))
    return found


def group_numbers(
    dataset: Dataset, group: str, keyword: str, count: int, frame: int | None
) -> FloatArray | None:
    """Give the numbers of an attribute in a functional group, None if there are none.

    Raises
    ------
    InvalidAttributeError
        If there are more or fewer numbers, one is not finite, or the group is stored
        twice with different values.

    """
    result = None
    for path, item in group_items(dataset, group, frame):
        found = numbers(item, keyword, count, path)
        if found is None:
            continue
        if result is not None and not np.array_equal(result, found):
            place = join(path, keyword)
            raise InvalidAttributeError(
                f"{place} is {found.tolist()}, which contradicts {result.tolist()} in "
                f"{SHARED}.",
                path=place,
                keyword=keyword,
            )
        result = found
    return result


def required_group_numbers(
    dataset: Dataset, group: str, keyword: str, count: int, frame: int | None
) -> FloatArray:
    """Give the numbers of an attribute in a functional group.

    Raises
    ------
    MissingGeometryError
        If they are neither shared nor stored for the frame.
    InvalidAttributeError
        If there are more or fewer numbers, one is not finite, or the group is stored
        twice with different values.

    """
    result = group_numbers(dataset, group, keyword, count, frame)
    if result is None:
        place = SHARED if frame is None else f"{PER_FRAME}[{frame}]"
        raise missing(keyword, f"{place}.{group}[0]")
    return result
