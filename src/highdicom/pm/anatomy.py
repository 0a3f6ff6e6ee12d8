"""The Frame Anatomy functional group, as far as source images tell (C.7.6.16.2.8)."""

from pydicom.dataset import Dataset

from highdicom.content.anatomy import frame_anatomy, region_of, side_of
from highdicom.image.sources import SourceImages

__all__ = ["frame_anatomy_of"]

_GROUP = "FrameAnatomySequence"
_BY_IMAGE = ("AnatomicRegionSequence", "ImageLaterality")


def frame_anatomy_of(sources: SourceImages) -> Dataset | None:
    """Give the item of the Frame Anatomy Sequence that all frames share.

    Parameters
    ----------
    sources
        Images whose frames have such a group, or that name the region or the body part
        examined.

    Returns
    -------
    Dataset | None
        None if images do not tell which region they show, or show different ones.

    """
    ids, groups = sources.index.distinct(_GROUP)
    if len(groups) == 1 and (ids >= 0).all():
        item: Dataset = groups[0][0]
        return item
    # The body part is the same for all images of a series (PS3.3 C.7.3.1).
    is_told_by_image = any(keyword in sources.first for keyword in _BY_IMAGE)
    datasets = sources.datasets if is_told_by_image else sources.datasets[:1]
    region, *others = (region_of(dataset) for dataset in datasets)
    if region is None or any(other != region for other in others):
        return None
    sides = {side_of(dataset) for dataset in datasets}
    return frame_anatomy(region, sides.pop() if len(sides) == 1 else "B")
