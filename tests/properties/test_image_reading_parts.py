"""Parts of volumes and matrices are what slicing the whole gives, whatever they are."""

import numpy as np
from hypothesis import given, strategies as st

from highdicom import Image, get_volume_from_series
from highdicom.testing import ct_series, enhanced_ct, slide_from_array

SHAPE = (4, 7, 9)


@st.composite
def parts(draw, size):
    """A start and an end counted from one, as users give them, and the slice."""
    start = draw(st.integers(0, size - 1))
    stop = draw(st.integers(start + 1, size))
    starts = [start + 1, start - size, *([None] if start == 0 else [])]
    stops = [stop + 1, *([stop - size] if stop < size else [None])]
    return draw(st.sampled_from(starts)), draw(st.sampled_from(stops)), (start, stop)


@given(st.permutations(range(SHAPE[0])), *(parts(size) for size in SHAPE))
def test_parts_of_a_volume_are_slices_of_it(order, slices, rows, columns):
    dataset = enhanced_ct(
        SHAPE[0],
        rows=SHAPE[1],
        columns=SHAPE[2],
        orientation="oblique",
        frame_order=order,
    )
    image = Image.from_dataset(dataset)
    whole = image.get_volume()
    part = image.get_volume(
        slice_start=slices[0],
        slice_end=slices[1],
        row_start=rows[0],
        row_end=rows[1],
        column_start=columns[0],
        column_end=columns[1],
    )
    ranges = tuple(slice(*one[2]) for one in (slices, rows, columns))
    np.testing.assert_array_equal(part.array, whole.array[ranges])
    first = [one.start for one in ranges]
    np.testing.assert_allclose(part.position, (whole.affine @ [*first, 1])[:3])


@given(
    st.tuples(st.integers(1, 30), st.integers(1, 40)),
    st.tuples(st.integers(1, 13), st.integers(1, 17)),
    st.booleans(),
    st.data(),
)
def test_regions_are_slices_of_the_matrix_however_it_is_cut(shape, tile, full, data):
    matrix = np.arange(shape[0] * shape[1], dtype=np.uint16).reshape(shape)
    organization = "TILED_FULL" if full else "TILED_SPARSE"
    dataset = slide_from_array(
        matrix, tile_size=tile, organization=organization, bits_stored=16
    )
    image = Image.from_dataset(dataset)
    rows, columns = (data.draw(parts(size)) for size in shape)
    found = image.get_total_pixel_matrix(
        rows[0], rows[1], columns[0], columns[1], dtype=np.uint16
    )
    np.testing.assert_array_equal(found, matrix[slice(*rows[2]), slice(*columns[2])])


@given(
    st.permutations(range(5)),
    st.floats(-1.4, 1.4),
    st.floats(-1.4, 1.4),
    st.tuples(*[st.floats(-500, 500)] * 3),
)
def test_every_pixel_of_a_series_keeps_its_place(order, turn, tip, position):
    """A rotation about two axes, whose cosines have twelve decimals."""
    cos, sin = np.cos([turn, tip]), np.sin([turn, tip])
    cosines = np.round(
        [cos[0], sin[0], 0, -sin[0] * cos[1], cos[0] * cos[1], sin[1]], 12
    )
    series = ct_series(
        5, orientation=cosines.tolist(), position=np.round(position, 6).tolist()
    )
    volume = get_volume_from_series([series[number] for number in order])
    inverse = np.linalg.inv(volume.affine)
    slots = []
    for dataset in series:
        origin = np.array(dataset.ImagePositionPatient, float)
        spacing = np.array(dataset.PixelSpacing, float)
        point = origin + cosines[:3] * 3 * spacing[1] + cosines[3:] * 7 * spacing[0]
        index = (inverse @ [*point, 1.0])[:3]
        place = np.rint(index)
        np.testing.assert_allclose(index, place, atol=1e-5)
        assert place[1:].tolist() == [7, 3]
        slots.append(int(place[0]))
        expected = dataset.pixel_array[7, 3] - 1024.0
        assert volume.array[tuple(place.astype(int))] == expected
    assert sorted(slots) == list(range(5))


@given(
    st.integers(1, 16),
    st.booleans(),
    st.floats(1e-3, 1e3),
    st.floats(-1e4, 1e4),
    st.sampled_from([np.float32, np.float64]),
)
def test_rescaled_values_are_the_nearest_of_their_type(
    bits, signed, slope, intercept, dtype
):
    bits = max(bits, 12)
    slope, intercept = float(f"{slope:.6g}"), float(f"{intercept:.6g}")
    low = -(2 ** (bits - 1)) if signed else 0
    values = np.linspace(low, low + 2**bits - 1, 60).astype(np.int64)
    dataset = ct_series(
        1,
        rows=6,
        columns=10,
        pixels=values.reshape(1, 6, 10),
        bits_stored=bits,
        signed=signed,
        rescale=(slope, intercept),
    )[0]
    frame = Image.from_dataset(dataset).get_frame(1, dtype=dtype)
    assert frame.dtype == dtype
    exact = values.astype(np.longdouble) * slope + intercept
    error = np.abs(frame.ravel() - exact)
    largest = np.abs(values * slope).max() + abs(intercept)
    assert (error <= 2 * np.finfo(dtype).eps * largest).all()
