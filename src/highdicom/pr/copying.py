"""Transformations that the images referenced ask for, taken over from them.

Whether they stand at the top level of an image or in its functional groups, equal ones
are found by their values, and each is written once (PS3.3 C.11.1, C.11.6 and C.11.8).
"""

from collections.abc import Iterator, Sequence as AnySequence
from typing import Any, NamedTuple

import numpy as np
from pydicom.dataset import Dataset

from highdicom.content.lut import VOILUT, ModalityLUT
from highdicom.content.transformations import (
    ModalityLUTTransformation,
    PresentationLUTTransformation,
)
from highdicom.encoding.columns import encode_dataset
from highdicom.encoding.elements import new_dataset
from highdicom.enum import PresentationLUTShapeValues
from highdicom.errors import InvalidArgumentError, InvalidAttributeError
from highdicom.frames.reading import index_of
from highdicom.policy import tolerate
from highdicom.pr.attributes import attribute_of
from highdicom.pr.references import image_reference
from highdicom.pr.voi import SoftcopyVOILUTTransformation

__all__ = ["icc_profile_of", "modality_of", "presentation_of", "voi_of"]

_RESCALE = ("RescaleSlope", "RescaleIntercept", "RescaleType")
_WINDOW = (
    "WindowCenter",
    "WindowWidth",
    "WindowCenterWidthExplanation",
    "VOILUTFunction",
)
_CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"


class _Source(NamedTuple):
    """Where the attributes of some frames of an image stand."""

    attributes: Dataset
    image: Dataset
    frame_numbers: list[int] | None
    """One-based; None for all."""


def _sources(images: AnySequence[Dataset], group: str) -> Iterator[_Source]:
    """Where the attributes of a functional group stand, for each distinct one."""
    for image in images:
        if "SharedFunctionalGroupsSequence" not in image:
            yield _Source(image, image, None)
            continue
        ids, items = index_of(image, (group,)).distinct(group)
        present = np.unique(ids).tolist()
        for number in present:
            frames = (np.flatnonzero(ids == number) + 1).tolist()
            attributes = items[number][0] if number >= 0 else image
            yield _Source(attributes, image, frames if len(present) > 1 else None)


# --- modality ------------------------------------------------------------------------


def modality_of(images: AnySequence[Dataset]) -> ModalityLUTTransformation | None:
    """Give the modality LUT transformation that the images share.

    Returns
    -------
    ModalityLUTTransformation or None
        None if they have none.

    Raises
    ------
    InvalidArgumentError
        If they differ: a presentation state has but one.

    """
    found: dict[bytes, ModalityLUTTransformation | None] = {}
    seen: set[tuple[str, ...]] = set()
    for source in _sources(images, "PixelValueTransformationSequence"):
        values = _values_of(source, "ModalityLUTSequence", *_RESCALE)
        if values in seen:
            continue
        transformation = _modality(source)
        found.setdefault(_identity(transformation), transformation)
        if len(found) > 1:
            raise InvalidArgumentError(
                "'modality_lut_transformation' must be given, since frames of the "
                "referenced images differ in their rescale or modality LUT: see image "
                f"{source.image.SOPInstanceUID}."
            )
        if values is not None:
            seen.add(values)
    (only,) = found.values()
    return only


def _values_of(source: _Source, tables: str, *keywords: str) -> tuple[str, ...] | None:
    """Values that make a transformation, to make it once; None if there are tables."""
    if attribute_of(source.attributes, tables):
        return None
    texts = [str(attribute_of(source.attributes, keyword)) for keyword in keywords]
    return (str(attribute_of(source.image, "SOPClassUID")), *texts)


def _modality(source: _Source) -> ModalityLUTTransformation | None:
    attributes = source.attributes
    luts = attributes.get("ModalityLUTSequence")
    if luts:
        transformation = new_dataset(ModalityLUTTransformation)
        transformation.modality_luts = [ModalityLUT.from_dataset(luts[0])]
        return transformation
    slope = attributes.get("RescaleSlope")
    intercept = attributes.get("RescaleIntercept")
    if slope is None and intercept is None:
        return None
    # Of a CT image, the type is left out if it is Hounsfield units (C.8.2.1.1.4).
    is_ct = source.image.SOPClassUID == _CT_IMAGE
    return ModalityLUTTransformation(
        rescale_intercept=0.0 if intercept is None else float(intercept),
        rescale_slope=1.0 if slope is None else float(slope),
        rescale_type=attributes.get("RescaleType") or ("HU" if is_ct else "US"),
    )


def _identity(dataset: Dataset | None) -> bytes:
    return b"" if dataset is None else encode_dataset(dataset, implicit=False)


# --- values of interest --------------------------------------------------------------


def voi_of(images: AnySequence[Dataset]) -> list[SoftcopyVOILUTTransformation]:
    """Give the VOI transformations of the images, each with the frames it is for.

    Returns
    -------
    list[SoftcopyVOILUTTransformation]
        Without references, if it is one that is for all frames of all images.

    """
    found: dict[bytes, tuple[SoftcopyVOILUTTransformation, list[_Source]]] = {}
    seen: dict[tuple[str, ...], list[_Source] | None] = {}
    for source in _sources(images, "FrameVOILUTSequence"):
        values = _values_of(source, "VOILUTSequence", *_WINDOW)
        if values is None or values not in seen:
            sources = _sources_of_equal(found, _voi(source.attributes))
            if values is not None:
                seen[values] = sources
        else:
            sources = seen[values]
        if sources is not None:
            sources.append(source)
    transformations = []
    for transformation, sources in found.values():
        is_for_all = len(sources) == len(images) and not any(
            source.frame_numbers for source in sources
        )
        if not is_for_all:
            transformation.references = [
                image_reference(source.image, source.frame_numbers)
                for source in sources
            ]
        transformations.append(transformation)
    return transformations


def _sources_of_equal(
    found: dict[bytes, tuple[SoftcopyVOILUTTransformation, list[_Source]]],
    transformation: SoftcopyVOILUTTransformation | None,
) -> list[_Source] | None:
    """Where a transformation and those equal to it stand; None if there is none."""
    if transformation is None:
        return None
    return found.setdefault(_identity(transformation), (transformation, []))[1]


def _voi(attributes: Dataset) -> SoftcopyVOILUTTransformation | None:
    luts = attributes.get("VOILUTSequence")
    centers = _values(attributes, "WindowCenter")
    widths = _values(attributes, "WindowWidth")
    if len(centers) != len(widths):
        raise InvalidAttributeError(
            f"WindowCenter has {len(centers)} values and WindowWidth {len(widths)}, "
            "which must be as many (PS3.3 C.11.2.1.2).",
            keyword="WindowWidth",
        )
    if any(float(width) <= 0 for width in widths):
        tolerate(
            f"a window must have a positive width, not {widths}",
            "the windows are left out",
            keyword="WindowWidth",
            stacklevel=6,
        )
        centers = []
    if not luts and not centers:
        return None
    explanations = [
        str(text) for text in _values(attributes, "WindowCenterWidthExplanation")
    ]
    return SoftcopyVOILUTTransformation(
        window_center=[float(value) for value in centers] or None,
        window_width=[float(value) for value in widths] if centers else None,
        window_explanation=explanations
        if centers and len(explanations) == len(centers)
        else None,
        voi_lut_function=(attributes.get("VOILUTFunction") or None)
        if centers
        else None,
        voi_luts=[VOILUT.from_dataset(item) for item in luts] if luts else None,
    )


def _values(dataset: Dataset, keyword: str) -> list[Any]:
    value = dataset.get(keyword)
    if value is None or value == "":
        return []
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return [value]
    return list(value)


# --- presentation and colour ---------------------------------------------------------


def presentation_of(images: AnySequence[Dataset]) -> PresentationLUTTransformation:
    """Give the presentation LUT shape that the images share.

    A presentation state overrides the Photometric Interpretation of its images
    (PS3.4 N.2.1.4), so INVERSE keeps what is white in MONOCHROME1 images white.

    Raises
    ------
    InvalidArgumentError
        If they differ.

    """
    shapes = {_shape(image) for image in images}
    if len(shapes) > 1:
        raise InvalidArgumentError(
            "'presentation_lut_transformation' must be given, since low values are "
            "black in some of the referenced images and white in others."
        )
    return PresentationLUTTransformation(shapes.pop())


def _shape(image: Dataset) -> PresentationLUTShapeValues:
    shape = attribute_of(image, "PresentationLUTShape")
    if not shape:
        is_white = attribute_of(image, "PhotometricInterpretation") == "MONOCHROME1"
        shape = "INVERSE" if is_white else "IDENTITY"
    return PresentationLUTShapeValues(shape)


def icc_profile_of(images: AnySequence[Dataset]) -> bytes:
    """Give the ICC profile that the images share.

    Raises
    ------
    InvalidArgumentError
        If they have none, or several.

    """
    profiles = {
        bytes(holder.ICCProfile)
        for image in images
        for holder in (image, *(image.get("OpticalPathSequence") or []))
        if holder.get("ICCProfile")
    }
    if len(profiles) != 1:
        raise InvalidArgumentError(
            "'icc_profile' must be given, since the referenced images have "
            f"{'several ICC profiles' if profiles else 'no ICC profile'}."
        )
    return profiles.pop()
