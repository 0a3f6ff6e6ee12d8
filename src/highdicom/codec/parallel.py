"""Work on many frames at once, in order and with bounded memory."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any, TypeVar

from highdicom.errors import ArgumentTypeError

__all__ = ["number_of_processors", "ordered_map"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_PENDING_PER_WORKER = 3
"""How many items wait or are worked on for each worker: enough to keep it busy."""


def ordered_map(
    function: Callable[[_Item], _Result],
    items: Iterable[_Item],
    workers: int | futures.Executor = 0,
) -> Iterator[_Result]:
    """Apply a function to items and give the results in their order.

    Items are taken no faster than results are, so that neither pile up.

    Parameters
    ----------
    function
        Function of one item. It is called in other processes, or in threads if it has
        a true attribute ``prefers_threads``.
    items
        Items, which may be produced as they are taken.
    workers
        Number of processes or threads: none if 0, as many as there are processors if
        negative. Or an executor, which is not shut down.

    Yields
    ------
    Any
        Results in the order of the items.

    Raises
    ------
    ArgumentTypeError
        If `workers` is neither an integer nor an executor.

    Examples
    --------
    >>> from highdicom.codec.parallel import ordered_map
    >>> list(ordered_map(abs, [-3, 2, -1]))
    [3, 2, 1]

    """
    if isinstance(workers, futures.Executor):
        return _mapped(function, items, workers, number_of_processors())
    if type(workers) is not int:
        raise ArgumentTypeError(
            f"'workers' must be an integer or an executor, not "
            f"{type(workers).__name__}."
        )
    if workers == 0:
        return map(function, items)
    number = workers if workers > 0 else number_of_processors()
    return _mapped_by_own(function, items, number)


def _mapped_by_own(
    function: Callable[[_Item], _Result], items: Iterable[_Item], number: int
) -> Iterator[_Result]:
    with _executor(function, number) as executor:
        yield from _mapped(function, items, executor, number)


@contextmanager
def _executor(function: Callable[..., Any], number: int) -> Iterator[futures.Executor]:
    executor: futures.Executor
    if getattr(function, "prefers_threads", False):
        executor = futures.ThreadPoolExecutor(number)
    else:
        executor = futures.ProcessPoolExecutor(number)
    try:
        yield executor
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _mapped(
    function: Callable[[_Item], _Result],
    items: Iterable[_Item],
    executor: futures.Executor,
    number: int,
) -> Iterator[_Result]:
    pending: deque[futures.Future[_Result]] = deque()
    try:
        for item in items:
            pending.append(executor.submit(function, item))
            if len(pending) >= number * _PENDING_PER_WORKER:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        for future in pending:
            future.cancel()


def number_of_processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
