"""Every module can be imported alone and loads only what lies below it."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from package_modules import MODULES, OPTIONAL, PACKAGE, ROOT

import highdicom

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib


def imports():
    """What happens when each module is imported in a process of its own."""
    completed = subprocess.run(
        [sys.executable, Path(__file__).with_name("import_each.py")],
        input=json.dumps({"modules": MODULES, "optional": OPTIONAL}),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert completed.returncode == 0, completed.stderr
    return json.loads(completed.stdout)


def layers():
    """Names of modules by layer, the lowest first, as the import linter has them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (contract,) = (entry for entry in contracts if entry["type"] == "layers")
    assert contract["exhaustive"]
    levels = reversed(contract["layers"])
    return {
        name.strip(" ()"): level
        for level, names in enumerate(levels)
        for name in names.split("|")
    }


def layers_too_high(module, loaded, levels):
    """Layers that importing the module has loaded, but that do not lie below it."""
    own = module.split(".")[1:2]
    others = {name.split(".")[1] for name in loaded if "." in name}
    level = levels[own[0]] if own else -1
    return {name for name in others - {"version", *own} if levels[name] > level}


# One test for all: processes are started but once, also where tests run side by side.
@pytest.mark.skipif(sys.platform == "win32", reason="processes cannot be forked")
def test_modules_import_alone_without_optional_packages_and_load_only_what_lies_below():
    results, levels = imports(), layers()
    assert set(results) >= set(MODULES)
    failed = {name: result["error"] for name, result in results.items()}
    assert not any(failed.values()), "\n".join(filter(None, failed.values()))
    too_high = {
        name: layers_too_high(name, result["loaded"], levels)
        for name, result in results.items()
    }
    assert {name: high for name, high in too_high.items() if high} == {}


def test_importing_the_package_loads_nothing_else():
    code = (
        "import sys; before = set(sys.modules); import highdicom; "
        "print(*(set(sys.modules) - before))"
    )
    completed = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(completed.stdout.split())
    assert "highdicom" in loaded
    others = {name for name in loaded if name.split(".")[0] != "highdicom"}
    assert not {
        name for name in others if name.split(".")[0] not in sys.stdlib_module_names
    }
    assert loaded - others == {"highdicom", "highdicom.version"}


def typing_imports():
    """Names and modules imported for type checkers by the package."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (block,) = (
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    return {
        (statement.module, name.name, name.asname)
        for statement in block.body
        for name in statement.names
    }


def test_type_checkers_see_the_names_that_there_are():
    table = {
        (module, name, name)
        for module, names in highdicom._NAMES.items()
        for name in names
    }
    packages = {("highdicom", name, name) for name in highdicom._MODULES}
    assert typing_imports() == table | packages


def test_public_names_are_the_names_of_the_table():
    names = [name for names in highdicom._NAMES.values() for name in names]
    assert sorted(highdicom.__all__) == sorted(
        {"__version__", *names, *highdicom._MODULES}
    )
    assert set(dir(highdicom)) >= set(highdicom.__all__)


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'Vollume'"):
        _ = highdicom.Vollume


@pytest.mark.parametrize("module", [name for name in MODULES if name != "highdicom"])
def test_exported_names_exist(module):
    imported = importlib.import_module(module)
    exported = getattr(imported, "__all__", ())
    assert len(set(exported)) == len(exported)
    assert [name for name in exported if not hasattr(imported, name)] == []


# Names of packages that are not there yet have nowhere to come from.
RESOLVABLE = [
    (module, name)
    for module, names in highdicom._NAMES.items()
    if module in MODULES
    for name in names
    if name in getattr(importlib.import_module(module), "__all__", ())
]


@pytest.mark.parametrize(("module", "name"), RESOLVABLE)
def test_public_name_is_that_of_its_module(module, name):
    assert getattr(highdicom, name) is getattr(importlib.import_module(module), name)


def test_modules_are_attributes_of_the_package():
    for name in highdicom._MODULES:
        if f"highdicom.{name}" in MODULES:
            assert getattr(highdicom, name) is sys.modules[f"highdicom.{name}"]
