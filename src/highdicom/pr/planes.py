"""Where images lie in space, to show one in the geometry of another."""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import InvalidArgumentError
from highdicom.pr.shown import ShownImage
from highdicom.records import record

__all__ = ["Plane", "places_in"]

Points = npt.NDArray[np.float64]

# Millimetres that planes without a thickness may be apart.
_NEAR = 0.01


@record
class Plane:
    """Where the pixels of a frame lie.

    Parameters
    ----------
    shape
        Rows and columns.
    position
        Centre of the first pixel, in millimetres.
    steps
        From a row and from a column to the next, of shape ``(2, 3)``.
    thickness
        Of the slice, in millimetres.

    """

    shape: tuple[int, int]
    position: Points
    steps: Points
    thickness: float

    @classmethod
    def of(cls, shown: ShownImage) -> "Plane":
        """Find where a frame lies.

        Raises
        ------
        InvalidArgumentError
            If the image does not say.

        """
        position, orientation, spacing = (
            shown.geometry(keyword)
            for keyword in (
                "ImagePositionPatient",
                "ImageOrientationPatient",
                "PixelSpacing",
            )
        )
        if position is None or orientation is None or spacing is None:
            raise InvalidArgumentError(
                "'image' must be images that lie on each other to be blended, or say "
                "where they lie, which "
                f"{shown.image.SOPInstanceUID} does not."
            )
        along_row, along_column = np.reshape(orientation, (2, 3))
        steps = np.stack([along_column * spacing[0], along_row * spacing[1]])
        thickness = shown.geometry("SliceThickness")
        return cls(
            (int(shown.image.Rows), int(shown.image.Columns)),
            position,
            steps,
            0.0 if thickness is None else float(thickness[0]),
        )

    @property
    def normal(self) -> Points:
        """Unit vector across the plane."""
        across = np.cross(*self.steps)
        return np.asarray(across / np.linalg.norm(across), np.float64)


def places_in(display: Plane, other: Plane) -> tuple[Points, Points]:
    """Find where the pixels of one plane are in another.

    Parameters
    ----------
    display
        The plane of which pixels are asked.
    other
        The plane in which they are looked for.

    Returns
    -------
    tuple
        Rows and columns, each of the shape of `display`, counted from the centre of the
        first pixel of `other`.

    Raises
    ------
    InvalidArgumentError
        If the planes are not parallel, or further apart than half a slice.

    """
    origin = display.position - other.position
    distance = float(np.abs(origin @ other.normal))
    apart = max(other.thickness, display.thickness) / 2 + _NEAR
    if np.abs(display.steps @ other.normal).max() > _NEAR or not distance <= apart:
        raise InvalidArgumentError(
            "'image' must be images of one plane to be blended, up to half of the "
            f"thickness of a slice, not images of other orientation or {distance:.2f} mm "
            "apart: take the frames of the same place, or resample the volumes."
        )
    # Of a point, how many steps along rows and columns it takes from the first pixel.
    to_steps: Any = np.linalg.pinv(other.steps)
    first = origin @ to_steps
    moves = display.steps @ to_steps
    rows, columns = np.ogrid[: display.shape[0], : display.shape[1]]
    places = [
        first[axis] + rows * moves[0, axis] + columns * moves[1, axis]
        for axis in (0, 1)
    ]
    return places[0], places[1]
