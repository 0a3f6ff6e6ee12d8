"""Slides: what is made of them, and what is shown of that."""

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.ann import annread
from highdicom.demo.analysis import Segment, find_nuclei, label_slide
from highdicom.demo.documents import Measured, make_report
from highdicom.demo.inputs import Input
from highdicom.demo.objects import make_pyramid
from highdicom.demo.page import Case
from highdicom.demo.pictures import draw_outlines, draw_segments
from highdicom.demo.readings import show_report
from highdicom.demo.results import Results
from highdicom.demo.views import make_annotations
from highdicom.image import Image
from highdicom.seg.sop import segread

__all__ = ["work_on_slide"]

_PINK = (255, 0, 110)
_MOST_ENLARGED = 1024


def work_on_slide(images: Input, results: Results) -> Case:
    """Segment a slide in several resolutions, and outline its nuclei."""
    case = Case(images.title, images.origin)
    (slide,) = images.datasets
    image = Image.from_dataset(slide)
    pixels = image.get_total_pixel_matrix(dtype=np.uint8)
    rows, columns = pixels.shape[:2]
    case.facts += [f"{rows} × {columns} pixels", f"{image.number_of_frames} tiles"]
    case.figures.append(results.picture("image", "Slide", "Total pixel matrix", pixels))
    measures = image.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    spacing = [float(value) for value in measures.PixelSpacing]
    _annotate(case, results, slide, pixels, spacing)
    _segment(case, results, slide, pixels, spacing)
    return case


def _annotate(
    case: Case,
    results: Results,
    slide: Dataset,
    pixels: npt.NDArray[np.uint8],
    spacing: list[float],
) -> None:
    """Write outlines of nuclei as bulk annotations, and draw those read back."""
    outlines = find_nuclei(pixels)
    if not outlines:
        return
    to_square_micrometers = spacing[0] * spacing[1] * 1e6
    areas = [_area(outline) * to_square_micrometers for outline in outlines]
    annotations = make_annotations(slide, outlines, areas)
    case.files.append(results.write("annotations", "Bulk annotations", annotations))
    (group,) = annread(results.path("annotations.dcm")).get_annotation_groups()
    read = group.get_graphic_data("2D")
    if all(np.allclose(a, b, atol=1e-3) for a, b in zip(read, outlines, strict=True)):
        case.checks.append("Bulk annotations: read back within 1/1000 of a pixel.")
    _, values, units = group.get_measurements()
    mean = float(np.mean(values))
    case.facts.append(f"{len(read)} nuclei of {mean:.3g} {units[0].value} on average")
    scale = max(1, min(3, _MOST_ENLARGED // max(pixels.shape[:2])))
    case.figures.append(
        results.picture(
            "annotations",
            "Annotations drawn on the slide",
            f"{len(read)} outlines of nuclei, with the area of each",
            draw_outlines(pixels, read, _PINK, scale),
        )
    )


def _area(outline: npt.NDArray[np.float64]) -> float:
    """Area of a polygon, by the shoelace formula."""
    x, y = outline.T
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2


def _segment(
    case: Case,
    results: Results,
    slide: Dataset,
    pixels: npt.NDArray[np.uint8],
    spacing: list[float],
) -> None:
    """Write a pyramid of segmentations, and a report of the finest."""
    labels, segments = label_slide(pixels)
    levels = make_pyramid(slide, labels, segments)
    for number, level in enumerate(levels, 1):
        what = f"Segmentation, level {number} of {len(levels)}"
        case.files.append(results.write(f"segmentation-{number}", what, level))
    read = [
        segread(results.path(f"segmentation-{number}.dcm")).get_total_pixel_matrix(
            combine_segments=True
        )
        for number in range(1, len(levels) + 1)
    ]
    if np.array_equal(read[0], labels):
        case.checks.append("Segmentation, finest level: read back pixel for pixel.")
    case.figures += [
        results.picture(
            "overlay",
            "Segmentation",
            "Stained tissue, finest level",
            draw_segments(pixels, read[0], segments),
        ),
        results.picture(
            "pyramid",
            "Pyramid of segmentations",
            f"Stained tissue in {len(levels)} resolutions",
            _side_by_side(pixels, read, segments),
        ),
    ]
    area = float(labels.sum()) * spacing[0] * spacing[1]
    measured = Measured(segments[0], codes.SCT.Area, area, codes.UCUM.SquareMillimeter)
    report = make_report([slide], levels[0], [measured])
    case.files.append(results.write("report", "Measurement report", report))
    show_report(case, results, segments)


def _side_by_side(
    pixels: npt.NDArray[np.uint8],
    levels: list[npt.NDArray[np.uint8]],
    segments: list[Segment],
) -> npt.NDArray[np.uint8]:
    """Levels from fine to coarse, the coarser ones below each other at the right."""
    rows, columns = pixels.shape[:2]
    width = columns + max((level.shape[1] for level in levels[1:]), default=0)
    sheet = np.full((rows, width, 3), 255, np.uint8)
    left = top = 0
    for number, level in enumerate(levels):
        near = [
            np.arange(coarse) * fine // coarse
            for coarse, fine in zip(level.shape, (rows, columns), strict=True)
        ]
        drawn = draw_segments(pixels[np.ix_(*near)], level, segments)
        bottom = min(rows, top + drawn.shape[0])
        sheet[top:bottom, left : left + drawn.shape[1]] = drawn[: bottom - top]
        left, top = columns, (bottom if number else 0)
    return sheet
