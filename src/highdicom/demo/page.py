"""The page that shows what was done."""

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from highdicom.errors import MissingDependencyError
from highdicom.version import __version__

__all__ = ["Case", "File", "Figure", "Row", "write_page"]


@dataclass(frozen=True)
class Figure:
    """A picture and what it shows."""

    path: str
    caption: str


@dataclass(frozen=True)
class Row:
    """A value as the report says it when it is read back."""

    finding: str
    color: str
    name: str
    value: str
    unit: str


@dataclass(frozen=True)
class File:
    """A file that was written, and what checking it found."""

    path: str
    what: str
    size: str
    violations: tuple[str, ...]


@dataclass
class Case:
    """What was done with one input."""

    title: str
    origin: str
    facts: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)


def write_page(path: Path, cases: list[Case]) -> None:
    """Write the page.

    Parameters
    ----------
    path
        File to write; pictures and files are linked relative to it.
    cases
        What to show, in order.

    """
    try:
        from jinja2 import Environment  # noqa: PLC0415
    except ImportError as error:
        raise MissingDependencyError(
            "jinja2", "demo", "write the page of the demonstration"
        ) from error
    source = files("highdicom.demo").joinpath("page.html.jinja").read_text("utf-8")
    environment: Any = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    html = environment.from_string(source).render(cases=cases, version=__version__)
    path.write_text(html, "utf-8")
