"""The frame or total pixel matrix of an image that is shown."""

from copy import copy as shallow_copy
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.codec.format import PixelFormat
from highdicom.errors import (
    ArgumentTypeError,
    IncompatibleTransformError,
    InvalidArgumentError,
)
from highdicom.image.image import Image
from highdicom.pr.enum import AnnotationUnitsValues, PixelOriginInterpretationValues
from highdicom.pr.modules import DisplayedAreaSelection
from highdicom.records import record

__all__ = ["ShownImage"]

Array = npt.NDArray[Any]

# A total pixel matrix beyond that does not fit a screen, nor most memories.
_MOST_PIXELS = 2**28


@record
class ShownImage:
    """What is shown of an image.

    Parameters
    ----------
    image
        The image.
    frame_number
        One-based number of the frame; None for the total pixel matrix.

    """

    image: Image
    frame_number: int | None

    @classmethod
    def of(cls, image: Dataset, frame_number: int | None) -> "ShownImage":
        """Take an image of a call, which stays as it is.

        Parameters
        ----------
        image
            Image with pixel data.
        frame_number
            One-based; if None, the total pixel matrix of a tiled image and the first
            frame of any other.

        Raises
        ------
        ArgumentTypeError
            If it is no dataset.
        MissingAttributeError
            If it is no image.

        """
        given: Any = image
        if not isinstance(given, Dataset):
            raise ArgumentTypeError(
                f"'image' must be a Dataset, not {type(given).__name__}."
            )
        if not isinstance(given, Image):
            # The class of the caller's own dataset stays what it is.
            given = Image.from_dataset(shallow_copy(given), copy=False)
        if frame_number is None and not given.is_tiled:
            frame_number = 1
        return cls(given, frame_number)

    def of_frame(self, frame_number: int) -> "ShownImage":
        """Another frame of the image, by its one-based number."""
        return ShownImage(self.image, frame_number)

    @property
    def is_matrix(self) -> bool:
        """Whether the total pixel matrix is shown."""
        return self.frame_number is None

    @property
    def units(self) -> AnnotationUnitsValues:
        """Units of annotations that are relative to what is shown."""
        if self.is_matrix:
            return AnnotationUnitsValues.MATRIX
        return AnnotationUnitsValues.PIXEL

    def is_meant_by(self, area: DisplayedAreaSelection) -> bool:
        """Whether corners of a displayed area are relative to what is shown."""
        if not self.image.is_tiled:
            return True
        of_matrix = PixelOriginInterpretationValues.VOLUME
        return (area.pixel_origin_interpretation is of_matrix) == self.is_matrix

    @property
    def pixel_format(self) -> PixelFormat:
        """Form of the stored values."""
        return PixelFormat.of(self.image)

    def stored(self) -> Array:
        """Stored values: (row, column), or (row, column, 3) as RGB.

        Raises
        ------
        FrameNumberError
            If there is no such frame.
        InvalidArgumentError
            If the total pixel matrix is too large.
        IncompatibleTransformError
            If colours have more than 8 bits.

        """
        image, pixel_format = self.image, self.pixel_format
        if pixel_format.samples_per_pixel > 1 and pixel_format.bits_allocated > 8:
            raise IncompatibleTransformError(
                "Colours must have 8 bits a sample to be rendered, not "
                f"{pixel_format.bits_allocated}."
            )
        if self.frame_number is not None:
            return image.get_stored_frame(self.frame_number)
        size = int(image.TotalPixelMatrixRows), int(image.TotalPixelMatrixColumns)
        if size[0] * size[1] > _MOST_PIXELS:
            raise InvalidArgumentError(
                f"'image' must have a total pixel matrix of at most {_MOST_PIXELS} pixels "
                f"to be shown as a whole, not of {size[0]} rows and {size[1]} columns: use "
                "an image of lower resolution, or give 'frame_number'."
            )
        return image.get_total_pixel_matrix(
            dtype=pixel_format.dtype,
            apply_real_world_transform=False,
            apply_modality_transform=False,
            apply_presentation_lut=False,
            apply_palette_color_lut=False,
            apply_icc_profile=False,
        )

    def is_padding(self, stored: Array) -> npt.NDArray[np.bool_]:
        """Tell which stored values are padding (PS3.3 C.7.5.1.1.2).

        Parameters
        ----------
        stored
            Stored values of grayscale.

        """
        first = self.image.get("PixelPaddingValue")
        if first is None or first == "":
            return np.zeros(stored.shape, np.bool_)
        last = self.image.get("PixelPaddingRangeLimit")
        limits = sorted(
            (int(first), int(first if last is None or last == "" else last))
        )
        return np.asarray((stored >= limits[0]) & (stored <= limits[1]), np.bool_)

    def position(self) -> tuple[Any, ...]:
        """Where the pixels lie, to tell whether two images lie on each other.

        Returns
        -------
        tuple
            Rows, columns, and position, orientation and spacing to a hundredth.

        """
        found: list[Any] = [int(self.image.Rows), int(self.image.Columns)]
        for keyword in (
            "ImagePositionPatient",
            "ImageOrientationPatient",
            "PixelSpacing",
        ):
            values = self.geometry(keyword)
            if values is not None:
                found.append(tuple(np.round(values, 2).tolist()))
        return tuple(found)

    def geometry(self, keyword: str) -> npt.NDArray[np.float64] | None:
        """Numbers of an attribute that says where the frame lies, if there are any."""
        columns = self.image._index.columns  # noqa: SLF001 (asked once for an image)
        values = columns.get(keyword)
        if values is None:
            return None
        found = np.asarray(np.ravel(values[(self.frame_number or 1) - 1]), np.float64)
        return found if np.isfinite(found).all() else None
