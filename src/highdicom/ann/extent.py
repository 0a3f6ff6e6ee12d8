"""Where the slide ends."""

from typing import NamedTuple

import numpy as np
from pydicom.dataset import Dataset

from highdicom.ann.content import AnnotationGroup
from highdicom.ann.enum import (
    AnnotationCoordinateTypeValues,
    PixelOriginInterpretationValues,
)
from highdicom.errors import InvalidArgumentError, MissingAttributeError

__all__ = ["Extent", "check_extent", "extent_of_image", "extent_of_slide"]

_LARGEST_SLIDE = 300.0
"""Millimetres; whole mounts, the largest slides there are, are smaller."""


class Extent(NamedTuple):
    """Range of coordinates.

    Parameters
    ----------
    low, high
        Least and greatest x and y.
    description
        Completes "must lie ...".

    """

    low: tuple[float, float]
    high: tuple[float, float]
    description: str


def extent_of_image(
    image: Dataset, interpretation: PixelOriginInterpretationValues
) -> Extent:
    """Tell what pixels an image or a frame of it has.

    Coordinates go from the top left corner of the top left pixel, (0, 0), to the bottom
    right corner of the bottom right pixel (PS3.3 C.10.5.1.2 and C.37.1.2.1.1).

    Parameters
    ----------
    image
        The image.
    interpretation
        Whether coordinates are those of a frame or of the total pixel matrix.

    Raises
    ------
    MissingAttributeError
        If the image does not say how large it is.

    """
    prefixes = ["TotalPixelMatrix", ""]
    if interpretation is PixelOriginInterpretationValues.FRAME:
        del prefixes[0]
    for prefix in prefixes:
        rows, columns = (image.get(f"{prefix}{name}") for name in ("Rows", "Columns"))
        if rows and columns:
            what = "total pixel matrix" if prefix else "frame"
            return Extent(
                (0.0, 0.0),
                (float(columns), float(rows)),
                f"within the {columns} columns and {rows} rows of the {what}",
            )
    raise MissingAttributeError(
        "The source image must have Rows and Columns.",
        keyword="Rows",
        sop_instance_uid=image.get("SOPInstanceUID"),
    )


def extent_of_slide() -> Extent:
    """Tell what coordinates can be on a slide, whatever of it was imaged."""
    return Extent(
        (-_LARGEST_SLIDE, -_LARGEST_SLIDE),
        (_LARGEST_SLIDE, _LARGEST_SLIDE),
        f"on a slide, less than {_LARGEST_SLIDE:g} mm from its origin (3D coordinates "
        "are in millimetres)",
    )


def check_extent(
    group: AnnotationGroup,
    coordinate_type: AnnotationCoordinateTypeValues,
    extent: Extent,
) -> None:
    """Refuse annotations that lie beyond the slide.

    Raises
    ------
    InvalidArgumentError
        If a point does; the message names the group and the annotation.

    """
    # Common z coordinates do not count here.
    shapes = group.get_stored_coordinates(coordinate_type)
    x, y = shapes.coordinates[:, 0], shapes.coordinates[:, 1]
    (left, top), (right, bottom) = extent.low, extent.high
    if x.min() >= left and x.max() <= right and y.min() >= top and y.max() <= bottom:
        return
    is_beyond = (x < left) | (x > right) | (y < top) | (y > bottom)
    row = int(np.argmax(is_beyond))
    raise InvalidArgumentError(
        f"Annotation {shapes.annotation_of(row)} of {group.title} must lie "
        f"{extent.description}, not at {tuple(shapes.coordinates[row].tolist())}."
    )
