"""Frames found by the source images that they were made of, or by dimension indices."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from pydicom.tag import BaseTag, Tag

from highdicom.errors import (
    AmbiguousFramesError,
    InvalidArgumentError,
    MissingFramesError,
    SpatialLocationsError,
    UnknownDimensionError,
    UnknownSourceError,
)
from highdicom.frames.index import FrameIndex
from highdicom.frames.references import PRESERVED

__all__ = [
    "frame_at_each",
    "places_of_indices",
    "places_of_instances",
    "places_of_source_frames",
]

Integers = npt.NDArray[np.int64]


def places_of_instances(
    index: FrameIndex,
    known: Collection[str],
    wanted: Sequence[str],
    *,
    ignore_spatial_locations: bool,
    allow_missing: bool,
) -> Integers:
    """Find the place of each frame in a list of source images.

    Parameters
    ----------
    index
        Frames of the derived image.
    known
        SOP Instance UIDs to which the image refers, beside those of its frames.
    wanted
        SOP Instance UIDs of the list.
    ignore_spatial_locations
        Whether the derivation need not have preserved spatial locations.
    allow_missing
        Whether the list may hold images to which nothing refers.

    Returns
    -------
    numpy.ndarray
        Zero-based place in the list, shape (n,); -1 for frames of other images.

    Raises
    ------
    InvalidArgumentError
        If no source image is named.
    UnknownSourceError
        If nothing refers to a source image.
    SpatialLocationsError
        If spatial locations were not preserved.

    """
    if len(wanted) == 0:
        raise InvalidArgumentError("'source_sop_instance_uids' must not be empty.")
    references = index.references
    _check_locations(index, ignore=ignore_spatial_locations)
    every = {*known, *references.sop_instance_uids}
    unknown = [uid for uid in wanted if uid not in every]
    if unknown and not allow_missing:
        raise UnknownSourceError(
            f"The image does not refer to the source image {unknown[0]}: set "
            "'assert_missing_frames_are_empty' to True to take it for empty."
        )
    place_of = {str(uid): place for place, uid in enumerate(wanted)}
    of_instance = np.array(
        [place_of.get(uid, -1) for uid in references.sop_instance_uids], np.int64
    )
    return _spread(index, of_instance[references.instance], references.frame)


def places_of_source_frames(
    index: FrameIndex,
    sop_instance_uid: str,
    frame_numbers: Sequence[int] | None,
    *,
    ignore_spatial_locations: bool,
    allow_missing: bool,
) -> tuple[Integers, int]:
    """Find the place of each frame in a list of frames of a source image.

    Parameters
    ----------
    index
        Frames of the derived image.
    sop_instance_uid
        Source image.
    frame_numbers
        One-based numbers of its frames; all up to the last that is referred to if not
        given.
    ignore_spatial_locations, allow_missing
        As of :func:`places_of_instances`.

    Returns
    -------
    tuple
        Zero-based place in the list, shape (n,), -1 for other frames; and the length of
        the list.

    Raises
    ------
    UnknownSourceError
        If nothing refers to the source image.
    MissingFramesError
        If a frame number is beyond the last that is referred to.
    SpatialLocationsError
        If spatial locations were not preserved.

    """
    references = index.references
    if sop_instance_uid not in references.sop_instance_uids:
        raise UnknownSourceError(
            f"The image does not refer to the source image {sop_instance_uid}."
        )
    _check_locations(index, ignore=ignore_spatial_locations)
    rows = references.rows_of(sop_instance_uid)
    numbers = references.frame_number[rows]
    last = int(numbers.max(initial=0))
    wanted = (
        np.arange(1, last + 1)
        if frame_numbers is None
        else _checked_numbers(frame_numbers)
    )
    beyond = wanted[wanted > last].tolist()
    if beyond and not allow_missing:
        raise MissingFramesError(
            f"The image does not refer to frame {beyond[0]} of the source image, nor to "
            "any after it: set 'assert_missing_frames_are_empty' to True to take it for "
            "empty.",
            frame_numbers=beyond,
        )
    place_of = {number: place for place, number in enumerate(wanted.tolist())}
    places = np.array([place_of.get(n, -1) for n in numbers.tolist()], np.int64)
    return _spread(index, places, references.frame[rows]), len(wanted)


def places_of_indices(
    index: FrameIndex,
    pointers: Sequence[int | BaseTag],
    wanted: Sequence[Sequence[int]],
    *,
    allow_missing: bool,
) -> Integers:
    """Find the place of each frame in a list of combinations of dimension indices.

    Parameters
    ----------
    index
        Frames.
    pointers
        Tags of the dimensions.
    wanted
        Combinations of one-based indices, one of each dimension.
    allow_missing
        Whether the list may hold combinations that no frame has.

    Returns
    -------
    numpy.ndarray
        Zero-based place in the list, shape (n,); -1 for other frames.

    Raises
    ------
    UnknownDimensionError
        If an attribute is no dimension.
    InvalidArgumentError
        If there are no combinations, or their lengths or values are wrong.
    MissingFramesError
        If no frame has a combination.

    """
    if len(wanted) == 0 or len(pointers) == 0:
        raise InvalidArgumentError(
            "'dimension_index_values' and 'dimension_index_pointers' must not be empty."
        )
    known = [dimension.pointer for dimension in index.dimensions]
    for pointer in pointers:
        if pointer not in known:
            raise UnknownDimensionError(
                f"{Tag(pointer)} is not among the dimensions of the image: "
                f"{', '.join(map(str, known)) or 'there are none'}."
            )
    for values in wanted:
        if len(values) != len(pointers) or min(values) < 1:
            raise InvalidArgumentError(
                "'dimension_index_values' must hold combinations of "
                f"{len(pointers)} positive indices, not {list(values)}."
            )
    columns = [known.index(BaseTag(pointer)) for pointer in pointers]
    combinations = map(tuple, index.dimension_indices[:, columns].tolist())
    place_of = {tuple(map(int, values)): place for place, values in enumerate(wanted)}
    places = np.array([place_of.get(c, -1) for c in combinations], np.int64)
    missing = sorted(set(range(len(wanted))) - set(places.tolist()))
    if missing and not allow_missing:
        raise MissingFramesError(
            f"No frame has the dimension indices {list(wanted[missing[0]])}: set "
            "'assert_missing_frames_are_empty' to True to take it for empty."
        )
    return places


def frame_at_each(places: Integers, count: int, *, allow_missing: bool) -> Integers:
    """Find the one frame at each place.

    Parameters
    ----------
    places
        Zero-based place of each frame, -1 for none.
    count
        Number of places.
    allow_missing
        Whether a place may have no frame.

    Returns
    -------
    numpy.ndarray
        Zero-based frame at each place, -1 where there is none.

    Raises
    ------
    AmbiguousFramesError
        If several frames have the same place.
    MissingFramesError
        If a place has none.

    """
    rows = np.flatnonzero(places >= 0)
    taken = np.bincount(places[rows], minlength=count)
    if (taken > 1).any():
        several = rows[places[rows] == int(np.argmax(taken))]
        raise AmbiguousFramesError(
            f"{len(several)} frames were made of the same source, where one is expected.",
            frame_numbers=(several + 1).tolist(),
        )
    if (taken == 0).any() and not allow_missing:
        raise MissingFramesError(
            f"No frame was made of the source at place {int(np.argmin(taken))} of those "
            "asked for: set 'assert_missing_frames_are_empty' to True to take it for "
            "empty."
        )
    frames = np.full(count, -1, np.int64)
    frames[places[rows]] = rows
    return frames


def _spread(index: FrameIndex, places: Integers, frames: Integers) -> Integers:
    """Place of each frame, of rows that each have a place and a frame."""
    found = np.full(len(index), -1, np.int64)
    present = places >= 0
    # The first reference of a frame is the one that counts.
    found[frames[present][::-1]] = places[present][::-1]
    return found


def _checked_numbers(frame_numbers: Sequence[int]) -> Integers:
    if len(frame_numbers) == 0:
        raise InvalidArgumentError("'source_frame_numbers' must not be empty.")
    wanted = np.asarray(frame_numbers)
    if wanted.dtype.kind not in "iu" or wanted.min() < 1:
        raise InvalidArgumentError(
            f"'source_frame_numbers' must be positive integers, not {frame_numbers}."
        )
    return wanted.astype(np.int64)


def _check_locations(index: FrameIndex, *, ignore: bool) -> None:
    if ignore:
        return
    preserved = index.references.locations_preserved
    if len(preserved) and (preserved != PRESERVED).any():
        raise SpatialLocationsError(
            "The image does not say that its frames show the same places as their "
            "source images (Spatial Locations Preserved): set "
            "'ignore_spatial_locations' to True if they do."
        )
