"""Secondary Capture images of several frames (PS3.3 A.8.2 to A.8.5)."""

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    MultiFrameSingleBitSecondaryCaptureImageStorage,
    MultiFrameTrueColorSecondaryCaptureImageStorage,
)

from highdicom.arguments import is_number
from highdicom.codec.format import PixelFormat
from highdicom.content.issuer import IssuerOfIdentifier
from highdicom.content.specimen import SpecimenDescription
from highdicom.encoding.elements import put, tag_of
from highdicom.enum import (
    AnatomicalOrientationTypeValues,
    CoordinateSystemNames,
    LateralityValues,
    PhotometricInterpretationValues,
)
from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.modules.equipment import ContributingEquipment
from highdicom.sc.capture import Capture
from highdicom.sc.enum import ConversionTypeValues
from highdicom.sc.orientation import PatientOrientation, subject_of
from highdicom.sc.pixels import pixel_format_of
from highdicom.typing import Self

__all__ = ["MultiFrameSCImage"]

_TRUE_COLOR = MultiFrameTrueColorSecondaryCaptureImageStorage
_GRAYSCALE = {
    1: MultiFrameSingleBitSecondaryCaptureImageStorage,
    8: MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    16: MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
}
_RLE = "1.2.840.10008.1.2.5"


class MultiFrameSCImage(Capture):
    """Multi-frame Secondary Capture image (PS3.3 A.8.2 to A.8.5).

    The SOP class follows from the pixels: Single Bit for booleans, Grayscale Byte and
    Grayscale Word for unsigned integers of 8 and 16 bits, True Color for colours.

    Parameters
    ----------
    pixel_array
        Frames (frame, row, column) of type bool, uint8 or uint16, or of colours
        (frame, row, column, 3) of type uint8.
    photometric_interpretation
        MONOCHROME2. For colours that of the image once it is encoded: YBR_FULL_422 in
        JPEG, YBR_RCT and YBR_ICT in lossless and lossy JPEG 2000, of colours given as
        RGB; RGB in other transfer syntaxes; in RLE YBR_FULL, too, if that is how the
        colours are given.
    bits_allocated
        1 for booleans, 8 or 16 for unsigned integers.
    coordinate_system
        Whether a patient or a slide is seen.
    study_instance_uid, series_instance_uid, series_number
        Study and series that the instance belongs to.
    sop_instance_uid, instance_number, manufacturer
        The instance itself, and who made the equipment that made it.
    burned_in_annotation
        Whether pixels show text that identifies the patient and the date.
    recognizable_visual_features
        Whether the patient can be recognized, if that is known.
    frame_time
        Milliseconds from frame to frame, if they are a film; they are pages if not.
    conversion_type
        How the pixels were captured.
    pixel_spacing
        Millimetres between rows and between columns.
    laterality, patient_orientation, anatomical_orientation_type
        As of :class:`highdicom.sc.SCImage`.
    container_identifier, issuer_of_container_identifier, specimen_descriptions
        As of :class:`highdicom.sc.SCImage`.
    transfer_syntax_uid
        As of :class:`highdicom.sc.SCImage`.
    workers
        Number of processes that encode frames, or an executor.
    use_extended_offset_table
        Whether offsets of encapsulated frames are written with 64 bits; native ones
        have none.
    contributing_equipment
        Who had a part in the image before.
    **kwargs
        Further arguments of :class:`highdicom.base.SOPClass`, those about the patient
        and the study among them.

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
    >>> from highdicom.sc import MultiFrameSCImage
    >>> image = MultiFrameSCImage(
    ...     np.zeros((5, 32, 48, 3), np.uint8),
    ...     "RGB",
    ...     bits_allocated=8,
    ...     coordinate_system="PATIENT",
    ...     patient_orientation=("L", "F"),
    ...     study_instance_uid=UID(),
    ...     series_instance_uid=UID(),
    ...     series_number=1,
    ...     sop_instance_uid=UID(),
    ...     instance_number=1,
    ...     manufacturer="Manufacturer",
    ...     burned_in_annotation=False,
    ...     frame_time=40.0,
    ... )
    >>> image.SOPClassUID.name
    'Multi-frame True Color Secondary Capture Image Storage'

    """

    sop_class_uids = frozenset((_TRUE_COLOR, *_GRAYSCALE.values()))

    def __init__(  # noqa: PLR0913, PLR0917 (begins as SCImage does)
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
        *,
        burned_in_annotation: bool,
        recognizable_visual_features: bool | None = None,
        frame_time: float | None = None,
        conversion_type: str | ConversionTypeValues = ConversionTypeValues.DI,
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
        workers: int | Executor = 0,
        use_extended_offset_table: bool = False,
        contributing_equipment: Sequence[ContributingEquipment] | None = None,
        **kwargs: Any,
    ) -> None:
        frames = _checked_frames(pixel_array)
        pixel_format = pixel_format_of(
            frames, photometric_interpretation, bits_allocated, transfer_syntax_uid
        )
        _check_photometric_interpretation(pixel_format, transfer_syntax_uid)
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
            conversion_type=conversion_type,
            pixel_spacing=pixel_spacing,
            contributing_equipment=contributing_equipment,
            study_instance_uid=study_instance_uid,
            series_instance_uid=series_instance_uid,
            series_number=series_number,
            sop_instance_uid=sop_instance_uid,
            sop_class_uid=_sop_class_of(pixel_format),
            instance_number=instance_number,
            manufacturer=manufacturer,
            transfer_syntax_uid=transfer_syntax_uid,
            **kwargs,
        )
        self._put_multi_frame(len(frames), frame_time)
        self._put_annotation(burned_in_annotation, recognizable_visual_features)
        if pixel_format.samples_per_pixel == 1 and pixel_format.bits_stored > 1:
            self._put_identity()
        self._put_pixels(
            frames,
            pixel_format,
            workers=workers,
            use_extended_offset_table=use_extended_offset_table,
        )

    def _put_multi_frame(self, count: int, frame_time: float | None) -> None:
        """Put the modules Multi-frame, and Cine or SC Multi-frame Vector."""
        put(self, "NumberOfFrames", count)
        if frame_time is not None:
            _check_frame_time(frame_time)
        if count == 1:
            return  # there is nothing to tell apart
        if frame_time is None:
            put(self, "FrameIncrementPointer", tag_of("PageNumberVector"))
            put(self, "PageNumberVector", list(range(1, count + 1)))
        else:
            put(self, "FrameIncrementPointer", tag_of("FrameTime"))
            put(self, "FrameTime", frame_time)

    def _put_annotation(self, is_burned_in: bool, has_features: bool | None) -> None:
        put(self, "BurnedInAnnotation", "YES" if is_burned_in else "NO")
        if has_features is not None:
            put(self, "RecognizableVisualFeatures", "YES" if has_features else "NO")

    def _put_identity(self) -> None:
        """Say that stored values are what is displayed (PS3.3 C.8.6.3)."""
        put(self, "PresentationLUTShape", "IDENTITY")
        put(self, "RescaleIntercept", 0)
        put(self, "RescaleSlope", 1)
        put(self, "RescaleType", "US")

    @classmethod
    def from_ref_dataset(  # noqa: PLR0913, PLR0917 (begins as that of SCImage does)
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
        *,
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
        manufacturer
            Who made the equipment that made it.
        contributing_equipment
            Who had a part in the image, besides what acquired `ref_dataset`.
        **kwargs
            Further arguments of the class.

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
            **kwargs,
        )


def _checked_frames(pixel_array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if not isinstance(pixel_array, np.ndarray):
        raise ArgumentTypeError(
            f"'pixel_array' must be a NumPy array, not {type(pixel_array).__name__}."
        )
    is_color = pixel_array.ndim == 4 and pixel_array.shape[3] == 3
    if not (pixel_array.ndim == 3 or is_color) or not pixel_array.size:
        raise InvalidArgumentError(
            "'pixel_array' must have the shape (frame, row, column) or (frame, row, "
            "column, 3) and at least one pixel, not the shape "
            f"{pixel_array.shape}."
        )
    return pixel_array


def _check_photometric_interpretation(
    pixel_format: PixelFormat, transfer_syntax_uid: str
) -> None:
    """Refuse what the single-frame image may have, but not these (A.8.3.4, A.8.5.4)."""
    given = pixel_format.photometric_interpretation
    if given == "MONOCHROME1":
        raise InvalidArgumentError(
            "'photometric_interpretation' must be MONOCHROME2 for several frames, not "
            "MONOCHROME1."
        )
    if given == "YBR_FULL" and transfer_syntax_uid != _RLE:
        raise InvalidArgumentError(
            "'photometric_interpretation' must not be YBR_FULL for several frames but "
            "in RLE."
        )


def _sop_class_of(pixel_format: PixelFormat) -> UID:
    if pixel_format.samples_per_pixel > 1:
        return _TRUE_COLOR
    return _GRAYSCALE[pixel_format.bits_allocated]


def _check_frame_time(frame_time: float) -> None:
    if not is_number(frame_time):
        raise ArgumentTypeError(
            f"'frame_time' must be a number, not {type(frame_time).__name__}."
        )
    if not 0 < frame_time < np.inf:
        raise InvalidArgumentError(
            f"'frame_time' must be positive and finite, not {frame_time}."
        )
