"""From stored values to those that users ask for, against arithmetic written anew.

The formulas are those of PS3.3 C.7.6.16.2.11 (real world values), C.11.1 (modality),
C.11.2 (values of interest), C.11.6 (presentation) and C.7.9 (palettes).
"""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image as Picture, ImageCms
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut
from pydicom.sr.codedict import codes

from highdicom import (
    UID,
    VOILUT,
    Image,
    PaletteColorLUTTransformation,
    VOILUTTransformation,
    imread,
)
from highdicom.coding import CodedConcept
from highdicom.errors import (
    ArgumentTypeError,
    IncompatibleTransformError,
    InvalidArgumentError,
    InvalidAttributeError,
    MissingAttributeError,
    NonconformantDatasetError,
    NonconformantDatasetWarning,
    TransformNotFoundError,
)
from highdicom.policy import reading_policy
from highdicom.seg import Segmentation, SegmentDescription
from highdicom.testing import (
    ct_series,
    enhanced_ct,
    file_bytes,
    icc_profile,
    lookup_table,
    palette_image,
    sc_image,
    slide,
    slide_pattern,
)

STORED = np.array([[0, 10, 20, 30]], np.uint16)
MODALITY = 2.0 * STORED - 5.0
HIGHEST = 2.0 * 4095 - 5.0


def image_of(stored=STORED, *, bits_stored=12, **attributes):
    """Grey image with some attributes."""
    dataset = sc_image(
        samples=1,
        rows=stored.shape[0],
        columns=stored.shape[1],
        pixels=stored,
        bits_stored=bits_stored,
        attributes=attributes,
    )
    return Image.from_dataset(dataset)


RESCALE = {"RescaleSlope": 2.0, "RescaleIntercept": -5.0, "RescaleType": "US"}
WINDOWS = {
    "WindowCenter": [15.0, 20.0],
    "WindowWidth": [20.0, 30.0],
    "WindowCenterWidthExplanation": ["narrow", "wide"],
}


def code(value, meaning):
    return {
        "CodeValue": value,
        "CodingSchemeDesignator": "UCUM",
        "CodeMeaning": meaning,
    }


def real_world_map(
    slope=0.5, intercept=1.0, first=0, last=100, label="M", unit="mm", **more
):
    item = {
        "RealWorldValueFirstValueMapped": first,
        "RealWorldValueLastValueMapped": last,
        "RealWorldValueSlope": slope,
        "RealWorldValueIntercept": intercept,
        "LUTLabel": label,
        "LUTExplanation": label,
        "MeasurementUnitsCodeSequence": code(unit, unit),
    }
    return {k: v for k, v in {**item, **more}.items() if v is not None}


MAPS = {
    "RealWorldValueMappingSequence": [
        real_world_map(0.5, 1.0, label="half", unit="mm"),
        real_world_map(3.0, 0.0, label="triple", unit="cm"),
    ]
}
HALF, TRIPLE = 0.5 * STORED + 1.0, 3.0 * STORED


def window(values, center, width, low=0.0, high=1.0):
    """LINEAR, as PS3.3 C.11.2.1.2.1 writes it."""
    x = np.asarray(values, np.float64)
    y = ((x - (center - 0.5)) / (width - 1) + 0.5) * (high - low) + low
    y[x <= center - 0.5 - (width - 1) / 2] = low
    y[x > center - 0.5 + (width - 1) / 2] = high
    return y


def window_exact(values, center, width, low=0.0, high=1.0):
    """LINEAR_EXACT, as PS3.3 C.11.2.1.3.2 writes it."""
    x = np.asarray(values, np.float64)
    y = ((x - center) / width + 0.5) * (high - low) + low
    y[x <= center - width / 2] = low
    y[x > center + width / 2] = high
    return y


def sigmoid(values, center, width, low=0.0, high=1.0):
    """SIGMOID, as PS3.3 C.11.2.1.3.1 writes it."""
    x = np.asarray(values, np.float64)
    return (high - low) / (1 + np.exp(-4 * (x - center) / width)) + low


# --- which transform is applied ------------------------------------------------------

EVERYTHING = {**RESCALE, **WINDOWS, **MAPS}
WINDOWED = window(MODALITY, 15, 20)

# Attributes, keywords and what comes of them: an array or an error.
TRUTH = [
    # Nothing there, nothing done; what must be applied is missed.
    ({}, {}, STORED),
    ({}, {"apply_real_world_transform": True}, TransformNotFoundError),
    ({}, {"apply_modality_transform": True}, TransformNotFoundError),
    ({}, {"apply_voi_transform": True}, TransformNotFoundError),
    ({}, {"apply_voi_transform": None}, STORED),
    # Modality.
    (RESCALE, {}, MODALITY),
    (RESCALE, {"apply_modality_transform": True}, MODALITY),
    (RESCALE, {"apply_modality_transform": False}, STORED),
    (RESCALE, {"apply_real_world_transform": False}, MODALITY),
    # Values of interest, of the modality.
    ({**RESCALE, **WINDOWS}, {}, MODALITY),
    ({**RESCALE, **WINDOWS}, {"apply_voi_transform": None}, WINDOWED),
    ({**RESCALE, **WINDOWS}, {"apply_voi_transform": True}, WINDOWED),
    (
        {**RESCALE, **WINDOWS},
        {"apply_voi_transform": True, "apply_modality_transform": True},
        WINDOWED,
    ),
    (WINDOWS, {"apply_voi_transform": True}, window(STORED, 15, 20)),
    # Real world values come first, and exclude the others.
    (EVERYTHING, {}, HALF),
    (EVERYTHING, {"apply_real_world_transform": True}, HALF),
    (EVERYTHING, {"apply_modality_transform": False}, HALF),
    (EVERYTHING, {"apply_real_world_transform": False}, MODALITY),
    (EVERYTHING, {"apply_modality_transform": True}, MODALITY),
    (EVERYTHING, {"apply_voi_transform": None}, HALF),
    (EVERYTHING, {"apply_voi_transform": True}, TransformNotFoundError),
    (
        EVERYTHING,
        {"apply_voi_transform": True, "apply_real_world_transform": False},
        WINDOWED,
    ),
    (
        EVERYTHING,
        {"apply_real_world_transform": False, "apply_modality_transform": False},
        STORED,
    ),
    # What excludes each other.
    *(
        (EVERYTHING, keywords, InvalidArgumentError)
        for keywords in (
            {"apply_real_world_transform": True, "apply_modality_transform": True},
            {"apply_real_world_transform": True, "apply_voi_transform": True},
            {"apply_modality_transform": False, "apply_voi_transform": True},
            {"apply_modality_transform": False, "apply_voi_transform": None},
        )
    ),
    # Grey images have neither palette nor profile.
    (RESCALE, {"apply_palette_color_lut": True}, IncompatibleTransformError),
    (RESCALE, {"apply_icc_profile": True}, IncompatibleTransformError),
    (RESCALE, {"apply_palette_color_lut": False}, MODALITY),
]


@pytest.mark.parametrize(("attributes", "keywords", "expected"), TRUTH)
def test_transforms_are_applied_as_asked(attributes, keywords, expected):
    image = image_of(**attributes)
    if isinstance(expected, type):
        with pytest.raises(expected) as caught:
            image.get_frame(1, **keywords)
        assert str(caught.value).endswith(".")
        return
    frame = image.get_frame(1, **keywords)
    assert frame.dtype == np.float64
    np.testing.assert_allclose(frame, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "error", [TransformNotFoundError, IncompatibleTransformError, InvalidArgumentError]
)
def test_errors_of_transforms_are_the_built_in_ones_too(error):
    built_in = {TransformNotFoundError: RuntimeError}.get(error, ValueError)
    assert issubclass(error, built_in)


@pytest.mark.parametrize(
    "keywords",
    [
        {"apply_voi_transform": "yes"},
        {"apply_presentation_lut": None},
        {"dtype": "nothing"},
        {"voi_output_range": 5},
        {"apply_voi_transform": True, "voi_transform_selector": 1.5},
        {"apply_voi_transform": True, "voi_transform_selector": None},
    ],
)
def test_arguments_of_the_wrong_type_are_refused(keywords):
    with pytest.raises(ArgumentTypeError):
        image_of(**WINDOWS).get_frame(1, **keywords)


@pytest.mark.parametrize(
    "keywords",
    [
        {"dtype": complex},
        {"voi_output_range": (1.0, 1.0)},
        {"voi_output_range": (1.0, 0.0)},
        {"voi_output_range": (0.0, np.inf)},
        {"voi_output_range": (0.0, np.nan)},
        {"voi_output_range": (0.0, 1.0, 2.0)},
    ],
)
def test_arguments_of_wrong_values_are_refused(keywords):
    with pytest.raises(InvalidArgumentError):
        image_of(**WINDOWS).get_frame(1, **keywords)


# --- real world values -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (0, HALF),
        (1, TRIPLE),
        (-1, TRIPLE),
        (np.int64(1), TRIPLE),
        ("half", HALF),
        ("triple", TRIPLE),
        (codes.UCUM.Centimeter, TRIPLE),
        (CodedConcept("mm", "UCUM", "millimetre"), HALF),
    ],
)
def test_maps_are_chosen_by_index_label_and_unit(selector, expected):
    frame = image_of(**MAPS).get_frame(1, real_world_value_map_selector=selector)
    np.testing.assert_array_equal(frame, expected)


@pytest.mark.parametrize("selector", [2, -3, "quarter", codes.UCUM.Second])
def test_a_map_that_is_not_there_is_missed(selector):
    with pytest.raises(TransformNotFoundError) as caught:
        image_of(**MAPS).get_frame(1, real_world_value_map_selector=selector)
    assert isinstance(caught.value, IndexError)


@pytest.mark.parametrize("selector", [9, "quarter"])
def test_a_selector_does_not_matter_without_maps(selector):
    frame = image_of().get_frame(1, real_world_value_map_selector=selector)
    np.testing.assert_array_equal(frame, STORED)


def test_a_table_of_real_world_values_is_looked_up():
    entries = [float(value) ** 2 for value in range(5, 31)]
    item = real_world_map(None, None, 5, 30, RealWorldValueLUTData=entries)
    image = image_of(STORED + 5, RealWorldValueMappingSequence=[item])
    with pytest.raises(IncompatibleTransformError, match="35"):
        image.get_frame(1)
    image = image_of(STORED[:, :3] + 5, RealWorldValueMappingSequence=[item])
    np.testing.assert_array_equal(image.get_frame(1), [[25.0, 225.0, 625.0]])
    assert image.get_frame(1, dtype=np.int16).tolist() == [[25, 225, 625]]


@pytest.mark.parametrize(("first", "last"), [(0, 29), (1, 100)])
def test_values_beyond_the_range_of_a_map_are_refused(first, last):
    item = real_world_map(first=first, last=last)
    with pytest.raises(IncompatibleTransformError, match=f"from {first} to {last}"):
        image_of(RealWorldValueMappingSequence=[item]).get_frame(1)


def test_a_range_is_that_of_stored_values_not_of_results():
    item = real_world_map(10.0, 0.0, 0, 30)
    frame = image_of(RealWorldValueMappingSequence=[item]).get_frame(1)
    np.testing.assert_array_equal(frame, 10.0 * STORED)


@pytest.mark.parametrize("implicit", [False, True])
def test_a_map_of_signed_values_has_a_signed_range(implicit):
    item = real_world_map(2.0, 1.0, -20, 40)
    dataset = enhanced_ct(
        1,
        pixels=np.arange(-20, 40, dtype=np.int16).reshape(1, 6, 10),
        rows=6,
        columns=10,
        signed=True,
        transfer_syntax="1.2.840.10008.1.2" if implicit else "1.2.840.10008.1.2.1",
    )
    mapping = sc_image(
        samples=1, attributes={"RealWorldValueMappingSequence": [item]}
    ).RealWorldValueMappingSequence
    for keyword in ("RealWorldValueFirstValueMapped", "RealWorldValueLastValueMapped"):
        mapping[0][keyword].VR = "SS"
    dataset.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence = mapping
    image = Image.from_file(BytesIO(file_bytes(dataset)))
    expected = 2.0 * np.arange(-20, 40).reshape(6, 10) + 1.0
    np.testing.assert_array_equal(image.get_frame(1), expected)


FLOATS = np.array([[-3e9, 0.25, 70000.5]], np.float32)


def image_of_floats(**attributes):
    dataset = sc_image(samples=1, rows=1, columns=3, attributes=attributes)
    for keyword in ("PixelData", "BitsStored", "HighBit", "PixelRepresentation"):
        del dataset[keyword]
    dataset.BitsAllocated = 32
    dataset.FloatPixelData = FLOATS.tobytes()
    return Image.from_dataset(dataset)


def test_a_range_in_integers_does_not_limit_floating_point_numbers():
    item = real_world_map(2.0, 1.0, first=0, last=65535)
    image = image_of_floats(RealWorldValueMappingSequence=[item])
    with pytest.warns(NonconformantDatasetWarning, match="integers"):
        frame = image.get_frame(1)
    np.testing.assert_array_equal(frame, FLOATS.astype(np.float64) * 2 + 1)
    with reading_policy("strict"), pytest.raises(NonconformantDatasetError):
        image.get_frame(1)


@pytest.mark.parametrize(("first", "last"), [(-1.0, 1e9), (-4e9, 70000.0)])
def test_a_range_in_floats_limits_floating_point_numbers(first, last):
    item = real_world_map(
        RealWorldValueFirstValueMapped=None,
        RealWorldValueLastValueMapped=None,
        DoubleFloatRealWorldValueFirstValueMapped=first,
        DoubleFloatRealWorldValueLastValueMapped=last,
    )
    image = image_of_floats(RealWorldValueMappingSequence=[item])
    with pytest.raises(IncompatibleTransformError, match="range of the mapping"):
        image.get_frame(1)


def test_double_floats_say_the_range_too():
    item = real_world_map(
        RealWorldValueFirstValueMapped=None,
        RealWorldValueLastValueMapped=None,
        DoubleFloatRealWorldValueFirstValueMapped=0.0,
        DoubleFloatRealWorldValueLastValueMapped=20.5,
    )
    image = image_of(STORED[:, :3], RealWorldValueMappingSequence=[item])
    np.testing.assert_array_equal(image.get_frame(1), HALF[:, :3])
    with pytest.raises(IncompatibleTransformError):
        image_of(RealWorldValueMappingSequence=[item]).get_frame(1)


@pytest.mark.parametrize(
    "missing",
    [
        "RealWorldValueSlope",
        "RealWorldValueIntercept",
        "RealWorldValueFirstValueMapped",
        "RealWorldValueLastValueMapped",
    ],
)
def test_a_map_that_lacks_an_attribute_is_damaged(missing):
    item = real_world_map(**{missing: None})
    with pytest.raises(InvalidAttributeError, match=missing):
        image_of(RealWorldValueMappingSequence=[item]).get_frame(1)


def test_a_table_has_an_entry_for_each_value():
    item = real_world_map(None, None, 0, 100, RealWorldValueLUTData=[1.0, 2.0])
    with pytest.raises(InvalidAttributeError, match="2 entries"):
        image_of(RealWorldValueMappingSequence=[item]).get_frame(1)


# --- modality ----------------------------------------------------------------------------


def test_a_modality_table_is_looked_up_and_goes_on_beyond_its_ends():
    entries = np.arange(7, 27) * 3
    table = lookup_table(entries, first_mapped_value=5, ModalityLUTType="US")
    image = image_of(ModalityLUTSequence=[table])
    expected = [[entries[0], entries[5], entries[15], entries[19]]]
    np.testing.assert_array_equal(image.get_frame(1), expected)
    by_pydicom = apply_modality_lut(STORED, image)
    np.testing.assert_array_equal(image.get_frame(1), by_pydicom)


@pytest.mark.parametrize("slope", [1.0, 0.01, -3.0, 1e-7])
def test_rescaling_is_that_of_pydicom(slope):
    values = np.arange(-2046, 2046, 31, dtype=np.int16).reshape(1, 3, -1)
    dataset = ct_series(
        1,
        rows=3,
        columns=values.shape[2],
        pixels=values,
        signed=True,
        rescale=(slope, 12.5),
    )[0]
    image = Image.from_dataset(dataset)
    expected = apply_modality_lut(values[0], dataset)
    np.testing.assert_allclose(image.get_frame(1), expected, rtol=1e-13)
    np.testing.assert_allclose(
        image.get_frame(1, dtype=np.float32), expected, rtol=1e-6, atol=1e-4
    )


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"RescaleSlope": 3.0}, 3.0 * STORED),
        ({"RescaleIntercept": 3.0}, STORED + 3.0),
    ],
)
def test_half_a_rescale_is_completed_with_a_warning(attributes, expected):
    image = image_of(**attributes)
    with pytest.warns(NonconformantDatasetWarning, match="Rescale"):
        frame = image.get_frame(1)
    np.testing.assert_array_equal(frame, expected)
    with reading_policy("strict"), pytest.raises(NonconformantDatasetError):
        image.get_frame(1)
    with reading_policy("lenient"):
        np.testing.assert_array_equal(image.get_frame(1), expected)


@pytest.mark.parametrize(
    ("attributes", "keyword"),
    [
        ({"RescaleSlope": 2.0}, "RescaleIntercept"),
        ({"WindowCenter": [1.0, 2.0], "WindowWidth": 3.0}, "WindowWidth"),
        ({"WindowCenter": 1.0, "WindowWidth": 0.5}, "WindowWidth"),
        ({"HighBit": 12}, "HighBit"),
    ],
)
def test_warnings_name_file_and_keyword(attributes, keyword, tmp_path):
    dataset = image_of(**attributes)
    (tmp_path / "odd.dcm").write_bytes(file_bytes(dataset))
    image = imread(tmp_path / "odd.dcm")
    with pytest.warns(NonconformantDatasetWarning) as caught:
        image.get_frame(1, apply_voi_transform=None)
    (message,) = {str(one.message) for one in caught}
    assert message.startswith(f"{tmp_path / 'odd.dcm'}: {keyword}: ")


def test_a_rescale_that_is_no_number_is_refused():
    image = image_of(**RESCALE)
    image["RescaleSlope"]._value = float("nan")
    with pytest.raises(InvalidAttributeError, match="RescaleSlope"):
        image.get_frame(1)


# --- values of interest --------------------------------------------------------------------

FUNCTIONS = {"LINEAR": window, "LINEAR_EXACT": window_exact, "SIGMOID": sigmoid}


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("output_range", [(0.0, 1.0), (0.0, 255.0), (-3.0, 4.0)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("rescale", [{}, RESCALE])
def test_functions_are_those_of_the_standard(function, output_range, dtype, rescale):
    stored = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    image = image_of(
        stored,
        WindowCenter=700.5,
        WindowWidth=1301.0,
        VOILUTFunction=function,
        **rescale,
    )
    frame = image.get_frame(
        1, dtype=dtype, apply_voi_transform=True, voi_output_range=output_range
    )
    values = 2.0 * stored - 5.0 if rescale else stored
    expected = FUNCTIONS[function](values, 700.5, 1301.0, *output_range)
    assert frame.dtype == dtype
    tolerance = 1e-6 if dtype is np.float32 else 1e-12
    span = output_range[1] - output_range[0]
    np.testing.assert_allclose(frame, expected, rtol=0, atol=tolerance * span)
    assert frame.min() >= output_range[0]
    assert frame.max() <= output_range[1]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_windows_are_those_of_pydicom(function):
    stored = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    image = image_of(
        stored, WindowCenter=2000.0, WindowWidth=301.0, VOILUTFunction=function
    )
    frame = image.get_frame(1, apply_voi_transform=True, voi_output_range=(0, 4095))
    np.testing.assert_allclose(frame, apply_voi_lut(stored, image), atol=1e-9)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (0, window(STORED, 15, 20)),
        (1, window(STORED, 20, 30)),
        (-1, window(STORED, 20, 30)),
        ("narrow", window(STORED, 15, 20)),
        ("wide", window(STORED, 20, 30)),
        (VOILUTTransformation(25.0, 11.0), window(STORED, 25, 11)),
        (
            VOILUTTransformation(25.0, 11.0, voi_lut_function="SIGMOID"),
            sigmoid(STORED, 25, 11),
        ),
    ],
)
def test_windows_are_chosen_by_index_and_explanation_or_given(selector, expected):
    frame = image_of(**WINDOWS).get_frame(
        1, apply_voi_transform=True, voi_transform_selector=selector
    )
    np.testing.assert_allclose(frame, expected, atol=1e-12)


@pytest.mark.parametrize("selector", [2, -3, "middle"])
def test_a_window_that_is_not_there_is_missed(selector):
    with pytest.raises(TransformNotFoundError, match="voi_transform_selector"):
        image_of(**WINDOWS).get_frame(
            1, apply_voi_transform=True, voi_transform_selector=selector
        )


def test_a_given_window_serves_images_that_have_none():
    frame = image_of().get_frame(
        1,
        apply_voi_transform=True,
        voi_transform_selector=VOILUTTransformation(25.0, 11.0),
    )
    np.testing.assert_allclose(frame, window(STORED, 25, 11))


def test_a_given_transformation_is_one():
    several = VOILUTTransformation([25.0, 30.0], [11.0, 5.0])
    for given in (several, Dataset()):
        with pytest.raises(InvalidArgumentError, match="voi_transform_selector"):
            image_of().get_frame(
                1, apply_voi_transform=True, voi_transform_selector=given
            )


def voi_table(bits, entries, first=0, explanation="table"):
    return lookup_table(
        entries, first_mapped_value=first, bits=bits, LUTExplanation=explanation
    )


@pytest.mark.parametrize(("bits", "highest"), [(8, 255), (12, 4095), (16, 65535)])
@pytest.mark.parametrize("output_range", [(0.0, 1.0), (-1.0, 255.0)])
def test_a_table_fills_the_range_of_its_bits(bits, highest, output_range):
    entries = np.linspace(3, highest - 2, 21).astype(int)
    image = image_of(VOILUTSequence=[voi_table(bits, entries, first=5)])
    frame = image.get_frame(1, apply_voi_transform=True, voi_output_range=output_range)
    low, high = output_range
    looked_up = entries[[0, 5, 15, 20]]
    expected = looked_up / highest * (high - low) + low
    np.testing.assert_allclose(frame, [expected], rtol=1e-12)


def test_a_table_looks_modality_values_up():
    entries = np.arange(100, 200)
    image = image_of(
        RescaleSlope=1.0,
        RescaleIntercept=-15.0,
        RescaleType="HU",
        VOILUTSequence=[voi_table(8, entries, first=-10)],
    )
    frame = image.get_frame(1, apply_voi_transform=True, voi_output_range=(0, 255))
    # Values -15, -5, 5, 15 have the entries 0 (the first), 5, 15, 25.
    np.testing.assert_allclose(frame, [[100, 105, 115, 125]])


def test_the_first_value_of_a_table_is_as_signed_as_its_input():
    table = voi_table(8, np.arange(100, 200), first=65536 - 10)
    for intercept, expected in ((-15.0, [100, 105, 115, 125]), (0.0, [100] * 4)):
        image = image_of(
            RescaleSlope=1.0,
            RescaleIntercept=intercept,
            RescaleType="HU",
            VOILUTSequence=[table],
        )
        frame = image.get_frame(1, apply_voi_transform=True, voi_output_range=(0, 255))
        np.testing.assert_allclose(frame, [expected])


def test_tables_are_chosen_before_windows_by_index_and_among_all_by_explanation():
    image = image_of(
        VOILUTSequence=[
            voi_table(8, np.arange(50), explanation="first"),
            voi_table(8, np.arange(50)[::-1], explanation="second"),
        ],
        **WINDOWS,
    )

    def with_selector(selector):
        return image.get_frame(
            1,
            apply_voi_transform=True,
            voi_transform_selector=selector,
            voi_output_range=(0, 255),
        )

    for selector in (0, "first"):
        np.testing.assert_allclose(with_selector(selector), STORED)
    for selector in (1, -1, "second"):
        np.testing.assert_allclose(with_selector(selector), 49.0 - STORED)
    np.testing.assert_allclose(with_selector("wide"), window(STORED, 20, 30, 0, 255))
    with pytest.raises(TransformNotFoundError):
        with_selector(2)


def test_a_table_may_be_given():
    given = VOILUTTransformation(voi_luts=[VOILUT(0, np.arange(50, dtype=np.uint8))])
    frame = image_of(**WINDOWS).get_frame(
        1,
        apply_voi_transform=True,
        voi_transform_selector=given,
        voi_output_range=(0, 255),
    )
    np.testing.assert_allclose(frame, STORED)


def test_a_table_is_not_for_values_between_whole_numbers():
    image = image_of(
        RescaleSlope=0.5,
        RescaleIntercept=0.25,
        RescaleType="US",
        VOILUTSequence=[voi_table(8, np.arange(50))],
    )
    with pytest.raises(IncompatibleTransformError, match="whole numbers"):
        image.get_frame(1, apply_voi_transform=True)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32])
def test_values_of_interest_are_no_integers(dtype):
    with pytest.raises(IncompatibleTransformError, match="'dtype'"):
        image_of(**WINDOWS).get_frame(1, apply_voi_transform=True, dtype=dtype)


def test_integers_are_given_where_there_are_no_values_of_interest():
    frame = image_of().get_frame(1, apply_voi_transform=None, dtype=np.uint8)
    assert frame.dtype == np.uint8
    np.testing.assert_array_equal(frame, STORED)


@pytest.mark.parametrize("width", [0.0, 0.5, 1.0])
def test_a_narrow_window_is_a_step(width):
    image = image_of(WindowCenter=20.0, WindowWidth=width)
    if width < 1:
        with pytest.warns(NonconformantDatasetWarning, match="WindowWidth"):
            frame = image.get_frame(1, apply_voi_transform=True)
    else:
        frame = image.get_frame(1, apply_voi_transform=True)
    # Values above 19.5 are the highest (PS3.3 C.11.2.1.2.1).
    np.testing.assert_array_equal(frame, [[0, 0, 1, 1]])


def test_a_window_without_width_is_damaged():
    with pytest.raises(MissingAttributeError, match="WindowWidth"):
        image_of(WindowCenter=20.0).get_frame(1, apply_voi_transform=True)
    with pytest.raises(MissingAttributeError, match="WindowCenter"):
        image_of(WindowWidth=20.0).get_frame(1, apply_voi_transform=True)


def test_windows_without_a_counterpart_are_ignored_with_a_warning():
    image = image_of(WindowCenter=[20.0, 50.0], WindowWidth=10.0)
    with pytest.warns(NonconformantDatasetWarning, match="2 values and WindowWidth 1"):
        frame = image.get_frame(1, apply_voi_transform=True)
    np.testing.assert_allclose(frame, window(STORED, 20, 10))


@pytest.mark.parametrize(
    ("attributes", "keyword"),
    [
        ({"VOILUTFunction": "CUBIC"}, "VOILUTFunction"),
        ({"VOILUTFunction": "SIGMOID", "WindowWidth": 0.0}, "WindowWidth"),
        ({"WindowWidth": -4.0}, "WindowWidth"),
    ],
)
def test_a_window_that_is_none_is_damaged(attributes, keyword):
    image = image_of(**{"WindowCenter": 20.0, "WindowWidth": 10.0, **attributes})
    with pytest.raises(InvalidAttributeError) as caught:
        image.get_frame(1, apply_voi_transform=True)
    assert caught.value.keyword == keyword
    # What has nothing to do with it goes on.
    np.testing.assert_array_equal(image.get_frame(1), STORED)


# --- presentation ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interpretation", "shape", "inverted"),
    [
        ("MONOCHROME2", None, False),
        ("MONOCHROME2", "IDENTITY", False),
        ("MONOCHROME2", "INVERSE", True),
        ("MONOCHROME1", None, True),
        ("MONOCHROME1", "INVERSE", True),
        ("MONOCHROME1", "IDENTITY", False),
    ],
)
def test_low_values_are_white_where_the_image_says_so(interpretation, shape, inverted):
    attributes = {"PhotometricInterpretation": interpretation, **RESCALE, **WINDOWS}
    if shape:
        attributes["PresentationLUTShape"] = shape
    image = image_of(**attributes)
    # Stored values have 12 bits: modality values go from -5 to 8185.
    expected = -5.0 + HIGHEST - MODALITY if inverted else MODALITY
    np.testing.assert_array_equal(image.get_frame(1), expected)
    np.testing.assert_array_equal(
        image.get_frame(1, apply_presentation_lut=False), MODALITY
    )
    stored = 4095.0 - STORED if inverted else STORED
    np.testing.assert_array_equal(
        image.get_frame(1, apply_modality_transform=False), stored
    )
    shown = image.get_frame(1, apply_voi_transform=True, voi_output_range=(10, 20))
    straight = window(MODALITY, 15, 20, 10, 20)
    np.testing.assert_allclose(shown, 30.0 - straight if inverted else straight)


def test_real_world_values_are_never_inverted():
    image = image_of(PhotometricInterpretation="MONOCHROME1", **MAPS)
    np.testing.assert_array_equal(image.get_frame(1), HALF)


def test_signed_values_are_inverted_about_their_middle():
    values = np.array([[[-2048, -1, 0, 2047]]], np.int16)
    dataset = ct_series(
        1, rows=1, columns=4, pixels=values, signed=True, rescale=(1.0, 0.0)
    )[0]
    dataset.PhotometricInterpretation = "MONOCHROME1"
    frame = Image.from_dataset(dataset).get_frame(1, dtype=np.int16)
    assert frame.tolist() == [[2047, 0, -1, -2048]]


# --- types ---------------------------------------------------------------------------------

INTEGERS = [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.int64]


@pytest.mark.parametrize("dtype", [*INTEGERS, np.float16, np.float32, np.float64])
def test_types_that_hold_the_values_are_honoured(dtype):
    frame = image_of().get_frame(1, dtype=dtype)
    assert frame.dtype == dtype
    np.testing.assert_array_equal(frame, STORED)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_never_wrap(dtype):
    """A rescale fits if its results of all values that could be stored do."""
    image = image_of(**RESCALE)
    limits = np.iinfo(dtype)
    if limits.min <= -5 and limits.max >= HIGHEST:
        np.testing.assert_array_equal(image.get_frame(1, dtype=dtype), MODALITY)
    else:
        with pytest.raises(IncompatibleTransformError, match=np.dtype(dtype).name):
            image.get_frame(1, dtype=dtype)


def test_integers_are_not_rounded():
    image = image_of(RescaleSlope=0.5, RescaleIntercept=0.0, RescaleType="US")
    with pytest.raises(IncompatibleTransformError, match="whole numbers"):
        image.get_frame(1, dtype=np.int32)


def test_half_floats_overflow_with_an_error_only_if_a_value_does():
    attributes = {"RescaleSlope": 16.0, "RescaleIntercept": 0.0, "RescaleType": "US"}
    frame = image_of(bits_stored=16, **attributes).get_frame(1, dtype=np.float16)
    np.testing.assert_array_equal(frame, 16.0 * STORED)
    image = image_of(STORED + 5000, bits_stored=16, **attributes)
    with pytest.raises(IncompatibleTransformError, match="float16"):
        image.get_frame(1, dtype=np.float16)


def test_large_values_keep_their_digits():
    values = np.array([[2**31 + 1, 2**32 - 1, 3, 4]], np.uint32)
    image = image_of(values, bits_stored=32)
    np.testing.assert_array_equal(image.get_frame(1), values.astype(np.float64))
    np.testing.assert_array_equal(image.get_frame(1, dtype=np.uint32), values)
    with pytest.raises(IncompatibleTransformError):
        image.get_frame(1, dtype=np.int32)
    rescaled = image_of(
        values, bits_stored=32, RescaleSlope=1.0, RescaleIntercept=-1.0
    ).get_frame(1)
    np.testing.assert_array_equal(rescaled, values - 1.0)


# --- functional groups -----------------------------------------------------------------------

SLOPES = [(1.0, -1024.0), (2.0, 3.0), (0.25, 0.0), (2.0, 3.0)]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 0, 2, 1]])
def test_each_frame_has_the_rescale_of_its_group(order):
    dataset = enhanced_ct(4, rescale=SLOPES, frame_order=order)
    image = Image.from_dataset(dataset)
    stored = image.get_stored_frames()
    factors = np.array(SLOPES)[order]
    expected = stored * factors[:, 0, None, None] + factors[:, 1, None, None]
    np.testing.assert_allclose(image.get_frames(), expected)
    for number in range(1, 5):
        np.testing.assert_allclose(image.get_frame(number), expected[number - 1])
    backwards = image.get_frames([4, 3, 3, 1])
    np.testing.assert_allclose(backwards, expected[[3, 2, 2, 0]])


@pytest.mark.parametrize(
    "per_frame", [(), ["FrameVOILUTSequence", "PixelValueTransformationSequence"]]
)
def test_groups_are_shared_or_of_each_frame(per_frame):
    dataset = enhanced_ct(3, per_frame=per_frame, window=(500.0, 2000.0))
    image = Image.from_dataset(dataset)
    frames = image.get_frames(apply_voi_transform=True)
    expected = window(image.get_stored_frames() - 1024.0, 500, 2000)
    np.testing.assert_allclose(frames, expected, atol=1e-12)


def test_frames_differ_in_their_windows():
    dataset = enhanced_ct(3, per_frame=["FrameVOILUTSequence"])
    for number, groups in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        groups.FrameVOILUTSequence[0].WindowCenter = 100.0 * number - 900
    image = Image.from_file(BytesIO(file_bytes(dataset)))
    frames = image.get_frames(apply_voi_transform=True)
    for number, stored in enumerate(image.get_stored_frames()):
        expected = window(stored - 1024.0, 100.0 * number - 900, 400)
        np.testing.assert_allclose(frames[number], expected, atol=1e-12)


def test_a_frame_without_its_group_has_no_such_transform():
    dataset = enhanced_ct(3, per_frame=["FrameVOILUTSequence"])
    del dataset.PerFrameFunctionalGroupsSequence[1].FrameVOILUTSequence
    image = Image.from_dataset(dataset)
    np.testing.assert_array_equal(
        image.get_frame(2, apply_voi_transform=None),
        image.get_stored_frame(2) - 1024.0,
    )
    with pytest.raises(TransformNotFoundError):
        image.get_frame(2, apply_voi_transform=True)
    assert image.get_frame(3, apply_voi_transform=True).max() > 0.0


def test_changed_attributes_count_at_once():
    image = image_of(**RESCALE)
    image.get_frame(1)
    image.RescaleIntercept = 7
    np.testing.assert_array_equal(image.get_frame(1), 2.0 * STORED + 7.0)


# --- colour ------------------------------------------------------------------------------------


def palette_of(entry_bits):
    levels = np.arange(256) * (257 if entry_bits == 16 else 1)
    return np.stack([levels, levels[::-1], np.roll(levels, 85)], axis=1)


@pytest.mark.parametrize("entry_bits", [8, 16])
@pytest.mark.parametrize("first", [0, 3])
def test_palettes_give_values_their_colours(entry_bits, first):
    dataset = palette_image(entry_bits=entry_bits, first_mapped_value=first)
    image = Image.from_dataset(dataset)
    stored = image.get_stored_frame(1)
    table = palette_of(entry_bits)
    expected = table[np.clip(stored.astype(int) - first, 0, 255)]
    for value in (None, True):
        frame = image.get_frame(1, apply_palette_color_lut=value)
        assert frame.dtype == np.float64
        np.testing.assert_array_equal(frame, expected)
    dtype = np.uint8 if entry_bits == 8 else np.uint16
    frame = image.get_frame(1, dtype=dtype)
    assert frame.dtype == dtype
    np.testing.assert_array_equal(frame, expected)
    if first == 0:
        np.testing.assert_array_equal(frame, apply_color_lut(stored, dataset))
    np.testing.assert_array_equal(
        image.get_frame(1, apply_palette_color_lut=False), stored
    )


def test_colours_of_16_bits_do_not_fit_8():
    with pytest.raises(IncompatibleTransformError, match="uint8"):
        Image.from_dataset(palette_image()).get_frame(1, dtype=np.uint8)


def test_segmented_palettes_are_expanded():
    dataset = palette_image(rows=1, columns=8, pixels=np.arange(8).reshape(1, 8))
    # A discrete segment of two entries, then a line of six up to 60.
    segments = np.array([0, 2, 100, 0, 1, 6, 60], "<u2").tobytes()
    for color in ("Red", "Green", "Blue"):
        setattr(dataset, f"{color}PaletteColorLookupTableDescriptor", [8, 0, 16])
        delattr(dataset, f"{color}PaletteColorLookupTableData")
        setattr(dataset, f"Segmented{color}PaletteColorLookupTableData", segments)
    frame = Image.from_dataset(dataset).get_frame(1, dtype=np.uint16)
    expected = [100, 0, 10, 20, 30, 40, 50, 60]
    np.testing.assert_array_equal(frame[0], np.stack([expected] * 3, axis=1))


def image_with_supplemental_palette(presentation="COLOR", **more):
    """Values from 200 on are coloured, 56 of them."""
    stored = np.array([[0, 51, 199, 200, 201, 255]], np.uint8)
    dataset = sc_image(samples=1, rows=1, columns=6, pixels=stored, attributes=more)
    if presentation:
        dataset.PixelPresentation = presentation
    for number, color in enumerate(("Red", "Green", "Blue")):
        entries = np.arange(56, dtype="<u2") * 10 + 1000 * number
        dataset.add_new(
            f"{color}PaletteColorLookupTableDescriptor", "US", [56, 200, 16]
        )
        dataset.add_new(f"{color}PaletteColorLookupTableData", "OW", entries.tobytes())
    return Image.from_dataset(dataset)


@pytest.mark.parametrize("presentation", ["COLOR", "MIXED"])
def test_a_supplemental_palette_colours_the_highest_values(presentation):
    image = image_with_supplemental_palette(presentation)
    colors = image.get_frame(1, dtype=np.uint16, apply_palette_color_lut=True)
    expected = [
        *([grey] * 3 for grey in (0, 51 * 257, 199 * 257)),
        *([10 * n, 1000 + 10 * n, 2000 + 10 * n] for n in (0, 1, 55)),
    ]
    np.testing.assert_array_equal(colors[0], expected)
    # Otherwise, values are what they are.
    np.testing.assert_array_equal(
        image.get_frame(1, dtype=np.uint8), image.get_stored_frame(1)
    )


def test_greys_beside_a_supplemental_palette_are_those_of_the_window():
    image = image_with_supplemental_palette(WindowCenter=101.0, WindowWidth=201.0)
    options = {"apply_palette_color_lut": True, "apply_voi_transform": True}
    colors = image.get_frame(1, **options)
    greys = np.rint(window(np.array([0, 51, 199]), 101, 201, 0, 65535))
    np.testing.assert_array_equal(colors[0, :3], np.repeat(greys[:, None], 3, 1))
    assert colors[0, 3].tolist() == [0, 1000, 2000]


def test_a_palette_is_no_supplemental_one_unless_the_image_says_so():
    image = image_with_supplemental_palette(None)
    with pytest.raises(IncompatibleTransformError, match="not a palette colour image"):
        image.get_frame(1, apply_palette_color_lut=True)
    image = image_with_supplemental_palette()
    with pytest.raises(IncompatibleTransformError, match="real world"):
        image.get_frame(
            1, apply_palette_color_lut=True, apply_real_world_transform=True
        )


@pytest.mark.parametrize(
    "keywords",
    [
        {"apply_modality_transform": True},
        {"apply_voi_transform": True},
        {"apply_real_world_transform": True},
    ],
)
@pytest.mark.parametrize("make", [palette_image, sc_image])
def test_colours_have_no_transforms_of_grey_values(make, keywords):
    with pytest.raises(IncompatibleTransformError, match="not a monochrome image"):
        Image.from_dataset(make()).get_frame(1, **keywords)


def test_colours_have_no_palette():
    with pytest.raises(IncompatibleTransformError, match="RGB"):
        Image.from_dataset(sc_image()).get_frame(1, apply_palette_color_lut=True)


@pytest.mark.parametrize("make", [palette_image, sc_image])
def test_a_profile_that_must_be_applied_is_missed(make):
    with pytest.raises(TransformNotFoundError, match="ICC Profile"):
        Image.from_dataset(make()).get_frame(1, apply_icc_profile=True)


def test_a_profile_is_not_for_numbers():
    image = Image.from_dataset(palette_image(attributes={"ICCProfile": icc_profile()}))
    with pytest.raises(IncompatibleTransformError, match="apply_icc_profile"):
        image.get_frame(1, apply_palette_color_lut=False, apply_icc_profile=True)


def swapped_profile():
    """sRGB with red and blue exchanged, of which the correction is plain to see."""
    profile = bytearray(icc_profile())
    count = int.from_bytes(profile[128:132], "big")
    for number in range(count):
        at = 132 + 12 * number
        name = bytes(profile[at : at + 4])
        swap = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}
        profile[at : at + 4] = swap.get(name, name)
    profile[84:100] = bytes(16)
    return bytes(profile)


def corrected(colors, profile):
    """Colours of an array (row, column, 3), by Pillow."""
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        "RGB",
        "RGB",
    )
    return np.asarray(ImageCms.applyTransform(Picture.fromarray(colors), transform))


def test_profiles_correct_colours_unless_they_must_not():
    colors = np.zeros((4, 4, 3), np.uint8)
    colors[..., 0] = 200
    profile = swapped_profile()
    image = Image.from_dataset(
        sc_image(rows=4, columns=4, pixels=colors, attributes={"ICCProfile": profile})
    )
    expected = corrected(colors, profile)
    assert expected[0, 0, 2] > 150 > expected[0, 0, 0]
    for value in (None, True):
        frame = image.get_frame(1, dtype=np.uint8, apply_icc_profile=value)
        np.testing.assert_array_equal(frame, expected)
    frame = image.get_frame(1, dtype=np.uint8, apply_icc_profile=False)
    np.testing.assert_array_equal(frame, colors)


@pytest.mark.parametrize("entry_bits", [8, 16])
def test_profiles_correct_the_colours_of_palettes(entry_bits):
    profile = swapped_profile()
    dataset = palette_image(entry_bits=entry_bits, attributes={"ICCProfile": profile})
    image = Image.from_dataset(dataset)
    table = palette_of(8).astype(np.uint8)
    expected = corrected(table[image.get_stored_frame(1)], profile).astype(np.float64)
    if entry_bits == 16:
        # Profiles are applied to 8 bits, of which 255 is the highest level.
        expected *= 257
    np.testing.assert_array_equal(image.get_frame(1), expected)


def test_profiles_correct_the_colours_of_label_maps_with_palettes_of_16_bits():
    profile = swapped_profile()
    colors = np.array([[0, 0, 0], [250, 10, 20]], np.uint8)
    (image,) = ct_series(1)
    labels = np.zeros((1, image.Rows, image.Columns), np.uint8)
    labels[0, 3:6, 2] = 1
    organ = SegmentDescription(1, "L", codes.SCT.Organ, codes.SCT.Liver, "MANUAL")
    segmentation = Segmentation(
        [image], labels, "LABELMAP", [organ], UID(), 1, UID(), 1, "M", "M", "1", "1",
        icc_profile=profile[:12] + b"scnr" + profile[16:],
        palette_color_lut_transformation=PaletteColorLUTTransformation.from_combined_lut(
            colors * np.uint16(257)
        ),
    )  # fmt: skip
    volume = segmentation.get_volume(
        combine_segments=True, apply_palette_color_lut=True
    )
    expected = corrected(colors[labels[0]], profile).astype(np.uint16) * 257
    np.testing.assert_array_equal(volume.array, expected[np.newaxis])


@pytest.mark.parametrize("organization", ["TILED_FULL", "TILED_SPARSE"])
def test_each_optical_path_has_its_profile(organization):
    profiles = [icc_profile(), swapped_profile()]
    dataset = slide(20, 30, optical_paths=2, organization=organization)
    for path, profile in zip(dataset.OpticalPathSequence, profiles, strict=True):
        path.ICCProfile = profile
    image = Image.from_dataset(dataset)
    half = image.number_of_frames // 2
    for frame in (1, half, half + 1, 2 * half):
        profile = profiles[(frame - 1) // half]
        stored = image.get_stored_frame(frame)
        np.testing.assert_array_equal(
            image.get_frame(frame, dtype=np.uint8), corrected(stored, profile)
        )


def test_colours_of_luminance_are_given_as_red_green_and_blue():
    colors = slide_pattern(16, 20)
    dataset = sc_image(
        pixels=colors, transfer_syntax="1.2.840.10008.1.2.4.50", rows=16, columns=20
    )
    assert dataset.PhotometricInterpretation == "YBR_FULL_422"
    image = Image.from_dataset(dataset)
    frame = image.get_frame(1, dtype=np.uint8)
    assert np.abs(frame.astype(int) - colors).max() < 25
    np.testing.assert_array_equal(frame, image.get_stored_frame(1))


def test_booleans_tell_which_pixels_are_not_zero():
    image = Image.from_dataset(sc_image(rows=4, columns=6))
    stored = image.get_stored_frame(1)
    assert 0 < np.count_nonzero(stored) < stored.size
    for read in (image.get_frame(1, dtype=bool), image.get_frames(dtype=bool)[0]):
        assert read.dtype == np.dtype(bool)
        np.testing.assert_array_equal(read, stored != 0)


def test_booleans_are_no_result_of_a_transform():
    image = Image.from_dataset(ct_series(1, rescale=(1.0, -1024.0))[0])
    with pytest.raises(IncompatibleTransformError, match="'dtype' must not be bool"):
        image.get_frame(1, dtype=bool)
    assert image.get_frame(1, dtype=bool, apply_modality_transform=False).any()
