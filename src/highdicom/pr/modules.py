"""Modules that presentation states have in common (PS3.3 C.10 and C.11)."""

from collections.abc import Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset

from highdicom.attributes import Module, SequenceItem
from highdicom.attributes.specifiers import (
    Date,
    Enumerated,
    Integers,
    Items,
    OptionalCoded,
    OptionalEnumerated,
    OptionalIntegers,
    OptionalItems,
    OptionalNumber,
    OptionalNumbers,
    Time,
    coded,
    date,
    enumerated,
    integers,
    items,
    number,
    numbers,
    time,
)
from highdicom.content.references import ImageReference
from highdicom.errors import InvalidArgumentError
from highdicom.pr.attributes import attribute_of
from highdicom.pr.content.graphics import GraphicAnnotation
from highdicom.pr.content.layers import GraphicGroup, GraphicLayer
from highdicom.pr.enum import (
    PixelOriginInterpretationValues,
    PresentationSizeModeValues,
)
from highdicom.pr.references import (
    check_references,
    instance_references,
    sop_classes_of,
)
from highdicom.spatial.kind import is_tiled_image

__all__ = [
    "DisplayedArea",
    "DisplayedAreaSelection",
    "GraphicAnnotations",
    "GraphicGroups",
    "GraphicLayers",
    "PresentationStateIdentification",
    "displayed_area_module",
    "graphics_modules",
]


class PresentationStateIdentification(
    Module, defined_in="presentation-state-identification"
):
    """When a presentation state was made, and what for (PS3.3 C.11.10).

    Examples
    --------
    >>> from highdicom.pr.modules import PresentationStateIdentification
    >>> state = PresentationStateIdentification("20260131", "120000")
    >>> str(state.presentation_creation_date)
    '20260131'

    """

    presentation_creation_date: Date = date("PresentationCreationDate", "1")
    presentation_creation_time: Time = time("PresentationCreationTime", "1")
    concept_name: OptionalCoded = coded("ConceptNameCodeSequence", "3", default=None)


# --- displayed area ------------------------------------------------------------------


class DisplayedAreaSelection(
    SequenceItem, defined_in="displayed-area", path=("DisplayedAreaSelectionSequence",)
):
    """Part of some images that is shown, and at which size (PS3.3 C.10.4).

    Examples
    --------
    >>> from highdicom.pr.modules import DisplayedAreaSelection
    >>> area = DisplayedAreaSelection(
    ...     top_left_hand_corner=(1, 1),
    ...     bottom_right_hand_corner=(512, 512),
    ...     presentation_size_mode="SCALE TO FIT",
    ...     presentation_pixel_aspect_ratio=(1, 1),
    ... )
    >>> area.bottom_right_hand_corner
    [512, 512]

    """

    top_left_hand_corner: Integers = integers(
        "DisplayedAreaTopLeftHandCorner", "1", count=2
    )
    bottom_right_hand_corner: Integers = integers(
        "DisplayedAreaBottomRightHandCorner", "1", count=2
    )
    presentation_size_mode: Enumerated[PresentationSizeModeValues] = enumerated(
        "PresentationSizeMode", "1", PresentationSizeModeValues
    )
    references: OptionalItems[ImageReference] = items(
        "ReferencedImageSequence", "1C", ImageReference, default=None
    )
    pixel_origin_interpretation: OptionalEnumerated[PixelOriginInterpretationValues] = (
        enumerated(
            "PixelOriginInterpretation",
            "1C",
            PixelOriginInterpretationValues,
            default=None,
        )
    )
    presentation_pixel_spacing: OptionalNumbers = numbers(
        "PresentationPixelSpacing", "1C", count=2, default=None
    )
    presentation_pixel_aspect_ratio: OptionalIntegers = integers(
        "PresentationPixelAspectRatio", "1C", count=2, default=None
    )
    presentation_pixel_magnification_ratio: OptionalNumber = number(
        "PresentationPixelMagnificationRatio", "1C", default=None
    )


class DisplayedArea(Module, defined_in="displayed-area"):
    """Which parts of the images are shown (PS3.3 C.10.4)."""

    selections: Items[DisplayedAreaSelection] = items(
        "DisplayedAreaSelectionSequence", "1", DisplayedAreaSelection
    )


_Shape = tuple[bool, tuple[int, int], tuple[float, ...], tuple[int, ...]]


def displayed_area_module(images: AnySequence[Dataset]) -> DisplayedArea:
    """Show all of each image, scaled to fit."""
    groups: dict[_Shape, list[Dataset]] = {}
    for image in images:
        groups.setdefault(_shape(image), []).append(image)
    selections = []
    for (is_tiled, size, spacing, ratio), members in groups.items():
        # All tiled images are named, since the matrix is that of an image.
        is_for_all = len(groups) == 1 and not is_tiled
        selections.append(
            DisplayedAreaSelection(
                references=None if is_for_all else instance_references(members),
                pixel_origin_interpretation=PixelOriginInterpretationValues.VOLUME
                if is_tiled
                else None,
                top_left_hand_corner=(1, 1),
                bottom_right_hand_corner=size,
                presentation_size_mode=PresentationSizeModeValues.SCALE_TO_FIT,
                presentation_pixel_spacing=spacing or None,
                presentation_pixel_aspect_ratio=ratio or None,
            )
        )
    return DisplayedArea(selections)


def _shape(image: Dataset) -> _Shape:
    """Whether it is tiled, columns and rows, and how high its pixels are as wide."""
    is_tiled = is_tiled_image(image)
    keywords = ("TotalPixelMatrixColumns", "TotalPixelMatrixRows")
    columns, rows = keywords if is_tiled else ("Columns", "Rows")
    size = int(attribute_of(image, columns)), int(attribute_of(image, rows))
    spacing = _pixel_spacing(image)
    if spacing and spacing[0] != spacing[1]:
        return is_tiled, size, spacing, ()
    given = None if spacing else attribute_of(image, "PixelAspectRatio")
    return is_tiled, size, (), tuple(int(v) for v in given) if given else (1, 1)


def _pixel_spacing(image: Dataset) -> tuple[float, ...]:
    holders = [image]
    for shared in attribute_of(image, "SharedFunctionalGroupsSequence") or []:
        holders = [*(shared.get("PixelMeasuresSequence") or []), image]
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"):
        for holder in holders:
            value = attribute_of(holder, keyword)
            if value and len(value) == 2:
                return float(value[0]), float(value[1])
    return ()


# --- graphics ------------------------------------------------------------------------


class GraphicAnnotations(Module, defined_in="graphic-annotation"):
    """What is drawn over the images (PS3.3 C.10.5)."""

    annotations: Items[GraphicAnnotation] = items(
        "GraphicAnnotationSequence", "1", GraphicAnnotation
    )


class GraphicLayers(Module, defined_in="graphic-layer"):
    """Layers that it is drawn in (PS3.3 C.10.7)."""

    layers: Items[GraphicLayer] = items("GraphicLayerSequence", "1", GraphicLayer)


class GraphicGroups(Module, defined_in="graphic-group"):
    """Groups of what belongs together (PS3.3 C.10.12)."""

    groups: Items[GraphicGroup] = items("GraphicGroupSequence", "1", GraphicGroup)


def graphics_modules(
    images: AnySequence[Dataset],
    graphic_annotations: AnySequence[GraphicAnnotation] | None,
    graphic_layers: AnySequence[GraphicLayer] | None,
    graphic_groups: AnySequence[GraphicGroup] | None,
) -> list[Module]:
    """Check that annotations, layers, groups and images know each other.

    Raises
    ------
    InvalidArgumentError
        If an annotation refers to a layer, group or image that is not there, or two
        layers or groups share their name or number.
    ArgumentTypeError
        If something is of the wrong type.

    """
    modules: list[Module] = []
    layers: set[str] = set()
    groups: set[int] = set()
    if graphic_layers:
        of_layers = GraphicLayers(graphic_layers)
        names = [layer.layer_name for layer in of_layers.layers]
        layers = _unique("graphic_layers", names)
        modules.append(of_layers)
    if graphic_groups:
        of_groups = GraphicGroups(graphic_groups)
        numbers_ = [group.graphic_group_id for group in of_groups.groups]
        groups = _unique("graphic_groups", numbers_)
        modules.append(of_groups)
    if graphic_annotations:
        annotations = GraphicAnnotations(graphic_annotations)
        known = sop_classes_of(images)
        for index, annotation in enumerate(annotations.annotations):
            place = f"'graphic_annotations'[{index}]"
            check_references(place, annotation.references or [], known)
            if annotation.layer_name not in layers:
                raise InvalidArgumentError(
                    f"{place} must be in one of 'graphic_layers', which are "
                    f"{sorted(layers)}, not in {annotation.layer_name!r}."
                )
            _check_groups(place, annotation, groups)
        modules.append(annotations)
    return modules


def _unique(argument: str, names: list[Any]) -> set[Any]:
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidArgumentError(
            f"'{argument}' must not hold two items that are named {twice!r}."
        )
    return set(names)


def _check_groups(place: str, annotation: GraphicAnnotation, groups: set[int]) -> None:
    drawn: dict[str, list[Any]] = {
        "graphic_objects": annotation.graphic_objects,
        "text_objects": annotation.text_objects,
    }
    for kind, objects in drawn.items():
        for index, item in enumerate(objects):
            group = item.graphic_group_id
            if group is not None and group not in groups:
                raise InvalidArgumentError(
                    f"{place}.{kind}[{index}] must belong to one of 'graphic_groups', "
                    f"which are {sorted(groups)}, not to {group}."
                )
