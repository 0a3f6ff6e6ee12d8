"""Work on parts of a large array, shared out among threads."""

import concurrent.futures
from collections.abc import Callable, Sequence
from contextvars import copy_context
from itertools import pairwise
from typing import TypeVar

from highdicom.codec.parallel import number_of_processors

__all__ = ["in_threads", "number_of_parts", "parts_of"]

Part = TypeVar("Part")

# Less is done before another thread has begun.
_LEAST_BYTES = 2**24
# Of several parts for each processor, a late one does not hold up the others.
_PARTS_PER_PROCESSOR = 4


def number_of_parts(count: int, size: int) -> int:
    """Number of parts that work is best divided into, one at least.

    Parameters
    ----------
    count
        Number of things to be done, which cannot be divided.
    size
        Bytes of all results.

    """
    processors = number_of_processors()
    if processors == 1 or size < _LEAST_BYTES:
        return 1
    return max(1, min(count, _PARTS_PER_PROCESSOR * processors))


def parts_of(count: int, size: int) -> list[slice]:
    """Divide things in a row into the parts that :func:`number_of_parts` asks for."""
    number = number_of_parts(count, size)
    edges = [count * part // number for part in range(number + 1)]
    return [slice(*pair) for pair in pairwise(edges)]


def in_threads(work: Callable[[Part], object], parts: Sequence[Part]) -> None:
    """Do the same for all parts, which must not depend on each other.

    The error of the first part that fails is raised, once no thread is at work.

    Parameters
    ----------
    work
        Function of one part. Most of its time it should spend in numpy or codecs that
        let other threads run.
    parts
        The parts; a single one is done in the thread that calls.

    """
    if len(parts) == 1:
        work(parts[0])
        return
    workers = min(len(parts), number_of_processors())
    executor = concurrent.futures.ThreadPoolExecutor(workers)
    try:
        # Settings that hold for the caller hold for the threads, too.
        futures = [executor.submit(copy_context().run, work, part) for part in parts]
        for future in futures:
            future.result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
