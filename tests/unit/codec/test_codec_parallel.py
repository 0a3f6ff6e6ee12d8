"""Work on many frames at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest

from highdicom.codec import FrameEncoder, PixelFormat
from highdicom.codec.parallel import ordered_map
from highdicom.errors import ArgumentTypeError

GRAY = PixelFormat(16, 16, 1, 8, 8, 0, "MONOCHROME2")


class Double:
    """A function that is called in threads."""

    prefers_threads = True

    def __call__(self, item):
        if item < 0:
            raise ValueError(f"negative: {item}")
        return 2 * item


@pytest.mark.parametrize("workers", [0, 1, 3, -1])
def test_results_are_in_the_order_of_the_items(workers):
    assert list(ordered_map(Double(), range(50), workers)) == list(range(0, 100, 2))


def test_an_executor_may_be_given_and_stays_usable():
    with ThreadPoolExecutor(2) as executor:
        assert list(ordered_map(Double(), range(5), executor)) == [0, 2, 4, 6, 8]
        assert executor.submit(int, 3).result() == 3


def test_processes_are_used_if_threads_are_not_preferred():
    encode = FrameEncoder("1.2.840.10008.1.2.4.80", GRAY)
    frames = [np.full((16, 16), value, np.uint8) for value in range(6)]

    assert list(ordered_map(encode, frames, 2)) == [encode(frame) for frame in frames]


@pytest.mark.parametrize("workers", [0, 2])
def test_items_are_taken_no_faster_than_results(workers):
    taken = []

    def items():
        for item in range(1000):
            taken.append(item)
            yield item

    with (
        closing(iter(ordered_map(Double(), items(), workers)))
        if workers
        else (closing(iter(ordered_map(Double(), items(), 2)))) as results
    ):
        for _ in range(10):
            next(results)

    assert len(taken) <= 20


def test_nothing_is_done_ahead_without_workers():
    taken = []
    results = ordered_map(taken.append, [1, 2, 3])

    assert taken == []
    next(results)
    assert taken == [1]


@pytest.mark.parametrize("workers", [0, 2])
def test_errors_come_where_their_results_would(workers):
    results = ordered_map(Double(), [1, 2, -3, 4], workers)

    assert next(results) == 2
    assert next(results) == 4
    with pytest.raises(ValueError, match="negative: -3"):
        next(results)


def test_waiting_work_is_dropped_if_results_are_not_wanted():
    started = []
    go = threading.Event()

    class Wait:
        prefers_threads = True

        def __call__(self, item):
            started.append(item)
            go.wait(5)
            return item

    wait = Wait()
    go.set()
    results = ordered_map(wait, range(100), 1)
    next(results)
    results.close()

    assert len(started) < 10


@pytest.mark.parametrize("workers", [1.5, "2", None, True])
def test_workers_of_another_type_are_refused(workers):
    with pytest.raises(ArgumentTypeError, match="'workers' must be an integer or"):
        ordered_map(abs, [], workers)
