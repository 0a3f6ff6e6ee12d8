"""Real world value mappings."""

import copy

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    IncompatibleTransformError,
    InvalidArgumentError,
    MissingAttributeError,
)
from highdicom.pm import RealWorldValueMapping


def mapping(**options):
    arguments = {
        "lut_label": "ADC",
        "lut_explanation": "Apparent diffusion coefficient",
        "unit": codes.UCUM.SquareMillimeterPerSecond,
        "value_range": (0, 10),
    }
    return RealWorldValueMapping(**{**arguments, **options})


def test_a_mapping_of_integers_has_their_range_as_integers():
    one = mapping(slope=2, intercept=1)
    assert one.RealWorldValueFirstValueMapped == 0
    assert one.RealWorldValueLastValueMapped == 10
    assert one["RealWorldValueLastValueMapped"].VR == "US"
    assert "DoubleFloatRealWorldValueFirstValueMapped" not in one
    assert not one.is_floating_point()
    assert one.value_range == (0.0, 10.0)


def test_a_mapping_of_signed_integers_is_written_signed():
    assert mapping(value_range=(-5, 10))["RealWorldValueFirstValueMapped"].VR == "SS"


@pytest.mark.parametrize(
    "value_range", [(0.0, 1.0), (0, 1.5), (np.float32(0), np.float32(0.5))]
)
def test_one_floating_point_number_makes_a_mapping_of_them(value_range):
    one = mapping(value_range=value_range)
    assert one.is_floating_point()
    assert one.value_range == tuple(map(float, value_range))
    assert "RealWorldValueFirstValueMapped" not in one


def test_slope_and_intercept_are_one_and_zero_if_not_given():
    one = mapping()
    assert (one.RealWorldValueSlope, one.RealWorldValueIntercept) == (1.0, 0.0)
    assert not one.has_lut()
    assert one.lut_data is None


def test_a_table_has_an_entry_for_each_value():
    one = mapping(value_range=(3, 5), lut_data=[0.5, 7.0, 2.0])
    assert one.has_lut()
    assert one.lut_data.tolist() == [0.5, 7.0, 2.0]
    assert one.apply(np.array([[5, 3]], np.uint8)).tolist() == [[2.0, 0.5]]
    assert "RealWorldValueSlope" not in one


def test_a_quantity_is_described_by_a_coded_item():
    (item,) = mapping(quantity_definition=codes.SCT.Volume).QuantityDefinitionSequence
    assert item.ValueType == "CODE"
    assert item.ConceptNameCodeSequence[0].CodeValue == "246205007"
    assert item.ConceptCodeSequence[0].CodeMeaning == "Volume"


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [("u1", "f8"), ("i4", "f8"), ("f4", "f4"), ("f8", "f8")],
)
def test_applying_keeps_floating_point_types(dtype, expected):
    values = np.arange(5, dtype=dtype)
    result = mapping(slope=2, intercept=1).apply(values)
    assert result.dtype == np.dtype(expected)
    assert result.tolist() == [1, 3, 5, 7, 9]
    assert values.tolist() == [0, 1, 2, 3, 4]


def test_values_that_are_not_mapped_have_no_real_world_value():
    for value in (-1, 11):
        with pytest.raises(IncompatibleTransformError, match=r"0\.0 to 10\.0"):
            mapping().apply(np.array([value]))
    with pytest.raises(IncompatibleTransformError):
        mapping(value_range=(1, 2), lut_data=[1, 2]).apply(np.array([3]))


def test_what_is_no_number_stays_so():
    result = mapping(value_range=(0.0, 1.0)).apply(np.array([np.nan, 0.5]))
    assert np.isnan(result[0])
    assert result[1] == 0.5


def test_tables_map_integers_only():
    with pytest.raises(IncompatibleTransformError, match="integer"):
        mapping(value_range=(1, 2), lut_data=[1, 2]).apply(np.array([1.0]))
    with pytest.raises(ArgumentTypeError, match="'array'"):
        mapping().apply([1])


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"lut_label": "x" * 17}, InvalidArgumentError, "'lut_label'"),
        ({"lut_label": ""}, InvalidArgumentError, "'lut_label'"),
        ({"lut_explanation": "x" * 65}, InvalidArgumentError, "'lut_explanation'"),
        ({"lut_explanation": None}, ArgumentTypeError, "'lut_explanation'"),
        ({"unit": "mm"}, ArgumentTypeError, "'unit'"),
        ({"value_range": (1,)}, InvalidArgumentError, "'value_range'"),
        ({"value_range": (0, 1, 2)}, InvalidArgumentError, "'value_range'"),
        ({"value_range": (5, 1)}, InvalidArgumentError, "from 5 to 1"),
        ({"value_range": (0, 65536)}, InvalidArgumentError, "65535"),
        ({"value_range": (-1, 40000)}, InvalidArgumentError, "32767"),
        ({"value_range": (float("nan"), 1.0)}, InvalidArgumentError, "nan"),
        ({"value_range": "ab"}, ArgumentTypeError, "pair of numbers"),
        ({"value_range": (False, True)}, ArgumentTypeError, "pair of numbers"),
        ({"slope": "1"}, ArgumentTypeError, "'slope'"),
        ({"slope": float("nan")}, InvalidArgumentError, "'slope'"),
        ({"intercept": np.inf}, InvalidArgumentError, "'intercept'"),
        ({"lut_data": [1.0]}, InvalidArgumentError, "11 values"),
        ({"lut_data": np.zeros((11, 2))}, InvalidArgumentError, "11 values"),
        ({"lut_data": "abc"}, InvalidArgumentError, "'lut_data'"),
        (
            {"lut_data": [1.0, 2.0], "value_range": (0.0, 1.0)},
            InvalidArgumentError,
            "linear",
        ),
        ({"lut_data": [0.0] * 11, "slope": 1.0}, ConflictingArgumentsError, "'slope'"),
        ({"quantity_definition": "x"}, ArgumentTypeError, "'quantity_definition'"),
    ],
)
def test_what_is_wrong_is_refused_by_name(options, error, text):
    with pytest.raises(error, match=text) as caught:
        mapping(**options)
    assert str(caught.value).endswith(".")


def test_mappings_are_read_and_copied():
    written = mapping(slope=2.0, intercept=1.0)
    plain = Dataset()
    plain.update(written)
    read = RealWorldValueMapping.from_dataset(plain)
    assert isinstance(read, RealWorldValueMapping)
    assert read == written
    assert copy.deepcopy(read) == written
    assert read.unit.value == "mm2/s"


def test_a_mapping_without_a_range_says_so():
    one = mapping()
    del one.RealWorldValueLastValueMapped
    with pytest.raises(MissingAttributeError, match="RealWorldValueLastValueMapped"):
        one.apply(np.array([1]))
    another = mapping()
    del another.RealWorldValueSlope
    with pytest.raises(MissingAttributeError, match="RealWorldValueSlope"):
        another.apply(np.array([1]))
