"""Secondary Capture images of one and of several frames (PS3.3 A.8)."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydicom import Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.uid import (
    MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    MultiFrameSingleBitSecondaryCaptureImageStorage,
    MultiFrameTrueColorSecondaryCaptureImageStorage,
    SecondaryCaptureImageStorage,
)

from highdicom.errors import InvalidArgumentError
from highdicom.testing.factories.building import Values, general
from highdicom.testing.factories.picture import (
    Clip,
    ClipOptions,
    Picture,
    PictureOptions,
    color_space,
)
from highdicom.typing import Unpack

__all__ = ["multi_frame_sc_image", "palette_image", "sc_image"]


def sc_image(
    *,
    samples: Literal[1, 3] = 3,
    planar_configuration: Literal[0, 1] = 0,
    **options: Unpack[PictureOptions],
) -> Dataset:
    """Secondary Capture image.

    Parameters
    ----------
    samples
        3 for RGB, 1 for grey.
    planar_configuration
        0: samples of a pixel together; 1: a plane per sample.
    **options
        See :class:`Picture`; Bits Stored is 8 unless given.

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
    >>> from highdicom.testing import sc_image
    >>> sc_image(samples=1, bits_stored=16).BitsAllocated
    16

    """
    options.setdefault("bits_stored", 8)
    picture = Picture(**options)
    return picture.image(
        picture.general("SC", SecondaryCaptureImageStorage, "OT"),
        _SECONDARY_CAPTURE,
        samples=samples,
        photometric_interpretation=color_space(samples),
        planar_configuration=planar_configuration,
    )


def palette_image(
    *,
    table: ArrayLike | None = None,
    first_mapped_value: int = 0,
    entry_bits: Literal[8, 16] = 16,
    **options: Unpack[PictureOptions],
) -> Dataset:
    """Secondary Capture image whose values stand for colours of a palette.

    Parameters
    ----------
    table
        Colours (entry, 3); 256 distinct ones by default.
    first_mapped_value
        Stored value of the first entry.
    entry_bits
        Bits of an entry.
    **options
        See :class:`Picture`; Bits Stored is 8 unless given.

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
    >>> from highdicom.testing import palette_image
    >>> palette_image().RedPaletteColorLookupTableDescriptor
    [256, 0, 16]

    """
    options.setdefault("bits_stored", 8)
    picture = Picture(**options)
    if table is None:
        levels = np.arange(256) * (257 if entry_bits == 16 else 1)
        table = np.stack([levels, levels[::-1], np.roll(levels, 85)], axis=1)
    colors = np.asarray(table, np.uint8 if entry_bits == 8 else np.dtype("<u2"))
    values: dict[str, Any] = dict(_SECONDARY_CAPTURE)
    for name, entries in zip(("Red", "Green", "Blue"), colors.T, strict=True):
        data = entries.tobytes()
        values[f"{name}PaletteColorLookupTableDescriptor"] = [
            len(entries) % 65536,
            first_mapped_value,
            entry_bits,
        ]
        values[f"{name}PaletteColorLookupTableData"] = data + b"\0" * (len(data) % 2)
    return picture.image(
        picture.general("SC palette", SecondaryCaptureImageStorage, "OT"),
        values,
        photometric_interpretation="PALETTE COLOR",
    )


def multi_frame_sc_image(
    number_of_frames: int = 3,
    *,
    samples: Literal[1, 3] = 1,
    **options: Unpack[ClipOptions],
) -> Dataset:
    """Multi-frame Secondary Capture image of 1, 8 or 16 bits or of colour.

    Parameters
    ----------
    number_of_frames
        Frames, one page each.
    samples
        1, or 3 with 8 bits.
    **options
        See :class:`Clip`; Bits Stored is 1, 8 or 9 to 16.

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
    >>> from highdicom.testing import multi_frame_sc_image
    >>> len(multi_frame_sc_image(3, rows=3, columns=3, bits_stored=1).PixelData)
    4

    """
    clip = Clip(number_of_frames=number_of_frames, **options)
    sop_class_uid, specific = _kind_of(clip.bits_stored, samples)
    return clip.image(
        general(clip.seed, f"SC {clip.bits_stored} {samples}", sop_class_uid, "OT"),
        _SECONDARY_CAPTURE,
        specific,
        {
            "BurnedInAnnotation": "NO",
            "PageNumberVector": list(range(1, number_of_frames + 1)),
            "FrameIncrementPointer": tag_for_keyword("PageNumberVector"),
        },
        samples=samples,
    )


def _kind_of(bits_stored: int, samples: int) -> tuple[str, Values]:
    if samples == 3 and bits_stored == 8:
        return MultiFrameTrueColorSecondaryCaptureImageStorage, {}
    if samples == 1 and bits_stored == 1:
        return MultiFrameSingleBitSecondaryCaptureImageStorage, {}
    if samples == 1 and bits_stored == 8:
        return MultiFrameGrayscaleByteSecondaryCaptureImageStorage, _IDENTITY
    if samples == 1 and 9 <= bits_stored <= 16:
        return MultiFrameGrayscaleWordSecondaryCaptureImageStorage, _IDENTITY
    raise InvalidArgumentError(
        "'bits_stored' and 'samples' must be 1, 8 or 9 to 16 bits of one sample or 8 "
        f"bits of three, not {bits_stored} and {samples}."
    )


_SECONDARY_CAPTURE: Values = {
    "ImageType": ["DERIVED", "SECONDARY"],
    "ConversionType": "WSD",
    "BodyPartExamined": "CHEST",
    "PatientOrientation": None,
}
_IDENTITY: Values = {
    "PresentationLUTShape": "IDENTITY",
    "RescaleIntercept": 0.0,
    "RescaleSlope": 1.0,
    "RescaleType": "US",
}
