"""Groups of measurements."""

import copy
import pickle

import pytest
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from sr_template_parts import (
    METHOD,
    Group,
    Planar,
    Volumetric,
    area,
    coordinates,
    evaluation,
    everything,
    frame,
    full_groups,
    full_measurement,
    region,
    region_in_space,
    segment,
    surface,
    tracking,
)

from highdicom.content_items.query import relationship_type_of
from highdicom.sr import (
    CodeContentItem,
    ContainerContentItem,
    ContentSequence,
    ImageRegion,
    ImageRegion3D,
    ReferencedSegment,
    ReferencedSegmentationFrame,
    SourceImageForMeasurementGroup,
    TimePointContext,
    TrackingIdentifier,
    VolumeSurface,
)

LEAST = {
    "region": lambda: Planar(tracking(), referenced_region=region()),
    "frame": lambda: Planar(tracking(), referenced_segment=frame()),
    "regions": lambda: Volumetric(tracking(), referenced_regions=[region()]),
    "segment": lambda: Volumetric(tracking(), referenced_segment=segment()),
    "surface": lambda: Volumetric(tracking(), referenced_volume_surface=surface()),
    "images": lambda: Group(tracking()),
}


def names(group):
    return [item.name.meaning for item in group[0].ContentSequence]


@pytest.mark.parametrize("kind", list(full_groups()))
def test_everything_that_is_said_is_read_again(kind):
    group = full_groups()[kind]
    assert (group.tracking_identifier, group.tracking_uid) == ("nodule", "1.2.3")
    assert group.finding_type == codes.SCT.Neoplasm
    assert group.finding_category == codes.SCT.MorphologicallyAbnormalStructure
    assert group.method == METHOD
    assert group.session == "first"
    assert [site.value.meaning for site in group.finding_sites] == ["Kidney", "Liver"]
    assert group.finding_sites[0].laterality == codes.SCT.Left
    assert group.time_point_context.time_point == "week 2"
    assert group.time_point_context.time_point_order == 2
    assert group.time_point_context.temporal_offset_from_event.value == 14
    assert group.algorithm_id.name == "finder"
    assert group.referenced_real_world_value_map.referenced_sop_instance_uid == "1.2.99"
    assert [one.value for one in group.get_measurements()] == [4.25, 3.0]
    assert [one.value.meaning for one in group.get_qualitative_evaluations()] == [
        "LR-3"
    ]


@pytest.mark.parametrize("kind", list(LEAST))
def test_what_is_not_said_is_none(kind):
    group = LEAST[kind]()
    assert (group.tracking_identifier, group.tracking_uid) == ("nodule", "1.2.3")
    for name in ("finding_type", "finding_category", "method", "session"):
        assert getattr(group, name) is None
    assert group.time_point_context is None
    assert group.finding_sites == []
    assert group.get_measurements() == []
    assert group.get_qualitative_evaluations() == []


@pytest.mark.parametrize(
    ("kind", "template"),
    [("region", "1410"), ("surface", "1411"), ("images", "1501")],
)
def test_the_container_names_its_template(kind, template):
    item = full_groups()[kind][0]
    assert isinstance(item, ContainerContentItem)
    assert item.name == codes.DCM.MeasurementGroup
    assert item.template_id == template
    assert item.relationship_type.value == "CONTAINS"


def test_items_stand_in_the_order_of_the_interface():
    group = full_groups()["region"]
    assert names(group)[:6] == [
        "Tracking Identifier",
        "Tracking Unique Identifier",
        "Activity Session",
        "Finding category",
        "Finding",
        "Measurement Method",
    ]
    assert names(group)[-5:] == [
        "Diameter",
        "Area",
        "LI-RADS",
        "Geometric purpose of region",
        "Image Region",
    ]
    relationships = {
        item.name.meaning: relationship_type_of(item)
        for item in group[0].ContentSequence
    }
    assert relationships["Measurement Method"] == "HAS CONCEPT MOD"
    assert relationships["Real World Value Map used for measurement"] == "CONTAINS"


def test_region_in_a_plane_is_given_in_three_ways():
    groups = full_groups()
    assert type(groups["region"].roi) is ImageRegion
    assert type(groups["region in space"].roi) is ImageRegion3D
    assert groups["frame"].roi is None
    assert groups["region"].referenced_segmentation_frame is None
    found = groups["frame"].referenced_segmentation_frame
    assert type(found) is ReferencedSegmentationFrame
    assert found.referenced_frame_numbers == [4]
    for kind in ("region", "region in space"):
        assert groups[kind].reference_type == codes.DCM.ImageRegion
    assert groups["frame"].reference_type == codes.DCM.ReferencedSegmentationFrame


def test_region_in_space_is_given_in_three_ways():
    groups = full_groups()
    assert [type(one) for one in groups["regions"].roi] == [ImageRegion] * 2
    assert type(groups["surface"].roi) is VolumeSurface
    assert groups["segment"].roi is None
    assert groups["regions"].referenced_segment is None
    found = groups["segment"].referenced_segment
    assert type(found) is ReferencedSegment
    assert found.referenced_segment_numbers == [2]
    assert groups["regions"].reference_type == codes.DCM.ImageRegion
    assert groups["segment"].reference_type == codes.DCM.ReferencedSegment
    assert groups["surface"].reference_type == codes.DCM.VolumeSurface


def test_group_without_region_has_source_images():
    images = full_groups()["images"].source_images
    assert [type(image) for image in images] == [SourceImageForMeasurementGroup]
    assert images[0].referenced_sop_instance_uid == "1.2.7"


@pytest.mark.parametrize("kind", ["Planar", "Volumetric"])
def test_exactly_one_region_is_needed(kind):
    cls, two = {
        "Planar": (
            Planar,
            {"referenced_region": region(), "referenced_segment": frame()},
        ),
        "Volumetric": (
            Volumetric,
            {"referenced_regions": [region()], "referenced_segment": segment()},
        ),
    }[kind]
    with pytest.raises(ValueError, match="Exactly one"):
        cls(tracking())
    with pytest.raises(ValueError, match="Exactly one"):
        cls(tracking(), **two)


@pytest.mark.parametrize(
    ("cls", "argument", "value"),
    [
        (Planar, "referenced_region", [region()]),
        (Planar, "referenced_region", 3),
        (Planar, "referenced_segment", segment()),
        (Volumetric, "referenced_regions", region()),
        (Volumetric, "referenced_regions", [region_in_space()]),
        (Volumetric, "referenced_segment", frame()),
        (Volumetric, "referenced_volume_surface", region_in_space()),
    ],
)
def test_other_regions_are_refused(cls, argument, value):
    with pytest.raises(TypeError, match=argument):
        cls(tracking(), **{argument: value})


def test_regions_must_not_be_empty():
    with pytest.raises(ValueError, match="referenced_regions"):
        Volumetric(tracking(), referenced_regions=[])


def test_tracking_needs_both_identifiers():
    for cls in (Planar, Volumetric, Group):
        with pytest.raises(ValueError, match="tracking_identifier"):
            cls(TrackingIdentifier("1.2.3"))
    with pytest.raises(TypeError, match="tracking_identifier"):
        Group(None)


def test_measurements_of_a_region_have_no_coordinates_of_their_own():
    measured = full_measurement(referenced_coordinates=[coordinates()])
    with pytest.raises(ValueError, match="referenced_coordinates"):
        Planar(tracking(), referenced_region=region(), measurements=[measured])
    assert Group(tracking(), measurements=[measured]).get_measurements() == [measured]


@pytest.mark.parametrize(
    "argument", [name for name in everything() if name != "tracking_identifier"]
)
def test_wrong_types_are_refused(argument):
    with pytest.raises(TypeError, match=argument):
        Group(tracking(), **{argument: 3})


@pytest.mark.parametrize("argument", ["measurements", "qualitative_evaluations"])
def test_single_templates_are_no_sequences_of_them(argument):
    single = {"measurements": area(), "qualitative_evaluations": evaluation()}
    with pytest.raises(TypeError, match=argument):
        Group(tracking(), **{argument: single[argument]})


def test_measurements_are_found_by_name():
    group = full_groups()["images"]
    assert [one.value for one in group.get_measurements(codes.SCT.Area)] == [3.0]
    assert group.get_measurements(codes.SCT.Volume) == []
    lirads = Code("RID50296", "RADLEX", "called otherwise")
    assert len(group.get_qualitative_evaluations(lirads)) == 1
    assert group.get_qualitative_evaluations(codes.SCT.Area) == []
    with pytest.raises(TypeError):
        group.get_measurements("Area")


def test_what_other_rows_describe_is_neither_measured_nor_evaluated():
    group = full_groups()["region"]
    numbers = [item for item in group[0].ContentSequence if item.ValueType == "NUM"]
    assert len(numbers) == 4  # time point order and offset are none
    assert len(group.get_measurements()) == 2
    # Some write the method as if it was contained.
    contained = CodeContentItem(codes.SCT.MeasurementMethod, METHOD, "CONTAINS")
    group[0].ContentSequence.append(contained)
    assert len(group.get_qualitative_evaluations()) == 1


def test_time_point_needs_only_its_name():
    assert [item.name.meaning for item in TimePointContext("week 2")] == ["Time Point"]
    with pytest.raises(TypeError, match="time_point_order"):
        TimePointContext("week 2", time_point_order="2")
    with pytest.raises(TypeError, match="temporal_offset_from_event"):
        TimePointContext("week 2", temporal_offset_from_event=3)


@pytest.mark.parametrize("kind", list(full_groups()))
def test_groups_are_recognised_copied_and_pickled(kind):
    group = full_groups()[kind]
    for twin in (
        type(group).from_sequence(group),
        copy.deepcopy(group),
        pickle.loads(pickle.dumps(group)),
    ):
        assert type(twin) is type(group)
        assert twin == group
        assert twin[0] is not group[0]
        assert twin.tracking_uid == "1.2.3"


@pytest.mark.parametrize("cls", [Planar, Volumetric, Group])
def test_other_items_are_no_group(cls):
    library = ContainerContentItem(codes.DCM.ImageLibrary, relationship_type="CONTAINS")
    for items in ([], [library], list(area()), [*LEAST["images"](), library]):
        with pytest.raises(ValueError, match=cls.__name__):
            cls.from_sequence(ContentSequence(items))
    with pytest.raises(TypeError):
        cls.from_sequence([3])


@pytest.mark.parametrize("cls", [Planar, Volumetric, Group])
def test_an_empty_group_says_nothing(cls):
    empty = ContainerContentItem(
        codes.DCM.MeasurementGroup, relationship_type="CONTAINS"
    )
    group = cls.from_sequence([empty])
    assert group.tracking_uid is None
    assert group.tracking_identifier is None
    assert group.get_measurements() == []


def test_a_region_that_is_not_said_is_an_error():
    empty = ContainerContentItem(
        codes.DCM.MeasurementGroup, relationship_type="CONTAINS"
    )
    with pytest.raises(AttributeError, match="1410"):
        _ = Planar.from_sequence([empty]).reference_type
