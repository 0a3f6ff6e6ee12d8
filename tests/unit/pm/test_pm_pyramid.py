"""Pyramids of parametric maps."""

import numpy as np
import pytest
from pydicom.sr.codedict import codes

from highdicom import UID, VOILUTTransformation
from highdicom.enum import InterpolationMethods
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    HighdicomError,
    InvalidArgumentError,
)
from highdicom.pm import RealWorldValueMapping, create_parametric_map_pyramid
from highdicom.pm.resampling import resampled
from highdicom.testing import ct_series, slide_pyramid

SLIDES = slide_pyramid()
SIZES = [(one.TotalPixelMatrixRows, one.TotalPixelMatrixColumns) for one in SLIDES]
RANDOM = np.random.default_rng(5)
ARRAYS = [RANDOM.random((1, *size), dtype=np.float32) for size in SIZES]


def mapping(value_range=(0.0, 1.0)):
    return RealWorldValueMapping("P", "Text", codes.UCUM.NoUnits, value_range)


def make(images=SLIDES, arrays=ARRAYS[:1], mappings=None, **options):
    arguments = {
        "series_instance_uid": UID(),
        "series_number": 3,
        "manufacturer": "Maker",
        "manufacturer_model_name": "Model",
        "software_versions": "1.0",
        "device_serial_number": "17",
        "contains_recognizable_visual_features": False,
        "real_world_value_mappings": mappings or [mapping()],
        "voi_lut_transformations": [VOILUTTransformation(0.5, 1.0)],
    }
    return create_parametric_map_pyramid(images, arrays, **{**arguments, **options})


def sizes_of(levels):
    return [(one.TotalPixelMatrixRows, one.TotalPixelMatrixColumns) for one in levels]


def spacing_of(image):
    shared = image.SharedFunctionalGroupsSequence[0]
    return [float(value) for value in shared.PixelMeasuresSequence[0].PixelSpacing]


def test_images_of_several_levels_make_as_many_maps_of_one_array():
    levels = make()
    assert sizes_of(levels) == SIZES
    assert [level.InstanceNumber for level in levels] == [1, 2, 3]
    assert len({level.SeriesInstanceUID for level in levels}) == 1
    assert len({level.PyramidUID for level in levels}) == 1
    assert len({level.SOPInstanceUID for level in levels}) == 3
    for level, source in zip(levels, SLIDES, strict=True):
        assert spacing_of(level) == spacing_of(source)
        (item,) = level.SourceImageSequence
        assert item.ReferencedSOPInstanceUID == source.SOPInstanceUID
        assert level.validate() == []
    np.testing.assert_array_equal(levels[0].get_total_pixel_matrix(), ARRAYS[0][0])


@pytest.mark.parametrize("images", [SLIDES, SLIDES[:1]])
def test_arrays_of_several_levels_are_stored_as_they_are(images):
    levels = make(images, ARRAYS)
    for level, array, source in zip(levels, ARRAYS, SLIDES, strict=True):
        np.testing.assert_array_equal(level.get_total_pixel_matrix(), array[0])
        np.testing.assert_allclose(spacing_of(level), spacing_of(source), rtol=1e-6)


def test_factors_make_levels_of_one_array():
    levels = make(SLIDES[:1], [ARRAYS[0][0]], downsample_factors=[1.5, 3])
    rows, columns = SIZES[0]
    expected = [(rows, columns), (64, 85), (32, 42)]
    assert sizes_of(levels) == expected
    for level, size in zip(levels, expected, strict=True):
        extent = np.multiply(spacing_of(level), size)
        np.testing.assert_allclose(
            extent, np.multiply(spacing_of(SLIDES[0]), SIZES[0]), rtol=1e-6
        )
        assert level.validate() == []


def test_identifiers_and_labels_are_taken():
    uids = [UID() for _ in SLIDES]
    pyramid = UID()
    levels = make(
        sop_instance_uids=uids,
        pyramid_uid=pyramid,
        pyramid_label="Label",
        series_instance_uid=None,
        tile_size=(8, 8),
        content_label="LEVEL",
        dimension_organization_type="TILED_FULL",
    )
    assert [level.SOPInstanceUID for level in levels] == uids
    for level in levels:
        assert (level.PyramidUID, level.PyramidLabel) == (pyramid, "Label")
        assert level.ContentLabel == "LEVEL"
        assert (level.Rows, level.Columns) == (8, 8)
        assert level.DimensionOrganizationType == "TILED_FULL"
        assert level.SeriesInstanceUID == levels[0].SeriesInstanceUID


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4", "f8"])
@pytest.mark.parametrize("method", list(InterpolationMethods))
def test_levels_keep_the_type_of_pixels(dtype, method):
    scale = 255 if dtype[0] == "u" else 1
    array = (ARRAYS[0] * scale).astype(dtype)
    mappings = [mapping((0, 255) if dtype[0] == "u" else (0.0, 1.0))]
    levels = make(arrays=[array], mappings=mappings, interpolator=method)
    keywords = {"u": "PixelData", "f4": "FloatPixelData", "f8": "DoubleFloatPixelData"}
    for level in levels:
        assert keywords.get(dtype, keywords.get(dtype[0])) in level


def test_channels_are_resampled_one_by_one():
    both = np.stack([ARRAYS[0], 1 - ARRAYS[0]], axis=-1)
    levels = make(arrays=[both], mappings=[[mapping()], [mapping()]])
    for level in levels:
        half = level.number_of_frames // 2
        alone = make()[levels.index(level)]
        np.testing.assert_array_equal(level.pixel_array[:half], alone.pixel_array)


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4", "f8"])
def test_nearest_pixels_are_those_of_the_centres(dtype):
    array = np.arange(12).reshape(1, 3, 4).astype(dtype)
    small = resampled(array, (1, 2), InterpolationMethods.NEAREST)
    assert small.dtype == dtype
    # Centres of the new pixels: row 1.5, columns 1 and 3.
    assert small[0].tolist() == [[5, 7]]


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4", "f8"])
def test_linear_pixels_are_weighted_means(dtype):
    array = np.array([[[0, 40, 80, 160]]], dtype)
    small = resampled(array, (1, 2), InterpolationMethods.LINEAR)
    # A triangle of the width of four pixels about the centre of each new one.
    weights = np.array([0.75, 0.75, 0.25])
    left = weights @ [0, 40, 80] / weights.sum()
    right = weights[::-1] @ [40, 80, 160] / weights.sum()
    tolerance = 0.5 if dtype[0] == "u" else 1e-4
    np.testing.assert_allclose(small[0, 0], [left, right], atol=tolerance)


def test_doubles_are_resampled_as_floats_are_and_keep_their_range():
    floats = RANDOM.random((1, 33, 47), dtype=np.float32)
    for method in InterpolationMethods:
        expected = resampled(floats, (13, 20), method)
        found = resampled(floats.astype("f8"), (13, 20), method)
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    large = np.full((1, 8, 8), 1e300)
    small = resampled(large, (3, 3), InterpolationMethods.LINEAR)
    np.testing.assert_allclose(small, 1e300)


def test_what_is_no_number_spreads_to_its_neighbours_only():
    array = np.zeros((1, 8, 8))
    array[0, 0, 0] = np.nan
    small = resampled(array, (4, 4), InterpolationMethods.LINEAR)
    assert np.isnan(small[0, 0, 0])
    assert not small[0, 2:, :].any()


def test_arrays_stay_as_they_are():
    array = ARRAYS[0].copy()
    make(arrays=[array])
    np.testing.assert_array_equal(array, ARRAYS[0])


@pytest.mark.parametrize(
    ("images", "arrays", "options", "error", "text"),
    [
        ([], ARRAYS, {}, InvalidArgumentError, "'source_images'"),
        (None, ARRAYS, {}, ArgumentTypeError, "'source_images'"),
        (ct_series(1), ARRAYS[:1], {}, InvalidArgumentError, "tiled"),
        (SLIDES, [], {}, InvalidArgumentError, "'pixel_arrays'"),
        (SLIDES, None, {}, ArgumentTypeError, "'pixel_arrays'"),
        (SLIDES, [None], {}, ArgumentTypeError, "'pixel_arrays'"),
        (SLIDES, ARRAYS[:2], {}, InvalidArgumentError, "'pixel_arrays'"),
        (SLIDES[::-1], ARRAYS[::-1], {}, InvalidArgumentError, "'source_images'"),
        (
            SLIDES,
            [ARRAYS[0], ARRAYS[2], ARRAYS[1]],
            {},
            InvalidArgumentError,
            "'pixel_arrays'",
        ),
        (SLIDES, [ARRAYS[1]], {}, InvalidArgumentError, "96 rows"),
        (SLIDES, [np.zeros((2, *SIZES[0]))], {}, InvalidArgumentError, "single"),
        (SLIDES, [np.zeros(5)], {}, InvalidArgumentError, "single"),
        (SLIDES, [ARRAYS[0].astype("i4")], {}, InvalidArgumentError, "data type"),
        (SLIDES[:1], ARRAYS[:1], {}, ConflictingArgumentsError, "'downsample_fa"),
        (
            SLIDES,
            ARRAYS[:1],
            {"downsample_factors": [2]},
            ConflictingArgumentsError,
            "'downsample_factors'",
        ),
        (SLIDES, ARRAYS, {"sop_instance_uids": ["1.2"]}, InvalidArgumentError, "3 lev"),
        (SLIDES, ARRAYS, {"interpolator": "X"}, InvalidArgumentError, "'interpolator'"),
        *[
            (SLIDES, ARRAYS, {name: None}, ConflictingArgumentsError, f"'{name}'")
            for name in (
                "instance_number",
                "sop_instance_uid",
                "pixel_measures",
                "plane_positions",
                "plane_orientation",
                "tile_pixel_array",
                "pixel_array",
            )
        ],
        *[
            (
                SLIDES[:1],
                ARRAYS[:1],
                {"downsample_factors": factors},
                error,
                "'downsample_factors'",
            )
            for factors, error in [
                ([], InvalidArgumentError),
                ([1], InvalidArgumentError),
                ([0.5], InvalidArgumentError),
                ([4, 2], InvalidArgumentError),
                ([float("nan")], InvalidArgumentError),
                ([1000], InvalidArgumentError),
                (["a"], ArgumentTypeError),
                ("ab", ArgumentTypeError),
                (2, ArgumentTypeError),
            ]
        ],
    ],
)
def test_what_makes_no_pyramid_is_refused(images, arrays, options, error, text):
    with pytest.raises(error, match=text) as caught:
        make(images, arrays, **options)
    assert isinstance(caught.value, HighdicomError)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "keyword", ["SeriesInstanceUID", "FrameOfReferenceUID", "PyramidUID"]
)
def test_levels_of_different_pyramids_are_refused(keyword):
    images = slide_pyramid()
    setattr(images[1], keyword, "1.2.3")
    with pytest.raises(InvalidArgumentError, match=keyword):
        make(images)
