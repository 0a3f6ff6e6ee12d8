"""Simple segmentation by thresholds, and what is measured of the result."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

__all__ = ["Segment", "label_slide", "label_values", "otsu_threshold"]


@dataclass(frozen=True)
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
