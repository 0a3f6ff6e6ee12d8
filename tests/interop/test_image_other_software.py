"""Places of voxels as SimpleITK (GDCM) and NiBabel find them in the same files."""

import warnings

import numpy as np
import pytest

from highdicom import Image, get_volume_from_series, imread
from highdicom.testing import ct_series, enhanced_mr, file_bytes, mr_series

nibabel = pytest.importorskip("nibabel")
sitk = pytest.importorskip("SimpleITK")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    dicomwrappers = pytest.importorskip("nibabel.nicom.dicomwrappers")

COUNT = 5
SERIES = {
    "axial": {},
    "reversed": {"reverse": True},
    "coronal": {"orientation": "coronal"},
    "sagittal": {"orientation": "sagittal"},
    "oblique": {"orientation": "oblique"},
    "oblique, reversed": {"orientation": "oblique", "reverse": True},
    "flipped columns": {"orientation": (-1.0, 0.0, 0.0, 0.0, 1.0, 0.0)},
    "upside down": {"orientation": (-1.0, 0.0, 0.0, 0.0, -1.0, 0.0)},
    "transposed": {"orientation": (0.0, 1.0, 0.0, 1.0, 0.0, 0.0)},
}
# Slice, row and column of voxels that are looked at.
LANDMARKS = [(0, 0, 0), (4, 15, 19), (2, 7, 3), (1, 0, 19), (3, 15, 0)]
# Millimetres.
TOLERANCE = 1e-4


@pytest.fixture(params=SERIES)
def options(request):
    return SERIES[request.param]


def saved(datasets, folder):
    for number, dataset in enumerate(datasets):
        (folder / f"{number:03}.dcm").write_bytes(file_bytes(dataset))
    return folder


def test_voxels_of_a_series_lie_where_simpleitk_finds_them(options, tmp_path):
    series = ct_series(COUNT, **options)
    saved(series, tmp_path)
    names = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(tmp_path))
    theirs = sitk.ReadImage(names)
    shuffled = [series[number] for number in (3, 0, 4, 1, 2)]
    ours = get_volume_from_series(shuffled)
    for landmark in LANDMARKS:
        point = (ours.affine @ [*landmark, 1.0])[:3]
        index = theirs.TransformPhysicalPointToContinuousIndex(point.tolist())
        place = [round(number) for number in index]
        back = theirs.TransformIndexToPhysicalPoint(place)
        np.testing.assert_allclose(back, point, atol=TOLERANCE)
        assert theirs.GetPixel(*place) == ours.array[landmark]
    # Whole, too: flip theirs until its directions are ours.
    array = sitk.GetArrayFromImage(theirs)
    direction = np.array(theirs.GetDirection()).reshape(3, 3)[:, 2]
    if direction @ ours.affine[:3, 0] < 0:
        array = array[::-1]
    np.testing.assert_array_equal(array, ours.array)


@pytest.mark.filterwarnings("ignore")
def test_voxels_of_a_series_lie_where_nibabel_finds_them(options):
    series = ct_series(COUNT, **options)
    ours = get_volume_from_series(series)
    inverse = np.linalg.inv(ours.affine)
    for dataset in series:
        wrapper = dicomwrappers.wrapper_from_data(dataset)
        # The patient system of DICOM is that of NiBabel here, too.
        for row, column in ((0, 0), (15, 19), (7, 3)):
            point = (wrapper.affine @ [row, column, 0, 1])[:3]
            index = (inverse @ [*point, 1.0])[:3]
            place = np.rint(index).astype(int)
            nearest = (ours.affine @ [*place, 1.0])[:3]
            np.testing.assert_allclose(nearest, point, atol=TOLERANCE)
            assert place[1:].tolist() == [row, column]
            value = wrapper.get_data()[row, column]
            assert value == ours.array[tuple(place)]


@pytest.mark.filterwarnings("ignore")
def test_voxels_of_an_enhanced_image_lie_where_nibabel_finds_them(options):
    dataset = enhanced_mr(COUNT, **options)
    ours = Image.from_dataset(dataset).get_volume()
    wrapper = dicomwrappers.wrapper_from_data(dataset)
    theirs = wrapper.get_data()
    inverse = np.linalg.inv(ours.affine)
    for row, column, slot in ((0, 0, 0), (15, 19, 4), (7, 3, 2), (0, 19, 1)):
        point = (wrapper.affine @ [row, column, slot, 1])[:3]
        place = np.rint((inverse @ [*point, 1.0])[:3]).astype(int)
        nearest = (ours.affine @ [*place, 1.0])[:3]
        np.testing.assert_allclose(nearest, point, atol=TOLERANCE)
        assert theirs[row, column, slot] == ours.array[tuple(place)]


def test_a_volume_goes_to_nibabel_and_simpleitk_where_it_lies(options):
    ours = get_volume_from_series(mr_series(COUNT, **options))
    to_nibabel = ours.to_nibabel()
    to_simpleitk = ours.to_simpleitk()
    for landmark in LANDMARKS:
        point = (ours.affine @ [*landmark, 1.0])[:3]
        # NIfTI is right, anterior, superior; DICOM left, posterior, superior.
        index = np.linalg.inv(to_nibabel.affine) @ [-point[0], -point[1], point[2], 1]
        place = tuple(np.rint(index[:3]).astype(int))
        np.testing.assert_allclose(index[:3], place, atol=1e-4)
        assert to_nibabel.get_fdata()[place] == ours.array[landmark]
        index = to_simpleitk.TransformPhysicalPointToContinuousIndex(point.tolist())
        place = [round(number) for number in index]
        np.testing.assert_allclose(index, place, atol=1e-4)
        assert to_simpleitk.GetPixel(*place) == ours.array[landmark]


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.90"])
@pytest.mark.parametrize("signed", [False, True])
def test_values_of_compressed_files_are_those_of_simpleitk(syntax, signed, tmp_path):
    dataset = ct_series(
        1, rows=40, columns=36, transfer_syntax=syntax, signed=signed, bits_stored=16
    )[0]
    path = tmp_path / "image.dcm"
    path.write_bytes(file_bytes(dataset))
    theirs = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))[0]
    np.testing.assert_array_equal(imread(path).get_frame(1), theirs)
