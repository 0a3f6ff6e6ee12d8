"""Source images: what is known of them, however they come."""

from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.uid import ImplicitVRLittleEndian

from highdicom.errors import InvalidArgumentError
from highdicom.image.lossy_compression import LossyCompressions
from highdicom.image.sources import SourceImages
from highdicom.testing import ct_series, file_bytes


def read_again(image, *, implicit=False):
    """An image as it comes from a file, none of its attributes converted yet."""
    if implicit:
        image.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    return dcmread(BytesIO(file_bytes(image)))


def series(**attributes):
    images = ct_series(3)
    for image in images:
        for keyword, value in attributes.items():
            setattr(image, keyword, value)
    return images


@pytest.mark.parametrize("patient", ["4711", " 4711", "Größe", "A B", "", None])
@pytest.mark.parametrize("implicit", [False, True])
def test_images_belong_together_whether_their_attributes_were_converted(
    patient, implicit
):
    images = series(PatientID=patient, SpecificCharacterSet="ISO_IR 192")
    images[0] = read_again(images[0], implicit=implicit)
    sources = SourceImages.of(images)
    uids, classes, _ = sources.instances_of(np.array([0]))
    assert uids == [images[0].SOPInstanceUID]
    assert classes == [images[0].SOPClassUID]


def test_images_are_known_without_being_converted():
    images = [read_again(image) for image in series(PatientID="4711")]
    SourceImages.of(images)
    for keyword in ("StudyInstanceUID", "PatientID", "Rows"):
        assert isinstance(images[1].get_item(keyword), RawDataElement)


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PatientID", "4712"),
        ("PatientID", "Größe"),
        ("Rows", 17),
        ("FrameOfReferenceUID", "1.2.3"),
    ],
)
def test_what_differs_is_named_though_not_converted(keyword, value):
    images = series(PatientID="4711", SpecificCharacterSet="ISO_IR 192")
    setattr(images[1], keyword, value)
    images = [read_again(image) for image in images]
    with pytest.raises(InvalidArgumentError, match=f"share {keyword}, .*{value}"):
        SourceImages.of(images)


def test_images_whose_values_are_still_in_their_files_are_known_as_well(tmp_path):
    images = series(LossyImageCompression="00")
    paths = [tmp_path / f"{number}.dcm" for number in range(len(images))]
    for image, path in zip(images, paths, strict=True):
        path.write_bytes(file_bytes(image))
    deferred = [dcmread(path, defer_size=1) for path in paths]
    assert deferred[0]._dict[0x00200032].value is None
    sources, expected = SourceImages.of(deferred), SourceImages.of(images)
    rows = np.arange(3)
    assert sources.instances_of(rows)[:2] == expected.instances_of(rows)[:2]
    assert sources.index == expected.index
    assert not LossyCompressions.of(deferred).has_lost
