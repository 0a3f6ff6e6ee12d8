"""Other objects derived from series: maps, conversions, presentation states."""

import numpy as np
from pydicom.sr.codedict import codes

import highdicom as hd
from workloads.inputs import ct_series
from workloads.workload import Run, Workload


def parametric_map(run: Run, size: int) -> None:
    """A map of float32."""
    images = ct_series(size)
    plane = np.random.default_rng(0).random((512, 512), np.float32)
    pixels = np.stack([np.roll(plane, number) for number in range(size)])
    path = run.folder / "map.dcm"
    with run.step("construct", pixels.nbytes) as construct:
        made = hd.pm.ParametricMap(
            images,
            pixels,
            hd.UID(),
            2,
            hd.UID(),
            1,
            "M",
            "Model",
            "1",
            "1",
            False,
            [
                hd.pm.RealWorldValueMapping(
                    "1", "density", codes.UCUM.NoUnits, (0.0, 1.0), 1, 0
                )
            ],
            voi_lut_transformations=[hd.VOILUTTransformation(0.5, 1.0)],
        )
    with run.step("save") as save:
        made.save_as(path)
    construct.made = save.given = path.stat().st_size
    del made, pixels
    read = hd.imread(path)
    with run.step("volume", path.stat().st_size) as step:
        volume = read.get_volume(dtype=np.float32)
    step.made = volume.array.nbytes


def legacy(run: Run, size: int) -> None:
    """A legacy converted enhanced CT image."""
    images = ct_series(size)
    path = run.folder / "legacy.dcm"
    with run.step("construct"):
        made = hd.legacy.LegacyConvertedEnhancedCTImage(
            images, hd.UID(), 2, hd.UID(), 1
        )
    with run.step("save"):
        made.save_as(path)


def presentation_state(run: Run, size: int) -> None:
    """A grayscale presentation state."""
    images = ct_series(size, 16)
    with run.step("construct"):
        hd.pr.GrayscaleSoftcopyPresentationState(
            images, hd.UID(), 2, hd.UID(), 1, "M", "Model", "1", "1", "BONE"
        )


WORKLOADS = (
    Workload(
        "parametric_map",
        "Parametric map of 512² × 200 float32",
        parametric_map,
        50,
        200,
        "slices",
        {"construct": 3, "save": 2.5, "volume": 2},
    ),
    Workload(
        "legacy",
        "Legacy conversion of 300 slices of 512²",
        legacy,
        75,
        300,
        "slices",
        {"construct": 4, "save": 3},
    ),
    Workload(
        "presentation_state",
        "Presentation state of 300 images",
        presentation_state,
        75,
        300,
        "images",
        {"construct": 3},
    ),
)
