import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filereader import read_dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from highdicom.encoding.lazy import LazySequence, lazy_sequence
from highdicom.encoding.tree import encode_items, encode_tree
from highdicom.errors import InvalidAttributeError

TAG = BaseTag(0x52009230)
ENCODINGS = pytest.mark.parametrize("implicit", [False, True])


def frame(number, label="label"):
    content = Dataset()
    content.FrameLabel = label
    content.DimensionIndexValues = [number, 5]
    item = Dataset()
    item.FrameContentSequence = [content]
    return item


def raw(value, *, implicit=False, undefined=False):
    length = 0xFFFFFFFF if undefined else len(value)
    vr = None if implicit else "SQ"
    return RawDataElement(TAG, vr, length, value, 1000, implicit, True)


def lazy(count=5, *, implicit=False, **options):
    value = encode_items([frame(n) for n in range(count)], implicit=implicit)
    return lazy_sequence(raw(value, implicit=implicit), **options)


def numbers(sequence):
    return [item.FrameContentSequence[0].DimensionIndexValues[0] for item in sequence]


class Frame(Dataset):
    """What items are adopted as."""


def adopted(item):
    item.__class__ = Frame
    return item


@ENCODINGS
def test_items_are_decoded_when_asked_for(implicit):
    sequence = lazy(implicit=implicit)
    assert isinstance(sequence, Sequence)
    assert len(sequence) == 5
    assert sequence.decoded_count == 0
    assert sequence[3] == frame(3)
    assert sequence[-1] == frame(4)
    assert sequence.decoded_count == 2
    assert sequence[3] is sequence[-2]


def test_items_equal_what_pydicom_decodes():
    value = encode_items([frame(n) for n in range(5)])
    dataset = Dataset()
    dataset[TAG] = raw(value)
    theirs = dataset.PerFrameFunctionalGroupsSequence
    ours = lazy_sequence(raw(value))
    assert ours == theirs
    assert theirs == ours
    assert list(ours) == list(theirs)
    assert ours[2].seq_item_tell == theirs[2].seq_item_tell
    assert ours[2].file_tell == theirs[2].file_tell
    assert ours[2].original_encoding == theirs[2].original_encoding
    assert ours[2].original_character_set == theirs[2].original_character_set
    assert str(ours) == str(theirs)


def test_slices_are_lists_of_items():
    sequence = lazy()
    assert sequence[1:4:2] == [frame(1), frame(3)]
    assert isinstance(sequence[:2], list)
    assert sequence.decoded_count == 3


def test_numpy_integers_are_indices():
    assert lazy()[np.int64(2)] == frame(2)


@pytest.mark.parametrize("index", [5, -6])
def test_index_beyond_the_items_is_an_error(index):
    with pytest.raises(IndexError):
        lazy()[index]


def test_iteration_and_membership_work_as_in_any_sequence():
    sequence = lazy()
    assert numbers(sequence) == [0, 1, 2, 3, 4]
    assert numbers(reversed(sequence)) == [4, 3, 2, 1, 0]
    assert frame(3) in sequence
    assert frame(9) not in sequence
    assert sequence.index(frame(2)) == 2
    assert sequence.count(frame(2)) == 1


def test_untouched_sequences_of_equal_bytes_are_equal_without_decoding():
    first, second = lazy(), lazy()
    assert first == second
    assert first.decoded_count == second.decoded_count == 0
    first[0].FrameContentSequence[0].FrameLabel = "changed"
    assert first != second
    assert first != [frame(0)]
    assert lazy() == [frame(n) for n in range(5)]


def test_sequence_equals_itself():
    sequence = lazy()
    assert sequence == sequence


def test_items_are_deleted_inserted_and_replaced_without_decoding_others():
    sequence = lazy(10)
    del sequence[0]
    del sequence[2:5]
    sequence.insert(1, frame(100))
    sequence.append(frame(101))
    sequence[-2] = frame(102)
    sequence += [frame(103)]
    sequence.extend([frame(104)])
    assert sequence.decoded_count == 5
    expected = [1, 100, 2, 6, 7, 8, 102, 101, 103, 104]
    assert numbers(pickle.loads(pickle.dumps(sequence))) == expected
    assert sequence.decoded_count == 5
    read = lazy_sequence(raw(encode_items(sequence)))
    assert sequence.decoded_count == 5
    assert numbers(read) == expected


def test_item_can_be_taken_out_and_put_elsewhere():
    sequence = lazy()
    item = sequence.pop(1)
    sequence.insert(0, item)
    sequence.reverse()
    assert numbers(sequence) == [4, 3, 2, 0, 1]
    sequence.clear()
    assert len(sequence) == 0
    assert encode_items(sequence) == b""


def test_what_is_no_dataset_cannot_be_put_in():
    with pytest.raises(TypeError):
        lazy().append("item")


def test_changed_items_are_written_and_others_copied():
    value = bytearray(encode_items([frame(n) for n in range(4)]))
    # A value no writer would write, so that copying can be told from encoding.
    value = bytes(value).replace(b"label ", b"LABEL\0")
    sequence = lazy_sequence(raw(value))
    sequence[2].FrameContentSequence[0].FrameLabel = "changed"
    written = encode_items(sequence)
    quarter = len(value) // 4
    assert written[: 2 * quarter] == value[: 2 * quarter]
    assert written[-quarter:] == value[-quarter:]
    assert written[2 * quarter : -quarter] == encode_items([frame(2, "changed")])


@ENCODINGS
def test_sequence_is_written_in_another_encoding(implicit):
    sequence = lazy(implicit=implicit)
    assert encode_items(sequence, implicit=not implicit) == encode_items(
        [frame(n) for n in range(5)], implicit=not implicit
    )


def test_text_is_written_in_another_character_set():
    frames = [frame(0, "größer")]
    value = encode_items(frames, character_set="ISO_IR 100")
    sequence = lazy_sequence(raw(value), "ISO_IR 100")
    assert encode_items(sequence, character_set="ISO_IR 100") == value
    assert sequence.decoded_count == 0
    assert sequence[0].FrameContentSequence[0].FrameLabel == "größer"
    assert "größer".encode() in encode_items(sequence, character_set="ISO_IR 192")


def test_lazy_sequence_in_a_tree_is_copied():
    sequence = lazy()
    dataset = Dataset()
    dataset._dict[TAG] = DataElement(TAG, "SQ", sequence)
    plain = Dataset()
    plain.PerFrameFunctionalGroupsSequence = [frame(n) for n in range(5)]
    assert encode_tree(dataset) == encode_tree(plain)
    assert sequence.decoded_count == 0


def test_copies_and_pickles_are_independent_and_lazy():
    sequence = lazy(adopt=adopted)
    sequence[1].FrameContentSequence[0].FrameLabel = "changed"
    for other in (copy.deepcopy(sequence), pickle.loads(pickle.dumps(sequence))):
        assert other.decoded_count == 1
        assert other == sequence
        other[1].FrameContentSequence[0].FrameLabel = "changed again"
        assert sequence[1].FrameContentSequence[0].FrameLabel == "changed"
        assert isinstance(other[3], Frame)


def test_items_are_adopted():
    sequence = lazy(adopt=adopted)
    assert all(type(item) is Frame for item in sequence)
    assert isinstance(sequence[0].FrameContentSequence[0], Dataset)


def test_pixel_representation_settles_the_vr_of_items():
    item = Dataset()
    item.add(DataElement("SmallestImagePixelValue", "SS", -5))
    value = encode_items([item], implicit=True)
    sequence = lazy_sequence(raw(value, implicit=True), pixel_representation=1)
    assert sequence[0].SmallestImagePixelValue == -5


def test_undefined_lengths_are_kept():
    frames = [frame(n) for n in range(3)]
    for item in frames:
        item.is_undefined_length_sequence_item = True
    value = encode_items(frames)
    sequence = lazy_sequence(raw(value + b"\xfe\xff\xdd\xe0\0\0\0\0", undefined=True))
    assert sequence.is_undefined_length
    assert numbers(sequence) == [0, 1, 2]
    assert encode_items(sequence) == value


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@ENCODINGS
def test_pydicom_writes_a_lazy_sequence_as_any_other(implicit, syntax):
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.SOPClassUID = "1.2"
    dataset.SOPInstanceUID = "1.2.3"
    dataset.PerFrameFunctionalGroupsSequence = lazy(implicit=implicit)
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    stream.seek(0)
    assert numbers(dcmread(stream).PerFrameFunctionalGroupsSequence) == [0, 1, 2, 3, 4]


def test_threads_get_the_same_items():
    sequence = lazy(200)
    with ThreadPoolExecutor(8) as executor:
        found = list(executor.map(lambda _: list(sequence), range(8)))
    for items in found[1:]:
        assert all(a is b for a, b in zip(found[0], items, strict=True))


def test_empty_value_is_an_empty_sequence():
    assert len(lazy_sequence(raw(b""))) == 0
    assert len(lazy_sequence(raw(b"")._replace(value=None))) == 0


def test_value_that_is_no_row_of_items_is_refused():
    value = encode_items([frame(0), frame(1)])
    with pytest.raises(InvalidAttributeError):
        lazy_sequence(raw(value[:-4]))


def test_damaged_item_is_refused_and_others_stay_usable():
    good = encode_items([frame(0)])
    deep = b"\xfe\xff\0\xe0\xff\xff\xff\xff\x40\0\x30\xa7SQ\0\0\xff\xff\xff\xff" * 5000
    deep += b"\xfe\xff\xdd\xe0\0\0\0\0\xfe\xff\x0d\xe0\0\0\0\0" * 5000
    sequence = lazy_sequence(raw(good + deep + good))
    assert numbers([sequence[0], sequence[2]]) == [0, 0]
    with pytest.raises(InvalidAttributeError, match="Item 2"):
        sequence[1]


def test_bounds_can_be_given():
    value = encode_items([frame(0), frame(1)])
    half = len(value) // 2
    bounds = np.array([[half, 2 * half]])
    assert numbers(LazySequence(value, bounds, implicit=False)) == [1]


def test_written_items_read_back_as_part_of_a_dataset():
    dataset = Dataset()
    dataset._dict[TAG] = DataElement(TAG, "SQ", lazy())
    read = read_dataset(BytesIO(encode_tree(dataset)), False, True)
    assert numbers(read.PerFrameFunctionalGroupsSequence) == [0, 1, 2, 3, 4]


def test_bounds_that_point_at_no_item_are_refused():
    value = b"\xfe\xff\xdd\xe0\0\0\0\0"
    sequence = LazySequence(value, np.array([[0, 8]]), implicit=False)
    with pytest.raises(InvalidAttributeError, match="no content"):
        sequence[0]
