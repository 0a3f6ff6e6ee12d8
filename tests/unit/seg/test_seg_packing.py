"""Bits of segments, found in one thread or several, packed by hand for comparison."""

from itertools import product

import numpy as np
import pytest
from seg_objects import segmentation

from highdicom import testing
from highdicom.image import threads
from highdicom.image.pixel_data import filled

TILES = [(16, 16), (7, 24), (50, 72), (8, 13), (64, 8)]


@pytest.fixture(params=["one thread", "several threads"])
def _work(request, monkeypatch):
    if request.param == "several threads":
        monkeypatch.setattr(threads, "_LEAST_BYTES", 1)
        monkeypatch.setattr(threads, "number_of_processors", lambda: 3)


def packed(frames):
    """Frames of booleans as pixel data."""
    data = np.packbits(np.stack(frames), bitorder="little").tobytes()
    return data + b"\0" * (len(data) % 2)


def tiles_of(matrix, tile):
    """Tiles row by row, filled up with zeros."""
    rows, columns = (
        -size % step for size, step in zip(matrix.shape, tile, strict=True)
    )
    whole = np.pad(matrix, ((0, rows), (0, columns)))
    corners = product(
        range(0, whole.shape[0], tile[0]), range(0, whole.shape[1], tile[1])
    )
    return [whole[r : r + tile[0], c : c + tile[1]] for r, c in corners]


def noise(shape, count, dtype=np.uint8):
    """Labels with all numbers in a part of the pixels, and a whole block of one."""
    labels = np.zeros(shape, dtype)
    random = np.random.default_rng(count)
    labels[..., 9:30, 11:44] = random.integers(0, count + 1, (*shape[:-2], 21, 33))
    labels[..., 40:, 60:] = count
    return labels


@pytest.mark.usefixtures("_work")
@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("count", [1, 2, 3, 7, 15, 16])
def test_tiles_of_labels_are_packed_segment_by_segment(count, tile, is_full):
    labels = noise((1, 50, 70), count)
    made = segmentation(
        [testing.slide()],
        labels,
        "BINARY",
        range(1, count + 1),
        tile_pixel_array=True,
        tile_size=tile,
        omit_empty_frames=not is_full,
        dimension_organization_type="TILED_FULL" if is_full else "TILED_SPARSE",
    )
    tiles = tiles_of(labels[0], tile)
    frames = [t == n for n in range(1, count + 1) for t in tiles if is_full or n in t]
    assert made.NumberOfFrames == len(frames)
    assert made.PixelData == packed(frames)


@pytest.mark.usefixtures("_work")
@pytest.mark.parametrize("dtype", [np.uint16, bool, np.float32])
@pytest.mark.parametrize("is_stacked", [False, True])
def test_tiles_of_any_type_are_packed_alike(dtype, is_stacked):
    labels = noise((1, 50, 70), 3)
    count = 3 if is_stacked or dtype is np.uint16 else 1
    if is_stacked:
        pixels = np.stack([labels == n for n in (1, 2, 3)], axis=-1)
    else:
        pixels = labels if count == 3 else labels == 1
    made = segmentation(
        [testing.slide()],
        pixels.astype(dtype),
        "BINARY",
        range(1, count + 1),
        tile_pixel_array=True,
        tile_size=(16, 24),
    )
    tiles = tiles_of(labels[0], (16, 24))
    frames = [t == n for n in range(1, count + 1) for t in tiles if n in t]
    assert made.PixelData == packed(frames)


@pytest.mark.usefixtures("_work")
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("size", [(50, 70), (50, 72)])
def test_planes_are_packed_segment_by_segment_from_the_last_slice_on(size, count):
    rows, columns = size
    labels = noise((7, *size), count)
    labels[[2, 5]] = 0
    made = segmentation(
        testing.ct_series(7, rows=rows, columns=columns),
        labels,
        "BINARY",
        range(1, count + 1),
    )
    frames = [p == n for n in range(1, count + 1) for p in labels[::-1] if n in p]
    assert made.PixelData == packed(frames)


@pytest.mark.usefixtures("_work")
def test_fractions_are_rounded_frame_by_frame_from_the_last_slice_on():
    fractions = np.linspace(0, 1, 7 * 50 * 70, dtype=np.float32).reshape(7, 50, 70)
    fractions[:2] = 0.0019
    made = segmentation(
        testing.ct_series(7, rows=50, columns=70), fractions, "FRACTIONAL", (1,)
    )
    stored = np.rint(fractions[:1:-1] * 255).astype(np.uint8)
    assert made.PixelData == stored.tobytes()


@pytest.mark.usefixtures("_work")
@pytest.mark.parametrize("wrong", [-0.5, 1.5, np.nan])
def test_no_wrong_fraction_is_overlooked(wrong):
    fractions = np.zeros((7, 50, 70))
    fractions[4, 3, 2] = wrong
    with pytest.raises(ValueError, match="values from 0 to 1"):
        segmentation(
            testing.ct_series(7, rows=50, columns=70), fractions, "FRACTIONAL", (1,)
        )


@pytest.mark.usefixtures("_work")
@pytest.mark.parametrize("count", [2, 20])
def test_the_first_unknown_labels_are_named(count):
    labels = noise((1, 50, 70), count)
    labels[0, [33, 34, 49], 69] = 99, 98, 97
    with pytest.raises(ValueError, match=r"\[98, 99\]"):
        segmentation(
            [testing.slide()],
            labels,
            "BINARY",
            range(1, count + 1),
            tile_pixel_array=True,
            tile_size=(16, 16),
        )


def test_pixel_data_that_is_filled_is_padded_and_little_endian():
    def fill(target):
        target[1] = 0x0102

    assert filled((3,), np.dtype(np.uint16), fill) == b"\0\0\2\1\0\0"
    assert filled((3, 1), np.dtype(np.uint8), lambda target: target.fill(7)) == (
        b"\7\7\7\0"
    )


@pytest.mark.usefixtures("_work")
@pytest.mark.parametrize("is_mask", [False, True])
def test_tiles_of_fractions_that_are_rounded_to_zero_are_left_out(is_mask):
    fractions = np.full((1, 50, 70), 0.0019)
    fractions[0, 20, 30], fractions[0, 49, 69], fractions[0, 40, 2] = 0.002, 1, 0.5
    pixels = fractions >= 0.5 if is_mask else fractions
    made = segmentation(
        [testing.slide()],
        pixels,
        "FRACTIONAL",
        (1,),
        tile_pixel_array=True,
        tile_size=(16, 24),
    )
    stored = np.rint(pixels[0] * 255.0).astype(np.uint8)
    frames = [tile for tile in tiles_of(stored, (16, 24)) if tile.any()]
    assert len(frames) == (2 if is_mask else 3)
    assert made.PixelData == np.stack(frames).tobytes()
