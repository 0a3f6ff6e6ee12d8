"""Positions agree with SimpleITK and nibabel."""

import numpy as np
import pytest

from highdicom.spatial import (
    PixelToReferenceTransformer,
    ReferenceToPixelTransformer,
    convert_affine_to_convention,
    create_affine_matrix_from_attributes,
    create_affine_matrix_from_components,
    get_closest_patient_orientation,
    get_volume_positions,
)

# Within this the patient coordinates of a landmark have to agree, in millimetres.
CLOSE = 1e-4
SIZE = (12, 10, 8)
LANDMARKS = [(0, 0, 0), (11, 0, 0), (0, 9, 0), (0, 0, 7), (3, 7, 5)]

cosine, sine = np.cos(np.radians(25.0)), np.sin(np.radians(25.0))
ORIENTATIONS = {
    "axial": [1, 0, 0, 0, 1, 0],
    "axial seen from the head": [-1, 0, 0, 0, 1, 0],
    "flipped rows": [1, 0, 0, 0, -1, 0],
    "sagittal": [0, 1, 0, 0, 0, -1],
    "coronal": [1, 0, 0, 0, 0, -1],
    "oblique": [cosine, sine, 0, -sine * cosine, cosine * cosine, sine],
}
GEOMETRY = {
    "image_position": [-120.5, 33.25, 802.0],
    "pixel_spacing": [0.75, 0.5],
    "spacing_between_slices": 3.5,
}


@pytest.fixture(params=ORIENTATIONS.values(), ids=ORIENTATIONS.keys())
def affine(request):
    return create_affine_matrix_from_attributes(
        image_orientation=request.param, **GEOMETRY
    )


@pytest.fixture
def itk_image(affine):
    """The same geometry, described to ITK by its own words."""
    simpleitk = pytest.importorskip("SimpleITK")
    image = simpleitk.Image(*SIZE, simpleitk.sitkUInt8)
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    image.SetOrigin(affine[:3, 3].tolist())
    image.SetSpacing(spacing.tolist())
    image.SetDirection((affine[:3, :3] / spacing).ravel().tolist())
    return image


def test_affine_matrix_agrees_with_simpleitk(affine, itk_image):
    assert itk_image.GetSpacing() == pytest.approx((0.5, 0.75, 3.5))
    for landmark in LANDMARKS:
        np.testing.assert_allclose(
            (affine @ [*landmark, 1])[:3],
            itk_image.TransformIndexToPhysicalPoint(landmark),
            atol=CLOSE,
        )


def test_pixel_maps_agree_with_simpleitk_slice_by_slice(request, affine, itk_image):
    orientation = ORIENTATIONS[request.node.callspec.id]
    for column, row, number in LANDMARKS:
        position = itk_image.TransformIndexToPhysicalPoint((0, 0, number))
        plane = (position, orientation, GEOMETRY["pixel_spacing"])
        there = PixelToReferenceTransformer(*plane)(np.array([[column, row]]))
        expected = itk_image.TransformIndexToPhysicalPoint((column, row, number))
        np.testing.assert_allclose(there[0], expected, atol=CLOSE)
        back = ReferenceToPixelTransformer(*plane)(np.array([expected]))
        assert back.tolist() == [[column, row, 0]]


def test_slices_of_an_itk_image_form_a_volume_in_any_order(request, itk_image):
    orientation = ORIENTATIONS[request.node.callspec.id]
    order = [3, 0, 7, 1, 6, 2, 5, 4]
    positions = [
        itk_image.TransformIndexToPhysicalPoint((0, 0, number)) for number in order
    ]
    spacing, slots = get_volume_positions(positions, orientation, index_convention="RD")
    assert spacing == pytest.approx(3.5)
    assert slots == order


def test_components_agree_with_simpleitk(itk_image):
    direction = np.array(itk_image.GetDirection())
    affine = create_affine_matrix_from_components(
        spacing=itk_image.GetSpacing(),
        center_position=itk_image.TransformContinuousIndexToPhysicalPoint(
            [(size - 1) / 2 for size in SIZE]
        ),
        direction=direction,
        spatial_shape=SIZE,
    )
    np.testing.assert_allclose(affine[:3, 3], itk_image.GetOrigin(), atol=CLOSE)


def test_conversion_to_nifti_agrees_with_nibabel(affine):
    nibabel = pytest.importorskip("nibabel")
    nifti = nibabel.Nifti1Image(
        np.zeros(SIZE, np.uint8), convert_affine_to_convention(affine, "LPS", "RAS")
    )
    for landmark in LANDMARKS:
        x, y, z = nibabel.affines.apply_affine(nifti.affine, landmark)
        np.testing.assert_allclose(
            (affine @ [*landmark, 1])[:3], [-x, -y, z], atol=CLOSE
        )


def test_closest_orientation_agrees_with_nibabel(affine):
    nibabel = pytest.importorskip("nibabel")
    ras = convert_affine_to_convention(affine, "LPS", "RAS")
    codes = [code.value for code in get_closest_patient_orientation(affine)]
    expected = nibabel.aff2axcodes(ras)
    assert codes == [{"S": "H", "I": "F"}.get(code, code) for code in expected]
