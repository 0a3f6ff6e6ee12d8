"""Order of the frames of a converted image, and the dimension that says it."""

import numpy as np
import numpy.typing as npt

from highdicom.errors import AmbiguousFramesError, InvalidArgumentError
from highdicom.frames.dimensions import Dimension
from highdicom.legacy.mapping import UNASSIGNED_PER_FRAME
from highdicom.records import record
from highdicom.spatial.stacking import get_volume_positions
from highdicom.uid import UID

__all__ = ["FrameOrder", "ordered_frames"]

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@record
class FrameOrder:
    """Order of frames.

    Parameters
    ----------
    rows
        Shape (n,): zero-based place among the images of what becomes each frame.
    dimension
        What the frames are ordered by; None if they are as they were given.
    spacing
        Millimetres between slices, if the frames form a volume.

    """

    rows: Integers
    dimension: Dimension | None = None
    spacing: float | None = None

    @property
    def is_spatial(self) -> bool:
        """Whether frames are ordered as slices of a volume."""
        return (
            self.dimension is not None
            and self.dimension.keyword == "ImagePositionPatient"
        )


def ordered_frames(
    positions: Floats,
    orientations: Floats,
    instance_numbers: list[int | None],
    *,
    require_volume: bool,
    include_dimension_index: bool | None,
) -> FrameOrder:
    """Decide on the order of frames.

    Images that form a volume are ordered along its slices, others by their numbers.

    Parameters
    ----------
    positions, orientations
        Image Position and Image Orientation of each image, shapes (n, 3) and (n, 6).
    instance_numbers
        Number of each image, None if it has none.
    require_volume
        Whether the images have to form a volume.
    include_dimension_index
        Whether frames have to be ordered by a dimension (True), should be if that can
        be done (None), or must stay as they are (False).

    Raises
    ------
    InvalidArgumentError
        If a volume is required, but the images form none.
    AmbiguousFramesError
        If a dimension is required, but there is nothing to order by.

    """
    spacing, slots = _volume(positions, orientations)
    if slots is None and require_volume:
        raise InvalidArgumentError(
            "'legacy_datasets' must be parallel planes at equal distances, each there "
            "once, if 'require_volume' is True."
        )
    given = np.arange(len(positions))
    if include_dimension_index is False:
        return FrameOrder(given, None, spacing)
    if slots is not None:
        dimension = Dimension.of(
            "ImagePositionPatient",
            "PlanePositionSequence",
            UID(),
            "Image Position Patient",
        )
        rows = np.argsort(slots, kind="stable")
        return FrameOrder(rows, dimension, spacing)
    if None not in instance_numbers and len(set(instance_numbers)) == len(given):
        dimension = Dimension.of(
            "InstanceNumber",
            UNASSIGNED_PER_FRAME,
            UID(),
            "Instance Number of converted legacy instance",
        )
        numbers = np.array(instance_numbers, np.int64)
        return FrameOrder(np.argsort(numbers, kind="stable"), dimension)
    if include_dimension_index:
        raise AmbiguousFramesError(
            "The images cannot be ordered by a dimension: they form no volume, and "
            "their instance numbers do not tell them apart."
        )
    return FrameOrder(given)


def _volume(
    positions: Floats, orientations: Floats
) -> tuple[float | None, list[int] | None]:
    if (orientations != orientations[:1]).any():
        return None, None
    spacing, slots = get_volume_positions(positions, orientations[0])
    # A single slice has no neighbour to be distant from.
    return None if len(positions) == 1 else spacing, slots
