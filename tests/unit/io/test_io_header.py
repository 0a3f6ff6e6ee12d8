"""Datasets of files with and without their pixel data."""

import io
import struct
import zlib
from itertools import pairwise

import pytest
from io_building import (
    BIG_ENDIAN,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    RLE,
    SEQUENCE_END,
    UNDEFINED,
    attributes,
    big_endian,
    element,
    encapsulated,
    file,
    implicit,
    item,
    meta,
    native,
    short,
)
from pydicom import DataElement, Dataset, FileDataset, dcmread
from pydicom.dataelem import RawDataElement
from pydicom.errors import InvalidDicomError
from pydicom.filewriter import dcmwrite

from highdicom.errors import (
    NonconformantDatasetError,
    NonconformantDatasetWarning,
    SourceError,
)
from highdicom.io.header import read_dataset, read_header
from highdicom.io.local import BytesSource
from highdicom.io.sources import open_source
from highdicom.io.start import NotDicomError
from highdicom.policy import reading_policy

PER_FRAME = 0x52009230


class CountingSource(BytesSource):
    """A source that knows what was read of it."""

    def __init__(self, data, request_cost=1 << 18):
        super().__init__(data)
        self.request_cost = request_cost
        self.ranges = []

    def read(self, offset, size):
        data = super().read(offset, size)
        self.ranges.append((offset, len(data)))
        return data

    @property
    def bytes_read(self):
        return sum(size for _, size in self.ranges)


def header_of(content):
    return read_header(BytesSource(content))


def dataset_of(content):
    return read_dataset(BytesSource(content))


def functional_groups(count, is_undefined):
    """Bytes of per-frame functional groups whose items hold an item each."""
    length = UNDEFINED if is_undefined else None
    end = SEQUENCE_END if is_undefined else b""
    items = b""
    for number in range(count):
        inner = item(element(0x00209056, "SH", str(number).encode()), length)
        content = element(0x00209111, "SQ", inner + end, length)
        items += item(content, length)
    return items, element(PER_FRAME, "SQ", items + end, length)


# The header


def test_header_has_all_elements_before_the_pixel_data():
    header = header_of(file(attributes() + native(b"abcd")))
    assert isinstance(header.dataset, FileDataset)
    assert header.dataset.Rows == 2
    assert header.dataset.file_meta.TransferSyntaxUID == EXPLICIT
    assert "PixelData" not in header.dataset


def test_pixel_data_are_located():
    content = file(attributes() + native(b"abcd"))
    location = header_of(content).pixel_data
    assert (location.keyword, location.vr, location.length) == ("PixelData", "OB", 4)
    assert content[location.offset :] == b"abcd"
    assert location.end == len(content)


@pytest.mark.parametrize(
    ("tag", "vr", "keyword"),
    [(0x7FE00008, "OF", "FloatPixelData"), (0x7FE00009, "OD", "DoubleFloatPixelData")],
)
def test_floating_point_pixel_data_are_located(tag, vr, keyword):
    content = file(attributes() + element(tag, vr, bytes(32)))
    location = header_of(content).pixel_data
    assert (location.keyword, location.length) == (keyword, 32)


def test_encapsulated_pixel_data_have_no_length():
    location = header_of(file(attributes() + encapsulated([b"ab"]), RLE)).pixel_data
    assert location.length is None


def test_dataset_without_pixel_data_is_read_whole():
    header = header_of(file(attributes()))
    assert header.pixel_data is None
    assert header.dataset.PixelRepresentation == 0


def test_file_without_dataset_has_an_empty_one():
    assert len(header_of(file(b"")).dataset) == 0


def test_only_the_header_is_read():
    before = attributes() + element(0x00420011, "OB", bytes(300_000))
    source = CountingSource(file(before + native(bytes(10_000_000), "OW")))
    read_header(source)
    assert source.bytes_read < 350_000
    assert len(source.ranges) <= 6


def test_long_header_takes_few_requests():
    private = b"".join(
        element(0x00091000 + number, "LO", b"x" * 1000) for number in range(1000)
    )
    source = CountingSource(file(private + native(bytes(10_000_000), "OW")))
    header = read_header(source)
    assert len(header.dataset) == 1000
    assert len(source.ranges) < 12
    assert source.bytes_read < 2.2e6
    # Nothing is transferred twice.
    spans = sorted(source.ranges)
    assert all(a + n <= b for (a, n), (b, _) in pairwise(spans))


def test_value_of_any_length_is_read_whole():
    value = bytes(range(256)) * 20_000
    for cost in (0, 1 << 13, 1 << 18):
        content = file(element(0x00420011, "OB", value) + native(b"ab"))
        header = read_header(CountingSource(content, cost))
        assert header.dataset.EncapsulatedDocument == value


# Sequences


@pytest.mark.parametrize("is_undefined", [False, True])
def test_per_frame_functional_groups_stay_raw(is_undefined):
    items, encoded = functional_groups(50, is_undefined)
    dataset = header_of(file(attributes() + encoded + native(b"abcd"))).dataset
    raw = dataset.get_item(PER_FRAME)
    assert isinstance(raw, RawDataElement)
    assert raw.value == items
    assert raw.VR == "SQ"
    assert raw.length == (UNDEFINED if is_undefined else len(items))
    assert not raw.is_implicit_VR


@pytest.mark.parametrize("is_undefined", [False, True])
def test_raw_sequences_are_decoded_by_pydicom(is_undefined):
    _, encoded = functional_groups(50, is_undefined)
    dataset = header_of(file(attributes() + encoded + native(b"abcd"))).dataset
    groups = dataset.PerFrameFunctionalGroupsSequence
    assert len(groups) == 50
    assert groups[49].FrameContentSequence[0].StackID == "49"
    assert dataset[PER_FRAME].is_undefined_length == is_undefined


@pytest.mark.parametrize("is_undefined", [False, True])
def test_raw_sequences_are_written_back_as_they_were(is_undefined):
    _, encoded = functional_groups(3, is_undefined)
    content = file(attributes() + encoded + native(b"abcd"))
    written = io.BytesIO()
    dcmwrite(written, dataset_of(content))
    assert written.getvalue() == content


def test_elements_between_functional_groups_and_pixel_data_are_read():
    _, encoded = functional_groups(3, is_undefined=True)
    after = element(0x54000100, "SQ", b"") + element(0x70531000, "LO", b"after")
    dataset = header_of(file(attributes() + encoded + after + native(b"ab"))).dataset
    assert dataset[0x70531000].value == "after"
    assert 0x54000100 in dataset


def test_implicit_sequence_of_undefined_length_stays_raw():
    inner = implicit(0x00209111, item(implicit(0x00209056, b"7"), UNDEFINED), UNDEFINED)
    items = item(inner + SEQUENCE_END, UNDEFINED)
    dataset = header_of(
        file(implicit(PER_FRAME, items + SEQUENCE_END, UNDEFINED), IMPLICIT)
    ).dataset
    raw = dataset.get_item(PER_FRAME)
    assert (raw.value, raw.is_implicit_VR) == (items, True)
    groups = dataset.PerFrameFunctionalGroupsSequence
    assert groups[0].FrameContentSequence[0].StackID == "7"


def test_private_sequence_in_implicit_vr_is_a_sequence():
    items = item(implicit(0x00080060, b"CT"), UNDEFINED)
    encoded = implicit(0x00110010, b"SOMEONE ")
    encoded += implicit(0x00111001, items + SEQUENCE_END, UNDEFINED)
    dataset = header_of(file(encoded, IMPLICIT)).dataset
    assert dataset[0x00111001].VR == "SQ"
    assert dataset[0x00111001].value[0].Modality == "CT"


def test_empty_sequences_are_read():
    encoded = element(0x00081140, "SQ", SEQUENCE_END, UNDEFINED)
    encoded += element(0x00082112, "SQ", b"")
    dataset = header_of(file(encoded)).dataset
    assert len(dataset.ReferencedImageSequence) == 0
    assert len(dataset.SourceImageSequence) == 0


def test_sequence_of_unknown_representation_is_decoded():
    # As a system writes it that does not know the attribute (PS3.5 Section 6.2.2).
    items = item(implicit(0x00209111, item(implicit(0x00209056, b"7 "))), UNDEFINED)
    encoded = element(PER_FRAME, "UN", items + SEQUENCE_END, UNDEFINED)
    dataset = header_of(file(encoded + element(0x54000100, "SQ", b""))).dataset
    groups = dataset.PerFrameFunctionalGroupsSequence
    assert groups[0].FrameContentSequence[0].StackID == "7"
    assert 0x54000100 in dataset


@pytest.mark.parametrize("count", [1, 5000])
def test_sequence_of_unknown_representation_and_known_length_is_decoded(count):
    content = item(implicit(0x00209111, item(implicit(0x00209056, b"7 "))))
    encoded = element(PER_FRAME, "UN", content * count)
    dataset = header_of(file(encoded)).dataset
    groups = dataset.PerFrameFunctionalGroupsSequence
    assert len(groups) == count
    assert groups[-1].FrameContentSequence[0].StackID == "7"


def test_item_may_hold_encapsulated_pixel_data():
    icon = item(native(item(b"") + item(b"abcd") + SEQUENCE_END, length=UNDEFINED))
    encoded = element(0x00880200, "SQ", icon + SEQUENCE_END, UNDEFINED)
    dataset = header_of(file(encoded + element(0x00880904, "LO", b"x"))).dataset
    assert dataset.TopicTitle == "x"
    assert dataset.IconImageSequence[0].PixelData[-4:] == b"abcd"


def test_value_of_undefined_length_that_is_no_sequence_ends_at_the_delimitation():
    encoded = element(0x00420011, "OB", b"abcdef" + SEQUENCE_END, UNDEFINED)
    dataset = header_of(file(encoded + element(0x00420012, "LO", b"text"))).dataset
    assert dataset.EncapsulatedDocument == b"abcdef"
    assert dataset.MIMETypeOfEncapsulatedDocument == "text"


def test_value_of_undefined_length_without_end_is_an_error():
    encoded = element(0x00420011, "OB", b"abcdef" * 5000, UNDEFINED)
    with pytest.raises(NonconformantDatasetError, match="EncapsulatedDocument"):
        header_of(file(encoded))


def test_long_sequence_of_undefined_length_is_read_in_pieces():
    items, encoded = functional_groups(4000, is_undefined=True)
    source = CountingSource(file(encoded + native(bytes(1_000_000), "OW")))
    raw = read_header(source).dataset.get_item(PER_FRAME)
    assert raw.value == items
    assert len(source.ranges) < 12


def test_text_is_decoded_by_its_character_set():
    encoded = element(0x00080005, "CS", b"ISO_IR 192")
    encoded += element(0x00100010, "PN", "Müller^Jörg".encode())
    dataset = header_of(file(encoded)).dataset
    assert dataset.PatientName == "Müller^Jörg"
    assert dataset.original_character_set == dataset._character_set


# What stands before the dataset


def test_file_without_preamble_is_tolerated():
    content = meta(EXPLICIT) + attributes()
    with pytest.warns(NonconformantDatasetWarning, match="no preamble and DICM prefix"):
        assert header_of(content).dataset.Rows == 2


@pytest.mark.parametrize(
    ("content", "uid"),
    [
        (attributes(), EXPLICIT),
        (implicit(0x00080060, b"CT") + implicit(0x00280010, short(2)), IMPLICIT),
        (
            big_endian(0x00080060, "CS", b"CT") + big_endian(0x00280010, "US", b"\0\2"),
            BIG_ENDIAN,
        ),
    ],
)
def test_transfer_syntax_is_guessed(content, uid):
    for start in (b"", file(b"", None)):
        with pytest.warns(NonconformantDatasetWarning, match="no Transfer Syntax UID"):
            dataset = header_of(start + content).dataset
        assert dataset.Rows == 2
        assert dataset.file_meta.TransferSyntaxUID == uid
        with pytest.warns(NonconformantDatasetWarning):
            assert dataset_of(start + content).Rows == 2


def test_compressed_transfer_syntax_is_not_guessed():
    content = file(attributes() + encapsulated([b"ab"]), None)
    with pytest.warns(NonconformantDatasetWarning):
        dataset = header_of(content).dataset
    assert "TransferSyntaxUID" not in dataset.file_meta


def test_strict_reading_refuses_what_is_tolerated_otherwise():
    with reading_policy("strict"), pytest.raises(NonconformantDatasetError):
        header_of(attributes())


def test_lenient_reading_is_silent():
    with reading_policy("lenient"):
        assert header_of(attributes()).dataset.Rows == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"short", b"junk" * 100, b"\x89PNG\r\n\x1a\n" + bytes(200), b"<html>" * 50],
)
def test_other_files_are_refused(content):
    with pytest.raises(NotDicomError, match="is not a DICOM file") as info:
        header_of(content)
    assert isinstance(info.value, InvalidDicomError)


def test_file_meta_in_implicit_vr_is_read():
    information = implicit(0x00020010, EXPLICIT.encode() + b"\0")
    content = bytes(128) + b"DICM" + information + attributes()
    assert header_of(content).dataset.Rows == 2


def test_commands_before_the_dataset_are_read():
    command = implicit(0x00000100, short(1))
    dataset = header_of(file(command + attributes())).dataset
    assert dataset.CommandField == 1
    assert dataset.Rows == 2


def test_unknown_transfer_syntax_is_explicit():
    assert header_of(file(attributes(), "1.2.3.4")).dataset.Rows == 2


@pytest.mark.parametrize(
    ("content", "uid", "found"),
    [
        (attributes(), IMPLICIT, "explicit"),
        (
            implicit(0x00080060, b"CT") + implicit(0x00280010, short(2)),
            EXPLICIT,
            "implicit",
        ),
    ],
)
def test_first_element_is_believed_more_than_the_transfer_syntax(content, uid, found):
    with pytest.warns(
        NonconformantDatasetWarning, match=f"the dataset is in {found} VR"
    ):
        dataset = header_of(file(content, uid)).dataset
    assert dataset.Rows == 2


def test_implicit_elements_among_explicit_ones_are_recognised():
    content = element(0x00080060, "CS", b"CT") + implicit(0x00080070, b"Maker ")
    dataset = header_of(file(content + element(0x00280010, "US", short(2)))).dataset
    assert (dataset.Modality, dataset.Manufacturer, dataset.Rows) == ("CT", "Maker", 2)


def test_unknown_value_representation_has_a_short_length():
    content = element(0x00091001, "XY", b"abcd") + element(0x00280010, "US", short(2))
    assert header_of(file(content)).dataset.Rows == 2


# Deflated and big endian


def deflated(dataset):
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return file(deflater.compress(dataset) + deflater.flush(), DEFLATED)


def test_deflated_dataset_is_read():
    content = deflated(attributes() + native(b"abcd"))
    header = header_of(content)
    assert header.dataset.Rows == 2
    location = header.pixel_data
    assert location.source.read(location.offset, location.length) == b"abcd"
    assert dataset_of(content).PixelData == b"abcd"


def test_header_of_a_deflated_dataset_inflates_no_pixel_data():
    content = deflated(attributes() + native(bytes(30_000_000), "OW"))
    location = header_of(content).pixel_data
    assert len(location.source._data) < 3_000_000


def test_deflated_header_is_bounded():
    content = deflated(attributes() + element(0x00420011, "OB", bytes(1000)))
    assert header_of(content).dataset.Rows == 2
    bomb = deflated(element(0x00420011, "OB", bytes(20_000_000)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("highdicom.io.header._LARGEST_INFLATED_HEADER", 1_000_000)
        with pytest.raises(NonconformantDatasetError, match="inflates to more than"):
            header_of(bomb)


def test_dataset_that_is_not_deflated_though_it_should_be_is_an_error():
    with pytest.raises(NonconformantDatasetError, match="deflated data set is damaged"):
        header_of(file(b"\xff" * 100, DEFLATED))


def big_endian_image(pixels=b"abcd", vr="OW"):
    pieces = [
        big_endian(0x00280010, "US", b"\0\2"),
        big_endian(0x00280011, "US", b"\0\2"),
        big_endian(0x00280100, "US", b"\0\x08"),
        big_endian(0x7FE00010, vr, pixels),
    ]
    return file(b"".join(pieces), BIG_ENDIAN)


def test_big_endian_dataset_is_read():
    content = big_endian_image()
    header = header_of(content)
    assert header.dataset.Rows == 2
    location = header.pixel_data
    assert (location.vr, location.length) == ("OW", 4)
    assert not location.is_little_endian
    assert content[location.offset :] == b"abcd"
    assert dataset_of(content).PixelData == b"abcd"


def test_big_endian_dataset_without_pixel_data_is_read():
    header = header_of(file(big_endian(0x00280010, "US", b"\0\2"), BIG_ENDIAN))
    assert header.pixel_data is None
    assert header.dataset.Rows == 2


def test_truncated_big_endian_dataset_is_an_error():
    content = file(big_endian(0x00080070, "LO", b"Manufacturer"), BIG_ENDIAN)
    for read in (read_header, read_dataset):
        with pytest.raises(NonconformantDatasetError, match="should have 12 bytes"):
            read(BytesSource(content[:-4]))


def test_truncated_big_endian_pixel_data_are_tolerated():
    with pytest.warns(NonconformantDatasetWarning, match="after 2 of 4 bytes"):
        assert dataset_of(big_endian_image()[:-2]).PixelData == b"ab"


def test_unreadable_big_endian_dataset_is_an_error_of_ours():
    sequence = big_endian(0x00081140, "SQ", b"")[:-4] + b"\xff" * 4 + b"\0" * 3
    with pytest.raises(NonconformantDatasetError, match="big endian cannot be read"):
        header_of(file(sequence, BIG_ENDIAN))


def test_source_error_in_big_endian_stays_one():
    class Failing(BytesSource):
        reads = 0

        def read(self, offset, size):
            self.reads += 1
            if self.reads > 2:
                raise SourceError("Gone.", source="x")
            return super().read(offset, size)

    with pytest.raises(SourceError, match=r"Gone\."):
        read_header(Failing(big_endian_image() + bytes(100_000)))


# Whole files


def test_pixel_data_are_read_with_the_rest():
    dataset = dataset_of(file(attributes() + native(b"abcd")))
    assert dataset.PixelData == b"abcd"
    assert not dataset["PixelData"].is_undefined_length


@pytest.mark.parametrize("cost", [0, 1 << 20])
def test_encapsulated_pixel_data_are_read_without_their_end(cost):
    content = file(attributes() + encapsulated([b"ab", b"cdef"], [0]), RLE)
    dataset = read_dataset(CountingSource(content, cost))
    assert dataset.PixelData == item(bytes(4)) + item(b"ab") + item(b"cdef")
    assert dataset["PixelData"].is_undefined_length
    assert dataset["PixelData"].VR == "OB"


def test_remote_file_is_fetched_in_few_requests():
    fragments = [bytes([number]) * 1000 for number in range(100)]
    source = CountingSource(file(attributes(100) + encapsulated(fragments), RLE))
    dataset = read_dataset(source)
    assert len(dataset.PixelData) == 8 + 100 * 1008
    assert len(source.ranges) <= 3


@pytest.mark.parametrize("cost", [0, 1 << 20])
@pytest.mark.parametrize(
    "pixels", [(native(b"abcd"), EXPLICIT), (encapsulated([b"ab"]), RLE)]
)
def test_elements_after_the_pixel_data_are_read(cost, pixels):
    signature = element(0xFFFAFFFA, "SQ", item(element(0x04000005, "US", short(1))))
    padding = element(0xFFFCFFFC, "OB", bytes(100))
    content = file(attributes() + pixels[0] + signature + padding, pixels[1])
    dataset = read_dataset(CountingSource(content, cost))
    assert dataset.DigitalSignaturesSequence[0].MACIDNumber == 1
    assert dataset.DataSetTrailingPadding == bytes(100)


@pytest.mark.parametrize("garbage", [bytes(20), b"\xff" * 40, b"abcdefgh" * 20])
def test_garbage_after_the_pixel_data_is_tolerated(garbage):
    content = file(attributes() + native(b"abcd") + garbage)
    with pytest.warns(NonconformantDatasetWarning, match="follow"):
        dataset = dataset_of(content)
    assert dataset.PixelData == b"abcd"


def test_truncated_pixel_data_are_kept_as_far_as_they_go():
    content = file(attributes() + native(b"abcd"))
    with pytest.warns(NonconformantDatasetWarning, match="after 3 of 4 bytes"):
        assert dataset_of(content[:-1]).PixelData == b"abc"


def test_truncated_encapsulated_pixel_data_are_kept_as_far_as_they_go():
    content = file(attributes() + encapsulated([b"abcd", b"efgh"]), RLE)
    for cut in (1, 8, 10, 14):
        with pytest.warns(NonconformantDatasetWarning, match="the file ends after"):
            dataset = dataset_of(content[:-cut])
        assert dataset.PixelData.startswith(item() + item(b"abcd"))


def test_dataset_knows_its_file(tmp_path):
    path = tmp_path / "file.dcm"
    path.write_bytes(file(attributes() + native(b"abcd")))
    for dataset in (
        read_dataset(open_source(path)),
        read_header(open_source(str(path))).dataset,
    ):
        assert dataset.filename == str(path)
    assert dataset_of(path.read_bytes()).filename is None


def test_dataset_is_what_pydicom_reads(tmp_path):
    _, groups = functional_groups(5, is_undefined=True)
    path = tmp_path / "file.dcm"
    path.write_bytes(file(attributes(5) + groups + native(b"abcd" * 5)))
    expected = dcmread(path)
    dataset = read_dataset(open_source(path))
    assert dataset == expected
    assert dataset.file_meta == expected.file_meta
    assert dataset.preamble == expected.preamble
    assert dataset.original_encoding == expected.original_encoding


def test_file_object_is_read_from_its_position(tmp_path):
    content = file(attributes() + native(b"abcd"))
    path = tmp_path / "file.dcm"
    path.write_bytes(b"something before" + content)
    with path.open("rb") as opened:
        opened.seek(16)
        assert read_dataset(open_source(opened)) == dcmread(io.BytesIO(content))


def test_values_keep_their_place_in_the_file():
    content = file(attributes() + native(b"abcd"))
    raw = header_of(content).dataset.get_item(0x00280010)
    assert content[raw.value_tell : raw.value_tell + 2] == struct.pack("<H", 2)


def test_empty_values_are_as_pydicom_has_them(tmp_path):
    encoded = b"".join(
        element(tag, vr, b"")
        for tag, vr in ((0x00080020, "DA"), (0x00100010, "PN"), (0x00280010, "US"))
    )
    path = tmp_path / "file.dcm"
    path.write_bytes(file(encoded))
    assert read_dataset(open_source(path)) == dcmread(path)
    assert isinstance(dataset_of(file(encoded))["PatientName"], DataElement)
    assert isinstance(dataset_of(file(encoded)), Dataset)
