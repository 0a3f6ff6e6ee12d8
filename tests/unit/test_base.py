"""SOP classes: what all instances share (PS3.3 C.7, C.12; PS3.10)."""

import copy
import datetime
import io
import pickle
import warnings

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.sequence import Sequence
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
)
from pydicom.valuerep import DA, DT, TM

from highdicom.base import SOPClass, read
from highdicom.base_content import ContributingEquipment
from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.encoding.lazy import LazySequence
from highdicom.enum import (
    ContentQualificationValues,
    PatientSexValues,
    SpecificCharacterSetValues,
)
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    HighdicomWarning,
    InvalidArgumentError,
    MissingAttributeError,
    NonconformantDatasetError,
    SourceError,
    WrongSOPClassError,
)
from highdicom.image import Image
from highdicom.io import frame_reader
from highdicom.policy import reading_policy
from highdicom.testing import ct_series, enhanced_ct, slide

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
RAW_DATA = "1.2.840.10008.5.1.4.1.1.66"
REQUIRED = {
    "study_instance_uid": "1.2.3",
    "series_instance_uid": "1.2.4",
    "series_number": 5,
    "sop_instance_uid": "1.2.6",
    "sop_class_uid": SECONDARY_CAPTURE,
    "instance_number": 7,
    "modality": "OT",
}


def instance(**arguments):
    return SOPClass(**{**REQUIRED, **arguments})


def saved(dataset, **options):
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True, **options)
    return buffer.getvalue()


def reread(dataset):
    return dcmread(io.BytesIO(saved(dataset)))


def latin_source():
    """A dataset as it comes from a file in Latin-1, values not yet decoded."""
    source = Dataset()
    source.SpecificCharacterSet = "ISO_IR 100"
    source.SOPClassUID = SECONDARY_CAPTURE
    source.SOPInstanceUID = "1.2.9"
    source.StudyInstanceUID = "1.2.3"
    source.PatientName = "Müller^Jürgen"
    source.PatientID = "Ä1"
    other = Dataset()
    other.PatientID = "Ö2"
    other.IssuerOfPatientID = "Zürich"
    other.TypeOfPatientID = "TEXT"
    source.OtherPatientIDsSequence = [other]
    source.StudyDescription = "Schädel"
    buffer = io.BytesIO()
    source.save_as(buffer, implicit_vr=True, little_endian=True)
    assert "Müller".encode("latin-1") in buffer.getvalue()
    buffer.seek(0)
    return dcmread(buffer, force=True)


class TestConstructor:
    def test_arguments_become_attributes(self):
        made = instance(
            manufacturer="Maker",
            patient_id="P",
            patient_name="Doe^Jane",
            patient_birth_date="19700131",
            patient_sex="F",
            accession_number="A",
            study_id="S",
            study_date=datetime.date(2024, 1, 2),
            study_time=datetime.time(3, 4, 5),
            referring_physician_name="Who^Doctor",
            content_qualification="RESEARCH",
            coding_schemes=[CodingSchemeIdentificationItem("99X")],
            series_description="series",
            manufacturer_model_name="Model",
            software_versions=("1", "2"),
            device_serial_number="N",
            institution_name="Hospital",
            institutional_department_name="Radiology",
            content_date="20240103",
            content_time="060708",
            series_date="20240102",
            series_time="040506",
            specific_character_set="ISO_IR 192",
        )
        expected = {
            "StudyInstanceUID": "1.2.3",
            "SeriesInstanceUID": "1.2.4",
            "SeriesNumber": 5,
            "SOPInstanceUID": "1.2.6",
            "SOPClassUID": SECONDARY_CAPTURE,
            "InstanceNumber": 7,
            "Modality": "OT",
            "Manufacturer": "Maker",
            "PatientID": "P",
            "PatientName": "Doe^Jane",
            "PatientBirthDate": "19700131",
            "PatientSex": "F",
            "AccessionNumber": "A",
            "StudyID": "S",
            "StudyDate": "20240102",
            "StudyTime": "030405",
            "ReferringPhysicianName": "Who^Doctor",
            "ContentQualification": "RESEARCH",
            "SeriesDescription": "series",
            "ManufacturerModelName": "Model",
            "SoftwareVersions": ["1", "2"],
            "DeviceSerialNumber": "N",
            "InstitutionName": "Hospital",
            "InstitutionalDepartmentName": "Radiology",
            "ContentDate": "20240103",
            "ContentTime": "060708",
            "SeriesDate": "20240102",
            "SeriesTime": "040506",
            "SpecificCharacterSet": "ISO_IR 192",
        }
        read_back = reread(made)
        for keyword, value in expected.items():
            assert read_back[keyword].value == value, keyword
        assert read_back.CodingSchemeIdentificationSequence[0].CodingSchemeDesignator
        further = {element.keyword for element in read_back} - set(expected)
        assert further == {
            "InstanceCreationDate",
            "InstanceCreationTime",
            "CodingSchemeIdentificationSequence",
        }

    def test_what_is_required_is_there_even_if_unknown(self):
        made = reread(instance())
        for keyword in (
            *("PatientID", "PatientName", "PatientBirthDate", "PatientSex"),
            *("AccessionNumber", "StudyID", "StudyDate", "StudyTime"),
            *("ReferringPhysicianName", "Manufacturer"),
        ):
            assert not made[keyword].value
        assert made.ContentDate == made.InstanceCreationDate
        for keyword in ("SeriesDate", "SpecificCharacterSet", "SeriesDescription"):
            assert keyword not in made

    def test_enumerations_may_be_given_as_members(self):
        made = instance(
            patient_sex=PatientSexValues.O,
            content_qualification=ContentQualificationValues.PRODUCT,
            specific_character_set=SpecificCharacterSetValues.UNICODE_IN_UTF8,
        )
        assert made.PatientSex == "O"
        assert made.ContentQualification == "PRODUCT"
        assert made.SpecificCharacterSet == "ISO_IR 192"

    @pytest.mark.parametrize(
        "name",
        [
            "patient_id",
            "patient_name",
            "patient_sex",
            "patient_birth_date",
            "accession_number",
            "study_id",
            "study_date",
            "study_time",
        ],
    )
    def test_what_a_source_does_not_know_may_be_empty(self, name):
        assert not reread(instance(**{name: ""})).get(
            name.title().replace("_", "").replace("Id", "ID")
        )

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({"series_number": 0}, InvalidArgumentError, "'series_number' must be bet"),
            ({"series_number": None}, ArgumentTypeError, "'series_number' is required"),
            ({"series_number": "1"}, ArgumentTypeError, "'series_number' must be an"),
            ({"instance_number": -1}, InvalidArgumentError, "'instance_number' must"),
            ({"instance_number": None}, ArgumentTypeError, "'instance_number' is req"),
            ({"study_instance_uid": "a"}, InvalidArgumentError, "'study_instance_uid'"),
            ({"series_instance_uid": None}, ArgumentTypeError, "'series_instance_uid'"),
            ({"sop_instance_uid": "1.02"}, InvalidArgumentError, "'sop_instance_uid'"),
            ({"modality": ""}, InvalidArgumentError, "'modality' must be"),
            ({"manufacturer": "x" * 65}, InvalidArgumentError, "'manufacturer' must"),
            ({"patient_birth_date": "1.2.70"}, InvalidArgumentError, "'patient_birth"),
            ({"patient_sex": "X"}, InvalidArgumentError, "'patient_sex' must be one"),
            ({"study_date": "2020"}, InvalidArgumentError, "'study_date' must be"),
            ({"study_time": "late"}, InvalidArgumentError, "'study_time' must be"),
            ({"content_qualification": "GOOD"}, InvalidArgumentError, "one of PRODUCT"),
            ({"coding_schemes": [1]}, ArgumentTypeError, "'coding_schemes' must be"),
            ({"series_description": "x" * 65}, InvalidArgumentError, "'series_descrip"),
            ({"specific_character_set": "LATIN"}, InvalidArgumentError, "'specific_ch"),
            ({"specific_character_set": ""}, InvalidArgumentError, "'specific_charac"),
            ({"content_time": "1200"}, ConflictingArgumentsError, "'content_time' mus"),
            ({"series_time": "1200"}, ConflictingArgumentsError, "'series_time' must"),
            (
                {"series_date": "20240102", "content_date": "20240101"},
                InvalidArgumentError,
                "'series_date' must not be later",
            ),
            (
                {
                    "series_date": "20240102",
                    "content_date": "20240102",
                    "series_time": "13",
                    "content_time": "125959.5",
                },
                InvalidArgumentError,
                "'series_time' must not be later",
            ),
            ({"transfer_syntax_uid": "1.2.3"}, InvalidArgumentError, "'transfer_syn"),
            (
                {"transfer_syntax_uid": ExplicitVRBigEndian},
                InvalidArgumentError,
                "retired",
            ),
            ({"sop_class_uid": "1.2.3"}, InvalidArgumentError, "'sop_class_uid' must"),
            # Verification is a SOP class, but not of composite instances.
            ({"sop_class_uid": "1.2.840.10008.1.1"}, InvalidArgumentError, "composite"),
        ],
    )
    def test_what_is_not_allowed_is_refused(self, arguments, error, message):
        with pytest.raises(error, match=message):
            instance(**arguments)

    def test_names_of_one_component_are_warned_of(self):
        with pytest.warns(HighdicomWarning, match="single component"):
            instance(patient_name="Doe")

    def test_a_series_may_begin_when_its_content_is_made(self):
        same = {"series_date": "20240102", "content_date": "20240102"}
        assert instance(**same).SeriesDate == instance(**same).ContentDate
        instance(**same, series_time="120000", content_time="120000")
        instance(**same, content_time="120000")


class TestFileMeta:
    @pytest.mark.parametrize(
        "syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, JPEG2000Lossless]
    )
    def test_the_file_says_what_it_holds(self, syntax):
        made = instance(transfer_syntax_uid=syntax)
        assert made.transfer_syntax_uid == syntax
        content = saved(made)
        assert content[:132] == bytes(128) + b"DICM"
        meta = dcmread(io.BytesIO(content)).file_meta
        assert meta.TransferSyntaxUID == syntax
        assert meta.MediaStorageSOPClassUID == SECONDARY_CAPTURE
        assert meta.MediaStorageSOPInstanceUID == "1.2.6"
        assert meta.FileMetaInformationVersion == b"\0\1"
        assert meta.ImplementationClassUID.is_valid
        assert meta.ImplementationVersionName.startswith("HIGHDICOM_")
        assert len(meta.ImplementationVersionName) <= 16

    def test_implicit_little_endian_is_the_encoding_unless_another_is_asked_for(self):
        assert instance().transfer_syntax_uid == ImplicitVRLittleEndian


class TestCharacterSets:
    def test_text_of_a_latin_source_survives(self):
        source = latin_source()
        made = instance()
        made.copy_patient_and_study_information(source)
        read_back = reread(made)
        assert read_back.SpecificCharacterSet == "ISO_IR 192"
        assert read_back.PatientName == "Müller^Jürgen"
        assert read_back.PatientID == "Ä1"
        assert read_back.StudyDescription == "Schädel"
        other = read_back.OtherPatientIDsSequence[0]
        assert (other.PatientID, other.IssuerOfPatientID) == ("Ö2", "Zürich")

    def test_a_set_that_was_asked_for_is_kept(self):
        made = instance(specific_character_set="ISO_IR 100")
        made.copy_patient_and_study_information(latin_source())
        content = saved(made)
        assert "Müller".encode("latin-1") in content
        read_back = dcmread(io.BytesIO(content))
        assert read_back.SpecificCharacterSet == "ISO_IR 100"
        assert read_back.PatientName == "Müller^Jürgen"
        assert read_back.OtherPatientIDsSequence[0].IssuerOfPatientID == "Zürich"

    def test_text_that_needs_a_set_gets_one(self):
        made = reread(instance(patient_name="Müller^Jürgen"))
        assert made.SpecificCharacterSet == "ISO_IR 192"
        assert made.PatientName == "Müller^Jürgen"

    def test_several_sets_may_be_given(self):
        made = instance(
            specific_character_set=["ISO 2022 IR 6", "ISO 2022 IR 87"],
            patient_name="Yamada^Tarou=山田^太郎=やまだ^たろう",
        )
        read_back = reread(made)
        assert read_back.SpecificCharacterSet == ["ISO 2022 IR 6", "ISO 2022 IR 87"]
        assert read_back.PatientName.ideographic == "山田^太郎"

    def test_the_supplement_of_japanese_is_not_korean(self):
        with pytest.warns(HighdicomWarning, match="Korean is ISO 2022 IR 149"):
            instance(
                specific_character_set=[
                    "ISO 2022 IR 6",
                    SpecificCharacterSetValues.KOREAN_CODE_EXTENSIONS,
                ]
            )
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            instance(
                specific_character_set=[
                    "ISO 2022 IR 6",
                    "ISO 2022 IR 87",
                    "ISO 2022 IR 159",
                ]
            )


class TestCopying:
    def test_patient_and_study_are_copied_and_the_source_stays(self):
        source = ct_series(number_of_slices=1)[0]
        source.PatientAge = "042Y"
        source.ClinicalTrialSponsorName = "Sponsor"
        before = copy.deepcopy(source)
        made = instance()
        made.copy_patient_and_study_information(source)
        assert source == before
        for keyword in (
            *("PatientID", "PatientName", "PatientAge", "StudyInstanceUID"),
            *("StudyDate", "ClinicalTrialSponsorName"),
        ):
            assert made[keyword].value == source[keyword].value
        assert made.Modality == "OT"
        assert made.SeriesInstanceUID == "1.2.4"
        assert "PixelData" not in made

    def test_specimens_are_copied_and_the_source_stays(self):
        source = slide()
        before = copy.deepcopy(source)
        made = instance()
        made.copy_specimen_information(source)
        assert made.ContainerIdentifier == source.ContainerIdentifier
        assert made.SpecimenDescriptionSequence == source.SpecimenDescriptionSequence
        made.SpecimenDescriptionSequence[0].SpecimenIdentifier = "changed"
        assert source == before

    def test_contributing_equipment_is_acquisition_others_and_this_software(self):
        source = ct_series(number_of_slices=1)[0]
        other = ContributingEquipment.for_highdicom()
        made = instance()
        made._put_contributing_equipment([other], source)
        manufacturers = [
            item.Manufacturer for item in made.ContributingEquipmentSequence
        ]
        assert manufacturers[0] == source.Manufacturer
        assert made.ContributingEquipmentSequence[1] == other
        assert len(manufacturers) == 3
        with pytest.raises(ArgumentTypeError, match="'contributing_equipment'"):
            made._put_contributing_equipment([Dataset()], None)


class TestAdoption:
    def test_datasets_are_copied_or_not(self):
        source = ct_series(number_of_slices=1)[0]
        kind = type(source)
        copied = SOPClass.from_dataset(source)
        assert copied is not source
        assert type(source) is kind
        assert copied == source
        copied.PatientID = "changed"
        assert source.PatientID != "changed"
        assert SOPClass.from_dataset(source, copy=False) is source
        assert type(source) is SOPClass

    def test_a_dataset_has_to_be_an_instance(self):
        with pytest.raises(MissingAttributeError, match="SOPClassUID"):
            SOPClass.from_dataset(Dataset())
        with pytest.raises(ArgumentTypeError, match="'dataset' must be a Dataset"):
            SOPClass.from_dataset("ct.dcm")

    def test_a_class_stands_for_its_sop_classes(self):
        class RawData(SOPClass):
            sop_class_uids = frozenset({"1.2.3.4.5"})

        source = ct_series(number_of_slices=1)[0]
        with pytest.raises(WrongSOPClassError, match="CT Image Storage") as caught:
            RawData.from_dataset(source)
        assert caught.value.sop_instance_uid == source.SOPInstanceUID
        made = SOPClass.from_dataset(source)
        made.SOPClassUID = "1.2.3.4.5"
        assert type(RawData.from_dataset(made)) is RawData

    def test_instances_can_be_copied_and_pickled(self):
        made = instance(patient_name="Müller^Jürgen")
        for other in (copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
            assert type(other) is SOPClass
            assert other == made
            assert saved(other) == saved(made)


class TestReading:
    def test_images_are_read_as_such(self, tmp_path):
        path = tmp_path / "ct.dcm"
        source = ct_series(number_of_slices=1)[0]
        path.write_bytes(saved(source))
        with path.open("rb") as file:
            for fp in (path, str(path), path.read_bytes(), file):
                found = read(fp)
                assert isinstance(found, Image)
                assert found.SOPInstanceUID == source.SOPInstanceUID
                assert found.PixelData == source.PixelData
            assert not file.closed

    def test_frames_may_be_left_in_the_file(self, tmp_path):
        path = tmp_path / "ct.dcm"
        path.write_bytes(saved(enhanced_ct()))
        found = read(path, lazy_frame_retrieval=True)
        assert isinstance(found, Image)
        assert "PixelData" not in found
        assert found.get_frame(1).shape == (found.Rows, found.Columns)

    def test_what_has_no_class_of_its_own_is_a_plain_instance(self):
        made = instance(sop_class_uid=RAW_DATA)
        assert type(read(saved(made))) is SOPClass

    def test_sop_classes_that_nobody_knows_are_read_too(self):
        source = ct_series(number_of_slices=1)[0]
        source.SOPClassUID = source.file_meta.MediaStorageSOPClassUID = "1.2.3.4.5.6"
        assert isinstance(read(saved(source)), Image)
        for keyword in ("Rows", "Columns", "BitsAllocated", "PixelData"):
            del source[keyword]
        assert type(read(saved(source))) is SOPClass

    def test_classes_of_users_are_registered_by_being_made(self):
        class Special(SOPClass):
            sop_class_uids = frozenset({"1.2.3.4.5.7"})

        made = instance(sop_class_uid="1.2.3.4.5.7")
        assert type(read(saved(made))) is Special

    def test_what_is_no_file_is_refused(self, tmp_path):
        with pytest.raises(SourceError, match="is a folder"):
            read(tmp_path)
        with pytest.raises(SourceError, match="There is no file"):
            read(tmp_path / "absent.dcm")
        with pytest.raises(ArgumentTypeError):
            read(None)

    @pytest.mark.parametrize(
        "content", [b"", b"abc", b"This is a letter, no picture. " * 20]
    )
    @pytest.mark.parametrize("lazy", [False, True])
    def test_what_is_not_dicom_is_refused(self, content, lazy):
        with pytest.raises(NonconformantDatasetError, match="is not a DICOM file"):
            read(content, lazy_frame_retrieval=lazy)

    @pytest.mark.parametrize("lazy", [False, True])
    def test_a_file_without_sop_class_is_refused(self, lazy):
        with (
            reading_policy("lenient"),
            pytest.raises(MissingAttributeError, match="SOPClassUID"),
        ):
            read(bytes(128) + b"DICM", lazy_frame_retrieval=lazy)

    def test_files_of_others_are_read(self):
        path = get_testdata_file("rtplan.dcm", download=False)
        assert read(path).Modality == "RTPLAN"


class TestPerFrameGroups:
    @pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian])
    def test_changing_an_item_and_saving_writes_it(self, syntax):
        source = enhanced_ct(transfer_syntax=syntax)
        expected = copy.deepcopy(source)
        for dataset in (found := read(saved(source)), expected):
            group = dataset.PerFrameFunctionalGroupsSequence[2]
            group.PlanePositionSequence[0].ImagePositionPatient = [7, 8, 9]
        assert isinstance(found.PerFrameFunctionalGroupsSequence, LazySequence)
        read_back = reread(found)
        assert read_back.PerFrameFunctionalGroupsSequence == (
            expected.PerFrameFunctionalGroupsSequence
        )
        position = read_back.PerFrameFunctionalGroupsSequence[2].PlanePositionSequence
        assert position[0].ImagePositionPatient == [7, 8, 9]

    def test_reading_items_changes_nothing(self):
        content = saved(enhanced_ct())
        found = read(content)
        assert len(found.PerFrameFunctionalGroupsSequence) == found.NumberOfFrames
        _ = found.PerFrameFunctionalGroupsSequence[-1].PlanePositionSequence
        assert dcmread(io.BytesIO(saved(found))) == dcmread(io.BytesIO(content))

    def test_items_may_be_removed_and_replaced(self):
        found = read(saved(enhanced_ct()))
        groups = found.PerFrameFunctionalGroupsSequence
        count = len(groups)
        del groups[0]
        read_back = reread(found)
        assert len(read_back.PerFrameFunctionalGroupsSequence) == count - 1
        found.PerFrameFunctionalGroupsSequence = Sequence([Dataset()])
        assert len(reread(found).PerFrameFunctionalGroupsSequence) == 1

    def test_touched_instances_can_be_copied_and_pickled(self):
        found = read(saved(enhanced_ct()))
        group = found.PerFrameFunctionalGroupsSequence[1]
        group.PlanePositionSequence[0].ImagePositionPatient = [7, 8, 9]
        for other in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
            groups = other.PerFrameFunctionalGroupsSequence
            position = groups[1].PlanePositionSequence[0].ImagePositionPatient
            assert position == [7, 8, 9]
            assert saved(other) == saved(found)


class TestValidation:
    def test_a_valid_image_has_no_violations(self):
        source = SOPClass.from_dataset(ct_series(number_of_slices=1)[0])
        assert source.validate() == []

    def test_what_is_missing_or_wrong_is_listed(self):
        source = SOPClass.from_dataset(ct_series(number_of_slices=1)[0])
        del source.PatientID
        source.Modality = "XX"
        source.Rows = None
        keywords = {violation.keyword for violation in source.validate()}
        assert {"PatientID", "Rows"} <= keywords


def test_new_instances_become_json():
    instance = SOPClass.from_dataset(ct_series(number_of_slices=1)[0])
    instance.ContentDate = DA(datetime.date(2026, 1, 2))
    instance.ContentTime = TM(datetime.time(3, 4, 5))
    item = Dataset()
    item.ContributionDateTime = DT("20260102030405")
    instance.ContributingEquipmentSequence = [item]
    again = Dataset.from_json(instance.to_json())
    assert again.ContentDate == "20260102"
    assert again.ContentTime == "030405"
    (equipment,) = again.ContributingEquipmentSequence
    assert equipment.ContributionDateTime == "20260102030405"


def test_the_header_of_an_image_read_lazily_is_read_once(monkeypatch):
    read_header = frame_reader.read_header
    sources = []

    def counted(source):
        sources.append(source)
        return read_header(source)

    monkeypatch.setattr(frame_reader, "read_header", counted)
    path = get_testdata_file("CT_small.dcm", download=False)
    image = read(path, lazy_frame_retrieval=True)
    assert len(sources) == 1
    assert image.get_frame(1).shape == (128, 128)
