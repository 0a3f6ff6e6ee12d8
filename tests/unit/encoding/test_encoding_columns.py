import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_sequence_item

from highdicom.encoding.columns import (
    constant,
    decimal_strings,
    element,
    encode_dataset,
    gathered,
    integer_strings,
    item,
    items_of_rows,
    joined,
    numbers,
    optional,
    render,
    rows_of,
    sequence,
    texts,
)
from highdicom.errors import InvalidArgumentError, InvalidAttributeError

ENCODINGS = pytest.mark.parametrize("implicit", [False, True])


def written_by_pydicom(items, implicit):
    stream = DicomBytesIO()
    stream.is_little_endian = True
    stream.is_implicit_VR = implicit
    for dataset in items:
        write_sequence_item(stream, dataset, ["iso8859"])
    return stream.getvalue()


def dataset_of(**values):
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


@ENCODINGS
def test_binary_numbers_of_every_vr_are_written_as_by_pydicom(implicit):
    columns = {
        "ReferencedSegmentNumber": ("US", np.array([1, 65535, 7])),
        "DimensionIndexValues": ("UL", np.array([[1, 2], [3, 4], [2**32 - 1, 0]])),
        "RowPositionInTotalImagePixelMatrix": ("SL", np.array([-5, 0, 2**31 - 1])),
        "TagAngleSecondAxis": ("SS", np.array([-300, 5, 32767])),
        "RecommendedDisplayFrameRateInFloat": ("FL", np.array([0.1, -2.5, 1e30])),
        "DiffusionBValue": ("FD", np.array([0.1, -2.5, 1e300])),
        "ExtendedOffsetTable": ("OV", None),
        "FileOffsetInContainer": ("UV", np.array([0, 2**64 - 1, 5], np.uint64)),
        "SelectorSVValue": ("SV", np.array([-(2**63), 2**63 - 1, 5])),
    }
    del columns["ExtendedOffsetTable"]
    for keyword, (vr, values) in columns.items():
        column = item(element(keyword, numbers(values, vr), implicit=implicit, vr=vr))
        expected = [dataset_of(**{keyword: row}) for row in values.tolist()]
        for dataset in expected:
            dataset[keyword].VR = vr
        assert render(column, 3) == written_by_pydicom(expected, implicit), keyword


@ENCODINGS
def test_texts_of_different_lengths_are_padded_as_by_pydicom(implicit):
    uids = [b"1.2", b"1.2.34", b"1.2.345"]
    labels = [b"a", b"", b"bcd"]
    column = item(
        element("ReferencedSOPInstanceUID", texts(uids, "UI"), implicit=implicit),
        element("FrameLabel", texts(labels, "LO"), implicit=implicit),
    )
    expected = [
        dataset_of(ReferencedSOPInstanceUID=uid.decode(), FrameLabel=label.decode())
        for uid, label in zip(uids, labels, strict=True)
    ]
    assert render(column, 3) == written_by_pydicom(expected, implicit)


@ENCODINGS
def test_nested_sequences_are_written_as_by_pydicom(implicit):
    code = dataset_of(CodeValue="121322", CodingSchemeDesignator="DCM", CodeMeaning="x")
    uids = [b"1.2", b"1.2.345.6789"]
    column = item(
        sequence(
            "DerivationImageSequence",
            sequence(
                "SourceImageSequence",
                element(
                    "ReferencedSOPInstanceUID", texts(uids, "UI"), implicit=implicit
                ),
                sequence(
                    "PurposeOfReferenceCodeSequence",
                    constant(encode_dataset(code, implicit=implicit)),
                    implicit=implicit,
                ),
                implicit=implicit,
            ),
            implicit=implicit,
        ),
        element("FrameContentSequence", constant(b""), implicit=implicit),
    )
    expected = []
    for uid in uids:
        source = dataset_of(
            ReferencedSOPInstanceUID=uid.decode(), PurposeOfReferenceCodeSequence=[code]
        )
        derivation = dataset_of(SourceImageSequence=[source])
        expected.append(
            dataset_of(DerivationImageSequence=[derivation], FrameContentSequence=[])
        )
    assert render(column, 2) == written_by_pydicom(expected, implicit)


@ENCODINGS
def test_sequences_may_have_any_number_of_items_each(implicit):
    frame_numbers = [[3], [], [1, 12, 5]]
    flat = integer_strings([number for row in frame_numbers for number in row])
    items = item(element("ReferencedFrameNumber", flat, implicit=implicit))
    value = items_of_rows(items, [len(row) for row in frame_numbers])
    column = item(element("SourceImageSequence", value, implicit=implicit))
    expected = [
        dataset_of(
            SourceImageSequence=[dataset_of(ReferencedFrameNumber=n) for n in row]
        )
        for row in frame_numbers
    ]
    assert render(column, 3) == written_by_pydicom(expected, implicit)


def test_no_sequences_have_no_items():
    assert render(items_of_rows(item(constant(b"")), []), 0) == b""


def test_decimal_strings_join_values_with_backslashes():
    column = decimal_strings([[1.0, -2.5, 0.1], [0.1, 1.0, 1e-5]])
    assert rows_of(column, 2) == [b"1\\-2.5\\0.1", b"0.1\\1\\1e-5"]


def test_decimal_strings_refuse_what_is_not_finite():
    with pytest.raises(InvalidArgumentError, match="nan"):
        decimal_strings([1.0, np.nan])


def test_distinct_strings_are_shared_by_items():
    column = gathered([b"abcd", b"ef"], [1, 0, 1])
    assert render(column, 3) == b"efabcdef"
    assert rows_of(column, 3)[0] is rows_of(column, 3)[2]


def test_distinct_strings_may_come_from_a_column():
    column = gathered(joined(constant(b"--"), numbers(np.array([1, 2], "<u2"))), [1, 0])
    assert render(column, 2) == b"--\x02\0--\x01\0"


def test_gathering_for_no_items_gives_nothing():
    assert render(gathered([], []), 0) == b""


def test_optional_strings_are_left_out():
    column = optional(numbers(np.array([1, 2, 3], "<u2")), [True, False, True])
    assert render(joined(constant(b"<"), column, constant(b">")), 3) == (
        b"<\x01\0><><\x03\0>"
    )
    np.testing.assert_array_equal(column.length, [2, 0, 2])


def test_big_endian_numbers_are_swapped():
    assert render(numbers(np.array([1, 258], ">u2")), 2) == b"\x01\0\x02\x01"


def test_single_bytes_are_padded_to_even_length():
    assert render(numbers(np.array([1, 2], np.uint8)), 2) == b"\x01\0\x02\0"


def test_numbers_without_values_are_empty():
    assert render(numbers(np.empty((2, 0), "<u4")), 2) == b""


@pytest.mark.parametrize(
    ("values", "vr", "message"),
    [
        ([0, 65536], "US", "65536"),
        ([-1], "UL", "-1"),
        ([1.5], "US", "float64"),
        ([2**31], "SL", "2147483648"),
    ],
)
def test_numbers_that_do_not_fit_their_vr_are_refused(values, vr, message):
    with pytest.raises(InvalidArgumentError, match=message):
        numbers(values, vr)


def test_value_too_long_for_a_short_length_field_is_refused():
    long = constant(b"0" * 65536)
    with pytest.raises(InvalidAttributeError, match="ImageComments") as caught:
        element("ImageComments", long, implicit=False)
    assert caught.value.keyword == "ImageComments"
    assert len(render(element("ImageComments", long, implicit=True), 1)) == 65544


def test_columns_of_different_heights_cannot_be_rendered_together():
    column = joined(numbers(np.zeros(2, "<u2")), numbers(np.zeros(3, "<u2")))
    with pytest.raises(InvalidArgumentError, match=r"\[2, 3\]"):
        render(column, 2)


def test_private_element_is_written_with_the_vr_given():
    column = element(0x00091001, numbers(np.array([5]), "US"), implicit=False, vr="US")
    assert render(column, 1) == b"\x09\0\x01\x10US\x02\0\x05\0"
