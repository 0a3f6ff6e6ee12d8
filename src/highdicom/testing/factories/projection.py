"""Computed Radiography and Digital X-Ray images (PS3.3 A.2, A.26)."""

from collections.abc import Sequence
from typing import Any, Literal

from pydicom import Dataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
)

from highdicom.testing.factories.building import Values, code
from highdicom.testing.factories.picture import Picture, PictureOptions
from highdicom.typing import Unpack

__all__ = ["cr_image", "dx_image"]


def cr_image(
    *,
    photometric_interpretation: Literal["MONOCHROME1", "MONOCHROME2"] = "MONOCHROME2",
    window: tuple[float, float] | None = (2000.0, 4000.0),
    modality_lut: Values | None = None,
    voi_luts: Sequence[Values] = (),
    **options: Unpack[PictureOptions],
) -> Dataset:
    """Computed Radiography image.

    Parameters
    ----------
    photometric_interpretation
        MONOCHROME1 or MONOCHROME2.
    window
        Centre and width, if any.
    modality_lut, voi_luts
        Items as :func:`lookup_table` makes them.
    **options
        See :class:`Picture`.

    Returns
    -------
    Dataset
        Image with its File Meta Information.

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> from highdicom.testing import cr_image, lookup_table
    >>> table = lookup_table(range(0, 65536, 16), LUTExplanation="Identity")
    >>> len(cr_image(voi_luts=[table]).VOILUTSequence[0].LUTData)
    8192

    """
    picture = Picture(**options)
    return picture.image(
        picture.general("CR", ComputedRadiographyImageStorage, "CR"),
        {
            "ImageType": ["ORIGINAL", "PRIMARY"],
            "BodyPartExamined": "CHEST",
            "ViewPosition": "PA",
            "PatientOrientation": ["L", "F"],
            "ImagerPixelSpacing": [0.2, 0.15],
        },
        _grey_values(window, modality_lut, voi_luts),
        photometric_interpretation=photometric_interpretation,
    )


def dx_image(
    *,
    for_presentation: bool = True,
    photometric_interpretation: Literal["MONOCHROME1", "MONOCHROME2"] = "MONOCHROME2",
    window: tuple[float, float] | None = (2000.0, 4000.0),
    voi_luts: Sequence[Values] = (),
    **options: Unpack[PictureOptions],
) -> Dataset:
    """Digital X-Ray image.

    Parameters
    ----------
    for_presentation
        Whether it is meant to be shown, or to be processed first.
    photometric_interpretation
        MONOCHROME1 or MONOCHROME2; the Presentation LUT Shape follows from it.
    window
        Centre and width, if any (for presentation only).
    voi_luts
        Items as :func:`lookup_table` makes them.
    **options
        See :class:`Picture`.

    Returns
    -------
    Dataset
        Image with its File Meta Information.

    Raises
    ------
    InvalidArgumentError
        If an argument is not allowed.

    Examples
    --------
    >>> from highdicom.testing import dx_image
    >>> dx_image(photometric_interpretation="MONOCHROME1").PresentationLUTShape
    'INVERSE'

    """
    picture = Picture(**options)
    if for_presentation:
        uid = DigitalXRayImageStorageForPresentation
        shown = _grey_values(window, None, voi_luts)
    else:
        uid, shown = DigitalXRayImageStorageForProcessing, {}
    inverse = photometric_interpretation == "MONOCHROME1"
    kind = f"DX FOR {'PRESENTATION' if for_presentation else 'PROCESSING'}"
    return picture.image(
        picture.general(kind, uid, "DX"),
        _DX,
        {
            "PresentationIntentType": kind.removeprefix("DX "),
            "PresentationLUTShape": "INVERSE" if inverse else "IDENTITY",
        },
        shown,
        photometric_interpretation=photometric_interpretation,
    )


_DX: dict[str, Any] = {
    "ImageType": ["ORIGINAL", "PRIMARY"],
    "BodyPartExamined": "CHEST",
    "ImageLaterality": "U",
    "AnatomicRegionSequence": code("43799004", "SCT", "Chest"),
    "PixelIntensityRelationship": "LOG",
    "PixelIntensityRelationshipSign": -1,
    "RescaleIntercept": 0.0,
    "RescaleSlope": 1.0,
    "RescaleType": "US",
    "LossyImageCompression": "00",
    "PatientOrientation": ["L", "F"],
    "BurnedInAnnotation": "NO",
    "AcquisitionContextSequence": [],
    "DetectorType": "DIRECT",
    "ImagerPixelSpacing": [0.2, 0.15],
    "PositionerType": "COLUMN",
}


def _grey_values(
    window: tuple[float, float] | None,
    modality_lut: Values | None,
    voi_luts: Sequence[Values],
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if window is not None:
        values["WindowCenter"] = float(window[0])
        values["WindowWidth"] = float(window[1])
    if modality_lut is not None:
        values["ModalityLUTSequence"] = modality_lut
    if voi_luts:
        values["VOILUTSequence"] = list(voi_luts)
    return values
