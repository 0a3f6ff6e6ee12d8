"""Multi-resolution pyramids of parametric maps (PS3.3 C.7.11.1)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.arguments import member_of
from highdicom.content.transformations import VOILUTTransformation
from highdicom.enum import InterpolationMethods
from highdicom.image.pyramid import (
    identifiers_of_levels,
    levels_of,
    moment_of_series,
    refuse_keywords,
)
from highdicom.pm.content import RealWorldValueMapping
from highdicom.pm.resampling import resampled
from highdicom.pm.sop import ParametricMap
from highdicom.uid import UID

__all__ = ["create_parametric_map_pyramid"]

# What each level has of its own.
_OF_LEVELS = (
    "instance_number",
    "pixel_array",
    "pixel_measures",
    "plane_orientation",
    "plane_positions",
    "sop_instance_uid",
    "tile_pixel_array",
)


def create_parametric_map_pyramid(
    source_images: Sequence[Dataset],
    pixel_arrays: Sequence[npt.NDArray[Any]],
    *,
    series_instance_uid: str | None,
    series_number: int,
    manufacturer: str,
    manufacturer_model_name: str,
    software_versions: str | tuple[str, ...],
    device_serial_number: str,
    contains_recognizable_visual_features: bool,
    real_world_value_mappings: Sequence[RealWorldValueMapping]
    | Sequence[Sequence[RealWorldValueMapping]],
    voi_lut_transformations: Sequence[VOILUTTransformation] | None = None,
    downsample_factors: Sequence[float] | None = None,
    interpolator: InterpolationMethods | str = InterpolationMethods.LINEAR,
    sop_instance_uids: list[str] | None = None,
    pyramid_uid: str | None = None,
    pyramid_label: str | None = None,
    **kwargs: Any,
) -> list[ParametricMap]:
    """Make parametric maps, the levels of one pyramid and series (PS3.3 C.8.12.14).

    Levels come from source images of several resolutions, from arrays of several sizes,
    or from factors by which a single array of a single image is made smaller.

    Parameters
    ----------
    source_images
        One tiled image, or those of the levels from the finest to the coarsest.
    pixel_arrays
        Total pixel matrix of the finest level, from which the others are resampled, or
        of each level: shape (row, column), (1, row, column) or (1, row, column,
        channel).
    series_instance_uid
        Identifier of the series of all levels; a new one if it is None.
    series_number, manufacturer, manufacturer_model_name, software_versions
        As of :class:`ParametricMap`.
    device_serial_number, contains_recognizable_visual_features
        As of :class:`ParametricMap`.
    real_world_value_mappings, voi_lut_transformations
        As of :class:`ParametricMap`, for all levels.
    downsample_factors
        How many times smaller the further levels are than the first one, ascending;
        for a single image and a single array, and only then.
    interpolator
        How arrays are resampled.
    sop_instance_uids
        Identifiers of the levels; new ones if not given.
    pyramid_uid, pyramid_label
        Identifier of the pyramid, a new one if not given, and its label.
    **kwargs
        Further arguments of :class:`ParametricMap`, for all levels, but none that each
        level has of its own.

    Returns
    -------
    list[ParametricMap]
        The levels from the finest to the coarsest, numbered from one.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    ConflictingArgumentsError
        If arguments exclude each other.
    InvalidArgumentError
        If images, arrays, factors and identifiers do not fit each other.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import VOILUTTransformation
    >>> from highdicom.pm import RealWorldValueMapping, create_parametric_map_pyramid
    >>> from highdicom.testing import slide
    >>> from pydicom.sr.codedict import codes
    >>> image = slide()
    >>> rows, columns = image.TotalPixelMatrixRows, image.TotalPixelMatrixColumns
    >>> levels = create_parametric_map_pyramid(
    ...     [image],
    ...     [np.zeros((rows, columns), np.float32)],
    ...     series_instance_uid=None,
    ...     series_number=1,
    ...     manufacturer="Maker",
    ...     manufacturer_model_name="Model",
    ...     software_versions="1.0",
    ...     device_serial_number="17",
    ...     contains_recognizable_visual_features=False,
    ...     real_world_value_mappings=[
    ...         RealWorldValueMapping(
    ...             "P", "Probability", codes.UCUM.NoUnits, (0.0, 1.0)
    ...         )
    ...     ],
    ...     voi_lut_transformations=[VOILUTTransformation(0.5, 1.0)],
    ...     downsample_factors=[2, 4],
    ... )
    >>> [level.TotalPixelMatrixRows for level in levels]
    [50, 25, 12]

    """
    refuse_keywords(kwargs, _OF_LEVELS)
    method = member_of(InterpolationMethods, interpolator, "interpolator")
    levels = levels_of(
        source_images,
        pixel_arrays,
        downsample_factors,
        partial(resampled, interpolator=method),
        shared=("FrameOfReferenceUID",),
    )
    moment = moment_of_series(kwargs)
    uids = identifiers_of_levels(sop_instance_uids, len(levels))
    series_uid = series_instance_uid or UID()
    pyramid = pyramid_uid or UID()
    return [
        ParametricMap(
            [level.source],
            level.array,
            series_uid,
            series_number,
            uid,
            number,
            manufacturer,
            manufacturer_model_name,
            software_versions,
            device_serial_number,
            contains_recognizable_visual_features,
            real_world_value_mappings,
            voi_lut_transformations=voi_lut_transformations,
            pixel_measures=level.pixel_measures,
            tile_pixel_array=True,
            pyramid_uid=pyramid,
            pyramid_label=pyramid_label,
            **moment,
            **kwargs,
        )
        for number, (level, uid) in enumerate(zip(levels, uids, strict=True), 1)
    ]
