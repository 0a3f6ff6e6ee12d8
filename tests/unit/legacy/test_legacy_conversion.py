"""Series of single-frame images as one image."""

import pickle
from io import BytesIO

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.sr.codedict import codes
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

import highdicom
from highdicom import Image, imread
from highdicom.coding import CodedConcept
from highdicom.errors import (
    AmbiguousFramesError,
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
    NonconformantDatasetWarning,
    UnsupportedTransferSyntaxError,
    WrongSOPClassError,
)
from highdicom.legacy import (
    LegacyConvertedEnhancedCTImage,
    LegacyConvertedEnhancedMRImage,
    LegacyConvertedEnhancedPETImage,
    lceread,
)
from highdicom.modules.equipment import ContributingEquipment
from highdicom.testing import ct_series, enhanced_ct, mr_series, pet_series

_KINDS = [
    (LegacyConvertedEnhancedCTImage, ct_series),
    (LegacyConvertedEnhancedMRImage, mr_series),
    (LegacyConvertedEnhancedPETImage, pet_series),
]
_IDENTITY = {
    "series_instance_uid": "1.2.3.4",
    "series_number": 7,
    "sop_instance_uid": "1.2.3.4.5",
    "instance_number": 1,
}
_UNASSIGNED_SHARED = "UnassignedSharedConvertedAttributesSequence"
_UNASSIGNED = "UnassignedPerFrameConvertedAttributesSequence"


def _ct(datasets, **options):
    return LegacyConvertedEnhancedCTImage(datasets, **_IDENTITY, **options)


def _written(dataset):
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _reread(datasets):
    """As if they came from files: elements not decoded yet."""
    return [dcmread(BytesIO(_written(dataset))) for dataset in datasets]


def _frames(image):
    return list(image.PerFrameFunctionalGroupsSequence)


def _shared(image):
    return image.SharedFunctionalGroupsSequence[0]


def _sources(image):
    return [
        frame.ConversionSourceAttributesSequence[0].ReferencedSOPInstanceUID
        for frame in _frames(image)
    ]


def _set(datasets, **values):
    """Set attributes: a list gives one value for each dataset."""
    for keyword, value in values.items():
        for number, dataset in enumerate(datasets):
            one = value[number] if isinstance(value, list) else value
            if one is None:
                if keyword in dataset:
                    del dataset[keyword]
            else:
                setattr(dataset, keyword, one)
    return datasets


# --- pixels --------------------------------------------------------------------------


@pytest.mark.parametrize(("make", "series"), _KINDS)
def test_every_image_becomes_a_frame(make, series):
    datasets = series(4)
    image = make(datasets, **_IDENTITY)
    assert image.number_of_frames == 4
    for dataset in datasets:
        frame = image.get_pixels_by_legacy_source_instance(
            dataset.SOPInstanceUID, apply_modality_transform=False, dtype=np.int64
        )
        np.testing.assert_array_equal(frame, dataset.pixel_array)


@pytest.mark.parametrize(
    "uid",
    [
        ImplicitVRLittleEndian,
        ExplicitVRLittleEndian,
        DeflatedExplicitVRLittleEndian,
        RLELossless,
        JPEGLSLossless,
    ],
)
@pytest.mark.parametrize("from_files", [False, True])
def test_pixels_stay_byte_for_byte_in_the_same_transfer_syntax(uid, from_files):
    datasets = ct_series(3, signed=False, transfer_syntax=uid)
    if from_files:
        datasets = _reread(datasets)
    stored = {
        one.SOPInstanceUID: Image.from_dataset(one).get_raw_frame(1) for one in datasets
    }
    image = imread(_written(_ct(datasets)))
    assert image.transfer_syntax_uid == uid
    for number, source in enumerate(_sources(image), start=1):
        assert image.get_raw_frame(number) == stored[source]


def test_bits_that_are_not_stored_stay_as_they_are():
    datasets = ct_series(2, signed=False, bits_stored=12)
    for dataset in datasets:
        words = np.frombuffer(dataset.PixelData, "<u2") | 0x8000
        dataset.PixelData = words.tobytes()
    image = _ct(datasets)
    expected = [one.PixelData for one in datasets]
    assert sorted([image.get_raw_frame(1), image.get_raw_frame(2)]) == sorted(expected)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (ExplicitVRLittleEndian, RLELossless),
        (ExplicitVRLittleEndian, ImplicitVRLittleEndian),
        (ImplicitVRLittleEndian, JPEGLSLossless),
        (RLELossless, ExplicitVRLittleEndian),
        (JPEGLSLossless, DeflatedExplicitVRLittleEndian),
        (ExplicitVRLittleEndian, "1.2.840.10008.1.2.4.90"),
    ],
)
def test_frames_are_encoded_anew_in_another_transfer_syntax(source, target):
    datasets = _reread(ct_series(3, signed=False, rows=40, transfer_syntax=source))
    image = _ct(datasets, transfer_syntax_uid=target)
    read = lceread(_written(image))
    assert read.transfer_syntax_uid == target
    for dataset in datasets:
        frame = read.get_pixels_by_legacy_source_instance(
            dataset.SOPInstanceUID, apply_modality_transform=False, dtype=np.int64
        )
        np.testing.assert_array_equal(frame, dataset.pixel_array)


def test_big_endian_pixels_become_little_endian():
    dataset = dcmread(get_testdata_file("MR_small_bigendian.dcm", download=False))
    image = LegacyConvertedEnhancedMRImage([dataset], **_IDENTITY)
    assert image.transfer_syntax_uid == ExplicitVRLittleEndian
    np.testing.assert_array_equal(image.pixel_array, dataset.pixel_array)
    assert image.PatientName == dataset.PatientName
    assert dataset.file_meta.TransferSyntaxUID == ExplicitVRBigEndian


@pytest.mark.parametrize("uid", [RLELossless, JPEGLSLossless])
def test_an_extended_offset_table_can_be_written(uid):
    datasets = ct_series(3, signed=False, transfer_syntax=uid)
    for target in (uid, RLELossless):
        image = _ct(
            datasets, use_extended_offset_table=True, transfer_syntax_uid=target
        )
        assert len(image.ExtendedOffsetTable) == 8 * 3
        assert imread(_written(image)).get_stored_frames().shape[0] == 3


def test_images_may_be_read_lazily():
    datasets = ct_series(3)
    lazy = [imread(_written(one), lazy_frame_retrieval=True) for one in datasets]
    assert all("PixelData" not in one for one in lazy)
    image = _ct(lazy)
    assert image.PixelData == _ct(datasets).PixelData


def test_frames_can_be_encoded_by_several_workers():
    datasets = ct_series(3, signed=False)
    alone = _ct(datasets, transfer_syntax_uid=RLELossless)
    together = _ct(datasets, transfer_syntax_uid=RLELossless, workers=2)
    assert together.PixelData == alone.PixelData


def test_loss_is_said_and_remembered():
    datasets = ct_series(2, signed=False, rows=64, columns=64)
    image = _ct(datasets, transfer_syntax_uid=JPEGLSNearLossless)
    assert image.LossyImageCompression == "01"
    assert image.LossyImageCompressionMethod == "ISO_14495_1"
    ratio = 2 * 64 * 64 * 2 / len(image.PixelData)
    assert float(image.LossyImageCompressionRatio) == pytest.approx(ratio, abs=0.01)
    _set(
        datasets,
        LossyImageCompression=["01", None],
        LossyImageCompressionMethod=["ISO_10918_1", None],
        LossyImageCompressionRatio=[5, None],
    )
    image = _ct(datasets)
    assert image.LossyImageCompression == "01"
    assert image.LossyImageCompressionMethod == "ISO_10918_1"
    assert image.LossyImageCompressionRatio == 5
    image = _ct(datasets, transfer_syntax_uid=JPEGLSNearLossless)
    assert image.LossyImageCompressionMethod == ["ISO_10918_1", "ISO_14495_1"]


def test_monochrome1_is_inverted_with_what_names_values():
    datasets = mr_series(2, signed=False, bits_stored=12)
    _set(
        datasets,
        PhotometricInterpretation="MONOCHROME1",
        RescaleSlope=None,
        RescaleIntercept=None,
        WindowCenter=100,
        WindowWidth=50,
        PixelPaddingValue=5,
        SmallestImagePixelValue=[3, 4],
        LargestImagePixelValue=[4000, 4001],
    )
    image = LegacyConvertedEnhancedMRImage(datasets, **_IDENTITY)
    assert image.PhotometricInterpretation == "MONOCHROME2"
    for dataset in datasets:
        frame = image.get_pixels_by_legacy_source_instance(
            dataset.SOPInstanceUID, dtype=np.int64
        )
        np.testing.assert_array_equal(frame, 4095 - dataset.pixel_array.astype(int))
    assert image.PixelPaddingValue == 4090
    assert image.SmallestImagePixelValue == 4095 - 4001
    assert image.LargestImagePixelValue == 4095 - 3
    window = _shared(image).FrameVOILUTSequence[0]
    assert (window.WindowCenter, window.WindowWidth) == (4095 - 100 + 1, 50)
    # What was shown is shown again: the darkest pixel is now at the other end.
    source = Image.from_dataset(datasets[0]).get_frame(1, apply_voi_transform=True)
    shown = image.get_pixels_by_legacy_source_instance(
        datasets[0].SOPInstanceUID, apply_voi_transform=True
    )
    np.testing.assert_allclose(shown, source, atol=1e-9)


def test_values_with_a_unit_are_not_inverted():
    datasets = ct_series(2)
    _set(datasets, PhotometricInterpretation="MONOCHROME1")
    with pytest.raises(InvalidArgumentError, match="cannot be inverted"):
        _ct(datasets)


# --- where attributes go ---------------------------------------------------------------


@pytest.mark.parametrize(("make", "series"), _KINDS)
@pytest.mark.parametrize("count", [1, 3])
def test_groups_of_converted_attributes_are_there_for_any_number_of_frames(
    make, series, count
):
    datasets = series(count)
    _set(datasets, ProtocolName=None)
    image = make(datasets, **_IDENTITY)
    assert len(_shared(image)[_UNASSIGNED_SHARED].value) == 1
    for frame in _frames(image):
        assert len(frame[_UNASSIGNED].value) == 1
        assert "InstanceNumber" in frame[_UNASSIGNED][0]
        assert len(frame.ConversionSourceAttributesSequence) == 1


def test_groups_of_converted_attributes_are_there_even_if_nothing_is_left():
    datasets = _set(ct_series(2), InstanceNumber=None, SliceLocation=None)
    image = _ct(datasets, include_dimension_index=False)
    for frame in _frames(image):
        assert len(frame[_UNASSIGNED].value) == 1


def test_values_decide_what_is_shared():
    datasets = ct_series(3)
    _set(datasets, KVP=120, ExposureTime=[1, 2, 3], FilterType=["A", None, "A"])
    for given in (datasets, _reread(datasets)):
        image = _ct(given)
        assert _shared(image)[_UNASSIGNED_SHARED][0].KVP == 120
        by_uid = dict(zip(_sources(image), _frames(image), strict=True))
        for dataset in datasets:
            item = by_uid[dataset.SOPInstanceUID][_UNASSIGNED][0]
            assert item.ExposureTime == dataset.ExposureTime
            assert item.get("FilterType") == dataset.get("FilterType")
            assert "KVP" not in item


def test_equal_values_are_shared_whether_decoded_or_not():
    datasets = _set(ct_series(2), KVP=120, ConvolutionKernel="B30")
    mixed = [datasets[0], _reread(datasets)[1]]
    assert _shared(_ct(mixed))[_UNASSIGNED_SHARED][0].KVP == 120


@pytest.mark.parametrize(("make", "series"), _KINDS)
def test_no_attribute_is_lost(make, series):
    datasets = series(3)
    private = [_private(one, number) for number, one in enumerate(datasets)]
    assert private
    image = make(datasets, **_IDENTITY)
    values = {_fact(element) for element in image.iterall()}
    known_otherwise = {
        "PixelData",
        "Modality",
        "ImageType",
        "SeriesInstanceUID",
        "SeriesDescription",
        "SOPClassUID",
        "SOPInstanceUID",
        "BodyPartExamined",
        "AcquisitionDate",
        "AcquisitionTime",
        "AcquisitionNumber",
        "ActualFrameDuration",
        "ImagedNucleus",
        "RescaleType",
        "Laterality",
    }
    for dataset in datasets:
        for element in dataset:
            if element.keyword not in known_otherwise:
                assert _fact(element) in values, element


def _fact(element):
    """Tag and value, the latter as numbers where it is some."""
    value = element.value if element.VM > 1 else [element.value]
    if element.VR == "DS":
        value = map(float, value)
    return element.tag, tuple(map(str, value))


def _private(dataset, number):
    block = dataset.private_block(0x0019, "MAKER 1.0", create=True)
    block.add_new(0x01, "LO", "same")
    block.add_new(0x02, "DS", str(number))
    return block


def test_private_attributes_come_with_their_creator():
    datasets = ct_series(3)
    for number, dataset in enumerate(datasets):
        _private(dataset, number)
    image = _ct(_reread(datasets))
    shared = _shared(image)[_UNASSIGNED_SHARED][0]
    assert shared.private_block(0x0019, "MAKER 1.0")[0x01].value == "same"
    assert 0x00191002 not in shared
    numbers = set()
    for frame in _frames(image):
        item = frame[_UNASSIGNED][0]
        numbers.add(str(item.private_block(0x0019, "MAKER 1.0")[0x02].value))
        assert 0x00191001 not in item
    assert numbers == {"0", "1", "2"}


def test_private_attributes_of_other_creators_are_not_the_same():
    datasets = ct_series(2)
    for dataset, creator in zip(datasets, ("ONE", "TWO"), strict=True):
        dataset.private_block(0x0019, creator, create=True).add_new(1, "LO", "same")
    image = _ct(datasets)
    creators = {frame[_UNASSIGNED][0][0x00190010].value for frame in _frames(image)}
    assert creators == {"ONE", "TWO"}


def test_private_attributes_can_be_left_out():
    datasets = ct_series(2)
    for number, dataset in enumerate(datasets):
        _private(dataset, number)
    image = _ct(datasets, skip_private_attributes=True)
    assert not [one for one in image.iterall() if one.tag.is_private]


def test_patient_and_study_are_at_the_top():
    datasets = _set(ct_series(2), PatientAge="044Y", StudyDescription="Study")
    image = _ct(datasets)
    for keyword in (
        "PatientName",
        "PatientAge",
        "StudyInstanceUID",
        "StudyDescription",
        "FrameOfReferenceUID",
        "Manufacturer",
    ):
        assert image[keyword].value == datasets[0][keyword].value, keyword
    assert image.SeriesInstanceUID == _IDENTITY["series_instance_uid"]
    assert image.SeriesNumber == 7


def test_what_differs_at_the_top_is_kept_with_the_frames():
    datasets = _set(ct_series(2), PatientBirthDate=["19700101", "19800101"])
    image = _ct(datasets)
    assert image["PatientBirthDate"].is_empty
    dates = {frame[_UNASSIGNED][0].PatientBirthDate for frame in _frames(image)}
    assert dates == {"19700101", "19800101"}


def test_modules_are_not_begun_that_cannot_be_complete():
    image = _ct(ct_series(2))
    assert "ContrastBolusAgent" not in image
    assert "ClinicalTrialSponsorName" not in image
    datasets = _set(ct_series(2), ContrastBolusAgent="Agent", ContrastBolusRoute="IV")
    image = _ct(datasets)
    assert (image.ContrastBolusAgent, image.ContrastBolusRoute) == ("Agent", "IV")
    datasets = _set(datasets, ContrastBolusAgent=["Agent", "None"])
    image = _ct(datasets)
    assert "ContrastBolusAgent" not in image
    assert _shared(image)[_UNASSIGNED_SHARED][0].ContrastBolusRoute == "IV"


def test_the_series_description_tells_of_the_conversion():
    datasets = _set(ct_series(2), SeriesDescription="Thorax")
    assert _ct(datasets).SeriesDescription == "Thorax (enhanced conversion)"
    assert _ct(datasets, series_description="Own").SeriesDescription == "Own"
    datasets = _set(datasets, SeriesDescription="x" * 60)
    assert _ct(datasets).SeriesDescription == "x" * 60


def test_what_the_caller_says_goes_before_what_the_images_say():
    datasets = _set(ct_series(2), InstitutionName="Theirs")
    image = _ct(datasets, institution_name="Ours", content_qualification="PRODUCT")
    assert image.InstitutionName == "Ours"
    assert _shared(image)[_UNASSIGNED_SHARED][0].InstitutionName == "Theirs"
    assert image.ContentQualification == "PRODUCT"


def test_frame_types_are_those_of_the_images():
    datasets = ct_series(2)
    _set(
        datasets,
        ImageType=[["ORIGINAL", "PRIMARY", "AXIAL"], ["DERIVED", "SECONDARY", "MPR"]],
    )
    image = _ct(datasets)
    assert image.ImageType == ["MIXED", "PRIMARY", "VOLUME", "NONE"]
    by_uid = dict(zip(_sources(image), _frames(image), strict=True))
    first, second = (by_uid[one.SOPInstanceUID] for one in datasets)
    frame_type = first.CTImageFrameTypeSequence[0].FrameType
    assert frame_type == ["ORIGINAL", "PRIMARY", "AXIAL", "NONE"]
    frame_type = second.CTImageFrameTypeSequence[0].FrameType
    assert frame_type == ["DERIVED", "PRIMARY", "MPR", "NONE"]
    # SECONDARY can be said nowhere else.
    assert second[_UNASSIGNED][0].ImageType == ["DERIVED", "SECONDARY", "MPR"]


def test_rescaling_and_windows_are_groups():
    datasets = _set(
        ct_series(2), WindowCenter=[40, 50], WindowWidth=400, RescaleSlope=2
    )
    image = _ct(datasets)
    group = _shared(image).PixelValueTransformationSequence[0]
    assert (group.RescaleSlope, group.RescaleType) == (2, "HU")
    centers = {frame.FrameVOILUTSequence[0].WindowCenter for frame in _frames(image)}
    assert centers == {40, 50}


def test_a_window_shows_all_values_if_there_is_none():
    datasets = _set(ct_series(2, signed=False, bits_stored=12), WindowCenter=None)
    _set(datasets, WindowWidth=None, RescaleSlope=2, RescaleIntercept=-1000)
    window = _shared(_ct(datasets)).FrameVOILUTSequence[0]
    # From -1000 to 2 * 4095 - 1000 = 7190
    assert (window.WindowCenter, window.WindowWidth) == (3095.5, 8191)


def test_values_of_mr_and_pet_have_no_other_unit_than_us():
    datasets = _set(
        mr_series(2), RescaleSlope=2, RescaleIntercept=0, RescaleType="normalized"
    )
    image = LegacyConvertedEnhancedMRImage(datasets, **_IDENTITY)
    assert _shared(image).PixelValueTransformationSequence[0].RescaleType == "US"
    assert _shared(image)[_UNASSIGNED_SHARED][0].RescaleType == "normalized"
    _set(datasets, RescaleSlope=None, RescaleIntercept=None, RescaleType=None)
    image = LegacyConvertedEnhancedMRImage(datasets, **_IDENTITY)
    assert _shared(image).PixelValueTransformationSequence[0].RescaleSlope == 1


@pytest.mark.parametrize(
    ("body_part", "meaning"),
    [("KNEE", "Knee"), ("CSPINE", "Cervical spine"), ("HEAD", "Head")],
)
def test_body_parts_become_anatomic_regions(body_part, meaning):
    datasets = _set(ct_series(2), BodyPartExamined=body_part, Laterality="L")
    image = _ct(datasets)
    anatomy = _shared(image).FrameAnatomySequence[0]
    assert anatomy.AnatomicRegionSequence[0].CodeMeaning == meaning
    assert anatomy.FrameLaterality == "L"
    assert "Laterality" not in image


def test_unknown_body_parts_are_kept():
    datasets = _set(ct_series(2), BodyPartExamined="LEFT EAR", Laterality="L")
    image = _ct(datasets)
    assert "FrameAnatomySequence" not in _shared(image)
    assert _shared(image)[_UNASSIGNED_SHARED][0].BodyPartExamined == "LEFT EAR"
    assert image.Laterality == "L"


def test_anatomic_regions_are_taken_as_they_are():
    datasets = ct_series(2)
    for dataset in datasets:
        dataset.AnatomicRegionSequence = [CodedConcept.from_code(codes.SCT.Brain)]
        dataset.ImageLaterality = "U"
    for given in (datasets, _reread(datasets)):
        anatomy = _shared(_ct(given)).FrameAnatomySequence[0]
        assert anatomy.AnatomicRegionSequence[0].CodeValue == codes.SCT.Brain.value
        assert anatomy.FrameLaterality == "U"


def test_times_of_acquisition_belong_to_frames():
    datasets = _set(
        ct_series(2),
        AcquisitionDate="20200102",
        AcquisitionTime=["101112.5", "101110"],
        AcquisitionDateTime=None,
        AcquisitionNumber=[4, 5],
    )
    image = _ct(datasets)
    by_uid = dict(zip(_sources(image), _frames(image), strict=True))
    content = by_uid[datasets[0].SOPInstanceUID].FrameContentSequence[0]
    assert str(content.FrameAcquisitionDateTime) == "20200102101112.5"
    assert content.FrameAcquisitionNumber == 4
    assert str(image.AcquisitionDateTime) == "20200102101110"
    assert str(image.ContentDate) == "20200102"
    assert str(image.ContentTime) == "101110"


def test_times_that_cannot_be_read_are_kept():
    datasets = ct_series(2)
    for dataset in datasets:
        dataset["AcquisitionTime"]._value = "10:11"
    image = _ct(datasets)
    assert _shared(image)[_UNASSIGNED_SHARED][0].AcquisitionTime == "10:11"


def test_the_largest_value_is_that_of_all_frames():
    datasets = _set(ct_series(2, signed=False), SmallestImagePixelValue=[3, 2])
    _set(datasets, LargestImagePixelValue=[70, 60])
    image = _ct(datasets)
    assert (image.SmallestImagePixelValue, image.LargestImagePixelValue) == (2, 70)


# --- references --------------------------------------------------------------------------


def test_the_converted_images_are_referred_to():
    datasets = ct_series(3)
    _set(datasets, SeriesInstanceUID=["1.2.1", "1.2.1", "1.2.2"])
    image = _ct(datasets)
    assert set(_sources(image)) == {one.SOPInstanceUID for one in datasets}
    assert {uid for _, _, uid in image.get_source_image_uids()} == set(_sources(image))
    assert len(image.ReferencedSeriesSequence) == 2


def test_references_need_evidence():
    datasets = ct_series(2)
    reference = Dataset()
    reference.ReferencedSOPClassUID = datasets[1].SOPClassUID
    reference.ReferencedSOPInstanceUID = datasets[1].SOPInstanceUID
    datasets[0].ReferencedImageSequence = [reference]
    image = _ct(datasets)
    evidence = image.ReferencedImageEvidenceSequence[0]
    assert evidence.StudyInstanceUID == datasets[0].StudyInstanceUID
    series = evidence.ReferencedSeriesSequence[0]
    assert series.SeriesInstanceUID == datasets[0].SeriesInstanceUID
    item = series.ReferencedSOPSequence[0]
    assert item.ReferencedSOPInstanceUID == datasets[1].SOPInstanceUID
    referring = [f for f in _frames(image) if "ReferencedImageSequence" in f]
    assert len(referring) == 1


def test_references_to_instances_of_unknown_series_are_kept_without_evidence():
    datasets = ct_series(2)
    for dataset in datasets:
        reference = Dataset()
        reference.ReferencedSOPClassUID = dataset.SOPClassUID
        reference.ReferencedSOPInstanceUID = "1.2.3.4.5.6"
        dataset.ReferencedImageSequence = [reference]
        dataset.SourceImageSequence = [reference]
        dataset.DerivationDescription = "filtered"
    image = _ct(_reread(datasets))
    assert "ReferencedImageEvidenceSequence" not in image
    assert "SourceImageEvidenceSequence" not in image
    item = _shared(image).ReferencedImageSequence[0]
    assert item.ReferencedSOPInstanceUID == "1.2.3.4.5.6"
    derivation = _frames(image)[0].DerivationImageSequence[0]
    assert derivation.DerivationDescription == "filtered"
    source = derivation.SourceImageSequence[0]
    assert source.ReferencedSOPInstanceUID == "1.2.3.4.5.6"


def test_series_named_by_the_images_are_evidence():
    datasets = ct_series(1)
    reference = Dataset()
    reference.ReferencedSOPClassUID = datasets[0].SOPClassUID
    reference.ReferencedSOPInstanceUID = "1.2.3.4.5.6"
    series = Dataset()
    series.SeriesInstanceUID = "1.2.3.4.5"
    series.ReferencedInstanceSequence = [reference]
    datasets[0].SourceImageSequence = [reference]
    datasets[0].ReferencedSeriesSequence = [series]
    image = _ct(datasets)
    evidence = image.SourceImageEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.SeriesInstanceUID == "1.2.3.4.5"


def test_equipment_is_told_in_order():
    datasets = ct_series(2)
    earlier = ContributingEquipment("Earlier", codes.DCM.ModifyingEquipment)
    for dataset in datasets:
        dataset.ContributingEquipmentSequence = [earlier]
    given = ContributingEquipment("Given", codes.DCM.ModifyingEquipment)
    image = _ct(datasets, contributing_equipment=[given])
    makers = [item.Manufacturer for item in image.ContributingEquipmentSequence]
    assert makers[:3] == ["Earlier", datasets[0].Manufacturer, "Given"]
    purpose = image.ContributingEquipmentSequence[-1].PurposeOfReferenceCodeSequence[0]
    assert purpose.CodeValue == codes.DCM.EnhancedMultiFrameConversionEquipment.value


# --- order -------------------------------------------------------------------------------


def test_slices_are_in_the_order_of_the_volume():
    datasets = ct_series(4)
    shuffled = [datasets[i] for i in (2, 0, 3, 1)]
    image = _ct(shuffled)
    assert image.DimensionOrganizationType == "3D"
    assert image.dimension_index_pointers == [0x00200032]
    heights = [
        frame.PlanePositionSequence[0].ImagePositionPatient[2]
        for frame in _frames(image)
    ]
    assert heights == sorted(heights, reverse=True)
    for number, frame in enumerate(_frames(image), start=1):
        content = frame.FrameContentSequence[0]
        assert content.DimensionIndexValues == number
        assert (content.StackID, content.InStackPositionNumber) == ("1", number)
    spacing = _shared(image).PixelMeasuresSequence[0].SpacingBetweenSlices
    assert spacing == pytest.approx(2.5)
    volume = image.get_volume()
    assert volume.spatial_shape[0] == 4


def test_images_that_form_no_volume_are_in_the_order_of_their_numbers():
    datasets = ct_series(4, missing_slices=(1,))
    _set(datasets, InstanceNumber=[9, 5, 7])
    image = _ct(datasets)
    assert image.dimension_index_pointers == [0x00200013]
    assert "DimensionOrganizationType" not in image
    numbers = [frame[_UNASSIGNED][0].InstanceNumber for frame in _frames(image)]
    assert numbers == [5, 7, 9]
    assert "StackID" not in _frames(image)[0].FrameContentSequence[0]
    assert image.are_dimension_indices_unique([0x00200013])


def test_frames_can_stay_in_the_order_given():
    datasets = ct_series(4)[::-1]
    image = _ct(datasets, include_dimension_index=False)
    assert _sources(image) == [one.SOPInstanceUID for one in datasets]
    assert "DimensionIndexSequence" not in image


def test_frames_that_nothing_tells_apart_have_no_dimension_unless_asked_for():
    datasets = ct_series(2)
    _set(datasets, InstanceNumber=1, ImagePositionPatient=[[0, 0, 0], [0, 0, 0]])
    image = _ct(datasets)
    assert _sources(image) == [one.SOPInstanceUID for one in datasets]
    assert "DimensionIndexSequence" not in image
    with pytest.raises(AmbiguousFramesError, match="cannot be ordered"):
        _ct(datasets, include_dimension_index=True)


@pytest.mark.parametrize(
    "positions",
    [
        [[0, 0, 0], [0, 0, 1], [0, 0, 5]],
        [[0, 0, 0], [0, 0, 1], [0, 0, 1]],
        [[0, 0, 0], [0, 5, 1], [0, 9, 2]],
    ],
)
def test_a_volume_can_be_required(positions):
    datasets = _set(ct_series(3), ImagePositionPatient=positions)
    with pytest.raises(InvalidArgumentError, match="require_volume"):
        _ct(datasets, require_volume=True)
    assert _ct(ct_series(3), require_volume=True).number_of_frames == 3
    assert _ct(ct_series(1), require_volume=True).number_of_frames == 1


def test_orientations_may_differ_where_no_volume_is_required():
    datasets = ct_series(2)
    datasets[1].ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    image = _ct(datasets)
    orientations = {
        tuple(frame.PlaneOrientationSequence[0].ImageOrientationPatient)
        for frame in _frames(image)
    }
    assert len(orientations) == 2
    with pytest.raises(InvalidArgumentError, match="require_volume"):
        _ct(datasets, require_volume=True)


# --- reading -----------------------------------------------------------------------------


@pytest.mark.parametrize(("make", "series"), _KINDS)
@pytest.mark.parametrize("is_lazy", [False, True])
def test_files_are_read_as_their_class(make, series, is_lazy):
    data = _written(make(series(3), **_IDENTITY))
    for read in (lceread, highdicom.read):
        image = read(data, lazy_frame_retrieval=is_lazy)
        assert type(image) is make
        assert image.get_frames().shape[0] == 3


def test_datasets_are_adopted_in_place_by_default():
    dataset = dcmread(BytesIO(_written(_ct(ct_series(2)))))
    image = LegacyConvertedEnhancedCTImage.from_dataset(dataset)
    assert image is dataset
    again = LegacyConvertedEnhancedCTImage.from_dataset(image, copy=True)
    assert again is not image
    assert again == image


def test_converted_images_can_be_pickled():
    image = _ct(ct_series(3))
    again = pickle.loads(pickle.dumps(image))
    np.testing.assert_array_equal(again.get_frames(), image.get_frames())


def test_sources_can_be_asked_for_in_any_order():
    datasets = ct_series(3)
    image = _ct(datasets)
    uids = [datasets[2].SOPInstanceUID, datasets[0].SOPInstanceUID]
    frames = image.get_pixels_by_legacy_source_instance(uids)
    assert frames.dtype == np.float64
    assert frames.shape == (2, 16, 20)
    for frame, dataset in zip(frames, (datasets[2], datasets[0]), strict=True):
        slope, intercept = dataset.RescaleSlope, dataset.RescaleIntercept
        expected = dataset.pixel_array * float(slope) + float(intercept)
        np.testing.assert_array_equal(frame, expected)
    with pytest.raises(InvalidArgumentError, match=r"1\.2\.9 is not"):
        image.get_pixels_by_legacy_source_instance(["1.2.9"])
    with pytest.raises(InvalidArgumentError, match="must not be empty"):
        image.get_pixels_by_legacy_source_instance([])


def test_other_files_are_refused():
    path = get_testdata_file("CT_small.dcm", download=False)
    with pytest.raises(WrongSOPClassError, match="CT Image Storage"):
        lceread(path)
    with pytest.raises(WrongSOPClassError):
        LegacyConvertedEnhancedCTImage.from_dataset(dcmread(path))


# --- text ----------------------------------------------------------------------------------


@pytest.mark.parametrize("uid", [ImplicitVRLittleEndian, ExplicitVRLittleEndian])
@pytest.mark.parametrize("from_files", [False, True])
@pytest.mark.parametrize("own_set", [None, "ISO_IR 192"])
def test_text_is_kept_in_its_character_set_or_another(uid, from_files, own_set):
    datasets = ct_series(2, transfer_syntax=uid)
    _set(
        datasets,
        SpecificCharacterSet="ISO_IR 100",
        PatientName="Müller^Jürgen",
        AcquisitionProtocolDescription="Schädel",
        PatientComments=["größer", "kleiner, später"],
    )
    if from_files:
        datasets = _reread(datasets)
    options = {} if own_set is None else {"specific_character_set": own_set}
    image = dcmread(BytesIO(_written(_ct(datasets, **options))))
    assert image.SpecificCharacterSet == (own_set or "ISO_IR 100")
    assert str(image.PatientName) == "Müller^Jürgen"
    shared = _shared(image)[_UNASSIGNED_SHARED][0]
    assert shared.AcquisitionProtocolDescription == "Schädel"
    comments = {frame[_UNASSIGNED][0].PatientComments for frame in _frames(image)}
    assert comments == {"größer", "kleiner, später"}


# --- bad input -----------------------------------------------------------------------------


def test_the_images_are_not_changed():
    datasets = _reread(ct_series(3))
    before = [_written(dataset) for dataset in datasets]
    _ct(datasets, transfer_syntax_uid=RLELossless, institution_name="Other")
    assert [_written(dataset) for dataset in datasets] == before


def test_nothing_of_the_images_is_shared_with_the_result():
    datasets = ct_series(2)
    item = Dataset()
    item.PatientID = "1"
    for dataset in datasets:
        dataset.OtherPatientIDsSequence = [item]
    image = _ct(datasets)
    image.OtherPatientIDsSequence[0].PatientID = "2"
    assert item.PatientID == "1"


def test_no_images_are_refused():
    with pytest.raises(InvalidArgumentError, match="must not be empty"):
        _ct([])


@pytest.mark.parametrize("given", [["file"], "file", None, ct_series(1)[0]])
def test_what_is_no_sequence_of_datasets_is_refused(given):
    with pytest.raises(ArgumentTypeError, match="legacy_datasets"):
        _ct(given)


def test_images_of_another_kind_are_refused():
    with pytest.raises(InvalidArgumentError, match="Modality"):
        _ct(mr_series(2))
    datasets = _set(ct_series(2), SOPClassUID="1.2.840.10008.5.1.4.1.1.7")
    with pytest.raises(InvalidArgumentError, match="SOP Class"):
        _ct(datasets)
    with pytest.raises(InvalidArgumentError, match="SOP Class"):
        _ct([enhanced_ct(2)])


@pytest.mark.parametrize(
    ("keyword", "values"),
    [
        ("StudyInstanceUID", ["1.2", "1.3"]),
        ("FrameOfReferenceUID", ["1.2", "1.3"]),
        ("FrameOfReferenceUID", ["1.2", None]),
        ("PatientID", ["A", "B"]),
        ("Rows", [16, 8]),
        ("BitsStored", [16, 12]),
        ("PixelRepresentation", [0, 1]),
        ("Manufacturer", ["A", "B"]),
        ("SpecificCharacterSet", ["ISO_IR 100", "ISO_IR 192"]),
    ],
)
def test_images_that_do_not_agree_are_refused(keyword, values):
    datasets = _set(ct_series(2), **{keyword: values})
    with pytest.raises(InvalidArgumentError, match=f"agree in {keyword}, but it is"):
        _ct(datasets)


def test_images_of_several_transfer_syntaxes_are_refused():
    datasets = ct_series(1) + ct_series(2, transfer_syntax=ImplicitVRLittleEndian)[1:]
    with pytest.raises(InvalidArgumentError, match="one transfer syntax"):
        _ct(datasets)


def test_an_image_given_twice_is_refused():
    with pytest.raises(InvalidArgumentError, match="each image once"):
        _ct(ct_series(1) * 2)


@pytest.mark.parametrize(
    "keyword",
    [
        "SOPInstanceUID",
        "SOPClassUID",
        "Modality",
        "ImagePositionPatient",
        "ImageOrientationPatient",
        "PixelData",
        "Rows",
    ],
)
def test_attributes_without_which_nothing_can_be_done_are_required(keyword):
    datasets = _set(ct_series(2), **{keyword: None})
    with pytest.raises(MissingAttributeError, match=keyword):
        _ct(datasets)


def test_file_meta_information_is_required():
    datasets = ct_series(1)
    del datasets[0].file_meta
    with pytest.raises(MissingAttributeError, match="TransferSyntaxUID"):
        _ct(datasets)


@pytest.mark.parametrize(
    "keyword", ["FrameOfReferenceUID", "PixelSpacing", "ImageType"]
)
def test_what_the_standard_requires_is_asked_for_if_strict(keyword):
    datasets = _set(ct_series(2), **{keyword: None})
    with pytest.raises(MissingAttributeError, match=keyword):
        _ct(datasets, strict=True)
    with pytest.warns(NonconformantDatasetWarning, match=keyword):
        image = _ct(datasets)
    assert image.number_of_frames == 2


def test_images_of_several_frames_or_colours_are_refused():
    with pytest.raises(InvalidArgumentError, match="has 2 frames"):
        _ct(_set(ct_series(1), NumberOfFrames=2))
    with pytest.raises(InvalidArgumentError, match="MONOCHROME2"):
        _ct(_set(ct_series(1), PhotometricInterpretation="RGB"))


def test_transfer_syntaxes_that_cannot_hold_the_pixels_are_refused():
    for uid in ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.100"):
        with pytest.raises(UnsupportedTransferSyntaxError):
            _ct(ct_series(1), transfer_syntax_uid=uid)
    for uid in (ExplicitVRBigEndian, "1.2", "abc"):
        with pytest.raises(ValueError, match=r"\.$"):
            _ct(ct_series(1), transfer_syntax_uid=uid)


@pytest.mark.parametrize(
    "options",
    [
        {"workers": "two"},
        {"include_dimension_index": "yes"},
        {"contributing_equipment": [Dataset()]},
        {"colour": "blue"},
        {"patient_id": "other"},
    ],
)
def test_arguments_of_other_types_are_refused(options):
    with pytest.raises(TypeError):
        _ct(ct_series(1), transfer_syntax_uid=RLELossless, **options)


def test_values_that_cannot_be_read_are_refused():
    datasets = ct_series(1)
    datasets[0]["SliceThickness"]._value = "thick"
    with pytest.raises(ValueError, match="SliceThickness"):
        _ct(datasets)


def test_pixel_data_that_are_too_short_are_refused():
    datasets = ct_series(2)
    datasets[1].PixelData = datasets[1].PixelData[:10]
    with pytest.raises(ValueError, match=r"\.$"):
        _ct(datasets)


def test_comments_of_images_become_those_of_frames():
    datasets = ct_series(3)
    _set(datasets, ImageComments=["first", None, "dritte, längere"])
    _set(datasets, SpecificCharacterSet=["ISO_IR 192"] * 3)
    image = _ct(datasets, include_dimension_index=False)
    assert "ImageComments" not in image
    content = [
        item.FrameContentSequence[0] for item in image.PerFrameFunctionalGroupsSequence
    ]
    comments = [item.get("FrameComments") for item in content]
    assert comments == ["first", None, "dritte, längere"]
