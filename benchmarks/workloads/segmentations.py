"""Segmentations of series of CT images."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian, JPEGLSLossless, RLELossless

import highdicom as hd
from workloads.inputs import ct_series, organ_labels
from workloads.workload import Run, Workload


def described(count: int) -> list:
    """Descriptions of segments."""
    return [
        hd.seg.SegmentDescription(
            number, f"segment {number}", codes.SCT.Tissue, codes.SCT.Organ, "MANUAL"
        )
        for number in range(1, count + 1)
    ]


def segmentation(
    images: Sequence, pixels: np.ndarray, kind: str, segments: int, **more: object
):
    """A segmentation, with what every one needs."""
    return hd.seg.Segmentation(
        images,
        pixels,
        kind,
        described(segments),
        hd.UID(),
        2,
        hd.UID(),
        1,
        "M",
        "Model",
        "1",
        "1",
        **more,
    )


def construct_and_save(
    run: Run, images: Sequence, pixels: np.ndarray, kind: str, segments: int, **more
) -> Path:
    """Construct a segmentation and save it; where it was saved."""
    path = run.folder / "segmentation.dcm"
    with run.step("construct", pixels.nbytes) as construct:
        made = segmentation(images, pixels, kind, segments, **more)
    with run.step("save") as save:
        made.save_as(path)
    construct.made = save.given = path.stat().st_size
    return path


def organs(run: Run, size: int, segments: int = 104) -> None:
    """Segments that do not overlap."""
    labels = organ_labels(size, segments)
    path = construct_and_save(run, ct_series(size), labels, "BINARY", segments)
    with run.step("open"):
        read = hd.seg.segread(path)
    with run.step("open lazily"):
        hd.seg.segread(path, lazy_frame_retrieval=True)
    with run.step("combined volume", path.stat().st_size) as step:
        volume = read.get_volume(combine_segments=True)
    step.made = volume.array.nbytes


def many_organs(run: Run, size: int) -> None:
    """More of them, in more slices."""
    construct_and_save(run, ct_series(size), organ_labels(size, 100), "BINARY", 100)


def one_segment(run: Run, size: int) -> None:
    """One segment in every slice."""
    labels = np.minimum(organ_labels(size, 30), 1)
    labels[:, 250, 250] = 1
    construct_and_save(run, ct_series(size), labels, "BINARY", 1)


def label_map(run: Run, size: int, syntax: str = ExplicitVRLittleEndian) -> None:
    """Thirty segments as label map."""
    path = construct_and_save(
        run,
        ct_series(size),
        organ_labels(size, 30),
        "LABELMAP",
        30,
        transfer_syntax_uid=syntax,
    )
    read = hd.seg.segread(path)
    held = path.stat().st_size
    with run.step("combined volume", held) as step:
        volume = read.get_volume(combine_segments=True)
    step.made = volume.array.nbytes
    with run.step("one segment", held) as step:
        volume = read.get_volume(segment_numbers=[3])
    step.made = volume.array.nbytes


def label_map_rle(run: Run, size: int) -> None:
    """The same, encoded with RLE."""
    label_map(run, size, RLELossless)


def label_map_jpeg_ls(run: Run, size: int) -> None:
    """The same, encoded with JPEG-LS."""
    label_map(run, size, JPEGLSLossless)


def write_many_frames(path: Path, size: int) -> None:
    """A file with every one of 100 segments in every slice."""
    numbers = np.arange(1, 101, dtype=np.uint8).reshape(10, 10)
    labels = np.repeat(np.repeat(numbers, 25, 0), 25, 1)
    labels = np.broadcast_to(np.pad(labels, ((0, 6), (0, 6))), (size, 256, 256)).copy()
    segmentation(ct_series(size, 256), labels, "BINARY", 100).save_as(path)


def many_frames(run: Run, size: int) -> None:
    """Read a file with 100 frames a slice."""
    path = run.folder / "prepared.dcm"
    held = path.stat().st_size
    with run.step("open"):
        read = hd.seg.segread(path)
    with run.step("pixels of one instance", held) as step:
        pixels = read.get_pixels_by_source_instance([f"1.2.3.{size // 2}"])
    step.made = pixels.nbytes
    with run.step("combined volume", held) as step:
        volume = read.get_volume(combine_segments=True)
    step.made = volume.array.nbytes


READ_LABEL_MAP = {"save": 4, "combined volume": 2, "one segment": 4}

WORKLOADS = (
    Workload(
        "organs",
        "BINARY, 104 segments in 300 slices of 512² (7,280 frames)",
        organs,
        75,
        300,
        "slices",
        {
            "construct": 15,
            "save": 20,
            "open": 20,
            "open lazily": 100,
            "combined volume": 7,
        },
    ),
    Workload(
        "many_organs",
        "BINARY, 100 segments in 400 slices of 512² (9,300 frames)",
        many_organs,
        100,
        400,
        "slices",
        {"construct": 15, "save": 15},
    ),
    Workload(
        "one_segment",
        "BINARY, one segment in 400 slices of 512²",
        one_segment,
        100,
        400,
        "slices",
        {"construct": 5, "save": 5},
    ),
    Workload(
        "label_map",
        "LABELMAP of 400 slices of 512², not compressed",
        label_map,
        100,
        400,
        "slices",
        {"construct": 4, **READ_LABEL_MAP},
    ),
    Workload(
        "label_map_rle",
        "LABELMAP of 400 slices of 512², RLE",
        label_map_rle,
        100,
        400,
        "slices",
        {"construct": 9, **READ_LABEL_MAP},
    ),
    Workload(
        "label_map_jpeg_ls",
        "LABELMAP of 400 slices of 512², JPEG-LS",
        label_map_jpeg_ls,
        100,
        400,
        "slices",
        {"construct": 2, **READ_LABEL_MAP},
    ),
    Workload(
        "many_frames",
        "BINARY with 50,000 frames of 256²",
        many_frames,
        125,
        500,
        "slices",
        {"open": 50, "pixels of one instance": 50, "combined volume": 9},
        prepare=write_many_frames,
    ),
)
