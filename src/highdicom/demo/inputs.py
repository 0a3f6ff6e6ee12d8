"""The images that the demonstration works on."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image as Picture
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.uid import (
    CTImageStorage,
    EnhancedCTImageStorage,
    EnhancedMRImageStorage,
    EnhancedPETImageStorage,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
    UltrasoundMultiFrameImageStorage,
    VLWholeSlideMicroscopyImageStorage,
)

from highdicom.demo.packages import required
from highdicom.records import record
from highdicom.testing.factories.slide import slide_from_array
from highdicom.uid import UID

__all__ = ["Input", "NoInputError", "find_inputs"]

_SERIES = {CTImageStorage, MRImageStorage, PositronEmissionTomographyImageStorage}
_ENHANCED = {EnhancedCTImageStorage, EnhancedMRImageStorage, EnhancedPETImageStorage}
_CLIPS = {UltrasoundMultiFrameImageStorage}

_PURPOSE = "show the demonstration on public images"
_LOOKED_FOR = (
    "CT, MR or PET series, enhanced CT, MR or PET images, whole slide images or "
    "ultrasound clips"
)

# In packages that are published for testing; no image comes with this package.
_PUBLIC_FILES = (
    ("CT image, head", "693_UNCR.dcm"),
    ("Enhanced MR image, head", "emri_small.dcm"),
    ("Enhanced CT image, perfusion", "eCT_Supplemental.dcm"),
    ("Ultrasound clip, heart", "color3d_jpeg_baseline.dcm"),
)


class NoInputError(Exception):
    """There are no images to work on."""


@record
class Input:
    """Images that are worked on together.

    Parameters
    ----------
    title
        What they are, for humans.
    kind
        ``"series"``, ``"enhanced"``, ``"slide"`` or ``"clip"``.
    datasets
        The images: one, unless they are a series.
    origin
        Where they come from, for humans.

    """

    title: str
    kind: str
    datasets: tuple[Dataset, ...]
    origin: str


def find_inputs(folder: Path | None) -> list[Input]:
    """Find images in a folder, or in public packages.

    Raises
    ------
    NoInputError
        If there are none, saying what was looked for.

    """
    return list(_public_inputs()) if folder is None else _inputs_in(folder)


def _public_inputs() -> Iterator[Input]:
    package = required("data_store", "pydicom-data", _PURPOSE)
    store = Path(package.__file__).parent
    for title, name in _PUBLIC_FILES:
        path = next(store.rglob(name), None) or get_testdata_file(name, download=False)
        if path is not None:
            dataset = dcmread(str(path))
            kind = _kind(dataset)
            if kind is not None:
                origin = f"{name} of pydicom-data{_mend(dataset)}"
                yield Input(title, kind, (dataset,), origin)
    yield _histology()


def _mend(dataset: Dataset) -> str:
    """Add what a public file lacks, and say so.

    What is derived from an image takes over what that says of patient and place, and
    can be valid only if that is.
    """
    added = []
    if "FrameOfReferenceUID" not in dataset and "ImagePositionPatient" in dataset:
        dataset.FrameOfReferenceUID = UID()
        dataset.PositionReferenceIndicator = None
        added.append("Frame of Reference UID")
    is_deidentified = dataset.get("PatientIdentityRemoved") == "YES"
    if is_deidentified and not any(
        "DeidentificationMethod" in k for k in dataset.dir()
    ):
        dataset.DeidentificationMethod = "Not recorded"
        added.append("De-identification Method")
    return f"; added, since the file lacks it: {', '.join(added)}" if added else ""


def _histology() -> Input:
    """Make a tiled slide of a photograph of stained tissue."""
    package = required("skimage", "scikit-image", _PURPOSE)
    folder = Path(package.__file__).parent / "data"
    with Picture.open(folder / "ihc.png") as picture:
        pixels = np.asarray(picture.convert("RGB"))
    slide = slide_from_array(pixels, tile_size=(128, 128))
    origin = "ihc.png of scikit-image, tiled into a whole slide image"
    return Input("Slide, stained tissue of the colon", "slide", (slide,), origin)


def _inputs_in(folder: Path) -> list[Input]:
    if not folder.is_dir():
        raise NoInputError(f"{folder} is not a folder; it should hold {_LOOKED_FOR}.")
    series: dict[tuple[str, str], list[Dataset]] = defaultdict(list)
    for dataset in _datasets_in(folder):
        kind = _kind(dataset)
        if kind is not None:
            series[kind, _volume_key(kind, dataset)].append(dataset)
    if not series:
        raise NoInputError(f"found no images in {folder}; looked for {_LOOKED_FOR}.")
    return [
        Input(_title(datasets[0]), kind, tuple(datasets), str(folder))
        for (kind, _), datasets in series.items()
    ]


# A series may hold several volumes, such as one an echo; these tell them apart.
_VOLUME_KEYWORDS = (
    "SeriesInstanceUID",
    "ImageType",
    "EchoTime",
    "ImageOrientationPatient",
    "Rows",
    "Columns",
)


def _volume_key(kind: str, dataset: Dataset) -> str:
    """Give what images have in common that are put together."""
    if kind != "series":
        return str(dataset.SOPInstanceUID)
    return "|".join(str(dataset.get(keyword)) for keyword in _VOLUME_KEYWORDS)


def _datasets_in(folder: Path) -> Iterator[Dataset]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            try:
                yield dcmread(path)
            except (InvalidDicomError, OSError):
                continue


def _title(dataset: Dataset) -> str:
    description = dataset.get("SeriesDescription") or dataset.get("StudyDescription")
    modality = dataset.get("Modality", "image")
    return f"{modality}: {description}" if description else str(modality)


def _is_one_of(classes: Iterable[str]) -> Callable[[Dataset], bool]:
    known = frozenset(classes)
    return lambda dataset: dataset.get("SOPClassUID") in known


_KINDS = (
    ("series", _is_one_of(_SERIES)),
    ("enhanced", _is_one_of(_ENHANCED)),
    ("slide", _is_one_of({VLWholeSlideMicroscopyImageStorage})),
    ("clip", _is_one_of(_CLIPS)),
)


def _kind(dataset: Dataset) -> str | None:
    for kind, fits in _KINDS:
        if fits(dataset) and "PixelData" in dataset:
            return kind
    return None
