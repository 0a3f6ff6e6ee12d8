"""Subtract masks from the frames of a multi-frame image (PS3.3 C.7.6.10 and C.11.13)."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.errors import IncompatibleTransformError, InvalidAttributeError
from highdicom.pr.interpolation import interpolated

__all__ = ["difference_from_mask"]

Values = npt.NDArray[np.float64]

_SEQUENCE = "MaskSubtractionSequence"


def difference_from_mask(
    state: Dataset,
    frame_number: int | None,
    number_of_frames: int,
    values_of: Callable[[int], Values],
) -> Values | None:
    """Give the values of a frame less those of its mask.

    Parameters
    ----------
    state
        Dataset with the Mask module.
    frame_number
        One-based number of the frame.
    number_of_frames
        Frames that the image has.
    values_of
        Gives the values of the modality of a frame, from its one-based number.

    Returns
    -------
    numpy.ndarray or None
        None if nothing is to be subtracted from this frame.

    Raises
    ------
    IncompatibleTransformError
        If the operation is none of presentation states, or a total pixel matrix is
        shown.
    InvalidAttributeError
        If the operation makes no sense.

    """
    items = state.get(_SEQUENCE)
    if not items or state.get("RecommendedViewingMode") == "NAT":
        return None
    if len(items) > 1:
        raise InvalidAttributeError(
            f"{_SEQUENCE} of a presentation state must have one item, not {len(items)}.",
            keyword=_SEQUENCE,
        )
    if frame_number is None:
        raise IncompatibleTransformError(
            "Masks are subtracted from frames: give 'frame_number'."
        )
    item = items[0]
    masks = _mask_frames(item, frame_number, number_of_frames)
    count = _whole(item, "ContrastFrameAveraging", 1)
    last = frame_number + count - 1
    if not masks or last > number_of_frames:
        # The operation does not apply to the frame (C.7.6.10.1.1).
        return None
    contrast = _mean(values_of(number) for number in range(frame_number, last + 1))
    mask = _mean(values_of(number) for number in masks)
    return contrast - _shifted(mask, item)


def _mask_frames(item: Dataset, frame_number: int, number_of_frames: int) -> list[int]:
    """One-based numbers of the frames that the mask is made of."""
    operation = item.get("MaskOperation")
    if operation == "NONE":
        return []
    if operation == "TID":
        offset = item.get("TIDOffset")
        mask = frame_number - (1 if offset is None or offset == "" else int(offset))
        return [mask] if 1 <= mask <= number_of_frames else []
    if operation != "AVG_SUB":
        raise IncompatibleTransformError(
            f"MaskOperation must be AVG_SUB or TID to be rendered, not {operation}."
        )
    given: Any = item.get("MaskFrameNumbers")
    masks = [int(n) for n in np.atleast_1d(np.array(given or [], np.int64))]
    if not masks or not all(1 <= mask <= number_of_frames for mask in masks):
        raise InvalidAttributeError(
            f"MaskFrameNumbers must be numbers of frames up to {number_of_frames}, not "
            f"{masks}.",
            keyword="MaskFrameNumbers",
        )
    return masks


def _whole(item: Dataset, keyword: str, default: int) -> int:
    value = item.get(keyword)
    number = default if value is None or value == "" else int(value)
    if number < 1:
        raise InvalidAttributeError(
            f"{keyword} must be a positive number, not {number}.", keyword=keyword
        )
    return number


def _mean(frames: Iterable[Values]) -> Values:
    total: Any = 0.0
    count = 0
    for frame in frames:
        total = total + frame
        count += 1
    return np.asarray(total / count, np.float64)


def _shifted(mask: Values, item: Dataset) -> Values:
    """Shift a mask down and to the right, by fractions of pixels (C.7.6.10.1.2)."""
    shift = item.get("MaskSubPixelShift")
    if shift is None or shift == "":
        return mask
    values = [float(value) for value in np.atleast_1d(np.array(shift, np.float64))]
    if len(values) != 2 or not np.isfinite(values).all():
        raise InvalidAttributeError(
            f"MaskSubPixelShift must be two numbers, not {values}.",
            keyword="MaskSubPixelShift",
        )
    rows, columns = np.ogrid[: mask.shape[0], : mask.shape[1]]
    shifted, _ = interpolated(mask, rows - values[0], columns - values[1])
    return shifted
