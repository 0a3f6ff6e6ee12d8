"""Where points of an image come to lie on the screen."""

import numpy as np
from hypothesis import given, strategies as st

from highdicom.pr.viewport import Viewport


@st.composite
def viewports(draw):
    columns, rows = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    left, top = draw(st.integers(-3, 3)), draw(st.integers(-3, 3))
    return Viewport(
        left,
        top,
        left + columns,
        top + rows,
        draw(st.sampled_from([0, 90, 180, 270])),
        draw(st.booleans()),
    )


@given(viewports(), st.data())
def test_a_pixel_is_where_its_centre_is_said_to_be(viewport, data):
    column = data.draw(st.integers(0, 7))
    row = data.draw(st.integers(0, 5))
    image = np.zeros((6, 8), np.uint8)
    image[row, column] = 255
    shown = viewport.show(image)
    (center,) = viewport.points_of_image([[column + 0.5, row + 0.5]])
    expected = np.zeros_like(shown)
    x, y = np.floor(center).astype(int)
    if 0 <= x < shown.shape[1] and 0 <= y < shown.shape[0]:
        expected[y, x] = 255
    assert np.array_equal(shown, expected)


@given(viewports())
def test_the_corners_of_the_area_are_those_of_the_screen(viewport):
    corners = [
        [x, y]
        for x in (viewport.left, viewport.right)
        for y in (viewport.top, viewport.bottom)
    ]
    shown = viewport.points_of_image(corners)
    columns, rows = viewport.size
    found = sorted(map(tuple, shown.tolist()))
    assert found == sorted((x, y) for x in (0, columns) for y in (0, rows))
    pixels = viewport.show(np.zeros((6, 8), np.uint8))
    assert pixels.shape == (rows, columns)
