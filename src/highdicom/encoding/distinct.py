"""Distinct values of columns and where they stand."""

from collections.abc import Hashable, Iterable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["distinct_objects", "distinct_rows"]

ValueT = TypeVar("ValueT", bound=Hashable)
Integers = npt.NDArray[np.int64]


def distinct_objects(values: Iterable[ValueT]) -> tuple[list[ValueT], Integers]:
    """Distinct hashable values in order of appearance.

    Returns
    -------
    tuple
        The distinct values, and for each given value its index among them.

    """
    places: dict[ValueT, int] = {}
    place_of = places.setdefault
    inverse = [place_of(value, len(places)) for value in values]
    return list(places), np.array(inverse, np.int64)


def _ranks(column: npt.NDArray[Any]) -> tuple[Integers, int]:
    unique, inverse = np.unique(column, return_inverse=True)
    return inverse.reshape(-1), len(unique)


def distinct_rows(array: npt.NDArray[Any]) -> tuple[Integers, Integers]:
    """Distinct rows of an array of one or two dimensions, in ascending order.

    Rows are ordered by their first, then by their second element and so on; NaN is
    equal to NaN.

    Returns
    -------
    tuple
        Indices of the first row of each kind, and for each row its index among the
        distinct ones.

    """
    array = np.asarray(array)
    width = int(np.prod(array.shape[1:], dtype=np.int64))
    array = array.reshape(len(array), width)
    code = np.zeros(len(array), np.int64)
    count = 1
    for column in array.T:
        inverse, size = _ranks(column)
        # Never overflows: code and size are both at most the number of rows.
        code, count = _ranks(code * size + inverse)
    first = np.empty(count if len(array) else 0, np.int64)
    # Assigned from the back, so that the first of each kind remains.
    first[code[::-1]] = np.arange(len(array) - 1, -1, -1)
    return first, code
