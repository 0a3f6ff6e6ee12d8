"""Referenced images, algorithms and creators of content (PS3.3 Section 10)."""

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from highdicom.coding import CodedConcept
from highdicom.content import (
    AlgorithmIdentificationSequence,
    ContentCreatorIdentificationCodeSequence,
    ReferencedImageSequence,
)
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
    MissingAttributeError,
)

CT = "1.2.840.10008.5.1.4.1.1.2"
ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
HOSPITAL = Code("22232009", "SCT", "Hospital")
DEPARTMENT = Code("309964003", "SCT", "Radiology department")
FAMILY = codes.DCM.ArtificialIntelligence


def image(sop_class_uid=CT, sop_instance_uid="1.2.3", **attributes):
    dataset = Dataset()
    dataset.SOPClassUID = sop_class_uid
    dataset.SOPInstanceUID = sop_instance_uid
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def segmentation(*numbers):
    segments = []
    for number in numbers:
        segment = Dataset()
        segment.SegmentNumber = number
        segments.append(segment)
    return image(SEGMENTATION, NumberOfFrames=3, SegmentSequence=segments)


class TestReferencedImages:
    def test_each_image_is_referenced_once(self):
        references = ReferencedImageSequence([image(), image(ENHANCED_CT, "1.2.4")])
        assert [item.ReferencedSOPClassUID for item in references] == [CT, ENHANCED_CT]
        assert [item.ReferencedSOPInstanceUID for item in references] == [
            "1.2.3",
            "1.2.4",
        ]
        assert all(len(item) == 2 for item in references)

    @pytest.mark.parametrize(
        ("given", "stored"),
        [
            (2, 2),
            (np.int64(2), 2),
            ([2], 2),
            ([1, 3], [1, 3]),
            (np.array([1, 3]), [1, 3]),
        ],
    )
    def test_frames_and_segments_are_numbers(self, given, stored):
        frames = ReferencedImageSequence([image(NumberOfFrames=3)], given)
        assert frames[0].ReferencedFrameNumber == stored
        segments = ReferencedImageSequence(
            [segmentation(1, 2, 3)], referenced_segment_number=given
        )
        assert segments[0].ReferencedSegmentNumber == stored

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ((), ArgumentTypeError, "'referenced_images' is required"),
            (([],), InvalidArgumentError, "'referenced_images' must not be empty"),
            (([3],), ArgumentTypeError, "a sequence of datasets"),
            ((image(),), ArgumentTypeError, "a sequence of datasets"),
            (([image(), image()],), InvalidArgumentError, "each image once"),
            (([Dataset()],), MissingAttributeError, r"\[0\] lacks SOPClassUID"),
            (([image()], 1), ArgumentTypeError, "needs a multi-frame image"),
            (([image(NumberOfFrames=3)], 4), InvalidArgumentError, "between 1 and 3"),
            (([image(NumberOfFrames=3)], 0), InvalidArgumentError, "between 1 and 3"),
            (([image(NumberOfFrames=3)], "1"), ArgumentTypeError, "must be an integer"),
            (([image(NumberOfFrames=3)], [1.0]), ArgumentTypeError, "not float"),
            (([image()], None, 1), ArgumentTypeError, "needs a segmentation"),
            (([segmentation(1, 3)], None, 2), InvalidArgumentError, "not a segment of"),
            (([segmentation(1)], 1, 1), ConflictingArgumentsError, "not both"),
            (
                ([image(NumberOfFrames=3), image(ENHANCED_CT, "1.2.4")], 1),
                InvalidArgumentError,
                "for a single image only",
            ),
        ],
    )
    def test_what_cannot_be_referenced_is_refused(self, arguments, error, message):
        with pytest.raises(error, match=message):
            ReferencedImageSequence(*arguments)


class TestAlgorithm:
    def test_attributes_say_what_was_given(self):
        algorithm = AlgorithmIdentificationSequence(
            "threshold", FAMILY, "1.0", "me", {"low": "3", "high": "7"}
        )
        item = algorithm[0]
        assert item.AlgorithmName == "threshold"
        assert item.AlgorithmFamilyCodeSequence[0].CodeValue == FAMILY.value
        assert item.AlgorithmVersion == "1.0"
        assert item.AlgorithmSource == "me"
        assert item.AlgorithmParameters == "low=3,high=7"

    def test_properties_read_what_a_sequence_holds(self):
        item = Dataset()
        item.update(AlgorithmIdentificationSequence("n", FAMILY, "2")[0])
        algorithm = AlgorithmIdentificationSequence.from_sequence(Sequence([item]))
        assert (algorithm.name, algorithm.version) == ("n", "2")
        assert isinstance(algorithm.family, CodedConcept)
        assert algorithm.family == FAMILY
        assert algorithm.source is None
        assert algorithm.parameters is None
        algorithm[0].AlgorithmParameters = "a=b=c,fast"
        assert algorithm.parameters == {"a": "b=c", "fast": ""}

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (("", FAMILY, "1"), InvalidArgumentError, "'name' must be"),
            ((3, FAMILY, "1"), ArgumentTypeError, "'name' must be a string"),
            (("n", "AI", "1"), ArgumentTypeError, "'family' must be"),
            (("n", FAMILY, None), ArgumentTypeError, "'version' is required"),
            (("n", FAMILY, "x" * 65), InvalidArgumentError, "'version' must be valid"),
            (
                ("n", FAMILY, "1", None, {"a,b": "c"}),
                InvalidArgumentError,
                "'parameters' must have",
            ),
            (
                ("n", FAMILY, "1", None, {"a": "b=c"}),
                InvalidArgumentError,
                "'parameters' must have",
            ),
        ],
    )
    def test_what_names_no_algorithm_is_refused(self, arguments, error, message):
        with pytest.raises(error, match=message):
            AlgorithmIdentificationSequence(*arguments)

    def test_an_algorithm_needs_its_attributes(self):
        with pytest.raises(MissingAttributeError, match="AlgorithmFamilyCodeSequence"):
            AlgorithmIdentificationSequence.from_sequence(Sequence([Dataset()]))


class TestCreator:
    def test_attributes_say_what_was_given(self):
        person = CodedConcept("4711", "99HOSPITAL", "Doe, Jane")
        creator = ContentCreatorIdentificationCodeSequence(
            [person],
            "General Hospital",
            "Street 1",
            ["123", "456"],
            "jane@example.org",
            HOSPITAL,
            "Street 2",
            "Radiology",
            DEPARTMENT,
        )
        item = creator[0]
        assert item.PersonIdentificationCodeSequence[0] == person
        assert item.InstitutionName == "General Hospital"
        assert item.PersonAddress == "Street 1"
        assert item.PersonTelephoneNumbers == ["123", "456"]
        assert item.PersonTelecomInformation == "jane@example.org"
        assert item.InstitutionCodeSequence[0] == HOSPITAL
        assert item.InstitutionAddress == "Street 2"
        assert item.InstitutionalDepartmentName == "Radiology"
        assert len(item.InstitutionalDepartmentTypeCodeSequence) == 1
        assert creator.person_telephone_numbers == ["123", "456"]

    def test_only_person_and_institution_are_required(self):
        creator = ContentCreatorIdentificationCodeSequence([FAMILY], "Hospital")
        assert len(creator[0]) == 2

    def test_telephone_numbers_that_are_given_are_one_or_more(self):
        with pytest.raises(InvalidArgumentError, match="'person_telephone_numbers'"):
            ContentCreatorIdentificationCodeSequence(
                [FAMILY], "Hospital", person_telephone_numbers=[]
            )

    @pytest.mark.parametrize(
        ("persons", "error"),
        [
            ([], InvalidArgumentError),
            (FAMILY, ArgumentTypeError),
            (["Doe"], ArgumentTypeError),
            (None, ArgumentTypeError),
        ],
    )
    def test_persons_are_one_code_or_more(self, persons, error):
        with pytest.raises(error, match="'person_identification_codes'"):
            ContentCreatorIdentificationCodeSequence(persons, "Hospital")
