"""The page that shows what was done."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from highdicom.demo.packages import required
from highdicom.records import record
from highdicom.version import __version__

__all__ = ["Case", "File", "Figure", "Row", "write_page", "write_report"]


@record
class Figure:
    """A picture, the kind of object it comes from, and what it shows."""

    path: str
    kind: str
    caption: str
    is_wide: bool = False


@record
class Row:
    """A value as the report says it when it is read back."""

    finding: str
    color: str
    name: str
    value: str
    unit: str


@record
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
    notes: list[str] = field(default_factory=list)
    report: str = ""


def write_page(path: Path, cases: list[Case]) -> None:
    """Write the page.

    Parameters
    ----------
    path
        File to write; pictures and files are linked relative to it.
    cases
        What to show, in order.

    """
    _render("page.html.jinja", path, cases=cases)


def write_report(path: Path, title: str, text: str) -> None:
    """Write the page of a report.

    Parameters
    ----------
    path
        File to write.
    title
        What the report is on.
    text
        The report as indented lines, each a name, a colon and a value.

    """
    lines = []
    for line in text.splitlines():
        name, _, value = line.strip().partition(": ")
        depth = (len(line) - len(line.lstrip())) // 2
        lines.append({"depth": depth, "name": name, "value": value})
    _render("report.html.jinja", path, title=title, lines=lines)


def _render(template: str, path: Path, **content: Any) -> None:
    jinja2 = required("jinja2", "jinja2", "write the page of the demonstration")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("highdicom.demo", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    html = environment.get_template(template).render(version=__version__, **content)
    path.write_text(html, "utf-8")
