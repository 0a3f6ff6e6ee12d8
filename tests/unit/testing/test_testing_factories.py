"""Source images are what their factories are asked for."""

import sys
from subprocess import run

import numpy as np
import pytest
from pydicom.encaps import generate_frames
from pydicom.pixels import pixel_array
from pydicom.uid import (
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from highdicom import testing
from highdicom.errors import InvalidArgumentError


def positions(images):
    return np.array([image.ImagePositionPatient for image in images], float)


def frame_positions(image):
    return np.array(
        [
            group.PlanePositionSequence[0].ImagePositionPatient
            for group in image.PerFrameFunctionalGroupsSequence
        ],
        float,
    )


class TestIdentity:
    def test_equal_seeds_give_equal_identifiers(self):
        first, second = testing.ct_series(2, seed=3), testing.ct_series(2, seed=3)
        assert [image.SOPInstanceUID for image in first] == [
            image.SOPInstanceUID for image in second
        ]

    def test_other_seeds_give_other_identifiers(self):
        first, second = testing.ct_series(1, seed=3), testing.ct_series(1, seed="b")
        for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
            assert first[0][keyword].value != second[0][keyword].value

    def test_no_seed_gives_new_identifiers(self):
        (first,), (second,) = (
            testing.ct_series(1, seed=None),
            testing.ct_series(1, seed=None),
        )
        assert first.SOPInstanceUID != second.SOPInstanceUID
        assert first.FrameOfReferenceUID != second.FrameOfReferenceUID

    def test_images_of_one_seed_share_patient_study_and_frame_of_reference(self):
        (ct,), (pet,) = testing.ct_series(1), testing.pet_series(1)
        mr = testing.enhanced_mr(1)
        for keyword in ("PatientID", "StudyInstanceUID", "FrameOfReferenceUID"):
            assert ct[keyword].value == pet[keyword].value == mr[keyword].value
        assert len({i.SeriesInstanceUID for i in (ct, pet, mr)}) == 3

    def test_images_of_a_series_differ(self):
        images = testing.mr_series(3, echo_times=(1.0, 2.0))
        assert len({image.SOPInstanceUID for image in images}) == 6
        assert len({image.SeriesInstanceUID for image in images}) == 1
        assert [image.InstanceNumber for image in images] == [1, 2, 3, 4, 5, 6]

    def test_attributes_replace_and_remove_elements(self):
        image = testing.cr_image(
            attributes={"PatientName": "A^B", "ViewPosition": None, "ImageID": "7"}
        )
        assert image.PatientName == "A^B"
        assert image["ImageID"].value == "7"
        assert "ViewPosition" not in image

    def test_file_meta_follows_the_attributes(self):
        image = testing.sc_image(attributes={"SOPInstanceUID": "1.2.3"})
        assert image.file_meta.MediaStorageSOPInstanceUID == "1.2.3"

    def test_unknown_keywords_are_refused(self):
        with pytest.raises(InvalidArgumentError, match="no attribute 'PatientsName'"):
            testing.sc_image(attributes={"PatientsName": "A"})

    def test_factories_need_nothing_optional(self):
        code = (
            "import sys; import highdicom.testing; "
            "print('hypothesis' in sys.modules or 'highdicom.image' in sys.modules)"
        )
        output = run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert output.stdout.strip() == "False"


class TestStacks:
    def test_slices_lie_along_the_normal(self):
        images = testing.ct_series(
            3,
            orientation="oblique",
            position=(1.0, 2.0, 3.0),
            spacing_between_slices=5.0,
        )
        # The normal of (0.8, 0.36, -0.48) and (0, 0.8, 0.6) is (0.6, -0.48, 0.64).
        expected = [[1, 2, 3], [4, -0.4, 6.2], [7, -2.8, 9.4]]
        np.testing.assert_allclose(positions(images), expected, atol=1e-12)

    @pytest.mark.parametrize(
        "orientation", ["axial", "coronal", "sagittal", "oblique", [0, 0, 1, 0, 1, 0]]
    )
    def test_cosines_are_orthonormal(self, orientation):
        (image,) = testing.mr_series(1, orientation=orientation)
        cosines = np.array(image.ImageOrientationPatient, float).reshape(2, 3)
        np.testing.assert_allclose(cosines @ cosines.T, np.eye(2), atol=1e-12)

    def test_reverse_series_descends(self):
        images = testing.ct_series(4, reverse=True)
        assert [image.ImagePositionPatient[2] for image in images] == [
            37.5,
            35.0,
            32.5,
            30.0,
        ]
        ascending = testing.ct_series(4)
        assert np.array_equal(images[0].pixel_array, ascending[3].pixel_array)
        assert images[0].InstanceNumber == 1

    def test_missing_slices_leave_gaps(self):
        images = testing.ct_series(5, missing_slices=[0, 3])
        assert positions(images)[:, 2].tolist() == [32.5, 35.0, 40.0]
        complete = testing.ct_series(5)
        assert np.array_equal(images[2].pixel_array, complete[4].pixel_array)

    def test_pixels_are_stored_as_given(self):
        rng = np.random.default_rng(0)
        array = rng.integers(-2048, 2048, (3, 7, 5)).astype(np.int16)
        images = testing.ct_series(3, rows=7, columns=5, pixels=array, signed=True)
        assert np.array_equal(np.stack([i.pixel_array for i in images]), array)

    def test_pixels_may_be_a_function(self):
        images = testing.pet_series(3, pixels=lambda index: np.full((16, 20), index))
        assert [int(image.pixel_array.max()) for image in images] == [0, 1, 2]

    def test_no_two_pixels_of_a_slice_are_equal(self):
        images = testing.ct_series(2)
        values = np.stack([image.pixel_array for image in images])
        assert len(np.unique(values)) == values.size

    @pytest.mark.parametrize("signed", [True, False])
    def test_default_pixels_use_the_range(self, signed):
        (image,) = testing.ct_series(1, rows=64, columns=65, signed=signed)
        values = image.pixel_array
        assert values.max() - values.min() == 4095
        assert (values.min() < 0) == signed

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"pixels": np.full((5, 16, 20), 4096)}, "'pixels' must lie in 0 to 4095"),
            ({"pixels": np.full((5, 16, 20), -1)}, "'pixels' must lie in"),
            ({"pixels": np.zeros((5, 20, 16))}, "'pixels' must have planes of shape"),
            ({"bits_stored": 8}, "'bits_stored' of CT images"),
            ({"orientation": "frontal"}, "'orientation'"),
            ({"number_of_slices": 0}, "'number_of_slices'"),
            ({"bits_stored": 40}, "'bits_stored'"),
            ({"transfer_syntax": JPEG2000Lossless}, "at least 32"),
            ({"transfer_syntax": JPEGBaseline8Bit}, "'bits_stored' of 8"),
        ],
    )
    def test_wrong_arguments_are_refused(self, options, message):
        with pytest.raises(InvalidArgumentError, match=message):
            testing.ct_series(**options)

    def test_syntaxes_without_an_encoder_are_refused(self):
        with pytest.raises(InvalidArgumentError, match="'transfer_syntax'"):
            testing.ct_series(1, transfer_syntax=JPEGLosslessSV1)

    def test_rescale_may_differ_from_slice_to_slice(self):
        images = testing.ct_series(2, rescale=[(1.0, 0.0), (2.0, -5.0)])
        assert [float(image.RescaleSlope) for image in images] == [1.0, 2.0]
        assert [float(image.RescaleIntercept) for image in images] == [0.0, -5.0]

    def test_echoes_follow_each_other(self):
        images = testing.mr_series(2, echo_times=(4.0, 8.0))
        assert [float(image.EchoTime) for image in images] == [4.0, 4.0, 8.0, 8.0]
        assert positions(images)[:, 2].tolist() == [30.0, 32.5, 30.0, 32.5]
        assert not np.array_equal(images[0].pixel_array, images[2].pixel_array)

    @pytest.mark.parametrize(
        "syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless], ids=lambda s: s.name
    )
    @pytest.mark.parametrize("signed", [True, False])
    def test_lossless_syntaxes_keep_values(self, syntax, signed):
        options = {"rows": 33, "columns": 40, "signed": signed}
        (native,) = testing.ct_series(1, **options)
        (encoded,) = testing.ct_series(1, transfer_syntax=syntax, **options)
        assert np.array_equal(encoded.pixel_array, native.pixel_array)
        assert "LossyImageCompressionRatio" not in encoded

    def test_lossy_syntaxes_are_declared(self):
        (image,) = testing.ct_series(1, transfer_syntax=JPEGLSNearLossless)
        (native,) = testing.ct_series(1)
        assert image.LossyImageCompression == "01"
        assert image.LossyImageCompressionMethod == "ISO_14495_1"
        difference = image.pixel_array.astype(int) - native.pixel_array
        assert 0 < np.abs(difference).max() <= 1


class TestEnhanced:
    def test_frames_are_those_of_the_series(self):
        image, series = testing.enhanced_ct(4), testing.ct_series(4)
        assert np.array_equal(frame_positions(image), positions(series))
        assert np.array_equal(image.pixel_array[3], series[3].pixel_array)

    def test_functional_groups_that_agree_are_shared(self):
        image = testing.enhanced_ct(3, rescale=[(1, 0), (2, 0), (3, 0)])
        shared = image.SharedFunctionalGroupsSequence[0]
        frame = image.PerFrameFunctionalGroupsSequence[2]
        assert "PixelMeasuresSequence" in shared
        assert "PixelValueTransformationSequence" not in shared
        assert frame.PixelValueTransformationSequence[0].RescaleSlope == 3

    def test_functional_groups_stay_per_frame_if_asked(self):
        image = testing.enhanced_mr(2, per_frame=["PlaneOrientationSequence"])
        assert "PlaneOrientationSequence" not in image.SharedFunctionalGroupsSequence[0]
        assert all(
            "PlaneOrientationSequence" in frame
            for frame in image.PerFrameFunctionalGroupsSequence
        )

    def test_stacks_and_temporal_positions_are_dimensions(self):
        image = testing.enhanced_mr(
            2, orientations=["axial", "coronal"], temporal_positions=2
        )
        frames = image.PerFrameFunctionalGroupsSequence
        content = [frame.FrameContentSequence[0] for frame in frames]
        assert [list(item.DimensionIndexValues) for item in content] == [
            [1, 1, 1],
            [1, 2, 1],
            [1, 1, 2],
            [1, 2, 2],
            [2, 1, 1],
            [2, 2, 1],
            [2, 1, 2],
            [2, 2, 2],
        ]
        assert [item.StackID for item in content] == list("11112222")
        assert [item.TemporalPositionIndex for item in content] == [1, 1, 2, 2] * 2
        assert len(image.DimensionIndexSequence) == 3
        assert len(np.unique(image.pixel_array[:, 0, 0])) == 8

    def test_frame_order_moves_frames_with_their_pixels(self):
        ordered = testing.enhanced_ct(3)
        shuffled = testing.enhanced_ct(3, frame_order=[2, 0, 1])
        assert np.array_equal(shuffled.pixel_array, ordered.pixel_array[[2, 0, 1]])
        assert np.array_equal(
            frame_positions(shuffled), frame_positions(ordered)[[2, 0, 1]]
        )

    def test_missing_slices_keep_their_place_in_the_stack(self):
        image = testing.enhanced_ct(4, missing_slices=[1])
        assert [
            frame.FrameContentSequence[0].InStackPositionNumber
            for frame in image.PerFrameFunctionalGroupsSequence
        ] == [1, 3, 4]

    def test_pet_has_real_world_values(self):
        image = testing.enhanced_pet(2)
        frame = image.PerFrameFunctionalGroupsSequence[1]
        mapping = frame.RealWorldValueMappingSequence[0]
        assert mapping.RealWorldValueSlope == 0.75
        assert mapping.MeasurementUnitsCodeSequence[0].CodeValue == "Bq/ml"

    def test_bits_are_checked(self):
        with pytest.raises(InvalidArgumentError, match="'bits_stored' of enhanced PT"):
            testing.enhanced_pet(1, bits_stored=12)


class TestSlides:
    @staticmethod
    def assembled(image):
        """Total pixel matrix, put together by the order of TILED_FULL."""
        down = -(-image.TotalPixelMatrixRows // image.Rows)
        across = -(-image.TotalPixelMatrixColumns // image.Columns)
        frames = image.pixel_array.reshape(down, across, image.Rows, image.Columns, -1)
        matrix = frames.swapaxes(1, 2).reshape(
            down * image.Rows, across * image.Columns, -1
        )
        return matrix[: image.TotalPixelMatrixRows, : image.TotalPixelMatrixColumns]

    def test_tiles_hold_the_total_pixel_matrix(self):
        image = testing.slide(50, 70)
        matrix = self.assembled(image)
        assert np.array_equal(matrix, testing.slide_pattern(50, 70))
        # Red follows the column, green the row.
        assert np.array_equal(matrix[0, :60, 0], np.arange(60) * 3)
        assert np.array_equal(matrix[:50, 0, 1], np.arange(50) * 3)

    def test_tiles_beyond_the_matrix_are_filled(self):
        frames = testing.slide(20, 25, tile_size=(16, 20)).pixel_array
        assert (frames[3, 4:] == 255).all()
        assert (frames[3, :, 5:] == 255).all()

    def test_given_arrays_are_stored(self):
        array = np.random.default_rng(0).integers(0, 256, (33, 41), np.uint8)
        image = testing.slide_from_array(array, tile_size=(10, 8))
        assert image.NumberOfFrames == 4 * 6
        assert np.array_equal(self.assembled(image)[..., 0], array)

    def test_sparse_frames_say_where_they_lie(self):
        image = testing.slide(
            32,
            40,
            organization="TILED_SPARSE",
            pixel_spacing=(0.5, 0.25),
            orientation=(0, -1, 0, -1, 0, 0),
            position=(20.0, 40.0),
        )
        last = image.PerFrameFunctionalGroupsSequence[3].PlanePositionSlideSequence[0]
        assert last.RowPositionInTotalImagePixelMatrix == 17
        assert last.ColumnPositionInTotalImagePixelMatrix == 21
        # Sixteen rows down are 8 mm along -x, twenty columns across 5 mm along -y.
        assert float(last.XOffsetInSlideCoordinateSystem) == 12.0
        assert float(last.YOffsetInSlideCoordinateSystem) == 35.0

    def test_missing_and_reordered_tiles(self):
        image = testing.slide(
            32,
            40,
            organization="TILED_SPARSE",
            missing_tiles=[(0, 1)],
            frame_order=[2, 0],
        )
        places = [
            list(frame.FrameContentSequence[0].DimensionIndexValues)
            for frame in image.PerFrameFunctionalGroupsSequence
        ]
        assert places == [[2, 2], [1, 1]]
        full = testing.slide(32, 40).pixel_array
        assert np.array_equal(image.pixel_array, full[[3, 0]])

    def test_paths_and_planes_come_in_order(self):
        array = np.arange(6, dtype=np.uint8).reshape(2, 3, 1, 1)
        array = np.broadcast_to(array, (2, 3, 16, 20))
        full = testing.slide_from_array(array)
        sparse = testing.slide_from_array(array, organization="TILED_SPARSE")
        assert full.pixel_array[:, 0, 0].tolist() == [0, 1, 2, 3, 4, 5]
        assert sparse.pixel_array[:, 0, 0].tolist() == [0, 1, 2, 3, 4, 5]
        assert "PerFrameFunctionalGroupsSequence" not in full
        frames = sparse.PerFrameFunctionalGroupsSequence
        assert [
            frame.OpticalPathIdentificationSequence[0].OpticalPathIdentifier
            for frame in frames
        ] == list("111222")
        assert [
            frame.PlanePositionSlideSequence[0].ZOffsetInSlideCoordinateSystem
            for frame in frames
        ] == [0.0, 2.0, 4.0] * 2

    @pytest.mark.parametrize("samples", [1, 3])
    def test_lossless_compression_keeps_values(self, samples):
        native = testing.slide(samples=samples)
        for syntax in (JPEG2000Lossless, JPEGLSLossless, RLELossless):
            image = testing.slide(samples=samples, transfer_syntax=syntax)
            assert np.array_equal(image.pixel_array, native.pixel_array)

    def test_jpeg_keeps_colours_nearly(self):
        image = testing.slide(transfer_syntax=JPEGBaseline8Bit)
        difference = pixel_array(image) - testing.slide().pixel_array.astype(int)
        assert np.abs(difference).mean() < 2
        assert image.PhotometricInterpretation == "YBR_FULL_422"
        assert image.LossyImageCompressionMethod == "ISO_10918_1"

    def test_extended_offsets_are_those_of_the_frames(self):
        image = testing.slide(transfer_syntax=RLELossless, extended_offsets=True)
        lengths = np.frombuffer(image.ExtendedOffsetTableLengths, "<u8")
        frames = list(generate_frames(image.PixelData, number_of_frames=16))
        assert [len(frame) for frame in frames] == lengths.tolist()

    def test_pyramid_levels_shrink_in_place(self):
        images = testing.slide_pyramid(96, 128, levels=3)
        assert [image.TotalPixelMatrixColumns for image in images] == [128, 64, 32]
        assert len({image.SeriesInstanceUID for image in images}) == 1
        assert len({image.PyramidUID for image in images}) == 1
        assert len({image.SOPInstanceUID for image in images}) == 3
        assert [float(image.ImagedVolumeWidth) for image in images] == pytest.approx(
            [0.032] * 3
        )
        assert np.array_equal(
            self.assembled(images[1]), testing.slide_pattern(96, 128)[::2, ::2]
        )

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"organization": "TILED"}, "'organization'"),
            ({"missing_tiles": [(0, 0)]}, "'missing_tiles' and 'frame_order' need"),
            ({"frame_order": [0]}, "'missing_tiles' and 'frame_order' need"),
            ({"bits_stored": 16}, "'bits_stored' must be 8, or 16 in grey"),
        ],
    )
    def test_wrong_arguments_are_refused(self, options, message):
        with pytest.raises(InvalidArgumentError, match=message):
            testing.slide_from_array(np.zeros((4, 4, 3), np.uint8), **options)

    @pytest.mark.parametrize("shape", [(4,), (4, 4, 4, 4, 4)])
    def test_arrays_of_other_shapes_are_refused(self, shape):
        with pytest.raises(InvalidArgumentError, match="'array' must have the shape"):
            testing.slide_from_array(np.zeros(shape, np.uint8))


class TestOthers:
    def test_planar_configuration_does_not_change_colours(self):
        by_plane = testing.sc_image(planar_configuration=1)
        by_pixel = testing.sc_image(planar_configuration=0)
        assert by_plane.PixelData != by_pixel.PixelData
        assert np.array_equal(pixel_array(by_plane), pixel_array(by_pixel))

    def test_frames_of_one_bit_share_bytes(self):
        frames = np.random.default_rng(0).integers(0, 2, (3, 15, 17))
        image = testing.multi_frame_sc_image(3, bits_stored=1, pixels=frames)
        assert len(image.PixelData) == 96
        assert np.array_equal(image.pixel_array, frames)

    def test_palettes_may_begin_anywhere(self):
        table = np.array([[0, 0, 0], [65535, 0, 0], [0, 65535, 0]])
        image = testing.palette_image(table=table, first_mapped_value=5)
        assert list(image.GreenPaletteColorLookupTableDescriptor) == [3, 5, 16]
        green = np.frombuffer(image.GreenPaletteColorLookupTableData, "<u2")
        assert green.tolist() == [0, 0, 65535]

    def test_lookup_tables_describe_themselves(self):
        item = testing.lookup_table(
            np.zeros(65536), first_mapped_value=-2, LUTExplanation="none"
        )
        assert item["LUTDescriptor"] == [0, -2, 8]
        assert item["LUTExplanation"] == "none"

    def test_signed_images_have_signed_descriptors(self):
        table = testing.lookup_table(range(0, 65536, 64), first_mapped_value=-512)
        (image,) = testing.ct_series(
            1, signed=True, attributes={"VOILUTSequence": table}
        )
        assert image.VOILUTSequence[0]["LUTDescriptor"].VR == "SS"

    @pytest.mark.parametrize(("samples", "bits"), [(3, 1), (3, 16), (1, 32)])
    def test_kinds_of_multi_frame_images_that_do_not_exist(self, samples, bits):
        with pytest.raises(InvalidArgumentError, match="'bits_stored' and 'samples'"):
            testing.multi_frame_sc_image(samples=samples, bits_stored=bits)

    def test_profile_is_one(self):
        from io import BytesIO

        from PIL import ImageCms

        profile = ImageCms.ImageCmsProfile(BytesIO(testing.icc_profile()))
        assert "sRGB" in ImageCms.getProfileDescription(profile)
        assert testing.icc_profile() == testing.icc_profile()

    def test_instances_of_one_seed_form_a_series(self):
        first, second = testing.cr_image(instance=1), testing.cr_image(instance=2)
        assert first.SeriesInstanceUID == second.SeriesInstanceUID
        assert first.SOPInstanceUID != second.SOPInstanceUID
        assert not np.array_equal(first.pixel_array, second.pixel_array)
