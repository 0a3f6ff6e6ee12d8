"""How inputs and operations of advanced blending fit each other (PS3.3 C.11.34)."""

from collections.abc import Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset

from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.modules.frame_of_reference import FrameOfReference
from highdicom.pr.content.blending import AdvancedBlending, BlendingDisplay
from highdicom.pr.references import check_references, sop_classes_of

__all__ = ["check_blending", "in_order", "shared_frame_of_reference"]


def check_blending(
    blending: AnySequence[AdvancedBlending],
    blending_display: AnySequence[BlendingDisplay],
    images: AnySequence[Dataset],
) -> None:
    """Refuse operations that cannot be carried out.

    Raises
    ------
    ArgumentTypeError
        If an item is of the wrong type.
    InvalidArgumentError
        If inputs are not numbered from 1, refer to other images, or operations do not
        come to one result.

    """
    _check_types("blending", blending, AdvancedBlending)
    _check_types("blending_display", blending_display, BlendingDisplay)
    numbers = [item.blending_input_number for item in blending]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        raise InvalidArgumentError(
            "'blending' must hold items whose Blending Input Numbers are 1, 2, 3 and so "
            f"on, not {numbers}."
        )
    known = sop_classes_of(images)
    for number, item in enumerate(blending):
        check_references(f"'blending'[{number}]", item.references or [], known)
    in_order(blending_display, numbers)


def _check_types(argument: str, given: Any, expected: type[Any]) -> None:
    if isinstance(given, Dataset) or not isinstance(given, AnySequence):
        raise ArgumentTypeError(
            f"'{argument}' must be a sequence of {expected.__name__}, not "
            f"{type(given).__name__}."
        )
    for number, item in enumerate(given):
        if not isinstance(item, expected):
            raise ArgumentTypeError(
                f"'{argument}'[{number}] must be of type {expected.__name__}, not "
                f"{type(item).__name__}."
            )


def in_order(
    blending_display: AnySequence[BlendingDisplay], inputs: AnySequence[int]
) -> list[BlendingDisplay]:
    """Bring operations into an order in which each has its inputs.

    Parameters
    ----------
    blending_display
        The operations.
    inputs
        Numbers of the inputs that are images.

    Raises
    ------
    InvalidArgumentError
        If not exactly one has no number, two share one, or one needs what never comes.

    """
    results = [item.blending_input_number for item in blending_display]
    if results.count(None) != 1:
        raise InvalidArgumentError(
            "'blending_display' must hold items of which all but one have a Blending "
            f"Input Number, not {results.count(None)} of {len(results)} without."
        )
    known = [*inputs, *(number for number in results if number is not None)]
    if len(set(known)) < len(known):
        raise InvalidArgumentError(
            "'blending_display' must hold items whose Blending Input Numbers differ "
            f"from each other and from those of the inputs, not {results}."
        )
    available = set(inputs)
    waiting = list(blending_display)
    ordered: list[BlendingDisplay] = []
    while waiting:
        ready = [item for item in waiting if _needs(item) <= available]
        if not ready:
            missing = sorted(set().union(*map(_needs, waiting)) - available)
            raise InvalidArgumentError(
                "'blending_display' must blend inputs that are there or come of other "
                f"items, which {missing} do not."
            )
        ordered += ready
        available.update(item.blending_input_number or 0 for item in ready)
        waiting = [item for item in waiting if item not in ordered]
    return ordered


def _needs(item: BlendingDisplay) -> set[int]:
    return {given.blending_input_number for given in item.blending_display_inputs}


def shared_frame_of_reference(images: AnySequence[Dataset]) -> FrameOfReference:
    """Give the frame of reference that the images share.

    Raises
    ------
    MissingAttributeError
        If one has none.
    InvalidArgumentError
        If they differ.

    """
    for number, image in enumerate(images):
        if not image.get("FrameOfReferenceUID"):
            raise MissingAttributeError(
                f"'referenced_images'[{number}] lacks FrameOfReferenceUID.",
                keyword="FrameOfReferenceUID",
            )
    if len({image.FrameOfReferenceUID for image in images}) > 1:
        raise InvalidArgumentError(
            "'referenced_images' must share FrameOfReferenceUID to be blended."
        )
    first = images[0]
    return FrameOfReference(
        first.FrameOfReferenceUID, first.get("PositionReferenceIndicator") or None
    )
