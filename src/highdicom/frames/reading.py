"""The table of frames of an image as it was read (PS3.3 C.7.6.16 and C.7.6.17)."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from highdicom.encoding.elements import stored_element, tag_of
from highdicom.errors import (
    ArgumentTypeError,
    DatasetError,
    InvalidArgumentError,
    InvalidAttributeError,
)
from highdicom.frames import access
from highdicom.frames.attributes import (
    attribute_values,
    column_of_images,
    column_value,
    number_of_frames,
)
from highdicom.frames.columns import (
    COLUMNS,
    COLUMNS_BY_KEYWORD,
    KEPT_GROUPS,
    SINGLE_FRAME_KEYWORDS,
)
from highdicom.frames.dimensions import Dimension, dimension_indices
from highdicom.frames.index import DistinctGroups, FrameIndex
from highdicom.frames.references import FrameReferences
from highdicom.spatial.reading import items_of, value_of

__all__ = ["index_of", "index_of_series"]

Array = npt.NDArray[Any]
Columns = dict[str, Array]

_TILED_FULL_COLUMNS = {
    "ColumnPositionInTotalImagePixelMatrix": "column_position",
    "RowPositionInTotalImagePixelMatrix": "row_position",
    "XOffsetInSlideCoordinateSystem": "x",
    "YOffsetInSlideCoordinateSystem": "y",
    "ZOffsetInSlideCoordinateSystem": "z",
}
# Items that the channels of a TILED_FULL image refer to, and what a frame has of them.
_CHANNELS = (
    ("SegmentSequence", "SegmentNumber", "ReferencedSegmentNumber"),
    ("OpticalPathSequence", "OpticalPathIdentifier", "OpticalPathIdentifier"),
)


def index_of(dataset: Dataset, groups: Iterable[str] = KEPT_GROUPS) -> FrameIndex:
    """Read the table of frames of an image.

    Values come from the functional groups, shared and per frame; from the order of the
    frames if the image is TILED_FULL; otherwise from the top level of the dataset,
    where the frames of an image may have a vector of values (Frame Increment Pointer).

    Parameters
    ----------
    dataset
        Single-frame or multi-frame image. It is not changed.
    groups
        Keywords of functional groups to be kept as a whole.

    Raises
    ------
    InvalidAttributeError
        If Number of Frames is no positive number, or the functional groups are so
        damaged that frames cannot be told apart. What is wrong with a single attribute
        is noted in the table, and raised when it is asked for.
    NonconformantDatasetError
        If the policy is strict and functional groups are missing.

    Examples
    --------
    >>> from pydicom.dataset import Dataset
    >>> from highdicom.frames.reading import index_of
    >>> image = Dataset()
    >>> image.ImagePositionPatient = [0, 0, 2.5]
    >>> index_of(image).shared("ImagePositionPatient").tolist()
    [0.0, 0.0, 2.5]

    """
    table = _Table(number_of_frames(dataset))
    if (
        "PerFrameFunctionalGroupsSequence" in dataset
        or "SharedFunctionalGroupsSequence" in dataset
    ):
        table.read_groups(dataset, groups)
    else:
        table.read_top_level(dataset)
    if access.is_tiled_full(dataset):
        table.read_order_of_tiles(dataset)
    return table.index()


class _Table:
    """A table that is being read."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.columns: Columns = {}
        self.dimensions: tuple[Dimension, ...] = ()
        self.indices: npt.NDArray[np.int64] = np.empty((count, 0), np.int64)
        self.references = FrameReferences.none()
        self.groups: dict[str, DistinctGroups] = {}
        self.unreadable: dict[str, str] = {}

    def index(self) -> FrameIndex:
        return FrameIndex(
            self.columns,
            self.dimensions,
            self.indices,
            self.references,
            self.groups,
            unreadable=self.unreadable,
        )

    def _add(self, keyword: str, read: Callable[[], Array | None]) -> None:
        """Add a column, or note what is wrong with it."""
        try:
            values = read()
        except DatasetError as error:
            self.unreadable[keyword] = str(error)
            return
        if values is not None:
            self.columns[keyword] = values

    def read_groups(self, dataset: Dataset, groups: Iterable[str]) -> None:
        frames = access.GroupedFrames(dataset, self.count)
        for column in COLUMNS:
            self._add(column.keyword, partial(frames.column, column))
        for keyword in groups:
            found = frames.groups(keyword)
            if found is not None:
                self.groups[keyword] = found
        try:
            self.references = access.source_references(frames)
        except DatasetError as error:
            self.unreadable["DerivationImageSequence"] = str(error)
        self._read_dimensions(dataset, frames)

    def _read_dimensions(
        self, dataset: Dataset, frames: "access.GroupedFrames"
    ) -> None:
        self.dimensions = tuple(_dimensions(dataset))
        self.indices = np.zeros((self.count, len(self.dimensions)), np.int64)
        try:
            self.indices = frames.dimension_index_values(len(self.dimensions))
        except DatasetError as error:
            self.unreadable["DimensionIndexValues"] = str(error)
        for dimension in self.dimensions:
            keyword = dimension.keyword
            known = COLUMNS_BY_KEYWORD.get(keyword)
            if known is not None and known.path == dimension.path:
                continue
            if keyword not in self.columns:
                self._add(keyword, partial(frames.any_values, dimension.path))

    def read_top_level(self, dataset: Dataset) -> None:
        for keyword in SINGLE_FRAME_KEYWORDS:
            if keyword == "ImagePositionPatient" and self.count > 1:
                # One position says nothing of the other frames.
                continue
            self._add(keyword, partial(self._repeated, dataset, keyword))
        self._read_vectors(dataset)

    def _repeated(self, dataset: Dataset, keyword: str) -> Array | None:
        value = column_value(dataset, COLUMNS_BY_KEYWORD[keyword])
        if value is None:
            return None
        return np.broadcast_to(value, (self.count, *np.shape(value)))

    def _read_vectors(self, dataset: Dataset) -> None:
        """Attributes with one value for each frame (PS3.3 C.7.6.6.1.2)."""
        for pointer in _frame_increments(dataset):
            keyword = keyword_for_tag(pointer)
            if keyword and pointer in dataset:
                self._add(keyword, partial(self._vector, dataset, keyword))
        if "GridFrameOffsetVector" in self.columns:
            self._add("ImagePositionPatient", partial(self._dose_positions, dataset))

    def _vector(self, dataset: Dataset, keyword: str) -> Array | None:
        values = attribute_values(dataset, keyword, "decimal")
        if values is None or (len(values) == 1 and self.count > 1):
            return None  # such as Frame Time, which is an increment itself
        if len(values) != self.count:
            raise InvalidAttributeError(
                f"The attribute '{keyword}' has {len(values)} values for {self.count} "
                "frames.",
                keyword=keyword,
            )
        return values

    def _dose_positions(self, dataset: Dataset) -> Array | None:
        """Positions of the planes of a dose grid (PS3.3 C.8.8.3.2)."""
        first = column_value(dataset, COLUMNS_BY_KEYWORD["ImagePositionPatient"])
        cosines = column_value(dataset, COLUMNS_BY_KEYWORD["ImageOrientationPatient"])
        if first is None or cosines is None:
            return None
        offsets = self.columns["GridFrameOffsetVector"]
        # Offsets are distances along the normal from the first plane, or, if the first
        # is not zero, z coordinates of axial planes.
        normal = np.cross(cosines[:3], cosines[3:])
        if offsets[0] != 0:
            if offsets[0] != first[2] or abs(normal[2]) < 0.9999:
                raise InvalidAttributeError(
                    f"The first value of GridFrameOffsetVector is {offsets[0]}, where it "
                    f"has to be zero or, for axial planes, the z coordinate {first[2]} "
                    "of ImagePositionPatient.",
                    keyword="GridFrameOffsetVector",
                )
            normal, offsets = np.array([0.0, 0.0, 1.0]), offsets - offsets[0]
        return np.asarray(first + offsets[:, None] * normal)

    def read_order_of_tiles(self, dataset: Dataset) -> None:
        """Positions and channels of the frames of a TILED_FULL image."""
        try:
            positions = access.tiled_full_positions(dataset)
        except DatasetError as error:
            for keyword in _TILED_FULL_COLUMNS:
                if keyword not in self.columns:
                    self.unreadable[keyword] = str(error)
            return
        for keyword, name in _TILED_FULL_COLUMNS.items():
            self.columns.setdefault(keyword, getattr(positions, name))
        if positions.channel_number is not None:
            self._add_channels(dataset, positions.channel_number - 1)
        if not self.indices.any() and all(
            dimension.keyword in self.columns for dimension in self.dimensions
        ):
            self.indices = dimension_indices(self.dimensions, self.columns)

    def _add_channels(self, dataset: Dataset, channels: npt.NDArray[np.int64]) -> None:
        for sequence, attribute, keyword in _CHANNELS:
            if sequence in dataset and keyword not in self.columns:
                values = [item.get(attribute) for item in dataset[sequence].value]
                if None not in values:
                    self.columns[keyword] = np.array(values)[channels]


def _dimensions(dataset: Dataset) -> Iterable[Dimension]:
    for item in items_of(dataset, "DimensionIndexSequence") or ():
        pointer = value_of(item, "DimensionIndexPointer")
        if pointer is None:
            raise InvalidAttributeError(
                "An item of DimensionIndexSequence has no DimensionIndexPointer.",
                keyword="DimensionIndexPointer",
            )
        yield Dimension(
            pointer,
            value_of(item, "FunctionalGroupPointer"),
            str(value_of(item, "DimensionOrganizationUID") or ""),
            value_of(item, "DimensionDescriptionLabel"),
        )


def _frame_increments(dataset: Dataset) -> list[BaseTag]:
    pointers = dataset.get("FrameIncrementPointer")
    if pointers is None and "GridFrameOffsetVector" in dataset:
        return [tag_of("GridFrameOffsetVector")]
    if isinstance(pointers, int):
        return [BaseTag(pointers)]
    return [BaseTag(pointer) for pointer in pointers or ()]


def index_of_series(datasets: Sequence[Dataset]) -> FrameIndex:
    """Read the table of the frames of several single-frame images.

    Parameters
    ----------
    datasets
        Single-frame images, one for each row of the table in the order given. They are
        not changed.

    Raises
    ------
    ArgumentTypeError
        If what is given are no datasets.
    InvalidArgumentError
        If an image has several frames.

    """
    for dataset in datasets:
        if not isinstance(dataset, Dataset):
            raise ArgumentTypeError(
                "'datasets' must hold datasets, but there is an object of type "
                f"{type(dataset).__name__}."
            )
    for place, dataset in enumerate(datasets):
        count = number_of_frames(dataset)
        if count > 1:
            raise InvalidArgumentError(
                f"'datasets' must hold single-frame images, but number {place + 1} has "
                f"{count} frames."
            )
    shared = [stored_element(d, "SharedFunctionalGroupsSequence") for d in datasets]
    if any(element is not None for element in shared):
        return _joined([index_of(dataset) for dataset in datasets])
    columns: Columns = {}
    unreadable: dict[str, str] = {}
    for keyword in SINGLE_FRAME_KEYWORDS:
        try:
            values = column_of_images(datasets, COLUMNS_BY_KEYWORD[keyword])
        except InvalidAttributeError as error:
            unreadable[keyword] = str(error)
            continue
        if values is not None:
            columns[keyword] = values
    return FrameIndex(
        columns,
        (),
        np.empty((len(datasets), 0), np.int64),
        FrameReferences.none(),
        unreadable=unreadable,
    )


def _joined(tables: Sequence[FrameIndex]) -> FrameIndex:
    """Table of enhanced images of one frame each."""
    columns: Columns = {}
    for keyword in {keyword for table in tables for keyword in table.columns}:
        column = COLUMNS_BY_KEYWORD.get(keyword)
        found = [table.columns.get(keyword) for table in tables]
        if column is not None:
            blank = column.without_values(1)
            columns[keyword] = np.concatenate(
                [blank if values is None else values for values in found]
            )
        elif all(values is not None for values in found):
            columns[keyword] = np.concatenate([v for v in found if v is not None])
    unreadable = {k: v for table in tables for k, v in table.unreadable.items()}
    return FrameIndex(
        columns,
        (),
        np.empty((len(tables), 0), np.int64),
        FrameReferences.none(),
        unreadable=unreadable,
    )
