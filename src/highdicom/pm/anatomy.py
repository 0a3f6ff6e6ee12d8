"""The Frame Anatomy functional group, as far as source images tell (C.7.6.16.2.8)."""

from functools import cache

from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.coding import CodedConcept
from highdicom.encoding.elements import new_dataset, put, put_sequence
from highdicom.image.sources import SourceImages

__all__ = ["frame_anatomy_of"]

_GROUP = "FrameAnatomySequence"
_BY_IMAGE = ("AnatomicRegionSequence", "ImageLaterality")
_LATERALITIES = frozenset(("R", "L", "U", "B"))


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
    region, *others = (_region_of(dataset) for dataset in datasets)
    if region is None or any(other != region for other in others):
        return None
    sides = {_side_of(dataset) for dataset in datasets}
    item = new_dataset(Dataset)
    put_sequence(item, "AnatomicRegionSequence", [region])
    put(item, "FrameLaterality", sides.pop() if len(sides) == 1 else "B")
    return item


def _side_of(dataset: Dataset) -> str:
    given = (dataset.get("ImageLaterality"), dataset.get("Laterality"))
    return next((str(side) for side in given if side in _LATERALITIES), "U")


def _region_of(dataset: Dataset) -> CodedConcept | None:
    regions = dataset.get("AnatomicRegionSequence")
    if regions:
        return CodedConcept.from_dataset(regions[0])
    term = "".join(str(dataset.get("BodyPartExamined") or "").split()).upper()
    return _regions().get(term)


@cache
def _regions() -> dict[str, CodedConcept]:
    """Regions by body part, as far as that is their meaning without spaces."""
    named = {
        keyword.upper(): getattr(group, keyword)
        for group in (codes.cid4, codes.cid4031)
        for keyword in group.dir()
    }
    return {
        term: CodedConcept.from_code(code)
        for term, code in named.items()
        if code.scheme_designator == "SCT"
    }
