"""The modules of the package, found without importing them."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "highdicom"


def _name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {
    _name(path): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "__main__.py"
}
_IMPORT = re.compile(r"^\s*(?:from|import) (highdicom\.[\w.]+)", re.MULTILINE)
_PRESENT = {name.split(".")[1] for name in FILES if "." in name}


def _complete() -> list[str]:
    """Modules all of whose imports, direct or not, are of packages that exist.

    While the package grows, one may be written before another that it uses. Once all
    packages are there, these are all modules.
    """
    imports = {
        name: set(_IMPORT.findall(path.read_text(encoding="utf-8")))
        for name, path in FILES.items()
        if name != "highdicom"
    }
    waiting = {
        name
        for name, targets in imports.items()
        if any(target.split(".")[1] not in _PRESENT for target in targets)
    }
    grown = True
    while grown:
        more = {
            name
            for name, targets in imports.items()
            if targets & waiting and name not in waiting
        }
        grown = bool(more)
        waiting |= more
    return [name for name in FILES if name not in waiting]


MODULES = _complete()


def handed_on(package: str) -> set[tuple[str, str, str | None]]:
    """Names that type checkers see in a package: the module, the name, its alias."""
    tree = ast.parse(FILES[package].read_text(encoding="utf-8"))
    blocks = [
        node.body
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return {
        (statement.module, name.name, name.asname)
        for block in blocks
        for statement in block
        for name in statement.names
    }


# Modules, most of them packages, whose names are imported when they are first used.
LAZY = [
    name
    for name, path in FILES.items()
    if "= lazily(" in path.read_text(encoding="utf-8") and name != "highdicom.lazy"
]

# Packages that users need not have (pyproject.toml, optional-dependencies).
OPTIONAL = (
    "SimpleITK",
    "aiohttp",
    "dicomweb_client",
    "fsspec",
    "geopandas",
    "hypothesis",
    "imagecodecs",
    "itk",
    "libjpeg",
    "nibabel",
    "openjpeg",
    "pandas",
    "pylibjpeg",
    "pytest",
    "requests",
    "rle",
    "shapely",
    "skimage",
)
