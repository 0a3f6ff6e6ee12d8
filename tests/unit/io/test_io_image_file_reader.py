"""Reading single frames of image files."""

import io
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from io_building import attributes, file, native
from PIL import ImageCms
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomBytesIO, DicomIO
from pydicom.uid import ExplicitVRLittleEndian

from highdicom.errors import (
    ArgumentTypeError,
    FrameNumberError,
    InvalidArgumentError,
    SourceError,
    WrongSOPClassError,
)
from highdicom.io import ImageFileReader
from highdicom.io.byte_source import SourceNotFoundError
from highdicom.io.local import BytesSource
from highdicom.io.location import DamagedPixelDataError
from highdicom.io.start import NotDicomError
from highdicom.uid import UID

CT = get_testdata_file("CT_small.dcm")


def profile(description="sRGB"):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(description)).tobytes()


def swapped_profile():
    """Return a profile that exchanges red and blue."""
    content = bytearray(profile())
    count = int.from_bytes(content[128:132], "big")
    entries = {
        bytes(content[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)
    }
    red, blue = entries[b"rXYZ"], entries[b"bXYZ"]
    content[red + 4 : red + 12], content[blue + 4 : blue + 12] = (
        content[blue + 4 : blue + 12],
        content[red + 4 : red + 12],
    )
    return bytes(content)


def image(pixels, **values):
    """Return the bytes of an image of frames of RGB or grey values."""
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7.4"
    dataset.SOPInstanceUID = "1.2.3"
    dataset.SamplesPerPixel = 3 if pixels.ndim == 4 else 1
    dataset.PhotometricInterpretation = "RGB" if pixels.ndim == 4 else "MONOCHROME2"
    if pixels.ndim == 4:
        dataset.PlanarConfiguration = 0
    dataset.NumberOfFrames, dataset.Rows, dataset.Columns = pixels.shape[:3]
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit = 7
    dataset.PixelRepresentation = 0
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    dataset.add_new(0x7FE00010, "OB", pixels.tobytes())
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def optical_path(identifier, icc_profile):
    path = Dataset()
    path.OpticalPathIdentifier = identifier
    if icc_profile is not None:
        path.ICCProfile = icc_profile
    return path


def groups_with(identifier):
    identification = Dataset()
    identification.OpticalPathIdentifier = identifier
    groups = Dataset()
    groups.OpticalPathIdentificationSequence = [identification]
    return groups


COLORS = np.random.default_rng(0).integers(0, 256, (4, 2, 2, 3), np.uint8)


def test_metadata_are_those_of_the_file():
    with ImageFileReader(CT) as reader:
        expected = dcmread(CT, stop_before_pixels=True)
        assert reader.metadata == expected
        assert reader.metadata is reader.metadata
        assert reader.filename == str(CT)
        assert type(reader.transfer_syntax_uid) is UID
        assert reader.transfer_syntax_uid == ExplicitVRLittleEndian
        assert reader.number_of_frames == 1


def test_frame_is_decoded():
    with ImageFileReader(CT) as reader:
        frame = reader.read_frame(0)
        expected = dcmread(CT).pixel_array
        assert frame.dtype == expected.dtype
        assert (frame == expected).all()
        assert frame.flags.writeable
        assert reader.read_frame_raw(0) == dcmread(CT).PixelData


@pytest.mark.parametrize(
    "name",
    [
        "MR_small_bigendian.dcm",
        "image_dfl.dcm",
        "rtdose_rle.dcm",
        "SC_rgb_rle_2frame.dcm",
        "SC_ybr_full_422_uncompressed.dcm",
        "examples_palette.dcm",
        "liver_1frame.dcm",
    ],
)
def test_frames_are_those_that_pydicom_decodes(name):
    path = get_testdata_file(name)
    with ImageFileReader(path) as reader:
        dataset = dcmread(path)
        pixels = dataset.pixel_array
        if reader.number_of_frames == 1:
            pixels = pixels[np.newaxis]
        for index in range(reader.number_of_frames):
            frame = reader.read_frame(index, correct_color=False)
            assert (frame == pixels[index]).all()


def test_frames_of_bits_that_share_bytes_are_decoded():
    bits = np.random.default_rng(0).integers(0, 2, (5, 3, 5), np.uint8)
    packed = np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    with ImageFileReader(file(attributes(5, 3, 5, bits=1) + native(packed))) as reader:
        for index in range(5):
            assert (reader.read_frame(index) == bits[index]).all()


def test_reader_has_to_be_opened_first():
    reader = ImageFileReader(CT)
    for use in (
        lambda: reader.metadata,
        lambda: reader.number_of_frames,
        lambda: reader.transfer_syntax_uid,
        lambda: reader.read_frame(0),
        lambda: reader.read_frame_raw(0),
    ):
        with pytest.raises(SourceError, match="has not been opened for reading"):
            use()
    reader.close()


def test_metadata_stay_when_the_file_is_closed():
    reader = ImageFileReader(CT)
    reader.open()
    reader.open()
    reader.close()
    reader.close()
    assert reader.metadata.Modality == "CT"
    assert reader.number_of_frames == 1
    with pytest.raises(SourceError):
        reader.read_frame(0)
    reader.open()
    assert reader.read_frame(0).shape == (128, 128)
    reader.close()


def test_missing_file_is_noticed_when_it_is_opened(tmp_path):
    reader = ImageFileReader(tmp_path / "absent.dcm")
    with pytest.raises(SourceNotFoundError):
        reader.open()


def test_other_file_is_refused_and_closed(tmp_path):
    (tmp_path / "other").write_bytes(b"something else" * 100)
    with pytest.raises(NotDicomError):
        ImageFileReader(tmp_path / "other").open()


@pytest.mark.parametrize("target", [None, 1, ["a"], Dataset()])
def test_other_things_are_refused(target):
    with pytest.raises(ArgumentTypeError, match="'filename' must be a path"):
        ImageFileReader(target)


def test_dicom_io_is_read_and_stays_open():
    with open(CT, "rb") as opened:  # noqa: PTH123
        buffer = DicomBytesIO(opened.read())
        for target in (buffer, DicomIO(opened), opened):
            opened.seek(0)
            with ImageFileReader(target) as reader:
                assert reader.read_frame(0).shape == (128, 128)
        assert not opened.closed
        assert ImageFileReader(opened).filename == str(CT)
    buffer.seek(128)
    assert buffer.read(4) == b"DICM"
    assert ImageFileReader(buffer).filename == "None"


def test_bytes_and_sources_are_read():
    content = file(attributes() + native(b"abcd"))
    source = BytesSource(content)
    for target in (content, source):
        with ImageFileReader(target) as reader:
            assert reader.read_frame_raw(0) == b"abcd"
    assert source.read(128, 4) == b"DICM"
    assert ImageFileReader(content).filename == "bytes in memory"


@pytest.mark.parametrize("index", [-1, 1, 10**9])
def test_frames_that_do_not_exist_are_refused(index):
    with ImageFileReader(CT) as reader:
        for read in (reader.read_frame, reader.read_frame_raw):
            with pytest.raises(FrameNumberError):
                read(index)


@pytest.mark.parametrize("index", ["0", 0.0, None])
def test_index_must_be_an_integer(index):
    with ImageFileReader(CT) as reader, pytest.raises(ArgumentTypeError):
        reader.read_frame(index)


def test_frame_beyond_the_pixel_data_is_an_error():
    with ImageFileReader(file(attributes(200) + native(b"abcdefgh"))) as reader:
        assert reader.number_of_frames == 200
        assert reader.read_frame(1).tolist() == [[101, 102], [103, 104]]
        with pytest.raises(DamagedPixelDataError):
            reader.read_frame(100)


def test_what_is_no_image_says_so():
    with ImageFileReader(get_testdata_file("rtplan.dcm")) as reader:
        assert reader.metadata.Modality == "RTPLAN"
        with pytest.raises(WrongSOPClassError, match="is not an image"):
            _ = reader.number_of_frames
        with pytest.raises(WrongSOPClassError):
            reader.read_frame(0)


def test_errors_leave_the_context():
    with pytest.raises(KeyError), ImageFileReader(CT):
        raise KeyError("mine")


# Colours


def test_colors_are_corrected_by_the_profile():
    content = image(COLORS, ICCProfile=swapped_profile())
    with ImageFileReader(content) as reader:
        stored = reader.read_frame(1, correct_color=False)
        assert (stored == COLORS[1]).all()
        corrected = reader.read_frame(1)
        assert np.abs(corrected.astype(int) - COLORS[1][..., ::-1]).max() <= 2


def test_profile_of_the_optical_path_is_used():
    path = optical_path("1", swapped_profile())
    with ImageFileReader(image(COLORS, OpticalPathSequence=[path])) as reader:
        corrected = reader.read_frame(0).astype(int)
        assert np.abs(corrected - COLORS[0][..., ::-1]).max() <= 2


PATHS = [optical_path("a", profile()), optical_path("b", swapped_profile())]


@pytest.mark.parametrize(
    "values",
    [
        {
            "PerFrameFunctionalGroupsSequence": [
                groups_with(identifier) for identifier in "aabb"
            ]
        },
        {"DimensionOrganizationType": "TILED_FULL"},
    ],
)
def test_each_optical_path_has_its_profile(values):
    with ImageFileReader(image(COLORS, OpticalPathSequence=PATHS, **values)) as reader:
        for index in range(4):
            expected = COLORS[index] if index < 2 else COLORS[index][..., ::-1]
            difference = reader.read_frame(index).astype(int) - expected
            assert np.abs(difference).max() <= 2


def test_shared_optical_path_has_its_profile():
    content = image(
        COLORS,
        OpticalPathSequence=PATHS,
        SharedFunctionalGroupsSequence=[groups_with("b")],
    )
    with ImageFileReader(content) as reader:
        difference = reader.read_frame(0).astype(int) - COLORS[0][..., ::-1]
        assert np.abs(difference).max() <= 2


def test_first_optical_path_is_taken_where_nothing_says_which():
    paths = [optical_path("a", None), PATHS[1]]
    reader = ImageFileReader(image(COLORS, OpticalPathSequence=paths))
    with reader, pytest.raises(InvalidArgumentError, match="it has no ICC profile"):
        reader.read_frame(0)


def test_color_image_without_profile_cannot_be_corrected():
    with ImageFileReader(image(COLORS)) as reader:
        with pytest.raises(InvalidArgumentError, match="'correct_color' must be False"):
            reader.read_frame(0)
        assert (reader.read_frame(0, correct_color=False) == COLORS[0]).all()


def test_damaged_profile_is_named():
    reader = ImageFileReader(image(COLORS, ICCProfile=b"no profile"))
    with (
        reader,
        pytest.raises(InvalidArgumentError, match="its ICC profile is damaged"),
    ):
        reader.read_frame(0)


def test_grey_frames_are_never_corrected():
    content = image(COLORS[..., 0], ICCProfile=b"no profile")
    with ImageFileReader(content) as reader:
        assert (reader.read_frame(2) == COLORS[2, ..., 0]).all()


# Copies and threads


def test_reader_can_be_pickled_open_and_closed(tmp_path):
    path = tmp_path / "image.dcm"
    path.write_bytes(image(COLORS, ICCProfile=profile()))
    closed = pickle.loads(pickle.dumps(ImageFileReader(path)))
    closed.open()
    assert closed.read_frame(3).shape == (2, 2, 3)
    with ImageFileReader(path) as reader:
        reader.read_frame(0)
        copied = pickle.loads(pickle.dumps(reader))
    assert (copied.read_frame(1, correct_color=False) == COLORS[1]).all()
    assert copied.metadata.Rows == 2
    copied.close()
    closed.close()


def test_reader_of_a_file_object_can_be_pickled(tmp_path):
    path = tmp_path / "image.dcm"
    path.write_bytes(image(COLORS))
    with path.open("rb") as opened, ImageFileReader(opened) as reader:
        copied = pickle.loads(pickle.dumps(reader))
    assert (copied.read_frame(1, correct_color=False) == COLORS[1]).all()
    copied.close()
    copied.open()
    assert (copied.read_frame(2, correct_color=False) == COLORS[2]).all()


def test_threads_read_what_one_thread_reads():
    with ImageFileReader(image(COLORS, ICCProfile=profile())) as reader:
        expected = [reader.read_frame(index) for index in range(4)] * 20
        with ThreadPoolExecutor(8) as executor:
            frames = list(executor.map(reader.read_frame, [0, 1, 2, 3] * 20))
    assert all((a == b).all() for a, b in zip(frames, expected, strict=True))
