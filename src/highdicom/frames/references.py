"""Which source images each frame was derived from (PS3.3 C.7.6.16.2.6)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from highdicom.encoding.distinct import distinct_objects, distinct_rows
from highdicom.errors import InvalidArgumentError
from highdicom.records import record

__all__ = ["NOT_PRESERVED", "PRESERVED", "UNKNOWN", "FrameReferences"]

Integers = npt.NDArray[np.int64]

PRESERVED = 1
NOT_PRESERVED = 0
UNKNOWN = -1


def _frozen(values: npt.ArrayLike) -> Integers:
    array = np.array(values, np.int64).reshape(-1)
    array.flags.writeable = False
    return array


@record(eq=False)
class FrameReferences:
    """Pairs of a frame and a source image, one row each, ordered by frame.

    Two tables are equal if they name the same sources in the same order, however
    their instances are numbered.

    Parameters
    ----------
    frame
        Shape (m,): zero-based index of the frame in the table of frames.
    instance
        Shape (m,): index of the source image among the UIDs.
    frame_number
        Shape (m,): one-based number of the source frame, or zero for a whole instance.
    locations_preserved
        Shape (m,): 1 if the derivation preserved spatial locations, 0 if not (or the
        image was reoriented), -1 if that is not known.
    sop_instance_uids, sop_class_uids
        Of the source images.

    """

    frame: Integers
    instance: Integers
    frame_number: Integers
    locations_preserved: Integers
    sop_instance_uids: tuple[str, ...]
    sop_class_uids: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("frame", "instance", "frame_number", "locations_preserved"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        for name in ("sop_instance_uids", "sop_class_uids"):
            object.__setattr__(self, name, tuple(map(str, getattr(self, name))))
        sizes = {len(self.instance), len(self.frame_number)}
        if sizes | {len(self.locations_preserved)} != {len(self.frame)}:
            raise InvalidArgumentError(
                "The columns of frame references have different numbers of rows, "
                "where each has to have one row for each pair of frame and source."
            )
        if len(self.sop_instance_uids) != len(self.sop_class_uids):
            raise InvalidArgumentError(
                f"There are {len(self.sop_instance_uids)} SOP Instance UIDs and "
                f"{len(self.sop_class_uids)} SOP Class UIDs of source images, where "
                "each instance has to have one of each."
            )
        if len(self.instance) and not (
            self.instance.min() >= 0
            and self.instance.max() < len(self.sop_instance_uids)
        ):
            raise InvalidArgumentError(
                "A frame refers to a source instance for which no UID is given."
            )

    @classmethod
    def none(cls) -> "FrameReferences":
        """Make a table for an image without sources."""
        return cls.of([], [], [])

    @classmethod
    def of(
        cls,
        frame: npt.ArrayLike,
        sop_instance_uids: Sequence[str],
        sop_class_uids: Sequence[str],
        frame_number: npt.ArrayLike | None = None,
        locations_preserved: npt.ArrayLike | None = None,
    ) -> "FrameReferences":
        """Make a table from one UID for each row.

        Parameters
        ----------
        frame
            Shape (m,), in any order.
        sop_instance_uids, sop_class_uids
            Of the source of each row.
        frame_number
            Shape (m,). By default, sources are whole instances.
        locations_preserved
            Shape (m,). By default, unknown.

        """
        frames = np.asarray(frame, np.int64).reshape(-1)
        size = len(frames)
        number = np.asarray(
            np.zeros(size) if frame_number is None else frame_number, np.int64
        )
        preserved = np.asarray(
            np.full(size, UNKNOWN)
            if locations_preserved is None
            else locations_preserved,
            np.int64,
        )
        pairs, instance = distinct_objects(
            zip(sop_instance_uids, sop_class_uids, strict=True)
        )
        order = np.argsort(frames, kind="stable")
        return cls(
            frames[order],
            instance[order],
            number[order],
            preserved[order],
            tuple(uid for uid, _ in pairs),
            tuple(uid for _, uid in pairs),
        )

    def __len__(self) -> int:
        """Count the pairs of frame and source."""
        return len(self.frame)

    def counts(self, number_of_frames: int) -> Integers:
        """Count the sources of each frame, shape (n,)."""
        counted: Integers = np.bincount(self.frame, minlength=number_of_frames)
        return counted.astype(np.int64)

    def rows_of(self, sop_instance_uid: str, frame_number: int = 0) -> Integers:
        """Rows that refer to an instance, or to one of its frames.

        Parameters
        ----------
        frame_number
            One-based; zero for any row of the instance.

        """
        wanted = [
            index
            for index, uid in enumerate(self.sop_instance_uids)
            if uid == sop_instance_uid
        ]
        found = np.isin(self.instance, wanted)
        if frame_number:
            found &= self.frame_number == frame_number
        return np.flatnonzero(found)

    def selected(self, frames: Integers) -> "FrameReferences":
        """Keep the sources of some frames, which are numbered anew in their order."""
        ordered, order = self.frame, None
        if (ordered[1:] < ordered[:-1]).any():
            order = np.argsort(self.frame, kind="stable")
            ordered = self.frame[order]
        starts = np.searchsorted(ordered, frames, side="left")
        counts = np.searchsorted(ordered, frames, side="right") - starts
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        found = np.repeat(starts, counts) + within
        rows = found if order is None else order[found]
        return FrameReferences(
            np.repeat(np.arange(len(frames)), counts),
            self.instance[rows],
            self.frame_number[rows],
            self.locations_preserved[rows],
            self.sop_instance_uids,
            self.sop_class_uids,
        )

    def __eq__(self, other: object) -> bool:
        """Compare what the rows say."""
        if not isinstance(other, FrameReferences):
            return NotImplemented
        names = ("frame", "frame_number", "locations_preserved")
        if not all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in names
        ):
            return False
        first, _ = distinct_rows(np.stack([self.instance, other.instance], axis=1))
        return all(
            self.sop_instance_uids[ours] == other.sop_instance_uids[theirs]
            and self.sop_class_uids[ours] == other.sop_class_uids[theirs]
            for ours, theirs in zip(
                self.instance[first].tolist(),
                other.instance[first].tolist(),
                strict=True,
            )
        )

    __hash__ = None  # type: ignore[assignment]
