"""Segmentations larger than memory, written to a file as their pixels come."""

from collections.abc import Iterator

import numpy as np
from pydicom.uid import RLELossless

import highdicom as hd
from workloads.inputs import slide, tissue_labels
from workloads.segmentations import described
from workloads.workload import Run, Workload

TILE = 256
SEGMENTS = 3


class Labels:
    """Labels of a slide that are made where they are asked for, as from a disk."""

    dtype = np.dtype(np.uint8)
    ndim = 2

    def __init__(self, side: int) -> None:
        self.shape = (side, side)
        pattern = tissue_labels(8 * TILE, SEGMENTS)
        self._tiles = pattern.reshape(8, TILE, 8, TILE).swapaxes(1, 2).copy()

    def tiles(self) -> Iterator[np.ndarray]:
        """All tiles, row by row."""
        count = -(-self.shape[0] // TILE)
        for row in range(count):
            for column in range(count):
                yield self._tiles[row * 3 % 8, column % 8]

    def __getitem__(self, key: tuple[slice, ...]) -> np.ndarray:
        rows, columns = (*key, slice(None))[:2]
        row, column = (
            np.arange(length)[part]
            for length, part in zip(self.shape, (rows, columns), strict=True)
        )
        return self._tiles[
            (row // TILE * 3 % 8)[:, None],
            column // TILE % 8,
            (row % TILE)[:, None],
            column % TILE,
        ]


def tiles(run: Run, side: int) -> None:
    """From an iterator of tiles."""
    labels = Labels(side)
    _write(run, side, labels, labels.tiles())


def array(run: Run, side: int) -> None:
    """From an array that is not in memory."""
    labels = Labels(side)
    _write(run, side, labels, labels)


def _write(run: Run, side: int, labels: Labels, pixels: object) -> None:
    path = run.folder / "streamed.dcm"
    with run.step("write"):
        hd.seg.write_segmentation(
            path,
            [slide(side)],
            pixels,
            "LABELMAP",
            described(SEGMENTS),
            hd.UID(),
            2,
            hd.UID(),
            1,
            "M",
            "Model",
            "1",
            "1",
            tile_pixel_array=True,
            tile_size=(TILE, TILE),
            transfer_syntax_uid=RLELossless,
        )
    read = hd.seg.segread(path, lazy_frame_retrieval=True)
    start = side // 2
    region = slice(start, start + 1000)
    found = read.get_total_pixel_matrix(
        row_start=start + 1,
        row_end=start + 1001,
        column_start=start + 1,
        column_end=start + 1001,
        combine_segments=True,
    )
    assert (found == labels[region, region]).all()


WORKLOADS = tuple(
    Workload(
        f"from_{function.__name__}",
        f"Streamed LABELMAP of 100,000², RLE, from {title}",
        function,
        25_000,
        100_000,
        "pixels",
        {},
        power=2,
        warm=2500,
        ours_only=True,
        memory_limit=2**30,
    )
    for function, title in (
        (tiles, "an iterator of tiles"),
        (array, "an array with slices"),
    )
)
