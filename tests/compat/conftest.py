"""Images as a hospital's archive gives them, made with pydicom alone."""

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRLittleEndian,
    VLWholeSlideMicroscopyImageStorage,
    generate_uid,
)


def _instance(sop_class_uid, study, number):
    dataset = Dataset()
    dataset.SOPClassUID = sop_class_uid
    dataset.SOPInstanceUID = generate_uid()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = sop_class_uid
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.set_original_encoding(False, True, "iso8859")
    for keyword, value in study.items():
        setattr(dataset, keyword, value)
    dataset.InstanceNumber = number + 1
    dataset.PatientID, dataset.PatientName = "P1", "Doe^Jane"
    dataset.PatientBirthDate, dataset.PatientSex = "19700101", "F"
    dataset.StudyDate, dataset.StudyTime, dataset.StudyID = "20240102", "101112", "S1"
    dataset.AccessionNumber, dataset.ReferringPhysicianName = "A1", ""
    dataset.SeriesNumber = 1
    dataset.Manufacturer, dataset.ManufacturerModelName = "Maker", "Scanner"
    return dataset


def _study():
    return {
        "StudyInstanceUID": generate_uid(),
        "SeriesInstanceUID": generate_uid(),
        "FrameOfReferenceUID": generate_uid(),
        "PositionReferenceIndicator": "",
    }


@pytest.fixture
def ct_series():
    """Five CT images of 16 × 12, 2.5 mm apart, with a slope of 2 and -1000."""
    study, rng = _study(), np.random.default_rng(5)
    images = []
    for number in range(5):
        image = _instance(CTImageStorage, study, number)
        image.Modality, image.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
        image.Rows, image.Columns = 16, 12
        image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
        image.BitsAllocated = image.BitsStored = 16
        image.HighBit, image.PixelRepresentation = 15, 0
        image.ImagePositionPatient = [-10.0, -20.0, 30.0 + 2.5 * number]
        image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        image.PixelSpacing, image.SliceThickness = [0.5, 0.75], 2.5
        image.RescaleSlope, image.RescaleIntercept, image.RescaleType = 2, -1000, "HU"
        image.WindowCenter, image.WindowWidth = 100, 500
        image.KVP, image.AcquisitionNumber, image.PatientPosition = 120, 1, "HFS"
        image.PixelData = rng.integers(0, 2000, (16, 12)).astype("<u2").tobytes()
        image["PixelData"].VR = "OW"
        images.append(image)
    return images


@pytest.fixture
def slide_image():
    """A whole slide of 25 × 30 pixels in tiles of 10."""
    image = _instance(VLWholeSlideMicroscopyImageStorage, _study(), 0)
    image.Modality, image.ImageType = "SM", ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    image.Rows = image.Columns = 10
    image.TotalPixelMatrixRows, image.TotalPixelMatrixColumns = 25, 30
    image.NumberOfFrames, image.TotalPixelMatrixFocalPlanes = 9, 1
    image.NumberOfOpticalPaths = 1
    image.DimensionOrganizationType = "TILED_FULL"
    image.ImageOrientationSlide = [0, -1, 0, -1, 0, 0]
    image.SamplesPerPixel, image.PhotometricInterpretation = 3, "RGB"
    image.PlanarConfiguration, image.BitsAllocated, image.BitsStored = 0, 8, 8
    image.HighBit, image.PixelRepresentation = 7, 0
    origin, path, shared, measures, specimen = (Dataset() for _ in range(5))
    origin.XOffsetInSlideCoordinateSystem = 20.0
    origin.YOffsetInSlideCoordinateSystem = 40.0
    image.TotalPixelMatrixOriginSequence = [origin]
    path.OpticalPathIdentifier = "1"
    image.OpticalPathSequence = [path]
    measures.PixelSpacing, measures.SliceThickness = [0.001, 0.001], 0.001
    shared.PixelMeasuresSequence = [measures]
    image.SharedFunctionalGroupsSequence = [shared]
    specimen.SpecimenIdentifier, specimen.SpecimenUID = "SP1", generate_uid()
    specimen.IssuerOfTheSpecimenIdentifierSequence = []
    specimen.SpecimenPreparationSequence = []
    image.SpecimenDescriptionSequence = [specimen]
    image.ContainerIdentifier = "C1"
    image.IssuerOfTheContainerIdentifierSequence = []
    image.ContainerTypeCodeSequence = []
    image.AcquisitionContextSequence = []
    image.LossyImageCompression, image.BurnedInAnnotation = "00", "NO"
    image.VolumetricProperties, image.SpecimenLabelInImage = "VOLUME", "NO"
    image.FocusMethod, image.ExtendedDepthOfField = "AUTO", "NO"
    image.ImagedVolumeWidth = image.ImagedVolumeHeight = 10.0
    image.ImagedVolumeDepth = 0.001
    rng = np.random.default_rng(6)
    matrix = np.zeros((30, 30, 3), np.uint8)
    matrix[:25] = rng.integers(0, 255, (25, 30, 3))
    tiles = matrix.reshape(3, 10, 3, 10, 3).swapaxes(1, 2).reshape(9, 10, 10, 3)
    image.PixelData = tiles.tobytes()
    image["PixelData"].VR = "OB"
    image.total_pixel_matrix = matrix[:25]
    return image


@pytest.fixture
def saved(tmp_path):
    """Save an object and give the path."""

    def save(dataset, name="object.dcm"):
        path = tmp_path / name
        dataset.save_as(path)
        return path

    return save
