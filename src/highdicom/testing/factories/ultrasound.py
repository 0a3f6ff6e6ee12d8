"""Ultrasound images of one and of several frames (PS3.3 A.6, A.7)."""

from typing import Literal

from pydicom import Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.uid import UltrasoundImageStorage, UltrasoundMultiFrameImageStorage

from highdicom.testing.factories.building import Values, general
from highdicom.testing.factories.picture import (
    Clip,
    ClipOptions,
    Picture,
    PictureOptions,
    color_space,
)
from highdicom.typing import Unpack

__all__ = ["us_clip", "us_image"]


def us_image(
    *,
    samples: Literal[1, 3] = 3,
    planar_configuration: Literal[0, 1] = 0,
    **options: Unpack[PictureOptions],
) -> Dataset:
    """Ultrasound image of one frame, with one calibrated region.

    Parameters
    ----------
    samples
        3 for RGB, 1 for grey.
    planar_configuration
        0: samples of a pixel together; 1: a plane per sample.
    **options
        See :class:`Picture`; Bits Stored is 8.

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
    >>> from highdicom.testing import us_image
    >>> us_image().PhotometricInterpretation
    'RGB'

    """
    options.setdefault("bits_stored", 8)
    picture = Picture(**options)
    return picture.image(
        picture.general("US", UltrasoundImageStorage, "US"),
        _ultrasound(picture.rows, picture.columns),
        samples=samples,
        photometric_interpretation=color_space(samples),
        planar_configuration=planar_configuration,
    )


def us_clip(
    number_of_frames: int = 4,
    *,
    samples: Literal[1, 3] = 3,
    **options: Unpack[ClipOptions],
) -> Dataset:
    """Ultrasound image of several frames in time, without functional groups.

    Parameters
    ----------
    number_of_frames
        Frames, 40 milliseconds apart.
    samples
        3 for RGB, 1 for grey.
    **options
        See :class:`Clip`; Bits Stored is 8.

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
    >>> from highdicom.testing import us_clip
    >>> int(us_clip(3).NumberOfFrames)
    3

    """
    clip = Clip(number_of_frames=number_of_frames, **options)
    return clip.image(
        general(clip.seed, "US clip", UltrasoundMultiFrameImageStorage, "US"),
        _ultrasound(clip.rows, clip.columns),
        {"FrameTime": 40.0, "FrameIncrementPointer": tag_for_keyword("FrameTime")},
        samples=samples,
    )


def _ultrasound(rows: int, columns: int) -> Values:
    return {
        "ImageType": ["ORIGINAL", "PRIMARY", "ABDOMINAL", "0001"],
        "BodyPartExamined": "ABDOMEN",
        "PatientOrientation": None,
        "LossyImageCompression": "00",
        "SequenceOfUltrasoundRegions": {
            "RegionSpatialFormat": 1,
            "RegionDataType": 1,
            "RegionFlags": 0,
            "RegionLocationMinX0": 0,
            "RegionLocationMinY0": 0,
            "RegionLocationMaxX1": columns - 1,
            "RegionLocationMaxY1": rows - 1,
            "PhysicalUnitsXDirection": 3,
            "PhysicalUnitsYDirection": 3,
            "PhysicalDeltaX": 0.05,
            "PhysicalDeltaY": 0.025,
        },
    }
