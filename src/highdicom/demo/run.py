"""The steps of the demonstration, from images to the page."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.sr.codedict import codes

from highdicom.demo.analysis import Segment, label_slide, label_values
from highdicom.demo.inputs import Input, find_inputs
from highdicom.demo.objects import Measured, make_report, make_segmentation
from highdicom.demo.page import Case, Figure, File, Row, write_page
from highdicom.demo.pictures import as_gray, draw_segments, montage, write_picture
from highdicom.errors import HighdicomError, MissingDependencyError
from highdicom.image import Image, get_volume_from_series
from highdicom.seg import SegmentationTypeValues
from highdicom.seg.sop import Segmentation, segread
from highdicom.sr import MeasurementReport
from highdicom.sr.sop import Comprehensive3DSR, srread
from highdicom.volume import Volume

__all__ = ["run"]

_SOFT_TISSUE_WINDOW = (-160.0, 240.0)


def run(folder: Path | None, output: Path) -> Path:
    """Work on all images and write the page.

    Parameters
    ----------
    folder
        Where the images are; public ones if not given.
    output
        Where the results go; made if it is not there.

    Returns
    -------
    Path
        The page.

    """
    inputs = find_inputs(folder)
    output.mkdir(parents=True, exist_ok=True)
    cases = []
    with _progress(len(inputs)) as progress:
        for number, images in enumerate(inputs, 1):
            progress.set_description(images.title)
            cases.append(_STEPS[images.kind](images, _Results(output, number)))
            progress.update()
    page = output / "index.html"
    write_page(page, cases)
    return page


def _progress(total: int) -> Any:
    try:
        from tqdm import tqdm  # noqa: PLC0415
    except ImportError as error:
        raise MissingDependencyError(
            "tqdm", "demo", "show the progress of the demonstration"
        ) from error
    return tqdm(total=total, unit="image")


class _Results:
    """Where the results of one input go."""

    def __init__(self, output: Path, number: int) -> None:
        self._output = output
        self._number = number

    def path(self, name: str) -> Path:
        return self._output / f"{self._number:02}-{name}"

    def picture(self, name: str, caption: str, *arguments: Any) -> Figure:
        path = self.path(f"{name}.png")
        write_picture(path, *arguments)
        return Figure(path.name, caption)

    def write(
        self, name: str, what: str, instance: Segmentation | Comprehensive3DSR
    ) -> File:
        path = self.path(f"{name}.dcm")
        instance.save_as(path)
        kilobytes = path.stat().st_size / 1000
        found = tuple(str(violation) for violation in instance.validate())
        return File(path.name, what, f"{kilobytes:,.0f} kB", found)


# --- images with depth -----------------------------------------------------------------


def _volume_of(images: Input) -> Volume:
    if images.kind == "series":
        return get_volume_from_series(images.datasets, dtype=np.float32)
    return Image.from_dataset(images.datasets[0]).get_volume(
        dtype=np.float32, apply_palette_color_lut=False
    )


def _work_on_volume(images: Input, results: _Results) -> Case:
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
    label_volume = volume.with_array(labels)
    binary = make_segmentation(
        images.datasets, label_volume, segments, SegmentationTypeValues.BINARY
    )
    label_map = make_segmentation(
        images.datasets, label_volume, segments, SegmentationTypeValues.LABELMAP
    )
    measured = _measure(volume, labels, segments, is_hounsfield=is_hounsfield)
    report = make_report(images.datasets, binary, measured)
    case.files += [
        results.write("segmentation-binary", "Segmentation, binary", binary),
        results.write("segmentation-label-map", "Segmentation, label map", label_map),
        results.write("report", "Measurement report", report),
    ]
    shown = _read_back(case, results, label_volume)
    _show_volume(case, results, volume, shown, segments, is_hounsfield=is_hounsfield)
    case.rows += _rows(results.path("report.dcm"), segments)
    return case


def _work_on_frames(case: Case, images: Input, results: _Results) -> Case:
    """Segment frames whose places are not known."""
    first, *others = images.datasets
    if others:
        return case
    image = Image.from_dataset(first)
    values = image.get_frames(dtype=np.float32)
    labels, segments = label_values(values, is_hounsfield=False)
    label_map = make_segmentation(
        images.datasets, labels, segments, SegmentationTypeValues.LABELMAP
    )
    case.files.append(
        results.write("segmentation-label-map", "Segmentation, label map", label_map)
    )
    read = segread(
        results.path("segmentation-label-map.dcm")
    ).get_pixels_by_source_frame(image.SOPInstanceUID, combine_segments=True)
    if np.array_equal(read, labels):
        case.checks.append("The label map was read back pixel for pixel.")
    limits = tuple(np.percentile(values, (1, 99.5)).tolist())
    columns = max(1, min(5, len(values)))
    pictures = [as_gray(frame, limits) for frame in values[: 2 * columns]]
    drawn = [
        draw_segments(picture, frame, segments)
        for picture, frame in zip(pictures, read, strict=False)
    ]
    case.facts.append(f"{len(values)} frames of {image.Rows} × {image.Columns} pixels")
    case.figures += [
        results.picture("image", "Frames", montage(pictures, columns)),
        results.picture("overlay", "Segments over the frames", montage(drawn, columns)),
    ]
    return case


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


def _read_back(case: Case, results: _Results, written: Volume) -> npt.NDArray[Any]:
    """Read both segmentations and compare them with what was written."""
    label_map = segread(results.path("segmentation-label-map.dcm"))
    read = label_map.get_volume(combine_segments=True).match_geometry(written)
    if np.array_equal(read.array, written.array):
        case.checks.append("The label map was read back voxel for voxel.")
    binary = segread(results.path("segmentation-binary.dcm"))
    read = binary.get_volume(combine_segments=True).match_geometry(written)
    if np.array_equal(read.array, written.array):
        case.checks.append("The binary segmentation was read back voxel for voxel.")
    array: npt.NDArray[Any] = read.array
    return array


def _show_volume(
    case: Case,
    results: _Results,
    volume: Volume,
    labels: npt.NDArray[Any],
    segments: Sequence[Segment],
    *,
    is_hounsfield: bool,
) -> None:
    low, high = np.percentile(volume.array, (1, 99.5))
    limits = _SOFT_TISSUE_WINDOW if is_hounsfield else (float(low), float(high))
    middle = int((labels > 0).sum(axis=(1, 2)).argmax())
    picture = as_gray(volume.array[middle], limits)
    overlay = draw_segments(picture, labels[middle], segments)
    spacing = volume.pixel_spacing
    where = f"slice {middle + 1} of {volume.spatial_shape[0]}"
    case.figures += [
        results.picture("image", f"Image, {where}", picture, spacing),
        results.picture(
            "overlay", f"Segments over the image, {where}", overlay, spacing
        ),
    ]


def _rows(path: Path, segments: Sequence[Segment]) -> list[Row]:
    """Values as a report says them."""
    content = srread(path).content
    if not isinstance(content, MeasurementReport):
        return []
    colors = {
        segment.label: "#{:02x}{:02x}{:02x}".format(*segment.color)
        for segment in segments
    }
    rows = []
    for group in content.get_volumetric_roi_measurement_groups():
        finding = str(group.tracking_identifier)
        for measurement in group.get_measurements():
            name = measurement.name.meaning
            if measurement.derivation is not None:
                name = f"{name}, {measurement.derivation.meaning.lower()}"
            value = f"{measurement.value:,.4g}"
            if abs(measurement.value) >= 1000:
                value = f"{measurement.value:,.0f}"
            rows.append(
                Row(
                    finding,
                    colors.get(finding, "#888888"),
                    name,
                    value,
                    measurement.unit.value,
                )
            )
    return rows


# --- slides ----------------------------------------------------------------------------


def _work_on_slide(images: Input, results: _Results) -> Case:
    case = Case(images.title, images.origin)
    image = Image.from_dataset(images.datasets[0])
    pixels = image.get_total_pixel_matrix(dtype=np.uint8)
    rows, columns = pixels.shape[:2]
    case.facts += [f"{rows} × {columns} pixels", f"{image.number_of_frames} tiles"]
    labels, segments = label_slide(pixels)
    binary = make_segmentation(
        images.datasets,
        labels[np.newaxis],
        segments,
        SegmentationTypeValues.BINARY,
        tile_pixel_array=True,
    )
    spacing = [
        float(value)
        for value in image.SharedFunctionalGroupsSequence[0]
        .PixelMeasuresSequence[0]
        .PixelSpacing
    ]
    area = float(labels.sum()) * spacing[0] * spacing[1]
    measured = [
        Measured(segments[0], codes.SCT.Area, area, codes.UCUM.SquareMillimeter)
    ]
    report = make_report(images.datasets, binary, measured)
    case.files += [
        results.write("segmentation", "Segmentation, tiled", binary),
        results.write("report", "Measurement report", report),
    ]
    segmentation = segread(results.path("segmentation.dcm"))
    read = segmentation.get_total_pixel_matrix(combine_segments=True)
    if np.array_equal(read, labels):
        case.checks.append("The segmentation was read back pixel for pixel.")
    case.figures += [
        results.picture("image", "Total pixel matrix", pixels),
        results.picture(
            "overlay", "Segment over the image", draw_segments(pixels, read, segments)
        ),
    ]
    case.rows += _rows(results.path("report.dcm"), segments)
    return case


# --- clips -----------------------------------------------------------------------------


def _work_on_clip(images: Input, results: _Results) -> Case:
    case = Case(images.title, images.origin)
    image = Image.from_dataset(images.datasets[0])
    count = image.number_of_frames
    case.facts += [f"{count} frames of {image.Rows} × {image.Columns} pixels"]
    numbers = np.linspace(1, count, min(count, 6)).astype(int).tolist()
    frames = [image.get_frame(number, dtype=np.uint8) for number in numbers]
    listed = ", ".join(str(number) for number in numbers)
    case.figures.append(
        results.picture("frames", f"Frames {listed}", montage(frames, columns=3))
    )
    return case


_STEPS: dict[str, Callable[[Input, _Results], Case]] = {
    "series": _work_on_volume,
    "enhanced": _work_on_volume,
    "slide": _work_on_slide,
    "clip": _work_on_clip,
}
