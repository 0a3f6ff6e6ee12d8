"""Annotations as geometries and data frames."""

import sys

import numpy as np
import pytest
from ann_groups import SQUARE, TRIANGLE, group
from pydicom.sr.codedict import codes

from highdicom.ann import Measurements, RaggedCoordinates
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingDependencyError,
)


@pytest.mark.parametrize("package", ["shapely", "geopandas"])
def test_missing_packages_are_named(package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    made = group([TRIANGLE])
    if package == "geopandas":
        pytest.importorskip("shapely")
    with pytest.raises(MissingDependencyError, match=r"highdicom\[shapes\]"):
        made.to_geopandas()


def test_missing_packages_are_named_when_reading(monkeypatch):
    monkeypatch.setitem(sys.modules, "shapely", None)
    with pytest.raises(MissingDependencyError, match=r"highdicom\[shapes\]"):
        RaggedCoordinates.from_shapely([])


@pytest.mark.parametrize(
    ("kind", "shapes", "name"),
    [
        ("POINT", [TRIANGLE[:1], TRIANGLE[1:2]], "Point"),
        ("POLYLINE", [TRIANGLE, SQUARE], "LineString"),
        ("POLYGON", [TRIANGLE, SQUARE], "Polygon"),
    ],
)
def test_geometries_are_read_as_written(kind, shapes, name):
    pytest.importorskip("shapely")
    made = group(shapes, kind)
    geometries = made.to_shapely()
    assert [geometry.geom_type for geometry in geometries] == [name] * 2
    again = group(RaggedCoordinates.from_shapely(geometries), kind)
    assert again == made


def test_areas_are_those_of_the_shapes():
    pytest.importorskip("shapely")
    polygons = group([TRIANGLE, SQUARE]).to_shapely()
    assert [polygon.area for polygon in polygons] == [3.0, 1.0]
    (rectangle,) = group(graphic_type="RECTANGLE", graphic_data=[SQUARE]).to_shapely()
    assert rectangle.area == 1.0
    ends = np.array([[2.0, 2.0], [8.0, 8.0], [6.0, 4.0], [4.0, 6.0]])
    (ellipse,) = group(graphic_type="ELLIPSE", graphic_data=[ends]).to_shapely()
    assert ellipse.area == pytest.approx(np.pi * 6 * 2 / 2 * 2 / 2, rel=1e-2)


def test_heights_are_kept():
    pytest.importorskip("shapely")
    points = np.column_stack([TRIANGLE, [1.0, 2.0, 3.0]])
    (polygon,) = group([points]).to_shapely("3D")
    assert polygon.has_z
    (again,) = RaggedCoordinates.from_shapely([polygon])
    assert again.tolist() == points.tolist()


def test_unusable_geometries_are_refused():
    shapely = pytest.importorskip("shapely")
    square = shapely.box(0, 0, 1, 1)
    hole = shapely.Polygon([(0, 0), (9, 0), (9, 9)], [[(5, 2), (6, 2), (6, 3)]])
    for geometries in (
        [square, hole],
        [square, shapely.Point(1, 2)],
        [square, shapely.Polygon()],
        [square, shapely.MultiPolygon([square])],
    ):
        with pytest.raises(InvalidArgumentError, match=r"'geometries'\[1\]"):
            RaggedCoordinates.from_shapely(geometries)
    with pytest.raises(InvalidArgumentError, match=r"'geometries'\[0\]"):
        RaggedCoordinates.from_shapely([shapely.MultiPolygon([square])])
    with pytest.raises(ArgumentTypeError, match=r"'geometries'\[1\]"):
        RaggedCoordinates.from_shapely([square, 3])
    with pytest.raises(InvalidArgumentError, match="one geometry or more"):
        RaggedCoordinates.from_shapely([])


def test_data_frames_hold_measurements():
    geopandas = pytest.importorskip("geopandas")
    area = Measurements(
        codes.SCT.Area, np.array([3.0, np.nan]), codes.UCUM.SquareMicrometer
    )
    made = group([TRIANGLE, SQUARE], measurements=[area])
    frame = made.to_geopandas()
    assert isinstance(frame, geopandas.GeoDataFrame)
    assert frame.index.tolist() == [1, 2]
    assert frame["label"].tolist() == ["nuclei"] * 2
    np.testing.assert_array_equal(frame["Area (um2)"], [3.0, np.nan])
    assert frame.area.tolist() == [3.0, 1.0]
    again = RaggedCoordinates.from_shapely(frame.geometry)
    assert again[1].tolist() == SQUARE.tolist()
