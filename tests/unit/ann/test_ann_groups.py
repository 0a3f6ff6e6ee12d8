"""Annotation groups: points in, points out, and what is refused."""

import copy
import pickle

import numpy as np
import pytest
from ann_groups import AREA, SQUARE, TRIANGLE, group
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom import AlgorithmIdentificationSequence
from highdicom.ann import (
    AnnotationGroup,
    GraphicTypeValues,
    Measurements,
    RaggedCoordinates,
)
from highdicom.color import CIELabColor
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    NonconformantDatasetError,
    NonconformantDatasetWarning,
)
from highdicom.policy import reading_policy


def changed(given, **elements):
    """Give the item of a group other elements, as a file of others might have."""
    dataset = Dataset()
    dataset.update(copy.deepcopy(given))
    for keyword, value in elements.items():
        if value is None:
            del dataset[keyword]
        else:
            setattr(dataset, keyword, value)
    return AnnotationGroup.from_dataset(dataset)


def at_height(points, *z):
    return np.column_stack([points, np.broadcast_to(z, len(points))])


# --- points as stored ----------------------------------------------------------------


def test_indices_count_coordinates_from_one():
    stored = group().LongPrimitivePointIndexList
    assert np.frombuffer(stored, "<u4").tolist() == [1, 7]


def test_indices_count_three_coordinates_a_point_in_space():
    tilted = at_height(TRIANGLE, 1.0, 2.0, 3.0)
    stored = group([tilted, tilted]).LongPrimitivePointIndexList
    assert np.frombuffer(stored, "<u4").tolist() == [1, 10]


@pytest.mark.parametrize("kind", ["POINT", "ELLIPSE", "RECTANGLE"])
def test_shapes_of_fixed_size_have_no_indices(kind):
    points = SQUARE[:1] if kind == "POINT" else SQUARE
    assert "LongPrimitivePointIndexList" not in group([points], kind)


def test_common_z_coordinate_is_stored_once():
    level = group([at_height(TRIANGLE, 5.0), at_height(SQUARE, 5.0)])
    assert level.CommonZCoordinateValue == 5.0
    assert level.common_z_coordinates == [5.0]
    assert len(level.DoublePointCoordinatesData) == 7 * 2 * 8
    assert level.AnnotationAppliesToAllZPlanes == "NO"
    read = level.get_graphic_data("3D")
    np.testing.assert_array_equal(read[1], at_height(SQUARE, 5.0))
    assert level.get_stored_coordinates("3D").coordinates.shape == (7, 2)


@pytest.mark.parametrize(
    ("dtype", "keyword"),
    [
        (np.float32, "PointCoordinatesData"),
        (np.float64, "DoublePointCoordinatesData"),
        (np.float16, "PointCoordinatesData"),
        (np.int64, "PointCoordinatesData"),
        (np.dtype(">f8"), "DoublePointCoordinatesData"),
    ],
)
def test_values_keep_their_precision(dtype, keyword):
    made = group([TRIANGLE.astype(dtype)])
    assert keyword in made
    np.testing.assert_array_equal(made.get_coordinates(1, "2D"), TRIANGLE)


def test_large_integers_are_stored_exactly():
    points = np.array([[2**24 + 1, 1], [5, 1], [5, 3]])
    made = group([points])
    assert "DoublePointCoordinatesData" in made
    assert made.get_coordinates(1, "2D")[0, 0] == 2**24 + 1


def test_mixed_precision_is_stored_as_double():
    assert "DoublePointCoordinatesData" in group([TRIANGLE.astype(np.float32), SQUARE])


@pytest.mark.parametrize("kind", list(GraphicTypeValues))
@pytest.mark.parametrize("height", [None, 2.0])
def test_every_graphic_type_is_read_as_written(kind, height):
    count = 1 if kind is GraphicTypeValues.POINT else 4
    shapes = [SQUARE[:count] + shift for shift in range(3)]
    if height is not None:
        shapes = [at_height(points, height) for points in shapes]
        shapes[1] = shapes[1] + [0, 0, 1]
    coordinate_type = "2D" if height is None else "3D"
    read = group(shapes, kind).get_graphic_data(coordinate_type)
    assert [points.tolist() for points in read] == [p.tolist() for p in shapes]


# --- forms of input and output -------------------------------------------------------


def test_lists_ragged_and_stacked_arrays_are_stored_alike():
    listed = group([SQUARE, SQUARE + 1])
    stacked = group(np.stack([SQUARE, SQUARE + 1]))
    ragged = group(RaggedCoordinates(np.vstack([SQUARE, SQUARE + 1]), [0, 4, 8]))
    assert listed == stacked == ragged


def test_ragged_coordinates_are_given_as_array_and_offsets():
    ragged = group().get_ragged_coordinates("2D")
    assert ragged.offsets.tolist() == [0, 3, 7]
    assert ragged.lengths.tolist() == [3, 4]
    np.testing.assert_array_equal(ragged.coordinates, np.vstack([TRIANGLE, SQUARE]))
    assert ragged.offsets.dtype == np.int64


def test_ragged_coordinates_are_a_sequence():
    ragged = RaggedCoordinates.from_arrays([TRIANGLE, SQUARE])
    assert len(ragged) == 2
    assert ragged[-1].tolist() == SQUARE.tolist()
    assert [len(points) for points in ragged] == [3, 4]
    assert [len(points) for points in ragged[:1]] == [3]
    assert "2 annotations, 7 points" in repr(ragged)
    with pytest.raises(IndexError):
        ragged[2]


def test_points_are_not_copied_and_cannot_be_written_to():
    made = group()
    one, two = made.get_graphic_data("2D")
    assert np.shares_memory(one, made.get_coordinates(1, "2D"))
    with pytest.raises(ValueError, match="read-only"):
        two[0, 0] = 0


def test_arrays_of_the_caller_stay_as_they_are():
    points = TRIANGLE.copy()
    made = group([points])
    points += 1
    assert made.get_coordinates(1, "2D").tolist() == TRIANGLE.tolist()
    assert points.flags.writeable


def test_changed_elements_are_decoded_anew():
    made = group()
    assert made.get_coordinates(1, "2D")[0, 0] == 1.0
    made.DoublePointCoordinatesData = np.full(14, 7.0).tobytes()
    assert made.get_coordinates(1, "2D")[0, 0] == 7.0


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))]
)
def test_copies_are_equal(copied):
    made = group()
    made.get_graphic_data("2D")
    other = copied(made)
    assert other == made
    assert other.get_coordinates(2, "2D").tolist() == SQUARE.tolist()
    with pytest.raises(InvalidArgumentError, match="are 2D, not 3D"):
        other.get_graphic_data("3D")


def test_annotations_in_several_planes_are_read_plane_by_plane():
    level = group([at_height(TRIANGLE, 5.0)])
    several = changed(level, CommonZCoordinateValue=[1.0, 2.0])
    assert several.common_z_coordinates == [1.0, 2.0]
    second = several.get_ragged_coordinates("3D", plane=1)
    assert second.coordinates[:, 2].tolist() == [2.0] * 3
    with pytest.raises(InvalidArgumentError, match=r"lie in 2 planes.*'plane'"):
        several.get_graphic_data("3D")
    with pytest.raises(InvalidArgumentError, match="'plane' must be from 0 to 1"):
        several.get_ragged_coordinates("3D", plane=2)


# --- what is refused -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "points", "message"),
    [
        ("POLYGON", TRIANGLE[:2], "three points or more"),
        ("POLYGON", TRIANGLE[:0], "three points or more"),
        ("POLYLINE", TRIANGLE[:1], "two points or more"),
        ("POINT", TRIANGLE, "exactly one point"),
        ("ELLIPSE", TRIANGLE, "exactly four points"),
        ("RECTANGLE", TRIANGLE, "exactly four points"),
        ("POLYGON", np.vstack([TRIANGLE, TRIANGLE[:1]]), "must not repeat its first"),
        ("POLYGON", TRIANGLE * [np.nan, 1], "finite coordinates"),
        ("POLYGON", TRIANGLE * [np.inf, 1], "finite coordinates"),
        ("POLYGON", TRIANGLE[:, :1], "shape"),
        ("POLYGON", np.ones((3, 4)), "shape"),
        ("POLYGON", TRIANGLE[0], "shape"),
        ("POLYGON", at_height(TRIANGLE, 1.0), "must have 2 coordinates a point"),
    ],
)
def test_bad_points_are_refused_naming_group_and_annotation(kind, points, message):
    good = {"POLYGON": TRIANGLE, "POLYLINE": TRIANGLE, "POINT": TRIANGLE[:1]}
    with pytest.raises(InvalidArgumentError, match=message) as caught:
        group([good.get(kind, SQUARE), points], kind)
    assert "group 1 ('nuclei')" in str(caught.value)
    assert "Annotation 2" in str(caught.value)


@pytest.mark.parametrize(
    "data", [[np.array([["a", "b"]] * 3)], [TRIANGLE + 1j], [TRIANGLE > 2], "text", 3]
)
def test_points_of_a_wrong_type_are_refused(data):
    with pytest.raises(ArgumentTypeError):
        group(data)


def test_a_group_without_annotations_is_refused():
    with pytest.raises(InvalidArgumentError, match="one annotation or more"):
        group([])


@pytest.mark.parametrize(
    ("coordinates", "offsets", "error"),
    [
        (TRIANGLE, [0, 2], InvalidArgumentError),
        (TRIANGLE, [1, 3], InvalidArgumentError),
        (TRIANGLE, [0, 2, 1, 3], InvalidArgumentError),
        (TRIANGLE, [0, 4, 3], InvalidArgumentError),
        (TRIANGLE, [], ArgumentTypeError),
        (TRIANGLE, [[0, 3]], InvalidArgumentError),
        (TRIANGLE, [0.0, 3.0], ArgumentTypeError),
        (TRIANGLE.ravel(), [0, 6], InvalidArgumentError),
    ],
)
def test_wrong_offsets_are_refused(coordinates, offsets, error):
    with pytest.raises(error):
        RaggedCoordinates(coordinates, offsets)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"number": 0}, InvalidArgumentError),
        ({"number": 70000}, InvalidArgumentError),
        ({"number": "1"}, ArgumentTypeError),
        ({"uid": "a"}, InvalidArgumentError),
        ({"label": "a" * 65}, InvalidArgumentError),
        ({"graphic_type": "CIRCLE"}, InvalidArgumentError),
        ({"algorithm_type": "AUTOMATIC"}, ConflictingArgumentsError),
        ({"algorithm_type": "X"}, InvalidArgumentError),
        ({"algorithm_identification": [Dataset()]}, ArgumentTypeError),
        ({"display_color": "red"}, ArgumentTypeError),
        ({"annotated_property_type": "nucleus"}, ArgumentTypeError),
        ({"measurements": [3]}, ArgumentTypeError),
    ],
)
def test_wrong_arguments_are_refused(change, error):
    with pytest.raises(error):
        group(**change)


def test_coordinates_of_another_type_are_refused():
    with pytest.raises(InvalidArgumentError, match="are 2D, not 3D"):
        group().get_graphic_data("3D")
    with pytest.raises(InvalidArgumentError, match="are 3D, not 2D"):
        group([at_height(TRIANGLE, 5.0)]).get_graphic_data("2D")
    with pytest.raises(InvalidArgumentError, match="one of 2D, 3D"):
        group().get_graphic_data("4D")


@pytest.mark.parametrize("number", [0, 3, -1])
def test_annotation_numbers_out_of_range_are_refused(number):
    for error in (IndexError, ValueError):
        with pytest.raises(error, match="from 1 to 2"):
            group().get_coordinates(number, "2D")


@pytest.mark.parametrize("wrong", [TRIANGLE.astype(str), TRIANGLE.astype(complex)])
def test_points_that_are_no_numbers_are_refused_by_annotation(wrong):
    with pytest.raises(ArgumentTypeError, match=r"'nuclei'.*Annotation 2 must be of"):
        group([TRIANGLE, wrong])


def test_annotations_made_by_hand_name_no_algorithm():
    algorithm = AlgorithmIdentificationSequence(
        "net", codes.DCM.ArtificialIntelligence, "2"
    )
    made = group(algorithm_type="MANUAL", algorithm_identification=algorithm)
    assert made.algorithm_identification is None
    assert "AnnotationGroupAlgorithmIdentificationSequence" not in made


@pytest.mark.parametrize("number", ["1", 1.0, True])
def test_annotation_numbers_have_to_be_integers(number):
    with pytest.raises(ArgumentTypeError):
        group().get_coordinates(number, "2D")


@pytest.mark.parametrize(
    ("indices", "annotation"),
    [
        ([1, 99], 2),
        ([1, 13], 2),
        ([1, 7, 3], 3),
        ([0, 7], 1),
        ([7, 1], 1),
        ([1, 6], 2),
        ([1, 13, 7], 2),
        ([3, 7], 1),
    ],
)
def test_index_lists_that_point_elsewhere_are_refused(indices, annotation):
    wrong = changed(
        group([TRIANGLE, TRIANGLE + 1]),
        LongPrimitivePointIndexList=np.array(indices, "<u4").tobytes(),
        NumberOfAnnotations=len(indices),
    )
    for error in (IndexError, ValueError):
        with pytest.raises(error, match=f"Annotation {annotation} of .*'nuclei'"):
            wrong.get_graphic_data("2D")


@pytest.mark.parametrize("number", [1, 32768, 32769, 70000])
def test_a_wrong_index_among_many_is_named(number):
    triangles = np.broadcast_to(TRIANGLE, (70000, 3, 2))
    many = group(triangles)
    read = many.get_ragged_coordinates("2D")
    np.testing.assert_array_equal(read.offsets, np.arange(70001) * 3)
    indices = np.frombuffer(many.LongPrimitivePointIndexList, "<u4").copy()
    indices[number - 1] += 1
    wrong = changed(many, LongPrimitivePointIndexList=indices.tobytes())
    with pytest.raises(IndexError, match=f"Annotation {number} of"):
        wrong.get_graphic_data("2D")


@pytest.mark.parametrize("number", [1, 32768, 32769, 40000])
def test_an_annotation_of_too_few_points_among_many_is_named(number):
    lengths = np.full(40000, 3)
    lengths[number - 1] = 2
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    points = np.arange(2.0 * offsets[-1]).reshape(-1, 2)
    with pytest.raises(InvalidArgumentError, match=f"Annotation {number} of .* not 2"):
        group(RaggedCoordinates(points, offsets))


@pytest.mark.parametrize(
    ("elements", "error"),
    [
        ({"LongPrimitivePointIndexList": None}, MissingAttributeError),
        ({"DoublePointCoordinatesData": None}, MissingAttributeError),
        ({"DoublePointCoordinatesData": b"\0" * 12}, InvalidAttributeError),
        ({"DoublePointCoordinatesData": b"\0" * 24}, InvalidAttributeError),
        ({"LongPrimitivePointIndexList": b"\0" * 6}, InvalidAttributeError),
    ],
)
def test_incomplete_elements_are_refused(elements, error):
    with pytest.raises(error, match="nuclei"):
        changed(group(), **elements).get_graphic_data("2D")


def test_points_that_are_no_whole_annotations_are_refused():
    five = np.arange(10.0).tobytes()
    with pytest.raises(InvalidAttributeError, match="4 points each"):
        changed(
            group([SQUARE], "RECTANGLE"), DoublePointCoordinatesData=five
        ).get_graphic_data("2D")


@pytest.mark.parametrize(
    "elements",
    [
        {"NumberOfAnnotations": 5},
        {"LongPrimitivePointIndexList": np.array([1, 5], "<u4").tobytes()},
        {"PointCoordinatesData": np.zeros(14, "<f4").tobytes()},
    ],
)
def test_deviations_that_do_not_hinder_reading_are_reported(elements):
    deviating = changed(group(), **elements)
    with pytest.warns(NonconformantDatasetWarning, match="nuclei"):
        assert len(deviating.get_graphic_data("2D")) == 2
    deviating = changed(group(), **elements)
    with reading_policy("strict"), pytest.raises(NonconformantDatasetError):
        deviating.get_graphic_data("2D")


def test_items_without_type_1_attributes_are_refused():
    with pytest.raises(MissingAttributeError, match="AnnotationGroupNumber"):
        AnnotationGroup.from_dataset(Dataset())


# --- attributes ----------------------------------------------------------------------


def test_attributes_are_those_given():
    algorithm = AlgorithmIdentificationSequence(
        "net", codes.DCM.ArtificialIntelligence, "1"
    )
    made = group(
        algorithm_type="AUTOMATIC",
        algorithm_identification=algorithm,
        description="all of them",
        anatomic_regions=[codes.SCT.Breast],
        primary_anatomic_structures=[codes.SCT.Liver],
        display_color=CIELabColor(50, 10, 20),
        optical_path_identifiers=["1"],
    )
    assert made.number == 1
    assert made.uid == "1.2.3"
    assert made.label == "nuclei"
    assert made.annotated_property_type == codes.SCT.Nucleus
    assert made.annotated_property_category == codes.SCT.AnatomicalStructure
    assert made.algorithm_identification.name == "net"
    assert made.description == "all of them"
    assert made.anatomic_regions == [codes.SCT.Breast]
    assert made.primary_anatomic_structures == [codes.SCT.Liver]
    assert made.display_color == CIELabColor(50, 10, 20)
    assert made.number_of_annotations == 2
    assert made.optical_path_identifiers == ["1"]
    assert made.AnnotationAppliesToAllOpticalPaths == "NO"


def test_what_is_not_given_is_empty():
    made = group()
    assert made.algorithm_identification is None
    assert made.anatomic_regions == []
    assert made.primary_anatomic_structures == []
    assert made.display_color is None
    assert made.optical_path_identifiers is None
    assert made.measurements == []
    assert made.common_z_coordinates == []
    assert made.AnnotationAppliesToAllOpticalPaths == "YES"


def test_several_algorithms_are_read():
    algorithm = AlgorithmIdentificationSequence(
        "net", codes.DCM.ArtificialIntelligence, "1"
    )
    made = group(algorithm_type="AUTOMATIC", algorithm_identification=algorithm)
    keyword = "AnnotationGroupAlgorithmIdentificationSequence"
    twice = changed(made, **{keyword: [algorithm[0], copy.deepcopy(algorithm[0])]})
    assert twice.algorithm_identification.name == "net"
    assert len(twice.algorithm_identification) == 2


# --- measurements --------------------------------------------------------------------


def test_measurements_of_all_annotations_need_no_indices():
    area = Measurements(AREA[0], np.array([1.5, 2.5]), AREA[1])
    assert "AnnotationIndexList" not in area.MeasurementValuesSequence[0]
    values = area.get_values(2)
    assert values.tolist() == [1.5, 2.5]
    assert values.dtype == np.float32
    assert area.name == codes.SCT.Area
    assert area.unit == codes.UCUM.SquareMicrometer


def test_indices_of_measured_annotations_count_from_one():
    area = Measurements(AREA[0], np.array([np.nan, 2.5, np.nan, 4.0]), AREA[1])
    item = area.MeasurementValuesSequence[0]
    assert np.frombuffer(item.AnnotationIndexList, "<u4").tolist() == [2, 4]
    assert np.frombuffer(item.FloatingPointValues, "<f4").tolist() == [2.5, 4.0]
    np.testing.assert_array_equal(area.get_values(4), [np.nan, 2.5, np.nan, 4.0])


def test_values_of_several_items_are_put_together():
    first = Measurements(AREA[0], np.array([1.0, np.nan]), AREA[1])
    second = Measurements(AREA[0], np.array([np.nan, 2.0]), AREA[1])
    first.MeasurementValuesSequence.append(second.MeasurementValuesSequence[0])
    assert first.get_values(2).tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        (np.ones((2, 2)), InvalidArgumentError),
        (np.array([np.nan]), InvalidArgumentError),
        (np.array([]), InvalidArgumentError),
        (np.array([1e300, 1.0]), InvalidArgumentError),
        (np.array(["a"]), ArgumentTypeError),
    ],
)
def test_wrong_values_are_refused(values, error):
    with pytest.raises(error, match="'values'"):
        Measurements(AREA[0], values, AREA[1])


def test_values_of_annotations_beyond_the_last_are_refused():
    some = Measurements(AREA[0], np.array([1.0, np.nan, 3.0]), AREA[1])
    for error in (IndexError, ValueError):
        with pytest.raises(error, match="annotations 1 to 2"):
            some.get_values(2)
    every = Measurements(AREA[0], np.array([1.0, 2.0]), AREA[1])
    with pytest.raises(InvalidAttributeError, match="2 values for 3"):
        every.get_values(3)


def test_lists_of_another_length_are_refused():
    area = Measurements(AREA[0], np.array([1.0, np.nan]), AREA[1])
    item = area.MeasurementValuesSequence[0]
    item.AnnotationIndexList = np.array([1, 2], "<u4").tobytes()
    with pytest.raises(InvalidAttributeError, match="2 indices"):
        area.get_values(2)
    item.AnnotationIndexList = b"\0" * 3
    with pytest.raises(InvalidAttributeError, match="whole numbers"):
        area.get_values(2)


def test_measurements_of_another_number_of_annotations_are_refused():
    for values in ([1.0], [1.0, 2.0, 3.0], [np.nan, 1.0, np.nan]):
        area = Measurements(AREA[0], np.array(values), AREA[1])
        with pytest.raises(ValueError, match=r"group 1 \('nuclei'\)"):
            group(measurements=[area])


def test_measurements_are_a_table_of_annotations_and_names():
    made = group(
        measurements=[
            Measurements(AREA[0], np.array([1.0, 2.0]), AREA[1]),
            Measurements(
                codes.SCT.Diameter, np.array([np.nan, 4.0]), codes.UCUM.Micrometer
            ),
            Measurements(AREA[0], np.array([5.0, 6.0]), AREA[1]),
        ]
    )
    names, values, units = made.get_measurements()
    assert names == [codes.SCT.Area, codes.SCT.Diameter, codes.SCT.Area]
    assert units[1] == codes.UCUM.Micrometer
    np.testing.assert_array_equal(values, [[1, np.nan, 5], [2, 4, 6]])
    assert values.dtype == np.float32
    assert made.get_measurements(codes.SCT.Diameter)[1].shape == (2, 1)
    assert list(made.measurement_columns()) == [
        "Area (um2)",
        "Diameter (um)",
        "Area (um2) 2",
    ]


def test_without_measurements_the_table_has_no_columns():
    names, values, units = group().get_measurements()
    assert (names, units, values.shape) == ([], [], (2, 0))


def test_measurements_without_items_have_no_values():
    measured = Measurements(AREA[0], np.array([1.0, 2.0]), AREA[1])
    measured.MeasurementValuesSequence = []
    assert np.isnan(measured.get_values(2)).all()
