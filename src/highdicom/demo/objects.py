"""The derived images that the demonstration writes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.color import CIELabColor, srgb_profile
from highdicom.content.algorithm import AlgorithmIdentificationSequence
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.content.transformations import VOILUTTransformation
from highdicom.demo.analysis import Segment
from highdicom.enum import CoordinateSystemNames, PhotometricInterpretationValues
from highdicom.pm import ParametricMap, RealWorldValueMapping
from highdicom.sc import SCImage
from highdicom.seg import (
    SegmentAlgorithmTypeValues,
    SegmentationTypeValues,
    SegmentDescription,
    create_segmentation_pyramid,
)
from highdicom.seg.sop import Segmentation
from highdicom.uid import UID
from highdicom.version import __version__
from highdicom.volume import Volume

__all__ = [
    "EQUIPMENT",
    "make_parametric_map",
    "make_pyramid",
    "make_secondary_capture",
    "make_segmentation",
]

EQUIPMENT: dict[str, Any] = {
    "manufacturer": "highdicom developers",
    "manufacturer_model_name": "highdicom demonstration",
    "software_versions": __version__,
    "device_serial_number": "1",
}
"""What makes the objects, as their constructors ask for it."""

_SERIES_NUMBERS = {
    SegmentationTypeValues.BINARY: 100,
    SegmentationTypeValues.LABELMAP: 101,
    SegmentationTypeValues.FRACTIONAL: 104,
}


def _algorithm() -> AlgorithmIdentificationSequence:
    return AlgorithmIdentificationSequence(
        name="Threshold", family=codes.DCM.ImageProcessing, version=__version__
    )


def _description(segment: Segment, *, is_colored: bool) -> SegmentDescription:
    return SegmentDescription(
        segment_number=segment.number,
        segment_label=segment.label,
        segmented_property_category=segment.category,
        segmented_property_type=segment.type,
        algorithm_type=SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm_identification=_algorithm(),
        tracking_uid=UID(),
        tracking_id=segment.label,
        display_color=CIELabColor.from_rgb(*segment.color) if is_colored else None,
    )


def make_segmentation(
    sources: Sequence[Dataset],
    labels: npt.NDArray[Any] | Volume,
    segments: Sequence[Segment],
    segmentation_type: SegmentationTypeValues,
    **options: Any,
) -> Segmentation:
    """Make a segmentation of labels.

    Parameters
    ----------
    sources
        Images that were segmented.
    labels
        Label map or fractions (frame, row, column), those of a total pixel matrix, or
        a volume.
    segments
        What the labels stand for.
    segmentation_type
        How they are stored. Label maps have the colours of the segments as a palette.
    **options
        Further arguments of :class:`highdicom.seg.Segmentation`.

    """
    is_label_map = segmentation_type is SegmentationTypeValues.LABELMAP
    if is_label_map:
        options["palette_color_lut_transformation"] = _palette(segments)
        options["icc_profile"] = srgb_profile()
    return Segmentation(
        source_images=sources,
        pixel_array=labels,
        segmentation_type=segmentation_type,
        segment_descriptions=[
            _description(segment, is_colored=not is_label_map) for segment in segments
        ],
        series_instance_uid=UID(),
        series_number=_SERIES_NUMBERS[segmentation_type],
        sop_instance_uid=UID(),
        instance_number=1,
        series_description="Segmentation by thresholds",
        content_label="THRESHOLDS",
        **EQUIPMENT,
        **options,
    )


def _palette(segments: Sequence[Segment]) -> PaletteColorLUTTransformation:
    """Colours of the labels from zero, which is black."""
    colors = {segment.number: segment.color for segment in segments}
    table = [colors.get(number, (0, 0, 0)) for number in range(max(colors) + 1)]
    # White for a label that no pixel has: some checkers want tables to use all bits.
    table.append((255, 255, 255))
    return PaletteColorLUTTransformation.from_combined_lut(np.array(table, np.uint8))


def make_pyramid(
    slide: Dataset, labels: npt.NDArray[np.uint8], segments: Sequence[Segment]
) -> list[Segmentation]:
    """Make a segmentation of a slide in three resolutions.

    Parameters
    ----------
    slide
        The slide.
    labels
        Label map of its total pixel matrix, of shape (row, column).
    segments
        What the labels stand for.

    """
    return create_segmentation_pyramid(
        source_images=[slide],
        pixel_arrays=[labels[np.newaxis]],
        segmentation_type=SegmentationTypeValues.BINARY,
        segment_descriptions=[_description(s, is_colored=True) for s in segments],
        series_instance_uid=UID(),
        series_number=105,
        downsample_factors=[2.0, 4.0],
        pyramid_label="Stained tissue",
        series_description="Segmentation in three resolutions",
        **EQUIPMENT,
    )


def make_parametric_map(
    sources: Sequence[Dataset], values: Volume, explanation: str, unit: Code
) -> ParametricMap:
    """Make a map of numbers.

    Parameters
    ----------
    sources
        Images that it was made of.
    values
        The numbers, as float32.
    explanation
        What they are, for humans.
    unit
        Their unit.

    """
    highest = float(values.array.max())
    mapping = RealWorldValueMapping(
        lut_label="1",
        lut_explanation=explanation,
        unit=unit,
        value_range=(float(values.array.min()), highest),
        slope=1,
        intercept=0,
    )
    return ParametricMap(
        source_images=sources,
        pixel_array=values,
        series_instance_uid=UID(),
        series_number=106,
        sop_instance_uid=UID(),
        instance_number=1,
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[mapping],
        voi_lut_transformations=[
            VOILUTTransformation(window_center=highest / 2, window_width=highest or 1)
        ],
        series_description=explanation,
        content_label="MAP",
        **EQUIPMENT,
    )


def make_secondary_capture(source: Dataset, picture: npt.NDArray[np.uint8]) -> SCImage:
    """Make an image of a picture, in the study of another image.

    Parameters
    ----------
    source
        Image that the picture is of.
    picture
        Colours of shape (row, column, 3).

    """
    return SCImage.from_ref_dataset(
        ref_dataset=source,
        pixel_array=picture,
        photometric_interpretation=PhotometricInterpretationValues.RGB,
        bits_allocated=8,
        coordinate_system=CoordinateSystemNames.PATIENT,
        series_instance_uid=UID(),
        series_number=107,
        sop_instance_uid=UID(),
        instance_number=1,
        manufacturer=EQUIPMENT["manufacturer"],
        patient_orientation=("L", "P"),
        series_description="Picture with segments",
    )
