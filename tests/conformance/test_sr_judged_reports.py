"""Measurement reports (TID 1500) mean to other implementations what they say here."""

import json
import subprocess

import judges
import numpy as np
import pytest
from pydicom.sr.codedict import codes
from sr_judged import IMAGES, assert_valid, document as of_content, saved
from sr_template_parts import (
    PROCEDURE,
    MeasurementReport,
    Planar,
    full_groups,
    observation,
    region,
    tracking,
)

from highdicom import UID
from highdicom.content_items import ContentItemReference
from highdicom.content_items.query import walk
from highdicom.seg import Segmentation, SegmentDescription
from highdicom.sr import FindingSite, ObservationContext, srread
from highdicom.sr.templates.derived import DerivedMeasurement
from highdicom.sr.templates.echocardiography import (
    EchocardiographyProcedureReport,
    EchoMeasurement,
    EchoMeasurementGroup,
    EchoPatientCharacteristics,
    EchoSection,
)


def document(groups, context=None, **options):
    content = MeasurementReport(
        context or ObservationContext(), PROCEDURE, groups, **options
    )
    return of_content(content)


def test_report_of_a_template_beyond_the_interface_is_valid(tmp_path):
    measurement = EchoMeasurement(
        codes.SCT.Diameter,
        4.5,
        codes.UCUM.Centimeter,
        cardiac_cycle_point=codes.cid12233.EndDiastole,
    )
    section = EchoSection(
        FindingSite(codes.SCT.LeftVentricle), [EchoMeasurementGroup([measurement])]
    )
    content = EchocardiographyProcedureReport(
        observation(),
        [section],
        patient_characteristics=EchoPatientCharacteristics(1.9, heart_rate=60),
    )
    made = of_content(content)
    read = EchocardiographyProcedureReport.from_sequence(
        assert_valid(made, tmp_path).content, is_root=True
    )
    assert read.sections[0].groups[0].measurements[0].value == 4.5
    assert read.patient_characteristics.heart_rate == 60


def test_report_with_derived_measurements_is_valid(tmp_path):
    content = MeasurementReport(
        observation(), PROCEDURE, [Planar(tracking(), referenced_region=region())] * 2
    )
    place = next(
        node.identifier
        for node in walk(content[0])
        if node.item is content.imaging_measurements[0][0]
    )
    name = next(iter(codes.cid7465.concepts.values()))
    groups = [ContentItemReference(place, "INFERRED FROM")]
    content.add_derived_measurements(
        [DerivedMeasurement(name, 2.5, codes.UCUM.NoUnits, groups)]
    )
    made = of_content(content)
    (read,) = assert_valid(made, tmp_path).content.derived_measurements
    assert (read.value, len(read.groups)) == (2.5, 1)


def code_of(concept):
    return {
        "CodeMeaning": concept.meaning,
        "CodeValue": concept.value,
        "CodingSchemeDesignator": concept.scheme_designator,
    }


def assert_same_group(theirs, group):
    """Compare a group in the form of dcmqi with one of ours."""
    assert theirs["TrackingIdentifier"] == group.tracking_identifier
    assert theirs["TrackingUniqueIdentifier"] == group.tracking_uid
    assert theirs["Finding"] == code_of(group.finding_type)
    assert theirs["FindingSite"] == code_of(group.finding_sites[0].value)
    # What dcmqi takes for measurements stands beside them, such as time points.
    items = {item["quantity"]["CodeValue"]: item for item in theirs["measurementItems"]}
    assert len(group.get_measurements()) == 2
    for measurement in group.get_measurements():
        item = items[measurement.name.value]
        assert item["quantity"] == code_of(measurement.name)
        assert float(item["value"]) == measurement.value
        assert item["units"] == code_of(measurement.unit)
        if measurement.derivation is not None:
            assert item["derivationModifier"] == code_of(measurement.derivation)
    concepts = [
        (item["conceptCode"], item["conceptValue"])
        for item in theirs["qualitativeEvaluations"]
        if "conceptValue" in item
    ]
    for evaluation in group.get_qualitative_evaluations():
        assert (code_of(evaluation.name), code_of(evaluation.value)) in concepts


def test_dcmqi_reads_the_same_values():
    group = full_groups()["segment"]
    report = judges.measurement_report(document([group], observation()))
    (theirs,) = report["Measurements"]
    assert_same_group(theirs, group)
    assert theirs["ReferencedSegment"] == 2
    assert theirs["activitySession"] == "first"
    algorithm = theirs["measurementAlgorithmIdentification"]
    assert (algorithm["AlgorithmName"], algorithm["AlgorithmVersion"]) == (
        "finder",
        "1.2",
    )


@pytest.mark.parametrize("kind", ["region", "frame", "regions", "surface", "images"])
def test_dcmqi_reads_measurements_of_every_kind_of_group(kind):
    group = full_groups()[kind]
    (theirs,) = judges.measurement_report(document([group]))["Measurements"]
    assert_same_group(theirs, group)


def metadata(segmentation):
    """A report in the form of dcmqi."""
    liver = code_of(codes.SCT.Liver)
    return {
        "SeriesDescription": "Measurements",
        "SeriesNumber": "1001",
        "InstanceNumber": "1",
        "compositeContext": ["seg.dcm"],
        "imageLibrary": ["ct0.dcm", "ct1.dcm"],
        "observerContext": {
            "ObserverType": "PERSON",
            "PersonObserverName": "Doe^Jane",
        },
        "VerificationFlag": "UNVERIFIED",
        "CompletionFlag": "COMPLETE",
        "activitySession": "1",
        "timePoint": "1",
        "Measurements": [
            {
                "TrackingIdentifier": "liver 1",
                "TrackingUniqueIdentifier": "1.2.3.4.5",
                "ReferencedSegment": 1,
                "SourceSeriesForImageSegmentation": str(IMAGES[0].SeriesInstanceUID),
                "segmentationSOPInstanceUID": str(segmentation.SOPInstanceUID),
                "Finding": liver,
                "FindingSite": liver,
                "measurementItems": [
                    {
                        "value": "37.3289",
                        "quantity": code_of(codes.SCT.Diameter),
                        "units": code_of(codes.UCUM.Millimeter),
                        "derivationModifier": code_of(codes.SCT.Mean),
                    },
                    {
                        "value": "-1.5e3",
                        "quantity": code_of(codes.SCT.Volume),
                        "units": code_of(codes.UCUM.CubicMillimeter),
                    },
                ],
                "qualitativeEvaluations": [
                    {
                        "conceptCode": code_of(codes.DCM.LevelOfSignificance),
                        "conceptValue": code_of(codes.SCT.HighlySignificant),
                    }
                ],
            }
        ],
    }


def test_reports_that_dcmqi_writes_are_read(tmp_path):
    writer = judges.executable("tid1500writer")
    if writer is None:
        pytest.skip("tid1500writer is not installed: it comes with dcmqi")
    for index, image in enumerate(IMAGES):
        saved(image, tmp_path / f"ct{index}.dcm")
    organ = SegmentDescription(1, "liver", codes.SCT.Organ, codes.SCT.Liver, "MANUAL")
    shape = (len(IMAGES), IMAGES[0].Rows, IMAGES[0].Columns)
    segmentation = Segmentation(
        *(IMAGES, np.ones(shape, np.uint8), "BINARY", [organ]),
        *(UID(), 2, UID(), 1, "Maker", "A1", "1", "9"),
    )
    saved(segmentation, tmp_path / "seg.dcm")
    written = metadata(segmentation)
    (tmp_path / "in.json").write_text(json.dumps(written), encoding="utf-8")
    subprocess.run(
        [
            writer,
            *("--inputImageLibraryDirectory", tmp_path),
            *("--inputCompositeContextDirectory", tmp_path),
            *("--inputMetadata", tmp_path / "in.json"),
            *("--outputDICOM", tmp_path / "out.dcm"),
        ],
        capture_output=True,
        timeout=judges.TIMEOUT,
        check=True,
    )
    report = srread(tmp_path / "out.dcm").content
    (group,) = report.get_volumetric_roi_measurement_groups(
        tracking_uid="1.2.3.4.5",
        finding_type=codes.SCT.Liver,
        finding_site=codes.SCT.Liver,
        reference_type=codes.DCM.ReferencedSegment,
        referenced_sop_instance_uid=segmentation.SOPInstanceUID,
    )
    assert_same_group(written["Measurements"][0], group)
    assert group.referenced_segment.referenced_segment_numbers == [1]
    assert group.session == "1"
    assert group.time_point_context.time_point == "1"
    (observer,) = report.get_observer_contexts()
    assert observer.observer_identifying_attributes.name == "Doe^Jane"
