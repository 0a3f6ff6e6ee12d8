"""Content items that hold coordinates."""

import datetime

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.content_items import (
    GraphicTypeValues,
    GraphicTypeValues3D,
    PixelOriginInterpretationValues,
    Scoord3DContentItem,
    ScoordContentItem,
    TcoordContentItem,
    TemporalRangeTypeValues,
)
from highdicom.uid import UID

NAME = codes.DCM.ImageRegion


def scoord(graphic_type, points, **further):
    return ScoordContentItem(NAME, graphic_type, np.array(points), **further)


def scoord3d(graphic_type, points, **further):
    return Scoord3DContentItem(NAME, graphic_type, np.array(points), "1.2.3", **further)


@pytest.mark.parametrize(
    ("graphic_type", "count"),
    [
        ("POINT", 1),
        ("MULTIPOINT", 2),
        ("MULTIPOINT", 9),
        ("POLYLINE", 2),
        ("POLYLINE", 5),
        ("CIRCLE", 2),
        ("ELLIPSE", 4),
    ],
)
def test_points_of_an_image_are_kept(graphic_type, count):
    points = np.arange(2 * count).reshape(count, 2) + 0.25
    item = scoord(graphic_type, points, relationship_type="CONTAINS")
    np.testing.assert_array_equal(item.value, points)
    assert item.value.dtype == np.float64
    assert item.graphic_type is GraphicTypeValues(graphic_type)
    assert list(item.GraphicData) == points.ravel().tolist()


@pytest.mark.parametrize(
    ("graphic_type", "count"),
    [
        ("POINT", 0),
        ("POINT", 2),
        ("MULTIPOINT", 1),
        ("POLYLINE", 1),
        ("CIRCLE", 1),
        ("CIRCLE", 3),
        ("ELLIPSE", 3),
        ("ELLIPSE", 5),
    ],
)
def test_wrong_number_of_points_is_refused(graphic_type, count):
    with pytest.raises(ValueError, match=f"'graphic_data' of a {graphic_type}"):
        scoord(graphic_type, np.zeros((count, 2)))


@pytest.mark.parametrize("points", [[1.0, 2.0], [[1.0, 2.0, 3.0]], 5.0, [[1.0], [2.0]]])
def test_points_of_an_image_have_two_coordinates(points):
    with pytest.raises(ValueError, match=r"must have the shape \(n, 2\)"):
        scoord("POINT", points)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e39])
def test_coordinates_must_be_finite_in_single_precision(value):
    with pytest.raises(ValueError, match="must be finite"):
        scoord("POINT", [[value, 0.0]])


def test_coordinates_must_be_numbers():
    with pytest.raises(TypeError, match="must be an array of numbers"):
        scoord("POINT", [["a", "b"]])
    with pytest.raises(ValueError, match="equally many"):
        ScoordContentItem(NAME, "POLYLINE", [[1.0, 2.0], [3.0]])


@pytest.mark.parametrize("graphic_type", ["POLYGON", GraphicTypeValues3D.POINT, None])
def test_unknown_graphic_type_is_refused(graphic_type):
    with pytest.raises(ValueError, match="'graphic_type' must be one of"):
        scoord(graphic_type, [[1.0, 2.0]])


def test_array_given_is_left_alone():
    points = np.array([[1.1, 2.2]])
    before = points.copy()
    item = ScoordContentItem(NAME, "POINT", points)
    item.value[:] = 0
    np.testing.assert_array_equal(points, before)
    np.testing.assert_array_equal(item.value, before.astype(np.float32))


def test_pixel_origin_and_fiducial_are_optional():
    item = scoord("POINT", [[1.0, 2.0]])
    assert item.pixel_origin_interpretation is None
    assert item.fiducial_uid is None
    item = scoord(
        "POINT",
        [[1.0, 2.0]],
        pixel_origin_interpretation="VOLUME",
        fiducial_uid="1.2.4",
    )
    assert item.PixelOriginInterpretation == "VOLUME"
    origin = item.pixel_origin_interpretation
    assert origin is PixelOriginInterpretationValues.VOLUME
    assert item.fiducial_uid == "1.2.4"
    with pytest.raises(
        ValueError, match="'pixel_origin_interpretation' must be one of"
    ):
        scoord("POINT", [[1.0, 2.0]], pixel_origin_interpretation="SLIDE")


SQUARE = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], float)


@pytest.mark.parametrize(
    ("graphic_type", "points"),
    [
        ("POINT", SQUARE[:1]),
        ("MULTIPOINT", SQUARE),
        ("POLYLINE", SQUARE[:2]),
        ("POLYGON", SQUARE),
        ("ELLIPSE", [[-2, 0, 5], [2, 0, 5], [0, 1, 5], [0, -1, 5]]),
        (
            "ELLIPSOID",
            [[-3, 0, 0], [3, 0, 0], [0, 2, 0], [0, -2, 0], [0, 0, 1], [0, 0, -1]],
        ),
    ],
)
def test_points_in_space_are_kept(graphic_type, points):
    item = scoord3d(graphic_type, points, fiducial_uid="1.2.5")
    np.testing.assert_array_equal(item.value, points)
    assert item.graphic_type is GraphicTypeValues3D(graphic_type)
    assert item.frame_of_reference_uid == "1.2.3"
    assert isinstance(item.frame_of_reference_uid, UID)
    assert item.fiducial_uid == "1.2.5"


@pytest.mark.parametrize(
    ("graphic_type", "count"),
    [
        ("POINT", 2),
        ("MULTIPOINT", 1),
        ("POLYLINE", 1),
        ("POLYGON", 1),
        ("ELLIPSE", 3),
        ("ELLIPSOID", 5),
        ("ELLIPSOID", 7),
    ],
)
def test_wrong_number_of_points_in_space_is_refused(graphic_type, count):
    with pytest.raises(ValueError, match=f"'graphic_data' of a {graphic_type}"):
        scoord3d(graphic_type, np.zeros((count, 3)))


def test_polygon_must_be_closed():
    with pytest.raises(ValueError, match="must be closed"):
        scoord3d("POLYGON", SQUARE[:4])


@pytest.mark.parametrize("graphic_type", ["POLYGON", "ELLIPSE"])
def test_points_of_plane_figures_must_lie_in_a_plane(graphic_type):
    points = SQUARE.copy() if graphic_type == "POLYGON" else SQUARE[:4].copy()
    points[2, 2] = 0.01
    with pytest.raises(ValueError, match="must lie in a plane"):
        scoord3d(graphic_type, points)


def test_polyline_need_not_lie_in_a_plane():
    points = SQUARE.copy()
    points[2, 2] = 5.0
    np.testing.assert_array_equal(scoord3d("POLYLINE", points).value, points)


def test_plane_far_from_the_origin_is_a_plane_in_single_precision():
    rng = np.random.default_rng(3)
    directions = np.linalg.qr(rng.normal(size=(3, 3)))[0][:2]
    corners = rng.uniform(-40, 40, (30, 2)) @ directions + [812.0, -633.0, 1450.0]
    points = np.vstack([corners, corners[:1]]).astype(np.float32)
    np.testing.assert_array_equal(scoord3d("POLYGON", points).value, points)


def test_frame_of_reference_is_required():
    with pytest.raises(TypeError, match="'frame_of_reference_uid' must be a string"):
        Scoord3DContentItem(NAME, "POINT", np.zeros((1, 3)), None)


def test_coordinates_stored_by_others_are_read():
    dataset = Dataset()
    dataset.ValueType = "SCOORD"
    dataset.GraphicType = "POLYLINE"
    dataset.GraphicData = [1.0, 2.0, 3.0, 4.0]
    item = ScoordContentItem.from_dataset(dataset)
    assert item.value.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_coordinates_that_make_no_points_are_an_error():
    item = scoord("POINT", [[1.0, 2.0]])
    item.GraphicData = [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="GraphicData has 3 numbers"):
        _ = item.value


# --- temporal coordinates ----------------------------------------------------------


def test_sample_positions_are_kept():
    item = TcoordContentItem(NAME, "MULTIPOINT", referenced_sample_positions=[1, 4, 9])
    assert item.value == [1, 4, 9]
    assert item.temporal_range_type is TemporalRangeTypeValues.MULTIPOINT
    assert item["ReferencedSamplePositions"].VR == "UL"


def test_single_positions_are_lists_too():
    assert TcoordContentItem(NAME, "POINT", [5]).value == [5]
    assert TcoordContentItem(NAME, "END", None, [2.5]).value == [2.5]


def test_time_offsets_are_kept():
    item = TcoordContentItem(NAME, "SEGMENT", referenced_time_offsets=[0.5, 1 / 3])
    assert item.value == pytest.approx([0.5, 1 / 3])


def test_points_in_time_are_kept():
    utc = datetime.timezone.utc
    times = [datetime.datetime(2024, 1, 1, hour, tzinfo=utc) for hour in (10, 11)]
    item = TcoordContentItem(NAME, "SEGMENT", referenced_date_time=times)
    assert item.value == times


@pytest.mark.parametrize(
    "positions",
    [{}, {"referenced_sample_positions": [1], "referenced_time_offsets": [1.0]}],
)
def test_exactly_one_kind_of_positions_is_given(positions):
    with pytest.raises(ValueError, match="Exactly one of"):
        TcoordContentItem(NAME, "POINT", **positions)


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("POINT", 2),
        ("SEGMENT", 1),
        ("SEGMENT", 3),
        ("MULTISEGMENT", 3),
        ("BEGIN", 2),
        ("END", 0),
        ("MULTIPOINT", 0),
    ],
)
def test_number_of_positions_must_fit_the_range(kind, count):
    with pytest.raises(ValueError, match=f"range of type {kind} must have"):
        TcoordContentItem(NAME, kind, list(range(1, count + 1)))


@pytest.mark.parametrize(
    ("positions", "error"),
    [
        ({"referenced_sample_positions": 1}, TypeError),
        ({"referenced_sample_positions": [0]}, ValueError),
        ({"referenced_sample_positions": [1.5]}, ValueError),
        ({"referenced_time_offsets": ["x"]}, ValueError),
        ({"referenced_time_offsets": [np.nan]}, ValueError),
        ({"referenced_date_time": ["x"]}, ValueError),
    ],
)
def test_bad_positions_are_refused(positions, error):
    with pytest.raises(error):
        TcoordContentItem(NAME, "POINT", **positions)


def test_unknown_range_type_is_refused():
    with pytest.raises(ValueError, match="'temporal_range_type' must be one of"):
        TcoordContentItem(NAME, "SOON", [1])
