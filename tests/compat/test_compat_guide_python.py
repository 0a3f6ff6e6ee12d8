"""What scripts do with classes and datasets beyond calling them."""

import copy
import importlib
import inspect
import pickle
import pydoc
import typing
from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.sr.codedict import codes

import highdicom as hd

PACKAGES = [
    "ann",
    "color",
    "content",
    "io",
    "ko",
    "legacy",
    "pm",
    "pr",
    "sc",
    "seg",
    "spatial",
    "sr",
    "volume",
]


def public_classes():
    modules = [hd, *(importlib.import_module(f"highdicom.{name}") for name in PACKAGES)]
    values = [getattr(module, name) for module in modules for name in module.__all__]
    found = {value for value in values if inspect.isclass(value)}
    return sorted(found, key=lambda cls: (cls.__module__, cls.__qualname__))


def callables_of(cls):
    yield cls.__init__
    for value in vars(cls).values():
        function = value.fget if isinstance(value, property) else value
        function = getattr(function, "__func__", function)
        if inspect.isfunction(function):
            yield function


def test_annotations_are_resolved():
    classes = public_classes()
    assert len(classes) > 150
    for cls in classes:
        for function in callables_of(cls):
            typing.get_type_hints(function)


@pytest.mark.parametrize("cls", [hd.Image, hd.Volume, hd.sr.Measurement, hd.UID])
def test_help_is_given(cls):
    text = pydoc.render_doc(cls, renderer=pydoc.plaintext)
    assert f"class {cls.__name__}" in text
    assert "Examples" in text


@pytest.mark.parametrize("name", PACKAGES)
def test_everything_public_is_imported_by_a_star(name):
    namespace = {}
    exec(f"from highdicom.{name} import *", namespace)
    module = importlib.import_module(f"highdicom.{name}")
    assert set(module.__all__) <= namespace.keys()


def test_subclasses_read_and_make_their_own_kind(ct_series):
    class Reading(hd.Image):
        extra = 3

    class Turning(hd.Volume):
        pass

    class Concept(hd.sr.CodedConcept):
        pass

    class Liver(hd.seg.SegmentDescription):
        def __init__(self, number):
            super().__init__(
                number, "liver", codes.SCT.Organ, codes.SCT.Liver, "MANUAL"
            )

    image = Reading.from_dataset(ct_series[0])
    assert (type(image), image.extra, image.get_frame(1).shape) == (
        Reading,
        3,
        (16, 12),
    )
    turned = Turning(np.zeros((2, 3, 4)), np.eye(4), "PATIENT").flip_spatial(0)
    assert isinstance(turned, hd.Volume)
    assert type(Concept.from_code(codes.SCT.Liver)) is Concept
    assert Liver(2).segment_number == 2


def test_images_that_are_read_are_datasets_to_change_and_save():
    image = hd.imread(get_testdata_file("CT_small.dcm", download=False))
    image.PatientName = "New^Name"
    del image.PatientID
    image.add_new(0x00104000, "LT", "a comment")
    assert "PatientID" not in image
    assert image.get("NoSuchKeyword", 5) == 5
    assert image[0x0010, 0x0010].value == "New^Name"
    for other in (
        copy.copy(image),
        copy.deepcopy(image),
        pickle.loads(pickle.dumps(image)),
    ):
        assert type(other) is hd.Image
        np.testing.assert_array_equal(other.get_frame(1), image.get_frame(1))
    file = BytesIO()
    image.save_as(file)
    file.seek(0)
    read = pydicom.dcmread(file)
    assert (read.PatientName, read.PatientComments) == ("New^Name", "a comment")
    np.testing.assert_array_equal(read.pixel_array, image.get_stored_frame(1))


@pytest.mark.parametrize(
    "make",
    [
        lambda: hd.PixelMeasuresSequence((1.0, 1.0), 1.0),
        lambda: hd.PlanePositionSequence("PATIENT", (1.0, 2.0, 3.0)),
        lambda: hd.PaletteColorLUTTransformation.from_colors(["red", "blue"]),
        lambda: hd.VOILUTTransformation(40.0, 400.0),
        lambda: hd.sr.TrackingIdentifier("1.2.3", "a"),
        lambda: hd.sr.FindingSite(codes.SCT.Liver),
        lambda: hd.pr.GraphicLayer("LAYER", 1),
        lambda: hd.SpecimenDescription("a", "1.2.3"),
        lambda: hd.UID("1.2.3"),
        lambda: hd.ChannelDescriptor("EchoTime"),
    ],
)
def test_values_are_equal_to_their_copies(make):
    value = make()
    for other in (
        copy.copy(value),
        copy.deepcopy(value),
        pickle.loads(pickle.dumps(value)),
    ):
        assert type(other) is type(value)
        assert other == value
    assert value != 3
