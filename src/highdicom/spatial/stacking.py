"""Order and spacing of parallel planes along their normal."""

import logging
from collections.abc import Sequence
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from highdicom.arguments import nonzero, tolerance
from highdicom.enum import AxisHandedness, PixelIndexDirections
from highdicom.errors import (
    ConflictingArgumentsError,
    InvalidArgumentError,
    IrregularVolumeError,
)
from highdicom.records import record
from highdicom.spatial.arguments import FloatArray, IntArray, Points, Vector, positions
from highdicom.spatial.orientation import (
    VOLUME_INDEX_CONVENTION,
    get_normal_vector,
)

logger = logging.getLogger(__name__)

DEFAULT_SPACING_TOLERANCE = 0.01
"""Deviation of a distance between slices, in parts of the spacing."""

DEFAULT_PERPENDICULAR_TOLERANCE = 1e-3
"""One minus the cosine of an angle with the normal: 1e-3 is 2.56 degrees."""

# Two positions are the same if they are as close as this, in parts of the distance
# over which the positions spread, or in parts of the largest coordinate.
_SAME_OF_SPREAD = 1e-7
_SAME_OF_COORDINATE = 1e-12
# Room for rounding where limits are compared.
_ROUNDING = 1e-9
# More frames than this cannot be numbered.
_MOST_SLICES = 2**31 - 1
# Direction cosines that differ less than this were only rounded differently.
_SAME_COSINE = 1e-6


@record
class StackingRules:
    """What is allowed of planes that are to form a volume.

    Parameters
    ----------
    rtol
        Largest deviation of the distance between neighbouring slices from the spacing,
        in parts of the spacing. 0.01 if neither this nor `atol` is given.
    atol
        The same in millimetres. Only one of the two may be given.
    perpendicular_tol
        Largest value of one minus the cosine of the angle between the normal and the
        line from the first slice to any other. 0.001 (2.56 degrees) if not given.
    sort
        Whether planes may come in any order. Otherwise their order must be that of the
        slices, in one sense or the other.
    allow_missing_positions
        Whether slices may be missing. The spacing is then `spacing_hint` if it is
        given, otherwise the smallest distance, or the mean distance where the errors
        of these would add up over many slices.
    allow_duplicate_positions
        Whether several planes may lie at the same position.
    spacing_hint
        Distance between slices in millimetres that is expected. The sign is ignored.
    index_convention, handedness
        Directions in which the indices within a slice grow, and handedness of these
        two and the slice index: they say at which end the first slice lies.
    enforce_handedness
        Whether planes that are not to be sorted must come in the sense that
        `index_convention` and `handedness` ask for.

    Raises
    ------
    ConflictingArgumentsError
        If both `rtol` and `atol` are given.
    InvalidArgumentError
        If a tolerance is negative or not finite, `spacing_hint` is zero, or missing or
        duplicate positions are allowed without sorting.

    """

    rtol: float | None = None
    atol: float | None = None
    perpendicular_tol: float | None = None
    sort: bool = True
    allow_missing_positions: bool = False
    allow_duplicate_positions: bool = False
    spacing_hint: float | None = None
    index_convention: str | Sequence[PixelIndexDirections | str] = (
        VOLUME_INDEX_CONVENTION
    )
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED
    enforce_handedness: bool = False

    def __post_init__(self) -> None:
        """Refuse contradictions."""
        if self.rtol is not None and self.atol is not None:
            raise ConflictingArgumentsError(
                "Only one of 'rtol' and 'atol' may be given."
            )
        for name in ("rtol", "atol", "perpendicular_tol"):
            if getattr(self, name) is not None:
                tolerance(getattr(self, name), name)
        if self.spacing_hint is not None:
            nonzero(self.spacing_hint, "spacing_hint")
        for name in ("allow_missing_positions", "allow_duplicate_positions"):
            if getattr(self, name) and not self.sort:
                raise InvalidArgumentError(f"'{name}' requires 'sort'.")

    def largest_deviation(self, spacing: float) -> float:
        """Give the largest deviation of a distance that is allowed, in millimetres."""
        if self.atol is not None:
            limit = self.atol
        else:
            rtol = DEFAULT_SPACING_TOLERANCE if self.rtol is None else self.rtol
            limit = rtol * spacing
        return limit + _ROUNDING * spacing

    @property
    def smallest_cosine(self) -> float:
        """Smallest cosine of an angle with the normal that is allowed."""
        if self.perpendicular_tol is None:
            return 1.0 - DEFAULT_PERPENDICULAR_TOLERANCE - _ROUNDING
        return 1.0 - self.perpendicular_tol - _ROUNDING


@record
class VolumePositions:
    """Planes on a regular grid along their normal.

    Parameters
    ----------
    slots
        Zero-based index of the slice to which each plane belongs, shape (n,), int64.
    spacing
        Distance between slices in millimetres.
    deviation
        Largest distance of a plane from its slice along the normal in millimetres.

    """

    slots: IntArray
    spacing: float
    deviation: float

    @property
    def number_of_slices(self) -> int:
        """Number of slices, missing ones included."""
        return int(self.slots.max()) + 1


@record
class _Levels:
    """Planes in order, those at the same position taken together.

    `order` holds the plane at each place, `level` its level, `first` the place of the
    first plane of each level, `distances` the distance of each level along the normal.
    """

    order: IntArray
    level: IntArray
    first: IntArray
    distances: FloatArray

    def frame_numbers(self, level: int) -> tuple[int, ...]:
        """One-based numbers of the frames on either side of a step between levels."""
        frames = self.order[self.first[level : level + 2]] + 1
        return tuple(sorted(frames.tolist()))


def volume_positions(
    image_positions: Points,
    image_orientation: Vector,
    rules: StackingRules | None = None,
) -> VolumePositions:
    """Find the slice to which each of several parallel planes belongs.

    Parameters
    ----------
    image_positions
        Position of each plane in millimetres, shape (n, 3), n > 0.
    image_orientation
        Direction cosines of a row and of a column that all planes share.
    rules
        What is allowed; by default neither gaps nor duplicates.

    Returns
    -------
    VolumePositions
        A single position has the spacing of the hint, or one millimetre without.

    Raises
    ------
    IrregularVolumeError
        If the planes do not form a volume. The message says why and names frames,
        and the angle if the slices are sheared (gantry tilt).
    InvalidArgumentError
        If a value is not allowed, or a position is not finite.

    """
    rules = rules or StackingRules()
    points = positions(image_positions, "image_positions")
    normal = get_normal_vector(
        image_orientation, rules.index_convention, rules.handedness
    )
    levels = _levels(points, normal, rules)
    if len(levels.distances) == 1:
        spacing = 1.0 if rules.spacing_hint is None else abs(float(rules.spacing_hint))
        return VolumePositions(np.zeros(len(points), np.int64), spacing, 0.0)
    level_slots, spacing = _grid(levels, rules)
    _check_perpendicular(points, normal, levels, rules)
    along = levels.distances - levels.distances[0]
    deviation = float(np.abs(along - level_slots * spacing).max())
    slots = np.empty(len(points), np.int64)
    slots[levels.order] = level_slots[levels.level]
    return VolumePositions(slots, spacing, deviation)


def distances_along(points: FloatArray, normal: FloatArray) -> FloatArray:
    """Give the coordinate of points along a unit vector, shape (n,).

    Equal points have equal distances, to the last bit, which a matrix product does not
    promise.
    """
    x, y, z = points.T
    result: FloatArray = x * normal[0] + y * normal[1] + z * normal[2]
    return result


def _levels(points: FloatArray, normal: FloatArray, rules: StackingRules) -> _Levels:
    distances = distances_along(points, normal)
    if rules.sort:
        order = np.argsort(distances, kind="stable")
        along = distances[order]
    else:
        order = np.arange(len(points))
        along = _in_given_order(distances, rules)
    spread = float(np.linalg.norm(points - points[0], axis=1).max())
    same = max(
        _SAME_OF_SPREAD * spread, _SAME_OF_COORDINATE * float(np.abs(points).max())
    )
    starts = np.concatenate([[True], np.diff(along) > same])
    level = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    if len(first) < len(points):
        ordered = points[order]
        beside = np.linalg.norm(ordered - ordered[first[level]], axis=1)
        _check_duplicates(order, first[level], beside > same, rules)
    return _Levels(order, level, first, along[first])


def _in_given_order(distances: FloatArray, rules: StackingRules) -> FloatArray:
    """Distances along the normal, counted so that they grow."""
    steps = np.diff(distances)
    is_reversed = bool((steps[steps != 0.0] < 0.0)[:1].any())
    along = -distances if is_reversed else distances
    backward = np.flatnonzero(np.diff(along) < 0.0)
    if backward.size:
        after = int(backward[0]) + 2
        raise IrregularVolumeError(
            f"The frames do not come in the order of the slices: frame {after} lies on "
            "the wrong side of the one before.",
            frame_numbers=(after - 1, after),
        )
    if is_reversed and rules.enforce_handedness:
        raise IrregularVolumeError(
            "The frames come in the opposite order of the slices."
        )
    return along


def _check_duplicates(
    order: IntArray,
    first: IntArray,
    beside: npt.NDArray[np.bool_],
    rules: StackingRules,
) -> None:
    """Refuse planes at the same distance that are not allowed to be there."""
    if beside.any():
        place = int(np.flatnonzero(beside)[0])
        what = "lie side by side in one plane"
    elif not rules.allow_duplicate_positions:
        place = int(np.flatnonzero(first != np.arange(len(first)))[0])
        what = "lie at the same position"
    else:
        return
    numbers = sorted([int(order[first[place]]) + 1, int(order[place]) + 1])
    raise IrregularVolumeError(
        f"The frames {numbers[0]} and {numbers[1]} {what}.", frame_numbers=numbers
    )


def _grid(levels: _Levels, rules: StackingRules) -> tuple[IntArray, float]:
    """Slice index of each level, and the spacing."""
    steps = np.diff(levels.distances)
    counts = np.ones(len(steps), np.int64)
    if rules.allow_missing_positions:
        along = levels.distances - levels.distances[0]
        spacing = _expected_spacing(steps, float(along[-1]), rules)
        slots = np.rint(along / spacing).astype(np.int64)
        counts = np.diff(slots)
        deviation = np.abs(along - slots * spacing).max()
        if counts.min() > 0 and deviation <= rules.largest_deviation(spacing):
            return slots, spacing
        # Small errors of the spacing add up over many slices: count the single steps.
        counts = np.rint(steps / spacing).astype(np.int64)
    slots = np.concatenate([[0], np.cumsum(counts)])
    spacing = float(steps.sum() / max(int(slots[-1]), 1))
    deviations = np.abs(steps - counts * spacing)
    worst = int(deviations.argmax())
    if counts.min() < 1 or deviations[worst] > rules.largest_deviation(spacing):
        _refuse_spacing(levels, steps, worst, spacing)
    _check_hint(spacing, rules)
    return slots, spacing


def _expected_spacing(steps: FloatArray, extent: float, rules: StackingRules) -> float:
    """Distance of which all steps between levels should be multiples."""
    if rules.spacing_hint is None:
        spacing = float(steps.min())
    else:
        spacing = abs(float(rules.spacing_hint))
    if extent / spacing > _MOST_SLICES:
        raise IrregularVolumeError(
            f"The slices are not regularly spaced: slices {spacing:.6g} mm apart would be "
            f"far too many over {extent:.6g} mm."
        )
    return spacing


def _refuse_spacing(
    levels: _Levels, steps: FloatArray, worst: int, spacing: float
) -> NoReturn:
    numbers = levels.frame_numbers(worst)
    raise IrregularVolumeError(
        f"The slices are not regularly spaced: frames {numbers[0]} and {numbers[1]} are "
        f"{steps[worst]:.6g} mm apart, where a multiple of {spacing:.6g} mm is expected.",
        deviation=float(abs(steps[worst] - spacing)),
        frame_numbers=numbers,
    )


def _check_hint(spacing: float, rules: StackingRules) -> None:
    if rules.spacing_hint is None:
        return
    expected = abs(rules.spacing_hint)
    if abs(spacing - expected) > rules.largest_deviation(expected):
        raise IrregularVolumeError(
            f"The slices are {spacing:.6g} mm apart, where {expected:.6g} mm is "
            "expected.",
            deviation=abs(spacing - expected),
        )


def _check_perpendicular(
    points: FloatArray, normal: FloatArray, levels: _Levels, rules: StackingRules
) -> None:
    """Refuse planes that do not lie one above the other."""
    offsets = points[levels.order] - points[levels.order[0]]
    along = offsets @ normal
    lengths = np.linalg.norm(offsets, axis=1)
    others = levels.level > 0
    cosines = np.abs(along[others]) / lengths[others]
    if cosines.min() >= rules.smallest_cosine:
        return
    beside = offsets - along[:, np.newaxis] * normal
    tilt = (along @ beside) / (along @ along)
    angle = float(np.degrees(np.arctan(np.linalg.norm(tilt))))
    rest = np.linalg.norm(beside - along[:, np.newaxis] * tilt, axis=1)
    if rest.max() <= 0.1 * np.linalg.norm(beside, axis=1).max():
        raise IrregularVolumeError(
            f"The slices are sheared by {angle:.2f} degrees against the normal of their "
            "planes (gantry tilt); a volume has to be rectangular.",
            deviation=angle,
        )
    worst = int(np.flatnonzero(others)[cosines.argmin()])
    number = int(levels.order[worst]) + 1
    raise IrregularVolumeError(
        f"The slices do not lie one above the other: frame {number} is "
        f"{np.linalg.norm(beside[worst]):.6g} mm beside the normal through the first "
        "slice.",
        deviation=float(np.linalg.norm(beside[worst])),
        frame_numbers=(number,),
    )


def common_orientation(
    image_orientations: FloatArray, orientation_tol: float | None = None
) -> FloatArray:
    """Give the orientation that planes share.

    Parameters
    ----------
    image_orientations
        Direction cosines of a row and of a column of each plane, shape (n, 6), n > 0.
    orientation_tol
        Largest value of one minus the cosine of the angle between a row (or column) of
        one plane and that of the first. If it is not given the direction cosines must
        be equal but for rounding (1e-6).

    Returns
    -------
    numpy.ndarray
        Orientation of the first plane, shape (6,).

    Raises
    ------
    IrregularVolumeError
        If a plane is oriented otherwise; the message names its frame and the angle in
        degrees.

    """
    first: FloatArray = image_orientations[0]
    if orientation_tol is None:
        different = np.abs(image_orientations - first).max(axis=1) > _SAME_COSINE
    else:
        limit = tolerance(orientation_tol, "orientation_tol")
        different = 1.0 - _cosines(image_orientations) > limit + _ROUNDING
    if different.any():
        cosines = _cosines(image_orientations)
        worst = int(np.where(different, cosines, 2.0).argmin())
        angle = float(np.degrees(np.arccos(np.clip(cosines[worst], -1.0, 1.0))))
        raise IrregularVolumeError(
            f"The orientation of frame {worst + 1} differs from that of frame 1 by "
            f"{angle:.4g} degrees.",
            deviation=angle,
            frame_numbers=(1, worst + 1),
        )
    return first


def _cosines(image_orientations: FloatArray) -> FloatArray:
    """Smaller cosine of the angles of rows and columns with those of the first."""
    cosines = image_orientations.reshape(-1, 2, 3)
    vectors = cosines / np.linalg.norm(cosines, axis=2, keepdims=True)
    result: FloatArray = (vectors * vectors[0]).sum(axis=2).min(axis=1)
    return result


def get_volume_positions(  # noqa: PLR0913 (public signature)
    image_positions: Points,
    image_orientation: Vector,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    perpendicular_tol: float | None = None,
    sort: bool = True,
    allow_missing_positions: bool = False,
    allow_duplicate_positions: bool = False,
    spacing_hint: float | None = None,
    index_convention: str
    | Sequence[PixelIndexDirections | str] = VOLUME_INDEX_CONVENTION,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
    enforce_handedness: bool = False,
) -> tuple[float | None, list[int] | None]:
    """Find out whether parallel planes form a volume, and the slice of each.

    Positions and directions are those of PS3.3 C.7.6.2.1.1.

    Parameters
    ----------
    image_positions
        Position of each plane in millimetres, shape (n, 3), n > 0.
    image_orientation
        Direction cosines of a row and of a column that all planes share.
    rtol
        Largest deviation of the distance between neighbouring slices from the spacing,
        in parts of the spacing. 0.01 if neither this nor `atol` is given.
    atol
        The same in millimetres. Only one of the two may be given.
    perpendicular_tol
        Largest value of one minus the cosine of the angle between the normal and the
        line from the first slice to any other. 0.001 (2.56 degrees) if not given.
    sort
        Whether planes may come in any order. Otherwise their order must be that of the
        slices, in one sense or the other.
    allow_missing_positions
        Whether slices may be missing. The spacing is then `spacing_hint` if it is
        given, otherwise the smallest distance, or the mean distance where the errors
        of these would add up over many slices. Requires `sort`.
    allow_duplicate_positions
        Whether several planes may lie at the same position. Requires `sort`.
    spacing_hint
        Distance between slices in millimetres that is expected. The sign is ignored.
    index_convention
        Directions in which the indices within a slice grow.
    handedness
        Handedness of the slice index and these two: with `index_convention` it says at
        which end the first slice lies.
    enforce_handedness
        Whether planes that are not to be sorted must come in the sense that
        `index_convention` and `handedness` ask for.

    Returns
    -------
    spacing: float | None
        Distance between slices in millimetres, or None if the planes do not form a
        volume; the reason is logged. For a single position it is the hint, or 1.0.
    volume_positions: list[int] | None
        Zero-based index of the slice to which each plane belongs, or None.

    Raises
    ------
    ConflictingArgumentsError
        If both `rtol` and `atol` are given.
    InvalidArgumentError
        If a value is not allowed, or a position is not finite.

    Examples
    --------
    >>> from highdicom.spatial import get_volume_positions
    >>> get_volume_positions([[0, 0, 4], [0, 0, 0], [0, 0, 2]], [1, 0, 0, 0, 1, 0])
    (2.0, [0, 2, 1])

    """
    rules = StackingRules(
        rtol=rtol,
        atol=atol,
        perpendicular_tol=perpendicular_tol,
        sort=sort,
        allow_missing_positions=allow_missing_positions,
        allow_duplicate_positions=allow_duplicate_positions,
        spacing_hint=spacing_hint,
        index_convention=index_convention,
        handedness=handedness,
        enforce_handedness=enforce_handedness,
    )
    try:
        result = volume_positions(image_positions, image_orientation, rules)
    except IrregularVolumeError as error:
        logger.info("The frames do not form a volume. %s", error)
        return None, None
    return result.spacing, result.slots.tolist()


def get_plane_sort_index(
    image_positions: Points,
    image_orientation: Vector,
    index_convention: str
    | Sequence[PixelIndexDirections | str] = VOLUME_INDEX_CONVENTION,
    handedness: AxisHandedness | str = AxisHandedness.RIGHT_HANDED,
) -> list[int]:
    """Sort parallel planes along their normal (PS3.3 C.7.6.2.1.1).

    Parameters
    ----------
    image_positions
        Position of each plane in millimetres, shape (n, 3), n > 0.
    image_orientation
        Direction cosines of a row and of a column that all planes share.
    index_convention
        Directions in which the indices within a slice grow.
    handedness
        Handedness of the slice index and these two: with `index_convention` it says at
        which end the first slice lies.

    Returns
    -------
    list[int]
        Zero-based indices of the planes in order. Planes at the same distance keep
        their order.

    Raises
    ------
    InvalidArgumentError
        If a value is not allowed, or a position is not finite.

    Examples
    --------
    >>> from highdicom.spatial import get_plane_sort_index
    >>> get_plane_sort_index([[0, 0, 4], [0, 0, 0], [0, 0, 2]], [1, 0, 0, 0, 1, 0])
    [0, 2, 1]

    """
    points = positions(image_positions, "image_positions")
    normal = get_normal_vector(image_orientation, index_convention, handedness)
    order: list[int] = np.argsort(
        distances_along(points, normal), kind="stable"
    ).tolist()
    return order
