import numpy as np
import pytest
from pydicom.uid import (
    ConfocalMicroscopyTiledPyramidalImageStorage,
    CTImageStorage,
    ParametricMapStorage,
    SegmentationStorage,
)

from highdicom.errors import (
    ArgumentTypeError,
    FrameNumberError,
    InvalidAttributeError,
    MissingAttributeError,
    WrongSOPClassError,
)
from highdicom.spatial import iter_tiled_full_frame_data
from highdicom.spatial.dataset import frame_geometry
from highdicom.spatial.tiled_full import tiled_full_positions

# The slide of the fixture: 3 rows of 2 tiles of 16 by 32 pixels of 0.5 by 0.25 mm.
TILES = [
    (1, 1, 10.0, 20.0),
    (33, 1, 10.0, 12.0),
    (1, 17, 2.0, 20.0),
    (33, 17, 2.0, 12.0),
    (1, 33, -6.0, 20.0),
    (33, 33, -6.0, 12.0),
]


def test_frames_of_a_slide_follow_each_other_row_by_row(slide):
    assert list(iter_tiled_full_frame_data(slide())) == [
        (1, 1, *tile, 0.0) for tile in TILES
    ]


def test_focal_planes_come_before_optical_paths(slide):
    image = slide(focal_planes=2, optical_paths=2, between_slices=0.25)
    # PS3.3 C.7.6.17.3: tiles, then focal planes from the slide up, then channels.
    assert list(iter_tiled_full_frame_data(image)) == [
        (channel, plane, *tile, 0.25 * (plane - 1))
        for channel in (1, 2)
        for plane in (1, 2)
        for tile in TILES
    ]


def test_focal_planes_start_at_the_height_of_the_origin(slide):
    image = slide(focal_planes=2, between_slices=0.25, origin=(10.0, 20.0, 0.5))
    heights = [row[6] for row in iter_tiled_full_frame_data(image)]
    assert heights == [0.5] * 6 + [0.75] * 6


def test_numbers_are_plain_python_numbers(slide):
    first = next(iter_tiled_full_frame_data(slide()))
    assert [type(value) for value in first] == [int] * 4 + [float] * 3


def test_long_tables_are_computed_in_parts(slide):
    image = slide()
    image.TotalPixelMatrixRows = 16 * 400
    image.TotalPixelMatrixColumns = 32 * 400
    rows = list(iter_tiled_full_frame_data(image))
    assert len(rows) == 160_000
    assert rows[65_536][2:4] == (65_536 % 400 * 32 + 1, 65_536 // 400 * 16 + 1)
    assert rows[-1][2:4] == (399 * 32 + 1, 399 * 16 + 1)


def test_segments_are_channels(slide, item):
    image = slide()
    image.SOPClassUID = SegmentationStorage
    image.SegmentationType = "BINARY"
    image.SegmentSequence = [item(SegmentNumber=1), item(SegmentNumber=2)]
    channels = [row[0] for row in iter_tiled_full_frame_data(image)]
    assert channels == [1] * 6 + [2] * 6


def test_label_maps_and_parametric_maps_have_no_channels(slide, item):
    for sop_class, segmentation_type in [
        (SegmentationStorage, "LABELMAP"),
        ("1.2.840.10008.5.1.4.1.1.66.7", "LABELMAP"),
        (ParametricMapStorage, None),
    ]:
        image = slide()
        image.SOPClassUID = sop_class
        image.SegmentationType = segmentation_type
        image.SegmentSequence = [item(SegmentNumber=1), item(SegmentNumber=2)]
        rows = list(iter_tiled_full_frame_data(image))
        assert len(rows) == 6
        assert {row[0] for row in rows} == {None}
        assert tiled_full_positions(image).channel_number is None


def test_confocal_slides_have_optical_paths(slide):
    image = slide(optical_paths=2)
    image.SOPClassUID = ConfocalMicroscopyTiledPyramidalImageStorage
    assert len(list(iter_tiled_full_frame_data(image))) == 12


def test_optical_paths_are_counted_if_their_number_is_missing(slide):
    image = slide(optical_paths=2)
    del image.NumberOfOpticalPaths
    assert len(list(iter_tiled_full_frame_data(image))) == 12


def test_a_missing_number_of_focal_planes_means_one(slide):
    image = slide()
    del image.TotalPixelMatrixFocalPlanes
    assert len(list(iter_tiled_full_frame_data(image))) == 6


def test_columns_hold_what_the_rows_hold(slide):
    image = slide(focal_planes=3, optical_paths=2, between_slices=0.25)
    columns = tiled_full_positions(image)
    rows = zip(
        columns.channel_number.tolist(),
        columns.focal_plane_number.tolist(),
        columns.column_position.tolist(),
        columns.row_position.tolist(),
        columns.x.tolist(),
        columns.y.tolist(),
        columns.z.tolist(),
        strict=True,
    )
    assert list(rows) == list(iter_tiled_full_frame_data(image))


@pytest.mark.parametrize("count", [5, 7])
def test_columns_need_a_number_of_frames_that_fits(slide, count):
    image = slide()
    image.NumberOfFrames = count
    with pytest.raises(
        InvalidAttributeError, match=f"NumberOfFrames is {count}, .* ask for 6"
    ):
        tiled_full_positions(image)


def test_columns_of_a_part_of_a_concatenation_start_at_its_offset(slide):
    image = slide()
    image.ConcatenationUID = "2.25.5"
    image.ConcatenationFrameOffsetNumber = 4
    image.NumberOfFrames = 2
    columns = tiled_full_positions(image)
    assert columns.column_position.tolist() == [1, 33]
    assert columns.row_position.tolist() == [33, 33]
    np.testing.assert_array_equal(frame_geometry(image, 2).position, [-6.0, 12.0, 0.0])
    image.NumberOfFrames = 3
    with pytest.raises(InvalidAttributeError, match="NumberOfFrames is 3"):
        tiled_full_positions(image)
    with pytest.raises(
        InvalidAttributeError, match="Frame 3 lies beyond the last tile"
    ):
        frame_geometry(image, 3)


def test_each_frame_has_the_position_of_its_tile(slide):
    image = slide(focal_planes=2, optical_paths=2, between_slices=0.25)
    for number, row in enumerate(iter_tiled_full_frame_data(image), start=1):
        geometry = frame_geometry(image, number)
        assert geometry.position.tolist() == list(row[4:])
        assert geometry.spacing_between_slices == 0.25
    with pytest.raises(FrameNumberError, match="There is no frame 25"):
        frame_geometry(image, 25)


def test_spacing_of_focal_planes_is_not_guessed(slide):
    image = slide(focal_planes=2)
    with pytest.raises(MissingAttributeError) as caught:
        iter_tiled_full_frame_data(image)
    assert caught.value.path == (
        "SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]."
        "SpacingBetweenSlices"
    )


@pytest.mark.parametrize(
    "keyword",
    [
        "Rows",
        "Columns",
        "TotalPixelMatrixRows",
        "TotalPixelMatrixColumns",
        "TotalPixelMatrixOriginSequence",
        "ImageOrientationSlide",
        "SharedFunctionalGroupsSequence",
        "OpticalPathSequence",
        "SOPClassUID",
    ],
)
def test_missing_attributes_are_named(slide, keyword):
    image = slide()
    del image[keyword]
    with pytest.raises(MissingAttributeError, match="is missing") as caught:
        iter_tiled_full_frame_data(image)
    if keyword != "SharedFunctionalGroupsSequence":
        assert caught.value.keyword == keyword


@pytest.mark.parametrize(
    "keyword", ["Rows", "TotalPixelMatrixColumns", "TotalPixelMatrixFocalPlanes"]
)
def test_sizes_must_be_positive(slide, keyword):
    image = slide()
    setattr(image, keyword, 0)
    with pytest.raises(InvalidAttributeError, match=f"{keyword} must be an integer of"):
        iter_tiled_full_frame_data(image)


def test_other_organizations_and_classes_are_refused(slide, single_frame):
    image = slide()
    image.DimensionOrganizationType = "TILED_SPARSE"
    with pytest.raises(ValueError, match="must be TILED_FULL, but is 'TILED_SPARSE'"):
        iter_tiled_full_frame_data(image)
    with pytest.raises(ValueError, match="must be TILED_FULL, but is None"):
        iter_tiled_full_frame_data(single_frame())
    image = slide()
    image.SOPClassUID = CTImageStorage
    with pytest.raises(WrongSOPClassError, match="has no tiled images"):
        iter_tiled_full_frame_data(image)
    with pytest.raises(ArgumentTypeError, match="'dataset' must be a dataset"):
        iter_tiled_full_frame_data(5)
