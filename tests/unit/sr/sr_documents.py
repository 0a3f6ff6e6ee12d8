"""Content trees and documents for tests."""

from pydicom.sr.codedict import codes

from highdicom.content_items import (
    ContainerContentItem,
    ImageContentItem,
    TextContentItem,
    add_content,
)
from highdicom.sr import Comprehensive3DSR
from highdicom.testing import ct_series

TITLE = codes.DCM.ImagingMeasurementReport
NAME = codes.DCM.Finding


def text(value="a", relationship="CONTAINS", *children):
    item = TextContentItem(NAME, value, relationship)
    if children:
        add_content(item, children)
    return item


def image(dataset, relationship="CONTAINS"):
    return ImageContentItem(
        codes.DCM.SourceOfMeasurement,
        dataset.SOPClassUID,
        dataset.SOPInstanceUID,
        relationship_type=relationship,
    )


def container(*children, relationship="CONTAINS"):
    item = ContainerContentItem(NAME, relationship_type=relationship)
    add_content(item, children)
    return item


def root(*children):
    item = ContainerContentItem(TITLE)
    if children:
        add_content(item, children)
    return item


def evidence(study="1.2.3", count=2, series=None):
    """CT images of a study."""
    images = ct_series(number_of_slices=count)
    for number, one in enumerate(images, 1):
        one.StudyInstanceUID = study
        one.SeriesInstanceUID = series or f"{study}.1"
        one.SOPInstanceUID = f"{one.SeriesInstanceUID}.{number}"
    return images


def document(content, images, document_class=Comprehensive3DSR, **options):
    return document_class(
        images,
        content,
        **{
            "series_instance_uid": "1.2.840.1.1",
            "series_number": 3,
            "sop_instance_uid": "1.2.840.1.1.1",
            "instance_number": 2,
            "manufacturer": "Maker",
            **options,
        },
    )
