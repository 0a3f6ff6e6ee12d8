from collections.abc import Iterable
from io import BytesIO

import pydicom
import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_sequence_item
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from highdicom.standard import Requirement, Severity, validate
from highdicom.standard.sampling import sample_of
from highdicom.standard.tables import iod_by_key
from highdicom.testing.factories import enhanced_ct, enhanced_mr, slide

PER_FRAME = 0x52009230


def found(dataset, rule=Requirement.FUNCTIONAL_GROUP):
    return [violation for violation in validate(dataset) if violation.rule is rule]


def as_raw(items: Iterable[Dataset], *, implicit: bool) -> RawDataElement:
    """Items as pydicom finds them in a file, defined length, not decoded."""
    buffer = DicomBytesIO()
    buffer.is_little_endian = True
    buffer.is_implicit_VR = implicit
    for item in items:
        item.is_undefined_length_sequence_item = False
        write_sequence_item(buffer, item, ["iso8859"])
    value = buffer.getvalue()
    return RawDataElement(
        BaseTag(PER_FRAME),
        None if implicit else "SQ",
        len(value),
        value,
        0,
        implicit,
        True,
        True,
    )


@pytest.fixture
def ct():
    return enhanced_ct()


def test_group_that_is_shared_and_of_a_frame_is_an_error(ct):
    frame = ct.PerFrameFunctionalGroupsSequence[1]
    frame.PixelMeasuresSequence = ct.SharedFunctionalGroupsSequence[
        0
    ].PixelMeasuresSequence
    (violation,) = found(ct)
    assert violation.path == "PerFrameFunctionalGroupsSequence[1].PixelMeasuresSequence"
    assert violation.severity is Severity.ERROR
    assert "is shared, too" in violation.message


def test_group_that_is_nowhere_is_missing_in_every_frame(ct):
    del ct.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence
    violations = found(ct)
    number = len(ct.PerFrameFunctionalGroupsSequence)
    assert [violation.path for violation in violations] == [
        f"PerFrameFunctionalGroupsSequence[{i}].PixelMeasuresSequence"
        for i in range(number)
    ]
    assert "is missing" in violations[0].message


def test_group_may_move_from_shared_to_every_frame(ct):
    shared = ct.SharedFunctionalGroupsSequence[0]
    measures = shared.PixelMeasuresSequence
    del shared.PixelMeasuresSequence
    for frame in ct.PerFrameFunctionalGroupsSequence:
        frame.PixelMeasuresSequence = measures
    assert validate(ct) == []


def test_group_that_one_frame_lacks_is_missing_there(ct):
    del ct.PerFrameFunctionalGroupsSequence[2].PlanePositionSequence
    (violation,) = found(ct)
    assert violation.path == "PerFrameFunctionalGroupsSequence[2].PlanePositionSequence"


def test_frame_content_must_not_be_shared(ct):
    for frame in ct.PerFrameFunctionalGroupsSequence:
        content = frame.FrameContentSequence
        del frame.FrameContentSequence
    ct.SharedFunctionalGroupsSequence[0].FrameContentSequence = content
    (violation,) = found(ct)
    assert violation.path == "SharedFunctionalGroupsSequence[0].FrameContentSequence"
    assert "must not be a shared" in violation.message


def test_unassigned_groups_have_one_place_each():
    image = Dataset()
    image.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2.2"  # Legacy Converted Enhanced CT
    shared, frame = Dataset(), Dataset()
    shared.UnassignedPerFrameConvertedAttributesSequence = [Dataset()]
    frame.UnassignedSharedConvertedAttributesSequence = [Dataset()]
    image.SharedFunctionalGroupsSequence = [shared]
    image.PerFrameFunctionalGroupsSequence = [frame]
    misplaced = [v.path for v in found(image) if "must not be" in v.message]
    assert misplaced == [
        "PerFrameFunctionalGroupsSequence[0].UnassignedSharedConvertedAttributesSequence",
        "SharedFunctionalGroupsSequence[0].UnassignedPerFrameConvertedAttributesSequence",
    ]


def test_conditional_group_is_required_where_its_condition_holds(ct):
    shared = ct.SharedFunctionalGroupsSequence[0]
    places = [
        item
        for item in (shared, *ct.PerFrameFunctionalGroupsSequence)
        if "CTExposureSequence" in item
    ]
    for item in places:
        del item.CTExposureSequence
    assert ct.ImageType[0] == "ORIGINAL"
    assert found(ct)
    ct.ImageType = ["DERIVED", *ct.ImageType[1:]]
    assert found(ct) == []


def test_group_whose_condition_does_not_hold_is_a_warning():
    image = enhanced_mr()
    usage = Dataset()
    usage.ContrastBolusAgentNumber = 1
    usage.ContrastBolusAgentAdministered = "YES"
    usage.ContrastBolusAgentDetected = "YES"
    image.SharedFunctionalGroupsSequence[0].ContrastBolusUsageSequence = [usage]
    (violation,) = [
        v for v in validate(image) if v.keyword == "ContrastBolusUsageSequence"
    ]
    assert violation.rule is Requirement.ABSENCE
    assert violation.severity is Severity.WARNING


def test_number_of_items_is_that_of_the_frames(ct):
    ct.NumberOfFrames = 1000
    (violation,) = found(ct, Requirement.NUMBER_OF_ITEMS)
    assert violation.path == "PerFrameFunctionalGroupsSequence"
    assert "Number of Frames is 1000" in violation.message


def test_attributes_inside_groups_are_checked(ct):
    frame_type = ct.SharedFunctionalGroupsSequence[0].CTImageFrameTypeSequence[0]
    del frame_type.PixelPresentation
    frame_type_path = "SharedFunctionalGroupsSequence[0].CTImageFrameTypeSequence[0]"
    ct.PerFrameFunctionalGroupsSequence[1].PlanePositionSequence.append(Dataset())
    assert [(violation.path, violation.rule) for violation in validate(ct)] == [
        (
            "PerFrameFunctionalGroupsSequence[1].PlanePositionSequence",
            Requirement.NUMBER_OF_ITEMS,
        ),
        (
            f"{frame_type_path}.PixelPresentation",
            Requirement.PRESENCE,
        ),
        (
            (
                "PerFrameFunctionalGroupsSequence[1].PlanePositionSequence[1]"
                ".ImagePositionPatient"
            ),
            Requirement.PRESENCE,
        ),
    ]


def test_shared_groups_have_to_be_there(ct):
    del ct.SharedFunctionalGroupsSequence
    violations = validate(ct)
    assert violations[0].path == "SharedFunctionalGroupsSequence"
    assert any(v.rule is Requirement.FUNCTIONAL_GROUP for v in violations)
    del ct.PerFrameFunctionalGroupsSequence
    assert found(ct) == []  # one violation says it all


def test_image_without_per_frame_groups_has_all_groups_shared():
    image = slide()
    if "PerFrameFunctionalGroupsSequence" in image:
        del image.PerFrameFunctionalGroupsSequence
    image.DimensionOrganizationType = "TILED_FULL"
    assert found(image) == []
    del image.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence
    (violation,) = found(image)
    assert violation.path == "SharedFunctionalGroupsSequence[0].PixelMeasuresSequence"


def test_current_frame_has_functional_groups_of_its_own():
    iod = iod_by_key("real-time-video-endoscopic-image")
    image = Dataset()
    image.CurrentFrameFunctionalGroupsSequence = [Dataset()]
    missing = {
        violation.path
        for violation in validate(image, iod)
        if violation.rule is Requirement.FUNCTIONAL_GROUP
    }
    assert missing == {
        "CurrentFrameFunctionalGroupsSequence[0].TimeOfFrameGroupSequence"
    }


# Many frames


def many_frames(number):
    """Frames of three kinds: every seventh lacks a position, every tenth is odd."""
    for index in range(number):
        content, position, frame = Dataset(), Dataset(), Dataset()
        content.DimensionIndexValues = [index + 1]
        content.CardiacCyclePosition = "SOMEWHERE" if index % 10 == 9 else "END_SYSTOLE"
        position.ImagePositionPatient = [0, 0, index]
        frame.FrameContentSequence = [content]
        if index % 7:
            frame.PlanePositionSequence = [position]
        yield frame


@pytest.mark.parametrize("implicit", [True, False])
def test_encoded_frames_are_told_apart_by_what_matters(implicit):
    frames = list(many_frames(400))
    dataset = Dataset()
    dataset[PER_FRAME] = as_raw(frames, implicit=implicit)
    encoded = sample_of(dataset, PER_FRAME)
    dataset.PerFrameFunctionalGroupsSequence = Sequence(frames)
    decoded = sample_of(dataset, PER_FRAME)
    for sample in (encoded, decoded):
        assert sample.number_of_items == 400
        assert sample.is_complete
        assert [(r.index, r.count) for r in sample.representatives] == [
            (0, 400 // 7 + 1 - len(range(49, 400, 70))),
            (1, 400 - 58 - (40 - len(range(49, 400, 70)))),
            (9, 40 - len(range(49, 400, 70))),
            (49, len(range(49, 400, 70))),
        ]


def test_encoded_frames_are_not_decoded_to_be_checked(ct):
    ct.NumberOfFrames = 400
    ct[PER_FRAME] = raw = as_raw(many_frames(400), implicit=False)
    del ct.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence
    violations = validate(ct)
    assert ct.get_item(PER_FRAME) is raw
    missing = [v for v in violations if v.keyword == "PlanePositionSequence"]
    assert [v.path for v in missing] == [
        "PerFrameFunctionalGroupsSequence[0].PlanePositionSequence",
        "PerFrameFunctionalGroupsSequence[49].PlanePositionSequence",
    ]
    assert "likewise in 51 other frames" in missing[0].message
    odd = [v for v in violations if v.keyword == "CardiacCyclePosition"]
    assert [v.path.split(".")[0] for v in odd] == [
        "PerFrameFunctionalGroupsSequence[9]",
        "PerFrameFunctionalGroupsSequence[49]",
    ]


def test_number_of_values_and_emptiness_tell_frames_apart():
    frames = list(many_frames(100))
    frames[50].PlanePositionSequence[0].ImagePositionPatient = [1, 2]
    frames[51].PlanePositionSequence[0].ImagePositionPatient = None
    frames[52].FrameContentSequence[0].DimensionIndexValues = [1, 2]
    dataset = Dataset()
    dataset[PER_FRAME] = as_raw(frames, implicit=False)
    indices = {r.index for r in sample_of(dataset, PER_FRAME).representatives}
    assert {50, 51, 52} <= indices
    dataset.PerFrameFunctionalGroupsSequence = Sequence(frames)
    assert {r.index for r in sample_of(dataset, PER_FRAME).representatives} == indices


def test_too_many_kinds_of_items_are_not_all_looked_at():
    image = Dataset()
    image.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    items = []
    for index in range(600):
        item = Dataset()
        item.ReferencedSOPClassUID = "1.2.3"
        item.ReferencedSOPInstanceUID = "1.2.3"
        item.add_new((0x0008, 0x2111), "ST", "x")
        item.add_new((0x0020, 0x0060), "CS", f"K{index}")
        items.append(item)
    image.SourceImageSequence = items
    sample = sample_of(image, 0x00082112)
    assert (sample.number_of_items, len(sample.representatives)) == (600, 512)
    assert not sample.is_complete
    assert found(image, Requirement.NESTING) == []
    (violation,) = [
        v
        for v in validate(image, report_unchecked=True)
        if v.rule is Requirement.NESTING
    ]
    assert violation.severity is Severity.NOT_CHECKED


def test_frames_that_cannot_be_read_are_a_violation(ct):
    raw = as_raw(many_frames(400), implicit=False)
    ct[PER_FRAME] = raw._replace(value=raw.value[:-5], length=len(raw.value) - 5)
    (violation,) = found(ct, Requirement.NESTING)
    assert violation.keyword == "PerFrameFunctionalGroupsSequence"


def test_image_from_a_file_has_no_other_violations(ct):
    del ct.PerFrameFunctionalGroupsSequence[1].PlanePositionSequence
    buffer = BytesIO()
    ct.save_as(buffer, enforce_file_format=True)
    buffer.seek(0)
    assert validate(pydicom.dcmread(buffer)) == validate(ct) != []
