"""Parametric maps, made and read back."""

import datetime
import warnings
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.sr.codedict import codes

import highdicom
from highdicom import UID, VOILUTTransformation, Volume
from highdicom.content.lut import VOILUT
from highdicom.content.palette import PaletteColorLUTTransformation
from highdicom.content.plane import (
    PixelMeasuresSequence,
    PlaneOrientationSequence,
    PlanePositionSequence,
)
from highdicom.errors import AmbiguousFramesError, HighdicomWarning, WrongSOPClassError
from highdicom.pm import ParametricMap, RealWorldValueMapping, pmread
from highdicom.testing import ct_series, enhanced_ct, icc_profile, slide

ROWS, COLUMNS = 16, 20
CT = ct_series(4)
RANDOM = np.random.default_rng(7)
FRACTIONS = RANDOM.random((4, ROWS, COLUMNS), dtype=np.float32)
NUMBERS = RANDOM.integers(0, 60000, (4, ROWS, COLUMNS)).astype(np.uint16)


def mapping(label="P", value_range=(0.0, 1.0), **options):
    return RealWorldValueMapping(
        label, "Probability", codes.UCUM.NoUnits, value_range, **options
    )


WHOLE = mapping(value_range=(0, 65535))


def make(images, pixels, mappings=None, **options):
    dtype = getattr(pixels, "dtype", np.dtype("f4"))
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
        or [WHOLE if dtype.kind == "u" else mapping()],
        "voi_lut_transformations": [VOILUTTransformation(0.5, 1.0)],
    }
    return ParametricMap(images, pixels, **{**arguments, **options})


def written(parametric_map):
    buffer = BytesIO()
    parametric_map.save_as(buffer, enforce_file_format=True)
    return pmread(buffer.getvalue())


def heights(parametric_map):
    return [
        float(frame.PlanePositionSequence[0].ImagePositionPatient[2])
        for frame in parametric_map.PerFrameFunctionalGroupsSequence
    ]


@pytest.mark.parametrize(
    ("dtype", "keyword", "bits"),
    [
        ("u1", "PixelData", 16),
        ("u2", "PixelData", 16),
        ("f4", "FloatPixelData", 32),
        ("f8", "DoubleFloatPixelData", 64),
    ],
)
def test_each_type_is_stored_in_its_attribute(dtype, keyword, bits):
    pixels = (FRACTIONS * (200 if dtype[0] == "u" else 1)).astype(dtype)
    image = written(make(CT, pixels))
    assert keyword in image
    assert image.BitsAllocated == bits
    assert image.get("BitsStored") == (16 if dtype[0] == "u" else None)
    assert image.get("HighBit") == (15 if dtype[0] == "u" else None)
    assert image.get("PixelRepresentation") == (0 if dtype[0] == "u" else None)
    np.testing.assert_array_equal(image.pixel_array, pixels)
    assert image.validate() == []


def test_byte_order_and_layout_of_the_array_do_not_matter():
    pixels = np.asfortranarray(FRACTIONS.astype(">f8"))
    kept = pixels.copy()
    image = written(make(CT, pixels))
    np.testing.assert_array_equal(image.pixel_array, FRACTIONS.astype("f8"))
    np.testing.assert_array_equal(pixels, kept)
    swapped = written(make(CT, NUMBERS.astype(">u2")))
    np.testing.assert_array_equal(swapped.pixel_array, NUMBERS)


def test_reading_applies_the_mapping():
    image = written(
        make(CT, NUMBERS, [mapping("D", (0, 65535), slope=0.5, intercept=-3.0)])
    )
    frames = image.get_frames()
    assert frames.dtype == np.float64
    np.testing.assert_array_equal(frames, NUMBERS * 0.5 - 3)
    np.testing.assert_array_equal(
        image.get_frames(apply_real_world_transform=False, dtype=np.uint16), NUMBERS
    )
    np.testing.assert_array_equal(image.get_stored_frames(), NUMBERS)


def test_one_of_several_mappings_is_chosen_by_label_or_index():
    image = written(make(CT, FRACTIONS, [mapping("P"), mapping("Q", slope=4.0)]))
    by_label = image.get_frames(real_world_value_map_selector="Q")
    np.testing.assert_array_equal(by_label, FRACTIONS * 4.0)
    by_index = image.get_frames(real_world_value_map_selector=0)
    np.testing.assert_array_equal(by_index, FRACTIONS)


def test_frames_follow_the_normal_of_rows_and_columns():
    shuffled = [2, 0, 3, 1]
    image = make([CT[n] for n in shuffled], FRACTIONS[shuffled])
    assert heights(image) == [30.0, 32.5, 35.0, 37.5]
    np.testing.assert_array_equal(image.pixel_array, FRACTIONS)
    indices = [
        item.FrameContentSequence[0].DimensionIndexValues
        for item in image.PerFrameFunctionalGroupsSequence
    ]
    assert indices == [1, 2, 3, 4]
    references = [
        item.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        for item in image.PerFrameFunctionalGroupsSequence
    ]
    assert references == [one.SOPInstanceUID for one in CT]


def test_a_volume_is_read_back_in_its_place():
    image = written(make(CT, FRACTIONS))
    volume = image.get_volume()
    assert volume.frame_of_reference_uid == CT[0].FrameOfReferenceUID
    for slice_index, plane in enumerate(volume.array):
        corner = volume.affine @ [slice_index, 0, 0, 1]
        (number,) = [
            n
            for n, one in enumerate(CT)
            if np.allclose(one.ImagePositionPatient, corner[:3])
        ]
        np.testing.assert_array_equal(plane, FRACTIONS[number])


def test_frames_of_a_source_are_found():
    image = written(make(CT, FRACTIONS))
    uids = [CT[2].SOPInstanceUID, CT[0].SOPInstanceUID]
    np.testing.assert_array_equal(
        image.get_pixels_by_source_instance(uids), FRACTIONS[[2, 0]]
    )
    source = enhanced_ct()
    image = written(make([source], RANDOM.random((5, 16, 20))))
    found = image.get_pixels_by_source_frame(source.SOPInstanceUID, [4, 1])
    np.testing.assert_array_equal(found, image.pixel_array[[3, 0]])


def test_a_single_plane_may_lack_its_axis():
    image = written(make(CT[:1], FRACTIONS[0]))
    assert image.number_of_frames == 1
    np.testing.assert_array_equal(image.pixel_array, FRACTIONS[0])
    assert "DimensionOrganizationType" not in image


def test_stacks_of_equal_spacing_say_so():
    assert make(CT, FRACTIONS).DimensionOrganizationType == "3D"
    some = [CT[0], CT[1], CT[3]]
    image = make(some, FRACTIONS[:3])
    assert "DimensionOrganizationType" not in image


def test_channels_have_mappings_of_their_own():
    pixels = np.stack([FRACTIONS, FRACTIONS * 0.5], axis=-1)
    mappings = [[mapping("Z", slope=2.0)], [mapping("A", slope=3.0)]]
    image = written(make(CT, pixels, mappings))
    assert image.number_of_frames == 8
    np.testing.assert_allclose(image.get_frames()[:4], FRACTIONS * 2.0)
    np.testing.assert_allclose(image.get_frames()[4:], FRACTIONS * 1.5)
    assert (
        "RealWorldValueMappingSequence" not in image.SharedFunctionalGroupsSequence[0]
    )
    assert image.validate() == []


def test_channels_are_a_dimension_in_their_order_if_labels_tell_them_apart():
    pixels = np.stack([FRACTIONS, FRACTIONS], axis=-1)
    image = make(CT, pixels, [[mapping("Z")], [mapping("A")]])
    pointers = [item.DimensionIndexPointer for item in image.DimensionIndexSequence]
    assert pointers == [0x00409210, 0x00200032]
    first, fifth = (
        image.PerFrameFunctionalGroupsSequence[n].FrameContentSequence[0]
        for n in (0, 4)
    )
    assert list(first.DimensionIndexValues) == [1, 1]
    assert list(fifth.DimensionIndexValues) == [2, 1]
    assert image.are_dimension_indices_unique(pointers)
    alike = make(CT, pixels, [[mapping("P")], [mapping("P")]])
    assert len(alike.DimensionIndexSequence) == 1
    assert alike.number_of_frames == 8


def test_several_channels_form_no_single_volume():
    pixels = np.stack([FRACTIONS, FRACTIONS], axis=-1)
    image = make(CT, pixels, [[mapping("Z")], [mapping("A")]])
    with pytest.raises(AmbiguousFramesError):
        image.get_volume()


def volume_of(array, channels=None, uid=None):
    affine = np.array([[0, 0, 2, 5], [0, 3, 0, 6], [4, 0, 0, 7], [0, 0, 0, 1.0]])
    return Volume(
        array,
        affine,
        "PATIENT",
        frame_of_reference_uid=uid or CT[0].FrameOfReferenceUID,
        channels=channels,
    )


def test_a_volume_brings_its_geometry():
    given = volume_of(RANDOM.random((3, 5, 6), dtype=np.float32))
    read = written(make(CT, given)).get_volume()
    for index in np.ndindex(3, 5, 6):
        there = np.linalg.inv(read.affine) @ given.affine @ [*index, 1]
        place = tuple(np.rint(there[:3]).astype(int))
        assert read.array[place] == given.array[index]


def test_a_volume_may_have_channels_that_labels_name():
    array = RANDOM.random((3, 5, 6, 2), dtype=np.float32)
    given = volume_of(array, {"LUTLabel": ["a", "b"]})
    image = written(make(CT, given, [[mapping("a")], [mapping("b")]]))
    np.testing.assert_array_equal(image.pixel_array[:3], array[..., 0])
    np.testing.assert_array_equal(image.pixel_array[3:], array[..., 1])


def test_planes_may_lie_elsewhere_on_a_grid_of_their_own():
    positions = [PlanePositionSequence("PATIENT", [1.0, 2.0, z]) for z in (9.0, 3.0)]
    image = written(
        make(
            CT,
            FRACTIONS[:2, :7, :5],
            plane_positions=positions,
            pixel_measures=PixelMeasuresSequence([2.0, 1.5], 6.0),
            plane_orientation=PlaneOrientationSequence("PATIENT", [1, 0, 0, 0, 1, 0]),
        )
    )
    assert heights(image) == [3.0, 9.0]
    np.testing.assert_array_equal(image.pixel_array, FRACTIONS[[1, 0], :7, :5])
    derivation = image.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence
    assert len(derivation) == 0
    assert image.get_volume().pixel_spacing == (2.0, 1.5)


def test_what_every_map_says_is_there():
    image = make(
        CT,
        FRACTIONS,
        content_label="MYMAP",
        content_description="Something",
        content_qualification="PRODUCT",
        image_flavor="PERFUSION",
        derived_pixel_contrast="MEAN",
        series_description="Series",
        content_date=datetime.date(2020, 1, 2),
        content_time=datetime.time(3, 4, 5),
        derivation=codes.DCM.Segmentation,
    )
    assert image.SOPClassUID == "1.2.840.10008.5.1.4.1.1.30"
    assert list(image.ImageType) == ["DERIVED", "PRIMARY", "PERFUSION", "MEAN"]
    shared = image.SharedFunctionalGroupsSequence[0]
    frame_type = shared.ParametricMapFrameTypeSequence[0].FrameType
    assert list(frame_type) == list(image.ImageType)
    assert (image.ContentLabel, image.ContentDescription) == ("MYMAP", "Something")
    assert image.ContentQualification == "PRODUCT"
    assert image.SeriesDescription == "Series"
    assert str(image.ContentDate) == "20200102"
    assert image.Modality == "OT"
    assert image.PresentationLUTShape == "IDENTITY"
    assert image.PixelPresentation == "MONOCHROME"
    assert image.LossyImageCompression == "00"
    assert image.BurnedInAnnotation == "NO"
    assert len(image.AcquisitionContextSequence) == 0
    identity = shared.PixelValueTransformationSequence[0]
    assert (identity.RescaleSlope, identity.RescaleIntercept) == (1, 0)
    assert identity.RescaleType == "US"
    derivation = image.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0]
    assert derivation.DerivationCodeSequence[0].CodeMeaning == "Segmentation"


def test_names_that_are_not_given_are_present_and_empty():
    image = make(CT, FRACTIONS)
    assert image["ContentCreatorName"].is_empty
    assert image["ContentDescription"].is_empty
    assert image.ContentLabel == "MAP"
    named = make(CT, FRACTIONS, content_creator_name="Doe^Jane")
    assert named.ContentCreatorName == "Doe^Jane"


@pytest.mark.parametrize(("given", "said"), [(True, "YES"), (False, "NO")])
def test_recognizable_features_are_said(given, said):
    image = make(CT, FRACTIONS, contains_recognizable_visual_features=given)
    assert image.RecognizableVisualFeatures == said


def test_the_region_is_said_where_the_source_tells():
    def region(image):
        (item,) = image.SharedFunctionalGroupsSequence[0].FrameAnatomySequence
        return item.AnatomicRegionSequence[0].CodeMeaning, item.FrameLaterality

    assert region(make(CT, FRACTIONS)) == ("Chest", "U")
    enhanced = make([enhanced_ct()], RANDOM.random((5, 16, 20)))
    assert region(enhanced) == ("Chest", "U")
    unknown = ct_series(4)
    for image in unknown:
        image.BodyPartExamined = ""
    silent = make(unknown, FRACTIONS)
    assert "FrameAnatomySequence" not in silent.SharedFunctionalGroupsSequence[0]
    sided = ct_series(4)
    for image in sided:
        image.Laterality = "L"
    assert region(make(sided, FRACTIONS)) == ("Chest", "L")


def test_further_sources_are_referred_to_frame_by_frame_if_they_show_the_same():
    others = ct_series(4)
    for number, one in enumerate(others):
        one.SOPInstanceUID = f"1.2.3.{number + 1}"
        one.SeriesInstanceUID = "1.2.3"
        one.FrameOfReferenceUID = CT[0].FrameOfReferenceUID
        one.StudyInstanceUID = CT[0].StudyInstanceUID
    image = make(CT, FRACTIONS, further_source_images=others)
    uids = [item.ReferencedSOPInstanceUID for item in image.SourceImageSequence]
    assert uids == [one.SOPInstanceUID for one in (*CT, *others)]
    derivation = image.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0]
    assert [
        item.ReferencedSOPInstanceUID for item in derivation.SourceImageSequence
    ] == [CT[1].SOPInstanceUID, "1.2.3.2"]


def test_windows_and_tables_of_several_transformations_stand_in_one_item():
    table = VOILUT(0, np.arange(256, dtype=np.uint8), "ramp")
    image = make(
        CT,
        FRACTIONS,
        voi_lut_transformations=[
            VOILUTTransformation(0.5, 1.0, "wide"),
            VOILUTTransformation(0.2, 1.5),
            VOILUTTransformation(voi_luts=[table]),
        ],
    )
    (item,) = image.SharedFunctionalGroupsSequence[0].FrameVOILUTSequence
    assert list(item.WindowCenter) == [0.5, 0.2]
    assert list(item.WindowWidth) == [1.0, 1.5]
    assert list(item.WindowCenterWidthExplanation) == ["wide", ""]
    assert item.VOILUTSequence[0].LUTExplanation == "ramp"


def test_a_window_alone_is_taken_with_a_warning():
    with pytest.warns(HighdicomWarning, match="deprecated"):
        image = make(
            CT,
            FRACTIONS,
            voi_lut_transformations=None,
            window_center=0.25,
            window_width=0.5,
        )
    (item,) = image.SharedFunctionalGroupsSequence[0].FrameVOILUTSequence
    assert (item.WindowCenter, item.WindowWidth) == (0.25, 0.5)
    assert item.VOILUTFunction == "LINEAR_EXACT"


def test_colours_come_with_what_they_need():
    colors = np.arange(300, dtype=np.uint8).reshape(100, 3)
    palette = PaletteColorLUTTransformation.from_combined_lut(colors, 7, UID())
    pixels = NUMBERS % 100
    image = written(make(CT, pixels, palette_color_lut_transformation=palette))
    assert image.PhotometricInterpretation == "MONOCHROME2"
    assert image.PixelPresentation == "COLOR_RANGE"
    assert list(image.RedPaletteColorLookupTableDescriptor) == [100, 7, 8]
    assert "PaletteColorLookupTableUID" not in image
    assert image.ColorSpace == "SRGB"
    assert image.ICCProfile[36:40] == b"acsp"
    shared = image.SharedFunctionalGroupsSequence[0]
    (item,) = shared.StoredValueColorRangeSequence
    assert item.MinimumStoredValueMapped == 7.0
    assert item.MaximumStoredValueMapped == 106.0
    read = PaletteColorLUTTransformation.extract_from_dataset(image)
    np.testing.assert_array_equal(read.combined_lut_data, colors)
    np.testing.assert_array_equal(image.get_frames(), pixels)
    assert palette.palette_color_lut_uid is not None


def test_another_profile_may_be_given():
    palette = PaletteColorLUTTransformation.from_colors(["black", "red"])
    image = make(
        CT,
        NUMBERS,
        palette_color_lut_transformation=palette,
        icc_profile=icc_profile(),
    )
    assert image.ICCProfile.rstrip(b"\0") == icc_profile().rstrip(b"\0")
    assert "ColorSpace" not in image


@pytest.mark.parametrize("organization", [None, "TILED_SPARSE", "TILED_FULL"])
@pytest.mark.parametrize("size", [None, (16, 20), (9, 7), (64, 128)])
def test_a_total_pixel_matrix_is_cut_into_tiles(organization, size):
    source = slide()
    shape = source.TotalPixelMatrixRows, source.TotalPixelMatrixColumns
    matrix = RANDOM.random(shape, dtype=np.float32)
    image = written(
        make(
            [source],
            matrix[np.newaxis],
            tile_pixel_array=True,
            tile_size=size,
            dimension_organization_type=organization,
        )
    )
    rows, columns = size or (source.Rows, source.Columns)
    assert (image.Rows, image.Columns) == (rows, columns)
    assert image.NumberOfFrames == -(-shape[0] // rows) * -(-shape[1] // columns)
    assert image.DimensionOrganizationType == (organization or "TILED_SPARSE")
    assert ("PerFrameFunctionalGroupsSequence" in image) == (
        organization != "TILED_FULL"
    )
    np.testing.assert_array_equal(image.get_total_pixel_matrix(), matrix)
    assert image.validate() == []


def test_tiles_given_one_by_one_lie_where_those_of_the_source_lie():
    source = slide()
    tiles = RANDOM.random(
        (source.NumberOfFrames, source.Rows, source.Columns), dtype=np.float32
    )
    image = written(make([source], tiles, dimension_organization_type="TILED_FULL"))
    np.testing.assert_array_equal(image.pixel_array, tiles)
    matrix = image.get_total_pixel_matrix()
    np.testing.assert_array_equal(matrix[: source.Rows, : source.Columns], tiles[0])


def test_tiles_of_several_channels_follow_each_other():
    source = slide()
    shape = source.TotalPixelMatrixRows, source.TotalPixelMatrixColumns
    pixels = RANDOM.random((1, *shape, 2), dtype=np.float32)
    image = written(
        make(
            [source],
            pixels,
            [[mapping("a")], [mapping("b")]],
            tile_pixel_array=True,
        )
    )
    half = image.number_of_frames // 2
    np.testing.assert_array_equal(
        image.pixel_array[half], pixels[0, : source.Rows, : source.Columns, 1]
    )


def test_a_map_may_be_a_level_of_a_pyramid():
    source = slide()
    shape = source.TotalPixelMatrixRows, source.TotalPixelMatrixColumns
    uid = UID()
    image = make(
        [source],
        np.zeros((1, *shape), np.float32),
        tile_pixel_array=True,
        pyramid_uid=uid,
        pyramid_label="Levels",
    )
    assert (image.PyramidUID, image.PyramidLabel) == (uid, "Levels")


_LOSSLESS = [
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.201",
]


@pytest.mark.parametrize("uid", _LOSSLESS)
@pytest.mark.parametrize("extended", [False, True])
def test_integers_are_compressed_without_loss(uid, extended):
    images = ct_series(2, rows=32, columns=40)
    pixels = RANDOM.integers(0, 65536, (2, 32, 40)).astype(np.uint16)
    made = make(
        images, pixels, transfer_syntax_uid=uid, use_extended_offset_table=extended
    )
    image = written(made)
    assert image.transfer_syntax_uid == uid
    assert image.LossyImageCompression == "00"
    is_encapsulated = UID(uid).is_encapsulated
    assert ("ExtendedOffsetTable" in image) == (extended and is_encapsulated)
    np.testing.assert_array_equal(image.pixel_array, pixels)


@pytest.mark.parametrize(
    ("uid", "method"),
    [
        ("1.2.840.10008.1.2.4.81", "ISO_14495_1"),
        ("1.2.840.10008.1.2.4.91", "ISO_15444_1"),
    ],
)
def test_loss_is_declared(uid, method):
    images = ct_series(2, rows=32, columns=40)
    pixels = (np.mgrid[:2, :32, :40].sum(0) * 300).astype(np.uint16)
    image = written(make(images, pixels, transfer_syntax_uid=uid))
    assert image.LossyImageCompression == "01"
    assert image.LossyImageCompressionMethod == method
    size = len(image.PixelData)
    assert image.LossyImageCompressionRatio == round(pixels.nbytes / size, 2)
    assert np.abs(image.pixel_array.astype(int) - pixels).max() <= 8


def test_loss_of_source_images_is_remembered():
    images = ct_series(4)
    for image, ratio in zip(images, (4, 6, 8, 10), strict=True):
        image.LossyImageCompression = "01"
        image.LossyImageCompressionRatio = [ratio, 3]
        image.LossyImageCompressionMethod = ["ISO_10918_1", "ISO_15444_1"]
    for pixels in (FRACTIONS, NUMBERS):
        image = written(make(images, pixels))
        assert image.LossyImageCompression == "01"
        assert image.LossyImageCompressionRatio == [7, 3]
        assert image.LossyImageCompressionMethod == ["ISO_10918_1", "ISO_15444_1"]
    again = make(images, NUMBERS, transfer_syntax_uid="1.2.840.10008.1.2.4.81")
    assert len(again.LossyImageCompressionRatio) == 3
    assert again.LossyImageCompressionMethod[2] == "ISO_14495_1"


@pytest.mark.parametrize(
    ("uid", "told", "method"),
    [
        ("1.2.840.10008.1.2.4.50", None, "ISO_10918_1"),
        ("1.2.840.10008.1.2.4.50", "00", "ISO_10918_1"),
        ("1.2.840.10008.1.2.4.91", None, "ISO_15444_1"),
        ("1.2.840.10008.1.2.4.91", "00", None),
        ("1.2.840.10008.1.2.4.90", None, None),
        ("1.2.840.10008.1.2.4.90", "01", None),
    ],
)
def test_loss_of_source_images_is_known_by_their_transfer_syntax(uid, told, method):
    images = ct_series(4)
    for image in images:
        image.file_meta.TransferSyntaxUID = uid
        image.PixelData = bytes(64)
        if told is not None:
            image.LossyImageCompression = told
    image = make(images, FRACTIONS)
    is_lossy = method is not None or told == "01"
    assert image.LossyImageCompression == ("01" if is_lossy else "00")
    assert image.get("LossyImageCompressionMethod") == method
    ratio = ROWS * COLUMNS * 2 / 64 if method else None
    assert image.get("LossyImageCompressionRatio") == ratio


def test_frames_are_encoded_by_several_processes_in_order():
    images = ct_series(4, rows=32, columns=40)
    pixels = RANDOM.integers(0, 65536, (4, 32, 40)).astype(np.uint16)
    options = {"transfer_syntax_uid": "1.2.840.10008.1.2.5"}
    image = make(images, pixels, workers=2, **options)
    np.testing.assert_array_equal(image.pixel_array, pixels)


def test_maps_are_read_as_maps():
    made = make(CT, FRACTIONS)
    buffer = BytesIO()
    made.save_as(buffer)
    plain = dcmread(BytesIO(buffer.getvalue()))
    adopted = ParametricMap.from_dataset(plain)
    assert isinstance(adopted, ParametricMap)
    assert type(plain) is not ParametricMap
    assert isinstance(highdicom.read(buffer.getvalue()), ParametricMap)
    shared = adopted.SharedFunctionalGroupsSequence[0]
    (one,) = shared.RealWorldValueMappingSequence
    assert isinstance(one, RealWorldValueMapping)
    assert one.value_range == (0.0, 1.0)
    lazy = pmread(BytesIO(buffer.getvalue()), lazy_frame_retrieval=True)
    np.testing.assert_array_equal(lazy.get_volume().array, adopted.get_volume().array)


def test_other_instances_are_no_maps():
    with pytest.raises(WrongSOPClassError):
        ParametricMap.from_dataset(CT[0])


def test_mappings_and_transformations_of_the_user_stay_as_they_are():
    one, window = mapping(), VOILUTTransformation(0.5, 1.0)
    before = one.to_json(), window.to_json()
    image = make(CT, FRACTIONS, [one], voi_lut_transformations=[window])
    shared = image.SharedFunctionalGroupsSequence[0]
    shared.RealWorldValueMappingSequence[0].LUTLabel = "changed"
    shared.FrameVOILUTSequence[0].WindowCenter = 9
    assert (one.to_json(), window.to_json()) == before


def test_sources_stay_as_they_are():
    images = ct_series(4)
    before = [image.to_json() for image in images]
    make(images, FRACTIONS)
    assert [image.to_json() for image in images] == before


def test_values_that_no_mapping_covers_are_warned_of():
    with pytest.warns(HighdicomWarning, match="from 0 to 0.5"):
        make(CT, FRACTIONS, [mapping(value_range=(0.0, 0.5))])
    pixels = np.stack([FRACTIONS, FRACTIONS + 1], axis=-1)
    with pytest.warns(HighdicomWarning, match=r"'real_world_value_mappings'\[1\]"):
        make(CT, pixels, [[mapping("a")], [mapping("b")]])
    with pytest.warns(HighdicomWarning, match="0 to 9"):
        make(CT, NUMBERS, [mapping(value_range=(0, 9))])


def test_what_is_no_number_needs_no_mapping():
    pixels = FRACTIONS.copy()
    pixels[1, 2, 3] = np.nan
    pixels[2] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image = written(make(CT, pixels))
    np.testing.assert_array_equal(image.get_frames(dtype=np.float32), pixels)


def test_a_map_can_be_made_of_a_map():
    source = written(make(CT, FRACTIONS))
    image = written(make([source], source.get_frames(dtype=np.float32)))
    np.testing.assert_array_equal(image.pixel_array, FRACTIONS)
    item = image.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0]
    assert item.SourceImageSequence[0].ReferencedFrameNumber == 2


def test_text_of_mappings_of_channels_is_written_in_the_character_set():
    pixels = np.stack([FRACTIONS, FRACTIONS], axis=-1)
    mappings = [[mapping("Größe")], [mapping("距離")]]
    image = written(make(CT, pixels, mappings))
    labels = [
        image.PerFrameFunctionalGroupsSequence[n].RealWorldValueMappingSequence[0]
        for n in (0, 4)
    ]
    assert [item.LUTLabel for item in labels] == ["Größe", "距離"]


def test_new_elements_may_be_put_and_written():
    image = make(CT, FRACTIONS)
    image.PerFrameFunctionalGroupsSequence[0].FrameContentSequence[0].FrameLabel = "x"
    read = written(image)
    first = read.PerFrameFunctionalGroupsSequence[0].FrameContentSequence[0]
    assert first.FrameLabel == "x"
