"""Parametric maps before other implementations."""

import judges
import numpy as np
import pytest
from pydicom.sr.codedict import codes

from highdicom import UID, VOILUTTransformation, Volume
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.pm import (
    ParametricMap,
    RealWorldValueMapping,
    create_parametric_map_pyramid,
)
from highdicom.testing import (
    ct_series,
    enhanced_ct,
    enhanced_mr,
    mr_series,
    slide,
    slide_pyramid,
)

RANDOM = np.random.default_rng(3)
CT = ct_series(4, rows=32, columns=36)
FRACTIONS = RANDOM.random((4, 32, 36), dtype=np.float32)
NUMBERS = RANDOM.integers(0, 256, (4, 32, 36)).astype(np.uint8)


def mapping(label="P", value_range=(0.0, 1.0), **options):
    return RealWorldValueMapping(
        label, "Text", codes.UCUM.NoUnits, value_range, **options
    )


def make(images, pixels, mappings=None, **options):
    kind = (pixels.array if isinstance(pixels, Volume) else pixels).dtype.kind
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
        "real_world_value_mappings": mappings
        or [mapping(value_range=(0, 65535)) if kind == "u" else mapping()],
        "voi_lut_transformations": [VOILUTTransformation(0.5, 1.0)],
    }
    return ParametricMap(images, pixels, **{**arguments, **options})


def assert_valid(image):
    judges.assert_valid(image)
    assert [str(violation) for violation in image.validate()] == []


def volume():
    affine = np.array([[0, 0, 2, 5], [0, 3, 0, 6], [4, 0, 0, 7], [0, 0, 0, 1.0]])
    return Volume(
        RANDOM.random((3, 5, 6), dtype=np.float32),
        affine,
        "PATIENT",
        frame_of_reference_uid=CT[0].FrameOfReferenceUID,
    )


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4", "f8"])
@pytest.mark.parametrize("source", ["ct", "mr", "enhanced ct", "enhanced mr", "one"])
def test_maps_of_each_type_and_source_are_valid(source, dtype):
    images = {
        "ct": CT,
        "mr": mr_series(4, rows=32, columns=36),
        "enhanced ct": [enhanced_ct(4, rows=32, columns=36)],
        "enhanced mr": [enhanced_mr(4, rows=32, columns=36)],
        "one": CT[:1],
    }[source]
    pixels = NUMBERS if dtype[0] == "u" else FRACTIONS
    count = 1 if source == "one" else 4
    assert_valid(make(images, pixels[:count].astype(dtype)))


@pytest.mark.parametrize(
    "uid",
    [
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1.99",
        "1.2.840.10008.1.2.5",
        "1.2.840.10008.1.2.4.80",
        "1.2.840.10008.1.2.4.81",
        "1.2.840.10008.1.2.4.90",
        "1.2.840.10008.1.2.4.91",
        "1.2.840.10008.1.2.4.201",
    ],
)
def test_maps_in_each_transfer_syntax_are_valid(uid):
    assert_valid(make(CT, NUMBERS, transfer_syntax_uid=uid))


@pytest.mark.parametrize("organization", ["TILED_FULL", "TILED_SPARSE"])
@pytest.mark.parametrize("size", [None, (9, 7)])
@pytest.mark.parametrize("dtype", ["u2", "f4"])
def test_maps_of_slides_are_valid(organization, size, dtype):
    source = slide()
    shape = (1, source.TotalPixelMatrixRows, source.TotalPixelMatrixColumns)
    assert_valid(
        make(
            [source],
            np.zeros(shape, dtype),
            tile_pixel_array=True,
            tile_size=size,
            dimension_organization_type=organization,
            pyramid_uid=UID(),
        )
    )


@pytest.mark.parametrize("source", ["ct", "slide"])
def test_maps_of_several_channels_are_valid(source):
    images = CT if source == "ct" else [slide()]
    pixels = FRACTIONS
    if source == "slide":
        pixels = np.zeros((images[0].NumberOfFrames, 16, 20), np.float32)
    channels = np.stack([pixels, pixels], axis=-1)
    assert_valid(make(images, channels, [[mapping("b")], [mapping("a")]]))


def test_maps_with_more_than_they_need_are_valid():
    assert_valid(
        make(
            CT,
            FRACTIONS,
            [
                mapping("a", quantity_definition=codes.SCT.Volume),
                mapping("b", slope=2.0, intercept=1.0),
            ],
            voi_lut_transformations=[
                VOILUTTransformation(0.5, 1.0, "wide"),
                VOILUTTransformation(0.2, 1.5),
            ],
            further_source_images=[enhanced_ct()],
            content_creator_name="Doe^Jane",
            derivation=codes.DCM.Segmentation,
            series_description="Map",
        )
    )
    table = mapping(value_range=(0, 255), lut_data=np.arange(256) * 0.5)
    assert_valid(make(CT, NUMBERS, [table]))
    assert_valid(make(CT, volume()))


def test_maps_in_colour_are_valid():
    colors = np.arange(255, dtype=np.uint8).repeat(3).reshape(-1, 3)
    palette = PaletteColorLUTTransformation.from_combined_lut(colors, 0, UID())
    assert_valid(make(CT, NUMBERS, palette_color_lut_transformation=palette))


def test_a_body_part_that_is_unknown_is_only_warned_of():
    images = ct_series(4, rows=32, columns=36)
    for image in images:
        image.BodyPartExamined = ""
    report = judges.dciodvfy(make(images, FRACTIONS))
    assert report.errors == []
    assert all("Laterality" in warning for warning in report.warnings)


@pytest.mark.parametrize("orientation", ["axial", "coronal", "sagittal"])
@pytest.mark.parametrize("turned", [False, True])
def test_another_reader_sees_the_same_voxels_in_the_same_place(orientation, turned):
    images = ct_series(4, orientation=orientation, rows=32, columns=36)
    pixels = FRACTIONS
    if turned:
        images, pixels = images[::-1], pixels[::-1]
    image = make(images, pixels)
    read = image.get_volume()
    judged = judges.parametric_map_image(image)
    judges.assert_same_image(judged, read.array, read.affine)


@pytest.mark.parametrize("source", ["enhanced", "volume", "one"])
def test_another_reader_sees_maps_of_other_sources(source):
    images, pixels = {
        "enhanced": (
            [enhanced_ct(4, rows=32, columns=36)],
            FRACTIONS,
        ),
        "volume": (CT, volume()),
        "one": (CT[:1], FRACTIONS[:1]),
    }[source]
    image = make(images, pixels)
    read = image.get_volume()
    judged = judges.parametric_map_image(image)
    judges.assert_same_image(judged, read.array, read.affine)


def test_levels_of_a_pyramid_are_valid():
    images = slide_pyramid()
    rows, columns = images[0].TotalPixelMatrixRows, images[0].TotalPixelMatrixColumns
    for level in create_parametric_map_pyramid(
        images,
        [RANDOM.random((rows, columns))],
        series_instance_uid=None,
        series_number=1,
        manufacturer="Maker",
        manufacturer_model_name="Model",
        software_versions="1.0",
        device_serial_number="17",
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[mapping()],
        voi_lut_transformations=[VOILUTTransformation(0.5, 1.0)],
    ):
        assert_valid(level)
