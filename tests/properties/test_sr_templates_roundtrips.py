"""Whatever a measurement report says, it says again when it is read."""

import io

import numpy as np
from hypothesis import given, settings, strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from highdicom.content_items.query import walk
from highdicom.sr import (
    AlgorithmIdentification,
    FindingSite,
    ImageRegion3D,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    TimePointContext,
    TrackingIdentifier,
)

texts = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1
).map(str.strip)
texts = texts.filter(bool)
uids = st.integers(1, 10**18).map("1.2.{}".format)
concepts = st.sampled_from(list(codes.cid4030.concepts.values()))
numbers = st.floats(allow_nan=False, allow_infinity=False, width=64).filter(
    lambda number: number == 0 or 1e-90 < abs(number) < 1e90
)
optional = {"deadline": None, "max_examples": 40}


def maybe(strategy):
    return st.none() | strategy


measurements = st.builds(
    Measurement,
    concepts,
    numbers,
    st.sampled_from([codes.UCUM.Millimeter, codes.UCUM.NoUnits]),
    derivation=maybe(concepts),
    method=maybe(concepts),
    algorithm_id=maybe(
        st.builds(
            AlgorithmIdentification,
            texts,
            texts,
            st.none() | st.lists(texts, max_size=3),
        )
    ),
)
shared = {
    "tracking_identifier": st.builds(TrackingIdentifier, uids, texts),
    "finding_type": maybe(concepts),
    "finding_category": maybe(concepts),
    "method": maybe(concepts),
    "session": maybe(texts),
    "finding_sites": maybe(
        st.lists(st.builds(FindingSite, concepts, maybe(concepts)), max_size=3)
    ),
    "time_point_context": maybe(
        st.builds(TimePointContext, texts, time_point_order=maybe(st.integers(0, 99)))
    ),
    "measurements": maybe(st.lists(measurements, max_size=4)),
    "qualitative_evaluations": maybe(
        st.lists(st.builds(QualitativeEvaluation, concepts, concepts), max_size=3)
    ),
}
regions = st.lists(st.floats(-1e5, 1e5, width=32), min_size=3, max_size=3).map(
    lambda point: ImageRegion3D("POINT", np.array([point]), "1.2.3")
)
groups = st.builds(MeasurementsAndQualitativeEvaluations, **shared) | st.builds(
    PlanarROIMeasurementsAndQualitativeEvaluations, referenced_region=regions, **shared
)
reports = st.builds(
    MeasurementReport,
    st.builds(ObservationContext),
    concepts | st.lists(concepts, max_size=3),
    st.lists(groups, min_size=1, max_size=4),
)


def read_again(report, transfer_syntax):
    document, file = Dataset(), io.BytesIO()
    document.SpecificCharacterSet = "ISO_IR 192"
    document.update(report[0])
    document.file_meta = FileMetaDataset()
    document.file_meta.TransferSyntaxUID = transfer_syntax
    document.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.34"
    document.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    document.save_as(file, enforce_file_format=True)
    file.seek(0)
    return MeasurementReport.from_sequence([dcmread(file)], copy=False)


@settings(**optional)
@given(reports, st.sampled_from([ExplicitVRLittleEndian, ImplicitVRLittleEndian]))
def test_a_report_says_the_same_when_it_is_read(report, transfer_syntax):
    read = read_again(report, transfer_syntax)
    assert read.to_json() == report.to_json()
    pairs = list(
        zip(report.imaging_measurements, read.imaging_measurements, strict=True)
    )
    for made, found in pairs:
        assert type(made) is type(found)
        assert made.tracking_uid == found.tracking_uid
        assert [one.value for one in made.get_measurements()] == [
            one.value for one in found.get_measurements()
        ]
        assert made.session == found.session


@settings(**optional)
@given(reports)
def test_a_report_follows_its_template(report):
    assert [
        violation
        for violation in report.check()
        if violation.severity.value == "error"
        # Sides are taken from any concepts here, but the group of sides is closed.
        and violation.keyword != "ConceptCodeSequence"
    ] == []


@settings(**optional)
@given(reports)
def test_each_group_is_found_by_each_query_once(report):
    every = [
        *report.get_planar_roi_measurement_groups(),
        *report.get_volumetric_roi_measurement_groups(),
        *report.get_image_measurement_groups(),
    ]
    assert len(every) == len(report.imaging_measurements)
    for group in every:
        uid = group.tracking_uid
        same = [one for one in every if one.tracking_uid == uid]
        found = [
            *report.get_planar_roi_measurement_groups(tracking_uid=uid),
            *report.get_image_measurement_groups(tracking_uid=uid),
        ]
        assert len(found) == len(same)


@settings(**optional)
@given(groups)
def test_fields_say_what_the_arguments_said(group):
    again = type(group)(
        **{
            name: field
            for name, field in _arguments(group).items()
            if field is not None
        }
    )
    assert again == group


def _arguments(group):
    """Arguments of a group, from its fields."""
    fields = {
        name: getattr(group, name) for name, field in group.fields.items() if field.init
    }
    fields["tracking_identifier"] = TrackingIdentifier(
        group.tracking_uid, group.tracking_identifier
    )
    return fields


@settings(**optional)
@given(reports)
def test_text_and_json_have_every_item(report):
    items = list(walk(report[0]))
    assert report.to_json().count('"type": ') == len(items)
    assert len(report.to_text().splitlines()) >= len(items)
