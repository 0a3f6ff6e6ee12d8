"""Frames found by the source images that they were made of."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.errors import (
    AmbiguousFramesError,
    InvalidArgumentError,
    MissingFramesError,
    SpatialLocationsError,
    UnknownSourceError,
)
from highdicom.frames.index import FrameIndex
from highdicom.frames.references import PRESERVED

__all__ = ["frames_of_instances", "frames_of_source_frames"]

Integers = npt.NDArray[np.int64]


def frames_of_instances(
    index: FrameIndex,
    sop_instance_uids: Sequence[str],
    *,
    ignore_spatial_locations: bool,
    allow_missing: bool,
) -> Integers:
    """Find the frame made of each of several source images.

    Parameters
    ----------
    index
        Frames of the derived image.
    sop_instance_uids
        Source images wanted.
    ignore_spatial_locations
        Whether the derivation need not have preserved spatial locations.
    allow_missing
        Whether a source image may have no frame.

    Returns
    -------
    numpy.ndarray
        Zero-based frame for each source image, -1 where there is none.

    Raises
    ------
    InvalidArgumentError
        If no source image is named.
    UnknownSourceError
        If nothing is known of a source image.
    AmbiguousFramesError
        If several frames were made of one.
    SpatialLocationsError
        If spatial locations were not preserved.

    """
    if len(sop_instance_uids) == 0:
        raise InvalidArgumentError("'source_sop_instance_uids' must not be empty.")
    references = index.references
    _check_locations(index, ignore=ignore_spatial_locations)
    known = {uid: number for number, uid in enumerate(references.sop_instance_uids)}
    unknown = [uid for uid in sop_instance_uids if uid not in known]
    if unknown and not allow_missing:
        raise UnknownSourceError(
            f"No frame was made of the source image {unknown[0]}: set "
            "'assert_missing_frames_are_empty' to True to take it for empty."
        )
    wanted = np.array([known.get(str(uid), -1) for uid in sop_instance_uids])
    return _frame_of_each(references.instance, references.frame, wanted, known)


def frames_of_source_frames(
    index: FrameIndex,
    sop_instance_uid: str,
    frame_numbers: Sequence[int] | None,
    *,
    ignore_spatial_locations: bool,
    allow_missing: bool,
) -> Integers:
    """Find the frame made of each of several frames of a source image.

    Parameters
    ----------
    index
        Frames of the derived image.
    sop_instance_uid
        Source image.
    frame_numbers
        One-based numbers of its frames; all of which frames were made if not given.
    ignore_spatial_locations, allow_missing
        As of :func:`frames_of_instances`.

    Returns
    -------
    numpy.ndarray
        Zero-based frame for each source frame, -1 where there is none.

    Raises
    ------
    UnknownSourceError
        If nothing is known of the source image.
    MissingFramesError
        If no frame was made of a source frame.
    AmbiguousFramesError
        If several frames were made of one.
    SpatialLocationsError
        If spatial locations were not preserved.

    """
    references = index.references
    if sop_instance_uid not in references.sop_instance_uids:
        raise UnknownSourceError(
            f"No frame was made of the source image {sop_instance_uid}."
        )
    _check_locations(index, ignore=ignore_spatial_locations)
    rows = references.rows_of(sop_instance_uid)
    numbers = references.frame_number[rows]
    if frame_numbers is None:
        wanted = np.arange(1, int(numbers.max(initial=0)) + 1)
    else:
        wanted = _checked_numbers(frame_numbers)
    found = _frame_of_each(
        numbers, references.frame[rows], wanted, {f"frame {n}": n for n in wanted}
    )
    missing = wanted[found < 0].tolist()
    if missing and not allow_missing:
        raise MissingFramesError(
            f"No frame was made of frame {missing[0]} of the source image: set "
            "'assert_missing_frames_are_empty' to True to take it for empty.",
            frame_numbers=missing,
        )
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


def _frame_of_each(
    keys: Integers, frames: Integers, wanted: Integers, names: dict[str, Any]
) -> Integers:
    """Frame for each wanted key, of rows that each have a key and a frame."""
    found = np.full(len(wanted), -1, np.int64)
    for place, key in enumerate(wanted.tolist()):
        made = np.unique(frames[keys == key]) if key >= 0 else frames[:0]
        if len(made) > 1:
            name = next(name for name, value in names.items() if value == key)
            raise AmbiguousFramesError(
                f"{len(made)} frames were made of the source {name}, where one is "
                "expected.",
                frame_numbers=(made + 1).tolist(),
            )
        if len(made):
            found[place] = made[0]
    return found
