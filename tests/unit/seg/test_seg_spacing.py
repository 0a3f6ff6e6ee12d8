"""Segmentations tell how far planes are apart, whichever of them are left out."""

import numpy as np
import pytest
from seg_objects import read_again, segmentation

from highdicom import PixelMeasuresSequence, testing

DISTANCE = 2.5


def ct_series():
    series = testing.ct_series(6, rows=4, columns=5)
    for source in series:
        assert source.SpacingBetweenSlices == DISTANCE
        del source.SpacingBetweenSlices
    return series


def with_planes(kept, sources=None, **options):
    series = ct_series()
    labels = np.zeros((6, 4, 5), np.uint8)
    labels[list(kept), 1, 2] = 1
    chosen = series if sources is None else [series[i] for i in sources]
    array = labels if sources is None else labels[list(sources)]
    return series, segmentation(chosen, array, "BINARY", numbers=(1,), **options)


@pytest.mark.parametrize("kept", [[3], [0, 5], [0, 2, 4], [1, 2, 5]])
def test_volume_has_the_distance_of_the_sources_whatever_planes_are_empty(kept):
    series, image = with_planes(kept)
    volume = read_again(image).get_volume(combine_segments=True)
    assert volume.spacing[0] == pytest.approx(DISTANCE)
    assert len(volume.array) == max(kept) - min(kept) + 1
    positions = [
        volume.map_indices_to_reference(np.array([[i, 0, 0]]))[0]
        for i in np.flatnonzero(volume.array.any(axis=(1, 2)))
    ]
    expected = [series[i].ImagePositionPatient for i in kept]
    order = np.lexsort(np.array(expected, float).T)
    np.testing.assert_allclose(
        np.sort(np.array(positions), axis=0), np.array(expected, float)[order]
    )


def test_distance_that_sources_tell_wrongly_is_replaced():
    series = ct_series()
    for source in series:
        source.SpacingBetweenSlices = 7.5
    labels = np.zeros((6, 4, 5), np.uint8)
    labels[[1, 3], 1, 2] = 1
    image = segmentation(series, labels, "BINARY", numbers=(1,))
    assert image.get_volume(combine_segments=True).spacing[0] == pytest.approx(DISTANCE)
    assert all(source.SpacingBetweenSlices == 7.5 for source in series)


def test_planes_on_no_grid_have_no_distance():
    _, image = with_planes([0, 1, 4], sources=[0, 1, 4])
    measures = image.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    assert "SpacingBetweenSlices" not in measures


def test_measures_that_are_given_stay_as_they_are():
    measures = PixelMeasuresSequence((0.7, 0.9), DISTANCE)
    _, image = with_planes([1, 3], pixel_measures=measures)
    assert "SpacingBetweenSlices" not in measures[0]
    written = image.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    assert written.SpacingBetweenSlices == DISTANCE
