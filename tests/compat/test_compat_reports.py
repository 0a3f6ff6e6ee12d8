"""Measurement reports as they are made, saved, read and asked today."""

import numpy as np
import pytest
from pydicom.sr.codedict import codes

import highdicom as hd


@pytest.fixture
def context():
    person = hd.sr.ObserverContext(
        observer_type=codes.DCM.Person,
        observer_identifying_attributes=hd.sr.PersonObserverIdentifyingAttributes(
            name="Foo^Bar"
        ),
    )
    device = hd.sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=hd.sr.DeviceObserverIdentifyingAttributes(
            uid=hd.UID(), name="Workstation"
        ),
    )
    return hd.sr.ObservationContext(
        observer_person_context=person, observer_device_context=device
    )


def planar_group(image, uid, points, area):
    region = hd.sr.ImageRegion(
        graphic_type=hd.sr.GraphicTypeValues.POLYLINE,
        graphic_data=np.array(points, float),
        source_image=hd.sr.SourceImageForRegion(
            referenced_sop_class_uid=image.SOPClassUID,
            referenced_sop_instance_uid=image.SOPInstanceUID,
        ),
    )
    return hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(uid=uid, identifier="Lesion"),
        referenced_region=region,
        finding_type=codes.SCT.Neoplasm,
        finding_sites=[
            hd.sr.FindingSite(
                anatomic_location=codes.SCT.Liver, laterality=codes.SCT.Right
            )
        ],
        measurements=[
            hd.sr.Measurement(
                name=codes.SCT.Area, value=area, unit=codes.UCUM.SquareMillimeter
            )
        ],
        qualitative_evaluations=[
            hd.sr.QualitativeEvaluation(name=codes.SCT.Severity, value=codes.SCT.Mild)
        ],
    )


SQUARE = [[1, 1], [5, 1], [5, 4], [1, 4], [1, 1]]


@pytest.fixture
def report(ct_series, context):
    groups = [
        planar_group(ct_series[number], f"1.2.3.{number + 1}", SQUARE, 12.0 + number)
        for number in range(3)
    ]
    content = hd.sr.MeasurementReport(
        observation_context=context,
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
    )
    return hd.sr.Comprehensive3DSR(
        evidence=ct_series,
        content=content,
        series_number=5,
        series_instance_uid=hd.UID(),
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="Maker",
        is_complete=True,
        is_final=True,
    )


def test_a_report_is_of_the_study_of_its_evidence(report, ct_series):
    assert report.Modality == "SR"
    assert report.StudyInstanceUID == ct_series[0].StudyInstanceUID
    assert report.CompletionFlag == "COMPLETE"
    assert report.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    evidence = [
        *report.get("CurrentRequestedProcedureEvidenceSequence", []),
        *report.get("PertinentOtherEvidenceSequence", []),
    ]
    referenced = {
        item.ReferencedSOPInstanceUID
        for study in evidence
        for series in study.ReferencedSeriesSequence
        for item in series.ReferencedSOPSequence
    }
    assert {image.SOPInstanceUID for image in ct_series[:3]} <= referenced


def test_groups_are_read_back_and_found(report, ct_series, saved):
    read = hd.sr.srread(saved(report))
    assert isinstance(read, hd.sr.Comprehensive3DSR)
    groups = read.content.get_planar_roi_measurement_groups()
    assert len(groups) == 3
    found = read.content.get_planar_roi_measurement_groups(tracking_uid="1.2.3.2")
    assert len(found) == 1
    group = found[0]
    assert group.tracking_identifier == "Lesion"
    assert group.finding_type == codes.SCT.Neoplasm
    assert group.finding_sites[0].topographical_modifier is None
    assert group.finding_sites[0].laterality == codes.SCT.Right
    measurement = group.get_measurements(name=codes.SCT.Area)[0]
    assert measurement.value == 13.0
    assert measurement.unit == codes.UCUM.SquareMillimeter
    roi = group.roi
    assert roi.graphic_type == hd.sr.GraphicTypeValues.POLYLINE
    np.testing.assert_array_equal(roi.value, SQUARE)
    evaluation = group.get_qualitative_evaluations()[0]
    assert (evaluation.name, evaluation.value) == (codes.SCT.Severity, codes.SCT.Mild)


def test_groups_are_found_by_finding_site_and_image(report, ct_series, saved):
    content = hd.sr.srread(saved(report)).content
    assert (
        len(content.get_planar_roi_measurement_groups(finding_site=codes.SCT.Liver))
        == 3
    )
    assert not content.get_planar_roi_measurement_groups(finding_site=codes.SCT.Kidney)
    by_image = content.get_planar_roi_measurement_groups(
        referenced_sop_instance_uid=ct_series[2].SOPInstanceUID
    )
    assert [str(group.tracking_uid) for group in by_image] == ["1.2.3.3"]
    assert not content.get_volumetric_roi_measurement_groups()


def test_observers_of_a_report(report, saved):
    content = hd.sr.srread(saved(report)).content
    observers = content.get_observer_contexts()
    assert len(observers) == 2
    people = content.get_observer_contexts(observer_type=codes.DCM.Person)
    assert people[0].observer_identifying_attributes.name == "Foo^Bar"


def test_a_volumetric_group_refers_to_segments(ct_series, context):
    group = hd.sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(hd.UID(), "Volume"),
        referenced_volume_surface=hd.sr.VolumeSurface(
            graphic_type=hd.sr.GraphicTypeValues3D.ELLIPSOID,
            graphic_data=np.array(
                [[0, 0, 0], [2, 0, 0], [1, 1, 0], [1, -1, 0], [1, 0, 1], [1, 0, -1]],
                float,
            ),
            source_images=[
                hd.sr.SourceImageForSegmentation.from_source_image(ct_series[0])
            ],
            frame_of_reference_uid=ct_series[0].FrameOfReferenceUID,
        ),
        measurements=[
            hd.sr.Measurement(codes.SCT.Volume, 4.2, codes.UCUM.CubicMillimeter)
        ],
    )
    report = hd.sr.MeasurementReport(
        context, codes.LN.CTUnspecifiedBodyRegion, imaging_measurements=[group]
    )
    found = report.get_volumetric_roi_measurement_groups()
    assert len(found) == 1
    assert found[0].get_measurements()[0].value == 4.2
    assert found[0].reference_type == codes.DCM.VolumeSurface


def test_image_level_measurements(ct_series, context):
    group = hd.sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(hd.UID(), "Image"),
        source_images=[
            hd.sr.SourceImageForMeasurementGroup.from_source_image(ct_series[1])
        ],
        measurements=[
            hd.sr.Measurement(
                codes.SCT.Diameter,
                17.5,
                codes.UCUM.Millimeter,
                qualifier=codes.DCM.NotANumber,
            )
        ],
    )
    report = hd.sr.MeasurementReport(
        context, codes.LN.CTUnspecifiedBodyRegion, imaging_measurements=[group]
    )
    found = report.get_image_measurement_groups()[0]
    measurement = found.get_measurements(name=codes.SCT.Diameter)[0]
    assert measurement.qualifier == codes.DCM.NotANumber
    assert found.source_images[0].referenced_sop_instance_uid == (
        ct_series[1].SOPInstanceUID
    )


def test_content_items_are_found_by_name_type_and_depth(report):
    areas = hd.sr.utils.find_content_items(
        report,
        name=codes.SCT.Area,
        value_type=hd.sr.ValueTypeValues.NUM,
        recursive=True,
    )
    assert [item.MeasuredValueSequence[0].NumericValue for item in areas] == [
        12.0,
        13.0,
        14.0,
    ]
    assert not hd.sr.utils.find_content_items(report, name=codes.SCT.Area)


def test_items_of_a_content_sequence_are_found_and_added():
    sequence = hd.sr.ContentSequence()
    item = hd.sr.CodeContentItem(
        name=codes.DCM.Finding,
        value=codes.SCT.Neoplasm,
        relationship_type=hd.sr.RelationshipTypeValues.CONTAINS,
    )
    sequence.append(item)
    sequence.extend(
        [
            hd.sr.TextContentItem(
                codes.DCM.Comment,
                "seen",
                hd.sr.RelationshipTypeValues.CONTAINS,
            )
        ]
    )
    assert len(sequence) == 2
    assert sequence.find(codes.DCM.Finding)[0].value == codes.SCT.Neoplasm
    assert sequence.index(item) == 0
    assert hd.sr.utils.get_coded_name(sequence[0]) == codes.DCM.Finding
    assert hd.sr.utils.get_coded_value(sequence[0]) == codes.SCT.Neoplasm


def test_codes_are_equal_whatever_their_meaning():
    concept = hd.sr.CodedConcept("86049000", "SCT", "Malignant tumor")
    same = hd.sr.CodedConcept("86049000", "SCT", "Something else")
    assert concept == same
    assert hash(concept) == hash(same)
    assert hd.sr.CodedConcept.from_code(codes.SCT.Liver) == codes.SCT.Liver
    assert concept != hd.sr.CodedConcept("86049000", "99LOCAL", "Malignant tumor")


def test_values_that_templates_do_not_allow_are_refused(ct_series):
    with pytest.raises(TypeError):
        hd.sr.Measurement(codes.SCT.Area, "large", codes.UCUM.SquareMillimeter)
    source = hd.sr.SourceImageForRegion.from_source_image(ct_series[0])
    point = np.array([[1.0, 2.0]])
    with pytest.raises(ValueError, match=r"CIRCLE|number"):
        hd.sr.ImageRegion(hd.sr.GraphicTypeValues.CIRCLE, point, source)
    with pytest.raises(ValueError, match="TRIANGLE"):
        hd.sr.ImageRegion("TRIANGLE", point, source)
