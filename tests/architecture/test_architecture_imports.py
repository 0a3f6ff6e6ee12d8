"""Every module can be imported alone and loads only what lies below it."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from package_modules import LAZY, MODULES, OPTIONAL, ROOT, handed_on

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
    return {name for name in others - {"lazy", "version", *own} if levels[name] > level}


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
    assert loaded - others == {"highdicom", "highdicom.lazy", "highdicom.version"}


@pytest.mark.parametrize("package", LAZY)
def test_type_checkers_see_the_names_that_there_are(package):
    imported = importlib.import_module(package)
    names = handed_on(package)
    assert all(name == alias for _, name, alias in names)
    seen = {name for _, name, _ in names}
    assert seen == set(imported.__all__) - {"__version__"}
    assert set(dir(imported)) >= seen
    for module, name, _ in names:
        expected = (
            importlib.import_module(f"{module}.{name}")
            if module == package
            else getattr(importlib.import_module(module), name)
        )
        assert getattr(imported, name) is expected


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'Vollume'"):
        _ = highdicom.Vollume


@pytest.mark.parametrize("module", [name for name in MODULES if name != "highdicom"])
def test_exported_names_exist(module):
    imported = importlib.import_module(module)
    exported = getattr(imported, "__all__", ())
    assert len(set(exported)) == len(exported)
    assert [name for name in exported if not hasattr(imported, name)] == []


def test_modules_of_a_package_are_attributes_of_it_without_an_import():
    code = "import highdicom as hd; print(hd.seg.sop.__name__, hd.sr.sop.__name__)"
    completed = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert completed.stdout.split() == ["highdicom.seg.sop", "highdicom.sr.sop"]
