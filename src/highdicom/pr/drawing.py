"""Draw graphics and text over what is shown (PS3.3 C.10.5)."""

from collections.abc import Sequence as AnySequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage, ImageDraw, ImageFont
from pydicom.dataset import Dataset

from highdicom.color import CIELabColor
from highdicom.errors import IncompatibleTransformError, InvalidAttributeError
from highdicom.pr.content.graphics import GraphicAnnotation, GraphicObject, TextObject
from highdicom.pr.content.layers import GraphicLayer
from highdicom.pr.enum import (
    AnnotationUnitsValues,
    GraphicTypeValues,
    TextJustificationValues,
)
from highdicom.pr.overlays import Overlay
from highdicom.pr.viewport import Viewport

__all__ = ["draw"]

Bytes = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]
Color = tuple[int, int, int]

_FARTHEST = 2.0**22
_WHITE: Color = (255, 255, 255)
_PARTS_OF_CURVE = 16
_PARTS_OF_ELLIPSE = 180
_SMALLEST_FONT, _USUAL_FONT, _LARGEST_FONT = 7, 12, 32


def draw(
    pixels: Bytes,
    annotations: AnySequence[GraphicAnnotation],
    overlays: AnySequence[Overlay],
    layers: AnySequence[GraphicLayer],
    viewport: Viewport,
    units: AnnotationUnitsValues,
) -> Bytes:
    """Draw overlays and annotations, those in lower layers first.

    Compound graphics stand beside graphics and texts that show the same (PS3.3
    C.10.5.1.3.1), of which only these are drawn.

    Parameters
    ----------
    pixels
        What is shown, of shape ``(rows, columns)`` or ``(rows, columns, 3)``.
    annotations, overlays
        What is drawn.
    layers
        Layers, which say order and colour.
    viewport
        Where points of the image are.
    units
        Units that are of the image shown: PIXEL of a frame, MATRIX of a total pixel
        matrix.

    Returns
    -------
    numpy.ndarray
        In colour if `pixels` are or something drawn is.

    Raises
    ------
    IncompatibleTransformError
        If an annotation is in other units of the image.

    """
    if not annotations and not overlays:
        return pixels
    by_name = {layer.layer_name: layer for layer in layers}
    canvas = _Canvas(pixels, viewport, units)

    def order(item: Overlay | GraphicAnnotation) -> int:
        layer = by_name.get(item.layer_name)
        return layer.order if layer is not None else 0

    both: list[Overlay | GraphicAnnotation] = [*overlays, *annotations]
    for drawn in sorted(both, key=order):
        color = _color_of_layer(by_name.get(drawn.layer_name))
        if isinstance(drawn, Overlay):
            canvas.overlay(drawn, color)
            continue
        for graphic in drawn.graphic_objects:
            canvas.graphic(graphic, color)
        for text in drawn.text_objects:
            canvas.text(text, color)
    return canvas.result()


def _color_of_layer(layer: GraphicLayer | None) -> Color:
    if layer is None:
        return _WHITE
    if layer.display_color is not None:
        return layer.display_color.to_rgb(clip=True)
    gray = layer.get("GraphicLayerRecommendedDisplayGrayscaleValue")
    if gray is None or gray == "":
        return _WHITE
    level = round(int(gray) / 65535 * 255)
    return level, level, level


def _style_color(item: Dataset, sequence: str, keyword: str, default: Color) -> Color:
    """Colour of a style, if the object has one (PS3.3 C.10.5.1)."""
    styles = item.get(sequence)
    value = styles[0].get(keyword) if styles else None
    if not value:
        return default
    return CIELabColor.from_dicom_value(list(value)).to_rgb(clip=True)


class _Canvas:
    """What is shown, in colour while it is drawn on."""

    def __init__(
        self, pixels: Bytes, viewport: Viewport, units: AnnotationUnitsValues
    ) -> None:
        self._is_gray = pixels.ndim == 2
        self._image = PillowImage.fromarray(pixels).convert("RGB")
        self._draw = ImageDraw.Draw(self._image)
        # Text and lines are not smoothed, so that gray stays gray and results are
        # the same wherever fonts are.
        self._draw.fontmode = "1"
        self._viewport = viewport
        self._units = units

    def result(self) -> Bytes:
        """Pixels, gray if they were and nothing in colour was drawn."""
        array: Bytes = np.array(self._image)
        is_gray = self._is_gray and bool(
            (array[..., 0] == array[..., 1]).all()
            and (array[..., 1] == array[..., 2]).all()
        )
        return np.ascontiguousarray(array[..., 0]) if is_gray else array

    def _on_screen(self, points: Any, units: AnnotationUnitsValues) -> Points:
        """Points as Pillow has them, which counts from the centre of a pixel."""
        if units is AnnotationUnitsValues.DISPLAY:
            return _near(self._viewport.points_of_display(points) - 0.5)
        if units is not self._units:
            raise IncompatibleTransformError(
                f"An annotation in units of {units.value} cannot be drawn, since what is "
                f"shown is in units of {self._units.value}."
            )
        return _near(self._viewport.points_of_image(points) - 0.5)

    def overlay(self, overlay: Overlay, color: Color) -> None:
        """Paint the pixels that an overlay marks."""
        mask = self._viewport.show(np.where(overlay.mask, 255, 0).astype(np.uint8))
        self._image.paste(color, mask=PillowImage.fromarray(mask >= 128))

    def graphic(self, graphic: GraphicObject, color: Color) -> None:
        """Draw one graphic."""
        color = _style_color(
            graphic, "LineStyleSequence", "PatternOnColorCIELabValue", color
        )
        points = self._on_screen(_outline(graphic), graphic.units)
        if graphic.graphic_type is GraphicTypeValues.POINT:
            x, y = points[0].tolist()
            self._draw.ellipse((x - 1, y - 1, x + 1, y + 1), fill=color)
            return
        path = [tuple(point) for point in points.tolist()]
        if graphic.is_filled:
            fill = _style_color(
                graphic, "FillStyleSequence", "PatternOnColorCIELabValue", color
            )
            self._draw.polygon(path, fill=fill)
        self._draw.line(path, fill=color, width=_line_width(graphic))

    def text(self, text: TextObject, color: Color) -> None:
        """Write one text, upright whatever the rotation of the image."""
        color = _style_color(text, "TextStyleSequence", "TextColorCIELabValue", color)
        anchor = None
        if text.anchor_point is not None:
            units = text.anchor_point_units or text.units
            anchor = self._on_screen(text.anchor_point, units)[0]
        if text.bounding_box is None:
            if anchor is not None:
                self._write(text.text_value, anchor.tolist(), _USUAL_FONT, color)
            return
        corners = self._on_screen(text.bounding_box, text.units)
        box = [*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()]
        self._write_in_box(text, box, color)
        if anchor is not None and text.anchor_point_visible:
            # From the point of the box that is nearest.
            start = np.clip(anchor, box[:2], box[2:])
            self._draw.line([tuple(start.tolist()), tuple(anchor.tolist())], fill=color)

    def _write(self, value: str, place: list[float], size: int, color: Color) -> None:
        x, y = place
        self._draw.multiline_text((x, y), value, fill=color, font=_font(size))

    def _write_in_box(self, text: TextObject, box: list[float], color: Color) -> None:
        left, top, right, bottom = box
        lines = text.text_value.splitlines() or [""]
        size = int(np.clip((bottom - top) / len(lines), _SMALLEST_FONT, _LARGEST_FONT))
        width, height = self._extent(text.text_value, size)
        while size > _SMALLEST_FONT and (width > right - left or height > bottom - top):
            size -= 1
            width, height = self._extent(text.text_value, size)
        slack = {
            TextJustificationValues.LEFT: 0.0,
            TextJustificationValues.RIGHT: 1.0,
        }.get(text.text_justification or TextJustificationValues.CENTER, 0.5)
        align = {0.0: "left", 1.0: "right"}.get(slack, "center")
        self._draw.multiline_text(
            (left + slack * (right - left - width), top),
            text.text_value,
            fill=color,
            font=_font(size),
            align=align,
        )

    def _extent(self, value: str, size: int) -> tuple[float, float]:
        """Width and height of a text."""
        box = self._draw.multiline_textbbox((0, 0), value, font=_font(size))
        return box[2], box[3]


def _near(points: Points) -> Points:
    """Refuse points so far away that lines to them would take for ever."""
    if not (np.abs(points) <= _FARTHEST).all():
        raise InvalidAttributeError(
            "Coordinates of an annotation must be finite and near the image, not "
            f"{points[0].tolist()}.",
            keyword="GraphicAnnotationSequence",
        )
    return points


def _font(size: int) -> Any:
    try:
        return ImageFont.load_default(size)
    except TypeError:  # Pillow before 10.1 has a font of one size.
        return ImageFont.load_default()


def _line_width(graphic: GraphicObject) -> int:
    styles = graphic.get("LineStyleSequence")
    thickness = styles[0].get("LineThickness") if styles else None
    return max(1, min(64, round(float(thickness or 1))))


def _outline(graphic: GraphicObject) -> Points:
    """Points along a graphic, in its own units."""
    points = graphic.graphic_data
    kind = graphic.graphic_type
    if kind is GraphicTypeValues.CIRCLE:
        center, edge = points
        radius = float(np.hypot(*(edge - center)))
        return _ellipse(center, np.array([radius, 0.0]), np.array([0.0, radius]))
    if kind is GraphicTypeValues.ELLIPSE:
        first, last, upper, lower = points
        return _ellipse((first + last) / 2, (last - first) / 2, (lower - upper) / 2)
    if kind is GraphicTypeValues.INTERPOLATED and len(points) > 2:
        return _curve(points)
    return points


def _ellipse(center: Points, first_axis: Points, second_axis: Points) -> Points:
    angles = np.linspace(0, 2 * np.pi, _PARTS_OF_ELLIPSE + 1)[:, np.newaxis]
    around = center + np.cos(angles) * first_axis + np.sin(angles) * second_axis
    return np.asarray(around, np.float64)


def _curve(points: Points) -> Points:
    """A smooth curve through the points (a Catmull-Rom spline).

    The standard leaves the interpolation to the application (PS3.3 C.10.5.1.2).
    """
    is_closed = np.array_equal(points[0], points[-1])
    before, after = (points[-2], points[1]) if is_closed else (points[0], points[-1])
    padded = np.vstack([before, points, after])
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, np.newaxis] for i in range(4))
    t = np.linspace(0, 1, _PARTS_OF_CURVE, endpoint=False)[np.newaxis, :, np.newaxis]
    curve = 0.5 * (
        2 * p1
        + (p2 - p0) * t
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
        + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    return np.vstack([curve.reshape(-1, 2), points[-1]])
