"""Reading frames of an image file, one by one."""

import os
from types import TracebackType
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.filebase import DicomIO

from highdicom.codec.decoder import FrameDecoder
from highdicom.codec.format import PixelFormat
from highdicom.color import ColorManager
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    SourceError,
    WrongSOPClassError,
)
from highdicom.io.byte_source import ByteSource
from highdicom.io.frame_reader import FileFrameReader, checked_index
from highdicom.io.icc import IccProfiles
from highdicom.io.local import BytesSource
from highdicom.io.locking import PortableLock
from highdicom.io.sources import open_source
from highdicom.typing import Self
from highdicom.uid import UID

__all__ = ["ImageFileReader"]

_PATHS = (str, os.PathLike)
_CONTENTS = (bytes, bytearray, memoryview)


class ImageFileReader:
    """Reads metadata and single frames of an image file (PS3.10 7, PS3.5 A.4).

    Only what is asked for is read. The reader can be used by several threads, and
    pickled where what it reads from can be opened again.

    Parameters
    ----------
    filename
        Path or URL of the file, an open ``DicomIO`` or other binary file object (which
        is not closed), or whatever else :func:`highdicom.io.open_source` takes.

    Raises
    ------
    ArgumentTypeError
        If it is none of these.

    Examples
    --------
    >>> from pydicom.data import get_testdata_file
    >>> from highdicom.io import ImageFileReader
    >>> with ImageFileReader(get_testdata_file("CT_small.dcm")) as image:
    ...     image.number_of_frames, image.read_frame(0).shape
    (1, (128, 128))

    """

    def __init__(
        self, filename: str | os.PathLike[str] | DicomIO | BinaryIO | bytes | ByteSource
    ) -> None:
        is_file = hasattr(filename, "read")
        if not is_file and not isinstance(filename, (*_PATHS, *_CONTENTS)):
            raise ArgumentTypeError(
                "'filename' must be a path, a URL, an open DicomIO or other file "
                f"object, not {type(filename).__name__}."
            )
        self._target: Any = filename
        self._name = _name_of(filename)
        self._lock = PortableLock()
        self._reader: FileFrameReader | None = None
        self._metadata: Dataset | None = None
        self._decoder: FrameDecoder | None = None
        self._profiles: IccProfiles | None = None
        self._color_managers: dict[bytes, ColorManager] = {}

    @property
    def filename(self) -> str:
        """Path of the image file."""
        return self._name

    def open(self) -> None:
        """Open the file and read its metadata, unless that has been done.

        Raises
        ------
        SourceNotFoundError
            If there is no such file.
        SourceError
            If it cannot be read.
        NotDicomError
            If that is no DICOM file.
        NonconformantDatasetError
            If its metadata are damaged.

        """
        with self._lock:
            if self._reader is not None:
                return
            source = open_source(self._target)
            try:
                self._reader = FileFrameReader(source)
            except BaseException:
                self._close(source)
                raise
            self._metadata = self._reader.read_dataset()
            self._profiles = IccProfiles(self._metadata)
            self._decoder = None
            self._color_managers = {}

    def close(self) -> None:
        """Close the file; what was given as an open file stays open."""
        with self._lock:
            reader, self._reader = self._reader, None
            if reader is not None:
                self._close(reader.source)

    def _close(self, source: ByteSource) -> None:
        if source is not self._target:
            source.close()

    def __enter__(self) -> Self:
        """Open the file."""
        self.open()
        return self

    def __exit__(
        self,
        except_type: type[BaseException] | None,
        except_value: BaseException | None,
        except_trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        """Let an open file object be replaced by what can be opened again."""
        state = dict(self.__dict__)
        if self._reader is not None and not isinstance(self._target, _PATHS):
            state["_target"] = self._reader.source
        return state

    def _opened(self) -> FileFrameReader:
        if self._reader is None:
            raise SourceError(
                f"'{self._name}' has not been opened for reading.", source=self._name
            )
        return self._reader

    @property
    def metadata(self) -> Dataset:
        """Dataset of the image without its pixel data.

        It stays available when the file has been closed.

        Raises
        ------
        SourceError
            If the file has not been opened.

        """
        if self._metadata is None:
            self._opened()
        return cast("Dataset", self._metadata)

    @property
    def transfer_syntax_uid(self) -> UID:
        """Transfer syntax of the file.

        Raises
        ------
        SourceError
            If the file has not been opened.
        MissingAttributeError
            If the file does not say and it cannot be guessed.

        """
        return self._opened().transfer_syntax_uid

    @property
    def number_of_frames(self) -> int:
        """Number of frames of the image.

        Raises
        ------
        SourceError
            If the file has not been opened.
        WrongSOPClassError
            If the file is not an image.

        """
        metadata = self.metadata
        if "Rows" not in metadata or "Columns" not in metadata:
            raise WrongSOPClassError(
                f"'{self._name}' is not an image: it has no rows and columns.",
                keyword="Rows",
            )
        if self._reader is not None:
            return self._reader.number_of_frames
        return int(metadata.get("NumberOfFrames") or 1)

    def read_frame_raw(self, index: int) -> bytes:
        """Read a frame as it is stored.

        Parameters
        ----------
        index
            Zero-based index of the frame.

        Returns
        -------
        bytes
            Pixel data of the frame, compressed if the file is. Of native frames with
            one bit a pixel these are the bytes that the frame touches: its first bit
            is bit ``index * rows * columns % 8`` of the first byte (PS3.5 8.1.1).

        Raises
        ------
        FrameNumberError
            If there is no such frame.
        DamagedPixelDataError
            If the pixel data lack the frame, or end before it does.
        SourceError
            If the file is not open or cannot be read.

        """
        reader = self._opened()
        return reader.read_frame(checked_index(index, self.number_of_frames))

    def read_frame(self, index: int, correct_color: bool = True) -> npt.NDArray[Any]:
        """Read and decode a frame.

        Parameters
        ----------
        index
            Zero-based index of the frame.
        correct_color
            Whether the ICC profile of the image shall be applied, which gives colours
            in sRGB. It makes no difference for frames of one sample per pixel.

        Returns
        -------
        numpy.ndarray
            Array of shape ``(rows, columns)`` or ``(rows, columns, 3)``. YBR colours
            of full range are given as RGB.

        Raises
        ------
        FrameNumberError
            If there is no such frame.
        InvalidArgumentError
            If colours shall be corrected, but the image has no usable ICC profile.
        DamagedPixelDataError
            If the pixel data lack the frame, or end before it does.
        FrameCodingError
            If the frame cannot be decoded.
        SourceError
            If the file is not open or cannot be read.

        """
        data = self.read_frame_raw(index)
        decoder = self._frame_decoder()
        frame = decoder(data, int(index))
        if correct_color and decoder.pixel_format.samples_per_pixel == 3:
            return self._color_manager(int(index)).transform_frame(frame)
        return frame if frame.flags.writeable else np.array(frame)

    def _frame_decoder(self) -> FrameDecoder:
        with self._lock:
            if self._decoder is None:
                location = self._opened().keyword
                pixel_format = PixelFormat.of(self.metadata, location)
                self._decoder = FrameDecoder(self.transfer_syntax_uid, pixel_format)
            return self._decoder

    def _color_manager(self, index: int) -> ColorManager:
        with self._lock:
            profile = None
            if self._profiles is not None:
                profile = self._profiles.of_frame(index)
            if not isinstance(profile, bytes) or not profile:
                raise InvalidArgumentError(
                    f"'correct_color' must be False for frame {index + 1} of "
                    f"'{self._name}', since it has no ICC profile."
                )
            if profile not in self._color_managers:
                try:
                    self._color_managers[profile] = ColorManager(profile)
                except ValueError as error:
                    raise InvalidArgumentError(
                        f"'correct_color' must be False for frame {index + 1} of "
                        f"'{self._name}', since its ICC profile is damaged."
                    ) from error
            return self._color_managers[profile]


def _name_of(filename: Any) -> str:
    if isinstance(filename, _PATHS):
        return os.fsdecode(filename)
    if isinstance(filename, _CONTENTS):
        return BytesSource(filename).name
    return str(getattr(filename, "name", None))
