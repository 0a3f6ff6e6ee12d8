"""Writes down the public interface: names, import paths, parameters, defaults, values.

``python tools/interface.py`` writes ``tests/compat/interface.txt``, with which the tests
compare the package. Run it when the interface changes on purpose, and look at what the
difference says.
"""

import enum
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

RECORD = Path(__file__).parent.parent / "tests" / "compat" / "interface.txt"

# Modules from which users import; what else there is may change.
PUBLIC = {
    "highdicom": (
        *("base", "base_content", "coding_schemes", "color", "content", "enum"),
        *("errors", "frame", "image", "io", "pixels", "spatial", "uid", "utils"),
        *("valuerep", "version", "volume"),
    ),
    "highdicom.ann": ("content", "enum", "sop"),
    "highdicom.ko": ("content", "sop"),
    "highdicom.legacy": ("sop",),
    "highdicom.pm": ("content", "enum", "pyramid", "sop"),
    "highdicom.pr": ("content", "enum", "sop"),
    "highdicom.sc": ("enum", "sop"),
    "highdicom.seg": ("content", "enum", "pyramid", "sop", "utils"),
    "highdicom.sr": (
        *("coding", "content", "enum", "sop", "templates", "utils", "value_types"),
    ),
}


def record() -> list[str]:
    """The interface, one line for each fact."""
    lines: list[str] = []
    described: dict[type, str] = {}
    for module in _modules():
        for name in _names(module):
            lines += _describe(f"{module.__name__}.{name}", module, name, described)
    return lines


def _modules() -> Iterator[ModuleType]:
    """The modules, those in which names are defined before those that repeat them."""
    for package, names in PUBLIC.items():
        for name in names:
            yield importlib.import_module(f"{package}.{name}")
    for package in reversed(PUBLIC):
        yield importlib.import_module(package)


def _names(module: ModuleType) -> list[str]:
    names = getattr(module, "__all__", None)
    if names is None:
        names = [
            name
            for name, value in vars(module).items()
            if not name.startswith("_")
            and getattr(value, "__module__", "").startswith("highdicom")
        ]
    return sorted(names)


def _describe(
    path: str, module: ModuleType, name: str, described: dict[type, str]
) -> Iterator[str]:
    value = getattr(module, name)
    if isinstance(value, ModuleType):
        yield f"{path} is a module"
    elif not inspect.isclass(value):
        yield path + (_signature(value) if callable(value) else _constant(value))
    elif value in described:
        yield f"{path} is {described[value]}"
    else:
        yield from _class(path, value, described)
        described[value] = path


def _class(path: str, value: type, described: dict[type, str]) -> Iterator[str]:
    above = next(
        base for base in value.__mro__[1:] if base in described or _is_foreign(base)
    )
    yield f"{path} is a {described.get(above, above.__name__)}"
    if issubclass(value, enum.Enum):
        for name, member in value.__members__.items():
            yield f"{path}.{name} = {member.value!r}"
    elif not issubclass(value, Exception):
        yield path + _signature(value)
    for name in sorted(_members(value, above)):
        yield f"{path}.{name}" + _member(value, name)


def _is_foreign(base: type) -> bool:
    return not base.__module__.startswith("highdicom") and base.__name__[0] != "_"


def _members(value: type, above: type) -> set[str]:
    """Names of public members that the package defines below a class."""
    return {
        name
        for base in value.__mro__[: value.__mro__.index(above)]
        if not _is_foreign(base)
        for name in vars(base)
        if (not name.startswith("_") or name == "__call__")
        and not (issubclass(value, enum.Enum) and name in value.__members__)
    }


def _member(owner: type, name: str) -> str:
    static = inspect.getattr_static(owner, name)
    if isinstance(static, (classmethod, staticmethod)):
        kind = type(static).__name__
        return f"{_signature(getattr(owner, name))} as {kind}"
    if inspect.isfunction(static):
        return _signature(static)
    return " is an attribute"


def _constant(value: object) -> str:
    return f" is a {type(value).__name__}"


def _signature(value: object) -> str:
    try:
        signature = inspect.signature(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return "(...)"
    shown = ", ".join(_parameter(p) for p in signature.parameters.values())
    return f"({shown})"


def _parameter(parameter: inspect.Parameter) -> str:
    prefix = {
        parameter.VAR_POSITIONAL: "*",
        parameter.VAR_KEYWORD: "**",
        parameter.KEYWORD_ONLY: "keyword ",
        parameter.POSITIONAL_ONLY: "positional ",
    }.get(parameter.kind, "")
    if parameter.default is parameter.empty:
        return prefix + parameter.name
    return f"{prefix}{parameter.name}={_default(parameter.default)}"


def _default(value: object) -> str:
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, tuple):
        return f"({', '.join(_default(item) for item in value)})"
    if inspect.isclass(value):
        return value.__name__
    return repr(value)


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(__doc__)
    RECORD.write_text("\n".join(record()) + "\n", encoding="utf-8")
