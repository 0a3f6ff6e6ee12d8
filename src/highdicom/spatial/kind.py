"""What an image is, as far as geometry goes: in a patient or on a slide, tiled or not."""

from pydicom.dataset import Dataset

from highdicom.enum import CoordinateSystemNames
from highdicom.spatial.reading import group_items, image_dataset, value_of


def get_image_coordinate_system(dataset: Dataset) -> CoordinateSystemNames | None:
    """Tell to which coordinate system the positions of an image refer.

    That of the patient is PS3.3 C.7.6.2.1.1, that of the slide C.8.12.2.

    Parameters
    ----------
    dataset
        Single-frame or multi-frame image.

    Returns
    -------
    CoordinateSystemNames | None
        None if the image has no Frame of Reference UID or no position in one.

    Raises
    ------
    ArgumentTypeError
        If the value is not a dataset.

    Examples
    --------
    >>> from pydicom import Dataset
    >>> from highdicom.spatial import get_image_coordinate_system
    >>> image = Dataset()
    >>> image.FrameOfReferenceUID = "2.25.1"
    >>> image.ImagePositionPatient = [0, 0, 0]
    >>> get_image_coordinate_system(image).value
    'PATIENT'

    """
    image = image_dataset(dataset)
    if "FrameOfReferenceUID" not in image:
        return None
    if (
        "ImageOrientationSlide" in image
        or "ImageCenterPointCoordinatesSequence" in image
    ):
        return CoordinateSystemNames.SLIDE
    if "ImagePositionPatient" in image or any(
        "ImagePositionPatient" in item
        for _, item in group_items(image, "PlanePositionSequence", 0)
    ):
        return CoordinateSystemNames.PATIENT
    return None


def is_tiled_image(dataset: Dataset) -> bool:
    """Tell whether frames are tiles of a total pixel matrix (PS3.3 C.7.6.17.3).

    Raises
    ------
    ArgumentTypeError
        If the value is not a dataset.

    Examples
    --------
    >>> from pydicom import Dataset
    >>> from highdicom.spatial import is_tiled_image
    >>> is_tiled_image(Dataset())
    False

    """
    image = image_dataset(dataset)
    return all(
        value_of(image, keyword) is not None
        for keyword in (
            "TotalPixelMatrixRows",
            "TotalPixelMatrixColumns",
            "NumberOfFrames",
        )
    )
