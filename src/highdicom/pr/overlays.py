"""Bit planes laid over images (PS3.3 C.9.2 and C.11.7)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.errors import InvalidAttributeError
from highdicom.records import record

__all__ = ["Overlay", "active_overlays", "overlay_mask"]

Mask = npt.NDArray[np.bool_]

_GROUPS = range(0x6000, 0x6020, 2)
_ORIGIN, _FRAMES, _FIRST_FRAME = 0x0050, 0x0015, 0x0051
_LAYER, _DATA = 0x1001, 0x3000


@record
class Overlay:
    """An overlay that is shown.

    Parameters
    ----------
    layer_name
        Layer that it is drawn in.
    mask
        Pixels of the image that are painted, of shape ``(rows, columns)``.

    """

    layer_name: str
    mask: Mask


def active_overlays(
    state: Dataset, image: Dataset, frame_number: int, shape: tuple[int, int]
) -> Iterator[Overlay]:
    """Give the overlays that a presentation state activates.

    One in the presentation state takes the place of that of the image in the same group.

    Parameters
    ----------
    state, image
        The presentation state and the image.
    frame_number
        One-based number of the frame that is shown.
    shape
        Rows and columns of the frame.

    Raises
    ------
    InvalidAttributeError
        If an overlay is damaged.

    """
    for group in _GROUPS:
        layer = state[group, _LAYER].value if (group, _LAYER) in state else None
        if not layer or state.get("ShutterOverlayGroup") == group:
            continue
        holder = state if (group, _DATA) in state else image
        if (group, _DATA) in holder:
            yield Overlay(layer, overlay_mask(holder, group, frame_number, shape))


def overlay_mask(
    holder: Dataset, group: int, frame_number: int, shape: tuple[int, int]
) -> Mask:
    """Give the pixels of an image that an overlay marks.

    Parameters
    ----------
    holder
        Dataset with the Overlay Plane module.
    group
        Number of its group, from 0x6000 to 0x601E.
    frame_number
        One-based number of the frame of the image.
    shape
        Rows and columns of the image.

    Returns
    -------
    numpy.ndarray
        Shape ``(rows, columns)``.

    Raises
    ------
    InvalidAttributeError
        If it is damaged.

    """
    try:
        planes: npt.NDArray[Any] = holder.overlay_array(group)
        origin: Any = _value(holder, group, _ORIGIN, (1, 1))
        top, left = int(origin[0]) - 1, int(origin[1]) - 1
        first = int(_value(holder, group, _FIRST_FRAME, 1))
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise InvalidAttributeError(
            f"The overlay of group {group:04X} must have an origin, and data of its rows "
            f"and columns: {error}.",
            keyword="OverlayData",
        ) from error
    mask = np.zeros(shape, np.bool_)
    plane = planes
    if planes.ndim == 3:
        number = frame_number - first
        if not 0 <= number < len(planes):
            return mask
        plane = planes[number]
    # Of an overlay that begins above or to the left of the image, the rest is shown.
    plane = plane[max(0, -top) :, max(0, -left) :]
    part = mask[max(0, top) :, max(0, left) :]
    rows, columns = np.minimum(part.shape, plane.shape)
    part[:rows, :columns] = plane[:rows, :columns] != 0
    return mask


def _value(holder: Dataset, group: int, element: int, default: Any) -> Any:
    if (group, element) not in holder:
        return default
    value = holder[group, element].value
    return default if value is None or value == "" else value
