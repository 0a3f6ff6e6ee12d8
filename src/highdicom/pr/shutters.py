"""Shutters: what of an image is covered (PS3.3 C.7.6.11 and C.7.6.15)."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage, ImageDraw
from pydicom.dataset import Dataset

from highdicom.color import CIELabColor
from highdicom.errors import InvalidAttributeError, MissingAttributeError
from highdicom.pr.overlays import overlay_mask

__all__ = ["covered", "shutter_color"]

Mask = npt.NDArray[np.bool_]


def covered(state: Dataset, shape: tuple[int, int]) -> Mask | None:
    """Tell which pixels are covered.

    Parameters
    ----------
    state
        Dataset with the Display Shutter or Bitmap Display Shutter module.
    shape
        Rows and columns of the image.

    Returns
    -------
    numpy.ndarray or None
        Shape ``(rows, columns)``; None if there is no shutter.

    Raises
    ------
    InvalidAttributeError
        If the shape of the shutter is unknown or does not make sense.
    MissingAttributeError
        If an attribute of the shutter is missing.

    """
    shapes = _values(state, "ShutterShape") if "ShutterShape" in state else []
    if not shapes:
        return None
    open_ = np.ones(shape, np.bool_)
    for name in shapes:
        if name not in _OPENINGS:
            raise InvalidAttributeError(
                f"ShutterShape must be one of {', '.join(_OPENINGS)}, not {name!r}.",
                keyword="ShutterShape",
            )
        open_ &= _OPENINGS[name](state, shape)
    return ~open_


def shutter_color(state: Dataset) -> tuple[int, int, int]:
    """Colour of what is covered, black if nothing is said."""
    value = state.get("ShutterPresentationColorCIELabValue")
    if value:
        return CIELabColor.from_dicom_value(list(value)).to_rgb(clip=True)
    gray = round(int(state.get("ShutterPresentationValue") or 0) / 65535 * 255)
    return gray, gray, gray


def _values(state: Dataset, keyword: str) -> list[Any]:
    value = state.get(keyword)
    if value is None or value == "":
        raise MissingAttributeError(f"The shutter needs {keyword}.", keyword=keyword)
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return [value]
    return list(value)


def _rectangle(state: Dataset, shape: tuple[int, int]) -> Mask:
    left, right, top, bottom = (
        int(_values(state, f"Shutter{edge}Edge")[0])
        for edge in (
            "LeftVertical",
            "RightVertical",
            "UpperHorizontal",
            "LowerHorizontal",
        )
    )
    rows, columns = np.ogrid[1 : shape[0] + 1, 1 : shape[1] + 1]
    inside = (left <= columns) & (columns <= right) & (top <= rows) & (rows <= bottom)
    return np.asarray(inside, np.bool_)


def _circle(state: Dataset, shape: tuple[int, int]) -> Mask:
    row, column = (int(value) for value in _values(state, "CenterOfCircularShutter"))
    radius = int(_values(state, "RadiusOfCircularShutter")[0])
    rows, columns = np.ogrid[1 : shape[0] + 1, 1 : shape[1] + 1]
    inside = (rows - row) ** 2 + (columns - column) ** 2 <= radius**2
    return np.asarray(inside, np.bool_)


def _polygon(state: Dataset, shape: tuple[int, int]) -> Mask:
    vertices = np.array(_values(state, "VerticesOfThePolygonalShutter"), np.int64)
    if vertices.size < 6 or vertices.size % 2:
        raise InvalidAttributeError(
            "VerticesOfThePolygonalShutter must be rows and columns of three vertices or "
            f"more, not {vertices.size} values.",
            keyword="VerticesOfThePolygonalShutter",
        )
    mask = PillowImage.new("1", (shape[1], shape[0]))
    # Rows before columns, counted from one.
    points = vertices.reshape(-1, 2)[:, ::-1] - 1
    ImageDraw.Draw(mask).polygon([tuple(p) for p in points.tolist()], fill=1, outline=1)
    return np.array(mask, np.bool_)


def _bitmap(state: Dataset, shape: tuple[int, int]) -> Mask:
    group = int(_values(state, "ShutterOverlayGroup")[0])
    return ~overlay_mask(state, group, 1, shape)


_OPENINGS = {
    "RECTANGULAR": _rectangle,
    "CIRCULAR": _circle,
    "POLYGONAL": _polygon,
    "BITMAP": _bitmap,
}
