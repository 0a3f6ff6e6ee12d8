"""Echocardiography reports."""

from pydicom.sr.codedict import codes
from sr_template_parts import CT, observation

from highdicom.sr import FindingSite, ImageContentItem, NumContentItem
from highdicom.sr.templates.echocardiography import (
    EchocardiographyProcedureReport,
    EchoMeasurement,
    EchoMeasurementGroup,
    EchoPatientCharacteristics,
    EchoSection,
    WallMotionAnalysis,
    WallSegment,
)


def any_of(group):
    """A code of a context group."""
    return next(iter(getattr(codes, f"cid{group}").concepts.values()))


def measurement(value=4.5):
    return EchoMeasurement(
        codes.SCT.Diameter,
        value,
        codes.UCUM.Centimeter,
        derivation=codes.SCT.Mean,
        cardiac_cycle_point=codes.cid12233.EndDiastole,
        image_mode=any_of(12224),
    )


def section(site=codes.SCT.LeftVentricle):
    return EchoSection(FindingSite(site), [EchoMeasurementGroup([measurement()])])


def analysis():
    return WallMotionAnalysis(
        codes.SCT.Echocardiography,
        narrative="One segment moves less.",
        score_index=1.25,
        assessment_scale=any_of(12238),
        finding_site=FindingSite(codes.SCT.LeftVentricle),
        segments=[
            WallSegment(
                codes.SCT.LeftVentricleApicalAnteriorSegment,
                cardiac_wall_motion=any_of(3703),
                score=2,
                wall_thickness_ratio=120,
            )
        ],
    )


def full_report():
    age = NumContentItem(codes.DCM.SubjectAge, 61, codes.UCUM.Year, None, "CONTAINS")
    return EchocardiographyProcedureReport(
        observation(),
        [section(), section(codes.SCT.RightVentricle)],
        [analysis()],
        EchoPatientCharacteristics(
            1.9,
            any_of(3663),
            subject_age=age,
            heart_rate=60,
        ),
        [any_of(12001)],
        [ImageContentItem(codes.SCT.Source, CT, "1.2.7", relationship_type="CONTAINS")],
    )


def test_report_follows_its_template():
    report = full_report()
    assert report.is_root
    assert report[0].template_id == "5200"
    assert report.check() == []
    assert [item.name.meaning for item in report[0].ContentSequence[-6:]] == [
        "Current Procedure Descriptions",
        "Patient Characteristics",
        "Image Library",
        "Findings",
        "Findings",
        "Findings",
    ]


def test_sections_and_analyses_have_the_same_name_but_are_told_apart():
    read = EchocardiographyProcedureReport.from_sequence(full_report(), is_root=True)
    assert [one.finding_site.value for one in read.sections] == [
        codes.SCT.LeftVentricle,
        codes.SCT.RightVentricle,
    ]
    (found,) = read.wall_motion_analyses
    assert found.narrative == "One segment moves less."
    assert found.score_index == 1.25
    assert found.assessment_scale is not None
    assert found.finding_site.value == codes.SCT.LeftVentricle
    (segment,) = found.segments
    assert segment.segment == codes.SCT.LeftVentricleApicalAnteriorSegment
    assert (segment.score, segment.wall_thickness_ratio) == (2, 120)
    assert segment.associated_morphology is None


def test_measurements_have_what_others_have_and_more():
    read = EchocardiographyProcedureReport.from_sequence(full_report(), is_root=True)
    found = read.sections[0].groups[0].measurements[0]
    assert (found.name, found.value) == (codes.SCT.Diameter, 4.5)
    assert found.derivation == codes.SCT.Mean
    assert found.cardiac_cycle_point == codes.cid12233.EndDiastole
    assert found.flow_direction is None


def test_patient_is_described():
    read = EchocardiographyProcedureReport.from_sequence(full_report(), is_root=True)
    patient = read.patient_characteristics
    assert (patient.body_surface_area, patient.heart_rate) == (1.9, 60)
    assert patient.subject_age.value == 61
    assert patient.body_surface_area_formula is not None
    assert len(read.acquisition_protocols) == 1
    assert [image.referenced_sop_instance_uid for image in read.images] == ["1.2.7"]
    assert len(read.observation_context.observers) == 2


def test_what_is_missing_is_found():
    report = full_report()
    del report.sections[0][0].ContentSequence[0]
    assert any(one.source == "TID 5202 row 2" for one in report.check())
    least = EchocardiographyProcedureReport(observation(), [section()])
    assert least.check() == []
    assert least.patient_characteristics is None
    assert least.wall_motion_analyses == []
    assert least.images == []
