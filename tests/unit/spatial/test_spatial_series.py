import copy
import random

import numpy as np
import pytest

from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.spatial import (
    get_dataset_sort_index,
    get_series_volume_positions,
    sort_datasets,
)


@pytest.fixture
def series(single_frame):
    def make(*heights):
        return [single_frame((0, 0, height)) for height in heights]

    return make


def test_slices_and_spacing_of_a_series(series):
    images = series(3, 1, 2, 0)
    before = copy.deepcopy(images)
    assert get_series_volume_positions(images) == (1.0, [0, 2, 1, 3])
    assert get_series_volume_positions(images, index_convention="RD") == (
        1.0,
        [3, 1, 2, 0],
    )
    assert images == before


def test_options_are_those_of_positions(series):
    assert get_series_volume_positions(series(0, 1, 1)) == (None, None)
    assert get_series_volume_positions(
        series(0, 1, 1), allow_duplicate_positions=True
    ) == (1.0, [1, 0, 0])
    assert get_series_volume_positions(series(0, 1, 2.3)) == (None, None)
    assert get_series_volume_positions(series(0, 1, 2.3), atol=0.2)[0] is not None
    assert get_series_volume_positions(
        series(0, 1, 2), sort=False, enforce_handedness=True
    ) == (None, None)
    with pytest.raises(ConflictingArgumentsError):
        get_series_volume_positions(series(0, 1), rtol=0.1, atol=0.1)


def test_spacing_between_slices_is_a_hint_if_slices_may_be_missing(series):
    images = series(0, 2, 6)
    images[0].SpacingBetweenSlices = 1.0
    assert get_series_volume_positions(images) == (None, None)
    assert get_series_volume_positions(
        images, allow_missing_positions=True, index_convention="RD"
    ) == (1.0, [0, 2, 6])
    images[0].SpacingBetweenSlices = 0.0
    assert get_series_volume_positions(
        images, allow_missing_positions=True, index_convention="RD"
    ) == (2.0, [0, 1, 3])


def test_spacing_between_slices_is_no_hint_for_a_complete_series(series):
    images = series(0, 2, 4)
    images[0].SpacingBetweenSlices = 1.0
    assert get_series_volume_positions(images)[0] == 2.0


def test_a_single_image_forms_a_volume_of_one_slice(series):
    images = series(5)
    assert get_series_volume_positions(images) == (1.0, [0])
    images[0].SpacingBetweenSlices = 3.0
    assert get_series_volume_positions(images) == (1.0, [0])


def test_images_with_other_orientation_form_no_volume(series, single_frame):
    angle = np.radians(1.0)
    cosine, sine = np.cos(angle), np.sin(angle)
    other = single_frame((0, 0, 2), (cosine, sine, 0, -sine, cosine, 0))
    images = [*series(0, 1), other]
    assert get_series_volume_positions(images) == (None, None)
    assert get_series_volume_positions(images, orientation_tol=1e-3) == (
        pytest.approx(1.0),
        [2, 1, 0],
    )
    with pytest.raises(InvalidAttributeError, match=r"cannot be sorted.*by 1 degrees"):
        get_dataset_sort_index(images)


def test_images_in_other_frames_of_reference_form_no_volume(series):
    images = series(0, 1, 2)
    images[2].FrameOfReferenceUID = "2.25.2"
    assert get_series_volume_positions(images) == (None, None)
    with pytest.raises(ValueError, match="frame of reference of frame 3 differs"):
        sort_datasets(images)


def test_images_without_frame_of_reference_can_be_sorted(series):
    images = series(0, 1)
    for image in images:
        del image.FrameOfReferenceUID
    assert get_dataset_sort_index(images) == [1, 0]


def test_sort_index_follows_the_convention(series):
    images = series(3, 1, 2, 0)
    assert get_dataset_sort_index(images) == [0, 2, 1, 3]
    assert get_dataset_sort_index(images, "RD") == [3, 1, 2, 0]
    assert get_dataset_sort_index(images, handedness="LEFT_HANDED") == [3, 1, 2, 0]


def test_sorting_gives_the_same_datasets_whatever_their_order(series):
    images = series(*range(8))
    expected = images[::-1]
    shuffled = images[:]
    random.Random(1).shuffle(shuffled)
    result = sort_datasets(shuffled)
    assert [id(image) for image in result] == [id(image) for image in expected]


@pytest.mark.parametrize(
    "function", [get_series_volume_positions, get_dataset_sort_index, sort_datasets]
)
class TestBadSeries:
    def test_series_must_not_be_empty(self, function):
        with pytest.raises(InvalidArgumentError, match="must not be empty"):
            function([])

    def test_series_must_be_a_sequence_of_datasets(self, function, single_frame):
        with pytest.raises(ArgumentTypeError, match="'datasets' must be a sequence"):
            function(single_frame())
        with pytest.raises(ArgumentTypeError, match="'datasets' must be a sequence"):
            function(5)
        with pytest.raises(ArgumentTypeError, match=r"'datasets\[1\]' must be a data"):
            function([single_frame(), 5])

    def test_multi_frame_images_are_refused(self, function, enhanced, single_frame):
        dose = single_frame()
        dose.NumberOfFrames = 2
        for image in (enhanced([(0, 0, 0)]), dose):
            with pytest.raises(InvalidArgumentError, match=r"datasets\[1\] is a multi"):
                function([single_frame(), image])

    @pytest.mark.parametrize(
        "keyword", ["ImagePositionPatient", "ImageOrientationPatient"]
    )
    def test_missing_geometry_names_image_and_attribute(
        self, function, keyword, series
    ):
        images = series(0, 1)
        del images[1][keyword]
        with pytest.raises(MissingAttributeError) as caught:
            function(images)
        assert caught.value.path == f"datasets[1].{keyword}"
        assert caught.value.keyword == keyword

    def test_positions_that_are_not_finite_are_refused(self, function, series):
        images = series(0, 1)
        images[1]["ImagePositionPatient"].value[2] = float("nan")
        with pytest.raises(InvalidAttributeError, match=r"datasets\[1\].ImagePosition"):
            function(images)

    def test_impossible_orientation_is_refused(self, function, single_frame):
        images = [single_frame((0, 0, z), (1, 0, 0, 1, 0, 0)) for z in range(2)]
        with pytest.raises(InvalidAttributeError, match="perpendicular unit vectors"):
            function(images)
