"""Files that lie: a clear error, quickly, with little memory; what is sound is read."""

import struct
import tracemalloc
from collections.abc import Callable

import pytest
from io_building import (
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    ITEM_END,
    JPEG,
    RLE,
    SEQUENCE_END,
    UNDEFINED,
    attributes,
    element,
    encapsulated,
    extended,
    file,
    implicit,
    item,
    native,
    short,
)

from highdicom.errors import (
    InvalidAttributeError,
    MissingAttributeError,
    NonconformantDatasetError,
    NonconformantDatasetWarning,
)
from highdicom.io.frame_reader import FileFrameReader
from highdicom.io.header import read_dataset, read_header
from highdicom.io.items import MOST_LEVELS, check_nesting
from highdicom.io.local import BytesSource
from highdicom.io.location import DamagedPixelDataError
from highdicom.policy import reading_policy

SEQUENCE = 0x00081140


def header_of(content):
    return read_header(BytesSource(content))


def reader_of(content):
    return FileFrameReader(BytesSource(content))


def peak_memory(call: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# Lengths beyond the end


@pytest.mark.parametrize("length", [10, 0xFFFE])
def test_short_length_beyond_the_end_is_an_error(length):
    content = file(element(0x00080070, "LO", b"abcd", length))
    with pytest.raises(
        NonconformantDatasetError,
        match=rf"Manufacturer: The value should have {length} bytes .* only 4 are left",
    ) as info:
        header_of(content)
    assert info.value.keyword == "Manufacturer"


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT])
def test_length_of_gigabytes_takes_no_memory(syntax):
    make = element(0x00420011, "OB", b"abcd", 0xFFFFFFF0)
    if syntax == IMPLICIT:
        make = implicit(0x00420011, b"abcd", 0xFFFFFFF0)
    content = file(make, syntax)

    def read():
        with pytest.raises(NonconformantDatasetError, match="only 4 are left"):
            header_of(content)

    assert peak_memory(read) < 2_000_000


def test_truncated_header_of_an_element_is_tolerated():
    for rest in (b"\x08\0", b"\x08\0\x60\0CS", element(0x00420011, "OB", b"")[:10]):
        with pytest.warns(NonconformantDatasetWarning, match="bytes follow the last"):
            assert header_of(file(attributes() + rest)).dataset.Rows == 2


@pytest.mark.parametrize(
    "value",
    [
        item(element(0x00080060, "CS", b"CT"), UNDEFINED)[:-8],
        item(element(0x00080060, "CS", b"CT"), UNDEFINED),
        item(element(0x00080060, "CS", b"CT", 60000), UNDEFINED),
        item(b"", 0xFFFFFFF0),
        item(b"")[:6],
        item(element(0x00420011, "OB", b"")[:9], UNDEFINED)[:-8],
    ],
)
@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT])
def test_sequence_without_end_is_an_error(value, syntax):
    make = element if syntax == EXPLICIT else lambda tag, _, *rest: implicit(tag, *rest)
    with pytest.raises(NonconformantDatasetError, match="ReferencedImageSequence: "):
        header_of(file(make(SEQUENCE, "SQ", value, UNDEFINED), syntax))


def test_sequence_of_something_else_is_an_error():
    value = item(b"") + b"abcdefgh" * 4
    with pytest.raises(NonconformantDatasetError, match=r"An item is expected 8 bytes"):
        header_of(file(element(SEQUENCE, "SQ", value, UNDEFINED)))


@pytest.mark.parametrize("content", [bytes(16), SEQUENCE_END + bytes(8)])
def test_item_of_something_else_is_an_error(content):
    value = item(content, UNDEFINED)
    with pytest.raises(
        NonconformantDatasetError, match=r"A data element is expected 8"
    ):
        header_of(file(element(SEQUENCE, "SQ", value, UNDEFINED)))


def test_endless_zeros_are_not_walked_through():
    zeros = bytes(5_000_000)
    value = item(zeros, UNDEFINED)
    with pytest.raises(NonconformantDatasetError, match="A data element is expected"):
        header_of(file(implicit(SEQUENCE, value, UNDEFINED), IMPLICIT))


def test_delimitation_among_the_elements_ends_the_dataset():
    with pytest.warns(NonconformantDatasetWarning, match="delimitation item"):
        dataset = header_of(file(attributes() + ITEM_END + native(b"ab"))).dataset
    assert dataset.Rows == 2


# Nesting


def nested(levels, *, is_undefined, syntax=EXPLICIT):
    content = b""
    length = UNDEFINED if is_undefined else None
    end = SEQUENCE_END if is_undefined else b""
    for _ in range(levels):
        value = item(content, length) + end
        if syntax == EXPLICIT:
            content = element(SEQUENCE, "SQ", value, length)
        else:
            content = implicit(SEQUENCE, value, length)
    return content


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT])
@pytest.mark.parametrize("is_undefined", [False, True])
@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 2000])
def test_deep_nesting_is_an_error(levels, is_undefined, syntax):
    content = nested(levels, is_undefined=is_undefined, syntax=syntax)
    with pytest.raises(NonconformantDatasetError, match="nested more than 64 levels"):
        header_of(file(content, syntax))


def test_deep_nesting_within_items_of_undefined_length_is_an_error():
    inner = nested(200, is_undefined=False)
    value = item(inner, UNDEFINED) + SEQUENCE_END
    with pytest.raises(NonconformantDatasetError, match="nested more than"):
        header_of(file(element(SEQUENCE, "SQ", value, UNDEFINED)))
    mixed = nested(200, is_undefined=True)
    with pytest.raises(NonconformantDatasetError, match="nested more than"):
        header_of(file(element(SEQUENCE, "SQ", item(mixed))))


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT])
@pytest.mark.parametrize("is_undefined", [False, True])
def test_deep_but_sensible_nesting_is_read(is_undefined, syntax):
    content = nested(40, is_undefined=is_undefined, syntax=syntax)
    items = header_of(file(content, syntax)).dataset.ReferencedImageSequence
    for _ in range(39):
        items = items[0].ReferencedImageSequence
    assert len(items[0]) == 0


@pytest.mark.parametrize("is_undefined", [False, True])
def test_many_items_are_not_taken_for_deep_nesting(is_undefined):
    length = UNDEFINED if is_undefined else None
    content = item(element(0x00080060, "CS", b"CT"), length) * 500
    end = SEQUENCE_END if is_undefined else b""
    dataset = header_of(file(element(SEQUENCE, "SQ", content + end, length))).dataset
    assert len(dataset.ReferencedImageSequence) == 500


@pytest.mark.parametrize("implicit_vr", [False, True])
def test_values_that_look_like_items_are_not_taken_for_nesting(implicit_vr):
    # Each looks like an item that reaches to the end of the value.
    value = b"".join(
        struct.pack("<HHI", 0xFFFE, 0xE000, 8 * (300 - number)) for number in range(300)
    )
    if implicit_vr:
        content = item(implicit(0x00420011, value))
    else:
        content = item(element(0x00420011, "OB", value))
    check_nesting(content, implicit=implicit_vr, where="here")


def test_unknown_private_sequences_count_as_nesting():
    content = b""
    for _ in range(100):
        content = implicit(0x00111001, item(content))
    with pytest.raises(NonconformantDatasetError, match="nested more than"):
        check_nesting(item(content), implicit=True, where="here")
    content = b""
    for _ in range(100):
        content = element(0x00111001, "UN", item(content))
    with pytest.raises(NonconformantDatasetError, match="nested more than"):
        check_nesting(item(content), implicit=False, where="here")


def test_nested_sequence_of_unknown_representation_is_refused_too():
    content = nested(100, is_undefined=True, syntax=IMPLICIT)
    encoded = element(
        SEQUENCE, "UN", item(content, UNDEFINED) + SEQUENCE_END, UNDEFINED
    )
    with pytest.raises(NonconformantDatasetError, match="nested more than"):
        header_of(file(encoded))


def test_damaged_sequence_of_unknown_representation_is_an_error():
    damaged = item() * 10_000
    with pytest.raises(NonconformantDatasetError, match="unknown value representation"):
        header_of(file(element(SEQUENCE, "UN", damaged + b"\xfe\xff\0\xe0")))


# Number of frames


def test_frames_beyond_native_pixel_data_are_errors_one_by_one():
    reader = reader_of(file(attributes(2**31 - 1) + native(b"abcdefgh")))
    assert reader.number_of_frames == 2**31 - 1
    assert reader.read_frame(1) == b"efgh"
    with pytest.raises(DamagedPixelDataError, match="there are only 8") as info:
        reader.read_frame(2**31 - 2)
    assert info.value.frame_numbers == (2**31 - 1,)
    assert isinstance(info.value, (OSError, ValueError))
    assert reader.read_frame(0) == b"abcd"


def test_number_of_frames_far_beyond_takes_no_memory():
    table = [0, 12]
    contents = [
        file(attributes(2**31 - 1) + native(b"abcdefgh")),
        file(attributes(2**31 - 1) + encapsulated([b"abcd", b"efgh"]), RLE),
        file(attributes(2**31 - 1) + encapsulated([b"abcd", b"efgh"], table), RLE),
        file(
            attributes(2**31 - 1)
            + extended(table, [4, 4])
            + encapsulated([b"abcd", b"efgh"]),
            RLE,
        ),
    ]

    def read():
        with reading_policy("lenient"):
            for content in contents:
                reader = reader_of(content)
                assert reader.read_frame(0) == b"abcd"
                assert reader.read_frame(1) == b"efgh"
                with pytest.raises(DamagedPixelDataError):
                    reader.read_frame(2)

    read()
    assert peak_memory(read) < 1_000_000


def test_missing_compressed_frames_are_named():
    reader = reader_of(file(attributes(5) + encapsulated([b"abcd", b"efgh"]), RLE))
    with pytest.warns(NonconformantDatasetWarning, match="only 2 frames, not 5"):
        assert reader.read_frame(1) == b"efgh"
    with pytest.raises(DamagedPixelDataError, match="Frame 3 is missing"):
        reader.read_frame(2)


def test_good_frames_come_before_the_error():
    reader = reader_of(file(attributes(4) + native(b"abcdefgh")))
    frames = reader.read_frames(range(4))
    assert next(frames) == b"abcd"
    assert next(frames) == b"efgh"
    with pytest.raises(DamagedPixelDataError, match="Frame 3"):
        next(frames)


@pytest.mark.filterwarnings("ignore:Invalid value for VR IS")
@pytest.mark.parametrize("value", [b"-3", b"1A", b"2\\3"])
def test_number_of_frames_that_is_none_is_an_error(value):
    content = attributes().replace(
        element(0x00280010, "US", short(2)),
        element(0x00280008, "IS", value) + element(0x00280010, "US", short(2)),
    )
    with pytest.raises(InvalidAttributeError, match="'NumberOfFrames' must be"):
        reader_of(file(content + native(b"abcd")))


def test_no_frames_are_taken_for_one():
    with pytest.warns(NonconformantDatasetWarning, match="NumberOfFrames"):
        reader = reader_of(file(attributes(0) + native(b"abcd")))
    assert reader.number_of_frames == 1
    assert reader.read_frame(0) == b"abcd"


@pytest.mark.parametrize("keyword", ["Rows", "Columns", "BitsAllocated"])
def test_missing_attribute_is_named_when_a_frame_is_read(keyword):
    tags = {"Rows": 0x00280010, "Columns": 0x00280011, "BitsAllocated": 0x00280100}
    values = {"Rows": 2, "Columns": 2, "BitsAllocated": 8}
    encoded = element(tags[keyword], "US", short(values[keyword]))
    content = file(attributes().replace(encoded, b"") + native(b"abcd"))
    reader = reader_of(content)
    assert reader.read_dataset().SOPInstanceUID == "1.2.3"
    with pytest.raises(MissingAttributeError, match=f"'{keyword}' is needed"):
        reader.read_frame(0)


def test_attribute_of_zero_is_an_error_when_a_frame_is_read():
    reader = reader_of(file(attributes(rows=0) + native(b"abcd")))
    with pytest.raises(InvalidAttributeError, match="'Rows' must be a positive number"):
        reader.read_frame(0)


def test_excess_pixel_data_are_reported():
    with pytest.warns(
        NonconformantDatasetWarning, match="4 bytes longer than 1 frames"
    ):
        reader = reader_of(file(attributes() + native(b"abcdefgh")))
    assert reader.read_frame(0) == b"abcd"


# Truncation


def test_native_frames_before_the_end_of_a_truncated_file_are_read():
    content = file(attributes(3) + native(b"abcdefghijkl"))[:-3]
    reader = reader_of(content)
    assert list(reader.read_frames([0, 1])) == [b"abcd", b"efgh"]
    with pytest.raises(DamagedPixelDataError, match="after 1 of its 4 bytes"):
        reader.read_frame(2)
    with pytest.raises(DamagedPixelDataError):
        list(reader.read_frames([0, 2]))


def frame(number, size=20):
    return b"\xff\xd8\xff" + bytes([number]) * size + b"\xff\xd9"


@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
@pytest.mark.parametrize("offsets", [(), (0, 34, 68)])
@pytest.mark.parametrize("cut", [1, 5, 10, 20, 41])
def test_compressed_frames_before_the_end_of_a_truncated_file_are_read(offsets, cut):
    fragments = [frame(1, 21), frame(2, 21), frame(3, 21)]
    content = file(attributes(3) + encapsulated(fragments, offsets), JPEG)
    reader = reader_of(content[: -8 - cut] if cut > 1 else content[:-1])
    assert reader.read_frame(0) == fragments[0]
    if cut < 35:
        assert reader.read_frame(1) == fragments[1]
    if cut > 1:
        with pytest.raises(DamagedPixelDataError):
            reader.read_frame(2)
    else:
        assert reader.read_frame(2) == fragments[2]


@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_fragmented_frames_of_a_truncated_file_are_told_apart():
    halves = [half for n in range(4) for half in (frame(n)[:13], frame(n)[13:])]
    content = file(attributes(4) + encapsulated(halves), JPEG)[: -8 - 2 * 20]
    reader = reader_of(content)
    assert reader.read_frame(0) == frame(0)
    assert reader.read_frame(1) == frame(1)


def test_file_that_ends_before_its_offset_table_is_an_error():
    whole = file(attributes(3) + encapsulated([b"ab"] * 3, [0, 10, 20]), RLE)
    cut = whole[: whole.index(item(bytes(0))[:4] + struct.pack("<I", 12)) + 12]
    reader = reader_of(cut)
    for _ in range(2):
        with pytest.raises(
            DamagedPixelDataError, match="Basic Offset Table should have"
        ):
            reader.read_frame(0)


def test_compressed_pixel_data_without_items_are_an_error():
    reader = reader_of(file(attributes() + native(b"\xff\xd8\xff\xe0" * 10), JPEG))
    with pytest.raises(DamagedPixelDataError, match="do not start with an item"):
        reader.read_frame(0)


# Offset tables that lie


LIES = [
    [0, 12],
    [0, 12, 24, 36],
    [0, 24, 12],
    [0, 0, 0],
    [4, 16, 28],
    [0, 12, 4_000_000_000],
    [0, 13, 24],
    [0, 16, 24],
    [0, 12, 20],
    [0, 8, 16],
]


@pytest.mark.parametrize("offsets", LIES)
def test_lying_basic_offset_table_is_replaced_by_a_look_at_the_items(offsets):
    fragments = [b"abcd", b"efgh", b"ijkl"]
    content = file(attributes(3) + encapsulated(fragments, offsets), RLE)
    reader = reader_of(content)
    with pytest.warns(NonconformantDatasetWarning, match="Basic Offset Table"):
        frames = [reader.read_frame(index) for index in range(3)]
    assert frames == fragments
    with pytest.warns(NonconformantDatasetWarning):
        assert list(reader_of(content).read_frames([2, 1, 0])) == fragments[::-1]


@pytest.mark.parametrize("offsets", LIES)
def test_lying_offset_table_is_an_error_when_reading_strictly(offsets):
    content = file(attributes(3) + encapsulated([b"abcd"] * 3, offsets), RLE)
    reader = reader_of(content)
    with reading_policy("strict"), pytest.raises(NonconformantDatasetError):
        list(reader.read_frames(range(3)))


@pytest.mark.parametrize(
    ("offsets", "lengths"),
    [
        *((lie, [4] * len(lie)) for lie in LIES if lie != [0, 16, 24]),
        ([0, 12, 24], [4, 4]),
        ([0, 12, 24], [4, 4, 2**63]),
        ([0, 12, 2**63 - 1], [4, 4, 4]),
        ([0, 12, 24], [4, 2, 4]),
        ([0, 12, 24], [4, 6, 4]),
        ([0, 12, 24], []),
    ],
)
def test_lying_extended_offset_table_is_replaced_by_a_look_at_the_items(
    offsets, lengths
):
    fragments = [b"abcd", b"efgh", b"ijkl"]
    tables = extended(offsets, lengths)
    content = file(attributes(3) + tables + encapsulated(fragments), RLE)
    reader = reader_of(content)
    with pytest.warns(NonconformantDatasetWarning, match="Extended Offset Table"):
        frames = [reader.read_frame(index) for index in range(3)]
    assert frames == fragments


# Fragments


def test_empty_frame_is_an_error_and_the_others_are_read():
    content = file(attributes(3) + encapsulated([b"abcd", b"", b"ijkl"]), RLE)
    reader = reader_of(content)
    assert reader.read_frame(0) == b"abcd"
    assert reader.read_frame(2) == b"ijkl"
    with pytest.raises(DamagedPixelDataError, match=r"Frame 2 is empty\."):
        reader.read_frame(1)


def test_empty_fragments_between_frames_are_passed_over():
    fragments = [b"", b"abcd", b"", b"", b"efgh", b""]
    reader = reader_of(file(attributes(2) + encapsulated(fragments), RLE))
    assert [reader.read_frame(index) for index in range(2)] == [b"abcd", b"efgh"]


def test_millions_of_empty_fragments_are_an_error():
    items = item() * 4_500_000
    content = file(attributes(2) + element(0x7FE00010, "OB", items, UNDEFINED), RLE)
    reader = reader_of(content)
    for _ in range(2):
        with pytest.raises(NonconformantDatasetError, match="more than 4000000"):
            reader.read_frame(0)


def test_fragments_that_cannot_be_told_apart_are_an_error():
    content = file(attributes(2) + encapsulated([b"ab", b"cd", b"ef"]), RLE)
    reader = reader_of(content)
    for index in range(2):
        with pytest.raises(DamagedPixelDataError, match="3 fragments cannot be told"):
            reader.read_frame(index)


def test_more_frames_than_said_are_reported():
    fragments = [frame(1), frame(2), frame(3)]
    reader = reader_of(file(attributes(2) + encapsulated(fragments), JPEG))
    with pytest.warns(NonconformantDatasetWarning, match="hold 3 frames, not 2"):
        assert reader.read_frame(1) == fragments[1]


def test_item_of_undefined_length_among_fragments_ends_them():
    items = item() + item(b"abcd") + item(b"", UNDEFINED)
    content = file(attributes(2) + element(0x7FE00010, "OB", items, UNDEFINED), RLE)
    with pytest.warns(NonconformantDatasetWarning):
        assert reader_of(content).read_frame(0) == b"abcd"


# Anything


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, RLE, DEFLATED])
def test_every_truncation_is_read_or_an_error_of_ours(syntax):
    sequence = element(SEQUENCE, "SQ", item(element(0x00081150, "UI", b"1.2")))
    pixels = (
        encapsulated([b"abcd", b"ef"], [0, 12]) if syntax == RLE else native(b"a" * 8)
    )
    content = file(attributes(2) + sequence + pixels, syntax)
    outcomes = [
        _outcome(read, content[:stop])
        for stop in range(len(content))
        for read in (read_header, read_dataset)
    ]
    assert outcomes.count("read") > 10
    assert outcomes.count("refused") > 10


def _outcome(read, content):
    try:
        read(BytesSource(content))
    except NonconformantDatasetError:
        return "refused"
    return "read"


def test_strict_reading_leaves_the_reader_usable():
    reader = reader_of(file(attributes(3) + encapsulated([b"ab"] * 2), RLE))
    with reading_policy("strict"), pytest.raises(NonconformantDatasetError):
        reader.read_frame(0)
    with reading_policy("lenient"):
        assert reader.read_frame(0) == b"ab"


def test_character_set_that_is_none_is_an_error():
    content = file(element(0x00080005, "CS", b"\xff\0\x01") + attributes())
    with pytest.raises(NonconformantDatasetError, match="are no character sets"):
        header_of(content)


@pytest.mark.parametrize("is_undefined", [False, True])
def test_nesting_is_measured_through_delimitations(is_undefined):
    # Suspicious by its bytes, since items are within values, too, but not too deep.
    length = UNDEFINED if is_undefined else None
    inner = item(element(0x00080060, "CS", b"CT"), length)
    looks = b"".join(
        struct.pack("<HHI", 0xFFFE, 0xE000, 4000 - 8 * number) for number in range(100)
    )
    private = element(0x00091001, "OB", looks)
    value = element(
        SEQUENCE, "SQ", inner + (SEQUENCE_END if is_undefined else b""), length
    )
    content = item(value + private + value, length)
    check_nesting(content, implicit=False, where="here")


def test_unknown_representations_are_walked_through():
    inner = element(0x00091001, "XY", b"abcd") + element(0x00080060, "CS", b"CT")
    value = item(inner, UNDEFINED) + SEQUENCE_END
    dataset = header_of(file(element(SEQUENCE, "SQ", value, UNDEFINED))).dataset
    assert dataset.get_item(SEQUENCE).value == value[:-8]
