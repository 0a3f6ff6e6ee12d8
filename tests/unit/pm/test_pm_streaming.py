"""Parametric maps that are written without ever being in memory as a whole."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian, RLELossless

from highdicom import VOILUTTransformation
from highdicom.errors import HighdicomWarning, InvalidArgumentError
from highdicom.pm import (
    ParametricMap,
    RealWorldValueMapping,
    write_parametric_map,
)
from highdicom.testing import ct_series, slide

TILE = (11, 13)
IDENTITY = ("1.2.3", 1, "1.2.4", 1, "Maker", "Model", "1.0", "17")


def mapped(dtype: Any, label: str = "A", last: int = 65535) -> RealWorldValueMapping:
    is_float = np.dtype(dtype).kind == "f"
    limits = (-9.0, float(last)) if is_float else (0, last)
    return RealWorldValueMapping(
        label, label, codes.UCUM.NoUnits, limits, slope=1, intercept=0
    )


def values(shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    return (np.random.default_rng(5).random(shape) * 200).astype(dtype)


def options_of(dtype: Any, channels: int = 0, **options: Any) -> dict[str, Any]:
    mappings: Any = [mapped(dtype)]
    if channels:
        mappings = [[mapped(dtype, "ABC"[number])] for number in range(channels)]
    return {
        "contains_recognizable_visual_features": False,
        "real_world_value_mappings": mappings,
        "voi_lut_transformations": [VOILUTTransformation(50, 100)],
        **options,
    }


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


def written_whole(images: Any, pixels: np.ndarray, options: dict[str, Any]) -> Dataset:
    file = BytesIO()
    whole = ParametricMap(images, pixels, *IDENTITY, **options)
    whole.save_as(file, enforce_file_format=True)
    return as_read(file)


def written_in_parts(images: Any, pixels: Any, options: dict[str, Any]) -> Dataset:
    file = BytesIO()
    write_parametric_map(file, images, pixels, *IDENTITY, **options)
    return as_read(file)


@pytest.mark.parametrize(
    ("dtype", "syntax", "channels"),
    [
        ("float32", ExplicitVRLittleEndian, 0),
        ("float64", ExplicitVRLittleEndian, 2),
        ("uint8", ExplicitVRLittleEndian, 0),
        (">u2", RLELossless, 3),
    ],
)
class TestSameAsFromAnArray:
    def test_planes(self, dtype: str, syntax: str, channels: int) -> None:
        shape = (4, 16, 20, channels) if channels else (4, 16, 20)
        pixels = values(shape, dtype)
        options = options_of(dtype, channels, transfer_syntax_uid=syntax)
        images = ct_series(number_of_slices=4)
        whole = written_whole(images, pixels, options)
        assert written_in_parts(images, iter(pixels), options) == whole
        assert written_in_parts(images, pixels, options) == whole

    def test_tiles(self, dtype: str, syntax: str, channels: int) -> None:
        shape = (1, 50, 70, channels) if channels else (1, 50, 70)
        pixels = values(shape, dtype)
        options = options_of(
            dtype,
            channels,
            transfer_syntax_uid=syntax,
            tile_pixel_array=True,
            tile_size=TILE,
            dimension_organization_type=None if channels else "TILED_FULL",
        )

        def tiles() -> Iterator[np.ndarray]:
            for row in range(0, 50, TILE[0]):
                for column in range(0, 70, TILE[1]):
                    yield pixels[0, row : row + TILE[0], column : column + TILE[1]]

        whole = written_whole([slide()], pixels, options)
        assert written_in_parts([slide()], tiles(), options) == whole
        assert written_in_parts([slide()], pixels, options) == whole


def test_values_without_mapping_are_told_of_in_the_end() -> None:
    pixels = np.full((4, 16, 20), np.nan, np.float32)
    pixels[3, 5, 5] = 300
    options = options_of("float32")
    options["real_world_value_mappings"] = [mapped("float32", last=200)]
    with pytest.warns(HighdicomWarning, match="values from 300 to 300"):
        written_in_parts(ct_series(number_of_slices=4), iter(pixels), options)


@pytest.mark.parametrize("dtype", ["int16", "bool", "complex64"])
def test_types_that_a_map_cannot_have(dtype: str) -> None:
    with pytest.raises(InvalidArgumentError, match="data type uint8, uint16"):
        written_in_parts(
            ct_series(number_of_slices=4),
            iter(np.ones((4, 16, 20), dtype)),
            options_of("uint8"),
        )


def test_numbers_of_planes() -> None:
    planes = np.ones((5, 16, 20), np.uint16)
    images = ct_series(number_of_slices=4)
    with pytest.raises(InvalidArgumentError, match="4 planes, not more"):
        written_in_parts(images, iter(planes), options_of("uint16"))
    with pytest.raises(InvalidArgumentError, match="4 planes, not 3"):
        written_in_parts(images, iter(planes[:3]), options_of("uint16"))
    with pytest.raises(InvalidArgumentError, match="has 5 planes"):
        written_in_parts(images, planes, options_of("uint16"))
