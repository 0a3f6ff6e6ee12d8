"""Images without a frame of reference: one plane, or frames in time."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from highdicom.records import record
from highdicom.testing.factories.building import (
    Seed,
    Values,
    dataset_of,
    finished,
    general,
)
from highdicom.testing.factories.pixel_data import (
    Pixels,
    StoredFormat,
    planes_of,
    put_pixel_data,
)
from highdicom.typing import TypedDict

__all__ = ["Clip", "ClipOptions", "Picture", "PictureOptions", "color_space"]


class PictureOptions(TypedDict, total=False):
    """Options of every factory of one plane in no frame of reference."""

    rows: int
    columns: int
    pixels: ArrayLike | None
    bits_stored: int
    transfer_syntax: str
    instance: int
    seed: Seed
    attributes: Values | None


@record(kw_only=True)
class Picture:
    """One plane of pixels in no frame of reference.

    Parameters
    ----------
    rows, columns
        Size of the image.
    pixels
        Stored values (row, column[, sample]); a pattern by default.
    bits_stored, transfer_syntax
        See :class:`StoredFormat`.
    instance
        Instance number; several images of one seed form a series.
    seed, attributes
        See :class:`Stack`.

    """

    rows: int = 16
    columns: int = 20
    pixels: ArrayLike | None = None
    bits_stored: int = 12
    transfer_syntax: str = ExplicitVRLittleEndian
    instance: int = 1
    seed: Seed = 0
    attributes: Values | None = None

    def general(self, kind: str, sop_class_uid: str, modality: str) -> dict[str, Any]:
        """Modules that all images have."""
        values = general(
            self.seed, kind, sop_class_uid, modality, name=str(self.instance)
        )
        return {**values, "InstanceNumber": self.instance}

    def image(
        self,
        *values: Values,
        samples: int = 1,
        photometric_interpretation: str = "MONOCHROME2",
        planar_configuration: int = 0,
    ) -> Dataset:
        """Put the image together."""
        stored_format = StoredFormat(
            self.bits_stored,
            photometric_interpretation=photometric_interpretation,
            transfer_syntax=self.transfer_syntax,
            planar_configuration=planar_configuration,
        )
        shape = [self.rows, self.columns, samples][: 2 if samples == 1 else 3]
        pixels = None if self.pixels is None else np.asarray(self.pixels)[np.newaxis]
        frames = planes_of(
            pixels, [self.instance - 1 if pixels is None else 0], shape, stored_format
        )
        image = dataset_of(*values)
        put_pixel_data(image, frames, stored_format)
        return finished(image, self.attributes)


class ClipOptions(TypedDict, total=False):
    """Options of every factory of frames in no frame of reference."""

    rows: int
    columns: int
    pixels: Pixels
    bits_stored: int
    transfer_syntax: str
    extended_offsets: bool
    seed: Seed
    attributes: Values | None


@record(kw_only=True)
class Clip:
    """Frames in no frame of reference and without functional groups.

    Parameters
    ----------
    number_of_frames
        How many there are.
    rows, columns
        Size of a frame; of frames of one bit, all but the first begin within a byte.
    pixels
        Stored values (frame, row, column[, sample]), or a function from the zero-based
        index of a frame to its values; a pattern by default.
    bits_stored, transfer_syntax
        See :class:`StoredFormat`.
    extended_offsets
        Whether encapsulated frames get an Extended in place of a Basic Offset Table.
    seed, attributes
        See :class:`Stack`.

    """

    number_of_frames: int
    rows: int = 15
    columns: int = 17
    pixels: Pixels = None
    bits_stored: int = 8
    transfer_syntax: str = ExplicitVRLittleEndian
    extended_offsets: bool = False
    seed: Seed = 0
    attributes: Values | None = None

    def image(self, *values: Values, samples: int = 1) -> Dataset:
        """Put the image together."""
        stored_format = StoredFormat(
            self.bits_stored,
            photometric_interpretation=color_space(samples),
            transfer_syntax=self.transfer_syntax,
        )
        shape = [self.rows, self.columns, samples][: 2 if samples == 1 else 3]
        image = dataset_of(*values, {"NumberOfFrames": self.number_of_frames})
        indices = range(self.number_of_frames)
        frames = planes_of(self.pixels, indices, shape, stored_format)
        put_pixel_data(
            image, frames, stored_format, extended_offsets=self.extended_offsets
        )
        return finished(image, self.attributes)


def color_space(samples: int) -> str:
    """Photometric Interpretation of one or three samples."""
    return "RGB" if samples == 3 else "MONOCHROME2"
