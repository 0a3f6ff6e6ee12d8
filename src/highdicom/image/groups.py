"""Functional groups on which the pixel transforms of frames depend."""

from pydicom.dataset import Dataset

from highdicom.frames.index import DistinctGroups, FrameIndex

__all__ = [
    "MODALITY",
    "OPTICAL_PATH",
    "REAL_WORLD",
    "VALUES_OF_INTEREST",
    "TransformGroups",
]

REAL_WORLD = "RealWorldValueMappingSequence"
MODALITY = "PixelValueTransformationSequence"
VALUES_OF_INTEREST = "FrameVOILUTSequence"
OPTICAL_PATH = "OpticalPathIdentificationSequence"


class TransformGroups:
    """Functional groups of the frames of an image, each decoded when it is needed.

    Parameters
    ----------
    index
        The frames.

    """

    def __init__(self, index: FrameIndex) -> None:
        self._index = index
        self._kept: dict[str, DistinctGroups] = {}
        self._items: dict[tuple[str, int], list[Dataset]] = {}
        self._ids: dict[str, list[int]] = {}

    def number(self, keyword: str, frame: int) -> int:
        """Number of the group of a frame among those that differ, -1 for none.

        Parameters
        ----------
        keyword
            Keyword of the sequence.
        frame
            Zero-based index of the frame.

        """
        ids = self._ids.get(keyword)
        if ids is None:
            ids = self._ids[keyword] = self._read(keyword)
        return ids[frame]

    def items(self, keyword: str, number: int) -> list[Dataset]:
        """Items of a group, none if its number is negative.

        Parameters
        ----------
        keyword
            Keyword of the sequence.
        number
            As :meth:`number` gives it.

        Raises
        ------
        InvalidAttributeError
            If the group is damaged.

        """
        if number < 0:
            return []
        items = self._items.get((keyword, number))
        if items is None:
            kept = self._kept[keyword]
            one = DistinctGroups(
                kept.ids[:0],
                kept.encoded[number : number + 1],
                kept.implicit,
                kept.character_set,
            )
            items = self._items[keyword, number] = one.decoded()[0]
        return items

    def _read(self, keyword: str) -> list[int]:
        kept = self._index.groups.get(keyword)
        if kept is not None:
            self._kept[keyword] = kept
            return list(kept.ids.tolist())
        ids, items = self._index.distinct(keyword)
        self._items.update({(keyword, k): group for k, group in enumerate(items)})
        return list(ids.tolist())
