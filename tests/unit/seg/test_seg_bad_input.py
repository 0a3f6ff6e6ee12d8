"""What does not fit is refused with the name of the argument, and nothing is made."""

from copy import deepcopy

import numpy as np
import pytest
import seg_objects
from pydicom import DataElement, Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.uid import JPEG2000, ExplicitVRBigEndian, JPEGBaseline8Bit
from seg_objects import KINDS, described, labels, segmentation

from highdicom import Image, Volume, testing
from highdicom.content import (
    PaletteColorLUT,
    PaletteColorLUTTransformation,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.errors import (
    InvalidAttributeError,
    MissingAttributeError,
    NonconformantDatasetWarning,
)

CT = testing.ct_series(3)
SLIDE = [testing.slide()]
ARRAY = labels((3, 16, 20))
MASK = ARRAY == 1
MATRIX = labels((1, 50, 70))
AFFINE = [[0, 0, 1, 0], [0, 1, 0, 0], [2, 0, 0, 0], [0, 0, 0, 1]]
every_kind = pytest.mark.parametrize("kind", KINDS)


def changed(**attributes):
    """CT series of which the last image differs."""
    images = deepcopy(CT)
    for keyword, value in attributes.items():
        if value is None:
            delattr(images[-1], keyword)
        else:
            setattr(images[-1], keyword, value)
    return images


def without(keyword):
    images = deepcopy(CT)
    for image in images:
        delattr(image, keyword)
    return images


def positions(count=3, system="PATIENT", *, step=2.0):
    if system == "SLIDE":
        return [
            PlanePositionSequence(system, [20.0, 40.0, 0.0], (1, 1))
            for _ in range(count)
        ]
    return [PlanePositionSequence(system, [0.0, 0.0, step * n]) for n in range(count)]


def volume(**options):
    identity = {
        "coordinate_system": "PATIENT",
        "frame_of_reference_uid": CT[0].FrameOfReferenceUID,
        **options,
    }
    return Volume(identity.pop("array", ARRAY), AFFINE, **identity)


def palette():
    table = np.arange(256, dtype=np.uint8)
    return PaletteColorLUTTransformation(
        *(PaletteColorLUT(0, table, color) for color in ("red", "green", "blue"))
    )


REFUSED = {
    # pixels
    "values without description": (
        ValueError,
        "'pixel_array' .*labels \\[3\\]",
        {},
        (1, 2),
    ),
    "wrong number of planes": (
        ValueError,
        "'pixel_array' has 2 planes.* 3",
        {"pixels": ARRAY[:2]},
    ),
    "wrong size": (
        ValueError,
        "'pixel_array' .* 15 rows and 20 columns.* 16 and 20",
        {"pixels": ARRAY[:, 1:]},
    ),
    "one axis": (ValueError, "'pixel_array' must be of shape", {"pixels": ARRAY[0, 0]}),
    "no planes": (ValueError, "'pixel_array' must be of shape", {"pixels": ARRAY[:0]}),
    "list": (
        TypeError,
        "'pixel_array' must be a numpy array or a Volume, not list",
        {"pixels": ARRAY.tolist()},
    ),
    "signed integers": (
        TypeError,
        "'pixel_array' .*not int16",
        {"pixels": ARRAY.astype(np.int16)},
    ),
    "wide integers": (
        TypeError,
        "'pixel_array' .*not int64",
        {"pixels": ARRAY.astype(np.int64)},
    ),
    "half precision": (
        TypeError,
        "'pixel_array' .*not float16",
        {"pixels": MASK.astype(np.float16)},
        (1,),
    ),
    "complex": (
        TypeError,
        "'pixel_array' .*not complex128",
        {"pixels": MASK.astype(complex)},
        (1,),
    ),
    "more than one": (
        ValueError,
        "'pixel_array' .*from 0 to 1, not from 0 to 1.5",
        {"pixels": MASK * 1.5},
        (1,),
    ),
    "less than zero": (
        ValueError,
        "'pixel_array' .*from 0 to 1, not from -0.5",
        {"pixels": MASK * -0.5},
        (1,),
    ),
    "not a number": (
        ValueError,
        "'pixel_array' .*nan",
        {"pixels": np.where(MASK, np.nan, 0.0)},
        (1,),
    ),
    "too few segments": (
        ValueError,
        "'pixel_array' has 2 segments .*describe 3",
        {"pixels": np.stack([MASK, MASK], -1)},
    ),
    "stack of labels": (
        ValueError,
        "'pixel_array' must hold zeros and ones",
        {"pixels": np.stack([ARRAY] * 3, -1)},
    ),
    # segments
    "no descriptions": (
        ValueError,
        "'segment_descriptions' must not be empty",
        {"segment_descriptions": []},
    ),
    "no description": (
        TypeError,
        "'segment_descriptions'\\[0\\] .*not Dataset",
        {"segment_descriptions": [Dataset()]},
    ),
    "numbers in disorder": (
        ValueError,
        "'segment_descriptions' .*\\[2, 1, 3\\]",
        {},
        (2, 1, 3),
    ),
    "numbers twice": (
        ValueError,
        "'segment_descriptions' .*\\[1, 2, 2\\]",
        {},
        (1, 2, 2),
    ),
    "unknown type": (
        ValueError,
        "'segmentation_type' must be one of BINARY",
        {"kind": "SPECIAL"},
    ),
    # source images
    "no sources": (ValueError, "'source_images' must not be empty", {"sources": []}),
    "dataset as sources": (
        TypeError,
        "'source_images' must be a sequence",
        {"sources": CT[0]},
    ),
    "number as source": (
        TypeError,
        "'source_images'\\[0\\] must be a Dataset, not int",
        {"sources": [1]},
    ),
    "source twice": (
        ValueError,
        "'source_images' must hold each image once",
        {"sources": [CT[0], CT[1], CT[0]]},
    ),
    "two series": (
        ValueError,
        "'source_images' must share SeriesInstanceUID",
        {"sources": changed(SeriesInstanceUID="1.2")},
    ),
    "two studies": (
        ValueError,
        "'source_images' must share StudyInstanceUID",
        {"sources": changed(StudyInstanceUID="1.2")},
    ),
    "two frames of reference": (
        ValueError,
        "'source_images' must share FrameOfReferenceUID",
        {"sources": changed(FrameOfReferenceUID="1.2")},
    ),
    "two patients": (
        ValueError,
        "'source_images' must share PatientID",
        {"sources": changed(PatientID="X")},
    ),
    "two sizes": (
        ValueError,
        "'source_images' must share Rows",
        {"sources": changed(Rows=8)},
    ),
    "two spacings": (
        ValueError,
        "'source_images' must share PixelSpacing",
        {"sources": changed(PixelSpacing=[1, 2])},
    ),
    "two orientations": (
        ValueError,
        "'source_images' must share ImageOrientationPatient",
        {"sources": changed(ImageOrientationPatient=[0, 1, 0, 1, 0, 0])},
    ),
    "two images in one place": (
        ValueError,
        "duplicates",
        {"sources": changed(ImagePositionPatient=CT[0].ImagePositionPatient)},
    ),
    "several multi-frame images": (
        ValueError,
        "'source_images' must be a single multi-frame image",
        {"sources": [testing.enhanced_ct(3), testing.enhanced_ct(3, seed=2)]},
    ),
    "no study": (
        AttributeError,
        "'source_images'\\[2\\] lacks StudyInstanceUID",
        {"sources": changed(StudyInstanceUID=None)},
    ),
    "no instance": (
        AttributeError,
        "'source_images'\\[2\\] lacks SOPInstanceUID",
        {"sources": changed(SOPInstanceUID=None)},
    ),
    "no spacing": (
        AttributeError,
        "PixelSpacing",
        {"sources": without("PixelSpacing")},
    ),
    "no positions": (
        ValueError,
        "'source_images' must be a single image",
        {"sources": without("ImagePositionPatient")},
    ),
    "further of another study": (
        ValueError,
        "'further_source_images'\\[0\\] must belong to the study",
        {"further_source_images": changed(StudyInstanceUID="1.2")[-1:]},
    ),
    "further of another type": (
        TypeError,
        "'further_source_images'\\[0\\] must be a Dataset",
        {"further_source_images": ["x"]},
    ),
    # geometry
    "positions with a volume": (
        TypeError,
        "'plane_positions' must not be given with a volume",
        {"pixels": volume(), "plane_positions": positions()},
    ),
    "volume elsewhere": (
        ValueError,
        "frame of reference 1.2.3",
        {"pixels": volume(frame_of_reference_uid="1.2.3")},
    ),
    "volume on a slide": (
        ValueError,
        "coordinate system SLIDE",
        {"pixels": volume(coordinate_system="SLIDE")},
    ),
    "volume with channels": (
        ValueError,
        "'pixel_array' .*no channels other than",
        {
            "pixels": volume(
                array=np.stack([MASK] * 3, -1),
                channels={"OpticalPathIdentifier": ["1", "2", "3"]},
            )
        },
    ),
    "volume of other segments": (
        ValueError,
        "'pixel_array' .*\\[4, 5, 6\\]",
        {
            "pixels": volume(
                array=np.stack([MASK] * 3, -1), channels={"SegmentNumber": [4, 5, 6]}
            )
        },
    ),
    "no positions given": (
        ValueError,
        "'plane_positions' must not be empty",
        {"plane_positions": []},
    ),
    "too few positions": (
        ValueError,
        "'pixel_array' has 3 planes.* 2 'plane_positions'",
        {"plane_positions": positions(2)},
    ),
    "positions twice": (
        ValueError,
        "'plane_positions'.* duplicates",
        {"plane_positions": positions(step=0.0)},
    ),
    "positions on a slide": (
        ValueError,
        "'plane_positions\\[0\\]' refers to the coordinate system SLIDE",
        {"plane_positions": positions(system="SLIDE")},
    ),
    "positions of another type": (
        TypeError,
        "'plane_positions\\[0\\]' must be a PlanePositionSequence, not int",
        {"plane_positions": [1, 2, 3]},
    ),
    "orientation on a slide": (
        ValueError,
        "'plane_orientation' refers to",
        {"plane_orientation": PlaneOrientationSequence("SLIDE", [1.0, 0, 0, 0, 1, 0])},
    ),
    "measures of another type": (
        TypeError,
        "'pixel_measures' must be a PixelMeasuresSequence",
        {"pixel_measures": [1, 1]},
    ),
    "size without measures": (
        ValueError,
        "'plane_positions' and 'pixel_measures'",
        {"pixels": ARRAY[:, 1:], "plane_positions": positions()},
    ),
    # tiles
    "tile size without tiling": (
        TypeError,
        "'tile_size' must not be given",
        {"tile_size": (8, 8)},
    ),
    "tiling of no slide": (
        ValueError,
        "'tile_pixel_array' must not be True",
        {"pixels": ARRAY[:1], "tile_pixel_array": True},
    ),
    # organisation
    "tiles of no slide": (
        ValueError,
        "'dimension_organization_type' must not be TILED_FULL",
        {"dimension_organization_type": "TILED_FULL"},
    ),
    "unknown organization": (
        ValueError,
        "'dimension_organization_type' must be one of",
        {"dimension_organization_type": "4D"},
    ),
    "dynamic": (
        ValueError,
        "'dimension_organization_type' must not be 3D_TEMPORAL",
        {"dimension_organization_type": "3D_TEMPORAL"},
    ),
    "irregular volume": (
        ValueError,
        "'dimension_organization_type' must not be 3D",
        {
            "dimension_organization_type": "3D",
            "pixels": np.ones((4, 16, 20), np.uint8),
            "sources": testing.ct_series(5, missing_slices=[2]),
        },
        (1,),
    ),
    "pyramid of no slide": (
        TypeError,
        "'pyramid_uid' must not be given",
        {"pyramid_uid": "1.2.3"},
    ),
    "label of no pyramid": (
        TypeError,
        "'pyramid_label' must not be given",
        {"pyramid_label": "x"},
    ),
    # encoding
    "lossy": (
        ValueError,
        "'transfer_syntax_uid' .*JPEG 2000",
        {"transfer_syntax_uid": JPEG2000},
    ),
    "lossy JPEG": (
        ValueError,
        "JPEG Baseline",
        {"transfer_syntax_uid": JPEGBaseline8Bit},
    ),
    "big endian": (
        ValueError,
        "Big Endian",
        {"transfer_syntax_uid": ExplicitVRBigEndian},
    ),
    "unknown syntax": (
        ValueError,
        "'1.2.3' is not that of a transfer syntax",
        {"transfer_syntax_uid": "1.2.3"},
    ),
    "workers": (
        TypeError,
        "'workers' must be an integer or an executor, not str",
        {"workers": "two"},
    ),
    # identity
    "bad UID": (
        ValueError,
        "'sop_instance_uid' must be a UID",
        {"sop_instance_uid": "abc"},
    ),
    "bad number": (ValueError, "'series_number'", {"series_number": 0}),
    "bad label": (ValueError, "'content_label'", {"content_label": "lower case"}),
    "bad keyword": (TypeError, "unexpected keyword argument 'foo'", {"foo": 1}),
}


@every_kind
@pytest.mark.parametrize("what", REFUSED)
def test_bad_argument_is_named(what, kind):
    error, message, arguments, *numbers = REFUSED[what]
    arguments = {"sources": CT, "pixels": ARRAY, "kind": kind, **arguments}
    numbers = numbers[0] if numbers else (1, 2, 3)
    with pytest.raises(error, match=message) as raised:
        segmentation(numbers=numbers, **arguments)
    if "unexpected" not in message:
        assert str(raised.value).endswith(".")
        assert type(raised.value).__module__ == "highdicom.errors"


@every_kind
@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("'pixel_array' must be a single plane", {"pixels": np.repeat(MATRIX, 2, 0)}),
        ("'pixel_array' has 49 rows and 70", {"pixels": MATRIX[:, 1:]}),
        ("'tile_size' .*\\(0, 8\\)", {"tile_size": (0, 8)}),
        ("'tile_size' .*\\(8, 8, 8\\)", {"tile_size": (8, 8, 8)}),
        ("'tile_size' .*\\(8, 65536\\)", {"tile_size": (8, 65536)}),
        (
            "'plane_positions' must be the one",
            {"plane_positions": positions(2, "SLIDE")},
        ),
        (
            "'plane_positions' must be that of row 1 and column 1",
            {
                "plane_positions": [
                    PlanePositionSequence("SLIDE", [20.0, 40.0, 0.0], (2, 3))
                ]
            },
        ),
        ("must not be 3D", {"dimension_organization_type": "3D"}),
        ("'omit_empty_frames'", {"dimension_organization_type": "TILED_FULL"}),
    ],
)
def test_bad_argument_of_a_slide_is_named(kind, message, arguments):
    arguments = {"pixels": MATRIX, "tile_pixel_array": True, **arguments}
    with pytest.raises(ValueError, match=message):
        segmentation(SLIDE, kind=kind, **arguments)


@pytest.mark.parametrize("size", [8, (8.0, 8.0), ("a", "b")])
def test_tile_size_must_be_integers(size):
    with pytest.raises(TypeError, match="'tile_size' must be two integers"):
        segmentation(SLIDE, MATRIX, "BINARY", tile_pixel_array=True, tile_size=size)


def test_tiles_must_lie_where_row_and_column_say():
    wrong = [
        PlanePositionSequence("SLIDE", [20.0 - 0.01 * n, 40.0, 0.0], (1, 1 + 16 * n))
        for n in range(3)
    ]
    with pytest.raises(ValueError, match=r"'plane_positions\[1\]' lies 0.002 mm"):
        segmentation(SLIDE, ARRAY, "BINARY", plane_positions=wrong)


def test_tiles_in_full_organization_must_all_be_there():
    some = [
        PlanePositionSequence("SLIDE", [20.0 - 0.016 * n, 40.0, 0.0], (1, 1 + 32 * n))
        for n in range(3)
    ]
    with pytest.raises(ValueError, match="not all the tiles"):
        segmentation(
            SLIDE,
            ARRAY,
            "BINARY",
            plane_positions=some,
            dimension_organization_type="TILED_FULL",
            omit_empty_frames=False,
        )


@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP"])
def test_fractions_need_a_fractional_segmentation(kind):
    with pytest.raises(ValueError, match=r"'pixel_array' .* only zeros and ones"):
        segmentation(CT, MASK * 0.5, kind, (1,))


def test_fractions_are_those_of_one_segment():
    with pytest.raises(ValueError, match=r"'pixel_array' .*shows one segment"):
        segmentation(CT, MASK * 0.5, "FRACTIONAL", (1, 2))


@pytest.mark.parametrize(
    ("error", "value"),
    [(ValueError, 0), (ValueError, 256), (TypeError, 1.5), (TypeError, "a")],
)
def test_greatest_fraction_must_fit_a_byte(error, value):
    with pytest.raises(error, match="'max_fractional_value' must be"):
        segmentation(CT, MASK, "FRACTIONAL", (1,), max_fractional_value=value)


@pytest.mark.parametrize("value", [None, "VOLUME"])
def test_fractions_must_mean_something(value):
    with pytest.raises(ValueError, match="'fractional_type' must be one of"):
        segmentation(CT, MASK, "FRACTIONAL", (1,), fractional_type=value)


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL"])
def test_only_label_maps_may_skip_numbers(kind):
    array = np.where(ARRAY == 3, 7, ARRAY).astype(np.uint8)
    with pytest.raises(ValueError, match=r"'segment_descriptions' .*\[1, 2, 7\]"):
        segmentation(CT, array, kind, (1, 2, 7))


def test_only_label_maps_have_colours():
    with pytest.raises(TypeError, match="'palette_color_lut_transformation' must not"):
        segmentation(CT, ARRAY, "BINARY", palette_color_lut_transformation=palette())
    with pytest.raises(TypeError, match="must be a PaletteColorLUTTransformation"):
        segmentation(CT, ARRAY, "LABELMAP", palette_color_lut_transformation=1)
    with pytest.raises(TypeError, match="'icc_profile' must not be given without"):
        segmentation(CT, ARRAY, "LABELMAP", icc_profile=b"x")


def test_image_without_frame_of_reference_takes_no_geometry():
    with pytest.raises(TypeError, match=r"'plane_positions\[0\]' must not be given"):
        segmentation(
            [testing.cr_image()], ARRAY[1:2], "BINARY", plane_positions=positions(1)
        )


def test_segments_cannot_be_added():
    image = segmentation(CT, ARRAY, "BINARY")
    with pytest.raises(AttributeError, match="cannot be added"):
        image.add_segments(ARRAY, [described(4)])


def test_label_map_has_no_place_for_segment_zero():
    with pytest.raises(ValueError, match="between 1 and 65535"):
        described(0)


def test_source_frames_without_position_are_named():
    series = testing.ct_series(3, rows=4, columns=5)
    del series[1].ImagePositionPatient
    with pytest.raises(MissingAttributeError, match=r"1 of 3 .* first of them frame 2"):
        segmentation(series, np.ones((3, 4, 5), np.uint8), "BINARY", numbers=(1,))


def test_frames_that_the_source_only_claims_are_named():
    source = testing.enhanced_ct(3, rows=4, columns=5)
    source.NumberOfFrames = 9
    with (
        pytest.warns(NonconformantDatasetWarning, match="3 items for 9 frames"),
        pytest.raises(MissingAttributeError, match=r"6 of 9 .* first of them frame 4"),
    ):
        segmentation([source], np.ones((9, 4, 5), np.uint8), "BINARY", numbers=(1,))


@pytest.fixture
def of_enhanced():
    source = testing.enhanced_ct(3, rows=4, columns=5)
    image = segmentation([source], np.ones((3, 4, 5), np.uint8), "BINARY", numbers=(1,))
    return source, image


def test_all_frames_of_a_source_are_not_as_many_as_a_damaged_number_says(of_enhanced):
    source, image = of_enhanced
    item = image.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0]
    item.SourceImageSequence[0].ReferencedFrameNumber = 2**31 - 1
    image = seg_objects.read_again(image)
    with pytest.raises(InvalidAttributeError, match="refers to frame 2147483647"):
        image.get_pixels_by_source_frame(
            source.SOPInstanceUID, assert_missing_frames_are_empty=True
        )


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("SegmentationType", "MASK"),
        ("SegmentationType", None),
        ("SegmentSequence", None),
        ("Rows", None),
    ],
)
def test_attributes_that_reading_needs_are_named(of_enhanced, keyword, value):
    _, image = of_enhanced
    delattr(image, keyword)
    if value is not None:
        setattr(image, keyword, value)
    with pytest.raises((InvalidAttributeError, MissingAttributeError), match=keyword):
        image.get_volume()


@pytest.mark.parametrize(
    "keyword", ["DimensionIndexSequence", "SharedFunctionalGroupsSequence"]
)
def test_text_in_place_of_items_is_named(of_enhanced, keyword):
    _, image = of_enhanced
    image.add(DataElement(tag_for_keyword(keyword), "LO", "text"))
    image = seg_objects.read_again(image)
    with pytest.raises(InvalidAttributeError, match=f"{keyword} must be a sequence"):
        image.get_volume()


@pytest.mark.parametrize("kind", ["image", "segmentation"])
def test_sizes_of_total_pixel_matrices_that_are_text_are_named(kind):
    image = testing.slide()
    if kind == "segmentation":
        pixels = np.ones((1, image.TotalPixelMatrixRows, image.TotalPixelMatrixColumns))
        image = segmentation(
            [image], pixels == 1, "BINARY", numbers=(1,), tile_pixel_array=True
        )
    image.add(DataElement(tag_for_keyword("TotalPixelMatrixRows"), "LO", "text"))
    read = seg_objects.Segmentation if kind == "segmentation" else Image
    image = read.from_dataset(image)
    assert not image.is_indexable_as_total_pixel_matrix()
    with pytest.raises(InvalidAttributeError, match="TotalPixelMatrixRows"):
        image.get_total_pixel_matrix()
