"""Volumes from series of single-frame images."""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from highdicom.codec.decoder import FrameDecoder
from highdicom.codec.format import PixelFormat
from highdicom.encoding.elements import tag_of
from highdicom.errors import (
    AmbiguousFramesError,
    ArgumentTypeError,
    InvalidArgumentError,
    IrregularVolumeError,
    MixedValuesError,
)
from highdicom.frames.index import FrameIndex
from highdicom.frames.reading import index_of, index_of_series
from highdicom.image.geometry import column_of_all, stack_of_frames
from highdicom.image.groups import TransformGroups
from highdicom.image.image import stored_frames_of
from highdicom.image.options import TransformKeywords, TransformOptions
from highdicom.image.stored import is_native_content, native_content
from highdicom.image.threads import in_threads, parts_of
from highdicom.image.transforms import FrameTransforms
from highdicom.io.frame_reader import number_of_frames_of
from highdicom.records import replace
from highdicom.spatial.stacking import StackingRules, common_orientation
from highdicom.typing import Unpack
from highdicom.volume.volume import Volume

__all__ = ["get_volume_from_series"]


class MixedSeriesError(MixedValuesError, ValueError):
    """Images of a series differ in a value that they have to share."""


class IrregularSeriesError(IrregularVolumeError, ValueError):
    """Images of a series do not lie on a regular grid."""


class AmbiguousSeriesError(AmbiguousFramesError, ValueError):
    """Several images of a series lie where one is expected."""


# What all images of a volume must have in common.
_SHARED = ("Rows", "Columns", "SeriesInstanceUID", "FrameOfReferenceUID")

# What tells images at the same position apart.
_TOLD_APART_BY = (
    "InstanceNumber",
    "AcquisitionNumber",
    "TemporalPositionIdentifier",
    "TemporalPositionIndex",
    "TriggerTime",
    "AcquisitionTime",
    "EchoNumbers",
    "EchoTime",
    "InversionTime",
    "FlipAngle",
    "DiffusionBValue",
    "ImageType",
    "SOPInstanceUID",
)

# Elements on which decoding and transforms depend; images that share their values and
# have no tables are of one kind.
_SCALARS = tuple(
    map(
        tag_of,
        (
            "Rows",
            "Columns",
            "SamplesPerPixel",
            "BitsAllocated",
            "BitsStored",
            "HighBit",
            "PixelRepresentation",
            "PhotometricInterpretation",
            "PlanarConfiguration",
            "RescaleSlope",
            "RescaleIntercept",
            "WindowCenter",
            "WindowWidth",
            "WindowCenterWidthExplanation",
            "VOILUTFunction",
            "PresentationLUTShape",
        ),
    )
)
_TABLES = tuple(
    map(
        tag_of,
        (
            "ModalityLUTSequence",
            "VOILUTSequence",
            "RealWorldValueMappingSequence",
            "RedPaletteColorLookupTableDescriptor",
            "ICCProfile",
            "OpticalPathSequence",
            "SharedFunctionalGroupsSequence",
            "FloatPixelData",
            "DoubleFloatPixelData",
        ),
    )
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
    """Put the images of a series together as a volume (PS3.3 C.7.6.2.1.1).

    Parameters
    ----------
    series_datasets
        Single-frame images of one series, in any order.
    atol, rtol, perpendicular_tol
        As of :class:`highdicom.spatial.stacking.StackingRules`.
    orientation_tol
        Largest value of one minus the cosine of the angle between a row (or column) of
        one image and that of the first. If it is not given the direction cosines must
        be equal but for rounding (1e-6).
    **transforms
        See :class:`highdicom.image.options.TransformKeywords`.

    Returns
    -------
    Volume
        Array (slice, row, column[, 3]) with its geometry.

    Raises
    ------
    ArgumentTypeError
        If it is no sequence of datasets.
    InvalidArgumentError
        If there are no images, or one is a multi-frame image.
    MissingAttributeError
        If an image has no position or orientation.
    MixedValuesError
        If the images are not of one series and frame of reference, or differ in size,
        orientation or spacing of pixels.
    IrregularVolumeError
        If they form no regular grid; the message names the angle of a tilted gantry.
    AmbiguousFramesError
        If several images lie at one position; the message tells how they differ.

    The last three are ValueErrors here, as well as RuntimeErrors.

    Examples
    --------
    >>> from highdicom import get_volume_from_series
    >>> from highdicom.testing import ct_series
    >>> get_volume_from_series(ct_series(number_of_slices=4)).spatial_shape
    (4, 16, 20)

    """
    _check(series_datasets)
    options = TransformOptions.of(**transforms)
    rules = StackingRules(
        rtol=rtol,
        atol=atol,
        perpendicular_tol=perpendicular_tol,
        allow_duplicate_positions=True,
    )
    with _errors_of_values():
        index = index_of_series(series_datasets)
        index = _with_common_orientation(index, orientation_tol)
        # Spacing Between Slices is often wrong, and the positions are known.
        stack = stack_of_frames(series_datasets[0], index, rules, expects_spacing=False)
        slots = stack.slots.tolist()
        _check_distinct(series_datasets, slots)
    return stack.volume(_assembled(list(series_datasets), slots, options))


def _assembled(
    datasets: Sequence[Dataset], slots: Sequence[int], options: TransformOptions
) -> npt.NDArray[Any]:
    """Put the values of images into the slots of a new array."""
    images = _Images(options)
    kinds = [images.kind_of(dataset) for dataset in datasets]
    shape = kinds[0].shape
    if any(kind.shape != shape for kind in kinds):
        raise MixedSeriesError(
            "The images of a volume must all be in colour, or none of them."
        )
    array = np.empty((len(slots), *shape), options.dtype)

    def put(part: slice) -> None:
        for kind, dataset, slot in zip(
            kinds[part], datasets[part], slots[part], strict=True
        ):
            kind.put(dataset, array[slot])

    is_shared = len(shape) == 2 and all(kind.prefers_threads for kind in kinds)
    in_threads(put, parts_of(len(slots), array.nbytes if is_shared else 0))
    return array


def _check(datasets: Sequence[Dataset]) -> None:
    given: object = datasets
    if isinstance(given, Dataset) or not isinstance(given, Sequence):
        raise ArgumentTypeError(
            "'series_datasets' must be a sequence of datasets, not "
            f"{type(datasets).__name__}."
        )
    if len(datasets) == 0:
        raise InvalidArgumentError("'series_datasets' must not be empty.")
    for number, dataset in enumerate(datasets):
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                f"'series_datasets'[{number}] must be a Dataset, not "
                f"{type(dataset).__name__}."
            )
        if number_of_frames_of(dataset) > 1:
            raise InvalidArgumentError(
                f"'series_datasets'[{number}] is a multi-frame image, of which a volume "
                "is got by 'Image.get_volume'."
            )
    for keyword in _SHARED:
        values = {str(dataset.get(keyword)) for dataset in datasets}
        if len(values) > 1:
            raise MixedSeriesError(
                f"The images of a volume must share {keyword}, which is "
                f"{', '.join(sorted(values)[:3])}."
            )


@contextmanager
def _errors_of_values() -> Iterator[None]:
    """Make errors of frames those of images of a series."""
    try:
        yield
    except IrregularVolumeError as error:
        raise IrregularSeriesError(
            str(error), deviation=error.deviation, frame_numbers=error.frame_numbers
        ) from error
    except MixedValuesError as error:
        raise MixedSeriesError(str(error), frame_numbers=error.frame_numbers) from error


def _check_distinct(datasets: Sequence[Dataset], slots: list[int]) -> None:
    """Refuse several images at one position, and tell how they differ."""
    first_at: dict[int, int] = {}
    for number, slot in enumerate(slots):
        first = first_at.setdefault(slot, number)
        if first == number:
            continue
        values = [
            [datasets[n].get(keyword) for n in (first, number)]
            for keyword in _TOLD_APART_BY
        ]
        differing = ", ".join(
            keyword
            for keyword, (one, other) in zip(_TOLD_APART_BY, values, strict=True)
            if one != other
        )
        raise AmbiguousSeriesError(
            f"The images {first + 1} and {number + 1} of the series lie at the same "
            f"position, where one is expected; they differ in {differing or 'no attribute that tells images apart'}.",
            frame_numbers=(first + 1, number + 1),
        )


def _with_common_orientation(index: FrameIndex, tolerance: float | None) -> FrameIndex:
    """Table in which small differences of orientation are evened out."""
    orientations = column_of_all(index, "ImageOrientationPatient")
    common = common_orientation(orientations, tolerance)
    shared = np.broadcast_to(common, orientations.shape)
    columns = {**index.columns, "ImageOrientationPatient": shared}
    return replace(index, columns=columns)


class _Kind:
    """Images that are decoded and transformed in the same way."""

    def __init__(self, dataset: Dataset, options: TransformOptions) -> None:
        self._format = PixelFormat.of(dataset)
        self._uid = str(
            stored_frames_of(dataset, self._format).reader.transfer_syntax_uid
        )
        self._decoder = FrameDecoder(self._uid, self._format)
        index = (
            index_of(dataset)
            if "SharedFunctionalGroupsSequence" in dataset
            else FrameIndex.of({}, number_of_frames=1)
        )
        transforms = FrameTransforms(
            dataset, TransformGroups(index), options, self._format
        )
        self._pipeline = transforms.for_frame(0)
        samples = (3,) if transforms.is_color else ()
        self.shape = (*self._format.shape[:2], *samples)

    @property
    def prefers_threads(self) -> bool:
        """Whether several threads do many images faster than one."""
        return is_native_content(self._uid, self._format)

    def put(self, dataset: Dataset, out: npt.NDArray[Any]) -> None:
        """Put the values of an image into an array."""
        element = dict(dataset.items()).get(tag_of(self._format.keyword))
        value = None if element is None else element.value
        content = native_content(value, self._uid, self._format)
        if content is not None and len(content) - self._format.frame_size in {0, 1}:
            stored = self._decoder(content)
        else:
            stored = stored_frames_of(dataset, self._format).read(0)
        self._pipeline.into(stored, out)


class _Images:
    """Kinds of images of a series, most of which are of one kind."""

    def __init__(self, options: TransformOptions) -> None:
        self._options = options
        self._known: dict[Hashable, _Kind] = {}

    def kind_of(self, dataset: Dataset) -> _Kind:
        """Kind of an image; images with tables of their own are of their own kind."""
        elements = dict(dataset.items())
        if any(tag in elements for tag in _TABLES):
            return _Kind(dataset, self._options)
        key = (
            dataset.file_meta.get("TransferSyntaxUID")
            if hasattr(dataset, "file_meta")
            else None,
            *(_fingerprint(elements.get(tag)) for tag in _SCALARS),
        )
        kind = self._known.get(key)
        if kind is None:
            kind = self._known[key] = _Kind(dataset, self._options)
        return kind


def _fingerprint(element: Any) -> Hashable:
    """What tells elements of a tag apart, without decoding them."""
    if element is None:
        return None
    if isinstance(element, RawDataElement):
        return element.value, element.is_little_endian
    return str(element.value)
