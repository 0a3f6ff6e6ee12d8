"""Which items of a presentation state are for a frame (PS3.3 Table 10-3)."""

from collections.abc import Iterable
from typing import TypeVar

from pydicom.dataset import Dataset

from highdicom.errors import InvalidArgumentError

__all__ = ["check_is_referenced", "is_for", "items_for"]

Item = TypeVar("Item", bound=Dataset)


def is_for(item: Dataset, image: Dataset, frame_number: int | None) -> bool:
    """Tell whether an item is for a frame: it names the frame or no image at all.

    Parameters
    ----------
    item
        Item with a Referenced Image Sequence, or without one.
    image
        The image.
    frame_number
        One-based; None for all of its frames.

    """
    references = item.get("ReferencedImageSequence")
    if not references:
        return True
    for reference in references:
        if reference.ReferencedSOPInstanceUID != image.SOPInstanceUID:
            continue
        frames = reference.get("ReferencedFrameNumber")
        if frames is None or frames == "":
            return True
        numbers = [frames] if isinstance(frames, (int, str)) else frames
        if frame_number is not None and frame_number in map(int, numbers):
            return True
    return False


def items_for(
    items: Iterable[Item] | None, image: Dataset, frame_number: int | None
) -> list[Item]:
    """Give the items that are for a frame."""
    return [item for item in items or [] if is_for(item, image, frame_number)]


def check_is_referenced(state: Dataset, image: Dataset) -> None:
    """Refuse an image that a presentation state is not for.

    Raises
    ------
    InvalidArgumentError
        If the image is not among those referenced.

    """
    uids = {
        reference.get("ReferencedSOPInstanceUID")
        for holder in (
            state,
            *(state.get("StudiesContainingOtherReferencedInstancesSequence") or []),
        )
        for series in holder.get("ReferencedSeriesSequence") or []
        for keyword in ("ReferencedImageSequence", "ReferencedInstanceSequence")
        for reference in series.get(keyword) or []
    }
    if image.get("SOPInstanceUID") not in uids - {None}:
        raise InvalidArgumentError(
            f"'image' must be one that the presentation state refers to, not "
            f"{image.get('SOPInstanceUID')}."
        )
