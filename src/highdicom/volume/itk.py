"""Exchange of arrays and affine matrices with ITK.

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

_SUPPORTED = "u1 u2 i2 u4 i4 u8 f4 f8"


def _itk(purpose: str) -> Any:
    try:
        import itk  # noqa: PLC0415 (optional)
    except ImportError as error:
        raise MissingDependencyError("itk", "itk", purpose) from error
    return itk


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
        If ITK cannot hold the values.
    MissingDependencyError
        If it is not installed.

    """
    library = _itk("convert volumes to ITK")
    voxels = as_supported(array, _SUPPORTED, "ITK")
    spacing, direction = spacing_and_direction(affine)
    image = library.image_from_array(np.ascontiguousarray(voxels.T))
    image.SetSpacing(spacing.tolist())
    image.SetDirection(library.matrix_from_array(direction))
    image.SetOrigin(affine[:3, 3].tolist())
    return image


def from_image(image: Any) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    """Take an image apart.

    Parameters
    ----------
    image
        Image of three axes and one component a voxel. Where its region does not
        start at index zero, as after cropping, positions are those of the region.

    Returns
    -------
    tuple
        Copy of the voxels, shape (i, j, k), and the matrix of shape (4, 4) from
        indices of the array to positions in millimetres.

    Raises
    ------
    InvalidArgumentError
        If the image has not three axes or several components.
    ArgumentTypeError
        If it is no image of ITK.
    MissingDependencyError
        If ITK is not installed.

    """
    library = _itk("convert volumes from ITK")
    if not hasattr(image, "GetImageDimension") or not hasattr(image, "GetDirection"):
        raise ArgumentTypeError(
            f"'itk_image' must be an image of ITK, not {type(image).__name__}."
        )
    check_image(image, "itk_image", image.GetImageDimension())
    image.Update()
    direction = library.array_from_matrix(image.GetDirection())
    first = image.GetBufferedRegion().GetIndex()
    affine = assemble(
        direction * np.array(image.GetSpacing()),
        np.array(image.TransformIndexToPhysicalPoint(first)),
    )
    return library.array_from_image(image).T, affine
