"""The levels of a multi-resolution pyramid: their source images, pixels, spacing."""

import datetime
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.content.plane import PixelMeasuresSequence
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.image.planes import measures_of
from highdicom.image.sources import SourceImages
from highdicom.records import field, record
from highdicom.uid import UID

__all__ = [
    "Level",
    "identifiers_of_levels",
    "levels_of",
    "moment_of_series",
    "refuse_keywords",
]

Array = npt.NDArray[Any]
Size = tuple[int, int]

# What all levels have in common.
_SHARED = ("StudyInstanceUID", "SeriesInstanceUID", "PyramidUID")


@record
class Level:
    """One level of a pyramid.

    Parameters
    ----------
    source
        Tiled image that it is made of.
    pixel_measures
        Spacing of its pixels; None if it is that of the source image.
    make_array
        Makes its total pixel matrix.

    """

    source: Dataset
    pixel_measures: PixelMeasuresSequence | None
    make_array: Callable[[], Array] = field(repr=False)

    @property
    def array(self) -> Array:
        """Total pixel matrix, shape (1, row, column) or (1, row, column, channel).

        It is made anew, so that those of several levels need not be in memory at once.
        """
        return self.make_array()


def levels_of(
    source_images: Sequence[Dataset],
    pixel_arrays: Sequence[Array],
    downsample_factors: Sequence[float] | None,
    resample: Callable[[Array, Size], Array],
    shared: Sequence[str] = (),
) -> list[Level]:
    """Give the levels that images, arrays and factors together stand for.

    Parameters
    ----------
    source_images
        One tiled image, or those of the levels from the finest to the coarsest.
    pixel_arrays
        Total pixel matrix of the finest level, or of each, without or with a first
        axis of size one.
    downsample_factors
        How much coarser the further levels are than the first one. Needed for a single
        image and a single array, and not allowed otherwise.
    resample
        Makes a matrix of fewer rows and columns of one with a first axis of size one.
    shared
        Keywords of what the images must share beyond study, series and pyramid.

    Raises
    ------
    ArgumentTypeError
        If an argument is of the wrong type.
    ConflictingArgumentsError
        If factors are needed or not allowed.
    InvalidArgumentError
        If levels do not become coarser one by one, or sizes do not fit.

    """
    images = _checked_images(source_images, (*_SHARED, *shared))
    arrays = _checked_arrays(pixel_arrays)
    is_single = len(images) == 1 and len(arrays) == 1
    if is_single != (downsample_factors is not None):
        raise ConflictingArgumentsError(
            "'downsample_factors' must be given with a single source image and a single "
            "array, and with nothing else."
        )
    if len(images) > 1 and len(arrays) not in {1, len(images)}:
        raise InvalidArgumentError(
            f"'pixel_arrays' must be one, or one for each of the {len(images)} "
            f"'source_images', not {len(arrays)}."
        )
    for number, (image, array) in enumerate(zip(images, arrays, strict=False)):
        _check_size(number, image, array, own=len(images) > number)
    if downsample_factors is not None:
        sizes = _sizes(_size(arrays[0]), downsample_factors)
    elif len(images) > 1:
        sizes = [_matrix_of(image) for image in images]
    else:
        sizes = [_size(array) for array in arrays]
    return [
        _level(images, arrays, number, size, resample)
        for number, size in enumerate(sizes)
    ]


def _level(
    images: list[Dataset],
    arrays: list[Array],
    number: int,
    size: Size,
    resample: Callable[[Array, Size], Array],
) -> Level:
    source = images[number] if len(images) > 1 else images[0]
    # Always of the finest level, so that nothing is resampled twice.
    measures = None if size == _matrix_of(source) else _measures(source, size)
    if len(arrays) > 1:
        return Level(source, measures, lambda: arrays[number])
    return Level(source, measures, lambda: resample(arrays[0], size))


def _checked_images(source_images: object, shared: Sequence[str]) -> list[Dataset]:
    if not isinstance(source_images, Sequence):
        raise ArgumentTypeError(
            "'source_images' must be a sequence of datasets, not "
            f"{type(source_images).__name__}."
        )
    images = list(source_images)
    if not images:
        raise InvalidArgumentError("'source_images' must not be empty.")
    for number, image in enumerate(images):
        if not SourceImages.of([image]).is_tiled:
            raise InvalidArgumentError(
                f"'source_images'[{number}] must be a tiled image, such as a VL Whole "
                "Slide Microscopy Image."
            )
    for keyword in shared:
        values = {str(image.get(keyword) or "") for image in images}
        if len(values) > 1:
            raise InvalidArgumentError(
                f"'source_images' must share {keyword}, which is "
                f"{', '.join(map(repr, sorted(values)))}."
            )
    _check_descending("source_images", [_matrix_of(image) for image in images])
    return images


def _checked_arrays(pixel_arrays: object) -> list[Array]:
    if not isinstance(pixel_arrays, (Sequence, np.ndarray)):
        raise ArgumentTypeError(
            "'pixel_arrays' must be a sequence of arrays, not "
            f"{type(pixel_arrays).__name__}."
        )
    if len(pixel_arrays) == 0:
        raise InvalidArgumentError("'pixel_arrays' must not be empty.")
    arrays = []
    for number, array in enumerate(pixel_arrays):
        if not isinstance(array, np.ndarray):
            raise ArgumentTypeError(
                f"'pixel_arrays'[{number}] must be a numpy array, not "
                f"{type(array).__name__}."
            )
        plane = array[np.newaxis] if array.ndim == 2 else array
        if plane.ndim not in {3, 4} or plane.shape[0] != 1 or plane.size == 0:
            raise InvalidArgumentError(
                f"'pixel_arrays'[{number}] must be a single total pixel matrix of shape "
                "(row, column), (1, row, column) or (1, row, column, channel), not "
                f"{array.shape}."
            )
        arrays.append(plane)
    _check_descending("pixel_arrays", [_size(array) for array in arrays])
    return arrays


def _check_descending(name: str, sizes: list[Size]) -> None:
    for number, (finer, coarser) in enumerate(pairwise(sizes)):
        if coarser[0] >= finer[0] or coarser[1] >= finer[1]:
            raise InvalidArgumentError(
                f"'{name}' must go from the finest to the coarsest level, but "
                f"'{name}'[{number + 1}] has {coarser[0]} rows and {coarser[1]} columns "
                f"after {finer[0]} and {finer[1]}."
            )


def _check_size(number: int, image: Dataset, array: Array, *, own: bool) -> None:
    if own and _size(array) != _matrix_of(image):
        rows, columns = _matrix_of(image)
        raise InvalidArgumentError(
            f"'pixel_arrays'[{number}] must have the {rows} rows and {columns} columns "
            f"of the total pixel matrix of its source image, not {_size(array)[0]} and "
            f"{_size(array)[1]}."
        )


def _sizes(finest: Size, factors: Any) -> list[Size]:
    """Rows and columns of each level, the finest first."""
    if isinstance(factors, str) or not isinstance(factors, (Sequence, np.ndarray)):
        raise ArgumentTypeError(
            "'downsample_factors' must be a sequence of numbers, not "
            f"{type(factors).__name__}."
        )
    if len(factors) == 0:
        raise InvalidArgumentError("'downsample_factors' must not be empty.")
    sizes = [finest]
    smallest = 1.0
    for number, factor in enumerate(factors):
        if isinstance(factor, bool) or not isinstance(factor, Real):
            raise ArgumentTypeError(
                f"'downsample_factors'[{number}] must be a number, not "
                f"{type(factor).__name__}."
            )
        value = float(factor)
        if not (value > 1 and value >= smallest and np.isfinite(value)):
            raise InvalidArgumentError(
                "'downsample_factors' must be greater than 1 and in ascending order, "
                f"not {list(factors)}."
            )
        smallest = value
        size = int(finest[0] / value), int(finest[1] / value)
        if 0 in size:
            raise InvalidArgumentError(
                f"'downsample_factors'[{number}] is {value:g}, which leaves nothing of "
                f"{finest[0]} rows and {finest[1]} columns."
            )
        sizes.append(size)
    return sizes


def _size(array: Array) -> Size:
    return int(array.shape[1]), int(array.shape[2])


def _matrix_of(image: Dataset) -> Size:
    return int(image.TotalPixelMatrixRows), int(image.TotalPixelMatrixColumns)


def _measures(source: Dataset, size: Size) -> PixelMeasuresSequence:
    """Spacing of pixels that cover the area of the source image."""
    measures = measures_of(SourceImages.of([source]))
    ratios = [own / new for own, new in zip(_matrix_of(source), size, strict=True)]
    spacing = [
        own * ratio for own, ratio in zip(measures.pixel_spacing, ratios, strict=True)
    ]
    item = measures[0]
    between = item.get("SpacingBetweenSlices")
    return PixelMeasuresSequence(
        pixel_spacing=spacing,
        slice_thickness=item.get("SliceThickness"),
        spacing_between_slices=None if between is None else float(between),
    )


def identifiers_of_levels(
    sop_instance_uids: Sequence[str] | None, number_of_levels: int
) -> list[str]:
    """Give a SOP Instance UID for each level, new ones if none are given.

    Raises
    ------
    InvalidArgumentError
        If there are more or fewer than levels.

    """
    if sop_instance_uids is None:
        return [str(UID()) for _ in range(number_of_levels)]
    if len(sop_instance_uids) != number_of_levels:
        raise InvalidArgumentError(
            f"'sop_instance_uids' must be {number_of_levels}, one for each of the "
            f"{number_of_levels} levels, not {len(sop_instance_uids)}."
        )
    return [str(uid) for uid in sop_instance_uids]


def moment_of_series(given: Collection[str]) -> dict[str, Any]:
    """Keyword arguments with which all levels say when their series began.

    Parameters
    ----------
    given
        Keyword arguments of the call: if one of these is among them, both are the
        caller's.

    """
    if "series_date" in given or "series_time" in given:
        return {}
    now = datetime.datetime.now()  # noqa: DTZ005 (DICOM times are local)
    return {"series_date": now.date(), "series_time": now.time()}


def refuse_keywords(given: Collection[str], refused: Collection[str]) -> None:
    """Refuse keyword arguments that a pyramid itself gives to its levels.

    Raises
    ------
    ConflictingArgumentsError
        If one is given.

    """
    for keyword in refused:
        if keyword in given:
            raise ConflictingArgumentsError(
                f"'{keyword}' must not be given, since each level of a pyramid has its "
                "own."
            )
