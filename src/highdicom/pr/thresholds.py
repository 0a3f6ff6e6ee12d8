"""Values of an input of blending that are shown (PS3.3 C.11.33.1.2)."""

import operator
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.errors import InvalidAttributeError

__all__ = ["within_thresholds"]

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[Any]

_COMPARISONS: dict[str, Any] = {
    "RANGE_INCL": lambda v, low, high: (v >= low) & (v <= high),
    "RANGE_EXCL": lambda v, low, high: (v < low) | (v > high),
    "GREATER_OR_EQUAL": operator.ge,
    "LESS_OR_EQUAL": operator.le,
    "GREATER_THAN": operator.gt,
    "LESS_THAN": operator.lt,
}


def within_thresholds(item: Dataset, values: Values) -> Mask | None:
    """Tell which values any of the thresholds lets through.

    Parameters
    ----------
    item
        Input of blending.
    values
        Values of the modality.

    Returns
    -------
    numpy.ndarray or None
        Of the shape of `values`; None if there is no threshold.

    Raises
    ------
    InvalidAttributeError
        If the type of a threshold is unknown, or it has not as many values as its type
        needs.

    """
    thresholds = item.get("ThresholdSequence")
    if not thresholds:
        return None
    shown = np.zeros(values.shape, np.bool_)
    for threshold in thresholds:
        kind = threshold.get("ThresholdType")
        compare = _COMPARISONS.get(kind)
        if compare is None:
            raise InvalidAttributeError(
                f"ThresholdType must be one of {', '.join(_COMPARISONS)}, not {kind!r}.",
                keyword="ThresholdType",
            )
        limits = _limits(threshold)
        needed = 2 if kind.startswith("RANGE") else 1
        if len(limits) != needed or not np.isfinite(limits).all():
            raise InvalidAttributeError(
                f"A threshold of type {kind} must have {needed} ThresholdValue, not "
                f"{limits}.",
                keyword="ThresholdValueSequence",
            )
        shown |= compare(values, *limits)
    return shown


def _limits(threshold: Dataset) -> list[float]:
    """Values of a threshold, the least first."""
    limits: list[float] = []
    for item in threshold.get("ThresholdValueSequence") or []:
        value = item.get("ThresholdValue")
        if value is not None:
            limits += np.atleast_1d(np.array(value, np.float64)).tolist()
    return sorted(limits)
