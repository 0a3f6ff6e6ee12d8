"""What images of other libraries have in common."""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import InvalidArgumentError

__all__ = ["as_supported", "check_image", "spacing_and_direction"]


def check_image(image: Any, name: str, axes: int) -> None:
    """Refuse images that are no volumes without channels.

    Parameters
    ----------
    image
        Image of ITK or SimpleITK.
    name
        Argument that it is, for the message.
    axes
        Number of its axes.

    Raises
    ------
    InvalidArgumentError
        If it has not three axes or several components.

    """
    components = image.GetNumberOfComponentsPerPixel()
    if axes != 3 or components != 1:
        raise InvalidArgumentError(
            f"'{name}' must have 3 axes and 1 component a voxel, not {axes} and "
            f"{components}."
        )


def spacing_and_direction(
    affine: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Part an affine matrix into spacing, shape (3,), and unit vectors, (3, 3)."""
    spacing = np.sqrt((affine[:3, :3] ** 2).sum(axis=0))
    return spacing, affine[:3, :3] / spacing


def as_supported(
    array: npt.NDArray[Any], supported: str, holder: str
) -> npt.NDArray[Any]:
    """Convert an array to a data type that a library supports.

    Parameters
    ----------
    array
        Voxels.
    supported
        Codes of data types, narrow ones first, such as "u1 i2 f4".
    holder
        What is to hold them, for the message.

    Returns
    -------
    numpy.ndarray
        The array itself if its type is among them; otherwise of the first type that
        can hold any value of its type, or of the widest signed one if that holds all values.

    Raises
    ------
    InvalidArgumentError
        If none of the types does.

    """
    types = [np.dtype(code) for code in supported.split()]
    own = array.dtype
    if own in types:
        # The same type may have several names, of which libraries may know just one.
        return array.astype(types[types.index(own)], copy=False)
    if own.kind == "b":
        return array.astype(np.uint8)
    candidates = [t for t in types if t.kind in ("f" if own.kind == "f" else "iu")]
    for candidate in candidates:
        if np.can_cast(own, candidate, "safe"):
            return array.astype(candidate)
    widest = [t for t in candidates if t.kind != "u"][-1]
    if _holds(widest, array):
        return array.astype(widest)
    raise InvalidArgumentError(
        f"{holder} holds {supported.replace(' ', ', ')}, and none of these holds the "
        f"{own} values of the volume."
    )


def _holds(candidate: np.dtype[Any], array: npt.NDArray[Any]) -> bool:
    if candidate.kind == "f":
        finite = array[np.isfinite(array)]
        return not finite.size or bool(np.abs(finite).max() <= np.finfo(candidate).max)
    limits = np.iinfo(candidate)
    return bool(limits.min <= array.min() and array.max() <= limits.max)
