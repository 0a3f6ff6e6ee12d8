"""Maps between pixel matrices, images and the reference coordinate system.

Three systems are connected (PS3.3 C.7.6.2.1.1, C.8.12.2):

- pixel indices: zero-based integers (column, row), which name the centres of pixels;
- image coordinates: (column, row) in pixels, where (0, 0) is the upper left corner of the
  first pixel and (0.5, 0.5) its centre, as in the graphic data of SCOORD;
- reference coordinates: (x, y, z) in millimetres in the patient-based or slide coordinate
  system.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.spatial.affine import AffineMap
from highdicom.spatial.arguments import FloatArray

CORNER_TO_CENTER = AffineMap.translation(-0.5, -0.5, 0.0)
CENTER_TO_CORNER = AffineMap.translation(0.5, 0.5, 0.0)


class Transformer:
    """One affine map, a check of what comes in and a rule for what comes out."""

    _map: AffineMap

    @property
    def affine(self) -> FloatArray:
        """Affine matrix of shape (4, 4); columns and rows before slices."""
        matrix: FloatArray = self._map.matrix.copy()
        return matrix

    def __repr__(self) -> str:
        return f"{type(self).__name__}(affine={self._map.matrix.tolist()})"


def points_of(values: object, dimensions: int, name: str) -> npt.NDArray[Any]:
    """Give points as an array of numbers of shape (n, dimensions).

    Raises
    ------
    ArgumentTypeError
        If the values are not numbers.
    InvalidArgumentError
        If the shape differs.

    """
    try:
        points = np.asarray(values)
    except ValueError as error:
        raise InvalidArgumentError(
            f"'{name}' must have shape (n, {dimensions})."
        ) from error
    if points.dtype.kind not in "iuf":
        raise ArgumentTypeError(
            f"'{name}' must be an array of numbers, not of {points.dtype}."
        )
    if points.ndim != 2 or points.shape[1] != dimensions:
        raise InvalidArgumentError(
            f"'{name}' must have shape (n, {dimensions}), not {points.shape}."
        )
    return points


def indices_of(values: object) -> npt.NDArray[Any]:
    """Give pixel indices as an array of integers of shape (n, 2).

    Raises
    ------
    ArgumentTypeError
        If the values are not integers.
    InvalidArgumentError
        If the shape differs.

    """
    points = points_of(values, 2, "indices")
    if points.dtype.kind == "f" and points.size:
        raise ArgumentTypeError(
            f"'indices' must be an array of integers, not of {points.dtype}."
        )
    return points
