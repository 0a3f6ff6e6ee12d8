"""Volumes from series of single-frame images."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from typing_extensions import Unpack

from highdicom.codec.format import PixelFormat
from highdicom.errors import (
    AmbiguousFramesError,
    ArgumentTypeError,
    InvalidArgumentError,
    MixedValuesError,
)
from highdicom.frames.index import FrameIndex
from highdicom.frames.reading import index_of_series
from highdicom.image.geometry import stack_of_frames
from highdicom.image.options import TransformKeywords, TransformOptions
from highdicom.image.stored import StoredFrames
from highdicom.image.transforms import FrameTransforms
from highdicom.io.frame_reader import DatasetFrameReader
from highdicom.pixels.pipeline import PixelPipeline
from highdicom.spatial.stacking import StackingRules, common_orientation
from highdicom.volume.channels import RGB_COLOR_CHANNEL_DESCRIPTOR
from highdicom.volume.volume import Volume

__all__ = ["get_volume_from_series"]

# What all images of a volume must have in common.
_SHARED = ("Rows", "Columns", "SeriesInstanceUID", "FrameOfReferenceUID")

# Attributes on which the transforms of a single-frame image depend; if an image has
# none but these, images that share their values share a pipeline.
_SCALARS = (
    "RescaleSlope",
    "RescaleIntercept",
    "WindowCenter",
    "WindowWidth",
    "WindowCenterWidthExplanation",
    "VOILUTFunction",
    "PresentationLUTShape",
)
_TABLES = (
    "ModalityLUTSequence",
    "VOILUTSequence",
    "RealWorldValueMappingSequence",
    "RedPaletteColorLookupTableDescriptor",
    "ICCProfile",
)


def get_volume_from_series(
    series_datasets: Sequence[Dataset],
    *,
    atol: float | None = None,
    rtol: float | None = None,
    perpendicular_tol: float | None = None,
    orientation_tol: float | None = None,
    **transforms: Unpack[TransformKeywords],
) -> Volume:
    """Put the images of a series together as a volume.

    Parameters
    ----------
    series_datasets
        Single-frame images of one series, in any order.
    atol, rtol, perpendicular_tol
        As of :class:`highdicom.spatial.stacking.StackingRules`.
    orientation_tol
        Largest difference between direction cosines of images.
    **transforms
        See :class:`highdicom.image.options.TransformKeywords`.

    Returns
    -------
    Volume
        Array (slice, row, column[, 3]) with its geometry.

    Raises
    ------
    InvalidArgumentError
        If there are no images, or one is a multi-frame image.
    MixedValuesError
        If the images are not of one series and frame of reference, or differ in size,
        orientation or spacing of pixels.
    IrregularVolumeError
        If they form no regular grid; the message names the angle of a tilted gantry.
    AmbiguousFramesError
        If several images lie at one position.

    Examples
    --------
    >>> from highdicom import get_volume_from_series
    >>> from highdicom.testing import ct_series
    >>> get_volume_from_series(ct_series(number_of_slices=4)).spatial_shape
    (4, 16, 20)

    """
    _check(series_datasets)
    options = TransformOptions.of(**transforms)
    index = index_of_series(series_datasets)
    index = _with_common_orientation(index, orientation_tol)
    rules = StackingRules(rtol=rtol, atol=atol, perpendicular_tol=perpendicular_tol)
    stack = stack_of_frames(series_datasets[0], index, rules)
    slots = stack.slots.tolist()
    if len(set(slots)) < len(slots):
        raise AmbiguousFramesError(
            "Several images of the series lie at the same position."
        )
    pipelines = _Pipelines(options)
    first = pipelines.values_of(series_datasets[0])
    array = np.empty((len(slots), *first.shape), options.dtype)
    array[slots[0]] = first
    for slot, dataset in zip(slots[1:], series_datasets[1:], strict=True):
        array[slot] = pipelines.values_of(dataset)
    geometry = stack.geometry
    return Volume(
        array,
        geometry.affine,
        coordinate_system=geometry.coordinate_system,
        frame_of_reference_uid=geometry.frame_of_reference_uid,
        channels={RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "G", "B"]}
        if array.ndim == 4
        else None,
    )


def _check(datasets: Sequence[Dataset]) -> None:
    if len(datasets) == 0:
        raise InvalidArgumentError("'series_datasets' must not be empty.")
    for number, dataset in enumerate(datasets):
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                f"'series_datasets'[{number}] must be a Dataset, not "
                f"{type(dataset).__name__}."
            )
        if int(dataset.get("NumberOfFrames") or 1) > 1:
            raise InvalidArgumentError(
                f"'series_datasets'[{number}] is a multi-frame image, of which a volume "
                "is got by 'Image.get_volume'."
            )
    for keyword in _SHARED:
        values = {str(dataset.get(keyword)) for dataset in datasets}
        if len(values) > 1:
            raise MixedValuesError(
                f"The images of a volume must share {keyword}, which is "
                f"{', '.join(sorted(values)[:3])}."
            )


def _with_common_orientation(index: FrameIndex, tolerance: float | None) -> FrameIndex:
    """Table in which small differences of orientation are evened out."""
    orientations = np.asarray(index.column("ImageOrientationPatient"), np.float64)
    common = common_orientation(orientations, tolerance)
    shared = np.broadcast_to(np.asarray(common), orientations.shape)
    return FrameIndex.of(
        {**index.columns, "ImageOrientationPatient": shared},
        number_of_frames=len(index),
    )


class _Pipelines:
    """Transforms of single-frame images, made once for all that are alike."""

    def __init__(self, options: TransformOptions) -> None:
        self._options = options
        self._known: dict[Any, PixelPipeline] = {}
        self._single = FrameIndex.of({}, number_of_frames=1)

    def values_of(self, dataset: Dataset) -> Any:
        """Pixel values of an image."""
        pixel_format = PixelFormat.of(dataset)
        stored = StoredFrames(DatasetFrameReader(dataset), pixel_format)
        return self._pipeline(dataset, pixel_format)(stored.read(0))

    def _pipeline(self, dataset: Dataset, pixel_format: PixelFormat) -> PixelPipeline:
        key = None
        if not any(keyword in dataset for keyword in _TABLES):
            key = (pixel_format, *(str(dataset.get(keyword)) for keyword in _SCALARS))
        pipeline = self._known.get(key)
        if pipeline is None:
            transforms = FrameTransforms(
                dataset, self._single, self._options, pixel_format
            )
            pipeline = transforms.for_frame(0)
            if key is not None:
                self._known[key] = pipeline
        return pipeline
