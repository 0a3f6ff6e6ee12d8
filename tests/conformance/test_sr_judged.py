"""Documents of every class are valid for other implementations."""

import datetime

import judges
import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom import UID
from highdicom.content_items import (
    CodeContentItem,
    CompositeContentItem,
    ContainerContentItem,
    ContentItemReference,
    DateContentItem,
    DateTimeContentItem,
    ImageContentItem,
    NumContentItem,
    PnameContentItem,
    Scoord3DContentItem,
    ScoordContentItem,
    TcoordContentItem,
    TextContentItem,
    TimeContentItem,
    UIDRefContentItem,
    WaveformContentItem,
    add_content,
)
from highdicom.sr import (
    Comprehensive3DSR,
    ComprehensiveSR,
    CoordinatesForMeasurement,
    CoordinatesForMeasurement3D,
    EnhancedSR,
    FindingSite,
    ImageRegion,
    ImageRegion3D,
    LongitudinalTemporalOffsetFromEvent,
    RealWorldValueMap,
    ReferencedSegment,
    ReferencedSegmentationFrame,
    SourceImageForMeasurement,
    SourceImageForRegion,
    SourceImageForSegmentation,
    SourceSeriesForSegmentation,
    VolumeSurface,
)
from highdicom.testing import ct_series, slide

CLASSES = [EnhancedSR, ComprehensiveSR, Comprehensive3DSR]
TITLE = codes.DCM.ImagingMeasurementReport
COMMENT = codes.DCM.Comment
MM = codes.UCUM.Millimeter
SOURCE = codes.DCM.SourceOfMeasurement
CONTAINS = "CONTAINS"


def dataset_of(**elements):
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def other(sop_class_uid, image):
    """An object of the study that is no image."""
    return dataset_of(
        SOPClassUID=sop_class_uid,
        SOPInstanceUID=UID(),
        SeriesInstanceUID=UID(),
        StudyInstanceUID=image.StudyInstanceUID,
    )


IMAGES = ct_series(number_of_slices=2)
WAVEFORM = other("1.2.840.10008.5.1.4.1.1.9.1.1", IMAGES[0])
SEGMENTATION = other("1.2.840.10008.5.1.4.1.1.66.4", IMAGES[0])
VALUE_MAP = other("1.2.840.10008.5.1.4.1.1.67", IMAGES[0])
EVIDENCE = [*IMAGES, WAVEFORM, SEGMENTATION, VALUE_MAP]


def container(*children, relationship=CONTAINS, **options):
    item = ContainerContentItem(
        codes.DCM.MeasurementGroup, False, relationship_type=relationship, **options
    )
    add_content(item, children)
    return item


def enclosing(item, *children):
    add_content(item, children)
    return item


def plain_items():
    """One item of each value type that needs no reference."""
    return [
        TextContentItem(COMMENT, "first line\r\nsecond line", CONTAINS),
        CodeContentItem(codes.DCM.Finding, codes.SCT.Neoplasm, CONTAINS),
        DateContentItem(codes.DCM.StudyDate, datetime.date(2024, 2, 29), CONTAINS),
        TimeContentItem(codes.DCM.StudyTime, datetime.time(10, 15, 30), CONTAINS),
        DateTimeContentItem(codes.DCM.DatetimeStarted, "20240229101530", CONTAINS),
        PnameContentItem(codes.DCM.PersonObserverName, "Doe^Jane", CONTAINS),
        UIDRefContentItem(codes.DCM.StudyInstanceUID, "1.2.3", CONTAINS),
        NumContentItem(codes.SCT.Length, 1 / 3, MM, None, CONTAINS),
        NumContentItem(codes.SCT.Length, 7, MM, codes.DCM.ValueOutOfRange, CONTAINS),
    ]


def references():
    image = IMAGES[0]
    return [
        ImageContentItem(
            SOURCE, image.SOPClassUID, image.SOPInstanceUID, relationship_type=CONTAINS
        ),
        ImageContentItem(
            SOURCE,
            SEGMENTATION.SOPClassUID,
            SEGMENTATION.SOPInstanceUID,
            referenced_segment_numbers=[1, 2],
            relationship_type=CONTAINS,
        ),
        ImageContentItem(
            SOURCE,
            SEGMENTATION.SOPClassUID,
            SEGMENTATION.SOPInstanceUID,
            referenced_frame_numbers=[1, 2],
            relationship_type=CONTAINS,
        ),
        WaveformContentItem(
            SOURCE, WAVEFORM.SOPClassUID, WAVEFORM.SOPInstanceUID, [(1, 2)], CONTAINS
        ),
        CompositeContentItem(
            SOURCE, VALUE_MAP.SOPClassUID, VALUE_MAP.SOPInstanceUID, CONTAINS
        ),
    ]


def image_coordinates():
    """One item of each graphic type and temporal range."""
    counts = {"POINT": 1, "MULTIPOINT": 3, "POLYLINE": 4, "CIRCLE": 2, "ELLIPSE": 4}
    selected = IMAGES[0].SOPClassUID, IMAGES[0].SOPInstanceUID
    spatial = [
        enclosing(
            ScoordContentItem(
                codes.DCM.ImageRegion,
                graphic_type,
                np.array([[4, 8], [12, 8], [8, 6], [8, 10]][:count], float),
                relationship_type=CONTAINS,
            ),
            ImageContentItem(
                codes.SCT.Source, *selected, relationship_type="SELECTED FROM"
            ),
        )
        for graphic_type, count in counts.items()
    ]
    wave = WAVEFORM.SOPClassUID, WAVEFORM.SOPInstanceUID
    temporal = [
        enclosing(
            TcoordContentItem(
                codes.SCT.Source, kind, **positions, relationship_type=CONTAINS
            ),
            WaveformContentItem(
                codes.SCT.Source, *wave, relationship_type="SELECTED FROM"
            ),
        )
        for kind, positions in [
            ("POINT", {"referenced_sample_positions": [5]}),
            ("SEGMENT", {"referenced_time_offsets": [0.5, 1 / 3]}),
            ("MULTIPOINT", {"referenced_date_time": ["20240101", "2024010112"]}),
        ]
    ]
    return [*spatial, *temporal]


def space_coordinates():
    ring = np.array([[0, 0, 5], [4, 0, 5], [0, 4, 5], [0, 0, 5]], float)
    ends = np.array([[-2, 0, 5], [2, 0, 5], [0, 1, 5], [0, -1, 5]], float)
    solid = np.vstack([ends, [[0, 0, 4.5], [0, 0, 5.5]]])
    graphics = {
        "POINT": ring[:1],
        "MULTIPOINT": ring,
        "POLYLINE": ring[:3],
        "POLYGON": ring,
        "ELLIPSE": ends,
        "ELLIPSOID": solid,
    }
    return [
        Scoord3DContentItem(
            codes.DCM.ImageRegion,
            graphic_type,
            points,
            IMAGES[0].FrameOfReferenceUID,
            relationship_type=CONTAINS,
        )
        for graphic_type, points in graphics.items()
    ]


def template_content():
    """Content that templates share, where templates have it."""
    image = IMAGES[0]
    source = SourceImageForRegion.from_source_image(image)
    made_from = SourceImageForSegmentation.from_source_image(image)
    series = SourceSeriesForSegmentation.from_source_image(image)
    segmentation = SEGMENTATION.SOPClassUID, SEGMENTATION.SOPInstanceUID
    point = np.array([[3.0, 4.0]])
    measurement = NumContentItem(codes.SCT.Length, 2.5, MM, None, CONTAINS)
    add_content(
        measurement,
        [
            FindingSite(codes.SCT.Kidney, codes.SCT.Left),
            CoordinatesForMeasurement("POINT", point, source),
            SourceImageForMeasurement.from_source_image(image),
        ],
    )
    return [
        ImageRegion("POINT", point, SourceImageForRegion.from_source_image(image)),
        *ReferencedSegment(*segmentation, 2, source_series=series),
        *ReferencedSegmentationFrame(*segmentation, 1, 2, made_from),
        RealWorldValueMap.from_source_value_map(VALUE_MAP),
        LongitudinalTemporalOffsetFromEvent(3, codes.UCUM.Day, codes.DCM.Baseline),
        measurement,
    ]


def template_content_in_space():
    point = np.array([[3.0, 4.0, 5.0]])
    frame_of_reference = IMAGES[0].FrameOfReferenceUID
    series = SourceSeriesForSegmentation.from_source_image(IMAGES[0])
    measurement = NumContentItem(codes.SCT.Length, 2.5, MM, None, CONTAINS)
    add_content(
        measurement, [CoordinatesForMeasurement3D("POINT", point, frame_of_reference)]
    )
    return [
        ImageRegion3D("POINT", point, frame_of_reference),
        *VolumeSurface("POINT", point, frame_of_reference, source_series=series),
        measurement,
    ]


def document(content, document_class, evidence=EVIDENCE, **options):
    return document_class(
        evidence,
        content,
        series_instance_uid=UID(),
        series_number=1,
        sop_instance_uid=UID(),
        instance_number=1,
        manufacturer="Maker",
        **options,
    )


# dciodvfy does not know the Temporal Coordinates macro (PS3.3 C.18.7).
TEMPORAL = (
    "TemporalRangeType",
    "ReferencedSamplePositions",
    "ReferencedTimeOffsets",
    "ReferencedDateTime",
)


def assert_valid_document(made):
    report = judges.dciodvfy(made)
    assert not report.errors, str(report)
    warnings = [
        warning
        for warning in report.warnings
        if not any(f"/{keyword}(" in warning for keyword in TEMPORAL)
    ]
    assert not warnings, str(report)
    report = judges.dsrdump(made)
    assert not report.errors, str(report)
    assert not report.warnings, str(report)
    assert [str(one) for one in made.validate() if one.severity.value == "error"] == []
    return report.output


@pytest.mark.parametrize("document_class", CLASSES)
def test_items_of_every_value_type_are_valid(document_class):
    children = [*plain_items(), *references(), *image_coordinates()]
    if document_class is Comprehensive3DSR:
        children += space_coordinates()
    root = container(container(*children), relationship=None)
    root.ConceptNameCodeSequence[0].CodeMeaning = "Measurement Group"
    made = document(root, document_class)
    tree = assert_valid_document(made)
    shown = [line for line in tree.splitlines() if line.strip().startswith("<")]
    nested = sum(len(item.get("ContentSequence", ())) for item in children)
    assert len(shown) == 2 + len(children) + nested


@pytest.mark.parametrize("document_class", CLASSES)
def test_content_of_templates_is_valid(document_class):
    children = template_content()
    if document_class is Comprehensive3DSR:
        children += template_content_in_space()
    assert_valid_document(
        document(container(*children, relationship=None), document_class)
    )


@pytest.mark.parametrize("document_class", CLASSES)
@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"])
def test_documents_with_every_option_are_valid(document_class, syntax):
    root = container(TextContentItem(COMMENT, "Größe: 3", CONTAINS), relationship=None)
    request = dataset_of(StudyInstanceUID=IMAGES[0].StudyInstanceUID)
    slides = slide()
    options = {
        "is_complete": True,
        "is_final": True,
        "is_verified": True,
        "verifying_observer_name": "Doe^Jane",
        "verifying_organization": "Hospital",
        "institution_name": "Hospital",
        "institutional_department_name": "Radiology",
        "performed_procedure_codes": [Code("77477000", "SCT", "CT")],
        "requested_procedures": [request],
        "transfer_syntax_uid": syntax,
        "series_description": "Measurements",
    }
    evidence = [*IMAGES, slides]
    first = document(root, document_class, evidence, **options)
    second = document(
        root, document_class, evidence, previous_versions=[first], **options
    )
    assert "Größe" in second.ContentSequence[0].value
    assert_valid_document(second)


@pytest.mark.parametrize("document_class", [ComprehensiveSR, Comprehensive3DSR])
def test_relationships_by_reference_are_valid(document_class):
    measurement = NumContentItem(codes.SCT.Length, 2.5, MM, None, CONTAINS)
    add_content(measurement, [ContentItemReference([1, 1], "INFERRED FROM")])
    region = image_coordinates()[0]
    made = document(container(region, measurement, relationship=None), document_class)
    tree = assert_valid_document(made)
    assert "inferred from" in tree
