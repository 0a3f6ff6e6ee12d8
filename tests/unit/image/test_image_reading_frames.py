"""Frames by number and index, raw, stored and transformed; what an image is."""

import copy
import pickle
import zlib
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.sr.codedict import codes
from pydicom.tag import Tag

import highdicom
from highdicom import UID, Image, imread
from highdicom.enum import CoordinateSystemNames
from highdicom.errors import (
    AmbiguousFramesError,
    ArgumentTypeError,
    FrameNumberError,
    InvalidArgumentError,
    MissingAttributeError,
    MissingFramesError,
    NotTiledError,
    SourceError,
    SpatialLocationsError,
    TransformNotFoundError,
    UnknownDimensionError,
    UnknownSourceError,
)
from highdicom.io.frame_reader import FileFrameReader
from highdicom.io.sources import open_source
from highdicom.seg import Segmentation, SegmentDescription
from highdicom.testing import (
    ct_series,
    enhanced_ct,
    file_bytes,
    multi_frame_sc_image,
    sc_image,
    slide,
)

COUNT = 5
STORED = np.arange(COUNT * 12, dtype=np.uint16).reshape(COUNT, 3, 4)


@pytest.fixture(params=["eager", "lazy", "adopted"])
def image(request):
    content = BytesIO(enhanced_file())
    if request.param == "adopted":
        return Image.from_dataset(dcmread(content))
    return imread(content, lazy_frame_retrieval=request.param == "lazy")


@cache
def enhanced_file():
    return file_bytes(enhanced_ct(COUNT, rows=3, columns=4, pixels=STORED))


# --- which frames ----------------------------------------------------------------------


@pytest.mark.parametrize("index", range(COUNT))
def test_frames_are_counted_from_one_or_zero(image, index):
    expected = STORED[index]
    for frame in (
        image.get_stored_frame(index + 1),
        image.get_stored_frame(index, as_index=True),
    ):
        assert frame.dtype == np.uint16
        np.testing.assert_array_equal(frame, expected)
    for frame in (image.get_frame(index + 1), image.get_frame(index, as_index=True)):
        assert frame.dtype == np.float64
        np.testing.assert_array_equal(frame, expected - 1024.0)
    for raw in (
        image.get_raw_frame(index + 1),
        image.get_raw_frame(index, as_index=True),
    ):
        assert raw == expected.astype("<u2").tobytes()


@pytest.mark.parametrize(
    "numbers", [[1], [5, 1], [2, 2, 2], (1, 2, 3), range(1, 6), np.array([4, 2])]
)
def test_several_frames_come_in_the_order_asked_for(image, numbers):
    indices = [number - 1 for number in numbers]
    for stored in (
        image.get_stored_frames(numbers),
        image.get_stored_frames(indices, as_indices=True),
    ):
        np.testing.assert_array_equal(stored, STORED[indices])
    for frames in (
        image.get_frames(numbers),
        image.get_frames(indices, as_indices=True),
    ):
        np.testing.assert_array_equal(frames, STORED[indices] - 1024.0)


def test_all_frames_come_if_none_are_named(image):
    np.testing.assert_array_equal(image.get_stored_frames(), STORED)
    np.testing.assert_array_equal(image.get_frames(), STORED - 1024.0)
    np.testing.assert_array_equal(image.pixel_array, STORED)


METHODS = ["get_raw_frame", "get_stored_frame", "get_frame"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("number", "as_index"), [(0, False), (6, False), (-1, False), (5, True), (-1, True)]
)
def test_frames_that_are_not_there_are_named(image, method, number, as_index):
    with pytest.raises(FrameNumberError, match=str(number)) as caught:
        getattr(image, method)(number, as_index=as_index)
    assert isinstance(caught.value, IndexError)
    assert caught.value.frame_numbers == ((number + 1) if as_index else number,)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("number", [1.0, "1", None, True])
def test_numbers_of_frames_are_integers(image, method, number):
    with pytest.raises(ArgumentTypeError, match="integer"):
        getattr(image, method)(number)


@pytest.mark.parametrize("method", ["get_stored_frames", "get_frames"])
def test_no_frames_are_no_frames(image, method):
    with pytest.raises(InvalidArgumentError, match="'frame_numbers'"):
        getattr(image, method)([])
    with pytest.raises(FrameNumberError, match="7"):
        getattr(image, method)([1, 7])


def test_numbers_of_numpy_are_numbers(image):
    np.testing.assert_array_equal(image.get_stored_frame(np.int64(2)), STORED[1])


def test_results_are_the_callers_own(image):
    for method in ("get_stored_frame", "get_frame"):
        for keywords in ({}, {"dtype": np.uint16, "apply_modality_transform": False}):
            if method == "get_stored_frame":
                keywords = {}
            frame = getattr(image, method)(1, **keywords)
            frame += 1
    stored = image.get_stored_frames()
    stored += 1
    np.testing.assert_array_equal(image.get_stored_frames(), STORED)


# --- kinds of pixel data -------------------------------------------------------------------


def test_a_single_frame_is_one_of_one():
    image = imread(get_testdata_file("CT_small.dcm"))
    expected = dcmread(get_testdata_file("CT_small.dcm")).pixel_array
    assert image.number_of_frames == 1
    assert image.pixel_array.shape == (128, 128)
    assert image.get_stored_frames().shape == (1, 128, 128)
    np.testing.assert_array_equal(image.pixel_array, expected)
    np.testing.assert_array_equal(image.get_frame(1), expected - 1024.0)


@pytest.mark.parametrize("lazy", [False, True])
def test_frames_of_one_bit_need_not_end_on_a_byte(lazy):
    pixels = np.random.default_rng(0).integers(0, 2, (4, 5, 7)).astype(np.uint8)
    dataset = multi_frame_sc_image(4, rows=5, columns=7, pixels=pixels, bits_stored=1)
    image = imread(BytesIO(file_bytes(dataset)), lazy_frame_retrieval=lazy)
    np.testing.assert_array_equal(image.get_stored_frames(), pixels)
    np.testing.assert_array_equal(image.get_frame(3, dtype=np.uint8), pixels[2])


@pytest.mark.parametrize("planar_configuration", [0, 1])
def test_colours_come_by_pixel(planar_configuration):
    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    dataset = sc_image(
        rows=2, columns=3, pixels=pixels, planar_configuration=planar_configuration
    )
    image = Image.from_dataset(dataset)
    np.testing.assert_array_equal(image.get_stored_frame(1), pixels)
    np.testing.assert_array_equal(image.get_frames(dtype=np.uint8), pixels[None])


@pytest.mark.parametrize(
    ("keyword", "dtype", "bits"),
    [("FloatPixelData", "<f4", 32), ("DoubleFloatPixelData", "<f8", 64)],
)
@pytest.mark.parametrize("lazy", [False, True])
def test_floats_are_read_as_they_are(keyword, dtype, bits, lazy):
    values = np.array([[0.5, -1e30], [np.nan, np.inf]], dtype)
    dataset = sc_image(samples=1, rows=2, columns=2)
    for absent in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(dataset, absent)
    dataset.BitsAllocated = bits
    setattr(dataset, keyword, values.tobytes())
    image = imread(BytesIO(file_bytes(dataset)), lazy_frame_retrieval=lazy)
    assert image.get_stored_frame(1).dtype == np.dtype(dtype)
    np.testing.assert_array_equal(image.get_stored_frame(1), values)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(image.get_frame(1), values.astype(np.float64))
    image.RescaleSlope, image.RescaleIntercept = 2, 1
    np.testing.assert_allclose(image.get_frame(1), values.astype(np.float64) * 2 + 1)
    image.PresentationLUTShape = "INVERSE"
    with pytest.raises(ValueError, match="apply_presentation_lut"):
        image.get_frame(1)


SYNTAXES = {
    "RLE": "1.2.840.10008.1.2.5",
    "JPEG-LS": "1.2.840.10008.1.2.4.80",
    "JPEG 2000": "1.2.840.10008.1.2.4.90",
    "deflated": "1.2.840.10008.1.2.1.99",
    "implicit": "1.2.840.10008.1.2",
}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("lazy", [False, True])
def test_compressed_frames_are_the_frames(syntax, lazy):
    pixels = np.random.default_rng(1).integers(0, 4096, (3, 32, 36)).astype(np.uint16)
    dataset = enhanced_ct(3, rows=32, columns=36, pixels=pixels)
    if syntax == "deflated":
        dataset.file_meta.TransferSyntaxUID = SYNTAXES[syntax]
    else:
        dataset = enhanced_ct(
            3, rows=32, columns=36, pixels=pixels, transfer_syntax=SYNTAXES[syntax]
        )
    image = imread(BytesIO(file_bytes(dataset)), lazy_frame_retrieval=lazy)
    np.testing.assert_array_equal(image.get_stored_frames(), pixels)
    np.testing.assert_array_equal(image.get_frames([3, 1]), pixels[[2, 0]] - 1024.0)


def inflatable(frame):
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflate.compress(frame.tobytes()) + deflate.flush()


def high_throughput(frame):
    imagecodecs = pytest.importorskip("imagecodecs")
    if not imagecodecs.HTJ2K.available:
        pytest.skip("there is no encoder of HTJ2K")
    return imagecodecs.htj2k_encode(frame, reversible=True)


@pytest.mark.parametrize(
    ("syntax", "encode"),
    [
        ("1.2.840.10008.1.2.4.201", high_throughput),
        ("1.2.840.10008.1.2.4.202", high_throughput),
        ("1.2.840.10008.1.2.8.1", inflatable),
        ("1.2.840.10008.1.2.1.98", np.ndarray.tobytes),
    ],
)
@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("lazy", [False, True])
def test_young_compressions_are_decoded(syntax, encode, extended, lazy):
    pixels = np.random.default_rng(1).integers(0, 4096, (3, 33, 35)).astype(np.uint16)
    dataset = enhanced_ct(3, rows=33, columns=35, pixels=pixels)
    dataset.file_meta.TransferSyntaxUID = syntax
    encoded = [encode(frame) for frame in pixels]
    if extended:
        value, offsets, lengths = encapsulate_extended(encoded)
        dataset.ExtendedOffsetTable = offsets
        dataset.ExtendedOffsetTableLengths = lengths
        dataset.PixelData = value
    else:
        dataset.PixelData = encapsulate(encoded, fragments_per_frame=2)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    image = imread(BytesIO(file_bytes(dataset)), lazy_frame_retrieval=lazy)
    np.testing.assert_array_equal(image.get_stored_frames(), pixels)
    np.testing.assert_array_equal(image.get_frames([3, 1]), pixels[[2, 0]] - 1024.0)


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_segments_in_deflated_frames_are_written_and_read(kind):
    sources = ct_series(3, rows=5, columns=7)
    mask = np.random.default_rng(2).integers(0, 2, (3, 5, 7)).astype(np.uint8)
    segment = SegmentDescription(1, "one", codes.SCT.Tissue, codes.SCT.Tissue, "MANUAL")
    segmentation = Segmentation(
        sources,
        mask,
        kind,
        [segment],
        *(UID(), 1, UID(), 1, "M", "M", "1", "1"),
        transfer_syntax_uid="1.2.840.10008.1.2.8.1",
        max_fractional_value=1,
    )
    assert segmentation.validate() == []
    content = file_bytes(segmentation)
    assert dcmread(BytesIO(content)).file_meta.TransferSyntaxUID.is_encapsulated
    image = imread(BytesIO(content))
    np.testing.assert_array_equal(
        image.get_pixels_by_source_instance([one.SOPInstanceUID for one in sources]),
        mask,
    )


def test_overlays_in_unused_bits_are_no_values():
    pixels = np.arange(12, dtype=np.uint16).reshape(3, 4)
    dataset = sc_image(samples=1, rows=3, columns=4, pixels=pixels, bits_stored=12)
    dataset.PixelData = (pixels | 0xA000).astype("<u2").tobytes()
    image = Image.from_dataset(dataset)
    np.testing.assert_array_equal(image.get_stored_frame(1), pixels)
    np.testing.assert_array_equal(image.get_frame(1, dtype=np.uint8), pixels)


# --- where it comes from -------------------------------------------------------------------


def test_an_image_is_not_constructed():
    with pytest.raises(RuntimeError, match="imread"):
        Image()
    with pytest.raises(RuntimeError, match="from_dataset"):
        Image(sc_image())


@pytest.mark.parametrize("lazy", [False, True])
def test_images_come_from_paths_urls_bytes_and_file_objects(tmp_path, lazy):
    content = file_bytes(enhanced_ct(COUNT, rows=3, columns=4, pixels=STORED))
    path = tmp_path / "image.dcm"
    path.write_bytes(content)
    with path.open("rb") as file:
        for target in (path, str(path), path.as_uri(), content, BytesIO(content), file):
            for read in (imread, Image.from_file, highdicom.read):
                image = read(target, lazy_frame_retrieval=lazy)
                assert isinstance(image, Image)
                np.testing.assert_array_equal(image.get_stored_frame(4), STORED[3])
                if hasattr(target, "seek"):
                    target.seek(0)


def test_an_image_comes_from_a_reader():
    content = file_bytes(enhanced_ct(COUNT, rows=3, columns=4, pixels=STORED))
    image = Image.from_reader(FileFrameReader(open_source(content)))
    assert "PixelData" not in image
    np.testing.assert_array_equal(image.get_stored_frames([5, 2]), STORED[[4, 1]])


def test_a_dataset_is_copied_or_becomes_the_image():
    dataset = enhanced_ct(2)
    copied = Image.from_dataset(dataset)
    assert type(dataset) is Dataset
    copied.PatientID = "other"
    copied.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SliceThickness = 9
    assert dataset.PatientID == "EXAMPLE"
    shared = dataset.SharedFunctionalGroupsSequence[0]
    assert shared.PixelMeasuresSequence[0].SliceThickness == 2.5
    assert Image.from_dataset(dataset, copy=False) is dataset
    assert isinstance(dataset, Image)


@pytest.mark.parametrize("given", [None, 3, "image.dcm", []])
def test_only_datasets_become_images(given):
    with pytest.raises(ArgumentTypeError, match="'dataset'"):
        Image.from_dataset(given)


def test_what_has_no_pixels_is_no_image():
    with pytest.raises(MissingAttributeError, match="Rows"):
        imread(get_testdata_file("rtplan.dcm"))
    with pytest.raises(MissingAttributeError):
        Image.from_dataset(Dataset())


def test_pixel_data_that_are_missing_are_missed_only_by_their_users():
    dataset = sc_image()
    del dataset.PixelData
    image = Image.from_dataset(dataset)
    assert image.number_of_frames == 1
    with pytest.raises(MissingAttributeError, match="pixel data"):
        image.get_frame(1)


def test_a_file_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        imread(tmp_path / "nothing.dcm")
    assert isinstance(caught.value, SourceError)


def test_pixel_data_that_change_are_read_anew():
    image = Image.from_dataset(sc_image(samples=1, rows=1, columns=2))
    image.get_stored_frame(1)
    image.PixelData = bytes([7, 9])
    assert image.get_stored_frame(1).tolist() == [[7, 9]]


def test_copies_and_pickles_are_images_of_their_own(image):
    for other in (
        pickle.loads(pickle.dumps(image)),
        copy.deepcopy(image),
        copy.copy(image),
    ):
        assert type(other) is Image
        np.testing.assert_array_equal(other.get_stored_frames(), STORED)
        assert other.get_volume() is not None
        assert other.SOPInstanceUID == image.SOPInstanceUID


# --- what it is --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "is_tiled", "system", "count"),
    [
        (sc_image, False, None, 1),
        (lambda: ct_series(1)[0], False, CoordinateSystemNames.PATIENT, 1),
        (lambda: enhanced_ct(3), False, CoordinateSystemNames.PATIENT, 3),
        (slide, True, CoordinateSystemNames.SLIDE, 16),
        (lambda: multi_frame_sc_image(2), False, None, 2),
    ],
)
def test_kinds_of_images_are_told_apart(make, is_tiled, system, count):
    image = Image.from_dataset(make())
    assert image.is_tiled is is_tiled
    assert image.coordinate_system is system
    assert image.number_of_frames == count
    assert image.is_indexable_as_total_pixel_matrix() is is_tiled
    if not is_tiled:
        with pytest.raises(NotTiledError):
            image.get_total_pixel_matrix()


def test_dimensions_are_those_of_the_image():
    image = Image.from_dataset(enhanced_ct(3, temporal_positions=2))
    stack, position, time = (
        Tag(keyword)
        for keyword in ("StackID", "InStackPositionNumber", "TemporalPositionIndex")
    )
    assert image.dimension_index_pointers == [stack, position, time]
    assert image.are_dimension_indices_unique([stack, position, time])
    assert image.are_dimension_indices_unique([time, position])
    assert not image.are_dimension_indices_unique([position])
    assert not image.are_dimension_indices_unique([int(stack)])
    with pytest.raises(UnknownDimensionError, match="0020,0032"):
        image.are_dimension_indices_unique([0x00200032])


def test_an_image_without_dimensions_has_none():
    image = Image.from_dataset(sc_image())
    assert image.dimension_index_pointers == []
    with pytest.raises(KeyError):
        image.are_dimension_indices_unique([0x00209056])


def test_images_referred_to_are_those_of_this_study_and_others():
    item, series, study = (Dataset() for _ in range(3))
    item.ReferencedSOPInstanceUID = "1.2.3"
    item.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    series.SeriesInstanceUID = "1.2"
    series.ReferencedInstanceSequence = [item]
    study.StudyInstanceUID = "1.9"
    study.ReferencedSeriesSequence = [series]
    dataset = sc_image()
    assert Image.from_dataset(dataset).get_source_image_uids() == []
    dataset.ReferencedSeriesSequence = [series]
    dataset.StudiesContainingOtherReferencedInstancesSequence = [study]
    image = Image.from_dataset(dataset)
    assert image.get_source_image_uids() == [
        (dataset.StudyInstanceUID, "1.2", "1.2.3"),
        ("1.9", "1.2", "1.2.3"),
    ]


def test_attributes_changed_after_a_frame_was_read_count():
    dataset = sc_image()
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PixelData = pixels.tobytes()
    image = Image.from_dataset(dataset)
    np.testing.assert_array_equal(image.get_stored_frame(1), pixels)
    image.Rows, image.Columns = 4, 3
    np.testing.assert_array_equal(image.get_stored_frame(1), pixels.reshape(4, 3))
    image.BitsStored, image.HighBit = 2, 1
    np.testing.assert_array_equal(image.get_stored_frame(1), pixels.reshape(4, 3) % 4)
    image["Rows"].value = 2
    image.NumberOfFrames = 2
    np.testing.assert_array_equal(
        image.get_stored_frames(), pixels.reshape(2, 2, 3) % 4
    )
    image.PhotometricInterpretation = "MONOCHROME1"
    np.testing.assert_array_equal(
        image.get_frame(1), 3.0 - pixels.reshape(2, 2, 3)[0] % 4
    )


# --- frames by what they were made of -----------------------------------------------------------

UIDS = [f"1.2.3.{number}" for number in range(COUNT)]


def derived(sources, preserved="YES", frame_numbers=None):
    """Image of which each frame was made of a source image, or a frame of it."""
    dataset = dcmread(BytesIO(enhanced_file()))
    for number, groups in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        source = Dataset()
        source.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        source.ReferencedSOPInstanceUID = sources[number]
        if frame_numbers:
            source.ReferencedFrameNumber = frame_numbers[number]
        if preserved:
            source.SpatialLocationsPreserved = preserved
        derivation = Dataset()
        derivation.SourceImageSequence = [source]
        groups.DerivationImageSequence = [derivation]
    return Image.from_dataset(dataset)


def test_frames_are_found_by_their_source_image():
    image = derived(UIDS)
    wanted = [UIDS[3], UIDS[0]]
    frames = image.get_pixels_by_source_instance(wanted)
    np.testing.assert_array_equal(frames, STORED[[3, 0]] - 1024.0)
    frames = image.get_pixels_by_source_instance(
        wanted, dtype=np.uint8, apply_modality_transform=False
    )
    assert frames.dtype == np.uint8
    np.testing.assert_array_equal(frames, STORED[[3, 0]])


def test_a_source_that_is_named_repeatedly_gives_its_frame_each_time():
    image = derived(UIDS)
    frames = image.get_pixels_by_source_instance([UIDS[n] for n in (3, 0, 3, 3)])
    np.testing.assert_array_equal(frames, STORED[[3, 0, 3, 3]] - 1024.0)
    image = derived(["1.2"] * COUNT, frame_numbers=[9, 7, 5, 3, 1])
    frames = image.get_pixels_by_source_frame("1.2", [1, 9, 1, 2, 9])
    np.testing.assert_array_equal(frames[[0, 1, 2, 4]], STORED[[4, 0, 4, 0]] - 1024.0)
    assert not frames[3].any()


def test_a_frame_made_of_several_sources_is_found_by_each():
    image = derived(UIDS)
    groups = image.PerFrameFunctionalGroupsSequence
    sources = groups[2].DerivationImageSequence[0].SourceImageSequence
    # Naming a source twice does not make it ambiguous.
    for uid in ("1.2.9", UIDS[2]):
        another = copy.deepcopy(sources[0])
        another.ReferencedSOPInstanceUID = uid
        sources.append(another)
    image = Image.from_dataset(image)
    frames = image.get_pixels_by_source_instance(["1.2.9", UIDS[2]])
    np.testing.assert_array_equal(frames, STORED[[2, 2]] - 1024.0)


@pytest.mark.parametrize("allow", [False, True])
def test_an_image_that_does_not_name_its_sources_gives_no_zeros(allow):
    image = derived(UIDS)
    for groups in image.PerFrameFunctionalGroupsSequence:
        del groups.DerivationImageSequence
    image = Image.from_dataset(image)
    options = {"assert_missing_frames_are_empty": allow}
    with pytest.raises(MissingFramesError, match="Derivation Image Sequence"):
        image.get_pixels_by_source_instance(UIDS, **options)
    with pytest.raises(MissingFramesError, match="Derivation Image Sequence"):
        image.get_pixels_by_source_frame(UIDS[0], [1], **options)


def test_a_source_that_is_referred_to_but_left_no_frame_is_empty():
    image = derived(UIDS)
    instance, series = Dataset(), Dataset()
    instance.ReferencedSOPInstanceUID = "1.2.9"
    series.SeriesInstanceUID = "1.2"
    series.ReferencedInstanceSequence = [instance]
    image.ReferencedSeriesSequence = [series]
    frames = image.get_pixels_by_source_instance(["1.2.9", UIDS[1]])
    assert not frames[0].any()
    np.testing.assert_array_equal(frames[1], STORED[1] - 1024.0)


def test_whole_sources_have_no_frames_to_ask_for():
    image = derived(UIDS)
    with pytest.raises(MissingFramesError, match="Referenced Frame Number"):
        image.get_pixels_by_source_frame(UIDS[0], [1])
    frames = image.get_pixels_by_source_frame(
        UIDS[0], [1, 2], assert_missing_frames_are_empty=True
    )
    assert frames.shape == (2, 3, 4)
    assert not frames.any()
    with pytest.raises(ArgumentTypeError, match="'source_frame_numbers' must be given"):
        image.get_pixels_by_source_frame(UIDS[0])


def test_transforms_are_checked_even_if_no_frame_is_found():
    image = derived(UIDS)
    with pytest.raises(TransformNotFoundError):
        image.get_pixels_by_source_instance(
            ["1.2.9"],
            assert_missing_frames_are_empty=True,
            apply_real_world_transform=True,
        )


def test_only_frames_asked_for_have_to_show_the_places_of_their_sources():
    image = derived(UIDS)
    groups = image.PerFrameFunctionalGroupsSequence[1]
    source = groups.DerivationImageSequence[0].SourceImageSequence[0]
    source.SpatialLocationsPreserved = "NO"
    image = Image.from_dataset(image)
    assert image.get_pixels_by_source_instance([UIDS[0], UIDS[2]]).shape == (2, 3, 4)
    with pytest.raises(SpatialLocationsError):
        image.get_pixels_by_source_instance(UIDS[:2])


def test_a_source_image_of_which_no_frame_was_made_is_missed_or_empty():
    image = derived(UIDS)
    with pytest.raises(UnknownSourceError, match=r"1\.2\.9") as caught:
        image.get_pixels_by_source_instance([UIDS[1], "1.2.9"])
    assert isinstance(caught.value, KeyError)
    frames = image.get_pixels_by_source_instance(
        ["1.2.9", UIDS[1]], assert_missing_frames_are_empty=True
    )
    np.testing.assert_array_equal(frames[0], np.zeros((3, 4)))
    np.testing.assert_array_equal(frames[1], STORED[1] - 1024.0)


def test_several_frames_of_one_source_image_are_ambiguous():
    image = derived([UIDS[0]] * COUNT)
    with pytest.raises(AmbiguousFramesError) as caught:
        image.get_pixels_by_source_instance([UIDS[0]])
    assert caught.value.frame_numbers == (1, 2, 3, 4, 5)


@pytest.mark.parametrize("preserved", ["NO", "REORIENTED_ONLY", None])
def test_frames_of_other_places_are_not_taken_for_the_same(preserved):
    image = derived(UIDS, preserved)
    with pytest.raises(SpatialLocationsError, match="ignore_spatial_locations"):
        image.get_pixels_by_source_instance(UIDS[:1])
    frames = image.get_pixels_by_source_instance(
        UIDS[:1], ignore_spatial_locations=True
    )
    np.testing.assert_array_equal(frames[0], STORED[0] - 1024.0)


def test_no_source_images_are_no_source_images():
    with pytest.raises(InvalidArgumentError, match="source_sop_instance_uids"):
        derived(UIDS).get_pixels_by_source_instance([])


def test_frames_are_found_by_the_frame_of_their_source_image():
    image = derived(["1.2"] * COUNT, frame_numbers=[9, 7, 5, 3, 1])
    frames = image.get_pixels_by_source_frame("1.2", [1, 9, 5])
    np.testing.assert_array_equal(frames, STORED[[4, 0, 2]] - 1024.0)
    with pytest.raises(FrameNumberError, match="frame 10") as caught:
        image.get_pixels_by_source_frame("1.2", [7, 10])
    assert isinstance(caught.value, ValueError)
    frames = image.get_pixels_by_source_frame(
        "1.2", [10, 7, 2], assert_missing_frames_are_empty=True
    )
    np.testing.assert_array_equal(frames[1], STORED[1] - 1024.0)
    assert not frames[[0, 2]].any()


def test_all_frames_of_a_source_image_come_in_their_order():
    image = derived(["1.2"] * COUNT, frame_numbers=[5, 4, 3, 2, 1])
    frames = image.get_pixels_by_source_frame("1.2")
    np.testing.assert_array_equal(frames, STORED[::-1] - 1024.0)


def test_a_source_image_that_is_not_referred_to_is_unknown():
    image = derived(["1.2"] * COUNT, frame_numbers=[5, 4, 3, 2, 1])
    with pytest.raises(UnknownSourceError, match=r"1\.3"):
        image.get_pixels_by_source_frame("1.3", [1])


@pytest.mark.parametrize("numbers", [[], [0], [1.5], [-2]])
def test_numbers_of_source_frames_are_positive(numbers):
    image = derived(["1.2"] * COUNT, frame_numbers=[5, 4, 3, 2, 1])
    with pytest.raises(InvalidArgumentError, match="source_frame_numbers"):
        image.get_pixels_by_source_frame("1.2", numbers)
