"""NiBabel, SimpleITK and ITK have voxels where volumes have them."""

import numpy as np
import pytest

from highdicom import Volume
from highdicom.enum import NiBabelImageClasses
from highdicom.errors import ArgumentTypeError, InvalidArgumentError

pytestmark = [
    pytest.mark.interop,
    # The bindings that SWIG makes for ITK and SimpleITK.
    pytest.mark.filterwarnings("ignore:builtin type:DeprecationWarning"),
]

SHAPE = (3, 4, 5)
ARRAY = np.arange(np.prod(SHAPE), dtype=np.int16).reshape(SHAPE)
INDICES = [(0, 0, 0), (2, 0, 0), (0, 3, 0), (0, 0, 4), (1, 2, 3)]
NIBABEL_TO_DICOM = np.array([-1.0, -1.0, 1.0])


def turned(degrees):
    """A rotation about an axis along no axis of the patient."""
    angle = np.radians(degrees)
    x, y, z = np.array([1.0, 2.0, -3.0]) / np.sqrt(14)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def affine(direction):
    matrix = np.eye(4)
    matrix[:3, :3] = np.asarray(direction, float) * (2.5, 0.75, 1.25)
    matrix[:3, 3] = (-120.5, 33.25, 708.0)
    return matrix


AFFINES = {
    "axial": affine([[0, 0, 1], [0, 1, 0], [-1, 0, 0]]),
    "coronal": affine([[0, 0, 1], [1, 0, 0], [0, -1, 0]]),
    "flipped": affine([[0, 0, -1], [0, 1, 0], [1, 0, 0]]),
    "left-handed": affine(np.eye(3)[:, [0, 2, 1]]),
    "oblique": affine(turned(27.0)),
    "oblique and reflected": affine(turned(110.0) * (1, -1, 1)),
}


@pytest.fixture(params=AFFINES.values(), ids=AFFINES.keys())
def volume(request):
    return Volume(ARRAY, request.param, "PATIENT")


@pytest.fixture(scope="module")
def nibabel():
    return pytest.importorskip("nibabel")


@pytest.fixture(scope="module")
def sitk():
    return pytest.importorskip("SimpleITK")


@pytest.fixture(scope="module")
def itk():
    return pytest.importorskip("itk")


def assert_same(found, volume):
    np.testing.assert_array_equal(found.array, volume.array)
    assert found.dtype == volume.dtype
    np.testing.assert_allclose(found.affine, volume.affine, rtol=0, atol=1e-9)


def expected_position(volume, index):
    return (volume.affine @ (*index, 1))[:3]


def test_nibabel_places_voxels_alike(nibabel, volume):
    image = volume.to_nibabel()
    for index in INDICES:
        position = nibabel.affines.apply_affine(image.affine, index) * NIBABEL_TO_DICOM
        np.testing.assert_allclose(position, expected_position(volume, index))
        assert image.dataobj[index] == ARRAY[index]
    assert image.header.get_xyzt_units()[0] == "mm"
    assert np.shares_memory(np.asarray(image.dataobj), ARRAY)


def test_nibabel_names_directions_alike(nibabel, volume):
    codes = nibabel.aff2axcodes(volume.to_nibabel().affine)
    names = [d.value for d in volume.get_closest_patient_orientation()]
    assert [{"S": "H", "I": "F"}.get(c, c) for c in codes] == names


@pytest.mark.parametrize("image_class", NiBabelImageClasses)
def test_volumes_go_to_nibabel_and_back(nibabel, volume, image_class):
    image = volume.to_nibabel(image_class)
    assert isinstance(image, getattr(nibabel, image_class.value))
    assert_same(Volume.from_nibabel(image), volume)


@pytest.mark.parametrize("system", ["PATIENT", "SLIDE"])
def test_what_nibabel_does_not_know_is_given(nibabel, system):
    volume = Volume(ARRAY, AFFINES["axial"], system, "1.2.3")
    found = Volume.from_nibabel(volume.to_nibabel(), system, "1.2.3")
    assert found.geometry_equal(volume)
    assert found.coordinate_system is volume.coordinate_system
    assert found.frame_of_reference_uid == "1.2.3"


@pytest.mark.parametrize("image_class", ["Nifti1Image", "Nifti2Image", "MGHImage"])
def test_files_of_nibabel_keep_voxels_and_places(nibabel, volume, image_class):
    written = volume.to_nibabel(image_class).to_bytes()
    found = Volume.from_nibabel(getattr(nibabel, image_class).from_bytes(written))
    np.testing.assert_array_equal(found.array, ARRAY)
    assert found.dtype == np.int16
    # Headers are of single precision.
    np.testing.assert_allclose(found.affine, volume.affine, rtol=0, atol=1e-4)


@pytest.mark.parametrize(("unit", "length"), [("meter", 1000.0), ("micron", 0.001)])
def test_units_of_nibabel_become_millimetres(nibabel, unit, length):
    image = nibabel.Nifti1Image(ARRAY, np.diag([2.0, 3.0, 4.0, 1.0]))
    image.header.set_xyzt_units(unit)
    np.testing.assert_allclose(
        Volume.from_nibabel(image).spacing, np.array([2.0, 3.0, 4.0]) * length
    )


@pytest.mark.parametrize(
    "dtype", ["u1", "i1", "u2", ">i2", "i4", "u8", "i8", "f4", "f8"]
)
def test_nifti_keeps_types_of_data(nibabel, dtype):
    volume = Volume(ARRAY.astype(dtype), np.eye(4), "PATIENT")
    found = Volume.from_nibabel(
        nibabel.Nifti1Image.from_bytes(volume.to_nibabel().to_bytes())
    )
    assert found.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(found.array, volume.array)


def test_stored_values_of_nibabel_are_scaled(nibabel):
    image = nibabel.Nifti1Image(ARRAY, np.eye(4))
    image.header.set_slope_inter(2, 1)
    image = nibabel.Nifti1Image.from_bytes(image.to_bytes())
    np.testing.assert_array_equal(Volume.from_nibabel(image).array, ARRAY * 2.0 + 1)


def test_other_images_of_nibabel_are_refused(nibabel):
    four = nibabel.Nifti1Image(np.zeros((2, 3, 4, 5), np.uint8), np.eye(4))
    with pytest.raises(InvalidArgumentError, match="3 axes"):
        Volume.from_nibabel(four)
    sheared = np.eye(4)
    sheared[0, 1] = 0.2
    with pytest.raises(InvalidArgumentError, match="orthogonal"):
        Volume.from_nibabel(nibabel.Nifti1Image(ARRAY, sheared))
    with pytest.raises(InvalidArgumentError, match="affine"):
        Volume.from_nibabel(nibabel.Nifti1Image(ARRAY, None))


def test_simpleitk_places_voxels_alike(sitk, volume):
    image = volume.to_simpleitk()
    assert isinstance(image, sitk.Image)
    assert image.GetSize() == SHAPE
    for index in INDICES:
        np.testing.assert_allclose(
            image.TransformIndexToPhysicalPoint(index), expected_position(volume, index)
        )
        assert image.GetPixel(index) == ARRAY[index]


def test_volumes_go_to_simpleitk_and_back(sitk, volume):
    assert_same(Volume.from_simpleitk(volume.to_simpleitk()), volume)


def test_images_changed_by_simpleitk_come_back_in_place(sitk, volume):
    changed = sitk.Flip(volume.to_simpleitk(), [True, False, True])
    changed = sitk.RegionOfInterest(changed, size=[2, 3, 4], index=[1, 0, 1])
    found = Volume.from_simpleitk(sitk.PermuteAxes(changed, [2, 0, 1]))
    for index in np.ndindex(*found.spatial_shape):
        origin = np.unravel_index(found.array[index], SHAPE)
        np.testing.assert_allclose(
            expected_position(found, index), expected_position(volume, origin)
        )


def test_simpleitk_reads_the_files_of_nibabel_alike(sitk, nibabel, volume, tmp_path):
    path = tmp_path / "volume.nii.gz"
    nibabel.save(volume.to_nibabel(), path)
    image = sitk.ReadImage(str(path))
    for index in INDICES:
        np.testing.assert_allclose(
            image.TransformIndexToPhysicalPoint(index),
            expected_position(volume, index),
            rtol=0,
            atol=1e-4,
        )
        assert image.GetPixel(index) == ARRAY[index]


def test_nibabel_reads_the_files_of_simpleitk_alike(sitk, nibabel, volume, tmp_path):
    path = tmp_path / "volume.nii"
    sitk.WriteImage(volume.to_simpleitk(), str(path))
    found = Volume.from_nibabel(nibabel.load(path))
    np.testing.assert_array_equal(found.array, ARRAY)
    np.testing.assert_allclose(found.affine, volume.affine, rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    "dtype", ["u1", "i1", "u2", ">i2", "u4", "i4", "u8", "i8", "f4", "f8"]
)
def test_simpleitk_keeps_types_of_data(sitk, dtype):
    volume = Volume(ARRAY.astype(dtype), np.eye(4), "PATIENT")
    found = Volume.from_simpleitk(volume.to_simpleitk())
    assert found.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(found.array, volume.array)


def test_other_images_of_simpleitk_are_refused(sitk):
    with pytest.raises(ArgumentTypeError, match="'simpleitk_image'"):
        Volume.from_simpleitk(ARRAY)
    for image in (
        sitk.Image([4, 5], sitk.sitkInt16),
        sitk.Image([2, 3, 4], sitk.sitkVectorUInt8, 3),
    ):
        with pytest.raises(InvalidArgumentError, match="3 axes and 1 component"):
            Volume.from_simpleitk(image)
    with pytest.raises(InvalidArgumentError, match="complex64"):
        Volume.from_simpleitk(sitk.Image([2, 3, 4], sitk.sitkComplexFloat32))


def test_itk_places_voxels_alike(itk, volume):
    image = volume.to_itk()
    for index in INDICES:
        np.testing.assert_allclose(
            np.array(image.TransformIndexToPhysicalPoint(index)),
            expected_position(volume, index),
        )
        assert image.GetPixel(index) == ARRAY[index]


def test_volumes_go_to_itk_and_back(itk, volume):
    assert_same(Volume.from_itk(volume.to_itk()), volume)


def test_regions_of_itk_that_start_elsewhere_come_back_in_place(itk, volume):
    image = volume.to_itk()
    region = itk.ImageRegion[3]()
    region.SetIndex([1, 2, 1])
    region.SetSize([2, 1, 3])
    extract = itk.ExtractImageFilter.New(image)
    extract.SetExtractionRegion(region)
    extract.SetDirectionCollapseToSubmatrix()
    found = Volume.from_itk(extract.GetOutput())
    np.testing.assert_array_equal(found.array, ARRAY[1:3, 2:3, 1:4])
    np.testing.assert_allclose(found.position, expected_position(volume, (1, 2, 1)))


@pytest.mark.parametrize(
    ("dtype", "kept"), [("u1", "u1"), ("i1", "i2"), ("i8", "i4"), ("f2", "f4")]
)
def test_itk_gets_types_of_data_that_it_knows(itk, dtype, kept):
    volume = Volume(ARRAY.astype(dtype), np.eye(4), "PATIENT")
    found = Volume.from_itk(volume.to_itk())
    assert found.dtype == np.dtype(kept)
    np.testing.assert_array_equal(found.array, volume.array)


def test_values_beyond_the_types_of_itk_are_refused(itk):
    volume = Volume(np.full((1, 1, 1), 2**40), np.eye(4), "PATIENT")
    with pytest.raises(InvalidArgumentError, match="ITK holds"):
        volume.to_itk()


def test_other_images_of_itk_are_refused(itk):
    with pytest.raises(ArgumentTypeError, match="'itk_image'"):
        Volume.from_itk(ARRAY)
    for image in (
        itk.image_from_array(np.zeros((3, 4), np.uint8)),
        itk.image_from_array(np.zeros((3, 4, 5, 2), np.uint8), is_vector=True),
    ):
        with pytest.raises(InvalidArgumentError, match="3 axes and 1 component"):
            Volume.from_itk(image)
