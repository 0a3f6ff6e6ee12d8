"""Secondary Capture images of one and of several frames."""

import pickle
from io import BytesIO

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from highdicom import UID, Image, imread
from highdicom.content.issuer import IssuerOfIdentifier
from highdicom.content.specimen import SpecimenDescription
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    MissingAttributeError,
    UnsupportedTransferSyntaxError,
)
from highdicom.modules.equipment import ContributingEquipment
from highdicom.sc import ConversionTypeValues, MultiFrameSCImage, SCImage
from highdicom.testing import ct_series

_JPEG = "1.2.840.10008.1.2.4.{}"
_RLE = "1.2.840.10008.1.2.5"
_DEFLATED = "1.2.840.10008.1.2.1.99"
_RNG = np.random.default_rng(7)
_BYTES = _RNG.integers(0, 256, (40, 36), np.uint8)
_WORDS = _RNG.integers(0, 65536, (40, 36), np.uint16)
_BITS = _BYTES > 127
_ROWS, _COLUMNS = np.mgrid[:40, :36]
# Smooth, so that lossy compression changes it little.
_COLORS = np.stack([_ROWS * 6, _COLUMNS * 6, _ROWS + _COLUMNS], 2).astype(np.uint8)

_IDENTITY = {
    "study_instance_uid": "1.2.3",
    "series_instance_uid": "1.2.3.4",
    "series_number": 3,
    "sop_instance_uid": "1.2.3.4.5",
    "instance_number": 2,
    "manufacturer": "Manufacturer",
}
_PATIENT = {"coordinate_system": "PATIENT", "patient_orientation": ("L", "F")}


def _slide(**changes):
    return {
        "coordinate_system": "SLIDE",
        "container_identifier": "container",
        "specimen_descriptions": [SpecimenDescription("specimen", UID())],
        **changes,
    }


def _image(pixels=_BYTES, kind="MONOCHROME2", bits=8, **options):
    given = {**_IDENTITY, **_PATIENT, **options}
    return SCImage(pixels, kind, bits, **given)


def _film(pixels, kind="MONOCHROME2", bits=8, **options):
    given = {**_IDENTITY, **_PATIENT, "burned_in_annotation": False, **options}
    return MultiFrameSCImage(pixels, kind, bits, **given)


def _written(image):
    buffer = BytesIO()
    image.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


_LOSSLESS = [
    *[
        (pixels, kind, bits, uid)
        for pixels, kind, bits in [
            (_BYTES, "MONOCHROME1", 8),
            (_BYTES, "MONOCHROME2", 8),
            (_WORDS, "MONOCHROME2", 16),
        ]
        for uid in [
            ImplicitVRLittleEndian,
            ExplicitVRLittleEndian,
            _DEFLATED,
            _RLE,
            _JPEG.format(80),
            _JPEG.format(90),
            _JPEG.format(201),
        ]
    ],
    *[(_BITS, "MONOCHROME2", 1, uid) for uid in [ExplicitVRLittleEndian, _DEFLATED]],
    *[(_COLORS, "RGB", 8, uid) for uid in [ExplicitVRLittleEndian, _RLE]],
    (_COLORS, "RGB", 8, _JPEG.format(80)),
    (_COLORS, "YBR_RCT", 8, _JPEG.format(90)),
    (_COLORS, "YBR_RCT", 8, _JPEG.format(201)),
]


@pytest.mark.parametrize(("pixels", "kind", "bits", "uid"), _LOSSLESS)
def test_what_is_written_without_loss_is_read_back(pixels, kind, bits, uid):
    image = _image(pixels, kind, bits, transfer_syntax_uid=uid)
    read = imread(_written(image))
    np.testing.assert_array_equal(read.pixel_array, pixels)
    assert read.PhotometricInterpretation == kind
    assert "LossyImageCompression" not in read


@pytest.mark.parametrize(
    ("pixels", "kind", "bits", "uid"),
    [case for case in _LOSSLESS if case[1] != "MONOCHROME1"],
)
def test_several_frames_written_without_loss_are_read_back(pixels, kind, bits, uid):
    frames = np.stack([pixels, pixels[::-1], pixels])
    image = _film(frames, kind, bits, transfer_syntax_uid=uid)
    read = imread(_written(image))
    assert read.number_of_frames == 3
    np.testing.assert_array_equal(read.pixel_array, frames)


@pytest.mark.parametrize(
    ("pixels", "kind", "uid", "method"),
    [
        (_COLORS[..., 0], "MONOCHROME2", _JPEG.format(50), "ISO_10918_1"),
        (_COLORS, "YBR_FULL_422", _JPEG.format(50), "ISO_10918_1"),
        (_COLORS[..., 0], "MONOCHROME2", _JPEG.format(81), "ISO_14495_1"),
        (_COLORS, "YBR_ICT", _JPEG.format(91), "ISO_15444_1"),
    ],
)
def test_lossy_compression_is_said(pixels, kind, uid, method):
    image = _image(pixels, kind, transfer_syntax_uid=uid)
    read = imread(_written(image))
    assert np.abs(read.pixel_array.astype(int) - pixels).max() < 12
    assert read.LossyImageCompression == "01"
    assert read.LossyImageCompressionMethod == method
    assert float(read.LossyImageCompressionRatio) == pytest.approx(
        pixels.nbytes / len(image.PixelData), abs=0.01
    )


def test_luminance_and_chrominance_are_stored_as_given():
    image = _image(_COLORS, "YBR_FULL")
    assert image.PixelData == _COLORS.tobytes()
    assert image.PhotometricInterpretation == "YBR_FULL"


def test_bits_are_packed_from_the_lowest():
    image = _image(_BITS, bits=1)
    unpacked = np.unpackbits(
        np.frombuffer(image.PixelData, np.uint8), bitorder="little"
    )
    np.testing.assert_array_equal(unpacked[: _BITS.size].reshape(_BITS.shape), _BITS)


def test_attributes_of_a_patient():
    image = _image(pixel_spacing=(0.5, 0.25), laterality="R", patient_id="ID")
    assert image.Modality == "OT"
    assert image.ConversionType == "DI"
    assert image.ImageType == ["DERIVED", "SECONDARY", "OTHER"]
    assert image.PixelSpacing == [0.5, 0.25]
    assert image.PatientOrientation == ["L", "F"]
    assert image.Laterality == "R"
    assert image.PatientID == "ID"
    assert (image.BitsStored, image.HighBit) == (8, 7)
    assert "ContainerIdentifier" not in image
    assert image.ContributingEquipmentSequence[-1].ManufacturerModelName == "highdicom"


def test_a_side_that_is_not_known_is_left_empty():
    assert _image()["Laterality"].is_empty


def test_a_quadruped_has_other_directions():
    image = _image(
        patient_orientation=("CD", "V"), anatomical_orientation_type="QUADRUPED"
    )
    assert image.PatientOrientation == ["CD", "V"]
    assert image.AnatomicalOrientationType == "QUADRUPED"


def test_attributes_of_a_slide():
    issuer = IssuerOfIdentifier("issuer")
    image = _image(
        _COLORS,
        "RGB",
        **_slide(issuer_of_container_identifier=issuer, patient_orientation=None),
    )
    assert image.ContainerIdentifier == "container"
    assert image.ContainerTypeCodeSequence[0].CodeMeaning == "Microscope slide"
    described = image.SpecimenDescriptionSequence[0]
    assert described.SpecimenIdentifier == "specimen"
    named = image.IssuerOfTheContainerIdentifierSequence[0]
    assert named.LocalNamespaceEntityID == "issuer"
    assert image["PatientOrientation"].is_empty
    assert "Laterality" not in image


def test_contributing_equipment_comes_before_this_software():
    other = ContributingEquipment.for_image_acquisition(ct_series(1)[0])
    image = _image(contributing_equipment=[other])
    assert len(image.ContributingEquipmentSequence) == 2
    assert image.ContributingEquipmentSequence[0].Manufacturer == other.Manufacturer


@pytest.mark.parametrize("make", [SCImage, MultiFrameSCImage])
def test_patient_and_study_of_another_instance_are_taken(make):
    (reference,) = ct_series(1)
    reference.PatientAge = "044Y"
    reference.StudyDescription = "Study"
    before = reference.to_json()
    identity = {k: v for k, v in _IDENTITY.items() if k != "study_instance_uid"}
    more = {} if make is SCImage else {"burned_in_annotation": True}
    pixels = _BYTES if make is SCImage else _BYTES[np.newaxis]
    image = make.from_ref_dataset(
        reference, pixels, "MONOCHROME2", 8, **identity, **_PATIENT, **more
    )
    assert isinstance(image, make)
    for keyword in (
        "StudyInstanceUID",
        "PatientName",
        "PatientID",
        "PatientAge",
        "StudyDate",
        "StudyDescription",
    ):
        assert image[keyword].value == reference[keyword].value, keyword
    assert image.SeriesInstanceUID == _IDENTITY["series_instance_uid"]
    acquired = image.ContributingEquipmentSequence[0]
    assert acquired.Manufacturer == reference.Manufacturer
    assert reference.to_json() == before


def test_the_default_transfer_syntaxes_are_those_of_the_interface():
    identity = {k: v for k, v in _IDENTITY.items() if k != "study_instance_uid"}
    image = SCImage.from_ref_dataset(
        ct_series(1)[0], _BYTES, "MONOCHROME2", 8, **identity, **_PATIENT
    )
    assert image.transfer_syntax_uid == ImplicitVRLittleEndian
    assert _image().transfer_syntax_uid == ExplicitVRLittleEndian


def test_text_of_another_character_set_is_kept():
    (reference,) = ct_series(1)
    reference.SpecificCharacterSet = "ISO_IR 100"
    reference.PatientName = "Müller^Jürgen"
    identity = {k: v for k, v in _IDENTITY.items() if k != "study_instance_uid"}
    image = SCImage.from_ref_dataset(
        reference, _BYTES, "MONOCHROME2", 8, **identity, **_PATIENT
    )
    read = dcmread(BytesIO(_written(image)))
    assert str(read.PatientName) == "Müller^Jürgen"


@pytest.mark.parametrize(
    ("pixels", "kind", "bits", "sop_class"),
    [
        (_BITS, "MONOCHROME2", 1, "1.2.840.10008.5.1.4.1.1.7.1"),
        (_BYTES, "MONOCHROME2", 8, "1.2.840.10008.5.1.4.1.1.7.2"),
        (_WORDS, "MONOCHROME2", 16, "1.2.840.10008.5.1.4.1.1.7.3"),
        (_COLORS, "RGB", 8, "1.2.840.10008.5.1.4.1.1.7.4"),
    ],
)
def test_the_sop_class_follows_from_the_pixels(pixels, kind, bits, sop_class):
    image = _film(pixels[np.newaxis], kind, bits)
    assert sop_class == image.SOPClassUID
    assert ("RescaleSlope" in image) == (kind == "MONOCHROME2" and bits > 1)


def test_frames_are_pages_unless_they_are_a_film():
    pages = _film(np.stack([_BYTES] * 3))
    assert pages.FrameIncrementPointer == 0x00182001
    assert pages.PageNumberVector == [1, 2, 3]
    film = _film(np.stack([_BYTES] * 3), frame_time=40)
    assert film.FrameIncrementPointer == 0x00181063
    assert film.FrameTime == 40
    single = _film(_BYTES[np.newaxis])
    assert "FrameIncrementPointer" not in single


def test_what_is_seen_in_frames_is_said():
    image = _film(
        _BYTES[np.newaxis],
        burned_in_annotation=True,
        recognizable_visual_features=False,
        conversion_type=ConversionTypeValues.DF,
    )
    assert image.BurnedInAnnotation == "YES"
    assert image.RecognizableVisualFeatures == "NO"
    assert image.ConversionType == "DF"


def test_an_extended_offset_table_can_be_written():
    frames = np.stack([_BYTES, _BYTES[::-1]])
    image = _film(frames, transfer_syntax_uid=_RLE, use_extended_offset_table=True)
    assert len(image.ExtendedOffsetTable) == 16
    np.testing.assert_array_equal(imread(_written(image)).pixel_array, frames)


def test_frames_can_be_encoded_by_several_workers():
    frames = np.stack([_WORDS] * 4)
    alone = _film(frames, bits=16, transfer_syntax_uid=_JPEG.format(80))
    together = _film(frames, bits=16, transfer_syntax_uid=_JPEG.format(80), workers=2)
    assert together.PixelData == alone.PixelData


def test_a_capture_is_an_image_and_can_be_pickled():
    image = _image()
    assert isinstance(image, Image)
    again = pickle.loads(pickle.dumps(image))
    assert again == image
    np.testing.assert_array_equal(again.get_frame(1), _BYTES)


def test_a_capture_is_adopted():
    dataset = dcmread(BytesIO(_written(_image())))
    adopted = SCImage.from_dataset(dataset)
    assert type(adopted) is SCImage
    assert type(dataset) is not SCImage


def test_the_array_is_not_changed():
    pixels = _COLORS.copy()
    pixels.flags.writeable = False
    _image(pixels, "YBR_FULL_422", transfer_syntax_uid=_JPEG.format(50))
    np.testing.assert_array_equal(pixels, _COLORS)


@pytest.mark.parametrize(
    ("pixels", "kind", "bits"),
    [
        (_BYTES, "MONOCHROME2", 16),
        (_WORDS, "MONOCHROME2", 8),
        (_WORDS, "MONOCHROME2", 12),
        (_BITS, "MONOCHROME2", 8),
        (_BYTES, "MONOCHROME2", 1),
        (_BYTES, "RGB", 8),
        (_COLORS, "MONOCHROME2", 8),
        (_COLORS, "PALETTE COLOR", 8),
        (_COLORS, "YBR_FULL_422", 8),
        (_COLORS.astype(np.uint16), "RGB", 16),
        (_BYTES, "GREY", 8),
        (_BYTES[np.newaxis], "MONOCHROME2", 8),
        (_BYTES[:0], "MONOCHROME2", 8),
        (np.zeros((8, 8, 4), np.uint8), "RGB", 8),
    ],
)
def test_arrays_that_do_not_fit_are_refused(pixels, kind, bits):
    with pytest.raises(InvalidArgumentError, match=r"^'\w+' must .*\.$"):
        _image(pixels, kind, bits)


@pytest.mark.parametrize("dtype", [np.int16, np.uint32, np.float32, np.int8])
def test_other_data_types_are_refused(dtype):
    with pytest.raises(ArgumentTypeError, match="pixel_array"):
        _image(_BYTES.astype(dtype))


@pytest.mark.parametrize("make", [_image, _film])
def test_what_is_no_array_is_refused(make):
    with pytest.raises(ArgumentTypeError, match="must be a NumPy array, not list"):
        make([[1, 2]])


@pytest.mark.parametrize(
    ("kind", "uid"),
    [
        ("RGB", _JPEG.format(50)),
        ("RGB", _JPEG.format(90)),
        ("YBR_FULL", _JPEG.format(80)),
        ("YBR_RCT", _JPEG.format(91)),
        ("YBR_ICT", _RLE),
    ],
)
def test_colours_that_the_codec_does_not_make_are_refused(kind, uid):
    with pytest.raises(InvalidArgumentError, match="photometric_interpretation"):
        _image(_COLORS, kind, transfer_syntax_uid=uid)


@pytest.mark.parametrize(
    "uid", ["1.2.840.10008.1.2.4.50", "1.2", "abc", "1.2.840.10008.1.2.2"]
)
def test_transfer_syntaxes_that_cannot_hold_the_pixels_are_refused(uid):
    with pytest.raises(ValueError, match=r"\.$"):
        _image(_WORDS, bits=16, transfer_syntax_uid=uid)
    assert issubclass(UnsupportedTransferSyntaxError, ValueError)


@pytest.mark.parametrize(
    "given",
    [
        {"coordinate_system": "PATIENT", "patient_orientation": None},
        _slide(container_identifier=None),
        _slide(specimen_descriptions=None),
    ],
)
def test_what_the_coordinate_system_asks_for_is_required(given):
    with pytest.raises(ConflictingArgumentsError, match="is required if"):
        _image(**given)


@pytest.mark.parametrize(
    "given",
    [
        {"coordinate_system": "VOLUME"},
        {"patient_orientation": ("X", "Y")},
        {"patient_orientation": ("L", "P", "H")},
        {"patient_orientation": ("L", "L")},
        {"patient_orientation": ("L", "R")},
        {"patient_orientation": 3},
        {"patient_orientation": ("CD", "V")},
        {"anatomical_orientation_type": "TRIPED"},
        {"laterality": "U"},
        {"pixel_spacing": (1.0, 1.0, 1.0)},
        {"pixel_spacing": (-1.0, 1.0)},
        {"pixel_spacing": (np.nan, 1.0)},
        {"series_number": 0},
        _slide(specimen_descriptions=[]),
    ],
)
def test_values_that_are_not_allowed_are_refused(given):
    with pytest.raises(InvalidArgumentError, match=r"\.$"):
        _image(**given)


def test_specimens_have_to_be_described():
    with pytest.raises(ArgumentTypeError, match="SpecimenDescription"):
        _image(**_slide(specimen_descriptions=[Dataset()]))


def test_unknown_keywords_are_refused():
    with pytest.raises(TypeError):
        _image(colour="blue")


def test_references_that_are_no_use_are_refused():
    identity = {k: v for k, v in _IDENTITY.items() if k != "study_instance_uid"}
    given = {**identity, **_PATIENT}
    with pytest.raises(ArgumentTypeError, match="ref_dataset"):
        SCImage.from_ref_dataset("file", _BYTES, "MONOCHROME2", 8, **given)
    with pytest.raises(MissingAttributeError, match="StudyInstanceUID"):
        SCImage.from_ref_dataset(Dataset(), _BYTES, "MONOCHROME2", 8, **given)
    with pytest.raises(TypeError, match="patient_id"):
        SCImage.from_ref_dataset(
            ct_series(1)[0], _BYTES, "MONOCHROME2", 8, patient_id="x", **given
        )


@pytest.mark.parametrize(
    ("pixels", "kind", "options"),
    [
        (_BYTES, "MONOCHROME2", {}),
        (_BYTES[np.newaxis], "MONOCHROME1", {}),
        (_COLORS[np.newaxis], "YBR_FULL", {}),
        (_BYTES[np.newaxis], "MONOCHROME2", {"frame_time": 0}),
        (_BYTES[np.newaxis], "MONOCHROME2", {"frame_time": float("inf")}),
        (_BYTES[np.newaxis], "MONOCHROME2", {"conversion_type": "XX"}),
    ],
)
def test_frames_that_are_not_allowed_are_refused(pixels, kind, options):
    with pytest.raises(InvalidArgumentError, match=r"\.$"):
        _film(pixels, kind, **options)


def test_a_time_has_to_be_a_number():
    with pytest.raises(ArgumentTypeError, match="frame_time"):
        _film(_BYTES[np.newaxis], frame_time="fast")
