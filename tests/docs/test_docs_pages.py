"""Pages lead to each other, and what they say of the project is so."""

import re
from pathlib import Path

import pytest

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SOURCE = ROOT / "src" / "highdicom"


def title(page):
    return str(page.relative_to(ROOT))


def links(page):
    """Where a page leads to: files, and headings in them."""
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if not link.startswith("http"):
            name, _, heading = link.partition("#")
            yield (page.parent / name).resolve() if name else page, heading


def headings(page):
    """Headings of a page as they stand in links to them."""
    found = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_links_lead_somewhere(page):
    for target, heading in links(page):
        assert target.is_file(), target
        assert not heading or heading in headings(target)


def test_every_page_is_reached_from_the_first():
    reached, open_ = set(), {ROOT / "README.md"}
    while open_:
        page = open_.pop()
        reached.add(page)
        targets = {target for target, _ in links(page) if target.suffix == ".md"}
        open_ |= targets - reached
    assert set(PAGES) - reached == set()


def test_the_index_has_every_page():
    listed = {target for target, _ in links(DOCS / "README.md")}
    assert {page for page in PAGES if page.is_relative_to(DOCS)} - listed == {
        DOCS / "README.md"
    }


def test_commands_that_are_named_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    texts = [page.read_text("utf-8") for page in PAGES]
    made = {name for text in texts for name in re.findall(r"make ([a-z]+)\b *#", text)}
    assert {"demo", "test", "check"} <= made <= targets


def test_extras_that_are_named_exist():
    extras = PROJECT["project"]["optional-dependencies"]
    texts = [page.read_text("utf-8") for page in PAGES]
    named = [
        extra
        for text in texts
        for group in re.findall(r'pip install "\.\[([^]]+)\]"', text)
        for extra in group.split(",")
    ]
    assert len(named) > 3
    assert set(named) - set(extras) == set()


def rows(page, header):
    """Cells of the rows of the table of a page that has this header."""
    lines = page.read_text("utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line == header)
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_figures_on_the_first_page_are_no_more_than_what_was_measured():
    page = DOCS / "benchmarks.md"
    header = next(
        line
        for line in page.read_text("utf-8").splitlines()
        if line.startswith("| workload | step | theirs")
    )
    ratios = {
        tuple(row[:2]): float(row[4].replace(",", "") or 0)
        for row in rows(page, header)
    }
    told = list(rows(ROOT / "README.md", "| workload | step | at least |"))
    assert len(told) > 5
    for workload, step, figure in told:
        assert ratios[workload, step] >= float(figure.removesuffix(" times"))


def test_the_map_has_every_package_in_the_order_of_the_layers():
    contract = PROJECT["tool"]["importlinter"]["contracts"][0]
    levels = {
        name: level
        for level, names in enumerate(contract["layers"])
        for name in re.findall(r"\w+", names)
    }
    packages = [
        re.findall(r"`(\w+)`", row[0])
        for row in rows(ROOT / "CONTRIBUTING.md", "| package | what it holds |")
    ]
    there = {path.stem for path in SOURCE.glob("[a-z]*") if path.suffix in {"", ".py"}}
    assert {name for names in packages for name in names} == there
    tops = [min(levels[name] for name in names) for names in packages]
    assert tops == sorted(tops)


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_files_that_are_named_exist(page):
    named = re.findall(
        r"`((?:[\w.-]+/)+(?:[\w.-]+\.(?:py|md|toml|txt))?)`", page.read_text("utf-8")
    )
    missing = [
        name for name in named if not (ROOT / name).exists() | (SOURCE / name).exists()
    ]
    assert missing == []


def test_contributors_are_led_to_files():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert len(re.findall(r"`\w+/\w+\.py`", text)) > 20
