"""Functional groups of the frames of a converted image (PS3.3 C.7.6.16.2).

Each group is made once for each distinct combination of the attributes that it holds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.codec.format import PixelFormat
from highdicom.content.anatomy import frame_anatomy, region_of, side_of
from highdicom.encoding.decimals import decimal_string
from highdicom.encoding.elements import new_dataset, put, put_sequence, tag_of
from highdicom.encoding.tree import encode_items
from highdicom.frames.index import DistinctGroups
from highdicom.legacy.mapping import LegacyKind
from highdicom.legacy.references import encoded_references
from highdicom.legacy.sources import LegacyImages

__all__ = ["ConvertedGroups", "frame_type_of"]

Integers = npt.NDArray[np.int64]
Items = list[Dataset]

_WINDOW = (
    "WindowCenter",
    "WindowWidth",
    "WindowCenterWidthExplanation",
    "VOILUTFunction",
)
_DERIVATION = ("DerivationDescription", "DerivationCodeSequence", "SourceImageSequence")
_ANATOMY = (
    "AnatomicRegionSequence",
    "BodyPartExamined",
    "ImageLaterality",
    "Laterality",
)


def frame_type_of(image_type: Sequence[str]) -> list[str] | None:
    """Frame Type of an image (PS3.3 C.8.16.1); None if the image type says too little.

    The second value can only be PRIMARY. What the third may be is not limited to the
    defined terms; the fourth, what pixels were derived of, is not known.
    """
    if not image_type or not image_type[0]:
        return None
    third = image_type[2] if len(image_type) > 2 and image_type[2] else "VOLUME"
    return [str(image_type[0]), "PRIMARY", str(third), "NONE"]


@dataclass
class ConvertedGroups:
    """Functional groups of all frames, and which attributes they hold.

    Parameters
    ----------
    images
        The images, one for each frame, in their order.
    pixel_format
        Form of their pixels.
    implicit
        Whether groups are encoded in implicit VR.
    is_inverted
        Whether stored values are inverted by the conversion.
    character_set
        Specific Character Set of the converted image.

    """

    images: LegacyImages
    pixel_format: PixelFormat
    implicit: bool
    is_inverted: bool
    character_set: str | list[str]
    groups: dict[str, DistinctGroups] = field(default_factory=dict)
    assigned: set[int] = field(default_factory=set)
    """Tags of attributes that are held by a group, or said in another way."""

    @property
    def kind(self) -> LegacyKind:
        """Kind of the images."""
        return self.images.kind

    def add(
        self,
        group: str,
        keywords: Iterable[str],
        make: Callable[[int], Items | None],
    ) -> None:
        """Add a group.

        Parameters
        ----------
        group
            Keyword of its sequence.
        keywords
            Attributes that it is made of.
        make
            Makes the items of the image at a zero-based place; None if it has no such
            group.

        """
        tags = [int(tag_of(keyword)) for keyword in keywords]
        first, ids = self.images.elements.combined_ids(tags)
        made = [make(row) for row in first.tolist()]
        self._store(group, made, ids)

    def _store(self, group: str, made: list[Items | None], ids: Integers) -> None:
        kept = [items for items in made if items is not None]
        if not kept:
            return
        places = np.full(len(made), -1, np.int64)
        has_group = [place for place, items in enumerate(made) if items is not None]
        places[has_group] = np.arange(len(kept))
        self.groups[group] = DistinctGroups(
            places[ids],
            tuple(self._encoded(items) for items in kept),
            self.implicit,
            self.character_set,
        )

    def _encoded(self, items: Items) -> bytes:
        return encode_items(
            items, implicit=self.implicit, character_set=self.character_set
        )

    def _assign(self, keywords: Iterable[str]) -> None:
        self.assigned.update(int(tag_of(keyword)) for keyword in keywords)

    def _value(self, row: int, keyword: str) -> Any:
        return self.images.elements.value(row, keyword)

    def _copy(self, row: int, keyword: str, item: Dataset) -> None:
        """Copy an attribute into an item of a group."""
        if self._value(row, keyword) is not None:
            element = self.images.elements.element(row, tag_of(keyword))
            item[element.tag] = element

    # --- one group after the other ---------------------------------------------------

    def add_all(self) -> None:
        """Add all groups but those of unassigned attributes."""
        self.add(
            "PixelValueTransformationSequence", *self._pixel_value_transformation()
        )
        self._add_windows()
        self._add_anatomy()
        self._add_derivation()
        self.add(self.kind.frame_type_group, ["ImageType"], self._frame_type)
        for group, keyword in self.kind.kept_groups:
            self._add_kept(group, keyword)
        self._add_conversion_sources()

    def _pixel_value_transformation(
        self,
    ) -> tuple[list[str], Callable[[int], Items | None]]:
        keywords = ["RescaleIntercept", "RescaleSlope", "RescaleType"]
        self._assign(keywords[:2])
        rows = self.images.elements.distinct(["RescaleType"])
        given = {self._value(row, "RescaleType") for row in rows} - {None}
        if not self.kind.is_rescale_type_fixed or given <= {self.kind.rescale_type}:
            self._assign(["RescaleType"])
        return keywords, self._rescale

    def _rescale(self, row: int) -> Items:
        item = new_dataset(Dataset)
        intercept = self._value(row, "RescaleIntercept")
        slope = self._value(row, "RescaleSlope")
        is_rescaled = intercept is not None and slope is not None
        put(item, "RescaleIntercept", intercept if is_rescaled else 0)
        put(item, "RescaleSlope", slope if is_rescaled else 1)
        # Values that nothing was said about have no unit.
        unit = self.kind.rescale_type if is_rescaled else "US"
        if not self.kind.is_rescale_type_fixed:
            unit = self._value(row, "RescaleType") or unit
        put(item, "RescaleType", unit)
        return [item]

    def _add_windows(self) -> None:
        rows = self.images.elements.distinct(_WINDOW[:2])
        if all(self._has_window(row) for row in rows):
            self._assign(_WINDOW)
        self.add(
            "FrameVOILUTSequence",
            (*_WINDOW, "RescaleIntercept", "RescaleSlope"),
            self._window,
        )

    def _has_window(self, row: int) -> bool:
        return _count(self._value(row, "WindowCenter")) == _count(
            self._value(row, "WindowWidth")
        )

    def _window(self, row: int) -> Items | None:
        item = new_dataset(Dataset)
        if self._value(row, "WindowCenter") is not None and self._has_window(row):
            for keyword in _WINDOW:
                self._copy(row, keyword, item)
            if self.is_inverted:
                self._invert_window(row, item)
            return [item]
        if not self.kind.needs_window:
            return None
        # All values that can be stored, in the unit that they are rescaled to.
        rescale = self._rescale(row)[0]
        ends = sorted(
            float(rescale.RescaleSlope) * stored + float(rescale.RescaleIntercept)
            for stored in self.pixel_format.stored_range
        )
        width = ends[1] - ends[0] + 1
        put(item, "WindowCenter", decimal_string(ends[0] + width / 2))
        put(item, "WindowWidth", decimal_string(width))
        return [item]

    def _invert_window(self, row: int, item: Dataset) -> None:
        """Turn windows round: what was the lowest value becomes the highest."""
        total = sum(self.pixel_format.stored_range)
        # A linear window is centred half a value below its centre (PS3.3 C.11.2.1.2.1).
        function = self._value(row, "VOILUTFunction") or "LINEAR"
        total += 1 if function == "LINEAR" else 0
        centers = _listed(self._value(row, "WindowCenter"))
        inverted = [decimal_string(total - float(center)) for center in centers]
        put(item, "WindowCenter", inverted)

    def _add_anatomy(self) -> None:
        self.add("FrameAnatomySequence", _ANATOMY, self._anatomy)
        group = self.groups.get("FrameAnatomySequence")
        if group is not None and (group.ids >= 0).all():
            self._assign(_ANATOMY)
            # What goes with the region in the images stays with it.
            self._assign(["PrimaryAnatomicStructureSequence"])

    def _anatomy(self, row: int) -> Items | None:
        image = self.images.datasets[row]
        region = region_of(image)
        if region is None:
            return None
        item = frame_anatomy(region, side_of(image))
        self._copy(row, "PrimaryAnatomicStructureSequence", item)
        return [item]

    def _add_derivation(self) -> None:
        self.add("DerivationImageSequence", (*_DERIVATION, "ImageType"), self._derived)
        if "DerivationImageSequence" in self.groups:
            self._assign(_DERIVATION)

    def _derived(self, row: int) -> Items | None:
        if all(self._value(row, keyword) is None for keyword in _DERIVATION):
            image_type = _listed(self._value(row, "ImageType"))
            return [] if image_type[:1] == ["DERIVED"] else None
        item = new_dataset(Dataset)
        put_sequence(item, "SourceImageSequence", [])
        for keyword in _DERIVATION:
            self._copy(row, keyword, item)
        return [item]

    def _frame_type(self, row: int) -> Items | None:
        image_type = [str(value) for value in _listed(self._value(row, "ImageType"))]
        frame_type = frame_type_of(image_type)
        if frame_type is None:
            return None
        item = new_dataset(Dataset)
        put(item, "FrameType", frame_type)
        put(item, "PixelPresentation", "MONOCHROME")
        put(item, "VolumetricProperties", "VOLUME")
        put(item, "VolumeBasedCalculationTechnique", "NONE")
        return [item]

    def _add_kept(self, group: str, keyword: str) -> None:
        def make(row: int) -> Items | None:
            value = self._value(row, keyword)
            if not value:
                return None
            if group == keyword:
                element = self.images.elements.element(row, tag_of(keyword))
                return list(element.value)
            item = new_dataset(Dataset)
            self._copy(row, keyword, item)
            return [item]

        self.add(group, [keyword], make)
        if group in self.groups:
            self._assign([keyword])

    def _add_conversion_sources(self) -> None:
        self.groups["ConversionSourceAttributesSequence"] = DistinctGroups(
            np.arange(len(self.images)),
            tuple(encoded_references(self.images, implicit=self.implicit)),
            self.implicit,
            self.character_set,
        )

    def add_unassigned(self, group: str, tags: Sequence[int]) -> None:
        """Add attributes of the images that have no other place.

        Parameters
        ----------
        group
            Keyword of the sequence.
        tags
            The attributes.

        """
        first, ids = self.images.elements.combined_ids(tags)
        # There is always an item, even if nothing is left for it.
        made: list[Items | None] = [
            [self.images.elements.item(row, tags, implicit=self.implicit)]
            for row in first.tolist()
        ]
        self._store(group, made, ids)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if hasattr(value, "append") else [value]


def _count(value: Any) -> int:
    return len(_listed(value))
