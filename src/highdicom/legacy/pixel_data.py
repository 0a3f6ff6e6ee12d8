"""Frames of the converted image: copied as they are, encoded anew, or inverted."""

from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from highdicom.codec.decoder import FrameDecoder
from highdicom.codec.format import PixelFormat
from highdicom.codec.profiles import profile_of
from highdicom.errors import InvalidArgumentError
from highdicom.image.image import Image
from highdicom.image.lossy_compression import LossyCompressions
from highdicom.image.pieces import Pieces
from highdicom.image.pixel_data import (
    put_encapsulated_pixel_data,
    put_native_pixel_data,
    put_pixel_data,
)
from highdicom.io.frame_reader import DatasetFrameReader
from highdicom.legacy.sources import LegacyImages
from highdicom.records import replace

__all__ = ["ConvertedPixels"]

Array = npt.NDArray[Any]


class ConvertedPixels:
    """Pixels of images as frames of one image.

    Frames are copied byte for byte unless they have to be encoded or inverted.

    Parameters
    ----------
    images
        The images, in the order of the frames.
    transfer_syntax_uid
        Transfer syntax of the converted image; if not given that of the images, or
        Explicit VR Little Endian in place of Explicit VR Big Endian.

    Raises
    ------
    InvalidArgumentError
        If images with values that have a unit would have to be inverted.
    MissingAttributeError, InvalidAttributeError
        If the images do not say what their pixels are.
    UnsupportedTransferSyntaxError
        If the transfer syntax cannot hold the pixels.

    """

    def __init__(self, images: LegacyImages, transfer_syntax_uid: str | None) -> None:
        self._images = images
        self._source_uid = str(images.transfer_syntax_uid)
        if transfer_syntax_uid is None:
            is_big_endian = self._source_uid == ExplicitVRBigEndian
            transfer_syntax_uid = (
                ExplicitVRLittleEndian if is_big_endian else self._source_uid
            )
        self.transfer_syntax_uid = str(transfer_syntax_uid)
        self._stored = PixelFormat.of(images.first, "PixelData")
        self.format = replace(self._stored, photometric_interpretation="MONOCHROME2")
        self.is_inverted = self._stored.photometric_interpretation == "MONOCHROME1"
        if self.is_inverted:
            self._check_invertible()
        profile = profile_of(self.transfer_syntax_uid)
        if not self.is_copied:
            profile.check(self.format)

    def _check_invertible(self) -> None:
        """Refuse to invert values that mean something (PS3.3 C.7.6.3.1.2)."""
        for dataset in self._images.datasets:
            slope = float(dataset.get("RescaleSlope") or 1)
            intercept = float(dataset.get("RescaleIntercept") or 0)
            if (slope, intercept) != (1, 0) or "ModalityLUTSequence" in dataset:
                raise InvalidArgumentError(
                    "'legacy_datasets' are MONOCHROME1, but the converted image has to "
                    "be MONOCHROME2: their values cannot be inverted, since they are "
                    f"rescaled with a slope of {slope} and an intercept of {intercept}."
                )

    @property
    def is_copied(self) -> bool:
        """Whether frames stay as they are, byte for byte."""
        if self.is_inverted:
            return False
        if self.transfer_syntax_uid == self._source_uid:
            return True
        profiles = profile_of(self._source_uid), profile_of(self.transfer_syntax_uid)
        return all(one.is_native and one.is_little_endian for one in profiles)

    @property
    def inversion_sum(self) -> int:
        """Sum of a stored value and its inverse."""
        return int(sum(self._stored.stored_range))

    def put_into(
        self,
        target: Dataset,
        *,
        workers: int | Executor,
        use_extended_offset_table: bool,
    ) -> None:
        """Write the frames, and whether they were ever compressed with loss.

        Parameters
        ----------
        target
            Converted image.
        workers
            Number of processes that encode, or an executor; none if zero.
        use_extended_offset_table
            Whether offsets of encapsulated frames are written with 64 bits; native
            frames have none.

        Raises
        ------
        InvalidArgumentError
            If frames are too long for an offset table of 32 bits.
        MissingAttributeError
            If an image has no pixel data.
        FrameCodingError
            If a frame cannot be decoded or encoded.

        """
        if self.is_copied and not profile_of(self.transfer_syntax_uid).is_native:
            put_encapsulated_pixel_data(
                target,
                [_encoded(dataset) for dataset in self._images.datasets],
                use_extended_offset_table=use_extended_offset_table,
            )
        elif self.is_copied:
            self._put_native(target)
        else:
            put_pixel_data(
                target,
                self._decoded(),
                self.format,
                self.transfer_syntax_uid,
                workers=workers,
                use_extended_offset_table=use_extended_offset_table,
            )
        LossyCompressions.of(self._images.datasets).put_into(
            target, None if self.is_copied else self.format
        )

    def _decoded(self) -> Iterator[Array]:
        decoder = FrameDecoder(self._source_uid, self._stored)
        total = self.inversion_sum
        for dataset in self._images.datasets:
            frame = decoder(_encoded(dataset), 0)
            if self.is_inverted:
                # Unsigned integers wrap round, and come out right in the end.
                frame = np.subtract(
                    np.array(total).astype(frame.dtype), frame, dtype=frame.dtype
                )
            yield frame

    def _put_native(self, target: Dataset) -> None:
        put_native_pixel_data(target, Pieces(self._native()), self.format)

    def _native(self) -> Iterator[bytes | memoryview]:
        """Go through the frames; those in memory are not copied."""
        size = self.format.frame_size
        for dataset in self._images.datasets:
            value = dataset.get("PixelData")
            if isinstance(value, bytes) and len(value) in {size, size + (size & 1)}:
                # Held, not copied: bytes do not change.
                yield memoryview(value)[:size]
            else:
                yield _encoded(dataset)


def _encoded(dataset: Dataset) -> bytes:
    if isinstance(dataset, Image):
        return dataset.get_raw_frame(1)
    return DatasetFrameReader(dataset).read_frame(0)
