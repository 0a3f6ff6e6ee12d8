"""Frames found by the source images that they were made of, or by dimension indices."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pydicom.tag import BaseTag, Tag

from highdicom.errors import (
    AmbiguousFramesError,
    ArgumentTypeError,
    FrameNumberError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingFramesError,
    SpatialLocationsError,
    UnknownDimensionError,
    UnknownSourceError,
)
from highdicom.frames.index import FrameIndex
from highdicom.frames.references import PRESERVED, FrameReferences

__all__ = [
    "SourceMatches",
    "frame_at_each",
    "match_indices",
    "match_instances",
    "match_source_frames",
]

Integers = npt.NDArray[np.int64]

# Of an image whose frames are all asked for; a number beyond is taken for damage.
_LAST_FRAME = 2**24


class SourceMatches(NamedTuple):
    """Which frames belong at which places of a list of sources.

    A frame may belong at several places, and a place may have several frames.
    """

    frames: Integers
    """Zero-based frame of each match, shape (m,)."""
    places: Integers
    """Zero-based place of each match, shape (m,)."""
    length: int
    """Number of places in the list."""


def match_instances(
    index: FrameIndex,
    known: Collection[str],
    wanted: Sequence[str],
    *,
    ignore_spatial_locations: bool,
    allow_missing: bool,
) -> SourceMatches:
    """Find the frames that were made of each of several source images.

    Parameters
    ----------
    index
        Frames of the derived image.
    known
        SOP Instance UIDs to which the image refers, beside those of its frames.
    wanted
        SOP Instance UIDs of the list, in any order and repeated if need be.
    ignore_spatial_locations
        Whether the derivation need not have preserved spatial locations.
    allow_missing
        Whether the list may hold images to which nothing refers.

    Raises
    ------
    InvalidArgumentError
        If no source image is named.
    MissingFramesError
        If the image does not say what its frames were made of.
    UnknownSourceError
        If nothing refers to a source image.
    SpatialLocationsError
        If spatial locations were not preserved in a frame that is found.
    ArgumentTypeError
        If one UID is given instead of a sequence.

    """
    if isinstance(wanted, str):
        raise ArgumentTypeError(
            "'source_sop_instance_uids' must be a sequence of UIDs, not a single one."
        )
    if len(wanted) == 0:
        raise InvalidArgumentError("'source_sop_instance_uids' must not be empty.")
    references = _required_references(index)
    every = {*known, *references.sop_instance_uids}
    unknown = [uid for uid in wanted if uid not in every]
    if unknown and not allow_missing:
        raise UnknownSourceError(
            f"The image does not refer to the source image {unknown[0]}: set "
            "'assert_missing_frames_are_empty' to True to take it for empty."
        )
    # Several numbers may stand for one instance, which several classes are said to have.
    number_of = {str(uid): number for number, uid in enumerate(wanted)}
    of_instance = np.array(
        [number_of.get(uid, -1) for uid in references.sop_instance_uids], np.int64
    )
    of_row = of_instance[references.instance]
    rows = np.flatnonzero(of_row >= 0)
    _check_locations(references, rows, ignore=ignore_spatial_locations)
    numbers = np.array([number_of[str(uid)] for uid in wanted], np.int64)
    return _matches(references.frame[rows], of_row[rows], numbers)


def match_source_frames(
    index: FrameIndex,
    known: Collection[str],
    sop_instance_uid: str,
    frame_numbers: Sequence[int] | None,
    *,
    ignore_spatial_locations: bool,
    allow_missing: bool,
) -> SourceMatches:
    """Find the frames that were made of each of several frames of a source image.

    Parameters
    ----------
    index, known
        As of :func:`match_instances`.
    sop_instance_uid
        Source image.
    frame_numbers
        One-based numbers of its frames, in any order and repeated if need be; all up
        to the last that is referred to if not given.
    ignore_spatial_locations, allow_missing
        As of :func:`match_instances`.

    Raises
    ------
    InvalidArgumentError
        If no frame is named, or a number is not positive.
    MissingFramesError
        If the image does not say what its frames were made of, or which frames of the
        source image they were made of.
    UnknownSourceError
        If nothing refers to the source image.
    FrameNumberError
        If a frame number is beyond the last that is referred to.
    SpatialLocationsError
        If spatial locations were not preserved.
    ArgumentTypeError
        If frame numbers are needed but not given.
    InvalidAttributeError
        If the last number that is referred to cannot be right.

    """
    wanted = None if frame_numbers is None else _checked_numbers(frame_numbers)
    references = _required_references(index)
    is_known = sop_instance_uid in {*known, *references.sop_instance_uids}
    if not (is_known or allow_missing):
        raise UnknownSourceError(
            f"The image does not refer to the source image {sop_instance_uid}."
        )
    rows = references.rows_of(sop_instance_uid)
    numbers = references.frame_number[rows]
    last = int(numbers.max(initial=0))
    if wanted is not None and not allow_missing:
        _check_known(wanted, last, sop_instance_uid)
    _check_locations(references, rows, ignore=ignore_spatial_locations)
    if wanted is None:
        if not last:
            raise ArgumentTypeError(
                "'source_frame_numbers' must be given, since the image refers to no "
                f"single frames of the source image {sop_instance_uid}."
            )
        if last > _LAST_FRAME:
            raise InvalidAttributeError(
                f"The image refers to frame {last} of the source image "
                f"{sop_instance_uid}, which is beyond {_LAST_FRAME}: give "
                "'source_frame_numbers' to read frames of it.",
                keyword="ReferencedFrameNumber",
            )
        wanted = np.arange(1, last + 1)
    return _matches(references.frame[rows], numbers, wanted)


def match_indices(
    index: FrameIndex,
    pointers: Sequence[int | BaseTag | str],
    wanted: Sequence[Sequence[int]],
    *,
    allow_missing: bool,
) -> SourceMatches:
    """Find the frames that have each of several combinations of dimension indices.

    Parameters
    ----------
    index
        Frames.
    pointers
        Tags of the dimensions; keywords are none.
    wanted
        Combinations of one-based indices, one of each dimension, in any order and
        repeated if need be.
    allow_missing
        Whether the list may hold combinations that no frame has.

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
        if isinstance(pointer, str) or pointer not in known:
            name = repr(pointer) if isinstance(pointer, str) else Tag(pointer)
            raise UnknownDimensionError(
                f"{name} is not among the dimensions of the image: "
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
    listed = [tuple(map(int, values)) for values in wanted]
    number_of = {values: number for number, values in enumerate(listed)}
    of_frame = np.array([number_of.get(c, -1) for c in combinations], np.int64)
    numbers = np.array([number_of[values] for values in listed], np.int64)
    missing = np.flatnonzero(~np.isin(numbers, of_frame))
    if len(missing) and not allow_missing:
        raise MissingFramesError(
            f"No frame has the dimension indices {list(listed[missing[0]])}: set "
            "'assert_missing_frames_are_empty' to True to take it for empty."
        )
    frames = np.flatnonzero(of_frame >= 0)
    return _matches(frames, of_frame[frames], numbers)


def frame_at_each(matches: SourceMatches) -> Integers:
    """Find the one frame at each place.

    Parameters
    ----------
    matches
        Frames and their places.

    Returns
    -------
    numpy.ndarray
        Zero-based frame at each place, -1 where there is none.

    Raises
    ------
    AmbiguousFramesError
        If several frames have the same place.

    """
    taken = np.bincount(matches.places, minlength=matches.length)
    if (taken > 1).any():
        several = matches.frames[matches.places == int(np.argmax(taken))]
        raise AmbiguousFramesError(
            f"{len(several)} frames were made of the same source, where one is expected.",
            frame_numbers=(several + 1).tolist(),
        )
    frames = np.full(matches.length, -1, np.int64)
    frames[matches.places] = matches.frames
    return frames


def _matches(frames: Integers, numbers: Integers, wanted: Integers) -> SourceMatches:
    """Join rows, each a frame and a number, with the numbers that are wanted."""
    # A frame that names a source twice was made of it once.
    frames, numbers = np.unique(np.stack([frames, numbers], axis=1), axis=0).T
    order = np.argsort(wanted, kind="stable")
    starts = np.searchsorted(wanted[order], numbers, side="left")
    counts = np.searchsorted(wanted[order], numbers, side="right") - starts
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return SourceMatches(
        np.repeat(frames, counts),
        order[np.repeat(starts, counts) + within],
        len(wanted),
    )


def _required_references(index: FrameIndex) -> FrameReferences:
    """Refuse to take everything for empty because nothing is known of sources."""
    if not len(index.references):
        raise MissingFramesError(
            "The image does not say which source frames its frames were made of "
            "(Derivation Image Sequence), as those with a geometry of their own and "
            "TILED_FULL ones do not."
        )
    return index.references


def _check_known(wanted: Integers, last: int, sop_instance_uid: str) -> None:
    """Refuse frames of which it is not known whether they exist."""
    if not last:
        raise MissingFramesError(
            f"The image does not refer to frame {wanted[0]} of the source image "
            f"{sop_instance_uid}, but to the whole of it (there is no Referenced Frame "
            "Number): set 'assert_missing_frames_are_empty' to True to take it for empty."
        )
    beyond = wanted[wanted > last].tolist()
    if beyond:
        raise FrameNumberError(
            f"The image does not refer to frame {beyond[0]} of the source image, nor to "
            "any after it: set 'assert_missing_frames_are_empty' to True to take it for "
            "empty.",
            frame_numbers=beyond,
        )


def _checked_numbers(frame_numbers: Sequence[int]) -> Integers:
    if len(frame_numbers) == 0:
        raise InvalidArgumentError("'source_frame_numbers' must not be empty.")
    wanted = np.asarray(frame_numbers)
    if wanted.dtype.kind not in "iu" or wanted.min() < 1:
        raise InvalidArgumentError(
            f"'source_frame_numbers' must be positive integers, not {frame_numbers}."
        )
    return wanted.astype(np.int64)


def _check_locations(
    references: FrameReferences, rows: Integers, *, ignore: bool
) -> None:
    if ignore:
        return
    if (references.locations_preserved[rows] != PRESERVED).any():
        raise SpatialLocationsError(
            "The image does not say that its frames show the same places as their "
            "source images (Spatial Locations Preserved): set "
            "'ignore_spatial_locations' to True if they do."
        )
