"""Look-up tables as attributes and as functions (PS3.3 C.11)."""

import copy
import io
import pickle

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.dataelem import RawDataElement
from pydicom.pixels import apply_modality_lut, apply_voi_lut

from highdicom.content import LUT, VOILUT, ModalityLUT, PresentationLUT
from highdicom.encoding.elements import tag_of
from highdicom.enum import RescaleTypeValues
from highdicom.errors import (
    ArgumentTypeError,
    IncompatibleTransformError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
)

ENTRIES = np.array([3, 5, 9, 1], np.uint16)


def little_endian_dataset():
    dataset = Dataset()
    dataset.set_original_encoding(is_implicit_vr=False, is_little_endian=True)
    return dataset


def stored_lut(descriptor, data, vr="US", data_vr="OW"):
    item = Dataset()
    item.add_new("LUTDescriptor", vr, descriptor)
    item.add_new("LUTData", data_vr, data)
    return item


def written_and_read(item):
    """An item as it comes back from a file, little endian."""
    buffer = io.BytesIO()
    outer = Dataset()
    outer.VOILUTSequence = [item]
    outer.save_as(buffer, implicit_vr=False, little_endian=True)
    buffer.seek(0)
    return dcmread(buffer, force=True).VOILUTSequence[0]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("cls", [LUT, VOILUT, PresentationLUT])
def test_attributes_say_what_was_given(cls, dtype):
    lut = cls(7, ENTRIES.astype(dtype), "what for")
    bits = np.dtype(dtype).itemsize * 8
    assert list(lut.LUTDescriptor) == [4, 7, bits]
    assert lut.LUTExplanation == "what for"
    assert lut.lut_explanation == "what for"
    assert lut.first_mapped_value == 7
    assert lut.number_of_entries == 4
    assert lut.bits_per_entry == bits
    assert lut.lut_data.dtype == dtype
    np.testing.assert_array_equal(lut.lut_data, ENTRIES)


def test_entries_are_encoded_little_endian_and_padded():
    assert LUT(0, np.array([258], np.uint16)).LUTData == b"\x02\x01"
    odd = LUT(0, np.array([1, 2, 3], np.uint8))
    assert odd.LUTData == b"\x01\x02\x03\x00"
    np.testing.assert_array_equal(odd.lut_data, [1, 2, 3])


def test_a_table_of_65536_entries_has_length_zero_in_its_descriptor():
    lut = LUT(0, np.arange(65536, dtype=np.uint16))
    assert lut.LUTDescriptor[0] == 0
    assert lut.number_of_entries == 65536
    assert lut.lut_data[-1] == 65535


def test_table_given_is_neither_kept_nor_changed():
    entries = ENTRIES.copy()
    lut = LUT(0, entries)
    entries[:] = 0
    np.testing.assert_array_equal(lut.lut_data, ENTRIES)


@pytest.mark.parametrize("length", [4, 32767, 32768, 40000, 65536])
def test_first_mapped_value_may_be_negative(length):
    entries = np.arange(length) % 251
    lut = VOILUT(-100, entries.astype(np.uint16))
    assert lut["LUTDescriptor"].VR == "SS"
    read = VOILUT.from_dataset(written_and_read(lut))
    assert read.first_mapped_value == -100
    assert read.number_of_entries == length
    np.testing.assert_array_equal(read.lut_data, entries)
    values = np.array([-32768, -101, -100, -99, 3000], np.int16)
    expected = entries[np.clip(values.astype(int) + 100, 0, length - 1)]
    np.testing.assert_array_equal(read.apply(values), expected)


def test_values_beyond_the_table_get_its_ends():
    lut = LUT(10, ENTRIES)
    values = np.array([[0, 9, 10], [11, 13, 14]])
    np.testing.assert_array_equal(lut.apply(values), [[3, 3, 3], [5, 1, 1]])


def test_applied_values_have_the_type_asked_for():
    lut = LUT(0, ENTRIES)
    assert lut.apply(np.array([1])).dtype == np.uint16
    assert lut.apply(np.array([1]), dtype=np.float32).dtype == np.float32
    with pytest.raises(ArgumentTypeError, match="'dtype' must hold"):
        lut.apply(np.array([1]), dtype=np.uint8)
    with pytest.raises(InvalidArgumentError, match="'array' must have an integer"):
        lut.apply(np.array([0.5]))


def test_pydicom_applies_the_same_tables():
    values = np.arange(0, 40, dtype=np.uint16).reshape(4, 10)
    entries = np.linspace(5, 4000, 20).astype(np.uint16)
    image = little_endian_dataset()
    image.PixelRepresentation = 0
    image.VOILUTSequence = [VOILUT(10, entries)]
    image.ModalityLUTSequence = [ModalityLUT("US", 10, entries)]
    np.testing.assert_array_equal(
        VOILUT(10, entries).apply(values), apply_voi_lut(values, image)
    )
    np.testing.assert_array_equal(
        LUT(10, entries).apply(values), apply_modality_lut(values, image)
    )


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((1.0, ENTRIES), ArgumentTypeError, "'first_mapped_value' must be an integer"),
        ((True, ENTRIES), ArgumentTypeError, "'first_mapped_value' must be an integer"),
        ((-32769, ENTRIES), InvalidArgumentError, "between -32768 and 65535"),
        ((65536, ENTRIES), InvalidArgumentError, "between -32768 and 65535"),
        ((0, [1, 2]), ArgumentTypeError, "'lut_data' must be a numpy array, not list"),
        ((0, ENTRIES.astype(np.int16)), InvalidArgumentError, "uint8 or uint16, not"),
        ((0, ENTRIES.reshape(2, 2)), InvalidArgumentError, "not of shape \\(2, 2\\)"),
        ((0, ENTRIES[:0]), InvalidArgumentError, "1 to 65536 entries"),
        ((0, np.zeros(65537, np.uint8)), InvalidArgumentError, "1 to 65536 entries"),
        ((0, ENTRIES, "x" * 65), InvalidArgumentError, "'lut_explanation' must be"),
        ((0, ENTRIES, 5), ArgumentTypeError, "'lut_explanation' must be a string"),
    ],
)
def test_what_cannot_be_written_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        LUT(*arguments)


def test_scaled_entries_meet_the_range():
    lut = LUT(0, np.array([10, 20, 15], np.uint8))
    np.testing.assert_allclose(lut.get_scaled_lut_data(), [0, 1, 0.5])
    np.testing.assert_allclose(lut.get_scaled_lut_data((-1, 3)), [-1, 3, 1])
    inverted = lut.get_scaled_lut_data((0, 1), dtype=np.float32, invert=True)
    assert inverted.dtype == np.float32
    np.testing.assert_allclose(inverted, [1, 0, 0.5])


def test_scaled_entries_that_are_all_the_same_meet_the_lower_end():
    lut = LUT(0, np.array([7, 7], np.uint8))
    np.testing.assert_array_equal(lut.get_scaled_lut_data((2, 3)), [2, 2])


def test_scaling_needs_a_range_and_a_floating_point_type():
    lut = LUT(0, ENTRIES)
    with pytest.raises(InvalidArgumentError, match="'output_range'"):
        lut.get_scaled_lut_data((1, 1))
    with pytest.raises(IncompatibleTransformError, match="'dtype'"):
        lut.get_scaled_lut_data(dtype=np.uint8)


def test_inverted_entries_keep_range_and_type():
    inverted = LUT(0, np.array([10, 65530, 500], np.uint16)).get_inverted_lut_data()
    assert inverted.dtype == np.uint16
    np.testing.assert_array_equal(inverted, [65530, 10, 65040])


@pytest.mark.parametrize(
    ("item", "bits", "entries"),
    [
        (stored_lut([3, 0, 16], [7, 8, 9], data_vr="US"), 16, [7, 8, 9]),
        (stored_lut([1, 0, 16], 7, data_vr="US"), 16, [7]),
        (stored_lut([3, 0, 8], b"\1\2\3\0"), 8, [1, 2, 3]),
        # Entries of 8 bits in words, and of 12 bits, both seen in the field.
        (stored_lut([3, 0, 8], b"\1\0\2\0\3\0"), 8, [1, 2, 3]),
        (stored_lut([2, 0, 12], b"\xff\x0f\1\0"), 12, [4095, 1]),
    ],
)
def test_tables_are_read_however_they_are_stored(item, bits, entries):
    lut = LUT.from_dataset(item)
    assert lut.bits_per_entry == bits
    np.testing.assert_array_equal(lut.lut_data, entries)


@pytest.mark.parametrize(
    "item",
    [
        stored_lut([12, 0, 16], ENTRIES.tobytes()),
        stored_lut([3, 0, 16], ENTRIES.tobytes()),
        # Half of the entries; not single bytes.
        stored_lut([8, 0, 16], ENTRIES.tobytes()),
        stored_lut([2, 0], ENTRIES.tobytes()),
    ],
)
def test_tables_that_contradict_their_descriptor_are_refused(item):
    with pytest.raises(InvalidAttributeError, match="escriptor"):
        _ = LUT.from_dataset(item).lut_data


# Value representation and value of elements that are no descriptor.
DAMAGED_DESCRIPTORS = [
    ("US", b""),
    ("US", b"\4\0"),
    ("US", b"\4\0\0"),
    ("US", b"\4\0\0\0\x10\0\0\0"),
    ("US", b"\4\0\0\0\0\0"),
    ("US", b"\4\0\0\0\x11\0"),
    ("OB", b"\4\0\x10"),
    ("LO", b"a\\b\\c"),
    ("FL", np.array([np.nan, 0, 16], "<f4").tobytes()),
    ("SQ", b""),
]


def raw(keyword, vr, value):
    tag = tag_of(keyword)
    return RawDataElement(tag, vr, len(value), value, 0, False, True)


@pytest.mark.parametrize(("vr", "value"), DAMAGED_DESCRIPTORS)
def test_damaged_descriptors_are_named(vr, value):
    item = stored_lut([4, 0, 16], ENTRIES.tobytes())
    item[tag_of("LUTDescriptor")] = raw("LUTDescriptor", vr, value)
    lut = VOILUT.from_dataset(item)
    for what in ("first_mapped_value", "number_of_entries", "bits_per_entry"):
        with pytest.raises(InvalidAttributeError, match="LUTDescriptor") as caught:
            getattr(lut, what)
        assert caught.value.path == "VOILUTSequence.LUTDescriptor"
    with pytest.raises(InvalidAttributeError, match="LUTDescriptor"):
        lut.apply(np.arange(4))


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("SS", b"\xff\xff\0\0\0\0\0\0"),
        ("FL", np.array([1, 2, 3, np.nan], "<f4").tobytes()),
        ("LO", b"a\\b\\c\\d"),
        ("OW", b""),
    ],
)
def test_entries_that_are_no_table_are_named(vr, value):
    item = stored_lut([4, 0, 16], ENTRIES.tobytes())
    item[tag_of("LUTData")] = raw("LUTData", vr, value)
    with pytest.raises(InvalidAttributeError, match="LUTData") as caught:
        _ = VOILUT.from_dataset(item).lut_data
    assert caught.value.path == "VOILUTSequence.LUTData"


@pytest.mark.parametrize("keyword", ["LUTDescriptor", "LUTData"])
def test_a_table_needs_descriptor_and_data(keyword):
    item = stored_lut([4, 0, 16], ENTRIES.tobytes())
    del item[keyword]
    with pytest.raises(MissingAttributeError, match=keyword):
        LUT.from_dataset(item)


def test_adoption_copies_or_not():
    item = stored_lut([4, 0, 16], ENTRIES.tobytes())
    assert VOILUT.from_dataset(item) is not item
    assert type(item) is Dataset
    assert VOILUT.from_dataset(item, copy=False) is item
    assert type(item) is VOILUT


@pytest.mark.parametrize(
    ("given", "stored"), [(RescaleTypeValues.HU, "HU"), ("MY UNITS", "MY UNITS")]
)
def test_modality_luts_name_what_they_give(given, stored):
    lut = ModalityLUT(given, 0, ENTRIES, "explained")
    assert lut.ModalityLUTType == stored
    assert lut.LUTExplanation == "explained"


@pytest.mark.parametrize("given", ["x" * 65, "", 3])
def test_modality_luts_need_a_type(given):
    with pytest.raises((InvalidArgumentError, ArgumentTypeError), match="'lut_type'"):
        ModalityLUT(given, 0, ENTRIES)


def test_tables_can_be_copied_and_pickled():
    lut = ModalityLUT("HU", 3, ENTRIES)
    for other in (copy.deepcopy(lut), pickle.loads(pickle.dumps(lut))):
        assert type(other) is ModalityLUT
        assert other == lut
