"""Strategies give what they promise."""

import sys
from io import BytesIO

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings, strategies as st
from pydicom import Dataset, dcmread
from pydicom.config import RAISE
from pydicom.filebase import DicomBytesIO
from pydicom.filereader import read_dataset
from pydicom.filewriter import write_dataset
from pydicom.uid import ExplicitVRLittleEndian
from pydicom.valuerep import VR, validate_value

from highdicom import testing
from highdicom.codec.format import PixelFormat
from highdicom.errors import MissingDependencyError
from highdicom.testing import strategies

REPRESENTATIONS = sorted(
    str(vr) for vr in VR if len(vr) == 2 and vr not in (VR.SQ, VR.UN)
)

UNSHRUNK = settings(phases=[Phase.generate], max_examples=500, derandomize=True)


def encoded(dataset, *, implicit):
    buffer = DicomBytesIO()
    buffer.is_little_endian = True
    buffer.is_implicit_VR = implicit
    write_dataset(buffer, dataset)
    return buffer.getvalue()


@pytest.mark.parametrize("vr", REPRESENTATIONS)
def test_values_are_those_of_the_representation(vr):
    @given(strategies.values_of(vr))
    @settings(max_examples=30)
    def check(value):
        as_text = str(value) if vr in ("DS", "IS") else value
        validate_value(vr, as_text, RAISE)

    check()


@settings(max_examples=30)
@given(strategies.datasets(), st.booleans())
def test_datasets_come_back(dataset, implicit):
    data = encoded(dataset, implicit=implicit)
    read = read_dataset(BytesIO(data), implicit, is_little_endian=True)
    assert read == dataset
    assert encoded(read, implicit=implicit) == data


@settings(max_examples=30)
@given(strategies.datasets(unicode=True, depth=1))
def test_datasets_beyond_ascii_come_back_from_files(dataset):
    dataset.SOPClassUID = "1.2.3"
    dataset.SOPInstanceUID = "1.2.4"
    buffer = BytesIO()
    dataset.ensure_file_meta()
    dataset.file_meta.MediaStorageSOPClassUID = "1.2.3"
    dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.4"
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(buffer, enforce_file_format=True)
    buffer.seek(0)
    assert dcmread(buffer) == dataset


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param(lambda d: any(e.VR == "SQ" for e in d), id="sequences"),
        pytest.param(lambda d: any(e.tag.is_private for e in d), id="private"),
        pytest.param(lambda d: any(e.is_empty for e in d), id="empty values"),
        pytest.param(lambda d: any(e.VM > 1 for e in d), id="several values"),
    ],
)
def test_datasets_have_all_there_is(condition):
    found = find(strategies.datasets(), condition, settings=UNSHRUNK)
    assert isinstance(found, Dataset)


@given(strategies.datasets(depth=0, private=False))
def test_datasets_leave_out_what_is_not_asked_for(dataset):
    assert not any(element.VR == "SQ" for element in dataset)
    assert not any(element.tag.is_private for element in dataset)


@given(strategies.uids())
def test_uids_are_valid(uid):
    assert uid.is_valid


@given(strategies.texts(10, unicode=True))
def test_texts_have_no_padding(text):
    assert len(text) <= 10
    assert text == text.strip()
    assert "\\" not in text


@given(strategies.direction_cosines())
def test_direction_cosines_are_orthonormal(cosines):
    matrix = np.reshape(cosines, (2, 3))
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(2), atol=1e-9)


@given(st.data(), st.booleans())
def test_affines_are_at_right_angles(data, left_handed):
    affine = data.draw(strategies.affines(left_handed=left_handed))
    product = affine[:3, :3].T @ affine[:3, :3]
    np.testing.assert_allclose(product, np.diag(np.diag(product)), atol=1e-9)
    assert (np.linalg.det(affine) < 0) == left_handed
    assert affine[3].tolist() == [0, 0, 0, 1]


@given(strategies.spacings(least=0.5, greatest=2))
def test_spacings_have_few_decimals(spacing):
    assert 0.5 <= spacing <= 2
    assert len(str(spacing)) <= 6


@given(strategies.regions(10, 7))
def test_regions_lie_in_the_matrix(region):
    row_start, row_end, column_start, column_end = region
    assert 0 <= row_start < row_end <= 10
    assert 0 <= column_start < column_end <= 7


@given(strategies.regions(3, 4, beyond=2))
def test_regions_reach_beyond_if_asked(region):
    assert -2 <= region[0] < region[1] <= 5
    assert -2 <= region[2] < region[3] <= 6


@given(st.data())
def test_frames_are_of_their_format(data):
    pixel_format = data.draw(strategies.pixel_formats())
    frame = data.draw(strategies.frames(pixel_format))
    several = data.draw(strategies.frames(pixel_format, number=3))
    assert frame.shape == pixel_format.shape
    assert several.shape == (3, *pixel_format.shape)
    assert frame.dtype == several.dtype == pixel_format.dtype
    low, high = pixel_format.stored_range
    assert several.min() >= low
    assert several.max() <= high


@pytest.mark.parametrize("value", [-2048, 2047, 0])
def test_frames_reach_the_limits(value):
    pixel_format = PixelFormat(3, 4, 1, 16, 12, 1, "MONOCHROME2")
    found = strategies.frames(pixel_format)
    frame = find(found, lambda frame: (frame == value).any(), settings=UNSHRUNK)
    assert frame.dtype == np.int16


@given(
    strategies.pixel_formats(
        bits_stored=[8], samples_per_pixel=[3], pixel_representation=[1]
    )
)
def test_colours_have_no_sign(pixel_format):
    assert pixel_format.pixel_representation == 0
    assert pixel_format.planar_configuration in (0, 1)


@given(strategies.shapes(2, greatest=3))
def test_shapes_are_not_empty(shape):
    assert len(shape) == 2
    assert all(1 <= size <= 3 for size in shape)


@given(strategies.masks((3, 4)))
def test_masks_are_boolean(mask):
    assert mask.shape == (3, 4)
    assert mask.dtype == bool


@given(strategies.label_maps((3, 4), labels=[5, 300]))
def test_label_maps_hold_labels(label_map):
    assert label_map.dtype == np.uint16
    assert set(np.unique(label_map)) <= {0, 5, 300}


@given(strategies.stack_options())
@settings(max_examples=10)
def test_stack_options_suit_series_and_enhanced_images(options):
    series = testing.ct_series(3, **options)
    image = testing.enhanced_mr(3, **options)
    assert len(series) == image.NumberOfFrames == 3
    assert image.Columns == options["columns"]


@given(strategies.slide_options(), strategies.shapes(2, greatest=30))
@settings(max_examples=10)
def test_slide_options_suit_slides(options, shape):
    image = testing.slide(*shape, **options)
    assert (image.TotalPixelMatrixRows, image.TotalPixelMatrixColumns) == shape
    assert image.DimensionOrganizationType == options["organization"]


def test_hypothesis_is_asked_for_if_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis.strategies", None)
    with pytest.raises(MissingDependencyError, match=r"highdicom\[testing\]"):
        strategies.uids()
