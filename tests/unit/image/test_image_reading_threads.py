"""Many frames are shared out among threads, with the same results."""

import concurrent.futures

import numpy as np
import pytest

from highdicom import Image, get_volume_from_series, testing
from highdicom.image import threads
from highdicom.image.threads import in_threads, parts_of
from highdicom.policy import current_reading_policy, reading_policy


@pytest.fixture
def several_threads(monkeypatch):
    monkeypatch.setattr(threads, "_LEAST_BYTES", 1)
    monkeypatch.setattr(threads, "number_of_processors", lambda: 3)


def results(part: dict) -> list[np.ndarray]:
    series = testing.ct_series(7)
    image = Image.from_dataset(testing.enhanced_ct(7))
    slide = Image.from_dataset(testing.slide(50, 70, samples=1, tile_size=(16, 20)))
    return [
        get_volume_from_series(series[::-1], **part).array,
        image.get_volume(row_start=3, **part).array,
        image.get_frames([5, 2, 7], **part),
        slide.get_total_pixel_matrix(10, 40, 3, 60, **part),
    ]


@pytest.mark.parametrize("part", [{}, {"dtype": np.float32}], ids=str)
def test_frames_are_the_same_from_several_threads(part, request):
    expected = results(part)
    request.getfixturevalue("several_threads")
    for found, array in zip(results(part), expected, strict=True):
        np.testing.assert_array_equal(found, array)


@pytest.mark.usefixtures("several_threads")
def test_parts_have_everything_once():
    for count in (1, 2, 11, 12, 100):
        things = list(range(count))
        parts = [things[part] for part in parts_of(count, 2)]
        assert [thing for part in parts for thing in part] == things
        assert 1 < len(parts) <= 12 or count == 1


@pytest.mark.usefixtures("several_threads")
def test_errors_of_threads_are_raised_and_settings_hold_in_them():
    def work(part: int) -> None:
        assert current_reading_policy().value == "strict"
        if part >= 2:
            raise ValueError(f"part {part}")

    with reading_policy("strict"), pytest.raises(ValueError, match="part 2"):
        in_threads(work, range(5))


def test_little_work_is_done_where_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(concurrent.futures, "ThreadPoolExecutor", None)
    assert parts_of(100, 1000) == [slice(0, 100)]
    done = []
    in_threads(done.append, parts_of(100, 1000))
    assert done == [slice(0, 100)]
