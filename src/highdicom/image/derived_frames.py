"""Functional groups of frames that are derived from those of other images."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.frames.dimensions import Dimension
from highdicom.frames.index import DistinctGroups, FrameIndex
from highdicom.frames.references import PRESERVED, FrameReferences
from highdicom.frames.writing import (
    DerivationCodes,
    FunctionalGroups,
    functional_groups,
)
from highdicom.image.planes import Planes, rows_of_further
from highdicom.image.sources import SourceImages
from highdicom.records import record

__all__ = ["DerivedFrames"]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]


@record(eq=False)
class DerivedFrames:
    """Which plane each frame of a derived image shows.

    Parameters
    ----------
    planes
        Where planes lie.
    sources
        Source images that `planes` refers to.
    plane_of_frame
        Zero-based plane of each frame, shape (n,).
    size
        Rows and columns of the planes.

    """

    planes: Planes
    sources: SourceImages
    plane_of_frame: Integers
    size: tuple[int, int]

    def __len__(self) -> int:
        """Count the frames."""
        return len(self.plane_of_frame)

    def positions(self) -> dict[str, Array]:
        """Where the frames lie, by keyword, each of shape (n,) or (n, vm)."""
        return {
            keyword: np.asarray(column)[self.plane_of_frame]
            for keyword, column in self.planes.columns.items()
        }

    def references(self) -> FrameReferences:
        """Source frames that show the same pixels, those of further images last."""
        frames: list[Integers] = []
        uids: list[str] = []
        classes: list[str] = []
        numbers: list[Integers] = []
        of_further = rows_of_further(self.sources, self.planes, self.size)
        for images, row_of_plane in [
            (self.sources, self.planes.source_rows),
            *of_further,
        ]:
            rows = row_of_plane[self.plane_of_frame]
            found = np.flatnonzero(rows >= 0)
            found_uids, found_classes, found_numbers = images.instances_of(rows[found])
            frames.append(found)
            uids += found_uids
            classes += found_classes
            numbers.append(found_numbers)
        every = np.concatenate(frames)
        preserved = np.full(len(every), PRESERVED)
        return FrameReferences.of(
            every, uids, classes, np.concatenate(numbers), preserved
        )

    def functional_groups(
        self,
        columns: Mapping[str, Array],
        dimensions: Sequence[Dimension],
        indices: Integers | None,
        *,
        derivation: Code | CodedConcept,
        shared: Dataset,
        implicit: bool,
        character_set: str | list[str],
        groups: Mapping[str, DistinctGroups] | None = None,
    ) -> FunctionalGroups:
        """Encode the functional groups.

        Parameters
        ----------
        columns
            Attributes of the frames by keyword, with their positions.
        dimensions, indices
            Dimensions and the indices of the frames along them, shape (n, d).
        derivation
            What was done with the source images.
        shared
            Further groups that all frames share.
        implicit
            Whether to encode in implicit VR.
        character_set
            Of the image.
        groups
            Groups that differ between frames as a whole, by keyword.

        """
        index = FrameIndex.of(
            columns,
            dimensions,
            indices,
            self.references(),
            groups or {},
            number_of_frames=len(self),
        )
        purpose = codes.DCM.SourceImageForImageProcessingOperation
        return functional_groups(
            index,
            shared=shared,
            implicit=implicit,
            derivation=DerivationCodes(
                [CodedConcept.from_code(derivation)], [CodedConcept.from_code(purpose)]
            ),
            character_set=character_set,
        )
