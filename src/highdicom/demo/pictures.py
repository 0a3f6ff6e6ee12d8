"""Pictures of images, with and without their segments."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as Picture, ImageDraw

from highdicom.demo.analysis import Segment

__all__ = [
    "HOT",
    "as_colors",
    "as_gray",
    "draw_outlines",
    "draw_segments",
    "lay_over",
    "montage",
    "write_picture",
]

_SHORTEST_SIDE = 384
_OPACITY = 0.45

_RAMP = np.linspace(0, 3, 256)[:, np.newaxis] - np.arange(3)
HOT: npt.NDArray[np.uint8] = np.rint(np.clip(_RAMP, 0, 1) * 255).astype(np.uint8)
"""Colours from black over red and yellow to white, of shape (256, 3)."""


def as_gray(
    values: npt.NDArray[Any], limits: tuple[float, float]
) -> npt.NDArray[np.uint8]:
    """Make shades of grey of values.

    Parameters
    ----------
    values
        Values of shape (row, column).
    limits
        Values of black and of white.

    Returns
    -------
    numpy.ndarray
        Colours of shape (row, column, 3).

    """
    low, high = limits
    scaled = np.clip((values - low) / max(high - low, 1e-9), 0, 1)
    return np.repeat((scaled * 255).astype(np.uint8)[..., None], 3, axis=2)


def as_colors(
    values: npt.NDArray[Any], limits: tuple[float, float]
) -> npt.NDArray[np.uint8]:
    """Make colours from black over red and yellow to white of values, as `as_gray`."""
    colors: npt.NDArray[np.uint8] = np.take(
        HOT, as_gray(values, limits)[..., 0], axis=0
    )
    return colors


def lay_over(
    picture: npt.NDArray[np.uint8],
    colors: npt.NDArray[np.uint8],
    weights: npt.NDArray[Any],
) -> npt.NDArray[np.uint8]:
    """Lay colours over a picture.

    Parameters
    ----------
    picture, colors
        Colours of shape (row, column, 3).
    weights
        Opacity of each pixel from 0.0 to 1.0, of shape (row, column).

    """
    opacity = weights[..., np.newaxis]
    mixed = np.rint(picture * (1 - opacity) + colors * opacity)
    return np.asarray(mixed, np.uint8)


def draw_outlines(
    picture: npt.NDArray[np.uint8],
    outlines: Sequence[npt.NDArray[Any]],
    color: tuple[int, int, int],
    scale: int,
) -> npt.NDArray[np.uint8]:
    """Draw polygons on an enlarged picture.

    Parameters
    ----------
    picture
        Colours of shape (row, column, 3).
    outlines
        Points of shape (n, 2) as (column, row), of which (0.0, 0.0) is the upper left
        corner of the upper left pixel.
    color
        Red, green and blue of the lines.
    scale
        How many times larger the result is.

    """
    size = (picture.shape[1] * scale, picture.shape[0] * scale)
    image = Picture.fromarray(picture).resize(size, Picture.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for outline in outlines:
        closed = np.vstack([outline, outline[:1]]) * scale - 0.5
        draw.line([tuple(p) for p in closed.tolist()], fill=color, width=scale)
    return np.array(image)


def draw_segments(
    picture: npt.NDArray[np.uint8],
    labels: npt.NDArray[Any],
    segments: Sequence[Segment],
) -> npt.NDArray[np.uint8]:
    """Lay segments over a picture, opaque at their outlines.

    Parameters
    ----------
    picture
        Colours of shape (row, column, 3).
    labels
        Label map of shape (row, column).
    segments
        What the labels stand for.

    """
    drawn = picture.astype(np.float32)
    for segment in segments:
        mask = labels == segment.number
        color = np.array(segment.color, np.float32)
        drawn[mask] = (1 - _OPACITY) * drawn[mask] + _OPACITY * color
        drawn[_outline(mask)] = color
    return drawn.astype(np.uint8)


def _outline(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    padded = np.pad(mask, 1, mode="edge")
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inner


def montage(
    pictures: Sequence[npt.NDArray[np.uint8]], columns: int
) -> npt.NDArray[np.uint8]:
    """Set pictures of one size side by side, row by row."""
    rows, width = pictures[0].shape[:2]
    lines = -(-len(pictures) // columns)
    sheet = np.zeros((lines * rows, columns * width, 3), np.uint8)
    for number, picture in enumerate(pictures):
        line, column = divmod(number, columns)
        sheet[
            line * rows : (line + 1) * rows, column * width : (column + 1) * width
        ] = picture
    return sheet


def write_picture(
    path: Path, picture: npt.NDArray[np.uint8], pixel_spacing: Sequence[float] = (1, 1)
) -> None:
    """Write a PNG with square pixels, enlarged if it is small.

    Parameters
    ----------
    path
        File to write.
    picture
        Colours of shape (row, column, 3).
    pixel_spacing
        Distance of rows and of columns.

    """
    between_rows, between_columns = (float(value) for value in pixel_spacing)
    height = picture.shape[0] * between_rows / between_columns
    width = float(picture.shape[1])
    enlargement = max(1, round(_SHORTEST_SIDE / min(height, width)))
    size = (round(width * enlargement), round(height * enlargement))
    image = Picture.fromarray(picture).resize(size, Picture.Resampling.NEAREST)
    image.save(path, optimize=True)
