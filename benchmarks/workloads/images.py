"""Images read: one with many frames, and a series of single frames."""

import numpy as np

import highdicom as hd
from workloads.inputs import ct_series, enhanced_ct
from workloads.workload import Run, Workload


def enhanced(run: Run, size: int) -> None:
    """Volumes and frames of an enhanced CT image."""
    path = run.folder / "enhanced.dcm"
    enhanced_ct(size).save_as(path, enforce_file_format=True)
    held = path.stat().st_size
    with run.step("open lazily"):
        hd.imread(path, lazy_frame_retrieval=True)
    read = hd.imread(path)
    with run.step("volume float64", held) as step:
        volume = read.get_volume()
    step.made = volume.array.nbytes
    del volume
    with run.step("volume float32 with window", held) as step:
        volume = read.get_volume(dtype=np.float32, apply_voi_transform=True)
    step.made = volume.array.nbytes
    del volume
    with run.step("all frames", held) as step:
        frames = read.get_frames()
    step.made = frames.nbytes


def series(run: Run, size: int) -> None:
    """The volume of a series."""
    images = ct_series(size)
    with run.step("volume", sum(len(image.PixelData) for image in images)) as step:
        volume = hd.get_volume_from_series(images)
    step.made = volume.array.nbytes


WORKLOADS = (
    Workload(
        "enhanced_ct",
        "Enhanced CT of 2,000 frames of 512²",
        enhanced,
        500,
        2000,
        "frames",
        {
            "open lazily": 40,
            "volume float64": 5,
            "volume float32 with window": 4,
            "all frames": 5,
        },
    ),
    Workload(
        "series",
        "Series of 300 images of 512²",
        series,
        75,
        300,
        "images",
        {"volume": 4},
    ),
)
