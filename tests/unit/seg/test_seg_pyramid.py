"""Segmentations of slides in several resolutions."""

import numpy as np
import pytest
from seg_objects import KINDS, described, labels

from highdicom import UID, testing
from highdicom.seg import create_segmentation_pyramid

SLIDE = [testing.slide()]
MATRIX = labels((1, 50, 70))


def pyramid(sources, arrays, kind="LABELMAP", numbers=(1, 2, 3), **options):
    return create_segmentation_pyramid(
        sources,
        arrays,
        kind,
        [described(number) for number in numbers],
        options.pop("series_instance_uid", UID()),
        3,
        "Maker",
        "Model",
        "1.0",
        "17",
        **options,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_levels_take_the_nearest_label(kind):
    finest, half, fifth = pyramid(SLIDE, [MATRIX], kind, downsample_factors=[2.0, 5.0])
    np.testing.assert_array_equal(
        finest.get_total_pixel_matrix(combine_segments=True), MATRIX[0]
    )
    np.testing.assert_array_equal(
        half.get_total_pixel_matrix(combine_segments=True), MATRIX[0, 1::2, 1::2]
    )
    np.testing.assert_array_equal(
        fifth.get_total_pixel_matrix(combine_segments=True), MATRIX[0, 2::5, 2::5]
    )


def test_levels_belong_together_and_cover_the_same_area():
    levels = pyramid(SLIDE, [MATRIX], downsample_factors=[2, 4.0], pyramid_label="P")
    assert len({level.SeriesInstanceUID for level in levels}) == 1
    assert len({level.PyramidUID for level in levels}) == 1
    assert len({level.SOPInstanceUID for level in levels}) == 3
    assert {level.PyramidLabel for level in levels} == {"P"}
    assert [int(level.InstanceNumber) for level in levels] == [1, 2, 3]
    for level in levels:
        measures = level.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
        rows, columns = level.TotalPixelMatrixRows, level.TotalPixelMatrixColumns
        between_rows, between_columns = map(float, measures.PixelSpacing)
        assert rows * between_rows == pytest.approx(50 * 0.0005)
        assert columns * between_columns == pytest.approx(70 * 0.00025)
        assert level.validate() == []


def test_fractions_are_averaged_and_labels_are_not():
    steps = np.zeros((1, 50, 70), np.float32)
    steps[0, :, 35:] = 1.0
    _, fractions = pyramid(SLIDE, [steps], "FRACTIONAL", (1,), downsample_factors=[2.0])
    found = fractions.get_total_pixel_matrix()[..., 0]
    assert found.shape == (25, 35)
    assert 0.25 < found[5, 17] < 0.75
    _, mask = pyramid(SLIDE, [steps], "BINARY", (1,), downsample_factors=[2.0])
    assert set(np.unique(mask.get_total_pixel_matrix())) == {0, 1}


def test_levels_may_have_arrays_of_their_own():
    coarse = labels((1, 20, 30))
    finest, second = pyramid(SLIDE, [MATRIX, coarse])
    for level, array in ((finest, MATRIX), (second, coarse)):
        found = level.get_total_pixel_matrix(combine_segments=True)
        np.testing.assert_array_equal(found, array[0])


@pytest.mark.parametrize("number_of_arrays", [1, 3])
def test_levels_may_be_those_of_the_source(number_of_arrays):
    sources = testing.slide_pyramid()
    sizes = [(s.TotalPixelMatrixRows, s.TotalPixelMatrixColumns) for s in sources]
    arrays = [labels((1, *size)) for size in sizes[:number_of_arrays]]
    levels = pyramid(sources, arrays)
    for level, source, size in zip(levels, sources, sizes, strict=True):
        reference = level.SourceImageSequence[0]
        assert reference.ReferencedSOPInstanceUID == source.SOPInstanceUID
        found = level.get_total_pixel_matrix(combine_segments=True)
        assert found.shape == size
    for level, array in zip(levels, arrays, strict=False):
        found = level.get_total_pixel_matrix(combine_segments=True)
        np.testing.assert_array_equal(found, array[0])


def test_identifiers_and_further_arguments_are_passed_on():
    levels = pyramid(
        SLIDE,
        [MATRIX],
        downsample_factors=[2.0],
        sop_instance_uids=["1.2.3", "1.2.4"],
        pyramid_uid="1.2.5",
        series_instance_uid=None,
        content_label="TISSUE",
        tile_size=(8, 8),
    )
    assert [level.SOPInstanceUID for level in levels] == ["1.2.3", "1.2.4"]
    for level in levels:
        assert (level.PyramidUID, level.ContentLabel) == ("1.2.5", "TISSUE")
        assert (level.Rows, level.Columns) == (8, 8)
    assert levels[0].SeriesInstanceUID == levels[1].SeriesInstanceUID


@pytest.mark.parametrize(
    ("error", "message", "options"),
    [
        (TypeError, "'downsample_factors' must be given", {}),
        (
            ValueError,
            "'downsample_factors' must not be empty",
            {"downsample_factors": []},
        ),
        (
            ValueError,
            "'downsample_factors' must be greater",
            {"downsample_factors": [1.0]},
        ),
        (ValueError, "ascending", {"downsample_factors": [4.0, 2.0]}),
        (TypeError, "must be a number, not str", {"downsample_factors": ["a"]}),
        (ValueError, "leaves nothing", {"downsample_factors": [100.0]}),
        (
            ValueError,
            "'sop_instance_uids' must be 2",
            {"downsample_factors": [2.0], "sop_instance_uids": ["1.2"]},
        ),
        (
            TypeError,
            "'instance_number' must not be given",
            {"downsample_factors": [2.0], "instance_number": 2},
        ),
        (
            TypeError,
            "'pixel_measures' must not be given",
            {"downsample_factors": [2.0], "pixel_measures": None},
        ),
        (ValueError, "'pixel_arrays' must not be empty", {"arrays": []}),
        (ValueError, "'source_images' must not be empty", {"sources": []}),
        (ValueError, "'source_images'.* tiled", {"sources": testing.ct_series(1)}),
        (
            ValueError,
            "finest to the coarsest",
            {"sources": testing.slide_pyramid()[::-1]},
        ),
        (ValueError, "finest to the coarsest", {"arrays": [MATRIX, MATRIX]}),
        (ValueError, "must have the 50 rows", {"arrays": [MATRIX[:, 1:]]}),
        (TypeError, "'pixel_arrays'.* numpy array", {"arrays": [MATRIX.tolist()]}),
    ],
)
def test_levels_that_do_not_fit_are_refused(error, message, options):
    options = {"sources": SLIDE, "arrays": [MATRIX], **options}
    if "arrays" in options and len(options["arrays"]) == 1 and "50 rows" in message:
        options["downsample_factors"] = [2.0]
    with pytest.raises(error, match=message):
        pyramid(**options)
