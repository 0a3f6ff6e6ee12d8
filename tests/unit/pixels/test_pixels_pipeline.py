"""Steps in a row, and how to do them in fewer."""

import pickle

import numpy as np
import pytest
from PIL import ImageCms

from highdicom.errors import IncompatibleTransformError
from highdicom.pixels import (
    AsType,
    CheckRange,
    IccCorrection,
    Invert,
    Lookup,
    PaletteColor,
    PixelPipeline,
    Ramp,
    Rescale,
    Scale,
    Span,
    Window,
)

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
CT = (-1024, 3071)


def kinds(pipeline):
    return [type(step) for step in pipeline]


def test_transforms_are_applied_in_order():
    pipeline = PixelPipeline([Rescale(2, 0), Rescale(1, 5), Invert(0, 10)])

    assert pipeline(np.array([0, 1, 2])).tolist() == [5, 3, 1]


def test_pipeline_without_transforms_gives_the_values_themselves():
    values = np.arange(3)

    assert PixelPipeline()(values) is values
    assert PixelPipeline()(values, np.float32).dtype == np.float32


def test_floats_of_users_are_not_overwritten():
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    before = values.copy()
    pipeline = PixelPipeline(
        [CheckRange(0, 10), Rescale(2, 1), Window(3, 4), Invert(0, 1)]
    )

    for each in (pipeline, pipeline.fused(np.float32, (-1e9, 1e9))):
        result = each(values)
        assert not np.may_share_memory(result, values)
        np.testing.assert_array_equal(values, before)


def test_pipeline_is_a_sequence():
    steps = [Rescale(2, 0), Window(40, 400), Invert(0, 1)]
    pipeline = PixelPipeline(steps)

    assert list(pipeline) == steps
    assert pipeline[1] == steps[1]
    assert pipeline[1:] == PixelPipeline(steps[1:])
    assert pipeline != PixelPipeline(steps[1:])
    assert pipeline != steps
    assert hash(pipeline) == hash(PixelPipeline(steps))
    assert repr(PixelPipeline(steps[:1])) == (
        "PixelPipeline([Rescale(slope=2.0, intercept=0.0)])"
    )
    assert pickle.loads(pickle.dumps(pipeline)) == pipeline


def test_bounds_pass_through_all_transforms():
    pipeline = PixelPipeline([Rescale(-2, 1), Scale((-19, 1), (0, 100))])

    assert pipeline.bounds(0, 10) == pytest.approx((0, 100))


def test_rescaling_to_whole_numbers_takes_one_multiplication_and_addition():
    pipeline = PixelPipeline([Rescale(1, -1024)])
    stored = np.array([[0, 1024, 4095]], np.uint16)

    fused = pipeline.fused(np.float32, (0, 4095))

    assert kinds(fused) == [AsType, Ramp]
    assert fused(stored).dtype == np.float32
    assert fused(stored).tolist() == [[-1024.0, 0.0, 3071.0]]


def test_rescaling_to_fractions_of_float32_takes_a_table_that_is_exact():
    pipeline = PixelPipeline([Rescale(0.1, -100)])
    stored = np.arange(4096, dtype=np.uint16)

    fused = pipeline.fused(np.float32, (0, 4095))

    assert kinds(fused) == [Lookup]
    expected = (0.1 * stored.astype(np.float64) - 100).astype(np.float32)
    np.testing.assert_array_equal(fused(stored), expected)


def test_rescaling_to_float64_takes_no_table():
    fused = PixelPipeline([Rescale(0.1, -100)]).fused(np.float64, (0, 4095))

    assert Lookup not in kinds(fused)
    assert fused(np.array([1000], np.uint16)).dtype == np.float64


def test_rescale_window_and_inversion_become_one_table():
    pipeline = PixelPipeline(
        [Rescale(1, -1024), Window(40, 401, output_range=(0, 255)), Invert(0, 255)]
    )
    stored = np.arange(4096, dtype=np.uint16)

    fused = pipeline.fused(np.float32, (0, 4095))

    assert kinds(fused) == [Lookup]
    ramp = np.clip((stored - 1063.5) / 400 + 0.5, 0, 1)
    np.testing.assert_allclose(fused(stored), 255 * (1 - ramp), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("rescale", "window"),
    [
        (Rescale(1, -1024), Window(40, 400)),
        (Rescale(2, 7), Window(41.5, 77)),
        (Rescale(0.5, 0), Window(3.25, 0.5, "LINEAR_EXACT")),
    ],
)
def test_windows_of_float32_are_a_subtraction_and_a_division(rescale, window):
    stored = np.arange(2**16, dtype=np.uint16)

    fused = PixelPipeline([rescale, window]).fused(np.float32, (0, 2**16 - 1))

    assert kinds(fused) == [AsType, Span]
    values = rescale.slope * stored.astype(np.float64) + rescale.intercept
    expected = window(values).astype(np.float32)
    np.testing.assert_array_equal(fused(stored), expected)
    assert fused.bounds(-(2**16), 2**16) == (0, 1)


@pytest.mark.parametrize(
    ("rescale", "window"),
    [
        (Rescale(0.7, -100), Window(40, 400)),
        (Rescale(1, 0), Window(40.3, 400)),
        (Rescale(1, 0), Window(40, 400.7)),
        (Rescale(1, 2**24), Window(40, 400)),
        (Rescale(-1, 0), Window(40, 400)),
        (Rescale(1, 0), Window(40, 1)),
        (Rescale(1, 0), Window(40, 400, "SIGMOID")),
        (Rescale(1, 0), Window(40, 400, output_range=(0, 255))),
        (Ramp(1, 0, low=-5), Window(40, 400)),
    ],
)
def test_windows_that_would_be_rounded_more_than_once_take_a_table(rescale, window):
    fused = PixelPipeline([rescale, window]).fused(np.float32, (0, 4095))

    assert kinds(fused) == [Lookup]


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64, None])
def test_tables_in_a_row_become_one_of_the_type_asked_for(dtype):
    pipeline = PixelPipeline(
        [
            Lookup(np.arange(4096) // 2, 0),
            Lookup(np.arange(256)[::-1].astype(np.uint8), 100),
        ]
    )
    stored = np.arange(4096, dtype=np.uint16)

    fused = pipeline.fused(dtype, (0, 4095))

    assert kinds(fused) == [Lookup]
    expected = 255 - np.clip(stored.astype(int) // 2 - 100, 0, 255)
    np.testing.assert_array_equal(fused(stored), expected)
    assert fused(stored).dtype == (dtype or np.uint8)


def test_signed_values_are_looked_up_by_their_bits():
    pipeline = PixelPipeline([Window(40, 401)])
    stored = np.arange(-2048, 2048, dtype=np.int16)

    fused = pipeline.fused(np.float64, (-2048, 2047))

    assert len(fused[0].table) == 2**16
    expected = np.clip((stored - 39.5) / 400 + 0.5, 0, 1)
    np.testing.assert_allclose(fused(stored), expected, rtol=1e-6)
    # Bits of another width are found, too.
    np.testing.assert_array_equal(fused(stored.astype(np.int32)), fused(stored))


@pytest.mark.parametrize("stored_range", [(-128, 127), (-100, 300), (-1, 40000)])
def test_tables_fit_any_signed_range(stored_range):
    low, high = stored_range
    stored = np.arange(low, high + 1)
    table = np.random.default_rng(0).integers(0, 1000, 50)
    pipeline = PixelPipeline([Lookup(table, 10)])

    fused = pipeline.fused(np.int32, stored_range)

    np.testing.assert_array_equal(fused(stored), table[np.clip(stored - 10, 0, 49)])


def test_values_beyond_the_stored_range_take_its_ends():
    fused = PixelPipeline([Window(5, 11)]).fused(np.float64, (0, 9))

    assert (
        fused(np.array([10, 255], np.uint8)).tolist()
        == [fused(np.array([9], np.uint8))[0]] * 2
    )


def test_palette_takes_a_table_of_colours():
    colors = np.random.default_rng(0).integers(0, 256, (10, 3)).astype(np.uint8)
    pipeline = PixelPipeline(
        [Rescale(1, -5), PaletteColor(colors, 0), IccCorrection(SRGB)]
    )
    stored = np.arange(20, dtype=np.uint8)

    fused = pipeline.fused(np.uint8, (0, 255))

    assert kinds(fused) == [PaletteColor]
    expected = colors[np.clip(np.arange(20) - 5, 0, 9)]
    np.testing.assert_allclose(fused(stored).astype(int), expected, atol=1)
    np.testing.assert_array_equal(fused(stored), pipeline(stored))


def test_colours_that_come_from_no_palette_are_corrected_one_by_one():
    pipeline = PixelPipeline([IccCorrection(SRGB)])
    colors = np.random.default_rng(0).integers(0, 256, (4, 5, 3)).astype(np.uint8)

    fused = pipeline.fused(np.float32, (0, 255))

    assert kinds(fused) == [IccCorrection, AsType]
    np.testing.assert_array_equal(fused(colors), pipeline(colors))


def test_32_bit_integers_keep_their_digits():
    pipeline = PixelPipeline([Rescale(1, -(2.0**30)), Rescale(3, 0)])
    stored = np.array([2**30 + 1, 2**30 + 5], np.uint32)

    fused = pipeline.fused(np.float32, (0, 2**32 - 1))

    assert kinds(fused) == [AsType, Ramp, AsType]
    assert fused(stored).tolist() == [3.0, 15.0]
    assert fused(stored).dtype == np.float32


def test_float32_is_not_taken_through_float64():
    fused = PixelPipeline([Rescale(2, 1), Window(5, 10)]).fused(
        np.float32, (float(np.finfo("f4").min), float(np.finfo("f4").max))
    )

    assert fused[0] == AsType(np.float32)
    assert fused(np.array([1.0], np.float32)).dtype == np.float32


def test_results_too_large_for_the_type_are_refused():
    pipeline = PixelPipeline([Rescale(1e30, 0), Rescale(1e30, 0)])
    fused = pipeline.fused(np.float32, (0, 2**32 - 1))

    with pytest.raises(IncompatibleTransformError, match="too large for type float32"):
        fused(np.array([5], np.uint32))


def test_double_precision_floats_are_rounded_once():
    pipeline = PixelPipeline([Rescale(1, -1e8)])
    limits = np.finfo(np.float64)

    fused = pipeline.fused(np.float32, (float(limits.min), float(limits.max)))

    assert fused(np.array([1e8 + 0.5])).tolist() == [0.5]


def test_straight_lines_become_one():
    pipeline = PixelPipeline(
        [Rescale(2, 1), Scale((0, 10), (0, 1)), Window(0.5, 0.5, "LINEAR_EXACT")]
    )

    fused = pipeline.fused(np.float64, (-1e30, 1e30))

    assert kinds(fused) == [AsType, Ramp, AsType]
    values = np.linspace(-10, 10, 101)
    np.testing.assert_allclose(fused(values), pipeline(values), atol=1e-14)


def test_curved_windows_stay_between_straight_lines():
    pipeline = PixelPipeline(
        [Rescale(2, 1), Rescale(3, 0), Window(0, 5, "SIGMOID"), Invert(0, 1)]
    )
    values = np.linspace(-10, 10, 101)

    fused = pipeline.fused(None, (-1e30, 1e30))

    assert kinds(fused) == [Ramp, Window, Invert]
    np.testing.assert_allclose(fused(values), pipeline(values), atol=1e-14)


def test_voi_lut_after_a_rescale_to_whole_numbers_is_right():
    lut = np.array([0, 50, 100], np.uint8)
    pipeline = PixelPipeline([Rescale(0.5, 0), Lookup(lut, 1)])
    stored = np.array([0, 2, 4, 6, 8], np.uint8)

    assert pipeline(stored).tolist() == [0, 0, 50, 100, 100]


def test_voi_lut_after_a_rescale_to_fractions_is_refused():
    pipeline = PixelPipeline([Rescale(0.5, 0), Lookup(np.arange(4), 0)])

    with pytest.raises(IncompatibleTransformError, match="not whole numbers"):
        pipeline(np.array([1], np.uint8))
    with pytest.raises(IncompatibleTransformError, match="not whole numbers"):
        pipeline.fused(np.float64, (0, 255))


def test_integers_that_cannot_hold_the_results_are_refused_at_once():
    pipeline = PixelPipeline([Rescale(1, -1024)])

    assert pipeline.fused(np.int16, (0, 4095))(np.array([0], "u2")).tolist() == [-1024]
    with pytest.raises(IncompatibleTransformError, match="beyond type uint16"):
        pipeline.fused(np.uint16, (0, 4095))


def test_check_of_stored_values_is_kept_and_confines_the_table():
    pipeline = PixelPipeline([CheckRange(10, 20), Rescale(0.5, 0)])

    fused = pipeline.fused(np.float32, (0, 255))

    assert kinds(fused) == [CheckRange, Lookup]
    assert fused[1].domain == (10, 20)
    assert fused(np.array([10, 20], np.uint8)).tolist() == [5, 10]
    with pytest.raises(IncompatibleTransformError, match="beyond the range"):
        fused(np.array([10, 21], np.uint8))


def test_check_of_results_is_of_those_that_occur():
    pipeline = PixelPipeline([Rescale(2, 0), CheckRange(0, 10)])

    fused = pipeline.fused(np.float32, (0, 255))

    assert fused(np.array([5], np.uint8)).tolist() == [10]
    with pytest.raises(IncompatibleTransformError, match="beyond the range"):
        fused(np.array([6], np.uint8))


def test_pipeline_of_one_conversion_stays_one():
    assert kinds(PixelPipeline().fused(np.float32, CT)) == [AsType]
    assert kinds(PixelPipeline().fused(None, CT)) == []
    assert kinds(PixelPipeline([Rescale(1, 0)]).fused(None, CT)) == [Rescale]


def test_results_of_half_precision_are_computed_in_single():
    fused = PixelPipeline([Rescale(1e-5, 0)]).fused(np.float16, (-1.0, 1e6))

    assert kinds(fused) == [AsType, Rescale, AsType]
    assert fused(np.array([1e6], np.float32)).tolist() == [10.0]


def test_conversion_at_the_end_is_not_doubled():
    pipeline = PixelPipeline([Rescale(2, 0), AsType(np.float32)])

    fused = pipeline.fused(np.float32, (0.0, 1.0))

    assert kinds(fused) == [AsType, Rescale, AsType]


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [Rescale(1, -5)],
        [Rescale(0.3, -5)],
        [Rescale(2, 1), Window(40, 80), Invert(0, 1)],
        [Lookup(np.arange(50), 3), Lookup(np.arange(50)[::-1], 3)],
        [CheckRange(0, 255), Rescale(0.3, -5), CheckRange(-10, 300)],
        [Window(100, 50, "SIGMOID"), AsType(np.float32), Rescale(2, 0)],
        [Rescale(2, 0), AsType(np.float64), Lookup(np.arange(600.0), 0)],
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("is_fused", [True, False])
def test_results_can_be_put_into_a_part_of_an_array(steps, dtype, is_fused):
    stored = np.random.default_rng(0).integers(0, 256, (4, 5)).astype(np.uint8)
    pipeline = PixelPipeline(steps)
    expected = pipeline(stored, dtype)
    array = np.full((6, 9), -1, dtype)

    if is_fused:
        pipeline = pipeline.fused(dtype, (0, 255))
    pipeline.into(stored, array[1:5, 2:7])

    np.testing.assert_allclose(array[1:5, 2:7], expected, rtol=1e-6, atol=1e-6)
    array[1:5, 2:7] = -1
    assert (array == -1).all()


def test_colours_can_be_put_into_a_part_of_an_array():
    colors = np.random.default_rng(0).integers(0, 256, (10, 3)).astype(np.uint8)
    pipeline = PixelPipeline(
        [Lookup(np.arange(10, dtype=np.uint8), 0), PaletteColor(colors, 0)]
    )
    stored = np.arange(10, dtype=np.uint8).reshape(2, 5)
    array = np.zeros((3, 6, 3), np.uint8)

    for each in (pipeline, pipeline.fused(np.uint8, (0, 255))):
        array[...] = 0
        each.into(stored, array[:2, :5])
        np.testing.assert_array_equal(array[:2, :5], colors[stored])
        assert not array[2].any()


def test_results_that_do_not_fit_an_array_are_refused():
    pipeline = PixelPipeline([Rescale(0.5, 0)])

    with pytest.raises(IncompatibleTransformError, match="not whole numbers"):
        pipeline.into(np.array([1, 2]), np.zeros(2, np.int16))


def test_steps_of_windows_of_width_one_are_kept():
    pipeline = PixelPipeline([Rescale(2, 0), Rescale(1, 1), Window(4, 1)])

    fused = pipeline.fused(np.float32, (-10.0, 10.0))

    assert kinds(fused) == [AsType, Ramp, Window, AsType]
    assert fused(np.array([1.2, 1.3], np.float32)).tolist() == [0.0, 1.0]


def test_fused_pipelines_are_values():
    pipeline = PixelPipeline([Rescale(0.3, 1), Window(40, 400)])
    fused = pipeline.fused(np.float32, CT)
    stored = np.arange(-1024, 3072, dtype=np.int16)
    fused(stored)

    copied = pickle.loads(pickle.dumps(fused))

    assert copied == fused == pipeline.fused(np.float32, CT)
    np.testing.assert_array_equal(copied(stored), fused(stored))
