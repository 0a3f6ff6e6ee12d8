"""Specimens and their preparation (PS3.3 C.7.6.22, PS3.16 TID 8001 to 8004)."""

import copy
import datetime
import io
import pickle

import pytest
from pydicom import Dataset, dcmread
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.content import (
    IssuerOfIdentifier,
    SpecimenCollection,
    SpecimenDescription,
    SpecimenPreparationStep,
    SpecimenProcessing,
    SpecimenSampling,
    SpecimenStaining,
)
from highdicom.enum import UniversalEntityIDTypeValues
from highdicom.errors import (
    ArgumentTypeError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)
from highdicom.standard import rules_of
from highdicom.uid import UID

EXCISION = Code("65801008", "SCT", "Excision")
TISSUE = Code("119376003", "SCT", "Tissue specimen")
DISSECTION = Code("122459003", "SCT", "Dissection")
EOSIN = Code("36879007", "SCT", "Eosin stain")
FORMALIN = Code("434162003", "SCT", "Neutral buffered formalin")
PARAFFIN = Code("311731000", "SCT", "Paraffin wax")
SLIDE = Code("433466003", "SCT", "Microscope slide")
LAB = IssuerOfIdentifier("LAB")

PROCEDURES = [
    SpecimenCollection(EXCISION),
    SpecimenSampling(DISSECTION, "PART-1", TISSUE, LAB),
    SpecimenStaining([EOSIN, "a stain of ours"]),
    SpecimenProcessing("cut"),
]


def from_file(dataset):
    """A dataset as it comes back from a file."""
    outer = Dataset()
    outer.SpecimenDescriptionSequence = [dataset]
    buffer = io.BytesIO()
    outer.save_as(buffer, implicit_vr=True, little_endian=True)
    buffer.seek(0)
    return dcmread(buffer, force=True).SpecimenDescriptionSequence[0]


def meanings(items):
    return [item.ConceptNameCodeSequence[0].CodeMeaning for item in items]


class TestIssuer:
    def test_a_local_name_needs_no_type(self):
        issuer = IssuerOfIdentifier("LAB")
        assert issuer.LocalNamespaceEntityID == "LAB"
        assert len(issuer) == 1
        assert issuer.issuer_of_identifier == "LAB"
        assert issuer.issuer_of_identifier_type is None
        assert issuer.hierarchic_designator == "LAB"

    @pytest.mark.parametrize("kind", ["ISO", UniversalEntityIDTypeValues.ISO])
    def test_a_universal_name_has_a_type(self, kind):
        issuer = IssuerOfIdentifier("1.2.3", kind)
        assert issuer.UniversalEntityID == "1.2.3"
        assert issuer.UniversalEntityIDType == "ISO"
        assert "LocalNamespaceEntityID" not in issuer
        assert issuer.issuer_of_identifier == "1.2.3"
        assert issuer.issuer_of_identifier_type is UniversalEntityIDTypeValues.ISO
        assert issuer.hierarchic_designator == "^1.2.3^ISO"

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (("",), InvalidArgumentError, "'issuer_of_identifier' must not be empty"),
            ((3,), ArgumentTypeError, "must be a string"),
            (("a", "ABC"), InvalidArgumentError, "'issuer_of_identifier_type' must"),
        ],
    )
    def test_what_names_nobody_is_refused(self, arguments, error, message):
        with pytest.raises(error, match=message):
            IssuerOfIdentifier(*arguments)

    def test_the_local_name_comes_first(self):
        dataset = Dataset()
        dataset.LocalNamespaceEntityID = "LAB"
        dataset.UniversalEntityID = "1.2.3"
        dataset.UniversalEntityIDType = "ISO"
        issuer = IssuerOfIdentifier.from_dataset(dataset)
        assert issuer.issuer_of_identifier == "LAB"
        assert issuer.hierarchic_designator == "LAB^1.2.3^ISO"
        assert IssuerOfIdentifier.from_dataset(dataset, copy=False) is dataset

    @pytest.mark.parametrize("keywords", [[], ["UniversalEntityID"]])
    def test_a_dataset_has_to_name_somebody(self, keywords):
        dataset = Dataset()
        for keyword in keywords:
            setattr(dataset, keyword, "1.2.3")
        with pytest.raises(InvalidAttributeError, match="An issuer needs"):
            IssuerOfIdentifier.from_dataset(dataset)


class TestProcedures:
    def test_collection(self):
        collection = SpecimenCollection(EXCISION)
        assert not collection.is_sr
        assert meanings(collection) == ["Specimen collection"]
        assert collection.procedure == EXCISION

    def test_sampling(self):
        sampling = SpecimenSampling(
            DISSECTION, "PART-1", TISSUE, IssuerOfIdentifier("1.2.3", "ISO")
        )
        assert meanings(sampling) == [
            "Sampling Method",
            "Parent Specimen Identifier",
            "Issuer of Parent Specimen Identifier",
            "Parent specimen type",
        ]
        assert sampling.method == DISSECTION
        assert sampling.parent_specimen_id == "PART-1"
        assert sampling.parent_specimen_type == TISSUE
        # As the HL7 v2 Hierarchic Designator that TID 8002 asks for.
        assert sampling[2].value == "^1.2.3^ISO"
        assert sampling.issuer_of_parent_specimen_id == "1.2.3"
        without = SpecimenSampling(DISSECTION, "PART-1", TISSUE)
        assert len(without) == 3
        assert without.issuer_of_parent_specimen_id is None

    def test_staining(self):
        staining = SpecimenStaining([EOSIN, "a stain of ours"])
        assert [item.ValueType for item in staining] == ["CODE", "TEXT"]
        assert staining.substances == [EOSIN, "a stain of ours"]

    def test_processing(self):
        assert SpecimenProcessing("cut").description == "cut"
        by_code = SpecimenProcessing(EXCISION)
        assert isinstance(by_code.description, CodedConcept)
        assert by_code[0].ValueType == "CODE"

    @pytest.mark.parametrize(
        ("make", "error", "message"),
        [
            (lambda: SpecimenCollection("x"), ArgumentTypeError, "'value' must be"),
            (lambda: SpecimenProcessing(3), ArgumentTypeError, "'value' must be"),
            (lambda: SpecimenProcessing(""), InvalidArgumentError, "not empty"),
            (
                lambda: SpecimenSampling("x", "1", TISSUE),
                ArgumentTypeError,
                "'value' must be",
            ),
            (
                lambda: SpecimenSampling(DISSECTION, 5, TISSUE),
                ArgumentTypeError,
                "must be a string",
            ),
            (
                lambda: SpecimenSampling(DISSECTION, "1", TISSUE, "LAB"),
                ArgumentTypeError,
                "'issuer_of_parent_specimen_id' must be an IssuerOfIdentifier",
            ),
            (lambda: SpecimenStaining([]), InvalidArgumentError, "must not be empty"),
            (lambda: SpecimenStaining("eosin"), ArgumentTypeError, "a single str"),
            (lambda: SpecimenStaining(EOSIN), ArgumentTypeError, "a single Code"),
            (lambda: SpecimenStaining([3]), ArgumentTypeError, "'substances' must be"),
        ],
    )
    def test_what_is_no_procedure_is_refused(self, make, error, message):
        with pytest.raises(error, match=message):
            make()


class TestStep:
    @pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: type(p).__name__)
    def test_a_step_names_specimen_type_and_procedure(self, procedure):
        step = SpecimenPreparationStep("S-1", procedure)
        items = step.SpecimenPreparationStepContentItemSequence
        assert meanings(items) == [
            "Specimen Identifier",
            "Processing type",
            *meanings(procedure),
        ]
        assert all("RelationshipType" not in item for item in items)
        assert step.specimen_id == "S-1"
        assert step.processing_type == procedure.processing_type
        for read in (step, SpecimenPreparationStep.from_dataset(from_file(step))):
            assert type(read.processing_procedure) is type(procedure)
            assert list(read.processing_procedure) == list(procedure)

    def test_what_else_is_known_of_a_step(self):
        when = datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
        step = SpecimenPreparationStep(
            "S-1",
            SpecimenStaining([EOSIN]),
            processing_description="twice",
            processing_datetime=when,
            issuer_of_specimen_id=IssuerOfIdentifier("1.2.3", "ISO"),
            fixative=FORMALIN,
            embedding_medium=PARAFFIN,
            specimen_container=SLIDE,
            specimen_type=TISSUE,
        )
        for read in (step, SpecimenPreparationStep.from_dataset(from_file(step))):
            assert read.processing_description == "twice"
            assert read.processing_datetime == when
            assert read.issuer_of_specimen_id == "1.2.3"
            assert read.fixative == FORMALIN
            assert read.embedding_medium == PARAFFIN
            assert read.specimen_container == SLIDE
            assert read.specimen_type == TISSUE
        assert (
            step.content_items.find(
                Code("111724", "DCM", "Issuer of Specimen Identifier")
            )[0].value
            == "^1.2.3^ISO"
        )

    def test_what_is_not_known_of_a_step_is_none(self):
        step = SpecimenPreparationStep("S-1", SpecimenCollection(EXCISION))
        assert step.processing_description is None
        assert step.processing_datetime is None
        assert step.issuer_of_specimen_id is None
        assert step.fixative is None
        assert step.embedding_medium is None
        assert step.specimen_container is None
        assert step.specimen_type is None

    def test_a_processing_describes_itself(self):
        step = SpecimenPreparationStep("S-1", SpecimenProcessing(EXCISION))
        assert step.processing_description == EXCISION
        with pytest.raises(InvalidArgumentError, match="'processing_description'"):
            SpecimenPreparationStep("S-1", SpecimenProcessing("cut"), "cut")

    def test_other_types_of_processing_are_read_as_such(self):
        step = from_file(SpecimenPreparationStep("S-1", SpecimenProcessing("frozen")))
        code = step.SpecimenPreparationStepContentItemSequence[1].ConceptCodeSequence[0]
        code.CodeValue, code.CodeMeaning = "433463006", "Freezing of specimen"
        read = SpecimenPreparationStep.from_dataset(step)
        assert read.processing_type.meaning == "Freezing of specimen"
        assert read.processing_procedure.description == "frozen"

    def test_a_processing_may_be_described_by_its_fixative_alone(self):
        step = from_file(
            SpecimenPreparationStep("S-1", SpecimenProcessing("x"), fixative=FORMALIN)
        )
        del step.SpecimenPreparationStepContentItemSequence[2]
        read = SpecimenPreparationStep.from_dataset(step)
        assert read.fixative == FORMALIN
        assert read.processing_description is None
        with pytest.raises(MissingAttributeError, match="Processing step description"):
            _ = read.processing_procedure.description

    def test_codes_of_srt_are_understood(self):
        step = from_file(SpecimenPreparationStep("S-1", SpecimenStaining([EOSIN])))
        item = step.SpecimenPreparationStepContentItemSequence[1]
        item.ConceptCodeSequence[0].CodeValue = "P3-00003"
        item.ConceptCodeSequence[0].CodingSchemeDesignator = "SRT"
        read = SpecimenPreparationStep.from_dataset(step)
        assert isinstance(read.processing_procedure, SpecimenStaining)

    @pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: type(p).__name__)
    @pytest.mark.parametrize("index", [0, 1])
    @pytest.mark.parametrize("change", ["without", "twice"])
    def test_a_step_has_one_identifier_and_type(self, procedure, index, change):
        step = from_file(SpecimenPreparationStep("S-1", procedure))
        items = step.SpecimenPreparationStepContentItemSequence
        if change == "twice":
            items.append(copy.deepcopy(items[index]))
        else:
            del items[index]
        with pytest.raises(InvalidAttributeError, match="must have 1 content item"):
            SpecimenPreparationStep.from_dataset(step)

    @pytest.mark.parametrize(
        "procedure", PROCEDURES[:2], ids=lambda p: type(p).__name__
    )
    @pytest.mark.parametrize("change", ["without", "twice"])
    def test_a_step_has_the_items_of_its_type_once(self, procedure, change):
        step = from_file(SpecimenPreparationStep("S-1", procedure))
        items = step.SpecimenPreparationStepContentItemSequence
        if change == "twice":
            items.append(copy.deepcopy(items[2]))
        else:
            del items[2]
        with pytest.raises(InvalidAttributeError, match="must have 1 content item"):
            SpecimenPreparationStep.from_dataset(step)

    def test_a_staining_has_substances(self):
        step = from_file(SpecimenPreparationStep("S-1", SpecimenStaining(["x"])))
        del step.SpecimenPreparationStepContentItemSequence[2]
        with pytest.raises(InvalidAttributeError, match="1-n content item"):
            SpecimenPreparationStep.from_dataset(step)

    def test_a_step_has_content_items(self):
        with pytest.raises(MissingAttributeError, match="ContentItemSequence"):
            SpecimenPreparationStep.from_dataset(Dataset())
        empty = Dataset()
        empty.SpecimenPreparationStepContentItemSequence = []
        with pytest.raises(InvalidAttributeError, match="Specimen Identifier"):
            SpecimenPreparationStep.from_dataset(empty)

    def test_items_of_reports_are_refused(self):
        step = from_file(SpecimenPreparationStep("S-1", SpecimenStaining(["x"])))
        items = step.SpecimenPreparationStepContentItemSequence
        items[0].RelationshipType = "CONTAINS"
        with pytest.raises(AttributeError, match="must have no relationship type"):
            SpecimenPreparationStep.from_dataset(step)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"specimen_id": 1}, "must be a string"),
            ({"processing_procedure": "cut"}, "'processing_procedure' must be one of"),
            ({"issuer_of_specimen_id": "LAB"}, "'issuer_of_specimen_id' must be an"),
            ({"fixative": "formalin"}, "must be a pydicom Code"),
            ({"processing_description": 4}, "must be a pydicom Code"),
        ],
    )
    def test_arguments_of_wrong_types_are_refused(self, arguments, message):
        given = {
            "specimen_id": "S-1",
            "processing_procedure": SpecimenCollection(EXCISION),
        }
        with pytest.raises(ArgumentTypeError, match=message):
            SpecimenPreparationStep(**{**given, **arguments})


class TestDescription:
    def full(self):
        return SpecimenDescription(
            "S-1",
            "1.2.3",
            specimen_location=(1.5, -2.0, 30.0),
            specimen_preparation_steps=[
                SpecimenPreparationStep("S-1", procedure) for procedure in PROCEDURES
            ],
            issuer_of_specimen_id=LAB,
            primary_anatomic_structures=[codes.SCT.Liver],
            specimen_type=TISSUE,
            specimen_short_description="short",
            specimen_detailed_description="much longer",
        )

    def test_identifiers_suffice(self):
        specimen = SpecimenDescription("S-1", "1.2.3")
        assert {element.keyword for element in specimen} == {
            "SpecimenIdentifier",
            "SpecimenUID",
            "IssuerOfTheSpecimenIdentifierSequence",
            "SpecimenPreparationSequence",
        }
        assert specimen.specimen_preparation_steps == []
        assert specimen.issuer_of_specimen_id is None
        assert specimen.specimen_location is None
        assert specimen.primary_anatomic_structures is None
        assert specimen.specimen_type is None
        assert specimen.specimen_short_description is None
        assert specimen.specimen_detailed_description is None

    @pytest.mark.parametrize("stored", [False, True])
    def test_properties_say_what_was_given(self, stored):
        specimen = self.full()
        if stored:
            specimen = SpecimenDescription.from_dataset(from_file(specimen))
        assert specimen.specimen_id == "S-1"
        assert specimen.specimen_uid == "1.2.3"
        assert type(specimen.specimen_uid) is UID
        assert specimen.specimen_location == (1.5, -2.0, 30.0)
        steps = specimen.specimen_preparation_steps
        assert [type(step) for step in steps] == [SpecimenPreparationStep] * 4
        assert steps[2].processing_procedure.substances[0] == EOSIN
        assert type(specimen.issuer_of_specimen_id) is IssuerOfIdentifier
        assert specimen.issuer_of_specimen_id.issuer_of_identifier == "LAB"
        assert specimen.primary_anatomic_structures == [codes.SCT.Liver]
        assert specimen.specimen_type == TISSUE
        assert specimen.specimen_short_description == "short"
        assert specimen.specimen_detailed_description == "much longer"

    def test_offsets_are_numbers_as_outside_of_reports(self):
        items = self.full().SpecimenLocalizationContentItemSequence
        rules = rules_of(
            "specimen",
            ("SpecimenDescriptionSequence", "SpecimenLocalizationContentItemSequence"),
        )
        allowed = rules["ValueType"].values[0].values
        for item, value, unit in zip(
            items, [1.5, -2, 30], ["mm", "mm", "um"], strict=True
        ):
            assert item.ValueType in allowed
            assert item.NumericValue == value
            assert item.MeasurementUnitsCodeSequence[0].CodeValue == unit
            assert "MeasuredValueSequence" not in item

    def test_offsets_that_do_not_fit_a_decimal_string_are_kept_exactly(self):
        specimen = SpecimenDescription("S-1", "1.2.3", (1 / 3, 2 / 3, 1e-9 / 3))
        read = SpecimenDescription.from_dataset(from_file(specimen))
        assert read.specimen_location == (1 / 3, 2 / 3, 1e-9 / 3)

    def test_offsets_of_other_software_are_converted(self):
        stored = from_file(SpecimenDescription("S-1", "1.2.3", (1.0, 2.0, 3.0)))
        items = stored.SpecimenLocalizationContentItemSequence
        items[0].MeasurementUnitsCodeSequence[0].CodeValue = "cm"
        # As in reports, which earlier software wrote.
        measured = Dataset()
        measured.NumericValue = "0.003"
        unit = copy.deepcopy(items[2].MeasurementUnitsCodeSequence)
        unit[0].CodeValue = "mm"
        measured.MeasurementUnitsCodeSequence = unit
        items[2].ValueType = "NUM"
        items[2].MeasuredValueSequence = [measured]
        location = SpecimenDescription.from_dataset(stored).specimen_location
        assert location == pytest.approx((10.0, 2.0, 3.0))
        items[1].MeasurementUnitsCodeSequence[0].CodeValue = "kg"
        with pytest.raises(InvalidAttributeError, match="must be a length"):
            _ = SpecimenDescription.from_dataset(stored).specimen_location

    def test_a_location_may_be_said_in_words(self):
        specimen = SpecimenDescription("S-1", "1.2.3", "left half")
        read = SpecimenDescription.from_dataset(from_file(specimen))
        assert read.specimen_location == "left half"

    def test_adoption_copies_or_not(self):
        stored = from_file(self.full())
        before = copy.deepcopy(stored)
        SpecimenDescription.from_dataset(stored)
        assert type(stored) is Dataset
        assert stored == before
        assert SpecimenDescription.from_dataset(stored, copy=False) is stored

    @pytest.mark.parametrize("keyword", ["SpecimenIdentifier", "SpecimenUID"])
    def test_identifiers_are_needed(self, keyword):
        stored = from_file(self.full())
        del stored[keyword]
        with pytest.raises(MissingAttributeError, match=keyword):
            SpecimenDescription.from_dataset(stored)

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({"specimen_id": 3}, ArgumentTypeError, "'specimen_id' must be a string"),
            ({"specimen_uid": "x"}, InvalidArgumentError, "'specimen_uid' must be a"),
            ({"specimen_location": 5}, ArgumentTypeError, "a text or three numbers"),
            ({"specimen_location": (1, 2)}, InvalidArgumentError, "3 coordinates"),
            ({"specimen_location": (1, "a", 2)}, ArgumentTypeError, "of numbers"),
            (
                {"specimen_location": (1, float("nan"), 2)},
                InvalidArgumentError,
                "finite",
            ),
            (
                {"specimen_preparation_steps": [Dataset()]},
                ArgumentTypeError,
                "'specimen_preparation_steps' must be a sequence of",
            ),
            (
                {"issuer_of_specimen_id": "LAB"},
                ArgumentTypeError,
                "'issuer_of_specimen_id' must be an IssuerOfIdentifier",
            ),
            (
                {"primary_anatomic_structures": []},
                InvalidArgumentError,
                "'primary_anatomic_structures' must not be empty",
            ),
            (
                {"primary_anatomic_structures": codes.SCT.Liver},
                ArgumentTypeError,
                "'primary_anatomic_structures' must be a sequence",
            ),
            (
                {"primary_anatomic_structures": ["liver"]},
                ArgumentTypeError,
                "A code must be",
            ),
            ({"specimen_type": "tissue"}, ArgumentTypeError, "'specimen_type' must"),
            (
                {"specimen_short_description": "x" * 65},
                InvalidArgumentError,
                "'specimen_short_description' must be valid",
            ),
        ],
    )
    def test_what_describes_no_specimen_is_refused(self, arguments, error, message):
        given = {"specimen_id": "S-1", "specimen_uid": "1.2.3"}
        with pytest.raises(error, match=message):
            SpecimenDescription(**{**given, **arguments})

    def test_specimens_can_be_copied_and_pickled(self):
        specimen = self.full()
        for other in (copy.deepcopy(specimen), pickle.loads(pickle.dumps(specimen))):
            assert type(other) is SpecimenDescription
            assert other.specimen_location == specimen.specimen_location
            steps = other.specimen_preparation_steps
            assert steps[1].processing_procedure.parent_specimen_id == "PART-1"
