"""Modules as fragments of datasets (PS3.3 Annex C)."""

import copy
import datetime

import pytest
from pydicom import Dataset
from pydicom.sr.codedict import codes

from highdicom.base_content import ContributingEquipment
from highdicom.coding import CodedConcept
from highdicom.content import ContentCreatorIdentificationCodeSequence
from highdicom.encoding.elements import raw_element, tag_of
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.modules.content_identification import ContentIdentification
from highdicom.modules.copying import (
    PATIENT_AND_STUDY_MODULES,
    SPECIMEN_MODULES,
    copy_modules,
)
from highdicom.modules.equipment import EnhancedGeneralEquipment, GeneralEquipment
from highdicom.modules.frame_of_reference import FrameOfReference
from highdicom.modules.patient import Patient
from highdicom.modules.series import GeneralSeries
from highdicom.modules.sop_common import SOPCommon
from highdicom.modules.study import GeneralStudy
from highdicom.version import __version__


def item(**attributes):
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.mark.parametrize(
    ("module", "keywords"),
    [
        (Patient(), "PatientBirthDate PatientID PatientName PatientSex"),
        (
            GeneralStudy("1.2.3"),
            (
                "AccessionNumber ReferringPhysicianName StudyDate StudyID "
                "StudyInstanceUID StudyTime"
            ),
        ),
        (GeneralSeries("1.2.3", 1, "SEG"), "Modality SeriesInstanceUID SeriesNumber"),
        (GeneralEquipment(), "Manufacturer"),
        (
            EnhancedGeneralEquipment("M", "N", "1", ["2", "3"]),
            "DeviceSerialNumber Manufacturer ManufacturerModelName SoftwareVersions",
        ),
        (FrameOfReference("1.2"), "FrameOfReferenceUID PositionReferenceIndicator"),
        (SOPCommon("1.2", "1.3", 4), "InstanceNumber SOPClassUID SOPInstanceUID"),
        (
            ContentIdentification(1, "LABEL"),
            "ContentCreatorName ContentDescription ContentLabel InstanceNumber",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_required_is_there_even_if_empty(module, keywords):
    assert sorted(element.keyword for element in module) == keywords.split()


def test_modules_are_put_into_datasets():
    dataset = item(PatientName="Old^Name", Modality="CT")
    Patient("4711", "Doe^Jane", datetime.date(1970, 1, 31), "F").insert_into(dataset)
    assert dataset.PatientID == "4711"
    assert dataset.PatientName == "Doe^Jane"
    assert str(dataset.PatientBirthDate) == "19700131"
    assert dataset.PatientSex == "F"
    assert dataset.Modality == "CT"


def test_content_may_say_who_made_it():
    creator = ContentCreatorIdentificationCodeSequence(
        [CodedConcept("4711", "99HOSPITAL", "Doe, Jane")], "Hospital"
    )
    module = ContentIdentification(1, "LABEL", "what", "Doe^Jane", creator)
    assert module.ContentCreatorIdentificationCodeSequence is creator
    assert module.ContentCreatorName == "Doe^Jane"
    with pytest.raises(InvalidArgumentError, match="'content_label' must be valid"):
        ContentIdentification(1, "lower case")


class TestContributingEquipment:
    def test_attributes_say_what_was_given(self):
        when = datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
        equipment = ContributingEquipment(
            "Maker",
            codes.DCM.AcquisitionEquipment,
            manufacturer_model_name="Model",
            software_versions=("1", "2"),
            device_serial_number="3",
            institution_name="Hospital",
            institutional_department_name="Radiology",
            institution_address="Street",
            station_name="CT1",
            contribution_datetime=when,
            contribution_description="acquired",
        )
        assert equipment.Manufacturer == "Maker"
        purpose = equipment.PurposeOfReferenceCodeSequence[0]
        assert purpose == codes.DCM.AcquisitionEquipment
        assert list(equipment.SoftwareVersions) == ["1", "2"]
        assert equipment.StationName == "CT1"
        assert equipment.InstitutionAddress == "Street"
        assert equipment.ContributionDescription == "acquired"
        assert equipment.contribution_datetime == when

    def test_this_software_describes_itself(self):
        equipment = ContributingEquipment.for_highdicom()
        assert equipment.ManufacturerModelName == "highdicom"
        assert equipment.SoftwareVersions == __version__
        assert equipment.purpose_of_reference == codes.DCM.ProcessingEquipment
        made = equipment.contribution_datetime
        assert abs(datetime.datetime.now(made.tzinfo) - made).total_seconds() < 60
        other = ContributingEquipment.for_highdicom(
            purpose_of_reference=codes.DCM.FilmDigitizer
        )
        assert other.purpose_of_reference == codes.DCM.FilmDigitizer

    def test_the_equipment_of_an_image_is_described_in_its_words(self):
        image = item(
            Manufacturer="Maker",
            ManufacturerModelName="Model",
            SoftwareVersions=["1", "2"],
            StationName="A" * 16,
            InstitutionAddress="Street\r\nTown",
            DeviceSerialNumber="",
            Modality="CT",
        )
        before = copy.deepcopy(image)
        equipment = ContributingEquipment.for_image_acquisition(image)
        assert image == before
        assert {element.keyword for element in equipment} == {
            "Manufacturer",
            "ManufacturerModelName",
            "SoftwareVersions",
            "StationName",
            "InstitutionAddress",
            "PurposeOfReferenceCodeSequence",
            "ContributionDescription",
        }
        assert equipment.purpose_of_reference == codes.DCM.AcquisitionEquipment
        equipment.SoftwareVersions[0] = "9"
        assert image == before

    def test_equipment_contributed_when_the_image_was_acquired(self):
        image = item(Manufacturer="Maker", AcquisitionDateTime="20200131120000+0100")
        equipment = ContributingEquipment.for_image_acquisition(image)
        assert str(equipment.ContributionDateTime) == "20200131120000+0100"
        said = "Acquisition equipment of the source image(s)"
        assert equipment.contribution_description == said

    @pytest.mark.parametrize("acquired", [b"", b"at noon", b"2020\\2021"])
    def test_a_time_that_the_image_does_not_tell_is_left_out(self, acquired):
        image = item(Manufacturer="Maker")
        tag = tag_of("AcquisitionDateTime")
        image[tag] = raw_element(tag, "DT", acquired)
        equipment = ContributingEquipment.for_image_acquisition(image)
        assert "ContributionDateTime" not in equipment

    def test_names_that_are_too_long_are_no_obstacle(self):
        image = item(Manufacturer="Maker")
        with pytest.warns(UserWarning, match="exceeds the maximum length"):
            image.StationName = "A" * 20
        equipment = ContributingEquipment.for_image_acquisition(image)
        assert equipment.station_name == "A" * 20

    @pytest.mark.parametrize("image", [Dataset(), item(Manufacturer="")])
    def test_an_image_has_to_say_who_made_its_equipment(self, image):
        with pytest.raises(MissingAttributeError, match="lacks Manufacturer"):
            ContributingEquipment.for_image_acquisition(image)

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (("", codes.DCM.FilmDigitizer), InvalidArgumentError, "'manufacturer'"),
            (("M", "purpose"), ArgumentTypeError, "'purpose_of_reference' must be"),
        ],
    )
    def test_what_describes_no_equipment_is_refused(self, arguments, error, message):
        with pytest.raises(error, match=message):
            ContributingEquipment(*arguments)


class TestCopying:
    def source(self):
        source = item(
            SpecificCharacterSet="ISO_IR 100",
            PatientName="Müller^Jürgen",
            PatientID="1",
            PatientAge="042Y",
            StudyDescription="Kopf",
            StudyInstanceUID="1.2.3",
            ClinicalTrialSponsorName="Sponsor",
            ClinicalTrialTimePointID="T1",
            Modality="CT",
            SeriesDescription="not of the study",
        )
        source.OtherPatientIDsSequence = [item(PatientID="2", IssuerOfPatientID="Ä")]
        return source

    def test_attributes_of_modules_are_copied_and_no_others(self):
        source = self.source()
        before = copy.deepcopy(source)
        target = item(PatientID="old", Modality="SEG", PatientComments="kept")
        copy_modules(source, target, PATIENT_AND_STUDY_MODULES)
        assert source == before
        assert target.PatientName == "Müller^Jürgen"
        assert target.PatientID == "1"
        assert target.ClinicalTrialTimePointID == "T1"
        assert target.Modality == "SEG"
        assert target.PatientComments == "kept"
        assert "SeriesDescription" not in target
        assert "SpecificCharacterSet" not in target

    def test_copies_are_independent_of_their_source(self):
        source = self.source()
        before = copy.deepcopy(source)
        target = Dataset()
        copy_modules(source, target, PATIENT_AND_STUDY_MODULES)
        target.OtherPatientIDsSequence[0].PatientID = "3"
        assert source == before

    def test_specimens_are_copied(self):
        source = item(ContainerIdentifier="C", SpecimenDescriptionSequence=[item()])
        target = Dataset()
        copy_modules(source, target, SPECIMEN_MODULES)
        assert target.ContainerIdentifier == "C"
        assert len(target.SpecimenDescriptionSequence) == 1
