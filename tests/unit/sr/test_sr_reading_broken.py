"""Of broken reports, what can be had is given."""

import numpy as np
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.sr.codedict import codes
from pydicom.tag import Tag

from highdicom.errors import MissingAttributeError
from highdicom.policy import reading_policy
from highdicom.sr import (
    FindingSite,
    GraphicTypeValues,
    ImageRegion,
    Measurement,
    MeasurementReport,
    NumContentItem,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    SourceImageForRegion,
    TrackingIdentifier,
)

CT = "1.2.840.10008.5.1.4.1.1.2"


def group(number):
    source = SourceImageForRegion(CT, f"1.2.3.{number}")
    return PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(f"1.2.4.{number}", f"lesion {number}"),
        referenced_region=ImageRegion(
            GraphicTypeValues.POINT, np.array([[1.0, 2.0]]), source
        ),
        measurements=[Measurement(codes.SCT.Area, 5.0, codes.UCUM.SquareMillimeter)],
        finding_sites=[FindingSite(codes.SCT.Lung, laterality=codes.SCT.Left)],
        qualitative_evaluations=[
            QualitativeEvaluation(codes.SCT.Severity, codes.SCT.Mild)
        ],
    )


@pytest.fixture
def groups():
    return [group(0), group(1)]


def report(groups):
    person = PersonObserverIdentifyingAttributes("Doe^Jane")
    return MeasurementReport.from_sequence(
        MeasurementReport(
            ObservationContext(ObserverContext(codes.DCM.Person, person)),
            codes.LN.CTUnspecifiedBodyRegion,
            groups,
        )
    )


def region_of(group):
    return next(item for item in group[0].ContentSequence if "GraphicType" in item)


@pytest.mark.parametrize(
    "keyword", ["ReferencedSOPInstanceUID", "ReferencedSOPClassUID"]
)
def test_groups_whose_region_has_lost_its_image_hinder_no_query(groups, keyword):
    image = region_of(groups[0]).ContentSequence[0]
    del image.ReferencedSOPSequence[0][keyword]
    with pytest.raises(MissingAttributeError, match=keyword):
        _ = image.value
    read = report(groups)
    with reading_policy("lenient"):
        found = read.get_planar_roi_measurement_groups(
            referenced_sop_instance_uid="1.2.3.1"
        )
        table = read.to_dataframe(library="pandas")
    assert [one.tracking_identifier for one in found] == ["lesion 1"]
    assert table.tracking_identifier.tolist() == ["lesion 0"] * 2 + ["lesion 1"] * 2


def test_regions_without_graphic_type_are_of_none(groups):
    del region_of(groups[0]).GraphicType
    with reading_policy("lenient"):
        found = report(groups).get_planar_roi_measurement_groups(
            graphic_type=GraphicTypeValues.POINT
        )
    assert [one.tracking_identifier for one in found] == ["lesion 1"]


def test_evaluations_without_value_leave_a_gap_in_the_table(groups):
    evaluation = next(
        item for item in groups[0][0].ContentSequence if item.name == codes.SCT.Severity
    )
    del evaluation.ConceptCodeSequence
    with reading_policy("lenient"):
        table = report(groups).to_dataframe(library="pandas")
    assert table.evaluation.notna().tolist() == [False, False, False, True]


def test_sides_without_value_leave_the_site_in_the_table(groups):
    site = next(
        item for item in groups[0][0].ContentSequence if isinstance(item, FindingSite)
    )
    del site.ContentSequence[0].ConceptCodeSequence
    with reading_policy("lenient"):
        table = report(groups).to_dataframe(library="pandas")
    assert table.finding_sites.unique().tolist() == ["Lung", "Lung, Left"]


def test_numbers_that_cannot_be_decoded_are_named():
    item = NumContentItem(
        codes.SCT.Area, 0.1, codes.UCUM.NoUnits, relationship_type=None
    )
    measured = item.MeasuredValueSequence[0]
    raw = RawDataElement(Tag("FloatingPointValue"), "FD", 3, b"abc", 0, False, True)
    measured[raw.tag] = raw
    with pytest.raises(ValueError, match="FloatingPointValue must be a number"):
        _ = item.value
