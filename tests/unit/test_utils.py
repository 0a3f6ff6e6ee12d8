"""Positions of tiles as sequences, against arithmetic done by hand."""

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file

from highdicom import spatial, utils
from highdicom.content import PlanePositionSequence
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.testing import slide

ORIENTATION = [0.0, -1.0, 0.0, -1.0, 0.0, 0.0]
SPACING = [0.5, 0.25]


def position(row_index=2, column_index=3, **more):
    return utils.compute_plane_position_tiled_full(
        row_index, column_index, 20.0, 40.0, 16, 20, ORIENTATION, SPACING, **more
    )


def corners(sequence):
    item = sequence[0]
    return (
        item.ColumnPositionInTotalImagePixelMatrix,
        item.RowPositionInTotalImagePixelMatrix,
    )


def at(column, row):
    return PlanePositionSequence("SLIDE", [0.0, 0.0, 0.0], (column, row))


@pytest.mark.parametrize(
    "name",
    [
        "get_tile_array",
        "is_tiled_image",
        "iter_tiled_full_frame_data",
        "tile_pixel_matrix",
    ],
)
def test_functions_of_spatial_are_here_too(name):
    assert getattr(utils, name) is getattr(spatial, name)


def test_tile_lies_where_rows_and_columns_before_it_end():
    result = position()
    assert isinstance(result, PlanePositionSequence)
    # One row of tiles of 16 rows, 0.5 mm each, in the direction -x; two tiles of 20
    # columns, 0.25 mm each, in the direction -y.
    assert result.image_position == (20.0 - 16 * 0.5, 40.0 - 40 * 0.25, 0.0)
    assert corners(result) == (41, 17)


def test_first_tile_lies_at_the_origin():
    result = position(1, 1)
    assert result.image_position == (20.0, 40.0, 0.0)
    assert corners(result) == (1, 1)


@pytest.mark.parametrize("thickness", [None, 0.3])
def test_focal_planes_are_counted_from_one(thickness):
    heights = [
        position(
            slice_index=number, spacing_between_slices=0.1, slice_thickness=thickness
        ).image_position[2]
        for number in (1, 2, 3)
    ]
    assert heights == pytest.approx([0.0, 0.1, 0.2])


@pytest.mark.parametrize("given", [{"slice_index": 2}, {"spacing_between_slices": 0.1}])
def test_number_and_spacing_of_focal_planes_come_together(given):
    with pytest.raises(ConflictingArgumentsError, match="'slice_index'"):
        position(**given)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"row_index": 0}, "row_index"),
        ({"column_index": -1}, "column_index"),
        ({"slice_index": 0, "spacing_between_slices": 0.1}, "slice_index"),
    ],
)
def test_numbers_of_tiles_are_positive(given, name):
    with pytest.raises(InvalidArgumentError, match=f"'{name}'"):
        position(**given)


def test_numbers_of_tiles_are_integers():
    with pytest.raises(ArgumentTypeError, match="'row_index'"):
        position(1.5)


@pytest.mark.parametrize("organization", ["TILED_FULL", "TILED_SPARSE"])
def test_positions_of_frames_are_those_that_a_sparse_image_says(organization):
    image = slide(50, 70, organization=organization)
    if organization == "TILED_SPARSE":
        with pytest.raises(InvalidAttributeError, match="TILED_FULL"):
            utils.compute_plane_position_slide_per_frame(image)
        return
    found = utils.compute_plane_position_slide_per_frame(image)
    sparse = slide(50, 70, organization="TILED_SPARSE")
    expected = [
        groups.PlanePositionSlideSequence[0]
        for groups in sparse.PerFrameFunctionalGroupsSequence
    ]
    assert [corners(one) for one in found] == [corners([item]) for item in expected]
    np.testing.assert_allclose(
        [one.image_position for one in found],
        [
            [
                float(item[f"{axis}OffsetInSlideCoordinateSystem"].value)
                for axis in "XYZ"
            ]
            for item in expected
        ],
        atol=1e-9,
    )


def test_focal_planes_follow_each_other_within_an_optical_path():
    image = slide(16, 20, samples=1, optical_paths=2, focal_planes=2)
    heights = [
        one.image_position[2]
        for one in utils.compute_plane_position_slide_per_frame(image)
    ]
    assert heights == pytest.approx([0.0, 0.002, 0.0, 0.002])


def test_an_image_that_is_not_tiled_has_no_such_positions():
    with pytest.raises(InvalidAttributeError, match="TILED_FULL"):
        utils.compute_plane_position_slide_per_frame(
            dcmread(get_testdata_file("CT_small.dcm"))
        )


FULL = [at(1, 1), at(21, 1), at(1, 17), at(21, 17)]


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        (FULL, True),
        (FULL[:1], True),
        (FULL[:2], True),
        ([], True),
        (FULL[:3], False),
        (FULL[2:], False),
        (FULL + FULL, False),
        ([FULL[1], FULL[0], *FULL[2:]], False),
        ([FULL[0], FULL[2], FULL[1], FULL[3]], False),
        ([at(2, 1), at(22, 1), at(2, 17), at(22, 17)], False),
        ([at(1, 1), at(11, 1)], False),
    ],
)
def test_tiles_are_full_in_one_order_only(positions, expected):
    assert utils.are_plane_positions_tiled_full(positions, 16, 20) is expected


def test_positions_of_a_tiled_full_image_are_full():
    positions = utils.compute_plane_position_slide_per_frame(slide(50, 70))
    assert utils.are_plane_positions_tiled_full(positions, 16, 20)
    assert not utils.are_plane_positions_tiled_full(positions, 20, 16)


def test_positions_in_the_patient_are_no_tiles():
    patient = PlanePositionSequence("PATIENT", [0.0, 0.0, 0.0])
    with pytest.raises(MissingAttributeError, match="RowPosition"):
        utils.are_plane_positions_tiled_full([patient], 16, 20)


def test_positions_are_sequences():
    with pytest.raises(ArgumentTypeError, match="'plane_positions'"):
        utils.are_plane_positions_tiled_full([1], 16, 20)


def test_sizes_of_tiles_are_positive():
    with pytest.raises(InvalidArgumentError, match="'rows'"):
        utils.are_plane_positions_tiled_full(FULL, 0, 20)
