"""What the package takes to load, beyond pydicom and numpy, in a fresh process."""

import pkgutil
from importlib import import_module

import numpy as np
import pydicom

from workloads.inputs import ct_series
from workloads.workload import Run, Workload


def _load_pydicom() -> None:
    """Load all of pydicom that is meant for use, so that neither package pays for it."""
    for module in pkgutil.iter_modules(pydicom.__path__):
        if module.name not in OLD:
            import_module(f"pydicom.{module.name}")
    for name in ("sr.codedict", "pixels.encoders", "pixels.decoders"):
        import_module(f"pydicom.{name}")


def import_highdicom(run: Run, size: int) -> None:
    """Import the package."""
    del size
    _load_pydicom()
    with run.step("import"):
        import highdicom  # noqa: F401


def first_segmentation(run: Run, size: int) -> None:
    """Construct a segmentation, as the first thing done."""
    _load_pydicom()
    images = ct_series(size, 64)
    labels = np.ones((size, 64, 64), np.uint8)
    import highdicom as hd

    with run.step("construct"):
        from workloads.segmentations import segmentation

        segmentation(images, labels, "BINARY", 1)
    del hd


OLD = {"_storage_sopclass_uids", "encoders", "pixel_data_handlers", "cli", "overlays"}

WORKLOADS = (
    Workload(
        "import_highdicom",
        "Import of the package, beyond pydicom and numpy",
        import_highdicom,
        1,
        1,
        "imports",
        {"import": 10},
        warm=None,
    ),
    Workload(
        "first_segmentation",
        "First segmentation of a process",
        first_segmentation,
        5,
        5,
        "slices",
        {"construct": 10},
        warm=None,
    ),
)
