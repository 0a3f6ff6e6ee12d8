"""Volumes changed."""

import numpy as np

import highdicom as hd
from workloads.workload import Run, Workload


def _volume(size: int, dtype: type, side: int = 512) -> object:
    plane = np.random.default_rng(0).integers(0, 4096, (side, side)).astype(dtype)
    return hd.Volume(
        np.stack([np.roll(plane, number) for number in range(size)]),
        np.array(
            [
                [0.0, 0.0, 0.75, -180.5],
                [0.0, 0.75, 0.0, -200.25],
                [1.25, 0.0, 0.0, 10.0],
                [0.0, 0.0, 0.0, 1.0],
            ]
        ),
        "PATIENT",
        frame_of_reference_uid="1.2.3",
    )


def match(run: Run, size: int) -> None:
    """To a geometry with its axes in another order and direction; and some larger."""
    volume = _volume(size, np.int16)
    turned = volume.get_geometry().permute_spatial_axes([2, 0, 1]).flip_spatial([0])
    with run.step("axes permuted", volume.array.nbytes) as step:
        matched = volume.match_geometry(turned)
    step.made = matched.array.nbytes
    del matched
    with run.step("axes permuted and padded", volume.array.nbytes) as step:
        matched = volume.match_geometry(turned.pad([[5, 5], [3, 3], [5, 5]]))
    step.made = matched.array.nbytes


def normalize(run: Run, size: int) -> None:
    """To a mean of zero and a standard deviation of one."""
    volume = _volume(size, np.float32)
    with run.step("normalize_mean_std", volume.array.nbytes) as step:
        normalized = volume.normalize_mean_std()
    step.made = normalized.array.nbytes


WORKLOADS = (
    Workload(
        "match_geometry",
        "Match the geometry of a volume of 512² × 300 int16",
        match,
        75,
        300,
        "slices",
        # Without padding both packages only look at the same memory in another order.
        {"axes permuted and padded": 8},
    ),
    Workload(
        "normalize",
        "Normalize a volume of 512² × 300 float32",
        normalize,
        75,
        300,
        "slices",
        {"normalize_mean_std": 1.5},
    ),
)
