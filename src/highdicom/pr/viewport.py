"""How an image comes to the screen: displayed area, rotation, flip and size.

PS3.3 C.10.4 and C.10.6, in the order of PS3.4 N.2.3.
"""

from collections.abc import Sequence as AnySequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from pydicom.dataset import Dataset

from highdicom.errors import InvalidArgumentError, InvalidAttributeError
from highdicom.pr.enum import PresentationSizeModeValues
from highdicom.pr.modules import DisplayedAreaSelection
from highdicom.records import record

__all__ = ["Viewport"]

Bytes = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]

# More than any screen has; what asks for more is taken for a mistake.
_MOST_PIXELS = 2**28


@record
class Viewport:
    """The part of an image that is shown, and how.

    Parameters
    ----------
    left, top, right, bottom
        First and last column and row shown, zero-based and half open. They may lie
        outside of the image.
    rotation
        Degrees clockwise: 0, 90, 180 or 270, before the flip.
    flip
        Whether left and right are exchanged.
    scale
        Pixels of the screen for one of the image, along columns and along rows, after
        rotation.

    """

    left: int
    top: int
    right: int
    bottom: int
    rotation: int = 0
    flip: bool = False
    scale: tuple[float, float] = (1.0, 1.0)

    @classmethod
    def of(
        cls,
        area: DisplayedAreaSelection | None,
        spatial: Dataset,
        image_size: tuple[int, int],
        size: tuple[int, int] | None,
    ) -> "Viewport":
        """Make the viewport that a presentation state asks for.

        Parameters
        ----------
        area
            Displayed area; all of the image, if there is none.
        spatial
            Dataset with the rotation and flip.
        image_size
            Columns and rows of the image.
        size
            Columns and rows of the screen, which an area that is to be scaled to fit
            is fitted into.

        Raises
        ------
        InvalidAttributeError
            If rotation or area make no sense.
        InvalidArgumentError
            If `size` makes no sense.

        """
        corners = np.array([(1, 1), image_size])
        if area is not None:
            corners = np.array(
                [area.top_left_hand_corner, area.bottom_right_hand_corner]
            )
        # Which corner is at the upper left depends on rotation and flip.
        left, top = (corners.min(axis=0) - 1).tolist()
        right, bottom = corners.max(axis=0).tolist()
        rotation = int(spatial.get("ImageRotation") or 0)
        if rotation not in {0, 90, 180, 270}:
            raise InvalidAttributeError(
                f"ImageRotation must be 0, 90, 180 or 270, not {rotation}.",
                keyword="ImageRotation",
            )
        viewport = cls(
            left,
            top,
            right,
            bottom,
            rotation,
            spatial.get("ImageHorizontalFlip") == "Y",
        )
        viewport._check_pixels()
        scaled = cls(
            *(left, top, right, bottom, rotation, viewport.flip),
            scale=viewport._scale(area, size),
        )
        scaled._check_pixels()
        return scaled

    def _check_pixels(self) -> None:
        columns, rows = self.size
        if not (columns * rows <= _MOST_PIXELS):
            raise InvalidAttributeError(
                f"The displayed area must not come to more than {_MOST_PIXELS} pixels, "
                f"as {columns} columns and {rows} rows do.",
                keyword="DisplayedAreaSelectionSequence",
            )

    def _scale(
        self, area: DisplayedAreaSelection | None, size: tuple[int, int] | None
    ) -> tuple[float, float]:
        """Pixels of the screen for one of the image, after rotation."""
        height, width = _pixel_shape(area)
        finest = min(height, width)
        along_columns, along_rows = width / finest, height / finest
        if self.rotation in {90, 270}:
            along_columns, along_rows = along_rows, along_columns
        factor = 1.0
        mode = PresentationSizeModeValues.SCALE_TO_FIT
        if area is not None:
            mode = area.presentation_size_mode
        if mode is PresentationSizeModeValues.MAGNIFY and area is not None:
            factor = area.presentation_pixel_magnification_ratio or 1.0
        elif size is not None:
            if min(size) < 1:
                raise InvalidArgumentError(
                    f"'size' must be positive numbers of columns and rows, not {size}."
                )
            columns, rows = self._unscaled
            factor = min(
                size[0] / (columns * along_columns), size[1] / (rows * along_rows)
            )
        if not (np.isfinite(factor) and factor > 0):
            raise InvalidAttributeError(
                f"PresentationPixelMagnificationRatio must be positive, not {factor}.",
                keyword="PresentationPixelMagnificationRatio",
            )
        return along_columns * factor, along_rows * factor

    @property
    def _unscaled(self) -> tuple[int, int]:
        columns, rows = self.right - self.left, self.bottom - self.top
        return (rows, columns) if self.rotation in {90, 270} else (columns, rows)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows on the screen."""
        columns, rows = (
            max(1, round(count * scale))
            for count, scale in zip(self._unscaled, self.scale, strict=True)
        )
        return columns, rows

    def show(self, pixels: Bytes) -> Bytes:
        """Cut the area out of an image, turn it and scale it.

        Parameters
        ----------
        pixels
            Shape ``(rows, columns)`` or ``(rows, columns, 3)``.

        Returns
        -------
        numpy.ndarray
            A new array of the size of the screen; black where there is no image.

        """
        turned = np.rot90(self._cut(pixels), -self.rotation // 90)
        if self.flip:
            turned = turned[:, ::-1]
        turned = np.ascontiguousarray(turned)
        if self.size == self._unscaled:
            return turned
        resized = PillowImage.fromarray(turned).resize(
            self.size, PillowImage.Resampling.BILINEAR
        )
        return np.array(resized)

    def _cut(self, pixels: Bytes) -> Bytes:
        rows, columns = pixels.shape[:2]
        shape = (self.bottom - self.top, self.right - self.left, *pixels.shape[2:])
        cut = np.zeros(shape, np.uint8)
        top, bottom = max(0, self.top), min(rows, self.bottom)
        left, right = max(0, self.left), min(columns, self.right)
        if top < bottom and left < right:
            cut[
                top - self.top : bottom - self.top, left - self.left : right - self.left
            ] = pixels[top:bottom, left:right]
        return cut

    def points_of_image(self, points: AnySequence[Any] | Points) -> Points:
        """Where points of the image are on the screen.

        Parameters
        ----------
        points
            Shape ``(n, 2)`` as (column, row); (0.0, 0.0) is the upper left corner of the
            upper left pixel.

        Returns
        -------
        numpy.ndarray
            Shape ``(n, 2)`` as (column, row) in the same manner.

        """
        given = np.asarray(points, np.float64).reshape(-1, 2)
        x, y = given[:, 0] - self.left, given[:, 1] - self.top
        columns, rows = self.right - self.left, self.bottom - self.top
        for _ in range(self.rotation // 90):
            x, y = rows - y, x
            columns, rows = rows, columns
        if self.flip:
            x = columns - x
        return np.stack([x * self.scale[0], y * self.scale[1]], axis=-1)

    def points_of_display(self, points: AnySequence[Any] | Points) -> Points:
        """Where points given as fractions of the displayed area are on the screen."""
        given = np.asarray(points, np.float64).reshape(-1, 2)
        scaled: Points = given * np.array(self.size, np.float64)
        return scaled


def _pixel_shape(area: DisplayedAreaSelection | None) -> tuple[float, float]:
    """Height and width of a pixel of the image."""
    if area is None:
        return 1.0, 1.0
    shape = area.presentation_pixel_spacing or area.presentation_pixel_aspect_ratio
    height, width = (float(value) for value in shape or (1, 1))
    if not (0 < height < np.inf and 0 < width < np.inf):
        raise InvalidAttributeError(
            "Presentation Pixel Spacing or Aspect Ratio must be positive, not "
            f"{height} and {width}.",
            keyword="PresentationPixelSpacing",
        )
    return height, width
