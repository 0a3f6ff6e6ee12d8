"""Planes compared by where they lie: whether they are distinct, and which coincide."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from highdicom.content.plane import PixelMeasuresSequence, PlaneOrientationSequence
from highdicom.errors import InvalidArgumentError, MissingAttributeError
from highdicom.frames.columns import is_absent
from highdicom.spatial.orientation import get_normal_vector
from highdicom.spatial.stacking import distances_along

__all__ = [
    "COLUMN",
    "OFFSETS",
    "ROW",
    "check_distinct",
    "check_on_grid",
    "is_same_grid",
    "matching_rows",
]

Array = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]

ROW = "RowPositionInTotalImagePixelMatrix"
COLUMN = "ColumnPositionInTotalImagePixelMatrix"
OFFSETS = (
    "XOffsetInSlideCoordinateSystem",
    "YOffsetInSlideCoordinateSystem",
    "ZOffsetInSlideCoordinateSystem",
)

# Positions in millimetres that are nearer are the same.
_POSITION_TOLERANCE = 1e-3
# Spacings, in parts of each other, and direction cosines that are nearer are the same.
_SPACING_TOLERANCE = 1e-4
_COSINE_TOLERANCE = 1e-4


def is_same_grid(
    ours: tuple[PlaneOrientationSequence, PixelMeasuresSequence],
    theirs: tuple[PlaneOrientationSequence, PixelMeasuresSequence],
) -> bool:
    """Tell whether rows and columns of two images run alike and are as far apart."""
    (orientation, measures), (their_orientation, their_measures) = ours, theirs
    return bool(
        np.allclose(
            measures.pixel_spacing,
            their_measures.pixel_spacing,
            rtol=_SPACING_TOLERANCE,
        )
        and np.allclose(
            orientation.cosines, their_orientation.cosines, atol=_COSINE_TOLERANCE
        )
    )


def check_distinct(
    columns: Mapping[str, Array], orientation: PlaneOrientationSequence | None
) -> None:
    """Refuse planes that cannot be told apart by their place.

    Parameters
    ----------
    columns
        Positions by keyword, shape (p,) or (p, vm).
    orientation
        Orientation of all planes.

    Raises
    ------
    MissingAttributeError
        If one has no place.
    InvalidArgumentError
        If several lie in the same place.

    """
    if not columns or orientation is None:
        return
    for keyword, values in columns.items():
        absent = np.flatnonzero(is_absent(values))
        if len(absent):
            raise MissingAttributeError(
                f"{len(absent)} of {len(values)} source frames have no {keyword}, the "
                f"first of them frame {absent[0] + 1}.",
                keyword=keyword,
            )
    if ROW in columns:
        places = np.stack([columns[ROW], columns[COLUMN]], 1)
        distinct = len(np.unique(places, axis=0))
    else:
        along = _along_normal(columns, orientation)
        ordered = np.sort(along)
        distinct = 1 + int(
            np.count_nonzero(np.diff(ordered) > _POSITION_TOLERANCE / 10)
        )
        places = along
    if distinct < len(places):
        raise InvalidArgumentError(
            f"The {len(places)} planes lie in {distinct} different places: the positions "
            "of source frames, or 'plane_positions' if given, must not contain "
            "duplicates, measured along the normal of the planes."
        )


def check_on_grid(
    columns: Mapping[str, Array],
    orientation: PlaneOrientationSequence | None,
    measures: PixelMeasuresSequence,
) -> None:
    """Refuse tiles whose place on the slide is not that of their row and column.

    Parameters
    ----------
    columns, orientation
        As of :func:`check_distinct`.
    measures
        Spacing of pixels.

    Raises
    ------
    InvalidArgumentError
        If a tile lies more than a pixel from where it should.

    """
    if ROW not in columns or orientation is None:
        return
    cosines = np.asarray(orientation.cosines)
    spacing = np.asarray(measures.pixel_spacing)
    points = np.stack([columns[keyword] for keyword in OFFSETS], axis=1)
    expected = (
        np.outer(columns[COLUMN] - columns[COLUMN][0], spacing[1] * cosines[:3])
        + np.outer(columns[ROW] - columns[ROW][0], spacing[0] * cosines[3:])
        + points[0]
    )
    apart = np.abs(points - expected)[:, :2].max(axis=1)
    wrong = np.flatnonzero(apart > max(spacing))
    if len(wrong):
        raise InvalidArgumentError(
            f"'plane_positions[{wrong[0]}]' lies {apart[wrong[0]]:g} mm from where its "
            "row and column in the total pixel matrix are, given the orientation and "
            "the spacing of pixels."
        )


def _along_normal(
    columns: Mapping[str, Array], orientation: PlaneOrientationSequence
) -> npt.NDArray[np.float64]:
    points = np.asarray(columns["ImagePositionPatient"], np.float64)
    normal = get_normal_vector([float(value) for value in orientation.cosines])
    return np.asarray(distances_along(points, normal))


def matching_rows(
    columns: Mapping[str, Array],
    known: Mapping[str, Array],
    orientation: PlaneOrientationSequence | None,
) -> Integers:
    """Find the one of known planes that lies where each of others does.

    Parameters
    ----------
    columns, known
        Positions by keyword, shape (p,) or (p, vm), and those of the known planes.
    orientation
        Orientation of all of them.

    Returns
    -------
    numpy.ndarray
        Zero-based row of the known plane at each position, shape (p,); -1 if there is
        none.

    """
    if orientation is None:
        return np.full(len(next(iter(columns.values()))), -1, np.int64)
    if ROW in columns:
        rows = _rows_of_same_tile(columns, known)
        wanted, there = (
            np.stack([np.asarray(of[keyword], np.float64) for keyword in OFFSETS], 1)
            for of in (columns, known)
        )
    else:
        rows = _nearest(
            _along_normal(columns, orientation), _along_normal(known, orientation)
        )
        wanted, there = (
            np.asarray(of["ImagePositionPatient"], np.float64)
            for of in (columns, known)
        )
    found = rows >= 0
    apart = np.abs(wanted[found] - there[rows[found]]).max(axis=1, initial=0)
    rows[np.flatnonzero(found)[apart > _POSITION_TOLERANCE]] = -1
    return rows


def _rows_of_same_tile(
    columns: Mapping[str, Array], known: Mapping[str, Array]
) -> Integers:
    width = int(max(columns[COLUMN].max(), known[COLUMN].max())) + 1
    ours, theirs = (of[ROW] * width + of[COLUMN] for of in (columns, known))
    # Several focal planes or optical paths may share a place: the first one counts.
    places, first = np.unique(theirs, return_index=True)
    nearest = np.minimum(np.searchsorted(places, ours), len(places) - 1)
    return np.where(places[nearest] == ours, first[nearest], -1).astype(np.int64)


def _nearest(wanted: Array, known: Array) -> Integers:
    order = np.argsort(known, kind="stable")
    ordered = known[order]
    after = np.clip(np.searchsorted(ordered, wanted), 1, max(len(known) - 1, 1))
    after = np.minimum(after, len(known) - 1)
    before = np.maximum(after - 1, 0)
    is_before = np.abs(wanted - ordered[before]) <= np.abs(wanted - ordered[after])
    return np.asarray(order[np.where(is_before, before, after)], np.int64)
