"""Dimensions of a multi-frame image and the indices of frames (PS3.3 C.7.6.17)."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag, Tag

from highdicom.encoding.distinct import distinct_objects, distinct_rows
from highdicom.encoding.elements import TagPath, new_dataset, put, tag_of
from highdicom.errors import InvalidAttributeError, MissingAttributeError
from highdicom.records import record
from highdicom.spatial.stacking import get_plane_sort_index

__all__ = [
    "Dimension",
    "dimension_index_items",
    "dimension_indices",
    "dimension_organization_items",
    "tag_of_dimension",
]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]

# Their values are indices themselves, counted from one.
_VALUES_ARE_INDICES = frozenset(("ReferencedSegmentNumber",))


def tag_of_dimension(pointer: object) -> BaseTag:
    """Give a Dimension Index Pointer or Functional Group Pointer as a tag.

    Raises
    ------
    InvalidAttributeError
        If it is none.

    """
    try:
        return Tag(pointer)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidAttributeError(
            f"A dimension must be the attribute of one tag, not of {pointer!r}.",
            keyword="DimensionIndexPointer",
        ) from error


@record
class Dimension:
    """One dimension: the attribute whose values tell frames apart.

    Parameters
    ----------
    pointer
        Dimension Index Pointer: tag of the attribute.
    functional_group
        Functional Group Pointer: tag of the sequence that holds it, if any.
    organization_uid
        Dimension Organization UID.
    label
        Dimension Description Label.

    """

    pointer: BaseTag
    functional_group: BaseTag | None = None
    organization_uid: str = ""
    label: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "pointer", tag_of_dimension(self.pointer))
        if self.functional_group is not None:
            object.__setattr__(
                self, "functional_group", tag_of_dimension(self.functional_group)
            )

    @classmethod
    def of(
        cls,
        keyword: str,
        functional_group: str | None = None,
        organization_uid: str = "",
        label: str | None = None,
    ) -> "Dimension":
        """Make a dimension from keywords."""
        return cls(
            tag_of(keyword),
            tag_of(functional_group) if functional_group else None,
            organization_uid,
            label,
        )

    @property
    def keyword(self) -> str:
        """Keyword of the attribute, or its tag if it has none; names its column."""
        return keyword_for_tag(self.pointer) or str(self.pointer)

    @property
    def path(self) -> TagPath:
        """Where the attribute stands in the item of a frame."""
        if self.functional_group is None:
            return (self.pointer,)
        return self.functional_group, self.pointer


def _ranks(values: Array) -> Integers:
    """One-based rank of each value among the distinct ones."""
    if values.dtype.kind == "O":
        distinct, inverse = distinct_objects(values.tolist())
        ranks = np.argsort(np.argsort(np.array(distinct, object)))
        return np.asarray(ranks[inverse] + 1, np.int64)
    return distinct_rows(values)[1] + 1


def _plane_ranks(positions: Array, orientations: Array | None) -> Integers:
    """One-based rank of positions along the normal of the planes."""
    first, inverse = distinct_rows(positions)
    distinct = positions[first]
    if (
        not len(distinct)
        or orientations is None
        or not np.isfinite(distinct).all()
        or not (orientations == orientations[:1]).all()
    ):
        return inverse + 1
    order = np.empty(len(distinct), np.int64)
    order[get_plane_sort_index(distinct, orientations[0])] = np.arange(len(distinct))
    return order[inverse] + 1


def dimension_indices(
    dimensions: Iterable[Dimension], columns: Mapping[str, Array]
) -> Integers:
    """Compute the Dimension Index Values of frames from the values of the attributes.

    The index of a frame is the rank of its value among the distinct ones: for planes
    that share an orientation, the rank along the normal, in the order of the slices of
    a volume; otherwise from the smallest to the largest value. Segment numbers are
    indices themselves.

    Parameters
    ----------
    columns
        Values by keyword, shape (n,) or (n, vm).

    Returns
    -------
    numpy.ndarray
        Shape (n, d), counted from one.

    Raises
    ------
    MissingAttributeError
        If there is no column for a dimension.

    """
    indices = []
    for dimension in dimensions:
        keyword = dimension.keyword
        if keyword not in columns:
            raise MissingAttributeError(
                f"The dimension '{keyword}' cannot be indexed, since frames have no "
                "such value.",
                keyword=keyword,
            )
        values = columns[keyword]
        if keyword in _VALUES_ARE_INDICES and (values > 0).all():
            indices.append(values.astype(np.int64))
        elif keyword == "ImagePositionPatient":
            orientations = columns.get("ImageOrientationPatient")
            indices.append(_plane_ranks(values, orientations))
        else:
            indices.append(_ranks(values))
    if not indices:
        size = max((len(values) for values in columns.values()), default=0)
        return np.empty((size, 0), np.int64)
    return np.stack(indices, axis=1)


def dimension_index_items(dimensions: Iterable[Dimension]) -> list[Dataset]:
    """Items of the Dimension Index Sequence."""
    items = []
    for dimension in dimensions:
        item = new_dataset(Dataset)
        put(item, "DimensionOrganizationUID", dimension.organization_uid)
        put(item, "DimensionIndexPointer", dimension.pointer)
        if dimension.functional_group is not None:
            put(item, "FunctionalGroupPointer", dimension.functional_group)
        if dimension.label is not None:
            put(item, "DimensionDescriptionLabel", dimension.label)
        items.append(item)
    return items


def dimension_organization_items(dimensions: Iterable[Dimension]) -> list[Dataset]:
    """Items of the Dimension Organization Sequence."""
    uids = dict.fromkeys(dimension.organization_uid for dimension in dimensions)
    items = []
    for uid in uids:
        item = new_dataset(Dataset)
        put(item, "DimensionOrganizationUID", uid)
        items.append(item)
    return items
