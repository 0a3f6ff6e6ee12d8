"""Pixel values as DCMTK's dcm2pnm shows the same files, level by level of 8 bits."""

import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image as Picture

from highdicom import imread
from highdicom.testing import (
    ct_series,
    enhanced_ct,
    file_bytes,
    lookup_table,
    palette_image,
    sc_image,
)

pytestmark = pytest.mark.skipif(
    shutil.which("dcm2pnm") is None, reason="dcm2pnm (DCMTK) is not installed"
)

ROWS, COLUMNS = 32, 128


def shown_by_dcmtk(path, *options):
    """Picture (row, column[, 3]) of 8 bits."""
    target = path.with_suffix(".pnm")
    subprocess.run(
        ("dcm2pnm", "-q", *options, str(path), str(target)),
        check=True,
        capture_output=True,
        timeout=60,
    )
    with Picture.open(target) as picture:
        return np.asarray(picture)


def saved(dataset, folder):
    path = folder / "image.dcm"
    path.write_bytes(file_bytes(dataset))
    return path


def levels(frame):
    """Levels of 8 bits; halves may be rounded either way."""
    return np.rint(frame)


def check(path, options, keywords):
    theirs = shown_by_dcmtk(path, *options).astype(float)
    ours = imread(path).get_frame(
        1, apply_voi_transform=True, voi_output_range=(0, 255), **keywords
    )
    assert np.abs(levels(ours) - theirs).max() <= 1
    assert len(np.unique(theirs)) > 50


WIDE = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS)


@pytest.mark.parametrize("function", ["LINEAR", "SIGMOID"])
@pytest.mark.parametrize("interpretation", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("number", [1, 2])
def test_windows_are_those_of_dcmtk(function, interpretation, number, tmp_path):
    dataset = ct_series(
        1,
        rows=ROWS,
        columns=COLUMNS,
        pixels=WIDE[np.newaxis],
        rescale=(2.0, -1024.0),
        attributes={
            "WindowCenter": [300.0, 2500.0],
            "WindowWidth": [1500.0, 5000.0],
            "VOILUTFunction": function,
            "PhotometricInterpretation": interpretation,
        },
    )[0]
    options = ["+Wi", str(number)]
    if function == "SIGMOID":
        options.append("+Wfs")
    check(saved(dataset, tmp_path), options, {"voi_transform_selector": number - 1})


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("bits", [8, 16])
def test_tables_are_those_of_dcmtk(number, bits, tmp_path):
    highest = 2**bits - 1
    curve = np.rint(np.linspace(0, 1, 4096) ** 2 * highest)
    dataset = sc_image(
        samples=1,
        rows=ROWS,
        columns=COLUMNS,
        pixels=WIDE,
        bits_stored=12,
        attributes={
            "VOILUTSequence": [
                lookup_table(curve, bits=bits, LUTExplanation="square"),
                lookup_table(curve[::-1], bits=bits, LUTExplanation="down"),
            ]
        },
    )
    check(
        saved(dataset, tmp_path),
        ["+Wl", str(number)],
        {"voi_transform_selector": number - 1},
    )


def test_modality_tables_are_those_of_dcmtk(tmp_path):
    curve = np.rint(np.sqrt(np.linspace(0, 1, 4096)) * 3000)
    dataset = sc_image(
        samples=1,
        rows=ROWS,
        columns=COLUMNS,
        pixels=WIDE,
        bits_stored=12,
        attributes={
            "ModalityLUTSequence": [lookup_table(curve, ModalityLUTType="US")],
            "WindowCenter": 1500.0,
            "WindowWidth": 2000.0,
        },
    )
    check(saved(dataset, tmp_path), ["+Wi", "1"], {})


@pytest.mark.parametrize("first", [0, 20])
def test_palettes_are_those_of_dcmtk(first, tmp_path):
    dataset = palette_image(first_mapped_value=first)
    path = saved(dataset, tmp_path)
    ours = imread(path).get_frame(1)
    np.testing.assert_array_equal(ours // 256, shown_by_dcmtk(path))


@pytest.mark.parametrize("number", [1, 3])
def test_frames_are_those_of_dcmtk(number, tmp_path):
    dataset = enhanced_ct(
        3,
        rows=ROWS,
        columns=COLUMNS,
        pixels=np.stack([WIDE, WIDE[::-1], WIDE[:, ::-1]]),
        rescale=(1.0, 0.0),
    )
    path = saved(dataset, tmp_path)
    theirs = shown_by_dcmtk(path, "+F", str(number), "+Ww", "2000", "3000")
    image = imread(path)
    ours = np.clip((image.get_frame(number) - 1999.5) / 2999 + 0.5, 0, 1) * 255
    assert np.abs(levels(ours) - theirs).max() <= 1
