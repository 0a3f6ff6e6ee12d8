"""Damaged images: a clear error of ours for what is damaged, all else as it should be."""

import struct
import tracemalloc
from functools import cache
from io import BytesIO
from random import Random

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from highdicom import Image, get_volume_from_series, imread
from highdicom.errors import (
    CodecError,
    DatasetError,
    FrameNumberError,
    HighdicomError,
    InvalidAttributeError,
    MissingAttributeError,
    NonconformantDatasetWarning,
)
from highdicom.testing import (
    ct_series,
    enhanced_ct,
    file_bytes,
    multi_frame_sc_image,
    palette_image,
    slide,
    slide_pattern,
)

COUNT = 4
RLE = "1.2.840.10008.1.2.5"
STORED = np.arange(COUNT * 12, dtype=np.uint16).reshape(COUNT, 3, 4)
BOTH = pytest.mark.parametrize("lazy", [False, True])


@cache
def enhanced_file(**options):
    return file_bytes(enhanced_ct(COUNT, rows=3, columns=4, pixels=STORED, **options))


def enhanced(**options):
    return dcmread(BytesIO(enhanced_file(**options)))


def opened(content, lazy):
    return imread(BytesIO(content), lazy_frame_retrieval=lazy)


def reread(dataset, lazy):
    return opened(file_bytes(dataset), lazy)


def check_error(caught):
    """An error of ours that says in a sentence what is wrong."""
    assert isinstance(caught.value, HighdicomError)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) > 20


def check_frames(image, sound):
    """Frames that are sound are read; all others are errors of ours."""
    for number in range(1, image.number_of_frames + 1):
        if number in sound:
            np.testing.assert_array_equal(
                image.get_stored_frame(number), STORED[number - 1]
            )
        else:
            with pytest.raises(HighdicomError) as caught:
                image.get_frame(number)
            check_error(caught)
    if sound:
        np.testing.assert_array_equal(
            image.get_stored_frames(sorted(sound)),
            STORED[[number - 1 for number in sorted(sound)]],
        )


def attempted(read):
    """Whether something is read or refused with an error of ours."""
    try:
        read()
    except HighdicomError as error:
        return "refused" if str(error).endswith(".") else str(error)
    return "read"


# --- pixel data ------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("missing", [1, 2, 24, 25, 70, 96])
def test_truncated_pixel_data_lack_their_last_frames(lazy, missing):
    dataset = enhanced()
    dataset.PixelData = dataset.PixelData[:-missing]
    if missing % 2:
        dataset["PixelData"].VR = "OB"
        dataset.PixelData += b"\0"  # files are of even length
        missing -= 1
    image = reread(dataset, lazy)
    check_frames(image, set(range(1, COUNT + 1 - -(-missing // 24))))
    if missing:
        with pytest.raises(HighdicomError) as caught:
            image.get_stored_frames()
        check_error(caught)
        with pytest.raises(HighdicomError):
            image.get_volume()


@BOTH
@pytest.mark.parametrize("missing", [3, 24, 30])
@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_a_truncated_file_lacks_its_last_frames(lazy, missing):
    content = file_bytes(enhanced())[:-missing]
    check_frames(opened(content, lazy), set(range(1, COUNT + 1 - -(-missing // 24))))


@BOTH
@pytest.mark.parametrize("count", [5, 1000, 10**6])
def test_a_number_of_frames_beyond_the_data_costs_nothing(lazy, count):
    dataset = multi_frame_sc_image(2, rows=64, columns=64)
    dataset.NumberOfFrames = count
    content = file_bytes(dataset)
    tracemalloc.start()
    try:
        image = opened(content, lazy)
        assert image.get_frame(2, dtype=np.uint8).shape == (64, 64)
        with pytest.raises(HighdicomError) as caught:
            image.get_frame(count)
        check_error(caught)
        with pytest.raises(HighdicomError):
            image.get_frame(3)
        with pytest.raises(FrameNumberError):
            image.get_frame(count + 1)
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()


@BOTH
@pytest.mark.parametrize("count", [5, 10**5, 2**31 - 1])
def test_all_of_too_many_frames_are_refused_before_they_fill_the_memory(lazy, count):
    dataset = multi_frame_sc_image(2, rows=64, columns=64)
    dataset.NumberOfFrames = count
    image = reread(dataset, lazy)
    tracemalloc.start()
    try:
        for read in (image.get_stored_frames, image.get_frames):
            with pytest.raises(HighdicomError) as caught:
                read()
            check_error(caught)
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()


@BOTH
@pytest.mark.parametrize("value", ["0", "-3", "1A", "99999999999"])
def test_a_number_of_frames_that_is_none_is_refused_or_reported(lazy, value):
    dataset = enhanced()
    content = file_bytes(dataset)
    number = struct.pack("<HH2sH", 0x0028, 0x0008, b"IS", 2)
    assert content.count(number + b"4 ") == 1
    padded = value.encode() + b" " * (len(value) % 2)
    head = struct.pack("<HH2sH", 0x0028, 0x0008, b"IS", len(padded))
    content = content.replace(number + b"4 ", head + padded)
    with pytest.raises((HighdicomError, NonconformantDatasetWarning)):
        opened(content, lazy).get_frame(1)


def compressed(frames, offsets=None, count=COUNT):
    """Frames in RLE with an offset table that may lie."""
    dataset = enhanced(transfer_syntax=RLE)
    dataset.NumberOfFrames = count
    table = b"".join(struct.pack("<I", offset) for offset in offsets or ())
    items = [table, *(frame + b"\0" * (len(frame) % 2) for frame in frames)]
    value = b"".join(struct.pack("<HHI", 0xFFFE, 0xE000, len(i)) + i for i in items)
    dataset.PixelData = value
    dataset["PixelData"].is_undefined_length = True
    return dataset


def run_lengths():
    image = Image.from_dataset(enhanced(transfer_syntax=RLE))
    return [image.get_raw_frame(number) for number in range(1, COUNT + 1)]


@BOTH
@pytest.mark.parametrize(
    "offsets",
    [
        [0, 1, 2, 3],
        [0, 10**9, 2 * 10**9, 4 * 10**9],
        [0, 0, 0, 0],
        [300, 200, 100, 0],
        [0, 8, 16],
    ],
)
@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_offset_tables_that_lie_do_no_harm(lazy, offsets):
    image = reread(compressed(run_lengths(), offsets), lazy)
    check_frames(image, {1, 2, 3, 4})


@BOTH
@pytest.mark.parametrize("bad", [1, 3, 4])
@pytest.mark.parametrize("content", [b"", b"\0\0", b"\xff" * 80], ids=["", "0", "f"])
@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_a_frame_that_is_empty_or_rubbish_is_an_error_of_its_own(lazy, bad, content):
    frames = run_lengths()
    frames[bad - 1] = content
    image = reread(compressed(frames, _offsets(frames)), lazy)
    check_frames(image, {1, 2, 3, 4} - {bad})


def _offsets(frames):
    sizes = [8 + len(frame) + len(frame) % 2 for frame in frames]
    return [sum(sizes[:number]) for number in range(len(frames))]


@BOTH
@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_fewer_compressed_frames_than_there_should_be_lack_the_last(lazy):
    frames = run_lengths()[:2]
    check_frames(reread(compressed(frames, _offsets(frames)), lazy), {1, 2})


@BOTH
@pytest.mark.parametrize("cut", [1, 9, 200])
@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_a_file_cut_within_compressed_frames_has_the_first(lazy, cut):
    frames = run_lengths()
    content = file_bytes(compressed(frames, _offsets(frames)))
    # The sequence delimitation takes the last eight bytes.
    lost = (
        0
        if cut <= 8
        else sum(
            1 for number in range(COUNT) if _offsets(frames[::-1])[number] < cut - 8
        )
    )
    check_frames(opened(content[:-cut], lazy), set(range(1, COUNT + 1 - lost)))


@BOTH
def test_frames_of_other_sizes_than_the_attributes_say_are_refused(lazy):
    frames = run_lengths()
    dataset = compressed(frames, _offsets(frames))
    dataset.Rows = 300
    image = reread(dataset, lazy)
    with pytest.raises(CodecError) as caught:
        image.get_frame(1)
    check_error(caught)


# --- attributes ------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("Rows", 0),
        ("Columns", 0),
        ("BitsAllocated", 12),
        ("BitsStored", 17),
        ("SamplesPerPixel", 2),
        ("PixelRepresentation", 2),
    ],
)
@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_pixel_formats_that_are_none_are_refused(lazy, keyword, value):
    dataset = enhanced()
    setattr(dataset, keyword, value)
    image = reread(dataset, lazy)
    with pytest.raises((DatasetError, CodecError)) as caught:
        image.get_stored_frame(1)
    check_error(caught)
    assert keyword in str(caught.value)


@BOTH
@pytest.mark.parametrize(
    "keyword", ["PhotometricInterpretation", "SamplesPerPixel", "BitsStored"]
)
def test_pixel_formats_that_lack_an_attribute_are_refused(lazy, keyword):
    dataset = enhanced()
    delattr(dataset, keyword)
    with pytest.raises(MissingAttributeError, match=keyword) as caught:
        reread(dataset, lazy).get_frame(1)
    check_error(caught)


@pytest.mark.parametrize("keyword", ["Rows", "Columns", "BitsAllocated", "SOPClassUID"])
def test_images_that_are_none_are_refused_at_once(keyword):
    dataset = enhanced()
    delattr(dataset, keyword)
    with pytest.raises(MissingAttributeError, match=keyword) as caught:
        Image.from_dataset(dataset)
    check_error(caught)


@BOTH
def test_huge_frames_that_are_not_there_take_no_memory(lazy):
    dataset = enhanced()
    dataset.Rows = dataset.Columns = 65535
    image = reread(dataset, lazy)
    tracemalloc.start()
    try:
        for read in (
            lambda: image.get_frame(1),
            image.get_frames,
            image.get_stored_frames,
            image.get_volume,
        ):
            with pytest.raises(HighdicomError) as caught:
                read()
            check_error(caught)
        assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    finally:
        tracemalloc.stop()


# --- functional groups ---------------------------------------------------------------------


@BOTH
def test_functional_groups_that_are_missing_are_missed_where_they_count(lazy):
    dataset = enhanced()
    del dataset.PerFrameFunctionalGroupsSequence
    image = reread(dataset, lazy)
    check_frames(image, {1, 2, 3, 4})
    with pytest.raises(MissingAttributeError, match="ImagePositionPatient"):
        image.get_volume()
    assert image.get_volume_geometry() is None


@BOTH
@pytest.mark.parametrize("kept", [1, 3])
@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_fewer_functional_groups_than_frames_are_no_volume(lazy, kept):
    dataset = enhanced()
    groups = dataset.PerFrameFunctionalGroupsSequence
    dataset.PerFrameFunctionalGroupsSequence = groups[:kept]
    image = reread(dataset, lazy)
    with pytest.raises(HighdicomError) as caught:
        image.get_volume()
    check_error(caught)
    np.testing.assert_array_equal(image.get_stored_frame(kept), STORED[kept - 1])


@BOTH
@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_groups_that_contradict_the_shared_ones_come_first_or_are_refused(lazy):
    dataset = enhanced()
    measures = Dataset()
    measures.PixelSpacing = [9.0, 9.0]
    dataset.PerFrameFunctionalGroupsSequence[2].PixelMeasuresSequence = [measures]
    image = reread(dataset, lazy)
    with pytest.raises(HighdicomError, match="PixelSpacing") as caught:
        image.get_volume()
    check_error(caught)
    check_frames(image, {1, 2, 3, 4})


@BOTH
@pytest.mark.parametrize("number", [b"nan   ", b"inf   ", b"1e999 ", b"a lot "])
def test_positions_that_are_no_numbers_are_no_volume(lazy, number):
    dataset = enhanced(position=(0.0, 0.0, 123.25))
    content = file_bytes(dataset)
    assert content.count(b"123.25") == 1
    image = opened(content.replace(b"123.25", number), lazy)
    with pytest.raises(InvalidAttributeError, match="ImagePositionPatient") as caught:
        image.get_volume()
    check_error(caught)
    check_frames(image, {1, 2, 3, 4})


@pytest.mark.parametrize(
    "orientation", [[0.0] * 6, [1.0, 0, 0, 1, 0, 0], [2.0, 0, 0, 0, 2, 0], [1.0, 0, 0]]
)
def test_orientations_that_are_none_are_no_volume(orientation):
    dataset = enhanced()
    shared = dataset.SharedFunctionalGroupsSequence[0]
    shared.PlaneOrientationSequence[0].ImageOrientationPatient = orientation
    image = Image.from_dataset(dataset)
    with pytest.raises(HighdicomError) as caught:
        image.get_volume()
    check_error(caught)
    series = ct_series(3)
    for one in series:
        one.ImageOrientationPatient = orientation
    with pytest.raises(HighdicomError) as caught:
        get_volume_from_series(series)
    check_error(caught)
    check_frames(image, {1, 2, 3, 4})


@pytest.mark.parametrize("spacing", [[0.0, 1.0], [-1.0, 1.0], [1.0]])
def test_spacings_that_are_none_are_no_volume(spacing):
    dataset = enhanced()
    shared = dataset.SharedFunctionalGroupsSequence[0]
    shared.PixelMeasuresSequence[0].PixelSpacing = spacing
    with pytest.raises(HighdicomError) as caught:
        Image.from_dataset(dataset).get_volume()
    check_error(caught)


@BOTH
@pytest.mark.parametrize("depth", [50, 2000])
def test_deeply_nested_groups_are_an_error_or_read(lazy, depth):
    """Sequences within sequences, of undefined length."""
    content = file_bytes(enhanced())
    start = struct.pack("<HH2sHI", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF)
    start += struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    end = struct.pack("<HHI", 0xFFFE, 0xE00D, 0) + struct.pack(
        "<HHI", 0xFFFE, 0xE0DD, 0
    )
    at = content.index(struct.pack("<HH2sH", 0x5200, 0x9229, b"SQ", 0))
    nested = content[:at] + start * depth + end * depth + content[at:]
    outcome = attempted(lambda: check_frames(opened(nested, lazy), {1, 2, 3, 4}))
    assert outcome in {"read", "refused"}


@BOTH
@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_groups_longer_than_the_file_are_an_error(lazy):
    content = file_bytes(enhanced())
    at = content.index(struct.pack("<HH2sH", 0x5200, 0x9230, b"SQ", 0)) + 8
    content = content[:at] + struct.pack("<I", 10**9) + content[at + 4 :]
    with pytest.raises(HighdicomError) as caught:
        opened(content, lazy).get_frame(1)
    check_error(caught)


def test_items_that_hold_themselves_are_an_error_or_read():
    dataset = enhanced()
    groups = dataset.PerFrameFunctionalGroupsSequence
    groups[0].DerivationImageSequence = [groups[0]]
    image = Image.from_dataset(dataset, copy=False)
    assert attempted(lambda: image.get_frame(1)) in {"read", "refused"}
    assert attempted(image.get_volume) in {"read", "refused"}
    np.testing.assert_array_equal(image.get_stored_frame(2), STORED[1])


# --- slides -----------------------------------------------------------------------------------


def sparse():
    return slide(40, 50, organization="TILED_SPARSE")


@pytest.mark.parametrize("keyword", ["Row", "Column"])
def test_tiles_without_a_place_are_named(keyword):
    dataset = sparse()
    name = f"{keyword}PositionInTotalImagePixelMatrix"
    groups = dataset.PerFrameFunctionalGroupsSequence[4]
    delattr(groups.PlanePositionSlideSequence[0], name)
    image = Image.from_dataset(dataset)
    with pytest.raises(InvalidAttributeError, match=f"5 .*{name}") as caught:
        image.get_total_pixel_matrix()
    check_error(caught)
    assert not image.is_indexable_as_total_pixel_matrix()
    assert image.get_frame(5).shape == (16, 20, 3)


def test_tiles_beyond_the_matrix_are_cut_or_left_out():
    dataset = sparse()
    for number, row in ((7, 10_000), (8, -40)):
        groups = dataset.PerFrameFunctionalGroupsSequence[number]
        groups.PlanePositionSlideSequence[0].RowPositionInTotalImagePixelMatrix = row
    image = Image.from_dataset(dataset)
    found = image.get_total_pixel_matrix(1, 8, dtype=np.uint8)
    expected = slide_pattern(40, 50)[:7]
    np.testing.assert_array_equal(found, expected)
    found = image.get_total_pixel_matrix(33, 41, dtype=np.uint8)
    np.testing.assert_array_equal(found[:, :20], slide_pattern(40, 50)[32:, :20])
    assert not found[:, 20:].any()


@pytest.mark.parametrize("count", [3, 100])
@pytest.mark.filterwarnings("ignore::highdicom.errors.NonconformantDatasetWarning")
def test_a_full_slide_with_another_number_of_tiles_is_refused(count):
    dataset = slide(40, 50)
    dataset.NumberOfFrames = count
    image = Image.from_dataset(dataset)
    with pytest.raises(HighdicomError) as caught:
        image.get_total_pixel_matrix()
    check_error(caught)
    assert image.get_frame(1).shape == (16, 20, 3)


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("TotalPixelMatrixRows", None), ("TotalPixelMatrixColumns", 0)],
)
def test_a_matrix_without_size_is_refused(keyword, value):
    dataset = sparse()
    if value is None:
        delattr(dataset, keyword)
    else:
        setattr(dataset, keyword, value)
    image = Image.from_dataset(dataset)
    with pytest.raises(HighdicomError) as caught:
        image.get_total_pixel_matrix()
    check_error(caught)
    assert image.get_frame(1).shape == (16, 20, 3)


def test_a_matrix_far_larger_than_its_tiles_takes_no_memory_but_for_what_is_asked():
    dataset = sparse()
    dataset.TotalPixelMatrixRows = dataset.TotalPixelMatrixColumns = 2**31
    image = Image.from_dataset(dataset)
    found = image.get_total_pixel_matrix(1, 11, 1, 11, dtype=np.uint8)
    np.testing.assert_array_equal(found, slide_pattern(40, 50)[:10, :10])


# --- anything --------------------------------------------------------------------------


def replaced(content, old, new):
    assert content.count(old) == 1
    return content.replace(old, new)


def test_a_rescale_that_is_text_is_refused():
    content = file_bytes(ct_series(1)[0])
    head = struct.pack("<HH2sH", 0x0028, 0x1052, b"DS", 8)
    content = replaced(content, head + b"-1024.0 ", head + b"-1x24.0 ")
    image = opened(content, lazy=True)
    with pytest.raises(InvalidAttributeError, match="RescaleIntercept") as caught:
        image.get_frame(1)
    check_error(caught)
    assert image.get_stored_frame(1).shape == (16, 20)


@pytest.mark.parametrize("value", [0x00209157, [0x00209157, 0x00209057], -1])
def test_dimensions_of_no_attribute_are_refused(value):
    dataset = enhanced()
    element = dataset.DimensionIndexSequence[0]["DimensionIndexPointer"]
    element._value = value
    image = Image.from_dataset(dataset)
    check = [lambda: image.dimension_index_pointers, image.get_volume]
    if isinstance(value, int) and value > 0:
        for read in check:
            read()
        return
    for read in check:
        with pytest.raises(InvalidAttributeError) as caught:
            read()
        check_error(caught)


@pytest.mark.parametrize("keyword", ["ReferencedSOPInstanceUID", "SeriesInstanceUID"])
def test_references_that_lack_an_identifier_are_refused(keyword):
    dataset, series, instance = enhanced(), Dataset(), Dataset()
    instance.ReferencedSOPInstanceUID = "1.2.3"
    series.SeriesInstanceUID = "1.2"
    series.ReferencedInstanceSequence = [instance]
    dataset.ReferencedSeriesSequence = [series]
    delattr(instance if keyword in instance else series, keyword)
    with pytest.raises(MissingAttributeError, match=keyword) as caught:
        Image.from_dataset(dataset).get_source_image_uids()
    check_error(caught)


def test_dimensions_without_a_pointer_are_refused():
    dataset = enhanced()
    del dataset.DimensionIndexSequence[0].DimensionIndexPointer
    with pytest.raises(MissingAttributeError, match="DimensionIndexPointer") as caught:
        _ = Image.from_dataset(dataset).dimension_index_pointers
    check_error(caught)


@pytest.mark.parametrize("keyword", ["Rows", "Columns"])
def test_a_series_that_does_not_say_its_size_is_refused(keyword):
    series = ct_series(2)
    for dataset in series:
        delattr(dataset, keyword)
    with pytest.raises(MissingAttributeError, match=keyword) as caught:
        get_volume_from_series(series)
    check_error(caught)


def test_windows_that_are_text_are_refused():
    dataset = enhanced()
    window = Dataset()
    window.WindowCenter, window.WindowWidth = 40, 400
    window["WindowCenter"]._value = "forty"
    dataset.SharedFunctionalGroupsSequence[0].FrameVOILUTSequence = [window]
    image = Image.from_dataset(dataset)
    with pytest.raises(InvalidAttributeError, match="window") as caught:
        image.get_frame(1, apply_voi_transform=True)
    check_error(caught)


WORST = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0")


def mutated(content, random):
    """Bytes changed, put in, left out, or cut off."""
    content = bytearray(content)
    place, kind = random.randrange(128, len(content)), random.randrange(5)
    few = random.choice((1, 2, 4, 8, 50))
    if kind == 0:
        del content[place:]
    elif kind == 1:
        del content[place : place + few]
    elif kind == 2:
        content[place:place] = random.randbytes(few)
    elif kind == 3:
        content[place : place + 4] = random.choice(WORST)
    else:
        content[place] ^= 1 << random.randrange(8)
    return bytes(content)


MUTATED = {
    "series": lambda: file_bytes(ct_series(1, rows=3, columns=4)[0]),
    "enhanced": enhanced_file,
    "implicit": lambda: enhanced_file(transfer_syntax="1.2.840.10008.1.2"),
    "big endian": lambda: enhanced_file(transfer_syntax="1.2.840.10008.1.2.2"),
    "compressed": lambda: enhanced_file(transfer_syntax=RLE),
    "full slide": lambda: file_bytes(slide(10, 14, tile_size=(4, 4))),
    "sparse slide": lambda: file_bytes(
        slide(20, 34, tile_size=(16, 16), organization="TILED_SPARSE")
    ),
    "compressed slide": lambda: file_bytes(
        slide(20, 34, tile_size=(16, 16), transfer_syntax=RLE, extended_offsets=True)
    ),
    "palette": lambda: file_bytes(palette_image()),
}


@pytest.mark.parametrize("kind", MUTATED)
@pytest.mark.filterwarnings("ignore")
def test_files_with_bytes_changed_are_read_or_refused_with_an_error_of_ours(kind):
    content, random = MUTATED[kind](), Random(kind)
    outcomes = set()
    for number in range(25):
        changed = mutated(content, random)
        try:
            image = opened(changed, lazy=number % 2 == 0)
        except HighdicomError:
            continue
        for read in (
            image.get_stored_frames,
            image.get_frames,
            image.get_volume,
            image.get_volume_geometry,
            image.get_total_pixel_matrix,
            image.get_source_image_uids,
            lambda: image.dimension_index_pointers,  # noqa: B023
            lambda: image.get_frame(1, apply_voi_transform=None),  # noqa: B023
        ):
            outcomes.add(attempted(read))
    assert outcomes == {"read", "refused"}


def test_a_series_whose_number_of_frames_is_none_is_refused():
    series = ct_series(2)
    series[1].add_new("NumberOfFrames", "IS", 1)
    series[1]["NumberOfFrames"]._value = "1A"
    with pytest.raises(InvalidAttributeError, match="NumberOfFrames") as caught:
        get_volume_from_series(series)
    check_error(caught)
