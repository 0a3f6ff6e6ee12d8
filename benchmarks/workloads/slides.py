"""Segmentations of whole slides, as total pixel matrices."""

import numpy as np
from pydicom.uid import RLELossless

import highdicom as hd
from workloads.inputs import slide, tissue_labels
from workloads.segmentations import construct_and_save, described
from workloads.workload import Run, Workload

SEGMENTS = 3


def _tiled(
    run: Run, side: int, kind: str, organization: str | None, **more: object
) -> None:
    labels = tissue_labels(side, SEGMENTS)[np.newaxis]
    path = construct_and_save(
        run,
        [slide(side)],
        labels,
        kind,
        SEGMENTS,
        tile_pixel_array=True,
        tile_size=(256, 256),
        dimension_organization_type=organization,
        **more,
    )
    del labels
    with run.step("open"):
        read = hd.seg.segread(path)
    held = path.stat().st_size
    with run.step("whole matrix", held) as step:
        matrix = read.get_total_pixel_matrix(combine_segments=True)
    step.made = matrix.nbytes
    del matrix
    start = side // 2 - 600
    region = {
        "row_start": start,
        "row_end": start + 1024,
        "column_start": start,
        "column_end": start + 1024,
    }
    with run.step("region of 1,024²", held) as step:
        matrix = read.get_total_pixel_matrix(combine_segments=True, **region)
    step.made = matrix.nbytes


def binary_sparse(run: Run, side: int) -> None:
    """Only tiles with anything in them."""
    _tiled(run, side, "BINARY", "TILED_SPARSE")


def binary_full(run: Run, side: int) -> None:
    """All tiles of all segments."""
    _tiled(run, side, "BINARY", "TILED_FULL", omit_empty_frames=False)


def label_map_rle(run: Run, side: int) -> None:
    """All tiles as labels, encoded with RLE."""
    _tiled(
        run,
        side,
        "LABELMAP",
        "TILED_FULL",
        omit_empty_frames=False,
        transfer_syntax_uid=RLELossless,
    )


def fractional(run: Run, side: int) -> None:
    """Probabilities of one segment."""
    probabilities = tissue_labels(side, SEGMENTS)[np.newaxis].astype(np.float32)
    probabilities *= 0.25
    construct_and_save(
        run,
        [slide(side)],
        probabilities,
        "FRACTIONAL",
        1,
        tile_pixel_array=True,
        tile_size=(256, 256),
    )


def pyramid(run: Run, side: int) -> None:
    """Four levels from one matrix."""
    labels = tissue_labels(side, SEGMENTS)[np.newaxis]
    image = slide(side)
    with run.step("construct", labels.nbytes) as step:
        levels = hd.seg.create_segmentation_pyramid(
            [image],
            [labels],
            "BINARY",
            described(SEGMENTS),
            hd.UID(),
            2,
            "M",
            "Model",
            "1",
            "1",
            downsample_factors=[2, 4, 8],
            tile_size=(256, 256),
        )
    step.made = sum(len(level.PixelData) for level in levels)


READ = {"save": 15, "whole matrix": 7, "region of 1,024²": 15}

WORKLOADS = (
    Workload(
        "binary_sparse",
        "BINARY, slide of 32,768², only tiles with anything in them",
        binary_sparse,
        16384,
        32768,
        "pixels",
        {"construct": 15, "open": 40, **READ},
        power=2,
        warm=1280,
    ),
    Workload(
        "binary_full",
        "BINARY, slide of 32,768², all tiles",
        binary_full,
        16384,
        32768,
        "pixels",
        {"construct": 4, **READ},
        power=2,
        warm=1280,
    ),
    Workload(
        "label_map_rle",
        "LABELMAP, slide of 32,768², RLE",
        label_map_rle,
        16384,
        32768,
        "pixels",
        {"construct": 4, **READ},
        power=2,
        warm=1280,
    ),
    Workload(
        "fractional",
        "FRACTIONAL, slide of 16,384²",
        fractional,
        8192,
        16384,
        "pixels",
        {"construct": 5},
        power=2,
        warm=1280,
    ),
    Workload(
        "pyramid",
        "BINARY pyramid of four levels from 16,384²",
        pyramid,
        8192,
        16384,
        "pixels",
        {"construct": 7},
        power=2,
        warm=1280,
    ),
)
