import copy

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.tag import Tag

from highdicom.enum import CoordinateSystemNames
from highdicom.errors import (
    ArgumentTypeError,
    InvalidAttributeError,
    MissingAttributeError,
    NonconformantDatasetError,
    NonconformantDatasetWarning,
)
from highdicom.policy import reading_policy
from highdicom.spatial import get_image_coordinate_system, is_tiled_image
from highdicom.spatial.dataset import frame_geometry
from highdicom.spatial.plane import total_pixel_matrix_geometry


def test_images_with_a_position_are_in_the_patient(single_frame, enhanced):
    for image in (single_frame(), enhanced([(0, 0, 0)])):
        assert get_image_coordinate_system(image) is CoordinateSystemNames.PATIENT


def test_position_may_be_shared_by_all_frames(enhanced, item):
    image = enhanced([(0, 0, 0)])
    positions = image.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence
    del image.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence
    assert get_image_coordinate_system(image) is None
    image.SharedFunctionalGroupsSequence[0].PlanePositionSequence = positions
    assert get_image_coordinate_system(image) is CoordinateSystemNames.PATIENT
    np.testing.assert_array_equal(frame_geometry(image, 1).position, [0, 0, 0])


def test_slides_are_in_the_slide_coordinate_system(slide, item):
    assert get_image_coordinate_system(slide()) is CoordinateSystemNames.SLIDE
    microscopic = item(
        FrameOfReferenceUID="2.25.1", ImageCenterPointCoordinatesSequence=[item()]
    )
    assert get_image_coordinate_system(microscopic) is CoordinateSystemNames.SLIDE


def test_images_without_frame_of_reference_or_position_are_nowhere(single_frame):
    for keyword in ("FrameOfReferenceUID", "ImagePositionPatient"):
        image = single_frame()
        del image[keyword]
        assert get_image_coordinate_system(image) is None
        with pytest.raises(MissingAttributeError, match="no spatial information"):
            frame_geometry(image)


def test_tiled_images_have_a_total_pixel_matrix(slide, single_frame):
    assert is_tiled_image(slide())
    assert not is_tiled_image(single_frame())
    for keyword in (
        "TotalPixelMatrixRows",
        "TotalPixelMatrixColumns",
        "NumberOfFrames",
    ):
        image = slide()
        del image[keyword]
        assert not is_tiled_image(image)


@pytest.mark.parametrize("question", [get_image_coordinate_system, is_tiled_image])
def test_questions_are_asked_of_datasets(question):
    with pytest.raises(ArgumentTypeError, match="'dataset' must be a dataset, not str"):
        question("image.dcm")


def test_geometry_of_a_single_frame_image(single_frame):
    image = single_frame((1, 2, 3), (0, 1, 0, 0, 0, -1), (0.5, 0.25))
    image.SpacingBetweenSlices = "2.5"
    before = copy.deepcopy(image)
    geometry = frame_geometry(image)
    np.testing.assert_array_equal(geometry.position, [1, 2, 3])
    np.testing.assert_array_equal(geometry.orientation, [0, 1, 0, 0, 0, -1])
    np.testing.assert_array_equal(geometry.pixel_spacing, [0.5, 0.25])
    assert geometry.spacing_between_slices == 2.5
    assert image == before


@pytest.mark.parametrize(
    "keyword", ["ImageOrientationPatient", "PixelSpacing", "ImagePositionPatient"]
)
def test_missing_and_empty_attributes_are_named(single_frame, keyword):
    for empty in (False, True):
        image = single_frame()
        if empty:
            setattr(image, keyword, None)
        else:
            del image[keyword]
        with pytest.raises(MissingAttributeError) as caught:
            frame_geometry(image)
        if not (keyword == "ImagePositionPatient" and not empty):
            assert caught.value.keyword == keyword
            assert caught.value.path == keyword
        assert isinstance(caught.value, ValueError)
        assert isinstance(caught.value, AttributeError)


def test_imager_pixel_spacing_is_no_spacing_in_the_patient(single_frame):
    image = single_frame()
    del image.PixelSpacing
    image.ImagerPixelSpacing = [1.0, 1.0]
    with pytest.raises(MissingAttributeError, match="PixelSpacing is missing"):
        frame_geometry(image)


def test_attributes_may_be_per_frame_as_well_as_shared(enhanced):
    image = enhanced([(0, 0, 0), (0, 0, 1)], spacing=(0.5, 0.25))
    shared = image.SharedFunctionalGroupsSequence[0]
    for number, frame in enumerate(image.PerFrameFunctionalGroupsSequence, start=1):
        frame.PixelMeasuresSequence = copy.deepcopy(shared.PixelMeasuresSequence)
        frame.PixelMeasuresSequence[0].PixelSpacing = [number, number]
        frame.PlaneOrientationSequence = shared.PlaneOrientationSequence
    del image.SharedFunctionalGroupsSequence
    np.testing.assert_array_equal(frame_geometry(image, 2).pixel_spacing, [2, 2])


def test_groups_that_are_stored_twice_must_agree(enhanced):
    image = enhanced([(0, 0, 0)], spacing=(0.5, 0.25))
    shared = image.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence
    frame = image.PerFrameFunctionalGroupsSequence[0]
    frame.PixelMeasuresSequence = copy.deepcopy(shared)
    np.testing.assert_array_equal(frame_geometry(image, 1).pixel_spacing, [0.5, 0.25])
    frame.PixelMeasuresSequence[0].PixelSpacing = [1.0, 1.0]
    with pytest.raises(InvalidAttributeError, match=r"contradicts \[0.5, 0.25\]") as e:
        frame_geometry(image, 1)
    assert e.value.path == (
        "PerFrameFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing"
    )


@pytest.mark.parametrize(
    ("group", "keyword"),
    [
        ("PixelMeasuresSequence", "PixelSpacing"),
        ("PlaneOrientationSequence", "ImageOrientationPatient"),
    ],
)
def test_missing_functional_groups_are_named_with_their_path(enhanced, group, keyword):
    image = enhanced([(0, 0, 0), (0, 0, 1)])
    del image.SharedFunctionalGroupsSequence[0][group]
    with pytest.raises(MissingAttributeError) as caught:
        frame_geometry(image, 2)
    assert caught.value.keyword == keyword
    assert caught.value.path == (
        f"PerFrameFunctionalGroupsSequence[1].{group}[0].{keyword}"
    )


def test_top_level_attributes_of_enhanced_images_are_not_used(enhanced):
    image = enhanced([(1, 2, 3)], spacing=(0.5, 0.5))
    image.ImagePositionPatient = [9, 9, 9]
    image.PixelSpacing = [9, 9]
    geometry = frame_geometry(image, 1)
    np.testing.assert_array_equal(geometry.position, [1, 2, 3])
    np.testing.assert_array_equal(geometry.pixel_spacing, [0.5, 0.5])


def test_number_of_frames_counts_if_positions_are_shared(enhanced):
    image = enhanced([(1, 2, 3)])
    shared = image.SharedFunctionalGroupsSequence[0]
    shared.PlanePositionSequence = image.PerFrameFunctionalGroupsSequence[
        0
    ].PlanePositionSequence
    del image.PerFrameFunctionalGroupsSequence
    image.NumberOfFrames = 3
    np.testing.assert_array_equal(frame_geometry(image, 3).position, [1, 2, 3])


@pytest.mark.parametrize(
    ("keyword", "value", "message"),
    [
        ("PixelSpacing", [1.0, 0.0], "PixelSpacing must be positive"),
        ("PixelSpacing", [1.0, 1.0, 1.0], "PixelSpacing must hold 2 finite numbers"),
        ("ImagePositionPatient", [0, 0, "NaN"], "must hold 3 finite numbers"),
        ("ImagePositionPatient", 5.0, "must hold 3 finite numbers"),
        ("ImageOrientationPatient", [1, 0, 0, 1, 0, 0], "perpendicular unit vectors"),
        ("ImageOrientationPatient", [0] * 6, "perpendicular unit vectors"),
    ],
)
def test_impossible_values_are_refused(single_frame, keyword, value, message):
    image = single_frame()
    if value == [0, 0, "NaN"]:
        image["ImagePositionPatient"].value[2] = float("nan")
    else:
        setattr(image, keyword, value)
    with pytest.raises(InvalidAttributeError, match=message) as caught:
        frame_geometry(image)
    assert caught.value.keyword == keyword


def test_values_that_cannot_be_read_are_refused(single_frame):
    image = single_frame()
    tag = Tag("PixelSpacing")
    image._dict[tag] = RawDataElement(tag, "FD", 3, b"abc", 0, False, True)
    with pytest.raises(InvalidAttributeError, match="PixelSpacing cannot be read"):
        frame_geometry(image)


def test_text_where_numbers_belong_is_refused(single_frame):
    image = single_frame()
    image["PixelSpacing"] = DataElement("PixelSpacing", "LO", ["a", "b"])
    with pytest.raises(InvalidAttributeError, match="PixelSpacing must hold 2 numbers"):
        frame_geometry(image)


def test_inexact_direction_cosines_are_reported(single_frame):
    image = single_frame(orientation=(0.71, 0.71, 0, 0, 0, -1))
    with pytest.warns(NonconformantDatasetWarning, match="direction cosines deviate"):
        geometry = frame_geometry(image)
    np.testing.assert_array_equal(geometry.orientation, [0.71, 0.71, 0, 0, 0, -1])
    with reading_policy("lenient"):
        frame_geometry(image)
    with reading_policy("strict"), pytest.raises(NonconformantDatasetError):
        frame_geometry(image)


def test_frames_of_a_dose_grid_follow_their_offsets(single_frame):
    image = single_frame((1, 2, 3), (1, 0, 0, 0, -1, 0), (2, 2))
    image.NumberOfFrames = 3
    image.GridFrameOffsetVector = [0.0, 5.0, 7.5]
    # The normal of this orientation points to the foot.
    for number, z in [(1, 3.0), (2, -2.0), (3, -4.5)]:
        np.testing.assert_array_equal(frame_geometry(image, number).position, [1, 2, z])
    with pytest.raises(ArgumentTypeError, match="must be an integer"):
        frame_geometry(image)


def test_offsets_of_a_dose_grid_may_be_z_coordinates(single_frame):
    image = single_frame((1, 2, 3), (-1, 0, 0, 0, -1, 0))
    image.NumberOfFrames = 2
    image.GridFrameOffsetVector = [3.0, 8.0]
    np.testing.assert_array_equal(frame_geometry(image, 2).position, [1, 2, 8])


@pytest.mark.parametrize(
    ("orientation", "offsets"),
    [((1, 0, 0, 0, 1, 0), [1.0, 2.0]), ((0, 1, 0, 0, 0, 1), [3.0, 4.0])],
)
def test_other_offsets_of_a_dose_grid_are_refused(single_frame, orientation, offsets):
    image = single_frame((1, 2, 3), orientation)
    image.NumberOfFrames = 2
    image.GridFrameOffsetVector = offsets
    with pytest.raises(InvalidAttributeError, match="GridFrameOffsetVector must start"):
        frame_geometry(image, 2)


def test_frames_without_any_position_are_refused(single_frame):
    image = single_frame()
    image.NumberOfFrames = 2
    with pytest.raises(MissingAttributeError, match="GridFrameOffsetVector is missing"):
        frame_geometry(image, 2)


def test_number_of_frames_must_be_positive(single_frame):
    image = single_frame()
    image.NumberOfFrames = 0
    with pytest.raises(
        InvalidAttributeError, match="NumberOfFrames must be an integer"
    ):
        frame_geometry(image)


@pytest.fixture
def sparse(slide, item):
    """A TILED_SPARSE slide of two tiles."""
    image = slide()
    image.DimensionOrganizationType = "TILED_SPARSE"
    image.NumberOfFrames = 2
    image.PerFrameFunctionalGroupsSequence = [
        item(
            PlanePositionSlideSequence=[
                item(
                    XOffsetInSlideCoordinateSystem=x,
                    YOffsetInSlideCoordinateSystem=20.0,
                    ZOffsetInSlideCoordinateSystem=0.5,
                )
            ]
        )
        for x in (10.0, 2.0)
    ]
    return image


def test_tiles_of_a_sparse_slide_have_stored_positions(sparse):
    np.testing.assert_array_equal(frame_geometry(sparse, 1).position, [10, 20, 0.5])
    np.testing.assert_array_equal(frame_geometry(sparse, 2).position, [2, 20, 0.5])
    np.testing.assert_array_equal(frame_geometry(sparse, 2).pixel_spacing, [0.5, 0.25])


def test_tiles_of_a_sparse_slide_need_positions(sparse):
    frame = sparse.PerFrameFunctionalGroupsSequence[1]
    del frame.PlanePositionSlideSequence[0].ZOffsetInSlideCoordinateSystem
    with pytest.raises(MissingAttributeError) as caught:
        frame_geometry(sparse, 2)
    assert caught.value.path == (
        "PerFrameFunctionalGroupsSequence[1].PlanePositionSlideSequence[0]."
        "ZOffsetInSlideCoordinateSystem"
    )
    del frame.PlanePositionSlideSequence
    with pytest.raises(
        MissingAttributeError, match="PlanePositionSlideSequence is mis"
    ):
        frame_geometry(sparse, 2)


def test_total_pixel_matrix_lies_on_the_slide_unless_a_height_is_stored(slide):
    np.testing.assert_array_equal(
        total_pixel_matrix_geometry(slide()).position, [10.0, 20.0, 0.0]
    )
    image = slide(origin=(10.0, 20.0, 0.75), between_slices=0.001)
    geometry = total_pixel_matrix_geometry(image)
    np.testing.assert_array_equal(geometry.position, [10.0, 20.0, 0.75])
    assert geometry.spacing_between_slices == 0.001


def test_total_pixel_matrix_needs_origin_orientation_and_spacing(slide):
    for keyword in (
        "TotalPixelMatrixOriginSequence",
        "ImageOrientationSlide",
        "SharedFunctionalGroupsSequence",
    ):
        image = slide()
        del image[keyword]
        with pytest.raises(MissingAttributeError, match="missing"):
            total_pixel_matrix_geometry(image)
    image = slide()
    image.TotalPixelMatrixOriginSequence = []
    with pytest.raises(MissingAttributeError, match="not a tiled image"):
        total_pixel_matrix_geometry(image)


def test_an_empty_dataset_has_no_geometry():
    with pytest.raises(MissingAttributeError):
        frame_geometry(Dataset())
