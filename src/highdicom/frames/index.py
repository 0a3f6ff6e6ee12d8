"""The table of frames: what is known about each frame of an image, one row per frame."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from io import BytesIO
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydicom.charset import convert_encodings, default_encoding
from pydicom.dataset import Dataset
from pydicom.filereader import read_sequence

from highdicom.encoding.distinct import distinct_rows
from highdicom.encoding.elements import new_dataset, put
from highdicom.errors import (
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    MixedValuesError,
)
from highdicom.frames.columns import COLUMNS, is_absent
from highdicom.frames.dimensions import Dimension
from highdicom.frames.references import FrameReferences
from highdicom.records import field, record, values_of

__all__ = ["DistinctGroups", "FrameIndex"]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]
_Made = TypeVar("_Made")


def _frozen(array: Array) -> Array:
    view: Array = np.asarray(array).view()
    view.flags.writeable = False
    return view


@record(eq=False)
class DistinctGroups:
    """A functional group of all frames, each distinct one once.

    Parameters
    ----------
    ids
        Shape (n,): index of the group of each frame among the distinct ones, -1 for
        frames without it.
    encoded
        Values of the distinct sequences, little endian.
    implicit
        Whether they are in implicit VR.
    character_set
        Of the dataset that they stand in.

    """

    ids: Integers
    encoded: tuple[bytes, ...]
    implicit: bool = False
    character_set: str | list[str] = default_encoding

    def __post_init__(self) -> None:
        ids = _frozen(np.asarray(self.ids, np.int64))
        object.__setattr__(self, "ids", ids)
        object.__setattr__(self, "encoded", tuple(self.encoded))
        if len(ids) and not (ids.min() >= -1 and ids.max() < len(self.encoded)):
            raise InvalidArgumentError(
                f"Functional groups are numbered from {ids.min()} to {ids.max()}, but "
                f"there are {len(self.encoded)}."
            )

    def decoded(self) -> list[list[Dataset]]:
        """Items of each distinct sequence.

        Raises
        ------
        InvalidAttributeError
            If they are damaged.

        """
        return [self._decoded(value) for value in self.encoded]

    def _decoded(self, value: bytes) -> list[Dataset]:
        encodings = convert_encodings(self.character_set)
        try:
            return list(
                read_sequence(
                    BytesIO(value), self.implicit, True, len(value), encodings
                )
            )
        except Exception as error:
            raise InvalidAttributeError(
                f"A functional group cannot be decoded: {error}."
            ) from error

    def selected(self, rows: Integers) -> "DistinctGroups":
        """Keep some frames."""
        return DistinctGroups(
            self.ids[rows], self.encoded, self.implicit, self.character_set
        )

    def __eq__(self, other: object) -> bool:
        """Compare the groups of all frames, in whatever order the distinct ones are."""
        if not isinstance(other, DistinctGroups):
            return NotImplemented
        if len(self.ids) != len(other.ids):
            return False
        first, _ = distinct_rows(np.stack([self.ids, other.ids], axis=1))
        pairs = zip(self.ids[first].tolist(), other.ids[first].tolist(), strict=True)
        same_encoding = self.implicit == other.implicit
        ours: Sequence[Any] = self.encoded if same_encoding else self.decoded()
        theirs: Sequence[Any] = other.encoded if same_encoding else other.decoded()
        return all(
            mine == yours if min(mine, yours) < 0 else ours[mine] == theirs[yours]
            for mine, yours in pairs
        )

    __hash__ = None  # type: ignore[assignment]


@record(eq=False)
class FrameIndex:
    """What is known about each frame of an image, one row per frame.

    The arrays cannot be written to. Tables can be pickled, compared, and read from
    several threads.

    Parameters
    ----------
    columns
        Arrays of shape (n,) or (n, vm) by keyword: float64, int64 or text. Where a
        frame has no value stands NaN, the smallest integer or the empty string.
        Dimensions without a keyword are named by their tag.
    dimensions
        Dimensions of the image.
    dimension_indices
        Shape (n, d): Dimension Index Values, counted from one; zero where a frame has
        none.
    references
        Source images of the frames.
    groups
        Functional groups that are kept as a whole, by keyword.
    frames
        Shape (n,): zero-based index in the image of the frame of each row.
    unreadable
        What is wrong with attributes that cannot be read, by keyword.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom.frames.index import FrameIndex
    >>> segment_numbers = np.array([1, 2, 1])
    >>> index = FrameIndex.of({"ReferencedSegmentNumber": segment_numbers})
    >>> index.where(ReferencedSegmentNumber=1).frames.tolist()
    [0, 2]

    """

    columns: Mapping[str, Array]
    dimensions: tuple[Dimension, ...]
    dimension_indices: Integers
    references: FrameReferences
    groups: Mapping[str, DistinctGroups] = field(default_factory=dict)
    frames: Integers = field(default_factory=lambda: np.empty(0, np.int64))
    unreadable: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        indices = np.asarray(self.dimension_indices, np.int64)
        size = len(indices)
        frames = self.frames if len(self.frames) or not size else np.arange(size)
        columns = {key: _frozen(column) for key, column in self.columns.items()}
        if indices.shape != (size, len(self.dimensions)):
            raise InvalidArgumentError(
                f"Dimension indices have shape {indices.shape}, where "
                f"{(size, len(self.dimensions))} is needed for {size} frames and "
                f"{len(self.dimensions)} dimensions."
            )
        for keyword, column in (*columns.items(), ("frames", frames)):
            if len(column) != size:
                raise InvalidArgumentError(
                    f"The column '{keyword}' has {len(column)} rows, where there are "
                    f"{size} frames."
                )
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "dimensions", tuple(self.dimensions))
        object.__setattr__(self, "dimension_indices", _frozen(indices))
        object.__setattr__(self, "groups", dict(self.groups))
        object.__setattr__(self, "unreadable", dict(self.unreadable))
        object.__setattr__(self, "frames", _frozen(np.asarray(frames, np.int64)))

    @classmethod
    def of(
        cls,
        columns: Mapping[str, npt.ArrayLike],
        dimensions: Sequence[Dimension] = (),
        dimension_indices: npt.ArrayLike | None = None,
        references: FrameReferences | None = None,
        groups: Mapping[str, DistinctGroups] | None = None,
        *,
        number_of_frames: int | None = None,
    ) -> "FrameIndex":
        """Make a table, leaving out what an image does not have.

        Parameters
        ----------
        number_of_frames
            Needed only if there are no columns and no dimension indices.

        """
        arrays = {key: np.asarray(column) for key, column in columns.items()}
        if dimension_indices is None:
            sizes = [len(array) for array in arrays.values()]
            size = sizes[0] if sizes else number_of_frames or 0
            dimension_indices = np.zeros((size, len(dimensions)), np.int64)
        return cls(
            arrays,
            tuple(dimensions),
            np.asarray(dimension_indices),
            references or FrameReferences.none(),
            groups or {},
        )

    def __len__(self) -> int:
        """Count the frames."""
        return len(self.dimension_indices)

    def column(self, keyword: str) -> Array:
        """Values of an attribute, shape (n,) or (n, vm).

        Raises
        ------
        InvalidAttributeError
            If the attribute is there, but cannot be read.
        MissingAttributeError
            If no frame has it.

        """
        if keyword in self.unreadable:
            raise InvalidAttributeError(self.unreadable[keyword], keyword=keyword)
        try:
            return self.columns[keyword]
        except KeyError:
            raise MissingAttributeError(
                f"The frames have no attribute '{keyword}'.", keyword=keyword
            ) from None

    def once(self, key: Hashable, make: Callable[["FrameIndex"], _Made]) -> _Made:
        """Give what is made of the table, which is kept as long as the table is.

        Parameters
        ----------
        key
            What tells it from all else that is made of the table.
        make
            Makes it; of several threads each may do so.

        """
        made: dict[Hashable, Any] = self.__dict__.setdefault("_made", {})
        if key not in made:
            made[key] = make(self)
        result: _Made = made[key]
        return result

    def is_shared(self, keyword: str) -> bool:
        """Tell whether all frames have the same value."""
        return self._first_other(self.column(keyword)) is None

    @staticmethod
    def _first_other(column: Array) -> int | None:
        if len(column) < 2 or column.strides[0] == 0:
            return None
        differs = column != column[:1]
        if column.dtype.kind == "f":
            differs &= ~(np.isnan(column) & np.isnan(column[:1]))
        if differs.ndim > 1:
            differs = differs.any(axis=1)
        place = int(np.argmax(differs))
        return place if differs[place] else None

    def shared(self, keyword: str) -> Any:
        """Return the one value that all frames have in common.

        Returns
        -------
        Any
            A number or text, or an array of shape (vm,).

        Raises
        ------
        InvalidAttributeError
            If the attribute is there, but cannot be read.
        MissingAttributeError
            If no frame has it, or there are no frames.
        MixedValuesError
            If frames differ.

        """
        column = self.column(keyword)
        if not len(column):
            raise MissingAttributeError(
                f"There are no frames that could have '{keyword}'.", keyword=keyword
            )
        other = self._first_other(column)
        if other is not None:
            numbers = self.frames[[0, other]] + 1
            raise MixedValuesError(
                f"The frames differ in '{keyword}': it is {column[0]} for frame "
                f"{numbers[0]} and {column[other]} for frame {numbers[1]}.",
                frame_numbers=numbers.tolist(),
            )
        return column[0] if column.ndim > 1 else column[0].item()

    def rows_where(self, **values: object) -> Integers:
        """Find the rows that have the values given for all keywords, shape (m,)."""
        found = np.ones(len(self), np.bool_)
        for keyword, value in values.items():
            column = self.column(keyword)
            equal = np.asarray(column == np.asarray(value))
            found &= equal.all(axis=1) if equal.ndim > 1 else equal
        return np.flatnonzero(found)

    def where(self, **values: object) -> "FrameIndex":
        """Keep the rows that have the values given for all keywords."""
        return self.selected(self.rows_where(**values))

    def selected(self, rows: npt.ArrayLike) -> "FrameIndex":
        """Keep some rows.

        Parameters
        ----------
        rows
            Shape (m,): zero-based, in any order.

        """
        rows = np.asarray(rows, np.int64)
        return FrameIndex(
            {keyword: column[rows] for keyword, column in self.columns.items()},
            self.dimensions,
            self.dimension_indices[rows],
            self.references.selected(rows),
            {keyword: group.selected(rows) for keyword, group in self.groups.items()},
            self.frames[rows],
            self.unreadable,
        )

    def positions_of(
        self, values: Mapping[str, Sequence[object]], rows: Integers | None = None
    ) -> Integers:
        """Find the place of each row in a list of wanted values.

        Parameters
        ----------
        values
            For each keyword the wanted values, all of the same number: the first
            values of all keywords belong together, and so on.
        rows
            Shape (m,): zero-based rows of interest; all if not given.

        Returns
        -------
        numpy.ndarray
            Shape (n,) or (m,): zero-based place in the list, -1 if the values of the
            row are not wanted.

        """
        sizes = {len(wanted) for wanted in values.values()}
        if len(sizes) != 1:
            raise InvalidArgumentError(
                f"For each keyword the same number of values has to be given, but there "
                f"are {sorted(sizes)}."
            )
        count = sizes.pop()
        pairs = [
            (column if rows is None else column[rows], _wanted(column, wanted))
            for keyword, wanted in values.items()
            for column in (self.column(keyword),)
        ]
        if len(pairs) == 1 and all(
            array.ndim == 1 and array.dtype.kind in "iu" for array in pairs[0]
        ):
            return _places_of_integers(*pairs[0])
        codes = [distinct_rows(np.concatenate(pair[::-1]))[1] for pair in pairs]
        _, code = distinct_rows(np.stack(codes, axis=1))
        place_of = np.full(int(code.max(initial=-1)) + 1, -1, np.int64)
        place_of[code[:count]] = np.arange(count)
        return place_of[code[count:]]

    def distinct(self, group: str) -> tuple[Integers, list[list[Dataset]]]:
        """Functional groups of all frames, decoding each distinct one once.

        Parameters
        ----------
        group
            Keyword of the sequence, such as ``"FrameVOILUTSequence"``. Of a group that
            is not kept as a whole, items have those attributes that are columns.

        Returns
        -------
        tuple
            Shape (n,): index of the group of each frame, -1 for frames without it;
            and the items of each distinct group.

        """
        found = self.groups.get(group)
        if found is not None:
            return found.ids, found.decoded()
        columns = {
            column.keyword: self.columns[column.keyword]
            for column in COLUMNS
            if column.group == group and column.keyword in self.columns
        }
        if not columns:
            return np.full(len(self), -1, np.int64), []
        return _groups_of_columns(columns)

    def __eq__(self, other: object) -> bool:
        """Compare all that is known about the frames; NaN equals NaN."""
        if not isinstance(other, FrameIndex):
            return NotImplemented
        return (
            self.columns.keys() == other.columns.keys()
            and all(_equal(self.columns[k], other.columns[k]) for k in self.columns)
            and self.dimensions == other.dimensions
            and np.array_equal(self.dimension_indices, other.dimension_indices)
            and np.array_equal(self.frames, other.frames)
            and self.references == other.references
            and self.groups == other.groups
            and self.unreadable == other.unreadable
        )

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what it was made of, so that the arrays stay protected."""
        return FrameIndex, tuple(values_of(self).values())


def _groups_of_columns(
    columns: Mapping[str, Array],
) -> tuple[Integers, list[list[Dataset]]]:
    """Distinct items made of columns, and which one each frame has."""
    codes = [distinct_rows(column)[1] for column in columns.values()]
    first, ids = distinct_rows(np.stack(codes, axis=1))
    absent = np.all([is_absent(column) for column in columns.values()], axis=0)
    groups = []
    for row in first.tolist():
        item = new_dataset(Dataset)
        for keyword, column in columns.items():
            if not is_absent(column[row : row + 1]).any():
                put(item, keyword, column[row].tolist())
        groups.append([item])
    return np.where(absent, -1, ids), groups


def _places_of_integers(values: Array, wanted: Array) -> Integers:
    """Last place of each value among those wanted, -1 if it is not."""
    if not len(wanted):
        return np.full(len(values), -1, np.int64)
    order = np.argsort(wanted, kind="stable")
    last = np.searchsorted(wanted, values, side="right", sorter=order) - 1
    places = order[np.maximum(last, 0)]
    return np.where(wanted[places] == values, places, -1)


def _wanted(column: Array, values: Sequence[object]) -> Array:
    return np.asarray(values).reshape(len(values), *column.shape[1:])


def _equal(ours: Array, theirs: Array) -> bool:
    floats = ours.dtype.kind == "f" and theirs.dtype.kind == "f"
    return np.array_equal(ours, theirs, equal_nan=floats)
