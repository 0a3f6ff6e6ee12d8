"""Annotations as GeoJSON and back."""

import json

import numpy as np
import pytest
from ann_groups import AREA, MEANING, SQUARE, TRIANGLE, group
from pydicom.sr.codedict import codes

from highdicom import UID
from highdicom.ann import (
    Measurements,
    MicroscopyBulkSimpleAnnotations,
    from_geojson,
    to_geojson,
)
from highdicom.color import CIELabColor
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InformationLossWarning,
    InvalidArgumentError,
)
from highdicom.spatial import ImageToReferenceTransformer
from highdicom.testing import slide


def feature(kind, coordinates, geometry=None, **properties):
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates, **(geometry or {})},
        "properties": {"objectType": "annotation", **properties},
    }


def ring(points):
    return [[*points.tolist(), points[0].tolist()]]


def read(*features, **changes):
    return from_geojson(list(features), **{**MEANING, **changes})


# --- writing -------------------------------------------------------------------------


def test_polygons_are_closed_rings_with_class_and_colour():
    made = group([TRIANGLE], display_color=CIELabColor(53, 80, 67))
    collection = to_geojson([made], object_type="detection")
    assert collection["type"] == "FeatureCollection"
    (written,) = collection["features"]
    assert written["geometry"] == {"type": "Polygon", "coordinates": ring(TRIANGLE)}
    properties = written["properties"]
    assert properties["objectType"] == "detection"
    assert properties["classification"]["name"] == "nuclei"
    assert properties["classification"]["color"][0] > 200
    assert "measurements" not in properties
    json.dumps(collection, allow_nan=False)


def test_points_and_lines_are_such():
    points = to_geojson(
        [group(graphic_type="POINT", graphic_data=[[[3.5, 8.0]], [[1.0, 2.0]]])]
    )
    assert [f["geometry"] for f in points["features"]] == [
        {"type": "Point", "coordinates": [3.5, 8.0]},
        {"type": "Point", "coordinates": [1.0, 2.0]},
    ]
    lines = to_geojson([group(graphic_type="POLYLINE", graphic_data=[TRIANGLE])])
    assert lines["features"][0]["geometry"]["coordinates"] == TRIANGLE.tolist()


def test_corners_of_ellipses_lie_on_them():
    ends = np.array([[2.0, 5.0], [8.0, 5.0], [5.0, 3.0], [5.0, 7.0]])
    geometry = to_geojson([group(graphic_type="ELLIPSE", graphic_data=[ends])])[
        "features"
    ][0]["geometry"]
    assert geometry["isEllipse"] is True
    corners = np.array(geometry["coordinates"][0])
    assert len(corners) == 97
    assert corners[0].tolist() == corners[-1].tolist()
    x, y = (corners - [5, 5]).T
    np.testing.assert_allclose((x / 3) ** 2 + (y / 2) ** 2, 1, atol=1e-3)


def test_oblique_ellipses_are_not_marked_for_others():
    ends = np.array([[2.0, 2.0], [8.0, 8.0], [6.0, 4.0], [4.0, 6.0]])
    geometry = to_geojson([group(graphic_type="ELLIPSE", graphic_data=[ends])])[
        "features"
    ][0]["geometry"]
    assert "isEllipse" not in geometry


def test_measurements_are_numbers_by_name():
    area = Measurements(AREA[0], np.array([1.5, np.nan]), AREA[1])
    made = group([TRIANGLE, SQUARE], measurements=[area])
    written = to_geojson([made])["features"]
    assert [f["properties"]["measurements"] for f in written] == [
        {"Area (um2)": 1.5},
        {},
    ]


def test_decimal_places_are_as_asked():
    made = group(
        graphic_type="POINT", graphic_data=[np.array([[1 / 3, 2 / 3]], np.float32)]
    )
    (written,) = to_geojson([made])["features"]
    assert written["geometry"]["coordinates"] == [0.3333, 0.6667]
    (written,) = to_geojson([made], decimals=None)["features"]
    assert written["geometry"]["coordinates"] == [
        float(np.float32(1 / 3)),
        float(np.float32(2 / 3)),
    ]


def test_millimetres_become_pixels_of_the_image():
    image = slide()
    to_slide = ImageToReferenceTransformer.for_image(image, for_total_pixel_matrix=True)
    annotations = MicroscopyBulkSimpleAnnotations(
        [image],
        "3D",
        [group([to_slide(TRIANGLE)])],
        *(UID(), 1, UID(), 1, "Maker", "Annotator", "1", "1"),
    )
    (written,) = annotations.to_geojson(image)["features"]
    np.testing.assert_allclose(
        written["geometry"]["coordinates"], ring(TRIANGLE), atol=1e-3
    )
    with pytest.raises(ConflictingArgumentsError, match="'image'"):
        annotations.to_geojson()


def test_pixels_need_no_image():
    with pytest.raises(ConflictingArgumentsError, match="'image'"):
        to_geojson([group([TRIANGLE])], image=slide())


# --- reading -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("POINT", TRIANGLE[:1]),
        ("POLYLINE", TRIANGLE),
        ("POLYGON", TRIANGLE),
        ("RECTANGLE", SQUARE),
        ("ELLIPSE", np.array([[2.0, 5.0], [8.0, 5.0], [5.0, 3.0], [5.0, 7.0]])),
        ("ELLIPSE", np.array([[2.0, 2.0], [8.0, 8.0], [6.0, 4.0], [4.0, 6.0]])),
    ],
)
def test_what_was_written_is_read(kind, points):
    area = Measurements(AREA[0], np.array([1.5, np.nan]), AREA[1])
    made = group(
        [points, points + 1.123],
        kind,
        measurements=[area],
        display_color=CIELabColor(50, 10, 20),
    )
    text = json.dumps(to_geojson([made]))
    (again,) = from_geojson(
        json.loads(text), **MEANING, measurements={"Area (um2)": AREA}
    )
    assert again.graphic_type.value == kind
    assert again.label == "nuclei"
    np.testing.assert_allclose(
        again.get_graphic_data("2D"), made.get_graphic_data("2D"), atol=1e-3
    )
    np.testing.assert_array_equal(again.get_measurements()[1], [[1.5], [np.nan]])
    np.testing.assert_allclose(
        again.display_color.to_rgb(), made.display_color.to_rgb(), atol=1
    )


def test_groups_are_made_of_classes_and_graphic_types():
    tumor = {"name": "Tumor", "color": [200, 0, 0]}
    groups = read(
        feature("Point", [1, 2], classification=tumor),
        feature("Polygon", ring(TRIANGLE)),
        feature("Point", [3, 4], classification=tumor),
        feature("LineString", TRIANGLE.tolist(), classification=tumor),
        first_number=5,
    )
    assert [(g.number, g.label, g.graphic_type.value) for g in groups] == [
        (5, "Tumor", "POINT"),
        (6, "Unclassified", "POLYGON"),
        (7, "Tumor", "POLYLINE"),
    ]
    assert groups[0].number_of_annotations == 2
    assert len({g.uid for g in groups}) == 3
    assert groups[0].display_color.to_rgb() == (200, 0, 0)
    assert groups[1].display_color is None


def test_codes_can_be_given_for_each_class():
    kinds = {"Tumor": codes.SCT.Neoplasm, "Unclassified": codes.SCT.Nucleus}
    one, two = read(
        feature("Point", [1, 2], classification={"name": "Tumor"}),
        feature("Point", [1, 2]),
        annotated_property_type=kinds,
    )
    assert one.annotated_property_type == codes.SCT.Neoplasm
    assert two.annotated_property_type == codes.SCT.Nucleus
    with pytest.raises(InvalidArgumentError, match="code for 'Other'"):
        read(
            feature("Point", [1, 2], classification={"name": "Other"}),
            annotated_property_type=kinds,
        )
    with pytest.raises(ArgumentTypeError, match="annotated_property_type"):
        read(feature("Point", [1, 2]), annotated_property_type="nucleus")


@pytest.mark.parametrize(
    ("classification", "label", "color"),
    [
        ({"names": ["Tumor", "Positive"]}, "Tumor: Positive", None),
        ({"name": "Tumor", "colorRGB": -3670016}, "Tumor", (200, 0, 0)),
        ("Tumor", "Tumor", None),
        ({"color": [0, 0, 200]}, "Unclassified", (0, 0, 200)),
    ],
)
def test_forms_of_classes_that_were_written_before_are_read(
    classification, label, color
):
    (made,) = read(feature("Point", [1, 2], classification=classification))
    assert made.label == label
    found = made.display_color
    assert (found and found.to_rgb()) == color


def test_measurements_as_list_are_read():
    listed = [{"name": "Area", "value": 2.5}, {"name": "Nothing", "value": "NaN"}]
    (made,) = read(
        feature("Point", [1, 2], measurements=listed),
        measurements={"Area": AREA, "Nothing": AREA},
    )
    assert made.get_measurements()[1].tolist() == [[2.5]]


def test_measurements_that_are_not_kept_are_reported():
    with pytest.warns(InformationLossWarning, match="Perimeter"):
        (made,) = read(feature("Point", [1, 2], measurements={"Perimeter": 2.5}))
    assert made.measurements == []


def test_parts_become_annotations_without_measurements():
    several = feature(
        "MultiPolygon", [ring(TRIANGLE), ring(SQUARE)], measurements={"Area": 3.0}
    )
    with pytest.warns(InformationLossWarning, match="several parts"):
        (made,) = read(several, measurements={"Area": AREA})
    assert made.number_of_annotations == 2
    assert made.measurements == []
    (points,) = read(feature("MultiPoint", [[1, 2], [3, 4]]))
    assert points.get_coordinates(2, "2D").tolist() == [[3.0, 4.0]]


def test_nuclei_of_cells_are_reported():
    cell = {**feature("Polygon", ring(TRIANGLE)), "nucleusGeometry": {}}
    with pytest.warns(InformationLossWarning, match="nuclei of cells"):
        read(cell)


def test_ellipses_of_others_fill_their_bounding_box():
    angles = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    corners = np.column_stack([5 + 2 * np.cos(angles), 9 + 4 * np.sin(angles)])
    (made,) = read(feature("Polygon", ring(corners), {"isEllipse": True}))
    assert made.graphic_type.value == "ELLIPSE"
    np.testing.assert_allclose(
        made.get_coordinates(1, "2D"), [[5, 5], [5, 13], [3, 9], [7, 9]]
    )


def test_positions_can_be_placed_on_the_slide():
    image = slide()
    (made,) = read(feature("Polygon", ring(TRIANGLE)), image=image)
    to_slide = ImageToReferenceTransformer.for_image(image, for_total_pixel_matrix=True)
    np.testing.assert_allclose(made.get_coordinates(1, "3D"), to_slide(TRIANGLE))
    assert len(made.common_z_coordinates) == 1


def test_files_and_single_features_are_read(tmp_path):
    one = feature("Point", [1, 2])
    for content in (one, {"type": "FeatureCollection", "features": [one]}):
        path = tmp_path / "objects.geojson"
        path.write_text(json.dumps(content), encoding="utf-8")
        for given in (content, path, str(path)):
            (made,) = from_geojson(given, **MEANING)
            assert made.get_coordinates(1, "2D").tolist() == [[1.0, 2.0]]
    path.write_text("no JSON", encoding="utf-8")
    with pytest.raises(InvalidArgumentError, match=r"objects\.geojson"):
        from_geojson(path, **MEANING)


@pytest.mark.parametrize("given", [3, {"type": "Point"}, {"features": []}])
def test_other_things_are_refused(given):
    with pytest.raises(InvalidArgumentError, match="'geojson'"):
        from_geojson(given, **MEANING)


@pytest.mark.parametrize(
    "bad",
    [
        3,
        {"type": "Feature", "geometry": None},
        feature("GeometryCollection", []),
        feature("Polygon", []),
        feature("MultiPoint", []),
        feature("Polygon", [*ring(TRIANGLE), *ring(SQUARE)]),
        feature("Polygon", ring(TRIANGLE[:2])),
        feature("LineString", [[1, 2]]),
        feature("Point", [1]),
        feature("Point", [1, "a"]),
        feature("Point", [1, float("nan")]),
        feature("Polygon", [[[1, 2], [3]]]),
        feature("Point", [1, 2], measurements={"Area": "large"}),
    ],
)
def test_features_that_cannot_be_annotations_are_refused(bad):
    with pytest.raises(InvalidArgumentError, match="Feature 2"):
        read(feature("Point", [1, 2]), bad)
