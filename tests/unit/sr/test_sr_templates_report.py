"""Measurement reports: built, read, asked."""

import io

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from sr_template_parts import (
    CT,
    PROCEDURE,
    SEGMENTATION,
    Group,
    Planar,
    Volumetric,
    area,
    device,
    evaluation,
    full_groups,
    full_report,
    least_report,
    observation,
    person,
    region,
    tracking,
)

from highdicom.content_items import ContentItemReference, add_content
from highdicom.content_items.query import stored_element
from highdicom.encoding.elements import tag_of
from highdicom.errors import HighdicomError, NonconformantDatasetWarning
from highdicom.sr import (
    CodedConcept,
    ContainerContentItem,
    ContentSequence,
    GraphicTypeValues,
    GraphicTypeValues3D,
    LanguageOfContentItemAndDescendants,
    MeasurementReport,
    ObservationContext,
)
from highdicom.testing import ct_series


def written_and_read(content, transfer_syntax=ExplicitVRLittleEndian):
    """Content of a document, as a file says it."""
    document, file = Dataset(), io.BytesIO()
    document.update(content[0])
    document.SpecificCharacterSet = "ISO_IR 192"
    document.file_meta = FileMetaDataset()
    document.file_meta.TransferSyntaxUID = transfer_syntax
    document.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.34"
    document.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    document.save_as(file, enforce_file_format=True)
    file.seek(0)
    return MeasurementReport.from_sequence([dcmread(file)])


def headings(report):
    return [
        item.name.meaning
        for item in report[0].ContentSequence
        if isinstance(item, ContainerContentItem)
    ]


def test_root_is_the_report():
    report = least_report()
    assert report.is_root
    assert len(report) == 1
    root = report[0]
    assert isinstance(root, ContainerContentItem)
    assert root.relationship_type is None
    assert root.template_id == "1500"
    assert report.title == codes.DCM.ImagingMeasurementReport
    assert headings(report) == ["Imaging Measurements"]


def test_items_follow_the_rows_of_the_template():
    found = [item.name.meaning for item in full_report()[0].ContentSequence]
    assert found[0] == "Language of Content Item and Descendants"
    assert found[1] == "Observer Type"
    assert found[-2:] == ["Procedure reported", "Imaging Measurements"]


def test_title_language_and_procedures_may_be_chosen():
    french = CodedConcept("fr", "RFC5646", "French")
    report = MeasurementReport(
        observation(),
        [PROCEDURE, codes.LN.CTPerfusionHeadWithContrastIV],
        [Group(tracking())],
        codes.DCM.OncologyMeasurementReport,
        LanguageOfContentItemAndDescendants(french),
        ct_series(number_of_slices=2),
    )
    assert report.title == codes.DCM.OncologyMeasurementReport
    assert report.language_of_content_item_and_descendants.language == french
    assert [code.value for code in report.procedure_reported] == ["25045-6", "39142-5"]
    assert headings(report) == ["Image Library", "Imaging Measurements"]
    assert len(report.image_library[0].ContentSequence[0].ContentSequence) == 2
    assert least_report().image_library is None
    english = least_report().language_of_content_item_and_descendants.language
    assert english.value == "en-US"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"observation_context": 3}, TypeError),
        ({"procedure_reported": "CT"}, TypeError),
        ({"procedure_reported": ["CT"]}, TypeError),
        ({"imaging_measurements": None}, TypeError),
        ({"imaging_measurements": []}, ValueError),
        ({"imaging_measurements": [3]}, TypeError),
        ({"imaging_measurements": Group(tracking())}, TypeError),
        ({"title": "report"}, TypeError),
        ({"language_of_content_item_and_descendants": "en"}, TypeError),
        ({"referenced_images": 3}, TypeError),
        ({"referenced_images": []}, ValueError),
    ],
)
def test_wrong_arguments_are_refused(change, error):
    right = {
        "observation_context": ObservationContext(),
        "procedure_reported": PROCEDURE,
        "imaging_measurements": [Group(tracking())],
    }
    with pytest.raises(error) as caught:
        MeasurementReport(**{**right, **change})
    assert isinstance(caught.value, HighdicomError)


@pytest.mark.parametrize(
    "transfer_syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian]
)
@pytest.mark.parametrize("report", [full_report, least_report])
def test_what_was_written_is_read(report, transfer_syntax):
    made = report()
    read = written_and_read(made, transfer_syntax)
    assert read.to_json() == made.to_json()
    assert [type(group) for group in read.imaging_measurements] == [
        type(group) for group in made.imaging_measurements
    ]


def test_reading_leaves_alone_what_nobody_asks_for():
    read = written_and_read(full_report())
    groups = read.get_volumetric_roi_measurement_groups()
    content = stored_element(groups[0][0], tag_of("ContentSequence"))
    assert content.value.__class__ is bytes


def test_groups_are_told_apart():
    report = full_report()
    assert len(report.get_planar_roi_measurement_groups()) == 3
    assert len(report.get_volumetric_roi_measurement_groups()) == 3
    assert len(report.get_image_measurement_groups()) == 1
    assert {type(one) for one in report.get_planar_roi_measurement_groups()} == {Planar}


def test_groups_without_template_are_told_apart_by_their_region():
    groups = full_groups()
    for group in groups.values():
        del group[0].ContentTemplateSequence
    report = MeasurementReport(ObservationContext(), PROCEDURE, list(groups.values()))
    kinds = [type(group) for group in report.imaging_measurements]
    assert kinds == [type(group) for group in groups.values()]


QUERIES = ("planar_roi", "volumetric_roi", "image")


def found(report, kind, **asked):
    return getattr(report, f"get_{kind}_measurement_groups")(**asked)


@pytest.mark.parametrize("kind", QUERIES)
@pytest.mark.parametrize(
    ("asked", "is_there"),
    [
        ({"tracking_uid": "1.2.3"}, True),
        ({"tracking_uid": "1.2.33"}, False),
        ({"finding_type": codes.SCT.Neoplasm}, True),
        ({"finding_type": codes.SCT.Nodule}, False),
        ({"finding_site": codes.SCT.Liver}, True),
        ({"finding_site": CodedConcept("T-62000", "SRT", "Liver")}, True),
        ({"finding_site": codes.SCT.Lung}, False),
        ({"referenced_sop_instance_uid": "1.2.7"}, True),
        ({"referenced_sop_instance_uid": "1.2.77"}, False),
        ({"referenced_sop_class_uid": CT}, True),
        (
            {
                "referenced_sop_class_uid": SEGMENTATION,
                "referenced_sop_instance_uid": "1.2.7",
            },
            False,
        ),
        ({"tracking_uid": "1.2.3", "finding_site": codes.SCT.Lung}, False),
    ],
)
def test_groups_are_found_by_what_they_say(kind, asked, is_there):
    assert bool(found(full_report(), kind, **asked)) is is_there


@pytest.mark.parametrize("kind", QUERIES)
def test_groups_that_say_nothing_are_not_found(kind):
    report = least_report()
    assert found(report, kind, finding_type=codes.SCT.Neoplasm) == []
    assert found(report, kind, finding_site=codes.SCT.Liver) == []


@pytest.mark.parametrize(
    ("kind", "asked", "count"),
    [
        ("planar_roi", {"reference_type": codes.DCM.ImageRegion}, 2),
        ("planar_roi", {"reference_type": codes.DCM.ReferencedSegmentationFrame}, 1),
        ("planar_roi", {"reference_type": codes.DCM.RegionInSpace}, 0),
        ("planar_roi", {"graphic_type": GraphicTypeValues.CIRCLE}, 1),
        ("planar_roi", {"graphic_type": GraphicTypeValues.POINT}, 0),
        ("planar_roi", {"graphic_type": GraphicTypeValues3D.POLYGON}, 1),
        ("planar_roi", {"graphic_type": GraphicTypeValues3D.POINT}, 0),
        ("planar_roi", {"referenced_sop_class_uid": SEGMENTATION}, 1),
        ("volumetric_roi", {"reference_type": codes.DCM.ImageRegion}, 1),
        ("volumetric_roi", {"reference_type": codes.DCM.ReferencedSegment}, 1),
        ("volumetric_roi", {"reference_type": codes.DCM.VolumeSurface}, 1),
        ("volumetric_roi", {"graphic_type": GraphicTypeValues.CIRCLE}, 1),
        ("volumetric_roi", {"graphic_type": GraphicTypeValues3D.POINT}, 1),
        ("volumetric_roi", {"referenced_sop_instance_uid": "1.2.8"}, 1),
        ("volumetric_roi", {"referenced_sop_instance_uid": "1.2.6"}, 1),
    ],
)
def test_regions_are_found_by_what_they_are(kind, asked, count):
    assert len(found(full_report(), kind, **asked)) == count


@pytest.mark.parametrize(
    ("kind", "asked", "error"),
    [
        ("planar_roi", {"graphic_type": "CIRCLE"}, TypeError),
        ("planar_roi", {"graphic_type": GraphicTypeValues.MULTIPOINT}, ValueError),
        ("planar_roi", {"graphic_type": GraphicTypeValues3D.ELLIPSOID}, ValueError),
        ("planar_roi", {"reference_type": codes.DCM.ReferencedSegment}, ValueError),
        ("planar_roi", {"reference_type": "region"}, ValueError),
        (
            "planar_roi",
            {
                "reference_type": codes.DCM.ReferencedSegmentationFrame,
                "graphic_type": GraphicTypeValues.CIRCLE,
            },
            ValueError,
        ),
        ("volumetric_roi", {"graphic_type": "POINT"}, TypeError),
        ("volumetric_roi", {"graphic_type": GraphicTypeValues3D.POLYLINE}, ValueError),
        (
            "volumetric_roi",
            {"reference_type": codes.DCM.ReferencedSegmentationFrame},
            ValueError,
        ),
        (
            "volumetric_roi",
            {
                "reference_type": codes.DCM.ReferencedSegment,
                "graphic_type": GraphicTypeValues.CIRCLE,
            },
            ValueError,
        ),
        (
            "volumetric_roi",
            {
                "reference_type": codes.DCM.VolumeSurface,
                "graphic_type": GraphicTypeValues.CIRCLE,
            },
            TypeError,
        ),
        (
            "volumetric_roi",
            {
                "reference_type": codes.DCM.ImageRegion,
                "graphic_type": GraphicTypeValues3D.POINT,
            },
            TypeError,
        ),
    ],
)
def test_what_no_region_is_cannot_be_asked_for(kind, asked, error):
    with pytest.raises(error):
        found(full_report(), kind, **asked)


def test_observers_and_subjects_are_found():
    report = full_report()
    assert [len(one) for one in report.get_observer_contexts()] == [
        len(person()),
        len(device()),
    ]
    (asked,) = report.get_observer_contexts(codes.DCM.Device)
    assert asked.observer_identifying_attributes.name == "scanner"
    (subject,) = report.get_subject_contexts()
    assert subject.subject_class == codes.DCM.Specimen
    assert len(report.get_subject_contexts(codes.DCM.Specimen)) == 1
    assert report.get_subject_contexts(codes.DCM.Fetus) == []
    assert least_report().get_observer_contexts() == []
    assert least_report().get_subject_contexts() == []


@pytest.mark.parametrize(
    "items",
    [
        [],
        list(area()),
        list(Group(tracking())),
        [*least_report(), *least_report()],
        [ContainerContentItem(codes.DCM.ImageLibrary, template_id="1600")],
    ],
)
def test_other_items_are_no_report(items):
    with pytest.raises(ValueError, match=r"report|item"):
        MeasurementReport.from_sequence(items)


def test_a_report_need_not_name_its_template():
    root = ContainerContentItem(codes.DCM.ImagingMeasurementReport)
    report = MeasurementReport.from_sequence([root])
    assert report.get_planar_roi_measurement_groups() == []
    assert report.imaging_measurements == []
    assert report.get_observer_contexts() == []


def test_evaluations_of_the_whole_report_are_read():
    report = least_report()
    heading = ContainerContentItem(
        Code("C0034375", "UMLS", "Qualitative Evaluations"),
        relationship_type="CONTAINS",
    )
    add_content(heading, list(evaluation()))
    assert report.qualitative_evaluations == []
    report[0].ContentSequence.append(heading)
    assert [one.value.meaning for one in report.qualitative_evaluations] == ["LR-3"]
    assert report.check() == []


def test_a_report_is_copied_unless_it_is_not_to_be():
    made = least_report()
    assert MeasurementReport.from_sequence(made)[0] is not made[0]
    assert MeasurementReport.from_sequence(made, copy=False)[0] is made[0]


def test_items_that_no_row_describes_do_no_harm():
    report = full_report()
    extra = ContainerContentItem(codes.DCM.ImageLibrary, relationship_type="CONTAINS")
    content = report[0].ContentSequence
    content.insert(0, extra)
    measurements = content[-1].ContentSequence
    measurements.insert(0, extra)
    measurements[1].ContentSequence.insert(0, extra)
    assert len(report.get_planar_roi_measurement_groups(tracking_uid="1.2.3")) == 3
    assert len(report.get_observer_contexts()) == 2


def test_order_does_not_matter_when_reading():
    report = full_report()
    for group in report.imaging_measurements:
        content = group[0].ContentSequence
        content[:] = list(content)[::-1]
    root = report[0].ContentSequence
    root[:] = [*list(root)[-2:], *list(root)[:-2]]
    (group,) = report.get_image_measurement_groups(tracking_uid="1.2.3")
    assert group.finding_type == codes.SCT.Neoplasm
    assert [one.value for one in group.get_measurements()] == [3.0, 4.25]
    assert len(report.get_observer_contexts()) == 2


def test_a_broken_item_leaves_the_rest():
    report = full_report()
    (group,) = report.get_image_measurement_groups()
    content = group[0].ContentSequence
    for index, keyword in ((4, "ValueType"), (-3, "ConceptNameCodeSequence")):
        del content[index][keyword]
    broken = full_report()
    broken[0].ContentSequence[-1].ContentSequence[-1] = group[0]
    (read,) = written_and_read(broken).get_image_measurement_groups()
    assert read.finding_type is None
    assert read.finding_category == codes.SCT.MorphologicallyAbnormalStructure
    with pytest.warns(NonconformantDatasetWarning, match="ConceptNameCodeSequence"):
        measurements = read.get_measurements()
    assert [one.value for one in measurements] == [4.25]


def test_region_of_a_group_is_the_item_itself():
    one = region()
    group = Planar(tracking(), referenced_region=one)
    report = MeasurementReport(ObservationContext(), PROCEDURE, [group])
    assert report.get_planar_roi_measurement_groups()[0].roi is one
    assert isinstance(report.find(codes.DCM.ImagingMeasurementReport), ContentSequence)
    (volumetric,) = full_report().get_volumetric_roi_measurement_groups(
        reference_type=codes.DCM.ReferencedSegment
    )
    assert type(volumetric) is Volumetric


def test_images_that_regions_name_by_reference_are_found():
    images = ct_series(number_of_slices=2)
    report = MeasurementReport(
        ObservationContext(),
        PROCEDURE,
        [Planar(tracking(), referenced_region=region())],
        referenced_images=images,
    )
    group = report.imaging_measurements[0]
    names = [item.name.meaning for item in report[0].ContentSequence]
    library = names.index("Image Library")
    reference = ContentItemReference([1, library + 1, 1, 2], "SELECTED FROM")
    group.roi.ContentSequence[0] = reference
    asked = {"referenced_sop_instance_uid": images[1].SOPInstanceUID}
    other = {"referenced_sop_instance_uid": images[0].SOPInstanceUID}
    for each in (report, written_and_read(report)):
        assert len(each.get_planar_roi_measurement_groups(**asked)) == 1
        assert each.get_planar_roi_measurement_groups(**other) == []


def test_groups_are_found_by_uids_that_begin_alike():
    uids = ["1.2.7", "1.2.70", "1.2.701", "1.2.7.1", "11.2.7", "1.2.7.11"]
    report = MeasurementReport(
        ObservationContext(), PROCEDURE, [Group(tracking(uid)) for uid in uids]
    )
    for each in (report, written_and_read(report)):
        for uid in uids:
            groups = each.get_image_measurement_groups(tracking_uid=uid)
            assert [group.tracking_uid for group in groups] == [uid]
