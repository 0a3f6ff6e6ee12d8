import numpy as np
import pytest

from highdicom.errors import ArgumentTypeError, InvalidArgumentError
from highdicom.spatial import (
    compute_tile_positions_per_frame,
    get_tile_array,
    tile_pixel_matrix,
)
from highdicom.spatial.tiling import TileGrid


def test_tiles_are_counted_along_rows_first():
    assert list(tile_pixel_matrix(5, 7, rows=3, columns=3)) == [
        (1, 1),
        (2, 1),
        (3, 1),
        (1, 2),
        (2, 2),
        (3, 2),
    ]


@pytest.mark.parametrize(
    ("size", "tile", "expected"),
    [
        ((4, 6), (2, 3), 4),
        ((1, 1), (1, 1), 1),
        ((1, 1), (5, 5), 1),
        ((5, 7), (2, 3), 9),
    ],
)
def test_number_of_tiles(size, tile, expected):
    assert len(list(tile_pixel_matrix(*size, *tile))) == expected
    assert TileGrid(*tile, *size).number_of_tiles == expected


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize(
    ("value", "error"),
    [(0, InvalidArgumentError), (-1, InvalidArgumentError), (2.0, ArgumentTypeError)],
)
def test_sizes_must_be_positive_integers(place, value, error):
    sizes = [4, 4, 2, 2]
    sizes[place] = value
    with pytest.raises(error, match="must be a"):
        tile_pixel_matrix(*sizes)
    with pytest.raises(error, match="must be a"):
        compute_tile_positions_per_frame(
            *sizes, [0, 0, 0], [1, 0, 0, 0, 1, 0], [1.0, 1.0]
        )


def test_more_tiles_than_frames_are_possible_are_refused_before_they_are_made():
    geometry = ([0, 0, 0], [1, 0, 0, 0, 1, 0], [1, 1])
    with pytest.raises(InvalidArgumentError, match="at most 2147483647"):
        compute_tile_positions_per_frame(1, 1, 2**20, 2**20, *geometry)
    with pytest.raises(InvalidArgumentError, match="'rows' must be at most 4294967295"):
        compute_tile_positions_per_frame(2**70, 1, 10, 10, *geometry)


def test_positions_of_tiles_on_a_slide():
    # Rows of the image run along -y, columns along -x of the slide.
    tiles = compute_tile_positions_per_frame(
        rows=16,
        columns=32,
        total_pixel_matrix_rows=20,
        total_pixel_matrix_columns=40,
        total_pixel_matrix_image_position=[10.0, 20.0, 0.5],
        image_orientation=[0.0, -1.0, 0.0, -1.0, 0.0, 0.0],
        pixel_spacing=[0.5, 0.25],
    )
    assert tiles == [
        ([1, 1], [10.0, 20.0, 0.5]),
        ([33, 1], [10.0, 12.0, 0.5]),
        ([1, 17], [2.0, 20.0, 0.5]),
        ([33, 17], [2.0, 12.0, 0.5]),
    ]
    assert type(tiles[0][0][0]) is int
    assert type(tiles[0][1][0]) is float


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"position": [0, 0]}, InvalidArgumentError, "_image_position' must hold 3"),
        ({"orientation": [1, 0, 0]}, InvalidArgumentError, "'image_orientation' must"),
        ({"spacing": [1.0]}, InvalidArgumentError, "'pixel_spacing' must hold 2"),
        ({"spacing": 1.0}, ArgumentTypeError, "'pixel_spacing' must be a sequence"),
    ],
)
def test_bad_geometry_is_refused(change, error, message):
    geometry = {
        "position": [0, 0, 0],
        "orientation": [1, 0, 0, 0, 1, 0],
        "spacing": [1.0, 1.0],
    } | change
    with pytest.raises(error, match=message):
        compute_tile_positions_per_frame(2, 2, 4, 4, *geometry.values())


MATRIX = np.arange(63, dtype=np.uint8).reshape(7, 9)


def test_tile_inside_the_matrix_is_a_view():
    tile = get_tile_array(MATRIX, 2, 3, 3, 4)
    np.testing.assert_array_equal(tile, MATRIX[1:4, 2:6])
    assert np.shares_memory(tile, MATRIX)


def test_tile_beyond_the_matrix_is_filled_with_zeros():
    tile = get_tile_array(MATRIX, 6, 8, 3, 4)
    assert tile.dtype == MATRIX.dtype
    np.testing.assert_array_equal(tile, [[52, 53, 0, 0], [61, 62, 0, 0], [0, 0, 0, 0]])


def test_tile_beyond_the_matrix_can_be_cut():
    tile = get_tile_array(MATRIX, 6, 8, 3, 4, pad=False)
    np.testing.assert_array_equal(tile, [[52, 53], [61, 62]])


def test_tile_keeps_further_dimensions():
    matrix = np.ones((5, 5, 3), bool)
    tile = get_tile_array(matrix, 5, 5, 2, 2)
    assert tile.shape == (2, 2, 3)
    assert tile.dtype == bool
    assert tile.sum() == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((MATRIX, 0, 1, 2, 2), "'row_offset' must be at least 1"),
        ((MATRIX, 8, 1, 2, 2), "'row_offset' must lie between 1 and 7"),
        ((MATRIX, 1, 10, 2, 2), "'column_offset' must lie between 1 and 9"),
        ((MATRIX, 1, -1, 2, 2), "'column_offset' must be at least 1"),
        ((MATRIX, 1, 1, 0, 2), "'tile_rows' must be at least 1"),
        ((MATRIX, 1, 1, 2, -2), "'tile_columns' must be at least 1"),
        ((MATRIX[0], 1, 1, 2, 2), "'pixel_array' must have at least 2 dimensions"),
    ],
)
def test_tiles_that_do_not_exist_are_refused(arguments, message):
    with pytest.raises(InvalidArgumentError, match=message):
        get_tile_array(*arguments)


def test_offsets_and_sizes_of_tiles_must_be_integers():
    with pytest.raises(ArgumentTypeError, match="'row_offset' must be an integer"):
        get_tile_array(MATRIX, 1.0, 1, 2, 2)
    with pytest.raises(ArgumentTypeError, match="'tile_columns' must be an integer"):
        get_tile_array(MATRIX, 1, 1, 2, 2.0)
