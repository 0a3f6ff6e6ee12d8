"""Source images of frames, read from their functional groups (PS3.3 C.7.6.16.2.6)."""

from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.encoding.cursor import Occurrences, ParsedItems
from highdicom.encoding.elements import TagPath, tag_of
from highdicom.encoding.extraction import texts_at
from highdicom.errors import InvalidAttributeError
from highdicom.frames.grouped import GroupedFrames
from highdicom.frames.references import (
    NOT_PRESERVED,
    PRESERVED,
    UNKNOWN,
    FrameReferences,
)

__all__ = ["source_references"]

Integers = npt.NDArray[np.int64]

_SOURCE: TagPath = (tag_of("DerivationImageSequence"), tag_of("SourceImageSequence"))
_INSTANCE: TagPath = (*_SOURCE, tag_of("ReferencedSOPInstanceUID"))
_CLASS: TagPath = (*_SOURCE, tag_of("ReferencedSOPClassUID"))
_FRAMES: TagPath = (*_SOURCE, tag_of("ReferencedFrameNumber"))
_LOCATIONS: TagPath = (*_SOURCE, tag_of("SpatialLocationsPreserved"))
# A source that was reoriented has its pixels elsewhere.
_PRESERVED = {"YES": PRESERVED, "NO": NOT_PRESERVED, "REORIENTED_ONLY": NOT_PRESERVED}


def source_references(frames: GroupedFrames) -> FrameReferences:
    """Read the source images of all frames.

    A source image that is named for all frames in common is one of each frame. A
    source of which several frames are named makes one row for each.

    Raises
    ------
    InvalidAttributeError
        If a frame number is no positive number.

    """
    per_frame, shared = frames.found(_INSTANCE)
    if len(per_frame):
        return _Sources(frames, frames.per_frame, per_frame).references()
    if not len(shared):
        return FrameReferences.none()
    common = _Sources(frames, frames.shared, shared).references()
    count = len(frames)
    return FrameReferences(
        np.repeat(np.arange(count), len(common)),
        np.tile(common.instance, count),
        np.tile(common.frame_number, count),
        np.tile(common.locations_preserved, count),
        common.sop_instance_uids,
        common.sop_class_uids,
    )


class _Sources:
    """Source images of frames: the items of Source Image Sequences."""

    def __init__(
        self, frames: GroupedFrames, items: ParsedItems, instances: Occurrences
    ) -> None:
        self.items = items
        self.instances = instances
        self.character_set = frames.character_set
        # How many items there are at most, so that items can be numbered.
        self._sizes = instances.items.max(axis=0, initial=0) + 1

    def _keys(self, found: Occurrences) -> Integers:
        """One number for each source image, ascending."""
        first, second = self._sizes
        within = found.items[:, 0] * second + found.items[:, 1]
        return np.asarray(found.rows * (first * second) + within, np.int64)

    def _texts(self, path: TagPath) -> tuple[list[str], Integers]:
        """Distinct values, and which one each source image has, -1 for none."""
        found = self.items.occurrences(path).nonempty()
        # Items without an instance are no references.
        found = found.selected((found.items < self._sizes).all(axis=1))
        texts, places = texts_at(self.items, found, path, self.character_set)
        keys, wanted = self._keys(found), self._keys(self.instances)
        values = np.full(len(self.instances), -1, np.int64)
        place = np.searchsorted(wanted, keys)
        known = place < len(wanted)
        known[known] = wanted[place[known]] == keys[known]
        values[place[known]] = places[known]
        return texts, values

    def references(self) -> FrameReferences:
        uids, instance = texts_at(self.items, self.instances, _INSTANCE)
        classes, class_of = self._texts(_CLASS)
        locations, location_of = self._texts(_LOCATIONS)
        preserved = np.array([_PRESERVED.get(text, UNKNOWN) for text in locations])
        table = np.append(preserved, UNKNOWN).astype(np.int64)
        numbers, counts = self._frame_numbers()
        rows = np.repeat(np.arange(len(self.instances)), counts)
        # The class of an instance is that of its first mention.
        first = np.unique(instance, return_index=True)[1]
        return FrameReferences(
            self.instances.rows[rows],
            instance[rows],
            numbers,
            table[location_of][rows],
            tuple(uids),
            tuple((*classes, "")[place] for place in class_of[first].tolist()),
        )

    def _frame_numbers(self) -> tuple[Integers, Integers]:
        """Frame numbers of all source images in a row, and how many each has."""
        texts, places = self._texts(_FRAMES)
        lists: list[Any] = [_parsed(text) for text in texts] + [np.zeros(1, np.int64)]
        counts = np.array([len(numbers) for numbers in lists])[places]
        if (counts == 1).all():
            return np.concatenate(lists)[places], counts
        return np.concatenate([lists[place] for place in places.tolist()]), counts


def _parsed(text: str) -> Integers:
    parts = text.split("\\")
    if not all(part.strip().isdecimal() and 0 < int(part) < 2**31 for part in parts):
        raise InvalidAttributeError(
            f"The value '{text[:64]}' of ReferencedFrameNumber is no frame number, which "
            "counts from one.",
            keyword="ReferencedFrameNumber",
        )
    return np.array([int(part) for part in parts], np.int64)
