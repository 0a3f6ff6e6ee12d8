"""Reports, as scripts that follow the user guide make and read them."""

import copy
import pickle
from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

import highdicom as hd
from highdicom import sr

BOXES = [(10.0, 5.0, 4.0, 3.0, 0.9), (3.0, 2.0, 2.0, 2.0, 0.4)]
PROBABILITY = Code("111047", "DCM", "Probability of cancer")


def corners(x, y, width, height):
    right, bottom = x + width, y + height
    return np.array([[x, y], [right, y], [right, bottom], [x, bottom], [x, y]])


@pytest.fixture
def detections(ct_series):
    """What a detector found in one image, read back from a file."""
    device = sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(
            uid="1.2.3.4.55", name="detector"
        ),
    )
    groups = [
        sr.PlanarROIMeasurementsAndQualitativeEvaluations(
            tracking_identifier=sr.TrackingIdentifier(
                f"1.2.3.4.7{place}", f"box {place}"
            ),
            referenced_region=sr.ImageRegion(
                "POLYLINE",
                corners(*box),
                sr.SourceImageForRegion.from_source_image(ct_series[1]),
            ),
            finding_type=codes.SCT.Nodule,
            measurements=[sr.Measurement(PROBABILITY, score, codes.UCUM.NoUnits)],
        )
        for place, (*box, score) in enumerate(BOXES)
    ]
    report = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_device_context=device),
        procedure_reported=codes.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
        referenced_images=ct_series,
    )
    document = sr.Comprehensive3DSR(
        ct_series,
        report[0],
        series_instance_uid=hd.UID(),
        series_number=5,
        sop_instance_uid=hd.UID(),
        instance_number=1,
        manufacturer="Maker",
        is_complete=True,
        is_final=True,
    )
    file = BytesIO()
    document.save_as(file)
    file.seek(0)
    return sr.srread(file)


def test_boxes_of_a_detector_come_back_as_a_table(detections):
    groups = detections.content.get_planar_roi_measurement_groups()
    assert [
        (
            group.tracking_identifier,
            group.tracking_uid,
            group.finding_type.meaning,
            float(group.get_measurements(name=PROBABILITY)[0].value),
        )
        for group in groups
    ] == [
        ("box 0", "1.2.3.4.70", "Nodule", 0.9),
        ("box 1", "1.2.3.4.71", "Nodule", 0.4),
    ]
    for group, (*box, _) in zip(groups, BOXES, strict=True):
        assert group.roi.graphic_type is sr.GraphicTypeValues.POLYLINE
        assert group.reference_type == codes.DCM.ImageRegion
        np.testing.assert_array_equal(group.roi.value, corners(*box))


def test_what_is_not_there_is_none_or_empty(detections, ct_series):
    content = detections.content
    (first, _) = content.get_planar_roi_measurement_groups()
    assert (first.method, first.finding_category, first.finding_sites) == (
        None,
        None,
        [],
    )
    assert first.get_qualitative_evaluations() == []
    assert content.get_volumetric_roi_measurement_groups() == []
    find = content.get_planar_roi_measurement_groups
    assert find(tracking_uid="1.2.3") == []
    assert find(referenced_sop_instance_uid=ct_series[0].SOPInstanceUID) == []
    assert len(find(referenced_sop_instance_uid=ct_series[1].SOPInstanceUID)) == 2
    assert len(find(graphic_type=sr.GraphicTypeValues.POLYLINE)) == 2
    with pytest.raises(TypeError):
        find(graphic_type="POLYLINE")


def test_documents_are_copied_and_pickled_with_their_classes(detections):
    for other in (copy.deepcopy(detections), pickle.loads(pickle.dumps(detections))):
        assert type(other) is sr.Comprehensive3DSR
        assert type(other.content) is sr.MeasurementReport
        assert type(other.content[0]) is sr.ContainerContentItem
        assert other.content[0].name == codes.DCM.ImagingMeasurementReport


def test_templates_are_sequences_of_items():
    tracking = sr.TrackingIdentifier("1.2.3.4.5", "a")
    assert [type(item).__name__ for item in tracking] == [
        "TextContentItem",
        "UIDRefContentItem",
    ]
    assert isinstance(tracking, pydicom.Sequence)
    assert type(tracking[:1]) is list
    measurement = sr.Measurement(codes.SCT.Area, 1 / 3, codes.UCUM.SquareMillimeter)
    assert measurement.value == 1 / 3
    (item,) = measurement
    assert str(item.MeasuredValueSequence[0].NumericValue) == "0.33333333333333"


def test_enumerations_print_as_those_of_python():
    kind = sr.GraphicTypeValues.POLYLINE
    assert str(kind) == f"{kind}" == "GraphicTypeValues.POLYLINE"
    assert repr(kind) == "<GraphicTypeValues.POLYLINE: 'POLYLINE'>"
    assert sr.GraphicTypeValues("POLYLINE") is sr.GraphicTypeValues["POLYLINE"] is kind
    assert pickle.loads(pickle.dumps(kind)) is copy.deepcopy(kind) is kind
    with pytest.raises(ValueError, match="not a valid GraphicTypeValues"):
        sr.GraphicTypeValues("polyline")
