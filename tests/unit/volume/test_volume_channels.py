"""Channel descriptors and the channel axes of volumes."""

import copy
import pickle
from enum import Enum

import numpy as np
import pytest
from pydicom.tag import Tag

from highdicom import RGB_COLOR_CHANNEL_DESCRIPTOR, ChannelDescriptor, RGBColorChannels
from highdicom.errors import (
    ArgumentTypeError,
    ConflictingArgumentsError,
    InvalidArgumentError,
)
from highdicom.volume.channels import ChannelAxes


class Phase(Enum):
    EARLY = 1
    LATE = "late"


class Empty(Enum):
    pass


@pytest.mark.parametrize(
    "identifier", ["SegmentNumber", 0x00620004, Tag(0x00620004)], ids=str
)
def test_an_attribute_is_named_by_keyword_or_tag(identifier):
    descriptor = ChannelDescriptor(identifier)
    assert descriptor.keyword == "SegmentNumber"
    assert descriptor.tag == 0x00620004
    assert descriptor.description == "Segment Number"
    assert descriptor.value_type is int
    assert not descriptor.is_custom
    assert not descriptor.is_enumerated


@pytest.mark.parametrize(
    ("keyword", "value_type"),
    [
        ("OpticalPathIdentifier", str),
        ("AcquisitionDateTime", str),
        ("SOPInstanceUID", str),
        ("PatientAge", str),
        ("DiffusionBValue", float),
        ("EchoTime", float),
        ("RecommendedDisplayFrameRate", int),
        ("TemporalPositionIndex", int),
        ("PixelPaddingValue", int),
        ("SelectorUVValue", int),
    ],
)
def test_value_type_follows_from_the_value_representation(keyword, value_type):
    assert ChannelDescriptor(keyword).value_type is value_type


@pytest.mark.parametrize("value_type", [str, int, float, bool, np.float64, Phase])
def test_a_custom_channel_has_a_name_and_a_value_type(value_type):
    descriptor = ChannelDescriptor("my channel", is_custom=True, value_type=value_type)
    assert descriptor.keyword == "my channel"
    assert descriptor.value_type is value_type
    assert descriptor.is_custom
    assert descriptor.is_enumerated is (value_type is Phase)
    assert descriptor.tag is None
    assert descriptor.description is None


def test_a_descriptor_of_a_descriptor_is_its_copy():
    copied = ChannelDescriptor(RGB_COLOR_CHANNEL_DESCRIPTOR)
    assert copied == RGB_COLOR_CHANNEL_DESCRIPTOR
    assert copied.value_type is RGBColorChannels
    assert copied.is_custom


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("foo",), InvalidArgumentError),
        (("",), InvalidArgumentError),
        (("00620004",), InvalidArgumentError),
        ((0x00091001,), InvalidArgumentError),
        ((-1,), InvalidArgumentError),
        ((1 << 32,), InvalidArgumentError),
        (("SegmentSequence",), InvalidArgumentError),
        (("DimensionIndexPointer",), InvalidArgumentError),
        (("PixelData",), InvalidArgumentError),
        ((3.5,), ArgumentTypeError),
        ((None,), ArgumentTypeError),
        (("SegmentNumber", False, int), ConflictingArgumentsError),
        (("foo", True), ConflictingArgumentsError),
        (("foo", True, "int"), ArgumentTypeError),
        (("foo", True, dict), InvalidArgumentError),
        (("foo", True, Enum), InvalidArgumentError),
        (("foo", True, Empty), InvalidArgumentError),
        (("", True, int), InvalidArgumentError),
        (("SegmentNumber", True, int), InvalidArgumentError),
        ((0x00091001, True, int), ArgumentTypeError),
    ],
)
def test_bad_descriptions_are_refused(arguments, error):
    with pytest.raises(error, match=r"'(identifier|value_type)'.*\.$"):
        ChannelDescriptor(*arguments)


def test_descriptors_are_equal_by_keyword():
    by_keyword, by_tag = ChannelDescriptor("SegmentNumber"), ChannelDescriptor(0x620004)
    assert by_keyword == by_tag
    assert {by_keyword: 1}[by_tag] == 1
    assert by_keyword != ChannelDescriptor("EchoTime")
    assert by_keyword != "SegmentNumber"
    assert str(by_keyword) == repr(by_keyword) == "SegmentNumber"


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda d: pickle.loads(pickle.dumps(d))]
)
def test_descriptors_survive_copying_and_pickling(duplicate):
    descriptor = duplicate(RGB_COLOR_CHANNEL_DESCRIPTOR)
    assert descriptor == RGB_COLOR_CHANNEL_DESCRIPTOR
    assert descriptor.value_type is RGBColorChannels


def test_values_are_checked_and_kept_in_order():
    axes = ChannelAxes.of(
        {"SegmentNumber": range(1, 4), RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "B"]}, (3, 2)
    )
    assert [str(d) for d in axes.descriptors] == ["SegmentNumber", "RGBColorChannel"]
    assert axes.shape == (3, 2)
    assert axes.axes[0][1] == (1, 2, 3)
    assert axes.axes[1][1] == (RGBColorChannels.R, RGBColorChannels.B)


def test_numbers_of_numpy_become_those_of_python():
    values = ChannelAxes.of({"SegmentNumber": np.array([1, 2])}, (2,)).axes[0][1]
    assert values == (1, 2)
    assert all(type(value) is int for value in values)


@pytest.mark.parametrize(
    ("channels", "error"),
    [
        (None, InvalidArgumentError),
        ({}, InvalidArgumentError),
        ({"SegmentNumber": [1]}, InvalidArgumentError),
        ({"SegmentNumber": [1, 2], "EchoTime": [1.0]}, InvalidArgumentError),
        ({"foo": [1, 2]}, InvalidArgumentError),
        ({RGB_COLOR_CHANNEL_DESCRIPTOR: ["R", "X"]}, InvalidArgumentError),
        ({"SegmentNumber": ["1", "2"]}, ArgumentTypeError),
        ({"SegmentNumber": [1.0, 2.0]}, ArgumentTypeError),
        ({"EchoTime": [1, 2]}, ArgumentTypeError),
        ({"OpticalPathIdentifier": [1, 2]}, ArgumentTypeError),
        ({"SegmentNumber": None}, ArgumentTypeError),
        ({1.5: [1, 2]}, ArgumentTypeError),
        ([("SegmentNumber", [1, 2])], ArgumentTypeError),
    ],
)
def test_channels_that_do_not_describe_an_axis_are_refused(channels, error):
    with pytest.raises(error, match=r"\.$"):
        ChannelAxes.of(channels, (2,))


def test_two_axes_cannot_be_the_same_attribute():
    with pytest.raises(InvalidArgumentError, match="same attribute"):
        ChannelAxes.of({"SegmentNumber": [1], 0x00620004: [1]}, (1, 1))
