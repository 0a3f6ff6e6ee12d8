"""Mapping of voxels between volumes."""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import InvalidArgumentError
from highdicom.volume.geometry import as_points, beyond, mapped
from highdicom.volume.grid import Grid, check_grid

__all__ = ["VolumeToVolumeTransformer"]


class VolumeToVolumeTransformer:
    """Maps indices of one volume to those of another at the same positions.

    Both are in one frame of reference (PS3.3 C.7.4.1).

    Parameters
    ----------
    volume_from
        Volume or geometry that indices to map refer to.
    volume_to
        Volume or geometry that mapped indices refer to. Frames of reference are not
        compared.
    round_output
        Whether to round to the nearest voxel.
    check_bounds
        Whether mapped indices must lie in the other volume, at most half a voxel
        beyond the centres of the outermost voxels.

    Raises
    ------
    InvalidArgumentError
        If the volumes are in different coordinate systems.
    ArgumentTypeError
        If one of them is neither volume nor geometry.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import VolumeGeometry, VolumeToVolumeTransformer
    >>> fine = VolumeGeometry(np.eye(4), (10, 10, 10), "PATIENT")
    >>> coarse = fine[::2, ::2, ::2]
    >>> transform = VolumeToVolumeTransformer(fine, coarse)
    >>> transform(np.array([[8, 4, 3]])).tolist()
    [[4.0, 2.0, 1.5]]

    """

    def __init__(
        self,
        volume_from: Grid,
        volume_to: Grid,
        round_output: bool = False,
        check_bounds: bool = False,
    ) -> None:
        check_grid(volume_from, "volume_from")
        check_grid(volume_to, "volume_to")
        systems = volume_from.coordinate_system, volume_to.coordinate_system
        if systems[0] is not systems[1]:
            raise InvalidArgumentError(
                "'volume_from' and 'volume_to' must be in the same coordinate system, "
                f"not in {systems[0].value} and {systems[1].value}."
            )
        self._affine: npt.NDArray[np.float64] = (
            volume_to.inverse_affine @ volume_from.affine
        )
        self._output_shape = volume_to.spatial_shape
        self._round_output = round_output
        self._check_bounds = check_bounds

    @property
    def affine(self) -> npt.NDArray[np.float64]:
        """Matrix of shape (4, 4) from indices to indices; a copy."""
        affine: npt.NDArray[np.float64] = self._affine.copy()
        return affine

    def __call__(self, indices: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Map indices.

        Parameters
        ----------
        indices
            Zero-based indices of slice, row and column, shape (n, 3).

        Returns
        -------
        numpy.ndarray
            Zero-based indices in the other volume, shape (n, 3), of float64 or, if
            rounded, int64.

        Raises
        ------
        InvalidArgumentError
            If the array has another shape, an index to round is not finite, or an
            index lies outside the other volume.

        """
        points = as_points(indices, "indices")
        result = mapped(self._affine, points, self._round_output)
        if self._check_bounds and (outside := beyond(result, self._output_shape)):
            raise InvalidArgumentError(
                "'indices' must lie within the other volume, as "
                f"{outside} of them do not."
            )
        return result
