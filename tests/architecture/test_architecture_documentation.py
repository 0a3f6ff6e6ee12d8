"""Public classes say what they are; examples run; nothing is left for later."""

import doctest
import importlib
import inspect
import re
from enum import Enum

import pytest
from package_modules import MODULES, ROOT, handed_on

# Modules that users import from.
PUBLIC = sorted(
    {
        f"{module}.{name}" if module == "highdicom" else module
        for module, name, _ in handed_on("highdicom")
    }
)


def public(is_wanted):
    """Classes or functions that users may name, each once."""
    found = {}
    for name in PUBLIC:
        module = importlib.import_module(name)
        for exported in getattr(module, "__all__", ()):
            value = getattr(module, exported, None)
            if is_wanted(value) and value.__module__.startswith("highdicom"):
                found.setdefault(value, f"{name}.{exported}")
    return [pytest.param(value, id=name) for value, name in found.items()]


CLASSES = public(inspect.isclass)
FUNCTIONS = public(inspect.isfunction)
WITHOUT_EXAMPLE = {"DicomWebFrameReader": "needs a server"}


@pytest.mark.parametrize("cls", CLASSES)
def test_class_has_a_docstring(cls):
    own = cls.__dict__.get("__doc__")
    assert own, f"{cls.__qualname__} has no docstring"
    assert own.strip().splitlines()[0].endswith(".")


@pytest.mark.parametrize("cls", CLASSES)
def test_class_has_an_example(cls):
    if issubclass(cls, Enum | BaseException) or is_description(cls):
        return
    if cls.__name__ in WITHOUT_EXAMPLE:
        return
    assert ">>>" in cls.__doc__, f"{cls.__qualname__} has no example"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_has_an_example_and_names_its_clause(function):
    docstring = function.__doc__
    assert ">>>" in docstring or "for an example" in docstring
    assert re.search(r"PS3\.\d+ |RFC \d", docstring)


def is_description(cls):
    """Whether there is nothing to make: it is abstract or a dictionary of options."""
    is_protocol = getattr(cls, "_is_protocol", False)
    return is_protocol or inspect.isabstract(cls) or hasattr(cls, "__total__")


@pytest.mark.parametrize("module", MODULES)
def test_examples_run(module, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    report = []
    finder = doctest.DocTestFinder(exclude_empty=True)
    for example in finder.find(importlib.import_module(module)):
        runner.run(example, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


@pytest.mark.parametrize("module", MODULES)
def test_module_says_what_it_holds(module):
    docstring = importlib.import_module(module).__doc__
    assert docstring
    assert docstring.strip().splitlines()[0].endswith((".", ":"))


def documented_parameters(docstring):
    """Names in the section "Parameters" of a docstring in NumPy style."""
    lines = inspect.cleandoc(docstring or "").splitlines()
    try:
        start = lines.index("Parameters") + 2
    except ValueError:
        return []
    names = []
    for line, following in zip(lines[start:], [*lines[start + 1 :], ""], strict=True):
        if following.startswith("---"):
            break
        if line and not line[0].isspace():
            names += [name.strip("* ") for name in line.split(",")]
    return names


def functions_and_classes(module):
    """What a module defines that can be called, methods too."""
    for value in vars(module).values():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(value):
            yield value
            yield from filter(inspect.isfunction, vars(value).values())
        elif inspect.isfunction(value):
            yield value


@pytest.mark.parametrize("module", MODULES)
def test_documented_parameters_exist(module):
    wrong = {}
    for value in functions_and_classes(importlib.import_module(module)):
        names = documented_parameters(value.__doc__)
        if not names:
            continue
        parameters = inspect.signature(value).parameters
        options = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
        unknown = [name for name in names if name not in parameters]
        if unknown and not options:
            wrong[value.__qualname__] = unknown
    assert wrong == {}


def texts_of_the_project():
    """Files that are published and not data."""
    folders = ("src", "docs", "tools", "benchmarks")
    suffixes = {".py", ".pyi", ".md", ".rst", ".toml", ".txt", ".tbl", ".cfg", ".yml"}
    files = [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in suffixes and "__pycache__" not in path.parts
    ]
    return [*files, *(ROOT / name for name in ("README.md", "NOTICE", "Makefile"))]


# Written apart so that this file does not contain what it looks for.
MACHINE = re.compile(r"(?<![\w.~])/(tmp|root|home|Users)/\w")
LATER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        pytest.param(MACHINE, "paths of one machine", id="machine"),
        pytest.param(LATER, "work left for later", id="later"),
    ],
)
def test_no_text_mentions(pattern, why):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in texts_of_the_project()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, f"{why}: " + "\n".join(found)
