"""Import modules, each in a process of its own, and tell what that took.

Run as a program: names of modules on standard input, one JSON object on standard output.
Every process is a fork of one that has imported what all modules need from other projects
and, of ours, the packages that the module lies in: Python imports those before it anyway.
Optional packages cannot be imported.
"""

import gc
import importlib
import json
import os
import sys
import traceback
import warnings
from collections.abc import Iterator

import numpy  # noqa: F401
import PIL.ImageCms  # noqa: F401
import pydicom
import pydicom.pixels
import pydicom.sr.codedict  # noqa: F401


def attempt(name: str) -> dict:
    """Import one module; what is loaded then, or why it failed."""
    try:
        importlib.import_module(name)
    except BaseException:  # noqa: BLE001 whatever it is, it is to be told
        return {"error": traceback.format_exc(), "loaded": []}
    loaded = [module for module in sys.modules if module.split(".")[0] == "highdicom"]
    return {"error": None, "loaded": loaded}


def visit(name: str, names: list[str]) -> dict[str, dict]:
    """Import a module and, if it is a package, what lies in it."""
    result = attempt(name)
    inner = [other for other in names if other.startswith(f"{name}.")]
    if result["error"] is not None:
        return {name: result, **dict.fromkeys(inner, result)}
    results = {name: result}
    for child in children(name, inner):
        results.update(next(in_forks([child], inner)))
    return results


def children(package: str, names: list[str]) -> list[str]:
    """Modules directly in a package."""
    depth = package.count(".") + 2
    inner = (name for name in names if name.startswith(f"{package}."))
    return sorted({".".join(name.split(".")[:depth]) for name in inner})


def in_forks(batch: list[str], names: list[str]) -> Iterator[dict[str, dict]]:
    """Visit modules at the same time, each in a process of its own."""
    started = [(name, *fork(name, names)) for name in batch]
    for name, process, reading in started:
        with os.fdopen(reading) as pipe:
            text = pipe.read()
        os.waitpid(process, 0)
        crashed = {"error": "The process crashed.", "loaded": []}
        yield json.loads(text) if text else {name: crashed}


def fork(name: str, names: list[str]) -> tuple[int, int]:
    """Start a process; its identifier and where its results can be read."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        json.dump(visit(name, names), pipe)
    os._exit(0)


def main() -> None:
    """Import what standard input names."""
    request = json.load(sys.stdin)
    for package in request["optional"]:
        sys.modules[package] = None  # type: ignore[assignment]
    warnings.simplefilter("error")
    gc.disable()
    results = {"highdicom": attempt("highdicom")}
    tops = children("highdicom", request["modules"])
    width = os.cpu_count() or 1
    for start in range(0, len(tops), width):
        for found in in_forks(tops[start : start + width], request["modules"]):
            results.update(found)
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
