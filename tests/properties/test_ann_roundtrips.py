"""Annotations come back as they went in, whatever their number and shape."""

import io
from itertools import pairwise

import hypothesis.strategies as st
import numpy as np
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays
from pydicom.sr.codedict import codes

from highdicom import UID
from highdicom.ann import (
    AnnotationGroup,
    GraphicTypeValues,
    Measurements,
    MicroscopyBulkSimpleAnnotations,
    RaggedCoordinates,
    annread,
    from_geojson,
    to_geojson,
)
from highdicom.testing import slide

IMAGE = slide(rows=500, columns=700, tile_size=(500, 700))
MEANING = {
    "annotated_property_category": codes.SCT.AnatomicalStructure,
    "annotated_property_type": codes.SCT.Nucleus,
    "algorithm_type": "MANUAL",
}
LENGTHS = {
    GraphicTypeValues.POINT: (1, 1),
    GraphicTypeValues.POLYLINE: (2, 9),
    GraphicTypeValues.POLYGON: (3, 9),
    GraphicTypeValues.ELLIPSE: (4, 4),
    GraphicTypeValues.RECTANGLE: (4, 4),
}


@st.composite
def shapes(draw, kinds=tuple(GraphicTypeValues)):
    """Graphic type, coordinate type and points of annotations."""
    kind = draw(st.sampled_from(kinds))
    columns = draw(st.sampled_from([2, 3]))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    least, most = LENGTHS[kind]
    lengths = draw(st.lists(st.integers(least, most), min_size=1, max_size=6))
    values = st.floats(0, 290, width=32)
    points = draw(arrays(dtype, (sum(lengths), columns), elements=values))
    offsets = np.cumsum([0, *lengths])
    if kind is GraphicTypeValues.POLYGON:
        # The last point of a polygon is not its first.
        points[offsets[1:] - 1, 0] = points[offsets[:-1], 0] + 1
    pieces = [points[start:end] for start, end in pairwise(offsets)]
    return kind, f"{columns}D", pieces


def group(kind, graphic_data, **changes):
    return AnnotationGroup(
        1,
        "1.2.3",
        "shapes",
        graphic_type=kind,
        graphic_data=graphic_data,
        **MEANING,
        **changes,
    )


def same(one, other):
    return len(one) == len(other) and all(
        a.dtype == b.dtype and np.array_equal(a, b)
        for a, b in zip(one, other, strict=True)
    )


@given(shapes())
@settings(deadline=None, max_examples=60)
def test_points_are_read_from_a_file_as_written(made):
    kind, coordinate_type, pieces = made
    instance = MicroscopyBulkSimpleAnnotations(
        [IMAGE],
        coordinate_type,
        [group(kind, pieces)],
        *(UID(), 1, UID(), 1, "Maker", "Annotator", "1", "1"),
    )
    file = io.BytesIO()
    instance.save_as(file)
    (read,) = annread(file.getvalue()).annotation_groups
    assert read.number_of_annotations == len(pieces)
    assert same(read.get_graphic_data(coordinate_type), pieces)
    assert same(
        [read.get_coordinates(i + 1, coordinate_type) for i in range(len(pieces))],
        pieces,
    )


@given(shapes())
@settings(deadline=None, max_examples=60)
def test_lists_and_ragged_arrays_make_the_same_group(made):
    kind, coordinate_type, pieces = made
    offsets = np.cumsum([0, *map(len, pieces)])
    ragged = RaggedCoordinates(np.concatenate(pieces), offsets)
    listed = group(kind, pieces)
    assert group(kind, ragged) == listed
    again = listed.get_ragged_coordinates(coordinate_type)
    np.testing.assert_array_equal(again.coordinates, ragged.coordinates)
    np.testing.assert_array_equal(again.offsets, offsets)


@given(
    shapes(
        (
            GraphicTypeValues.POINT,
            GraphicTypeValues.POLYLINE,
            GraphicTypeValues.POLYGON,
            GraphicTypeValues.ELLIPSE,
        )
    )
)
@settings(deadline=None, max_examples=60)
def test_geojson_keeps_points_within_a_thousandth_of_a_pixel(made):
    kind, _, pieces = made
    flat = [piece[:, :2] for piece in pieces]
    if kind is GraphicTypeValues.ELLIPSE:
        # Axes that cross at their middles.
        flat = [
            np.stack([c + a, c - a, c + b, c - b])
            for c, a, _, _ in flat
            for b in [np.array([-a[1], a[0]]) / 2]
        ]
    (again,) = from_geojson(to_geojson([group(kind, flat)]), **MEANING)
    assert again.graphic_type is kind
    for one, other in zip(again.get_graphic_data("2D"), flat, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)


@given(
    arrays(
        np.float32,
        st.integers(1, 20),
        elements=st.floats(width=32, allow_infinity=False),
    ).filter(lambda values: not np.isnan(values).all())
)
@settings(deadline=None, max_examples=60)
def test_measurements_are_read_as_given(values):
    made = Measurements(codes.SCT.Area, values, codes.UCUM.SquareMicrometer)
    np.testing.assert_array_equal(made.get_values(len(values)), values)
