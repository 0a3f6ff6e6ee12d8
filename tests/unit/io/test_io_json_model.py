"""The DICOM JSON Model as encoded data elements."""

import base64
import json

import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file, get_testdata_files
from pydicom.dataelem import RawDataElement
from pydicom.dataset import PrivateBlock

from highdicom.errors import NonconformantDatasetError, SourceError
from highdicom.io.json_model import elements_of_json


def refuse(uri):
    raise AssertionError(uri)


def dataset_of(model, bulk_data=refuse, skipped=()):
    return Dataset(dict(elements_of_json(model, bulk_data, skipped)))


def round_trip(dataset):
    return dataset_of(json.loads(json.dumps(dataset.to_json_dict())))


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PatientID", "A1"),
        ("OtherPatientNames", ["Doe^Jane", "Roe^Jane"]),
        ("ImageType", ["ORIGINAL", "PRIMARY", "AXIAL"]),
        ("Rows", 512),
        ("FrameIncrementPointer", 0x00181063),
        ("ImageOrientationPatient", [1, 0, -0.5, 0.1234567891, 1e-9, 123456]),
        ("NumberOfFrames", 3),
        ("DoubleFloatRealWorldValueFirstValueMapped", 0.1),
        ("RecommendedDisplayFrameRateInFloat", 2.5),
        ("TagThresholdIntegerValue", -5),
        ("PixelPaddingValue", -5),
        ("StudyDate", "20200229"),
        ("TextString", "a long\\text" * 3),
        ("StudyInstanceUID", "1.2.3"),
    ],
)
def test_values_survive(keyword, value):
    dataset = Dataset()
    if keyword == "PixelPaddingValue":
        dataset.add_new(0x00280120, "SS", value)
    elif keyword == "TagThresholdIntegerValue":
        dataset.add_new(0x00091001, "SL", value)
        keyword = 0x00091001
    elif keyword == "RecommendedDisplayFrameRateInFloat":
        dataset.add_new(0x00089459, "FL", value)
        keyword = 0x00089459
    else:
        setattr(dataset, keyword, value)
    assert round_trip(dataset)[keyword].value == dataset[keyword].value


@pytest.mark.parametrize("vr", ["UV", "SV", "UL", "FD"])
def test_numbers_of_every_size_survive(vr):
    dataset = Dataset()
    dataset.add_new(0x00091001, vr, [1, 2, 77])
    assert round_trip(dataset)[0x00091001].value == [1, 2, 77]


def test_bytes_are_inline():
    dataset = Dataset()
    dataset.ICCProfile = bytes(range(256)) + b"\0\0"
    assert round_trip(dataset).ICCProfile == dataset.ICCProfile
    listed = {
        "00282000": {"vr": "OB", "InlineBinary": [base64.b64encode(b"ab").decode()]}
    }
    assert dataset_of(listed).ICCProfile == b"ab"


def test_bytes_of_odd_length_are_padded():
    model = {
        "00282000": {"vr": "OB", "InlineBinary": base64.b64encode(b"abc").decode()}
    }
    assert dataset_of(model).ICCProfile == b"abc\0"


def test_text_is_in_utf_8():
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.PatientName = "Müller^Jörg=中^文=みゆ"
    item = Dataset()
    item.SpecificCharacterSet = "ISO_IR 144"
    item.CodeMeaning = "Лёгкие"
    dataset.ConceptNameCodeSequence = [item]
    result = round_trip(dataset)
    assert result.SpecificCharacterSet == "ISO_IR 192"
    assert result.PatientName == "Müller^Jörg=中^文=みゆ"
    assert result.ConceptNameCodeSequence[0].CodeMeaning == "Лёгкие"


def test_empty_values_survive():
    model = {
        "00080050": {"vr": "SH"},
        "00080060": {"vr": "CS", "Value": []},
        "00081030": {"vr": "LO", "Value": [None, "b"]},
        "00100010": {"vr": "PN", "Value": [{"Ideographic": "山"}]},
        "00082112": {"vr": "SQ"},
        "00081140": {"vr": "SQ", "Value": [{}, None]},
    }
    dataset = dataset_of(model)
    assert dataset.AccessionNumber == ""
    assert dataset.Modality == ""
    assert dataset.StudyDescription == ["", "b"]
    assert dataset.PatientName.ideographic == "山"
    assert len(dataset.SourceImageSequence) == 0
    assert len(dataset.ReferencedImageSequence) == 2


def test_numbers_may_be_strings_and_strings_numbers():
    model = {
        "00280008": {"vr": "IS", "Value": [3.0]},
        "00280030": {"vr": "DS", "Value": ["0.5", 2.0]},
        "00280010": {"vr": "US", "Value": ["4"]},
    }
    dataset = dataset_of(model)
    assert dataset.NumberOfFrames == 3
    assert dataset.PixelSpacing == [0.5, 2]
    assert dataset.Rows == 4


def test_sequences_are_raw_elements():
    items = [{"00080060": {"vr": "CS", "Value": ["CT"]}}] * 3
    elements = elements_of_json({"52009230": {"vr": "SQ", "Value": items}}, refuse)
    raw = elements[0x52009230]
    assert isinstance(raw, RawDataElement)
    assert len(raw.value) == 3 * (8 + 10)


def test_unwanted_elements_and_file_meta_are_left_out():
    model = {
        "00020010": {"vr": "UI", "Value": ["1.2"]},
        "7FE00010": {"vr": "OW", "BulkDataURI": "x"},
        "00280010": {"vr": "US", "Value": [2]},
    }
    dataset = dataset_of(model, skipped=["7FE00010"])
    assert {int(tag) for tag in dataset._dict} == {0x00080005, 0x00280010}


def test_bulk_data_are_asked_for():
    model = {"00282000": {"vr": "OB", "BulkDataURI": "http://a/b"}}
    assert dataset_of(model, lambda uri: uri.encode()).ICCProfile == b"http://a/b"

    def fail(uri):
        raise SourceError("Gone.")

    with pytest.raises(SourceError, match=r"Gone\."):
        dataset_of(model, fail)


@pytest.mark.parametrize(
    "entry",
    [
        {"vr": "XX"},
        "text",
        {"vr": "US", "Value": [70000]},
        {"vr": "US", "Value": 3},
        {"vr": "US", "Value": [1.5]},
        {"vr": "IS", "Value": [1.5]},
        {"vr": "IS", "Value": [float("inf")]},
        {"vr": "FL", "Value": [1e300]},
        {"vr": "AT", "Value": ["no tag"]},
        {"vr": "SQ", "Value": ["no item"]},
        {"vr": "OB", "InlineBinary": "?"},
        {"vr": "FD", "Value": ["x"]},
        {"vr": "PN", "Value": [{"Alphabetic": 3}]},
    ],
)
def test_what_cannot_be_read_is_named(entry):
    with pytest.raises(NonconformantDatasetError, match="'00280010'"):
        dataset_of({"00280010": entry})


def test_tag_that_is_none_is_named():
    with pytest.raises(NonconformantDatasetError, match="'Rows'"):
        dataset_of({"Rows": {"vr": "US", "Value": [3]}})


def test_deep_nesting_is_refused():
    model = {}
    for _ in range(100):
        model = {"00081140": {"vr": "SQ", "Value": [model]}}
    with pytest.raises(NonconformantDatasetError, match="more than 64 levels"):
        dataset_of(model)


def test_private_elements_survive():
    dataset = Dataset()
    block: PrivateBlock = dataset.private_block(0x0009, "SOMEONE", create=True)
    block.add_new(1, "LO", "something")
    result = round_trip(dataset)
    assert result.private_block(0x0009, "SOMEONE")[1].value == "something"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "path",
    [get_testdata_file("eCT_Supplemental.dcm"), *get_testdata_files("report*.dcm")],
)
def test_whole_files_survive(path):
    dataset = dcmread(path)
    for tag in (0x7FE00010, 0x00080005):
        dataset.pop(tag, None)
    result = round_trip(dataset)
    result.pop(0x00080005)
    assert result == dataset
