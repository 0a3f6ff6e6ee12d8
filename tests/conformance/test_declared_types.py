"""Types of declared attributes are those of the standard (PS3.3)."""

import importlib
import pkgutil

import pytest

import highdicom
from highdicom.attributes import DeclaredDataset, SingleItemSequence
from highdicom.content import PlaneOrientationSequence, PlanePositionSequence
from highdicom.standard import rules_of, type_of

# Modules that need packages which need not be installed.
OPTIONAL = {"fsspec", "itk", "nibabel", "simpleitk"}

# What is declared otherwise than the standard says: class, attribute, declared Type,
# Type of the standard, reason.
EXCEPTIONS = {
    ("ContentIdentification", "ContentCreatorName"): (
        "2",
        "3",
        "Table 10-12: 2 in earlier editions; 3 may be empty, too (PS3.5 7.4.5)",
    ),
}

# One class for two macros, of which an item has one: each attribute is required where
# its own macro says so.
ONE_OF_TWO = {
    PlanePositionSequence: {
        "plane-position-patient": ("PlanePositionSequence",),
        "plane-position-slide": ("PlanePositionSlideSequence",),
    },
    PlaneOrientationSequence: {
        "plane-orientation-patient": ("PlaneOrientationSequence",),
        "microscope-slide-layer-tile-organization": (),
    },
}


def load_all():
    for module in pkgutil.walk_packages(highdicom.__path__, "highdicom."):
        if module.name.rpartition(".")[2] not in OPTIONAL:
            importlib.import_module(module.name)


def subclasses(cls):
    for subclass in cls.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


def declared_classes():
    load_all()
    found = {*subclasses(DeclaredDataset), *subclasses(SingleItemSequence)}
    return sorted(
        (
            cls
            for cls in found
            if cls.__module__.startswith("highdicom.") and cls.declaration.attributes
        ),
        key=lambda cls: (cls.__module__, cls.__qualname__),
    )


CLASSES = declared_classes()
DEFINED = [cls for cls in CLASSES if cls.declaration.defined_in]


def test_declared_classes_are_found():
    names = {cls.__name__ for cls in DEFINED}
    assert {"Patient", "SOPCommon", "PixelMeasuresSequence", "VOILUT"} <= names


@pytest.mark.parametrize("cls", DEFINED, ids=lambda cls: cls.__qualname__)
def test_declared_types_are_those_of_the_standard(cls):
    declaration = cls.declaration
    assert rules_of(declaration.defined_in, declaration.path)
    differing = {}
    for attribute in declaration.attributes.values():
        found = type_of(declaration.defined_in, attribute.keyword, declaration.path)
        standard = None if found is None else found.value
        if attribute.type != standard:
            differing[cls.__name__, attribute.keyword] = (attribute.type, standard)
    allowed = {
        key: types[:2] for key, types in EXCEPTIONS.items() if key[0] == cls.__name__
    }
    assert differing == allowed


@pytest.mark.parametrize("cls", list(ONE_OF_TWO), ids=lambda cls: cls.__name__)
def test_attributes_of_one_of_two_macros_are_conditional(cls):
    for attribute in cls.declaration.attributes.values():
        types = {
            found.value
            for macro, path in ONE_OF_TWO[cls].items()
            if (found := type_of(macro, attribute.keyword, path)) is not None
        }
        assert types <= {"1", "1C"}
        assert types
        assert attribute.type == "1C"


def test_every_declared_class_says_where_it_is_defined():
    unknown = {cls for cls in CLASSES if not cls.declaration.defined_in}
    assert unknown == set(ONE_OF_TWO)


def test_exceptions_are_still_needed():
    names = {cls.__name__ for cls in DEFINED}
    assert {name for name, _ in EXCEPTIONS} <= names
    assert all(reason for *_, reason in EXCEPTIONS.values())
