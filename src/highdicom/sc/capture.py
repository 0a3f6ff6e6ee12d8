"""What captures of one frame and of several share (PS3.3 A.8)."""

import datetime
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy.typing as npt
from pydicom.dataset import Dataset

from highdicom.base import SOPClass
from highdicom.codec.format import PixelFormat
from highdicom.encoding.elements import put
from highdicom.errors import ArgumentTypeError, MissingAttributeError
from highdicom.image.lossy_compression import LossyCompressions
from highdicom.image.new_image import NewImage
from highdicom.image.pixel_data import put_image_pixel, put_pixel_data
from highdicom.modules.equipment import ContributingEquipment
from highdicom.sc.enum import ConversionTypeValues
from highdicom.sc.modules import SCEquipment, SecondaryCapture
from highdicom.sc.orientation import PatientSubject, SlideSubject
from highdicom.typing import Self

__all__ = ["Capture"]

_IMAGE_TYPE = ["DERIVED", "SECONDARY", "OTHER"]
# Arguments that stand for what is copied from another instance. They are named, so that
# it is an error to give them, too.
_COPIED = (
    "patient_id",
    "patient_name",
    "patient_birth_date",
    "patient_sex",
    "accession_number",
    "study_id",
    "study_date",
    "study_time",
    "referring_physician_name",
)


class Capture(NewImage):
    """Base of Secondary Capture images."""

    def _initialise_instance(
        self,
        subject: PatientSubject | SlideSubject,
        *,
        conversion_type: str | ConversionTypeValues,
        pixel_spacing: tuple[float, float] | None,
        contributing_equipment: Sequence[ContributingEquipment] | None,
        **options: Any,
    ) -> None:
        """Put all but frames and pixels; `options` are those of every instance."""
        SOPClass.__init__(self, modality="OT", **options)
        subject.insert_into(self)
        put(self, "ImageType", _IMAGE_TYPE)
        SCEquipment(conversion_type).insert_into(self)
        now = datetime.datetime.now()  # noqa: DTZ005 (DICOM times are local)
        SecondaryCapture(now.date(), now.time(), pixel_spacing).insert_into(self)
        self._put_contributing_equipment(contributing_equipment, None)

    def _put_pixels(
        self,
        frames: Iterable[npt.NDArray[Any]],
        pixel_format: PixelFormat,
        *,
        workers: int | Executor = 0,
        use_extended_offset_table: bool = False,
    ) -> None:
        put_image_pixel(self, pixel_format)
        put_pixel_data(
            self,
            frames,
            pixel_format,
            self.transfer_syntax_uid,
            workers=workers,
            use_extended_offset_table=use_extended_offset_table,
        )
        LossyCompressions().put_into(self, pixel_format)

    @classmethod
    def _of_reference(
        cls,
        ref_dataset: Dataset,
        contributing_equipment: Sequence[ContributingEquipment] | None,
        **arguments: Any,
    ) -> Self:
        """Make a capture in the study of another instance, with all that it says."""
        if not isinstance(ref_dataset, Dataset):
            raise ArgumentTypeError(
                f"'ref_dataset' must be a Dataset, not {type(ref_dataset).__name__}."
            )
        if not ref_dataset.get("StudyInstanceUID"):
            raise MissingAttributeError(
                "'ref_dataset' lacks StudyInstanceUID.",
                keyword="StudyInstanceUID",
                sop_instance_uid=ref_dataset.get("SOPInstanceUID"),
            )
        equipment = list(contributing_equipment or ())
        if ref_dataset.get("Manufacturer"):
            acquisition = ContributingEquipment.for_image_acquisition(ref_dataset)
            equipment.insert(0, acquisition)
        image = cls(
            study_instance_uid=ref_dataset.StudyInstanceUID,
            contributing_equipment=equipment,
            **dict.fromkeys(_COPIED),
            **arguments,
        )
        image.copy_patient_and_study_information(ref_dataset)
        return image
