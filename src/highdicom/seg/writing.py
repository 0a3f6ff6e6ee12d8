"""Segmentations that are written to a file without ever being in memory as a whole."""

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import Any, BinaryIO

import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.image.streaming import write_streamed
from highdicom.seg.content import SegmentDescription
from highdicom.seg.enum import SegmentationTypeValues
from highdicom.seg.sop import Segmentation

__all__ = ["write_segmentation"]


def write_segmentation(
    fp: str | PathLike[str] | BinaryIO,
    source_images: Sequence[Dataset],
    pixel_array: npt.ArrayLike | Iterable[npt.NDArray[Any] | None],
    segmentation_type: str | SegmentationTypeValues,
    segment_descriptions: Sequence[SegmentDescription],
    series_instance_uid: str,
    series_number: int,
    sop_instance_uid: str,
    instance_number: int,
    manufacturer: str,
    manufacturer_model_name: str,
    software_versions: str | tuple[str, ...],
    device_serial_number: str,
    *,
    total_pixel_matrix_size: tuple[int, int] | None = None,
    **kwargs: Any,
) -> None:
    """Write a segmentation that may be larger than memory (PS3.3 A.51 and A.86).

    Pixels are taken piece by piece and encoded at once. Encoded frames wait in a
    temporary file beside the one to be written, which takes as much room again; what
    memory holds grows with the number of frames, not with their size. The file is the
    same as that of a :class:`Segmentation` of all pixels.

    Parameters
    ----------
    fp
        Path, or file to write to. Nothing is left at the path if anything fails.
    source_images, segmentation_type, segment_descriptions
        As of :class:`Segmentation`.
    pixel_array
        Pixels in the shapes and types that :class:`Segmentation` takes, as

        * anything with a shape, a data type and slices that become arrays, such as an
          array of dask, zarr or h5py or a memory map: parts of at most 128 MiB, of
          whole chunks where they are smaller, are taken one after the other;
        * an iterable of planes (row, column[, segment]) or, with `tile_pixel_array`, of
          the tiles of the total pixel matrix, row by row and from left to right. Those
          at the right and lower edge may be cut or whole; what lies beyond the matrix
          is left out. None stands for a plane or tile without any segment.
    series_instance_uid, series_number, sop_instance_uid, instance_number
        Identity of the new instance.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        What made it.
    total_pixel_matrix_size
        Rows and columns of the total pixel matrix that an iterable gives the tiles of;
        that of the source image if not given.
    **kwargs
        Further arguments of :class:`Segmentation`.

    Raises
    ------
    InvalidArgumentError
        If shapes, values or numbers of planes or tiles do not fit, or native pixel
        data would be longer than 4 GiB, or encapsulated ones without
        `use_extended_offset_table`.
    UnsupportedTransferSyntaxError
        If the transfer syntax deflates the whole data set, or cannot hold the pixels.
    HighdicomError
        For other reasons, as :class:`Segmentation` does. Exceptions of an iterable are
        passed on.

    Examples
    --------
    >>> from io import BytesIO
    >>> import numpy as np
    >>> from highdicom import UID
    >>> from highdicom.seg import SegmentDescription, segread, write_segmentation
    >>> from highdicom.testing import ct_series
    >>> from pydicom.sr.codedict import codes
    >>> images = ct_series(number_of_slices=3)
    >>> def predictions():
    ...     for image in images:
    ...         yield image.pixel_array > 1000
    >>> bone = SegmentDescription(
    ...     1, "Bone", codes.SCT.Tissue, codes.SCT.Bone, "MANUAL"
    ... )
    >>> file = BytesIO()
    >>> write_segmentation(
    ...     file, images, predictions(), "BINARY", [bone], UID(), 1, UID(), 1,
    ...     "Maker", "Model", "1.0", "17",
    ... )
    >>> segread(file.getvalue()).segmented_property_types[0].meaning
    'Bone'

    """

    def make(pixels: Any) -> Segmentation:
        return Segmentation(
            source_images,
            pixels,
            segmentation_type,
            segment_descriptions,
            series_instance_uid,
            series_number,
            sop_instance_uid,
            instance_number,
            manufacturer,
            manufacturer_model_name,
            software_versions,
            device_serial_number,
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
