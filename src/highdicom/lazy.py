"""Names that a package hands on are imported when they are first used.

Importing such a package then loads none of its modules, and a name those alone that it
needs. The names are said twice, for type checkers and for Python::

    if TYPE_CHECKING:
        from highdicom.seg.sop import Segmentation as Segmentation
    else:
        __all__, __getattr__, __dir__ = lazily(
            __name__, {"highdicom.seg.sop": ("Segmentation",)}
        )

A test of the architecture compares the two. Modules named ``access`` do the same for
what a class needs only when it is asked to read pixels.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["lazily"]


def lazily(
    package: str, names: Mapping[str, Iterable[str]], modules: Iterable[str] = ()
) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """What a package has to define: `__all__`, `__getattr__` and `__dir__`.

    Parameters
    ----------
    package
        Name of the package.
    names
        Names that it hands on, by the module that defines them.
    modules
        Modules in it that are handed on themselves. The others can be had as
        attributes, too, as if they had been imported.
    """
    origins = {name: module for module, some in names.items() for name in some}
    public = sorted({*modules, *origins})
    defined = vars(sys.modules[package])

    def attribute(name: str) -> Any:
        if name in origins:
            value = getattr(import_module(origins[name]), name)
            defined[name] = value
            return value
        full_name = f"{package}.{name}"
        try:
            if name.isidentifier() and not name.startswith("__"):
                return import_module(full_name)
        except ModuleNotFoundError as error:
            if error.name != full_name:
                raise
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    def listing() -> list[str]:
        return sorted({*defined, *public})

    return public, attribute, listing
