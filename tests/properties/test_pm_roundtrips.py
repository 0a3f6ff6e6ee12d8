"""What is read back of a parametric map is what was written."""

from io import BytesIO

import numpy as np
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays
from pydicom.sr.codedict import codes

from highdicom import UID, VOILUTTransformation, Volume
from highdicom.pm import ParametricMap, RealWorldValueMapping, pmread
from highdicom.testing import ct_series, slide_from_array

NATIVE = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"]
LOSSLESS = [*NATIVE, "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.80"]
TYPES = ["u1", "u2", "f4", "f8"]
CT = ct_series(5)
ENDLESS = (float("-inf"), float("inf"))


def mappings_for(array, slope=1.0, intercept=0.0, label="P"):
    is_integer = array.dtype.kind == "u"
    value_range = (0, 65535) if is_integer else ENDLESS
    return [
        RealWorldValueMapping(
            label, "Text", codes.UCUM.NoUnits, value_range, slope, intercept
        )
    ]


def make(images, pixels, mappings, **options):
    made = ParametricMap(
        images,
        pixels,
        *(UID(), 1, UID(), 1, "Maker", "Model", "1.0", "17", False, mappings),
        voi_lut_transformations=[VOILUTTransformation(0.5, 1.0)],
        **options,
    )
    buffer = BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return pmread(buffer.getvalue())


def values(dtype, shape):
    if dtype[0] == "u":
        return arrays(dtype, shape)
    numbers = st.floats(
        -1e6, 1e6, width=int(dtype[1]) * 8, allow_nan=False, allow_infinity=False
    )
    return arrays(dtype, shape, elements=numbers | st.just(np.nan))


@st.composite
def planes(draw, channels=False):
    dtype = draw(st.sampled_from(TYPES))
    order = draw(st.permutations(range(5)))[: draw(st.integers(1, 5))]
    shape = (len(order), 16, 20)
    if channels:
        shape += (draw(st.integers(1, 3)),)
    return order, draw(values(dtype, shape))


@settings(max_examples=30)
@given(planes(), st.data())
def test_planes_in_any_order(given_planes, data):
    order, array = given_planes
    syntaxes = LOSSLESS if array.dtype.kind == "u" else NATIVE
    uid = data.draw(st.sampled_from(syntaxes))
    images = [CT[number] for number in order]
    image = make(images, array, mappings_for(array), transfer_syntax_uid=uid)
    # From the lowest to the highest slice.
    np.testing.assert_array_equal(
        image.get_stored_frames(),
        array[np.argsort(order)].astype(image.pixel_array.dtype),
    )
    uids = [one.SOPInstanceUID for one in images]
    np.testing.assert_array_equal(
        image.get_pixels_by_source_instance(uids), array.astype(np.float64)
    )


@settings(max_examples=20)
@given(planes(channels=True), st.floats(0.125, 8), st.floats(-100, 100))
def test_channels_with_mappings_of_their_own(given_planes, slope, intercept):
    order, array = given_planes
    mappings = [
        mappings_for(array, slope * (n + 1), intercept, f"C{n}")
        for n in range(array.shape[-1])
    ]
    image = make([CT[number] for number in order], array, mappings)
    frames = image.get_frames().reshape(array.shape[-1], len(order), 16, 20)
    ascending = array[np.argsort(order)]
    for channel, read in enumerate(frames):
        expected = ascending[..., channel] * (slope * (channel + 1)) + intercept
        # Values are mapped in the precision that they are stored in, or better.
        np.testing.assert_allclose(read, expected, rtol=1e-5, atol=1e-3)


@settings(max_examples=20)
@given(
    st.tuples(st.integers(2, 4), st.integers(1, 9), st.integers(1, 9)),
    st.tuples(*[st.sampled_from([0.5, 1.0, 2.25])] * 3),
    st.permutations(range(3)),
    st.tuples(*[st.sampled_from([-1, 1])] * 3),
    st.data(),
)
def test_volumes_of_any_geometry(shape, spacing, axes, signs, data):
    affine = np.eye(4)
    affine[:3, :3] = np.eye(3)[:, list(axes)] * np.array(spacing) * np.array(signs)
    affine[:3, 3] = [3.0, -7.5, 11.25]
    array = data.draw(values("f4", shape))
    volume = Volume(
        array, affine, "PATIENT", frame_of_reference_uid=CT[0].FrameOfReferenceUID
    )
    image = make(CT, volume, mappings_for(array))
    read = image.get_volume(dtype=np.float32)
    to_read = np.linalg.inv(read.affine) @ affine
    for index in np.ndindex(*shape):
        place = tuple(np.rint((to_read @ [*index, 1])[:3]).astype(int))
        np.testing.assert_array_equal(read.array[place], array[index])


@settings(max_examples=20)
@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 50), st.integers(1, 50)),
    st.sampled_from(TYPES),
    st.sampled_from(["TILED_FULL", "TILED_SPARSE"]),
    st.data(),
)
def test_matrices_cut_into_tiles(shape, size, dtype, organization, data):
    source = slide_from_array(np.zeros((*shape, 3), np.uint8))
    matrix = data.draw(values(dtype, shape))
    image = make(
        [source],
        matrix[np.newaxis],
        mappings_for(matrix),
        tile_pixel_array=True,
        tile_size=size,
        dimension_organization_type=organization,
    )
    np.testing.assert_array_equal(
        image.get_total_pixel_matrix(), matrix.astype(np.float64)
    )
    assert image.NumberOfFrames == -(-shape[0] // size[0]) * -(-shape[1] // size[1])
