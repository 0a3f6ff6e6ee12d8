"""Images that a report is about: TID 1600 to 1602."""

from collections.abc import Iterable, Sequence as AnySequence
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.content_items.base import ContentItem, add_content
from highdicom.content_items.references import ImageContentItem
from highdicom.content_items.values import ContainerContentItem
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.sr.engine.items import item_of_value
from highdicom.sr.engine.specifiers import (
    OptionalCoded,
    OptionalNumber,
    OptionalUid,
    value,
)
from highdicom.sr.engine.table import Row
from highdicom.sr.engine.template import Template
from highdicom.sr.tables.concepts import sct
from highdicom.sr.tables.image_library import (
    IMAGE_LIBRARY,
    IMAGE_LIBRARY_GROUP,
    TID_1600,
    TID_1601,
    TID_1602,
)

__all__ = ["ImageLibrary", "ImageLibraryEntry", "ImageLibraryEntryDescriptors"]

_SOURCE = sct("260753009", "Source")

# Row, attribute, and index of the value if it has several.
_Descriptor = tuple[str, str, int | None]

_GENERAL: tuple[_Descriptor, ...] = (
    ("10", "FrameOfReferenceUID", None),
    ("11", "Rows", None),
    ("12", "Columns", None),
)
_PROJECTION: tuple[_Descriptor, ...] = (
    ("13.3", "PatientOrientation", 0),
    ("13.4", "PatientOrientation", 1),
    ("13.5", "ImagerPixelSpacing", 1),
    ("13.6", "ImagerPixelSpacing", 0),
)
_CROSS_SECTION: tuple[_Descriptor, ...] = (
    ("14.1", "PixelSpacing", 1),
    ("14.2", "PixelSpacing", 0),
    ("14.4", "SliceThickness", None),
    *((f"14.{5 + axis}", "ImagePositionPatient", axis) for axis in range(3)),
    *((f"14.{8 + axis}", "ImageOrientationPatient", axis) for axis in range(6)),
    ("14.3", "SpacingBetweenSlices", None),
)
_PROJECTION_MODALITIES = frozenset(
    ("CR", "DR", "DX", "IO", "MG", "PX", "RF", "RG", "XA")
)


class ImageLibraryEntryDescriptors(Template, table=TID_1602):
    """What describes an image of the library (PS3.16 TID 1602).

    Parameters
    ----------
    image
        The image.
    additional_descriptors
        Items beyond those that are taken from the image.

    Raises
    ------
    ArgumentTypeError
        If the image is not a dataset or an additional descriptor not a content item.
    MissingAttributeError
        If the image has no modality.

    Examples
    --------
    >>> from pydicom import Dataset
    >>> from highdicom.sr import ImageLibraryEntryDescriptors
    >>> image = Dataset()
    >>> image.Modality, image.Rows, image.Columns = "CT", 512, 256
    >>> ImageLibraryEntryDescriptors(image).pixel_data_columns
    256.0

    """

    modality: OptionalCoded = value("1", init=False)
    frame_of_reference_uid: OptionalUid = value("10", init=False)
    pixel_data_rows: OptionalNumber = value("11", init=False)
    pixel_data_columns: OptionalNumber = value("12", init=False)

    def __init__(
        self,
        image: Dataset,
        additional_descriptors: AnySequence[ContentItem] | None = None,
    ) -> None:
        super().__init__([*_descriptors_of(image), *(additional_descriptors or ())])


class ImageLibraryEntry(Template, table=TID_1601):
    """An image of the library (PS3.16 TID 1601).

    Parameters
    ----------
    dataset
        The image.

    Raises
    ------
    ArgumentTypeError
        If it is not a dataset.
    MissingAttributeError
        If an attribute is missing in it.

    Examples
    --------
    >>> from pydicom import Dataset
    >>> from highdicom.sr.templates import ImageLibraryEntry
    >>> image = Dataset()
    >>> image.SOPClassUID, image.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3"
    >>> image.Modality = "CT"
    >>> ImageLibraryEntry(image)[0].referenced_sop_instance_uid
    '1.2.3'

    """

    def __init__(self, dataset: Dataset) -> None:
        descriptors = _descriptors_of(dataset)
        entry = ImageContentItem(
            _SOURCE,
            dataset.SOPClassUID,
            dataset.SOPInstanceUID,
            relationship_type="CONTAINS",
        )
        add_content(entry, descriptors)
        super().__init__([entry])


class ImageLibrary(Template, table=TID_1600):
    """The images that a report is about (PS3.16 TID 1600).

    Images of a SOP class and frame of reference are a group.

    Parameters
    ----------
    datasets
        The images.

    Raises
    ------
    ArgumentTypeError
        If they are not datasets.
    InvalidArgumentError
        If there is none.
    MissingAttributeError
        If an attribute is missing in an image.

    Examples
    --------
    >>> from pydicom import Dataset
    >>> from highdicom.sr import ImageLibrary
    >>> image = Dataset()
    >>> image.SOPClassUID, image.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3"
    >>> image.Modality = "CT"
    >>> len(ImageLibrary([image])[0].ContentSequence)
    1

    """

    def __init__(self, datasets: AnySequence[Dataset]) -> None:
        given: Any = datasets
        if isinstance(given, Dataset) or not isinstance(given, Iterable):
            raise ArgumentTypeError(
                "'datasets' must be a sequence of Dataset, "
                f"not {type(datasets).__name__}."
            )
        groups: dict[tuple[str, str | None], list[ContentItem]] = {}
        for image in datasets:
            entry = ImageLibraryEntry(image)[0]
            key = (image.SOPClassUID, image.get("FrameOfReferenceUID"))
            groups.setdefault(key, []).append(entry)
        if not groups:
            raise InvalidArgumentError("'datasets' must have at least one image.")
        library = ContainerContentItem(IMAGE_LIBRARY, relationship_type="CONTAINS")
        add_content(library, [_group(entries) for entries in groups.values()])
        super().__init__([library])


def _group(entries: Iterable[ContentItem]) -> ContainerContentItem:
    group = ContainerContentItem(IMAGE_LIBRARY_GROUP, relationship_type="CONTAINS")
    add_content(group, entries)
    return group


def _descriptors_of(image: Any) -> list[ContentItem]:
    if not isinstance(image, Dataset):
        raise ArgumentTypeError(
            f"'image' must be a Dataset, not {type(image).__name__}."
        )
    if not image.get("Modality"):
        raise MissingAttributeError(
            "An image of the image library needs Modality.", keyword="Modality"
        )
    items = [_item("1", _modality(image.Modality))]
    for row, keyword, index in (*_GENERAL, *_geometry(image)):
        described = _value_of(image, keyword, index)
        if described is not None:
            items.append(_item(row, described))
    return items


def _modality(value: str) -> Code:
    """Code of a modality; the old modalities have none in context group 29."""
    for code in codes.cid29.concepts.values():
        if code.value == value:
            return Code(*code)
    return Code(value, "DCM", value)


def _geometry(image: Dataset) -> tuple[_Descriptor, ...]:
    if "ImagePositionPatient" in image and "ImageOrientationPatient" in image:
        return _CROSS_SECTION
    return _PROJECTION if image.Modality in _PROJECTION_MODALITIES else ()


def _value_of(image: Dataset, keyword: str, index: int | None) -> Any:
    value = image.get(keyword)
    if value is None or value == "":
        return None
    if index is not None:
        if isinstance(value, str) or len(value) <= index:
            return None
        value = value[index]
    # The classes of pydicom for decimal strings keep what is not part of the number.
    return value if isinstance(value, (int, str)) else float(value)


def _item(path: str, value: Any) -> ContentItem:
    row = TID_1602.find(path)
    assert isinstance(row, Row)
    return item_of_value(row, value, row.title)
