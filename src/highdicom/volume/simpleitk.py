"""Exchange of arrays and affine matrices with SimpleITK.

Its coordinates are those of DICOM; its arrays have the axes the other way round.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import ArgumentTypeError, MissingDependencyError
from highdicom.spatial.affine import assemble
from highdicom.volume.exchange import (
    as_supported,
    check_image,
    spacing_and_direction,
)

__all__ = ["from_image", "to_image"]

_SUPPORTED = "u1 i1 u2 i2 u4 i4 u8 i8 f4 f8"


def _simpleitk(purpose: str) -> Any:
    try:
        import SimpleITK  # noqa: PLC0415 (optional)
    except ImportError as error:
        raise MissingDependencyError("SimpleITK", "simpleitk", purpose) from error
    return SimpleITK


def to_image(array: npt.NDArray[Any], affine: npt.NDArray[np.float64]) -> Any:
    """Make an image.

    Parameters
    ----------
    array
        Voxels, shape (i, j, k), which are copied.
    affine
        Matrix of shape (4, 4) from indices to positions in millimetres.

    Raises
    ------
    InvalidArgumentError
        If SimpleITK cannot hold the values.
    MissingDependencyError
        If it is not installed.

    """
    library = _simpleitk("convert volumes to SimpleITK")
    voxels = as_supported(array, _SUPPORTED, "SimpleITK")
    spacing, direction = spacing_and_direction(affine)
    image = library.GetImageFromArray(voxels.T)
    image.SetSpacing(spacing.tolist())
    image.SetDirection(direction.ravel().tolist())
    image.SetOrigin(affine[:3, 3].tolist())
    return image


def from_image(image: Any) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    """Take an image apart.

    Parameters
    ----------
    image
        Image of three axes and one component a voxel.

    Returns
    -------
    tuple
        Copy of the voxels, shape (i, j, k), and the matrix of shape (4, 4) from
        indices to positions in millimetres.

    Raises
    ------
    InvalidArgumentError
        If the image has not three axes or several components.
    ArgumentTypeError
        If it is no image of SimpleITK.
    MissingDependencyError
        If SimpleITK is not installed.

    """
    library = _simpleitk("convert volumes from SimpleITK")
    if not isinstance(image, library.Image):
        raise ArgumentTypeError(
            f"'simpleitk_image' must be an image of SimpleITK, "
            f"not {type(image).__name__}."
        )
    check_image(image, "simpleitk_image", image.GetDimension())
    direction = np.array(image.GetDirection()).reshape(3, 3)
    affine = assemble(direction * image.GetSpacing(), np.array(image.GetOrigin()))
    return library.GetArrayFromImage(image).T, affine
