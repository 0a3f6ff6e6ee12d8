"""The ICC profile that belongs to a frame (PS3.3 C.11.15 and C.8.12.5)."""

from functools import cached_property
from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from highdicom.encoding.lazy import lazy_sequence

__all__ = ["IccProfiles"]

_PER_FRAME_FUNCTIONAL_GROUPS = 0x52009230


class IccProfiles:
    """ICC profiles of the frames of an image.

    Slides have a profile for each optical path, other images at most one.

    Parameters
    ----------
    dataset
        Attributes of the image.

    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def of_frame(self, index: int) -> bytes | None:
        """Return the profile of a frame, if it has one.

        Parameters
        ----------
        index
            Zero-based index of the frame.

        """
        profile: bytes | None = self._dataset.get("ICCProfile")
        paths = self._dataset.get("OpticalPathSequence")
        if profile is not None or not paths:
            return profile
        profiles: list[bytes | None] = [path.get("ICCProfile") for path in paths]
        return profiles[0 if len(set(profiles)) == 1 else self._path_of(index)]

    def _path_of(self, index: int) -> int:
        """Return the place of a frame's optical path among those of the image."""
        paths = self._dataset.OpticalPathSequence
        if self._dataset.get("DimensionOrganizationType") == "TILED_FULL":
            # All tiles of a path come before those of the next (PS3.3 C.7.6.17.3).
            number_of_frames = int(self._dataset.get("NumberOfFrames") or 1)
            return min(index * len(paths) // number_of_frames, len(paths) - 1)
        identifiers = [path.get("OpticalPathIdentifier") for path in paths]
        wanted = self._identifier_of(index)
        return identifiers.index(wanted) if wanted in identifiers else 0

    def _identifier_of(self, index: int) -> str | None:
        for groups in self._groups_of(index):
            for item in groups.get("OpticalPathIdentificationSequence") or ():
                identifier: str | None = item.get("OpticalPathIdentifier")
                return identifier
        return None

    def _groups_of(self, index: int) -> list[Dataset]:
        """Return the functional groups that apply to a frame, its own first."""
        own = [self._per_frame[index]] if index < len(self._per_frame) else []
        return [*own, *(self._dataset.get("SharedFunctionalGroupsSequence") or ())]

    @property
    def _character_set(self) -> str | list[str]:
        names = self._dataset.original_character_set
        return names if isinstance(names, str) else list(names)

    @cached_property
    def _per_frame(self) -> Any:
        if _PER_FRAME_FUNCTIONAL_GROUPS not in self._dataset:
            return ()
        element: Any = self._dataset.get_item(_PER_FRAME_FUNCTIONAL_GROUPS)
        if isinstance(element, RawDataElement) and element.is_little_endian:
            return lazy_sequence(element, self._character_set)
        return self._dataset[_PER_FRAME_FUNCTIONAL_GROUPS].value
