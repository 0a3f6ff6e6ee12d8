"""Modality, VOI and presentation transformations (PS3.3 C.11.1, C.11.2, C.11.6)."""

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.pixels import apply_rescale, apply_voi, apply_windowing

from highdicom.content import (
    LUT,
    VOILUT,
    ModalityLUT,
    ModalityLUTTransformation,
    PresentationLUT,
    PresentationLUTTransformation,
    VOILUTTransformation,
)
from highdicom.enum import PresentationLUTShapeValues, VOILUTFunctionValues
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    IncompatibleTransformError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    TransformNotFoundError,
)

ENTRIES = np.arange(0, 40, 2, dtype=np.uint16)
MODALITY_LUT = ModalityLUT("US", 5, ENTRIES)


def little_endian_dataset():
    dataset = Dataset()
    dataset.set_original_encoding(is_implicit_vr=False, is_little_endian=True)
    return dataset


class TestModality:
    def test_a_rescale_is_slope_and_intercept(self):
        transformation = ModalityLUTTransformation(-1024.0, 0.5, "HU")
        assert not transformation.has_lut()
        assert transformation.RescaleType == "HU"
        values = np.array([[0, 1], [2048, 4095]], np.uint16)
        image = little_endian_dataset()
        image.update(transformation)
        np.testing.assert_array_equal(
            transformation.apply(values), apply_rescale(values, image)
        )

    def test_a_table_maps_values(self):
        transformation = ModalityLUTTransformation(modality_lut=MODALITY_LUT)
        assert transformation.has_lut()
        assert "RescaleSlope" not in transformation
        applied = transformation.apply(np.array([0, 6, 99]))
        np.testing.assert_array_equal(applied, [0, 2, 38])
        assert applied.dtype == np.uint16

    def test_results_have_the_type_asked_for(self):
        transformation = ModalityLUTTransformation(-1, 2, "US")
        values = np.array([1, 2], np.uint8)
        assert transformation.apply(values).dtype == np.float64
        assert transformation.apply(values, np.float32).dtype == np.float32
        integers = transformation.apply(values, np.int16)
        assert integers.dtype == np.int16
        np.testing.assert_array_equal(integers, [1, 3])

    def test_a_type_that_cannot_hold_the_results_is_refused(self):
        values = np.array([1, 2], np.uint8)
        with pytest.raises(IncompatibleTransformError, match="uint8 cannot hold"):
            ModalityLUTTransformation(1, 2, "US").apply(values, np.uint8)
        with pytest.raises(IncompatibleTransformError, match="not both integers"):
            ModalityLUTTransformation(1, 0.5, "US").apply(values, np.int32)

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({}, ConflictingArgumentsError, "'rescale_intercept' is required"),
            (
                {"rescale_intercept": 1.0},
                ConflictingArgumentsError,
                "'rescale_slope' is required",
            ),
            (
                {"rescale_intercept": 1.0, "rescale_slope": 1.0},
                ConflictingArgumentsError,
                "'rescale_type' is required",
            ),
            (
                {"rescale_slope": 1.0, "modality_lut": MODALITY_LUT},
                ConflictingArgumentsError,
                "'rescale_slope' is excluded",
            ),
            (
                {"modality_lut": LUT(0, ENTRIES)},
                ArgumentTypeError,
                "'modality_lut' must be a ModalityLUT, not LUT",
            ),
            (
                {
                    "rescale_intercept": float("inf"),
                    "rescale_slope": 1.0,
                    "rescale_type": "US",
                },
                InvalidArgumentError,
                "'rescale_intercept' must be a finite number",
            ),
        ],
    )
    def test_arguments_that_do_not_fit_are_refused(self, arguments, error, message):
        with pytest.raises(error, match=message):
            ModalityLUTTransformation(**arguments)


class TestVOI:
    @pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
    @pytest.mark.parametrize("width", [40, 100, 401.5])
    def test_windows_are_those_of_pydicom(self, function, width):
        transformation = VOILUTTransformation(40, width, voi_lut_function=function)
        assert transformation.has_window()
        assert not transformation.has_lut()
        image = little_endian_dataset()
        image.update(transformation)
        image.PhotometricInterpretation = "MONOCHROME2"
        image.BitsStored = 8
        image.PixelRepresentation = 0
        values = np.linspace(-400, 400, 50)
        expected = apply_windowing(values, image)
        np.testing.assert_allclose(
            transformation.apply(values, output_range=(0, 255)), expected, atol=1e-9
        )

    def test_the_formula_of_linear_windows(self):
        # PS3.3 C.11.2.1.2.1, by hand: centre 5, width 4, range 0 to 1.
        values = np.array([2, 3, 4, 5, 6, 7])
        expected = [0, 0, (4 - 4.5) / 3 + 0.5, (5 - 4.5) / 3 + 0.5, 1, 1]
        applied = VOILUTTransformation(5, 4).apply(values)
        np.testing.assert_allclose(applied, expected)

    def test_one_of_several_is_selected_by_index_or_explanation(self):
        several = VOILUTTransformation([5, 1], [4, 3], ["SOFT", "BONE"])
        second = VOILUTTransformation(1, 3)
        values = np.arange(8)
        for selector in (1, -1, "BONE"):
            np.testing.assert_array_equal(
                several.apply(values, voi_transform_selector=selector),
                second.apply(values),
            )

    @pytest.mark.parametrize("selector", [2, -3, "LUNG"])
    def test_what_is_not_there_cannot_be_selected(self, selector):
        several = VOILUTTransformation([5, 1], [4, 3], ["SOFT", "BONE"])
        with pytest.raises(TransformNotFoundError, match="'voi_transform_selector'"):
            several.apply(np.arange(8), voi_transform_selector=selector)
        with pytest.raises(IndexError):
            several.apply(np.arange(8), voi_transform_selector=selector)

    def test_explanations_may_be_absent(self):
        several = VOILUTTransformation([5, 1], [4, 3])
        with pytest.raises(TransformNotFoundError, match="None"):
            several.apply(np.arange(8), voi_transform_selector="SOFT")

    def test_tables_give_way_to_windows_unless_preferred(self):
        lut = VOILUT(0, ENTRIES, "ramp")
        both = VOILUTTransformation(5, 4, voi_luts=[lut])
        values = np.arange(20)
        np.testing.assert_array_equal(
            both.apply(values), VOILUTTransformation(5, 4).apply(values)
        )
        for selector in (0, "ramp"):
            np.testing.assert_allclose(
                both.apply(values, prefer_lut=True, voi_transform_selector=selector),
                values / 19,
            )

    def test_tables_are_those_of_pydicom_scaled(self):
        lut = VOILUT(3, ENTRIES)
        image = little_endian_dataset()
        image.VOILUTSequence = [lut]
        image.PixelRepresentation = 0
        values = np.arange(40, dtype=np.uint16)
        applied = VOILUTTransformation(voi_luts=[lut]).apply(
            values, output_range=(0, 38), dtype=np.float32
        )
        assert applied.dtype == np.float32
        np.testing.assert_allclose(applied, apply_voi(values, image), atol=1e-5)

    @pytest.mark.parametrize("prefer_lut", [False, True])
    def test_inverted_values_are_mirrored_in_the_range(self, prefer_lut):
        both = VOILUTTransformation(5, 4, voi_luts=[VOILUT(0, ENTRIES)])
        options = {"output_range": (2, 10), "prefer_lut": prefer_lut}
        values = np.arange(20)
        np.testing.assert_allclose(
            both.apply(values, invert=True, **options),
            12 - both.apply(values, **options),
        )

    def test_results_are_floating_point_numbers(self):
        with pytest.raises(InvalidArgumentError, match="'dtype' must be a floating"):
            VOILUTTransformation(5, 4).apply(np.arange(3), dtype=np.uint8)
        with pytest.raises(InvalidArgumentError, match="'output_range'"):
            VOILUTTransformation(5, 4).apply(np.arange(3), output_range=(1, 0))

    def test_functions_may_be_given_as_members(self):
        sigmoid = VOILUTTransformation(
            5, 4, voi_lut_function=VOILUTFunctionValues.SIGMOID
        )
        assert sigmoid.VOILUTFunction == "SIGMOID"
        assert sigmoid.voi_lut_function is VOILUTFunctionValues.SIGMOID

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({}, ConflictingArgumentsError, "'window_center' or 'voi_luts'"),
            ({"window_center": 1}, ConflictingArgumentsError, "'window_width' must be"),
            (
                {"window_width": 1, "voi_luts": [VOILUT(0, ENTRIES)]},
                ConflictingArgumentsError,
                "'window_width' must not",
            ),
            (
                {"window_explanation": "a", "voi_luts": [VOILUT(0, ENTRIES)]},
                ConflictingArgumentsError,
                "'window_explanation' must not",
            ),
            (
                {"voi_lut_function": "SIGMOID", "voi_luts": [VOILUT(0, ENTRIES)]},
                ConflictingArgumentsError,
                "'voi_lut_function' must not",
            ),
            (
                {"window_center": 1, "window_width": 0},
                InvalidArgumentError,
                "'window_width' must be positive",
            ),
            (
                {"window_center": 1, "window_width": float("nan")},
                InvalidArgumentError,
                "'window_width' must be positive",
            ),
            (
                {"window_center": [1, 2], "window_width": [1]},
                InvalidArgumentError,
                "'window_width' must have as many",
            ),
            (
                {"window_center": [1, 2], "window_width": 1},
                ArgumentTypeError,
                "'window_width' must be a sequence of one value for each window",
            ),
            (
                {
                    "window_center": [1, 2],
                    "window_width": [1, 2],
                    "window_explanation": "a",
                },
                ArgumentTypeError,
                "'window_explanation' must be a sequence of one value for each",
            ),
            (
                {
                    "window_center": [1, 2],
                    "window_width": [1, 2],
                    "window_explanation": ["a"],
                },
                InvalidArgumentError,
                "'window_explanation' must have as many",
            ),
            (
                {"window_center": [], "window_width": []},
                ArgumentTypeError,
                "'window_center' must not be empty",
            ),
            ({"voi_luts": []}, InvalidArgumentError, "'voi_luts' must not be empty"),
            (
                {"voi_luts": [LUT(0, ENTRIES)]},
                ArgumentTypeError,
                "'voi_luts' must be a sequence of VOILUT",
            ),
            (
                {"voi_luts": VOILUT(0, ENTRIES)},
                ArgumentTypeError,
                "'voi_luts' must be a sequence of VOILUT",
            ),
            (
                {"window_center": 1, "window_width": 2, "voi_lut_function": "CUBIC"},
                InvalidArgumentError,
                "'voi_lut_function' must be one of LINEAR",
            ),
        ],
    )
    def test_arguments_that_do_not_fit_are_refused(self, arguments, error, message):
        with pytest.raises(error, match=message):
            VOILUTTransformation(**arguments)


class TestPresentation:
    def test_the_shape_is_identity_unless_something_is_given(self):
        assert PresentationLUTTransformation().PresentationLUTShape == "IDENTITY"
        inverse = PresentationLUTTransformation("INVERSE")
        assert inverse.presentation_lut_shape is PresentationLUTShapeValues.INVERSE

    def test_a_table_takes_the_place_of_a_shape(self):
        lut = PresentationLUT(0, ENTRIES)
        transformation = PresentationLUTTransformation(presentation_lut=lut)
        assert "PresentationLUTShape" not in transformation
        assert transformation.PresentationLUTSequence[0] is lut

    def test_arguments_that_do_not_fit_are_refused(self):
        with pytest.raises(InvalidArgumentError, match="'presentation_lut_shape'"):
            PresentationLUTTransformation("ROUND")
        with pytest.raises(ConflictingArgumentsError, match="not both"):
            PresentationLUTTransformation("INVERSE", PresentationLUT(0, ENTRIES))
        with pytest.raises(ArgumentTypeError, match="'presentation_lut' must be a"):
            PresentationLUTTransformation(presentation_lut=LUT(0, ENTRIES))


class TestDamaged:
    @pytest.mark.parametrize("present", ["RescaleIntercept", "RescaleSlope", None])
    def test_a_rescale_without_slope_or_intercept_is_not_applied(self, present):
        dataset = Dataset()
        if present:
            setattr(dataset, present, 2)
        transformation = ModalityLUTTransformation.from_dataset(dataset)
        with pytest.raises(MissingAttributeError, match="RescaleSlope and RescaleInt"):
            transformation.apply(np.array([1, 2]))

    def test_a_window_without_a_width_is_not_applied(self):
        dataset = Dataset()
        dataset.WindowCenter, dataset.WindowWidth = [40, 50], 400
        transformation = VOILUTTransformation.from_dataset(dataset)
        with pytest.raises(InvalidAttributeError, match="as many values as WindowCen"):
            transformation.apply(np.array([1, 2]), voi_transform_selector=1)
