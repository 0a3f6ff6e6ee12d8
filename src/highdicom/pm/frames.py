"""Functional groups and dimensions of the frames of a parametric map (PS3.3 A.75.4)."""

from collections.abc import Iterator
from concurrent.futures import Executor
from copy import deepcopy
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from highdicom.codec.encoder import FrameEncoder
from highdicom.codec.profiles import profile_of
from highdicom.coding import CodedConcept
from highdicom.encoding.elements import new_dataset, put, put_sequence
from highdicom.encoding.tree import encode_items
from highdicom.enum import CoordinateSystemNames
from highdicom.frames.dimensions import Dimension
from highdicom.frames.index import DistinctGroups
from highdicom.frames.writing import FunctionalGroups
from highdicom.image.derived_frames import DerivedFrames
from highdicom.image.dimension_index import LABELS, POSITIONS
from highdicom.image.pieces import Pieces
from highdicom.image.planes import Planes, shared_groups
from highdicom.image.sources import SourceImages
from highdicom.image.spool import SpooledFrames
from highdicom.image.threads import in_threads, parts_of
from highdicom.pm.anatomy import frame_anatomy_of
from highdicom.pm.mappings import Mappings
from highdicom.pm.pixels import MapPixels
from highdicom.pm.streaming import MapStream
from highdicom.records import record
from highdicom.uid import UID

__all__ = ["MapFrames", "dimension_organization_items"]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]

_MAPPING = "RealWorldValueMappingSequence"
_CHANNEL = ("LUTLabel", _MAPPING)
# Bytes copied together: small frames are not pieces of their own, and memory for less
# than a few mebibytes is not asked of the system anew.
_PIECE = 2**20


@record
class MapFrames:
    """The frames of a map: all planes of the first channel, then those of the next.

    Parameters
    ----------
    pixels
        What they show.
    planes
        Where they lie.
    sources
        Images that they were made of.
    mappings
        Real world value mappings of each channel.
    order
        Zero-based planes in the order in which their frames stand, shape (p,).

    """

    pixels: MapPixels | MapStream
    planes: Planes
    sources: SourceImages
    mappings: Mappings
    order: Integers

    @property
    def plane(self) -> Integers:
        """Zero-based plane of each frame, shape (n,)."""
        return np.tile(self.order, len(self.mappings))

    @property
    def channel(self) -> Integers:
        """Zero-based channel of each frame, shape (n,)."""
        return np.repeat(np.arange(len(self.mappings)), len(self.order))

    def __len__(self) -> int:
        """Count the frames."""
        return len(self.order) * len(self.mappings)

    def pixel_data(
        self, encoder: FrameEncoder, workers: int | Executor
    ) -> Pieces | Iterator[Array] | SpooledFrames:
        """Give all frames in their order.

        Parameters
        ----------
        encoder
            Encodes a frame.
        workers
            Number of processes that encode, or an executor.

        Returns
        -------
        Pieces, Iterator or SpooledFrames
            Native pixel data, or pixels of the frames as they are stored, or frames
            that were encoded as they came.

        """
        if isinstance(self.pixels, MapStream):
            return self.pixels.spooled(self.order, encoder, workers)
        is_native = profile_of(encoder.transfer_syntax_uid).is_native
        return self._native(self.pixels) if is_native else self._stored(self.pixels)

    def _stored(self, pixels: MapPixels) -> Iterator[Array]:
        """Go through the pixels of the frames, as they are stored."""
        for channel in range(len(self.mappings)):
            for plane in self.order.tolist():
                yield pixels.frame(plane, channel)

    def _native(self, pixels: MapPixels) -> Pieces:
        """Copy all frames into native pixel data, which is little endian."""
        frames = list(zip(self.plane.tolist(), self.channel.tolist(), strict=True))
        little = np.dtype(pixels.stored_type).newbyteorder("<")
        together = max(1, _PIECE // (prod(pixels.shape) * little.itemsize))
        runs = [frames[n : n + together] for n in range(0, len(frames), together)]
        copies = [memoryview(b"")] * len(runs)

        def copy(part: slice) -> None:
            for place in range(*part.indices(len(runs))):
                copied = np.empty((len(runs[place]), *pixels.shape), little)
                for target, (plane, channel) in zip(copied, runs[place], strict=True):
                    target[...] = pixels.frame(plane, channel)
                copies[place] = copied.view(np.uint8).data

        in_threads(
            copy, parts_of(len(runs), len(frames) * pixels.pixel_format.frame_size)
        )
        return Pieces(copies)

    def shared_groups(self, further: Dataset) -> Dataset:
        """Functional groups that all frames share.

        Parameters
        ----------
        further
            Groups beside those of the planes and, if there is a single channel, its
            mappings.

        """
        item = shared_groups(self.planes)
        item.update(further)
        anatomy = frame_anatomy_of(self.sources)
        if anatomy is not None:
            put_sequence(item, "FrameAnatomySequence", [anatomy])
        if len(self.mappings) == 1:
            item.RealWorldValueMappingSequence = self.mappings[0]
        # What belongs to the user or to source images is not shared with the map.
        return deepcopy(item)

    def functional_groups(
        self,
        shared: Dataset,
        derivation: Code | CodedConcept,
        *,
        implicit: bool,
        character_set: str | list[str],
    ) -> FunctionalGroups:
        """Encode the functional groups.

        Parameters
        ----------
        shared
            Groups that all frames share.
        derivation
            What was done with the source images.
        implicit
            Whether to encode in implicit VR.
        character_set
            Of the image.

        """
        frames = DerivedFrames(self.planes, self.sources, self.plane, self.pixels.shape)
        columns = frames.positions()
        dimensions, indices = self._dimensions(columns)
        groups = {}
        if len(self.mappings) > 1:
            encoded = [
                encode_items(channel, implicit=implicit, character_set=character_set)
                for channel in self.mappings
            ]
            groups[_MAPPING] = DistinctGroups(
                self.channel, tuple(encoded), implicit, character_set
            )
        return frames.functional_groups(
            columns,
            dimensions,
            indices,
            derivation=derivation,
            shared=shared,
            implicit=implicit,
            character_set=character_set,
            groups=groups,
        )

    def _dimensions(self, columns: dict[str, Array]) -> tuple[list[Dimension], Array]:
        """Dimensions and the indices of the frames along them, shape (n, d)."""
        system = self.planes.coordinate_system
        assert system is not None, "a map lies in a frame of reference"
        named = list(POSITIONS[system])
        if system is CoordinateSystemNames.SLIDE:
            indices = [
                np.unique(columns[kw], return_inverse=True)[1] for kw, _ in named
            ]
        else:
            indices = [np.tile(np.arange(len(self.order)), len(self.mappings))]
        labels = [channel[0].lut_label for channel in self.mappings]
        # Channels of the same label cannot be told apart by it, but by their order.
        if len(labels) > 1 and len(set(labels)) == len(labels):
            named.insert(0, _CHANNEL)
            indices.insert(0, self.channel)
        uid = str(UID())
        dimensions = [Dimension.of(kw, group, uid, LABELS[kw]) for kw, group in named]
        return dimensions, np.stack(indices, axis=1) + 1


def dimension_organization_items() -> list[Dataset]:
    """Items of the Dimension Organization Sequence of a map without dimensions."""
    item = new_dataset(Dataset)
    put(item, "DimensionOrganizationUID", UID())
    return [item]
