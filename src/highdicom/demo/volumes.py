"""Series and enhanced images: what is made of them, and what is shown of that."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.base import read as read_instance
from highdicom.demo.analysis import (
    DENSE,
    Segment,
    label_values,
    local_deviation,
    otsu_threshold,
    probability_above,
)
from highdicom.demo.documents import Measured, make_key_objects, make_report
from highdicom.demo.inputs import Input
from highdicom.demo.objects import (
    make_parametric_map,
    make_secondary_capture,
    make_segmentation,
)
from highdicom.demo.page import Case
from highdicom.demo.pictures import (
    as_colors,
    as_gray,
    draw_segments,
    lay_over,
    montage,
)
from highdicom.demo.readings import show_report
from highdicom.demo.results import Results
from highdicom.demo.views import Mark, Window, make_hot_state, make_state
from highdicom.errors import HighdicomError
from highdicom.image import Image, get_volume_from_series, imread
from highdicom.ko import KeyObjectSelectionDocument
from highdicom.pm import pmread
from highdicom.pr import prread
from highdicom.records import record, replace
from highdicom.seg import SegmentationTypeValues
from highdicom.seg.sop import segread
from highdicom.volume import Volume

__all__ = ["work_on_volume"]

_SOFT_TISSUE_WINDOW = (-160.0, 240.0)
_BRAIN_WINDOW: Window = (40.0, 80.0)
_SCREEN = (480, 480)
_MOST_FRAMES = 10


@record
class _Slice:
    """The slice that is shown, and what was found in it.

    Parameters
    ----------
    volume
        All slices.
    labels
        Their labels, of shape (slice, row, column).
    number
        Zero-based index of the slice.
    image, frame_number
        Where it comes from; frames are counted from one.
    limits
        Values of black and of white.

    """

    volume: Volume
    labels: npt.NDArray[np.uint8]
    number: int
    image: Dataset
    frame_number: int | None
    limits: tuple[float, float]

    @property
    def where(self) -> str:
        """Words for the slice."""
        return f"slice {self.number + 1} of {self.volume.spatial_shape[0]}"

    @property
    def values(self) -> npt.NDArray[Any]:
        """Values of the modality, of shape (row, column)."""
        values: npt.NDArray[Any] = self.volume.array[self.number]
        return values

    def gray(self) -> npt.NDArray[np.uint8]:
        """Picture of the slice."""
        return as_gray(self.values, self.limits)


def work_on_volume(images: Input, results: Results) -> Case:
    """Segment, map, measure, show and select the slices of a volume."""
    case = Case(images.title, images.origin)
    try:
        volume = _volume_of(images)
    except HighdicomError as error:
        case.facts.append(f"no volume: {error}")
        return _work_on_frames(case, images, results)
    is_hounsfield = (
        images.datasets[0].Modality == "CT" and float(volume.array.min()) < -500
    )
    labels, segments = label_values(volume.array, is_hounsfield=is_hounsfield)
    shape = " × ".join(str(size) for size in volume.spatial_shape)
    spacing = " × ".join(f"{value:.3g}" for value in volume.spacing)
    case.facts += [f"volume of {shape} voxels", f"spacing {spacing} mm"]
    shown = _slice_to_show(images, volume, labels, is_hounsfield=is_hounsfield)
    _show_states(case, results, shown, is_hounsfield=is_hounsfield)
    pictures = [
        shown.gray(),
        _segment(case, results, images, shown, segments),
        _segment_in_fractions(case, results, images, shown, segments),
        _map_deviation(case, results, images, shown, is_hounsfield=is_hounsfield),
    ]
    _capture(case, results, shown, montage(pictures, columns=4))
    _report(case, results, images, shown, segments, is_hounsfield=is_hounsfield)
    _select(case, results, shown)
    return case


def _volume_of(images: Input) -> Volume:
    if images.kind == "series":
        return get_volume_from_series(images.datasets, dtype=np.float32)
    return Image.from_dataset(images.datasets[0]).get_volume(
        dtype=np.float32, apply_palette_color_lut=False
    )


def _slice_to_show(
    images: Input,
    volume: Volume,
    labels: npt.NDArray[np.uint8],
    *,
    is_hounsfield: bool,
) -> _Slice:
    """Choose the slice of which most is labelled."""
    number = int((labels > 0).sum(axis=(1, 2)).argmax())
    low, high = np.percentile(volume.array, (1, 99.5))
    limits = _SOFT_TISSUE_WINDOW if is_hounsfield else (float(low), float(high))
    image, frame_number = _source_of(images, volume, number)
    return _Slice(volume, labels, number, image, frame_number, limits)


def _source_of(
    images: Input, volume: Volume, number: int
) -> tuple[Dataset, int | None]:
    """Image and one-based frame number that a slice comes from."""
    places: list[tuple[Dataset, int | None, Any]]
    if images.kind == "series":
        places = [(i, None, i.ImagePositionPatient) for i in images.datasets]
    else:
        (image,) = images.datasets
        places = [
            (image, frame, groups.PlanePositionSequence[0].ImagePositionPatient)
            for frame, groups in enumerate(image.PerFrameFunctionalGroupsSequence, 1)
        ]
    positions = np.array([position for _, _, position in places], np.float64)
    indices = volume.map_reference_to_indices(positions)[:, 0].astype(np.float64)
    dataset, frame_number, _ = places[int(np.abs(indices - number).argmin())]
    return dataset, frame_number


# --- presentation states ---------------------------------------------------------------


def _show_states(
    case: Case, results: Results, shown: _Slice, *, is_hounsfield: bool
) -> None:
    """Show the slice before and after its presentation states."""
    low, high = shown.limits
    window = _BRAIN_WINDOW if is_hounsfield else ((low + high) / 2, high - low)
    unit = " HU" if is_hounsfield else ""
    marks = _marks(shown, unit)
    state = make_state(shown.image, shown.frame_number, window, marks)
    hot = make_hot_state(shown.image, window)
    case.files += [
        results.write("presentation-state", "Presentation state, grayscale", state),
        results.write("presentation-state-color", "Presentation state, colours", hot),
    ]
    before = f"{shown.where.capitalize()}, values {low:.4g} to {high:.4g}{unit}"
    case.figures.append(
        results.picture(
            "image", "Before", before, shown.gray(), shown.volume.pixel_spacing
        )
    )
    center, width = window
    captions = {
        "presentation-state": f"Centre {center:.4g}, width {width:.4g}{unit}, with annotations",
        "presentation-state-color": "The same window in colours",
    }
    for name, caption in captions.items():
        read = prread(results.path(f"{name}.dcm"))
        picture = read.apply(shown.image, shown.frame_number, size=_SCREEN)
        if picture.ndim == 2:
            picture = np.repeat(picture[..., np.newaxis], 3, axis=2)
        case.figures.append(
            results.picture(name, "After its presentation state", caption, picture)
        )


def _marks(shown: _Slice, unit: str) -> list[Mark]:
    """The widest stretch of labelled pixels, and the highest value."""
    row, first, last = _longest_run(shown.labels[shown.number] > 0)
    rows, columns = shown.values.shape
    height = rows * 0.05
    width = (last - first) * float(shown.volume.pixel_spacing[1])
    line = np.array([(first, row + 0.5), (last, row + 0.5)], np.float64)
    masked = np.where(shown.labels[shown.number] > 0, shown.values, -np.inf)
    top_row, top_column = np.unravel_index(int(masked.argmax()), masked.shape)
    center = np.array((top_column + 0.5, top_row + 0.5), np.float64)
    radius = rows * 0.04
    top = float(np.clip(center[1] - radius, 0, rows - height))
    left = float(np.clip(center[0] + 1.4 * radius, 0, columns * 0.55))
    edge = np.array((min(center[0] + radius, columns), center[1]), np.float64)
    above = float(max(row - 1.3 * height, 0))
    return [
        Mark(
            "POLYLINE",
            line,
            f"{width:.0f} mm",
            (first + 0.35 * (last - first), above, columns, above + height),
        ),
        Mark(
            "CIRCLE",
            np.stack([center, edge]),
            f"{masked.max():,.0f}{unit}",
            (left, top, columns, top + height),
        ),
    ]


def _longest_run(mask: npt.NDArray[np.bool_]) -> tuple[int, int, int]:
    """Row, first column and column after the last of the longest run of True."""
    padded = np.pad(mask.astype(np.int8), ((0, 0), (1, 1)))
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    if len(rows) == 0:
        return 0, 0, mask.shape[1]
    longest = int((ends - starts).argmax())
    return int(rows[longest]), int(starts[longest]), int(ends[longest])


# --- images derived from the volume ----------------------------------------------------


def _segment(
    case: Case,
    results: Results,
    images: Input,
    shown: _Slice,
    segments: Sequence[Segment],
) -> npt.NDArray[np.uint8]:
    """Write a binary segmentation and a label map; show the latter in its colours."""
    written = shown.volume.with_array(shown.labels)
    for name, what, kind in (
        ("binary", "Segmentation, binary", SegmentationTypeValues.BINARY),
        ("label-map", "Segmentation, label map", SegmentationTypeValues.LABELMAP),
    ):
        instance = make_segmentation(images.datasets, written, segments, kind)
        case.files.append(results.write(f"segmentation-{name}", what, instance))
        read = segread(results.path(f"segmentation-{name}.dcm"))
        labels = read.get_volume(combine_segments=True).match_geometry(written)
        if np.array_equal(labels.array, written.array):
            case.checks.append(f"{what}: read back voxel for voxel.")
    read = segread(results.path("segmentation-label-map.dcm"))
    colored = read.get_volume(combine_segments=True, apply_palette_color_lut=True)
    colors = colored.match_geometry(written).array[shown.number]
    opacity = np.where(shown.labels[shown.number] > 0, 0.5, 0.0)
    picture = lay_over(shown.gray(), colors, opacity)
    names = " and ".join(segment.label.lower() for segment in segments)
    case.figures.append(
        results.picture(
            "label-map",
            "Label map",
            f"{names.capitalize()}, in the colours of its palette",
            picture,
            shown.volume.pixel_spacing,
        )
    )
    return picture


def _segment_in_fractions(
    case: Case,
    results: Results,
    images: Input,
    shown: _Slice,
    segments: Sequence[Segment],
) -> npt.NDArray[np.uint8]:
    """Write how likely each voxel belongs to a segment."""
    segment, threshold = _dense_part(shown, segments)
    found = probability_above(shown.volume.array, threshold, shown.labels > 0)
    written = shown.volume.with_array(found)
    instance = make_segmentation(
        images.datasets,
        written,
        [segment],
        SegmentationTypeValues.FRACTIONAL,
    )
    what = "Segmentation, fractional"
    case.files.append(results.write("segmentation-fractional", what, instance))
    read = segread(results.path("segmentation-fractional.dcm"))
    fractions = read.get_volume().match_geometry(written)
    fraction = fractions.array[shown.number, ..., 0]
    if np.abs(fractions.array[..., 0] - written.array).max() <= 0.5 / 255 + 1e-6:
        case.checks.append(f"{what}: read back within half a step of 1/255.")
    picture = lay_over(shown.gray(), as_colors(fraction, (0, 1)), 0.85 * fraction)
    case.figures.append(
        results.picture(
            "fractional",
            "Fractional segmentation",
            f"How likely it is {segment.label.lower()}: dark red 0.1, white 1.0",
            picture,
            shown.volume.pixel_spacing,
        )
    )
    return picture


def _dense_part(shown: _Slice, segments: Sequence[Segment]) -> tuple[Segment, float]:
    """Choose the densest segment, or the denser part of the only one."""
    values = shown.volume.array
    if len(segments) > 1:
        least = float(values[shown.labels == segments[-1].number].min())
        return replace(segments[-1], number=1), least
    return DENSE, otsu_threshold(values[shown.labels > 0])


def _map_deviation(
    case: Case, results: Results, images: Input, shown: _Slice, *, is_hounsfield: bool
) -> npt.NDArray[np.uint8]:
    """Write how much values differ around each voxel."""
    unit = codes.UCUM.HounsfieldUnit if is_hounsfield else codes.UCUM.NoUnits
    written = shown.volume.with_array(local_deviation(shown.volume.array))
    instance = make_parametric_map(
        images.datasets, written, "Local standard deviation", unit
    )
    case.files.append(results.write("parametric-map", "Parametric map", instance))
    read = pmread(results.path("parametric-map.dcm")).get_volume(dtype=np.float32)
    values = read.match_geometry(written).array
    if np.array_equal(values, written.array):
        case.checks.append("Parametric map: read back value for value.")
    highest = max(3 * float(np.median(values[shown.labels > 0])), 1e-6)
    picture = as_colors(values[shown.number], (0, highest))
    suffix = " HU" if is_hounsfield else ""
    case.figures.append(
        results.picture(
            "parametric-map",
            "Parametric map",
            f"Local standard deviation, white {highest:.3g}{suffix} and more",
            picture,
            shown.volume.pixel_spacing,
        )
    )
    return picture


def _capture(
    case: Case, results: Results, shown: _Slice, picture: npt.NDArray[np.uint8]
) -> None:
    """Write a picture as an image of the study."""
    capture = make_secondary_capture(shown.image, picture)
    case.files.append(results.write("secondary-capture", "Secondary capture", capture))
    read = imread(results.path("secondary-capture.dcm")).get_frame(1, dtype=np.uint8)
    if np.array_equal(read, picture):
        case.checks.append("Secondary capture: read back pixel for pixel.")
    case.figures.append(
        results.picture(
            "secondary-capture",
            "Secondary capture",
            "Four of these pictures as one image of the study",
            read,
            shown.volume.pixel_spacing,
        )
    )


# --- documents -------------------------------------------------------------------------


def _report(
    case: Case,
    results: Results,
    images: Input,
    shown: _Slice,
    segments: Sequence[Segment],
    *,
    is_hounsfield: bool,
) -> None:
    """Write what was measured of the segments of the binary segmentation."""
    binary = segread(results.path("segmentation-binary.dcm"))
    measured = _measure(
        shown.volume, shown.labels, segments, is_hounsfield=is_hounsfield
    )
    report = make_report(images.datasets, binary, measured)
    case.files.append(results.write("report", "Measurement report", report))
    show_report(case, results, segments)


def _measure(
    volume: Volume,
    labels: npt.NDArray[np.uint8],
    segments: Sequence[Segment],
    *,
    is_hounsfield: bool,
) -> list[Measured]:
    mean_of, unit = (
        (codes.DCM.AttenuationCoefficient, codes.UCUM.HounsfieldUnit)
        if is_hounsfield
        else (codes.DCM.MRSignalIntensity, codes.UCUM.NoUnits)
    )
    measured = []
    for segment in segments:
        mask = labels == segment.number
        size = float(mask.sum()) * volume.voxel_volume
        measured.append(
            Measured(segment, codes.SCT.Volume, size, codes.UCUM.CubicMillimeter)
        )
        if mask.any():
            mean = float(volume.array[mask].mean(dtype=np.float64))
            measured.append(Measured(segment, mean_of, mean, unit, codes.SCT.Mean))
    return measured


def _select(case: Case, results: Results, shown: _Slice) -> None:
    """Write which image is worth a look."""
    selection = make_key_objects([shown.image], "The slice with most tissue")
    case.files.append(results.write("key-objects", "Key object selection", selection))
    selected = read_instance(results.path("key-objects.dcm"))
    if not isinstance(selected, KeyObjectSelectionDocument):
        return
    title = selected.ConceptNameCodeSequence[0].CodeMeaning
    for item in selected.content.get_references():
        uid = item.referenced_sop_instance_uid
        case.notes.append(f"{title}: the slice with most tissue, image {uid}")


# --- frames without places -------------------------------------------------------------


def _work_on_frames(case: Case, images: Input, results: Results) -> Case:
    """Segment frames whose places are not known, and show them in colours."""
    first, *others = images.datasets
    if others:
        return case
    image = Image.from_dataset(first)
    values = image.get_frames(dtype=np.float32)
    labels, segments = label_values(values, is_hounsfield=False)
    label_map = make_segmentation(
        images.datasets, labels, segments, SegmentationTypeValues.LABELMAP
    )
    low, high = (float(value) for value in np.percentile(values, (1, 99.5)))
    hot = make_hot_state(first, ((low + high) / 2, high - low))
    case.files += [
        results.write("segmentation-label-map", "Segmentation, label map", label_map),
        results.write("presentation-state-color", "Presentation state, colours", hot),
    ]
    read = segread(
        results.path("segmentation-label-map.dcm")
    ).get_pixels_by_source_frame(image.SOPInstanceUID, combine_segments=True)
    if np.array_equal(read, labels):
        case.checks.append("Segmentation, label map: read back pixel for pixel.")
    pictures = [as_gray(frame, (low, high)) for frame in values[:_MOST_FRAMES]]
    drawn = [
        draw_segments(picture, frame, segments)
        for picture, frame in zip(pictures, read, strict=False)
    ]
    state = prread(results.path("presentation-state-color.dcm"))
    colored = [state.apply(first, number + 1) for number in range(len(pictures))]
    case.facts.append(f"{len(values)} frames of {image.Rows} × {image.Columns} pixels")
    case.figures += [
        results.picture(name, kind, caption, montage(frames, len(frames)))
        for name, kind, caption, frames in (
            ("image", "Before", "Frames side by side", pictures),
            ("colored", "After its presentation state", "Frames in colours", colored),
            ("overlay", "Label map", "Segments over the frames", drawn),
        )
    ]
    return case
