"""Inputs of workloads: images made with pydicom alone, and arrays from fixed seeds."""

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    EnhancedCTImageStorage,
    ExplicitVRLittleEndian,
    VLWholeSlideMicroscopyImageStorage,
)


def instance(sop_class_uid: str, modality: str, number: int = 0) -> Dataset:
    """What images of all kinds have."""
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
    dataset.SeriesNumber, dataset.InstanceNumber = 1, number + 1
    dataset.Modality, dataset.Manufacturer = modality, "M"
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.set_original_encoding(False, True, "iso8859")
    return dataset


def ct_image(number: int, pixels: np.ndarray) -> Dataset:
    """A single-frame CT image of a series."""
    image = instance(CTImageStorage, "CT", number)
    image.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    image.Rows, image.Columns = pixels.shape
    image.ImagePositionPatient = [-180.5, -200.25, number * 1.25]
    image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    image.PixelSpacing, image.SliceThickness = [0.75, 0.75], 1.25
    image.RescaleSlope, image.RescaleIntercept = 1, -1024
    image.RescaleType = "HU"
    image.WindowCenter, image.WindowWidth = 40, 400
    image.AcquisitionNumber, image.KVP = 1, 120
    image.PatientPosition = "HFS"
    image.PixelData = pixels.tobytes()
    image["PixelData"].VR = "OW"
    return image


def ct_series(count: int, size: int = 512) -> list[Dataset]:
    """Single-frame CT images of a series."""
    pixels = np.random.default_rng(0).integers(0, 4096, (size, size)).astype("<u2")
    return [ct_image(number, np.roll(pixels, number)) for number in range(count)]


def enhanced_ct(count: int, size: int = 512) -> Dataset:
    """A multi-frame CT image with shared and per-frame functional groups."""
    image = instance(EnhancedCTImageStorage, "CT")
    image.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    image.Rows = image.Columns = size
    image.NumberOfFrames = count
    measures, orientation, values, window = (Dataset() for _ in range(4))
    measures.PixelSpacing, measures.SliceThickness = [0.75, 0.75], 1.25
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    values.RescaleSlope, values.RescaleIntercept, values.RescaleType = 1, -1024, "HU"
    window.WindowCenter, window.WindowWidth = 40, 400
    shared = Dataset()
    shared.PixelMeasuresSequence = [measures]
    shared.PlaneOrientationSequence = [orientation]
    shared.PixelValueTransformationSequence = [values]
    shared.FrameVOILUTSequence = [window]
    image.SharedFunctionalGroupsSequence = [shared]
    image.PerFrameFunctionalGroupsSequence = [_frame(number) for number in range(count)]
    pixels = np.random.default_rng(0).integers(0, 4096, (count, size, size), np.uint16)
    image.PixelData = pixels.tobytes()
    image["PixelData"].VR = "OW"
    return image


def _frame(number: int) -> Dataset:
    item, position, content = Dataset(), Dataset(), Dataset()
    position.ImagePositionPatient = [0, 0, number * 1.25]
    content.DimensionIndexValues = [1, number + 1]
    item.PlanePositionSequence = [position]
    item.FrameContentSequence = [content]
    return item


def slide(side: int, tile: int = 256) -> Dataset:
    """A whole slide image of which the pixels do not matter."""
    image = instance(VLWholeSlideMicroscopyImageStorage, "SM")
    image.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    image.Rows = image.Columns = tile
    image.TotalPixelMatrixRows = image.TotalPixelMatrixColumns = side
    image.NumberOfFrames = (-(-side // tile)) ** 2
    image.TotalPixelMatrixFocalPlanes = image.NumberOfOpticalPaths = 1
    image.ImagedVolumeWidth = image.ImagedVolumeHeight = side * 0.00025
    image.ImagedVolumeDepth = 0.001
    image.DimensionOrganizationType = "TILED_FULL"
    image.DimensionOrganizationSequence = [Dataset()]
    image.DimensionOrganizationSequence[0].DimensionOrganizationUID = "1.2.3.6"
    image.ImageOrientationSlide = [0, -1, 0, -1, 0, 0]
    origin, path, shared, measures = (Dataset() for _ in range(4))
    origin.XOffsetInSlideCoordinateSystem = 20.0
    origin.YOffsetInSlideCoordinateSystem = 40.0
    image.TotalPixelMatrixOriginSequence = [origin]
    path.OpticalPathIdentifier = "1"
    image.OpticalPathSequence = [path]
    measures.PixelSpacing, measures.SliceThickness = [0.00025, 0.00025], 0.001
    shared.PixelMeasuresSequence = [measures]
    image.SharedFunctionalGroupsSequence = [shared]
    image.ContainerIdentifier, image.SpecimenDescriptionSequence = "C", [Dataset()]
    specimen = image.SpecimenDescriptionSequence[0]
    specimen.SpecimenIdentifier, specimen.SpecimenUID = "S", "1.2.3.7"
    specimen.IssuerOfTheSpecimenIdentifierSequence = []
    specimen.SpecimenPreparationSequence = []
    image.IssuerOfTheContainerIdentifierSequence = []
    image.ContainerTypeCodeSequence = []
    image.AcquisitionContextSequence = []
    image.LossyImageCompression, image.BurnedInAnnotation = "00", "NO"
    image.VolumetricProperties, image.SpecimenLabelInImage = "VOLUME", "NO"
    image.FocusMethod, image.ExtendedDepthOfField = "AUTO", "NO"
    image.AcquisitionDateTime, image.ContentDate = "20240101120000", "20240101"
    image.ContentTime = "120000"
    image.SamplesPerPixel, image.PhotometricInterpretation = 3, "RGB"
    image.PlanarConfiguration = 0
    image.BitsAllocated = image.BitsStored = 8
    image.HighBit = 7
    return image


def organ_labels(count: int, segments: int, size: int = 512) -> np.ndarray:
    """Label map of ellipsoids that do not overlap, each in a quarter of the planes."""
    rng = np.random.default_rng(1)
    labels = np.zeros((count, size, size), np.uint8)
    across = int(np.ceil(np.sqrt(segments)))
    cell = size // across
    depth = max(1, count * 35 // 150)
    offsets = (np.arange(cell) + 0.5 - cell / 2) / (cell / 2)
    disc = offsets[:, None] ** 2 + offsets**2
    for number in range(segments):
        row, column = divmod(number, across)
        first = int(rng.integers(0, max(1, count - depth)))
        for plane in range(first, min(count, first + depth)):
            height = (plane - first + 0.5 - depth / 2) / (depth / 2)
            part = labels[
                plane,
                row * cell : (row + 1) * cell,
                column * cell : (column + 1) * cell,
            ]
            part[disc < max(1 - height**2, 0.05)] = number + 1
    return labels


def tissue_labels(side: int, segments: int = 3) -> np.ndarray:
    """Label map of a slide: regions of tissue, with gaps, that lie over each other."""
    rng = np.random.default_rng(2)
    labels = np.zeros((side, side), np.uint8)
    for _ in range(85):
        radius = int(rng.uniform(0.02, 0.1) * side)
        row, column = (rng.uniform(0.1, 0.9, 2) * side).astype(int)
        gaps = int(rng.integers(9, 21))
        for offset in range(-radius, radius):
            half = int((radius**2 - offset**2) ** 0.5)
            if offset % gaps and 0 <= row + offset < side:
                start, stop = max(column - half, 0), min(column + half, side)
                labels[row + offset, start:stop] = gaps % segments + 1
    labels[0, :segments] = np.arange(1, segments + 1)
    return labels
