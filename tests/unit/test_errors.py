"""The tree of exceptions and warnings."""

import inspect
import pickle
import re

import pytest

from highdicom import errors
from highdicom.errors import (
    AmbiguousFramesError,
    DatasetError,
    FrameNumberError,
    HighdicomDeprecationWarning,
    HighdicomError,
    HighdicomWarning,
    IrregularVolumeError,
    MissingAttributeError,
    MissingDependencyError,
    NonconformantDatasetError,
    SourceError,
    UnknownSourceError,
)

ERRORS = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, HighdicomError)
]

# The built-in exceptions by which each can be caught, too.
BUILT_IN = {
    "InvalidArgumentError": {ValueError},
    "ArgumentTypeError": {TypeError},
    "ConflictingArgumentsError": {TypeError},
    "MissingAttributeError": {AttributeError},
    "InvalidAttributeError": {ValueError},
    "WrongSOPClassError": {ValueError},
    "NonconformantDatasetError": {ValueError},
    "FrameNumberError": {IndexError, ValueError},
    "UnknownDimensionError": {KeyError},
    "UnknownSourceError": {KeyError},
    "SpatialLocationsError": {RuntimeError},
    "NotTiledError": {RuntimeError},
    "SegmentsOverlapError": {RuntimeError},
    "AmbiguousFramesError": {RuntimeError},
    "MissingFramesError": {RuntimeError},
    "MixedValuesError": {RuntimeError},
    "IrregularVolumeError": {RuntimeError},
    "TransformNotFoundError": {RuntimeError, IndexError},
    "IncompatibleTransformError": {ValueError},
    "UnsupportedTransferSyntaxError": {ValueError},
    "FrameCodingError": {RuntimeError},
    "SourceError": {OSError},
    "MissingDependencyError": {ImportError},
}


@pytest.mark.parametrize(("name", "built_in"), BUILT_IN.items())
def test_errors_are_caught_by_the_built_in_that_fits(name, built_in):
    cls = getattr(errors, name)
    for base in built_in:
        with pytest.raises(base):
            raise cls.__new__(cls, "message")
        with pytest.raises(HighdicomError):
            raise cls.__new__(cls, "message")


def test_every_error_is_exported_and_drawn():
    for cls in ERRORS:
        if not cls.__name__.startswith("_"):
            assert cls.__name__ in errors.__all__
            assert re.search(rf"\b{cls.__name__}\b", errors.__doc__)


def test_names_are_exported_once_and_exist():
    assert len(set(errors.__all__)) == len(errors.__all__)
    assert all(hasattr(errors, name) for name in errors.__all__)


@pytest.mark.parametrize(
    ("error", "facts"),
    [
        (
            MissingAttributeError("m.", path="A[0].B", keyword="B"),
            {"path": "A[0].B", "keyword": "B", "sop_instance_uid": None},
        ),
        (DatasetError("m.", keyword="B", sop_instance_uid="1.2"), {"path": "B"}),
        (
            NonconformantDatasetError("m.", violations=["v"], keyword="B"),
            {"violations": ("v",), "keyword": "B"},
        ),
        (AmbiguousFramesError("m.", frame_numbers=[1, 2]), {"frame_numbers": (1, 2)}),
        (FrameNumberError("m.", frame_numbers=[9]), {"frame_numbers": (9,)}),
        (UnknownSourceError("m."), {"frame_numbers": ()}),
        (
            IrregularVolumeError("m.", deviation=0.5, frame_numbers=[3]),
            {"deviation": 0.5, "frame_numbers": (3,)},
        ),
        (SourceError("m.", source="a.dcm"), {"source": "a.dcm"}),
        (
            MissingDependencyError("itk", "itk", "do that"),
            {"package": "itk", "extra": "itk", "purpose": "do that"},
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_facts_are_kept_across_processes(error, facts):
    for found in (error, pickle.loads(pickle.dumps(error))):
        assert type(found) is type(error)
        assert str(found) == str(error)
        for name, value in facts.items():
            assert getattr(found, name) == value


def test_messages_of_key_errors_are_sentences():
    assert str(UnknownSourceError("There is no such image.")) == (
        "There is no such image."
    )


def test_a_missing_dependency_says_what_to_install():
    message = str(MissingDependencyError("itk", "itk-extra", "convert volumes"))
    assert message == (
        "The package 'itk' is needed to convert volumes: "
        'pip install "highdicom[itk-extra]".'
    )


def test_warnings_are_user_warnings_or_deprecations():
    assert issubclass(HighdicomWarning, UserWarning)
    assert issubclass(errors.NonconformantDatasetWarning, HighdicomWarning)
    assert issubclass(errors.InformationLossWarning, HighdicomWarning)
    assert issubclass(HighdicomDeprecationWarning, DeprecationWarning)
