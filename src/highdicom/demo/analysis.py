"""Simple segmentation by thresholds, and what is measured of the result."""

from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.demo.packages import required
from highdicom.records import record, replace

__all__ = [
    "Segment",
    "find_nuclei",
    "label_slide",
    "label_values",
    "local_deviation",
    "otsu_threshold",
    "probability_above",
]


@record
class Segment:
    """A class of pixels.

    Parameters
    ----------
    number
        Label of its pixels.
    label
        Name, for humans.
    category, type
        Codes of what it is.
    color
        Red, green and blue of its display.

    """

    number: int
    label: str
    category: Code
    type: Code
    color: tuple[int, int, int]


SOFT_TISSUE = Segment(
    1, "Soft tissue", codes.SCT.Tissue, codes.SCT.SoftTissue, (230, 159, 0)
)
BONE = Segment(2, "Bone", codes.SCT.AnatomicalStructure, codes.SCT.Bone, (86, 180, 233))
BRIGHT = Segment(1, "Bright tissue", codes.SCT.Tissue, codes.SCT.Tissue, (0, 158, 115))
DENSE = Segment(1, "Dense tissue", codes.SCT.Tissue, codes.SCT.Tissue, (213, 94, 0))
STAINED = Segment(
    1, "Stained tissue", codes.SCT.Tissue, codes.SCT.Tissue, (0, 114, 178)
)


def otsu_threshold(values: npt.NDArray[Any]) -> float:
    """Threshold that parts two classes best by the variance between them.

    Parameters
    ----------
    values
        Values of any shape; those that are not finite do not count.

    """
    finite = values[np.isfinite(values)]
    counts, edges = np.histogram(finite, bins=256)
    centers = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * centers)
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = sums / below - (sums[-1] - sums) / above
    between = np.nan_to_num(below * above * difference**2)
    return float(centers[int(np.argmax(between))])


def label_values(
    values: npt.NDArray[Any], *, is_hounsfield: bool
) -> tuple[npt.NDArray[np.uint8], list[Segment]]:
    """Label pixels by their values.

    Parameters
    ----------
    values
        Values of the modality, of any shape.
    is_hounsfield
        Whether they are Hounsfield units, for which thresholds are known.

    Returns
    -------
    tuple
        Labels of the same shape, and the segments they stand for.

    """
    labels = np.zeros(values.shape, np.uint8)
    if not is_hounsfield:
        labels[values > otsu_threshold(values)] = BRIGHT.number
        return labels, [BRIGHT]
    labels[(values > -200) & (values <= 250)] = SOFT_TISSUE.number
    labels[values > 250] = BONE.number
    return _numbered_anew(labels, [SOFT_TISSUE, BONE])


def _numbered_anew(
    labels: npt.NDArray[np.uint8], segments: list[Segment]
) -> tuple[npt.NDArray[np.uint8], list[Segment]]:
    """Leave out segments without pixels and count the others from one."""
    present = [s for s in segments if (labels == s.number).any()]
    numbers = np.zeros(256, np.uint8)
    for number, segment in enumerate(present, 1):
        numbers[segment.number] = number
    return numbers[labels], [
        replace(segment, number=number) for number, segment in enumerate(present, 1)
    ]


def label_slide(
    pixels: npt.NDArray[np.uint8],
) -> tuple[npt.NDArray[np.uint8], list[Segment]]:
    """Label pixels of a brown stain (diaminobenzidine): much redder than blue.

    Parameters
    ----------
    pixels
        Colours of shape (row, column, 3).

    """
    redness = pixels[..., 0].astype(np.int16) - pixels[..., 2]
    labels = (redness > otsu_threshold(redness)).astype(np.uint8)
    return labels, [STAINED]


def probability_above(
    values: npt.NDArray[np.float32], threshold: float, mask: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32]:
    """Say how likely values are above a threshold, if they vary as those of a mask do.

    Parameters
    ----------
    values
        Values of any shape.
    threshold
        Value that is as likely above as below.
    mask
        Of the same shape, True where values are of interest.

    """
    spread = max(float(np.std(values[mask])) / 3, 1e-6) if mask.any() else 1.0
    exponents = np.clip((threshold - values) / spread, -50, 50)
    return np.asarray(1 / (1 + np.exp(exponents)), np.float32)


def local_deviation(
    values: npt.NDArray[np.float32], size: int = 5
) -> npt.NDArray[np.float32]:
    """Give the standard deviation around each pixel, slice by slice.

    Parameters
    ----------
    values
        Values of shape (slice, row, column).
    size
        Rows and columns of the square around a pixel, an odd number.

    """
    shifted = values.astype(np.float64) - float(values.mean())
    mean = _box_mean(shifted, size)
    variance = _box_mean(shifted**2, size) - mean**2
    return np.sqrt(np.maximum(variance, 0)).astype(np.float32)


def _box_mean(values: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.float64]:
    for axis in (1, 2):
        widths = [(0, 0)] * 3
        widths[axis] = (size // 2 + 1, size // 2)
        sums = np.cumsum(np.pad(values, widths, mode="edge"), axis=axis)
        first, last = [slice(None)] * 3, [slice(None)] * 3
        first[axis], last[axis] = slice(None, -size), slice(size, None)
        values = (sums[tuple(last)] - sums[tuple(first)]) / size
    return values


def find_nuclei(
    pixels: npt.NDArray[np.uint8], smallest: int = 40
) -> list[npt.NDArray[np.float64]]:
    """Outline nuclei of a blue stain (haematoxylin): bluer than red, in one piece.

    Parameters
    ----------
    pixels
        Colours of shape (row, column, 3).
    smallest
        Pixels that a nucleus has at least.

    Returns
    -------
    list[numpy.ndarray]
        Polygons of shape (n, 2) as (column, row), of which (0.0, 0.0) is the upper left
        corner of the upper left pixel.

    """
    filters, measure = (
        required(f"skimage.{part}", "scikit-image", "outline nuclei")
        for part in ("filters", "measure")
    )
    blueness: Any = pixels[..., 2].astype(np.float64) - pixels[..., 0]
    blueness = filters.gaussian(blueness, 1.5)
    mask = blueness > otsu_threshold(blueness[blueness > 0])
    outlines = []
    for region in measure.regionprops(measure.label(mask)):
        if region.area >= smallest:
            padded = np.pad(region.image, 1).astype(np.float64)
            contour = max(measure.find_contours(padded, 0.5), key=len)[:-1]
            # Back from the padded box, and from centres of pixels to their corners.
            corner = np.array(region.bbox[:2]) - 0.5
            outlines.append((contour + corner)[:, ::-1])
    return outlines
