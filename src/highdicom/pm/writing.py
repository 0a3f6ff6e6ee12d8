"""Parametric maps that are written to a file without being in memory as a whole."""

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import Any, BinaryIO

import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.image.streaming import write_streamed
from highdicom.pm.content import RealWorldValueMapping
from highdicom.pm.sop import ParametricMap

__all__ = ["write_parametric_map"]


def write_parametric_map(
    fp: str | PathLike[str] | BinaryIO,
    source_images: Sequence[Dataset],
    pixel_array: npt.ArrayLike | Iterable[npt.NDArray[Any] | None],
    series_instance_uid: str,
    series_number: int,
    sop_instance_uid: str,
    instance_number: int,
    manufacturer: str,
    manufacturer_model_name: str,
    software_versions: str | tuple[str, ...],
    device_serial_number: str,
    contains_recognizable_visual_features: bool,
    real_world_value_mappings: Sequence[RealWorldValueMapping]
    | Sequence[Sequence[RealWorldValueMapping]],
    *,
    total_pixel_matrix_size: tuple[int, int] | None = None,
    **kwargs: Any,
) -> None:
    """Write a parametric map that may be larger than memory (PS3.3 A.75).

    Pixels are taken piece by piece and encoded at once. Encoded frames wait in a
    temporary file beside the one to be written, which takes as much room again. The
    file is the same as that of a :class:`ParametricMap` of all pixels.

    Parameters
    ----------
    fp
        Path, or file to write to. Nothing is left at the path if anything fails.
    source_images, real_world_value_mappings, contains_recognizable_visual_features
        As of :class:`ParametricMap`.
    pixel_array
        Pixels in the shapes and types that :class:`ParametricMap` takes, as

        * anything with a shape, a data type and slices that become arrays, such as an
          array of dask, zarr or h5py or a memory map: parts of at most 128 MiB, of
          whole chunks where they are smaller, are taken one after the other;
        * an iterable of planes (row, column[, channel]) or, with `tile_pixel_array`, of
          the tiles of the total pixel matrix, row by row and from left to right. Those
          at the right and lower edge may be cut or whole; what lies beyond the matrix
          is left out. None stands for a plane or tile of zeros.
    series_instance_uid, series_number, sop_instance_uid, instance_number
        Identity of the new instance.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        What made it.
    total_pixel_matrix_size
        Rows and columns of the total pixel matrix that an iterable gives the tiles of;
        that of the source image if not given.
    **kwargs
        Further arguments of :class:`ParametricMap`.

    Raises
    ------
    InvalidArgumentError
        If shapes, values or numbers of planes or tiles do not fit, or native pixel
        data would be longer than 4 GiB, or encapsulated ones without
        `use_extended_offset_table`.
    UnsupportedTransferSyntaxError
        If the transfer syntax deflates the whole data set, or cannot hold the pixels.
    HighdicomError
        For other reasons, as :class:`ParametricMap` does. Exceptions of an iterable are
        passed on.

    Examples
    --------
    >>> from io import BytesIO
    >>> import numpy as np
    >>> from highdicom import UID, VOILUTTransformation
    >>> from highdicom.pm import RealWorldValueMapping, pmread, write_parametric_map
    >>> from highdicom.testing import ct_series
    >>> from pydicom.sr.codedict import codes
    >>> images = ct_series(number_of_slices=3)
    >>> def probabilities():
    ...     for image in images:
    ...         yield np.full((image.Rows, image.Columns), 0.25, np.float32)
    >>> file = BytesIO()
    >>> write_parametric_map(
    ...     file, images, probabilities(), UID(), 1, UID(), 1,
    ...     "Maker", "Model", "1.0", "17",
    ...     contains_recognizable_visual_features=False,
    ...     real_world_value_mappings=[
    ...         RealWorldValueMapping(
    ...             "P", "Probability", codes.UCUM.NoUnits, (0.0, 1.0)
    ...         )
    ...     ],
    ...     voi_lut_transformations=[VOILUTTransformation(0.5, 1.0)],
    ... )
    >>> pmread(file.getvalue()).number_of_frames
    3

    """

    def make(pixels: Any) -> ParametricMap:
        return ParametricMap(
            source_images,
            pixels,
            series_instance_uid,
            series_number,
            sop_instance_uid,
            instance_number,
            manufacturer,
            manufacturer_model_name,
            software_versions,
            device_serial_number,
            contains_recognizable_visual_features,
            real_world_value_mappings,
            **kwargs,
        )

    write_streamed(
        fp,
        source_images,
        pixel_array,
        make,
        total_pixel_matrix_size=total_pixel_matrix_size,
        options=kwargs,
    )
