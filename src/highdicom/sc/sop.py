"""Secondary Capture images of a single frame (PS3.3 A.8.1)."""

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.uid import (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)
from pydicom.valuerep import PersonName

from highdicom.content.issuer import IssuerOfIdentifier
from highdicom.content.specimen import SpecimenDescription
from highdicom.enum import (
    AnatomicalOrientationTypeValues,
    CoordinateSystemNames,
    LateralityValues,
    PatientSexValues,
    PhotometricInterpretationValues,
)
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.modules.equipment import ContributingEquipment
from highdicom.sc.capture import Capture
from highdicom.sc.enum import ConversionTypeValues
from highdicom.sc.orientation import PatientOrientation, subject_of
from highdicom.sc.pixels import pixel_format_of
from highdicom.typing import Self

__all__ = ["SCImage"]


class SCImage(Capture):
    """Single-frame Secondary Capture image (PS3.3 A.8.1).

    Parameters
    ----------
    pixel_array
        Pixels (row, column) of type bool, uint8 or uint16, or colours (row, column, 3)
        of type uint8.
    photometric_interpretation
        MONOCHROME1 or MONOCHROME2. For colours that of the image once it is encoded:
        YBR_FULL_422 in JPEG, YBR_RCT and YBR_ICT in lossless and lossy JPEG 2000, RGB
        in JPEG-LS, of colours given as RGB; in other transfer syntaxes RGB or YBR_FULL,
        as which the colours are given.
    bits_allocated
        1 for booleans, 8 or 16 for unsigned integers.
    coordinate_system
        Whether a patient or a slide is seen.
    study_instance_uid, series_instance_uid, series_number
        Study and series that the instance belongs to.
    sop_instance_uid, instance_number, manufacturer
        The instance itself, and who made the equipment that made it.
    patient_name, referring_physician_name
        Names in the form of PS3.5 6.2.1, components separated by "^".
    pixel_spacing
        Millimetres between rows and between columns.
    laterality
        Which of a pair of body parts is seen.
    patient_orientation
        Where rows and columns run to; required for a patient.
    anatomical_orientation_type
        Whether the patient walks on two legs or four; which directions there are
        depends on it.
    container_identifier, issuer_of_container_identifier
        The slide and who named it; the identifier is required for a slide.
    specimen_descriptions
        Specimens on the slide; required for a slide.
    transfer_syntax_uid
        Native, deflated, RLE, JPEG Baseline, JPEG-LS, JPEG 2000 or lossless HTJ2K.
    contributing_equipment
        Who had a part in the image before.
    **kwargs
        Further arguments of :class:`highdicom.base.SOPClass`.

    Raises
    ------
    InvalidArgumentError
        If a value is not allowed, or does not fit the pixel array.
    ArgumentTypeError
        If the pixel array is none, or is of another data type.
    ConflictingArgumentsError
        If an argument is missing that the coordinate system asks for.
    UnsupportedTransferSyntaxError
        If the transfer syntax cannot hold such pixels.

    Examples
    --------
    >>> import numpy as np
    >>> from highdicom import UID
    >>> from highdicom.sc import SCImage
    >>> image = SCImage(
    ...     np.zeros((32, 48), np.uint8),
    ...     "MONOCHROME2",
    ...     bits_allocated=8,
    ...     coordinate_system="PATIENT",
    ...     patient_orientation=("L", "F"),
    ...     study_instance_uid=UID(),
    ...     series_instance_uid=UID(),
    ...     series_number=1,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ...     manufacturer="Manufacturer",
    ... )
    >>> image.get_frame(1).shape
    (32, 48)

    """

    sop_class_uids = frozenset((SecondaryCaptureImageStorage,))

    def __init__(
        self,
        pixel_array: npt.NDArray[Any],
        photometric_interpretation: str | PhotometricInterpretationValues,
        bits_allocated: int,
        coordinate_system: str | CoordinateSystemNames,
        study_instance_uid: str,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        patient_id: str | None = None,
        patient_name: str | PersonName | None = None,
        patient_birth_date: str | None = None,
        patient_sex: str | PatientSexValues | None = None,
        accession_number: str | None = None,
        study_id: str | None = None,
        study_date: str | datetime.date | None = None,
        study_time: str | datetime.time | None = None,
        referring_physician_name: str | PersonName | None = None,
        pixel_spacing: tuple[float, float] | None = None,
        laterality: str | LateralityValues | None = None,
        patient_orientation: PatientOrientation | None = None,
        anatomical_orientation_type: str
        | AnatomicalOrientationTypeValues
        | None = None,
        container_identifier: str | None = None,
        issuer_of_container_identifier: IssuerOfIdentifier | None = None,
        specimen_descriptions: Sequence[SpecimenDescription] | None = None,
        transfer_syntax_uid: str = ExplicitVRLittleEndian,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        frame = _checked_frame(pixel_array)
        pixel_format = pixel_format_of(
            frame[np.newaxis],
            photometric_interpretation,
            bits_allocated,
            transfer_syntax_uid,
        )
        subject = subject_of(
            coordinate_system,
            patient_orientation=patient_orientation,
            anatomical_orientation_type=anatomical_orientation_type,
            laterality=laterality,
            container_identifier=container_identifier,
            issuer_of_container_identifier=issuer_of_container_identifier,
            specimen_descriptions=specimen_descriptions,
        )
        self._initialise_instance(
            subject,
            conversion_type=ConversionTypeValues.DI,
            pixel_spacing=pixel_spacing,
            contributing_equipment=contributing_equipment,
            study_instance_uid=study_instance_uid,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=SecondaryCaptureImageStorage,
            instance_number=instance_number,
            manufacturer=manufacturer,
            transfer_syntax_uid=transfer_syntax_uid,
            patient_id=patient_id,
            patient_name=patient_name,
            patient_birth_date=patient_birth_date,
            patient_sex=patient_sex,
            accession_number=accession_number,
            study_id=study_id,
            study_date=study_date,
            study_time=study_time,
            referring_physician_name=referring_physician_name,
            **kwargs,
        )
        self._put_pixels([frame], pixel_format)

    @classmethod
    def from_ref_dataset(
        cls,
        ref_dataset: Dataset,
        pixel_array: npt.NDArray[Any],
        photometric_interpretation: str | PhotometricInterpretationValues,
        bits_allocated: int,
        coordinate_system: str | CoordinateSystemNames,
        series_instance_uid: str,
        series_number: int,
        sop_instance_uid: str,
        instance_number: int,
        manufacturer: str,
        pixel_spacing: tuple[int, int] | None = None,
        laterality: str | LateralityValues | None = None,
        patient_orientation: PatientOrientation | None = None,
        anatomical_orientation_type: str
        | AnatomicalOrientationTypeValues
        | None = None,
        container_identifier: str | None = None,
        issuer_of_container_identifier: IssuerOfIdentifier | None = None,
        specimen_descriptions: Sequence[SpecimenDescription] | None = None,
        transfer_syntax_uid: str = ImplicitVRLittleEndian,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> Self:
        """Make a capture in the study of another instance.

        Parameters
        ----------
        ref_dataset
            Instance that patient and study are taken from.
        pixel_array, photometric_interpretation, bits_allocated, coordinate_system
            As of the class.
        series_instance_uid, series_number, sop_instance_uid, instance_number
            Identity of the new instance.
        manufacturer, pixel_spacing, laterality, patient_orientation
            As of the class.
        anatomical_orientation_type, container_identifier
            As of the class.
        issuer_of_container_identifier, specimen_descriptions, transfer_syntax_uid
            As of the class.
        contributing_equipment
            Who had a part in the image, besides what acquired `ref_dataset`.
        **kwargs
            Further arguments of :class:`highdicom.base.SOPClass`.

        Raises
        ------
        ArgumentTypeError
            If `ref_dataset` is no dataset.
        MissingAttributeError
            If it has no Study Instance UID.

        """
        return cls._of_reference(
            ref_dataset,
            contributing_equipment,
            pixel_array=pixel_array,
            photometric_interpretation=photometric_interpretation,
            bits_allocated=bits_allocated,
            coordinate_system=coordinate_system,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            instance_number=instance_number,
            manufacturer=manufacturer,
            pixel_spacing=pixel_spacing,
            laterality=laterality,
            patient_orientation=patient_orientation,
            anatomical_orientation_type=anatomical_orientation_type,
            container_identifier=container_identifier,
            issuer_of_container_identifier=issuer_of_container_identifier,
            specimen_descriptions=specimen_descriptions,
            transfer_syntax_uid=transfer_syntax_uid,
            **kwargs,
        )


def _checked_frame(pixel_array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if not isinstance(pixel_array, np.ndarray):
        raise ArgumentTypeError(
            f"'pixel_array' must be a NumPy array, not {type(pixel_array).__name__}."
        )
    is_color = pixel_array.ndim == 3 and pixel_array.shape[2] == 3
    if not (pixel_array.ndim == 2 or is_color) or not pixel_array.size:
        raise InvalidArgumentError(
            "'pixel_array' must have the shape (row, column) or (row, column, 3) and at "
            f"least one pixel, not the shape {pixel_array.shape}."
        )
    return pixel_array
