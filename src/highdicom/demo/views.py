"""How images are shown, and what is drawn on them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.ann import (
    AnnotationGroup,
    Measurements,
    MicroscopyBulkSimpleAnnotations,
)
from highdicom.color import CIELabColor
from highdicom.content.algorithm import AlgorithmIdentificationSequence
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.demo.objects import EQUIPMENT
from highdicom.demo.pictures import HOT
from highdicom.pr import (
    GraphicAnnotation,
    GraphicLayer,
    GraphicObject,
    GrayscaleSoftcopyPresentationState,
    PseudoColorSoftcopyPresentationState,
    SoftcopyVOILUTTransformation,
    TextObject,
)
from highdicom.records import record
from highdicom.uid import UID
from highdicom.version import __version__

__all__ = ["Mark", "Window", "make_annotations", "make_hot_state", "make_state"]

Window = tuple[float, float]
"""Centre and width."""

_LINES = GraphicLayer("MEASURED", 1, display_color=CIELabColor.from_rgb(255, 205, 60))


@record
class Mark:
    """Something drawn on an image.

    Parameters
    ----------
    kind
        ``"POLYLINE"`` or ``"CIRCLE"``.
    points
        Points of shape (n, 2) as (column, row).
    text
        What stands beside it.
    place
        Box of the text: left, top, right and bottom.

    """

    kind: str
    points: npt.NDArray[np.float64]
    text: str
    place: tuple[float, float, float, float]


def _options(label: str, number: int) -> dict[str, Any]:
    """Arguments that both presentation states need."""
    return {
        "series_instance_uid": UID(),
        "series_number": number,
        "sop_instance_uid": UID(),
        "instance_number": 1,
        "content_label": label,
        **EQUIPMENT,
    }


def make_state(
    image: Dataset, frame_number: int | None, window: Window, marks: Sequence[Mark]
) -> GrayscaleSoftcopyPresentationState:
    """Say which window an image is shown with, and what is drawn on it.

    Parameters
    ----------
    image
        The image.
    frame_number
        One-based number of the frame drawn on, if there are several.
    window
        Centre and width of the values shown.
    marks
        What is drawn.

    """
    annotation = GraphicAnnotation(
        referenced_images=[image],
        graphic_layer=_LINES,
        referenced_frame_number=frame_number,
        graphic_objects=[GraphicObject(m.kind, m.points, "PIXEL") for m in marks],
        text_objects=[
            TextObject(m.text, "PIXEL", bounding_box=m.place, text_justification="LEFT")
            for m in marks
        ],
    )
    return GrayscaleSoftcopyPresentationState(
        referenced_images=[image],
        graphic_layers=[_LINES],
        graphic_annotations=[annotation],
        voi_lut_transformations=[SoftcopyVOILUTTransformation(*window)],
        series_description="Window and annotations",
        **_options("MEASURED", 108),
    )


def make_hot_state(
    image: Dataset, window: Window
) -> PseudoColorSoftcopyPresentationState:
    """Say that an image is shown in colours from black over red to white."""
    palette = PaletteColorLUTTransformation.from_combined_lut(
        np.multiply(HOT, 257, dtype=np.uint16)
    )
    return PseudoColorSoftcopyPresentationState(
        referenced_images=[image],
        palette_color_lut_transformation=palette,
        voi_lut_transformations=[SoftcopyVOILUTTransformation(*window)],
        series_description="Colours",
        **_options("COLORS", 109),
    )


def make_annotations(
    slide: Dataset, outlines: Sequence[npt.NDArray[np.float64]], areas: Sequence[float]
) -> MicroscopyBulkSimpleAnnotations:
    """Keep the outlines of nuclei on a slide, and their areas.

    Parameters
    ----------
    slide
        The slide.
    outlines
        Polygons of shape (n, 2) as (column, row) of the total pixel matrix.
    areas
        Area of each in square micrometres.

    """
    group = AnnotationGroup(
        number=1,
        uid=UID(),
        label="Nuclei",
        annotated_property_category=codes.SCT.AnatomicalStructure,
        annotated_property_type=codes.SCT.Nucleus,
        graphic_type="POLYGON",
        graphic_data=list(outlines),
        algorithm_type="AUTOMATIC",
        algorithm_identification=AlgorithmIdentificationSequence(
            name="Threshold", family=codes.DCM.ImageProcessing, version=__version__
        ),
        measurements=[
            Measurements(codes.SCT.Area, np.array(areas), codes.UCUM.SquareMicrometer)
        ],
        display_color=CIELabColor.from_rgb(255, 0, 110),
    )
    return MicroscopyBulkSimpleAnnotations(
        source_images=[slide],
        annotation_coordinate_type="2D",
        annotation_groups=[group],
        series_instance_uid=UID(),
        series_number=110,
        sop_instance_uid=UID(),
        instance_number=1,
        series_description="Nuclei",
        **EQUIPMENT,
    )
