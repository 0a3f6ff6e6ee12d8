"""Exchange of arrays and affine matrices with NiBabel.

The coordinates of NiBabel point to the right, to the anterior and to the head ("RAS",
in DICOM "RAH"); nothing is converted here.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.enum import NiBabelImageClasses
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingDependencyError,
)
from highdicom.volume.exchange import as_supported

__all__ = ["from_image", "to_image"]

_ANY = "u1 i1 u2 i2 u4 i4 u8 i8 f4 f8"
_SUPPORTED = {
    NiBabelImageClasses.MGHIMAGE: "u1 i2 u2 i4 f4",
    NiBabelImageClasses.ANALYZEIMAGE: "u1 i2 i4 f4 f8",
}
_NIFTI = (NiBabelImageClasses.NIFTI1IMAGE, NiBabelImageClasses.NIFTI2IMAGE)
_MILLIMETRES = {"unknown": 1.0, "mm": 1.0, "meter": 1000.0, "micron": 0.001}


def to_image(
    array: npt.NDArray[Any],
    affine: npt.NDArray[np.generic],
    image_class: NiBabelImageClasses,
) -> Any:
    """Make an image.

    Parameters
    ----------
    array
        Voxels, shape (i, j, k). The image shares them unless it has to convert them
        to a type that its class supports.
    affine
        Matrix of shape (4, 4) from indices to NiBabel's coordinates in millimetres.
    image_class
        Class of the image.

    Raises
    ------
    InvalidArgumentError
        If the class cannot hold the values.
    MissingDependencyError
        If NiBabel is not installed.

    """
    try:
        import nibabel  # noqa: PLC0415 (optional)
    except ImportError as error:
        raise MissingDependencyError(
            "nibabel", "nibabel", "convert volumes to NiBabel"
        ) from error
    name = image_class.value
    voxels = as_supported(array, _SUPPORTED.get(image_class, _ANY), f"NiBabel's {name}")
    # NIfTI images take 64-bit integers only if told so.
    options = {"dtype": voxels.dtype} if image_class in _NIFTI else {}
    image = getattr(nibabel, name)(voxels, affine, **options)
    if image_class in _NIFTI:
        image.header.set_xyzt_units("mm")
    return image


def from_image(image: Any) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    """Take an image apart.

    Parameters
    ----------
    image
        Spatial image of three axes.

    Returns
    -------
    tuple
        Voxels, shape (i, j, k), scaled as the header says, and the matrix of shape
        (4, 4) from indices to NiBabel's coordinates in millimetres.

    Raises
    ------
    InvalidArgumentError
        If the image has not three axes or no affine matrix.
    ArgumentTypeError
        If it is no spatial image.

    """
    if not all(hasattr(image, name) for name in ("dataobj", "affine", "header")):
        raise ArgumentTypeError(
            f"'nibabel_image' must be a spatial image, not {type(image).__name__}."
        )
    if len(image.shape) != 3:
        raise InvalidArgumentError(
            "'nibabel_image' must have 3 axes, since channels are not supported, "
            f"not {len(image.shape)}."
        )
    if image.affine is None:
        raise InvalidArgumentError("'nibabel_image' must have an affine matrix.")
    array = np.asarray(image.dataobj)
    affine = np.array(image.affine, dtype=np.float64)
    affine[:3] *= _unit(image.header)
    return array.astype(array.dtype.newbyteorder("="), copy=False), affine


def _unit(header: Any) -> float:
    """Find the length in millimetres of the unit that an affine matrix uses."""
    if not hasattr(header, "get_xyzt_units"):
        return 1.0
    return _MILLIMETRES.get(header.get_xyzt_units()[0], 1.0)
