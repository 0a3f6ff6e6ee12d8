"""Segmentations that are written without ever being in memory as a whole."""

import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

from highdicom import PixelMeasuresSequence
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    UnsupportedTransferSyntaxError,
)
from highdicom.seg import (
    Segmentation,
    SegmentDescription,
    segread,
    write_segmentation,
)
from highdicom.testing import ct_series, slide

ROWS, COLUMNS = 50, 70
TILE = (11, 13)
IDENTITY = ("1.2.3", 1, "1.2.4", 1, "Maker", "Model", "1.0", "17")


def described(count: int) -> list[SegmentDescription]:
    return [
        SegmentDescription(
            number, f"{number}", codes.SCT.Tissue, codes.SCT.Bone, "MANUAL"
        )
        for number in range(1, count + 1)
    ]


def labels_of_slide(count: int) -> np.ndarray:
    labels = np.random.default_rng(3).integers(0, count + 1, (1, ROWS, COLUMNS))
    labels[:, 12:30] = 0
    return labels.astype(np.uint8)


def labels_of_series(count: int) -> np.ndarray:
    labels = np.random.default_rng(4).integers(0, count + 1, (4, 16, 20))
    labels[2] = 0
    return labels.astype(np.uint8)


def tiles_of(matrix: np.ndarray) -> Iterator[np.ndarray | None]:
    for row in range(0, ROWS, TILE[0]):
        for column in range(0, COLUMNS, TILE[1]):
            tile = matrix[row : row + TILE[0], column : column + TILE[1]]
            yield tile if tile.any() or row == column == 0 else None


def as_read(file: BytesIO) -> Dataset:
    """What is in a file, without what differs from one writing to the next."""
    dataset = dcmread(BytesIO(file.getvalue()))
    for keyword in ("ContentTime", "ContentDate", "InstanceCreationTime"):
        dataset.pop(keyword, None)
    del dataset.DimensionOrganizationSequence[0].DimensionOrganizationUID
    for item in dataset.get("DimensionIndexSequence") or []:
        del item.DimensionOrganizationUID
    for item in dataset.ContributingEquipmentSequence:
        item.pop("ContributionDateTime", None)
    return dataset


def written_whole(pixels: np.ndarray, kind: str, count: int, **options: Any) -> Dataset:
    sources = options.pop("source_images")
    whole = Segmentation(sources, pixels, kind, described(count), *IDENTITY, **options)
    file = BytesIO()
    whole.save_as(file, enforce_file_format=True)
    return as_read(file)


def written_in_parts(pixels: Any, kind: str, count: int, **options: Any) -> Dataset:
    sources = options.pop("source_images")
    file = BytesIO()
    write_segmentation(
        file, sources, pixels, kind, described(count), *IDENTITY, **options
    )
    return as_read(file)


class InChunks:
    """An array that is stored in chunks, and remembers what was taken of it."""

    def __init__(self, array: np.ndarray, chunks: tuple[Any, ...]) -> None:
        self.shape, self.dtype, self.chunks = array.shape, array.dtype, chunks
        self.taken: list[Any] = []
        self._array = array

    def __getitem__(self, key: Any) -> np.ndarray:
        self.taken.append(key)
        return self._array[key]


@pytest.mark.parametrize(("omit", "is_stacked"), [(False, True), (True, False)])
@pytest.mark.parametrize(
    ("kind", "syntax", "extended"),
    [
        ("BINARY", ExplicitVRLittleEndian, False),
        ("BINARY", ImplicitVRLittleEndian, False),
        ("BINARY", "1.2.840.10008.1.2.8.1", False),
        ("FRACTIONAL", RLELossless, True),
        ("LABELMAP", ExplicitVRLittleEndian, False),
        ("LABELMAP", RLELossless, False),
        ("LABELMAP", RLELossless, True),
    ],
)
class TestSameAsFromAnArray:
    def test_planes(
        self, kind: str, syntax: str, extended: bool, omit: bool, is_stacked: bool
    ) -> None:
        pixels = labels_of_series(2)
        if is_stacked:
            pixels = np.stack([pixels == 1, pixels == 2], axis=-1)
        options = {
            "source_images": ct_series(number_of_slices=4),
            "omit_empty_frames": omit,
            "transfer_syntax_uid": syntax,
            "use_extended_offset_table": extended,
        }
        whole = written_whole(pixels, kind, 2, **options)
        assert written_in_parts(iter(pixels), kind, 2, **options) == whole
        assert written_in_parts(pixels, kind, 2, **options) == whole

    def test_tiles(
        self, kind: str, syntax: str, extended: bool, omit: bool, is_stacked: bool
    ) -> None:
        pixels = labels_of_slide(2)
        if is_stacked:
            pixels = np.stack([pixels == 1, pixels == 2], axis=-1)
        options = {
            "source_images": [slide()],
            "omit_empty_frames": omit,
            "dimension_organization_type": "TILED_SPARSE" if omit else "TILED_FULL",
            "transfer_syntax_uid": syntax,
            "use_extended_offset_table": extended,
            "tile_pixel_array": True,
            "tile_size": TILE,
        }
        whole = written_whole(pixels, kind, 2, **options)
        assert written_in_parts(tiles_of(pixels[0]), kind, 2, **options) == whole
        in_chunks = InChunks(pixels, (1, 17, 70))
        assert written_in_parts(in_chunks, kind, 2, **options) == whole


def test_overlaps_are_known_whatever_part_they_are_in() -> None:
    pixels = np.zeros((4, 16, 20, 2), bool)
    pixels[1, 2:4] = True
    dataset = written_in_parts(
        iter(pixels), "BINARY", 2, source_images=ct_series(number_of_slices=4)
    )
    assert dataset.SegmentsOverlap == "YES"


def test_workers_encode_and_keep_the_order() -> None:
    pixels = labels_of_slide(3)
    options: dict[str, Any] = {
        "source_images": [slide()],
        "transfer_syntax_uid": "1.2.840.10008.1.2.8.1",
        "tile_pixel_array": True,
        "tile_size": TILE,
    }
    whole = written_whole(pixels, "LABELMAP", 3, **options)
    assert written_in_parts(pixels, "LABELMAP", 3, workers=2, **options) == whole


def test_an_empty_segmentation_has_all_its_frames() -> None:
    dataset = written_in_parts(
        np.zeros((4, 16, 20), np.uint8),
        "BINARY",
        2,
        source_images=ct_series(number_of_slices=4),
    )
    assert dataset.NumberOfFrames == 8
    assert not any(dataset.PixelData)


@pytest.mark.parametrize("chunks", [(1, 20, 70), ((1,), (20, 20, 10), (70,)), None])
def test_chunks_are_taken_once_each(
    chunks: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("highdicom.image.streaming._MOST_BYTES", 25 * 70)
    pixels = InChunks(labels_of_slide(2), chunks)
    options: dict[str, Any] = {
        "source_images": [slide()],
        "tile_pixel_array": True,
        "tile_size": TILE,
    }
    whole = written_whole(labels_of_slide(2), "LABELMAP", 2, **options)
    assert written_in_parts(pixels, "LABELMAP", 2, **options) == whole
    # Without chunks, whole rows of tiles are taken.
    step = 20 if chunks else 2 * TILE[0]
    firsts = range(0, ROWS, step)
    assert pixels.taken == [(0, slice(first, first + step)) for first in firsts]


def test_memory_does_not_grow_with_the_size_of_the_matrix(tmp_path: Path) -> None:
    tile = np.zeros((64, 64), np.uint8)
    tile[5:40, 7:30] = 1
    peaks = []
    for across in (8, 24):
        size = 64 * across
        tracemalloc.start()
        write_segmentation(
            tmp_path / "slide.dcm",
            [slide()],
            (tile for _ in range(across**2)),
            "LABELMAP",
            described(1),
            *IDENTITY,
            pixel_measures=PixelMeasuresSequence((0.001, 0.001), 0.01),
            tile_pixel_array=True,
            tile_size=(64, 64),
            total_pixel_matrix_size=(size, size),
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    pixels_more = (24**2 - 8**2) * 64**2
    # Rows of tiles and columns of frames grow a little; pixels do not stay in memory.
    assert peaks[1] - peaks[0] < 0.75 * pixels_more
    read = segread(tmp_path / "slide.dcm").get_total_pixel_matrix(combine_segments=True)
    assert np.array_equal(read, np.tile(tile, (24, 24)))


class TestWhatFailsLeavesNoFile:
    def write(self, path: Path, pixels: Any, **options: Any) -> None:
        sources = options.pop("source_images", ct_series(number_of_slices=4))
        kind = options.pop("kind", "LABELMAP")
        write_segmentation(
            path, sources, pixels, kind, described(2), *IDENTITY, **options
        )

    @pytest.fixture
    def path(self, tmp_path: Path) -> Iterator[Path]:
        yield tmp_path / "segmentation.dcm"
        assert not list(tmp_path.iterdir())

    def test_exceptions_of_the_iterator_are_passed_on(self, path: Path) -> None:
        def failing() -> Iterator[np.ndarray]:
            yield np.zeros((16, 20), np.uint8)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.write(path, failing())

    @pytest.mark.parametrize(("count", "told"), [(3, "not 3"), (5, "not more")])
    def test_numbers_of_planes(self, path: Path, count: int, told: str) -> None:
        planes = iter(np.ones((count, 16, 20), np.uint8))
        with pytest.raises(InvalidArgumentError, match=f"yield 4 planes, {told}"):
            self.write(path, planes)

    def test_planes_of_another_shape(self, path: Path) -> None:
        planes = [np.ones((16, 20), np.uint8)] * 2 + [np.ones((16, 21), np.uint8)]
        with pytest.raises(InvalidArgumentError, match="plane 2 has"):
            self.write(path, planes)

    def test_planes_of_another_type(self, path: Path) -> None:
        planes = [np.ones((16, 20), np.uint8), np.ones((16, 20), np.uint16)]
        with pytest.raises(InvalidArgumentError, match="plane 1 has"):
            self.write(path, planes)

    def test_what_is_no_array(self, path: Path) -> None:
        for planes in ([[1, 2]], [np.ones((16, 20), np.uint8), "a"]):
            with pytest.raises(ArgumentTypeError, match="must yield numpy arrays"):
                self.write(path, planes)
        with pytest.raises(ArgumentTypeError, match="not int"):
            self.write(path, 3)

    def test_nothing_at_all(self, path: Path) -> None:
        with pytest.raises(InvalidArgumentError, match="one array at least"):
            self.write(path, iter([None, None]))

    def test_labels_without_description(self, path: Path) -> None:
        planes = np.zeros((4, 16, 20), np.uint8)
        planes[3] = 7
        with pytest.raises(InvalidArgumentError, match=r"labels \[7\]"):
            self.write(path, planes)

    def test_overlaps_in_a_label_map(self, path: Path) -> None:
        with pytest.raises(InvalidArgumentError, match="overlap"):
            self.write(path, iter(np.ones((4, 16, 20, 2), bool)))

    def test_deflated_data_sets(self, path: Path) -> None:
        with pytest.raises(UnsupportedTransferSyntaxError, match="piece by piece"):
            self.write(
                path,
                np.ones((4, 16, 20), np.uint8),
                transfer_syntax_uid=DeflatedExplicitVRLittleEndian,
            )

    def test_sizes_of_matrices_where_there_are_none(self, path: Path) -> None:
        with pytest.raises(ConflictingArgumentsError, match="total_pixel_matrix_size"):
            self.write(
                path,
                iter(np.ones((4, 16, 20), np.uint8)),
                total_pixel_matrix_size=(16, 20),
            )

    @pytest.mark.parametrize("size", [(0, 5), (3,), "ab", 7])
    def test_sizes_of_matrices_that_are_none(self, path: Path, size: Any) -> None:
        with pytest.raises((TypeError, ValueError), match="total_pixel_matrix_size"):
            self.write(
                path,
                iter(np.ones((1, 16, 20), np.uint8)),
                source_images=[slide()],
                tile_pixel_array=True,
                total_pixel_matrix_size=size,
            )

    def test_too_few_tiles(self, path: Path) -> None:
        tiles = list(tiles_of(labels_of_slide(2)[0]))[:-1]
        with pytest.raises(InvalidArgumentError, match="30 tiles, not 29"):
            self.write(
                path,
                tiles,
                source_images=[slide()],
                tile_pixel_array=True,
                tile_size=TILE,
            )

    def test_more_native_pixel_data_than_can_be_described(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("highdicom.image.spool._MOST_BYTES", 1000)
        with pytest.raises(InvalidArgumentError, match="compresses frames"):
            self.write(path, np.ones((4, 16, 20), np.uint8))

    def test_failures_to_write(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full_disk(*_: Any) -> bytes:
            raise OSError("No space left on device")

        monkeypatch.setattr("highdicom.image.spool.FrameSpool.read", full_disk)
        with pytest.raises(OSError, match="No space"):
            self.write(path, np.ones((4, 16, 20), np.uint8))


def test_a_file_that_is_there_stays_if_anything_fails(tmp_path: Path) -> None:
    path = tmp_path / "segmentation.dcm"
    path.write_bytes(b"precious")
    with pytest.raises(InvalidArgumentError):
        write_segmentation(
            path,
            ct_series(number_of_slices=4),
            iter(np.ones((2, 16, 20), np.uint8)),
            "BINARY",
            described(1),
            *IDENTITY,
        )
    assert path.read_bytes() == b"precious"


def test_what_is_no_file() -> None:
    with pytest.raises(ArgumentTypeError, match="'fp' must be a path"):
        write_segmentation(
            3,  # type: ignore[arg-type]
            ct_series(number_of_slices=4),
            np.ones((4, 16, 20), np.uint8),
            "BINARY",
            described(1),
            *IDENTITY,
        )
