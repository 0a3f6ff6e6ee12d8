"""Images that a report is about."""

import datetime

import pytest
from pydicom import Dataset
from pydicom.sr.codedict import codes

from highdicom.sr import (
    ImageContentItem,
    ImageLibrary,
    ImageLibraryEntryDescriptors,
    TextContentItem,
)
from highdicom.sr.templates import ImageLibraryEntry
from highdicom.testing import ct_series


def radiograph():
    image = Dataset()
    image.SOPClassUID, image.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", "1.2.3"
    image.Modality, image.Rows, image.Columns = "DX", 30, 40
    image.PatientOrientation = ["L", "F"]
    image.ImagerPixelSpacing = [0.1, 0.2]
    return image


def described(image):
    return {
        item.name.meaning: item.value for item in ImageLibraryEntryDescriptors(image)
    }


def test_cross_section_is_described_by_its_plane():
    (image,) = ct_series(number_of_slices=1)
    image.ImagePositionPatient = [-1.5, 2.5, 3.5]
    image.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    image.PixelSpacing = [0.5, 0.75]
    image.SliceThickness = "2.5"
    found = described(image)
    assert found["Modality"] == codes.cid29.ComputedTomography
    assert found["Frame of Reference UID"] == image.FrameOfReferenceUID
    assert found["Pixel Data Rows"] == image.Rows
    assert found["Pixel Data Columns"] == image.Columns
    # PixelSpacing has the distance of the rows first (PS3.3 10.7.1.3).
    assert found["Vertical Pixel Spacing"] == 0.5
    assert found["Horizontal Pixel Spacing"] == 0.75
    assert found["Slice Thickness"] == 2.5
    position = [found[f"Image Position (Patient) {axis}"] for axis in "XYZ"]
    assert position == [-1.5, 2.5, 3.5]
    assert found["Image Orientation (Patient) Column Z"] == -1


def test_radiograph_is_described_by_its_projection():
    found = described(radiograph())
    assert found["Patient Orientation Row"] == "L"
    assert found["Patient Orientation Column"] == "F"
    assert found["Vertical Pixel Spacing"] == 0.1
    assert found["Horizontal Pixel Spacing"] == 0.2
    assert "Image Position (Patient) X" not in found


def test_what_is_missing_is_left_out():
    image = Dataset()
    image.Modality = "US"
    assert [item.name.meaning for item in ImageLibraryEntryDescriptors(image)] == [
        "Modality"
    ]
    made = ImageLibraryEntryDescriptors(image)
    assert made.modality == codes.cid29.Ultrasound
    assert made.pixel_data_rows is None
    assert made.frame_of_reference_uid is None
    image.Modality = "XX"
    assert ImageLibraryEntryDescriptors(image).modality.value == "XX"
    image.PatientOrientation, image.Modality = "", "CR"
    assert len(ImageLibraryEntryDescriptors(image)) == 1


def test_further_descriptors_are_added():
    comment = TextContentItem(codes.DCM.Comment, "a", "HAS ACQ CONTEXT")
    assert ImageLibraryEntryDescriptors(radiograph(), [comment])[-1] is comment
    with pytest.raises(TypeError):
        ImageLibraryEntryDescriptors(radiograph(), ["a"])


def test_entry_is_the_image_with_its_description():
    image = radiograph()
    (entry,) = ImageLibraryEntry(image)
    assert isinstance(entry, ImageContentItem)
    assert entry.value == (image.SOPClassUID, image.SOPInstanceUID)
    assert len(entry.ContentSequence) == len(ImageLibraryEntryDescriptors(image))
    assert {item.relationship_type.value for item in entry.ContentSequence} == {
        "HAS ACQ CONTEXT"
    }


def test_images_of_a_class_and_frame_of_reference_are_a_group():
    first, second = ct_series(number_of_slices=2)
    other = ct_series(number_of_slices=1)[0]
    other.FrameOfReferenceUID = "1.2.33"
    library = ImageLibrary([first, other, radiograph(), second])
    groups = library[0].ContentSequence
    assert [len(group.ContentSequence) for group in groups] == [2, 1, 1]
    found = [item.referenced_sop_instance_uid for item in groups[0].ContentSequence]
    assert found == [first.SOPInstanceUID, second.SOPInstanceUID]
    assert not library.check()


@pytest.mark.parametrize(
    ("datasets", "error"),
    [(3, TypeError), ([3], TypeError), ([], ValueError), ([Dataset()], AttributeError)],
)
def test_other_things_are_no_images(datasets, error):
    with pytest.raises(error):
        ImageLibrary(datasets)


def test_dates_are_read_from_descriptors_that_others_wrote():
    from highdicom.sr import DateContentItem

    date = DateContentItem(codes.DCM.StudyDate, "20240131", "HAS ACQ CONTEXT")
    made = ImageLibraryEntryDescriptors(radiograph(), [date])
    assert made[-1].value == datetime.date(2024, 1, 31)
    assert [v.severity.value for v in made.check()] == []
