import struct

import pytest
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from highdicom.standard.conditions import Scope, describe, holds
from highdicom.standard.grammar import parse_expression


def scope_of(**elements):
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return Scope(dataset)


def answer(text, scope):
    return holds(parse_expression(text), scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PatientID present", True),
        ("PatientID absent", False),
        ("PatientID filled", True),
        ("PatientID empty", False),
        ("PatientName present", True),
        ("PatientName filled", False),
        ("PatientName empty", True),
        ("PatientSex present", False),
        ("PatientSex absent", True),
        ("PatientSex filled", False),
        ("PatientSex empty", False),
    ],
)
def test_presence_and_emptiness(text, expected):
    assert answer(text, scope_of(PatientID="1", PatientName="")) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ImageType = ORIGINAL", True),
        ("ImageType = AXIAL|DERIVED", True),
        ("ImageType[1] = ORIGINAL|MIXED", True),
        ("ImageType[2] = ORIGINAL", False),
        ("ImageType[4] = ORIGINAL", False),
        ("ImageType != DERIVED", True),
        ("ImageType != AXIAL", False),
        ("ImageType[1] != AXIAL", True),
        ("BitsStored = 12", True),
        ("BitsStored != 12|16", False),
        ("BitsStored > 1", True),
        ("BitsStored > 12", False),
        ("BitsStored >= 12", True),
        ("BitsStored < 12", False),
        ("BitsStored <= 12", True),
        ("SliceThickness = 2.5", True),
        ("SliceThickness = 2.50", True),
        ("FrameIncrementPointer = 00181063", True),
        ("FrameIncrementPointer = 00181065", False),
        ("PatientSex > 1", False),
    ],
)
def test_comparison_is_of_numbers_or_text(text, expected):
    scope = scope_of(
        ImageType=["ORIGINAL", "PRIMARY", "AXIAL"],
        BitsStored=12,
        SliceThickness="2.5",
        FrameIncrementPointer=0x00181063,
        PatientSex="M",
    )
    assert answer(text, scope) is expected


def test_nothing_is_equal_to_an_attribute_that_is_not_there():
    assert answer("PatientSex = M", Scope(Dataset())) is False
    assert answer("PatientSex = M", scope_of(PatientSex="")) is False


def test_whether_an_absent_attribute_differs_cannot_be_told():
    assert answer("PatientSex != M", Scope(Dataset())) is None


def test_values_that_cannot_be_read_are_not_judged():
    element = RawDataElement(
        BaseTag(0x00100020), "LO", 2, b"\xe4\x5c", 0, False, True, True
    )
    dataset = Dataset()
    dataset[0x00100020] = element
    assert answer("PatientID = X", Scope(dataset)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PatientID present and PatientName present", True),
        ("PatientID present and PatientAge present", False),
        ("PatientID present or PatientAge present", True),
        ("PatientAge present or PatientSize present", False),
        ("not PatientAge present", True),
        # unknown
        ("PatientAge != M and PatientID present", None),
        ("PatientAge != M and PatientID absent", False),
        ("PatientAge != M or PatientID present", True),
        ("PatientAge != M or PatientID absent", None),
        ("not PatientAge != M", None),
    ],
)
def test_combinations_know_three_answers(text, expected):
    assert answer(text, scope_of(PatientID="1", PatientName="A^B")) is expected


def raw_scope(tag, vr, value, *, little_endian=True):
    dataset = Dataset()
    dataset[tag] = RawDataElement(
        BaseTag(tag), vr, len(value), value, 0, vr is None, little_endian, True
    )
    return Scope(dataset)


def test_encoded_values_are_read_without_decoding_them():
    scope = raw_scope(0x00080008, "CS", b"ORIGINAL\\PRIMARY ")
    assert answer("ImageType[2] = PRIMARY", scope) is True
    assert isinstance(scope.dataset.get_item(0x00080008), RawDataElement)


def test_vr_of_implicit_elements_is_that_of_the_dictionary():
    scope = raw_scope(0x00280101, None, struct.pack("<H", 12))
    assert answer("BitsStored = 12", scope) is True


def test_byte_order_is_that_of_the_element():
    scope = raw_scope(0x00280101, "US", struct.pack(">H", 12), little_endian=False)
    assert answer("BitsStored = 12", scope) is True


def test_tags_are_compared_as_printed():
    scope = raw_scope(0x00280009, "AT", struct.pack("<HH", 0x0018, 0x1063))
    assert answer("FrameIncrementPointer = 00181063", scope) is True


def test_attribute_is_looked_for_in_enclosing_items_and_at_the_top():
    item, inner = Dataset(), Dataset()
    inner.SegmentNumber = 2
    item.SegmentLabel = "a"
    top = scope_of(Modality="SEG", SegmentNumber=1)
    scope = Scope(inner, Scope(item, top))
    assert answer("SegmentNumber = 2", scope) is True
    assert answer("SegmentLabel = a", scope) is True
    assert answer("Modality = SEG", scope) is True
    assert answer("/SegmentNumber = 1", scope) is True
    assert answer("/SegmentLabel absent", scope) is True


def test_transfer_syntax_is_that_of_the_file_meta_information():
    dataset = Dataset()
    assert answer("TransferSyntaxUID present", Scope(dataset)) is False
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    assert answer("TransferSyntaxUID = 1.2.840.10008.1.2.1", Scope(dataset)) is True


def groups_with_frame_type(value):
    frame_type, item = Dataset(), Dataset()
    frame_type.FrameType = [value, "PRIMARY"]
    item.CTImageFrameTypeSequence = Sequence([frame_type])
    return item


def test_attribute_is_looked_for_in_the_functional_groups_of_the_frame():
    item = groups_with_frame_type("ORIGINAL")
    exposure = Dataset()
    scope = Scope(exposure, Scope(item, scope_of(Modality="CT"), groups=(item,)))
    assert answer("FrameType[1] = ORIGINAL", scope) is True


def test_what_differs_between_frames_cannot_be_told_for_all_of_them():
    shared = Dataset()
    frames = (groups_with_frame_type("ORIGINAL"), groups_with_frame_type("DERIVED"))
    scope = Scope(shared, scope_of(Modality="CT"), groups=(shared,), frames=frames)
    assert answer("FrameType[1] = ORIGINAL", scope) is None
    assert answer("FrameType absent", scope) is None
    assert answer("SegmentNumber absent", scope) is True


def test_scope_knows_what_encloses_it():
    item = Dataset()
    top = Scope(Dataset())
    scope = Scope(item, top)
    assert scope.encloses(item)
    assert scope.encloses(top.dataset)
    assert not top.encloses(item)
    assert (top.depth, scope.depth) == (0, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PatientID present", "PatientID is present"),
        ("PatientID filled", "PatientID is not empty"),
        ("PatientSex = M|F", "PatientSex is M or F"),
        ("ImageType[3] != AXIAL", "value 3 of ImageType is not AXIAL"),
        ("BitsStored > 1", "BitsStored is greater than 1"),
        (
            "PatientID absent and (PatientSex = M or not PatientAge empty)",
            "PatientID is absent and (PatientSex is M or not (PatientAge is empty))",
        ),
    ],
)
def test_expressions_are_described_in_words(text, words):
    assert describe(parse_expression(text)) == words
