"""Segmentations of slides in several resolutions."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.arguments import member_of
from highdicom.enum import InterpolationMethods
from highdicom.image.pyramid import (
    identifiers_of_levels,
    levels_of,
    moment_of_series,
    refuse_keywords,
)
from highdicom.image.resampling import resampled
from highdicom.seg.content import SegmentDescription
from highdicom.seg.enum import SegmentationTypeValues
from highdicom.seg.sop import Segmentation
from highdicom.uid import UID

__all__ = ["create_segmentation_pyramid"]

# What each level has of its own.
_OWN = (
    "sop_instance_uid",
    "instance_number",
    "plane_orientation",
    "plane_positions",
    "pixel_measures",
    "tile_pixel_array",
)


def create_segmentation_pyramid(
    source_images: Sequence[Dataset],
    pixel_arrays: Sequence[npt.NDArray[Any]],
    segmentation_type: str | SegmentationTypeValues,
    segment_descriptions: Sequence[SegmentDescription],
    series_instance_uid: str | None,
    series_number: int,
    manufacturer: str,
    manufacturer_model_name: str,
    software_versions: str | tuple[str, ...],
    device_serial_number: str,
    downsample_factors: Sequence[float] | None = None,
    sop_instance_uids: list[str] | None = None,
    pyramid_uid: str | None = None,
    pyramid_label: str | None = None,
    **kwargs: Any,
) -> list[Segmentation]:
    """Make a segmentation of a slide in several resolutions (PS3.3 C.7.6.3.1.1).

    Levels that are not given are made of the finest one: labels and masks by taking the
    nearest pixel, so that no label appears that was not there, fractions by averaging.

    Parameters
    ----------
    source_images
        One tiled image, or those of a pyramid from the finest to the coarsest.
    pixel_arrays
        Total pixel matrix of the finest level, or of each level, as
        :class:`Segmentation` takes it.
    segmentation_type, segment_descriptions
        As of :class:`Segmentation`, for all levels.
    series_instance_uid
        Series of all levels; a new one if not given.
    series_number
        Number of the series. Levels are its instances from 1 on.
    manufacturer, manufacturer_model_name, software_versions, device_serial_number
        What made the segmentations.
    downsample_factors
        How much coarser the further levels are than the first one, in ascending order.
        Needed for a single image and a single array, and not allowed otherwise.
    sop_instance_uids
        Identifiers of the levels; new ones if not given.
    pyramid_uid, pyramid_label
        Identifier of the pyramid, a new one if not given, and its name.
    **kwargs
        Further arguments of :class:`Segmentation`, for all levels.

    Returns
    -------
    list[Segmentation]
        The levels, from the finest to the coarsest.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    ConflictingArgumentsError
        If factors are needed or not allowed, or an argument is given that each level
        has of its own.
    InvalidArgumentError
        If levels do not become coarser one by one, or sizes do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.seg import SegmentDescription, create_segmentation_pyramid
    >>> from highdicom.testing import slide
    >>> from pydicom.sr.codedict import codes
    >>> mask = np.zeros((1, 50, 70), bool)
    >>> mask[0, 10:30, 20:60] = True
    >>> tumor = SegmentDescription(
    ...     1, "Tumor", codes.SCT.MorphologicallyAbnormalStructure,
    ...     codes.SCT.Neoplasm, "MANUAL",
    ... )
    >>> levels = create_segmentation_pyramid(
    ...     [slide()], [mask], "BINARY", [tumor], None, 2,
    ...     "Maker", "Model", "1.0", "17", downsample_factors=[2.0, 5.0],
    ... )
    >>> [int(level.TotalPixelMatrixRows) for level in levels]
    [50, 25, 10]

    """
    refuse_keywords(kwargs, _OWN)
    kind = member_of(SegmentationTypeValues, segmentation_type, "segmentation_type")
    levels = levels_of(
        source_images, pixel_arrays, downsample_factors, partial(_resampled, kind)
    )
    series_instance_uid = series_instance_uid or UID()
    pyramid_uid = pyramid_uid or UID()
    moment = moment_of_series(kwargs)
    uids = identifiers_of_levels(sop_instance_uids, len(levels))
    return [
        Segmentation(
            [level.source],
            level.array,
            kind,
            segment_descriptions,
            series_instance_uid,
            series_number,
            uid,
            number,
            manufacturer,
            manufacturer_model_name,
            software_versions,
            device_serial_number,
            pixel_measures=level.pixel_measures,
            tile_pixel_array=True,
            pyramid_uid=pyramid_uid,
            pyramid_label=pyramid_label,
            **moment,
            **kwargs,
        )
        for number, (level, uid) in enumerate(zip(levels, uids, strict=True), start=1)
    ]


def _resampled(
    kind: SegmentationTypeValues, array: npt.NDArray[Any], size: tuple[int, int]
) -> npt.NDArray[Any]:
    is_mean = kind is SegmentationTypeValues.FRACTIONAL and array.dtype.kind == "f"
    methods = InterpolationMethods
    result = resampled(array, size, methods.LINEAR if is_mean else methods.NEAREST)
    # Weights of a mean may add up to a little more than one.
    return np.minimum(result, 1) if is_mean else result
