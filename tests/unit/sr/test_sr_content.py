"""Content items that templates have in common."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.content_items import (
    CodeContentItem,
    CompositeContentItem,
    ImageContentItem,
    NumContentItem,
    Scoord3DContentItem,
    ScoordContentItem,
    TextContentItem,
)
from highdicom.errors import InformationLossWarning
from highdicom.sr.content import (
    CoordinatesForMeasurement,
    CoordinatesForMeasurement3D,
    FindingSite,
    ImageRegion,
    ImageRegion3D,
    LongitudinalTemporalOffsetFromEvent,
    RealWorldValueMap,
    SourceImageForMeasurement,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    SourceImageForSegmentation,
    SourceSeriesForSegmentation,
    VolumeSurface,
)
from highdicom.testing import ct_series, slide

CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
POINT = np.array([[1.5, 2.5]])
POINT_3D = np.array([[1.5, 2.5, -3.5]])
TRIANGLE = np.array([[0, 0, 0], [4, 0, 0], [0, 4, 0], [0, 0, 0]], float)
SOURCES = [
    (SourceImageForRegion, "SELECTED FROM", codes.SCT.Source),
    (SourceImageForMeasurement, "INFERRED FROM", codes.DCM.SourceOfMeasurement),
    (SourceImageForMeasurementGroup, "CONTAINS", codes.DCM.SourceOfMeasurement),
    (SourceImageForSegmentation, "CONTAINS", codes.DCM.SourceImageForSegmentation),
]


@pytest.fixture(scope="module")
def ct():
    return ct_series(number_of_slices=1)[0]


@pytest.fixture(scope="module")
def tiles():
    return slide()


# --- sources -----------------------------------------------------------------------


@pytest.mark.parametrize(("item_class", "relationship", "purpose"), SOURCES)
def test_source_image_says_purpose_and_relationship(item_class, relationship, purpose):
    item = item_class(CT, "1.2.3")
    assert item.value == (CT, "1.2.3")
    assert item.name == purpose
    assert item.relationship_type.value == relationship
    assert item.referenced_frame_numbers is None


@pytest.mark.parametrize("item_class", [source[0] for source in SOURCES])
def test_source_image_is_made_of_an_image(item_class, ct, tiles):
    assert item_class.from_source_image(ct).value == (ct.SOPClassUID, ct.SOPInstanceUID)
    item = item_class.from_source_image(tiles, [2, 1])
    assert item.referenced_frame_numbers == [2, 1]


def test_frames_of_a_source_image_must_exist(ct, tiles):
    with pytest.raises(TypeError, match="needs a multi-frame image"):
        SourceImageForRegion.from_source_image(ct, [1])
    for frame in (0, tiles.NumberOfFrames + 1):
        with pytest.raises(
            ValueError, match="'referenced_frame_numbers' must be from 1"
        ):
            SourceImageForRegion.from_source_image(tiles, [frame])


def test_source_image_must_be_an_image():
    with pytest.raises(ValueError, match="'image' must be an image, but SOPClassUID"):
        SourceImageForRegion.from_source_image(Dataset())
    with pytest.raises(TypeError, match="'image' must be a Dataset"):
        SourceSeriesForSegmentation.from_source_image("image.dcm")


def test_source_series_is_that_of_an_image(ct):
    item = SourceSeriesForSegmentation.from_source_image(ct)
    assert item.value == ct.SeriesInstanceUID
    assert item.name == codes.DCM.SourceSeriesForSegmentation


def test_real_world_value_map_is_made_of_the_object(ct):
    value_map = Dataset()
    value_map.SOPClassUID = "1.2.840.10008.5.1.4.1.1.67"
    value_map.SOPInstanceUID = "1.2.3"
    item = RealWorldValueMap.from_source_value_map(value_map)
    assert isinstance(item, CompositeContentItem)
    assert item.referenced_sop_instance_uid == "1.2.3"
    with pytest.raises(ValueError, match="must be a Real World Value Mapping"):
        RealWorldValueMap.from_source_value_map(ct)
    with pytest.raises(TypeError, match="must be a Dataset"):
        RealWorldValueMap.from_source_value_map("1.2.3")


# --- findings ----------------------------------------------------------------------


def test_finding_site_has_optional_modifiers():
    site = FindingSite(codes.SCT.Kidney, codes.SCT.Left, codes.SCT.Apical)
    assert site.value == codes.SCT.Kidney
    assert site.name == codes.SCT.FindingSite
    assert site.laterality == codes.SCT.Left
    assert site.topographical_modifier == codes.SCT.Apical
    plain = FindingSite(codes.SCT.Kidney)
    assert plain.laterality is None
    assert plain.topographical_modifier is None
    assert "ContentSequence" not in plain


def test_finding_site_is_read():
    written = FindingSite(codes.SCT.Kidney, topographical_modifier=codes.SCT.Apical)
    site = FindingSite.from_dataset(written)
    assert type(site) is FindingSite
    assert site.laterality is None
    assert site.topographical_modifier == codes.SCT.Apical


def test_finding_site_must_be_codes():
    with pytest.raises(TypeError, match="'value' must be a pydicom Code"):
        FindingSite("kidney")
    with pytest.raises(TypeError, match="'value' must be a pydicom Code"):
        FindingSite(codes.SCT.Kidney, laterality="left")


def test_temporal_offset_says_from_which_event():
    offset = LongitudinalTemporalOffsetFromEvent(
        -7, unit=codes.UCUM.Day, event_type=codes.DCM.Baseline
    )
    assert isinstance(offset, NumContentItem)
    assert offset.value == -7
    assert offset.unit == codes.UCUM.Day
    assert offset.event_type == codes.DCM.Baseline
    assert offset.relationship_type.value == "HAS OBS CONTEXT"
    assert isinstance(offset.ContentSequence[0], CodeContentItem)


# --- regions -----------------------------------------------------------------------


def test_region_holds_its_source_image():
    region = ImageRegion("POINT", POINT, SourceImageForRegion(CT, "1.2.3"))
    assert region.name == codes.DCM.ImageRegion
    assert region.relationship_type.value == "CONTAINS"
    assert region.ContentSequence[0].value == (CT, "1.2.3")
    np.testing.assert_array_equal(region.value, POINT)
    assert region.pixel_origin_interpretation is None


@pytest.mark.parametrize(
    ("sop_class_uid", "given", "stored"),
    [
        (SLIDE, None, "VOLUME"),
        (SLIDE, "FRAME", "FRAME"),
        (ENHANCED_CT, None, None),
        (ENHANCED_CT, "FRAME", "FRAME"),
        ("1.2.3.4", "VOLUME", "VOLUME"),
    ],
)
def test_pixel_origin_depends_on_the_image(sop_class_uid, given, stored):
    source = SourceImageForRegion(sop_class_uid, "1.2.3")
    region = ImageRegion("POINT", POINT, source, given)
    assert region.get("PixelOriginInterpretation") == stored


def test_single_frame_image_has_no_pixel_origin():
    with pytest.raises(TypeError, match="must not be given for a single-frame image"):
        ImageRegion("POINT", POINT, SourceImageForRegion(CT, "1.2.3"), "FRAME")


@pytest.mark.parametrize("region_class", [ImageRegion, CoordinatesForMeasurement])
@pytest.mark.parametrize(
    "source", [Dataset(), SourceImageForMeasurement(CT, "1.2.3"), None]
)
def test_source_of_a_region_must_be_one(region_class, source):
    with pytest.raises(
        TypeError, match="'source_image' must be a SourceImageForRegion"
    ):
        region_class("POINT", POINT, source)


def test_several_points_are_no_region():
    points = np.array([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ValueError, match="must not be MULTIPOINT"):
        ImageRegion("MULTIPOINT", points, SourceImageForRegion(CT, "1.2.3"))


def test_region_in_space_is_kept():
    region = ImageRegion3D("POLYGON", TRIANGLE, "1.2.3")
    assert region.name == codes.DCM.ImageRegion
    assert region.frame_of_reference_uid == "1.2.3"
    np.testing.assert_array_equal(region.value, TRIANGLE)


@pytest.mark.parametrize("graphic_type", ["MULTIPOINT", "ELLIPSOID"])
def test_some_graphics_in_space_are_no_region(graphic_type):
    with pytest.raises(ValueError, match=f"must not be {graphic_type}"):
        ImageRegion3D(graphic_type, np.zeros((6, 3)), "1.2.3")


def test_coordinates_for_a_measurement_have_a_purpose():
    source = SourceImageForRegion(CT, "1.2.3")
    coordinates = CoordinatesForMeasurement("POINT", POINT, source)
    assert coordinates.name == codes.SCT.Source
    assert coordinates.relationship_type.value == "INFERRED FROM"
    assert coordinates.ContentSequence[0].relationship_type.value == "SELECTED FROM"
    path = CoordinatesForMeasurement("POINT", POINT, source, codes.DCM.Path)
    assert path.name == codes.DCM.Path


def test_coordinates_in_space_for_a_measurement_have_a_purpose():
    coordinates = CoordinatesForMeasurement3D("POINT", POINT_3D, "1.2.3", "1.2.4")
    assert coordinates.name == codes.SCT.Source
    assert coordinates.fiducial_uid == "1.2.4"
    assert coordinates.relationship_type.value == "INFERRED FROM"


@pytest.mark.parametrize(
    ("item_class", "item"),
    [
        (ImageRegion, ScoordContentItem(codes.DCM.ImageRegion, "POINT", POINT)),
        (
            CoordinatesForMeasurement,
            ScoordContentItem(codes.SCT.Source, "POINT", POINT),
        ),
        (
            ImageRegion3D,
            Scoord3DContentItem(codes.SCT.Source, "POINT", POINT_3D, "1.2"),
        ),
        (SourceImageForRegion, ImageContentItem(codes.SCT.Source, CT, "1.2.3")),
    ],
)
def test_plain_items_become_those_of_templates(item_class, item):
    assert type(item_class.from_dataset(item)) is item_class
    with pytest.raises(ValueError, match="must be of type"):
        item_class.from_dataset(TextContentItem(codes.DCM.Comment, "a"))


# --- surfaces ----------------------------------------------------------------------


IMAGES = [SourceImageForSegmentation(CT, f"1.2.3.{number}") for number in (1, 2)]
SERIES = SourceSeriesForSegmentation("1.2.4")


def test_surface_of_one_point_is_kept():
    surface = VolumeSurface("POINT", POINT_3D, "1.2.3", source_images=IMAGES)
    assert surface.graphic_type.value == "POINT"
    assert surface.frame_of_reference_uid == "1.2.3"
    np.testing.assert_array_equal(surface.graphic_data, POINT_3D)
    assert surface.has_source_images()
    assert surface.source_images_for_segmentation == IMAGES
    assert surface.source_series_for_segmentation is None


def test_surface_of_polygons_is_kept():
    polygons = [TRIANGLE + np.array([0, 0, z]) for z in (0, 1, 2)]
    surface = VolumeSurface("POLYGON", polygons, "1.2.3", source_series=SERIES)
    assert len(surface) == 4
    np.testing.assert_array_equal(surface.graphic_data, polygons)
    assert not surface.has_source_images()
    assert surface.source_series_for_segmentation.value == "1.2.4"


def test_surface_is_found_among_other_items():
    written = VolumeSurface(
        "POLYGON", [TRIANGLE, TRIANGLE + 1], "1.2.3", source_images=IMAGES
    )
    other = TextContentItem(codes.DCM.Comment, "a", "CONTAINS")
    surface = VolumeSurface.from_sequence([other, *written])
    assert len(surface) == 4
    assert surface[0] is not written[0]
    assert surface == written
    assert surface.has_source_images()


@pytest.mark.parametrize(
    ("graphic_type", "graphics"),
    [
        ("POINT", [POINT_3D, POINT_3D]),
        ("ELLIPSOID", [np.eye(6, 3)] * 2),
        ("POLYGON", TRIANGLE),
        ("POLYGON", [TRIANGLE]),
        ("POLYGON", []),
        ("POLYLINE", [TRIANGLE] * 2),
        ("MULTIPOINT", TRIANGLE),
    ],
)
def test_wrong_graphics_make_no_surface(graphic_type, graphics):
    with pytest.raises(ValueError, match="of a surface"):
        VolumeSurface(graphic_type, graphics, "1.2.3", source_series=SERIES)


def test_surface_needs_a_source():
    with pytest.raises(ValueError, match="One of 'source_images' and 'source_series'"):
        VolumeSurface("POINT", POINT_3D, "1.2.3")
    with pytest.raises(TypeError, match="'source_images' must be"):
        VolumeSurface("POINT", POINT_3D, "1.2.3", [Dataset()])
    with pytest.raises(TypeError, match="'source_series' must be"):
        VolumeSurface("POINT", POINT_3D, "1.2.3", source_series="1.2")


def test_surface_keeps_images_rather_than_the_series():
    with pytest.warns(InformationLossWarning, match="'source_series' is left out"):
        surface = VolumeSurface("POINT", POINT_3D, "1.2.3", IMAGES, SERIES)
    assert surface.source_series_for_segmentation is None
    assert len(surface.source_images_for_segmentation) == 2


def test_items_that_make_no_surface_are_an_error():
    surface = VolumeSurface("POINT", POINT_3D, "1.2.3", source_series=SERIES)
    other = VolumeSurface("POINT", POINT_3D, "1.2.9", source_series=SERIES)
    with pytest.raises(
        RuntimeError, match="one or more content items 'Volume Surface'"
    ):
        VolumeSurface.from_sequence(surface[1:])
    with pytest.raises(RuntimeError, match="'Source Image for Segmentation' or"):
        VolumeSurface.from_sequence(surface[:1])
    with pytest.raises(RuntimeError, match="same ReferencedFrameOfReferenceUID"):
        VolumeSurface.from_sequence([*surface, *other])
