"""Frames of encapsulated pixel data, found by offset tables or by their items."""

from copy import copy

from pydicom.dataset import Dataset

from highdicom.io.fragments import joined_items, walk_fragments
from highdicom.io.location import DamagedPixelDataError, PixelDataLocation
from highdicom.io.locking import PortableLock
from highdicom.io.offsets import (
    FrameRuns,
    OffsetTable,
    distrust,
    extended_offsets,
    find_frames,
    scan_frames,
)
from highdicom.io.ranges import ByteRange

__all__ = ["EncapsulatedFrames"]

# What may follow the last frame without being worth a look at where that ends.
_LITTLE = 1 << 16


class EncapsulatedFrames:
    """Where encapsulated frames are; looked up when the first one is asked for.

    Parameters
    ----------
    location
        The pixel data.
    dataset
        Dataset that has the extended offset table, if there is one.
    number_of_frames
        Number of frames that there should be.
    transfer_syntax_uid
        Tells what a frame starts with.

    """

    def __init__(
        self,
        location: PixelDataLocation,
        dataset: Dataset,
        number_of_frames: int,
        transfer_syntax_uid: str,
    ) -> None:
        self.location = location
        self._extended = extended_offsets(dataset)
        self._number_of_frames = number_of_frames
        self._transfer_syntax_uid = transfer_syntax_uid
        self._lock = PortableLock()
        self._runs: FrameRuns | DamagedPixelDataError | None = None

    @property
    def runs(self) -> FrameRuns:
        """The run of items of each frame.

        Raises
        ------
        DamagedPixelDataError
            If the frames cannot be found.

        """
        runs = self._runs
        if isinstance(runs, FrameRuns):
            return runs
        with self._lock:
            if self._runs is None:
                try:
                    self._runs = find_frames(
                        self.location,
                        self._extended,
                        self._number_of_frames,
                        self._transfer_syntax_uid,
                    )
                except DamagedPixelDataError as error:
                    # Looking again would take as long and end as badly.
                    self._runs = error
            if isinstance(self._runs, DamagedPixelDataError):
                raise copy(self._runs)
            return self._runs

    def first_bit(self, index: int) -> int:  # noqa: ARG002
        """Return zero: encapsulated frames start on a byte."""
        return 0

    def range_of(self, index: int) -> ByteRange:
        """Return offset and size of the items of a frame.

        Parameters
        ----------
        index
            Zero-based index of the frame.

        Raises
        ------
        DamagedPixelDataError
            If the pixel data end before that frame.

        """
        runs = self.runs
        if index >= len(runs):
            raise self.location.error(
                f"Frame {index + 1} is missing: the pixel data hold only {len(runs)} of "
                f"{self._number_of_frames} frames.",
                index,
            )
        start, end = int(runs.starts[index]), int(runs.ends[index])
        if self._is_open(runs, index):
            end = self._closed_end(runs, start, end)
        return start, end - start

    @staticmethod
    def _is_open(runs: FrameRuns, index: int) -> bool:
        return runs.is_open and index == len(runs) - 1

    def _closed_end(self, runs: FrameRuns, start: int, end: int) -> int:
        """Return where the last frame ends, at the latest."""
        largest = int((runs.ends - runs.starts)[:-1].max(initial=0))
        if len(runs) == 1 or end - start <= largest + _LITTLE:
            return end
        # Much follows; it need not be pixel data.
        fragments = walk_fragments(self.location.source, start, end, reads_ahead=False)
        return min(fragments.end, end)

    def frame_of(self, index: int, data: bytes) -> bytes:
        """Return the frame from the bytes of its range.

        Parameters
        ----------
        index
            Zero-based index of the frame.
        data
            Bytes of the range that :meth:`range_of` gave.

        Raises
        ------
        DamagedPixelDataError
            If the frame is truncated, empty or not made of items.

        """
        frame = self._unpacked(self.runs, index, data)
        if frame is None:
            # The range may come from an offset table that lies.
            self._scan_instead()
            data = self.location.source.read(*self.range_of(index))
            frame = self._unpacked(self.runs, index, data)
        if frame is None:
            raise self.location.error(
                f"Frame {index + 1} is damaged or truncated: its {len(data)} bytes are "
                "not the items of a frame.",
                index,
            )
        if not frame:
            raise self.location.error(f"Frame {index + 1} is empty.", index)
        return frame

    def _unpacked(self, runs: FrameRuns, index: int, data: bytes) -> bytes | None:
        frame = joined_items(data, is_open=self._is_open(runs, index))
        if frame is None or runs.lengths is None:
            return frame
        length = int(runs.lengths[index])
        return frame[:length] if 0 <= len(frame) - length <= 1 else None

    def _scan_instead(self) -> None:
        """Find the frames anew, without the offset table that proved wrong."""
        with self._lock:
            runs = self.runs
            if runs.origin is not OffsetTable.SCANNED:
                distrust(self.location, runs.origin)
                self._runs = scan_frames(
                    self.location, self._number_of_frames, self._transfer_syntax_uid
                )
