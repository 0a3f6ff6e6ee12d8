"""What is asked of transformations that are given for images."""

from collections.abc import Iterable, Sequence as AnySequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.content.references import ImageReference
from highdicom.content.transformations import (
    ModalityLUTTransformation,
    PresentationLUTTransformation,
)
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.pr.references import check_references, sop_classes_of
from highdicom.pr.voi import SoftcopyVOILUTTransformation

__all__ = [
    "check_modality",
    "check_palette",
    "check_presentation",
    "check_voi_transformations",
]

T = TypeVar("T")

_VOI = "'voi_lut_transformations'"


def check_modality(given: Any) -> ModalityLUTTransformation | None:
    """Refuse what is no modality LUT transformation."""
    return _one_of(ModalityLUTTransformation, given, "modality_lut_transformation")


def check_presentation(given: Any) -> PresentationLUTTransformation | None:
    """Refuse what is no presentation LUT transformation."""
    return _one_of(
        PresentationLUTTransformation, given, "presentation_lut_transformation"
    )


def _one_of(expected: type[T], given: Any, argument: str) -> T | None:
    if given is None or isinstance(given, expected):
        return given
    raise InvalidArgumentError(
        f"'{argument}' must be a {expected.__name__}, not {type(given).__name__}."
    )


def check_palette(given: Any, bits: int | None = None) -> PaletteColorLUTTransformation:
    """Refuse palettes that presentation states must not have (PS3.3 C.7.9).

    Parameters
    ----------
    given
        The palette.
    bits
        Bits that entries must have; 8 or 16 if not given.

    """
    if not isinstance(given, PaletteColorLUTTransformation):
        raise ArgumentTypeError(
            "'palette_color_lut_transformation' must be a PaletteColorLUTTransformation, "
            f"not {type(given).__name__}."
        )
    if given.is_segmented:
        raise InvalidArgumentError(
            "'palette_color_lut_transformation' must not be segmented in a presentation "
            "state: make it of its 'combined_lut_data'."
        )
    if bits is not None and given.bits_per_entry != bits:
        raise InvalidArgumentError(
            f"'palette_color_lut_transformation' must have entries of {bits} bits in a "
            f"presentation state, not of {given.bits_per_entry}."
        )
    return given


def check_voi_transformations(
    given: AnySequence[SoftcopyVOILUTTransformation], images: AnySequence[Dataset]
) -> list[SoftcopyVOILUTTransformation]:
    """Refuse VOI transformations that are not for the images, or two for one frame.

    Raises
    ------
    ArgumentTypeError
        If they are no sequence of such transformations.
    InvalidArgumentError
        If there are none, several of which one does not say for which images it is, or
        images are not among those or referred to twice.

    """
    listed = _listed(given)
    taken = {
        image.SOPInstanceUID: np.zeros(int(image.get("NumberOfFrames") or 1), np.bool_)
        for image in images
    }
    known = sop_classes_of(images)
    for number, item in enumerate(listed):
        place = f"{_VOI}[{number}]"
        if item.references is None and len(listed) > 1:
            raise InvalidArgumentError(
                f"{place} must refer to the images that it is for, since there are "
                "several."
            )
        references = item.references or []
        check_references(place, references, known)
        for reference in references:
            _take(place, reference, taken[reference.sop_instance_uid])
    return listed


def _listed(given: Any) -> list[SoftcopyVOILUTTransformation]:
    if isinstance(given, Dataset) or not isinstance(given, Iterable):
        raise ArgumentTypeError(
            f"{_VOI} must be a sequence of SoftcopyVOILUTTransformation, not "
            f"{type(given).__name__}."
        )
    listed = list(given)
    for number, item in enumerate(listed):
        if not isinstance(item, SoftcopyVOILUTTransformation):
            raise ArgumentTypeError(
                f"{_VOI}[{number}] must be a SoftcopyVOILUTTransformation, not "
                f"{type(item).__name__}."
            )
    if not listed:
        raise InvalidArgumentError(f"{_VOI} must not be empty.")
    return listed


def _take(place: str, reference: ImageReference, taken: npt.NDArray[np.bool_]) -> None:
    """Mark the frames referred to, of which each may be marked once."""
    if reference.segment_numbers is not None:
        # Segments of one frame may be windowed apart.
        return
    frames = reference.frame_numbers or list(range(1, len(taken) + 1))
    if max(frames) > len(taken):
        raise InvalidArgumentError(
            f"{place} must refer to frames of image {reference.sop_instance_uid} up to "
            f"{len(taken)}, not to {max(frames)}."
        )
    indices = np.array(frames) - 1
    if taken[indices].any():
        raise InvalidArgumentError(
            f"{place} refers to image {reference.sop_instance_uid}, or a frame of it, to "
            "which another item refers, too."
        )
    taken[indices] = True
