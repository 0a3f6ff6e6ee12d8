"""Values that contradict one another are found."""

import copy

import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset

from highdicom.image import imread
from highdicom.standard import Requirement, Severity, validate
from highdicom.testing import ct_series


@pytest.fixture
def image():
    return copy.deepcopy(ct_series(number_of_slices=1)[0])


def found(dataset):
    return {
        violation.path: violation
        for violation in validate(dataset)
        if violation.rule is Requirement.CONSISTENCY
    }


def test_a_sound_image_does_not_contradict_itself(image):
    assert not found(image)


@pytest.mark.parametrize("spacing", [[0, 0.5], [0.5, -1]])
def test_spacing_has_to_be_positive(image, spacing):
    image.PixelSpacing = spacing
    assert list(found(image)) == ["PixelSpacing"]


def test_spacing_may_be_zero_where_there_is_one_row(image):
    image.PixelSpacing = [0, 0.5]
    image.Rows = 1
    assert "PixelSpacing" not in found(image)


@pytest.mark.parametrize(
    "orientation", [[0] * 6, [1, 0, 0, 1, 0, 0], [2, 0, 0, 0, 1, 0]]
)
def test_orientations_are_unit_vectors_at_a_right_angle(image, orientation):
    image.ImageOrientationPatient = orientation
    violation = found(image)["ImageOrientationPatient"]
    assert violation.severity is Severity.ERROR
    assert "C.7.6.2.1.1" in violation.message


def test_rounded_orientations_are_no_violation(image):
    image.ImageOrientationPatient = [0.707, 0.707, 0, -0.707, 0.707, 0]
    assert not found(image)


@pytest.mark.parametrize("change", [{"Rows": 60000}, {"BitsAllocated": 8}])
def test_native_pixel_data_have_the_size_of_their_frames(image, change):
    image.PixelData = bytes(2 * image.Rows * image.Columns)
    for keyword, value in change.items():
        setattr(image, keyword, value)
    assert f"has {len(image.PixelData)} bytes" in found(image)["PixelData"].message


def test_images_without_rows_are_named(image):
    image.Rows = 0
    assert "Rows" in found(image)


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("BitsStored", 17), ("BitsStored", 0), ("HighBit", 3), ("WindowWidth", 0)],
)
def test_numbers_that_nothing_can_have_are_named(image, keyword, value):
    setattr(image, keyword, value)
    assert keyword in found(image)


def test_iods_of_a_single_frame_have_no_more(image):
    image.NumberOfFrames = 2
    image.PixelData = bytes(4 * image.Rows * image.Columns)
    assert list(found(image)) == ["NumberOfFrames"]
    image.NumberOfFrames = 1
    image.PixelData = image.PixelData[: len(image.PixelData) // 2]
    assert not found(image)


def test_bytes_for_words_are_named(image):
    image["PixelData"].VR = "OB"
    assert "OW" in found(image)["PixelData"].message


def test_dimension_indices_are_as_many_as_dimensions():
    dataset = copy.deepcopy(imread(get_testdata_file("liver_1frame.dcm")))
    frame = dataset.PerFrameFunctionalGroupsSequence[0]
    indices = list(frame.FrameContentSequence[0].DimensionIndexValues)
    frame.FrameContentSequence[0].DimensionIndexValues = [*indices, 1]
    path = (
        "PerFrameFunctionalGroupsSequence[0].FrameContentSequence[0]."
        "DimensionIndexValues"
    )
    assert path in found(dataset)


def test_pixel_data_that_were_left_in_the_file_are_not_measured():
    path = get_testdata_file("CT_small.dcm")
    assert not [
        violation
        for violation in imread(path, lazy_frame_retrieval=True).validate()
        if violation.path == "PixelData"
    ]


def test_formats_of_values_are_checked_in_unknown_sop_classes_too():
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.3"
    item = Dataset()
    item.add_new("StudyDate", "DA", None)
    item["StudyDate"]._value = "1994.11.05"
    dataset.ReferencedStudySequence = [item]
    unknown, misfit = validate(dataset)
    assert unknown.severity is Severity.NOT_CHECKED
    assert misfit.path == "ReferencedStudySequence[0].StudyDate"


def test_directories_of_media_need_no_sop_class():
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
    (violation,) = validate(dataset)
    assert violation.severity is Severity.NOT_CHECKED


def test_annotations_of_waveforms_may_be_numbered_from_zero():
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.3"
    item = Dataset()
    item.AnnotationGroupNumber = 0
    dataset.WaveformAnnotationSequence = [item]
    assert not found(dataset)
    dataset.AnnotationGroupSequence = [item]
    del dataset.WaveformAnnotationSequence
    assert list(found(dataset)) == ["AnnotationGroupSequence[0].AnnotationGroupNumber"]
