"""Frames of native pixel data: one after the other, without padding (PS3.5 8.1)."""

from typing import Any

from pydicom.dataset import Dataset

from highdicom.errors import InvalidAttributeError, MissingAttributeError
from highdicom.io.location import PixelDataLocation
from highdicom.io.ranges import ByteRange
from highdicom.io.values import value_of
from highdicom.policy import tolerate
from highdicom.records import record

__all__ = ["NativeFrames", "native_frames"]

# Two pixels share their two chrominance values (PS3.3 C.7.6.3.1.2).
_HORIZONTALLY_SUBSAMPLED = {"YBR_FULL_422", "YBR_PARTIAL_422"}


@record
class NativeFrames:
    """Where native frames are."""

    location: PixelDataLocation
    """The pixel data."""

    frame_bits: int
    """Number of bits of a frame."""

    is_swapped: bool = False
    """Whether bytes are stored as the halves of words in big endian."""

    def first_bit(self, index: int) -> int:
        """Return the place of a frame's first bit in its first byte, 0 to 7."""
        return index * self.frame_bits % 8

    def range_of(self, index: int) -> ByteRange:
        """Return offset and size of the bytes that a frame touches.

        Parameters
        ----------
        index
            Zero-based index of the frame.

        Raises
        ------
        DamagedPixelDataError
            If the pixel data do not reach that far.

        """
        start = index * self.frame_bits // 8
        stop = -(-(index + 1) * self.frame_bits // 8)
        if self.is_swapped:
            start -= start & 1
            stop += stop & 1
        length = self.location.length or 0
        if stop > length:
            raise self.location.error(
                f"Frame {index + 1} should end after {stop} bytes of pixel data, but "
                f"there are only {length}.",
                index,
            )
        return self.location.offset + start, stop - start

    def frame_of(self, index: int, data: bytes) -> bytes:
        """Return the frame from the bytes of its range.

        Raises
        ------
        DamagedPixelDataError
            If the file ends before the frame does.

        """
        _, size = self.range_of(index)
        if len(data) < size:
            raise self.location.error(
                f"Frame {index + 1} is truncated: the file ends after {len(data)} of "
                f"its {size} bytes.",
                index,
            )
        return self._unswapped(index, data) if self.is_swapped else data

    def _unswapped(self, index: int, data: bytes) -> bytes:
        swapped = bytearray(data)
        swapped[::2], swapped[1::2] = data[1::2], data[::2]
        size = self.frame_bits // 8
        first = index * size & 1
        return bytes(swapped[first : first + size])


def native_frames(
    location: PixelDataLocation, dataset: Dataset, number_of_frames: int
) -> NativeFrames:
    """Find out where the frames are from the Image Pixel module (PS3.3 C.7.6.3).

    Parameters
    ----------
    location
        Pixel data of defined length.
    dataset
        Attributes of the image.
    number_of_frames
        Number of frames that there should be.

    Raises
    ------
    MissingAttributeError
        If rows, columns or bits allocated are missing.
    InvalidAttributeError
        If they make no frame.

    """
    rows, columns = _positive(dataset, "Rows"), _positive(dataset, "Columns")
    samples = _positive(dataset, "SamplesPerPixel", 1)
    bits = _positive(dataset, "BitsAllocated")
    frame_bits = rows * columns * samples * bits
    if str(value_of(dataset, "PhotometricInterpretation")) in _HORIZONTALLY_SUBSAMPLED:
        frame_bits = _subsampled(location, frame_bits, number_of_frames)
    is_swapped = not location.is_little_endian and location.vr == "OW" and bits == 8
    frames = NativeFrames(location, frame_bits, is_swapped)
    _report_excess(frames, number_of_frames)
    return frames


def _positive(dataset: Dataset, keyword: str, default: int | None = None) -> int:
    value: Any = value_of(dataset, keyword, default)
    if value is None:
        raise MissingAttributeError(
            f"'{keyword}' is needed to find the frames of native pixel data, but is "
            "missing.",
            keyword=keyword,
        )
    if not isinstance(value, int) or value < 1:
        raise InvalidAttributeError(
            f"'{keyword}' must be a positive number, not {value!r}.", keyword=keyword
        )
    return value


def _subsampled(
    location: PixelDataLocation, full_bits: int, number_of_frames: int
) -> int:
    """Return the size of a frame with two of three samples per pixel stored."""
    full_length = -(-full_bits * number_of_frames // 8)
    if location.length in {full_length, full_length + 1}:
        # Mislabelled: what the values mean is for the decoder to decide.
        return full_bits
    return full_bits // 3 * 2


def _report_excess(frames: NativeFrames, number_of_frames: int) -> None:
    location = frames.location
    expected = -(-frames.frame_bits * number_of_frames // 8)
    excess = (location.length or 0) - expected
    if excess > 1:
        tolerate(
            f"the pixel data are {excess} bytes longer than {number_of_frames} frames",
            "what follows the last frame is ignored",
            keyword=location.keyword,
            source=location.source.name,
        )
