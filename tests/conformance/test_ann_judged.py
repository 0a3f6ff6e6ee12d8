"""Bulk annotations before other implementations."""

import judges
import numpy as np
import pytest
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from highdicom import UID, AlgorithmIdentificationSequence
from highdicom.ann import (
    AnnotationGroup,
    GraphicTypeValues,
    Measurements,
    MicroscopyBulkSimpleAnnotations,
)
from highdicom.color import CIELabColor
from highdicom.testing import slide

# dicom3tools takes no anatomy in groups, though Table C.37.1-2 includes Table 10-7b.
UNKNOWN_TO_THE_JUDGE = (
    "AnatomicRegionSequence(0008,2218)",
    "PrimaryAnatomicStructureSequence(0008,2228)",
)
SQUARE = np.array([[8.0, 8.0], [9.0, 8.0], [9.0, 9.0], [8.0, 9.0]])


def groups(columns, dtype):
    """One group of each graphic type, with all that a group can have."""
    algorithm = AlgorithmIdentificationSequence(
        "net", codes.DCM.ArtificialIntelligence, "1"
    )
    made = []
    for number, kind in enumerate(GraphicTypeValues, 1):
        points = SQUARE[:1] if kind is GraphicTypeValues.POINT else SQUARE
        if columns == 3:
            height = np.arange(len(points)) if number % 2 else np.ones(len(points))
            points = np.column_stack([points, height])
        shapes = [(points + shift).astype(dtype) for shift in (0, 1, 2)]
        if kind is GraphicTypeValues.POLYGON:
            shapes[1] = shapes[1][:3]
        made.append(
            AnnotationGroup(
                number,
                UID(),
                kind.value.lower(),
                codes.SCT.AnatomicalStructure,
                codes.SCT.Nucleus,
                kind,
                shapes,
                "AUTOMATIC",
                algorithm,
                measurements=[
                    Measurements(
                        codes.SCT.Area,
                        np.array([1.0, np.nan, 3.0]),
                        codes.UCUM.SquareMicrometer,
                    ),
                    Measurements(codes.SCT.Diameter, np.ones(3), codes.UCUM.Micrometer),
                ],
                description="three of a kind",
                anatomic_regions=[codes.SCT.Breast],
                primary_anatomic_structures=[codes.SCT.Breast],
                display_color=CIELabColor(50, 10, 20),
            )
        )
    return made


def instance(columns, dtype, **changes):
    return MicroscopyBulkSimpleAnnotations(
        [slide()],
        f"{columns}D",
        groups(columns, dtype),
        *(UID(), 1, UID(), 1, "Maker", "Annotator", "1", "1"),
        content_description="all graphic types",
        content_creator_name="Doe^Jane",
        **changes,
    )


def assert_valid(made):
    report = judges.dciodvfy(made)
    assert not report.errors, str(report)
    warnings = [
        message
        for message in report.warnings
        if not (
            message.endswith("Attribute is not present in standard DICOM IOD")
            and any(name in message for name in UNKNOWN_TO_THE_JUDGE)
        )
    ]
    assert not warnings, str(report)
    assert made.validate() == []


@pytest.mark.conformance
@pytest.mark.parametrize("columns", [2, 3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian])
def test_annotations_are_valid(columns, dtype, syntax):
    made = instance(columns, dtype, transfer_syntax_uid=syntax)
    assert_valid(made)


@pytest.mark.conformance
def test_annotations_of_a_frame_are_valid():
    assert_valid(
        instance(
            2,
            np.float32,
            pixel_origin_interpretation="FRAME",
            referenced_frame_number=2,
        )
    )


@pytest.mark.conformance
def test_annotations_of_an_optical_path_are_valid():
    made = instance(2, np.float32)
    (path,) = slide().OpticalPathSequence
    made.annotation_groups[0].optical_path_identifiers = [path.OpticalPathIdentifier]
    assert_valid(made)
