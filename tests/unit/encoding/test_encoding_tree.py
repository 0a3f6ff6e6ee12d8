import copy
import struct
from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.data import get_charset_files, get_testdata_file
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.valuerep import DA, DT, TM

from highdicom.encoding.elements import new_dataset, put, raw_element
from highdicom.encoding.tree import encode_items, encode_tree
from highdicom.errors import InvalidAttributeError

ENCODINGS = pytest.mark.parametrize("implicit", [False, True])


def written_by_pydicom(dataset, implicit=False):
    stream = DicomBytesIO()
    stream.is_little_endian = True
    stream.is_implicit_VR = implicit
    write_dataset(stream, dataset)
    return stream.getvalue()


def dataset_of(**values):
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def varied_dataset():
    code = dataset_of(
        CodeValue="T-04000", CodingSchemeDesignator="SRT", CodeMeaning="x"
    )
    return dataset_of(
        ImageType=["DERIVED", "PRIMARY", ""],
        SOPInstanceUID="1.2.3.4.5",
        StudyDate="20240229",
        ContentDate=DA("20240229"),
        AcquisitionDateTime=DT("20240229120000.123456+0100"),
        StudyTime="120000",
        ContentTime=TM("120000.5"),
        Modality="MR",
        PatientName="Doe^Jane",
        PatientBirthDate="",
        PatientWeight="71.50",
        OtherPatientNames=["A^B", "C^D"],
        SliceThickness=0.1,
        ImagePositionPatient=[1.5, "-2.250", 3],
        InstanceNumber="007",
        ReferencedFrameNumber=[1, 2, 3],
        PixelSpacing=None,
        Rows=5,
        DimensionIndexPointer=0x00209113,
        FrameIncrementPointer=[0x00181063, 0x00181065],
        RealWorldValueSlope=0.1,
        DimensionIndexValues=[1, 2, 3],
        ProcedureCodeSequence=[code, copy.deepcopy(code), dataset_of()],
        RequestedProcedureCodeSequence=[],
        EncapsulatedDocument=b"abc",
        TextValue="long text \\ with a backslash",
        PixelAspectRatio=["1", "2"],
    )


@ENCODINGS
def test_every_kind_of_value_is_written_as_by_pydicom(implicit):
    dataset = varied_dataset()
    assert encode_tree(dataset, implicit=implicit) == written_by_pydicom(
        varied_dataset(), implicit
    )


def decoded_file(name):
    charset_files = get_charset_files(name)
    path = (
        charset_files[0] if charset_files else get_testdata_file(name, download=False)
    )
    dataset = pydicom.dcmread(path, force=True)
    for keyword in ("PixelData", "DataSetTrailingPadding"):
        if keyword in dataset:
            del dataset[keyword]
    for element in dataset.iterall():
        assert element.tag is not None  # decoded by now
    return dataset


@ENCODINGS
@pytest.mark.parametrize(
    "name",
    [
        "CT_small.dcm",
        "liver_1frame.dcm",
        "rtplan.dcm",
        "rtstruct.dcm",
        "reportsi.dcm",
        "eCT_Supplemental.dcm",
        "examples_overlay.dcm",
        "chrH31.dcm",
        "chrX1.dcm",
        "chrKoreanMulti.dcm",
        "waveform_ecg.dcm",
        "color3d_jpeg_baseline.dcm",
        "MR_small_bigendian.dcm",
    ],
)
def test_decoded_files_are_written_as_by_pydicom(name, implicit):
    encoded = encode_tree(decoded_file(name), implicit=implicit)
    assert encoded == written_by_pydicom(decoded_file(name), implicit)


@pytest.mark.parametrize("name", ["CT_small.dcm", "rtplan.dcm", "liver_1frame.dcm"])
def test_encoded_files_are_written_as_they_were_read(name):
    dataset = pydicom.dcmread(get_testdata_file(name, download=False))
    encoded = encode_tree(dataset, implicit=dataset.original_encoding[0])
    read = read_dataset(BytesIO(encoded), dataset.original_encoding[0], True)
    assert read == pydicom.dcmread(dataset.filename)


def test_unknown_values_of_odd_length_are_padded():
    dataset = Dataset()
    dataset.add(DataElement(0x00091001, "UN", b"abc"))
    assert encode_tree(dataset) == b"\x09\0\x01\x10UN\0\0\x04\0\0\0abc\0"


@ENCODINGS
def test_text_in_several_character_sets_is_written_as_by_pydicom(implicit):
    def dataset():
        item = dataset_of(CodeMeaning="größer")
        inner = dataset_of(SpecificCharacterSet="ISO_IR 192", CodeMeaning="愛")
        inner.EquivalentCodeSequence = [dataset_of(CodeMeaning="é愛")]
        return dataset_of(
            SpecificCharacterSet="ISO_IR 100",
            PatientName="Müller^Jörg",
            InstitutionName=["Köln", "Bonn"],
            ConceptNameCodeSequence=[item, inner],
        )

    assert encode_tree(dataset(), implicit=implicit) == written_by_pydicom(
        dataset(), implicit
    )


def test_character_set_of_the_container_is_taken():
    item = dataset_of(CodeMeaning="größer")
    assert encode_tree(item, character_set="ISO_IR 192").endswith("größer".encode())
    assert b"gr\xf6\xdfer" in encode_tree(item, character_set="ISO_IR 100")


def test_undefined_lengths_are_kept():
    item = dataset_of(CodeValue="1")
    item.is_undefined_length_sequence_item = True
    dataset = dataset_of(ProcedureCodeSequence=[item])
    dataset["ProcedureCodeSequence"].is_undefined_length = True
    expected = (
        b"\x08\0\x32\x10SQ\0\0\xff\xff\xff\xff"
        b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
        b"\x08\0\0\x01SH\x02\x001 "
        b"\xfe\xff\x0d\xe0\0\0\0\0"
        b"\xfe\xff\xdd\xe0\0\0\0\0"
    )
    assert encode_tree(dataset) == expected == written_by_pydicom(dataset)


def test_group_lengths_are_left_out():
    dataset = dataset_of(Modality="CT")
    dataset.add(DataElement(0x00080000, "UL", 5))
    assert encode_tree(dataset) == b"\x08\0\x60\0CS\x02\0CT"


def test_tree_thousands_of_levels_deep_is_encoded():
    levels = 5000
    dataset = dataset_of(CodeValue="1")
    for _ in range(levels):
        parent = new_dataset(Dataset)
        put(parent, "ContentSequence", [dataset])
        dataset = parent
    encoded = encode_tree(dataset)
    assert encoded.count(b"\x40\0\x30\xa7SQ\0\0") == levels
    assert struct.unpack("<I", encoded[8:12])[0] == len(encoded) - 12
    assert encoded.endswith(b"\x08\0\0\x01SH\x02\x001 ")


def test_dataset_that_contains_itself_is_refused():
    dataset = dataset_of(CodeValue="1")
    inner = dataset_of()
    dataset.ContentSequence = [inner]
    inner.ConceptNameCodeSequence = [dataset]
    with pytest.raises(InvalidAttributeError, match="contains itself") as caught:
        encode_tree(dataset)
    assert caught.value.path == "ContentSequence.ConceptNameCodeSequence"


def test_same_item_may_stand_in_two_places():
    code = dataset_of(CodeValue="1")
    dataset = dataset_of(ProcedureCodeSequence=[code, code], ReasonForVisit="x")
    assert encode_tree(dataset) == written_by_pydicom(dataset)


def test_raw_elements_are_copied():
    dataset = new_dataset(Dataset)
    element = raw_element(0x00080060, "CS", b"CT")
    dataset[0x00080060] = element
    assert encode_tree(dataset) == b"\x08\0\x60\0CS\x02\0CT"
    assert dataset.get_item(0x00080060) is element


def test_raw_elements_of_the_other_encoding_are_converted():
    dataset = Dataset()
    tag = BaseTag(0x00280010)
    dataset[tag] = RawDataElement(tag, None, 2, b"\x05\0", 0, True, True)
    assert encode_tree(dataset) == b"\x28\0\x10\0US\x02\0\x05\0"
    assert encode_tree(dataset, implicit=True) == b"\x28\0\x10\0\x02\0\0\0\x05\0"


def test_big_endian_raw_elements_are_converted():
    dataset = Dataset()
    tag = BaseTag(0x00280010)
    dataset[tag] = RawDataElement(tag, "US", 2, b"\0\x05", 0, False, False)
    assert encode_tree(dataset) == b"\x28\0\x10\0US\x02\0\x05\0"


def test_raw_text_is_converted_to_another_character_set():
    dataset = Dataset()
    tag = BaseTag(0x00080104)
    dataset[tag] = RawDataElement(tag, "LO", 2, b"\xf6 ", 0, False, True)
    dataset.set_original_encoding(False, True, ["latin_1"])
    assert encode_tree(dataset, character_set="ISO_IR 100").endswith(b"\xf6 ")
    assert encode_tree(dataset, character_set="ISO_IR 192").endswith("ö".encode())


@pytest.mark.parametrize(("representation", "vr"), [(0, b"US"), (1, b"SS")])
def test_ambiguous_vr_is_settled_without_changing_the_dataset(representation, vr):
    dataset = dataset_of(PixelRepresentation=representation)
    item = dataset_of(SmallestImagePixelValue=5)
    dataset.ReferencedImageSequence = [item]
    encoded = encode_tree(dataset)
    assert b"\x28\0\x06\x01" + vr + b"\x02\0\x05\0" in encoded
    assert item["SmallestImagePixelValue"].VR == "US or SS"
    assert encoded == written_by_pydicom(dataset)


def test_ambiguous_vr_that_nothing_settles_is_refused():
    dataset = dataset_of(LUTData=b"\0\1")
    with pytest.raises(InvalidAttributeError, match="LUTData"):
        encode_tree(dataset)


def test_value_too_long_for_its_vr_becomes_unknown():
    dataset = Dataset()
    dataset.add(DataElement("DimensionIndexValues", "UL", [0] * 20000))
    with pytest.warns(UserWarning, match="exceeds the size of 64 kByte"):
        encoded = encode_tree(dataset)
    assert encoded[:12] == b"\x20\0\x57\x91UN\0\0" + struct.pack("<I", 80000)


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("Rows", 70000), ("Rows", "five"), ("DimensionIndexPointer", "x")],
)
def test_value_that_does_not_fit_its_vr_is_refused(keyword, value):
    item = new_dataset(Dataset)
    put(item, keyword, value)
    dataset = dataset_of(ReferencedImageSequence=[item])
    path = f"ReferencedImageSequence.{keyword}"
    with pytest.raises(InvalidAttributeError, match=path) as caught:
        encode_tree(dataset)
    assert caught.value.keyword == keyword
    assert str(caught.value).endswith(".")


def test_buffered_value_is_read():
    dataset = Dataset()
    dataset.add(DataElement("PixelData", "OB", BytesIO(b"abc")))
    assert encode_tree(dataset) == b"\xe0\x7f\x10\0OB\0\0\x04\0\0\0abc\0"


def test_arrays_of_numbers_are_written():
    dataset = new_dataset(Dataset)
    put(dataset, "GraphicData", np.array([[0.5, 1], [2, 3]], np.float64))
    assert encode_tree(dataset) == (
        b"\x70\0\x22\0FL\x10\0" + struct.pack("<4f", 0.5, 1, 2, 3)
    )


def test_items_are_encoded_with_their_headers():
    items = [dataset_of(CodeValue="1"), dataset_of()]
    assert encode_items(items) == (
        b"\xfe\xff\0\xe0\x0a\0\0\0\x08\0\0\x01SH\x02\x001 \xfe\xff\0\xe0\0\0\0\0"
    )
    assert encode_items([]) == b""


def test_items_of_any_sequence_are_encoded():
    assert encode_items(Sequence([Dataset()])) == b"\xfe\xff\0\xe0\0\0\0\0"


def test_elements_left_in_the_file_are_fetched():
    path = get_testdata_file("CT_small.dcm", download=False)
    deferred = pydicom.dcmread(path, defer_size=1024)
    assert deferred.get_item("PixelData", keep_deferred=True).value is None
    assert encode_tree(deferred) == encode_tree(pydicom.dcmread(path))


def test_more_texts_than_are_remembered_are_written():
    items = [dataset_of(CodeValue=f"{n % 5000}") for n in range(10000)]
    encoded = encode_items(items)
    assert encoded.count(b"\x08\0\0\x01SH") == 10000
    assert encode_items(items[:10]) == encoded[: len(encode_items(items[:10]))]
    assert encode_items(items[5000:5010]) == encode_items(items[:10])


def test_same_text_with_another_vr_is_encoded_anew():
    items = [dataset_of(CodeValue="ab"), dataset_of(CodeValue="ab")]
    items[1]["CodeValue"].VR = "UC"
    assert b"\x08\0\0\x01UC\0\0\x02\0\0\0ab" in encode_items(items)


@pytest.mark.parametrize("value", [[b"ab", b"c"], "é"])
def test_text_that_needs_care_is_written_as_by_pydicom(value):
    dataset = new_dataset(Dataset)
    put(dataset, "CodeMeaning", value)
    same = new_dataset(Dataset)
    put(same, "CodeMeaning", value)
    assert encode_tree(dataset) == written_by_pydicom(same)


def test_bytes_of_a_wrong_type_are_refused():
    dataset = new_dataset(Dataset)
    put(dataset, "EncapsulatedDocument", 5)
    with pytest.raises(InvalidAttributeError, match="EncapsulatedDocument"):
        encode_tree(dataset)
