"""What a workload is, and what is measured of it."""

import ctypes
import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Step:
    """What was measured of a step."""

    wall: float = 0.0  # seconds
    cpu: float = 0.0  # seconds of all threads
    user: float = 0.0  # of these, those not in the kernel
    total: int = 0  # most bytes held beyond the inputs of the workload
    peak: int = 0  # most bytes held beyond what was held before the step
    given: int = 0  # bytes of the input
    made: int = 0  # bytes of the output


@dataclass
class Run:
    """One run of a workload: its folder for files, and its steps."""

    folder: Path
    steps: dict[str, Step] = field(default_factory=dict)
    inputs: int | None = None  # bytes held when the first step began

    @contextmanager
    def step(self, name: str, given: int = 0) -> Iterator[Step]:
        """Measure what is done inside."""
        step = Step(given=given)
        before = start_of_memory()
        if self.inputs is None:
            self.inputs = before
        user = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        wall, cpu = time.perf_counter(), time.process_time()
        yield step
        step.cpu = time.process_time() - cpu
        step.wall = time.perf_counter() - wall
        step.user = resource.getrusage(resource.RUSAGE_SELF).ru_utime - user
        peak = peak_memory()
        step.peak, step.total = peak - before, max(peak - self.inputs, 0)
        self.steps[name] = step


@dataclass(frozen=True)
class Workload:
    """A workload, and what is to be reached."""

    name: str
    title: str
    function: Callable[[Run, int], None]
    small: int
    large: int
    units: str  # what the size counts
    aims: Mapping[str, float]  # step -> least ratio of their time to ours
    power: int = 1  # work grows with this power of the size
    warm: int | None = 4  # size of the run before the one that is measured
    prepare: Callable[[Path, int], None] | None = None  # writes a file that both read
    ours_only: bool = False
    memory_limit: int | None = None  # bytes, where it is not the input and the output


def start_of_memory() -> int:
    """Give free memory back, forget the peak, and count the bytes held."""
    gc.collect()
    if not sys.platform.startswith("linux"):
        return peak_memory()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def peak_memory() -> int:
    """Bytes that the process held at most since the start of the step.

    Where the system cannot forget a peak (all but Linux), since the process began.
    """
    if sys.platform.startswith("linux"):
        return _status("VmHWM")
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _status(key: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024
    raise KeyError(key)
