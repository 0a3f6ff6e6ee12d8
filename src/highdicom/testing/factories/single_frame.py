"""Series of CT, MR and PET images (PS3.3 A.3, A.4, A.21)."""

from collections.abc import Callable, Sequence
from typing import Any

from pydicom import Dataset
from pydicom.uid import (
    CTImageStorage,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
)

from highdicom.errors import InvalidArgumentError
from highdicom.testing.factories.building import (
    Identifiers,
    code,
    dataset_of,
    finished,
    general,
)
from highdicom.testing.factories.pixel_data import put_pixel_data
from highdicom.testing.factories.stack import Plane, Stack, StackOptions
from highdicom.typing import Unpack

__all__ = ["ct_series", "mr_series", "pet_series"]


def ct_series(
    number_of_slices: int = 5,
    *,
    rescale: tuple[float, float] | Sequence[tuple[float, float]] = (1.0, -1024.0),
    window: tuple[float, float] | None = (40.0, 400.0),
    **options: Unpack[StackOptions],
) -> list[Dataset]:
    """CT images of one series.

    Parameters
    ----------
    number_of_slices
        Including those in `missing_slices`.
    rescale
        Slope and intercept to Hounsfield units, one pair or one for each slice.
    window
        Centre and width, if any.
    **options
        See :class:`Stack`.

    Returns
    -------
    list of Dataset
        One image per slice that is not missing, with its File Meta Information.

    Raises
    ------
    InvalidArgumentError
        If Bits Stored is not 12 to 16 (PS3.3 C.8.2.1.1), or an argument is not
        allowed.

    Examples
    --------
    >>> from highdicom.testing import ct_series
    >>> images = ct_series(3, orientation="coronal", rows=8)
    >>> [float(image.ImagePositionPatient[1]) for image in images]
    [-20.0, -17.5, -15.0]

    """
    stack = Stack(number_of_slices=number_of_slices, **options)
    _check_bits("CT", stack, range(12, 17))

    def specific(plane: Plane) -> dict[str, Any]:
        slope, intercept = _of_slice(rescale, plane.place)
        return {
            "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
            "PatientPosition": "HFS",
            "AcquisitionNumber": 1,
            "KVP": 120.0,
            "RescaleSlope": slope,
            "RescaleIntercept": intercept,
            "RescaleType": "HU",
            **_window(window),
        }

    return _series(stack, "CT", CTImageStorage, specific)


def mr_series(
    number_of_slices: int = 5,
    *,
    echo_times: Sequence[float] = (10.0,),
    window: tuple[float, float] | None = (2000.0, 4000.0),
    **options: Unpack[StackOptions],
) -> list[Dataset]:
    """MR images of one series.

    Parameters
    ----------
    number_of_slices
        Including those in `missing_slices`.
    echo_times
        Milliseconds; all slices of the first echo come before those of the second.
        The planes of the second echo follow those of the first in `pixels`, too.
    window
        Centre and width, if any.
    **options
        See :class:`Stack`.

    Returns
    -------
    list of Dataset
        One image per echo and slice that is not missing.

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> from highdicom.testing import mr_series
    >>> len(mr_series(4, echo_times=(5.0, 10.0)))
    8

    """
    stack = Stack(number_of_slices=number_of_slices, **options)
    _check_bits("MR", stack, range(8, 17))

    def specific_to(echo: int) -> Callable[[Plane], dict[str, Any]]:
        return lambda _: {
            "ImageType": ["ORIGINAL", "PRIMARY", "OTHER"],
            "PatientPosition": "HFS",
            "ScanningSequence": "SE",
            "SequenceVariant": "NONE",
            "ScanOptions": None,
            "MRAcquisitionType": "2D",
            "RepetitionTime": 500.0,
            "EchoTime": float(echo_times[echo]),
            "EchoNumbers": echo + 1,
            "EchoTrainLength": len(echo_times),
            "MagneticFieldStrength": 1.5,
            **_window(window),
        }

    return [
        image
        for echo in range(len(echo_times))
        for image in _series(
            stack, "MR", MRImageStorage, specific_to(echo), repetition=echo
        )
    ]


def pet_series(
    number_of_slices: int = 5,
    *,
    slopes: Sequence[float] | None = None,
    **options: Unpack[StackOptions],
) -> list[Dataset]:
    """PET images of one series, in Bq/ml.

    Parameters
    ----------
    number_of_slices
        Including those in `missing_slices`.
    slopes
        Rescale slope of each slice; all differ by default.
    **options
        See :class:`Stack`; Bits Stored is 16.

    Returns
    -------
    list of Dataset
        One image per slice that is not missing.

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> from highdicom.testing import pet_series
    >>> [float(image.RescaleSlope) for image in pet_series(3)]
    [0.5, 0.75, 1.0]

    """
    options.setdefault("bits_stored", 16)
    stack = Stack(number_of_slices=number_of_slices, **options)
    _check_bits("PET", stack, range(16, 17))

    def specific(plane: Plane) -> dict[str, Any]:
        slope = 0.5 + 0.25 * plane.place if slopes is None else slopes[plane.place]
        return {
            **_PET,
            "NumberOfSlices": number_of_slices,
            "ImageIndex": plane.place + 1,
            "RescaleSlope": float(slope),
            "RescaleIntercept": 0.0,
        }

    return _series(stack, "PT", PositronEmissionTomographyImageStorage, specific)


_PET: dict[str, Any] = {
    "ImageType": ["ORIGINAL", "PRIMARY"],
    "SeriesDate": "20240102",
    "SeriesTime": "101112",
    "Units": "BQML",
    "CountsSource": "EMISSION",
    "SeriesType": ["STATIC", "IMAGE"],
    "CorrectedImage": ["DECY", "ATTN"],
    "DecayCorrection": "START",
    "CollimatorType": "NONE",
    "RadiopharmaceuticalInformationSequence": {
        "RadionuclideCodeSequence": code("77004003", "SCT", "^18^Fluorine"),
        "RadiopharmaceuticalStartTime": "091011",
        "RadionuclideTotalDose": 370000000.0,
        "RadionuclideHalfLife": 6586.2,
    },
    "PatientOrientationCodeSequence": {
        **code("102538003", "SCT", "recumbent"),
        "PatientOrientationModifierCodeSequence": code("40199007", "SCT", "supine"),
    },
    "PatientGantryRelationshipCodeSequence": code("102540008", "SCT", "headfirst"),
    "FrameReferenceTime": 1000.0,
    "ActualFrameDuration": 180000,
    "DecayFactor": 1.0,
}


def _series(
    stack: Stack,
    modality: str,
    sop_class_uid: str,
    specific: Callable[[Plane], dict[str, Any]],
    repetition: int = 0,
) -> list[Dataset]:
    planes = list(stack)
    offset = repetition * stack.number_of_slices
    frames = stack.frames([plane.place + offset for plane in planes])
    kind = f"{modality} series"
    frame_of_reference = Identifiers(stack.seed)("frame of reference")
    images = []
    for number, (plane, frame) in enumerate(zip(planes, frames, strict=True), 1):
        image = dataset_of(
            general(
                stack.seed,
                kind,
                sop_class_uid,
                modality,
                name=f"{repetition}/{plane.place}",
            ),
            {
                "AcquisitionDate": "20240102",
                "AcquisitionTime": "101213",
                "InstanceNumber": repetition * len(planes) + number,
                "FrameOfReferenceUID": frame_of_reference,
                "PositionReferenceIndicator": None,
                "BodyPartExamined": "CHEST",
                "PixelSpacing": list(map(float, stack.pixel_spacing)),
                "SliceThickness": stack.thickness,
                "SpacingBetweenSlices": float(stack.spacing_between_slices),
                "ImageOrientationPatient": stack.cosines,
                "ImagePositionPatient": plane.position,
            },
            specific(plane),
        )
        put_pixel_data(image, [frame], stack.stored_format)
        images.append(finished(image, stack.attributes))
    return images


def _check_bits(modality: str, stack: Stack, allowed: range) -> None:
    if stack.bits_stored not in allowed:
        raise InvalidArgumentError(
            f"'bits_stored' of {modality} images must be {allowed[0]} to "
            f"{allowed[-1]}, not {stack.bits_stored}."
        )


def _of_slice(
    rescale: tuple[float, float] | Sequence[tuple[float, float]], index: int
) -> tuple[float, float]:
    pair = rescale[index] if isinstance(rescale[0], Sequence) else rescale
    slope, intercept = pair  # type: ignore[misc]
    return float(slope), float(intercept)  # type: ignore[arg-type]


def _window(window: tuple[float, float] | None) -> dict[str, Any]:
    if window is None:
        return {}
    return {"WindowCenter": float(window[0]), "WindowWidth": float(window[1])}
