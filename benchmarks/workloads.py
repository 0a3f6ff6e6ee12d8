"""Workloads over the public interface, for this package and for highdicom 0.28.2 alike.

Run as ``python workloads.py NAME SIZE``: makes the inputs, does the steps of a workload
one after the other, and prints a JSON object with the seconds of each step and the
memory that the process took at most beyond its inputs.
"""

import io
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import CTImageStorage, EnhancedCTImageStorage, ExplicitVRLittleEndian

import highdicom as hd

# Packages that are loaded when they are first used are not part of a step.
_ = (hd.imread, hd.seg.Segmentation, hd.sr.MeasurementReport)

seconds: dict[str, float] = {}


@contextmanager
def step(name: str) -> Iterator[None]:
    """Time a step."""
    start = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - start


# --- inputs --------------------------------------------------------------------------


def _instance(sop_class_uid: str, number: int) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = sop_class_uid
    dataset.SOPClassUID = sop_class_uid
    dataset.SOPInstanceUID = f"1.2.3.{number + 1}"
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.3", "1.2.3.4"
    dataset.FrameOfReferenceUID, dataset.PositionReferenceIndicator = "1.2.3.5", ""
    dataset.PatientID, dataset.PatientName = "P", "A^B"
    dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.StudyDate, dataset.StudyTime, dataset.StudyID = "20240101", "120000", "1"
    dataset.AccessionNumber, dataset.ReferringPhysicianName = "", ""
    dataset.SeriesNumber, dataset.InstanceNumber, dataset.Modality = 1, number + 1, "CT"
    dataset.Manufacturer = "M"
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.set_original_encoding(False, True, "iso8859")
    return dataset


def ct_series(count: int, size: int = 512) -> list[Dataset]:
    """Single-frame CT images of a series."""
    images = []
    pixels = np.random.default_rng(0).integers(0, 4096, (size, size)).astype("<u2")
    for number in range(count):
        image = _instance(CTImageStorage, number)
        image.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        image.Rows = image.Columns = size
        image.ImagePositionPatient = [-180.5, -200.25, number * 1.25]
        image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        image.PixelSpacing, image.SliceThickness = [0.75, 0.75], 1.25
        image.RescaleSlope, image.RescaleIntercept = 1, -1024
        image.RescaleType = "HU"
        image.WindowCenter, image.WindowWidth = 40, 400
        image.PixelData = np.roll(pixels, number).tobytes()
        image["PixelData"].VR = "OW"
        images.append(image)
    return images


def organ_labels(count: int, segments: int, size: int = 512) -> np.ndarray:
    """Label map of boxes that do not overlap, each in about a quarter of the planes."""
    rng = np.random.default_rng(1)
    labels = np.zeros((count, size, size), np.uint8)
    across = int(np.ceil(np.sqrt(segments)))
    cell = size // across
    for number in range(segments):
        row, column = divmod(number, across)
        first = int(rng.integers(0, max(1, count * 3 // 4)))
        plane = slice(first, first + max(1, count // 4))
        inset = int(rng.integers(2, cell // 3))
        labels[
            plane,
            row * cell + inset : (row + 1) * cell - 2,
            column * cell + inset : (column + 1) * cell - 2,
        ] = number + 1
    return labels


def described(count: int) -> list:
    """Descriptions of segments."""
    return [
        hd.seg.SegmentDescription(
            n, f"segment {n}", codes.SCT.Tissue, codes.SCT.Organ, "MANUAL"
        )
        for n in range(1, count + 1)
    ]


def _segmentation(
    images: list, pixels: object, kind: str, segments: int, **more: object
):
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


# --- workloads -------------------------------------------------------------------------


def binary_organs(size: int, segments: int = 104) -> None:
    """BINARY segmentation of organ-like segments of a CT series."""
    images = [i for i in ct_series(size)]
    labels = organ_labels(size, segments)
    baseline()
    with step("construct"):
        segmentation = _segmentation(images, labels, "BINARY", segments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.dcm"
        with step("save"):
            segmentation.save_as(path)
        with step("open"):
            read = hd.seg.segread(path)
        with step("open lazily"):
            hd.seg.segread(path, lazy_frame_retrieval=True)
        with step("combined volume"):
            read.get_volume(combine_segments=True)


def label_map(size: int, syntax: str = "1.2.840.10008.1.2.1") -> None:
    """LABELMAP segmentation of a CT series."""
    images, labels = ct_series(size), organ_labels(size, 30)
    baseline()
    with step("construct"):
        segmentation = _segmentation(
            images, labels, "LABELMAP", 30, transfer_syntax_uid=syntax
        )
    file = io.BytesIO()
    with step("save"):
        segmentation.save_as(file)
    read = hd.seg.segread(io.BytesIO(file.getvalue()))
    with step("combined volume"):
        read.get_volume(combine_segments=True)
    with step("one segment"):
        read.get_volume(segment_numbers=[3])


def label_map_rle(size: int) -> None:
    """The same, encoded with RLE."""
    label_map(size, "1.2.840.10008.1.2.5")


def label_map_jpeg_ls(size: int) -> None:
    """The same, encoded with JPEG-LS."""
    label_map(size, "1.2.840.10008.1.2.4.80")


def series_volume(size: int) -> None:
    """Volume of a series of single-frame images."""
    images = ct_series(size)
    baseline()
    with step("volume"):
        hd.get_volume_from_series(images)


def enhanced_ct(size: int) -> None:
    """Volume and frames of an enhanced CT image."""
    image = _instance(EnhancedCTImageStorage, 0)
    image.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    image.Rows = image.Columns = 512
    image.NumberOfFrames = size
    shared = Dataset()
    measures, orientation, values = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = [0.75, 0.75], 1.25
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    values.RescaleSlope, values.RescaleIntercept, values.RescaleType = 1, -1024, "HU"
    window = Dataset()
    window.WindowCenter, window.WindowWidth = 40, 400
    shared.PixelMeasuresSequence = [measures]
    shared.PlaneOrientationSequence = [orientation]
    shared.PixelValueTransformationSequence = [values]
    shared.FrameVOILUTSequence = [window]
    image.SharedFunctionalGroupsSequence = [shared]
    groups = []
    for number in range(size):
        item, position, content = Dataset(), Dataset(), Dataset()
        position.ImagePositionPatient = [0, 0, number * 1.25]
        content.DimensionIndexValues = [1, number + 1]
        item.PlanePositionSequence = [position]
        item.FrameContentSequence = [content]
        groups.append(item)
    image.PerFrameFunctionalGroupsSequence = groups
    pixels = np.random.default_rng(0).integers(0, 4096, (size, 512, 512), np.uint16)
    image.PixelData = pixels.tobytes()
    image["PixelData"].VR = "OW"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "e.dcm"
        image.save_as(path, enforce_file_format=True)
        del image, pixels, groups
        baseline()
        with step("open lazily"):
            hd.imread(path, lazy_frame_retrieval=True)
        read = hd.imread(path)
        with step("volume float64"):
            read.get_volume()
        with step("volume float32, window"):
            read.get_volume(dtype=np.float32, apply_voi_transform=True)
        with step("all frames"):
            read.get_frames(dtype=np.float32)


def measurement_report(size: int) -> None:
    """TID 1500 report with planar measurement groups."""
    images = ct_series(20, size=16)
    rng = np.random.default_rng(0)
    baseline()
    with step("content"):
        groups = [_planar_group(number, images, rng) for number in range(size)]
        context = hd.sr.ObservationContext(
            observer_person_context=hd.sr.ObserverContext(
                codes.DCM.Person, hd.sr.PersonObserverIdentifyingAttributes("Doe^Jane")
            )
        )
        content = hd.sr.MeasurementReport(
            context, codes.LN.CTUnspecifiedBodyRegion, imaging_measurements=groups
        )
    with step("document"):
        report = hd.sr.Comprehensive3DSR(
            images, content[0], hd.UID(), 3, hd.UID(), 1, "M"
        )
    file = io.BytesIO()
    with step("save"):
        report.save_as(file)
    with step("srread"):
        read = hd.sr.srread(io.BytesIO(file.getvalue()))
    with step("all groups"):
        read.content.get_planar_roi_measurement_groups()
    with step("one tracking UID"):
        read.content.get_planar_roi_measurement_groups(tracking_uid=f"1.2.{size // 2}")


def _planar_group(number: int, images: list, rng: np.random.Generator) -> object:
    image = images[number % len(images)]
    region = hd.sr.ImageRegion(
        hd.sr.GraphicTypeValues.POLYLINE,
        rng.uniform(0, 15, (21, 2)),
        hd.sr.SourceImageForRegion(image.SOPClassUID, image.SOPInstanceUID),
    )
    measurements = [
        hd.sr.Measurement(name, number * 1.5, unit)
        for name, unit in (
            (codes.SCT.Area, codes.UCUM.SquareMillimeter),
            (codes.SCT.Length, codes.UCUM.Millimeter),
            (codes.SCT.Diameter, codes.UCUM.Millimeter),
        )
    ]
    return hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=hd.sr.TrackingIdentifier(
            f"1.2.{number}", f"lesion {number}"
        ),
        referenced_region=region,
        finding_type=codes.SCT.Neoplasm,
        finding_sites=[hd.sr.FindingSite(codes.SCT.Liver)],
        measurements=measurements,
    )


# --- measuring ---------------------------------------------------------------------------

_before = 0


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def baseline() -> None:
    """Note the memory that the inputs take."""
    global _before
    _before = _peak()


WORKLOADS: dict[str, tuple[Callable[[int], None], int, int]] = {
    # Name: function, small size, large size.
    "binary_organs": (binary_organs, 75, 300),
    "label_map": (label_map, 100, 400),
    "label_map_rle": (label_map_rle, 100, 400),
    "label_map_jpeg_ls": (label_map_jpeg_ls, 100, 400),
    "series_volume": (series_volume, 75, 300),
    "enhanced_ct": (enhanced_ct, 125, 500),
    "measurement_report": (measurement_report, 250, 1000),
}


if __name__ == "__main__":
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    WORKLOADS[sys.argv[1]][0](int(sys.argv[2]))
    print(json.dumps({"seconds": seconds, "memory": _peak() - _before}))
