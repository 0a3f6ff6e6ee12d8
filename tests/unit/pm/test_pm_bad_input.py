"""What parametric maps refuse, and what they say then."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom import UID, VOILUTTransformation, Volume
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.content.plane import PixelMeasuresSequence, PlanePositionSequence
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    HighdicomError,
    InvalidArgumentError,
    MissingAttributeError,
    SourceError,
    UnsupportedTransferSyntaxError,
    WrongSOPClassError,
)
from highdicom.pm import ParametricMap, RealWorldValueMapping, pmread
from highdicom.testing import (
    cr_image,
    ct_series,
    enhanced_ct,
    file_bytes,
    icc_profile,
    mr_series,
    slide,
)

CT = ct_series(4)
PIXELS = np.zeros((4, 16, 20), np.float32)
CHANNELS = np.zeros((4, 16, 20, 2), np.float32)
INTEGERS = PIXELS.astype(np.uint16)
PALETTE = PaletteColorLUTTransformation.from_colors(["black", "red"])
POSITION = PlanePositionSequence("PATIENT", [1.0, 2.0, 3.0])
AFFINE = np.diag([2.0, 1.0, 1.0, 1.0])


def mapping(label="P", value_range=(0.0, 1.0)):
    return RealWorldValueMapping(label, "Text", codes.UCUM.NoUnits, value_range)


FLOATS, WHOLE = [mapping()], [mapping(value_range=(0, 65535))]


def volume(shape=(3, 5, 6), uid=None, system="PATIENT", channels=None):
    return Volume(
        np.zeros(shape, np.float32),
        AFFINE,
        system,
        frame_of_reference_uid=uid or CT[0].FrameOfReferenceUID,
        channels=channels,
    )


def make(images=CT, pixels=PIXELS, mappings=FLOATS, **options):
    arguments = {
        "series_instance_uid": UID(),
        "series_number": 3,
        "sop_instance_uid": UID(),
        "instance_number": 2,
        "manufacturer": "Maker",
        "manufacturer_model_name": "Model",
        "software_versions": "1.0",
        "device_serial_number": "17",
        "contains_recognizable_visual_features": False,
        "real_world_value_mappings": mappings,
        "voi_lut_transformations": [VOILUTTransformation(0.5, 1.0)],
    }
    return ParametricMap(images, pixels, **{**arguments, **options})


def refused(error, text, *args, **options):
    with pytest.raises(error, match=text) as caught:
        make(*args, **options)
    assert isinstance(caught.value, HighdicomError)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "dtype", ["i1", "i2", "i4", "i8", "u4", "u8", "f2", "?", "c8", "S1", "O"]
)
def test_types_of_pixels(dtype):
    refused(InvalidArgumentError, "'pixel_array'.*float64", CT, PIXELS.astype(dtype))


@pytest.mark.parametrize(
    "shape", [(), (20,), (1, 4, 16, 20, 1), (0, 16, 20), (4, 16, 20, 0)]
)
def test_shapes_that_no_map_has(shape):
    refused(InvalidArgumentError, "'pixel_array'", CT, np.zeros(shape, np.float32))


def test_shapes_that_do_not_fit_the_sources():
    refused(InvalidArgumentError, "3 planes.*4 source frames", CT, PIXELS[:3])
    refused(InvalidArgumentError, "15 rows.*16", CT, PIXELS[:, :15])
    refused(InvalidArgumentError, "4 planes", CT[:1], PIXELS)
    refused(
        InvalidArgumentError,
        "'plane_positions'",
        CT,
        PIXELS,
        plane_positions=[POSITION],
    )
    refused(
        InvalidArgumentError,
        "'pixel_measures'",
        CT,
        PIXELS[:1, :5],
        plane_positions=[POSITION],
    )


def test_pixels_that_are_no_array():
    refused(ArgumentTypeError, "'pixel_array'.*list", CT, PIXELS.tolist())
    refused(ArgumentTypeError, "'pixel_array'.*NoneType", CT, None)


@pytest.mark.parametrize(
    ("pixels", "mappings", "error", "text"),
    [
        (PIXELS, None, ArgumentTypeError, "NoneType"),
        (PIXELS, [], ArgumentTypeError, "empty"),
        (PIXELS, [3], ArgumentTypeError, "of int"),
        (PIXELS, mapping(), ArgumentTypeError, "RealWorldValueMapping"),
        (PIXELS, [Dataset()], ArgumentTypeError, "of Dataset"),
        (PIXELS, [FLOATS], ArgumentTypeError, "of list"),
        (PIXELS, "abc", ArgumentTypeError, "str"),
        (PIXELS, WHOLE, InvalidArgumentError, "floating point numbers"),
        (INTEGERS, FLOATS, InvalidArgumentError, "integers"),
        (CHANNELS, FLOATS, ArgumentTypeError, "for each channel"),
        (CHANNELS, [mapping(), mapping()], ArgumentTypeError, "for each channel"),
        (CHANNELS, [FLOATS], InvalidArgumentError, "2 channels.*for 1"),
        (CHANNELS, [FLOATS] * 3, InvalidArgumentError, "2 channels.*for 3"),
        (CHANNELS, [FLOATS, []], ArgumentTypeError, r"\[1\].*empty"),
        (CHANNELS, [FLOATS, [3]], ArgumentTypeError, r"\[1\].*of int"),
        (CHANNELS, [FLOATS, mapping()], ArgumentTypeError, "for each channel"),
        (CHANNELS, [FLOATS, WHOLE], InvalidArgumentError, "floating point"),
    ],
)
def test_mappings_that_do_not_fit_the_pixels(pixels, mappings, error, text):
    refused(error, f"'real_world_value_mappings.*{text}", CT, pixels, mappings)


def test_what_is_no_number_cannot_be_mapped_as_an_integer():
    pixels = PIXELS.copy()
    pixels[0, 0, 0] = np.nan
    refused(InvalidArgumentError, "'real_world_value_mappings'", CT, pixels, WHOLE)


def test_volumes_that_lie_elsewhere_or_have_other_channels():
    refused(InvalidArgumentError, "frame of reference", CT, volume(uid="1.2.3"))
    refused(InvalidArgumentError, "SLIDE", CT, volume(system="SLIDE"))
    with_labels = volume((3, 5, 6, 2), channels={"LUTLabel": ["a", "b"]})
    swapped = [[mapping("b")], [mapping("a")]]
    refused(InvalidArgumentError, "labels.*'a', 'b'", CT, with_labels, swapped)
    several = [[mapping("a"), mapping("x")], [mapping("b")]]
    refused(InvalidArgumentError, "single mapping", CT, with_labels, several)
    others = volume((3, 5, 6, 2), channels={"OpticalPathIdentifier": ["1", "2"]})
    refused(InvalidArgumentError, "'LUTLabel'", CT, others, [FLOATS, FLOATS])
    two_axes = volume(
        (3, 5, 6, 2, 1),
        channels={"LUTLabel": ["a", "b"], "OpticalPathIdentifier": ["1"]},
    )
    refused(InvalidArgumentError, "'pixel_array'", CT, two_axes, swapped)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plane_positions", [POSITION]),
        ("pixel_measures", PixelMeasuresSequence([1, 1], 1)),
        ("plane_orientation", volume().get_plane_orientation()),
    ],
)
def test_a_volume_and_another_geometry(name, value):
    refused(ConflictingArgumentsError, f"'{name}'", CT, volume(), **{name: value})


@pytest.mark.parametrize(
    ("images", "error", "text"),
    [
        ([], InvalidArgumentError, "'source_images'"),
        (None, ArgumentTypeError, "'source_images'"),
        ([3], ArgumentTypeError, "'source_images'"),
        (CT[0], ArgumentTypeError, "'source_images'"),
        ([CT[0], CT[0]], InvalidArgumentError, "once"),
        ([CT[0], mr_series(1)[0]], InvalidArgumentError, "'source_images'"),
        ([enhanced_ct(), enhanced_ct()], InvalidArgumentError, "multi-frame"),
    ],
)
def test_sources_that_do_not_belong_together(images, error, text):
    refused(error, text, images, PIXELS[:2])


def test_sources_without_a_frame_of_reference():
    image = cr_image()
    pixels = np.zeros((image.Rows, image.Columns), np.float32)
    refused(MissingAttributeError, "frame of reference", [image], pixels)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("image_flavor", "X", InvalidArgumentError),
        ("derived_pixel_contrast", "X", InvalidArgumentError),
        ("content_qualification", "X", InvalidArgumentError),
        ("content_label", "lower case", InvalidArgumentError),
        ("content_label", "X" * 17, InvalidArgumentError),
        ("content_description", "x" * 65, InvalidArgumentError),
        ("content_creator_identification", 3, ArgumentTypeError),
        ("derivation", "x", ArgumentTypeError),
        ("pixel_measures", 3, ArgumentTypeError),
        ("plane_orientation", 3, ArgumentTypeError),
        ("plane_positions", [3] * 4, ArgumentTypeError),
        ("further_source_images", [3], ArgumentTypeError),
        ("contributing_equipment", [3], ArgumentTypeError),
        ("series_number", 0, InvalidArgumentError),
        ("instance_number", 0, InvalidArgumentError),
        ("tile_size", (8, 8), ConflictingArgumentsError),
        ("tile_pixel_array", True, InvalidArgumentError),
        ("dimension_organization_type", "X", InvalidArgumentError),
        ("dimension_organization_type", "3D_TEMPORAL", InvalidArgumentError),
        ("dimension_organization_type", "TILED_FULL", InvalidArgumentError),
        ("pyramid_uid", "1.2.3", ConflictingArgumentsError),
        ("pyramid_label", "x", ConflictingArgumentsError),
        ("icc_profile", b"x", ConflictingArgumentsError),
        ("transfer_syntax_uid", "1.2.3", UnsupportedTransferSyntaxError),
        ("palette_color_lut_transformation", PALETTE, InvalidArgumentError),
    ],
)
def test_arguments_that_are_not_allowed(name, value, error):
    said = "1\\.2\\.3" if name == "transfer_syntax_uid" else rf"'{name}"
    refused(error, said, **{name: value})


@pytest.mark.parametrize(
    "uid",
    [
        "1.2.840.10008.1.2.5",
        "1.2.840.10008.1.2.4.80",
        "1.2.840.10008.1.2.4.90",
        "1.2.840.10008.1.2.4.201",
    ],
)
def test_floating_point_numbers_are_not_compressed_by_frame(uid):
    refused(UnsupportedTransferSyntaxError, "integers", transfer_syntax_uid=uid)


@pytest.mark.parametrize(
    "uid",
    ["1.2.840.10008.1.2.2", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.100"],
)
def test_syntaxes_that_cannot_hold_integers_of_16_bits(uid):
    with pytest.raises(ValueError, match=r"\."):
        make(CT, INTEGERS, WHOLE, transfer_syntax_uid=uid)


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"window_center": 1, "window_width": 1}, ConflictingArgumentsError, "with"),
        (
            {"voi_lut_transformations": None},
            ConflictingArgumentsError,
            "'voi_lut_transformations'",
        ),
        (
            {"voi_lut_transformations": None, "window_center": 1},
            ConflictingArgumentsError,
            "together",
        ),
        (
            {"voi_lut_transformations": None, "window_width": 1},
            ConflictingArgumentsError,
            "together",
        ),
        (
            {"voi_lut_transformations": [VOILUTTransformation(0.5, 0.25)]},
            InvalidArgumentError,
            "LINEAR_EXACT",
        ),
        ({"voi_lut_transformations": []}, ArgumentTypeError, "one or more"),
        ({"voi_lut_transformations": [3]}, ArgumentTypeError, "one or more"),
        (
            {"voi_lut_transformations": VOILUTTransformation(1, 1)},
            ArgumentTypeError,
            "one or more",
        ),
        (
            {
                "voi_lut_transformations": [
                    VOILUTTransformation(1, 1),
                    VOILUTTransformation(1, 1, voi_lut_function="SIGMOID"),
                ]
            },
            InvalidArgumentError,
            "VOI LUT Function",
        ),
    ],
)
def test_windows_that_cannot_be_written(options, error, text):
    refused(error, text, **options)


def test_colours_that_are_none():
    refused(
        ArgumentTypeError,
        "'palette_color_lut_transformation'",
        CT,
        INTEGERS,
        WHOLE,
        palette_color_lut_transformation=3,
    )
    for profile in (b"x", icc_profile()[:100]):
        refused(
            InvalidArgumentError,
            "'icc_profile'",
            CT,
            INTEGERS,
            WHOLE,
            palette_color_lut_transformation=PALETTE,
            icc_profile=profile,
        )


def test_organizations_that_frames_do_not_have():
    gaps = [CT[0], CT[1], CT[3]]
    refused(
        InvalidArgumentError,
        "3D, since",
        gaps,
        PIXELS[:3],
        dimension_organization_type="3D",
    )
    refused(
        InvalidArgumentError,
        "3D, since",
        CT,
        CHANNELS,
        [FLOATS, FLOATS],
        dimension_organization_type="3D",
    )
    source = slide()
    matrix = np.zeros(
        (1, source.TotalPixelMatrixRows, source.TotalPixelMatrixColumns, 2), "f4"
    )
    refused(
        InvalidArgumentError,
        "several channels",
        [source],
        matrix,
        [FLOATS, FLOATS],
        tile_pixel_array=True,
        dimension_organization_type="TILED_FULL",
    )
    refused(
        InvalidArgumentError,
        "tiled",
        [source],
        matrix[..., 0],
        tile_pixel_array=True,
        dimension_organization_type="3D",
    )


@pytest.mark.parametrize(
    ("size", "error"),
    [
        ((0, 1), InvalidArgumentError),
        ((-1, 2), InvalidArgumentError),
        ((1,), InvalidArgumentError),
        ((1.5, 2), InvalidArgumentError),
        ((70000, 2), InvalidArgumentError),
        ((True, 2), InvalidArgumentError),
        ("ab", ArgumentTypeError),
        (3, ArgumentTypeError),
    ],
)
def test_sizes_that_no_tile_has(size, error):
    source = slide()
    shape = (1, source.TotalPixelMatrixRows, source.TotalPixelMatrixColumns)
    refused(
        error,
        "'tile_size'",
        [source],
        np.zeros(shape, "f4"),
        tile_pixel_array=True,
        tile_size=size,
    )


def test_matrices_that_do_not_fit_the_slide():
    source = slide()
    shape = (source.TotalPixelMatrixRows, source.TotalPixelMatrixColumns)
    refused(
        InvalidArgumentError,
        "total pixel matrix",
        [source],
        np.zeros((1, shape[0] - 1, shape[1]), "f4"),
        tile_pixel_array=True,
    )
    refused(
        InvalidArgumentError,
        "single plane",
        [source],
        np.zeros((2, *shape), "f4"),
        tile_pixel_array=True,
    )


def test_files_that_are_no_maps(tmp_path):
    with pytest.raises(WrongSOPClassError):
        pmread(file_bytes(CT[0]))
    with pytest.raises(SourceError):
        pmread(tmp_path / "missing.dcm")
    with pytest.raises(ArgumentTypeError):
        ParametricMap.from_dataset(3)


def test_unknown_keywords():
    with pytest.raises(TypeError, match="unknown"):
        make(unknown=1)
