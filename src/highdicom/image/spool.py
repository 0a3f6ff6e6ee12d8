"""Encoded frames that wait in a file until their order and number are known."""

from array import array
from itertools import accumulate
from math import gcd
from os import PathLike
from pathlib import Path
from struct import pack
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from highdicom.codec.format import PixelFormat
from highdicom.codec.native import pack_frames, unpack_frames
from highdicom.codec.profiles import profile_of
from highdicom.encoding.elements import put, tag_of
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    UnsupportedTransferSyntaxError,
)
from highdicom.image.pieces import PiecesFile
from highdicom.image.pixel_data import put_native_pixel_data
from highdicom.typing import Self

__all__ = ["FrameSpool", "SpooledFrames", "refuse_deflated", "write_whole"]

_ITEM = b"\xfe\xff\x00\xe0"
_MOST_BYTES = 2**32 - 2
_DEFLATED = "1.2.840.10008.1.2.1.99"


class FrameSpool:
    """Encoded frames in a temporary file, which is gone once it is closed.

    Parameters
    ----------
    fp
        Where the image will be written: the temporary file lies in the same folder,
        where there has to be room for it anyway.

    Raises
    ------
    ArgumentTypeError
        If that is no path and no file to write to.

    """

    def __init__(self, fp: object) -> None:
        folder = None
        if isinstance(fp, str | PathLike):
            folder = Path(fp).parent
        elif not hasattr(fp, "write"):
            raise ArgumentTypeError(
                f"'fp' must be a path or a file to write to, not {type(fp).__name__}."
            )
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 (closed on exit)
        self._ends = array("Q", [0])

    def __enter__(self) -> Self:
        """Give the spool itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the file."""
        self._file.close()

    def __len__(self) -> int:
        """Count the frames."""
        return len(self._ends) - 1

    def add(self, data: bytes) -> None:
        """Append an encoded frame."""
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))

    def size(self, number: int) -> int:
        """Bytes of a frame, by its zero-based number."""
        return self._ends[number + 1] - self._ends[number]

    def read(self, number: int) -> bytes:
        """Give a frame by its zero-based number."""
        self._file.seek(self._ends[number])
        return self._file.read(self.size(number))


class SpooledFrames:
    """Frames of a spool in the order in which they will stand in an image.

    Parameters
    ----------
    spool
        The spool.
    numbers
        Zero-based number in the spool of each frame.

    """

    def __init__(self, spool: FrameSpool, numbers: npt.NDArray[np.int64]) -> None:
        self._spool = spool
        self._numbers = numbers

    def put_into(
        self,
        dataset: Dataset,
        pixel_format: PixelFormat,
        transfer_syntax_uid: str,
        *,
        use_extended_offset_table: bool,
    ) -> None:
        """Put the pixel data into an image, as a file that is read on writing.

        Parameters
        ----------
        dataset
            Image to write to.
        pixel_format
            Form of the pixels.
        transfer_syntax_uid
            Transfer syntax in which frames are encoded.
        use_extended_offset_table
            Whether offsets of encapsulated frames have 64 bits.

        Raises
        ------
        InvalidArgumentError
            If there are more bytes than can be described.

        """
        if profile_of(transfer_syntax_uid).is_native:
            value: Any = self._native(pixel_format)
            put_native_pixel_data(dataset, value, pixel_format)
            return
        value = self._encapsulated(dataset, extended=use_extended_offset_table)
        tag = tag_of("PixelData")
        dataset[tag] = DataElement(
            tag, "OB", value, is_undefined_length=True, already_converted=True
        )

    def _native(self, pixel_format: PixelFormat) -> PiecesFile:
        bits = pixel_format.frame_bits
        together = 8 // gcd(bits, 8)  # so many frames end on a byte
        count = len(self._numbers)
        size = -(-count * bits // 8)
        if size > _MOST_BYTES:
            raise InvalidArgumentError(
                "'transfer_syntax_uid' must be one that compresses frames, such as RLE "
                f"Lossless, since there are {size} bytes of pixel data, where native "
                f"ones can have {_MOST_BYTES} (PS3.5 7.1.1)."
            )

        def piece(number: int) -> bytes:
            numbers = self._numbers[number * together : (number + 1) * together]
            frames = [self._spool.read(n) for n in numbers.tolist()]
            if together == 1:
                return frames[0] if frames else b"\0"
            if not frames:
                return b"\0"
            unpacked = [unpack_frames(frame, 0, bits) for frame in frames]
            return pack_frames(np.concatenate(unpacked)).tobytes()

        sizes = [together * bits // 8] * (count // together)
        if count % together:
            sizes.append(-(-(count % together) * bits // 8))
        return PiecesFile([*sizes, 1] if size % 2 else sizes, piece)

    def _encapsulated(self, dataset: Dataset, *, extended: bool) -> PiecesFile:
        lengths = [self._spool.size(number) for number in self._numbers.tolist()]
        lengths = [length + length % 2 for length in lengths]
        # Each item has a header of 8 bytes (PS3.5 A.4).
        starts = [0, *accumulate(length + 8 for length in lengths)]
        end = starts.pop()
        table = b""
        if extended:
            put(dataset, "ExtendedOffsetTable", pack(f"<{len(starts)}Q", *starts))
            widths = pack(f"<{len(lengths)}Q", *lengths)
            put(dataset, "ExtendedOffsetTableLengths", widths)
        elif end >= 2**32:
            raise InvalidArgumentError(
                "'use_extended_offset_table' must be True, since the encoded frames are "
                "longer than 4 GiB."
            )
        else:
            table = pack(f"<{len(starts)}I", *starts)

        def piece(number: int) -> bytes:
            if number == 0:
                return _ITEM + pack("<I", len(table)) + table
            frame = self._spool.read(int(self._numbers[number - 1]))
            length = lengths[number - 1]
            return _ITEM + pack("<I", length) + frame.ljust(length, b"\0")

        return PiecesFile([8 + len(table), *(8 + length for length in lengths)], piece)


def write_whole(fp: str | PathLike[str] | BinaryIO, dataset: Any) -> None:
    """Write a file that is either complete or not there.

    Parameters
    ----------
    fp
        Path, or a file to write to.
    dataset
        What to write.

    Raises
    ------
    UnsupportedTransferSyntaxError
        If the data set would be deflated, which takes all of it in memory.

    """
    if not isinstance(fp, str | PathLike):
        dataset.save_as(fp, enforce_file_format=True)
        return
    path = Path(fp)
    partial = path.with_name(f"{path.name}.part")
    try:
        dataset.save_as(partial, enforce_file_format=True)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def refuse_deflated(transfer_syntax_uid: str) -> None:
    """Refuse a transfer syntax that cannot be written piece by piece.

    Raises
    ------
    UnsupportedTransferSyntaxError
        If the whole data set is deflated.

    """
    if transfer_syntax_uid == _DEFLATED:
        raise UnsupportedTransferSyntaxError(
            "'transfer_syntax_uid' must not be Deflated Explicit VR Little Endian for "
            "pixels that are written piece by piece: choose Deflated Image Frame "
            "Compression, which deflates frames."
        )
