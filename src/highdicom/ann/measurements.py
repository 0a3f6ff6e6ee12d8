"""Measurements of annotations (PS3.3 C.37.1.2)."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.ann.point_data import stored_numbers
from highdicom.attributes import SequenceItem
from highdicom.attributes.specifiers import Coded, Items, coded, items
from highdicom.coding import CodedConcept
from highdicom.encoding.elements import new_dataset, put
from highdicom.errors import (
    AnnotationIndexError,
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
)

__all__ = ["Measurements"]

_FLOAT = np.dtype("<f4")
_INDEX = np.dtype("<u4")


class Measurements(
    SequenceItem,
    defined_in="microscopy-bulk-simple-annotations",
    path=("AnnotationGroupSequence", "MeasurementsSequence"),
):
    """One kind of measurement of the annotations of a group (PS3.3 C.37.1.2).

    Parameters
    ----------
    name
        What is measured.
    values
        A number for each annotation of the group, in their order, shape (n,). NaN
        stands for an annotation that was not measured. Stored as 32-bit floating point
        numbers.
    unit
        Unit of measurement, of context group 82.

    Raises
    ------
    ArgumentTypeError
        If the values are no numbers, or something else is of the wrong type.
    InvalidArgumentError
        If the shape is wrong, there is no number at all, or one is too large.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.ann import Measurements
    >>> from pydicom.sr.codedict import codes
    >>> area = Measurements(
    ...     codes.SCT.Area, np.array([20.5, np.nan, 31.0]), codes.UCUM.SquareMicrometer
    ... )
    >>> area.get_values(3)
    array([20.5,  nan, 31. ], dtype=float32)

    """

    name: Coded = coded("ConceptNameCodeSequence", "1")
    unit: Coded = coded("MeasurementUnitsCodeSequence", "1", cid=82)
    _value_items: Items[Dataset] = items("MeasurementValuesSequence", "1", Dataset)

    number_of_values: int | None = None
    """Number of values given to the constructor; a stored item does not say it."""

    def __init__(
        self,
        name: Code | CodedConcept,
        values: npt.NDArray[Any],
        unit: Code | CodedConcept,
    ) -> None:
        self.initialise()
        self.name = name
        self.unit = unit
        numbers = _checked_values(values)
        is_present = ~np.isnan(numbers)
        item = new_dataset(Dataset)
        put(item, "FloatingPointValues", numbers[is_present].tobytes())
        if not is_present.all():
            indices = np.flatnonzero(is_present) + 1
            put(item, "AnnotationIndexList", indices.astype(_INDEX).tobytes())
        self._value_items = [item]
        self.__dict__["number_of_values"] = len(numbers)

    def get_values(self, number_of_annotations: int) -> npt.NDArray[np.float32]:
        """Values of all annotations of the group.

        Parameters
        ----------
        number_of_annotations
            Number of annotations in the group.

        Returns
        -------
        numpy.ndarray
            Shape (number of annotations,), dtype float32; NaN where there is none.

        Raises
        ------
        AnnotationIndexError
            If there is a value of an annotation beyond that number. It is an
            IndexError and a ValueError.
        InvalidAttributeError
            If there are fewer or more values than annotations and no list says which
            these are, or the list has another length.

        """
        values = np.full(number_of_annotations, np.nan, np.float32)
        for item in self._value_items or ():
            numbers = stored_numbers(item, "FloatingPointValues", _FLOAT)
            places = self._places(item, number_of_annotations)
            expected = number_of_annotations if places is None else len(places)
            if len(numbers) != expected:
                reason = "annotations" if places is None else "indices of annotations"
                raise InvalidAttributeError(
                    f"The measurements '{self.name.meaning}' have {len(numbers)} "
                    f"values for {expected} {reason}.",
                    keyword="FloatingPointValues",
                )
            values[slice(None) if places is None else places] = numbers
        return values

    def _places(
        self, item: Dataset, number_of_annotations: int
    ) -> npt.NDArray[np.int64] | None:
        """Zero-based indices of the annotations that the values of an item are of."""
        if "AnnotationIndexList" not in item:
            return None
        indices = stored_numbers(item, "AnnotationIndexList", _INDEX)
        is_outside = (indices < 1) | (indices > number_of_annotations)
        if is_outside.any():
            raise AnnotationIndexError(
                f"The measurements '{self.name.meaning}' must be of annotations 1 to "
                f"{number_of_annotations}, but one is of annotation "
                f"{indices[is_outside.argmax()]}.",
                keyword="AnnotationIndexList",
            )
        return indices.astype(np.int64) - 1


def _checked_values(values: Any) -> npt.NDArray[np.float32]:
    given = np.asarray(values)
    if given.dtype.kind not in "iuf":
        raise ArgumentTypeError(
            f"'values' must be an array of numbers, not of type {given.dtype}."
        )
    if given.ndim != 1:
        raise InvalidArgumentError(
            f"'values' must have one dimension, not the shape {given.shape}."
        )
    with np.errstate(over="ignore"):
        numbers = given.astype(_FLOAT)
    is_lost = np.isinf(numbers) & np.isfinite(given)
    if is_lost.any():
        index = int(is_lost.argmax())
        raise InvalidArgumentError(
            f"'values'[{index}] must fit a 32-bit floating point number, unlike "
            f"{given[index]}."
        )
    if np.isnan(numbers).all():
        raise InvalidArgumentError(
            "'values' must have one number or more: Floating Point Values is of "
            "Type 1 (PS3.3 C.37.1.2)."
        )
    return numbers
