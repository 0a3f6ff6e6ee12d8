"""What is written into a segmentation is read back, whatever its shape and sparsity."""

import numpy as np
import seg_objects
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays
from pydicom.uid import (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from highdicom import testing
from highdicom.frames.reading import index_of

SIZES = st.tuples(st.integers(1, 5), st.integers(1, 19), st.integers(1, 19))
SYNTAXES = {
    "BINARY": (ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless),
    "LABELMAP": (ExplicitVRLittleEndian, RLELossless, JPEGLSLossless, JPEG2000Lossless),
    "FRACTIONAL": (ExplicitVRLittleEndian, RLELossless, JPEGLSLossless),
}


@st.composite
def label_maps(draw, shape):
    """Label maps from empty to full, with runs of all lengths."""
    kind = draw(st.sampled_from(["boxes", "noise", "sparse"]))
    if kind == "noise":
        return draw(arrays.arrays(np.uint8, shape, elements=st.integers(0, 3)))
    array = np.zeros(shape, np.uint8)
    for number in (1, 2, 3):
        corner = [draw(st.integers(0, size)) for size in shape]
        extent = [1 if kind == "sparse" else draw(st.integers(0, s)) for s in shape]
        box = tuple(slice(c, c + e) for c, e in zip(corner, extent, strict=True))
        array[box] = number
    return array


@st.composite
def written(draw):
    shape = draw(SIZES)
    kind = draw(st.sampled_from(seg_objects.KINDS))
    order = draw(st.permutations(range(shape[0])))
    return (
        draw(label_maps(shape)),
        kind,
        order,
        draw(st.sampled_from(SYNTAXES[kind])),
        draw(st.booleans()),
    )


@given(written())
@settings(max_examples=60)
def test_planes_come_back(example):
    array, kind, order, syntax, omit = example
    planes, rows, columns = array.shape
    series = testing.ct_series(planes, rows=rows, columns=columns)
    sources = [series[index] for index in order]
    image = seg_objects.read_again(
        seg_objects.segmentation(
            sources, array, kind, transfer_syntax_uid=syntax, omit_empty_frames=omit
        )
    )
    uids = [source.SOPInstanceUID for source in sources]
    options = {"assert_missing_frames_are_empty": True}
    found = image.get_pixels_by_source_instance(uids, combine_segments=True, **options)
    np.testing.assert_array_equal(found, array)
    stacked = image.get_pixels_by_source_instance(uids, **options)
    expected = np.stack([array == number for number in (1, 2, 3)], axis=-1)
    np.testing.assert_array_equal(stacked, expected)
    volume = image.get_volume(combine_segments=True)
    assert volume.array.sum() == array.sum()


@given(
    st.tuples(st.just(1), st.integers(1, 45), st.integers(1, 45)).flatmap(label_maps),
    st.sampled_from(seg_objects.KINDS),
    st.tuples(st.integers(1, 24), st.integers(1, 24)),
    st.booleans(),
    st.data(),
)
@settings(max_examples=60)
def test_tiles_come_back(array, kind, tile, is_full, data):
    source = testing.slide(array.shape[1], array.shape[2])
    options = {
        "dimension_organization_type": "TILED_FULL" if is_full else "TILED_SPARSE",
        "omit_empty_frames": not is_full,
    }
    image = seg_objects.read_again(
        seg_objects.segmentation(
            [source], array, kind, tile_pixel_array=True, tile_size=tile, **options
        )
    )
    found = image.get_total_pixel_matrix(combine_segments=True)
    np.testing.assert_array_equal(found, array[0])
    rows, columns = (
        sorted(data.draw(st.sets(st.integers(0, size), min_size=2, max_size=2)))
        for size in array.shape[1:]
    )
    region = image.get_total_pixel_matrix(
        *rows, *columns, combine_segments=True, as_indices=True
    )
    np.testing.assert_array_equal(region, array[0, slice(*rows), slice(*columns)])


@given(written())
@settings(max_examples=20)
def test_table_of_frames_survives_writing_and_reading(example):
    array, kind, order, syntax, omit = example
    planes, rows, columns = array.shape
    series = testing.ct_series(planes, rows=rows, columns=columns)
    sources = [series[index] for index in order]
    image = seg_objects.segmentation(
        sources, array, kind, transfer_syntax_uid=syntax, omit_empty_frames=omit
    )
    assert index_of(seg_objects.read_again(image)) == index_of(image)
